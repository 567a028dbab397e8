"""Documents are read from whatever holds them, and what cannot be read is reported in its place."""

from __future__ import annotations

import inspect
import io
import json
import os
import sys
import tempfile
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphwright.documents import Failure, decoding, from_text, read
from graphwright.documents.dates import normalise
from graphwright.errors import DocumentError
from graphwright.model import Document

TALKS = "The ministers met in Szeged on Tuesday."
PAGE = """<!DOCTYPE html><html><head><title>Talks in Szeged | Example News</title>
<meta name="author" content="Ida Roe"><meta property="og:site_name" content="Example News">
<meta property="article:published_time" content="2016-06-14T10:00:00+02:00"><style>p {color: red}</style></head>
<body><nav><a href="/">Home</a></nav><article><h1>Talks in Szeged</h1>
<p>The ministers of defence met in Szeged
on Tuesday to discuss the security of the <b>border</b>.</p>
<p>They agreed to meet again in autumn, and to let their staffs prepare a common exercise.</p>
<ul><li>First point of the agreement</li></ul></article><footer>© 2015</footer></body></html>"""


def one(path: Path | str, **options: object) -> Document:
    """Read the single document of a source."""
    (found,) = read([path], **options)  # type: ignore[arg-type]
    assert isinstance(found, Document), found
    return found


def failure(path: Path | str, **options: object) -> DocumentError:
    """Read a source that gives one failure, and return its reason, which has all three parts."""
    (found,) = read([path], **options)  # type: ignore[arg-type]
    assert isinstance(found, Failure), found
    assert all(part and isinstance(part, str) for part in found.reason.args)
    return found.reason


def _refused(*_: object) -> None:
    raise PermissionError(13, "Permission denied")


