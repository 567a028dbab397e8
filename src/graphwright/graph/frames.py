"""The graph as what other Python libraries work with: data frames of pandas, a graph of igraph."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import networkx

from graphwright.graph.optional import needed

if TYPE_CHECKING:
    import pandas

_EDGE = ("property", "label", "modality", "attributed_to", "confidence", "documents", "dates", "quotes", "extractors")


def to_pandas(network: networkx.MultiDiGraph[str]) -> tuple[pandas.DataFrame, pandas.DataFrame]:
    """Return the nodes, indexed by IRI, and the edges (``source``, ``target`` and what they carry) as data frames.

    What a node or an edge has several of is a list: ``edges.explode("documents")`` gives a row for each. Raises
    ExportError without pandas (``pip install 'graphwright[pandas]'``).
    """
    frame = needed("pandas", "pandas").DataFrame
    rows = [dict(data) for _, data in network.nodes(data=True)]
    names = dict.fromkeys(["iri", "label", "class", "class_iri", "classes", *(name for row in rows for name in row)])
    nodes = frame(rows, columns=list(names)).set_index("iri")
    told = [{"source": source, "target": target, **data} for source, target, data in network.edges(data=True)]
    columns = dict.fromkeys(["source", "target", *_EDGE, *(name for row in told for name in row)])
    edges = frame(told, columns=list(columns))
    return nodes, edges.astype({"confidence": "float64"})


def to_igraph(network: networkx.MultiDiGraph[str]) -> Any:
    """Return a directed `igraph.Graph` with the same attributes; ``name`` of a vertex is its IRI.

    Raises ExportError without igraph (``pip install 'graphwright[igraph]'``; note that its licence is the GPL).
    """
    graph = needed("igraph", "igraph").Graph(directed=True)
    nodes = {node: number for number, node in enumerate(network)}
    graph.add_vertices(len(nodes), {"name": list(nodes), **_columns([data for _, data in network.nodes(data=True)])})
    edges = [(nodes[source], nodes[target]) for source, target in network.edges()]
    graph.add_edges(edges, _columns([data for *_, data in network.edges(data=True)]))
    return graph


def _columns(rows: list[dict[str, Any]]) -> dict[str, list[Any]]:
    names = dict.fromkeys(name for row in rows for name in row)
    return {name: [row.get(name) for row in rows] for name in names}
