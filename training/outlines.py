"""Make the outlines of countries that the maps of the explorer show: ``python outlines.py countries-110m.json``.

The input is TopoJSON of the npm package world-atlas 2.0.2, made of Natural Earth 1:110m (public domain). The output is
one path of SVG, longitude to the right and latitude upwards in degrees, on standard output.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from typing import Any

Point = tuple[float, float]

_HEAD = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="-180 -90 360 180">
<!-- Countries of Natural Earth 1:110m (public domain), from world-atlas 2.0.2; made by training/outlines.py -->
"""


def arcs(topology: dict[str, Any]) -> list[list[Point]]:
    """Return the arcs in degrees: TopoJSON keeps the differences of whole numbers."""
    (by_x, by_y), (x0, y0) = topology["transform"]["scale"], topology["transform"]["translate"]
    found = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((x * by_x + x0, y * by_y + y0))
        found.append(points)
    return found


def rings(topology: dict[str, Any]) -> Iterator[list[Point]]:
    """Yield the rings of all countries; an arc that is counted from behind (~n) is walked backwards."""
    known = arcs(topology)
    for shape in topology["objects"]["countries"]["geometries"]:
        polygons = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
        for ring in (ring for polygon in polygons for ring in polygon):
            yield [point for arc in ring for point in (known[arc] if arc >= 0 else known[~arc][::-1])]


def path(ring: Sequence[Point]) -> str:
    """Return a ring as commands of an SVG path, to a tenth of a degree; "" where nothing is left of it."""
    points = [(round(10 * x), -round(10 * y)) for x, y in ring]
    steps = [(a[0] - b[0], a[1] - b[1]) for a, b in zip(points[1:], points, strict=False)]
    # What crosses the 180th meridian goes on beyond it, and not around the earth.
    steps = [((x + 1800) % 3600 - 1800, y) for x, y in steps if (x, y) != (0, 0)]
    if len(steps) < 3:
        return ""
    return f"M{_short(points[0])}l" + " ".join(map(_short, steps)) + "z"


def _short(point: Point) -> str:
    return ",".join(
        f"{number / 10:g}".replace("0.", ".") if abs(number) < 10 else f"{number / 10:g}" for number in point
    )


def main() -> None:
    """Read the file that is named, and write the picture."""
    with open(sys.argv[1], encoding="utf-8") as source:
        shapes = "".join(map(path, rings(json.load(source))))
    print(f'{_HEAD}<path id="countries" vector-effect="non-scaling-stroke" d="{shapes}"/>\n</svg>')


if __name__ == "__main__":
    main()
