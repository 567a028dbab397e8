"""A process that answers from a graph it only reads: ``python -m graphwright.server.worker``.

Tasks come by standard input and answers go by standard output; the parent is the only one at the other end. A query in
Oxigraph cannot be stopped but by ending its process: so a process runs it.
"""

from __future__ import annotations

import contextlib
import traceback
from collections.abc import Callable
from typing import Any

from graphwright.errors import GraphwrightError
from graphwright.messages import child, packed, received
from graphwright.server.reader import Reader
from graphwright.server.refusal import Refusal

_TRIES = 3
"""How often a task is begun anew because files of its snapshot are gone."""

Task = tuple[object, Callable[..., Any], tuple[Any, ...]]
"""A call of ``function(reader, *arguments)``; its first part tells which state of the graph the reader has to show."""


def _answer(reader: Reader, task: Task) -> tuple[bool, Any]:
    """Return whether the task was done, and what came of it: a value, or the error."""
    try:
        stamp, function, arguments = task
        reader.refresh(stamp)
        for _ in range(_TRIES):
            try:
                return True, function(reader, *arguments)
            except (GraphwrightError, OSError) as error:
                # A writer puts files together and deletes the old ones, which a snapshot may not have opened yet.
                if "No such file" not in str(error):
                    raise
                reader.reopen()
        return True, function(reader, *arguments)
    except GraphwrightError as error:
        return False, error
    except MemoryError:
        return False, Refusal(503, "the answer needs more memory than it may take", "the request", "ask for less")
    except Exception:
        # What nobody foresaw goes to the log, and not to whoever asked.
        traceback.print_exc()
        return False, Refusal(500, "the server failed at this request", "the request", "its log tells more")


def _limit_memory(size: int) -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):  # not every system knows such limits
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (size, size))


def main() -> None:
    """Answer tasks until standard input ends."""
    source, output = child()
    place, memory = received(source)
    reader = Reader(place)
    _limit_memory(memory)
    output.write(packed((True, None)))
    output.flush()
    with contextlib.suppress(EOFError):
        while True:
            output.write(packed(_answer(reader, received(source))))
            output.flush()


if __name__ == "__main__":
    main()
