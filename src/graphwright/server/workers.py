"""The processes that answer: a few that are warm, each with one task at a time, ended when its time is up."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
import pickle
import sys
import time
from asyncio.subprocess import PIPE
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from graphwright.graph.folder import GRAPH, is_oxigraph
from graphwright.messages import LENGTH, packed
from graphwright.server.reader import Reader
from graphwright.server.refusal import Refusal

P = ParamSpec("P")
T = TypeVar("T")

_LOOK_AGAIN = 0.25
"""After how many seconds it is looked whether the graph changed."""


class _Worker(asyncio.SubprocessProtocol):
    """A process, and the answer that it is waited for. The streams of asyncio would take longer than a light query."""

    def __init__(self) -> None:
        loop = asyncio.get_running_loop()
        self.ended: asyncio.Future[None] = loop.create_future()
        self._answer: asyncio.Future[bytes] | None = None
        self._received = bytearray()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember the pipes of the process."""
        # Those of uvloop have the methods of these classes, and are none of theirs.
        self._transport = cast(asyncio.SubprocessTransport, transport)
        self._stdin = cast(asyncio.WriteTransport, self._transport.get_pipe_transport(0))

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        """Take a part of an answer; with the last one it is told."""
        self._received += data
        if len(self._received) >= LENGTH.size:
            end = LENGTH.size + LENGTH.unpack_from(self._received)[0]
            if len(self._received) >= end:
                content = bytes(self._received[LENGTH.size : end])
                self._received.clear()
                if self._answer is not None and not self._answer.done():
                    self._answer.set_result(content)

    def pipe_connection_lost(self, fd: int, exc: Exception | None) -> None:
        """Give up the answer that will not come."""
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(EOFError())

    def process_exited(self) -> None:
        """Tell that the process is gone."""
        self.pipe_connection_lost(1, None)
        if not self.ended.done():
            self.ended.set_result(None)

    async def ask(self, message: bytes, end: float | None) -> Any:
        """Send a message, and return the answer. Raises EOFError where the process died, and TimeoutError at ``end``,
        a time of the loop; never where it is None."""
        if self.ended.done():
            raise EOFError
        loop = asyncio.get_running_loop()
        answer = self._answer = loop.create_future()
        alarm = None if end is None else loop.call_at(end, _late, answer)
        try:
            self._stdin.write(message)
            return pickle.loads(await answer)
        finally:
            if alarm is not None:
                alarm.cancel()
            self._answer = None

    def kill(self) -> None:
        """End the process at once."""
        with contextlib.suppress(ProcessLookupError):
            self._transport.kill()

    async def end(self) -> None:
        """End the process, and wait until it is gone."""
        self.kill()
        await self.ended
        self._transport.close()


def _late(future: asyncio.Future[Any]) -> None:
    if not future.done():
        future.set_exception(TimeoutError())


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
        self._idle: list[_Worker] = []
        self._turns: deque[asyncio.Future[_Worker]] = deque()
        self._processes: set[_Worker] = set()
        self._starting: set[asyncio.Task[None]] = set()
        self._asked = 0
        self._stamp = ""
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
        await asyncio.gather(*(worker.end() for worker in self._processes))

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
        end = asyncio.get_running_loop().time() + self._seconds
        worker: _Worker | None = None
        done = False
        try:
            worker = self._idle.pop() if self._idle else await self._turn(end)
            # A wait that is cancelled, for its client went away, ends the process as well.
            good, answer = await worker.ask(packed((self.stamp(), function, args)), end)
            done = True
        except TimeoutError:
            raise self._late() from None
        except (EOFError, OSError) as error:
            raise Refusal(
                503,
                "the answer was broken off, most likely since it needed more memory than it may take",
                "the request",
                "ask for less",
            ) from error
        finally:
            self._asked -= 1
            if worker is not None and done:
                self._give(worker)
            elif worker is not None:
                self.ended += 1
                self._replace(worker)
        if not good:
            raise answer
        result: T = answer
        return result

    async def _turn(self, end: float) -> _Worker:
        """Wait for a worker. Raises TimeoutError at ``end``, a time of the loop."""
        loop = asyncio.get_running_loop()
        turn: asyncio.Future[_Worker] = loop.create_future()
        self._turns.append(turn)
        alarm = loop.call_at(end, _late, turn)
        try:
            return await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled() and turn.exception() is None:
                self._give(turn.result())  # it came as nobody waited any more
            raise
        finally:
            alarm.cancel()

    def _give(self, worker: _Worker) -> None:
        """Give a worker that has nothing to do to who waits for one the longest."""
        while self._turns:
            turn = self._turns.popleft()
            if not turn.done():
                turn.set_result(worker)
                return
        self._idle.append(worker)

    def stamp(self) -> str:
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
        loop = asyncio.get_running_loop()
        command = (sys.executable, "-m", "graphwright.server.worker")
        _, worker = await loop.subprocess_exec(_Worker, *command, stdin=PIPE, stdout=PIPE, stderr=None)
        self._processes.add(worker)
        await worker.ask(packed((self._place, self._memory)), None)
        self._give(worker)

    def _replace(self, worker: _Worker) -> None:
        async def replace() -> None:
            await worker.end()
            self._processes.discard(worker)
            await self._start()

        worker.kill()
        starting = asyncio.ensure_future(replace())
        self._starting.add(starting)
        starting.add_done_callback(self._starting.discard)


def stamp_of(place: Path) -> str:
    """Return what tells one state of a store on disk from another, by the sizes and times of its logs and manifests."""
    folder = place if is_oxigraph(place) else place / GRAPH
    with os.scandir(folder) as entries:
        telling = [entry for entry in entries if entry.name.startswith("MANIFEST") or entry.name.endswith(".log")]
        told = sorted((entry.name, entry.stat().st_size, entry.stat().st_mtime_ns) for entry in telling)
    return hashlib.blake2b(repr(told).encode(), digest_size=12).hexdigest()
