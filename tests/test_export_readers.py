"""Each export is opened by a program that reads it, or held against the schema of its format."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

import duckdb
import igraph
import pandas
import pytest
from lxml import etree
from test_graph import BENKO, DIKOVIC, first, graph_of, ontology, second

from graphwright.errors import ExportError
from graphwright.export import export, picture
from graphwright.export.cypher import cypher
from graphwright.export.flat import flatten
from graphwright.export.tables import nodes_parquet
from graphwright.graph import GW, KnowledgeGraph, Selection

TOP = Path(__file__).parents[1]
HOSTILE = 'O\'Brien \\ "Q" `tick` $x_1$ {brace} \u2028 <b>&amp;</b> // end; é 北京'


@pytest.fixture(scope="module")
def graph() -> KnowledgeGraph:
    graph = graph_of(first(), second())
    graph.add_ontology(ontology())
    return graph


@pytest.fixture(scope="module")
def hostile() -> Any:
    """A graph whose names, properties and classes hold what means something in one of the formats."""
    import networkx

    network: networkx.MultiDiGraph[str] = networkx.MultiDiGraph()
    for node in "ab":
        network.add_node(
            f"http://e.org/{node}", label=f"{HOSTILE} {node}", classes=["a `class`"], note=[HOSTILE], **{"class": "C"}
        )
    fact = {"property": "http://e.org/has-`part", "label": HOSTILE, "quotes": [HOSTILE], "modality": "asserted"}
    for _ in range(2):
        network.add_edge("http://e.org/a", "http://e.org/b", **fact)
    return flatten(network)


# ------------------------------------------------------------------------------------------------------------ drawings


@pytest.mark.parametrize("suffix", ["graphml", "gexf"])
@pytest.mark.parametrize("merge_edges", [False, True])
def test_xml_keeps_to_the_specification(graph: KnowledgeGraph, tmp_path: Path, suffix: str, merge_edges: bool) -> None:
    """And what it refers to is there, once."""
    [path] = export(graph, tmp_path / f"g.{suffix}", flagged=True, merge_edges=merge_edges)
    schema = etree.RelaxNG(etree.parse(str(TOP / "tests" / "data" / f"{suffix}.rng")))
    tree = etree.parse(str(path))
    schema.assertValid(tree)
    nodes, keys, edges = (tree.xpath(f"//*[local-name() = '{name}']/@id") for name in ("node", "key", "edge"))
    keys += tree.xpath("//*[local-name() = 'attribute']/@id")
    for ids in (nodes, keys, edges):
        assert ids
        assert max(Counter(ids).values()) == 1
    assert set(tree.xpath("//@source | //@target")) <= set(nodes)
    assert set(tree.xpath("//*[local-name() = 'data']/@key | //@for")) - {"node", "edge"} <= set(keys)


def test_igraph_reads_graphml(graph: KnowledgeGraph, tmp_path: Path) -> None:
    """Labels of nodes and of edges are not mistaken for each other."""
    [path] = export(graph, tmp_path / "g.graphml")
    found = igraph.Graph.Read_GraphML(str(path))
    assert sorted(found.vs["label"]) == ["Ljubiša Diković", "Szeged", "Tibor Benkő"]
    assert sorted(found.es["label"]) == ["met", "received as a guest"]
    assert sorted(found.es["confidence"]) == [0.9, 0.9]


def node(program: str, **files: Path) -> Any:
    """Run a program of JavaScript with packages that are installed in the repository; what it prints is JSON."""
    arguments = json.dumps({name: str(path) for name, path in files.items()})
    done = subprocess.run(
        ["node", "-e", f"const files = {arguments};\n{program}"], cwd=TOP, capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


def needs_node(package: str) -> pytest.MarkDecorator:
    """Skip a test where a package of JavaScript is not installed."""
    found = (
        shutil.which("node")
        and not subprocess.run(
            ["node", "-e", f"require.resolve({package!r})"], cwd=TOP, capture_output=True, check=False
        ).returncode
    )
    return pytest.mark.skipif(not found, reason=f"node or its package {package} is not there: npm install {package}")


@needs_node("cytoscape")
def test_cytoscape_js_reads_its_json(graph: KnowledgeGraph, tmp_path: Path) -> None:
    """With nodes, edges and their names."""
    [path] = export(graph, tmp_path / "g.cyjs")
    program = """
      const graph = require("cytoscape")({headless: true, ...JSON.parse(require("fs").readFileSync(files.graph))});
      const name = thing => thing.data("name");
      const edges = graph.edges().map(edge => [edge.source(), edge, edge.target()].map(name));
      console.log(JSON.stringify({nodes: graph.nodes().map(node => node.id()).sort(), edges: edges.sort()}));
    """
    found = node(program, graph=path)
    assert len(found["nodes"]) == 3
    assert found["edges"] == [
        ["Ljubiša Diković", "met", "Tibor Benkő"],
        ["Tibor Benkő", "received as a guest", "Ljubiša Diković"],
    ]


# ------------------------------------------------------------------------------------------------------ graph databases


def run_cypher(script: bytes, database: Any) -> None:
    """Run a script, but for its constraint: the word for that differs between databases."""
    for statement in script.decode().split(";\n"):
        if "UNWIND" in statement:
            database.execute(statement)


def test_an_opencypher_database_runs_the_script(graph: KnowledgeGraph, tmp_path: Path) -> None:
    """Twice: nothing is there twice."""
    [path] = export(graph, tmp_path / "g.cypher", flagged=True)
    ocg = pytest.importorskip("ocg", reason="there is no wheel of ocg for this Python")
    database = ocg.Graph()
    for _ in range(2):
        run_cypher(path.read_bytes(), database)
    assert (database.node_count(), database.edge_count()) == (3, 4)
    [row] = database.execute(
        "MATCH (a:Person)-[r:received]->(b:Agent:Entity) "
        "RETURN a.iri AS a, b.label AS b, r.confidence AS c, r.quote AS q"
    )
    assert (row["a"], row["b"], row["c"]) == (BENKO, "Ljubiša Diković", 0.9)
    assert "He received Ljubiša Diković again in Szeged. | Gen." in row["q"]
    [row] = database.execute("MATCH (a)-[r {modality: 'possible'}]->(b) RETURN type(r) AS t, r.attributed_to AS by")
    assert (row["t"], row["by"]) == ("visited", "Tibor Benkő")


def test_odd_texts_stay_what_they_are_in_cypher(hostile: Any) -> None:
    """No name ends a string, a label or a statement; two facts of one kind stay two."""
    ocg = pytest.importorskip("ocg", reason="there is no wheel of ocg for this Python")
    database = ocg.Graph()
    run_cypher(cypher(hostile), database)
    rows = database.execute("MATCH (a)-[r]->(b) RETURN a.label AS label, a.note AS note, r.quote AS quote")
    assert len(rows) == 2
    expected = " ".join(HOSTILE.split())
    assert {(row["label"], row["note"], row["quote"]) for row in rows} == {(f"{expected} a", expected, expected)}


@needs_node("@neo4j-cypher/language-support")
def test_the_parser_of_neo4j_finds_nothing_wrong(graph: KnowledgeGraph, hostile: Any, tmp_path: Path) -> None:
    """Of the whole script; it sees what is missing in a broken one."""
    [path] = export(graph, tmp_path / "g.cypher", flagged=True)
    script = path.read_bytes()
    program = """
      const { lintCypherQuery } = require("@neo4j-cypher/language-support");
      const read = name => require("fs").readFileSync(files[name], "utf8");
      const wrong = Object.keys(files).map(name => lintCypherQuery(read(name), {}).diagnostics.length);
      console.log(JSON.stringify(wrong));
    """
    files = {"whole": script, "odd": cypher(hostile), "broken": script.replace(b"MERGE (", b"MERGE ((", 1)}
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    assert [bool(found) for found in node(program, **{name: tmp_path / name for name in files})] == [False, False, True]


def test_the_script_says_which_key_nodes_have(graph: KnowledgeGraph, tmp_path: Path) -> None:
    """As Neo4j 5 writes a constraint."""
    [path] = export(graph, tmp_path / "g.cypher")
    [line] = [line for line in path.read_text("utf-8").splitlines() if "CONSTRAINT" in line]
    assert line == "CREATE CONSTRAINT entity_iri IF NOT EXISTS FOR (node:Entity) REQUIRE node.iri IS UNIQUE;"


# -------------------------------------------------------------------------------------------------------------- tables


@pytest.mark.parametrize("suffix", ["parquet", "csv"])
def test_duckdb_joins_nodes_and_edges(graph: KnowledgeGraph, tmp_path: Path, suffix: str) -> None:
    """The tables of either kind."""
    nodes, edges = export(graph, tmp_path / f"g.{suffix}")
    key, source, confidence = ("iri", "source", "confidence")
    if suffix == "csv":
        key, source, confidence = ("iri:ID", ":START_ID", "confidence:double")
    found = duckdb.sql(
        f'SELECT n.label, n.active, e."{confidence}" FROM \'{nodes}\' n JOIN \'{edges}\' e ON n."{key}" = e."{source}"'
        " WHERE e.label = 'received as a guest'"
    ).fetchall()
    assert [(label, str(active), number) for label, active, number in found] == [("Tibor Benkő", "2016-06-14", 0.9)]


def test_pandas_reads_parquet(graph: KnowledgeGraph, tmp_path: Path) -> None:
    """Numbers are numbers."""
    nodes, edges = (pandas.read_parquet(path) for path in export(graph, tmp_path / "g.parquet", merge_edges=True))
    assert sorted(nodes["label"]) == ["Ljubiša Diković", "Szeged", "Tibor Benkő"]
    assert (edges["confidence"].max(), edges["weight"].sum()) == (0.9, 2)


def test_every_parquet_file_has_the_columns_that_all_have(tmp_path: Path) -> None:
    """That of an empty graph as well, so that a query over many files finds them."""
    nodes, edges = export(KnowledgeGraph.create(), tmp_path / "g.parquet")
    assert {"iri", "label", "class"} <= set(pandas.read_parquet(nodes).columns)
    assert {"source", "target", "property", "document", "quote"} <= set(pandas.read_parquet(edges).columns)


def test_what_is_not_installed_is_told_with_the_line_that_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of all extras."""
    for module in ("pyarrow", "pandas", "igraph", "matplotlib"):
        monkeypatch.setitem(__import__("sys").modules, module, None)
    graph = graph_of(first())
    flat = flatten(graph.to_networkx())
    for use, extra in (
        (lambda: nodes_parquet(flat), "parquet"),
        (lambda: picture.png(flat), "plots"),
        (graph.to_pandas, "pandas"),
        (graph.to_igraph, "igraph"),
    ):
        with pytest.raises(ExportError, match=rf"pip install 'graphwright\[{extra}\]'"):
            use()


