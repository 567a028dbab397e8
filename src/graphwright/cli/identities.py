"""The commands that tell of a graph's making: why-same, manifest."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from graphwright.cli.graphs import Store
from graphwright.cli.options import check_choice
from graphwright.cli.printing import show, write

if TYPE_CHECKING:
    from graphwright.graph.sameness import Link
    from graphwright.model import Identification

Name = Annotated[str, typer.Argument(help="An IRI, the end of one, a name, or NAME@DOCUMENT.", show_default=False)]


def why_same_command(store: Store, one: Name, other: Name) -> int:
    """Tell why two names are of one thing. The exit code is 1 where they are of two.

    \b
    Examples:
      graphwright why-same news.store "Gen. Benkő" "Tibor Benkő"
      graphwright why-same news.store person/john-smith person/john-smith_us
      graphwright why-same news.store "John Smith@article-1" "John Smith@article-7"
    """
    from graphwright.sameness import why_same

    answer = why_same(store, one, other)
    found = answer.found
    if not found.same:
        show(f"two things: {found.one}\n            {found.other}")
        if answer.apart:
            show(f"  {answer.apart}")
        return 1
    show(f"one thing: {found.one}")
    for step in found.steps:
        show(f"  {_step(step)}")
    for link in found.links:
        show(f"  {_link(link)}")
    return 0


def _step(step: Identification) -> str:
    documents = sorted({step.document, step.other_document} - {""})
    where = f" ({', '.join(documents)})" if documents else ""
    names = f"“{step.name}”" if step.name == step.other else f"“{step.name}” and “{step.other}”"
    return f"{names}: {step.reason}; confidence {step.confidence:.2f}{where}"


def _link(link: Link) -> str:
    to = f" → {', '.join(link.same_as)}" if link.same_as else ""
    return f"“{link.name}”: {link.reason}; confidence {link.confidence:.2f} ({link.document}){to}"


def manifest_command(
    store: Store,
    format: Annotated[str, typer.Option(metavar="FORMAT", help="text or json.")] = "text",
) -> int:
    """Tell what a graph was made from and with: documents with hashes, ontology, model, code, settings, counts.

    \b
    Examples:
      graphwright manifest news.store
      graphwright manifest news.store --format json > made.json
    """
    from graphwright.graph import KnowledgeGraph
    from graphwright.ledger.manifest import manifest

    check_choice("--format", format, ("text", "json"))
    told = manifest(KnowledgeGraph.open(store))
    if format == "json":
        write(json.dumps(told, ensure_ascii=False, indent=2))
        return 0
    lines = [f"{name}: {number:,}" for name, number in told["counts"].items()]
    for configuration in told["configurations"]:
        lines.append(f"configuration of {configuration['documents']:,} documents")
        lines += [f"  {name}: {value}" for name, value in configuration.items() if name != "documents"]
    lines += [f"{one['hash']}  {one['id']}" for one in told["documents"]]
    write("\n".join(lines))
    return 0
