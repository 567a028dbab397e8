"""A graph lives with its documents: it is brought up to date, survives whatever happens, and equals a new one."""

from __future__ import annotations

import gzip
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nursery import MANY, OPTIONS, TEXTS, remembering

from graphwright import Document, KnowledgeGraph, Settings, build, building, from_text, remove, validate
from graphwright.building import update
from graphwright.errors import GraphwrightWarning, QueryError, StoreError
from graphwright.graph.sameness import sameness
from graphwright.ledger import reading
from graphwright.ledger.manifest import manifest
from graphwright.pipeline import Reader
from graphwright.sameness import why_same
from graphwright.settings import DEFAULT_BASE


def document(number: int, version: int = 0) -> Document:
    text = TEXTS[(number + version) % len(TEXTS)]
    return from_text(text, id=f"d{number}", date=f"2016-07-{number + 1:02}")


@pytest.fixture(autouse=True)
def remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a document says depends on it alone (tests/test_pipeline.py), so that here each is read once."""
    monkeypatch.setattr(Reader, "read_batch", remembering)


def lines(graph: KnowledgeGraph) -> list[str]:
    return sorted(map(str, graph.quads()))


def union_is_right(graph: KnowledgeGraph) -> bool:
    """Whether the default graph holds what the named ones do, and nothing else."""
    quads = list(graph.store)
    named = {quad.triple for quad in quads if "DefaultGraph" not in repr(quad.graph_name)}
    return named == {quad.triple for quad in quads if "DefaultGraph" in repr(quad.graph_name)}


# ------------------------------------------------------------------------------------------------------- incremental


def test_only_what_is_new_or_changed_is_read(tmp_path: Path) -> None:
    """And a build in which nothing changed reads nothing."""
    store = tmp_path / "news.store"
    _, first = update([document(0), document(1)], store=store)
    _, second = update([document(0), document(1, 1), document(2)], store=store)
    _, third = update([document(0), document(1, 1), document(2)], store=store)
    assert (first.read, first.added, first.unchanged) == (2, 2, 0)
    assert (second.read, second.added, second.unchanged) == (2, 1, 1)
    assert (third.read, third.added, third.unchanged) == (0, 0, 3)


def test_documents_are_taken_as_they_are_read() -> None:
    """So that memory holds a batch of them, whatever makes them."""
    taken: list[str] = []
    before: list[int] = []

    def stream() -> Iterator[Document]:
        for number in range(6):
            taken.append(f"d{number}")
            yield document(number)

    build(stream(), Settings(batch_size=2), on_document=lambda _: before.append(len(taken)))
    assert before == [2, 2, 4, 4, 6, 6]


def test_documents_stay_until_they_are_pruned(tmp_path: Path) -> None:
    store = tmp_path / "news.store"
    build([document(0), document(1)], store=store)
    graph, report = update([document(2)], store=store)
    assert [one.id for one in graph.documents()] == ["d0", "d1", "d2"]
    assert report.removed == 0
    graph, report = update([document(2)], store=store, prune=True)
    assert [one.id for one in graph.documents()] == ["d2"]
    assert report.removed == 2


def test_a_fact_survives_as_long_as_one_document_states_it(tmp_path: Path) -> None:
    store = tmp_path / "news.store"
    ask = "ASK { ?a gw:received/rdfs:label 'Ana Kos' ; rdfs:label 'Tibor Kallas' }"
    copy = from_text(TEXTS[0], id="copy")
    assert build([document(0), copy], store=store).query(ask)
    assert remove(["d0"], store=store) == 1
    assert KnowledgeGraph.open(store).query(ask)
    assert remove(["copy", "d0"], store=store) == 1
    graph = KnowledgeGraph.open(store)
    assert not graph.query(ask)
    assert graph.counts()["entities"] == 0
    assert not graph.query("ASK { ?x rdfs:label 'Ana Kos' }")


def test_another_setting_makes_a_document_new(tmp_path: Path) -> None:
    """What was read with another ontology, model or threshold is read again."""
    store = tmp_path / "news.store"
    build([document(0)], store=store)
    _, report = update([document(0)], Settings(min_confidence=0.5), store=store)
    assert report.read == 1
    assert report.added == 0


def test_what_cannot_be_read_now_is_not_gone(tmp_path: Path) -> None:
    folder, store = tmp_path / "news", tmp_path / "news.store"
    folder.mkdir()
    (folder / "a.txt").write_text(TEXTS[0])
    (folder / "b.txt").write_text(TEXTS[1])
    build([folder], store=store)
    (folder / "a.txt").write_bytes(b"")
    graph, report = update([folder], store=store, prune=True)
    assert (len(report.failures), report.removed) == (1, 0)
    assert [one.id for one in graph.documents()] == ["a", "b"]
    with pytest.warns(GraphwrightWarning, match="nothing is removed"):
        graph, _ = update([f"{tmp_path}/wrong/"], store=store, prune=True)
    assert [one.id for one in graph.documents()] == ["a", "b"]


def test_what_stands_behind_the_break_of_a_file_is_not_gone(tmp_path: Path) -> None:
    folder, store = tmp_path / "news", tmp_path / "news.store"
    folder.mkdir()
    lines = "".join(json.dumps({"text": text}) + "\n" for text in TEXTS[:4]).encode()
    (folder / "wire.jsonl.gz").write_bytes(gzip.compress(lines))
    (folder / "a.txt").write_text(TEXTS[5])
    build([folder], store=store)
    (folder / "wire.jsonl.gz").write_bytes(gzip.compress(lines)[:-20])
    (folder / "a.txt").unlink()
    graph, report = update([folder], store=store, prune=True)
    assert (len(report.failures), report.removed) == (1, 1)
    assert [one.id for one in graph.documents()] == [f"wire-{line}" for line in range(1, 5)]


def test_of_two_documents_with_one_id_the_first_is_kept(tmp_path: Path) -> None:
    graph, report = update([document(0), from_text(TEXTS[1], id="d0"), document(2)])
    assert [one.id for one in graph.documents()] == ["d0", "d2"]
    assert "another document has the id 'd0'" in str(report.failures[0].reason)


steps = st.lists(
    st.one_of(
        st.tuples(st.just("put"), st.integers(0, 7), st.integers(0, 2)),
        st.tuples(st.just("drop"), st.integers(0, 7), st.just(0)),
        st.tuples(st.just("prune"), st.integers(0, 7), st.integers(0, 2)),
    ),
    min_size=1,
    max_size=6,
)


@given(steps=steps, batch=st.integers(1, 3))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_after_any_changes_the_graph_is_that_of_a_build_from_nothing(
    steps: list[tuple[str, int, int]], batch: int, tmp_path: Path
) -> None:
    """Byte for byte, after sorting."""
    store = tmp_path / "news.store"
    shutil.rmtree(store, ignore_errors=True)
    options = Settings(batch_size=batch)
    there: dict[str, Document] = {}
    for kind, number, version in steps:
        one = document(number, version)
        if kind == "put":
            there[one.id] = one
            update([one], options, store=store)
        elif kind == "drop" and there:
            remove([one.id], store=store)
            there.pop(one.id, None)
        elif kind == "prune":
            there = {**{id: old for id, old in there.items() if old.id > one.id}, one.id: one}
            update(there.values(), options, store=store, prune=True)
    if store.exists():
        kept = KnowledgeGraph.open(store)
        assert lines(kept) == lines(build(list(there.values())[::-1], options))
        assert union_is_right(kept)


# ------------------------------------------------------------------------------------------------------ nothing lost


class Nursery:
    """The process of tests/nursery.py."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, Path(__file__).with_name("nursery.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.answer() == "ready"

    def answer(self) -> str:
        """Its next line."""
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def start(self, do: str, store: Path, **more: int) -> int:
        """Begin a task; return the number of its process."""
        assert self.process.stdin is not None
        print(json.dumps({"do": do, "store": str(store), **more}), file=self.process.stdin, flush=True)
        return int(self.answer())

    def end(self) -> int:
        """How the task ended: 0 well, 3 by a StoreError, negative by a signal."""
        return int(self.answer())

    def run(self, do: str, store: Path, **more: int) -> int:
        """Do a task, and wait for its end."""
        self.start(do, store, **more)
        return self.end()


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    if not hasattr(os, "fork"):
        pytest.skip("processes are made by forking, which Windows cannot")
    one = Nursery()
    yield one
    assert one.process.stdin is not None
    one.process.stdin.close()
    one.process.wait(10)


