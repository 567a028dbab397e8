"""The graph as a page of its own: one file that any browser shows, without a server and without any other host."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html import escape
from pathlib import Path
from typing import Any

import networkx

from graphwright.export.flat import palette
from graphwright.graph import KnowledgeGraph, Selection
from graphwright.graph.selection import ALL

ASSETS = Path(__file__).parents[1] / "assets"

_PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Knowledge graph</title>
<style>{style}</style>
</head>
<body>
<main>
<h1>Knowledge graph <small>{counts}</small></h1>
<noscript>This picture is drawn by scripts in this page, which your browser does not run.</noscript>
<div id="graph"></div>
</main>
<script type="application/json" id="graph-data">{data}</script>
<script>{library}</script>
<script type="module">{program}</script>
</body>
</html>
"""

_STYLE = """
:root { color-scheme: light dark; --surface: #ffffff; --ink: #1d2125; --accent: #1c5f90; }
@media (prefers-color-scheme: dark) { :root { --surface: #1b1f23; --ink: #e9e7e2; --accent: #86bfe8; } }
html, body { margin: 0; height: 100%; background: var(--surface); color: var(--ink); }
body { font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif; }
main { box-sizing: border-box; display: flex; flex-direction: column; gap: .5rem; height: 100%; padding: .5rem; }
h1 { font-size: 1.1rem; margin: 0 .25rem; }
h1 small { font-weight: 400; }
#graph { flex: 1; min-height: 0; }
@media (max-width: 44rem) { main { height: auto; } #graph { flex: none; } }
"""

_START = """
const data = JSON.parse(document.getElementById("graph-data").textContent);
mountGraph(document.getElementById("graph"), data);
"""


def page(graph: networkx.MultiDiGraph[str]) -> bytes:
    """Return a page with the graph of `graphwright.graph.network.to_networkx` that holds all it needs.

    Its Content Security Policy lets no script run but those of this package, and nothing be loaded from anywhere.
    """
    library = _licensed(ASSETS / "vendor" / "force-graph.min.js", ASSETS / "vendor" / "force-graph.LICENSE.txt")
    program = _inline((ASSETS / "graph.js").read_text(encoding="utf-8") + _START)
    style = _STYLE + (ASSETS / "graph.css").read_text(encoding="utf-8")
    nodes, edges = len(graph), graph.number_of_edges()
    text = _PAGE.format(
        policy=_policy(scripts=(library, program), style=style),
        style=style,
        counts=escape(
            f"{nodes:,} {'thing' if nodes == 1 else 'things'}, {edges:,} {'fact' if edges == 1 else 'facts'}"
        ),
        data=_embedded(_data(graph)),
        library=library,
        program=program,
    )
    return text.encode("utf-8", "replace")


class View:
    """A graph as a notebook shows it: the page, in a frame that can do nothing to the notebook."""

    def __init__(self, graph: KnowledgeGraph, selection: Selection = ALL, *, height: int = 480) -> None:
        self._page = page(graph.to_networkx(selection)).decode()
        self._height = height

    def _repr_html_(self) -> str:
        return (
            f'<iframe sandbox="allow-scripts allow-downloads" width="100%" height="{self._height:d}" '
            f'title="Knowledge graph" style="border: 0" srcdoc="{escape(self._page)}"></iframe>'
        )


def _data(graph: networkx.MultiDiGraph[str]) -> dict[str, Any]:
    """Return the graph as `mountGraph` takes it."""
    colors = palette(str(data["class"]) for _, data in graph.nodes(data=True))
    nodes = [
        {
            "id": node,
            "label": data["label"] or node,
            "class": data["class_iri"],
            "class_label": data["class"],
            "color": colors[str(data["class"])],
        }
        for node, data in graph.nodes(data=True)
    ]
    told = ("property", "label", "modality", "attributed_to", "confidence", "documents", "dates", "quotes")
    edges = [
        {
            "id": f"e{number}",
            "source": source,
            "target": target,
            **{name: data[name] for name in told},
            "evidence": [dict(zip(("document", "date", "quote"), place, strict=True)) for place in data["evidence"]],
        }
        for number, (source, target, data) in enumerate(graph.edges(data=True), start=1)
    ]
    return {"nodes": nodes, "edges": edges}


def _embedded(value: object) -> str:
    """Return JSON in which nothing ends a script or a line of one, whatever a text holds."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return re.sub("[<>&\u2028\u2029]", lambda found: f"\\u{ord(found[0]):04x}", text)


def _licensed(script: Path, licence: Path) -> str:
    """Return a script of others under the text of its licence, which has to go with it."""
    terms = licence.read_text(encoding="utf-8").strip().replace("*/", "* /")
    return _inline(f"/*!\n{terms}\n*/\n{script.read_text(encoding='utf-8')}")


def _inline(script: str) -> str:
    """Return a script that does not end before its end: within a string or an expression "<\\/" is "</"."""
    return re.sub("<(?=/script|!--)", r"\\x3c", script, flags=re.IGNORECASE)


def _policy(scripts: tuple[str, ...], style: str) -> str:
    def hashed(text: str) -> str:
        return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"

    allowed = " ".join(map(hashed, scripts))
    return (
        f"default-src 'none'; script-src {allowed}; style-src {hashed(style)}; img-src data: blob:; "
        "base-uri 'none'; form-action 'none'"
    )
