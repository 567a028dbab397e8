"""What one can write queries with: classes, properties and prefixes of a graph, and queries to begin with."""

from __future__ import annotations

from pyoxigraph import NamedNode

from graphwright.graph import vocabulary as v
from graphwright.server.reader import Reader
from graphwright.server.views.lookup import Lookup, Told
from graphwright.server.views.overview import overview

_COMMENT = NamedNode(v.RDFS + "comment")

_TERMS = """
SELECT DISTINCT ?term ?kind WHERE {
  { ?term a owl:Class BIND ("classes" AS ?kind) } UNION
  { ?term a owl:ObjectProperty BIND ("properties" AS ?kind) } UNION
  { ?term a owl:DatatypeProperty BIND ("properties" AS ?kind) }
  FILTER (isIRI(?term))
}"""

QUERIES = (
    (
        "How many things there are of each class",
        "SELECT ?class (COUNT(DISTINCT ?thing) AS ?things) WHERE {\n  ?document schema:mentions ?thing .\n"
        "  ?thing a/rdfs:label ?class\n} GROUP BY ?class ORDER BY DESC(?things)",
    ),
    (
        "How many documents there are of each year",
        "SELECT ?year (COUNT(?document) AS ?documents) WHERE {\n  ?document a foaf:Document ; dcterms:date ?date\n"
        "  BIND (SUBSTR(STR(?date), 1, 4) AS ?year)\n} GROUP BY ?year ORDER BY ?year",
    ),
    (
        "A part of the graph, to be drawn",
        "CONSTRUCT { ?subject ?property ?object } WHERE {\n  ?statement rdf:subject ?subject ; "
        'rdf:predicate ?property ; rdf:object ?object ;\n    gw:modality "asserted"\n  '
        "FILTER (isIRI(?object))\n} LIMIT 100",
    ),
)
"""Queries for any graph, each with what it asks in words."""


def terms(reader: Reader) -> Told:
    """Return {classes, properties, prefixes, base}; a term is {iri, label, comment, count}, those used most first.

    All terms of the ontology are told of, and those that only the graph uses. IRIs of things begin with ``base``.
    """
    look = Lookup(reader)
    counted = overview(reader)
    found: dict[str, dict[str, int]] = {"classes": {}, "properties": {}}
    for kind, used in found.items():
        used.update((one["iri"], one["count"]) for one in counted[kind])
    for row in look.graph.query(_TERMS):
        found[row["kind"]].setdefault(row["term"], 0)
    told = {
        kind: sorted(
            ({**look.term(iri), "comment": look.text(NamedNode(iri), _COMMENT), "count": n} for iri, n in used.items()),
            key=lambda one: (-one["count"], one["label"], one["iri"]),
        )
        for kind, used in found.items()
    }
    return {**told, "prefixes": counted["prefixes"], "base": look.base()}
