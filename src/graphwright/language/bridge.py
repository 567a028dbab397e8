"""The bridge from ClearNLP labels to Universal Dependencies, for pipelines such as `en_core_web_sm`.

Many English pipelines are trained on OntoNotes with the dependencies of Choi and Palmer (2012), "Guidelines for the
CLEAR Style Constituent to Dependency Conversion". There a preposition heads its object, "be" heads its predicate, each
conjunct hangs on the one before it, and the last word heads a name. The component `graphwright_bridge` turns such trees
into those of Universal Dependencies as the English Web Treebank has them (release 2.16): content words are heads.

Each step below is a function that changes one sentence; a sentence that does not come out as one tree keeps its own
heads and gets new labels alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc, Span

from graphwright.language.phrases import noun_chunks

NAME = "graphwright_bridge"
CLEAR = frozenset({"dobj", "nsubjpass", "auxpass", "pobj"})
"""Labels that ClearNLP has and Universal Dependencies does not."""

_LABELS = {
    "abbrev": "appos", "acomp": "xcomp", "agent": "obl:agent", "attr": "xcomp", "auxpass": "aux:pass",
    "complm": "mark", "csubjpass": "csubj:pass", "dative": "iobj", "dobj": "obj", "hmod": "compound",
    "hyph": "punct", "infmod": "acl", "intj": "discourse", "meta": "dep", "neg": "advmod",
    "nn": "compound", "npadvmod": "obl:unmarked", "nsubjpass": "nsubj:pass", "num": "nummod", "number": "compound",
    "oprd": "xcomp", "partmod": "acl", "pcomp": "advcl", "pobj": "obl", "poss": "nmod:poss", "possessive": "case",
    "preconj": "cc:preconj", "predet": "det:predet", "prep": "obl", "prt": "compound:prt", "quantmod": "advmod",
    "rcmod": "acl:relcl", "relcl": "acl:relcl",
}  # fmt: skip
"""What a label becomes where no step below has given the word another."""

_PREPOSITIONS = frozenset({"prep", "agent", "dative"})
_PREDICATES = frozenset({"attr", "acomp"})
_NOMINAL = frozenset({"NOUN", "PROPN", "PRON", "NUM", "SYM", "DET", "X"})
_PREMODIFIERS = frozenset({"amod", "compound", "nn", "nummod", "poss"})
_BE = frozenset({"be", "is", "are", "was", "were", "been", "being", "am", "'s", "’s", "'re", "’re", "'m", "’m"})
_FIXED = frozenset(
    {
        ("according", "to"), ("because", "of"), ("such", "as"), ("due", "to"), ("instead", "of"), ("rather", "than"),
        ("as", "to"), ("as", "of"),
    }
)  # fmt: skip
"""Prepositions of two words."""


@dataclass(slots=True)
class Sentence:
    """A sentence that is being changed. Heads are positions in the sentence; the root's is its own."""

    words: list[str]  # in lower case
    lemmas: list[str]
    tags: list[str]
    pos: list[str]
    persons: list[int]  # the number of the person's name that a word belongs to, 0 for none
    heads: list[int]
    labels: list[str]

    def children(self, head: int, *labels: str) -> list[int]:
        """What hangs on a word, in the order of the text; by all labels or some."""
        return [
            i
            for i, (own, label) in enumerate(zip(self.heads, self.labels, strict=True))
            if own == head and i != head and (not labels or label in labels)
        ]

    def hang(self, word: int, head: int, label: str) -> None:
        """Hang a word on another, or make it the root where they are the same."""
        self.heads[word], self.labels[word] = head, label

    def replace(self, old: int, new: int) -> None:
        """Let a word stand where another does; what hung on the other hangs on it."""
        head, label = self.heads[old], self.labels[old]
        for child in self.children(old):
            if child != new:
                self.heads[child] = new
        self.hang(new, new if head == old else head, label)
        self.heads[old] = new

    def is_tree(self) -> bool:
        """Whether every word leads to the one root."""
        roots = [i for i, head in enumerate(self.heads) if head == i]
        if len(roots) != 1:
            return False
        sure = set(roots)
        for word in range(len(self.heads)):
            path = []
            while word not in sure:
                if word in path:
                    return False
                path.append(word)
                word = self.heads[word]
            sure.update(path)
        return True


