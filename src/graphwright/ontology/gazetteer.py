"""Tables of names become look-ups: countries with demonyms, cities, regions, organisations, ranks and titles.

The tables are in ``ontology/gazetteer/``; their sources and licences stand in the README.md there.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import ClassVar

from graphwright.errors import OntologyError
from graphwright.ontology.data import data_folder

GEONAMES = "https://sws.geonames.org/"
"""Namespace of places in GeoNames: the IRI of a place is this, its number and a slash."""


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

Row = tuple[str, ...]


def fold(text: str) -> str:
    """Lower case without accents, punctuation, surplus space and leading article: what names are compared by.

    >>> fold("The  Côte-d’Ivoire")
    'cote divoire'
    """
    words = text.translate(_PLAIN).split()
    return " ".join(words[1:] if len(words) > 1 and words[0] == "the" else words)


_SPELLINGS = {"defense": "defence", "labor": "labour", "center": "centre", "program": "programme"}
_AMERICAN = re.compile(rf"\b(?:{'|'.join(_SPELLINGS)})(?=s?\b)|(?<=[a-z]{{3}})iz(?=ation|e\b|ed\b)", re.IGNORECASE)


def british(text: str) -> str:
    """The text with American spellings of the names of bodies in British.

    >>> british("Department of Defense Organization")
    'Department of defence Organisation'
    """
    return _AMERICAN.sub(lambda found: _SPELLINGS.get(found[0].lower(), "is"), text)


@dataclass(frozen=True, slots=True)
class Entry:
    """A place or organisation that is known by name.

    ``key`` identifies it in the gazetteer ("country/HU"); ``cls`` is the local name of its class in the default
    ontology. ``name`` is its usual English name and the first of ``names``; ``demonyms`` are adjectives and nouns for
    its people. Of a city, ``country`` is the code of its country, and ``population`` the number of its people.
    ``ambiguous`` says that the name is more often a word or a person's name, so that only context makes it a place.
    ``same_as`` are IRIs of the same thing in other data sets.
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


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Look-ups by name. They ignore case, accents, punctuation and a leading "the".

    A short acronym is found only in capitals ("US", "U.S."), or, from four letters on, with one capital ("Nato"): the
    pronoun "us" is no country. Where several things have one name, the best known is found.
    """

    countries: Mapping[str, Entry]
    regions: Mapping[str, Entry]
    organisations: Mapping[str, Entry]
    demonyms: Mapping[str, Entry]
    ranks: Mapping[str, tuple[str, frozenset[str]]] = field(repr=False)
    """Full rank and the forms as written, by folded form."""
    titles: Mapping[str, frozenset[str]] = field(repr=False)
    """Titles as written, by folded form."""
    bodies: Mapping[str, tuple[str, frozenset[str]]] = field(repr=False)
    """Generic name of a body that every state has and the forms as written, by folded form in British spelling."""
    cities: Mapping[str, Row] = field(repr=False)
    """Lines of the table of cities, by folded name: entries are only made of those that are asked for."""

    def country(self, name: str) -> Entry | None:
        """The country of this name, official name, alias or acronym. Demonyms are not names: see ``demonym``.

        >>> load_gazetteer().country("the U.K.").key
        'country/GB'
        """
        return _written(name, self.countries)

    def demonym(self, word: str) -> Entry | None:
        """The country whose adjective or people this is ("Serbian", "Serbs").

        >>> load_gazetteer().demonym("Britons").name
        'United Kingdom'
        """
        return self.demonyms.get(fold(word))

    def city(self, name: str) -> Entry | None:
        """The most populous city of this name.

        >>> load_gazetteer().city("Kiev").name
        'Kyiv'
        """
        row = self.cities.get(fold(name))
        entry = _city(row) if row else None
        return entry if entry and _fits_case(name, entry.names) else None

    def region(self, name: str) -> Entry | None:
        """The region, sea, river, mountain range or island of this name; ``cls`` is Region or NaturalFeature."""
        return _written(name, self.regions)

    def organisation(self, name: str) -> Entry | None:
        """The organisation of this name, alias or acronym.

        >>> load_gazetteer().organisation("Nato").cls
        'InternationalOrganization'
        """
        return _written(name, self.organisations)

    def rank(self, text: str) -> str | None:
        """The full form of a military or police rank, however abbreviated.

        >>> load_gazetteer().rank("Lt. Gen.")
        'Lieutenant General'
        """
        full, forms = self.ranks.get(fold(text), ("", frozenset()))
        return full if full and _fits_case(text, forms) else None

    def generic(self, name: str) -> str | None:
        """The usual form of a name that every state has a body of, in British or American spelling.

        Such a name is no identity: it tells bodies of one country apart, and takes its country to tell which is meant.

        >>> load_gazetteer().generic("the Defense Ministry")
        'Ministry of Defence'
        """
        usual, forms = self.bodies.get(british(fold(name)), ("", frozenset()))
        known = bool(usual) and (not _is_acronym(forms) or name.isupper() or british(name) in forms)
        return usual if known else None

    def is_title(self, text: str) -> bool:
        """Whether this is a form of address that is neither rank nor post ("Mr.", "H.E.", "Sheikh").

        >>> load_gazetteer().is_title("Dr.")
        True
        """
        return _fits_case(text, self.titles.get(fold(text), ()))

    def entry(self, key: str) -> Entry | None:
        """The entry with this key ("country/HU", "city/715429")."""
        kind, _, name = key.partition("/")
        if kind == "city":
            row = _rows_by_number().get(name)
            return _city(row) if row else None
        table = {"country": self.countries, "region": self.regions, "organisation": self.organisations}.get(kind, {})
        return next((entry for entry in table.values() if entry.key == key), None)

    def names(self) -> Iterator[tuple[str, Entry]]:
        """Every name, alias and demonym, as written, with what it is found as: what a phrase matcher is built of.

        Ambiguous cities, and cities that bear the name of a country or region, are left out. The order is fixed.
        """
        for table in (self.countries, self.organisations, self.regions):
            for entry in dict.fromkeys(table.values()):
                for name in entry.names:
                    if table[fold(name)] is entry:
                        yield name, entry
        for entry in dict.fromkeys(self.countries.values()):
            for word in entry.demonyms:
                if self.demonyms[fold(word)] is entry:
                    yield word, entry
        for row in dict.fromkeys(self.cities.values()):
            if row[6]:
                continue
            entry = _city(row)
            for name in entry.names:
                folded = fold(name)
                taken = folded in self.countries or folded in self.regions or folded in self.demonyms
                if not taken and self.cities[folded] is row:
                    yield name, entry


@cache
def load_gazetteer() -> Gazetteer:
    """Read the tables; the second call costs nothing. Raises OntologyError, with file and line, for a broken table."""
    countries = [
        Entry(
            key=f"country/{code}",
            cls="Country",
            name=name,
            names=_all(name, official, *aliases.split("|")),
            demonyms=_all(*demonyms.split("|")),
            country=code,
            capital=capital,
            same_as=(f"{GEONAMES}{number}/",) if number else (),
        )
        for code, number, name, official, aliases, demonyms, capital in _table("countries", 7)
    ]
    regions = [
        Entry(f"region/{_slug(name)}", cls, name, _all(name, *aliases.split("|")))
        for name, aliases, cls in _table("regions", 3)
    ]
    organisations = []
    for name, aliases, cls in _table("organisations", 3):
        names = _all(name, *aliases.split("|"))
        short = next((one for one in names if one.isalnum() and one.isupper()), name)
        organisations.append(Entry(f"organisation/{_slug(short)}", cls, name, names))
    ranks: dict[str, tuple[str, frozenset[str]]] = {}
    for name, abbreviations, _ in _table("ranks", 3):
        for form in _all(name, *abbreviations.split("|")):
            full, forms = ranks.get(fold(form), (name, frozenset()))
            ranks[fold(form)] = (full, forms | {form})
    bodies: dict[str, tuple[str, frozenset[str]]] = {}
    for name, variants, _ in _table("generic", 3):
        for form in _all(name, *variants.split("|")):
            usual, forms = bodies.get(british(fold(form)), (name, frozenset()))
            bodies[british(fold(form))] = (usual, forms | {british(form)})
    titles: dict[str, frozenset[str]] = {}
    for title, variants, _ in _table("titles", 3):
        for form in _all(title, *variants.split("|")):
            titles[fold(form)] = titles.get(fold(form), frozenset()) | {form}
    return Gazetteer(
        countries=_index(countries),
        regions=_index(regions),
        organisations=_index(organisations),
        demonyms={fold(word): entry for entry in reversed(countries) for word in entry.demonyms},
        ranks=ranks,
        titles=titles,
        bodies=bodies,
        cities=_cities(),
    )


def _table(name: str, columns: int) -> Iterator[Row]:
    """The lines of a table under its head line."""
    path = data_folder() / "gazetteer" / f"{name}.tsv"
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise OntologyError(
            f"a table of names cannot be read: {error.strerror}", str(path), "install graphwright again"
        ) from error
    for number, line in enumerate(lines[1:], start=2):
        row = tuple(line.split("\t"))
        if len(row) != columns:
            raise OntologyError(
                f"{len(row)} columns instead of {columns}", f"{path}:{number}", "separate the columns by one tab each"
            )
        yield row


@cache
def _rows_by_number() -> dict[str, Row]:
    """Lines of the table of cities by their number in GeoNames."""
    return {row[0]: row for row in load_gazetteer().cities.values()}


def _cities() -> dict[str, Row]:
    found: dict[str, Row] = {}
    for row in _table("cities", 7):
        found.setdefault(fold(row[1]), row)
        for name in (row[2], *row[3].split("|")) if row[2] or row[3] else ():
            if name:
                found.setdefault(fold(name), row)
    return found


def _city(row: Row) -> Entry:
    number, name, plain, aliases, country, population, ambiguous = row
    return Entry(
        key=f"city/{number}",
        cls="City",
        name=name,
        names=_all(name, plain, *aliases.split("|")),
        country=country,
        population=int(population),
        ambiguous=bool(ambiguous),
        same_as=(f"{GEONAMES}{number}/",),
    )


def _all(*names: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in names if name))


def _slug(name: str) -> str:
    return fold(name).replace(" ", "-")


def _index(entries: Iterable[Entry]) -> dict[str, Entry]:
    """Entries by every name; what is a first name of one thing is not an alias of another."""
    entries = list(entries)
    found: dict[str, Entry] = {}
    for entry in entries:
        found.setdefault(fold(entry.name), entry)
    for entry in entries:
        for name in entry.names:
            found.setdefault(fold(name), entry)
    return found


def _written(name: str, index: Mapping[str, Entry]) -> Entry | None:
    entry = index.get(fold(name))
    return entry if entry and _fits_case(name, entry.names) else None


def _is_acronym(forms: Iterable[str]) -> bool:
    """Whether the forms are one word with capitals inside it: "MoD"."""
    return all(form.isalpha() and form[1:] != form[1:].lower() for form in forms)


def _fits_case(text: str, forms: Iterable[str]) -> bool:
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
