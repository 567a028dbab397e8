"""Every phrase of the default ontology is an example that works: with things in its slots it says its property."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from graphwright.facts.phrases import SLOT
from graphwright.ontology import Example, Ontology, Property
from graphwright.ontology import load as load_ontology
from graphwright.ontology.checks import with_implied_slot

THINGS: Mapping[str, tuple[str, str]] = {
    "Agent": ("Norway", "Latvia"),
    "Person": ("Ana Kos", "Mia Rand"),
    "Organization": ("the European Commission", "the World Bank"),
    "GovernmentBody": ("the Latvian parliament", "the Danish government"),
    "MilitaryForce": ("the Latvian Navy", "the Danish Army"),
    "InternationalOrganization": ("the European Union", "NATO"),
    "PoliticalParty": ("the Labour Party", "the Conservative Party"),
    "ArmedGroup": ("Boko Haram", "Hamas"),
    "Company": ("Ericsson", "Nokia"),
    "Delegation": ("the Latvian delegation", "the Danish delegation"),
    "Country": ("Norway", "Latvia"),
    "Place": ("Riga", "Latvia"),
    "City": ("Barcelona", "Munich"),
    "Facility": ("the Lielvārde airfield", "the Ādaži barracks"),
    "Event": ("the ceremony", "the exhibition"),
    "Meeting": ("the conference", "the summit"),
    "Attack": ("the attack", "the raid"),
    "Operation": ("the operation", "the offensive"),
    "Exercise": ("the exercise", "the drill"),
    "Visit": ("the visit", "the trip"),
    "Agreement": ("the treaty", "the memorandum"),
    "Position": ("the defence minister", "the ambassador"),
    "Topic": ("border security", "maritime safety"),
    "Equipment": ("the frigate", "the helicopter"),
    "date": ("3 May 2024", "6 May 2024"),
    "text": ("General", "Colonel"),
}
ONTOLOGY = load_ontology()
PHRASES = [(prop, example) for prop in ONTOLOGY.properties.values() if not prop.auxiliary for example in prop.phrases]


def filled(example: Example, prop: Property, ontology: Ontology) -> str:
    """A phrase with a thing in each slot, the second of a kind where the first has been used."""
    used: list[str] = []

    def thing(slot: Any) -> str:
        name = slot[1].strip()
        used.append(name)
        return THINGS[name][used.count(name) - 1]

    text = SLOT.sub(thing, with_implied_slot(example.text, prop, ontology)).replace("the the ", "the ")
    return f"{text[0].upper()}{text[1:]}."


@pytest.mark.parametrize(
    ("prop", "example"), PHRASES, ids=[f"{ONTOLOGY.local(prop.iri)}: {example.text}" for prop, example in PHRASES]
)
def test_a_phrase_says_its_property(prop: Property, example: Example, read: Any) -> None:
    text = filled(example, prop, ONTOLOGY)
    stated = {fact.property for fact in read(text, "2024-05-14").facts}
    implying = {one.iri for one in ONTOLOGY.properties.values() if prop.iri in one.parents}
    assert stated & {prop.iri, *implying}, text
