"""What follows from the facts of a graph by the axioms of its ontology, where it is kept, and how it is explained."""

from __future__ import annotations

import random
import re
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import owlrl
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse, serialize
from resolving import resolved

from graphwright import build, cli, from_text
from graphwright.errors import StoreError
from graphwright.export import export
from graphwright.graph import GW, INFERRED_GRAPH, KnowledgeGraph, assemble, consequences, explain, infer
from graphwright.model import Chain, Document, Extraction, Fact, Modality
from graphwright.ontology import load
from graphwright.pipeline import oxigraph_triples
from graphwright.settings import Settings

BASE = "https://example.org/id/"
PREFIXES = """
@prefix : <https://example.org/my#> .
@prefix gw: <https://w3id.org/graphwright/ontology#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix schema: <https://schema.org/> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix prov: <http://www.w3.org/ns/prov#> .
"""
DEFAULT = list(oxigraph_triples(load()))


def turtle(text: str) -> set[Triple]:
    return {quad.triple for quad in parse(PREFIXES + text, RdfFormat.TURTLE)}


def told(triples: Iterable[Triple]) -> list[str]:
    """Return triples for a reader, sorted."""
    return sorted(map(str, triples))


# -- what follows -----------------------------------------------------------------------------------------------------

CASES = {
    "a subproperty says what is above it": (
        ":received rdfs:subPropertyOf :met . :met rdfs:subPropertyOf :knows .",
        ":ann :received :bob .",
        ":ann :met :bob ; :knows :bob .",
    ),
    "a value stays as it is written": (
        ":heldOn rdfs:subPropertyOf :when .",
        ':talks :heldOn "2016-06"^^xsd:gYearMonth , "x"^^xsd:date .',
        ':talks :when "2016-06"^^xsd:gYearMonth , "x"^^xsd:date .',
    ),
    "a symmetric property holds both ways": (
        ":met a owl:SymmetricProperty .",
        ":ann :met :bob .",
        ":bob :met :ann .",
    ),
    "an inverse is read both ways": (
        ":memberOf owl:inverseOf :hasMember .",
        ":ann :memberOf :party . :union :hasMember :bob .",
        ":party :hasMember :ann . :bob :memberOf :union .",
    ),
    "an inverse need not have a name": (
        "[ owl:inverseOf :founder ] rdfs:subPropertyOf :founded . "
        ":owns rdfs:subPropertyOf [ owl:inverseOf :ownedBy ] .",
        ":party :founder :ann . :ann :owns :house .",
        ":ann :founded :party . :house :ownedBy :ann .",
    ),
    "a value has no inverse": (
        ":rank owl:inverseOf :rankOf .",
        ':ann :rank "General" .',
        "",
    ),
    "a transitive property leads on": (
        ":in a owl:TransitiveProperty .",
        ":szeged :in :csongrad . :csongrad :in :hungary . :hungary :in :europe .",
        ":szeged :in :hungary , :europe . :csongrad :in :europe .",
    ),
    "a chain leads from one property over another": (
        ":heldIn owl:propertyChainAxiom ( :heldIn :in ) .",
        ":talks :heldIn :szeged . :szeged :in :csongrad . :csongrad :in :hungary .",
        ":talks :heldIn :csongrad , :hungary .",
    ),
    "a chain may be long and go backwards": (
        ":compatriot owl:propertyChainAxiom ( :worksFor :of [ owl:inverseOf :citizenOf ] ) .",
        ":ann :worksFor :ministry . :ministry :of :hungary . :bob :citizenOf :hungary .",
        ":ann :compatriot :bob .",
    ),
    "a chain through a broken list says nothing": (
        ":p owl:propertyChainAxiom ( :q [] ) , :nowhere .",
        ":a :q :b .",
        "",
    ),
    "equivalent properties say the same": (
        ":leads owl:equivalentProperty :heads .",
        ":ann :leads :party . :bob :heads :union .",
        ":ann :heads :party . :bob :leads :union .",
    ),
    "a class says what is above it": (
        ":General rdfs:subClassOf :Person , [ a owl:Restriction ; owl:onProperty :rank ] . "
        ":Person owl:equivalentClass foaf:Person . foaf:Person rdfs:subClassOf foaf:Agent .",
        ":ann a :General .",
        ":ann a :Person , foaf:Person , foaf:Agent .",
    ),
    "axioms work together": (
        ":received rdfs:subPropertyOf :met . :met a owl:SymmetricProperty ; rdfs:subPropertyOf schema:knows .",
        ":ann :received :bob .",
        ":ann :met :bob ; schema:knows :bob . :bob :met :ann ; schema:knows :ann .",
    ),
    "what a document states is no consequence": (
        ":met a owl:SymmetricProperty .",
        ":ann :met :bob . :bob :met :ann .",
        "",
    ),
    "a circle says nothing of a thing and itself": (
        ":in a owl:TransitiveProperty . :met a owl:SymmetricProperty .",
        ":a :in :b . :b :in :c . :c :in :a . :a :met :a .",
        ":a :in :c . :b :in :a . :c :in :b .",
    ),
}
ALONE = {
    "domains and ranges tell what to extract, and conclude no class": (
        ":appointed rdfs:domain :Agent ; rdfs:range :Person .",
        ":ann :appointed :office .",
    ),
    "identity is for the resolution of entities": (
        ":president a owl:FunctionalProperty . :seat a owl:InverseFunctionalProperty .",
        ":a :president :b , :c ; :seat :d . :e :seat :d . :b owl:sameAs :f .",
    ),
    "restrictions and disjointness are for validation": (
        ":A owl:disjointWith :B ; rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :p ; owl:allValuesFrom :B ] .",
        ":a a :A , :B ; :p :c .",
    ),
    "that everything is a thing": (
        ":A rdfs:subClassOf owl:Thing , rdfs:Resource . :p rdfs:subPropertyOf :p .",
        ":a a :A ; :p :b .",
    ),
}


