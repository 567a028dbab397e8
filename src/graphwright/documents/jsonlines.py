"""JSON: one document per line, or one object or list of objects per file."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, BinaryIO

from graphwright.documents import decoding
from graphwright.documents.record import Record
from graphwright.errors import DocumentError

_NOT_UTF8 = re.compile("[\udc80-\udcff]")  # what "surrogateescape" makes of other bytes
_MEND = 'write one JSON object per line: {"id": …, "text": …, "title": …, "date": …, "source": …}'


def read_json_lines(stream: BinaryIO, where: str) -> Iterator[Record | DocumentError]:
    """Yield a record for each line, or the reason why a line is none; the file is never held whole."""
    for number, line in _lines(stream):
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
            yield _record(item, f"{where} item {number}", number)
        except DocumentError as error:
            yield error


def _lines(stream: BinaryIO) -> Iterator[tuple[int, str | None]]:
    """Yield number and text of each line; None stands for one longer than the limit."""
    head = stream.peek(4) if isinstance(stream, io.BufferedReader) else b""
    mark = decoding.byte_order_mark(head)
    if mark in ("utf-16", "utf-32"):
        text = io.TextIOWrapper(stream, encoding=mark, errors="replace", newline="\n")
    else:
        text = io.TextIOWrapper(stream, encoding="utf-8-sig", errors="surrogateescape", newline="\n")
    number, skipping = 1, False
    try:
        while line := text.readline(decoding.LIMIT):
            whole = line.endswith("\n") or len(line) < decoding.LIMIT
            if not skipping:
                yield number, line if whole else None
            number, skipping = number + whole, not whole
    finally:
        with suppress(ValueError):  # it is closed already when the documents after it are not wanted
            text.detach()


def _parse(text: str, where: str) -> Any:
    if _NOT_UTF8.search(text):
        text = decoding.decode(text.encode("utf-8", "surrogateescape"), where)
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        place = f"{where} column {error.colno}" if error.lineno == 1 else f"{where} line {error.lineno}"
        raise DocumentError(f"this is not JSON: {error.msg}", place, _MEND) from None
    except (ValueError, RecursionError) as error:
        raise DocumentError(f"this is not JSON that can be read: {error}", where, _MEND) from None


def _record(value: Any, where: str, line: int | None) -> Record:
    if not isinstance(value, dict):
        raise DocumentError("this is JSON, but not an object", where, _MEND)
    text = value.pop("text", None)
    if not isinstance(text, str):
        raise DocumentError('the object has no "text" that is a string', where, _MEND)
    return Record(text, value, line)
