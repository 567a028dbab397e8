"""The commands that make a graph and ask it: build, query, explain."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from graphwright.cli.engines import ENGINES, Engine, Master, build_by_spark
from graphwright.cli.options import (
    DEFAULT,
    Base,
    Check,
    Date,
    Decisions,
    GazetteerFiles,
    MaxCharacters,
    MinConfidence,
    Model,
    OntologyFiles,
    Sources,
    Workers,
    check_choice,
    cores,
    to_settings,
)
from graphwright.cli.printing import add_row, counted, new_table, show, tell, write
from graphwright.cli.running import Progress, stoppable
from graphwright.settings import DEFAULT_BASE, TIME_LIMIT

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

    from graphwright.graph import Evidence, KnowledgeGraph, QueryResult

Store = Annotated[
    str,
    typer.Argument(
        metavar="STORE",
        help="The folder that a build wrote, an RDF file, or the address of a SPARQL server: "
        "https://host/dataset, where need be with its endpoints, https://host/#query=/q&update=/u&store=/s. "
        "User and password: in GRAPHWRIGHT_USER and GRAPHWRIGHT_PASSWORD, or a GRAPHWRIGHT_TOKEN.",
        show_default=False,
    ),
]

LedgerFolder = Annotated[
    str | None,
    typer.Option("--ledger", metavar="FOLDER", help="Where to keep what a build knows of a graph on a server."),
]


Timeout = Annotated[
    float | None,
    typer.Option("--timeout", metavar="SECONDS", min=0.001, help="Give up after so many seconds.", show_default=False),
]
Services = Annotated[
    list[str] | None,
    typer.Option("--service", metavar="ADDRESS", help="A server that the query may call (may be repeated)."),
]


def build_command(
    sources: Sources,
    to: Annotated[
        str,
        typer.Option(
            "--to",
            metavar="STORE",
            help="Folder to keep the graph in, the address of a SPARQL server, or an RDF file; with Spark a folder "
            "that all machines can write to.",
            show_default=False,
        ),
    ],
    prune: Annotated[
        bool, typer.Option("--prune", help="Remove the documents that are no longer among the sources.")
    ] = False,
    ledger: LedgerFolder = None,
    ontology: OntologyFiles = None,
    gazetteer: GazetteerFiles = None,
    decisions: Decisions = None,
    model: Model = None,
    date: Date = None,
    min_confidence: MinConfidence = 0.0,
    base: Base = DEFAULT_BASE,
    max_characters: MaxCharacters = DEFAULT.max_characters,
    language_check: Check = DEFAULT.language_check,
    validate: Annotated[
        bool, typer.Option("--validate", help="Keep facts that violate the ontology's shapes out of what is asserted.")
    ] = False,
    infer: Annotated[
        bool, typer.Option("--infer", help="Add what follows by the ontology's axioms, in a graph of its own.")
    ] = False,
    workers: Workers = None,
    time_limit: Annotated[
        float,
        typer.Option(metavar="SECONDS", min=0.1, help="Give up a document that takes longer; needs at least 1 worker."),
    ] = TIME_LIMIT,
    engine: Engine = "here",
    master: Master = None,
) -> int:
    """Build a knowledge graph from documents, or bring one up to date.

    Reads plain text, Markdown, HTML, JSON Lines, CSV, Parquet, mails, PDF, DOCX and WARC, also compressed and in
    archives. In a folder or on a server the graph lives with its documents: only what is new or changed is read, and a
    build that was broken off goes on where it was.

    \b
    Examples:
      graphwright build news/ --to news.store
      graphwright build news/ --to news.store --prune
      graphwright build *.html notes.md --to news.ttl --date 2016-06
      curl -s https://example.org/a.html | graphwright build - --to a.trig
      graphwright build news/ --to news.store --ontology mine.ttl --decisions who.csv
      graphwright build dump.jsonl --to news.store --workers 2 --time-limit 60
      graphwright build news.parquet --to news/ --engine spark --master "local[4]"
    """
    check_choice("--engine", engine, ENGINES)
    settings = replace(
        to_settings(ontology, model, date, min_confidence, base, max_characters, language_check, gazetteer),
        decisions=decisions,
        validate=validate,
        infer=infer,
    )
    if engine == "spark":
        if workers is not None or ledger is not None:
            raise typer.BadParameter("is not for --engine spark", param_hint="--workers, --ledger")
        return build_by_spark(sources, settings, to, prune=prune, master=master, time_limit=time_limit)
    if master is not None:
        raise typer.BadParameter("is for --engine spark alone", param_hint="--master")
    from graphwright.building import update

    with Progress() as progress:
        progress.expect(sources)
        _, report = update(
            sources,
            settings,
            store=to,
            ledger=ledger,
            prune=prune,
            workers=cores() if workers is None else workers,
            time_limit=time_limit,
            on_document=progress.count,
            on_step=progress.step,
            meter=progress.meter,
        )
    progress.summarise(report.entities, report.facts, report)
    return progress.exit_code


def remove_command(
    store: Store,
    documents: Annotated[list[str], typer.Argument(metavar="DOCUMENT", help="Ids of documents.", show_default=False)],
    ledger: LedgerFolder = None,
) -> int:
    """Remove documents from a graph that a build keeps. The exit code is 1 where one of them is not in it.

    \b
    Examples:
      graphwright remove news.store report-2016-06-14
    """
    from graphwright.building import remove

    number = remove(documents, store=store, ledger=ledger)
    tell(f"{counted(number, 'document')} removed")
    return int(number < len(set(documents)))


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
    timeout: Timeout = None,
    services: Services = None,
) -> int:
    """Ask a graph in SPARQL. The exit code is 1 where the answer to ASK is no.

    The prefixes of the ontology need no declaration. A query calls no other server (SERVICE) but those that are named.

    \b
    Examples:
      graphwright query news.store "SELECT ?x ?y WHERE { ?x gw:visited ?y }"
      graphwright query news.store - --format csv < question.rq > answer.csv
      graphwright query news.ttl "ASK { ?x gw:metWith ?y }" && echo met
      graphwright query http://localhost:7878 "SELECT ?x WHERE { ?x a gw:Person }"
    """
    # Line by line, since Python does not look for an interrupt before a read of everything is done.
    text = b"".join(sys.stdin.buffer).decode("utf-8", "replace") if query == "-" else query
    found, code = stoppable(lambda: _answer(store, text, format, tuple(services or ())), timeout)
    if isinstance(found, bytes | str):
        write(found)
    else:
        show(found)
    return code


def _answer(
    store: str, query: str, format: str | None, services: tuple[str, ...]
) -> tuple[bytes | str | RenderableType, int]:
    """Return the whole answer to a query as it is written, and the exit code."""
    from graphwright.graph import KnowledgeGraph

    graph = KnowledgeGraph.open(store)
    check_services(graph, query, services)
    result = graph.query(query)
    if format is None and result.form == "CONSTRUCT":
        format = "turtle"
    code = int(result.form == "ASK" and not result)
    if format not in (None, "table"):
        return result.serialize(str(format)), code
    if result.form == "ASK":
        return "no\n" if code else "yes\n", code
    return answer_table(result, graph.prefixes), code


def check_services(graph: KnowledgeGraph, query: str, services: tuple[str, ...]) -> None:
    """Raise QueryError where a query makes this machine call a server that is not among ``services``.

    What a server that holds the graph does is its own affair.
    """
    from pyoxigraph import Store

    from graphwright.errors import QueryError
    from graphwright.server.federation import check_calls
    from graphwright.server.refusal import Refusal

    if not isinstance(graph.store, Store):
        return
    try:
        check_calls(query, update=False, services=services, prefixes=graph.prefixes)
    except Refusal:
        raise QueryError(
            "the query calls another server (SERVICE), which is asked only where you name it",
            "the query",
            "write its address in full, and give it with --service ADDRESS as well",
        ) from None


def explain_command(
    store: Store,
    subject: Annotated[str, typer.Argument(help="An IRI, the end of one, or a name.", show_default=False)],
    property: Annotated[str, typer.Argument(help="An IRI or a name such as metWith.", show_default=False)],
    object: Annotated[str, typer.Argument(help="Like SUBJECT, or a value.", show_default=False)],
) -> int:
    """Show the sentences that a fact comes from. The exit code is 1 where no document states it and it does not follow.

    \b
    Examples:
      graphwright explain news.store "Tibor Benkő" received "Ljubisa Diković"
      graphwright explain news.store person/tibor-benko hasRank General
      graphwright explain news.store "Ljubisa Diković" metWith "Tibor Benkő"
    """
    from graphwright.graph import KnowledgeGraph, explain

    found = explain(KnowledgeGraph.open(store), subject, property, object)
    for evidence in found:
        show(evidence_text(evidence))
    if not found:
        tell(f"no document states: {subject} | {property} | {object}")
    return int(not found)


def answer_table(result: QueryResult, prefixes: Mapping[str, str]) -> Table:
    """Return the answer to a SELECT, or triples, with their IRIs shortened by prefixes."""
    table = new_table(*result.variables)
    for row in result:
        add_row(table, *(_term(row.term(variable), prefixes) for variable in result.variables))
    return table


def _term(term: object, prefixes: Mapping[str, str]) -> str:
    """Return an RDF term for people: an IRI with a prefix where one fits, a literal without its datatype."""
    value = str(getattr(term, "value", "" if term is None else term))
    if type(term).__name__ != "NamedNode":
        return value
    fitting = [(name, space) for name, space in prefixes.items() if value.startswith(space) and value != space]
    name, space = max(fitting, key=lambda one: len(one[1]), default=("", ""))
    return f"{name}:{value.removeprefix(space)}" if space else value


def evidence_table(found: Iterable[Evidence]) -> Table:
    """Return facts and how they are said, each once."""
    from graphwright.inspection import said

    table = new_table("subject", "property", "object", "said as")
    rows = dict.fromkeys(
        (one.subject_label, one.property_label, one.object_label, said(one.modality, one.attributed_to))
        for one in found
    )
    for row in rows:
        add_row(table, *row)
    return table


def evidence_text(evidence: Evidence, depth: int = 0) -> RenderableType:
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
    kind = "inference" if evidence.extractor == "inference" else "rule"
    how = f'{kind} "{evidence.rule}"' if evidence.rule else evidence.extractor
    if evidence.pattern:
        how += f' "{evidence.pattern}"'
    told = said(evidence.modality, evidence.attributed_to)
    fact = Text(f"{evidence.subject_label} | {evidence.property_label} | {evidence.object_label}", style="bold")
    details = Group(
        Text("“").append_text(quote).append("”"),
        Text(f"{place}, characters {evidence.start} to {evidence.end}", style="dim"),
        Text(f"{told}; found by {how}; confidence {evidence.confidence:.2f}", style="dim"),
        *([Text("because", style="dim")] if evidence.premises else []),
        *(evidence_text(premise, depth + 1) for premise in evidence.premises),
    )
    return Group(fact, Padding(details, (0, 0, 0, 2), expand=False))
