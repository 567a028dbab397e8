"""Reasoning: what follows from the facts by the axioms of the ontology, in a named graph of its own.

An axiom about properties says that a property holds wherever a path of properties leads: OWL 2 RL (W3C, 2012, section
4.3, rules prp-spo1, prp-spo2, prp-eqp, prp-inv, prp-symp and prp-trp). SPARQL has such paths, so Oxigraph follows them,
and what is done here is to ask again until nothing new follows. Classes follow rdfs:subClassOf and owl:equivalentClass
(cax-sco, cax-eqc).

Three kinds of axioms are left alone on purpose. Domains and ranges tell which facts to extract, and several of them
are alternatives; to conclude types from them would make a person of whatever a sentence was misread to appoint.
Axioms that conclude identity (owl:FunctionalProperty, owl:hasKey, owl:sameAs) are left to the resolution of entities.
Restrictions and disjointness are for validation.
"""

# Measured with the axioms of the default ontology on 100,000 facts, which have 237,000 consequences: Oxigraph 2.1 s,
# reasonable 0.4.4 (which knows no property chains) 4.8 s, owlrl 7.6.2 (against which the tests check this) 148 s.

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from pyoxigraph import NamedNode, Quad, QueryTriples, Store, Triple

from graphwright.graph import vocabulary as v
from graphwright.graph.knowledge import KnowledgeGraph
from graphwright.graph.terms import Term, in_graph
from graphwright.model import computed

_INVERSE = NamedNode(v.OWL + "inverseOf")
_CHAIN = NamedNode(v.OWL + "propertyChainAxiom")
_SUBPROPERTY = NamedNode(v.RDFS + "subPropertyOf")
_EQUIVALENT_PROPERTY = NamedNode(v.OWL + "equivalentProperty")
_SYMMETRIC = NamedNode(v.OWL + "SymmetricProperty")
_TRANSITIVE = NamedNode(v.OWL + "TransitiveProperty")
_FIRST, _REST = NamedNode(v.RDF + "first"), NamedNode(v.RDF + "rest")

# From a class to all that hold what is in it. That a thing is a thing says nothing.
_CLASSES_ABOVE = f"""
SELECT DISTINCT ?class ?above WHERE {{ GRAPH {v.ONTOLOGY_GRAPH} {{
  ?class (<{v.RDFS}subClassOf>|<{v.OWL}equivalentClass>|^<{v.OWL}equivalentClass>)+ ?above
  FILTER (isIRI(?above) && !STRSTARTS(STR(?above), "{v.GENID}"))
  FILTER (?above NOT IN (<{v.OWL}Thing>, <{v.RDFS}Resource>))
}} }}"""

AXIOMS = """
CONSTRUCT { ?s ?p ?o } WHERE {
  { ?s ?p ?o VALUES ?p {
    rdfs:subClassOf owl:equivalentClass rdfs:subPropertyOf owl:equivalentProperty owl:inverseOf owl:propertyChainAxiom
    rdf:first rdf:rest } }
  UNION { ?s ?p ?o VALUES (?p ?o) { (rdf:type owl:SymmetricProperty) (rdf:type owl:TransitiveProperty) } }
}"""

# Facts are in the named graphs of documents. Only a file without named graphs holds them in the default graph, where
# otherwise the consequences of the last time are too.
_FACTS = """
CONSTRUCT {{ ?s ?p ?o }} WHERE {{
  {{ SELECT DISTINCT ?s WHERE {{ ?document schema:mentions ?s }} }}
  {facts}
  FILTER (?p NOT IN (rdfs:label, skos:altLabel, owl:sameAs))
}}"""
_NAMED = f"GRAPH ?g {{ ?s ?p ?o }} FILTER (?g NOT IN ({v.ONTOLOGY_GRAPH}, {v.INFERRED_GRAPH}))"
_UNNAMED = "?s ?p ?o"

Step = tuple[str, bool]
"""A property to follow from subject to object or, where it says True, from object to subject."""


@dataclass(frozen=True, slots=True, order=True)
class Axiom:
    """Where ``steps`` lead from one thing to another, ``property`` (an IRI) holds between the two.

    ``transitive`` says that the steps may be taken again and again. ``said`` is the axiom in words, with IRIs in angle
    brackets.

    >>> Axiom("https://example.org#met", (("https://example.org#met", True),), said="met is symmetric").path
    '^<https://example.org#met>'
    """

    property: str
    steps: tuple[Step, ...]
    transitive: bool = False
    said: str = ""

    @computed
    def path(self) -> str:
        """The steps as a SPARQL property path."""
        path = "/".join(f"{'^' if backwards else ''}<{iri}>" for iri, backwards in self.steps)
        return f"({path})+" if self.transitive else path

    @computed
    def feeds_itself(self) -> bool:
        """Whether it follows the property that it concludes."""
        return any(iri == self.property for iri, _ in self.steps)

    def fed_by(self, changed: Mapping[str, AbstractSet[Axiom | None]]) -> bool:
        """Whether it may conclude anything, given which axioms changed which properties since it was asked last."""
        # A symmetric or transitive property is complete at once; a chain that leads to one of its links is not.
        itself = {self} if len(self.steps) == 1 else set()
        return any(changed.get(iri, itself) - itself for iri, _ in self.steps)


