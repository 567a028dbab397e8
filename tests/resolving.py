"""Resolution as the default ontology and gazetteer have it, for tests that make their own extractions."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from graphwright.entities import Resolution, Resolver, resolve
from graphwright.entities.standard import standard_resolver
from graphwright.model import Extraction
from graphwright.ontology import load
from graphwright.ontology.gazetteer import load_gazetteer


def resolved(extractions: Sequence[Extraction], base: str) -> Resolution:
    """The entities of all chains of some documents."""
    return resolve(extractions, resolver(base))


@cache
def resolver(base: str) -> Resolver:
    """The resolver that the pipeline uses if nothing else is said."""
    return standard_resolver(load(), load_gazetteer(), base)
