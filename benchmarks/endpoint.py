"""The endpoint beside `oxigraph serve` on the same store: what a query costs, and a minute under load.

Usage: python benchmarks/endpoint.py [STORE] [--seconds N] [--rate N]; see README.md beside this file.
"""

from __future__ import annotations

import argparse
import http.client
import multiprocessing
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from urllib.parse import quote

import graphwright
from graphwright.graph import KnowledgeGraph
from graphwright.graph.folder import GRAPH

TEXTS = Path(__file__).parents[1] / "examples" / "diplomacy" / "documents"
PREFIXES = (
    "PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
    "PREFIX schema: <https://schema.org/> "
)
JSON, TURTLE = "application/sparql-results+json", "text/turtle"
ROUNDS, IN_A_ROW = 15, 200
_NUMBERS = count()
CLIENTS = 4


@dataclass(frozen=True)
class Server:
    """A server that runs: its name, its port, the path of its endpoint, and its process."""

    name: str
    port: int
    path: str
    process: int

    def target(self, query: str) -> str:
        return f"{self.path}?query={quote(PREFIXES + query)}"


# -- what is asked ----------------------------------------------------------------------------------------------------


def label(entity: str) -> str:
    return f"SELECT ?label WHERE {{ <{entity}> rdfs:label ?label }}"


def facts(entity: str) -> str:
    return f"SELECT ?p ?o WHERE {{ ?s rdf:subject <{entity}> ; rdf:predicate ?p ; rdf:object ?o }}"


def join(_: str) -> str:
    """Who is said to do what to whom, with names: 87 rows."""
    return (
        "SELECT ?a ?p ?b WHERE { ?s rdf:subject ?x ; rdf:predicate ?p ; rdf:object ?y . "
        "?x rdfs:label ?a . ?y rdfs:label ?b } LIMIT 87"
    )


def known(entity: str) -> str:
    return f"ASK {{ ?document schema:mentions <{entity}> }}"


def described(entity: str) -> str:
    return f"CONSTRUCT WHERE {{ <{entity}> ?p ?o }}"


MIXED: Sequence[tuple[int, Callable[[str], str], str]] = (
    (55, label, JSON),
    (20, facts, JSON),
    (10, known, JSON),
    (10, described, TURTLE),
    (5, join, JSON),
)
"""How often of a hundred what is asked, and in which format."""


# -- clients ----------------------------------------------------------------------------------------------------------


def over_a_socket(server: Server) -> Callable[[str], int]:
    """Return a client that does no more than it must: what it measures is the server."""
    connection = socket.create_connection(("127.0.0.1", server.port))
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(query: str) -> int:
        head = f"GET {server.target(query)} HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nAccept: {JSON}\r\n\r\n"
        connection.sendall(head.encode())
        received = b""
        while not _is_whole(received):
            part = connection.recv(1 << 20)
            assert part, "the server closed the connection"
            received += part
        assert received.startswith(b"HTTP/1.1 200"), received[:300]
        return len(received)

    return ask


def _is_whole(received: bytes) -> bool:
    head, separator, body = received.partition(b"\r\n\r\n")
    told = head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]
    return bool(separator) and (len(body) >= int(told) if told else body.endswith(b"0\r\n\r\n"))


