"""Which profiles are one thing: names, evidence, decisions, and laws that hold for all of them."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphwright.entities.clustering import Cluster, cluster, why_apart
from graphwright.entities.decisions import Decision, decided, read_decisions
from graphwright.entities.identity import Identity, identity_of
from graphwright.entities.profiles import Profile, profiles
from graphwright.entities.similarity import Match, candidates, forms, match
from graphwright.errors import DecisionError, OntologyError
from graphwright.model import Chain, Document, Extraction, Fact, Modality, Value
from graphwright.ontology import load
from graphwright.ontology.gazetteer import load_gazetteer
from graphwright.ontology.terms import GW

IDENTITY = identity_of(load())

Things = list[list[str]]
"""Names by thing: "Tibor Benkő@a" is that of document a."""


def profile(
    name: str,
    document: str,
    cls: str = "Person",
    *,
    also: tuple[str, ...] = (),
    date: str = "",
    key: str = "",
    at: int = 0,
    company: tuple[str, ...] = (),
    **told: str,
) -> Profile:
    """A profile; evidence is written as ``country="HU"`` or ``post="minister, deputy"``."""
    prefix = {"country": "country/"}
    evidence = [(kind, prefix.get(kind, "") + one) for kind, values in told.items() for one in values.split(", ")]
    chain = f"{name}{at}"
    return Profile(
        document, chain, at, date, GW + cls, name, (name, *also), True, key, tuple(sorted(evidence)), company
    )


def matches(found: list[Profile], identity: Identity = IDENTITY) -> dict[tuple[str, str], Match]:
    """The matches of the forms of some profiles, as an index would find them."""
    known = dict(decided(identity.decisions))
    for kind in ("person", "organisation", "place", "event", "other"):
        names = tuple(form for one in found if identity.kind([one.cls]) == kind for form in forms(one))
        for one, other in candidates(names, kind):
            if matched := match(one, other, kind):
                known.setdefault((one, other), matched)
    return known


def clusters(found: list[Profile], identity: Identity = IDENTITY) -> tuple[Cluster, ...]:
    return cluster(found, matches(found, identity), identity)


def things(*profiles: Profile, identity: Identity = IDENTITY) -> Things:
    """The names that are one thing, sorted."""
    found = clusters(list(profiles), identity)
    return sorted(sorted(f"{one.name}@{one.document}" for one in thing.profiles) for thing in found)


# ------------------------------------------------------------------------------------------------------------- people


def test_one_general_is_one_person() -> None:
    """The order of the name, initials, rank and post lead to one person; a bare surname without more does not."""
    assert things(
        profile("Tibor Benkő", "a", country="HU", rank="general", post="chief of defence"),
        profile("Benkő", "b", rank="general"),
        profile("Benkő Tibor", "c", country="HU"),
        profile("T. Benko", "d", post="chief of defence"),
        profile("Benko", "e"),
    ) == [["Benko@e"], ["Benkő Tibor@c", "Benkő@b", "T. Benko@d", "Tibor Benkő@a"]]


@pytest.mark.parametrize(
    "told", [{"country": "HU"}, {"rank": "general"}, {"post": "chief of staff"}, {"employer": "nato", "country": "HU"}]
)
def test_a_surname_needs_something_in_common(told: dict[str, str]) -> None:
    full, short = profile("Tibor Benkő", "a", **told), profile("Benkő", "b", **told)
    assert len(things(full, short)) == 1
    assert len(things(full, profile("Benkő", "b"))) == 2


def test_a_surname_of_two_people_is_neither() -> None:
    """Of the two brothers each may be meant, and even two texts need not mean the same one."""
    lech = profile("Lech Kaczyński", "a", country="PL")
    jaroslaw = profile("Jarosław Kaczyński", "b", country="PL")
    assert (
        len(things(lech, jaroslaw, profile("Kaczyński", "c", country="PL"), profile("Kaczynski", "d", country="PL")))
        == 4
    )


def test_what_is_told_chooses_between_two_people_of_one_surname() -> None:
    found = things(
        profile("Anna Novak", "a", country="SI", post="minister of finance"),
        profile("Boris Novak", "b", country="CZ"),
        profile("Novak", "c", country="SI", post="minister of finance"),
    )
    assert found == [["Anna Novak@a", "Novak@c"], ["Boris Novak@b"]]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"country": "GB"}, {"country": "US"}),
        ({"birth": "1960-01-02"}, {"birth": "1971-05-06"}),
        ({"post": "mayor", "employer": "city council"}, {"post": "striker", "employer": "dynamo"}),
    ],
)
def test_contradicting_evidence_keeps_namesakes_apart(one: dict[str, str], other: dict[str, str]) -> None:
    """Two countries, two dates of birth, two posts at one time with different employers."""
    assert (
        len(things(profile("John Smith", "a", date="2016", **one), profile("John Smith", "b", date="2016", **other)))
        == 2
    )
    assert len(things(profile("John Smith", "a", **one), profile("John Smith", "b", **one))) == 1


def test_a_namesake_of_whom_nothing_is_told_may_be_either() -> None:
    """But where one of them is told of again and again, it is meant."""
    british, american = profile("John Smith", "a", country="GB"), profile("John Smith", "b", country="US")
    unknown = [profile("John Smith", "c"), profile("John Smith", "d")]
    assert len(things(british, american, *unknown)) == 4
    often = [profile("John Smith", f"x{i}", country="GB") for i in range(5)]
    assert sorted(map(len, things(british, american, *unknown, *often))) == [1, 8]


def test_nobody_is_lost_where_the_less_told_of_is_found_more_often() -> None:
    """Two texts that tell nothing of a general and one that tells his country are three of one."""
    silent = [profile("Tibor Benkő", d) for d in "ab"]
    assert len(things(*silent, profile("Tibor Benkő", "c", country="HU"))) == 1
    assert sum(map(len, things(*silent, profile("Tibor Benkő", "c", country="HU")))) == 3


LIBYA = ("common/country/LY", "rare/a drsrt", "seldom/city/2214846")
LEEDS = ("common/country/GB", "rare/m kspr", "seldom/city/2644688")


@pytest.mark.parametrize(
    ("name", "other"), [("M. Raunio", "Mikko Raunio"), ("Ahmad Murad", "Ahmed Murad"), ("Raunio", "Mikko Raunio")]
)
def test_people_are_known_by_their_company(name: str, other: str) -> None:
    """Texts that tell of the same other people and places mean the same one by less of a name."""
    assert len(things(profile(name, "a", company=LIBYA), profile(other, "b", company=LIBYA))) == 1
    assert len(things(profile(name, "a", company=LIBYA), profile(other, "b", company=LEEDS))) == 2
    assert len(things(profile(name, "a"), profile(other, "b"))) == 2


def test_short_surnames_that_differ_in_a_letter_are_two_in_any_company() -> None:
    """A long one is soon misspelt; a short one is soon another."""
    assert len(things(profile("Ana Kos", "a", company=LIBYA), profile("Ana Kus", "b", company=LIBYA))) == 2
    long = [profile(name, name, company=LIBYA) for name in ("Lemma Gebreyohannes", "Lemma Gebreyohanes")]
    assert len(things(*long)) == 1


def test_places_in_common_are_less_than_people_in_common() -> None:
    """Two of one surname and initial in one city need not be one; with the same colleague they are."""
    city, colleague = ("common/country/RS", "seldom/city/715429"), ("rare/l dkvc",)
    full, short = profile("Karl-Heinz Moser", "a", company=city), profile("K. H. Moser", "b", company=city)
    assert len(things(full, short)) == 2
    full, short = (replace(one, company=city + colleague) for one in (full, short))
    assert len(things(full, short)) == 1


def test_namesakes_with_nothing_in_common_are_two() -> None:
    """A secretary on an island and a coach in a city; what is told of both outweighs that, and so does a long name."""
    told = [("a", LIBYA), ("b", LEEDS)]
    assert len(things(*(profile("Donald Ferris", d, company=company) for d, company in told))) == 1, "told alike"
    assert len(things(profile("Donald Ferris", "a", company=LIBYA, post="mayor"), *others(LEEDS))) == 2
    assert len(things(profile("Donald Ferris", "a", company=LIBYA, post="mayor"), *others(LEEDS, post="mayor"))) == 1
    assert len(things(*(profile("Ana Maria Ruiz Coello", d, company=c, scene=d) for d, c in told))) == 1
    in_common = ("common/country/GB", "rare/g vld", "rare/t zd")
    assert len(things(profile("Donald Ferris", "a", company=in_common, post="mayor"), *others(LEEDS))) == 2


def test_company_of_years_ago_is_little() -> None:
    """Father and son met the same statesman, ten years apart."""
    statesman = ("common/country/RU", "rare/m grbcv")
    father = profile("George Marsh", "a", company=statesman, date="1991-07-31")
    assert len(things(father, profile("George W. Marsh", "b", company=statesman, date="2002-05-24"))) == 2
    assert len(things(father, profile("George W. Marsh", "b", company=statesman, date="1991-08-02"))) == 1


def others(company: tuple[str, ...], **told: str) -> list[Profile]:
    """Somebody of another document."""
    return [profile("Donald Ferris", "b", company=company, **told)]


def test_who_was_born_elsewhere_is_another() -> None:
    """But a president born abroad is one where texts tell of him as president."""
    president = profile("Ade Okoro", "a", country="NG", post="president")
    assert len(things(president, profile("Ade Okoro", "b", born="city/1", origin="country/GB"))) == 2
    assert len(things(president, profile("Ade Okoro", "b", born="city/1", origin="country/NG"))) == 1


def test_similar_names_are_not_joined_through_a_third() -> None:
    """George Bush may be either; the two are never one through him."""
    found = things(
        profile("George W. Bush", "a", country="US"),
        profile("George H. W. Bush", "b", country="US"),
        profile("George Bush", "c", country="US"),
    )
    assert len(found) == 3


@pytest.mark.parametrize(
    ("one", "other"), [("Donald Trump Jr.", "Donald Trump"), ("Robert Kennedy", "Robert Kennedy Jr.")]
)
def test_father_and_son_are_two(one: str, other: str) -> None:
    assert len(things(profile(one, "a"), profile(other, "b"))) == 2


# ------------------------------------------------------------------------------------- organisations, places, events


def test_a_generic_name_is_one_body_in_one_country() -> None:
    hungarian = ("form", "ministry of defence|country/HU"), ("generic", "defence ministry")
    serbian = ("form", "ministry of defence|country/RS"), ("generic", "defence ministry")

    def body(document: str, name: str, *evidence: tuple[str, str]) -> Profile:
        return Profile(document, "e1", 0, "", GW + "GovernmentBody", name, (name,), True, "", tuple(sorted(evidence)))

    assert things(
        body("a", "Defence Ministry", *hungarian),
        body("b", "Ministry of Defence", *hungarian),
        body("c", "Defence Ministry", *serbian),
        body("d", "Defence Ministry", hungarian[1]),
    ) == [["Defence Ministry@a", "Ministry of Defence@b"], ["Defence Ministry@c"], ["Defence Ministry@d"]]


def test_an_acronym_stated_in_a_text_travels() -> None:
    """A text with both names joins texts with either, but never two bodies of one acronym."""
    spelt_out = profile("Syrian Democratic Forces", "a", "ArmedGroup", also=("SDF",))
    acronym = profile("SDF", "b", "ArmedGroup")
    other = profile("Self-Defence Forces", "c", "MilitaryForce", also=("SDF",))
    assert len(things(spelt_out, acronym)) == 1
    assert len(things(spelt_out, other)) == 2
    unstated = profile("World Food Council", "a", "Organization", located="city/1"), profile("WFC", "b", "Organization")
    assert len(things(*unstated)) == 2


def test_bodies_with_a_number_need_something_in_common() -> None:
    """Every army has its first brigade; what documents beside it tell of says whose it is."""
    estonian, other = ("common/country/EE", "rare/m tmsl"), ("common/country/EC", "seldom/city/3654870")
    first = [("1st Infantry Brigade", estonian), ("First Infantry Brigade", estonian), ("1st Infantry Brigade", other)]
    found = things(
        *(profile(n, d, "MilitaryForce", company=c, scene=c[0]) for d, (n, c) in zip("abc", first, strict=True))
    )
    assert found == [["1st Infantry Brigade@a", "First Infantry Brigade@b"], ["1st Infantry Brigade@c"]]


def test_companies_with_and_without_legal_form() -> None:
    assert things(
        profile("Acme", "a", "Organization"),
        profile("Acme Ltd", "b", "Company"),
        profile("ACME Limited", "c", "Company"),
    ) == [["ACME Limited@c", "Acme Ltd@b", "Acme@a"]]


def test_paris_in_texas_is_another_paris() -> None:
    french = [profile("Paris", d, "City", key="city/1", located="country/FR") for d in "ab"]
    assert things(*french, profile("Paris", "c", "City", located="region/texas, country/US")) == [
        ["Paris@a", "Paris@b"],
        ["Paris@c"],
    ]


def test_events_of_a_series_are_several() -> None:
    """By number, by date, or by what documents that lie far apart tell of."""
    assert (
        len(things(profile("Platinum Wolf 2016", "a", "Exercise"), profile("Platinum Wolf 2017", "b", "Exercise"))) == 2
    )
    assert len(things(*(profile("Platinum Wolf", d, "Exercise", told_date=d) for d in "a"))) == 1
    one, other = (profile("Platinum Wolf", y, "Exercise", date=f"{y}-06-14") for y in ("2016", "2017"))
    assert len(things(one, other)) == 2
    assert len(things(one, profile("Platinum Wolf", "c", "Exercise", date="2016-07-01"))) == 1


# ------------------------------------------------------------------------------------------------------------ classes


def test_a_class_above_others_gives_way_to_the_one_below() -> None:
    """An agent called so is the person; where it could be one of two that exclude each other, it is neither."""
    agent, person = profile("Adaeze Bello", "a", "Agent"), profile("Adaeze Bello", "b", country="NG")
    assert len(things(agent, person)) == 1
    assert len(things(agent, person, profile("Adaeze Bello", "c", "Organization"))) == 3


def test_one_key_is_one_thing_and_two_keys_are_two() -> None:
    assert things(
        profile("Hungary", "a", "Country", key="country/HU"),
        profile("Magyarország", "b", "Place", key="country/HU"),
        profile("Springfield", "c", "City", key="city/1"),
        profile("Springfield", "d", "City", key="city/2"),
    ) == [["Hungary@a", "Magyarország@b"], ["Springfield@c"], ["Springfield@d"]]


def test_what_a_document_keeps_apart_stays_apart() -> None:
    """Equal names of one document are two things, and nobody's else; spellings of one name are one nevertheless."""
    twice = profile("John Smith", "a"), profile("John Smith", "a", at=50)
    assert len(things(*twice, profile("John Smith", "b"), profile("John Smith", "c"))) == 3
    assert len(things(profile("Volodymyr Zelensky", "a"), profile("Volodymyr Zelenskyy", "a", at=9))) == 1
    assert len(things(profile("Tibor Benkő", "a", country="HU"), profile("Benkő", "a", at=9, country="HU"))) == 2


