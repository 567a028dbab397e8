"""Cuts a text into words in time that grows as the text does.

spaCy's tokenizer takes what it can off both ends of a piece of text without spaces, mark by mark, and looks at all of
the rest each time: a hundred thousand brackets in a row take minutes. No word is that long, so the text is cut before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from spacy.tokenizer import Tokenizer  # type: ignore[import-not-found]  # it is compiled, and has no stub
from spacy.tokens import Doc

LONGEST = 400
"""Characters between two spaces that are looked at together; the longest addresses of pages are shorter, mostly."""


class BoundedTokenizer(Tokenizer):  # type: ignore[misc]  # spaCy tells nothing of its type
    """A tokenizer of spaCy that has to do with pieces of bounded length alone."""

    def __call__(self, text: str) -> Doc:
        """The words of a text. A piece without spaces that is longer than LONGEST is cut where it reaches that."""
        starts = [0, *cuts(text)]
        if len(starts) == 1:
            return self._whole(text)
        parts = (text[start:end] for start, end in zip(starts, [*starts[1:], len(text)], strict=True))
        doc = Doc.from_docs([self._whole(part) for part in parts], ensure_whitespace=False)
        assert doc is not None  # there are parts
        return doc

    def _whole(self, text: str) -> Doc:
        doc: Doc = super().__call__(text)
        return doc


def bounded(tokenizer: Any) -> Any:
    """A tokenizer that does what one of spaCy's own does, in bounded pieces; another one as it is."""
    if type(tokenizer) is not Tokenizer:
        return tokenizer
    return BoundedTokenizer(
        tokenizer.vocab,
        rules=tokenizer.rules,
        prefix_search=tokenizer.prefix_search,
        suffix_search=tokenizer.suffix_search,
        infix_finditer=tokenizer.infix_finditer,
        token_match=tokenizer.token_match,
        url_match=tokenizer.url_match,
        faster_heuristics=tokenizer.faster_heuristics,
    )


def cuts(text: str) -> Iterator[int]:
    """Where a text is cut so that no piece without spaces is longer than LONGEST.

    >>> list(cuts("a word of " + "x" * 900))
    [410, 810]
    """
    if max(map(len, text.split()), default=0) > LONGEST:
        for piece in re.finditer(r"\S+", text):
            yield from range(piece.start() + LONGEST, piece.end(), LONGEST)
