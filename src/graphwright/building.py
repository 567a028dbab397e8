"""Builds: a graph that lives with its documents. What is new or changed is read, the rest stays as it is."""

from __future__ import annotations

import hashlib
import json
import shutil
import warnings
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyoxigraph import Quad, Store, Triple

from graphwright.configuration import Configuration, configuration
from graphwright.documents import Failure, Meter, read
from graphwright.engines.reading import Outcome, batched, read_batch
from graphwright.entities.decisions import Decision, read_decisions
from graphwright.errors import DocumentError, GraphwrightWarning, StoreError
from graphwright.graph import KnowledgeGraph
from graphwright.graph.endpoints import state_folder
from graphwright.graph.files import is_address
from graphwright.graph.folder import DECISIONS, LEDGER, check_layout, holds_graph, mark_layout
from graphwright.graph.reasoning import infer
from graphwright.graph.terms import SURROGATES
from graphwright.graph.vocabulary import INFERRED_GRAPH
from graphwright.ledger import Ledger, Wrong, content_hash, project
from graphwright.ledger.corrections import Corrections
from graphwright.ledger.manifest import manifest_iri, manifest_quads
from graphwright.model import Document
from graphwright.pipeline import checked_date, reader
from graphwright.settings import TIME_LIMIT, Settings

if TYPE_CHECKING:
    from graphwright.pipeline import Reader

DEFAULT = Settings()
SETTLE = 1_000
"""After how many documents that were read their things are found in the midst of a build, while others are read. Then
it is done whenever there are twice as many: who has a common name is found anew with all its namesakes each time.
Written is only at the end, for a name that changes is written anew in every document that has it."""

OnDocument = Callable[[Document | Failure], None]
OnStep = Callable[[str, int, int], None]
"""Is told of a step ("writing"), how much of it is done, and of how much."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a build did: how many documents it ``read``, of these how many for the first time (``added``), found
    ``unchanged``, ``removed``; and ``failures``, in the order in which they were met. ``entities`` and ``facts`` are
    how many the graph has then; a fact that is asserted is counted in each of its documents."""

    read: int = 0
    added: int = 0
    unchanged: int = 0
    removed: int = 0
    failures: tuple[Failure, ...] = ()
    entities: int = 0
    facts: int = 0


def build(
    sources: Iterable[str | Path | Document],
    settings: Settings = DEFAULT,
    *,
    store: str | Path | None = None,
    ledger: str | Path | None = None,
    prune: bool = False,
    workers: int = 0,
    time_limit: float = TIME_LIMIT,
    on_document: OnDocument | None = None,
) -> KnowledgeGraph:
    """Build a knowledge graph from paths ("-" is standard input) and documents made by `from_text`.

    ``store`` is the folder of a graph on disk, the address of a SPARQL server, or an RDF file to write; None is memory
    alone. What a folder or server has already stays: documents that did not change are not read again, changed ones
    are replaced, and with ``prune`` those that are not among the sources are removed. Another ontology, model or
    setting makes a document new. An RDF file is always written from nothing. ``ledger`` is the folder for the ledger of
    a graph on a server, which is else kept among the user's files.

    ``workers`` is how many processes read documents; with 0 it is done in this one. A document that ends the process
    that reads it, or takes longer than ``time_limit`` seconds, fails; without such processes there is no limit.

    ``on_document`` is told of each document and of each failure, for progress and summaries; a failure never ends the
    build. Equal documents in any order, in any number of builds and by any number of processes, give an equal graph.
    Raises StoreError where the store cannot be written or is in use, and OntologyError, ModelError or ExtractorError
    where the settings cannot be met.
    """
    graph, _ = update(
        sources,
        settings,
        store=store,
        ledger=ledger,
        prune=prune,
        workers=workers,
        time_limit=time_limit,
        on_document=on_document,
    )
    return graph


