"""Naming: the IRI of each thing, readable and stable.

An IRI is made of the class and of the name that the thing was first told of by; only where several things claim the
same one do all but the first get a qualifier, after an underscore, which no slug holds. So what a qualifier is given
for depends on the claimants of one stem alone, and adding documents changes the fewest IRIs.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from graphwright.entities.names import slug

LATEST = "9999"
"""What sorts documents without a date behind those with one."""


@dataclass(frozen=True, slots=True, order=True)
class Claim:
    """What a thing claims its IRI by, in the order in which claims are met.

    ``rank`` is 0 for what the gazetteer knows, 1 for what has a name, 2 for what is only described. ``key`` is the
    gazetteer's; ``date``, ``document`` and ``at`` tell where the thing was first told of; ``chain`` is its chain there.
    ``qualifiers`` are what may tell it from others of its name, the most readable first.
    """

    rank: int
    key: str
    date: str
    document: str
    at: int
    chain: str
    qualifiers: tuple[str, ...] = ()

    @classmethod
    def from_list(cls, told: list[Any]) -> Claim:
        """The claim of which `dataclasses.astuple` is a list, as JSON makes one of it."""
        fields: list[Any] = [*told[:-1], tuple(told[-1])]
        return cls(*fields)


def stem(base: str, local_class: str, name: str, document: str = "") -> str:
    """The IRI that a thing claims: ``{base}person/tibor-benko``, or of a document ``{base}visit/{document}-visit``."""
    parts = (slug(document), slug(name)) if document else (slug(name),)
    return f"{base}{class_slug(local_class)}/{'-'.join(parts)}"


def settled(stem: str, claims: Sequence[Claim]) -> list[str]:
    """The IRIs of all that claim one stem, in the order of ``claims``: the first claimant keeps it as it is.

    >>> one, other = Claim(1, "", "2016", "a", 0, "e1"), Claim(1, "", "2017", "b", 0, "e1", ("us", "b"))
    >>> settled("person/john-smith", [other, one])
    ['person/john-smith_us', 'person/john-smith']
    """
    order = sorted(range(len(claims)), key=lambda i: claims[i])
    shared = _shared(claims)
    taken = {stem}
    iris = {order[0]: stem} if order else {}
    for i in order[1:]:
        told = (word for word in claims[i].qualifiers if word not in shared)
        iris[i] = next(iri for iri in _alternatives(stem, told, claims[i]) if iri not in taken)
        taken.add(iris[i])
    return [iris[i] for i in range(len(claims))]


def _shared(claims: Iterable[Claim]) -> set[str]:
    """The qualifiers that several claimants have, and that so tell none of them apart."""
    counts = Counter(word for claim in claims for word in set(claim.qualifiers))
    return {word for word, number in counts.items() if number > 1}


def _alternatives(stem: str, qualifiers: Iterable[str], claim: Claim) -> Iterator[str]:
    for word in (*qualifiers, claim.document):
        if word:
            yield f"{stem}_{slug(word)}"
    qualified = f"{stem}_{slug(claim.document)}"
    number = 2
    while True:
        yield f"{qualified}_{number}"
        number += 1


@lru_cache(maxsize=1 << 10)
def class_slug(local_name: str) -> str:
    """The local name of a class in lower case with hyphens ("GovernmentBody" -> "government-body")."""
    return slug(re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "-", local_name))
