"""Parts of the graph to be drawn: what is around things, what a filter lets through, and how two things are linked.

No question reads the whole of a large graph. What is around a thing is read at its places in the index; what is asked
of all things is told from a number of documents at most, which are a fair sample: the store keeps them in no order of
meaning. The things that most documents link come first.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

from pyoxigraph import Literal, NamedNode

from graphwright.graph import vocabulary as v
from graphwright.server.colours import colour
from graphwright.server.reader import Reader
from graphwright.server.refusal import Refusal
from graphwright.server.views.lookup import Lookup, Told

MOST = 10_000
"""How many things are drawn at most."""

_SAMPLE = 1_000
"""Of how many documents at least it is told what a filter lets through of all things."""

_QUOTED = 8
"""How many documents an edge names at most; fewer where there are many edges, so that all name about `_ALL_QUOTED`."""
_ALL_QUOTED = 400
_EDGES = 200
"""How many edges are drawn at most, beside two for each thing; more than that nobody can follow."""

_PAIRED = 120
"""Of how many things at most each pair is looked up: that is quicker than to read all facts of those that have many."""

_LONGEST = 8
"""How many facts a path has at most."""
_VISITED = 40_000
"""To how many things a search for a path comes at most, from each end."""
_PATHS = 12

_NO_FACTS = (
    *(v.SUBJECT, v.OBJECT, v.MENTIONS, v.LINKED, v.ATTRIBUTED_TO),
    *(v.TYPE, v.SAME_AS, v.IDENTIFICATION, v.DERIVED_FROM, v.PREMISE),
)
"""The properties that link something to a thing, and are no facts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """What is drawn: all within ``hops`` facts of ``things`` (IRIs) or, where there are none, of all things.

    ``classes`` and ``properties`` (IRIs) and ``documents`` (ids) let through all where they are empty. ``since`` and
    ``until`` are dates of documents in ISO 8601, as precise as wanted. What is not asserted is drawn only where
    ``flagged``. ``limit`` is a number of things.
    """

    things: tuple[str, ...] = ()
    hops: int = 1
    limit: int = 200
    classes: tuple[str, ...] = ()
    properties: tuple[str, ...] = ()
    min_confidence: float = 0.0
    documents: tuple[str, ...] = ()
    since: str = ""
    until: str = ""
    flagged: bool = False


@dataclass(frozen=True, slots=True, order=True)
class Link:
    """What makes one edge over all documents; ``speaker`` is "" where there is none."""

    subject: str
    property: str
    object: str
    modality: str = "asserted"
    speaker: str = ""


def neighbourhood(reader: Reader, selection: Selection) -> Told:
    """Return {nodes, edges, truncated}: a part of the graph as it is drawn.

    A node has id (IRI), label, class (IRI), class_label and color; an edge id (IRI of a statement), source, target,
    property, label, modality, attributed_to, confidence, count (of documents), and of some of these documents
    documents (ids), dates, quotes and evidence, the surest first.

    Raises Refusal (404) for an unknown thing or document.
    """
    look = Lookup(reader)
    told = _Documents(look, selection)
    for iri in selection.things:
        _check_thing(look, iri)
    chosen, truncated = (_around if selection.things else _of_all)(look, selection, told)
    edges, cut = _edges(look, chosen, selection, told)
    # Things that only facts that are not sure enough link are not of this part.
    linked = {end for edge in edges for end in (edge["source"], edge["target"])} | set(selection.things)
    things = [iri for iri in chosen if iri in linked]
    return _drawn(look, things[: selection.limit], edges, truncated or cut or len(things) > selection.limit)


