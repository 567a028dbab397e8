"""From scores to structures that are well formed: dependency trees and names."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import pairwise

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]

_NEVER = -1e9


def best_tree(scores: Floats) -> Ints:
    """The heads of the highest-scoring projective tree with a single root.

    `scores[i, j]` is the score of word i (from 0) having node j as its head, where node 0 is the root and node k the
    word k - 1. Where the best head of each word makes such a tree already, that is the answer; otherwise it is found
    by Eisner's algorithm (1996, "Three New Probabilistic Models for Dependency Parsing"). To every arc from the root a
    cost is added that is larger than all differences between trees, so the optimum has one root (as in Zmigrod, Vieira
    and Cotterell 2020). Trees with crossing arcs are one or two in a hundred in English, and most of those that a
    parser finds are errors.

    >>> best_tree(np.array([[9, 0, 1], [8, 2, 0]], dtype=np.float32)).tolist()
    [0, 1]
    """
    count = len(scores)
    words = np.arange(count)
    costed = scores.astype(np.float64)
    costed[words, words + 1] = _NEVER
    heads: Ints = costed.argmax(1)
    if (heads == 0).sum() == 1 and not _cycle(heads) and not _crossing(heads):
        return heads
    usual = costed[costed > _NEVER]
    costed[:, 0] -= (usual.max() - usual.min() + 1) * (count + 1)
    return _projective(costed)


def _cycle(heads: Ints) -> bool:
    """Whether heads (nodes) lead back to where they began."""
    state = [0] * (len(heads) + 1)  # 0 new, 1 on the present path, 2 leads to the root
    state[0] = 2
    for start in range(1, len(heads) + 1):
        node, path = start, []
        while state[node] == 0:
            state[node] = 1
            path.append(node)
            node = int(heads[node - 1])
        if state[node] == 1:
            return True
        for passed in path:
            state[passed] = 2
    return False


def _crossing(heads: Ints) -> bool:
    """Whether two arcs cross."""
    nodes = np.arange(1, len(heads) + 1)
    left, right = np.minimum(heads, nodes), np.maximum(heads, nodes)
    opens, closes = left[:, None], right[:, None]
    return bool(((opens < left) & (left < closes) & (closes < right)).any())


def _projective(scores: npt.NDArray[np.float64]) -> Ints:
    """The heads of the best projective tree; scores as in best_tree.

    Spans of nodes, from i to j, are put together from shorter ones, all of one length at once. An open span holds the
    arc between its ends, a closed one has a head at one end, all of whose dependants on that side are inside. The
    time grows with the cube of the number of words, which `windows.MAX_SENTENCE` bounds.
    """
    size = len(scores) + 1
    arcs = np.full((size, size), _NEVER)  # head, dependant
    arcs[:, 1:] = scores.T
    closed = np.zeros((2, size, size))  # headed by the first node, by the last
    opened = np.zeros((2, size, size))
    split = np.zeros((3, size, size), dtype=np.int64)  # of a closed span (by where its head is), of an open one
    for length in range(1, size):
        i = np.arange(size - length)
        j = i + length
        first, last = i[:, None], j[:, None]
        inner = first + np.arange(length)

        def best(sums: npt.NDArray[np.float64], kind: int, i: Ints = i, j: Ints = j) -> npt.NDArray[np.float64]:
            choice = sums.argmax(1)
            split[kind, i, j] = i + choice
            chosen: npt.NDArray[np.float64] = sums[i, choice]
            return chosen

        between = best(closed[0, first, inner] + closed[1, inner + 1, last], 2)
        opened[0, i, j] = between + arcs[i, j]
        opened[1, i, j] = between + arcs[j, i]
        closed[0, i, j] = best(opened[0, first, inner + 1] + closed[0, inner + 1, last], 0)
        closed[1, i, j] = best(closed[1, first, inner] + opened[1, inner, last], 1)
    heads = np.zeros(size, dtype=np.int64)
    waiting = [(0, 0, size - 1)]  # closed spans: where the head is, first and last node
    while waiting:
        side, first_node, last_node = waiting.pop()
        if first_node == last_node:
            continue
        middle = int(split[side, first_node, last_node]) + (side == 0)
        outer = (middle, last_node) if side == 0 else (first_node, middle)
        begin, end = (first_node, middle) if side == 0 else (middle, last_node)
        heads[end if side == 0 else begin] = begin if side == 0 else end
        joint = int(split[2, begin, end])
        waiting += [(side, *outer), (0, begin, joint), (1, joint + 1, end)]
    return heads[1:]


def best_relations(scores: Floats, heads: Ints, *, subjects: Sequence[int], objects: Sequence[int]) -> Ints:
    """The best relation of each word to its head, where no predicate has two objects or a second subject after it.

    `scores[i, r]` is the score of relation r for word i, `heads` are nodes as in best_tree; `subjects` and `objects`
    are relations. Words are scored alone, so two may want the same part. Of two objects, that with more to lose stays;
    of a subject before and one after the predicate, the former. The other takes its best relation among the rest.

    >>> scores = np.array([[9, 0, 0, 0], [0, 0, 0, 4], [3, 2, 0, 0]], dtype=np.float32)
    >>> best_relations(scores, np.array([2, 0, 2]), subjects=[0], objects=[1]).tolist()
    [0, 3, 1]
    """
    chosen: Ints = scores.argmax(1)
    scores = scores.copy()
    nodes = np.arange(len(heads)) + 1

    def give_up(word: int, group: Sequence[int]) -> None:
        scores[word, group] = -np.inf
        chosen[word] = scores[word].argmax()

    wanting = np.isin(chosen, subjects)
    before = set(heads[wanting & (nodes < heads)].tolist())
    for word in np.flatnonzero(wanting & (nodes > heads)).tolist():
        if int(heads[word]) in before:
            give_up(word, subjects)
    wanting = np.isin(chosen, objects)
    rest = np.delete(np.arange(scores.shape[1]), objects)
    loss = scores[:, objects].max(1) - scores[:, rest].max(1)
    taken: set[int] = set()
    for word in sorted(np.flatnonzero(wanting).tolist(), key=lambda word: -float(loss[word])):
        if int(heads[word]) in taken:
            give_up(word, objects)
        taken.add(int(heads[word]))
    return chosen


def best_tags(scores: Floats, tags: Sequence[str]) -> list[int]:
    """The highest-scoring sequence of BIO `tags` in which no name begins with I- (Viterbi 1967).

    >>> best_tags(np.array([[0, 2, 0], [0, 0, 1]], dtype=np.float32), ["O", "B-LOC", "I-LOC"])
    [1, 2]
    """
    barred, first = _barred(tuple(tags))
    chosen: list[int] = scores.argmax(1).tolist()
    if not first[chosen[0]] and not any(barred[a, b] for a, b in pairwise(chosen)):
        return chosen
    penalty = np.where(barred, np.float32(_NEVER), np.float32(0))
    best = scores[0] + np.where(first, np.float32(_NEVER), np.float32(0))
    back: list[Ints] = []
    for row in scores[1:]:
        paths = best[:, None] + penalty
        back.append(paths.argmax(0))
        best = paths.max(0) + row
    chosen = [int(best.argmax())]
    for pointers in reversed(back):
        chosen.append(int(pointers[chosen[-1]]))
    return chosen[::-1]


@cache
def _barred(tags: tuple[str, ...]) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Whether the second tag cannot follow the first, and whether a tag cannot be the first of all."""
    follows = [[after[0] == "I" and before[1:] != after[1:] for after in tags] for before in tags]
    return np.array(follows), np.array([tag[0] == "I" for tag in tags])


