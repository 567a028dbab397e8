"""The life cycle in figures: memory, builds in which little or nothing changed, and resolution as things grow.

Usage: python benchmarks/lifecycle/run.py [memory] [unchanged] [one-more] [resolution] [--small N] [--times N]
       [--paragraphs] [--texts FILE] [--folder FOLDER] [--things N,N,…] [--plot FILE.png] [--json FILE]

Without names all is measured. Each build is a process of its own, which reads its documents: nothing is remembered.
"""

from __future__ import annotations

import argparse
import json
import math
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import corpus
import growth

HERE = Path(__file__).parent
Figures = dict[str, Any]


class Builds:
    """Builds of small and large sets of documents in a folder; each is done once, and kept for what follows."""

    def __init__(self, folder: Path, wanted: argparse.Namespace) -> None:
        self.folder = folder
        self.wanted = wanted

    def documents(self, number: int, first: int = 0) -> Path:
        """A file with so many documents."""
        file = self.folder / f"{number}-from-{first}.jsonl"
        if not file.exists():
            made = corpus.documents(first + number, paragraphs=self.wanted.paragraphs, texts=self.wanted.texts)
            lines = [json.dumps(one, ensure_ascii=False) + "\n" for one in made]
            file.write_text("".join(lines[first:]), encoding="utf-8")
        return file

    def first(self, number: int) -> Figures:
        """What the first build of so many documents took."""
        told = self.folder / f"{number}.json"
        if not told.exists():
            store = self.folder / f"{number}.store"
            shutil.rmtree(store, ignore_errors=True)
            told.write_text(json.dumps(self.build(number, [self.documents(number)])), encoding="utf-8")
        figures: Figures = json.loads(told.read_text(encoding="utf-8"))
        return figures

    def build(self, number: int, files: list[Path]) -> Figures:
        """Build files into the graph of so many documents, in a process of its own."""
        command = [sys.executable, str(HERE / "measured.py"), *map(str, files)]
        done = subprocess.run(
            [*command, "--store", str(self.folder / f"{number}.store")], stdout=subprocess.PIPE, text=True, check=True
        )
        figures: Figures = json.loads(done.stdout.splitlines()[-1])
        return figures


def memory(builds: Builds) -> Iterator[tuple[str, Figures]]:
    """The peak memory of first builds, and which share of them is not reading."""
    small, large = builds.wanted.small, builds.wanted.small * builds.wanted.times
    found = {number: builds.first(number) for number in (small, large)}
    for number, told in found.items():
        share = (told["resolving"] + told["writing"]) / told["reading"]
        yield (
            f"first build of {number:,}: {told['seconds']:.0f} s, of which reading {told['reading']:.0f} s; resolution "
            f"{told['resolving'] / told['reading']:.1%} and writing {told['writing'] / told['reading']:.1%} of that; "
            f"peak memory {told['peak_mb']:.0f} MB",
            {"documents": number, **told, "share": share},
        )
    ratio = found[large]["peak_mb"] / found[small]["peak_mb"]
    yield f"memory of {large:,} documents ÷ that of {small:,}: {ratio:.2f}", {"ratio": ratio}


def unchanged(builds: Builds) -> Iterator[tuple[str, Figures]]:
    """A second build with nothing changed."""
    number = builds.wanted.small
    first = builds.first(number)
    second = builds.build(number, [builds.documents(number)])
    ratio = second["seconds"] / first["seconds"]
    yield (
        f"second build of {number:,}, nothing changed: {second['seconds']:.2f} s, {ratio:.2%} of the first",
        {"documents": number, **second, "ratio": ratio},
    )


def one_more(builds: Builds) -> Iterator[tuple[str, Figures]]:
    """One document more, beyond what it takes to start: to import, to load the model, and to open the store."""
    number = builds.wanted.small * builds.wanted.times
    builds.first(number)
    for extra in range(builds.wanted.extra):
        file = builds.documents(1, number + extra)
        told = builds.build(number, [file])
        start = builds.build(number, [file])["seconds"]  # now it is there, and not read again
        beyond = told["seconds"] - told["loading"] - start
        yield (
            f"one document more than {number + extra:,}: {beyond:.2f} s beyond start, reading {told['reading']:.2f} s, "
            f"ratio {beyond / told['reading']:.1f}; "
            f"resolution {told['resolving']:.2f} s, writing {told['writing']:.2f} s",
            {"documents": number + extra, "beyond": beyond, "ratio": beyond / told["reading"], **told},
        )


def resolution(builds: Builds) -> Iterator[tuple[str, Figures]]:
    """Resolution as things grow."""
    resolver = growth.standard()
    points = []
    for number in map(int, builds.wanted.things.split(",")):
        point = growth.measured(number, resolver)
        points.append(point)
        yield (
            f"resolution of {point.found:,} things: {point.seconds:.1f} s, {point.unit:.1f} µs per n log₂ n",
            {**asdict(point), "unit": point.unit},
        )
    first, last = points[0], points[-1]
    power = math.log(last.seconds / first.seconds) / math.log(last.found / first.found) if len(points) > 1 else 1.0
    yield f"it grows with the power {power:.2f} of the things", {"power": power}
    if builds.wanted.plot:
        growth.draw(points, builds.wanted.plot)


MEASURES: dict[str, Callable[[Builds], Iterator[tuple[str, Figures]]]] = {
    "memory": memory,
    "unchanged": unchanged,
    "one-more": one_more,
    "resolution": resolution,
}


def main() -> None:
    """Measure, and print a line for each figure."""
    parser = argparse.ArgumentParser(description="Measure the life cycle of graphs.")
    parser.add_argument("measures", nargs="*", metavar="measure", help=f"of {', '.join(MEASURES)}; all without")
    parser.add_argument("--small", type=int, default=1_000, help="documents of the small build")
    parser.add_argument("--times", type=int, default=10, help="how many times as many the large build has")
    parser.add_argument("--extra", type=int, default=3, help="how many documents are added, one at a time")
    parser.add_argument("--paragraphs", action="store_true", help="documents are single paragraphs of 40 to 80 words")
    parser.add_argument("--texts", type=Path, default=corpus.TEXTS, help="a gold file")
    parser.add_argument(
        "--things", default="400,1200,4000,12000,40000", help="how many things with names documents tell of"
    )
    parser.add_argument("--plot", help="draw the curve of resolution to this file; needs the extra plots")
    parser.add_argument("--folder", type=Path, help="where builds are kept, and found again; else nothing is kept")
    parser.add_argument("--json", type=Path, help="write all figures to this file")
    wanted = parser.parse_args()
    if unknown := set(wanted.measures) - set(MEASURES):
        parser.error(f"no measure {', '.join(sorted(unknown))}; use {', '.join(MEASURES)}")

    told: dict[str, list[Figures]] = {}
    with tempfile.TemporaryDirectory() as temporary:
        folder = wanted.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        builds = Builds(folder, wanted)
        for name in wanted.measures or MEASURES:
            for line, figures in MEASURES[name](builds):
                print(line, flush=True)
                told.setdefault(name, []).append(figures)
    if wanted.json:
        wanted.json.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
