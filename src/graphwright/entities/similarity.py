"""Similarity: which names may name one thing, and how likely they do, by the names alone.

The cascade goes from cheap to dear: equal normal forms are joined outright (`forms`); the rest is compared only where
blocking keys bring two forms together (`keys`), by the parts of the names, what is added or left out, and last by how
the words sound and are spelt (`match`).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import combinations
from typing import TYPE_CHECKING

from graphwright.entities import bodies, people
from graphwright.entities.names import normal_form
from graphwright.entities.spelling import Match

if TYPE_CHECKING:
    from graphwright.entities.profiles import Profile
    from graphwright.ontology import Ontology

__all__ = ["Match", "apart_form", "forms", "keys", "kind_of", "match", "opposite", "strength"]

_LABELS = {
    "PERSON": "person",
    "ORG": "organisation",
    "LOC": "place",
    "GPE": "place",
    "FAC": "place",
    "EVENT": "event",
}
"""How things with a label of an entity recogniser are compared."""

_COMPARED = {
    "person": people.match,
    "organisation": bodies.match_organisations,
    "place": bodies.match_places,
    "event": bodies.match_events,
    "other": bodies.match_things,
}
"""The way of comparing names of each kind."""


def kind_of(cls: str, ontology: Ontology) -> str:
    """How things of a class are compared: "person", "organisation", "place", "event" or "other".

    The nearest class, the class itself or above it, decides that says so (lex:comparedAs) or has the label of an entity
    recogniser.
    """
    for level in levels(cls, ontology):
        classes = [ontology.classes[iri] for iri in level if iri in ontology.classes]
        for one in classes:
            if one.compared_as:
                return one.compared_as
        for label, kind in _LABELS.items():
            if any(label in one.entity_labels for one in classes):
                return kind
    return "other"


def levels(cls: str, ontology: Ontology) -> Iterator[tuple[str, ...]]:
    """A class, its superclasses, theirs, and so on; each class once."""
    level: tuple[str, ...] = (cls,)
    seen: set[str] = set()
    while level:
        yield level
        seen.update(level)
        above = (up for iri in level if iri in ontology.classes for up in ontology.classes[iri].parents)
        level = tuple(sorted(set(above) - seen))


def forms(profile: Profile) -> tuple[str, ...]:
    """The normal forms under which a profile is joined directly: things with an equal form are always compared.

    A description has none, but a keyed thing always has its key. A name that is part of another of the profile's
    ("Benkő" beside "Tibor Benkő") is none. A generic name ("Ministry of Defence") is one only together with its country
    ("ministry of defence|country/HU"), and without one only within its document.
    """
    if not profile.named:
        return (profile.key,) if profile.key else ()
    generic = profile.told("generic")
    names = whole_names(profile.names)
    found = [profile.key] if profile.key else []
    found += [name for name in names if name not in generic]
    found += sorted(profile.told("form"))
    return tuple(found) or tuple(apart_form(name, profile.document) for name in names)


@lru_cache(maxsize=1 << 14)
def whole_names(names: tuple[str, ...]) -> tuple[str, ...]:
    """Names in normal form, without those whose words are only some of another's.

    >>> whole_names(("Tibor Benkő", "Benkő", "BENKO Tibor"))
    ('tibor benko', 'benko tibor')
    """
    found = tuple(dict.fromkeys(normal_form(name) for name in names))
    words = {name: set(name.split()) for name in found}
    return tuple(name for name in found if not any(words[name] < words[other] for other in found))


def apart_form(form: str, document: str) -> str:
    """The form of a name that means something only within its document."""
    return f"{form}|{document}"


def is_name(form: str) -> bool:
    """Whether a form is a name, and not a key, a name with what it belongs to, or nothing."""
    return bool(form) and "/" not in form and "|" not in form


def strength(form: str, kind: str) -> float:
    """How likely two things of a kind are one whose forms are equal, where nothing else is known, in (0, 1].

    One word of a person's name is little; three are nearly enough by themselves.
    """
    if not is_name(form):
        return 0.99
    return people.strength(form) if kind == "person" else 0.97


@lru_cache(maxsize=1 << 12)
def keys(form: str, kind: str) -> tuple[str, ...]:
    """The blocking keys of a form. Two forms are compared (`match`) where one has the `opposite` of a key of the other.

    Most keys are their own opposite: forms that share one are compared. A short name ("benko", "t benko", "un") has a
    key whose opposite the full name has, so that it is compared with all full names, and these not with each other.
    """
    if not is_name(form):
        return ()
    made = people.keys(form) if kind == "person" else bodies.keys(form, kind)
    return tuple(sorted({f"{key[0]}{kind}:{key[1:]}" for key in made}))


def opposite(key: str) -> str:
    """The key to look for: of ">bnk", which a full name has, "<bnk", which the short one has; others are themselves."""
    return {"<": ">", ">": "<"}.get(key[0], key[0]) + key[1:]


@lru_cache(maxsize=1 << 15)
def _match(one: str, other: str, kind: str) -> Match | None:
    if not (is_name(one) and is_name(other)):
        return None
    return _COMPARED[kind](one, other)


def match(one: str, other: str, kind: str) -> Match | None:
    """How likely two different forms name one thing, by the names alone; None where they do not. Symmetric.

    >>> match("tibor benko", "benko tibor", "person")
    Match(score=0.96, reason='the same name in another order')
    >>> match("maria kovacs", "marta kovacs", "person")
    """
    if one == other:
        return Match(strength(one, kind), "the same name")
    return _match(min(one, other), max(one, other), kind)


def candidates(names: tuple[str, ...], kind: str) -> Iterator[tuple[str, str]]:
    """The pairs of forms that blocking keys bring together, each once, in alphabetical order."""
    filed: dict[str, list[str]] = {}
    for form in sorted(set(names)):
        for key in keys(form, kind):
            filed.setdefault(key, []).append(form)
    found: set[tuple[str, str]] = set()
    for key, members in filed.items():
        if key[0] == ">":
            found.update((min(a, b), max(a, b)) for a in members for b in filed.get(opposite(key), ()) if a != b)
        elif key[0] == "=":
            found.update(combinations(members, 2))
    yield from sorted(found)
