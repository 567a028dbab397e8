"""The command that writes a graph to files for other programs."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from graphwright.cli.graphs import Store, check_services
from graphwright.cli.printing import tell
from graphwright.cli.running import stoppable


def export_command(
    store: Store,
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="The file to write; its suffix names the format.", show_default=False)
    ],
    format: Annotated[
        str | None, typer.Option(metavar="SUFFIX", help="A format other than that of the suffix, such as ttl.")
    ] = None,
    classes: Annotated[
        list[str] | None,
        typer.Option(
            "--class",
            metavar="CLASS",
            help="Only facts between things of this class or one below it: a name, label, CURIE or IRI "
            "(may be repeated).",
        ),
    ] = None,
    properties: Annotated[
        list[str] | None,
        typer.Option("--property", metavar="PROPERTY", help="Only facts with this property (may be repeated)."),
    ] = None,
    min_confidence: Annotated[
        float, typer.Option(metavar="NUMBER", min=0.0, max=1.0, help="Only facts with this confidence, from 0 to 1.")
    ] = 0.0,
    since: Annotated[
        str, typer.Option(metavar="DATE", help="Only facts of documents of this day, month or year, or later.")
    ] = "",
    until: Annotated[str, typer.Option(metavar="DATE", help="… or earlier.")] = "",
    around: Annotated[
        str, typer.Option(metavar="ENTITY", help="Only what is near this thing: a name, the end of an IRI, an IRI.")
    ] = "",
    hops: Annotated[int, typer.Option(metavar="NUMBER", min=0, help="How many facts away from ENTITY at most.")] = 1,
    construct: Annotated[
        str,
        typer.Option(
            metavar="QUERY", help="The triples of this SPARQL CONSTRUCT instead; - reads it from standard input."
        ),
    ] = "",
    flagged: Annotated[bool, typer.Option("--flagged", help="Take in facts that are not asserted as well.")] = False,
    inferred: Annotated[
        bool, typer.Option("--inferred", help="Take in facts that no document states but that follow as well.")
    ] = False,
    merge_edges: Annotated[
        bool, typer.Option("--merge-edges", help="Draw all facts from one thing to another as one edge, with a weight.")
    ] = False,
) -> int:
    """Write a graph, or a part of it, to a file for another program.

    RDF files hold the whole graph, or the chosen facts with their sentences and documents. Drawings and tables hold
    what is asserted, and more only with --flagged and --inferred.

    \b
    Examples:
      graphwright export news.store news.trig
      graphwright export news.store news.graphml --flagged
      graphwright export news.store benko.svg --around "Tibor Benkő" --hops 2
      graphwright export news.store people.parquet --class Person --min-confidence 0.8
      graphwright export news.store june.html --since 2016-06 --until 2016-06 --merge-edges
      graphwright export news.store met.gexf --construct "CONSTRUCT { ?a gw:metWith ?b } WHERE { ?a gw:metWith ?b }"
    """
    from graphwright.export import export
    from graphwright.graph import KnowledgeGraph, Selection

    if construct == "-":
        construct = b"".join(sys.stdin.buffer).decode("utf-8", "replace")
    selection = Selection(
        classes=tuple(classes or ()),
        properties=tuple(properties or ()),
        min_confidence=min_confidence,
        since=since,
        until=until,
        around=around,
        hops=hops,
        construct=construct,
    )
    graph = KnowledgeGraph.open(store)
    check_services(graph, construct, ())

    def write() -> tuple[Path, ...]:
        return export(
            graph,
            file,
            format=format,
            selection=selection,
            flagged=flagged,
            inferred=inferred,
            merge_edges=merge_edges,
        )

    written = stoppable(write) if construct else write()
    for path in written:
        tell(f"written: {path}")
    return 0
