"""Assembly: what was read from a document becomes the triples of its named graph.

A document's graph holds what the document says, and so changes with it alone; what follows from all documents together,
the classes and names of things, is in one graph of things. No blank nodes are used, and every IRI follows from the
content: equal input gives equal triples.

Triples are made as lines of N-Triples: the store reads them from there in a third of the time that making its terms one
by one would take.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import groupby
from types import MappingProxyType, SimpleNamespace

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, parse

from graphwright.errors import ExtractorError
from graphwright.graph import vocabulary as v
from graphwright.graph.terms import (
    Term,
    date_literal,
    decimal_literal,
    document_iri,
    iri,
    text_literal,
    value_literal,
)
from graphwright.model import Chain, Document, Entity, Extraction, Fact, Identification

CONTEXT = 32
"""How many code points before and after a quote are kept to find it again in a changed text."""

_PROVENANCE = re.compile(
    "/document/[^/#]*#(statement|evidence|position|quote|metadata|link)-[0-9a-f-]+$|/entities#identification-[0-9a-f]+$"
)

Lines = Iterator[str]
"""Triples in N-Triples, each without the full stop at its end."""

_V = SimpleNamespace(**{name: str(term) for name, term in vars(v).items() if isinstance(term, NamedNode)})
"""The vocabulary in N-Triples."""

INVALID = "invalid"
"""The modality of what a text asserts and a shape of the ontology forbids."""

KNOWN_NAME = "a name that the gazetteer knows"
"""Why a name is linked where no other thing has it."""

_METADATA = {
    "author": f"<{v.DCTERMS}creator>",
    "creator": f"<{v.DCTERMS}creator>",
    "publisher": f"<{v.DCTERMS}publisher>",
    "language": f"<{v.DCTERMS}language>",
    "licence": f"<{v.DCTERMS}rights>",
    "license": f"<{v.DCTERMS}rights>",
    "rights": f"<{v.DCTERMS}rights>",
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
    extraction: Extraction, iris: Mapping[str, str], *, base: str, made: Iterable[str] = ()
) -> list[Quad]:
    """Return the quads of one document: no two equal, sorted by their N-Quads form. Arguments and errors are those of
    `document_lines`."""
    return as_quads(document_lines(extraction, iris, base=base, made=made), document_iri(base, extraction.document.id))


def document_lines(
    extraction: Extraction, iris: Mapping[str, str], *, base: str, made: Iterable[str] = ()
) -> list[str]:
    """Return the triples of one document as `Lines`, no two equal. Errors are those of `assemble`.

    ``iris`` gives each chain the IRI of its entity; ``made`` are lines that tell how the document was read.
    """
    document = extraction.document
    graph = document_iri(base, document.id).value
    nodes = {chain: _iri(text) for chain, text in iris.items()}
    lines = dict.fromkeys(_document_lines(document, graph))
    lines.update(dict.fromkeys(made))
    lines.update((f"<{graph}> {_V.MENTIONS} {nodes[chain.id]}", None) for chain in extraction.chains)
    lines.update(dict.fromkeys(_link_lines(extraction.chains, nodes, graph)))
    lines.update(dict.fromkeys(_fact_lines(extraction.facts, document, graph, nodes)))
    return list(lines)


def as_quads(lines: Iterable[str], graph: NamedNode) -> list[Quad]:
    """Return `Lines` as quads of a graph, sorted by their N-Quads form."""
    text = "".join(f"{line} {graph} .\n" for line in lines)
    return sorted(parse(text, format=RdfFormat.N_QUADS), key=str)


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
    return as_quads(entity_lines(entity, base=base), entities_iri(base))


def entity_lines(entity: Entity, *, base: str) -> list[str]:
    """Return what is known of a thing as `Lines`, no two equal; see `entity_quads`."""
    return list(dict.fromkeys(_entity_lines(entity, base)))


def _entity_lines(entity: Entity, base: str) -> Lines:
    node = _iri(entity.iri)
    yield f"{node} {_V.TYPE} {_iri(entity.cls)}"
    for rank, label in enumerate(entity.labels):
        yield f"{node} {_V.ALT_LABEL if rank else _V.LABEL} {text_literal(label)}"
    if (known := entity.known) is not None:
        for other in known.same_as:
            yield f"{node} {_V.SAME_AS} {_iri(other)}"
        for code in known.codes:
            yield f"{node} {_V.NOTATION} {text_literal(code)}"
        if known.coordinates is not None:
            for property, degrees in zip((_V.LATITUDE, _V.LONGITUDE), known.coordinates, strict=True):
                yield f"{node} {property} {decimal_literal(degrees)}"
    for told in entity.identifications:
        yield from _identification_lines(told, entity.iri, base)


def _identification_lines(told: Identification, entity: str, base: str) -> Lines:
    node = _node(f"{base}entities", "identification", entity, told.name, told.other, told.reason)
    yield f"{_iri(entity)} {_V.IDENTIFICATION} {node}"
    yield f"{node} {_V.TYPE} {_V.IDENTIFICATION_CLASS}"
    yield f"{node} {_V.WRITTEN} {text_literal(told.name)}"
    yield f"{node} {_V.OTHER_WRITTEN} {text_literal(told.other)}"
    for property, document in ((_V.IN_DOCUMENT, told.document), (_V.OTHER_DOCUMENT, told.other_document)):
        if document:
            yield f"{node} {property} {document_iri(base, document)}"
    yield f"{node} {_V.REASON} {text_literal(told.reason)}"
    yield f"{node} {_V.CONFIDENCE} {decimal_literal(told.confidence)}"


def _link_lines(chains: Iterable[Chain], nodes: Mapping[str, str], graph: str) -> Lines:
    """Yield why a document's names were taken for those of what a gazetteer knows."""
    for chain in chains:
        if not chain.key:
            continue
        thing = nodes[chain.id]
        node = _node(graph, "link", thing[1:-1], chain.name, chain.key_reason)
        yield f"<{graph}> {_V.LINK} {node}"
        yield f"{node} {_V.TYPE} {_V.LINK_CLASS}"
        yield f"{node} {_V.LINKED} {thing}"
        yield f"{node} {_V.WRITTEN} {text_literal(chain.aliases[0] if chain.aliases else chain.name)}"
        yield f"{node} {_V.REASON} {text_literal(chain.key_reason or KNOWN_NAME)}"
        yield f"{node} {_V.CONFIDENCE} {decimal_literal(chain.key_confidence)}"


