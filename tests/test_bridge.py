"""Trees with ClearNLP labels, as `en_core_web_*` gives them, become Universal Dependencies.

Those pipelines are not needed here: each analysis below is written by hand as the guidelines of the label set have it,
one word a line: word/tag label head (from 1, 0 for the root).
"""

from __future__ import annotations

from itertools import accumulate, pairwise
from pathlib import Path

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.language import Language
from spacy.tokens import Doc, Span

from graphwright.facts import extract_facts, read_document
from graphwright.language import bridge, load
from graphwright.model import Document
from graphwright.pipeline import reader
from graphwright.settings import Settings

POS = {
    "DT": "DET", "IN": "ADP", "NN": "NOUN", "NNS": "NOUN", "NNP": "PROPN", "NNPS": "PROPN", "JJ": "ADJ", "JJR": "ADJ",
    "RB": "ADV", "RP": "ADP", "VB": "VERB", "VBD": "VERB", "VBN": "VERB", "VBG": "VERB", "VBZ": "VERB", "VBP": "VERB",
    "MD": "AUX", "TO": "PART", "POS": "PART", "PRP": "PRON", "PRP$": "PRON", "WP": "PRON", "WDT": "PRON", "EX": "PRON",
    "CC": "CCONJ", "CD": "NUM", ".": "PUNCT", ",": "PUNCT", "``": "PUNCT", "''": "PUNCT", "WRB": "SCONJ", "PDT": "DET",
    "$": "SYM",
}  # fmt: skip

