"""A document as the language model parsed it, in plain objects that are made once.

spaCy makes a token anew each time that it is asked for one, and its text and labels each time that they are asked for;
what is read from a document asks for each of its words some hundred times. Words and stretches have the names and the
behaviour of spaCy's tokens and spans, as far as they are used, and are not to be changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import overload

from spacy.tokens import Doc, Span, Token

from graphwright.language.analysis import certainty


class Word:
    """A word, or another token, of a document: what spaCy's token tells of it.

    ``children`` are the words that it is the head of, in the order of the text, ``lefts`` and ``rights`` those before
    and after it; a root is its own head.
    """

    __slots__ = (
        "_token", "children", "dep_", "doc", "head", "i", "idx", "lefts", "lemma_", "lower_", "pos_", "rights", "tag_",
        "text",
    )  # fmt: skip

    def __init__(self, doc: Parse, token: Token) -> None:
        self.doc = doc
        self._token = token
        self.i: int = token.i
        self.idx: int = token.idx
        self.text: str = token.text
        self.lower_: str = token.lower_
        self.lemma_: str = token.lemma_
        self.pos_: str = token.pos_
        self.tag_: str = token.tag_
        self.dep_: str = token.dep_
        self.head = self
        self.lefts: Sequence[Word] = ()
        self.rights: Sequence[Word] = ()
        self.children: Sequence[Word] = ()

    def __len__(self) -> int:
        return len(self.text)

    def __repr__(self) -> str:
        return self.text

    @property
    def sent(self) -> Stretch:
        """The sentence that it stands in."""
        return self.doc.sents[self.doc.sentence_of[self.i]]

    @property
    def subtree(self) -> Iterator[Word]:
        """It and all that hangs on it, in the order of the tree."""
        for child in self.lefts:
            yield from child.subtree
        yield self
        for child in self.rights:
            yield from child.subtree

    @property
    def ancestors(self) -> Iterator[Word]:
        """Its head, the head of that, and so on."""
        word = self
        while word.head is not word:
            word = word.head
            yield word

    def is_ancestor(self, other: Word) -> bool:
        """Whether another word hangs on it, however far."""
        return any(word is self for word in other.ancestors)

    @property
    def conjuncts(self) -> tuple[Word, ...]:
        """The words that it is coordinated with."""
        first = self
        while first.dep_ == "conj" and first.head is not first:
            first = first.head
        found = [first]
        for word in found:
            found += [child for child in word.rights if child.dep_ == "conj"]
        return tuple(word for word in found if word is not self)

    @property
    def left_edge(self) -> Word:
        """The first word of its subtree."""
        return min(self.subtree, key=lambda word: word.i)

    @property
    def right_edge(self) -> Word:
        """The last word of its subtree."""
        return max(self.subtree, key=lambda word: word.i)

    @property
    def certainty(self) -> float:
        """How likely its head and relation are; see `graphwright.language.analysis.certainty`."""
        return certainty(self._token)

    @property
    def whitespace_(self) -> str:
        """The space after it, if there is one."""
        return self._token.whitespace_

    @property
    def text_with_ws(self) -> str:
        """It and the space after it."""
        return self._token.text_with_ws

    @property
    def ent_type_(self) -> str:
        """The label of the entity that it is in."""
        return self._token.ent_type_

    @property
    def ent_iob_(self) -> str:
        """Whether it begins an entity ("B"), goes on with one ("I"), or is in none ("O")."""
        return self._token.ent_iob_

    @property
    def is_alpha(self) -> bool:
        """Whether it is letters alone."""
        return self.text.isalpha()

    @property
    def is_lower(self) -> bool:
        """Whether it is in small letters."""
        return self.text.islower()

    @property
    def is_title(self) -> bool:
        """Whether it is a capital and small letters."""
        return self.text.istitle()

    @property
    def is_space(self) -> bool:
        """Whether it is space alone."""
        return self.text.isspace()

    @property
    def is_punct(self) -> bool:
        """Whether it is punctuation."""
        return self._token.is_punct

    @property
    def is_quote(self) -> bool:
        """Whether it is a quotation mark."""
        return self._token.is_quote

    @property
    def is_sent_start(self) -> bool | None:
        """Whether a sentence begins with it."""
        return self._token.is_sent_start

    @property
    def is_sent_end(self) -> bool | None:
        """Whether a sentence ends with it."""
        return self._token.is_sent_end

    @property
    def like_num(self) -> bool:
        """Whether it is a number, in digits or in a word."""
        return self._token.like_num


class Stretch(Sequence[Word]):
    """Words that follow each other: a sentence, an entity (with its ``label_``), or any others."""

    __slots__ = ("doc", "end", "label_", "start")

    def __init__(self, doc: Parse, start: int, end: int, label: str = "") -> None:
        self.doc, self.start, self.end, self.label_ = doc, start, end, label

    def __len__(self) -> int:
        return self.end - self.start

    def __iter__(self) -> Iterator[Word]:
        return iter(self.doc[self.start : self.end])

    @overload
    def __getitem__(self, place: int) -> Word: ...
    @overload
    def __getitem__(self, place: slice) -> Stretch: ...
    def __getitem__(self, place: int | slice) -> Word | Stretch:
        """A word of it by its place, or some that follow each other."""
        if isinstance(place, slice):
            start, end, _ = place.indices(len(self))
            return Stretch(self.doc, self.start + start, self.start + max(start, end))
        return self.doc[self.start : self.end][place]

    def __repr__(self) -> str:
        return self.text

    @property
    def start_char(self) -> int:
        """Where it begins, in code points."""
        return self.doc[self.start].idx

    @property
    def end_char(self) -> int:
        """Where it ends."""
        last = self.doc[self.end - 1]
        return last.idx + len(last.text)

    @property
    def text(self) -> str:
        """It as it is written."""
        return self.doc.written(self.start, self.end)

    @property
    def root(self) -> Word:
        """The word that heads it: a root, else of those whose heads are not in it the first that is nearest to one,
        sooner than a mark."""
        words = self.doc[self.start : self.end]
        if len(words) == 1:
            return words[0]
        outside = []
        for word in words:
            if word.head is word:
                return word
            if not self.start <= word.head.i < self.end:
                outside.append(word)
        return min(outside, key=_depth, default=words[0])


def _depth(word: Word) -> int:
    """How many words are above it; a mark or space that nothing hangs on is below all."""
    if not word.children and (word.is_space or word.is_punct):
        return len(word.doc) - 1
    return sum(1 for _ in word.ancestors)


class Parse(list[Word]):
    """A parsed document, the list of its words; ``parsed`` is spaCy's document, that they come from."""

    def __init__(self, parsed: Doc) -> None:
        tokens = list(parsed)
        super().__init__(Word(self, token) for token in tokens)
        self.parsed = parsed
        self.text: str = parsed.text
        lefts: list[list[Word]] = [[] for _ in tokens]
        rights: list[list[Word]] = [[] for _ in tokens]
        for word, token in zip(self, tokens, strict=True):
            head: int = token.head.i
            if head != word.i:
                word.head = self[head]
                (lefts if word.i < head else rights)[head].append(word)
        for word, before, after in zip(self, lefts, rights, strict=True):
            if before or after:
                word.lefts, word.rights, word.children = before, after, before + after

    def stretch(self, start: int, end: int) -> Stretch:
        """The words from ``start`` to before ``end``, as far as there are any."""
        start, end = max(start, 0), min(end, len(self))
        return Stretch(self, start, max(start, end))

    def written(self, start: int, end: int) -> str:
        """The text from the word at ``start`` to before that at ``end``."""
        words = self[max(start, 0) : end]
        return self.text[words[0].idx : words[-1].idx + len(words[-1].text)] if words else ""

    @cached_property
    def sents(self) -> Sequence[Stretch]:
        """The sentences. Raises ValueError where the pipeline finds none."""
        return [self._stretch(span) for span in self.parsed.sents]

    @cached_property
    def sentence_of(self) -> Sequence[int]:
        """The number of the sentence that each word stands in."""
        return [number for number, sent in enumerate(self.sents) for _ in range(len(sent))]

    @cached_property
    def ents(self) -> Sequence[Stretch]:
        """The entities, each with its label."""
        return [self._stretch(span) for span in self.parsed.ents]

    @cached_property
    def spans(self) -> Mapping[str, Sequence[Stretch]]:
        """Other spans that the pipeline found, by what they are, each with its label."""
        return {name: [self._stretch(span) for span in group] for name, group in self.parsed.spans.items()}

    def char_span(self, start: int, end: int) -> Stretch | None:
        """The words that some code points are in, at least in part; None where there are none."""
        span = self.parsed.char_span(start, end, alignment_mode="expand")
        return self._stretch(span) if span is not None else None

    def _stretch(self, span: Span) -> Stretch:
        return Stretch(self, span.start, span.end, span.label_)
