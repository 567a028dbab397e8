"""Every option of a build in one value, with its default and meaning."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

LanguageCheck = Literal["warn", "skip", "off"]
DEFAULT_BASE = "https://w3id.org/graphwright/id/"

TIME_LIMIT = 600.0
"""Seconds that a document may take: several times what the longest needs that is read at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a build was asked to do. Making it starts nothing.

    ``model`` is the name or path of a spaCy pipeline, None for the embedded English one. ``ontology`` are the files or
    folders that replace the default ontology (or extend it, where one of them imports it). ``date`` is given to
    documents without a date of their own (ISO 8601). ``base`` is the IRI that entities, documents and statements start
    with. ``extractors`` are the names of the extractors to run, empty for all that are installed.
    ``min_confidence`` in [0, 1] drops facts below it. ``batch_size`` is the number of documents read at a time.
    ``max_characters`` is the most that the text of a document may have; a longer one fails, and the others go on.
    ``language_check`` is what happens to a text in another language than the model reads: "warn" reads it and gives a
    LanguageWarning, "skip" leaves it out, "off" does not look. ``gazetteers`` are tables (CSV, TSV), RDF files or
    stores of things that are known by name. ``decisions`` is a file that says which names are of one thing, and which
    are not. ``validate`` keeps facts that violate a shape of the ontology out of what is asserted; ``infer`` adds what
    follows from the facts by the ontology's axioms, in a graph of its own.
    """

    model: str | None = None
    ontology: tuple[str, ...] = ()
    date: str | None = None
    base: str = DEFAULT_BASE
    extractors: tuple[str, ...] = ()
    min_confidence: float = 0.0
    batch_size: int = 8
    max_characters: int = 1_000_000
    language_check: LanguageCheck = "warn"
    gazetteers: tuple[str, ...] = ()
    decisions: str | None = None
    validate: bool = False
    infer: bool = False
