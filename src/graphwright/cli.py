"""The command line: results alone go to standard output, progress and errors to standard error.

Exit codes: 0 done; 1 some documents failed, or the answer is no; 2 could not run; 130 interrupted.
"""

from __future__ import annotations

import functools
import importlib.metadata
import io
import json
import os
import sys
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ParamSpec, TextIO, cast, get_args

import typer

from graphwright.errors import GraphwrightError, GraphwrightWarning, LanguageWarning, StoreError
from graphwright.settings import DEFAULT_BASE, LanguageCheck, Settings

# Everything that loads a model, a parser or a store is imported where it is used: `graphwright --help` must be quick.
if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

    from graphwright.documents import Failure
    from graphwright.evaluation import Coreference, Counts, Report
    from graphwright.facts.coverage import Coverage
    from graphwright.facts.verdict import Verdict
    from graphwright.graph import Evidence, QueryResult
    from graphwright.inspection import Inspection
    from graphwright.model import Document, Extraction
    from graphwright.ontology import Ontology, Property

_P = ParamSpec("_P")
_INTERRUPTED = 130  # 128 + SIGINT, as shells report it
_PIPE_CLOSED = 141  # 128 + SIGPIPE
_DEFAULT = Settings()

app = typer.Typer(
    help="Documents become an RDF knowledge graph in which every fact leads back to its sentence.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
ontology_app = typer.Typer(help="Look at an ontology and check it.", no_args_is_help=True, rich_markup_mode="rich")
app.add_typer(ontology_app, name="ontology")

Sources = Annotated[
    list[str], typer.Argument(metavar="SOURCE", help="Files, folders, or - for standard input.", show_default=False)
]
Store = Annotated[
    str, typer.Argument(metavar="STORE", help="The folder that a build wrote, or an RDF file.", show_default=False)
]
OntologyFiles = Annotated[
    list[str] | None,
    typer.Option("--ontology", metavar="FILE", help="Use this ontology file or folder (may be repeated)."),
]
Model = Annotated[
    str | None, typer.Option(metavar="NAME", help="Name or path of a spaCy pipeline, instead of the embedded model.")
]
Date = Annotated[
    str | None, typer.Option(metavar="DATE", help="Date of documents that have none, such as 2016-06-14 or 2016-06.")
]
MinConfidence = Annotated[
    float, typer.Option(metavar="NUMBER", min=0.0, max=1.0, help="Drop facts with less confidence, from 0 to 1.")
]
MaxCharacters = Annotated[
    int, typer.Option(metavar="NUMBER", min=1, help="Leave out documents with more characters than this.")
]
Check = Annotated[
    str,
    typer.Option(
        metavar="CHECK",
        help="What to do with documents in another language than the model reads: warn, skip, or off to not look.",
    ),
]
Base = Annotated[str, typer.Option(metavar="IRI", help="What the IRIs of entities and documents start with.")]


def main() -> None:
    """Run the command line."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # no name is so foreign that a terminal stops the run
    app()


def _guarded(command: Callable[_P, int]) -> Callable[_P, None]:
    """Make a function that returns an exit code a command that ends in good order whatever happens."""

    @functools.wraps(command)
    def run(*args: _P.args, **kwargs: _P.kwargs) -> None:
        try:
            with _warnings_told(_tell_warning):
                code = command(*args, **kwargs)
            sys.stdout.flush()
        except GraphwrightError as error:
            _tell(f"error: {error}")
            code = 2
        except KeyboardInterrupt:
            _tell("interrupted")
            code = _INTERRUPTED
        except BrokenPipeError:
            # Nobody reads on. Python would complain once more when it flushes standard output at its end.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            code = _PIPE_CLOSED
        raise typer.Exit(code)

    return run


@contextmanager
def _warnings_told(tell: Callable[[GraphwrightWarning], None]) -> Iterator[None]:
    """Tell each of our warnings in our own way; those of others are shown as Python shows them."""
    with warnings.catch_warnings():
        warnings.simplefilter("always", GraphwrightWarning)
        show = warnings.showwarning

        def told(
            message: Warning | str,
            category: type[Warning],
            filename: str,
            lineno: int,
            file: TextIO | None = None,
            line: str | None = None,
        ) -> None:
            if isinstance(message, GraphwrightWarning):
                tell(message)
            else:
                show(message, category, filename, lineno, file, line)

        warnings.showwarning = told
        yield


def _tell_warning(warning: GraphwrightWarning) -> None:
    _tell(f"warning: {warning}")


def _version(wanted: bool) -> None:
    if wanted:
        print(f"graphwright {importlib.metadata.version('graphwright')}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    pass


# -- commands that read documents --------------------------------------------------------------------------------------


@app.command("build")
@_guarded
def build_command(
    sources: Sources,
    to: Annotated[
        str,
        typer.Option("--to", metavar="STORE", help="Folder to keep the graph in, or an RDF file.", show_default=False),
    ],
    ontology: OntologyFiles = None,
    model: Model = None,
    date: Date = None,
    min_confidence: MinConfidence = 0.0,
    base: Base = DEFAULT_BASE,
    max_characters: MaxCharacters = _DEFAULT.max_characters,
    language_check: Check = _DEFAULT.language_check,
) -> int:
    """Build a knowledge graph from documents.

    Reads plain text, Markdown, HTML and JSON Lines.

    \b
    Examples:
      graphwright build news/ --to news.store
      graphwright build *.html notes.md --to news.ttl --date 2016-06
      curl -s https://example.org/a.html | graphwright build - --to a.trig
      graphwright build news/ --to news.store --ontology mine.ttl
    """
    from graphwright.pipeline import build

    if not Path(to).absolute().parent.is_dir():  # better told now than after hours of reading
        raise StoreError("there is no folder to keep the graph in", to, f"make {str(Path(to).parent)!r} first")
    settings = _settings(ontology, model, date, min_confidence, base, max_characters, language_check)
    with _Progress() as progress:
        graph = build(sources, settings, on_document=progress.count)
        if progress.read:
            graph.save(to)
        counts = graph.counts()
    progress.summarise(counts["entities"], counts["facts"])
    return progress.exit_code


@app.command("extract")
@_guarded
def extract_command(
    sources: Sources,
    format: Annotated[str, typer.Option(metavar="FORMAT", help="jsonl or table.")] = "jsonl",
    ontology: OntologyFiles = None,
    model: Model = None,
    date: Date = None,
    min_confidence: MinConfidence = 0.0,
    base: Base = DEFAULT_BASE,
    max_characters: MaxCharacters = _DEFAULT.max_characters,
    language_check: Check = _DEFAULT.language_check,
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

    _check_choice("--format", format, ("jsonl", "table"))
    settings = _settings(ontology, model, date, min_confidence, base, max_characters, language_check)
    terms = load(settings.ontology)
    entities = facts = 0
    with _Progress(show=not sys.stdout.isatty()) as progress:
        documents = progress.documents(read(sources, date=date))
        for extraction in extract(documents, settings, on_failure=progress.count):
            entities += len(extraction.chains)
            facts += len(extraction.facts)
            if format == "jsonl":
                _write(to_line(extraction, terms.local) + "\n")
            else:
                _print(_fact_table(extraction, terms))
    progress.summarise(entities, facts)
    return progress.exit_code


@app.command("inspect")
@_guarded
def inspect_command(
    sources: Sources,
    html: Annotated[
        str | None, typer.Option("--html", metavar="FILE", help="Write a page with the text painted instead.")
    ] = None,
    ontology: OntologyFiles = None,
    model: Model = None,
    date: Date = None,
    min_confidence: MinConfidence = 0.0,
    max_characters: MaxCharacters = _DEFAULT.max_characters,
    language_check: Check = _DEFAULT.language_check,
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
    settings = _settings(ontology, model, date, min_confidence, DEFAULT_BASE, max_characters, language_check)
    terms = load(settings.ontology)
    found = []
    entities = facts = 0
    with _Progress(show=not sys.stdout.isatty()) as progress:
        documents = progress.documents(read(sources, date=date))
        for inspection in inspect(documents, settings, on_failure=progress.count):
            entities += len(inspection.extraction.chains)
            facts += len(inspection.extraction.facts)
            if html is None:
                _print(*_inspection_tables(inspection, terms))
            else:
                found.append(inspection)
    if html is not None and progress.read:
        try:
            Path(html).write_text(page(found, terms.local), encoding="utf8")
        except OSError as error:
            raise StoreError(f"the page cannot be written: {error.strerror}", html, "name another file") from error
    progress.summarise(entities, facts)
    return progress.exit_code


@app.command("why-not")
@_guarded
def why_not_command(
    source: Annotated[
        str, typer.Argument(metavar="SOURCE", help="A file, a folder, or - for standard input.", show_default=False)
    ],
    subject: Annotated[str, typer.Argument(help="A name, or any mention of the thing.", show_default=False)],
    property: Annotated[str, typer.Argument(help="A property such as metWith.", show_default=False)],
    object: Annotated[str, typer.Argument(help="Like SUBJECT, or a value.", show_default=False)],
    as_json: Annotated[bool, typer.Option("--json", help="Print the verdicts as JSON.")] = False,
    ontology: OntologyFiles = None,
    model: Model = None,
    date: Date = None,
    min_confidence: MinConfidence = 0.0,
    max_characters: MaxCharacters = _DEFAULT.max_characters,
    language_check: Check = _DEFAULT.language_check,
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

    settings = _settings(ontology, model, date, min_confidence, DEFAULT_BASE, max_characters, language_check)
    with _Progress(show=not sys.stdout.isatty()) as progress:
        documents = progress.documents(read([source], date=date))
        verdicts = why_not(documents, subject, property, object, settings, on_failure=progress.count)
    if as_json:
        _write(
            json.dumps([{"found": one.found, **asdict(one)} for one in verdicts], ensure_ascii=False, indent=2) + "\n"
        )
    else:
        for verdict in verdicts:
            _print(_verdict_text(verdict))
    if not verdicts:
        return 2
    return int(not any(verdict.found for verdict in verdicts))


@app.command("evaluate")
@_guarded
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
    model: Model = None,
    date: Date = None,
    min_confidence: MinConfidence = 0.0,
    base: Base = DEFAULT_BASE,
    max_characters: MaxCharacters = _DEFAULT.max_characters,
    language_check: Check = _DEFAULT.language_check,
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

    settings = _settings(ontology, model, date, min_confidence, base, max_characters, language_check)
    if curve_file is not None:  # better told now than after minutes of reading
        prepare_drawing(curve_file)
    documents = load_gold(gold)
    terms = load(settings.ontology)
    with _Progress() as progress:
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
        _write(json.dumps(_figures(report, with_errors=errors), ensure_ascii=False, indent=2) + "\n")
        return 0
    _print(_report_table(report))
    for error in report.errors if errors else ():
        flags = f" ({error.flags})" if error.flags else ""
        _write(f"{error.kind}: {error}{flags}\n  {error.document}: {error.evidence}\n")
    return 0


@app.command("demo")
@_guarded
def demo_command(model: Model = None) -> int:
    """Show in a minute what Graphwright does: a text, its facts, a question, and where an answer comes from.

    \b
    Example:
      graphwright demo
    """
    from graphwright.documents import from_text
    from graphwright.graph import explain
    from graphwright.pipeline import build

    document = from_text(_DEMO_TEXT, id="demo", title="Border talks", date="2024-05-14", source="graphwright demo")
    with _Progress() as progress:
        graph = build([document], Settings(model=model), on_document=progress.count)
    _print(_heading("The text"), document.text)
    _print(_heading("What it says"), _evidence_table(explain(graph, None)))
    _print(_heading("A question in SPARQL"), _DEMO_QUERY)
    _print(_answer_table(graph.query(_DEMO_QUERY), graph.prefixes))
    for one in explain(graph, None, "received")[:1]:
        _print(_heading("Where a fact comes from"), _evidence_text(one))
    _print(_heading("Your turn"), "graphwright build my-texts/ --to my.store\ngraphwright query my.store 'SELECT …'")
    return 0


# -- commands that ask a graph -----------------------------------------------------------------------------------------


@app.command("query")
@_guarded
def query_command(
    store: Store,
    query: Annotated[
        str, typer.Argument(metavar="QUERY", help="A SPARQL query, or - for standard input.", show_default=False)
    ],
    format: Annotated[
        str | None,
        typer.Option(
            metavar="FORMAT",
            help="table, csv, tsv, json or xml for SELECT and ASK; table, turtle, nt, rdf or jsonld for CONSTRUCT and "
            "DESCRIBE. If not given: table, or turtle.",
        ),
    ] = None,
) -> int:
    """Ask a graph in SPARQL. The exit code is 1 where the answer to ASK is no.

    The prefixes of the ontology need no declaration.

    \b
    Examples:
      graphwright query news.store "SELECT ?x ?y WHERE { ?x gw:visited ?y }"
      graphwright query news.store - --format csv < question.rq > answer.csv
      graphwright query news.ttl "ASK { ?x gw:metWith ?y }" && echo met
    """
    from graphwright.graph import KnowledgeGraph

    graph = KnowledgeGraph.open(store)
    # Line by line, since Python does not look for an interrupt before a read of everything is done.
    result = graph.query(b"".join(sys.stdin.buffer).decode("utf-8", "replace") if query == "-" else query)
    if format is None and result.form == "CONSTRUCT":
        format = "turtle"
    if format not in (None, "table"):
        _write(result.serialize(str(format)))
    elif result.form == "ASK":
        _write("yes\n" if result else "no\n")
    else:
        _print(_answer_table(result, graph.prefixes))
    return int(result.form == "ASK" and not result)


@app.command("export")
@_guarded
def export_command(
    store: Store,
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="The file to write; its suffix names the format.", show_default=False)
    ],
    format: Annotated[
        str | None, typer.Option(metavar="SUFFIX", help="A format other than that of the suffix, such as ttl.")
    ] = None,
    flagged: Annotated[
        bool, typer.Option("--flagged", help="Take facts that are not asserted into drawings and tables as well.")
    ] = False,
) -> int:
    """Write a graph to a file for another program.

    \b
    Examples:
      graphwright export news.store news.trig
      graphwright export news.store news.graphml --flagged
    """
    from graphwright.export import export
    from graphwright.graph import KnowledgeGraph

    for path in export(KnowledgeGraph.open(store), file, format=format, flagged=flagged):
        _tell(f"written: {path}")
    return 0


@app.command("explain")
@_guarded
def explain_command(
    store: Store,
    subject: Annotated[str, typer.Argument(help="An IRI, the end of one, or a name.", show_default=False)],
    property: Annotated[str, typer.Argument(help="An IRI or a name such as metWith.", show_default=False)],
    object: Annotated[str, typer.Argument(help="Like SUBJECT, or a value.", show_default=False)],
) -> int:
    """Show the sentences that a fact comes from. The exit code is 1 where no document states it.

    \b
    Examples:
      graphwright explain news.store "Tibor Benkő" received "Ljubisa Diković"
      graphwright explain news.store person/tibor-benko hasRank General
    """
    from graphwright.graph import KnowledgeGraph, explain

    found = explain(KnowledgeGraph.open(store), subject, property, object)
    for evidence in found:
        _print(_evidence_text(evidence))
    if not found:
        _tell(f"no document states: {subject} | {property} | {object}")
    return int(not found)


# -- commands about an ontology ----------------------------------------------------------------------------------------

_ExplainedFiles = Annotated[
    list[str] | None,
    typer.Argument(metavar="FILE", help="Ontology files or folders; none for the default ontology."),
]


@ontology_app.command("explain")
@_guarded
def ontology_explain_command(files: _ExplainedFiles = None, model: Model = None) -> int:
    """Show each phrase and pattern of an ontology with what it was understood as.

    \b
    Examples:
      graphwright ontology explain
      graphwright ontology explain mine.ttl
    """
    compiled = _compiled(files, model)
    for property, examples in compiled.items():
        _print(_heading(property))
        for text, understood, place in examples:
            _write(f"  {text}\n    {understood}\n    {place}\n")
    return 0


@ontology_app.command("coverage")
@_guarded
def ontology_coverage_command(
    sources: Sources,
    format: Annotated[str, typer.Option(metavar="FORMAT", help="table, turtle or json.")] = "table",
    top: Annotated[
        int, typer.Option(metavar="NUMBER", min=0, help="Propose at most so many lines for what is not covered.")
    ] = 20,
    ontology: OntologyFiles = None,
    model: Model = None,
    date: Date = None,
    max_characters: MaxCharacters = _DEFAULT.max_characters,
    language_check: Check = _DEFAULT.language_check,
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

    _check_choice("--format", format, ("table", "turtle", "json"))
    settings = _settings(ontology, model, date, 0.0, DEFAULT_BASE, max_characters, language_check)
    terms = load(settings.ontology)
    with _Progress() as progress:
        documents = progress.documents(read(sources, date=date))
        found = coverage(documents, settings, top=top, on_failure=progress.count)
    if progress.read and format == "json":
        _write(json.dumps(asdict(found) | {"per_property": found.per_property}, ensure_ascii=False, indent=2) + "\n")
    elif progress.read:
        if format == "table":
            _print(*_coverage_tables(found, terms))
        _write(to_turtle(found.proposals, terms))
    progress.summarise(found.entities, found.facts)
    return progress.exit_code


@ontology_app.command("check")
@_guarded
def ontology_check_command(files: _ExplainedFiles = None, model: Model = None) -> int:
    """Check that an ontology can be read and that each of its phrases can work.

    \b
    Examples:
      graphwright ontology check mine.ttl
      graphwright ontology check ontology/ mine.ttl && echo good
    """
    from graphwright.ontology import load

    compiled = _compiled(files, model)
    terms = load(files or ())
    phrases = sum(map(len, compiled.values()))
    _write(
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


# -- progress and counts -----------------------------------------------------------------------------------------------


class _Progress:
    """Counts documents, reports failures, and shows on a terminal how far a command is."""

    def __init__(self, *, show: bool = True) -> None:
        from rich.console import Console
        from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

        self.read = 0
        self.reasons: Counter[str] = Counter()
        self.foreign = 0
        self._start = time.monotonic()
        self._console = Console(stderr=True)
        columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
        # Rich would else send standard output to standard error while it shows progress.
        self._bar = Progress(
            *columns,
            console=self._console,
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
            disable=not (show and self._console.is_terminal),
        )
        self._task = self._bar.add_task("starting")
        self._open = ExitStack()

    def __enter__(self) -> _Progress:
        self._open.enter_context(_warnings_told(self.warn))
        self._open.enter_context(self._bar)
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def warn(self, warning: GraphwrightWarning) -> None:
        """Tell of a warning, and count the documents in another language."""
        self.foreign += isinstance(warning, LanguageWarning)
        self._print(f"warning: {warning}")

    def _print(self, text: str) -> None:
        self._console.print(text, markup=False, highlight=False, soft_wrap=True)

    def count(self, found: Document | Failure) -> None:
        """Take note of a document, or tell of one that failed."""
        from graphwright.documents import Failure

        if isinstance(found, Failure):
            self.read -= bool(found.document)
            self.reasons[str(found.reason.args[0])] += 1
            self._print(f"failed: {found.reason}")
            return
        self.read += 1
        self._bar.update(self._task, description=f"{_number(self.read, 'document')}: {found.id}")

    def documents(self, found: Iterable[Document | Failure]) -> Iterator[Document]:
        """Pass the documents on and count them."""
        from graphwright.model import Document

        for one in found:
            self.count(one)
            if isinstance(one, Document):
                yield one

    def summarise(self, entities: int, facts: int) -> None:
        """Write the closing line to standard error."""
        parts = [f"{_number(self.read, 'document')} read"]
        if self.foreign:
            parts.append(f"{self.foreign:,} of them in another language")
        if self.reasons:
            reasons = "; ".join(f"{count} × {reason}" for reason, count in self.reasons.most_common())
            parts.append(f"{self.reasons.total()} failed ({reasons})")
        parts += [_number(entities, "entity", "entities"), _number(facts, "fact")]
        _tell(f"{', '.join(parts)} in {time.monotonic() - self._start:.1f} s")

    @property
    def exit_code(self) -> int:
        """0 if all documents were read, 1 if some, 2 if none."""
        return 2 if not self.read else int(bool(self.reasons))


def _number(count: int, one: str, many: str | None = None) -> str:
    return f"{count:,} {one if count == 1 else many or one + 's'}"


# -- rendering ---------------------------------------------------------------------------------------------------------


def _print(*pieces: RenderableType) -> None:
    """Write tables and texts to standard output."""
    from rich.console import Console
    from rich.text import Text

    texts = [Text(piece) if isinstance(piece, str) else piece for piece in pieces]
    if sys.stdout.isatty():
        Console(highlight=False).print(*texts, sep="\n")
        return
    # In a file or pipe a row of a table is one line, however long, and has no blanks at its end.
    console = Console(width=10_000, highlight=False)
    with console.capture() as captured:
        console.print(*texts, sep="\n")
    _write("\n".join(line.rstrip() for line in captured.get().splitlines()))


def _heading(text: str) -> RenderableType:
    from rich.text import Text

    return Text(f"\n{text}", style="bold")


def _table(*columns: str, numbers: Iterable[str] = ()) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold", justify="right" if column in numbers else "left")
    return table


def _add_row(table: Table, *cells: str) -> None:
    from rich.text import Text

    table.add_row(*map(Text, cells))


def _fact_table(extraction: Extraction, terms: Ontology) -> Table:
    from graphwright.inspection import fact_cells

    table = _table("subject", "property", "object", "said as", "confidence", "sentence")
    table.title, table.title_justify = f"{extraction.document.id} {extraction.document.title}".strip(), "left"
    names = {chain.id: chain.name for chain in extraction.chains}
    for fact in extraction.facts:
        sentence = " ".join(extraction.document.text[slice(*fact.evidence)].split())
        _add_row(table, *fact_cells(fact, names, terms.local), sentence)
    return table


def _inspection_tables(inspection: Inspection, terms: Ontology) -> Iterator[RenderableType]:
    """Yield the tables of the steps of a reading."""
    from graphwright.inspection import said

    mentions = _table("mention", "class", "kind", "speaks of")
    for mention in inspection.mentions:
        _add_row(mentions, mention.text, mention.cls, mention.kind, ", ".join(mention.things))
    propositions = _table("predicate", "arguments", "said as")
    for one in inspection.propositions:
        arguments = "; ".join(f"{role}: {text}" for role, text in one.arguments)
        _add_row(propositions, one.predicate, arguments, said(one.modality, one.speaker or None))
    things = _table("thing", "class", "mentions")
    document = inspection.extraction.document
    for chain in inspection.extraction.chains:
        texts = dict.fromkeys(" ".join(document.text[slice(*span)].split()) for span in chain.mentions)
        _add_row(things, chain.name, terms.local(chain.cls), ", ".join(texts))
    yield _heading("Mentions")
    yield mentions
    yield _heading("Things")
    yield things
    yield _heading("Propositions")
    yield propositions
    yield _heading("Facts")
    yield _fact_table(inspection.extraction, terms)


def _coverage_tables(found: Coverage, terms: Ontology) -> Iterator[RenderableType]:
    """Yield the phrases that found something, those that did not, and the heading of what is not covered."""
    used = _table("property", "phrase or pattern", "facts", "matches", numbers=("facts", "matches"))
    unused = _table("property", "phrase or pattern", "place")
    for one in found.phrases:
        name = terms.local(one.property)
        if one.matches:
            facts = "–" if terms.properties[one.property].auxiliary else str(one.facts)
            _add_row(used, name, one.example.text, facts, str(one.matches))
        else:
            _add_row(unused, name, one.example.text, f"{Path(one.example.file).name} line {one.example.line}")
    yield _heading("Phrases that matched")
    yield used
    yield _heading("Phrases that never matched")
    yield unused
    yield _heading("What no phrase covers")
    share = 100 * found.covered / found.propositions if found.propositions else 100
    yield (
        f"{used.row_count} of {_number(len(found.phrases), 'phrase')} matched; a property has {found.per_property:.1f} "
        f"on average. They cover {share:.0f} % of {_number(found.propositions, 'proposition')} about two things."
    )


def _answer_table(result: QueryResult, prefixes: Mapping[str, str]) -> Table:
    table = _table(*result.variables)
    for row in result:
        _add_row(table, *(_term(row.term(variable), prefixes) for variable in result.variables))
    return table


def _term(term: object, prefixes: Mapping[str, str]) -> str:
    """Return an RDF term for people: an IRI with a prefix where one fits, a literal without its datatype."""
    value = str(getattr(term, "value", "" if term is None else term))
    if type(term).__name__ != "NamedNode":
        return value
    fitting = [(name, space) for name, space in prefixes.items() if value.startswith(space) and value != space]
    name, space = max(fitting, key=lambda one: len(one[1]), default=("", ""))
    return f"{name}:{value.removeprefix(space)}" if space else value


def _evidence_table(found: Iterable[Evidence]) -> Table:
    from graphwright.inspection import said

    table = _table("subject", "property", "object", "said as")
    rows = dict.fromkeys(
        (one.subject_label, one.property_label, one.object_label, said(one.modality, one.attributed_to))
        for one in found
    )
    for row in rows:
        _add_row(table, *row)
    return table


def _evidence_text(evidence: Evidence, depth: int = 0) -> RenderableType:
    """Return a fact with its sentence, its place, and what found it; premises follow, further in."""
    from rich.console import Group
    from rich.padding import Padding
    from rich.text import Text

    from graphwright.inspection import said

    quote = Text(evidence.quote.replace("\n", " "))
    for span in (evidence.subject_span, evidence.object_span):
        if span is not None:
            quote.stylize("bold", *span)
    document = evidence.document
    place = ", ".join(filter(None, (document.id, document.title, document.date, document.source)))
    how = f'rule "{evidence.rule}"' if evidence.rule else evidence.extractor
    if evidence.pattern:
        how += f' "{evidence.pattern}"'
    told = said(evidence.modality, evidence.attributed_to)
    fact = Text(f"{evidence.subject_label} | {evidence.property_label} | {evidence.object_label}", style="bold")
    details = Group(
        Text("“").append_text(quote).append("”"),
        Text(f"{place}, characters {evidence.start} to {evidence.end}", style="dim"),
        Text(f"{told}; found by {how}; confidence {evidence.confidence:.2f}", style="dim"),
        *([Text("because", style="dim")] if evidence.premises else []),
        *(_evidence_text(premise, depth + 1) for premise in evidence.premises),
    )
    return Group(fact, Padding(details, (0, 0, 0, 2), expand=False))


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
            f"{_number(verdict.others, 'other sentence')} {'speaks' if verdict.others == 1 else 'speak'} of both"
        )
    head = Text(f"{verdict.document}: {verdict.subject} | {verdict.property} | {verdict.object}", style="bold")
    return Group(head, *(Padding(Text(line), (0, 0, 0, 2), expand=False) for line in lines))


def _report_table(report: Report) -> Table:
    numbers = ("gold", "predicted", "right", "precision", "recall", "F1")
    table = _table("", *numbers, numbers=numbers)

    def add(name: str, counts: Counts) -> None:
        figures = (counts.precision, counts.recall, counts.f1)
        whole = (counts.gold, counts.predicted, counts.right)
        _add_row(table, name, *map(str, whole), *(f"{figure:.3f}" for figure in figures))

    add("entities", report.entities)
    _add_row(table, "  class accuracy", "", "", "", f"{report.class_accuracy:.3f}", "", "")
    for name, chains in (("coreference", report.coreference), ("  every mention", report.coreference_strict)):
        _add_row(table, name, "", "", "", *(f"{one:.3f}" for one in (chains.precision, chains.recall, chains.f1)))
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


# -- small things ------------------------------------------------------------------------------------------------------


def _settings(
    ontology: list[str] | None,
    model: str | None,
    date: str | None,
    min_confidence: float,
    base: str,
    max_characters: int,
    language_check: str,
) -> Settings:
    _check_choice("--language-check", language_check, get_args(LanguageCheck))
    return Settings(
        model=model,
        ontology=tuple(ontology or ()),
        date=date,
        base=base,
        min_confidence=min_confidence,
        max_characters=max_characters,
        language_check=cast(LanguageCheck, language_check),
    )


def _check_choice(option: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise typer.BadParameter(f"{value!r} is not one of: {', '.join(allowed)}", param_hint=option)


def _write(text: str | bytes) -> None:
    """Write a result to standard output, in UTF-8 and with a line end."""
    data = text.encode("utf-8", "replace") if isinstance(text, str) else text
    rest = memoryview(data if data.endswith(b"\n") or not data else data + b"\n")
    sys.stdout.flush()
    while rest:  # under PYTHONUNBUFFERED a pipe takes only as much as it has room for
        rest = rest[sys.stdout.buffer.write(rest) or 0 :]
    sys.stdout.buffer.flush()


def _tell(text: str) -> None:
    print(text, file=sys.stderr)


_DEMO_TEXT = """\
On Tuesday, General Ana Kos, Chief of the General Staff of the Latvian Armed Forces, received Lieutenant General Jon \
Berg in Riga. The two generals discussed border security. Berg leads the Norwegian delegation. The talks were held in \
Riga Castle. Kos will visit Oslo in September. The visit was not announced by the Norwegian government.
"""
_DEMO_QUERY = """\
SELECT ?host ?guest WHERE {
  ?a gw:received ?b .
  ?a rdfs:label ?host .
  ?b rdfs:label ?guest .
}"""


if __name__ == "__main__":
    main()
