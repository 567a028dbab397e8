"""A graph on a SPARQL server is the graph that it would be in a folder: written, asked, changed, and safe in a storm.

Two real servers that differ: Oxigraph, which pip brings, and Virtuoso 7, where the machine has it.
"""

from __future__ import annotations

import base64
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, parse
from test_graph import BASE, first, graph_of, ontology, resolved, second

from graphwright import build, cli, from_text, remove
from graphwright.building import update
from graphwright.errors import GraphwrightError, QueryError, StoreError
from graphwright.export import export
from graphwright.graph import INFERRED_GRAPH, KnowledgeGraph, Selection, assemble, difference, explain, infer
from graphwright.graph import http as graph_http
from graphwright.graph.endpoints import parse_address
from graphwright.graph.http import Patience
from graphwright.graph.remote import RemoteStore
from graphwright.graph.syntax import construction, form_of, page_of, with_prefixes

QUICK = Patience(attempts=5, first=0.01, longest=0.02, connect=2, read=5)
ROWS = 1_000  # the limit of the Virtuoso of these tests
XSD = "http://www.w3.org/2001/XMLSchema#"
DEFAULT = DefaultGraph()


# -- two real servers -------------------------------------------------------------------------------------------------


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def wait_until_it_answers(url: str, process: subprocess.Popen[Any]) -> None:
    end = time.monotonic() + 30
    while time.monotonic() < end:
        assert process.poll() is None, "the server ended"
        try:
            if httpx.get(url, params={"query": "ASK {}"}).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.02)
    raise AssertionError(f"no answer from {url}")


def start_oxigraph(port: int, *options: str) -> subprocess.Popen[Any]:
    binary = Path(sys.executable).with_name("oxigraph")
    command = [str(binary), "serve", "--bind", f"127.0.0.1:{port}", *options]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wait_until_it_answers(f"http://127.0.0.1:{port}/query", process)
    return process


@contextmanager
def oxigraph(*options: str) -> Iterator[str]:
    port = free_port()
    process = start_oxigraph(port, *options)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


VIRTUOSO = """
[Database]
DatabaseFile = v.db
ErrorLogFile = v.log
LockFile = v.lck
TransactionFile = v.trx
xa_persistent_file = v.pxa
FileExtend = 100
[TempDatabase]
DatabaseFile = t.db
TransactionFile = t.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
NumberOfBuffers = 2000
MaxDirtyBuffers = 1500
CheckpointInterval = 0
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerThreads = 5
[SPARQL]
ResultSetMaxRows = {rows}
"""


@contextmanager
def virtuoso(folder: Path) -> Iterator[str]:
    if shutil.which("virtuoso-t") is None or shutil.which("isql-vt") is None:
        pytest.skip("Virtuoso 7 is not installed: apt-get install virtuoso-opensource-7")
    sql, http = free_port(), free_port()
    (folder / "v.ini").write_text(VIRTUOSO.format(sql=sql, http=http, rows=ROWS))
    process = subprocess.Popen(
        ["virtuoso-t", "+configfile", "v.ini", "+foreground"], cwd=folder, stderr=subprocess.DEVNULL
    )
    try:
        wait_until_it_answers(f"http://127.0.0.1:{http}/sparql", process)
        rights = "GRANT SPARQL_UPDATE TO \"SPARQL\"; DB.DBA.RDF_DEFAULT_USER_PERMS_SET('nobody', 7);"
        subprocess.run(["isql-vt", f"127.0.0.1:{sql}", "dba", "dba", f"exec={rights}"], check=True, capture_output=True)
        yield f"http://127.0.0.1:{http}"
    finally:
        process.kill()
        process.wait()


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], str]]:
    """Start a server when the first test asks for it, and end all of them."""
    started: dict[str, tuple[Any, str]] = {}

    def address(kind: str) -> str:
        if kind not in started:
            running = oxigraph() if kind == "Oxigraph" else virtuoso(tmp_path_factory.mktemp("virtuoso"))
            started[kind] = (running, running.__enter__())
        return started[kind][1]

    yield address
    for running, _ in started.values():
        running.__exit__(None, None, None)


@pytest.fixture(params=["Oxigraph", "Virtuoso"])
def url(request: pytest.FixtureRequest, servers: Callable[[str], str]) -> str:
    """The address of a server that holds nothing yet."""
    address = servers(request.param)
    store = RemoteStore(address)
    for name in list(store.named_graphs()):
        store.forget_graph(name)
    store.remove_graph(DEFAULT)
    store.close()
    return address


def q(s: str, o: NamedNode | Literal | BlankNode | str, g: str | None = "g", p: str = "p") -> Quad:
    """A quad written to be read."""
    object = Literal(o) if isinstance(o, str) else o
    return Quad(NamedNode(f"urn:{s}"), NamedNode(f"urn:{p}"), object, DEFAULT if g is None else NamedNode(f"urn:{g}"))


def both(url: str) -> tuple[KnowledgeGraph, KnowledgeGraph]:
    """The same graph on a server, opened anew after it was written, and in memory."""
    graphs = KnowledgeGraph.open(url), KnowledgeGraph.create()
    extractions = [first(), second()]
    for graph in graphs:
        graph.add_ontology(ontology(), prefixes={"my": "https://example.org/my#"})
        graph.add(assemble(extractions, resolved(extractions), base=BASE))
    return KnowledgeGraph.open(url), graphs[1]


