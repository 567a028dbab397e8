"""Similarity: which names may name one thing, and how likely they do, by the names alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphwright.entities.names import normal_form

if TYPE_CHECKING:
    from graphwright.entities.profiles import Profile
    from graphwright.ontology import Ontology


@dataclass(frozen=True, slots=True)
class Match:
    """That two names may name one thing: how likely, in (0, 1], where nothing else is known, and why."""

    score: float
    reason: str


def kind_of(cls: str, ontology: Ontology) -> str:
    """How things of a class are compared: "person", "organisation", "place", "event" or "other".

    The nearest class, the class itself or above it, decides that says so (lex:comparedAs) or has the label of an entity
    recogniser.
    """
    level = [cls]
    seen: set[str] = set()
    while level:
        classes = [ontology.classes[iri] for iri in level if iri in ontology.classes]
        for one in classes:
            if one.compared_as:
                return one.compared_as
        for label, kind in _LABELS.items():
            if any(label in one.entity_labels for one in classes):
                return kind
        seen.update(level)
        level = sorted({up for one in classes for up in one.parents} - seen)
    return "other"


_LABELS = {
    "PERSON": "person",
    "ORG": "organisation",
    "LOC": "place",
    "GPE": "place",
    "FAC": "place",
    "EVENT": "event",
}


def forms(profile: Profile) -> tuple[str, ...]:
    """The normal forms under which a profile is joined directly: things with an equal form are always compared.

    A description has none. A keyed thing has its key too. A generic name ("Ministry of Defence") is a form only
    together with its country ("ministry of defence|country/HU"), without one only within its document.
    """
    if not profile.named:
        return (profile.key,) if profile.key else ()
    generic = profile.told("generic")
    names = dict.fromkeys(normal_form(name) for name in profile.names)
    found = [profile.key] if profile.key else []
    found += [name for name in names if name not in generic]
    found += sorted(profile.told("form"))
    return tuple(found) or tuple(apart_form(name, profile.document) for name in names)


def apart_form(form: str, document: str) -> str:
    """The form of a name that means something only within its document."""
    return f"{form}|{document}"


def keys(form: str, kind: str) -> tuple[str, ...]:
    """The blocking keys of a form. Two forms are compared (`match`) where one has the `opposite` of a key of the other.

    Most keys are their own opposite: forms that share one are compared. A short name ("benko", "t benko", "un") has a
    key whose opposite the full name has, so that it is compared with all full names, and these not with each other.
    """
    return ()


def opposite(key: str) -> str:
    """The key to look for: of ">bnk", which a full name has, "<bnk", which the short one has; others are themselves."""
    return key.translate(_OPPOSITE) if key[:1] in "<>" else key


_OPPOSITE = str.maketrans("<>", "><")


def match(one: str, other: str, kind: str) -> Match | None:
    """How likely two forms name one thing, by the names alone; None where they do not. Symmetric."""
    return None
