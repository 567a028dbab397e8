"""The processes that answer: a few that are warm, each with one task at a time, ended when its time is up."""

from __future__ import annotations

import asyncio
import contextlib
import os
import pickle
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from graphwright.graph.folder import GRAPH, is_oxigraph
from graphwright.server.reader import Reader
from graphwright.server.refusal import Refusal
from graphwright.server.worker import LENGTH, Task, packed

P = ParamSpec("P")
T = TypeVar("T")

_LOOK_AGAIN = 0.25
"""After how many seconds it is looked whether the graph changed."""

_BUFFER = 2**20


class Workers:
    """A pool of processes that read one graph.

    ``number`` tasks run at once and ``waiting`` more wait their turn; a task is ended after ``seconds``, which its wait
    counts to. A process has ``memory`` bytes at most. Use it as an asynchronous context manager.
    """

    def __init__(self, place: Path, *, number: int, waiting: int, seconds: float, memory: int) -> None:
        self._place = place
        self._number = number
        self._waiting = waiting
        self._seconds = seconds
        self._memory = memory
        self._idle: asyncio.Queue[Process] = asyncio.Queue()
        self._processes: set[Process] = set()
        self._starting: set[asyncio.Task[None]] = set()
        self._asked = 0
        self._stamp: object = None
        self._looked = 0.0
        self.ended = 0
        """How many tasks were ended before they were done."""

    async def __aenter__(self) -> Workers:
        await asyncio.gather(*(self._start() for _ in range(self._number)))
        return self

    async def __aexit__(self, *_: object) -> None:
        """End the processes; those with a task are given up. Whoever wants it done waits for it before."""
        for starting in self._starting:
            starting.cancel()
        await asyncio.gather(*self._starting, return_exceptions=True)
        await asyncio.gather(*map(_end, self._processes))

    @property
    def running(self) -> int:
        """How many tasks run or wait."""
        return self._asked

    async def call(self, function: Callable[Concatenate[Reader, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return ``function(reader, *args)``, computed in one of the processes. It is one that can be imported.

        Raises Refusal (503) where too many wait, where the time is up, and where the process died; and what the
        function raises on purpose.
        """
        assert not kwargs, "arguments go by their places"
        if self._asked >= self._number + self._waiting:
            raise Refusal(
                503, "the server has too much to do", "the queue of requests", "try again later", {"Retry-After": "5"}
            )
        self._asked += 1
        end = time.monotonic() + self._seconds
        try:
            process = await asyncio.wait_for(self._idle.get(), self._seconds)
        except TimeoutError:
            raise self._late() from None
        finally:
            self._asked -= 1
        self._asked += 1
        done = False
        try:
            assert process.stdin is not None
            process.stdin.write(packed(Task(self.stamp(), function, args)))
            # A wait that is cancelled, for its client went away, ends the process as well.
            good, answer = await asyncio.wait_for(_received(process), max(0.0, end - time.monotonic()))
            done = True
        except TimeoutError:
            raise self._late() from None
        except (EOFError, OSError) as error:
            raise Refusal(
                503, "the answer was broken off: it needed more memory than it may take", "the request", "ask for less"
            ) from error
        finally:
            self._asked -= 1
            if done:
                self._idle.put_nowait(process)
            else:
                self.ended += 1
                self._replace(process)
        if not good:
            raise answer
        result: T = answer
        return result

    def stamp(self) -> object:
        """Return what tells one state of the graph from another, at most a quarter of a second old."""
        if time.monotonic() - self._looked > _LOOK_AGAIN:
            self.look_again()
        return self._stamp

    def look_again(self) -> None:
        """Look at once whether the graph changed: something was just written to it."""
        self._looked = time.monotonic()
        self._stamp = stamp_of(self._place)

    def _late(self) -> Refusal:
        return Refusal(
            503,
            f"the time for an answer is up ({self._seconds:g} s)",
            "the request",
            "ask for less, or serve with a longer --seconds",
            {"Retry-After": "60"},
        )

    async def _start(self) -> None:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "graphwright.server.worker", stdin=PIPE, stdout=PIPE, limit=_BUFFER
        )
        self._processes.add(process)
        assert process.stdin is not None
        process.stdin.write(packed((self._place, self._memory)))
        await _received(process)
        self._idle.put_nowait(process)

    def _replace(self, process: Process) -> None:
        async def replace() -> None:
            await _end(process)
            self._processes.discard(process)
            await self._start()

        with contextlib.suppress(ProcessLookupError):
            process.kill()
        starting = asyncio.ensure_future(replace())
        self._starting.add(starting)
        starting.add_done_callback(self._starting.discard)


async def _received(process: Process) -> Any:
    assert process.stdout is not None
    (length,) = LENGTH.unpack(await process.stdout.readexactly(LENGTH.size))
    return pickle.loads(await process.stdout.readexactly(length))


async def _end(process: Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.kill()
    assert process.stdin is not None
    process.stdin.close()
    await process.wait()


def stamp_of(place: Path) -> object:
    """Return what tells one state of a store on disk from another: the sizes and times of its logs and manifests."""
    folder = place if is_oxigraph(place) else place / GRAPH
    with os.scandir(folder) as entries:
        telling = [entry for entry in entries if entry.name.startswith("MANIFEST") or entry.name.endswith(".log")]
        return sorted((entry.name, entry.stat().st_size, entry.stat().st_mtime_ns) for entry in telling)
