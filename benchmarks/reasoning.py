"""How long a reasoner takes over facts of the default ontology: ours, owlrl and, where it is installed, reasonable.

Usage: python benchmarks/reasoning.py [--facts N] [REASONER…]; see README.md beside this file. All get the axioms that
we follow and the facts, and of what they find is counted what says something new about a thing. A process for each.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from multiprocessing import get_context

import rdflib
from measuring import peak_memory
from pyoxigraph import NamedNode, RdfFormat, Triple, serialize

from graphwright.graph import GW, KnowledgeGraph, consequences
from graphwright.graph.reasoning import AXIOMS
from graphwright.ontology import load
from graphwright.pipeline import oxigraph_triples

THING = "https://example.org/thing/"
TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
CLASSES = ("Person", "Company", "City", "Country", "Meeting", "MilitaryForce")
PROPERTIES = ("metWith", "received", "visited", "memberOf", "leads", "heldIn", "hasParticipant", "basedIn", "supports")
NOT_SAID = ("http://www.w3.org/2002/07/owl#sameAs", "http://www.w3.org/2002/07/owl#Thing")


def facts(count: int) -> set[Triple]:
    """Return facts: a quarter are classes, a tenth places within places, the others join things at random."""
    chance = random.Random(1)
    things = [NamedNode(f"{THING}{number}") for number in range(count // 4)]
    found = {Triple(thing, TYPE, NamedNode(GW + chance.choice(CLASSES))) for thing in things}
    found |= {
        Triple(things[number], NamedNode(GW + "locatedIn"), things[number // 5]) for number in range(1, count // 10)
    }
    while len(found) < count:
        found.add(Triple(chance.choice(things), NamedNode(GW + chance.choice(PROPERTIES)), chance.choice(things)))
    return found


def axioms() -> set[Triple]:
    """Return what is followed of the default ontology."""
    graph = KnowledgeGraph.create()
    graph.add_ontology(oxigraph_triples(load()))
    return set(graph.query(AXIOMS).triples())


def as_rdflib(triples: Iterable[Triple]) -> rdflib.Graph:
    """Return the triples as those reasoners take them."""
    data = serialize(triples, format=RdfFormat.N_TRIPLES) or b""
    return rdflib.Graph(bind_namespaces="none").parse(data=data, format="nt")


def ours(facts: set[Triple], axioms: set[Triple]) -> Iterator[tuple[str, str, str]]:
    """Yield what Graphwright concludes."""
    yield from (tuple(term.value for term in triple) for triple in consequences(facts, axioms))  # type: ignore[misc,union-attr]


def owlrl(facts: set[Triple], axioms: set[Triple]) -> Iterator[tuple[str, str, str]]:
    """Yield facts and what owlrl concludes."""
    import owlrl

    graph = as_rdflib(facts | axioms)
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics, axiomatic_triples=False, datatype_axioms=False).expand(graph)
    yield from ((str(s), str(p), str(o)) for s, p, o in graph)


def reasonable(facts: set[Triple], axioms: set[Triple]) -> Iterator[tuple[str, str, str]]:
    """Yield facts and what reasonable concludes."""
    import reasonable

    reasoner = reasonable.PyReasoner()
    reasoner.from_graph(as_rdflib(facts | axioms))
    yield from ((str(s), str(p), str(o)) for s, p, o in reasoner.reason())


REASONERS: Mapping[str, Callable[[set[Triple], set[Triple]], Iterator[tuple[str, str, str]]]] = {
    "ours": ours,
    "owlrl": owlrl,
    "reasonable": reasonable,
}


def measure(name: str, count: int) -> str:
    """Run one reasoner; return its figures in a line."""
    given, known = facts(count), axioms()
    start = time.perf_counter()
    found = {triple for triple in REASONERS[name](given, known) if triple[0] != triple[2]}
    seconds = time.perf_counter() - start
    new = found - {(s.value, p.value, o.value) for s, p, o in given}  # type: ignore[union-attr]
    said = [triple for triple in new if triple[0].startswith(THING) and not {*triple[1:]} & {*NOT_SAID}]
    return f"{name:12} {seconds:8.1f} s {len(said):10,} consequences {peak_memory():8,.0f} MB"


def main() -> None:
    """Print a line for each reasoner."""
    parser = argparse.ArgumentParser(description="Measure how long reasoners take.")
    parser.add_argument("reasoners", nargs="*", metavar="REASONER", help=f"of {', '.join(REASONERS)}")
    parser.add_argument("--facts", type=int, default=100_000)
    wanted = parser.parse_args()
    for name in wanted.reasoners or REASONERS:
        with get_context("spawn").Pool(1) as pool:
            try:
                print(pool.apply(measure, (name, wanted.facts)), flush=True)
            except ImportError:
                print(f"{name:12} is not installed")


if __name__ == "__main__":
    main()
