"""What the graph says of documents, entities and facts, how it is kept, asked and explained."""

from __future__ import annotations

import datetime
import random
import re
from decimal import Decimal
from pathlib import Path

import pytest
import resolving
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, RdfFormat, Store, Triple, parse
from rdflib import URIRef

from graphwright.entities import Resolution
from graphwright.errors import ExtractorError, QueryError, StoreError
from graphwright.graph import GW, KnowledgeGraph, assemble, document_quads, explain
from graphwright.graph.terms import date_literal, python_value
from graphwright.model import Chain, Document, Extraction, Fact, Span, Value

BASE = "https://example.org/id/"
XSD = "http://www.w3.org/2001/XMLSchema#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"


def resolved(extractions: list[Extraction]) -> Resolution:
    return resolving.resolved(extractions, BASE)


def quads_of(*extractions: Extraction) -> list[str]:
    return sorted(str(quad) for quad in assemble(extractions, resolved(list(extractions)), base=BASE))


def graph_of(*extractions: Extraction) -> KnowledgeGraph:
    graph = KnowledgeGraph.create()
    graph.add(assemble(extractions, resolved(list(extractions)), base=BASE))
    return graph


def span(text: str, part: str) -> Span:
    start = text.index(part)
    return (start, start + len(part))


def chain(id: str, cls: str, name: str, text: str, *, named: bool = True) -> Chain:
    return Chain(id, GW + cls, name, (span(text, name),), named)


FIRST = "Gen. Tibor Benkő received Ljubiša Diković on 14 June 2016. Diković may visit Szeged, Benkő said."
SECOND = "Tibor Benkő did not resign. He received  Ljubiša Diković again in\nSzeged."


def first() -> Extraction:
    sentence, second = (0, FIRST.index(" Diković may")), (FIRST.index("Diković may"), len(FIRST))
    benko, dikovic = span(FIRST, "Tibor Benkő"), span(FIRST, "Ljubiša Diković")
    received = Fact("e1", GW + "received", "e2", sentence, benko, dikovic, 0.9, "phrases", "[Person] received [Person]")
    when = Value("2016-06-14", XSD + "date")
    return Extraction(
        Document(
            "d1", FIRST, "A visit", "2016-06-14", "https://example.org/a", {"author": "MTI", "words": 17, "x": {}}
        ),
        (
            chain("e1", "Person", "Tibor Benkő", FIRST),
            chain("e2", "Person", "Ljubiša Diković", FIRST),
            chain("e3", "City", "Szeged", FIRST),
        ),
        (
            received,
            Fact("e1", GW + "received", "e2", sentence, benko, dikovic, 0.7, "open"),
            Fact("e1", GW + "active", when, sentence, benko, span(FIRST, "14 June 2016"), 0.8, "dates"),
            Fact(
                "e2",
                GW + "visited",
                "e3",
                second,
                span(FIRST, "Diković may"),
                span(FIRST, "Szeged"),
                0.6,
                "phrases",
                modality="possible",
                attributed_to="e1",
            ),
            Fact("e2", GW + "met", "e1", sentence, dikovic, benko, 0.9, "rules", "guests meet", premises=(received,)),
        ),
    )


def second() -> Extraction:
    sentence = (SECOND.index("He"), len(SECOND))
    benko, dikovic = span(SECOND, "Tibor Benkő"), span(SECOND, "Ljubiša Diković")
    return Extraction(
        Document("d/2", SECOND, date="2016-07"),
        (chain("e1", "Person", "Tibor Benkő", SECOND), chain("e2", "Person", "Ljubiša Diković", SECOND)),
        (
            Fact("e1", GW + "received", "e2", sentence, benko, dikovic, 0.5, "phrases"),
            Fact("e1", GW + "left", "e2", (0, 27), benko, dikovic, 0.5, "phrases", modality="negated"),
        ),
    )


BENKO, DIKOVIC = f"{BASE}person/tibor-benko", f"{BASE}person/ljubisa-dikovic"

ONTOLOGY = f"""
@prefix : <{GW}> . @prefix rdfs: <{RDFS}> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
:Person a owl:Class ; rdfs:label "person"@en ; rdfs:subClassOf :Agent , [ a owl:Restriction ; owl:onProperty :met ] .
:City a owl:Class ; rdfs:subClassOf :Place .
:received a owl:ObjectProperty ; rdfs:label "received as a guest"@en , "empfing"@de .
:resigned a owl:ObjectProperty .
"""


