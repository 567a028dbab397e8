"""Builds by Spark: documents in, a folder of sorted N-Quads and tables out."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyspark.sql import DataFrame
from pyspark.sql import functions as f
from pyspark.sql.pandas.types import from_arrow_schema

from graphwright.configuration import configuration
from graphwright.documents import Failure
from graphwright.engines.spark.assembly import assemble, common_quads, told_of, write_quads
from graphwright.engines.spark.extraction import EXTRACTIONS, read
from graphwright.engines.spark.resolution import resolve
from graphwright.engines.spark.rows import in_small_batches, made
from graphwright.engines.spark.sources import FAILURE, GIVEN, failure_of, given, given_from, given_in
from graphwright.engines.spark.storage import Folder, begin, commit, report_of
from graphwright.errors import EngineError, GraphwrightWarning
from graphwright.model import Document
from graphwright.pipeline import checked_date, reader
from graphwright.settings import TIME_LIMIT, Settings

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

DEFAULT = Settings()

PIECE = 200
"""How many documents a task reads: a minute's work, which is what is lost with a worker."""

MOST_TASKS = 50_000
"""How many tasks a stage has at most; a driver can keep track of no more than some hundred thousand."""

TOLD = 1_000
"""How many failures a report tells; the table of failures has all."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a build did: how many documents it ``read``, of these how many for the first time (``added``), found
    ``unchanged``, ``removed``, and ``failed``; ``failures`` are the first of these by source. ``documents``,
    ``entities``, ``statements`` and ``facts`` are how many the graph has then; a fact that is asserted is counted in
    each of its documents. ``folder`` is where the version that was written lies."""

    folder: str
    read: int
    added: int
    unchanged: int
    removed: int
    failed: int
    failures: tuple[Failure, ...]
    documents: int
    entities: int
    statements: int
    facts: int


def build(
    session: SparkSession,
    documents: DataFrame | Iterable[Document | Failure],
    settings: Settings = DEFAULT,
    *,
    to: str,
    prune: bool = False,
    partitions: int | None = None,
    shards: int | None = None,
    time_limit: float = TIME_LIMIT,
    on_step: Callable[[str], None] = lambda name: None,
) -> Report:
    """Build a graph with a Spark session of one's own.

    ``documents`` are a table with the columns ``id`` and ``text``, and if they are known ``title``, ``date``,
    ``source`` and ``metadata`` (a JSON object), all text; or documents that this program has in memory. ``to`` is a
    folder that all machines can write to. What is in it already stays: documents that did not change are not read
    again, changed ones are replaced, and with ``prune`` those that are not given any more are removed. One run at a
    time writes to a folder; one that is broken off leaves the last version as it was.

    ``partitions`` is how many tasks read documents, ``shards`` how many files the quads are written to. A document that
    ends the process that reads it, or takes longer than ``time_limit`` seconds, fails. ``on_step`` is told the name of
    each step as it begins: "read", "matches", "things" and others, which Spark's web page has as well.

    The graph is that of `graphwright.build`, quad by quad. Raises StoreError for a folder that holds something else,
    EngineError for ``settings.infer``, and DocumentError for a table without ids or texts; where the settings cannot be
    met, errors are those of `graphwright.build`.
    """
    run = _Run(session, settings, to, partitions, shards, time_limit, on_step)
    if isinstance(documents, DataFrame):
        return run.build(given_in(documents, settings), documents.count() if partitions is None else 0, prune)
    rows = list(given(documents, settings))
    return run.build(made(session, rows, GIVEN), len(rows), prune)


def build_paths(
    session: SparkSession,
    sources: Iterable[str | Path],
    settings: Settings = DEFAULT,
    *,
    to: str,
    prune: bool = False,
    partitions: int | None = None,
    shards: int | None = None,
    time_limit: float = TIME_LIMIT,
    on_step: Callable[[str], None] = lambda name: None,
) -> Report:
    """As `build`, from paths; see `given_from` for which of them Spark reads itself."""
    run = _Run(session, settings, to, partitions, shards, time_limit, on_step)
    documents, unread = given_from(session, sources, settings)
    if prune and unread:
        what = "nothing is removed: a source cannot be read, and its documents would be taken for gone"
        mend = "mend the path, or leave it out to remove its documents"
        warnings.warn(GraphwrightWarning(what, ", ".join(unread), mend), stacklevel=2)
    number = documents.select("id").count() if partitions is None else 0
    return run.build(documents, number, prune and not unread)


