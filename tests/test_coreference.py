"""Coreference: each way in which a text speaks of the same thing again, and near misses.

A row is a text and, for some of its things by their names, all mentions of each in their order.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from graphwright.facts import Reading
from graphwright.model import Extraction

ReadingOf = Callable[..., Reading]
FactsOf = Callable[..., set[tuple[str, ...]]]
Read = Callable[..., Extraction]
Things = dict[str, list[str]]
Row = tuple[str, Things]

MIA, OLEV, TIBOR, ANA, JURI = "Mia Rand", "Olev Saar", "Tibor Kallas", "Ana Kos", "Juri Tamm"

PRONOUNS: list[Row] = [
    ("General Tibor Kallas arrived in Riga on Monday. He met Mia Rand.", {TIBOR: [TIBOR, "He"], MIA: [MIA]}),
    ("Foreign Minister Mia Rand visited Riga. She thanked Latvia for its help.", {
        MIA: [MIA, "She"], "Latvia": ["Latvia", "its"],
    }),
    ("Mrs. Ida Holm met Mr. Olev Saar in Riga. She thanked him.", {
        "Ida Holm": ["Ida Holm", "She"], OLEV: [OLEV, "him"],
    }),
    ("Mia Rand met Olev Saar and thanked him.", {MIA: [MIA], OLEV: [OLEV, "him"]}),
    ("The memorandum was signed in Riga. It covers disaster relief.", {"memorandum": ["The memorandum", "It"]}),
    ("The Kestrel Brigade is based in Riga. It belongs to the Latvian Army.", {
        "Kestrel Brigade": ["Kestrel Brigade", "It"], "Latvian Army": ["Latvian Army"],
    }),
    ("The Latvian Navy sent two ships to Oslo. They left Riga on Monday.", {"Latvian Navy": ["Latvian Navy", "They"]}),
    ("The United States reaffirmed its support for Iraq.", {
        "United States": ["United States", "its"], "Iraq": ["Iraq"],
    }),
    ("Mia Rand and Olev Saar met in Riga. They discussed trade.", {MIA: [MIA, "They"], OLEV: [OLEV, "They"]}),
    ('"I thank Latvia," Foreign Minister Mia Rand said.', {MIA: ["I", MIA]}),
    # Nobody does something to himself by a plain pronoun.
    ("ISIL attacked Tikrit. Iraqi forces defeated them.", {"Iraqi forces": ["Iraqi forces"]}),
    ("Olev Saar met Ana Kos. Ana Kos thanked him.", {OLEV: [OLEV, "him"], ANA: [ANA, ANA]}),
]  # fmt: skip

DESCRIPTIONS: list[Row] = [
    ("Defence Minister Olev Saar visited Oslo. The minister thanked Norway.", {OLEV: [OLEV, "minister"]}),
    ("Lieutenant General Tibor Kallas met Mia Rand. The general then spoke.", {TIBOR: [TIBOR, "The general"]}),
    ("Iraqi Prime Minister  Juri Tamm met Mia Rand. Rand thanked the prime minister.", {
        JURI: [JURI, "prime minister"],
    }),
    ("The Foreign Secretary joined talks in Riga. Foreign Secretary Mia Rand said that the talks were short.", {
        MIA: ["Foreign Secretary", MIA], "talks": ["talks", "the talks"],
    }),
    ("Lindholm Shipyard Company won an order. The company will build two ships.", {
        "Lindholm Shipyard Company": ["Lindholm Shipyard Company", "The company"],
    }),
    ("The Azure Liberation Army attacked Tikrit. The army then withdrew.", {
        "Azure Liberation Army": ["Azure Liberation Army", "The army"],
    }),
    ("ISIL attacked Tikrit. This terrorist group was defeated.", {"Islamic State": ["ISIL", "This terrorist group"]}),
    ("Latvia signed the Riga Declaration. The declaration covers trade.", {
        "Riga Declaration": ["Riga Declaration", "The declaration"],
    }),
    ("Latvia hosted talks on the humanitarian situation in Syria. Mia Rand joined talks on the humanitarian situation "
     "in Syria.", {"talks": ["talks", "talks"]}),
    # Which of two countries, or generals, it is nobody tells; a new minister is not the one before; who has no post
    # here is not the commander.
    ("Latvia borders Russia. The country joined NATO.", {"Latvia": ["Latvia"], "Russia": ["Russia"]}),
    ("General Tibor Kallas met General Juri Tamm. The Danish general left.", {TIBOR: [TIBOR], JURI: [JURI]}),
    ("A new prime minister will be named in Riga. Prime Minister Mia Rand left.", {MIA: [MIA]}),
    ("Olev Saar welcomed Ana Kos. The commander left.", {OLEV: [OLEV], ANA: [ANA]}),
]  # fmt: skip

GROUPS: list[Row] = [
    ("Foreign Minister Mia Rand met Defence Minister Olev Saar. The ministers discussed trade.", {
        MIA: [MIA, "ministers"], OLEV: [OLEV, "ministers"],
    }),
    ("The Latvian delegation met the Estonian delegation. The delegations discussed trade.", {
        "Latvian delegation": ["The Latvian delegation", "The delegations"],
        "Estonian delegation": ["the Estonian delegation", "The delegations"],
    }),
    ("The Latvian delegation met the Estonian delegation. The two delegations discussed trade.", {
        "Latvian delegation": ["The Latvian delegation", "The two delegations"],
        "Estonian delegation": ["the Estonian delegation", "The two delegations"],
    }),
    ("Colonel Ana Kos and Captain Juri Tamm spoke. The two officers thanked Latvia.", {
        ANA: [ANA, "The two officers"], JURI: [JURI, "The two officers"],
    }),
    ("Kenya signed a treaty with Ghana. Both countries will send troops.", {
        "Kenya": ["Kenya", "Both countries"], "Ghana": ["Ghana", "Both countries"],
    }),
    ("Latvia and Estonia signed a treaty. Neither country supports Russia.", {
        "Latvia": ["Latvia", "Neither country"], "Estonia": ["Estonia", "Neither country"], "Russia": ["Russia"],
    }),
    ("The Kestrel Brigade met the Amber Battalion in Riga. The two units trained together.", {
        "Kestrel Brigade": ["Kestrel Brigade", "The two units"],
        "Amber Battalion": ["Amber Battalion", "The two units"],
    }),
    ("The Latvian Ministry of Defence met the Estonian Ministry of Defence. The two ministries discussed trade.", {
        "Latvian Ministry of Defence": ["Latvian Ministry of Defence", "The two ministries"],
        "Estonian Ministry of Defence": ["Estonian Ministry of Defence", "The two ministries"],
    }),
    ("Latvia, Estonia and Lithuania signed a treaty. The three countries discussed trade.", {
        "Latvia": ["Latvia", "The three countries"], "Estonia": ["Estonia", "The three countries"],
        "Lithuania": ["Lithuania", "The three countries"],
    }),
    ("Mongolia met Vietnam in Oslo. Mia Rand and Olev Saar spoke. The two officials discussed trade.", {
        MIA: [MIA, "The two officials"], OLEV: [OLEV, "The two officials"], "Mongolia": ["Mongolia"],
    }),
    # One delegation is not the delegations.
    ("The Latvian delegation visited Oslo. The delegations met on Monday.", {
        "Latvian delegation": ["The Latvian delegation"],
    }),
]  # fmt: skip

ALIASES: list[Row] = [
    ("The Serbian Armed Forces (SAF) trained in Riga. The SAF thanked Latvia.", {
        "Serbian Armed Forces": ["Serbian Armed Forces", "SAF", "SAF"],
    }),
    ("The Joint Harbour Task Force (JHTF) left Riga. Later the JHTF visited Oslo.", {
        "Joint Harbour Task Force": ["Joint Harbour Task Force", "JHTF", "JHTF"],
    }),
    ("The Baltic Rescue Trust (BRT) gave aid. Mia Rand thanked the BRT.", {
        "Baltic Rescue Trust": ["Baltic Rescue Trust", "BRT", "BRT"],
    }),
    ("The Syrian Arab Coalition left Raqqah. Latvia sent aid to the SAC.", {
        "Syrian Arab Coalition": ["Syrian Arab Coalition", "SAC"],
    }),
    ("Aircraft flew in support of Operation Inherent Resolve. The pilots of OIR left Riga.", {
        "Operation Inherent Resolve": ["Operation Inherent Resolve", "OIR"],
    }),
    ("The European Union met in Riga. The EU thanked Latvia.", {"European Union": ["European Union", "EU"]}),
    ("The Members of the Security Council met. The Security Council thanked Latvia.", {
        "United Nations Security Council": ["Security Council", "Security Council"],
    }),
]  # fmt: skip

SURNAMES: list[Row] = [
    ("Lieutenant General Tibor Kallas met Colonel Ana Kos. Kallas thanked Kos.", {
        TIBOR: [TIBOR, "Kallas"], ANA: [ANA, "Kos"],
    }),
    ("Nguyen Van Khai met Sione Fakaosi. Khai thanked Fakaosi.", {
        "Nguyen Van Khai": ["Nguyen Van Khai", "Khai"], "Sione Fakaosi": ["Sione Fakaosi", "Fakaosi"],
    }),
    ("Mayor Klementyna Budzisz visited Riga. Budzisz thanked Latvia.", {
        "Klementyna Budzisz": ["Klementyna Budzisz", "Budzisz"],
    }),
    ("Ambassador Lucia Etcheverry spoke. Dr. Etcheverry then left.", {
        "Lucia Etcheverry": ["Lucia Etcheverry", "Etcheverry"],
    }),
    ("Jørgen Brandstrup met Ilze Vītoliņa. Brandstrup thanked Vitolina.", {
        "Jørgen Brandstrup": ["Jørgen Brandstrup", "Brandstrup"], "Ilze Vītoliņa": ["Ilze Vītoliņa", "Vitolina"],
    }),
]  # fmt: skip

DEMONYMS: list[Row] = [
    ("Latvia hosted the talks. Latvian troops left Riga.", {"Latvia": ["Latvia", "Latvian"]}),
    ("Turkey sent aid. The Turks thanked Mali.", {"Turkey": ["Turkey", "Turks"]}),
    (
        "The British ambassador visited Riga. The United Kingdom supports Latvia.",
        {
            "United Kingdom": ["British", "United Kingdom"],
        },
    ),
    ("French forces left Mali. France thanked Mali.", {"France": ["French", "France"], "Mali": ["Mali", "Mali"]}),
    ("Poland hosted the exercise. Polish Defence Minister Olev Saar spoke.", {"Poland": ["Poland", "Polish"]}),
]

CAPITALS: list[Row] = [
    ("Belgrade rejected the claim. Serbia called it false.", {"Serbia": ["Belgrade", "Serbia"]}),
    ("Moscow said it had withdrawn its troops. Russia denied the attack.", {
        "Russia": ["Moscow", "it", "its", "Russia"],
    }),
    ("Wellington's envoy, Hana Reed, spoke in Suva. New Zealand pledged aid.", {
        "New Zealand": ["Wellington", "New Zealand"], "Suva": ["Suva"],
    }),
    ("Kyiv's foreign minister, Olena Bondar, visited Tallinn. Ukraine asked for help.", {
        "Ukraine": ["Kyiv", "Ukraine"], "Tallinn": ["Tallinn"],
    }),
    ("Talks between Belgrade and Pristina were held in Vienna. Serbia and Kosovo signed an agreement.", {
        "Serbia": ["Belgrade", "Serbia"], "Kosovo": ["Pristina", "Kosovo"], "Vienna": ["Vienna"],
    }),
    ("Relations between Ankara and Athens improved. Greece and Turkey agreed on fishing.", {
        "Turkey": ["Ankara", "Turkey"], "Greece": ["Athens", "Greece"],
    }),
    # Towns are visited, have mayors, and are joined by trains.
    ("Mia Rand visited Belgrade. Serbia thanked her.", {"Belgrade": ["Belgrade"], "Serbia": ["Serbia"]}),
    ("Nairobi's mayor, Olev Saar, met Mia Rand. Kenya sent aid.", {"Nairobi": ["Nairobi"], "Kenya": ["Kenya"]}),
    ("The trains between Riga and Tallinn were late. Latvia was not.", {"Riga": ["Riga"], "Latvia": ["Latvia"]}),
    ("Vellstad rejected the claim. Munich accused Mia Rand.", {"Munich": ["Munich"]}),
]  # fmt: skip

ROWS = [*PRONOUNS, *DESCRIPTIONS, *GROUPS, *ALIASES, *SURNAMES, *DEMONYMS, *CAPITALS]


def spoken_of(reading: Reading, name: str) -> list[str]:
    """The mentions, in their order, of the one thing with a name."""
    (thing,) = {chain for chains in reading.chain_of.values() for chain in chains if chain.name == name}
    mentions = [mention for mention in reading.mentions.all if thing in reading.chain_of.get(mention, ())]
    return [reading.document.text[slice(*reading.span(mention))] for mention in mentions]


@pytest.mark.parametrize(("text", "things"), ROWS, ids=[row[0] for row in ROWS])
def test_what_is_spoken_of_again(text: str, things: Things, reading_of: ReadingOf) -> None:
    reading = reading_of(text)
    assert {name: spoken_of(reading, name) for name in things} == things


@pytest.mark.parametrize(
    ("source", "things"),
    [
        ("Ministry of Defence of Latvia", {"Latvia": ["We", "Latvia"], "Norway": ["Norway"]}),
        ("", {"Latvia": ["Latvia"], "Norway": ["Norway"]}),
    ],
)
def test_we_of_a_text_is_its_issuer(source: str, things: Things, reading_of: ReadingOf) -> None:
    """Whoever else acts in it; without a source, nobody that has not been spoken of."""
    reading = reading_of("We condemn the attack. Norway sent aid to Latvia.", source=source)
    assert {name: spoken_of(reading, name) for name in things} == things


def test_what_one_of_two_does_not_do_neither_does(facts_of: FactsOf) -> None:
    found = facts_of("Latvia and Estonia signed a treaty. Neither country supports Russia.")
    assert {fact[3:] for fact in found if fact[1] == "supports"} <= {("negated",)}


def test_a_capital_is_no_other_name_of_its_country(read: Read) -> None:
    (serbia,) = [c for c in read("Belgrade rejected the claim. Serbia sent aid.").chains if c.name == "Serbia"]
    assert serbia.aliases == ()


def test_whatever_has_a_name_is_listed(read: Read) -> None:
    """Even in no fact; but not what only an adjective or a description tells of."""
    names = {chain.name for chain in read("Olev Saar likes the Kestrel Brigade and a Polish ship of a company.").chains}
    assert names == {OLEV, "Kestrel Brigade"}
