"""Files that hold many documents, or one behind a format of its own: each gives what a reader would call its text."""

from __future__ import annotations

import bz2
import csv
import gzip
import io
import struct
import sys
import tarfile
import zipfile
from pathlib import Path

import pyarrow as pa
import pytest
from formats import PAGE, TALKS, crawled, edited, every, json_lines, mail, parquet, pdf, tar, word, zipped, zstd

from graphwright.documents import Failure, decoding, read
from graphwright.model import Document

Found = list[Document | Failure]


@pytest.fixture
def found(tmp_path: Path):
    """Write a file, and read it; the folder of the file is left out of sources."""

    def _found(name: str, content: bytes | str) -> Found:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return list(read([path]))

    return _found


def documents(found: Found) -> list[Document]:
    """All that was found, none of it a failure."""
    assert [one for one in found if isinstance(one, Failure)] == []
    return [one for one in found if isinstance(one, Document)]


def failure(found: Found) -> Failure:
    """The one failure among what was found, which says what, where and how to mend it."""
    (one,) = (one for one in found if isinstance(one, Failure))
    assert all(part and isinstance(part, str) for part in one.reason.args)
    return one


def ids(found: Found) -> list[str]:
    return [one.id for one in found if isinstance(one, Document)]


@pytest.mark.parametrize("name", every())
@pytest.mark.parametrize("named", [True, False])
def test_every_format_is_known_by_name_or_content(found, name, named):
    """Only a table of tabs, Markdown, and a list in JSON need their names."""
    if not named and name in ("a.md", "a.json"):
        return
    all_found = documents(found(name if named else "a", every()[name]))
    assert TALKS.rstrip(".") in all_found[0].text
    assert all(document.text.strip() for document in all_found)


class TestTables:
    def test_each_row_is_a_document_and_further_columns_are_metadata(self, tmp_path, found):
        table = 'id,title,text,date,source,desk\n7,Talks,"Ana, Bo.",2016-06-14,MoD,north\n,,Two.,,,\n'
        assert documents(found("a.csv", table)) == [
            Document("7", "Ana, Bo.", "Talks", "2016-06-14", "MoD", {"desk": "north"}),
            Document("a-3", "Two.", source=f"{tmp_path}/a.csv line 3"),
        ]

    def test_a_row_may_have_many_lines(self, found):
        one, two = documents(found("a.csv", 'text\n"One\n\nwith ""quotes""."\nTwo.\n'))
        assert (one.text, two.text) == ('One\n\nwith "quotes".', "Two.")
        assert two.id == "a-5"

    @pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
    def test_what_is_between_columns_is_told_by_the_first_line(self, found, mark):
        assert [one.text for one in documents(found("a.csv", f"id{mark}text\n1{mark}One.\n"))] == ["One."]

    def test_a_table_without_texts_names_the_columns_that_it_has(self, found):
        reason = failure(found("a.csv", "id;body\n1;One.\n")).reason
        assert reason.args[0] == 'there is no column "text"; the columns are: id, body'

    def test_a_broken_row_is_one_failure_and_the_rest_go_on(self, tmp_path, found):
        all_found = found("a.csv", 'id,text\n1,One.\n2,"Two" or so.\n3,Three, and more.\n4,\n5,Five.\n')
        assert ids(all_found) == ["1", "5"]
        failures = [one.source for one in all_found if isinstance(one, Failure)]
        assert failures == [f"{tmp_path}/a.csv line {n}" for n in (3, 4, 5)]

    @pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
    def test_other_encodings_are_read(self, found, encoding):
        text = "Le ministre français a été reçu à Genève, où il a rencontré l’envoyé spécial des États-Unis."
        assert documents(found("a.csv", f'id,text\n1,"{text}"\n'.encode(encoding)))[0].text == text

    def test_a_line_tells_more_of_its_encoding_than_a_cell(self, found):
        [one] = documents(found("a.csv", "id,text,verfügbar für\n1,Er traf sie in Köln.,Müller\n".encode("cp1252")))
        assert (one.text, one.metadata) == ("Er traf sie in Köln.", {"verfügbar für": "Müller"})

    def test_a_long_cell_is_read_and_the_limit_of_others_stays(self, found):
        before = csv.field_size_limit()
        assert len(documents(found("a.csv", "text\n" + "word " * 100_000))[0].text) > before
        assert csv.field_size_limit() == before


