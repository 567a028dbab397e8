"""What two graphs differ in: documents, entities and facts."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import RdfFormat, parse
from resolving import resolved

from graphwright import build, cli, from_text
from graphwright.cli.differences import as_json, lines, summary
from graphwright.graph import GW, Difference, KnowledgeGraph, assemble, difference, infer
from graphwright.model import Chain, Document, Extraction, Fact

BEFORE = {
    "one": "Colonel Ana Kos leads the delegation of Latvia.",
    "two": "Juri Tamm will visit Szeged, Hungary.",
    "three": "NATO is based in Brussels, Belgium.",
}
AFTER = {
    "one": "General Ana Kos leads the delegation of Latvia.",
    "two": "Juri Tamm visited Szeged, Hungary.",
    "four": "Tibor Benkő met Juri Tamm.",
}


def built(texts: dict[str, str], **dates: str) -> KnowledgeGraph:
    return build([from_text(text, id=id, date=dates.get(id)) for id, text in texts.items()])


@pytest.fixture(scope="module")
def before() -> KnowledgeGraph:
    return built(BEFORE, one="2016-06-14")


@pytest.fixture(scope="module")
def found(before: KnowledgeGraph) -> Difference:
    return difference(before, built(AFTER, one="2016-06-15"))


def shown(found: Difference, heading: str) -> list[str]:
    """Return what people read of documents, entities or facts, but for numbers of confidence and IRIs."""
    every = list(lines(found))
    start = every.index(heading) + 1
    end = next((at for at, line in enumerate(every) if at >= start and not line.startswith(" ")), len(every))
    return [line.partition(" <")[0] for line in every[start:end] if "confidence" not in line]


# -- real builds ------------------------------------------------------------------------------------------------------


def test_documents_come_go_and_change(found: Difference) -> None:
    """A change is told by what is known of the document, and by its sentences that state facts."""
    told = shown(found, "documents")
    assert sum(re.fullmatch(r"      text: sha256:\w{8} → sha256:\w{8}", line) is not None for line in told) == 2
    assert [line for line in told if " text: " not in line] == [
        "  + four",
        "  - three",
        "  ~ one",
        "      date: 2016-06-14 → 2016-06-15",
        "      - “Colonel Ana Kos leads the delegation of Latvia.”",
        "      + “General Ana Kos leads the delegation of Latvia.”",
        "  ~ two",
        "      - “Juri Tamm will visit Szeged, Hungary.”",
        "      + “Juri Tamm visited Szeged, Hungary.”",
    ]


def test_entities_that_no_document_mentions_any_more_are_gone(found: Difference) -> None:
    assert shown(found, "entities") == [
        "  + Tibor Benkő (Person)",
        "  - Belgium (Country)",
        "  - Brussels (City)",
        "  - North Atlantic Treaty Organization (InternationalOrganization)",
    ]


def test_facts_come_with_their_sentence_go_and_change(found: Difference) -> None:
    """What was planned and has happened is one fact that changed."""
    told = shown(found, "facts")
    assert told[:3] == [
        "  + Ana Kos | has rank | General",
        "      one: “General Ana Kos leads the delegation of Latvia.”",
        "  + Tibor Benkő | met with | Juri Tamm",
    ]
    assert [line for line in told if line.startswith("  -")] == [
        "  - Ana Kos | has rank | Colonel",
        "  - Brussels | located in | Belgium",
        "  - North Atlantic Treaty Organization | based in | Brussels",
    ]
    start = told.index("  ~ Juri Tamm | visited | Szeged")
    assert told[start + 1 : start + 4] == [
        "      modality: planned → asserted",
        "      - two: “Juri Tamm will visit Szeged, Hungary.”",
        "      + two: “Juri Tamm visited Szeged, Hungary.”",
    ]


def test_the_numbers_stand_in_one_line(found: Difference, before: KnowledgeGraph) -> None:
    assert summary(found).startswith("documents: 1 added, 1 removed, 2 changed; entities: 1 added, 3 removed")
    assert summary(difference(before, before)) == "no difference"


@pytest.mark.parametrize("name", ["a.store", "a.nq", "a.trig", "a.ttl", "a.jsonld", "a.rdf"])
def test_a_graph_in_another_form_is_no_difference(before: KnowledgeGraph, tmp_path: Path, name: str) -> None:
    """A folder, a file with named graphs and one without hold the same documents, entities and facts."""
    before.save(tmp_path / name)
    assert not difference(before, KnowledgeGraph.open(tmp_path / name))


def test_what_was_inferred_is_no_difference(before: KnowledgeGraph) -> None:
    """It follows from what both graphs state."""
    graph = built(BEFORE, one="2016-06-14")
    infer(graph)
    assert len(graph) > len(before)
    assert not difference(before, graph)


def test_a_difference_in_json_has_all_fields(found: Difference) -> None:
    told = json.loads(json.dumps(as_json(found)))
    assert [document["id"] for document in told["documents"]["added"]] == ["four"]
    [visit] = [one for one in told["facts"]["changed"] if one["after"]["property"] == GW + "visited"]
    assert visit["fields"] == ["modality", "confidence", "evidence"]
    assert visit["before"]["evidence"] == [["two", BEFORE["two"]]]


# -- each kind of change ----------------------------------------------------------------------------------------------

ANN, BOB = Chain("e1", GW + "Person", "Ann", ((0, 3),), True), Chain("e2", GW + "Person", "Bob", ((8, 11),), True)
MET = Fact("e1", GW + "metWith", "e2", (0, 12), (0, 3), (8, 11), 0.8, "phrases")


def reading(*facts: Fact, id: str = "one", chains: Iterable[Chain] = (ANN, BOB), title: str = "") -> Extraction:
    return Extraction(Document(id, "Ann met Bob. They met.", title), tuple(chains), facts or (MET,))


def graph_of(*extractions: Extraction) -> KnowledgeGraph:
    graph = KnowledgeGraph.create()
    names = resolved(extractions, "https://example.org/id/")
    graph.add(assemble(extractions, names, base="https://example.org/id/"))
    return graph


CHANGES: dict[str, tuple[Extraction, list[str]]] = {
    "a title that was not there": (reading(title="News"), ["documents", "  ~ one", "      title: none → News"]),
    "another sentence that says it": (
        reading(MET, replace(MET, evidence=(13, 22), confidence=0.7)),
        [
            "documents",
            "  ~ one",
            "      + “They met.”",
            "facts",
            "  ~ Ann | metWith | Bob",
            "      + one: “They met.”",
        ],
    ),
    "a better confidence": (
        reading(replace(MET, confidence=0.9)),
        ["facts", "  ~ Ann | metWith | Bob", "      confidence: 0.8 → 0.9"],
    ),
    "a denial": (
        reading(replace(MET, modality="negated")),
        ["facts", "  ~ Ann | metWith | Bob (negated)", "      modality: asserted → negated"],
    ),
    "a speaker who alone says it": (
        reading(replace(MET, attributed_to="e2")),
        ["facts", "  ~ Ann | metWith | Bob (asserted, by Bob alone)", "      said by: none → Bob"],
    ),
    "a denial beside it": (
        reading(MET, replace(MET, modality="negated")),
        ["facts", "  + Ann | metWith | Bob (negated)", "      one: “Ann met Bob.”"],
    ),
    "the reverse": (
        reading(replace(MET, subject="e2", object="e1")),
        ["facts", "  + Bob | metWith | Ann", "      one: “Ann met Bob.”", "  - Ann | metWith | Bob"],
    ),
}


@pytest.mark.parametrize(("after", "expected"), CHANGES.values(), ids=CHANGES)
def test_each_kind_of_change_is_told(after: Extraction, expected: list[str]) -> None:
    assert list(lines(difference(graph_of(reading()), graph_of(after)))) == expected


def test_an_entity_changes_in_label_class_aliases_and_links() -> None:
    """It is the same entity by its IRI; of many values those that came or went are told."""
    before, after = KnowledgeGraph.create(), KnowledgeGraph.create()
    for graph, told in (
        (before, "a gw:Person ; rdfs:label 'Ann' ; skos:altLabel 'A.', 'Annie'"),
        (after, "a gw:Agent ; rdfs:label 'Anna' ; skos:altLabel 'Annie', 'A. K.' ; owl:sameAs <http://ann.org/>"),
    ):
        graph.add(
            parse(
                "".join(f"@prefix {name}: <{space}> . " for name, space in graph.prefixes.items())
                + f"<http://d/> {{ <http://d/> schema:mentions <http://a/> . <http://a/> {told} }}",
                RdfFormat.TRIG,
            )
        )
    assert list(lines(difference(before, after))) == [
        "entities",
        "  ~ Anna (Agent) <http://a/>",
        "      label: Ann → Anna",
        "      class: Person → Agent",
        "      aliases: - A.",
        "      aliases: + A. K.",
        "      links: none → http://ann.org/",
    ]


# -- laws -------------------------------------------------------------------------------------------------------------

some_graphs = st.dictionaries(
    st.sampled_from("abc"),
    st.lists(
        st.builds(
            replace,
            st.just(MET),
            subject=st.sampled_from(["e1", "e2"]),
            property=st.sampled_from([GW + "metWith", GW + "visited"]),
            confidence=st.sampled_from([0.5, 0.9]),
            modality=st.sampled_from(["asserted", "planned"]),
            attributed_to=st.sampled_from([None, "e2"]),
        ),
        min_size=1,
        max_size=3,
    ),
    max_size=3,
).map(lambda documents: graph_of(*(reading(*facts, id=id) for id, facts in documents.items())))


@settings(max_examples=60, deadline=None)
@given(some_graphs, some_graphs)
def test_the_way_back_takes_away_what_the_way_there_gave(one: KnowledgeGraph, other: KnowledgeGraph) -> None:
    """Equal graphs differ in nothing."""
    there, back = difference(one, other), difference(other, one)
    for kind in ("documents", "entities", "facts"):
        forth, return_ = getattr(there, kind), getattr(back, kind)
        assert (forth.added, forth.removed) == (return_.removed, return_.added)
        assert {(c.before, c.after) for c in forth.changed} == {(c.after, c.before) for c in return_.changed}
    if list(one.quads()) == list(other.quads()):
        assert not there


# -- the command ------------------------------------------------------------------------------------------------------


@pytest.fixture
def run(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> Callable[..., tuple[int, str, str]]:
    graph_of(reading()).save(tmp_path / "a.store")
    graph_of(reading(replace(MET, confidence=0.9))).save(tmp_path / "b.trig")
    monkeypatch.chdir(tmp_path)

    def _run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["graphwright", "diff", *arguments])
        with pytest.raises(SystemExit) as exit:
            cli.main()
        out, err = capfd.readouterr()
        return int(exit.value.code or 0), out, err

    return _run


def test_the_exit_code_is_the_answer(run: Callable[..., tuple[int, str, str]]) -> None:
    """As diff has it: 0 equal, 1 different, 2 in trouble; the numbers go to standard error."""
    assert run("a.store", "a.store") == (0, "", "no difference\n")
    code, out, err = run("a.store", "b.trig")
    assert (code, out) == (1, "facts\n  ~ Ann | metWith | Bob\n      confidence: 0.8 → 0.9\n")
    assert err == "facts: 0 added, 0 removed, 1 changed\n"
    assert run("a.store", "b.trig", "--quiet") == (1, "", "")
    assert json.loads(run("a.store", "b.trig", "--format", "json")[1])["facts"]["changed"]
    code, out, err = run("a.store", "none.trig")
    assert (code, out) == (2, "")
    assert "none.trig" in err
    assert run("a.store", "b.trig", "--format", "xml")[0] == 2