def path(reader: Reader, start: str, end: str, flagged: bool = False) -> Told:
    """Return {nodes, edges, truncated, length, paths}: the shortest ways from one thing to another, along facts.

    ``paths`` are lists of IRIs, at most twelve. Where there is no way, or none was found before the search was given up
    (``truncated``), ``length`` is None and the two things stand alone. Raises Refusal (404) for an unknown thing.
    """
    look = Lookup(reader)
    for iri in (start, end):
        _check_thing(look, iri)
    ways, given_up = _shortest(look, start, end, flagged)
    things = list(dict.fromkeys([start, end, *(iri for way in ways for iri in way)]))
    steps = {frozenset(pair) for way in ways for pair in pairwise(way)}
    selection = Selection(flagged=flagged)
    edges, _ = _edges(look, things, selection, _Documents(look, selection))
    edges = [edge for edge in edges if frozenset((edge["source"], edge["target"])) in steps]
    return {**_drawn(look, things, edges, given_up), "length": len(ways[0]) - 1 if ways else None, "paths": ways}


def _check_thing(look: Lookup, iri: str) -> None:
    if not any(look.quads(None, v.MENTIONS, NamedNode(iri))):
        raise Refusal(404, "the graph knows no such thing", iri, "search for it by its name")


# -- which documents ---------------------------------------------------------------------------------------------------


class _Documents:
    """Which documents a selection lets through."""

    def __init__(self, look: Lookup, selection: Selection) -> None:
        self._look = look
        self._since, self._until = selection.since, selection.until
        self.named: frozenset[str] | None = None
        if selection.documents:
            self.named = frozenset(iri for name in selection.documents for iri in _called(look, name))
            if not self.named:
                raise Refusal(404, "the graph knows no such document", selection.documents[0], "look at /api/documents")

    def __contains__(self, document: str) -> bool:
        if self.named is not None and document not in self.named:
            return False
        return not (self._since or self._until) or self._is_timely(self._look.date(document))

    def _is_timely(self, day: str) -> bool:
        # 2016 is not before May 2016: it is no more precise.
        return (
            bool(day) and day >= self._since[: len(day)] and (not self._until or day[: len(self._until)] <= self._until)
        )

    def condition(self) -> str:
        """Return the part of a query that holds ?g to the documents let through; it follows a pattern."""
        parts = ["."]
        if self.named is not None:
            parts.append(f"VALUES ?g {{ {_nodes(self.named)} }}")
        if self._since or self._until:
            parts.append("?g dcterms:date ?date . BIND (STR(?date) AS ?day)")
        if self._since:
            parts.append(f"FILTER (?day >= SUBSTR({Literal(self._since)}, 1, STRLEN(?day)))")
        if self._until:
            parts.append(f"FILTER (SUBSTR(?day, 1, {len(self._until)}) <= {Literal(self._until)})")
        return " ".join(parts)


def _called(look: Lookup, name: str) -> list[str]:
    return [document.value for document in look.subjects(v.IDENTIFIER, Literal(name))]


# -- which things ------------------------------------------------------------------------------------------------------


def _around(look: Lookup, selection: Selection, told: _Documents) -> tuple[list[str], bool]:
    """Return the things of a neighbourhood, those asked for first, then the nearest and most linked."""
    chosen = dict.fromkeys(selection.things)
    frontier = list(chosen)
    for _ in range(selection.hops):
        room = selection.limit + 1 - len(chosen)
        room *= 3 if selection.min_confidence else 1  # some will be left out again
        if room <= 0 or not frontier:
            break
        linked = _linked(look, frontier, selection, told, room + len(chosen))
        frontier = [iri for iri in linked if iri not in chosen][:room]
        chosen.update(dict.fromkeys(frontier))
    return list(chosen), len(chosen) > selection.limit


def _linked(look: Lookup, frontier: Sequence[str], selection: Selection, told: _Documents, most: int) -> list[str]:
    """Return the things that facts link with some of ``frontier``, those that most documents link first."""
    counted: Counter[str] = Counter()
    for pattern in _patterns(selection.flagged):
        query = (
            f"SELECT ?n ?times WHERE {{ {{ SELECT ?n (COUNT(*) AS ?times) WHERE {{ VALUES ?f {{ {_nodes(frontier)} }} "
            f"{_properties(selection)} {pattern} {told.condition()} {_classes(selection)} }} "
            f"GROUP BY ?n ORDER BY DESC(?times) ?n LIMIT {most} }} FILTER EXISTS {{ ?d schema:mentions ?n }} }}"
        )
        for row in look.graph.query(query):
            counted[row["n"]] += row["times"]
    return [iri for iri, _ in sorted(counted.items(), key=lambda one: (-one[1], one[0]))]


