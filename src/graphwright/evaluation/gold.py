"""Gold files: documents with the entities and facts that a careful reader finds in them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graphwright.errors import GoldError
from graphwright.model import Document, Span

_MEND = "compare the line with a record written by `graphwright extract --format jsonl`"


@dataclass(frozen=True, slots=True)
class GoldEntity:
    """A thing in one document. ``cls`` is the local name of its class; ``mentions`` are its spans in the text."""

    id: str
    cls: str
    name: str
    mentions: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class GoldFact:
    """A fact of one document. ``property`` is a local name; ``object`` is the id of an entity, or a literal.

    ``datatype`` is the short name of a literal's datatype ("xsd:date"), None for an entity. ``modality`` is "asserted"
    or what the fact is instead; ``attributed_to`` is the id of the entity that alone asserts it. ``confidence`` is that
    of a predicted fact, in [0, 1].
    """

    subject: str
    property: str
    object: str
    evidence: Span
    datatype: str | None = None
    modality: str = "asserted"
    attributed_to: str | None = None
    confidence: float = 1.0

    def flags(self) -> tuple[str, bool]:
        """Return the modality, and whether the fact is attributed to a speaker."""
        return (self.modality, self.attributed_to is not None)

    def asserted(self) -> bool:
        """Return whether the text itself states the fact."""
        return self.flags() == ("asserted", False)


@dataclass(frozen=True, slots=True)
class GoldDocument:
    """A document with its entities and facts, as annotated or as predicted."""

    document: Document
    entities: tuple[GoldEntity, ...]
    facts: tuple[GoldFact, ...]


def load_gold(path: str | Path) -> list[GoldDocument]:
    """Read a gold file (UTF-8 JSON Lines). Raises GoldError with the file and line of the first broken record."""
    try:
        lines = Path(path).read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeError) as error:
        raise GoldError(
            f"the gold file cannot be read: {error}", str(path), "check the path; it must be UTF-8"
        ) from None
    documents = []
    for number, line in enumerate(lines, start=1):
        if line.strip():
            where = f"{path} line {number}"
            try:
                record = json.loads(line)
            except (ValueError, RecursionError) as error:
                raise GoldError(f"the line is not JSON: {error}", where, _MEND) from None
            documents.append(from_record(record, where))
    if not documents:
        raise GoldError("the gold file has no documents", str(path), "write one record per line")
    return documents


def from_record(record: Any, where: str = "record") -> GoldDocument:
    """Return a record of the gold format as values, and check that its spans and references hold.

    Further keys are left aside. Raises GoldError; ``where`` names the record in it.
    """
    try:
        document = Document(
            str(record["id"]),
            _string(record["text"]),
            str(record.get("title") or ""),
            record.get("date"),
            str(record.get("source") or ""),
        )
        entities = tuple(_entity(entity) for entity in record["entities"])
        facts = tuple(_fact(fact) for fact in record["facts"])
    except KeyError as error:
        raise GoldError(f"the key {error} is missing", where, _MEND) from None
    except (TypeError, ValueError, AttributeError) as error:
        raise GoldError(f"a value is not of the right form: {error}", where, _MEND) from None
    _check(document, entities, facts, where)
    return GoldDocument(document, entities, facts)


def _entity(record: Mapping[str, Any]) -> GoldEntity:
    mentions = tuple(_span(mention) for mention in record["mentions"])
    return GoldEntity(_string(record["id"]), _string(record["class"]), str(record.get("name") or ""), mentions)


def _fact(record: Mapping[str, Any]) -> GoldFact:
    return GoldFact(
        _string(record["s"]),
        _string(record["p"]),
        str(record["o"]),
        _span(record["evidence"]),
        record.get("datatype") or None,
        record.get("modality") or "asserted",
        record.get("attributedTo") or None,
        _share(record.get("confidence", 1.0)),
    )


def _string(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not a string")
    return value


def _share(value: Any) -> float:
    if not 0 <= value <= 1:
        raise ValueError(f"{value!r} is not between 0 and 1")
    return float(value)


def _span(value: Any) -> Span:
    start, end = value
    if not (isinstance(start, int) and isinstance(end, int)):
        raise TypeError(f"{value!r} is not a pair of offsets")
    return start, end


def _check(document: Document, entities: tuple[GoldEntity, ...], facts: tuple[GoldFact, ...], where: str) -> None:
    """Raise GoldError for a span outside the text and for a fact about an entity that is not there."""
    spans = [mention for entity in entities for mention in entity.mentions] + [fact.evidence for fact in facts]
    for start, end in spans:
        if not 0 <= start < end <= len(document.text):
            mend = f"use offsets from 0 to {len(document.text)}, counted in code points, the end behind the last one"
            raise GoldError(f"the span [{start}, {end}] is not in the text", where, mend)
    ids = {entity.id for entity in entities}
    if len(ids) < len(entities):
        raise GoldError("two entities have the same id", where, "give each entity its own id")
    for fact in facts:
        for id in (fact.subject, fact.object if fact.datatype is None else None, fact.attributed_to):
            if id is not None and id not in ids:
                raise GoldError(
                    f"a fact refers to {id!r}, which is no entity", where, "add the entity or mend the fact"
                )
