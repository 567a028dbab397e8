"""Projection: what the ledger says is written to the graph, document by document and thing by thing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import islice

from pyoxigraph import NamedNode, Quad, Store, Triple

from graphwright.entities import EntityIndex
from graphwright.graph import KnowledgeGraph
from graphwright.graph import vocabulary as v
from graphwright.graph.assembly import (
    Lines,
    as_quads,
    document_lines,
    entities_iri,
    entity_lines,
    fact_triple,
    flagged,
    statement_iri,
)
from graphwright.graph.terms import document_iri, iri, text_literal
from graphwright.ledger.book import Ledger
from graphwright.ledger.corrections import Corrections
from graphwright.ledger.manifest import configuration_iri
from graphwright.model import Extraction

Wrong = Callable[[Sequence[Quad], Sequence[Triple]], Mapping[Triple, str]]
"""Which facts of a document may not be asserted, each with the reason."""

NONE = Corrections()
"""That nobody corrected anything."""

CHUNK = 64
"""How many documents, or sixteen times as many things, are written at once."""

PIECES = 4
"""After how many pieces the graph is flushed: what is not in its files yet is held in memory, quad by quad."""


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
    total, done, unflushed = len(documents) + len(removed) + things, 0, 0

    def pieces() -> Iterator[tuple[Callable[[], None], Callable[[], None], int]]:
        """What writes a piece, what notes that it is written, and how many documents or things it is."""
        # Things first: a document tells of none that is not yet described.
        for piece in ledger.undescribed(16 * CHUNK):
            described = {iri(one): _thing(index, one, base, corrections) for one in piece}
            write = partial(graph.describe, described, entities_iri(base))
            yield write, partial(ledger.wrote, things=piece), len(piece)
        for piece in _pieces(documents, CHUNK):
            told = {document_iri(base, one): _document(ledger, index, one, base, wrong, corrections) for one in piece}
            yield partial(graph.put, told), partial(ledger.wrote, documents=piece), len(piece)
        for piece in _pieces(removed, CHUNK):
            nothing: dict[NamedNode, list[Quad]] = {document_iri(base, one): [] for one in piece}
            yield partial(graph.replace, nothing), partial(ledger.wrote, removed=piece), len(piece)

    def finish(write: Callable[[], None], note: Callable[[], None], size: int) -> None:
        nonlocal done, unflushed
        write()
        unflushed += 1
        if unflushed == PIECES:
            graph.flush()
            unflushed = 0
        note()
        done += size
        on_written(done, total)

    # While a piece is written, which is the store's own work, the next one is made ready. But a server may be away for
    # minutes, and Ctrl-C ends no thread.
    own = isinstance(graph.store, Store)
    with ThreadPoolExecutor(1) as writer:
        last: tuple[Callable[[], None], Callable[[], None], int] | None = None
        for write, note, size in pieces():
            if last is not None:
                finish(*last)
            last = writer.submit(write).result if own else write, note, size
        if last is not None:
            finish(*last)


def _pieces(names: Iterable[str], size: int) -> Iterator[list[str]]:
    stream = iter(names)
    while piece := list(islice(stream, size)):
        yield piece


def _document(
    ledger: Ledger, index: EntityIndex, one: str, base: str, wrong: Wrong | None, corrections: Corrections
) -> list[str]:
    """The triples of a document, without what may not be asserted."""

    def class_of(iri: str) -> str | None:
        entity = index.entity(iri)
        return entity.cls if entity is not None else None

    found = ledger.find(one)
    made = made_of(one, found.hash, found.configuration, base) if found is not None else ()
    return stated(ledger.extraction(one), index.iris(one), class_of, base, made, wrong, corrections).lines


@dataclass(frozen=True, slots=True)
class Stated:
    """What is said of a document: its triples, as ``lines``, and the extraction that they are of, with corrections.

    ``iris`` are those of its chains; ``refused`` are the plain triples, and ``invalid`` the IRIs of the statements,
    that may not be asserted.
    """

    lines: list[str]
    extraction: Extraction
    iris: Mapping[str, str]
    refused: Mapping[Triple, str]
    invalid: Mapping[NamedNode, str]


def stated(
    extraction: Extraction,
    iris: Mapping[str, str],
    class_of: Callable[[str], str | None],
    base: str,
    made: Iterable[str] = (),
    wrong: Wrong | None = None,
    corrections: Corrections = NONE,
) -> Stated:
    """What a document says, without what may not be asserted; see `project` for ``wrong`` and ``corrections``.

    ``iris`` gives each chain the IRI of its thing, and ``class_of`` each of these its class, if it is known.
    """
    corrected = corrections.corrected(extraction, iris)
    iris = corrected.iris
    lines = document_lines(corrected.extraction, iris, base=base, made=made)
    if wrong is None and not corrected.wrong:
        return Stated(lines, corrected.extraction, iris, {}, {})
    graph = document_iri(base, extraction.document.id)
    quads = as_quads(lines, graph)
    classes = ((node, class_of(node)) for node in sorted(set(iris.values())))
    types = [Triple(iri(node), v.TYPE, iri(cls)) for node, cls in classes if cls]
    refused = dict(wrong(quads, types)) if wrong is not None else {}
    statements = {statement_iri(graph, fact, iris): reason for fact, reason in corrected.wrong}
    refused |= {fact_triple(fact, iris): reason for fact, reason in corrected.wrong if fact.asserted}
    if refused or statements:
        lines = [str(quad.triple) for quad in flagged(quads, refused, statements)]
    return Stated(lines, corrected.extraction, iris, refused, statements)


def made_of(document: str, content: str, configuration: str, base: str) -> Lines:
    """Yield what tells how a document was read: the hash of its content, and the configuration."""
    node = document_iri(base, document)
    yield f"{node} {v.CONTENT_HASH} {text_literal(f'sha256:{content}')}"
    yield f"{node} {v.READ_WITH} {configuration_iri(base, configuration)}"


def _thing(index: EntityIndex, one: str, base: str, corrections: Corrections) -> list[str]:
    entity = index.entity(one)
    return entity_lines(corrections.renamed(entity), base=base) if entity is not None else []
