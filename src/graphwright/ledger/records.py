"""Extractions as JSON and back: what the ledger keeps of a document, so that it need not be read again."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from graphwright.entities.profiles import Profile
from graphwright.model import Chain, Document, Extraction, Fact, Value


@dataclass(frozen=True, slots=True)
class Record:
    """What the ledger keeps of a document; it is made where the document was read, so that who writes has little to do.

    ``hash`` is that of the content; ``extraction`` and ``profiles`` are packed, ``statements`` and ``facts`` (asserted)
    counts.
    """

    id: str
    source: str
    hash: str
    extraction: bytes
    profiles: bytes
    statements: int
    facts: int


def record(extraction: Extraction, profiles: Iterable[Profile]) -> Record:
    """What the ledger keeps of what was read from a document, and of what that tells of each thing."""
    document = extraction.document
    stated = {fact.key: fact.asserted for fact in extraction.facts}
    told = json.dumps([profile.to_json() for profile in profiles], separators=(",", ":"))
    return Record(
        document.id,
        document.source,
        content_hash(document),
        _pack(to_json(extraction)),
        _pack(told),
        len(stated),
        sum(stated.values()),
    )


def unpacked(extraction: bytes) -> Extraction:
    """The extraction of a `Record`."""
    return from_json(zlib.decompress(extraction).decode())


def unpacked_profiles(profiles: bytes) -> list[Profile]:
    """The profiles of a `Record`."""
    return [Profile.from_json(told) for told in json.loads(zlib.decompress(profiles))]


def _pack(text: str) -> bytes:
    return zlib.compress(text.encode(), 6)


def content_hash(document: Document) -> str:
    """What is equal for equal documents: the SHA-256 of text, title, date, source and metadata, in hexadecimal."""
    return _digest([document.text, document.title, document.date, document.source, _plain(document.metadata)])


def to_json(extraction: Extraction) -> str:
    """An extraction as JSON; fields that have their default value are left out."""
    document = extraction.document
    told = {
        "document": _without_defaults(
            {
                "id": document.id,
                "text": document.text,
                "title": document.title,
                "date": document.date,
                "source": document.source,
                "metadata": _plain(document.metadata),
            }
        ),
        "chains": [
            _without_defaults({name: getattr(chain, name) for name in Chain.__dataclass_fields__})
            for chain in extraction.chains
        ],
        "facts": [_fact_to_json(fact) for fact in extraction.facts],
    }
    return json.dumps(told, separators=(",", ":"))


def from_json(text: str) -> Extraction:
    """The extraction that `to_json` wrote; fields that a newer version added have their defaults."""
    told = json.loads(text)
    return Extraction(
        Document(**{"text": "", **told["document"]}),
        tuple(_chain_from_json(chain) for chain in told["chains"]),
        tuple(_fact_from_json(fact) for fact in told["facts"]),
    )


def _fact_to_json(fact: Fact) -> dict[str, Any]:
    told = {name: getattr(fact, name) for name in Fact.__dataclass_fields__}
    told["object"] = [fact.object.lexical, fact.object.datatype] if isinstance(fact.object, Value) else fact.object
    told["premises"] = [_fact_to_json(premise) for premise in fact.premises]
    if told["modality"] == "asserted":
        del told["modality"]
    return _without_defaults(told)


def _fact_from_json(told: dict[str, Any]) -> Fact:
    spans = {name: tuple(told[name]) for name in ("evidence", "subject_span", "object_span")}
    value = told["object"]
    premises = tuple(_fact_from_json(premise) for premise in told.get("premises", ()))
    known = {name: value for name, value in told.items() if name in Fact.__dataclass_fields__}
    return Fact(
        **{**known, **spans, "object": Value(*value) if isinstance(value, list) else value, "premises": premises}
    )


def _chain_from_json(told: dict[str, Any]) -> Chain:
    fields: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in told.items()
        if name in Chain.__dataclass_fields__
    }
    mentions = tuple(tuple(span) for span in told["mentions"])
    return Chain(**{"named": False, "name": "", **fields, "mentions": mentions})


def _without_defaults(told: Mapping[str, Any]) -> dict[str, Any]:
    """Without what is empty or false, which every field has for its default or is given when it is read again."""
    empty: tuple[object, ...] = (None, "", (), [], {})
    return {name: value for name, value in told.items() if value is not False and value not in empty}


def _plain(value: object) -> Any:
    """Metadata as JSON can hold them: what is neither text, number nor a collection is told as text."""
    if isinstance(value, Mapping):
        return {str(name): _plain(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, (set, frozenset)):
        return sorted((_plain(item) for item in value), key=repr)
    return value if value is None or isinstance(value, (str, int, float, bool)) else str(value)


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()
