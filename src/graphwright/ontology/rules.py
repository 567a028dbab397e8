"""Rules: SPARQL CONSTRUCT queries, one a file, whose leading comment says what they conclude."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pyparsing import ParseException
from rdflib.namespace import RDF
from rdflib.paths import Path as PropertyPath
from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import URIRef

from graphwright.errors import OntologyError
from graphwright.ontology.terms import Rule

RULES = "https://w3id.org/graphwright/rule/"
"""Namespace of the rules: a rule's IRI is this and its name."""


def read_rule(path: Path, text: str) -> tuple[Rule, frozenset[str]]:
    """The rule in ``text``, read from ``path``, with the IRIs that it uses as predicates or classes.

    Raises OntologyError for broken SPARQL and for any query that is not a CONSTRUCT.
    """
    lines = text.splitlines()
    head = 0
    while head < len(lines) and (not lines[head].strip() or lines[head].lstrip().startswith("#")):
        head += 1
    notes = [line.strip().lstrip("#").strip() for line in lines[:head] if line.strip().startswith("#")]
    try:
        algebra = translateQuery(parseQuery(text)).algebra
    except ParseException as error:
        raise OntologyError(
            f"broken SPARQL: {error.msg}, found {error.line.strip()!r}"[:300],
            f"{path}:{error.lineno}",
            "mend the query there or just before",
        ) from error
    except Exception as error:  # rdflib raises a bare Exception for an undeclared prefix
        prefix = re.search(r"prefix\s*:\s*(\S*)", str(error))
        line = line_of(text, f"{prefix[1]}:") if prefix else head + 1
        raise OntologyError(
            f"broken SPARQL: {error}",
            f"{path}:{line}",
            "declare the prefix at the top of the rule" if prefix else "mend the query",
        ) from error
    if algebra.name != "ConstructQuery":
        raise OntologyError(
            "a rule must be a CONSTRUCT query",
            f"{path}:{head + 1}",
            "write CONSTRUCT { the conclusion } WHERE { the premises }",
        )
    if calls := outside_of(algebra):
        raise OntologyError(
            f"a rule asks nobody but the graph, and this one has {calls}",
            f"{path}:{line_of(text.upper(), calls, len(''.join(lines[:head])))}",
            "take it out",
        )
    rule = Rule(
        name=path.stem,
        iri=RULES + path.stem,
        label=notes[0] if notes else path.stem.replace("-", " "),
        comment=" ".join(note for note in notes[1:] if note),
        query=text,
        file=str(path),
        line=head + 1,
    )
    return rule, frozenset(terms_in(algebra))


def outside_of(part: Any) -> str:
    """The word of SPARQL by which a piece of algebra asks for what is not in the graph: SERVICE calls another server,
    FROM has files and addresses read by some engines. "" where there is none."""
    if isinstance(part, CompValue):
        if part.name == "ServiceGraphPattern":
            return "SERVICE"
        if dict.get(part, "datasetClause"):
            return "FROM"
        pieces: Any = part.values()
    elif isinstance(part, (list, tuple)):
        pieces = part
    else:
        return ""
    return next(filter(None, map(outside_of, pieces)), "")


def line_of(text: str, piece: str, start: int = 0) -> int:
    """The line (from 1) of the first ``piece`` in ``text`` from offset ``start``; 1 where there is none."""
    return text.count("\n", 0, max(text.find(piece, start), 0)) + 1


def terms_in(part: Any) -> Iterator[str]:
    """All predicates, and all objects of rdf:type, in a piece of SPARQL algebra."""
    if isinstance(part, CompValue):
        for key, value in part.items():
            if key in ("triples", "template"):
                for run in value or ():  # inside FILTER (NOT) EXISTS several triples stand in one run
                    for predicate, object_ in zip(run[1::3], run[2::3], strict=True):
                        yield from _predicates(predicate)
                        if predicate == RDF.type and isinstance(object_, URIRef):
                            yield str(object_)
            else:
                yield from terms_in(value)
    elif isinstance(part, (list, tuple)):
        for piece in part:
            yield from terms_in(piece)


def _predicates(path: Any) -> Iterator[str]:
    if isinstance(path, URIRef):
        yield str(path)
    elif isinstance(path, PropertyPath):
        for piece in [*getattr(path, "args", ()), getattr(path, "arg", None), getattr(path, "path", None)]:
            yield from _predicates(piece)