@pytest.mark.parametrize(("axioms", "facts", "expected"), CASES.values(), ids=CASES)
def test_what_follows(axioms: str, facts: str, expected: str) -> None:
    assert told(consequences(turtle(facts), turtle(axioms))) == told(turtle(expected))


@pytest.mark.parametrize(("axioms", "facts"), ALONE.values(), ids=ALONE)
def test_what_is_left_alone(axioms: str, facts: str) -> None:
    assert told(consequences(turtle(facts), turtle(axioms))) == []


def test_the_default_ontology_answers_in_the_words_of_other_vocabularies() -> None:
    """Who asks for schema:memberOf, org:hasMember or foaf:Person finds what gw: says."""
    found = consequences(turtle(":ann a gw:Person ; gw:memberOf :party ."), DEFAULT)
    assert found >= turtle(
        """:ann a gw:Agent , foaf:Person , schema:Person , foaf:Agent , prov:Person , prov:Agent ;
             schema:memberOf :party ; org:memberOf :party .
           :party schema:member :ann ; org:hasMember :ann ."""
    )
    # That a party has members does not make it an organisation of any vocabulary.
    assert not [
        triple for triple in found if str(triple.subject).endswith("party>") and "type" in str(triple.predicate)
    ]


def test_by_the_default_ontology_what_happens_in_a_place_happens_in_what_holds_it() -> None:
    """Places are located in one another; who is based, born, deployed or met in one is so in the other."""
    facts = """:szeged gw:locatedIn :csongrad . :csongrad gw:locatedIn :hungary . :talks gw:heldIn :szeged .
        :unit gw:deployedIn :szeged . :ann gw:bornIn :szeged ; gw:livesIn :csongrad ; gw:visited :szeged .
        :firm gw:basedIn :csongrad . :lower gw:partOf :middle . :middle gw:partOf :upper ."""
    found = {triple for triple in consequences(turtle(facts), DEFAULT) if triple.predicate.value.startswith(GW)}
    assert told(found) == told(
        turtle(
            """:szeged gw:locatedIn :hungary . :talks gw:heldIn :csongrad , :hungary . :firm gw:basedIn :hungary .
            :unit gw:deployedIn :csongrad , :hungary . :ann gw:bornIn :csongrad , :hungary ; gw:livesIn :hungary .
            :lower gw:partOf :upper ."""
        )
    )


