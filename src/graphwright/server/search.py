"""Search as one types: names of things and sentences of documents in an index of SQLite (FTS5) beside the graph.

The index is made from the graph alone, by a process of its own, anew whenever the graph changed, and takes the place of
the old one when it is whole. Things stand in it by the number of documents that tell of them: the most told of come
first, and a search reads no more of the index than it shows.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import re
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from pyoxigraph import Literal, NamedNode
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from graphwright.entities.names import normal_form
from graphwright.errors import GraphwrightError
from graphwright.graph import KnowledgeGraph
from graphwright.graph import vocabulary as v
from graphwright.graph.terms import local_name
from graphwright.server.reader import Reader
from graphwright.server.refusal import Refusal
from graphwright.server.state import state_of
from graphwright.server.workers import Workers

_log = logging.getLogger("graphwright.server")

NAME = "search.sqlite"
"""What the index is called in the folder of a graph."""

MOST = 100
"""How many things or sentences are answered at most."""

_TABLES = """
CREATE TABLE thing (id INTEGER PRIMARY KEY, iri TEXT, label TEXT, class TEXT, class_label TEXT, documents INTEGER);
CREATE TABLE name (id INTEGER PRIMARY KEY, thing INTEGER, name TEXT, form TEXT);
CREATE TABLE sentence (id INTEGER PRIMARY KEY, document TEXT, title TEXT, date TEXT, start INTEGER, finish INTEGER,
    quote TEXT);
CREATE TABLE meta (stamp TEXT);
CREATE VIRTUAL TABLE names USING fts5(name, content='name', content_rowid='id',
    tokenize="unicode61 remove_diacritics 2", prefix='1 2 3');
CREATE VIRTUAL TABLE sentences USING fts5(quote, content='sentence', content_rowid='id',
    tokenize="unicode61 remove_diacritics 2", prefix='2 3');
"""

_THINGS = f"""
SELECT ?thing ?label ?class ?classLabel ?documents WHERE {{
  {{ SELECT ?thing (COUNT(DISTINCT ?document) AS ?documents) WHERE {{ ?document schema:mentions ?thing }}
    GROUP BY ?thing }}
  OPTIONAL {{ ?thing rdfs:label ?label }}
  OPTIONAL {{ ?thing a ?class FILTER NOT EXISTS {{ GRAPH {v.INFERRED_GRAPH} {{ ?thing a ?class }} }}
    OPTIONAL {{ ?class rdfs:label ?classLabel FILTER (LANG(?classLabel) IN ("", "en")) }} }}
}}"""

_OTHER_NAMES = "SELECT DISTINCT ?thing ?name WHERE { ?document schema:mentions ?thing . ?thing skos:altLabel ?name }"

_QUOTE = re.compile(r"#quote-(\d+)-(\d+)$")


def make_index(reader: Reader, path: Path, stamp: str) -> float:
    """Write the index of the graph to a file, in the place of the one that is there, and return the seconds it took."""
    started = time.monotonic()
    new = path.with_name(f".{path.name}.{os.getpid()}.new")
    new.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(new, isolation_level=None)) as sql:
            # What is not whole is thrown away, so that nothing has to be safe against a crash.
            sql.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + _TABLES + "BEGIN;")
            _fill(sql, reader.graph)
            sql.execute("INSERT INTO meta VALUES (?)", (stamp,))
            sql.execute("COMMIT")
        os.replace(new, path)
    finally:
        new.unlink(missing_ok=True)
    return time.monotonic() - started


def _fill(sql: sqlite3.Connection, graph: KnowledgeGraph) -> None:
    sql.executemany("INSERT INTO thing VALUES (NULL, ?, ?, ?, ?, ?)", _things(graph))
    others: dict[str, list[str]] = {}
    for row in graph.query(_OTHER_NAMES):
        others.setdefault(row["thing"], []).append(str(row["name"]))
    # In the order of the things, so that the index has its best answers first.
    for number, iri, label in sql.execute("SELECT id, iri, label FROM thing ORDER BY id").fetchall():
        names = dict.fromkeys([label, *sorted(others.get(iri, ()))])
        sql.executemany(
            "INSERT INTO name VALUES (NULL, ?, ?, ?)", ((number, name, normal_form(name)) for name in names)
        )
    sql.execute("CREATE INDEX name_form ON name (form)")
    sql.executemany("INSERT INTO sentence VALUES (NULL, ?, ?, ?, ?, ?, ?)", _sentences(graph))
    sql.execute("INSERT INTO names (names) VALUES ('rebuild')")
    sql.execute("INSERT INTO sentences (sentences) VALUES ('rebuild')")


def _things(graph: KnowledgeGraph) -> list[tuple[str, str, str, str, int]]:
    """Return IRI, label, class, label of the class, and number of documents, the most told of first."""
    found: dict[str, tuple[str, str, str, str, int]] = {}
    for row in graph.query(_THINGS):
        iri, cls = row["thing"], row["class"] or ""
        told = (
            iri, str(row["label"] or local_name(iri)), cls, str(row["classLabel"] or local_name(cls)), row["documents"]
        )  # fmt: skip
        found[iri] = min(told, found.get(iri, told))  # of several labels or classes the first by the alphabet
    return sorted(found.values(), key=lambda one: (-one[4], one[1], one[0]))


def _sentences(graph: KnowledgeGraph) -> Iterator[tuple[str, str, str, int, int, str]]:
    """Yield id, title and date of the document, start, end and words of each sentence that states something."""
    for document in sorted(graph.documents(), key=lambda one: (one.date, one.id), reverse=True):
        quotes: dict[tuple[int, int], str] = {}
        for quad in graph.store.quads_for_pattern(None, v.EXACT, None, NamedNode(document.iri)):
            place = _QUOTE.search(str(getattr(quad.subject, "value", "")))
            if place is not None and isinstance(quad.object, Literal):
                quotes[int(place[1]), int(place[2])] = quad.object.value
        for (start, end), quote in sorted(quotes.items()):
            # The evidence of what a rule concluded is all that its premises stand in.
            if not any(start <= one and other <= end and (one, other) != (start, end) for one, other in quotes):
                yield (document.id, document.title, document.date, start, end, quote)


def stamp_in(path: Path) -> str:
    """Return of which state of the graph the index in a file is, "" where there is none."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as sql:
            return str(sql.execute("SELECT stamp FROM meta").fetchone()[0])
    except (sqlite3.Error, TypeError):
        return ""


