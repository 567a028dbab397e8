"""Why a fact is not found: each condition in sentences of its own, with the words that the answer turns on.

A row is a text, the fact in question, and what the message must name.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from graphwright import Document, GraphwrightError, Settings, Verdict, cli, extract, from_text, read, why_not
from graphwright.facts.verdict import NEARNESS

Row = tuple[str, str, str]
"""A text, a fact as "subject | property | object", and what the message names, pieces joined by "; "."""

ROWS: dict[str, list[Row]] = {
    "not in the text": [
        ("Ana Kos leads the Latvian delegation.", "Bo Lind | leads | the Latvian delegation", "Bo Lind; subject"),
        ("General Ana Kos visited Riga.", "Ana Kos | visited | Oslo", "Oslo; object"),
        ("Latvia signed the treaty with Norway.", "Latvja | signed | the treaty", "did you mean Latvia"),
        (
            "The talks were held in Riga on 3 May 2016.",
            "the talks | heldOn | 2016-05-04",
            "2016-05-04; 3 May 2016 → 2016-05-03",
        ),
    ],
    "no mention": [
        ("Ana Kos met the partners in Riga.", "Ana Kos | metWith | the partners", "“partner” is of no class"),
        ("Ana Kos signed the plan on Monday.", "Ana Kos | signed | the plan", "“plan”"),
        ("Norway condemned attacks in Riga.", "attacks | heldIn | Riga", "“attack” (Attack); bare plural"),
        ("The vanguard captured Mosul.", "the vanguard | controls | Mosul", "“vanguard”; lex:noun"),
        (
            "Ana Kos visited the University of Oslo.",
            "Ana Kos | visited | Oslo",
            "only as a part of 'University of Oslo' (EducationalInstitution)",
        ),
    ],
    "no thing": [
        ("An officer visited Riga.", "an officer | visited | Riga", "describes a Person; lex:named"),
        ("Two countries signed the treaty.", "two countries | signed | the treaty", "describes a Country"),
        ("She visited Riga.", "She | visited | Riga", "pronoun; refers to is not found"),
        ("The talks were held in Riga on Tuesday.", "the talks | heldOn | Tuesday", "--date"),
    ],
    "wrong class": [
        ("The embassy supports Latvia.", "the embassy | supports | Latvia", "Facility; Agent as its subject"),
        ("Ana Kos discussed fisheries with Bo Lind.", "Ana Kos | hasTopic | fisheries", "Person; Event or Agreement"),
        ("Ana Kos visited the summit.", "Ana Kos | visited | the summit", "Meeting; Place or Organization"),
        ("Ana Kos heads the port of Riga.", "Ana Kos | leads | Riga", "City"),
    ],
    "apart": [
        ("Ana Kos arrived on Monday. Bo Lind stayed in Riga.", "Ana Kos | visited | Riga", "1 sentence apart"),
        (
            "Ana Kos spoke first. Bo Lind of the Latvian Navy spoke next.",
            "Ana Kos | worksFor | the Latvian Navy",
            "'Ana Kos' and 'Latvian Navy'",
        ),
        ("Latvia signed the treaty. Norway stayed away.", "Norway | signed | the treaty", "1 sentence apart"),
        (
            "The talks were held in Riga. Rain fell. Nobody left before 3 May 2016.",
            "the talks | heldOn | 2016-05-03",
            "2 sentences apart",
        ),
    ],
    "no path": [
        ("Ana Kos spearheads the Latvian delegation.", "Ana Kos | leads | the Latvian delegation", "'spearheads'"),
        ("Latvia shields Ukraine.", "Latvia | supports | Ukraine", '"[Agent] supports [Agent]"; \'shields\''),
        ("Norway mocked Russia.", "Norway | criticises | Russia", "condemn; 'mocked'"),
        ("Ana Kos flew over Riga.", "Ana Kos | visited | Riga", "has “flew”; -to-> 'Riga'; there is -over->"),
        (
            "Ana Kos leads the talks with the Latvian delegation.",
            "Ana Kos | leads | the Latvian delegation",
            "has “leads”; the arrow 'leads' -object-> 'the Latvian delegation'",
        ),
    ],
    "unresolved": [
        ("Latvia sent ships. They signed the treaty.", "Latvia | signed | the treaty", "'They'; not found"),
        ("Latvia and Norway sent ships. It signed the treaty.", "Norway | signed | the treaty", "'It'; read as Latvia"),
        ("Latvia sent ships. Then they met Ana Kos.", "Latvia | metWith | Ana Kos", "'they'; not found"),
        (
            "Bo Lind and Mia Rand came to Riga. He leads the Latvian delegation.",
            "Mia Rand | leads | the Latvian delegation",
            "'He'; read as Bo Lind and not as Mia Rand",
        ),
    ],
    "over": [
        ("Ana Kos had led the Latvian delegation.", "Ana Kos | leads | the Latvian delegation", "“had”"),
        ("Ana Kos previously lived in Riga.", "Ana Kos | livesIn | Riga", "“previously”"),
        ("Ana Kos formerly represented Latvia.", "Ana Kos | represents | Latvia", "“formerly”"),
        ("The group had controlled Mosul before the war.", "The group | controls | Mosul", "“had”"),
    ],
    "not respective": [
        (
            "The ministers of Latvia and Norway, Ana Kos and Juri Tamm, met in Riga.",
            "Ana Kos | worksFor | Norway",
            "plural post; not a pair",
        ),
        (
            "The ministers of Chad and Peru, Mia Rand and Jon Berg, signed the treaty.",
            "Jon Berg | worksFor | Chad",
            "plural post",
        ),
        (
            "The ambassadors of Spain and Italy, Ada Ruiz and Leo Conti, visited Oslo.",
            "Leo Conti | represents | Spain",
            "plural post",
        ),
        (
            "The foreign ministers of Spain and Italy, Ada Ruiz and Leo Conti, visited Oslo.",
            "Leo Conti | worksFor | Spain",
            "plural post",
        ),
    ],
    "negated": [
        ("Ana Kos did not visit Riga.", "Ana Kos | visited | Riga", "“not”"),
        ("Latvia refused to sign the treaty.", "Latvia | signed | the treaty", "“refused”"),
        ("Nobody but Ana Kos spoke, and Norway never supported Russia.", "Norway | supports | Russia", "“never”"),
        ("Bo Lind left without visiting Oslo.", "Bo Lind | visited | Oslo", "“without”"),
    ],
    "possible": [
        ("Ana Kos may visit Riga.", "Ana Kos | visited | Riga", "“may”"),
        ("If Latvia signs the treaty, Norway will follow.", "Latvia | signed | the treaty", "“If”"),
        ("Norway hopes to visit Riga.", "Norway | visited | Riga", "“hopes”"),
        ("Latvia reportedly signed the treaty.", "Latvia | signed | the treaty", "“reportedly”"),
    ],
    "planned": [
        ("Ana Kos will visit Riga.", "Ana Kos | visited | Riga", "“will”"),
        ("The delegations agreed to sign the treaty.", "the delegations | signed | the treaty", "“agreed”"),
        ("Latvia plans to support Ukraine.", "Latvia | supports | Ukraine", "“plans”"),
        ("Bo Lind is due to visit Oslo.", "Bo Lind | visited | Oslo", "“due”"),
    ],
    "attributed": [
        ("Bo Lind said that Latvia supports Ukraine.", "Latvia | supports | Ukraine", "only Bo Lind says so"),
        ("According to Norway, Russia attacked Latvia.", "Russia | attacked | Latvia", "only Norway says so"),
        ("“Latvia signed the treaty”, Ana Kos said.", "Latvia | signed | the treaty", "only Ana Kos says so"),
        ("Mia Rand claimed that Chad will support Peru.", "Chad | supports | Peru", "only Mia Rand; as planned"),
    ],
    "bare verb": [
        ("Ana Kos met Bo Lind.", "met | hasParticipant | Ana Kos", "only a verb"),
        ("Latvia attacked Norway.", "attacked | hasParticipant | Latvia", "only a verb"),
        ("Ana Kos conferred with Mia Rand.", "conferred | hasParticipant | Mia Rand", "only a verb"),
        ("Bo Lind received Jon Berg.", "received | hasParticipant | Jon Berg", "only a verb"),
    ],
    "implied": [
        ("Ana Kos received Bo Lind in Riga.", "Ana Kos | metWith | Bo Lind", "Ana Kos | received | Bo Lind"),
        ("Ana Kos received Bo Lind in Riga.", "Bo Lind | metWith | Ana Kos", "Ana Kos | received | Bo Lind"),
        ("Jon Berg was welcomed by Mia Rand.", "Jon Berg | metWith | Mia Rand", "Mia Rand | received | Jon Berg"),
        (
            "Latvia welcomed Norway. Latvia met with Norway.",
            "Norway | metWith | Latvia",
            "Latvia | received | Norway",
        ),
    ],
    "auxiliary": [
        ("Ana Kos of the Latvian Navy spoke.", "the Latvian Navy | ofCountry | Latvia", "lex:auxiliary"),
        ("The Serbian Armed Forces left Riga.", "Serbian Armed Forces | ofCountry | Serbia", "never shown"),
        ("The Norwegian Navy visited Oslo.", "Norwegian Navy | ofCountry | Norway", "rules alone"),
        ("The Hungarian Defence Forces visited Oslo.", "Hungarian Defence Forces | ofCountry | Hungary", "rules alone"),
    ],
    "found": [
        ("General Ana Kos visited Riga.", "Ana Kos | visited | Riga", '"[Agent] visited [Place]"; confidence'),
        ("General Tibor Benkő met Ljubisa Diković.", "benko | metWith | DIKOVIC", "Tibor Benkő | metWith | Ljubisa"),
        ("General Tibor Benkő met Ljubisa Diković.", "Diković | metWith | General Benkő", "Tibor Benkő | metWith"),
        ("The talks were held in Riga on 3 May 2016.", "the talks | heldOn | 2016-05", "2016-05-03"),
        ("Defence Minister Ana Kos came. The minister signed the treaty.", "The minister | signed | treaty", "Ana Kos"),
    ],
}  # fmt: skip


def judged(text: str, fact: str, settings: Settings | None = None) -> Verdict:
    """The verdict on a fact, written "subject | property | object", in a text."""
    subject, prop, target = fact.split(" | ")
    (verdict,) = why_not([from_text(text, id="d")], subject, prop, target, settings or Settings())
    return verdict


def rows(table: dict[str, list[Row]]) -> Iterable[Any]:
    for condition, listed in table.items():
        for text, fact, named in listed:
            yield pytest.param(condition, text, fact, named, id=f"{condition}: {text[:50]}")


@pytest.mark.parametrize(("condition", "text", "fact", "named"), list(rows(ROWS)))
def test_each_condition_is_told_with_the_words_that_it_turns_on(
    condition: str, text: str, fact: str, named: str
) -> None:
    verdict = judged(text, fact)
    assert (verdict.condition, verdict.found) == (condition, condition == "found"), verdict.message
    assert [piece for piece in named.split("; ") if piece not in verdict.message] == [], verdict.message


EXAMPLES = Path(__file__).parents[1] / "examples" / "diplomacy" / "documents"


@pytest.mark.parametrize("path", sorted(EXAMPLES.iterdir()), ids=lambda path: path.name)
def test_the_verdict_agrees_with_what_is_extracted(path: Path) -> None:
    """Every fact is found by the names of its things, and every other statement is told with its flag."""
    documents = [one for one in read([path]) if isinstance(one, Document)]
    for extraction in extract(documents):
        names = {chain.id: chain.name for chain in extraction.chains}
        told: dict[tuple[str, str, str], set[str]] = {}
        for fact in extraction.facts:
            target = names[fact.object] if isinstance(fact.object, str) else fact.object.lexical
            flag = "found" if fact.asserted else "attributed" if fact.attributed_to else fact.modality
            told.setdefault((names[fact.subject], fact.property, target), set()).add(flag)
        for (subject, prop, target), flags in told.items():
            (verdict,) = why_not([extraction.document], subject, prop, target)
            assert verdict.condition in flags, (subject, prop, target, verdict.message)


def test_every_condition_has_its_sentences() -> None:
    """Those that need settings or an ontology of their own have them below."""
    apart = {"below confidence", "no phrase", "no premise"}
    assert set(NEARNESS) == {*ROWS, *apart}
    assert min(map(len, ROWS.values())) >= 4


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("General Ana Kos visited Riga.", "Ana Kos | visited | Riga"),
        ("Latvia signed the treaty.", "Latvia | signed | the treaty"),
        ("The talks were held in Riga.", "the talks | heldIn | Riga"),
        ("Bo Lind leads the Latvian delegation.", "Lind | leads | the Latvian delegation"),
    ],
)
def test_what_is_too_unsure_is_told_with_its_confidence(text: str, fact: str) -> None:
    verdict = judged(text, fact, Settings(min_confidence=0.95))
    assert verdict.condition == "below confidence"
    assert "0.95" in verdict.message
    assert verdict.confidence is not None
    assert f"{verdict.confidence:.2f}" in verdict.message
    assert judged(text, fact, Settings(min_confidence=0.5)).found


OFFICE = """
@prefix : <https://example.org/office#> .
@prefix lex: <https://w3id.org/graphwright/lex#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
<https://example.org/office> a owl:Ontology .
:Person a owl:Class ; lex:entityLabel "PERSON" .
:employs a owl:ObjectProperty ; rdfs:domain :Person ; rdfs:range :Person ; lex:phrase "[Person] employs [Person]" .
:oversees a owl:ObjectProperty ; rdfs:domain :Person ; rdfs:range :Person .
:admires a owl:ObjectProperty ; rdfs:domain :Person ; rdfs:range :Person .
"""
OVERSIGHT = """# Who employs an employer oversees the employed
PREFIX : <https://example.org/office#>
CONSTRUCT { ?a :oversees ?c } WHERE { ?a :employs ?b . ?b :employs ?c . FILTER (?a != ?c) }
"""


@pytest.fixture
def office(tmp_path: Path) -> Settings:
    """An ontology in which a rule alone concludes oversight, and nothing admiration."""
    (tmp_path / "office.ttl").write_text(OFFICE)
    (tmp_path / "oversight.rq").write_text(OVERSIGHT)
    return Settings(ontology=(str(tmp_path),))


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("Mia Rand employs Olev Saar. Ana Kos left.", ("Olev Saar employs Ana Kos",)),
        ("Olev Saar employs Ana Kos. Mia Rand left.", ("Mia Rand employs Olev Saar",)),
        ("Mia Rand saw Ana Kos.", ("?b employs Ana Kos", "Mia Rand employs ?b")),
    ],
)
def test_what_a_rule_alone_concludes_is_told_with_the_premises_that_it_lacks(
    text: str, missing: tuple[str, ...], office: Settings
) -> None:
    """A premise that is only planned is missing too: rules build on what is asserted."""
    verdict = judged(text, "Mia Rand | oversees | Ana Kos", office)
    assert (verdict.condition, verdict.rule and verdict.rule.name) == ("no premise", "oversight")
    assert verdict.rule is not None
    assert sorted(verdict.rule.missing) == sorted(missing)
    assert "Who employs an employer oversees the employed" in verdict.message


def test_a_rule_that_a_filter_holds_back_lacks_no_premise(office: Settings) -> None:
    text = "Mia Rand employs Jon Berg. Jon Berg employs Mia Rand."
    verdict = judged(text, "Mia Rand | oversees | Rand", office)
    assert verdict.condition == "no premise"
    assert "FILTER" in verdict.message


@pytest.mark.parametrize("text", ["Mia Rand admires Ana Kos.", "Mia Rand saw Ana Kos."])
def test_a_property_that_nothing_tells_of_is_told(text: str, office: Settings) -> None:
    verdict = judged(text, "Mia Rand | admires | Ana Kos", office)
    assert verdict.condition == "no phrase"
    assert "no phrase, pattern or rule for admires" in verdict.message


def test_a_rule_that_lacks_little_is_told_beside_the_phrase() -> None:
    verdict = judged("Ana Kos made a trip to Riga with Bo Lind.", "Bo Lind | visited | Riga")
    assert verdict.condition == "no path"
    assert verdict.rule is None or verdict.rule.missing


@pytest.mark.parametrize(
    ("text", "fact", "line"),
    [
        (
            "Ana Kos spearheads the Latvian delegation.",
            "Ana Kos | leads | the Latvian delegation",
            'gw:leads lex:pattern "[Person] <-subject- spearhead -object-> [Delegation]" .',
        ),
        (
            "Latvia heaped praise on Ukraine.",
            "Latvia | supports | Ukraine",
            'gw:supports lex:pattern "[Agent] <-subject- heap -object-> praise -on-> [Agent]" .',
        ),
        (
            "The meeting took up fisheries.",
            "the meeting | hasTopic | fisheries",
            'gw:hasTopic lex:pattern "[Event] <-subject- take (-particle-> up) -object-> [Topic]" .',
        ),
        ("Ana Kos met the partners in Riga.", "Ana Kos | metWith | the partners", 'gw:Agent lex:noun "partner" .'),
    ],
)
def test_the_line_that_is_offered_mends_it(text: str, fact: str, line: str, tmp_path: Path) -> None:
    """With the line in an ontology of one's own that extends the default one, the fact is found."""
    assert judged(text, fact).line == line
    prefixes = "gw: <https://w3id.org/graphwright/ontology#>", "lex: <https://w3id.org/graphwright/lex#>"
    imports = (
        "<https://example.org/my> <http://www.w3.org/2002/07/owl#imports> <https://w3id.org/graphwright/ontology> ."
    )
    (tmp_path / "mine.ttl").write_text("\n".join([*(f"@prefix {one} ." for one in prefixes), imports, line]))
    assert judged(text, fact, Settings(ontology=(str(tmp_path / "mine.ttl"),))).found


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("Ana Kos of Latvia spoke.", "Latvia | supports | Ana Kos"),
        ("Ana Kos said on Monday that the ship of the man who left had sunk off Riga.", "Ana Kos | visited | Riga"),
    ],
)
def test_no_line_is_offered_that_would_hold_everywhere_or_nowhere_else(text: str, fact: str) -> None:
    """A pattern of classes and roles alone would match all over, one of many roles hardly ever."""
    verdict = judged(text, fact)
    assert (verdict.condition, verdict.line) == ("no path", "")
    assert verdict.path


