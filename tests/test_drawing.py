"""Parts of the graph to be drawn: facts in, nodes and edges out."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from crowd import BASE as CROWD
from crowd import crowd
from test_graph import BASE, BENKO, DIKOVIC, FIRST, first, ontology, resolved, second

from graphwright.graph import GW, KnowledgeGraph, assemble
from graphwright.server.reader import Reader
from graphwright.server.refusal import Refusal
from graphwright.server.views.neighbourhood import Selection, neighbourhood, path
from graphwright.server.views.vocabulary import terms

SZEGED = f"{BASE}city/szeged"


def reader_of(folder: Path) -> Reader:
    reader = Reader(folder)
    reader.refresh(1)
    return reader


@pytest.fixture(scope="module")
def visits(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    """Benkő received Diković, who met him, and may visit Szeged, as Benkő says; he did not leave him."""
    folder = tmp_path_factory.mktemp("visits") / "graph.store"
    graph = KnowledgeGraph.create(folder)
    graph.add_ontology(ontology())
    graph.add(assemble([first(), second()], resolved([first(), second()]), base=BASE))
    graph.close()
    return reader_of(folder)


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    """A hundred documents of two hundred things."""
    folder = tmp_path_factory.mktemp("crowd") / "graph.store"
    crowd(100, 200, folder).close()
    return reader_of(folder)


def said(told: dict[str, Any]) -> set[tuple[str, str, str, str]]:
    """The edges as names: subject, property, object, modality."""
    names = {node["id"]: node["label"] for node in told["nodes"]}
    return {
        (names[e["source"]], e["property"].removeprefix(GW), names[e["target"]], e["modality"]) for e in told["edges"]
    }


RECEIVED = ("Tibor Benkő", "received", "Ljubiša Diković", "asserted")
MET = ("Ljubiša Diković", "met", "Tibor Benkő", "asserted")
MAY_VISIT = ("Ljubiša Diković", "visited", "Szeged", "possible")
DID_NOT_LEAVE = ("Tibor Benkő", "left", "Ljubiša Diković", "negated")


# -- neighbourhoods ---------------------------------------------------------------------------------------------------


def test_what_is_asserted_around_a_thing_is_drawn(visits: Reader) -> None:
    told = neighbourhood(visits, Selection(things=(BENKO,)))
    assert said(told) == {RECEIVED, MET}
    assert [node["id"] for node in told["nodes"]] == [BENKO, DIKOVIC]
    assert not told["truncated"]


def test_a_fact_of_several_documents_is_one_edge_with_the_surest_first(visits: Reader) -> None:
    told = neighbourhood(visits, Selection(things=(BENKO,), properties=(GW + "received",)))
    [edge] = told["edges"]
    assert (edge["count"], edge["confidence"]) == (2, 0.9)
    assert edge["documents"] == ["d1", "d/2"]
    assert edge["dates"] == ["2016-06-14", "2016-07"]
    assert edge["quotes"][0] == FIRST[:58]
    assert edge["label"] == "received as a guest"
    assert edge["id"].startswith(f"{BASE}document/d1#statement-")
    assert edge["evidence"][0] == {"document": "d1", "title": "A visit", "date": "2016-06-14", "quote": FIRST[:58]}


def test_what_is_not_asserted_is_drawn_where_it_is_asked_for(visits: Reader) -> None:
    told = neighbourhood(visits, Selection(things=(DIKOVIC,), flagged=True))
    assert said(told) == {RECEIVED, MET, MAY_VISIT, DID_NOT_LEAVE}
    [may] = [edge for edge in told["edges"] if edge["modality"] == "possible"]
    assert may["attributed_to"] == "Tibor Benkő"


def test_two_steps_reach_further_than_one(visits: Reader) -> None:
    near = neighbourhood(visits, Selection(things=(BENKO,), flagged=True, hops=1))
    far = neighbourhood(visits, Selection(things=(BENKO,), flagged=True, hops=2))
    assert SZEGED not in {node["id"] for node in near["nodes"]}
    assert SZEGED in {node["id"] for node in far["nodes"]}


def test_a_node_says_what_it_is(visits: Reader) -> None:
    [node, _] = neighbourhood(visits, Selection(things=(BENKO,)))["nodes"]
    assert node["label"] == "Tibor Benkő"
    assert (node["class"], node["class_label"]) == (GW + "Person", "person")
    assert node["color"].startswith("#")


def test_a_thing_that_nothing_links_stands_alone(visits: Reader) -> None:
    told = neighbourhood(visits, Selection(things=(SZEGED,)))
    assert ([node["id"] for node in told["nodes"]], told["edges"]) == ([SZEGED], [])


def test_what_the_graph_does_not_know_is_refused(visits: Reader) -> None:
    with pytest.raises(Refusal, match="no such thing") as error:
        neighbourhood(visits, Selection(things=("https://example.org/nobody",)))
    assert error.value.status == 404
    with pytest.raises(Refusal, match="no such document"):
        neighbourhood(visits, Selection(documents=("nothing",)))


# -- filters ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("selection", "drawn"),
    [
        (Selection(), {RECEIVED, MET}),
        (Selection(properties=(GW + "met",)), {MET}),
        (Selection(documents=("d/2",)), {RECEIVED}),
        (Selection(documents=("d/2",), flagged=True), {RECEIVED, DID_NOT_LEAVE}),
        (Selection(since="2016-07"), {RECEIVED}),
        (Selection(until="2016-06"), {RECEIVED, MET}),
        (Selection(since="2017"), set()),
        (Selection(min_confidence=0.95), set()),
        (Selection(things=(BENKO,), min_confidence=0.6, documents=("d/2",)), set()),
        (Selection(classes=(GW + "Person",)), {RECEIVED, MET}),
        (Selection(classes=(GW + "City",)), set()),
        (Selection(things=(DIKOVIC,), classes=(GW + "City",), flagged=True), {MAY_VISIT}),
        (Selection(things=(BENKO,), since="2016-07-20"), {RECEIVED}),
    ],
)
def test_a_filter_lets_through_what_it_says(
    visits: Reader, selection: Selection, drawn: set[tuple[str, str, str, str]]
) -> None:
    """A date is let through as far as it is precise: July 2016 may be the 20th of July 2016."""
    assert said(neighbourhood(visits, selection)) == drawn


# -- bounds -----------------------------------------------------------------------------------------------------------


def test_no_more_things_are_drawn_than_asked_for_the_most_linked_first(crowded: Reader) -> None:
    hub = f"{CROWD}person/0"
    few = neighbourhood(crowded, Selection(things=(hub,), limit=10))
    more = neighbourhood(crowded, Selection(things=(hub,), limit=60))
    assert few["truncated"]
    assert [len(few["nodes"]), len(more["nodes"])] == [10, 60]
    assert few["nodes"][0]["id"] == hub
    assert {node["id"] for node in few["nodes"]} <= {node["id"] for node in more["nodes"]}
    # Low numbers are told of most.
    assert sum(int(node["id"].rpartition("/")[2]) for node in few["nodes"]) < 10 * 20


def test_each_thing_is_linked_with_the_one_that_was_asked_for(crowded: Reader) -> None:
    hub = f"{CROWD}person/0"
    told = neighbourhood(crowded, Selection(things=(hub,), limit=50))
    beside = {
        end
        for edge in told["edges"]
        if hub in (edge["source"], edge["target"])
        for end in (edge["source"], edge["target"])
    }
    assert beside == {node["id"] for node in told["nodes"]}


def test_edges_hang_on_nodes_that_are_drawn(crowded: Reader) -> None:
    for selection in (Selection(limit=30), Selection(things=(f"{CROWD}person/6",), hops=2, limit=40, flagged=True)):
        told = neighbourhood(crowded, selection)
        there = {node["id"] for node in told["nodes"]}
        assert len(there) == len(told["nodes"]) <= selection.limit
        assert {end for edge in told["edges"] for end in (edge["source"], edge["target"])} <= there
        assert len({edge["id"] for edge in told["edges"]}) == len(told["edges"])


def test_a_graph_that_tells_the_same_is_drawn_the_same(crowded: Reader, tmp_path: Path) -> None:
    crowd(100, 200, tmp_path / "again.store").close()
    again = reader_of(tmp_path / "again.store")
    for selection in (Selection(limit=40), Selection(things=(f"{CROWD}person/0",), flagged=True)):
        assert neighbourhood(again, selection) == neighbourhood(crowded, selection)


# -- paths ------------------------------------------------------------------------------------------------------------


def test_the_shortest_way_is_found(crowded: Reader) -> None:
    """Each step of a way is an edge that is drawn, and no way is shorter: as networkx finds it."""
    import networkx

    whole = neighbourhood(crowded, Selection(limit=10_000))
    graph = networkx.Graph([(edge["source"], edge["target"]) for edge in whole["edges"]])
    ends = sorted(graph)[::17]
    for start, end in pairwise(ends):
        told = path(crowded, start, end)
        assert told["length"] is not None
        assert told["length"] <= networkx.shortest_path_length(graph, start, end)
        steps = {frozenset((edge["source"], edge["target"])) for edge in told["edges"]}
        for way in told["paths"]:
            assert (way[0], way[-1], len(way)) == (start, end, told["length"] + 1)
            assert all(frozenset(pair) in steps for pair in pairwise(way))


def test_what_is_not_asserted_is_no_way_unless_it_is_asked_for(visits: Reader) -> None:
    none = path(visits, BENKO, SZEGED)
    assert (none["length"], none["paths"], none["edges"]) == (None, [], [])
    assert {node["id"] for node in none["nodes"]} == {BENKO, SZEGED}
    found = path(visits, BENKO, SZEGED, True)
    assert found["paths"] == [[BENKO, DIKOVIC, SZEGED]]


def test_a_thing_is_no_step_from_itself(visits: Reader) -> None:
    assert path(visits, BENKO, BENKO)["length"] == 0


# -- what queries are written with ------------------------------------------------------------------------------------


def test_terms_are_those_of_the_ontology_with_the_most_used_first(visits: Reader) -> None:
    told = terms(visits)
    assert [(one["label"], one["count"]) for one in told["classes"]][:2] == [("person", 2), ("City", 1)]
    assert {"label": "received as a guest", "iri": GW + "received", "comment": "", "count": 2} in told["properties"]
    assert told["prefixes"]["gw"] == GW
    assert told["base"] == BASE