def test_a_build_that_is_killed_leaves_a_graph_that_opens_and_goes_on_where_it_was(
    tmp_path: Path, nursery: Nursery
) -> None:
    """Fifty kills without warning, each at another moment, over several lives of graphs."""
    expected = build(MANY, OPTIONS)
    whole, statements = lines(expected), {row["d"]: row["n"] for row in expected.query(COUNT)}
    lucky = random.Random(20161126)
    start = time.monotonic()
    assert nursery.run("build", tmp_path / "measure.store") == 0
    taken = time.monotonic() - start
    store, life, kills = tmp_path / "0.store", 0, 0
    while kills < 50:
        child = nursery.start("build", store)
        time.sleep(lucky.random() * taken * 0.6)
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        code = nursery.end()
        assert code in (0, -signal.SIGKILL)
        kills += code != 0
        if (store / "graph" / "CURRENT").exists():
            graph = KnowledgeGraph.open(store)
            assert union_is_right(graph)
            for row in graph.query(COUNT):  # a document is there whole or not at all
                assert row["n"] == statements[row["d"]]
            if code == 0:
                assert lines(graph) == whole
                life += 1
                store = tmp_path / f"{life}.store"
    graph, report = update(MANY, OPTIONS, store=store)
    assert report.unchanged + report.read == len(MANY)
    assert lines(graph) == whole
    assert life > 2


