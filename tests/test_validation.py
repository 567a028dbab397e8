"""What cannot be is found and shown with its sentence: shapes of the ontology, of its files, and of users."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, parse
from rdflib import Graph, URIRef
from rdflib.compare import isomorphic
from rdflib.namespace import RDF, SH
from typer.testing import CliRunner

from graphwright import Violation, validate
from graphwright.cli import app
from graphwright.errors import OntologyError
from graphwright.graph import GW, KnowledgeGraph
from graphwright.graph import vocabulary as v
from graphwright.graph.validation import Checker, document_violations, report
from graphwright.ontology import load
from graphwright.ontology.shapes import shapes

HEAD = """
@prefix ex: <http://example.org/> .
@prefix gw: <https://w3id.org/graphwright/ontology#> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <https://schema.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix shape: <https://w3id.org/graphwright/shape/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
EX = "http://example.org/"
DOCUMENT = NamedNode(EX + "document/d")


def turtle(text: str) -> Graph:
    return Graph().parse(data=HEAD + text, format="turtle")


# ---- axioms become shapes ----

AXIOMS = {
    "a domain": (
        "ex:feeds rdfs:domain ex:Keeper .",
        """shape:feeds-domain a sh:NodeShape ; sh:targetSubjectsOf ex:feeds ; sh:class ex:Keeper ;
            sh:message 'the subject of "feeds" must be a keeper' .""",
    ),
    "several ranges are alternatives": (
        "ex:feeds rdfs:range [ owl:unionOf ( ex:Animal ex:Guest ) ] .",
        """shape:feeds-range a sh:NodeShape ; sh:targetObjectsOf ex:feeds ;
            sh:or ( [ sh:class ex:Animal ] [ sh:class ex:Guest ] ) ;
            sh:message 'the object of "feeds" must be an animal or a guest' .""",
    ),
    "datatypes, one of which the value must have in the right form": (
        "ex:fedOn rdfs:range rdfs:Literal ; schema:rangeIncludes xsd:date , xsd:gYear .",
        """shape:fedOn-range a sh:NodeShape ; sh:targetObjectsOf ex:fedOn ;
            sh:or ( [ sh:datatype xsd:date ] [ sh:datatype xsd:gYear ] ) ;
            sh:message 'the object of "fed on" must be a day or a year' .""",
    ),
    "at most one value": (
        "ex:livesIn a owl:FunctionalProperty .",
        """shape:livesIn-functional a sh:NodeShape ; sh:targetSubjectsOf ex:livesIn ;
            sh:property [ sh:path ex:livesIn ; sh:maxCount 1 ; sh:message 'nothing has more than one "lives in"' ] .""",
    ),
    "no value in common": (
        "ex:number a owl:InverseFunctionalProperty .",
        """shape:number-inverse-functional a sh:NodeShape ; sh:targetObjectsOf ex:number ; sh:property [
            sh:path [ sh:inversePath ex:number ] ; sh:maxCount 1 ;
            sh:message 'no two things have the same "number"' ] .""",
    ),
    "never to itself": (
        "ex:feeds a owl:IrreflexiveProperty .",
        """shape:feeds-irreflexive a sh:NodeShape ; sh:targetSubjectsOf ex:feeds ; sh:disjoint ex:feeds ;
            sh:message '"feeds" cannot hold between a thing and itself' .""",
    ),
    "never both ways": (
        "ex:feeds a owl:AsymmetricProperty .",
        """shape:feeds-asymmetric a sh:NodeShape ; sh:targetSubjectsOf ex:feeds ; sh:property [
            sh:path [ sh:inversePath ex:feeds ] ; sh:disjoint ex:feeds ;
            sh:message '"feeds" cannot hold both ways' ] .""",
    ),
    "never in a circle": (
        "ex:above a owl:TransitiveProperty , owl:IrreflexiveProperty .",
        """shape:above-acyclic a sh:NodeShape ; sh:targetSubjectsOf ex:above ; sh:property [
            sh:path [ sh:zeroOrMorePath [ sh:inversePath ex:above ] ] ; sh:disjoint ex:above ;
            sh:message '"above" must not lead back to where it started' ] .""",
    ),
    "a narrower property inherits what its parent cannot": (
        """ex:feeds a owl:IrreflexiveProperty . ex:stuffs rdfs:subPropertyOf ex:feeds ; rdfs:domain ex:Keeper .""",
        """shape:feeds-irreflexive a sh:NodeShape ; sh:targetSubjectsOf ex:feeds ; sh:disjoint ex:feeds ;
            sh:message '"feeds" cannot hold between a thing and itself' .
        shape:stuffs-irreflexive a sh:NodeShape ; sh:targetSubjectsOf ex:stuffs ; sh:disjoint ex:stuffs ;
            sh:message '"stuffs" cannot hold between a thing and itself' .
        shape:stuffs-domain a sh:NodeShape ; sh:targetSubjectsOf ex:stuffs ; sh:class ex:Keeper ;
            sh:message 'the subject of "stuffs" must be a keeper' .""",
    ),
    "properties that exclude one another": (
        "ex:feeds a owl:ObjectProperty ; owl:propertyDisjointWith ex:eats .",
        """shape:feeds-disjoint a sh:NodeShape ; sh:targetSubjectsOf ex:feeds ; sh:property [
            sh:path ex:feeds ; sh:disjoint ex:eats ;
            sh:message '"feeds" and "eats" cannot hold between the same two things' ] .""",
    ),
    "classes that exclude one another, each pair once": (
        "[] a owl:AllDisjointClasses ; owl:members ( ex:Bird ex:Cat ) . ex:Cat owl:disjointWith ex:Bird .",
        """shape:Bird-disjoint a sh:NodeShape ; sh:targetClass ex:Bird ; sh:not [ sh:class ex:Cat ] ;
            sh:message 'a bird cannot be a cat as well' .""",
    ),
    "a most, but no least: a text does not tell all": (
        """ex:Cage rdfs:subClassOf [ a owl:Restriction ; owl:onProperty ex:holds ; owl:maxCardinality 2 ] ,
            [ a owl:Restriction ; owl:onProperty ex:has ; owl:minCardinality 1 ] .""",
        """shape:Cage-holds-most a sh:NodeShape ; sh:targetClass ex:Cage ; sh:property [
            sh:path ex:holds ; sh:maxCount 2 ; sh:message 'a cage has "holds" at most 2 times' ] .""",
    ),
    "a most of one class": (
        """ex:Cage rdfs:subClassOf [ a owl:Restriction ; owl:onProperty ex:holds ; owl:onClass ex:Bird ;
            owl:maxQualifiedCardinality 2 ] .""",
        """shape:Cage-holds-most a sh:NodeShape ; sh:targetClass ex:Cage ; sh:property [
            sh:path ex:holds ; sh:qualifiedValueShape [ sh:class ex:Bird ] ; sh:qualifiedMaxCount 2 ;
            sh:message 'a cage has "holds" at most 2 times' ] .""",
    ),
    "values of one class alone": (
        "ex:Cage rdfs:subClassOf [ a owl:Restriction ; owl:onProperty ex:holds ; owl:allValuesFrom ex:Bird ] .",
        """shape:Cage-holds-values a sh:NodeShape ; sh:targetClass ex:Cage ; sh:property [
            sh:path ex:holds ; sh:class ex:Bird ; sh:message 'the "holds" of a cage must be a bird' ] .""",
    ),
    "what describes statements is no matter of shapes": (
        "ex:Claim rdfs:subClassOf rdf:Statement . ex:weight rdfs:domain ex:Claim .",
        "",
    ),
    "two vocabularies may share a name": (
        "ex:feeds a owl:IrreflexiveProperty . schema:feeds a owl:IrreflexiveProperty .",
        """shape:feeds-irreflexive a sh:NodeShape ; sh:targetSubjectsOf ex:feeds ; sh:disjoint ex:feeds ;
            sh:message '"feeds" cannot hold between a thing and itself' .
        shape:feeds-irreflexive-2 a sh:NodeShape ; sh:targetSubjectsOf schema:feeds ; sh:disjoint schema:feeds ;
            sh:message '"feeds" cannot hold between a thing and itself' .""",
    ),
}


