"""What the encoder found in a document, gathered sentence by sentence and written into spaCy's Doc."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from spacy.tokens import Doc, Span, Token

from graphwright.language import chains, phrases, tree
from graphwright.language.lemmas import Lemmatizer

_ATTRIBUTES = ["TAG", "POS", "MORPH", "DEP", "LEMMA", "HEAD"]
PHRASES = "noun_phrases"
"""Key of `doc.spans` with all noun phrases, nested; the label of each is its type."""
CHAIN = "coref_clusters_"
"""`doc.spans` has one key that starts so for each coreference chain, followed by a number from 1."""
_TYPES, _CERTAINTY = "graphwright_phrase_types", "graphwright_certainty"  # keys of `doc.user_data`


def phrase_type(token: Token) -> str:
    """The likeliest type of a noun phrase with this head, one of GUM's; "" where the encoder has not read the token.

    It is told of every word: whether the word does head a phrase is what `doc.spans["noun_phrases"]` says.
    """
    types, of_tokens = token.doc.user_data.get(_TYPES, ((), ()))
    kind = int(of_tokens[token.i]) if len(of_tokens) else 0
    return str(types[kind]) if kind else ""


def certainty(token: Token) -> float:
    """How likely the head and the relation of a token are, in [0, 1], to the parser that looks at this word alone.

    1 where the encoder has not read the token: other pipelines do not tell.
    """
    of_tokens = token.doc.user_data.get(_CERTAINTY, ())
    return float(of_tokens[token.i]) if len(of_tokens) else 1.0


class Analysis:
    """What is known about the tokens of one document, gathered sentence by sentence."""

    def __init__(
        self, doc: Doc, classes: dict[str, list[str]], lemmatizer: Lemmatizer, antecedents: chains.Antecedents
    ) -> None:
        self.doc = doc
        self.classes = classes
        self.groups = [group.split("|") for group in classes.get("name_group", [])]
        self.lemmatizer = lemmatizer
        self.antecedents = antecedents
        self._words = chains.Words([], [], [], [], [], [], [])
        self._tokens: list[int] = []
        self._phrases: list[tuple[int, int, int, int]] = []  # head, start, end, type; indices of words
        self._anaphors: list[npt.NDArray[np.float32]] = []
        self._antecedents: list[npt.NDArray[np.float32]] = []
        strings, morphology = doc.vocab.strings, doc.vocab.morphology
        # The symbols of universal parts of speech have their own numbers as strings.
        self._ids = {
            kind: np.array([strings.add(label) for label in classes.get(kind, [])], dtype=np.uint64)
            for kind in ("xpos", "upos")
        }
        feats = ["" if label == "_" else label for label in classes.get("feats", [])]
        self._ids["feats"] = np.array([morphology.add(label) for label in feats], dtype=np.uint64)
        relations = ["ROOT" if label == "root" else label for label in classes.get("relation", [])]
        subjects = ("nsubj", "nsubj:pass", "csubj", "csubj:pass")
        self._subjects = [index for index, label in enumerate(relations) if label in subjects]
        self._objects = [index for index, label in enumerate(relations) if label == "obj"]
        self._ids["relation"] = np.array([strings.add(label) for label in relations], dtype=np.uint64)
        self._table = np.zeros((len(doc), len(_ATTRIBUTES)), dtype=np.uint64)
        self._read = np.zeros(len(doc), dtype=bool)
        self._certainty = np.ones(len(doc), dtype=np.float32)
        self._types = np.zeros((len(doc), len(classes.get("phrase", [])[1:])), dtype=np.float32)  # log-probabilities
        self._names: list[Span] = []

    def add_sentence(
        self, tokens: list[int], forms: list[str], outputs: dict[str, npt.NDArray[Any]], part: slice
    ) -> None:
        """Decode the words `part` of a window, which are these `tokens` of the document."""
        rows = np.array(tokens)
        nodes = np.arange(part.start, part.stop) + 1
        scores = outputs["arcs"][part][:, [0, *nodes]]
        scores = scores - np.logaddexp.reduce(scores, axis=1, keepdims=True)
        heads = tree.best_tree(scores)
        self._certainty[rows] = np.exp(scores[np.arange(len(rows)), heads])
        governors = outputs["governors"][np.where(heads == 0, 0, heads + part.start)]
        relations = self.classes["relation"]
        scorers = outputs["dependents"][part].reshape(len(rows), len(relations), -1)
        label_scores = np.einsum("wrk,wk->wr", scorers, governors)
        root = relations.index("root")
        label_scores[:, root] = np.where(heads == 0, np.inf, -np.inf)

        chosen = tree.best_relations(label_scores, heads, subjects=self._subjects, objects=self._objects)
        inner = heads > 0  # the relation of a root is no choice
        labels_alone = label_scores[inner]
        of_chosen = labels_alone[np.arange(len(labels_alone)), chosen[inner]]
        self._certainty[rows[inner]] *= np.exp(of_chosen - np.logaddexp.reduce(labels_alone, axis=1))

        table = self._table
        table[rows, 0] = self._ids["xpos"][outputs["xpos"][part]]
        table[rows, 1] = self._ids["upos"][outputs["upos"][part]]
        table[rows, 2] = self._ids["feats"][outputs["feats"][part]]
        table[rows, 3] = self._ids["relation"][chosen]
        known, scores = self.doc.vocab.strings, outputs["lemma"][part]
        tags = [self.classes["xpos"][tag] for tag in outputs["xpos"][part].tolist()]
        lemmas = [self.lemmatizer(form, tag, row) or form for form, tag, row in zip(forms, tags, scores, strict=True)]
        table[rows, 4] = [known.add(lemma) for lemma in lemmas]
        distance = np.where(heads == 0, 0, rows[np.maximum(heads, 1) - 1] - rows)
        table[rows, 5] = distance.astype(np.int64).view(np.uint64)
        self._read[rows] = True

        bio = self.classes["name"]
        for start, end, kind in tree.names(outputs["name"][part], bio, self.groups):
            self._names.append(Span(self.doc, tokens[start], tokens[end - 1] + 1, label=kind))

        labels = [relations[relation] for relation in chosen.tolist()]
        upos = [self.classes["upos"][tag] for tag in outputs["upos"][part].tolist()]
        kinds = outputs["phrase"][part].argmax(1)
        types = outputs["phrase"][part][:, 1:]
        self._types[rows] = types - np.logaddexp.reduce(types, axis=1, keepdims=True)
        headed = np.flatnonzero(kinds)
        offset = len(self._tokens)
        if len(headed):
            spans = phrases.spans((heads - 1).tolist(), labels, upos)
            self._phrases += [
                (offset + i, offset + spans[i][0], offset + spans[i][1], int(kinds[i])) for i in headed.tolist()
            ]
            self._anaphors.append(outputs["anaphor"][part][headed])
            self._antecedents.append(outputs["antecedent"][part][headed])
        self._tokens += tokens
        words = self._words
        words.forms.extend(forms)
        words.lemmas.extend(lemmas)
        words.upos.extend(upos)
        words.xpos.extend(tags)
        words.heads.extend(np.where(heads == 0, np.arange(len(heads)), heads - 1) + offset)
        words.relations.extend(labels)
        words.sentences.extend([words.sentences[-1] + 1 if words.sentences else 0] * len(tokens))

    def write(self) -> None:
        """Put the annotations into the document. Whitespace hangs on the word before it, or else on the first word."""
        if not len(self.doc):
            return
        words = np.flatnonzero(self._read)
        blank = np.flatnonzero(~self._read)
        if len(blank):
            strings = self.doc.vocab.strings
            anchor = int(words[0]) if len(words) else 0
            before = np.maximum.accumulate(np.where(self._read, np.arange(len(self.doc)), -1))[blank]
            heads = np.where(before < 0, anchor, before)
            self._table[blank, 0] = strings.add("_SP")
            self._table[blank, 1] = strings.add("SPACE")
            self._table[blank, 2] = self.doc.vocab.morphology.add("")
            self._table[blank, 3] = np.where(heads == blank, strings.add("ROOT"), strings.add("dep"))
            self._table[blank, 4] = [strings.add(self.doc[int(i)].text) for i in blank]
            self._table[blank, 5] = (heads - blank).astype(np.int64).view(np.uint64)
        self.doc.from_array(_ATTRIBUTES, self._table)  # type: ignore[arg-type]  # the stub does not know unsigned
        self.doc.set_ents(self._names, default="outside")
        self.doc.user_data[_CERTAINTY] = self._certainty
        self._write_spans()

    def _write_spans(self) -> None:
        """Put noun phrases and chains into `doc.spans`."""
        tokens, types = self._tokens, self.classes.get("phrase", [])
        found: list[list[int]] = []
        if self._phrases:
            described = chains.describe(self._words, self._phrases)
            anaphors, antecedents = np.concatenate(self._anaphors), np.concatenate(self._antecedents)
            found = list(chains.chains(described, anaphors, antecedents, self.antecedents))
        chosen = agreed(self._types, self._fellows(found)).argmax(1) + 1
        kinds = np.where(self._read, chosen, 0).astype(np.uint8)
        self.doc.user_data[_TYPES] = (types, kinds)
        spans = [
            Span(self.doc, tokens[start], tokens[end - 1] + 1, label=types[kinds[tokens[head]]])
            for head, start, end, _ in self._phrases
        ]
        self.doc.spans[PHRASES] = spans
        for number, chain in enumerate(found, 1):
            self.doc.spans[f"{CHAIN}{number}"] = [spans[phrase] for phrase in chain]

    def _fellows(self, found: list[list[int]]) -> Iterator[list[int]]:
        """The tokens that head phrases under one noun, and those that head the phrases of one chain."""
        nouns: dict[str, list[int]] = {}
        for head, _, _, _ in self._phrases:
            if self._words.upos[head] in ("NOUN", "PROPN"):
                nouns.setdefault(self._words.lemmas[head].lower(), []).append(self._tokens[head])
        yield from nouns.values()
        yield from ([self._tokens[self._phrases[phrase][0]] for phrase in chain] for chain in found)


def agreed(types: npt.NDArray[np.float32], fellows: Iterable[Sequence[int]]) -> npt.NDArray[np.float32]:
    """The log-probabilities of the types of words (rows) after fellows have told each other theirs.

    A word has mostly one sense in a document (Gale, Church and Yarowsky 1992, "One Sense Per Discourse"), and what is
    one thing has one type: a row gains the mean of those of its fellows, for each group that it is in.
    """
    result = types.copy()
    for group in fellows:
        if len(group) > 1:
            rows = np.array(group)
            result[rows] += (types[rows].sum(0) - types[rows]) / (len(rows) - 1)
    return result