CASES = {
    "a transitive clause": (
        "ministers/NNS nsubj 2|signed/VBD ROOT 0|the/DT det 4|treaty/NN dobj 2|./. punct 2",
        "nsubj(signed, ministers) root(signed) det(treaty, the) obj(signed, treaty) punct(signed, .)",
    ),
    "a passive with its agent": (
        "troops/NNS nsubjpass 3|were/VBD auxpass 3|inspected/VBN ROOT 0|by/IN agent 3|the/DT det 6|king/NN pobj 4",
        "nsubj:pass(inspected, troops) aux:pass(inspected, were) root(inspected) case(king, by) det(king, the) "
        "obl:agent(inspected, king)",
    ),
    "prepositions on verbs and nouns": (
        "they/PRP nsubj 2|met/VBD ROOT 0|at/IN prep 2|the/DT det 5|ministry/NN pobj 3|of/IN prep 5|defence/NN pobj 6",
        "nsubj(met, they) root(met) case(ministry, at) det(ministry, the) obl(met, ministry) case(defence, of) "
        "nmod(ministry, defence)",
    ),
    "a preposition after a preposition": (
        "smoke/NN nsubj 2|came/VBD ROOT 0|from/IN prep 2|across/IN prep 3|the/DT det 6|border/NN pobj 4",
        "nsubj(came, smoke) root(came) case(border, from) case(border, across) det(border, the) obl(came, border)",
    ),
    "a preposition of two words": (
        "flights/NNS nsubj 2|stopped/VBD ROOT 0|because/IN prep 2|of/IN prep 3|fog/NN pobj 4",
        "nsubj(stopped, flights) root(stopped) case(fog, because) fixed(because, of) obl(stopped, fog)",
    ),
    "a clause after a preposition": (
        "she/PRP nsubj 2|left/VBD ROOT 0|after/IN prep 2|visiting/VBG pcomp 3|Oslo/NNP dobj 4",
        "nsubj(left, she) root(left) mark(visiting, after) advcl(left, visiting) obj(visiting, Oslo)",
    ),
    "a clause after a preposition on a noun": (
        "talks/NNS ROOT 0|on/IN prep 1|ending/VBG pcomp 2|the/DT det 5|war/NN dobj 3",
        "root(talks) mark(ending, on) acl(talks, ending) det(war, the) obj(ending, war)",
    ),
    "a stranded preposition": (
        "the/DT det 2|envoy/NN ROOT 0|he/PRP nsubj 4|spoke/VBD relcl 2|to/IN prep 4",
        "det(envoy, the) root(envoy) nsubj(spoke, he) acl:relcl(envoy, spoke) obl(spoke, to)",
    ),
    "a noun as predicate": (
        "Kos/NNP nsubj 2|is/VBZ ROOT 0|the/DT det 4|minister/NN attr 2|of/IN prep 4|defence/NN pobj 5|./. punct 2",
        "nsubj(minister, Kos) cop(minister, is) det(minister, the) root(minister) case(defence, of) "
        "nmod(minister, defence) punct(minister, .)",
    ),
    "an adjective as predicate in a subordinate clause": (
        "he/PRP nsubj 2|said/VBD ROOT 0|that/IN mark 6|talks/NNS nsubj 5|were/VBD ccomp 2|useful/JJ acomp 5",
        "nsubj(said, he) root(said) mark(useful, that) nsubj(useful, talks) cop(useful, were) ccomp(said, useful)",
    ),
    "a place as predicate": (
        "the/DT det 2|base/NN nsubj 3|is/VBZ ROOT 0|in/IN prep 3|Poland/NNP pobj 4",
        "det(base, the) nsubj(Poland, base) cop(Poland, is) case(Poland, in) root(Poland)",
    ),
    "what there is": (
        "there/EX expl 2|was/VBD ROOT 0|no/DT det 4|agreement/NN attr 2|on/IN prep 4|quotas/NNS pobj 5",
        "expl(was, there) root(was) det(agreement, no) nsubj(was, agreement) case(quotas, on) nmod(agreement, quotas)",
    ),
    "another verb with a predicate": (
        "she/PRP nsubj 2|became/VBD ROOT 0|president/NN attr 2",
        "nsubj(became, she) root(became) xcomp(became, president)",
    ),
    "three conjuncts": (
        "Oslo/NNP nsubj 6|,/, punct 1|Riga/NNP conj 1|and/CC cc 3|Bern/NNP conj 3|agreed/VBD ROOT 0",
        "nsubj(agreed, Oslo) punct(Riga, ,) conj(Oslo, Riga) cc(Bern, and) conj(Oslo, Bern) root(agreed)",
    ),
    "verbs with one subject": (
        "he/PRP nsubj 2|arrived/VBD ROOT 0|and/CC cc 2|met/VBD conj 2|troops/NNS dobj 4",
        "nsubj(arrived, he) root(arrived) cc(met, and) conj(arrived, met) obj(met, troops)",
    ),
    "conjuncts after a preposition": (
        "talks/NNS ROOT 0|between/IN prep 1|Oslo/NNP pobj 2|and/CC cc 3|Riga/NNP conj 3",
        "root(talks) case(Oslo, between) nmod(talks, Oslo) cc(Riga, and) conj(Oslo, Riga)",
    ),
    "two objects": (
        "they/PRP nsubj 2|gave/VBD ROOT 0|Kyiv/NNP dative 2|tanks/NNS dobj 2",
        "nsubj(gave, they) root(gave) iobj(gave, Kyiv) obj(gave, tanks)",
    ),
    "an object with a preposition": (
        "they/PRP nsubj 2|gave/VBD ROOT 0|tanks/NNS dobj 2|to/IN dative 2|Kyiv/NNP pobj 4",
        "nsubj(gave, they) root(gave) obj(gave, tanks) case(Kyiv, to) obl(gave, Kyiv)",
    ),
    "negation and mood": (
        "he/PRP nsubj 4|will/MD aux 4|not/RB neg 4|resign/VB ROOT 0",
        "nsubj(resign, he) aux(resign, will) advmod(resign, not) root(resign)",
    ),
    "an infinitive": (
        "they/PRP nsubj 2|agreed/VBD ROOT 0|to/TO aux 4|send/VB xcomp 2|up/RP prt 4|medics/NNS dobj 4",
        "nsubj(agreed, they) root(agreed) mark(send, to) xcomp(agreed, send) compound:prt(send, up) obj(send, medics)",
    ),
    "a possessor": (
        "Serbia/NNP poss 3|'s/POS case 1|minister/NN nsubj 4|spoke/VBD ROOT 0",
        "nmod:poss(minister, Serbia) case(Serbia, 's) nsubj(spoke, minister) root(spoke)",
    ),
    "an apposition": (
        "Kos/NNP nsubj 6|,/, punct 1|the/DT det 4|minister/NN appos 1|,/, punct 1|spoke/VBD ROOT 0",
        "nsubj(spoke, Kos) punct(Kos, ,) det(minister, the) appos(Kos, minister) punct(Kos, ,) root(spoke)",
    ),
    "a relative clause and a participle": (
        "units/NNS ROOT 0|based/VBN acl 1|here/RB advmod 2|that/WDT nsubj 5|trained/VBD relcl 1",
        "root(units) acl(units, based) advmod(based, here) nsubj(trained, that) acl:relcl(units, trained)",
    ),
    "time without a preposition": (
        "he/PRP nsubj 2|arrived/VBD ROOT 0|Monday/NNP npadvmod 2",
        "nsubj(arrived, he) root(arrived) obl:unmarked(arrived, Monday)",
    ),
    "about so many": (
        "some/DT quantmod 2|300/CD nummod 3|soldiers/NNS nsubj 4|left/VBD ROOT 0",
        "advmod(300, some) nummod(soldiers, 300) nsubj(left, soldiers) root(left)",
    ),
    "a quotation": (
        "``/`` punct 6|we/PRP nsubj 3|agree/VBP ccomp 6|,/, punct 6|''/'' punct 6|said/VBD ROOT 0|Kos/NNP nsubj 6",
        "punct(said, ``) nsubj(agree, we) ccomp(said, agree) punct(said, ,) punct(said, '') root(said) "
        "nsubj(said, Kos)",
    ),
    "a condition": (
        "if/IN mark 3|it/PRP nsubj 3|rains/VBZ advcl 5|they/PRP nsubj 5|leave/VBP ROOT 0",
        "mark(rains, if) nsubj(rains, it) advcl(leave, rains) nsubj(leave, they) root(leave)",
    ),
}
NAMED = (
    "Hungarian/JJ amod 5|Defence/NNP compound 5|Minister/NNP compound 5|István/NNP compound 5|Simicskó/NNP nsubj 6|"
    "met/VBD ROOT 0|Ana/NNP compound 8|Kos/NNP dobj 6|in/IN prep 6|Budapest/NNP pobj 9|./. punct 6"
)
NAMED_TEXT = "Hungarian Defence Minister István Simicskó met Ana Kos in Budapest."
NAMES = ((3, 5, "PERSON"), (6, 8, "PERSON"), (9, 10, "GPE"))
VOCAB = spacy.blank("en").vocab


