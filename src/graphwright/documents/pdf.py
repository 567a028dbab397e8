"""PDF files, by PDFium."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from typing import Any, BinaryIO

from graphwright.documents import decoding
from graphwright.documents.record import Record
from graphwright.errors import DocumentError
from graphwright.optional import needed

_LOCK = threading.Lock()  # PDFium may be called by one thread at a time
_HYPHEN = re.compile("[\ufffe\u0002\u00ad]\\s*")  # how PDFium gives a hyphen at the end of a line
_CREATED = re.compile(r"(?:D:)?(\d{4})(\d{2})?(\d{2})?")


def read_pdf(stream: BinaryIO, where: str) -> Iterator[Record]:
    """Yield the one record of a PDF file: the text of its pages with an empty line between them, title, author, and
    when it was made (which need not be when it was published). Raises DocumentError, also for a scan without text.
    """
    pdfium = needed("pypdfium2", "documents", DocumentError, where)
    data = decoding.read_all(stream, where)
    with _LOCK:
        try:
            text, said = _contents(pdfium, data, where)
        except pdfium.PdfiumError as error:
            if "password" in str(error).lower():
                what, mend = "the PDF file is encrypted", "save it without its password"
            else:
                what, mend = f"the PDF file cannot be read: {error}", "print it to a new PDF file, or save its text"
            raise DocumentError(what, where, mend) from None
    if not text.strip():
        raise DocumentError("the PDF file has no text, only pictures", where, "make its text readable by OCR first")
    created = _CREATED.match(said.get("CreationDate", ""))
    fields: dict[str, Any] = {"title": said.get("Title", ""), "author": said.get("Author", "")}
    fields["created"] = "-".join(filter(None, created.groups())) if created else ""
    yield Record(text, {key: value for key, value in fields.items() if value.strip()})


def _contents(pdfium: Any, data: bytes, where: str) -> tuple[str, dict[str, str]]:
    """Return the text of a PDF file and what it says of itself."""
    pages, size = [], 0
    document = pdfium.PdfDocument(data)
    try:
        for index in range(len(document)):
            page = document[index]
            words = page.get_textpage()
            pages.append(_HYPHEN.sub("", words.get_text_bounded().replace("\r\n", "\n")).strip())
            words.close()
            page.close()
            size += len(pages[-1])
            if size > decoding.LIMIT:
                raise DocumentError(f"the PDF file has more than {decoding.LIMIT:,} characters", where, "split it")
        return "\n\n".join(filter(None, pages)), document.get_metadata_dict()
    finally:
        document.close()
