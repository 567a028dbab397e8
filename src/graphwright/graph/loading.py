"""Bulk loading: shards of RDF go into a graph in a folder or on a server, and a load that broke off goes on.

A shard is a file, as engines on many machines write them. It is read twice: first to find its mistakes and its number
of quads, then to write it, in pieces of bounded memory. After each piece a line in the record (`RECORD`) says how far
the shard is. A piece that was written and not recorded is written again, which changes nothing.

Blank nodes are nodes of their file, as RDF has it. But the N-Quads and N-Triples of a folder are the parts of one
dataset: in them a label is the same node in every file, and stays as it is. So the folder that an engine wrote gives
the graph that it wrote.

A build on many machines writes a whole graph at each run, in a version of its own (`VERSION`). Two of them in one graph
would bring back what the later has no more: versions are not mixed, and one that is not complete is no graph.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO, cast

from pyoxigraph import BlankNode, Quad, RdfFormat, Store, Triple, parse, serialize

from graphwright.content import check_content
from graphwright.errors import StoreError
from graphwright.graph.files import FORMATS, is_address
from graphwright.graph.folder import LEDGER, RECORD, check_layout, holds_graph, mark_layout
from graphwright.graph.knowledge import KnowledgeGraph
from graphwright.graph.reasoning import infer as inferred

PIECE = 200_000
"""How many quads are written to a folder at a time. Memory grows with them, by some 2 KB for each; fewer make more
files, which readers pay for."""

PIECE_ON_SERVER = 100_000
"""The same for a server."""

VERSION = re.compile(r"version-(\d{6,})")
"""The name of the folder of a run, within that of a build on many machines; its shards are in a folder `SHARDS`."""

SHARDS, REPORT = "graph", "report.json"
"""What is in the folder of a version; the report is written last, and tells that the version is complete."""

_TOLD_EVERY = 20_000  # quads between two reports
_LABELLED = (RdfFormat.N_QUADS, RdfFormat.N_TRIPLES)
_BROKEN = (gzip.BadGzipFile, EOFError, zlib.error)


@dataclass(frozen=True, slots=True)
class Shard:
    """A file of RDF. ``shared`` tells whether its blank nodes are those of the other files of its folder."""

    path: Path
    format: RdfFormat
    shared: bool = False

    @property
    def compressed(self) -> bool:
        """Whether it is a gzip file."""
        return self.path.suffix.lower() == ".gz"

    @property
    def version(self) -> Path | None:
        """The folder of the version that it is a part of, None where it is none."""
        folder = self.path.resolve().parent
        return folder.parent if folder.name == SHARDS and VERSION.fullmatch(folder.parent.name) else None


@dataclass(frozen=True, slots=True)
class Loading:
    """How far a load is: the shard that is read, its number from 1, how many there are, the ``quads`` written so far,
    the ``seconds`` since the start, and which ``part`` of all bytes is done, from 0 to 1."""

    shard: Path
    number: int
    shards: int
    quads: int
    seconds: float
    part: float

    @property
    def rate(self) -> float:
        """Quads per second."""
        return self.quads / self.seconds if self.seconds else 0.0

    @property
    def left(self) -> float | None:
        """How many seconds it will still take; None where that cannot be told yet."""
        return self.seconds * (1 - self.part) / self.part if self.part else None


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did: how many ``shards`` it wrote, of how many ``quads``, how many were there before (``unchanged``),
    and in how many ``seconds``. Quads that a shard repeats are counted as often as it has them."""

    shards: int = 0
    unchanged: int = 0
    quads: int = 0
    seconds: float = 0.0


OnLoading = Callable[[Loading], None]


def load(
    shards: Iterable[str | Path],
    *,
    store: str | Path,
    ledger: str | Path | None = None,
    infer: bool = False,
    on_progress: OnLoading | None = None,
) -> Loaded:
    """Load RDF into a graph, beside what is in it.

    ``shards`` are files and folders of such, which are taken in the order of their names; what begins with "_" or "."
    is left out. Files are N-Quads, N-Triples, Turtle and TriG, also compressed (``.nq.gz``), or in another format of
    `FORMATS`. ``store`` is a folder, new or filled by a load, or the address of a SPARQL server. As in every graph
    here, the default graph then holds the union of the named graphs, each triple once.

    What was loaded is recorded in the folder, or for a server in the folder ``ledger`` (else among the user's files):
    a shard with the same content is not loaded twice, and a load that was broken off goes on where it was, with the
    same result. ``on_progress`` is told now and then how far it is. With ``infer`` what follows from all facts that the
    graph has then is put into a graph of its own, as `build` does; the facts are held in memory for that.

    Raises StoreError where a shard is broken, with its line: nothing of it is written then, what came before it stays,
    and loading again goes on. Likewise for a graph that `build` keeps, for a build would not know of what was loaded;
    and for a version of a build on many machines that is not complete, or another than the graph has.

    >>> load(["out"], store="news.store").quads  # doctest: +SKIP
    1200000
    """
    found = find_shards(shards)
    with _target(store, ledger) as (graph, record):
        return _Load(graph, record, found, on_progress or (lambda _: None)).run(infer)


