"""Running a server: until it is told to stop, and then until it has answered what it was asked."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import uvicorn

from graphwright.errors import ServerError
from graphwright.graph import KnowledgeGraph
from graphwright.graph.files import is_address
from graphwright.graph.folder import check_layout, holds_graph
from graphwright.server.app import create_app
from graphwright.server.options import Options

_ENDED_BY = (signal.SIGINT, signal.SIGTERM)


def run(
    options: Options, host: str = "127.0.0.1", port: int = 8000, on_start: Callable[[str], None] = lambda address: None
) -> None:
    """Serve until interrupted or terminated; the queries that run then are finished first, and no new one is taken.

    ``on_start`` is told the address when there are answers; port 0 takes a free one. Raises ServerError where the
    address cannot be had.
    """
    listening = _listening(host, port)
    shown = f"[{host}]" if ":" in host else host
    address = f"http://{shown}:{listening.getsockname()[1]}"
    config = uvicorn.Config(
        create_app(options),
        log_config=None,
        access_log=False,
        server_header=False,
        lifespan="on",
        timeout_graceful_shutdown=int(options.seconds) + 1,
    )
    with listening:
        _Server(config, lambda: on_start(address)).run(sockets=[listening])


class _Server(uvicorn.Server):
    """A server that tells when it has started, and whose end by a signal is an end like any other."""

    def __init__(self, config: uvicorn.Config, on_start: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_start = on_start

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._on_start()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        before = {kind: signal.signal(kind, self.handle_exit) for kind in _ENDED_BY}
        try:
            yield
        finally:
            for kind, handler in before.items():
                signal.signal(kind, handler)


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(128)
    except (OSError, OverflowError) as error:
        listening.close()
        raise ServerError(
            f"nothing can be served there: {getattr(error, 'strerror', None) or error}",
            f"{host}, port {port}",
            "give another --port, or end what has it",
        ) from error
    return listening


@contextmanager
def folder_of(store: str, *, writable: bool) -> Iterator[Path]:
    """Give the folder of the graph that is to be served; an RDF file is put into one for as long as it is needed.

    Raises StoreError where there is no graph, and ServerError where it cannot be served as wanted.
    """
    if is_address(store):
        raise ServerError("the graph is on a server already", store, "ask it there, or serve a folder or an RDF file")
    place = Path(store)
    if place.is_dir() or not place.exists():
        if place.exists():
            check_layout(place)
        if not holds_graph(place):
            KnowledgeGraph.open(place)  # which tells why not
        yield place
        return
    if writable:
        raise ServerError("a file is only read", store, "build a folder (--to news.store), and serve that")
    with TemporaryDirectory(prefix="graphwright-") as folder:
        copy = Path(folder) / "graph.store"
        KnowledgeGraph.open(place).save(copy)
        yield copy