def update(
    sources: Iterable[str | Path | Document],
    settings: Settings = DEFAULT,
    *,
    store: str | Path | None = None,
    ledger: str | Path | None = None,
    prune: bool = False,
    workers: int = 0,
    time_limit: float = TIME_LIMIT,
    on_document: OnDocument | None = None,
    on_step: OnStep | None = None,
    meter: Meter | None = None,
) -> tuple[KnowledgeGraph, Report]:
    """As `build`, with a report of what was done; ``on_step`` is told how far the work after reading is, and ``meter``
    how far the sources are read."""
    checked_date(settings.date)
    settings = _with_own_decisions(settings, store)
    with target(store, settings, ledger) as (graph, book):
        run = _Run(graph, book, settings, on_document or (lambda _: None), on_step or (lambda *_: None))
        report = run.build(sources, prune=prune, workers=workers, time_limit=time_limit, meter=meter)
        if _is_file(store) and report.read:
            graph.save(str(store))
    return _reopened(graph, store), report


def _with_own_decisions(settings: Settings, store: str | Path | None) -> Settings:
    """The settings with the decisions that are kept with the graph, where no others are given."""
    if store is None or is_address(str(store)) or not (own := Path(store) / DECISIONS).is_file():
        return settings
    if settings.decisions is None:
        return replace(settings, decisions=str(own))
    if own.resolve() != Path(settings.decisions).resolve():
        what = "the graph has decisions of its own, which are left out since others are given"
        warnings.warn(GraphwrightWarning(what, str(own), "put them into one file"), stacklevel=3)
    return settings


def remove(identifiers: Iterable[str], *, store: str | Path, ledger: str | Path | None = None) -> int:
    """Remove documents from a graph that `build` keeps, by their ids, and say how many there were.

    What no other document states is gone with them. The settings are those of the last build. Raises StoreError as
    `build` does, and where there is no graph.
    """
    if not is_address(str(store)) and not (Path(store) / LEDGER).is_file():
        raise StoreError("no graph is kept here", str(store), "give the folder that a build wrote")
    with target(store, None, ledger) as (graph, book):
        number = book.remove(identifiers)
        if number:
            _Run(graph, book, remembered(book), lambda _: None, lambda *_: None).finish()
    return number


def _remember(ledger: Ledger, settings: Settings) -> None:
    """Keep the settings of a build for what is done to its graph later; paths are kept whole."""
    told = asdict(settings)
    for name in ("ontology", "gazetteers"):
        told[name] = [str(Path(file).absolute()) for file in told[name]]
    if settings.decisions is not None:
        told["decisions"] = str(Path(settings.decisions).absolute())
    if settings.model is not None and Path(settings.model).exists():
        told["model"] = str(Path(settings.model).absolute())
    ledger.remember("settings", json.dumps(told, sort_keys=True))


def remembered(ledger: Ledger) -> Settings:
    """The settings of the last build of a graph."""
    told = json.loads(ledger.remembered("settings") or "{}")
    known: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in told.items()}
    return Settings(**{name: value for name, value in known.items() if name in Settings.__dataclass_fields__})


