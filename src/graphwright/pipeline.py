"""Joins the steps from documents to what they say."""

from __future__ import annotations

import gc
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property, lru_cache
from importlib.metadata import entry_points
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
import rdflib

from graphwright.configuration import EXTRACTORS
from graphwright.documents import Failure
from graphwright.documents.dates import normalise
from graphwright.entities import link
from graphwright.errors import DocumentError, ExtractorError, LanguageError, LanguageWarning
from graphwright.language.identification import language_name, other_language
from graphwright.model import Document, Extraction
from graphwright.settings import Settings

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

    from graphwright.entities import Resolver
    from graphwright.facts import CompiledRule, Extractor, OntologyExtractor, Reading
    from graphwright.facts.coverage import Coverage, Observation
    from graphwright.facts.verdict import Verdict
    from graphwright.inspection import Inspection
    from graphwright.mentions import Lexicon
    from graphwright.ontology import Ontology
    from graphwright.ontology.gazetteer import Gazetteer

COLLECTED = 20_000
"""After how many new objects Python's collector looks for cycles, at the least; 700 is usual."""

DEFAULT = Settings()
INVISIBLE = dict.fromkeys([0x00A0, 0x00AD, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x202F, 0x2060, 0xFEFF], " ")
"""Marks of direction and width, soft hyphens and hard spaces."""


class Reader:
    """All that reading documents needs, for some settings; each part is loaded and compiled once, when it is needed.

    Who only writes what others read needs the ontology and the gazetteer, and not the language model.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.date = checked_date(settings.date)
        self._loaded = False

    @cached_property
    def ontology(self) -> Ontology:
        """What is extracted."""
        from graphwright.ontology import load

        return load(self.settings.ontology)

    @cached_property
    def gazetteer(self) -> Gazetteer:
        """The things that are known by name."""
        from graphwright.ontology.gazetteer import load_gazetteer, with_listed
        from graphwright.ontology.listed import read_listed

        return with_listed(load_gazetteer(), read_listed(self.settings.gazetteers, self.ontology))

    @cached_property
    def nlp(self) -> Language:
        """The language model."""
        from graphwright.language import load

        nlp = load(self.settings.model)
        nlp.max_length = max(nlp.max_length, self.settings.max_characters)
        return nlp

    @cached_property
    def lexicon(self) -> Lexicon:
        """The words of ontology and gazetteer, as the language model reads them."""
        from graphwright.mentions import Lexicon

        return Lexicon(self.ontology, self.gazetteer, self.nlp)

    @cached_property
    def extractors(self) -> Sequence[Extractor]:
        """What finds facts."""
        return load_extractors(self.settings.extractors, self.ontology, self.nlp)

    @cached_property
    def rules(self) -> Sequence[CompiledRule]:
        """What concludes facts from facts."""
        from graphwright.facts import compile_rules

        return compile_rules(self.ontology)

    def load(self) -> None:
        """Load all parts now. Raises what the settings cannot be met with: see `extract`."""
        if not self._loaded:
            _ = self.ontology, self.gazetteer, self.nlp, self.lexicon, self.extractors, self.rules
            # They live as long as the process does: the collector would walk through all of them again and again.
            gc.collect()
            gc.freeze()
            # What is made of a document lives until it is read: to look for what is done with meanwhile finds little.
            first, *others = gc.get_threshold()
            if first:
                gc.set_threshold(max(first, COLLECTED), *others)
            self._loaded = True

    @cached_property
    def resolver(self) -> Resolver:
        """What finds the things that documents speak of."""
        from graphwright.entities.standard import standard_resolver

        return standard_resolver(self.ontology, self.gazetteer, self.settings.base, self.settings.decisions)

    @cached_property
    def triples(self) -> tuple[ox.Triple, ...]:
        """The triples of the ontology."""
        return tuple(oxigraph_triples(self.ontology))

    def ontological(self) -> OntologyExtractor:
        """The extractor of the ontology's phrases: the installed one, or where it was not asked for, one made now."""
        from graphwright.facts import OntologyExtractor

        ours = (one for one in self.extractors if isinstance(one, OntologyExtractor))
        return next(ours, None) or OntologyExtractor(self.ontology, self.nlp)

    def read(
        self, documents: Iterable[Document], on_failure: Callable[[Failure], None] | None = None
    ) -> Iterator[Extraction]:
        """Extractions of documents, in their order, in batches of bounded memory.

        ``on_failure`` is told of a document that is too long, breaks an extractor, or is left out for its language, and
        the rest go on. Without it the error is raised, but for a language, which is a LanguageWarning then.
        """
        yield from (found for _, found in self.readings(documents, on_failure))

    def readings(
        self, documents: Iterable[Document], on_failure: Callable[[Failure], None] | None = None
    ) -> Iterator[tuple[Reading, Extraction]]:
        """Extractions with the readings that they come from. See `read`."""
        stream = iter(documents)
        while batch := list(islice(stream, self.settings.batch_size)):
            yield from self.read_batch(batch, on_failure)

    def read_batch(
        self, batch: list[Document], on_failure: Callable[[Failure], None] | None
    ) -> Iterator[tuple[Reading, Extraction]]:
        """Readings and extractions of some documents. See `read`."""
        from graphwright.facts import extract_facts, read_document

        self.load()
        dated = [replace(d, date=self.date) if d.date is None else d for d in batch]
        judged = [(document, self.refusal(document)) for document in dated]
        docs = self.nlp.pipe(plain(document.text) for document, refusal in judged if refusal is None)
        for document, refusal in judged:
            try:
                if refusal is not None:
                    raise refusal
                reading = read_document(document, self.parsed(document, docs), self.ontology, self.lexicon)
                found = extract_facts(reading, self.extractors, self.rules, self.ontology, self.settings.min_confidence)
                found = link(found, self.gazetteer, self.ontology)
            except Exception as error:
                if on_failure is None:
                    if isinstance(error, LanguageError):
                        warnings.warn(LanguageWarning(*error.args), stacklevel=2)
                        continue
                    raise
                on_failure(as_failure(error, document))
            else:
                yield reading, found

    def refusal(self, document: Document) -> DocumentError | None:
        """Why a document is not read, None if it is. Warns of a language that is to be warned of."""
        most = self.settings.max_characters
        if len(document.text) > most:
            return DocumentError(
                f"the text has more than {most:,} characters",
                document.id,
                f"split it into parts, or allow for its {len(document.text):,} characters with --max-characters",
            )
        check = self.settings.language_check
        language = self.nlp.lang or "xx"
        found = other_language(document.text, language, self.nlp.Defaults.stop_words) if check != "off" else None
        if found is None:
            return None
        what = f"the text seems to be {found}, and the model reads {language_name(language)}"
        if check == "skip":
            return LanguageError(
                what, document.id, "give a model of its language with --model, or read it with --language-check warn"
            )
        mend = "little of it will be understood; --language-check skip leaves such texts out, off says nothing"
        warnings.warn(LanguageWarning(what, document.id, mend), stacklevel=2)
        return None

    def parsed(self, document: Document, docs: Iterator[Doc]) -> Doc:
        """The next of the parsed documents; by itself where the pipeline broke, so that only the culprit is lost."""
        try:
            doc = next(docs, None)
        except Exception:
            doc = None
        return doc if doc is not None else self.nlp(plain(document.text))


