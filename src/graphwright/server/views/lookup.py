"""Quick answers about single nodes: each reads what stands at one place in the indexes of the store.

A query of SPARQL with as many optional parts as people want to see would read whole indexes for a single fact.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeVar

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Store

from graphwright.graph import vocabulary as v
from graphwright.graph.terms import Term, local_name
from graphwright.server.reader import Reader
from graphwright.server.refusal import Refusal

T = TypeVar("T")
Told = dict[str, Any]
"""What is told of something, as JSON can hold it."""

SUBCLASS = NamedNode(v.RDFS + "subClassOf")
_UNION = DefaultGraph()


class Lookup:
    """What a graph tells of its nodes, with what was asked already kept for the time of one request."""

    def __init__(self, reader: Reader) -> None:
        self.graph = reader.graph
        self.once = reader.once
        assert isinstance(self.graph.store, Store)
        self.store = self.graph.store
        # A store that another program filled has no union in its default graph.
        union = self.once("union", lambda: next(self.store.quads_for_pattern(None, None, None, _UNION), None))
        self._where = None if union is None else _UNION
        self._refs: dict[str, Told] = {}
        self._documents: dict[str, Told] = {}
        self._dates: dict[str, str] = {}

    def quads(
        self, subject: NamedNode | BlankNode | None, predicate: NamedNode | None = None, object: Term | None = None
    ) -> Iterator[Quad]:
        """Yield what any graph states; in a store of another program as often as graphs state it."""
        return self.store.quads_for_pattern(subject, predicate, object, self._where)

    def named(
        self, subject: NamedNode | None, predicate: NamedNode, object: Term | None = None
    ) -> Iterator[tuple[Quad, str]]:
        """Yield what named graphs state, each with the IRI of its graph."""
        for quad in self.store.quads_for_pattern(subject, predicate, object, None):
            if isinstance(quad.graph_name, NamedNode):
                yield quad, quad.graph_name.value

    def objects(self, subject: NamedNode | BlankNode, predicate: NamedNode) -> list[Term]:
        """Return the objects, each once, sorted."""
        return sorted({quad.object for quad in self.quads(subject, predicate)}, key=str)

    def subjects(self, predicate: NamedNode, object: Term) -> Iterator[NamedNode]:
        """Yield the subjects that are IRIs, each once."""
        seen = set()
        for quad in self.quads(None, predicate, object):
            if isinstance(quad.subject, NamedNode) and quad.subject not in seen:
                seen.add(quad.subject)
                yield quad.subject

    def parts(self, subject: NamedNode) -> dict[NamedNode, Term]:
        """Return what a node has by predicate, of several objects the first."""
        found: dict[NamedNode, Term] = {}
        for quad in self.quads(subject):
            known = found.get(quad.predicate)
            if known is None or (quad.object != known and str(quad.object) < str(known)):
                found[quad.predicate] = quad.object
        return found

    def first(self, subject: NamedNode | BlankNode, predicate: NamedNode) -> Term | None:
        """Return the first of the objects, None where there is none."""
        return next(iter(self.objects(subject, predicate)), None)

    def text(self, subject: NamedNode | BlankNode, predicate: NamedNode) -> str:
        """Return the first of the objects as a text, "" where there is none."""
        return text_of(self.first(subject, predicate))

    def label(self, iri: str) -> str:
        """Return the name of a node in English or in no language; the end of its IRI where it has none."""
        labels = [found for found in self.objects(NamedNode(iri), v.LABEL) if isinstance(found, Literal)]
        fitting = [found.value for found in labels if found.language in (None, "en")]
        return min(fitting or [found.value for found in labels], default=local_name(iri))

    def ref(self, iri: str) -> Told:
        """Return a thing as others refer to it: {iri, label, class, class_label}."""
        if iri not in self._refs:
            cls = self.class_of(iri)
            self._refs[iri] = {
                "iri": iri,
                "label": self.label(iri),
                "class": cls,
                "class_label": self.term(cls)["label"] if cls else "",
            }
        return self._refs[iri]

    def term(self, iri: str) -> Told:
        """Return a class or property: {iri, label}."""
        labels = self.once("labels", dict[str, str])
        if iri not in labels:
            labels[iri] = self.label(iri)
        return {"iri": iri, "label": labels[iri]}

    def object(self, term: Term) -> Told:
        """Return the object of a fact: a thing, or {value, datatype, language}."""
        if isinstance(term, NamedNode):
            return self.ref(term.value)
        if isinstance(term, Literal):
            return {"value": term.value, "datatype": term.datatype.value, "language": term.language or ""}
        return {"value": str(term), "datatype": "", "language": ""}

    def class_of(self, iri: str) -> str:
        """Return the IRI of the most specific class of a thing, "" where it has none; what was inferred counts last."""
        stated: set[str] = set()
        every: set[str] = set()
        for quad in self.store.quads_for_pattern(NamedNode(iri), v.TYPE, None, None):
            if isinstance(quad.object, NamedNode):
                every.add(quad.object.value)
                if isinstance(quad.graph_name, NamedNode) and quad.graph_name != v.INFERRED_GRAPH:
                    stated.add(quad.object.value)
        classes = stated or every
        above = {upper for cls in classes for upper in self.above(cls)}
        return min(classes - above or classes, default="")

    def above(self, cls: str) -> tuple[str, ...]:
        """Return the classes above a class that have a name in the ontology, the nearest first."""
        known = self.once("above", dict[str, tuple[str, ...]])
        if cls not in known:
            found: dict[str, None] = {}
            todo = [cls]
            for one in todo:
                for upper in self.objects(NamedNode(one), SUBCLASS):
                    if isinstance(upper, NamedNode) and upper.value not in found and upper.value != cls:
                        found[upper.value] = None
                        todo.append(upper.value)
            known[cls] = tuple(iri for iri in found if self.first(NamedNode(iri), v.LABEL) is not None)
        return known[cls]

    def document(self, iri: str) -> Told:
        """Return a document as others refer to it: {iri, id, title, date, source}."""
        if iri not in self._documents:
            node = NamedNode(iri)
            told = {"id": v.IDENTIFIER, "title": v.TITLE, "date": v.DATE, "source": v.SOURCE}
            found = {name: self.text(node, property) for name, property in told.items()}
            self._documents[iri] = {"iri": iri, **found, "id": found["id"] or iri}
        return self._documents[iri]

    def date(self, document: str) -> str:
        """Return the date of a document alone: sorting many needs no more."""
        if document not in self._dates:
            self._dates[document] = self.text(NamedNode(document), v.DATE) if document else ""
        return self._dates[document]

    def coordinates(self, iri: str) -> Told | None:
        """Return where a thing is on the earth: {lat, long} in degrees."""
        node = NamedNode(iri)
        try:
            found = {"lat": float(self.text(node, v.LATITUDE)), "long": float(self.text(node, v.LONGITUDE))}
        except ValueError:
            return None
        return found if -90 <= found["lat"] <= 90 and -180 <= found["long"] <= 180 else None

    def exists(self, iri: str) -> bool:
        """Whether the graph tells anything of an IRI."""
        try:
            node = NamedNode(iri)
        except ValueError:
            return False
        return any(self.quads(node)) or any(self.quads(None, None, node))

    def base(self) -> str:
        """Return what the IRIs of things and documents begin with."""

        def find() -> str:
            document = next(self.subjects(v.TYPE, v.DOCUMENT), None)
            return document.value.rpartition("document/")[0] if document is not None else ""

        return self.once("base", find)

    def resolve(self, given: Mapping[str, str]) -> str:
        """Return the IRI that is given by ``iri`` or, as its end, by ``id``. Raises Refusal (404) for another."""
        name = given.get("iri") or given.get("id", "")
        for candidate in [name] if "iri" in given else [self.base() + name, name]:
            if self.exists(candidate):
                return candidate
        raise Refusal(404, "the graph knows nothing of it", name or "no IRI was given", "search for it by its name")


def text_of(term: Term | None) -> str:
    """Return the lexical form of a literal, or an IRI; "" for nothing."""
    return str(getattr(term, "value", "" if term is None else term))


def unique(items: Iterable[T]) -> list[T]:
    """Return the items, each once, in their order."""
    return list(dict.fromkeys(items))
