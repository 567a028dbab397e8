"""Mentions: the places in a text that speak of something."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from graphwright.model import Value

Kind = Literal["name", "nominal", "pronoun", "verb", "value"]

POST_LABEL, PERSON_LABEL = "POST", "PERSON"
"""Labels (`lex:entityLabel`) of the classes whose nominals are posts ("the minister") and whose names are people."""

RANK, NATION = "rank", "nation"
"""Roles of links inside names: the rank before a person's name, the country in the name of an organisation."""

HOME = "home"
"""The role of a link from a post that names no country to the one that the text is written from."""


Link = tuple[int, str, int]
"""A token, a role, and the token that fills it."""

IDENTITY = "is"
"""The role of a link between a person and a post, or two names of one thing."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A span of tokens ``start`` to ``end`` (exclusive) that speaks of one thing; the token ``head`` stands for it.

    ``cls`` is the IRI of its class, "" for a value (a date, a rank). ``name`` is its text in normal form, without
    article; ``key`` a gazetteer's identity ("country/HU"); ``values`` the literals that it may stand for. A
    ``metonym`` is the name of something else, as a capital's of a government.
    """

    start: int
    end: int
    head: int
    cls: str
    kind: Kind
    name: str
    key: str = ""
    values: tuple[Value, ...] = ()
    metonym: bool = False

    def overlaps(self, other: Mention) -> bool:
        """Whether the two share a token."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Mentions:
    """All mentions of one document.

    ``units`` maps each token inside a name to the head of the name, ``links`` are arguments known from titles, as
    `read_propositions` takes them. ``at`` finds a mention by its head; ``people`` are the heads of people's names.
    """

    all: tuple[Mention, ...]
    at: Mapping[int, Mention]
    units: Mapping[int, int]
    links: tuple[Link, ...]
    people: frozenset[int]
