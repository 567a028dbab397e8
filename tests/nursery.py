"""A process that has read some documents, and forks builds of them, which a test may kill.

A build that has to be killed fifty times cannot load the language model fifty times. And whoever has had an Oxigraph
store on disk open cannot fork: its threads do not come along. So this process never opens one itself.

Each line on standard input is a task in JSON; the answers are the number of the process that does it, and how it ended.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from graphwright import Document, Extraction, Failure, KnowledgeGraph, Settings, building, from_text
from graphwright.errors import StoreError
from graphwright.graph import writing
from graphwright.pipeline import Reader

NAMES = ["Tibor Kallas", "Ana Kos", "Mia Rand", "Olev Saar"]
CITIES = ["Riga", "Oslo", "Tallinn"]
TEXTS = [
    "General Tibor Kallas received Colonel Ana Kos on 14 June 2016.",
    "Colonel Ana Kos visited Riga. Latvia may sign the agreement.",
    "The talks between Mia Rand and Olev Saar were held in Riga.",
    "Mia Rand said that Chad attacked Mali.",
    "The exercise Amber Shield was hosted by Latvia.",
    "Ana Kos leads the Baltic Institute. The Institute is based in Riga.",
    "Olev Saar, Minister of Defence of Estonia, met Ana Kos in Tallinn.",
    "Gen. Kallas supports Olev Saar.",
]
MANY = [
    from_text(f"{text} {NAMES[number % 4]} visited {city}.", id=f"n{number}", date=f"2016-06-{number % 28 + 1:02}")
    for number, (text, city) in enumerate((text, city) for city in CITIES for text in TEXTS)
]
OPTIONS = Settings(batch_size=4)
READ: dict[object, list[Extraction]] = {}

_read_batch = Reader.read_batch


def remembering(
    self: Reader, batch: list[Document], on_failure: Callable[[Failure], None] | None = None
) -> Iterator[tuple[None, Extraction]]:
    """As `Reader.read_batch`, but what was read once is known: what a document says depends on it alone."""
    for one in batch:
        key = (one.id, one.text, one.date, one.source, self.settings)
        if key not in READ:
            READ[key] = [found for _, found in _read_batch(self, [one], on_failure)]
        yield from ((None, found) for found in READ[key])


def work(task: dict[str, Any]) -> None:
    """Do what a task says."""
    store = Path(task["store"])
    if "room" in task:
        resource.setrlimit(resource.RLIMIT_FSIZE, (task["room"], task["room"]))
    if task["do"] == "build":
        building.update(MANY, OPTIONS, store=store)
    elif task["do"] == "read":
        KnowledgeGraph.open(store).counts()


def main() -> None:
    """Read the documents, then do one task after the other, each in a process of its own."""
    Reader.read_batch = remembering  # type: ignore[assignment]
    building.SETTLE = 8
    writing.MANY = 300  # some pieces are written in bulk, and some are not
    building.build(MANY, OPTIONS)
    print("ready", flush=True)
    for line in sys.stdin:
        child = os.fork()
        if not child:
            code = 1
            try:
                work(json.loads(line))
                code = 0
            except StoreError:
                code = 3  # not told on standard error: that is a file, too, which may not grow
            except Exception:
                traceback.print_exc()
            finally:
                os._exit(code)
        print(child, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


if __name__ == "__main__":
    main()
