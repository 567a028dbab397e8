"""Coreference: which noun phrases of a document speak of the same thing.

Each phrase that the encoder finds chooses, among those before it, its antecedent, or none. A pair is scored from the
encoder's states of the two head words and from what the phrases are (pronoun, name, definite, …), their types, their
distance and their shared words. The choice of antecedents by head words follows Dobrovolskii (2021), "Word-Level
Coreference Resolution"; the features are those that Clark and Manning (2016) found to matter. Training and use share
this module.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]

REACH = 200  # phrases before a phrase among which its antecedent is sought
_BLOCK = 64  # phrases scored at once

_PRONOUNS = {
    "I": "i me my mine myself",
    "you": "you your yours yourself yourselves",
    "we": "we us our ours ourselves",
    "he": "he him his himself",
    "she": "she her hers herself",
    "it": "it its itself",
    "they": "they them their theirs themselves",
    "this": "this that these those",
    "who": "who whom whose which",
}
FORMS = (
    "name", "definite", "demonstrative", "possessed", "indefinite", "quantified", "bare", *_PRONOUNS, "pronoun",
)  # fmt: skip
"""What a noun phrase is by its form."""
_PRONOUN = {word: FORMS.index(form) for form, words in _PRONOUNS.items() for word in words.split()}
_ARTICLES = {
    "the": "definite", "this": "demonstrative", "that": "demonstrative", "these": "demonstrative",
    "those": "demonstrative", "a": "indefinite", "an": "indefinite",
}  # fmt: skip
_SINGULAR = frozenset(_PRONOUN[word] for word in ("i", "he", "she", "it"))
_PLURAL = frozenset(_PRONOUN[word] for word in ("we", "they"))
_CONTENT = frozenset(("NOUN", "PROPN", "ADJ", "NUM", "X", "SYM"))

FLAGS = (
    "same form", "same lemma", "same text", "head in antecedent", "antecedent's head in it", "words in antecedent",
    "antecedent's words in it", "shared word", "acronym", "same number", "other number", "inside antecedent",
    "around antecedent", "apposition", "predicate", "same governor", "both subjects", "antecedent is subject",
)  # fmt: skip
"""What is true or false of a pair of phrases."""
DISTANCES = (1, 2, 3, 4, 5, 8, 16, 32, 64)  # lower bounds of classes of distance, in phrases
SENTENCES = (0, 1, 2, 3, 5, 9)  # the same in sentences


@dataclass(frozen=True, slots=True)
class Words:
    """What is known about the words of a document; `heads` are indices of words, a root's its own."""

    forms: list[str]
    lemmas: list[str]
    upos: list[str]
    xpos: list[str]
    heads: list[int]
    relations: list[str]
    sentences: list[int]  # number of each word's sentence


@dataclass(frozen=True, slots=True)
class Phrases:
    """The noun phrases of a document, in the order of their heads: an array or list entry for each."""

    head: Ints  # word
    start: Ints
    end: Ints  # one past the last word
    kind: Ints  # type
    sentence: Ints
    form: Ints  # index in FORMS
    number: Ints  # 1 singular, 2 plural, 0 unknown
    governor: Ints  # word
    subject: npt.NDArray[np.bool_]
    apposed: npt.NDArray[np.bool_]
    lower: Sequence[str]  # head word in lower case
    lemma: Sequence[str]
    words: Sequence[frozenset[str]]  # words that carry meaning, in lower case
    initials: Sequence[str]

    def __len__(self) -> int:
        return len(self.head)


def describe(words: Words, found: Sequence[tuple[int, int, int, int]]) -> Phrases:
    """The phrases `found`, each given by its head, start, end (one past the last) and type, in the order of heads."""
    heads = [head for head, _, _, _ in found]
    articles = _articles(words, frozenset(heads))
    forms = [_form(words, head, articles.get(head)) for head in heads]
    content = [
        [i for i in range(start, end) if words.upos[i] in _CONTENT] if form in (0, 1, 2, 3, 4, 5, 6) else []
        for (_, start, end, _), form in zip(found, forms, strict=True)
    ]
    table = np.array(found, dtype=np.int64).reshape(-1, 4)
    return Phrases(
        table[:, 0], table[:, 1], table[:, 2], table[:, 3],
        np.array([words.sentences[head] for head in heads], dtype=np.int64),
        np.array(forms, dtype=np.int64),
        np.array([_number(words.xpos[h], form) for h, form in zip(heads, forms, strict=True)], dtype=np.int64),
        np.array([words.heads[head] for head in heads], dtype=np.int64),
        np.array([words.relations[head].startswith("nsubj") for head in heads], dtype=bool),
        np.array([words.relations[head] == "appos" for head in heads], dtype=bool),
        [words.forms[head].lower() for head in heads],
        [words.lemmas[head].lower() for head in heads],
        [frozenset(words.forms[i].lower() for i in inside) for inside in content],
        ["".join(words.forms[i][0] for i in inside if words.forms[i][0].isupper()) for inside in content],
    )  # fmt: skip


