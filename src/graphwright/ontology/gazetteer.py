"""Tables of names become look-ups: countries with demonyms, cities, regions, organisations, ranks and titles.

The tables are in ``ontology/gazetteer/``; their sources and licences stand in the README.md there. What a user lists
beside them is read in `graphwright.ontology.listed`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache

from graphwright.ontology import tables
from graphwright.ontology.entry import GEONAMES, WIKIDATA, Entry, british, fits_case, fold, is_acronym

__all__ = ["GEONAMES", "WIKIDATA", "Entry", "Gazetteer", "fold", "load_gazetteer"]


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
    ranks: tables.Forms = field(repr=False)
    """Full rank and the forms as written, by folded form."""
    titles: Mapping[str, frozenset[str]] = field(repr=False)
    """Titles as written, by folded form."""
    bodies: tables.Forms = field(repr=False)
    """Generic name of a body that every state has and the forms as written, by folded form in British spelling."""
    keyed: Mapping[str, Entry] = field(repr=False)
    """Countries, regions and organisations by their keys."""
    own: Mapping[str, tuple[Entry, ...]] = field(default_factory=dict)
    """What the user listed, by folded name, in the order of the lists."""

    def listed(self, name: str) -> Entry | None:
        """The first thing of this name that the user listed."""
        return next((entry for entry in self.own.get(fold(name), ()) if fits_case(name, entry.names)), None)

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
        return next(iter(self.cities(name)), None)

    def cities(self, name: str) -> tuple[Entry, ...]:
        """All cities of this name, the best known first: what has it as a spelling alone stands back.

        >>> [entry.country for entry in load_gazetteer().cities("Tripoli")][:2]
        ['LY', 'LB']
        """
        return _cities(name)

    def region(self, name: str) -> Entry | None:
        """The region, sea, river, mountain range or island of this name; ``cls`` is Region or NaturalFeature."""
        return _written(name, self.regions)

    def division(self, name: str) -> Entry | None:
        """The state, province or oblast of this name, with or without that word.

        Without it a name is that of a city or country first; and where several divisions have it, none is found.

        >>> load_gazetteer().division("Donetsk Oblast").codes
        ('UA-14',)
        """
        folded = fold(name)
        if folded == tables.without_kind(folded) and (folded in self.countries or self.cities(name)):
            return None
        found = self.divisions(name)
        return found[0] if len(found) == 1 else None

    def divisions(self, name: str) -> tuple[Entry, ...]:
        """All states, provinces and oblasts of this name, with or without that word."""
        folded = fold(name)
        by_name = tables.divisions_by_name()
        found = by_name.get(folded) or by_name.get(tables.without_kind(folded), ())
        return tuple(self.entry(entry.key) or entry for entry in found)

    def places(self, name: str) -> tuple[Entry, ...]:
        """All places of this name: the country, the region, states and provinces, cities."""
        told = (self.country(name), self.region(name), *self.divisions(name), *self.cities(name))
        return tuple({entry.key: entry for entry in told if entry is not None}.values())

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
        return full if full and fits_case(text, forms) else None

    def generic(self, name: str) -> str | None:
        """The usual form of a name that every state has a body of, in British or American spelling.

        Such a name is no identity: it tells bodies of one country apart, and takes its country to tell which is meant.

        >>> load_gazetteer().generic("the Defense Ministry")
        'Ministry of Defence'
        """
        usual, forms = self.bodies.get(british(fold(name)), ("", frozenset()))
        known = bool(usual) and (not is_acronym(forms) or name.isupper() or british(name) in forms)
        return usual if known else None

    def is_title(self, text: str) -> bool:
        """Whether this is a form of address that is neither rank nor post ("Mr.", "H.E.", "Sheikh").

        >>> load_gazetteer().is_title("Dr.")
        True
        """
        return fits_case(text, self.titles.get(fold(text), ()))

    def entry(self, key: str) -> Entry | None:
        """The entry with this key ("country/HU", "city/715429", "region/US.TX")."""
        kind, _, name = key.partition("/")
        if kind == "city":
            line = tables.cities().get(name)
            return tables.city(line) if line else None
        if kind == "known":
            return next((entry for entries in self.own.values() for entry in entries if entry.key == key), None)
        found = self.keyed.get(key)
        if found is None and kind == "region" and name in tables.rows_of_divisions():
            return tables.division(tables.rows_of_divisions()[name])
        return found

    def names(self) -> Iterator[tuple[str, Entry]]:
        """Every name, alias and demonym, as written, with what it is found as: what a phrase matcher is built of.

        Left out are cities, states and provinces: their names are words and persons' names too often to be found
        without more context. What the user lists is all found, and comes first. The order is fixed.
        """
        for entries in self.own.values():
            for entry in entries[:1]:
                yield from ((name, entry) for name in entry.names if self.listed(name) is entry)
        for table in (self.countries, self.organisations, self.regions):
            for entry in dict.fromkeys(table.values()):
                for name in entry.names:
                    if table[fold(name)] is entry and fold(name) not in self.own:
                        yield name, entry
        for entry in dict.fromkeys(self.countries.values()):
            for word in entry.demonyms:
                if self.demonyms[fold(word)] is entry and fold(word) not in self.own:
                    yield word, entry


def with_listed(gazetteer: Gazetteer, entries: Iterable[Entry]) -> Gazetteer:
    """The gazetteer with what the user lists before all else."""
    own: dict[str, tuple[Entry, ...]] = {}
    for entry in entries:
        for folded in dict.fromkeys(fold(name) for name in entry.names):
            own[folded] = (*own.get(folded, ()), entry)
    return replace(gazetteer, own=own) if own else gazetteer


@cache
def load_gazetteer() -> Gazetteer:
    """Read the tables; the second call costs nothing. Raises OntologyError, with file and line, for a broken table.

    The table of cities is read when the first city is looked up.
    """
    countries, regions, organisations = tables.countries(), tables.regions(), tables.organisations()
    return Gazetteer(
        countries=_index(countries),
        regions=_index(regions),
        organisations=_index(organisations),
        demonyms={fold(word): entry for entry in reversed(countries) for word in entry.demonyms},
        ranks=tables.ranks(),
        titles=tables.titles(),
        bodies=tables.bodies(),
        keyed={entry.key: entry for entry in (*countries, *regions, *organisations)},
    )


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


@lru_cache(maxsize=1 << 14)
def _cities(name: str) -> tuple[Entry, ...]:
    folded = fold(name)
    lines = tables.cities_by_name().get(folded, ())
    known = sorted(lines, key=lambda line: -tables.weight_of_city(line, folded)) if len(lines) > 1 else lines
    return tuple(entry for entry in map(tables.city, known) if fits_case(name, entry.names))


def _written(name: str, index: Mapping[str, Entry]) -> Entry | None:
    entry = index.get(fold(name))
    return entry if entry and fits_case(name, entry.names) else None
