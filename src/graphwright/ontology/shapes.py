"""SHACL shapes: those that follow from the axioms of an ontology, and those that stand in its files.

A shape says what cannot be, never what is missing, for a text does not tell all: the least number of a cardinality
gives none. What is derived is SHACL Core (https://www.w3.org/TR/shacl/), without SPARQL.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import combinations
from pathlib import Path

from pyparsing import ParseException
from rdflib import Graph
from rdflib.collection import Collection
from rdflib.namespace import OWL, RDF, RDFS, SH
from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.sparql import Query
from rdflib.term import BNode, Literal, Node, URIRef

from graphwright.errors import OntologyError
from graphwright.ontology.checks import did_you_mean
from graphwright.ontology.loader import (
    TURTLE,
    alternatives,
    ancestors_in,
    is_datatype,
    label_of,
    listed,
    parents_in,
    properties_in,
    read_turtle,
    with_steady_nodes,
)
from graphwright.ontology.rules import outside_of, terms_in
from graphwright.ontology.terms import local

SHAPE = "https://w3id.org/graphwright/shape/"
"""Namespace of the derived shapes: a shape's IRI is this, the local name of its term, and what it is about."""

_DATATYPES = {"date": "day", "gYearMonth": "month", "gYear": "year", "string": "text"}
_AT_MOST = (OWL.maxCardinality, OWL.cardinality, OWL.maxQualifiedCardinality, OWL.qualifiedCardinality)

_Parts = Mapping[URIRef, "Node | _Parts | tuple[_Parts, ...]"]
"""What a node of a shapes graph has: terms, further blank nodes, and lists of such."""


def shapes(triples: Iterable[tuple[Node, Node, Node]]) -> Graph:
    """Return the shapes graph of an ontology: what its axioms forbid, and the shapes among its triples.

    Axioms are read as everywhere in Graphwright: several domains or ranges are alternatives, and a property without one
    has that of its nearest superproperty. Every derived shape has an IRI and an English message.

    >>> graph = shapes([(URIRef("urn:a:bornIn"), RDFS.domain, URIRef("urn:a:Person"))])
    >>> str(graph.value(URIRef(SHAPE + "bornIn-domain"), SH.message))
    'the subject of "born in" must be a person'
    """
    ontology = graph_of(triples)
    result = graph_of(_written(ontology))
    taken: dict[str, int] = {}
    for name, parts in _derived(ontology):
        taken[name] = number = taken.get(name, 0) + 1  # two vocabularies may share a local name
        node = URIRef(SHAPE + name + (f"-{number}" if number > 1 else ""))
        result.add((node, RDF.type, SH.NodeShape))
        _put(result, node, parts)
    return result


def graph_of(triples: Iterable[tuple[Node, Node, Node]]) -> Graph:
    """Return a graph of triples."""
    graph = Graph(bind_namespaces="none")
    for triple in triples:
        graph.add(triple)
    return graph


def written_shapes(triples: Iterable[tuple[Node, Node, Node]]) -> Graph:
    """Return the shapes that stand among the triples of an ontology."""
    return graph_of(_written(graph_of(triples)))


def _written(ontology: Graph) -> Iterator[tuple[Node, Node, Node]]:
    """The shapes that stand in the ontology: what has a term of SHACL, and the blank nodes that hang on it."""
    todo: list[Node] = list({s for s, p, o in ontology if str(SH) in str(p) or (p == RDF.type and str(SH) in str(o))})
    seen = set(todo)
    while todo:
        node = todo.pop()
        for triple in ontology.triples((node, None, None)):
            yield triple
            if isinstance(triple[2], BNode) and triple[2] not in seen:
                seen.add(triple[2])
                todo.append(triple[2])


def _put(graph: Graph, node: Node, parts: _Parts) -> None:
    for predicate, value in parts.items():
        if isinstance(value, tuple):
            members = [BNode() for _ in value]
            for member, inner in zip(members, value, strict=True):
                _put(graph, member, inner)
            graph.add((node, predicate, Collection(graph, BNode(), list(members)).uri))
        elif isinstance(value, Mapping):
            inner_node = BNode()
            graph.add((node, predicate, inner_node))
            _put(graph, inner_node, value)
        else:
            graph.add((node, predicate, value))


# ---- what axioms forbid ----


