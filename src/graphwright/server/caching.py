"""Answers that need not be sent again: an ETag for each state of the graph and of this program."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from functools import cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from graphwright.server.state import State, state_of

_PACKAGE = Path(__file__).parents[1]


def etag(state: State, *asked: object) -> str:
    """Return an ETag of what is asked of the graph as it is now. It is weak: the answer may be compressed."""
    digest = hashlib.blake2b(repr((state.workers.stamp(), asked)).encode(), digest_size=12).hexdigest()
    return f'W/"{digest}"'


def is_known(request: Request, tag: str) -> bool:
    """Whether who asks has the answer with this ETag already."""
    told = request.headers.get("if-none-match", "")
    return told.strip() == "*" or tag.removeprefix("W/") in [one.strip().removeprefix("W/") for one in told.split(",")]


async def cached(request: Request, make: Callable[[], Awaitable[Response]]) -> Response:
    """Return what ``make`` returns with its ETag, or 304 where whoever asks has it already."""
    state = state_of(request)
    tag = etag(state, state.options.writable, _program())
    headers = {"ETag": tag, "Cache-Control": "no-cache", "Vary": "Accept"}
    if is_known(request, tag):
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
