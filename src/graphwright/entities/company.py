"""Company: the things that a document tells of beside one, which tell something of who that is.

Two texts that both tell of Libya, Misrata and the same general mean the same M. Raunio. What they share says the more
the rarer it is. How rare is judged by its kind alone, never by the corpus, so that a document that comes or goes
concerns nothing but its own things.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from graphwright.entities.names import normal_form
from graphwright.entities.people import parsed
from graphwright.entities.similarity import kind_of
from graphwright.entities.sounds import skeleton

if TYPE_CHECKING:
    from graphwright.model import Chain
    from graphwright.ontology import Ontology
    from graphwright.ontology.gazetteer import Gazetteer

IN_COMPANY = frozenset({"person", "organisation", "event"})
"""The kinds of things that are known by their company."""

RARE, SELDOM, OFTEN, COMMON = "rare", "seldom", "often", "common"
"""How rare it is that two documents tell of a thing without telling of the same."""

MOST, MOST_COMMON = 10, 6
"""How many things of a document are a thing's company: the rarest of those that are not common, and common ones."""

DOCUMENTS = 8
"""Of how many documents the company is heeded where profiles stand for each other: the first."""

LARGE = 1_000_000
"""People in a city from which it is told of often."""


def members(chains: Sequence[Chain], ontology: Ontology, gazetteer: Gazetteer) -> Mapping[str, tuple[str, ...]]:
    """From the named things of a document, by their chains, to how they are written in the company of others.

    That is how rare they are, and their key or what their name has in common in all its spellings: "rare/m rn". A place
    stands for its country, too.
    """
    kinds = {cls: kind_of(cls, ontology) for cls in {chain.cls for chain in chains}}
    return {chain.id: tuple(_members(chain, kinds[chain.cls], gazetteer)) for chain in chains if chain.named}


def company(chain: str, among: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The rarest of the things that a document tells of beside one, sorted."""
    others = {member for every in among.values() for member in every}.difference(among.get(chain, ()))
    ordered = sorted(others, key=lambda member: (_RARITY[_rarity(member)], member))
    common = [member for member in ordered if _rarity(member) == COMMON]
    return tuple(sorted(ordered[: min(MOST, len(ordered) - len(common))] + common[:MOST_COMMON]))


def of_all(companies: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """The company of several documents that tell of a thing: what most of them have, at least each fourth, sorted."""
    every = list(companies)
    counts = Counter(member for one in every for member in one)
    often = (member for member, count in counts.items() if 4 * count >= len(every))
    most = sorted(often, key=lambda member: (-counts[member], _RARITY[_rarity(member)], member))
    return tuple(sorted(most[: 2 * (MOST + MOST_COMMON)]))


def _rarity(member: str) -> str:
    return member.partition("/")[0]


_RARITY = {RARE: 0, SELDOM: 1, OFTEN: 2, COMMON: 3}


def _members(chain: Chain, kind: str, gazetteer: Gazetteer) -> Iterator[str]:
    words = normal_form(chain.name).split()
    if chain.key:
        entry = gazetteer.entry(chain.key)
        yield f"{_rarity_of_key(chain.key, gazetteer)}/{chain.key}"
        if entry is not None and entry.country and not chain.key.startswith("country/"):
            yield f"{COMMON}/country/{entry.country}"
    elif kind == "person":
        parts = parsed(" ".join(words)).words
        if len(parts) > 1:
            yield f"{RARE}/{parts[0][0]} {skeleton(parts[-1])}"
    elif words and kind != "other" and not gazetteer.generic(chain.name):
        yield f"{RARE if len(words) > 1 else SELDOM}/{' '.join(sorted(map(skeleton, words)))}"


def _rarity_of_key(key: str, gazetteer: Gazetteer) -> str:
    entry = gazetteer.entry(key)
    if entry is None or not key.startswith("city/"):
        return COMMON
    country = gazetteer.entry(f"country/{entry.country}") if entry.country else None
    if country is not None and country.capital in entry.names:
        return COMMON
    return OFTEN if entry.population >= LARGE else SELDOM
