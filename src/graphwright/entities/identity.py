"""Identity: what it takes to say whether two things are one, as the ontology and people's decisions define it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from graphwright.entities.decisions import Decision
from graphwright.entities.similarity import kind_of, levels

if TYPE_CHECKING:
    from graphwright.ontology import Ontology

IsA = Callable[[str, str], bool]
"""Whether the class with the first IRI is the class with the second one, or a descendant of it."""

THRESHOLD = 0.92
"""The confidence from which two things are one where no class says otherwise (lex:sameAbove)."""


@dataclass(frozen=True, slots=True)
class Identity:
    """The classes, how each is compared, and people's decisions.

    ``kinds``, ``above`` and ``within`` are by the IRI of a class: see `similarity.kind_of`, lex:sameAbove, and
    lex:sameWithin (days). ``local`` gives the local name of a class, as ends of IRIs in decisions have it.
    """

    is_a: IsA
    kinds: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    above: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    within: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    decisions: tuple[Decision, ...] = ()
    local: Callable[[str], str] = str

    def kind(self, classes: Iterable[str]) -> str:
        """How things of some classes that agree are compared: as the first says that says more than "other"."""
        return next((kind for cls in sorted(classes) if (kind := self.kinds.get(cls, "other")) != "other"), "other")

    def least(self, classes: Iterable[str]) -> float:
        """The confidence from which things of some classes are one."""
        return max((self.above.get(cls, THRESHOLD) for cls in classes), default=THRESHOLD)

    def days(self, classes: Iterable[str]) -> int | None:
        """How many days apart things of some classes may be told of, and be one by their names; None for any."""
        return min((self.within[cls] for cls in classes if cls in self.within), default=None)

    def comparable(self, one: str, other: str) -> bool:
        """Whether a thing may be of both classes: equal ones, or one above the other."""
        return one == other or self.is_a(one, other) or self.is_a(other, one)


def identity_of(ontology: Ontology, decisions: Sequence[Decision] = ()) -> Identity:
    """The identity that an ontology and people's decisions define."""

    def nearest(cls: str, name: str) -> float | None:
        for level in levels(cls, ontology):
            said = (getattr(ontology.classes[iri], name) for iri in level if iri in ontology.classes)
            if found := [float(value) for value in said if value is not None]:
                return max(found)
        return None

    classes = ontology.classes
    return Identity(
        is_a=ontology.is_a,
        kinds={cls: kind_of(cls, ontology) for cls in classes},
        above={cls: value for cls in classes if (value := nearest(cls, "same_above")) is not None},
        within={cls: int(value) for cls in classes if (value := nearest(cls, "same_within")) is not None},
        decisions=tuple(one for one in decisions if one.of_names),
        local=ontology.local,
    )
