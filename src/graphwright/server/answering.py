"""What a worker does for the protocols: it answers a query whole, in the format asked for, or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from pyoxigraph import DefaultGraph, NamedNode, Quad, QueryTriples, Store, Triple

from graphwright.errors import QueryError
from graphwright.graph.files import write_rdf
from graphwright.graph.results import broken_off, query_error
from graphwright.graph.terms import in_graph
from graphwright.server.federation import check_calls
from graphwright.server.negotiation import DATASETS, GRAPHS, RDF_FORMATS, RESULT_FORMATS, RESULTS, negotiated
from graphwright.server.reader import Reader
from graphwright.server.refusal import Refusal

_NO_XML = bytes(code for code in range(0x20) if code not in b"\t\n\r")
"""What XML 1.0 cannot hold, and the engine writes all the same."""


class Wish(NamedTuple):
    """In which format an answer is wanted: the header Accept, a name from the address, and how many bytes at most.

    A tuple, like `Question`, for these go to another process at every request, and tuples go quickly.
    """

    accept: str
    name: str
    limit: int


class Question(NamedTuple):
    """A query as SPARQL 1.1 Protocol asks it.

    ``default`` and ``named`` are the IRIs of its dataset, which goes before one that the text tells; with none in
    either it is the dataset of the text or of the store. ``base`` resolves relative IRIs. ``services`` may be called.
    """

    sparql: str
    default: tuple[str, ...]
    named: tuple[str, ...]
    base: str
    services: tuple[str, ...]
    wish: Wish


def answer(reader: Reader, question: Question) -> tuple[str, bytes]:
    """Return the answer to a query: its Content-Type, and all of it.

    Raises QueryError for what is no SPARQL or fails, and Refusal where no format fits, where the answer is too long,
    and where the query calls a server that it may not.
    """
    graph, sparql = reader.graph, question.sparql
    store, prefixes = graph.store, reader.once("prefixes", lambda: dict(graph.prefixes))
    assert isinstance(store, Store), "a server serves a folder"
    # The engine parses all prefixes that it is given, which takes longer than a light query.
    used = {name: iri for name, iri in prefixes.items() if f"{name}:" in sparql}
    check_calls(sparql, update=False, services=question.services, prefixes=prefixes)
    try:
        found = store.query(
            sparql, base_iri=question.base, prefixes=used, **_dataset(reader, question.default, question.named)
        )
    except (SyntaxError, RuntimeError, OSError, ValueError) as error:
        raise query_error(sparql, error, prefixes) from error
    try:
        if isinstance(found, QueryTriples):
            return written_triples(found, question.wish, prefixes)
        format = negotiated(question.wish.accept, question.wish.name, RESULTS)
        output = Limited(question.wish.limit)
        found.serialize(output, format=RESULT_FORMATS[format.name])  # type: ignore[arg-type]
    except SyntaxError as error:
        raise broken_off(error, "while it was written") from error
    except (RuntimeError, OSError, ValueError) as error:
        raise QueryError(
            f"the query failed: {error}", "while it ran", "check the services and functions it calls"
        ) from error
    content = bytes(output.content)
    return format.content_type, content.translate(None, _NO_XML).replace(
        b"\r", b"&#13;"
    ) if format.name == "xml" else content


def written_triples(triples: Iterable[Triple], wish: Wish, prefixes: Mapping[str, str]) -> tuple[str, bytes]:
    """Return triples in the format of RDF that is wanted: its Content-Type, and all of it. Raises Refusal."""
    format = negotiated(wish.accept, wish.name, GRAPHS)
    rdf = RDF_FORMATS[format.name]
    output = Limited(wish.limit)
    # A format of quads takes quads; those of the default graph are its triples.
    quads = (in_graph(triple, DefaultGraph()) for triple in triples) if rdf.supports_datasets else ()
    write_rdf(quads, triples, output, rdf, prefixes)  # type: ignore[arg-type]
    return format.content_type, bytes(output.content)


def written_quads(quads: Iterable[Quad], wish: Wish, prefixes: Mapping[str, str]) -> tuple[str, bytes]:
    """Return quads in the format with named graphs that is wanted: its Content-Type, and all of it. Raises Refusal."""
    format = negotiated(wish.accept, wish.name, DATASETS)
    output = Limited(wish.limit)
    write_rdf(quads, (), output, RDF_FORMATS[format.name], prefixes)  # type: ignore[arg-type]
    return format.content_type, bytes(output.content)


class Limited:
    """A binary file in memory; writing more than ``limit`` bytes to it raises Refusal (403)."""

    def __init__(self, limit: int) -> None:
        self.content = bytearray()
        self._limit = limit

    def write(self, part: bytes) -> int:
        """Take a part."""
        self.content += part
        if len(self.content) > self._limit:
            raise Refusal(
                403,
                f"the answer is longer than {self._limit} bytes",
                "the answer",
                "ask for less: LIMIT and OFFSET give it in pages; or serve with a larger --max-answer",
            )
        return len(part)

    def flush(self) -> None:
        """Do nothing."""


def _dataset(reader: Reader, default: tuple[str, ...], named: tuple[str, ...]) -> dict[str, Any]:
    """Return the dataset of a query as the engine takes it. Raises Refusal for what is no IRI."""
    if default or named:
        return {
            "default_graph": [graph_name(iri) for iri in default],
            "named_graphs": [graph_name(iri) for iri in named],
        }
    return {"use_default_graph_as_union": reader.once("lacks union", reader.graph.lacks_union)}


def graph_name(iri: str) -> NamedNode:
    """Return the name of a graph. Raises Refusal (400) for what is no absolute IRI."""
    try:
        return NamedNode(iri)
    except ValueError as error:
        raise Refusal(400, f"{iri!r} is no IRI: {error}", "the name of a graph", "give an absolute IRI") from error
