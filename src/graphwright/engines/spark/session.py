"""Sessions: Spark on this machine, or the one that ``spark-submit`` made."""

from __future__ import annotations

import os
import re
import sys
from typing import TYPE_CHECKING

from graphwright.errors import EngineError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_LOCAL = re.compile(r"local(?:\[(\d+|\*)(?:,\d+)?\])?")


def open_session(master: str | None = None) -> SparkSession:
    """A session at a master (``local[4]``, ``spark://host:7077``, ``yarn``); None for that of ``spark-submit``, or
    else for all cores of this machine.

    On this machine nothing listens but to itself, there is no web page, and there are twice as many partitions after a
    shuffle as cores. Raises EngineError where Spark or Java is not there.
    """
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
        what, mend = f"Spark does not start: {error}", "install Java 17 or later, and check --master"
        raise EngineError(what, master or "spark-submit", mend) from error
    session.sparkContext.setLogLevel("ERROR")
    return session


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
