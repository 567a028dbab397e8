"""Small valid files of every format that is read, as bytes, for tests to read and to break."""

from __future__ import annotations

import gzip
import io
import json
import sys
import tarfile
import zipfile
from collections.abc import Mapping
from email.message import EmailMessage

import docx
import pyarrow as pa
import pyarrow.parquet as pq

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

TALKS = "The ministers met in Szeged on Tuesday."
PAGE = b"<!DOCTYPE html><html><head><title>Talks</title></head><body><p>" + TALKS.encode() + b"</p></body></html>"


def tar(members: Mapping[str, bytes | tarfile.TarInfo]) -> bytes:
    """A tar archive; a member is its bytes, or a header of a link or device."""
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w") as archive:
        for name, content in members.items():
            if isinstance(content, tarfile.TarInfo):
                archive.addfile(content)
                continue
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return target.getvalue()


def zipped(members: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP archive."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return target.getvalue()


def json_lines(*records: object) -> bytes:
    """JSON Lines."""
    return b"".join(json.dumps(record).encode() + b"\n" for record in records)


def parquet(table: Mapping[str, object], **options: object) -> bytes:
    """A Parquet file of columns."""
    target = io.BytesIO()
    pq.write_table(pa.table(dict(table)), target, **options)  # type: ignore[arg-type]
    return target.getvalue()


def pdf(*pages: str, title: str = "", more: bytes = b"") -> bytes:
    """A PDF file whose pages have a line of text for each line, with a table of where its objects are."""
    count = len(pages)
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(count))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {count} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for number, page in enumerate(pages):
        lines = "".join(f"({line}) Tj 0 -14 Td " for line in page.split("\n"))
        drawn = f"BT /F1 12 Tf 72 700 Td {lines}ET".encode("latin-1")
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /Font << /F1 3 0 R >> >> "
            b"/Contents %d 0 R >>" % (5 + 2 * number)
        )
        objects.append(b"<< /Length %d >>\nstream\n%b\nendstream" % (len(drawn), drawn))
    objects.append(f"<< /Title ({title}) /Author (Ida Roe) /CreationDate (D:20160614100000+02'00') >>".encode())
    data, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(data))
        data += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    data += b"xref\n0 %d\n0000000000 65535 f \n%b" % (size, table)
    trailer = b"trailer\n<< /Size %d /Root 1 0 R /Info %d 0 R %b>>\n" % (size, len(objects), more)
    return data + trailer + b"startxref\n%d\n%%%%EOF" % data.index(b"xref\n")


def word(*paragraphs: str, title: str = "", table: tuple[str, ...] = ()) -> bytes:
    """A Word document: paragraphs, then a table of one row."""
    document = docx.Document()
    document.core_properties.title = title
    document.core_properties.author = "Ida Roe"
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    if table:
        row = document.add_table(rows=1, cols=len(table)).rows[0]
        for cell, text in zip(row.cells, table, strict=True):
            cell.text = text
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def edited(package: bytes, *pairs: str) -> bytes:
    """A Word document with pieces of its main part replaced, each by the one after it."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    main = members["word/document.xml"].decode()
    for old, new in zip(pairs[::2], pairs[1::2], strict=True):
        assert old in main
        main = main.replace(old, new)
    return zipped({**members, "word/document.xml": main.encode()})


def mail(body: str, *, html: str = "", attached: Mapping[str, bytes] | None = None, **headers: str) -> bytes:
    """A mail."""
    message = EmailMessage()
    for name, value in {"Subject": "Talks", "From": "Ida Roe <ida@example.org>", **headers}.items():
        message[name] = value
    message["Date"] = "Tue, 14 Jun 2016 10:00:00 +0200"
    if body or not html:
        message.set_content(body)
        if html:
            message.add_alternative(html, subtype="html")
    else:
        message.set_content(html, subtype="html")
    for name, content in (attached or {}).items():
        message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


def crawled(
    url: str,
    body: bytes,
    *,
    kind: str = "response",
    content_type: str = "text/html",
    status: str = "200 OK",
    header: bytes = b"",
    length: int | None = None,
) -> bytes:
    """A record of a WARC file; ``length`` is what it says of itself, by default the truth."""
    http = f"HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\n".encode() + header + b"\r\n"
    block = http + body if kind == "response" else body
    said = "application/http; msgtype=response" if kind == "response" else content_type
    return (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2020-01-02T03:04:05Z\r\n"
        f"WARC-Record-ID: <urn:uuid:12345678-1234-1234-1234-123456789012>\r\nContent-Type: {said}\r\n"
        f"Content-Length: {len(block) if length is None else length}\r\n\r\n"
    ).encode() + block + b"\r\n\r\n"  # fmt: skip


def every() -> dict[str, bytes]:
    """A small valid file of each format, by name."""
    lines = json_lines({"id": "a", "text": TALKS}, {"text": TALKS, "title": "Talks", "date": "2016-06-14"})
    table = f'id,title,text\na,Talks,"{TALKS}"\nb,,"{TALKS}, and ""more""."\n'.encode()
    return {
        "a.txt": TALKS.encode(),
        "a.md": f"---\ntitle: Talks\ntags: [a, b]\n---\n# Talks\n\n- **{TALKS}**\n".encode(),
        "a.html": PAGE,
        "a.jsonl": lines,
        "a.json": json.dumps([{"text": TALKS, "n": {"a": [1, 2.5, None]}}]).encode(),
        "a.csv": table,
        "a.tsv": table.replace(b",", b"\t"),
        "a.parquet": parquet({"id": ["a", "b"], "text": [TALKS, TALKS], "n": [1, 2]}),
        "a.pdf": pdf(TALKS, "Another page.", title="Talks"),
        "a.docx": word(TALKS, title="Talks", table=("one", "two")),
        "a.eml": mail(TALKS, html=f"<p>{TALKS}</p>", attached={"b.txt": TALKS.encode(), "c.bin": b"\0\1"}),
        "a.warc": crawled("http://example.org/a", PAGE) + crawled("http://example.org/b", PAGE),
        "a.tar": tar({"x/a.txt": TALKS.encode(), "b.jsonl.gz": gzip.compress(lines)}),
        "a.zip": zipped({"x/a.txt": TALKS.encode(), "b.html": PAGE}),
        "a.txt.gz": gzip.compress(TALKS.encode()),
        "a.jsonl.zst": zstd.compress(lines),
        "a.tar.zst": zstd.compress(tar({"a.md": TALKS.encode()})),
    }
