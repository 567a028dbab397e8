"""The endpoint beyond the tests of the W3C: formats, caches, limits, tokens, and the union that updates keep."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Triple, parse
from rdflib import Graph
from serving import TOKEN, Server, serving
from wire import Answer, ask, write

from graphwright.errors import QueryError
from graphwright.graph import KnowledgeGraph
from graphwright.graph.syntax import with_using
from graphwright.graph.updating import drop, merge, put, unnamed, update
from graphwright.server.answering import Limited
from graphwright.server.kept import Kept
from graphwright.server.negotiation import DATASETS, GRAPHS, RDF_FORMATS, RESULTS, Format, negotiated, prefers_html
from graphwright.server.refusal import Refusal

G, H = "http://example.org/g", "http://example.org/h"
SELECT = "SELECT ?person WHERE { ?person a gw:Person } ORDER BY ?person LIMIT 2"
CONSTRUCT = "CONSTRUCT WHERE { ?person a gw:Person }"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that may be written to; a test leaves nothing behind."""
    store = tmp_path_factory.mktemp("endpoint") / "store"
    KnowledgeGraph.create(store).close()
    with serving(store, token=TOKEN) as server:
        yield server


@pytest.fixture
def empty(server: Server) -> Server:
    assert updated(server, "DROP ALL").status == 204
    return server


def query(server: Server, text: str, **headers: str) -> Answer:
    return ask(server, "GET", f"/sparql?query={quote(text)}", **headers)


def updated(server: Server, text: str, parameters: str = "") -> Answer:
    return write(server, "POST", f"/sparql{parameters}", text, content_type="application/sparql-update")


def asked(server: Server, pattern: str) -> bool:
    return '"boolean":true' in query(server, f"ASK {{ {pattern} }}").text


# -- formats ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("accept", "name"),
    [
        ("", "json"),
        ("*/*", "json"),
        ("application/sparql-results+xml", "xml"),
        ("text/csv", "csv"),
        ("text/tab-separated-values, text/csv;q=0.9", "tsv"),
        ("text/csv;q=0.2, application/sparql-results+json;q=0.1", "csv"),
        ("application/json", "json"),
        ("application/xml", "xml"),
        ("text/*", "csv"),
        ("text/*, text/csv;q=0", "tsv"),
        ("text/html, */*;q=0.1", "json"),
        ("TEXT/CSV; charset=utf-8; q=1.0", "csv"),
        ("application/sparql-results+json;q=0.5, */*;q=0.1, text/csv;q=x", "json"),
    ],
)
def test_the_header_accept_chooses_the_format(accept: str, name: str) -> None:
    """The most specific range tells the quality, the best quality wins, and of equals the first that we name."""
    assert negotiated(accept, "", RESULTS).name == name


@pytest.mark.parametrize("accept", ["image/png", "text/csv;q=0", "*/*;q=0", "nonsense"])
def test_where_no_format_fits_all_are_told(accept: str) -> None:
    with pytest.raises(Refusal, match="text/csv") as caught:
        negotiated(accept, "", RESULTS)
    assert caught.value.status == 406


@given(st.text())
def test_any_accept_is_a_choice_or_a_refusal(accept: str) -> None:
    with contextlib.suppress(Refusal):
        assert negotiated(accept, "", GRAPHS) in GRAPHS


@pytest.mark.parametrize("format", RESULTS, ids=lambda format: format.name)
def test_a_table_comes_in_every_format(news_server: Server, format: Format) -> None:
    for answer in (
        query(news_server, SELECT, accept=format.media_type),
        ask(news_server, "GET", f"/sparql?format={format.name}&query={quote(SELECT)}"),
    ):
        assert (answer.status, answer.kind) == (200, format.media_type)
        assert answer.text.count("https://w3id.org/graphwright/id/person/") == 2


@pytest.mark.parametrize("format", GRAPHS, ids=lambda format: format.name)
def test_a_graph_comes_in_every_format(news_server: Server, format: Format) -> None:
    answer = query(news_server, CONSTRUCT, accept=format.media_type)
    assert (answer.status, answer.kind) == (200, format.media_type)
    graph = Graph().parse(data=answer.text, format=_RDFLIB.get(format.name, format.name))
    assert len(graph) > 3