def ontology() -> list[Triple]:
    return [quad.triple for quad in parse(input=ONTOLOGY, format=RdfFormat.TURTLE)]


@pytest.fixture
def graph() -> KnowledgeGraph:
    graph = graph_of(first(), second())
    graph.add_ontology(ontology(), prefixes={"my": GW})
    return graph


# -- assembly ---------------------------------------------------------------------------------------------------------


def test_an_asserted_fact_is_a_plain_triple_in_the_graph_of_its_document(graph: KnowledgeGraph) -> None:
    """GRAPH tells which document states what."""
    rows = graph.query("SELECT ?d WHERE { GRAPH ?d { ?a gw:received ?b } } ORDER BY ?d")
    assert [row["d"] for row in rows] == [f"{BASE}document/d%2F2", f"{BASE}document/d1"]


def test_what_is_not_asserted_has_a_statement_and_no_plain_triple(graph: KnowledgeGraph) -> None:
    """Negated, possible and attributed facts can never be mistaken for facts."""
    assert not graph.query("ASK { ?a gw:visited|gw:left ?b }")
    [row] = graph.query(
        "SELECT ?modality ?speaker WHERE { ?s rdf:predicate gw:visited ; gw:modality ?modality ; "
        "gw:attributedTo/rdfs:label ?speaker }"
    )
    assert dict(row) == {"modality": "possible", "speaker": "Tibor Benkő"}


def test_a_statement_leads_to_its_sentence(graph: KnowledgeGraph) -> None:
    """Two extractors that find one fact in one document are two pieces of evidence of one statement."""
    rows = graph.query(
        """SELECT ?s ?best ?confidence ?extractor ?start ?exact ?suffix WHERE {
          ?s a rdf:Statement ; rdf:subject ?a ; rdf:predicate gw:received ; gw:confidence ?best ;
             prov:wasDerivedFrom [ a oa:SpecificResource ; oa:hasSource [ dcterms:identifier "d1" ] ;
               gw:confidence ?confidence ; gw:extractor ?extractor ;
               oa:hasSelector [ a oa:TextPositionSelector ; oa:start ?start ] ,
                              [ a oa:TextQuoteSelector ; oa:exact ?exact ; oa:suffix ?suffix ] ] }
          ORDER BY ?extractor"""
    )
    found = [tuple(row.values()) for row in rows]
    quote, suffix = FIRST[:58], FIRST[58:90]
    statement = found[0][0]
    assert found == [
        (statement, Decimal("0.9"), Decimal("0.7"), "open", 0, quote, suffix),
        (statement, Decimal("0.9"), Decimal("0.9"), "phrases", 0, quote, suffix),
    ]


def test_a_document_is_described(graph: KnowledgeGraph) -> None:
    """Dates keep their precision; metadata that is not nested is kept."""
    [one, two] = graph.documents()
    assert (one.id, one.date, two.title, two.date, two.source) == (
        "d/2",
        "2016-07",
        "A visit",
        "2016-06-14",
        "https://example.org/a",
    )
    [row] = graph.query(
        "SELECT ?author ?words WHERE { ?d dcterms:creator ?author ; "
        'schema:additionalProperty [ schema:name "words" ; schema:value ?words ] }'
    )
    assert dict(row) == {"author": "MTI", "words": 17}


@pytest.mark.parametrize(
    ("text", "datatype"),
    [("2016", "gYear"), ("2016-06", "gYearMonth"), ("2016-06-14", "date"), ("2016-06-14T10:00Z", "dateTime")]
    + [(text, "string") for text in ("2016-13", "2016-06-31", "20160614", "2016-W24-2", "spring", "٢٠١٦", "")],
)
def test_a_date_has_the_datatype_of_its_precision(text: str, datatype: str) -> None:
    """What is no date is kept as text."""
    assert date_literal(text).datatype.value == XSD + datatype


def test_evidence_outside_the_text_is_refused() -> None:
    """A fact without a sentence is a mistake of its extractor."""
    good = first()
    broken = Fact("e1", GW + "met", "e2", (0, 5000), (0, 1), (0, 1), 0.5, "guess")
    with pytest.raises(ExtractorError, match=r"lies outside[\s\S]*'d1'[\s\S]*'guess'"):
        quads_of(Extraction(good.document, good.chains, (broken,)))


