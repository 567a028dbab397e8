"""Spark on this machine against the pool of processes, both with two cores, from documents in memory to a graph.

The pool writes a store that can be asked, and Spark sorted N-Quads, which are still to be loaded into one.

Usage: python benchmarks/figures/spark.py [--quick]
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from row import Clock, Figure, arguments, documents, tell

from graphwright import building
from graphwright.engines import spark
from graphwright.errors import EngineError

MEASURE = "Spark on this machine ÷ pool of processes, two cores each, words per second"


def main() -> None:
    """Take turns at both, and tell the ratio."""
    parser = arguments("Spark against the pool of processes.")
    parser.add_argument("--documents", type=int, default=5_000)
    wanted = parser.parse_args()
    try:
        session = spark.open_session("local[2]")
    except EngineError as error:
        tell(Figure(measure=MEASURE, value=None, unit="×", reach=0.7, note=f"not measured: {error.args[0]}"))
        return

    number = 100 if wanted.quick else wanted.documents
    made = list(documents(number))
    with tempfile.TemporaryDirectory() as folder:
        building.update(made[:3])
        spark.build(session, made[:20], to=str(Path(folder) / "first"))  # both have started once
        with Clock() as pool:
            graph, report = building.update(made, store=Path(folder) / "store", workers=2)
            graph.close()
        with Clock() as cluster:
            told = spark.build(session, made, to=str(Path(folder) / "spark"))
    session.stop()
    assert report.read == told.read == number
    tell(
        Figure(
            measure=MEASURE,
            value=pool.wall / cluster.wall,
            unit="×",
            reach=0.7,
            note=f"on the wall, {number:,} documents of 300 words: {number * 300 / cluster.wall:.0f} and "
            f"{number * 300 / pool.wall:.0f} words/s; {told.facts:,} and {report.facts:,} facts; Spark writes sorted "
            "N-Quads, the pool a store",
        )
    )


if __name__ == "__main__":
    main()
