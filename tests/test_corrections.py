"""Corrections: what people say is wrong in a graph is not asserted after the next build, and what they say is."""

from __future__ import annotations

from pathlib import Path

import pytest
from nursery import remembering

from graphwright import KnowledgeGraph, build, explain, from_text
from graphwright.building import update
from graphwright.entities.decisions import COLUMNS, HEAD
from graphwright.errors import DecisionError, GraphwrightWarning
from graphwright.pipeline import Reader

NOTE = from_text("General Tibor Kallas received Colonel Ana Kos in Riga on 14 June 2016.", id="note")
NEWS = from_text("Colonel Ana Kos visited Oslo. Ana Kos is a general.", id="news")

RECEIVED = "ASK { ?a gw:received ?b . ?a rdfs:label 'Tibor Kallas' . ?b rdfs:label 'Ana Kos' }"


@pytest.fixture(autouse=True)
def remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a document says depends on it alone (tests/test_pipeline.py), so that here each is read once."""
    monkeypatch.setattr(Reader, "read_batch", remembering)


def corrected(store: Path, *rows: str) -> KnowledgeGraph:
    """The graph of both documents after another build that heeds the rows of the decisions kept with it."""
    build([NOTE, NEWS], store=store)
    (store / "decisions.csv").write_text("\n".join([",".join(COLUMNS), *rows, ""]), encoding="utf-8")
    graph, report = update([NOTE, NEWS], store=store)
    assert report.unchanged == 2  # nothing is read again
    return graph


def lines(graph: KnowledgeGraph) -> list[str]:
    return sorted(map(str, graph.quads()))


def test_what_is_wrong_is_not_asserted_but_kept_with_the_reason(tmp_path: Path) -> None:
    graph = corrected(tmp_path / "s", "wrong,person/tibor-kallas,note,person/ana-kos,,he was away,received,")
    assert not graph.query(RECEIVED)
    (row,) = graph.query(
        "SELECT ?modality ?why WHERE { ?s rdf:predicate gw:received ; gw:modality ?modality ; gw:violation ?why }"
    )
    assert (row["modality"], row["why"]) == ("invalid", "wrong, as people say: he was away")
    assert graph.query("ASK { ?who gw:visited ?where . ?where rdfs:label 'Oslo' }"), "the rest stays"


def test_a_plan_that_nobody_has_is_wrong_too(tmp_path: Path) -> None:
    """Asserted or not: the statement says that people took it for wrong."""
    plan = from_text("Ana Kos will visit Oslo.", id="plan")
    build([plan], store=tmp_path / "s")
    (tmp_path / "s" / "decisions.csv").write_text(f"{','.join(COLUMNS)}\nwrong,Ana Kos,plan,Oslo,,,visited,\n")
    graph = build([plan], store=tmp_path / "s")
    (row,) = graph.query("SELECT ?modality WHERE { ?s rdf:predicate gw:visited ; gw:modality ?modality }")
    assert row["modality"] == "invalid"


def test_what_a_rule_concluded_from_it_goes_with_it(tmp_path: Path) -> None:
    """Who leads a body works for it: that rests on nothing else."""
    works = "ASK { ?a gw:worksFor ?b }"
    leads = from_text("Ana Kos leads the Baltic Institute.", id="leads")
    assert build([leads], store=tmp_path / "s").query(works)
    row = "wrong,person/ana-kos,leads,Baltic Institute,,,leads,"
    (tmp_path / "s" / "decisions.csv").write_text(f"{','.join(COLUMNS)}\n{row}\n")
    assert not build([leads], store=tmp_path / "s").query(works)


@pytest.mark.parametrize(
    ("row", "question"),
    [
        ("instead,person/ana-kos,news,Oslo,,,visited,Riga", None),
        ("instead,person/ana-kos,news,Oslo,,,visited,city/riga", "?a gw:visited ?b . ?b rdfs:label 'Riga'"),
        ("instead,person/tibor-kallas,note,Ana Kos,,,received,visited | Riga", "?a gw:visited/rdfs:label 'Riga'"),
        ("instead,Ana Kos,note,Colonel,,,hasRank,General", "?a gw:hasRank 'General' ; rdfs:label 'Ana Kos'"),
    ],
)
def test_what_should_be_said_is_said_with_the_same_sentence(tmp_path: Path, row: str, question: str | None) -> None:
    if question is None:  # the document tells of no Riga, and of which one is meant nothing is said
        with pytest.warns(GraphwrightWarning, match="'Riga' is nothing known"):
            graph = corrected(tmp_path / "s", row)
        assert not graph.query("ASK { ?a gw:visited ?b }")
        return
    graph = corrected(tmp_path / "s", row)
    assert graph.query(f"ASK {{ {question} }}")
    told = list(graph.query("SELECT ?q WHERE { ?e gw:extractor 'correction' ; oa:hasSelector/oa:exact ?q }"))
    assert len(told) == 1
    assert told[0]["q"] in NOTE.text + NEWS.text


def test_a_thing_that_is_none_has_no_facts(tmp_path: Path) -> None:
    graph = corrected(tmp_path / "s", "wrong,person/ana-kos,,,,,,")
    assert not graph.query("ASK { ?a gw:visited ?b }")
    assert not graph.query(RECEIVED)


def test_a_thing_gets_the_name_it_should_have(tmp_path: Path) -> None:
    graph = corrected(tmp_path / "s", "instead,person/ana-kos,,,,,,Ana Marija Kos")
    (row,) = graph.query("SELECT ?label WHERE { <https://w3id.org/graphwright/id/person/ana-kos> rdfs:label ?label }")
    assert row["label"] == "Ana Marija Kos"
    assert explain(graph, "Ana Kos", "visited"), "it is still found by the other one"


def test_a_correction_that_is_taken_back_leaves_no_trace(tmp_path: Path) -> None:
    """The graph is that of a build from nothing, with corrections and without."""
    store = tmp_path / "s"
    rows = ["wrong,person/tibor-kallas,note,person/ana-kos,,,received,", "instead,person/ana-kos,,,,,,Ana Marija Kos"]
    kept = lines(corrected(store, *rows))
    assert kept == lines(corrected(tmp_path / "t", *rows))
    (store / "decisions.csv").unlink()
    build([NOTE, NEWS], store=store)
    assert lines(KnowledgeGraph.open(store)) == lines(build([NOTE, NEWS]))


@pytest.mark.parametrize(
    ("row", "what"),
    [
        ("wrong,,note,x,,,received,", "'name' is empty"),
        ("wrong,a,note,x,,,,", "'property' is empty"),
        ("instead,a,note,x,,,received,", "'instead' is empty"),
        ("instead,Ana Kos,,,,,,Ana", "no end of an IRI"),
        ("odd,a,b,c,d,e,f,g", "no decision"),
    ],
)
def test_a_broken_correction_is_told_with_its_line(tmp_path: Path, row: str, what: str) -> None:
    with pytest.raises(DecisionError, match=rf"{what}[\s\S]*decisions.csv:2"):
        corrected(tmp_path / "s", row)


def test_decisions_of_both_kinds_stand_in_one_file(tmp_path: Path) -> None:
    graph = corrected(
        tmp_path / "s",
        "same,Tibor Kallas,,Ana Kos,,a joke",
        "wrong,person/ana-kos,news,Oslo,,,visited,",
    )
    assert len(list(graph.query("SELECT ?p WHERE { ?p a gw:Person }"))) == 1


def test_a_decisions_file_that_is_given_goes_before_that_of_the_graph(tmp_path: Path) -> None:
    from graphwright import Settings

    build([NOTE], store=tmp_path / "s")
    (tmp_path / "s" / "decisions.csv").write_text(f"{','.join(HEAD)}\nsame,Tibor Kallas,,Ana Kos,,\n")
    (tmp_path / "mine.csv").write_text(",".join(HEAD) + "\n")
    with pytest.warns(GraphwrightWarning, match="decisions of its own"):
        graph = build([NOTE], Settings(decisions=str(tmp_path / "mine.csv")), store=tmp_path / "s")
    assert graph.query(RECEIVED)
