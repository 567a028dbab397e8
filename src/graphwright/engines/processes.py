"""Processes that read documents, so that all cores are used and no document can end a build.

Batches are read in any order and given back in that of the documents. A process that dies is replaced; what is left of
its batch is read one by one, so that it is known which document ended it. The threads here only wait for processes.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from typing import IO, cast

from graphwright.documents import Failure
from graphwright.engines.reading import Outcome
from graphwright.errors import DocumentError, EngineError, GraphwrightError
from graphwright.messages import packed, received
from graphwright.model import Document
from graphwright.settings import Settings

AHEAD = 16
"""How many batches for each process are read before the first of them is asked for: enough for the time in which the
graph is written, and few enough for memory."""

TRIES = 3
"""How often a document is tried alone: its process may have been ended by somebody else."""

STARTS = 20
"""How often it is tried to start a process that is killed each time: it may not be its fault."""

THREADS = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS")
"""What tells the libraries of linear algebra how many threads to start: theirs would take the cores of other
processes, waiting in a loop, for matrices that are small."""

_LOOK = 0.5
"""After how many seconds it is looked again who is late."""


class Pool:
    """Some processes that read documents with some settings. A document is given up after ``seconds``.

    Use it as a context manager: at its end the processes are ended, whatever they do. They start when they are needed.
    """

    def __init__(self, settings: Settings, number: int, seconds: float) -> None:
        self._settings = settings
        self._number = number
        self._seconds = seconds
        self._threads = ThreadPoolExecutor(number, "reading")
        self._mine = threading.local()
        self._processes: set[_Process] = set()
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self._watch = threading.Thread(target=self._end_the_late, daemon=True)

    def __enter__(self) -> Pool:
        self._watch.start()
        return self

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._closed.set()
            for process in self._processes:
                process.end()
        self._threads.shutdown(cancel_futures=True)
        self._watch.join()

    def read(self, batches: Iterable[Sequence[Document]]) -> Iterator[tuple[Sequence[Document], list[Outcome]]]:
        """Yield each batch with the outcomes of its documents, in the order given.

        Raises what the settings cannot be met with (ModelError, OntologyError, ExtractorError), and EngineError where
        no process can be started.
        """
        waiting: deque[tuple[Sequence[Document], Future[list[Outcome]]]] = deque()
        for batch in batches:
            waiting.append((batch, self._threads.submit(self._read, batch)))
            while waiting and (waiting[0][1].done() or len(waiting) > AHEAD * self._number):
                batch, future = waiting.popleft()
                yield batch, future.result()
        while waiting:
            batch, future = waiting.popleft()
            yield batch, future.result()

    # -- in the threads -----------------------------------------------------------------------------------------------

    def _read(self, batch: Sequence[Document]) -> list[Outcome]:
        found, _ = self._attempt(batch)
        told = {warning.args for outcome in found for warning in outcome.warnings}
        for document in batch[len(found) :]:
            outcome = self._read_alone(document)
            found.append(replace(outcome, warnings=tuple(one for one in outcome.warnings if one.args not in told)))
        return found

    def _read_alone(self, document: Document) -> Outcome:
        for _ in range(TRIES):
            found, how = self._attempt([document])
            if found:
                return found[0]
            if how == _LATE:
                break
        return Outcome(Failure(document.source or document.id, self._lost(document, how), document.id))

    def _lost(self, document: Document, how: str) -> DocumentError:
        if how == _LATE:
            return DocumentError(
                f"reading it takes longer than {self._seconds:g} seconds",
                document.id,
                "split it, leave it out, or give it longer with --time-limit",
            )
        return DocumentError(
            f"the process that reads it dies ({how})", document.id, "leave it out, and report it with its text"
        )

    def _attempt(self, batch: Sequence[Document]) -> tuple[list[Outcome], str]:
        """Outcomes of the first documents of a batch, and how the process ended if these are not all."""
        found: list[Outcome] = []
        process = self._process()
        try:
            process.send(batch)
            while len(found) < len(batch):
                found.append(process.outcome(self._seconds))
        except (EOFError, OSError):
            with self._lock:
                self._processes.discard(process)
            self._mine.process = None
            return found, process.died()
        return found, ""

    def _process(self) -> _Process:
        """The process of this thread, started if there is none."""
        process: _Process | None = getattr(self._mine, "process", None)
        if process is not None:
            return process
        how = ""
        left = TRIES
        for _ in range(STARTS):
            with self._lock:
                if self._closed.is_set():
                    raise EngineError("the build was broken off", "the processes that read", "build again")
                process = _Process()
                self._processes.add(process)
            try:
                process.start(self._settings)
            except (EOFError, OSError):
                how = process.died()
                with self._lock:
                    self._processes.discard(process)
                left -= not how.startswith(_SIGNAL)
                if not left:
                    break
                continue
            self._mine.process = process
            return process
        raise EngineError(
            f"no process can be started that reads documents ({how})",
            f"{sys.executable} -m graphwright.engines.worker",
            "see what it said above; with --workers 0 documents are read without",
        )

    def _end_the_late(self) -> None:
        while not self._closed.wait(_LOOK):
            with self._lock:
                for process in self._processes:
                    process.end_if_late()


_LATE, _SIGNAL = "late", "signal"


class _Process:
    """A process that reads documents, and the pipes to it."""

    def __init__(self) -> None:
        command = (sys.executable, "-m", "graphwright.engines.worker")
        environment = {**dict.fromkeys(THREADS, "1"), "TOKENIZERS_PARALLELISM": "false", **os.environ}
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)
        self._due: float | None = None
        self._late = False

    def start(self, settings: Settings) -> None:
        """Let it load what it needs. Raises what it cannot do so for, and EOFError or OSError where it died."""
        self.send(settings)
        error = received(cast(IO[bytes], self._process.stdout))
        if isinstance(error, GraphwrightError):
            raise error

    def send(self, message: object) -> None:
        """Send what it waits for. Raises OSError where it is gone."""
        pipe = cast(IO[bytes], self._process.stdin)
        pipe.write(packed(message))
        pipe.flush()

    def outcome(self, seconds: float) -> Outcome:
        """The next outcome. Raises EOFError where the process died, or took longer and was ended."""
        self._due = time.monotonic() + seconds
        try:
            outcome: Outcome = received(cast(IO[bytes], self._process.stdout))
        finally:
            self._due = None
        return outcome

    def end_if_late(self) -> None:
        """End the process if the outcome that is waited for is overdue."""
        due = self._due
        if due is not None and time.monotonic() > due:
            self._late = True
            self._process.kill()

    def died(self) -> str:
        """Tell how the process ended, which closed its pipes."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(1)
        code = self.end()
        return _LATE if self._late else f"{_SIGNAL} {-code}" if code < 0 else f"exit code {code}"

    def end(self) -> int:
        """End the process, whatever it does, and return its exit code."""
        self._process.kill()
        code = self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError, ValueError):
                cast(IO[bytes], pipe).close()
        return code