# -------------------------------------------------------------------------------------------------------- explanations


def test_every_merge_has_a_reason_and_a_confidence() -> None:
    """The merges of a thing join all of its profiles."""
    profiles = [profile("Tibor Benkő", d, country="HU") for d in "abc"] + [profile("Benkő Tibor", "d", country="HU")]
    (one,) = clusters(profiles)
    assert [(merge.reason, merge.confidence) for merge in one.merges] == [
        ("the same name, same country", 0.99),
        ("the same name, same country", 0.99),
        ("the same name in another order, same country", 0.986),
    ]


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        (
            profile("John Smith", "a", country="GB"),
            profile("John Smith", "b", country="US"),
            "countries differ: country/GB and country/US",
        ),
        (profile("John Smith", "a"), profile("Jane Roe", "b"), "names too different: 'John Smith' and 'Jane Roe'"),
        (profile("Jordan", "a"), profile("Jordan", "b", "Country"), "classes differ: Person and Country"),
        (profile("Tibor Benkő", "a"), profile("Benkő", "b"), "part of the name is not enough: 0.80 under 0.92"),
    ],
)
def test_why_two_are_not_one_is_said(one: Profile, other: Profile, why: str) -> None:
    assert why in why_apart(one, other, {}, IDENTITY)


# ---------------------------------------------------------------------------------------------------------- decisions


