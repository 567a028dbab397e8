"""Mentions: from a parsed document to the places that speak of people, places, organisations, events, posts, dates."""

from __future__ import annotations

from types import MappingProxyType

from graphwright.language.parse import Parse
from graphwright.mentions.coreference import find_chains
from graphwright.mentions.dates import Tense, find_dates
from graphwright.mentions.discourse import CoreferenceChain
from graphwright.mentions.identities import identity_links
from graphwright.mentions.lexicon import Lexicon, agent_classes
from graphwright.mentions.model import IDENTITY, NATION, RANK, Mention, Mentions
from graphwright.mentions.names import find_names
from graphwright.mentions.nominals import find_nominals, find_verbs
from graphwright.mentions.places import home_links, issuer, side_links

__all__ = [
    "IDENTITY",
    "NATION",
    "RANK",
    "CoreferenceChain",
    "Lexicon",
    "Mention",
    "Mentions",
    "agent_classes",
    "find_chains",
    "find_mentions",
    "issuer",
]


def find_mentions(doc: Parse, lexicon: Lexicon, date: str | None = None, source: str = "") -> Mentions:
    """Find all mentions of a document parsed in Universal Dependencies.

    ``date`` is the document's date (ISO 8601, any precision), against which dates in the text are resolved; ``source``
    is where it comes from, which may name the country or body that issued it.
    """
    names = find_names(doc, lexicon)
    dates = date_mentions(doc, date)
    nominals = list(find_nominals(doc, lexicon, (*names.mentions, *dates)))
    posts = [mention for mention in nominals if mention.cls and mention.cls == lexicon.post]
    dated = {i for mention in dates for i in range(mention.start, mention.end)}
    verbs = find_verbs(doc, lexicon)
    everything = sorted([*names.mentions, *nominals, *verbs, *dates], key=lambda m: (m.start, m.end))
    everything = [m for m in everything if m.kind == "value" or not dated & set(range(m.start, m.end))]
    units: dict[int, int] = {}
    for mention in everything:
        if mention.kind in {"name", "value", "nominal"}:
            first = mention.start if mention.kind != "nominal" else mention.head
            for i in range(first, mention.end):
                units.setdefault(i, mention.head)
    for head, front in names.fronts.items():  # ranks and titles are part of the name
        for i in range(front, head):
            units[i] = head
    named = [name for name in names.mentions if name.kind == "name"]
    links = (
        *names.links,
        *identity_links(doc, names, posts, nominals),
        *side_links(doc, named, lexicon),
        *home_links(doc, named, posts, source, lexicon),
    )
    outer = {token: head for head, role, token in links if role == NATION}
    for mention in everything:  # a nation inside a name is reached by its link alone
        if mention.kind == "name" and mention.head in outer:
            for i in range(mention.start, mention.end):
                units[i] = outer[mention.head]
    at: dict[int, Mention] = {}
    for mention in everything:
        at.setdefault(mention.head, mention)
    return Mentions(tuple(everything), MappingProxyType(at), MappingProxyType(units), links, frozenset(names.fronts))


def date_mentions(doc: Parse, date: str | None) -> list[Mention]:
    """The dates of a text as mentions; the tense of the clause decides which Friday is meant."""

    def tense(offset: int) -> Tense:
        span = doc.char_span(offset, offset + 1)
        if span is None:
            return ""
        token = span.root
        while token.head.i != token.i and token.pos_ not in {"VERB", "AUX"}:
            token = token.head
        auxiliaries = [child for child in token.children if child.dep_ in {"aux", "aux:pass", "cop", "mark"}]
        if {child.lower_ for child in auxiliaries} & {"will", "shall", "to", "’ll", "'ll"}:
            return "future"
        return "past" if "VBD" in {token.tag_, *(child.tag_ for child in auxiliaries)} else ""

    found = []
    for mention in find_dates(doc.text, date, tense):
        span = doc.char_span(*mention.span)
        if span is not None:
            found.append(Mention(span.start, span.end, span.root.i, "", "value", span.text, values=mention.values))
    return found