@pytest.mark.parametrize("case", AXIOMS)
def test_an_axiom_becomes_a_shape(case: str) -> None:
    axioms, expected = AXIOMS[case]
    assert isomorphic(shapes(turtle(axioms)), turtle(expected))


def test_the_shapes_of_an_ontology_file_are_among_them() -> None:
    written = """shape:tame a sh:NodeShape ; sh:targetClass ex:Cat ; sh:property [ sh:path ex:bites ; sh:maxCount 0 ] .
        [] a sh:NodeShape ; sh:targetClass ex:Bird ; sh:not [ sh:class ex:Cat ] ."""
    assert isomorphic(shapes(turtle(written + "ex:Cat a owl:Class .")), turtle(written))


def test_every_shape_of_the_default_ontology_says_in_english_what_is_wrong() -> None:
    found = shapes(load().triples)
    for shape in found.subjects(RDF.type, SH.NodeShape):
        parts = {shape, *found.objects(shape, SH.property), *found.objects(shape, SH.sparql)}
        assert any((part, SH.message, None) in found for part in parts), shape


# ---- graphs are held against shapes ----


def graph_of(*facts: str, types: str = "", ontology: Graph | None = None) -> KnowledgeGraph:
    """A graph in which a document states facts ("gw:metWith ex:Ana ex:Bo"), each in a sentence of its own."""
    graph = KnowledgeGraph.create()
    found = [quad.triple for quad in parse(Graph().serialize(format="nt"), RdfFormat.N_TRIPLES)]
    source = turtle("") if ontology is None else ontology
    for triple in load().triples:
        if ontology is None:
            source.add(triple)
    found = [quad.triple for quad in parse(source.serialize(format="nt"), RdfFormat.N_TRIPLES)]
    graph.add_ontology(found)
    graph.add(quads_of(*facts, types=types))
    return graph


