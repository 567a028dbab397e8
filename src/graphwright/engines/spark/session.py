"""Sessions: Spark on this machine, or the one that ``spark-submit`` made."""

from __future__ import annotations

import os
import re
import sys
from typing import TYPE_CHECKING

from graphwright.errors import EngineError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_MASTER = re.compile(r"local(-cluster)?(\[([1-9]|\*).*\])?|(spark|k8s)://.+|yarn")
_LOCAL = re.compile(r"local(?:\[(\d+|\*)(?:,\d+)?\])?")


def open_session(master: str | None = None) -> SparkSession:
    """A session at a master (``local[4]``, ``spark://host:7077``, ``yarn``); None for that of ``spark-submit``, or
    else for all cores of this machine.

    On this machine nothing listens but to itself, there is no web page, and there are twice as many partitions after a
    shuffle as cores. Raises EngineError where Spark or Java is not there, and for what is no master.
    """
    if master is not None and _MASTER.fullmatch(master) is None:
        raise EngineError(f"{master!r} is no master of Spark", "--master", "give local[4], spark://host:7077 or yarn")
    try:
        from pyspark.sql import SparkSession
    except ImportError as error:
        what, mend = "Spark is not installed", "pip install 'graphwright[spark]', and a Java of 17 or later"
        raise EngineError(what, "the installation", mend) from error
    if master is None and "SPARK_ENV_LOADED" not in os.environ:  # which spark-submit sets
        master = "local[*]"
    builder = SparkSession.builder.appName("graphwright")
    if master is not None:
        builder = builder.master(master)
    for name, value in _options(master).items():
        builder = builder.config(name, value)
    if master is not None and _LOCAL.fullmatch(master):
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    try:
        session = builder.getOrCreate()
    except Exception as error:
        what, mend = f"Spark does not start: {_reason(error)}", "install Java 17 or later, and check --master"
        raise EngineError(what, master or "spark-submit", mend) from error
    session.sparkContext.setLogLevel("ERROR")
    return session


def _reason(error: Exception) -> str:
    """What an error says, without the stack of Java.

    >>> _reason(ValueError("An error occurred.\\n: org.x.SparkException: All masters are down\\n\\tat org.x.A"))
    'All masters are down'
    """
    lines = str(error).splitlines() or [type(error).__name__]
    thrown = (line.partition("Exception: ")[2] for line in lines if "Exception: " in line)
    return next(thrown, lines[0])


def _options(master: str | None) -> dict[str, str]:
    """What a session is made with."""
    local = _LOCAL.fullmatch(master or "")
    if local is None:
        return {}
    cores = (os.cpu_count() or 1) if local[1] == "*" else int(local[1] or 1)
    return {
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.shuffle.partitions": str(2 * cores),
    }
