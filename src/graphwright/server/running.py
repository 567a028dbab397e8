"""Running a server: until it is told to stop, and then until it has answered what it was asked."""

from __future__ import annotations

import uvicorn

from graphwright.server.app import create_app
from graphwright.server.options import Options


def run(options: Options, host: str, port: int) -> None:
    """Serve until interrupted; the queries that run then are finished first, and no new one is taken."""
    uvicorn.run(
        create_app(options),
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        server_header=False,
        lifespan="on",
        timeout_graceful_shutdown=int(options.seconds) + 1,
    )
