"""The processes of a server: each does one task at a time, and none can hold the others up."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sys
import time
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
import tasks

from graphwright import build, from_text
from graphwright.server.refusal import Refusal
from graphwright.server.workers import Workers

MB = 2**20


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("workers") / "news.store"
    build([from_text("Ana Kos visited Riga.", id="note")], store=folder)
    return folder


@pytest.fixture(autouse=True)
def found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The processes find what the tests let them do."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")]))


def pool(store: Path, number: int = 1, waiting: int = 8, seconds: float = 20.0, memory: int = 1024 * MB) -> Workers:
    return Workers(store, number=number, waiting=waiting, seconds=seconds, memory=memory)


def ran(workers: Workers, use: Callable[[], Awaitable[Any]]) -> Any:
    async def inside() -> Any:
        async with workers:
            return await use()

    return asyncio.run(inside())


def test_tasks_run_at_once_in_processes_of_their_own(store: Path) -> None:
    workers = pool(store, 2)

    async def use() -> None:
        one, other = await asyncio.gather(workers.call(tasks.wait, 0.3), workers.call(tasks.wait, 0.3))
        assert one != other
        assert os.getpid() not in (one, other)

    ran(workers, use)


def test_a_query_whose_time_is_up_is_ended_and_the_next_is_answered(store: Path) -> None:
    workers = pool(store, seconds=1.0)

    async def use() -> None:
        before = await workers.call(tasks.name)
        started = time.monotonic()
        with pytest.raises(Refusal, match=r"the time for an answer is up \(1 s\)") as told:
            await workers.call(tasks.never)
        assert told.value.status == 503
        assert time.monotonic() - started < 8
        assert await until(lambda: not is_alive(before)), "it burns no processor any more"
        assert workers.ended == 1
        workers._seconds = 20.0  # a new process may take its time to start
        assert await workers.call(tasks.documents) == ["note"]

    ran(workers, use)


def test_what_waits_for_its_turn_is_not_forgotten_and_not_without_end(store: Path) -> None:
    workers = pool(store, 1, waiting=2, seconds=5.0)

    async def use() -> None:
        running = [asyncio.ensure_future(workers.call(tasks.wait, 0.2)) for _ in range(3)]
        await asyncio.sleep(0)
        with pytest.raises(Refusal, match="too much to do") as told:
            await workers.call(tasks.name)
        assert told.value.headers["Retry-After"]
        assert len(set(await asyncio.gather(*running))) == 1
        assert workers.running == 0

    ran(workers, use)


def test_the_wait_counts_to_the_time(store: Path) -> None:
    workers = pool(store, 1, seconds=4.0)

    async def use() -> None:
        running = asyncio.ensure_future(workers.call(tasks.wait, 2.0))
        await asyncio.sleep(0)  # which lets it go first
        with pytest.raises(Refusal, match="time for an answer"):
            await workers.call(tasks.wait, 3.0)
        await running

    ran(workers, use)


@pytest.mark.parametrize(
    ("task", "told"),
    [
        ((tasks.eat, 4096 * MB), "memory"),
        ((tasks.die,), "broken off"),
        ((tasks.fail,), "failed at this request"),
    ],
)
def test_a_task_that_goes_wrong_takes_nothing_with_it(store: Path, task: tuple[Any, ...], told: str) -> None:
    workers = pool(store)

    async def use() -> None:
        with pytest.raises(Refusal, match=told) as refusal:
            await workers.call(*task)
        assert "secret" not in str(refusal.value), "what went wrong inside is told to the log alone"
        assert await workers.call(tasks.documents) == ["note"]

    ran(workers, use)


def test_who_goes_away_ends_what_he_asked_for(store: Path) -> None:
    workers = pool(store)

    async def use() -> None:
        process = await workers.call(tasks.name)
        asked = asyncio.ensure_future(workers.call(tasks.never))
        await asyncio.sleep(0.3)
        asked.cancel()
        assert await until(lambda: not is_alive(process))
        assert await workers.call(tasks.documents) == ["note"]

    ran(workers, use)


def test_what_is_written_is_seen_without_a_new_start(store: Path, tmp_path: Path) -> None:
    """A reader has a snapshot; it is taken anew when the files of the store tell of a change."""
    copy = shutil.copytree(store, tmp_path / "copy.store")
    workers = pool(copy)

    async def use() -> None:
        assert await workers.call(tasks.documents) == ["note"]
        await asyncio.to_thread(build, [from_text("Mia Rand visited Oslo.", id="news")], store=copy)
        assert await until_async(lambda: workers.call(tasks.documents), ["news", "note"])

    ran(workers, use)


def test_processes_end_with_the_one_that_started_them(store: Path) -> None:
    """Even where it is killed: nobody else would end a query that runs."""
    code = f"""
import asyncio, sys, tasks
from pathlib import Path
from graphwright.server.workers import Workers

async def main():
    async with Workers(Path({str(store)!r}), number=1, waiting=1, seconds=99, memory=2**30) as workers:
        print(await workers.call(tasks.name), flush=True)
        await workers.call(tasks.never)

asyncio.run(main())
"""

    async def use() -> None:
        parent = await asyncio.create_subprocess_exec(sys.executable, "-c", code, stdout=asyncio.subprocess.PIPE)
        assert parent.stdout is not None
        process = int(await parent.stdout.readline())
        await asyncio.sleep(0.3)
        parent.send_signal(signal.SIGKILL)
        await parent.wait()
        assert await until(lambda: not is_alive(process))

    asyncio.run(use())


def is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except OSError:
        return False
    return True


async def until(holds: Callable[[], bool], seconds: float = 10.0) -> bool:
    """Wait until something holds."""
    end = time.monotonic() + seconds
    while not holds() and time.monotonic() < end:
        await asyncio.sleep(0.05)
    return holds()


async def until_async(ask: Callable[[], Coroutine[Any, Any, Any]], wanted: object, seconds: float = 10.0) -> bool:
    """Ask until something is answered."""
    end = time.monotonic() + seconds
    while (found := await ask()) != wanted and time.monotonic() < end:
        await asyncio.sleep(0.05)
    return bool(found == wanted)