def test_the_nearest_phrase_is_told_with_its_place() -> None:
    phrase = judged("Ana Kos flew over Riga.", "Ana Kos | visited | Riga").phrase
    assert phrase is not None
    assert phrase.text == "[Agent] travelled to [Place]"
    assert phrase.understood.startswith("[Agent] <-subject- ")
    assert phrase.place.startswith("phrases.ttl line ")
    assert phrase.found == ("flew",)
    assert phrase.missing == ("the arrow 'flew' -to-> 'Riga' (there is -over->)",)


def test_the_sentence_that_comes_nearest_is_told_with_its_place() -> None:
    text = "Ana Kos left Riga. It rained. Ana Kos may visit Riga. Ana Kos praised Riga."
    verdict = judged(text, "Ana Kos | visited | Riga")
    assert verdict.sentence == "Ana Kos may visit Riga."
    assert verdict.span is not None
    assert text[slice(*verdict.span)] == verdict.sentence
    assert judged("Ana Kos left Riga. Ana Kos praised Riga.", "Ana Kos | visited | Riga").others == 1


def test_who_mixes_up_the_direction_is_told() -> None:
    verdict = judged("Latvia received a loan. Norway supports Latvia.", "Latvia | supports | Norway")
    assert "the other way round it is a fact: Norway | supports | Latvia" in verdict.message


