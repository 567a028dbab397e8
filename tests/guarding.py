"""What hostile input must never do: open a connection, run a program, hang."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

FORBIDDEN = ("socket.connect", "socket.getaddrinfo", "socket.sendto", "urllib.Request", "subprocess.Popen", "os.system")
_watching: list[list[str]] = []


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    if _watching and event in FORBIDDEN:
        _watching[-1].append(f"{event} {arguments}")
        raise OSError(f"a test allows no {event}")


sys.addaudithook(_watch)  # it cannot be taken away again, and does nothing but inside of `offline`


@contextmanager
def offline() -> Iterator[None]:
    """Fail where Python opens a connection or runs a program inside of the block, whatever became of it.

    The engine of SPARQL opens its own, of which Python is not told: see `Listener`.
    """
    found: list[str] = []
    _watching.append(found)
    try:
        yield
    finally:
        _watching.pop()
        assert found == []


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Fail where a block of Python takes longer than some seconds."""

    def late(*_: object) -> None:
        raise AssertionError(f"not done after {seconds:g} seconds")

    before = signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


class Listener(ThreadingHTTPServer):
    """Stands for a server that must not be called: counts requests, and answers with one solution, or one triple."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.calls = 0
        self.answers = True  # else with nothing at all

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/sparql"


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        assert isinstance(self.server, Listener)
        self.server.calls += 1
        turtle = "turtle" in self.headers.get("Accept", "")
        body = b"<urn:a> <urn:b> <urn:c> ." if turtle else b'{"head":{"vars":[]},"results":{"bindings":[{}]}}'
        body = body if self.server.answers else b""
        self.send_response(200)
        self.send_header("Content-Type", "text/turtle" if turtle else "application/sparql-results+json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", "0")))
        self.do_GET()

    def log_message(self, *_: object) -> None:
        """Stay quiet."""


@contextmanager
def served() -> Iterator[Listener]:
    """A listener, on a port of its own."""
    listener = Listener()
    threading.Thread(target=listener.serve_forever, daemon=True).start()
    try:
        yield listener
    finally:
        listener.shutdown()
        listener.server_close()


@contextmanager
def listening() -> Iterator[Listener]:
    """Fail where anybody calls the listener inside of the block."""
    with served() as listener:
        yield listener
    assert listener.calls == 0