# ------------------------------------------------------------------------------------------------------------- pictures


def test_a_picture_is_drawn(graph: KnowledgeGraph, tmp_path: Path) -> None:
    """With the names of things, properties and classes; what is not asserted is dashed."""
    [path] = export(graph, tmp_path / "g.svg", flagged=True)
    tree = etree.parse(str(path))
    texts = "".join(tree.xpath("//*[local-name() = 'text']//text()"))
    for told in ("Tibor Benkő", "Szeged", "received as a guest", "Person", "City"):
        assert told in texts
    assert "stroke-dasharray" in path.read_text("utf-8")
    assert "stroke-dasharray" not in export(graph, tmp_path / "asserted.svg")[0].read_text("utf-8")
    [path] = export(graph, tmp_path / "g.png")
    assert path.read_bytes().startswith(b"\x89PNG\r\n")


def test_odd_texts_are_drawn_as_they_are(hostile: Any) -> None:
    """No formula is seen in dollars, no mark-up in brackets."""
    texts = "".join(etree.fromstring(picture.svg(hostile)).xpath("//*[local-name() = 'text']//text()"))
    assert "$x_1$" in texts
    assert "<b>&amp;</b>" in texts


def test_no_name_is_drawn_over_another() -> None:
    """Boxes are pushed apart: none overlaps another, wherever the layout put them."""
    import networkx

    star = networkx.MultiDiGraph([("hub", f"n{number}") for number in range(60)])
    boxes = {node: picture.Box("x", 1.0 + len(node) / 5, 0.3) for node in star}
    places, width, height = picture.layout(star, boxes)
    for one, (x, y) in places.items():
        assert 0 <= x <= width
        assert 0 <= y <= height
        for other, (a, b) in places.items():
            apart = abs(x - a) >= (boxes[one].width + boxes[other].width) / 2
            assert one == other or apart or abs(y - b) >= (boxes[one].height + boxes[other].height) / 2