# -- laws -------------------------------------------------------------------------------------------------------------

NAMES = [NamedNode(f"https://example.org/my#{name}") for name in "abcd"]
PROPERTIES = [NamedNode(f"https://example.org/my#{name}") for name in "pqr"]
CLASSES = [NamedNode(f"https://example.org/my#{name}") for name in "ABC"]
TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")

some_links = st.builds(Triple, st.sampled_from(NAMES), st.sampled_from(PROPERTIES), st.sampled_from(NAMES))
some_types = st.builds(Triple, st.sampled_from(NAMES), st.just(TYPE), st.sampled_from(CLASSES))
some_values = st.builds(Triple, st.sampled_from(NAMES), st.sampled_from(PROPERTIES), st.just(Literal("x")))
some_facts = st.sets(some_links | some_types | some_values, max_size=8)
some_property, some_class = (st.sampled_from([node.value for node in nodes]) for nodes in (PROPERTIES, CLASSES))
some_axioms = st.lists(
    st.builds("<{}> rdfs:subPropertyOf <{}> .".format, some_property, some_property)
    | st.builds("<{}> owl:equivalentProperty <{}> .".format, some_property, some_property)
    | st.builds("<{}> owl:inverseOf <{}> .".format, some_property, some_property)
    | st.builds("<{}> a owl:SymmetricProperty .".format, some_property)
    | st.builds("<{}> a owl:TransitiveProperty .".format, some_property)
    | st.builds("<{}> owl:propertyChainAxiom ( <{}> <{}> ) .".format, some_property, some_property, some_property)
    | st.builds("<{}> rdfs:subClassOf <{}> .".format, some_class, some_class)
    | st.builds("<{}> owl:equivalentClass <{}> .".format, some_class, some_class),
    max_size=5,
).map(lambda axioms: turtle("\n".join(axioms)))


@settings(max_examples=25, deadline=None)
@given(st.sets(some_links | some_types, max_size=8), some_axioms)
def test_another_reasoner_concludes_the_same(facts: set[Triple], axioms: set[Triple]) -> None:
    """owlrl follows all rules of OWL 2 RL; of what it finds, that is all that says something about the things.

    Values are left out: owlrl makes them subjects on the way, which RDF does not know.
    """
    graph = rdflib.Graph().parse(data=serialize(facts | axioms, format=RdfFormat.N_TRIPLES), format="nt")
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics, axiomatic_triples=False, datatype_axioms=False).expand(graph)
    terms = {node.value: node for node in [*NAMES, *PROPERTIES, *CLASSES, TYPE]}
    closure = {
        Triple(terms[str(s)], terms[str(p)], terms.get(str(o), Literal(str(o))))
        for s, p, o in graph
        if terms.get(str(s)) in NAMES and str(p) in terms and "owl#" not in str(o) and s != o
    }
    assert told(consequences(facts, axioms)) == told(closure - facts)


@settings(max_examples=60, deadline=None)
@given(some_facts, some_facts, some_axioms)
def test_more_facts_have_more_consequences_and_these_have_none(
    some: set[Triple], more: set[Triple], axioms: set[Triple]
) -> None:
    """Reasoning is monotone and idempotent."""
    whole = some | consequences(some, axioms)
    assert whole <= some | more | consequences(some | more, axioms)
    assert consequences(whole, axioms) == set()


# -- in the graph -----------------------------------------------------------------------------------------------------

