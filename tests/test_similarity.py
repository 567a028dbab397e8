"""Which names may name one thing, by the names alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphwright.entities.names import normal_form
from graphwright.entities.profiles import Profile, generic_of
from graphwright.entities.similarity import candidates, forms, keys, kind_of, match, opposite
from graphwright.ontology import load
from graphwright.ontology.gazetteer import load_gazetteer
from graphwright.ontology.terms import GW, KINDS

SURE = 0.92
"""From here names alone are enough; below, evidence must help."""

SAME_PEOPLE = """
Tibor Benkő | Benkő Tibor
Volodymyr Zelenskyy | Volodymyr Zelensky
Volodymyr Zelenskyy | Vladimir Zelenskiy
Володимир Зеленський | Volodymyr Zelenskyy
Сергей Шойгу | Sergei Shoigu
Dmitry Medvedev | Dmitri Medvedyev
Vladimir Putin | Vladimir Vladimirovich Putin
Mohammed bin Salman | Muhammad bin Salman
Bashar al-Assad | Bashar Assad
Yusuf Qaradawi | Yousef al-Karadawi
Abdel Fattah el-Sisi | Abdul Fattah al-Sisi
Enrique Peña Nieto | Enrique Peña
Xi Jinping | Xi Jin-ping
Xi Jinping | Jinping Xi
Kim Jong-un | Kim Jongun
Nguyễn Phú Trọng | Nguyen Phu Trong
Ng Eng Hen | Eng Hen Ng
Ursula von der Leyen | Ursula Leyen
Bill Clinton | William Clinton
Antony Blinken | Anthony Blinken
Aleksandar Vučić | Alexander Vucic
Viktor Yanukovych | Viktor Yanukovitch
Erik Almquist | Erik Almqvist
Lewan Gelowani | Levan Gelovani
"""

DOUBTFUL_PEOPLE = """
Tibor Benkő | T. Benkő
Tibor Benkő | Benkő
Tibor Benkő | Tibro Benko
Muammar Gaddafi | Moammar Qadhafi
Alyaksandr Lukashenka | Alexander Lukashenko
Haider al-Abadi | Haidar al-Abadi
Peter Hansen | Peter Hanson
Enrique Peña Nieto | Peña Nieto
Ban Ki-moon | Ban
George Bush | George W. Bush
J. R. Smith | John Robert Smith
A. Smith | Anna Smith
E. Smith | Emma Smith
Nasir bin Malek | Naser bin Malik
Martin Luther King Jr. | Martin Luther King
"""

DIFFERENT_PEOPLE = """
Tibor Benkő | Tamás Benkő
Mohammed bin Salman | Mohammed bin Zayed
Bashar al-Assad | Maher al-Assad
Kim Jong-un | Kim Jong-il
Nguyễn Phú Trọng | Nguyễn Xuân Phúc
George H. W. Bush | George W. Bush
Martin Luther King Jr. | Martin Luther King Sr.
John Smith | James Smith
John Smith | Joan Smith
Ivan Petrov | Ivana Petrova
Maria Kovacs | Mario Kovacs
Maria Kovacs | Marta Kovacs
Adriano Rossi | Adrianna Rossi
Lech Kaczyński | Jarosław Kaczyński
John F. Kennedy | Robert F. Kennedy
Hun Sen | Hun Manet
Li Na | Li Ni
"""

SAME_ORGANISATIONS = """
Siemens AG | Siemens
Gazprom | PAO Gazprom
Lockheed Martin Corp. | Lockheed Martin Corporation
Lockheed Martin | Lockhead Martin
University of Belgrade | Belgrade University
Defense Intelligence Agency | Defence Intelligence Agency
World Health Organisation | World Health Organization
1st Armoured Brigade | First Armored Brigade
Syrian Democratic Forces | Syrian Democratic Force
Boko Haram | Boko Harram
"""

DOUBTFUL_ORGANISATIONS = """
Organization for Security and Co-operation in Europe | OSCE
World Health Organization | WHO
Siemens AG | Siemens Ltd
Moravan Dynamics | Moravan
Hezbollah | Hizballah
"""

DIFFERENT_ORGANISATIONS = """
Ministry of Foreign Affairs | Ministry of Home Affairs
1st Armoured Brigade | 2nd Armoured Brigade
101st Airborne Division | 82nd Airborne Division
Northern Command | Southern Command
Democratic Party | Democratic Progressive Party
Syrian Democratic Forces | Self-Defence Forces
Free Syrian Army | Free Serbian Army
"""

SAME_PLACES = """
Raqqa | Raqqah
Al Hasakah | Hasaka
Mount Ararat | Mt. Ararat
Ouagadougou | Ouagadugu
"""

DIFFERENT_PLACES = """
Iran | Iraq
Niger | Nigeria
Austria | Australia
Slovakia | Slovenia
Mali | Malta
"""

SAME_EVENTS = """
Exercise Platinum Wolf | Platinum Wolf
Operation Inherent Resolve | Inherent Resolve
Platinum Wolf 2016 | Platinum Wolf 16
"""

DIFFERENT_EVENTS = """
Platinum Wolf 2016 | Platinum Wolf 2017
G7 Summit | G20 Summit
"""


def pairs(kind: str, table: str) -> list[object]:
    """The lines of a table as cases."""
    lines = [line.split(" | ") for line in table.strip().splitlines()]
    return [pytest.param(kind, normal_form(one), normal_form(other), id=f"{one} | {other}") for one, other in lines]


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        *pairs("person", SAME_PEOPLE),
        *pairs("organisation", SAME_ORGANISATIONS),
        *pairs("place", SAME_PLACES),
        *pairs("event", SAME_EVENTS),
        *pairs("other", "nuclear weapons program | nuclear weapons programmes"),
    ],
)
def test_names_that_are_enough_by_themselves(kind: str, one: str, other: str) -> None:
    """Order, spelling, transliteration, and words that add nothing: names that are compared, and found the same."""
    if one != other:
        found = match(one, other, kind)
        assert found is not None
        assert found.score >= SURE, found
        assert list(candidates((one, other), kind))


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [*pairs("person", DOUBTFUL_PEOPLE), *pairs("organisation", DOUBTFUL_ORGANISATIONS)],
)
def test_names_that_need_evidence(kind: str, one: str, other: str) -> None:
    """What may be a typing error, or says less, is compared and left to evidence."""
    found = match(one, other, kind)
    assert found is not None
    assert 0.5 < found.score < SURE, found
    assert list(candidates((one, other), kind))


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        *pairs("person", DIFFERENT_PEOPLE),
        *pairs("organisation", DIFFERENT_ORGANISATIONS),
        *pairs("place", DIFFERENT_PLACES),
        *pairs("event", DIFFERENT_EVENTS),
        *pairs("other", "illegal migration | legal migration"),
    ],
)
def test_names_of_different_things(kind: str, one: str, other: str) -> None:
    """People who differ in one given name are two, and so are bodies of different numbers."""
    assert match(one, other, kind) is None


WORDS = (
    "tibor",
    "benko",
    "jr",
    "john",
    "jon",
    "smith",
    "al",
    "t",
    "r",
    "kim",
    "jongun",
    "jong",
    "un",
    "von",
    "ag",
    "1st",
    "mt",
)
NAMES = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join)


@given(NAMES, NAMES, st.sampled_from(KINDS))
def test_likeness_has_no_direction(one: str, other: str, kind: str) -> None:
    """Who is compared with whom does not matter, and every score is a probability."""
    found = match(one, other, kind)
    assert found == match(other, one, kind)
    assert found is None or 0 < found.score <= 1


@given(NAMES, st.sampled_from(KINDS))
def test_equal_names_share_keys(name: str, kind: str) -> None:
    """Whatever a key looks like: it is stable, and its opposite leads back."""
    assert keys(name, kind) == keys(name, kind)
    assert all(opposite(opposite(key)) == key for key in keys(name, kind))


def test_a_surname_is_compared_with_full_names_and_these_not_with_each_other() -> None:
    """What makes blocking selective: a common surname brings together what has it alone with what has it too."""
    names = ("smith", "anna smith", "boris smith", "carlos smith")
    assert list(candidates(names, "person")) == [(other, "smith") for other in names[1:]]


def profile(
    name: str, *names: str, key: str = "", named: bool = True, evidence: tuple[tuple[str, str], ...] = ()
) -> Profile:
    return Profile("d1", "e1", 0, "", GW + "Organization", name, (name, *names), named, key, evidence)


def test_the_forms_of_a_profile() -> None:
    """Parts of names are no names, generic names need a country, descriptions have none."""
    assert forms(profile("Tibor Benkő", "Benkő", "BENKO Tibor")) == ("tibor benko", "benko tibor")
    assert forms(profile("the meeting", named=False)) == ()
    assert forms(profile("Hungary", key="country/HU")) == ("country/HU", "hungary")
    told = (("form", "ministry of defence|country/HU"), ("generic", "defence ministry"))
    assert forms(profile("Defence Ministry", evidence=told)) == ("ministry of defence|country/HU",)
    assert forms(profile("Defence Ministry", evidence=told[1:])) == ("defence ministry|d1",)


@pytest.mark.parametrize(
    ("name", "usual", "country"),
    [
        ("the Hungarian Ministry of Defence", "ministry of defence", "country/HU"),
        ("Ministry of Defense of Hungary", "ministry of defence", "country/HU"),
        ("Hungary's Defence Ministry", "ministry of defence", "country/HU"),
        ("Defence Ministry", "ministry of defence", ""),
        ("Armed Forces of Bosnia and Herzegovina", "armed forces", "country/BA"),
        ("Lockheed Martin", "", ""),
    ],
)
def test_generic_names_with_their_country(name: str, usual: str, country: str) -> None:
    assert generic_of(name, load_gazetteer()) == (usual, country)


@pytest.mark.parametrize(
    ("cls", "kind"),
    [
        ("Person", "person"),
        ("MilitaryForce", "organisation"),
        ("Country", "place"),
        ("City", "place"),
        ("Exercise", "event"),
        ("Agent", "other"),
        ("Topic", "other"),
    ],
)
def test_the_ontology_says_how_things_are_compared(cls: str, kind: str) -> None:
    """By the labels of entity recognisers on the nearest class above, or by lex:comparedAs."""
    assert kind_of(GW + cls, load()) == kind
