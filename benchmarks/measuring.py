"""How much memory a process has held, told in one way for all benchmarks."""

from __future__ import annotations

import resource
import sys
from pathlib import Path


def status(process: str = "self") -> dict[str, str]:
    """What Linux tells of a process by its number, or of "self"; nothing elsewhere, and of one that is gone."""
    try:
        lines = Path(f"/proc/{process}/status").read_text(encoding="utf-8").splitlines()
    except OSError:
        return {}
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def peak_memory(process: str = "self") -> float:
    """The most memory that a process alone has held so far, in MB of a million bytes."""
    if peak := status(process).get("VmHWM"):  # resource tells the peak of the parent where that was larger
        return int(peak.split()[0]) * 1024 / 1e6
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most * (1 if sys.platform == "darwin" else 1024) / 1e6