KINDS = {"Szeged": "City", "Csongrád": "Region", "Hungary": "Country", "Talks": "Meeting", "Party": "PoliticalParty"}
SAID = re.compile(r"(\w+) (\w+) (\w+)( planned)?\.")


def reading(id: str, text: str) -> Extraction:
    """Read each "Ann metWith Bob." or "Ann visited Szeged planned." of a document."""
    spans: dict[str, list[tuple[int, int]]] = {}
    found = list(SAID.finditer(text))
    for match in found:
        for group in (1, 3):
            spans.setdefault(match[group], []).append(match.span(group))
    chains = {
        name: Chain(f"e{number}", GW + KINDS.get(name, "Person"), name, tuple(at), True)
        for number, (name, at) in enumerate(spans.items())
    }

    def fact(match: re.Match[str]) -> Fact:
        ends = chains[match[1]].id, chains[match[3]].id
        modality: Modality = "planned" if match[4] else "asserted"
        sure = 0.5 if match[1] == "Szeged" else 0.9
        where = match.span(), match.span(1), match.span(3)
        return Fact(ends[0], GW + match[2], ends[1], *where, sure, "phrases", modality=modality)

    return Extraction(Document(id, text), tuple(chains.values()), tuple(map(fact, found)))


def added(graph: KnowledgeGraph, texts: dict[str, str]) -> KnowledgeGraph:
    extractions = [reading(id, text) for id, text in texts.items()]
    graph.add(assemble(extractions, resolved(extractions, BASE), base=BASE))
    return graph


def graph_of(texts: dict[str, str]) -> KnowledgeGraph:
    graph = KnowledgeGraph.create()
    graph.add_ontology(DEFAULT, prefixes={"org": "http://www.w3.org/ns/org#"})
    return added(graph, texts)


TEXTS = {
    "one": "Talks heldIn Szeged. Ann received Bob. Ann memberOf Party. Bob visited Hungary planned.",
    "two": "Szeged locatedIn Csongrád. Csongrád locatedIn Hungary. Bob metWith Eve.",
    "three": "Csongrád locatedIn Hungary.",
}


@pytest.fixture
def graph() -> KnowledgeGraph:
    graph = graph_of(TEXTS)
    assert infer(graph) > 20
    return graph


def inferred(graph: KnowledgeGraph) -> list[str]:
    return told(quad.triple for quad in graph.store.quads_for_pattern(None, None, None, INFERRED_GRAPH))


def others(graph: KnowledgeGraph) -> list[str]:
    return [str(quad) for quad in graph.quads() if quad.graph_name != INFERRED_GRAPH]


def test_a_plain_query_finds_what_follows_and_graph_tells_it_apart(graph: KnowledgeGraph) -> None:
    """Documents do not state that the talks were held in Hungary, but it follows from what they state."""
    assert graph.query("ASK { ?talks gw:heldIn [ rdfs:label 'Hungary' ] }")
    assert graph.query("ASK { ?who schema:memberOf [ rdfs:label 'Party' ] ; a foaf:Person }")
    graphs = graph.query("SELECT ?g { GRAPH ?g { ?talks gw:heldIn ?place } ?place rdfs:label 'Hungary' }")
    assert [row["g"] for row in graphs] == [INFERRED_GRAPH.value]


def test_what_follows_is_no_fact_of_a_document(graph: KnowledgeGraph) -> None:
    """The graphs of documents and the ontology are as they were, and so is the number of facts."""
    before = graph_of(TEXTS)
    assert others(graph) == others(before)
    assert graph.counts() | {"triples": 0} == before.counts() | {"triples": 0}
    assert len(graph) == len(before) + len(inferred(graph))


def test_what_is_not_asserted_has_no_consequences(graph: KnowledgeGraph) -> None:
    """Bob only plans to visit Hungary."""
    assert not graph.query("ASK { GRAPH ?inferred { ?bob gw:visited ?hungary } }")


