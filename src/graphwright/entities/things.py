"""Things from what documents tell of them: the rules that hold wherever the chains are kept.

They are functions of values alone. The index has its chains in SQLite, a cluster of machines has them in tables spread
over many disks; that both find the same things under the same names comes of both asking here.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from graphwright.entities.classes import IsA, one_class
from graphwright.entities.clustering import Merge
from graphwright.entities.company import DOCUMENTS, of_all
from graphwright.entities.names import best_first, slug
from graphwright.entities.naming import LATEST, Claim, stem
from graphwright.entities.profiles import Profile
from graphwright.model import Entity, Identification, Known

_SURROGATES = re.compile("[\ud800-\udfff]")

SAME_NAME = "the same name, and nothing that speaks against it"
SURE = 0.98
"""How sure it is that one name in several documents is one thing, where nothing speaks against it."""

Row = tuple[str, str, int, str]
"""Where a chain is: document, chain, place of its first mention, date of the document or `LATEST`."""

First = tuple[str, str, int, str]
"""The same in the order in which chains are met: date, document, place, chain."""


@dataclass(frozen=True, slots=True)
class Naming:
    """What things are named and described by: base of their IRIs, classes, and what the gazetteer knows of a key."""

    base: str
    local: Callable[[str], str]
    is_a: IsA
    known: Callable[[str], Known | None]


@dataclass(frozen=True, slots=True)
class Told:
    """A variant that tells of a thing, how many chains do so, and date, document, place and id of the first of them."""

    profile: Profile
    number: int
    first: First


@dataclass(frozen=True, slots=True)
class Description:
    """A thing without its IRI: the stem that it claims, what it claims it by, and what is known of it."""

    stem: str
    claim: Claim
    entity: Entity


def describe(told: Iterable[Told], profiles: Sequence[Profile], merges: Sequence[Merge], naming: Naming) -> Description:
    """What a thing is called, its class, and why its names are one.

    ``told`` are all its variants, in any order; ``profiles`` and ``merges`` are those of its cluster.
    """
    names: Counter[str] = Counter()
    aliases: Counter[str] = Counter()
    classes: Counter[str] = Counter()
    repeated: set[str] = set()
    first: tuple[str, str, int, str, str] | None = None
    for one in told:
        profile = one.profile
        names[profile.name] += one.number
        classes[profile.cls] += one.number
        for alias in profile.names:
            aliases[alias] += one.number
        if one.number > 1:
            repeated.add(profile.name)
        first = min(first or (*one.first, profile.name), (*one.first, profile.name))
    assert first is not None
    date, document, at, chain, first_name = first
    key = next((profile.key for profile in profiles if profile.key), "")
    known = naming.known(key) if key else None
    cls = one_class(classes, naming.is_a)
    named = bool(key) or any(profile.named for profile in profiles)
    usual = () if known is None else (known.name,)
    labels = tuple(dict.fromkeys((*usual, *best_first(names.elements()), *best_first(aliases.elements()))))
    entity = Entity("", cls, labels, identifications=identifications(profiles, merges, repeated), known=known)
    words = (*(known.qualifiers if known is not None else ()), *_qualifiers(profiles, key))
    claim = Claim(0 if key else 1 if named else 2, key, date, document, at, chain, words)
    full = len(first_name.split()) >= len(labels[0].split())
    called = first_name if named and not key and full else labels[0]
    claimed = known.iri if known is not None else ""
    claimed = claimed or stem(naming.base, naming.local(cls), called, "" if named else document)
    return Description(claimed, claim, entity)


def identifications(
    profiles: Sequence[Profile], merges: Sequence[Merge], repeated: Iterable[str]
) -> tuple[Identification, ...]:
    """Why the names of a thing are names of one thing: each pair of names once, the surest reason first.

    ``repeated`` are the names under which several documents tell the same of it.
    """
    by_place = {(profile.document, profile.chain): profile for profile in profiles}
    found: dict[tuple[str, str, str], Identification] = {}
    for merge in merges:
        one, other = sorted((by_place[merge.one], by_place[merge.other]), key=lambda p: (p.name, p.document))
        told = Identification(one.name, _document(one), other.name, _document(other), merge.reason, merge.confidence)
        known = found.get((told.name, told.other, told.reason))
        if known is None or (-told.confidence, told.document) < (-known.confidence, known.document):
            found[told.name, told.other, told.reason] = told
    for name in repeated:
        found.setdefault((name, name, SAME_NAME), Identification(name, "", name, "", SAME_NAME, SURE))
    return tuple(found[place] for place in sorted(found))


# -- variants ----------------------------------------------------------------------------------------------------------


def sound(profile: Profile) -> Profile:
    """The profile without lone surrogates."""
    told = (value for _, value in profile.evidence)
    texts = (profile.document, profile.date, profile.name, *profile.names, *told, *profile.company)
    if _SURROGATES.search("\n".join(texts)) is None:
        return profile
    return replace(
        profile,
        document=whole(profile.document),
        date=whole(profile.date),
        name=whole(profile.name),
        names=tuple(map(whole, profile.names)),
        evidence=tuple((kind, whole(value)) for kind, value in profile.evidence),
        company=tuple(map(whole, profile.company)),
    )


def whole(text: str) -> str:
    """The text with U+FFFD for lone surrogates, which neither SQLite nor RDF can hold."""
    return text if _SURROGATES.search(text) is None else _SURROGATES.sub("\ufffd", text)


def variant_of(profile: Profile) -> str:
    """What a profile tells, whoever tells it and in what company: equal for profiles of one variant."""
    _, _, _, _, *told, _ = profile.to_json()
    return json.dumps(["", "", 0, "", *told, []])


@lru_cache(maxsize=1 << 12)
def of_variant(told: str) -> Profile:
    """The profile of a variant: that of no document."""
    return Profile.from_json(json.loads(told))


def digest(text: str) -> str:
    """The SHA-256 of a text in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def placed(profile: Profile, document: str, chain: str, at: int, date: str) -> Profile:
    """The profile of a variant as one of its chains has it."""
    return replace(profile, document=document, chain=chain, at=at, date="" if date == LATEST else date)


