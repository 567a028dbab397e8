"""Linking: which of the places of one name a document means. See `link`.

While a document is read, a place has the key of the greatest of its name, which is all that coreference needs. Only the
whole document tells which is meant: what it says a place lies in, and which countries it speaks of.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from graphwright.entities.context import Context, Holders, Readings, context, holders, lies_in
from graphwright.model import Chain, Document, Extraction, Fact, Span
from graphwright.ontology import Ontology
from graphwright.ontology.gazetteer import Entry, Gazetteer, fold

WELL_KNOWN = 200_000
"""People from which on a city is meant by its name alone, whatever country a text speaks of."""
ALONE = 30_000
"""People from which on a city is, if no other has its name."""
OUTWEIGHED = 20
"""How many times as populous a city abroad must be to be meant rather than one of a country that the text names."""

KINDS: Mapping[str, frozenset[str]] = {
    "City": frozenset({"City"}),
    "Region": frozenset({"Region", "NaturalFeature"}),
    "NaturalFeature": frozenset({"Region", "NaturalFeature"}),
    "Country": frozenset({"Country", "Region"}),
    "Place": frozenset({"City", "Region", "NaturalFeature"}),
}
"""What the gazetteer may know a chain of a class as."""
OF_KEYS = {"city": "City", "region": "Region", "country": "Country"}
"""The class that a key tells of, where an ontology has classes of its own."""
REASONS = {
    "known": "listed in a gazetteer of the user",
    "organisation": "the body of this name",
    "country": "the country of this name",
    "region": "the region of this name",
    "city": "the best known place of this name",
}
PERSON = "PERSON"
"""The entity label of the class of people."""
LONGEST = 60
"""Characters before a name that are looked at for what it is."""
_PROVINCE_OF = re.compile(r"\b(?:state|province|region|county|department) of (?:the )?$", re.IGNORECASE)
_GOVERNOR_OF = re.compile(r"\b(?:[Gg]overnor|Gov\.)(?: [A-Z][\w.'’-]*){0,4} of $")
_STATE_ABROAD = re.compile(r"\b([A-Z][\w.]*) (?:state|province) of $")
_COUNTRY_OF = re.compile(r"\b(?:republic|country|nation) of $")
_NAME = r"([A-Z][\w'’-]*(?: [A-Z][\w'’-]*)?)"
_BEFORE = re.compile(rf"{_NAME}(?:,| and|, and) (?:in )?$")
_AFTER = re.compile(rf"(?:,| and|, and) (?:in )?{_NAME}")


@dataclass(frozen=True, slots=True)
class Choice:
    """What a name means, None where it is nothing that the gazetteer has; why; and how sure that is."""

    entry: Entry | None
    reason: str
    confidence: float


def link(extraction: Extraction, gazetteer: Gazetteer, ontology: Ontology) -> Extraction:
    """The extraction with the right key for each place whose name several have, and a reason for each key.

    What decides, in this order: what the text says that a place lies in ("Paris, Texas"), and then no other is meant
    even where the gazetteer knows no such place; the countries and provinces that it speaks of, or whose body issued
    it; places nearby; size. A small place of a country that the text does not speak of is not linked at all. Mentions
    that the text places differently ("Paris, France … Paris, Texas") become two things. What is no place keeps its key.
    """
    document = extraction.document
    named = {chain.id: readings(chain, document, gazetteer, ontology) for chain in extraction.chains}
    spans = {span for chain in extraction.chains if named[chain.id] for span in chain.mentions}
    told = holders(extraction, spans, gazetteer, ontology)
    told = {**called_countries(extraction, named, gazetteer), **told}
    told = {**known_before(extraction, named, told, gazetteer), **told}
    extraction = parted(extraction, told, {chain.id for chain in extraction.chains if named[chain.id]})
    named = {chain.id: readings(chain, document, gazetteer, ontology) for chain in extraction.chains}
    people = [span for chain in extraction.chains if is_person(chain, ontology) for span in chain.mentions]
    around = context(document, named.values(), people, gazetteer)
    chains = []
    for chain in extraction.chains:
        if not named[chain.id]:
            chains.append(with_reason(chain))
            continue
        if chain.key.startswith("country/"):
            choice = chosen_country(chain, named, told, extraction, gazetteer)
        else:
            within = next((told[span] for span in chain.mentions if span in told), ())
            choice = chosen(named[chain.id], within, around, gazetteer)
        chains.append(linked(chain, choice, document, ontology))
    return replace(extraction, chains=tuple(chains))


# ----------------------------------------------------------------------------------------------- what may be meant


def readings(chain: Chain, document: Document, gazetteer: Gazetteer, ontology: Ontology) -> Readings:
    """All places that a chain may mean by its names and its class, best known first; none for what is no place."""
    prefix = chain.key.partition("/")[0]
    kinds = KINDS.get(OF_KEYS.get(prefix, ""), frozenset()) | KINDS.get(ontology.local(chain.cls), frozenset())
    if prefix in ("known", "organisation") or not (chain.key or chain.named) or not kinds:
        return ()
    found = {entry.key: entry for name in surfaces(chain, document) for entry in gazetteer.places(name)}
    return tuple(entry for entry in found.values() if entry.cls in kinds)


def surfaces(chain: Chain, document: Document) -> list[str]:
    """The names by which a document calls a thing, without article, the most frequent first."""
    texts = (" ".join(document.text[start:end].split()).removeprefix("the ") for start, end in chain.mentions)
    return [text for text, _ in Counter(text for text in texts if text[:1].isupper()).most_common()]


def is_person(chain: Chain, ontology: Ontology) -> bool:
    """Whether a chain is a person, in whose name "Chad" is no country."""
    described = ontology.classes.get(chain.cls)
    return described is not None and PERSON in described.entity_labels


# -------------------------------------------------------------------------------------------------- what is meant


def chosen(named: Readings, within: Readings, around: Context, gazetteer: Gazetteer) -> Choice:
    """The place that is meant of those of one name. See `link`."""
    holder = next((one for one in within if any(lies_in(place, one) for place in named)), None)
    inside = [place for place in named if holder is not None and lies_in(place, holder)]
    if holder is not None:
        reason = f"{_of(named)} the one in {holder.name}, as the text says" if len(named) > 1 else _largest(named)
        return Choice(inside[0], reason, 0.98)
    if within:
        return Choice(None, f"no place of this name is known in {within[0].name}", 1.0)
    first = named[0]
    spoken = [place for place in named if around.names(place)]
    close = [place for place in spoken if around.nears(place)]
    for place in (*close[:1], *spoken[:1]):
        if place in close or not is_known(first, gazetteer) or first.population < OUTWEIGHED * place.population:
            return _of_country(place, named, close, gazetteer)
    unique = len(named) == 1 and first.population >= ALONE
    if is_known(first, gazetteer) or unique or not around.countries:
        return Choice(first, _largest(named), 0.9 if len(named) == 1 else 0.8)
    return Choice(None, f"{_largest(named)} is small and of a country that the text does not speak of", 0.7)


def _of_country(place: Entry, named: Readings, close: Sequence[Entry], gazetteer: Gazetteer) -> Choice:
    """A place of a country that the text speaks of."""
    if len(named) == 1:
        return Choice(place, "the only place of this name", 0.97)
    country = gazetteer.entry(f"country/{place.country}")
    reason = f"{_of(named)} the one in {country.name if country else place.country}, which the text speaks of"
    return Choice(place, reason, 0.95 if place is named[0] or place in close else 0.85)


def is_known(place: Entry, gazetteer: Gazetteer) -> bool:
    """Whether a place is meant by its name alone, whatever country a text speaks of: no small town."""
    country = gazetteer.entry(f"country/{place.country}")
    capital = country is not None and fold(country.capital) == fold(place.name)
    return place.cls != "City" or place.population >= WELL_KNOWN or capital


def chosen_country(
    chain: Chain, named: Mapping[str, Readings], told: Holders, extraction: Extraction, gazetteer: Gazetteer
) -> Choice:
    """The country of a name, or the province that has the same: "Atlanta, | Georgia", "the state of | Georgia"."""
    country = gazetteer.entry(chain.key)
    if country is not None and any(country in told.get(span, ()) for span in chain.mentions):
        return Choice(country, "the country of this name, as the text says", 1.0)
    provinces = [place for place in named[chain.id] if place.cls == "Region" and place.division]
    for province in provinces:
        owner = gazetteer.entry(f"country/{province.country}")
        cities = [named[one.id] for one in extraction.chains for span in one.mentions if province in told.get(span, ())]
        there = any(lies_in(place, province) for places in cities for place in places)
        abroad = country is not None and any(lies_in(place, country) for places in cities for place in places)
        if (there and not abroad) or is_called_province(chain, province, extraction.document.text, gazetteer):
            where = owner.name if owner is not None else province.country
            return Choice(province, f"the province of this name in {where}, not the country", 0.9)
    return Choice(country, REASONS["country"], 0.95 if provinces else 1.0)


def known_before(extraction: Extraction, named: Mapping[str, Readings], told: Holders, gazetteer: Gazetteer) -> Holders:
    """For mentions of a city known by its name alone, before the text tells of one of its name elsewhere, its country:
    who flies to Paris, and then meets somebody from Paris, Texas, was in France."""
    found: dict[Span, Readings] = {}
    for chain in extraction.chains:
        known = next(iter(named[chain.id]), None)
        first = next((span for span in chain.mentions if span in told), None)
        if first is None or known is None or known.cls != "City" or not is_known(known, gazetteer):
            continue
        country = gazetteer.entry(f"country/{known.country}")
        if country is not None and not any(lies_in(known, holder) for holder in told[first]):
            found.update({span: (country,) for span in chain.mentions if span < first})
    return found


def called_countries(extraction: Extraction, named: Mapping[str, Readings], gazetteer: Gazetteer) -> Holders:
    """For mentions of a name that a country and a province have, the country that the text says they are of, or are:
    "the U.S. state of Georgia", "the republic of Georgia"."""
    told: dict[Span, Readings] = {}
    for chain in extraction.chains:
        country = gazetteer.entry(chain.key) if chain.key.startswith("country/") else None
        province = next((place for place in named[chain.id] if place.cls == "Region" and place.division), None)
        owner = gazetteer.entry(f"country/{province.country}") if province is not None else None
        if country is not None and province is not None and owner is not None:
            told.update(_called(chain, country, province, owner, extraction.document.text, gazetteer))
    return told


def _called(chain: Chain, country: Entry, province: Entry, owner: Entry, text: str, gazetteer: Gazetteer) -> Holders:
    """What the text calls the mentions of one chain. Who names Georgia, then the U.S. state of Georgia, names two.

    Where both are spoken of, the adjective is the country's.
    """
    told: dict[Span, Readings] = {}
    for start, end in chain.mentions:
        before = text[max(0, start - LONGEST) : start]
        abroad = _STATE_ABROAD.search(before)
        if _COUNTRY_OF.search(before) or is_full_name(text[start:end], country, gazetteer):
            told[start, end] = (country,)
        elif calls_province((start, end), province, text, gazetteer):
            if (
                not told
                and abroad is not None
                and owner in (gazetteer.country(abroad[1]), gazetteer.demonym(abroad[1]))
            ):
                told[chain.mentions[0]] = (country,)
            told[start, end] = (owner,)
    if (country,) in told.values() and (owner,) in told.values():
        told |= {(i, j): (country,) for i, j in chain.mentions if gazetteer.demonym(text[i:j]) == country}
    return told


def is_full_name(name: str, country: Entry, gazetteer: Gazetteer) -> bool:
    """Whether a name is a country's that no province has: "Republic of Georgia"."""
    return gazetteer.country(name) == country and not gazetteer.divisions(name)