def names(scores: Floats, tags: Sequence[str], groups: Sequence[Sequence[str]]) -> list[tuple[int, int, str]]:
    """Start, end (one past the last) and type of the names of a sentence, given the scores of BIO `tags` for each word.

    Where a name stands is told by the probabilities of `groups` of types together, for a place may be hard to tell from
    a building and yet surely be a name; then each name gets the likeliest type of its group.

    >>> scores = np.array([[2, 1.8, 0, 1.8, 0], [3, 0, 0, 0, 0]], dtype=np.float32)
    >>> names(scores, ["O", "B-GPE", "I-GPE", "B-FAC", "I-FAC"], [["GPE", "FAC"]])
    [(0, 1, 'GPE')]
    """
    index = {tag: i for i, tag in enumerate(tags)}
    log = scores - np.logaddexp.reduce(scores, axis=1, keepdims=True)
    columns = [[index["O"]]] + [[index[f"{prefix}-{kind}"] for kind in group] for group in groups for prefix in "BI"]
    joined = np.stack([np.logaddexp.reduce(log[:, column], axis=1) for column in columns], 1)
    coarse = ["O", *(f"{prefix}-{i}" for i in range(len(groups)) for prefix in "BI")]
    found: list[tuple[int, int, str]] = []
    for start, end, number in _spans(best_tags(joined, coarse), coarse):
        begin, inside = columns[1 + 2 * number], columns[2 + 2 * number]
        likely = log[start, begin] + log[start + 1 : end, inside].sum(0)
        found.append((start, end, groups[number][int(likely.argmax())]))
    return found


def _spans(chosen: Sequence[int], tags: Sequence[str]) -> list[tuple[int, int, int]]:
    """Start, end and number of group of the names in a sequence of indices of tags such as B-1."""
    found: list[tuple[int, int, int]] = []
    for position, index in enumerate(chosen):
        if tags[index][0] == "B":
            found.append((position, position + 1, int(tags[index][2:])))
        elif tags[index][0] == "I":
            start, _, group = found[-1]
            found[-1] = (start, position + 1, group)
    return found
