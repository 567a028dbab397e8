"""The command that loads RDF which was written elsewhere: load."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from graphwright.cli.graphs import LedgerFolder
from graphwright.cli.printing import counted, tell

if TYPE_CHECKING:
    from graphwright.graph.loading import Loading, OnLoading

_TOLD_EVERY = 10.0  # seconds, where nobody looks at a terminal

Shards = Annotated[
    list[str],
    typer.Argument(
        metavar="SHARDS",
        help="Files of RDF (.nq, .nt, .ttl, .trig, each also with .gz behind), and folders of such.",
        show_default=False,
    ),
]


def load_command(
    shards: Shards,
    to: Annotated[
        str,
        typer.Option(
            "--to",
            metavar="STORE",
            help="Folder to keep the graph in, or the address of a SPARQL server.",
            show_default=False,
        ),
    ],
    ledger: LedgerFolder = None,
    infer: Annotated[
        bool, typer.Option("--infer", help="Add what follows by the ontology's axioms, in a graph of its own.")
    ] = False,
) -> int:
    """Load RDF in bulk: shards that engines wrote on many machines, or what others know.

    What is in the graph already stays. A load that was broken off goes on where it was, and a shard is not loaded
    twice. A graph that build keeps takes in no shards: load them into a folder of their own. Each version that Spark
    wrote is a whole graph, and wants a store of its own.

    \b
    Examples:
      graphwright load news/version-000001/graph --to news.store --infer
      graphwright load shards/ --to news.store
      graphwright load part-*.nq.gz --to http://localhost:7878
    """
    from graphwright.graph.loading import load

    with _progress() as told:
        done = load(shards, store=to, ledger=ledger, infer=infer, on_progress=told)
    parts = [counted(done.shards, "shard") + " loaded"]
    if done.unchanged:
        parts.append(f"{done.unchanged:,} loaded before")
    rate = f" ({done.quads / done.seconds:,.0f} quads a second)" if done.quads else ""
    tell(f"{', '.join(parts)}, {counted(done.quads, 'quad')} in {done.seconds:.1f} s{rate}")
    return 0


def loading_line(found: Loading) -> str:
    """Return how far a load is: "part-2.nq, shard 3 of 12: 240,000 quads, 48,000 a second, 1:02 left"."""
    left = found.left
    told = "" if left is None else f", {int(left) // 60}:{int(left) % 60:02} left"
    place = f"{found.shard.name}, shard {found.number:,} of {found.shards:,}"
    return f"{place}: {counted(found.quads, 'quad')}, {found.rate:,.0f} a second{told}"


@contextmanager
def _progress() -> Iterator[OnLoading]:
    """Give what shows how far a load is: a line that moves on a terminal, else a line now and then."""
    if not sys.stderr.isatty():
        last = time.monotonic()

        def told(found: Loading) -> None:
            nonlocal last
            if time.monotonic() - last >= _TOLD_EVERY:
                last = time.monotonic()
                tell(loading_line(found))

        yield told
        return
    from rich.console import Console

    with Console(stderr=True).status("starting") as status:
        yield lambda found: status.update(loading_line(found))
