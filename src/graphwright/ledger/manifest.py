"""The manifest: what a graph was made from and with, in a named graph of its own."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from pyoxigraph import Literal, NamedNode, Quad, Triple

from graphwright.graph import vocabulary as v
from graphwright.graph.terms import in_graph, iri, text_literal

_COUNTS = {
    "documents": NamedNode(v.VOID + "documents"),
    "entities": NamedNode(v.VOID + "entities"),
    "statements": NamedNode(v.GW + "statements"),
    "facts": NamedNode(v.GW + "facts"),
}


def manifest_iri(base: str) -> NamedNode:
    """The name of the graph that holds the manifest."""
    return iri(f"{base}manifest")


def configuration_iri(base: str, configuration: str) -> NamedNode:
    """The IRI of what documents were read with, by its hash."""
    return iri(f"{base}manifest#configuration-{configuration[:20]}")


def manifest_quads(
    counts: Mapping[str, int], configurations: list[tuple[str, dict[str, object], int]], *, base: str
) -> list[Quad]:
    """The quads of the manifest: no times are in it, so that equal builds give equal graphs."""
    graph = manifest_iri(base)

    def triples() -> Iterator[Triple]:
        yield Triple(graph, v.TYPE, NamedNode(v.VOID + "Dataset"))
        for name, number in counts.items():
            yield Triple(graph, _COUNTS[name], _number(number))
        for configuration, told, documents in configurations:
            node = configuration_iri(base, configuration)
            yield Triple(graph, v.READ_WITH, node)
            yield Triple(node, v.TYPE, NamedNode(v.GW + "Configuration"))
            yield Triple(node, _COUNTS["documents"], _number(documents))
            for name, value in told.items():
                text = value if isinstance(value, str) else json.dumps(value, sort_keys=True)
                yield Triple(node, NamedNode(v.GW + name), text_literal(text))

    return sorted((in_graph(triple, graph) for triple in triples()), key=str)


def _number(number: int) -> Literal:
    return Literal(str(number), datatype=v.XSD_INTEGER)
