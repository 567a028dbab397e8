"""JSON: one document per line, or one object or list of objects per file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, BinaryIO

from graphwright.documents import decoding
from graphwright.documents.lines import lines, mended
from graphwright.documents.record import Record
from graphwright.errors import DocumentError

_MEND = 'write one JSON object per line: {"id": …, "text": …, "title": …, "date": …, "source": …}'


def read_json_lines(stream: BinaryIO, where: str) -> Iterator[Record | DocumentError]:
    """Yield a record for each line, or the reason why a line is none; the file is never held whole."""
    for number, line in lines(stream):
        place = f"{where} line {number}"
        try:
            if line is None:
                raise DocumentError(f"the line is longer than {decoding.LIMIT:,} characters", place, "split its text")
            if line.strip():
                yield _record(_parse(line.strip(), place), place, number)
        except DocumentError as error:
            yield error


def read_json(stream: BinaryIO, where: str) -> Iterator[Record | DocumentError]:
    """Yield the records of a JSON file: an object, or a list of objects. Raises DocumentError."""
    value = _parse(decoding.decode(decoding.read_all(stream, where), where), where)
    if not isinstance(value, list):
        yield _record(value, where, None)
        return
    for number, item in enumerate(value, start=1):
        try:
            yield _record(item, f"{where} item {number}", number, "item")
        except DocumentError as error:
            yield error


def _parse(text: str, where: str) -> Any:
    try:
        return json.loads(mended(text, where))
    except json.JSONDecodeError as error:
        place = f"{where} column {error.colno}" if error.lineno == 1 else f"{where} line {error.lineno}"
        raise DocumentError(f"this is not JSON: {error.msg}", place, _MEND) from None
    except (ValueError, RecursionError) as error:
        raise DocumentError(f"this is not JSON that can be read: {error}", where, _MEND) from None


def _record(value: Any, where: str, number: int | None, unit: str = "line") -> Record:
    if not isinstance(value, dict):
        raise DocumentError("this is JSON, but not an object", where, _MEND)
    text = value.pop("text", None)
    if not isinstance(text, str):
        raise DocumentError('the object has no "text" that is a string', where, _MEND)
    return Record(text, value, number, unit)
