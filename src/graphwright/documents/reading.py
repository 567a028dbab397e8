"""The way from sources to documents: find the files, choose a reader, name and date what it finds."""

from __future__ import annotations

import os
import re
import stat
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from graphwright.documents.archives import read_tar, read_zip
from graphwright.documents.compression import SUFFIXES, read_bzip2, read_gzip, read_zstd
from graphwright.documents.dates import normalise
from graphwright.documents.decoding import clean, composed
from graphwright.documents.expansion import Allowance, Counted
from graphwright.documents.html import read_html
from graphwright.documents.jsonlines import read_json, read_json_lines
from graphwright.documents.mail import read_mail
from graphwright.documents.markdown import read_markdown
from graphwright.documents.parquet import read_parquet
from graphwright.documents.pdf import read_pdf
from graphwright.documents.plain import read_plain
from graphwright.documents.record import Part, Reader, Record
from graphwright.documents.table import delimiter, read_table
from graphwright.documents.warc import read_warc
from graphwright.documents.word import read_word
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
    ".csv": read_table,
    ".tsv": read_table,
    ".tab": read_table,
    ".parquet": read_parquet,
    ".pdf": read_pdf,
    ".docx": read_word,
    ".eml": read_mail,
    ".warc": read_warc,
    ".tar": read_tar,
    ".zip": read_zip,
}
_MAGIC: Sequence[tuple[re.Pattern[bytes], Reader]] = (
    (re.compile(rb"\x1f\x8b\x08"), read_gzip),
    (re.compile(rb"BZh[1-9](1AY&SY|\x17rE8P\x90)"), read_bzip2),
    (re.compile(rb"\x28\xb5\x2f\xfd|[\x50-\x5f]\x2a\x4d\x18"), read_zstd),
    (re.compile(rb"%PDF-"), read_pdf),
    (re.compile(rb"PAR1[^\n -~]"), read_parquet),
    (re.compile(rb"WARC/\d"), read_warc),
    (re.compile(rb".{257}ustar", re.DOTALL), read_tar),
)
"""How files begin that are no text. Such a file is what it is under any name."""
_ZIP = re.compile(rb"PK(\x03\x04|\x05\x06)")
_ZIPS = (".zip", ".docx", ".docm", "")  # in a folder, other ZIP files are programs, books, or tables
_PLAIN = (".txt", ".text")
_HEAD = 4096  # bytes that are looked at to tell a format
_PAGE = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)?<(?:!doctype\s+html|html|head|body)\b", re.I | re.S
)
_OBJECT = re.compile(rb"(?:\xef\xbb\xbf)?\s*\{\s*\"")
_OBJECTS = re.compile(  # a list of objects, or one on several lines
    rb"(?:\xef\xbb\xbf)?\s*(?:\[\s*\{\s*\"|\{(?=\s*\")(?:[^\n]*[^}\s])?[ \t\r]*\n)"
)
_MAIL = re.compile(rb"(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*?)*?(?:message-id|mime-version):", re.I)
_DEEPEST = 8  # files in files: a tar.gz counts for two, and a mail in it for three
_BUFFER = 65_536
_LONGEST_WORDS = 500  # characters of a message


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
    """A file to read, on the disk or within another file. Its document is named after ``name``, a path."""

    name: str
    label: str  # what it is called to people
    found: bool = False  # in a folder or archive, so that it may be skipped in silence
    depth: int = 0  # how many files it is in

    @property
    def suffix(self) -> str:
        return PurePosixPath(self.name).suffix.lower()

    @property
    def id(self) -> str:
        return self.name[: len(self.name) - len(self.suffix)]


@dataclass(slots=True)
class Meter:
    """How far sources are read, in bytes of their files: ``read`` of ``total``, which is None if unknown.

    ``done`` is for who reads ahead: what was dealt with.
    """

    total: int | None = None
    read: int = 0
    done: int = 0


def size(sources: Iterable[str | Path]) -> int | None:
    """Return the bytes of the files of sources, as far as they can be found; None where one is a pipe."""
    found = 0
    for source in sources:
        for file in _files(source):
            if isinstance(file, Failure):
                continue
            if file[0] is None or not file[0].is_file():
                return None
            found += file[0].stat().st_size
    return found


