"""The embedded English pipeline: what it says of real sentences, and what holds for every text."""

from __future__ import annotations

import itertools
import pickle
import random
import socket
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.language import Language
from spacy.tokens import Doc, Token

from graphwright.errors import ModelError
from graphwright.language import EMBEDDED, lemmas, load, phrases, tree, windows
from graphwright.language.analysis import phrase_type

MEETING = (
    "On Tuesday, 14 June Chief of Defence Gen. Dr. Tibor Benkő received Chief of the General Staff of the Serbian "
    "Armed Forces Gen. Ljubisa Diković at an official Serbian–Hungarian border meeting held in Szeged, Hungary."
)
RELEASE = (
    "NATO Secretary General Jens Stoltenberg welcomed the President of Finland, Sauli Niinistö, to Brussels on Monday. "
    "They discussed Ukraine.\n\nThe talks were held at NATO headquarters. Afterwards the ministers left for Oslo."
)
NAMES = {
    "PERSON", "NORP", "ORG", "GPE", "LOC", "FAC", "EVENT", "PRODUCT", "WORK_OF_ART", "LAW", "DATE", "MISC"
}  # fmt: skip
PHRASES = {
    "person", "place", "organization", "object", "event", "time", "substance", "animal", "plant", "abstract"
}  # fmt: skip


@pytest.fixture(scope="module")
def nlp() -> Language:
    return load()


def word(doc: Doc, text: str) -> Token:
    return next(token for token in doc if token.text == text)


def phrase_head(token: Token) -> Token:
    """The token that hangs on the verb for the phrase that `token` stands in."""
    while token.dep_ in ("flat", "nmod:desc", "compound"):
        token = token.head
    return token


def annotations(doc: Doc) -> list[tuple[object, ...]]:
    tokens = [(t.text, t.pos_, t.tag_, str(t.morph), t.lemma_, t.dep_, t.head.i, t.is_sent_start) for t in doc]
    spans = [(key, s.start, s.end, s.label_) for key in sorted(doc.spans) for s in doc.spans[key]]
    return [*tokens, *((e.start, e.end, e.label_) for e in doc.ents), *spans]


def chains(doc: Doc) -> list[list[str]]:
    """The coreference chains as texts."""
    return [[mention.text for mention in spans] for key, spans in doc.spans.items() if key.startswith("coref_")]


def assert_well_formed(doc: Doc) -> None:
    """Each sentence is one tree: a single root, and from every token the heads lead to it within the sentence."""
    assert sum(len(sentence) for sentence in doc.sents) == len(doc)
    for sentence in doc.sents:
        roots = [token for token in sentence if token.head.i == token.i]
        assert [root.dep_ for root in roots] == ["ROOT"]
        for token in sentence:
            for _ in range(len(sentence)):
                assert sentence.start <= token.head.i < sentence.end
                token = token.head
            assert token.i == roots[0].i
    assert all(token.pos_ and token.tag_ and token.dep_ for token in doc)
    assert all(token.lemma_ for token in doc)
    assert {entity.label_ for entity in doc.ents} <= NAMES
    assert {phrase.label_ for phrase in doc.spans["noun_phrases"]} <= PHRASES
    found = {(phrase.start, phrase.end) for phrase in doc.spans["noun_phrases"]}
    mentions = [(m.start, m.end) for key, chain in doc.spans.items() if key.startswith("coref_") for m in chain]
    assert set(mentions) <= found


# --- real sentences --------------------------------------------------------------------------------------------------


def test_a_dense_press_release_sentence_gets_its_tree(nlp: Language) -> None:
    doc = nlp(MEETING)
    received, held = word(doc, "received"), word(doc, "held")
    assert len(list(doc.sents)) == 1
    assert received.dep_ == "ROOT"
    host, guest = phrase_head(word(doc, "Benkő")), phrase_head(word(doc, "Diković"))
    assert (host.dep_, host.head) == ("nsubj", received)
    assert (guest.dep_, guest.head) == ("obj", received)
    meeting, town = word(doc, "meeting"), word(doc, "Szeged")
    assert (meeting.dep_, meeting.head) == ("obl", received)
    assert (held.dep_, held.head) == ("acl", meeting)
    assert (town.dep_, town.head) == ("obl", held)


def test_titles_stay_outside_names(nlp: Language) -> None:
    names = {(entity.text, entity.label_) for entity in nlp(MEETING).ents}
    expected = {("Tibor Benkő", "PERSON"), ("Ljubisa Diković", "PERSON"), ("Szeged", "GPE"), ("Hungary", "GPE")}
    assert expected <= names


