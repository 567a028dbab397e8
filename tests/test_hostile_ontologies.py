"""Ontologies, rules, shapes, tables and graphs as somebody writes them who means harm, or does not look.

Each gives a message that says what, where and how to mend, or is taken as it is; none opens a connection, reads a file
that was not given, or takes for ever.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from guarding import listening, offline, within
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rdflib import Graph

from graphwright import KnowledgeGraph
from graphwright.entities.decisions import read_decisions
from graphwright.errors import DecisionError, GraphwrightError, OntologyError, StoreError
from graphwright.ontology import Ontology, load
from graphwright.ontology.listed import read_listed
from graphwright.ontology.shapes import check_shapes, placed_in, read_shapes

HEAD = """
@prefix gw:   <https://w3id.org/graphwright/ontology#> .
@prefix lex:  <https://w3id.org/graphwright/lex#> .
@prefix my:   <https://example.org/my#> .
@prefix owl:  <http://www.w3.org/2002/07/owl#> .
@prefix rdf:  <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh:   <http://www.w3.org/ns/shacl#> .
my:Town a owl:Class ; lex:noun "town" ; lex:entityLabel "GPE" .
my:twinnedWith a owl:ObjectProperty ; rdfs:domain my:Town ; rdfs:range my:Town ;
    lex:phrase "[Town] is twinned with [Town]" .
"""


@pytest.fixture(autouse=True)
def guarded() -> Iterator[None]:
    with offline():
        yield


def told(error: GraphwrightError, *names: str) -> None:
    """A message has its three parts, names the file, and is none of Python's."""
    what, where, mend = error.args
    assert what
    assert mend
    assert all(name in where for name in names), where
    assert not re.search(r"Traceback|object at 0x|NoneType|Errno", str(error))


def refused(folder: Path, text: str | bytes, suffix: str = ".ttl") -> str:
    """Load an ontology that cannot be, and return what is said of it."""
    path = folder / f"mine{suffix}"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with within(60), pytest.raises(OntologyError) as caught:
        load([path])
    told(caught.value, path.name)
    return str(caught.value)


# -- Turtle -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "target",
    [
        "https://example.org/other",
        "http://127.0.0.1:9/ontology.ttl",
        "file:///etc/passwd",
        "ftp://example.org/x",
        "urn:x:y",
        "https://w3id.org/graphwright/ontology2",
    ],
)
def test_nothing_is_imported_but_what_is_given(tmp_path: Path, target: str) -> None:
    """What an ontology imports is asked of nobody, neither the network nor the disk."""
    said = refused(tmp_path, f"{HEAD}\n<https://example.org/my> a owl:Ontology ; owl:imports <{target}> .\n")
    assert "nothing is fetched" in said
    assert re.search(r"mine\.ttl:13\b", said)


def test_files_may_import_one_another(tmp_path: Path) -> None:
    """Also in a ring."""
    for one, other in (("a", "b"), ("b", "a")):
        ring = f"<https://example.org/{one}> a owl:Ontology ; owl:imports <https://example.org/{other}> ."
        (tmp_path / f"{one}.ttl").write_text(f"{HEAD}\n{ring}\n")
    assert load([tmp_path]).class_named("Town")


@pytest.mark.parametrize(
    "text",
    [
        b"\x00\x01\x02\xff" * 500,
        b"\xef\xbb\xbf\xff\xfe",
        "<https://example.org/with space> a <urn:x> .",
        '<https://example.org/"quoted"> a <urn:x> .',
        "@prefix a: <b> a:c a:d",
        "@prefix : <urn:> . : : :",
        f"{HEAD} my:a lex:phrase '''never closed .",
        "[" * 5_000,
        "(" * 5_000,
        f"{HEAD} my:a rdfs:label {'[ rdfs:label ' * 3_000}1{']' * 3_000} .",
        f"{HEAD} my:a rdfs:label {'(' * 3_000}1{')' * 3_000} .",
        f"{HEAD} my:A rdfs:subClassOf my:B . my:B rdfs:subClassOf my:C . my:C rdfs:subClassOf my:A .",
    ],
    ids=lambda text: repr(text[-24:]),
)
def test_broken_turtle_is_told(tmp_path: Path, text: str | bytes) -> None:
    refused(tmp_path, text)