def clear(text: str, nlp: Language | None = None, names: tuple[tuple[int, int, str], ...] = ()) -> Doc:
    """A document with the analysis that is written out."""
    rows = [row.split(" ") for row in text.split("|")]
    words, tags = zip(*(row[0].rsplit("/", 1) for row in rows), strict=True)
    vocab = nlp.vocab if nlp else VOCAB
    lemmas = {"is": "be", "was": "be", "were": "be", "met": "meet", "said": "say"}
    doc = Doc(
        vocab,
        words=list(words),
        tags=list(tags),
        pos=[POS[tag] for tag in tags],
        lemmas=[lemmas.get(word, word) for word in words],
        deps=[row[1] for row in rows],
        heads=[int(row[2]) - 1 if row[2] != "0" else i for i, row in enumerate(rows)],
    )
    doc.ents = [Span(doc, start, end, label) for start, end, label in names]
    return doc


def relations(doc: Doc) -> list[str]:
    return [
        f"root({token.text})" if token.head.i == token.i else f"{token.dep_}({token.head.text}, {token.text})"
        for token in doc
    ]


@pytest.mark.parametrize("case", CASES)
def test_a_construction_gets_its_tree(case: str) -> None:
    """What the guidelines of ClearNLP write the one way, those of Universal Dependencies write the other."""
    given_tree, wanted = CASES[case]
    found = relations(bridge.bridge(clear(given_tree)))
    assert found == [part + ")" for part in wanted.removesuffix(")").split(") ")]


