"""Whether a phrase or pattern can work at all: its slots, their classes, and how they fit the property."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

from graphwright.errors import OntologyError
from graphwright.ontology.patterns import NotationError, parse
from graphwright.ontology.terms import Example, Ontology, OntologyClass, Property, local

SLOT = re.compile(r"\[([^\[\]]*)\]")
"""A slot of a phrase or pattern; its group is the name of a class, or date, text or number."""

LONGEST = 500
"""How many characters a phrase or pattern may have: each is parsed, and what is parsed must end."""

_XSD = "http://www.w3.org/2001/XMLSchema#"
_ANY_LITERAL = "http://www.w3.org/2000/01/rdf-schema#Literal"
_NUMBERS = (
    "decimal integer int long short byte float double nonNegativeInteger positiveInteger unsignedInt unsignedLong"
)
VALUES: dict[str, frozenset[str]] = {
    "date": frozenset(_XSD + name for name in ("date", "dateTime", "gYear", "gYearMonth")) | {_ANY_LITERAL},
    "number": frozenset(_XSD + name for name in _NUMBERS.split()) | {_ANY_LITERAL},
    "text": frozenset({_XSD + "string", "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString", _ANY_LITERAL}),
}
"""The slots for values, with the datatypes that each of them can fill."""


def did_you_mean(name: str, known: Iterable[str], *, prefix: str = "") -> str:
    """A question with the known name nearest to ``name``, or "" where none is near.

    >>> did_you_mean("Delegaton", ["Delegation", "Person"])
    'did you mean Delegation?'
    """
    by_lower = {one.lower(): one for one in sorted(known, reverse=True)}  # "Animal" rather than "animal"
    near = difflib.get_close_matches(name.lower(), by_lower, n=1)
    return f"did you mean {prefix}{by_lower[near[0]]}?" if near else ""


def check_example(kind: str, example: Example, property_: Property, ontology: Ontology) -> None:
    """Refuse a phrase or pattern (``kind``) that can never match: raises OntologyError with its line and the cure."""
    where = f"{example.file}:{example.line}"
    if len(example.text) > LONGEST:
        raise OntologyError(
            f"a {kind} of {local(property_.iri)} has {len(example.text):,} characters, more than {LONGEST}",
            where,
            "write how a sentence says it, not the sentence",
        )
    named = f"the {kind} {example.text!r} of {local(property_.iri)}"
    text = with_implied_slot(example.text, property_, ontology) if kind == "phrase" else example.text
    if kind == "pattern":
        slots, inner = _pattern_slots(example, named, where)
        for name in inner:
            _slot_class(name, named, where, ontology)
    else:
        slots = [slot.strip() for slot in SLOT.findall(text)]
    if len(slots) != 2 or set(SLOT.sub("", text)) & set("[]"):
        raise OntologyError(
            f"{named} has {len(slots)} slots, not two",
            where,
            'write exactly two classes in square brackets, as in "[Person] leads [Delegation]"',
        )
    resolved = [slot if slot in VALUES else _slot_class(slot, named, where, ontology) for slot in slots]
    if not any(
        _can_be(subject, property_.domain, False, ontology)
        and _can_be(object_, property_.range, property_.literal, ontology)
        for subject, object_ in (resolved, resolved[::-1])
    ):
        raise OntologyError(_contradiction(resolved, named, property_, ontology), where, _cure(property_))


def _slot_class(slot: str, named: str, where: str, ontology: Ontology) -> OntologyClass:
    cls = ontology.class_named(slot)
    if cls is None:
        known = (
            {local(iri) for iri in ontology.classes} | {one.label for one in ontology.classes.values()} | set(VALUES)
        )
        raise OntologyError(
            f"unknown class {slot!r} in {named}",
            where,
            did_you_mean(slot, known)
            or "declare it as an owl:Class, or use a class of the ontology, [date], [text] or [number]",
        )
    return cls


def _can_be(slot: OntologyClass | str, allowed: tuple[str, ...], literal: bool, ontology: Ontology) -> bool:
    if isinstance(slot, OntologyClass):
        return not literal and ontology.overlap(slot.iri, allowed)
    return (literal and not allowed) or any(one in VALUES[slot] for one in allowed)


def _name(slot: OntologyClass | str) -> str:
    return slot if isinstance(slot, str) else local(slot.iri)


def _sides(property_: Property) -> str:
    domain, range_ = (
        " or ".join(local(iri) for iri in side) or "anything" for side in (property_.domain, property_.range)
    )
    return f"domain {domain}, range {range_}"


def _contradiction(slots: list[OntologyClass | str], named: str, property_: Property, ontology: Ontology) -> str:
    outside = [
        _name(slot)
        for slot in slots
        if not _can_be(slot, property_.domain, False, ontology)
        and not _can_be(slot, property_.range, property_.literal, ontology)
    ]
    if outside:
        return f"{' and '.join(outside)} in {named} can be neither subject nor object ({_sides(property_)})"
    return f"{_name(slots[0])} and {_name(slots[1])} in {named} are both on one side ({_sides(property_)})"


def _cure(property_: Property) -> str:
    widen = f"widen rdfs:domain or rdfs:range of {local(property_.iri)}"
    return f"let one slot be of the domain and the other of the range, or {widen}"


def _pattern_slots(example: Example, named: str, where: str) -> tuple[list[str], list[str]]:
    """The classes of the slots of a pattern, and of its other mentions."""
    try:
        pattern = parse(example.text)
    except NotationError as error:
        raise OntologyError(
            f"{named} cannot be read: {error}",
            where,
            "join slots and lemmas by arrows from predicate to argument, as in [Meeting] <-object- hold -in-> [Place]",
        ) from error
    return [pattern.nodes[i].slot for i in pattern.slots], [node.kind for node in pattern.nodes if node.kind]


def with_implied_slot(text: str, property_: Property, ontology: Ontology) -> str:
    """A phrase with one slot, made one with two: the noun of a class of the other side becomes its slot.

    "the delegation of [Country]" of a property from Delegation to Country is "the [Delegation] of [Country]". A phrase
    with more slots, or without such a noun, stays as it is.
    """
    if len(SLOT.findall(text)) != 1:
        return text
    for side in (property_.domain, property_.range):
        nouns = {
            noun: cls
            for cls in ontology.classes.values()
            if ontology.fits(cls.iri, side) and side
            for noun in cls.nouns
        }
        for noun in sorted(nouns, key=lambda one: (-len(one), one)):
            found = re.search(rf"(?<![\[\w]){re.escape(noun)}(?![\w\]])", text, re.IGNORECASE)
            if found:
                return f"{text[: found.start()]}[{local(nouns[noun].iri)}]{text[found.end() :]}"
    return text
