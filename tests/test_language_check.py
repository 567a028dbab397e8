"""Texts that are too long or in another language: what is said of them, and that the others are read."""

from __future__ import annotations

import subprocess
import sys
import time
import warnings
from collections.abc import Collection
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.util import get_lang_class

from graphwright import Document, Failure, GraphwrightWarning, Settings, build, extract, from_text
from graphwright.errors import DocumentError, LanguageError, LanguageWarning
from graphwright.language.identification import language_name, other_language


def function_words(language: str) -> Collection[str]:
    """What spaCy knows as the function words of a language."""
    words: Collection[str] = get_lang_class(language).Defaults.stop_words
    return words


ENGLISH = function_words("en")
PLAIN = (
    "The minister met his counterpart on Tuesday in order to talk about the situation at the border and about the "
    "exercise that is to be held in the autumn."
)
FOREIGN = {
    "Hungarian": "A magyar honvédelmi miniszter kedden Szegeden fogadta szerb kollégáját. A felek a határvédelemről és "
    "a tömeges bevándorlás katonai vonatkozásairól tárgyaltak, majd közös sajtótájékoztatót tartottak.",
    "Bosnian, Croatian or Serbian": "Ministar odbrane primio je juče u Beogradu komandanta snaga na Kosovu. "
    "Sagovornici su razgovarali o bezbednosnoj situaciji u regionu i o saradnji Vojske Srbije sa međunarodnim snagama.",
    "Serbian": "Министар одбране примио је јуче у Београду команданта снага на Косову. Саговорници су разговарали о "
    "безбедносној ситуацији у региону и о сарадњи Војске Србије са међународним снагама.",
    "German": "Der Bundesverteidigungsminister empfing am Dienstag in Berlin seinen französischen Amtskollegen. Bei "
    "dem Gespräch ging es um die Zusammenarbeit der beiden Streitkräfte in Mali sowie um neue Kampfflugzeuge. "
    "Anschließend besuchten beide eine Kaserne in Potsdam.",
    "French": "Le ministre de la Défense a reçu mardi à Paris son homologue allemand. Les deux ministres ont évoqué la "
    "coopération militaire au Mali ainsi que l'acquisition de nouveaux avions de combat.",
    "Spanish": "El ministro de Defensa recibió el martes en Madrid a su homólogo italiano. Los ministros hablaron "
    "sobre la cooperación entre las fuerzas armadas de ambos países y la compra de nuevos aviones.",
    "Russian": "Министр обороны во вторник принял в Москве своего белорусского коллегу. Стороны обсудили вопросы "
    "военного сотрудничества и предстоящие совместные учения.",
    "Chinese": "国防部长星期二在北京会见了来访的法国国防部长。"
    "双方就地区安全形势和两军合作"
    "交换了意见。会谈结束后,两位部长共同出席了记者招待会,并签署了一份合作谅解备忘录。",
    "Dutch": "De minister van Defensie heeft dinsdag in Den Haag zijn Duitse ambtgenoot ontvangen. De bewindslieden "
    "spraken over de samenwerking tussen beide krijgsmachten en over de aanschaf van nieuwe gevechtsvliegtuigen.",
    "Swedish": "Försvarsministern tog på tisdagen emot sin norska kollega i Stockholm. Ministrarna diskuterade "
    "samarbetet mellan de två ländernas försvarsmakter och köpet av nya stridsflygplan.",
    "Norwegian": "Forsvarsministeren tok tirsdag imot sin svenske kollega i Oslo. Ministrene drøftet samarbeidet "
    "mellom de to landenes forsvar og kjøpet av nye kampfly, og etterpå besøkte de sammen en leir utenfor Bergen.",
    "Danish": "Forsvarsministeren modtog tirsdag sin svenske kollega i København. Ministrene drøftede samarbejdet "
    "mellem de to landes forsvar og købet af nye kampfly, og derefter besøgte de sammen en kaserne uden for Aarhus.",
    "Arabic": "استقبل وزير الدفاع يوم الثلاثاء في القاهرة نظيره الفرنسي. وبحث الوزيران التعاون بين القوات المسلحة في "
    "البلدين وشراء طائرات جديدة. ثم زارا معا قاعدة عسكرية بالقرب من الإسكندرية.",
    "Hindi": "रक्षा मंत्री ने मंगलवार को नई दिल्ली में अपने फ्रांसीसी समकक्ष से मुलाकात की। दोनों मंत्रियों ने दोनों देशों की "
    "सेनाओं के बीच सहयोग और नए विमानों की खरीद पर चर्चा की।",
}
ACCEPTED = {
    "prose": PLAIN,
    "a sentence full of foreign names": "Gen. Dr. Tibor Benkő received Ljubiša Diković and Đorđe Petrović at Kecskemét "
    "and showed them the new barracks of the Magyar Honvédség before the talks began.",
    "a list of foreign names": "They included Karol Baliński, Teofil Lenartowicz, Franciszek Mickiewicz and Eweryst "
    "Estkowski, Szijjártó Péter, Orbán Viktor, Ivica Dačić, Ana Brnabić and Áder János.",
    "names alone": "István Simicskó, Aleksandar Vulin, Ljubiša Diković, Zoran Đorđević, Angela von der Leyen",
    "a headline": "Treffen der Minister in Szeged",
    "capitals": "MINISTER DER VERTEIDIGUNG EMPFÄNGT SEINEN AMTSKOLLEGEN ZU GESPRÄCHEN ÜBER DIE LAGE AN DER GRENZE",
    "numbers": "2016 14 06 1848 15 03 " * 20,
    "addresses": "http://www.example.org/foo/bar?x=1 " * 20,
    "a program": "def foo(x): return x + 1\nfor i in range(10): print(foo(i))\n" * 10,
    "laughter": "ha ha ha " * 50,
    "a list of words": "cups of sugar, flour, eggs, butter, salt, pepper, milk, cream, vanilla, cinnamon, chocolate",
    "an English text with a long quotation": f"{PLAIN} {FOREIGN['German']} {PLAIN}",
    "half English, half French": f"{FOREIGN['French']} {FOREIGN['French']}\n\n{PLAIN} {PLAIN}",
    "a foreign preface": FOREIGN["Hungarian"] * 8 + "\n\n" + PLAIN * 60,
    "nothing": "",
}


