"""What the scripts of the table share: their arguments, their documents, their clocks, and the line that they print."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(ROOT / "benchmarks"), str(ROOT / "benchmarks" / "lifecycle")]
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the processes of a build: it waits in a loop

import corpus  # noqa: E402
from measuring import peak_memory as peak_memory  # noqa: E402
from measuring import status as status  # noqa: E402

import graphwright  # noqa: E402


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A line of the table: ``value`` of a ``measure`` in a ``unit``, and what it should ``reach``.

    ``value`` is None where it was not measured; the ``note`` says why then. ``reach`` is the least that is wanted, or
    with ``at_most`` the most; None where the figure is only told.
    """

    measure: str
    value: float | None
    unit: str = ""
    reach: float | None = None
    at_most: bool = False
    note: str = ""

    @property
    def reached(self) -> bool | None:
        """Whether it is what was wanted, None where that cannot be said."""
        if self.value is None or self.reach is None:
            return None
        return self.value <= self.reach if self.at_most else self.value >= self.reach


def tell(figure: Figure) -> None:
    """Print a figure as a line of JSON."""
    print(json.dumps(asdict(figure), ensure_ascii=False), flush=True)


def arguments(description: str) -> argparse.ArgumentParser:
    """The arguments that every script has."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--quick", action="store_true", help="small sizes: shows that it works, and not how well")
    return parser


def documents(number: int, words: int = 300) -> Iterator[graphwright.Document]:
    """Yield documents of so many words, of made ones joined and cut: names come back, and new ones come up."""
    made = corpus.documents(sys.maxsize)
    for index in range(number):
        parts: list[str] = []
        while sum(len(part.split()) for part in parts) < words:
            parts.append(next(made)["text"])
        text = cut("\n\n".join(parts), words)
        yield graphwright.from_text(text, id=f"document-{index:06}", date="2016-06-14")


def cut(text: str, words: int) -> str:
    """The first words of a text, with the paragraphs that they stand in.

    >>> cut("Ana came.\\n\\nBea  left.", 3)
    'Ana came.\\n\\nBea'
    """
    kept: list[str] = []
    for paragraph in text.split("\n\n"):
        if words <= 0:
            break
        here = paragraph.split()[:words]
        words -= len(here)
        kept.append(" ".join(here))
    return "\n\n".join(kept)


def count_words(made: list[graphwright.Document]) -> int:
    """How many words documents have."""
    return sum(len(document.text.split()) for document in made)


class Clock:
    """Seconds of processor (``cpu``) and on the wall (``wall``) that a block took, its child processes included.

    On a machine that does other things as well the seconds of the processor are what can be compared.
    """

    def __enter__(self) -> Clock:
        self._start = (self._cpu(), time.perf_counter())
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.cpu, self.wall = self._cpu() - self._start[0], time.perf_counter() - self._start[1]

    @staticmethod
    def _cpu() -> float:
        children = os.times()  # of its own a process knows finer
        return time.process_time() + children.children_user + children.children_system


def one_core() -> None:
    """Keep this process on one core, where the system can. To be called before a library starts its threads."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
