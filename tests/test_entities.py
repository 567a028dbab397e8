"""Which chains become one entity, and how entities are named."""

from __future__ import annotations

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphwright.entities import Known, Resolution, best_first, normal_form, resolve, slug
from graphwright.errors import DocumentError
from graphwright.model import Chain, Document, Entity, Extraction

GW = "https://w3id.org/graphwright/ontology#"
BASE = "https://example.org/id/"
PARENTS = {"Person": "Agent", "Organization": "Agent", "Company": "Organization", "City": "Place", "Country": "Place"}


def is_a(child: str, parent: str) -> bool:
    name = child.removeprefix(GW)
    return child == parent or (name in PARENTS and is_a(GW + PARENTS[name], parent))


def local(cls: str) -> str:
    return cls.removeprefix(GW)


def chain(id: str, cls: str, name: str, *, named: bool = True, key: str = "", at: int = 0) -> Chain:
    return Chain(id, GW + cls, name, ((at, at + len(name)),), named, key)


def extraction(id: str, *chains: Chain) -> Extraction:
    return Extraction(Document(id, "text"), chains, ())


def resolved(*extractions: Extraction) -> Resolution:
    return resolve(extractions, base=BASE, local=local, is_a=is_a)


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
    entity = Entity(f"{BASE}person/tibor-benko", f"{GW}Person", ("Tibor Benkő", "Tibor Benko"))
    assert set(found.values()) == {entity}


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
        ("b", "e1"): "person/john-smith",
        ("c", "e1"): "person/john-smith",
        ("a", "e1"): "person/john-smith-a",
        ("a", "e2"): "person/john-smith-a-2",
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
        ("e", "e1"): "city/springfield-2",
        ("e", "e2"): "city/springfield-e",
        ("d", "e2"): "country/hungary-d",
    }


def test_what_the_gazetteer_knows_goes_into_the_entity() -> None:
    """The gazetteer's name is the best label and makes the IRI, whatever the texts say."""
    known = {"country/US": Known("United States", ("http://www.wikidata.org/entity/Q30",))}
    texts = [extraction("a", chain("e1", "Country", "U.S.", key="country/US"))]
    found = resolve(texts, base=BASE, local=local, is_a=is_a, known=known.get)
    assert found["a", "e1"] == Entity(
        f"{BASE}country/united-states",
        f"{GW}Country",
        ("United States", "U.S."),
        ("http://www.wikidata.org/entity/Q30",),
    )


def test_a_description_belongs_to_its_document() -> None:
    """Two documents' meetings are two meetings, and so are two meetings of one document."""
    meeting = chain("e1", "Meeting", "the meeting", named=False)
    other = chain("e2", "Meeting", "the meeting", named=False, at=80)
    found = iris(resolved(extraction("a", meeting, other), extraction("b", meeting)))
    assert found == {
        ("a", "e1"): "meeting/a-the-meeting",
        ("a", "e2"): "meeting/a-the-meeting-2",
        ("b", "e1"): "meeting/b-the-meeting",
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
