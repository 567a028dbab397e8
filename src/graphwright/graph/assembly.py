"""Assembly: what was read from a document becomes the quads of its named graph.

A graph stands for itself: types, labels and statements of a document are all in it, so that a document is removed by
removing its graph. No blank nodes are used, and every IRI follows from the content: equal input gives equal quads.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby

from pyoxigraph import Literal, NamedNode, Quad, Triple

from graphwright.errors import ExtractorError
from graphwright.graph import vocabulary as v
from graphwright.graph.terms import (
    Term,
    date_literal,
    decimal_literal,
    document_iri,
    in_graph,
    iri,
    text_literal,
    value_literal,
)
from graphwright.model import Chain, Document, Entity, Extraction, Fact, Span

CONTEXT = 32
"""How many code points before and after a quote are kept to find it again in a changed text."""

_PROVENANCE = re.compile("/document/[^/#]*#(statement|evidence|position|quote|metadata)-[0-9a-f-]+$")

_METADATA = {
    "author": NamedNode(v.DCTERMS + "creator"),
    "creator": NamedNode(v.DCTERMS + "creator"),
    "publisher": NamedNode(v.DCTERMS + "publisher"),
    "language": NamedNode(v.DCTERMS + "language"),
    "licence": NamedNode(v.DCTERMS + "rights"),
    "license": NamedNode(v.DCTERMS + "rights"),
    "rights": NamedNode(v.DCTERMS + "rights"),
}


def assemble(
    extractions: Iterable[Extraction], resolution: Mapping[tuple[str, str], Entity], *, base: str
) -> Iterator[Quad]:
    """Yield the quads of every document, document by document in the given order, each document's sorted.

    ``resolution`` must know every chain of the extractions (KeyError otherwise); ``base`` is the IRI that documents and
    entities start with. Raises ExtractorError for a fact whose evidence lies outside its document's text, and
    StoreError for a property or datatype that is no IRI.
    """
    for extraction in extractions:
        yield from document_quads(extraction, resolution, base=base)


def document_quads(extraction: Extraction, resolution: Mapping[tuple[str, str], Entity], *, base: str) -> list[Quad]:
    """Return the quads of one document: no two equal, sorted by their N-Quads form. Errors are those of `assemble`."""
    document = extraction.document
    graph = document_iri(base, document.id)
    entities = {chain.id: resolution[document.id, chain.id] for chain in extraction.chains}
    triples = {
        *_document_triples(document, graph),
        *_entity_triples(extraction.chains, entities, graph),
        *_fact_triples(extraction.facts, document, graph, entities),
    }
    return sorted((in_graph(triple, graph) for triple in triples), key=str)


def is_provenance(term: object) -> bool:
    """Whether a term is a node that this module made for a statement, its evidence or a document's metadata."""
    return isinstance(term, NamedNode) and _PROVENANCE.search(term.value) is not None


def statement_iri(graph: NamedNode, fact: Fact, entities: Mapping[str, Entity]) -> NamedNode:
    """Return the IRI of the statement of a fact; facts of one document with the same `Fact.key` share it."""
    speaker = entities[fact.attributed_to].iri if fact.attributed_to is not None else ""
    return _node(
        graph,
        "statement",
        entities[fact.subject].iri,
        fact.property,
        str(_object(fact, entities)),
        fact.modality,
        speaker,
    )


def _document_triples(document: Document, node: NamedNode) -> Iterator[Triple]:
    yield Triple(node, v.TYPE, v.DOCUMENT)
    yield Triple(node, v.TYPE, v.ARTICLE)
    yield Triple(node, v.IDENTIFIER, text_literal(document.id))
    if document.title:
        yield Triple(node, v.TITLE, text_literal(document.title))
    if document.date:
        yield Triple(node, v.DATE, date_literal(document.date))
    if document.source:
        yield Triple(node, v.SOURCE, _source(document.source))
    for name, found in document.metadata.items():
        for value in found if isinstance(found, (list, tuple, set, frozenset)) else [found]:
            yield from _metadata_triples(str(name), value, node)


def _source(text: str) -> NamedNode | Literal:
    try:
        return NamedNode(text) if text.startswith(("http://", "https://")) else text_literal(text)
    except ValueError:
        return text_literal(text)


def _metadata_triples(name: str, value: object, document: NamedNode) -> Iterator[Triple]:
    """Yield what says that the document has ``name: value``; nested values and None say nothing."""
    if not isinstance(value, (str, int, float, bool)):
        return
    literal = text_literal(value) if isinstance(value, str) else Literal(value)
    if name in _METADATA:
        yield Triple(document, _METADATA[name], literal)
        return
    node = _node(document, "metadata", name)
    yield Triple(document, v.ADDITIONAL_PROPERTY, node)
    yield Triple(node, v.TYPE, v.PROPERTY_VALUE)
    yield Triple(node, v.NAME, text_literal(name))
    yield Triple(node, v.VALUE, literal)


def _entity_triples(chains: Iterable[Chain], entities: Mapping[str, Entity], document: NamedNode) -> Iterator[Triple]:
    for entity in {entities[chain.id] for chain in chains}:
        node = iri(entity.iri)
        yield Triple(document, v.MENTIONS, node)
        yield Triple(node, v.TYPE, iri(entity.cls))
        for rank, label in enumerate(entity.labels):
            yield Triple(node, v.ALT_LABEL if rank else v.LABEL, text_literal(label))
        for other in entity.same_as:
            yield Triple(node, v.SAME_AS, iri(other))


