"""Rows between Spark and Python: batches of Arrow on both sides, in pieces of bounded memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from itertools import groupby, islice
from typing import TYPE_CHECKING, Any, TypeVar

import pyarrow as pa
from pyspark.sql.pandas.types import from_arrow_schema

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

Row = dict[str, Any]
Batches = Iterable[pa.RecordBatch]
Rows = Iterable[Mapping[str, Any]]

TEXT, NUMBER, TRUTH, BYTES = pa.string(), pa.int64(), pa.bool_(), pa.binary()

CHUNK = 64
"""How many rows of ours are handed over at once: a row may hold all that is said of a document."""

_T = TypeVar("_T")


def table(**columns: pa.DataType) -> pa.Schema:
    """The schema of a table, by its columns."""
    return pa.schema(list(columns.items()))


def mapped(frame: DataFrame, function: Callable[..., Iterator[Row]], to: pa.Schema, *given: object) -> DataFrame:
    """The rows that a function of a module yields for the rows of each partition, which it gets one by one.

    ``given`` go before them. Everything is pickled by its name: workers import it from the installed package.
    """
    work = partial(_mapped, function, to, given)
    return frame.mapInArrow(work, from_arrow_schema(to))


def _mapped(
    function: Callable[..., Iterator[Row]], to: pa.Schema, given: tuple[object, ...], batches: Batches
) -> Iterator[pa.RecordBatch]:
    for piece in pieces(function(*given, _rows(batches)), CHUNK):
        yield pa.RecordBatch.from_pylist(piece, schema=to)


def _rows(batches: Batches) -> Iterator[Row]:
    for batch in batches:
        yield from batch.to_pylist()


def grouped(frame: DataFrame, key: str, partitions: int) -> DataFrame:
    """The rows with those of one key next to each other, in one partition. See `groups`."""
    return frame.repartition(partitions, key).sortWithinPartitions(key)


def groups(rows: Iterable[Row], key: str) -> Iterator[list[Row]]:
    """The rows of each key of a table that is `grouped`: a group at a time is in memory.

    Spark's own grouped maps hand over each group as a batch of its own, which takes longer than what is done with it.
    """
    for _, group in groupby(rows, key=lambda row: row[key]):
        yield list(group)


def pieces(rows: Iterable[_T], size: int) -> Iterator[list[_T]]:
    """The rows in lists of a size."""
    stream = iter(rows)
    while piece := list(islice(stream, size)):
        yield piece


@contextmanager
def in_small_batches(session: SparkSession) -> Iterator[None]:
    """Have Spark hand over few rows at once, and read tables row by row: a row may be a document of a million
    characters, or all that is said of it. The quads of 4,096 documents, which Spark would read at once, are a gigabyte.
    """
    wanted = {
        "spark.sql.execution.arrow.maxRecordsPerBatch": str(CHUNK),
        "spark.sql.parquet.enableVectorizedReader": "false",
    }
    before = {name: session.conf.get(name) for name in wanted}
    for name, value in wanted.items():
        session.conf.set(name, value)
    try:
        yield
    finally:
        for name, old in before.items():
            session.conf.set(name, str(old))


def made(session: SparkSession, rows: Iterable[Row], schema: pa.Schema) -> DataFrame:
    """A table of rows that the driver has."""
    return session.createDataFrame(pa.Table.from_pylist(list(rows), schema=schema))
