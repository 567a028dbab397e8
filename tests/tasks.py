"""What the tests let the processes of a server do: they are found by name in another process."""

from __future__ import annotations

import os
import time

from graphwright.server.reader import Reader


def name(reader: Reader) -> int:
    """The number of the process."""
    return os.getpid()


def wait(reader: Reader, seconds: float) -> int:
    """Take some time, and return the number of the process."""
    time.sleep(seconds)
    return os.getpid()


def never(reader: Reader) -> int:
    """A query that would run for longer than anybody lives: each triple with each other, four times."""
    return sum(1 for _ in reader.graph.query("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o }"))


def eat(reader: Reader, size: int) -> int:
    """Take memory."""
    return len(bytearray(size))


def die(reader: Reader) -> None:
    """Die as of a crash."""
    os.abort()


def fail(reader: Reader) -> None:
    """Fail as nobody foresaw."""
    raise ZeroDivisionError("a secret")


def documents(reader: Reader) -> list[str]:
    """The ids of the documents."""
    return [one.id for one in reader.graph.documents()]
