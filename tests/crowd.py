"""A made-up graph of any size: documents that tell of people, places and meetings, some of them of nearly all."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

from pyoxigraph import Quad

from graphwright.graph import GW, KnowledgeGraph
from graphwright.graph.assembly import document_quads, entity_quads
from graphwright.model import Chain, Document, Entity, Extraction, Fact
from graphwright.ontology import load as load_ontology
from graphwright.pipeline import oxigraph_triples

BASE = "https://example.org/id/"
TEXT = "Someone met somebody somewhere, and a sentence tells of it."
CLASSES = ("Person", "Organization", "Country", "City", "Meeting", "Topic")
PROPERTIES = ("met", "visited", "worksFor", "heldIn", "participatesIn", "hasTopic")
FACTS = 15
"""How many facts a document states."""


def entity(number: int) -> Entity:
    """Return a thing; those with low numbers are told of most."""
    name = CLASSES[number % len(CLASSES)]
    return Entity(f"{BASE}{name.lower()}/{number}", GW + name, (f"{name} {number}",))


def quads(documents: int, things: int, seed: int = 1) -> Iterator[Quad]:
    """Yield the quads of ``documents`` documents about ``things`` things, which are told of as often as Zipf says."""
    chance = random.Random(seed)
    weights = [1 / (rank + 1) for rank in range(things)]
    told: set[int] = set()
    for number in range(documents):
        found = list(dict.fromkeys(chance.choices(range(things), weights, k=FACTS)))
        found = found if len(found) > 1 else [0, 1]
        told.update(found)
        pairs = [chance.sample(found, 2) for _ in range(FACTS)]
        facts = tuple(
            Fact(
                f"e{one}",
                GW + PROPERTIES[(one + other) % len(PROPERTIES)],
                f"e{other}",
                (0, len(TEXT)),
                (0, 7),
                (12, 20),
                round(0.3 + 0.69 * chance.random(), 3),
                "made up",
                modality="planned" if chance.random() < 0.1 else "asserted",
            )
            for one, other in pairs
        )
        chains = tuple(Chain(f"e{one}", entity(one).cls, str(one), ((0, 7),), True) for one in found)
        day = f"{2010 + number % 10}-{number % 12 + 1:02}-{number % 28 + 1:02}"
        extraction = Extraction(Document(f"d{number}", TEXT, f"Document {number}", day), chains, facts)
        yield from document_quads(extraction, {f"e{one}": entity(one).iri for one in found}, base=BASE)
    for one in sorted(told):
        yield from entity_quads(entity(one), base=BASE)


def crowd(documents: int, things: int, path: Path | None = None) -> KnowledgeGraph:
    """Return the graph of `quads` with the default ontology, in memory or in a new folder."""
    graph = KnowledgeGraph.create(path)
    ontology = load_ontology(())
    graph.add_ontology(oxigraph_triples(ontology), prefixes=ontology.prefixes)
    graph.add(quads(documents, things))
    graph.flush()
    return graph
