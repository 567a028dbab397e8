"""The knowledge graph: an Oxigraph store, in memory or on disk, with what is asked of it every day."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from pyoxigraph import (
    CanonicalizationAlgorithm,
    Dataset,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    Store,
    Triple,
)

from graphwright.content import check_content
from graphwright.errors import StoreError
from graphwright.graph import display, frames, network
from graphwright.graph import vocabulary as v
from graphwright.graph.assembly import as_quads, is_provenance
from graphwright.graph.files import FORMATS, in_default_graph, is_address, replacing, write_rdf
from graphwright.graph.folder import GRAPH, check_layout, file_lists, files_stamp, holds_graph, is_oxigraph, mark_layout
from graphwright.graph.results import Answer, QueryResult, query_error
from graphwright.graph.selection import ALL, Selection
from graphwright.graph.syntax import check_depth
from graphwright.graph.terms import in_graph
from graphwright.graph.writing import MANY, exchange, load_lines

if TYPE_CHECKING:
    import igraph
    import networkx
    import pandas
    import rdflib

    from graphwright.graph.remote import RemoteStore

_FOLDERS = frozenset({"", ".store", ".oxigraph"})
_UNION = DefaultGraph()
_PAUSES = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0)
"""How many seconds a reader waits for a writer that puts files together, each time."""


@dataclass(frozen=True, slots=True)
class DocumentRecord:
    """What the graph knows of a document. ``date`` has the precision it was given with; "" stands for unknown."""

    iri: str
    id: str
    title: str = ""
    date: str = ""
    source: str = ""


class KnowledgeGraph:
    """Facts with their evidence, a named graph per document, in an Oxigraph store.

    Beside the named graphs the default graph holds their union, without repetition. Oxigraph can compute that union for
    a query, but answers with a triple as often as there are graphs that state it, and so counts wrongly.

    Make one with `create` or `open`; ``store`` is there for what this class does not do, but whoever writes to it must
    write to the default graph as well.
    """

    def __init__(
        self, store: Store | RemoteStore, *, path: Path | None = None, prefixes: Mapping[str, str] | None = None
    ) -> None:
        self.store = store
        self.path = path
        self._prefixes = dict(prefixes or {})

    # -- opening, filling, saving -------------------------------------------------------------------------------------

    @classmethod
    def create(cls, path: str | Path | None = None, *, prefixes: Mapping[str, str] | None = None) -> KnowledgeGraph:
        """Return an empty graph in memory, or in a new or empty folder at ``path``.

        Raises StoreError where something is there already.
        """
        if path is None:
            return cls(Store(), prefixes=prefixes)
        folder = Path(path)
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise StoreError("there is something already", str(folder), "give a new folder, or open the graph in it")
        mark_layout(folder)
        return cls(_open_folder(folder / GRAPH, writable=True), path=folder, prefixes=prefixes)

    @classmethod
    def keep(cls, folder: Path, *, prefixes: Mapping[str, str] | None = None) -> KnowledgeGraph:
        """Open the graph in a folder for writing, by this process alone; make it where there is none.

        Raises StoreError where it is in use by another writer, or cannot be written.
        """
        mark_layout(folder)
        if not (folder / GRAPH).exists():
            _make_store(folder / GRAPH)
        graph = cls(_open_folder(folder / GRAPH, writable=True), path=folder)
        graph._prefixes = {**graph._declared_prefixes(), **(prefixes or {})}
        return graph

    def close(self) -> None:
        """Let another process write to the folder. The graph cannot be used any more."""
        if not isinstance(self.store, Store):
            self.store.close()
        del self.store

    @classmethod
    def open(
        cls, path: str | Path, *, writable: bool = False, prefixes: Mapping[str, str] | None = None
    ) -> KnowledgeGraph:
        """Open the store in a folder, load an RDF file into memory, or ask a SPARQL server at an ``https://`` address.

        A folder is opened read-only, so that many processes may read it at once, each as it was on opening; with
        ``writable`` by one process alone. A server is as writable as it lets us; for its endpoints and passwords see
        `graphwright.graph.remote.RemoteStore`. Prefixes declared when the ontology was added are known again.

        Raises StoreError where the path is missing, the folder holds no store or is in use by a writer, the suffix is
        unknown, the file is broken, or the server does not answer.
        """
        if is_address(path):
            from graphwright.graph.remote import RemoteStore  # an HTTP client is no small thing to load

            graph = cls(RemoteStore(str(path)))
            graph._prefixes = {**graph._declared_prefixes(), **(prefixes or {})}
            return graph
        place = Path(path)
        if not place.exists():
            raise StoreError("there is no such file or folder", str(place), "check the path, or build the graph first")
        if place.is_dir():
            check_layout(place)
            if not holds_graph(place):
                raise StoreError("the folder holds no graph", str(place), "give the folder that a build wrote")
            inner = place if is_oxigraph(place) else place / GRAPH
            graph = cls(_open_folder(inner, writable=writable), path=place)
            if writable and graph.lacks_union():
                graph._make_union()
        else:
            graph = cls.create()
            graph._load(place)
        graph._prefixes = {**graph._declared_prefixes(), **(prefixes or {})}
        return graph

    def add(self, quads: Iterable[Quad]) -> None:
        """Add quads, as `assemble` yields them, in batches of bounded memory; adding again changes nothing.

        Raises StoreError where the store was opened read-only or cannot be written.
        """
        try:
            self.store.bulk_extend(_with_union(quads))
        except (RuntimeError, OSError) as error:
            raise self._not_writable(error) from error

    def add_ontology(self, triples: Iterable[Triple], *, prefixes: Mapping[str, str] | None = None) -> None:
        """Put an ontology in the place of the one in the graph, so that queries can use its hierarchy and labels.

        It goes into the named graph `ONTOLOGY_GRAPH`. ``prefixes`` are those of the ontology; queries need not declare
        them, and they are kept with the graph. Raises StoreError where the store cannot be written.
        """
        self._prefixes |= prefixes or {}
        # A parser names blank nodes at random; the canonical names make equal ontologies equal to the byte.
        dataset = Dataset(in_graph(triple, v.ONTOLOGY_GRAPH) for triple in triples)
        dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
        self.replace({v.ONTOLOGY_GRAPH: [*dataset, *_prefix_quads(self._prefixes)]})

    def replace(self, graphs: Mapping[NamedNode, Iterable[Quad]]) -> None:
        """Put quads in the place of those of named graphs, all at once or, where that fails, not at all.

        The quads of a graph all have its name. Raises StoreError where the store cannot be written.
        """
        removed: list[Quad] = []
        added: list[Quad] = []
        for name, quads in graphs.items():
            there = set(self.store.quads_for_pattern(None, None, None, name))
            if not there:
                added += quads
                continue
            wanted = set(quads)
            removed += there - wanted
            added += wanted - there
        self._exchange(removed, added)

    def put(self, graphs: Mapping[NamedNode, Sequence[str]]) -> None:
        """Put triples in the place of those of named graphs, as `replace`; a graph that is new is written in bulk.

        The triples are `graphwright.graph.assembly.Lines`. Broken off, it has to be repeated. Raises StoreError where
        the store cannot be written.
        """
        store = self.store
        there: list[NamedNode] = []
        new: list[NamedNode] = []
        for name in graphs:
            known = not isinstance(store, Store) or store.contains_named_graph(name)
            (there if known else new).append(name)
        if isinstance(store, Store) and 2 * sum(len(graphs[name]) for name in new) >= MANY:
            self._write_lines({name: graphs[name] for name in new})
        else:
            there += new
        if there:
            self.replace({name: as_quads(graphs[name], name) for name in there})

    def describe(self, things: Mapping[NamedNode, Sequence[str]], name: NamedNode) -> None:
        """Put descriptions of things in the place of those in the graph ``name``; what is new is written in bulk.

        They are `graphwright.graph.assembly.Lines`. What describes a thing has it for its subject, or hangs on it in
        one step. Broken off, it has to be repeated. Raises StoreError where the store cannot be written.
        """
        store = self.store
        if isinstance(store, Store):
            new = [one for one in things if next(store.quads_for_pattern(one, None, None, name), None) is None]
            lines = [line for one in new for line in things[one]]
            if 4 * len(lines) >= MANY:
                self._write_lines({name: lines})
                known = set(new)
                things = {one: lines for one, lines in things.items() if one not in known}
        wanted = set(as_quads((line for lines in things.values() for line in lines), name))
        there = set(self._described(things, name))
        self._exchange(list(there - wanted), list(wanted - there))

    def _write_lines(self, graphs: Mapping[NamedNode, Sequence[str]]) -> None:
        """Write lines in bulk."""
        assert isinstance(self.store, Store)
        try:
            load_lines(self.store, graphs)
        except (RuntimeError, OSError) as error:
            raise self._not_writable(error) from error

    def _described(self, things: Iterable[NamedNode], name: NamedNode) -> Iterator[Quad]:
        """Yield what there is in a graph of some things, and of what hangs on them."""
        if not isinstance(self.store, Store):  # a request for each would take long
            listed = " ".join(map(str, things))
            for pattern in ("?t ?p ?o BIND (?t AS ?s)", f"?t {v.IDENTIFICATION} ?s . ?s ?p ?o"):
                text = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ VALUES ?t {{ {listed} }} GRAPH {name} {{ {pattern} }} }}"
                yield from (in_graph(triple, name) for triple in self.query(text).triples())
            return
        for thing in things:
            for quad in self.store.quads_for_pattern(thing, None, None, name):
                yield quad
                if quad.predicate == v.IDENTIFICATION and isinstance(quad.object, NamedNode):
                    yield from self.store.quads_for_pattern(quad.object, None, None, name)

    def remove_document(self, identifier: str) -> bool:
        """Remove the named graph of a document, given by id or IRI, and what is known of things that no other tells of.

        Says whether there was one. What other documents state too stays. A graph in a folder that `build` keeps is
        changed by `build` and `remove` alone. Raises StoreError where the store cannot be written.
        """
        found = [document for document in self.documents() if identifier in (document.id, document.iri)]
        for document in found:
            node = NamedNode(document.iri)
            told = [quad.object for quad in self.store.quads_for_pattern(node, v.MENTIONS, None, node)]
            self.remove_graph(node)
            for thing in told:
                if not isinstance(thing, NamedNode) or any(self.store.quads_for_pattern(None, v.MENTIONS, thing, None)):
                    continue
                for quad in list(self.store.quads_for_pattern(thing, v.LABEL, None, None)):
                    if isinstance(quad.graph_name, NamedNode):
                        self.describe({thing: ()}, quad.graph_name)
        return bool(found)

    def remove_graph(self, name: NamedNode) -> None:
        """Remove a named graph, and from the union what no other graph states."""
        if not isinstance(self.store, Store):
            self.store.forget_graph(name)
            return
        self.replace({name: ()})
        try:
            self.store.remove_graph(name)
        except (RuntimeError, OSError) as error:
            raise self._not_writable(error) from error

    def _exchange(self, removed: Sequence[Quad], added: Sequence[Quad]) -> None:
        """Take quads away and add others, in one transaction, and keep the union what it has to be."""
        if not isinstance(self.store, Store):
            if removed or added:
                self.store.replace(removed, added)
            return
        union = [in_graph(quad, _UNION) for quad in added]
        stated = {quad.triple for quad in added} if removed else set()
        gone = set(removed)

        def elsewhere(triple: Triple) -> bool:
            found = self.store.quads_for_pattern(triple.subject, triple.predicate, triple.object, None)
            return any(not in_default_graph(quad) and quad not in gone for quad in found)

        lost = {quad.triple for quad in removed if quad.triple not in stated}
        out = [*removed, *(in_graph(triple, _UNION) for triple in lost if not elsewhere(triple))]
        into = [*added, *union]
        try:
            exchange(self.store, out, into)
        except (RuntimeError, OSError) as error:
            raise self._not_writable(error) from error

    def flush(self) -> None:
        """Put into their files what is so far only in the log of the store, which all readers would have to replay.

        Raises StoreError where the store cannot be written.
        """
        try:
            self.store.flush()
        except (RuntimeError, OSError) as error:
            raise self._not_writable(error) from error

    def save(self, path: str | Path) -> None:
        """Write the graph to an RDF file, or to a store folder where ``path`` has no suffix or is a folder.

        What is there is replaced when the new one is complete, and left as it is when that fails. Equal graphs give
        equal RDF files. Raises StoreError for an unknown suffix, a folder that holds something else than a store, a
        store in use by a writer, and a disk that cannot be written.
        """
        place = Path(path)
        if place.is_dir() or place.suffix in _FOLDERS:
            self._save_folder(place)
            return
        if place.suffix.lower() not in FORMATS:
            raise _unknown_suffix(place)
        with replacing(place) as new, new.open("wb") as output:
            write_rdf(self.quads(), self.triples(), output, FORMATS[place.suffix.lower()], self.prefixes)

    def _save_folder(self, folder: Path) -> None:
        if self.path is not None and folder.exists() and folder.samefile(self.path):
            self.store.flush()
            return
        if folder.exists():
            if not folder.is_dir() or (not holds_graph(folder) and any(folder.iterdir())):
                raise StoreError("there is something else than a graph", str(folder), "give another folder")
            # Opening takes the lock: a store that someone writes to must not be taken away.
            if holds_graph(folder):
                check_layout(folder)
                _open_folder(folder if is_oxigraph(folder) else folder / GRAPH, writable=True)
        with replacing(folder) as new:
            shutil.rmtree(new, ignore_errors=True)
            mark_layout(new)
            store = Store(str(new / GRAPH))
            store.bulk_extend(iter(self.store))
            store.flush()
            # The lock must be free before the folder gets its name.
            del store

    def _load(self, path: Path) -> None:
        format = FORMATS.get(path.suffix.lower())
        if format is None:
            raise _unknown_suffix(path)
        assert isinstance(self.store, Store)
        try:
            check_content(path, format)
            with path.open("rb") as source:
                self.store.bulk_load(source, format=format, base_iri=path.absolute().as_uri())
        except SyntaxError as error:
            raise StoreError(f"the file is broken: {error.args[0]}", str(path), "write the file anew") from error
        except (OSError, ValueError, RuntimeError) as error:
            raise StoreError(
                f"the file cannot be read: {error}", str(path), "check the file and your rights"
            ) from error
        self._make_union()

    def _make_union(self) -> None:
        named = (quad for quad in self.store if not in_default_graph(quad))
        self.store.bulk_extend(in_graph(quad, _UNION) for quad in named)

    def _not_writable(self, error: Exception) -> StoreError:
        where = "the graph in memory" if self.path is None else str(self.path)
        return StoreError(f"the graph cannot be written: {error}", where, "open it with writable=True, check the disk")

    # -- asking -------------------------------------------------------------------------------------------------------

    @property
    def prefixes(self) -> Mapping[str, str]:
        """From prefix to namespace: what a query need not declare."""
        return MappingProxyType({**v.PREFIXES, **self._prefixes})

    def query(self, sparql: str) -> QueryResult:
        """Answer a SPARQL 1.1 query over all that the documents and the ontology state, and what was inferred from it.

        ``GRAPH <document> { … }`` asks one document alone. The prefixes of `prefixes` need no declaration, and one that
        the query declares itself goes before them. Raises QueryError, with the place, for what is no SPARQL.

        >>> graph = KnowledgeGraph.create()
        >>> [row["who"] for row in graph.query("SELECT ?who WHERE { ?who a gw:Person }")]
        []
        >>> bool(graph.query("ASK { ?who a gw:Person }"))
        False
        """
        check_depth(sparql)
        prefixes = self.prefixes
        foreign = self.lacks_union()

        def run() -> Answer:
            try:
                return self.store.query(sparql, prefixes=dict(prefixes), use_default_graph_as_union=foreign)
            except (SyntaxError, RuntimeError, OSError, ValueError) as error:
                raise query_error(sparql, error, prefixes) from error

        return QueryResult(run, prefixes)

    def quads(self) -> Iterator[Quad]:
        """Yield every quad of the named graphs, graph by graph, then what is in the default graph alone.

        The order follows from the content: within a graph what people read comes first, then statements and evidence.
        """
        for name in sorted(self.store.named_graphs(), key=str):
            yield from sorted(self.store.quads_for_pattern(None, None, None, name), key=_reading_order)
        yield from sorted(self._unnamed(), key=_reading_order)

    def triples(self) -> Iterator[Triple]:
        """Yield every triple that any graph states, once, in the order of `quads`."""
        yield from sorted(self._union(), key=_reading_order)

    def __len__(self) -> int:
        """Return the number of triples that any graph states."""
        if not isinstance(self.store, Store):
            return self.store.count_triples()
        return sum(1 for _ in self._union())

    def __bool__(self) -> bool:
        """An empty graph is a graph."""
        return True

    def is_empty(self) -> bool:
        """Whether nothing at all is in it, not even an ontology."""
        return next(iter(self.store), None) is None

    def documents(self) -> list[DocumentRecord]:
        """Return the documents, sorted by id."""
        found = self.query(
            "SELECT ?iri ?id ?title ?date ?source WHERE { ?iri a foaf:Document ; dcterms:identifier ?id "
            "OPTIONAL { ?iri dcterms:title ?title } OPTIONAL { ?iri dcterms:date ?date } "
            "OPTIONAL { ?iri dcterms:source ?source } }"
        )
        records = (DocumentRecord(**{name: _lexical(row.term(name)) for name in row}) for row in found)
        return sorted(records, key=lambda record: (record.id, record.iri))

    def counts(self) -> dict[str, int]:
        """Return how many ``documents``, ``entities``, ``statements``, ``facts`` (asserted) and ``triples`` there are.

        A statement is counted in each of its documents, an asserted fact once over all.
        """
        asserted = '?s gw:modality "asserted" FILTER NOT EXISTS { ?s gw:attributedTo ?by }'
        return {
            "documents": self._count("DISTINCT ?d", "?d a foaf:Document"),
            "entities": self._count("DISTINCT ?e", "?d schema:mentions ?e"),
            "statements": self._count("DISTINCT ?s", "?s a rdf:Statement"),
            "facts": self._count(
                "*",
                "{ SELECT DISTINCT ?a ?p ?o WHERE { ?s rdf:subject ?a ; rdf:predicate ?p ; rdf:object ?o . "
                f"{asserted} }} }}",
            ),
            "triples": len(self),
        }

    def dataset(self) -> rdflib.Dataset:
        """Return the same store as an rdflib Dataset; its default graph is the union, and queries run in Oxigraph.

        Raises StoreError where the graph is on a server: rdflib asks such by itself.
        """
        if not isinstance(self.store, Store):
            query = self.store.endpoints.query
            raise StoreError(
                "the graph is on a server", query, f"rdflib asks it itself: rdflib.Graph('SPARQLStore').open({query!r})"
            )
        import rdflib  # only those who want its interface wait for it
        from oxrdflib import OxigraphStore

        dataset = rdflib.Dataset(store=OxigraphStore(store=self.store))
        for prefix, namespace in self.prefixes.items():
            dataset.bind(prefix, namespace, replace=True)
        return dataset

    def to_networkx(
        self,
        selection: Selection = ALL,
        *,
        flagged: bool = False,
        inferred: bool = False,
        merge_edges: bool = False,
    ) -> networkx.MultiDiGraph[str]:
        """Return entities as nodes and facts as edges; see `graphwright.graph.network.to_networkx`.

        ``selection`` tells which facts; ``flagged`` and ``inferred`` are short for the same of a selection: they take
        in what is negated, planned, possible or only attributed, and what no document states but follows. With
        ``merge_edges`` all facts from one entity to another are one edge, and their number is its ``weight``.
        """
        wanted = replace(selection, flagged=selection.flagged or flagged, inferred=selection.inferred or inferred)
        found = network.to_networkx(self, wanted)
        return network.merged(found) if merge_edges else found

    def to_pandas(
        self, selection: Selection = ALL, *, merge_edges: bool = False
    ) -> tuple[pandas.DataFrame, pandas.DataFrame]:
        """Return nodes and edges of `to_networkx` as data frames; see `graphwright.graph.frames.to_pandas`."""
        return frames.to_pandas(self.to_networkx(selection, merge_edges=merge_edges))

    def to_igraph(self, selection: Selection = ALL, *, merge_edges: bool = False) -> igraph.Graph:
        """Return nodes and edges of `to_networkx` as an igraph graph; see `graphwright.graph.frames.to_igraph`."""
        return frames.to_igraph(self.to_networkx(selection, merge_edges=merge_edges))

    def _repr_html_(self) -> str:
        """Return what a notebook shows: how much is in the graph, and some of its facts."""
        return display.graph_html(self)

    def lacks_union(self) -> bool:
        """Whether another program filled the store, and did not put the union into the default graph."""
        return not self.store.query("ASK { ?s ?p ?o }")

    def _union(self) -> Iterable[Triple]:
        if self.lacks_union():
            return {quad.triple for quad in self.store}
        return (quad.triple for quad in self.store.quads_for_pattern(None, None, None, _UNION))

    def _count(self, what: str, pattern: str) -> int:
        return next(int(row["n"]) for row in self.query(f"SELECT (COUNT({what}) AS ?n) WHERE {{ {pattern} }}"))

    def _unnamed(self) -> Iterable[Quad]:
        """Return what is in the default graph alone."""
        if not isinstance(self.store, Store):
            return self.store.unnamed()
        return (quad for quad in self.store.quads_for_pattern(None, None, None, _UNION) if not self._named(quad))

    def _named(self, quad: Quad) -> bool:
        found = self.store.quads_for_pattern(quad.subject, quad.predicate, quad.object, None)
        return any(not in_default_graph(other) for other in found)

    def _declared_prefixes(self) -> dict[str, str]:
        declared = self.query(
            "SELECT ?prefix ?namespace WHERE "
            f"{{ {v.ONTOLOGY_GRAPH} sh:declare [ sh:prefix ?prefix ; sh:namespace ?namespace ] }} ORDER BY ?prefix"
        )
        return {row["prefix"]: row["namespace"] for row in declared}


def _with_union(quads: Iterable[Quad]) -> Iterator[Quad]:
    for quad in quads:
        yield quad
        if not in_default_graph(quad):
            yield in_graph(quad, _UNION)


def _reading_order(triple: Quad | Triple) -> tuple[bool, str]:
    return (is_provenance(triple.subject), str(triple))


def _prefix_quads(prefixes: Mapping[str, str]) -> Iterator[Quad]:
    """Yield the declarations of prefixes as SHACL writes them (sh:declare)."""
    for prefix, namespace in prefixes.items():
        node = NamedNode(f"{v.ONTOLOGY_GRAPH.value}#prefix-{prefix}")
        yield Quad(v.ONTOLOGY_GRAPH, v.DECLARE, node, v.ONTOLOGY_GRAPH)
        yield Quad(node, v.DECLARED_PREFIX, Literal(prefix), v.ONTOLOGY_GRAPH)
        anyuri = NamedNode(v.XSD + "anyURI")
        yield Quad(node, v.DECLARED_NAMESPACE, Literal(namespace, datatype=anyuri), v.ONTOLOGY_GRAPH)


def _make_store(folder: Path) -> None:
    """Make an empty store that is there whole or not at all."""
    new = folder.with_name(folder.name + ".new")
    shutil.rmtree(new, ignore_errors=True)
    store = _open_folder(new, writable=True)
    del store  # which lets go of its lock
    try:
        os.rename(new, folder)
    except OSError as error:
        raise StoreError(f"the graph cannot be made: {error}", str(folder), "check the disk and your rights") from error


def _open_folder(folder: Path, *, writable: bool) -> Store:
    for pause in (*_PAUSES, None):
        try:
            if writable:
                return Store(str(folder))
            lists = file_lists(folder)
            before = files_stamp(lists)
            store = Store.read_only(str(folder))
            # A file that a writer deleted meanwhile is missed only when it is read, and the engine would then try for
            # ever. A list of files that is the same as before has no such file.
            if lists == file_lists(folder) and before == files_stamp(lists):
                return store
            del store
            if pause is None:
                raise StoreError("the graph is written to all the time", str(folder), "try again later")
            time.sleep(pause)
        except (OSError, RuntimeError) as error:
            if "LOCK" in str(error):
                raise StoreError(
                    "the graph is in use by another writer", str(folder), "wait for it to end, or open it read-only"
                ) from error
            # A writer may put files together while a reader opens them.
            if pause is None or writable or "No such file" not in str(error) or not folder.exists():
                raise StoreError(
                    f"the graph cannot be opened: {error}", str(folder), "check the folder, or build anew"
                ) from error
            time.sleep(pause)
    raise AssertionError("the last pause is None")


def _unknown_suffix(path: Path) -> StoreError:
    known = ", ".join(FORMATS)
    return StoreError(f"{path.suffix!r} is no known suffix", str(path), f"use one of {known}, or a folder")


def _lexical(term: object) -> str:
    return str(getattr(term, "value", ""))
