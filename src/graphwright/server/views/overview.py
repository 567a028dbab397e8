"""The graph at a glance: how much there is of what, and what came last."""

from __future__ import annotations

from pyoxigraph import NamedNode

from graphwright.graph import vocabulary as v
from graphwright.server.reader import Reader
from graphwright.server.views.documents import latest
from graphwright.server.views.lookup import Lookup, Told

_CLASSES = """
SELECT ?class (COUNT(*) AS ?n) WHERE {{ GRAPH ?graph {{ ?thing a ?class }} {condition} }} GROUP BY ?class"""
_PROPERTIES = "SELECT ?property (COUNT(*) AS ?n) WHERE { ?statement rdf:predicate ?property } GROUP BY ?property"
LATEST = 8
"""How many documents are told of."""


def overview(reader: Reader) -> Told:
    """Return {documents, entities, statements, facts, latest, classes, properties, prefixes}.

    A statement is counted in each of its documents, an asserted fact once over all. What is counted is counted once for
    each state of the graph.
    """
    look = Lookup(reader)
    told = look.once("overview", lambda: _counted(look))
    return {**told, "latest": latest(reader, 0, LATEST)["documents"], "prefixes": dict(look.graph.prefixes)}


def _counted(look: Lookup) -> Told:
    properties = {row["property"]: row["n"] for row in look.graph.query(_PROPERTIES)}
    classes = _classes(look)
    entities = sum(classes.values())
    # The union holds a fact once, however many documents state it, and what was inferred beside it.
    facts = sum(_number(look, NamedNode(property)) for property in properties)
    return {
        "documents": _count(look, "SELECT DISTINCT ?d WHERE { ?d a foaf:Document }"),
        "entities": entities,
        "statements": sum(properties.values()),
        "facts": facts,
        "classes": _listed(look, classes),
        "properties": _listed(look, properties),
    }


def _classes(look: Lookup) -> dict[str, int]:
    """Return how many things there are of each class that a thing was given, and not only inferred to have."""
    things = NamedNode(f"{look.base()}entities") if look.base() else None
    if things is not None and any(look.store.quads_for_pattern(None, v.TYPE, None, things)):
        condition = f"FILTER (?graph = {things})"
    else:
        condition = "?document schema:mentions ?thing"
    found = look.graph.query(_CLASSES.format(condition=condition))
    return {row["class"]: row["n"] for row in found if row["class"] != v.IDENTIFICATION_CLASS.value}


def _number(look: Lookup, property: NamedNode) -> int:
    stated = f"SELECT DISTINCT ?s ?o WHERE {{ ?s {property} ?o }}"
    inferred = f"SELECT ?s ?o WHERE {{ GRAPH {v.INFERRED_GRAPH} {{ ?s {property} ?o }} }}"
    return _count(look, stated) - _count(look, inferred)


def _count(look: Lookup, query: str) -> int:
    return next(int(row["n"]) for row in look.graph.query(f"SELECT (COUNT(*) AS ?n) WHERE {{ {{ {query} }} }}"))


def _listed(look: Lookup, numbers: dict[str, int]) -> list[Told]:
    told = [{**look.term(iri), "count": number} for iri, number in numbers.items()]
    return sorted(told, key=lambda one: (-one["count"], one["label"], one["iri"]))
