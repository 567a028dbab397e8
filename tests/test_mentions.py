"""Mentions: who and what a text speaks of, by what titles, and which mentions speak of the same.

The sentences are read by the embedded model. Rows say what is found of one kind: no more, and no less.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphwright.facts import Reading
from graphwright.mentions import IDENTITY, NATION, RANK, Mention
from graphwright.mentions.lexicon import text_of

ReadingOf = Callable[..., Reading]


def linked(reading: Reading, role: str) -> set[tuple[str, str]]:
    """The names of what is linked by a role: a person and a rank or post, a body and a country."""
    at = reading.mentions.at
    return {(at[outer].name, at[inner].name) for outer, kind, inner in reading.mentions.links if kind == role}


def named(reading: Reading) -> set[tuple[str, str]]:
    """The names in a text with the local names of their classes."""
    return {(m.name, reading.ontology.local(m.cls)) for m in reading.mentions.all if m.kind == "name"}


def people(reading: Reading) -> set[str]:
    return {name for name, cls in named(reading) if cls == "Person"}


def text(reading: Reading, mention: Mention) -> str:
    return reading.document.text[slice(*reading.span(mention))]


def spoken_of(reading: Reading, name: str) -> list[str]:
    """The mentions, in their order, of the one thing with a name."""
    (chain,) = {chain for chains in reading.chain_of.values() for chain in chains if chain.name == name}
    return [text(reading, m) for m in reading.mentions.all if chain in reading.chain_of.get(m, ())]


# -------------------------------------------------------------------------------------------------- ranks and titles

RANKED = [
    ("General Tibor Kallas spoke.", {("Tibor Kallas", "General")}),
    ("Gen. Tibor Kallas spoke.", {("Tibor Kallas", "General")}),
    ("Gen Tibor Kallas spoke.", {("Tibor Kallas", "General")}),
    ("Lt. Col. Ana Kos spoke.", {("Ana Kos", "Lieutenant Colonel")}),
    ("Lt Col Ana Kos spoke.", {("Ana Kos", "Lieutenant Colonel")}),
    ("Lieutenant Colonel Ana Kos spoke.", {("Ana Kos", "Lieutenant Colonel")}),
    ("Lieutenant-Colonel Ana Kos spoke.", {("Ana Kos", "Lieutenant Colonel")}),
    ("Maj. Gen. (Ret.) Juri Tamm spoke.", {("Juri Tamm", "Major General")}),
    ("Retired Major General Juri Tamm spoke.", {("Juri Tamm", "Major General")}),
    ("Brig. Gen. Dr. Juri Tamm spoke.", {("Juri Tamm", "Brigadier General")}),
    ("Rear Admiral Mia Rand spoke.", {("Mia Rand", "Rear Admiral")}),
    ("Army General Tibor Kallas spoke.", {("Tibor Kallas", "Army General")}),
    (
        "Colonel Ana Kos, Capt. Juri Tamm and Maj. Olev Saar spoke.",
        {("Ana Kos", "Colonel"), ("Juri Tamm", "Captain"), ("Olev Saar", "Major")},
    ),
    ("The Commander of the Navy, Captain Juri Tamm, spoke.", {("Juri Tamm", "Captain")}),
    ("Commander of the Navy, Captain Juri Tamm, spoke.", {("Juri Tamm", "Captain")}),
    ("Chief of Staff Colonel Ana Kos spoke.", {("Ana Kos", "Colonel")}),
    ("Secretary General Mia Rand spoke.", set()),
    ("Deputy Secretary-General Mia Rand spoke.", set()),
    ("Attorney General Mia Rand spoke.", set()),
    ("Director General Mia Rand spoke.", set()),
    ("The general spoke.", set()),
    ("In general Mia Rand spoke well.", set()),
]


@pytest.mark.parametrize(("sentence", "ranks"), RANKED, ids=[row[0] for row in RANKED])
def test_a_rank_before_a_name_is_told_in_full(
    sentence: str, ranks: set[tuple[str, str]], reading_of: ReadingOf
) -> None:
    """It is no part of the name, and never reaches across a comma."""
    reading = reading_of(sentence)
    assert linked(reading, RANK) == ranks
    assert people(reading) >= {person for person, _ in ranks}


@pytest.mark.parametrize(
    ("sentence", "person"),
    [
        ("Dr. Mia Rand spoke.", "Mia Rand"),
        ("Prof. Dr. Mia Rand spoke.", "Mia Rand"),
        ("Mr. Olev Saar spoke.", "Olev Saar"),
        ("Mrs Mia Rand spoke.", "Mia Rand"),
        ("H.E. Olev Saar spoke.", "Olev Saar"),
        ("Sir Olev Saar spoke.", "Olev Saar"),
        ("Mia Rand's report was short.", "Mia Rand"),
        ("Mia Rand’s report was short.", "Mia Rand"),
    ],
)
def test_a_title_is_no_part_of_a_name(sentence: str, person: str, reading_of: ReadingOf) -> None:
    assert people(reading_of(sentence)) == {person}


# ----------------------------------------------------------------------------------------------------------- posts

MIA = "Mia Rand"
POSTED = [
    ("Foreign Minister Mia Rand spoke.", {(MIA, "Foreign Minister")}),
    ("Deputy Foreign Minister Mia Rand spoke.", {(MIA, "Deputy Foreign Minister")}),
    ("Latvian Prime Minister Mia Rand spoke.", {(MIA, "Prime Minister")}),
    ("Latvia's Prime Minister Mia Rand spoke.", {(MIA, "Prime Minister")}),
    ("The Foreign Minister, Mia Rand, spoke.", {(MIA, "Foreign Minister")}),
    ("The Minister of Defence of Latvia, Mia Rand, spoke.", {(MIA, "Minister of Defence")}),
    ("Minister of Defence Mia Rand spoke.", {(MIA, "Minister of Defence")}),
    ("Mia Rand, Minister of Defence, spoke.", {(MIA, "Minister of Defence")}),
    ("Mia Rand, the Minister of Defence of Latvia, spoke.", {(MIA, "Minister of Defence")}),
    ("Mia Rand, a spokeswoman for the ministry, spoke.", {(MIA, "spokeswoman")}),
    ("Commander of the Kestrel Brigade Colonel Mia Rand spoke.", {(MIA, "Commander")}),
    ("Commander of the Navy, Captain Mia Rand, spoke.", {(MIA, "Commander")}),
    (
        "Chief of the General Staff of the Latvian Armed Forces General Mia Rand spoke.",
        {(MIA, "Chief of the General Staff")},
    ),
    ("The Chief of Defence of Latvia, General Mia Rand, spoke.", {(MIA, "Chief of Defence")}),
    ("Secretary General Mia Rand spoke.", {(MIA, "Secretary General")}),
    ("Acting Defence Minister Mia Rand spoke.", {(MIA, "Acting Defence Minister")}),
    ("The new Defence Minister Mia Rand spoke.", {(MIA, "Defence Minister")}),
    ("Estonian Navy Commander Captain Mia Rand spoke.", {(MIA, "Commander")}),
    ("Commander of the Estonian Navy Captain Mia Rand spoke.", {(MIA, "Commander")}),
    ("Lindholm Shipyard CEO Mia Rand spoke.", {(MIA, "CEO")}),
    ("The spokesman for the Ministry of Defence, Mia Rand, spoke.", {(MIA, "spokesman")}),
    (
        "Commander of the Land Forces Brigadier General Ana Kos and State Secretary Olev Saar spoke.",
        {("Ana Kos", "Commander"), ("Olev Saar", "State Secretary")},
    ),
    (
        "Foreign Minister Mia Rand met Defence Minister Olev Saar.",
        {(MIA, "Foreign Minister"), ("Olev Saar", "Defence Minister")},
    ),
    (
        "The Minister of Defence, Mia Rand, the Mayor of Riga, Olev Saar, and the Ambassador, Ana Kos, spoke.",
        {(MIA, "Minister of Defence"), ("Olev Saar", "Mayor"), ("Ana Kos", "Ambassador")},
    ),
    (
        "Mia Rand, Minister of Defence, Olev Saar, Mayor of Riga, and Ana Kos, ambassador, spoke.",
        {(MIA, "Minister of Defence"), ("Olev Saar", "Mayor"), ("Ana Kos", "ambassador")},
    ),
    ("Former Foreign Minister Mia Rand spoke.", set()),
    ("Mia Rand, former Foreign Minister, spoke.", set()),
    ("Mia Rand met the Foreign Minister.", set()),
    ("The Foreign Minister thanked Mia Rand.", set()),
]


@pytest.mark.parametrize(("sentence", "posts"), POSTED, ids=[row[0] for row in POSTED])
def test_a_post_beside_a_name_is_held_by_its_bearer(
    sentence: str, posts: set[tuple[str, str]], reading_of: ReadingOf
) -> None:
    """Before a name, before it with a comma, after it with a comma, and with the body it belongs to in between."""
    reading = reading_of(sentence)
    assert linked(reading, IDENTITY) == posts
    assert people(reading) >= {person for person, _ in posts}


@pytest.mark.parametrize(
    ("sentence", "post"),
    [
        ("The minister of transport spoke.", "minister of transport"),
        ("The Minister of Foreign Affairs and Trade spoke.", "Minister of Foreign Affairs and Trade"),
        ("The First Deputy Minister of Defence spoke.", "First Deputy Minister of Defence"),
        ("The commander of the Kestrel Brigade spoke.", "commander"),
        ("The president of Latvia spoke.", "president"),
        ("The Latvian ambassador spoke.", "ambassador"),
        ("The commander-in-chief spoke.", "commander-in-chief"),
    ],
)
def test_a_post_has_its_field_but_not_its_body(sentence: str, post: str, reading_of: ReadingOf) -> None:
    reading = reading_of(sentence)
    assert [m.name for m in reading.mentions.all if reading.ontology.local(m.cls) == "Position"] == [post]


# ------------------------------------------------------------------------------------- countries and delegations


@pytest.mark.parametrize(
    ("sentence", "countries"),
    [
        ("The Latvian delegation spoke.", {"Latvia"}),
        ("Latvia's delegation spoke.", {"Latvia"}),
        ("Latvian and Estonian troops met Chadians.", {"Latvia", "Estonia", "Chad"}),
        ("The Latvian–Estonian talks were held.", {"Latvia", "Estonia"}),
        ("Mia Rand visited the United Kingdom, the UK and Britain.", {"United Kingdom"}),
        ("They told us to visit Chad.", {"Chad"}),
        ("The US and the U.S. Navy trained.", {"United States"}),
        ("The Estonian Navy spoke.", {"Estonia"}),
    ],
)
def test_a_country_is_known_by_its_names_and_adjectives(
    sentence: str, countries: set[str], reading_of: ReadingOf
) -> None:
    found = [m for m in reading_of(sentence).mentions.all if m.key.startswith("country/")]
    assert {m.name for m in found} == countries
    assert len({m.key for m in found}) == len(countries)


@pytest.mark.parametrize(
    ("sentence", "nations"),
    [
        ("The Estonian Navy spoke.", {("Estonian Navy", "Estonia")}),
        ("Commander of the Estonian Navy Captain Mia Rand spoke.", {("Estonian Navy", "Estonia")}),
        ("The Latvian Ministry of Defence spoke.", {("Latvian Ministry of Defence", "Latvia")}),
        ("The Baltic Institute spoke.", set()),
    ],
)
def test_a_country_in_the_name_of_a_body_is_linked_to_it(
    sentence: str, nations: set[tuple[str, str]], reading_of: ReadingOf
) -> None:
    assert linked(reading_of(sentence), NATION) == nations


@pytest.mark.parametrize(
    ("sentence", "delegations"),
    [
        ("The Latvian delegation met the Estonian delegation.", ["The Latvian delegation", "the Estonian delegation"]),
        ("The delegation of Latvia met a delegation from Chad.", ["The delegation", "a delegation"]),
        ("A high-level Latvian delegation visited Riga.", ["A high-level Latvian delegation"]),
        ("A five-member delegation of the Union of Baltic Cities met.", ["A five-member delegation"]),
    ],
)
def test_a_delegation_has_its_modifiers_but_no_complement(
    sentence: str, delegations: list[str], reading_of: ReadingOf
) -> None:
    reading = reading_of(sentence)
    found = [m for m in reading.mentions.all if reading.ontology.local(m.cls) == "Delegation"]
    assert [text(reading, m) for m in found] == delegations
    assert len({chain for m in found for chain in reading.chain_of[m]}) == len(delegations)


# ------------------------------------------------------------------------------------------------ kinds of names


@pytest.mark.parametrize(
    ("name", "cls"),
    [
        ("Ministry of Transport", "GovernmentBody"),
        ("Latvian Ministry of Defence", "GovernmentBody"),
        ("Vellstad City Council", "GovernmentBody"),
        ("Supreme Court of Latvia", "GovernmentBody"),
        ("Kestrel Brigade", "MilitaryForce"),
        ("Latvian Armed Forces", "MilitaryForce"),
        ("5th Lindholm Battalion", "MilitaryForce"),
        ("Lindholm Shipyard Company", "Company"),
        ("Azure Bank", "Company"),
        ("Amber News Agency", "MediaOutlet"),
        ("University of Vellstad", "EducationalInstitution"),
        ("Lindholm Military Academy", "EducationalInstitution"),
        ("Union of Baltic Cities", "Organization"),
        ("Baltic Institute", "Organization"),
        ("Azure Militia", "ArmedGroup"),
        ("Lindholm Air Base", "Facility"),
        ("Amber River", "NaturalFeature"),
        ("Exercise Amber Shield", "Exercise"),
        ("Operation Amber Shield", "Operation"),
        ("Vellstad Conference", "Meeting"),
        ("Treaty of Vellstad", "Agreement"),
    ],
)
def test_a_name_is_of_the_kind_that_its_noun_says(name: str, cls: str, reading_of: ReadingOf) -> None:
    article = "" if name.startswith(("Exercise", "Operation")) else "the "
    reading = reading_of(f"Mia Rand spoke of {article}{name} in Riga.")
    assert (name, cls) in named(reading)


@pytest.mark.parametrize(
    ("sentence", "wanted", "unwanted"),
    [
        ("Colonel Ana Kos, the CJTF-OIR spokesperson, said so.", "CJTF-OIR", "OIR"),
        ("The exercise was led by RTF-NAD and paid for by Latvia.", "RTF-NAD", "NAD"),
        ("Mia Rand spoke of EU-NATO cooperation in Riga.", "NATO", "EU-NATO"),
        ("The Joint Task Force – Amber Shield Commander, Lt. Gen. Juri Tamm, spoke.", "Juri Tamm", "Amber Shield"),
    ],
)
def test_hyphens_and_dashes_join_the_parts_of_a_name_unless_both_are_known(
    sentence: str, wanted: str, unwanted: str, reading_of: ReadingOf
) -> None:
    names = {mention.name for mention in reading_of(sentence).mentions.all if mention.kind == "name"}
    spans = {text(reading_of(sentence), m) for m in reading_of(sentence).mentions.all if m.kind == "name"}
    assert wanted in spans
    assert unwanted not in names | spans


@pytest.mark.parametrize(
    ("sentence", "described", "name"),
    [
        ("The talks were held in the city of Vellstad.", "the city", "Vellstad"),
        ("Mia Rand visited the town of Lindholm.", "the town", "Lindholm"),
        ("The exercise Amber Shield was held in Latvia.", "The exercise", "Amber Shield"),
        ("Latvia hosted the exercise Amber Shield.", "the exercise", "Amber Shield"),
    ],
)
def test_a_noun_beside_a_name_speaks_of_its_bearer(
    sentence: str, described: str, name: str, reading_of: ReadingOf
) -> None:
    assert spoken_of(reading_of(sentence), name) == [described, name]


# --------------------------------------------------------------------------------------------- the same once more

SAME = [
    ("General Tibor Kallas received Colonel Ana Kos. Kallas thanked Kos.", {
        "Tibor Kallas": ["Tibor Kallas", "Kallas"], "Ana Kos": ["Ana Kos", "Kos"],
    }),
    ("Ana Kos met Juri Kos. Ana Kos thanked Juri Kos.", {
        "Ana Kos": ["Ana Kos", "Ana Kos"], "Juri Kos": ["Juri Kos", "Juri Kos"],
    }),
    ("Foreign Minister Mia Rand visited Riga. The minister thanked Latvia.", {MIA: [MIA, "minister"]}),
    ("Colonel Ana Kos met Mia Rand. The colonel then spoke.", {"Ana Kos": ["Ana Kos", "The colonel"], MIA: [MIA]}),
    ("Lieutenant General Tibor Kallas met Mia Rand. The general then spoke.", {
        "Tibor Kallas": ["Tibor Kallas", "The general"],
    }),
    ("Foreign Minister Mia Rand met Defence Minister Olev Saar. The two ministers discussed trade.", {
        MIA: [MIA, "ministers"], "Olev Saar": ["Olev Saar", "ministers"],
    }),
    ("General Tibor Kallas met General Juri Tamm. The two generals discussed trade.", {
        "Tibor Kallas": ["Tibor Kallas", "The two generals"], "Juri Tamm": ["Juri Tamm", "The two generals"],
    }),
    ("The Latvian delegation met the Estonian delegation. Both sides discussed trade.", {
        "Latvian delegation": ["The Latvian delegation", "Both sides"],
        "Estonian delegation": ["the Estonian delegation", "Both sides"],
    }),
    ("Latvia signed an agreement with Estonia. The two countries discussed trade.", {
        "Latvia": ["Latvia", "The two countries"], "Estonia": ["Estonia", "The two countries"],
    }),
    ("Mia Rand visited Riga. She thanked Latvia.", {MIA: [MIA, "She"]}),
    ("Mr. Olev Saar visited Riga. He thanked Latvia.", {"Olev Saar": ["Olev Saar", "He"]}),
    ("Mia Rand visited Riga. She met Olev Saar. He thanked her.", {
        MIA: [MIA, "She", "her"], "Olev Saar": ["Olev Saar", "He"],
    }),
    ("Mia Rand and Olev Saar visited Riga. They thanked Latvia.", {
        MIA: [MIA, "They"], "Olev Saar": ["Olev Saar", "They"],
    }),
    ("The Union of Baltic Cities (UBC) met in Riga. Later the UBC thanked Latvia.", {
        "Union of Baltic Cities": ["Union of Baltic Cities", "UBC", "UBC"],
    }),
    ("The Ministry of Defence (MoD) spoke. The MoD thanked Latvia.", {
        "Ministry of Defence": ["Ministry of Defence", "MoD", "MoD"],
    }),
    ("Defence Minister Mia Rand, Foreign Minister Olev Saar and Interior Minister Ana Kos met. "
     "The three ministers discussed trade.", {
        MIA: [MIA, "ministers"], "Olev Saar": ["Olev Saar", "ministers"], "Ana Kos": ["Ana Kos", "ministers"],
    }),
    ("Mia Rand met Olev Saar. Both thanked Latvia.", {MIA: [MIA, "Both"], "Olev Saar": ["Olev Saar", "Both"]}),
    ("The Latvian Navy left Riga. It thanked Latvia.", {"Latvian Navy": ["Latvian Navy", "It"]}),
    ("The conference was held in Riga. It was hosted by Latvia.", {"conference": ["The conference", "It"]}),
    ("Mia Rand met Olev Saar in Riga. The talks were short.", {"talks": ["met", "The talks"]}),
    ("Mia Rand received Olev Saar. The two then discussed trade.", {
        MIA: [MIA, "The two"], "Olev Saar": ["Olev Saar", "The two"],
    }),
    ("Captain Juri Tamm, Commander of the Navy, spoke. The commander thanked Latvia.", {
        "Juri Tamm": ["Juri Tamm", "commander"],
    }),
    ("Latvia hosted the talks. Latvian troops left. The UK thanked Britain.", {
        "Latvia": ["Latvia", "Latvian"], "United Kingdom": ["UK", "Britain"],
    }),
    ("The Kestrel Brigade left Riga. The brigade had trained there.", {
        "Kestrel Brigade": ["Kestrel Brigade", "The brigade"],
    }),
    ("The talks were held in Riga. The talks ended on Monday.", {"talks": ["The talks", "The talks"]}),
    ("Talks were held in Riga. Other talks were held in Oslo.", {}),
    ("The minister met the general in Riga.", {}),
    ("It is raining in Riga.", {"Riga": ["Riga"]}),
]  # fmt: skip


@pytest.mark.parametrize(("sentences", "things"), SAME, ids=[row[0] for row in SAME])
def test_what_speaks_of_the_same(sentences: str, things: dict[str, list[str]], reading_of: ReadingOf) -> None:
    reading = reading_of(sentences)
    assert {name: spoken_of(reading, name) for name in things} == things


@pytest.mark.parametrize(
    "sentences",
    [
        "The Latvian delegation met the Estonian delegation.",
        "Talks were held in Riga. Other talks were held in Oslo.",
        "An agreement was signed in Riga. Another agreement was signed in Oslo.",
    ],
)
def test_different_things_of_one_kind_stay_apart(sentences: str, reading_of: ReadingOf) -> None:
    reading = reading_of(sentences)
    kinds = {"delegation", "talks", "agreement"}
    found = [m for m in reading.mentions.all if m.kind == "nominal" and m.name.lower().split()[-1] in kinds]
    assert len(found) == 2
    assert not set(reading.chain_of[found[0]]) & set(reading.chain_of[found[1]])


# ---------------------------------------------------------------------------------------------------------------- laws

SENTENCES = [row[0] for rows in (RANKED, POSTED, SAME) for row in rows]


@given(
    sentences=st.lists(st.sampled_from([*SENTENCES, "😀 — «Ő»", "On 5 May 2016 it rained."]), max_size=6),
    space=st.sampled_from([" ", "\n\n", "  "]),
)
@settings(max_examples=30, deadline=None)
def test_a_mention_is_the_text_at_its_offsets(sentences: list[str], space: str, reading_of: Any) -> None:
    """Mentions are sorted, hold their heads, and are nested or apart; links and units lead to mentions."""
    reading = reading_of(space.join(sentences), "2016-06-16")
    doc, found = reading.doc, reading.mentions
    assert list(found.all) == sorted(found.all, key=lambda m: (m.start, m.end))
    for mention in found.all:
        assert 0 <= mention.start <= mention.head < mention.end <= len(doc)
        piece = text(reading, mention)
        assert piece == doc.written(mention.start, mention.end)
        assert piece == piece.strip() != ""
        assert mention.name
        assert mention.key or mention.kind in {"value", "pronoun"} or mention.name == text_of(doc, *span(mention))
        assert (mention.cls == "") == (mention.kind in {"value", "pronoun"})
        assert bool(mention.values) <= (mention.kind == "value")
    for one in found.all:
        for other in found.all:
            if one.overlaps(other) and one.kind == other.kind == "name" and one is not other:
                assert any(role == NATION for _, role, _ in found.links)
    assert all(found.at[head].head == head for head in found.at)
    assert all(outer in found.at and inner in found.at for outer, _, inner in found.links)
    assert all(found.at[head].kind == "name" for head in found.people)
    assert set(found.units.values()) <= set(found.at)


def span(mention: Mention) -> tuple[int, int]:
    return (mention.start, mention.end)


@given(sentences=st.lists(st.sampled_from(SENTENCES), max_size=6))
@settings(max_examples=30, deadline=None)
def test_every_mention_of_a_class_speaks_of_something(sentences: list[str], reading_of: Any) -> None:
    """Of one thing, or of several that are a group; and a thing is spoken of by its own mentions alone."""
    reading = reading_of(" ".join(sentences))
    ontology = reading.ontology
    for mention in reading.mentions.all:
        chains = reading.chain_of.get(mention, ())
        assert bool(chains) or mention.kind in {"value", "pronoun"}
        assert len(chains) == len(set(map(id, chains)))
        for chain in chains:
            assert mention in chain.mentions
            assert chain.alias is None
            if mention.kind == "name":
                assert ontology.is_a(chain.cls, mention.cls) or ontology.is_a(mention.cls, chain.cls)
                assert chain.named
        if mention.kind == "name":
            assert len(chains) == 1
    keys = [chain.key for chain in {c for cs in reading.chain_of.values() for c in cs} if chain.key]
    assert len(keys) == len(set(keys))