class TestAGraphOnAServer:
    def test_holds_what_it_would_hold_in_memory(self, url: str) -> None:
        there, here = both(url)
        assert list(there.quads()) == list(here.quads())
        assert list(there.triples()) == list(here.triples())
        assert len(there) == len(here)
        assert there.documents() == here.documents()
        assert there.counts() == here.counts()
        assert there.prefixes == here.prefixes

    def test_explains_and_draws_as_it_would_in_memory(self, url: str) -> None:
        there, here = both(url)
        assert explain(there, None) == explain(here, None)
        mine, other = there.to_networkx(flagged=True), here.to_networkx(flagged=True)
        assert dict(mine.nodes(data=True)) == dict(other.nodes(data=True))
        assert list(mine.edges(data=True)) == list(other.edges(data=True))

    @pytest.mark.parametrize(
        "selection",
        [
            Selection(around="Tibor Benkő", hops=2, flagged=True),
            Selection(classes=("Agent",), properties=("received",), min_confidence=0.4),
            Selection(since="2016-07", until="2016"),
        ],
        ids=str,
    )
    def test_gives_the_part_that_is_chosen(self, url: str, tmp_path: Path, selection: Selection) -> None:
        for suffix in ("nq", "graphml"):
            files = [tmp_path / f"{name}.{suffix}" for name in ("there", "here")]
            for graph, file in zip(both(url), files, strict=True):
                export(graph, file, selection=selection)
            assert files[0].read_bytes() == files[1].read_bytes()

    @pytest.mark.parametrize("suffix", ["nq", "ttl", "graphml"])
    def test_is_exported_to_the_byte(self, url: str, tmp_path: Path, suffix: str) -> None:
        files = [tmp_path / f"{name}.{suffix}" for name in ("there", "here")]
        for graph, file in zip(both(url), files, strict=True):
            export(graph, file)
        assert files[0].read_bytes() == files[1].read_bytes()

    def test_answers_each_form_of_query(self, url: str) -> None:
        there, here = both(url)
        for query in (
            "SELECT DISTINCT ?who ?label WHERE { ?who a gw:Person ; rdfs:label ?label } ORDER BY ?label",
            "SELECT (COUNT(DISTINCT ?who) AS ?n) WHERE { ?who gw:received ?guest }",
            "SELECT ?o WHERE { GRAPH <https://example.org/id/document/d1> { ?s gw:active ?o } }",
            "ASK { ?who gw:received ?guest }",
            "ASK { ?who gw:received gw:Nobody }",
            'CONSTRUCT { ?guest gw:wasReceived "yes" } WHERE { ?who gw:received ?guest }',
            "CONSTRUCT WHERE { ?who gw:received ?guest }",
            "CONSTRUCT { ?who ?p [] } WHERE { ?who ?p gw:Nobody }",
        ):
            mine, other = there.query(query), here.query(query)
            assert (mine.form, mine.variables, bool(mine)) == (other.form, other.variables, bool(other))
            assert sorted(map(repr, mine)) == sorted(map(repr, other)), query
            assert sorted(map(str, mine.triples())) == sorted(map(str, other.triples()))

    def test_says_where_a_query_is_no_sparql(self, url: str) -> None:
        graph = KnowledgeGraph.open(url)
        with pytest.raises(QueryError) as error:
            graph.query("SELECT ?s WHERE {\n ?s gw:met }")
        assert "line 2" in str(error.value)
        with pytest.raises(QueryError, match="refused the query"):
            graph.query("ASK { ?s gw:met }")
        with pytest.raises(QueryError, match="begins with SELECT"):
            graph.query("DELETE WHERE { ?s ?p ?o }")

    def test_is_loved_by_the_command_line(self, url: str, tmp_path: Path, monkeypatch: Any, capfd: Any) -> None:
        both(url)

        def run(*words: str) -> tuple[int, str]:
            monkeypatch.setattr(sys, "argv", ["graphwright", *words])
            with pytest.raises(SystemExit) as ended:
                cli.main()
            return int(ended.value.code or 0), capfd.readouterr().out

        assert run("query", url, "SELECT DISTINCT ?n { ?s gw:received/rdfs:label ?n }", "--format", "csv") == (
            0,
            "n\r\nLjubiša Diković\r\n",
        )
        assert run("query", url, "ASK { ?s gw:hates ?o }") == (1, "no\n")
        code, told = run("explain", url, "Tibor Benkő", "received", "Ljubiša Diković")
        assert (code, "received" in told) == (0, True)
        assert run("export", url, str(tmp_path / "a.trig"))[0] == 0
        assert (tmp_path / "a.trig").stat().st_size > 1000

    def test_what_follows_and_what_differs_is_the_same_on_a_server(self, url: str) -> None:
        """Classes and properties without a name have one there, and say no more for that."""
        text = """@prefix : <https://w3id.org/graphwright/ontology#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
            @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
            :received rdfs:subPropertyOf [ owl:inverseOf :guestOf ] , :met . :met a owl:SymmetricProperty .
            :Person rdfs:subClassOf :Agent , [ a owl:Restriction ; owl:onProperty :met ] ."""
        here, there = KnowledgeGraph.create(), KnowledgeGraph.open(url)
        for graph in (here, there):
            graph.add_ontology([quad.triple for quad in parse(text, RdfFormat.TURTLE)])
            graph.add(assemble([first(), second()], resolved([first(), second()]), base=BASE))
            assert infer(graph) > 3
        assert set(here.store.quads_for_pattern(None, None, None, INFERRED_GRAPH)) == set(
            there.store.quads_for_pattern(None, None, None, INFERRED_GRAPH)
        )
        fact = ("Ljubiša Diković", "guestOf", "Tibor Benkő")
        assert explain(here, *fact) == explain(there, *fact) != []
        assert not difference(here, there)
        for graph in (here, there):
            graph.remove_document("d1")
        assert infer(here) == infer(there)
        assert not difference(here, there)


