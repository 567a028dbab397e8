"""The web application: its routes, and what lies around all of them."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute
from starlette.types import ASGIApp

from graphwright.errors import GraphwrightError
from graphwright.graph.folder import is_oxigraph
from graphwright.server import (
    api,
    corrections,
    description,
    drawing,
    graph_store,
    linked,
    operations,
    pages,
    search,
    sparql,
    static,
)
from graphwright.server.direct import Direct
from graphwright.server.metrics import Metrics
from graphwright.server.options import Options
from graphwright.server.search import Index
from graphwright.server.security import Guard, error_response
from graphwright.server.state import State
from graphwright.server.workers import Workers

_MODULES = (
    pages,
    api,
    drawing,
    sparql,
    graph_store,
    description,
    operations,
    search,
    corrections,
    static,
    linked,
)
"""The modules whose routes there are, in the order in which they are tried."""

_COMPRESSED_FROM, _COMPRESSION = 1000, 5
"""From how many bytes on an answer is compressed, and how well; where who asks can take it."""

_INDEXING = 3600.0
"""How many seconds the search index may take: it is no request of somebody's."""

_THIS_MACHINE = r"http://(localhost|127\.0\.0\.1|\[::1\])(:\d+)?"
"""The origins of pages that this machine serves."""


def create_app(options: Options) -> ASGIApp:
    """Return the application that serves a graph; it starts its processes when it starts."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            workers = await stack.enter_async_context(_workers(options, options.workers))
            writer = await stack.enter_async_context(_workers(options, 1)) if options.writable else None
            indexer = await stack.enter_async_context(_workers(options, 1, seconds=_INDEXING))
            index = Index(_place_of_index(options.store, stack), indexer)
            app.state.shared = State(options, workers, writer, index, Metrics())
            keeping = asyncio.create_task(index.keep())
            yield
            keeping.cancel()

    cors = Middleware(
        CORSMiddleware,
        allow_origins=options.origins,
        allow_origin_regex=None if options.origins else _THIS_MACHINE,
        allow_methods=["GET", "HEAD", "POST", "PUT", "DELETE"],
        allow_headers=["Authorization", "Content-Type", "Accept"],
        expose_headers=["ETag", "Location"],
    )
    app = Starlette(
        routes=_routes(),
        middleware=[cors, Middleware(GZipMiddleware, _COMPRESSED_FROM, _COMPRESSION)],
        exception_handlers=dict.fromkeys((GraphwrightError, HTTPException, Exception), _failed),
        lifespan=lifespan,
    )
    return Guard(Direct(app, _COMPRESSED_FROM, _COMPRESSION), options)


def _routes() -> list[BaseRoute]:
    return [route for module in _MODULES for route in module.ROUTES]


def _workers(options: Options, number: int, seconds: float | None = None) -> Workers:
    return Workers(
        options.store,
        number=number,
        waiting=options.waiting,
        seconds=options.seconds if seconds is None else seconds,
        memory=options.memory,
    )


def _place_of_index(store: Path, stack: AsyncExitStack) -> Path:
    """Return where the search index is kept: with the graph, or for this run alone where nothing can be written."""
    if os.access(store, os.W_OK) and not is_oxigraph(store):
        return store / search.NAME
    return Path(stack.enter_context(TemporaryDirectory(prefix="graphwright-"))) / search.NAME


async def _failed(request: Request, error: Exception) -> Response:
    return error_response(request, error)
