"""The graph with attributes that every drawing program reads: texts and numbers of one line each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import networkx

Flat = dict[str, str | float]
"""Attributes of a node or an edge: texts of one line and finite numbers, never None."""

SEPARATOR = "; "
"""What joins several values of one attribute."""

QUOTE_SEPARATOR = " | "
"""What joins several quotes: sentences hold semicolons."""

# Names with a meaning of their own in one of the formats.
_RESERVED = frozenset(
    {"id", "name", "value", "color", "key", "source", "target", "start", "end", "pid", "parents", "slices", "spells"}
    | {"type", "weight", "viz", "for", "URL", "style", "shape", "tooltip", "fillcolor", "interaction"}
)

# XML 1.0 section 2.2 allows no other characters; of the control characters only white space, which is folded anyway.
_NOT_PLAIN = re.compile("[^\t\n\r -\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

# Twelve colours that stay apart in print and for most colour-blind readers, light enough for black text (Set3,
# ColorBrewer 2.0, Cynthia Brewer), and twelve more for graphs of many classes.
_PALETTE = [
    "#8dd3c7",
    "#ffffb3",
    "#bebada",
    "#fb8072",
    "#80b1d3",
    "#fdb462",
    "#b3de69",
    "#fccde5",
    "#d9d9d9",
    "#bc80bd",
    "#ccebc5",
    "#ffed6f",
    "#aec7e8",
    "#c49c94",
    "#dbdb8d",
    "#9edae5",
    "#e377c2",
    "#bcbd22",
    "#ff9f4a",
    "#98df8a",
    "#ffb3a7",
    "#7f9ee0",
    "#17becf",
    "#c2a2ff",
]


def flatten(graph: networkx.MultiDiGraph[str]) -> networkx.MultiDiGraph[str]:
    """Return the graph with flat attributes, in the same order; edge keys are "e1", "e2", ….

    Nodes get a ``color`` by class. Edges get ``document``, ``date``, ``quote`` and ``extractor`` in the place of the
    lists. Names that mean something else in a format get an underscore behind.

    >>> graph = networkx.MultiDiGraph()
    >>> graph.add_node("a", label="A\\nB", active=["2016", "2017"], **{"class": "Person"})
    >>> flatten(graph).nodes["a"]["label"], flatten(graph).nodes["a"]["active"]
    ('A B', '2016; 2017')
    """
    flat: networkx.MultiDiGraph[str] = networkx.MultiDiGraph()
    colors = palette(str(data.get("class", "")) for _, data in graph.nodes(data=True))
    for node, data in graph.nodes(data=True):
        # A name of nothing but control characters would leave a node without a label.
        flat.add_node(
            node,
            **{**_flat(data), "label": plain(str(data["label"])) or node},
            color=colors[str(data.get("class", ""))],
        )
    for number, (source, target, data) in enumerate(graph.edges(data=True), start=1):
        flat.add_edge(source, target, f"e{number}", **_flat(data, reserved=frozenset()))
    return flat


def palette(classes: Iterable[str]) -> dict[str, str]:
    """Return a colour ("#8dd3c7") for each class, by the alphabet; after 24 classes they repeat."""
    return {name: _PALETTE[rank % len(_PALETTE)] for rank, name in enumerate(sorted(set(classes)))}


def plain(text: str) -> str:
    """Return ``text`` on one line without what XML forbids; runs of white space become one space."""
    return " ".join(_NOT_PLAIN.sub("", text).split())


def _flat(data: Mapping[str, object], reserved: frozenset[str] = _RESERVED) -> Flat:
    singular = {"documents": "document", "dates": "date", "quotes": "quote", "extractors": "extractor"}
    flat: Flat = {}
    for name, value in data.items():
        if value is None or name == "evidence":  # which is all in documents, dates and quotes
            continue
        key = singular.get(name, f"{name}_" if name in reserved else name)
        if isinstance(value, (list, tuple)):
            separator = QUOTE_SEPARATOR if name == "quotes" else SEPARATOR
            flat[key] = separator.join(plain(str(one)) for one in value)
        else:
            flat[key] = value if isinstance(value, (int, float)) else plain(str(value))
    return flat