class TestWriting:
    def test_a_document_that_goes_takes_what_it_alone_states(self, url: str) -> None:
        there, here = both(url)
        for graph in (there, here):
            assert graph.remove_document("d1")
            assert not graph.remove_document("d1")
        assert list(there.quads()) == list(here.quads())
        assert list(there.triples()) == list(here.triples())

    def test_an_ontology_with_blank_nodes_may_be_written_again(self, url: str) -> None:
        """They are IRIs on the server, so that what is sent twice is not there twice, and goes when it shall."""
        graph = KnowledgeGraph.open(url)
        written = []
        for _ in range(2):
            graph.add_ontology(ontology())
            written.append(list(graph.quads()))
        assert written[0] == written[1]
        blank = [quad for quad in written[0] if isinstance(quad.subject, BlankNode)]
        assert blank
        assert all(quad in graph.store for quad in blank)
        graph.store.replace(written[0], [])
        assert (list(graph.store), len(graph)) == ([], 0)

    def test_the_union_is_written_only_where_the_server_does_not_make_it(self, url: str) -> None:
        store = RemoteStore(url)
        store.replace([], [q("a", "1")])
        assert store.query("ASK { <urn:a> ?p ?o }")
        assert store.union_by_server is (store.endpoints.kind == "Virtuoso")
        assert list(store.quads_for_pattern(None, None, None, DEFAULT)) == [q("a", "1", None)]
        assert list(store.named_graphs()) == [NamedNode("urn:g")]  # no trace of the trial

    def test_replacing_keeps_what_another_graph_states(self, url: str) -> None:
        store = RemoteStore(url)
        store.replace([], [q("a", "1"), q("a", "1", "h"), q("b", "2")])
        store.replace([q("a", "1"), q("b", "2")], [q("c", "3")])
        assert set(store.quads_for_pattern(None, None, None, DEFAULT)) == {q("a", "1", None), q("c", "3", None)}
        assert set(store.quads_for_pattern(None, None, None, NamedNode("urn:g"))) == {q("c", "3")}
        store.replace([q("c", "3")], [q("c", "3", None)])  # said by no document, but by the user
        kept = [] if store.union_by_server else [q("c", "3", None)]
        assert list(KnowledgeGraph(store).quads()) == [q("a", "1", "h"), *kept]

    def test_replacing_is_one_request(self, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
        store = RemoteStore(url)
        assert store.union_by_server in (True, False)
        sent: list[str] = []
        send = store._post_update
        monkeypatch.setattr(store, "_post_update", lambda text: (sent.append(text), send(text))[1])
        quads = [q(f"s{n}", f"value {n}", f"g{n % 3}") for n in range(3_000)]
        store.replace([], quads)
        store.replace(quads[:1_500], [q("new", "1")])
        assert len(sent) == 2
        assert {quad for quad in store if quad.graph_name != DEFAULT} == {*quads[1_500:], q("new", "1")}

    def test_quads_are_added_found_and_removed(self, url: str) -> None:
        store = RemoteStore(url)
        quads = [q("a", "1"), q("a", "2"), q("b", NamedNode("urn:a"), "h", "r")]
        store.extend(iter(quads))
        store.add(quads[0])  # it is there already
        a, g = NamedNode("urn:a"), NamedNode("urn:g")
        assert set(store) == set(quads) | ({quad for quad in store if quad.graph_name == DEFAULT})
        assert set(store.quads_for_pattern(a, None, None, g)) == set(quads[:2])
        assert next(store.quads_for_pattern(None, None, a, None)) == quads[2]
        assert list(store.quads_for_pattern(*quads[0])) == [quads[0]]
        assert (quads[0] in store, q("a", "3") in store) == (True, False)
        assert (store.contains_named_graph(g), store.contains_named_graph(NamedNode("urn:no"))) == (True, False)
        store.remove(quads[0])
        assert set(store.quads_for_pattern(None, None, None, g)) == {quads[1]}
        store.update("PREFIX e: <urn:> DELETE DATA { GRAPH e:g { e:a e:p '2' } }")
        store.flush()
        assert not store.contains_named_graph(g)

    @settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        st.lists(
            st.tuples(
                st.sets(st.tuples(st.sampled_from("ab"), st.sampled_from("12"), st.sampled_from("gh"))),
                st.sets(st.tuples(st.sampled_from("ab"), st.sampled_from("12"), st.sampled_from("gh"))),
            ),
            max_size=4,
        )
    )
    def test_any_replacements_leave_the_graphs_and_their_union(self, url: str, steps: list[tuple[Any, Any]]) -> None:
        store = RemoteStore(url)
        for name in ("g", "h"):
            store.forget_graph(NamedNode(f"urn:{name}"))
        known: set[Quad] = set()
        for removed, added in steps:
            old, new = {q(*one) for one in removed}, {q(*one) for one in added}
            store.replace(old, new)
            known = (known - old) | new
        assert {quad for quad in store if quad.graph_name != DEFAULT} == known
        assert sorted(str(quad.triple) for quad in store.quads_for_pattern(None, None, None, DEFAULT)) == sorted(
            {str(quad.triple) for quad in known}
        )

    def test_a_large_graph_comes_whole(self, url: str) -> None:
        """Larger than the parsers of requests take, and than the Virtuoso of this test gives in one answer."""
        store = RemoteStore(url)
        quads = [q(f"s{n}", f"value {n}", "big") for n in range(5_200)]
        store.extend(quads)
        assert set(store.quads_for_pattern(None, None, None, NamedNode("urn:big"))) == set(quads)
        graph = KnowledgeGraph(store)
        assert len(graph) == 5_200
        found = [row["o"] for row in graph.query("SELECT ?o { GRAPH <urn:big> { ?s ?p ?o } } ORDER BY DESC(?o) # all")]
        assert found == sorted((quad.object.value for quad in quads), reverse=True)
        assert (
            sum(1 for _ in graph.query("CONSTRUCT { ?o <urn:of> ?s } { GRAPH <urn:big> { ?s ?p ?o } }").triples()) == 0
        )
        assert (
            sum(1 for _ in graph.query("CONSTRUCT { ?s <urn:q> ?o } { GRAPH <urn:big> { ?s ?p ?o } }").triples())
            == 5_200
        )
        assert len(list(graph.query("SELECT ?s { GRAPH <urn:big> { ?s ?p ?o } } LIMIT 2500"))) == 2_500

    @pytest.mark.parametrize(
        "term",
        [
            *(
                Literal(text)
                for text in ("", " a blank at both ends\r\n", "\U0001f600 𝔘 Benkő é \u2028 \ufeff", "\\u0022")
            ),
            Literal("line\nfeed\ttab \"quotes\" '''more''' \\ \x01 \x7f"),
            Literal("nodeID://b1 <bnode> #{}"),
            Literal("é" * 50_000),
            Literal("kormány", language="hu"),
            Literal("colour", language="en-gb"),
            *(
                Literal(text, datatype=NamedNode(XSD + kind))
                for text, kind in (
                    ("2016-06-14", "date"),
                    ("2016-06", "gYearMonth"),
                    ("2016", "gYear"),
                    ("2016-06-14T10:00:00+02:00", "dateTime"),
                    ("0.88", "decimal"),
                    ("17", "integer"),
                    ("true", "boolean"),
                    ("https://example.org/", "anyURI"),
                )
            ),
            NamedNode("https://example.org/a%20b%C3%A9/%F0%9F%98%80?a=b&c=%26#d"),
            NamedNode("https://example.org/é/😀/(x)"),
            NamedNode("https://example.org/" + "a" * 1_500),
        ],
        ids=lambda term: str(term)[:40].encode("ascii", "backslashreplace").decode(),
    )
    def test_every_term_comes_back_as_it_was(self, url: str, term: Literal | NamedNode) -> None:
        store = RemoteStore(url)
        quad = q("s", term, "terms")
        store.extend([quad])
        assert list(store.quads_for_pattern(quad.subject, None, None, quad.graph_name)) == [quad]
        assert [row["o"] for row in store.query("SELECT ?o { GRAPH <urn:terms> { ?s ?p ?o } }")] == [term]
        store.remove(quad)
        assert not store.contains_named_graph(quad.graph_name)

    def test_what_a_server_would_cut_is_refused(self, url: str) -> None:
        store = RemoteStore(url)
        quad = q("s", NamedNode("https://example.org/" + "a" * 2_000))
        if store.endpoints.kind == "Virtuoso":
            with pytest.raises(StoreError, match="more than the 1,875 bytes"):
                store.extend([quad])
        else:
            store.extend([quad])
            assert quad in store

    def test_what_a_server_does_not_take_is_told(self, url: str) -> None:
        store = RemoteStore(url)
        with pytest.raises(StoreError, match="refused an update: HTTP 4") as error:
            store.update("INSERT DATA { this is not SPARQL }")
        assert "update" in str(error.value) or "sparql" in str(error.value)


