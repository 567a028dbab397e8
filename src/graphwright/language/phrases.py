"""Noun phrases as parts of dependency trees."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from spacy.tokens import Doc, Span

_NEVER = frozenset(["case", "cc", "punct", "mark", "conj", "parataxis", "discourse", "vocative", "list", "reparandum"])
_BEFORE_NOUNS = _NEVER | frozenset(
    """cc:preconj cop aux nsubj nsubj:outer csubj expl dislocated advcl orphan advmod nmod dep obl appos""".split()  # noqa: SIM905
)
_AFTER_NOUNS = (_NEVER - {"case", "mark"}) | frozenset(
    ["cop", "appos", "dislocated", "orphan", "dep", "nsubj:outer", "csubj"]
)


def spans(heads: Sequence[int], relations: Sequence[str], upos: Sequence[str]) -> list[tuple[int, int]]:
    """For each word of a sentence the noun phrase that it would head: its first word, and one past its last.

    `heads` are indices of words, -1 for the root. The phrase is what hangs on the word, without what joins it to its
    sentence (prepositions, conjunctions, the subject and copula of a predicate) and without conjuncts and appositions,
    which are phrases of their own; a possessive 's belongs to it. So are the noun phrases of the GUM corpus delimited:
    of those in its training part 90 % come out exactly, from the gold trees.

    >>> spans([2, 2, -1, 4, 2], ["case", "det", "root", "case", "nmod"], ["ADP", "DET", "NOUN", "ADP", "PROPN"])
    [(0, 1), (1, 2), (1, 5), (3, 4), (4, 5)]
    """
    count = len(heads)
    first, last = list(range(count)), list(range(1, count + 1))  # of all that hangs on a word, punctuation aside
    order = _from_the_leaves(heads)
    for i in order:
        head = heads[i]
        if head >= 0 and relations[i] != "punct":
            first[head], last[head] = min(first[head], first[i]), max(last[head], last[i])
    start, end = list(range(count)), list(range(1, count + 1))
    for i, head in enumerate(heads):
        if head < 0:
            continue
        verbal = upos[head] in ("VERB", "AUX")
        if relations[i] not in (_NEVER if verbal else _BEFORE_NOUNS if i < head else _AFTER_NOUNS):
            start[head], end[head] = min(start[head], first[i]), max(end[head], last[i])
    return list(zip(start, end, strict=True))


def _from_the_leaves(heads: Sequence[int]) -> list[int]:
    """The words of a tree, each before its head."""
    waiting = [0] * len(heads)
    for head in heads:
        if head >= 0:
            waiting[head] += 1
    order = [i for i, count in enumerate(waiting) if not count]
    for i in order:
        head = heads[i]
        if head >= 0:
            waiting[head] -= 1
            if not waiting[head]:
                order.append(head)
    return order


_NOUNS = frozenset({"NOUN", "PROPN", "PRON"})
_IN_CHUNK = frozenset(
    ["det", "det:predet", "amod", "compound", "nummod", "nmod:poss", "nmod:desc", "nmod:unmarked", "advmod"]
)
_PARTS = _IN_CHUNK - {"nmod:unmarked"} | {"flat", "fixed"}


def noun_chunks(text: Doc | Span) -> Iterator[tuple[int, int, int]]:
    """Flat noun phrases for `doc.noun_chunks`: nouns and pronouns with what stands before them, none inside another.

    spaCy's own rule for English knows the labels of ClearNLP alone. Yields start, end and the label "NP".
    """
    label = text.doc.vocab.strings.add("NP")
    reached = text[0].i if len(text) else 0
    for token in text:
        if token.pos_ not in _NOUNS or token.dep_ in _PARTS or token.i < reached:
            continue
        start = end = token.i
        for child in token.lefts:
            if child.dep_ in _IN_CHUNK:
                start = min(start, max(child.left_edge.i, reached))
        for child in token.rights:
            if child.dep_ in ("flat", "compound", "fixed"):
                end = max(end, child.right_edge.i)
        reached = end + 1
        yield start, reached, label
