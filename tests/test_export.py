"""The files that others read: RDF that parses back to the same graph, and drawings with all that edges carry."""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import networkx
import pytest
import rdflib
from hypothesis import given, settings
from pyoxigraph import Quad, Store, Triple, parse
from rdflib.compare import isomorphic
from test_graph import BASE, BENKO, DIKOVIC, FIRST, first, graph_of, ontology, second, some_extractions

from graphwright.errors import ExportError
from graphwright.export import SUFFIXES, export
from graphwright.export.flat import flatten, plain
from graphwright.export.writers import WRITERS, dot, gexf, graphml
from graphwright.graph import FORMATS, GW, KnowledgeGraph
from graphwright.model import Extraction

DRAWINGS = [suffix for suffix in SUFFIXES if suffix not in FORMATS]
TEXTS = [suffix for suffix in DRAWINGS if suffix not in (".png", ".svg", ".parquet")]


@pytest.fixture
def graph() -> KnowledgeGraph:
    graph = graph_of(first(), second())
    graph.add_ontology(ontology())
    return graph


def parsed(path: Path) -> Store:
    store = Store()
    store.extend(quad for quad in parse(path=str(path)) if isinstance(quad, Quad))
    return store


# -- RDF --------------------------------------------------------------------------------------------------------------


@settings(max_examples=25, deadline=None)
@given(some_extractions)
def test_exported_rdf_parses_to_the_same_graph(extractions: list[Extraction]) -> None:
    """Named graphs where the format has them, else the union; odd characters included."""
    graph = graph_of(*extractions)
    with tempfile.TemporaryDirectory() as folder:
        for suffix in (".nq", ".trig", ".jsonld"):
            [path] = export(graph, Path(folder) / f"g{suffix}")
            assert sorted(map(str, parsed(path))) == sorted(map(str, graph.quads()))
        for suffix in (".ttl", ".nt"):
            [path] = export(graph, Path(folder) / f"g{suffix}")
            assert list(map(str, triples_of(path))) == sorted(map(str, graph.triples()))
        [path] = export(graph, Path(folder) / "g.rdf")
        assert {without_controls(t) for t in triples_of(path)} == {without_controls(t) for t in graph.triples()}
        ElementTree.parse(path)


def triples_of(path: Path) -> list[Triple]:
    return sorted((quad.triple for quad in parsed(path)), key=str)


def without_controls(triple: Triple) -> str:
    """RDF/XML cannot hold them."""
    object_ = getattr(triple.object, "value", "")
    kept = "".join(c for c in object_ if c in "\t\n\r" or (c >= " " and c not in "\ufffe\uffff"))
    return str((triple.subject, triple.predicate, kept, str(getattr(triple.object, "datatype", ""))))


@pytest.mark.parametrize("suffix", [".ttl", ".nt", ".rdf"])
def test_rdflib_reads_the_same_graph(graph: KnowledgeGraph, tmp_path: Path, suffix: str) -> None:
    """Another reader than the writer's."""
    [path] = export(graph, tmp_path / f"g{suffix}")
    expected = rdflib.Graph().parse(data="".join(f"{triple} .\n" for triple in graph.triples()), format="nt")
    assert isomorphic(rdflib.Graph().parse(path), expected)


def test_turtle_is_readable(graph: KnowledgeGraph, tmp_path: Path) -> None:
    """Prefixes are those of the graph."""
    [path] = export(graph, tmp_path / "g.ttl")
    text = path.read_text(encoding="utf-8")
    assert f"<{BENKO}> a gw:Person" in text
    assert "@prefix prov:" in text
    assert "@prefix brick:" not in text
    assert text.index(f"<{BENKO}> a gw:Person") < text.index("a rdf:Statement")


# -- drawings ---------------------------------------------------------------------------------------------------------


def check_edge(edge: dict[str, object]) -> None:
    expected = {
        "label": "received as a guest",
        "property": GW + "received",
        "document": "d/2; d1",
        "date": "2016-07; 2016-06-14",
        "modality": "asserted",
    }
    assert {name: edge[name] for name in expected} == expected
    assert float(str(edge["confidence"])) == 0.9
    assert edge["quote"] == f"He received Ljubiša Diković again in Szeged. | {FIRST[:58]}"


def test_graphml_keeps_the_attributes(graph: KnowledgeGraph, tmp_path: Path) -> None:
    """As networkx reads them, Gephi, Cytoscape and yEd do."""
    [path] = export(graph, tmp_path / "g.graphml")
    found = networkx.read_graphml(path, force_multigraph=True)
    assert found.nodes[BENKO]["label"] == "Tibor Benkő"
    assert found.nodes[BENKO]["class"] == "Person"
    assert found.nodes[BENKO]["active"] == "2016-06-14"
    [edge] = found.get_edge_data(BENKO, DIKOVIC).values()
    check_edge(edge)


