"""Spark on this machine against a plain pool of processes, on the same made-up documents; and what each step takes.

The pool does nothing but read documents; Spark does that in a warm session, and then finds the things and writes the
graph. A line for each step tells the seconds of its tasks for 1,000 documents, and what they hand on for each.

Usage: python benchmarks/cluster.py [--documents 400] [--workers 2]
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from graphwright import from_text
from graphwright.model import Document
from graphwright.pipeline import reader
from graphwright.settings import Settings

sys.path.insert(0, str(Path(__file__).parent / "lifecycle"))
import corpus

SETTINGS = Settings()
PIECE = 32


def pooled(documents: list[Document]) -> int:
    """Read some documents in a process of a pool, and say how many facts there are."""
    return sum(len(found.facts) for found in reader(SETTINGS).read(documents, lambda _: None))


def by_pool(documents: list[Document], workers: int) -> float:
    """Seconds that a warm pool takes."""
    lots = [documents[at : at + PIECE] for at in range(0, len(documents), PIECE)]
    with multiprocessing.get_context("spawn").Pool(workers) as pool:
        pool.map(pooled, [documents[:1]] * workers * 2, chunksize=1)
        start = time.perf_counter()
        pool.map(pooled, lots, chunksize=1)
        return time.perf_counter() - start


def tasks(log: Path, since: float) -> dict[str, tuple[float, float]]:
    """From the name of each step to seconds of its tasks and bytes that they shuffled, since a time of the clock."""
    names: dict[int, str] = {}
    found: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for line in log.read_text(encoding="utf-8").splitlines():
        event = json.loads(line)
        if event["Event"] == "SparkListenerJobStart":
            told = event["Properties"].get("spark.job.description", "")
            names.update((stage, told.removeprefix("graphwright: ")) for stage in event["Stage IDs"])
        elif event["Event"] == "SparkListenerTaskEnd" and event["Task Info"]["Launch Time"] > 1000 * since:
            metrics, step = event["Task Metrics"], found[names.get(event["Stage ID"], "")]
            step[0] += metrics["Executor Run Time"] / 1000
            step[1] += metrics["Shuffle Write Metrics"]["Shuffle Bytes Written"]
    return {name: (seconds, size) for name, (seconds, size) in found.items()}


def size_of(folder: Path) -> int:
    """The bytes of the files of a folder."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file() and not file.name.startswith("."))


def by_spark(documents: list[Document], workers: int, place: Path) -> tuple[float, float, Path, float]:
    """Seconds that a warm session takes for reading, and for all; where the version lies, and when that began."""
    from graphwright.engines.spark import build, open_session
    from graphwright.engines.spark.storage import Folder

    (place / "events").mkdir()
    options = {"enabled": "true", "dir": f"file://{place}/events", "rolling.enabled": "false", "compress": "false"}
    told = " ".join(f"--conf spark.eventLog.{name}={value}" for name, value in options.items())
    os.environ["PYSPARK_SUBMIT_ARGS"] = f"{told} pyspark-shell"
    session = open_session(f"local[{workers}]")
    build(session, documents[: 8 * workers], SETTINGS, to=str(place / "warm"))
    moments: dict[str, float] = {}
    kept = Folder.kept

    def timed(self: Folder, frame: object, *names: str) -> object:
        found = kept(self, frame, *names)  # type: ignore[arg-type]
        moments[names[-1]] = time.perf_counter()
        return found

    Folder.kept = timed  # type: ignore[method-assign, assignment]
    session.sparkContext.setJobDescription("")
    began, start = time.time(), time.perf_counter()
    report = build(session, documents, SETTINGS, to=str(place / "graph"))
    end = time.perf_counter()
    Folder.kept = kept  # type: ignore[method-assign]
    session.stop()
    return moments["read"] - start, end - start, Path(report.folder), began


def main(asked: Iterable[str] | None = None) -> None:
    """Run both, and print what they took."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=400)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args(None if asked is None else list(asked))
    told = corpus.documents(options.documents)
    documents = [from_text(one.pop("text"), **one) for one in told]
    words = sum(len(one.text.split()) for one in documents)
    print(f"{len(documents)} documents, {words:,} words, {options.workers} workers")
    with tempfile.TemporaryDirectory() as folder:
        pool = by_pool(documents, options.workers)
        reading, whole, version, began = by_spark(documents, options.workers, Path(folder))
        pool = (pool + by_pool(documents, options.workers)) / 2  # before and after: others may use the machine
        for name, taken in (("pool, reading", pool), ("Spark, reading", reading), ("Spark, to the end", whole)):
            print(f"{name:20} {taken:8.1f} s {words / taken:8.0f} words/s {pool / taken:6.2f} of the pool")
        print("\nstep                 task s/1,000   KB shuffled/document")
        for name, (seconds, size) in tasks(next((Path(folder) / "events").glob("*-*")), began).items():
            print(f"{name:20} {1000 * seconds / len(documents):12.1f} {size / 1024 / len(documents):22.2f}")
        print("\nkept                 KB/document")
        for part in sorted(version.iterdir()):
            print(f"{part.name:20} {size_of(part) / 1024 / len(documents) if part.is_dir() else 0:11.2f}")


if __name__ == "__main__":
    main()