def test_a_premise_that_is_no_fact_of_its_own_is_told_but_not_asserted() -> None:
    """What was dropped from the facts stays visible below what was concluded from it."""
    whole = first()
    alone = Extraction(whole.document, whole.chains, whole.facts[-1:])
    graph = graph_of(alone)
    assert graph.query("ASK { ?s gw:premise [ rdf:predicate gw:received ] ; gw:rule 'guests meet' }")
    assert not graph.query("ASK { ?a gw:received ?b }")


# -- laws -------------------------------------------------------------------------------------------------------------

ODD = st.text(st.characters(), max_size=12) | st.sampled_from(
    ["a\r\nb\t", "\x00\x1f", "<&>\"'\\", "\ufffe", "𝒜", "\ud800"]
)


@st.composite
def some_extraction(draw: st.DrawFn, id: str) -> Extraction:
    text = draw(ODD) + "x"
    chains = tuple(
        Chain(
            f"e{i}",
            GW + draw(st.sampled_from(["Person", "City"])),
            draw(ODD | st.sampled_from(["Ann", "Bob"])),
            ((0, 1),),
            draw(st.booleans()),
        )
        for i in range(draw(st.integers(1, 3)))
    )
    ids = st.sampled_from([chain.id for chain in chains])
    values = st.builds(Value, ODD, st.just(XSD + "string")) | st.sampled_from(
        [Value("2016-06-14", XSD + "date"), Value("07", XSD + "integer"), Value("x", XSD + "date")]
    )

    def facts(premises: st.SearchStrategy[tuple[Fact, ...]]) -> st.SearchStrategy[Fact]:
        spans = st.tuples(st.integers(0, len(text) - 1), st.integers(1, len(text))).map(
            lambda pair: (min(pair[0], pair[1] - 1), max(pair[0] + 1, pair[1]))
        )
        return st.builds(
            Fact,
            subject=ids,
            property=st.sampled_from([GW + "met", GW + "knows"]),
            object=ids | values,
            evidence=spans,
            subject_span=spans,
            object_span=spans,
            confidence=st.floats(0.0001, 1),
            extractor=ODD,
            pattern=ODD,
            modality=st.sampled_from(["asserted", "negated", "planned", "possible"]),
            attributed_to=st.none() | ids,
            premises=premises,
        )

    found = draw(st.lists(facts(st.tuples() | st.tuples(facts(st.just(())))), max_size=4))
    metadata = draw(
        st.dictionaries(ODD, st.none() | ODD | st.integers() | st.booleans() | st.lists(ODD, max_size=2), max_size=2)
    )
    return Extraction(Document(id, text, draw(ODD), draw(st.none() | ODD), draw(ODD), metadata), chains, tuple(found))


some_extractions = st.lists(ODD, max_size=3, unique_by=lambda id: _clean(id)).flatmap(
    lambda ids: st.tuples(*(some_extraction(id) for id in ids)).map(list)
)
"""Corpora of up to three documents with odd characters wherever a text may stand."""


@settings(max_examples=50, deadline=None)
@given(some_extractions, st.randoms(use_true_random=False))
def test_the_order_of_documents_does_not_matter(extractions: list[Extraction], shuffler: random.Random) -> None:
    """Equal corpora give equal N-Quads, to the byte, also when facts come in another order."""
    shuffled = [Extraction(e.document, e.chains, e.facts[::-1]) for e in extractions]
    shuffler.shuffle(shuffled)
    assert quads_of(*extractions) == quads_of(*shuffled)


@settings(max_examples=50, deadline=None)
@given(some_extractions)
def test_a_plain_triple_is_an_asserted_fact(extractions: list[Extraction]) -> None:
    """For every document the plain triples are those of its asserted facts, neither more nor fewer."""
    resolution = resolved(extractions)
    for extraction in extractions:
        iris = {chain.id: resolution[extraction.document.id, chain.id].iri for chain in extraction.chains}
        quads = document_quads(extraction, iris, base=BASE)
        plain = {
            (str(q.subject)[1:-1], q.predicate.value) for q in quads if q.predicate.value in (GW + "met", GW + "knows")
        }
        asserted = {
            (resolution[extraction.document.id, fact.subject].iri, fact.property)
            for fact in extraction.facts
            if fact.modality == "asserted" and fact.attributed_to is None
        }
        assert plain == asserted


