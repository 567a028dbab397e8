"""Laying patterns over a text: small tree search, from the rarest node outwards."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from graphwright.ontology.patterns import ANY, Edge, Node, Pattern

NodeTest = Callable[[Node, int], bool]
"""Whether a token of the text may stand at a node."""

Neighbours = Callable[[int, frozenset[str], bool], Iterator[tuple[int, float]]]
"""The tokens reached from a token by roles, upwards (to predicates) or downwards, with the certainty of each step."""


@dataclass(frozen=True, slots=True)
class Match:
    """The tokens at the nodes of a pattern, and how certain the way between them is."""

    tokens: tuple[int, ...]
    certainty: float


def find_matches(
    pattern: Pattern,
    start_tokens: Iterable[int],
    start: int,
    test: NodeTest,
    neighbours: Neighbours,
    order: tuple[Edge, ...] | None = None,
) -> Iterator[Match]:
    """All ways to lay a pattern over a text with node ``start`` at one of ``start_tokens``.

    ``order`` is `edge_order` of the pattern, where that is known already.
    """
    order = edge_order(pattern, start) if order is None else order
    for token in start_tokens:
        if test(pattern.nodes[start], token):
            for placed, certainty in extend({start: token}, order, pattern, test, neighbours):
                yield Match(tuple(placed[i] for i in range(len(pattern.nodes))), certainty)


def edge_order(pattern: Pattern, start: int) -> tuple[Edge, ...]:
    """The edges in an order in which each has one end already placed."""
    placed, rest, order = {start}, list(pattern.edges), []
    while rest:
        edge = next(edge for edge in rest if edge.head in placed or edge.argument in placed)
        rest.remove(edge)
        order.append(edge)
        placed |= {edge.head, edge.argument}
    return tuple(order)


def extend(
    placed: dict[int, int], edges: tuple[Edge, ...], pattern: Pattern, test: NodeTest, neighbours: Neighbours
) -> Iterator[tuple[dict[int, int], float]]:
    """All ways to place the rest of a pattern, edge by edge, with how certain the edges are together."""
    if not edges:
        yield placed, 1.0
        return
    edge, rest = edges[0], edges[1:]
    upwards = edge.argument in placed
    here, there = (edge.argument, edge.head) if upwards else (edge.head, edge.argument)
    for token, sure in neighbours(placed[here], edge.roles, upwards):
        if token not in placed.values() and test(pattern.nodes[there], token):
            for full, certainty in extend({**placed, there: token}, rest, pattern, test, neighbours):
                yield full, certainty * sure


# ---------------------------------------------------------------------------------------------------- as far as it goes

EDGE, WORD, CLASS, LOOSE, SLOT = 1.0, 1.5, 1.0, 0.0, 0.25
"""What an edge, a word, another mention, any verb, and a slot count in how much of a pattern can be laid.

Verbs are everywhere and slots are given, so they tell little; a phrase in its place with another word is nearer than a
word of it somewhere else.
"""


@dataclass(frozen=True, slots=True)
class Placement:
    """A pattern laid over a text as far as it goes, with some of its nodes at given tokens.

    ``tokens`` are those at its nodes, None where none may stand. ``nodes`` are the positions of the nodes whose tokens
    pass their test, ``edges`` those of the edges that hold. ``share`` in [0, 1] is how much of the pattern that is;
    edges between two wrong words do not count.
    """

    tokens: tuple[int | None, ...]
    nodes: frozenset[int]
    edges: frozenset[int]
    share: float


def furthest(
    pattern: Pattern, fixed: Mapping[int, int], test: NodeTest, neighbours: Neighbours, around: Iterable[int]
) -> Placement:
    """The placement that satisfies the most of a pattern, by the tests of `find_matches`.

    ``fixed`` are tokens at nodes, its slots say. Of the other nodes each stands at a token that an edge leads to from
    one placed before, at one of those ``around`` that passes its test, or nowhere.
    """
    around = list(around)
    order = [node for node in range(len(pattern.nodes)) if node not in fixed]

    def options(node: int, placed: Mapping[int, int]) -> set[int]:
        found = {token for token in around if test(pattern.nodes[node], token)}
        for edge in pattern.edges:
            if node == edge.head and edge.argument in placed:
                found |= {token for token, _ in neighbours(placed[edge.argument], edge.roles, True)}
            elif node == edge.argument and edge.head in placed:
                found |= {token for token, _ in neighbours(placed[edge.head], edge.roles, False)}
        return found - set(placed.values())

    def placements(rest: list[int], placed: Mapping[int, int]) -> Iterator[Mapping[int, int]]:
        if not rest:
            yield placed
            return
        node = next((n for n in rest if touches(pattern, n, placed)), rest[0])
        others = [n for n in rest if n != node]
        for token in sorted(options(node, placed)):
            yield from placements(others, {**placed, node: token})
        yield from placements(others, placed)

    laid = (measured(pattern, placed, test, neighbours) for placed in placements(order, fixed))
    return max(laid, key=lambda placement: placement.share)


def touches(pattern: Pattern, node: int, placed: Mapping[int, int]) -> bool:
    """Whether an edge joins a node with one that is placed."""
    return any(
        (edge.head == node and edge.argument in placed) or (edge.argument == node and edge.head in placed)
        for edge in pattern.edges
    )


def measured(pattern: Pattern, placed: Mapping[int, int], test: NodeTest, neighbours: Neighbours) -> Placement:
    """A placement with what of the pattern it satisfies."""
    nodes = frozenset(i for i, token in placed.items() if test(pattern.nodes[i], token))
    edges = frozenset(
        i
        for i, edge in enumerate(pattern.edges)
        if edge.head in placed
        and edge.argument in placed
        and any(token == placed[edge.argument] for token, _ in neighbours(placed[edge.head], edge.roles, False))
    )
    whole = EDGE * len(pattern.edges) + sum(map(weight, pattern.nodes))
    given = nodes | {i for i, node in enumerate(pattern.nodes) if node.slot}
    telling = [i for i in edges if {pattern.edges[i].head, pattern.edges[i].argument} & given]
    part = EDGE * len(telling) + sum(weight(pattern.nodes[i]) for i in nodes)
    tokens = tuple(placed.get(i) for i in range(len(pattern.nodes)))
    return Placement(tokens, nodes, edges, part / whole)


def weight(node: Node) -> float:
    """How much it says that a token passes the test of a node."""
    if node.slot:
        return SLOT
    return CLASS if node.kind else LOOSE if ANY in node.words else WORD
