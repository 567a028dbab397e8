"""How fast a graph is built, and in how much memory: N documents of 300 words made from the example texts.

Usage: python benchmarks/speed.py [--documents N] [--words N]; see README.md beside this file.
"""

from __future__ import annotations

import argparse
import os
import platform
import time
from collections.abc import Iterator
from importlib.metadata import version
from itertools import cycle
from pathlib import Path

from measuring import peak_memory

import graphwright

TEXTS = Path(__file__).parents[1] / "examples" / "diplomacy" / "documents"
LIBRARIES = ("graphwright", "spacy", "onnxruntime", "pyoxigraph")


def documents(number: int, words: int) -> Iterator[graphwright.Document]:
    """Yield documents of about so many words: paragraphs of the examples in turn, so that no two are alike."""
    read = [found for found in graphwright.read([TEXTS]) if isinstance(found, graphwright.Document)]
    paragraphs = cycle([paragraph for document in read for paragraph in document.text.split("\n\n")])
    for index in range(number):
        text: list[str] = []
        while sum(len(paragraph.split()) for paragraph in text) < words:
            text.append(next(paragraphs))
        kept = " ".join("\n\n ".join(text).split(" ")[:words])
        yield graphwright.from_text(kept, id=f"document-{index}", date="2024-05-14")


def processor() -> str:
    """Return the name of the processor, as well as it can be told."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        return next(line.partition(": ")[2] for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def main() -> None:
    """Build once and print the figures."""
    parser = argparse.ArgumentParser(description="Measure how fast a graph is built.")
    parser.add_argument("--documents", type=int, default=200)
    parser.add_argument("--words", type=int, default=300, help="words of a document")
    wanted = parser.parse_args()

    corpus = list(documents(wanted.documents, wanted.words))
    count = sum(len(document.text.split()) for document in corpus)
    start = time.perf_counter()
    graphwright.build([graphwright.from_text("Ana Kos met Jon Berg.")])
    loaded = time.perf_counter() - start
    start = time.perf_counter()
    counts = graphwright.build(corpus).counts()
    taken = time.perf_counter() - start

    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    print(f"documents   {len(corpus)}, {count} words, {counts['entities']} entities, {counts['facts']} facts")
    print(f"loading     {loaded:.1f} s (model, ontology, gazetteer; once a process)")
    print(f"building    {taken:.1f} s, {count / taken:.0f} words/s")
    print(f"peak memory {peak_memory():.0f} MB")
    print(f"machine     {processor()}, {cores} cores used; {platform.system()}, Python {platform.python_version()}")
    print(f"versions    {', '.join(f'{name} {version(name)}' for name in LIBRARIES)}")


if __name__ == "__main__":
    main()
