"""Parquet: a document per row, in batches."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from graphwright.documents.expansion import seekable
from graphwright.documents.record import NAMES, Record
from graphwright.errors import DocumentError
from graphwright.optional import needed

_ROWS = 256  # the most that a batch has
_BATCH = 256_000_000  # bytes that a batch may have at worst


def read_parquet(stream: BinaryIO, where: str) -> Iterator[Record | DocumentError]:
    """Yield a record for each row; the file is never held whole. The columns have the names of the keys of JSON Lines.

    A row without a text, or with a value that is none, is a DocumentError. Raises DocumentError where the file is
    broken or has no column of texts.
    """
    arrow = needed("pyarrow", "parquet", DocumentError, where)
    parquet = needed("pyarrow.parquet", "parquet", DocumentError, where)
    try:
        file = parquet.ParquetFile(seekable(stream, where), pre_buffer=False, buffer_size=1 << 20)
        _check_columns(file.schema_arrow, arrow.types, where)
        number = 0
        for batch in file.iter_batches(batch_size=_batch_size(file.metadata), use_threads=False):
            columns = dict(zip(batch.schema.names, batch.columns, strict=True))
            for row in range(batch.num_rows):
                number += 1
                place = f"{where} row {number}"
                try:
                    values = {name: _plain(column[row].as_py()) for name, column in columns.items()}
                except (arrow.ArrowException, ValueError, OverflowError) as error:  # no UTF-8; the year 5,881,580
                    yield DocumentError(f"the row has a value that cannot be read: {error}", place, "mend it")
                    continue
                text = values.pop("text")
                if isinstance(text, str):
                    yield Record(text, values, number, "row")
                else:
                    yield DocumentError("the row has no text", place, "leave it out")
    except (arrow.ArrowException, OSError, ValueError, KeyError) as error:
        raise DocumentError(f"the Parquet file cannot be read: {error}", where, "write it anew") from None


def _check_columns(schema: Any, types: Any, where: str) -> None:
    """Raise DocumentError unless there is a column of texts."""
    kinds = {field.name: field.type for field in schema}
    kind = kinds.get("text")
    if kind is not None and types.is_dictionary(kind):
        kind = kind.value_type
    if kind is None or not (types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind)):
        found = ", ".join(f"{name} ({kind})" for name, kind in kinds.items())
        raise DocumentError(
            f'there is no column "text" of strings; the columns are: {found}', where, f"the columns must have {NAMES}"
        )


def _batch_size(metadata: Any) -> int:
    """How many rows are read at once. A value that is written once may stand in every row, so the worst batch has as
    many times the largest piece of a column as it has rows."""
    pieces = (
        metadata.row_group(group).column(column).total_uncompressed_size
        for group in range(metadata.num_row_groups)
        for column in range(metadata.num_columns)
    )
    return int(min(_ROWS, max(1, _BATCH // max(1, *pieces, 1))))


def _plain(value: Any) -> Any:
    """Return a value as JSON would have it; times, decimals and bytes as text."""
    if isinstance(value, dict):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if value is None or isinstance(value, str | bool | int | float):
        return value
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
