"""Lines of text, one at a time, whatever the size of the file."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import suppress
from typing import BinaryIO

from graphwright.documents import decoding

_NOT_UTF8 = re.compile("[\udc80-\udcff]")  # what "surrogateescape" makes of other bytes


def lines(stream: BinaryIO) -> Iterator[tuple[int, str | None]]:
    """Yield number and text of each line, with its end; None stands for one longer than the limit of a document.

    Bytes that are no UTF-8 are kept as half surrogate pairs; see `mended`.
    """
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


def mended(text: str, where: str) -> str:
    """Return a text of `lines`, read in its own encoding where it is not in UTF-8. Raises DocumentError."""
    if _NOT_UTF8.search(text):
        return decoding.decode(text.encode("utf-8", "surrogateescape"), where)
    return text
