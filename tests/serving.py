"""A real server on a real socket, for tests of what goes over the wire."""

from __future__ import annotations

import http.client
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graphwright.graph import KnowledgeGraph

TOKEN = "a-token-of-the-tests"
_RUN = """
import sys
from pathlib import Path
from graphwright.server.options import Options
from graphwright.server.running import run
run(Options(store=Path(sys.argv[1]), **eval(sys.argv[3])), "127.0.0.1", int(sys.argv[2]))
"""


@dataclass(frozen=True)
class Answer:
    """What a server answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def kind(self) -> str:
        """The media type, without its parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip()


@dataclass(frozen=True)
class Server:
    """A server that runs; ``place`` is its store."""

    port: int
    place: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def ask(self, method: str, path: str, body: bytes | str | None = None, **headers: str) -> Answer:
        """Send a request as it is; "_" in the name of a header stands for "-"."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            sent = body.encode() if isinstance(body, str) else body
            names = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, sent, names)
            response = connection.getresponse()
            told = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, told, response.read())
        finally:
            connection.close()

    def write(self, method: str, path: str, body: bytes | str | None = None, **headers: str) -> Answer:
        """Send a request with the token."""
        return self.ask(method, path, body, Authorization=f"Bearer {TOKEN}", **headers)


@contextmanager
def serving(place: Path, **options: Any) -> Iterator[Server]:
    """Serve the store in a folder; an empty one is made where there is none."""
    if not place.exists():
        KnowledgeGraph.create(place).close()
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = int(one.getsockname()[1])
    process = subprocess.Popen([sys.executable, "-c", _RUN, str(place), str(port), repr(options)])
    try:
        server = Server(port, place)
        _wait(server, process)
        yield server
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()


def _wait(server: Server, process: subprocess.Popen[Any]) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        assert process.poll() is None, "the server ended"
        try:
            if server.ask("GET", "/health").status == 200:
                return
        except OSError:
            pass
        time.sleep(0.05)
    raise AssertionError("the server does not answer")
