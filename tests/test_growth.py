"""The time that a text takes grows about as its length does, whatever it consists of."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.language import Language
from spacy.tokenizer import Tokenizer
from spacy.tokens import Doc

from graphwright.facts import compile_rules, extract_facts, read_document, strengthened
from graphwright.facts.ontological import OntologyExtractor
from graphwright.language.tokenization import LONGEST, BoundedTokenizer
from graphwright.mentions import Lexicon
from graphwright.model import Document, Fact
from graphwright.ontology import Ontology

TIMES = 4
"""How many times as long the longer of two texts is."""
MOST = 8
"""How many times as long it may take; a time that grew with the square would be 16 times as long."""
TRIES = 3
"""The machine may be busy with something else."""


def grows_with_length(work: Callable[[int], None], size: int) -> bool:
    """Whether work on something larger takes as much longer, by the processor's time."""
    for _ in range(TRIES):
        times = []
        for part in (size, TIMES * size):
            start = time.process_time()
            work(part)
            times.append(time.process_time() - start)
        if times[1] <= MOST * times[0]:
            return True
    return False


# ---------------------------------------------------------------------------------------------------------------- words

MARKS = ["(", '"', "\U0001f600", "a,", "a-", "(a", "<", "1", ")."]


@pytest.mark.parametrize("mark", MARKS)
def test_a_text_without_spaces_is_cut_into_words_in_time(nlp: Language, mark: str) -> None:
    """Each size has words of its own, for the tokenizer remembers what it has cut."""
    assert grows_with_length(lambda size: nlp.tokenizer(f"{size}{mark * size}"), 5_000)


@settings(max_examples=50)
@given(st.lists(st.sampled_from([*MARKS, "word", " ", "\n", "http://a.org/"]), max_size=20), st.integers(1, 100))
def test_a_text_of_any_length_is_the_sum_of_its_words(nlp: Language, parts: list[str], times: int) -> None:
    text = "".join(part * times for part in parts)
    doc = nlp.tokenizer(text)
    assert doc.text == text
    assert all(len(token) <= LONGEST or token.is_space for token in doc)


def test_words_are_cut_as_spacy_cuts_them(nlp: Language) -> None:
    """Up to a length that no word has, and from there on in pieces."""
    ours = nlp.tokenizer
    assert isinstance(ours, BoundedTokenizer)
    spacys = Tokenizer(
        nlp.vocab, ours.rules, ours.prefix_search, ours.suffix_search, ours.infix_finditer, None, ours.url_match
    )
    brackets = "(" * (LONGEST - 4)
    text = f"{brackets}U.S. doesn't pay $5m (see http://example.org/{'a' * 300}?b=c)."
    assert [token.text for token in ours(text)] == [token.text for token in spacys(text)]
    assert [len(token) for token in ours("a" * (2 * LONGEST + 1))] == [LONGEST, LONGEST, 1]


# --------------------------------------------------------------------------------------------------------- what is read


def numbered(pattern: str) -> Callable[[int], str]:
    """A text of sentences in which # is a name that no other sentence has."""

    def text(count: int) -> str:
        names = (chr(97 + i // 676 % 26) + chr(97 + i // 26 % 26) + chr(97 + i % 26) for i in range(count))
        return " ".join(pattern.replace("#", name) for name in names)

    return text


UNLIKE = {
    "people of one family name": numbered("Anna# Berg,"),
    "people of many names": numbered("Anna B# met Omar H#n in Riga."),
}
"""Texts by the number of their sentences, of which none is like another."""

ALIKE = {
    "capital letters": "A. ",
    "titles": "Mr. ",
    "posts in a row": "Prime Minister ",
    "a fact told again and again": "Anna Berg met Omar Haddad in Riga. ",
    "descriptions": "The minister said that the delegation met. The two ministers left. ",
    "people told by their titles": "Mr Tom Berg met Mrs Anna Berg. Berg left. ",
    "reports of nobody": "The report said that prices rose. ",
    "meetings left unsaid": "Norway attended. ",
    "first persons": "I left, and we met Anna Berg. ",
}
"""Pieces of text that are repeated."""


@pytest.fixture(scope="module")
def reads(nlp: Language, ontology: Ontology, lexicon: Lexicon) -> Callable[[Doc], None]:
    """Reads the facts of a parsed text."""
    extractors, rules = [OntologyExtractor(ontology, nlp)], compile_rules(ontology)

    def read(doc: Doc) -> None:
        reading = read_document(Document("d", doc.text), doc, ontology, lexicon)
        extract_facts(reading, extractors, rules, ontology)

    return read


@pytest.mark.parametrize("name", ALIKE)
def test_repetition_takes_no_longer_than_its_length(nlp: Language, reads: Callable[[Doc], None], name: str) -> None:
    parsed = nlp(ALIKE[name] * (400 // len(ALIKE[name])))
    parts = {times: Doc.from_docs([parsed] * times, exclude=["user_data"]) for times in (4, 4 * TIMES)}
    assert grows_with_length(lambda times: reads(parts[times]), 4)


@pytest.mark.parametrize("name", UNLIKE)
def test_many_things_take_no_longer_than_the_text(nlp: Language, reads: Callable[[Doc], None], name: str) -> None:
    docs = {count: nlp(UNLIKE[name](count)) for count in (60, 60 * TIMES)}
    assert grows_with_length(lambda count: reads(docs[count]), 60)


SPANS = st.tuples(st.integers(0, 30), st.integers(1, 9)).map(lambda span: (span[0], span[0] + span[1]))


@given(st.lists(st.tuples(SPANS, st.sampled_from([0.2, 0.5, 0.9])), min_size=1, max_size=12))
def test_finds_that_share_words_are_one_witness(finds: list[tuple[tuple[int, int], float]]) -> None:
    """The surest counts, the rest as far as they stand apart from it and from each other."""
    facts = [Fact("e1", "p", "e2", span, span, span, confidence, "x") for span, confidence in finds]
    apart: list[Fact] = []
    for fact in sorted(facts, key=lambda fact: (-fact.confidence, fact.evidence[0])):
        if all(fact.evidence[1] <= one.evidence[0] or one.evidence[1] <= fact.evidence[0] for one in apart):
            apart.append(fact)
    wrong = 1.0
    for fact in apart:
        wrong *= 1 - fact.confidence
    assert strengthened(facts).confidence == pytest.approx(1 - wrong, abs=0.001)
