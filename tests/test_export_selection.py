"""What a selection chooses: the same facts in every format, each with its sentence, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode, Quad
from test_graph import BASE, BENKO, DIKOVIC, chain, first, graph_of, ontology, second, some_extractions, span

from graphwright import Selection, cli
from graphwright.errors import QueryError
from graphwright.export import export
from graphwright.export.selected import subset
from graphwright.graph import GW, INFERRED_GRAPH, KnowledgeGraph, explain
from graphwright.model import Document, Extraction, Fact

THIRD = "The Vatra company moved to Szeged. Szeged is in Hungary."
VATRA, SZEGED, HUNGARY = f"{BASE}company/vatra-company", f"{BASE}city/szeged", f"{BASE}country/hungary"


def third() -> Extraction:
    company, city, country = (span(THIRD, name) for name in ("Vatra company", "Szeged", "Hungary"))
    return Extraction(
        Document("d3", THIRD, "A move"),
        (
            chain("e1", "Company", "Vatra company", THIRD),
            chain("e2", "City", "Szeged", THIRD),
            chain("e3", "Country", "Hungary", THIRD),
        ),
        (
            Fact("e1", GW + "movedTo", "e2", (0, 34), company, city, 0.8, "phrases"),
            Fact("e2", GW + "in", "e3", (35, len(THIRD)), (35, 41), country, 0.95, "phrases"),
        ),
    )


@pytest.fixture(scope="module")
def graph() -> KnowledgeGraph:
    graph = graph_of(first(), second(), third())
    graph.add_ontology(ontology(), prefixes={"my": GW})
    visited = Quad(NamedNode(DIKOVIC), NamedNode(GW + "was"), NamedNode(SZEGED), INFERRED_GRAPH)
    graph.add([visited])
    return graph


def drawn(graph: KnowledgeGraph, **options: Any) -> list[tuple[str, str, str]]:
    """The edges of a selection: names of both ends, and the local name of the property."""
    network = graph.to_networkx(Selection(**options))
    names = network.nodes(data="label")
    return sorted(
        (names[source], data["property"].rpartition("#")[2], names[target])
        for source, target, data in network.edges(data=True)
    )


RECEIVED = ("Tibor Benkő", "received", "Ljubiša Diković")
MET = ("Ljubiša Diković", "met", "Tibor Benkő")
MOVED = ("Vatra company", "movedTo", "Szeged")
LIES = ("Szeged", "in", "Hungary")
LEFT = ("Tibor Benkő", "left", "Ljubiša Diković")
VISITED = ("Ljubiša Diković", "visited", "Szeged")
WAS = ("Ljubiša Diković", "was", "Szeged")


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, [MET, LIES, RECEIVED, MOVED]),
        ({"flagged": True}, [MET, VISITED, LIES, LEFT, RECEIVED, MOVED]),
        ({"inferred": True}, [MET, WAS, LIES, RECEIVED, MOVED]),
        ({"classes": ("Person",)}, [MET, RECEIVED]),
        ({"classes": ("Agent",)}, [MET, RECEIVED]),
        ({"classes": ("Place", "my:Country")}, [LIES]),
        ({"classes": ("Company", "City")}, [MOVED]),
        ({"properties": ("received",)}, [RECEIVED]),
        ({"properties": ("received as a guest", "gw:in")}, [LIES, RECEIVED]),
        ({"properties": (GW + "met",)}, [MET]),
        ({"properties": ("active",)}, []),
        ({"min_confidence": 0.85}, [MET, LIES, RECEIVED]),
        ({"min_confidence": 0.85, "flagged": True, "inferred": True}, [MET, LIES, RECEIVED]),
        ({"since": "2016-07"}, [RECEIVED]),
        ({"since": "2016-07", "flagged": True, "inferred": True}, [LEFT, RECEIVED]),
        ({"until": "2016-06-14"}, [MET, RECEIVED]),
        ({"until": "2016-06-13"}, []),
        ({"since": "2016-07-15", "until": "2016-07-20"}, [RECEIVED]),  # of July: it may be
        ({"since": "2016", "until": "2016"}, [MET, RECEIVED]),
        ({"around": "Vatra company"}, [MOVED]),
        ({"around": "vatra COMPANY", "hops": 2}, [LIES, MOVED]),
        ({"around": "city/szeged"}, [LIES, MOVED]),
        ({"around": "city/szeged", "inferred": True}, [WAS, LIES, MOVED]),
        ({"around": SZEGED, "flagged": True}, [VISITED, LIES, MOVED]),
        ({"around": "Szeged", "classes": ("Country",)}, [LIES]),
        ({"around": "Tibor Benkő", "hops": 5}, [MET, RECEIVED]),
        ({"around": "Tibor Benkő", "hops": 0}, []),
    ],
    ids=str,
)
def test_a_selection_chooses(graph: KnowledgeGraph, options: dict[str, Any], expected: list[Any]) -> None:
    """What fulfils all its conditions."""
    assert drawn(graph, **options) == sorted(expected)


def test_things_are_those_that_the_facts_tell_of(graph: KnowledgeGraph) -> None:
    """And the one amidst, though nothing chosen be told of it; a value is an attribute of its thing."""
    assert set(graph.to_networkx(Selection(properties=("in",)))) == {SZEGED, HUNGARY}
    assert set(graph.to_networkx(Selection(around="Vatra company", properties=("in",)))) == {VATRA}
    assert graph.to_networkx(Selection(properties=("active",))).nodes[BENKO]["active"] == ["2016-06-14"]


def test_only_the_chosen_statements_of_a_fact_are_told(graph: KnowledgeGraph) -> None:
    """Two documents state it, and one is of July."""
    [edge] = [data for *_, data in graph.to_networkx(Selection(since="2016-07")).edges(data=True)]
    assert (edge["documents"], edge["confidence"]) == (["d/2"], 0.5)


# ----------------------------------------------------------------------------------------------------------------- RDF


def test_rdf_holds_the_chosen_facts_with_their_sentences(graph: KnowledgeGraph, tmp_path: Path) -> None:
    """And nothing of the rest."""
    [path] = export(graph, tmp_path / "g.trig", selection=Selection(around="Vatra company"))
    part = KnowledgeGraph.open(path)
    [evidence] = explain(part, None)
    assert (evidence.subject_label, evidence.object_label) == ("Vatra company", "Szeged")
    assert evidence.quote == "The Vatra company moved to Szeged."
    assert (evidence.document.id, evidence.document.title) == ("d3", "A move")
    assert [document.id for document in part.documents()] == ["d3"]
    [row] = part.query("SELECT ?g WHERE { GRAPH ?g { ?a gw:movedTo ?b } }")
    assert row["g"] == f"{BASE}document/d3"
    text = path.read_text("utf-8")
    assert "Benkő" not in text
    assert "Hungary" not in text.replace("Szeged is in Hungary", "")  # the sentence beside it


def test_a_document_without_named_graphs_is_selected_from_as_well(graph: KnowledgeGraph, tmp_path: Path) -> None:
    """Turtle holds no named graphs."""
    [path] = export(graph, tmp_path / "g.ttl")
    [part] = export(KnowledgeGraph.open(path), tmp_path / "part.ttl", selection=Selection(properties=("movedTo",)))
    assert drawn(KnowledgeGraph.open(part)) == [MOVED]


SELECTIONS: list[dict[str, Any]] = [
    {"properties": ("received", "in")},
    {"properties": ("received",), "flagged": True},
    {"classes": ("Agent", "City"), "flagged": True, "inferred": True},
    {"around": "Szeged", "flagged": True},
    {"around": "Szeged", "hops": 0},
    {"min_confidence": 0.7, "until": "2017"},
]


def test_a_server_gives_the_same_part(graph: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is asked in SPARQL for what a store of our own is searched for."""
    local = [subset(graph, Selection(**options)) for options in SELECTIONS]
    monkeypatch.setattr("graphwright.export.selected.Store", type(None))
    assert [subset(graph, Selection(**options)) for options in SELECTIONS] == local