def test_gexf_keeps_attributes_and_colours(graph: KnowledgeGraph, tmp_path: Path) -> None:
    """A class has one colour, another class another."""
    [path] = export(graph, tmp_path / "g.gexf")
    found = networkx.read_gexf(path)
    colours = {data["class"]: str(data["viz"]["color"]) for _, data in found.nodes(data=True)}
    assert len(set(colours.values())) == len(colours) == 2
    [edge] = [data for a, b, data in found.edges(data=True) if (a, b) == (BENKO, DIKOVIC)]
    check_edge(edge)


def test_cytoscape_json_keeps_the_attributes(graph: KnowledgeGraph, tmp_path: Path) -> None:
    """Nodes and edges have ids and names."""
    [path] = export(graph, tmp_path / "g.cyjs")
    elements = json.loads(path.read_bytes())["elements"]
    assert {node["data"]["name"] for node in elements["nodes"]} == {"Tibor Benkő", "Ljubiša Diković", "Szeged"}
    ids = [edge["data"]["id"] for edge in elements["edges"]]
    assert len(ids) == len(set(ids)) == 2
    check_edge(next(edge["data"] for edge in elements["edges"] if edge["data"]["source"] == BENKO))


def read_node_link(content: bytes) -> Any:
    """Older versions of networkx call the list of edges "links"."""
    found = json.loads(content)
    return networkx.node_link_graph({**found, "links": found["edges"]})


def test_node_link_json_is_read_by_networkx(graph: KnowledgeGraph, tmp_path: Path) -> None:
    """A multigraph comes back."""
    [path] = export(graph, tmp_path / "g.json")
    found = read_node_link(path.read_bytes())
    assert found.is_multigraph()
    assert found.is_directed()
    [edge] = found.get_edge_data(BENKO, DIKOVIC).values()
    check_edge(edge)


def test_csv_has_the_headers_of_neo4j(graph: KnowledgeGraph, tmp_path: Path) -> None:
    """One file of nodes, one of edges."""
    nodes, edges = export(graph, tmp_path / "g.csv")
    assert (nodes.name, edges.name) == ("g.nodes.csv", "g.edges.csv")
    [benko] = [row for row in csv.DictReader(io.StringIO(nodes.read_text("utf-8"))) if row["iri:ID"] == BENKO]
    assert (benko["label"], benko["active"], benko[":LABEL"]) == ("Tibor Benkő", "2016-06-14", "Agent;Person")
    rows = list(csv.DictReader(io.StringIO(edges.read_text("utf-8"))))
    [row] = [row for row in rows if row[":START_ID"] == BENKO]
    assert (row[":END_ID"], row[":TYPE"], row["confidence:double"]) == (DIKOVIC, "received", "0.9")
    check_edge({**row, "confidence": row["confidence:double"]})


needs_dot = pytest.mark.skipif(shutil.which("dot") is None, reason="Graphviz is not installed")


@needs_dot
def test_dot_is_drawn_by_graphviz(graph: KnowledgeGraph, tmp_path: Path) -> None:
    """The labels arrive in the drawing; what is not asserted is dashed."""
    [path] = export(graph, tmp_path / "g.dot", flagged=True)
    drawn = subprocess.run(["dot", "-Tsvg", path], capture_output=True, text=True, check=True, encoding="utf-8")
    assert drawn.stderr == ""
    for label in ("Tibor Benkő", "Szeged", "received as a guest", "visited"):
        assert f">{label}</text>" in drawn.stdout
    assert drawn.stdout.count("stroke-dasharray") >= 2


@needs_dot
def test_dot_quotes_odd_labels() -> None:
    """Quotes, backslashes, entities and angle brackets come out as they went in."""
    label = 'a "b" \\N \\\\ &eacute; <i> é & }'
    graph: networkx.MultiDiGraph[str] = networkx.MultiDiGraph()
    graph.add_node("http://a/x?a&b", label=label, **{"class": ""})
    drawn = subprocess.run(["dot", "-Tsvg"], input=dot(flatten(graph)), capture_output=True, check=True)
    texts = [text.text for text in ElementTree.fromstring(drawn.stdout).iter("{http://www.w3.org/2000/svg}text")]
    assert texts == [label]