# --------------------------------------------------------------------------------------------- telling a language


@pytest.mark.parametrize("language", FOREIGN)
def test_a_text_in_another_language_is_told(language: str) -> None:
    """A paragraph is enough, and a book is as sure."""
    assert other_language(FOREIGN[language], "en", ENGLISH) == language
    assert other_language(" ".join([FOREIGN[language]] * 50), "en", ENGLISH) == language


@pytest.mark.parametrize("kind", ACCEPTED)
def test_what_may_be_english_is_taken_for_it(kind: str) -> None:
    """Short texts, names and mixed texts are no reason to complain."""
    assert other_language(ACCEPTED[kind], "en", ENGLISH) is None


READERS = {
    **{"de": "German", "fr": "French", "hu": "Hungarian", "es": "Spanish", "nl": "Dutch", "sv": "Swedish"},
    **{"nb": "Norwegian", "ru": "Russian", "zh": "Chinese", "ar": "Arabic", "sr": "Serbian", "hi": "Hindi"},
}


@pytest.mark.parametrize("code", READERS)
def test_the_language_that_a_pipeline_reads_is_the_one_expected(code: str) -> None:
    words = function_words(code)
    assert other_language(FOREIGN[READERS[code]], code, words) is None
    assert other_language(PLAIN, code, words) == "English"


def test_sisters_that_are_too_much_alike_are_not_told_apart() -> None:
    """What one can say in all of them is no other language to a pipeline that reads one of them."""
    assert other_language(FOREIGN["Bosnian, Croatian or Serbian"], "hr", function_words("hr")) is None


@pytest.mark.parametrize("code", ["xx", "qqq", ""])
def test_nothing_is_another_language_to_a_pipeline_that_reads_them_all_or_an_unknown_one(code: str) -> None:
    assert [text for text in [PLAIN, *FOREIGN.values()] if other_language(text, code, ()) is not None] == []


def test_a_language_without_an_english_name_has_its_code() -> None:
    assert [language_name(code) for code in ("sq", "qqq")] == ["Albanian", "qqq"]


PIECES = st.sampled_from([*FOREIGN.values(), *ACCEPTED.values(), "\x00", "\ud800", "😀", "क्ष", "ǅ", "\u2028", "ﬁ"])


@given(st.one_of(st.text(max_size=400), st.lists(PIECES, max_size=20).map("".join)))
@settings(max_examples=150, deadline=None)
def test_any_text_gets_an_answer_and_always_the_same(text: str) -> None:
    found = other_language(text, "en", ENGLISH)
    assert found is None or found in {language_name("en"), found}
    assert found != "English"
    assert other_language(text, "en", ENGLISH) == found