class TestParquet:
    def test_each_row_is_a_document_and_further_columns_are_metadata(self, tmp_path, found):
        import datetime

        table = {
            "text": ["One.", "Two."], "id": [7, None], "date": [datetime.date(2016, 6, 14), None],
            "seen": [datetime.datetime(2016, 6, 14, 10), None], "tags": [["a", "b"], None],
        }  # fmt: skip
        one, two = documents(found("a.parquet", parquet(table)))
        assert one == Document(
            "7", "One.", date="2016-06-14", source=f"{tmp_path}/a.parquet row 1",
            metadata={"seen": "2016-06-14 10:00:00", "tags": ["a", "b"]},
        )  # fmt: skip
        assert two == Document("a-2", "Two.", source=f"{tmp_path}/a.parquet row 2")

    def test_a_file_without_texts_names_the_columns_that_it_has(self, found):
        reason = failure(found("a.parquet", parquet({"id": [1], "body": ["One."]}))).reason
        assert reason.args[0] == 'there is no column "text" of strings; the columns are: id (int64), body (string)'

    def test_a_row_without_a_text_is_one_failure(self, found):
        all_found = found("a.parquet", parquet({"text": ["One.", None, "Three."]}))
        assert ids(all_found) == ["a-1", "a-3"]
        assert failure(all_found).source.endswith("a.parquet row 2")

    def test_a_row_with_a_value_that_is_none_is_one_failure(self, found):
        """The year 5,881,580, and bytes that are no UTF-8 in a column of texts."""
        days = pa.array([1, 2**31 - 1, 3, 4], pa.int32()).cast(pa.date32())
        bounds, letters = pa.py_buffer(struct.pack("5i", 0, 1, 2, 3, 4)), pa.py_buffer(b"ab\xffd")
        names = pa.Array.from_buffers(pa.string(), 4, [None, bounds, letters])
        all_found = found("a.parquet", parquet({"text": ["One.", "Two.", "Three.", "Four."], "d": days, "n": names}))
        assert ids(all_found) == ["a-1", "a-4"]
        failures = [one.source[-5:] for one in all_found if isinstance(one, Failure)]
        assert failures == ["row 2", "row 3"]

    @pytest.mark.parametrize("options", [{"compression": "zstd"}, {"row_group_size": 10}, {"use_dictionary": False}])
    def test_all_rows_come_in_order(self, found, options):
        texts = [f"Text {n % 7}." for n in range(1000)]
        assert [one.text for one in documents(found("a.parquet", parquet({"text": texts}, **options)))] == texts


class TestCompression:
    @pytest.mark.parametrize(
        ("suffix", "compress"), [("gz", gzip.compress), ("bz2", bz2.compress), ("zst", zstd.compress)]
    )
    def test_a_compressed_file_is_read_as_what_it_holds(self, tmp_path, found, suffix, compress):
        (page,) = documents(found(f"a.html.{suffix}", compress(PAGE)))
        assert page == Document("a", TALKS, "Talks", source=f"{tmp_path}/a.html.{suffix}")
        one, two = documents(found(f"b.jsonl.{suffix}", compress(json_lines({"text": "One."}, {"text": "Two."}))))
        assert (one.id, two.source) == ("b-1", f"{tmp_path}/b.jsonl.{suffix} line 2")

    def test_several_parts_are_one_file(self, found):
        """As `cat a.gz b.gz` makes them."""
        parts = (json_lines({"text": text}) for text in ("One.", "Two."))
        assert ids(found("a.jsonl.gz", b"".join(map(gzip.compress, parts)))) == ["a-1", "a-2"]

    def test_what_is_whole_in_a_broken_file_is_read(self, found):
        lines = json_lines(*({"text": f"Text {n} of many."} for n in range(5000)))
        all_found = found("a.jsonl.gz", gzip.compress(lines)[:-5000])
        assert len(ids(all_found)) > 100
        assert any("cut off" in one.reason.args[0] for one in all_found if isinstance(one, Failure))

    def test_a_compressed_stream_is_read_from_standard_input(self):
        stream = io.BytesIO(gzip.compress(tar({"a.txt": TALKS.encode()})))
        assert [one.id for one in documents(list(read(["-"], stdin=stream)))] == ["standard-input/a"]


MEMBERS = {
    "./b.txt": TALKS.encode(),
    "a/c d.md": b"# Talks\n\n" + TALKS.encode(),
    "news.jsonl.gz": gzip.compress(json_lines({"text": TALKS}, {"id": "x", "text": TALKS})),
    ".hidden.txt": TALKS.encode(),
    "a/.git/b.txt": TALKS.encode(),
    "__MACOSX/._b.txt": b"\0\0",
    "picture.png": b"\x89PNG\r\n\x1a\n\0\0",
    "tables.xlsx": zipped({"[Content_Types].xml": b"<Types/>"}),
}


