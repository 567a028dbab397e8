"""Derivation: from an inferred fact to the facts that documents state and the axioms that it follows from.

Nothing is kept of how a fact was inferred. It is found anew from what is in the graph, backwards: an axiom that
concludes the property asks for facts along its path, and each of these is stated, or follows in its turn.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from pyoxigraph import Literal, RdfFormat, Triple, parse

from graphwright.graph.knowledge import KnowledgeGraph
from graphwright.graph.reasoning import AXIOMS, Axiom, Step, property_axioms
from graphwright.graph.terms import Term

_DEPTH = 8
"""How many axioms may stand on one another. A transitive property counts once, however long its path."""


@dataclass(frozen=True, slots=True)
class Derivation:
    """Facts that documents state and the axioms by which another fact follows, each once, in the order of their use."""

    facts: tuple[Triple, ...]
    axioms: tuple[Axiom, ...]


def derive(graph: KnowledgeGraph, fact: Triple) -> Derivation | None:
    """Return the derivation of a fact with the fewest axioms on one another, None where there is none.

    All that follows must be in the graph: see `graphwright.graph.reasoning.infer`. Facts count as stated where a
    document asserts them. The classes of things are not derived.
    """
    axioms: dict[str, list[Axiom]] = {}
    for axiom in property_axioms(graph.query(AXIOMS).triples()):
        axioms.setdefault(axiom.property, []).append(axiom)

    @cache
    def proof(fact: Triple, depth: int, without: Axiom | None = None) -> Derivation | None:
        if asserting(graph, fact):
            return Derivation((fact,), ())
        if depth == 0 or not graph.query(f"ASK {{ {fact} }}"):
            return None
        for axiom in axioms.get(fact.predicate.value, ()):
            follow = shortest_path if axiom.transitive else first_path
            if axiom != without and (found := follow(fact, axiom, depth - 1)) is not None:
                return _joined(found, axiom)
        return None

    def first_path(fact: Triple, axiom: Axiom, depth: int) -> list[Derivation] | None:
        for premises in _paths(graph, fact, axiom):
            proofs = [found for premise in premises if (found := proof(premise, depth)) is not None]
            if len(proofs) == len(premises):
                return proofs
        return None

    def shortest_path(fact: Triple, axiom: Axiom, depth: int) -> list[Derivation] | None:
        """Return proofs of the facts on the way; none of them needs that the property is transitive."""
        reached: dict[Term, list[Derivation]] = {fact.subject: []}
        todo: deque[Term] = deque([fact.subject])
        while todo:
            here = todo.popleft()
            for edge in _onward(graph, here, fact):
                step = None if edge.object in reached else proof(edge, depth, axiom)
                if step is not None:
                    reached[edge.object] = [*reached[here], step]
                    if edge.object == fact.object:
                        return reached[edge.object]
                    todo.append(edge.object)
        return None

    return next((found for depth in range(_DEPTH + 1) if (found := proof(fact, depth)) is not None), None)


def asserting(graph: KnowledgeGraph, fact: Triple) -> set[str]:
    """Return the IRIs of the statements by which documents assert a fact."""
    s, p, o = fact
    found = graph.query(
        f"SELECT ?statement WHERE {{ ?statement rdf:subject {s} ; rdf:predicate {p} ; rdf:object {o} ; "
        'gw:modality "asserted" FILTER NOT EXISTS { ?statement gw:attributedTo ?speaker } }'
    )
    return {row["statement"] for row in found}


def _joined(proofs: Iterable[Derivation], axiom: Axiom) -> Derivation:
    parts = list(proofs)
    facts = dict.fromkeys(fact for part in parts for fact in part.facts)
    axioms = dict.fromkeys([*(one for part in parts for one in part.axioms), axiom])
    return Derivation(tuple(facts), tuple(axioms))


def _paths(graph: KnowledgeGraph, fact: Triple, axiom: Axiom) -> Iterator[list[Triple]]:
    """Yield the facts along each path of an axiom from the subject of a fact to its object, in a fixed order."""
    if isinstance(fact.object, Literal) and axiom.steps[-1][1]:
        return  # a literal is no subject
    names = [f"x{number}" for number in range(1, len(axiom.steps))]
    places = [str(fact.subject), *(f"?{name}" for name in names), str(fact.object)]
    pattern = " . ".join(_along(step, *ends) for step, *ends in zip(axiom.steps, places, places[1:], strict=False))
    ways = [[row.term(name) for name in names] for row in graph.query(f"SELECT * WHERE {{ {pattern} }}")]
    for way in sorted(ways, key=str):
        terms = [str(term) for term in (fact.subject, *way, fact.object)]
        text = " . ".join(_along(step, *ends) for step, *ends in zip(axiom.steps, terms, terms[1:], strict=False))
        yield [quad.triple for quad in parse(text + " .", RdfFormat.TURTLE)]


def _along(step: Step, one: str, other: str) -> str:
    """Return the triple, in the terms of SPARQL, that a step makes of what it leads from and to."""
    iri, backwards = step
    return f"{other} <{iri}> {one}" if backwards else f"{one} <{iri}> {other}"


def _onward(graph: KnowledgeGraph, here: Term, fact: Triple) -> list[Triple]:
    """Return the facts of the same property that lead from ``here`` on to the object of a fact, sorted, without it."""
    _, p, o = fact
    onward = f"?x = {o} || (isIRI(?x) && EXISTS {{ ?x {p} {o} }})"
    found = graph.query(f"CONSTRUCT {{ {here} {p} ?x }} WHERE {{ {here} {p} ?x FILTER ({onward}) }}")
    return sorted((edge for edge in found.triples() if edge != fact), key=str)
