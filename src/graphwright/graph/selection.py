"""Selection: which facts of a graph are wanted, as one value, and how they are found without reading the rest."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from itertools import chain
from typing import TYPE_CHECKING, Any

from pyoxigraph import CanonicalizationAlgorithm, Dataset, DefaultGraph, Literal, NamedNode, Triple

from graphwright.errors import QueryError
from graphwright.graph import vocabulary as v
from graphwright.graph.naming import find_classes, find_entity, find_selected_properties
from graphwright.graph.terms import in_graph

if TYPE_CHECKING:
    from graphwright.graph.knowledge import KnowledgeGraph

AT_ONCE = 200
"""How many things or statements a query asks for."""

_DATE = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which facts of a graph are wanted: those that fulfil all that is said here. Nothing said selects all.

    ``classes``: both ends are of one of these classes, or of a class below; a fact with a value has one end.
    ``properties``: the property is one of these. Classes and properties are given as local names, labels, CURIEs or
    IRIs. ``min_confidence``: the statement has at least this confidence, in [0, 1]. ``since`` and ``until``: it is of a
    document whose date lies within; both are a day, a month or a year ("2016-06"), and a date that is less precise may
    be any day within; of a document without a date nobody knows, and it is left out. ``around``: the facts between the
    things that are at most ``hops`` chosen facts away from this one, which is given by name, CURIE or IRI. ``flagged``
    takes in what is negated, planned, possible or only attributed to someone; ``inferred`` what no document states but
    follows, though not with a confidence or dates, of which it has none. ``construct`` is a SPARQL CONSTRUCT or
    DESCRIBE, whose triples are taken in the place of facts; it is said alone.

    With anything but ``flagged`` and ``inferred`` said, the things are those that the chosen facts tell of. Raises
    QueryError for a date that is none, less than 0 hops, and a query beside anything else.

    >>> Selection(classes=("Person",), min_confidence=0.8).narrows
    True
    """

    classes: tuple[str, ...] = ()
    properties: tuple[str, ...] = ()
    min_confidence: float = 0.0
    since: str = ""
    until: str = ""
    around: str = ""
    hops: int = 1
    flagged: bool = False
    inferred: bool = False
    construct: str = ""

    def __post_init__(self) -> None:
        if self.hops < 0:
            raise QueryError(f"there is no way of {self.hops} facts", "the selection", "give 0 hops or more")
        for date in filter(None, (self.since, self.until)):
            if not _DATE.fullmatch(date):
                raise QueryError(
                    f"{date!r} is no date", "the selection", "give a day, month or year: 2016-06-14, 2016-06"
                )
        others = (getattr(self, one.name) != one.default for one in fields(self) if one.name != "construct")
        if self.construct and any(others):
            raise QueryError("a query selects by itself", "the selection", "say the rest in the WHERE of the CONSTRUCT")

    @property
    def narrows(self) -> bool:
        """Whether something is left out that would be in the whole graph."""
        return replace(self, flagged=False, inferred=False, hops=1) != Selection()


ALL = Selection()
"""Everything that documents assert."""


@dataclass(frozen=True, slots=True)
class StatedFact:
    """One statement of a fact, in one document."""

    statement: str
    subject: str
    property: str
    object: NamedNode | Literal


