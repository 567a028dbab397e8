"""Extraction: documents are read where they lie, each partition by itself, and what failed is a row like any other."""

from __future__ import annotations

import warnings
from collections import deque
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from pyspark.sql import Window
from pyspark.sql import functions as f

from graphwright.configuration import configuration
from graphwright.documents import Failure
from graphwright.engines.processes import Pool
from graphwright.engines.reading import Outcome, batched
from graphwright.engines.spark.rows import BYTES, NUMBER, TEXT, TRUTH, Row, mapped, table
from graphwright.engines.spark.sources import FAILURE, failed
from graphwright.errors import DocumentError, ModelError
from graphwright.ledger.records import from_json
from graphwright.model import Document
from graphwright.pipeline import Reader, reader
from graphwright.settings import Settings

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

READ = table(
    id=TEXT, source=TEXT, state=TEXT, new=TRUTH, hash=TEXT, extraction=BYTES, statements=NUMBER, facts=NUMBER, **FAILURE
)
"""What became of each document: it was "read", is "unchanged", or "failed", and why. ``new`` is one not known."""

EXTRACTIONS = table(
    id=TEXT, source=TEXT, hash=TEXT, configuration=TEXT, extraction=BYTES, statements=NUMBER, facts=NUMBER
)
"""What is kept of each document: what a ledger keeps of it on one machine."""


def read(
    documents: DataFrame, known: DataFrame, settings: Settings, hashed: str, time_limit: float, partitions: int
) -> DataFrame:
    """Rows of `READ` for those of `GIVEN`; ``known`` are those of `EXTRACTIONS` that were kept of the run before.

    ``hashed`` is the hash of the configuration; a document may take ``time_limit`` seconds.
    A table has no order: where several rows have one id the one whose content has the least hash is taken, and the
    others are failures.
    """
    before = known.select("id", f.col("hash").alias("known"), f.col("configuration").alias("known_configuration"))
    # Last, since a join chooses its own partitions; and by id, which spreads what lay together.
    spread = documents.join(before, "id", "left").repartition(partitions, "id")
    order = Window.partitionBy("id").orderBy(f.col("what").isNotNull(), "hash")
    return mapped(spread.withColumn("rank", f.row_number().over(order)), readings, READ, settings, hashed, time_limit)


def readings(settings: Settings, hashed: str, time_limit: float, rows: Iterable[Row]) -> Iterator[Row]:
    """Rows of `READ` for some documents. What fails is told of in its row, and the others go on."""
    known: deque[Row] = deque()
    wanted: dict[str, Row] = {}

    def documents() -> Iterator[Document]:
        """Those that are to be read; what is known of the others is told meanwhile."""
        for row in rows:
            told = {"id": row["id"], "source": row["source"], "new": row["known"] is None, "hash": row["hash"]}
            if row["what"] is not None:
                known.append({**told, "state": "failed", **{name: row[name] for name in FAILURE}})
            elif row["rank"] > 1:
                error = DocumentError(
                    f"another document has the id {row['id']!r}", row["source"] or row["id"], "give each its own"
                )
                failure = Failure(row["source"] or row["id"], error, row["id"])
                known.append({**told, **failed(failure), "state": "failed"})
            elif (row["known"], row["known_configuration"]) == (row["hash"], hashed):
                known.append({**told, "state": "unchanged"})
            else:
                wanted[row["id"]] = told
                yield from_json(row["document"]).document

    check(settings, hashed)
    for batch, outcomes in pool(settings, hashed, time_limit).read(batched(documents(), settings.batch_size)):
        for document, outcome in zip(batch, outcomes, strict=True):
            yield {**wanted.pop(document.id), **_row(outcome)}
        while known:
            yield known.popleft()
    yield from known


def _row(outcome: Outcome) -> Row:
    for warning in outcome.warnings:
        warnings.warn(warning, stacklevel=2)
    found = outcome.result
    if isinstance(found, Failure):
        return {**failed(found), "state": "failed"}
    return {
        "state": "read",
        "extraction": found.extraction,
        "statements": found.statements,
        "facts": found.facts,
    }


_POOLS: dict[tuple[Settings, str, float], Pool] = {}
"""The one that reads, by what it reads with."""


def pool(settings: Settings, hashed: str, time_limit: float) -> Pool:
    """The process that reads for this one, so that no document can end a task; it ends with this one.

    The files that the settings name may be others at the next build of a session, as ``hashed`` tells: then, or with
    other settings, the process is ended, and another started.
    """
    key = settings, hashed, time_limit
    if key not in _POOLS:
        while _POOLS:
            _POOLS.popitem()[1].__exit__()
        _POOLS[key] = Pool(settings, 1, time_limit).__enter__()
    return _POOLS[key]


@lru_cache(maxsize=1)
def check(settings: Settings, hashed: str) -> None:
    """Raise ModelError where this machine has not what the driver has."""
    if configuration(settings).hash != hashed:
        raise ModelError(
            "this machine has another graphwright, language model or ontology than the driver",
            "a worker of Spark",
            "install the same package on all machines, with the files that the settings name (see docs/cluster.md)",
        )


def worker(settings: Settings, hashed: str) -> Reader:
    """What a worker process finds things by, loaded once. Errors are those of `check`."""
    check(settings, hashed)
    return reader(settings)
