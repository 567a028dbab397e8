"""Cuts a document into what the encoder reads at once.

A paragraph ends at a blank line. Within it, windows follow each other: each begins with a sentence, and the sentence
that the window's end cuts off is left to the next window, so that every sentence is read whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from spacy.tokens import Doc

Floats = npt.NDArray[np.float32]

MAX_SENTENCE = 150  # words; a longer sentence is split where a new one would most likely start


DATELINE_LENGTH = 14  # tokens
LONGEST_PLACE = 3  # words


@dataclass(frozen=True, slots=True)
class Paragraph:
    """The words of a paragraph, as token indices, and which of them start a line of the text."""

    words: list[int]
    line_starts: frozenset[int]


def paragraphs(doc: Doc) -> Iterator[Paragraph]:
    """The paragraphs of a document, without its whitespace tokens; paragraphs without words are left out.

    A dateline ("Riga, 3 July –") is a paragraph of its own: it is no part of the first sentence.
    """
    words: list[int] = []
    line_starts: set[int] = set()
    newlines = 0
    dateline = dateline_end(doc)
    for token in doc:
        if token.is_space:
            newlines += token.text.count("\n")
            continue
        if (newlines > 1 or token.i == dateline) and words:
            yield Paragraph(words, frozenset(line_starts))
            words, line_starts = [], set()
        elif newlines and words:
            line_starts.add(token.i)
        newlines = 0
        words.append(token.i)
    if words:
        yield Paragraph(words, frozenset(line_starts))


def dateline_end(doc: Doc) -> int:
    """The token after the dash that ends a dateline ("Riga, 3 July – "), 0 where a text has none.

    A dateline is short, opens the text, names a place and at most a country, a date and an agency. A place in capitals
    may end in a stop instead ("RIGA. ").
    """
    place = 0
    while place < len(doc) and doc[place].is_alpha and doc[place].is_upper and len(doc[place]) > 1:
        place += 1
    if 0 < place < len(doc) - 1 and place <= LONGEST_PLACE and doc[place].text == "." and len(doc[place - 1]) > 2:
        return place + 1
    for token in doc[:DATELINE_LENGTH]:
        if token.text in {"–", "—", "-", "--"} and token.whitespace_ and token.i and doc[token.i - 1].whitespace_:
            return int(token.i) + 1
        if not (token.text[:1].isupper() or token.is_punct or token.like_num or token.is_space):
            return 0
    return 0


def fitting(sizes: Sequence[int], limit: int) -> int:
    """How many of the first words have at most `limit` pieces together; at least one."""
    total = 0
    for count, size in enumerate(sizes):
        total += size
        if total > limit and count:
            return count
    return len(sizes)


def sentences(starts: Floats, *, complete: bool) -> list[tuple[int, int]]:
    """The sentences of a window as (start, end), given how likely each word starts one, in [0, 1].

    Unless the window is `complete`, its last sentence may be cut off and is left out; but there is at least one.

    >>> sentences(np.array([1, 0, 0, 0.9, 0.2], dtype=np.float32), complete=False)
    [(0, 3)]
    """
    bounds = [0, *(int(i) for i in np.flatnonzero(starts > 0.5) if i), len(starts)]
    if not complete:
        if len(bounds) > 2:
            bounds.pop()
        else:
            half = len(starts) // 2
            bounds[-1] = max(1, half + int(np.argmax(starts[half:])))
    found: list[tuple[int, int]] = []
    for start, end in pairwise(bounds):
        while end - start > MAX_SENTENCE:
            low = start + MAX_SENTENCE // 2
            cut = low + int(np.argmax(starts[low : start + MAX_SENTENCE + 1]))
            found.append((start, cut))
            start = cut
        found.append((start, end))
    return found


def read(
    sizes: Sequence[int], limit: int, run: Callable[[int, int], Floats]
) -> Iterator[tuple[int, list[tuple[int, int]]]]:
    """Go through a paragraph whose words have `sizes` pieces: yields each window's start and its whole sentences.

    `run(start, end)` lets the encoder read these words and tells how likely each starts a sentence.
    """
    start = 0
    while start < len(sizes):
        end = start + fitting(sizes[start : start + limit], limit)
        found = sentences(run(start, end), complete=end == len(sizes))
        yield start, found
        start += found[-1][1]