def test_of_several_documents_those_that_speak_of_both_are_told_the_nearest_first() -> None:
    texts = {"far": "Ana Kos left Riga.", "near": "Ana Kos may visit Riga.", "none": "Riga is large."}
    documents = [from_text(text, id=id) for id, text in texts.items()]
    assert [one.document for one in why_not(documents, "Ana Kos", "visited", "Riga")] == ["near", "far"]
    assert [one.condition for one in why_not(documents, "Ana Kos", "visited", "Oslo")] == ["not in the text"]


@pytest.mark.parametrize("name", ["leads", "gw:leads", "https://w3id.org/graphwright/ontology#leads", "LEADS"])
def test_a_property_has_many_names(name: str) -> None:
    assert judged("Ana Kos leads the Latvian delegation.", f"Kos | {name} | the Latvian delegation").found


def test_an_unknown_property_is_told_with_those_that_are_written_like_it() -> None:
    with pytest.raises(GraphwrightError, match="did you mean one of: leads"):
        judged("Ana Kos leads the Latvian delegation.", "Ana Kos | leeds | the Latvian delegation")
    with pytest.raises(GraphwrightError, match=r"use one of: .*visited"):
        judged("Ana Kos left.", "Ana Kos | zzz | Riga")


@pytest.mark.parametrize("strange", ["", " ", "'", "…", "\x00", "*", "a" * 5000, "🙂", "the"])
def test_strange_words_are_simply_not_there(strange: str) -> None:
    (verdict,) = why_not([Document("d", "Ana Kos visited Riga.")], strange, "visited", strange)
    assert verdict.condition == "not in the text"