def _derived(ontology: Graph) -> Iterator[tuple[str, _Parts]]:
    about_statements = {cls for cls, above in _ancestors(ontology).items() if str(RDF.Statement) in above}
    for iri in sorted(properties_in(ontology)):
        domain = alternatives(ontology, URIRef(iri), RDFS.domain, "domainIncludes")
        if domain and about_statements.issuperset(domain):
            continue
        for kind, parts in _of_property(ontology, URIRef(iri)):
            yield f"{local(iri)}-{kind}", parts
    for lower, restriction in sorted(ontology.subject_objects(RDFS.subClassOf), key=str):
        if isinstance(lower, URIRef) and (restriction, RDF.type, OWL.Restriction) in ontology:
            for kind, parts in _of_restriction(ontology, lower, restriction):
                yield f"{local(lower)}-{kind}", parts
    for first, others in _disjoint(ontology).items():
        names = _or([label_of(ontology, str(other)) for other in others])
        yield (
            f"{local(first)}-disjoint",
            {
                SH.targetClass: first,
                SH["not"]: _one_of(ontology, others),
                SH.message: Literal(f"{_a(label_of(ontology, str(first)))} cannot be {names} as well"),
            },
        )


def _of_property(ontology: Graph, property: URIRef) -> Iterator[tuple[str, _Parts]]:
    name = f'"{label_of(ontology, str(property))}"'
    above = _above(ontology, property)
    types = {kind for one in above for kind in ontology.objects(one, RDF.type)}
    for kind, predicate, includes, target in (
        ("domain", RDFS.domain, "domainIncludes", SH.targetSubjectsOf),
        ("range", RDFS.range, "rangeIncludes", SH.targetObjectsOf),
    ):
        allowed = next(filter(None, (alternatives(ontology, one, predicate, includes) for one in above)), ())
        if allowed:
            role = "subject" if kind == "domain" else "object"
            names = _or([_name(ontology, one) for one in allowed])
            yield (
                kind,
                {
                    target: property,
                    **_one_of(ontology, [URIRef(one) for one in allowed]),
                    SH.message: Literal(f"the {role} of {name} must be {names}"),
                },
            )
    subjects = {SH.targetSubjectsOf: property}
    if OWL.FunctionalProperty in types:
        said = Literal(f"nothing has more than one {name}")
        yield "functional", {**subjects, SH.property: {SH.path: property, SH.maxCount: Literal(1), SH.message: said}}
    if OWL.InverseFunctionalProperty in types:
        said = Literal(f"no two things have the same {name}")
        inverse: _Parts = {SH.inversePath: property}
        yield (
            "inverse-functional",
            {
                SH.targetObjectsOf: property,
                SH.property: {SH.path: inverse, SH.maxCount: Literal(1), SH.message: said},
            },
        )
    irreflexive, asymmetric = OWL.IrreflexiveProperty in types, OWL.AsymmetricProperty in types
    if OWL.TransitiveProperty in types and (irreflexive or asymmetric):
        # A circle: an object that the subject can be reached from.
        said = Literal(f"{name} must not lead back to where it started")
        back: _Parts = {SH.zeroOrMorePath: {SH.inversePath: property}}
        yield "acyclic", {**subjects, SH.property: {SH.path: back, SH.disjoint: property, SH.message: said}}
    elif asymmetric:
        said = Literal(f"{name} cannot hold both ways")
        back = {SH.inversePath: property}
        yield "asymmetric", {**subjects, SH.property: {SH.path: back, SH.disjoint: property, SH.message: said}}
    elif irreflexive:
        said = Literal(f"{name} cannot hold between a thing and itself")
        yield "irreflexive", {**subjects, SH.disjoint: property, SH.message: said}
    for other in sorted({str(o) for one in above for o in ontology.objects(one, OWL.propertyDisjointWith)}):
        both = f'{name} and "{label_of(ontology, other)}"'
        said = Literal(f"{both} cannot hold between the same two things")
        yield "disjoint", {**subjects, SH.property: {SH.path: property, SH.disjoint: URIRef(other), SH.message: said}}


