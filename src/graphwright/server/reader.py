"""What a worker knows of the graph: the store as it is now, the search index, and what the ledger keeps of texts."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from graphwright.graph import KnowledgeGraph
from graphwright.graph.folder import GRAPH, LEDGER, is_oxigraph
from graphwright.ledger import Reading, reading

T = TypeVar("T")

_REMEMBERED = 100
"""How many things a reader remembers of a graph."""


class Reader:
    """A graph in a folder, opened for reading, and opened again when it changed.

    ``graph`` is a snapshot; it is not changed while a task runs.
    """

    def __init__(self, place: Path) -> None:
        self.place = place
        self._stamp: object = None
        self._files: object = None
        self._watched: tuple[str, ...] = ()
        self._graph: KnowledgeGraph | None = None
        self._known: dict[object, Any] = {}

    def refresh(self, stamp: object) -> None:
        """Open the graph again where ``stamp`` differs from that of the last time, or its files are others now.

        Raises StoreError where it cannot be opened.
        """
        if self._graph is None or stamp != self._stamp or self._files != self._files_now():
            self.reopen()
            self._stamp = stamp

    def reopen(self) -> None:
        """Open the graph again. Raises StoreError where it cannot be opened."""
        self._known.clear()
        self._graph = None  # the old snapshot lets go of its files first
        self._watched = _list_of_files(self.place)
        self._files = self._files_now()
        self._graph = KnowledgeGraph.open(self.place)

    def _files_now(self) -> object:
        """Return what changes when the store gets or loses a file. It is asked for at every task, and so looks at
        two files and no more."""
        try:
            return [(told.st_ino, told.st_size, told.st_mtime_ns) for told in map(os.stat, self._watched)]
        except OSError:
            return None

    @property
    def graph(self) -> KnowledgeGraph:
        """The graph as it was at the last `refresh`."""
        assert self._graph is not None, "refresh comes first"
        return self._graph

    def reading(self, document: str) -> Reading | None:
        """What a build keeps of a document, given by its id: text and mentions; None for a graph without a ledger."""
        return reading(self.place / LEDGER, document)

    def once(self, key: object, compute: Callable[[], T]) -> T:
        """Return what ``compute`` gave when it was first asked for with this key of the graph as it is now."""
        if key not in self._known:
            if len(self._known) >= _REMEMBERED:  # who asks may have a say in the key
                self._known.clear()
            self._known[key] = compute()
        found: T = self._known[key]
        return found


def _list_of_files(place: Path) -> tuple[str, ...]:
    """Return the paths of the list that RocksDB keeps of its files (a manifest), and of the file that names it."""
    folder = place if is_oxigraph(place) else place / GRAPH
    current = folder / "CURRENT"
    try:
        return str(current), str(folder / current.read_text("ascii", "replace").strip())
    except OSError:
        return (str(current),)
