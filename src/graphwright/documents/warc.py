"""WARC files: the pages of a crawl, by FastWARC."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from graphwright.documents import decoding
from graphwright.documents.html import LONGEST, page_record
from graphwright.documents.record import Record
from graphwright.errors import DocumentError
from graphwright.optional import needed

_PAGES = ("text/html", "application/xhtml+xml")
_SCHEME = re.compile(r"^\w+:/*")
_UNIT = "record"


def read_warc(stream: BinaryIO, where: str) -> Iterator[Record | DocumentError]:
    """Yield a record for each web page that was answered well (status 200), and for each text that was made of one.

    Other answers, pictures and requests are left out. A document is named after the address of its page, which is its
    source. "retrieved" in its metadata is when it was fetched, which is not its date: a page may be years old by then.
    Raises DocumentError where the file is broken; what is before that was yielded.
    """
    warc = needed("fastwarc.warc", "warc", DocumentError, where)
    kinds = warc.WarcRecordType
    wanted = kinds.response | kinds.resource | kinds.conversion
    number = 0
    try:
        for number, record in enumerate(warc.ArchiveIterator(_Forward(stream), wanted, auto_decode="all"), start=1):
            url = record.headers.get("WARC-Target-URI") or ""
            place = f"{where} {_UNIT} {number}"
            try:
                if _is_page(record, kinds, place):
                    yield _record(record, url, place)
            except DocumentError as error:
                yield error
    except DocumentError:
        raise
    except Exception as error:
        raise _broken(error, f"{where} after {_UNIT} {number}") from None
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # how an error in Rust that nobody foresaw comes out
            raise
        raise _broken(error, f"{where} after {_UNIT} {number}") from None


class _Forward:
    """A stream as FastWARC asks for it: it tells its position, and is never really moved."""

    def __init__(self, stream: BinaryIO) -> None:
        self.stream = stream
        self.position = 0

    def read(self, size: int = -1) -> bytes:
        data = self.stream.read(size)
        self.position += len(data)
        return data

    def tell(self) -> int:
        return self.position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self.position

    def close(self) -> None:
        pass


def _is_page(record: Any, kinds: Any, place: str) -> bool:
    """Whether a record has a text to read. Raises DocumentError for an answer that is cut off."""
    if record.record_type == kinds.response:
        if not record.is_http:
            if "application/http" in (record.headers.get("Content-Type") or ""):
                raise _broken("an answer without its end", place)
            return False
        return record.http_headers.status_code == 200 and _content_type(record.http_content_type) in _PAGES
    kind = _content_type(record.headers.get("Content-Type"))
    return kind in _PAGES or (kind == "text/plain" and record.record_type == kinds.conversion)


def _record(record: Any, url: str, place: str) -> Record:
    data = decoding.read_all(record.reader, place, LONGEST)
    fields: dict[str, Any] = {"source": url}
    if (scheme := _SCHEME.match(url)) is not None:
        fields["id"] = url[scheme.end() :]
    if record.headers.get("WARC-Date"):
        fields["retrieved"] = record.headers.get("WARC-Date")
    said = record.http_content_type if record.is_http else record.headers.get("Content-Type")
    if _content_type(said) not in _PAGES:
        return Record(decoding.decode(data, place), fields)
    page = page_record(data, place, record.http_charset if record.is_http else None)
    return Record(page.text, {**page.fields, **fields})


def _content_type(said: str | None) -> str:
    return (said or "").partition(";")[0].strip().lower()


def _broken(error: object, place: str) -> DocumentError:
    return DocumentError(f"the WARC file is broken: {error}", place, "fetch it again, or cut it before that record")
