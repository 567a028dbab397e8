"""An hour of building and querying at once, with processes killed at random: is the result that of a quiet build?

A folder of documents grows, and some of them change and go; `graphwright build --prune` follows them, again and again,
while `graphwright serve` answers queries from the same store. Somebody kills processes that read, processes that
answer, and now and then the build itself (SIGKILL). In the end a build is left in peace. Then the store has to be
whole, and its graph that of a build from nothing, byte for byte after sorting; no query may have failed but for what
was killed under it; and no process may have grown.

Usage: python benchmarks/soak [--minutes 60] [--documents 1500] [--seed 1] [--json FILE]
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import signal
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "lifecycle"))

import corpus

COMMAND = [sys.executable, "-c", "from graphwright.cli import main; main()"]
QUERIES = (
    "SELECT (COUNT(*) AS ?n) WHERE { ?s a rdf:Statement }",
    "SELECT ?x ?name WHERE { ?x a gw:Person ; rdfs:label ?name } LIMIT 20",
    "SELECT ?a ?b WHERE { ?a gw:metWith ?b } LIMIT 50",
    "ASK { ?x gw:visited ?y }",
)
GROWN = 1.15
"""How many times what it was in the first third of the time memory may be in the last."""


@dataclass
class Told:
    """What happened."""

    builds: Counter[str] = field(default_factory=Counter)
    killed: Counter[str] = field(default_factory=Counter)
    answers: Counter[str] = field(default_factory=Counter)
    memory: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))


def processes(of: str) -> Iterator[tuple[int, int]]:
    """The numbers of running processes with a word in their command lines, and of their parents."""
    for place in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if of.encode() in (place / "cmdline").read_bytes():
                yield int(place.name), int((place / "stat").read_text().rpartition(")")[2].split()[1])


def resident(process: int) -> float:
    """The memory of a process in MB."""
    with contextlib.suppress(OSError):
        return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
    return 0.0


def shuffled(folder: Path, made: list[dict[str, str]], lot: random.Random, share: float) -> None:
    """Bring the folder nearer to what it is to be: new documents, some that change, and some that go."""
    wanted = int(share * len(made))
    there = {path.stem: path for path in folder.glob("*.txt")}
    for one in made[:wanted]:
        if one["id"] not in there and lot.random() < 0.98:
            (folder / f"{one['id']}.txt").write_text(one["text"], encoding="utf-8")
    for name in lot.sample(sorted(there), min(len(there), 5)):
        if lot.random() < 0.5:
            there[name].unlink()
        else:
            there[name].write_text(there[name].read_text(encoding="utf-8") + "\n\nIt was confirmed.", encoding="utf-8")


def ask(port: int, until: threading.Event, told: Told, lot: random.Random) -> None:
    """Ask the server, ten times a second."""
    while not until.wait(0.1):
        address = f"http://127.0.0.1:{port}/sparql?" + urllib.parse.urlencode({"query": lot.choice(QUERIES)})
        request = urllib.request.Request(address, headers={"Accept": "application/sparql-results+json"})
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                json.load(answer)
                told.answers[str(answer.status)] += 1
        except urllib.error.HTTPError as error:
            told.answers[str(error.code)] += 1
        except (OSError, ValueError) as error:
            told.answers[type(error).__name__] += 1


def kill(until: threading.Event, told: Told, lot: random.Random, build: list[subprocess.Popen[bytes]]) -> None:
    """Kill somebody every few seconds: a reader mostly, one who answers, seldom the build itself."""
    while not until.wait(lot.uniform(4, 16)):
        what = lot.choices(("reader", "answerer", "build"), (6, 3, 1))[0]
        if what == "build":
            chosen = [build[-1].pid] if build and build[-1].poll() is None else []
        else:
            module = {"reader": "graphwright.engines.worker", "answerer": "graphwright.server.worker"}[what]
            chosen = [process for process, _ in processes(module)]
        if chosen:
            with contextlib.suppress(ProcessLookupError):
                os.kill(lot.choice(chosen), signal.SIGKILL)
                told.killed[what] += 1


def weigh(until: threading.Event, told: Told, server: int, build: list[subprocess.Popen[bytes]]) -> None:
    """Look at the memory of all processes, every five seconds."""
    while not until.wait(5):
        told.memory["server"].append(resident(server))
        told.memory["answerers"] += [
            max((resident(one) for one, _ in processes("graphwright.server.worker")), default=0)
        ]
        told.memory["readers"] += [
            max((resident(one) for one, _ in processes("graphwright.engines.worker")), default=0)
        ]
        if build and build[-1].poll() is None:
            told.memory["build"].append(resident(build[-1].pid))


def quads(store: Path, file: Path) -> list[str]:
    """The lines of a store's export, sorted."""
    subprocess.run([*COMMAND, "export", str(store), str(file)], check=True, stdout=subprocess.DEVNULL)
    return sorted(file.read_text(encoding="utf-8").splitlines())


