"""Coreference within documents: how well the mentions of each thing were put together.

The figure is CoNLL F1 (Pradhan et al. 2012, "CoNLL-2012 Shared Task: Modeling Multilingual Unrestricted Coreference in
OntoNotes"): the mean F1 of MUC, B³ and CEAFe, as Pradhan et al. 2014, "Scoring Coreference Partitions of Predicted
Mentions: A Reference Implementation", define them for mentions that were predicted too. Things with one mention count
(but in MUC, which is of links alone), for gold annotates them.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from graphwright.evaluation.gold import GoldEntity
from graphwright.evaluation.matching import Alignment, assign, overlap
from graphwright.evaluation.report import Coreference, Counts
from graphwright.model import Span

Chains: TypeAlias = Sequence[frozenset[Hashable]]
"""Things as sets of mentions; what is a mention is left open."""

_SAME_THING = 0.01  # breaks ties between the members of a group, who are mentioned by the same span


@dataclass(frozen=True, slots=True)
class _Place:
    """One mention of one thing: a group is a mention of each of its members."""

    thing: str
    span: Span


def score_coreference(alignment: Alignment) -> tuple[Coreference, Coreference]:
    """Score the chains of one document: over the mentions that gold has, and strictly, over all that were predicted.

    A predicted mention stands for the gold one that it overlaps, one to one, with the largest total of intersections
    over unions. Gold annotates no possessives and only the things of its facts, so a prediction of anything else is
    neither right nor wrong: the first figure leaves it out. The second counts it as wrong.
    """
    gold, predicted = places(alignment.gold.entities), places(alignment.predicted.entities)
    weights = {
        (row, column): shared + _SAME_THING * (alignment.pairs.get(other.thing) == one.thing)
        for row, one in enumerate(gold)
        for column, other in enumerate(predicted)
        if (shared := overlap(one.span, other.span))
    }
    names: dict[_Place, Hashable] = {predicted[column]: gold[row] for row, column in assign(weights).items()}
    wanted = chains(alignment.gold.entities, {place: place for place in gold})
    return (
        compare(wanted, chains(alignment.predicted.entities, names)),
        compare(wanted, chains(alignment.predicted.entities, {place: ("extra", place) for place in predicted} | names)),
    )


def places(entities: Sequence[GoldEntity]) -> list[_Place]:
    """All mentions of all things."""
    return list(dict.fromkeys(_Place(entity.id, span) for entity in entities for span in entity.mentions))


def chains(entities: Sequence[GoldEntity], names: dict[_Place, Hashable]) -> list[frozenset[Hashable]]:
    """Things as sets of the names of their mentions; mentions without name, and things without mentions, left out."""
    found = (
        frozenset(names[place] for span in entity.mentions if (place := _Place(entity.id, span)) in names)
        for entity in entities
    )
    return [chain for chain in found if chain]


def compare(gold: Chains, predicted: Chains) -> Coreference:
    """All three metrics of one document. Those of several are added up."""
    return Coreference(muc(gold, predicted), b_cubed(gold, predicted), ceaf_e(gold, predicted))


def muc(gold: Chains, predicted: Chains) -> Counts:
    """Links (Vilain et al. 1995, "A Model-Theoretic Coreference Scoring Scheme"): a chain of n mentions has n - 1."""

    def links(some: Chains) -> int:
        return sum(len(chain) - 1 for chain in some)

    def kept(some: Chains, others: Chains) -> int:
        return sum(len(chain) - parts(chain, others) for chain in some)

    return Counts(links(gold), kept(gold, predicted), links(predicted), kept(predicted, gold))


def parts(chain: frozenset[Hashable], others: Chains) -> int:
    """Into how many parts other chains divide a chain; a mention that none of them has is a part by itself."""
    shares = [len(chain & other) for other in others]
    return len(chain) - sum(share - 1 for share in shares if share)


def b_cubed(gold: Chains, predicted: Chains) -> Counts:
    """Mentions, by the share of its chain that each has (Bagga and Baldwin 1998, "Algorithms for Scoring Coreference
    Chains")."""

    def had(some: Chains, others: Chains) -> float:
        return sum(len(chain & other) ** 2 / len(chain) for chain in some for other in others)

    return Counts(sum(map(len, gold)), had(gold, predicted), sum(map(len, predicted)), had(predicted, gold))


def ceaf_e(gold: Chains, predicted: Chains) -> Counts:
    """Things (Luo 2005, "On Coreference Resolution Performance Metrics", with φ4): the best one-to-one assignment."""
    likeness = dict(_likeness(gold, predicted))
    common = sum(likeness[pair] for pair in assign(likeness).items())
    return Counts(len(gold), common, len(predicted), common)


def _likeness(gold: Chains, predicted: Chains) -> Iterator[tuple[tuple[int, int], float]]:
    for row, one in enumerate(gold):
        for column, other in enumerate(predicted):
            if shared := len(one & other):
                yield (row, column), 2 * shared / (len(one) + len(other))
