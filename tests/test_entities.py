"""Which chains become one entity, and how entities are named."""

from __future__ import annotations

import random
import re
import sqlite3
from dataclasses import replace

import pytest
import resolving
from hypothesis import given, settings
from hypothesis import strategies as st

from graphwright.entities import EntityIndex, Resolution, best_first, normal_form, slug
from graphwright.entities.index import TABLES
from graphwright.errors import DocumentError
from graphwright.model import Chain, Document, Entity, Extraction

GW = "https://w3id.org/graphwright/ontology#"
BASE = "https://example.org/id/"


def chain(id: str, cls: str, name: str, *, named: bool = True, key: str = "", at: int = 0) -> Chain:
    return Chain(id, GW + cls, name, ((at, at + len(name)),), named, key)


def extraction(id: str, *chains: Chain, date: str | None = None) -> Extraction:
    return Extraction(Document(id, "text", date=date), chains, ())


def resolved(*extractions: Extraction) -> Resolution:
    return resolving.resolved(extractions, BASE)


def iris(resolution: Resolution) -> dict[tuple[str, str], str]:
    return {place: entity.iri.removeprefix(BASE) for place, entity in resolution.items()}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Tibor Benkő", "TIBOR BENKO"),
        ("the Ministry of Defence", "Ministry of Defence"),
        ("U.S.", "US"),
        ("J. R. Smith", "J.R. Smith"),
        ("Al-Shabaab", "Al Shabaab"),
        ("O’Brien", "O'Brien"),
        ("Łódź", "Lodz"),
        ("Straße", "STRASSE"),
        ("Сергей Шойгу", "Sergey Shoygu"),
        ("O‘zbekiston", "Ozbekiston"),
        ("  New\nYork ", "New York"),
    ],
)
def test_spellings_of_one_name_have_one_normal_form(one: str, other: str) -> None:
    """Accents, case, punctuation, spaces and a leading article do not tell names apart."""
    assert normal_form(one) == normal_form(other)


@pytest.mark.parametrize(("one", "other"), [("The", "A"), ("हिन्दी", "हिन्दा"), ("!?", "?!"), ("Ann", "Anna")])
def test_different_names_have_different_normal_forms(one: str, other: str) -> None:
    """An article alone is a name, vowel signs count, and punctuation alone is compared as it is."""
    assert normal_form(one) != normal_form(other)


def test_slugs_are_readable() -> None:
    """A slug is the name in Latin letters; a hash stands for what has none."""
    assert slug("Tibor Benkő") == "tibor-benko"
    assert slug("Đorđe Łęcki & Sons") == "dorde-lecki-sons"
    assert slug("Володимир Зеленський") == "volodimir-zelenskiy"
    assert slug("习近平") == "xi-jin-ping"
    assert re.fullmatch(r"[0-9a-f]{8}", slug("!?"))


@given(st.text())
def test_every_text_has_a_slug_that_fits_into_an_iri(text: str) -> None:
    """Any name at all can be named."""
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug(text))
    assert len(slug(text)) <= 90


def test_the_most_frequent_name_comes_first() -> None:
    """Ties go to the shorter name, then to the alphabet."""
    assert best_first(["B C", "Long name", "B  C", "Ab", "Aa"]) == ("B C", "Aa", "Ab", "Long name")


def test_a_name_is_one_entity_across_documents() -> None:
    """The most specific class and the most frequent name win."""
    found = resolved(
        extraction("d1", chain("e1", "Agent", "Tibor Benko")),
        extraction("d2", chain("e7", "Person", "Tibor Benkő")),
        extraction("d3", chain("e2", "Person", "Tibor Benkő")),
    )
    [entity] = set(found.values())
    assert isinstance(entity, Entity)
    assert entity.iri == f"{BASE}person/tibor-benko"
    assert entity.cls == f"{GW}Person"
    assert entity.labels == ("Tibor Benkő", "Tibor Benko")


@pytest.mark.parametrize(
    ("cls", "one", "other"),
    [
        ("Person", "Mikhail Vasilyev", "Mihail Vasiliev"),
        ("Organization", "University of Belgrade", "Belgrade University"),
        ("City", "Ouagadougou", "Ouagadugu"),
        ("Exercise", "Exercise Platinum Wolf", "Platinum Wolf"),
    ],
)
def test_each_kind_of_thing_is_compared_in_its_way(cls: str, one: str, other: str) -> None:
    """Spellings of one name are one entity across documents: the index finds what comparing them would find."""
    assert (
        len(set(resolved(extraction("d1", chain("e1", cls, one)), extraction("d2", chain("e1", cls, other))).values()))
        == 1
    )


