"""How much faster two processes build than one, on two cores.

Usage: python benchmarks/figures/workers.py [--quick]
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from statistics import median

from row import Clock, Figure, arguments, count_words, documents, has_workers, tell

from graphwright import building

MEASURE = "two workers ÷ one, words per second"


def main() -> None:
    """Take turns at both, and tell the ratio."""
    parser = arguments("Two workers against one.")
    parser.add_argument("--documents", type=int, default=600)
    parser.add_argument("--rounds", type=int, default=3)
    wanted = parser.parse_args()
    if not has_workers():
        tell(Figure(measure=MEASURE, value=None, unit="×", reach=1.8, note="not measured: builds have no workers here"))
        return
    number, rounds = (40, 1) if wanted.quick else (wanted.documents, wanted.rounds)
    made = list(documents(number))
    words = count_words(made)
    building.update(made[:3])  # what the parent loads is loaded once
    times: dict[int, list[float]] = {1: [], 2: []}
    spent: dict[int, list[float]] = {1: [], 2: []}
    with tempfile.TemporaryDirectory() as folder:
        for turn in range(rounds):
            for workers in times:
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
