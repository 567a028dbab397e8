"""Documents: their list, and the text of one with what it mentions and what it states."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from pyoxigraph import Literal, NamedNode

from graphwright.graph import document_iri
from graphwright.graph import vocabulary as v
from graphwright.graph.terms import SURROGATES
from graphwright.ledger import Reading
from graphwright.server.reader import Reader
from graphwright.server.refusal import Refusal
from graphwright.server.views.facts import statement, told_fact
from graphwright.server.views.lookup import Lookup, Told, text_of

MOST_FACTS = 2_000
"""How many facts of one document are told at most."""

_KNOWN = frozenset(
    property.value
    for property in (
        *(v.TYPE, v.IDENTIFIER, v.TITLE, v.DATE, v.SOURCE, v.MENTIONS, v.ADDITIONAL_PROPERTY),
        *(v.LINK, v.CONTENT_HASH, v.READ_WITH),
    )
)
"""The properties of a document that are told elsewhere, or nowhere."""


def latest(reader: Reader, offset: int, limit: int) -> Told:
    """Return {documents, total, offset, limit}: some of the documents, the latest first and those without date last."""
    look = Lookup(reader)
    order = look.once("documents", lambda: _by_date(look))
    chosen = [look.document(iri) for iri in order[offset : offset + limit]]
    return {"documents": chosen, "total": len(order), "offset": offset, "limit": limit}


def _by_date(look: Lookup) -> list[str]:
    dates: dict[str, str] = {}
    for quad in look.quads(None, v.DATE):
        if isinstance(quad.subject, NamedNode):
            dates[quad.subject.value] = max(dates.get(quad.subject.value, ""), text_of(quad.object))
    known = sorted(node.value for node in look.subjects(v.TYPE, v.DOCUMENT))
    return sorted(known, key=lambda iri: dates.get(iri, ""), reverse=True)


def document(reader: Reader, given: dict[str, str]) -> Told:
    """Return {iri, id, title, date, source, metadata, text, pieces, mentions, facts, more_facts}.

    ``given`` has the ``id`` of the document or its ``iri``. ``text`` is None where the graph is kept without its
    ledger; ``pieces`` are then what is known of it by its quotes, else the whole of it, each {start, text}. Spans are
    code points of the text. Raises Refusal (404) where there is no such document.
    """
    look = Lookup(reader)
    node = _node(look, given)
    told = look.document(node.value)
    facts = _facts(look, node)
    reading = reader.reading(told["id"])
    text = None if reading is None else SURROGATES.sub("\ufffd", reading.extraction.document.text)
    if text is None or reading is None or not _agrees(text, facts):
        text, mentions = None, _mentions_of_facts(facts)
    else:
        mentions = _mentions_of_reading(look, reading)
    return {
        **told,
        "metadata": _metadata(look, node),
        "text": text,
        "pieces": [{"start": 0, "text": text}] if text is not None else _pieces(facts),
        "mentions": mentions,
        "facts": facts,
        "more_facts": len(facts) == MOST_FACTS,
    }


def _node(look: Lookup, given: dict[str, str]) -> NamedNode:
    """Return the node of a document by its IRI, its id, or the end of its IRI."""
    name = given.get("iri") or given.get("id", "")
    candidates: Iterable[NamedNode]
    if "iri" in given:
        candidates = [NamedNode(name)] if look.exists(name) else []
    else:
        candidates = [document_iri(look.base() or "x:", name), *look.subjects(v.IDENTIFIER, Literal(name))]
    for node in candidates:
        if v.DOCUMENT in look.objects(node, v.TYPE):
            return node
    raise Refusal(404, "there is no such document", name or "no id was given", "choose one of the list of documents")


def _facts(look: Lookup, document: NamedNode) -> list[Told]:
    """Return what a document states, in the order of the text."""
    nodes = (
        quad.subject
        for quad in look.store.quads_for_pattern(None, v.TYPE, v.STATEMENT, document)
        if isinstance(quad.subject, NamedNode)
    )
    found = [statement(look, node, document.value) for node in islice(nodes, MOST_FACTS)]
    told = [told_fact(look, [one]) for one in found if one is not None]
    return sorted(
        told, key=lambda one: (min((e["start"], e["end"]) for e in one["evidence"] or [_NOWHERE]), one["iri"])
    )


_NOWHERE = {"start": 0, "end": 0}


def _agrees(text: str, facts: list[Told]) -> bool:
    """Whether a text is that which the facts were read from: a ledger may be ahead of its graph."""
    return all(text[place["start"] : place["end"]] == place["quote"] for one in facts for place in one["evidence"])


def _mentions_of_reading(look: Lookup, reading: Reading) -> list[Told]:
    found = []
    for chain in reading.extraction.chains:
        iri = reading.iris.get(chain.id)
        if iri is not None:
            thing = look.ref(iri)
            found += [{"start": start, "end": end, **thing} for start, end in chain.mentions]
    return _sorted(found)


def _mentions_of_facts(facts: list[Told]) -> list[Told]:
    found: dict[tuple[int, int, str], Told] = {}
    for one in facts:
        for place in one["evidence"]:
            for thing, span in ((one["subject"], place["subject_span"]), (one["object"], place["object_span"])):
                if span is not None and "iri" in thing:
                    start, end = span
                    found[start, end, thing["iri"]] = {"start": start, "end": end, **thing}
    return _sorted(found.values())


def _sorted(mentions: Iterable[Told]) -> list[Told]:
    return sorted(mentions, key=lambda one: (one["start"], -one["end"], one["iri"]))


def _pieces(facts: list[Told]) -> list[Told]:
    """Return the runs of text that quotes cover together, in the order of the text."""
    quotes = sorted({(place["start"], place["end"], place["quote"]) for one in facts for place in one["evidence"]})
    pieces: list[Told] = []
    for start, end, quote in quotes:
        last = pieces[-1] if pieces else None
        known = last["start"] + len(last["text"]) if last is not None else -1
        if last is None or start > known:
            pieces.append({"start": start, "text": quote})
        elif end > known:
            last["text"] += quote[known - start :]
    return pieces


def _metadata(look: Lookup, node: NamedNode) -> list[Told]:
    """Return what else is known of a document: {name, value}, sorted."""
    found = set()
    for quad in look.quads(node):
        if quad.predicate.value not in _KNOWN and isinstance(quad.object, Literal):
            found.add((look.term(quad.predicate.value)["label"], quad.object.value))
    for more in look.objects(node, v.ADDITIONAL_PROPERTY):
        if isinstance(more, NamedNode):
            found.add((look.text(more, v.NAME), look.text(more, v.VALUE)))
    return [{"name": name, "value": value} for name, value in sorted(found)]