def test_classes_that_exclude_each_other_stay_apart() -> None:
    """Jordan the person is not Jordan the country, and an agent called so could be neither or either."""
    found = resolved(
        extraction("d1", chain("e1", "Person", "Jordan")),
        extraction("d2", chain("e1", "Organization", "Jordan")),
        extraction("d3", chain("e1", "Agent", "Jordan")),
    )
    assert sorted(iris(found).values()) == ["agent/jordan", "organization/jordan", "person/jordan"]


def test_what_a_document_kept_apart_stays_apart() -> None:
    """A document with two John Smiths says that at least one of them is not the John Smith of the others."""
    found = iris(
        resolved(
            extraction("a", chain("e1", "Person", "John Smith"), chain("e2", "Person", "John Smith", at=50)),
            extraction("b", chain("e1", "Person", "John Smith")),
            extraction("c", chain("e1", "Person", "John Smith")),
        )
    )
    assert found == {
        ("a", "e1"): "person/john-smith",
        ("a", "e2"): "person/john-smith_a",
        ("b", "e1"): "person/john-smith_b",
        ("c", "e1"): "person/john-smith_b",
    }


def test_a_gazetteer_key_is_an_identity() -> None:
    """Names that share a key are one thing, also in one document; equal names with two keys are two."""
    found = iris(
        resolved(
            extraction("a", chain("e1", "Country", "Hungary", key="country/HU")),
            extraction("b", chain("e1", "Country", "Hungary", key="country/HU")),
            extraction("c", chain("e1", "Place", "Magyarország", key="country/HU")),
            extraction("d", chain("e1", "City", "Springfield", key="city/1"), chain("e2", "Country", "Hungary")),
            extraction("e", chain("e1", "City", "Springfield", key="city/2"), chain("e2", "City", "Springfield")),
        )
    )
    assert found == {
        ("a", "e1"): "country/hungary",
        ("b", "e1"): "country/hungary",
        ("c", "e1"): "country/hungary",
        ("d", "e1"): "city/springfield",
        ("e", "e1"): "city/springfield_2",
        ("e", "e2"): "city/springfield_e",
        ("d", "e2"): "country/hungary_d",
    }


def test_what_the_gazetteer_knows_goes_into_the_entity() -> None:
    """The gazetteer's name is the best label and makes the IRI, whatever the texts say."""
    found = resolved(extraction("a", chain("e1", "Country", "U.S.", key="country/US")))
    entity = found["a", "e1"]
    assert entity.iri == f"{BASE}country/united-states"
    assert entity.labels == ("United States", "U.S.")
    assert entity.known is not None
    assert "https://sws.geonames.org/6252001/" in entity.known.same_as


def test_a_description_belongs_to_its_document() -> None:
    """Two documents' meetings are two meetings, and so are two meetings of one document."""
    meeting = chain("e1", "Meeting", "the meeting", named=False)
    other = chain("e2", "Meeting", "the meeting", named=False, at=80)
    found = iris(resolved(extraction("a", meeting, other), extraction("b", meeting)))
    assert found == {
        ("a", "e1"): "meeting/a-the-meeting",
        ("a", "e2"): "meeting/a-the-meeting_a",
        ("b", "e1"): "meeting/b-the-meeting",
    }


def test_texts_with_the_same_people_mean_the_same_by_an_initial() -> None:
    """M. Raunio beside Annelien Drossaert is Mikko Raunio beside her; beside others he may be anybody."""
    found = iris(
        resolved(
            extraction("a", chain("e1", "Person", "Mikko Raunio"), chain("e2", "Person", "Annelien Drossaert")),
            extraction("b", chain("e1", "Person", "M. Raunio"), chain("e2", "Person", "A. Drossaert")),
            extraction(
                "c",
                chain("e1", "Person", "M. Raunio"),
                chain("e2", "Person", "Aino Virta"),
                chain("e3", "Country", "Finland", key="country/FI"),
            ),
        )
    )
    assert found["a", "e1"] == found["b", "e1"] != found["c", "e1"]
    assert found["a", "e2"] == found["b", "e2"]


