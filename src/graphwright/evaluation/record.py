"""An extraction as a record of the gold format: one JSON object per document."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from graphwright.model import Chain, Extraction, Fact, Value

_XSD = "http://www.w3.org/2001/XMLSchema#"


def to_record(extraction: Extraction, local: Callable[[str], str]) -> dict[str, Any]:
    """Return an extraction in the form of the gold files; ``local`` shortens the IRI of a class or property.

    Offsets are code points into "text", end exclusive. "modality" and "attributedTo" are left out of asserted facts,
    "datatype" out of facts about entities.
    """
    document = extraction.document
    return {
        "id": document.id,
        "source": document.source,
        "date": document.date,
        "title": document.title,
        "text": document.text,
        "entities": [_entity(chain, local) for chain in extraction.chains],
        "facts": [_fact(fact, local) for fact in extraction.facts],
    }


def to_line(extraction: Extraction, local: Callable[[str], str]) -> str:
    """Return the record of an extraction as one line of JSON, without a line end."""
    return json.dumps(to_record(extraction, local), ensure_ascii=False)


def _entity(chain: Chain, local: Callable[[str], str]) -> dict[str, Any]:
    return {
        "id": chain.id,
        "class": local(chain.cls),
        "name": chain.name,
        "mentions": [list(m) for m in chain.mentions],
    }


def _fact(fact: Fact, local: Callable[[str], str]) -> dict[str, Any]:
    record: dict[str, Any] = {"s": fact.subject, "p": local(fact.property)}
    if isinstance(fact.object, Value):
        record |= {"o": fact.object.lexical, "datatype": fact.object.datatype.replace(_XSD, "xsd:")}
    else:
        record["o"] = fact.object
    record["evidence"] = list(fact.evidence)
    record["confidence"] = fact.confidence
    if fact.modality != "asserted":
        record["modality"] = fact.modality
    if fact.attributed_to is not None:
        record["attributedTo"] = fact.attributed_to
    return record
