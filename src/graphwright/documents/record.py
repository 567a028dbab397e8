"""What a reader finds in a file before it is a document."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from graphwright.errors import DocumentError


@dataclass(frozen=True, slots=True)
class Record:
    """A text and what its file says about it, as written there.

    ``fields`` may hold "id", "title", "date" and "source"; every further key is metadata. ``line`` is the line of the
    file (from 1) where a file holds several records, else None.
    """

    text: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    line: int | None = None


Reader = Callable[[BinaryIO, str], Iterator[Record | DocumentError]]
"""Reads the records of an open file named in words by the second argument.

It yields a DocumentError for a record that is broken where later ones can still be read, and raises it where not.
"""
