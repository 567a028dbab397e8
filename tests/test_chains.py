"""Coreference by pairs: what is seen of two noun phrases, and how choices become chains."""

from __future__ import annotations

import itertools
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.language import Language
from spacy.tokens import Doc

from graphwright.language import EMBEDDED, chains, load
from graphwright.language.analysis import agreed
from graphwright.language.chains import FLAGS, FORMS, Antecedents, Phrases

KINDS = 3


@pytest.fixture(scope="module")
def nlp() -> Language:
    return load()


def described(doc: Doc, *texts: str) -> Phrases:
    """The phrases with these words, in the order of the text."""
    words = chains.Words(
        [t.text for t in doc], [t.lemma_ for t in doc], [t.pos_ for t in doc], [t.tag_ for t in doc],
        [t.head.i for t in doc], [t.dep_ for t in doc],
        [number for number, sentence in enumerate(doc.sents) for _ in sentence],
    )  # fmt: skip
    found = [span for span in doc.spans["noun_phrases"] if span.text in texts]
    return chains.describe(words, [(span.root.i, span.start, span.end, 1) for span in found])


def flags(phrases: Phrases, anaphor: int, antecedent: int) -> set[str]:
    """What is true of a pair."""
    every = slice(0, len(phrases))
    found = chains.pairs(phrases, every, every, KINDS).flags[anaphor, antecedent]
    return {name for name, value in zip(FLAGS, found, strict=True) if value}


def test_the_form_of_a_phrase_is_told(nlp: Language) -> None:
    doc = nlp("The king met his ministers, two generals, a priest and those envoys. He liked Riga and good food.")
    texts = [span.text for span in doc.spans["noun_phrases"]]
    forms = [FORMS[form] for form in described(doc, *texts).form]
    told = dict(zip((span.root.text for span in doc.spans["noun_phrases"]), forms, strict=True))
    assert told == {
        "king": "definite", "his": "he", "ministers": "possessed", "generals": "quantified", "priest": "indefinite",
        "envoys": "demonstrative", "He": "he", "Riga": "name", "food": "bare",
    }  # fmt: skip


def test_a_shorter_name_is_within_the_longer(nlp: Language) -> None:
    phrases = described(nlp("Angela Merkel spoke. Merkel left."), "Angela Merkel", "Merkel")
    assert {"head in antecedent", "words in antecedent", "shared word", "same number"} <= flags(phrases, 1, 0)
    assert "same text" not in flags(phrases, 1, 0)


def test_an_acronym_goes_with_its_words(nlp: Language) -> None:
    phrases = described(nlp("The European Union agreed. The EU paid."), "The European Union", "The EU")
    assert "acronym" in flags(phrases, 1, 0)
    assert "same form" not in flags(phrases, 1, 0)


def test_arguments_of_one_verb_are_told(nlp: Language) -> None:
    phrases = described(nlp("The minister praised the soldiers."), "The minister", "the soldiers")
    found = flags(phrases, 1, 0)
    assert {"same governor", "antecedent is subject", "other number"} <= found


def test_the_weights_have_the_shapes_that_the_features_need() -> None:
    """A feature added here without a new model would be read with another's weight."""
    weights = json.loads((EMBEDDED / "graphwright_encoder" / "chains.json").read_text(encoding="utf8"))
    kinds = len(json.loads((EMBEDDED / "graphwright_encoder" / "labels.json").read_text(encoding="utf8"))["phrase"])
    assert np.array(weights["flags"]).shape[0] == len(FLAGS)
    assert np.array(weights["forms"]).shape[0] == len(FORMS) ** 2
    assert np.array(weights["kinds"]).shape[0] == kinds**2 == Antecedents(weights).kinds ** 2
    assert np.array(weights["distance"]).shape[0] == len(chains.DISTANCES)
    assert np.array(weights["sentences"]).shape[0] == len(chains.SENTENCES)


def random_model(chance: np.random.Generator, width: int = 4, hidden: int = 5) -> Antecedents:
    shapes = {
        "flags": (len(FLAGS), hidden), "forms": (len(FORMS) ** 2, hidden), "kinds": (KINDS**2, hidden),
        "distance": (len(chains.DISTANCES), hidden), "sentences": (len(chains.SENTENCES), hidden),
        "product": (width, hidden), "out": (hidden,), "scale": (), "none": (width,), "none_form": (len(FORMS),),
        "none_kind": (KINDS,),
    }  # fmt: skip
    return Antecedents({name: chance.normal(size=shape) for name, shape in shapes.items()})


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(0, 25), st.integers(1, 9))
def test_chains_are_apart_in_order_and_the_same_however_they_are_computed(seed: int, count: int, block: int) -> None:
    """Of any phrases and weights; `_BLOCK` phrases at a time are scored at once, and nobody sees it."""
    chance = np.random.default_rng(seed)
    names = ["Oslo", "Riga", "the king", "he", "a town"]
    texts = [names[i] for i in chance.integers(0, len(names), count)]
    words = [word for text in texts for word in text.split()]
    starts = np.cumsum([0, *(len(text.split()) for text in texts)]).tolist()
    described = chains.describe(
        chains.Words(
            words, words, ["PRON" if w == "he" else "PROPN" if w.istitle() else "NOUN" for w in words],
            ["NN"] * len(words), list(range(len(words))), ["root"] * len(words), [i // 7 for i in range(len(words))],
        ),
        [(end - 1, start, end, int(chance.integers(1, KINDS))) for start, end in itertools.pairwise(starts)],
    )  # fmt: skip
    states = chance.normal(size=(2, count, 4)).astype(np.float32)
    model = random_model(chance)
    found = list(chains.chains(described, states[0], states[1], model))
    flat = [phrase for chain in found for phrase in chain]
    assert len(flat) == len(set(flat))
    assert all(chain == sorted(chain) and len(chain) > 1 for chain in found)
    assert [chain[0] for chain in found] == sorted(chain[0] for chain in found)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chains, "_BLOCK", block)
        assert list(chains.chains(described, states[0], states[1], model)) == found


@given(st.lists(st.lists(st.floats(-9, 0), min_size=3, max_size=3), min_size=4, max_size=9))
def test_of_two_fellows_both_have_what_both_think_likely(rows: list[list[float]]) -> None:
    """And who has no fellows keeps what it had."""
    alone = np.array(rows, dtype=np.float32)
    found = agreed(alone, [[0, 2], [3]])
    assert np.allclose(found[0], found[2])
    assert np.allclose(found[0], alone[0] + alone[2], atol=1e-5)
    assert np.array_equal(found[[1, 3]], alone[[1, 3]])


def test_fellows_weigh_as_one_word() -> None:
    """However many they are: one that is sure of another type keeps it."""
    alone = np.log(np.array([[0.01, 0.99], *[[0.7, 0.3]] * 20], dtype=np.float32))
    assert agreed(alone, [list(range(21))]).argmax(1).tolist() == [1, *[0] * 20]


def test_an_analysis_survives_being_written_and_read(nlp: Language) -> None:
    doc = nlp("Angela Merkel spoke. She left.")
    again = Doc(nlp.vocab).from_bytes(doc.to_bytes())
    assert {key: [span.text for span in spans] for key, spans in again.spans.items()} == {
        key: [span.text for span in spans] for key, spans in doc.spans.items()
    }
