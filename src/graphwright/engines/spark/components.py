"""Connected components: which forms are joined, over however many steps.

Few edges are joined on the driver. More than it can hold are joined by large-star and small-star (Kiveris, Lattanzi,
Mirrokni, Rastogi, Vassilvitskii 2014: Connected Components in MapReduce and Beyond), which take some log² n rounds, and
hold no component in one place.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import pyarrow as pa
from pyspark.sql import functions as f

from graphwright.engines.spark.rows import made, table

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

    from graphwright.engines.spark.storage import Folder

ON_DRIVER = 1_000_000
"""How many edges are joined on the driver, at some 300 bytes each."""

COMPONENTS = table(form=pa.string(), component=pa.string())


def components(edges: DataFrame, folder: Folder, work: str, on_driver: int = ON_DRIVER) -> DataFrame:
    """The component of each form that has an edge: the least of its forms.

    ``edges`` have the columns ``one`` and ``other``; those of a form with itself say nothing.
    """
    found = folder.kept(edges.filter("one != other").distinct(), work, "edges")
    few = found.limit(on_driver + 1).count() <= on_driver
    if few:
        pairs = ((row["one"], row["other"]) for row in found.toLocalIterator())
        return made(folder.session, joined(pairs), COMPONENTS)
    return _by_stars(found, folder, work)


def joined(edges: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    """Rows of `COMPONENTS` for edges in memory.

    >>> joined([("b", "c"), ("a", "b")])
    [{'form': 'a', 'component': 'a'}, {'form': 'b', 'component': 'a'}, {'form': 'c', 'component': 'a'}]
    """
    above: dict[str, str] = {}

    def root(form: str) -> str:
        while above.setdefault(form, form) != form:
            above[form] = above[above[form]]
            form = above[form]
        return form

    for one, other in edges:
        low, high = sorted((root(one), root(other)))
        above[high] = low
    return [{"form": form, "component": root(form)} for form in sorted(above)]


def _by_stars(edges: DataFrame, folder: Folder, work: str) -> DataFrame:
    """The same for edges that no one machine has to hold: `edges` point at the least neighbour until all do."""
    told = None
    for round in range(1, 100):
        # Written each round: what an edge was made from would else grow with the rounds.
        edges = folder.kept(_small_star(_large_star(edges)), work, f"edges-{round}")
        now = edges.agg(f.count("*"), f.sum(f.xxhash64("one", "other").cast("decimal(38,0)"))).first()
        if now == told:
            break
        told = now
    roots = edges.select(f.col("other").alias("form"), f.col("other").alias("component")).distinct()
    return edges.select(f.col("one").alias("form"), f.col("other").alias("component")).union(roots)


def _large_star(edges: DataFrame) -> DataFrame:
    """Each form points its greater neighbours at the least of all."""
    both = edges.select("one", "other").union(edges.select(f.col("other").alias("one"), f.col("one").alias("other")))
    least = both.groupBy("one").agg(f.least(f.min("other"), f.first("one")).alias("least"))
    return (
        both.join(least, "one")
        .filter("other > one")
        .select(f.col("other").alias("one"), f.col("least").alias("other"))
        .distinct()
    )


def _small_star(edges: DataFrame) -> DataFrame:
    """Each form points its lesser neighbours, and itself, at the least of these."""
    down = edges.select(f.greatest("one", "other").alias("one"), f.least("one", "other").alias("other"))
    least = down.groupBy("one").agg(f.min("other").alias("least"))
    pointed = down.join(least, "one").filter("other != least").select(f.col("other").alias("one"), "least")
    return pointed.union(least).select("one", f.col("least").alias("other")).distinct()
