"""Show what a graph holds: sentences with what they state, then each question of ``queries`` with its answer.

Usage: python show.py STORE
"""

from __future__ import annotations

import sys
from itertools import groupby
from pathlib import Path
from textwrap import fill, shorten

from rich.console import Console
from rich.table import Table

from graphwright import Evidence, KnowledgeGraph, explain

QUERIES = Path(__file__).parent / "queries"
DOCUMENT = "benko-dikovic-2016"
WIDTH = 100


def main(store: str) -> None:
    """Print the sentences and the answers of the graph in a store."""
    graph = KnowledgeGraph.open(store)
    print(f"\nWhat {DOCUMENT} says, sentence by sentence (the other documents are in the graph as well):")
    said = [evidence for evidence in explain(graph, None) if evidence.document.id == DOCUMENT]
    read = [evidence for evidence in said if not evidence.rule]
    for quote, stated in groupby(read, key=lambda evidence: evidence.quote):
        print("\n" + fill(f"“{quote}”", WIDTH))
        for evidence in stated:
            print(f"    {triple(evidence)}")
    print("\nWhat rules conclude from that:")
    for evidence in said:
        if evidence.rule:
            print(f"\n    {triple(evidence)}\n" + fill(f"rule: {evidence.rule}", WIDTH, initial_indent=" " * 8))
            for premise in evidence.premises:
                print(f"        because {triple(premise)}")
    console = Console(width=WIDTH if not sys.stdout.isatty() else None, highlight=False)
    for file in sorted(QUERIES.glob("*.rq")):
        sparql = file.read_text(encoding="utf-8")
        print(f"\n{sparql}")
        console.print(answer(graph, sparql))


def triple(evidence: Evidence) -> str:
    """Return a fact as one line; what is not simply true is marked."""
    marks = [evidence.modality] if evidence.modality != "asserted" else []
    marks += [f"according to {evidence.attributed_to}"] if evidence.attributed_to else []
    line = f"{evidence.subject_label} | {evidence.property_label} | {evidence.object_label}"
    return f"{line} ({', '.join(marks)})" if marks else line


def answer(graph: KnowledgeGraph, sparql: str) -> Table:
    """Return the rows of a query as a table."""
    result = graph.query(sparql)
    table = Table(*result.variables)
    for row in result:
        cells = ("" if row[variable] is None else str(row[variable]) for variable in result.variables)
        table.add_row(*(shorten(cell, 3 * WIDTH, placeholder=" …") for cell in cells))
    return table


if __name__ == "__main__":
    main(sys.argv[1])