@settings(max_examples=50, deadline=None)
@given(some_extractions)
def test_every_fact_leads_to_the_text_at_its_offsets(extractions: list[Extraction]) -> None:
    """A quote is the text from start to end, whatever the characters; and every fact has one."""
    graph = graph_of(*extractions)
    texts = {e.document.id: e.document.text for e in extractions}
    found = explain(graph, None)
    for evidence in found:
        text = next(text for id, text in texts.items() if _clean(id) == evidence.document.id)
        assert evidence.quote == _clean(text[evidence.start : evidence.end])
    told = {(e.document.id, e.property, e.modality, e.start, e.end) for e in found}
    assert told >= {(_clean(x.document.id), f.property, f.modality, *f.evidence) for x in extractions for f in x.facts}


def _clean(text: str) -> str:
    """RDF holds no lone surrogates."""
    return re.sub("[\ud800-\udfff]", "\ufffd", text)


@settings(max_examples=30, deadline=None)
@given(some_extractions)
def test_what_is_added_again_or_removed_leaves_no_trace(extractions: list[Extraction]) -> None:
    """Adding twice adds nothing, and a graph without its documents is empty, the union too."""
    graph = graph_of(*extractions)
    before = [str(quad) for quad in graph.quads()]
    graph.add(assemble(extractions, resolved(extractions), base=BASE))
    assert [str(quad) for quad in graph.quads()] == before
    for document in graph.documents():
        assert graph.remove_document(document.id)
    assert list(graph.store) == []


# -- the graph --------------------------------------------------------------------------------------------------------


def test_the_union_counts_a_triple_once(graph: KnowledgeGraph) -> None:
    """Both documents say that Benkő is a person and received Diković: that is one person and one fact."""
    [row] = graph.query("SELECT (COUNT(?p) AS ?n) WHERE { ?p a gw:Person ; rdfs:label ?l }")
    assert row["n"] == 2
    [row] = graph.query("SELECT (COUNT(*) AS ?n) WHERE { ?a gw:received ?b }")
    assert row["n"] == 1
    assert graph.counts() | {"triples": 0} == {"documents": 2, "entities": 3, "statements": 6, "facts": 3, "triples": 0}


def test_removing_a_document_keeps_what_another_states(graph: KnowledgeGraph) -> None:
    """Only what the document alone stated goes."""
    assert graph.remove_document("d1")
    assert not graph.remove_document("d1")
    assert graph.query("ASK { ?a gw:received ?b }")
    assert not graph.query("ASK { ?a gw:met ?b }")
    assert [document.id for document in graph.documents()] == ["d/2"]


def test_the_hierarchy_of_the_ontology_can_be_asked(graph: KnowledgeGraph) -> None:
    """Adding an ontology again replaces it."""
    query = "SELECT DISTINCT ?a WHERE { ?a a/rdfs:subClassOf* my:Agent }"
    assert len(list(graph.query(query))) == 2
    before = [str(quad) for quad in graph.quads()]
    graph.add_ontology(ontology())
    assert [str(quad) for quad in graph.quads()] == before
    graph.add_ontology([])
    assert len(list(graph.query(query))) == 0


def test_rows_hold_python_values(graph: KnowledgeGraph) -> None:
    """The term itself is there too."""
    result = graph.query("SELECT ?who ?when ?none WHERE { ?who gw:active ?when }")
    [row] = result
    assert result.variables == ("who", "when", "none")
    assert dict(row) == {"who": BENKO, "when": datetime.date(2016, 6, 14), "none": None}
    assert row.term("who") == NamedNode(BENKO)
    with pytest.raises(KeyError):
        row["what"]


def test_python_values_of_odd_literals_are_their_text() -> None:
    """A literal that does not keep to its datatype stops no one."""
    assert python_value(Literal("x", datatype=NamedNode(XSD + "integer"))) == "x"
    assert python_value(Literal("2016", datatype=NamedNode(XSD + "gYear"))) == "2016"
    assert python_value(Literal(True)) is True
    assert python_value(Literal("x", datatype=NamedNode(XSD + "decimal"))) == "x"


