"""Why two names are of one thing, or of two: from the graph, and where they are two, from its ledger."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from graphwright.building import remembered
from graphwright.entities.clustering import why_apart
from graphwright.entities.decisions import read_decisions
from graphwright.entities.identity import identity_of
from graphwright.entities.standard import standard_resolver
from graphwright.errors import StoreError
from graphwright.graph import KnowledgeGraph
from graphwright.graph.files import is_address
from graphwright.graph.folder import LEDGER
from graphwright.graph.sameness import Sameness, sameness
from graphwright.ledger import Ledger
from graphwright.settings import DEFAULT_BASE


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said of two names: see `graphwright.graph.sameness.Sameness`; ``apart`` says why they are two things, ""
    where they are one or it is not known."""

    found: Sameness
    apart: str = ""


def why_same(store: str | Path, one: str, other: str) -> Answer:
    """Say why two names in a graph are of one thing, or of two.

    ``store`` is whatever `KnowledgeGraph.open` opens. Why they are two can be told only of a graph that a build keeps
    in a folder. Names are as in `graphwright.graph.sameness.sameness`, with its errors.
    """
    graph = KnowledgeGraph.open(store)
    found = sameness(graph, one, other)
    if found.same or is_address(str(store)) or not (Path(store) / LEDGER).is_file():
        return Answer(found)
    try:
        ledger = Ledger(Path(store) / LEDGER)
    except StoreError:  # a build has it
        return Answer(found)
    try:
        return Answer(found, _apart(ledger, found))
    finally:
        ledger.close()


def _apart(ledger: Ledger, found: Sameness) -> str:
    from graphwright.ontology import load
    from graphwright.ontology.gazetteer import load_gazetteer

    settings = remembered(ledger)
    ontology = load(settings.ontology)
    resolver = standard_resolver(ontology, load_gazetteer(), settings.base or DEFAULT_BASE, settings.decisions)
    index = ledger.index(resolver.matching, resolver.naming)
    ones, others = index.profiles(found.one), index.profiles(found.other)
    if not ones or not others:
        return ""
    identity = identity_of(ontology, read_decisions(settings.decisions) if settings.decisions else ())
    return why_apart(ones[0], others[0], index.matches(ones[0], others[0]), identity)
