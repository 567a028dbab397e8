"""Facts: from what a document says to statements in the terms of the ontology."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Literal, Protocol

from graphwright.facts.confidence import together
from graphwright.facts.ontological import OntologyExtractor
from graphwright.facts.phrases import PropertyPattern, compile_ontology
from graphwright.facts.reading import Reading, read_document
from graphwright.facts.rules import CompiledRule, compile_rules, conclude
from graphwright.mentions import agent_classes
from graphwright.model import Extraction, Fact, Span
from graphwright.ontology import Ontology
from graphwright.ontology.patterns import Pattern

__all__ = [
    "CompiledRule",
    "Extractor",
    "OntologyExtractor",
    "Pattern",
    "PropertyPattern",
    "Reading",
    "Step",
    "compile_ontology",
    "compile_rules",
    "extract_facts",
    "read_document",
    "steps",
]


Step = Literal["extracted", "below confidence", "bare verb", "concluded", "implied", "auxiliary"]
"""A step from what extractors find to what is told, named after why it drops a fact where it does."""


class Extractor(Protocol):
    """Finds facts in a document that has been read; installed by an entry point of ``graphwright.extractors``."""

    name: str

    def extract(self, reading: Reading) -> Iterator[Fact]:
        """Yield facts whose subjects and objects are ids of ``reading``'s chains (see `Reading.id`)."""
        ...


def extract_facts(
    reading: Reading,
    extractors: Sequence[Extractor],
    rules: Sequence[CompiledRule],
    ontology: Ontology,
    min_confidence: float = 0.0,
) -> Extraction:
    """All facts of a document: what its extractors find, each once, and what the rules conclude from that."""
    *_, (_, found) = steps(reading, extractors, rules, ontology, min_confidence)
    auxiliary = {prop.iri for prop in ontology.properties.values() if prop.auxiliary}
    shown = [replace(f, premises=visible(f.premises, auxiliary)) if f.premises else f for f in found]
    used = {end for fact in shown for end in (fact.subject, fact.object, fact.attributed_to) if isinstance(end, str)}
    used |= reading.called_by_name()
    chains = tuple(chain for chain in reading.chains() if chain.id in used)
    return renumbered(Extraction(reading.document, chains, tuple(sorted(shown, key=order))))


def steps(
    reading: Reading,
    extractors: Sequence[Extractor],
    rules: Sequence[CompiledRule],
    ontology: Ontology,
    min_confidence: float = 0.0,
) -> Iterator[tuple[Step, list[Fact]]]:
    """The facts of a document after each step that adds some or, for the reason that it is named after, drops some."""
    found = merged(fact for extractor in extractors for fact in extractor.extract(reading))
    yield "extracted", found
    found = without_bare_verbs(found, reading)
    yield "bare verb", found
    found = [*found, *conclude(found, reading.chains(), rules, ontology)]
    yield "concluded", found
    found = without_implied(found, ontology)
    yield "implied", found
    auxiliary = {prop.iri for prop in ontology.properties.values() if prop.auxiliary}
    found = [fact for fact in found if fact.property not in auxiliary]
    yield "auxiliary", found
    # At the end, for a rule may rest on the absence of a fact, and a higher threshold shall never show more. No
    # conclusion is surer than its premises: where it is shown, so are they.
    yield "below confidence", [fact for fact in found if fact.confidence >= min_confidence]


def visible(premises: Iterable[Fact], auxiliary: set[str]) -> tuple[Fact, ...]:
    """Premises without auxiliary ones, which give way to what they rest on themselves."""
    found: dict[object, Fact] = {}
    for fact in premises:
        inner = visible(fact.premises, auxiliary)
        shown = inner if fact.property in auxiliary else (replace(fact, premises=inner) if fact.premises else fact,)
        found.update({(one.key, one.evidence): one for one in shown})
    return tuple(found.values())


def merged(facts: Iterable[Fact]) -> list[Fact]:
    """Each fact once, with its best evidence; the more sentences state it, the surer it is.

    What is asserted somewhere is not also planned or attributed, and what somebody says is so is not also planned by
    the same words.
    """
    stated: dict[object, list[Fact]] = defaultdict(list)
    for fact in facts:
        stated[fact.key].append(fact)
    best = {key: strengthened(same) for key, same in stated.items()}
    asserted = {(f.subject, f.property, f.object) for f in best.values() if f.asserted}
    said = {(f.subject, f.property, f.object, f.attributed_to) for f in best.values() if f.modality == "asserted"}
    return [
        f
        for f in best.values()
        if f.asserted
        or (
            (f.subject, f.property, f.object) not in asserted
            and (f.modality == "asserted" or (f.subject, f.property, f.object, f.attributed_to) not in said)
        )
    ]


