"""Facts concluded from facts, by SPARQL CONSTRUCT queries that the ontology holds.

A rule runs over the facts of one document, those that are said in one way at a time. What it concludes carries the
rule's name and the facts that its WHERE clause rested on, so that a conclusion leads back to sentences like any other
fact.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import lru_cache

import pyoxigraph as ox
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import Identifier, Literal, URIRef, Variable

from graphwright.errors import OntologyError
from graphwright.facts.confidence import calibration
from graphwright.model import Chain, Fact, Modality, Span, Value
from graphwright.ontology import Ontology, Rule

CONCLUDED = "rule"
"""The name of the extractor of concluded facts."""

ROUNDS = 50
"""How often the rules run, so that one may build on another."""

RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
STRING = "http://www.w3.org/2001/XMLSchema#string"
BASE = "urn:chain:"

_COMMENT = re.compile(r"#[^\n]*")
_OPAQUE = re.compile(
    r'"""(?:[^\\]|\\.)*?"""|"(?:[^"\\\n]|\\.)*"'
    r"|'''(?:[^\\]|\\.)*?'''|'(?:[^'\\\n]|\\.)*'"
    r"|<[^<>\s]*>|#[^\n]*",
    re.DOTALL,
)
"""What holds no syntax of SPARQL: strings, IRIs and comments."""

Triple = tuple[Identifier, Identifier, Identifier]


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """A rule as a SELECT over all its variables, the triples to conclude, and the triples it rests on.

    ``negated`` says that it also rests on what is not there (FILTER NOT EXISTS, MINUS). ``needs`` are the properties
    without facts of which it concludes nothing; ``reads`` and ``classes`` are all that it looks at, None where it may
    look at any.
    """

    rule: Rule
    select: str
    template: tuple[Triple, ...]
    premises: tuple[Triple, ...]
    negated: bool
    needs: frozenset[str]
    reads: frozenset[str] | None
    classes: frozenset[str] | None

    def looks_at(self, properties: Set[str]) -> bool:
        """Whether facts with these properties may make a difference to what it concludes."""
        return self.reads is None or not self.reads.isdisjoint(properties)

    def rests_on(self, properties: Set[str]) -> bool:
        """Whether a fact with one of these properties may be a premise."""
        return any(str(prop) in properties for _, prop, _ in self.premises)

    def may_run(self, properties: Set[str]) -> bool:
        """Whether facts with these properties may be all that it rests on."""
        return self.needs <= properties


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
    code, masked = blank(rule.query, _COMMENT), blank(rule.query, _OPAQUE)
    construct = re.search(r"\bCONSTRUCT\b", masked, re.IGNORECASE)
    assert construct is not None  # the query has been parsed
    opening = masked.index("{", construct.end())
    closing = opening + 1 + masked[opening + 1 :].index("}")  # a template holds no braces
    select = f"{code[: construct.start()]}SELECT DISTINCT *{code[closing + 1 :]}"
    if re.match(r"\s*WHERE\b", masked[construct.end() : opening], re.IGNORECASE):  # CONSTRUCT WHERE { … }
        select = f"{code[: construct.start()]}SELECT DISTINCT * {code[construct.end() :]}"
    negated = re.search(r"\b(?:NOT\s+EXISTS|MINUS)\b", masked, re.IGNORECASE) is not None
    needs = needed_properties(algebra.p)
    patterns = list(patterns_in(algebra.p))
    reads = constants(predicate for _, predicate, _ in patterns)
    # Who asks for any property may ask for a class with it.
    classes = constants(cls for _, prop, cls in patterns if prop == URIRef(RDF_TYPE)) if reads is not None else None
    premises = tuple(required_triples(algebra.p))
    return CompiledRule(rule, select, tuple(algebra.template), premises, negated, needs, reads, classes)


def blank(query: str, pattern: re.Pattern[str]) -> str:
    """A query with blanks for what matches, so that positions stay. Strings and IRIs are told from comments."""
    return _OPAQUE.sub(lambda m: " " * len(m.group()) if pattern.fullmatch(m.group()) else m.group(), query)


def patterns_in(node: object) -> Iterator[tuple[object, object, object]]:
    """All triple patterns of a query, also those within a FILTER."""
    if isinstance(node, CompValue):
        if "triples" in node:
            # In a FILTER they are as they were parsed: those of a subject in one list.
            for part in node["triples"]:
                yield from ((part[i], part[i + 1], part[i + 2]) for i in range(0, len(part), 3))
        node = [value for name, value in node.items() if name != "triples"]
    if isinstance(node, Sequence) and not isinstance(node, str):
        for part in node:
            yield from patterns_in(part)


def constants(terms: Iterable[object]) -> frozenset[str] | None:
    """Some terms, if they are all IRIs, and not variables or paths."""
    found = set(terms)
    return frozenset(map(str, found)) if all(isinstance(term, URIRef) for term in found) else None


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


Flags = tuple[Modality, str | None]
"""How a fact is said: its modality, and the id of who alone says so."""

PLAIN: Flags = ("asserted", None)


def needed_properties(node: CompValue) -> frozenset[str]:
    """The properties that the facts of every solution have: of a UNION those of both sides."""
    if node.name == "BGP":
        return frozenset(str(prop) for _, prop, _ in node.triples if isinstance(prop, URIRef)) - {RDF_TYPE, LABEL}
    if node.name in {"LeftJoin", "Minus"}:
        return needed_properties(node.p1)
    parts = [needed_properties(node[part]) for part in ("p", "p1", "p2") if isinstance(node.get(part), CompValue)]
    if node.name == "Union":
        return frozenset.intersection(*parts)
    return frozenset().union(*parts)


def conclude(
    facts: Sequence[Fact], chains: Iterable[Chain], rules: Sequence[CompiledRule], ontology: Ontology
) -> list[Fact]:
    """What the rules conclude from the facts of one document, beyond what they already state.

    What follows from asserted facts is asserted. What follows from what is planned, possible, or said by somebody is so
    in the same way: who will make a visit to a place will visit it. From what is negated nothing follows.
    """
    if not rules:
        return []
    seen = seen_by(rules)
    things = [ox.Quad(*triple) for triple in described(chains, ontology, seen)]
    concluded = conclude_under(PLAIN, facts, things, rules, ontology, seen)
    for flags in sorted({(f.modality, f.attributed_to) for f in facts} - {PLAIN}, key=str):
        if flags[0] != "negated":
            concluded += conclude_under(flags, [*facts, *concluded], things, rules, ontology, seen)
    return concluded


@dataclass(frozen=True, slots=True)
class Seen:
    """The properties and classes that some rules look at; None is any."""

    properties: frozenset[str] | None = None
    classes: frozenset[str] | None = None


ANY = Seen()


def seen_by(rules: Iterable[CompiledRule]) -> Seen:
    """What any of some rules looks at."""
    properties, classes = [rule.reads for rule in rules], [rule.classes for rule in rules]
    return Seen(united(properties), united(classes))


def united(sets: Sequence[frozenset[str] | None]) -> frozenset[str] | None:
    """What is in any of some sets, None where one of them is."""
    known = [one for one in sets if one is not None]
    return frozenset[str]().union(*known) if len(known) == len(sets) else None


def holds_under(fact: Fact, flags: Flags) -> bool:
    """Whether a fact may be a premise of what is said in some way: it is asserted, or the same speaker states it."""
    modality, speaker = flags
    return fact.asserted or (fact.attributed_to == speaker and fact.modality in {"asserted", modality})


def conclude_under(
    flags: Flags,
    facts: Sequence[Fact],
    things: Iterable[ox.Quad],
    rules: Sequence[CompiledRule],
    ontology: Ontology,
    seen: Seen,
) -> list[Fact]:
    """What the rules conclude from the facts that are asserted or said in one way, said in that way.

    ``things`` describe what the document speaks of, and ``seen`` is what the rules look at.
    """
    known: dict[tuple[str, str, str | Value], Fact] = {}
    for fact in sorted(facts, key=lambda fact: not fact.asserted):
        if holds_under(fact, flags):
            known.setdefault((fact.subject, fact.property, fact.object), fact)
    stated = {(fact.subject, fact.property, fact.object) for fact in facts}
    properties = {iri for fact in known.values() for iri in with_parents(fact.property, ontology)}
    # What follows from asserted facts alone is known already: one of those that are said in this way has to matter.
    fresh = {iri for fact in known.values() if not fact.asserted for iri in with_parents(fact.property, ontology)}
    if not any(rule.may_run(properties) and (flags == PLAIN or rule.rests_on(fresh)) for rule in rules):
        return []
    store = ox.Store()
    store.extend(things)
    store.extend(ox.Quad(*triple) for fact in known.values() for triple in stated_triples(fact, ontology, seen))
    concluded: list[Fact] = []

    def add(fresh: Iterable[Fact]) -> bool:
        before = len(concluded)
        for fact in fresh:
            triple = (fact.subject, fact.property, fact.object)
            if triple not in stated and (flags == PLAIN or not all(one.asserted for one in fact.premises)):
                stated.add(triple)
                known[triple] = replace(fact, modality=flags[0], attributed_to=flags[1])
                concluded.append(known[triple])
                properties.update(with_parents(fact.property, ontology))
                store.extend(ox.Quad(*t) for t in stated_triples(fact, ontology, seen))
        return len(concluded) > before

    plain = [rule for rule in rules if not rule.negated]
    new: Set[str] = properties
    for _ in range(ROUNDS):
        told = len(concluded)
        ready = [rule for rule in plain if rule.may_run(properties) and rule.looks_at(new)]
        if not add(fact for rule in ready for fact in list(apply(rule, store, known, ontology))):
            # What rests on an absence comes when nothing else follows any more, a rule at a time.
            resting = [rule for rule in rules if rule.negated and rule.may_run(properties)]
            if not any(add(list(apply(rule, store, known, ontology))) for rule in resting):
                break
        new = {iri for fact in concluded[told:] for iri in with_parents(fact.property, ontology)}
    return concluded


def with_parents(iri: str, ontology: Ontology) -> tuple[str, ...]:
    """A property and those above it."""
    prop = ontology.properties.get(iri)
    return (iri, *(prop.parents if prop is not None else ()))


def stored(facts: Iterable[Fact], chains: Iterable[Chain], ontology: Ontology) -> ox.Store:
    """What rules are asked of: the things of a document with their classes, and its facts."""
    store = ox.Store()
    store.extend(ox.Quad(*triple) for triple in described(chains, ontology))
    store.extend(ox.Quad(*triple) for fact in facts for triple in stated_triples(fact, ontology))
    return store


named = lru_cache(maxsize=10_000)(ox.NamedNode)
"""The node of an IRI of the ontology: each is asked for again and again."""


def described(
    chains: Iterable[Chain], ontology: Ontology, seen: Seen = ANY
) -> Iterator[tuple[ox.NamedNode, ox.NamedNode, ox.NamedNode | ox.Literal]]:
    """What a document speaks of, with labels and all classes, as rules see it, as far as any looks at it."""
    labelled = seen.properties is None or LABEL in seen.properties
    for chain in chains:
        node = ox.NamedNode(BASE + chain.id)
        if labelled:
            yield node, named(LABEL), ox.Literal(chain.name)
        for cls in {chain.cls, *ontology.ancestors.get(chain.cls, ())}:
            if seen.classes is None or cls in seen.classes:
                yield node, named(RDF_TYPE), named(cls)


def stated_triples(
    fact: Fact, ontology: Ontology, seen: Seen = ANY
) -> Iterator[tuple[ox.NamedNode, ox.NamedNode, ox.NamedNode | ox.Literal]]:
    """A fact as rules see it, as far as any looks at it: with its superproperties, and both ways where it is
    symmetric."""
    shown = [iri for iri in with_parents(fact.property, ontology) if seen.properties is None or iri in seen.properties]
    if not shown:
        return
    subject = ox.NamedNode(BASE + fact.subject)
    if isinstance(fact.object, Value):
        if fact.property in shown:
            value = ox.Literal(fact.object.lexical, datatype=named(fact.object.datatype))
            yield subject, named(fact.property), value
        return
    other = ox.NamedNode(BASE + fact.object)
    for iri in shown:
        yield subject, named(iri), other
        above = ontology.properties.get(iri)
        if above is not None and above.symmetric:
            yield other, named(iri), subject


def apply(
    rule: CompiledRule, store: ox.Store, known: Mapping[tuple[str, str, str | Value], Fact], ontology: Ontology
) -> Iterator[Fact]:
    """The facts that one rule concludes from what the store holds, in a fixed order."""
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
    if isinstance(term, Literal):
        return Value(str(term), str(term.datatype or STRING))
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
    """A conclusion as a fact: its evidence runs over that of its premises."""
    spans: dict[str | Value, Span] = {f.object: f.object_span for f in premises}
    spans.update({fact.subject: fact.subject_span for fact in premises})
    evidence = (min(f.evidence[0] for f in premises), max(f.evidence[1] for f in premises))
    first = premises[0]
    return Fact(
        subject=subject,
        property=prop,
        object=object_,
        evidence=evidence,
        subject_span=spans.get(subject, first.subject_span),
        object_span=spans.get(object_, first.object_span),
        confidence=calibration().concluded(f.confidence for f in premises),
        extractor=CONCLUDED,
        pattern=rule.rule.name,
        premises=tuple(premises),
    )


# ------------------------------------------------------------------------------------------------ what a rule lacks

Known = Mapping[Variable, str | Value]
"""What variables of a rule stand for: ids of chains, and values."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """How far a rule comes towards a conclusion: the premises that hold together and those that do not.

    ``known`` is what its variables stand for then, as far as that is known. Where no premise is missing, a FILTER or an
    exception of the rule holds it back.
    """

    rule: Rule
    held: tuple[Triple, ...]
    missing: tuple[Triple, ...]
    known: Known


def attempt(
    rule: CompiledRule, subjects: Sequence[str], prop: str, objects: Sequence[str | Value], store: ox.Store
) -> Attempt | None:
    """How near a rule comes to stating a property of some things, None where it concludes nothing of the kind."""
    tried = [
        satisfied(
            rule, {term: end for term, end in ((start, subject), (goal, object_)) if isinstance(term, Variable)}, store
        )
        for start, concluded, goal in rule.template
        if str(concluded) == prop
        for subject in subjects
        for object_ in objects
    ]
    return min(tried, key=lambda one: len(one.missing), default=None)


def satisfied(rule: CompiledRule, known: Known, store: ox.Store) -> Attempt:
    """The most premises that can hold together where some variables are known."""

    def best(rest: Sequence[Triple], known: Known) -> Attempt:
        found = {triple: list(store.quads_for_pattern(*pattern(triple, known), None)) for triple in rest}
        # What nothing matches now will not match either where more is known.
        open_ = sorted((triple for triple in rest if found[triple]), key=lambda triple: len(found[triple]))
        missing = tuple(triple for triple in rest if not found[triple])
        if not open_:
            return Attempt(rule.rule, (), missing, known)
        first, others = open_[0], open_[1:]
        tried = [best(others, {**known, **bindings(first, quad)}) for quad in found[first]]
        nearest = min(tried, key=lambda one: len(one.missing))
        if nearest.missing:  # perhaps more hold where this one does not
            without = best(others, known)
            if len(without.missing) + 1 < len(nearest.missing):
                return replace(without, missing=(*missing, first, *without.missing))
        return replace(nearest, held=(first, *nearest.held), missing=(*missing, *nearest.missing))

    return best(rule.premises, known)


def pattern(triple: Triple, known: Known) -> tuple[ox.NamedNode | None, ox.NamedNode, ox.NamedNode | ox.Literal | None]:
    """A triple of a rule as a question to the store."""
    start, goal = as_node(end_of(triple[0], known)), as_node(end_of(triple[2], known))
    return start if isinstance(start, ox.NamedNode) else None, ox.NamedNode(str(triple[1])), goal


def bindings(triple: Triple, quad: ox.Quad) -> dict[Variable, str | Value]:
    """What the variables of a triple stand for in an answer."""
    ends = ((triple[0], quad.subject), (triple[2], quad.object))
    return {term: from_node(node) for term, node in ends if isinstance(term, Variable)}


def end_of(term: Identifier, known: Known) -> str | Value | None:
    """What a term of a rule stands for, as far as known: the id of a chain, the IRI of a class, or a value."""
    if isinstance(term, Literal):
        return Value(str(term), str(term.datatype or STRING))
    return known.get(term) if isinstance(term, Variable) else str(term)


def as_node(end: str | Value | None) -> ox.NamedNode | ox.Literal | None:
    """An end as the store holds it."""
    if end is None:
        return None
    if isinstance(end, Value):
        return ox.Literal(end.lexical, datatype=ox.NamedNode(end.datatype))
    return ox.NamedNode(end if ":" in end else BASE + end)


def from_node(node: object) -> str | Value:
    """An end from a term of the store."""
    if isinstance(node, ox.Literal):
        return Value(node.value, node.datatype.value)
    return str(getattr(node, "value", "")).removeprefix(BASE)
