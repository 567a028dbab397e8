"""Inspection: what was understood of a document, step by step, on the terminal and as a page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from lxml import html

from graphwright import cli, from_text
from graphwright.inspection import Inspection, page
from graphwright.ontology import load
from graphwright.pipeline import inspect

TEXT = "On 3 May 2016 General Ana Kos met Bo Lind, the mayor of Riga. She said that Latvia will support Peru."


@pytest.fixture(scope="module")
def inspection() -> Inspection:
    return next(inspect([from_text(TEXT, id="note")]))


def test_every_mention_is_shown_with_what_it_speaks_of(inspection: Inspection) -> None:
    seen = {mention.text: (mention.cls, mention.kind, mention.things) for mention in inspection.mentions}
    assert seen["Ana Kos"] == ("Person", "name", ("Ana Kos",))
    assert seen["She"] == ("", "pronoun", ("Ana Kos",))
    assert seen["mayor"] == ("Position", "nominal", ("mayor",))
    assert seen["3 May 2016"] == ("", "value", ("2016-05-03",))
    assert all(TEXT[slice(*mention.span)] == mention.text for mention in inspection.mentions)


def test_propositions_tell_who_does_what_and_how_it_is_meant(inspection: Inspection) -> None:
    told = {one.predicate: (dict(one.arguments), one.modality, one.speaker) for one in inspection.propositions}
    arguments, modality, speaker = told["met"]
    assert (arguments["subject"], arguments["object"], modality, speaker) == ("Ana Kos", "Bo Lind", "asserted", "")
    arguments, modality, speaker = told["support"]
    assert (arguments["subject"], arguments["object"], modality, speaker) == ("Latvia", "Peru", "planned", "She")


def test_the_page_shows_text_things_propositions_and_facts(inspection: Inspection) -> None:
    tree = html.fromstring(page([inspection], load(()).local))
    marks = {mark.text.strip(): mark.find("span").text.strip() for mark in tree.iter("mark")}
    assert marks["Ana Kos"] == "Person"
    assert [heading.text.split()[0] for heading in tree.iter("h2")] == ["Facts", "Things", "Propositions"]
    cells = [[cell.text for cell in row] for row in tree.iter("tr")]
    assert ["Ana Kos", "hasRank", "General", "asserted"] in [row[:4] for row in cells]


HOSTILE = "<script>alert(1)</script> Ana Kos met <img src=x onerror=alert(2)> Bo Lind in </mark> Riga & Oslo."


def test_a_hostile_text_harms_nobody() -> None:
    """What a document says is text, never a part of the page; and the page asks no other place for anything."""
    document = from_text(HOSTILE, id="<b>id</b>", title='"><script>alert(3)</script>')
    written = page(inspect([document]), load(()).local)
    tree = html.fromstring(written)
    assert not list(tree.iter("script", "img", "b", "iframe", "link"))
    assert not tree.xpath("//@*[starts-with(name(), 'on') or name() = 'src' or name() = 'href']")
    assert "alert(1)" in tree.text_content()


def test_pages_of_right_to_left_texts_let_the_browser_decide() -> None:
    written = page(inspect([from_text("Ana Kos met Bo Lind.", id="n", title="قمة الرياض")]), load(()).local)
    assert html.fromstring(written).find(".//h1").get("dir") == "auto"


class TestOnTheCommandLine:
    def run(self, monkeypatch: Any, capfd: Any, *words: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["graphwright", *words])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        out, err = capfd.readouterr()
        return int(ended.value.code or 0), out, err

    def test_all_steps_are_printed(self, tmp_path: Path, monkeypatch: Any, capfd: Any) -> None:
        (tmp_path / "note.txt").write_text(TEXT, encoding="utf8")
        code, out, err = self.run(monkeypatch, capfd, "inspect", str(tmp_path / "note.txt"))
        assert code == 0
        assert [line for line in out.splitlines() if line in ("Mentions", "Things", "Propositions", "Facts")] == [
            "Mentions", "Things", "Propositions", "Facts",
        ]  # fmt: skip
        assert "1 document" in err

    def test_a_page_is_written_and_nothing_printed(self, tmp_path: Path, monkeypatch: Any, capfd: Any) -> None:
        (tmp_path / "note.txt").write_text(TEXT, encoding="utf8")
        target = tmp_path / "note.html"
        code, out, _ = self.run(monkeypatch, capfd, "inspect", str(tmp_path / "note.txt"), "--html", str(target))
        assert (code, out) == (0, "")
        assert html.parse(str(target)).getroot().find(".//mark") is not None

    @pytest.mark.parametrize("words", [["--html", "no/such/folder/x.html"], ["--html", "."]])
    def test_a_page_that_cannot_be_written_says_why(
        self, words: list[str], tmp_path: Path, monkeypatch: Any, capfd: Any
    ) -> None:
        (tmp_path / "note.txt").write_text(TEXT, encoding="utf8")
        monkeypatch.chdir(tmp_path)
        code, out, err = self.run(monkeypatch, capfd, "inspect", "note.txt", *words)
        assert (code, out) == (2, "")
        assert "to mend" in err

    def test_an_unreadable_source_is_told(self, tmp_path: Path, monkeypatch: Any, capfd: Any) -> None:
        code, out, err = self.run(monkeypatch, capfd, "inspect", str(tmp_path / "none.txt"))
        assert (code, out) == (2, "")
        assert "none.txt" in err
