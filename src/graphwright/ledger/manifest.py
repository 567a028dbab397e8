"""The manifest: what a graph was made from and with, in a named graph of its own."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad, Triple

from graphwright.errors import StoreError
from graphwright.graph import KnowledgeGraph
from graphwright.graph import vocabulary as v
from graphwright.graph.terms import in_graph, iri, local_name, text_literal

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


def manifest(graph: KnowledgeGraph) -> dict[str, Any]:
    """What a graph says of its making: ``counts``, ``configurations``, and ``documents`` with their hashes, sorted.

    Raises StoreError for a graph without a manifest, which no build wrote.
    """
    counts = {
        local_name(row["name"]): row["value"]
        for row in graph.query(
            "SELECT ?name ?value WHERE { ?m a void:Dataset ; ?name ?value FILTER isNumeric(?value) }"
        )
    }
    if not counts:
        where = str(graph.path or "the graph")
        raise StoreError("the graph has no manifest", where, "build it anew, with graphwright build")
    told: dict[str, dict[str, Any]] = {}
    query = "SELECT ?c ?name ?value WHERE { ?c a gw:Configuration ; ?name ?value FILTER (?name != rdf:type) }"
    for row in graph.query(query):
        told.setdefault(row["c"], {})[local_name(row["name"])] = _value(row["value"])
    hashes = graph.query("SELECT ?id ?hash WHERE { ?d dcterms:identifier ?id ; gw:contentHash ?hash }")
    return {
        "counts": {name: counts[name] for name in sorted(counts)},
        "configurations": [dict(sorted(told[name].items())) for name in sorted(told)],
        "documents": sorted(({"id": row["id"], "hash": row["hash"]} for row in hashes), key=lambda one: one["id"]),
    }


def _value(value: object) -> Any:
    """A setting as it was before it was written as JSON."""
    return json.loads(value) if isinstance(value, str) and value[:1] in "[{" else value


def _number(number: int) -> Literal:
    return Literal(str(number), datatype=v.XSD_INTEGER)
