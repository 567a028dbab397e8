"""What a document says of where its places are: what they lie in, and which countries and provinces it speaks of."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from graphwright.model import Chain, Document, Extraction, Span
from graphwright.ontology import Ontology
from graphwright.ontology.gazetteer import Entry, Gazetteer

SURE = 10
"""How many times as populous as the next of its name a city must be to tell by itself what country a text is about."""
KNOWN_PLACE = 15_000
"""People that it must have."""
NEAR = 150.0
"""Kilometres within which places are near each other."""
LONGEST = 4
"""Words of the longest name of a country or division that is looked for."""
SHORT = 4
"""Letters of an abbreviation of a state, which may be a word as well: "Miss.", "Wash."."""
EARTH = 6371.0  # kilometres

Readings = tuple[Entry, ...]
"""All that a name may mean, best known first."""
Holders = Mapping[Span, Readings]
"""What the text says that the place of a mention lies in, by the mention: the readings of that name."""

_AFTER = re.compile(r"\s*(?:,|\()\s*(?:in\s+)?(?:the\s+)?")
_WORD = re.compile(r"[^\W\d_](?:[\w.-]|['’](?!s\b))*")
_GOES_ON = re.compile(r"['’]s\b|\s+[A-Z]")
_LISTED = re.compile(r"(?:,\s+[A-Z][\w'’-]*(?:\s+[A-Z][\w'’-]*)*)*,?\s+(?:and|or)\s+(?:the\s+)?[A-Z]")
_ADDRESS = re.compile(r"\S*(?:://|www\.)\S*")


@dataclass(frozen=True, slots=True)
class Context:
    """What a document speaks of: countries and divisions by their codes, and places that there is no doubt about."""

    countries: frozenset[str]
    divisions: frozenset[str]
    sure: Readings

    def names(self, place: Entry) -> bool:
        """Whether the document speaks of the country of a place, by name or by another place in it."""
        others = {other.country for other in self.sure if other.key != place.key}
        return bool(place.country) and place.country in self.countries | others

    def nears(self, place: Entry) -> bool:
        """Whether the document speaks of the province of a place, or of another place nearby."""
        return place.division in self.divisions or any(
            other.key != place.key and distance(place, other) <= NEAR for other in self.sure
        )


def holders(extraction: Extraction, spans: Iterable[Span], gazetteer: Gazetteer, ontology: Ontology) -> Holders:
    """What the text says that places lie in, by their mentions: right after the name, or in a fact."""
    text, chains = extraction.document.text, {chain.id: chain for chain in extraction.chains}
    places = frozenset(spans)
    told = {span: found for span in places if (found := named_after(text, span[1], gazetteer))}
    for fact in extraction.facts:
        start, end = fact.object_span
        within_name = (
            fact.subject_span[0] <= start and end <= fact.subject_span[1]
        )  # "British Columbia" is no part of it
        lies = ontology.local(fact.property) == "locatedIn" and fact.asserted and not within_name
        if lies and isinstance(fact.object, str):
            found = containers(text[start:end], gazetteer) or _keyed(chains[fact.object], gazetteer)
            if fact.subject_span in places and found:
                told.setdefault(fact.subject_span, found)
    return told


def named_after(text: str, end: int, gazetteer: Gazetteer) -> Readings:
    """The country or division that is named right after a place: "Paris, | Texas", "Tripoli (| Lebanon)".

    What is unknown is stepped over once: "Springfield, Clark County, | Ohio". A country in a list is no such thing:
    "Paris, | Germany and Poland"; nor is what only begins a longer name: "in Baghdad, the | U.S. Embassy".
    """
    for _ in range(2):
        after = _AFTER.match(text, end)
        words = _words(text, after.end()) if after is not None else []
        if not words:
            return ()
        for _, stop in reversed(words):
            name = text[words[0][0] : stop]
            found = () if gazetteer.demonym(name) else containers(name, gazetteer)
            if found and _GOES_ON.match(text, stop):
                return ()
            if found:
                listed = _LISTED.match(text, stop) and any(entry.cls == "Country" for entry in found)
                return () if listed else found
        end = words[-1][1]
    return ()


def _words(text: str, start: int) -> list[Span]:
    """The capitalised words from here on that only spaces separate, at most `LONGEST`."""
    found: list[Span] = []
    while len(found) < LONGEST and (word := _WORD.match(text, start)) and word[0][0].isupper():
        found.append((word.start(), word.end() - (word[0].endswith(".") and "." not in word[0][:-1])))
        start = word.end() + (text[word.end() : word.end() + 1] == " ")
        if start == word.end():
            break
    return found


def containers(name: str, gazetteer: Gazetteer) -> Readings:
    """The countries and divisions that a name, or a U.S. postal abbreviation, may mean; adjectives too."""
    country = gazetteer.country(name) or gazetteer.demonym(name)
    region = gazetteer.region(name)
    told = [country, region if region is not None and region.country else None, *gazetteer.divisions(name)]
    if len(name) == 2 and name.isupper() and country is None:
        told.append(gazetteer.entry(f"region/US.{name}"))
    return tuple({entry.key: entry for entry in told if entry is not None and len(entry.country) == 2}.values())


def _keyed(chain: Chain, gazetteer: Gazetteer) -> Readings:
    entry = gazetteer.entry(chain.key) if chain.key.startswith(("country/", "region/")) else None
    return (entry,) if entry is not None and len(entry.country) == 2 else ()


def lies_in(place: Entry, container: Entry) -> bool:
    """Whether a place is in a country or division."""
    if container.cls == "Country":
        return place.country == container.country and place.key != container.key
    return bool(container.division) and place.division == container.division and place.key != container.key


def context(document: Document, places: Iterable[Readings], people: Iterable[Span], gazetteer: Gazetteer) -> Context:
    """What a document, its title and its source speak of; the names of ``people`` are none of places.

    Cities that are the only ones of their name, or by far the greatest, tell of their countries as well.
    """
    sure = tuple(named[0] for named in places if named and is_sure(named))
    texts = (_blanked(document.text, people), document.title, _ADDRESS.sub(" ", document.source))
    told = [entry for text in texts for entry in _spoken(text, gazetteer)]
    return Context(
        frozenset(entry.country for entry in told if entry.country),
        frozenset(entry.division for entry in told if entry.division),
        sure,
    )


def is_sure(named: Readings) -> bool:
    """Whether a name is the city that it is most often, whatever the text is about."""
    first = named[0]
    others = [entry.population for entry in named[1:]]
    return first.cls == "City" and first.population >= max([KNOWN_PLACE, *(SURE * other for other in others)])


def _blanked(text: str, spans: Iterable[Span]) -> str:
    for start, end in spans:
        text = f"{text[:start]}{' ' * (end - start)}{text[end:]}"
    return text


def _spoken(text: str, gazetteer: Gazetteer) -> Iterator[Entry]:
    """The countries and divisions that a text names, the longest name at each place."""
    reached = 0
    for word in _WORD.finditer(text):
        if word.start() < reached or not word[0][0].isupper():
            continue
        words = _words(text, word.start())
        for _, stop in reversed(words):
            name = text[word.start() : stop]
            entry = gazetteer.country(name) or gazetteer.demonym(name) or gazetteer.region(name)
            entry = entry or (gazetteer.division(name) if len(name) > SHORT else None)
            if entry is not None:
                reached = stop
                yield entry
                break


def distance(one: Entry, other: Entry) -> float:
    """Kilometres between two places on the great circle; infinite where it is unknown where one of them is."""
    if one.coordinates is None or other.coordinates is None:
        return math.inf
    north, east = map(math.radians, one.coordinates)
    far_north, far_east = map(math.radians, other.coordinates)
    half = math.sin((far_north - north) / 2) ** 2
    half += math.cos(north) * math.cos(far_north) * math.sin((far_east - east) / 2) ** 2
    return 2 * EARTH * math.asin(math.sqrt(half))