def quads_of(*facts: str, types: str = "") -> list[Quad]:
    told = [
        "<http://example.org/document/d> a <http://xmlns.com/foaf/0.1/Document> ;"
        "<http://purl.org/dc/terms/identifier> 'd' .",
        types,
    ]
    for number, fact in enumerate(facts):
        s, p, o, *confidence = fact.split()
        told.append(f"""
            {s} {p} {o} .
            ex:s{number} a rdf:Statement ; rdf:subject {s} ; rdf:predicate {p} ; rdf:object {o} ;
                gw:modality "asserted" ; gw:confidence {(confidence or ["0.9"])[0]} ; prov:wasDerivedFrom ex:e{number} .
            ex:e{number} oa:hasSource <{DOCUMENT.value}> ; oa:hasSelector ex:p , ex:q{number} ;
                gw:extractor "test" ; gw:confidence 0.9 ; gw:subjectSelector ex:p ; gw:objectSelector ex:p .
            ex:p oa:start 0 ; oa:end 9 .
            ex:q{number} oa:exact "Sentence {number}." ; oa:prefix "" ; oa:suffix "" .""")
    triples = parse((HEAD + "\n".join(told)).encode(), RdfFormat.TURTLE)
    return [Quad(one.subject, one.predicate, one.object, DOCUMENT) for one in triples]


def said(found: list[Violation]) -> set[tuple[str, ...]]:
    """Violations to be read: the message, the thing, the value, and the sentences."""
    return {
        (
            one.message,
            one.focus.removeprefix(EX),
            one.value.removeprefix(EX),
            *(evidence.quote for evidence in one.evidence),
        )
        for one in found
    }


PEOPLE = "ex:Ana a gw:Person . ex:Bo a gw:Person . ex:Riga a gw:City . ex:Oslo a gw:City . ex:Latvia a gw:Country ."


def test_a_graph_without_fault_has_no_violation() -> None:
    """A subclass is as good as the class that is asked for."""
    assert validate(graph_of("ex:Ana gw:metWith ex:Bo", "ex:Ana gw:bornIn ex:Riga", types=PEOPLE)) == []


