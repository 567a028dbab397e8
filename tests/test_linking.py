"""Which of the places of one name a text means: what it says, the countries it speaks of, and size decide."""

from __future__ import annotations

from dataclasses import replace

import pytest

import graphwright
from graphwright.entities import link
from graphwright.model import Chain, Extraction
from graphwright.ontology import load
from graphwright.ontology.gazetteer import load_gazetteer

GAZETTEER = load_gazetteer()


def read(text: str, source: str = "") -> Extraction:
    document = replace(graphwright.from_text(text, id="note", date="2024-05-14"), source=source)
    return next(iter(graphwright.extract([document])))


def called(extraction: Extraction, name: str) -> list[Chain]:
    """The things that the text calls so."""
    text = extraction.document.text
    return [chain for chain in extraction.chains if any(text[start:end] == name for start, end in chain.mentions)]


def where(chain: Chain) -> str:
    """The province and country of a linked city ("US.TX"), the code of anything else, "" for no link."""
    entry = GAZETTEER.entry(chain.key) if chain.key else None
    return "" if entry is None else entry.division or entry.country


@pytest.mark.parametrize(
    ("text", "name", "place"),
    [
        ("The minister visited Paris, Texas, on Monday.", "Paris", "US.TX"),
        ("The minister visited Paris, France, on Monday.", "Paris", "FR.11"),
        ("The minister visited Paris on Monday.", "Paris", "FR.11"),
        ("She works in Cambridge, Massachusetts.", "Cambridge", "US.MA"),
        ("She works in Cambridge, England.", "Cambridge", "GB.ENG"),
        ("He lives in Birmingham, Alabama.", "Birmingham", "US.AL"),
        ("He flew to Moscow, Idaho, on Friday.", "Moscow", "US.ID"),
        ("He flew to Moscow on Friday.", "Moscow", "RU.48"),
        ("He was born in Athens, Ga.", "Athens", "US.GA"),
        ("He was born in Augusta, GA.", "Augusta", "US.GA"),
        ("They met in London, Ontario.", "London", "CA.08"),
        ("They met in Springfield, Clark County, Ohio.", "Springfield", "US.OH"),
        ("They met in San José, Costa Rica.", "San José", "CR.08"),
    ],
)
def test_what_a_text_says_that_a_place_lies_in_decides(text: str, name: str, place: str) -> None:
    (chain,) = called(read(text), name)
    assert where(chain) == place


@pytest.mark.parametrize(
    ("text", "name", "place"),
    [
        ("Lebanese soldiers were deployed in Tripoli.", "Tripoli", "LB.09"),
        ("The Libyan army met its commanders in Tripoli.", "Tripoli", "LY.77"),
        ("The president met the ambassador in Tripoli.", "Tripoli", "LY.77"),
        ("The Venezuelan president visited Valencia.", "Valencia", "VE.07"),
        ("The Spanish minister visited Valencia.", "Valencia", "ES.60"),
        ("The Chilean president received her in Santiago.", "Santiago", "CL.12"),
        ("Farmers from all of Wales met the commander in Pembroke.", "Pembroke", "GB.WLS"),
        ("Nova Scotia expects the frigates in Halifax.", "Halifax", "CA.07"),
    ],
)
def test_else_the_countries_and_provinces_that_a_text_speaks_of_decide(text: str, name: str, place: str) -> None:
    (chain,) = called(read(text), name)
    assert where(chain) == place


def test_a_country_that_only_the_source_names_counts_too() -> None:
    (chain,) = called(read("The minister arrived in Tripoli.", source="Lebanese Army, press release"), "Tripoli")
    assert where(chain) == "LB.09"


