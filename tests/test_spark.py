"""A cluster finds what one machine finds: builds by Spark, on a session of this machine."""

from __future__ import annotations

import json
import logging
import random
import shutil
import signal
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

pytest.importorskip("pyspark", reason="Spark is not installed: pip install 'graphwright[spark]'")
if shutil.which("java") is None:
    pytest.skip("Spark needs Java, which is not installed", allow_module_level=True)

import killing
import pyarrow as pa
import pyarrow.parquet as pq
from pyspark.sql import SparkSession
from typer.testing import CliRunner

from graphwright import KnowledgeGraph, build, from_text, load
from graphwright.building import is_from
from graphwright.cli import app
from graphwright.configuration import configuration
from graphwright.documents import Failure, read
from graphwright.engines import spark
from graphwright.engines.spark import assembly, building, extraction, storage
from graphwright.engines.spark.building import still_given
from graphwright.engines.spark.components import components, joined
from graphwright.engines.spark.rows import in_small_batches
from graphwright.errors import DocumentError, EngineError, StoreError
from graphwright.graph import infer
from graphwright.ledger import content_hash
from graphwright.model import Document
from graphwright.settings import Settings

TOP = Path(__file__).parents[1]
PARTITIONS = 8
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is there as soon as a worker was killed."""
    return tmp_path_factory.mktemp("killed") / "marker"


@pytest.fixture(scope="module")
def session(killed: Path) -> Iterator[SparkSession]:
    """Spark with two cores, which tries a task up to four times."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", f"{TOP / 'src'}:{TOP / 'tests'}")
        patch.setenv(killing.MARKER, str(killed))
        # The little that there is to do is done before a better compiler has paid for itself.
        options = "--conf spark.driver.extraJavaOptions=-XX:TieredStopAtLevel=1 pyspark-shell"
        patch.setenv("PYSPARK_SUBMIT_ARGS", options)
        found = spark.open_session("local[2,4]")
        yield found
        found.stop()


@pytest.fixture(scope="module")
def documents() -> list[Document]:
    """Texts in which names recur, some of them as names of several people."""
    sys.path.insert(0, str(TOP / "benchmarks" / "lifecycle"))
    import corpus

    examples = [one for one in read([TOP / "examples" / "diplomacy" / "documents"]) if isinstance(one, Document)]
    made_up = [from_text(told.pop("text"), **told) for told in corpus.documents(60, paragraphs=True)]
    namesakes = [
        from_text("John Smith is the defence minister of Estonia. He met General Ana Kos.", id="smith-1", date="2016"),
        from_text("John Smith is the mayor of Boston. Mr Smith met Ana Kos.", id="smith-2", date="2017"),
        from_text("The singer John Smith was born in 1992. J. Smith lives in Oslo.", id="smith-3"),
        from_text("Ana Kos met Ana Kos, her cousin, in Tallinn. The delegation left.", id="two of one name"),
        from_text("Tallinn is twinned with Riga.", id="twins"),
    ]
    return [*examples, *made_up, *namesakes]


SHAPES = """
@prefix gw: <https://w3id.org/graphwright/ontology#> .
@prefix lex: <https://w3id.org/graphwright/lex#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix my: <https://example.org/my#> .
<https://example.org/my> a owl:Ontology ; owl:imports <https://w3id.org/graphwright/ontology> .
my:One a sh:NodeShape ; sh:targetSubjectsOf gw:received ;
    sh:property [ sh:path gw:received ; sh:maxCount 0 ; sh:message "nobody receives anybody" ] .
my:twinnedWith a owl:ObjectProperty ; rdfs:domain gw:City ; rdfs:range gw:City ;
    lex:phrase "[City] is twinned with [City]" .
"""


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """All that changes what is in a graph: an ontology of one's own with a shape that facts violate, and a base."""
    ontology = tmp_path_factory.mktemp("ontology") / "mine.ttl"
    ontology.write_text(SHAPES, encoding="utf-8")
    return Settings(ontology=(str(ontology),), base="https://example.org/id/", min_confidence=0.5, validate=True)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("graph")


