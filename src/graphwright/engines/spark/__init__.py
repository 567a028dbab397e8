"""Spark: a build on many machines. Extraction is a map over documents, resolution a handful of joins, assembly a sort.

from graphwright.engines.spark import build

build(spark, spark.read.parquet("hdfs:///news"), Settings(), to="hdfs:///graph")
"""

from graphwright.engines.spark.building import Report, build

__all__ = ["Report", "build"]