COUNT = "SELECT ?d (COUNT(DISTINCT ?s) AS ?n) WHERE { GRAPH ?d { ?s a rdf:Statement } } GROUP BY ?d"


@pytest.mark.parametrize("room", [0, 20_000, 60_000, 120_000])
def test_a_full_disk_is_told_and_loses_nothing(tmp_path: Path, nursery: Nursery, room: int) -> None:
    """Files that may not grow are what a full disk is to a program."""
    store = tmp_path / "news.store"
    build(MANY[:8], OPTIONS, store=store)
    assert nursery.run("build", store, room=room) == 3
    assert len(KnowledgeGraph.open(store).documents()) >= 8
    graph, report = update(MANY, OPTIONS, store=store)
    assert report.unchanged >= 8
    assert lines(graph) == lines(build(MANY, OPTIONS))


def test_one_process_at_a_time_writes(tmp_path: Path, nursery: Nursery) -> None:
    """The second is told at once, and nothing happens to the graph; readers are welcome."""
    store = tmp_path / "news.store"
    build([document(0)], store=store)
    with building.target(store, Settings()):
        assert nursery.run("build", store) == 3
        assert nursery.run("read", store) == 0
        with pytest.raises(StoreError, match="in use by another writer"):
            update([document(1)], store=store)
    assert [one.id for one in build([document(1)], store=store).documents()] == ["d0", "d1"]


def test_what_was_read_can_be_looked_at_while_a_build_writes(tmp_path: Path) -> None:
    """A server shows the texts of a graph that is being built."""
    store = tmp_path / "news.store"
    build([document(0)], store=store)
    with building.target(store, Settings()) as (_, ledger):
        ledger.remember("a", "transaction of the writer")
        found = reading(store / "ledger.sqlite", "d0")
    assert found is not None
    assert found.extraction.document == document(0)
    assert {"person/ana-kos"} <= {iri.removeprefix(DEFAULT_BASE) for iri in found.iris.values()}
    assert reading(store / "ledger.sqlite", "d1") is None
    assert reading(tmp_path / "nothing.sqlite", "d0") is None


def test_a_graph_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    store = tmp_path / "news.store"
    build([document(0)], store=store)
    (store / "layout").write_text("graphwright 9\n")
    for act in (lambda: update([document(1)], store=store), lambda: KnowledgeGraph.open(store)):
        with pytest.raises(StoreError, match=r"newer version of graphwright[\s\S]*to mend: install that version"):
            act()
    (store / "layout").write_text("graphwright 1\n")
    with sqlite3.connect(store / "ledger.sqlite") as ledger:
        ledger.execute("PRAGMA user_version = 9")
    ledger.close()
    with pytest.raises(StoreError, match="newer version"):
        update([document(1)], store=store)
    assert [one.id for one in KnowledgeGraph.open(store).documents()] == ["d0"]


def test_the_ledger_of_an_older_version_is_taken_over(tmp_path: Path) -> None:
    """What was read stays; who is who is found anew."""
    store = tmp_path / "news.store"
    documents = [document(0), document(1)]
    before = lines(build(documents, store=store))
    with sqlite3.connect(store / "ledger.sqlite") as ledger:
        ledger.execute("ALTER TABLE form DROP COLUMN doubtful")
        ledger.execute("DROP TABLE claimed")
        ledger.execute("PRAGMA user_version = 1")
    ledger.close()
    graph, report = update(documents, store=store)
    assert (report.read, report.unchanged) == (0, 2)
    assert lines(graph) == before
    update([document(2)], store=store)
    assert lines(KnowledgeGraph.open(store)) == lines(build([*documents, document(2)]))


