"""Facts with their evidence: the same fact of several documents is one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import NamedNode

from graphwright.graph import vocabulary as v
from graphwright.graph.terms import Term
from graphwright.model import computed
from graphwright.server.reader import Reader
from graphwright.server.refusal import Refusal
from graphwright.server.views.lookup import Lookup, Told, text_of

MOST_STATEMENTS = 5_000
"""How many statements are looked at to find those of a fact."""

MOST_EVIDENCE = 50
"""How many places that state it are told of a fact at most."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement node with its parts, and the IRI of the document that holds it."""

    node: NamedNode
    document: str
    subject: Term
    property: NamedNode
    object: Term
    modality: str
    speaker: str

    @computed
    def key(self) -> tuple[str, ...]:
        """What makes statements of several documents the same fact."""
        return (str(self.subject), self.property.value, str(self.object), self.modality, self.speaker)

    @computed
    def asserted(self) -> bool:
        """Whether the document states it as true."""
        return self.modality == "asserted" and not self.speaker


def statement(look: Lookup, node: NamedNode, document: str = "") -> Statement | None:
    """Read a statement; None where the node is none, or one of another form."""
    parts = look.parts(node)
    subject, property, object = parts.get(v.SUBJECT), parts.get(v.PREDICATE), parts.get(v.OBJECT)
    if subject is None or object is None or not isinstance(property, NamedNode):
        return None
    modality, speaker = text_of(parts.get(v.MODALITY)) or "asserted", text_of(parts.get(v.ATTRIBUTED_TO))
    if not document:
        document = next((graph for _, graph in look.named(node, v.SUBJECT)), "")
    return Statement(node, document, subject, property, object, modality, speaker)


def fact(reader: Reader, given: dict[str, str]) -> Told:
    """Return the fact that a statement states, with every place that states it, those of the statement first.

    ``given`` has the ``iri`` of the statement, or its end as ``id``. Raises Refusal (404) where it is none.
    """
    look = Lookup(reader)
    iri = look.resolve(given)
    asked = statement(look, NamedNode(iri))
    if asked is None:
        raise Refusal(404, "this is no fact", iri, "give the IRI of a statement")
    same = {asked.node: asked}
    if isinstance(asked.subject, NamedNode):
        for node in _with_parts(look, asked):
            other = statement(look, node)
            if other is not None and other.key == asked.key:
                same.setdefault(node, other)
    return told_fact(look, list(same.values()), premises=True)


def _with_parts(look: Lookup, asked: Statement) -> list[NamedNode]:
    """Return the statements with the subject, or those with the object, of another: whichever are fewer."""
    ends = [look.subjects(v.SUBJECT, asked.subject), look.subjects(v.OBJECT, asked.object)]
    found: tuple[list[NamedNode], list[NamedNode]] = ([], [])
    for _ in range(MOST_STATEMENTS):
        for nodes, some in zip(ends, found, strict=True):
            if (node := next(nodes, None)) is None:
                return some
            some.append(node)
    return found[0]


def told_fact(look: Lookup, same: list[Statement], *, most: int = MOST_EVIDENCE, premises: bool = False) -> Told:
    """Return statements of one key as one fact, with the first ``most`` places that state it.

    With ``premises`` those of a conclusion are facts with their evidence, else only their IRIs.
    """
    one = same[0]
    evidence: list[Told] = []
    places = 0
    for each in same:
        nodes = evidence_nodes(look, each)
        places += len(nodes)
        for node in nodes[: max(0, most - len(evidence))]:
            evidence.append(_told_evidence(look, each, node, premises, frozenset({each.node.value})))
    return {
        "iri": one.node.value,
        "statements": [each.node.value for each in same],
        "subject": look.object(one.subject),
        "property": look.term(one.property.value),
        "object": look.object(one.object),
        "modality": one.modality,
        "attributed_to": look.ref(one.speaker) if one.speaker else None,
        "asserted": one.asserted,
        "violation": look.text(one.node, v.VIOLATION),
        "confidence": max((number(look.text(each.node, v.CONFIDENCE)) for each in same), default=0.0),
        "places": places,
        "evidence": evidence,
    }


def number(text: str) -> float:
    """Return the number that a text stands for, 0.0 where it stands for none."""
    try:
        return float(text)
    except ValueError:
        return 0.0


def evidence_nodes(look: Lookup, one: Statement) -> list[NamedNode]:
    """Return the nodes of the places that state something, the surest first."""
    found = [node for node in look.objects(one.node, v.DERIVED_FROM) if isinstance(node, NamedNode)]
    places = [node for node in found if look.first(node, v.HAS_SELECTOR) is not None]
    return sorted(places, key=lambda node: (-number(look.text(node, v.CONFIDENCE)), node.value))


def _told_evidence(look: Lookup, one: Statement, node: NamedNode, deep: bool, above: frozenset[str]) -> Told:
    quote, span = "", (0, 0)
    for selector in look.objects(node, v.HAS_SELECTOR):
        if not isinstance(selector, NamedNode):
            continue
        if (found := look.first(selector, v.EXACT)) is not None:
            quote = text_of(found)
        elif (place := _span(look, selector)) is not None:
            span = place
    source = look.first(node, v.HAS_SOURCE)
    premises = [found for found in look.objects(node, v.PREMISE) if isinstance(found, NamedNode)]
    return {
        "iri": node.value,
        "statement": one.node.value,
        "document": look.document(source.value if isinstance(source, NamedNode) else one.document),
        "quote": quote,
        "start": span[0],
        "end": span[1],
        "subject_span": _span_at(look, node, v.SUBJECT_SELECTOR),
        "object_span": _span_at(look, node, v.OBJECT_SELECTOR),
        "extractor": look.text(node, v.EXTRACTOR),
        "pattern": look.text(node, v.PATTERN),
        "rule": look.text(node, v.RULE),
        "confidence": number(look.text(node, v.CONFIDENCE)),
        "premises": _premises(look, premises, above) if deep else [premise.value for premise in premises],
    }


def _premises(look: Lookup, nodes: Iterable[NamedNode], above: frozenset[str]) -> list[Told]:
    """Return the facts that something was concluded from; those that it serves as a premise of end the circle."""
    found = []
    for node in nodes:
        one = statement(look, node)
        if one is None or node.value in above:
            continue
        premise = told_fact(look, [one], most=0)
        deeper = above | {node.value}
        premise["evidence"] = [_told_evidence(look, one, place, True, deeper) for place in evidence_nodes(look, one)]
        found.append(premise)
    return found


def _span_at(look: Lookup, node: NamedNode, property: NamedNode) -> list[int] | None:
    selector = look.first(node, property)
    span = _span(look, selector) if isinstance(selector, NamedNode) else None
    return None if span is None else list(span)


def _span(look: Lookup, selector: NamedNode) -> tuple[int, int] | None:
    start, end = look.text(selector, v.START), look.text(selector, v.END)
    return (int(start), int(end)) if start.isdecimal() and end.isdecimal() else None
