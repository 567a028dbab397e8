"""20,000 documents of 300 words: that a build of them finishes, in how much memory, and whether it slows down.

It takes the better part of an hour, so that the table shows what it kept in a file of JSON.

Usage: python benchmarks/figures/long.py [--quick] [--documents N] [--json FILE]
"""

from __future__ import annotations

import json
import os
import tempfile
import time
from dataclasses import asdict
from pathlib import Path

from row import Figure, arguments, documents, peak_memory, tell

from graphwright import building
from graphwright.documents import Failure
from graphwright.model import Document


def main() -> None:
    """Build, note when each document came, and tell."""
    parser = arguments("Whether a long build slows down.")
    parser.add_argument("--documents", type=int, default=20_000)
    parser.add_argument("--json", type=Path, help="write the figures to this file as well")
    wanted = parser.parse_args()
    number = 400 if wanted.quick else wanted.documents
    came: list[float] = []

    def note_time(_: Document | Failure) -> None:
        came.append(time.perf_counter())

    workers = os.cpu_count() or 1
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        graph, report = building.update(
            documents(number), store=Path(folder) / "store", on_document=note_time, workers=workers
        )
        graph.close()
    end = time.perf_counter()
    tenth = number // 10
    first, last = came[tenth] - came[0], came[-1] - came[-1 - tenth]
    what = f"{number:,} documents of 300 words"
    told = (
        Figure(
            measure=f"{what}: read",
            value=report.read,
            reach=number,
            note=f"{report.entities:,} entities and {report.facts:,} facts in {(end - start) / 60:.0f} min "
            f"with {workers} workers, {number * 300 / (end - start):.0f} words/s; of these "
            f"{(end - came[-1]) / 60:.1f} min after the last document was taken",
        ),
        Figure(measure=f"{what}: memory of the parent", value=peak_memory(), unit="MB", reach=1_000, at_most=True),
        Figure(
            measure=f"{what}: throughput of the last tenth ÷ the first",
            value=first / last,
            unit="×",
            reach=0.95,
            note=f"{tenth * 300 / last:.0f} and {tenth * 300 / first:.0f} words/s on the wall, what is written "
            "meanwhile included",
        ),
    )
    for figure in told:
        tell(figure)
    if wanted.json:
        wanted.json.write_text(json.dumps([asdict(one) for one in told], ensure_ascii=False, indent=1) + "\n")


if __name__ == "__main__":
    main()