def test_a_graph_that_others_wrote_is_asked_over_all_its_graphs(url: str) -> None:
    """They do not put the union into the default graph."""
    store = RemoteStore(url)
    store.extend([q("a", "1"), q("b", "2", "h")])
    graph = KnowledgeGraph.open(url)
    assert sorted(row["o"] for row in graph.query("SELECT ?o { ?s <urn:p> ?o }")) == ["1", "2"]
    assert list(graph.quads()) == [q("a", "1"), q("b", "2", "h")]


def test_a_blank_node_of_others_is_one_here(url: str) -> None:
    store = RemoteStore(url)
    triples = b"<urn:a> <urn:p> _:b . _:b <urn:p> 'true'^^<http://www.w3.org/2001/XMLSchema#boolean> ."
    httpx.put(
        str(store.endpoints.store), params={"graph": "urn:g"}, content=triples, headers={"Content-Type": "text/turtle"}
    )
    (object,) = [quad.object for quad in store.quads_for_pattern(NamedNode("urn:a"), None, None, NamedNode("urn:g"))]
    assert isinstance(object, BlankNode)
    assert len(list(store.quads_for_pattern(None, None, None, NamedNode("urn:g")))) == 2


def test_an_oxigraph_that_makes_the_union_is_found_out() -> None:
    with oxigraph("--union-default-graph") as url:
        graph = KnowledgeGraph.open(url)
        graph.add(graph_of(first()).quads())
        assert graph.store.union_by_server
        assert len(graph) == len(graph_of(first()))
        graph.remove_document("d1")
        assert len(graph) == 0