def free_port() -> int:
    """A port that nobody listens to."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def soak(place: Path, minutes: float, number: int, seed: int) -> tuple[Told, list[str]]:
    """Do it; return what happened, and what is wrong."""
    lot, told = random.Random(seed), Told()
    made = list(corpus.documents(number, paragraphs=True, seed=seed))
    folder, store = place / "news", place / "news.store"
    folder.mkdir()
    shuffled(folder, made, lot, 20 / number)
    command = [*COMMAND, "build", str(folder), "--to", str(store), "--prune", "--workers", "2"]
    subprocess.run(command, check=True)
    port = free_port()
    server = subprocess.Popen([*COMMAND, "serve", str(store), "--port", str(port)], stderr=subprocess.DEVNULL)
    build: list[subprocess.Popen[bytes]] = []
    over = threading.Event()
    threads = [
        threading.Thread(target=ask, args=(port, over, told, random.Random(seed + 1))),
        threading.Thread(target=kill, args=(over, told, random.Random(seed + 2), build)),
        threading.Thread(target=weigh, args=(over, told, server.pid, build)),
    ]
    time.sleep(5)
    start, end = time.monotonic(), time.monotonic() + 60 * minutes
    for thread in threads:
        thread.start()
    try:
        while time.monotonic() < end:
            shuffled(folder, made, lot, (time.monotonic() - start) / (60 * minutes))
            build[:] = [subprocess.Popen(command, stderr=subprocess.PIPE)]
            _, words = build[0].communicate()
            told.builds[str(build[0].returncode)] += 1
            last = words.decode().strip().splitlines()[-1:]
            print(
                f"{(time.monotonic() - start) / 60:5.1f} min", *last, dict(told.killed), dict(told.answers), flush=True
            )
    finally:
        over.set()
        for thread in threads:
            thread.join()
        server.send_signal(signal.SIGTERM)
        server.wait(60)
    wrong = []
    subprocess.run(command, check=True)
    with contextlib.closing(sqlite3.connect(store / "ledger.sqlite")) as sql:
        if (sound := sql.execute("PRAGMA integrity_check").fetchone()[0]) != "ok":
            wrong.append(f"the ledger is broken: {sound}")
    subprocess.run([*COMMAND, "build", str(folder), "--to", str(place / "quiet.store")], check=True)
    if quads(store, place / "a.nq") != quads(place / "quiet.store", place / "b.nq"):
        wrong.append("the graph is not that of a quiet build")
    if bad := {code: n for code, n in told.answers.items() if code not in ("200", "503")}:
        wrong.append(f"queries failed: {bad}")
    if told.answers["503"] > told.killed["answerer"] + told.killed["build"]:
        wrong.append(f"{told.answers['503']} queries were ended, and {told.killed['answerer']} processes that answer")
    for name in ("server", "readers"):
        third = len(told.memory[name]) // 3
        first, last = (statistics.median(part) for part in (told.memory[name][:third], told.memory[name][-third:]))
        if last > GROWN * first:
            wrong.append(f"memory of the {name} grew from {first:.0f} to {last:.0f} MB")
    return told, wrong


def main() -> int:
    """Soak, and tell what came of it."""
    parser = argparse.ArgumentParser(prog="benchmarks/soak", description="Build and query at once, and kill at random.")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--documents", type=int, default=1500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path, help="write what happened to this file")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        told, wrong = soak(Path(place), wanted.minutes, wanted.documents, wanted.seed)
    memory = {
        name: [round(statistics.median(part)) for part in (found[: len(found) // 3], found[-(len(found) // 3) :])]
        for name, found in told.memory.items()
        if len(found) > 2
    }
    what = {"builds": told.builds, "killed": told.killed, "answers": told.answers, "memory": memory, "wrong": wrong}
    print(json.dumps(what, indent=1))
    if wanted.json:
        wanted.json.write_text(json.dumps(what, indent=1) + "\n", encoding="utf-8")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