def as_failure(error: Exception, document: Document) -> Failure:
    """Any error as the failure of a document."""
    return Failure(document.source or document.id, as_document_error(error, document), document.id)


def as_document_error(error: Exception, document: Document) -> DocumentError:
    """Any error as one that names the document."""
    if isinstance(error, DocumentError):
        return error
    return DocumentError(
        f"its facts cannot be read: {type(error).__name__}: {error}",
        document.id,
        "leave the document out, and report it with its text",
    )


def checked_date(text: str | None) -> str | None:
    """A date in ISO 8601. Raises DocumentError for what is none."""
    date = normalise(text) if text is not None else None
    if text is not None and date is None:
        raise DocumentError(f"{text!r} is not a date", "settings", 'write it as "2016-06-14", "2016-06" or "2016"')
    return date


def plain(text: str) -> str:
    """The text with a space for each invisible character, so that words are words and offsets stay as they are.

    >>> plain("Prime Minister\u200e X")
    'Prime Minister  X'
    """
    return text.translate(INVISIBLE)


def reader(settings: Settings) -> Reader:
    """The reader for some settings, kept for the next call while the files that they name stay as they are."""
    decisions = (settings.decisions,) if settings.decisions is not None else ()
    files = (*settings.ontology, *settings.gazetteers, *decisions)
    return _reader(settings, tuple(stamp(Path(file)) for file in files))


@lru_cache(maxsize=2)
def _reader(settings: Settings, stamps: tuple[object, ...]) -> Reader:
    return Reader(settings)


