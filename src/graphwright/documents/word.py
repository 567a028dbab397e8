"""Word documents (DOCX), by python-docx."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from typing import Any, BinaryIO

from lxml import etree  # type: ignore[import-untyped]

from graphwright.documents import decoding
from graphwright.documents.expansion import seekable
from graphwright.documents.record import Record
from graphwright.errors import DocumentError
from graphwright.optional import needed

MAIN_PART = "word/document.xml"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_BREAKS = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
_MEND = "save it again in Word or LibreOffice, or as plain text"


def read_word(stream: BinaryIO, where: str) -> Iterator[Record]:
    """Yield the one record of a Word document: its paragraphs, also those of tables and text boxes, with an empty line
    between them; title, author, and when it was made. Deleted text that Word keeps is left out. Raises DocumentError.
    """
    docx = needed("docx", "documents", DocumentError, where)
    stream = seekable(stream, where)
    _check_size(stream, where)
    try:
        document = docx.Document(stream)
        said = document.core_properties
        paragraphs = _paragraphs(document.element.body)
        fields: dict[str, Any] = {"title": said.title or _title(document), "author": said.author}
        fields["created"] = said.created.isoformat() if said.created else None
    except DocumentError:
        raise
    except Exception as error:  # python-docx says what is wrong by KeyError, ValueError, and errors of its own
        raise DocumentError(f"the Word document cannot be read: {error}", where, _MEND) from None
    yield Record("\n\n".join(paragraphs), {key: value for key, value in fields.items() if value})


def _check_size(stream: BinaryIO, where: str) -> None:
    """Raise DocumentError for a package that is none or would fill the memory: python-docx reads all parts at once."""
    try:
        with zipfile.ZipFile(stream) as package:
            size = sum(part.file_size for part in package.infolist())
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise DocumentError(f"the Word document cannot be read: {error}", where, _MEND) from None
    if size > decoding.LIMIT:
        raise DocumentError(
            f"the parts of the Word document have more than {decoding.LIMIT:,} bytes", where, "save its text alone"
        )
    stream.seek(0)


def _paragraphs(body: etree._Element) -> list[str]:
    """Return the texts of all paragraphs in the order in which they begin; one may stand in a box within another."""
    texts: list[list[str]] = []
    open_ones: list[list[str]] = []
    walk = etree.iterwalk(body, events=("start", "end"))
    for event, element in walk:
        if element.tag == f"{_W}p":
            if event == "start":
                open_ones.append([])
                texts.append(open_ones[-1])
            else:
                open_ones.pop()
        elif event == "start" and element.tag == _FALLBACK:  # what old programs are to show in place of what follows
            walk.skip_subtree()
        elif event == "start" and open_ones:
            if element.tag == f"{_W}t":
                open_ones[-1].append(element.text or "")
            else:
                open_ones[-1].append(_BREAKS.get(element.tag, ""))
    return list(filter(None, ("".join(text).strip() for text in texts)))


def _title(document: Any) -> str:
    """Return the first paragraph that has the style of a title, or ""."""
    titles = (one.text for one in document.paragraphs[:20] if one.style is not None and one.style.name == "Title")
    return str(next(titles, ""))