def test_prose_of_the_expected_language_needs_no_identifier() -> None:
    """Who reads English documents pays nothing for knowing that they are."""
    program = (
        "import sys; from graphwright.language.identification import other_language; "
        f"assert other_language({PLAIN!r}, 'en', {sorted(ENGLISH)!r}) is None; "
        "print({'py3langid', 'babel'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


def test_a_long_text_takes_no_longer() -> None:
    """A few thousand characters are looked at."""
    start = time.perf_counter()
    assert other_language(PLAIN * 50_000, "en", ENGLISH) is None
    assert time.perf_counter() - start < 0.1


# -------------------------------------------------------------------------------------------------------- from Python

GOOD = from_text("Mia Rand visited Oslo.", id="good")
DOCUMENTS = [from_text(FOREIGN["German"], id="amtlich"), GOOD, from_text(FOREIGN["Hungarian"], id="hivatalos")]


def test_a_document_in_another_language_is_read_with_a_warning() -> None:
    with pytest.warns(LanguageWarning) as told:
        graph = build(DOCUMENTS)
    assert [document.id for document in graph.documents()] == ["amtlich", "good", "hivatalos"]
    assert [str(warning.message).partition(" (")[0] for warning in told] == [
        "amtlich: the text seems to be German, and the model reads English",
        "hivatalos: the text seems to be Hungarian, and the model reads English",
    ]
    assert all(isinstance(one.message, GraphwrightWarning) and "\n" not in str(one.message) for one in told)


def test_documents_in_another_language_can_be_left_out() -> None:
    """Each is told as a failure with its reason."""
    told: list[Document | Failure] = []
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        graph = build(DOCUMENTS, Settings(language_check="skip"), on_document=told.append)
    assert [document.id for document in graph.documents()] == ["good"]
    failures = [item for item in told if isinstance(item, Failure)]
    assert [failure.document for failure in failures] == ["amtlich", "hivatalos"]
    assert all(isinstance(failure.reason, LanguageError) for failure in failures)
    assert "to mend: give a model of its language with --model" in str(failures[0].reason)


def test_leaving_out_never_ends_a_stream() -> None:
    """Where nobody listens to failures, what is left out is a warning."""
    with pytest.warns(LanguageWarning) as told:
        found = list(extract(DOCUMENTS, Settings(language_check="skip")))
    assert [str(one.message).partition(":")[0] for one in told] == ["amtlich", "hivatalos"]
    assert [extraction.document for extraction in found] == [GOOD]


def test_the_check_can_be_switched_off() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert len(list(extract(DOCUMENTS, Settings(language_check="off")))) == 3


def test_a_text_is_too_long_by_one_character() -> None:
    """The limit itself is allowed, whatever spaCy's own is."""
    exact, long = (from_text("Mia Rand visited Oslo." + "!" * extra, id=f"{extra}") for extra in (0, 1))
    told: list[Failure] = []
    found = list(extract([long, exact], Settings(max_characters=22), on_failure=told.append))
    assert [extraction.document for extraction in found] == [exact]
    assert [failure.document for failure in told] == ["1"]
    assert str(told[0].reason) == (
        "the text has more than 22 characters\n  where: 1\n"
        "  to mend: split it into parts, or allow for its 23 characters with --max-characters"
    )
    with pytest.raises(DocumentError, match="more than 22"):
        list(extract([long], Settings(max_characters=22)))


def test_a_million_characters_are_the_most_unless_told_otherwise() -> None:
    told: list[Failure] = []
    assert list(extract([from_text("a" * 1_000_001)], on_failure=told.append)) == []
    assert "more than 1,000,000 characters" in str(told[0].reason)
    blank = " " * 1_000_000
    (found,) = extract([Document("blank", f"a{blank}b")], Settings(max_characters=1_500_000))
    assert found.facts == ()


# -------------------------------------------------------------------------------------------------- the command line


def graphwright(*arguments: str, folder: Path) -> tuple[int, str, str]:
    """Run a command as a user does."""
    command = [sys.executable, "-m", "graphwright.cli", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False)
    return done.returncode, done.stdout, done.stderr


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    (tmp_path / "de.txt").write_text(FOREIGN["German"], encoding="utf-8")
    (tmp_path / "en.txt").write_text(GOOD.text, encoding="utf-8")
    (tmp_path / "hu.txt").write_text(FOREIGN["Hungarian"], encoding="utf-8")
    return tmp_path


def test_the_command_line_warns_in_a_line_per_document_and_goes_on(texts: Path) -> None:
    code, out, err = graphwright("extract", ".", folder=texts)
    assert code == 0
    assert out.count("\n") == 3
    first, second, summary = err.splitlines()
    assert first == (
        "warning: de: the text seems to be German, and the model reads English "
        "(little of it will be understood; --language-check skip leaves such texts out, off says nothing)"
    )
    assert second.startswith("warning: hu: the text seems to be Hungarian, and the model reads English (")
    assert summary.startswith("3 documents read, 2 of them in another language, ")


def test_the_command_line_leaves_out_what_it_is_told_to(texts: Path) -> None:
    """As with all documents that fail, the exit code is 1."""
    code, out, err = graphwright("extract", ".", "--language-check", "skip", folder=texts)
    assert code == 1
    assert out.count("\n") == 1
    assert "failed: the text seems to be German, and the model reads English\n  where: de\n  to mend: give a mo" in err
    assert "1 document read, 2 failed (1 × the text seems to be German, and the model reads English; 1 × the te" in err


def test_the_command_line_leaves_out_what_is_too_long(texts: Path) -> None:
    arguments = ("build", ".", "--to", "a.nq", "--max-characters", "100", "--language-check", "off")
    code, out, err = graphwright(*arguments, folder=texts)
    assert (code, out) == (1, "")
    assert "failed: the text has more than 100 characters\n  where: de\n  to mend: split it into parts, or" in err
    assert "1 document read, 2 failed (2 × the text has more than 100 characters), " in err
    assert (texts / "a.nq").is_file()


@pytest.mark.parametrize("wrong", [("--language-check", "shout"), ("--max-characters", "0")])
def test_what_is_no_choice_is_refused(texts: Path, wrong: tuple[str, str]) -> None:
    code, out, err = graphwright("extract", ".", *wrong, folder=texts)
    assert (code, out) == (2, "")
    assert wrong[0] in err