_RDFLIB = {"ntriples": "nt", "jsonld": "json-ld", "rdfxml": "xml"}


def test_a_table_cannot_be_had_as_a_picture(news_server: Server) -> None:
    answer = query(news_server, SELECT, accept="image/png")
    assert answer.status == 406
    assert "application/sparql-results+json" in answer.text


def test_a_browser_is_led_to_the_page_of_queries_and_a_program_gets_the_description(news_server: Server) -> None:
    browser = ask(
        news_server, "GET", "/sparql", accept="text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    )
    assert (browser.status, browser.headers["location"]) == (303, "/query")
    assert ask(news_server, "GET", "/sparql").kind == "text/turtle"
    assert not prefers_html("text/turtle, text/html;q=0.5")


# -- what is asked wrongly --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "path"),
    [
        (400, "/sparql?query=ASK+%7B"),
        (400, "/sparql?query=%FF"),
        (400, "/sparql?query=ASK+%7B%7D&query=ASK+%7B%7D"),
        (400, "/sparql?update=CLEAR+ALL"),
        (400, "/sparql?query=ASK+%7B%7D&default-graph-uri=no+iri"),
        (404, "/store?graph=http%3A%2F%2Fexample.org%2Fnone"),
        (404, "/store/none"),
        (400, "/store?graph=http%3A%2F%2Fexample.org%2Fg&default"),
        (400, "/store?graph=no+iri"),
    ],
)
def test_a_wrong_request_is_told_what_is_wrong(news_server: Server, status: int, path: str) -> None:
    answer = ask(news_server, "GET", path)
    assert answer.status == status
    assert "where:" in answer.text
    assert "to mend:" in answer.text
    assert "Traceback" not in answer.text


def test_an_error_in_a_query_is_shown_in_its_place(news_server: Server) -> None:
    answer = query(news_server, "SELECT *\nWHERE { ?s ?p }")
    assert answer.status == 400
    assert "line 2, column 16" in answer.text


def test_other_methods_are_refused_and_the_right_ones_told(news_server: Server) -> None:
    assert ask(news_server, "DELETE", "/sparql").status == 405
    for path in ("/sparql", "/store", "/store/x"):
        answer = ask(news_server, "OPTIONS", path)
        assert answer.status == 204
        assert "GET" in answer.headers["allow"]


def test_head_tells_what_get_would(news_server: Server) -> None:
    path = f"/sparql?query={quote(SELECT)}"
    head, get = ask(news_server, "HEAD", path), ask(news_server, "GET", path)
    assert (head.status, head.body) == (200, b"")
    for name in ("content-type", "content-length", "etag"):
        assert head.headers[name] == get.headers[name]


def test_a_query_cannot_call_another_server(news_server: Server) -> None:
    answer = query(news_server, "ASK { SERVICE <http://127.0.0.1:1/> { } }")
    assert answer.status == 403
    assert "--service" in answer.text


def test_an_answer_that_is_too_long_is_refused_and_not_broken_off() -> None:
    output = Limited(10)
    output.write(b"12345")
    with pytest.raises(Refusal, match="LIMIT"):
        output.write(b"678901")


# -- caches -----------------------------------------------------------------------------------------------------------


def test_an_answer_is_fetched_again_only_where_the_graph_changed(empty: Server) -> None:
    text = "SELECT * { ?s ?p ?o }"
    first = query(empty, text)
    tag = first.headers["etag"]
    assert query(empty, text, if_none_match=tag).status == 304
    assert query(empty, text, if_none_match=f'"other", {tag}').status == 304
    assert query(empty, text + " LIMIT 1", if_none_match=tag).status == 200
    assert query(empty, text, if_none_match=tag, accept="text/csv").status == 200
    assert updated(empty, "INSERT DATA { <urn:a> <urn:b> 1 }").status == 204
    assert query(empty, text, if_none_match=tag).status == 200
    assert first.headers["vary"].lower().startswith("accept")
    assert first.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("text", ["SELECT (RAND() AS ?n) {}", "SELECT (NOW() AS ?n) {}", "SELECT (UUID() AS ?n) {}"])
