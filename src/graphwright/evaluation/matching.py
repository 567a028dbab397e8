"""Which predicted entity and fact stands for which gold one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import networkx

from graphwright.evaluation.gold import GoldDocument, GoldEntity, GoldFact
from graphwright.model import Span
from graphwright.ontology import Ontology

_TOPIC_F1 = 0.5
_PRECISION = 1_000_000  # weights become whole numbers, for which networkx finds the exact optimum
_DATES = ("xsd:date", "xsd:dateTime", "xsd:gYearMonth", "xsd:gYear")
_DATE = re.compile(r"\s*(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What of an ontology the rules of matching depend on. Names are local names.

    ``is_a(a, b)`` says whether class ``a`` is ``b`` or below it. ``symmetric`` are the properties that hold in both
    directions. ``implies`` maps a property to the symmetric one that follows from it. ``by_words`` are the classes
    whose things are told by their words, not by where they are mentioned.
    """

    is_a: Callable[[str, str], bool]
    symmetric: frozenset[str]
    implies: Mapping[str, str]
    by_words: frozenset[str] = frozenset({"Topic"})

    def class_agreement(self, gold: str, predicted: str) -> float:
        """Return 1 for the same class, 0.5 where one is above the other, else 0."""
        if gold == predicted:
            return 1.0
        return 0.5 if self.is_a(gold, predicted) or self.is_a(predicted, gold) else 0.0

    def satisfies(self, predicted: str, gold: str) -> bool:
        """Whether a fact with one property can stand for one with the other."""
        return predicted == gold or self.implies.get(predicted) == gold


def matching_rules(ontology: Ontology) -> Rules:
    """The rules of matching for the terms of an ontology."""

    def is_a(cls: str, ancestor: str) -> bool:
        one, other = ontology.class_named(cls), ontology.class_named(ancestor)
        return one is not None and other is not None and ontology.is_a(one.iri, other.iri)

    properties = ontology.properties.values()
    symmetric = {prop.iri for prop in properties if prop.symmetric}
    implies = {
        ontology.local(prop.iri): ontology.local(parent)
        for prop in properties
        for parent in prop.parents
        if parent in symmetric
    }
    return Rules(is_a=is_a, symmetric=frozenset(map(ontology.local, symmetric)), implies=implies)


@dataclass(frozen=True, slots=True)
class Alignment:
    """A gold document beside its prediction, with the gold id of each predicted entity that was matched."""

    gold: GoldDocument
    predicted: GoldDocument
    rules: Rules
    pairs: Mapping[str, str]
    gold_entities: Mapping[str, GoldEntity] = field(default_factory=dict)
    predicted_entities: Mapping[str, GoldEntity] = field(default_factory=dict)

    def same_thing(self, gold: str, predicted: str) -> bool:
        """Whether the entity (or literal) of a predicted fact is the entity of a gold fact."""
        entity = self.gold_entities.get(gold)
        if entity is None or entity.cls not in self.rules.by_words:
            return entity is not None and self.pairs.get(predicted) == gold
        text = self.gold.document.text
        other = self.predicted_entities.get(predicted)
        wordings = labels(other, text) if other else {predicted}
        return any(token_f1(a, b) >= _TOPIC_F1 for a in labels(entity, text) for b in wordings)

    def same_fact(self, gold: GoldFact, predicted: GoldFact) -> bool:
        """Whether a predicted fact states a gold one, whatever the flags of both."""
        if not self.rules.satisfies(predicted.property, gold.property):
            return False
        if gold.datatype is not None:
            return self.same_thing(gold.subject, predicted.subject) and same_literal(gold, predicted.object)
        directions = [(predicted.subject, predicted.object)]
        if gold.property in self.rules.symmetric:
            directions.append((predicted.object, predicted.subject))
        return any(self.same_thing(gold.subject, s) and self.same_thing(gold.object, o) for s, o in directions)


def align(gold: GoldDocument, predicted: GoldDocument, rules: Rules) -> Alignment:
    """Match the entities of two readings of a document, one to one, with the largest total weight."""
    weights = {
        (row, column): weight
        for row, entity in enumerate(gold.entities)
        for column, other in enumerate(predicted.entities)
        if (weight := entity_weight(entity, other, rules))
    }
    pairs = {predicted.entities[column].id: gold.entities[row].id for row, column in assign(weights).items()}
    return Alignment(
        gold,
        predicted,
        rules,
        pairs,
        {entity.id: entity for entity in gold.entities},
        {entity.id: entity for entity in predicted.entities},
    )


