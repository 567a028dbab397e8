"""The part of a graph that a selection chooses, as RDF: a graph of its own, in which every fact keeps its sentence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple

from graphwright.graph import KnowledgeGraph, Selection
from graphwright.graph import vocabulary as v
from graphwright.graph.selection import Chosen, choose, constructed, parts
from graphwright.graph.terms import in_graph

_QUADS = """
SELECT DISTINCT ?s ?p ?o ?g WHERE {{
  VALUES ?s {{ {subjects} }}
  ?s ?p ?o
  OPTIONAL {{ GRAPH ?g {{ ?s ?p ?o }} }}
}}"""

_ONWARD = {
    *(v.DERIVED_FROM, v.HAS_SELECTOR, v.SUBJECT_SELECTOR, v.OBJECT_SELECTOR, v.HAS_SOURCE, v.ADDITIONAL_PROPERTY)
}
"""What leads from a statement to its evidence, and on to places, documents and their metadata."""

_THINGS = {v.TYPE, v.LABEL, v.ALT_LABEL, v.SAME_AS, v.NOTATION, v.LATITUDE, v.LONGITUDE}
"""What is told of a thing that is no fact of a document."""

_TERMS = {v.TYPE, v.LABEL, v.SUBCLASS}
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
        for quad in _quads(graph, chosen.entities | speakers)
        if quad.predicate in _THINGS and (selection.inferred or quad.graph_name != v.INFERRED_GRAPH)
    }
    terms = {fact.property for fact in chosen.stated} | {triple.predicate.value for triple in chosen.inferred}
    terms |= _iris(quad.object for quad in things if quad.predicate == v.TYPE)
    inferred = {in_graph(triple, v.INFERRED_GRAPH) for triple in chosen.inferred}
    return told | set(_plain(told)) | things | inferred | set(_ontology(graph, terms))


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


def _plain(told: Iterable[Quad]) -> Iterator[Quad]:
    """Yield the facts that statements assert, each in the graph of its statement."""
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
        for quad in _quads(graph, terms):
            # Restrictions have no IRI, and would hang in the air.
            if quad.predicate in _TERMS and isinstance(quad.object, NamedNode | Literal):
                yield quad
                above |= _iris([quad.object]) if quad.predicate == v.SUBCLASS else set()
        terms = above - told


def _quads(graph: KnowledgeGraph, subjects: Iterable[str]) -> Iterator[Quad]:
    """Yield what is told of some nodes, in each graph that tells it."""
    for part in parts(subjects):
        for row in graph.query(_QUADS.format(subjects=_listed(part))):
            subject, predicate, object, name = (row.term(variable) for variable in "spog")
            yield Quad(subject, predicate, object, name or DefaultGraph())  # type: ignore[arg-type]


def _iris(terms: Iterable[object]) -> set[str]:
    return {term.value for term in terms if isinstance(term, NamedNode)}


def _listed(iris: Iterable[str]) -> str:
    return " ".join(str(NamedNode(iri)) for iri in iris)
