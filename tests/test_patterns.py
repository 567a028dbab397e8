"""Patterns: their notation is read and written without loss, and a phrase is understood as the tree that it shows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.language import Language

from graphwright.errors import OntologyError
from graphwright.facts import PropertyPattern, compile_ontology, extract_facts, read_document
from graphwright.facts.matching import find_matches
from graphwright.facts.ontological import OntologyExtractor
from graphwright.mentions import Lexicon
from graphwright.model import Document
from graphwright.ontology import Example, load
from graphwright.ontology.gazetteer import load_gazetteer
from graphwright.ontology.patterns import Edge, Node, NotationError, Pattern, parse, render, with_synonyms

# ------------------------------------------------------------------------------------------------------------ notation

NOTATION = [
    "[Person] <-subject- lead -object-> [Delegation]",
    "[Person] <-subject- head|lead -object-> [Delegation]",
    "[Person] <-subject- take (-object-> part) -in-> [Event]",
    "[Person] <-subject- * -at|in-> [Meeting]",
    "[Event] -in-> [Place]",
    "[Person] -is-> {Position} -of-> [Organization]",
    "[Event] -according to-> [Agent]",
    "[Person] <-subject- take (-object-> part (-modifier-> active)) (-on-> [date]) -in-> x",
    "[ex:Keeper] <-subject- co-host (-modifier-> (-as-> guest) day)",
]


@pytest.mark.parametrize("text", NOTATION[:7])
def test_a_pattern_is_written_as_it_was_read(text: str) -> None:
    assert str(parse(text)) == text


def test_the_parts_of_a_pattern() -> None:
    pattern = parse("[Person] <-subject- take|play (-object-> part) -in|at-> [Event]")
    assert pattern.nodes == (
        Node(slot="Person"),
        Node(words=frozenset({"take", "play"})),
        Node(words=frozenset({"part"})),
        Node(slot="Event"),
    )
    assert pattern.edges == (
        Edge(1, frozenset({"subject"}), 0),
        Edge(1, frozenset({"object"}), 2),
        Edge(1, frozenset({"in", "at"}), 3),
    )
    assert pattern.slots == (0, 3)


def test_spaces_do_not_matter() -> None:
    close, loose = (
        parse("[Person] <-subject- take (-object-> part) -in-> [Event]"),
        parse("  [ Person ]  <-subject-  take ( -object->  part )  -in->   [Event] "),
    )
    assert (close.nodes, close.edges) == (loose.nodes, loose.edges)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[Person] [Event]", "no edge leads to [Event]"),
        ("[Person] lead [Event]", "no edge leads to lead"),
        ("-in-> [Event]", "does not start at a node"),
        ("[Person] -in-> -at-> [Event]", "does not start at a node"),
        ("[Person] -in->", "breaks off"),
        ("[Person] (-in-> [Event]", "breaks off"),
        ("[Person] -in-> [Event])", "')' without '('"),
        ("(-in-> [Event])", "'(' before any node"),
        ("[Person] (-in->) [Event]", "breaks off"),
        ("[Person -in-> Event", "cannot read"),
        ("[Person] -in-> {Event", "cannot read"),
        ("[Person] > [Event]", "cannot read"),
        ("[Person] <-subject- lead| -object-> [Event]", "."),
        ("[Person] -in|-> [Event]", "."),
        ("| -in-> [Event]", "."),
    ],
)
def test_a_broken_pattern_is_refused_with_the_place(text: str, complaint: str) -> None:
    with pytest.raises(NotationError, match=re.escape(complaint).replace(r"\.", ".")):
        parse(text)


LETTERS = "abcdefghijklmnopqrstuvwxyzäß"
WORDS = st.text(LETTERS, min_size=1, max_size=6)
ROLES = st.sampled_from(["subject", "object", "in", "of", "is", "according to", "to clause"])
INNER = st.one_of(
    st.builds(Node, words=st.frozensets(WORDS, min_size=1, max_size=3)),
    st.just(Node(words=frozenset({"*"}))),
    st.builds(Node, kind=WORDS.map(str.title)),
)
SLOTS = st.builds(Node, slot=WORDS.map(str.title))


@st.composite
def patterns(draw: st.DrawFn) -> Pattern:
    """Any tree with two slots, its nodes in any order."""
    nodes = [draw(SLOTS), draw(SLOTS), *draw(st.lists(INNER, max_size=5))]
    nodes = draw(st.permutations(nodes))
    edges = []
    for i in range(1, len(nodes)):
        pair = (i, draw(st.integers(0, i - 1)))
        head, argument = pair if draw(st.booleans()) else pair[::-1]
        edges.append(Edge(head, draw(st.frozensets(ROLES, min_size=1, max_size=2)), argument))
    return Pattern(tuple(nodes), tuple(edges))


def shape(pattern: Pattern) -> tuple[Counter[Node], Counter[tuple[Node, frozenset[str], Node]]]:
    """What is in a pattern, whatever the order of its nodes."""
    return (
        Counter(pattern.nodes),
        Counter((pattern.nodes[e.head], e.roles, pattern.nodes[e.argument]) for e in pattern.edges),
    )


@given(pattern=patterns())
@settings(max_examples=300, deadline=None)
def test_every_pattern_can_be_written_and_read_again(pattern: Pattern) -> None:
    text = render(pattern)
    again = parse(text)
    assert render(again) == text
    assert shape(again) == shape(pattern)
    assert [again.nodes[i] for i in again.slots] == [pattern.nodes[i] for i in pattern.slots]


@given(text=st.text("[](){}<>-| *ab", max_size=20))
@settings(max_examples=300, deadline=None)
def test_any_text_is_read_as_a_tree_or_refused(text: str) -> None:
    try:
        pattern = parse(text)
    except NotationError:
        return
    assert len(pattern.edges) == max(0, len(pattern.nodes) - 1)
    assert parse(render(pattern)).nodes or not pattern.nodes


def test_a_word_stands_for_its_synonyms_and_slots_for_themselves() -> None:
    wide = with_synonyms(parse("[Lead] <-subject- lead -in-> x"), (frozenset({"lead", "head"}), frozenset({"y", "z"})))
    assert str(wide) == "[Lead] <-subject- head|lead -in-> x"


# ------------------------------------------------------------------------------------------------------------ matching


@given(pattern=patterns())
@settings(max_examples=200, deadline=None)
def test_a_pattern_lies_over_its_own_tree(pattern: Pattern) -> None:
    """Laid over a text whose propositions are the pattern itself, each node finds its place, from whatever start."""

    def test(node: Node, token: int) -> bool:
        return node == pattern.nodes[token]

    def neighbours(token: int, roles: frozenset[str], upwards: bool) -> list[tuple[int, float]]:
        ends = [(e.argument, e.head) if upwards else (e.head, e.argument) for e in pattern.edges if e.roles & roles]
        return [(there, 0.5) for here, there in ends if here == token]

    for start in range(len(pattern.nodes)):
        found = list(find_matches(pattern, iter(range(len(pattern.nodes))), start, test, neighbours))
        assert tuple(range(len(pattern.nodes))) in [match.tokens for match in found]
        assert {match.certainty for match in found} == {0.5 ** len(pattern.edges)}
        assert all(len(set(match.tokens)) == len(match.tokens) for match in found)


# ------------------------------------------------------------------------------------------------------------- phrases

HEAD = """@prefix ex: <http://example.org/> .
@prefix lex: <https://w3id.org/graphwright/lex#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
ex:Keeper a owl:Class ; lex:entityLabel "PERSON" .
ex:Zoo a owl:Class ; lex:entityLabel "ORG" ; lex:noun "zoo" .
ex:Animal a owl:Class ; lex:noun "animal", "lion", "zebra" .
ex:feeds a owl:ObjectProperty ; rdfs:domain ex:Keeper ; rdfs:range ex:Animal .
ex:livesIn a owl:ObjectProperty ; rdfs:domain ex:Animal ; rdfs:range ex:Zoo .
ex:born a owl:DatatypeProperty ; rdfs:domain ex:Animal ; rdfs:range xsd:date .
"""  # eleven lines: what follows begins on line 12

Compile = Callable[[str], list[PropertyPattern]]


@pytest.fixture
def zoo(tmp_path: Path, nlp: Language) -> Compile:
    def compiled(lines: str) -> list[PropertyPattern]:
        path = tmp_path / "zoo.ttl"
        path.write_text(HEAD + lines, encoding="utf-8")
        return list(compile_ontology(load([path]), nlp))

    return compiled


@pytest.mark.parametrize(
    ("phrase", "understood"),
    [
        ("[Keeper] feeds [Animal]", "[Keeper] <-subject- feed -object-> [Animal]"),
        ("[Keeper] fed [Animal].", "[Keeper] <-subject- feed -object-> [Animal]"),
        ("[Animal] was fed by [Keeper]", "[Animal] <-object- feed -subject-> [Keeper]"),
        ("[Keeper] looks after [Animal]", "[Keeper] <-subject- look -after-> [Animal]"),
        ("the old animal of [Keeper]", "[Animal] (-modifier-> old) -of-> [Keeper]"),
        ("[Animal] of [Keeper]", "[Animal] -of-> [Keeper]"),
        ("[Keeper] often feeds [Animal]", "[Keeper] <-subject- feed -object-> [Animal]"),
    ],
)
def test_a_phrase_is_understood_as_a_tree(phrase: str, understood: str, zoo: Compile) -> None:
    (compiled,) = zoo(f'ex:feeds lex:phrase "{phrase}" .')
    assert str(compiled.pattern) == understood


def test_a_preposition_is_sought_on_the_verb_and_on_its_object(zoo: Compile) -> None:
    """Parsers waver, and both mean the same: imposed sanctions | on X, imposed | sanctions on X."""
    found = {str(one.pattern) for one in zoo('ex:feeds lex:phrase "[Keeper] spends money on [Animal]" .')}
    assert found == {
        "[Keeper] <-subject- spend (-object-> money) -on-> [Animal]",
        "[Keeper] <-subject- spend -object-> money -on-> [Animal]",
    }


@pytest.mark.parametrize(
    ("phrase", "subject"),
    [
        ("[Keeper] feeds [Animal]", "Keeper"),
        ("[Animal] was fed by [Keeper]", "Keeper"),
        ("the animal of [Keeper]", "Keeper"),
    ],
)
def test_the_domain_tells_which_slot_is_the_subject(phrase: str, subject: str, zoo: Compile) -> None:
    (compiled,) = zoo(f'ex:feeds lex:phrase "{phrase}" .')
    nodes = compiled.pattern.nodes
    assert (nodes[compiled.subject].slot, nodes[compiled.object].slot) == (subject, "Animal")
    assert compiled.example.text == phrase
    assert compiled.property.iri == "http://example.org/feeds"


def test_where_both_slots_are_alike_the_first_written_is_the_subject(zoo: Compile) -> None:
    (compiled,) = zoo(
        "ex:chases a owl:ObjectProperty ; rdfs:domain ex:Animal ; rdfs:range ex:Animal ;\n"
        '  lex:phrase "[Animal] was chased by [Animal]" .'
    )
    roles = {
        edge.argument: next(iter(edge.roles))
        for edge in compiled.pattern.edges
        if edge.argument in (compiled.subject, compiled.object)
    }
    assert (roles[compiled.subject], roles[compiled.object]) == ("object", "subject")


def test_a_value_fills_a_slot(zoo: Compile) -> None:
    (compiled,) = zoo('ex:born lex:phrase "[Animal] was born on [date]" .')
    assert str(compiled.pattern) == "[Animal] <-object- bear -on-> [date]"


def test_synonyms_widen_every_phrase_and_pattern_of_their_property(zoo: Compile) -> None:
    compiled = zoo(
        'ex:feeds lex:phrase "[Keeper] feeds [Animal]" ; lex:synonyms "feed, water" ;\n'
        '  lex:pattern "[Animal] <-object- water -subject-> [Keeper]" .\n'
        'ex:livesIn lex:phrase "[Zoo] feeds [Animal]" .'
    )
    assert sorted(str(one.pattern) for one in compiled) == [
        "[Animal] <-object- feed|water -subject-> [Keeper]",
        "[Keeper] <-subject- feed|water -object-> [Animal]",
        "[Zoo] <-subject- feed -object-> [Animal]",
    ]


@pytest.mark.parametrize("phrase", ["[Keeper] sleeps. [Animal] eats."])
def test_a_phrase_whose_slots_no_words_join_is_refused_with_its_line(phrase: str, zoo: Compile) -> None:
    with pytest.raises(OntologyError) as caught:
        zoo(f'ex:feeds lex:phrase "[Keeper] feeds [Animal]" ;\n  lex:phrase "{phrase}" .')
    what, where, mend = caught.value.args
    assert phrase in what
    assert "feeds" in what
    assert where.endswith("zoo.ttl:13")
    assert "[Person] leads [Delegation]" in mend


def test_a_broken_pattern_is_refused_with_its_line(zoo: Compile) -> None:
    with pytest.raises(OntologyError) as caught:
        zoo('ex:feeds lex:phrase "[Keeper] feeds [Animal]" ;\n  lex:pattern "[Keeper] <-subject- feed [Animal]" .')
    what, where, _ = caught.value.args
    assert "no edge leads to [Animal]" in what
    assert where.endswith("zoo.ttl:13")


def test_a_pattern_that_no_loader_has_seen_is_refused_too(tmp_path: Path, nlp: Language) -> None:
    """An ontology may be made by hand and not by the loader."""
    path = tmp_path / "zoo.ttl"
    path.write_text(HEAD, encoding="utf-8")
    ontology = load([path])
    iri = "http://example.org/feeds"
    broken = replace(ontology.properties[iri], patterns=(Example("[Keeper] -of-> (", "by hand", 3),))
    with pytest.raises(OntologyError) as caught:
        compile_ontology(replace(ontology, properties={iri: broken}), nlp)
    assert caught.value.args[1] == "by hand:3"


def test_every_phrase_of_the_default_ontology_can_be_shown_and_read_again(nlp: Language) -> None:
    for compiled in compile_ontology(load(()), nlp):
        assert {compiled.subject, compiled.object} == set(compiled.pattern.slots), compiled.example
        assert shape(parse(str(compiled.pattern))) == shape(compiled.pattern), compiled.example


# ------------------------------------------------------------------------------------------------- what a phrase finds


@pytest.mark.parametrize(
    "text",
    [
        "Ana Kos feeds the lion.",
        "The lion was fed by Ana Kos.",
        "The lion that Ana Kos fed slept.",
        "Ana Kos, who feeds the lion, was tired.",
        "Ana Kos came early and fed the lion.",
        "Ana Kos managed to feed the lion.",
        "The lion fed by Ana Kos slept.",
    ],
)
def test_one_phrase_covers_all_of_its_guises(text: str, tmp_path: Path, nlp: Language) -> None:
    path = tmp_path / "zoo.ttl"
    path.write_text(HEAD + 'ex:feeds lex:phrase "[Keeper] feeds [Animal]" .', encoding="utf-8")
    ontology = load([path])
    lexicon = Lexicon(ontology, load_gazetteer(), nlp)
    reading = read_document(Document("d", text), nlp(text), ontology, lexicon)
    extraction = extract_facts(reading, [OntologyExtractor(ontology, nlp)], (), ontology)
    names = {chain.id: chain.name for chain in extraction.chains}
    assert [(names[f.subject], names[str(f.object)], f.asserted) for f in extraction.facts] == [
        ("Ana Kos", "lion", True)
    ]
