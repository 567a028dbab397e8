"""Dates in running text, resolved against the date of the document and never against today.

The datatypes are those of XML Schema 1.1: ``xsd:date``, ``xsd:gYearMonth``, ``xsd:gYear``, as precise as the text.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from dateutil.relativedelta import relativedelta

from graphwright.model import Span, Value

XSD = "http://www.w3.org/2001/XMLSchema#"

MONTHS = {
    name: number
    for number, names in enumerate(
        [
            ("january", "jan"),
            ("february", "feb"),
            ("march", "mar"),
            ("april", "apr"),
            ("may",),
            ("june", "jun"),
            ("july", "jul"),
            ("august", "aug"),
            ("september", "sept", "sep"),
            ("october", "oct"),
            ("november", "nov"),
            ("december", "dec"),
        ],
        start=1,
    )
    for name in names
}
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
LONGEST_ABBREVIATION = 4  # letters, of "Sept."
DAYS_FROM_TODAY = {"today": 0, "tonight": 0, "yesterday": -1, "tomorrow": 1}
STEPS = {"last": -1, "this": 0, "next": 1}
NUMBERS = {
    "a": 1,
    "an": 1,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
}

_month = "(?P<month{0}>" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")\b\.?"
_weekdays = "|".join(WEEKDAYS)
_weekday = rf"(?:(?P<weekday{{0}}>{_weekdays}),?\s+(?:the\s+)?)?"
_day = r"(?P<day{0}>[0-3]?\d)(?:st|nd|rd|th)?"
_year = r"(?P<year{0}>(?:1[89]|20)\d\d)\b"
_dash = r"\s*(?:-|–|—|to|and|until)\s*"
_part = r"(?:(?:early|mid|late)(?:\s+|-))?"
_hours = r"(?:(?:early\s+(?:hours\s+of\s+)?)?(?:morning|afternoon|evening|night|hours)(?:\s+of)?\s+)"

PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\b(?P<iso>(?:1[89]|20)\d\d-[01]\d-[0-3]\d)\b",
        rf"\b{_day.format(2)}\.(?P<number2>[01]?\d)\.{_year.format(2)}",  # 14.06.2016
        # each May, every two years, on Mondays, the first Monday of the month: on no date
        rf"\b(?P<never>(?:first|second|third|fourth|last)\s+(?:{_weekdays})\s+(?:of|in)\s+(?:every|each|the)\s+month)\b",
        rf"\b(?P<never>(?:every|each)\s+(?:\w+\s+)?(?:day|week|month|year|{_weekdays}|{'|'.join(MONTHS)})s?)\b",
        rf"\b(?P<never>(?:{_weekdays})s)\b",
        rf"\bfrom\s+(?P<weekday1>{_weekdays})\s+(?:to|until|through)\s+(?P<weekday2>{_weekdays})\b",
        # 15–18 April 2024; 15 April to 18 May
        rf"\b{_day.format(1)}{_dash}{_day.format(2)}\s+(?:of\s+)?{_month.format(2)}(?:,?\s+{_year.format(2)})?",
        rf"\b{_day.format(1)}\s+{_month.format(1)}{_dash}{_day.format(2)}\s+{_month.format(2)}(?:,?\s+{_year.format(2)})?",
        rf"\b{_month.format(1)}\s+{_day.format(1)}{_dash}{_month.format(2)}\s+{_day.format(2)}\b(?:,?\s+{_year.format(2)})?",
        # April 15-18, 2024
        rf"\b{_month.format(2)}\s+{_day.format(1)}{_dash}{_day.format(2)}\b(?:,?\s+{_year.format(2)})?",
        # (Tuesday,) 14 June (2016)
        rf"\b{_hours}?{_weekday.format(2)}{_day.format(2)}\s+(?:of\s+)?{_month.format(2)}(?:,?\s+{_year.format(2)})?",
        # (Tuesday,) June 14(, 2016)
        rf"\b{_hours}?{_weekday.format(2)}{_month.format(2)}\s+{_day.format(2)}\b(?!\s*(?:percent|%|people))(?:,?\s+{_year.format(2)})?",
        rf"\b{_month.format(2)},?\s+{_year.format(2)}",
        rf"\b(?:(?P<shift>last|next|this)\s+|(?:in|since|until|of|during|by)\s+{_part}){_month.format(2)}(?!\w)",
        rf"\b(?:(?P<shift>last|next|this)\s+|on\s+)?(?P<weekday2>{_weekdays})\b(?:\s+(?:morning|afternoon|evening|night))?",
        r"\b(?P<shift>last|next|this)\s+(?P<unit>month|year)\b",
        r"\b(?P<relative>today|yesterday|tomorrow|tonight)\b",
        r"\b(?P<relative>this)\s+(?:morning|afternoon|evening)\b",
        rf"\b(?:spring|summer|autumn|fall|winter)(?:\s+of)?\s+{_year.format(2)}",
        rf"\b(?:in|since|until|by|of|during|for)\s+{_part}{_year.format(2)}",
        rf"\b(?P<count>\d+|{'|'.join(NUMBERS)})\s+(?P<unit>day|month|year)s?\s+ago\b",
    )
)

_WORD = re.compile(r"\b\w+")
_FIRST = frozenset(
    [
        *(*MONTHS, *WEEKDAYS, *(day + "s" for day in WEEKDAYS), *DAYS_FROM_TODAY, *STEPS, *NUMBERS),
        *("first", "second", "third", "fourth", "every", "each"),
        *("from", "in", "since", "until", "by", "of", "on", "during", "for"),
        *("early", "morning", "afternoon", "evening", "night", "hours"),
        *("spring", "summer", "autumn", "fall", "winter"),
    ]
)
"""The words that the patterns begin with, but for numbers: to try each of them at each place would take ten times as
long."""


Tense = Literal["past", "future", ""]
"""Of what time a clause speaks, as far as its verb tells."""


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date expression: its span in the text and its values (two for a range, none where nothing settles the year)."""

    span: Span
    values: tuple[Value, ...]