class _Run:
    """One build on an open graph and ledger."""

    def __init__(
        self, graph: KnowledgeGraph, ledger: Ledger, settings: Settings, on_document: OnDocument, on_step: OnStep
    ) -> None:
        self.graph = graph
        self.ledger = ledger
        self.settings = settings
        self.on_document = on_document
        self.on_step = on_step
        self.configuration: Configuration = configuration(settings)
        self.seen: set[str] = set()
        self.failures: list[Failure] = []
        self.read = self.added = self.unchanged = self.waiting = 0

    @property
    def reader(self) -> Reader:
        """What reads documents, loaded when the first has to be read."""
        return reader(self.settings)

    def build(
        self,
        sources: Iterable[str | Path | Document],
        *,
        prune: bool,
        workers: int,
        time_limit: float,
        meter: Meter | None,
    ) -> Report:
        """Read what is new or changed, remove what is gone, and bring the graph up to date."""
        paths: list[str] = []

        def given() -> Iterator[str | Path | Document]:
            """The sources, noting their paths; of documents none is held longer than it is read."""
            for source in sources:
                if not isinstance(source, Document):
                    paths.append(str(Path(source)))
                yield source

        _remember(self.ledger, self.settings)
        settled = self.ledger.counts()["documents"]
        meter = meter if meter is not None else Meter()
        read: deque[int] = deque()

        def noted(batches: Iterable[list[Document]]) -> Iterator[list[Document]]:
            """The same, noting how far the sources are read."""
            for batch in batches:
                read.append(meter.read)
                yield batch

        stream = self.to_read(gathered(given(), self.settings.date, meter))
        batches = noted(batched(stream, self.settings.batch_size))
        with ExitStack() as stack:
            if workers:
                from graphwright.engines.processes import Pool

                outcomes = stack.enter_context(Pool(self.settings, workers, time_limit)).read(batches)
            else:
                outcomes = ((batch, self.read_here(batch)) for batch in batches)
            for batch, found in outcomes:
                meter.done = read.popleft()
                self.take(batch, found)
                if self.waiting >= max(SETTLE, settled):
                    settled += self.waiting
                    self.settle()
        removed = self.prune(paths) if prune else 0
        self.finish()
        counts = self.ledger.counts()
        return Report(
            self.read,
            self.added,
            self.unchanged,
            removed,
            tuple(self.failures),
            counts["entities"],
            counts["facts"],
        )

    def to_read(self, found: Iterable[Document | Failure]) -> Iterator[Document]:
        """The documents that are new or changed."""
        for one in found:
            if isinstance(one, Failure):
                self.fail(one)
                continue
            document = replace(_whole(one), date=one.date or checked_date(self.settings.date))
            if document.id in self.seen:
                error = DocumentError(
                    f"another document has the id {document.id!r}", document.source or document.id, "give each its own"
                )
                self.fail(Failure(document.source or document.id, error))
                continue
            self.seen.add(document.id)
            known = self.ledger.find(document.id)
            if known is not None and (known.hash, known.configuration) == (
                content_hash(document), self.configuration.hash,
            ):  # fmt: skip
                self.unchanged += 1
                self.on_document(document)
                continue
            yield document

    def read_here(self, batch: Sequence[Document]) -> list[Outcome]:
        """What comes of some documents that are read in this process."""
        found: list[Outcome] = []
        read_batch(self.reader, batch, found.append)
        return found

    def take(self, batch: Sequence[Document], outcomes: Sequence[Outcome]) -> None:
        """Write down what some documents say."""
        records = [one.result for one in outcomes if not isinstance(one.result, Failure)]
        new = sum(self.ledger.find(one.id) is None for one in records)
        configuration = self.configuration
        self.ledger.put(records, configuration.hash, configuration.told, configuration.rules)
        self.read += len(records)
        self.added += new
        self.waiting += len(records)
        for document, outcome in zip(batch, outcomes, strict=True):
            for warning in outcome.warnings:
                warnings.warn(warning, stacklevel=2)
            self.on_document(document)
            if isinstance(outcome.result, Failure):
                self.fail(outcome.result)

    def fail(self, failure: Failure) -> None:
        """Note what could not be read, and go on."""
        self.failures.append(failure)
        self.on_document(failure)

    def prune(self, paths: Iterable[str]) -> int:
        """Remove the documents that are gone; what could not be read now, of the paths that were given, is not gone."""
        failed = {failure.source for failure in self.failures}
        if unread := sorted(failed.intersection(paths)):
            what = "nothing is removed: a source cannot be read, and its documents would be taken for gone"
            mend = "mend the path, or leave it out to remove its documents"
            warnings.warn(GraphwrightWarning(what, ", ".join(unread), mend), stacklevel=2)
            return 0
        gone = [
            one for one in self.ledger.ids() if one not in self.seen and not is_from(self.ledger.source(one), failed)
        ]
        return self.ledger.remove(gone)

    def finish(self) -> None:
        """Bring the graph up to date, with its ontology and manifest."""
        if self.ledger.remembered("ontology") != self.configuration.ontology:
            self.graph.add_ontology(self.reader.triples, prefixes=dict(self.reader.ontology.prefixes))
            self.ledger.remember("ontology", self.configuration.ontology)
        self.settle()
        self.write()
        if self.settings.infer:
            self.on_step("reasoning", 0, 0)
            infer(self.graph)
        elif any(self.graph.store.quads_for_pattern(None, None, None, INFERRED_GRAPH)):
            self.graph.remove_graph(INFERRED_GRAPH)
        base = self.settings.base
        manifest = manifest_quads(self.ledger.counts(), self.ledger.configurations(), base=base)
        self.graph.replace({manifest_iri(base): manifest})
        if not isinstance(self.graph.store, Store):
            self.ledger.remember("manifest", _manifest_there(self.graph, base))
        else:
            self.graph.flush()

    def settle(self) -> None:
        """Find the things of all documents."""
        self.waiting = 0
        ledger, rules = self.ledger, self.configuration.rules
        if ledger.unsettled() or ledger.remembered("rules") not in (None, rules):
            resolver = self.reader.resolver
            self.on_step("finding who is who", 0, 0)
            ledger.settle(rules, resolver.matching, resolver.naming, resolver.profiles)

    def write(self) -> None:
        """Write to the graph what changed."""
        ledger = self.ledger
        decisions = self.heed()
        if any(ledger.unwritten()):
            resolver = self.reader.resolver
            index = ledger.index(resolver.matching, resolver.naming)

            def written(done: int, total: int) -> None:
                self.on_step("writing", done, total)

            project(
                ledger,
                self.graph,
                index,
                base=self.settings.base,
                wrong=self.wrong(),
                corrections=Corrections.among(decisions, self.settings.base, self.reader.ontology),
                on_written=written,
            )

    def heed(self) -> tuple[Decision, ...]:
        """What people say is wrong; where they say something new of a document, it is to be written again."""
        settings, ledger = self.settings, self.ledger
        decided = read_decisions(settings.decisions) if settings.decisions else ()
        decided = tuple(one for one in decided if not one.of_names)
        known = {Decision(**told) for told in json.loads(ledger.remembered("corrections") or "[]")}
        now = {replace(one, where="") for one in decided}
        if changed := known ^ now:
            concerned = {one.document for one in changed if one.about_facts}
            documents = ledger.ids() if "" in concerned else sorted(concerned)
            things = ledger.things(settings.base + one.name for one in changed if not one.about_facts)
            ledger.write_again(documents, things)
            ledger.remember("corrections", json.dumps([asdict(one) for one in sorted(now, key=repr)]))
        return decided

    def wrong(self) -> Wrong | None:
        """What says which facts of a document may not be asserted, if any."""
        if not self.settings.validate:
            return None
        from graphwright.graph.validation import Checker, document_violations

        checker = Checker(self.reader.ontology.triples)

        def found(quads: Sequence[Quad], types: Sequence[Triple]) -> Mapping[Triple, str]:
            return document_violations(quads, types, checker)

        return found


