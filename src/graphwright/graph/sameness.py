"""Sameness: why two names are names of one thing, as the graph has it."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from graphwright.errors import QueryError
from graphwright.graph.knowledge import KnowledgeGraph
from graphwright.graph.naming import find_entities
from graphwright.model import Identification


@dataclass(frozen=True, slots=True)
class Link:
    """That a document's name was taken for that of a thing which a gazetteer knows: why, and how sure it is."""

    name: str
    document: str
    same_as: tuple[str, ...]
    reason: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Sameness:
    """What the graph says of two names: the IRIs of their things, which are equal where they are the same.

    ``steps`` lead from the one name to the other; they are all there are of the thing where both were given by IRI.
    ``links`` say why a gazetteer's thing is meant, the surest first, each reason once.
    """

    one: str
    other: str
    steps: tuple[Identification, ...] = ()
    links: tuple[Link, ...] = ()

    @property
    def same(self) -> bool:
        """Whether it is one thing."""
        return self.one == self.other


_STEPS = """
SELECT ?name ?document ?other ?otherDocument ?reason ?confidence WHERE {{
  {entity} gw:identification ?step .
  ?step gw:written ?name ; gw:otherWritten ?other ; gw:reason ?reason ; gw:confidence ?confidence .
  OPTIONAL {{ ?step gw:inDocument/dcterms:identifier ?document }}
  OPTIONAL {{ ?step gw:otherDocument/dcterms:identifier ?otherDocument }}
}}"""

_LINKS = """
SELECT ?name ?reason ?confidence (MIN(?id) AS ?document) WHERE {{
  ?link gw:linked {entity} ; gw:written ?name ; gw:reason ?reason ; gw:confidence ?confidence .
  ?source gw:link ?link ; dcterms:identifier ?id .
}} GROUP BY ?name ?reason ?confidence"""


def sameness(graph: KnowledgeGraph, one: str, other: str) -> Sameness:
    """Say whether two names are of one thing in a graph, and why.

    A name is an IRI, a CURIE, the end of an IRI, or a name in any case; ``name@document`` is that name in the document
    of an id. Raises QueryError for a name that nothing in the graph bears, and where several things do.
    """
    first, second = _meant(graph, one), _meant(graph, other)
    both = first & second
    if len(both) == 1:
        entity = both.pop()
        steps = _steps(graph, entity)
        return Sameness(entity, entity, _path(steps, _bare(one), _bare(other)) or steps, _links(graph, entity))
    for name, found in ((one, first), (other, second)):
        if len(found) > 1:
            listed = "\n    ".join(sorted(found))
            mend = f"give the IRI of one, or NAME@DOCUMENT:\n    {listed}"
            raise QueryError(f"{name!r} may mean {len(found)} things", "the names to compare", mend)
    return Sameness(first.pop(), second.pop())


def _meant(graph: KnowledgeGraph, text: str) -> set[str]:
    """Return the IRIs of what a name may mean."""
    name, at, document = text.rpartition("@")
    if at:
        asked = f"SELECT ?d WHERE {{ ?d a foaf:Document ; dcterms:identifier {Literal(document)} }}"
        for row in graph.query(asked):
            told = f"SELECT ?e WHERE {{ {NamedNode(row['d'])} schema:mentions ?e }}"
            return find_entities(graph, name) & {found["e"] for found in graph.query(told)}
    return find_entities(graph, text)


def _bare(text: str) -> str:
    name, at, _ = text.rpartition("@")
    return name if at else text


def _steps(graph: KnowledgeGraph, entity: str) -> tuple[Identification, ...]:
    found = (
        Identification(
            row["name"],
            row["document"] or "",
            row["other"],
            row["otherDocument"] or "",
            row["reason"],
            float(row["confidence"]),
        )
        for row in graph.query(_STEPS.format(entity=NamedNode(entity)))
    )
    return tuple(sorted(found, key=lambda step: (-step.confidence, step.name, step.other, step.reason)))


def _links(graph: KnowledgeGraph, entity: str) -> tuple[Link, ...]:
    same = sorted(row["x"] for row in graph.query(f"SELECT ?x WHERE {{ {NamedNode(entity)} owl:sameAs ?x }}"))
    found = (
        Link(row["name"], row["document"], tuple(same), row["reason"], float(row["confidence"]))
        for row in graph.query(_LINKS.format(entity=NamedNode(entity)))
    )
    return tuple(sorted(found, key=lambda link: (-link.confidence, link.name, link.reason)))


def _path(steps: Iterable[Identification], one: str, other: str) -> tuple[Identification, ...]:
    """Return the fewest steps from one name to the other, none where there is no way or the names are equal."""
    known = list(steps)
    start, goal = one.casefold(), other.casefold()
    came: dict[str, tuple[Identification, ...]] = {start: ()}
    todo = deque([start])
    while todo:
        name = todo.popleft()
        if name == goal:
            return came[name]
        for step in known:
            ends = [step.name.casefold(), step.other.casefold()]
            if name in ends:
                there = ends[1 - ends.index(name)]
                if there not in came:
                    came[there] = (*came[name], step)
                    todo.append(there)
    return ()