def find_dates(
    text: str, reference: str | None, tense: Callable[[int], Tense] = lambda offset: ""
) -> Iterator[DateMention]:
    """Find date expressions, in the order of the text and without overlap.

    ``reference`` is the document's date (ISO 8601, any precision). ``tense`` tells for an offset of what time its
    clause speaks, which decides which Friday "on Friday" is, and of which year "3 July".

    >>> [m.values[0].lexical for m in find_dates("On Tuesday, 14 June they met.", "2016-06-16")]
    ['2016-06-14']
    """
    taken: list[Span] = []  # in the order of the text
    found: list[DateMention] = []
    starts = [word.start() for word in _WORD.finditer(text) if may_begin(word[0])]
    for pattern in PATTERNS:
        for match in matches(pattern, text, starts):
            span = trimmed_span(match)
            place = bisect_left(taken, span)
            after = place == 0 or taken[place - 1][1] <= span[0]
            before = place == len(taken) or span[1] <= taken[place][0]
            if after and before and is_name(match):
                taken.insert(place, span)
                found.append(DateMention(span, resolve(match, reference, tense(span[0]))))
    yield from sorted(found, key=lambda mention: mention.span)


def may_begin(word: str) -> bool:
    """Whether a date expression may begin with a word of a text."""
    return word[0].isdecimal() or word.lower() in _FIRST


def matches(pattern: re.Pattern[str], text: str, starts: Iterable[int]) -> Iterator[re.Match[str]]:
    """What ``pattern.finditer`` yields, where matches begin at some places of the text alone."""
    end = 0
    for start in starts:
        if start >= end and (match := pattern.match(text, start)) is not None:
            yield match
            end = match.end()


def is_name(match: re.Match[str]) -> bool:
    """Whether months and weekdays are written as names: "15 may" is no date."""
    words = (value for name, value in match.groupdict().items() if value and name[:-1] in {"month", "weekday"})
    return all(word[0].isupper() for word in words)


def trimmed_span(match: re.Match[str]) -> Span:
    """The span without the preposition that the pattern needed as context, and without a sentence's full stop."""
    start = match.start()
    lead = re.match(r"(?:in|since|until|of|from|during|by|on|for)\s+", match.group(), re.IGNORECASE)
    end = match.end()
    word = re.search(r"([A-Za-z]+)\.$", match.group())
    if word and len(word[1]) > LONGEST_ABBREVIATION:
        end -= 1  # the full stop of a sentence that ends in "July."
    return (start + lead.end() if lead else start, end)


def resolve(match: re.Match[str], reference: str | None, tense: Tense) -> tuple[Value, ...]:
    """The values of one matched expression, () where text and reference do not settle them."""
    groups = {name: value for name, value in match.groupdict().items() if value}
    if "iso" in groups:
        return one(groups["iso"])
    if "never" in groups:
        return ()
    if "number2" in groups:
        return one(f"{groups['year2']}-{int(groups['number2']):02}-{int(groups['day2']):02}")
    today = full_date(reference)
    if "relative" in groups:
        return day_value(today, DAYS_FROM_TODAY.get(groups["relative"].lower(), 0))
    if "unit" in groups:
        precise = reference is not None and reference.count("-") >= (groups["unit"].lower() == "month")
        count = groups.get("count", "").lower()
        if groups["unit"].lower() == "day":
            return day_value(today, -(NUMBERS.get(count) or int(count)))
        steps = -(NUMBERS.get(count) or int(count)) if count else STEPS[groups["shift"].lower()]
        return shifted(partial_date(reference) if precise else None, groups["unit"].lower(), steps)
    if "month2" not in groups:
        if "weekday1" in groups:
            return weekday_range(today, groups["weekday1"].lower(), groups["weekday2"].lower(), tense == "future")
        if "weekday2" in groups:
            return weekday_value(today, groups["weekday2"].lower(), groups.get("shift", "").lower(), tense == "future")
        return one(groups["year2"]) if "year2" in groups else ()
    month = MONTHS[groups["month2"].lower()]
    if "day2" not in groups:
        return month_value(groups, month, reference, tense == "future")
    last = day_of_year(groups, month, int(groups["day2"]), reference, tense)
    if last is None:
        return ()
    if "day1" not in groups:
        return one(last.isoformat())
    first_month = MONTHS[groups["month1"].lower()] if "month1" in groups else month
    try:
        first = date(last.year - (first_month > last.month), first_month, int(groups["day1"]))
    except ValueError:
        return ()
    return (*one(first.isoformat()), *one(last.isoformat())) if first < last else ()


