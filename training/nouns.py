"""Which types a noun may have as the head of a noun phrase, from WordNet.

GUM types the noun phrases of 115,000 words, so that one noun in five of a new text has never been seen with its type.
WordNet files each sense of 117,798 nouns (phrases among them) under one of 26 topics ("noun.person", "noun.act"), the
first senses being the commonest. How the topics answer to GUM's types is learnt from GUM's nouns; so each noun of
another treebank gets the few types that it may have, and training adds up their probabilities as it does for names.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt
from labels import HEADLESS, TYPED

Floats = npt.NDArray[np.float64]

TOPICS = 26
FIRST_TOPIC = 3  # the number of noun.Tops among all lexicographer files (lexnames(5WN))
POSSIBLE = 0.1
"""Types that are likelier for a noun; of GUM's dev nouns that its train part lacks, 93 % have one of these, of two."""
ROUNDS = 5


def topics(wordnet: Path) -> dict[str, Floats]:
    """How likely each topic is for each noun of WordNet, in lower case.

    A sense counts as often as it was met in WordNet's own texts (cntlist), and a little more the earlier it stands.
    """
    topic_of: dict[str, int] = {}
    for line in lines(wordnet / "data.noun"):
        offset, number, _ = line.split(" ", 2)
        topic_of[offset] = int(number) - FIRST_TOPIC
    met: Counter[tuple[str, int]] = Counter()
    for line in lines(wordnet / "cntlist.rev"):
        key, sense, count = line.split()
        lemma, place = key.split("%")
        if place[0] == "1":  # a noun
            met[lemma, int(sense)] = int(count)
    found: dict[str, Floats] = {}
    for line in lines(wordnet / "index.noun"):
        lemma, _, senses, *rest = line.split()
        weights = np.zeros(TOPICS)
        for sense, offset in enumerate(rest[-int(senses) :], 1):
            weights[topic_of[offset]] += met[lemma, sense] + 0.5 / sense
        found[lemma.replace("_", " ")] = weights / weights.sum()
    return found


def lines(path: Path) -> Iterable[str]:
    """The lines of a file of WordNet without its licence, which stands first and is indented."""
    return (line for line in path.read_text(encoding="utf8").split("\n") if line and line[0] != " ")


def types_by_topic(topics: Mapping[str, Floats], typed: Iterable[tuple[str, str]]) -> Floats:
    """How likely each type is for each topic, from nouns with their types, by expectation and maximisation."""
    counts: dict[str, Floats] = defaultdict(lambda: np.zeros(len(TYPED)))
    for lemma, kind in typed:
        if lemma in topics:
            counts[lemma][TYPED.index(kind)] += 1
    table = np.ones((TOPICS, len(TYPED))) / len(TYPED)
    for _ in range(ROUNDS):
        expected = np.full_like(table, 0.1)
        for lemma, seen in counts.items():
            shares = topics[lemma][:, None] * table
            # A noun that is met often says no more than one that is met five times.
            expected += shares / shares.sum(0) * np.minimum(seen, 5)
        table = expected / expected.sum(1, keepdims=True)
    return table


def possible_types(wordnet: Path, typed: Iterable[tuple[str, str]]) -> dict[str, str]:
    """For each noun of WordNet the tag of the types that it may have (see labels.HEADLESS)."""
    known = topics(wordnet)
    table = types_by_topic(known, typed)
    result = {}
    for lemma, weights in known.items():
        likely = weights @ table
        kinds = [kind for kind, share in zip(TYPED, likely, strict=True) if share >= min(POSSIBLE, likely.max())]
        result[lemma] = HEADLESS + "|".join(kinds)
    return result
