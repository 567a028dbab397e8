"""Namesakes in one document: what tells two of one name apart, what does not, and whom the name alone means then.

A row is a text, a word, and for each thing that has the word in a name the names it is called by, in their order.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from graphwright.entities.linking import link
from graphwright.facts import Reading
from graphwright.mentions.namesakes import may_be_named
from graphwright.model import Extraction
from graphwright.ontology import Ontology
from graphwright.ontology.gazetteer import load_gazetteer

Read = Callable[..., Extraction]
ReadingOf = Callable[..., Reading]
Row = tuple[str, str, list[list[str]]]

NAMES: list[Row] = [
    ("George H. W. Bush died in Texas. His son George W. Bush spoke at the funeral.", "Bush", [
        ["George H. W. Bush"], ["George W. Bush"],
    ]),
    ("Assad met Putin. Bashar al-Assad thanked him. Maher al-Assad commands the division.", "Assad", [
        ["Assad", "Bashar al-Assad"], ["Maher al-Assad"],
    ]),
    ("Kim Jong Il died. Kim Jong Un succeeded him.", "Kim", [["Kim Jong Il"], ["Kim Jong Un"]]),
    ("John Smith spoke. R. Smith thanked Latvia. J. Smith left.", "Smith", [["John Smith", "J. Smith"], ["R. Smith"]]),
    ("Ernesto Catindig leads it. Ernesto Catindig Sr. founded it. Ernesto Catindig III studies.", "Ernesto", [
        ["Ernesto Catindig"], ["Ernesto Catindig Sr."], ["Ernesto Catindig III"],
    ]),
    # One who is called in several ways.
    ("George H. W. Bush met Helmut Kohl. George Bush then flew to Warsaw. Bush thanked Poland.", "Bush", [
        ["George H. W. Bush", "George Bush", "Bush"],
    ]),
    ("Barack Obama met Mia Rand. President Barack Hussein Obama left. Obama flew to Riga.", "Obama", [
        ["Barack Obama", "Barack Hussein Obama", "Obama"],
    ]),
    ("Gaddafi signed a treaty with Italy. Muammar Gaddafi later visited Rome.", "Gaddafi", [
        ["Gaddafi", "Muammar Gaddafi"],
    ]),
    ("Benkő Tibor met Mia Rand. Tibor Benkő left. Benkő flew.", "Benkő", [["Benkő Tibor", "Tibor Benkő", "Benkő"]]),
    ("Ernesto Catindig, Jr. met Mia Rand. Ernesto Catindig then left.", "Catindig", [
        ["Ernesto Catindig, Jr.", "Ernesto Catindig"],
    ]),
]  # fmt: skip

KIN: list[Row] = [
    ("Major General Ernesto Catindig, Jr. cut the ribbon with the mayor. His father, Ernesto Catindig, was there.",
     "Catindig", [["Ernesto Catindig, Jr."], ["Ernesto Catindig"]]),
    ("Mia Rand met General Ernesto Catindig, whose father, Ernesto Catindig, had held the same command.", "Catindig", [
        ["Ernesto Catindig"], ["Ernesto Catindig"],
    ]),
    ("Colonel Siim Raudkivi left. Raudkivi's son, Lieutenant Siim Raudkivi, stays. Lieutenant Raudkivi is 24.",
     "Raudkivi", [["Siim Raudkivi", "Raudkivi"], ["Siim Raudkivi", "Raudkivi"]]),
    ("Siim Raudkivi, the son of Colonel Siim Raudkivi, left for Riga.", "Raudkivi", [
        ["Siim Raudkivi"], ["Siim Raudkivi"],
    ]),
    ("Martin Luther King Jr. spoke. His father, Martin Luther King, was there.", "King", [
        ["Martin Luther King Jr."], ["Martin Luther King"],
    ]),
    # The surname alone is of who is known by it, not of his kin.
    ("Muammar Gaddafi signed a treaty. His son Saif al-Islam Gaddafi had negotiated it. Gaddafi thanked Italy.",
     "Gaddafi", [["Muammar Gaddafi", "Gaddafi"], ["Saif al-Islam Gaddafi"]]),
    # Of somebody else's kin it is known who he is.
    ("Olev Saar left Riga. Mia Rand thanked her brother Olev Saar.", "Saar", [["Olev Saar", "Olev Saar"]]),
]  # fmt: skip

TOLD: list[Row] = [
    ("Minister Rami Haddad opened a quay. The boat belongs to another Rami Haddad, who fishes. "
     "Minister Rami Haddad left.", "Haddad", [["Rami Haddad", "Rami Haddad"], ["Rami Haddad"]]),
    ("Philip Hammond, a curator in Halifax, found a ledger. His namesake Philip Hammond, the British finance "
     "minister, will see it. Hammond, the curator, was pleased.", "Hammond", [
        ["Philip Hammond", "Hammond"], ["Philip Hammond"],
    ]),
    ("Jonathan Cohen of the American Embassy arrived. Another Jonathan Cohen, a restorer from Leeds, mended the "
     "chair. Cohen smiled.", "Cohen", [["Jonathan Cohen"], ["Jonathan Cohen", "Cohen"]]),
    ("John Smith of Leeds met a different John Smith from Hull.", "Smith", [["John Smith"], ["John Smith"]]),
    ("Ali Hassan commands the brigade. He is not to be confused with Ali Hassan, the minister of oil.", "Hassan", [
        ["Ali Hassan"], ["Ali Hassan"],
    ]),
    ("Michael Collins (no relation to astronaut Michael Collins) met Mia Rand.", "Collins", [
        ["Michael Collins"], ["Michael Collins"],
    ]),
    ("Anna Kask spoke in Tallinn. A nurse of the same name, Anna Kask, spoke in Tartu.", "Kask", [
        ["Anna Kask"], ["Anna Kask"],
    ]),
    ("Anna Kask spoke in Tallinn. Another woman named Anna Kask spoke in Tartu.", "Kask", [
        ["Anna Kask"], ["Anna Kask"],
    ]),
    ("Donnie Smith spoke. Coach Donnie Smith (no relation) laughed.", "Smith", [["Donnie Smith"], ["Donnie Smith"]]),
    # Another officer, and a new post, are no other name.
    ("Ali Hassan met Mia Rand. The new minister, Ali Hassan, thanked another officer.", "Hassan", [
        ["Ali Hassan", "Ali Hassan"],
    ]),
]  # fmt: skip

BODIES: list[Row] = [
    ("The Ministry of Defence in Riga ordered drones. The Ministry of Defence in Tallinn buys twenty.", "Ministry", [
        ["Ministry of Defence"], ["Ministry of Defence"],
    ]),
    ("Latvia's Ministry of Defence ordered drones. Estonia's Ministry of Defence buys twenty. The Ministry of Defence "
     "of Latvia thanked Mia Rand.", "Ministry", [
        ["Ministry of Defence", "Ministry of Defence of Latvia"], ["Ministry of Defence"],
    ]),
    ("Estonia's 1st Infantry Brigade trained in Tapa. The 1st Infantry Brigade of Ecuador trained in Quito.",
     "Infantry", [["1st Infantry Brigade"], ["1st Infantry Brigade of Ecuador"]]),
    ("The Ministry of Defence of the Republic of Serbia hosted talks. The Ministry of Defence in Belgrade thanked "
     "Hungary.", "Ministry", [["Ministry of Defence of the Republic of Serbia", "Ministry of Defence"]]),
    ("The Ministry of Defence ordered drones. The Ministry of Defence in Riga said so. The Ministry of Defence paid.",
     "Ministry", [["Ministry of Defence", "Ministry of Defence", "Ministry of Defence"]]),
    # Whose it is then, nothing tells.
    ("The Ministry of Defence of Latvia ordered drones. The Ministry of Defence of Estonia buys ten. The Ministry of "
     "Defence will pay.", "Ministry", [
        ["Ministry of Defence of Latvia"], ["Ministry of Defence of Estonia"], ["Ministry of Defence"],
    ]),
    # What is in two cities is one all the same.
    ("The Baltic Rescue Trust in Riga gave aid. The Baltic Rescue Trust in Tallinn thanked Mia Rand.", "Trust", [
        ["Baltic Rescue Trust", "Baltic Rescue Trust"],
    ]),
]  # fmt: skip

THINGS: list[Row] = [
    ("The tanker Gdynia left on Friday. It was built in Gdynia in 1980. The Gdynia will return.", "Gdynia", [
        ["Gdynia", "Gdynia"], ["Gdynia"],
    ]),
    ("The frigate Bremen sailed from Bremen on Monday. The Bremen carries two helicopters.", "Bremen", [
        ["Bremen", "Bremen"], ["Bremen"],
    ]),
    ("The newspaper Gdansk wrote of it. The mayor of Gdansk protested.", "Gdansk", [["Gdansk"], ["Gdansk"]]),
    ("They bowed at the tomb of Ho Chi Minh in Hanoi. Food was sold in Ho Chi Minh City.", "Ho Chi Minh", [
        ["Ho Chi Minh"], ["Ho Chi Minh City"],
    ]),
    # The noun is of a place, or what the place itself is, or stands there for another reason.
    ("The port city Gdynia welcomed Mia Rand. She left Gdynia on Friday.", "Gdynia", [["Gdynia", "Gdynia"]]),
    ("The exercise Poland hosted in May ended. Poland thanked Latvia.", "Poland", [["Poland", "Poland"]]),
]  # fmt: skip

ROWS = [*NAMES, *KIN, *TOLD, *BODIES, *THINGS]


@pytest.mark.parametrize(("text", "word", "things"), ROWS, ids=[row[0] for row in ROWS])
def test_each_of_several_with_one_name_has_its_own_names(
    text: str, word: str, things: list[list[str]], reading_of: ReadingOf
) -> None:
    assert called(reading_of(text), word) == things


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("Trade with Georgia grew. Mia Rand of the U.S. state of Georgia came to Tbilisi.", {
            "country/GE": ["Georgia"], "region/US.GA": ["Georgia"],
        }),
        ("Governor Olev Saar of Georgia opened a store. The peaches go to the republic of Georgia. Georgian troops "
         "left.", {"country/GE": ["Georgia", "Georgian"], "region/US.GA": ["Georgia"]}),
        ("The state of Georgia voted. Georgia counted the votes. Georgians were pleased.", {
            "region/US.GA": ["Georgia", "Georgia", "Georgians"],
        }),
        ("Mia Rand flew to Paris on Monday. Planners from Paris, Texas, came in May.", {
            "city/2988507": ["Paris"], "city/4717560": ["Paris"],
        }),
        # Which is no well-known place is the one that the text tells of later.
        ("Springfield has many bicycles. Planners from Springfield, Massachusetts, came in May.", {
            "city/4951788": ["Springfield", "Springfield"],
        }),
    ],
)  # fmt: skip
def test_places_of_one_name_are_told_apart_by_what_the_text_calls_them(
    text: str, keys: dict[str, list[str]], ontology: Ontology, read: Read
) -> None:
    linked = link(read(text), load_gazetteer(), ontology)
    spoken = {chain.key: [text[start:end] for start, end in chain.mentions] for chain in linked.chains}
    names = {"Georgia", "Georgian", "Georgians", "Paris", "Springfield"}
    assert {key: found for key, found in spoken.items() if names & set(found)} == keys


def called(reading: Reading, word: str) -> list[list[str]]:
    """The names of each thing that has a word in one of them."""
    found: dict[object, list[str]] = {}
    for mention in reading.mentions.all:
        if mention.kind == "name" and mention in reading.chain_of:
            (thing,) = reading.chain_of[mention]
            found.setdefault(thing, []).append(reading.document.text[slice(*reading.span(mention))])
    return [names for names in found.values() if any(word in name for name in names)]


@pytest.mark.parametrize(
    ("name", "known", "may"),
    [
        ("J. Smith", "John Smith", True),
        ("R. Smith", "John Smith", False),
        ("John F. Kennedy", "John Fitzgerald Kennedy", True),
        ("George Bush", "George W. Bush", True),
        ("George H.W. Bush", "George H. W. Bush", True),
        ("Juan Cruz Jr.", "Juan Cruz Sr.", False),
        ("Juan Cruz Jr.", "Cruz", True),
    ],
)
def test_whose_name_may_be_told_in_other_words(name: str, known: str, may: bool) -> None:
    assert may_be_named(name, known) == may