def is_called_province(chain: Chain, province: Entry, text: str, gazetteer: Gazetteer) -> bool:
    """Whether a text calls a name that of a province in some place."""
    return any(calls_province(span, province, text, gazetteer) for span in chain.mentions)


def calls_province(span: Span, province: Entry, text: str, gazetteer: Gazetteer) -> bool:
    """Whether a text says "the state of Georgia" here, or lists it with provinces alone: "Alabama and Georgia"."""
    start, end = span
    before = text[max(0, start - LONGEST) : start]
    beside = [found[1] for found in (_BEFORE.search(before), _AFTER.match(text, end)) if found is not None]
    alike = [any(one.country == province.country for one in gazetteer.divisions(name)) for name in beside]
    return bool(_PROVINCE_OF.search(before) or _GOVERNOR_OF.search(before) or (alike and all(alike)))


# ---------------------------------------------------------------------------------------------- what becomes of it


def linked(chain: Chain, choice: Choice, document: Document, ontology: Ontology) -> Chain:
    """A chain with what its name was found to mean; its own words are its name where that is nothing known."""
    reason, sureness, entry = choice.reason, choice.confidence, choice.entry
    if entry is not None and entry.key == chain.key:
        return replace(chain, key_reason=reason, key_confidence=sureness)
    written = surfaces(chain, document) or [chain.name]
    if entry is None:
        return replace(chain, key="", name=written[0], aliases=(), key_reason=reason, key_confidence=sureness)
    cls = chain.cls
    if chain.key.startswith("country/") and (described := ontology.class_named(entry.cls)) is not None:
        cls = described.iri
    known = {fold(name) for name in entry.names}
    aliases = tuple(sorted({name for name in (*chain.aliases, *written) if fold(name) in known} - {entry.name}))
    return replace(
        chain, key=entry.key, cls=cls, name=entry.name, aliases=aliases, key_reason=reason, key_confidence=sureness
    )


