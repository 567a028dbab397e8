"""Validation: which facts break the shapes of an ontology (SHACL, by pySHACL), and the sentences that state them.

pySHACL is given what is asserted and the classes of things, no provenance and no documents. Most shapes look at nothing
but the class of a thing, of which there are few: those are asked once for each set of classes, not for each thing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import rdflib
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store, Triple
from rdflib.namespace import OWL, RDF, RDFS, SH
from rdflib.term import BNode, Node, URIRef

from graphwright.errors import OntologyError
from graphwright.graph import vocabulary as v
from graphwright.graph.assembly import is_provenance
from graphwright.graph.explanation import Evidence, evidence_of
from graphwright.graph.files import in_default_graph
from graphwright.graph.knowledge import KnowledgeGraph
from graphwright.ontology.shapes import (
    check_shapes,
    classes_above,
    owner,
    parts_of,
    query_terms,
    shapes,
    written_shapes,
)

if TYPE_CHECKING:
    from pyshacl import Shape

Fact = tuple[Node, Node, Node]
"""A fact as pySHACL sees it: terms of rdflib."""

_NOT_SAID = frozenset({v.ONTOLOGY_GRAPH, v.INFERRED_GRAPH})
"""Graphs of what no document says."""

_CLASS_ALONE = frozenset({SH["class"], SH["or"], SH["and"], SH["not"], SH.xone, SH.datatype, SH.nodeKind})
_BESIDE = frozenset(
    {RDF.type, RDF.first, RDF.rest, SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf, SH.message, SH.severity}
)
"""What a shape may have beside constraints without looking at anything but the class of a thing."""

_ON_VALUES = frozenset({*_CLASS_ALONE, SH.path, SH.disjoint, SH.maxCount, SH.qualifiedValueShape, SH.qualifiedMaxCount})
"""What a property shape may have that holds of whatever has no value."""

_SEVERITIES = ("Violation", "Warning", "Info")


@dataclass(frozen=True, slots=True)
class Violation:
    """What breaks a shape.

    ``focus`` is the IRI of the thing, or the lexical form of a literal, that the shape is about; ``value`` that of what
    is wrong there, "" where it is no single one. ``property`` is the IRI of the property concerned, "" where it is none
    or several. ``severity`` is "Violation", or "Warning" or "Info" for what may be right. ``shape`` is the IRI of the
    shape, "" where it has none. ``evidence`` are the places that assert the facts which break it; for a thing of
    contradictory classes, where something is said of it.
    """

    focus: str
    property: str
    value: str
    message: str
    severity: str
    shape: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class _Target:
    """A shape with what it is about: subjects and objects of properties, instances of classes, and single nodes.

    With ``only`` it can be broken by what has one of these properties alone. ``asks`` says that it holds queries.
    """

    shape: Shape
    subjects_of: frozenset[Node]
    objects_of: frozenset[Node]
    classes: frozenset[Node]
    nodes: frozenset[Node]
    class_alone: bool
    only: frozenset[Node]
    asks: bool

    def focus(self, data: rdflib.Graph) -> set[Node]:
        """Return the nodes of a graph, in which things have all their classes, that the shape is about."""
        found = set(self.nodes)
        for property in self.subjects_of:
            found.update(data.subjects(property, None))
        for property in self.objects_of:
            found.update(data.objects(None, property))
        for cls in self.classes:
            found.update(data.subjects(RDF.type, cls))
        if self.only and self.classes:
            found.intersection_update(thing for property in self.only for thing in data.subjects(property, None))
        return found


@dataclass(frozen=True, slots=True)
class _Result:
    """A result of pySHACL with the facts that break the shape; ``most`` is how many of them might stand."""

    focus: Node
    path: Node | None
    value: Node | None
    message: str
    severity: str
    shape: Node
    facts: tuple[Fact, ...]
    most: int


class Checker:
    """The shapes of an ontology, derived and written, compiled once for any number of graphs.

    ``triples`` are those of the ontology files, with any further shapes. ``where`` names the place of a shape, given
    by its IRI, and of a text in it, for errors: see `graphwright.ontology.shapes.placed_in`.

    Raises OntologyError for a broken shape.
    """

    def __init__(self, triples: Iterable[Fact], where: Callable[[str, str], str] | None = None) -> None:
        import pyshacl
        from pyshacl.errors import ReportableRuntimeError
        from pyshacl.pytypes import SHACLExecutor

        known = list(triples)
        check_shapes(written_shapes(known), where or (lambda shape, _: f"the shape {shape or 'without a name'}"))
        self.shapes = shapes(known)
        try:
            self._graph = pyshacl.ShapesGraph(self.shapes)
            targets = [_target(shape, self.shapes) for shape in self._graph.shapes]
        except (ReportableRuntimeError, RuntimeError) as error:
            raise OntologyError(f"broken shapes: {error}", "the shapes of the ontology", "mend them") from error
        targets.sort(key=lambda target: str(target.shape.node))
        # Most nodes of shapes hang on others, and have no targets.
        self._targets = [one for one in targets if one.subjects_of or one.objects_of or one.classes or one.nodes]
        self._executor = SHACLExecutor()
        mentioned = {term for triple in self.shapes for term in triple} | query_terms(self.shapes)
        self.properties = {URIRef(term) for term in mentioned if isinstance(term, URIRef)}
        self._classes = {
            cls: tuple(sorted(URIRef(upper) for upper in above if URIRef(upper) in self.properties))
            for cls, above in classes_above(known).items()
        }
        self._conforming: dict[tuple[Node, frozenset[Node]], bool] = {}

    @property
    def classes(self) -> Mapping[str, tuple[URIRef, ...]]:
        """The classes of the ontology, each with those above it, itself among them, that a shape speaks of."""
        return self._classes

    def check(self, data: rdflib.Graph) -> list[Any]:
        """Return the results of pySHACL for a graph of facts and of classes with all that are above them."""
        classes: dict[Node, frozenset[Node]] = {}
        for thing, cls in data.subject_objects(RDF.type):
            classes[thing] = classes.get(thing, frozenset()) | {cls}
        found: list[Any] = []
        engine = None
        for target in self._targets:
            focus = target.focus(data)
            if target.class_alone:
                focus = {node for node in focus if not self._fits(target.shape, node, classes.get(node), data)}
            if focus and target.asks:
                engine = engine or _in_oxigraph(data)
            if focus:
                found += self._run(target.shape, engine if target.asks else data, sorted(focus, key=str))
        return found

    def _fits(self, shape: Shape, node: Node, classes: frozenset[Node] | None, data: rdflib.Graph) -> bool:
        """Whether a thing of some classes conforms to a shape that looks at nothing else."""
        if classes is None:
            return False
        key = (shape.node, classes)
        if key not in self._conforming:
            self._conforming[key] = not self._run(shape, data, [node])
        return self._conforming[key]

    def _run(self, shape: Shape, data: Any, focus: list[Any]) -> list[Any]:
        from pyshacl.errors import ReportableRuntimeError

        try:
            reports: list[Any] = shape.validate(self._executor, data, focus=focus)[1]
        except (ReportableRuntimeError, NotImplementedError) as error:
            raise OntologyError(f"a shape cannot be used: {error}", f"the shape {shape.node}", "mend it") from error
        return reports

    def report(self, found: list[Any]) -> rdflib.Graph:
        """Return the standard validation report of results."""
        from pyshacl import Validator

        report: rdflib.Graph = Validator.create_validation_report(self._graph, not found, found)[0]
        return report

    def results(self, data: rdflib.Graph) -> Iterator[_Result]:
        """Yield what breaks a shape, with the facts that do."""
        found = self.check(data)
        report = self.report(found) if found else rdflib.Graph()
        for result in report.objects(None, SH.result):
            focus, path, value = (report.value(result, part) for part in (SH.focusNode, SH.resultPath, SH.value))
            shape = report.value(result, SH.sourceShape)
            assert focus is not None
            assert shape is not None
            most = next(
                (int(str(n)) for p in (SH.maxCount, SH.qualifiedMaxCount) for n in self.shapes.objects(shape, p)), 0
            )
            yield _Result(
                focus=focus,
                path=path,
                value=value,
                message=min((str(one) for one in report.objects(result, SH.resultMessage)), default=""),
                severity=str(report.value(result, SH.resultSeverity)).removeprefix(str(SH)),
                shape=shape,
                facts=tuple(sorted(set(self._facts(data, shape, focus, path, value)))),
                most=most,
            )

    def _facts(
        self, data: rdflib.Graph, shape: Node, focus: Node, path: Node | None, value: Node | None
    ) -> Iterator[Fact]:
        """Yield the facts that break a shape at a node."""
        apart = list(self.shapes.objects(shape, SH.disjoint))
        if apart:
            yield from (fact for p in apart for fact in data.triples((focus, p, value)))
            return
        if path is None and (shape, SH.sparql, None) not in self.shapes:
            for p in self.shapes.objects(shape, SH.targetSubjectsOf):
                yield from data.triples((focus, p, None))
            for p in self.shapes.objects(shape, SH.targetObjectsOf):
                yield from data.triples((None, p, focus))
            return
        spoken = {path, *parts_of(self.shapes, shape), *query_terms(self.shapes, shape)} - {RDF.type, None}
        near = [fact for p in spoken for fact in data.triples((focus, p, None))]
        near += (
            [fact for p in spoken for fact in data.triples((None, p, focus))] if not isinstance(path, URIRef) else []
        )
        exact = [fact for fact in near if value in (fact[0], fact[2]) and value != focus]
        counted = self.shapes.value(shape, SH.qualifiedValueShape)
        if counted is not None:
            kind = self._graph.lookup_shape_from_node(counted)
            near = [fact for fact in near if not self._run(kind, data, [fact[2]])]
        yield from exact if exact and path is not None else near


def validate(graph: KnowledgeGraph, checker: Checker | None = None) -> list[Violation]:
    """Return what in a graph breaks the shapes of its own ontology, or those of ``checker``: the worst first.

    Only what documents assert is looked at. Raises OntologyError for a broken shape.
    """
    used = checker or Checker(ontology_of(graph))
    results = list(used.results(_data(graph, used)))
    facts = {_triple(fact) for result in results for fact in result.facts}
    told: dict[Triple, list[Evidence]] = evidence_of(graph, facts)
    bare = {result.focus for result in results if not result.facts}
    about = {node: _said_of(graph, node) for node in bare}
    found = (
        Violation(
            focus=str(result.focus),
            property=_property(result),
            value="" if result.value is None else str(result.value),
            message=result.message,
            severity=result.severity,
            shape=owner(used.shapes, result.shape),
            evidence=tuple(one for fact in result.facts for one in told.get(_triple(fact), ()))
            or tuple(about.get(result.focus, ())),
        )
        for result in results
    )
    return sorted(set(found), key=_order)


def report(graph: KnowledgeGraph, checker: Checker | None = None) -> rdflib.Graph:
    """Return the standard SHACL validation report (sh:ValidationReport) of a graph. See `validate`."""
    used = checker or Checker(ontology_of(graph))
    return used.report(used.check(_data(graph, used)))


def document_violations(quads: Iterable[Quad], types: Iterable[Triple], checker: Checker) -> dict[Triple, str]:
    """Return which of the asserted facts of one document break a shape, each with the message.

    ``quads`` are those of the document's graph, with its statements; ``types`` tell the classes of its things. Of facts
    that cannot all hold, as two birthplaces, those stay that are surer than the others. Warnings do not count.
    """
    plain: set[Triple] = set()
    told: dict[Any, dict[NamedNode, Any]] = {}
    for quad in quads:
        plain.add(quad.triple)
        if quad.predicate in _TOLD:
            told.setdefault(quad.subject, {})[quad.predicate] = quad.object
    facts: dict[Triple, float] = {}
    for parts in told.values():
        if all(part in parts for part in _FACT):
            fact = Triple(*(parts[part] for part in _FACT))
            if fact in plain:
                facts[fact] = max(facts.get(fact, 0.0), float(getattr(parts.get(v.CONFIDENCE), "value", 0)))
    # The simplest of rdflib's stores takes half the time for a document, and far too long for a large graph.
    data = rdflib.Graph(store="SimpleMemory", bind_namespaces="none")
    for fact in facts:
        data.add((_node(fact.subject), _node(fact.predicate), _node(fact.object)))
    things = {term for fact in facts for term in (fact.subject, fact.object)}
    _add_classes(data, ((t.subject, t.object) for t in types if t.predicate == v.TYPE and t.subject in things), checker)
    wrong: dict[Triple, str] = {}
    for result in checker.results(data):
        if result.severity == "Violation":
            found = {_triple(fact): facts[_triple(fact)] for fact in result.facts}
            for fact in _surplus(found, result.most):
                wrong.setdefault(fact, result.message)
    return wrong


_FACT = (v.SUBJECT, v.PREDICATE, v.OBJECT)
_TOLD = frozenset({*_FACT, v.CONFIDENCE})


def _surplus(facts: Mapping[Triple, float], most: int) -> list[Triple]:
    """All facts but the ``most`` surest; where it is even who is among these, neither is."""
    ranked = sorted(facts.values(), reverse=True)
    bar = ranked[most] if 0 < most < len(ranked) else 1.0
    return [fact for fact, confidence in sorted(facts.items(), key=str) if confidence <= bar]


def ontology_of(graph: KnowledgeGraph) -> list[Fact]:
    """Return the triples of the ontology that is kept with a graph."""
    quads = graph.store.quads_for_pattern(None, None, None, v.ONTOLOGY_GRAPH)
    return [(_node(quad.subject), _node(quad.predicate), _node(quad.object)) for quad in quads]


def _target(shape: Shape, graph: rdflib.Graph) -> _Target:
    node = shape.node
    subjects_of, objects_of, classes, nodes = (
        frozenset(graph.objects(node, p))
        for p in (SH.targetSubjectsOf, SH.targetObjectsOf, SH.targetClass, SH.targetNode)
    )
    if not {OWL.Class, RDFS.Class}.isdisjoint(graph.objects(node, RDF.type)):  # "implicit class targets"
        classes |= {node}
    said = set(parts_of(graph, node, predicates=True))
    class_alone = said <= _CLASS_ALONE | _BESIDE
    return _Target(shape, subjects_of, objects_of, classes, nodes, class_alone, _only(graph, node), SH.sparql in said)


def _in_oxigraph(data: rdflib.Graph) -> Any:
    """Return the graph as pySHACL sees one in Oxigraph, which answers a query of a shape many times faster."""
    from pyshacl.graph_abstraction import DataGraph

    store = Store()
    store.bulk_extend(Quad(*map(_term, fact)) for fact in data)
    return DataGraph.from_oxigraph_store(store)


def _only(graph: rdflib.Graph, shape: Node) -> frozenset[Node]:
    """Return the properties without which nothing breaks a shape, none where something may."""
    inner = list(graph.objects(shape, SH.property))
    on_values = all(set(graph.predicates(one, None)) <= _ON_VALUES | _BESIDE for one in inner)
    paths = frozenset(path for one in inner for path in graph.objects(one, SH.path))
    simple = all(isinstance(path, URIRef) for path in paths)
    alone = _BESIDE | {SH.property} >= set(graph.predicates(shape, None))
    return paths if on_values and simple and alone else frozenset()


def _data(graph: KnowledgeGraph, checker: Checker) -> rdflib.Graph:
    """What pySHACL is to see of a graph."""
    data = rdflib.Graph(bind_namespaces="none")
    stated = {row["p"] for row in graph.query("SELECT DISTINCT ?p WHERE { ?statement rdf:predicate ?p }")}
    for property in sorted({*stated, *map(str, checker.properties)} - {v.TYPE.value}):
        for quad in _said(graph, NamedNode(property), None):
            if not is_provenance(quad.subject):
                data.add((_node(quad.subject), _node(quad.predicate), _node(quad.object)))
    classes = (NamedNode(cls) for cls, above in checker.classes.items() if above)
    types = ((quad.subject, quad.object) for cls in classes for quad in _said(graph, v.TYPE, cls))
    _add_classes(data, types, checker)
    return data


def _said(graph: KnowledgeGraph, property: NamedNode, object: NamedNode | None) -> Iterator[Quad]:
    """Yield what is in the graphs of documents and things; where there are no named graphs, what is there at all."""
    found = list(graph.store.quads_for_pattern(None, property, object, None))
    named = [q for q in found if not in_default_graph(q)]
    yield from (q for q in named or found if q.graph_name not in _NOT_SAID)


def _add_classes(data: rdflib.Graph, types: Iterable[tuple[Any, Any]], checker: Checker) -> None:
    for thing, cls in types:
        for above in checker.classes.get(cls.value, ()):
            data.add((_node(thing), RDF.type, above))


def _said_of(graph: KnowledgeGraph, node: Node) -> list[Evidence]:
    """Return the first places that assert something of a thing."""
    thing = _term(node)
    if isinstance(thing, Literal):
        return []
    quads = graph.store.quads_for_pattern(thing, None, None, None)
    facts = sorted({quad.triple for quad in quads}, key=str)[:50]
    told = evidence_of(graph, facts)
    return [one for fact in facts for one in told.get(fact, ())][:3]


def _property(result: _Result) -> str:
    if isinstance(result.path, URIRef):
        return str(result.path)
    properties = {str(fact[1]) for fact in result.facts}
    return properties.pop() if len(properties) == 1 else ""


def _order(violation: Violation) -> tuple[int, str, str, str, str]:
    rank = _SEVERITIES.index(violation.severity) if violation.severity in _SEVERITIES else len(_SEVERITIES)
    return (rank, violation.shape, violation.focus, violation.value, violation.message)


# ---- terms ----


def _node(term: Any) -> Node:
    if isinstance(term, NamedNode):
        return URIRef(term.value)
    if isinstance(term, Literal):
        datatype = None if term.language else URIRef(term.datatype.value)
        return rdflib.Literal(term.value, lang=term.language, datatype=datatype, normalize=False)
    return BNode(term.value)


def _term(node: Node) -> Any:
    if isinstance(node, URIRef):
        return NamedNode(str(node))
    if isinstance(node, rdflib.Literal):
        if node.language:
            return Literal(str(node), language=node.language)
        return Literal(str(node), datatype=NamedNode(str(node.datatype))) if node.datatype else Literal(str(node))
    return BlankNode(str(node))


def _triple(fact: Fact) -> Triple:
    return Triple(*map(_term, fact))