def test_names_of_many_kinds_have_the_types_of_ontonotes(nlp: Language) -> None:
    doc = nlp(
        "On 3 May 2019 the Estonian minister crossed the Danube River and landed at Liszt Ferenc Airport. "
        "NATO was founded after World War II."
    )
    found = {(entity.text, entity.label_) for entity in doc.ents}
    assert {
        ("3 May 2019", "DATE"), ("Estonian", "NORP"), ("Danube River", "LOC"), ("Liszt Ferenc Airport", "FAC"),
        ("NATO", "ORG"), ("World War II", "EVENT"),
    } <= found  # fmt: skip


def test_noun_phrases_are_nested_and_typed(nlp: Language) -> None:
    """The phrases of a sentence, the inner ones too, with what kind of thing each speaks of."""
    doc = nlp("The Serbian delegation arrived in Budapest on Monday. The idea surprised the soldiers.")
    found = {phrase.text: phrase.label_ for phrase in doc.spans["noun_phrases"]}
    assert found["Budapest"] == "place"
    assert found["Monday"] == "time"
    assert found["The idea"] == "abstract"
    assert found["the soldiers"] == "person"
    assert found["The Serbian delegation"] in ("organization", "person")
    doc_of_nested = nlp("The president of Finland spoke.")
    assert [phrase.text for phrase in doc_of_nested.spans["noun_phrases"]] == ["The president of Finland", "Finland"]
    assert phrase_type(word(doc, "delegation")) == found["The Serbian delegation"]
    assert phrase_type(nlp.make_doc("unread")[0]) == ""


def test_noun_chunks_are_flat(nlp: Language) -> None:
    """spaCy's own attribute works, though its rules know other labels."""
    doc = nlp("The Norwegian prime minister, Erna Solberg, and her deputy met a delegation of Serbia's oldest union.")
    assert [chunk.text for chunk in doc.noun_chunks] == [
        "The Norwegian prime minister", "Erna Solberg", "her deputy", "a delegation", "Serbia's oldest union"
    ]  # fmt: skip


def test_pronouns_and_descriptions_go_with_what_they_speak_of(nlp: Language) -> None:
    """A chain has all mentions of one thing, in the order of the text, across sentences and paragraphs."""
    doc = nlp(
        "Angela Merkel arrived in Oslo. She met the soldiers.\n\nThe soldiers thanked her. Merkel said that she "
        "liked the city."
    )
    found = chains(doc)
    assert ["Angela Merkel", "She", "her", "Merkel", "she"] in found
    assert ["the soldiers", "The soldiers"] in found


def test_a_passive_has_a_passive_subject_and_an_agent(nlp: Language) -> None:
    doc = nlp("The bridge was built by Thomas Telford in 1826.")
    assert [(t.text, t.dep_) for t in doc if t.head.text == "built" and t.dep_ != "punct"] == [
        ("bridge", "nsubj:pass"),
        ("was", "aux:pass"),
        ("built", "ROOT"),
        ("Thomas", "obl:agent"),
        ("1826", "obl"),
    ]
    assert word(doc, "built").lemma_ == "build"
    assert word(doc, "was").morph.get("Tense") == ["Past"]


def test_sentences_end_at_full_stops_and_blank_lines_not_at_abbreviations(nlp: Language) -> None:
    sentences = [sentence.text.strip() for sentence in nlp("Press release\n\nGen. Votel spoke. He left.").sents]
    assert sentences == ["Press release", "Gen. Votel spoke.", "He left."]


def test_words_are_cut_as_in_the_treebanks(nlp: Language) -> None:
    words = [token.text for token in nlp("Lt. Gen. Votel (Ret.) led the U.S.-led, 60-nation force; he can't.")]
    assert words == [
        "Lt.", "Gen.", "Votel", "(", "Ret.", ")", "led", "the", "U.S.", "-", "led", ",", "60", "-", "nation", "force",
        ";", "he", "ca", "n't", ".",
    ]  # fmt: skip


def test_lemmas_keep_the_case_of_names_only(nlp: Language) -> None:
    doc = nlp("The ministers visited Brussels and met its mayors.")
    assert [token.lemma_ for token in doc] == [
        "the", "minister", "visit", "Brussels", "and", "meet", "its", "mayor", "."
    ]  # fmt: skip


