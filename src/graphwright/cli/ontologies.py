"""The commands about an ontology: ontology explain, coverage, check."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from graphwright.cli.options import (
    DEFAULT,
    Check,
    Date,
    GazetteerFiles,
    MaxCharacters,
    Model,
    OntologyFiles,
    Sources,
    check_choice,
    to_settings,
)
from graphwright.cli.printing import add_row, counted, heading, new_table, show, write
from graphwright.cli.running import Progress
from graphwright.settings import DEFAULT_BASE

if TYPE_CHECKING:
    from rich.console import RenderableType

    from graphwright.facts.coverage import Coverage
    from graphwright.ontology import Ontology, Property

_ExplainedFiles = Annotated[
    list[str] | None,
    typer.Argument(metavar="FILE", help="Ontology files or folders; none for the default ontology."),
]


def ontology_explain_command(files: _ExplainedFiles = None, model: Model = None) -> int:
    """Show each phrase and pattern of an ontology with what it was understood as.

    \b
    Examples:
      graphwright ontology explain
      graphwright ontology explain mine.ttl
    """
    compiled = _compiled(files, model)
    for property, examples in compiled.items():
        show(heading(property))
        for text, understood, place in examples:
            write(f"  {text}\n    {understood}\n    {place}\n")
    return 0


def ontology_coverage_command(
    sources: Sources,
    format: Annotated[str, typer.Option(metavar="FORMAT", help="table, turtle or json.")] = "table",
    top: Annotated[
        int, typer.Option(metavar="NUMBER", min=0, help="Propose at most so many lines for what is not covered.")
    ] = 20,
    ontology: OntologyFiles = None,
    gazetteer: GazetteerFiles = None,
    model: Model = None,
    date: Date = None,
    max_characters: MaxCharacters = DEFAULT.max_characters,
    language_check: Check = DEFAULT.language_check,
) -> int:
    """Show which phrases find something in documents, which never do, and what is said that none covers.

    What is not covered comes as lines of Turtle, to be accepted or edited.

    \b
    Examples:
      graphwright ontology coverage news/
      graphwright ontology coverage news/ --top 50 --format turtle > more.ttl
      graphwright ontology coverage news/ --ontology mine.ttl --format json
    """
    from graphwright.documents import read
    from graphwright.facts.proposals import to_turtle
    from graphwright.ontology import load
    from graphwright.pipeline import coverage

    check_choice("--format", format, ("table", "turtle", "json"))
    settings = to_settings(ontology, model, date, 0.0, DEFAULT_BASE, max_characters, language_check, gazetteer)
    terms = load(settings.ontology)
    with Progress() as progress:
        documents = progress.documents(read(sources, date=date))
        found = coverage(documents, settings, top=top, on_failure=progress.count)
    if progress.read and format == "json":
        write(json.dumps(asdict(found) | {"per_property": found.per_property}, ensure_ascii=False, indent=2) + "\n")
    elif progress.read:
        if format == "table":
            show(*_coverage_tables(found, terms))
        write(to_turtle(found.proposals, terms))
    progress.summarise(found.entities, found.facts)
    return progress.exit_code


def ontology_check_command(files: _ExplainedFiles = None, model: Model = None) -> int:
    """Check that an ontology can be read and that each of its phrases and shapes can work.

    \b
    Examples:
      graphwright ontology check mine.ttl
      graphwright ontology check ontology/ mine.ttl && echo good
    """
    from graphwright.ontology import load
    from graphwright.ontology.shapes import check_shapes, placed_in, written_shapes

    compiled = _compiled(files, model)
    terms = load(files or ())
    check_shapes(written_shapes(terms.triples), placed_in(files or ()))
    phrases = sum(map(len, compiled.values()))
    write(
        f"{len(terms.classes)} classes, {len(terms.properties)} properties, {phrases} phrases and patterns, "
        f"{len(terms.rules)} rules: all understood\n"
    )
    return 0


def _compiled(files: Iterable[str] | None, model: str | None) -> dict[str, list[tuple[str, str, str]]]:
    """Return, by property, each phrase with what it was understood as and its place."""
    from graphwright.facts.phrases import compile_ontology
    from graphwright.language import load as load_language
    from graphwright.ontology import load

    terms = load(tuple(files or ()))
    found: dict[str, list[tuple[str, str, str]]] = {_signature(one, terms): [] for one in terms.properties.values()}
    for one in compile_ontology(terms, load_language(model)):
        place = f"{Path(one.example.file).name} line {one.example.line}"
        found[_signature(one.property, terms)].append((one.example.text, str(one.pattern), place))
    return found


def _signature(property: Property, terms: Ontology) -> str:
    """Return a property with its domain and range, as "leads: Person → Organization or Delegation"."""
    domain, range = (" or ".join(map(terms.local, side)) or "anything" for side in (property.domain, property.range))
    return f"{terms.local(property.iri)}: {domain} → {range}"


def _coverage_tables(found: Coverage, terms: Ontology) -> Iterator[RenderableType]:
    """Yield the phrases that found something, those that did not, and the heading of what is not covered."""
    used = new_table("property", "phrase or pattern", "facts", "matches", numbers=("facts", "matches"))
    unused = new_table("property", "phrase or pattern", "place")
    for one in found.phrases:
        name = terms.local(one.property)
        if one.matches:
            facts = "–" if terms.properties[one.property].auxiliary else str(one.facts)
            add_row(used, name, one.example.text, facts, str(one.matches))
        else:
            add_row(unused, name, one.example.text, f"{Path(one.example.file).name} line {one.example.line}")
    yield heading("Phrases that matched")
    yield used
    yield heading("Phrases that never matched")
    yield unused
    yield heading("What no phrase covers")
    share = 100 * found.covered / found.propositions if found.propositions else 100
    yield (
        f"{used.row_count} of {counted(len(found.phrases), 'phrase')} matched; a property has {found.per_property:.1f} "
        f"on average. They cover {share:.0f} % of {counted(found.propositions, 'proposition')} about two things."
    )
