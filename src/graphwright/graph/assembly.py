"""Assembly: what was read from a document becomes the quads of its named graph.

A document's graph holds what the document says, and so changes with it alone; what follows from all documents together,
the classes and names of things, is in one graph of things. No blank nodes are used, and every IRI follows from the
content: equal input gives equal quads.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby
from types import MappingProxyType

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
from graphwright.model import Chain, Document, Entity, Extraction, Fact, Identification, Span

CONTEXT = 32
"""How many code points before and after a quote are kept to find it again in a changed text."""

_PROVENANCE = re.compile(
    "/document/[^/#]*#(statement|evidence|position|quote|metadata|link)-[0-9a-f-]+$|/entities#identification-[0-9a-f]+$"
)

INVALID = "invalid"
"""The modality of what a text asserts and a shape of the ontology forbids."""

KNOWN_NAME = "a name that the gazetteer knows"
"""Why a name is linked where no other thing has it."""

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
    """Yield the quads of every document, document by document in the given order, each document's sorted; then those of
    the things that they tell of.

    ``resolution`` must know every chain of the extractions (KeyError otherwise); ``base`` is the IRI that documents and
    entities start with. Raises ExtractorError for a fact whose evidence lies outside its document's text, and
    StoreError for a property or datatype that is no IRI.
    """
    told: dict[str, Entity] = {}
    for extraction in extractions:
        entities = {chain.id: resolution[extraction.document.id, chain.id] for chain in extraction.chains}
        told.update((entity.iri, entity) for entity in entities.values())
        yield from document_quads(extraction, {chain: entity.iri for chain, entity in entities.items()}, base=base)
    for _, entity in sorted(told.items()):
        yield from entity_quads(entity, base=base)


def document_quads(
    extraction: Extraction, iris: Mapping[str, str], *, base: str, made: Iterable[Triple] = ()
) -> list[Quad]:
    """Return the quads of one document: no two equal, sorted by their N-Quads form. Errors are those of `assemble`.

    ``iris`` gives each chain the IRI of its entity; ``made`` are triples that tell how the document was read.
    """
    document = extraction.document
    graph = document_iri(base, document.id)
    triples = {
        *_document_triples(document, graph),
        *made,
        *(Triple(graph, v.MENTIONS, iri(iris[chain.id])) for chain in extraction.chains),
        *_link_triples(extraction.chains, iris, graph),
        *_fact_triples(extraction.facts, document, graph, iris),
    }
    return sorted((in_graph(triple, graph) for triple in triples), key=str)


def flagged(
    quads: Iterable[Quad], refused: Mapping[Triple, str], statements: Mapping[NamedNode, str] = MappingProxyType({})
) -> list[Quad]:
    """Return the quads of a document without some plain triples; their asserted statements say "invalid", and why.

    So do ``statements``, whatever they are, where they are in the document.
    """
    kept = {quad for quad in quads if quad.triple not in refused}
    told: dict[object, dict[NamedNode, Term]] = {}
    for quad in kept:
        told.setdefault(quad.subject, {})[quad.predicate] = quad.object
    asserted = Literal("asserted")
    for quad in [quad for quad in kept if quad.predicate == v.MODALITY]:
        parts = told[quad.subject]
        reason = next((why for node, why in statements.items() if node == quad.subject), None)
        if reason is None and quad.object == asserted and v.ATTRIBUTED_TO not in parts:
            fact = tuple(parts.get(part) for part in (v.SUBJECT, v.PREDICATE, v.OBJECT))
            reason = next(
                (why for one, why in refused.items() if fact == (one.subject, one.predicate, one.object)), None
            )
        if reason is not None:
            kept.remove(quad)
            kept.add(Quad(quad.subject, v.MODALITY, Literal(INVALID), quad.graph_name))
            kept.add(Quad(quad.subject, v.VIOLATION, text_literal(reason), quad.graph_name))
    return sorted(kept, key=str)


def entities_iri(base: str) -> NamedNode:
    """Return the name of the graph that holds what is known of things over all documents."""
    return iri(f"{base}entities")


def entity_quads(entity: Entity, *, base: str) -> list[Quad]:
    """Return what is known of a thing: class, names, the same elsewhere, and why its names are names of one thing."""
    node, graph = iri(entity.iri), entities_iri(base)
    triples = {Triple(node, v.TYPE, iri(entity.cls))}
    triples.update(
        Triple(node, v.ALT_LABEL if rank else v.LABEL, text_literal(label)) for rank, label in enumerate(entity.labels)
    )
    if (known := entity.known) is not None:
        triples.update(Triple(node, v.SAME_AS, iri(other)) for other in known.same_as)
        triples.update(Triple(node, v.NOTATION, text_literal(code)) for code in known.codes)
        if known.coordinates is not None:
            for property, degrees in zip((v.LATITUDE, v.LONGITUDE), known.coordinates, strict=True):
                triples.add(Triple(node, property, decimal_literal(degrees)))
    for told in entity.identifications:
        triples.update(_identification_triples(told, node, graph, base))
    return sorted((in_graph(triple, graph) for triple in triples), key=str)


def _identification_triples(told: Identification, entity: NamedNode, graph: NamedNode, base: str) -> Iterator[Triple]:
    node = _node(graph, "identification", entity.value, told.name, told.other, told.reason)
    yield Triple(entity, v.IDENTIFICATION, node)
    yield Triple(node, v.TYPE, v.IDENTIFICATION_CLASS)
    yield Triple(node, v.WRITTEN, text_literal(told.name))
    yield Triple(node, v.OTHER_WRITTEN, text_literal(told.other))
    for property, document in ((v.IN_DOCUMENT, told.document), (v.OTHER_DOCUMENT, told.other_document)):
        if document:
            yield Triple(node, property, document_iri(base, document))
    yield Triple(node, v.REASON, text_literal(told.reason))
    yield Triple(node, v.CONFIDENCE, decimal_literal(told.confidence))


def _link_triples(chains: Iterable[Chain], iris: Mapping[str, str], graph: NamedNode) -> Iterator[Triple]:
    """Yield why a document's names were taken for those of what a gazetteer knows."""
    for chain in chains:
        if not chain.key:
            continue
        node = _node(graph, "link", iris[chain.id], chain.name, chain.key_reason)
        yield Triple(graph, v.LINK, node)
        yield Triple(node, v.TYPE, v.LINK_CLASS)
        yield Triple(node, v.LINKED, iri(iris[chain.id]))
        yield Triple(node, v.WRITTEN, text_literal(chain.aliases[0] if chain.aliases else chain.name))
        yield Triple(node, v.REASON, text_literal(chain.key_reason or KNOWN_NAME))
        yield Triple(node, v.CONFIDENCE, decimal_literal(chain.key_confidence))


