"""The part of the world that a map shows, and where in it the places are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

WIDTH, HEIGHT = 36.0, 24.0
"""The least that a map shows, in degrees: what is around tells where it is."""

NAMED = 12
"""How many places at most have their names in the map."""


def frame(places: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    """Return a map of places that have ``lat`` and ``long``: {box, places, size}; None where there are none.

    ``box`` is a view box of SVG in degrees, with latitudes upwards negative; its sides are as 3 to 2. ``size`` is a
    hundredth of its width, for what is drawn in it.
    """
    if not places:
        return None
    xs, ys = [place["long"] for place in places], [-place["lat"] for place in places]
    width = max(WIDTH, 1.4 * (max(xs) - min(xs)), 1.5 * 1.4 * (max(ys) - min(ys)))
    height = width * HEIGHT / WIDTH
    left, top = (min(xs) + max(xs) - width) / 2, (min(ys) + max(ys) - height) / 2
    shown = [
        {**place, "x": place["long"], "y": -place["lat"], "named": number < NAMED}
        for number, place in enumerate(places)
    ]
    return {
        "box": f"{left:.2f} {top:.2f} {width:.2f} {height:.2f}",
        "places": shown,
        "size": width / 100,
        "right": left + width,
    }
