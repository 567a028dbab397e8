"""Terms of the ontology: what a class or property means, and what there is of it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from pyoxigraph import NamedNode

from graphwright.graph import vocabulary as v
from graphwright.graph.terms import local_name
from graphwright.server.reader import Reader
from graphwright.server.views.facts import statement, told_fact
from graphwright.server.views.lookup import SUBCLASS, Lookup, Told

COMMENT = NamedNode(v.RDFS + "comment")
DOMAIN = NamedNode(v.RDFS + "domain")
RANGE = NamedNode(v.RDFS + "range")
SUBPROPERTY = NamedNode(v.RDFS + "subPropertyOf")


_KINDS = (("classes", "Class"), ("properties", "ObjectProperty"), ("properties", "DatatypeProperty"))


def ontology(reader: Reader) -> Told:
    """Return {iri, classes, properties}: the terms of the ontology in the graph, each {iri, label, name, comment}, by
    their labels; ``name`` is the end of the IRI."""
    look = Lookup(reader)
    found: dict[str, dict[str, Told]] = {"classes": {}, "properties": {}}
    for kind, cls in _KINDS:
        for quad in look.store.quads_for_pattern(None, v.TYPE, NamedNode(v.OWL + cls), v.ONTOLOGY_GRAPH):
            if isinstance(quad.subject, NamedNode):
                told = {**look.term(quad.subject.value), "name": local_name(quad.subject.value)}
                found[kind][told["iri"]] = {**told, "comment": look.text(quad.subject, COMMENT)}
    listed = {kind: sorted(terms.values(), key=lambda one: (one["label"], one["iri"])) for kind, terms in found.items()}
    return {"iri": v.ONTOLOGY_GRAPH.value, **listed}


def term(reader: Reader, given: dict[str, str], offset: int, limit: int) -> Told:
    """Return {iri, label, comment, above, below, domain, range, things, facts, more} of a class or property.

    ``things`` are those that were given the class, ``facts`` those that the property says: ``limit`` of them from
    ``offset`` on; ``more`` tells whether others follow. Raises Refusal (404) where the graph knows no such term.
    """
    look = Lookup(reader)
    node = NamedNode(look.resolve(given))
    things = [thing.value for thing in islice(look.subjects(v.TYPE, node), offset, offset + limit + 1)]
    statements = list(islice(look.subjects(v.PREDICATE, node), offset, offset + limit + 1))
    found = [statement(look, one) for one in statements[:limit]]
    return {
        **look.term(node.value),
        "comment": look.text(node, COMMENT),
        "above": _terms(look, [one for p in (SUBCLASS, SUBPROPERTY) for one in look.objects(node, p)]),
        "below": _terms(look, [one for p in (SUBCLASS, SUBPROPERTY) for one in look.subjects(p, node)]),
        "domain": _terms(look, look.objects(node, DOMAIN)),
        "range": _terms(look, look.objects(node, RANGE)),
        "things": [look.ref(thing) for thing in things[:limit]],
        "facts": [told_fact(look, [one], most=1) for one in found if one is not None],
        "more": max(len(things), len(statements)) > limit,
    }


def _terms(look: Lookup, nodes: Sequence[object]) -> list[Told]:
    """Return the terms among some nodes, by their names; what is made of other terms is left out."""
    found = [look.term(node.value) for node in nodes if isinstance(node, NamedNode)]
    return sorted(found, key=lambda one: (one["label"], one["iri"]))