def read(
    sources: Iterable[str | Path],
    *,
    date: str | None = None,
    stdin: BinaryIO | None = None,
    meter: Meter | None = None,
) -> Iterator[Document | Failure]:
    """Yield the documents of files, folders and standard input ("-"), in the order given, one at a time.

    Read are plain text, Markdown, HTML, JSON Lines, JSON, CSV, Parquet, mails, PDF, Word documents and WARC files, also
    compressed (gzip, bzip2, Zstandard) and in archives (tar, ZIP); which of them a file is, name and content tell.
    A folder or archive is walked in the order of the names, or members, in it; hidden files and files that are not
    text are left out, and links in archives. Archives are never unpacked to the disk. What is held in memory is one
    document and a batch, whatever the size of the file; only Parquet, ZIP and office documents within other files are
    read into memory, and are no longer than a document may be.

    ``date`` (ISO 8601) is given to documents without one; raises DocumentError at once if it is no date. ``stdin``
    replaces standard input. ``meter`` is told how far the reading is. What cannot be read is a Failure in its place;
    nothing is raised for it.

    Ids are the documents' own ("id" in front matter, JSON and tables; the address of a page of a WARC file), else the
    path below the source without its suffix, which for a member of an archive begins with the archive's; the second
    document with the same id gets "-2".
    """
    default = normalise(date) if date is not None else None
    if date is not None and default is None:
        raise DocumentError(
            f"{date!r} is not a date", "the date given to read", "write it as 2016-06-14, 2016-06 or 2016"
        )
    return _read(sources, default, stdin, Meter() if meter is None else meter)


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


def _read(
    sources: Iterable[str | Path], date: str | None, stdin: BinaryIO | None, meter: Meter
) -> Iterator[Document | Failure]:
    used: dict[str, int] = {}
    for source in sources:
        for file in _files(source):
            if isinstance(file, Failure):
                yield file
                continue
            for found in _documents(*file, date, stdin, meter):
                yield _unique(found, used) if isinstance(found, Document) else found


def _files(source: str | Path) -> Iterator[tuple[Path | None, _File] | Failure]:
    """Find the files of one source as the user gave it; None stands for standard input."""
    path = Path(source)
    if str(source) == "-":
        yield None, _File("standard-input", "standard input")
        return
    try:
        is_folder, exists = path.is_dir(), path.exists()
    except OSError as error:  # a folder above it is closed, or it is a text and no path
        yield _failure(path, f"it cannot be read: {error.strerror}", "check the path; pass a text with from_text")
        return
    if is_folder:
        yield from _walk(path)
    elif exists:
        yield path, _File(path.name, _printable(path))
    else:
        yield _failure(path, "there is no such file or folder", "check the path")


def _walk(root: Path) -> Iterator[tuple[Path, _File] | Failure]:
    """Find the files of a folder and those in it, which may be more than Python can call itself."""
    waiting: list[Path | os.DirEntry[str]] = [root]
    while waiting:
        entry = waiting.pop()
        path = Path(entry)
        try:
            if isinstance(entry, Path) or entry.is_dir(follow_symlinks=False):
                with os.scandir(path) as entries:
                    seen = (one for one in entries if not one.name.startswith("."))
                    waiting += sorted(seen, key=lambda one: one.name, reverse=True)
            elif entry.is_file():
                yield path, _File(path.relative_to(root).as_posix(), _printable(path), found=True)
        except OSError as error:
            yield _failure(path, f"it cannot be read: {error.strerror}", "check its permissions")


def _documents(
    path: Path | None, file: _File, date: str | None, stdin: BinaryIO | None, meter: Meter
) -> Iterator[Document | Failure]:
    """Yield what a file on the disk, or standard input, holds."""
    before = meter.read
    try:
        with _opened(path, stdin) as (stream, size):
            for found in _contents(stream, file, date, Allowance(file.label, size)):
                if path is not None and not stream.closed and stream.seekable():
                    meter.read = max(meter.read, before + stream.tell())
                yield found
            meter.read = before + size()
    except (OSError, ValueError) as error:  # ValueError: a closed stream
        yield _broken(error, file.label)


def _contents(
    stream: BufferedReader[Any], file: _File, date: str | None, allowance: Allowance
) -> Iterator[Document | Failure]:
    """Yield the documents of an open file, and of the files in it."""
    try:
        reader = _reader(file, stream.peek(_HEAD)[:_HEAD])
        for found in reader(stream, file.label) if reader else ():
            if isinstance(found, DocumentError):
                yield _told(found, str(found.args[1]))
            elif isinstance(found, Record):
                yield _attempt(found, file.id, file.label, date)
            elif (part := _part(found, file)) is not None:
                spend = (allowance.spend,) if found.packed else ()
                yield from _contents(BufferedReader(Counted(found.stream, *spend), _BUFFER), part, date, allowance)
            if allowance.exhausted:
                return
    except DocumentError as error:
        yield _told(error, file.label)
    except Exception as error:  # whatever a library makes of a broken file: it must not end the run
        yield _broken(error, file.label)


