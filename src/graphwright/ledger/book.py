"""The book itself: an SQLite file beside the graph, or in memory.

What is written in it is written whole or not at all, batch by batch. It goes before the graph: a document is first read
into the ledger, then found its place among the things of all documents, then written to the graph; where a build ends
before, the next one goes on from there.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from graphwright.entities import EntityIndex, Matching, Naming
from graphwright.entities.index import NAMES as INDEX_NAMES
from graphwright.entities.index import TABLES as INDEX_TABLES
from graphwright.entities.profiles import Profile
from graphwright.errors import StoreError
from graphwright.ledger.records import Record, unpacked, unpacked_profiles
from graphwright.model import Extraction

CACHE = 16 * 1024
"""How much of the file is kept in memory, in KiB."""

VERSION = 2
"""What a ledger of another layout would count up."""

TABLES = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE configuration (id INTEGER PRIMARY KEY, hash TEXT UNIQUE, told TEXT);
CREATE TABLE document (id TEXT PRIMARY KEY, source TEXT, hash TEXT, configuration INTEGER, extraction BLOB,
    statements INTEGER, facts INTEGER, indexed INTEGER, written INTEGER);
CREATE INDEX document_indexed ON document (indexed) WHERE indexed = 0;
CREATE INDEX document_written ON document (written) WHERE written = 0;
CREATE TABLE removed (document TEXT PRIMARY KEY) WITHOUT ROWID;
"""

PROFILED = """
CREATE TABLE IF NOT EXISTS profiled (document TEXT PRIMARY KEY, rules TEXT, told BLOB) WITHOUT ROWID
"""
"""What documents tell of things, until these are found."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A document in the ledger: the hash of its content, and the configuration that it was read with."""

    id: str
    hash: str
    configuration: str


Profiler = Callable[[Extraction], Iterable[Profile]]
"""From what was read from a document to what it tells of each thing."""


