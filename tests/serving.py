"""Servers to ask and browsers to look at them with: fixtures that `conftest.py` makes known to all tests.

`news_server` only reads and serves all tests; `writable_server` takes corrections, with the token `TOKEN`, and is made
for one test. `page` is a page of Chromium that fails its test where it asked another host, broke the Content Security
Policy, or reported an error.
"""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

import graphwright
from graphwright import KnowledgeGraph

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page, Request

DOCUMENTS = Path(__file__).parents[1] / "examples" / "diplomacy" / "documents"
TOKEN = "a token for tests"
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_PROGRAM = """
import logging, sys
from pathlib import Path
from graphwright.server.options import Options
from graphwright.server.running import run

logging.basicConfig(level=logging.WARNING)
if __name__ == "__main__":
    store, port, options = sys.argv[1:]
    run(Options(store=Path(store), **eval(options)), "127.0.0.1", int(port))
"""


@dataclass(frozen=True)
class Server:
    """A server that runs, and the store that it serves."""

    port: int
    store: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def serving(store: Path, *, token: str = "", workers: int = 2, **options: Any) -> Iterator[Server]:
    """Serve a store in a process of its own until the block ends; it may be written to with a token.

    Where there is no store an empty one is made. ``options`` are those of `graphwright.server.options.Options`.
    """
    if not store.exists():
        KnowledgeGraph.create(store).close()
    port = _free_port()
    told = {"writable": bool(token), "token": token, "workers": workers, **options}
    process = subprocess.Popen([sys.executable, "-c", _PROGRAM, str(store), str(port), repr(told)])
    server = Server(port, store)
    try:
        _wait_for(server.url, process)
        yield server
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 30
    while time.monotonic() < end and process.poll() is None:
        try:
            if httpx.get(f"{url}/health").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    raise AssertionError("the server did not start")


@pytest.fixture(scope="session")
def news_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The graph of the four articles of the examples, in a folder; copy it before writing to it."""
    store = tmp_path_factory.mktemp("news") / "news.store"
    graphwright.build([str(DOCUMENTS)], store=store).close()
    return store


@pytest.fixture(scope="session")
def news_server(news_store: Path) -> Iterator[Server]:
    """A server of `news_store` that only reads."""
    with serving(news_store) as server:
        yield server


@pytest.fixture
def writable_server(news_store: Path, tmp_path: Path) -> Iterator[Server]:
    """A server of a copy of `news_store` that may be written to with `TOKEN`."""
    store = tmp_path / "news.store"
    shutil.copytree(news_store, store)
    with serving(store, token=TOKEN) as server:
        yield server


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium without a window. Of a module and not of the session: while it runs, no test can start an event loop."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("there is no chromium")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, headless=True, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """An empty page of 1280 by 800 pixels; see `new_page`."""
    with new_page(browser) as page:
        yield page


@contextmanager
def new_page(browser: Browser, **options: Any) -> Iterator[Page]:
    """Open a page in a context of its own, with ``options`` of the context, and look at what it did when it closes.

    It may ask no other host than this machine, and may report no error. An answer of 4xx or 5xx that a test wants is
    reported by the browser too, and is no error here.
    """
    context = browser.new_context(**{"viewport": {"width": 1280, "height": 800}, **options})
    context.set_default_timeout(5_000)
    page = context.new_page()
    errors: list[str] = []

    def asked(request: Request) -> None:
        if not request.url.startswith(("http://127.0.0.1:", "data:", "blob:")):
            errors.append(f"asked {request.url}")

    def told(message: ConsoleMessage) -> None:
        if message.type == "error" and "Failed to load resource: the server responded" not in message.text:
            errors.append(message.text)

    page.on("request", asked)
    page.on("console", told)
    page.on("pageerror", lambda error: errors.append(str(error)))
    try:
        yield page
    finally:
        context.close()
    assert errors == []