def test_a_hierarchy_may_be_deep(tmp_path: Path) -> None:
    """Twenty thousand classes, each below the one before it; and a ring as long."""
    steps = "".join(f"my:C{i} rdfs:subClassOf my:C{i + 1} .\n" for i in range(2_000))
    (tmp_path / "deep.ttl").write_text(HEAD + steps)
    assert len(load([tmp_path / "deep.ttl"]).ancestors["https://example.org/my#C0"]) == 2_001
    assert "a cycle" in refused(tmp_path, f"{HEAD}{steps}my:C2000 rdfs:subClassOf my:C0 .")


def test_large_files_are_read(tmp_path: Path) -> None:
    """Three megabytes in one literal, in one line, and in many statements."""
    many = "".join(f'my:C{i} a owl:Class ; rdfs:label "class {i}" .\n' for i in range(4_000))
    (tmp_path / "large.ttl").write_text(f'{HEAD}\nmy:Town rdfs:comment "{"word " * 200_000}" .\n{many}')
    assert len(load([tmp_path / "large.ttl"]).classes) > 4_000


@pytest.mark.parametrize(
    "phrase",
    [
        "[Town] " + "very " * 20_000 + "big [Town]",
        "[" * 100_000,
        "[Town" * 50,
        "]Town[ is ]Town[",
        "[Town] (.*)+$ [Town] [Town]",
        "[../../etc/passwd] is [Town]",
        "[{0.__class__}] is [Town]",
        "",
        "\\u202e[Town]",
    ],
    ids=lambda phrase: repr(phrase[:24]),
)
def test_a_phrase_that_cannot_work_is_told(tmp_path: Path, phrase: str) -> None:
    refused(tmp_path, f'{HEAD}\nmy:near a owl:ObjectProperty ; rdfs:domain my:Town ; lex:phrase "{phrase}" .')


@pytest.mark.parametrize("kind", ["phrase", "pattern"])
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(piece=st.text(st.sampled_from("[]Town <->-subject|*\\\"'.()+?{}$^\n\u202e\u200bé "), max_size=60))
def test_any_phrase_is_taken_or_told(tmp_path_factory: pytest.TempPathFactory, kind: str, piece: str) -> None:
    quoted = piece.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    path = tmp_path_factory.mktemp("phrase") / "mine.ttl"
    path.write_text(f'{HEAD}\nmy:near a owl:ObjectProperty ; rdfs:domain my:Town ; lex:{kind} "{quoted}" .\n')
    loaded_or_told(path)


def loaded_or_told(path: Path) -> None:
    try:
        assert isinstance(load([path]), Ontology)
    except OntologyError as error:
        told(error, path.name)


@st.composite
def mutated(draw: st.DrawFn, text: bytes) -> bytes:
    """Some bytes of a text doubled, dropped, moved or replaced."""
    found = bytearray(text)
    for _ in range(draw(st.integers(1, 4))):
        at, length = draw(st.integers(0, len(found))), draw(st.integers(0, 30))
        piece = draw(
            st.one_of(
                st.just(bytes(found[at : at + length]) * 2),
                st.just(b""),
                st.binary(max_size=6),
                st.sampled_from([b"<", b">", b'"', b"[", b"]", b" .", b";", b"\\", b"\x00", b"_:b", b"owl:imports"]),
            )
        )
        found[at : at + length] = piece
    return bytes(found)


@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(text=mutated(HEAD.encode()))
def test_any_change_of_an_ontology_is_taken_or_told(tmp_path_factory: pytest.TempPathFactory, text: bytes) -> None:
    path = tmp_path_factory.mktemp("mutated") / "mine.ttl"
    path.write_bytes(text)
    loaded_or_told(path)