def is_provenance(term: object) -> bool:
    """Whether a term is a node that this module made for a statement, its evidence or a document's metadata."""
    return isinstance(term, NamedNode) and _PROVENANCE.search(term.value) is not None


def fact_triple(fact: Fact, iris: Mapping[str, str]) -> Triple:
    """Return the plain triple of a fact."""
    object: Term = iri(iris[fact.object]) if isinstance(fact.object, str) else value_literal(fact.object)
    return Triple(iri(iris[fact.subject]), iri(fact.property), object)


def statement_iri(graph: NamedNode, fact: Fact, iris: Mapping[str, str]) -> NamedNode:
    """Return the IRI of the statement of a fact; facts of one document with the same `Fact.key` share it."""
    ends = {end for end in (fact.subject, fact.object, fact.attributed_to) if isinstance(end, str)}
    return NamedNode(_statement(graph.value, fact, {end: _iri(iris[end]) for end in ends})[1:-1])


def _statement(graph: str, fact: Fact, nodes: Mapping[str, str]) -> str:
    speaker = nodes[fact.attributed_to][1:-1] if fact.attributed_to is not None else ""
    subject = nodes[fact.subject][1:-1]
    return _node(graph, "statement", subject, fact.property, _object(fact, nodes), fact.modality, speaker)


def _document_lines(document: Document, graph: str) -> Lines:
    node = f"<{graph}>"
    yield f"{node} {_V.TYPE} {_V.DOCUMENT}"
    yield f"{node} {_V.TYPE} {_V.ARTICLE}"
    yield f"{node} {_V.IDENTIFIER} {text_literal(document.id)}"
    if document.title:
        yield f"{node} {_V.TITLE} {text_literal(document.title)}"
    if document.date:
        yield f"{node} {_V.DATE} {date_literal(document.date)}"
    if document.source:
        yield f"{node} {_V.SOURCE} {_source(document.source)}"
    for name, found in document.metadata.items():
        for value in found if isinstance(found, (list, tuple, set, frozenset)) else [found]:
            yield from _metadata_lines(str(name), value, graph)


def _source(text: str) -> NamedNode | Literal:
    try:
        return NamedNode(text) if text.startswith(("http://", "https://")) else text_literal(text)
    except ValueError:
        return text_literal(text)


def _metadata_lines(name: str, value: object, graph: str) -> Lines:
    """Yield what says that the document has ``name: value``; nested values and None say nothing."""
    if not isinstance(value, (str, int, float, bool)):
        return
    literal = text_literal(value) if isinstance(value, str) else Literal(value)
    if name in _METADATA:
        yield f"<{graph}> {_METADATA[name]} {literal}"
        return
    node = _node(graph, "metadata", name)
    yield f"<{graph}> {_V.ADDITIONAL_PROPERTY} {node}"
    yield f"{node} {_V.TYPE} {_V.PROPERTY_VALUE}"
    yield f"{node} {_V.NAME} {text_literal(name)}"
    yield f"{node} {_V.VALUE} {literal}"


def _fact_lines(facts: Iterable[Fact], document: Document, graph: str, nodes: Mapping[str, str]) -> Lines:
    found = list(facts)
    for fact in found:
        if fact.asserted:
            yield f"{nodes[fact.subject]} {_iri(fact.property)} {_object(fact, nodes)}"

    def statement(fact: Fact) -> str:
        return _statement(graph, fact, nodes)

    told = sorted(((statement(fact), fact) for fact in _with_premises(found)), key=lambda pair: pair[0])
    selectors: set[str] = set()
    for node, group in groupby(told, key=lambda pair: pair[0]):
        same = [fact for _, fact in group]
        yield from _statement_lines(same, node, nodes)
        for fact in same:
            yield from _evidence_lines(fact, document, graph, node, statement, selectors)


