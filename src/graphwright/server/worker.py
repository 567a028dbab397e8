"""A process that answers from a graph it only reads: ``python -m graphwright.server.worker``.

Tasks come by standard input and answers go by standard output, each a pickle behind its length; the parent is the only
one at the other end. A query in Oxigraph cannot be stopped but by ending its process: so a process runs it.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import struct
import sys
import threading
import time
import traceback
from collections.abc import Callable
from typing import IO, Any

from graphwright.errors import GraphwrightError
from graphwright.server.reader import Reader
from graphwright.server.refusal import Refusal

LENGTH = struct.Struct("<Q")
"""What stands before a message: its length in bytes."""


_TRIES = 3
"""How often a task is begun anew because files of its snapshot are gone."""

Task = tuple[object, Callable[..., Any], tuple[Any, ...]]
"""A call of ``function(reader, *arguments)``; its first part tells which state of the graph the reader has to show."""


def packed(message: object) -> bytes:
    """Return a message with its length in front."""
    content = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
    return LENGTH.pack(len(content)) + content


def _received(source: IO[bytes]) -> Any:
    head = source.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    return pickle.loads(source.read(*LENGTH.unpack(head)))


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


def _end_with_parent(parent: int) -> None:
    """End this process when its parent is gone: whoever waits for a query cannot be told any more."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


def main() -> None:
    """Answer tasks until standard input ends."""
    # Ctrl-C goes to the whole group of processes; the parent lets its children finish.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, args=(os.getppid(),), daemon=True).start()
    source, output = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # what is printed by chance must not go between the answers
    place, memory = _received(source)
    reader = Reader(place)
    _limit_memory(memory)
    output.write(packed((True, None)))
    output.flush()
    while (task := _received(source)) is not None:
        output.write(packed(_answer(reader, task)))
        output.flush()


if __name__ == "__main__":
    main()
