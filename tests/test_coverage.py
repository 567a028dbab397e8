"""Ontology coverage: what phrases find in documents, and lines of Turtle for what none of them covers."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rdflib import OWL, RDF, RDFS, Graph, Literal, URIRef

from graphwright import Settings, cli, extract, from_text
from graphwright.documents import Failure
from graphwright.facts import Reading
from graphwright.facts.coverage import Coverage
from graphwright.facts.ontological import OntologyExtractor
from graphwright.facts.proposals import Proposal, to_turtle
from graphwright.ontology import Ontology, load
from graphwright.ontology.terms import GW, LEX
from graphwright.pipeline import coverage

MY = "https://example.org/my#"
FIRMS = """
@prefix my: <https://example.org/my#> .
@prefix lex: <https://w3id.org/graphwright/lex#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
my:Party a owl:Class .
my:Human rdfs:subClassOf my:Party ; lex:entityLabel "PERSON" .
my:Firm rdfs:subClassOf my:Party ; lex:entityLabel "ORG" .
my:Town a owl:Class ; lex:entityLabel "GPE" .
my:leads a owl:ObjectProperty ; rdfs:domain my:Human ; rdfs:range my:Firm ; lex:state true ;
    lex:phrase "[Human] leads [Firm]" .
my:buys a owl:ObjectProperty ; rdfs:domain my:Party ; rdfs:range my:Firm ;
    lex:phrase "[Party] bought [Firm]" , "[Party] acquires [Firm]" ;
    lex:pattern "[Party] <-subject- grab -object-> [Firm]" .
