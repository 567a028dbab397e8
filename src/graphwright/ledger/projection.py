"""Projection: what the ledger says is written to the graph, document by document and thing by thing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice

from pyoxigraph import Quad, Triple

from graphwright.entities import EntityIndex
from graphwright.graph import KnowledgeGraph
from graphwright.graph import vocabulary as v
from graphwright.graph.assembly import (
    Lines,
    as_quads,
    document_lines,
    entities_iri,
    entity_quads,
    fact_triple,
    flagged,
    statement_iri,
)
from graphwright.graph.terms import document_iri, iri, text_literal
from graphwright.ledger.book import Ledger
from graphwright.ledger.corrections import Corrections
from graphwright.ledger.manifest import configuration_iri

Wrong = Callable[[Sequence[Quad], Sequence[Triple]], Mapping[Triple, str]]
"""Which facts of a document may not be asserted, each with the reason."""

NONE = Corrections()
"""That nobody corrected anything."""

CHUNK = 128
"""How many documents, or eight times as many things, are written at once."""

PIECES = 2
"""After how many whole pieces the graph is flushed: what is not in its files yet is held in memory, quad by quad."""


def project(
    ledger: Ledger,
    graph: KnowledgeGraph,
    index: EntityIndex,
    *,
    base: str,
    wrong: Wrong | None = None,
    corrections: Corrections = NONE,
    on_written: Callable[[int, int], None] = lambda done, of: None,
) -> None:
    """Write to the graph what the ledger has and the graph has not, in pieces that are written whole or not at all.

    ``wrong`` tells which facts among the quads of a document may not be asserted, and why, given the classes of its
    things: they keep their statements, with the reason, and are no plain triples. ``corrections`` are what people say
    is wrong. ``on_written`` is told how many documents and things are written, and of how many. Broken off, it goes on
    where it was when it is called again.
    Raises StoreError where the graph cannot be written.
    """
    documents, removed, things = ledger.unwritten()
    total, done, waiting = len(documents) + len(removed) + len(things), 0, 0

    def pieces(names: Sequence[str], size: int) -> Iterator[list[str]]:
        nonlocal done, waiting
        stream = iter(names)
        while piece := list(islice(stream, size)):
            yield piece
            done += len(piece)
            waiting += len(piece) == size
            if waiting == PIECES:
                graph.flush()
                waiting = 0
            on_written(done, total)

    # Things first: a document tells of none that is not yet described.
    for piece in pieces(things, 8 * CHUNK):
        graph.describe({iri(one): _thing(index, one, base, corrections) for one in piece}, entities_iri(base))
        ledger.wrote(things=piece)
    for piece in pieces(documents, CHUNK):
        graph.put({document_iri(base, one): _document(ledger, index, one, base, wrong, corrections) for one in piece})
        ledger.wrote(documents=piece)
    for piece in pieces(removed, CHUNK):
        graph.replace({document_iri(base, one): [] for one in piece})
        ledger.wrote(removed=piece)


def _document(
    ledger: Ledger, index: EntityIndex, one: str, base: str, wrong: Wrong | None, corrections: Corrections
) -> list[str]:
    """The triples of a document, without what may not be asserted."""
    corrected = corrections.corrected(ledger.extraction(one), index.iris(one))
    iris = corrected.iris
    lines = document_lines(corrected.extraction, iris, base=base, made=_made(ledger, one, base))
    if wrong is None and not corrected.wrong:
        return lines
    graph = document_iri(base, one)
    quads = as_quads(lines, graph)
    classes = ((node, index.entity(node)) for node in sorted(set(iris.values())))
    types = [Triple(iri(node), v.TYPE, iri(entity.cls)) for node, entity in classes if entity]
    refused = dict(wrong(quads, types)) if wrong is not None else {}
    statements = {statement_iri(graph, fact, iris): reason for fact, reason in corrected.wrong}
    refused |= {fact_triple(fact, iris): reason for fact, reason in corrected.wrong if fact.asserted}
    return [str(quad.triple) for quad in flagged(quads, refused, statements)] if refused or statements else lines


def _thing(index: EntityIndex, one: str, base: str, corrections: Corrections) -> list[Quad]:
    entity = index.entity(one)
    return entity_quads(corrections.renamed(entity), base=base) if entity is not None else []


def _made(ledger: Ledger, document: str, base: str) -> Lines:
    """Yield what tells how a document was read: the hash of its content, and the configuration."""
    found = ledger.find(document)
    if found is not None:
        node = document_iri(base, document)
        yield f"{node} {v.CONTENT_HASH} {text_literal(f'sha256:{found.hash}')}"
        yield f"{node} {v.READ_WITH} {configuration_iri(base, found.configuration)}"
