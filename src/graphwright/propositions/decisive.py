"""The words that make a clause something else than asserted, found by reading its sentence without them."""

from __future__ import annotations

from collections.abc import Set

from spacy.tokens import Doc

from graphwright.language.parse import Parse, Stretch, Word
from graphwright.model import Modality
from graphwright.propositions import read_propositions
from graphwright.propositions.arguments import Words
from graphwright.propositions.assertion import STRENGTH

BLANK = "_"
"""What stands in the place of a word that is left out; no word list holds it."""


def decisive_words(predicate: Word, words: Words) -> tuple[int, ...]:
    """The tokens of a sentence without any one of which its predicate would be closer to asserted.

    Where several would each do by themselves, those that do when all others are left out. Nothing is decided anew: the
    sentence is read again, word for word. An asserted predicate has none.

    >>> from graphwright.language import load
    >>> doc = Parse(load()("They plan to visit Oslo."))
    >>> [doc[i].text for i in decisive_words(doc[3], {"plannedVerbs": frozenset({"plan"})})]
    ['plan']
    """
    sentence, here = predicate.sent, predicate.i - predicate.sent.start
    others = set(range(len(sentence))) - {here}

    def strength(blanked: Set[int]) -> int:
        return STRENGTH[modality(without(sentence, blanked), here, words)]

    whole = strength(frozenset())
    if not whole:
        return ()
    needed = [i for i in sorted(others) if strength({i}) < whole]
    enough = needed or [i for i in sorted(others) if strength(others - {i}) >= whole]
    return tuple(sentence.start + i for i in enough)


def modality(doc: Parse, predicate: int, words: Words) -> Modality:
    """The modality of a predicate; one without arguments is asserted."""
    found = read_propositions(doc, words).by_token.get(predicate)
    return found.modality if found is not None else "asserted"


def without(sentence: Stretch, blanked: Set[int]) -> Parse:
    """A sentence as a document of its own, in which some words say nothing and the tree stays as it is."""
    tokens = list(sentence)
    parsed = Doc(
        sentence.doc.parsed.vocab,
        words=[BLANK if i in blanked else token.text for i, token in enumerate(tokens)],
        tags=[token.tag_ for token in tokens],
        pos=[token.pos_ for token in tokens],
        lemmas=[BLANK if i in blanked else token.lemma_ for i, token in enumerate(tokens)],
        heads=[token.head.i - sentence.start for token in tokens],
        deps=[token.dep_ for token in tokens],
        sent_starts=[i == 0 for i in range(len(tokens))],
    )
    return Parse(parsed)