class TestArchives:
    @pytest.mark.parametrize(("name", "pack"), [("d.tar", tar), ("d.zip", zipped)])
    def test_members_are_read_as_the_files_of_a_folder(self, tmp_path, found, name, pack):
        all_found = documents(found(name, pack(MEMBERS)))
        assert ids(all_found) == ["d/b", "d/a/c-d", "d/news-1", "x"]
        sources = [one.source.removeprefix(f"{tmp_path}/{name}/") for one in all_found]
        assert sources == ["b.txt", "a/c d.md", "news.jsonl.gz line 1", "news.jsonl.gz line 2"]

    @pytest.mark.parametrize("name", ["d.tar.gz", "d.tgz", "d"])
    def test_an_archive_may_be_compressed(self, found, name):
        assert ids(found(name, gzip.compress(tar({"a.txt": TALKS.encode()})))) == ["d/a"]

    def test_an_archive_in_an_archive_is_read(self, found):
        inner = tar({"in.zip": zipped({"deep/a.txt": TALKS.encode()})})
        assert ids(found("d.tar.zst", zstd.compress(inner))) == ["d/in/deep/a"]

    def test_a_folder_with_an_archive_is_read_in_order(self, tmp_path):
        (tmp_path / "b.zip").write_bytes(zipped({"x.txt": TALKS.encode()}))
        (tmp_path / "a.txt").write_text(TALKS)
        (tmp_path / "c.csv").write_text(f"text\n{TALKS}\n")
        (tmp_path / "d.jar").write_bytes(zipped({"META-INF/MANIFEST.MF": b"", "x.txt": b"no"}))
        assert ids(list(read([tmp_path]))) == ["a", "b/x", "c-2"]

    def test_links_and_devices_are_left_out(self, found):
        special = {}
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE):
            member = tarfile.TarInfo(f"link{kind!r}.txt")
            member.type, member.linkname = kind, "/etc/passwd"
            special[member.name] = member
        assert ids(found("d.tar", tar({**special, "a.txt": TALKS.encode()}))) == ["d/a"]
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as target:
            link = zipfile.ZipInfo("link.txt")
            link.external_attr = 0o120777 << 16
            target.writestr(link, "/etc/passwd")
            target.writestr("a.txt", TALKS)
        assert ids(found("d.zip", archive.getvalue())) == ["d/a"]

    def test_a_broken_member_is_one_failure_and_the_rest_go_on(self, tmp_path, found):
        members = {"a.txt": TALKS.encode(), "b.txt.gz": gzip.compress(TALKS.encode())[:20], "c.txt": TALKS.encode()}
        for name, pack in (("d.tar", tar), ("d.zip", zipped)):
            all_found = found(name, pack(members))
            assert ids(all_found) == ["d/a", "d/c"]
            assert failure(all_found).source == f"{tmp_path}/{name}/b.txt.gz"

    def test_a_member_longer_than_a_document_is_one_failure(self, found, monkeypatch):
        monkeypatch.setattr(decoding, "LIMIT", 1000)
        all_found = found("d.tar", tar({"a.txt": TALKS.encode(), "b.txt": b"x" * 2000, "c.txt": TALKS.encode()}))
        assert ids(all_found) == ["d/a", "d/c"]
        assert "larger than 1,000 bytes" in failure(all_found).reason.args[0]


class TestPdf:
    def test_the_pages_are_the_text(self, tmp_path, found):
        (document,) = documents(found("a.pdf", pdf(f"{TALKS}\nThey agreed.", "Another page.", title="Talks")))
        assert document.text == f"{TALKS}\nThey agreed.\n\nAnother page."
        assert (document.title, document.date) == ("Talks", None)
        assert document.metadata == {"author": "Ida Roe", "created": "2016-06-14"}

    def test_a_file_of_pictures_is_a_failure(self, found):
        assert failure(found("a.pdf", pdf(""))).reason.args[0] == "the PDF file has no text, only pictures"


class TestWord:
    def test_paragraphs_and_tables_are_the_text(self, found):
        (document,) = documents(found("a.docx", word(TALKS, "", "They agreed.", title="Talks", table=("one", "two"))))
        assert document.text.split("\n\n") == [TALKS, "They agreed.", "one", "two"]
        assert (document.title, document.date, document.metadata["author"]) == ("Talks", None, "Ida Roe")

    def test_changes_are_read_as_they_would_be_accepted(self, found):
        change = (
            '<w:p><w:r><w:t xml:space="preserve">Ana met </w:t></w:r><w:ins><w:r><w:t>Bo</w:t></w:r></w:ins>'
            "<w:del><w:r><w:delText>Cy</w:delText></w:r></w:del><w:r><w:t>.</w:t></w:r></w:p>"
        )
        changed = edited(word("HERE"), "<w:p><w:r><w:t>HERE</w:t></w:r></w:p>", change)
        assert documents(found("a.docx", changed))[0].text == "Ana met Bo."


