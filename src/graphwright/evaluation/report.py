"""The figures of an evaluation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class Counts:
    """How many gold things there are and were found, and how many were predicted and are right.

    ``found`` and ``right`` differ for one property among several, where a fact of another property satisfies it, and in
    coreference, where things are found in part and are no whole numbers.
    """

    gold: float = 0
    found: float = 0
    predicted: float = 0
    right: float = 0

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
class Coreference:
    """The three metrics whose mean F1 is CoNLL F1: over links, over mentions, and over things."""

    muc: Counts = field(default_factory=Counts)
    b_cubed: Counts = field(default_factory=Counts)
    ceaf_e: Counts = field(default_factory=Counts)

    @property
    def precision(self) -> float:
        """The mean precision of the three, in [0, 1]."""
        return (self.muc.precision + self.b_cubed.precision + self.ceaf_e.precision) / 3

    @property
    def recall(self) -> float:
        """The mean recall of the three, in [0, 1]."""
        return (self.muc.recall + self.b_cubed.recall + self.ceaf_e.recall) / 3

    @property
    def f1(self) -> float:
        """CoNLL F1: the mean F1 of the three, in [0, 1]."""
        return (self.muc.f1 + self.b_cubed.f1 + self.ceaf_e.f1) / 3

    def __add__(self, other: Coreference) -> Coreference:
        return Coreference(self.muc + other.muc, self.b_cubed + other.b_cubed, self.ceaf_e + other.ceaf_e)


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

    ``class_accuracy`` in [0, 1] is over the matched entities. ``coreference`` is over the mentions that gold has,
    ``coreference_strict`` over all that were predicted. ``facts`` are the asserted ones, the main figure;
    ``properties`` divides it. ``flagged`` are the others, ``flags`` divides them by modality and "attributed";
    ``right_speaker`` counts those found whose speaker is right too. ``flagged_as_asserted`` counts the flagged gold
    facts that were predicted as asserted, ``asserted_as_flagged`` the reverse. ``all`` ignores flags.
    """

    documents: int
    without_prediction: int
    entities: Counts
    class_accuracy: float
    coreference: Coreference
    coreference_strict: Coreference
    facts: Counts
    properties: Mapping[str, Counts]
    flagged: Counts
    flags: Mapping[str, Counts]
    right_speaker: int
    flagged_as_asserted: int
    asserted_as_flagged: int
    all: Counts
    errors: tuple[FactError, ...]
