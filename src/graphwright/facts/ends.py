"""What people mean by a subject or an object: the places of a text that speak of it, found by how they write it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from graphwright.facts.ontological import OntologyExtractor
from graphwright.facts.reading import Reading
from graphwright.mentions import CoreferenceChain, Mention
from graphwright.model import Fact, Span, Value
from graphwright.ontology.gazetteer import fold

_ARTICLE = re.compile(r"^\s*(?:an?|the)\s+", re.IGNORECASE)
_DATE = re.compile(r"-?\d{4,}(?:-\d\d){0,2}$")


@dataclass(frozen=True, slots=True)
class End:
    """A subject or object as somebody wrote it, found in one document.

    ``places`` are the tokens that head its words in the text, whatever they are read as, and ``mentions`` those that
    it may be. ``chains`` and ``values`` are what these speak of. ``tokens`` are all that speak of it, and those that
    head a phrase of its words which may fill an open class.
    """

    text: str
    places: tuple[int, ...]
    mentions: tuple[Mention, ...]
    chains: tuple[CoreferenceChain, ...]
    values: tuple[Value, ...]
    tokens: frozenset[int]

    def is_end(self, thing: str | Value, span: Span, reading: Reading) -> bool:
        """Whether a fact about ``thing`` (a chain's id or a value), read from ``span``, is about this."""
        if isinstance(thing, Value):
            return thing in self.values
        chain = reading.by_id[thing]
        if chain in self.chains or any(same(self.text, mention.name) for mention in chain.mentions):
            return True
        piece = reading.doc.char_span(*span)
        return chain in reading.open_chains and piece is not None and piece.root.i in self.tokens


def find_end(
    text: str, reading: Reading, extractor: OntologyExtractor | None, *, literal: bool = False, open: bool = False
) -> End:
    """What ``text`` means in a document: mentions that read so, or whose thing is called so, else those in its words.

    Accents, case, punctuation and article do not matter.

    ``literal`` says that it is a value, as in a fact ("2016-06-14", "2016") or as in the text ("Tuesday"); ``open``
    that any noun phrase will do.
    """
    places = tuple(occurrences(text, reading))
    mentions = [m for m in reading.mentions.all if m.kind == "value" or not literal]
    if literal:
        found = [m for m in mentions if any(same_value(text, value) for value in m.values)]
        found = found or [m for m in mentions if m.head in places or is_called(text, m, reading)]
    else:
        found = [m for m in mentions if m.kind != "value" and is_called(text, m, reading)]
        found = found or [m for m in mentions if m.kind != "value" and m.head in places]
        found = found or [m for m in mentions if m.head in reading.mentions.people and is_made_of(text, m, reading)]
    return end_of(text, places, found, reading, extractor if open else None)


def end_of(
    text: str,
    places: Iterable[int],
    mentions: Iterable[Mention],
    reading: Reading,
    extractor: OntologyExtractor | None = None,
) -> End:
    """An end with all tokens that speak of it; with an extractor, its places too that may fill an open class."""
    places, mentions = tuple(places), tuple(mentions)
    things = dict.fromkeys(chain for mention in mentions for chain in things_of(mention, reading))
    # Of what a group speaks of ("both sides") only the one that is called so, where one is.
    chains = tuple([chain for chain in things if same(text, reading.name_of(chain))] or things)
    given = [value for mention in mentions for value in mention.values]
    values = tuple(dict.fromkeys([value for value in given if same_value(text, value)] or given))
    tokens = {token for token in spoken(reading) if any(chain in chains for chain, _ in reading.things(token))}
    tokens |= {mention.head for mention in mentions if any(value in values for value in mention.values)}
    if extractor is not None:
        tokens |= {token for token in places if extractor.may_be_open(token, reading)}
    return End(text, places, mentions, chains, values, frozenset(tokens))


def things_of(mention: Mention, reading: Reading) -> Iterator[CoreferenceChain]:
    """What a mention speaks of: as `Reading.own_chains`, for mentions that share their head with another too."""
    for chain in reading.chain_of.get(mention, ()):
        if chain.named or not reading.ontology.classes[chain.cls].named:
            yield chain


def spoken(reading: Reading) -> set[int]:
    """All tokens that can stand in a pattern."""
    return {*reading.propositions.by_token, *reading.propositions.heads, *reading.mentions.at}


def is_called(text: str, mention: Mention, reading: Reading) -> bool:
    """Whether a mention, or what it speaks of, reads like ``text``."""
    written = reading.doc.written(mention.start, mention.end)
    names = (reading.name_of(chain) for chain in reading.chain_of.get(mention, ()))
    return any(same(text, name) for name in (written, mention.name, *names))


def is_made_of(text: str, mention: Mention, reading: Reading) -> bool:
    """Whether all words of ``text`` are of a person's name with its titles, its last word too: "General Benkő"."""
    units = reading.mentions.units
    front = mention.start
    while front and units.get(front - 1) == mention.head:
        front -= 1
    words = set(fold(text).split())
    return (
        fold(reading.doc[mention.end - 1].text) in words <= set(fold(reading.doc.written(front, mention.end)).split())
    )


def same(one: str, other: str) -> bool:
    """Whether two names are equal but for accents, case, punctuation and article.

    >>> same("the Serbian delegation", "Serbian  Delegation")
    True
    """
    return squeezed(one) == squeezed(other) != ""


def squeezed(text: str) -> str:
    """A name in plain letters alone."""
    return fold(_ARTICLE.sub("", text)).replace(" ", "")


def same_value(text: str, value: Value) -> bool:
    """Whether a value is the one that somebody wrote; a date also where it is more precise."""
    one, other = text.strip(), value.lexical
    if _DATE.match(one) and _DATE.match(other):
        return one == other or other.startswith(one + "-")
    return same(one, other)


def occurrences(text: str, reading: Reading) -> Iterator[int]:
    """The token that heads each place where the text has some words; of a name the token that stands for it.

    Words within a longer mention head nothing themselves: then it is the word.
    """
    wanted, doc = squeezed(text), reading.doc
    if not wanted:
        return
    pieces = [fold(token.text).replace(" ", "") for token in doc]
    starts: list[int] = []
    length = 0
    for piece in pieces:
        starts.append(length)
        length += len(piece)
    letters = "".join(pieces)
    first = {start: i for i, start in enumerate(starts) if pieces[i]}
    last = {start + len(pieces[i]): i for i, start in enumerate(starts) if pieces[i]}
    at = letters.find(wanted)
    while at >= 0:
        if at in first and at + len(wanted) in last:
            begin, end = first[at], last[at + len(wanted)] + 1
            root = doc.stretch(begin, end).root.i
            unit = reading.mentions.units.get(root, root)
            part = unit in reading.mentions.at and is_part(begin, end, reading.mentions.at[unit], reading)
            yield root if part else unit
        at = letters.find(wanted, at + 1)


def is_part(begin: int, end: int, mention: Mention, reading: Reading) -> bool:
    """Whether some words are only a part of a mention that speaks of something else: "Syria" of "the future of Syria".

    Of a person's name a part speaks of the same person, and ranks and posts before it belong to it.
    """
    if mention.head in reading.mentions.people or begin <= mention.head < end:
        return False
    return mention.start <= begin and end <= mention.end


def about(fact: Fact, subject: End, object_: End, reading: Reading, *, symmetric: bool) -> bool:
    """Whether a fact is about two ends, in either direction where that is all the same."""
    straight = subject.is_end(fact.subject, fact.subject_span, reading) and object_.is_end(
        fact.object, fact.object_span, reading
    )
    return straight or (
        symmetric
        and isinstance(fact.object, str)
        and subject.is_end(fact.object, fact.object_span, reading)
        and object_.is_end(fact.subject, fact.subject_span, reading)
    )
