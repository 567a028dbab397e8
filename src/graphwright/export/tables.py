"""Tables of nodes and edges: CSV as neo4j-admin imports it, and Parquet for data frames and databases."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping

import networkx

from graphwright.graph.optional import needed
from graphwright.graph.terms import local_name

FlatGraph = networkx.MultiDiGraph  # [str]; networkx takes no type arguments at run time before 3.4

_NODES = ("iri", "label", "class", "class_iri", "classes", "color")
_EDGES = ("property", "label", "modality", "attributed_to", "confidence", "document", "date", "quote", "extractor")
"""The columns that a Parquet file always has, so that files of several graphs are read as one table."""

_TYPES = {"confidence": "double", "weight": "long"}
"""The columns that hold numbers, by the names that neo4j-admin has for their types."""


def nodes_csv(graph: FlatGraph[str]) -> bytes:
    """Return the nodes as neo4j-admin reads them: ``iri:ID``, properties, ``:LABEL`` (classes joined by ";")."""
    names = _columns(data for _, data in graph.nodes(data=True))
    names = [name for name in names if name not in ("iri", "classes")]
    rows = (
        [node, *(data.get(name, "") for name in names), data.get("classes", "").replace("; ", ";") or "Entity"]
        for node, data in graph.nodes(data=True)
    )
    return _csv(["iri:ID", *names, ":LABEL"], rows)


def edges_csv(graph: FlatGraph[str]) -> bytes:
    """Return the edges as neo4j-admin reads them: ``:START_ID``, ``:END_ID``, ``:TYPE``, properties."""
    names = _columns(data for *_, data in graph.edges(data=True))
    rows = (
        [source, target, relation(data), *(data.get(name, "") for name in names)]
        for source, target, data in graph.edges(data=True)
    )
    header = [f"{name}:{_TYPES[name]}" if name in _TYPES else name for name in names]
    return _csv([":START_ID", ":END_ID", ":TYPE", *header], rows)


def relation(edge: Mapping[str, object]) -> str:
    """Return the type of an edge: the local name of its property, of a merged edge those of all, joined by "_"."""
    return "_".join(local_name(iri) for iri in str(edge["property"]).split("; "))


def nodes_parquet(graph: FlatGraph[str]) -> bytes:
    """Return the nodes as Parquet: ``iri``, ``label``, ``class`` and more, each property with values as a column."""
    return _parquet(_NODES, [dict(data) for _, data in graph.nodes(data=True)])


def edges_parquet(graph: FlatGraph[str]) -> bytes:
    """Return the edges as Parquet: ``source`` and ``target`` (IRIs of nodes), ``property``, ``label`` and more."""
    rows = [{"source": source, "target": target, **data} for source, target, data in graph.edges(data=True)]
    return _parquet(("source", "target", *_EDGES), rows)


def _parquet(always: tuple[str, ...], rows: list[dict[str, object]]) -> bytes:
    arrow, parquet = needed("pyarrow", "parquet"), needed("pyarrow.parquet", "parquet")
    names = dict.fromkeys([*always, *_columns(rows)])
    types = {"double": arrow.float64(), "long": arrow.int64()}
    schema = arrow.schema([(name, types.get(_TYPES.get(name, ""), arrow.string())) for name in names])
    output = io.BytesIO()
    parquet.write_table(arrow.Table.from_pylist(rows, schema), output, compression="zstd")
    return output.getvalue()


def _csv(header: list[str], rows: Iterable[list[object]]) -> bytes:
    output = io.StringIO()
    writer = csv.writer(output, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return output.getvalue().encode()


def _columns(found: Iterable[Mapping[str, object]]) -> list[str]:
    """Return the names of all attributes: in the order of their first use, those of some rows only by the alphabet."""
    rows = [list(row) for row in found]
    common = [name for name in (rows[0] if rows else []) if all(name in row for row in rows)]
    return common + sorted({name for row in rows for name in row} - set(common))