@pytest.fixture(scope="module")
def first(session: SparkSession, documents: list[Document], settings: Settings, folder: Path) -> spark.Report:
    """A build in which a worker is killed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(extraction, "readings", killing.readings)
        steps: list[str] = []
        report = spark.build(
            session, documents, settings, to=str(folder), partitions=PARTITIONS, shards=3, on_step=steps.append
        )
        assert [name for name in steps if name in {"read", "matches", "things", "graph"}] == [
            "read", "matches", "things", "graph"
        ]  # fmt: skip
        return report


def lines_of(graph: KnowledgeGraph) -> list[str]:
    """The quads of the named graphs as lines of N-Quads, sorted by their bytes."""
    return sorted(f"{quad} ." for quad in graph.quads())


def shards_of(report: spark.Report) -> list[str]:
    """The lines of all shards, one after the other."""
    files = sorted((Path(report.folder) / "graph").glob("*.nq"))
    return [line for file in files for line in file.read_text(encoding="utf-8").split("\n") if line]


def table_of(report: spark.Report, name: str) -> list[dict[str, object]]:
    """The rows of a table."""
    return pq.read_table(Path(report.folder) / name).to_pylist()


def test_a_cluster_makes_the_graph_of_one_process_though_a_worker_is_killed(
    first: spark.Report, documents: list[Document], settings: Settings, killed: Path, tmp_path: Path
) -> None:
    """Every quad is the same to the byte: things, names, reasons, evidence, what a shape forbids, manifest. So is what
    follows from them in the store that they are loaded into."""
    assert killed.exists(), "no worker was killed"
    expected = build(documents, settings)
    found = shards_of(first)
    assert set(found) ^ set(lines_of(expected)) == set()
    assert found == lines_of(expected), "the shards are sorted, also from one to the next"
    assert (first.read, first.added, first.failed) == (len(documents), len(documents), 0)
    assert len(list((Path(first.folder) / "graph").glob("*.nq"))) == 3
    load([Path(first.folder) / "graph"], store=tmp_path / "news.store", infer=True)
    infer(expected)
    with closing(KnowledgeGraph.open(tmp_path / "news.store")) as loaded:
        assert lines_of(loaded) == lines_of(expected) != found
        assert loaded.query("ASK { ?a <https://example.org/my#twinnedWith> ?b }")
        assert not loaded.query("ASK { GRAPH ?g { ?a gw:received ?b } }")


def test_the_tables_say_what_the_graph_says(first: spark.Report, documents: list[Document]) -> None:
    """A mention is the text at its offsets, and things and facts have the IRIs of the graph."""
    texts = {one.id: one.text for one in documents}
    mentions, entities, facts = (table_of(first, name) for name in ("mentions", "entities", "facts"))
    assert all(texts[str(one["document"])][one["start"] : one["end"]] == one["text"] for one in mentions)  # type: ignore[misc]
    known = {one["iri"] for one in entities}
    assert len(known) == len(entities) == first.entities
    assert {one["entity"] for one in mentions} <= known
    assert {one["subject"] for one in facts} | {one["object"] for one in facts if one["datatype"] is None} <= known
    assert all(one["sentence"] in texts[str(one["document"])] for one in facts)  # type: ignore[operator]
    received = {one["modality"] for one in facts if str(one["property"]).endswith("#received")}
    assert "invalid" in received
    assert "asserted" not in received


def test_a_second_run_reads_what_changed_and_heeds_what_people_decided(
    session: SparkSession,
    documents: list[Document],
    settings: Settings,
    folder: Path,
    first: spark.Report,
    tmp_path: Path,
) -> None:
    """One text changed, one is gone, one is broken, two have one id; the rest is not read again."""
    decisions = tmp_path / "decisions.csv"
    decisions.write_text(
        "decision,name,document,other,other_document,note,property,instead\n"
        "different,John Smith,,John Smith,,,,\n"
        "same,Ana Kos,,A. N. Other,,,,\n"
        "wrong,Ana Kos,,,,never heard of,,\n",
        encoding="utf-8",
    )
    settings = replace(settings, decisions=str(decisions), date="2020")
    changed = replace(documents[5], text=f"{documents[5].text} Ana Kos met A. N. Other in Oslo.")
    given = [*documents[:5], changed, *documents[7:]]
    given = [replace(one, date=one.date or "2020") for one in given]
    rows = [
        {
            **{name: getattr(one, name) for name in ("id", "text", "title", "date", "source")},
            "metadata": json.dumps(dict(one.metadata), default=str),
        }
        for one in given
    ]
    broken = {"id": "empty", "text": " ", "title": "", "date": None, "source": "", "metadata": None}
    twice = {**rows[0], "text": "Another text of the same id."}
    frame = session.createDataFrame(pa.Table.from_pylist([*rows, broken, twice]))
    report = spark.build(session, frame, settings, to=str(folder), prune=True)
    failures = {(one.document, str(one.reason.args[0])) for one in report.failures}
    assert report.failed == 2
    assert {what for _, what in failures} == {
        "the document has no text",
        f"another document has the id {rows[0]['id']!r}",
    }
    assert report.removed == 1
    assert report.unchanged >= 50
    # Of two texts with one id that with the lesser hash is taken.
    taken = min([given[0], from_text(**{**twice, "metadata": dict(given[0].metadata)})], key=content_hash)  # type: ignore[arg-type]
    assert shards_of(report) == lines_of(build([taken, *given[1:]], settings))


def test_what_was_in_a_file_that_cannot_be_read_now_is_not_gone(session: SparkSession) -> None:
    """The same as on one machine: else a build with --prune would remove the rest of an archive that is broken."""
    known = {
        "there": "news.jsonl line 1", "gone": "news.jsonl line 2", "in it": "a.tar/b.jsonl line 3", "same": "c.txt",
        "beside": "a.tar.gz/b.jsonl line 3", "": "",
    }  # fmt: skip
    became = pa.table({
        "id": ["there", None, None, "failed"], "source": ["elsewhere", "a.tar", "c.txt", "d.txt"],
        "state": ["unchanged", "failed", "failed", "failed"],
    })  # fmt: skip
    before = session.createDataFrame(pa.table({"id": list(known), "source": list(known.values())}))
    kept = still_given(before, session.createDataFrame(became)).collect()
    failed = ["a.tar", "c.txt", "d.txt"]
    assert {row["id"] for row in kept} == {"there", "in it", "same"}
    assert {row["id"] for row in kept} - {"there"} == {one for one in known if is_from(known[one], failed)}


def test_workers_follow_files_that_change_between_two_builds_of_a_session(tmp_path: Path) -> None:
    """Else a notebook in which an ontology or a decision is mended would go on with the old one. What read before is
    ended: it holds a language model."""
    before = extraction.pool(Settings(), "the hash of a configuration", 9)
    assert extraction.pool(Settings(), "the hash of a configuration", 9) is before
    assert extraction.pool(Settings(), "another", 9) is not before
    with pytest.raises(RuntimeError, match="after shutdown"):
        list(before.read([[from_text("Ana Kos met Jo Lee.")]]))
    settings = Settings(decisions=str(tmp_path / "decisions.csv"))
    for reason in ("never heard of", "another person"):
        row = f"wrong,Ana Kos,,,,{reason},,\n"
        Path(str(settings.decisions)).write_text(
            f"decision,name,document,other,other_document,note,property,instead\n{row}", encoding="utf-8"
        )
        assert reason in repr(assembly._corrections(settings, configuration(settings).hash))


def test_a_document_that_takes_too_long_ends_no_task(session: SparkSession, tmp_path: Path) -> None:
    text = "General Ana Kos met Colonel Olev Saar in Riga, and they spoke about the exercise. "
    documents = [from_text(text * 400, id="long"), *(from_text(text, id=f"short-{one}") for one in range(9))]
    report = spark.build(session, documents, to=str(tmp_path / "graph"), time_limit=2)
    assert (report.read, report.failed) == (9, 1)
    [failure] = report.failures
    assert (failure.document, failure.reason.args[0]) == ("long", "reading it takes longer than 2 seconds")


def test_a_run_that_is_broken_off_leaves_the_last_version_as_it_was(session: SparkSession, tmp_path: Path) -> None:
    """What has no report does not count, and the next run takes it away."""
    folder = storage.Folder(session, str(tmp_path))
    version, before = storage.begin(folder, "https://example.org/")
    assert (version, before) == ("version-000001", None)
    folder.write("half", version, "graph", "part-00000.nq")
    assert storage.versions(folder) == []
    storage.commit(folder, version, {"base": "https://example.org/"})
    folder.write("half", "version-000002", "graph", "part-00000.nq")
    folder.write('{"layout": 1, "ba', "version-000002", storage.REPORT)
    assert storage.begin(folder, "https://example.org/") == ("version-000002", "version-000001")
    assert folder.names() == ["version-000001"]


def test_tables_are_read_row_by_row_and_the_session_is_left_as_it_was(session: SparkSession, tmp_path: Path) -> None:
    """A row of quads may be megabytes: Spark would read thousands of them into one piece of memory."""
    session.range(1).write.parquet(str(tmp_path / "table"))

    def read_by_column() -> bool:
        frame: Any = session.read.parquet(str(tmp_path / "table"))
        return "ColumnarToRow" in frame._jdf.queryExecution().executedPlan().toString()

    assert read_by_column()
    with in_small_batches(session):
        assert not read_by_column()
    assert read_by_column()


def test_a_folder_of_something_else_is_left_alone(session: SparkSession, tmp_path: Path) -> None:
    """Nothing is written beside what others keep, nor under IRIs of another base."""
    (tmp_path / "letters.txt").write_text("Dear Ada", encoding="utf-8")
    with pytest.raises(StoreError, match="something else"):
        storage.begin(storage.Folder(session, str(tmp_path)), "https://example.org/")
    (tmp_path / "letters.txt").unlink()
    folder = storage.Folder(session, str(tmp_path))
    storage.commit(folder, "version-000001", {"base": "https://example.org/"})
    with pytest.raises(StoreError, match="start with"):
        storage.begin(folder, "https://example.com/")


def test_components_are_the_same_on_the_driver_and_on_the_cluster(session: SparkSession, tmp_path: Path) -> None:
    """A chain of names, a star, and what chance joins."""
    chance = random.Random(1)
    edges = [(f"c{i:02}", f"c{i + 1:02}") for i in range(8)] + [("hub", f"h{i}") for i in range(9)]
    edges += [(f"r{chance.randrange(40)}", f"r{chance.randrange(40)}") for _ in range(25)] + [("self", "self")]
    frame = session.createDataFrame(
        pa.table({"one": [one for one, _ in edges], "other": [other for _, other in edges]})
    )
    folder = storage.Folder(session, str(tmp_path))
    expected = {(row["form"], row["component"]) for row in joined([pair for pair in edges if pair[0] != pair[1]])}
    for on_driver in (1000, 0):
        found = components(frame, folder, f"work-{on_driver}", on_driver).collect()
        assert {(row["form"], row["component"]) for row in found} == expected
        assert len(found) == len(expected)


def test_what_cannot_be_done_is_said_before_anything_is_read(session: SparkSession, tmp_path: Path) -> None:
    """No inference, no table without texts, no file that Spark cannot take apart."""
    with pytest.raises(EngineError, match="does not infer"):
        spark.build(session, [], Settings(infer=True), to=str(tmp_path))
    with pytest.raises(DocumentError, match="no column 'text'"):
        spark.build(session, session.createDataFrame(pa.table({"id": ["a"]})), to=str(tmp_path))
    with pytest.raises(DocumentError, match="does not read"):
        spark.build_paths(session, ["hdfs://host/letters.pdf"], to=str(tmp_path))


@pytest.mark.parametrize("master", ["loc[2]", "local[0]", "local[two]", "host:7077", "spark://", ""])
def test_what_is_no_master_is_said_without_a_stack_of_java(master: str) -> None:
    with pytest.raises(EngineError, match=r"is no master of Spark\n  where: --master\n  to mend: give local\[4\]"):
        spark.open_session(master)


def test_ctrl_c_ends_a_build_in_good_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Spark would tell on many lines how it could not cancel its jobs, and then that it gave them up."""
    told: list[str] = []
    context = SimpleNamespace(setLogLevel=told.append)
    stopped = SimpleNamespace(sparkContext=context, stop=lambda: told.append("stopped"))
    monkeypatch.setattr("graphwright.engines.spark.session.open_session", lambda master: stopped)
    monkeypatch.setattr(building, "build_paths", lambda *_, **__: signal.raise_signal(signal.SIGINT))
    before = signal.getsignal(signal.SIGINT)
    try:
        done = CliRunner().invoke(app, ["build", "a.txt", "--engine", "spark", "--to", str(tmp_path / "graph")])
    finally:
        signal.signal(signal.SIGINT, before)
        logging.disable(logging.NOTSET)
    assert (done.exit_code, done.stderr) == (130, "interrupted\n")
    assert told == ["OFF", "stopped"]


