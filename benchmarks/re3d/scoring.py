"""Facts of a document beside its relations in re3d: which are right, which re3d lacks, which it cannot have."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mapping import COUNTERPARTS, NO_COUNTERPART, POST, SYMMETRIC
from spacy.tokens import Doc

from graphwright import Extraction, Fact
from graphwright.evaluation.matching import overlap
from graphwright.model import Span

RIGHT, MISSING, UNMARKED, WITHIN, OUTSIDE = "right", "missing", "unmarked", "within", "outside"
"""What becomes of a fact: re3d has it; has it not; marks nothing for one of its ends; marks both as one entity; or has
no such relation."""

ENOUGH = 0.5
"""The share (intersection over union) from which two mentions are the same whatever their heads are."""


@dataclass(frozen=True, slots=True)
class Relation:
    """A relation of re3d between two spans of the text."""

    type: str
    source: Span
    target: Span

    def backwards(self) -> Relation:
        """The same relation, told from the other end: "<" is put before its type, or taken off."""
        type = self.type[1:] if self.type[0] == "<" else self.type if self.type in SYMMETRIC else f"<{self.type}"
        return Relation(type, self.target, self.source)


@dataclass(frozen=True, slots=True)
class Outcome:
    """A fact with its verdict, and the relations of re3d that it says."""

    fact: Fact
    property: str
    verdict: str
    relations: frozenset[Relation] = frozenset()


@dataclass(frozen=True, slots=True)
class Marking:
    """What re3d marks in one document: its entities, its relations, and which of its spans are synonyms."""

    doc: Doc
    entities: tuple[Span, ...]
    relations: tuple[Relation, ...]
    synonyms: Mapping[Span, frozenset[Span]]

    def spans(self) -> frozenset[Span]:
        """All spans: a few ends of relations are no entities."""
        return frozenset(self.entities).union(*((relation.source, relation.target) for relation in self.relations))

    def same(self, ours: Span, theirs: Span) -> bool:
        """Whether a mention speaks of what a span of re3d speaks of: each has the other's head, or they are much alike.

        re3d marks whole noun phrases, so that words shared are not enough: "U.S." is not the "U.S. service members".
        """
        share = overlap(ours, theirs)
        return share >= ENOUGH or (share > 0 and self.has_head(ours, theirs) and self.has_head(theirs, ours))

    def has_head(self, outer: Span, inner: Span) -> bool:
        """Whether the word that heads one span is in another one."""
        found = self.doc.char_span(*inner, alignment_mode="expand")
        return outer[0] <= found.root.idx < outer[1]

    def named_by(self, mentions: Iterable[Span]) -> frozenset[Span]:
        """The spans that speak of a thing, by any of its mentions, and their synonyms."""
        own = {theirs for theirs in self.spans() for ours in mentions if self.same(ours, theirs)}
        return frozenset(other for span in own for other in {span, *self.synonyms.get(span, ())})


def marking(record: Mapping[str, Any], doc: Doc) -> Marking:
    """The confident annotations (0.5 and above) of a record of re3d, beside its parsed text."""
    relations = [Relation(r["type"], tuple(r["source"]), tuple(r["target"])) for r in record["relations"]]
    return Marking(
        doc,
        tuple(sorted({(entity["start"], entity["end"]) for entity in record["entities"]})),
        tuple(once(relation for relation in relations if relation.type not in NO_COUNTERPART)),
        closed((relation.source, relation.target) for relation in relations if relation.type == "IsSynonymOf"),
    )


def once(relations: Iterable[Relation]) -> list[Relation]:
    """Relations without the mirrors of those that hold both ways, and without doublets."""
    found: dict[Relation, None] = {}
    for relation in relations:
        if relation.type not in SYMMETRIC or relation.backwards() not in found:
            found[relation] = None
    return list(found)


def closed(pairs: Iterable[tuple[Span, Span]]) -> dict[Span, frozenset[Span]]:
    """For each span the spans that pairs join it to, however far."""
    groups: dict[Span, set[Span]] = {}
    for one, other in pairs:
        joined = groups.get(one, {one}) | groups.get(other, {other})
        groups.update(dict.fromkeys(joined, joined))
    return {span: frozenset(group) for span, group in groups.items()}


def judge(extraction: Extraction, marked: Marking, local: Callable[[str], str]) -> list[Outcome]:
    """The verdict on each fact of a document that is not denied, once a fact."""
    mentions = {chain.id: chain.mentions for chain in extraction.chains}
    found: dict[tuple[str, str, object], Outcome] = {}
    for fact in sorted(extraction.facts, key=lambda fact: not fact.asserted):
        property = local(fact.property)
        key = (fact.subject, property, fact.object)
        if fact.modality != "negated" and key not in found:
            found[key] = Outcome(fact, property, *verdict(fact, property, mentions, marked))
    return list(found.values())


def verdict(
    fact: Fact, property: str, mentions: Mapping[str, Sequence[Span]], marked: Marking
) -> tuple[str, frozenset[Relation]]:
    """What becomes of a fact, and the relations that it says."""
    if property not in COUNTERPARTS or not isinstance(fact.object, str):
        return OUTSIDE, frozenset()
    subject, object = mentions[fact.subject], mentions[fact.object]
    if relations := frozenset(said(property, subject, object, marked)):
        return RIGHT, relations
    if inseparable(fact.subject_span, fact.object_span, marked):
        return WITHIN, frozenset()
    if not (marked.named_by(subject) and marked.named_by(object)):
        return UNMARKED, frozenset()
    return MISSING, frozenset()


def said(property: str, subject: Sequence[Span], object: Sequence[Span], marked: Marking) -> Iterator[Relation]:
    """The relations of re3d that a fact says."""
    sources, targets = marked.named_by(subject), marked.named_by(object)
    for relation in marked.relations:
        for way in (relation, relation.backwards()):
            if way.type in COUNTERPARTS[property] and way.source in sources:
                post = way.type == "IsSynonymOf" and property in POST
                if any(overlap(span, way.target) for span in object) if post else way.target in targets:
                    yield relation


def inseparable(subject: Span, object: Span, marked: Marking) -> bool:
    """Whether both ends are words of one entity of re3d, and not both marked by themselves: "Iraqi President X"."""
    inside = [
        (start, end) for start, end in marked.entities if start <= min(subject + object) < max(subject + object) <= end
    ]
    alone = [
        any(marked.same(span, other) for other in marked.entities if other not in inside) for span in (subject, object)
    ]
    return bool(inside) and not all(alone)
