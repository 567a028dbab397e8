"""Things: what is told of one, and why its names are names of one thing."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from pyoxigraph import Literal, NamedNode

from graphwright.graph import vocabulary as v
from graphwright.server.reader import Reader
from graphwright.server.views.facts import Statement, number, statement, told_fact
from graphwright.server.views.lookup import Lookup, Told, text_of, unique

MOST_STATEMENTS = 5_000
"""How many statements about a thing are looked at, as subject and as object each."""

MOST_DOCUMENTS = 50
"""How many documents that mention a thing are told."""

MOST_NEIGHBOURS = 300
"""How many things that facts tie to a thing are asked for their dates and places."""

MOST_INFERRED = 100
"""How many inferred facts of a thing are told, as subject and as object each."""

MOST_REASONS = 50
"""How many reasons are told why names are those of one thing."""

EVIDENCE = 3
"""How many places that state it are told of each fact of a thing."""

DATES = frozenset(kind.value for kind in (v.XSD_DATE, v.XSD_DATETIME, v.XSD_YEAR, v.XSD_YEAR_MONTH))


def entity(
    reader: Reader,
    given: dict[str, str],
    property: str = "",
    inverse: bool | None = None,
    offset: int = 0,
    most: int = 8,
) -> Told:
    """Return what is told of a thing.

    ``given`` has its ``iri``, or its end as ``id``. ``groups`` hold its facts by property, as subject and then as
    object, the latest first: ``most`` of each from ``offset`` on; ``property`` and ``inverse`` leave one group alone.
    Raises Refusal (404) where the graph knows nothing of it.
    """
    look = Lookup(reader)
    iri = look.resolve(given)
    node = NamedNode(iri)
    own, more_own = _statements(look, node, v.SUBJECT)
    others, more_others = _statements(look, node, v.OBJECT)
    groups = [*_grouped(look, own, False), *_grouped(look, others, True)]
    wanted = [
        (one, facts)
        for one, facts in groups
        if (not property or one["property"]["iri"] == property) and (inverse is None or one["inverse"] == inverse)
    ]
    neighbours = _neighbours(node, [*own, *others])
    labels = unique([look.label(iri), *(text_of(name) for name in look.objects(node, v.ALT_LABEL))])
    told = look.ref(iri)
    return {
        **told,
        "id": iri.removeprefix(look.base()) if look.base() else iri,
        "labels": labels,
        "classes": [look.term(cls) for cls in [told["class"], *look.above(told["class"])]] if told["class"] else [],
        "same_as": [text_of(other) for other in look.objects(node, v.SAME_AS)],
        "codes": [text_of(code) for code in look.objects(node, v.NOTATION)],
        "coordinates": look.coordinates(iri),
        "identifications": _identifications(look, node),
        "links": _links(look, node),
        "groups": [
            {**one, "facts": [told_fact(look, same, most=EVIDENCE) for same in facts[offset : offset + most]]}
            for one, facts in wanted
        ],
        "inferred": _inferred(look, node),
        "more_statements": more_own or more_others,
        "timeline": _timeline(look, iri, neighbours),
        "places": _places(look, iri, neighbours),
        **_mentioned_in(look, node),
    }


def _statements(look: Lookup, node: NamedNode, end: NamedNode) -> tuple[list[Statement], bool]:
    """Return the statements with a thing at one end, and whether there are more than are looked at."""
    found: dict[NamedNode, str] = {}
    quads = islice(look.store.quads_for_pattern(None, end, node, None), 2 * MOST_STATEMENTS)
    for quad in quads:
        if isinstance(quad.subject, NamedNode) and (
            isinstance(quad.graph_name, NamedNode) or quad.subject not in found
        ):
            found[quad.subject] = quad.graph_name.value if isinstance(quad.graph_name, NamedNode) else ""
    read = (statement(look, one, document) for one, document in islice(found.items(), MOST_STATEMENTS))
    return [one for one in read if one is not None], next(quads, None) is not None or len(found) > MOST_STATEMENTS


def _grouped(look: Lookup, statements: Iterable[Statement], inverse: bool) -> list[tuple[Told, list[list[Statement]]]]:
    """Return the statements by property, and in each those of one fact together: asserted first, the latest first."""
    by_property: dict[str, dict[tuple[str, ...], list[Statement]]] = {}
    for one in statements:
        by_property.setdefault(one.property.value, {}).setdefault(one.key, []).append(one)

    def date(one: Statement) -> str:
        return look.date(one.document)

    groups = []
    for property, facts in by_property.items():
        latest_first = [sorted(same, key=date, reverse=True) for same in facts.values()]
        latest_first.sort(key=lambda same: same[0].key)
        latest_first.sort(key=lambda same: date(same[0]), reverse=True)
        latest_first.sort(key=lambda same: not same[0].asserted)
        told = {"property": look.term(property), "inverse": inverse, "count": len(facts)}
        groups.append((told, latest_first))
    return sorted(groups, key=lambda one: (-one[0]["count"], one[0]["property"]["label"]))


def _inferred(look: Lookup, node: NamedNode) -> list[Told]:
    """Return what no document states of a thing but follows from what they state, by the ontology: {property, object,
    inverse}."""
    own = look.store.quads_for_pattern(node, None, None, v.INFERRED_GRAPH)
    others = look.store.quads_for_pattern(None, None, node, v.INFERRED_GRAPH)
    found = {
        (quad.predicate.value, other, inverse)
        for quads, inverse in ((own, False), (others, True))
        for quad in islice(quads, MOST_INFERRED)
        if quad.predicate != v.TYPE
        for other in [quad.subject if inverse else quad.object]
    }
    told = [
        {"property": look.term(property), "object": look.object(other), "inverse": inverse}
        for property, other, inverse in found
    ]
    return sorted(told, key=lambda one: (one["inverse"], one["property"]["label"], str(one["object"])))


def _neighbours(node: NamedNode, statements: Iterable[Statement]) -> dict[str, str]:
    """Return the things that asserted facts tie to a thing, each with the IRI of a property that does."""
    found: dict[str, str] = {}
    for one in statements:
        if one.asserted:
            other = one.object if one.subject == node else one.subject
            if isinstance(other, NamedNode) and other != node:
                found.setdefault(other.value, one.property.value)
    return dict(islice(found.items(), MOST_NEIGHBOURS))


def _timeline(look: Lookup, iri: str, neighbours: dict[str, str]) -> list[Told]:
    """Return what is dated: {date, property, thing} of the thing itself and of what it is tied to, by date."""
    found = {}
    for thing in [iri, *neighbours]:
        for quad in look.quads(NamedNode(thing)):
            if isinstance(quad.object, Literal) and quad.object.datatype.value in DATES:
                dated = {
                    "date": quad.object.value,
                    "property": look.term(quad.predicate.value),
                    "thing": look.ref(thing),
                }
                found[quad.object.value, thing, quad.predicate.value] = dated
    return [dated for _, dated in sorted(found.items())]


def _places(look: Lookup, iri: str, neighbours: dict[str, str]) -> list[Told]:
    """Return the places of a thing: itself, those it is tied to, and those of the events it is tied to."""
    found: dict[str, Told] = {}

    def add(thing: str, via: str) -> None:
        if thing not in found and (place := look.coordinates(thing)) is not None:
            found[thing] = {**look.ref(thing), **place, "via": via}

    add(iri, "")
    for thing, property in neighbours.items():
        add(thing, look.term(property)["label"])
    for thing in neighbours:
        if any(dated.datatype.value in DATES for dated in _literals(look, thing)):
            for quad in look.quads(NamedNode(thing)):
                if isinstance(quad.object, NamedNode) and quad.predicate != v.TYPE:
                    add(quad.object.value, look.label(thing))
    return list(found.values())


def _literals(look: Lookup, thing: str) -> Iterable[Literal]:
    return (quad.object for quad in look.quads(NamedNode(thing)) if isinstance(quad.object, Literal))


def _identifications(look: Lookup, node: NamedNode) -> list[Told]:
    """Return why names are those of one thing, the surest first."""
    nodes = (one for one in look.objects(node, v.IDENTIFICATION) if isinstance(one, NamedNode))
    found: list[Told] = [
        {
            "written": look.text(one, v.WRITTEN),
            "other_written": look.text(one, v.OTHER_WRITTEN),
            "document": _document(look, one, v.IN_DOCUMENT),
            "other_document": _document(look, one, v.OTHER_DOCUMENT),
            "reason": look.text(one, v.REASON),
            "confidence": number(look.text(one, v.CONFIDENCE)),
        }
        for one in islice(nodes, 10 * MOST_REASONS)
    ]
    return sorted(found, key=lambda one: -one["confidence"])[:MOST_REASONS]


def _document(look: Lookup, node: NamedNode, property: NamedNode) -> Told | None:
    found = look.first(node, property)
    return look.document(found.value) if isinstance(found, NamedNode) else None


def _links(look: Lookup, node: NamedNode) -> list[Told]:
    """Return why names are those of what a gazetteer knows: {written, reason, confidence, documents}."""
    found: dict[tuple[str, str], Told] = {}
    for one in islice(look.subjects(v.LINKED, node), 10 * MOST_REASONS):
        written, reason = look.text(one, v.WRITTEN), look.text(one, v.REASON)
        confidence = number(look.text(one, v.CONFIDENCE))
        told = {"written": written, "reason": reason, "confidence": confidence, "documents": 0}
        found.setdefault((written, reason), told)["documents"] += 1
    return sorted(found.values(), key=lambda one: (-one["documents"], one["written"], one["reason"]))[:MOST_REASONS]


def _mentioned_in(look: Lookup, node: NamedNode) -> Told:
    documents = sorted(one.value for one in islice(look.subjects(v.MENTIONS, node), MOST_STATEMENTS))
    documents.sort(key=look.date, reverse=True)
    return {
        "mentions": len(documents),
        "mentioned_in": [look.document(document) for document in documents[:MOST_DOCUMENTS]],
    }