@pytest.mark.parametrize("options", SELECTIONS, ids=str)
def test_what_is_chosen_is_a_graph_that_draws_the_same(
    graph: KnowledgeGraph, tmp_path: Path, options: dict[str, Any]
) -> None:
    """Written, read, and drawn whole."""
    selection = Selection(**options)
    [path] = export(graph, tmp_path / "g.nq", selection=selection)
    whole = KnowledgeGraph.open(path).to_networkx(flagged=selection.flagged, inferred=selection.inferred)
    chosen = graph.to_networkx(selection)
    assert dict(whole.nodes(data=True)) == dict(chosen.nodes(data=True))
    assert list(whole.edges(data=True)) == list(chosen.edges(data=True))


@settings(max_examples=25, deadline=None)
@given(some_extractions, st.sampled_from([0.0, 0.4, 0.8]), st.booleans())
def test_a_part_holds_nothing_that_the_whole_does_not(
    extractions: list[Extraction], confidence: float, flagged: bool
) -> None:
    """Every quad of it, for all graphs."""
    graph = graph_of(*extractions)
    found = subset(graph, Selection(min_confidence=max(confidence, 0.01), flagged=flagged))
    assert found <= set(graph.quads())


# ----------------------------------------------------------------------------------------------------------- CONSTRUCT

GUESTS = """CONSTRUCT { ?b gw:guestOf ?a ; gw:times 2 ; a gw:Guest ; gw:knows [ rdfs:label "someone" ] }
            WHERE { ?a gw:received ?b }"""


