"""What the server tells of itself and of the graph: SPARQL 1.1 Service Description, and VoID."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import BlankNode, Literal, NamedNode, Triple
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from graphwright.graph import KnowledgeGraph
from graphwright.graph import vocabulary as v
from graphwright.graph.terms import Term
from graphwright.server.address import SPARQL, VOID, address_of
from graphwright.server.answering import Wish, written_triples
from graphwright.server.reader import Reader
from graphwright.server.state import state_of

SD = "http://www.w3.org/ns/sparql-service-description#"
FORMATS = "http://www.w3.org/ns/formats/"
_RESULTS = ("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV")
_GRAPHS = ("Turtle", "TriG", "N-Triples", "N-Quads", "JSON-LD", "RDF_XML")
_NAMED = 1000
"""Of how many named graphs a description tells at most; a query lists all."""
_EXAMPLES = 5


def service_description(reader: Reader, address: str, writable: bool, services: bool, wish: Wish) -> tuple[str, bytes]:
    """Return the description of the service and of the graph: its Content-Type, and all of it. Raises Refusal."""
    graph = reader.graph
    content = reader.once(("description", address), lambda: tuple(_description(graph, address, writable, services)))
    return written_triples(content, wish, {**graph.prefixes, "sd": SD, "formats": FORMATS})


async def described(request: Request) -> Response:
    """Answer with the description, in RDF as wanted."""
    state = state_of(request)
    options = state.options
    wish = Wish(request.headers.get("accept", ""), request.query_params.get("format", ""), options.max_answer)
    content_type, content = await state.workers.call(
        service_description, address_of(request), options.writable, bool(options.services), wish
    )
    return Response(content, media_type=content_type, headers={"Vary": "Accept", "Cache-Control": "no-cache"})


def _description(graph: KnowledgeGraph, address: str, writable: bool, services: bool) -> Iterator[Triple]:
    endpoint = NamedNode(address + SPARQL)
    service, dataset, default = endpoint, NamedNode(address + VOID + "#dataset"), BlankNode()
    yield Triple(service, v.TYPE, _sd("Service"))
    yield Triple(service, _sd("endpoint"), endpoint)
    yield Triple(service, _sd("supportedLanguage"), _sd("SPARQL11Query"))
    if writable:
        yield Triple(service, _sd("supportedLanguage"), _sd("SPARQL11Update"))
        for name in ("Turtle", "N-Triples", "JSON-LD", "RDF_XML"):
            yield Triple(service, _sd("inputFormat"), NamedNode(FORMATS + name))
    for name in (*_RESULTS, *_GRAPHS):
        yield Triple(service, _sd("resultFormat"), NamedNode(FORMATS + name))
    yield Triple(service, _sd("feature"), _sd("UnionDefaultGraph"))
    if services:
        yield Triple(service, _sd("feature"), _sd("BasicFederatedQuery"))
    yield Triple(service, _sd("defaultDataset"), dataset)
    yield Triple(dataset, v.TYPE, _sd("Dataset"))
    yield Triple(dataset, _sd("defaultGraph"), default)
    yield Triple(default, v.TYPE, _sd("Graph"))
    yield from _dataset(graph, dataset, endpoint)
    for graph_name in _graphs(graph):
        node, described = BlankNode(), BlankNode()
        yield Triple(dataset, _sd("namedGraph"), node)
        yield Triple(node, v.TYPE, _sd("NamedGraph"))
        yield Triple(node, _sd("name"), graph_name)
        yield Triple(node, _sd("graph"), described)
        yield Triple(described, v.TYPE, _sd("Graph"))


def _dataset(graph: KnowledgeGraph, dataset: NamedNode, endpoint: NamedNode) -> Iterator[Triple]:
    """Yield what VoID tells of the graph: how much there is of what, and where to begin."""
    yield Triple(dataset, v.TYPE, _void("Dataset"))
    yield Triple(dataset, _void("sparqlEndpoint"), endpoint)
    yield Triple(dataset, _void("feature"), NamedNode(FORMATS + "Turtle"))
    for key, query in _COUNTS.items():
        yield Triple(dataset, _void(key), _number(graph, query))
    for namespace in sorted({*graph.prefixes.values()}):
        yield Triple(dataset, _void("vocabulary"), NamedNode(namespace))
    for row in graph.query("SELECT ?c (COUNT(*) AS ?n) WHERE { ?s a ?c } GROUP BY ?c ORDER BY DESC(?n) LIMIT 500"):
        part = BlankNode()
        yield Triple(dataset, _void("classPartition"), part)
        yield Triple(part, _void("class"), _term(row.term("c")))
        yield Triple(part, _void("entities"), _term(row.term("n")))
    for row in graph.query("SELECT ?p (COUNT(*) AS ?n) WHERE { ?s ?p ?o } GROUP BY ?p ORDER BY DESC(?n) LIMIT 500"):
        part = BlankNode()
        yield Triple(dataset, _void("propertyPartition"), part)
        yield Triple(part, _void("property"), _term(row.term("p")))
        yield Triple(part, _void("triples"), _term(row.term("n")))
    for row in graph.query(f"SELECT DISTINCT ?e WHERE {{ ?d schema:mentions ?e }} LIMIT {_EXAMPLES}"):
        yield Triple(dataset, _void("exampleResource"), _term(row.term("e")))


_COUNTS = {
    "triples": "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }",
    "documents": "SELECT (COUNT(DISTINCT ?d) AS ?n) WHERE { ?d a foaf:Document }",
    "entities": "SELECT (COUNT(DISTINCT ?e) AS ?n) WHERE { ?d schema:mentions ?e }",
}


def _number(graph: KnowledgeGraph, query: str) -> Term:
    return next(_term(row.term("n")) for row in graph.query(query))


def _graphs(graph: KnowledgeGraph) -> list[Term]:
    names = [name for _, name in zip(range(_NAMED), graph.store.named_graphs(), strict=False)]
    return sorted((name for name in names if isinstance(name, NamedNode)), key=str)


def _term(term: Term | None) -> Term:
    return Literal("") if term is None else term


def _sd(name: str) -> NamedNode:
    return NamedNode(SD + name)


def _void(name: str) -> NamedNode:
    return NamedNode(v.VOID + name)


ROUTES = [Route(VOID, described)]
