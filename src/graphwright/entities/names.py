"""Names: their normal form (what makes two spellings one), their slug (in IRIs), and which of them is best."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from itertools import groupby

from anyascii import anyascii

SLUG_LENGTH = 80
"""The greatest length of a slug in characters; a longer name is cut and told apart by a hash."""

# Scripts whose characters are words, which transliteration would run together: Han and Hangul.
_SYLLABLES = re.compile(r"[\u3400-\u9fff\uac00-\ud7a3]")
_INITIAL = re.compile(r"\W*\w\.")  # A. Smith is no Smith with an article
_ARTICLES = frozenset({"the", "a", "an"})
_APOSTROPHES = frozenset("'`")  # what transliteration makes of all of them


def fold(text: str) -> str:
    """Return ``text`` in lower case, without accents and in Latin letters.

    >>> fold("Đorđe"), fold("Зеленський"), fold("习近平").split()
    ('dorde', "zelens'kiy", ['xi', 'jin', 'ping'])
    """
    if text.isascii():
        return text.casefold()
    plain = unicodedata.normalize("NFKC", text).casefold()
    return anyascii(_SYLLABLES.sub(r" \g<0> ", plain)).lower()


def words(name: str) -> list[str]:
    """Split ``name`` into folded words; apostrophes vanish, all other punctuation separates."""
    kept = (c if c.isalnum() else " " for c in fold(name) if c not in _APOSTROPHES)
    return "".join(kept).split()


@lru_cache(maxsize=1 << 14)
def normal_form(name: str) -> str:
    """Return the form that is equal for spellings of one name.

    Accents, case, punctuation, hyphens and spaces are folded, a leading article is dropped, and initials are joined.

    >>> normal_form("The U.S. Army") == normal_form("US army")
    True
    >>> normal_form("A. Drossaert")
    'a drossaert'
    >>> normal_form("Tibor Benkő") == normal_form("TIBOR  BENKO")
    True
    """
    parts = words(name)
    if len(parts) > 1 and parts[0] in _ARTICLES and not _INITIAL.match(name):
        parts = parts[1:]
    joined = " ".join(
        "".join(run) if single else " ".join(run) for single, run in groupby(parts, lambda w: len(w) == 1)
    )
    return joined or " ".join(name.casefold().split())


@lru_cache(maxsize=1 << 14)
def slug(name: str) -> str:
    """Return ``name`` as lower-case ASCII words joined by hyphens, never empty and at most 90 characters.

    Where nothing can be said in ASCII, or the name is too long, a short hash of the name stands for what is missing.

    >>> slug("Gen. Tibor Benkő")
    'gen-tibor-benko'
    """
    plain = "-".join(words(name))
    return (
        plain
        if plain and len(plain) <= SLUG_LENGTH
        else "-".join(filter(None, (plain[:SLUG_LENGTH].strip("-"), short_hash(name))))
    )


def short_hash(text: str) -> str:
    """Return eight hexadecimal digits that depend on ``text`` alone."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def best_first(names: Iterable[str]) -> tuple[str, ...]:
    """Return the distinct names, the most frequent first; ties go to the shorter, then to the alphabet."""
    counts = Counter(" ".join(name.split()) for name in names)
    return tuple(sorted(counts, key=lambda name: (-counts[name], len(name), name)))