def test_a_given_name_that_many_have_means_nobody() -> None:
    """Salman beside two people is Salman Raunio beside these, unless too many others are called Salman."""
    company = [chain(name, "Person", name) for name in ("Annelien Drossaert", "Mikko Virtala")]
    others = ["Salman Castellano", "Salman Drummond", "Salman Fitzgerald"]
    index, profiles = new_index(), resolving.resolver(BASE).profiles

    def are_one() -> bool:
        index.settle()
        return index.iris("a")["e1"] == index.iris("b")["e1"]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("graphwright.entities.index.MOST_DOUBTFUL", len(others))
        index.add(profiles(extraction("a", chain("e1", "Person", "Salman Raunio"), *company)))
        index.add(profiles(extraction("b", chain("e1", "Person", "Salman"), *company)))
        for name in others[1:]:
            index.add(profiles(extraction(name, chain("e1", "Person", name))))
        assert are_one()
        index.add(profiles(extraction(others[0], chain("e1", "Person", others[0]))))
        assert not are_one()
        index.remove(others[0])
        assert are_one()


def test_what_falls_apart_is_described_anew() -> None:
    """Where the document that joined two names goes, neither keeps the name of the other."""
    chains = {
        "a": [chain("e1", "Organization", "ACME Group")],
        "b": [chain("e1", "Organization", "Acme Ltd."), chain("e2", "Person", "Tibor Benkő")],
        "c": [chain("e1", "Organization", "Acme"), chain("e2", "Person", "Tibor Benkő")],
    }
    index = new_index()
    for document, told in chains.items():
        index.add(resolving.resolver(BASE).profiles(extraction(document, *told)))
    index.settle()
    index.remove("c")
    index.settle()
    assert {entity.labels for iri in index.all_iris() if (entity := index.entity(iri))} == {
        ("ACME Group",),
        ("Acme Ltd.",),
        ("Tibor Benkő",),
    }


def test_two_documents_with_one_id_are_refused() -> None:
    """Chains could not be told apart."""
    with pytest.raises(DocumentError, match=r"2 documents have the id 'a'[\s\S]*to mend: give each its own id"):
        resolved(extraction("a"), extraction("a"))


CLASSES = ["Agent", "Person", "Organization", "Company", "Place", "City", "Meeting"]
NAMES = ["Jordan", "jordan", "The Jordan", "Jordan 2", "Jordan-2", "Иван", "a 1", "the meeting", ""]
some_chains = st.lists(
    st.builds(
        chain,
        st.just(""),
        st.sampled_from(CLASSES),
        st.sampled_from(NAMES),
        named=st.booleans(),
        key=st.sampled_from(["", "", "x/1", "y/1"]),
        at=st.integers(0, 3),
    ),
    max_size=5,
)
some_extractions = st.dictionaries(st.sampled_from(["a", "A", "a b", "a/b", "d1"]), some_chains, max_size=4).map(
    lambda found: [
        extraction(id, *(Chain(f"e{i}", c.cls, c.name, c.mentions, c.named, c.key) for i, c in enumerate(chains)))
        for id, chains in found.items()
    ]
)


@given(some_extractions, st.randoms(use_true_random=False))
def test_the_order_of_documents_does_not_matter(extractions: list[Extraction], shuffler: random.Random) -> None:
    """A corpus is a set."""
    shuffled = list(extractions)
    shuffler.shuffle(shuffled)
    assert resolved(*extractions) == resolved(*shuffled)


@given(some_extractions)
def test_an_iri_names_one_entity_and_no_document_is_overruled(extractions: list[Extraction]) -> None:
    """Every chain has an entity; an IRI has one; two chains of a document share one only by their gazetteer key."""
    found = resolved(*extractions)
    assert set(found) == {(e.document.id, c.id) for e in extractions for c in e.chains}
    assert len({entity.iri for entity in found.values()}) == len(set(found.values()))
    for e in extractions:
        free = [found[e.document.id, c.id] for c in e.chains if not c.key]
        assert len(free) == len(set(free))


def test_characters_that_cannot_be_stored_are_replaced() -> None:
    """A lone surrogate in a name, or in that of whom it is told of with, ends nothing."""
    found = resolved(extraction("a", chain("e1", "Person", "Ana \ud800Kos"), chain("e2", "Person", "Mia Rand")))
    assert found["a", "e1"].labels == ("Ana \ufffdKos",)


