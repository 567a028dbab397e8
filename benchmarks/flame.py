"""Where the time of a build goes: a flame graph, and the share of each part, by samples of the running program.

py-spy (of the development tools) looks a hundred times a second at a process that builds a graph on disk of
made documents, after a first build that has loaded all there is to load. The picture grows
upwards from the build: what is wide took long. Frames of less than a part in five hundred are left out.

Usage: python benchmarks/flame.py [--documents N] [--svg FILE] [--samples FILE]
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from itertools import dropwhile
from pathlib import Path

HERE = Path(__file__).parent
RATE = 100
LEAST = 1 / 500
WIDTH, HEIGHT = 1200, 17
FRAME = re.compile(r"(?P<function>.*) \((?P<file>.*?)(?::\d+)?\)")
COLOURS = {
    "network": "#c9a0dc", "language": "#e3c7ee", "mentions": "#f2c879", "propositions": "#efe08a", "facts": "#a9d6a1",
    "entities": "#8fd0c9", "graph": "#9dbfe8", "ledger": "#bccbe0",
}  # fmt: skip
OTHER = "#dddddd"

BUILD = """
import sys, tempfile
sys.path.insert(0, {figures!r})
from row import documents, one_core
one_core()
from graphwright import building

def measured():
    graph, _ = building.update(made, store=folder + "/measured")
    graph.close()

made = list(documents({number}))
with tempfile.TemporaryDirectory() as folder:
    building.update(made[:3], store=folder + "/first")[0].close()
    measured()
"""


@dataclass(slots=True)
class Frame:
    """A function with what it called: ``samples`` in it and below."""

    name: str
    samples: int = 0
    below: dict[str, Frame] = field(default_factory=dict)


def stacks(text: str) -> Iterator[tuple[list[str], int]]:
    """Yield the stacks of the measured build, each a list of "package: function" from outside in, with its samples.

    What threads do for it, as the store does its loading, begins with the first function of ours.
    """
    for line in text.splitlines():
        stack, _, number = line.rpartition(" ")
        frames = [found for part in stack.split(";") if (found := FRAME.fullmatch(part))]
        names = [frame["function"] for frame in frames]
        if "measured" in names:
            inner = frames[names.index("measured") + 1 :]
        elif "_worker" in names:  # of concurrent.futures
            inner = list(dropwhile(lambda frame: part_of(frame["file"]) not in COLOURS, frames))
        else:
            continue
        if inner:
            yield [f"{part_of(frame['file'])}: {frame['function']}" for frame in inner], int(number)


def part_of(file: str) -> str:
    """The part of Graphwright, or the library, that a file belongs to."""
    if "/graphwright/" in f"/{file}":
        inside = f"/{file}".rpartition("/graphwright/")[2]
        return inside.partition("/")[0].removesuffix(".py")
    if "onnxruntime" in file:
        return "network"
    return file.rpartition("site-packages/")[2].partition("/")[0].removesuffix(".py")


def owner(stack: list[str]) -> str:
    """The part that the time of a stack is counted to: the innermost of ours, or the network."""
    parts = [frame.partition(": ")[0] for frame in stack]
    return next((part for part in reversed(parts) if part in COLOURS), "other")


def grown(told: list[tuple[list[str], int]]) -> Frame:
    """All stacks as one tree."""
    root = Frame("build")
    for stack, number in told:
        here = root
        here.samples += number
        for name in stack:
            here = here.below.setdefault(name, Frame(name))
            here.samples += number
    return root


def drawn(frame: Frame, start: float, depth: int, whole: int) -> Iterator[tuple[int, str]]:
    """Yield the boxes of a frame and those above it, each with its depth; wide ones have a name."""
    width = frame.samples / whole * WIDTH
    colour = COLOURS.get(frame.name.partition(": ")[0], OTHER)
    room = int(width / 6.2)
    text = frame.name if len(frame.name) <= room else frame.name[: room - 1] + "…" if room > 4 else ""
    title = f"{frame.name}: {frame.samples / whole:.1%}"
    label = f'<text x="{start + 3:.1f}" y="$Y">{escape(text)}</text>' if text else ""
    yield (
        depth,
        f'<g><title>{escape(title)}</title><rect x="{start:.1f}" y="$R" width="{max(width - 0.4, 0.3):.1f}" '
        f'height="{HEIGHT - 1}" fill="{colour}"/>{label}</g>',
    )
    for inner in sorted(frame.below.values(), key=lambda one: one.name):
        if inner.samples / whole >= LEAST:
            yield from drawn(inner, start, depth + 1, whole)
            start += inner.samples / whole * WIDTH


def picture(root: Frame) -> str:
    """The flame graph as SVG."""
    boxes = list(drawn(root, 0, 0, root.samples))
    rows = max(depth for depth, _ in boxes) + 1
    body = "\n".join(
        box.replace("$R", str((rows - 1 - depth) * HEIGHT)).replace("$Y", str((rows - depth) * HEIGHT - 5))
        for depth, box in boxes
    )
    size = f'viewBox="0 0 {WIDTH} {rows * HEIGHT}" width="{WIDTH}" height="{rows * HEIGHT}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="monospace" font-size="10">\n'
        f'<rect width="100%" height="100%" fill="white"/>\n{body}\n</svg>\n'
    )


def main() -> None:
    """Sample a build, print the shares, and draw."""
    parser = argparse.ArgumentParser(description="Where the time of a build goes.")
    parser.add_argument("--documents", type=int, default=150)
    parser.add_argument("--svg", type=Path, help="draw the flame graph to this file")
    parser.add_argument("--samples", type=Path, help="samples that were taken before (py-spy's raw format)")
    wanted = parser.parse_args()
    if wanted.samples:
        text = wanted.samples.read_text(encoding="utf-8")
    else:
        spy = Path(sys.executable).with_name("py-spy")
        command = str(spy) if spy.exists() else shutil.which("py-spy") or "py-spy"
        build = BUILD.format(figures=str(HERE / "figures"), number=wanted.documents)
        with tempfile.NamedTemporaryFile("r", suffix=".txt", encoding="utf-8") as file:
            options = ["--rate", str(RATE), "--format", "raw", "--output", file.name]
            subprocess.run([command, "record", *options, "--", sys.executable, "-c", build], check=True)
            text = file.read()
    told = list(stacks(text))
    root = grown(told)
    shares: Counter[str] = Counter()
    alone: Counter[str] = Counter()
    for stack, number in told:
        shares[owner(stack)] += number
        alone[stack[-1] if stack else "build"] += number
    for part, number in shares.most_common():
        print(f"{number / root.samples:6.1%}  {part}")
    print("\nfunctions by themselves")
    for name, number in alone.most_common(25):
        print(f"{number / root.samples:6.1%}  {name}")
    if wanted.svg:
        wanted.svg.write_text(picture(root), encoding="utf-8")


if __name__ == "__main__":
    main()
