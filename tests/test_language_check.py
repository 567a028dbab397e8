"""Texts in another language, and texts that are too long: what is said of them, and that the others are read."""

from __future__ import annotations

import subprocess
import sys
import warnings
from pathlib import Path

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st

from graphwright import Failure, from_text
from graphwright.errors import LanguageWarning
from graphwright.language.identification import other_language
from graphwright.pipeline import build
from graphwright.settings import Settings

ENGLISH = spacy.blank("en").Defaults.stop_words
GERMAN = (
    "Der Verteidigungsminister traf am Dienstag seinen ungarischen Amtskollegen in Szeged, um über die Lage an der "
    "Grenze zu sprechen und eine engere Zusammenarbeit zu vereinbaren."
)
FOREIGN = {
    "German": GERMAN,
    "Hungarian": "A honvédelmi miniszter kedden Szegeden fogadta szerb kollégáját, és a határ menti együttműködésről "
    "tárgyaltak.",
    "French": "La ministre de la Défense a rencontré mardi son homologue à Szeged pour parler de la coopération entre "
    "les deux pays.",
    "Spanish": "El ministro de Defensa se reunió el martes con su homólogo húngaro en Szeged para hablar de la "
    "cooperación bilateral.",
    "Russian": "Министр обороны во вторник провел переговоры с венгерским коллегой о сотрудничестве и положении на "
    "границе.",
    "Chinese": "国防部长星期二在边境会见了匈牙利国防部长,"
    "双方就边境局势和进一步加强两国军事合作交换了意见,并同意今年晚些时候再次举行会谈,讨论地区安全问题。",
    "Arabic": "التقى وزير الدفاع يوم الثلاثاء بنظيره المجري لبحث التعاون العسكري بين البلدين والوضع على الحدود",
}
OURS = {
    "a sentence full of foreign names": "Gen. Dr. Tibor Benkő received Ljubiša Diković and Đorđe Petrović at Kecskemét "
    "and showed them the new barracks of the Magyar Honvédség before the talks began.",
    "a list of names": "István Simicskó, Aleksandar Vulin, Ljubiša Diković, Zoran Đorđević, Szijjártó Péter, Orbán "
    "Viktor, Ivica Dačić, Ana Brnabić, Áder János",
    "a headline": "Treffen in Szeged",
    "numbers": "2016 14 06 1848 15 03 " * 20,
    "nothing": "",
    "mixed text": f"The minister's words were these, and they were not meant for our ears: {GERMAN} After that he got "
    "up, took his hat, and went out to the car that had been waiting for him all the time in the rain.",
}


@pytest.mark.parametrize("language", FOREIGN)
def test_a_text_in_another_language_is_told(language: str) -> None:
    assert other_language(FOREIGN[language], "en", ENGLISH) == language


@pytest.mark.parametrize("kind", OURS)
def test_what_may_be_english_is_taken_for_it(kind: str) -> None:
    """Short texts, names and quotations are no reason to complain."""
    assert other_language(OURS[kind], "en", ENGLISH) is None


def test_the_language_that_a_pipeline_reads_is_the_one_expected() -> None:
    assert other_language(GERMAN, "de", spacy.blank("de").Defaults.stop_words) is None
    english = "The minister met his counterpart on Tuesday in order to talk about the situation at the border."
    assert other_language(english, "de", spacy.blank("de").Defaults.stop_words) == "English"
    assert other_language(english, "xx", spacy.blank("xx").Defaults.stop_words) is None


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=400))
def test_any_text_gets_an_answer_and_always_the_same(text: str) -> None:
    assert other_language(text, "en", ENGLISH) == other_language(text, "en", ENGLISH)


def test_a_foreign_document_is_read_with_a_warning_or_left_out() -> None:
    documents = [from_text(GERMAN, id="amtlich"), from_text("Mia Rand visited Oslo.", id="good")]
    with pytest.warns(LanguageWarning, match="amtlich: the text seems to be German, and the model reads English"):
        graph = build(documents)
    assert {document.id for document in graph.documents()} == {"amtlich", "good"}

    told: list[object] = []
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        graph = build(documents, Settings(language_check="skip"), on_document=told.append)
        assert {document.id for document in graph.documents()} == {"good"}
        assert {document.id for document in build(documents, Settings(language_check="off")).documents()} > {"good"}
    (failure,) = [item for item in told if isinstance(item, Failure)]
    assert "to mend: give a model of that language (--model)" in str(failure.reason)


def command(*arguments: str, folder: Path) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "graphwright.cli", *arguments], cwd=folder, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout, done.stderr


def test_the_command_line_says_it_once_and_goes_on(tmp_path: Path) -> None:
    (tmp_path / "de.txt").write_text(GERMAN, encoding="utf8")
    (tmp_path / "en.txt").write_text("Mia Rand visited Oslo.", encoding="utf8")
    code, out, err = command("extract", ".", folder=tmp_path)
    assert code == 0
    assert err.count("warning: de: the text seems to be German") == 1
    assert out.count("\n") == 2
    code, out, err = command("extract", ".", "--language-check", "skip", folder=tmp_path)
    assert code == 1
    assert "failed: the text seems to be German" in err
    assert out.count("\n") == 1
    code, _, err = command("extract", ".", "--language-check", "shout", folder=tmp_path)
    assert code == 2
    assert "warn, skip, off" in err


def test_the_command_line_leaves_out_what_is_too_long(tmp_path: Path) -> None:
    (tmp_path / "long.txt").write_text("Mia Rand visited Oslo. " * 50, encoding="utf8")
    (tmp_path / "short.txt").write_text("Mia Rand visited Oslo.", encoding="utf8")
    code, out, err = command("extract", ".", "--max-characters", "1000", folder=tmp_path)
    assert code == 1
    assert "the text has 1,150 characters; 1,000 is the most\n  where: long" in err
    assert out.count("\n") == 1
