"""How quickly the explorer draws in a browser without a GPU: frames a second, the first frame, the effect of a click.

    python benchmarks/explorer.py [--screenshots FOLDER] [--documents 10000]

It needs Chromium and the extra ``dev``. With ``--documents`` it also makes a graph of so many documents (three minutes
for 10,000) and measures how long a server's process takes for a part of it.
"""

from __future__ import annotations

import argparse
import functools
import http.server
import random
import shutil
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from graphwright.server.colours import HUES
from graphwright.server.security import CONTENT_SECURITY_POLICY
from graphwright.server.static import ASSETS

TESTS = Path(__file__).parents[1] / "tests"
"""Where the made-up graph is."""

FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking")
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Explorer</title><link rel="icon" href="data:,">
<link rel="stylesheet" href="/static/style.css"><link rel="stylesheet" href="/static/graph.css">
<body class="graph-page"><main><div id="graph" class="graph-main"></div></main>
<script src="/static/vendor/force-graph.min.js"></script><script type="module" src="/page.js"></script></body></html>"""
SCRIPT = """
import { mountGraph } from "/static/graph.js";

const frame = () => new Promise((done) => requestAnimationFrame(done));

window.gaps = [];
let last = performance.now();
(function watch(now) {
  window.gaps.push(now - last);
  last = now;
  requestAnimationFrame(watch);
})(last);

window.mount = async (data, renderer) => {
  const start = performance.now();
  window.graph = mountGraph(document.getElementById("graph"), data, { renderer });
  await graph.ready;
  await frame(); // the frame is painted in here …
  await frame(); // … and has been when the next begins
  return performance.now() - start;
};
// The time from a click until what it does has been painted.
window.clicked = () => new Promise((done) => {
  addEventListener("pointerdown", () => {
    const start = performance.now();
    addEventListener("pointerup", async () => {
      await frame();
      await frame();
      done(performance.now() - start);
    }, { once: true });
  }, { once: true, capture: true });
});
"""


def made_up(nodes: int, edges: int) -> dict[str, Any]:
    """Return a graph in which some things have very many facts, and others are linked with their neighbours."""
    chance = random.Random(1)
    kinds = ("person", "organisation", "country", "city", "meeting", "position", "topic", "visit")
    properties = ("met", "visited", "works for", "located in", "part of", "member of")

    def end(start: int) -> int:
        if chance.random() < 0.4:
            return int(nodes * chance.random() ** 3)
        return (start + chance.randint(1, 12)) % nodes

    starts = [chance.randrange(nodes) for _ in range(edges)]
    return {
        "nodes": [
            {
                "id": f"n{number}",
                "label": f"{kinds[number % 8].capitalize()} {number}",
                "class": kinds[number % 8],
                "class_label": kinds[number % 8],
                "color": HUES[number % 8],
            }
            for number in range(nodes)
        ],
        "edges": [
            {
                "id": f"e{number}",
                "source": f"n{start}",
                "target": f"n{end(start)}",
                "property": properties[number % 6],
                "label": properties[number % 6],
                "modality": "planned" if number % 11 == 0 else "asserted",
                "confidence": round(chance.random(), 2),
                "documents": [f"d{number % 300}"],
                "dates": [f"2016-{number % 12 + 1:02}"],
                "quotes": ["A sentence that says so."],
            }
            for number, start in enumerate(starts)
        ],
    }


@contextmanager
def served() -> Iterator[str]:
    """Serve the page and the assets, with the policy of the server."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "index.html").write_text(PAGE, encoding="utf-8")
        (folder / "page.js").write_text(SCRIPT, encoding="utf-8")
        shutil.copytree(ASSETS, folder / "static")

        class Handler(http.server.SimpleHTTPRequestHandler):
            def end_headers(self) -> None:
                self.send_header("Content-Security-Policy", CONTENT_SECURITY_POLICY)
                super().end_headers()

            def log_message(self, *_: object) -> None:
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=str(folder)))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/"
        finally:
            server.shutdown()


