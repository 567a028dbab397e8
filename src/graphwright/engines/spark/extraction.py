"""Extraction: documents are read where they lie, each partition by itself, and what failed is a row like any other."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from pyspark.sql import Window
from pyspark.sql import functions as f

from graphwright.configuration import configuration
from graphwright.documents import Failure, from_text
from graphwright.engines.spark.rows import Row, mapped, pieces, table
from graphwright.errors import DocumentError, ModelError
from graphwright.graph.terms import SURROGATES
from graphwright.ledger import content_hash
from graphwright.ledger.records import from_json, to_json
from graphwright.model import Document, Extraction
from graphwright.pipeline import Reader, checked_date, reader
from graphwright.settings import Settings

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

TEXT, NUMBER, TRUTH, BYTES = pa.string(), pa.int64(), pa.bool_(), pa.binary()
FAILURE = {"what": TEXT, "where": TEXT, "mend": TEXT}

GIVEN = table(id=TEXT, source=TEXT, hash=TEXT, document=TEXT, **FAILURE)
"""Documents to read, in JSON, or why one is none."""

READ = table(
    id=TEXT, source=TEXT, state=TEXT, new=TRUTH, hash=TEXT, extraction=BYTES, statements=NUMBER, facts=NUMBER, **FAILURE
)
"""What became of each document: it was "read", is "unchanged", or "failed", and why. ``new`` is one not known."""

EXTRACTIONS = table(
    id=TEXT, source=TEXT, hash=TEXT, configuration=TEXT, extraction=BYTES, statements=NUMBER, facts=NUMBER
)
"""What is kept of each document: what a ledger keeps of it on one machine."""

COLUMNS = ("id", "text", "title", "date", "source", "metadata")
"""What a table of documents may have; the first two it must."""


# -- documents ---------------------------------------------------------------------------------------------------------


def given(documents: Iterable[Document | Failure], settings: Settings) -> Iterator[Row]:
    """Rows of `GIVEN` from documents that were read already."""
    date = checked_date(settings.date)
    for one in documents:
        yield _failed(one) if isinstance(one, Failure) else _given(one, date)


def given_in(frame: DataFrame, settings: Settings) -> DataFrame:
    """Rows of `GIVEN` from a table of documents. Raises DocumentError where it has no column for ids or texts."""
    for name in COLUMNS[:2]:
        if name not in frame.columns:
            mend = f"give it the columns id and text, and as far as known {', '.join(COLUMNS[2:])}"
            raise DocumentError(f"the table has no column {name!r}", "the table of documents", mend)
    columns = [f.col(name).cast("string") for name in COLUMNS if name in frame.columns]
    return mapped(frame.select(*columns), normalised, GIVEN, settings)


def normalised(settings: Settings, rows: Iterable[Row]) -> Iterator[Row]:
    """Rows of `GIVEN` from those of a table of documents, as `from_text` makes documents of them."""
    date = checked_date(settings.date)
    for row in rows:
        name = row["id"] or row.get("source") or "a row without an id"
        try:
            yield _given(_document(row, name), date)
        except DocumentError as error:
            yield {**_failed(Failure(row.get("source") or name, error)), "id": row["id"]}


def _document(row: Row, name: str) -> Document:
    if not row["id"]:
        raise DocumentError("a document has no id", name, "give each its own")
    try:
        metadata = json.loads(row.get("metadata") or "{}")
    except ValueError as error:
        raise DocumentError(f"its metadata is no JSON: {error}", name, "write it as a JSON object") from error
    if not isinstance(metadata, dict):
        raise DocumentError("its metadata is no JSON object", name, 'write it as {"author": "..."}')
    texts = {key: row.get(key) or "" for key in ("title", "source")}
    return from_text(row["text"] or "", id=row["id"], date=row.get("date"), metadata=metadata, **texts)


def _given(document: Document, date: str | None) -> Row:
    """A document as a row; lone surrogates become U+FFFD, as on one machine."""
    fields: Row = {
        name: SURROGATES.sub("\ufffd", getattr(document, name)) for name in ("id", "text", "title", "source")
    }
    whole = replace(document, **fields, date=document.date or date)
    told = to_json(Extraction(whole, (), ()))
    return {"id": whole.id, "source": whole.source, "hash": content_hash(whole), "document": told}


def _failed(failure: Failure) -> Row:
    parts = dict(zip(FAILURE, map(str, failure.reason.args), strict=True))
    return {"id": failure.document or None, "source": failure.source, **parts}


def failure_of(row: Any) -> Failure:
    """The failure that a row tells of."""
    return Failure(row["source"], DocumentError(row["what"], row["where"], row["mend"]), row["id"] or "")


# -- reading -----------------------------------------------------------------------------------------------------------


def read(documents: DataFrame, known: DataFrame, settings: Settings, hashed: str, partitions: int) -> DataFrame:
    """Rows of `READ` for those of `GIVEN`; ``known`` are those of `EXTRACTIONS` that were kept of the run before.

    ``hashed`` is the hash of the configuration. A table has no order: where several rows have one id the one whose
    content has the least hash is taken, and the others are failures.
    """
    before = known.select("id", f.col("hash").alias("known"), f.col("configuration").alias("known_configuration"))
    # What is read together is not what lay together: long texts are spread over the partitions.
    spread = documents.repartition(partitions, "id")
    ranked = spread.withColumn(
        "rank", f.row_number().over(Window.partitionBy("id").orderBy(f.col("what").isNotNull(), "hash"))
    )
    return mapped(ranked.join(before, "id", "left"), readings, READ, settings, hashed)


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
                yield {**told, **_failed(Failure(row["source"] or row["id"], error, row["id"])), "state": "failed"}
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
        yield {**wanted[failure.document], **_failed(failure), "state": "failed"}


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
