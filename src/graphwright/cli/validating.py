"""The command that holds a graph against shapes: validate."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from graphwright.cli.graphs import Store, evidence_text
from graphwright.cli.options import OntologyFiles, check_choice
from graphwright.cli.printing import counted, show, tell, write

if TYPE_CHECKING:
    from rich.console import RenderableType

    from graphwright.graph import KnowledgeGraph
    from graphwright.graph.validation import Checker, Violation

_ShapesFiles = Annotated[
    list[str] | None,
    typer.Option("--shapes", metavar="FILE", help="Hold the graph against the shapes in this file too (repeatable)."),
]


def validate_command(
    store: Store,
    ontology: OntologyFiles = None,
    shapes: _ShapesFiles = None,
    format: Annotated[str, typer.Option(metavar="FORMAT", help="text, json, or turtle for a SHACL report.")] = "text",
) -> int:
    """Show what in a graph breaks the shapes of its ontology, with the sentences that say so.

    Shapes (SHACL) follow from the axioms of the ontology, and stand in its files. The exit code is 1 where there is a
    violation; warnings are shown, and leave it at 0.

    \b
    Examples:
      graphwright validate news.store
      graphwright validate news.store --shapes mine.ttl --format turtle > report.ttl
      graphwright validate news.store --ontology mine.ttl && echo good
    """
    from graphwright.graph import KnowledgeGraph
    from graphwright.graph.validation import report, validate

    check_choice("--format", format, ("text", "json", "turtle"))
    graph = KnowledgeGraph.open(store)
    checker = _checker(graph, ontology or [], shapes or [])
    found = validate(graph, checker)
    if format == "turtle":
        result = report(graph, checker)
        for prefix, namespace in graph.prefixes.items():
            result.bind(prefix, namespace)
        write(result.serialize(format="turtle"))
    elif format == "json":
        write(json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=2))
    else:
        for one in found:
            show(violation_text(one))
    counts = Counter(one.severity.lower() for one in found)
    parts = [counted(number, kind) for kind, number in counts.items() if kind != "info"]
    tell(", ".join(parts) or "no violation")
    return int(counts["violation"] > 0)


def _checker(graph: KnowledgeGraph, ontology: list[str], more: list[str]) -> Checker:
    """Return the shapes of an ontology, or of the graph's own, with those of more files."""
    from graphwright.graph.validation import Checker, ontology_of
    from graphwright.ontology import load
    from graphwright.ontology.shapes import placed_in, read_shapes

    triples = load(ontology).triples if ontology else ontology_of(graph)
    return Checker([*triples, *read_shapes(more)], where=placed_in([*ontology, *more]))


def violation_text(violation: Violation) -> RenderableType:
    """Return a violation with the facts that break the shape and their sentences, or with what the graph alone says."""
    from rich.console import Group
    from rich.padding import Padding
    from rich.text import Text

    head = Text(f"{violation.severity.lower()}: {violation.message}", style="bold")
    said = map(evidence_text, violation.evidence)
    bare = Text(" | ".join(filter(None, (violation.focus, violation.property, violation.value))))
    return Group(head, *(Padding(one, (0, 0, 0, 2), expand=False) for one in (said if violation.evidence else [bare])))
