"""What the encoder is told about a word: its pieces and its shape.

Training and use share this module, so that a model never meets other input than it was trained on.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tokenizers import Tokenizer

CLS, SEP, UNKNOWN = 101, 102, 100  # ids of the BERT vocabulary that MiniLM uses

SHAPES = ("none", "lower", "title", "upper", "letter", "mixed", "digit", "punctuation", "caseless")
"""Names of the shape ids. The vocabulary is uncased, so case reaches the encoder through them alone."""

MAX_PIECES = 16  # a word of more pieces (an address, a hash) tells no more by its tail
_MAX_CHARACTERS = 400  # what is read of a word at most
_CACHE_SIZE = 100_000  # words whose pieces are remembered


def shape(word: str) -> int:
    """The index in SHAPES of the case pattern of `word`.

    >>> [SHAPES[shape(word)] for word in ["received", "Gen.", "NATO", "I", "McKay", "2016", "–"]]
    ['lower', 'title', 'upper', 'letter', 'mixed', 'digit', 'punctuation']
    """
    if any(character.isdigit() for character in word):
        return 6
    letters = [character for character in word if character.isalpha()]
    if not letters:
        return 7
    if all(letter.islower() for letter in letters):
        return 1
    if all(letter.isupper() for letter in letters):
        return 4 if len(letters) == 1 else 3
    if letters[0].isupper() and all(letter.islower() for letter in letters[1:]):
        return 2
    return 8 if letters[0].lower() == letters[0].upper() else 5


class Pieces:
    """Cuts words into the ids of their pieces and remembers the answer; at least one and at most MAX_PIECES a word."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        tokenizer.no_padding()
        tokenizer.no_truncation()
        self._tokenizer = tokenizer
        self._known: dict[str, list[int]] = {}

    def __call__(self, words: Sequence[str]) -> list[list[int]]:
        """The piece ids of each of `words`, in their order."""
        if len(self._known) > _CACHE_SIZE:
            self._known = {}
        known = self._known  # another thread may put a new table in its place
        unknown = list(dict.fromkeys(word for word in words if word not in known))
        if unknown:
            # The tail of a monstrous word would be cut off anyway; reading it could take long.
            # The vocabulary knows no ligatures ("ﬁ"), full-width letters and the like.
            heads = [unicodedata.normalize("NFKC", word[:_MAX_CHARACTERS]) for word in unknown]
            encodings = self._tokenizer.encode_batch(heads, add_special_tokens=False)
            for word, encoding in zip(unknown, encodings, strict=True):
                known[word] = encoding.ids[:MAX_PIECES] or [UNKNOWN]
        return [known[word] for word in words]