# --- what holds for every text ---------------------------------------------------------------------------------------

ODD_WORDS = ["😀", "--", "\n", "\n\n", "  ", "«", "東京", "a" * 300, "…", "\u200b", "\x00"]
WORDS = [*MEETING.split(), *RELEASE.split(" "), *ODD_WORDS]


@settings(max_examples=30, deadline=None)
@given(st.one_of(st.text(max_size=60), st.lists(st.sampled_from(WORDS), max_size=40).map(" ".join)))
def test_every_text_gets_well_formed_trees(nlp: Language, text: str) -> None:
    doc = nlp(text)
    assert doc.text == text
    if len(doc):
        assert_well_formed(doc)


@pytest.mark.parametrize("text", ["", " ", "\n\n \n", "x" * 5000, "😀😀 😀", "a-" * 3000, "\n\nHi", "Hi\n\n"])
def test_odd_texts_are_read(nlp: Language, text: str) -> None:
    doc = nlp(text)
    assert doc.text == text
    if len(doc):
        assert_well_formed(doc)


def test_ligatures_and_wide_letters_are_read_as_letters(nlp: Language) -> None:
    plain, fancy = nlp("The office was filled with fish."), nlp("The oﬃce was ﬁlled with ﬁsh.")
    assert [(t.pos_, t.dep_, t.head.i) for t in fancy] == [(t.pos_, t.dep_, t.head.i) for t in plain]


def test_an_endless_sentence_is_split(nlp: Language) -> None:
    doc = nlp("and so on " * 1500)
    assert_well_formed(doc)
    assert max(len(sentence) for sentence in doc.sents) <= windows.MAX_SENTENCE + 1


def test_the_analysis_of_a_text_does_not_depend_on_its_neighbours(nlp: Language) -> None:
    texts = [*RELEASE.replace("\n\n", " ").split(". "), MEETING, RELEASE, ""]
    alone = {text: annotations(nlp(text)) for text in texts}
    for seed in range(3):
        shuffled = random.Random(seed).sample(texts, len(texts))
        together = nlp.pipe(shuffled, batch_size=2)
        assert all(annotations(doc) == alone[text] for text, doc in zip(shuffled, together, strict=True))


def test_the_analysis_does_not_depend_on_the_number_of_threads(nlp: Language) -> None:
    many = load()
    many.get_pipe("graphwright_encoder").threads = 3
    assert annotations(many(RELEASE)) == annotations(nlp(RELEASE))


def test_paragraphs_do_not_depend_on_each_other(nlp: Language) -> None:
    """Windows begin anew at a blank line, so a paragraph reads the same in any document."""
    first, second = RELEASE.split("\n\n")
    both = [token.dep_ for token in nlp(RELEASE) if not token.is_space]
    assert both == [token.dep_ for text in (first, second) for token in nlp(text)]


def test_whitespace_hangs_on_the_word_before(nlp: Language) -> None:
    doc = nlp("He left.\n\nShe came.")
    blank = word(doc, "\n\n")
    assert (blank.pos_, blank.head.text, blank.dep_) == ("SPACE", ".", "dep")


# --- loading ---------------------------------------------------------------------------------------------------------


def test_nothing_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("the network was used")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    assert list(load()("Oslo is a city.").ents)


def test_the_pipeline_survives_pickling_and_disk(nlp: Language, tmp_path: Path) -> None:
    expected = annotations(nlp(MEETING))
    component = pickle.loads(pickle.dumps(nlp.get_pipe("graphwright_encoder")))
    assert annotations(component(nlp.make_doc(MEETING))) == expected
    nlp.to_disk(tmp_path)
    assert annotations(load(str(tmp_path))(MEETING)) == expected


def test_a_missing_pipeline_says_how_to_mend_it(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="to mend: give the folder"):
        load(str(tmp_path / "none"))


def test_an_empty_component_says_how_to_fill_it() -> None:
    import spacy

    nlp = spacy.blank("en")
    nlp.add_pipe("graphwright_encoder")
    with pytest.raises(ModelError, match="load a pipeline"):
        nlp("Hello.")


def test_the_model_folder_names_its_sources_and_figures(nlp: Language) -> None:
    assert "Universal Dependencies" in (EMBEDDED / "SOURCES.md").read_text(encoding="utf8")
    assert nlp.meta["performance"]["ewt_test_sentences_given"]["las"] > 89.8
    assert nlp.meta["training"]["corpora"]["ud_english_ewt/train.conllu"]
    assert sum(file.stat().st_size for file in EMBEDDED.rglob("*")) < 32_000_000


