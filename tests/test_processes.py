"""Builds in several processes: the same graph, whatever ends a process, and no document ends a build."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from nursery import MANY

from graphwright import Document, Failure, KnowledgeGraph, Settings, from_text
from graphwright.building import update
from graphwright.documents import read
from graphwright.engines.reading import batched
from graphwright.errors import EngineError, ModelError
from graphwright.graph.folder import LEDGER

DEADLY = '''
import os, signal, time

class Deadly:
    """An extractor that some documents make end its process, or wait for ever."""

    name = "deadly"

    def __init__(self, ontology, nlp):
        pass

    def extract(self, reading):
        text = reading.document.text
        if "unplug" in text:
            os.kill(os.getpid(), signal.SIGKILL)
        if "leave" in text:
            os._exit(3)
        if "for ever" in text:
            time.sleep(1000)
        if "memory" in text:
            raise MemoryError("no more")
        return iter(())
'''
"""A package with an extractor, as it would be installed."""


@pytest.fixture
def deadly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Install the deadly extractor for the processes that are started."""
    site = tmp_path / "site"
    (site / "deadly-1.0.dist-info").mkdir(parents=True)
    (site / "deadly.py").write_text(DEADLY, encoding="utf-8")
    told = site / "deadly-1.0.dist-info"
    (told / "METADATA").write_text("Metadata-Version: 2.1\nName: deadly\nVersion: 1.0\n")
    (told / "entry_points.txt").write_text("[graphwright.extractors]\ndeadly = deadly:Deadly\n")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, (str(site), os.environ.get("PYTHONPATH")))))


def quads(graph: KnowledgeGraph) -> list[str]:
    """The graph as one file would hold it, sorted."""
    return sorted(map(str, graph.quads()))


def build(documents: list[Document], workers: int, store: Path | None = None, **options: float) -> list[Failure]:
    """Build a graph, and return what failed."""
    _, report = update(documents, Settings(batch_size=4), store=store, workers=workers, **options)  # type: ignore[arg-type]
    return list(report.failures)