def standing(profile: Profile, row: Row, companies: Sequence[tuple[str, ...]]) -> Profile:
    """What stands for some chains of a variant among the profiles of a component.

    ``row`` is the first of the chains, and ``companies`` are those of all of them, the first first.
    """
    document, chain, at, date = row
    return replace(
        profile,
        document=_nowhere(profile) if profile.key else document,  # what the gazetteer knows is kept apart from nothing
        chain=chain,
        at=at,
        date="" if date == LATEST else date,
        company=of_all(companies[:DOCUMENTS]),
    )


def crowded(documents: Iterable[str]) -> set[str]:
    """The documents with several chains in a component: what they keep apart must be seen chain by chain.

    ``documents`` are those of all its chains without a key.
    """
    return {document for document, number in Counter(documents).items() if number > 1}


def _nowhere(profile: Profile) -> str:
    """An id that no document has, another one for each variant."""
    return "\n" + digest(variant_of(profile))


def _document(profile: Profile) -> str:
    return "" if profile.document.startswith("\n") else profile.document


def _qualifiers(profiles: Sequence[Profile], key: str) -> tuple[str, ...]:
    """What may tell a thing from others of its name: its key, its country."""
    if key:
        return (slug(key.rpartition("/")[2]),)
    countries = sorted(
        {slug(value.rpartition("/")[2]) for p in profiles for kind, value in p.evidence if kind == "country"}
    )
    return tuple(countries)


# -- as JSON -----------------------------------------------------------------------------------------------------------


def claim_to_json(claim: Claim) -> str:
    """A claim as `Claim.from_list` takes it, in JSON."""
    return json.dumps(_fields(claim))


def entity_to_json(entity: Entity) -> str:
    """What is known of a thing, but for its IRI; of what a gazetteer knows the key alone."""
    return json.dumps(
        {
            "cls": entity.cls,
            "labels": entity.labels,
            "identifications": [_fields(told) for told in entity.identifications],
            "key": entity.known.key if entity.known is not None else "",
        }
    )


def entity_from_json(iri: str, told: str, naming: Naming) -> Entity:
    """The thing that `entity_to_json` wrote, with its IRI."""
    fields: Mapping[str, Any] = json.loads(told)
    key = fields["key"]
    return Entity(
        iri,
        fields["cls"],
        tuple(fields["labels"]),
        tuple(Identification(*told) for told in fields["identifications"]),
        naming.known(key) if key else None,
    )


def _fields(told: Claim | Identification) -> list[object]:
    """The fields in their order; `dataclasses.astuple` copies each of them, and takes ten times as long."""
    return [getattr(told, name) for name in told.__dataclass_fields__]
