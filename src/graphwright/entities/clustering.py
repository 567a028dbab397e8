"""Clustering: which profiles that were compared are one thing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from graphwright.entities.decisions import Decision
from graphwright.entities.profiles import Profile
from graphwright.entities.similarity import Match, forms, kind_of

if TYPE_CHECKING:
    from graphwright.ontology import Ontology

IsA = Callable[[str, str], bool]
"""Whether the class with the first IRI is the class with the second one, or a descendant of it."""

Place = tuple[str, str]
"""A document and a chain of it."""

THRESHOLD = 0.92
"""The confidence from which two things are one where no class says otherwise (lex:sameAbove)."""


@dataclass(frozen=True, slots=True)
class Identity:
    """What it takes to say whether two things are one: the classes, how each is compared, and people's decisions.

    ``kinds``, ``above`` and ``within`` are by the IRI of a class: see `similarity.kind_of`, lex:sameAbove,
    lex:sameWithin (days).
    """

    is_a: IsA
    kinds: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    above: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    within: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    decisions: tuple[Decision, ...] = ()

    def kind(self, cls: str) -> str:
        """How things of a class are compared."""
        return self.kinds.get(cls, "other")


def identity_of(ontology: Ontology, decisions: Sequence[Decision] = ()) -> Identity:
    """The identity that an ontology and people's decisions define."""

    def nearest(cls: str, field: str) -> float | None:
        level, seen = [cls], set[str]()
        while level:
            classes = [ontology.classes[iri] for iri in level if iri in ontology.classes]
            found: list[float] = [value for one in classes if (value := getattr(one, field)) is not None]
            if found:
                return max(found)
            seen.update(level)
            level = sorted({up for one in classes for up in one.parents} - seen)
        return None

    classes = ontology.classes
    return Identity(
        is_a=ontology.is_a,
        kinds={cls: kind_of(cls, ontology) for cls in classes},
        above={cls: value for cls in classes if (value := nearest(cls, "same_above")) is not None},
        within={cls: int(value) for cls in classes if (value := nearest(cls, "same_within")) is not None},
        decisions=tuple(decisions),
    )


@dataclass(frozen=True, slots=True)
class Merge:
    """That two chains are one thing: why, and how certain, in (0, 1]."""

    one: Place
    other: Place
    reason: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Cluster:
    """One thing: its profiles, sorted by date ("" last), document and place in it, and the merges that join them."""

    profiles: tuple[Profile, ...]
    merges: tuple[Merge, ...] = ()


def cluster(
    profiles: Sequence[Profile], matches: Mapping[tuple[str, str], Match], identity: Identity
) -> tuple[Cluster, ...]:
    """Say which profiles of a connected component are one thing.

    A component holds all profiles whose forms (`similarity.forms`) are equal or joined by ``matches``, which are by
    pairs of forms in alphabetical order. The result depends on the set of profiles alone, sorted by first profile.
    """
    groups: dict[tuple[str, ...], list[Profile]] = defaultdict(list)
    for one in profiles:
        found = forms(one)
        groups[found[:1] if one.key else (*found, one.cls) if found else one.place].append(one)
    clusters = []
    for group in groups.values():
        members = sorted(group, key=chronological)
        merges = (Merge(members[0].place, other.place, "the same name", 1.0) for other in members[1:])
        clusters.append(Cluster(tuple(members), tuple(merges)))
    return tuple(sorted(clusters, key=lambda one: chronological(one.profiles[0])))


def chronological(profile: Profile) -> tuple[bool, str, str, int, str]:
    """The order of profiles in a cluster: by date, unknown ones last, then by document and place in it."""
    return (not profile.date, profile.date, profile.document, profile.at, profile.chain)


def why_apart(one: Profile, other: Profile, matches: Mapping[tuple[str, str], Match], identity: Identity) -> str:
    """Say in plain English why two profiles are not one thing."""
    return "nothing joins them"
