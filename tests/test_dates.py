"""Dates in running text: what an expression means is settled by the text and the document's date, or it stays open."""

from __future__ import annotations

import itertools
import re
from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from graphwright.mentions import dates
from graphwright.mentions.dates import Tense, find_dates

THURSDAY = "2016-06-16"


def meant(text: str, reference: str | None, tense: Tense = "") -> list[tuple[str, ...]]:
    """Each expression of a text with its values: [("14 June", "2016-06-14")]."""
    return [
        (text[slice(*found.span)], *(value.lexical for value in found.values))
        for found in find_dates(text, reference, lambda offset: tense)
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("They met on 14 June 2016 in Riga.", ("14 June 2016", "2016-06-14")),
        ("They met on June 14, 2016.", ("June 14, 2016", "2016-06-14")),
        ("They met on June 14 2016.", ("June 14 2016", "2016-06-14")),
        ("They met on the 14th of June 2016.", ("14th of June 2016", "2016-06-14")),
        ("They met on 3rd Sept. 2016.", ("3rd Sept. 2016", "2016-09-03")),
        ("They met on Tuesday, 14 June 2016.", ("Tuesday, 14 June 2016", "2016-06-14")),
        ("They met on Tuesday the 14th of June, 2016.", ("Tuesday the 14th of June, 2016", "2016-06-14")),
        ("Tuesday, June 14, 2016 was warm.", ("Tuesday, June 14, 2016", "2016-06-14")),
        ("They met on 2016-06-14.", ("2016-06-14", "2016-06-14")),
        ("They met on 14.06.2016.", ("14.06.2016", "2016-06-14")),
        ("They met on the evening of 14 June 2016.", ("evening of 14 June 2016", "2016-06-14")),
        ("They met in June 2016.", ("June 2016", "2016-06")),
        ("They met in early June 2016.", ("June 2016", "2016-06")),
        ("They met in late 2016.", ("late 2016", "2016")),
        ("They met in the spring of 2016.", ("spring of 2016", "2016")),
        ("They met in June, 2016.", ("June, 2016", "2016-06")),
        ("They met in 2016.", ("2016", "2016")),
        ("Since 2014 they have met often.", ("2014", "2014")),
        ("The goal is set for 2030.", ("2030", "2030")),
        ("The fair of 15–18 April 2024 ended.", ("15–18 April 2024", "2024-04-15", "2024-04-18")),
        ("It ran from 15 to 18 April 2024.", ("15 to 18 April 2024", "2024-04-15", "2024-04-18")),
        ("It ran between 15 and 18 April 2024.", ("15 and 18 April 2024", "2024-04-15", "2024-04-18")),
        ("It ran from 28 April to 2 May 2024.", ("28 April to 2 May 2024", "2024-04-28", "2024-05-02")),
        ("It ran from 30 December to 2 January 2017.", ("30 December to 2 January 2017", "2016-12-30", "2017-01-02")),
        ("It ran April 15-18, 2024.", ("April 15-18, 2024", "2024-04-15", "2024-04-18")),
        ("It ran from April 28 to May 2, 2024.", ("April 28 to May 2, 2024", "2024-04-28", "2024-05-02")),
    ],
)
@pytest.mark.parametrize("reference", [None, "2011", THURSDAY])
def test_a_full_date_needs_no_reference(text: str, found: tuple[str, ...], reference: str | None) -> None:
    assert meant(text, reference) == [found]