@pytest.fixture
def write(tmp_path: Path):
    """Write a file, with its folders, and return its path."""

    def _write(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return _write


class TestPlainText:
    def test_a_text_file_is_a_document_named_after_it(self, write):
        path = write("talks.txt", TALKS)
        assert one(path) == Document("talks", TALKS, source=str(path))

    def test_line_ends_become_line_feeds_and_letters_are_composed(self, write):
        assert one(write("a.txt", "Benko\u030b\r\nmet\rRoe")).text == "Benkő\nmet\nRoe"

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
    def test_unicode_encodings_are_told_apart(self, write, encoding):
        text = "Tibor Benkő received “Diković” in Szeged."
        assert one(write("a.txt", text.encode(encoding))).text == text

    @pytest.mark.parametrize(
        ("encoding", "text"),
        [
            ("cp1252", "Le ministre français a été reçu à Genève, où il a rencontré l’envoyé spécial des États-Unis."),
            ("cp1251", "Министр обороны встретился в Москве с начальником генерального штаба и обсудил учения."),
        ],
    )
    def test_older_encodings_are_detected(self, write, encoding, text):
        assert one(write("a.txt", text.encode(encoding))).text == text

    def test_a_web_page_named_txt_is_read_as_a_web_page(self, write):
        assert one(write("page.txt", PAGE)).date == "2016-06-14"

    @pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html", "a.jsonl", "noname"])
    def test_a_document_without_text_is_a_failure(self, write, name):
        content = '{"text": " \\n"}' if name.endswith("l") and "j" in name else " \n\t"
        assert failure(write(name, content)).args[0] == "the document has no text"

    @pytest.mark.parametrize(
        ("content", "name"),
        [
            (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "a PNG image"),
            (b"GIF89a\x01\0", "a GIF image"),
            (b"text\0text", "binary data"),
            (b"\x01\x02\x03\x04 a \x05\x06", "binary data"),
        ],
    )
    @pytest.mark.parametrize("suffix", [".txt", ".md", ".html", ".json", ""])
    def test_binary_data_is_refused_under_any_name(self, write, content, name, suffix):
        assert failure(write("a" + suffix, content)).args[0] == f"this is {name}, not text"

    def test_a_document_over_the_limit_is_refused(self, write, monkeypatch):
        monkeypatch.setattr(decoding, "LIMIT", 10)
        assert "larger than 10 bytes" in failure(write("a.txt", TALKS)).args[0]


class TestMarkdown:
    def test_front_matter_names_the_document_and_keeps_further_keys(self, write):
        document = one(
            write(
                "a.md",
                f"---\nid: m1\ntitle: Talks\ndate: 2016-06-14\nsource: MoD\ntags: [a, b]\nyear: 2016\n---\n{TALKS}",
            )
        )
        assert document == Document("m1", TALKS, "Talks", "2016-06-14", "MoD", {"tags": ["a", "b"], "year": "2016"})

    def test_marks_leave_the_text_and_paragraphs_stay(self, write):
        text = (
            "# The *talks*\n\nThe **ministers** met\nin [Szeged](http://example.org), `at noon` &amp; ate.\n\n"
            "- one\n- two ![map](m.png)\n\n> quoted\n\n| a | b |\n|---|---|\n| c | d |\n\n<div>x <b>y</b></div>\n\n"
            "<!-- no -->\n"
        )
        document = one(write("a.md", text))
        blocks = [
            "The talks",
            "The ministers met in Szeged, at noon & ate.",
            "one",
            "two",
            "quoted",
            "a",
            "b",
            "c",
            "d",
            "x y",
        ]
        assert document.text.split("\n\n") == blocks
        assert document.title == "The talks"

    def test_a_title_in_the_front_matter_wins_over_the_heading(self, write):
        assert one(write("a.md", "---\ntitle: One\n---\n# Two\n\nText.")).title == "One"

    def test_broken_front_matter_is_a_failure_with_its_line(self, write):
        reason = failure(write("a.md", f"---\nid: a\ntitle: [Talks\n---\n{TALKS}"))
        assert "front matter" in reason.args[0]
        assert "line" in reason.args[1]

    @pytest.mark.parametrize("text", ["---\nA text\n---\nand more", "---\nNo end"])
    def test_a_line_of_dashes_alone_is_no_front_matter(self, write, text):
        assert "text" in one(write("a.md", text + " of text")).text.lower()


class TestHtml:
    def test_a_page_gives_its_main_text_and_what_it_says_of_itself(self, write):
        document = one(write("page.html", PAGE))
        assert document.text.split("\n\n") == [
            "Talks in Szeged",
            "The ministers of defence met in Szeged on Tuesday to discuss the security of the border.",
            "They agreed to meet again in autumn, and to let their staffs prepare a common exercise.",
            "First point of the agreement",
        ]
        assert (document.title, document.date) == ("Talks in Szeged", "2016-06-14")
        assert (document.metadata["author"], document.metadata["site"]) == ("Ida Roe", "Example News")

    @pytest.mark.parametrize(
        ("head", "date"),
        [
            ("", None),
            ('<meta property="article:published_time" content="2016-06">', "2016-06"),
            ('<script type="application/ld+json">{"@graph": [{"datePublished": "2016-06-14"}]}</script>', "2016-06-14"),
            ('<script type="application/ld+json">{broken</script>', None),
        ],
    )
    def test_a_date_is_taken_only_where_the_page_declares_it(self, write, head, date):
        page = f"<html><head>{head}</head><body><p>On 3 May 2015 {TALKS}</p><p>© 2014</p></body></html>"
        assert one(write("a.html", page)).date == date

    def test_a_short_page_gives_all_of_its_text(self, write):
        page = "<title>T</title><p>Short</p><script>no()</script><p>text<br>here"
        assert one(write("a.html", page)).text == "Short\n\ntext\n\nhere"

    def test_the_declared_encoding_is_used(self, write):
        page = PAGE.replace("<title>", '<meta charset="windows-1250"><title>').replace(
            "ministers of", "ministers Benkő of"
        )
        assert "Benkő" in one(write("a.html", page.encode("cp1250"))).text


class TestJsonLines:
    def test_each_line_is_a_document_with_its_metadata(self, write):
        path = write(
            "a.jsonl", '{"id": 7, "text": "One.", "date": 2016, "lang": "en"}\n\n{"text": "Two.", "title": null}\n'
        )
        assert list(read([path])) == [
            Document("7", "One.", date="2016", source=f"{path} line 1", metadata={"lang": "en"}),
            Document("a-3", "Two.", source=f"{path} line 3"),
        ]

    def test_a_broken_line_is_one_failure_and_the_rest_go_on(self, write):
        lines = ['{"text": "One."}', '{"text": ', "[1]", '{"title": "no text"}', '{"text": ""}', '{"text": "Last."}']
        path = write("a.jsonl", "\n".join(lines))
        found = list(read([path]))
        assert [item.id for item in found if isinstance(item, Document)] == ["a-1", "a-6"]
        failures = [item for item in found if isinstance(item, Failure)]
        assert [item.source for item in failures][1:] == [f"{path} line {n}" for n in (3, 4, 5)]
        assert failures[0].reason.args[:2] == ("this is not JSON: Expecting value", f"{path} line 2 column 9")

    @pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
    def test_lines_in_other_encodings_are_read(self, write, encoding):
        content = '{"text": "Benkő"}\n{"text": "Roe"}\n'.encode(encoding)
        assert [document.text for document in read([write("a.jsonl", content)])] == ["Benkő", "Roe"]

    def test_a_line_in_another_encoding_is_detected_alone(self, write):
        text = "Le ministre français a été reçu à Genève par les autorités."
        content = b'{"text": "Benk\xc5\x91"}\n' + json.dumps({"text": text}, ensure_ascii=False).encode("cp1252")
        assert [document.text for document in read([write("a.jsonl", content)])] == ["Benkő", text]

    def test_half_a_surrogate_pair_is_replaced(self, write):
        assert one(write("a.jsonl", r'{"text": "a\ud800b", "id": "\udfff"}')).text == "a\ufffdb"

    def test_lines_are_read_one_at_a_time(self):
        """A stream without an end gives its first documents."""

        class Endless(io.RawIOBase):
            def readable(self) -> bool:
                return True

            def readinto(self, buffer) -> int:
                line = b'{"text": "Again."}\n'
                whole = line * (len(buffer) // len(line))
                buffer[: len(whole)] = whole
                return len(whole)

        documents = read(["-"], stdin=Endless())  # type: ignore[arg-type]
        assert [next(documents).id for _ in range(3)] == [f"standard-input-{n}" for n in (1, 2, 3)]  # type: ignore[union-attr]

    def test_a_line_over_the_limit_is_one_failure(self, write, monkeypatch):
        monkeypatch.setattr(decoding, "LIMIT", 40)
        path = write("a.jsonl", '{"text": "One."}\n{"text": "' + "x" * 200 + '"}\n{"text": "Two."}')
        found = list(read([path]))
        assert [getattr(item, "text", None) for item in found] == ["One.", None, "Two."]
        assert found[1].source == f"{path} line 2"  # type: ignore[union-attr]
        assert found[2].id == "a-3"  # type: ignore[union-attr]

    @pytest.mark.parametrize("content", ['{\n "text": "One."\n}', '[{"text": "One."}]', '\ufeff{"text": "One."}'])
    def test_a_json_file_is_an_object_or_a_list_of_them(self, write, content):
        assert one(write("a.json", content)).text == "One."


class TestSources:
    def test_a_folder_is_walked_in_order_without_hidden_and_binary_files(self, write, tmp_path):
        for name in ("b.txt", "a/z.md", "a/c d.txt", "c.html", ".hidden.txt", ".git/a.txt", "a/README"):
            write(name, TALKS)
        write("picture.png", b"\x89PNG\r\n\x1a\n\0\0")
        assert [document.id for document in read([tmp_path])] == ["a/README", "a/c-d", "a/z", "b", "c"]  # type: ignore[union-attr]

    def test_ids_are_unique_within_a_run(self, write):
        path = write("a.txt", TALKS)
        lines = write("b.jsonl", '{"id": "a", "text": "x y"}\n{"id": "a-2", "text": "x y"}\n{"id": "a", "text": "x y"}')
        assert [document.id for document in read([path, path, lines])] == ["a", "a-2", "a-3", "a-2-2", "a-4"]  # type: ignore[union-attr]

    def test_standard_input_is_sniffed(self):
        assert one("-", stdin=io.BytesIO(TALKS.encode())).source == "standard input"
        assert one("-", stdin=io.BytesIO(PAGE.encode())).title == "Talks in Szeged"
        assert one("-", stdin=io.BytesIO(b'{"id": "x", "text": "One."}')).id == "x"

    @pytest.mark.parametrize("indent", [None, 2])
    @pytest.mark.parametrize("text", ["One.", "[One] {two}"])
    def test_json_is_told_from_json_lines(self, text, indent):
        """As services answer: an object on several lines, and a list."""
        value = {"id": "x", "tags": ["a"], "text": text}
        for answer in (value, [value]):
            assert one("-", stdin=io.BytesIO(json.dumps(answer, indent=indent).encode())).text == text

    def test_a_stream_stays_open_for_its_owner(self):
        stream = io.BytesIO(b'{"text": "One."}\n{"text": "Two."}')
        documents = read(["-"], stdin=stream)
        next(documents)
        del documents
        assert not stream.closed

    def test_a_missing_source_is_a_failure_and_the_rest_go_on(self, write):
        missing, found = read(["no/such/file.txt", write("a.txt", TALKS)])
        assert isinstance(missing, Failure)
        assert missing.source == "no/such/file.txt"
        assert isinstance(found, Document)

    def test_a_text_in_the_place_of_a_path_is_a_failure(self):
        """Systems refuse names that long, and Python raises what they say."""
        assert failure(TALKS * 200).args[0] == "it cannot be read: File name too long"

    def test_a_folder_deeper_than_python_can_call_itself_is_walked(self, write, tmp_path):
        write("a/" * 200 + "b.txt", TALKS)
        limit = sys.getrecursionlimit()
        sys.setrecursionlimit(len(inspect.stack(0)) + 150)
        try:
            found = list(read([tmp_path]))
        finally:
            sys.setrecursionlimit(limit)
        assert [document.text for document in found] == [TALKS]  # type: ignore[union-attr]

    def test_a_folder_without_permission_is_a_failure(self, tmp_path, monkeypatch):
        monkeypatch.setattr(os, "scandir", _refused)
        assert failure(tmp_path).args[0] == "it cannot be read: Permission denied"

    @pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read anything")
    def test_a_file_without_permission_is_a_failure(self, write):
        path = write("a.txt", TALKS)
        path.chmod(0)
        assert "Permission denied" in failure(path).args[0]

    def test_an_error_of_the_disk_is_a_failure(self, write, monkeypatch):
        path = write("a.txt", TALKS)
        monkeypatch.setattr(Path, "open", _refused)
        assert "Permission denied" in failure(path).args[0]

    def test_reading_is_lazy(self, write):
        documents = read([write("a.txt", TALKS), write("b.txt", TALKS)])
        first = next(documents)
        write("b.txt", "Changed.")
        assert isinstance(first, Document)
        assert next(documents).text == "Changed."  # type: ignore[union-attr]


class TestDates:
    @pytest.mark.parametrize(
        ("written", "date"),
        [
            ("2016", "2016"),
            ("2016-06", "2016-06"),
            ("2016-06-14", "2016-06-14"),
            ("2016-06-14T23:59:00-08:00", "2016-06-14"),
            ("2016-06-14 10:00", "2016-06-14"),
            ("20160614", "2016-06-14"),
            ("14 June 2016", "2016-06-14"),
            ("June 14, 2016, 3 pm EST", "2016-06-14"),
            ("Tue, 14 Jun 2016 10:00:00 GMT", "2016-06-14"),
            ("June 2016", "2016-06"),
            ("14/06/2016", "2016-06-14"),
            ("03/04/2016", "2016"),
            ("14/06/16", None),
            ("Tuesday", None),
            ("14 June", None),
            ("10:30", None),
            ("2016-02-30", None),
            ("2016-13", None),
            ("soon", None),
            ("", None),
        ],
    )
    def test_a_date_is_as_precise_as_it_is_written(self, written, date):
        assert normalise(written) == date

    def test_a_date_of_the_run_is_given_to_documents_without_one(self, write):
        path = write(
            "a.jsonl", '{"text": "One."}\n{"text": "Two.", "date": "2015"}\n{"text": "Three.", "date": "soon"}'
        )
        documents = list(read([path], date="14 June 2016"))
        assert [document.date for document in documents] == ["2016-06-14", "2015", None]  # type: ignore[union-attr]
        assert documents[2].metadata == {"date": "soon"}  # type: ignore[union-attr]

    def test_an_unreadable_date_of_the_run_is_refused_at_once(self):
        with pytest.raises(DocumentError, match="'soon' is not a date"):
            read([], date="soon")

    @given(st.text())
    def test_no_text_is_too_strange_for_a_date(self, text):
        assert normalise(text) is None or len(normalise(text) or "") in (4, 7, 10)


def test_a_text_becomes_a_document():
    document = from_text("Ada\r\nmet.", title="T", date="2016-06-14T10:00", source="x", metadata={"k": 1})
    assert document == Document("text", "Ada\nmet.", "T", "2016-06-14", "x", {"k": 1})
    with pytest.raises(DocumentError, match="no text"):
        from_text(" ")


PROSE = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\n\t")).filter(str.strip)


@given(PROSE)
def test_any_text_survives_writing_and_reading(text):
    if text.startswith(("\ufeff", "<")):
        text = "a" + text
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.txt")
        path.write_bytes(text.encode())
        assert one(path).text == unicodedata.normalize("NFC", text)


@given(st.binary(max_size=2000), st.sampled_from([".txt", ".md", ".html", ".jsonl", ".json", ""]))
def test_no_bytes_raise(data, suffix):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a" + suffix)
        path.write_bytes(data)
        for found in read([path]):
            assert isinstance(found, Failure) or found.text.strip()
            if isinstance(found, Document):
                json.dumps(dict(found.metadata))
                (found.id + found.text + found.title + found.source).encode()


@given(
    st.text(st.sampled_from('<>/pabdivtle&#;!-[]{}":,\n -*_`|~x0'), max_size=60),
    st.sampled_from([".md", ".html", ".json"]),
)
def test_no_broken_markup_raises(text, suffix):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a" + suffix)
        path.write_text("---\n" * (text.count("-") % 2) + text)
        assert all(isinstance(found, Failure | Document) for found in read([path]))


@pytest.mark.parametrize(
    "deep", ["[" * 100_000, "<div>" * 20_000 + "x", "> " * 5_000 + "x", "---\nkey: " + "[" * 50_000 + "\n---\n x"]
)
@pytest.mark.parametrize("suffix", [".md", ".html", ".json", ".jsonl"])
def test_nesting_without_end_is_read_or_refused(write, deep, suffix):
    assert list(read([write("a" + suffix, deep)]))