def stamp(path: Path) -> tuple[object, ...]:
    """What changes when a file, or a file of a folder, is changed."""
    files = sorted(path.iterdir()) if path.is_dir() else [path]
    return tuple((str(file), file.stat().st_mtime_ns, file.stat().st_size) for file in files if file.exists())


def load_extractors(names: Sequence[str], ontology: Ontology, nlp: Language) -> list[Extractor]:
    """The extractors with these names, or all installed ones. Raises ExtractorError for an unknown or broken one."""
    found = {point.name: point for point in sorted(entry_points(group=EXTRACTORS), key=lambda point: point.name)}
    unknown = [name for name in names if name not in found]
    if unknown:
        raise ExtractorError(f"no extractor named {unknown[0]!r}", "settings", f"use one of: {', '.join(found)}")
    loaded: list[Extractor] = []
    for name in names or found:
        try:
            make = found[name].load()
        except Exception as error:
            raise ExtractorError(
                f"the extractor {name!r} cannot be loaded: {error}", found[name].value, "mend or uninstall its package"
            ) from error
        loaded.append(make(ontology, nlp))
    return loaded


def extract(
    documents: Iterable[Document],
    settings: Settings = DEFAULT,
    *,
    on_failure: Callable[[Failure], None] | None = None,
) -> Iterator[Extraction]:
    """What each document says: its entities and facts, in the order of the documents.

    ``on_failure`` is told of a document whose facts cannot be read, and the rest go on; without it the error is raised.
    A text in another language gives a LanguageWarning, or is left out where the settings say so.
    Raises ModelError, OntologyError or ExtractorError where the settings cannot be met.
    """
    ready = reader(settings)
    ready.load()
    return ready.read(documents, on_failure)


def inspect(
    documents: Iterable[Document],
    settings: Settings = DEFAULT,
    *,
    on_failure: Callable[[Failure], None] | None = None,
) -> Iterator[Inspection]:
    """How each document was understood, step by step, in the order of the documents. Errors are as for `extract`."""
    from graphwright.inspection import inspect as steps

    ready = reader(settings)
    for reading, extraction in ready.readings(documents, on_failure):
        yield steps(reading, extraction, ready.ontology.local)


def coverage(
    documents: Iterable[Document],
    settings: Settings = DEFAULT,
    *,
    top: int = 20,
    on_failure: Callable[[Failure], None] | None = None,
) -> Coverage:
    """How well the phrases of the ontology cover documents, with ``top`` patterns for what they do not.

    Errors are as for `extract`.
    """
    from graphwright.facts.coverage import measure, observe

    ready = reader(settings)
    extractor = ready.ontological()

    def observations() -> Iterator[Observation]:
        for reading, extraction in ready.readings(documents, on_failure):
            try:
                observation = observe(reading, extraction, extractor)
            except Exception as error:
                if on_failure is None:
                    raise
                on_failure(as_failure(error, reading.document))
            else:
                yield observation

    return measure(observations(), ready.ontology, extractor.patterns, top)


def why_not(
    documents: Iterable[Document],
    subject: str,
    property: str,
    object: str,
    settings: Settings = DEFAULT,
    *,
    on_failure: Callable[[Failure], None] | None = None,
) -> tuple[Verdict, ...]:
    """Why a fact is not among those of some documents, or that it is: one verdict for each that speaks of both.

    ``subject`` and ``object`` are a name or any mention of the thing, accents and case aside, or a value
    ("2016-06-14"); ``property`` is a local name, a label or an IRI. Where no document speaks of both, there is one
    verdict, on the document that comes nearest. Raises QueryError for an unknown property; other errors are as for
    `extract`.
    """
    from graphwright.facts.judge import judge, property_named
    from graphwright.facts.verdict import telling

    ready = reader(settings)
    prop = property_named(property, ready.ontology)
    return telling(
        judge(
            reading,
            subject,
            prop,
            object,
            extractors=ready.extractors,
            rules=ready.rules,
            min_confidence=settings.min_confidence,
        )
        for reading, _ in ready.readings(documents, on_failure)
    )


def oxigraph_triples(ontology: Ontology) -> Iterator[ox.Triple]:
    """The ontology's triples as Oxigraph terms."""
    graph = rdflib.Graph(bind_namespaces="none")
    for triple in ontology.triples:
        graph.add(triple)
    for quad in ox.parse(graph.serialize(format="nt"), ox.RdfFormat.N_TRIPLES):
        yield quad.triple