def test_a_small_namesake_does_not_beat_a_great_city_abroad() -> None:
    """Who speaks of the United States and of Paris mostly means the one in France."""
    (chain,) = called(read("The American president visited Paris."), "Paris")
    assert where(chain) == "FR.11"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("He lives in Paris, Georgia.", "Paris"),
        ("He was born in Moscow, Alabama.", "Moscow"),
        ("The project will restore the ancient city of Babylon in Iraq.", "Babylon"),
    ],
)
def test_no_link_is_better_than_a_wrong_one(text: str, name: str) -> None:
    """The gazetteer knows no such place there, and the others of the name are not meant."""
    (chain,) = called(read(text), name)
    assert chain.key == ""


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("The president of Georgia visited Armenia.", "country/GE"),
        ("The talks in Tbilisi, Georgia, began on Monday.", "country/GE"),
        ("Georgia and Ukraine signed the agreement.", "country/GE"),
        ("The meeting was held in Atlanta, Georgia.", "region/US.GA"),
        ("He was elected governor of the state of Georgia.", "region/US.GA"),
        ("The storm hit Alabama and Georgia.", "region/US.GA"),
    ],
)
def test_georgia_is_a_country_or_a_state(text: str, key: str) -> None:
    (chain,) = called(read(text), "Georgia")
    assert chain.key == key
    assert chain.cls.endswith("#Country" if key.startswith("country/") else "#Region")


def test_two_places_of_one_name_in_one_text_stay_two() -> None:
    """Their facts go with them: each Paris lies where the text says."""
    found = read("The ministers met in Paris, France, and then flew to Paris, Texas.")
    assert sorted(where(chain) for chain in called(found, "Paris")) == ["FR.11", "US.TX"]
    by_id = {chain.id: chain for chain in found.chains}
    lies = {
        where(by_id[fact.subject]): by_id[str(fact.object)].name
        for fact in found.facts
        if fact.property.endswith("locatedIn")
    }
    assert lies["US.TX"] == "Texas"


def test_a_later_mention_goes_with_the_last_one_before_it() -> None:
    (chain,) = called(read("He visited Paris, Texas, in May. Paris has 25,000 people."), "Paris")
    assert len(chain.mentions) == 2
    assert where(chain) == "US.TX"


@pytest.mark.parametrize(
    "text",
    ["The visit to Paris, Germany and Poland took a week.", "In Paris, the German ambassador met the minister."],
)
def test_a_list_or_a_new_clause_places_nothing(text: str) -> None:
    (chain,) = called(read(text), "Paris")
    assert where(chain) == "FR.11"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Jordan Hale met Paris Holloway on Monday.", "Jordan Hale"),
        ("Colonel Chad Lincoln leads the delegation.", "Chad Lincoln"),
        ("Victoria Ltd supplies the army.", "Victoria Ltd"),
    ],
)
def test_a_person_or_company_named_like_a_place_is_not_linked(text: str, name: str) -> None:
    found = read(text)
    assert [chain.key for chain in called(found, name)] == [""]
    assert not [chain.key for chain in found.chains if chain.key.startswith(("city/", "region/", "country/"))]


@pytest.mark.parametrize(
    ("text", "name", "reason"),
    [
        ("He lives in Szeged in Hungary.", "Szeged", "the only place of this name"),
        ("He lives in Tripoli.", "Tripoli", "the largest of 3 places of this name"),
        ("Lebanese troops left Tripoli.", "Tripoli", "of 3 places of this name the one in Lebanon, which the text"),
        ("He lives in Tripoli, Lebanon.", "Tripoli", "of 3 places of this name the one in Lebanon, as the text says"),
        ("He lives in Paris, Georgia.", "Paris", "no place of this name is known in Georgia"),
        ("Hungary won.", "Hungary", "the country of this name"),
        ("NATO won.", "NATO", "the body of this name"),
        ("Ana Kos won.", "Ana Kos", ""),
    ],
)
def test_a_link_says_why(text: str, name: str, reason: str) -> None:
    (chain,) = called(read(text), name)
    assert chain.key_reason.startswith(reason)
    assert bool(chain.key_reason) == bool(reason)
    assert 0 < chain.key_confidence <= 1


def test_linking_again_changes_nothing() -> None:
    found = read("The ministers met in Paris, France, and flew to Paris, Texas, and Atlanta, Georgia.")
    assert [one.key for one in link(found, GAZETTEER, load()).chains] == [one.key for one in found.chains]