class TestOnTheCommandLine:
    @pytest.fixture(autouse=True)
    def place(self, tmp_path: Path, monkeypatch: Any, capfd: Any) -> None:
        monkeypatch.chdir(tmp_path)
        self.monkeypatch, self.capfd = monkeypatch, capfd
        Path("note.txt").write_text("General Ana Kos visited Riga. She may visit Oslo.", encoding="utf8")

    def run(self, *words: str) -> tuple[int, str, str]:
        self.monkeypatch.setattr("sys.argv", ["graphwright", "why-not", *words])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        out, err = self.capfd.readouterr()
        return int(ended.value.code or 0), out, err

    def test_what_is_found_is_printed_with_its_sentence(self) -> None:
        code, out, _ = self.run("note.txt", "Kos", "visited", "Riga")
        assert code == 0
        assert "found: Ana Kos | visited | Riga" in out
        assert "“General Ana Kos visited Riga.”" in out

    def test_what_is_not_found_is_printed_with_the_reason(self) -> None:
        code, out, _ = self.run("note.txt", "Kos", "visited", "Oslo")
        assert code == 1
        assert "possible: told as possible, for “may”" in out

    def test_programs_get_json(self) -> None:
        code, out, _ = self.run("note.txt", "Ana Kos", "leads", "Riga", "--json")
        assert code == 1
        (verdict,) = json.loads(out)
        assert (verdict["found"], verdict["condition"], verdict["property"]) == (False, "wrong class", "leads")

    def test_options_are_those_of_extract(self) -> None:
        code, out, _ = self.run("note.txt", "Kos", "visited", "Riga", "--min-confidence", "0.99")
        assert code == 1
        assert "below confidence" in out

    def test_an_unknown_property_cannot_run(self) -> None:
        code, out, err = self.run("note.txt", "Kos", "visitd", "Riga")
        assert (code, out) == (2, "")
        assert "did you mean one of: visited" in err

    @pytest.mark.parametrize("content", [b"", b" \n", b"\x00\x01\xff\xfe\x00" * 50, None])
    def test_a_file_without_a_text_cannot_be_judged(self, content: bytes | None) -> None:
        if content is not None:
            Path("bad.txt").write_bytes(content)
        code, out, err = self.run("bad.txt", "Kos", "visited", "Riga")
        assert (code, out) == (2, "")
        assert "bad.txt" in err

    def test_a_file_that_cannot_be_read_does_not_hide_the_others(self) -> None:
        Path("bad.txt").write_bytes(b"")
        code, out, err = self.run(".", "Kos", "visited", "Riga")
        assert code == 0
        assert "note" in out
        assert "bad.txt" in err
