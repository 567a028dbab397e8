"""The normal form: who does what, told by roles instead of by grammar."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType

from graphwright.model import Modality

SUBJECT, OBJECT, RECIPIENT, MODIFIER, IS, TIME, UNMARKED, PARTICLE, CONTENT = (
    "subject",
    "object",
    "recipient",
    "modifier",
    "is",
    "time",
    "unmarked",
    "particle",
    "content",
)
"""Roles beside prepositions, which are roles by themselves ("with", "in", "of"; possessives are "of" too)."""
ROLES = frozenset({SUBJECT, OBJECT, RECIPIENT, MODIFIER, IS, TIME, UNMARKED, PARTICLE, CONTENT})


@dataclass(frozen=True, slots=True)
class Argument:
    """What fills a role of a predicate: the index of its head token, and in (0, 1] how sure the reading is."""

    role: str
    token: int
    certainty: float = 1.0


@dataclass(frozen=True, slots=True)
class Proposition:
    """A predicate (the index and lemma of a verb, noun or adjective) with its arguments.

    ``speaker`` is the index of the token that heads the name of who alone asserts it, None where the text itself does,
    or -1 where somebody unnamed does ("reportedly"). ``over`` says that it was so before and need not be so any more
    ("had led", "previously led"). ``own`` is what a noun's own words make of it wherever it is mentioned: negated in
    "no agreement", planned in "the planned agreement". ``supposed`` is what is made of a noun that tells how things
    stand, whatever its clause says: "they will discuss the cooperation" supposes one.
    """

    predicate: int
    lemma: str
    arguments: tuple[Argument, ...]
    modality: Modality = "asserted"
    speaker: int | None = None
    over: bool = False
    supposed: Modality = "asserted"
    own: Modality = "asserted"


@dataclass(frozen=True)
class Propositions:
    """All propositions of a document, by the token of their predicate, and what every token is an argument of."""

    by_token: Mapping[int, Proposition]
    quoted: Mapping[int, int] = field(default_factory=dict)
    """For each token inside a quotation, the token that names the speaker."""

    @cached_property
    def heads(self) -> Mapping[int, tuple[tuple[Proposition, Argument], ...]]:
        """For each token the propositions in which it fills a role."""
        found: dict[int, list[tuple[Proposition, Argument]]] = defaultdict(list)
        for proposition in self.by_token.values():
            for argument in proposition.arguments:
                found[argument.token].append((proposition, argument))
        return MappingProxyType({token: tuple(pairs) for token, pairs in found.items()})

    def arguments(self, token: int, roles: Iterable[str] | None = None) -> tuple[Argument, ...]:
        """The arguments of the predicate at ``token``, of the given roles or of all."""
        proposition = self.by_token.get(token)
        if proposition is None:
            return ()
        wanted = None if roles is None else frozenset(roles)
        return tuple(a for a in proposition.arguments if wanted is None or a.role in wanted)