def test_an_answer_that_is_new_each_time_is_not_kept(news_server: Server, text: str) -> None:
    first, second = query(news_server, text), query(news_server, text)
    assert "etag" not in first.headers
    assert first.body != second.body


def test_an_answer_kept_is_that_of_its_own_question(empty: Server) -> None:
    """Many questions, each twice, and after a change once more."""
    for value in (1, 2):
        assert updated(empty, f"DELETE WHERE {{ ?s ?p ?o }} ; INSERT DATA {{ <urn:a> <urn:b> {value} }}").status == 204
        for _ in range(2):
            for number in range(5):
                answer = query(empty, f"SELECT (?o * 10 + {number} AS ?n) {{ ?s ?p ?o }}", accept="text/csv")
                assert answer.text.split() == ["n", str(value * 10 + number)]
            assert query(empty, "ASK {}", accept="application/sparql-results+xml").text.startswith("<?xml")
            assert query(empty, "ASK {}", accept="application/sparql-results+json").text.startswith("{")


# -- who may write ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value", ["", "Bearer wrong", "Bearer", "Basic d3Jvbmc6d3Jvbmc=", "Basic !!!", f"Digest {TOKEN}"]
)
def test_nobody_writes_without_the_token(empty: Server, value: str) -> None:
    headers = {"Authorization": value} if value else {}
    for method, path, kind in (
        ("POST", "/sparql", "application/sparql-update"),
        ("PUT", "/store?default", "text/turtle"),
        ("POST", "/store", "text/turtle"),
        ("DELETE", f"/store?graph={quote(G, safe='')}", "text/turtle"),
    ):
        answer = ask(empty, method, path, "INSERT DATA { <urn:a> <urn:b> 1 }", content_type=kind, **headers)
        assert answer.status == 401
    assert not asked(empty, "?s ?p ?o")


def test_nobody_writes_to_a_server_that_only_reads(news_server: Server) -> None:
    assert updated(news_server, "INSERT DATA { <urn:a> <urn:b> 1 }").status == 403
    assert write(news_server, "DELETE", "/store?default").status == 403


# -- whole graphs -----------------------------------------------------------------------------------------------------


def test_broken_rdf_is_refused_with_its_line_and_changes_nothing(empty: Server) -> None:
    path = f"/store?graph={quote(G, safe='')}"
    assert write(empty, "PUT", path, "<urn:a> <urn:b> 1 .", content_type="text/turtle").status == 201
    answer = write(empty, "PUT", path, "<urn:a> <urn:b> 2 .\n<urn:a> nonsense", content_type="text/turtle")
    assert answer.status == 400
    assert "line 2" in answer.text
    assert write(empty, "PUT", path, "x", content_type="image/png").status == 415
    assert write(empty, "PUT", path, "x").status == 415
    assert write(empty, "PUT", "/store", "<urn:a> <urn:b> 1 .", content_type="text/turtle").status == 400
    assert asked(empty, "<urn:a> <urn:b> 1")
    assert not asked(empty, "<urn:a> <urn:b> 2")


def test_a_document_cannot_make_the_server_fetch_another(empty: Server) -> None:
    """The context of JSON-LD is an address that would be asked; entities of XML are files that would be read."""
    context = '{"@context": "http://127.0.0.1:1/context", "name": "x"}'
    assert write(empty, "PUT", "/store?default", context, content_type="application/ld+json").status == 400
    entity = '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/hosts">]><r>&x;</r>'
    assert write(empty, "PUT", "/store?default", entity, content_type="application/rdf+xml").status == 400


