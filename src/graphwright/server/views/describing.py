"""What is known of an IRI, as RDF: a concise bounded description with the evidence of facts and the names around it."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from itertools import islice
from urllib.parse import urlsplit

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad

from graphwright.graph import vocabulary as v
from graphwright.graph.files import write_rdf
from graphwright.graph.terms import in_graph
from graphwright.server.negotiation import RDF_FORMATS
from graphwright.server.reader import Reader
from graphwright.server.refusal import Refusal
from graphwright.server.views.lookup import Lookup

MOST = 1_000
"""How many statements about a thing are described."""

_SELECTORS = (v.HAS_SELECTOR, v.SUBJECT_SELECTOR, v.OBJECT_SELECTOR)

MOST_TRIPLES = 100_000
"""How many triples a description has at most."""


def known_iri(reader: Reader, paths: Iterable[str]) -> tuple[str, str] | None:
    """Return the IRI that is meant by a path of this server, and "entity", "document", "fact" or "term".

    It is one of the graph that has this path, whatever its host: that of things and documents, or of a vocabulary; and
    ``/id/`` stands for what the IRIs of things begin with. ``paths`` are ways to write the path. None where there is
    none.
    """
    look = Lookup(reader)
    for path in paths:
        short = [look.base() + path.removeprefix("/id/")] if path.startswith("/id/") else []
        origins = look.once("origins", lambda: _origins(look))
        for iri in (*short, *(origin + path for origin in origins)):
            if look.exists(iri):
                return iri, kind_of(look, iri)
    return None


def _origins(look: Lookup) -> list[str]:
    spaces = [look.base(), *look.graph.prefixes.values()]
    return list(dict.fromkeys(f"{split.scheme}://{split.netloc}" for split in map(urlsplit, spaces) if split.netloc))


def kind_of(look: Lookup, iri: str) -> str:
    """Return what kind of page an IRI has: "entity", "document", "fact" or "term"."""
    node = NamedNode(iri)
    types = look.objects(node, v.TYPE)
    if v.DOCUMENT in types:
        return "document"
    if v.STATEMENT in types:
        return "fact"
    ontology = next(look.store.quads_for_pattern(node, None, None, v.ONTOLOGY_GRAPH), None)
    return "entity" if ontology is None else "term"


def described(reader: Reader, iri: str, format: str) -> bytes:
    """Return what is known of an IRI in a format of `negotiation.GRAPHS`, by its name.

    That of a document is all that it states; that of a thing its triples, the statements about it with their evidence,
    and the names of what it is tied to; that of a vocabulary all its terms. Raises Refusal (404) for an unknown IRI.
    """
    look = Lookup(reader)
    if not look.exists(iri):
        raise Refusal(404, "the graph knows nothing of it", iri, "search for it by its name")
    quads = list(dict.fromkeys(islice(_quads(look, NamedNode(iri)), MOST_TRIPLES)))
    output = io.BytesIO()
    own = NamedNode(iri)
    quads.sort(key=lambda quad: (quad.subject != own, str(quad)))
    triples = list(dict.fromkeys(quad.triple for quad in quads))
    write_rdf(quads, triples, output, RDF_FORMATS[format], look.graph.prefixes)
    return output.getvalue()


def _quads(look: Lookup, node: NamedNode) -> Iterator[Quad]:
    kind = kind_of(look, node.value)
    if kind == "document":
        yield from look.store.quads_for_pattern(None, None, None, node)
        around = [quad.object for quad in look.quads(node, v.MENTIONS)]
    elif kind == "fact":
        yield from _statement(look, node)
        around = [quad.object for quad in look.quads(node)]
    elif kind == "term":
        graph = v.ONTOLOGY_GRAPH
        if node == graph:
            yield from look.store.quads_for_pattern(None, None, None, graph)
        yield from _bounded(look, node, set())
        around = [quad.object for quad in look.quads(node)]
    else:
        yield from _bounded(look, node, set())
        around = []
        for quad in islice(_named(look, None, None, node), MOST):
            yield quad
            around.append(quad.subject)
        around += [quad.object for quad in look.quads(node)]
        for end in (v.SUBJECT, v.OBJECT):
            for statement in islice(look.subjects(end, node), MOST):
                yield from _statement(look, statement)
    for other in dict.fromkeys(one for one in around if isinstance(one, NamedNode) and one != node):
        for property in (v.LABEL, v.TYPE):
            yield from _named(look, other, property, None)


def _bounded(look: Lookup, node: NamedNode | BlankNode, seen: set[object]) -> Iterator[Quad]:
    """Yield the triples of a node, and of the nodes without a name of their own that hang on it."""
    seen.add(node)
    for quad in _named(look, node, None, None):
        yield quad
        hangs_on = isinstance(quad.object, BlankNode) or quad.predicate == v.IDENTIFICATION
        if hangs_on and isinstance(quad.object, NamedNode | BlankNode) and quad.object not in seen:
            yield from _bounded(look, quad.object, seen)


def _statement(look: Lookup, node: NamedNode) -> Iterator[Quad]:
    yield from _named(look, node, None, None)
    for evidence in look.objects(node, v.DERIVED_FROM):
        if isinstance(evidence, NamedNode):
            for quad in _named(look, evidence, None, None):
                yield quad
                if quad.predicate in _SELECTORS and isinstance(quad.object, NamedNode):
                    yield from _named(look, quad.object, None, None)


def _named(
    look: Lookup, subject: NamedNode | BlankNode | None, predicate: NamedNode | None, object: NamedNode | None
) -> Iterator[Quad]:
    """Yield quads of the named graphs; of a store without any, the triples of the default graph."""
    found = False
    for quad in look.store.quads_for_pattern(subject, predicate, object, None):
        if not isinstance(quad.graph_name, DefaultGraph):
            found = True
            yield quad
    if not found:
        for quad in look.store.quads_for_pattern(subject, predicate, object, DefaultGraph()):
            yield in_graph(quad, DefaultGraph())
