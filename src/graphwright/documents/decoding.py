"""Bytes become characters, or a reason why they cannot."""

from __future__ import annotations

import codecs
import re
import sys
import unicodedata
from functools import cache
from typing import BinaryIO

from charset_normalizer import from_bytes

from graphwright.errors import DocumentError

LIMIT = 100_000_000
"""The most bytes that one document may have."""

# UTF-32 comes before UTF-16, whose little-endian mark its own begins with.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BINARY = (
    (b"%PDF-", "a PDF file"),
    (b"\x89PNG\r\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"PK\x03\x04", "a ZIP archive or office document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"{\\rtf", "an RTF document"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")  # Unicode Cc, without white space
_CONTROLS = 0.05  # share of control characters from which on a text counts as binary; prose has next to none
_SAMPLE = 65_536
_DETECTED = 1_000_000  # bytes that are enough to tell an encoding
_RUN = re.compile("[\u0300-\U0010ffff]{31}")


def read_all(stream: BinaryIO, where: str, limit: int | None = None) -> bytes:
    """Return all bytes of a stream that holds one document. Raises DocumentError for more than ``limit`` bytes, by
    default ``LIMIT``."""
    limit = LIMIT if limit is None else min(limit, LIMIT)
    data = stream.read(limit + 1)
    if len(data) > limit:
        raise DocumentError(
            f"the document is larger than {limit:,} bytes",
            where,
            "split it, or pass JSON Lines with a document per line",
        )
    return data


def byte_order_mark(head: bytes) -> str | None:
    """Return the encoding that the mark at the start of a file names, if there is one."""
    return next((encoding for mark, encoding in _MARKS if head.startswith(mark)), None)


def decode(data: bytes, where: str, declared: str | None = None) -> str:
    """Return the characters of a text in whatever encoding it is.

    In this order: the byte order mark, UTF-8, UTF-16 without a mark, the ``declared`` encoding (of a web page), and
    what charset-normalizer finds. Raises DocumentError for binary data and where no encoding fits.
    """
    for magic, name in _BINARY:
        if data.startswith(magic):
            raise _binary(name, where)
    encoding = byte_order_mark(data) or _utf16_by_its_zeros(data)
    if encoding is None and b"\0" in data[:_SAMPLE]:
        raise _binary("binary data", where)
    for candidate in (encoding, "utf-8", declared):
        text = _try(data, candidate) if candidate else None
        if text is not None:
            return _prose(text, where)
    best = from_bytes(data[:_DETECTED]).best()
    if best is None:
        raise DocumentError("the text is in no known encoding", where, "save it as UTF-8")
    return _prose(data.decode(best.encoding, "replace"), where)


def clean(text: str, where: str) -> str:
    """Return a text in Unicode normal form C with line feeds as line ends, otherwise as it was.

    Half surrogate pairs, which no file can hold, become U+FFFD. Raises DocumentError for empty and for binary text.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = composed(text.encode("utf-8", "replace_surrogates").decode("utf-8"))
    if not text.strip():
        raise DocumentError("the document has no text", where, "leave it out, or check how it was made")
    return _prose(text, where)


def composed(text: str) -> str:
    """Return a text in Unicode normal form C, with no more than 30 combining marks on a letter.

    Marks are put in order by a sort that takes the square of their number, so longer runs of them are broken by U+034F,
    as the Stream-Safe Text Format does (Unicode Standard Annex #15, section 13).
    """
    if _RUN.search(text):  # a quick look, for most texts have no such run of any letters
        text = _marks().sub("\\g<0>\u034f", text)
    return unicodedata.normalize("NFC", text)


@cache
def _marks() -> re.Pattern[str]:
    """Match 30 combining marks that another follows."""
    marks = "".join(mark for mark in map(chr, range(sys.maxunicode + 1)) if unicodedata.combining(mark))
    return re.compile(f"[{marks}]{{30}}(?=[{marks}])")


def _replace_surrogates(error: UnicodeError) -> tuple[str | bytes, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "\ufffd".encode() * (error.end - error.start), error.end


codecs.register_error("replace_surrogates", _replace_surrogates)


def _try(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeError, LookupError):
        return None


def _utf16_by_its_zeros(data: bytes) -> str | None:
    """Tell UTF-16 without a mark by the zeros in every other byte, which Latin letters have there."""
    sample = data[:_SAMPLE]
    high, low = sample[::2].count(0), sample[1::2].count(0)
    if len(sample) < 4 or max(high, low) < 0.4 * len(sample) / 2 or min(high, low) > 0.01 * len(sample):
        return None
    return "utf-16-le" if low > high else "utf-16-be"


def _prose(text: str, where: str) -> str:
    """Return a text as it is. Raises DocumentError if it has zeros or too many control characters."""
    sample = text[:_SAMPLE]
    if "\0" in text or len(_CONTROL.findall(sample)) > _CONTROLS * len(sample):
        raise _binary("binary data", where)
    return text


def _binary(name: str, where: str) -> DocumentError:
    return DocumentError(f"this is {name}, not text", where, "convert it to plain text, Markdown, HTML or JSON Lines")