@settings(max_examples=25, deadline=None)
@given(some_extractions)
def test_every_drawing_takes_odd_characters(extractions: list[Extraction]) -> None:
    """GraphML and GEXF read back with the same nodes, edges and labels; no writer fails."""
    flat = flatten(graph_of(*extractions).to_networkx(flagged=True))
    written = {suffix: writer(flat) for suffix, writer in WRITERS.items()}
    for found in (
        networkx.read_graphml(io.BytesIO(written[".graphml"]), force_multigraph=True),
        networkx.read_gexf(io.BytesIO(written[".gexf"])),
        read_node_link(written[".json"]),
    ):
        assert {node: data["label"] for node, data in found.nodes(data=True)} == {
            node: data["label"] for node, data in flat.nodes(data=True)
        }
        assert sorted((a, b, data.get("quote", "")) for a, b, data in found.edges(data=True)) == sorted(
            (a, b, data["quote"]) for a, b, data in flat.edges(data=True)
        )


def test_names_that_a_format_uses_itself_are_told_apart() -> None:
    """A property "start" of the ontology is no start of GEXF."""
    graph: networkx.MultiDiGraph[str] = networkx.MultiDiGraph()
    graph.add_node("n", label="N", start=["x"], id=["y"], **{"class": "C"})
    data = networkx.read_gexf(io.BytesIO(gexf(flatten(graph)))).nodes["n"]
    assert (data["start_"], data["id_"]) == ("x", "y")
    assert networkx.read_graphml(io.BytesIO(graphml(flatten(graph)))).nodes["n"]["start_"] == "x"


def test_a_node_without_a_name_is_labelled_by_its_iri() -> None:
    """A drawing needs something to write."""
    graph: networkx.MultiDiGraph[str] = networkx.MultiDiGraph()
    graph.add_node("http://a/x", label="\x00", **{"class": "C"})
    assert flatten(graph).nodes["http://a/x"]["label"] == "http://a/x"


def test_plain_text_is_one_line() -> None:
    """White space is folded, control characters go."""
    assert plain(" a\r\nb\t\x00c\ufffe\x7f ") == "a b c"


# -- all formats ------------------------------------------------------------------------------------------------------


def test_equal_graphs_give_equal_files(graph: KnowledgeGraph, tmp_path: Path) -> None:
    """Whatever the order in which they were filled."""
    other = graph_of(second(), first())
    other.add_ontology(ontology())
    for suffix in SUFFIXES:
        one = export(graph, tmp_path / f"one{suffix}")
        two = export(other, tmp_path / f"two{suffix}")
        assert [path.read_bytes() for path in one] == [path.read_bytes() for path in two]


def test_an_empty_graph_is_exported(tmp_path: Path) -> None:
    """No documents, no entities, no facts: no error."""
    for suffix in SUFFIXES:
        for path in export(KnowledgeGraph.create(), tmp_path / f"g{suffix}"):
            assert path.exists()


def test_flagged_facts_are_drawn_only_when_asked_for(graph: KnowledgeGraph, tmp_path: Path) -> None:
    """With what flags them."""
    for suffix in TEXTS:
        path = export(graph, tmp_path / f"a{suffix}")[-1]
        assert "possible" not in path.read_text("utf-8")
        path = export(graph, tmp_path / f"b{suffix}", flagged=True)[-1]
        assert "possible" in path.read_text("utf-8")


def test_a_format_may_be_named(graph: KnowledgeGraph, tmp_path: Path) -> None:
    """With or without a dot, whatever the suffix."""
    export(graph, tmp_path / "a.txt", format="nq")
    export(graph, tmp_path / "b", format=".NQ")
    assert (tmp_path / "a.txt").read_bytes() == (tmp_path / "b").read_bytes() != b""
    assert [path.name for path in export(graph, tmp_path / "c.txt", format="csv")] == [
        "c.txt.nodes.csv",
        "c.txt.edges.csv",
    ]


def test_an_unknown_format_is_told(graph: KnowledgeGraph, tmp_path: Path) -> None:
    """With those that are known; and so is a missing folder."""
    with pytest.raises(ExportError, match=r"'\.docx' is no known format[\s\S]*\.ttl, .*\.gexf, .*\.csv"):
        export(graph, tmp_path / "g.docx")
    for name in ("no/g.nq", "no/g.csv", "no/g.gexf"):
        with pytest.raises(ExportError, match="no folder"):
            export(graph, tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_a_base_is_no_part_of_the_labels(graph: KnowledgeGraph) -> None:
    """Nodes are keyed by IRI and labelled by name."""
    for node, data in flatten(graph.to_networkx()).nodes(data=True):
        assert node.startswith(BASE)
        assert not data["label"].startswith(BASE)
