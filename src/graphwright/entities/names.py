"""Names: their normal form (what makes two spellings one), their slug (in IRIs), and which of them is best."""

from __future__ import annotations

import hashlib
import unicodedata
from collections import Counter
from collections.abc import Iterable
from itertools import groupby

SLUG_LENGTH = 80
"""The greatest length of a slug in characters; a longer name is cut and told apart by a hash."""

# Letters that Unicode does not decompose into a base letter and an accent.
_LETTERS = str.maketrans(
    {"ø": "o", "đ": "d", "ð": "d", "ł": "l", "ħ": "h", "ı": "i", "ŧ": "t", "æ": "ae", "œ": "oe", "þ": "th", "ŋ": "n"}
)
_ARTICLES = frozenset({"the", "a", "an"})
_APOSTROPHES = frozenset("'’‘ʼʹ`´")


def fold(text: str) -> str:
    """Return ``text`` in lower case without accents ("Đorđe" -> "dorde"). The vowel signs of Indic scripts stay."""
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c)).translate(_LETTERS)


def words(name: str) -> list[str]:
    """Split ``name`` into folded words; apostrophes vanish, all other punctuation separates."""
    kept = (" " if not _in_word(c) else c for c in fold(name) if c not in _APOSTROPHES)
    return "".join(kept).split()


def normal_form(name: str) -> str:
    """Return the form that is equal for spellings of one name.

    Accents, case, punctuation, hyphens and spaces are folded, a leading article is dropped, and initials are joined.

    >>> normal_form("The U.S. Army") == normal_form("US army")
    True
    >>> normal_form("Tibor Benkő") == normal_form("TIBOR  BENKO")
    True
    """
    parts = words(name)
    if len(parts) > 1 and parts[0] in _ARTICLES:
        parts = parts[1:]
    joined = " ".join(
        "".join(run) if single else " ".join(run) for single, run in groupby(parts, lambda w: len(w) == 1)
    )
    return joined or " ".join(name.casefold().split())


def slug(name: str) -> str:
    """Return ``name`` as lower-case ASCII words joined by hyphens, never empty and at most 90 characters.

    Where letters have no ASCII form, or the name is too long, a short hash of the name stands for what is missing.

    >>> slug("Gen. Tibor Benkő")
    'gen-tibor-benko'
    """
    folded = words(name)
    plain = "-".join(filter(None, ("".join(c for c in word if c.isascii()) for word in folded)))
    whole = plain and len(plain) <= SLUG_LENGTH and all(word.isascii() for word in folded)
    return plain if whole else "-".join(filter(None, (plain[:SLUG_LENGTH].strip("-"), short_hash(name))))


def short_hash(text: str) -> str:
    """Return eight hexadecimal digits that depend on ``text`` alone."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def best_first(names: Iterable[str]) -> tuple[str, ...]:
    """Return the distinct names, the most frequent first; ties go to the shorter, then to the alphabet."""
    counts = Counter(" ".join(name.split()) for name in names)
    return tuple(sorted(counts, key=lambda name: (-counts[name], len(name), name)))


def _in_word(character: str) -> bool:
    return character.isalnum() or unicodedata.category(character).startswith("M")
