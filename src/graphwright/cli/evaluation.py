"""The command that scores what is found beside what a careful reader wrote down: evaluate."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from graphwright.cli.options import (
    DEFAULT,
    Base,
    Check,
    Date,
    GazetteerFiles,
    MaxCharacters,
    MinConfidence,
    Model,
    OntologyFiles,
    to_settings,
)
from graphwright.cli.printing import add_row, new_table, show, write
from graphwright.cli.running import Progress
from graphwright.settings import DEFAULT_BASE

if TYPE_CHECKING:
    from rich.table import Table

    from graphwright.evaluation import Coreference, Counts, Report


def evaluate_command(
    gold: Annotated[str, typer.Argument(metavar="GOLD.jsonl", help="Documents with their facts.", show_default=False)],
    errors: Annotated[bool, typer.Option("--errors", help="List each missed and each wrong fact.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
    curve_file: Annotated[
        str | None,
        typer.Option(
            "--curve", metavar="FILE", help="Draw precision, recall and F1 over --min-confidence, to a PNG or SVG file."
        ),
    ] = None,
    ontology: OntologyFiles = None,
    gazetteer: GazetteerFiles = None,
    model: Model = None,
    date: Date = None,
    min_confidence: MinConfidence = 0.0,
    base: Base = DEFAULT_BASE,
    max_characters: MaxCharacters = DEFAULT.max_characters,
    language_check: Check = DEFAULT.language_check,
) -> int:
    """Extract the facts of gold documents and score them: precision, recall and F1.

    \b
    Examples:
      graphwright evaluate gold.jsonl
      graphwright evaluate gold.jsonl --errors
      graphwright evaluate gold.jsonl --curve curve.png
      graphwright evaluate gold.jsonl --json --ontology mine.ttl > figures.json
    """
    from graphwright.evaluation import (
        curve,
        draw_curve,
        from_record,
        load_gold,
        matching_rules,
        prepare_drawing,
        score,
        to_record,
    )
    from graphwright.ontology import load
    from graphwright.pipeline import extract

    settings = to_settings(ontology, model, date, min_confidence, base, max_characters, language_check, gazetteer)
    if curve_file is not None:  # better told now than after minutes of reading
        prepare_drawing(curve_file)
    documents = load_gold(gold)
    terms = load(settings.ontology)
    with Progress() as progress:
        dated = (replace(one.document, date=one.document.date or date) for one in documents)
        extractions = extract(progress.documents(dated), settings, on_failure=progress.count)
        predicted = [from_record(to_record(extraction, terms.local)) for extraction in extractions]
    rules = matching_rules(terms)
    report = score(
        documents, predicted, is_a=rules.is_a, symmetric=rules.symmetric, implies=rules.implies, by_words=rules.by_words
    )
    if curve_file is not None:
        draw_curve(curve(documents, predicted, rules), curve_file)
    if as_json:
        write(json.dumps(_figures(report, with_errors=errors), ensure_ascii=False, indent=2) + "\n")
        return 0
    show(_report_table(report))
    for error in report.errors if errors else ():
        flags = f" ({error.flags})" if error.flags else ""
        write(f"{error.kind}: {error}{flags}\n  {error.document}: {error.evidence}\n")
    return 0


def _report_table(report: Report) -> Table:
    numbers = ("gold", "predicted", "right", "precision", "recall", "F1")
    table = new_table("", *numbers, numbers=numbers)

    def add(name: str, counts: Counts) -> None:
        figures = (counts.precision, counts.recall, counts.f1)
        whole = (counts.gold, counts.predicted, counts.right)
        add_row(table, name, *map(str, whole), *(f"{figure:.3f}" for figure in figures))

    add("entities", report.entities)
    add_row(table, "  class accuracy", "", "", "", f"{report.class_accuracy:.3f}", "", "")
    for name, chains in (("coreference", report.coreference), ("  every mention", report.coreference_strict)):
        add_row(table, name, "", "", "", *(f"{one:.3f}" for one in (chains.precision, chains.recall, chains.f1)))
    add("facts", report.facts)
    for name, counts in report.properties.items():
        add(f"  {name}", counts)
    add("facts not asserted", report.flagged)
    for name, counts in report.flags.items():
        add(f"  {name}", counts)
    add("all facts, flags ignored", report.all)
    return table


def _figures(report: Report, *, with_errors: bool) -> dict[str, Any]:
    """Return a report as JSON can hold it."""

    def counts(of: Counts) -> dict[str, Any]:
        return asdict(of) | {"precision": of.precision, "recall": of.recall, "f1": of.f1}

    def divided(by_name: Mapping[str, Counts]) -> dict[str, Any]:
        return {name: counts(one) for name, one in by_name.items()}

    def chains(of: Coreference) -> dict[str, Any]:
        return divided({"muc": of.muc, "b_cubed": of.b_cubed, "ceaf_e": of.ceaf_e}) | {"conll_f1": of.f1}

    figures = {
        "documents": report.documents,
        "without_prediction": report.without_prediction,
        "entities": counts(report.entities),
        "class_accuracy": report.class_accuracy,
        "coreference": chains(report.coreference),
        "coreference_strict": chains(report.coreference_strict),
        "facts": counts(report.facts),
        "properties": divided(report.properties),
        "flagged": counts(report.flagged),
        "flags": divided(report.flags),
        "right_speaker": report.right_speaker,
        "flagged_as_asserted": report.flagged_as_asserted,
        "asserted_as_flagged": report.asserted_as_flagged,
        "all": counts(report.all),
    }
    return figures | ({"errors": [asdict(error) for error in report.errors]} if with_errors else {})