# ------------------------------------------------------------------------------------------------------------- naming


def test_who_was_told_of_first_keeps_the_plain_iri() -> None:
    """So a document that comes later, and tells of another of the name, changes no IRI."""
    first = extraction("z", chain("e1", "Person", "John Smith"), chain("e2", "Person", "John Smith", at=9), date="2015")
    later = extraction("a", chain("e1", "Person", "John Smith"), date="2016")
    alone, both = iris(resolved(first)), iris(resolved(later, first))
    assert {place: both[place] for place in alone} == alone
    assert both["a", "e1"] == "person/john-smith_a"


def test_a_fuller_name_makes_the_iri() -> None:
    """The label is the most frequent name; the IRI is of the first one, unless it is but a part."""
    acronym = Chain("e1", f"{GW}InternationalOrganization", "ABCD", ((0, 4),), True, "", ("Alpha Beta Council",))
    found = resolved(Extraction(Document("a", "text"), (acronym,), ()))
    assert found["a", "e1"].iri == f"{BASE}international-organization/abcd"


# ----------------------------------------------------------------------------------------------------- coming and going


def state(index: EntityIndex, documents: list[str]) -> dict[object, object]:
    """All that an index knows."""
    told = {(one, chain): iri for one in documents for chain, iri in index.iris(one).items()}
    return {"iris": told, "things": {iri: index.entity(iri) for iri in index.all_iris()}, "number": len(index)}


def new_index() -> EntityIndex:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.executescript(TABLES)
    resolver = resolving.resolver(BASE)
    return EntityIndex(connection, resolver.matching, resolver.naming)


PEOPLE = ["Tibor Benkő", "Benkő Tibor", "T. Benko", "Benkő", "Tibor Benkö", "Ana Kos", "Anna Kos", "Kos", "John Smith"]
PEOPLE += ["Tibor", "Tibor Kos", "Tibor Smith"]
BODIES = ["Acme", "Acme Ltd.", "ACME Group", "Ministry of Defence", "Estonian Ministry of Defence", "MoD"]
known_chains = st.lists(
    st.one_of(
        st.builds(chain, st.just(""), st.just("Person"), st.sampled_from(PEOPLE), at=st.integers(0, 2)),
        st.builds(chain, st.just(""), st.just("Organization"), st.sampled_from(BODIES), at=st.integers(0, 2)),
        st.builds(chain, st.just(""), st.just("Country"), st.just("Estonia"), key=st.just("country/EE")),
        st.builds(chain, st.just(""), st.just("Meeting"), st.just("talks"), named=st.just(False)),
    ),
    max_size=5,
)
versions = st.lists(
    st.tuples(st.sampled_from("abcdef"), st.sampled_from(["", "2015", "2016"]), known_chains), max_size=9
)


@settings(max_examples=150, deadline=None)
@given(versions, st.sets(st.sampled_from("abcdef")), st.lists(st.booleans(), min_size=9, max_size=9), st.integers(0, 3))
def test_an_index_that_lived_is_an_index_made_anew(
    told: list[tuple[str, str, list[Chain]]], gone: set[str], pauses: list[bool], most: int
) -> None:
    """Whatever documents came, changed and went, in whatever order and steps."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("graphwright.entities.index.MOST_DOUBTFUL", most)
        check_that_it_lived_well(told, gone, pauses)


def check_that_it_lived_well(told: list[tuple[str, str, list[Chain]]], gone: set[str], pauses: list[bool]) -> None:
    profiles = resolving.resolver(BASE).profiles
    lived, there = new_index(), {}
    for (document, date, chains), pause in zip(told, pauses, strict=False):
        numbered = [replace(one, id=f"e{i}") for i, one in enumerate(chains)]
        there[document] = extraction(document, *numbered, date=date or None)
        lived.remove(document)
        lived.add(profiles(there[document]))
        if pause:
            lived.settle()
    for document in gone & set(there):
        del there[document]
        lived.remove(document)
    lived.settle()
    anew = new_index()
    for _, one in sorted(there.items()):
        anew.add(profiles(one))
    anew.settle()
    assert state(lived, sorted(there)) == state(anew, sorted(there))
