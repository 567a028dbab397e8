"""How the time of resolution grows with the number of things: all of it, from profiles to the names of things.

Made are profiles, what reading documents would yield: two thirds of the things are persons and one third
organisations, each with a name of its own, as of real ones there are ever more. On average each is told of twice: by
the whole name, an initial, a surname alone, or with a slip of a letter. Beside two of them a document tells of a
country, of which there are ever as many, and of a meeting that has no name.
"""

from __future__ import annotations

import math
import random
import sqlite3
import time
from collections.abc import Iterator
from dataclasses import dataclass

from corpus import BODY_ENDS, ENDS, countries, given_names, invented

from graphwright.entities.index import TABLES, EntityIndex
from graphwright.entities.profiles import Profile
from graphwright.entities.resolution import Resolver
from graphwright.pipeline import reader
from graphwright.settings import Settings

GW = "https://w3id.org/graphwright/ontology#"
KINDS = ["Institute", "Foundation", "Battalion", "Brigade", "Association", "Company", "Academy", "Council"]
PER_DOCUMENT = 2
TOLD = 2
"""How often each thing is told of."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What it took to resolve documents that tell of about so many things: seconds, and how many were found."""

    wanted: int
    found: int
    seconds: float

    @property
    def unit(self) -> float:
        """Microseconds per n log₂ n, n being the number of things found."""
        return self.seconds * 1e6 / (self.found * math.log2(self.found))


def names(number: int) -> Iterator[tuple[str, str]]:
    """The names of so many things, with their classes; no two are equal."""
    lot = random.Random(7)
    taken: set[str] = set()
    while len(taken) < number:
        if len(taken) % 3:
            name, cls = f"{lot.choice(given_names())} {invented(lot, ENDS)}", "Person"
        else:
            name, cls = f"{invented(lot, BODY_ENDS)} {lot.choice(KINDS)}", "Organization"
        if name not in taken:
            taken.add(name)
            yield name, cls


def as_told(name: str, cls: str, lot: random.Random) -> str:
    """The name as some document has it."""
    way = lot.random()
    given, family = name.split()
    if cls == "Person" and way < 0.15:
        return family
    if cls == "Person" and way < 0.25:
        return f"{given[0]}. {family}"
    if way < 0.3:
        place = lot.randrange(1, len(given if cls != "Person" else family) - 1)
        return name[: -len(family)] + slip(family, place) if cls == "Person" else f"{slip(given, place)} {family}"
    return name


def slip(word: str, place: int) -> str:
    """The word with two letters exchanged."""
    return word[:place] + word[place + 1] + word[place] + word[place + 2 :]


def documents(number: int) -> Iterator[list[Profile]]:
    """The profiles of documents that tell of so many things."""
    lot = random.Random(number)
    things = list(names(number))
    codes = [row["code"] for row in countries()]
    homes = [lot.choice(codes) for _ in things]
    order = [place for place in range(number) for _ in range(TOLD)]
    lot.shuffle(order)
    for first in range(0, len(order), PER_DOCUMENT):
        document, day = f"d{first // PER_DOCUMENT:07}", f"{lot.randint(2012, 2022)}-{lot.randint(1, 12):02}-10"
        found: list[Profile] = []
        for place in dict.fromkeys(order[first : first + PER_DOCUMENT]):
            name, cls = things[place]
            told = as_told(name, cls, lot)
            evidence = (("country", f"country/{homes[place]}"),) if lot.random() < 0.5 else ()
            found.append(
                Profile(document, f"e{len(found)}", 10 * len(found), day, GW + cls, told, (told,), True, "", evidence)
            )
        country = lot.choice(countries())
        key = f"country/{country['code']}"
        found.append(Profile(document, "c", 90, day, GW + "Country", country["name"], (country["name"],), True, key))
        found.append(Profile(document, "m", 95, day, GW + "Meeting", "the meeting", ("the meeting",), False))
        yield found


def standard() -> Resolver:
    """The resolver that builds have."""
    return reader(Settings()).resolver


def measured(number: int, resolver: Resolver) -> Measured:
    """Resolve documents that tell of so many things, from nothing."""
    told = list(documents(number))
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.executescript(TABLES)
    connection.execute("BEGIN")
    start = time.perf_counter()
    index = EntityIndex(connection, resolver.matching, resolver.naming)
    for profiles in told:
        index.add(profiles)
    index.settle()
    taken = time.perf_counter() - start
    result = Measured(number, len(index), taken)
    connection.close()
    return result


def draw(points: list[Measured], file: str) -> None:
    """Draw the curve beside n log n through its first point."""
    from matplotlib import pyplot

    numbers = [point.found for point in points]
    pyplot.figure(figsize=(6, 4))
    pyplot.loglog(numbers, [point.seconds for point in points], "o-", label="measured")
    for label, growth in (("n log n", lambda n: n * math.log2(n)), ("n²", lambda n: n * n)):
        scale = points[0].seconds / growth(numbers[0])
        pyplot.loglog(numbers, [scale * growth(n) for n in numbers], "--", label=label)
    pyplot.xlabel("things")
    pyplot.ylabel("seconds of resolution")
    pyplot.legend()
    pyplot.tight_layout()
    pyplot.savefig(file, dpi=120)
