"""The tables of ``ontology/gazetteer/``, read and turned into entries. The README.md there describes them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path

from graphwright.errors import OntologyError
from graphwright.ontology.data import data_folder
from graphwright.ontology.entry import GEONAMES, WIKIDATA, Entry, british, fold

Row = tuple[str, ...]
Forms = Mapping[str, tuple[str, frozenset[str]]]
"""A full form and all forms as they are written, by folded form."""

FOREIGN = 10
"""How many times as populous a place must be that has a name only as a spelling as one that has it as its own."""

_KIND = (
    "region|province|governorate|oblast|state|county|department|district|prefecture|krai|republic|voivodeship|canton"
    "|emirate|division|territory"
)
_KIND_AFTER = re.compile(rf" (?:(?:autonomous|federal) )?(?:{_KIND})$")
_KIND_BEFORE = re.compile(rf"^(?:{_KIND}) of (?:the )?")


def table(name: str, columns: int) -> Iterator[Row]:
    """The lines of a table under its head line. Raises OntologyError, with file and line, for a broken one."""
    for number, line in enumerate(_lines(name), start=2):
        row = tuple(line.split("\t"))
        if len(row) != columns:
            raise OntologyError(
                f"{len(row)} columns instead of {columns}",
                f"{_path(name)}:{number}",
                "separate the columns by one tab each",
            )
        yield row


def _path(name: str) -> Path:
    return data_folder() / "gazetteer" / f"{name}.tsv"


def _lines(name: str) -> list[str]:
    try:
        return _path(name).read_text(encoding="utf-8").splitlines()[1:]
    except OSError as error:
        raise OntologyError(
            f"a table of names cannot be read: {error.strerror}", str(_path(name)), "install graphwright again"
        ) from error


def countries() -> list[Entry]:
    """States, territories and former states."""
    return [
        Entry(
            key=f"country/{code}",
            cls="Country",
            name=name,
            names=distinct(name, official, *aliases.split("|")),
            demonyms=distinct(*demonyms.split("|")),
            country=code,
            capital=capital,
            same_as=distinct(number and f"{GEONAMES}{number}/", wikidata and WIKIDATA + wikidata),
            iso3=iso3,
            codes=distinct(code, iso3, numeric),
        )
        for code, iso3, numeric, number, wikidata, name, official, aliases, demonyms, capital in table("countries", 10)
    ]


def regions() -> list[Entry]:
    """Regions, seas, rivers, ranges and islands."""
    return [
        division(rows_of_divisions()[code], *distinct(name, *aliases.split("|")))
        if code
        else Entry(f"region/{slug(name)}", cls, name, distinct(name, *aliases.split("|")))
        for name, aliases, cls, code in table("regions", 4)
    ]


@cache
def rows_of_divisions() -> dict[str, Row]:
    """The lines of the table of states and provinces by their codes."""
    return {row[0]: row for row in table("divisions", 5)}


def division(row: Row, *names: str) -> Entry:
    """A line of the table of divisions as an entry, under its own names or these."""
    code, number, iso, name, aliases = row
    own = names or distinct(name, *aliases.split("|"))
    return Entry(
        key=f"region/{code}",
        cls="Region",
        name=own[0],
        names=own,
        country=code.partition(".")[0],
        division=code,
        same_as=(f"{GEONAMES}{number}/",),
        codes=distinct(iso),
    )


@cache
def divisions_by_name() -> dict[str, tuple[Entry, ...]]:
    """States and provinces by the folded names that they have without what says their kind."""
    found: dict[str, dict[str, Entry]] = defaultdict(dict)
    for row in rows_of_divisions().values():
        entry = division(row)
        for name in entry.names:
            found[fold(name)][entry.key] = entry
    return {name: tuple(entries.values()) for name, entries in found.items()}


def without_kind(folded: str) -> str:
    """A folded name without what says that it is a division: "volta" of "volta region"."""
    return _KIND_BEFORE.sub("", _KIND_AFTER.sub("", folded))


def organisations() -> list[Entry]:
    """Bodies that are known everywhere."""
    found = []
    for name, aliases, cls, wikidata in table("organisations", 4):
        names = distinct(name, *aliases.split("|"))
        short = next((one for one in names if one.isalnum() and one.isupper()), name)
        same_as = (WIKIDATA + wikidata,) if wikidata else ()
        found.append(Entry(f"organisation/{slug(short)}", cls, name, names, same_as=same_as))
    return found


def ranks() -> Forms:
    """Ranks by each of their forms."""
    found: dict[str, tuple[str, frozenset[str]]] = {}
    for name, abbreviations, _ in table("ranks", 3):
        for form in distinct(name, *abbreviations.split("|")):
            full, forms = found.get(fold(form), (name, frozenset()))
            found[fold(form)] = (full, forms | {form})
    return found


def bodies() -> Forms:
    """Generic names of bodies by each of their forms in British spelling."""
    found: dict[str, tuple[str, frozenset[str]]] = {}
    for name, variants, _ in table("generic", 3):
        for form in distinct(name, *variants.split("|")):
            usual, forms = found.get(british(fold(form)), (name, frozenset()))
            found[british(fold(form))] = (usual, forms | {british(form)})
    return found


def titles() -> dict[str, frozenset[str]]:
    """Titles as they are written, by folded form."""
    found: dict[str, frozenset[str]] = {}
    for title, variants, _ in table("titles", 3):
        for form in distinct(title, *variants.split("|")):
            found[fold(form)] = found.get(fold(form), frozenset()) | {form}
    return found


@cache
def cities() -> dict[str, str]:
    """The lines of the table of cities by their numbers, the most populous first.

    A line is only split, and becomes an entry, when somebody asks for it: the table is long.
    """
    return {line[: line.index("\t")]: line for line in _lines("cities")}


@cache
def cities_by_name() -> dict[str, list[str]]:
    """The lines of the table of cities by folded name, the most populous first."""
    found: dict[str, list[str]] = defaultdict(list)
    for line in cities().values():
        _, name, english, spellings, _ = line.split("\t", 4)
        found[fold(name)].append(line)
        if english or spellings:
            others = {fold(one) for one in f"{english}|{spellings}".split("|") if one} - {fold(name)}
            for folded in others:
                found[folded].append(line)
    return dict(found)


@lru_cache(maxsize=1 << 14)
def city(line: str) -> Entry:
    """A line of the table of cities as an entry."""
    number, name, english, spellings, country, division, latitude, longitude, population, ambiguous = line.split("\t")
    return Entry(
        key=f"city/{number}",
        cls="City",
        name=name,
        names=distinct(name, *english.split("|"), *spellings.split("|")),
        country=country,
        population=int(population),
        ambiguous=bool(ambiguous),
        same_as=(f"{GEONAMES}{number}/",),
        division=f"{country}.{division}",
        coordinates=(float(latitude), float(longitude)),
    )


def weight_of_city(line: str, folded: str) -> float:
    """How much a city is to be thought of by a folded name: its people, fewer where that is none of its usual names."""
    _, name, english, *_, population, _ = line.split("\t")
    usual = {fold(one) for one in (name, *english.split("|"))}
    return int(population) if folded in usual else int(population) / FOREIGN


def distinct(*names: str) -> tuple[str, ...]:
    """The names that are not empty, each once."""
    return tuple(dict.fromkeys(name for name in names if name))


def slug(name: str) -> str:
    """A name as part of a key."""
    return fold(name).replace(" ", "-")