def deciding(*lines: str) -> Identity:
    """The identity with decisions written as "same: A | B" or "different: A@document | B"."""
    made = []
    for number, line in enumerate(lines, start=2):
        word, _, rest = line.partition(": ")
        (name, _, document), (other, _, place) = (side.partition("@") for side in rest.split(" | "))
        made.append(Decision(word, name, document, other, place, "", f"decisions.csv:{number}"))  # type: ignore[arg-type]
    return identity_of(load(), made)


def test_decisions_are_heeded() -> None:
    """`same` joins over names, classes and contradictions; `different` keeps apart, also what a third would join."""
    one, other = profile("Mark Twain", "a", country="US"), profile("Samuel Clemens", "b", "Agent", country="GB")
    assert len(things(one, other)) == 2
    assert len(things(one, other, identity=deciding("same: mark twain | Samuel Clemens"))) == 1
    assert len(things(one, other, identity=deciding("same: person/mark-twain | Samuel Clemens@b"))) == 1
    benkos = [profile("Tibor Benkő", d, country="HU") for d in "abc"]
    assert len(things(*benkos, identity=deciding("different: Tibor Benkő@a | Tibor Benkő@b"))) > 1
    assert len(things(*benkos, identity=deciding("different: Tibor Benkő | Tibor Benkő"))) == 3
    of_both = [profile("Tibor Benkő", d, also=("Benkő",), country="HU") for d in "ab"]
    assert len(things(*of_both, identity=deciding("different: Tibor Benkő | Benkő"))) == 2