def test_names_and_titles_are_as_in_the_treebank() -> None:
    """The first word heads a name, and a title describes it."""
    doc = bridge.bridge(clear(NAMED, names=((3, 5, "PERSON"), (6, 8, "PERSON"))))
    assert relations(doc)[:8] == [
        "amod(Minister, Hungarian)", "compound(Minister, Defence)", "nmod:desc(István, Minister)", "nsubj(met, István)",
        "flat(István, Simicskó)", "root(met)", "obj(met, Ana)", "flat(Ana, Kos)",
    ]  # fmt: skip


def test_the_verb_of_existence_is_no_auxiliary() -> None:
    doc = bridge.bridge(clear(CASES["what there is"][0]))
    assert doc[1].pos_ == "VERB"
    doc = bridge.bridge(clear(CASES["a noun as predicate"][0]))
    assert doc[1].pos_ == "AUX"


def test_noun_chunks_are_found_in_the_new_trees() -> None:
    doc = bridge.bridge(clear(NAMED, names=((3, 5, "PERSON"), (6, 8, "PERSON"))))
    chunks = ["Hungarian Defence Minister István Simicskó", "Ana Kos", "Budapest"]
    assert [chunk.text for chunk in doc.noun_chunks] == chunks


def test_each_sentence_is_turned_by_itself() -> None:
    one, other = CASES["a noun as predicate"], CASES["a transitive clause"]
    nlp = spacy.blank("en")
    both = Doc.from_docs([clear(one[0], nlp), clear(other[0], nlp)])
    assert both is not None
    bridge.bridge(both)
    assert [len(sentence) for sentence in both.sents] == [7, 5]
    assert [sentence.root.text for sentence in both.sents] == ["minister", "signed"]


UNIVERSAL = frozenset(
    """
    acl acl:relcl advcl advcl:relcl advmod amod appos aux aux:pass case cc cc:preconj ccomp compound compound:prt conj
    cop csubj csubj:outer csubj:pass dep det det:predet discourse expl fixed flat iobj mark nmod nmod:desc nmod:poss
    nmod:unmarked nsubj nsubj:outer nsubj:pass nummod obj obl obl:agent obl:unmarked parataxis punct ROOT xcomp
    """.split()  # noqa: SIM905
)
LABELS = sorted(
    """
    ROOT acl advcl advmod amod appos aux case cc ccomp compound conj csubj dep det expl mark nmod npadvmod nsubj nummod
    parataxis pcomp pobj prep punct relcl xcomp
    """.split()  # noqa: SIM905
    + list(bridge.SYNONYMS)
    + list(bridge.RENAMED)
)
FORMS = """
    is was 's there here to in of by according because such as well more than order and , – Kos Ana the it who 14 2016
    June 200 $ which said \\n
""".split()  # noqa: SIM905
ENTITIES = ("PERSON", "GPE", "DATE")


@st.composite
def sentences(draw: st.DrawFn) -> list[tuple[str, str, str, int, bool]]:
    """The words of a sentence with any tree: form, tag, label, head within the sentence, and whether a space follows.

    The trees are of all shapes, projective or not: in a random order each word hangs on one that came before it.
    """
    count = draw(st.integers(1, 12))
    order = draw(st.permutations(range(count)))
    heads = {order[0]: order[0]}
    for place, word in enumerate(order[1:], 1):
        heads[word] = order[draw(st.integers(0, place - 1))]
    parts = st.tuples(st.sampled_from(FORMS), st.sampled_from(sorted(POS)), st.sampled_from(LABELS), st.booleans())
    drawn = draw(st.lists(parts, min_size=count, max_size=count))
    return [("\n" if f == "\\n" else f, tag, label, heads[i], space) for i, (f, tag, label, space) in enumerate(drawn)]


