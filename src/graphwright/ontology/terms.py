"""The values of an ontology. All are immutable, and all survive pickling on their way to a worker process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from rdflib.term import Node

GW = "https://w3id.org/graphwright/ontology#"
"""Namespace of the default ontology (prefix ``gw:``)."""

LEX = "https://w3id.org/graphwright/lex#"
"""Namespace of the annotations that say how a text speaks of a term (prefix ``lex:``)."""

KINDS = ("person", "organisation", "place", "event", "other")
"""The ways of comparing things across documents."""

EVIDENCE = ("country", "post", "employer", "rank", "born", "birth", "located", "date", "member")
"""What may tell whether two things of one name are one: ``birth`` is a date, ``born`` a place."""


@dataclass(frozen=True, slots=True)
class Example:
    """A phrase or pattern as its author wrote it, with the file and the line (from 1) that hold it."""

    text: str
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class OntologyClass:
    """A class with what names it in a text.

    ``parents`` are the IRIs of its direct superclasses, of other vocabularies too. ``entity_labels`` are labels of the
    named-entity recogniser ("PERSON"); ``nouns`` and ``verbs`` are lemmas. ``open`` says that any noun phrase may fill
    it, ``named`` that a description ("a general") is none of it unless it refers to something with a name. After the
    verbs of ``omitted_after`` it may go unsaid, and is then the last one told of. All tuples are sorted.

    How its things are compared across documents: ``compared_as`` is "person", "organisation", "place", "event", "other"
    or "" (as its superclasses say), ``same_above`` the confidence in (0, 1] from which two are one, and ``same_within``
    the days between documents within which a name alone is enough; None means what the superclasses say.
    """

    iri: str
    label: str
    comment: str
    parents: tuple[str, ...]
    entity_labels: tuple[str, ...]
    nouns: tuple[str, ...]
    verbs: tuple[str, ...]
    open: bool
    named: bool = False
    omitted_after: tuple[str, ...] = ()
    compared_as: str = ""
    same_above: float | None = None
    same_within: int | None = None


@dataclass(frozen=True, slots=True)
class Property:
    """A property with how a text says it.

    ``domain`` and ``range`` are alternatives: IRIs of classes, in a range also of datatypes; empty means anything.
    ``literal`` says that the objects are literals. ``phrases`` and ``patterns`` stand in the order of the files.
    A word of a set in ``synonyms`` may stand for any other of that set in the phrases. ``state`` says that it holds for
    a time, and is no more where a text puts it before its own time. ``evidence`` is what its objects tell of the
    identity of its subjects ("country", "employer"), "" for nothing.
    """

    iri: str
    label: str
    comment: str
    domain: tuple[str, ...]
    range: tuple[str, ...]
    literal: bool
    symmetric: bool
    auxiliary: bool
    parents: tuple[str, ...]
    phrases: tuple[Example, ...]
    patterns: tuple[Example, ...]
    synonyms: tuple[frozenset[str], ...]
    state: bool = False
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A SPARQL CONSTRUCT query that concludes facts from facts.

    ``name`` is that of its file without ending, and ``iri`` identifies it in a graph. ``label`` and ``comment`` are its
    leading comment lines. ``line`` (from 1) is where the query begins in ``file``.
    """

    name: str
    iri: str
    label: str
    comment: str
    query: str
    file: str
    line: int


@lru_cache(maxsize=1 << 14)
def local(iri: str) -> str:
    """The part of an IRI that its author chose: after the last "#", "/" or ":".

    >>> local("https://w3id.org/graphwright/ontology#Person")
    'Person'
    """
    return max((iri.rsplit(mark, 1)[-1] for mark in "#/:" if mark in iri), key=lambda part: -len(part), default=iri)


@dataclass(frozen=True, slots=True)
class Ontology:
    """All that the ontology files say.

    ``classes`` and ``properties`` are by IRI, sorted, and leave out those that only describe statements
    (gw:confidence). ``words`` are the word lists of the language by local name ("reportingVerbs"). ``prefixes`` are
    those of the files, by prefix. ``triples`` are those of the ontology files as rdflib terms, without the lists of
    words, to be put into a graph.
    """

    classes: Mapping[str, OntologyClass]
    properties: Mapping[str, Property]
    rules: tuple[Rule, ...]
    words: Mapping[str, frozenset[str]]
    prefixes: Mapping[str, str]
    triples: tuple[tuple[Node, Node, Node], ...] = field(repr=False)
    ancestors: Mapping[str, frozenset[str]] = field(repr=False)
    """Every class with itself and all that are above it."""
    by_name: Mapping[str, str] = field(repr=False)
    """Local names, and labels in lower case, with the IRI of the class."""

    def is_a(self, cls: str, ancestor: str) -> bool:
        """Whether every ``cls`` is an ``ancestor`` (both IRIs). Reflexive and transitive."""
        return cls == ancestor or ancestor in self.ancestors.get(cls, ())

    def fits(self, cls: str, allowed: tuple[str, ...]) -> bool:
        """Whether ``cls`` is one of ``allowed`` or below one of them. An empty ``allowed`` admits anything."""
        if not allowed or cls in allowed:
            return True
        above = self.ancestors.get(cls, frozenset())
        return any(one in above for one in allowed)

    def overlap(self, cls: str, allowed: tuple[str, ...]) -> bool:
        """Whether something can be of ``cls`` and of one of ``allowed`` at once: a class that is both is known."""
        return not allowed or any(
            cls in above and any(one in above for one in allowed)
            for above in ({low, *higher} for low, higher in [*self.ancestors.items(), (cls, frozenset())])
        )

    def local(self, iri: str) -> str:
        """The local name of an IRI: "Person" for gw:Person."""
        return local(iri)

    def class_named(self, name: str) -> OntologyClass | None:
        """The class of this local name ("GovernmentBody"), label in any case ("government body"), prefixed name or IRI.

        Where two vocabularies share a name, it is that of the default ontology, so that the default phrases mean what
        they meant; a user's class is then found by its prefixed name ("ex:Person").
        """
        prefix, colon, rest = name.partition(":")
        full = self.prefixes[prefix] + rest if colon and prefix in self.prefixes else name
        iri = full if full in self.classes else self.by_name.get(name) or self.by_name.get(name.strip().lower())
        return self.classes[iri] if iri else None
