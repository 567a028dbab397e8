"""Whatever a file holds, reading it ends soon, harms nothing, and leaves the files around it to be read."""

from __future__ import annotations

import gzip
import io
import json
import os
import re
import subprocess
import sys
import tarfile
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from formats import TALKS, crawled, edited, every, json_lines, mail, parquet, pdf, tar, word, zipped, zstd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graphwright.documents import Failure, decoding, read
from graphwright.model import Document

HOSTILE = Path(__file__).parent / "data" / "hostile"
SMALL = sorted(path.name for path in HOSTILE.iterdir() if path.suffix not in (".py", "") and path.name != "README.md")
SECONDS = 30.0
"""How long a document may keep the processor; most take no time at all."""

WATCHED: list[str] = []
"""Connections that were opened, and files that were opened to be written, while a test watches."""
WATCHING: list[Path] = []


def _watch(event: str, args: tuple[object, ...]) -> None:
    if not WATCHING:
        return
    connects = event in ("socket.connect", "socket.getaddrinfo", "subprocess.Popen", "os.system")
    opened = event == "open" and isinstance(args[2], int) and args[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
    changes = (opened or event in ("os.mkdir", "os.remove")) and not str(args[0]).startswith(str(WATCHING[0]))
    if connects or changes:
        WATCHED.append(f"{event} {args}")


sys.addaudithook(_watch)  # there is no way to take one away


@pytest.fixture(autouse=True)
def harmless(tmp_path: Path) -> Iterator[None]:
    """No connection is opened and no file is written outside the folder of the test."""
    WATCHED.clear()
    WATCHING.append(tmp_path)
    yield
    WATCHING.clear()
    assert WATCHED == []


def read_among_others(folder: Path, name: str, content: bytes) -> list[Document | Failure]:
    """Read a document with a good one before it and after it in the same folder; return what it gave.

    Both are read, what is given is in order, and it does not take long.
    """
    (folder / "0.txt").write_text("Before.")
    (folder / f"1-{name}").write_bytes(content)
    (folder / "2.txt").write_text("After.")
    start = time.process_time()
    first, *found, last = read([folder])
    assert time.process_time() - start < SECONDS
    assert isinstance(first, Document)
    assert isinstance(last, Document)
    assert (first.text, last.text) == ("Before.", "After.")
    for one in found:
        check(one)
    return found


def check(found: Document | Failure) -> None:
    """A document can be kept; a failure says what, where and how to mend it, in few words."""
    if isinstance(found, Failure):
        assert all(part and isinstance(part, str) for part in found.reason.args)
        assert all(len(part) < 600 and part.isprintable() for part in found.reason.args)
    else:
        assert found.text.strip()
        json.dumps(dict(found.metadata))
        (found.id + found.text + found.title + found.source).encode()
        assert found.id
        assert not re.search(r"[\x00-\x1f\x7f-\x9f]", found.id + found.title + found.source)


def said(found: list[Document | Failure]) -> list[str]:
    """The texts that were found, and in their places what is wrong."""
    return [one.reason.args[0] if isinstance(one, Failure) else one.text for one in found]


@pytest.mark.parametrize("name", SMALL)
def test_a_hostile_document_gives_documents_or_a_clear_failure(tmp_path, name):
    found = read_among_others(tmp_path, name, (HOSTILE / name).read_bytes())
    assert found
    steps = {step for one in found if isinstance(one, Document) for step in one.id.split("/")}
    assert not {"", ".", ".."} & steps


def test_the_readme_tells_what_each_is():
    readme = (HOSTILE / "README.md").read_text(encoding="utf-8")
    assert [name for name in SMALL if f"`{name}`" not in readme] == []


@pytest.mark.parametrize("name", [*every(), "a.zst", "a.gz"])
def test_an_empty_file_is_a_failure(tmp_path, name):
    """Under the name of any format, but for lists of documents, which may have none."""
    found = read_among_others(tmp_path, name, b"")
    assert found == [] if name in ("a.jsonl", "a.warc") else isinstance(found[0], Failure)


LARGE: dict[str, Callable[[], bytes]] = {
    "line.txt": lambda: b"word " * 10_000_000,
    "token.txt": lambda: b"x" * 50_000_000,
    "line.html": lambda: b"<html><body><p>" + b"word " * 4_000_000,
    "over.txt": lambda: b"word " * 20_000_001,
    "line.csv": lambda: b"text\n" + b"word " * 10_000_000,
    "line.jsonl": lambda: b'{"text": "' + b"word " * 10_000_000 + b'"}',
    "noise.txt": lambda: os.urandom(5_000_000),
    "western.txt": lambda: "été à Genève ".encode("cp1252") * 500_000,
    "marks.txt": lambda: ("e" + "\u0316\u0301" * 1_000_000).encode(),
    "divs.html": lambda: b"<html><body>" + b"<div>" * 100_000 + b"x",
    "bold.html": lambda: b"<html><body>" + b"<b>" * 100_000 + b"x",
    "tables.html": lambda: b"<html><body>" + b"<table><tr><td>" * 5_000 + b"x",
    "paragraphs.html": lambda: b"<html><body>" + b"<p>word word</p>" * 200_000,
    "attributes.html": lambda: b"<html><body><p " + b" ".join(b'a%d=">"' % n for n in range(200_000)) + b">Text.",
    "attribute.html": lambda: b'<html><body><p title="' + b"x" * 20_000_000 + b'">Text.',
    "tags.html": lambda: b"<html><body>" + b"<p>" * 2_000_000,
    "comments.html": lambda: b"<html><body>Text." + b"<!--" * 200_000,
    "linked-data.html": lambda: b'<html><script type="application/ld+json">' + b"[" * 1_000_000,
    "brackets.md": lambda: b"[" * 1_000_000,
    "links.md": lambda: b"[a](" * 100_000,
    "stars.md": lambda: b"*a **b " * 100_000,
    "quotes.md": lambda: b"> " * 100_000 + b"x",
    "lines.md": lambda: b"a\n" * 200_000,
    "front.md": lambda: b"---\n" + b"key: value\n" * 100_000 + b"---\nText.",
    "deep.md": lambda: b"---\na: " + b"[" * 20_000 + b"\n---\nText.",
    "deep.json": lambda: b'{"text": "x", "a": ' + b"[" * 1_000_000,
    "deep.jsonl": lambda: b'{"text": "x", "a": ' + b'{"a":' * 900 + b"1" + b"}" * 900 + b"}\n" + b"[" * 1_000_000,
    "number.jsonl": lambda: b'{"text": "x", "a": ' + b"9" * 1_000_000 + b"}",
    "list.json": lambda: b"[" + b"1," * 100_000 + b"1]",
    "quote.csv": lambda: b'id,text\n1,"' + b"word\n" * 4_000_000,
    "commas.csv": lambda: b"id,text\n" + b"," * 5_000_000,
    "no-text.csv": lambda: b"\x1b[2J," + b",".join(b"c%d" % n for n in range(100_000)),
    "columns.csv": lambda: b",".join(b"c%d" % n for n in range(100_000)) + b",text\n" + b"1," * 100_000 + b"Text.",
    "parts.eml": lambda: b"".join(
        b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (n, n) for n in range(5_000)
    ),
    "lines.eml": lambda: (
        b"".join(b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (n, n) for n in range(300))
        + b"\nText.\n" * 500_000
    ),
    "headers.eml": lambda: b"".join(b"X-%d: y\n" % n for n in range(100_000)) + b"Message-ID: 1\n\nText.",
    "subject.eml": lambda: b"Subject: " + b"=?utf-8?b?" * 200_000 + b"\nFrom: " + b"<a@" * 200_000 + b"\n\nText.",
    "attachments.eml": lambda: mail("Text.", attached={f"{n}.txt": b"Text." for n in range(500)}),
    "members.zip": lambda: zipped({f"{n}.bin": b"\0" for n in range(20_000)}),
    "members.tar": lambda: tar({f"{n}.bin": b"\0" for n in range(20_000)}),
    "row.parquet": lambda: parquet({"text": ["word " * 400_000] * 50}, use_dictionary=True),
    "pages.pdf": lambda: pdf(*["Text."] * 2_000),
    "cells.docx": lambda: word("Text.", table=tuple("abcdefgh" * 4)),
    "records.warc": lambda: crawled("http://example.org/", b"x", status="404 Not Found") * 50_000,
    "zipped.warc": lambda: crawled(
        "http://example.org/", gzip.compress(b"x" * 200_000_000), header=b"Content-Encoding: gzip\r\n"
    ),
    "zeros.txt.gz": lambda: gzip.compress(b"\0" * 300_000_000),
    "spaces.txt.zst": lambda: zstd.compress(b" " * 300_000_000),
    "lines.jsonl.gz": lambda: gzip.compress(json_lines({"text": "x" * 5_000_000}) * 60),
    "twice.jsonl.gz.gz": lambda: gzip.compress(gzip.compress(json_lines({"text": "x" * 5_000_000}) * 60)),
    "zeros.zip": lambda: zipped({f"{n}.txt": b" " * 50_000_000 for n in range(4)}),
    "nested.docx": lambda: edited(word("HERE"), "HERE", "<w:r>" * 5_000 + "x" + "</w:r>" * 5_000),
    "picture.docx": lambda: zipped({"word/document.xml": b"<x/>", "word/media/a.png": b"\0" * 200_000_000}),
}


@pytest.mark.parametrize("name", LARGE)
def test_a_large_document_gives_documents_or_a_clear_failure(tmp_path, name):
    found = read_among_others(tmp_path, name, LARGE[name]())
    assert found or name.startswith("members.") or name in ("records.warc", "zeros.txt.gz")


class TestWhatTheyGive:
    """Of some it matters what they give."""

    def test_a_bomb_is_called_one(self, tmp_path, monkeypatch):
        monkeypatch.setattr(decoding, "LIMIT", 1_000_000)
        lines = json_lines({"text": "x" * 1000}) * 10_000
        *found, last = read_among_others(tmp_path, "a.jsonl.gz", gzip.compress(lines))
        assert "unpacks to more than 200 times its size" in last.reason.args[0]
        assert len(found) < 5000
        *found, last = read_among_others(tmp_path, "a.zip", zipped({f"{n}.txt": b"word " * 50_000 for n in range(99)}))
        assert "unpacks to more than 200 times its size" in last.reason.args[0]

    def test_entities_are_not_followed(self, tmp_path):
        (tmp_path / "secret").mkdir()
        secret = tmp_path / "secret" / ".key"
        secret.write_text("open sesame")
        start = f'<!DOCTYPE x [<!ENTITY m SYSTEM "{secret.as_uri()}">]>'
        page = f"{start}<html><body><p>{TALKS} &m;</p></body></html>".encode()
        with_entity = edited(word("HERE"), "<w:document", f"{start}<w:document", "HERE", f"{TALKS} &m;")
        for name, content in (("a.xhtml", page), ("a.html", page), ("a.docx", with_entity)):
            texts = said(read_among_others(tmp_path, name, content))
            assert TALKS in texts[0]
            assert "sesame" not in "".join(texts)

    @pytest.mark.parametrize("name", ["traversal.tar", "traversal.zip"])
    def test_members_stay_below_their_archive(self, tmp_path, name):
        path = tmp_path / name
        path.write_bytes((HOSTILE / name).read_bytes())
        found = list(read([path]))
        ids = ["up", "etc/absolute", "windows", "C-/drive", "a/b", "-2Jred"]
        assert [one.id for one in found] == [f"traversal/{one}" for one in ids]
        for one in found:
            assert Path(one.source).resolve().is_relative_to(path)
            assert "\x1b" not in one.source

    def test_a_name_in_a_failure_plays_no_tricks_on_a_terminal(self, tmp_path):
        data = bytearray(zipped({"\x1b[2J\n.txt": b"x"}))
        data[data.index(b"PK\x01\x02") + 8] |= 1
        (locked,) = read_among_others(tmp_path, "a.zip", bytes(data))
        assert locked.source.isprintable()

    def test_what_is_whole_is_read(self, tmp_path):
        expected = {
            "encrypted.zip": [TALKS, "the member of the archive is encrypted", TALKS],
            "header.tar": [TALKS, "the tar archive is broken: a header has no end"],
            "sparse.tar": [TALKS],
            "locked.pdf": ["the PDF file is encrypted"],
            "quote.csv": ["One.", "a quote is opened and never closed"],
            "laughs.md": ["the front matter is not YAML: it has an alias, which is not read"],
            "nested.zip": ["it is packed more than 8 times"],
        }
        for name, texts in expected.items():
            assert said(read_among_others(tmp_path, name, (HOSTILE / name).read_bytes())) == texts
            (tmp_path / f"1-{name}").unlink()

    def test_a_letter_has_at_most_thirty_marks(self, tmp_path):
        """As the Stream-Safe Text Format of Unicode has it."""
        (document,) = read_among_others(tmp_path, "a.txt", ("e" + "\u0316" * 100).encode())
        assert document.text == "e" + "\u034f".join(["\u0316" * 30] * 3 + ["\u0316" * 10])
        (document,) = read_among_others(tmp_path, "a.txt", ("e" + "\u0316" * 29 + "\u0301").encode())
        assert "\u034f" not in document.text


COUNTING = """
import resource, sys
from graphwright.documents import read
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
count = sum(1 for _ in read(sys.argv[1:]))
print(count, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


def write_long(path: Path, texts: Iterator[str]) -> None:
    """Write a file of many documents, of the kind that its name says."""
    kind = path.name.partition(".")[2]
    if kind == "parquet":
        schema = pa.schema([("text", pa.string())])
        with pq.ParquetWriter(path, schema) as writer:
            while group := list(islice(texts, 200)):
                writer.write_table(pa.table({"text": group}, schema))
    elif kind == "tar.zst":
        with zstd.ZstdFile(path, "w") as file, tarfile.open(fileobj=file, mode="w|") as archive:
            for number, text in enumerate(texts):
                member = tarfile.TarInfo(f"{number}.txt")
                member.size = len(text)
                archive.addfile(member, io.BytesIO(text.encode()))
    elif kind == "csv":
        with path.open("w") as table:
            table.write("text\n")
            table.writelines(f"{text}\n" for text in texts)
    else:
        made = {
            "jsonl.gz": lambda text: json_lines({"text": text}),
            "warc.gz": lambda text: crawled(
                "http://example.org/", text.encode(), kind="conversion", content_type="text/plain"
            ),
        }
        with gzip.open(path, "wb", 1) as target:
            target.writelines(map(made[kind], texts))


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["jsonl.gz", "csv", "tar.zst", "parquet", "warc.gz"])
def test_memory_does_not_grow_with_the_file(tmp_path, kind):
    """A file that holds 200 MB, in texts of 100 kB, takes less than 100 MB more than it takes to start."""
    path = tmp_path / f"a.{kind}"
    write_long(path, (f"{number} " + os.urandom(25_000).hex() * 2 for number in range(2_000)))
    WATCHING.clear()  # it is another process that reads
    done = subprocess.run([sys.executable, "-c", COUNTING, str(path)], capture_output=True, text=True, check=True)
    count, megabytes = map(int, done.stdout.split())
    assert count == 2_000
    assert megabytes < 100


EVERY = every()
CHANGE = st.tuples(
    st.sampled_from(["flip", "cut", "insert", "repeat"]), st.floats(0, 1), st.binary(min_size=1, max_size=9)
)


def changed(data: bytes, changes: list[tuple[str, float, bytes]]) -> bytes:
    """Some bytes with others in their place, a piece taken away, put between, or repeated."""
    for kind, where, piece in changes:
        at = int(where * len(data))
        if kind == "flip":
            data = data[:at] + piece + data[at + len(piece) :]
        elif kind == "cut":
            data = data[:at] + data[at + 7 * len(piece) :]
        elif kind == "insert":
            data = data[:at] + piece + data[at:]
        else:
            data = data[:at] + data[at : at + 99] * len(piece) + data[at:]
    return data


@pytest.mark.parametrize("name", EVERY)
@given(data=st.binary(max_size=500), changes=st.lists(CHANGE, min_size=1, max_size=4))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_bytes_and_no_change_of_a_good_file_raise(tmp_path, name, data, changes):
    """Only documents and failures come of them, whatever a library makes of them."""
    path = tmp_path / name
    for content in (data, EVERY[name][:8] + data, changed(EVERY[name], changes)):
        path.write_bytes(content)
        for found in read([path]):
            check(found)
