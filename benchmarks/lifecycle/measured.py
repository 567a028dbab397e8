"""One build in a process of its own, and what it took: a line of JSON on standard output.

Usage: python benchmarks/lifecycle/measured.py DOCUMENTS.jsonl… --store FOLDER
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

START = time.perf_counter()

sys.path.insert(0, str(Path(__file__).parents[1]))

from measuring import peak_memory  # noqa: E402

from graphwright import building  # noqa: E402
from graphwright.ledger import Ledger  # noqa: E402
from graphwright.pipeline import Reader  # noqa: E402

SPENT: dict[str, float] = defaultdict(float)
"""Seconds spent in each step."""


def timed(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """The function, with its time noted under a name."""

    def wrapped(*args: Any, **named: Any) -> Any:
        start = time.perf_counter()
        try:
            return function(*args, **named)
        finally:
            SPENT[name] += time.perf_counter() - start

    return wrapped


def timed_iterator(name: str, function: Callable[..., Iterator[Any]]) -> Callable[..., Iterator[Any]]:
    """The function, with the time that its results take noted under a name."""

    def wrapped(*args: Any, **named: Any) -> Iterator[Any]:
        found = function(*args, **named)
        nothing = object()
        step = timed(name, next)
        while (one := step(found, nothing)) is not nothing:
            yield one

    return wrapped


def counted(wrote: Callable[..., None]) -> Callable[..., None]:
    """`Ledger.wrote`, with the numbers of documents and things noted, which are written again where IRIs changed."""

    def wrapped(*args: Any, **named: list[str]) -> None:
        for name, written in named.items():
            SPENT[f"written {name}"] += len(written)
        wrote(*args, **named)

    return wrapped


def main() -> None:
    """Build, and print what it took."""
    parser = argparse.ArgumentParser(description="Measure one build.")
    parser.add_argument("documents", nargs="+")
    parser.add_argument("--store", required=True)
    parser.add_argument("--profile", help="write a profile of the build to this file")
    wanted = parser.parse_args()

    Reader.__init__ = timed("loading", Reader.__init__)  # type: ignore[method-assign]
    Reader.read = timed_iterator("reading", Reader.read)  # type: ignore[method-assign]
    Ledger.put = timed("keeping", Ledger.put)  # type: ignore[method-assign]
    Ledger.settle = timed("resolving", Ledger.settle)  # type: ignore[method-assign]
    building.project = timed("writing", building.project)
    building._Run.finish = timed("finishing", building._Run.finish)  # type: ignore[method-assign]

    Ledger.wrote = counted(Ledger.wrote)  # type: ignore[method-assign]

    begun = time.perf_counter()
    import cProfile

    profile = cProfile.Profile()
    if wanted.profile:
        profile.enable()
    graph, report = building.update(wanted.documents, store=wanted.store)
    if wanted.profile:
        profile.disable()
        profile.dump_stats(wanted.profile)
    graph.close()
    end = time.perf_counter()
    told = {
        "read": report.read,
        "unchanged": report.unchanged,
        "failures": len(report.failures),
        "seconds": end - begun,
        "importing": begun - START,
        "peak_mb": peak_memory(),
        **SPENT,
    }
    print(json.dumps({name: round(value, 4) for name, value in told.items()}))


if __name__ == "__main__":
    main()
