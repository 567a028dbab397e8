"""Exports: the graph as files of RDF tools, drawing programs and property graphs."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import networkx

from graphwright.errors import ExportError, StoreError
from graphwright.export.flat import flatten
from graphwright.export.writers import TABLES, WRITERS
from graphwright.graph import FORMATS, KnowledgeGraph
from graphwright.graph.files import replacing, write_rdf

__all__ = ["SUFFIXES", "export"]

SUFFIXES = (*FORMATS, *WRITERS, ".csv")
"""Every suffix that `export` knows."""


def export(
    graph: KnowledgeGraph, path: str | Path, *, format: str | None = None, flagged: bool = False, inferred: bool = False
) -> tuple[Path, ...]:
    """Write the graph to ``path`` in the format of its suffix, or of ``format`` ("ttl", "gexf"), and return the files.

    RDF formats hold everything: documents, statements, evidence, ontology, and what was inferred; those without named
    graphs hold the union.
    The others hold entities as nodes and asserted facts as edges, with label, class, property, document, date, quote
    and confidence as attributes; ``flagged`` takes in what is negated, planned, possible or only attributed, and
    ``inferred`` what no document states but follows. CSV is two files for Neo4j: ``NAME.nodes.csv`` and
    ``NAME.edges.csv``.

    Equal graphs give equal files. A file that is there is replaced when the new one is complete. Raises ExportError for
    an unknown format, and where the file cannot be written.
    """
    place = Path(path)
    suffix = (place.suffix if format is None else f".{format.removeprefix('.')}").lower()
    if suffix not in SUFFIXES:
        raise ExportError(f"{suffix!r} is no known format", str(place), f"use one of: {', '.join(SUFFIXES)}")
    try:
        if suffix in FORMATS:
            return _export_rdf(graph, place, suffix)
        return _export_drawing(graph.to_networkx(flagged=flagged, inferred=inferred), place, suffix)
    except StoreError as error:
        raise ExportError(*error.args) from error


def _export_rdf(graph: KnowledgeGraph, place: Path, suffix: str) -> tuple[Path, ...]:
    with replacing(place) as new, new.open("wb") as output:
        write_rdf(graph.quads(), graph.triples(), output, FORMATS[suffix], graph.prefixes)
    return (place,)


def _export_drawing(graph: networkx.MultiDiGraph[str], place: Path, suffix: str) -> tuple[Path, ...]:
    flat = flatten(graph)
    if suffix == ".csv":
        stem = place.stem if place.suffix.lower() == ".csv" else place.name
        files = {place.with_name(f"{stem}.{table}.csv"): writer(flat) for table, writer in TABLES.items()}
    else:
        files = {place: WRITERS[suffix](flat)}
    # All are written before the first takes its place.
    with ExitStack() as stack:
        for file, content in files.items():
            stack.enter_context(replacing(file)).write_bytes(content)
    return tuple(files)