@pytest.mark.parametrize("format", DATASETS, ids=lambda format: format.name)
def test_the_store_gives_all_its_graphs(empty: Server, format: Format) -> None:
    text = (
        f"INSERT DATA {{ GRAPH <{G}> {{ <urn:a> <urn:b> 1 }} GRAPH <{H}> {{ <urn:a> <urn:b> 1 }} <urn:a> <urn:b> 2 }}"
    )
    assert updated(empty, text).status == 204
    answer = ask(empty, "GET", f"/store?format={format.name}")
    assert answer.status == 200
    a, b = NamedNode("urn:a"), NamedNode("urn:b")
    one = Literal("1", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#integer"))
    two = Literal("2", datatype=one.datatype)
    found = set(parse(answer.body, format=RDF_FORMATS[format.name]))
    assert found == {Quad(a, b, one, NamedNode(G)), Quad(a, b, one, NamedNode(H)), Quad(a, b, two, DefaultGraph())}


def test_void_tells_how_much_there_is(news_server: Server) -> None:
    answer = ask(news_server, "GET", "/.well-known/void", accept="text/turtle")
    described = Graph().parse(data=answer.text, format="turtle")
    count = "PREFIX void: <http://rdfs.org/ns/void#> SELECT ?n { ?d a void:Dataset ; void:documents ?n }"
    assert [int(row.n) for row in described.query(count)] == [4]
    classes = "PREFIX void: <http://rdfs.org/ns/void#> SELECT ?c { ?d void:classPartition [ void:class ?c ] }"
    assert "https://w3id.org/graphwright/ontology#Person" in {str(row.c) for row in described.query(classes)}


# -- the union --------------------------------------------------------------------------------------------------------

A, P = NamedNode("http://example.org/a"), NamedNode("http://example.org/p")
NAMES = [NamedNode(f"http://example.org/{letter}") for letter in "gh"]
TRIPLES = [Triple(A, P, Literal(str(number))) for number in range(4)]


def state_of(graph: KnowledgeGraph) -> tuple[set[Triple], set[Triple]]:
    """What the default graph holds, and what named graphs hold."""
    quads = list(graph.store)
    default = {quad.triple for quad in quads if isinstance(quad.graph_name, DefaultGraph)}
    return default, {quad.triple for quad in quads if not isinstance(quad.graph_name, DefaultGraph)}


def text_of(triple: Triple, name: NamedNode | None) -> str:
    return f"{{ {triple} }}" if name is None else f"{{ GRAPH {name} {{ {triple} }} }}"


names = st.sampled_from([None, *NAMES])
steps = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["INSERT DATA", "DELETE DATA"]), st.sampled_from(TRIPLES), names),
        st.tuples(st.just("DROP"), st.none(), names),
        st.tuples(st.sampled_from(["put", "merge", "drop"]), st.sampled_from(TRIPLES), names),
    ),
    max_size=8,
)


@settings(max_examples=200, deadline=None)
@given(steps)
def test_the_default_graph_is_the_union_and_what_was_put_into_it(
    steps: list[tuple[str, Triple, NamedNode | None]],
) -> None:
    """Against a model: the named graphs, and what was put into the default graph while no named graph stated it."""
    graph = KnowledgeGraph.create()
    named: dict[NamedNode, set[Triple]] = {name: set() for name in NAMES}
    own: set[Triple] = set()
    for verb, triple, name in steps:
        if verb in ("INSERT DATA", "DELETE DATA"):
            update(graph, f"{verb} {text_of(triple, name)}")
        elif verb == "DROP":
            update(graph, "DROP DEFAULT" if name is None else f"DROP SILENT GRAPH {name}")
        elif verb == "put":
            put(graph, name, [triple])
        elif verb == "merge":
            merge(graph, name, [triple])
        else:
            drop(graph, name)
        stated = set().union(*named.values())
        if name is None:
            if verb in ("INSERT DATA", "merge") and triple not in stated:
                own.add(triple)
            elif verb == "DELETE DATA":
                own.discard(triple)
            elif verb in ("DROP", "drop", "put"):
                own = {triple} - stated if verb == "put" else set()
        elif verb in ("INSERT DATA", "merge"):
            named[name].add(triple)
            own.discard(triple)  # it is stated by a name now, and goes with the last of them
        elif verb == "DELETE DATA":
            named[name].discard(triple)
        else:
            named[name] = {triple} if verb == "put" else set()
            own -= named[name]
        default, in_names = state_of(graph)
        assert in_names == set().union(*named.values())
        assert default == in_names | own
        assert {quad.triple for quad in unnamed(graph)} == own


