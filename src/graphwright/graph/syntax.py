"""What can be told of a SPARQL text without a parser, since servers know words that no other engine knows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from graphwright.errors import QueryError

Form = Literal["SELECT", "ASK", "CONSTRUCT"]

_OPAQUE = re.compile(
    r"""<[^<>"{}|^`\\\s]*> | \"{3}(?:\\.|[^\\])*?\"{3} | '{3}(?:\\.|[^\\])*?'{3}"""
    r"""| "(?:\\.|[^"\\\n])*" | '(?:\\.|[^'\\\n])*' | \\. | \#[^\n\r]*""",
    re.VERBOSE | re.DOTALL,
)
_PRAGMAS = re.compile(r"""(?:\s*define\s+\S+\s+(?:"[^"]*"|\S+)\s+)+""", re.IGNORECASE)
_STRUCTURE = re.compile(r"[{}]|(?<![\w:?$-])[A-Za-z]+(?![\w:-])")
_FORM = re.compile(r"(?<![\w:?$-])(SELECT|ASK|CONSTRUCT|DESCRIBE)(?![\w:-])", re.IGNORECASE)


DEEPEST = 100
"""How deeply brackets may stand in one another. The engine takes some hundreds; then it runs out of its stack, which
ends the program, and some forms take it seconds before."""


def check_depth(query: str) -> None:
    """Raise QueryError where brackets are nested more than `DEEPEST` deep.

    >>> check_depth("SELECT * { " + "{" * 200 + "}" * 200 + " }")
    Traceback (most recent call last):
        ...
    graphwright.errors.QueryError: brackets are nested more than 100 deep
      where: line 1, column 111 of the query
      to mend: write it flatter
    """
    if query.count("{") + query.count("(") + query.count("[") + query.count("<<") <= DEEPEST:
        return
    depth = 0
    for found in _BRACKET.finditer(blanked(query)):
        depth += 1 if found[0] in ("{", "(", "[", "<<") else -1
        if depth > DEEPEST:
            line = query.count("\n", 0, found.start()) + 1
            column = found.start() - query.rfind("\n", 0, found.start())
            where = f"line {line}, column {column} of the query"
            raise QueryError(f"brackets are nested more than {DEEPEST} deep", where, "write it flatter")


_BRACKET = re.compile(r"[{}()\[\]]|<<|>>")


def form_of(query: str) -> Form | None:
    """Return the form of a query, with DESCRIBE as CONSTRUCT for it answers alike; None where it has none.

    >>> form_of("PREFIX ask: <http://select/> # construct\\nSELECT * { ?s ask:x 'describe' }")
    'SELECT'
    """
    found = _FORM.search(blanked(query))
    if found is None:
        return None
    forms: Mapping[str, Form] = {"SELECT": "SELECT", "ASK": "ASK", "CONSTRUCT": "CONSTRUCT", "DESCRIBE": "CONSTRUCT"}
    return forms[found[1].upper()]


def with_prefixes(query: str, prefixes: Mapping[str, str]) -> str:
    """Return the query with a declaration of each prefix that it uses and does not declare itself.

    They go before its first word on the same line, so that lines keep their numbers; but after the pragmas of Virtuoso
    (``define``), which must come first.

    >>> with_prefixes("SELECT * { ?s a ex:C }", {"ex": "http://e.org/", "f": "http://f.org/"})
    'PREFIX ex: <http://e.org/> SELECT * { ?s a ex:C }'
    """
    bare = blanked(query)
    declared = set(re.findall(r"\bPREFIX\s+([\w.-]*):", bare, re.IGNORECASE))
    used = set(re.findall(r"(?<![\w:.-])([\w.-]*):", bare)) - declared
    missing = [f"PREFIX {name}: <{prefixes[name]}> " for name in sorted(used & set(prefixes))]
    pragmas = _PRAGMAS.match(query)
    start = pragmas.end() if pragmas else 0
    return "".join([query[:start], *missing, query[start:]])