def _with_premises(facts: Iterable[Fact]) -> Iterator[Fact]:
    for fact in facts:
        yield fact
        yield from _with_premises(fact.premises)


def _statement_lines(facts: list[Fact], node: str, nodes: Mapping[str, str]) -> Lines:
    """Yield what a statement says, and the best of what its evidence says: ``facts`` all have one key."""
    fact = facts[0]
    yield f"{node} {_V.TYPE} {_V.STATEMENT}"
    yield f"{node} {_V.SUBJECT} {nodes[fact.subject]}"
    yield f"{node} {_V.PREDICATE} {_iri(fact.property)}"
    yield f"{node} {_V.OBJECT} {_object(fact, nodes)}"
    yield f"{node} {_V.MODALITY} {text_literal(fact.modality)}"
    yield f"{node} {_V.CONFIDENCE} {decimal_literal(max(fact.confidence for fact in facts))}"
    if fact.attributed_to is not None:
        yield f"{node} {_V.ATTRIBUTED_TO} {nodes[fact.attributed_to]}"


def _evidence_lines(
    fact: Fact, document: Document, graph: str, owner: str, statement: Callable[[Fact], str], selectors: set[str]
) -> Lines:
    """Yield where a fact is told and what found it; ``selectors`` are those that are described already."""
    premises = sorted({statement(premise) for premise in fact.premises})
    spans = (fact.evidence, fact.subject_span, fact.object_span)
    resting_on = (premise[1:-1] for premise in premises)
    node = _node(graph, "evidence", owner[1:-1], str(spans), fact.extractor, fact.pattern, *resting_on)
    position, subject, object_ = (f"<{graph}#position-{start}-{end}>" for start, end in spans)
    yield f"{owner} {_V.DERIVED_FROM} {node}"
    yield f"{node} {_V.TYPE} {_V.EVIDENCE}"
    yield f"{node} {_V.HAS_SOURCE} <{graph}>"
    yield f"{node} {_V.HAS_SELECTOR} {position}"
    yield f"{node} {_V.SUBJECT_SELECTOR} {subject}"
    yield f"{node} {_V.OBJECT_SELECTOR} {object_}"
    for selector, (start, end) in zip((position, subject, object_), spans, strict=True):
        if selector not in selectors:
            selectors.add(selector)
            yield f"{selector} {_V.TYPE} {_V.POSITION_SELECTOR}"
            yield f'{selector} {_V.START} "{start}"^^{_V.XSD_INTEGER}'
            yield f'{selector} {_V.END} "{end}"^^{_V.XSD_INTEGER}'
    yield from _quote_lines(fact, document, graph, node, selectors)
    yield f"{node} {_V.CONFIDENCE} {decimal_literal(fact.confidence)}"
    extractor = text_literal(fact.extractor)
    pattern = text_literal(fact.pattern)
    for told in (owner, node):
        yield f"{told} {_V.EXTRACTOR} {extractor}"
        if fact.pattern:
            yield f"{told} {_V.RULE if premises else _V.PATTERN} {pattern}"
        for premise in premises:
            yield f"{told} {_V.PREMISE} {premise}"
            yield f"{told} {_V.INFLUENCED_BY} {premise}"


def _quote_lines(fact: Fact, document: Document, graph: str, evidence: str, selectors: set[str]) -> Lines:
    start, end = fact.evidence
    if not 0 <= start < end <= len(document.text):
        raise ExtractorError(
            f"the evidence {start}..{end} of a fact lies outside the text of {len(document.text)} code points",
            f"document {document.id!r}, extractor {fact.extractor!r}, property {fact.property}",
            "let the extractor give the span of a sentence of the document",
        )
    node = f"<{graph}#quote-{start}-{end}>"
    yield f"{evidence} {_V.HAS_SELECTOR} {node}"
    if node in selectors:
        return
    selectors.add(node)
    yield f"{node} {_V.TYPE} {_V.QUOTE_SELECTOR}"
    yield f"{node} {_V.EXACT} {text_literal(document.text[start:end])}"
    yield f"{node} {_V.PREFIX} {text_literal(document.text[max(0, start - CONTEXT) : start])}"
    yield f"{node} {_V.SUFFIX} {text_literal(document.text[end : end + CONTEXT])}"


def _object(fact: Fact, nodes: Mapping[str, str]) -> str:
    return nodes[fact.object] if isinstance(fact.object, str) else str(value_literal(fact.object))


@lru_cache(maxsize=1 << 14)
def _iri(text: str) -> str:
    """Return an IRI in N-Triples. Raises StoreError where it is none."""
    return str(iri(text))


def _node(graph: str, kind: str, *content: str) -> str:
    """Return an IRI under that of the document, in N-Triples, that depends on ``content`` alone."""
    # Each part goes in with its length: ("a", "bc") and ("ab", "c") differ.
    told = "".join(f"{len(part)}:{part}" for part in content)
    digest = hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:20]
    return f"<{graph}#{kind}-{digest}>"
