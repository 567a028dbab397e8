"""What runs a build: this machine, or Spark on many."""

from __future__ import annotations

import logging
import signal
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from graphwright.cli.printing import counted, tell
from graphwright.settings import Settings

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

ENGINES = ("here", "spark")

Engine = Annotated[str, typer.Option(metavar="ENGINE", help="What runs the build: here, or spark (docs/cluster.md).")]
Master = Annotated[
    str | None,
    typer.Option(
        metavar="MASTER",
        help="The master of Spark: local[4], spark://host:7077, yarn. If not given, that of spark-submit, or all cores "
        "of this machine.",
        show_default=False,
    ),
]


def build_by_spark(
    sources: Sequence[str], settings: Settings, to: str, *, prune: bool, master: str | None, time_limit: float
) -> int:
    """Build on a cluster, tell what was done, and return the exit code."""
    from graphwright.cli.printing import write
    from graphwright.engines.spark.session import open_session

    # That it does not support the newest pandas fully is nothing to us: it is given no pandas.
    warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)
    start = time.monotonic()
    session = open_session(master)  # before the rest is imported, which tells what is missing
    signal.signal(signal.SIGINT, _interrupted)
    try:
        from graphwright.engines.spark import build_paths

        with _progress(session) as on_step:
            report = build_paths(session, sources, settings, to=to, prune=prune, time_limit=time_limit, on_step=on_step)
    except KeyboardInterrupt:
        session.sparkContext.setLogLevel("OFF")  # that it gives up its tasks is no error
        raise
    finally:
        session.stop()
    for failure in report.failures:
        tell(f"failed: {failure.reason}")
    parts = [f"{counted(report.read, 'document')} read"]
    told = {"unchanged": report.unchanged, "removed": report.removed, "failed": report.failed}
    parts += [f"{number:,} {what}" for what, number in told.items() if number]
    parts += [counted(report.entities, "entity", "entities"), counted(report.facts, "fact")]
    tell(f"{', '.join(parts)} in {time.monotonic() - start:.1f} s")
    write(f"{report.folder}\n")
    if not report.read + report.unchanged:
        return 2
    return int(bool(report.failed))


@contextmanager
def _progress(session: SparkSession) -> Iterator[Callable[[str], None]]:
    """Give what takes the name of each step, and show on a terminal how many of its tasks are done."""
    if not sys.stderr.isatty():
        yield lambda name: None
        return
    from rich.console import Console

    tracker = session.sparkContext.statusTracker()
    step, ended = "starting", threading.Event()

    def begin(name: str) -> None:
        nonlocal step
        step = name
        status.update(name)

    def watch() -> None:
        while not ended.wait(1):
            stages = [stage for one in tracker.getActiveStageIds() if (stage := tracker.getStageInfo(one)) is not None]
            done, total = sum(one.numCompletedTasks for one in stages), sum(one.numTasks for one in stages)
            status.update(f"{step}: {done:,} of {counted(total, 'task')}" if total else step)

    with Console(stderr=True).status(step) as status:
        watcher = threading.Thread(target=watch, daemon=True)
        watcher.start()
        try:
            yield begin
        finally:
            ended.set()
            watcher.join(2)


def _interrupted(*_: object) -> NoReturn:
    """Do at Ctrl-C what Python does. Spark's own handler asks Java to cancel its jobs in the midst of another question,
    and tells at length how that fails."""
    logging.disable()
    raise KeyboardInterrupt