def test_nothing_is_said_of_documents_statements_and_the_ontology(graph: KnowledgeGraph) -> None:
    """gw:premise is below prov:wasDerivedFrom, but what follows from it is of no use."""
    subjects = {re.match(r"<(.*?)>", triple)[1] for triple in inferred(graph)}  # type: ignore[index]
    assert {"document" not in iri and iri.startswith(BASE) for iri in subjects} == {True}


def test_inferring_again_changes_nothing(graph: KnowledgeGraph) -> None:
    before = [str(quad) for quad in graph.quads()]
    assert infer(graph) == len(inferred(graph))
    assert [str(quad) for quad in graph.quads()] == before


def test_what_followed_from_a_removed_document_alone_goes(graph: KnowledgeGraph) -> None:
    """Document three still says where Csongrád lies, and one who received whom."""
    graph.remove_document("two")
    infer(graph)
    assert not graph.query("ASK { ?talks gw:heldIn [ rdfs:label 'Hungary' ] }")
    assert graph.query("ASK { [ rdfs:label 'Bob' ] gw:metWith [ rdfs:label 'Ann' ] }")
    for document in graph.documents():
        graph.remove_document(document.iri)
    assert infer(graph) == 0
    assert INFERRED_GRAPH not in set(graph.store.named_graphs())


def test_what_a_document_states_later_is_no_longer_inferred() -> None:
    """It stays in the union, now as a fact of that document."""
    graph = graph_of({"one": "Ann metWith Bob."})
    infer(graph)
    added(graph, {"two": "Bob metWith Ann."})
    infer(graph)
    assert [row["g"] for row in graph.query("SELECT ?g { GRAPH ?g { ?s gw:metWith ?o } } ORDER BY ?g")] == [
        f"{BASE}document/one",
        f"{BASE}document/two",
    ]


def test_a_file_without_named_graphs_can_be_inferred_from(tmp_path: Path) -> None:
    """Turtle holds facts, ontology and provenance in one graph."""
    graph_of(TEXTS).save(tmp_path / "a.ttl")
    opened = KnowledgeGraph.open(tmp_path / "a.ttl")
    fresh = graph_of(TEXTS)
    assert infer(opened) == infer(fresh)
    assert inferred(opened) == inferred(fresh)


some_texts = st.dictionaries(
    st.sampled_from(["one", "two", "three"]),
    st.lists(
        st.builds(
            "{} {} {}.".format,
            st.sampled_from(["Ann", "Bob", "Szeged", "Party"]),
            st.sampled_from(["metWith", "received", "locatedIn", "memberOf", "heldIn"]),
            st.sampled_from(["Ann", "Bob", "Szeged", "Hungary"]),
        ),
        min_size=1,
        max_size=4,
    ).map(" ".join),
    max_size=3,
)


@settings(max_examples=20, deadline=None)
@given(st.lists(some_texts, min_size=1, max_size=3))
def test_the_way_to_a_graph_does_not_matter(steps: list[dict[str, str]]) -> None:
    """After any changes of documents what is inferred is what a graph made anew infers, and documents are untouched."""
    graph = graph_of({})
    for texts in steps:
        for document in graph.documents():
            graph.remove_document(document.iri)
        added(graph, texts)
        before = others(graph)
        infer(graph)
        assert others(graph) == before
    fresh = graph_of(steps[-1])
    infer(fresh)
    assert [str(quad) for quad in graph.quads()] == [str(quad) for quad in fresh.quads()]
    assert told(graph.triples()) == told(fresh.triples())


def test_a_build_keeps_up_what_follows(tmp_path: Path) -> None:
    """After an edit it is what a build from scratch infers; a build without it takes it away."""
    texts = {"a": "Ana Kos met Juri Tamm in Riga, Latvia.", "b": "Juri Tamm lives in Szeged, Hungary."}

    def update(texts: dict[str, str], name: str, *, infer: bool = True) -> KnowledgeGraph:
        documents = [from_text(text, id=id) for id, text in texts.items()]
        return build(documents, Settings(infer=infer), store=tmp_path / name)

    assert inferred(update(texts, "kept.store"))
    edited = {**texts, "b": "Juri Tamm visited Szeged."}
    assert inferred(update(edited, "kept.store")) == inferred(update(edited, "new.store")) != []
    assert inferred(update(edited, "kept.store", infer=False)) == []