def children(parent: int) -> list[int]:
    """The processes that a process started."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            of = (place / "stat").read_text().rpartition(")")[2].split()[1]
            if int(of) == parent and b"graphwright.engines.worker" in (place / "cmdline").read_bytes():
                found.append(int(place.name))
    return found


def until(what: Callable[[], object], seconds: float = 60.0) -> None:
    """Wait until something holds."""
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.05)


class TestTheSameGraph:
    """How many processes read makes no difference."""

    def test_the_graph_and_the_order_are_the_same_for_any_number(self):
        told: list[list[str]] = []
        found = []
        for workers in (0, 1, 2):
            order: list[str] = []
            graph, _ = update(
                MANY, Settings(batch_size=4), workers=workers, on_document=lambda one, to=order: to.append(one.id)
            )
            told.append(order)
            found.append(quads(graph))
        assert told == [[one.id for one in MANY]] * 3
        assert found[0] == found[1] == found[2]

    def test_failures_and_warnings_are_told_in_their_order(self):
        documents = [MANY[0], from_text("Hova lettek az emberek? " * 30, id="hu"), MANY[1]]
        told: list[str] = []
        settings = Settings(language_check="skip")
        update(documents, settings, workers=1, on_document=lambda one: told.append(type(one).__name__))
        assert told == ["Document", "Document", "Failure", "Document"]
        with pytest.warns(UserWarning, match="Hungarian"):
            update(documents, Settings(), workers=1)

    def test_a_batch_has_at_most_so_many_documents_and_characters(self):
        documents = [from_text("a" * length, id=str(length)) for length in (1, 2, 900_000, 200_000, 5)]
        assert [len(batch) for batch in batched(documents, 10)] == [4, 1]
        assert [len(batch) for batch in batched(documents, 2)] == [2, 2, 1]
        assert list(batched([], 2)) == []


@pytest.mark.usefixtures("deadly")
class TestNoDocumentEndsABuild:
    """What a document does to the process that reads it is told as its failure, and the others are read."""

    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            ("Please unplug the machine.", r"the process that reads it dies \(signal 9\)"),
            ("They leave at once.", r"the process that reads it dies \(exit code 3\)"),
            ("There is no more memory.", "MemoryError"),
        ],
    )
    def test_the_culprit_is_reported_and_the_others_are_read(self, text: str, reason: str):
        documents = [*MANY[:5], from_text(text, id="culprit"), *MANY[5:10]]
        graph, report = update(documents, Settings(batch_size=4), workers=1)
        [failure] = report.failures
        assert failure.document == "culprit"
        assert re.search(reason, failure.reason.args[0])
        assert [one.id for one in graph.documents()] == sorted(one.id for one in MANY[:10])

    def test_a_document_that_takes_too_long_is_given_up(self):
        documents = [*MANY[:2], from_text("The talks went on for ever.", id="culprit"), *MANY[2:4]]
        start = time.monotonic()
        failures = build(documents, 1, time_limit=3)
        assert [failure.document for failure in failures] == ["culprit"]
        assert failures[0].reason.args[0] == "reading it takes longer than 3 seconds"
        assert time.monotonic() - start < 60


def test_processes_that_somebody_kills_are_replaced_and_nothing_is_lost(tmp_path: Path):
    """The documents are copies, so that there is time to kill."""
    documents = [
        from_text(f"{one.text} {one.text}", id=f"{one.id}-{copy}", date=one.date) for one in MANY for copy in range(4)
    ]
    done = threading.Event()
    killed: list[int] = []

    def kill() -> None:
        while not done.wait(1.5):
            for process in children(os.getpid())[:1]:
                if len(killed) < 3:
                    os.kill(process, signal.SIGKILL)
                    killed.append(process)

    thread = threading.Thread(target=kill)
    thread.start()
    try:
        graph, report = update(documents, Settings(batch_size=4), workers=2)
    finally:
        done.set()
        thread.join()
    assert killed
    assert not report.failures
    alone, _ = update(documents, Settings(batch_size=4))
    assert quads(graph) == quads(alone)


def ledger(store: Path) -> sqlite3.Connection:
    """The ledger of a build that may still run."""
    return sqlite3.connect(f"{(store / LEDGER).as_uri()}?mode=ro", uri=True)


def in_ledger(store: Path) -> int:
    """How many documents a build has read so far."""
    with contextlib.suppress(sqlite3.Error), contextlib.closing(ledger(store)) as sql:
        return int(sql.execute("SELECT COUNT(*) FROM document").fetchone()[0])
    return 0


@pytest.fixture
def running(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A build of many documents by the command line, in the midst of it."""
    folder = tmp_path / "news"
    folder.mkdir()
    for number in range(80):
        text = " ".join(one.text for one in MANY[number % 20 : number % 20 + 4])
        (folder / f"{number:03}.txt").write_text(f"{text} It was day {number}.", encoding="utf-8")
    program = "from graphwright.cli import main; main()"
    command = [sys.executable, "-c", program, "build", str(folder), "--to", str(tmp_path / "news.store")]
    process = subprocess.Popen([*command, "--workers", "2"], stderr=subprocess.PIPE, text=True, start_new_session=True)
    until(lambda: in_ledger(tmp_path / "news.store") > 8, 120)
    yield process
    process.kill()
    process.wait()


def test_ctrl_c_ends_all_processes_and_the_next_build_goes_on(running: subprocess.Popen[str], tmp_path: Path):
    """Ctrl-C goes to the whole group of processes, as a terminal sends it."""
    started = children(running.pid)
    os.killpg(running.pid, signal.SIGINT)
    _, told = running.communicate(timeout=30)
    assert running.returncode == 130
    assert told.strip().endswith("interrupted")
    assert "Traceback" not in told
    until(lambda: not any(Path(f"/proc/{one}").exists() for one in started), 10)
    known = {one.id for one in read([tmp_path / "news"]) if isinstance(one, Document)}
    _, report = update([tmp_path / "news"], store=tmp_path / "news.store", workers=2)
    assert report.unchanged > 0
    assert report.unchanged + report.read == len(known)


def test_the_processes_end_with_their_parent(running: subprocess.Popen[str]):
    """A parent that was killed cannot end its children."""
    started = children(running.pid)
    running.kill()
    running.wait()
    until(lambda: not any(Path(f"/proc/{one}").exists() for one in started), 10)


def test_what_the_settings_cannot_be_met_with_is_raised_where_the_build_was_called():
    with pytest.raises(ModelError, match="there is no such language model"):
        update([MANY[0]], Settings(model="nothing-here"), workers=1)


def test_processes_that_cannot_be_started_are_told(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(EngineError, match=r"no process can be started that reads documents \(exit code 1\)"):
        update([MANY[0]], workers=1)
