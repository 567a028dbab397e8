"""Dates as people and programs write them, in ISO 8601 and only as precise as written."""

from __future__ import annotations

import re
from datetime import date, datetime
from itertools import product

from dateutil import parser

_ISO = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?(?=$|[T\s])")
_BASIC = re.compile(r"(\d{4})(\d{2})(\d{2})(?=$|[T\s])")
# What dateutil takes from its default was not in the text. The days are two weeks apart, since a weekday ("Tuesday")
# is counted on from the default and so gives different dates.
_DEFAULTS = (datetime(2000, 1, 1), datetime(2004, 2, 15))


def normalise(written: object) -> str | None:
    """Return a date as "YYYY", "YYYY-MM" or "YYYY-MM-DD", or None where it cannot be read without guessing.

    A time of day is cut off. Only what every way to read it agrees on is kept: "June 2016" has no day, "03/04/2016" is
    the third of April or the fourth of March and so only a year, "14/06/16" might begin with the year or end with it
    and is None.

    >>> normalise("14 June 2016"), normalise("2016-06-14T10:00:00Z"), normalise("June 2016"), normalise("Tuesday")
    ('2016-06-14', '2016-06-14', '2016-06', None)
    """
    text = str(written).strip()
    numbers = _ISO.match(text) or _BASIC.match(text)
    if numbers:
        return _valid(*(part for part in numbers.groups() if part))
    return _agreed(text)


def _valid(*parts: str) -> str | None:
    """Join year, month and day, as many as were given, if they are in the calendar."""
    year, month, day = (*map(int, parts), 1, 1)[:3]
    try:
        date(year, month, day)
    except ValueError:
        return None
    return "-".join(parts)


def _agreed(text: str) -> str | None:
    """Read a date in each possible order of its parts and from two defaults; keep the parts that are always equal."""
    found: list[datetime] = []
    for default, day_first, year_first in product(_DEFAULTS, (False, True), (False, True)):
        try:
            found.append(parser.parse(text, default=default, dayfirst=day_first, yearfirst=year_first, ignoretz=True))
        except (ValueError, OverflowError, ArithmeticError, TypeError, AttributeError):
            return None
    parts = []
    for name, width in (("year", 4), ("month", 2), ("day", 2)):
        values = {getattr(moment, name) for moment in found}
        if len(values) > 1:
            break
        parts.append(f"{values.pop():0{width}}")
    return "-".join(parts) or None
