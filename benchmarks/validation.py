"""How long validation takes: a made-up graph of so many facts, some of which are known to break a shape.

    python benchmarks/validation.py [FACTS]

The facts are drawn at random from what domains and ranges of the default ontology allow, one in a thousand is then made
to hold between a thing and itself. All violations must be found, and nothing else.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Iterator

from measuring import peak_memory
from pyoxigraph import Literal, NamedNode, Quad

from graphwright.graph import GW, KnowledgeGraph
from graphwright.graph import vocabulary as v
from graphwright.graph.validation import Checker, document_violations, ontology_of, validate
from graphwright.ontology import Ontology, load
from graphwright.pipeline import oxigraph_triples

ID = "https://example.org/id/"
PER_DOCUMENT = 100
NEVER_TO_ITSELF = NamedNode(GW + "metWith")


def made_up(ontology: Ontology, facts: int) -> Iterator[Quad]:
    """Yield documents of a hundred facts, with statements and the classes of things: one thing for each two facts."""
    dice = random.Random(1)
    classes = sorted(cls for cls in ontology.classes if cls.startswith(GW))
    things = {cls: [f"{ID}{ontology.local(cls)}/{n}" for n in range(1 + facts // 2 // len(classes))] for cls in classes}

    def fitting(allowed: tuple[str, ...]) -> list[str]:
        return [cls for cls in classes if ontology.fits(cls, allowed)]

    def drawn(allowed: tuple[str, ...]) -> NamedNode:
        return NamedNode(dice.choice(things[dice.choice(fitting(allowed))]))

    properties = [
        one
        for iri, one in sorted(ontology.properties.items())
        # Drawn at random, places would lie in circles and parts be of other kinds than their wholes.
        if ontology.local(iri) not in ("locatedIn", "partOf", "bornIn") and fitting(one.domain) and fitting(one.range)
    ]
    for cls, members in things.items():
        yield from (Quad(NamedNode(one), v.TYPE, NamedNode(cls), NamedNode(ID + "entities")) for one in members)
    for number in range(facts):
        property = dice.choice(properties)
        predicate, subject, object = NamedNode(property.iri), drawn(property.domain), drawn(property.range)
        if number % 1000 == 0:
            predicate, object = NEVER_TO_ITSELF, (subject := drawn((GW + "Person",)))
        elif subject == object:
            continue
        document = NamedNode(f"{ID}document/{number // PER_DOCUMENT}")
        statement = NamedNode(f"{document.value}#statement-{number:x}")
        yield Quad(subject, predicate, object, document)
        yield Quad(statement, v.SUBJECT, subject, document)
        yield Quad(statement, v.PREDICATE, predicate, document)
        yield Quad(statement, v.OBJECT, object, document)
        yield Quad(statement, v.MODALITY, Literal("asserted"), document)
        yield Quad(statement, v.CONFIDENCE, Literal("0.9"), document)


def main(facts: int) -> None:
    """Print how long it takes to make the shapes, to validate the graph, and to check each of its documents."""
    ontology = load()
    graph = KnowledgeGraph.create()
    graph.add_ontology(oxigraph_triples(ontology))
    graph.add(made_up(ontology, facts))

    start = time.perf_counter()
    checker = Checker(ontology_of(graph))
    made = time.perf_counter()
    found = validate(graph, checker)
    done = time.perf_counter()
    errors = [one for one in found if one.severity == "Violation"]
    print(f"shapes made in {made - start:.1f} s; {facts:,} facts validated in {done - made:.1f} s")
    made_wrong = {
        q.subject for q in graph.store.quads_for_pattern(None, NEVER_TO_ITSELF, None) if q.subject == q.object
    }
    print(f"{len(errors)} violations found, {len(made_wrong)} made")

    documents = [NamedNode(f"{ID}document/{n}") for n in range(min(100, -(-facts // PER_DOCUMENT)))]
    quads = [list(graph.store.quads_for_pattern(None, None, None, document)) for document in documents]
    types = [
        [
            typed.triple
            for thing in {term for quad in one if quad.predicate in (v.SUBJECT, v.OBJECT) for term in (quad.object,)}
            for typed in graph.store.quads_for_pattern(thing, v.TYPE, None, NamedNode(ID + "entities"))
        ]
        for one in quads
    ]
    start = time.perf_counter()
    wrong = sum(len(document_violations(*pair, checker)) for pair in zip(quads, types, strict=True))
    taken = (time.perf_counter() - start) / len(documents)
    print(f"a document of {PER_DOCUMENT} facts checked in {1000 * taken:.1f} ms, {wrong} kept out")
    print(f"peak memory {peak_memory():.0f} MB")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
