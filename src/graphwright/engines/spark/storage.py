"""The folder of a build: a version for each run, complete as soon as its report is there.

A run writes into a new version, and its report last, in one small file: until then the version before is the one that
counts. So a run that is killed at any moment leaves what there was as it was. Nothing is renamed to commit, which
object stores cannot do at once.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from graphwright.errors import StoreError
from graphwright.graph.loading import REPORT, VERSION

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

LAYOUT = 1
"""What a folder of another layout would count up."""


class Folder:
    """A folder anywhere that Spark can write to: a local path, ``hdfs://``, ``s3a://``."""

    def __init__(self, session: SparkSession, path: str, on_step: Callable[[str], None] = lambda name: None) -> None:
        self.session = session
        self.on_step = on_step
        self.path = path.rstrip("/") or path
        self._jvm: Any = session.sparkContext._jvm
        context: Any = session.sparkContext
        self._files: Any = self._path("").getFileSystem(context._jsc.hadoopConfiguration())

    def _path(self, *names: str) -> Any:
        return self._jvm.org.apache.hadoop.fs.Path("/".join((self.path, *filter(None, names))))

    def at(self, *names: str) -> str:
        """The path of something in the folder."""
        return "/".join((self.path, *names))

    def exists(self, *names: str) -> bool:
        """Whether something is there."""
        return bool(self._files.exists(self._path(*names)))

    def names(self, *names: str) -> list[str]:
        """The names of what is in a folder, sorted; nothing where there is none."""
        if not self.exists(*names):
            return []
        return sorted(one.getPath().getName() for one in self._files.listStatus(self._path(*names)))

    def read(self, *names: str) -> str | None:
        """The text of a small file, None where there is none."""
        if not self.exists(*names):
            return None
        stream = self._files.open(self._path(*names))
        try:
            return str(self._jvm.org.apache.commons.io.IOUtils.toString(stream, "UTF-8"))
        finally:
            stream.close()

    def write(self, text: str, *names: str) -> None:
        """Write a small file."""
        stream = self._files.create(self._path(*names), True)
        try:
            stream.write(bytearray(text.encode()))
        finally:
            stream.close()

    def remove(self, *names: str) -> None:
        """Take a file or a folder away."""
        self._files.delete(self._path(*names), True)

    def rename(self, old: tuple[str, ...], new: tuple[str, ...]) -> None:
        """Give a file another name."""
        self._files.rename(self._path(*old), self._path(*new))

    def step(self, name: str) -> None:
        """Tell of a step: the jobs that it takes have its name in Spark's web page."""
        self.session.sparkContext.setJobDescription(f"graphwright: {name}")
        self.on_step(name)

    def kept(self, frame: DataFrame, *names: str) -> DataFrame:
        """Write a table, in a step of its name, and return it as it lies there: what it was made from is not asked
        again."""
        place = self.at(*names)
        self.step(names[-1])
        frame.write.mode("overwrite").parquet(place)
        return self.session.read.schema(frame.schema).parquet(place)


def versions(folder: Folder) -> list[str]:
    """The names of the complete versions, the oldest first."""
    found = [name for name in folder.names() if VERSION.fullmatch(name)]
    return [name for name in found if report_of(folder, name) is not None]


def report_of(folder: Folder, version: str) -> dict[str, Any] | None:
    """The report of a version, None for one that is not complete."""
    try:
        told = json.loads(folder.read(version, REPORT) or "null")
    except ValueError:  # its writing was broken off
        return None
    return told if isinstance(told, dict) else None


def begin(folder: Folder, base: str) -> tuple[str, str | None]:
    """The name of a new version, and that of the last complete one.

    What broken-off runs left is taken away. Raises StoreError for a folder that holds something else, or a graph of
    another layout or base.
    """
    there = [name for name in folder.names() if not name.startswith(".")]
    if strangers := [name for name in there if not VERSION.fullmatch(name)]:
        what = f"there is something else than a build by Spark: {strangers[0]}"
        raise StoreError(what, folder.path, "give another folder")
    complete = versions(folder)
    for name in set(there) - set(complete):
        folder.remove(name)
    if not complete:
        return "version-000001", None
    told = report_of(folder, complete[-1]) or {}
    if told.get("layout") != LAYOUT:
        raise StoreError("the folder was written by another version of graphwright", folder.path, "build anew")
    if told["base"] != base:
        what = f"the IRIs of the graph start with {told['base']}, not with {base}"
        raise StoreError(what, folder.path, f"give --base {told['base']}")
    number = int(complete[-1].rpartition("-")[2]) + 1
    return f"version-{number:06}", complete[-1]


def commit(folder: Folder, version: str, report: dict[str, Any]) -> None:
    """Make a version the one that counts, and take away those before the last."""
    folder.write(json.dumps({"layout": LAYOUT, **report}, sort_keys=True, indent=2) + "\n", version, REPORT)
    for old in versions(folder)[:-2]:
        folder.remove(old)
