"""Difference: the documents, entities and facts by which two graphs differ.

Compared is what documents say, wherever it is kept: statements with their evidence, the entities that are mentioned,
and the documents. What was inferred follows from these, and is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Generic, TypeVar

from graphwright.graph import vocabulary as v
from graphwright.graph.knowledge import KnowledgeGraph
from graphwright.graph.results import Row
from graphwright.graph.terms import local_name

_DOCUMENTS = """
SELECT ?id ?name ?value WHERE {
  ?document dcterms:identifier ?id .
  { ?document ?name ?value FILTER (?name NOT IN (rdf:type, dcterms:identifier, schema:mentions,
                                                 schema:additionalProperty, gw:contentHash, gw:readWith, gw:link)) }
  UNION { ?document gw:contentHash ?hash BIND (SUBSTR(?hash, 1, 15) AS ?value) BIND ("text" AS ?name) }
  UNION { ?document schema:additionalProperty [ schema:name ?name ; schema:value ?value ] }
}"""

_ENTITIES = f"""
SELECT ?entity ?name ?value WHERE {{
  {{ SELECT DISTINCT ?entity WHERE {{ ?document schema:mentions ?entity }} }}
  ?entity ?name ?value
  FILTER (?name IN (rdf:type, rdfs:label, skos:altLabel, owl:sameAs, skos:exactMatch))
  FILTER NOT EXISTS {{ GRAPH {v.INFERRED_GRAPH} {{ ?entity ?name ?value }} }}
}}"""

_FACTS = """
SELECT ?subject ?property ?object ?modality ?speaker ?confidence ?document ?sentence WHERE {
  ?statement rdf:subject ?subject ; rdf:predicate ?property ; rdf:object ?object ;
    gw:modality ?modality ; gw:confidence ?confidence ; prov:wasDerivedFrom ?evidence .
  ?evidence oa:hasSource/dcterms:identifier ?document ; oa:hasSelector/oa:exact ?sentence .
  OPTIONAL { ?statement gw:attributedTo ?speaker }
}"""

_PROPERTIES = """
SELECT ?property ?label WHERE {
  ?property rdfs:label ?label FILTER (LANG(?label) IN ("", "en"))
  FILTER EXISTS { ?statement rdf:predicate ?property }
} ORDER BY DESC(?label)"""


@dataclass(frozen=True, slots=True)
class DocumentState:
    """A document of a graph: what is known of it by name ("title", "date"), and its sentences that state facts.

    All tuples are sorted. The text itself is not in a graph: a sentence that states nothing can change unseen.
    """

    id: str
    known: tuple[tuple[str, tuple[str, ...]], ...] = ()
    sentences: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EntityState:
    """An entity of a graph; ``classes`` and ``links`` are IRIs, all tuples sorted."""

    iri: str
    label: str
    classes: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    links: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FactState:
    """A fact of a graph over all documents that state it.

    ``subject``, ``property``, ``object`` and ``speaker`` are IRIs, or the object the lexical form of a literal; the
    labels are for people. ``confidence`` is the best, and ``evidence`` the ids of the documents with the sentences,
    sorted. ``speaker`` is who alone says it, "" where the documents themselves do.
    """

    subject: str
    property: str
    object: str
    modality: str
    speaker: str
    confidence: float
    evidence: tuple[tuple[str, str], ...]
    subject_label: str = field(compare=False)
    property_label: str = field(compare=False)
    object_label: str = field(compare=False)
    speaker_label: str = field(compare=False)


_Key = tuple[str, str, str, str, str]
_Order = tuple[str, ...]
S = TypeVar("S", DocumentState, EntityState, FactState)


@dataclass(frozen=True, slots=True)
class Change(Generic[S]):
    """Something that both graphs have, but not alike."""

    before: S
    after: S

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of the fields that differ, in the order of the dataclass."""
        names = [one.name for one in fields(self.before) if one.compare]
        return tuple(name for name in names if getattr(self.before, name) != getattr(self.after, name))


@dataclass(frozen=True, slots=True)
class Changes(Generic[S]):
    """What only the second graph has, what only the first has, and what both have, but not alike; all sorted."""

    added: tuple[S, ...] = ()
    removed: tuple[S, ...] = ()
    changed: tuple[Change[S], ...] = ()

    def __bool__(self) -> bool:
        """Whether there is any."""
        return bool(self.added or self.removed or self.changed)


@dataclass(frozen=True, slots=True)
class Difference:
    """What has to change in the documents, entities and facts of one graph to become another. It is true if any has."""

    documents: Changes[DocumentState]
    entities: Changes[EntityState]
    facts: Changes[FactState]

    def __bool__(self) -> bool:
        """Whether the graphs differ."""
        return bool(self.documents or self.entities or self.facts)


def difference(one: KnowledgeGraph, other: KnowledgeGraph) -> Difference:
    """Return what has to change in ``one`` to become ``other``.

    Documents are the same by their id, entities by their IRI, and facts by subject, property, object, modality and
    speaker; a fact that changed in modality or speaker alone is one that changed. Equal graphs in any form, in a folder
    or in a file of any format, have no difference. Memory is needed for the facts of both graphs with their sentences.
    """
    before, after = _read(one), _read(other)
    return Difference(
        documents=_changes(before.documents, after.documents, lambda state: (state.id,)),
        entities=_changes(before.entities, after.entities, lambda state: (state.label, state.iri)),
        facts=_with_new_modality(_changes(before.facts, after.facts, _fact_order)),
    )


