"""The graph as a picture: things are boxes with their names, coloured by class, facts are arrows."""

from __future__ import annotations

import io
import textwrap
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import networkx

from graphwright.errors import ExportError
from graphwright.graph.optional import needed

FlatGraph = networkx.MultiDiGraph  # [str]; networkx takes no type arguments at run time before 3.4

MOST = 400
"""How many things a picture may have; of more, nobody could read the names."""

_FEW = 60
"""Up to how many arrows each has its property written beside it."""

_SIZE = 8.0  # points: of names
_LINE = 1.35 * _SIZE / 72  # inches
_GAP = (0.16, 0.16)  # inches between boxes at least
_WIDE_GAP = (1.0, 0.5)  # where something is written between them
_ROUNDS = 300  # of pushing boxes apart, at most

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """A thing in a picture: its name in lines, and its size in inches."""

    text: str
    width: float
    height: float


def png(graph: FlatGraph[str]) -> bytes:
    """Return a PNG of 150 dots an inch. Raises ExportError without matplotlib, and for more than `MOST` things."""
    return _drawn(graph, "png")


def svg(graph: FlatGraph[str]) -> bytes:
    """Return an SVG whose texts are texts. Raises ExportError without matplotlib, and for more than `MOST` things."""
    return _drawn(graph, "svg")


def _drawn(graph: FlatGraph[str], format: str) -> bytes:
    if len(graph) > MOST:
        raise ExportError(
            f"a picture of {len(graph):,} things could not be read",
            "the drawing",
            f"choose at most {MOST} of them: with --around and --hops, --class, --property or --min-confidence; "
            "or write .html or .gexf, whose programs let one move about",
        )
    matplotlib = needed("matplotlib", "plots")
    figure_class = needed("matplotlib.figure", "plots").Figure
    # Equal graphs, equal bytes.
    options = {"svg.hashsalt": "graphwright", "svg.fonttype": "none", "font.size": _SIZE}
    output = io.BytesIO()
    with matplotlib.rc_context(options), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing")  # a name in a script that no font here has
        figure = _figure(graph, figure_class)
        metadata = {"Date": None, "Creator": "Graphwright"} if format == "svg" else {"Software": "Graphwright"}
        figure.savefig(output, format=format, dpi=150, metadata=metadata)
    return output.getvalue()