def test_decisions_that_contradict_each_other_on_a_thing_are_an_error() -> None:
    both = profile("A Corp", "a", "Company", also=("B Corp",))
    with pytest.raises(DecisionError, match=r"decisions.csv:2 and decisions.csv:3"):
        things(
            both,
            profile("B Corp", "b", "Company"),
            identity=deciding("same: A Corp | B Corp", "different: A Corp@a | B Corp@b"),
        )


def written(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(("decision,name,document,other,other_document,note", *lines)), encoding="utf-8")
    return path


def test_a_decisions_file_is_read(tmp_path: Path) -> None:
    """Comments and empty lines say nothing; a cell with a comma is quoted."""
    file = written(tmp_path / "d.csv", "# checked by hand", "", 'same,"Smith, John",a,person/j-smith,,"one, surely"')
    (found,) = read_decisions(file)
    assert (found.sides, found.note, found.where) == (
        (("smith john", "a"), ("j smith", "")),
        "one, surely",
        f"{file}:4",
    )
    assert list(decided([found])) == [("j smith", "smith john"), ("j smith", "smith john|a")]


@pytest.mark.parametrize(
    ("lines", "what"),
    [
        (
            ["maybe,A,,B,,"],
            r"'maybe' is no decision\n  where: .*d.csv:2\n  to mend: write one of: same, different, wrong",
        ),
        (["same,A,,,,"], r"the column 'other' is empty\n  where: .*d.csv:2"),
        (["same,A,B"], r"3 cells instead of 6\n  where: .*d.csv:2"),
        (
            ["same,A,,B,,", "same,B,,C,,", "different,A,,C,,"],
            r"different, and the same\n  where: .*d.csv:2 and .*d.csv:3 and .*d.csv:4",
        ),
        (["same,A,,B,,", "different,A,x,B,y,"], r"different, and the same\n  where: .*d.csv:2 and .*d.csv:3"),
    ],
)
def test_a_broken_decisions_file_is_refused_with_its_lines(lines: list[str], what: str, tmp_path: Path) -> None:
    with pytest.raises(DecisionError, match=what):
        read_decisions(written(tmp_path / "d.csv", *lines))