def test_a_violation_tells_the_fact_that_breaks_the_shape_and_its_sentence() -> None:
    [found] = validate(graph_of("ex:Ana gw:metWith ex:Bo", "ex:Riga gw:bornIn ex:Latvia", types=PEOPLE))
    assert (found.focus, found.property, found.severity) == (EX + "Riga", GW + "bornIn", "Violation")
    assert found.message == 'the subject of "born in" must be a person'
    assert found.shape == "https://w3id.org/graphwright/shape/bornIn-domain"
    assert [(one.subject, one.object, one.quote) for one in found.evidence] == [
        (EX + "Riga", EX + "Latvia", "Sentence 1.")
    ]


CONTRADICTIONS = {
    "an object of the wrong class": (
        ["ex:Ana gw:bornIn ex:Bo"],
        {('the object of "born in" must be a place', "Bo", "Bo", "Sentence 0.")},
    ),
    "nobody meets himself": (
        ["ex:Ana gw:metWith ex:Ana", "ex:Ana gw:metWith ex:Bo"],
        {('"met with" cannot hold between a thing and itself', "Ana", "Ana", "Sentence 0.")},
    ),
    "nobody receives himself, since who receives meets": (
        ["ex:Ana gw:received ex:Ana"],
        {('"received" cannot hold between a thing and itself', "Ana", "Ana", "Sentence 0.")},
    ),
    "no circle of places, however wide": (
        ["ex:Riga gw:locatedIn ex:Oslo", "ex:Oslo gw:locatedIn ex:Latvia", "ex:Latvia gw:locatedIn ex:Riga"],
        {
            ("nothing lies in what lies in it", "Riga", "Oslo", "Sentence 0."),
            ("nothing lies in what lies in it", "Oslo", "Latvia", "Sentence 1."),
            ("nothing lies in what lies in it", "Latvia", "Riga", "Sentence 2."),
        },
    ),
    "a part is of the kind of its whole": (
        ["ex:Staff gw:partOf ex:Talks"],
        {('the "part of" of an organization must be an organization', "Staff", "Talks", "Sentence 0.")},
    ),
    "a day that no calendar has": (
        ["ex:Talks gw:heldOn '2016-02-30'^^xsd:date", "ex:Talks gw:heldOn '2016-02'^^xsd:gYearMonth"],
        {('the object of "held on" must be a day, a year or a month', "2016-02-30", "2016-02-30", "Sentence 0.")},
    ),
    "a date that is a mere text": (
        ["ex:Talks gw:heldOn 'Tuesday'"],
        {('the object of "held on" must be a day, a year or a month', "Tuesday", "Tuesday", "Sentence 0.")},
    ),
    "succession both ways, which may be right": (
        ["ex:Ana gw:succeeds ex:Bo", "ex:Bo gw:succeeds ex:Ana"],
        {
            ("two persons succeed one another: possible only in different posts or terms", "Ana", "Bo", "Sentence 0."),
            ("two persons succeed one another: possible only in different posts or terms", "Bo", "Ana", "Sentence 1."),
        },
    ),
    "a birth in two cities, which may be right": (
        ["ex:Ana gw:bornIn ex:Riga", "ex:Ana gw:bornIn ex:Oslo", "ex:Ana gw:bornIn ex:Latvia"],
        {
            (
                "a person born in two cities: possible only if one is a part of the other",
                "Ana",
                "",
                "Sentence 1.",
                "Sentence 0.",
            )
        },
    ),
    "one city in two countries, which is mostly two cities": (
        ["ex:Riga gw:locatedIn ex:Latvia", "ex:Riga gw:locatedIn ex:Chad", "ex:Oslo gw:locatedIn ex:Chad"],
        {
            (
                "a city in two countries: possible only if countries dispute it or one is a part of the other",
                "Riga",
                "",
                "Sentence 1.",
                "Sentence 0.",
            )
        },
    ),
    "nobody dies before being born, as precisely as is told": (
        [
            "ex:Ana schema:birthDate '1950-05'^^xsd:gYearMonth",
            "ex:Ana schema:deathDate '1949-12-31'^^xsd:date",
            "ex:Bo schema:birthDate '1950-05'^^xsd:gYearMonth",
            "ex:Bo schema:deathDate '1950'^^xsd:gYear",
        ],
        {("nobody dies before being born", "Ana", "1949-12-31", "Sentence 0.", "Sentence 1.")},
    ),
}