def test_a_graph_that_is_moved_to_the_default_graph_stays_there() -> None:
    graph = KnowledgeGraph.create()
    update(graph, f"INSERT DATA {{ GRAPH <{G}> {{ {TRIPLES[0]} }} }}")
    update(graph, f"MOVE <{G}> TO DEFAULT")
    assert state_of(graph) == ({TRIPLES[0]}, set())


def test_an_update_on_disk_keeps_the_union_and_leaves_nothing_behind(tmp_path: Path) -> None:
    graph = KnowledgeGraph.create(tmp_path / "store")
    update(graph, f"INSERT DATA {{ GRAPH <{G}> {{ {TRIPLES[0]} }} {TRIPLES[1]} }} # a comment at the end")
    update(graph, "DELETE { GRAPH ?g { ?s ?p ?o } } WHERE { GRAPH ?g { ?s ?p ?o } };")
    assert state_of(graph) == ({TRIPLES[1]}, set())
    assert sorted(path.name for path in (tmp_path / "store").iterdir()) == ["graph", "layout"]


def test_an_update_that_fails_changes_nothing() -> None:
    graph = KnowledgeGraph.create()
    for text in (f"INSERT DATA {{ {TRIPLES[0]} }} ; DROP GRAPH <urn:none>", "INSERT DATA { ?x ?y ?z }", "CLEAR XYZ"):
        with pytest.raises(QueryError):
            update(graph, text)
    assert graph.is_empty()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("INSERT { ?s ?p 1 } WHERE { ?s ?p ?o }", "INSERT { ?s ?p 1 } USING <g> USING NAMED <h> WHERE { ?s ?p ?o }"),
        ("delete where{?s ?p 'where'}", "delete {?s ?p 'where'} USING <g> USING NAMED <h> where{?s ?p 'where'}"),
        ("INSERT DATA { <a> <b> 'WHERE { }' }", "INSERT DATA { <a> <b> 'WHERE { }' }"),
        (
            "PREFIX where: <x> DELETE { ?s where:where 1 } INSERT { } # where\nWHERE { { ?s ?p ?o } } ; CLEAR ALL",
            "PREFIX where: <x> DELETE { ?s where:where 1 } INSERT { } # where\n"
            "USING <g> USING NAMED <h> WHERE { { ?s ?p ?o } } ; CLEAR ALL",
        ),
        (
            "DELETE WHERE { ?s e:a\\' '}' }",
            "DELETE { ?s e:a\\' '}' } USING <g> USING NAMED <h> WHERE { ?s e:a\\' '}' }",
        ),
    ],
)
def test_the_dataset_of_the_protocol_goes_before_each_where(text: str, expected: str) -> None:
    assert with_using(text, ["g"], ["h"]) == expected


@pytest.mark.parametrize(
    "text", ["WITH <x> DELETE { } WHERE { }", "INSERT { } USING <x> WHERE { }", "with<x>insert{}where{}"]
)
def test_a_dataset_in_two_places_is_refused(text: str) -> None:
    with pytest.raises(QueryError, match="one of the two places"):
        with_using(text, ["urn:g"], [])


def test_a_form_may_hold_the_update_and_its_dataset(empty: Server) -> None:
    assert (
        updated(
            empty, f"INSERT DATA {{ GRAPH <{G}> {{ <urn:a> <urn:b> 1 }} GRAPH <{H}> {{ <urn:a> <urn:b> 2 }} }}"
        ).status
        == 204
    )
    form = urlencode({"update": "INSERT { <urn:c> <urn:d> ?o } WHERE { ?s ?p ?o }", "using-graph-uri": G})
    answer = write(empty, "POST", "/sparql", form, content_type="application/x-www-form-urlencoded")
    assert answer.status == 204
    assert asked(empty, "<urn:c> <urn:d> 1")
    assert not asked(empty, "<urn:c> <urn:d> 2")


def test_answers_are_kept_within_their_room() -> None:
    """What was asked for longest ago goes first, and what is large is not kept at all."""
    kept = Kept(room=300)
    for number in range(101):
        kept.keep(number, ("text/csv", b""), 3)
        assert kept.get(0) is not None
    assert kept.get(1) is None
    assert kept.get(2) is not None
    kept.keep("large", ("text/csv", b""), 4)
    assert kept.get("large") is None
