"""What the tests of reading share: the embedded pipeline, the default ontology, and facts written to be read."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest
from hypothesis import settings

# Fixtures of servers and browsers; see there.
from serving import browser, news_server, news_store, page, writable_server  # noqa: F401
from spacy.language import Language

from graphwright.facts import Reading, compile_rules, extract_facts, read_document
from graphwright.facts.ontological import OntologyExtractor
from graphwright.language import load as load_language
from graphwright.mentions import Lexicon
from graphwright.model import Document, Extraction, Fact, Value
from graphwright.ontology import Ontology
from graphwright.ontology import load as load_ontology
from graphwright.ontology.gazetteer import load_gazetteer

settings.register_profile("tests", deadline=None)  # how long a case takes says more of the machine than of the code
settings.load_profile("tests")

Told = tuple[str, ...]
"""A fact for a reader: subject, property, object, and where it is not asserted, why: "negated", "says Ana Kos"."""

Read = Callable[..., Extraction]
FactsOf = Callable[..., set[Told]]


@pytest.fixture(scope="session")
def nlp() -> Language:
    return load_language()


@pytest.fixture(scope="session")
def ontology() -> Ontology:
    return load_ontology(())


@pytest.fixture(scope="session")
def lexicon(ontology: Ontology, nlp: Language) -> Lexicon:
    return Lexicon(ontology, load_gazetteer(), nlp)


@pytest.fixture(scope="session")
def reading_of(ontology: Ontology, lexicon: Lexicon, nlp: Language) -> Callable[..., Reading]:
    """A text as extractors see it. Each call gives a new one, for a reading gathers what it is asked about."""

    def reading(text: str, date: str | None = None, source: str = "") -> Reading:
        return read_document(Document("d", text, date=date, source=source), nlp(text), ontology, lexicon)

    return reading


@pytest.fixture(scope="session")
def read(ontology: Ontology, nlp: Language, reading_of: Callable[..., Reading]) -> Read:
    """All that the default ontology finds in a text. Each text is read once."""
    extractors, rules = [OntologyExtractor(ontology, nlp)], compile_rules(ontology)

    @cache
    def extraction(text: str, date: str | None = None, source: str = "") -> Extraction:
        return extract_facts(reading_of(text, date, source), extractors, rules, ontology)

    return extraction


@pytest.fixture(scope="session")
def facts_of(read: Read) -> FactsOf:
    """The facts of a text, written to be read: ("Ana Kos", "received", "Juri Tamm", "planned", "says Mia Rand")."""

    def facts(text: str, date: str | None = None, source: str = "") -> set[Told]:
        extraction = read(text, date, source)
        return {told(fact, extraction) for fact in extraction.facts}

    return facts


def told(fact: Fact, extraction: Extraction) -> Told:
    """One fact of an extraction for a reader."""
    names = {chain.id: chain.name for chain in extraction.chains}
    thing = fact.object.lexical if isinstance(fact.object, Value) else names[fact.object]
    why = [fact.modality] if fact.modality != "asserted" else []
    why += [f"says {names[fact.attributed_to]}"] if fact.attributed_to else []
    return (names[fact.subject], fact.property.rpartition("#")[2], thing, *why)