# -- rules ------------------------------------------------------------------------------------------------------------

RULE = "PREFIX my: <https://example.org/my#> CONSTRUCT { ?a my:twinnedWith ?b } WHERE { %s ?b my:twinnedWith ?a }"


@pytest.mark.parametrize(
    ("query", "said"),
    [
        (RULE % "SERVICE <http://127.0.0.1:9/sparql> { ?a ?p ?b }", "SERVICE"),
        (RULE % "OPTIONAL { SERVICE SILENT ?where { ?a ?p ?b } }", "SERVICE"),
        (RULE % "FILTER EXISTS { { SELECT * { SERVICE <http://127.0.0.1:9/> { ?a ?p ?b } } } }", "SERVICE"),
        (RULE.replace("WHERE", "FROM <file:///etc/passwd> WHERE") % "", "FROM"),
        (RULE.replace("WHERE", "FROM NAMED <http://127.0.0.1:9/> WHERE") % "", "FROM"),
        ("LOAD <http://127.0.0.1:9/x.ttl>", "SPARQL"),
        ("DROP ALL", "SPARQL"),
        ("SELECT * { ?s ?p ?o }", "CONSTRUCT"),
        ("", "SPARQL"),
        ("\x00" * 100, "SPARQL"),
        (RULE % ("{" * 2_000), "SPARQL"),
        (RULE % f"FILTER ({'(' * 2_000}1{')' * 2_000})", "SPARQL"),
    ],
    ids=lambda text: repr(text[60:100]),
)
def test_a_rule_asks_nobody_but_the_graph(tmp_path: Path, query: str, said: str) -> None:
    (tmp_path / "mine.ttl").write_text(HEAD)
    with listening() as listener, within(60):
        (tmp_path / "mine.rq").write_text(query.replace("127.0.0.1:9", listener.url.split("/")[2]))
        with pytest.raises(OntologyError, match=said) as caught:
            load([tmp_path])
    told(caught.value, "mine.rq:1")


# -- shapes -----------------------------------------------------------------------------------------------------------

SHAPE = """
my:S a sh:NodeShape ; sh:targetClass my:Town ; sh:sparql [ sh:message "no" ; sh:select "SELECT $this WHERE { %s }" ] .
"""


@pytest.mark.parametrize(
    ("shape", "said"),
    [
        (SHAPE % "SERVICE <http://127.0.0.1:9/sparql> { $this ?p ?o }", "SERVICE"),
        (SHAPE.replace("WHERE", "FROM <file:///etc/passwd> WHERE") % "$this ?p ?o", "FROM"),
        (SHAPE % "$this ?p", "SPARQL"),
        (SHAPE.replace("SELECT $this WHERE", "DROP ALL #") % "", "SPARQL"),
        ("my:S a sh:NodeShape ; sh:nonsense 1 .", "sh:nonsense"),
    ],
    ids=lambda text: repr(text[-40:]),
)
def test_a_shape_asks_nobody_but_the_graph(tmp_path: Path, shape: str, said: str) -> None:
    """Its engine would read files of this machine for FROM, and call servers for SERVICE."""
    path = tmp_path / "mine.ttl"
    path.write_text(HEAD + shape)
    graph = Graph()
    for triple in read_shapes([path]):
        graph.add(triple)
    with pytest.raises(OntologyError, match=said) as caught:
        check_shapes(graph, placed_in([path]))
    told(caught.value, "mine.ttl:")


