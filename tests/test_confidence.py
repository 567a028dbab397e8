"""Confidence is the probability that a fact is right: it falls with every doubt and rises with every witness."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphwright.facts import compile_rules, extract_facts
from graphwright.facts.confidence import DOUBTS, calibration, together
from graphwright.facts.ontological import OntologyExtractor
from graphwright.language.analysis import certainty
from graphwright.model import Fact, Value

SHARES = st.floats(0.001, 1)


@pytest.fixture
def sure(read: Any) -> Any:
    """The confidence of the one fact of a property in a text."""

    def confidence(text: str, property: str) -> float:
        (found,) = {fact.confidence for fact in read(text).facts if fact.property.endswith(f"#{property}")}
        return float(found)

    return confidence


# ------------------------------------------------------------------------------------------------------------- doubts


@pytest.mark.parametrize(
    ("less", "more", "property"),
    [
        ("Mia Rand spoke. She visited Riga.", "Mia Rand spoke. Rand visited Riga.", "visited"),
        ("General Ana Kos spoke. The general visited Riga.", "General Ana Kos spoke. Kos visited Riga.", "visited"),
        ("Her visit to Riga was short.", "The visit to Riga was short.", "heldIn"),
        ("Ole Dahl visited Estonia.", "Latvia visited Estonia.", "visited"),
        ("Mia Rand will visit Riga.", "Mia Rand visited Riga.", "visited"),
        ("Mia Rand may visit Riga.", "Mia Rand will visit Riga.", "visited"),
        ("Olev Saar said that Mia Rand visited Riga.", "Mia Rand visited Riga.", "visited"),
    ],
    ids=["pronoun", "description", "possessor", "unlisted name", "planned", "possible", "attributed"],
)
def test_a_doubt_takes_from_confidence(less: str, more: str, property: str, sure: Any) -> None:
    assert sure(less, property) < sure(more, property)


def test_a_title_is_surer_than_a_clause(sure: Any) -> None:
    text = "Colonel Ana Kos received Olev Saar."
    assert sure(text, "received") < sure(text, "hasRank")


def test_an_unsure_parse_makes_an_unsure_fact(nlp: Any, ontology: Any, reading_of: Any) -> None:
    """What the parser is less certain of is less likely to be right; a pipeline that does not tell is taken as sure."""
    extractor = OntologyExtractor(ontology, nlp)

    def confidence(certainties: Any) -> float:
        reading = reading_of("Mia Rand visited Riga.")
        reading.doc.parsed.user_data.pop("graphwright_certainty")
        if certainties is not None:
            reading.doc.parsed.user_data["graphwright_certainty"] = certainties
        (fact,) = extract_facts(reading, [extractor], (), ontology).facts
        return fact.confidence

    assert confidence([0.5] * 5) < confidence([0.9] * 5) < confidence([1.0] * 5) == confidence(None)


def test_the_parser_tells_how_certain_it_is(nlp: Any) -> None:
    """Where a phrase hangs may be open; who does what in a short sentence is not."""
    doc = nlp("They discussed the report on the visit by Kos in Riga.")
    certainties = {token.text: certainty(token) for token in doc}
    assert all(0 <= one <= 1 for one in certainties.values())
    assert certainties["Riga"] < 0.9 < certainties["They"]
    assert certainty(nlp.make_doc("unread")[0]) == 1.0


# ---------------------------------------------------------------------------------------------------------- witnesses


def test_a_second_sentence_makes_a_fact_surer(sure: Any) -> None:
    once, again = "Mia Rand visited Riga.", "Mia Rand visited Riga. In May Mia Rand visited Riga with pleasure."
    assert sure(once, "visited") < sure(again, "visited") < 1


def test_saying_it_twice_in_one_sentence_does_not(reading_of: Any, ontology: Any) -> None:
    """Finds in one sentence may all rest on the same mistake: the best of them counts alone."""
    reading = reading_of("Mia Rand visited Riga. She liked Riga.")
    mia, riga = (chain.id for chain in reading.chains() if chain.named)
    property = next(iri for iri in ontology.properties if iri.endswith("#visited"))
    found = Fact(mia, property, riga, (0, 22), (0, 8), (17, 21), 0.5, "one")

    class Twice:
        name = "twice"

        def __init__(self, *facts: Fact) -> None:
            self.facts = facts

        def extract(self, reading: Any) -> Any:
            yield from self.facts

    def confidence(*facts: Fact) -> float:
        (fact,) = extract_facts(reading, [Twice(*facts)], (), ontology).facts
        return fact.confidence

    same = replace(found, confidence=0.25, pattern="another")
    elsewhere = replace(found, evidence=(23, 38), object_span=(33, 37))
    assert confidence(found, same) == 0.5
    assert confidence(found, elsewhere) == 0.75
    assert confidence(replace(found, confidence=0.1234567)) == 0.1234567  # what an extractor gives stays as it is


@given(st.lists(SHARES, min_size=1), SHARES)
def test_no_witness_makes_a_fact_less_sure(known: list[float], another: float) -> None:
    assert 0 < together(known) <= together([*known, another]) <= 1


# ---------------------------------------------------------------------------------------------------------- the scale


@given(st.dictionaries(st.sampled_from(sorted(DOUBTS)), st.floats(0, 20)), st.sampled_from(sorted(DOUBTS)))
def test_confidence_is_a_probability_that_only_falls(doubts: dict[str, float], another: str) -> None:
    more = {**doubts, another: doubts.get(another, 0.0) + 1}
    assert 0 < calibration().confidence(more) <= calibration().confidence(doubts) <= 1


@given(st.lists(SHARES, min_size=1))
def test_a_conclusion_is_no_surer_than_its_premises(premises: list[float]) -> None:
    assert 0 < calibration().concluded(premises) <= min(premises)


def test_every_doubt_is_weighed() -> None:
    assert set(calibration().doubts) == DOUBTS
    assert min(calibration().doubts.values()) >= 0


# ---------------------------------------------------------------------------------------------- the least confidence

TALKS = (
    "General Ana Kos, Chief of the General Staff of the Latvian Armed Forces, received General Jon Berg, Chief of "
    "Defence of Norway, at a meeting in Riga. The meeting was hosted by Kos. The Latvian delegation and the Norwegian "
    "delegation discussed border security. Olev Saar leads the Norwegian delegation, she said. Berg will visit Tartu."
)


def test_a_higher_threshold_shows_the_surer_ones_of_the_same_facts(reading_of: Any, nlp: Any, ontology: Any) -> None:
    """Also of conclusions, which may rest on the absence of a fact; and with each all that it rests on."""
    extractors, rules = [OntologyExtractor(ontology, nlp)], compile_rules(ontology)

    def facts(least: float) -> dict[object, Fact]:
        extraction = extract_facts(reading_of(TALKS), extractors, rules, ontology, least)
        names = {chain.id: chain.name for chain in extraction.chains}

        def told(fact: Fact) -> object:
            thing = fact.object if isinstance(fact.object, Value) else names[fact.object]
            return names[fact.subject], fact.property, thing, fact.modality

        for fact in extraction.facts:
            assert {told(premise) for premise in fact.premises} <= {told(other) for other in extraction.facts}
        return {told(fact): fact for fact in extraction.facts}

    everything = facts(0.0)
    levels = sorted({fact.confidence for fact in everything.values()})
    assert len(levels) > 5
    assert any(fact.premises for fact in everything.values())
    for level in levels:
        assert set(facts(level)) == {told for told, fact in everything.items() if fact.confidence >= level}