def _patterns(flagged: bool) -> Iterator[str]:
    """Yield what links ?f and ?n by ?p in the graph ?g of a document: as triples and, where wanted, as statements."""
    no_facts = ", ".join(map(str, _NO_FACTS))
    yield (
        "{ GRAPH ?g { ?f ?p ?n } } UNION { GRAPH ?g { ?n ?p ?f } } "
        f"FILTER (isIRI(?n) && ?g != {v.INFERRED_GRAPH} && ?p NOT IN ({no_facts}))"
    )
    if flagged:
        said = "rdf:predicate ?p ; gw:modality ?m"
        yield (
            f"{{ GRAPH ?g {{ ?st rdf:subject ?f ; rdf:object ?n ; {said} }} }} UNION "
            f"{{ GRAPH ?g {{ ?st rdf:object ?f ; rdf:subject ?n ; {said} }} }} "
            'FILTER (isIRI(?n) && (?m != "asserted" || EXISTS { ?st gw:attributedTo ?by }))'
        )


def _of_all(look: Lookup, selection: Selection, told: _Documents) -> tuple[list[str], bool]:
    """Return things of all the graph, those that most of the documents looked at tell of first."""
    most = max(_SAMPLE, selection.limit // 2)
    asserted = "" if selection.flagged else ' ; gw:modality "asserted"'
    query = (
        f"SELECT ?n (COUNT(*) AS ?times) WHERE {{ "
        f"{{ SELECT ?g WHERE {{ ?g a foaf:Document {told.condition()} }} LIMIT {most} }} {_properties(selection)} "
        f"GRAPH ?g {{ ?st rdf:predicate ?p{asserted} . {{ ?st rdf:subject ?n }} UNION {{ ?st rdf:object ?n }} }} "
        f"FILTER (isIRI(?n)) {_classes(selection)} }} "
        # Some will be left out later: no fact links them with others of these.
        f"GROUP BY ?n ORDER BY DESC(?times) ?n LIMIT {2 * selection.limit + 100}"
    )
    found = [row["n"] for row in look.graph.query(query)]
    documents = look.once("number of documents", lambda: sum(1 for _ in look.subjects(v.TYPE, v.DOCUMENT)))
    return found, told.named is None and documents > most


def _shortest(look: Lookup, start: str, end: str, flagged: bool) -> tuple[list[list[str]], bool]:
    """Return the shortest ways, and whether the search was given up; it goes breadth first from both ends."""
    if start == end:
        return [[start]], False
    before: tuple[dict[str, list[str]], ...] = ({start: []}, {end: []})
    frontiers = [[start], [end]]
    for _ in range(_LONGEST):
        if max(map(len, before)) > _VISITED:
            break
        side = 0 if len(frontiers[0]) <= len(frontiers[1]) else 1
        found: dict[str, list[str]] = {}
        for one, other in sorted(_steps(look, frontiers[side], flagged)):
            if other not in before[side]:
                found.setdefault(other, []).append(one)
        before[side].update(found)
        if meeting := sorted(found.keys() & before[1 - side].keys()):
            ways = (
                [*reversed(to_start), middle, *to_end]
                for middle in meeting
                for to_start in _ways(before[0], middle)
                for to_end in _ways(before[1], middle)
            )
            return list(islice(ways, _PATHS)), False
        if not found:
            return [], False
        frontiers[side] = sorted(found)
    return [], True


def _ways(before: Mapping[str, Sequence[str]], thing: str) -> Iterator[list[str]]:
    """Yield the ways back from a thing, without the thing itself."""
    if not before[thing]:
        yield []
    for one in before[thing]:
        for way in _ways(before, one):
            yield [one, *way]


def _steps(look: Lookup, frontier: Sequence[str], flagged: bool) -> set[tuple[str, str]]:
    """Return the pairs of a thing of ``frontier`` and one that a fact links with it, a bounded number of them."""
    found: set[tuple[str, str]] = set()
    for pattern in _patterns(flagged):
        query = (
            f"SELECT ?f ?n WHERE {{ {{ SELECT DISTINCT ?f ?n WHERE {{ VALUES ?f {{ {_nodes(frontier)} }} {pattern} }} "
            f"LIMIT {_VISITED} }} FILTER EXISTS {{ ?d schema:mentions ?n }} }}"
        )
        found.update((row["f"], row["n"]) for row in look.graph.query(query))
    return found


# -- which facts -------------------------------------------------------------------------------------------------------


def _edges(look: Lookup, chosen: Sequence[str], selection: Selection, told: _Documents) -> tuple[list[Told], bool]:
    """Return the edges between some things, and whether some were left out for there are too many.

    What is sure enough, and stated by a document that is let through, is taken in an order that gives each thing an
    edge before any has its second, with those first that stand first in ``chosen``.
    """
    links = _in_turn(_links(look, set(chosen), selection, told), chosen, selection.things)
    flagged = _flagged(look, chosen, selection, told) if selection.flagged and chosen else {}
    links += sorted(flagged)
    room = _EDGES + 2 * selection.limit
    most = max(1, min(_QUOTED, _ALL_QUOTED // (min(room, len(links)) or 1)))
    looked_at = _QUOTED if selection.min_confidence else most
    edges: list[Told] = []
    for link in links:
        if len(edges) == room:
            return edges, True
        documents = flagged.get(link) or _stating(look, link, told)
        stated = [
            (confidence, node, document)
            for document in heapq.nsmallest(looked_at, documents)
            for node, confidence in _statements(look, link, document)
        ]
        stated.sort(key=lambda one: (-one[0], one[1].value))
        if stated and stated[0][0] >= selection.min_confidence:
            edges.append(_edge(look, link, len(documents), stated[:most]))
    return edges, False


def _in_turn(links: Iterable[Link], chosen: Sequence[str], first: Collection[str]) -> list[Link]:
    rank = {iri: number for number, iri in enumerate(chosen)}
    ordered = sorted(links, key=lambda link: (rank[link.subject] + rank[link.object], link))
    seen: Counter[str] = Counter()
    turns: dict[Link, tuple[bool, int]] = {}
    for link in ordered:
        apart = link.subject not in first and link.object not in first
        turns[link] = (apart, min(seen[link.subject], seen[link.object]))
        seen.update({link.subject, link.object})
    return sorted(ordered, key=turns.__getitem__)


def _links(look: Lookup, chosen: Collection[str], selection: Selection, told: _Documents) -> set[Link]:
    """Return the facts between some things that any document asserts; of few documents, those of them alone."""
    nodes = [NamedNode(iri) for iri in chosen]
    if told.named is not None:
        graphs = map(NamedNode, told.named)
        quads = (quad for graph in graphs for quad in look.store.quads_for_pattern(None, None, None, graph))
    elif len(nodes) <= _PAIRED:
        quads = (quad for one in nodes for other in nodes for quad in look.quads(one, None, other))
    else:
        quads = (quad for node in nodes for quad in look.quads(node))
    return {
        Link(quad.subject.value, quad.predicate.value, quad.object.value)
        for quad in quads
        if isinstance(quad.object, NamedNode)
        and quad.object.value in chosen
        and isinstance(quad.subject, NamedNode)
        and quad.subject.value in chosen
        and quad.predicate not in _NO_FACTS
        and (not selection.properties or quad.predicate.value in selection.properties)
    }


def _stating(look: Lookup, link: Link, told: _Documents) -> set[str]:
    """Return the documents (IRIs) that assert a fact and are let through."""
    quads = look.named(NamedNode(link.subject), NamedNode(link.property), NamedNode(link.object))
    return {graph for _, graph in quads if graph in told} - {v.INFERRED_GRAPH.value}


def _flagged(look: Lookup, chosen: Collection[str], selection: Selection, told: _Documents) -> dict[Link, set[str]]:
    """Return the facts between some things that are not asserted, each with the documents that tell of it."""
    query = (
        f"SELECT DISTINCT ?g ?s ?p ?o ?m ?by WHERE {{ VALUES ?s {{ {_nodes(chosen)} }} {_properties(selection)} "
        "GRAPH ?g { ?st rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o ; gw:modality ?m "
        'OPTIONAL { ?st gw:attributedTo ?by } } FILTER (isIRI(?o) && (?m != "asserted" || BOUND(?by))) }'
    )
    there = set(chosen)
    found: dict[Link, set[str]] = {}
    for row in look.graph.query(query):
        if row["o"] in there and row["g"] in told:
            found.setdefault(Link(row["s"], row["p"], row["o"], row["m"], row["by"] or ""), set()).add(row["g"])
    return found


def _statements(look: Lookup, link: Link, document: str) -> Iterator[tuple[NamedNode, float]]:
    """Yield the statements of a fact in a document, with their confidence."""
    graph = NamedNode(document)
    subject, property = NamedNode(link.subject), NamedNode(link.property)
    for quad in look.store.quads_for_pattern(None, v.OBJECT, NamedNode(link.object), graph):
        node = quad.subject
        if (
            isinstance(node, NamedNode)
            and any(look.store.quads_for_pattern(node, v.SUBJECT, subject, graph))
            and any(look.store.quads_for_pattern(node, v.PREDICATE, property, graph))
            and look.text(node, v.MODALITY) == link.modality
            and look.text(node, v.ATTRIBUTED_TO) == link.speaker
        ):
            yield node, float(look.text(node, v.CONFIDENCE) or 0)


def _edge(look: Lookup, link: Link, count: int, stated: Sequence[tuple[float, NamedNode, str]]) -> Told:
    evidence = []
    for _, node, document in stated:
        about = look.document(document)
        named = {"document": about["id"], "title": about["title"], "date": about["date"]}
        evidence.append({**named, "quote": _quote(look, node)})

    def each(name: str) -> list[str]:
        return list(dict.fromkeys(one[name] for one in evidence if one[name]))

    return {
        "id": stated[0][1].value,
        "source": link.subject,
        "target": link.object,
        "property": link.property,
        "label": look.term(link.property)["label"],
        "modality": link.modality,
        "attributed_to": look.ref(link.speaker)["label"] if link.speaker else None,
        "confidence": stated[0][0],
        "count": count,
        "documents": each("document"),
        "dates": each("date"),
        "quotes": each("quote"),
        "evidence": evidence,
    }


def _quote(look: Lookup, statement: NamedNode) -> str:
    evidence = look.first(statement, v.DERIVED_FROM)
    selectors = look.objects(evidence, v.HAS_SELECTOR) if isinstance(evidence, NamedNode) else []
    quotes = (look.text(selector, v.EXACT) for selector in selectors if isinstance(selector, NamedNode))
    return next(filter(None, quotes), "")


# -- as it is drawn ----------------------------------------------------------------------------------------------------


def _drawn(look: Lookup, things: Sequence[str], edges: Iterable[Told], truncated: bool) -> Told:
    there = set(things)
    nodes = []
    for iri in things:
        told = dict(look.ref(iri))
        nodes.append({"id": told.pop("iri"), **told, "color": colour(told["class"])})
    shown = [edge for edge in edges if edge["source"] in there and edge["target"] in there]
    return {"nodes": nodes, "edges": shown, "truncated": truncated}


def _nodes(iris: Iterable[str]) -> str:
    return " ".join(str(NamedNode(iri)) for iri in sorted(iris))


def _properties(selection: Selection) -> str:
    return f"VALUES ?p {{ {_nodes(selection.properties)} }}" if selection.properties else ""


def _classes(selection: Selection) -> str:
    return f"VALUES ?class {{ {_nodes(selection.classes)} }} ?n a ?class ." if selection.classes else ""
