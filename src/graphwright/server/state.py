"""What the routes of a running server share."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar, cast

from starlette.requests import ClientDisconnect, HTTPConnection, Request

from graphwright.server.kept import Kept
from graphwright.server.metrics import Metrics
from graphwright.server.options import Options
from graphwright.server.reader import Reader
from graphwright.server.workers import Workers

if TYPE_CHECKING:
    from graphwright.server.search import Index

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class State:
    """The options, the processes that read, the one that writes (only where the graph is writable), the search index,
    what is counted, and the answers that are kept."""

    options: Options
    workers: Workers
    writer: Workers | None
    index: Index
    metrics: Metrics
    kept: Kept = field(default_factory=Kept)


_LOOK_AFTER = 0.5
"""After how many seconds it is looked whether who asked is still there, each time."""


async def asked(
    request: Request, function: Callable[Concatenate[Reader, P], T], *args: P.args, **kwargs: P.kwargs
) -> T:
    """Return what a worker answers, as `Workers.call` does; what nobody waits for any more is ended."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    assert task is not None, "a request is a task"
    watching: list[asyncio.Task[None]] = []
    # A light query is done before anybody is looked after, and costs no task of its own.
    alarm = loop.call_later(_LOOK_AFTER, lambda: watching.append(loop.create_task(_end_without_client(request, task))))
    try:
        return await state_of(request).workers.call(function, *args, **kwargs)
    except asyncio.CancelledError:
        if watching and watching[0].done():
            raise ClientDisconnect from None
        raise
    finally:
        alarm.cancel()
        for watch in watching:
            watch.cancel()


async def _end_without_client(request: Request, task: asyncio.Task[object]) -> None:
    """Cancel a task when whoever asked for it is gone."""
    while not await request.is_disconnected():
        await asyncio.sleep(_LOOK_AFTER)
    task.cancel()


def state_of(request: HTTPConnection) -> State:
    """Return what the application of a request shares."""
    return cast(State, request.app.state.shared)