@settings(max_examples=400, deadline=None)
@given(st.data(), st.lists(sentences(), min_size=1, max_size=3))
def test_whatever_comes_in_a_tree_comes_out(
    data: st.DataObject, drawn: list[list[tuple[str, str, str, int, bool]]]
) -> None:
    """Text, sentences and names stay; each sentence is one tree of universal labels; equal input gives equal output."""
    starts = [0, *accumulate(len(part) for part in drawn)]
    rows = [(start, row) for start, part in zip(starts, drawn, strict=False) for row in part]
    size = len(rows)
    bounds = sorted(data.draw(st.sets(st.integers(0, size), max_size=4)))
    names = [(a, b, data.draw(st.sampled_from(ENTITIES))) for a, b in pairwise(bounds)]

    def made() -> Doc:
        doc = Doc(
            VOCAB,
            words=[form for _, (form, *_) in rows],
            spaces=[space for _, (*_, space) in rows],
            tags=[tag for _, (_, tag, *_) in rows],
            pos=["SPACE" if form.isspace() else POS[tag] for _, (form, tag, *_) in rows],
            deps=[label for _, (_, _, label, *_) in rows],
            heads=[offset + head for offset, (_, _, _, head, _) in rows],
        )
        doc.ents = [Span(doc, start, end, label) for start, end, label in names]
        return doc

    before, doc = made(), bridge.bridge(made())
    assert doc.text == before.text
    assert [(e.start, e.end, e.label_) for e in doc.ents] == names
    assert [(s.start, s.end) for s in doc.sents] == [(s.start, s.end) for s in before.sents]
    assert [s.end - s.start for s in doc.sents] == [len(part) for part in drawn]
    for sentence in doc.sents:
        assert [token.dep_ for token in sentence if token.head.i == token.i] == ["ROOT"]
        for token in sentence:
            assert token.dep_ in UNIVERSAL
            assert token.dep_ != "ROOT" or token.head.i == token.i
            assert all(sentence.start <= up.i < sentence.end for up in token.ancestors)
    for old, new in zip(before, doc, strict=True):
        assert not old.is_space or (new.head.i, new.pos_) == (old.head.i, old.pos_) or old.head.i == old.i
    list(doc.noun_chunks)
    assert relations(bridge.bridge(made())) == relations(doc)


def test_no_word_comes_to_hang_on_what_hangs_on_it() -> None:
    """Nor on a word of another sentence; such a move is refused, and the tree stays as it was."""
    one, other = CASES["a transitive clause"], CASES["what there is"]
    both = Doc.from_docs([clear(one[0]), clear(other[0])])
    assert both is not None
    forest = bridge.Forest(both)
    signed, treaty, was = 1, 3, 6
    before = list(forest.heads)
    assert not any(forest.move(*pair) for pair in [(signed, treaty), (treaty, treaty), (treaty, was)])
    assert forest.heads == before
    forest.promote(treaty, "obj")
    assert (forest.heads[treaty], forest.heads[signed], forest.labels[treaty]) == (treaty, treaty, "ROOT")


def test_what_is_not_parsed_stays_as_it_is() -> None:
    """A text without trees, and one without words, has nothing to be turned."""
    for doc in (Doc(VOCAB, words=["of", "Oslo"]), Doc(VOCAB)):
        assert not bridge.bridge(doc).has_annotation("DEP") or not len(doc)


@pytest.mark.parametrize("case", [*CASES, "a name"])
def test_a_tree_that_came_over_the_bridge_comes_over_it_unchanged(case: str) -> None:
    doc = bridge.bridge(clear(NAMED, names=NAMES) if case == "a name" else clear(CASES[case][0]))
    once = relations(doc)
    assert relations(bridge.bridge(doc)) == once