def test_a_broken_ledger_is_told(tmp_path: Path) -> None:
    store = tmp_path / "news.store"
    build([document(0)], store=store)
    (store / "ledger.sqlite").write_bytes(b"no database at all" * 100)
    with pytest.raises(StoreError, match=r"is broken[\s\S]*build anew"):
        update([document(1)], store=store)


@pytest.mark.parametrize("what", ["a folder with other things", "a file", "a folder that nobody may make"])
def test_other_things_are_not_overwritten(tmp_path: Path, what: str) -> None:
    place = tmp_path / "news.store"
    if what == "a folder with other things":
        place.mkdir()
        (place / "letter.txt").write_text("Dear reader")
    elif what == "a file":
        place.write_text("Dear reader")
    else:
        place = Path("/proc/news.store")
    with pytest.raises(StoreError):
        update([document(0)], store=place)
    if what == "a folder with other things":
        assert [one.name for one in place.iterdir()] == ["letter.txt"]


def test_a_graph_that_somebody_took_away_is_written_anew(tmp_path: Path) -> None:
    store = tmp_path / "news.store"
    whole = lines(build([document(0), document(1)], store=store))
    shutil.rmtree(store / "graph")
    graph, report = update([document(0)], store=store)
    assert report.read == 0
    assert lines(graph) == whole


def test_the_iris_of_one_graph_have_one_base(tmp_path: Path) -> None:
    store = tmp_path / "news.store"
    build([document(0)], Settings(base="https://example.org/id/"), store=store)
    with pytest.raises(
        StoreError, match=r"start with https://example.org/id/[\s\S]*give --base https://example.org/id/"
    ):
        update([document(1)], store=store)


# ---------------------------------------------------------------------------------------------------------- manifest


def test_the_graph_says_what_made_it(tmp_path: Path) -> None:
    """Documents with their hashes, and what they were read with."""
    store = tmp_path / "news.store"
    graph = build([document(0), document(1)], store=store)
    found = list(
        graph.query(
            "SELECT ?software ?n ?all ?settings WHERE { ?c a gw:Configuration ; gw:software ?software ; "
            "void:documents ?n ; gw:settings ?settings . ?m a void:Dataset ; void:documents ?all ; gw:readWith ?c }"
        )
    )
    assert [(row["software"], row["n"], row["all"]) for row in found] == [("graphwright 0.1.0", 2, 2)]
    assert json.loads(found[0]["settings"])["min_confidence"] == 0.0
    hashes = graph.query("SELECT ?h WHERE { ?d a foaf:Document ; gw:contentHash ?h ; gw:readWith ?c }")
    assert len({row["h"] for row in hashes}) == 2


def test_the_manifest_is_told(tmp_path: Path) -> None:
    store = tmp_path / "news.store"
    told = manifest(build([document(1), document(0)], store=store))
    assert told["counts"] == {"documents": 2, "entities": 6, "facts": 8, "statements": 9}
    assert [one["id"] for one in told["documents"]] == ["d0", "d1"]
    assert told["configurations"][0]["settings"]["min_confidence"] == 0.0
    with pytest.raises(StoreError, match="no manifest"):
        manifest(KnowledgeGraph.create())


# ---------------------------------------------------------------------------------------------------------- identity


def test_two_names_of_one_thing_have_a_reason() -> None:
    """In the graph, for whoever asks."""
    graph = build(
        [
            from_text("Gen. Tibor Kallas, the Chief of Defence of Estonia, visited Riga.", id="a", date="2016"),
            from_text("Estonia's Chief of Defence, Gen. Kallas, visited Oslo.", id="b", date="2016"),
        ]
    )
    found = sameness(graph, "Kallas", "Tibor Kallas")
    assert found.same
    assert [(step.name, step.other) for step in found.steps] == [("Kallas", "Tibor Kallas")]
    assert found.steps[0].confidence > 0.9
    assert {found.steps[0].document, found.steps[0].other_document} == {"a", "b"}
    linked = sameness(graph, "Riga", "Riga")
    assert any("sws.geonames.org/456172" in iri for link in linked.links for iri in link.same_as)


