"""What a reader finds in a file before it is a document."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from graphwright.errors import DocumentError


@dataclass(frozen=True, slots=True)
class Record:
    """A text and what its file says about it, as written there.

    ``fields`` may hold "id", "title", "date" and "source"; every further key is metadata. ``number`` is the line, row
    or record of the file (from 1) where a file holds several, else None; ``unit`` says which of them.
    """

    text: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    number: int | None = None
    unit: str = "line"


@dataclass(frozen=True, slots=True)
class Part:
    """A file within a file: a member of an archive, an attachment, or ("") what a compressed file holds.

    ``name`` is its path as written there, which nobody has checked. ``stream`` can be read until the next is asked for.
    ``packed`` tells that the stream may be longer than what it was packed in.
    """

    stream: BinaryIO
    name: str = ""
    packed: bool = False


Reader = Callable[[BinaryIO, str], Iterator[Record | Part | DocumentError]]
"""Reads what an open file, named in words by the second argument, holds: texts, and files for other readers.

It yields a DocumentError for a record that is broken where later ones can still be read, and raises it where not.
"""

NAMES = '"text", and may have "id", "title", "date", "source" and others'
"""What the columns of a table and the keys of JSON are called."""
