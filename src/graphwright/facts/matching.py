"""Laying patterns over a text: small tree search, from the rarest node outwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from graphwright.ontology.patterns import Edge, Node, Pattern

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
    pattern: Pattern, start_tokens: Iterator[int], start: int, test: NodeTest, neighbours: Neighbours
) -> Iterator[Match]:
    """All ways to lay a pattern over a text with node ``start`` at one of ``start_tokens``."""
    order = edge_order(pattern, start)
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