def test_a_query_makes_edges_and_attributes(graph: KnowledgeGraph, tmp_path: Path) -> None:
    """What it does not say of classes and names, the graph does."""
    network = graph.to_networkx(Selection(construct=GUESTS))
    names = network.nodes(data="label")
    told = [(names[a], data["label"], names[b]) for a, b, data in network.edges(data=True)]
    assert sorted(told) == [
        ("Ljubiša Diković", "guestOf", "Tibor Benkő"),
        ("Ljubiša Diković", "knows", "someone"),
    ]
    assert network.nodes[DIKOVIC]["times"] == ["2"]
    assert (network.nodes[DIKOVIC]["class"], network.nodes[BENKO]["class"]) == ("Person", "Person")
    for suffix in ("gexf", "csv", "cypher", "parquet", "svg", "dot", "cyjs", "graphml"):
        assert export(graph, tmp_path / f"g.{suffix}", selection=Selection(construct=GUESTS))


def test_a_query_gives_its_triples_as_rdf(graph: KnowledgeGraph, tmp_path: Path) -> None:
    """These alone, in the same order each time."""
    one, two = (export(graph, tmp_path / name, selection=Selection(construct=GUESTS))[0] for name in ("a.nt", "b.nt"))
    assert one.read_bytes() == two.read_bytes()
    assert len(one.read_text("utf-8").splitlines()) == 5
    assert f"<{DIKOVIC}> <{GW}guestOf> <{BENKO}> ." in one.read_text("utf-8")


# -------------------------------------------------------------------------------------------------------------- errors


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"classes": ("Planet",)}, r"no class 'Planet'[\s\S]*City, Company, Country, Person"),
        ({"properties": ("ate",)}, r"no property 'ate'[\s\S]*active, in, left, met, movedTo, received, visited"),
        ({"around": "Tibor Benko"}, r"called 'Tibor Benko'[\s\S]*Tibor Benkő"),
        ({"since": "June"}, r"'June' is no date[\s\S]*2016-06"),
        ({"hops": -1}, "give 0 hops or more"),
        ({"construct": "SELECT * { ?s ?p ?o }"}, "give a CONSTRUCT"),
        ({"construct": GUESTS, "classes": ("Person",)}, "selects by itself"),
    ],
    ids=str,
)
def test_an_error_says_what_there_is(graph: KnowledgeGraph, options: dict[str, Any], message: str) -> None:
    """So that the next try is the right one."""
    with pytest.raises(QueryError, match=message):
        graph.to_networkx(Selection(**options))


def test_a_name_of_two_things_is_refused() -> None:
    """With the IRIs, of which one is to be given."""
    text = "Paris Paris"
    graph = graph_of(
        Extraction(
            Document("d", text),
            (chain("e1", "Person", "Paris", text), chain("e2", "City", "Paris", text)),
            (Fact("e1", GW + "in", "e2", (0, 11), (0, 5), (6, 11), 0.9, "x"),),
        )
    )
    with pytest.raises(QueryError, match=r"may mean 2 things[\s\S]*city/paris[\s\S]*person/paris"):
        graph.to_networkx(Selection(around="Paris"))
    assert drawn(graph, around="city/paris") == [("Paris", "in", "Paris")]


def test_around_a_thing_little_is_read(graph: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every query names what it asks for, so that a large graph answers at once."""
    asked: list[str] = []
    query: Callable[..., Any] = KnowledgeGraph.query
    monkeypatch.setattr(KnowledgeGraph, "query", lambda self, text: asked.append(text) or query(self, text))
    graph.to_networkx(Selection(around="Vatra company"))
    assert asked
    assert [text for text in asked if "VALUES" not in text and '"Vatra company"' not in text] == []


# -------------------------------------------------------------------------------------------------------- merged edges


def test_merged_edges_count_their_facts(graph: KnowledgeGraph) -> None:
    """What they say is said once each; the best confidence counts; directions stay apart."""
    network = graph.to_networkx(flagged=True, merge_edges=True)
    edge = network.edges[BENKO, DIKOVIC, "merged"]
    assert edge["weight"] == 2
    assert edge["label"] == "left; received as a guest"
    assert edge["modality"] == "negated; asserted"
    assert edge["documents"] == ["d/2", "d1"]
    assert edge["confidence"] == 0.9
    assert network.edges[DIKOVIC, BENKO, "merged"]["weight"] == 1
    assert network.edges[DIKOVIC, BENKO, "merged"]["attributed_to"] is None


# ------------------------------------------------------------------------------------------------------- command line


def test_the_command_line_selects(
    graph: KnowledgeGraph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """With the same words; what is wrong is told without a traceback."""
    store = str(tmp_path / "g.trig")
    graph.save(store)
    table = str(tmp_path / "a.csv")

    def export_with(*options: str) -> tuple[int, str]:
        monkeypatch.setattr("sys.argv", ["graphwright", "export", store, table, *options])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        return int(ended.value.code or 0), capfd.readouterr().err

    assert export_with("--property", "received", "--property", "in", "--since", "2016", "--merge-edges")[0] == 0
    assert len((tmp_path / "a.edges.csv").read_text("utf-8").splitlines()) == 2
    code, told = export_with("--class", "Planet")
    assert code == 2
    assert "City, Company, Country, Person" in " ".join(told.split())