def page_of(query: str, variables: Sequence[str], size: int, start: int) -> str | None:
    """Return a query for ``size`` solutions of a SELECT from the ``start``-th, counted from 0; None for one with FROM.

    The pages of a query that does not sort are sorted by all variables, for without an order there are no pages.
    """
    bare = blanked(query)
    found = _FORM.search(bare)
    if found is None or re.search(r"(?<![\w:?$-])FROM(?![\w:-])", bare, re.IGNORECASE):
        return None
    names = " ".join(f"?{name}" for name in variables)
    # A line feed, since a comment may stand at the end.
    inner = f"{{ {{ {query[found.start() :]}\n}} }}"
    if not re.search(r"(?<![\w:?$-])ORDER\s+BY\b", bare, re.IGNORECASE):
        # Virtuoso sorts no more than 10,000 rows for an OFFSET, but pages through a sorted subquery of any size.
        inner = f"{{ {{ SELECT {names} WHERE {inner} ORDER BY {names} }} }}"
    return f"{query[: found.start()]}SELECT {names} WHERE {inner} LIMIT {size} OFFSET {start}"


def construction(query: str) -> tuple[str, str, str] | None:
    """Take a CONSTRUCT apart into prologue, template and the rest, which is that of a SELECT of its solutions.

    None for a DESCRIBE, and for what is no CONSTRUCT.

    >>> construction("PREFIX e: <urn:> CONSTRUCT { ?s e:p 1 } WHERE { ?s ?p '}' } LIMIT 5")
    ('PREFIX e: <urn:> ', '{ ?s e:p 1 }', " WHERE { ?s ?p '}' } LIMIT 5")
    >>> construction("CONSTRUCT WHERE { ?s ?p ?o }")
    ('', '{ ?s ?p ?o }', ' WHERE { ?s ?p ?o }')
    """
    bare = blanked(query)
    found = _FORM.search(bare)
    start, end = bare.find("{"), bare.find("}") + 1
    if found is None or found[1].upper() != "CONSTRUCT" or not 0 <= start < end:
        return None
    short = bool(bare[found.end() : start].strip())  # the pattern is the template as well
    return query[: found.start()], query[start:end], query[found.end() if short else end :]


def with_using(update: str, default: Sequence[str], named: Sequence[str]) -> str:
    """Return an update with USING and USING NAMED before each WHERE, as SPARQL 1.1 Protocol asks (section 2.2.3).

    Raises QueryError where the update has a dataset of its own, with USING or WITH.

    >>> with_using("DELETE WHERE { ?s a 1 } ; INSERT DATA { <urn:a> a 2 }", ["urn:g"], [])
    'DELETE { ?s a 1 } USING <urn:g> WHERE { ?s a 1 } ; INSERT DATA { <urn:a> a 2 }'
    """
    clauses = [*(f"USING <{iri}> " for iri in default), *(f"USING NAMED <{iri}> " for iri in named)]
    tokens = list(_outermost(blanked(update)))
    parts: list[str] = []
    done = 0
    for number, (word, start, _) in enumerate(tokens):
        if word in ("USING", "WITH"):
            raise QueryError(
                f"the update has a dataset of its own ({word})",
                "the update, beside using-graph-uri or using-named-graph-uri",
                "say the dataset in one of the two places",
            )
        if word == "WHERE":
            parts.append(update[done:start])
            if 0 < number < len(tokens) - 1 and tokens[number - 1][0] == "DELETE":
                # The pattern of a short DELETE WHERE is its template, and only the long form has room for USING.
                _, opened, closed = tokens[number + 1]
                parts.append(update[opened:closed] + " ")
            parts += clauses
            done = start
    return "".join([*parts, update[done:]])


def _outermost(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield the words of a blanked text outside of braces, in capitals, and each group in braces as "{}"; with their
    places."""
    depth = opened = 0
    for token in _STRUCTURE.finditer(text):
        if token[0] == "{":
            opened = token.start() if depth == 0 else opened
            depth += 1
        elif token[0] == "}":
            depth -= 1
            if depth == 0:
                yield "{}", opened, token.end()
        elif depth == 0:
            yield token[0].upper(), token.start(), token.end()


def blanked(text: str) -> str:
    """Blank out what is no keyword or prefix: IRIs, strings, escapes in names, comments. What is left keeps its place.

    >>> blanked("SELECT * { <urn:a> e:b\\\\# '}' } # c")
    'SELECT * {         e:b       }    '
    """
    return _OPAQUE.sub(lambda found: " " * len(found[0]), text)
