"""Extraction: documents are read where they lie, each partition by itself, and what failed is a row like any other."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from pyspark.sql import Window
from pyspark.sql import functions as f

from graphwright.configuration import configuration
from graphwright.documents import Failure
from graphwright.engines.spark.rows import BYTES, NUMBER, TEXT, TRUTH, Row, mapped, pieces, table
from graphwright.engines.spark.sources import FAILURE, failed
from graphwright.errors import DocumentError, ModelError
from graphwright.ledger.records import from_json, to_json
from graphwright.model import Extraction
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


def read(documents: DataFrame, known: DataFrame, settings: Settings, hashed: str, partitions: int) -> DataFrame:
    """Rows of `READ` for those of `GIVEN`; ``known`` are those of `EXTRACTIONS` that were kept of the run before.

    ``hashed`` is the hash of the configuration. A table has no order: where several rows have one id the one whose
    content has the least hash is taken, and the others are failures.
    """
    before = known.select("id", f.col("hash").alias("known"), f.col("configuration").alias("known_configuration"))
    # Last, since a join chooses its own partitions; and by id, which spreads what lay together.
    spread = documents.join(before, "id", "left").repartition(partitions, "id")
    order = Window.partitionBy("id").orderBy(f.col("what").isNotNull(), "hash")
    return mapped(spread.withColumn("rank", f.row_number().over(order)), readings, READ, settings, hashed)


def readings(settings: Settings, hashed: str, rows: Iterable[Row]) -> Iterator[Row]:
    """Rows of `READ` for some documents. What fails is told of in its row, and the others go on."""
    for piece in pieces(rows, settings.batch_size):
        wanted: dict[str, Row] = {}
        for row in piece:
            told = {"id": row["id"], "source": row["source"], "new": row["known"] is None, "hash": row["hash"]}
            if row["what"] is not None:
                yield {**told, "state": "failed", **{name: row[name] for name in FAILURE}}
            elif row["rank"] > 1:
                error = DocumentError(
                    f"another document has the id {row['id']!r}", row["source"] or row["id"], "give each its own"
                )
                yield {**told, **failed(Failure(row["source"] or row["id"], error, row["id"])), "state": "failed"}
            elif (row["known"], row["known_configuration"]) == (row["hash"], hashed):
                yield {**told, "state": "unchanged"}
            else:
                wanted[row["id"]] = {**told, "document": row["document"]}
        if wanted:
            yield from _read(worker(settings, hashed), wanted)


def _read(ready: Reader, wanted: dict[str, Row]) -> Iterator[Row]:
    failures: list[Failure] = []
    documents = [from_json(row.pop("document")).document for row in wanted.values()]
    for extraction in ready.read(documents, failures.append):
        stated = {fact.key: fact.asserted for fact in extraction.facts}
        yield {
            **wanted[extraction.document.id],
            "state": "read",
            "extraction": packed(extraction),
            "statements": len(stated),
            "facts": sum(stated.values()),
        }
    for failure in failures:
        yield {**wanted[failure.document], **failed(failure), "state": "failed"}


@lru_cache(maxsize=1)
def worker(settings: Settings, hashed: str) -> Reader:
    """What a worker process reads with, loaded once. Raises ModelError where it is not what the driver has."""
    if configuration(settings).hash != hashed:
        raise ModelError(
            "this machine has another graphwright, language model or ontology than the driver",
            "a worker of Spark",
            "install the same package on all machines, with the files that the settings name (see docs/cluster.md)",
        )
    return reader(settings)


def packed(extraction: Extraction) -> bytes:
    """An extraction as it is kept."""
    return zlib.compress(to_json(extraction).encode(), 6)


def unpacked(told: bytes) -> Extraction:
    """The extraction that was `packed`."""
    return from_json(zlib.decompress(told).decode())