@pytest.mark.parametrize("case", CONTRADICTIONS)
def test_what_cannot_be_is_found_with_its_sentences(case: str) -> None:
    facts, expected = CONTRADICTIONS[case]
    types = PEOPLE + "ex:Chad a gw:Country . ex:Talks a gw:Meeting . ex:Staff a gw:MilitaryForce ."
    assert said(validate(graph_of(*facts, types=types))) == expected


def test_a_thing_of_two_classes_that_exclude_one_another_is_shown_where_it_is_spoken_of() -> None:
    found = validate(graph_of("ex:Ana gw:metWith ex:Bo", types=PEOPLE + "ex:Ana a gw:Delegation ."))
    assert said(found) == {
        ("a delegation cannot be an organization, a person or a place as well", "Ana", "Ana", "Sentence 0.")
    }


def test_what_is_not_asserted_violates_nothing() -> None:
    """A speaker may say what cannot be."""
    graph = graph_of(types=PEOPLE)
    quads = quads_of("ex:Ana gw:metWith ex:Ana")
    graph.add(quad for quad in quads if quad.predicate.value != GW + "metWith")
    assert validate(graph) == []


def test_what_is_inferred_violates_nothing() -> None:
    """A circle is shown once, at the facts that make it, not at all that follows from it."""
    graph = graph_of("ex:Riga gw:locatedIn ex:Latvia", types=PEOPLE)
    inferred = v.INFERRED_GRAPH
    graph.add([Quad(NamedNode(EX + "Latvia"), NamedNode(GW + "locatedIn"), NamedNode(EX + "Riga"), inferred)])
    assert validate(graph) == []


def test_a_graph_of_another_program_is_validated_too() -> None:
    """It has no statements, and so no sentences."""
    graph = KnowledgeGraph.create()
    graph.add(quad for quad in parse((HEAD + PEOPLE + "ex:Ana gw:metWith ex:Ana .").encode(), RdfFormat.TURTLE))
    [found] = validate(graph, Checker(load().triples))
    assert (found.focus, found.evidence) == (EX + "Ana", ())


CAGES = """ex:Cage a owl:Class . ex:Bird a owl:Class . ex:Cat a owl:Class .
    ex:holds a owl:ObjectProperty ; rdfs:domain ex:Cage .
    ex:Cage rdfs:subClassOf [ a owl:Restriction ; owl:onProperty ex:holds ; owl:maxCardinality 1 ] .
    shape:no-cats a sh:NodeShape ; sh:targetClass ex:Cage ; sh:sparql [ sh:severity sh:Violation ;
        sh:message "no cat beside a bird" ; sh:prefixes ex:zoo ; sh:select '''SELECT $this ?value WHERE {
            $this zoo:holds ?bird , ?value . ?bird a zoo:Bird . ?value a zoo:Cat }''' ] .
    ex:zoo sh:declare [ sh:prefix "zoo" ; sh:namespace "http://example.org/" ] ."""
ZOO = "ex:c a ex:Cage . ex:b a ex:Bird . ex:t a ex:Cat ."


def test_axioms_and_shapes_of_a_users_ontology_hold() -> None:
    """A cardinality that is broken names all facts of the property."""
    found = validate(graph_of("ex:c ex:holds ex:b", "ex:c ex:holds ex:t", types=ZOO, ontology=turtle(CAGES)))
    assert said(found) == {
        ('a cage has "holds" at most 1 times', "c", "", "Sentence 0.", "Sentence 1."),
        ("no cat beside a bird", "c", "t", "Sentence 0.", "Sentence 1."),
    }


def test_the_report_is_that_of_the_standard() -> None:
    found = report(graph_of("ex:Ana gw:metWith ex:Ana", types=PEOPLE))
    expected = turtle(
        """[] a sh:ValidationReport ; sh:conforms false ; sh:result [ a sh:ValidationResult ;
            sh:focusNode ex:Ana ; sh:value ex:Ana ; sh:resultSeverity sh:Violation ;
            sh:sourceShape shape:metWith-irreflexive ; sh:sourceConstraintComponent sh:DisjointConstraintComponent ;
            sh:resultMessage '"met with" cannot hold between a thing and itself' ] ."""
    )
    assert isomorphic(found, expected)