@Language.factory("clear_parser")
def _clear_parser(nlp: Language, name: str) -> object:
    """A component with the labels of ClearNLP, as their parsers are."""

    class Parser:
        labels = ("dobj", "nsubjpass", "pobj", "prep")

        def __call__(self, doc: Doc) -> Doc:
            return doc

        def to_disk(self, path: Path, exclude: object = ()) -> None:
            path.mkdir()

        def from_disk(self, path: Path, exclude: object = ()) -> object:
            return self

    return Parser()


@Language.component("by_hand")
def _by_hand(doc: Doc) -> Doc:
    """Instead of what an untrained parser says, the analysis of `NAMED`."""
    known = clear(NAMED, names=NAMES)
    assert doc.text == NAMED_TEXT
    words = [word.lemma_ for word in known]
    attributes: list[int | str] = ["HEAD", "DEP", "POS", "TAG"]
    for word in known:
        for label in (word.dep_, word.pos_, word.tag_):
            doc.vocab.strings.add(label)
    doc.from_array(attributes, known.to_array(attributes))
    for token, lemma in zip(doc, words, strict=True):
        token.lemma_ = lemma
    doc.ents = [Span(doc, *name) for name in NAMES]
    return doc


def _with_parser(*labels: str) -> Language:
    """A pipeline with a parser of spaCy that has these labels, and has learnt nothing."""
    nlp = spacy.blank("en")
    parser = nlp.add_pipe("parser")
    for label in labels:
        parser.add_label(label)  # type: ignore[attr-defined]
    nlp.initialize()
    return nlp


def test_a_pipeline_on_disk_is_read_over_the_bridge(tmp_path: Path) -> None:
    """The labels of its parser decide; the bridge goes last, and once."""
    nlp = _with_parser("nsubj", "dobj", "prep", "pobj", "compound", "ROOT")
    nlp.add_pipe("by_hand")
    nlp.to_disk(tmp_path / "clear")
    loaded = load(str(tmp_path / "clear"))
    assert loaded.pipe_names == ["parser", "by_hand", bridge.NAME]
    doc = loaded(NAMED_TEXT)
    assert relations(doc) == relations(bridge.bridge(clear(NAMED, names=NAMES)))
    assert [(name.text, name.label_) for name in doc.ents][-1] == ("Budapest", "GPE")
    loaded.to_disk(tmp_path / "bridged")
    assert load(str(tmp_path / "bridged")).pipe_names == loaded.pipe_names


def test_a_pipeline_in_universal_dependencies_is_read_as_it_is(tmp_path: Path) -> None:
    _with_parser("nsubj", "obj", "obl", "case", "aux:pass", "ROOT").to_disk(tmp_path)
    assert load(str(tmp_path)).pipe_names == ["parser"]


def test_a_pipeline_with_such_labels_gets_the_bridge(tmp_path: Path) -> None:
    """One that has the labels of Universal Dependencies does not."""
    nlp = spacy.blank("en")
    nlp.add_pipe("clear_parser")
    nlp.to_disk(tmp_path / "pipeline")
    assert load(str(tmp_path / "pipeline")).pipe_names == ["clear_parser", bridge.NAME]
    assert bridge.NAME not in load().pipe_names


def test_facts_are_read_from_what_comes_over_the_bridge() -> None:
    """They are those that the embedded model's own analysis gives."""
    settled = reader(Settings())
    document = Document("one", "Hungarian Defence Minister István Simicskó met Ana Kos in Budapest.")
    names = ((3, 5, "PERSON"), (6, 8, "PERSON"), (9, 10, "GPE"))
    facts = []
    for doc in (bridge.bridge(clear(NAMED, settled.nlp, names)), settled.nlp(document.text)):
        reading = read_document(document, doc, settled.ontology, settled.lexicon)
        found = extract_facts(reading, settled.extractors, settled.rules, settled.ontology, 0.0)
        labels = {chain.id: chain.name for chain in found.chains}
        facts.append({(labels[f.subject], f.property, labels.get(str(f.object), f.object)) for f in found.facts})
    assert facts[0] == facts[1]
    assert len(facts[0]) >= 4
