"""Programs that others wrote work with the endpoint: SPARQLWrapper, rdflib, and Comunica in JavaScript."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from rdflib import Dataset, Graph, Literal, URIRef
from rdflib.namespace import RDFS
from rdflib.plugins.stores.sparqlstore import SPARQLStore, SPARQLUpdateStore
from serving import TOKEN, Server

sys.path.insert(0, str(Path(__file__).parent / "clients"))
from install import MODULES, NODE

LABELS = """
SELECT ?label WHERE { ?person a <https://w3id.org/graphwright/ontology#Person> ;
    <http://www.w3.org/2000/01/rdf-schema#label> ?label } ORDER BY ?label LIMIT 3
"""
A, P = URIRef("http://example.org/a"), URIRef("http://example.org/p")
NAME = URIRef("http://example.org/graph")


def labels_of(server: Server) -> list[str]:
    """The answer as the server gives it, which the clients have to give as well."""
    answer = httpx.get(f"{server.url}/sparql", params={"query": LABELS})
    found = [row["label"]["value"] for row in answer.json()["results"]["bindings"]]
    assert len(found) == 3
    return found


# -- SPARQLWrapper ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("format", ["json", "xml", "csv", "tsv"])
def test_sparqlwrapper_reads_every_format(news_server: Server, format: str) -> None:
    wrapper = pytest.importorskip("SPARQLWrapper", reason="pip install SPARQLWrapper")
    client = wrapper.SPARQLWrapper(f"{news_server.url}/sparql", returnFormat=format)
    client.setQuery(LABELS)
    told = client.query().convert()
    text = told if isinstance(told, str) else told.toxml() if hasattr(told, "toxml") else told
    text = (
        text.decode()
        if isinstance(text, bytes)
        else json.dumps(text, ensure_ascii=False)
        if isinstance(text, dict)
        else text
    )
    assert all(label in text for label in labels_of(news_server))


@pytest.mark.parametrize(
    ("method", "request_method"), [("GET", "urlencoded"), ("POST", "urlencoded"), ("POST", "postdirectly")]
)
def test_sparqlwrapper_asks_in_every_way(news_server: Server, method: str, request_method: str) -> None:
    wrapper = pytest.importorskip("SPARQLWrapper", reason="pip install SPARQLWrapper")
    client = wrapper.SPARQLWrapper(f"{news_server.url}/sparql", returnFormat=wrapper.JSON)
    client.setMethod(method)
    client.setRequestMethod(request_method)
    client.setQuery("ASK { ?s a <https://w3id.org/graphwright/ontology#Person> }")
    assert client.queryAndConvert()["boolean"] is True


def test_sparqlwrapper_constructs_a_graph(news_server: Server) -> None:
    wrapper = pytest.importorskip("SPARQLWrapper", reason="pip install SPARQLWrapper")
    client = wrapper.SPARQLWrapper(f"{news_server.url}/sparql")
    client.setQuery("CONSTRUCT WHERE { ?s a <https://w3id.org/graphwright/ontology#Person> }")
    assert len(client.queryAndConvert()) > 3


def test_sparqlwrapper_updates_with_the_token_as_password(writable_server: Server) -> None:
    wrapper = pytest.importorskip("SPARQLWrapper", reason="pip install SPARQLWrapper")
    client = wrapper.SPARQLWrapper(f"{writable_server.url}/sparql")
    client.setMethod("POST")
    client.setQuery(f"INSERT DATA {{ GRAPH <{NAME}> {{ <{A}> <{P}> 'new' }} }}")
    with pytest.raises(wrapper.SPARQLExceptions.Unauthorized):
        client.query()
    client.setCredentials("anybody", TOKEN)
    client.query()
    client.setReturnFormat(wrapper.JSON)
    client.setQuery(f"ASK {{ <{A}> <{P}> 'new' }}")
    assert client.queryAndConvert()["boolean"] is True


# -- rdflib -----------------------------------------------------------------------------------------------------------


def test_rdflib_reads_the_endpoint_as_a_graph(news_server: Server) -> None:
    graph = Graph(SPARQLStore(f"{news_server.url}/sparql"))
    assert [str(row.label) for row in graph.query(LABELS)] == labels_of(news_server)  # type: ignore[union-attr]
    person = next(graph.subjects(RDFS.label, Literal("Tibor Benkő", lang="en")), None) or next(
        graph.subjects(RDFS.label)
    )
    assert (person, RDFS.label, None) in graph
    assert len(graph) > 100


@pytest.mark.parametrize("format", ["json", "xml", "csv", "tsv"])
def test_rdflib_reads_every_format(news_server: Server, format: str) -> None:
    graph = Graph(SPARQLStore(f"{news_server.url}/sparql", returnFormat=format))
    assert sorted(str(row[0]) for row in graph.query(LABELS)) == sorted(labels_of(news_server))  # type: ignore[index]


def test_rdflib_writes_to_named_graphs_and_the_union_shows_it(writable_server: Server) -> None:
    endpoint = f"{writable_server.url}/sparql"
    store = SPARQLUpdateStore(endpoint, endpoint, auth=("anybody", TOKEN))
    dataset = Dataset(store)
    named = dataset.graph(NAME)
    named.add((A, P, Literal("one")))
    named.add((A, P, Literal("two")))
    store.commit()
    assert set(named.objects(A, P)) == {Literal("one"), Literal("two")}
    everything = Graph(SPARQLStore(endpoint))
    assert set(everything.objects(A, P)) == {Literal("one"), Literal("two")}
    named.remove((A, P, Literal("one")))
    store.commit()
    assert set(everything.objects(A, P)) == {Literal("two")}
    store.update(f"DROP GRAPH <{NAME}>")
    assert set(everything.objects(A, P)) == set()


# -- Comunica ---------------------------------------------------------------------------------------------------------


def comunica(endpoint: str, query: str) -> list[dict[str, str]]:
    if not NODE.exists():
        pytest.skip("Comunica is not installed: python tests/clients/install.py")
    script = Path(__file__).parent / "clients" / "query.mjs"
    done = subprocess.run([NODE, script, MODULES, endpoint, query], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_comunica_asks_the_endpoint(news_server: Server) -> None:
    rows = comunica(f"{news_server.url}/sparql", LABELS)
    assert [row["label"].rpartition("@")[0] or row["label"] for row in rows] == labels_of(news_server)


def test_comunica_joins_on_its_own_side(news_server: Server) -> None:
    """It finds out by the description what it asks, and sends the parts of a query that it plans itself."""
    rows = comunica(
        f"{news_server.url}/sparql",
        "PREFIX gw: <https://w3id.org/graphwright/ontology#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
        "SELECT ?label (COUNT(?other) AS ?n) WHERE { ?person a gw:Person ; rdfs:label ?label ; ?p ?other } "
        "GROUP BY ?label ORDER BY ?label",
    )
    assert len(rows) > 3
    assert all(int(row["n"]) > 0 for row in rows)