# ----------------------------------------------------------------------------------------------------------- searching

_ANSWER = ("iri", "label", "class", "class_label", "documents", "matched")


def find_things(reader: Reader, path: Path, text: str, cls: str, limit: int) -> list[dict[str, Any]]:
    """Return the things that have a name with words that begin like those of ``text``, in any order of them.

    Those called exactly so come first, then those that more documents tell of. ``cls`` is the IRI or local name of the
    class they have to be of, "" for any.
    """
    wanted = _matching(text)
    if not wanted:
        return []
    of_class = "AND (? = '' OR t.class = ? OR t.class LIKE '%#' || ? OR t.class LIKE '%/' || ?)"
    columns = "SELECT t.iri, t.label, t.class, t.class_label, t.documents, n.name FROM"
    called = f"{columns} name n JOIN thing t ON t.id = n.thing WHERE n.form = ? {of_class} ORDER BY n.id"
    begins = (
        f"{columns} names f JOIN name n ON n.id = f.rowid JOIN thing t ON t.id = n.thing "
        f"WHERE names MATCH ? {of_class} ORDER BY f.rowid"
    )
    found: dict[str, dict[str, Any]] = {}
    with closing(_opened(path)) as sql:
        for query, first in ((called, normal_form(text)), (begins, wanted)):
            for row in sql.execute(query, (first, *[cls] * 4)):
                if len(found) >= limit:
                    break
                found.setdefault(row[0], dict(zip(_ANSWER, row, strict=True)))
    return list(found.values())


def find_sentences(reader: Reader, path: Path, text: str, limit: int) -> list[dict[str, Any]]:
    """Return the sentences that hold all the words of ``text``, the last of which may be begun; the latest first."""
    wanted = _matching(text)
    if not wanted:
        return []
    with closing(_opened(path)) as sql:
        rows = sql.execute(
            "SELECT s.document, s.title, s.date, s.start, s.finish, s.quote FROM sentences f "
            "JOIN sentence s ON s.id = f.rowid WHERE sentences MATCH ? ORDER BY f.rowid LIMIT ?",
            (wanted, limit),
        ).fetchall()
    names = ("document", "title", "date", "start", "end", "quote")
    return [dict(zip(names, row, strict=True)) for row in rows]


def _opened(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)


def _matching(text: str) -> str:
    """Return the query of FTS5 for words of which the last may be unfinished; "" for a text without any.

    >>> _matching('Ben"kő OR x')
    '"Ben" "kő" "OR" "x" *'
    """
    words = re.findall(r"\w+", text[:200])
    return " ".join(f'"{word}"' for word in words) + " *" if words else ""


class Index:
    """The index of a graph that is served, kept up to date as long as `keep` runs."""

    def __init__(self, path: Path, workers: Workers) -> None:
        self.path = path
        self._workers = workers
        self._there = asyncio.Event()

    async def keep(self) -> None:
        """Make the index whenever the graph changed, but so that at most a tenth of the time is spent on it."""
        stamp = stamp_in(self.path)
        if stamp:
            self._there.set()
        while True:
            spent = 0.0
            now = repr(self._workers.stamp())
            if now != stamp:
                try:
                    spent = await self._workers.call(make_index, self.path, now)
                    stamp = now
                    self._there.set()
                except GraphwrightError as error:
                    _log.error("the search index cannot be made: %s", error.args[0])
                    spent = 5.0
            await asyncio.sleep(max(1.0, 9 * spent))

    async def ready(self, seconds: float) -> Path:
        """Return the file of the index. Raises Refusal (503) where there is none within some seconds."""
        with contextlib.suppress(asyncio.TimeoutError):  # which is none of the built-in ones before Python 3.11
            await asyncio.wait_for(self._there.wait(), seconds)
        if not self._there.is_set():
            raise Refusal(
                503, "the search index is still being made", "the search", "try again later", {"Retry-After": "30"}
            )
        return self.path


async def search_entities(request: Request) -> Response:
    """Answer with the things of a name that begins with what was typed."""
    return JSONResponse(await _found(request, find_things, request.query_params.get("class", "")))


async def search_sentences(request: Request) -> Response:
    """Answer with the sentences that hold the words that were typed."""
    return JSONResponse(await _found(request, find_sentences))


async def _found(request: Request, function: Callable[..., list[dict[str, Any]]], *more: str) -> list[dict[str, Any]]:
    state = state_of(request)
    text, limit = request.query_params.get("search", ""), request.query_params.get("limit", "10")
    if not (limit.isascii() and limit.isdigit() and 1 <= int(limit) <= MOST):
        raise Refusal(400, f"{limit!r} is no number of answers", "the parameter limit", f"give one from 1 to {MOST}")
    path = await state.index.ready(state.options.seconds)
    return await state.workers.call(function, path, text, *more, int(limit))


ROUTES = [Route("/api/entities", search_entities), Route("/api/sentences", search_sentences)]
