"""Explanation: from a fact to the sentences that state it, from a conclusion or an inferred fact to its premises."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from pyoxigraph import Literal, NamedNode, Triple

from graphwright.graph import display
from graphwright.graph.derivation import asserting, derive
from graphwright.graph.knowledge import DocumentRecord, KnowledgeGraph
from graphwright.graph.naming import find_entities, find_properties, known_entities, refuse_ambiguous
from graphwright.graph.results import Row
from graphwright.graph.terms import local_name
from graphwright.model import Span

INFERENCE = "inference"
"""The extractor of a fact that no document states: it follows by axioms of the ontology."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One place that states a fact.

    ``subject``, ``property`` and ``object`` are IRIs, or the lexical form of a literal object; the labels are for
    people. ``quote`` is ``text[start:end]`` of the document, ``prefix`` and ``suffix`` what stands around it.
    ``subject_span`` and ``object_span`` are the mentions as ``quote[start:end]``, None where one is outside the quote.
    ``rule`` is the rule that concluded the fact from ``premises``, else "". A fact that follows from others has the
    extractor `INFERENCE`, the axioms as its rule, and place, quote and confidence of the weakest of its premises.
    ``modality`` is "asserted", "negated",
    "planned" or "possible"; ``attributed_to`` the label of the speaker who alone says it, else None.
    """

    subject: str
    subject_label: str
    property: str
    property_label: str
    object: str
    object_label: str
    document: DocumentRecord
    quote: str
    start: int
    end: int
    subject_span: Span | None
    object_span: Span | None
    prefix: str
    suffix: str
    extractor: str
    pattern: str
    rule: str
    confidence: float
    modality: str
    attributed_to: str | None
    premises: tuple[Evidence, ...] = ()

    def _repr_html_(self) -> str:
        """Return what a notebook shows: the fact, its sentence, and where that stands."""
        return display.evidence_html(self)


_STATEMENTS = """
SELECT DISTINCT ?statement ?subject ?object WHERE {{
  {values}
  ?statement rdf:subject ?subject ; rdf:predicate ?property ; rdf:object ?object .
  {filter}
}}"""

_EVIDENCE = """
SELECT DISTINCT * WHERE {{
  VALUES ?statement {{ {statements} }}
  ?statement rdf:subject ?subject ; rdf:predicate ?property ; rdf:object ?object ; gw:modality ?modality ;
    prov:wasDerivedFrom ?evidence .
  ?evidence oa:hasSource ?source ; oa:hasSelector ?position , ?quoted ; gw:extractor ?extractor ;
    gw:confidence ?confidence ; gw:subjectSelector ?subjectAt ; gw:objectSelector ?objectAt .
  ?position oa:start ?start ; oa:end ?end .
  ?quoted oa:exact ?quote ; oa:prefix ?prefix ; oa:suffix ?suffix .
  ?subjectAt oa:start ?subjectStart ; oa:end ?subjectEnd .
  ?objectAt oa:start ?objectStart ; oa:end ?objectEnd .
  ?source dcterms:identifier ?id .
  OPTIONAL {{ ?source dcterms:title ?title }}
  OPTIONAL {{ ?source dcterms:date ?date }}
  OPTIONAL {{ ?source dcterms:source ?from }}
  OPTIONAL {{ ?evidence gw:pattern ?pattern }}
  OPTIONAL {{ ?evidence gw:rule ?rule }}
  OPTIONAL {{ ?subject rdfs:label ?subjectLabel }}
  OPTIONAL {{ ?property rdfs:label ?propertyLabel FILTER (LANG(?propertyLabel) IN ("", "en")) }}
  OPTIONAL {{ ?object rdfs:label ?objectLabel }}
  OPTIONAL {{ ?statement gw:attributedTo ?speaker OPTIONAL {{ ?speaker rdfs:label ?speakerLabel }} }}
}}"""

_ASSERTING = """
SELECT ?statement WHERE {{
  VALUES (?subject ?property ?object) {{ {facts} }}
  ?statement rdf:subject ?subject ; rdf:predicate ?property ; rdf:object ?object ; gw:modality "asserted" .
  FILTER NOT EXISTS {{ ?statement gw:attributedTo ?speaker }}
}}"""

_AT_ONCE = 200
"""How many facts are looked up in one query."""

_UNSTATED = """
CONSTRUCT {{ ?subject ?property ?object }} WHERE {{
  {values}
  ?subject ?property ?object .
  {filter}
  FILTER NOT EXISTS {{
    ?statement rdf:subject ?subject ; rdf:predicate ?property ; rdf:object ?object ; gw:modality "asserted" .
    FILTER NOT EXISTS {{ ?statement gw:attributedTo ?speaker }}
  }}
}}"""


def explain(
    graph: KnowledgeGraph, subject: str | None, property: str | None = None, object: str | None = None
) -> list[Evidence]:
    """Return every place that states a fact, in all modalities, sorted by document and position.

    ``subject`` and ``object`` are an IRI, a CURIE, the end of an IRI ("person/tibor-benko"), or a label in any case;
    ``object`` also the lexical form of a literal ("2016-06-14"). ``property`` is an IRI, a CURIE, a local name or a
    label. None stands for anything. No place gives an empty list.

    Asked for all three, it also explains what was inferred (see `graphwright.graph.reasoning.infer`) by the facts and
    axioms that it follows from; that comes last. The property may then be of another vocabulary, as "schema:memberOf".

    Raises QueryError for a name that nothing in the graph bears, and where facts of several things of one name fit.
    """
    values = []
    subjects = None if subject is None else find_entities(graph, subject)
    if subjects is not None:
        values.append(_values("subject", subjects))
    if property is not None:
        values.append(_values("property", find_properties(graph, property)))
    condition = "" if object is None else _object_filter(graph, object)
    where = {"values": "\n".join(values), "filter": condition}
    rows = list(graph.query(_STATEMENTS.format(**where)))
    whole = subject is not None and property is not None and object is not None
    inferred = sorted(set(graph.query(_UNSTATED.format(**where)).triples()), key=str) if whole else []
    if subject is not None:
        refuse_ambiguous(subject, [*(row.term("subject") for row in rows), *(fact.subject for fact in inferred)])
    if object is not None:
        refuse_ambiguous(object, [*(row.term("object") for row in rows), *(fact.object for fact in inferred)])
    found = _evidence(graph, {row["statement"] for row in rows}, frozenset())
    return found + [evidence for fact in inferred for evidence in _inference(graph, fact)]


def _inference(graph: KnowledgeGraph, fact: Triple) -> Iterator[Evidence]:
    """Yield how an inferred fact follows; nothing for a triple that is neither stated nor follows."""
    derivation = derive(graph, fact)
    if derivation is None:
        return
    stated = [_evidence(graph, asserting(graph, premise), frozenset()) for premise in derivation.facts]
    weakest = min((max(found, key=_confidence) for found in stated), key=_confidence)
    premises = tuple(evidence for found in stated for evidence in found)
    labels = {one.subject: one.subject_label for one in premises} | {one.object: one.object_label for one in premises}
    spans = {weakest.object: weakest.object_span, weakest.subject: weakest.subject_span}
    subject, object = (str(getattr(term, "value", term)) for term in (fact.subject, fact.object))
    yield replace(
        weakest,
        subject=subject,
        subject_label=labels[subject],
        property=fact.predicate.value,
        property_label=_label(graph, fact.predicate),
        object=object,
        object_label=labels[object],
        subject_span=spans.get(subject),
        object_span=spans.get(object),
        extractor=INFERENCE,
        pattern="",
        rule="; ".join(_shortened(axiom.said, graph.prefixes) for axiom in derivation.axioms),
        premises=premises,
    )


def _confidence(evidence: Evidence) -> float:
    return evidence.confidence


def _label(graph: KnowledgeGraph, property: NamedNode) -> str:
    """Return the label of a property; that of another vocabulary is named with its prefix."""
    labels = graph.query(f'SELECT ?label WHERE {{ {property} rdfs:label ?label FILTER (LANG(?label) IN ("", "en")) }}')
    return min((row["label"] for row in labels), default=_shortened(str(property), graph.prefixes))


def _shortened(text: str, prefixes: Mapping[str, str]) -> str:
    """Return ``text`` with each IRI in angle brackets as a CURIE, where a prefix is known."""

    def short(found: re.Match[str]) -> str:
        iri = found[1]
        fitting = [(len(space), name, space) for name, space in prefixes.items() if space and iri.startswith(space)]
        return f"{max(fitting)[1]}:{iri.removeprefix(max(fitting)[2])}" if fitting else found[0]

    return re.sub("<([^<>]*)>", short, text)


def _evidence(graph: KnowledgeGraph, statements: set[str], above: frozenset[str]) -> list[Evidence]:
    """Return the evidence of the statements; ``above`` are those it serves as premises of, which ends circles."""
    if not statements - above:
        return []
    nodes = " ".join(str(NamedNode(iri)) for iri in sorted(statements - above))
    rows: dict[str, Row] = {}
    for row in graph.query(_EVIDENCE.format(statements=nodes)):
        # Several labels of a property would repeat the row: the first in the alphabet is taken.
        known = rows.get(row["evidence"])
        if known is None or str(row["propertyLabel"]) < str(known["propertyLabel"]):
            rows[row["evidence"]] = row
    found = [_from_row(row, _premises(graph, row, above)) for row in rows.values()]
    return sorted(
        found, key=lambda e: (e.document.id, e.start, e.end, e.subject, e.property, e.object, e.extractor, e.pattern)
    )


def _premises(graph: KnowledgeGraph, row: Row, above: frozenset[str]) -> tuple[Evidence, ...]:
    if row["rule"] is None:
        return ()
    evidence = str(NamedNode(row["evidence"]))
    premises = {
        found["premise"] for found in graph.query(f"SELECT ?premise WHERE {{ {evidence} gw:premise ?premise }}")
    }
    return tuple(_evidence(graph, premises, above | {row["statement"]}))


def _from_row(row: Row, premises: tuple[Evidence, ...]) -> Evidence:
    start, end = row["start"], row["end"]

    def text(variable: str) -> str:
        return str(getattr(row.term(variable), "value", ""))

    def inside(kind: str) -> Span | None:
        span = (row[f"{kind}Start"] - start, row[f"{kind}End"] - start)
        return span if 0 <= span[0] <= span[1] <= end - start else None

    return Evidence(
        subject=text("subject"),
        subject_label=text("subjectLabel") or local_name(text("subject")),
        property=text("property"),
        property_label=text("propertyLabel") or local_name(text("property")),
        object=text("object"),
        object_label=text("objectLabel") or (text("object") if _is_literal(row) else local_name(text("object"))),
        document=DocumentRecord(text("source"), text("id"), text("title"), text("date"), text("from")),
        quote=text("quote"),
        start=start,
        end=end,
        subject_span=inside("subject"),
        object_span=inside("object"),
        prefix=text("prefix"),
        suffix=text("suffix"),
        extractor=text("extractor"),
        pattern=text("pattern"),
        rule=text("rule"),
        confidence=float(row["confidence"]),
        modality=text("modality"),
        attributed_to=(text("speakerLabel") or text("speaker")) or None,
        premises=premises,
    )


def _is_literal(row: Row) -> bool:
    return isinstance(row.term("object"), Literal)


def _values(variable: str, iris: Iterable[str]) -> str:
    return f"VALUES ?{variable} {{ {' '.join(str(NamedNode(iri)) for iri in sorted(iris))} }}"


def _object_filter(graph: KnowledgeGraph, text: str) -> str:
    literal = f"isLiteral(?object) && STR(?object) = {Literal(text)}"
    if graph.query(f"ASK {{ ?statement rdf:object ?object FILTER ({literal}) }}"):
        entities = known_entities(graph, text)
    else:
        entities = find_entities(graph, text)
    listed = ", ".join(str(NamedNode(iri)) for iri in sorted(entities))
    return f"FILTER (({literal}) || ?object IN ({listed}))"


def evidence_of(graph: KnowledgeGraph, facts: Iterable[Triple]) -> dict[Triple, list[Evidence]]:
    """Return every place that asserts each of the facts, sorted by document and position; none where nothing does."""
    wanted = sorted(set(facts), key=str)
    found: dict[Triple, list[Evidence]] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        known = {
            (fact.subject.value, fact.predicate.value, fact.object.value): fact
            for fact in wanted[start : start + _AT_ONCE]
            if isinstance(fact.subject, NamedNode) and isinstance(fact.object, NamedNode | Literal)
        }
        rows = " ".join(f"({fact.subject} {fact.predicate} {fact.object})" for fact in known.values())
        statements = {row["statement"] for row in graph.query(_ASSERTING.format(facts=rows))}
        for evidence in _evidence(graph, statements, frozenset()):
            fact = known[evidence.subject, evidence.property, evidence.object]
            found.setdefault(fact, []).append(evidence)
    return found