# ---- the facts of one document ----


def kept_out(checker: Checker, *facts: str, types: str) -> dict[str, str]:
    quads = quads_of(*facts, types=types)
    told = [quad.triple for quad in quads if quad.predicate == v.TYPE]
    found = document_violations(quads, told, checker)
    return {" ".join(str(term.value).rpartition("/")[2] for term in fact): message for fact, message in found.items()}


@pytest.fixture(scope="module")
def checker() -> Checker:
    return Checker(load().triples)


def test_the_facts_of_a_document_that_break_a_shape_are_told(checker: Checker) -> None:
    facts = ("ex:Ana gw:metWith ex:Ana", "ex:Ana gw:metWith ex:Bo", "ex:Riga gw:nationality ex:Latvia")
    assert kept_out(checker, *facts, types=PEOPLE) == {
        "Ana ontology#metWith Ana": '"met with" cannot hold between a thing and itself',
        "Riga ontology#nationality Latvia": 'the subject of "nationality" must be a person',
    }


def test_a_warning_keeps_no_fact_out(checker: Checker) -> None:
    assert kept_out(checker, "ex:Ana gw:bornIn ex:Riga", "ex:Ana gw:bornIn ex:Oslo", types=PEOPLE) == {}


@pytest.mark.parametrize(
    ("facts", "out"),
    [
        (["ex:c ex:holds ex:b 0.9", "ex:c ex:holds ex:d 0.7", "ex:c ex:holds ex:e 0.6"], {"d", "e"}),
        (["ex:c ex:holds ex:b 0.7", "ex:c ex:holds ex:d 0.7"], {"b", "d"}),
        (["ex:c ex:holds ex:b 0.7"], set()),
    ],
)
def test_of_facts_that_cannot_all_hold_the_surest_stay(facts: list[str], out: set[str]) -> None:
    """Where none is surer, none can be trusted."""
    checker = Checker(turtle(CAGES))
    found = kept_out(checker, *facts, types=ZOO + "ex:d a ex:Bird . ex:e a ex:Bird .")
    assert {fact.rpartition(" ")[2] for fact in found} == out


def test_a_checker_serves_many_documents(checker: Checker) -> None:
    """What is right in one document may be wrong in the next."""
    for _ in range(2):
        assert kept_out(checker, "ex:Ana gw:bornIn ex:Riga", types=PEOPLE) == {}
        assert list(kept_out(checker, "ex:Ana gw:bornIn ex:Riga", types=PEOPLE.replace("City", "Meeting"))) == [
            "Ana ontology#bornIn Riga"
        ]


# ---- the command line ----


def command(*arguments: str | Path) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["validate", *map(str, arguments)])
    return result.exit_code, result.stdout, result.stderr


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    graph_of("ex:Ana gw:metWith ex:Bo", types=PEOPLE).save(tmp_path / "sound.trig")
    return tmp_path / "sound.trig"


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    graph_of("ex:Ana gw:metWith ex:Ana", types=PEOPLE).save(tmp_path / "broken.trig")
    return tmp_path / "broken.trig"


def test_the_exit_code_tells_whether_all_is_well(sound: Path, broken: Path) -> None:
    assert command(sound) == (0, "", "no violation\n")
    code, out, err = command(broken)
    assert (code, err) == (1, "1 violation\n")
    assert out.splitlines()[:3] == [
        'violation: "met with" cannot hold between a thing and itself',
        "  Ana | met with | Ana",
        "    “Sentence 0.”",
    ]


def test_a_warning_is_shown_and_does_not_fail(tmp_path: Path) -> None:
    graph_of("ex:Ana gw:succeeds ex:Bo", "ex:Bo gw:succeeds ex:Ana", types=PEOPLE).save(tmp_path / "w.trig")
    code, out, err = command(tmp_path / "w.trig")
    assert (code, err) == (0, "2 warnings\n")
    assert out.startswith("warning: two persons succeed one another")


