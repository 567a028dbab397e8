"""What ends a parser of RDF instead of being refused by it: found before it is parsed."""

from __future__ import annotations

import mmap
import re
from pathlib import Path

from pyoxigraph import RdfFormat

_CHECKED = (RdfFormat.JSON_LD, RdfFormat.RDF_XML)
_JSON = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"|[\[\]{}]', re.DOTALL)
_DEEPEST = 200
_ENTITY = re.compile(rb"""<!ENTITY\s+[^"'>]*(?:"([^"]*)"|'([^']*)')""")
_LONGEST_ENTITY = 1_000  # bytes


def check_content(path: Path, format: RdfFormat) -> None:
    """Raise SyntaxError where the content of a file would end the parser of its format; see `check_bytes`."""
    if format in _CHECKED and path.stat().st_size:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            check_bytes(content, format)


def check_bytes(content: bytes | mmap.mmap, format: RdfFormat) -> None:
    """Raise SyntaxError for JSON-LD that is nested so deeply that its parser would run out of its stack, which ends the
    program; and for RDF/XML with entities that stand for much, which its parser would write out for ever.

    >>> check_bytes(b'[' * 300, RdfFormat.JSON_LD)
    Traceback (most recent call last):
        ...
    SyntaxError: brackets are nested more than 200 deep
    """
    if format == RdfFormat.JSON_LD:
        depth = 0
        for found in _JSON.finditer(content):
            depth += {b"{": 1, b"[": 1, b"}": -1, b"]": -1}.get(found[0], 0)
            if depth > _DEEPEST:
                raise SyntaxError(f"brackets are nested more than {_DEEPEST} deep")
    elif format == RdfFormat.RDF_XML:
        for found in _ENTITY.finditer(content):
            value = found[1] or found[2] or b""
            if len(value) > _LONGEST_ENTITY or b"&" in value:
                raise SyntaxError("an entity stands for other entities, or for more than the beginning of an IRI")