"""

Measure = Callable[..., Coverage]


@pytest.fixture
def firms(tmp_path: Path) -> str:
    (tmp_path / "firms.ttl").write_text(FIRMS, encoding="utf8")
    return str(tmp_path / "firms.ttl")


@pytest.fixture
def measure(firms: str) -> Measure:
    """What the ontology of firms covers of some texts."""

    def measured(*texts: str, top: int = 20) -> Coverage:
        documents = [from_text(text, id=f"d{number}") for number, text in enumerate(texts)]
        return coverage(documents, Settings(ontology=(firms,)), top=top)

    return measured


def uses(found: Coverage) -> dict[str, tuple[int, int]]:
    """By phrase the facts and the matches."""
    return {use.example.text: (use.facts, use.matches) for use in found.phrases}


def proposed(found: Coverage) -> dict[str, int]:
    """By pattern the sentences that it would cover."""
    return {proposal.pattern: proposal.count for proposal in found.proposals}


def of_default(*texts: str) -> tuple[Proposal, ...]:
    """What is proposed for texts by the default ontology."""
    return coverage(from_text(text, id=f"d{number}") for number, text in enumerate(texts)).proposals


class TestPhrases:
    def test_every_phrase_is_listed_with_its_facts_matches_and_place(self, measure: Measure, firms: str) -> None:
        found = measure("Ana Kos leads Microsoft. Siemens, which is led by Bo Lind, bought Microsoft.")
        assert uses(found) == {
            "[Party] bought [Firm]": (1, 1),
            "[Party] acquires [Firm]": (0, 0),
            "[Party] <-subject- grab -object-> [Firm]": (0, 0),
            "[Human] leads [Firm]": (2, 2),
        }
        assert {Path(use.example.file) for use in found.phrases} == {Path(firms)}
        assert [use.example.line for use in found.phrases] == [13, 13, 14, 11]

    def test_what_matched_and_was_refused_is_a_match_without_a_fact(self, measure: Measure) -> None:
        """Whoever had led a firm need not lead it now."""
        assert uses(measure("Ana Kos had led Microsoft until 1998."))["[Human] leads [Firm]"] == (0, 1)

    def test_what_is_planned_or_denied_is_a_fact_too(self, measure: Measure) -> None:
        assert uses(measure("Nokia will buy Siemens. Microsoft did not buy Nokia."))["[Party] bought [Firm]"] == (2, 2)

    def test_the_phrases_of_a_property_are_counted(self, measure: Measure) -> None:
        assert measure("Ana Kos leads Microsoft.").per_property == 2.0

    def test_without_documents_nothing_matched(self, measure: Measure) -> None:
        found = measure()
        assert (found.documents, found.propositions, found.proposals) == (0, 0, ())
        assert set(uses(found).values()) == {(0, 0)}

    def test_extraction_has_its_facts_from_the_same_matches(
        self, ontology: Ontology, nlp: Any, reading_of: Callable[..., Reading]
    ) -> None:
        extractor = OntologyExtractor(ontology, nlp)
        reading = reading_of("General Ana Kos met Bo Lind in Riga on Monday and visited Oslo.")
        matched = {pattern.example.text for pattern, _ in extractor.matches(reading)}
        told = {fact.pattern for fact in extractor.extract(reading)}
        assert told
        assert told <= matched


class TestWhatIsNotCovered:
    @pytest.mark.parametrize(
        ("text", "pattern"),
        [
            ("Ana Kos employs Microsoft.", "[Human] <-subject- employ -object-> [Firm]"),
            ("Microsoft is employed by Ana Kos.", "[Human] <-subject- employ -object-> [Firm]"),
            ("Ana Kos, who employed Microsoft, resigned.", "[Human] <-subject- employ -object-> [Firm]"),
            ("Ana Kos works for Microsoft.", "[Human] <-subject- work -for-> [Firm]"),
            ("Ana Kos was sent to Oslo.", "[Human] <-object- send -to-> [Town]"),
            ("Nokia took over Siemens.", "[Firm] <-subject- take (-particle-> over) -object-> [Firm]"),
            ("Nokia took control of Siemens.", "[Firm] <-subject- take -object-> control -of-> [Firm]"),
            ("Nokia sold its shares to Siemens.", "[Firm] <-subject- sell (-object-> share) -to-> [Firm]"),
            ("Microsoft is a rival of Nokia.", "[Firm] -is-> rival -of-> [Firm]"),
            ("A treaty between Ana Kos and Bo Lind was found.", "[Human] <-between- treaty -between-> [Human]"),
            ("The criticism of Microsoft by Ana Kos was harsh.", "[Human] <-by- criticism -of-> [Firm]"),
        ],
    )
    def test_what_is_said_of_two_things_is_proposed_as_a_pattern(
        self, text: str, pattern: str, measure: Measure
    ) -> None:
        assert proposed(measure(text)) == {pattern: 1}

    @pytest.mark.parametrize(
        "text",
        [
            "Ana Kos leads Microsoft.",  # covered
            "Microsoft, led by Ana Kos, was bought by Nokia.",
            "Ana Kos, who had led Microsoft, resigned.",  # matched, though refused
            "Ana Kos said in Oslo that Nokia resigned.",  # where something was said
            "Ana Kos told Bo Lind that Nokia resigned.",
            "Ana Kos has Nokia.",  # verbs that say nothing
            "Ana Kos resigned after Nokia.",  # circumstances
            "Ana Kos called Nokia a success.",  # opinions
            "Ana Kos met her mother.",  # one thing, and one that is none
            "Ana Kos praised herself.",
            "The town of Oslo was quiet.",
            "12 % | 3 → ∞ [x] {y} 'z' <b>",
            "—",
        ],
    )
    def test_what_is_covered_or_relates_nothing_is_left_out(self, text: str, measure: Measure) -> None:
        assert proposed(measure(text)) == {}

    def test_the_most_frequent_comes_first_and_the_rest_is_cut(self, measure: Measure) -> None:
        texts = ("Ana Kos praised Nokia.", "Ana Kos employs Nokia.", "Bo Lind employs Siemens.")
        assert list(proposed(measure(*texts)).items()) == [
            ("[Human] <-subject- employ -object-> [Firm]", 2),
            ("[Human] <-subject- praise -object-> [Firm]", 1),
        ]
        assert list(proposed(measure(*texts, top=1))) == ["[Human] <-subject- employ -object-> [Firm]"]
        assert proposed(measure(*texts, top=0)) == {}

    def test_one_sentence_counts_once_however_many_documents_repeat_it(self, measure: Measure) -> None:
        found = measure(*["Ana Kos employs Microsoft."] * 3)
        assert proposed(found) == {"[Human] <-subject- employ -object-> [Firm]": 1}
        assert (found.documents, found.propositions, found.covered) == (3, 3, 0)

    def test_one_proposition_about_many_things_counts_once(self, measure: Measure) -> None:
        found = measure("Ana Kos and Bo Lind employ Microsoft and Nokia.")
        assert proposed(found) == {"[Human] <-subject- employ -object-> [Firm]": 1}

    def test_classes_are_as_general_as_needed(self, measure: Measure) -> None:
        """People and firms are parties; a town is none, and has a line of its own."""
        found = measure("Ana Kos sued Nokia. Siemens sued Bo Lind.", "Siemens sued Microsoft.", "Mia Rand sued Oslo.")
        assert proposed(found) == {
            "[Party] <-subject- sue -object-> [Party]": 3,
            "[Human] <-subject- sue -object-> [Town]": 1,
        }

    def test_an_event_that_a_verb_tells_of_is_covered_by_its_parts(self) -> None:
        """Who met and where they met are two facts about the meeting."""
        assert of_default("Ana Kos met Bo Lind in Oslo.") == ()


class TestProposedProperties:
    def test_a_new_property_is_named_by_its_verb_and_bounded_by_the_classes(self, measure: Measure) -> None:
        (proposal,) = measure("Ana Kos works for Microsoft.").proposals
        assert (proposal.property, proposal.new) == (MY + "worksFor", True)
        assert (proposal.domain, proposal.range) == (MY + "Human", MY + "Firm")
        assert proposal.example == "Ana Kos works for Microsoft."

    def test_the_properties_that_could_hold_are_named_beside_it(self, measure: Measure) -> None:
        assert measure("Ana Kos employs Microsoft.").proposals[0].alternatives == (MY + "leads", MY + "buys")
        assert measure("Ana Kos moved to Oslo.").proposals[0].alternatives == ()

    def test_a_name_that_is_taken_is_made_longer(self, measure: Measure) -> None:
        assert [one.property for one in measure("Ana Kos leads Bo Lind. Mia Rand leads Oslo.").proposals] == [
            MY + "leadsHuman",
            MY + "leadsTown",
        ]

    def test_a_property_that_is_said_alike_and_fits_is_chosen(self) -> None:
        """Whoever serves in the navy works for it, as who serves at an embassy does."""
        (proposal,) = of_default("Ana Kos served in the Estonian Navy.")
        assert (proposal.property, proposal.new, proposal.alternatives) == (GW + "worksFor", False, ())

    def test_what_fits_but_is_said_otherwise_is_not_chosen(self) -> None:
        """Whoever appoints an agency does not work for it, though those do who are appointed to it."""
        (proposal,) = of_default("Ana Kos appointed the Estonian Rescue Board.")
        assert proposal.new


class TestTurtle:
    TEXTS = (
        "Ana Kos employs Microsoft.",
        "Bo Lind is a cousin of Mia Rand.",
        "Latvia sold its ships to Peru.",
        "Latvia urged NATO to wait.",
        "Juri Tamm moved to Oslo.",
    )

    def test_it_is_valid_and_makes_the_sentences_yield_facts(self, tmp_path: Path) -> None:
        """The lines extend the default ontology, and each finds the sentence that it was proposed for."""
        proposals = of_default(*self.TEXTS)
        written = to_turtle(proposals, load())
        graph = Graph().parse(data=written, format="turtle")
        assert (None, OWL.imports, URIRef("https://w3id.org/graphwright/ontology")) in graph
        for proposal in proposals:
            subject = URIRef(proposal.property)
            assert (subject, URIRef(LEX + "pattern"), Literal(proposal.pattern)) in graph
            assert ((subject, RDFS.domain, URIRef(proposal.domain)) in graph) is proposal.new
            assert ((subject, RDF.type, OWL.ObjectProperty) in graph) is proposal.new
        (tmp_path / "more.ttl").write_text(written, encoding="utf8")
        found = extract(
            (from_text(text, id=text) for text in self.TEXTS), Settings(ontology=(str(tmp_path / "more.ttl"),))
        )
        names = {extraction.document.id: {fact.property for fact in extraction.facts} for extraction in found}
        assert [text for text in self.TEXTS if not any(one.startswith(MY) for one in names[text])] == []

    def test_an_ontology_that_stands_alone_is_extended_beside_its_files(
        self, measure: Measure, firms: str, tmp_path: Path
    ) -> None:
        written = to_turtle(measure("Ana Kos employs Microsoft.").proposals, load((firms,)))
        assert (None, OWL.imports, None) not in Graph().parse(data=written, format="turtle")
        (tmp_path / "more.ttl").write_text(written, encoding="utf8")
        both = Settings(ontology=(firms, str(tmp_path / "more.ttl")))
        (found,) = extract([from_text("Ana Kos employs Microsoft.")], both)
        assert [fact.property for fact in found.facts] == [MY + "employs"]

    def test_every_line_stands_below_its_sentence(self, measure: Measure, firms: str) -> None:
        written = to_turtle(measure("Ana Kos employs Microsoft.").proposals, load((firms,)))
        assert written.splitlines()[-3:] == [
            "# once: Ana Kos employs Microsoft.",
            "# perhaps of my:leads, my:buys",
            "my:employs a owl:ObjectProperty ; rdfs:domain my:Human ; rdfs:range my:Firm ; "
            'lex:pattern "[Human] <-subject- employ -object-> [Firm]" .',
        ]

    @pytest.mark.parametrize("mark", ["\n", "\r", "\r\n", "\u2028", "\x85", "\x07", "\x1b[2J", '"', "\\", "# "])
    def test_no_text_breaks_out_of_its_comment(self, mark: str, measure: Measure, firms: str) -> None:
        found = measure(f"Ana Kos employs{mark} Microsoft, my:x a my:y .{mark} Bo Lind praised Nokia.")
        graph = Graph().parse(data=to_turtle(found.proposals, load((firms,))), format="turtle")
        assert (URIRef(MY + "x"), None, None) not in graph
        assert "\x1b" not in to_turtle(found.proposals, load((firms,)))

    def test_a_long_sentence_is_cut(self, measure: Measure, firms: str) -> None:
        found = measure("Ana Kos employs Microsoft in matters " + "very, " * 200 + "very dear to it.")
        assert max(map(len, to_turtle(found.proposals, load((firms,))).splitlines())) < 300

    def test_with_nothing_to_propose_it_is_valid_too(self) -> None:
        assert len(Graph().parse(data=to_turtle((), load()), format="turtle")) == 2

    def test_classes_of_one_name_are_told_apart_by_their_prefix(self, tmp_path: Path) -> None:
        """A slot says "ex:Person" where "Person" would mean that of the default ontology."""
        file = tmp_path / "mine.ttl"
        file.write_text(
            "@prefix ex: <https://example.org/x#> . @prefix lex: <https://w3id.org/graphwright/lex#> .\n"
            "@prefix owl: <http://www.w3.org/2002/07/owl#> .\n"
            "<https://example.org/x> owl:imports <https://w3id.org/graphwright/ontology> .\n"
            'ex:Agreement a owl:Class ; lex:noun "pact" .\n'
        )
        terms = load((str(file),))
        found = coverage([from_text("Latvia shredded the pact.")], Settings(ontology=(str(file),)))
        assert [one.pattern for one in found.proposals] == ["[Country] <-subject- shred -object-> [ex:Agreement]"]
        assert "rdfs:range ex:Agreement" in to_turtle(found.proposals, terms)


class TestOnTheCommandLine:
    TEXT = "Ana Kos sued Microsoft. Toyota bought Siemens.\n"

    def run(self, monkeypatch: Any, capfd: Any, *words: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["graphwright", "ontology", "coverage", *words])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        out, err = capfd.readouterr()
        return int(ended.value.code or 0), out, err

    @pytest.fixture(autouse=True)
    def place(self, tmp_path: Path, monkeypatch: Any, firms: str) -> None:
        monkeypatch.chdir(tmp_path)
        Path("note.txt").write_text(self.TEXT, encoding="utf8")

    def test_a_table_ends_with_the_turtle(self, monkeypatch: Any, capfd: Any) -> None:
        code, out, err = self.run(monkeypatch, capfd, "note.txt", "--ontology", "firms.ttl")
        lines = out.splitlines()
        rows = [line.split() for line in lines]
        assert code == 0
        assert ["buys", "[Party]", "bought", "[Firm]", "1", "1"] in rows
        assert ["leads", "[Human]", "leads", "[Firm]", "firms.ttl", "line", "11"] in rows
        assert (
            "1 of 4 phrases matched; a property has 2.0 on average. They cover 50 % of 2 propositions about two things."
        ) in lines
        assert lines[-1].startswith("my:sues a owl:ObjectProperty ;")
        assert "1 document read" in err

    def test_turtle_alone_can_be_kept_as_a_file(self, monkeypatch: Any, capfd: Any) -> None:
        code, out, _ = self.run(monkeypatch, capfd, "note.txt", "--ontology", "firms.ttl", "--format", "turtle")
        assert code == 0
        assert (URIRef(MY + "sues"), RDF.type, OWL.ObjectProperty) in Graph().parse(data=out, format="turtle")

    def test_json_has_everything(self, monkeypatch: Any, capfd: Any) -> None:
        code, out, _ = self.run(monkeypatch, capfd, "note.txt", "--ontology", "firms.ttl", "--format", "json")
        found = json.loads(out)
        assert code == 0
        assert (found["documents"], found["propositions"], found["covered"], found["per_property"]) == (1, 2, 1, 2.0)
        assert [use["example"]["text"] for use in found["phrases"] if use["facts"]] == ["[Party] bought [Firm]"]
        assert [one["pattern"] for one in found["proposals"]] == ["[Human] <-subject- sue -object-> [Firm]"]

    def test_top_limits_the_proposals(self, monkeypatch: Any, capfd: Any) -> None:
        _, out, _ = self.run(
            monkeypatch, capfd, "note.txt", "--ontology", "firms.ttl", "--format", "json", "--top", "0"
        )
        assert json.loads(out)["proposals"] == []

    @pytest.mark.parametrize(
        "words",
        [["--format", "xml"], ["--top", "-1"], ["--top", "many"], ["--ontology", "none.ttl"], ["--date", "soon"]],
    )
    def test_what_cannot_be_done_is_said_before_reading(self, words: list[str], monkeypatch: Any, capfd: Any) -> None:
        code, out, err = self.run(monkeypatch, capfd, "note.txt", *words)
        assert (code, out) == (2, "")
        assert words[0].strip("-") in err

    def test_a_document_that_fails_is_told_and_the_rest_is_measured(self, monkeypatch: Any, capfd: Any) -> None:
        code, out, err = self.run(monkeypatch, capfd, "none.txt", "note.txt", "--ontology", "firms.ttl")
        assert code == 1
        assert "none.txt" in err
        assert "my:sues" in out

    def test_without_any_document_nothing_is_printed(self, monkeypatch: Any, capfd: Any) -> None:
        code, out, err = self.run(monkeypatch, capfd, "none.txt")
        assert (code, out) == (2, "")
        assert "none.txt" in err


def test_an_error_in_one_document_ends_nothing(monkeypatch: Any) -> None:
    """Whatever goes wrong while a document is looked at is a failure of that document."""
    import graphwright.facts.coverage as module

    honest = module.observe

    def faulty(reading: Reading, *rest: Any) -> Any:
        if reading.document.id == "bad":
            raise ZeroDivisionError("by zero")
        return honest(reading, *rest)

    monkeypatch.setattr(module, "observe", faulty)
    documents = [from_text("Ana Kos met Bo Lind.", id="bad"), from_text("Ana Kos met Bo Lind.", id="good")]
    failures: list[Failure] = []
    assert coverage(documents, on_failure=failures.append).documents == 1
    assert [failure.document for failure in failures] == ["bad"]
    with pytest.raises(ZeroDivisionError):
        coverage(documents)