def coordinations(sentence: Sentence) -> None:
    """Conjuncts hang on the first of them; what stands before a conjunct ("and", a comma) hangs on it."""
    for word, label in enumerate(sentence.labels):
        if label != "conj":
            continue
        before = sentence.heads[word]
        for joint in sentence.children(before, "cc", "punct"):
            if before < joint < word and not any(joint < other < word for other in sentence.children(before, "conj")):
                sentence.heads[joint] = word
    for word, label in enumerate(sentence.labels):
        first, seen = sentence.heads[word], {word}
        while label == "conj" and sentence.labels[first] == "conj" and first not in seen:
            seen.add(first)
            first = sentence.heads[first]
        sentence.heads[word] = first


def prepositions(sentence: Sentence) -> None:
    """The object of a preposition hangs where the preposition did, and the preposition on its object."""
    for word in _deepest_first(sentence):
        if sentence.labels[word] not in _PREPOSITIONS:
            continue
        objects = sentence.children(word, "pobj") or [
            child for child in sentence.children(word, "obl", "nmod") if sentence.children(child, "case")
        ]
        clauses = sentence.children(word, "pcomp")
        head, label = sentence.heads[word], sentence.labels[word]
        if head == word or not (objects or clauses):
            if label == "dative":
                continue
            # A preposition without an object stands for the phrase ("the man he spoke to"), or is an adverb.
            adverb = sentence.tags[word] in ("RB", "RP")
            sentence.labels[word] = "advmod" if adverb else "obl" if head != word else sentence.labels[word]
            continue
        new = (objects or clauses)[0]
        nominal = sentence.pos[head] in _NOMINAL and not _is_predicate(sentence, head)
        verbal = bool(clauses) and not objects and sentence.pos[new] in ("VERB", "AUX")
        sentence.replace(word, new)
        if verbal:
            sentence.labels[new], sentence.labels[word] = "acl" if nominal else "advcl", "mark"
        else:
            agent = label == "agent" and sentence.words[word] == "by"
            sentence.labels[new] = "obl:agent" if agent else "nmod" if nominal else "obl"
            sentence.labels[word] = "case"
        for other in sentence.children(new, "conj"):
            if sentence.tags[other] == "IN" and other < new:  # "in and around the town"
                sentence.labels[other] = "case"
        for other in (objects or clauses)[1:]:
            sentence.labels[other] = "dep"
    for word, label in enumerate(sentence.labels):
        if label == "case" and word and (sentence.words[word - 1], sentence.words[word]) in _FIXED:
            first = word - 1
            if sentence.labels[first] == "case" and sentence.heads[first] == sentence.heads[word]:
                sentence.hang(word, first, "fixed")


def _is_predicate(sentence: Sentence, word: int) -> bool:
    return any(sentence.lemmas[child] == "be" for child in sentence.children(word, "cop"))


def _deepest_first(sentence: Sentence) -> list[int]:
    depth = []
    for word in range(len(sentence.heads)):
        steps = 0
        while sentence.heads[word] != word and steps <= len(sentence.heads):
            word, steps = sentence.heads[word], steps + 1
        depth.append(steps)
    return sorted(range(len(depth)), key=lambda word: -depth[word])


def copulas(sentence: Sentence) -> None:
    """The predicate of "be" is the head of its clause; with "there", what exists is the subject of "be"."""
    for verb in _deepest_first(sentence):
        if sentence.lemmas[verb] != "be" or sentence.labels[verb] in ("aux", "auxpass"):
            continue
        predicates = sentence.children(verb, *_PREDICATES)
        if sentence.children(verb, "expl"):
            for word in predicates[:1]:
                sentence.labels[word] = "nsubj"
            sentence.pos[verb] = "VERB"
            continue
        if not predicates and sentence.children(verb, "nsubj"):
            after = [word for word in sentence.children(verb, "obl", "prep", "advmod") if word > verb]
            # "The base is in Poland", "the talks are here"; not the "not" of "is not".
            predicates = [word for word in after if sentence.labels[word] == "obl" or sentence.words[word] == "here"]
        if not predicates:
            continue
        predicate = predicates[0]
        clausal = sentence.children(predicate, "nsubj", "nsubjpass")
        if clausal and sentence.pos[predicate] in ("VERB", "AUX"):
            continue
        sentence.replace(verb, predicate)
        sentence.labels[verb], sentence.pos[verb] = "cop", "AUX"
        for word in predicates[1:]:
            if sentence.labels[word] in _PREDICATES:
                sentence.labels[word] = "dep"