def test_answers_are_written_in_the_formats_of_sparql(graph: KnowledgeGraph) -> None:
    """A result may be read and written again and again."""
    result = graph.query("SELECT ?b WHERE { ?a gw:received ?b }")
    assert result.serialize("csv") == f"b\r\n{DIKOVIC}\r\n".encode() == result.serialize("csv")
    assert [row["b"] for row in result] == [DIKOVIC]
    assert bool(result)
    assert graph.query("ASK { ?a gw:received ?b }").serialize("json") == b'{"head":{},"boolean":true}'
    built = graph.query("CONSTRUCT { ?b gw:guestOf ?a } WHERE { ?a gw:received ?b }")
    assert [triple.predicate.value for triple in built.triples()] == [GW + "guestOf"]
    assert [row["object"] for row in built] == [BENKO]
    assert b"gw:guestOf" in built.serialize("turtle")
    with pytest.raises(QueryError, match=r"'csv' is no format of the answer to CONSTRUCT[\s\S]*turtle"):
        built.serialize("csv")


@pytest.mark.parametrize(
    ("query", "what"),
    [
        ("SELECT ?x WHERE {\n  ?x ?y }", r"no SPARQL[\s\S]*line 2, column \d+[\s\S]*\?x \?y \}"),
        ("SELECT ?x WHERE { ?x a foo:Bar }", r"prefix[\s\S]*not declared[\s\S]*PREFIX[\s\S]*gw, my"),
        ("SELECT (<http://x.org/f>(1) AS ?y) {}", r"query failed: The custom function"),
        ("", r"no SPARQL"),
    ],
)
def test_a_broken_query_says_where(graph: KnowledgeGraph, query: str, what: str) -> None:
    """The line is shown with a mark below the place."""
    with pytest.raises(QueryError, match=what):
        list(graph.query(query))


def test_rdflib_sees_the_same_store(graph: KnowledgeGraph) -> None:
    """Its default graph is the union, its named graphs are the documents."""
    dataset = graph.dataset()
    assert list(dataset.objects(URIRef(BENKO), URIRef(GW + "received"))) == [URIRef(DIKOVIC)]
    document = dataset.graph(URIRef(f"{BASE}document/d1"))
    assert (URIRef(DIKOVIC), URIRef(GW + "met"), URIRef(BENKO)) in document
    assert dataset.query("ASK { ?a my:received ?b }").askAnswer


# -- files and folders ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["g.nq", "g.trig", "g.jsonld", "g.ttl", "g.nt", "g.rdf", "store", "g.store"])
def test_a_graph_that_is_saved_and_opened_is_the_same(graph: KnowledgeGraph, tmp_path: Path, name: str) -> None:
    """Formats without named graphs keep the union: questions have the same answers."""
    graph.save(tmp_path / name)
    opened = KnowledgeGraph.open(tmp_path / name)
    assert opened.counts() == graph.counts()
    assert opened.prefixes == graph.prefixes
    assert opened.documents() == graph.documents()
    assert len(explain(opened, "tibor benkő", "received", "ljubiša diković")) == 3
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_equal_graphs_are_equal_files(tmp_path: Path) -> None:
    """To the byte, whatever the order in which the graph was filled."""
    for name, texts in (("a", [first(), second()]), ("b", [second(), first()])):
        graph = graph_of(*texts)
        graph.add_ontology(ontology())
        for suffix in ("nq", "ttl", "trig", "jsonld", "rdf"):
            graph.save(tmp_path / f"{name}.{suffix}")
    for suffix in ("nq", "ttl", "trig", "jsonld", "rdf"):
        assert (tmp_path / f"a.{suffix}").read_bytes() == (tmp_path / f"b.{suffix}").read_bytes()


def test_saving_replaces_a_store_and_readers_keep_theirs(graph: KnowledgeGraph, tmp_path: Path) -> None:
    """A reader sees the graph as it was when it opened it."""
    graph.save(tmp_path / "store")
    reader = KnowledgeGraph.open(tmp_path / "store")
    graph_of(second()).save(tmp_path / "store")
    assert reader.counts()["documents"] == 2
    assert KnowledgeGraph.open(tmp_path / "store").counts()["documents"] == 1
    with pytest.raises(StoreError, match=r"cannot be written[\s\S]*writable=True"):
        reader.add(assemble([first()], resolved([first()]), base=BASE))


