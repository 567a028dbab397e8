"""Makes the hostile documents beside it: `python tests/data/hostile/make.py`. The README tells what each is."""

from __future__ import annotations

import gzip
import io
import struct
import sys
import tarfile
import zipfile
import zlib
from itertools import pairwise
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1]))

from formats import PAGE, TALKS, crawled, json_lines, parquet, pdf, tar, word, zipped  # noqa: E402

TEXT = TALKS.encode()
ENTITIES = '<!DOCTYPE x [<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {new} "{f"&{old};" * 10}">' for old, new in zip("abcdefghijkl", "bcdefghijklm", strict=True)
)
OUTSIDE = '<!DOCTYPE x [<!ENTITY m SYSTEM "file:///etc/passwd"><!ENTITY n SYSTEM "http://127.0.0.1:9/x">'


def with_main_part(start: str, text: str) -> bytes:
    """A Word document whose main part has a document type of its own."""
    with zipfile.ZipFile(io.BytesIO(word("HERE"))) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    main = parts["word/document.xml"].decode().replace("HERE", text)
    declaration, _, body = main.partition("?>")
    return zipped({**parts, "word/document.xml": f"{declaration}?>{start}]>{body}".encode()})


def page_loop() -> bytes:
    """A PDF file whose pages are their own parents and children, with contents that draw themselves."""
    return (
        b"%PDF-1.7\n1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj\n"
        b"2 0 obj << /Type /Pages /Kids [2 0 R 3 0 R] /Count 1000000000 /Parent 2 0 R >> endobj\n"
        b"3 0 obj << /Type /Page /Parent 3 0 R /MediaBox [0 0 9 9] /Contents 4 0 R"
        b" /Resources << /XObject << /X 4 0 R >> >> >> endobj\n"
        b"4 0 obj << /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 4 0 R >> >>"
        b" /Length 5 >> stream\n/X Do\nendstream endobj\ntrailer << /Root 1 0 R /Prev 9 >>\n%%EOF"
    )


def locked_pdf() -> bytes:
    """A PDF file with a password that nobody knows."""
    key = b"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <%b> /U <%b> >> /ID [<00> <00>] " % (
        b"11" * 32,
        b"22" * 32,
    )
    return pdf(TALKS, more=key)


def encrypted_zip() -> bytes:
    """A ZIP archive of which one member says that it is encrypted."""
    data = bytearray(zipped({"open.txt": TEXT, "locked.txt": TEXT, "last.txt": TEXT}))
    at = data.index(b"PK\x01\x02", data.index(b"PK\x01\x02") + 1)
    data[at + 8] |= 1
    return bytes(data)


def overlapping_zip(copies: int, size: int) -> bytes:
    """A ZIP archive with many members that are one and the same piece of it."""
    pack = zlib.compressobj(9, zlib.DEFLATED, -15)
    content = b"word " * (size // 5)
    packed = pack.compress(content) + pack.flush()
    fields = (20, 0, 8, 0, 33, zlib.crc32(content), len(packed), len(content), 5, 0)
    data = b"PK\x03\x04" + struct.pack("<5H3L2H", *fields) + b"a.txt" + packed
    member = b"PK\x01\x02" + struct.pack("<6H3L5H2L", 20, *fields, 0, 0, 0, 0, 0) + b"a.txt"
    end = struct.pack("<4H2LH", 0, 0, copies, copies, len(member) * copies, len(data), 0)
    return data + member * copies + b"PK\x05\x06" + end


def traversal() -> dict[str, bytes]:
    """Members that would be written elsewhere, if they were written."""
    names = (
        "../../up.txt",
        "/etc/absolute.txt",
        "..\\..\\windows.txt",
        "C:\\drive.txt",
        "a/../../b.txt",
        "\x1b[2Jred\n.txt",
    )
    return dict.fromkeys(names, TEXT)


def claiming_tar(kind: bytes) -> bytes:
    """A tar archive with a member that says it is a terabyte long."""
    member = tarfile.TarInfo("././@PaxHeader")
    member.type, member.size = kind, 8**11 - 1
    return tar({"first.txt": TEXT})[:1024] + member.tobuf(tarfile.GNU_FORMAT) + b"11 path=a\n".ljust(512, b"\0")


def sparse_tar() -> bytes:
    """A tar archive with a member that has nothing but a hole of 68 gigabytes."""
    block = bytearray(tarfile.TarInfo("hole.txt").tobuf(tarfile.GNU_FORMAT))
    block[156:157] = tarfile.GNUTYPE_SPARSE
    block[386:410] = b"%011o\0%011o\0" % (8**11 - 1, 0)
    block[483:495] = b"%011o\0" % (8**11 - 1)
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block)
    return bytes(block) + tar({"a.txt": TEXT})


