"""Evidence: how much what is told of two things speaks for or against their being one.

Each piece of evidence is a factor on the odds that the names alone give (Fellegi and Sunter 1969): above 1 it
corroborates, below 1 it contradicts.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import product

from graphwright.entities.bodies import words_of

IN_COMPANY = {"rare": 4.0, "seldom": 1.8, "often": 1.6, "common": 1.4}
"""The factor for each thing that the documents of both tell of, by how rare it is."""

MOST_BY_COMPANY, MOST_BY_PLACES = 12.0, 2.1
"""The greatest factors that the company of things makes: with something rare in common, and without."""

YEARS = 5 * 365
"""Days within which documents tell of the same people because they tell of the same things."""

APART = {"person": 0.25, "organisation": 0.5, "event": 0.5}
"""The factor where documents have nothing at all in common but a name, and something else to tell of each."""

LITTLE = 0.35
"""The factor where all that documents have in common is a person's name and a country, or the like."""

TELLING = 3
"""How many things in its company make the company of a thing telling."""

LEAST_SHARE = 0.25
"""A value told in fewer documents than this share of the most frequent one is taken for a mistake."""

MOST_VALUES = 12
"""How many values of a kind are compared: the most frequent."""

CAREER = 400
"""Days within which two posts of one person are posts at one time."""

CONTRADICTED = 0.5
"""The factor below which evidence contradicts, and is told as a reason."""


@dataclass(frozen=True, slots=True)
class Weight:
    """A factor on the odds that two things are one, and what it comes from: "same country", "countries differ".

    ``missing`` says that nothing speaks for it, rather than something against it.
    """

    factor: float
    reason: str
    missing: bool = False


Told = Mapping[str, Counter[str]]
"""How often each value of each kind of evidence was told of a thing."""

_SAME_AND_OTHER = {
    "person": {
        "country": (3.0, 0.02, "country", "countries differ"),
        "born": (4.0, 0.1, "place of birth", "places of birth differ"),
        "birth": (10.0, 0.001, "date of birth", "dates of birth differ"),
        "member": (3.0, 1.0, "membership", ""),
        "located": (1.5, 1.0, "place", ""),
    },
    "organisation": {
        "country": (3.0, 0.01, "country", "countries differ"),
        "member": (2.0, 1.0, "membership", ""),
    },
    "event": {"date": (8.0, 0.001, "date", "dates differ")},
}
"""For each kind of thing and of evidence: the factors where a value is shared and where none is, and what to say."""

_LEVELS = {
    "place": {"country": (4.0, 0.002), "region": (4.0, 0.002), "city": (3.0, 0.3), "": (3.0, 1.0)},
    "event": {"country": (2.0, 0.01), "region": (2.0, 0.3), "city": (3.0, 0.01), "": (3.0, 0.5)},
    "organisation": {"country": (2.5, 0.1), "region": (2.0, 0.5), "city": (3.0, 0.3), "": (2.0, 1.0)},
}
"""The same for where something lies, by the kind of place: only places of one kind can contradict each other."""


def main_values(told: Told, kind: str) -> frozenset[str]:
    """The values of a kind of evidence that were told often enough to be believed."""
    counts = told.get(kind)
    if not counts:
        return frozenset()
    if len(counts) == 1:
        return frozenset(counts)
    most = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:MOST_VALUES]
    return frozenset(value for value, count in most if count >= most[0][1] * LEAST_SHARE)


def weights(one: Told, other: Told, kind: str, days: int | None) -> Iterator[Weight]:
    """What speaks for and against two things of a kind being one.

    ``days`` is how far apart the documents are that tell of them, None where unknown.
    """
    for told, (same, different, name, differ) in _SAME_AND_OTHER.get(kind, {}).items():
        values, others = main_values(one, told), main_values(other, told)
        if values and others:
            shared = any(a.startswith(b) or b.startswith(a) for a, b in product(values, others))
            yield Weight(same, f"same {name}") if shared else Weight(different, f"{differ}: {_list(values, others)}")
    yield from _lying(one, other, kind)
    if kind == "person":
        yield from _origin(one, other)
        yield from _origin(other, one)
        yield from _careers(one, other, days)


def by_company(one: Collection[str], other: Collection[str], kind: str, days: int | None = None) -> Weight | None:
    """What the things speak for that are told of beside two: the rarer what both have, the more; None for nothing.

    Of documents that lie years apart also the rare is little: two presidents of one surname meet the same others.

    >>> by_company({"rare/m rn", "common/country/LY"}, {"rare/m rn", "common/country/US"}, "person")
    Weight(factor=4.0, reason='same company', missing=False)
    """
    shared = [member for member in one if member in other]
    telling = min(len(one), len(other)) >= TELLING
    if not shared:
        return Weight(APART[kind], "nothing in common", missing=True) if telling and kind in APART else None
    if kind == "person" and telling and len(shared) == 1 and shared[0].startswith("common/"):
        return Weight(LITTLE, f"nothing in common but {shared[0].rpartition('/')[2]}", missing=True)
    factor = math.prod(IN_COMPANY[member.partition("/")[0]] for member in shared)
    rare = (days is None or days <= YEARS) and any(member.startswith("rare/") for member in shared)
    return Weight(round(min(factor, MOST_BY_COMPANY if rare else MOST_BY_PLACES), 3), "same company")


