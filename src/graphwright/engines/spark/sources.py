"""Sources: documents that the driver has, tables of them, and files that Spark reads where they lie."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyspark.sql import functions as f

from graphwright.documents import Failure, from_text
from graphwright.documents import read as read_documents
from graphwright.documents.jsonlines import read_json_lines
from graphwright.engines.spark.rows import TEXT, Row, made, mapped, table
from graphwright.errors import DocumentError
from graphwright.graph.terms import SURROGATES
from graphwright.ledger import content_hash
from graphwright.ledger.records import to_json
from graphwright.model import Document, Extraction
from graphwright.pipeline import checked_date
from graphwright.settings import Settings

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

FAILURE = {"what": TEXT, "where": TEXT, "mend": TEXT}

GIVEN = table(id=TEXT, source=TEXT, hash=TEXT, document=TEXT, **FAILURE)
"""Documents to read, in JSON, or why one is none."""

COLUMNS = ("id", "text", "title", "date", "source", "metadata")
"""What a table of documents may have; the first two it must."""

TABLES = (".parquet",)
LINES = (".jsonl", ".ndjson")
UNNAMED = "a row without an id"
BEGINNING = 60
"""How many characters of a line tell which one it is."""


def given_from(session: SparkSession, sources: Iterable[str | Path], settings: Settings) -> tuple[DataFrame, list[str]]:
    """Rows of `GIVEN` from paths, and the paths that could not be read.

    Parquet files, and JSON Lines at an address with a scheme (``hdfs://``, ``s3a://``, ``file://``), are read by Spark
    where they lie. All else is read by this program as on one machine, and is held in its memory. Raises DocumentError
    for another file at such an address.
    """
    frames, local = [], []
    for source in map(str, sources):
        bare = source.rstrip("/").removesuffix(".gz")
        if bare.endswith(TABLES):
            frames.append(given_in(session.read.parquet(source), settings))
        elif "://" in source and bare.endswith(LINES):
            frames.append(mapped(session.read.text(source), of_lines, GIVEN, settings, source))
        elif "://" in source:
            mend = "give Parquet (.parquet) or JSON Lines (.jsonl), or files that this program can open"
            raise DocumentError("Spark does not read this", source, mend)
        else:
            local.append(source)
    found = list(read_documents(local, date=settings.date))
    frames.append(made(session, given(found, settings), GIVEN))
    every = frames[0]
    for frame in frames[1:]:
        every = every.union(frame)
    failed_sources = {one.source for one in found if isinstance(one, Failure)}
    return every, sorted({str(Path(source)) for source in local} & failed_sources)


def given(documents: Iterable[Document | Failure], settings: Settings) -> Iterator[Row]:
    """Rows of `GIVEN` from documents that were read already."""
    date = checked_date(settings.date)
    for one in documents:
        yield failed(one) if isinstance(one, Failure) else _given(one, date)


def given_in(frame: DataFrame, settings: Settings) -> DataFrame:
    """Rows of `GIVEN` from a table of documents. Raises DocumentError where it has no column for ids or texts."""
    for name in COLUMNS[:2]:
        if name not in frame.columns:
            mend = f"give it the columns id and text, and as far as known {', '.join(COLUMNS[2:])}"
            raise DocumentError(f"the table has no column {name!r}", "the table of documents", mend)
    columns = [f.col(name).cast("string") for name in COLUMNS if name in frame.columns]
    return mapped(frame.select(*columns), normalised, GIVEN, settings)


def of_lines(settings: Settings, source: str, rows: Iterable[Row]) -> Iterator[Row]:
    """Rows of `GIVEN` from lines of JSON, as they are read on one machine; but each must have its id."""
    date = checked_date(settings.date)
    for row in rows:
        for record in read_json_lines(io.BytesIO(row["value"].encode()), source):
            if isinstance(record, DocumentError):
                what, _, mend = record.args  # it knows of the one line alone, and takes it for the first
                place = f"{source}, in the line that begins with {row['value'][:BEGINNING]}"
                yield failed(Failure(source, DocumentError(what, place, mend)))
                continue
            fields = dict(record.fields)
            told = {name: str(fields.pop(name, None) or "") for name in ("id", "title", "source")}
            told["source"] = told["source"] or source
            yield _normalised({**told, "text": record.text, "date": fields.pop("date", None)}, fields, date)


def normalised(settings: Settings, rows: Iterable[Row]) -> Iterator[Row]:
    """Rows of `GIVEN` from those of a table of documents, as `from_text` makes documents of them."""
    date = checked_date(settings.date)
    for row in rows:
        name = row["id"] or row.get("source") or UNNAMED
        try:
            metadata = json.loads(row.get("metadata") or "{}")
        except ValueError:
            metadata = None
        if isinstance(metadata, dict):
            yield _normalised(row, metadata, date)
        else:
            error = DocumentError("its metadata is no JSON object", name, 'write it as {"author": "..."}')
            yield {**failed(Failure(row.get("source") or name, error)), "id": row["id"]}


def _normalised(row: Row, metadata: Mapping[str, Any], date: str | None) -> Row:
    name = row["id"] or row.get("source") or UNNAMED
    texts = {key: row.get(key) or "" for key in ("title", "source")}
    try:
        if not row["id"]:
            raise DocumentError("a document has no id", name, "give each its own")
        document = from_text(row["text"] or "", id=row["id"], date=row.get("date"), metadata=metadata, **texts)
    except DocumentError as error:
        return {**failed(Failure(row.get("source") or name, error)), "id": row["id"] or None}
    return _given(document, date)


def _given(document: Document, date: str | None) -> Row:
    """A document as a row; lone surrogates become U+FFFD, as on one machine."""
    fields: Row = {
        name: SURROGATES.sub("\ufffd", getattr(document, name)) for name in ("id", "text", "title", "source")
    }
    whole = replace(document, **fields, date=document.date or date)
    told = to_json(Extraction(whole, (), ()))
    return {"id": whole.id, "source": whole.source, "hash": content_hash(whole), "document": told}


def failed(failure: Failure) -> Row:
    """A failure as a row."""
    parts = dict(zip(FAILURE, map(str, failure.reason.args), strict=True))
    return {"id": failure.document or None, "source": failure.source, **parts}


def failure_of(row: Any) -> Failure:
    """The failure that a row tells of."""
    return Failure(row["source"], DocumentError(row["what"], row["where"], row["mend"]), row["id"] or "")