# -- explained and exported -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fact", "rule", "premises"),
    [
        (
            ("Bob", "metWith", "Ann"),
            "gw:received is a subproperty of gw:metWith; gw:metWith is symmetric",
            ["Ann received Bob."],
        ),
        (
            ("Ann", "schema:memberOf", "Party"),
            "gw:memberOf is a subproperty of schema:memberOf",
            ["Ann memberOf Party."],
        ),
        (
            ("Szeged", "locatedIn", "Hungary"),
            "gw:locatedIn is transitive",
            ["Szeged locatedIn Csongrád.", "Csongrád locatedIn Hungary.", "Csongrád locatedIn Hungary."],
        ),
        (
            ("Talks", "heldIn", "Csongrád"),
            "gw:heldIn then gw:locatedIn is gw:heldIn",
            ["Talks heldIn Szeged.", "Szeged locatedIn Csongrád."],
        ),
        (
            ("Party", "org:hasMember", "Ann"),
            "gw:memberOf is a subproperty of org:memberOf; org:memberOf is the inverse of org:hasMember",
            ["Ann memberOf Party."],
        ),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_an_inferred_fact_is_explained_by_facts_and_axioms(
    graph: KnowledgeGraph, fact: tuple[str, str, str], rule: str, premises: list[str]
) -> None:
    """The facts it rests on come in the order of their use, each with all its sentences."""
    [evidence] = explain(graph, *fact)
    assert (evidence.extractor, evidence.rule, evidence.modality) == ("inference", rule, "asserted")
    assert (evidence.subject_label, evidence.object_label) == (fact[0], fact[2])
    assert [premise.quote for premise in evidence.premises] == premises


def test_an_inferred_fact_is_as_sure_as_the_weakest_that_it_rests_on(graph: KnowledgeGraph) -> None:
    """It shows the sentence of that one, with what the sentence names of it."""
    [evidence] = explain(graph, "Talks", "heldIn", "Csongrád")
    assert (evidence.confidence, evidence.document.id, evidence.quote) == (0.5, "two", "Szeged locatedIn Csongrád.")
    assert evidence.subject_span is None
    assert evidence.object_span is not None
    assert evidence.quote[slice(*evidence.object_span)] == "Csongrád"


def test_a_stated_fact_is_explained_by_its_documents_alone(graph: KnowledgeGraph) -> None:
    """That it follows as well adds nothing; and without axioms nothing is explained but what is stated."""
    assert [e.extractor for e in explain(graph, "Csongrád", "locatedIn", "Hungary")] == ["phrases", "phrases"]
    assert [e.extractor for e in explain(graph, "Bob")] == ["phrases", "phrases"]
    graph.add_ontology([])
    assert explain(graph, "Bob", "metWith", "Ann") == []


@settings(max_examples=25, deadline=None)
@given(some_texts)
def test_every_inferred_fact_is_explained(texts: dict[str, str]) -> None:
    """Its premises are stated, and it follows from them alone."""
    graph = graph_of(texts)
    infer(graph)
    for quad in list(graph.store.quads_for_pattern(None, None, None, INFERRED_GRAPH)):
        if quad.predicate != TYPE:
            [evidence] = [e for e in explain(graph, *(t.value for t in quad.triple)) if e.extractor == "inference"]  # type: ignore[union-attr]
            premises = {
                Triple(NamedNode(e.subject), NamedNode(e.property), NamedNode(e.object)) for e in evidence.premises
            }
            assert premises
            assert quad.triple in consequences(premises, DEFAULT)


def test_the_command_shows_the_axioms_and_the_sentences(
    graph: KnowledgeGraph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """The exit code is 0: it is so, though no document states it."""
    graph.save(tmp_path / "a.store")
    monkeypatch.setattr(
        sys, "argv", ["graphwright", "explain", str(tmp_path / "a.store"), "Party", "org:hasMember", "Ann"]
    )
    with pytest.raises(SystemExit) as exit:
        cli.main()
    assert not exit.value.code
    assert [line.strip() for line in capfd.readouterr().out.splitlines()] == [
        "Party | org:hasMember | Ann",
        "“Ann memberOf Party.”",
        "one, characters 39 to 58",
        'asserted; found by inference "gw:memberOf is a subproperty of org:memberOf; '
        'org:memberOf is the inverse of org:hasMember"; confidence 0.90',
        "because",
        "Ann | member of | Party",
        "“Ann memberOf Party.”",
        "one, characters 39 to 58",
        "asserted; found by phrases; confidence 0.90",
    ]


def test_a_graph_that_cannot_be_written_is_told(graph: KnowledgeGraph, tmp_path: Path) -> None:
    graph.remove_document("two")
    graph.save(tmp_path / "a.store")
    with pytest.raises(StoreError, match="cannot be written"):
        infer(KnowledgeGraph.open(tmp_path / "a.store"))


def test_drawings_and_tables_hold_what_follows_only_when_asked(graph: KnowledgeGraph, tmp_path: Path) -> None:
    """An inferred edge has no document; the classes of nodes are those that were extracted."""
    before = graph_of(TEXTS).to_networkx()
    plain = graph.to_networkx()
    assert list(plain.nodes(data=True)) == list(before.nodes(data=True))
    assert list(plain.edges(data=True)) == list(before.edges(data=True))
    extra = [
        (plain.nodes[s]["label"], data["label"], plain.nodes[o]["label"])
        for s, o, data in graph.to_networkx(inferred=True).edges(data=True)
        if data["extractors"] == ["inference"] and not data["documents"] and data["property"].startswith(GW)
    ]
    assert sorted(extra) == [
        ("Ann", "met with", "Bob"),
        ("Bob", "met with", "Ann"),
        ("Eve", "met with", "Bob"),
        ("Szeged", "located in", "Hungary"),
        ("Talks", "held in", "Csongrád"),
        ("Talks", "held in", "Hungary"),
    ]
    for suffix in ("graphml", "gexf", "csv", "dot", "cyjs"):
        small, large = (
            sum(len(file.read_bytes()) for file in export(graph, tmp_path / f"{flag}.{suffix}", inferred=flag))
            for flag in (False, True)
        )
        assert small < large


# -- many -------------------------------------------------------------------------------------------------------------


def many_facts(count: int) -> Iterator[Triple]:
    """Yield facts of the default ontology: 1 in 4 a class, 1 in 10 a place in another, the others of all kinds."""
    chance = random.Random(1)
    things = [NamedNode(f"{BASE}thing/{number}") for number in range(count // 4)]
    kinds = [NamedNode(GW + name) for name in ("Person", "Company", "City", "Country", "Meeting")]
    properties = [NamedNode(GW + name) for name in ("metWith", "received", "memberOf", "heldIn", "leads")]
    for thing in things:
        yield Triple(thing, TYPE, chance.choice(kinds))
    for number in range(1, count // 10):
        yield Triple(things[number], NamedNode(GW + "locatedIn"), things[number // 5])
    for _ in range(count - count // 4 - count // 10):
        yield Triple(chance.choice(things), chance.choice(properties), chance.choice(things))


def test_a_hundred_thousand_facts_take_seconds() -> None:
    """Measured 6 s of one core, for four times as many consequences."""
    facts = set(many_facts(100_000))
    start = time.process_time()  # other programs may have the processor
    found = consequences(facts, DEFAULT)
    assert len(found) > 300_000
    assert time.process_time() - start < 30
