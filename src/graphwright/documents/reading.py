"""The way from sources to documents: find the files, choose a reader, name and date what it finds."""

from __future__ import annotations

import os
import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from typing import Any, BinaryIO, cast

from graphwright.documents.dates import normalise
from graphwright.documents.decoding import clean
from graphwright.documents.html import read_html
from graphwright.documents.jsonlines import read_json, read_json_lines
from graphwright.documents.markdown import read_markdown
from graphwright.documents.plain import read_plain
from graphwright.documents.record import Reader, Record
from graphwright.errors import DocumentError
from graphwright.model import Document

_READERS: Mapping[str, Reader] = {
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".html": read_html,
    ".htm": read_html,
    ".xhtml": read_html,
    ".jsonl": read_json_lines,
    ".ndjson": read_json_lines,
    ".json": read_json,
}
_PLAIN = (".txt", ".text")
_HEAD = 4096  # bytes that are looked at to tell a format
_PAGE = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)?<(?:!doctype\s+html|html|head|body)\b", re.I | re.S
)
_OBJECT = re.compile(rb"(?:\xef\xbb\xbf)?\s*\{\s*\"")


@dataclass(frozen=True, slots=True)
class Failure:
    """A source, file or line that gave no document. ``source`` names it; ``reason`` says why and how to mend it.

    ``document`` is the id of a document that was read well, but of which no facts could be read; else "".
    """

    source: str
    reason: DocumentError
    document: str = ""


@dataclass(frozen=True, slots=True)
class _File:
    """A file to read. ``name`` becomes the id of its document; ``path`` is None for standard input."""

    path: Path | None
    name: str
    found: bool = False  # by walking a folder, so that it may be skipped in silence

    @property
    def label(self) -> str:
        return "standard input" if self.path is None else _printable(self.path)


def read(
    sources: Iterable[str | Path], *, date: str | None = None, stdin: BinaryIO | None = None
) -> Iterator[Document | Failure]:
    """Yield the documents of files, folders and standard input ("-"), in the order given, one at a time.

    A folder is walked in the order of the names in it; hidden files and files that are not text are left out. Plain
    text, Markdown, HTML and JSON Lines are told by name and content. ``date`` (ISO 8601) is given to documents
    without one; raises DocumentError at once if it is no date. ``stdin`` replaces standard input. What cannot be read
    is a Failure in its place; nothing is raised for it.

    Ids are the documents' own ("id" in front matter or JSON), else the path below the source without its suffix;
    the second document with the same id gets "-2".
    """
    default = normalise(date) if date is not None else None
    if date is not None and default is None:
        raise DocumentError(
            f"{date!r} is not a date", "the date given to read", "write it as 2016-06-14, 2016-06 or 2016"
        )
    return _read(sources, default, stdin)


def from_text(
    text: str,
    *,
    id: str = "text",
    title: str = "",
    date: str | None = None,
    source: str = "",
    metadata: Mapping[str, Any] | None = None,
) -> Document:
    """Return a text as a document, normalised like one from a file. Raises DocumentError if it is empty or binary.

    >>> from_text("Ada met Charles.", date="5 June 1833").date
    '1833-06-05'
    """
    fields = {**(metadata or {}), "id": id, "title": title, "date": date, "source": source}
    return _document(Record(text, fields), id, source, None)


def _read(sources: Iterable[str | Path], date: str | None, stdin: BinaryIO | None) -> Iterator[Document | Failure]:
    used: dict[str, int] = {}
    for source in sources:
        for file in _files(source):
            if isinstance(file, Failure):
                yield file
                continue
            for found in _documents(file, date, stdin):
                yield _unique(found, used) if isinstance(found, Document) else found


def _files(source: str | Path) -> Iterator[_File | Failure]:
    """Find the files of one source as the user gave it."""
    path = Path(source)
    if str(source) == "-":
        yield _File(None, "standard-input")
    elif path.is_dir():
        yield from _walk(path, path)
    elif path.exists():
        yield _File(path, path.stem)
    else:
        yield _failure(path, "there is no such file or folder", "check the path")


