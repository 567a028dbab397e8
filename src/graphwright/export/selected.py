"""The part of a graph that a selection chooses, as RDF: a graph of its own, in which every fact keeps its sentence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Store, Triple

from graphwright.graph import KnowledgeGraph, Selection
from graphwright.graph import vocabulary as v
from graphwright.graph.files import in_default_graph
from graphwright.graph.selection import AT_ONCE, Chosen, choose, constructed, parts
from graphwright.graph.terms import in_graph

_QUADS = """
SELECT DISTINCT ?s ?p ?o ?g WHERE {{
  VALUES ?s {{ {subjects} }} {predicates}
  ?s ?p ?o
  OPTIONAL {{ GRAPH ?g {{ ?s ?p ?o }} }}
}}"""

_FACTS = """
SELECT ?s ?p ?o ?g WHERE {{
  VALUES (?s ?p ?o) {{ {facts} }}
  ?s ?p ?o
  OPTIONAL {{ GRAPH ?g {{ ?s ?p ?o }} }}
}}"""

_ONWARD = {
    *(v.DERIVED_FROM, v.HAS_SELECTOR, v.SUBJECT_SELECTOR, v.OBJECT_SELECTOR, v.HAS_SOURCE, v.ADDITIONAL_PROPERTY)
}
"""What leads from a statement to its evidence, and on to places, documents and their metadata."""

_THINGS = (v.TYPE, v.LABEL, v.ALT_LABEL, v.SAME_AS, v.NOTATION, v.LATITUDE, v.LONGITUDE)
"""What is told of a thing that is no fact of a document."""

_TERMS = (v.TYPE, v.LABEL, v.SUBCLASS)
"""What is told of a class or property."""


def subset(graph: KnowledgeGraph, selection: Selection) -> set[Quad]:
    """Return what a graph tells of the chosen facts: a graph by itself, that gives the same drawing.

    It holds, each in its named graph: the facts that are asserted as plain triples; their statements with all evidence;
    their documents with metadata, and what of the chosen things they mention; types, names and coordinates of these;
    labels and superclasses of the classes and properties used; with ``inferred``, what follows. Premises that are not
    chosen are named and not told. The triples of a CONSTRUCT are all there is, in no named graph.

    Raises QueryError as `graphwright.graph.selection.resolve` does.
    """
    if selection.construct:
        return {in_graph(triple, DefaultGraph()) for triple in constructed(graph, selection.construct)}
    chosen = choose(graph, selection)
    told = _statements(graph, chosen)
    speakers = _iris(quad.object for quad in told if quad.predicate == v.ATTRIBUTED_TO)
    things = {
        quad
        for quad in _quads(graph, chosen.entities | speakers, _THINGS)
        if selection.inferred or quad.graph_name != v.INFERRED_GRAPH
    }
    terms = {fact.property for fact in chosen.stated} | {triple.predicate.value for triple in chosen.inferred}
    terms |= _iris(quad.object for quad in things if quad.predicate == v.TYPE)
    inferred = {in_graph(triple, v.INFERRED_GRAPH) for triple in chosen.inferred}
    return told | set(_there(graph, _plain(told))) | things | inferred | set(_ontology(graph, terms))


def _statements(graph: KnowledgeGraph, chosen: Chosen) -> set[Quad]:
    """Return statements and all that hangs on them; each thing is mentioned by one of the documents at least."""
    told = set(_with_all_that_hangs_on(graph, {fact.statement for fact in chosen.stated}, chosen.entities))
    mentioned = _iris(quad.object for quad in told if quad.predicate == v.MENTIONS)
    for part in parts(chosen.entities - mentioned):
        found = graph.query(
            f"SELECT ?d ?e WHERE {{ VALUES ?e {{ {_listed(part)} }} ?d schema:mentions ?e }} ORDER BY ?d"
        )
        first = {row["e"]: row["d"] for row in reversed(list(found))}
        told.update(_with_all_that_hangs_on(graph, set(first.values()), chosen.entities))
    return told


def _with_all_that_hangs_on(graph: KnowledgeGraph, nodes: set[str], entities: frozenset[str]) -> Iterator[Quad]:
    told: set[str] = set()
    while nodes:
        onward: set[str] = set()
        for quad in _quads(graph, nodes):
            # What a document mentions beside, and how it was read, is not chosen.
            if quad.predicate in (v.LINK, v.READ_WITH):
                continue
            if quad.predicate == v.MENTIONS and not _iris([quad.object]) & entities:
                continue
            yield quad
            if quad.predicate in _ONWARD:
                onward |= _iris([quad.object])
        told |= nodes
        nodes = onward - told


def _there(graph: KnowledgeGraph, quads: Iterable[Quad]) -> Iterator[Quad]:
    """Yield those quads that the graph has: a premise may have a statement, and be no fact."""
    wanted = sorted(set(quads), key=str)
    if isinstance(graph.store, Store):
        yield from (quad for quad in wanted if quad in graph.store)
        return
    for start in range(0, len(wanted), AT_ONCE):
        part = wanted[start : start + AT_ONCE]
        rows = " ".join(f"({quad.subject} {quad.predicate} {quad.object})" for quad in part)
        found = graph.query(_FACTS.format(facts=rows))
        there = {tuple(map(str, (row.term(variable) for variable in "spog"))) for row in found}
        for quad in part:
            name = None if in_default_graph(quad) else quad.graph_name
            if tuple(map(str, (quad.subject, quad.predicate, quad.object, name))) in there:
                yield quad


def _plain(told: Iterable[Quad]) -> Iterator[Quad]:
    """Yield what statements assert, each in the graph of its statement."""
    statements: dict[NamedNode | BlankNode | Triple, dict[NamedNode, Quad]] = {}
    for quad in told:
        statements.setdefault(quad.subject, {})[quad.predicate] = quad
    for parts_of in statements.values():
        modality = parts_of.get(v.MODALITY)
        if modality is not None and modality.object == Literal("asserted") and v.ATTRIBUTED_TO not in parts_of:
            subject, predicate, object = (parts_of[part].object for part in (v.SUBJECT, v.PREDICATE, v.OBJECT))
            yield Quad(subject, predicate, object, modality.graph_name)  # type: ignore[arg-type]


def _ontology(graph: KnowledgeGraph, terms: set[str]) -> Iterator[Quad]:
    """Yield the labels of terms, and the classes above them."""
    told: set[str] = set()
    while terms:
        told |= terms
        above: set[str] = set()
        for quad in _quads(graph, terms, _TERMS):
            # Restrictions have no IRI, or one that stands for none, and would hang in the air.
            if isinstance(quad.object, NamedNode | Literal) and not quad.object.value.startswith(v.GENID):
                yield quad
                above |= _iris([quad.object]) if quad.predicate == v.SUBCLASS else set()
        terms = above - told


def _quads(graph: KnowledgeGraph, subjects: Iterable[str], predicates: Iterable[NamedNode] = ()) -> Iterator[Quad]:
    """Yield what is told of some nodes, in each named graph that tells it, or in the default graph where none does.

    ``predicates`` are those to tell, none given for all.
    """
    wanted: list[NamedNode | None] = list(predicates)
    if isinstance(graph.store, Store):  # a third of the time of queries
        for subject, predicate in product(subjects, wanted or [None]):
            found = list(graph.store.quads_for_pattern(NamedNode(subject), predicate, None, None))
            named = {quad.triple for quad in found if not in_default_graph(quad)}
            yield from (quad for quad in found if not in_default_graph(quad) or quad.triple not in named)
        return
    bound = f"VALUES ?p {{ {' '.join(map(str, predicates))} }}" if wanted else ""
    for part in parts(subjects):
        for row in graph.query(_QUADS.format(subjects=_listed(part), predicates=bound)):
            s, p, o, name = (row.term(variable) for variable in "spog")
            yield Quad(s, p, o, name or DefaultGraph())  # type: ignore[arg-type]


def _iris(terms: Iterable[object]) -> set[str]:
    return {term.value for term in terms if isinstance(term, NamedNode)}


def _listed(iris: Iterable[str]) -> str:
    return " ".join(str(NamedNode(iri)) for iri in iris)
