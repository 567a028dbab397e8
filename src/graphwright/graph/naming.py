"""Naming: from what people write, a name, a CURIE or an IRI, to the things, properties and classes that it means."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from graphwright.errors import QueryError
from graphwright.graph.terms import local_name

if TYPE_CHECKING:
    from graphwright.graph.knowledge import KnowledgeGraph

_EXTRACTED = """
SELECT ?property ?label WHERE {
  { SELECT DISTINCT ?property WHERE {
    { ?statement rdf:predicate ?property }
    UNION { ?property a ?kind FILTER (?kind IN (rdf:Property, owl:ObjectProperty, owl:DatatypeProperty)) } } }
  OPTIONAL { ?property rdfs:label ?label }
}"""

_CONCLUDED = """
SELECT DISTINCT ?property ?label WHERE {
  ?other rdfs:subPropertyOf|owl:equivalentProperty|owl:inverseOf|^owl:equivalentProperty|^owl:inverseOf ?property
  FILTER isIRI(?property)
  OPTIONAL { ?property rdfs:label ?label }
}"""

_DECLARED_CLASSES = """
SELECT DISTINCT ?class ?label WHERE {
  { ?class a owl:Class } UNION { ?class a rdfs:Class }
  UNION { ?class rdfs:subClassOf ?above } UNION { ?below rdfs:subClassOf ?class }
  FILTER isIRI(?class)
  OPTIONAL { ?class rdfs:label ?label }
}"""

_CLASSES = """
SELECT DISTINCT ?class ?label WHERE {
  { SELECT DISTINCT ?class WHERE { ?document schema:mentions/a ?class } }
  OPTIONAL { ?class rdfs:label ?label }
}"""


def find_entities(graph: KnowledgeGraph, text: str) -> set[str]:
    """Return the IRIs of the things that a text may mean: an IRI, a CURIE, the end of an IRI, or a name in any case.

    Raises QueryError, with names that are like it, where nothing in the graph bears it.
    """
    found = known_entities(graph, text)
    if found:
        return found
    names = {row["label"] for row in graph.query("SELECT ?label WHERE { ?d schema:mentions/rdfs:label ?label }")}
    raise QueryError(f"nothing in the graph is called {text!r}", "the name", _suggest(text, names))


def known_entities(graph: KnowledgeGraph, text: str) -> set[str]:
    """Return what ``text`` means as an IRI or CURIE, else as the end of one, as a label, or as another name."""
    tail, label = Literal("/" + text), Literal(text)
    for pattern in (
        *(f"FILTER (?entity = {NamedNode(iri)})" for iri in _as_iri(graph, text)),
        f"FILTER STRENDS(STR(?entity), {tail})",
        f"?entity rdfs:label ?label FILTER (LCASE(STR(?label)) = LCASE({label}))",
        f"?entity skos:altLabel ?label FILTER (LCASE(STR(?label)) = LCASE({label}))",
    ):
        found = graph.query(f"SELECT DISTINCT ?entity WHERE {{ ?document schema:mentions ?entity . {pattern} }}")
        if entities := {row["entity"] for row in found}:
            return entities
    return set()


def find_properties(graph: KnowledgeGraph, text: str) -> set[str]:
    """Return the properties that ``text`` means; those that are extracted go before those that are only inferred."""
    every: set[str] = set()
    for query in (_EXTRACTED, _CONCLUDED):
        names: dict[str, set[str]] = {}
        for row in graph.query(query):
            iri = row["property"]
            names.setdefault(iri, {local_name(iri)}).update([row["label"]] if row["label"] else [])
        if found := _named(names, text, set(_as_iri(graph, text))):
            return found
        every.update(name for known in names.values() for name in known)
    raise QueryError(f"the graph has no property {text!r}", "the fact to explain", _suggest(text, every))


def find_classes(graph: KnowledgeGraph, text: str) -> set[str]:
    """Return the classes that ``text`` means, an IRI, a CURIE, a local name or a label, with all classes below them.

    Raises QueryError, with the classes of the things in the graph, where there is none.
    """
    names: dict[str, set[str]] = {}
    for query in (_DECLARED_CLASSES, _CLASSES):  # what a large graph says of its things takes longer to read
        for row in graph.query(query):
            names.setdefault(row["class"], {local_name(row["class"])}).update([row["label"]] if row["label"] else [])
        if found := _named(names, text, set(_as_iri(graph, text))):
            listed = " ".join(str(NamedNode(iri)) for iri in sorted(found))
            below = graph.query(
                f"SELECT DISTINCT ?class WHERE {{ VALUES ?above {{ {listed} }} ?class rdfs:subClassOf* ?above }}"
            )
            return found | {row["class"] for row in below}
    there = sorted({local_name(row["class"]) for row in graph.query(_CLASSES)})
    raise QueryError(f"the graph has no class {text!r}", "the selection", _among(there))


def find_selected_properties(graph: KnowledgeGraph, text: str) -> set[str]:
    """Return the properties that ``text`` means, as `find_properties` does.

    Raises QueryError, with the properties of the facts in the graph, where there is none.
    """
    try:
        return find_properties(graph, text)
    except QueryError as error:
        used = graph.query("SELECT DISTINCT ?property WHERE { ?statement rdf:predicate ?property }")
        there = sorted({local_name(row["property"]) for row in used})
        raise QueryError(error.args[0], "the selection", _among(there)) from error


def find_entity(graph: KnowledgeGraph, text: str) -> str:
    """Return the one thing that ``text`` means: an IRI, a CURIE, a name, or else what `find_entities` takes.

    Names that are written as the graph has them are looked up, others searched for. Raises QueryError where there is
    nothing or are several things of that name.
    """
    patterns = [f"BIND ({NamedNode(iri)} AS ?entity)" for iri in _as_iri(graph, text)]
    patterns += [f"?entity {property} {Literal(text)}" for property in ("rdfs:label", "skos:altLabel")]
    for pattern in patterns:
        query = f"SELECT DISTINCT ?entity WHERE {{ {pattern} FILTER EXISTS {{ ?document schema:mentions ?entity }} }}"
        if found := {row["entity"] for row in graph.query(query)}:
            break
    else:
        found = find_entities(graph, text)
    refuse_ambiguous(text, map(NamedNode, found), "the selection")
    return found.pop()


def _among(names: Sequence[str], most: int = 60) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return f"give one of: {', '.join(names[:most])}{more}" if names else "the graph has none"


def _named(names: Mapping[str, set[str]], text: str, wanted: set[str]) -> set[str]:
    return (
        {iri for iri in names if iri in wanted}
        or {iri for iri in names if local_name(iri) == text}
        or {iri for iri, known in names.items() if text.casefold() in {name.casefold() for name in known}}
    )


def _as_iri(graph: KnowledgeGraph, text: str) -> list[str]:
    """Return the IRIs that ``text`` may be: itself, in angle brackets, or with its prefix replaced."""
    prefix, colon, rest = text.partition(":")
    found = [text.removeprefix("<").removesuffix(">")] if colon else []
    if colon and prefix in graph.prefixes:
        found.append(graph.prefixes[prefix] + rest)
    return [iri for iri in found if _valid(iri)]


def _valid(iri: str) -> bool:
    try:
        NamedNode(iri)
    except ValueError:
        return False
    return True


def refuse_ambiguous(name: str, terms: Iterable[object], where: str = "the fact to explain") -> None:
    """Raise QueryError, with the IRIs, where there are several things that a name means."""
    found = sorted({term.value for term in terms if isinstance(term, NamedNode)})
    if len(found) > 1:
        listed = "\n    ".join(found)
        raise QueryError(f"{name!r} may mean {len(found)} things", where, f"give the IRI of one:\n    {listed}")


def _suggest(text: str, names: Iterable[str]) -> str:
    folded = {name.casefold(): name for name in sorted(names)}
    close = [folded[name] for name in difflib.get_close_matches(text.casefold(), folded, n=5)]
    return f"did you mean one of: {', '.join(close)}" if close else "give an IRI or a label that is in the graph"