@dataclass(frozen=True, slots=True)
class Scope:
    """A selection whose names are looked up: IRIs of classes with those below, of properties, of the thing amidst."""

    selection: Selection
    classes: frozenset[str]
    properties: frozenset[str]
    centre: str


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a selection chooses: statements, and facts that were inferred, both sorted, and the things they tell of."""

    stated: tuple[StatedFact, ...]
    inferred: tuple[Triple, ...]
    entities: frozenset[str]


def resolve(graph: KnowledgeGraph, selection: Selection) -> Scope:
    """Look up the names of a selection.

    Raises QueryError, with what there is, for a name that the graph does not have or that several things have.
    """
    return Scope(
        selection,
        frozenset(chain.from_iterable(find_classes(graph, name) for name in selection.classes)),
        frozenset(chain.from_iterable(find_selected_properties(graph, name) for name in selection.properties)),
        find_entity(graph, selection.around) if selection.around else "",
    )


def choose(graph: KnowledgeGraph, selection: Selection) -> Chosen:
    """Return what a selection chooses. Of a selection around a thing only what is near it is read.

    Errors are those of `resolve`. A selection with a CONSTRUCT chooses no facts: see `constructed`.
    """
    scope = resolve(graph, selection)
    if not scope.centre:
        stated = set(_stated(graph, scope))
        inferred = set(_inferred(graph, scope))
    else:
        near = _near(graph, scope)
        stated = {
            fact
            for part in parts(near)
            for fact in _stated(graph, scope, _values("subject", part))
            if isinstance(fact.object, Literal) or fact.object.value in near
        }
        inferred = {
            fact
            for part in parts(near)
            for fact in _inferred(graph, scope, _values("subject", part))
            if _iri(fact.object) in near
        }
    ends = {fact.subject for fact in stated} | {_iri(fact.object) for fact in stated}
    ends |= {_iri(end) for fact in inferred for end in (fact.subject, fact.object)} | {scope.centre}
    return Chosen(
        tuple(sorted(stated, key=lambda fact: (fact.subject, fact.property, str(fact.object), fact.statement))),
        tuple(sorted(inferred, key=str)),
        frozenset(ends - {""}),
    )


def constructed(graph: KnowledgeGraph, query: str) -> list[Triple]:
    """Return the triples of a CONSTRUCT or DESCRIBE, sorted, each once; blank nodes have names by what is said of them.

    Raises QueryError for any other query.
    """
    result = graph.query(query)
    if result.form != "CONSTRUCT":
        raise QueryError(f"a {result.form} gives no triples", "the selection", "give a CONSTRUCT or DESCRIBE")
    dataset = Dataset(in_graph(triple, DefaultGraph()) for triple in result.triples())
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return sorted((quad.triple for quad in dataset), key=str)


def parts(iris: Iterable[str]) -> Iterator[Sequence[str]]:
    """Yield IRIs in sorted groups of a size that a query can name."""
    every = sorted(iris)
    for start in range(0, len(every), AT_ONCE):
        yield every[start : start + AT_ONCE]


def _near(graph: KnowledgeGraph, scope: Scope) -> set[str]:
    """Return the things at most so many chosen facts away from the one amidst, in whichever direction."""
    reached = border = {scope.centre}
    for _ in range(scope.selection.hops):
        border = {
            end
            for part in parts(border)
            for side in ("subject", "object")
            for facts in (_stated(graph, scope, _values(side, part)), _inferred(graph, scope, _values(side, part)))
            for fact in facts
            for end in (_iri(fact.subject), _iri(fact.object))
            if end
        } - reached
        reached = reached | border
    return reached


def _stated(graph: KnowledgeGraph, scope: Scope, values: str = "") -> Iterator[StatedFact]:
    """Yield the statements that are chosen for what they say, wherever they are; ``values`` binds one of their ends."""
    selection = scope.selection
    conditions = [values, _values("property", scope.properties)]
    conditions.append("?statement rdf:subject ?subject ; rdf:predicate ?property ; rdf:object ?object .")
    if not selection.flagged:
        conditions.append('?statement gw:modality "asserted" .')
        conditions.append("FILTER NOT EXISTS { ?statement gw:attributedTo ?speaker }")
    if selection.min_confidence > 0:
        conditions.append(f"?statement gw:confidence ?confidence FILTER (?confidence >= {selection.min_confidence:f})")
    if selection.since or selection.until:
        conditions.append("?statement prov:wasDerivedFrom/oa:hasSource/dcterms:date ?date .")
        conditions += _window(selection)
    conditions += _of_classes(scope)
    rows = graph.query(
        f"SELECT DISTINCT ?statement ?subject ?property ?object WHERE {{ {' '.join(filter(None, conditions))} }}"
    )
    for row in rows:
        object = row.term("object")
        if isinstance(row.term("subject"), NamedNode) and isinstance(object, NamedNode | Literal):
            yield StatedFact(row["statement"], row["subject"], row["property"], object)


def _inferred(graph: KnowledgeGraph, scope: Scope, values: str = "") -> Iterator[Triple]:
    """Yield the facts between things that no document states and that are chosen."""
    selection = scope.selection
    if not selection.inferred or selection.min_confidence > 0 or selection.since or selection.until:
        return
    conditions = [values, _values("property", scope.properties)]
    conditions.append(f"GRAPH {v.INFERRED_GRAPH} {{ ?subject ?property ?object }} FILTER (?property != rdf:type)")
    conditions += _of_classes(scope)
    yield from graph.query(
        f"CONSTRUCT {{ ?subject ?property ?object }} WHERE {{ {' '.join(filter(None, conditions))} }}"
    ).triples()


def _of_classes(scope: Scope) -> Iterator[str]:
    if not scope.classes:
        return
    classes = _values("class", scope.classes)
    for end, value in (("?subject", ""), ("?object", "isLiteral(?object) || ")):
        # The thing amidst is there whatever it is.
        amidst = f"{end} = {NamedNode(scope.centre)} || " if scope.centre else ""
        yield f"FILTER ({value}{amidst}EXISTS {{ {classes} {end} a ?class }})"


def _window(selection: Selection) -> Iterator[str]:
    """Yield the conditions of dates: where one is less precise, it may be any within."""
    for limit, order in ((selection.since, ">="), (selection.until, "<=")):
        if limit:
            given = f"SUBSTR({Literal(limit)}, 1, STRLEN(STR(?date)))"
            yield f"FILTER (SUBSTR(STR(?date), 1, {len(limit)}) {order} {given})"


def _values(variable: str, iris: Iterable[str]) -> str:
    listed = " ".join(str(NamedNode(iri)) for iri in sorted(iris))
    return f"VALUES ?{variable} {{ {listed} }}" if listed else ""


def _iri(term: Any) -> str:
    """Return the IRI of a term or the IRI itself, "" where it is none."""
    return term if isinstance(term, str) else term.value if isinstance(term, NamedNode) else ""
