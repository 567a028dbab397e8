"""Spark: a build on many machines. Extraction is a map over documents, resolution a handful of joins, assembly a sort.

from graphwright.engines.spark import build

build(spark, spark.read.parquet("hdfs:///news"), Settings(), to="hdfs:///graph")
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graphwright.engines.spark.session import open_session

if TYPE_CHECKING:
    from graphwright.engines.spark.building import Report, build, build_paths

__all__ = ["Report", "build", "build_paths", "open_session"]


def __getattr__(name: str) -> Any:
    """What needs Spark is loaded when it is asked for: that it is missing is told by `open_session`."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from graphwright.engines.spark import building

    return getattr(building, name)
