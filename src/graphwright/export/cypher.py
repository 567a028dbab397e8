"""The graph as an openCypher script: Neo4j, Memgraph, FalkorDB and others run it as it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

import networkx

from graphwright.export.flat import SEPARATOR
from graphwright.export.tables import relation

FlatGraph = networkx.MultiDiGraph  # [str]; networkx takes no type arguments at run time before 3.4

_AT_ONCE = 500
"""How many rows a statement has: more would be one large transaction."""

_HEAD = """\
// A knowledge graph of Graphwright. Run it with: cypher-shell --file NAME
// Run twice, it adds nothing. Databases other than Neo4j may have another word for the constraint.
CREATE CONSTRAINT entity_iri IF NOT EXISTS FOR (node:Entity) REQUIRE node.iri IS UNIQUE;
"""

_NODES = """\
UNWIND [
{rows}
] AS row
MERGE (node:Entity {{iri: row.iri}})
SET node += row{labels};
"""

_EDGES = """\
UNWIND [
{rows}
] AS row
MATCH (source:Entity {{iri: row.source}})
MATCH (target:Entity {{iri: row.target}})
MERGE (source)-[edge:{type} {{key: row.properties.key}}]->(target)
SET edge += row.properties;
"""


def cypher(graph: FlatGraph[str]) -> bytes:
    """Return an openCypher script that merges the graph into a database.

    Nodes are ``Entity`` and have their classes as further labels; the local name of its property is the type of an
    edge, and its ``key`` tells it from others of the same type between the same nodes.
    """
    return "".join([_HEAD, *_nodes(graph), *_edges(graph)]).encode()


def _nodes(graph: FlatGraph[str]) -> Iterator[str]:
    told = sorted(((str(data.get("classes", "")), node, data) for node, data in graph.nodes(data=True)), key=_first_two)
    for classes, group in groupby(told, key=lambda one: one[0]):
        labels = "".join(f":{_name(name)}" for name in classes.split(SEPARATOR) if name)
        rows = [{**data, "iri": node} for _, node, data in group]
        for part in _parts(rows):
            yield _NODES.format(rows=_rows(part), labels=f", node{labels}" if labels else "")


def _edges(graph: FlatGraph[str]) -> Iterator[str]:
    told: dict[str, list[dict[str, object]]] = {}
    keys: set[tuple[str, str, str, str]] = set()
    for source, target, data in graph.edges(data=True):
        kind = relation(data)
        key = known = " ".join(str(data[name]) for name in ("property", "modality", "attributed_to") if name in data)
        number = 1
        while (kind, source, target, key) in keys:  # speakers of one name
            number += 1
            key = f"{known} {number}"
        keys.add((kind, source, target, key))
        told.setdefault(kind, []).append({"source": source, "target": target, "properties": {"key": key, **data}})
    for kind, rows in sorted(told.items()):
        for part in _parts(rows):
            yield _EDGES.format(rows=_rows(part), type=_name(kind))


def _first_two(told: tuple[str, str, object]) -> tuple[str, str]:
    return told[:2]


def _parts(rows: Sequence[Mapping[str, object]]) -> Iterator[Sequence[Mapping[str, object]]]:
    return (rows[start : start + _AT_ONCE] for start in range(0, len(rows), _AT_ONCE))


def _rows(rows: Iterable[Mapping[str, object]]) -> str:
    return ",\n".join(f"  {_literal(row)}" for row in rows)


def _literal(value: object) -> str:
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{_name(name)}: {_literal(one)}' for name, one in value.items())}}}"
    if isinstance(value, (int, float)):
        return repr(value)
    text = str(value).replace("\\", "\\\\").replace("'", "\\'")
    return f"'{text}'"


def _name(text: str) -> str:
    """Return a label, type or key: between backticks where it is more than letters and digits.

    >>> _name("heldIn"), _name("held in"), _name("a`b")
    ('heldIn', '`held in`', '`a``b`')
    """
    return text if re.fullmatch("[A-Za-z][A-Za-z0-9_]*", text, re.ASCII) else f"`{text.replace('`', '``')}`"
