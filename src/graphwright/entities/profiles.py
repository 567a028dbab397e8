"""Profiles: what one document tells of each of its things, as far as it helps to find the same thing in others."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphwright.entities.bodies import is_numbered
from graphwright.entities.company import IN_COMPANY, company, members
from graphwright.entities.names import normal_form
from graphwright.entities.similarity import kind_of
from graphwright.model import Chain, Document, Extraction, Value

if TYPE_CHECKING:
    from graphwright.ontology import Ontology
    from graphwright.ontology.gazetteer import Gazetteer

COUNTRY, CITY = "country/", "city/"
WALKS = frozenset({"country", "employer", "post", "born"})
"""What a person is known by."""
LONGEST_DATELINE = 80  # characters
_DATELINE = re.compile(r"\s[–—-]{1,2}\s")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_POSSESSIVE = re.compile(r"['’]s?$")
_WITHIN = re.compile(r"\s(?:of|in)\s(?:the\s)?")
_LONGEST_COUNTRY = 4  # words before a generic name: "Bosnia and Herzegovina"


@dataclass(frozen=True, slots=True)
class Profile:
    """What one document tells of one thing: all that it is compared by.

    ``at`` is where its first mention starts; ``date`` is that of the document, "" if unknown. ``names`` are the proper
    names that the document writes for it, the best first, which is ``name``. ``key`` is its key in the gazetteer or "".
    ``evidence`` are sorted pairs of a kind and a value that may corroborate or contradict that two are one:
    ("country", "country/HU"), ("post", "defence minister"). Two kinds are for `similarity.forms`: "generic" holds names
    in normal form that every state has a body of ("defence ministry"), and "form" the name with its country
    ("ministry of defence|country/HU"). "scene" is the country of the document, for what nothing else is told of: it
    says nothing by itself, but keeps profiles from standing for each other.

    ``company`` are the things that the document tells of beside it, as `graphwright.entities.company` writes them. They
    differ from document to document, also where all else is the same: where profiles stand for each other, it is theirs
    in common (`company.of_all`).
    """

    document: str
    chain: str
    at: int
    date: str
    cls: str
    name: str
    names: tuple[str, ...]
    named: bool
    key: str = ""
    evidence: tuple[tuple[str, str], ...] = ()
    company: tuple[str, ...] = ()

    def to_json(self) -> list[object]:
        """The profile as a list of texts, numbers and lists, as `json` writes them."""
        return [
            self.document,
            self.chain,
            self.at,
            self.date,
            self.cls,
            self.name,
            list(self.names),
            self.named,
            self.key,
            [list(pair) for pair in self.evidence],
            list(self.company),
        ]

    @classmethod
    def from_json(cls, values: Sequence[object]) -> Profile:
        """The profile that `to_json` wrote."""
        document, chain, at, date, kind, name, names, named, key, evidence, company = values
        assert isinstance(at, int)
        assert isinstance(names, Sequence)
        assert isinstance(evidence, Sequence)
        assert isinstance(company, Sequence)
        pairs = tuple((str(one), str(other)) for one, other in evidence)
        texts = (str(document), str(chain), at, str(date), str(kind), str(name))
        return cls(*texts, tuple(map(str, names)), bool(named), str(key), pairs, tuple(map(str, company)))

    @property
    def place(self) -> tuple[str, str]:
        """The document and the chain: what tells profiles apart."""
        return (self.document, self.chain)

    def told(self, kind: str) -> frozenset[str]:
        """The values of a kind of evidence."""
        return frozenset(value for one, value in self.evidence if one == kind)


def profiles(extraction: Extraction, ontology: Ontology, gazetteer: Gazetteer) -> tuple[Profile, ...]:
    """The profiles of all chains of a document, in their order. Only asserted facts are evidence."""
    document = extraction.document
    told = evidence(extraction, ontology, gazetteer)
    home = home_of(document, extraction.chains, gazetteer)
    scene = home or main_country(extraction.chains, gazetteer)
    among = members(extraction.chains, ontology, gazetteer)
    nouns = {normal_form(noun) for cls in ontology.classes.values() for noun in cls.nouns}
    kinds = {cls: kind_of(cls, ontology) for cls in {chain.cls for chain in extraction.chains}}
    found = []
    for chain in extraction.chains:
        names = tuple(dict.fromkeys((chain.name, *chain.aliases))) if chain.named else (chain.name,)
        if chain.key:  # a people is no name of its country
            names = tuple(name for name in names if name == chain.name or gazetteer.demonym(name) is None)
        pairs = told[chain.id]
        kind = kinds[chain.cls]
        if scene and chain.named and not chain.key and is_common(kind, names, pairs):
            pairs = pairs | {("scene", scene)}
        if chain.named:
            pairs = pairs | set(of_generic(names, pairs, home if not chain.key else "", gazetteer))
            if kind in {"organisation", "place", "event"}:  # "the Coalition"
                pairs = pairs | {("generic", form) for name in names if (form := normal_form(name)) in nouns}
        found.append(
            Profile(
                document=document.id,
                chain=chain.id,
                at=min((start for start, _ in chain.mentions), default=0),
                date=document.date or "",
                cls=chain.cls,
                name=chain.name,
                names=names,
                named=chain.named,
                key=chain.key,
                evidence=tuple(sorted(pairs)),
                company=company(chain.id, among) if chain.named and not chain.key and kind in IN_COMPANY else (),
            )
        )
    return tuple(found)


def evidence(
    extraction: Extraction, ontology: Ontology, gazetteer: Gazetteer
) -> Mapping[str, frozenset[tuple[str, str]]]:
    """What the asserted facts of a document, the names and the gazetteer tell of each chain, by its id.

    The country of an employer is a country of who works there, where someone was born is the country of origin, and
    where something lies, lies also what lies in it.
    """
    chains = {chain.id: chain for chain in extraction.chains}
    kinds = {iri: one.evidence for iri, one in ontology.properties.items() if one.evidence}
    told: dict[str, set[tuple[str, str]]] = defaultdict(set)
    objects: dict[tuple[str, str], set[str]] = defaultdict(set)
    for chain in extraction.chains:
        told[chain.id].update(("country", key) for key in country_in_name(chain, gazetteer))
        years = _YEAR.findall(chain.name) if chain.named else ()
        if years and kind_of(chain.cls, ontology) == "event":
            told[chain.id].update(("date", year) for year in years)
        if chain.key and not chain.key.startswith(COUNTRY):
            told[chain.id].update(country_of(chain.key, gazetteer))
    for fact in extraction.facts:
        kind = kinds.get(fact.property, "")
        if not kind or not fact.asserted:
            continue
        if isinstance(fact.object, Value):
            told[fact.subject].add((kind, normal_form(fact.object.lexical) if kind == "rank" else fact.object.lexical))
        elif fact.object in chains and chains[fact.object].named:
            objects[fact.subject, kind].add(fact.object)
    for (subject, kind), found in sorted(objects.items()):
        for one in sorted(found):
            other = chains[one]
            told[subject].add((kind, value_of(other, gazetteer)))
            if kind == "employer" and other.key.startswith(COUNTRY):
                told[subject].add(("country", other.key))
            elif kind == "employer":
                told[subject].update(("country", key) for key in country_in_name(other, gazetteer))
            elif kind == "born":
                born = (
                    {other.key}
                    if other.key.startswith(COUNTRY)
                    else {key for _, key in country_of(other.key, gazetteer)}
                )
                told[subject].update(("origin", key) for key in born)
            elif kind == "located":
                told[subject].update(pair for pair in told[one] if pair[0] == "located")
                told[subject].update(("located", value_of(chains[up], gazetteer)) for up in objects[one, "located"])
                told[subject].update(country_of(other.key, gazetteer))
    return defaultdict(frozenset, {id: frozenset(pairs) for id, pairs in told.items()})


def is_common(kind: str, names: Iterable[str], pairs: Iterable[tuple[str, str]]) -> bool:
    """Whether nothing tells a thing from its namesakes but where the document is: a person of whom nothing is told, or
    a body with a number for a name."""
    if kind == "person":
        return not any(kind in WALKS for kind, _ in pairs)
    return kind == "organisation" and any(is_numbered(normal_form(name)) for name in names)


def main_country(chains: Iterable[Chain], gazetteer: Gazetteer) -> str:
    """The key of the country that a document names most often, itself or by its cities; "" if it names none."""
    counts: Counter[str] = Counter()
    for chain in chains:
        entry = gazetteer.entry(chain.key) if chain.key.startswith((COUNTRY, CITY)) else None
        if entry is not None and entry.country:
            counts[COUNTRY + entry.country] += len(chain.mentions)
    return min(counts, key=lambda key: (-counts[key], key), default="")


def country_of(key: str, gazetteer: Gazetteer) -> Iterator[tuple[str, str]]:
    """That what has a key lies in its country, where the gazetteer knows that."""
    entry = gazetteer.entry(key) if "/" in key else None
    if entry is not None and entry.country and key != COUNTRY + entry.country:
        yield ("located", COUNTRY + entry.country)


def value_of(chain: Chain, gazetteer: Gazetteer) -> str:
    """A thing as a value of evidence: its key, else its name in normal form."""
    if chain.key:
        return chain.key
    usual, country = generic_of(chain.name, gazetteer)
    return f"{usual}|{country}" if usual and country else normal_form(chain.name)


def country_in_name(chain: Chain, gazetteer: Gazetteer) -> tuple[str, ...]:
    """The key of the country in the name of a body: "Serbian Armed Forces", "Armed Forces of Serbia"."""
    if not chain.named or chain.key:
        return ()
    country = generic_of(chain.name, gazetteer)[1]
    return (country,) if country else ()


def generic_of(name: str, gazetteer: Gazetteer) -> tuple[str, str]:
    """The usual form of a generic name and the key of its country, each "" where there is none.

    Returns ("ministry of defence", "country/HU") for "the Hungarian Defense Ministry" and "Ministry of Defence of
    Hungary", and ("ministry of defence", "") for "Defence Ministry". Bodies with names of their own have no usual form.
    """
    usual = gazetteer.generic(name)
    if usual:
        return (normal_form(usual), "")
    words = name.split()
    if len(words) > 1 and words[0].lower() == "the":
        words = words[1:]
    for size in range(min(_LONGEST_COUNTRY, len(words) - 1), 0, -1):
        before = _POSSESSIVE.sub("", " ".join(words[:size]))
        country = gazetteer.demonym(before) or gazetteer.country(before)
        usual = gazetteer.generic(" ".join(words[size:])) if country else None
        if country and usual:
            return (normal_form(usual), country.key)
    for found in _WITHIN.finditer(name):
        country = gazetteer.country(name[found.end() :])
        usual = gazetteer.generic(name[: found.start()]) if country else None
        if country and usual:
            return (normal_form(usual), country.key)
    return ("", "")


def of_generic(
    names: Sequence[str], pairs: frozenset[tuple[str, str]], home: str, gazetteer: Gazetteer
) -> Iterator[tuple[str, str]]:
    """Generic names, and their usual form with the country that they belong to: by the name, by facts, or the text."""
    for name in names:
        usual, country = generic_of(name, gazetteer)
        if usual and not country:
            yield ("generic", normal_form(name))
            known = {value for kind, value in pairs if kind in {"country", "located"} and value.startswith(COUNTRY)}
            country = home if not known else known.pop() if len(known) == 1 else ""
        if usual and country:
            yield ("form", f"{usual}|{country}")


def home_of(document: Document, chains: Sequence[Chain], gazetteer: Gazetteer) -> str:
    """The key of the country of the dateline, or else of the issuer, "" where neither tells of one."""
    from graphwright.mentions.places import issuer

    dash = _DATELINE.search(document.text, 0, LONGEST_DATELINE)
    for chain in chains if dash else ():
        inside = any(end <= dash.start() for _, end in chain.mentions) if dash else False
        if inside and chain.key.startswith(COUNTRY):
            return chain.key
        if inside and chain.key.startswith(CITY) and (entry := gazetteer.entry(chain.key)) is not None:
            return COUNTRY + entry.country if entry.country else ""
    key = issuer(document.source, gazetteer)
    return key if key.startswith(COUNTRY) else ""