# --- the parts -------------------------------------------------------------------------------------------------------


@given(st.text(min_size=1, max_size=12), st.text(min_size=1, max_size=12))
def test_a_lemma_script_gives_back_the_lemma(form: str, lemma: str) -> None:
    script = lemmas.script(form, lemma)
    # Lowering some letters changes their number; such words have no script of their own.
    if len(form.lower()) == len(form) and len(lemma.lower()) == len(lemma):
        assert lemmas.lemma(form, script) == lemma


@cache
def trees(count: int) -> list[tuple[int, ...]]:
    """All projective trees of `count` words with a single root, as heads."""
    found = []
    for heads in itertools.product(range(count + 1), repeat=count):
        reached = {0}
        for _ in range(count):
            reached |= {node for node, head in enumerate(heads, 1) if head in reached}
        arcs = [sorted(arc) for arc in enumerate(heads, 1)]
        crossing = any(a < c < b < d for (a, b), (c, d) in itertools.permutations(arcs, 2))
        if heads.count(0) == 1 and len(reached) == count + 1 and not crossing:
            found.append(heads)
    return found


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 5).flatmap(lambda n: st.lists(st.integers(-50, 50), min_size=n * (n + 1), max_size=n * (n + 1))))
def test_the_best_tree_is_found(numbers: list[int]) -> None:
    """Checked against all projective trees of up to five words."""
    count = next(n for n in range(1, 6) if n * (n + 1) == len(numbers))
    scores = np.array(numbers, dtype=np.float32).reshape(count, count + 1)
    ours = tree.best_tree(scores)
    assert tuple(ours) in trees(count)
    best = max(sum(scores[i, head] for i, head in enumerate(heads)) for heads in trees(count))
    assert sum(scores[i, head] for i, head in enumerate(ours)) == best


@given(st.lists(st.lists(st.integers(-9, 9), min_size=5, max_size=5), min_size=1, max_size=6))
def test_the_best_tags_begin_no_name_inside(rows: list[list[int]]) -> None:
    tags = ["O", "B-ORG", "I-ORG", "B-LOC", "I-LOC"]
    chosen = [tags[i] for i in tree.best_tags(np.array(rows, dtype=np.float32), tags)]
    for before, tag in zip(["O", *chosen], chosen, strict=False):
        assert tag[0] != "I" or before[1:] == tag[1:]


@given(st.lists(st.lists(st.integers(-9, 9), min_size=5, max_size=5), min_size=1, max_size=6))
def test_names_do_not_overlap_and_have_a_type_of_their_group(rows: list[list[int]]) -> None:
    tags = ["O", "B-GPE", "I-GPE", "B-FAC", "I-FAC"]
    found = tree.names(np.array(rows, dtype=np.float32), tags, [["GPE", "FAC"]])
    assert all(kind in ("GPE", "FAC") and 0 <= start < end <= len(rows) for start, end, kind in found)
    assert all(one[1] <= other[0] for one, other in itertools.pairwise(found))


def test_a_place_that_is_hard_to_tell_from_a_building_is_a_name_all_the_same() -> None:
    """No single type is as likely as none, and yet a name is likelier than none."""
    scores = np.array([[1.0, 0.9, -9, 0.8, -9]], dtype=np.float32)
    tags = ["O", "B-GPE", "I-GPE", "B-FAC", "I-FAC"]
    assert tree.names(scores, tags, [["GPE", "FAC"]]) == [(0, 1, "GPE")]
    assert tree.names(scores, tags, [["GPE"], ["FAC"]]) == []


def test_a_noun_phrase_ends_where_its_clause_begins(nlp: Language) -> None:
    """Prepositions, copulas and subjects of a predicate, conjuncts and appositions are outside; 's is inside."""
    doc = nlp("Kos, a diplomat, is the head of the union's office in Riga and its founder.")
    heads = [-1 if token.head.i == token.i else token.head.i for token in doc]
    spans = phrases.spans(heads, [token.dep_ for token in doc], [token.pos_ for token in doc])
    text = {token.text: doc[slice(*spans[token.i])].text for token in doc}
    assert text["Kos"] == "Kos"
    assert text["diplomat"] == "a diplomat"
    assert text["union"] == "the union's"
    assert text["founder"] == "its founder"
    assert text["head"].startswith("the head of the union's office")
