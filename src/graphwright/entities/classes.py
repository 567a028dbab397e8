"""Classes of one thing: which of several that documents give it, it has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

IsA = Callable[[str, str], bool]
"""Whether the class with the first IRI is the class with the second one, or a descendant of it."""


def targets(classes: Iterable[str], is_a: IsA) -> dict[str, str]:
    """Map each class to the one most specific class below it, or to itself where there are several."""
    every = set(classes)

    def equal(one: str, other: str) -> bool:
        return is_a(one, other) and is_a(other, one)

    def leaf(cls: str) -> bool:
        return not any(is_a(other, cls) and not is_a(cls, other) for other in every)

    leaves = {min(other for other in every if other == cls or equal(other, cls)) for cls in every if leaf(cls)}
    below = {cls: [other for other in leaves if other == cls or is_a(other, cls)] for cls in every}
    return {cls: found[0] if len(found) == 1 else cls for cls, found in below.items()}


def one_class(counts: Counter[str], is_a: IsA) -> str:
    """The most specific class; of several that exclude each other the most frequent, then the first by IRI."""
    if len(counts) == 1:
        return next(iter(counts))
    target = targets(counts, is_a)
    told: Counter[str] = Counter()
    for cls, number in counts.items():
        told[target[cls]] += number
    leaves = set(told) - {cls for cls in told if any(o != cls and is_a(o, cls) for o in told)}
    return min(leaves or told, key=lambda cls: (-told[cls], cls))