def _of_restriction(ontology: Graph, cls: URIRef, restriction: Node) -> Iterator[tuple[str, _Parts]]:
    """At most so many values, and values of one class alone; nothing for what a text need not tell."""
    property = ontology.value(restriction, OWL.onProperty)
    if not isinstance(property, URIRef):
        return
    who, name = _a(label_of(ontology, str(cls))), f'"{label_of(ontology, str(property))}"'
    only = ontology.value(restriction, OWL.allValuesFrom)
    if isinstance(only, URIRef):
        said = Literal(f"the {name} of {who} must be {_a(_name(ontology, str(only)))}")
        values: _Parts = {SH.path: property, **_one_of(ontology, [only]), SH.message: said}
        yield f"{local(property)}-values", {SH.targetClass: cls, SH.property: values}
    most = next((n for one in _AT_MOST if (n := ontology.value(restriction, one)) is not None), None)
    if most is None:
        return
    kind = ontology.value(restriction, OWL.onClass)
    said = Literal(f"{who} has {name} at most {most} times")
    count = Literal(int(str(most)))
    if isinstance(kind, URIRef):
        counted: _Parts = {SH.qualifiedValueShape: {SH["class"]: kind}, SH.qualifiedMaxCount: count}
    else:
        counted = {SH.maxCount: count}
    yield (
        f"{local(property)}-most",
        {SH.targetClass: cls, SH.property: {SH.path: property, **counted, SH.message: said}},
    )


def _disjoint(ontology: Graph) -> Mapping[URIRef, list[URIRef]]:
    """Classes with those that nothing of them can be, each pair once."""
    groups = [list(pair) for pair in ontology.subject_objects(OWL.disjointWith)]
    for whole in ontology.subjects(RDF.type, OWL.AllDisjointClasses):
        groups += [list(Collection(ontology, members)) for members in ontology.objects(whole, OWL.members)]
    found: dict[URIRef, set[URIRef]] = {}
    for group in groups:
        for first, other in combinations(sorted(one for one in group if isinstance(one, URIRef)), 2):
            found.setdefault(first, set()).add(other)
    return {first: sorted(found[first]) for first in sorted(found)}


def _above(ontology: Graph, property: URIRef) -> list[URIRef]:
    """A property and its superproperties, nearest first."""
    found = [property]
    for one in found:
        found += sorted(
            upper
            for upper in ontology.objects(one, RDFS.subPropertyOf)
            if isinstance(upper, URIRef) and upper not in found
        )
    return found


def _one_of(ontology: Graph, kinds: Iterable[URIRef]) -> _Parts:
    """What a value of one of these classes and datatypes has."""
    parts: list[_Parts] = [
        {SH.nodeKind: SH.Literal}
        if kind == RDFS.Literal
        else {SH.datatype if is_datatype(ontology, str(kind)) else SH["class"]: kind}
        for kind in kinds
    ]
    return parts[0] if len(parts) == 1 else {SH["or"]: tuple(parts)}


# ---- words ----


def _name(ontology: Graph, kind: str) -> str:
    if is_datatype(ontology, kind):
        return _DATATYPES.get(local(kind), local(kind))
    return label_of(ontology, kind)


def _a(name: str) -> str:
    return f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name}"


def _or(names: list[str]) -> str:
    """Names with their articles: "a place, an event or a topic"."""
    *most, last = map(_a, names)
    return f"{', '.join(most)} or {last}" if most else last


# ---- reading shapes ----


def parts_of(graph: Graph, node: Node, *, predicates: bool = False) -> Iterator[Node]:
    """Yield the objects, or the predicates, of a node and of the blank nodes that hang on it."""
    seen, todo = {node}, [node]
    while todo:
        for predicate, value in graph.predicate_objects(todo.pop()):
            yield predicate if predicates else value
            if isinstance(value, BNode) and value not in seen:
                seen.add(value)
                todo.append(value)


def query_terms(graph: Graph, node: Node | None = None) -> set[Node]:
    """The properties and classes in the SPARQL queries of a shape, or of all."""
    if node is None:
        queries = [query for p in (SH.select, SH.ask) for query in graph.objects(None, p)]
    else:
        queries = [
            query
            for part in {node, *parts_of(graph, node)}
            for p in (SH.select, SH.ask)
            for query in graph.objects(part, p)
        ]
    return {URIRef(term) for query in queries for term in terms_in(parsed(str(query), graph).algebra)}


def owner(graph: Graph, node: Node) -> str:
    """The IRI of the shape that a blank node of a shapes graph hangs on, "" where it hangs on none."""
    seen: set[Node] = set()
    while isinstance(node, BNode) and node not in seen:
        seen.add(node)
        node = next((above for above in graph.subjects(None, node)), node)
    return str(node) if isinstance(node, URIRef) else ""


def classes_above(triples: Iterable[tuple[Node, Node, Node]]) -> dict[str, frozenset[str]]:
    """Every class of an ontology with itself and all that are above it."""
    return _ancestors(graph_of(triples))


