"""RDF files: which suffix is which format, and writing that leaves the old file where it fails."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from pyoxigraph import DefaultGraph, Literal, Quad, RdfFormat, Triple, serialize

from graphwright.errors import StoreError

FORMATS: Mapping[str, RdfFormat] = {
    ".ttl": RdfFormat.TURTLE,
    ".trig": RdfFormat.TRIG,
    ".nq": RdfFormat.N_QUADS,
    ".nt": RdfFormat.N_TRIPLES,
    ".jsonld": RdfFormat.JSON_LD,
    ".rdf": RdfFormat.RDF_XML,
    ".xml": RdfFormat.RDF_XML,
    ".owl": RdfFormat.RDF_XML,
}
"""The RDF formats by suffix. Turtle, N-Triples and RDF/XML have no named graphs: they hold the union of all."""

# XML 1.0 section 2.2: no other character may stand in an XML document.
_NO_XML = {code: None for code in [*range(0x20), 0xFFFE, 0xFFFF] if code not in (0x9, 0xA, 0xD)}


def is_address(place: str | Path) -> bool:
    """Whether a place to keep a graph in is the address of a server, and no path."""
    return isinstance(place, str) and place.lower().startswith(("http://", "https://"))


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a sibling of ``path`` to write to; put it in the place of ``path`` when all went well, else drop it.

    Works for files and folders. Raises StoreError where the folder around ``path`` is missing or cannot be written.
    """
    if not path.parent.is_dir():
        raise StoreError(f"there is no folder {str(path.parent)!r}", str(path), "make the folder first")
    sibling = path.parent / f".{path.name}.{os.getpid()}.new"
    try:
        yield sibling
        _put_in_place(sibling, path)
    except OSError as error:
        raise StoreError(f"cannot write: {error}", str(path), "check the disk and your rights") from error
    finally:
        _drop(sibling)


def _put_in_place(new: Path, path: Path) -> None:
    if not path.is_dir():
        os.replace(new, path)
        return
    old = path.parent / f".{path.name}.{os.getpid()}.old"
    os.replace(path, old)
    os.replace(new, path)
    _drop(old)


def _drop(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def write_rdf(
    quads: Iterable[Quad], union: Iterable[Triple], output: IO[bytes], format: RdfFormat, prefixes: Mapping[str, str]
) -> None:
    """Write the quads, or in a format without named graphs their union, with those of the prefixes that are used.

    Neither iterable is read but the one needed. RDF/XML cannot hold control characters: they are left out there.
    """
    if format == RdfFormat.RDF_XML:
        # pyoxigraph writes a carriage return as it is, and a reader of XML would make a line feed of it.
        written = serialize(_xml_safe(union), format=format, prefixes=dict(prefixes)) or b""
        output.write(written.replace(b"\r", b"&#13;"))
    elif format.supports_datasets:
        serialize(quads, output, format=format, prefixes=dict(prefixes))
    else:
        serialize(union, output, format=format, prefixes=dict(prefixes))


def _xml_safe(triples: Iterable[Triple]) -> Iterator[Triple]:
    for triple in triples:
        term = triple.object
        if isinstance(term, Literal) and (clean := term.value.translate(_NO_XML)) != term.value:
            term = Literal(clean, language=term.language) if term.language else Literal(clean, datatype=term.datatype)
        yield Triple(triple.subject, triple.predicate, term)


def in_default_graph(quad: Quad) -> bool:
    """Whether the quad is in no named graph."""
    return isinstance(quad.graph_name, DefaultGraph)