def test_a_server_whose_time_is_up_gives_no_answer() -> None:
    """It has said 200 already, and ends its answer with a message."""
    with oxigraph("--timeout-s", "1") as url:
        store = RemoteStore(url)
        store.extend(q(f"s{n}", str(n), None) for n in range(1_000))
        graph = KnowledgeGraph(store)
        found = graph.query("SELECT (COUNT(*) AS ?n) { ?a ?p ?b . ?c ?q ?d . ?e ?r ?f }")
        with pytest.raises(QueryError, match="broken off"):
            list(found)


def test_a_server_that_is_killed_while_it_is_written_to_has_all_in_the_end(tmp_path: Path) -> None:
    """kill -9 and a new start, three times, while one writes; nothing is lost or there twice."""
    port = free_port()
    options = ("--location", str(tmp_path / "data"))
    process = start_oxigraph(port, *options)
    store = RemoteStore(f"http://127.0.0.1:{port}", patience=Patience(first=0.05))
    assert store.union_by_server is False
    failed: list[BaseException] = []

    def write() -> None:
        try:
            for n in range(60):
                store.replace([q(f"s{n - 1}", "latest")], [q(f"s{n}", str(n), f"g{n}"), q(f"s{n}", "latest")])
                time.sleep(0.02)
        except BaseException as error:
            failed.append(error)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _ in range(3):
            time.sleep(0.3)
            process.send_signal(signal.SIGKILL)
            process.wait()
            process = start_oxigraph(port, *options)
        writer.join(30)
        assert failed == []
        expected = {*(q(f"s{n}", str(n), f"g{n}") for n in range(60)), q("s59", "latest")}
        assert {quad for quad in store if quad.graph_name != DEFAULT} == expected
        assert {quad.triple for quad in store.quads_for_pattern(None, None, None, DEFAULT)} == {
            quad.triple for quad in expected
        }
    finally:
        writer.join(30)
        process.kill()
        process.wait()


# -- servers that misbehave -------------------------------------------------------------------------------------------

YES = (200, {"Content-Type": "application/sparql-results+json"}, b'{"head":{},"boolean":true}')
ONE = (
    200,
    {"Content-Type": "application/sparql-results+json"},
    b'{"head":{"vars":["x"]},"results":{"bindings":[{"x":{"type":"literal","value":"1"}}]}}',
)
DONE = (204, {}, b"")
CUT = (200, {"Content-Type": "application/sparql-results+json", "Content-Length": "999"}, ONE[2])
HTML = (200, {"Content-Type": "text/html"}, b"<html><body>Welcome!</body></html>")


class Fake(ThreadingHTTPServer):
    """A server that answers ASK {} with yes, and everything else as a test tells it, one answer after the other."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.answers: list[Any] = []
        self.seen: list[tuple[str, str, str]] = []  # method, path, body
        self.headers: list[dict[str, str]] = []
        self.paths: tuple[str, ...] = ("/query",)  # where it answers queries
        self.elsewhere: Any = (404, {}, b"")
        self.name = "Oxigraph/0.0"
        self.wants: str | None = None  # what Authorization must begin with

    def handle_error(self, *_: Any) -> None:
        """Somebody did not wait for the answer: that is what some tests are about."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Fake

    def log_message(self, *_: Any) -> None:
        pass

    def version_string(self) -> str:
        return self.server.name

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        parts = urlsplit(self.path)
        self.server.seen.append((self.command, parts.path, body))
        self.server.headers.append({name.lower(): value for name, value in self.headers.items()})
        given = self.headers.get("Authorization", "")
        if self.server.wants and not given.startswith(self.server.wants):
            scheme = self.server.wants.partition(" ")[0]
            nonce = ', nonce="abc", qop="auth", algorithm=MD5' if scheme == "Digest" else ""
            self.answer(401, {"WWW-Authenticate": f'{scheme} realm="graphs"{nonce}'}, b"")
        elif parse_qs(parts.query).get("query") == ["ASK {}"]:
            self.answer(*(YES if parts.path in self.server.paths else self.server.elsewhere))
        else:
            found = self.server.answers.pop(0) if self.server.answers else DONE
            if found == "hang up":
                self.close_connection = True
            elif isinstance(found, float):
                time.sleep(found)
                self.answer(*ONE)
            else:
                self.answer(*found)

    do_POST = do_PUT = do_DELETE = do_GET

    def answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = int(headers.get("Content-Length", 0)) > len(body)


@pytest.fixture
def fake() -> Iterator[Fake]:
    server = Fake()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


def ask(server: Fake, **how: Any) -> list[str]:
    """Ask a small question and return the answers."""
    graph = KnowledgeGraph(RemoteStore(server.url, patience=replace(QUICK, **how)))
    server.answers.insert(0, YES)  # that the default graph holds something
    return [row["x"] for row in graph.query("SELECT ?x { ?s ?p ?x }")]