def test_a_failed_save_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither half a file nor a temporary one remains."""
    path = tmp_path / "g.nq"
    graph_of(second()).save(path)
    before = path.read_bytes()

    def fail(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("graphwright.graph.knowledge.write_rdf", fail)
    with pytest.raises(StoreError, match="disk full"):
        graph_of(first()).save(path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_store_on_disk_is_filled_in_place(tmp_path: Path) -> None:
    """One writer at a time; saving to its own folder is no copy."""
    graph = KnowledgeGraph.create(tmp_path / "store")
    graph.add(assemble([first()], resolved([first()]), base=BASE))
    graph.save(tmp_path / "store")
    assert KnowledgeGraph.open(tmp_path / "store").counts() == graph.counts()
    for attempt in (
        lambda: KnowledgeGraph.open(tmp_path / "store", writable=True),
        lambda: graph_of(second()).save(tmp_path / "store"),
    ):
        with pytest.raises(StoreError, match="in use by another writer"):
            attempt()


def test_what_cannot_be_opened_is_told(tmp_path: Path) -> None:
    """What is wrong, where, and how to mend it."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "file.txt").write_text("mine")
    (tmp_path / "broken.ttl").write_text("<http://a> <b> ")
    (tmp_path / "g.docx").write_text("")
    cases = [
        ("none.nq", "no such file"),
        ("folder", "holds no graph"),
        ("broken.ttl", "the file is broken: .*line 1"),
        ("g.docx", r"'\.docx' is no known suffix[\s\S]*\.ttl, \.trig, \.nq"),
    ]
    for name, what in cases:
        with pytest.raises(StoreError, match=what):
            KnowledgeGraph.open(tmp_path / name)
    for name, what in [("folder", "something else"), ("g.docx", "no known suffix"), ("no/g.nq", "no folder")]:
        with pytest.raises(StoreError, match=what):
            graph_of(first()).save(tmp_path / name)
    with pytest.raises(StoreError, match="something already"):
        KnowledgeGraph.create(tmp_path / "folder")
    assert (tmp_path / "folder" / "file.txt").read_text() == "mine"


def test_a_store_that_another_program_filled_can_be_asked(tmp_path: Path) -> None:
    """N-Quads loaded by other means have no union in the default graph."""
    store = Store(str(tmp_path / "store"))
    store.extend(assemble([first()], resolved([first()]), base=BASE))
    store.flush()
    del store
    opened = KnowledgeGraph.open(tmp_path / "store")
    assert opened.query("ASK { ?a gw:received ?b }")
    assert opened.counts() == graph_of(first()).counts()
    writable = KnowledgeGraph.open(tmp_path / "store", writable=True)
    writable.add(assemble([second()], resolved([second()]), base=BASE))
    assert writable.counts()["statements"] == graph_of(first(), second()).counts()["statements"]
    assert {quad.triple for quad in writable.quads()} == set(writable.triples())


# -- networkx ---------------------------------------------------------------------------------------------------------


def test_entities_are_nodes_and_facts_are_edges(graph: KnowledgeGraph) -> None:
    """A fact of two documents is one edge; a literal is an attribute of its node."""
    found = graph.to_networkx()
    assert sorted(found.nodes) == [f"{BASE}city/szeged", DIKOVIC, BENKO]
    assert found.nodes[BENKO] == {
        "iri": BENKO,
        "label": "Tibor Benkő",
        "class": "Person",
        "class_iri": GW + "Person",
        "classes": ["Agent", "Person"],
        "active": ["2016-06-14"],
    }
    [(key, edge)] = found.get_edge_data(BENKO, DIKOVIC).items()
    assert key == f"{GW}received asserted"
    assert edge == {
        "property": GW + "received",
        "label": "received as a guest",
        "modality": "asserted",
        "attributed_to": None,
        "confidence": 0.9,
        "documents": ["d/2", "d1"],
        "dates": ["2016-07", "2016-06-14"],
        "quotes": [SECOND[28:], FIRST[:58]],
        "extractors": ["phrases", "open"],
        "evidence": [("d/2", "2016-07", SECOND[28:]), ("d1", "2016-06-14", FIRST[:58])],
    }
    assert found.number_of_edges() == 2


def test_flagged_facts_are_edges_only_when_asked_for(graph: KnowledgeGraph) -> None:
    """They carry what flags them."""
    edges = {
        (edge["label"], edge["modality"], edge["attributed_to"])
        for *_, edge in graph.to_networkx(flagged=True).edges(data=True)
    }
    assert edges == {
        ("received as a guest", "asserted", None),
        ("met", "asserted", None),
        ("visited", "possible", "Tibor Benkő"),
        ("left", "negated", None),
    }


