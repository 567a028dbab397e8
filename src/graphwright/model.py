"""The values that flow from step to step. All are immutable; offsets are Unicode code points, end exclusive."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Span = tuple[int, int]
"""Start and end of a piece of ``Document.text`` in code points: ``text[start:end]``."""

computed = property
"""The decorator under another name, where a field is called ``property``."""

Modality = Literal["asserted", "negated", "planned", "possible"]


@dataclass(frozen=True, slots=True)
class Document:
    """One text with what is known about it.

    ``date`` is the publication date in ISO 8601 as precise as known ("2016-06-14", "2016-06", "2016"), else None.
    ``source`` names where the text came from (path, URL or free text); ``metadata`` keeps every further key.
    """

    id: str
    text: str
    title: str = ""
    date: str | None = None
    source: str = ""
    metadata: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Chain:
    """One thing in one document: its class and all its mentions (a coreference chain).

    ``id`` is unique in its document ("e1"); ``cls`` is the IRI of its class; ``name`` is its best name ("Tibor Benkő",
    "the delegation"); ``mentions`` are sorted. ``named`` tells a proper name from a description, and so what may be
    merged across documents. ``key`` is an identity known from a gazetteer ("country/HU"), else "". ``aliases`` are the
    other names that the document writes for it ("Da'esh", "Benkő"), sorted. ``key_reason`` tells in words why it is the
    thing of that key and no other of the name, and ``key_confidence``, in (0, 1], how sure that is.
    """

    id: str
    cls: str
    name: str
    mentions: tuple[Span, ...]
    named: bool
    key: str = ""
    aliases: tuple[str, ...] = ()
    key_reason: str = ""
    key_confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Value:
    """A literal object: a date, number or text, with the IRI of its XML Schema datatype."""

    lexical: str
    datatype: str


@dataclass(frozen=True, slots=True)
class Fact:
    """A statement read from a text, with everything needed to check it.

    ``subject`` and a string ``object`` are ids of chains of the same document; ``property`` is an IRI.
    ``evidence`` is the span of the sentence (or run of sentences) that states it; ``subject_span`` and ``object_span``
    are the mentions it was read from. ``confidence``, in (0, 1], is the probability that it is right. ``extractor``
    names what found it, and ``pattern`` the phrase, pattern or rule as its author wrote it. ``attributed_to`` is the id
    of the chain of the speaker who alone asserts it. ``premises`` are the facts that a rule concluded it from.
    """

    subject: str
    property: str
    object: str | Value
    evidence: Span
    subject_span: Span
    object_span: Span
    confidence: float
    extractor: str
    pattern: str = ""
    modality: Modality = "asserted"
    attributed_to: str | None = None
    premises: tuple[Fact, ...] = ()

    @computed
    def asserted(self) -> bool:
        """Whether the text itself states it as true: neither negated, planned, possible nor only attributed."""
        return self.modality == "asserted" and self.attributed_to is None

    @computed
    def key(self) -> tuple[str, str, str | Value, str, str | None]:
        """What makes two facts of one document the same fact."""
        return (self.subject, self.property, self.object, self.modality, self.attributed_to)


@dataclass(frozen=True, slots=True)
class Extraction:
    """All that was read from one document."""

    document: Document
    chains: tuple[Chain, ...]
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """What a gazetteer knows of a thing.

    ``key`` identifies it in the gazetteer ("country/HU"), ``name`` is what it goes by, ``same_as`` are IRIs of the same
    thing in other data sets, ``codes`` what others call it in writing ("HU", "HUN"). ``coordinates`` are latitude and
    longitude in degrees (WGS 84). ``iri`` is the IRI that it has to have, "" where one is made. ``qualifiers`` tell it
    from others of its name.
    """

    key: str
    name: str
    same_as: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    coordinates: tuple[float, float] | None = None
    iri: str = ""
    qualifiers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Identification:
    """Why two names are names of one thing.

    ``document`` and ``other_document`` are the ids of documents that write them, "" where the gazetteer or many do.
    ``reason`` is told in plain English; ``confidence``, in (0, 1], is how sure it is.
    """

    name: str
    document: str
    other: str
    other_document: str
    reason: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Entity:
    """One thing in the world, over all documents.

    ``labels`` are its names, best first; ``identifications`` say why they are names of one thing; ``known`` is what a
    gazetteer knows of it.
    """

    iri: str
    cls: str
    labels: tuple[str, ...]
    identifications: tuple[Identification, ...] = ()
    known: Known | None = None
