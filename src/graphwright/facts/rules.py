"""Facts concluded from facts, by SPARQL CONSTRUCT queries that the ontology holds.

A rule runs over the asserted facts of one document. What it concludes carries the rule's name and the facts that its
WHERE clause rested on, so that a conclusion leads back to sentences like any other fact.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pyoxigraph as ox
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import Identifier, URIRef, Variable

from graphwright.errors import OntologyError
from graphwright.model import Chain, Fact, Value
from graphwright.ontology import Ontology, Rule

CONCLUDED = "rule"
"""The name of the extractor of concluded facts."""

DECAY = 0.9
"""What a conclusion keeps of the confidence of its weakest premise."""

ROUNDS = 8
"""How often the rules run, so that one may build on another."""

RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
BASE = "urn:chain:"

Triple = tuple[Identifier, Identifier, Identifier]


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """A rule as a SELECT over all its variables, the triples to conclude, and the triples it rests on."""

    rule: Rule
    select: str
    template: tuple[Triple, ...]
    premises: tuple[Triple, ...]


def compile_rules(ontology: Ontology) -> tuple[CompiledRule, ...]:
    """Compile the rules of an ontology. Raises OntologyError for one that is no CONSTRUCT query with a WHERE clause."""
    return tuple(compile_rule(rule) for rule in ontology.rules)


def compile_rule(rule: Rule) -> CompiledRule:
    """Turn CONSTRUCT { template } WHERE { … } into a SELECT that binds what template and premises need."""
    query = prepareQuery(rule.query)
    algebra = query.algebra
    if algebra.name != "ConstructQuery" or not algebra.template:
        raise OntologyError(
            f"the rule {rule.name!r} is no CONSTRUCT query",
            f"{rule.file}:{rule.line}",
            "write CONSTRUCT { … } WHERE { … }",
        )
    start = rule.query.upper().index("CONSTRUCT")
    opening = rule.query.index("{", start)
    closing = matching_brace(rule.query, opening)
    select = f"{rule.query[:start]}SELECT DISTINCT *{rule.query[closing + 1 :]}"
    return CompiledRule(rule, select, tuple(algebra.template), tuple(required_triples(algebra.p)))


def matching_brace(text: str, opening: int) -> int:
    depth = 0
    for i in range(opening, len(text)):
        depth += {"{": 1, "}": -1}.get(text[i], 0)
        if depth == 0:
            return i
    return len(text) - 1


def required_triples(node: CompValue) -> Iterator[Triple]:
    """The triple patterns that must hold: not those of OPTIONAL, MINUS or FILTER."""
    if node.name == "BGP":
        yield from (triple for triple in node.triples if isinstance(triple[1], URIRef))
    elif node.name in {"LeftJoin", "Minus"}:
        yield from required_triples(node.p1)
    else:
        for part in ("p", "p1", "p2"):
            if isinstance(node.get(part), CompValue):
                yield from required_triples(node[part])


def conclude(
    facts: Sequence[Fact], chains: Iterable[Chain], rules: Sequence[CompiledRule], ontology: Ontology
) -> list[Fact]:
    """What the rules conclude from the asserted facts of one document, beyond what they already state."""
    if not rules:
        return []
    known: dict[tuple[str, str, str | Value], Fact] = {}
    for fact in facts:
        if fact.asserted:
            known.setdefault((fact.subject, fact.property, fact.object), fact)
    stated = {(fact.subject, fact.property, fact.object) for fact in facts}
    store = ox.Store()
    store.extend(ox.Quad(*triple) for triple in described(chains, ontology))
    store.extend(ox.Quad(*triple) for fact in list(known.values()) for triple in stated_triples(fact, ontology))
    concluded: list[Fact] = []
    for _ in range(ROUNDS):
        fresh = [fact for rule in rules for fact in apply(rule, store, known, ontology)]
        added = False
        for fact in fresh:
            triple = (fact.subject, fact.property, fact.object)
            if triple not in stated:
                stated.add(triple)
                known[triple] = fact
                concluded.append(fact)
                store.extend(ox.Quad(*t) for t in stated_triples(fact, ontology))
                added = True
        if not added:
            break
    return concluded


def described(
    chains: Iterable[Chain], ontology: Ontology
) -> Iterator[tuple[ox.NamedNode, ox.NamedNode, ox.NamedNode | ox.Literal]]:
    for chain in chains:
        node = ox.NamedNode(BASE + chain.id)
        yield node, ox.NamedNode(LABEL), ox.Literal(chain.name)
        for cls in sorted({chain.cls, *ontology.ancestors.get(chain.cls, ())}):
            yield node, ox.NamedNode(RDF_TYPE), ox.NamedNode(cls)


def stated_triples(
    fact: Fact, ontology: Ontology
) -> Iterator[tuple[ox.NamedNode, ox.NamedNode, ox.NamedNode | ox.Literal]]:
    """A fact as rules see it: with its superproperties, and both ways where it is symmetric."""
    prop = ontology.properties.get(fact.property)
    subject = ox.NamedNode(BASE + fact.subject)
    if isinstance(fact.object, Value):
        yield (
            subject,
            ox.NamedNode(fact.property),
            ox.Literal(fact.object.lexical, datatype=ox.NamedNode(fact.object.datatype)),
        )
        return
    other = ox.NamedNode(BASE + fact.object)
    for iri in (fact.property, *(prop.parents if prop else ())):
        yield subject, ox.NamedNode(iri), other
        above = ontology.properties.get(iri)
        if above is not None and above.symmetric:
            yield other, ox.NamedNode(iri), subject


def apply(
    rule: CompiledRule, store: ox.Store, known: Mapping[tuple[str, str, str | Value], Fact], ontology: Ontology
) -> Iterator[Fact]:
    solutions = store.query(rule.select)
    assert isinstance(solutions, ox.QuerySolutions)
    names = [variable.value for variable in solutions.variables]
    rows = sorted(({name: row[name] for name in names} for row in solutions), key=str)
    for row in rows:
        premises = {
            id(fact): fact for triple in rule.premises for fact in [premise(triple, row, known, ontology)] if fact
        }
        if not premises:
            continue
        for subject, prop, object_ in rule.template:
            start, end = bound(subject, row), bound(object_, row)
            if isinstance(start, str) and end is not None and start != end:
                yield concluded_fact(rule, start, str(prop), end, list(premises.values()))


def bound(term: Identifier, row: Mapping[str, object]) -> str | Value | None:
    """The chain id or value that a term of a rule has in a solution."""
    value = row.get(str(term)) if isinstance(term, Variable) else None
    if isinstance(value, ox.NamedNode):
        return value.value.removeprefix(BASE)
    if isinstance(value, ox.Literal):
        return Value(value.value, value.datatype.value)
    return None


def premise(
    triple: Triple, row: Mapping[str, object], known: Mapping[tuple[str, str, str | Value], Fact], ontology: Ontology
) -> Fact | None:
    """The fact behind a triple pattern of a solution: itself, its reverse if symmetric, or a more special one."""
    start, end = bound(triple[0], row), bound(triple[2], row)
    if not isinstance(start, str) or end is None:
        return None
    iri = str(triple[1])
    special = [iri, *(prop.iri for prop in ontology.properties.values() if iri in prop.parents)]
    for one in special:
        fact = known.get((start, one, end)) or (known.get((end, one, start)) if isinstance(end, str) else None)
        if fact is not None:
            return fact
    return None


def concluded_fact(rule: CompiledRule, subject: str, prop: str, object_: str | Value, premises: list[Fact]) -> Fact:
    spans = {f.subject: f.subject_span for f in premises} | {
        f.object: f.object_span for f in premises if isinstance(f.object, str)
    }
    evidence = (min(f.evidence[0] for f in premises), max(f.evidence[1] for f in premises))
    first = premises[0]
    return Fact(
        subject=subject,
        property=prop,
        object=object_,
        evidence=evidence,
        subject_span=spans.get(subject, first.subject_span),
        object_span=spans.get(object_, first.object_span) if isinstance(object_, str) else first.object_span,
        confidence=round(DECAY * min(f.confidence for f in premises), 3),
        extractor=CONCLUDED,
        pattern=rule.rule.name,
        premises=tuple(premises),
    )