@pytest.mark.parametrize(
    ("text", "reference", "value"),
    [
        ("on 14 June", THURSDAY, "2016-06-14"),
        ("on 14 June", "2016-06", "2016-06-14"),
        ("on 14 June", "2016", "2016-06-14"),
        ("on 10 December", "2016", "2016-12-10"),
        ("on 28 December", "2016-01-05", "2015-12-28"),
        ("on 4 January", "2016-12-10", "2017-01-04"),
        ("on Tuesday, 14 June", THURSDAY, "2016-06-14"),
        ("on Sunday, 14 June", THURSDAY, "2015-06-14"),
        ("in May", THURSDAY, "2016-05"),
        ("in June", THURSDAY, "2016-06"),
        ("in November", THURSDAY, "2015-11"),
        ("in June", "2016", "2016-06"),
        ("in June", "2016-06", "2016-06"),
        ("last November", THURSDAY, "2015-11"),
        ("next March", THURSDAY, "2017-03"),
        ("last month", "2016-01-20", "2015-12"),
        ("last month", "2016-01", "2015-12"),
        ("next month", "2016-12-10", "2017-01"),
        ("this month", THURSDAY, "2016-06"),
        ("last year", THURSDAY, "2015"),
        ("next year", "2016", "2017"),
        ("today", THURSDAY, "2016-06-16"),
        ("this morning", THURSDAY, "2016-06-16"),
        ("tonight", THURSDAY, "2016-06-16"),
        ("yesterday", "2016-03-01", "2016-02-29"),
        ("tomorrow", "2016-12-31", "2017-01-01"),
        ("two days ago", THURSDAY, "2016-06-14"),
        ("three months ago", THURSDAY, "2016-03"),
        ("a year ago", THURSDAY, "2015"),
        ("in early May", THURSDAY, "2016-05"),
        ("on Tuesday evening", THURSDAY, "2016-06-14"),
        ("on Tuesday", THURSDAY, "2016-06-14"),
        ("on Thursday", THURSDAY, "2016-06-16"),
        ("on Friday", THURSDAY, "2016-06-10"),
        ("last Tuesday", THURSDAY, "2016-06-14"),
        ("last Thursday", THURSDAY, "2016-06-09"),
        ("this Tuesday", THURSDAY, "2016-06-14"),
        ("this Thursday", THURSDAY, "2016-06-16"),
    ],
)
def test_the_document_s_date_settles_the_rest(text: str, reference: str, value: str) -> None:
    """The nearest day of that name; of months and weekdays the one that is past, for the clause speaks of the past."""
    (found,) = meant(f"They met {text} in Riga.", reference)
    assert found[1:] == (value,)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("on Friday", "2016-06-17"),
        ("on Tuesday", "2016-06-21"),
        ("on Thursday", "2016-06-23"),
        ("on Friday morning", "2016-06-17"),
        ("next Monday", "2016-06-20"),
        ("this Friday", "2016-06-17"),
        ("in May", "2017-05"),
        ("in June", "2016-06"),
        ("in November", "2016-11"),
        ("on 4 July", "2016-07-04"),
        ("in 2018", "2018"),
    ],
)
def test_a_clause_about_the_future_means_the_next_one(text: str, value: str) -> None:
    (found,) = meant(f"They will meet {text} in Riga.", THURSDAY, "future")
    assert found[1:] == (value,)


def test_a_range_of_weekdays_runs_forwards() -> None:
    assert meant("It ran from Monday to Wednesday.", THURSDAY) == [("Monday to Wednesday", "2016-06-13", "2016-06-15")]


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("They met on 14 June.", None),
        ("They met in June.", None),
        ("They met on Tuesday.", None),
        ("They met on Tuesday.", "2016-06"),
        ("They met yesterday.", None),
        ("They met yesterday.", "2016"),
        ("They met last month.", None),
        ("They met last month.", "2016"),
        ("They met last year.", None),
        ("They met on 31 February 2016.", THURSDAY),
        ("They met on 30 February.", THURSDAY),
        ("They met on 2016-02-30.", THURSDAY),
        ("They met on 39 June 2016.", THURSDAY),
        ("They met on Monday, 14 June.", THURSDAY),  # no 14 June of the years around is a Monday
        ("It ran from 18 to 15 April 2024.", THURSDAY),
        ("They meet on Mondays.", THURSDAY),
        ("They meet each May.", THURSDAY),
        ("They meet every two years.", THURSDAY),
        ("They meet on the first Monday of each month.", THURSDAY),
    ],
)
def test_what_nothing_settles_has_no_value(text: str, reference: str | None) -> None:
    """It is still a date, so that nothing else takes it for a name or a topic."""
    assert [found[1:] for found in meant(text, reference)] == [()]


@pytest.mark.parametrize(
    "text",
    [
        "They may meet again.",
        "Of the 20 officers, 15 may be sent home.",
        "Prime Minister Tara May left.",
        "The troops march on.",
        "Resolution 1325 of the Council was read.",
        "Some 2016 soldiers took part.",
        "It cost 2,016 crowns.",
        "Room 14 was empty.",
        "The second half was better.",
        "This was the last one.",
    ],
)
def test_these_are_no_dates(text: str) -> None:
    assert meant(text, THURSDAY) == []


def test_dates_stand_in_the_order_of_the_text() -> None:
    text = "On Monday the envoy left for Riga, where talks begin on 1 July and end in September."
    assert meant(text, THURSDAY) == [
        ("Monday", "2016-06-13"),
        ("1 July", "2016-07-01"),
        ("September", "2015-09"),
    ]