def is_provenance(term: object) -> bool:
    """Whether a term is a node that this module made for a statement, its evidence or a document's metadata."""
    return isinstance(term, NamedNode) and _PROVENANCE.search(term.value) is not None


def fact_triple(fact: Fact, iris: Mapping[str, str]) -> Triple:
    """Return the plain triple of a fact."""
    return Triple(iri(iris[fact.subject]), iri(fact.property), _object(fact, iris))


def statement_iri(graph: NamedNode, fact: Fact, iris: Mapping[str, str]) -> NamedNode:
    """Return the IRI of the statement of a fact; facts of one document with the same `Fact.key` share it."""
    speaker = iris[fact.attributed_to] if fact.attributed_to is not None else ""
    return _node(
        graph,
        "statement",
        iris[fact.subject],
        fact.property,
        str(_object(fact, iris)),
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


def _fact_triples(
    facts: Iterable[Fact], document: Document, graph: NamedNode, iris: Mapping[str, str]
) -> Iterator[Triple]:
    found = list(facts)
    yield from (fact_triple(fact, iris) for fact in found if fact.asserted)

    def statement(fact: Fact) -> NamedNode:
        return statement_iri(graph, fact, iris)

    told = sorted(((statement(fact).value, fact) for fact in _with_premises(found)), key=lambda pair: pair[0])
    for _, group in groupby(told, key=lambda pair: pair[0]):
        same = [fact for _, fact in group]
        yield from _statement_triples(same, statement(same[0]), iris)
        for fact in same:
            yield from _evidence_triples(fact, document, graph, statement)


def _with_premises(facts: Iterable[Fact]) -> Iterator[Fact]:
    for fact in facts:
        yield fact
        yield from _with_premises(fact.premises)


def _statement_triples(facts: list[Fact], node: NamedNode, iris: Mapping[str, str]) -> Iterator[Triple]:
    """Yield what a statement says, and the best of what its evidence says: ``facts`` all have one key."""
    fact = facts[0]
    yield Triple(node, v.TYPE, v.STATEMENT)
    yield Triple(node, v.SUBJECT, iri(iris[fact.subject]))
    yield Triple(node, v.PREDICATE, iri(fact.property))
    yield Triple(node, v.OBJECT, _object(fact, iris))
    yield Triple(node, v.MODALITY, Literal(fact.modality))
    yield Triple(node, v.CONFIDENCE, decimal_literal(max(fact.confidence for fact in facts)))
    if fact.attributed_to is not None:
        yield Triple(node, v.ATTRIBUTED_TO, iri(iris[fact.attributed_to]))


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


def _object(fact: Fact, iris: Mapping[str, str]) -> Term:
    return iri(iris[fact.object]) if isinstance(fact.object, str) else value_literal(fact.object)


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
