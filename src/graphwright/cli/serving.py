"""The command that puts a graph on the web: serve."""

from __future__ import annotations

import os
import secrets
import sys
from pathlib import Path
from typing import Annotated

import typer

from graphwright.cli.printing import tell

MB = 2**20
_CORES = max(2, os.cpu_count() or 2)


def serve_command(
    store: Annotated[
        str,
        typer.Argument(metavar="STORE", help="The folder that a build wrote, or an RDF file.", show_default=False),
    ],
    host: Annotated[str, typer.Option(metavar="HOST", help="Address to listen at; 0.0.0.0 is all.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(metavar="PORT", min=0, max=65535, help="Port; 0 takes a free one.")] = 8000,
    seconds: Annotated[
        float, typer.Option(metavar="NUMBER", min=0.1, help="End a query after this time, in seconds.")
    ] = 30.0,
    workers: Annotated[int, typer.Option(metavar="NUMBER", min=1, help="How many queries run at once.")] = _CORES,
    waiting: Annotated[int, typer.Option(metavar="NUMBER", min=0, help="How many more may wait.")] = 64,
    max_answer: Annotated[int, typer.Option(metavar="MB", min=1, help="The largest answer.")] = 64,
    max_body: Annotated[int, typer.Option(metavar="MB", min=1, help="The most that may be sent.")] = 8,
    memory: Annotated[int, typer.Option(metavar="MB", min=256, help="What a query may use of memory.")] = 2048,
    service: Annotated[
        list[str] | None,
        typer.Option(metavar="IRI", help="Let queries ask this SERVICE, or those below it (may be repeated)."),
    ] = None,
    origin: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ORIGIN",
            help="Let pages of this web origin read answers, or * for all (may be repeated). If not given: those of "
            "this machine, or all where other machines reach it.",
        ),
    ] = None,
    public: Annotated[
        str, typer.Option(metavar="URL", help="The address that others reach the server at, behind a proxy.")
    ] = "",
    writable: Annotated[
        bool, typer.Option("--writable", help="Take updates and corrections from who knows the token.")
    ] = False,
    token: Annotated[
        str | None,
        typer.Option(
            metavar="TOKEN", envvar="GRAPHWRIGHT_TOKEN", help="The token; one is made and told if none is given."
        ),
    ] = None,
    decisions: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Write corrections to this file, and not to decisions.csv of the graph."),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="Write no line for each request.")] = False,
) -> int:
    """Put a graph on the web: a SPARQL endpoint, pages to look at it with, JSON for programs.

    Only this machine reaches it unless --host says otherwise, and it only reads unless it is --writable. A graph that
    is being built is shown as it grows. Ctrl-C ends it, when the queries that run are answered.

    \b
    Pages at /, SPARQL at /sparql, Graph Store Protocol at /store, JSON at /api.

    \b
    Examples:
      graphwright serve news.store
      graphwright serve news.ttl --port 7000
      graphwright serve news.store --writable --token "$SECRET"
      graphwright serve news.store --host 0.0.0.0 --seconds 5 --public https://graph.example.org
    """
    import logging

    from graphwright.errors import ServerError
    from graphwright.server.options import LOOPBACK, Options
    from graphwright.server.running import folder_of, run

    given = token or secrets.token_urlsafe(24)
    if writable and len(given) < 8:
        raise ServerError("the token is too short to keep anybody out", "--token", "give one of 8 characters or more")
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(message)s", stream=sys.stderr)
    logging.getLogger("graphwright.access").setLevel(logging.WARNING if quiet else logging.INFO)

    def started(address: str) -> None:
        tell(f"{store} is served at {address} (Ctrl-C ends it)")
        if writable and token is None:
            tell(f"who may write has the token {given}")
        if host not in LOOPBACK:
            tell("warning: others can reach it, and nothing is encrypted: put a proxy with HTTPS before it")

    with folder_of(store, writable=writable) as folder:
        options = Options(
            store=folder,
            writable=writable,
            token=given,
            seconds=seconds,
            workers=workers,
            waiting=waiting,
            max_answer=max_answer * MB,
            max_body=max_body * MB,
            memory=memory * MB,
            services=tuple(service or ()),
            decisions=Path(decisions) if decisions else None,
            public=public.rstrip("/"),
            local=host in LOOPBACK,
            origins=tuple(origin or (() if host in LOOPBACK else ("*",))),
        )
        run(options, host, port, started)
    return 0