def strengthened(same: Sequence[Fact]) -> Fact:
    """The best of several finds of one fact, with the confidence that all sentences give it together.

    Finds in one sentence are no independent witnesses: of those only the best counts.
    """
    witnesses: list[Fact] = []
    spans: list[Span] = []  # theirs, which are apart from each other, in the order of the text
    for fact in sorted(same, key=lambda fact: (-fact.confidence, fact.evidence[0])):
        start, end = fact.evidence
        place = bisect_left(spans, fact.evidence)
        if (place == 0 or spans[place - 1][1] <= start) and (place == len(spans) or end <= spans[place][0]):
            spans.insert(place, fact.evidence)
            witnesses.append(fact)
    best, *others = witnesses
    return replace(best, confidence=together(fact.confidence for fact in witnesses)) if others else best


def without_bare_verbs(facts: list[Fact], reading: Reading) -> list[Fact]:
    """Leave out events that only a verb tells of and of which nothing but the participants is known.

    Those without participants too, where what the verb is done to is no thing: who received credentials met nobody.
    """
    agents = {
        cls
        for cls in reading.ontology.classes
        if any(reading.ontology.is_a(cls, top) for top in agent_classes(reading.ontology))
    }
    verbal = {id for id, chain in reading.by_id.items() if all(mention.kind == "verb" for mention in chain.mentions)}
    told = {
        fact.subject
        for fact in facts
        if not isinstance(fact.object, str) or reading.by_id[fact.object].cls not in agents
    }
    attended = {
        fact.subject for fact in facts if isinstance(fact.object, str) and reading.by_id[fact.object].cls in agents
    }
    bare = verbal - told
    bare |= {id for id in verbal - attended if has_lifeless_object(id, reading)}
    return [fact for fact in facts if fact.subject not in bare and fact.object not in bare]


def has_lifeless_object(id: str, reading: Reading) -> bool:
    """Whether the verbs that tell of an event have an object that speaks of no thing."""
    verbs = (reading.doc[mention.head] for mention in reading.by_id[id].mentions)
    objects = [child for verb in verbs for child in verb.children if child.dep_ in {"obj", "nsubj:pass"}]
    return bool(objects) and not any(reading.things(reading.mentions.units.get(o.i, o.i)) for o in objects)


def without_implied(facts: list[Fact], ontology: Ontology) -> list[Fact]:
    """Leave out what a more special fact of the same pair says already: metWith beside received."""
    said: set[tuple[str, str, str]] = set()
    for fact in facts:
        prop = ontology.properties.get(fact.property)
        if prop is not None and isinstance(fact.object, str):
            said |= {(fact.subject, parent, fact.object) for parent in prop.parents}
            said |= {
                (fact.object, parent, fact.subject)
                for parent in prop.parents
                if parent in ontology.properties and ontology.properties[parent].symmetric
            }
    symmetric = {prop.iri for prop in ontology.properties.values() if prop.symmetric}
    keys = {fact.key for fact in facts}
    kept: dict[object, Fact] = {}
    for fact in facts:
        if isinstance(fact.object, str):
            if (fact.subject, fact.property, fact.object) in said:
                continue
            if (
                fact.property in symmetric
                and fact.subject > fact.object
                and replace(fact, subject=fact.object, object=fact.subject).key in keys
            ):
                continue
        kept[fact.key] = fact
    return list(kept.values())


def renumbered(extraction: Extraction) -> Extraction:
    """The same with chains named e1, e2, … in the order of the text."""
    new = {chain.id: f"e{number}" for number, chain in enumerate(extraction.chains, start=1)}

    def renamed(fact: Fact) -> Fact:
        return replace(
            fact,
            subject=new.get(fact.subject, fact.subject),
            object=new.get(fact.object, fact.object) if isinstance(fact.object, str) else fact.object,
            attributed_to=new.get(fact.attributed_to, fact.attributed_to) if fact.attributed_to else None,
            premises=tuple(renamed(premise) for premise in fact.premises),
        )

    chains = tuple(replace(chain, id=new[chain.id]) for chain in extraction.chains)
    return Extraction(extraction.document, chains, tuple(renamed(fact) for fact in extraction.facts))


def order(fact: Fact) -> tuple[object, ...]:
    """Facts stand in the order of their evidence."""
    return (
        fact.evidence,
        fact.subject_span,
        fact.object_span,
        fact.property,
        str(fact.object),
        fact.modality,
        fact.attributed_to or "",
    )