def with_reason(chain: Chain) -> Chain:
    """A chain that is no place of several: why it has its key."""
    return replace(chain, key_reason=REASONS.get(chain.key.partition("/")[0], ""))


def parted(extraction: Extraction, told: Holders, places: Collection[str]) -> Extraction:
    """The extraction with two chains for one of whose mentions the text says that they lie in different places.

    A mention of which nothing is said belongs to the last one before it of which something is.
    """
    chains: list[Chain] = []
    moved: dict[tuple[str, Span], str] = {}
    for chain in extraction.chains:
        groups = _groups(chain, told) if chain.id in places else []
        for number, spans in enumerate(groups[1:], start=2):
            part = replace(chain, id=f"{chain.id}-{number}", mentions=spans)
            chains.append(part)
            moved.update({(chain.id, span): part.id for span in spans})
        chains.append(replace(chain, mentions=groups[0]) if len(groups) > 1 else chain)
    if not moved:
        return extraction
    chains.sort(key=lambda chain: (chain.mentions[0], chain.cls, chain.name))
    return replace(extraction, chains=tuple(chains), facts=tuple(_with_parts(fact, moved) for fact in extraction.facts))


def _groups(chain: Chain, told: Holders) -> list[tuple[Span, ...]]:
    """The mentions of a chain by what the text says that they lie in."""
    groups: dict[frozenset[str], list[Span]] = {}
    waiting: list[Span] = []
    current: list[Span] | None = None
    for span in chain.mentions:
        if span in told:
            keys = frozenset(entry.key for entry in told[span])
            current = groups.setdefault(next((one for one in groups if one & keys), keys), [])
        if current is None:
            waiting.append(span)
        else:
            current.append(span)
    first = next(iter(groups.values()), waiting)
    return [tuple(waiting + first if spans is first and groups else spans) for spans in groups.values()] or [
        tuple(waiting)
    ]


def _with_parts(fact: Fact, moved: Mapping[tuple[str, Span], str]) -> Fact:
    """A fact that is about the parts of chains."""
    told = fact.object
    return replace(
        fact,
        subject=moved.get((fact.subject, fact.subject_span), fact.subject),
        object=moved.get((told, fact.object_span), told) if isinstance(told, str) else told,
        premises=tuple(_with_parts(premise, moved) for premise in fact.premises),
    )


def _of(named: Readings) -> str:
    return f"of {len(named)} places of this name"


def _largest(named: Readings) -> str:
    return f"the largest of {len(named)} places of this name" if len(named) > 1 else "the only place of this name"
