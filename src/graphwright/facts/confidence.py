"""Confidence: how likely a fact is to be right, from what speaks against it.

A logistic regression whose features are doubts: the surest fact is read from a title, of things that a gazetteer knows
by name; each doubt takes from its log-odds. What each takes is in ``confidence.json``, fitted to documents with facts
that a careful reader wrote down by ``benchmarks/confidence/fit.py``.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import exp, prod

from graphwright.facts.reading import Reading
from graphwright.language.parse import Parse
from graphwright.mentions import RANK, CoreferenceChain
from graphwright.model import Modality, Span, Value
from graphwright.ontology.patterns import Pattern
from graphwright.propositions import IS

DIGITS = 3
"""Confidence has so many decimals: more would be noise of the arithmetic."""

POSSESSORS = frozenset({"PRP$", "WP$"})
"""Tags of "its" and "whose"."""

DOUBTS = frozenset({"attributed", "clause", "name", "nominal", "open", "parse", "planned", "possible", "pronoun"})
"""The doubts that there are; see `way_doubts`, `end_doubts` and `said_doubts`."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """What confidence is made of: the log-odds of the ``surest`` fact, and what each of the ``doubts`` takes from them.

    ``rule`` is how likely a conclusion is to be right where what it rests on is, in (0, 1).
    """

    surest: float
    doubts: Mapping[str, float]
    rule: float

    def confidence(self, doubts: Mapping[str, float]) -> float:
        """The probability, in (0, 1], that a fact with such doubts is right.

        >>> Calibration(2.0, {"pronoun": 1.0}, 0.9).confidence({"pronoun": 1})
        0.731
        """
        odds = self.surest - sum(self.doubts[name] * much for name, much in doubts.items())
        return rounded(1 / (1 + exp(-odds)))

    def concluded(self, premises: Iterable[float]) -> float:
        """The probability that a conclusion is right: that its weakest premise is, and that its rule holds."""
        weakest = min(premises)
        return min(rounded(self.rule * weakest), weakest)


@cache
def calibration() -> Calibration:
    """The calibration that comes with Graphwright."""
    return Calibration(**json.loads(files(__package__).joinpath("confidence.json").read_text(encoding="utf-8")))


def rounded(probability: float) -> float:
    """A probability with three decimals, and above 0."""
    return max(round(probability, DIGITS), float(10**-DIGITS))


def together(confidences: Iterable[float]) -> float:
    """The confidence of a fact that independent sentences state: it is wrong only where all are (noisy-or, Pearl 1988).

    >>> together([0.8, 0.5])
    0.9
    """
    return rounded(1 - prod(1 - confidence for confidence in confidences))


# ------------------------------------------------------------------------------------------------------------- doubts


def way_doubts(pattern: Pattern, tokens: tuple[int, ...], sure: float, doc: Parse) -> dict[str, float]:
    """The doubts in how a pattern lies over a text.

    "clause": it was read from more than a title or two names of one thing. "parse": how many steps between the words
    that the pattern joins are to be expected wrong, by the parser, and by the reader of arguments, who is ``sure``.
    """
    joined = (between(doc, tokens[edge.head], tokens[edge.argument]) for edge in pattern.edges)
    wrong = sum(1 - doc[token].certainty for token in sorted(set[int]().union(*joined)))
    clause = not all(edge.roles & {IS, RANK} for edge in pattern.edges)
    return {"clause": float(clause), "parse": wrong + 1 - sure}


def between(doc: Parse, one: int, other: int) -> set[int]:
    """The tokens whose heads make the way through the tree from one token to another."""
    up, down = ({token, *(above.i for above in doc[token].ancestors)} for token in (one, other))
    return up ^ down


def end_doubts(end: CoreferenceChain | Value, span: Span, reading: Reading) -> Iterator[str]:
    """The doubts in what a fact is about: how the words of a span were taken to speak of it.

    A value and the name of what a gazetteer knows leave none. "name": any other name. "nominal": a description ("the
    delegation"). "open": a phrase of an open class. "pronoun": a pronoun, also as a possessor ("its delegation").
    """
    if isinstance(end, Value):
        return
    if end in reading.open_chains:
        yield "open"
        return
    mention = reading.said_at.get((end, span))
    if mention is None:
        return
    if mention.kind == "name" and not end.key:
        yield "name"
    if mention.kind == "nominal":
        yield "nominal"
    if mention.kind == "pronoun" or (mention.kind == "nominal" and reading.doc[mention.start].tag_ in POSSESSORS):
        yield "pronoun"


def said_doubts(modality: Modality, attributed: bool) -> Iterator[str]:
    """The doubts in how a fact is meant: it is right only if it is meant so.

    "planned", "possible" (also for what is denied, which is too rare to tell), "attributed".
    """
    if modality != "asserted":
        yield "planned" if modality == "planned" else "possible"
    if attributed:
        yield "attributed"


def added(doubts: Mapping[str, float], *more: Iterable[str]) -> dict[str, float]:
    """Some doubts with others, each of which counts once for each time that it comes."""
    names = Counter(name for some in more for name in some)
    return {name: doubts.get(name, 0.0) + names[name] for name in sorted({*doubts, *names})}
