"""Reading a batch of documents, in whichever process it is done."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphwright.documents import Failure
from graphwright.errors import GraphwrightWarning
from graphwright.ledger.records import Record, record
from graphwright.model import Document

if TYPE_CHECKING:
    from graphwright.pipeline import Reader

CHARACTERS = 1_000_000
"""From how many characters on a batch of documents is full."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a document: what the ledger keeps of it, or why there is nothing; and what there was to warn of."""

    result: Record | Failure
    warnings: tuple[GraphwrightWarning, ...] = ()


def read_batch(reader: Reader, batch: Iterable[Document], tell: Callable[[Outcome], None]) -> None:
    """Read some documents, and tell of each in its turn. Raises what the settings cannot be met with."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", GraphwrightWarning)

        def told(result: Record | Failure) -> None:
            ours = tuple(one.message for one in caught if isinstance(one.message, GraphwrightWarning))
            caught.clear()
            tell(Outcome(result, ours))

        for _, extraction in reader.read_batch(list(batch), told):
            told(record(extraction, reader.resolver.profiles(extraction)))


def batched(documents: Iterable[Document], most: int) -> Iterator[list[Document]]:
    """Documents in batches of so many, and of so many characters that memory is bounded."""
    batch: list[Document] = []
    characters = 0
    for document in documents:
        batch.append(document)
        characters += len(document.text)
        if len(batch) == most or characters > CHARACTERS:
            yield batch
            batch, characters = [], 0
    if batch:
        yield batch
