"""Patterns: small trees over propositions, with a slot for the subject and one for the object of a property.

The notation reads along the tree. A slot is a class in brackets, a class in braces must be there too, a word is a lemma
(alternatives by ``|``, ``*`` for any verb), an edge is a role (alternatives by ``|``) that points from a predicate to
its argument; side branches stand in parentheses after their node::

    [Person] <-subject- lead|head -object-> [Delegation]
    [Person] <-subject- take (-object-> part) -in-> [Event]
    [Event] -in|at-> [Place]
    [Person] -is-> {Position} -of-> [Organization]
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

ANY = "*"


@dataclass(frozen=True, slots=True)
class Node:
    """A slot or another mention (``slot``, ``kind``: the name of its class as written) or a word (lemmas, or `ANY`)."""

    slot: str = ""
    words: frozenset[str] = frozenset()
    kind: str = ""

    def __str__(self) -> str:
        if self.kind:
            return f"{{{self.kind}}}"
        return f"[{self.slot}]" if self.slot else "|".join(sorted(self.words))


@dataclass(frozen=True, slots=True)
class Edge:
    """One of ``roles`` leads from node ``head`` (the predicate) to node ``argument``, both positions in the pattern."""

    head: int
    roles: frozenset[str]
    argument: int


@dataclass(frozen=True, slots=True)
class Pattern:
    """A tree of nodes; ``first`` and ``second`` are the positions of its slots in the order of the text.

    ``source`` is the phrase or pattern as its author wrote it.
    """

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    source: str = ""

    @property
    def slots(self) -> tuple[int, ...]:
        """Positions of the slots, in the order written."""
        return tuple(i for i, node in enumerate(self.nodes) if node.slot)

    def __str__(self) -> str:
        return render(self)


class NotationError(ValueError):
    """A pattern that does not follow the notation; the message says where."""


_TOKEN = re.compile(
    r"\s*(?:(?P<slot>\[[^\]]*\])|(?P<kind>\{[^}]*\})|<-(?P<up>[^<>\[\]()]+?)-(?=\s)|-(?P<down>[^<>\[\]()]+?)->|(?P<mark>[()])"
    r"|(?P<word>[^\s\[\](){}<>]+))"
)


def parse(text: str) -> Pattern:
    """Read a pattern in the notation. Raises `NotationError`.

    >>> str(parse("[Person] <-subject- lead -object-> [Delegation]"))
    '[Person] <-subject- lead -object-> [Delegation]'
    """
    nodes: list[Node] = []
    edges: list[Edge] = []
    stack: list[int] = []
    current: int | None = None
    pending: tuple[str, bool] | None = None
    position = 0
    while text[position:].strip():
        match = _TOKEN.match(text, position)
        if match is None:
            raise NotationError(f"cannot read {text[position:].strip()!r}")
        position = match.end()
        if match["up"] or match["down"]:
            if current is None or pending is not None:
                raise NotationError(f"the edge {match.group().strip()!r} does not start at a node")
            pending = (match["up"] or match["down"], bool(match["up"]))
        elif match["mark"] == "(":
            if current is None:
                raise NotationError("'(' before any node")
            stack.append(current)
        elif match["mark"] == ")":
            if not stack:
                raise NotationError("')' without '('")
            if pending is not None:
                raise NotationError("it breaks off: a node is missing before ')'")
            current = stack.pop()
        else:
            nodes.append(read_node(match))
            here = len(nodes) - 1
            if pending is not None and current is not None:
                roles = alternatives(pending[0])
                edges.append(Edge(here, roles, current) if pending[1] else Edge(current, roles, here))
            elif here > 0:
                raise NotationError(f"no edge leads to {nodes[here]}")
            current, pending = here, None
    if stack or pending is not None:
        raise NotationError("it breaks off: a ')' or a node is missing")
    return Pattern(tuple(nodes), tuple(edges), text)


def read_node(match: re.Match[str]) -> Node:
    """The node that a piece of the notation writes."""
    name = (match["slot"] or match["kind"] or "")[1:-1].strip()
    if not name and not match["word"]:
        raise NotationError(f"{match.group().strip()} names no class")
    if name:
        return Node(slot=name) if match["slot"] else Node(kind=name)
    return Node(words=alternatives(match["word"]))


def alternatives(text: str) -> frozenset[str]:
    """Words or roles written with "|" between them."""
    found = [part.strip() for part in text.split("|")]
    if not all(found):
        raise NotationError(f"an alternative of {text!r} is empty: write something on both sides of '|'")
    return frozenset(found)


def render(pattern: Pattern) -> str:
    """A pattern in its notation, along the path from the first slot to the second."""

    def walk(node: int, seen: frozenset[int]) -> str:
        text = str(pattern.nodes[node])
        steps: list[tuple[int, str]] = []
        for edge in pattern.edges:
            roles = "|".join(sorted(edge.roles))
            if edge.head == node and edge.argument not in seen:
                steps.append((edge.argument, f"-{roles}->"))
            elif edge.argument == node and edge.head not in seen:
                steps.append((edge.head, f"<-{roles}-"))
        steps.sort(key=lambda step: goal in reachable(pattern, step[0], seen | {node}))
        for i, (other, arrow) in enumerate(steps):
            rest = f"{arrow} {walk(other, seen | {node})}"
            text += f" {rest}" if i == len(steps) - 1 else f" ({rest})"
        return text

    if not pattern.nodes:
        return ""
    first, goal = pattern.slots[0] if pattern.slots else 0, pattern.slots[-1] if pattern.slots else 0
    return walk(first, frozenset())


def reachable(pattern: Pattern, start: int, blocked: frozenset[int]) -> set[int]:
    """The nodes that can be reached from ``start`` without passing ``blocked``."""
    found = [start]
    for node in found:
        for edge in pattern.edges:
            for here, there in ((edge.head, edge.argument), (edge.argument, edge.head)):
                if here == node and there not in blocked and there not in found:
                    found.append(there)
    return set(found)


def with_synonyms(pattern: Pattern, synonyms: tuple[frozenset[str], ...]) -> Pattern:
    """Let each word of a pattern stand for all words of the synonym sets that hold it."""

    def widen(node: Node) -> Node:
        wider = node.words.union(*(group for group in synonyms if group & node.words)) if node.words else node.words
        return replace(node, words=wider)

    return replace(pattern, nodes=tuple(widen(node) for node in pattern.nodes))