def with_the_library(server: Server) -> Callable[[str], int]:
    """Return a client as programs have it: that of Python's library."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port)

    def ask(query: str) -> int:
        connection.request("GET", server.target(query), headers={"Accept": JSON})
        response = connection.getresponse()
        body = response.read()
        assert response.status == 200, body
        return len(body)

    return ask


# -- what is measured -------------------------------------------------------------------------------------------------


def latencies(
    servers: Sequence[Server], queries: Sequence[str], client: Callable[[Server], Callable[[str], int]], new: bool
) -> list[float]:
    """Return the median milliseconds of each server, asked in turns so that what else runs bears on all alike.

    With ``new`` no query is one that was asked before, for each has a number at its end.
    """
    clients = [client(server) for server in servers]
    medians: list[list[float]] = [[] for _ in servers]
    for round in range(ROUNDS + 1):
        for number, ask in enumerate(clients):
            times = []
            for index in range(IN_A_ROW):
                asked = round * IN_A_ROW + index
                query = queries[asked % len(queries)] + (f" # {next(_NUMBERS)}" if new else "")
                started = time.perf_counter()
                ask(query)
                times.append(time.perf_counter() - started)
            if round:  # the first is for warming up
                medians[number].append(1000 * statistics.median(times))
    return [statistics.median(found) for found in medians]


def client_of_a_load(
    server: Server, entities: Sequence[str], rate: float, seconds: float, seed: int
) -> tuple[Counter[str], list[float]]:
    """Ask ``rate`` queries a second, on time whatever the answers take; return what came of it and the milliseconds.

    None was asked before.
    """
    chosen = random.Random(seed)
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    outcome: Counter[str] = Counter()
    times: list[float] = []
    start = time.perf_counter()
    for number in range(int(rate * seconds)):
        due = start + number / rate
        time.sleep(max(0.0, due - time.perf_counter()))
        _, query, accept = chosen.choices(MIXED, [weight for weight, _, _ in MIXED])[0]
        try:
            text = f"{query(chosen.choice(entities))} # {seed} {number}"
            connection.request("GET", server.target(text), headers={"Accept": accept})
            response = connection.getresponse()
            response.read()
            outcome[str(response.status)] += 1
        except (OSError, http.client.HTTPException) as error:
            outcome[type(error).__name__] += 1
            connection.close()
        times.append(1000 * (time.perf_counter() - max(due, start)))
    outcome["seconds"] = round(time.perf_counter() - start)
    return outcome, times


def load(server: Server, entities: Sequence[str], rate: float, seconds: float) -> None:
    with multiprocessing.get_context("spawn").Pool(CLIENTS) as pool:
        asked = [(server, entities, rate / CLIENTS, seconds, seed) for seed in range(CLIENTS)]
        running = pool.starmap_async(client_of_a_load, asked)
        held = []
        while not running.ready():
            held.append(memory(server.process))
            running.wait(max(1.0, seconds / 12))
        found = running.get()
    outcome = sum((counted for counted, _ in found), Counter())
    took = max(counted["seconds"] for counted, _ in found)
    del outcome["seconds"]
    times = sorted(time for _, times in found for time in times)
    total = sum(outcome.values())
    percentiles = ", ".join(f"{share:.0%} {times[int(share * (len(times) - 1))]:.1f}" for share in (0.5, 0.9, 0.99, 1))
    print(f"\n{server.name} under load: {total} mixed queries in {took} s ({total / took:.0f} a second)")
    print(f"  answers by status: {dict(outcome)}")
    print(f"  milliseconds from when it was due: {percentiles}")
    print(f"  memory of all its processes, MB: {', '.join(f'{size:.0f}' for size in held)}")


def memory(process: int) -> float:
    """Return the memory of a process and those it started, in MB, shared pages counted by their share (Linux)."""
    own = 0.0
    rollup = Path(f"/proc/{process}/smaps_rollup")
    if rollup.exists():
        own = next(int(line.split()[1]) for line in rollup.read_text().splitlines() if line.startswith("Pss:")) / 1e3
    children = subprocess.run(["pgrep", "-P", str(process)], capture_output=True, text=True).stdout.split()
    return own + sum(memory(int(child)) for child in children)


# -- servers ----------------------------------------------------------------------------------------------------------


@contextmanager
def running(name: str, path: str, command: Callable[[int], Sequence[str]]) -> Iterator[Server]:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = int(one.getsockname()[1])
    process = subprocess.Popen(command(port), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        end = time.monotonic() + 60
        while time.monotonic() < end:
            try:
                with socket.create_connection(("127.0.0.1", port)):
                    break
            except OSError:
                time.sleep(0.1)
        yield Server(name, port, path, process.pid)
    finally:
        process.terminate()
        process.wait(60)


def entities_of(store: Path) -> list[str]:
    graph = KnowledgeGraph.open(store)
    found = graph.query("SELECT DISTINCT ?e WHERE { ?d schema:mentions ?e . ?e rdfs:label ?l } ORDER BY ?e LIMIT 10000")
    return [row["e"] for row in found]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "store", nargs="?", type=Path, help="a graph in a folder; that of the examples if none is given"
    )
    parser.add_argument("--seconds", type=float, default=60, help="how long the load lasts (60)")
    parser.add_argument("--rate", type=float, default=200, help="queries a second (200)")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        store = given.store
        if store is None:
            store = Path(folder) / "examples.store"
            graphwright.build([str(TEXTS)], store=store).close()
        entities = entities_of(store)
        print(f"{len(KnowledgeGraph.open(store)):,} triples, {len(entities)} entities")
        oxigraph = Path(sys.executable).with_name("oxigraph")
        inner = store / GRAPH if (store / GRAPH).is_dir() else store
        with (
            running("graphwright", "/sparql", lambda port: [*_SERVE, str(store), str(port)]) as ours,
            running(
                "oxigraph",
                "/query",
                lambda port: [str(oxigraph), "serve-read-only", "-l", str(inner), "-b", f"127.0.0.1:{port}"],
            ) as theirs,
        ):
            servers = (ours, theirs)
            print("\nmilliseconds (median)                 graphwright  oxigraph  ratio")
            labels, joins = [label(one) for one in entities], [join("")]
            for what, queries, new in (
                ("labels of an entity", labels, True),
                ("the same, asked before", labels, False),
                ("a join", joins, True),
            ):
                for how, client in (("bare socket", over_a_socket), ("http.client", with_the_library)):
                    mine, other = latencies(servers, queries, client, new)
                    print(f"{what + ', ' + how:36}  {mine:11.3f}  {other:8.3f}  {mine / other:5.2f}")
            for server in servers:
                load(server, entities, given.rate, given.seconds)


_SERVE = [
    sys.executable,
    "-c",
    "import sys; from pathlib import Path; from graphwright.server.options import Options; "
    "from graphwright.server.running import run; run(Options(store=Path(sys.argv[1])), port=int(sys.argv[2]))",
]

if __name__ == "__main__":
    main()
