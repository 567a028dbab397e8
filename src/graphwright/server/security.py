"""What every answer is told with, and who may write."""

from __future__ import annotations

import base64
import contextlib
import hmac
import logging
import time
from urllib.parse import urlsplit

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, HTTPConnection, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from graphwright.errors import GraphwrightError, QueryError
from graphwright.server.options import LOOPBACK, Options
from graphwright.server.refusal import Refusal
from graphwright.server.rendering import render
from graphwright.server.state import state_of

access = logging.getLogger("graphwright.access")

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
"""What pages may load: nothing but what this server has."""

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
"""What every answer carries."""
_PAIRS = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]

_GONE = 499
"""What is logged of a request whose client went away; nginx has it from there."""

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"})
_MISLED = PlainTextResponse("this server is for this machine alone\n", 421)
"""What a page of another host is told that has its own name lead here (DNS rebinding), to read what it may not."""


class Guard:
    """The outermost layer: headers, the size of what is sent to us, errors as answers, metrics, and the access log."""

    def __init__(self, app: ASGIApp, options: Options) -> None:
        self._app = app
        self._hosts = (
            frozenset({*LOOPBACK, urlsplit(options.public).hostname or "localhost"}) if options.local else None
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        status, size = 500, 0

        async def told(message: Message) -> None:
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
                there = {name for name, _ in message["headers"]}
                message["headers"] = [*message["headers"], *(pair for pair in _PAIRS if pair[0] not in there)]
            elif message["type"] == "http.response.body":
                size += len(message.get("body", b""))
            await send(message)

        try:
            if self._hosts is not None and _host(scope) not in self._hosts:
                await _MISLED(scope, receive, told)
            else:
                await self._app(scope, receive, told)
        except ClientDisconnect:
            status = _GONE  # nobody is there to be answered
        finally:
            seconds = time.perf_counter() - started
            endpoint = getattr(scope.get("endpoint"), "__name__", "other")
            method = scope["method"] if scope["method"] in _METHODS else "other"
            if "app" in scope:
                state_of(HTTPConnection(scope)).metrics.count(endpoint, method, status, seconds, size)
            if access.isEnabledFor(logging.INFO):
                client = scope["client"][0] if scope.get("client") else "-"
                told_of = (client, scope["method"], _plain(scope["path"]), status, size, 1000 * seconds)
                access.info('%s "%s %s" %d %d %.1f ms', *told_of)


def _host(scope: Scope) -> str:
    told = next((value for name, value in scope["headers"] if name == b"host"), b"")
    try:
        return urlsplit(f"//{told.decode('latin-1')}").hostname or ""
    except ValueError:
        return ""


def _plain(text: str) -> str:
    """Return a text for a line of a log: who asks must not write lines of his own."""
    return text.encode("unicode_escape").decode("ascii")


async def body_of(request: Request) -> bytes:
    """Return what was sent with a request. Raises Refusal (413) where it is larger than allowed."""
    limit = state_of(request).options.max_body
    told = request.headers.get("content-length", "")
    found = bytearray()
    if not told.isdigit() or int(told) <= limit:
        async for chunk in request.stream():
            found += chunk
            if len(found) > limit:
                break
        else:
            return bytes(found)
    raise Refusal(413, f"more than {limit} bytes were sent", "the body of the request", "send less at a time")


def check_token(request: Request) -> None:
    """Raise Refusal where the request may not write: 403 where nobody may, 401 where it lacks the token.

    Clients of SPARQL that know HTTP Basic alone send the token as the password, with any name. No answer asks for
    Basic: a browser would then keep the password, and send it with what any page makes it send.
    """
    options = state_of(request).options
    if not options.writable:
        raise Refusal(403, "the graph is only read", "the server", "serve it with --writable")
    if not options.token or not hmac.compare_digest(_given_token(request), options.token.encode()):
        raise Refusal(
            401,
            "the token is missing or wrong",
            "the header Authorization",
            "send: Authorization: Bearer TOKEN",
            {"WWW-Authenticate": "Bearer"},
        )


def _given_token(request: Request) -> bytes:
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return given.strip().encode()
    if scheme.lower() == "basic":
        with contextlib.suppress(ValueError):
            return base64.b64decode(given.strip(), validate=True).partition(b":")[2]
    return b""


def error_response(request: Request, error: Exception) -> Response:
    """Return what is answered to an error: in JSON or as a page where that is asked for, else in words; never a stack
    trace."""
    headers: dict[str, str] = {}
    if isinstance(error, Refusal):
        status, headers, parts = error.status, error.headers, error.args
    elif isinstance(error, QueryError):
        status, parts = 400, error.args
    elif isinstance(error, GraphwrightError):
        status, parts = 503, (error.args[0], "the graph", "try again; the log of the server tells more")
        logging.getLogger("graphwright.server").error("%s", error)
    elif isinstance(error, HTTPException):
        status, headers = error.status_code, dict(error.headers or {})
        parts = (error.detail, request.url.path, "check the address and the method")
    else:
        status, parts = 500, ("the server failed at this request", request.url.path, "its log tells more")
    headers["Cache-Control"] = "no-store"
    if "application/json" in request.headers.get("accept", "") or request.url.path.startswith("/api/"):
        told = dict(zip(("error", "where", "mend"), parts, strict=True))
        return JSONResponse(told, status, headers)
    if "text/html" in request.headers.get("accept", ""):
        page = render(request, "error.html", status, **dict(zip(("what", "where", "mend"), parts, strict=True)))
        page.headers.update(headers)
        return page
    return PlainTextResponse("{}\n  where: {}\n  to mend: {}\n".format(*parts), status, headers)