class TestAStorm:
    @pytest.mark.parametrize(
        "trouble", [(503, {}, b""), (429, {}, b""), (502, {}, b""), (504, {}, b""), CUT, "hang up"]
    )
    def test_passes(self, fake: Fake, trouble: Any) -> None:
        """A server that is busy, or breaks off, is asked again."""
        fake.answers = [trouble, trouble, ONE]
        assert ask(fake) == ["1"]

    def test_is_waited_for_as_long_as_the_server_says(self, fake: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
        pauses: list[float] = []
        monkeypatch.setattr(graph_http.time, "sleep", pauses.append)
        fake.answers = [
            (503, {"Retry-After": "7"}, b""),
            (503, {"Retry-After": "Thu, 01 Jan 1970 00:00:00 GMT"}, b""),
            ONE,
        ]
        assert ask(fake) == ["1"]
        assert pauses == [7.0, 0.0]

    def test_that_does_not_pass_is_an_error(self, fake: Fake) -> None:
        fake.answers = [(503, {}, b"")] * 9
        with pytest.raises(StoreError, match="and was still after 5 attempts"):
            ask(fake)
        assert len(fake.answers) == 9 - 5
        fake.answers = ["hang up"] * 9
        with pytest.raises(StoreError, match="keeps breaking"):
            ask(fake)

    def test_pauses_grow_up_to_a_limit_and_are_not_the_same_for_all(self) -> None:
        patience = Patience(first=1, longest=10)
        for attempt, most in enumerate([1, 2, 4, 8, 10, 10]):
            pauses = {patience.pause(attempt, None) for _ in range(50)}
            assert len(pauses) > 1
            assert all(most / 2 <= pause <= most for pause in pauses)
        assert patience.pause(0, 1e9) == 60

    def test_a_server_that_says_nothing_is_not_waited_for_for_ever(self, fake: Fake) -> None:
        fake.answers = [5.0]
        with pytest.raises(StoreError, match=r"did not answer within 0.2 seconds"):
            ask(fake, read=0.2)

    def test_an_answer_that_ends_in_the_middle_is_none(self, fake: Fake) -> None:
        fake.answers = [(200, ONE[1], ONE[2][:-3])]
        with pytest.raises(QueryError, match="broken off"):
            ask(fake)
        fake.answers = [(200, ONE[1], b"")]
        with pytest.raises(QueryError, match="broken off"):
            ask(fake)

    def test_a_page_is_no_answer(self, fake: Fake) -> None:
        fake.answers = [HTML]
        with pytest.raises(StoreError, match="text/html instead of SPARQL results"):
            ask(fake)

    def test_an_update_of_the_user_is_not_made_twice(self, fake: Fake) -> None:
        """INSERT WHERE made twice may be another thing; adding and removing quads is not."""
        store = RemoteStore(fake.url, patience=QUICK)
        fake.answers = ["hang up"]
        with pytest.raises(StoreError, match="not known whether"):
            store.update("INSERT { ?s <urn:n> ?m } WHERE { ?s <urn:n> ?n BIND (?n + 1 AS ?m) }")
        fake.answers = [(503, {}, b""), DONE]
        store.update("INSERT DATA { <urn:a> <urn:p> 1 }")  # here the server says that it did nothing
        fake.answers = ["hang up", DONE]
        store.remove_graph(NamedNode("urn:g"))
        assert fake.answers == []

    def test_a_request_that_is_too_long_is_sent_in_parts(self, fake: Fake) -> None:
        """Proxies before a server often take no more than a megabyte."""
        store = RemoteStore(fake.url, patience=QUICK)
        fake.answers = [(413, {}, b""), DONE, (413, {}, b""), DONE, DONE]
        store.extend(q(f"s{n}", "1") for n in range(8))
        assert fake.answers == []
        sent = [body.count("urn:s") for _, path, body in fake.seen if path == "/update"]
        assert sent == [8, 4, 4, 2, 2]
        fake.answers = [(413, {}, b"")] * 2
        with pytest.raises(StoreError, match="HTTP 413"):
            store.add(q("s", "1"))

    def test_what_a_server_refuses_is_told_in_its_words(self, fake: Fake) -> None:
        fake.answers = [(500, {"Content-Type": "text/plain"}, b"the disk\n is full")]
        with pytest.raises(StoreError, match="HTTP 500, the disk is full"):
            RemoteStore(fake.url, patience=QUICK).remove_graph(NamedNode("urn:g"))


class TestPasswords:
    @pytest.mark.parametrize("scheme", ["Basic", "Digest"])
    @pytest.mark.parametrize("place", ["address", "environment"])
    def test_are_given_as_the_server_asks(
        self, fake: Fake, scheme: str, place: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        fake.wants = scheme + " "
        url = fake.url
        if place == "address":
            url = url.replace("//", "//ana:s%40cret@")
        else:
            monkeypatch.setenv("GRAPHWRIGHT_USER", "ana")
            monkeypatch.setenv("GRAPHWRIGHT_PASSWORD", "s@cret")
        store = RemoteStore(url, patience=QUICK)
        store.remove_graph(NamedNode("urn:g"))
        given = fake.headers[-1]["authorization"]
        if scheme == "Basic":
            assert base64.b64decode(given.removeprefix("Basic ")) == b"ana:s@cret"
        else:
            assert 'username="ana"' in given
        assert "authorization" not in fake.headers[0]  # nobody asked yet
        assert "cret" not in repr(store) + store.url + repr(parse_address(url))

    def test_a_token_is_given_at_once(self, fake: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
        fake.wants = "Bearer t0ken"
        monkeypatch.setenv("GRAPHWRIGHT_TOKEN", "t0ken")
        RemoteStore(fake.url, patience=QUICK)
        assert len(fake.seen) == 1

    def test_are_asked_for_and_never_told(self, fake: Fake) -> None:
        fake.wants = "Basic nobody knows"
        with pytest.raises(StoreError, match="GRAPHWRIGHT_USER") as error:
            RemoteStore(fake.url.replace("//", "//ana:secret@"), patience=QUICK)
        assert "secret" not in str(error.value)
        assert error.value.args[1].startswith(fake.url)

    def test_virtuoso_takes_one(self, servers: Callable[[str], str]) -> None:
        """Its endpoints with a password are others, and ask for a digest."""
        store = RemoteStore(servers("Virtuoso").replace("//", "//dba:dba@"))
        assert store.endpoints.query.endswith("/sparql-auth")
        assert store.endpoints.query == store.endpoints.update
        store.extend(q(f"s{n}", "1", "secured") for n in range(5_500))
        assert store.contains_named_graph(NamedNode("urn:secured"))
        store.forget_graph(NamedNode("urn:secured"))
        assert not store.contains_named_graph(NamedNode("urn:secured"))


class TestFindingEndpoints:
    @pytest.mark.parametrize(
        ("name", "path", "answers", "query", "update", "store"),
        [
            ("Oxigraph/0.5", "", "/query", "/query", "/update", "/store"),
            ("Oxigraph/0.5", "/query", "/query", "/query", "/update", "/store"),
            ("Apache Jena Fuseki (5.0)", "/ds", "/ds/query", "/ds/query", "/ds/update", "/ds/data"),
            ("Apache Jena Fuseki (5.0)", "/ds/", "/ds/sparql", "/ds/sparql", "/ds/update", "/ds/data"),
            (
                "GraphDB",
                "/repositories/x",
                "/repositories/x",
                "/repositories/x",
                "/repositories/x/statements",
                "/repositories/x/rdf-graphs/service",
            ),
            ("Virtuoso/07.20", "", "/sparql", "/sparql", "/sparql", "/sparql-graph-crud"),
            ("Stardog", "/db", "/db/query", "/db/query", "/db/update", None),
            (
                "Jetty",
                "/blazegraph/namespace/kb",
                *2 * ("/blazegraph/namespace/kb/sparql",),
                "/blazegraph/namespace/kb/sparql",
                None,
            ),
            ("QLever", "/api", "/api", "/api", "/api", None),
        ],
    )
    def test_of_the_servers_that_people_use(
        self, fake: Fake, name: str, path: str, answers: str, query: str, update: str, store: str | None
    ) -> None:
        fake.name, fake.paths = name, (answers,)
        found = RemoteStore(fake.url + path, patience=QUICK).endpoints
        told = [found.query, found.update, found.store]
        assert told == [fake.url + query, fake.url + update, fake.url + store if store else None]
        assert len(fake.seen) <= 3
        assert {method for method, _, _ in fake.seen} == {"GET"}

    def test_that_the_user_names(self, fake: Fake) -> None:
        fake.paths = ("/ask",)
        store = RemoteStore(f"{fake.url}/x#query=/ask&update=change&store=https://other.example/graphs", patience=QUICK)
        found = store.endpoints
        assert [found.query, found.update, found.store] == [
            f"{fake.url}/ask",
            f"{fake.url}/change",
            "https://other.example/graphs",
        ]
        assert RemoteStore(fake.url, query=f"{fake.url}/ask", patience=QUICK).endpoints.query == f"{fake.url}/ask"

    def test_that_are_elsewhere(self, fake: Fake) -> None:
        """Nobody follows with a password to where a server points; but it is told."""
        fake.paths, fake.elsewhere = (), (301, {"Location": "https://other.example/ds"}, b"")
        with pytest.raises(StoreError, match=r"points to https://other\.example/ds"):
            RemoteStore(fake.url, patience=QUICK)

    def test_that_are_not_there(self, fake: Fake) -> None:
        fake.paths = ()
        with pytest.raises(StoreError, match=r"nothing at the address answers SPARQL \(HTTP 404\)"):
            RemoteStore(fake.url, patience=QUICK)
        with pytest.raises(StoreError, match="cannot be reached"):
            RemoteStore(f"http://127.0.0.1:{free_port()}", patience=QUICK)

    def test_that_are_not_there_end_a_command(self, monkeypatch: Any, capfd: Any) -> None:
        monkeypatch.setattr(
            sys, "argv", ["graphwright", "query", f"http://ana:secret@127.0.0.1:{free_port()}", "ASK {}"]
        )
        with pytest.raises(SystemExit) as ended:
            cli.main()
        told = capfd.readouterr()
        assert (ended.value.code, told.out) == (2, "")
        assert "cannot be reached" in told.err
        assert "secret" not in told.err

    @pytest.mark.parametrize("text", ["http://", "ftp://host/", "http://host:port/", "https://host/#ask=/q"])
    def test_of_what_is_no_address(self, text: str) -> None:
        with pytest.raises(GraphwrightError):
            parse_address(text)


def test_who_keeps_graphs_in_folders_loads_no_client() -> None:
    program = "import sys, graphwright.graph; print('httpx' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


class TestTheTextOfAQuery:
    """What is known of it without a parser."""

    def test_its_form_is_its_first_keyword_outside_of_names_and_strings(self) -> None:
        assert form_of(
            "BASE <urn:ask> PREFIX ask: <urn:#> # SELECT\nconstruct { ?select ask:x 'DESCRIBE' } WHERE {}"
        ) == ("CONSTRUCT")
        assert form_of("describe <urn:x>") == "CONSTRUCT"
        assert form_of("INSERT DATA {}") is None

    def test_prefixes_are_declared_where_the_query_does_not(self) -> None:
        known = {"a": "urn:a#", "b": "urn:b#", "ab": "urn:ab#"}
        assert with_prefixes("SELECT * { ?s a:x 'b:y' }", known) == "PREFIX a: <urn:a#> SELECT * { ?s a:x 'b:y' }"
        assert with_prefixes("define input:x 'y' ASK { ?s a:x 1 }", known) == (
            "define input:x 'y' PREFIX a: <urn:a#> ASK { ?s a:x 1 }"
        )
        assert with_prefixes("PREFIX a: <urn:mine> ASK { ?s a:x ab:y }", known).count("PREFIX") == 2

    def test_a_page_keeps_the_order_that_the_query_asks_for(self) -> None:
        page = page_of("PREFIX e: <urn:> SELECT ?x { ?x e:p 1 } ORDER BY DESC(?x)", ["x"], 10, 20)
        assert page is not None
        assert re.sub(r"\s+", " ", page) == (
            "PREFIX e: <urn:> SELECT ?x WHERE { { SELECT ?x { ?x e:p 1 } ORDER BY DESC(?x) } } LIMIT 10 OFFSET 20"
        )
        assert page_of("SELECT ?x FROM <urn:g> { ?x ?y ?z }", ["x"], 10, 0) is None

    def test_a_construction_is_a_template_and_a_selection(self) -> None:
        assert construction("CONSTRUCT{?s ?p '}'}FROM <urn:g> WHERE {?s ?p ?o}") == (
            "",
            "{?s ?p '}'}",
            "FROM <urn:g> WHERE {?s ?p ?o}",
        )
        assert construction("DESCRIBE <urn:x>") is None


class TestABuildToAServer:
    """A graph on a server lives with its documents as one in a folder does."""

    @staticmethod
    def lines(graph: KnowledgeGraph) -> list[str]:
        return sorted(line for line in map(str, graph.quads()) if "_:" not in line)

    def test_it_is_brought_up_to_date(self, url: str, tmp_path: Path) -> None:
        """Only what is new or changed is read and sent, and what it holds is what a build from nothing gives."""
        texts = ["General Tibor Kallas received Colonel Ana Kos.", "Ana Kos visited Riga.", "Mia Rand visited Oslo."]
        documents = [from_text(text, id=f"d{number}") for number, text in enumerate(texts)]
        kept = {"store": url, "ledger": tmp_path / "ledger"}
        graph, report = update(documents[:2], **kept)
        assert (report.read, report.added) == (2, 2)
        assert self.lines(graph) == self.lines(build(documents[:2]))
        changed = [documents[0], from_text("Ana Kos visited Oslo.", id="d1"), documents[2]]
        graph, report = update(changed, **kept)
        assert (report.read, report.added, report.unchanged) == (2, 1, 1)
        assert self.lines(graph) == self.lines(build(changed))
        graph, report = update(changed[1:], **kept, prune=True)
        assert report.removed == 1
        assert self.lines(graph) == self.lines(build(changed[1:]))
        assert [row["who"] for row in graph.query("SELECT ?who { ?p gw:visited/rdfs:label 'Oslo' ; rdfs:label ?who }")]
        assert remove(["d2"], **kept) == 1
        assert self.lines(KnowledgeGraph.open(url)) == self.lines(build(changed[1:2]))

    def test_what_somebody_else_did_to_it_is_mended(self, url: str, tmp_path: Path) -> None:
        """An emptied server is filled again without a document being read."""
        documents = [from_text("Ana Kos visited Riga.", id="d0")]
        kept = {"store": url, "ledger": tmp_path / "ledger"}
        graph, _ = update(documents, **kept)
        whole = self.lines(graph)
        store = RemoteStore(url)
        for name in list(store.named_graphs()):
            store.forget_graph(name)
        store.close()
        graph, report = update(documents, **kept)
        assert report.read == 0
        assert self.lines(graph) == whole

    def test_a_graph_that_another_ledger_keeps_is_left_alone(self, url: str, tmp_path: Path) -> None:
        documents = [from_text("Ana Kos visited Riga.", id="d0")]
        update(documents, store=url, ledger=tmp_path / "ledger")
        with pytest.raises(StoreError, match=r"kept by another ledger[\s\S]*--ledger"):
            update(documents, store=url, ledger=tmp_path / "other")

    def test_the_ledger_is_kept_where_programs_keep_their_state(
        self, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
        build([from_text("Ana Kos visited Riga.", id="d0")], store=url)
        assert [one.name for one in (tmp_path / "graphwright").glob("*/ledger.sqlite")] == ["ledger.sqlite"]
