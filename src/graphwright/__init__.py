"""Graphwright turns documents into an RDF knowledge graph in which every fact leads back to its sentence.

>>> import graphwright
>>> graph = graphwright.build([graphwright.from_text("Colonel Ana Kos leads the delegation of Latvia.")])
>>> [(row["who"], row["of"]) for row in graph.query('''
...     SELECT ?who ?of { ?p gw:leads ?d ; rdfs:label ?who . ?d gw:delegationOf/rdfs:label ?of }''')]
[('Ana Kos', 'Latvia')]
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from graphwright.building import build, remove
    from graphwright.documents import Failure, from_text, read
    from graphwright.errors import GraphwrightError, GraphwrightWarning
    from graphwright.facts.verdict import Verdict
    from graphwright.graph import Evidence, KnowledgeGraph, Selection, explain
    from graphwright.graph.loading import Loaded, load
    from graphwright.graph.validation import Violation, validate
    from graphwright.model import Chain, Document, Entity, Extraction, Fact, Value
    from graphwright.pipeline import extract, why_not
    from graphwright.settings import Settings

__version__ = "0.1.0"

_HOMES = {
    "build": "building",
    "remove": "building",
    "extract": "pipeline",
    "why_not": "pipeline",
    "Failure": "documents",
    "from_text": "documents",
    "read": "documents",
    "GraphwrightError": "errors",
    "GraphwrightWarning": "errors",
    "Evidence": "graph",
    "KnowledgeGraph": "graph",
    "Selection": "graph",
    "explain": "graph",
    "Loaded": "graph.loading",
    "load": "graph.loading",
    "Violation": "graph.validation",
    "validate": "graph.validation",
    "Chain": "model",
    "Document": "model",
    "Entity": "model",
    "Extraction": "model",
    "Fact": "model",
    "Value": "model",
    "Settings": "settings",
    "Verdict": "facts.verdict",
}

__all__ = [
    "Chain",
    "Document",
    "Entity",
    "Evidence",
    "Extraction",
    "Fact",
    "Failure",
    "GraphwrightError",
    "GraphwrightWarning",
    "KnowledgeGraph",
    "Loaded",
    "Selection",
    "Settings",
    "Value",
    "Verdict",
    "Violation",
    "build",
    "explain",
    "extract",
    "from_text",
    "load",
    "read",
    "remove",
    "validate",
    "why_not",
]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used, so that ``import graphwright`` is quick and starts nothing.

    Two functions share their name with a module: the function is meant.
    """
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*__all__, "__version__"})