HEAD = "decision,name,document,other,other_document,note"
NAMESAKES = [
    from_text("John Smith, the Foreign Minister of Estonia, visited Riga.", id="a", date="2016-05-01"),
    from_text("Colonel John Smith, commander of the Chilean Air Force, visited Lima.", id="b", date="2016-05-02"),
]


def test_two_things_of_one_name_are_told_apart_and_why(tmp_path: Path) -> None:
    store = tmp_path / "news.store"
    build(NAMESAKES, store=store)
    answer = why_same(store, "John Smith@a", "John Smith@b")
    assert not answer.found.same
    assert "countries" in answer.apart
    with pytest.raises(QueryError, match=r"may mean 2 things[\s\S]*NAME@DOCUMENT"):
        why_same(store, "John Smith", "Riga")


def test_people_decide_what_is_one_thing_and_the_decision_survives_rebuilds(tmp_path: Path) -> None:
    """A decision needs no document to be read again."""
    store, decisions = tmp_path / "news.store", tmp_path / "who.csv"
    build(NAMESAKES, store=store)
    decisions.write_text(f"{HEAD}\nsame,John Smith,a,John Smith,b,his career\n")
    for _ in range(2):
        graph, report = update(NAMESAKES, Settings(decisions=str(decisions)), store=store)
        assert report.read == 0
        assert len(list(graph.query("SELECT ?x { ?x rdfs:label 'John Smith' }"))) == 1
    assert "decided" in sameness(graph, "John Smith@a", "John Smith@b").steps[0].reason
    assert lines(graph) == lines(build(NAMESAKES, Settings(decisions=str(decisions))))
    build([from_text("John Smith visited Chad.", id="c")], Settings(decisions=str(decisions)), store=store)
    decisions.write_text(f"{HEAD}\ndifferent,Ana Kos,,Ana Kos,,\n")
    graph, _ = update(
        [from_text("Ana Kos visited Riga.", id=id) for id in "xy"], Settings(decisions=str(decisions)), store=store
    )
    assert len(list(graph.query("SELECT ?x { ?x rdfs:label 'Ana Kos' }"))) == 2
    assert len(list(graph.query("SELECT ?x { ?x rdfs:label 'John Smith' }"))) > 1


def test_a_thing_that_one_knows_has_the_iri_that_one_gave_it(tmp_path: Path) -> None:
    listed = tmp_path / "known.csv"
    listed.write_text(
        "name,class,iri,same_as\nBaltic Institute,Organization,https://example.org/bi,https://example.org/x\n"
    )
    graph = build([document(5)], Settings(gazetteers=(str(listed),)))
    assert graph.query("ASK { ?kos gw:leads <https://example.org/bi> ; rdfs:label 'Ana Kos' }")
    assert graph.query("ASK { <https://example.org/bi> a gw:Organization ; owl:sameAs <https://example.org/x> }")


# ------------------------------------------------------------------------------------- what may not be, what follows


SHAPES = """
@prefix gw: <https://w3id.org/graphwright/ontology#> .
@prefix my: <https://example.org/my#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
<https://example.org/my> a owl:Ontology ; owl:imports <https://w3id.org/graphwright/ontology> .
my:One a sh:NodeShape ; sh:targetSubjectsOf gw:received ;
    sh:property [ sh:path gw:received ; sh:maxCount 0 ; sh:message "nobody receives anybody" ] .
"""


def test_facts_that_violate_a_shape_are_kept_out_of_what_is_asserted(tmp_path: Path) -> None:
    """Their statements stay, and say why."""
    (tmp_path / "mine.ttl").write_text(SHAPES)
    options = Settings(ontology=(str(tmp_path / "mine.ttl"),), validate=True)
    graph = build([document(0)], options, store=tmp_path / "news.store")
    assert not graph.query("ASK { ?a gw:received ?b }")
    told = graph.query("SELECT ?why ?how { ?s rdf:predicate gw:received ; gw:violation ?why ; gw:modality ?how }")
    assert [tuple(row.values()) for row in told] == [("nobody receives anybody", "invalid")]
    graph, _ = update([document(0)], Settings(ontology=options.ontology), store=tmp_path / "news.store")
    assert graph.query("ASK { ?a gw:received ?b }")
    assert not graph.query("ASK { ?s gw:violation ?why }")


def test_what_a_build_writes_beside_the_facts_violates_nothing(tmp_path: Path) -> None:
    graph = build([document(0), document(6)], Settings(infer=True), store=tmp_path / "news.store")
    assert validate(graph) == []