def _figure(graph: FlatGraph[str], figure_class: Any) -> Any:
    boxes = {node: _box(str(data["label"])) for node, data in graph.nodes(data=True)}
    places, width, height = layout(graph, boxes)
    classes = dict(sorted({str(data["class"]): str(data["color"]) for _, data in graph.nodes(data=True)}.items()))
    size = _SIZE + width / 8  # of the legend: who looks at all of a large picture sees it small
    columns = max(1, int(width * 72 / (14 * size)))
    legend_height = size / 72 * 1.8 * -(-len(classes) // columns)
    figure = figure_class(figsize=(width, height + legend_height))
    axes = figure.add_axes((0, 0, 1, height / (height + legend_height)))
    axes.set(xlim=(0, width), ylim=(0, height))
    axes.axis("off")
    _draw_edges(axes, graph, places, boxes)
    for node, (x, y) in places.items():
        _draw_box(axes, boxes[node], x, y, str(graph.nodes[node]["color"]))
    _draw_legend(figure, classes, columns, size)
    return figure


def _written(graph: FlatGraph[str]) -> bool:
    """Whether each arrow has its property written beside it."""
    return graph.number_of_edges() <= _FEW


def _box(label: str) -> Box:
    measure = needed("matplotlib.textpath", "plots").text_to_path.get_text_width_height_descent
    font = needed("matplotlib.font_manager", "plots").FontProperties(size=_SIZE)
    lines = textwrap.wrap(label, 24, max_lines=3, placeholder=" …") or [" "]
    width = max(measure(line, font, False)[0] for line in lines) / 72
    return Box("\n".join(lines), width + 0.2, len(lines) * _LINE + 0.12)


def layout(graph: FlatGraph[str], boxes: Mapping[str, Box]) -> tuple[dict[str, Point], float, float]:
    """Return where the middle of each thing is, and the size of the whole, in inches: each part laid out by itself."""
    simple = networkx.Graph(graph)
    parts = sorted(networkx.connected_components(simple), key=lambda part: (-len(part), min(part)))
    gap = _WIDE_GAP if _written(graph) else _GAP
    tiles = [_tile(simple.subgraph(sorted(part)), boxes, gap) for part in parts]
    area = sum(width * height for _, width, height in tiles)
    widest = max([*(width for _, width, _ in tiles), (1.5 * area) ** 0.5, 4.0])
    places: dict[str, Point] = {}
    x = y = row = right = 0.3
    for tile, width, height in tiles:  # in rows from the top, as words in lines
        if x > 0.3 and x + width > widest:
            x, y, row = 0.3, y + row + 0.3, 0.0
        places.update({node: (x + at_x, y + at_y) for node, (at_x, at_y) in tile.items()})
        x, row = x + width + 0.3, max(row, height)
        right = max(right, x)
    bottom = y + row + 0.3
    return {node: (at_x, bottom - at_y) for node, (at_x, at_y) in places.items()}, right, bottom


def _tile(part: networkx.Graph[str], boxes: Mapping[str, Box], gap: Point) -> tuple[dict[str, Point], float, float]:
    """Return the places of things that are connected, from the corner of the smallest frame, and its size."""
    import numpy

    nodes = sorted(part)
    sizes = numpy.array([(boxes[node].width, boxes[node].height) for node in nodes])
    ordered: networkx.Graph[str] = networkx.Graph()
    ordered.add_nodes_from(nodes)
    ordered.add_edges_from(sorted(part.edges()))
    spread = 1.1 * float(numpy.prod(sizes + gap, axis=1).sum()) ** 0.5
    found = networkx.spring_layout(ordered, seed=1, iterations=300, scale=None)
    middle = numpy.array([found[node] for node in nodes]).reshape(-1, 2)
    middle = (middle - middle.mean(axis=0)) / (middle.std(axis=0).max() or 1.0) * (spread * 0.7, spread * 0.5)
    middle = _apart(middle, sizes + gap)
    low, high = (middle - sizes / 2).min(axis=0), (middle + sizes / 2).max(axis=0)
    width, height = high - low
    return {node: (float(x), float(y)) for node, (x, y) in zip(nodes, middle - low, strict=True)}, width, height


def _apart(middle: Any, sizes: Any) -> Any:
    """Push boxes apart until none overlaps another, each time along the way that is shorter."""
    import numpy

    middle = middle.copy()
    for _ in range(_ROUNDS):
        gap = middle[:, None, :] - middle[None, :, :]
        room = (sizes[:, None, :] + sizes[None, :, :]) / 2
        over = room - numpy.abs(gap)
        numpy.fill_diagonal(over[:, :, 0], -1.0)
        hit = (over > 1e-6).all(axis=2)
        if not hit.any():
            break
        side = numpy.where(gap > 0, 1.0, numpy.where(gap < 0, -1.0, 0.0))
        # Of two at one place the first goes one way, the second the other.
        order = numpy.sign(numpy.arange(len(middle))[:, None] - numpy.arange(len(middle))[None, :])
        side = numpy.where(side == 0, order[:, :, None], side)
        along = numpy.argmin(over, axis=2)
        for axis in (0, 1):
            push = numpy.where(hit & (along == axis), over[:, :, axis] * side[:, :, axis], 0.0)
            middle[:, axis] += 0.5 * push.sum(axis=1) / numpy.maximum(1, (push != 0).sum(axis=1))
    return middle


def _draw_edges(axes: Any, graph: FlatGraph[str], places: Mapping[str, Point], boxes: Mapping[str, Box]) -> None:
    between: dict[frozenset[str], int] = {}
    for source, target, data in graph.edges(data=True):
        number = between[frozenset((source, target))] = between.get(frozenset((source, target)), -1) + 1
        _draw_edge(
            axes, data, (places[source], boxes[source]), (places[target], boxes[target]), number, _written(graph)
        )


def _draw_edge(
    axes: Any,
    data: Mapping[str, Any],
    source: tuple[Point, Box],
    target: tuple[Point, Box],
    number: int,
    written: bool,
) -> None:
    from matplotlib.patches import FancyArrowPatch

    (x1, y1), (x2, y2) = start, end = source[0], target[0]
    sure = data["modality"] == "asserted" and "attributed_to" not in data
    style: dict[str, Any] = {
        "color": "#777777",
        "linewidth": 0.8,
        "linestyle": "-" if sure else (0, (4, 2)),
        "zorder": 1,
    }
    if start == end:
        top = y1 + source[1].height / 2
        start, end, bend = (x1 - 0.15, top), (x1 + 0.15, top), -1.6 - 0.5 * number
    else:
        start, end = _border(start, end, source[1]), _border(end, start, target[1])
        bend = 0.08 + 0.14 * number
    arrow = FancyArrowPatch(
        start,
        end,
        arrowstyle="-|>",
        mutation_scale=8,
        connectionstyle=f"arc3,rad={bend}",
        shrinkA=0,
        shrinkB=0,
        **style,
    )
    axes.add_patch(arrow)
    if written:
        # The middle of the curve: its one control point is beside the middle of the straight line.
        (x1, y1), (x2, y2) = start, end
        x, y = (x1 + x2) / 2 + bend * (y2 - y1) / 2, (y1 + y2) / 2 - bend * (x2 - x1) / 2
        axes.text(
            x,
            y,
            textwrap.shorten(str(data["label"]), 40, placeholder=" …"),
            size=6.5,
            color="#444444",
            ha="center",
            va="center",
            parse_math=False,
            zorder=3,
            bbox={"boxstyle": "square,pad=0.1", "facecolor": "white", "edgecolor": "none", "alpha": 0.85},
        )


def _border(inside: Point, outside: Point, box: Box) -> Point:
    """Return where the straight way out of a box crosses its border."""
    along = (outside[0] - inside[0], outside[1] - inside[1])
    reach = min(
        half / abs(step)
        for half, step in zip((box.width / 2 + 0.03, box.height / 2 + 0.03), along, strict=True)
        if step
    )
    return inside[0] + along[0] * min(1.0, reach), inside[1] + along[1] * min(1.0, reach)


def _draw_box(axes: Any, box: Box, x: float, y: float, color: str) -> None:
    from matplotlib.patches import FancyBboxPatch

    axes.add_patch(
        FancyBboxPatch(
            (x - box.width / 2 + 0.04, y - box.height / 2 + 0.04),
            box.width - 0.08,
            box.height - 0.08,
            boxstyle="round,pad=0.04,rounding_size=0.06",
            facecolor=color,
            edgecolor="#555555",
            linewidth=0.6,
            zorder=2,
        )
    )
    axes.text(x, y, box.text, ha="center", va="center", parse_math=False, zorder=4, linespacing=1.15)


def _draw_legend(figure: Any, classes: Mapping[str, str], columns: int, size: float) -> None:
    from matplotlib.patches import Patch

    handles: Sequence[Any] = [
        Patch(facecolor=color, edgecolor="#555555", linewidth=0.6, label=name or "of no class")
        for name, color in classes.items()
    ]
    if handles:
        figure.legend(handles=handles, loc="upper left", ncols=columns, frameon=False, fontsize=size)