class _Run:
    """One run: what all its steps share."""

    def __init__(
        self,
        session: SparkSession,
        settings: Settings,
        to: str,
        partitions: int | None,
        shards: int | None,
        time_limit: float,
        on_step: Callable[[str], None],
    ) -> None:
        if settings.infer:
            mend = "build without it, and infer where the shards are loaded: graphwright load SHARDS --to STORE --infer"
            raise EngineError("Spark does not infer", "the settings", mend)
        checked_date(settings.date)
        self.session = session
        self.settings = settings
        self.folder = Folder(session, to, on_step)
        self.partitions = partitions
        self.time_limit = time_limit
        self.configuration = configuration(settings)
        self.ready = reader(settings)
        self.ready.load()  # here already, so that broken settings are told before anything is read
        self.shuffle = int(session.conf.get("spark.sql.shuffle.partitions") or 200)
        self.shards = shards or self.shuffle
        self.version, self.before = begin(self.folder, settings.base)
        self.work = f"{self.version}/work"

    def build(self, documents: DataFrame, number: int, prune: bool) -> Report:
        """Build from rows of `GIVEN`, of which there are about ``number``."""
        with in_small_batches(self.session):
            return self._build(documents, number, prune)

    def _build(self, documents: DataFrame, number: int, prune: bool) -> Report:
        known = self.known()
        became = self.extract(documents, number, known)
        extractions = self.keep(became, known, prune)
        failed = became.filter("state = 'failed'").select("id", "source", *FAILURE)
        failures = self.folder.kept(failed.coalesce(1), self.version, "failures")
        asked = (self.settings, self.configuration.hash)
        resolved = resolve(extractions, *asked, self.ready.resolver, self.folder, self.work)
        lines = assemble(extractions, resolved, *asked, self.folder, self.version, self.work)

        self.folder.step("counting")
        counts = self.counts(extractions, resolved.things)
        told = told_of(self.configuration, self.told())
        used = {row["configuration"]: row["count"] for row in extractions.groupBy("configuration").count().collect()}
        configurations = [(one, json.loads(told[one]), used[one]) for one in sorted(used)]
        quads = common_quads(self.ready, counts, configurations, self.settings.base)
        write_quads(self.folder, self.version, lines, quads, self.shards)

        states = {row["state"]: row for row in became.groupBy("state").agg(
            f.count("*").alias("number"), f.count(f.when(f.col("new"), 1)).alias("new")
        ).collect()}  # fmt: skip
        numbers = {state: row["number"] for state, row in states.items()}
        added = states["read"]["new"] if "read" in states else 0
        done = {
            "read": numbers.get("read", 0),
            "added": added,
            "unchanged": numbers.get("unchanged", 0),
            "removed": known.count() + added - counts["documents"],
            "failed": numbers.get("failed", 0),
            **counts,
        }
        first = failures.orderBy("source", "id").limit(TOLD).collect()
        report = Report(self.folder.at(self.version), failures=tuple(map(failure_of, first)), **done)
        self.folder.remove(self.version, "work")
        self.commit(done, {one: told[one] for one in used})
        return report

    def known(self) -> DataFrame:
        """What is kept of the run before."""
        if self.before is None:
            return made(self.session, (), EXTRACTIONS)
        kept = self.session.read.schema(from_arrow_schema(EXTRACTIONS))
        return kept.parquet(self.folder.at(self.before, "extractions"))

    def told(self) -> Mapping[str, str]:
        told = report_of(self.folder, self.before) if self.before is not None else None
        return told["configurations"] if told is not None else {}

    def extract(self, documents: DataFrame, number: int, known: DataFrame) -> DataFrame:
        """Read what is new or changed."""
        least = 4 * self.session.sparkContext.defaultParallelism
        partitions = self.partitions or min(max(least, -(-number // PIECE)), MOST_TASKS)
        hashed = self.configuration.hash
        return self.folder.kept(
            read(documents, known, self.settings, hashed, self.time_limit, partitions), self.work, "read"
        )

    def keep(self, became: DataFrame, known: DataFrame, prune: bool) -> DataFrame:
        """What was read now, and what was read before and is still there."""
        columns = [name for name in EXTRACTIONS.names if name != "configuration"]
        fresh = became.filter("state = 'read'").select(*columns)
        fresh = fresh.withColumn("configuration", f.lit(self.configuration.hash))
        kept = known.join(fresh.select("id"), "id", "left_anti")
        if prune:
            kept = still_given(kept, became)
        every = kept.select(*EXTRACTIONS.names).union(fresh.select(*EXTRACTIONS.names))
        return self.folder.kept(every.repartition(self.shuffle, "id"), self.version, "extractions")

    def counts(self, extractions: DataFrame, things: DataFrame) -> dict[str, int]:
        row = extractions.agg(
            f.count("*").alias("documents"),
            f.coalesce(f.sum("statements"), f.lit(0)).alias("statements"),
            f.coalesce(f.sum("facts"), f.lit(0)).alias("facts"),
        ).first()
        assert row is not None
        return {
            "documents": row["documents"],
            "entities": things.count(),
            "statements": row["statements"],
            "facts": row["facts"],
        }

    def commit(self, done: Mapping[str, int], told: Mapping[str, str]) -> None:
        settings: dict[str, Any] = asdict(self.settings)
        report = {"base": self.settings.base, "counts": dict(done), "configurations": dict(told), "settings": settings}
        commit(self.folder, self.version, report)


_ABOVE = """
transform(
    filter(sequence(1, length(source) + 1), at -> at > length(source) OR substring(source, at, 1) IN ('/', ' ')),
    at -> substring(source, 1, at - 1))
"""
"""A source and all that it may be in: "a.tar/b.jsonl line 2", "a.tar/b.jsonl line", "a.tar/b.jsonl", "a.tar"."""


def still_given(known: DataFrame, became: DataFrame) -> DataFrame:
    """The rows of ``known`` (`EXTRACTIONS`) that are not gone, by what ``became`` of all that was given (`READ`).

    As on one machine, what could not be read now is not gone, nor is what was in it: the rest of a broken archive.
    """
    seen = became.select("id").filter("id IS NOT NULL")
    failed = became.filter("state = 'failed'").select("source")
    within = known.join(seen, "id", "left_anti").select("id", f.explode(f.expr(_ABOVE)).alias("source"))
    spared = within.join(failed, "source", "left_semi").select("id")
    return known.join(seen.union(spared), "id", "left_semi")