def test_what_nobody_could_read_is_not_drawn(tmp_path: Path) -> None:
    """The message says how to draw a part."""
    import networkx

    many: networkx.MultiDiGraph[str] = networkx.MultiDiGraph()
    many.add_nodes_from((f"n{number}", {"label": "x", "class": "C"}) for number in range(picture.MOST + 1))
    with pytest.raises(ExportError, match=r"401 things[\s\S]*--around"):
        picture.png(flatten(many))


# --------------------------------------------------------------------------------------------------------------- Python


def test_data_frames_keep_lists(graph: KnowledgeGraph) -> None:
    """So that they can be exploded."""
    nodes, edges = graph.to_pandas(Selection(properties=("received",)))
    assert nodes.loc[BENKO, "label"] == "Tibor Benkő"
    assert list(edges.explode("documents")["documents"]) == ["d/2", "d1"]
    nodes, edges = KnowledgeGraph.create().to_pandas()
    assert (len(nodes), len(edges)) == (0, 0)


def test_igraph_gets_the_same_graph(graph: KnowledgeGraph) -> None:
    """Its shortest path is one that facts make."""
    found = graph.to_igraph(merge_edges=True)
    assert found.is_directed()
    assert found.vs.find(label="Tibor Benkő")["name"] == BENKO
    [path] = found.get_shortest_paths(BENKO, DIKOVIC, output="epath")
    assert [found.es[edge]["property"] for edge in path] == [GW + "received"]
    assert len(KnowledgeGraph.create().to_igraph().vs) == 0