def pan(page: Page, seconds: float = 3.0) -> tuple[float, float]:
    """Drag the picture about; return the frames a second and the longest time between two frames in milliseconds."""
    box = page.locator(".graph-stage").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] - 25
    # Where there is nothing to take hold of, the picture moves and no node.
    page.mouse.move(x, y)
    page.mouse.down()
    page.evaluate("window.gaps.length = 0")
    end, step = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        step += 1
        page.mouse.move(x + 90 * ((step % 40) / 20 - 1), y - 60 * ((step % 30) / 15))
    gaps: list[float] = page.evaluate("window.gaps.slice(1)")
    page.mouse.up()
    return 1000 * len(gaps) / sum(gaps), max(gaps)


def drawn(page: Page, url: str, nodes: int, edges: int, picture: Path | None) -> dict[str, float]:
    """Return what was measured of a graph of that size."""
    page.goto(url)
    page.wait_for_function("() => window.mount")
    data = made_up(nodes, edges)
    found = {"first frame, ms": page.evaluate("data => mount(data, 'canvas')", data)}
    page.evaluate("window.gaps.length = 0")
    page.wait_for_timeout(500)
    found["panning while it is laid out, fps"], found["longest frame then, ms"] = pan(page)
    page.wait_for_timeout(30_000 if nodes > 1500 else 6_000)  # until the layout has come to rest
    page.get_by_role("button", name="Show all").click()
    page.wait_for_timeout(1_000)
    if picture is not None:
        page.screenshot(path=picture / f"explorer-{nodes}.png")
    found["panning, fps"], found["longest frame, ms"] = pan(page)
    page.get_by_role("button", name="Show all").click()
    page.wait_for_timeout(500)
    took = []
    for name in ("n0", "n1", "n2"):
        at = page.evaluate("name => graph.where(name)", name)
        page.evaluate("window.waiting = clicked(); 0")
        page.locator(".graph-stage").click(position=at)
        took.append(page.evaluate("window.waiting"))
    found["from a click to its effect, ms"] = statistics.median(took)
    page.evaluate("window.start = performance.now(); graph.filter({ classes: ['person'] }); 0")
    shown = "requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - start)))"
    found["from a filter to its effect, ms"] = page.evaluate(f"new Promise((done) => {shown})")
    return found


def asked(documents: int) -> dict[str, float]:
    """Return how many milliseconds a process of the server needs for parts of a large graph, the median of five."""
    sys.path.insert(0, str(TESTS))
    from crowd import BASE, crowd

    from graphwright.server.reader import Reader
    from graphwright.server.views.neighbourhood import Selection, neighbourhood, path

    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "graph.store"
        crowd(documents, 2 * documents, store).close()
        reader = Reader(store)
        reader.refresh(1)
        hub, usual, rare = (f"{BASE}person/{number}" for number in (0, 600, 6000))
        calls: dict[str, Any] = {
            "a step from a thing that few documents tell of": lambda: neighbourhood(reader, Selection(things=(rare,))),
            "a step from a usual thing": lambda: neighbourhood(reader, Selection(things=(usual,))),
            "a step from the thing that most tell of": lambda: neighbourhood(
                reader, Selection(things=(hub,), limit=100)
            ),
            "a path": lambda: path(reader, rare, f"{BASE}person/9000"),
            "the 200 most linked of all": lambda: neighbourhood(reader, Selection()),
            "one document": lambda: neighbourhood(reader, Selection(documents=("d17",))),
        }
        found = {}
        for name, call in calls.items():
            took = []
            for _ in range(5):
                start = time.perf_counter()
                call()
                took.append(1000 * (time.perf_counter() - start))
            found[name] = statistics.median(took)
        return found


def main() -> None:
    """Print what was measured."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--screenshots", type=Path)
    parser.add_argument("--documents", type=int, default=0)
    options = parser.parse_args()
    with served() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(FLAGS))
        for nodes, edges in ((1_000, 2_000), (10_000, 20_000)):
            page = browser.new_page(viewport={"width": 1280, "height": 800})
            print(f"{nodes:,} nodes, {edges:,} edges")
            for name, value in drawn(page, url, nodes, edges, options.screenshots).items():
                print(f"  {name}: {value:.0f}")
            page.close()
        browser.close()
    if options.documents:
        print(f"{options.documents:,} documents, milliseconds")
        for name, value in asked(options.documents).items():
            print(f"  {name}: {value:.0f}")


if __name__ == "__main__":
    main()
