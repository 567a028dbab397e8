"""The parse of a document in plain objects tells what spaCy's tokens and spans tell."""

from __future__ import annotations

from typing import Any

import pytest
import spacy
from spacy.tokens import Doc

from graphwright.language.parse import Parse

TEXT = """\
Vilnius, 3 July – "We agreed to meet again," said Ana Kos, the minister, and Olev Saar. They had discussed the U.S.
aid, trade, and 14 other matters; the talks, which Latvia hosted, went on until Friday...

Who won't come? Nobody – neither the president nor her aides (or so it seems).
"""
PLAIN = (
    "i", "idx", "text", "lower_", "lemma_", "pos_", "tag_", "dep_", "whitespace_", "text_with_ws", "ent_type_",
    "ent_iob_", "is_alpha", "is_lower", "is_title", "is_space", "is_punct", "is_quote", "is_sent_start", "is_sent_end",
    "like_num",
)  # fmt: skip


@pytest.fixture(scope="module")
def both(nlp: Any) -> tuple[Doc, Parse]:
    doc = nlp(TEXT)
    return doc, Parse(doc)


def test_words_are_spacys_tokens(both: tuple[Doc, Parse]) -> None:
    for token, word in zip(*both, strict=True):
        assert {name: getattr(word, name) for name in PLAIN} == {name: getattr(token, name) for name in PLAIN}
        assert len(word) == len(token)


@pytest.mark.parametrize("name", ["children", "lefts", "rights", "subtree", "ancestors", "conjuncts"])
def test_the_tree_is_spacys(name: str, both: tuple[Doc, Parse]) -> None:
    for token, word in zip(*both, strict=True):
        assert [one.i for one in getattr(word, name)] == [one.i for one in getattr(token, name)], word


def test_edges_heads_and_sentences_are_spacys(both: tuple[Doc, Parse]) -> None:
    doc, parse = both
    for token, word in zip(*both, strict=True):
        assert (word.head.i, word.left_edge.i, word.right_edge.i) == (
            token.head.i, token.left_edge.i, token.right_edge.i,
        )  # fmt: skip
        assert (word.sent.start, word.sent.end) == (token.sent.start, token.sent.end)
        assert all(word.is_ancestor(other) == token.is_ancestor(doc[other.i]) for other in parse)


def test_stretches_are_spacys_spans(both: tuple[Doc, Parse]) -> None:
    doc, parse = both
    for start in range(len(doc)):
        for end in range(start + 1, len(doc) + 1):
            ours, theirs = parse.stretch(start, end), doc[start:end]
            assert (ours.text, ours.start_char, ours.end_char) == (theirs.text, theirs.start_char, theirs.end_char)
            assert ours.root.i == theirs.root.i, ours
            assert (len(ours), ours[0].i, ours[-1].i) == (len(theirs), theirs[0].i, theirs[-1].i)
            assert (ours[1:].start, ours[1:].end) == (theirs[1:].start, theirs[1:].end)
            assert parse.written(start, end) == theirs.text
    assert parse.stretch(3, 3).text == parse.written(3, 3) == ""
    assert parse.stretch(-2, len(doc) + 9).text == parse.written(-2, len(doc) + 9) == parse.written(0, len(doc))


def test_what_the_pipeline_found_is_kept(both: tuple[Doc, Parse]) -> None:
    def told(spans: Any) -> list[tuple[int, int, str]]:
        return [(span.start, span.end, span.label_) for span in spans]

    doc, parse = both
    assert told(parse.ents) == told(doc.ents) != []
    assert told(parse.sents) == told(doc.sents)
    assert {name: told(group) for name, group in parse.spans.items()} == {
        name: told(group) for name, group in doc.spans.items()
    }
    assert parse.char_span(1, 2).text == "Vilnius"  # type: ignore[union-attr]
    assert parse.char_span(len(TEXT) + 5, len(TEXT) + 9) is None


def test_a_parse_without_sentences_says_so() -> None:
    with pytest.raises(ValueError, match="E030"):
        _ = Parse(spacy.blank("en")("No parser here."))[0].sent
