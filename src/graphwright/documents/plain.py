"""Plain text: the file is the document."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from graphwright.documents.decoding import decode, read_all
from graphwright.documents.record import Record


def read_plain(stream: BinaryIO, where: str) -> Iterator[Record]:
    """Yield the one record of a plain text file. Raises DocumentError."""
    yield Record(decode(read_all(stream, where), where))
