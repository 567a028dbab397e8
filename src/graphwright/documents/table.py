"""Tables as text (CSV, TSV): a document per row."""

from __future__ import annotations

import csv
import threading
from collections.abc import Iterator
from typing import Any, BinaryIO

from graphwright.documents import decoding
from graphwright.documents.lines import lines, mended
from graphwright.documents.record import NAMES, Record
from graphwright.errors import DocumentError

_LOCK = threading.Lock()
_DELIMITERS = (",", "\t", ";", "|")


def read_table(stream: BinaryIO, where: str) -> Iterator[Record | DocumentError]:
    """Yield a record for each row; the file is never held whole. The first row names the columns, as the keys of JSON
    Lines are named, and tells what is between them: a comma, tab, semicolon or bar.

    A row that is broken, or has no text, is a DocumentError. Raises DocumentError where there is no column of texts.
    """
    source = _Lines(stream, where)
    first = next(source, "")
    mark = delimiter(first)
    if mark is None:
        found = _cells(first, next((mark for mark in _DELIMITERS if mark in first), ","))
        listed = "".join(letter if letter.isprintable() else "\ufffd" for letter in ", ".join(found))
        raise DocumentError(
            f'there is no column "text"; the columns are: {listed or "none"}',
            f"{where} line 1",
            f"give the file a first line that names its columns: they must have {NAMES}",
        )
    names = _cells(first, mark)
    rows = csv.reader(source, delimiter=mark, skipinitialspace=True, strict=True)
    while True:
        number = source.number + 1
        place = f"{where} line {number}"
        try:
            row = _next(rows)
            if row is None:
                return
            if row:
                yield _record(names, row, place, number)
        except csv.Error as error:
            yield _broken(error, source, place)
        except DocumentError as error:
            yield error


def delimiter(first: str) -> str | None:
    """Return what stands between the columns that a first line names, None where it names no column of texts."""
    return next((mark for mark in _DELIMITERS if "text" in _cells(first, mark)), None)


class _Lines(Iterator[str]):
    """The lines of a file, for the csv module, which joins those of a row itself.

    A line that is no UTF-8 is read in an encoding of its own: a whole line tells more of it than a cell.
    """

    def __init__(self, stream: BinaryIO, where: str) -> None:
        self.lines = lines(stream)
        self.where = where
        self.number = 0  # of the line that was read last

    def __next__(self) -> str:
        self.number, line = next(self.lines)
        place = f"{self.where} line {self.number}"
        if line is None:
            raise DocumentError(f"the line is longer than {decoding.LIMIT:,} characters", place, "split its text")
        return mended(line, place)


def _next(rows: Any) -> list[str] | None:
    """Return the next row, None at the end. How long a field may be is one number for all of Python: it is ours only
    while we read."""
    with _LOCK:
        before = csv.field_size_limit(decoding.LIMIT)
        try:
            return next(rows, None)
        finally:
            csv.field_size_limit(before)


def _cells(line: str, mark: str) -> list[str]:
    try:
        return [cell.strip() for cell in next(csv.reader([line], delimiter=mark), [])]
    except csv.Error:
        return []


def _record(names: list[str], row: list[str], place: str, number: int) -> Record:
    if len(row) > len(names):
        what = f"the row has {len(row)} cells, and there are {len(names)} columns"
        raise DocumentError(what, place, 'put cells in quotes: "a, b"')
    fields: dict[str, Any] = {name: cell for name, cell in zip(names, row, strict=False) if name}
    return Record(fields.pop("text", ""), fields, number)


def _broken(error: csv.Error, source: _Lines, place: str) -> DocumentError:
    what = "a quote is opened and never closed" if "unexpected end" in str(error) else f"the row is broken: {error}"
    return DocumentError(what, place, 'double each quote within a quoted cell: "She said ""yes"""')
