"""Propositions: from a parsed document to who does what, in one normal form for all that grammar does to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from graphwright.language.parse import Parse
from graphwright.propositions.arguments import Link, Words, is_light, is_verbal, preposition, read_arguments
from graphwright.propositions.assertion import UNNAMED, AssertionReader, combine
from graphwright.propositions.model import (
    CONTENT,
    IS,
    MODIFIER,
    OBJECT,
    RECIPIENT,
    SUBJECT,
    TIME,
    UNMARKED,
    Argument,
    Proposition,
    Propositions,
)

__all__ = [
    "CONTENT",
    "IS",
    "MODIFIER",
    "OBJECT",
    "RECIPIENT",
    "SUBJECT",
    "TIME",
    "UNMARKED",
    "UNNAMED",
    "Argument",
    "Proposition",
    "Propositions",
    "read_propositions",
]


AFTER = frozenset({"after", "following", "since"})


def read_propositions(
    doc: Parse,
    words: Words,
    units: Mapping[int, int] = MappingProxyType({}),
    links: Iterable[Link] = (),
    distinct: frozenset[int] = frozenset(),
) -> Propositions:
    """Read the propositions of a document parsed in Universal Dependencies.

    ``words`` are the word lists of the language (`Ontology.words`); ``units`` maps tokens inside names and other fixed
    expressions to the token that stands for them; ``links`` (token, role, token) are arguments already known, such as
    the post in a title; ``distinct`` are tokens of which no two stand for one thing (the names of people).
    """
    assertions = AssertionReader(doc, units, words)
    arguments = read_arguments(doc, units, links, words, distinct)
    lenders = {
        argument.token: doc[index]
        for index, filled in arguments.items()
        if is_light(doc[index], words)
        for argument in filled
        if argument.role == OBJECT
    }
    found: dict[int, Proposition] = {}
    for index, filled in arguments.items():
        token = doc[index]
        clause = token if is_verbal(token) else assertions.clause(token)
        # What a clause comes after is so, whatever is planned then: "after the meeting in X they will".
        before = not is_verbal(token) and {preposition(token), preposition(token.head)} & AFTER
        modality = combine("asserted" if before else assertions.modality(clause), assertions.nominal(token))
        if index in lenders:  # "the talks that will be held in Oslo" are planned, whatever is said of them
            modality = combine(modality, assertions.modality(lenders[index]))
        found[index] = Proposition(
            predicate=index,
            lemma=token.lemma_.lower(),
            arguments=filled,
            modality=modality,
            speaker=assertions.speaker(clause),
            over=assertions.is_over(clause),
            supposed=assertions.supposed(token),
            own=assertions.own_words(token),
        )
    return Propositions(MappingProxyType(found), MappingProxyType(assertions.quoted))