def _walk(folder: Path, root: Path) -> Iterator[_File | Failure]:
    try:
        with os.scandir(folder) as entries:
            found = sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        yield _failure(folder, f"the folder cannot be read: {error.strerror}", "check its permissions")
        return
    for entry in found:
        path = Path(entry.path)
        if entry.name.startswith("."):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(path, root)
        elif path.is_file():
            yield _File(path, path.relative_to(root).with_suffix("").as_posix(), found=True)


def _documents(file: _File, date: str | None, stdin: BinaryIO | None) -> Iterator[Document | Failure]:
    label = file.label
    try:
        with _opened(file, stdin) as stream:
            reader = _reader(file, stream.peek(_HEAD)[:_HEAD])
            for record in reader(stream, label) if reader else ():
                if isinstance(record, DocumentError):
                    yield Failure(str(record.args[1]), record)
                else:
                    yield _attempt(record, file.name, label, date)
    except DocumentError as error:
        yield Failure(label, error)
    except (OSError, ValueError, RecursionError) as error:  # ValueError: a closed stream; RecursionError: deep nesting
        reason = getattr(error, "strerror", None) or error
        yield Failure(label, DocumentError(f"it cannot be read: {reason}", label, "check the path and its permissions"))


@contextmanager
def _opened(file: _File, stdin: BinaryIO | None) -> Iterator[BufferedReader[Any]]:
    if file.path is not None:
        with file.path.open("rb") as stream:
            yield stream
        return
    # BufferedReader asks for a raw stream in its types, yet takes any that is readable; and it can look ahead.
    buffered = BufferedReader(cast(Any, stdin if stdin is not None else sys.stdin.buffer))
    try:
        yield buffered
    finally:
        buffered.detach()


def _reader(file: _File, head: bytes) -> Reader | None:
    """Choose by name, else by content; None for a file in a folder that is not text."""
    suffix = file.path.suffix.lower() if file.path else ""
    if suffix in _READERS:
        return _READERS[suffix]
    if _PAGE.match(head):
        return read_html
    if suffix in _PLAIN:
        return read_plain
    if _OBJECT.match(head):
        return read_json_lines
    return None if file.found and b"\0" in head else read_plain


def _attempt(record: Record, name: str, label: str, date: str | None) -> Document | Failure:
    if record.line is not None:
        name, label = f"{name}-{record.line}", f"{label} line {record.line}"
    try:
        return _document(record, name, label, date)
    except DocumentError as error:
        return Failure(label, error)


def _document(record: Record, name: str, label: str, date: str | None) -> Document:
    """Make a document of a record; what its fields do not say is taken from the arguments. Raises DocumentError."""
    fields = {key: value for key, value in record.fields.items() if value not in (None, "")}
    text = clean(record.text, label)
    own_id, title, source = (_line(fields.pop(key, "")) for key in ("id", "title", "source"))
    if "date" in fields:
        date = normalise(fields["date"])
        if date is not None:
            del fields["date"]
    return Document(own_id or _safe(name), text, title, date, source or label, fields)


def _unique(document: Document, used: dict[str, int]) -> Document:
    """Number the documents after the first with the same id."""
    name = document.id
    while name in used:
        used[document.id] += 1
        name = f"{document.id}-{used[document.id]}"
    used[name] = 1
    if name == document.id:
        return document
    return Document(name, document.text, document.title, document.date, document.source, document.metadata)


def _safe(name: str) -> str:
    """Return a path as an id: letters and digits of any script, "-", "_", "." and "/"."""
    return re.sub(r"[^\w./-]+", "-", unicodedata.normalize("NFC", name)).strip("-./") or "document"


def _line(value: object) -> str:
    return unicodedata.normalize("NFC", " ".join(_printable(value).split()))


def _printable(value: object) -> str:
    """Return a name as text that every encoding of Unicode can hold; file names may have bytes that are none."""
    return str(value).encode("utf-8", "replace_surrogates").decode("utf-8")


def _failure(path: Path, what: str, mend: str) -> Failure:
    label = _printable(path)
    return Failure(label, DocumentError(what, label, mend))
