"""The queries of the examples on a graph of a million facts in Oxigraph, and on a small one against rdflib's engine.

The graph is made as a build makes it: documents are read, and what they say is repeated with other documents, people,
bodies and events in the place of theirs, each with all its evidence, until there are facts enough; places and what is
known all over the world stay what they are. A question then has about as many answers for a fact as in texts that
people wrote: of the articles of benchmarks/gold `not-asserted` finds 0.26 rows for a fact, and here 0.24;
`posts-and-ranks` 0.22 and 0.24, `topics` and `sentences` 0.06 and 0.05, the other two 0.01. Only the default graph is
made, which holds what the graphs of all documents say and is what the queries ask. It is kept, with some gigabytes, in
out/ for the next time.

Usage: python benchmarks/figures/queries.py [--quick] [--facts N] [--folder FOLDER]
"""

from __future__ import annotations

import io
import json
import multiprocessing
import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

import pyoxigraph as ox
from row import ROOT, Figure, arguments, documents, tell

from graphwright import building
from graphwright.graph.vocabulary import PREFIXES

QUERIES = ROOT / "examples" / "diplomacy" / "queries"
BASE = b"<https://w3id.org/graphwright/id/"
SHARED = b"country/|city/|region/|international-organization/|natural-feature/|entities>|manifest"
CAP = 120
"""Seconds that rdflib gets for a query."""
PREFIX = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())


def made(facts: int, read: int, folder: Path) -> tuple[ox.Store, int]:
    """The graph with at least so many facts of so many read documents and their like, and how many it has."""
    told = folder / "facts.json"
    if told.exists():
        kept: int = json.loads(told.read_text())
        return ox.Store.read_only(str(folder / "store")), kept
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    graph, report = building.update(documents(read), store=folder / "read")
    text = io.BytesIO()
    graph.store.dump(text, ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph())
    graph.close()
    lines = text.getvalue()
    store = ox.Store(str(folder / "store"))
    store.bulk_load(lines, ox.RdfFormat.N_TRIPLES)
    own = b"\n".join(line for line in lines.split(b"\n") if BASE in line and b"id/manifest" not in line)
    number = report.facts
    for copy in range(1, -(-facts // report.facts)):
        store.bulk_load(other(own, copy), ox.RdfFormat.N_TRIPLES)
        number += report.facts
    store.optimize()
    store.flush()
    del store
    shutil.rmtree(folder / "read")
    told.write_text(json.dumps(number))
    return ox.Store.read_only(str(folder / "store")), number


def other(lines: bytes, copy: int) -> bytes:
    """Triples with other things in the place of theirs, and other names."""
    number = str(copy).encode()
    lines = re.sub(BASE + rb"(?!" + SHARED + rb")([a-z-]+/)", BASE + rb"\g<1>" + number + b"-", lines)
    there = BASE + rb"[a-z-]+/" + number + rb"-[^>]*> <(?:http://www\.w3\.org/2000/01/rdf-schema#label|"
    there += rb'http://purl\.org/dc/terms/identifier)> "(?:[^"\\]|\\.)*'
    return re.sub(there, lambda found: found[0] + b" " + number, lines)


def timed(store: ox.Store, query: str, rounds: int) -> tuple[float, int]:
    """Seconds until the last row of an answer, and how many rows there are."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        rows = sum(1 for _ in store.query(PREFIX + query))
        times.append(time.perf_counter() - start)
    return median(times), rows


def unlimited(query: str) -> str:
    """The query for all that there is.

    >>> unlimited("SELECT ?a { { SELECT ?a { ?a a ?c } LIMIT 1000 } } ORDER BY ?a")
    'SELECT ?a { { SELECT ?a { ?a a ?c } } } ORDER BY ?a'
    """
    return re.sub(r" LIMIT \d+", "", query)


def unsorted(query: str) -> str:
    """The query for the same rows in any order.

    >>> unsorted("SELECT ?a { ?a a ?c } ORDER BY ?a")
    'SELECT ?a { ?a a ?c } '
    """
    return query.rpartition("ORDER BY")[0]


def by_rdflib(file: str, query: str, answer: Any) -> None:
    """Send how long rdflib's own engine takes, and how many rows it finds."""
    import rdflib

    graph = rdflib.Graph(bind_namespaces="none").parse(file, format="nt")
    answer.send(None)
    start = time.perf_counter()
    rows = sum(1 for _ in graph.query(PREFIX + query))
    answer.send((time.perf_counter() - start, rows))


def rdflib_seconds(file: Path, query: str) -> tuple[float, int] | None:
    """Seconds and rows of rdflib; None where it takes too long."""
    here, there = multiprocessing.get_context("spawn").Pipe()
    process = multiprocessing.get_context("spawn").Process(target=by_rdflib, args=(str(file), query, there))
    process.start()
    here.recv()
    found: tuple[float, int] | None = here.recv() if here.poll(CAP) else None
    process.kill()
    process.join()
    return found


def figures(large: ox.Store, facts: int, small_documents: int, rounds: int) -> Iterator[Figure]:
    """A figure for each query."""
    with tempfile.TemporaryDirectory() as folder:
        graph, report = building.update(documents(small_documents))
        file = Path(folder) / "small.nt"
        graph.store.dump(str(file), ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph())
        small = ox.Store()
        small.bulk_load(path=str(file), format=ox.RdfFormat.N_TRIPLES)
        for path in sorted(QUERIES.glob("*.rq")):
            query = path.read_text(encoding="utf-8")
            seconds, rows = timed(large, query, rounds)
            # Once: this may take a minute.
            all_seconds, all_rows = timed(large, unlimited(query), 1)
            any_seconds, _ = timed(large, unsorted(unlimited(query)), 1)
            few_seconds, few_rows = timed(small, query, rounds)
            theirs = rdflib_seconds(file, query)
            if theirs is None:
                ratio = f"rdflib takes more than {CAP} s, over {CAP / few_seconds:,.0f} × as long"
            else:
                assert theirs[1] == few_rows
                ratio = f"rdflib takes {theirs[0]:.2g} s, {theirs[0] / few_seconds:,.0f} × as long"
            yield Figure(
                measure=f"{path.stem}, {facts:,} facts",
                value=seconds,
                unit="s",
                reach=1,
                at_most=True,
                note=f"{rows:,} rows; without its LIMIT {all_rows:,} rows in {all_seconds:.2g} s, "
                f"{any_seconds:.2g} s in any order; "
                f"of {report.facts:,} facts ({few_rows:,} rows, {few_seconds:.2g} s) {ratio}",
            )


def main() -> None:
    """Make the graph where it is not there, and ask."""
    parser = arguments("The queries of the examples on a million facts.")
    parser.add_argument("--facts", type=int, default=1_000_000)
    parser.add_argument("--folder", type=Path, default=ROOT / "out" / "million", help="where the graph is kept")
    wanted = parser.parse_args()
    if wanted.quick:
        with tempfile.TemporaryDirectory() as folder:
            large, facts = made(2_000, 10, Path(folder) / "made")
            for figure in figures(large, facts, 5, 1):
                tell(figure)
        return
    large, facts = made(wanted.facts, 500, wanted.folder)
    for figure in figures(large, facts, 40, 3):
        tell(figure)


if __name__ == "__main__":
    main()
