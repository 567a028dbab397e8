"""The table of figures: runs the script of each row in a process of its own, one after another, and prints one table.

Usage: python benchmarks/figures [--only ROW]… [--quick] [--json FILE]

A script prints a line of JSON for each of its figures (`row.Figure`); whatever else it prints is told on standard
error. Ratios are taken in one run, from rounds that take turns. The exit code is 1 where a figure that was measured is
not what it should reach, and 2 where a script failed.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from rich.console import Console
from rich.table import Table
from row import HERE, ROOT, Figure

sys.path.insert(0, str(ROOT / "benchmarks"))

from speed import processor

ROWS = {
    "end-to-end": "end_to_end",
    "workers": "workers",
    "memory": "memory",
    "long": "long",
    "queries": "queries",
    "spark": "spark",
    "peers": "peers",
    "phrases": "phrases",
}
"""The rows by name, each with its script."""
LIBRARIES = ("graphwright", "spacy", "onnxruntime", "numpy", "pyoxigraph", "rdflib", "pyspark")
KEPT = ROOT / "out" / "long.json"
"""Where the run that takes an hour keeps its figures."""


def figures(row: str, *, quick: bool) -> Iterator[Figure]:
    """Yield the figures of a row. Raises CalledProcessError where its script fails."""
    if row == "long" and not quick:  # measured by itself: make bench-long
        if KEPT.exists():
            yield from (Figure(**told) for told in json.loads(KEPT.read_text(encoding="utf-8")))
        else:
            yield Figure(measure="20,000 documents of 300 words", value=None, note="not measured: run make bench-long")
        return
    command = [sys.executable, str(HERE / f"{ROWS[row]}.py"), *(["--quick"] if quick else [])]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    for line in done.stdout.splitlines():
        if line.startswith("{"):
            yield Figure(**json.loads(line))
        else:
            print(line, file=sys.stderr)


def machine() -> str:
    """What the figures were measured on, and with."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    here = f"{processor()}, {cores} cores{load}; {platform.system()}, Python {platform.python_version()}"
    return f"{here}\n{', '.join(filter(None, map(installed, LIBRARIES)))}; {time.strftime('%Y-%m-%d')}"


def installed(name: str) -> str:
    """A library with its version, "" where it is not there."""
    try:
        return f"{name} {version(name)}"
    except PackageNotFoundError:
        return ""


def shown(value: float | None) -> str:
    """A number as it is read: 0.65, 12.3, 1,234."""
    if value is None:
        return "–"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def table(told: list[Figure]) -> Table:
    """The table of all figures."""
    drawn = Table(title=machine(), title_justify="left", title_style="")
    for heading in ("measure", "figure", "reach", ""):
        drawn.add_column(heading, justify="right" if heading in ("figure", "reach") else "left")
    drawn.add_column("note", overflow="fold")
    for one in told:
        reach = "" if one.reach is None else f"{'≤' if one.at_most else '≥'} {shown(one.reach)} {one.unit}".strip()
        mark = {True: "[green]yes[/]", False: "[red]no[/]", None: ""}[one.reached]
        drawn.add_row(one.measure, f"{shown(one.value)} {one.unit}".strip(), reach, mark, one.note)
    return drawn


def main() -> int:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(prog="benchmarks/figures", description="Measure, and print one table.")
    parser.add_argument("--only", action="append", choices=ROWS, metavar="ROW", help=f"of {', '.join(ROWS)}")
    parser.add_argument("--quick", action="store_true", help="small sizes: shows that it works, and not how well")
    parser.add_argument("--json", type=Path, help="write all figures to this file as well")
    wanted = parser.parse_args()
    told: list[Figure] = []
    broken = False
    for row in wanted.only or ROWS:
        print(f"measuring {row} …", file=sys.stderr, flush=True)
        try:
            told += figures(row, quick=wanted.quick)
        except subprocess.CalledProcessError as error:
            told.append(Figure(measure=row, value=None, note=f"its script failed with exit code {error.returncode}"))
            broken = True
    if wanted.json:
        wanted.json.write_text(json.dumps([asdict(one) for one in told], ensure_ascii=False, indent=1) + "\n")
    Console(width=None if sys.stdout.isatty() else 160).print(table(told))
    return 2 if broken else int(any(one.reached is False for one in told))


if __name__ == "__main__":
    sys.exit(main())