def test_the_command_reads_files_here_and_tables_where_they_lie(
    session: SparkSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`build --engine spark` prints where the version lies, and tells of what failed."""
    monkeypatch.setattr("graphwright.engines.spark.session.open_session", lambda master: session)
    monkeypatch.setattr(session, "stop", lambda: None)
    text = "Ana Kos met Tibor Benko in Oslo."
    pq.write_table(pa.table({"id": ["table"], "text": [text]}), tmp_path / "news.parquet")
    (tmp_path / "a.txt").write_text("Tibor Benko met Ana Kos.", encoding="utf-8")
    (tmp_path / "b.jsonl").write_text(
        json.dumps({"id": "line", "text": text, "author": "Ada"}) + '\n{"id": "none"}\n', encoding="utf-8"
    )
    sources = [str(tmp_path / "news.parquet"), str(tmp_path / "a.txt"), f"file://{tmp_path}/b.jsonl"]
    done = CliRunner().invoke(app, ["build", *sources, "--engine", "spark", "--to", str(tmp_path / "graph")])
    assert done.exit_code == 1, done.output
    assert "3 documents read, 1 failed" in done.stderr
    assert 'b.jsonl, in the line that begins with {"id": "none"}' in done.stderr
    found = Path(done.stdout.strip())
    line = from_text(text, id="line", source=f"file://{tmp_path}/b.jsonl", metadata={"author": "Ada"})
    here = [one for one in read([tmp_path / "a.txt"]) if not isinstance(one, Failure)]
    expected = lines_of(build([from_text(text, id="table"), *here, line]))
    assert [one for file in sorted((found / "graph").glob("*.nq")) for one in file.read_text().splitlines()] == expected
