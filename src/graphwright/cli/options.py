"""The options that commands share, and the settings that they make."""

from __future__ import annotations

import os
from typing import Annotated, cast, get_args

import typer

from graphwright.settings import LanguageCheck, Settings

DEFAULT = Settings()

Sources = Annotated[
    list[str],
    typer.Argument(
        metavar="SOURCE",
        help="Files (text, Markdown, HTML, JSON Lines, CSV, Parquet, EML, PDF, DOCX, WARC; also in gzip, bzip2, zstd, "
        "tar or ZIP), folders, or - for standard input.",
        show_default=False,
    ),
]
OntologyFiles = Annotated[
    list[str] | None,
    typer.Option("--ontology", metavar="FILE", help="Use this ontology file or folder (may be repeated)."),
]
GazetteerFiles = Annotated[
    list[str] | None,
    typer.Option(
        "--gazetteer",
        metavar="FILE",
        help="Know the things that this table (.csv, .tsv), SKOS file or graph lists (may be repeated).",
    ),
]
Decisions = Annotated[
    str | None,
    typer.Option(metavar="FILE", help="A CSV file that says which names are of the same thing, and which are not."),
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
Workers = Annotated[
    int | None,
    typer.Option(
        metavar="NUMBER",
        min=0,
        help="How many processes read documents; 0 reads them in this one.",
        show_default="one for each core",
    ),
]


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def to_settings(
    ontology: list[str] | None,
    model: str | None,
    date: str | None,
    min_confidence: float,
    base: str,
    max_characters: int,
    language_check: str,
    gazetteers: list[str] | None = None,
) -> Settings:
    """Return the settings that options make; an unknown check is a BadParameter."""
    check_choice("--language-check", language_check, get_args(LanguageCheck))
    return Settings(
        model=model,
        ontology=tuple(ontology or ()),
        date=date,
        base=base,
        min_confidence=min_confidence,
        max_characters=max_characters,
        language_check=cast(LanguageCheck, language_check),
        gazetteers=tuple(gazetteers or ()),
    )


def check_choice(option: str, value: str, allowed: tuple[str, ...]) -> None:
    """Raise BadParameter, which names the option and its choices, if a value is none of them."""
    if value not in allowed:
        raise typer.BadParameter(f"{value!r} is not one of: {', '.join(allowed)}", param_hint=option)