def find_shards(places: Iterable[str | Path]) -> list[Shard]:
    """Return the shards at some paths, each once.

    Raises StoreError for what is none, where there are none, and where they are of several versions of a build, or of
    one that is not complete.
    """
    found: dict[Path, Shard] = {}
    for given in places:
        place = Path(given)
        if "://" in str(given):
            what, mend = "shards are read from files", "copy them to this machine (hdfs dfs -get, aws s3 cp)"
            raise StoreError(what, str(given), mend)
        if place.is_dir():
            inside = [path for path in sorted(place.rglob("*")) if path.is_file() and not _is_hidden(path, place)]
            parts = [Shard(path, format, True) for path in inside if (format := _format_of(path))]
            if not parts:
                raise StoreError("the folder holds no shards", str(place), f"put files there: {_known()}")
        elif not place.exists():
            raise StoreError("there is no such file or folder", str(place), "check the path")
        elif format := _format_of(place):
            parts = [Shard(place, format)]
        else:
            raise StoreError(f"{''.join(place.suffixes) or place.name!r} is no RDF", str(place), f"give {_known()}")
        for shard in parts:
            found.setdefault(shard.path.resolve(), shard)
    _check_versions({shard.version for shard in found.values()} - {None})
    return list(found.values())


def _check_versions(found: Iterable[Path | None]) -> None:
    known: dict[Path, Path] = {}
    for version in sorted(filter(None, found)):
        if not (version / REPORT).is_file():
            what, mend = "the build of this version is not complete", "wait for it, or build again; or give another"
            raise StoreError(what, str(version), mend)
        before = known.setdefault(version.parent, version)
        if before != version:
            what = f"there are several versions of a graph, each of which is a whole one: {before.name}, {version.name}"
            raise StoreError(what, str(version.parent), f"give one of them, as {version / SHARDS}")


_STREAMS = (RdfFormat.N_QUADS, RdfFormat.N_TRIPLES, RdfFormat.TURTLE, RdfFormat.TRIG)
"""What is read as a stream, and so from a compressed file of any size."""


def _known() -> str:
    packed = ", ".join(f"{suffix}.gz" for suffix, format in FORMATS.items() if format in _STREAMS)
    return f"{', '.join(FORMATS)}, {packed}"


def _is_hidden(path: Path, folder: Path) -> bool:
    """Whether it is what engines write beside shards: _SUCCESS, _temporary, .part-00000.crc."""
    return any(part.startswith(("_", ".")) for part in path.relative_to(folder).parts)


def _format_of(path: Path) -> RdfFormat | None:
    if path.suffix.lower() != ".gz":
        return FORMATS.get(path.suffix.lower())
    format = FORMATS.get(path.with_suffix("").suffix.lower())
    return format if format in _STREAMS else None


# -- reading ----------------------------------------------------------------------------------------------------------


def _parsed(shard: Shard) -> Iterator[Quad]:
    """Yield the quads of a shard as they stand there. Raises StoreError, with the line, where it is broken."""
    try:
        base = shard.path.absolute().as_uri()
        if shard.compressed:
            with gzip.open(shard.path) as source:
                yield from parse(cast(IO[bytes], source), shard.format, base_iri=base)
        else:
            check_content(shard.path, shard.format)
            yield from parse(path=shard.path, format=shard.format, base_iri=base)
    except SyntaxError as error:
        line = f":{error.lineno}" if error.lineno else ""
        raise StoreError(f"the shard is broken: {error.msg}", f"{shard.path}{line}", _AGAIN) from error
    except (*_BROKEN, ValueError) as error:
        raise StoreError(f"the shard is broken: {error}", str(shard.path), _AGAIN) from error
    except OSError as error:
        raise StoreError(f"the shard cannot be read: {error}", str(shard.path), "check the file and your rights") from (
            error
        )


_AGAIN = "write it anew, then load again: what was loaded is not read again"


