"""The HTTP tests of the W3C for SPARQL 1.1: Protocol, Graph Store Protocol and Service Description.

Every request of their manifests goes to a real server, each test over an empty store.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from rdflib import RDF, Graph, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.compare import isomorphic
from rdflib.term import Node
from serving import TOKEN, Server, serving
from wire import Answer, ask, write

from graphwright.graph import KnowledgeGraph

SUITE = Path(__file__).parent / "data" / "w3c-rdf-tests" / "sparql" / "sparql11"
HT = Namespace("http://www.w3.org/2011/http#")
CNT = Namespace("http://www.w3.org/2011/content#")
MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
UT = Namespace("http://www.w3.org/2009/sparql/tests/test-update#")
SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
RDFS_LABEL = URIRef("http://www.w3.org/2000/01/rdf-schema#label")

STATUS = {
    "StatusCode2xx": range(200, 300),
    "StatusCode3xx": range(300, 400),
    "StatusCode4xx": range(400, 500),
    "OK": range(200, 201),
    "Created": range(201, 202),
    "NoContent": range(204, 205),
    "NotFound": range(404, 405),
}
KINDS = {
    "boolean": {"application/sparql-results+json", "application/sparql-results+xml"},
    "tabular": {
        "application/sparql-results+json",
        "application/sparql-results+xml",
        "text/csv",
        "text/tab-separated-values",
    },
    "RDF": {"text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json"},
}


def manifest(name: str) -> Graph:
    return Graph().parse(SUITE / name, format="turtle")


def entries(graph: Graph) -> list[Node]:
    """The tests of a manifest, in its order."""
    return [test for head in graph.objects(None, MF.entries) for test in Collection(graph, head)]


PROTOCOL = manifest("protocol/manifest.ttl")
DIRECT = manifest("graph-store-protocol/manifest-direct.ttl")
INDIRECT = manifest("graph-store-protocol/manifest-indirect.ttl")


def name_of(test: Node) -> str:
    return str(test).rpartition("#")[2]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    store = tmp_path_factory.mktemp("w3c") / "store"
    KnowledgeGraph.create(store).close()
    with serving(store, token=TOKEN) as server:
        yield server


@pytest.fixture
def empty(server: Server) -> Server:
    """The server, with nothing in its store."""
    answer = write(server, "POST", "/sparql", "DROP ALL", content_type="application/sparql-update")
    assert answer.status == 204, answer.text
    return server


def run(server: Server, graph: Graph, test: Node, prefix: str, path: str) -> None:
    """Send the requests of a test one after the other, and compare each answer with the one expected."""
    location = ""
    requests = graph.value(graph.value(test, MF.action), HT.requests)
    assert requests is not None
    for request in Collection(graph, requests):
        response = graph.value(request, HT.resp)
        address = str(graph.value(request, HT.absolutePath)).replace(prefix, path, 1).replace("$LOCATION$", location)
        body = body_of(graph, request)
        headers = headers_of(graph, request)
        answer = write(server, str(graph.value(request, HT.methodName)), address, body, **headers)
        told = f"{graph.value(request, HT.methodName)} {address}: {answer.status} {answer.body[:300]!r}"
        wanted = [str(status).rpartition("#")[2] for status in graph.objects(response, MF.expectedStatus)]
        assert any(answer.status in STATUS[name] for name in wanted), f"{told}\nwanted {wanted}"
        assert response is not None
        compare(graph, response, answer, told)
        if graph.value(response, MF.expectedLocation) is not None:
            location = answer.headers["location"]
            assert location


def compare(graph: Graph, response: Node, answer: Answer, told: str) -> None:
    kind = graph.value(response, MF.expectedFormat)
    if kind is not None:
        assert answer.kind in KINDS[str(kind)], told
    boolean = graph.value(response, MF.expectedBoolean)
    if boolean is not None:
        assert f'"boolean":{str(boolean).lower()}' in answer.text, told
    content_type = headers_of(graph, response).get("content_type")
    if content_type is not None:
        assert answer.headers["content-type"] == content_type, told
    body = body_of(graph, response)
    if body is not None:
        expected = Graph().parse(data=body.decode(), format="turtle", publicID="http://www.example/")
        assert isomorphic(Graph().parse(data=answer.text, format="turtle"), expected), told


def headers_of(graph: Graph, message: Node) -> dict[str, str]:
    head = graph.value(message, HT.headers)
    found = Collection(graph, head) if head is not None else ()
    return {
        str(graph.value(one, HT.fieldName)).replace("-", "_"): str(graph.value(one, HT.fieldValue)) for one in found
    }


def body_of(graph: Graph, message: Node) -> bytes | None:
    body = graph.value(message, HT.body)
    if body is None:
        return None
    return str(graph.value(body, CNT.chars)).encode(str(graph.value(body, CNT.characterEncoding)))


@pytest.mark.parametrize("test", entries(PROTOCOL), ids=name_of)
def test_the_protocol_is_that_of_the_w3c(empty: Server, test: Node) -> None:
    """SPARQL 1.1 Protocol, 34 tests."""
    for data in PROTOCOL.objects(test, UT.graphData):
        file = SUITE / "protocol" / str(PROTOCOL.value(data, UT.graph)).rpartition("/")[2]
        name = quote(str(PROTOCOL.value(data, RDFS_LABEL)), safe="")
        put = write(empty, "PUT", f"/store?graph={name}", file.read_bytes(), content_type="application/n-triples")
        assert put.status == 201
    run(empty, PROTOCOL, test, "/sparql/", "/sparql/")


@pytest.mark.parametrize("test", entries(INDIRECT), ids=name_of)
def test_graphs_are_stored_by_their_names(empty: Server, test: Node) -> None:
    """Graph Store Protocol, 9 tests with indirect identification."""
    run(empty, INDIRECT, test, "/gsp", "/store")


@pytest.mark.parametrize("test", entries(DIRECT), ids=name_of)
def test_graphs_are_stored_by_their_addresses(empty: Server, test: Node) -> None:
    """Graph Store Protocol, 4 tests with direct identification."""
    run(empty, DIRECT, test, "/gsp", "/store")


def test_no_test_of_the_w3c_is_left_out() -> None:
    """34 of the protocol, 9 and 4 of the graph store, 3 of the description."""
    found = [
        len(entries(graph)) for graph in (PROTOCOL, INDIRECT, DIRECT, manifest("service-description/manifest.ttl"))
    ]
    assert found == [34, 9, 4, 3]


# -- service description: the manifest tells its three tests in words -------------------------------------------------


@pytest.fixture(scope="module")
def description(server: Server) -> Graph:
    put = write(server, "PUT", "/store?graph=http%3A%2F%2Fe.org%2Fg", "<urn:a> a <urn:B> .", content_type="text/turtle")
    assert put.status in (201, 204)
    answer = ask(server, "GET", "/sparql", accept="text/turtle")
    assert answer.status == 200
    return Graph().parse(data=answer.text, format="turtle")


@pytest.mark.parametrize("accept", ["*/*", "text/turtle", "application/rdf+xml", "application/ld+json"])
def test_get_on_the_endpoint_returns_rdf(server: Server, accept: str) -> None:
    """Service description, :returns-rdf."""
    answer = ask(server, "GET", "/sparql", accept=accept)
    assert answer.status == 200
    assert answer.kind in KINDS["RDF"]
    formats = {"application/rdf+xml": "xml", "application/ld+json": "json-ld"}
    assert len(Graph().parse(data=answer.text, format=formats.get(answer.kind, "turtle"))) > 0


def test_the_description_names_the_endpoint(server: Server, description: Graph) -> None:
    """Service description, :has-endpoint-triple."""
    assert list(description.subjects(SD.endpoint, URIRef(f"{server.url}/sparql")))


DOMAINS = {
    SD.endpoint: SD.Service,
    SD.supportedLanguage: SD.Service,
    SD.feature: SD.Service,
    SD.resultFormat: SD.Service,
    SD.inputFormat: SD.Service,
    SD.defaultDataset: SD.Service,
    SD.defaultGraph: SD.Dataset,
    SD.namedGraph: SD.Dataset,
    SD.name: SD.NamedGraph,
    SD.graph: SD.NamedGraph,
}
RANGES = {
    SD.defaultDataset: SD.Dataset,
    SD.defaultGraph: SD.Graph,
    SD.namedGraph: SD.NamedGraph,
    SD.graph: SD.Graph,
}


def test_the_description_keeps_to_its_vocabulary(description: Graph) -> None:
    """Service description, :conforms-to-schema."""
    used = {predicate for predicate in description.predicates() if str(predicate).startswith(SD)}
    assert used <= set(DOMAINS)
    for predicate, kind in DOMAINS.items():
        for subject in description.subjects(predicate, None):
            assert (subject, RDF.type, kind) in description, predicate
    for predicate, kind in RANGES.items():
        for value in description.objects(None, predicate):
            assert (value, RDF.type, kind) in description, predicate
    [service] = description.subjects(RDF.type, SD.Service)
    assert len(list(description.objects(service, SD.endpoint))) == 1
    languages = {SD.SPARQL10Query, SD.SPARQL11Query, SD.SPARQL11Update}
    assert set(description.objects(service, SD.supportedLanguage)) <= languages
    for dataset in description.subjects(RDF.type, SD.Dataset):
        assert len(list(description.objects(dataset, SD.defaultGraph))) == 1
    for named in description.subjects(RDF.type, SD.NamedGraph):
        assert len(list(description.objects(named, SD.name))) == 1