# -- explanation ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("subject", [BENKO, f"<{BENKO}>", "ex:person/tibor-benko", "person/tibor-benko", "TIBOR BENKŐ"])
@pytest.mark.parametrize("property", [GW + "received", "gw:received", "received", "Received as a Guest"])
def test_a_fact_is_explained_by_its_sentences(subject: str, property: str) -> None:
    """Things may be given by IRI, CURIE, local name or label."""
    graph = graph_of(first(), second())
    graph.add_ontology(ontology(), prefixes={"ex": BASE})
    found = explain(graph, subject, property, DIKOVIC)
    assert [(e.document.id, e.extractor, e.confidence) for e in found] == [
        ("d/2", "phrases", 0.5),
        ("d1", "open", 0.7),
        ("d1", "phrases", 0.9),
    ]
    last = found[-1]
    assert (last.quote, last.start, last.end, last.suffix) == (FIRST[:58], 0, 58, FIRST[58:90])
    assert last.subject_span is not None
    assert last.quote[slice(*last.subject_span)] == "Tibor Benkő"
    assert last.object_span is not None
    assert last.quote[slice(*last.object_span)] == "Ljubiša Diković"
    assert (last.subject_label, last.property_label, last.object_label) == (
        "Tibor Benkő",
        "received as a guest",
        "Ljubiša Diković",
    )
    assert (last.pattern, last.rule, last.document.title) == ("[Person] received [Person]", "", "A visit")
    assert found[0].subject_span is None


def test_a_conclusion_is_explained_by_its_premises(graph: KnowledgeGraph) -> None:
    """The premises come with their own sentences."""
    [found] = explain(graph, "Ljubiša Diković", "met", "Tibor Benkő")
    assert found.rule == "guests meet"
    assert {(e.property_label, e.quote) for e in found.premises} == {("received as a guest", FIRST[:58])}


def test_a_literal_is_explained(graph: KnowledgeGraph) -> None:
    """By its lexical form."""
    [found] = explain(graph, "Tibor Benkő", "active", "2016-06-14")
    assert (found.object, found.object_label, found.property_label) == ("2016-06-14", "2016-06-14", "active")
    assert explain(graph, None, None, "2016-06-14") == [found]


def test_a_flagged_fact_is_explained_with_its_flags(graph: KnowledgeGraph) -> None:
    """Who asks learns that it is only said, and only possible."""
    [found] = explain(graph, None, "visited", "Szeged")
    assert (found.modality, found.attributed_to) == ("possible", "Tibor Benkő")


def test_what_no_sentence_states_has_no_explanation(graph: KnowledgeGraph) -> None:
    """A property of the ontology that no fact has is known nevertheless."""
    assert explain(graph, "Szeged", "met", "Tibor Benkő") == []
    assert explain(graph, "Tibor Benkő", "resigned") == []


@pytest.mark.parametrize(
    ("fact", "what"),
    [
        (("Tibor Benk", "met", "Szeged"), r"nothing in the graph is called 'Tibor Benk'[\s\S]*Tibor Benkő"),
        (("Tibor Benkő", "mett", "Szeged"), r"no property 'mett'[\s\S]*did you mean one of: met"),
        (("Tibor Benkő", "met", "zzz"), r"nothing in the graph is called 'zzz'"),
        (('a" \n{', None, None), r"nothing in the graph is called"),
    ],
)
def test_an_unknown_name_is_told(graph: KnowledgeGraph, fact: tuple[str, str, str], what: str) -> None:
    """With what it may have meant."""
    with pytest.raises(QueryError, match=what):
        explain(graph, *fact)


def test_an_ambiguous_name_is_told() -> None:
    """The candidates are listed; where facts of only one of them fit there is no doubt."""
    text = "The meeting was in Szeged. The meeting was in Buda."

    def meeting(id: str, city: str) -> Extraction:
        chains = (chain("e1", "Meeting", "The meeting", text, named=False), chain("e2", "City", city, text))
        fact = Fact("e1", GW + "heldIn", "e2", span(text, f"The meeting was in {city}."), (0, 11), (19, 23), 0.9, "x")
        return Extraction(Document(id, text), chains, (fact,))

    graph = graph_of(meeting("a", "Szeged"), meeting("b", "Buda"))
    assert [e.document.id for e in explain(graph, "the meeting", "heldIn", "Buda")] == ["b"]
    with pytest.raises(QueryError, match=r"may mean 2 things[\s\S]*meeting/a-the-meeting[\s\S]*meeting/b-the-meeting"):
        explain(graph, "the meeting", "heldIn")
