"""The web application: its routes, and what lies around all of them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

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
from graphwright.server import description, graph_store, operations, sparql
from graphwright.server.metrics import Metrics
from graphwright.server.options import Options
from graphwright.server.security import Guard, error_response
from graphwright.server.state import State
from graphwright.server.workers import Workers


def create_app(options: Options) -> ASGIApp:
    """Return the application that serves a graph; it starts its processes when it starts."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            workers = await stack.enter_async_context(_workers(options, options.workers))
            writer = await stack.enter_async_context(_workers(options, 1)) if options.writable else None
            app.state.shared = State(options, workers, writer, Metrics())
            yield

    cors = Middleware(
        CORSMiddleware,
        allow_origins=options.origins,
        allow_methods=["GET", "HEAD", "POST", "PUT", "DELETE"],
        allow_headers=["Authorization", "Content-Type", "Accept"],
        expose_headers=["ETag", "Location"],
    )
    app = Starlette(
        routes=_routes(),
        middleware=[cors, Middleware(GZipMiddleware, minimum_size=1000, compresslevel=5)],
        exception_handlers=dict.fromkeys((GraphwrightError, HTTPException, Exception), _failed),
        lifespan=lifespan,
    )
    return Guard(app)


def _routes() -> list[BaseRoute]:
    return [*sparql.ROUTES, *graph_store.ROUTES, *description.ROUTES, *operations.ROUTES]


def _workers(options: Options, number: int) -> Workers:
    return Workers(
        options.store, number=number, waiting=options.waiting, seconds=options.seconds, memory=options.memory
    )


async def _failed(request: Request, error: Exception) -> Response:
    return error_response(request, error)
