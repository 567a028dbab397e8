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


@dataclass(frozen=True, slots=True)
class Paragraph:
    """The words of a paragraph, as token indices, and which of them start a line of the text."""

    words: list[int]
    line_starts: frozenset[int]


def paragraphs(doc: Doc) -> Iterator[Paragraph]:
    """The paragraphs of a document, without its whitespace tokens; paragraphs without words are left out."""
    words: list[int] = []
    line_starts: set[int] = set()
    newlines = 0
    for token in doc:
        if token.is_space:
            newlines += token.text.count("\n")
            continue
        if newlines > 1 and words:
            yield Paragraph(words, frozenset(line_starts))
            words, line_starts = [], set()
        elif newlines and words:
            line_starts.add(token.i)
        newlines = 0
        words.append(token.i)
    if words:
        yield Paragraph(words, frozenset(line_starts))


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
