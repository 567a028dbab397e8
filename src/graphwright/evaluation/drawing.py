"""Figures of an evaluation as a picture."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path

from graphwright.errors import ExportError, StoreError
from graphwright.evaluation.report import Counts

FORMATS = (".png", ".svg")
_COLOURS = {"precision": "#0072b2", "recall": "#d55e00", "F1": "#444444"}  # told apart by colour-blind eyes too


def prepare_drawing(file: str | Path) -> None:
    """Raise ExportError where a picture cannot be drawn, StoreError where its file has no place."""
    path = Path(file)
    if path.suffix.lower() not in FORMATS:
        raise ExportError(
            f"no picture is written as {path.suffix or 'a file without a suffix'}",
            str(file),
            f"end its name in {' or '.join(FORMATS)}",
        )
    if not path.absolute().parent.is_dir():
        raise StoreError("there is no folder to write the picture to", str(file), f"make {str(path.parent)!r} first")
    if path.is_dir():
        raise StoreError("a folder has the name of the picture", str(file), "name another file")
    if find_spec("matplotlib") is None:
        raise ExportError(
            "drawing needs matplotlib, which is not installed", str(file), "pip install 'graphwright[plots]'"
        )


def draw_curve(curve: Iterable[tuple[float, Counts]], file: str | Path) -> None:
    """Draw precision, recall and F1 over the least confidence. Errors are those of `prepare_drawing`."""
    prepare_drawing(file)
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    points = [(level, counts) for level, counts in curve if counts.predicted]
    levels = [level for level, _ in points]
    with rc_context({"svg.hashsalt": "graphwright", "svg.fonttype": "none"}):  # equal figures, equal bytes
        figure = Figure(figsize=(7, 4.2), dpi=150, layout="constrained")
        axes = figure.subplots()
        for name, colour in _COLOURS.items():
            values = [getattr(counts, name.lower()) for _, counts in points]
            # What holds at a level holds down to the level before it.
            axes.step(levels, values, where="pre", label=name, color=colour, linewidth=1.8)
        axes.set(xlabel="least confidence", ylabel="share of asserted facts", xlim=(0, 1), ylim=(0, 1.02))
        axes.set_title("What is shown, and how much of it is right", loc="left", fontsize=11)
        axes.grid(alpha=0.25)
        axes.spines[["top", "right"]].set_visible(False)
        axes.legend(frameon=False, ncols=3, loc="lower left")
        try:
            figure.savefig(file, metadata={"Date": None} if Path(file).suffix.lower() == ".svg" else None)
        except OSError as error:
            raise StoreError(
                f"the picture cannot be written: {error.strerror}", str(file), "name a file in a folder of yours"
            ) from error