def _part(part: Part, file: _File) -> _File | None:
    """Return a file within another, None for a hidden one. Its name may be a trap: it is no path of this machine.

    Raises DocumentError for what is too deep.
    """
    depth = file.depth + 1
    if depth > _DEEPEST:
        raise DocumentError(f"it is packed more than {_DEEPEST} times", file.label, "unpack it yourself")
    if not part.name:
        name = file.name
        if (rest := SUFFIXES.get(file.suffix)) is not None:
            name = file.id + rest
        return _File(name, file.label, file.found, depth)
    steps = [step for step in re.split(r"[/\\]+", _visible(part.name)) if step not in ("", ".", "..")]
    if not steps or any(step.startswith(".") for step in steps):
        return None
    name = "/".join(steps)
    return _File(f"{file.id}/{name}", f"{file.label}/{name}", True, depth)


def _told(error: DocumentError, source: str) -> Failure:
    """Return an error as a failure of few words; a file, or a library, may have put anything into it."""
    words = (_visible(" ".join(str(part).split())) for part in error.args)
    return Failure(
        _visible(source),
        DocumentError(*(text if len(text) <= _LONGEST_WORDS else f"{text[:_LONGEST_WORDS]} …" for text in words)),
    )


def _broken(error: Exception, label: str) -> Failure:
    if isinstance(error, EOFError):
        return Failure(label, DocumentError("it is cut off before its end", label, "get it again, whole"))
    if isinstance(error, OSError) and error.strerror:
        return Failure(
            label, DocumentError(f"it cannot be read: {error.strerror}", label, "check it and its permissions")
        )
    reason = str(error) or type(error).__name__
    return _told(DocumentError(f"it cannot be read: {reason}", label, "check how it was made"), label)


@contextmanager
def _opened(path: Path | None, stdin: BinaryIO | None) -> Iterator[tuple[BufferedReader[Any], Callable[[], int]]]:
    """Open a file, with a function that tells its size; that of a pipe is what was read of it so far."""
    if path is None:
        yield _piped(stdin if stdin is not None else sys.stdin.buffer)
        return
    with path.open("rb") as stream:
        found = os.fstat(stream.fileno())
        if stat.S_ISREG(found.st_mode):
            yield stream, lambda: found.st_size
        else:
            yield _piped(stream)


def _piped(stream: BinaryIO) -> tuple[BufferedReader[Any], Callable[[], int]]:
    counted = Counted(stream)
    return BufferedReader(counted), lambda: counted.count


def _reader(file: _File, head: bytes) -> Reader | None:
    """Choose by the bytes that tell a format, else by name, else by content; None for what is no text in a folder."""
    suffix = file.suffix
    for magic, reader in _MAGIC:
        if magic.match(head):
            return reader
    if _ZIP.match(head):
        return read_zip if suffix in _ZIPS or not file.found else None
    if suffix in _READERS:
        return _READERS[suffix]
    if _PAGE.match(head):
        return read_html
    if suffix in _PLAIN:
        return read_plain
    if _OBJECTS.match(head):
        return read_json
    if _OBJECT.match(head):
        return read_json_lines
    if _MAIL.match(head):
        return read_mail
    if _names_columns(head):
        return read_table
    return None if file.found and b"\0" in head else read_plain


def _names_columns(head: bytes) -> bool:
    """Whether a text begins with a line such as "id,text", which prose does not."""
    first = head.partition(b"\n")[0].decode("utf-8-sig", "replace").strip()
    return len(first) < 1000 and first != "text" and delimiter(first) is not None


def _attempt(record: Record, name: str, label: str, date: str | None) -> Document | Failure:
    if record.number is not None:
        name, label = f"{name}-{record.number}", f"{label} {record.unit} {record.number}"
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
    return re.sub(r"[^\w./-]+", "-", composed(name)).strip("-./") or "document"


def _visible(name: str) -> str:
    """Return a name without the controls that would play tricks on a terminal, and that an IRI cannot hold."""
    return re.sub(r"[\x00-\x1f\x7f-\x9f]", "\ufffd", _printable(name))


def _line(value: object) -> str:
    return composed(_visible(" ".join(str(value).split())))


def _printable(value: object) -> str:
    """Return a name as text that every encoding of Unicode can hold; file names may have bytes that are none."""
    return str(value).encode("utf-8", "replace_surrogates").decode("utf-8")


def _failure(path: Path, what: str, mend: str) -> Failure:
    label = _printable(path)
    return Failure(label, DocumentError(what, label, mend))