def is_from(source: str, files: Iterable[str]) -> bool:
    """Whether a document came from one of some files, or from within one: a line, a row, a member of an archive.

    >>> is_from("dump.tar/news.jsonl line 9", ["dump.tar"]), is_from("dump.tar.gz", ["dump.tar"])
    (True, False)
    """
    return any(source.startswith(file) and source[len(file) : len(file) + 1] in ("", "/", " ") for file in files)


def _whole(document: Document) -> Document:
    """The document with U+FFFD for lone surrogates, which neither SQLite nor RDF can hold; offsets stay."""

    def whole(text: str) -> str:
        return SURROGATES.sub("\ufffd", text)

    return replace(
        document,
        id=whole(document.id),
        text=whole(document.text),
        title=whole(document.title),
        source=whole(document.source),
    )


def gathered(
    sources: Iterable[str | Path | Document], date: str | None, meter: Meter | None = None
) -> Iterator[Document | Failure]:
    """Documents as they are, and what can be read from the paths."""
    paths = []
    for source in sources:
        if isinstance(source, Document):
            yield source
        else:
            paths.append(source)
    if paths:
        yield from read(paths, date=date, meter=meter)


# ------------------------------------------------------------------------------------------------------------- targets


@contextmanager
def target(
    store: str | Path | None, settings: Settings | None, place: str | Path | None = None
) -> Iterator[tuple[KnowledgeGraph, Ledger]]:
    """The graph and the ledger that a build writes to; a folder that it made and left empty is taken away again.

    ``place`` is the folder for the ledger of a graph on a server.
    """
    with ExitStack() as stack:
        if store is None or _is_file(store):
            ledger = Ledger()
            stack.callback(ledger.close)
            yield KnowledgeGraph.create(), ledger
            return
        if is_address(str(store)):
            graph, ledger = _open_server(str(store), state_folder(str(store), place), settings)
            stack.callback(ledger.close)
            yield graph, ledger
            return
        folder = Path(store)
        new = not folder.exists()
        graph, ledger = _open_folder(folder)
        try:
            if settings is not None:
                _check_base(ledger, str(folder), settings.base)
            yield graph, ledger
        finally:
            empty = new and not ledger.ids()
            ledger.close()
            graph.close()
            if empty:
                shutil.rmtree(folder, ignore_errors=True)


