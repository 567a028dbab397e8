"""How much faster two processes build than one, on two cores.

Usage: python benchmarks/figures/workers.py [--quick]
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from statistics import median

from row import Clock, Figure, arguments, count_words, documents, tell

from graphwright import building

MEASURE = "two workers on two cores ÷ one on one core, words per second"


def use_cores(numbers: list[int]) -> None:
    """Keep this process, and those that it starts, on some cores, where the system can.

    With one worker on two cores the parent would write on the second: that is no build with one core.
    """
    if numbers:
        os.sched_setaffinity(0, set(numbers))


def main() -> None:
    """Take turns at both, and tell the ratio."""
    parser = arguments("Two workers against one.")
    parser.add_argument("--documents", type=int, default=2_000)
    parser.add_argument("--rounds", type=int, default=1)
    wanted = parser.parse_args()
    number, rounds = (40, 1) if wanted.quick else (wanted.documents, wanted.rounds)
    made = list(documents(number))
    words = count_words(made)
    building.update(made[:3])  # what the parent loads is loaded once
    cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
    times: dict[int, list[float]] = {1: [], 2: []}
    spent: dict[int, list[float]] = {1: [], 2: []}
    with tempfile.TemporaryDirectory() as folder:
        for turn in range(rounds):
            for workers in times:
                use_cores(cores[:workers])
                with Clock() as clock:
                    graph, report = building.update(made, store=Path(folder) / f"{turn}-{workers}", workers=workers)
                    graph.close()
                assert report.read == number
                times[workers].append(clock.wall)
                spent[workers].append(clock.cpu)
    tell(
        Figure(
            measure=MEASURE,
            value=median(one / two for one, two in zip(times[1], times[2], strict=True)),
            unit="×",
            reach=1.8,
            note=f"on the wall, starting included, {rounds} rounds of {number} documents of 300 words: "
            f"{words / median(times[2]):.0f} and {words / median(times[1]):.0f} words/s; "
            f"{median(spent[2]):.0f} and {median(spent[1]):.0f} s of processor",
        )
    )


if __name__ == "__main__":
    main()
