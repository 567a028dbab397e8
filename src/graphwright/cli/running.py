"""How a command runs: it counts what it reads, tells of warnings and failures, and ends with an exit code."""

from __future__ import annotations

import copy
import functools
import os
import sys
import threading
import time
import warnings
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, NoReturn, ParamSpec, TextIO, TypeVar

import typer

from graphwright.cli.printing import counted, tell
from graphwright.errors import GraphwrightError, GraphwrightWarning, LanguageWarning, QueryError

if TYPE_CHECKING:
    from graphwright.building import Report
    from graphwright.documents import Failure
    from graphwright.model import Document

_P = ParamSpec("_P")
_T = TypeVar("_T")
_STACK = 256 * 2**20  # bytes, of which only those are taken that are needed: the engine goes deep into long queries
_INTERRUPTED = 130  # 128 + SIGINT, as shells report it
_PIPE_CLOSED = 141  # 128 + SIGPIPE

RECENT = 200
"""Over how many documents the speed is told that is shown."""


def guarded(command: Callable[_P, int]) -> Callable[_P, None]:
    """Make a function that returns an exit code a command that ends in good order whatever happens."""

    @functools.wraps(command)
    def run(*args: _P.args, **kwargs: _P.kwargs) -> None:
        try:
            with warnings_told(_tell_warning):
                code = command(*args, **kwargs)
            sys.stdout.flush()
        except GraphwrightError as error:
            tell(f"error: {error}")
            code = 2
        except KeyboardInterrupt:
            tell("interrupted")
            code = _INTERRUPTED
        except BrokenPipeError:
            # Nobody reads on. Python would complain once more when it flushes standard output at its end.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            code = _PIPE_CLOSED
        raise typer.Exit(code)

    return run


def stoppable(task: Callable[[], _T], seconds: float | None = None) -> _T:
    """Return what a task gives, and end the program where it takes longer than some seconds, or at Ctrl-C.

    The engine does not look for either while it answers a query, and cannot be stopped but with its process. Nothing is
    lost by that: a task is to be one that only reads.
    """
    done: list[_T] = []
    failed: list[BaseException] = []

    def run() -> None:
        try:
            done.append(task())
        except GraphwrightError as error:
            failed.append(copy.copy(error))  # what the engine gave stays in this thread, with the traceback
        except BaseException as error:
            failed.append(error)

    before = threading.stack_size(_STACK)
    thread = threading.Thread(target=run, daemon=True)
    try:
        thread.start()
    except RuntimeError:  # there is a limit of memory (ulimit -v), which room that is never used counts to
        threading.stack_size(before)
        thread = threading.Thread(target=run, daemon=True)
        thread.start()
    finally:
        threading.stack_size(before)
    try:
        thread.join(seconds)
    except KeyboardInterrupt:
        _end("interrupted", _INTERRUPTED)
    if thread.is_alive():
        what = f"the answer is not there after {seconds:g} seconds"
        _end(f"error: {QueryError(what, 'the query', 'ask for less, or give it more time with --timeout')}", 2)
    if failed:
        raise failed[0]
    return done[0]


def _end(told: str, code: int) -> NoReturn:
    """End the program at once, whatever still runs in it."""
    tell(told)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


@contextmanager
def warnings_told(tell: Callable[[GraphwrightWarning], None]) -> Iterator[None]:
    """Tell each of our warnings in our own way; those of others are shown as Python shows them."""
    with warnings.catch_warnings():
        warnings.simplefilter("always", GraphwrightWarning)
        show = warnings.showwarning

        def told(
            message: Warning | str,
            category: type[Warning],
            filename: str,
            lineno: int,
            file: TextIO | None = None,
            line: str | None = None,
        ) -> None:
            if isinstance(message, GraphwrightWarning):
                tell(message)
            else:
                show(message, category, filename, lineno, file, line)

        warnings.showwarning = told
        yield


def _tell_warning(warning: GraphwrightWarning) -> None:
    tell(f"warning: {warning}")