# -- tables -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n\n\n",
        b"\x00\xff" * 1000,
        b"name\n",
        b"name,class,nonsense\na,b,c\n",
        b"name,class\na\n",
        b"name,class\na,b,c,d\n",
        b'name,class\n"never closed,City\n',
        b"name,class\n" + b"x" * 500_000 + b",City\n",
        b"name,class\nTown," + b"y" * 1_000 + b"\n",
        b"name,class,latitude,longitude\nTown,City,north,\n",
        b"name,class,iri\nTown,City,not an iri\n",
        b"name\tclass\nTown\tCity\n",
        "name,class\nTown,City\n".encode("utf-16"),
    ],
    ids=lambda content: repr(content[:24]),
)
@pytest.mark.parametrize("kind", ["gazetteer", "decisions"])
def test_a_broken_table_is_told(tmp_path: Path, content: bytes, kind: str, ontology: Ontology) -> None:
    path = tmp_path / "mine.csv"
    path.write_bytes(content)
    try:
        found = read_listed([str(path)], ontology) if kind == "gazetteer" else read_decisions(str(path))
    except (OntologyError, DecisionError) as error:
        told(error, "mine.csv")
    else:
        assert len(found) <= 1
        assert b"a,b" not in content


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(rows=st.lists(st.lists(st.text(max_size=8), max_size=7), max_size=5), raw=st.binary(max_size=40))
def test_any_table_of_decisions_is_taken_or_told(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], raw: bytes
) -> None:
    path = tmp_path_factory.mktemp("decisions") / "mine.csv"
    with path.open("w", encoding="utf-8", errors="surrogatepass", newline="") as file:
        csv.writer(file).writerows([["decision", "name", "document", "other", "other_document", "note"], *rows])
    path.write_bytes(path.read_bytes() + raw)
    try:
        read_decisions(str(path))
    except DecisionError as error:
        told(error, "mine.csv")


# -- graphs -----------------------------------------------------------------------------------------------------------

BOMB = "".join(f'<!ENTITY e{i} "{f"&e{i - 1};" * 10}">' for i in range(1, 30))


def graphs() -> dict[str, tuple[str, bytes]]:
    """Files that are no graph, by what is wrong with them."""
    return {
        "entities in entities": (
            ".rdf",
            f'<!DOCTYPE x [<!ENTITY e0 "ha">{BOMB}]><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
            '<rdf:Description rdf:about="urn:a"><x xmlns="urn:">&e29;</x></rdf:Description></rdf:RDF>'.encode(),
        ),
        "a file of this machine": (".rdf", b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'),
        "a context of the network": (".jsonld", b'{"@context": "http://127.0.0.1:9/c.jsonld", "@id": "urn:a", "b": 1}'),
        "deep JSON": (".jsonld", b'{"urn:a":' * 20_000 + b"1" + b"}" * 20_000),
        "deep XML": (".xml", b"<a>" * 20_000),
        "binary": (".nq", b"\x00\xff" * 10_000),
        "an endless line": (".nt", b"<urn:a> " * 200_000),
        "IRIs with spaces": (".nt", b"<urn:a b> <urn:c> <urn:d> ."),
        "no UTF-8": (".ttl", b'<urn:a> <urn:b> "\xff" .'),
        "deep brackets": (".ttl", b"<urn:a> <urn:b> " + b"[ <urn:c> " * 100_000),
        "deep lists": (".trig", b"<urn:a> <urn:b> " + b"(" * 100_000),
    }


@pytest.mark.parametrize("what", graphs())
def test_what_is_no_graph_is_told(tmp_path: Path, what: str) -> None:
    suffix, content = graphs()[what]
    path = tmp_path / f"mine{suffix}"
    with listening() as listener:
        path.write_bytes(content.replace(b"127.0.0.1:9", listener.url.split("/")[2].encode()))
        with within(60), pytest.raises(StoreError) as caught:
            KnowledgeGraph.open(path)
    told(caught.value, path.name)


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=mutated(HEAD.encode()), suffix=st.sampled_from([".ttl", ".trig", ".nq", ".rdf", ".jsonld"]))
def test_any_file_is_a_graph_or_told(tmp_path_factory: pytest.TempPathFactory, text: bytes, suffix: str) -> None:
    path = tmp_path_factory.mktemp("graph") / f"mine{suffix}"
    path.write_bytes(text)
    try:
        KnowledgeGraph.open(path)
    except StoreError as error:
        told(error, path.name)