def _open_server(address: str, folder: Path, settings: Settings | None) -> tuple[KnowledgeGraph, Ledger]:
    graph = KnowledgeGraph.open(address)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"the ledger cannot be kept: {error.strerror}", str(folder), "give another folder with --ledger"
        ) from error
    check_layout(folder)
    mark_layout(folder)
    ledger = Ledger(folder / LEDGER)
    try:
        if settings is not None:
            _check_base(ledger, address, settings.base)
        known, there = ledger.remembered("manifest"), _manifest_there(graph, ledger.remembered("base") or DEFAULT.base)
        if known is None and there and not ledger.ids():
            raise StoreError(
                f"the server has a graph that is kept by another ledger than that in {folder}",
                address,
                "give that ledger with --ledger, or empty the dataset first",
            )
        if known is not None and known != there:
            ledger.forget_writing()
    except BaseException:
        ledger.close()
        raise
    return graph, ledger


def _manifest_there(graph: KnowledgeGraph, base: str) -> str:
    """What the manifest in a graph says, as a hash, "" where there is none."""
    quads = sorted(map(str, graph.store.quads_for_pattern(None, None, None, manifest_iri(base))))
    return hashlib.sha256("\n".join(quads).encode()).hexdigest() if quads else ""


def _open_folder(folder: Path) -> tuple[KnowledgeGraph, Ledger]:
    if not folder.absolute().parent.is_dir():
        raise StoreError("there is no folder to keep the graph in", str(folder), f"make {str(folder.parent)!r} first")
    if folder.exists() and not folder.is_dir():
        raise StoreError("there is a file of this name", str(folder), "give the name of a folder, or of an RDF file")
    check_layout(folder)
    kept = (folder / LEDGER).is_file()
    if not kept and folder.exists() and any(one.name != "layout" for one in folder.iterdir()):
        what = "the graph in the folder was not kept by a build" if holds_graph(folder) else "the folder is in use"
        raise StoreError(what, str(folder), "give another folder")
    mark_layout(folder)
    if not kept:  # before all else, so that a build which is broken off leaves a folder that the next one knows
        (folder / LEDGER).touch()
    graph = KnowledgeGraph.keep(folder)
    try:
        ledger = Ledger(folder / LEDGER)
        if graph.is_empty():  # somebody took it away, or its making was broken off
            ledger.forget_writing()
        return graph, ledger
    except BaseException:
        graph.close()
        raise


def _check_base(ledger: Ledger, where: str, base: str) -> None:
    known = ledger.remembered("base")
    if known is None:
        ledger.remember("base", base)
    elif known != base:
        raise StoreError(f"the IRIs of the graph start with {known}, not with {base}", where, f"give --base {known}")


def _is_file(store: str | Path | None) -> bool:
    """Whether a graph is to be written to an RDF file, and not kept in a folder or on a server."""
    if store is None or is_address(str(store)):
        return False
    return not Path(store).is_dir() and Path(store).suffix not in ("", ".store", ".oxigraph")


def _reopened(graph: KnowledgeGraph, store: str | Path | None) -> KnowledgeGraph:
    """The graph as readers see it: nobody is kept from writing to it by whoever asked for the build."""
    if store is None or _is_file(store) or is_address(str(store)) or not Path(store).exists():
        return graph
    return KnowledgeGraph.open(store)
