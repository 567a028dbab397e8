"""What those who run a server ask it: whether it is well, and what it counted."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from graphwright.server.reader import Reader
from graphwright.server.state import state_of


def is_readable(reader: Reader) -> bool:
    """Whether the graph can be asked."""
    return bool(reader.graph.query("ASK {}"))


async def health(request: Request) -> Response:
    """Answer 200 where a query is answered, 503 otherwise."""
    await state_of(request).workers.call(is_readable)
    return JSONResponse({"status": "ok"}, headers={"Cache-Control": "no-store"})


async def metrics(request: Request) -> Response:
    """Answer with what was counted, as Prometheus reads it."""
    state = state_of(request)
    gauges = {"running_requests": state.workers.running, "ended_requests": state.workers.ended}
    text = "".join(line + "\n" for line in state.metrics.lines(**gauges))
    return PlainTextResponse(text, media_type="text/plain; version=0.0.4", headers={"Cache-Control": "no-store"})


ROUTES = [Route("/health", health), Route("/metrics", metrics)]
