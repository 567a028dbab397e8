"""Messages between a process and those that it starts: pickles behind their lengths, through pipes."""

from __future__ import annotations

import os
import pickle
import signal
import struct
import sys
import threading
import time
from typing import IO, Any

LENGTH = struct.Struct("<Q")
"""What stands before a message: its length in bytes."""

Pipes = tuple[IO[bytes], IO[bytes]]
"""Where messages come from, and where answers go to."""


def packed(message: object) -> bytes:
    """Return a message with its length in front."""
    content = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
    return LENGTH.pack(len(content)) + content


def received(source: IO[bytes]) -> Any:
    """Return the next message. Raises EOFError where none comes any more, or only a part of one."""
    head = source.read(LENGTH.size)
    if len(head) < LENGTH.size:
        raise EOFError
    (length,) = LENGTH.unpack(head)
    content = source.read(length)
    if len(content) < length:
        raise EOFError
    return pickle.loads(content)


def child() -> Pipes:
    """Make this process one that works for its parent; return the pipes between them.

    It ends with its parent and not by Ctrl-C, which goes to the whole group of processes: the parent ends its children.
    What is printed by chance goes to standard error.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, args=(os.getppid(),), daemon=True).start()
    pipes = (sys.stdin.buffer, sys.stdout.buffer)
    sys.stdout = sys.stderr
    return pipes


def _end_with_parent(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)