class TestMail:
    def test_body_and_headers_are_the_document(self, found):
        (document,) = documents(found("a.eml", mail("Ana met Bo.\n", Subject="Übersicht: talks")))
        assert document.text.strip() == "Ana met Bo."
        assert (document.title, document.date) == ("Übersicht: talks", "2016-06-14")
        assert document.metadata == {"author": "Ida Roe <ida@example.org>"}

    def test_plain_text_is_preferred_and_html_will_do(self, found):
        assert documents(found("a.eml", mail("Plain.", html="<p>Marked.</p>")))[0].text.strip() == "Plain."
        assert documents(found("b.eml", mail("", html="<p>One</p><p>two.</p>")))[0].text == "One\n\ntwo."

    def test_attachments_that_are_documents_are_documents(self, tmp_path, found):
        attached = {
            "../b.txt": TALKS.encode(),
            "c.pdf": pdf(TALKS),
            "d.bin": b"\0\1",
            "e.zip": zipped({"f.txt": b"Hi."}),
        }
        all_found = documents(found("a.eml", mail("See there.", attached=attached)))
        assert ids(all_found) == ["a", "a/b", "a/c", "a/e/f"]
        assert all_found[1].source == f"{tmp_path}/a.eml/b.txt"

    def test_a_forwarded_mail_is_a_document(self, found):
        import email

        outer = email.message_from_bytes(mail("See below."), policy=email.policy.default)
        outer.add_attachment(email.message_from_bytes(mail("Ana met Bo."), policy=email.policy.default))
        assert [one.text.strip() for one in documents(found("a.eml", outer.as_bytes()))] == [
            "See below.",
            "Ana met Bo.",
        ]

    def test_a_memo_is_no_mail(self, found):
        memo = "From: Ida\nTo: Bo\nDate: 14 June 2016\nSubject: Talks\n\nAna met Cy."
        assert documents(found("memo.txt", memo))[0].text == memo


class TestWarc:
    def test_pages_are_documents_named_by_their_address(self, found):
        data = crawled("https://example.org/news/a?id=5", PAGE) + crawled("http://example.org/b.html", PAGE)
        one, two = documents(found("a.warc.gz", gzip.compress(data)))
        assert one == Document(
            "example.org/news/a?id=5", TALKS, "Talks", source="https://example.org/news/a?id=5",
            metadata={"retrieved": "2020-01-02T03:04:05Z"},
        )  # fmt: skip
        assert two.id == "example.org/b.html"

    def test_the_date_is_that_of_the_page_not_that_of_the_crawl(self, found):
        page = PAGE.replace(b"<title>", b'<meta name="date" content="2016-06-14"><title>')
        assert documents(found("a.warc", crawled("http://example.org/", page)))[0].date == "2016-06-14"

    def test_other_records_are_left_out(self, found):
        data = b"".join(
            (
                crawled("http://example.org/a", PAGE, status="404 Not Found"),
                crawled("http://example.org/b", b"\x89PNG", content_type="image/png"),
                crawled("http://example.org/robots.txt", b"User-agent: *", content_type="text/plain"),
                crawled("http://example.org/c", b"GET / HTTP/1.1\r\n\r\n", kind="request"),
                crawled(
                    "http://example.org/d", b"software: x", kind="warcinfo", content_type="application/warc-fields"
                ),
            )
        )
        assert found("a.warc", data + crawled("http://example.org/e", TALKS.encode(), kind="conversion",
                     content_type="text/plain"))[0].text == TALKS  # fmt: skip

    def test_what_the_server_packed_is_unpacked(self, found):
        packed = crawled("http://example.org/a", gzip.compress(PAGE), header=b"Content-Encoding: gzip\r\n")
        assert documents(found("a.warc", packed))[0].text == TALKS

    def test_each_record_may_be_compressed_by_itself(self, found):
        data = b"".join(gzip.compress(crawled(f"http://example.org/{n}", PAGE)) for n in range(5))
        assert len(documents(found("a.warc.gz", data))) == 5


@pytest.mark.parametrize(
    ("name", "module", "extra"),
    [
        ("a.pdf", "pypdfium2", "documents"),
        ("a.docx", "docx", "documents"),
        ("a.parquet", "pyarrow", "parquet"),
        ("a.warc", "fastwarc.warc", "warc"),
    ],
)
def test_a_library_that_is_missing_is_named_with_the_line_that_installs_it(found, monkeypatch, name, module, extra):
    monkeypatch.setitem(sys.modules, module, None)
    reason = failure(found(name, every()[name])).reason
    assert "is not installed" in reason.args[0]
    assert reason.args[2] == f"pip install 'graphwright[{extra}]'"
