"""Answers to SPARQL queries, and errors in them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal

from pyoxigraph import QueryBoolean, QueryResultsFormat, QuerySolutions, QueryTriples, RdfFormat, Triple, serialize

from graphwright.errors import QueryError
from graphwright.graph import display
from graphwright.graph.terms import Term, python_value

Answer = QuerySolutions | QueryBoolean | QueryTriples

TABLES: Mapping[str, QueryResultsFormat] = {
    "csv": QueryResultsFormat.CSV,
    "tsv": QueryResultsFormat.TSV,
    "json": QueryResultsFormat.JSON,
    "xml": QueryResultsFormat.XML,
}
"""Formats of the answer to SELECT and ASK."""

GRAPHS: Mapping[str, RdfFormat] = {
    "turtle": RdfFormat.TURTLE,
    "ttl": RdfFormat.TURTLE,
    "nt": RdfFormat.N_TRIPLES,
    "rdf": RdfFormat.RDF_XML,
    "xml": RdfFormat.RDF_XML,
    "jsonld": RdfFormat.JSON_LD,
}
"""Formats of the answer to CONSTRUCT and DESCRIBE."""


class Row(Mapping[str, Any]):
    """One solution of a query: from variable name (without "?") to Python value; None where unbound.

    See `graphwright.graph.terms.python_value` for the values; ``term`` gives the RDF term itself.
    """

    __slots__ = ("_terms",)

    def __init__(self, terms: Mapping[str, Term | None]) -> None:
        self._terms = terms

    def __getitem__(self, variable: str) -> Any:
        return python_value(self._terms[variable])

    def __iter__(self) -> Iterator[str]:
        return iter(self._terms)

    def __len__(self) -> int:
        return len(self._terms)

    def __repr__(self) -> str:
        return f"Row({dict(self)!r})"

    def term(self, variable: str) -> Term | None:
        """Return the RDF term bound to ``variable``, None where it is unbound; KeyError for an unknown variable."""
        return self._terms[variable]


class QueryResult:
    """The answer to a query. It is computed while it is read, and may be read again.

    ``form`` is "SELECT", "ASK" or "CONSTRUCT" (DESCRIBE too); ``variables`` are the column names of a SELECT, and
    subject, predicate and object of a CONSTRUCT. Iterating gives a `Row` per solution or triple. As a truth value it is
    the answer to an ASK, and otherwise whether there is any solution.
    """

    def __init__(self, run: Callable[[], Answer], prefixes: Mapping[str, str]) -> None:
        self._compute = run
        self._prefixes = prefixes
        self._first: Answer | None = run()
        answer = self._first
        self.form: Literal["SELECT", "ASK", "CONSTRUCT"]
        self.variables: tuple[str, ...]
        if isinstance(answer, QuerySolutions):
            self.form, self.variables = "SELECT", tuple(variable.value for variable in answer.variables)
        elif isinstance(answer, QueryTriples):
            self.form, self.variables = "CONSTRUCT", ("subject", "predicate", "object")
        else:
            self.form, self.variables = "ASK", ()

    def _run(self) -> Answer:
        """Return the answer from its start: the one that told the form the first time, and then computed anew."""
        first, self._first = self._first, None
        return self._compute() if first is None else first

    def __bool__(self) -> bool:
        answer = self._run()
        return bool(answer) if isinstance(answer, QueryBoolean) else next(iter(self), None) is not None

    def __iter__(self) -> Iterator[Row]:
        answer = self._run()
        if isinstance(answer, QuerySolutions):
            for solution in _guarded(answer):
                yield Row({name: solution[name] for name in self.variables})
        elif isinstance(answer, QueryTriples):
            for triple in _guarded(answer):
                yield Row(dict(zip(self.variables, triple, strict=True)))

    def triples(self) -> Iterator[Triple]:
        """Yield the triples of a CONSTRUCT or DESCRIBE; none for other forms."""
        answer = self._run()
        if isinstance(answer, QueryTriples):
            yield from _guarded(answer)

    def _repr_html_(self) -> str:
        """Return what a notebook shows: a table of the first rows, or the answer to an ASK."""
        if self.form == "ASK":
            return f"<p>{'yes' if self else 'no'}</p>"
        rows = ([row.term(name) for name in self.variables] for row in self)
        return display.table(self.variables, rows, self._prefixes)

    def serialize(self, format: str = "json") -> bytes:
        """Return the answer in a format of `TABLES` or, for CONSTRUCT and DESCRIBE, of `GRAPHS`.

        Raises QueryError for any other format.
        """
        answer = self._run()
        known: Mapping[str, Any] = GRAPHS if isinstance(answer, QueryTriples) else TABLES
        if format not in known:
            raise QueryError(
                f"{format!r} is no format of the answer to {self.form}", "the output", f"use one of: {', '.join(known)}"
            )
        try:
            if isinstance(answer, QueryTriples):
                return serialize(answer, format=known[format], prefixes=dict(self._prefixes)) or b""
            return answer.serialize(format=known[format]) or b""
        except SyntaxError as error:
            raise broken_off(error, "while it was written") from error


def _guarded(answer: Any) -> Iterator[Any]:
    """Yield from an answer of the engine; what goes wrong on the way (a SERVICE that is down) is a QueryError."""
    try:
        yield from answer
    except SyntaxError as error:
        raise broken_off(error, "while it was read") from error
    except (RuntimeError, OSError, ValueError) as error:
        raise QueryError(
            f"the query failed: {error}", "while it ran", "check the services and functions it calls"
        ) from error


def broken_off(error: Exception | str, where: str) -> QueryError:
    """Return the error of an answer whose end is missing, or that is none."""
    return QueryError(
        f"the answer is broken off, or no SPARQL result: {error}",
        where,
        "a server ends an answer like this when its time is up: ask for less at a time, or give it more time",
    )


def query_error(sparql: str, error: Exception, prefixes: Mapping[str, str]) -> QueryError:
    """Return the error of a query that the engine refused, with the line it points at."""
    message = str(error)
    found = re.search(r"error at (\d+):(\d+): (.*)", message, re.DOTALL)
    if found is None:
        return QueryError(f"the query failed: {message}", "the query", "check the services and functions it calls")
    line, column, detail = int(found[1]), int(found[2]), " ".join(found[3].split())
    lines = sparql.splitlines() or [""]
    # The engine counts lines by line feed alone, and its column may point behind the last character.
    text = lines[min(line, len(lines)) - 1]
    where = f"line {line}, column {column} of the query\n    {text}\n    {' ' * (column - 1)}^"
    if "Prefix not found" in detail:
        names = ", ".join(sorted(prefixes))
        return QueryError(
            "a prefix of the query is not declared",
            where,
            f"declare it with PREFIX, or use one that needs no declaration: {names}",
        )
    return QueryError(f"the query is no SPARQL: {_short(detail)}", where, "correct the query at the place shown")


def _short(detail: str) -> str:
    """Cut the engine's long lists of characters that it would have taken."""
    return detail if len(detail) <= 200 else f"{detail[:200].rsplit(' ', 1)[0]} …"