def _quads(shard: Shard, digest: str) -> Iterator[Quad]:
    """Yield the quads of a shard, with blank nodes whose names follow from its content."""
    if shard.format in _LABELLED and shard.shared:
        yield from _parsed(shard)
        return
    named: dict[str, BlankNode] = {}
    labelled = shard.format in _LABELLED

    def name(term: object) -> object:
        if isinstance(term, BlankNode):
            if labelled:
                return BlankNode(f"x{digest[:16]}-{term.value}")
            # Without a label it has another name at each reading, but comes at the same place.
            return named.setdefault(term.value, BlankNode(f"x{digest[:16]}-{len(named)}"))
        if isinstance(term, Triple):
            return Triple(*map(name, term))  # type: ignore[arg-type]
        return term

    for quad in _parsed(shard):
        if any(isinstance(term, BlankNode | Triple) for term in quad):
            quad = Quad(*map(name, quad))  # type: ignore[arg-type]
        yield quad


def _looked_at(shard: Shard) -> str:
    """Return the hash of a shard."""
    digest = hashlib.sha256()
    try:
        with shard.path.open("rb") as source:
            while block := source.read(2**20):
                digest.update(block)
    except OSError as error:
        what = f"the shard cannot be read: {error.strerror}"
        raise StoreError(what, str(shard.path), "check the file and your rights") from error
    return digest.hexdigest()


# -- writing ----------------------------------------------------------------------------------------------------------


class _Load:
    """One load into an open graph."""

    def __init__(self, graph: KnowledgeGraph, record: _Record, shards: list[Shard], told: OnLoading) -> None:
        self.graph = graph
        self.record = record
        self.shards = shards
        self.told = told
        self.sizes = [max(shard.path.stat().st_size, 1) for shard in shards]
        self.piece = PIECE if isinstance(graph.store, Store) else PIECE_ON_SERVER
        self.start = time.monotonic()
        self.quads = self.number = self.skipped = 0

    def run(self, infer: bool) -> Loaded:
        """Load what is not loaded, and then put what follows beside it if that is wanted."""
        for version in {shard.version for shard in self.shards} - {None}:
            self.check(cast(Path, version))
        written = unchanged = 0
        for number, shard in enumerate(self.shards):
            self.number = number
            digest = _looked_at(shard)
            step = self.record.of(digest)
            if step is not None and step.last and not self.holds(step.last):
                step = None  # somebody emptied the graph
            if step is not None and step.quads == step.of:
                unchanged += 1
                self.skipped += self.sizes[number]
                continue
            self.write(shard, digest, step.quads if step else 0)
            written += 1
        if infer:
            inferred(self.graph)
        self.graph.flush()
        return Loaded(written, unchanged, self.quads, time.monotonic() - self.start)

    def check(self, version: Path) -> None:
        """Raise StoreError for another version of a build than the graph has."""
        step = self.record.newest(version.parent)
        if step is not None and Path(step.version) != version and self.holds(step.last):
            what = f"the graph has {Path(step.version).name} of this build, and each version is a whole graph"
            raise StoreError(what, str(version), "load it into a new folder, or an empty dataset")

    def write(self, shard: Shard, digest: str, done: int) -> None:
        """Write a shard from a quad on, piece by piece."""
        of = sum(1 for _ in _parsed(shard))
        quads = _quads(shard, digest)
        last, version = "", str(shard.version or "")
        for quad in islice(quads, done):
            last = _line(quad)
        while done < of:
            before = done
            newest: Quad | None = None

            def piece() -> Iterator[Quad]:
                nonlocal done, newest
                for newest in islice(quads, self.piece):
                    done += 1
                    self.quads += 1
                    if self.quads % _TOLD_EVERY == 0:
                        self.tell(shard, done / of)
                    yield newest

            self.graph.add(piece())
            if done == before or newest is None:
                raise StoreError("the shard changed while it was loaded", str(shard.path), "load it again")
            last = _line(newest)
            self.record.add(digest, _Step(done, of, last, version), shard.path)
        if not of:
            self.record.add(digest, _Step(0, 0, "", version), shard.path)
        self.tell(shard, 1.0)

    def tell(self, shard: Shard, part: float) -> None:
        """Tell how far it is; what was there before took no time, and counts for nothing."""
        done = sum(self.sizes[: self.number]) + part * self.sizes[self.number] - self.skipped
        whole = sum(self.sizes) - self.skipped
        seconds = time.monotonic() - self.start
        self.told(Loading(shard.path, self.number + 1, len(self.shards), self.quads, seconds, done / whole))

    def holds(self, line: str) -> bool:
        """Whether the graph still holds what was written to it."""
        quad = next(parse(line.encode(), RdfFormat.N_QUADS))
        return quad in self.graph.store


