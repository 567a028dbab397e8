"""Changing a graph as SPARQL 1.1 Update and the Graph Store Protocol say, with the union kept in the default graph.

`KnowledgeGraph` keeps the triples of all named graphs in the default graph as well. Here is what keeps that true when
others write: what a named graph gets, the default graph gets; what the last named graph loses, the default graph loses;
and what somebody put into the default graph itself stays there until he takes it away.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from pyoxigraph import DefaultGraph, NamedNode, Quad, Store, Triple

from graphwright.errors import StoreError
from graphwright.graph.knowledge import KnowledgeGraph
from graphwright.graph.results import query_error
from graphwright.graph.syntax import blanked, with_using
from graphwright.graph.terms import in_graph
from graphwright.graph.writing import exchange

_COMPLETED = "INSERT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } MINUS { ?s ?p ?o } }"
"""Puts into the default graph what named graphs have and it lacks."""
_UNNAMED = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o MINUS { GRAPH ?g { ?s ?p ?o } } }"
"""What is in the default graph alone."""
_UNION = DefaultGraph()
_INTO_DEFAULT = re.compile(r"\bTO\s+DEFAULT\b", re.IGNORECASE)
"""COPY, MOVE or ADD to the default graph: what a named graph loses by it is in the default graph on purpose."""
_BACKUP = ".before-update-"


def update(
    graph: KnowledgeGraph,
    sparql: str,
    *,
    base: str | None = None,
    using: Sequence[str] = (),
    using_named: Sequence[str] = (),
) -> None:
    """Run a SPARQL 1.1 update, all of it or, where it fails, nothing.

    ``using`` and ``using_named`` are the dataset of its WHERE clauses, as if each had USING and USING NAMED with these
    IRIs. The prefixes of the graph need no declaration. What a text takes from the default graph while a named graph
    states it comes back: it has to be taken from there.

    Raises QueryError for what is no SPARQL Update, for one that has USING or WITH beside ``using``, and for one that
    fails; StoreError where the store cannot be written.
    """
    store = _store(graph)
    text = with_using(sparql, using, using_named) if using or using_named else sparql
    prefixes = graph.prefixes
    written = text.rstrip()
    separator = "\n" if not written or written.endswith(";") else "\n;\n"  # a comment may stand at the end
    with _as_it_is(graph) as before:
        try:
            store.update(text + separator + _COMPLETED, base_iri=base, prefixes=dict(prefixes))
        except (SyntaxError, RuntimeError, OSError, ValueError) as error:
            raise query_error(sparql, error, prefixes) from error
        alone = unnamed(graph)
        earlier = before() if alone else Store()
        lost = [quad for quad in alone if _was_named(quad, earlier)]
    if lost and not _INTO_DEFAULT.search(blanked(text)):
        exchange(store, lost, [])


def put(graph: KnowledgeGraph, name: NamedNode | None, triples: Iterable[Triple]) -> bool:
    """Put triples in the place of those of a named graph, or of those that the default graph has alone.

    Returns whether there was such a graph before. Raises StoreError where the store cannot be written.
    """
    store = _store(graph)
    if name is None:
        wanted = {in_graph(triple, _UNION) for triple in triples}
        exchange(store, [quad for quad in unnamed(graph) if quad not in wanted], list(wanted))
        return True
    there = store.contains_named_graph(name)
    graph.replace({name: [in_graph(triple, name) for triple in triples]})
    store.add_graph(name)  # which may be empty
    return there


def merge(graph: KnowledgeGraph, name: NamedNode | None, triples: Iterable[Triple]) -> bool:
    """Add triples to a named graph, or to the default graph. Returns whether there was such a graph before.

    Raises StoreError where the store cannot be written.
    """
    store = _store(graph)
    there = name is None or store.contains_named_graph(name)
    added = list(triples)
    exchange(store, [], [in_graph(triple, graph_name) for triple in added for graph_name in {name or _UNION, _UNION}])
    if name is not None:
        store.add_graph(name)
    return there


def drop(graph: KnowledgeGraph, name: NamedNode | None) -> bool:
    """Remove a named graph, or what the default graph has alone. Returns whether there was such a graph.

    Raises StoreError where the store cannot be written.
    """
    store = _store(graph)
    if name is None:
        exchange(store, unnamed(graph), [])
        return True
    there = store.contains_named_graph(name)
    if there:
        graph.remove_graph(name)
    return there


def unnamed(graph: KnowledgeGraph) -> list[Quad]:
    """Return what is in the default graph alone."""
    return [in_graph(triple, _UNION) for triple in graph.query(_UNNAMED).triples()]


def _was_named(quad: Quad, before: Store) -> bool:
    """Whether a triple was in the default graph, and in a named graph as well."""
    found = {quad.graph_name for quad in before.quads_for_pattern(quad.subject, quad.predicate, quad.object, None)}
    return _UNION in found and len(found) > 1


def _store(graph: KnowledgeGraph) -> Store:
    if not isinstance(graph.store, Store):
        raise StoreError("the graph is on a server", "an update", "send the update to that server")
    return graph.store


@contextmanager
def _as_it_is(graph: KnowledgeGraph) -> Iterator[Callable[[], Store]]:
    """Give what opens a copy of the store as it is now, which does not change.

    On disk it is a backup of hard links, which costs little. The store itself must not be opened read-only beside its
    writer in one process: the engine was seen to read forever what the writer puts together meanwhile.
    """
    store = _store(graph)
    if graph.path is None:
        copy = Store()
        copy.extend(store)
        yield lambda: copy
        return
    for left in graph.path.glob(_BACKUP + "*"):  # by an update that was ended; there is one writer at a time
        shutil.rmtree(left, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=_BACKUP, dir=graph.path))
    try:
        store.backup(str(folder / "store"))
        yield lambda: Store.read_only(str(folder / "store"))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
