"""The commands that show how texts are read: extract, inspect, why-not."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

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
    Sources,
    check_choice,
    to_settings,
)
from graphwright.cli.printing import add_row, counted, heading, new_table, show, write
from graphwright.cli.running import Progress
from graphwright.errors import StoreError
from graphwright.settings import DEFAULT_BASE

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

    from graphwright.facts.verdict import Verdict
    from graphwright.inspection import Inspection
    from graphwright.model import Extraction
    from graphwright.ontology import Ontology


def extract_command(
    sources: Sources,
    format: Annotated[str, typer.Option(metavar="FORMAT", help="jsonl or table.")] = "jsonl",
    ontology: OntologyFiles = None,
    gazetteer: GazetteerFiles = None,
    model: Model = None,
    date: Date = None,
    min_confidence: MinConfidence = 0.0,
    base: Base = DEFAULT_BASE,
    max_characters: MaxCharacters = DEFAULT.max_characters,
    language_check: Check = DEFAULT.language_check,
) -> int:
    """Print the entities and facts of each document, without joining them over documents.

    The records of jsonl have the form of the gold files of `graphwright evaluate`.

    \b
    Examples:
      graphwright extract letter.txt --format table
      graphwright extract news/ > facts.jsonl
      echo "Gen. Ana Kos met Bo Lind in Riga." | graphwright extract - --format table
    """
    from graphwright.documents import read
    from graphwright.evaluation import to_line
    from graphwright.ontology import load
    from graphwright.pipeline import extract

    check_choice("--format", format, ("jsonl", "table"))
    settings = to_settings(ontology, model, date, min_confidence, base, max_characters, language_check, gazetteer)
    terms = load(settings.ontology)
    entities = facts = 0
    with Progress(show=not sys.stdout.isatty()) as progress:
        documents = progress.documents(read(sources, date=date))
        for extraction in extract(documents, settings, on_failure=progress.count):
            entities += len(extraction.chains)
            facts += len(extraction.facts)
            if format == "jsonl":
                write(to_line(extraction, terms.local) + "\n")
            else:
                show(_fact_table(extraction, terms))
    progress.summarise(entities, facts)
    return progress.exit_code


def inspect_command(
    sources: Sources,
    html: Annotated[
        str | None, typer.Option("--html", metavar="FILE", help="Write a page with the text painted instead.")
    ] = None,
    ontology: OntologyFiles = None,
    gazetteer: GazetteerFiles = None,
    model: Model = None,
    date: Date = None,
    min_confidence: MinConfidence = 0.0,
    max_characters: MaxCharacters = DEFAULT.max_characters,
    language_check: Check = DEFAULT.language_check,
) -> int:
    """Show how documents were understood: mentions, the things they speak of, propositions, and facts.

    \b
    Examples:
      graphwright inspect letter.txt
      graphwright inspect letter.txt --html letter.html
      echo "Gen. Ana Kos met Bo Lind in Riga." | graphwright inspect -
    """
    from graphwright.documents import read
    from graphwright.inspection import page
    from graphwright.ontology import load
    from graphwright.pipeline import inspect

    if html is not None and not Path(html).absolute().parent.is_dir():
        raise StoreError("there is no folder to write the page to", html, f"make {str(Path(html).parent)!r} first")
    settings = to_settings(
        ontology, model, date, min_confidence, DEFAULT_BASE, max_characters, language_check, gazetteer
    )
    terms = load(settings.ontology)
    found = []
    entities = facts = 0
    with Progress(show=not sys.stdout.isatty()) as progress:
        documents = progress.documents(read(sources, date=date))
        for inspection in inspect(documents, settings, on_failure=progress.count):
            entities += len(inspection.extraction.chains)
            facts += len(inspection.extraction.facts)
            if html is None:
                show(*_inspection_tables(inspection, terms))
            else:
                found.append(inspection)
    if html is not None and progress.read:
        try:
            Path(html).write_text(page(found, terms.local), encoding="utf8")
        except OSError as error:
            raise StoreError(f"the page cannot be written: {error.strerror}", html, "name another file") from error
    progress.summarise(entities, facts)
    return progress.exit_code


def why_not_command(
    source: Annotated[
        str, typer.Argument(metavar="SOURCE", help="A file, a folder, or - for standard input.", show_default=False)
    ],
    subject: Annotated[str, typer.Argument(help="A name, or any mention of the thing.", show_default=False)],
    property: Annotated[str, typer.Argument(help="A property such as metWith.", show_default=False)],
    object: Annotated[str, typer.Argument(help="Like SUBJECT, or a value.", show_default=False)],
    as_json: Annotated[bool, typer.Option("--json", help="Print the verdicts as JSON.")] = False,
    ontology: OntologyFiles = None,
    gazetteer: GazetteerFiles = None,
    model: Model = None,
    date: Date = None,
    min_confidence: MinConfidence = 0.0,
    max_characters: MaxCharacters = DEFAULT.max_characters,
    language_check: Check = DEFAULT.language_check,
) -> int:
    """Tell why a fact is not found: which condition failed, and what the phrase that comes nearest lacks.

    Of several documents those that speak of both are told, the nearest first. The exit code is 0 where one states it.

    \b
    Examples:
      graphwright why-not letter.txt "Ana Kos" leads "the delegation"
      graphwright why-not news/ Benko metWith "the minister" --json
      echo "Ana Kos may visit Riga." | graphwright why-not - Kos visited Riga
    """
    from graphwright.documents import read
    from graphwright.pipeline import why_not

    settings = to_settings(
        ontology, model, date, min_confidence, DEFAULT_BASE, max_characters, language_check, gazetteer
    )
    with Progress(show=not sys.stdout.isatty()) as progress:
        documents = progress.documents(read([source], date=date))
        verdicts = why_not(documents, subject, property, object, settings, on_failure=progress.count)
    if as_json:
        write(
            json.dumps([{"found": one.found, **asdict(one)} for one in verdicts], ensure_ascii=False, indent=2) + "\n"
        )
    else:
        for verdict in verdicts:
            show(_verdict_text(verdict))
    if not verdicts:
        return 2
    return int(not any(verdict.found for verdict in verdicts))


def _fact_table(extraction: Extraction, terms: Ontology) -> Table:
    from graphwright.inspection import fact_cells

    table = new_table("subject", "property", "object", "said as", "confidence", "sentence")
    table.title, table.title_justify = f"{extraction.document.id} {extraction.document.title}".strip(), "left"
    names = {chain.id: chain.name for chain in extraction.chains}
    for fact in extraction.facts:
        sentence = " ".join(extraction.document.text[slice(*fact.evidence)].split())
        add_row(table, *fact_cells(fact, names, terms.local), sentence)
    return table


def _inspection_tables(inspection: Inspection, terms: Ontology) -> Iterator[RenderableType]:
    """Yield the tables of the steps of a reading."""
    from graphwright.inspection import said

    mentions = new_table("mention", "class", "kind", "speaks of")
    for mention in inspection.mentions:
        add_row(mentions, mention.text, mention.cls, mention.kind, ", ".join(mention.things))
    propositions = new_table("predicate", "arguments", "said as")
    for one in inspection.propositions:
        arguments = "; ".join(f"{role}: {text}" for role, text in one.arguments)
        add_row(propositions, one.predicate, arguments, said(one.modality, one.speaker or None))
    things = new_table("thing", "class", "mentions")
    document = inspection.extraction.document
    for chain in inspection.extraction.chains:
        texts = dict.fromkeys(" ".join(document.text[slice(*span)].split()) for span in chain.mentions)
        add_row(things, chain.name, terms.local(chain.cls), ", ".join(texts))
    yield heading("Mentions")
    yield mentions
    yield heading("Things")
    yield things
    yield heading("Propositions")
    yield propositions
    yield heading("Facts")
    yield _fact_table(inspection.extraction, terms)


def _verdict_text(verdict: Verdict) -> RenderableType:
    """Return why a fact is not found: condition, sentence, phrase, what joins the two, and what a rule lacks."""
    from rich.console import Group
    from rich.padding import Padding
    from rich.text import Text

    lines = [verdict.message if verdict.found else f"{verdict.condition}: {verdict.message}"]
    if verdict.sentence and verdict.span is not None:
        lines += [f"“{verdict.sentence}”", f"characters {verdict.span[0]} to {verdict.span[1]}"]
    if verdict.phrase is not None:
        lines += [
            f'phrase: "{verdict.phrase.text}", {verdict.phrase.place}',
            f"understood as: {verdict.phrase.understood}",
        ]
    if verdict.path:
        lines.append(f"what joins the two: {verdict.path}")
    if verdict.line:
        lines.append(f"this line would mend it, if it holds in general: {verdict.line}")
    if verdict.rule is not None and verdict.condition != "no premise":
        lacks = "; ".join(verdict.rule.missing) or "nothing, but a FILTER holds it back"
        lines.append(f"rule {verdict.rule.name!r} ({verdict.rule.label}) lacks: {lacks}")
    if verdict.others:
        lines.append(
            f"{counted(verdict.others, 'other sentence')} {'speaks' if verdict.others == 1 else 'speak'} of both"
        )
    head = Text(f"{verdict.document}: {verdict.subject} | {verdict.property} | {verdict.object}", style="bold")
    return Group(head, *(Padding(Text(line), (0, 0, 0, 2), expand=False) for line in lines))