class Ledger:
    """Documents with what was read from them, and the index of things over all of them.

    One process at a time has it; others may read what it keeps of texts (`graphwright.ledger.reading`). Raises
    StoreError where it is in use, broken, made by a newer version, on a full disk, or its folder cannot be written.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._where = "the ledger in memory" if path is None else str(path)
        with self._told():
            self._lock = _locked(path)
            self._sql = sqlite3.connect(":memory:" if path is None else path, isolation_level=None)
            self._sql.execute("PRAGMA journal_mode = WAL")  # one wait for the disk for a transaction, and not three
            self._sql.execute(f"PRAGMA cache_size = {-CACHE}")
            with self._transaction():
                self._prepare()

    def _prepare(self) -> None:
        (version,) = self._sql.execute("PRAGMA user_version").fetchone()
        if version > VERSION:
            raise StoreError(
                f"the graph was made by a newer version of graphwright (layout {version}, this one knows {VERSION})",
                self._where,
                "install that version, or build anew in another folder",
            )
        if version == 0:
            self._make(TABLES + INDEX_TABLES)
        elif version < VERSION:  # what was read of the documents is as it was; the index is made anew from that
            self._start_over()
        self._sql.execute(f"PRAGMA user_version = {VERSION}")
        self._sql.execute(PROFILED)

    def close(self) -> None:
        """Let another process have it."""
        self._sql.close()
        self._lock.close()

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._told():
            self._sql.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                if self._sql.in_transaction:
                    self._sql.execute("ROLLBACK")
                raise
            self._sql.execute("COMMIT")

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Tell of what SQLite cannot do as an error of ours."""
        try:
            yield
        except sqlite3.Error as error:
            what, mend = _explained(str(error))
            raise StoreError(what, self._where, mend) from error

    # -- settings that may not change ---------------------------------------------------------------------------------

    def remembered(self, name: str) -> str | None:
        """What was remembered under a name."""
        with self._told():
            row = self._sql.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return row[0] if row else None

    def remember(self, name: str, value: str) -> None:
        """Remember a word about the whole graph."""
        if self.remembered(name) == value:
            return
        with self._told():
            self._sql.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))

    # -- documents ----------------------------------------------------------------------------------------------------

    def find(self, identifier: str) -> Recorded | None:
        """What the ledger knows of the document with an id."""
        with self._told():
            row = self._sql.execute(
                "SELECT d.id, d.hash, c.hash FROM document d JOIN configuration c ON c.id = d.configuration "
                "WHERE d.id = ?",
                (identifier,),
            ).fetchone()
        return Recorded(*row) if row else None

    def ids(self) -> list[str]:
        """The ids of all documents, sorted."""
        with self._told():
            return [one for (one,) in self._sql.execute("SELECT id FROM document ORDER BY id")]

    def source(self, identifier: str) -> str:
        """Where a document came from, "" where it is unknown."""
        with self._told():
            row = self._sql.execute("SELECT source FROM document WHERE id = ?", (identifier,)).fetchone()
        return row[0] if row else ""

    def put(self, records: Iterable[Record], configuration: str, told: str, rules: str) -> None:
        """Write down what was read from some documents, all at once or none.

        ``configuration`` is the hash of what they were read with, and ``told`` says it in JSON; ``rules`` is that of
        `settle`, for which their profiles hold. A document of the same id is replaced.
        """
        with self._transaction():
            self._sql.execute("INSERT OR IGNORE INTO configuration VALUES (NULL, ?, ?)", (configuration, told))
            (number,) = self._sql.execute("SELECT id FROM configuration WHERE hash = ?", (configuration,)).fetchone()
            for one in records:
                self._sql.execute("DELETE FROM removed WHERE document = ?", (one.id,))
                self._sql.execute(
                    "INSERT OR REPLACE INTO document VALUES (?, ?, ?, ?, ?, ?, ?, 0, 0)",
                    (one.id, one.source, one.hash, number, one.extraction, one.statements, one.facts),
                )
                self._sql.execute("INSERT OR REPLACE INTO profiled VALUES (?, ?, ?)", (one.id, rules, one.profiles))

    def remove(self, identifiers: Iterable[str]) -> int:
        """Strike out documents, and say how many there were. `settle` and `project` take them from the graph."""
        with self._transaction():
            number = 0
            for identifier in identifiers:
                found = self._sql.execute("DELETE FROM document WHERE id = ?", (identifier,)).rowcount
                if found:
                    self._sql.execute("INSERT OR IGNORE INTO removed VALUES (?)", (identifier,))
                number += found
        return number

    def extraction(self, identifier: str) -> Extraction:
        """What was read from a document. Raises KeyError for an unknown one."""
        with self._told():
            row = self._sql.execute("SELECT extraction FROM document WHERE id = ?", (identifier,)).fetchone()
        if row is None:
            raise KeyError(identifier)
        return unpacked(row[0])

    # -- things -------------------------------------------------------------------------------------------------------

    def settle(self, rules: str, matching: Matching, naming: Naming, profiles: Profiler) -> None:
        """Find the things that the documents speak of, as far as documents came, went or changed.

        ``rules`` is the hash of what things are found by: where it is another than the last time, all are found anew.
        """
        with self._transaction():
            index = EntityIndex(self._sql, matching, naming)
            if self.remembered("rules") != rules:
                self._start_over()
                self.remember("rules", rules)
            removed = [one for (one,) in self._sql.execute("SELECT document FROM removed ORDER BY document")]
            for identifier in removed:
                index.remove(identifier)
            for (identifier,) in self._sql.execute("SELECT id FROM document WHERE indexed = 0 ORDER BY id").fetchall():
                index.remove(identifier)
                found = self._profiles(identifier, rules)
                index.add(profiles(self.extraction(identifier)) if found is None else found)
            self._sql.execute("DELETE FROM profiled")
            index.settle()
            self._sql.execute("UPDATE document SET indexed = 1 WHERE indexed = 0")
            self._sql.executemany(
                "UPDATE document SET written = 0 WHERE id = ?", [(one,) for one in sorted(index.documents)]
            )

    def _profiles(self, identifier: str, rules: str) -> list[Profile] | None:
        """What a document tells of each thing, where that was found by these rules."""
        row = self._sql.execute(
            "SELECT told FROM profiled WHERE document = ? AND rules = ?", (identifier, rules)
        ).fetchone()
        return unpacked_profiles(row[0]) if row else None

    def _start_over(self) -> None:
        self._sql.execute("INSERT OR IGNORE INTO changed SELECT iri FROM thing")
        for table in INDEX_NAMES:
            self._sql.execute(f"DROP TABLE IF EXISTS {table}")
        self._make(INDEX_TABLES)
        self._sql.execute("UPDATE document SET indexed = 0")

    def _make(self, tables: str) -> None:
        for statement in tables.split(";"):
            self._sql.execute(statement)

    def index(self, matching: Matching, naming: Naming) -> EntityIndex:
        """The index of things, for asking."""
        return EntityIndex(self._sql, matching, naming)

    # -- what is to be written to the graph ---------------------------------------------------------------------------

    def unsettled(self) -> bool:
        """Whether documents came, went or changed since the last `settle`."""
        with self._told():
            row = self._sql.execute(
                "SELECT EXISTS (SELECT 1 FROM document WHERE indexed = 0) OR EXISTS (SELECT 1 FROM removed)"
            ).fetchone()
        return bool(row[0])

    def unwritten(self) -> tuple[list[str], list[str], int]:
        """The documents to write, those to take away, and the number of things to describe anew."""
        with self._told():
            (things,) = self._sql.execute("SELECT COUNT(*) FROM changed").fetchone()
            return (
                [one for (one,) in self._sql.execute("SELECT id FROM document WHERE written = 0 ORDER BY id")],
                [one for (one,) in self._sql.execute("SELECT document FROM removed ORDER BY document")],
                things,
            )

    def undescribed(self, size: int) -> Iterator[list[str]]:
        """The IRIs of the things to describe anew, in order, so many at once."""
        last = ""
        while True:
            with self._told():
                rows = self._sql.execute("SELECT iri FROM changed WHERE iri > ? ORDER BY iri LIMIT ?", (last, size))
                piece = [one for (one,) in rows]
            if not piece:
                return
            yield piece
            last = piece[-1]

    def wrote(self, documents: Iterable[str] = (), removed: Iterable[str] = (), things: Iterable[str] = ()) -> None:
        """Note what the graph has now."""
        with self._transaction():
            self._sql.executemany("UPDATE document SET written = 1 WHERE id = ?", [(one,) for one in documents])
            self._sql.executemany("DELETE FROM removed WHERE document = ?", [(one,) for one in removed])
            self._sql.executemany("DELETE FROM changed WHERE iri = ?", [(one,) for one in things])

    def things(self, iris: Iterable[str]) -> list[str]:
        """The IRIs among some that there are things of, sorted."""
        with self._told():
            return [
                one
                for one in sorted(set(iris))
                if self._sql.execute("SELECT 1 FROM thing WHERE iri = ?", (one,)).fetchone()
            ]

    def write_again(self, documents: Iterable[str] = (), things: Iterable[str] = ()) -> None:
        """Take it that the graph lacks some documents, and what is known of some things, by their IRIs."""
        with self._transaction():
            self._sql.executemany("UPDATE document SET written = 0 WHERE id = ?", [(one,) for one in documents])
            self._sql.executemany("INSERT OR IGNORE INTO changed VALUES (?)", [(one,) for one in things])

    def forget_writing(self) -> None:
        """Take it that the graph has nothing of all this: everything is to be written."""
        with self._transaction():
            self._sql.execute("UPDATE document SET written = 0")
            self._sql.execute("INSERT OR IGNORE INTO changed SELECT iri FROM thing")
            self._sql.execute("DELETE FROM meta WHERE name = 'ontology'")

    # -- counting -----------------------------------------------------------------------------------------------------

    def counts(self) -> dict[str, int]:
        """How many ``documents``, ``entities``, ``statements`` and ``facts`` (asserted, counted in each document)."""
        with self._told():
            documents, statements, facts = self._sql.execute(
                "SELECT COUNT(*), COALESCE(SUM(statements), 0), COALESCE(SUM(facts), 0) FROM document"
            ).fetchone()
            (entities,) = self._sql.execute("SELECT COUNT(*) FROM thing").fetchone()
        return {"documents": documents, "entities": entities, "statements": statements, "facts": facts}

    def configurations(self) -> list[tuple[str, dict[str, object], int]]:
        """The configurations that documents were read with: hash, what it stands for, number of documents."""
        with self._told():
            rows = self._sql.execute(
                "SELECT c.hash, c.told, COUNT(*) FROM configuration c JOIN document d ON d.configuration = c.id "
                "GROUP BY c.id ORDER BY c.hash"
            ).fetchall()
        return [(hash, json.loads(told), number) for hash, told, number in rows]


def _locked(path: Path | None) -> sqlite3.Connection:
    """Take a lock that ends with this process, however it ends, and does not keep others from reading the ledger."""
    lock = sqlite3.connect(":memory:" if path is None else path.with_suffix(".lock"), isolation_level=None)
    try:
        lock.execute("BEGIN EXCLUSIVE")
    except BaseException:
        lock.close()
        raise
    return lock


def _explained(error: str) -> tuple[str, str]:
    """What an error of SQLite says to people, and how it is mended."""
    if "locked" in error:
        return "the graph is in use by another writer", "wait for it to end"
    if "full" in error:
        return "the disk is full", "make room; what was read so far is kept, and the next build goes on from there"
    if "readonly" in error or "unable to open" in error:
        return f"the ledger of the graph cannot be written: {error}", "check the folder and your rights"
    if "not a database" in error or "malformed" in error:
        return f"the ledger of the graph is broken: {error}", "build anew in another folder"
    return f"the ledger of the graph cannot be used: {error}", "check the disk and your rights"