def _ancestors(ontology: Graph) -> dict[str, frozenset[str]]:
    return ancestors_in(ontology, parents_in(ontology))


def parsed(query: str, graph: Graph) -> Query:
    """A query of a shape, with the prefixes that the shapes graph declares (sh:declare) and those of pySHACL."""
    prefixes = {"rdf": str(RDF), "rdfs": str(RDFS), "owl": str(OWL)}
    for declared in graph.objects(None, SH.declare):
        name, space = graph.value(declared, SH.prefix), graph.value(declared, SH.namespace)
        prefixes[str(name)] = str(space)
    return translateQuery(parseQuery(query), initNs=prefixes)


def check_shapes(graph: Graph, where: Callable[[str, str], str]) -> None:
    """Refuse shapes that cannot work: raises OntologyError with the place that ``where`` gives for a shape and a text.

    Terms of SHACL must be known, queries must be SPARQL, and the whole must keep to the shapes for shapes of the
    standard (https://www.w3.org/TR/shacl/#shacl-shacl).
    """
    from pyshacl.entrypoints import meta_validate

    reserved = {"and", "class", "in", "not", "or"}  # words of Python, which dir does not tell
    known = {local(str(term)) for term in dir(SH)} | reserved
    for subject, predicate, value in sorted(graph, key=str):
        for term in (predicate, value if predicate == RDF.type else predicate):
            name = str(term).removeprefix(str(SH))
            if str(term) != name and name not in known:
                raise OntologyError(
                    f"SHACL has no sh:{name}",
                    where(owner(graph, subject), f"sh:{name}"),
                    did_you_mean(name, known, prefix="sh:") or "take it out",
                )
        if predicate in (SH.select, SH.ask):
            _check_query(graph, owner(graph, subject), str(value), where)
    sound, report, _ = meta_validate(graph, inference="none")
    if sound:
        return
    # What is wrong inside a shape is told of the shape as well, without a path.
    node, path, value, message = min(
        tuple(report.value(one, part) for part in (SH.focusNode, SH.resultPath, SH.value, SH.resultMessage))
        for one in report.objects(None, SH.result)
        if (one, SH.resultPath, None) in report or (None, SH.resultPath, None) not in report
    )
    about = f" with its sh:{local(str(path))}" if path is not None else ""
    piece = str(value) if value is not None and not isinstance(value, BNode) else f"sh:{local(str(path))}"
    raise OntologyError(
        f"broken SHACL: something is wrong{about}: {message}", where(owner(graph, node), piece), "mend the shape"
    )


def _check_query(graph: Graph, shape: str, query: str, where: Callable[[str, str], str]) -> None:
    try:
        calls = outside_of(parsed(query, graph).algebra)
    except ParseException as error:
        what, piece = f"{error.msg}, found {error.line.strip()!r}", error.line.strip()
    except Exception as error:  # rdflib raises a bare Exception for an undeclared prefix
        what, piece = str(error), query.strip().splitlines()[0]
    else:
        if calls:
            what = f"a shape asks nobody but the graph, and the query of this one has {calls}"
            raise OntologyError(what, where(shape, calls), "take it out")
        return
    raise OntologyError(
        f"broken SPARQL in a shape: {what}"[:300],
        where(shape, piece),
        "mend the query; declare its prefixes with sh:prefixes and sh:declare",
    )


def placed_in(files: Iterable[str | Path]) -> Callable[[str, str], str]:
    """Return a function that finds the line of a shape in Turtle files, and of a text in the shape."""
    read = [read_turtle(path) for one in files for path in listed(Path(one)) if path.suffix in TURTLE]

    def where(shape: str, piece: str) -> str:
        holding = next((one for one in read if piece in one.text), None)
        holding = holding or next((one for one in read if URIRef(shape) in one.graph.subjects()), None)
        return holding.where(shape, piece) if holding else f"the shape {shape or 'without a name'}"

    return where


def read_shapes(files: Iterable[str | Path]) -> list[tuple[Node, Node, Node]]:
    """Return the triples of Turtle files, or folders of them, that hold shapes.

    Raises OntologyError, with file and line, for broken Turtle, and for a file without any shape.
    """
    found = []
    for number, path in enumerate(path for one in files for path in listed(Path(one)) if path.suffix in TURTLE):
        graph = read_turtle(path).graph
        if not any(_written(graph)):
            raise OntologyError("the file holds no shape", str(path), "write one: [] a sh:NodeShape ; …")
        found += with_steady_nodes(graph, f"shapes{number}b")
    return found