def infer(graph: KnowledgeGraph) -> int:
    """Put what follows from the facts into the graph `INFERRED_GRAPH`, and return how many triples it holds then.

    What followed before and does no longer is removed. The result depends on facts and axioms alone, not on what was
    inferred before: call it after every change, or again after a crash. Raises StoreError where the store cannot be
    written.
    """
    facts = graph.query(_FACTS.format(facts=_NAMED if any(graph.store.named_graphs()) else _UNNAMED)).triples()
    found = consequences(facts, graph.query(AXIOMS).triples())
    wanted = {in_graph(triple, v.INFERRED_GRAPH) for triple in found}
    if wanted:
        graph.replace({v.INFERRED_GRAPH: wanted})
    else:
        graph.remove_graph(v.INFERRED_GRAPH)
    return len(wanted)


def consequences(facts: Iterable[Triple], axioms: Iterable[Triple]) -> set[Triple]:
    """Return what follows from facts by axioms and is not among the facts.

    ``axioms`` may be a whole ontology; see above for what is read in it. Values stay as Oxigraph keeps them, and
    have no inverse. Left out is what says nothing: that a thing is a thing, and what a cycle would say of a thing and
    itself.
    """
    ontology = list(axioms)
    rules = property_axioms(ontology)
    store = Store()
    store.bulk_extend(Quad(*triple) for triple in facts)
    found: set[Triple] = set()
    changed: dict[str, set[Axiom | None]] = {quad.predicate.value: {None} for quad in store}
    while todo := [rule for rule in rules if rule.fed_by(changed)]:
        changed = {}
        for rule in todo:
            if new := _concluded(store, f"?s <{rule.property}> ?o", f"?s {rule.path} ?o"):
                store.bulk_extend(Quad(*triple) for triple in new)
                changed.setdefault(rule.property, set()).add(rule)
                found |= new
    # No axiom that is followed leads from the class of a thing to a fact: classes can come last.
    store.bulk_extend(in_graph(triple, v.ONTOLOGY_GRAPH) for triple in ontology)
    found |= _concluded(store, "?s a ?above", f"{{ {_CLASSES_ABOVE} }} ?s a ?class")
    return {triple for triple in found if triple.subject != triple.object}


def _concluded(store: Store, conclusion: str, premise: str) -> set[Triple]:
    """Return what an axiom concludes and the store does not hold yet."""
    answer = store.query(f"CONSTRUCT {{ {conclusion} }} WHERE {{ {premise} FILTER NOT EXISTS {{ {conclusion} }} }}")
    assert isinstance(answer, QueryTriples)
    return set(answer)


def property_axioms(ontology: Iterable[Triple]) -> list[Axiom]:
    """Return what an ontology says of how properties follow from one another, in the order to follow it in.

    An inverse may stand without a name of its own, as in ``[ owl:inverseOf :p ]``. What cannot be understood, such as a
    chain through a broken list, says nothing.
    """
    triples = list(ontology)
    unnamed: dict[Term, Term] = {s: o for s, p, o in triples if p == _INVERSE and not _has_name(s)}
    first: dict[Term, Term] = {s: o for s, p, o in triples if p == _FIRST}
    rest: dict[Term, Term] = {s: o for s, p, o in triples if p == _REST}

    def step(term: Term) -> Step | None:
        named = unnamed.get(term, term)
        return (named.value, named is not term) if isinstance(named, NamedNode) and _has_name(named) else None

    def listed(head: Term) -> Iterator[Term]:
        seen: set[Term] = set()
        while head in first and head not in seen:
            seen.add(head)
            yield first[head]
            head = rest.get(head, head)

    def found() -> Iterator[Axiom | None]:
        for s, p, o in triples:
            one, other = step(s), step(o)
            if p == _SUBPROPERTY:
                yield _axiom(other, [one], f"{_told(one)} is a subproperty of {_told(other)}")
            elif p == _EQUIVALENT_PROPERTY:
                yield _axiom(other, [one], f"{_told(one)} is the same as {_told(other)}")
                yield _axiom(one, [other], f"{_told(one)} is the same as {_told(other)}")
            elif p == _INVERSE and _has_name(s):
                said = f"{_told(one)} is the inverse of {_told(other)}"
                yield _axiom(other, [_turned(one)], said)
                yield _axiom(one, [_turned(other)], said)
            elif o == _SYMMETRIC:
                yield _axiom(one, [_turned(one)], f"{_told(one)} is symmetric")
            elif o == _TRANSITIVE:
                yield _axiom(one, [one], f"{_told(one)} is transitive", transitive=True)
            elif p == _CHAIN:
                steps = [step(term) for term in listed(o)]
                yield _axiom(one, steps, f"{' then '.join(map(_told, steps))} is {_told(one)}")

    # Those that feed themselves come first: what other axioms make of a property is then made once of all of it.
    return sorted({axiom for axiom in found() if axiom is not None}, key=lambda axiom: (not axiom.feeds_itself, axiom))


def _has_name(term: Term) -> bool:
    """Whether a term is an IRI that somebody gave; on a server blank nodes have IRIs too."""
    return isinstance(term, NamedNode) and not term.value.startswith(v.GENID)


def _axiom(
    concluded: Step | None, steps: Sequence[Step | None], said: str, *, transitive: bool = False
) -> Axiom | None:
    known = [one for one in steps if one is not None]
    if concluded is None or not known or len(known) < len(steps):
        return None
    iri, backwards = concluded
    # That there and back the inverse of a property holds says that the property holds on the way back.
    path = [(one, not turned) for one, turned in reversed(known)] if backwards else known
    return Axiom(iri, tuple(path), transitive, said)


def _turned(step: Step | None) -> Step | None:
    return step and (step[0], not step[1])


def _told(step: Step | None) -> str:
    return "" if step is None else f"{'the inverse of ' if step[1] else ''}<{step[0]}>"
