"""Resolution: which chains of which documents are the same thing, and what that thing is called.

The index does it step by step, for as many documents as there are; here it is done for some at once, in memory.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from graphwright.entities.index import TABLES, EntityIndex, Matching
from graphwright.entities.profiles import Profile
from graphwright.entities.things import Naming
from graphwright.errors import DocumentError
from graphwright.model import Entity, Extraction

Resolution = Mapping[tuple[str, str], Entity]
"""From (document id, chain id) to the entity that the chain is about."""


@dataclass(frozen=True, slots=True)
class Resolver:
    """All that finding the things of documents needs: what documents tell of each, how names are compared, and how
    things are named."""

    profiles: Callable[[Extraction], Iterable[Profile]]
    matching: Matching
    naming: Naming


def resolve(extractions: Sequence[Extraction], resolver: Resolver) -> Resolution:
    """Decide which chains are one entity, and name the entities. The order of the documents does not matter.

    IRIs read ``{base}government-body/ministry-of-defence``, for descriptions ``{base}meeting/{document}-the-meeting``;
    a qualifier is added only where two would be equal. Raises DocumentError when two documents have one id.
    """
    _refuse_equal_ids(extractions)
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.executescript(TABLES)
    index = EntityIndex(connection, resolver.matching, resolver.naming)
    for extraction in extractions:
        index.add(resolver.profiles(extraction))
    index.settle()
    entities: dict[str, Entity] = {}
    found: dict[tuple[str, str], Entity] = {}
    for extraction in extractions:
        for chain, iri in index.iris(extraction.document.id).items():
            if iri not in entities:
                entity = index.entity(iri)
                assert entity is not None
                entities[iri] = entity
            found[extraction.document.id, chain] = entities[iri]
    connection.close()
    return found


def _refuse_equal_ids(extractions: Iterable[Extraction]) -> None:
    counts = Counter(extraction.document.id for extraction in extractions)
    for identifier, count in sorted(counts.items()):
        if count > 1:
            raise DocumentError(
                f"{count} documents have the id {identifier!r}", "the documents to resolve", "give each its own id"
            )
