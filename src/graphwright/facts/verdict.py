"""The verdict on a fact: whether it is among those of a document, and if not, why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from graphwright.model import Span, computed

Condition = Literal[
    "not in the text",
    "no mention",
    "no thing",
    "no phrase",
    "wrong class",
    "no premise",
    "apart",
    "no path",
    "unresolved",
    "over",
    "not respective",
    "negated",
    "possible",
    "planned",
    "attributed",
    "bare verb",
    "below confidence",
    "implied",
    "auxiliary",
    "found",
]
"""Why a fact is not there, from what is furthest from being a fact to what is nearest.

Of subject or object: its words are not in the text; they are no mention; the mention speaks of no thing. Of the
property: no phrase, pattern or rule tells of it; things of these classes cannot have it, or cannot fill the slots of a
phrase whose words are there; only a rule concludes it, and lacks a premise; no sentence speaks of both ends; no phrase
joins them ("no path"); it is said of a pronoun or description that is read as nothing, or as something else
("unresolved"). Of what a phrase says of them:
it is over; a plural post takes its holders in another order; it is not asserted. Of a fact: it is of an event of which
nothing is known ("bare verb"), too unsure, said by a more special fact, or for rules alone. Or it is there.
"""

NEARNESS: Mapping[Condition, int] = {condition: i for i, condition in enumerate(get_args(Condition))}


@dataclass(frozen=True, slots=True)
class NearestPhrase:
    """The phrase that comes furthest: as written, as understood, and where it stands.

    ``found`` are the words of the text that stand in it, ``missing`` what is not as the phrase wants it.
    """

    text: str
    understood: str
    place: str
    found: tuple[str, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NearestRule:
    """The rule that comes nearest to concluding it, by name and label, and the premises that it lacks.

    Where none is missing, another condition of the rule (a FILTER) holds it back.
    """

    name: str
    label: str
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a fact is among those of one document, and if not, why.

    ``message`` says it in a sentence. ``sentence`` is the one in the text that comes nearest, "" where there is none,
    and ``span`` where it stands; of two that are far apart "…" stands for what is between. ``words`` are those that
    decide: a negation, a speaker, a pronoun. ``path`` is what does join the two, as a pattern, and ``line`` a line of
    Turtle that would mend it, "" where none is known. ``confidence`` is that of the fact where there is one. ``others``
    counts further sentences that speak of both.
    """

    document: str
    subject: str
    property: str
    object: str
    condition: Condition
    message: str
    sentence: str = ""
    span: Span | None = None
    words: tuple[str, ...] = ()
    phrase: NearestPhrase | None = None
    path: str = ""
    line: str = ""
    rule: NearestRule | None = None
    confidence: float | None = None
    others: int = 0

    @computed
    def found(self) -> bool:
        """Whether the fact is there, asserted."""
        return self.condition == "found"

    @computed
    def nearness(self) -> int:
        """How near it came: the higher, the nearer."""
        return NEARNESS[self.condition]


def telling(verdicts: Iterable[Verdict]) -> tuple[Verdict, ...]:
    """Of verdicts on several documents those where both ends are spoken of, the nearest first; else the nearest one."""
    ranked = sorted(verdicts, key=lambda verdict: -verdict.nearness)
    both = tuple(verdict for verdict in ranked if verdict.nearness >= NEARNESS["no phrase"])
    return both or tuple(ranked[:1])