def one(lexical: str) -> tuple[Value, ...]:
    """A date literal as precise as written.

    >>> one("2016-06")[0].datatype.rpartition("#")[2]
    'gYearMonth'
    """
    datatype = ("gYear", "gYearMonth", "date")[lexical.count("-")]
    try:
        date.fromisoformat(lexical + "-01" * (2 - lexical.count("-")))
    except ValueError:
        return ()
    return (Value(lexical, XSD + datatype),)


def full_date(reference: str | None) -> date | None:
    """The reference as a day, None where it is less precise."""
    try:
        return date.fromisoformat(reference) if reference else None
    except ValueError:
        return None


def partial_date(reference: str | None) -> date | None:
    """The first day of the year or month that the reference names."""
    return full_date(reference + "-01" * (2 - reference.count("-"))) if reference else None


def day_value(today: date | None, days: int) -> tuple[Value, ...]:
    """The day so many days after another, nothing where that is unknown."""
    return one((today + timedelta(days=days)).isoformat()) if today else ()


def shifted(start: date | None, unit: str, steps: int) -> tuple[Value, ...]:
    """ "last month", "next year", "two years ago"."""
    if start is None:
        return ()
    there = start + (relativedelta(months=steps) if unit == "month" else relativedelta(years=steps))
    return one(there.strftime("%Y-%m" if unit == "month" else "%Y"))


def weekday_value(today: date | None, weekday: str, shift: str, future: bool) -> tuple[Value, ...]:
    """The nearest such weekday: at or before the document's day, or after it where the clause speaks of the future."""
    if today is None:
        return ()
    ahead = (WEEKDAYS.index(weekday) - today.weekday()) % 7
    if shift == "this":
        return day_value(today, WEEKDAYS.index(weekday) - today.weekday())
    if future or shift == "next":
        return day_value(today, ahead or 7)
    return day_value(today, ahead - 7 if ahead else (-7 if shift == "last" else 0))


def weekday_range(today: date | None, first: str, last: str, future: bool) -> tuple[Value, ...]:
    """ "from Monday to Wednesday": the first as for `weekday_value`, and the next such weekday after it."""
    values = weekday_value(today, first, "", future)
    days = (WEEKDAYS.index(last) - WEEKDAYS.index(first)) % 7
    return (*values, *day_value(full_date(values[0].lexical), days)) if values and days else ()


def month_value(groups: dict[str, str], month: int, reference: str | None, future: bool) -> tuple[Value, ...]:
    """A month with its year: as written, or as tense and the document's date tell."""
    if "year2" in groups:
        return one(f"{groups['year2']}-{month:02}")
    today = partial_date(reference)
    if today is None:
        return ()
    year = today.year
    if reference is not None and "-" not in reference:
        return one(f"{year}-{month:02}")
    shift = groups.get("shift", "").lower()
    if (future or shift == "next") and month < today.month:
        year += 1
    elif not future and shift != "next" and month > today.month:
        year -= 1
    return one(f"{year}-{month:02}")


def day_of_year(groups: dict[str, str], month: int, day: int, reference: str | None, tense: Tense) -> date | None:
    """A day and month with its year: as written, or nearest to the document's date where weekday and tense are right.

    Of a document that is dated to the year or month alone, the tense says nothing.
    """
    if "year2" in groups:
        years = [int(groups["year2"])]
        anchor = date(years[0], 1, 1)
    else:
        known = partial_date(reference)
        if known is None:
            return None
        anchor = known
        years = [anchor.year, anchor.year - 1, anchor.year + 1]
    weekday = groups.get("weekday2", "").lower()
    candidates = []
    for year in years:
        try:
            there = date(year, month, day)
        except ValueError:
            continue
        if not weekday or WEEKDAYS[there.weekday()] == weekday:
            candidates.append(there)
    if reference and reference.count("-") == 0 and "year2" not in groups:
        candidates = [there for there in candidates if there.year == anchor.year] or candidates
    if full_date(reference) is not None and "year2" not in groups:
        suiting = [there for there in candidates if (there >= anchor if tense == "future" else there <= anchor)]
        candidates = suiting if tense and suiting else candidates
    return min(candidates, key=lambda there: abs((there - anchor).days), default=None)
