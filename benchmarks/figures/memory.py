"""The most memory that a worker holds while it reads documents of 300 words.

Usage: python benchmarks/figures/memory.py [--quick]
"""

from __future__ import annotations

import os
import tempfile
import threading
from pathlib import Path

from row import Figure, arguments, documents, peak_memory, status, tell

from graphwright import building

MEASURE = "memory of a worker"


def watch(peaks: dict[str, float], ended: threading.Event) -> None:
    """Note the peak of each process that this one started, five times a second."""
    mine = str(os.getpid())
    while not ended.wait(0.2):
        for process in filter(str.isdigit, os.listdir("/proc")):
            if status(process).get("PPid") == mine and (peak := peak_memory(process)):
                peaks[process] = peak


def main() -> None:
    """Build with two workers, and look at them meanwhile."""
    wanted = arguments("The most memory that a worker holds.").parse_args()
    limit = {"unit": "MB", "reach": 700, "at_most": True}
    if not os.path.isdir("/proc/self"):
        tell(Figure(measure=MEASURE, value=None, note="not measured: needs Linux", **limit))
        return
    number = 60 if wanted.quick else 1_000
    peaks: dict[str, float] = {}
    ended = threading.Event()
    watching = threading.Thread(target=watch, args=(peaks, ended))
    watching.start()
    try:
        with tempfile.TemporaryDirectory() as folder:
            building.update(documents(number), store=Path(folder) / "store", workers=2)[0].close()
    finally:
        ended.set()
        watching.join()
    read = f"{len(peaks)} processes that read {number:,} documents of 300 words"
    note = f"the largest of {read}; parent {peak_memory():.0f} MB"
    tell(Figure(measure=MEASURE, value=max(peaks.values()), note=note, **limit))


if __name__ == "__main__":
    main()