def deep_mail(depth: int, *, close: bool) -> bytes:
    """A mail whose parts are in parts, with one boundary for all of them where they are not closed."""
    mark = (lambda n: str(n)) if close else (lambda n: "same")
    head = "".join(f'Content-Type: multipart/mixed; boundary="{mark(n)}"\n\n--{mark(n)}\n' for n in range(depth))
    tail = "".join(f"\n--{mark(n)}--\n" for n in reversed(range(depth))) if close else ""
    return f"MIME-Version: 1.0\nSubject: deep\n{head}Content-Type: text/plain\n\n{TALKS}\n{tail}".encode()


def documents() -> dict[str, bytes]:
    """The hostile documents, by name."""
    lines = json_lines(*({"text": f"Text {number}."} for number in range(2000)))
    aliases = "".join(f"{new}: &{new} [*{old}, *{old}]\n" for old, new in pairwise("abcdefghijk"))
    page = crawled("http://example.org/a", PAGE)
    nested = {"a.txt": TEXT}
    for number in range(12):
        nested = {f"{number}.zip": zipped(nested)}
    return {
        "all-bytes.txt": bytes(range(256)) * 4,
        "invalid-utf8.txt": b"The ministers met in \xc0\xaf\xed\xa0\x80\xf8\x88\x80\x80\x80 Szeged\xff on Tuesday.",
        "half-a-pair.jsonl": rb'{"id": "\ud800", "title": "\udfff", "text": "The \ud83d ministers met."}',
        "turned.txt": "\u202eThe \u2066ministers\u2069 met\u202c in \u2067Szeged\u061c on \u200fTuesday.".encode(),
        "unseen.txt": "T\u200bh\u200ce min\u00adist\u2060ers\ufeff met\u180e in Sze\u034fged\U000e0041.".encode(),
        "marks.txt": ("The e" + "\u0316\u0301" * 5000 + " met.").encode(),
        "emoji.txt": ("👩🏽‍🚀" * 50 + " met 🏴󠁧󠁢󠁳󠁣󠁴󠁿 in 🇭🇺🇭" + "\ufe0f" * 40 + ".").encode(),
        "laughs.md": f"---\na: &a [x]\n{aliases}---\nText.\n".encode(),
        "laughs.xhtml": f"{ENTITIES}]><html><body><p>{TALKS} &m;</p></body></html>".encode(),
        "outside.xhtml": f"{OUTSIDE}]><html><body><p>{TALKS} &m; &n;</p></body></html>".encode(),
        "laughs.docx": with_main_part(ENTITIES, f"{TALKS} &m;"),
        "outside.docx": with_main_part(OUTSIDE, f"{TALKS} &m; &n;"),
        "loop.pdf": page_loop(),
        "locked.pdf": locked_pdf(),
        "broken.pdf": pdf(TALKS).replace(b" 00000 n", b"1 00000 n").replace(b"startxref\n", b"startxref\n99"),
        "cut.pdf": pdf(TALKS)[:300],
        "cut.parquet": parquet({"text": [TALKS] * 10})[:-20],
        "wrong.parquet": parquet({"text": [TALKS] * 10}).replace(b"ministers", b"\xff\xfe" * 4 + b"\xff", 1),
        "quote.csv": b'id,text\n1,One.\n2,"Two\n3,Three.\n4,Four.\n',
        "rows.csv": b"id,text\n1,One.\n2,Two, and, more\n" + b"x," * 5000 + b"\n4,Four.\n5," + b'"' * 1001 + b"\n",
        "lengths.warc": page + crawled("http://example.org/b", PAGE, length=10**15),
        "short.warc": page + crawled("http://example.org/b", PAGE, length=20) + b"x" * 99,
        "cut.jsonl.gz": gzip.compress(lines, mtime=0)[:-100],
        "wrong.jsonl.gz": gzip.compress(lines, mtime=0)[:-8] + b"\0" * 8,
        "cut.tar": tar({"first.txt": TEXT, "second.txt": TEXT * 100})[:2000],
        "cut.zip": zipped({"first.txt": TEXT})[:-30],
        "encrypted.zip": encrypted_zip(),
        "overlapping.zip": overlapping_zip(2000, 1_000_000),
        "nested.zip": zipped(nested),
        "traversal.tar": tar(traversal()),
        "traversal.zip": zipped(traversal()),
        "header.tar": claiming_tar(tarfile.XHDTYPE),
        "name.tar": claiming_tar(tarfile.GNUTYPE_LONGNAME),
        "sparse.tar": sparse_tar(),
        "deep.eml": deep_mail(200, close=True),
        "circular.eml": deep_mail(50, close=False),
        "headers.eml": b"Subject: %b\nFrom: %b\nDate: never\n\n%b" % (b"=?utf-8?q?=41?= " * 800, b"(" * 9000, TEXT),
        "charset.eml": b'MIME-Version: 1.0\nContent-Type: text/plain; charset="no-such"; x*0*=a\n'
        b"Content-Transfer-Encoding: base64\n\nnot base64 at all!",
    }  # fmt: skip


if __name__ == "__main__":
    for name, content in documents().items():
        (HERE / name).write_bytes(content)
