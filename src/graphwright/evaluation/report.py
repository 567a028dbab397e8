"""The figures of an evaluation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Counts:
    """How many gold things there are and were found, and how many were predicted and are right.

    ``found`` and ``right`` differ only for one property among several, where a fact of another property satisfies it.
    """

    gold: int = 0
    found: int = 0
    predicted: int = 0
    right: int = 0

    @property
    def precision(self) -> float:
        """The share of the predicted that is right, in [0, 1]; 0 where nothing was predicted."""
        return self.right / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        """The share of the gold that was found, in [0, 1]; 0 where there is none."""
        return self.found / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall, in [0, 1]."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.gold + other.gold,
            self.found + other.found,
            self.predicted + other.predicted,
            self.right + other.right,
        )


@dataclass(frozen=True, slots=True)
class FactError:
    """A gold fact that was missed, or a predicted fact that is wrong.

    ``subject`` and ``object`` are names, ``evidence`` is the sentence. ``flags`` is "" for an asserted fact, else its
    modality, "attributed", or both.
    """

    document: str
    kind: Literal["missed", "wrong"]
    subject: str
    property: str
    object: str
    evidence: str
    flags: str = ""

    def __str__(self) -> str:
        return f"{self.subject} | {self.property} | {self.object}"


@dataclass(frozen=True, slots=True)
class Report:
    """The figures over all documents, micro-averaged.

    ``class_accuracy`` in [0, 1] is over the matched entities. ``facts`` are the asserted ones, the main figure;
    ``properties`` divides it. ``flagged`` are the others, ``flags`` divides them by modality and "attributed";
    ``right_speaker`` counts those found whose speaker is right too. ``flagged_as_asserted`` counts the flagged gold
    facts that were predicted as asserted, ``asserted_as_flagged`` the reverse. ``all`` ignores flags.
    """

    documents: int
    without_prediction: int
    entities: Counts
    class_accuracy: float
    facts: Counts
    properties: Mapping[str, Counts]
    flagged: Counts
    flags: Mapping[str, Counts]
    right_speaker: int
    flagged_as_asserted: int
    asserted_as_flagged: int
    all: Counts
    errors: tuple[FactError, ...]