class Progress:
    """Counts documents, reports failures, and shows on a terminal how far a command is."""

    def __init__(self, *, show: bool = True) -> None:
        from rich.console import Console
        from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

        from graphwright.documents import Meter

        self.read = 0
        self.reasons: Counter[str] = Counter()
        self.foreign = 0
        self._words = 0
        self._start = time.monotonic()
        self.meter = Meter()
        self._recent: deque[tuple[float, int, int, int]] = deque([(self._start, 0, 0, 0)], maxlen=RECENT)
        self._console = Console(stderr=True)
        columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
        # Rich would else send standard output to standard error while it shows progress.
        self._bar = Progress(
            *columns,
            console=self._console,
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
            disable=not (show and self._console.is_terminal),
        )
        self._task = self._bar.add_task("starting")
        self._open = ExitStack()

    def __enter__(self) -> Progress:
        self._open.enter_context(warnings_told(self.warn))
        self._open.enter_context(self._bar)
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def warn(self, warning: GraphwrightWarning) -> None:
        """Tell of a warning, and count the documents in another language."""
        self.foreign += isinstance(warning, LanguageWarning)
        self._print(f"warning: {warning}")

    def _print(self, text: str) -> None:
        self._console.print(text, markup=False, highlight=False, soft_wrap=True)

    def count(self, found: Document | Failure) -> None:
        """Take note of a document, or tell of one that failed."""
        from graphwright.documents import Failure

        if isinstance(found, Failure):
            self.read -= bool(found.document)
            self.reasons[str(found.reason.args[0])] += 1
            self._print(f"failed: {found.reason}")
            return
        self.read += 1
        self._words += len(found.text.split())
        self._bar.update(self._task, description=f"{counted(self.read, 'document')}{self._speed()}: {found.id}")

    def expect(self, sources: Iterable[str]) -> None:
        """Find out how much there is to read, where somebody looks at the progress."""
        from graphwright.documents import size

        if not self._bar.disable:
            self.meter.total = size(sources)

    def _speed(self) -> str:
        """How many documents and words a second came of late, and how long the rest takes at that speed."""
        now, here = time.monotonic(), self.meter.done
        since, documents, words, there = self._recent[0]
        self._recent.append((now, self.read, self._words, here))
        seconds = now - since
        if seconds < 1:
            return ""
        documents, words = self.read - documents, self._words - words
        told = f", {documents / seconds:.1f} documents and {words / seconds:,.0f} words a second"
        if self.meter.total is None or here <= there:
            return told
        return f"{told}, {_duration((self.meter.total - here) * seconds / (here - there))} left"

    def documents(self, found: Iterable[Document | Failure]) -> Iterator[Document]:
        """Pass the documents on and count them."""
        from graphwright.model import Document

        for one in found:
            self.count(one)
            if isinstance(one, Document):
                yield one

    def step(self, name: str, done: int, total: int) -> None:
        """Show how far the work after reading is."""
        self._bar.update(self._task, description=f"{name}: {done:,} of {total:,}" if total else name)

    def summarise(self, entities: int, facts: int, report: Report | None = None) -> None:
        """Write the closing line to standard error."""
        unchanged = report.unchanged if report is not None else 0
        parts = [f"{counted(self.read - unchanged, 'document')} read"]
        if unchanged:
            parts.append(f"{unchanged:,} unchanged")
        if report is not None and report.removed:
            parts.append(f"{report.removed:,} removed")
        if self.foreign:
            parts.append(f"{self.foreign:,} of them in another language")
        if self.reasons:
            reasons = "; ".join(f"{count} × {reason}" for reason, count in self.reasons.most_common())
            parts.append(f"{self.reasons.total()} failed ({reasons})")
        parts += [counted(entities, "entity", "entities"), counted(facts, "fact")]
        tell(f"{', '.join(parts)} in {time.monotonic() - self._start:.1f} s")

    @property
    def exit_code(self) -> int:
        """0 if all documents were read, 1 if some, 2 if none."""
        return 2 if not self.read else int(bool(self.reasons))


def _duration(seconds: float) -> str:
    """A length of time as it is told of: "40 s", "12 min", "3.5 h"."""
    if seconds < 60:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 3600 else f"{seconds / 3600:.1f} h"
