"""The folder of a graph on disk: ``layout`` says by which version it is arranged, ``graph`` is an Oxigraph store.

A build keeps its ledger in it as well, a load its record, and people their
decisions. A folder that is itself an Oxigraph store, made by another program, is read too.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from graphwright.errors import StoreError

GRAPH = "graph"
LEDGER = "ledger.sqlite"
DECISIONS = "decisions.csv"
RECORD = "loaded.jsonl"
_LAYOUT = "layout"
_VERSION = 1


def is_oxigraph(folder: Path) -> bool:
    """Whether the folder is an Oxigraph store."""
    return (folder / "CURRENT").is_file()


def holds_graph(folder: Path) -> bool:
    """Whether a graph can be read from the folder."""
    return is_oxigraph(folder) or is_oxigraph(folder / GRAPH)


def file_lists(folder: Path) -> tuple[str, str]:
    """Return the paths of what tells of an Oxigraph store in a folder which files it has.

    That is what RocksDB calls a manifest, and CURRENT, which names it. Raises OSError where there is none.
    """
    current = folder / "CURRENT"
    return str(current), str(folder / current.read_text("ascii", "replace").strip())


def files_stamp(lists: Iterable[str]) -> tuple[object, ...]:
    """Return what changes when a store with these lists of files gets or loses one. Raises OSError without them."""
    return tuple((told.st_ino, told.st_size, told.st_mtime_ns) for told in map(os.stat, lists))


def mark_layout(folder: Path) -> None:
    """Make the folder if it is not there, and note its layout. Raises StoreError where that fails."""
    try:
        folder.mkdir(exist_ok=True)
        if not (folder / _LAYOUT).exists():
            (folder / _LAYOUT).write_text(f"graphwright {_VERSION}\n", encoding="ascii")
    except OSError as error:
        raise StoreError(
            f"the folder cannot be written: {error.strerror}", str(folder), "check the disk and your rights"
        ) from error


def check_layout(folder: Path) -> None:
    """Raise StoreError where a newer version of graphwright arranged the folder."""
    try:
        told = (folder / _LAYOUT).read_text(encoding="utf-8").split()
    except (OSError, UnicodeDecodeError):
        return
    if len(told) == 2 and told[1].isdigit() and int(told[1]) > _VERSION:
        raise StoreError(
            f"the graph was made by a newer version of graphwright (layout {told[1]}, this one knows {_VERSION})",
            str(folder),
            "install that version, or build anew in another folder",
        )