def names(sentence: Sentence) -> None:
    """The first word of a person's name is its head, the others are flat; a title before it describes it."""
    for number in sorted(set(sentence.persons) - {0}):
        words = [i for i, own in enumerate(sentence.persons) if own == number]
        inside = [i for i in words if sentence.heads[i] == i or sentence.heads[i] not in words]
        if len(inside) != 1:
            continue
        first, last = words[0], inside[0]
        rest = [i for i in words if i != last]
        if all(sentence.labels[i] in ("compound", "nn", "amod", "det") for i in rest):
            if first != last:
                sentence.replace(last, first)
                for word in words[1:]:
                    sentence.hang(word, first, "flat")
            titled(sentence, first)


def titled(sentence: Sentence, name: int) -> None:
    """What stands before a name as if compounded with it is a title; its own modifiers hang on it."""
    before = [child for child in sentence.children(name, *_PREMODIFIERS) if child < name]
    titles = [child for child in before if sentence.labels[child] in ("compound", "nn")]
    if not titles or sentence.pos[titles[-1]] not in ("NOUN", "PROPN"):
        return
    title = titles[-1]
    for child in before:
        if child < title:
            sentence.heads[child] = title
    sentence.labels[title] = "nmod:desc"


def relabel(sentence: Sentence) -> None:
    """The labels that remain."""
    for word, label in enumerate(sentence.labels):
        head = sentence.heads[word]
        if label in ("aux", "auxpass") and sentence.tags[word] == "TO":
            sentence.labels[word] = "mark"
        elif label == "neg" and sentence.tags[word] == "DT":
            sentence.labels[word] = "det"
        elif label == "npadvmod" and sentence.pos[head] in _NOMINAL:
            sentence.labels[word] = "nmod:unmarked"
        elif label == "pobj" and sentence.pos[head] in _NOMINAL:
            sentence.labels[word] = "nmod"
        else:
            sentence.labels[word] = _LABELS.get(label, label)


_STEPS: tuple[Callable[[Sentence], None], ...] = (coordinations, prepositions, copulas, names, relabel)


def is_clear(nlp: Language) -> bool:
    """Whether the parser of a pipeline has ClearNLP labels."""
    labels = {
        label
        for name, component in nlp.pipeline
        if name != NAME
        for label in (*getattr(component, "labels", ()), *nlp.meta.get("labels", {}).get(name, ()))
        if isinstance(label, str)
    }
    return bool(labels & CLEAR)


@Language.component(
    NAME, assigns=["token.head", "token.dep", "token.pos"], requires=["token.head", "token.dep", "token.lemma"]
)
def bridge(doc: Doc) -> Doc:
    """Turn the ClearNLP trees of a document into Universal Dependencies, in place; sentences stay as they are."""
    if not len(doc) or not doc.has_annotation("DEP"):
        return doc
    doc.noun_chunks_iterator = noun_chunks  # type: ignore[attr-defined]  # the stub lacks it
    attributes: list[int | str] = ["HEAD", "DEP", "POS"]
    table = doc.to_array(attributes).astype(np.uint64)
    strings = doc.vocab.strings
    for span in doc.sents:
        for word, (head, label, pos) in enumerate(converted(span)):
            table[span.start + word] = (
                np.int64(head - word).astype(np.uint64),
                strings.add(label),
                strings.add(pos) if pos else 0,
            )
    return doc.from_array(attributes, table)  # type: ignore[arg-type]  # the stub does not know unsigned


def converted(span: Span) -> Iterator[tuple[int, str, str]]:
    """Head (a position in the sentence), label and part of speech of each word of a sentence."""
    people = {
        token: number
        for number, name in enumerate((e for e in span.ents if e.label_ in ("PERSON", "PER")), 1)
        for token in range(name.start - span.start, name.end - span.start)
    }
    heads = [token.head.i - span.start for token in span]
    # What ClearNLP calls nmod is another thing than what is called so from here on.
    labels = ["compound" if token.dep_ == "nmod" else token.dep_ or "dep" for token in span]
    sentence = Sentence(
        [token.lower_ for token in span],
        ["be" if token.lower_ in _BE and token.tag_ != "POS" else token.lemma_.lower() for token in span],
        [token.tag_ for token in span],
        [token.pos_ for token in span],
        [people.get(i, 0) for i in range(len(span))],
        list(heads),
        list(labels),
    )
    for step in _STEPS:
        step(sentence)
        if not sentence.is_tree():
            sentence.heads, sentence.labels = list(heads), list(labels)
            relabel(sentence)
            break
    yield from zip(sentence.heads, sentence.labels, sentence.pos, strict=True)
