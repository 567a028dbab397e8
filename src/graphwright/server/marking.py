"""A text with what is marked in it, as runs that follow one another: spans may nest and cross, elements may not.

Spans are code points. A run begins and ends where any span does, so that a span is always a row of whole runs.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

Told = dict[str, Any]
Span = Sequence[int]

_BREAK = re.compile(r"\s*\n[ \t\r]*\n\s*")
LONG = 600
"""A quote of more code points is shortened between what it is about."""
_AROUND = 120


def marked(pieces: Sequence[Told], mentions: Iterable[Told], facts: Iterable[Told]) -> list[Told]:
    """Return the paragraphs of a text: {gap, runs}, where ``gap`` tells that text before it is not known.

    A run is {text, start, end, mention, stated, anchor}: ``mention`` is the innermost one that covers it, or None;
    ``stated`` whether a sentence that states a fact does; with ``anchor`` it is the first of such a sentence.
    """
    sentences = {(place["start"], place["end"]) for fact in facts for place in fact["evidence"] if not place["rule"]}
    spans = {
        *((place["start"], place["end"]) for fact in facts for place in fact["evidence"]),
        *(tuple(span) for fact in facts for place in fact["evidence"] for span in arguments(place) if span),
    }
    inner = [one for one in mentions if one["start"] < one["end"]]
    cuts = sorted(
        {cut for span in spans for cut in span} | {cut for one in inner for cut in (one["start"], one["end"])}
    )
    starts = {start for start, _ in spans}
    covered, within = _Cover(sentences), _Innermost(inner)
    paragraphs: list[Told] = []
    for piece in pieces:
        gap = piece["start"] > 0 if not paragraphs else True
        for start, end in _paragraphs(piece["text"]):
            runs = []
            for first, last in _between(cuts, piece["start"] + start, piece["start"] + end):
                text = piece["text"][first - piece["start"] : last - piece["start"]]
                run = {"text": text, "start": first, "end": last, "mention": within.at(first)}
                runs.append({**run, "stated": covered.at(first), "anchor": first in starts})
            paragraphs.append({"gap": gap, "runs": runs})
            gap = False
    return paragraphs


def arguments(evidence: Told) -> tuple[Span | None, Span | None]:
    """Return the spans of subject and object of a place that states something."""
    return (evidence["subject_span"], evidence["object_span"])


def quoted(evidence: Told) -> Iterator[tuple[str, str]]:
    """Yield the parts of a quote, each with its role: "subject", "object", or "". Long ones are shortened."""
    quote, start = evidence["quote"], evidence["start"]
    roles = [
        (role, span[0] - start, span[1] - start)
        for role, span in zip(("subject", "object"), arguments(evidence), strict=True)
        if span is not None and start <= span[0] < span[1] <= start + len(quote)
    ]
    cuts = sorted({cut for _, first, last in roles for cut in (first, last)})
    parts = list(_between(cuts, 0, len(quote)))
    for first, last in parts:
        role = next((role for role, begin, end in roles if begin <= first and last <= end), "")
        text = quote[first:last]
        if len(quote) > LONG and not role and len(text) > 2 * _AROUND + 20:
            # What stands beside an argument is kept, and not the words that the cut falls into.
            head = "" if first == 0 else text[:_AROUND].rpartition(" ")[0]
            tail = "" if last == len(quote) else text[-_AROUND:].partition(" ")[2]
            text = f"{head} … {tail}"
        yield text, role


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of the paragraphs of a text, which empty lines part."""
    start = len(text) - len(text.lstrip())
    for found in _BREAK.finditer(text, start):
        if found.start() > start:
            yield start, found.start()
        start = found.end()
    if start < len(text):
        yield start, len(text)


def _between(cuts: Sequence[int], start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the spans that ``cuts``, sorted, part a span into."""
    first = start
    for cut in cuts[bisect_right(cuts, start) :]:
        if cut >= end:
            break
        yield first, cut
        first = cut
    if first < end:
        yield first, end


class _Cover:
    """Whether any of some spans covers a place; asked for places in ascending order or not."""

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        for start, end in sorted(spans):
            if self._ends and start <= self._ends[-1]:
                self._ends[-1] = max(self._ends[-1], end)
            else:
                self._starts.append(start)
                self._ends.append(end)

    def at(self, place: int) -> bool:
        found = bisect_right(self._starts, place) - 1
        return found >= 0 and place < self._ends[found]


class _Innermost:
    """The shortest of the mentions that cover a place, where places are asked in ascending order."""

    def __init__(self, mentions: Iterable[Told]) -> None:
        self._coming = sorted(mentions, key=lambda one: one["start"], reverse=True)
        self._open: list[Told] = []

    def at(self, place: int) -> Told | None:
        while self._coming and self._coming[-1]["start"] <= place:
            self._open.append(self._coming.pop())
        self._open = [one for one in self._open if one["end"] > place]
        return min(self._open, key=lambda one: (one["end"] - one["start"], -one["start"]), default=None)