def _articles(words: Words, heads: frozenset[int]) -> dict[int, str]:
    """The form of phrase that the determiner, possessor or number of a head makes; the first one counts."""
    found: dict[int, str] = {}
    for i, (head, relation) in enumerate(zip(words.heads, words.relations, strict=True)):
        if head not in heads or head in found:
            continue
        if relation.startswith("det"):
            found[head] = _ARTICLES.get(words.forms[i].lower(), "quantified")
        elif relation == "nmod:poss":
            found[head] = "possessed"
        elif relation == "nummod":
            found[head] = "quantified"
    return found


def _form(words: Words, head: int, article: str | None) -> int:
    lower = words.forms[head].lower()
    if lower in _PRONOUN and words.upos[head] in ("PRON", "DET"):
        return _PRONOUN[lower]
    if words.upos[head] in ("PRON", "DET"):
        return len(FORMS) - 1
    if words.upos[head] == "PROPN":
        return 0
    return FORMS.index(article or "bare")


def _number(tag: str, form: int) -> int:
    if form in _SINGULAR or tag in ("NN", "NNP"):
        return 1
    return 2 if form in _PLURAL or tag in ("NNS", "NNPS") else 0


@dataclass(frozen=True, slots=True)
class Pairs:
    """The features of each pair of a phrase (row) and one that may be its antecedent (column)."""

    flags: Floats  # rows x columns x FLAGS
    forms: Ints  # rows x columns: form of the phrase x len(FORMS) + form of the antecedent
    kinds: Ints  # the same of types
    distance: Ints  # class of distance in phrases
    sentences: Ints  # class of distance in sentences


def pairs(phrases: Phrases, rows: slice, columns: slice, kinds: int) -> Pairs:
    """Features of all pairs of phrases; `kinds` is the number of types. Only columns before a row mean something."""
    ours, theirs = np.arange(len(phrases))[rows], np.arange(len(phrases))[columns]
    vocabulary: dict[str, int] = {}

    def ids(texts: Sequence[str]) -> Ints:
        return np.array([vocabulary.setdefault(text, len(vocabulary)) for text in texts], dtype=np.int64)

    low_ours, low_theirs = ids(phrases.lower[rows]), ids(phrases.lower[columns])
    lemma_ours, lemma_theirs = ids(phrases.lemma[rows]), ids(phrases.lemma[columns])
    for word in sorted(set().union(*phrases.words[rows], *phrases.words[columns])):
        vocabulary.setdefault(word, len(vocabulary))
    bags = []
    for part in (rows, columns):
        bag = np.zeros((len(phrases.words[part]), len(vocabulary)), dtype=np.float32)
        for row, held in enumerate(phrases.words[part]):
            bag[row, [vocabulary[word] for word in held]] = 1
        bags.append(bag)
    shared = bags[0] @ bags[1].T
    size_ours, size_theirs = bags[0].sum(1)[:, None], bags[1].sum(1)[None]
    short_ours, short_theirs = ids(_short(phrases.initials[rows])), ids(_short(phrases.initials[columns]))
    upright = (slice(None), np.newaxis)  # an array on its side, to be compared with one that lies
    number_ours, number_theirs = phrases.number[rows][upright], phrases.number[columns]
    known = (number_ours > 0) & (number_theirs > 0)
    start, end = phrases.start[rows][upright], phrases.end[rows][upright]
    first, last = phrases.start[columns], phrases.end[columns]
    governor, other = phrases.governor[rows][upright], phrases.governor[columns]
    head, other_head = phrases.head[rows][upright], phrases.head[columns]
    subject, other_subject = phrases.subject[rows][upright], phrases.subject[columns]
    same_words = (shared == size_ours) & (shared == size_theirs) & (size_ours > 0)
    pronouns = (size_ours == 0) & (size_theirs == 0) & (low_ours[upright] == low_theirs)
    flags = np.stack(
        [
            low_ours[upright] == low_theirs,
            lemma_ours[upright] == lemma_theirs,
            same_words | pronouns,
            bags[1][:, low_ours].T > 0,
            bags[0][:, low_theirs] > 0,
            (shared == size_ours) & (size_ours > 0),
            (shared == size_theirs) & (size_theirs > 0),
            shared > 0,
            (short_ours[upright] == low_theirs) | (low_ours[upright] == short_theirs),
            known & (number_ours == number_theirs),
            known & (number_ours != number_theirs),
            (first <= start) & (end <= last),
            (start <= first) & (last <= end),
            phrases.apposed[rows][upright] & (governor == other_head),
            other_subject & (other == head),
            (governor == other) & (governor != head),
            subject & other_subject,
            np.broadcast_to(other_subject, shared.shape),
        ],
        -1,
    ).astype(np.float32)
    apart = ours[upright] - theirs
    sentences = phrases.sentence[rows][upright] - phrases.sentence[columns]
    return Pairs(
        flags,
        phrases.form[rows][upright] * len(FORMS) + phrases.form[columns],
        phrases.kind[rows][upright] * kinds + phrases.kind[columns],
        np.maximum(np.searchsorted(DISTANCES, apart, side="right") - 1, 0),
        np.maximum(np.searchsorted(SENTENCES, sentences, side="right") - 1, 0),
    )


