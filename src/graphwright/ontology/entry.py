"""What a gazetteer knows of a thing, and how names are compared."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

GEONAMES = "https://sws.geonames.org/"
"""Namespace of places in GeoNames: the IRI of a place is this, its number and a slash."""
WIKIDATA = "http://www.wikidata.org/entity/"
"""Namespace of things in Wikidata."""


class _Plain(dict[int, str]):
    """What a character counts as in a comparison, worked out when first met: ``str.translate`` then runs in C."""

    letters: ClassVar = {"ð": "d", "đ": "d", "ł": "l", "ø": "o", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"}
    silent: ClassVar = "'’‘ʼʻʿʾ`´"  # of transcriptions, "Sana'a", and of nothing that tells names apart

    def __missing__(self, code: int) -> str:
        if chr(code) in self.silent:
            self[code] = ""
            return ""
        lower = chr(code).casefold()
        parts = unicodedata.normalize("NFKD", self.letters.get(lower, lower))
        bare = "".join(part for part in parts if not unicodedata.combining(part))
        self[code] = "".join(part if part.isalnum() else " " for part in bare)
        return self[code]


_PLAIN = _Plain()
_ARTICLE = re.compile(r"^\s*the\s+", re.IGNORECASE)
_SPELLINGS = {"defense": "defence", "labor": "labour", "center": "centre", "program": "programme"}
_AMERICAN = re.compile(rf"\b(?:{'|'.join(_SPELLINGS)})(?=s?\b)|(?<=[a-z]{{3}})iz(?=ation|e\b|ed\b)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Entry:
    """A place or organisation that is known by name.

    ``key`` identifies it in the gazetteer ("country/HU"); ``cls`` is the local name of its class in the default
    ontology, or an IRI. ``name`` is its usual English name and the first of ``names``; ``demonyms`` are adjectives and
    nouns for its people. Of a city or division, ``country`` is the code of its country and ``division`` that of the
    state or province ("US.TX"); ``population`` is the number of its people, ``coordinates`` are latitude and longitude
    in degrees. ``ambiguous`` says that the name is more often a word or a person's name, so that only context makes it
    a place. ``codes`` are its codes in ISO 3166, ``same_as`` IRIs of the same thing in other data sets. ``iri`` is the
    one that it has in the graph where whoever listed it says so.
    """

    key: str
    cls: str
    name: str
    names: tuple[str, ...]
    demonyms: tuple[str, ...] = ()
    country: str = ""
    capital: str = ""
    population: int = 0
    ambiguous: bool = False
    same_as: tuple[str, ...] = ()
    iso3: str = ""
    division: str = ""
    coordinates: tuple[float, float] | None = None
    codes: tuple[str, ...] = ()
    iri: str = ""


@lru_cache(maxsize=1 << 14)
def fold(text: str) -> str:
    """Lower case without accents, punctuation, surplus space and leading article: what names are compared by.

    >>> fold("The  Côte-d’Ivoire")
    'cote divoire'
    """
    if text.isascii() and text.isalpha():  # most names are one plain word
        return text.lower()
    words = text.translate(_PLAIN).split()
    return " ".join(words[1:] if len(words) > 1 and words[0] == "the" else words)


def british(text: str) -> str:
    """The text with American spellings of the names of bodies in British.

    >>> british("Department of Defense Organization")
    'Department of defence Organisation'
    """
    return _AMERICAN.sub(lambda found: _SPELLINGS.get(found[0].lower(), "is"), text)


@lru_cache(maxsize=1 << 14)
def fits_case(text: str, forms: tuple[str, ...] | frozenset[str]) -> bool:
    """Whether the text is one of the forms in every respect but case, accents and punctuation, and no acronym is
    written as a common word."""
    folded = fold(text)
    same = [form for form in forms if fold(form) == folded]
    letters = [char for char in _ARTICLE.sub("", text, count=1) if char.isalpha()]
    if any(char.islower() for form in same for char in form) or not same:
        return bool(same)
    if all(char.isupper() for char in letters):
        return True
    return len(letters) > 3 and letters[0].isupper()


def is_acronym(forms: Iterable[str]) -> bool:
    """Whether the forms are one word with capitals inside it: "MoD"."""
    return all(form.isalpha() and form[1:] != form[1:].lower() for form in forms)