def _line(quad: Quad) -> str:
    return (serialize([quad], format=RdfFormat.N_QUADS) or b"").decode()


@dataclass(frozen=True, slots=True)
class _Step:
    """How much of a shard is written: ``quads`` of all ``of`` it has, the ``last`` of them as N-Quads. ``version`` is
    the folder of the version that it is a part of, "" where it is none."""

    quads: int
    of: int
    last: str
    version: str = ""


class _Record:
    """The shards that were loaded, by the hashes of their content: a line of JSON for each piece."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._steps: dict[str, _Step] = {}
        self._builds: dict[Path, _Step] = {}  # by the folders of builds on many machines
        for digest, step in _recorded(path):
            self._note(digest, step)

    def of(self, digest: str) -> _Step | None:
        """Return how far a shard is, None where nothing is known of it."""
        return self._steps.get(digest)

    def newest(self, build: Path) -> _Step | None:
        """Return what was loaded last of a build on many machines."""
        return self._builds.get(build)

    def _note(self, digest: str, step: _Step) -> None:
        self._steps[digest] = step
        if step.version and step.last:
            self._builds[Path(step.version).parent] = step

    def add(self, digest: str, step: _Step, shard: Path) -> None:
        """Write down how far a shard is. Raises StoreError where that fails."""
        self._note(digest, step)
        told: Mapping[str, object] = {
            "shard": shard.name, "version": step.version, "sha256": digest, "quads": step.quads, "of": step.of,
            "last": step.last,
        }  # fmt: skip
        try:
            with self.path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(told) + "\n")
        except OSError as error:
            what = f"what was loaded cannot be recorded: {error.strerror}"
            raise StoreError(what, str(self.path), "check the disk and your rights") from error


def _recorded(path: Path) -> Iterator[tuple[str, _Step]]:
    if not path.is_file():
        return
    for line in path.read_text("utf-8", "replace").splitlines():
        try:
            told = json.loads(line)
            step = _Step(int(told["quads"]), int(told["of"]), str(told["last"]), str(told.get("version", "")))
            yield str(told["sha256"]), step
        except (ValueError, KeyError, TypeError):
            continue  # its writer was killed in the midst of the line


# -- targets ----------------------------------------------------------------------------------------------------------


@contextmanager
def _target(store: str | Path, ledger: str | Path | None) -> Iterator[tuple[KnowledgeGraph, _Record]]:
    """Open the graph to load into, and the record of what was loaded."""
    if is_address(store):
        graph, folder = _on_server(str(store), ledger)
    else:
        graph, folder = _in_folder(Path(store)), Path(store)
    try:
        yield graph, _Record(folder / RECORD)
    finally:
        graph.close()


def _on_server(address: str, ledger: str | Path | None) -> tuple[KnowledgeGraph, Path]:
    from graphwright.graph.endpoints import state_folder  # an HTTP client is no small thing to load

    folder = state_folder(address, ledger)
    _refuse_kept(folder, "load into another dataset, or keep the record elsewhere (--ledger)")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        what = f"what is loaded cannot be recorded: {error.strerror}"
        raise StoreError(what, str(folder), "give another folder with --ledger") from error
    return KnowledgeGraph.open(address), folder


def _in_folder(folder: Path) -> KnowledgeGraph:
    if not folder.absolute().parent.is_dir():
        raise StoreError("there is no folder to keep the graph in", str(folder), f"make {str(folder.parent)!r} first")
    if folder.exists() and not folder.is_dir():
        raise StoreError("there is a file of this name", str(folder), "give a folder, or the address of a server")
    if folder.suffix.lower() in FORMATS or folder.suffix.lower() == ".gz":
        raise StoreError("this is the name of an RDF file", str(folder), "give a folder, or the address of a server")
    check_layout(folder)
    _refuse_kept(folder, "load into a new folder, or give the documents to build")
    if holds_graph(folder):
        return KnowledgeGraph.open(folder, writable=True)
    if folder.exists() and any(not one.name.startswith(("layout", "graph", RECORD)) for one in folder.iterdir()):
        raise StoreError("there is something else than a graph", str(folder), "give another folder")
    mark_layout(folder)
    return KnowledgeGraph.keep(folder)


def _refuse_kept(folder: Path, mend: str) -> None:
    if (folder / LEDGER).is_file():
        raise StoreError("a build keeps this graph, and would not know of what is loaded", str(folder), mend)
