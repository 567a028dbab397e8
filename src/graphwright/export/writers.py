"""One function per format of drawing programs and property graphs: from a flat graph to bytes."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping
from typing import Any

import networkx
from networkx.readwrite.gexf import GEXFWriter

from graphwright.export.cypher import cypher
from graphwright.export.page import page
from graphwright.export.picture import png, svg
from graphwright.export.tables import edges_csv, edges_parquet, nodes_csv, nodes_parquet

FlatGraph = networkx.MultiDiGraph  # [str]; networkx takes no type arguments at run time before 3.4


def graphml(graph: FlatGraph[str]) -> bytes:
    """Return GraphML (graphml.graphdrawing.org) as Gephi, Cytoscape and yEd read it."""
    output = io.BytesIO()
    # Keys named by attribute would be two of one name, for "label" is of nodes and of edges.
    networkx.write_graphml(graph, output)
    return output.getvalue()


def gexf(graph: FlatGraph[str]) -> bytes:
    """Return GEXF 1.2 (gexf.net) with a colour per class."""
    coloured = graph.copy()
    for _, data in coloured.nodes(data=True):
        red, green, blue = (int(data["color"][at : at + 2], 16) for at in (1, 3, 5))
        data["viz"] = {"color": {"r": red, "g": green, "b": blue, "a": 1.0}}
        del data["color"]
    writer = GEXFWriter(encoding="utf-8", prettyprint=True, version="1.2draft")
    writer.add_graph(coloured)
    # networkx writes today's date, and equal graphs would be equal files only on one day.
    writer.xml[0].attrib.pop("lastmodifieddate", None)
    output = io.BytesIO()
    writer.write(output)
    return output.getvalue()


def cytoscape(graph: FlatGraph[str]) -> bytes:
    """Return Cytoscape JSON, for Cytoscape and cytoscape.js."""
    found: dict[str, Any] = networkx.cytoscape_data(graph, name="label")
    for element in found["elements"]["edges"]:
        data = element["data"]
        data |= {"id": data.pop("key"), "name": data["label"], "interaction": data["label"]}
    return _json(found)


def node_link(graph: FlatGraph[str]) -> bytes:
    """Return node-link JSON, for networkx (`node_link_graph(data, edges="edges")`) and D3."""
    # The name of the list of edges differs between versions of networkx: it is written here, not there.
    nodes = [{"id": node, **data} for node, data in graph.nodes(data=True)]
    edges = [
        {"source": source, "target": target, "key": key, **data}
        for source, target, key, data in graph.edges(keys=True, data=True)
    ]
    return _json({"directed": True, "multigraph": True, "graph": {}, "nodes": nodes, "edges": edges})


def dot(graph: FlatGraph[str]) -> bytes:
    """Return DOT (graphviz.org) with a colour per class; edges that are not asserted are dashed."""
    lines = [
        "digraph knowledge {",
        "  graph [rankdir=LR];",
        '  node [shape=box, style="rounded,filled"];',
    ]
    for node, data in graph.nodes(data=True):
        shown = {"label": data["label"], "fillcolor": data["color"], "tooltip": data["class"] or node, "URL": node}
        rest = {name: value for name, value in data.items() if name not in ("label", "color", "class")}
        lines.append(f"  {_quoted(node)} [{_attributes({**shown, **rest})}];")
    for source, target, data in graph.edges(data=True):
        shown = {"tooltip": data["quote"]}
        if data["modality"] != "asserted" or "attributed_to" in data:
            shown["style"] = "dashed"
        lines.append(f"  {_quoted(source)} -> {_quoted(target)} [{_attributes({**data, **shown})}];")
    return "\n".join([*lines, "}", ""]).encode()


Writer = Callable[["networkx.MultiDiGraph[str]"], bytes]

WRITERS: Mapping[str, Writer] = {
    ".graphml": graphml,
    ".gexf": gexf,
    ".cyjs": cytoscape,
    ".json": node_link,
    ".dot": dot,
    ".gv": dot,
    ".cypher": cypher,
    ".png": png,
    ".svg": svg,
}
"""What writes one file, by suffix."""

PAGES: Mapping[str, Writer] = {".html": page}
"""What writes one file from a graph whose attributes are lists, by suffix."""

TABLES: Mapping[str, Mapping[str, Writer]] = {
    ".csv": {"nodes": nodes_csv, "edges": edges_csv},
    ".parquet": {"nodes": nodes_parquet, "edges": edges_parquet},
}
"""What writes the tables of an export, by its suffix and by what stands before that in their names."""


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()


def _attributes(data: Mapping[str, object]) -> str:
    return ", ".join(f"{_quoted(name)}={_quoted(_entities(str(value)))}" for name, value in data.items())


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _entities(text: str) -> str:
    # Graphviz reads "&eacute;" in a label as one letter, even between quotes.
    return text.replace("&", "&amp;")