def _fact_triples(
    facts: Iterable[Fact], document: Document, graph: NamedNode, entities: Mapping[str, Entity]
) -> Iterator[Triple]:
    found = list(facts)
    for fact in found:
        if fact.asserted:
            yield Triple(iri(entities[fact.subject].iri), iri(fact.property), _object(fact, entities))

    def statement(fact: Fact) -> NamedNode:
        return statement_iri(graph, fact, entities)

    told = sorted(((statement(fact).value, fact) for fact in _with_premises(found)), key=lambda pair: pair[0])
    for _, group in groupby(told, key=lambda pair: pair[0]):
        same = [fact for _, fact in group]
        yield from _statement_triples(same, statement(same[0]), entities)
        for fact in same:
            yield from _evidence_triples(fact, document, graph, statement)


def _with_premises(facts: Iterable[Fact]) -> Iterator[Fact]:
    for fact in facts:
        yield fact
        yield from _with_premises(fact.premises)


def _statement_triples(facts: list[Fact], node: NamedNode, entities: Mapping[str, Entity]) -> Iterator[Triple]:
    """Yield what a statement says, and the best of what its evidence says: ``facts`` all have one key."""
    fact = facts[0]
    yield Triple(node, v.TYPE, v.STATEMENT)
    yield Triple(node, v.SUBJECT, iri(entities[fact.subject].iri))
    yield Triple(node, v.PREDICATE, iri(fact.property))
    yield Triple(node, v.OBJECT, _object(fact, entities))
    yield Triple(node, v.MODALITY, Literal(fact.modality))
    yield Triple(node, v.CONFIDENCE, decimal_literal(max(fact.confidence for fact in facts)))
    if fact.attributed_to is not None:
        yield Triple(node, v.ATTRIBUTED_TO, iri(entities[fact.attributed_to].iri))


def _evidence_triples(
    fact: Fact, document: Document, graph: NamedNode, statement: Callable[[Fact], NamedNode]
) -> Iterator[Triple]:
    premises = sorted({statement(premise).value for premise in fact.premises})
    spans = (fact.evidence, fact.subject_span, fact.object_span)
    owner = statement(fact)
    node = _node(graph, "evidence", owner.value, str(spans), fact.extractor, fact.pattern, *premises)
    position, subject, object_ = (_position(graph, span) for span in spans)
    yield Triple(owner, v.DERIVED_FROM, node)
    yield Triple(node, v.TYPE, v.EVIDENCE)
    yield Triple(node, v.HAS_SOURCE, graph)
    yield Triple(node, v.HAS_SELECTOR, position)
    yield Triple(node, v.SUBJECT_SELECTOR, subject)
    yield Triple(node, v.OBJECT_SELECTOR, object_)
    for selector, (start, end) in zip((position, subject, object_), spans, strict=True):
        yield Triple(selector, v.TYPE, v.POSITION_SELECTOR)
        yield Triple(selector, v.START, _integer(start))
        yield Triple(selector, v.END, _integer(end))
    yield from _quote_triples(fact, document, graph, node)
    yield Triple(node, v.CONFIDENCE, decimal_literal(fact.confidence))
    for told in (owner, node):
        yield Triple(told, v.EXTRACTOR, text_literal(fact.extractor))
        if fact.pattern:
            yield Triple(told, v.RULE if premises else v.PATTERN, text_literal(fact.pattern))
        for premise in premises:
            yield Triple(told, v.PREMISE, NamedNode(premise))
            yield Triple(told, v.INFLUENCED_BY, NamedNode(premise))


def _quote_triples(fact: Fact, document: Document, graph: NamedNode, evidence: NamedNode) -> Iterator[Triple]:
    start, end = fact.evidence
    if not 0 <= start < end <= len(document.text):
        raise ExtractorError(
            f"the evidence {start}..{end} of a fact lies outside the text of {len(document.text)} code points",
            f"document {document.id!r}, extractor {fact.extractor!r}, property {fact.property}",
            "let the extractor give the span of a sentence of the document",
        )
    node = NamedNode(f"{graph.value}#quote-{start}-{end}")
    yield Triple(evidence, v.HAS_SELECTOR, node)
    yield Triple(node, v.TYPE, v.QUOTE_SELECTOR)
    yield Triple(node, v.EXACT, text_literal(document.text[start:end]))
    yield Triple(node, v.PREFIX, text_literal(document.text[max(0, start - CONTEXT) : start]))
    yield Triple(node, v.SUFFIX, text_literal(document.text[end : end + CONTEXT]))


def _object(fact: Fact, entities: Mapping[str, Entity]) -> Term:
    return iri(entities[fact.object].iri) if isinstance(fact.object, str) else value_literal(fact.object)


def _position(graph: NamedNode, span: Span) -> NamedNode:
    return NamedNode(f"{graph.value}#position-{span[0]}-{span[1]}")


def _integer(number: int) -> Literal:
    return Literal(str(number), datatype=v.XSD_INTEGER)


def _node(graph: NamedNode, kind: str, *content: str) -> NamedNode:
    """Return an IRI under that of the document that depends on ``content`` alone."""
    # Each part goes in with its length: ("a", "bc") and ("ab", "c") differ.
    told = "".join(f"{len(part)}:{part}" for part in content)
    digest = hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:20]
    return NamedNode(f"{graph.value}#{kind}-{digest}")
