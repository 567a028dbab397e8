"""What the routes of a running server share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from starlette.requests import HTTPConnection

from graphwright.server.metrics import Metrics
from graphwright.server.options import Options
from graphwright.server.workers import Workers

if TYPE_CHECKING:
    from graphwright.server.search import Index


@dataclass(frozen=True, slots=True)
class State:
    """The options, the processes that read, the one that writes (only where the graph is writable), the search index,
    and what is counted."""

    options: Options
    workers: Workers
    writer: Workers | None
    index: Index
    metrics: Metrics


def state_of(request: HTTPConnection) -> State:
    """Return what the application of a request shares."""
    return cast(State, request.app.state.shared)
