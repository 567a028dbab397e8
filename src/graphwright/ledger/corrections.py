"""Corrections: what people said is wrong in a document, or should be said otherwise, on its way to the graph.

What is wrong keeps its statement and its evidence, as "invalid" and with the reason, and is asserted no more; neither
is what a rule concluded from it alone. What should be said instead is a fact with the same evidence, from the extractor
"correction".
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from graphwright.entities.decisions import Decision, decided_form
from graphwright.entities.names import normal_form
from graphwright.errors import GraphwrightWarning
from graphwright.graph.terms import local_name
from graphwright.model import Chain, Entity, Extraction, Fact, Value

if TYPE_CHECKING:
    from graphwright.ontology import Ontology

XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"
EXTRACTOR = "correction"
"""What facts are from that people corrected."""


@dataclass(frozen=True, slots=True)
class Corrected:
    """An extraction with what it should say, the IRIs of its chains, and the facts that are wrong, with reasons."""

    extraction: Extraction
    iris: Mapping[str, str]
    wrong: Sequence[tuple[Fact, str]] = ()


@dataclass(frozen=True, slots=True)
class Corrections:
    """The decisions of people on facts and on the names of things.

    ``base`` is what IRIs of things begin with; ``properties`` are those of the ontology by local name: their IRIs, and
    the datatype of their objects, "" where those are things.
    """

    decisions: tuple[Decision, ...] = ()
    base: str = ""
    properties: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    @classmethod
    def among(cls, decisions: Iterable[Decision], base: str, ontology: Ontology) -> Corrections:
        """Return the corrections among some decisions."""
        kinds = {
            ontology.local(one.iri): (one.iri, next(iter(one.range), XSD_STRING) if one.literal else "")
            for one in ontology.properties.values()
        }
        return cls(tuple(one for one in decisions if not one.of_names), base, kinds)

    def renamed(self, entity: Entity) -> Entity:
        """Return a thing under the name that it should have."""
        for one in self.decisions:
            if not one.about_facts and self._is(one.name, entity.iri, entity.labels):
                labels = (one.instead, *(label for label in entity.labels if label != one.instead))
                entity = replace(entity, labels=labels)
        return entity

    def corrected(self, extraction: Extraction, iris: Mapping[str, str]) -> Corrected:
        """Return an extraction as it should be; ``iris`` gives each chain the IRI of its thing."""
        found = Corrected(extraction, iris)
        for one in self.decisions:
            if one.about_facts and one.document in ("", extraction.document.id):
                found = self._heeded(one, found)
        if not found.wrong:
            return found
        facts = [fact for fact in found.extraction.facts if fact.asserted]
        return replace(found, wrong=tuple(_with_conclusions(facts, found.wrong)))

    def _heeded(self, decision: Decision, found: Corrected) -> Corrected:
        about = self.meant(decision, found)
        reason = f"wrong, as people say{': ' + decision.note if decision.note else ''}"
        known = {fact for fact, _ in found.wrong}
        wrong = (*found.wrong, *((fact, reason) for fact in about if fact not in known))
        found = replace(found, wrong=wrong)
        return self._instead(decision, about[0], found) if decision.decision == "instead" and about else found

    def meant(self, decision: Decision, found: Corrected) -> list[Fact]:
        """Return the facts of a document that a decision is about."""
        return [fact for fact in found.extraction.facts if self._means(decision, fact, found)]

    def _instead(self, decision: Decision, old: Fact, found: Corrected) -> Corrected:
        """Return the extraction with what it should say in the place of a fact."""
        name, bar, said = (part.strip() for part in decision.instead.rpartition(" | "))
        kind = old.object.datatype if isinstance(old.object, Value) else ""
        property, kind = self.properties.get(name, ("", "")) if bar else (old.property, kind)
        fact = replace(old, property=property, extractor=EXTRACTOR, pattern="", confidence=1.0, premises=())
        extraction, iris = found.extraction, found.iris
        if not property:
            mend = f"use one of the ontology: {', '.join(sorted(self.properties))}"
            warnings.warn(GraphwrightWarning(f"{name!r} is no property", decision.where, mend), stacklevel=2)
            return found
        if kind:
            fact = replace(fact, object=Value(said, kind))
        elif (chain := self._chain(said, old, extraction, iris)) is not None:
            fact = replace(fact, object=chain.id)
            if chain not in extraction.chains:
                extraction = replace(extraction, chains=(*extraction.chains, chain))
                iris = {**iris, chain.id: said if "://" in said else self.base + said}
        else:
            mend = "write a name of the document, or the end of an IRI (person/tibor-benko)"
            warnings.warn(GraphwrightWarning(f"{said!r} is nothing known", decision.where, mend), stacklevel=2)
            return found
        facts = (*(one for one in extraction.facts if one.key != fact.key), fact)
        return replace(found, extraction=replace(extraction, facts=facts), iris=iris)

    def _chain(self, said: str, old: Fact, extraction: Extraction, iris: Mapping[str, str]) -> Chain | None:
        """Return the thing of a document that is meant, or a new one where an IRI or its end is given."""
        for chain in extraction.chains:
            if self._is(said, iris.get(chain.id, ""), (chain.name, *chain.aliases)):
                return chain
        if decided_form(said) == normal_form(said):
            return None
        return Chain(f"correction {said}", "", said, (old.object_span,), named=True)

    def _means(self, decision: Decision, fact: Fact, found: Corrected) -> bool:
        """Whether a decision is about a fact."""
        if fact.extractor == EXTRACTOR:
            return False
        if not decision.property:
            return any(self._names(decision.name, one, found) for one in (fact.subject, fact.object))
        return (
            decision.property in (fact.property, local_name(fact.property))
            and self._names(decision.name, fact.subject, found)
            and self._names(decision.other, fact.object, found)
        )

    def _names(self, said: str, what: str | Value, found: Corrected) -> bool:
        if isinstance(what, Value):
            return said == what.lexical
        chain = next(one for one in found.extraction.chains if one.id == what)
        return self._is(said, found.iris.get(what, ""), (chain.name, *chain.aliases))

    def _is(self, said: str, iri: str, names: Iterable[str]) -> bool:
        """Whether a thing is meant by a name, an IRI, or the end of one."""
        if said in (iri, iri.removeprefix(self.base)):
            return True
        return "/" not in said and normal_form(said) in map(normal_form, names)


def _with_conclusions(facts: Sequence[Fact], wrong: Sequence[tuple[Fact, str]]) -> Iterator[tuple[Fact, str]]:
    """Yield the facts that are wrong, and those that rest on them and are said in no other way."""
    keys = {fact.key: reason for fact, reason in wrong}
    yield from wrong
    grown = True
    while grown:
        grown = False
        for fact in facts:
            if fact.key in keys:
                continue
            ways = [one for one in facts if one.key == fact.key]
            if all(any(premise.key in keys for premise in one.premises) for one in ways):
                keys[fact.key] = "it rests on what is wrong, as people say"
                yield fact, keys[fact.key]
                grown = True