def test_violations_are_written_for_programs(broken: Path) -> None:
    code, out, _ = command(broken, "--format", "json")
    [found] = json.loads(out)
    assert (code, found["focus"], found["evidence"][0]["quote"]) == (1, EX + "Ana", "Sentence 0.")
    code, out, _ = command(broken, "--format", "turtle")
    written = Graph().parse(data=out, format="turtle")
    assert (code, len(list(written.subjects(SH.focusNode, URIRef(EX + "Ana"))))) == (1, 1)


def test_a_users_shapes_are_added_to_those_of_the_graph(sound: Path, tmp_path: Path) -> None:
    file = tmp_path / "mine.ttl"
    file.write_text(
        HEAD + "ex:lonely a sh:NodeShape ; sh:targetClass gw:Person ;"
        "sh:property [ sh:path gw:metWith ; sh:maxCount 0 ; sh:message 'nobody meets anybody' ] ."
    )
    code, out, _ = command(sound, "--shapes", file)
    assert (code, out.splitlines()[0]) == (1, "violation: nobody meets anybody")


def test_another_ontology_may_be_asked(broken: Path, tmp_path: Path) -> None:
    file = tmp_path / "lax.ttl"
    file.write_text(HEAD + "gw:metWith a owl:ObjectProperty .")
    assert command(broken, "--ontology", file)[0] == 0


BROKEN = {
    "broken Turtle": ("ex:S a sh:NodeShape ;\n  sh:targetClass .", 14, "broken Turtle"),
    "an unknown term": ("ex:S a sh:NodeShape ;\n  sh:targetClass ex:A ;\n  sh:clas ex:B .", 15, "SHACL has no sh:clas"),
    "a number that is none": (
        "ex:S a sh:NodeShape ;\n  sh:targetClass ex:A ;\n  sh:property [ sh:path ex:p ;\n    sh:maxCount 'few' ] .",
        16,
        "something is wrong with its sh:maxCount",
    ),
    "a property shape without a path": (
        "ex:S a sh:NodeShape ; sh:targetClass ex:A ;\n  sh:property [ sh:maxCount 1 ] .",
        13,
        "something is wrong with its sh:path",
    ),
    "broken SPARQL": (
        'ex:S a sh:NodeShape ;\n  sh:targetClass ex:A ;\n  sh:sparql [ sh:select """SELECT $this WHERE {\n'
        '    $this ex:p\n  }""" ] .',
        16,
        "broken SPARQL in a shape",
    ),
    "a prefix that is not declared": (
        'ex:S a sh:NodeShape ;\n  sh:targetClass ex:A ;\n  sh:sparql [ sh:select "SELECT $this { $this no:p 1 }" ] .',
        15,
        "Unknown namespace prefix",
    ),
    "no shape": ("ex:S a ex:Shape .", None, "the file holds no shape"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_broken_shapes_are_refused_with_file_and_line(case: str, sound: Path, tmp_path: Path) -> None:
    text, line, what = BROKEN[case]
    file = tmp_path / "mine.ttl"
    file.write_text(HEAD.strip() + "\n\n" + text)
    code, out, err = command(sound, "--shapes", file)
    assert (code, out) == (2, "")
    assert what in err
    assert f"where: {file}{f':{line}' if line else ''}\n" in err


def test_a_broken_shape_is_refused_without_a_file_too() -> None:
    with pytest.raises(OntologyError, match="SHACL has no sh:clas"):
        Checker(turtle("ex:S a sh:NodeShape ; sh:targetClass ex:A ; sh:clas ex:B ."))


def test_checking_an_ontology_checks_its_shapes(tmp_path: Path) -> None:
    file = tmp_path / "zoo.ttl"
    file.write_text(HEAD.strip() + "\nex:Cat a owl:Class .\n[] a sh:NodeShape ; sh:targetClass 'Cat' .")
    result = CliRunner().invoke(app, ["ontology", "check", str(file)])
    assert result.exit_code == 2
    assert f"where: {file}:13\n" in result.stderr
