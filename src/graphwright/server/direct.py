"""A short way for SPARQL: what lies around the other routes takes longer than a light query."""

from __future__ import annotations

import logging

from starlette.applications import Starlette
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Receive, Scope, Send

from graphwright.errors import GraphwrightError
from graphwright.server.address import SPARQL
from graphwright.server.security import error_response
from graphwright.server.sparql import sparql

_PATHS = frozenset({SPARQL, SPARQL + "/"})
_METHODS = frozenset({"GET", "HEAD", "POST"})


class Direct:
    """Answers what programs ask of the endpoint, as ``app`` would, and leaves everything else to ``app``.

    Scripts of web pages go the whole way, for they send the header Origin (CORS). Answers are compressed from
    ``compressed_from`` bytes on.
    """

    def __init__(self, app: Starlette, compressed_from: int, compression: int) -> None:
        self._app = app
        self._compressed: ASGIApp = GZipMiddleware(self._answer, compressed_from, compression)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http" or scope["path"] not in _PATHS or scope["method"] not in _METHODS:
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        if b"origin" in headers:
            await self._app(scope, receive, send)
            return
        scope["app"] = self._app
        scope["endpoint"] = sparql
        answer = self._compressed if b"gzip" in headers.get(b"accept-encoding", b"") else self._answer
        await answer(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive, send)
        try:
            response = await sparql(request)
        except ClientDisconnect:
            raise
        except Exception as error:
            if not isinstance(error, GraphwrightError):
                logging.getLogger("graphwright.server").exception("a request failed")
            response = error_response(request, error)
        await response(scope, receive, send)