def _origin(one: Told, other: Told) -> Iterator[Weight]:
    """Where one was born lies mostly in the country that the other is of."""
    countries, others = main_values(one, "origin"), main_values(other, "country")
    if countries and others and not main_values(one, "country"):
        if countries & others:
            yield Weight(2.0, "born in the country")
        else:
            yield Weight(0.2, f"born in another country: {_list(countries, others)}")


def _lying(one: Told, other: Told, kind: str) -> Iterator[Weight]:
    """Where things lie: each kind of place is compared with its like."""
    places, others = main_values(one, "located"), main_values(other, "located")
    for level, (same, different) in _LEVELS.get(kind, {}).items() if places and others else ():
        some, more = ({p for p in every if _level(p) == level} for every in (places, others))
        if some & more:
            yield Weight(same, "same place")
        elif some and more:
            yield Weight(different, f"places differ: {_list(some, more)}")


def _level(place: str) -> str:
    return place.partition("/")[0] if "/" in place else ""


def _careers(one: Told, other: Told, days: int | None) -> Iterator[Weight]:
    """Ranks, posts and employers of two people, which change with time."""
    ranks, other_ranks = main_values(one, "rank"), main_values(other, "rank")
    if ranks and other_ranks:
        if ranks & other_ranks:
            yield Weight(3.0, "same rank")
        elif any(set(a.split()) & set(b.split()) for a, b in product(ranks, other_ranks)):
            yield Weight(1.2, "kindred ranks")  # a lieutenant general is called general too
        else:
            yield Weight(0.4, f"ranks differ: {_list(ranks, other_ranks)}")
    employers, other_employers = (
        {e for e in main_values(t, "employer") if not e.startswith("country/")} for t in (one, other)
    )
    same_employer = bool(employers & other_employers)
    if same_employer:
        yield Weight(3.5, "same employer")
    posts, other_posts = main_values(one, "post"), main_values(other, "post")
    if posts and other_posts:
        likeness = max(_post_likeness(a, b) for a, b in product(posts, other_posts))
        countries, other_countries = main_values(one, "country"), main_values(other, "country")
        if likeness > 1:
            yield Weight(likeness, "same post")
        elif not (same_employer or countries & other_countries) and (days is None or days <= CAREER):
            apart = 0.3 if employers and other_employers else 0.6
            yield Weight(apart, f"two posts at one time: {_list(posts, other_posts)}")


def _post_likeness(one: str, other: str) -> float:
    """How much two posts speak for one holder: 1 where they have nothing in common."""
    words, others = set(words_of(one)), set(words_of(other))
    if words == others:
        return 4.0 if len(words) > 1 else 1.7
    shared = len(words & others) / len(words | others)
    return 2.5 if shared >= 0.5 and len(words & others) > 1 else 1.3 if shared >= 0.5 else 1.0


def _list(values: frozenset[str] | set[str], others: frozenset[str] | set[str]) -> str:
    return f"{', '.join(sorted(values))} and {', '.join(sorted(others))}"


def days_between(dates: tuple[str, str], others: tuple[str, str]) -> int | None:
    """The days between two spans of time in ISO 8601, 0 where they overlap, None where one is unknown.

    >>> days_between(("2016-06-14", "2016-06-14"), ("2016-07", "2017"))
    17
    """
    if not (dates[0] and others[0]):
        return None
    (first, last), (other_first, other_last) = ((_day(a, 0), _day(b, 1)) for a, b in (dates, others))
    return max(0, (other_first - last).days, (first - other_last).days)


def _day(text: str, end: int) -> date:
    """The first or last day of a date as precise as known. The last of a month is its 28th: it is about days enough."""
    year, month, day = (*text[:10].split("-"), "", "")[:3]
    try:
        return date(int(year), int(month or (12 if end else 1)), int(day or (28 if end else 1)))
    except ValueError:
        return date(1, 1, 1)


def confidence(score: float, factors: Iterable[Weight]) -> float:
    """The probability that two things are one whose names alone give ``score``, in (0, 1).

    >>> round(confidence(0.8, (Weight(3.0, "same country"),)), 3)
    0.923
    """
    odds = score / (1 - score) if score < 1 else 1e6
    for weight in factors:
        odds *= weight.factor
    return odds / (1 + odds)