def test_a_value_says_how_precise_it_is() -> None:
    kinds = [
        value.datatype.rpartition("#")[2]
        for found in find_dates("On 14 June 2016, in June 2016 and in 2016.", None)
        for value in found.values
    ]
    assert kinds == ["date", "gYearMonth", "gYear"]


PIECES = st.sampled_from(
    [
        "14", "31", "0", "1st", "2016", "1899", "2016-06-31", "June", "Feb.", "may", "May", "Sept", "Tuesday",
        "FRIDAY", "today", "yesterday", "last", "next", "this", "month", "year", "morning", "in", "on", "of", "the",
        "since", "to", "and", "–", "-", ",", ".", "\n", "met", "Ž", "every", "each", "Mondays", "first", "early",
        "hours", "spring", "two", "ago", "from", "during", "for", "until", "a", "_", "14.06.2016", "2016-06-14",
    ]
)  # fmt: skip
TEXTS = st.one_of(st.lists(PIECES, max_size=14).map(" ".join), st.lists(PIECES, max_size=8).map("".join), st.text())
DAYS = st.dates(date(1800, 1, 1), date(2099, 12, 31)).map(date.isoformat)
REFERENCES = st.one_of(st.none(), DAYS, DAYS.map(lambda day: day[:7]), DAYS.map(lambda day: day[:4]))
LEXICAL = {"date": r"\d{4}-\d\d-\d\d", "gYearMonth": r"\d{4}-\d\d", "gYear": r"\d{4}"}


@pytest.mark.parametrize(("tense", "value"), [("past", "2015-12-10"), ("future", "2016-12-10"), ("", "2016-12-10")])
def test_the_tense_tells_the_year_of_a_day(tense: Tense, value: str) -> None:
    """In June, 10 December is nearest ahead; who met on it met half a year ago."""
    assert meant("on 10 December", THURSDAY, tense) == [("10 December", value)]


@given(text=TEXTS, reference=REFERENCES, tense=st.sampled_from(["past", "future", ""]))
@example(text="29 February to 1 March", reference="2015", tense="")
@settings(max_examples=300, deadline=None)
def test_every_date_lies_in_the_text_and_is_a_day_month_or_year_that_exists(
    text: str, reference: str | None, tense: Tense
) -> None:
    found = list(find_dates(text, reference, lambda offset: tense))
    for mention in found:
        start, end = mention.span
        assert 0 <= start < end <= len(text)
        assert text[start:end] == text[start:end].strip()
        assert len(mention.values) <= 2
        for value in mention.values:
            assert re.fullmatch(LEXICAL[value.datatype.rpartition("#")[2]], value.lexical)
            date.fromisoformat(value.lexical + "-01" * (2 - value.lexical.count("-")))
        lexical = [value.lexical for value in mention.values]
        assert lexical == sorted(set(lexical))
    assert all(one.span[1] <= other.span[0] for one, other in itertools.pairwise(found))


@given(text=TEXTS)
@settings(max_examples=300, deadline=None)
def test_no_date_begins_with_a_word_that_none_may_begin_with(text: str) -> None:
    starts = [word.start() for word in re.finditer(r"\b\w+", text) if dates.may_begin(word[0])]
    for pattern in dates.PATTERNS:
        found = [match.span() for match in dates.matches(pattern, text, starts)]
        assert found == [match.span() for match in pattern.finditer(text)]


@given(text=TEXTS, reference=REFERENCES, tense=st.sampled_from(["past", "future", ""]))
@settings(max_examples=100, deadline=None)
def test_today_does_not_matter(text: str, reference: str | None, tense: Tense) -> None:
    class NoToday(date):
        @classmethod
        def today(cls) -> NoToday:
            raise AssertionError("the present day was asked for")

    once = list(find_dates(text, reference, lambda offset: tense))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dates, "date", NoToday)
        assert list(find_dates(text, reference, lambda offset: tense)) == once


@given(text=TEXTS, reference=REFERENCES, before=st.sampled_from(["", "They met. ", "Žluťoučký kůň. "]))
@settings(max_examples=100, deadline=None)
def test_where_a_text_begins_does_not_matter(text: str, reference: str | None, before: str) -> None:
    moved = [
        ((found.span[0] + len(before), found.span[1] + len(before)), found.values)
        for found in find_dates(text, reference)
    ]
    assert [(found.span, found.values) for found in find_dates(before + text, reference)] == moved
