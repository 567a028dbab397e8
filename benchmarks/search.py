"""How long a search of names takes as one types: the index of `graphwright serve` over a graph of many things.

    python benchmarks/search.py [NUMBER]

Prints one JSON object: the number of things, seconds to make the index, and milliseconds that a search takes (median
and longest), each letter of some hundred names being one search, as it is in the search field.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from pyoxigraph import NamedNode, Quad

from graphwright.graph import KnowledgeGraph
from graphwright.graph import vocabulary as v
from graphwright.graph.terms import text_literal
from graphwright.server.reader import Reader
from graphwright.server.search import find_things, make_index

BASE = "https://example.org/id/"
SYLLABLES = (
    "an",
    "ber",
    "cor",
    "dal",
    "en",
    "fi",
    "gor",
    "han",
    "il",
    "jo",
    "ka",
    "lin",
    "mar",
    "nov",
    "or",
    "pet",
    "qui",
    "ros",
)
CLASSES = ("Person", "Organization", "City", "Meeting")


def name(lot: random.Random) -> str:
    """An invented name of two words."""
    return " ".join("".join(lot.choices(SYLLABLES, k=lot.randint(2, 4))).capitalize() for _ in range(2))


def quads(number: int, lot: random.Random) -> Iterator[Quad]:
    """A graph of many things, each of which a few documents tell of."""
    documents = [NamedNode(f"{BASE}document/d{one}") for one in range(max(1, number // 10))]
    entities = NamedNode(f"{BASE}entities")
    for one in range(number):
        thing = NamedNode(f"{BASE}thing/{one}")
        yield Quad(thing, v.LABEL, text_literal(name(lot)), entities)
        yield Quad(thing, v.TYPE, NamedNode(v.GW + lot.choice(CLASSES)), entities)
        for document in {lot.choice(documents) for _ in range(1 + int(lot.paretovariate(1.2)) % 50)}:
            yield Quad(document, v.MENTIONS, thing, document)


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("number", type=int, nargs="?", default=100_000, help="how many things")
    number = parser.parse_args().number
    lot = random.Random(0)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "search.store"
        graph = KnowledgeGraph.create(place)
        graph.add(quads(number, lot))
        graph.close()
        reader = Reader(place)
        reader.refresh("now")
        index = Path(folder) / "search.sqlite"
        made = make_index(reader, index, "now")
        names = [name(lot) for _ in range(100)]
        times = []
        for typed in (one[:length] for one in names for length in range(1, len(one) + 1)):
            started = time.perf_counter()
            find_things(reader, index, typed, "", 10)
            times.append(1000 * (time.perf_counter() - started))
    told = {
        "things": number,
        "index_seconds": round(made, 1),
        "searches": len(times),
        "median_ms": round(statistics.median(times), 2),
        "p99_ms": round(statistics.quantiles(times, n=100)[98], 2),
        "longest_ms": round(max(times), 2),
    }
    json.dump(told, sys.stdout)
    print()


if __name__ == "__main__":
    main()