def _short(initials: Sequence[str]) -> list[str]:
    return [text.lower() if len(text) > 1 else "" for text in initials]


class Antecedents:
    """Scores pairs with the weights that training found: see training/model.py for their names and shapes."""

    def __init__(self, weights: Mapping[str, Any]) -> None:
        self._weights = {name: np.asarray(value, dtype=np.float32) for name, value in weights.items()}

    @property
    def kinds(self) -> int:
        """The number of types of noun phrases."""
        return len(self._weights["none_kind"])

    def scores(self, found: Pairs, anaphor: Floats, antecedent: Floats) -> Floats:
        """rows x columns: how much more likely each pair is than no antecedent in general."""
        w = self._weights
        hidden = found.flags @ w["flags"]
        hidden += w["forms"][found.forms]
        hidden += w["kinds"][found.kinds]
        hidden += w["distance"][found.distance]
        hidden += w["sentences"][found.sentences]
        hidden += (anaphor[:, None] * antecedent[None]) @ w["product"]
        np.maximum(hidden, 0, out=hidden)
        result: Floats = hidden @ w["out"] + anaphor @ antecedent.T * w["scale"]
        return result

    def none(self, phrases: Phrases, rows: slice, anaphor: Floats) -> Floats:
        """The score of having no antecedent, for each row."""
        w = self._weights
        result: Floats = anaphor @ w["none"] + w["none_form"][phrases.form[rows]] + w["none_kind"][phrases.kind[rows]]
        return result


def chains(phrases: Phrases, anaphor: Floats, antecedent: Floats, model: Antecedents) -> Iterator[list[int]]:
    """The chains of two and more phrases, each as indices of phrases, in the order of their first phrases.

    `anaphor` and `antecedent` hold for each phrase the encoder's projections of its head.
    """
    member = list(range(len(phrases)))
    for begin in range(0, len(phrases), _BLOCK):
        end = min(begin + _BLOCK, len(phrases))
        rows, columns = slice(begin, end), slice(max(0, begin - REACH), end)
        scores = model.scores(pairs(phrases, rows, columns, model.kinds), anaphor[rows], antecedent[columns])
        apart = np.arange(begin, end)[:, None] - np.arange(columns.start, end)[None]
        scores = np.where((apart > 0) & (apart <= REACH), scores, -np.inf)
        best = scores.argmax(1)
        sure = scores[np.arange(end - begin), best] > model.none(phrases, rows, anaphor[rows])
        for row in np.flatnonzero(sure).tolist():
            member[begin + row] = member[columns.start + int(best[row])]
    found: dict[int, list[int]] = {}
    for phrase, first in enumerate(member):
        found.setdefault(first, []).append(phrase)
    yield from (chain for chain in found.values() if len(chain) > 1)