def test_a_decisions_file_needs_its_head_line(tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text("same,A,,B,,\n")
    with pytest.raises(DecisionError, match=r"write decision,name,document,other,other_document,note"):
        read_decisions(tmp_path / "d.csv")


# --------------------------------------------------------------------------------------------------------------- laws


NAMES = ["Tibor Benkő", "Benkő Tibor", "T. Benko", "Benkő", "Tibor Benkoo", "Ilona Benkő", "Benkő Ltd"]
some_profiles = st.lists(
    st.builds(
        lambda name, document, cls, at, told, also: profile(name, document, cls, at=at, also=also, **told),
        st.sampled_from(NAMES),
        st.sampled_from("abcdef"),
        st.sampled_from(["Person", "Person", "Agent", "Organization", "Company"]),
        st.integers(0, 3),
        st.dictionaries(st.sampled_from(["country", "rank"]), st.sampled_from(["HU", "RS"]), max_size=2),
        st.sampled_from([(), (), ("Benkő",), ("Tibor Benkő",)]),
    ),
    max_size=9,
    unique_by=lambda one: (one.document, one.chain),
)


@settings(deadline=None)
@given(some_profiles, st.randoms(use_true_random=False))
def test_the_order_of_profiles_does_not_matter(profiles: list[Profile], shuffler: random.Random) -> None:
    """A corpus is a set; each profile is in one thing, and merges join all of a thing."""
    found = clusters(profiles)
    shuffled = list(profiles)
    shuffler.shuffle(shuffled)
    assert clusters(shuffled) == found
    assert sorted(one.place for thing in found for one in thing.profiles) == sorted(one.place for one in profiles)
    for thing in found:
        assert len(thing.merges) == len(thing.profiles) - 1
        reached = {thing.profiles[0].place}
        for _ in thing.merges:
            ends = [{merge.one, merge.other} for merge in thing.merges]
            reached = reached.union(*(both for both in ends if both & reached))
        assert reached == {one.place for one in thing.profiles}


@settings(deadline=None)
@given(some_profiles, st.sampled_from(NAMES), st.sampled_from(NAMES))
def test_what_is_decided_to_be_different_is_never_one_thing(profiles: list[Profile], one: str, other: str) -> None:
    identity = deciding(f"different: {one} | {other}")
    for thing in clusters(profiles, identity):
        clash = [
            (first, second)
            for first in thing.profiles
            for second in thing.profiles
            if first is not second and one in first.names and other in second.names
        ]
        assert clash == []


@settings(deadline=None)
@given(some_profiles)
def test_classes_of_a_thing_agree(profiles: list[Profile]) -> None:
    """Any two are equal, or one is above the other."""
    for thing in clusters(profiles):
        classes = {one.cls for one in thing.profiles}
        assert all(IDENTITY.comparable(a, b) for a in classes for b in classes)


# ------------------------------------------------------------------------------------------------------------ profiles


def test_a_document_tells_who_its_people_are() -> None:
    """Facts, names and the gazetteer become evidence; what is only planned or said by others does not."""
    chains = (
        Chain("e1", GW + "Person", "Tibor Benkő", ((0, 11), (40, 45)), True, aliases=("Benkő",)),
        Chain("e2", GW + "Organization", "Hungarian Defence Forces", ((15, 39),), True),
        Chain("e3", GW + "City", "Szeged", ((50, 56),), True, key="city/715429"),
        Chain("e4", GW + "Organization", "Coalition", ((60, 69),), True),
        Chain("e5", GW + "Country", "Serbia", ((70, 76),), True, key="country/RS"),
    )

    def fact(prop: str, thing: str | Value, modality: Modality = "asserted") -> Fact:
        return Fact("e1", GW + prop, thing, (0, 9), (0, 9), (0, 9), 0.9, "test", modality=modality)

    facts = (
        fact("worksFor", "e2"),
        fact("bornIn", "e3"),
        fact("nationality", "e5", "possible"),
        fact("hasRank", Value("General", "http://www.w3.org/2001/XMLSchema#string")),
    )
    found = profiles(Extraction(Document("d", "text", date="2016-06-14"), chains, facts), load(), load_gazetteer())
    person, army, city, coalition, _ = found
    assert (person.names, person.date, person.at) == (("Tibor Benkő", "Benkő"), "2016-06-14", 0)
    assert person.evidence == (
        ("born", "city/715429"),
        ("country", "country/HU"),
        ("employer", "armed forces|country/HU"),
        ("origin", "country/HU"),
        ("rank", "general"),
    )
    assert person.company == (
        "common/country/HU",
        "common/country/RS",
        "rare/dfnc frcs hngrn",
        "seldom/city/715429",
        "seldom/kltn",
    )
    assert forms(army) == ("hungarian defence forces", "armed forces|country/HU")
    assert city.evidence == (("located", "country/HU"),)
    assert forms(coalition) == ("coalition|d",)
    assert [Profile.from_json(json.loads(json.dumps(one.to_json()))) for one in found] == list(found)


def test_an_ontology_says_what_tells_things_apart(tmp_path: Path) -> None:
    """How a class is compared, from which confidence, and which properties are evidence, without code."""
    file = tmp_path / "ships.ttl"
    file.write_text(
        """@prefix ex: <https://example.org/> . @prefix lex: <https://w3id.org/graphwright/lex#> .
        @prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
        ex:Vessel a owl:Class ; lex:comparedAs "organisation" ; lex:sameAbove 0.5 ; lex:sameWithin 10 .
        ex:Frigate rdfs:subClassOf ex:Vessel ."""
    )
    identity = identity_of(load([file]))
    frigate = "https://example.org/Frigate"
    assert (identity.kind([frigate]), identity.least([frigate]), identity.days([frigate])) == ("organisation", 0.5, 10)
    file.write_text(file.read_text().replace("0.5", "1.5"))
    with pytest.raises(OntologyError, match=r"lex:sameAbove of Vessel cannot be '1.5'\n  where: .*ships.ttl:3"):
        load([file])
