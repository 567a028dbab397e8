"""Exports: the graph as files of RDF tools, drawing programs and property graphs."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from graphwright.errors import ExportError, StoreError
from graphwright.export.flat import flatten
from graphwright.export.page import View
from graphwright.export.selected import subset
from graphwright.export.writers import PAGES, TABLES, WRITERS
from graphwright.graph import FORMATS, KnowledgeGraph, Selection
from graphwright.graph.files import replacing, write_rdf
from graphwright.graph.selection import ALL

__all__ = ["SUFFIXES", "View", "export"]

SUFFIXES = (*FORMATS, *WRITERS, *TABLES, *PAGES)
"""Every suffix that `export` knows."""


def export(
    graph: KnowledgeGraph,
    path: str | Path,
    *,
    format: str | None = None,
    selection: Selection = ALL,
    flagged: bool = False,
    inferred: bool = False,
    merge_edges: bool = False,
) -> tuple[Path, ...]:
    """Write the graph to ``path`` in the format of its suffix, or of ``format`` ("ttl", "gexf"), and return the files.

    ``selection`` tells which facts (see `graphwright.Selection`); ``flagged`` and ``inferred`` are short for the same
    of a selection.

    RDF formats hold everything: documents, statements, evidence, ontology, and what was inferred; of a selection that
    leaves something out, what `graphwright.export.selected.subset` says. Those without named graphs hold the union.

    The others hold entities as nodes and facts as edges, with label, class, property, document, date, quote and
    confidence as attributes, each a text of one line or a number. With ``merge_edges`` all facts from one entity to
    another are one edge with their number as ``weight``. CSV (for Neo4j) and Parquet are two files, ``NAME.nodes.csv``
    and ``NAME.edges.csv``. HTML is a page that shows the graph in any browser, without another file or any other host.
    PNG and SVG are pictures of a graph of at most `graphwright.export.picture.MOST` entities.

    Equal graphs give equal files. A file that is there is replaced when the new one is complete. Raises ExportError for
    an unknown format, a graph that is too large for it, a library that is not installed, and where the file cannot be
    written; QueryError for what a selection names and the graph does not have.
    """
    place = Path(path)
    suffix = (place.suffix if format is None else f".{format.removeprefix('.')}").lower()
    if suffix not in SUFFIXES:
        raise ExportError(f"{suffix!r} is no known format", str(place), f"use one of: {', '.join(SUFFIXES)}")
    wanted = replace(selection, flagged=selection.flagged or flagged, inferred=selection.inferred or inferred)
    try:
        if suffix in FORMATS:
            return _export_rdf(graph, wanted, place, suffix)
        return _export_drawing(graph, wanted, merge_edges, place, suffix)
    except StoreError as error:
        raise ExportError(*error.args) from error


def _export_rdf(graph: KnowledgeGraph, selection: Selection, place: Path, suffix: str) -> tuple[Path, ...]:
    part = graph
    if selection.narrows:
        part = KnowledgeGraph.create(prefixes=graph.prefixes)
        part.add(subset(graph, selection))
    with replacing(place) as new, new.open("wb") as output:
        write_rdf(part.quads(), part.triples(), output, FORMATS[suffix], graph.prefixes)
    return (place,)


def _export_drawing(
    graph: KnowledgeGraph, selection: Selection, merge_edges: bool, place: Path, suffix: str
) -> tuple[Path, ...]:
    if suffix in TABLES:
        stem = place.stem if place.suffix.lower() == suffix else place.name
        writers = {place.with_name(f"{stem}.{table}{suffix}"): writer for table, writer in TABLES[suffix].items()}
    else:
        writers = {place: {**WRITERS, **PAGES}[suffix]}
    network = graph.to_networkx(selection, merge_edges=merge_edges)
    drawn = network if suffix in PAGES else flatten(network)
    # All are written before the first takes its place.
    with ExitStack() as stack:
        for file, writer in writers.items():
            stack.enter_context(replacing(file)).write_bytes(writer(drawn))
    return tuple(writers)