def match_facts(
    alignment: Alignment, gold: Sequence[GoldFact], predicted: Sequence[GoldFact], *, same_flags: bool
) -> dict[int, int]:
    """Map the positions of as many gold facts as possible to those of predicted facts that state them, one to one.

    Where there is a choice, a fact with the very property is preferred to one that implies it, and the very entity to
    one with like words.
    """
    weights = {
        (row, column): 2.0
        + (fact.property == other.property)
        + 0.5 * (alignment.pairs.get(other.object) == fact.object)
        for row, fact in enumerate(gold)
        for column, other in enumerate(predicted)
        if (not same_flags or fact.flags() == other.flags()) and alignment.same_fact(fact, other)
    }
    return assign(weights, as_many_as_possible=True)


def assign(weights: Mapping[tuple[int, int], float], *, as_many_as_possible: bool = False) -> dict[int, int]:
    """Return the one-to-one assignment of rows to columns with the largest total weight (Edmonds 1965).

    Only pairs in ``weights`` can be assigned. ``as_many_as_possible`` puts the number of pairs before their weight.
    """
    graph: networkx.Graph[tuple[str, int]] = networkx.Graph()
    for (row, column), weight in weights.items():
        graph.add_edge(("row", row), ("column", column), weight=round(weight * _PRECISION))
    matching = networkx.max_weight_matching(graph, maxcardinality=as_many_as_possible)
    oriented = (pair if pair[0][0] == "row" else pair[::-1] for pair in matching)
    return dict(sorted((row, column) for (_, row), (_, column) in oriented))


def entity_weight(gold: GoldEntity, predicted: GoldEntity, rules: Rules) -> float:
    """Return how much speaks for two entities being the same; 0 if no mentions overlap.

    That is the number of gold mentions that are overlapped, and for each the best intersection over union. An equal
    class (0.5) and name (0.01) only break ties.
    """
    overlaps = [
        max((overlap(mention, other) for other in predicted.mentions), default=0.0) for mention in gold.mentions
    ]
    hits = sum(share > 0 for share in overlaps)
    if not hits:
        return 0.0
    same_name = bool(gold.name) and gold.name == predicted.name
    return hits + sum(overlaps) + 0.5 * rules.class_agreement(gold.cls, predicted.cls) + 0.01 * same_name


def overlap(one: Span, other: Span) -> float:
    """Return the intersection over union of two spans, in [0, 1].

    >>> overlap((0, 4), (2, 6))
    0.3333333333333333
    """
    common = min(one[1], other[1]) - max(one[0], other[0])
    return common / (max(one[1], other[1]) - min(one[0], other[0])) if common > 0 else 0.0


def labels(entity: GoldEntity, text: str) -> set[str]:
    """Return the wordings of an entity: its name and its mentions."""
    return {label for label in (entity.name, *(text[start:end] for start, end in entity.mentions)) if label}


def token_f1(one: str, other: str) -> float:
    """Return the F1 of the words that two texts share, ignoring case and order, in [0, 1].

    >>> token_f1("illegal migration", "fight against illegal migration")
    0.6666666666666666
    """
    first, second = (Counter(re.findall(r"\w+", text.casefold())) for text in (one, other))
    common = (first & second).total()
    return 2 * common / (first.total() + second.total()) if common else 0.0


def same_literal(gold: GoldFact, predicted: str) -> bool:
    """Whether a literal equals that of a gold fact: text ignoring case and white space, dates as far as gold goes."""
    if gold.datatype not in _DATES:
        return _text(gold.object) == _text(predicted)
    wanted, given = _date(gold.object), _date(predicted)
    return given == wanted or given.startswith(wanted + "-")


def _text(value: str) -> str:
    return " ".join(value.casefold().split())


def _date(value: str) -> str:
    found = _DATE.match(value)
    return "-".join(part.zfill(2) for part in found.groups() if part) if found else _text(value)
