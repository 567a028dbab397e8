"""A graph of hostile documents: whatever a document can hold that might become a script, a link or a lie in a page."""

from __future__ import annotations

from pathlib import Path

from graphwright import KnowledgeGraph
from graphwright.graph import assemble
from graphwright.graph.vocabulary import GW
from graphwright.model import Chain, Document, Entity, Extraction, Fact, Identification, Known, Value

BASE = "https://example.org/id/"
TEXT_TYPE = "http://www.w3.org/2001/XMLSchema#string"

SCRIPT = "<script>window.harmed = 1</script>"
EVENT = "<img src=x onerror='window.harmed = 2'>"
QUOTES = '"\'><svg onload="window.harmed = 3">'
CLOSING = "</script></title></style><script>window.harmed = 4</script>"
TEMPLATE = "{{ 7 * 7 }}{% raw %}${window.harmed = 5}"
TURNED = "\u202egnorw eb ot smees\u2066"
LINK = "javascript:window.harmed=6"
NASTY = (SCRIPT, EVENT, QUOTES, CLOSING, TEMPLATE, TURNED, LINK)

IRIS = (
    "javascript:window.harmed=7",
    "data:text/html,%3Cscript%3Ewindow.harmed=8%3C/script%3E",
    "https://example.org/id/person/a'b&c=d#e?f",
    "https://user:password@example.org/%22%3E%3Cscript%3Ewindow.harmed=9%3C/script%3E",
    "urn:x:onclick=window.harmed=10",
)
"""IRIs that RDF allows."""

HEBREW = "ב-3 במאי נפגש השר דוד כהן עם הנשיא בירושלים."


def make(store: Path) -> None:
    """Make the store."""
    graph = KnowledgeGraph.create(store)
    extractions, resolution = [], {}
    for number, nasty in enumerate(NASTY):
        extraction, entities = told(number, nasty, IRIS[number % len(IRIS)])
        extractions.append(extraction)
        resolution.update(entities)
    extraction, entities = hebrew()
    extractions.append(extraction)
    resolution.update(entities)
    graph.add(assemble(extractions, resolution, base=BASE))
    graph.flush()
    graph.close()


def told(number: int, nasty: str, iri: str) -> tuple[Extraction, dict[tuple[str, str], Entity]]:
    """A document that holds something nasty wherever it can, and its things."""
    text = f"Ana {nasty} met Ben {nasty} there.\n\nAnother line with {nasty}."
    first, second = 4, 4 + len(nasty) + 9
    name = f"{number}{nasty}"
    document = Document(
        f"{nasty}/../{number}",
        text,
        f"Title {nasty}",
        "2024-05-01",
        nasty,
        {nasty: nasty, "author": nasty, "url": LINK},
    )
    chains = (
        Chain("e1", GW + "Person", name, ((0, first + len(nasty)),), True),
        Chain("e2", GW + "Person", f"Ben {nasty}", ((second - 4, second + len(nasty)),), True),
    )
    sentence = (0, text.index("\n"))
    facts = (
        Fact("e1", GW + "metWith", "e2", sentence, chains[0].mentions[0], chains[1].mentions[0], 0.9, nasty, nasty),
        Fact(
            "e1", GW + "hasRank", Value(nasty, TEXT_TYPE), sentence, (0, 3), (0, 3), 0.8, "rule", nasty, "planned", "e2"
        ),
    )
    known = Known("k", name, (LINK, iri), (nasty,), (47.5, 19.0))
    why = Identification(nasty, document.id, name, document.id, nasty, 0.9)
    entities = {
        (document.id, "e1"): Entity(f"{iri}{number}", GW + "Person", (name, nasty), (why,), known),
        (document.id, "e2"): Entity(f"{BASE}person/ben-{number}", GW + "Person", (f"Ben {nasty}",)),
    }
    return Extraction(document, chains, facts), entities


def hebrew() -> tuple[Extraction, dict[tuple[str, str], Entity]]:
    """A document that is written from right to left."""
    who, where = HEBREW.index("דוד"), HEBREW.index("בירושלים")
    document = Document("hebrew", HEBREW, "פגישה בירושלים", "2024-05-03", "עיתון")
    chains = (
        Chain("e1", GW + "Person", "דוד כהן", ((who, who + 7),), True),
        Chain("e2", GW + "City", "ירושלים", ((where, where + 8),), True),
    )
    fact = Fact("e1", GW + "visited", "e2", (0, len(HEBREW)), *(chain.mentions[0] for chain in chains), 0.9, "test")
    entities = {("hebrew", chain.id): Entity(f"{BASE}thing/{chain.id}", chain.cls, (chain.name,)) for chain in chains}
    return Extraction(document, chains, (fact,)), entities