@dataclass(frozen=True, slots=True)
class _Read:
    documents: Mapping[object, DocumentState]
    entities: Mapping[object, EntityState]
    facts: Mapping[object, FactState]


def _read(graph: KnowledgeGraph) -> _Read:
    entities = _entities(graph)
    facts = _facts(graph, entities)
    sentences: dict[str, set[str]] = {}
    for fact in facts.values():
        for document, sentence in fact.evidence:
            sentences.setdefault(document, set()).add(sentence)
    return _Read(_documents(graph, sentences), entities, facts)


def _documents(graph: KnowledgeGraph, sentences: Mapping[str, Iterable[str]]) -> dict[object, DocumentState]:
    known: dict[str, dict[str, list[str]]] = {document.id: {} for document in graph.documents()}
    for row in graph.query(_DOCUMENTS):
        known.setdefault(row["id"], {}).setdefault(local_name(row["name"]), []).append(_lexical(row, "value"))
    return {
        id: DocumentState(
            id,
            tuple((name, tuple(sorted(values))) for name, values in sorted(told.items())),
            tuple(sorted(sentences.get(id, ()))),
        )
        for id, told in known.items()
    }


def _entities(graph: KnowledgeGraph) -> dict[object, EntityState]:
    found: dict[str, dict[str, set[str]]] = {}
    for row in graph.query(_ENTITIES):
        found.setdefault(row["entity"], {}).setdefault(row["name"], set()).add(_lexical(row, "value"))

    def values(told: Mapping[str, set[str]], *names: str) -> tuple[str, ...]:
        return tuple(sorted(set[str]().union(*(told.get(name, ()) for name in names))))

    def state(iri: str, told: Mapping[str, set[str]]) -> EntityState:
        first, *more = values(told, v.LABEL.value) or (local_name(iri),)
        aliases = tuple(sorted({*more, *values(told, v.ALT_LABEL.value)}))
        links = values(told, v.SAME_AS.value, v.SKOS + "exactMatch")
        return EntityState(iri, first, values(told, v.TYPE.value), aliases, links)

    return {iri: state(iri, told) for iri, told in found.items()}


def _facts(graph: KnowledgeGraph, entities: Mapping[object, EntityState]) -> dict[object, FactState]:
    same: dict[str, str] = {}  # a name stands in many facts, a sentence states many: each is kept once
    values: dict[str, str] = {}
    best: dict[_Key, float] = {}
    places: dict[_Key, set[tuple[str, str]]] = {}

    def text(row: Row, name: str) -> str:
        found = _lexical(row, name)
        return same.setdefault(found, found)

    for row in graph.query(_FACTS):
        term = str(row.term("object"))  # 2016 may be a year or a text: the datatype counts
        values[term] = text(row, "object")
        key = (text(row, "subject"), text(row, "property"), term, text(row, "modality"), text(row, "speaker"))
        best[key] = max(best.get(key, 0.0), float(row["confidence"]))
        places.setdefault(key, set()).add((text(row, "document"), text(row, "sentence")))
    properties = {row["property"]: row["label"] for row in graph.query(_PROPERTIES)}

    def label(iri: str) -> str:
        return entities[iri].label if iri in entities else local_name(iri)

    def state(key: _Key) -> FactState:
        subject, property, term, modality, speaker = key
        return FactState(
            subject=subject,
            property=property,
            object=values[term],
            modality=modality,
            speaker=speaker,
            confidence=best[key],
            evidence=tuple(sorted(places[key])),
            subject_label=label(subject),
            property_label=properties.get(property, local_name(property)),
            object_label=label(values[term]) if term.startswith("<") else values[term],
            speaker_label=label(speaker) if speaker else "",
        )

    return {key: state(key) for key in places}


def _lexical(row: Row, name: str) -> str:
    term = row.term(name)
    return "" if term is None else str(getattr(term, "value", term))


def _changes(before: Mapping[object, S], after: Mapping[object, S], order: Callable[[S], _Order]) -> Changes[S]:
    """Compare what has one key in both."""
    return Changes(
        added=tuple(sorted((state for key, state in after.items() if key not in before), key=order)),
        removed=tuple(sorted((state for key, state in before.items() if key not in after), key=order)),
        changed=_in_order(
            (Change(before[key], state) for key, state in after.items() if before.get(key, state) != state), order
        ),
    )


def _in_order(changed: Iterable[Change[S]], order: Callable[[S], _Order]) -> tuple[Change[S], ...]:
    return tuple(sorted(changed, key=lambda change: (order(change.after), order(change.before))))


def _with_new_modality(changes: Changes[FactState]) -> Changes[FactState]:
    """Make one change of a fact that went and one that came, where they differ in modality or speaker alone."""
    came: dict[tuple[str, str, str], list[FactState]] = {}
    for fact in changes.added:
        came.setdefault((fact.subject, fact.property, fact.object), []).append(fact)
    removed, changed = [], list(changes.changed)
    for fact in changes.removed:
        if others := came.get((fact.subject, fact.property, fact.object)):
            changed.append(Change(fact, others.pop(0)))
        else:
            removed.append(fact)
    added = sorted((fact for facts in came.values() for fact in facts), key=_fact_order)
    return Changes(tuple(added), tuple(removed), _in_order(changed, _fact_order))


def _fact_order(fact: FactState) -> _Order:
    labels = (fact.subject_label, fact.property_label, fact.object_label)
    return (*labels, fact.subject, fact.property, fact.object, fact.modality, fact.speaker)
