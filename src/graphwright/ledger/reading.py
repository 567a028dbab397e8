"""Reading a ledger while others may write it: the texts of documents, and where they mention what."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from graphwright.errors import StoreError
from graphwright.ledger.records import unpacked
from graphwright.model import Extraction


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read from a document, and from the ids of its chains to the IRIs of their things.

    A document that a build read and has not yet found the things of has chains without an IRI.
    """

    extraction: Extraction
    iris: Mapping[str, str]


def reading(ledger: Path, document: str) -> Reading | None:
    """Return what the ledger in a file keeps of a document, given by its id; None where it has none.

    Raises StoreError where the file cannot be read.
    """
    if not ledger.is_file():
        return None
    try:
        # What may be written may have to be: SQLite puts a transaction right that another process left half done.
        return _reading(f"{ledger.absolute().as_uri()}?mode=rw", document)
    except sqlite3.OperationalError:
        pass
    try:
        # Nobody writes on a disk that is not writable, so that no lock is needed.
        return _reading(f"{ledger.absolute().as_uri()}?mode=ro&immutable=1", document)
    except sqlite3.Error as error:
        raise StoreError(f"the ledger of the graph cannot be read: {error}", str(ledger), "build anew") from error


def _reading(address: str, document: str) -> Reading | None:
    with closing(sqlite3.connect(address, uri=True, isolation_level=None)) as sql:
        sql.execute("PRAGMA query_only = 1")
        sql.execute("BEGIN")  # both answers are of one moment
        row = sql.execute("SELECT extraction FROM document WHERE id = ?", (document,)).fetchone()
        if row is None:
            return None
        iris = sql.execute(
            "SELECT c.chain, t.iri FROM chain c JOIN thing t ON t.id = c.thing WHERE c.document = ?", (document,)
        ).fetchall()
    return Reading(unpacked(row[0]), dict(iris))
