"""Answers that need not be sent again: an ETag for each state of the graph and of this program."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from functools import cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from graphwright.server.state import state_of

_PACKAGE = Path(__file__).parents[1]


def etag_of(request: Request) -> str:
    """Return the ETag of all that is answered from the graph as it is now; it is weak, for answers may be packed."""
    state = state_of(request)
    told = repr((state.workers.stamp(), state.options.writable, _program()))
    return f'W/"{hashlib.sha256(told.encode()).hexdigest()[:20]}"'


async def cached(request: Request, make: Callable[[], Awaitable[Response]]) -> Response:
    """Return what ``make`` returns with its ETag, or 304 where whoever asks has it already."""
    etag = etag_of(request)
    headers = {"ETag": etag, "Cache-Control": "no-cache", "Vary": "Accept"}
    known = [one.strip() for one in request.headers.get("if-none-match", "").split(",")]
    if etag in known or "*" in known:
        return Response(status_code=304, headers=headers)
    response = await make()
    if response.status_code == 200:
        response.headers.update(headers)
    return response


@cache
def _program() -> int:
    """Return what changes where this program does."""
    files = [path for folder in ("server", "assets") for path in (_PACKAGE / folder).rglob("*")]
    return max(path.stat().st_mtime_ns for path in files)
