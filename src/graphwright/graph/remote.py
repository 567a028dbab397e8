"""A graph that is kept on a SPARQL server, by the SPARQL 1.1 Protocol and the Graph Store Protocol.

Blank nodes are written as IRIs, as RDF 1.1 section 3.5 has it (skolemisation): so every update may be repeated without
harm when a connection breaks, and what was written can be named and removed. Quads that are read have them back; in the
answer to a query one sees the IRI. Blank nodes that others wrote are read with the names that the server gives them, by
which it does not find them again.

What servers do to terms is theirs. Virtuoso 7 keeps the value of a number and not its spelling (``007`` becomes ``7``,
15 digits of a decimal are kept), refuses durations and integers of more than 64 bits, and cuts long IRIs: these alone
are refused here, for what was cut could not be found again. It gives a limited number of rows at a time, and is asked
for the rest; a DESCRIBE alone it may cut without a word.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from io import BytesIO
from itertools import islice
from typing import IO, NamedTuple, TypeVar

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolution,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    Triple,
    parse,
    parse_query_results,
    serialize,
)

from graphwright.errors import QueryError, StoreError
from graphwright.graph.endpoints import Endpoints, find_endpoints, parse_address
from graphwright.graph.files import in_default_graph
from graphwright.graph.http import Http, Patience, Response, environment, refuse
from graphwright.graph.results import Answer, broken_off
from graphwright.graph.syntax import construction, form_of, page_of, with_prefixes
from graphwright.graph.terms import Term, in_graph
from graphwright.graph.vocabulary import GENID

_Item = TypeVar("_Item")
_Graph = NamedNode | BlankNode | DefaultGraph
_UNION = DefaultGraph()
_TABLE = "application/sparql-results+json"
_TRIPLES = "application/n-triples"

_BATCH = 10_000  # quads in a request that adds many
_REPLACED = 50_000  # quads in a request that replaces some, which should be one: it is done whole or not at all
_LONGEST = 8 * 2**20  # characters in a request; a single quad may be longer
_BLOCK = 1_000  # triples in braces: the parser of Virtuoso 7 ends with "memory exhausted" at some 5,000
_MANY = 1_000  # quads that are worth a request which not every server takes
_WHOLE = 5_000  # triples of one graph that are worth a request of the Graph Store Protocol
_UNION_LIMIT = 20_000  # graphs that a request can name as its default graph

_LONGEST_IRI = 1_875  # bytes; Virtuoso 7 keeps 1,879 and drops what is behind
_OWN_GRAPHS = (
    "http://www.openlinksw.com/",
    "http://localuriqaserver/",
    "http://localhost:8890/",
    "http://www.w3.org/ns/ldp#",
    "urn:virtuoso:",
    "urn:activitystreams-owl:",
    "urn:core:services:",
)
"""What the names of the graphs begin with that Virtuoso keeps for itself."""


class Change(NamedTuple):
    """A quad to add or to remove."""

    kind: str  # INSERT or DELETE
    quad: Quad


class RemoteStore:
    """The part of `pyoxigraph.Store` that a `KnowledgeGraph` needs, on a SPARQL server.

    ``url`` is the address of a dataset; its endpoints for queries, updates and whole graphs are found by the habits of
    Oxigraph, Fuseki, Stardog, RDF4J and GraphDB, Virtuoso, Blazegraph and QLever. For other servers they are given, as
    ``query``, ``update`` and ``store``, or in the address: ``https://host/#query=/ask&update=/change&store=/graphs``.

    User and password are given in the address (``https://user:password@host``) or in the environment variables
    GRAPHWRIGHT_USER and GRAPHWRIGHT_PASSWORD, and sent when the server asks (basic or digest); GRAPHWRIGHT_TOKEN is
    sent always (bearer). No message tells them.

    Requests that fail because the server is away or busy are repeated, as ``patience`` says. Opening asks the server
    once and writes nothing. Raises StoreError where the server cannot be reached, refuses, or gives no SPARQL.
    """

    def __init__(
        self,
        url: str,
        *,
        query: str | None = None,
        update: str | None = None,
        store: str | None = None,
        patience: Patience | None = None,
    ) -> None:
        address = parse_address(url)
        given = {name: value for name, value in (("query", query), ("update", update), ("store", store)) if value}
        address = replace(address, **given)
        known = environment()
        if address.user:
            known = {"user": address.user, "password": address.password or known["password"], "token": None}
        self.url = address.url
        self._http = Http(**known, patience=patience or Patience())
        try:
            self.endpoints: Endpoints = find_endpoints(self._http, address)
        except BaseException:
            self._http.close()
            raise

    def __repr__(self) -> str:
        return f"RemoteStore({self.url!r})"

    def close(self) -> None:
        """Close the connections. A closed store cannot be used again."""
        self._http.close()

    def flush(self) -> None:
        """Do nothing: the server answers when it has kept what it was sent."""

    # -- asking -------------------------------------------------------------------------------------------------------

    def query(
        self, query: str, *, prefixes: Mapping[str, str] | None = None, use_default_graph_as_union: bool = False
    ) -> Answer:
        """Answer a SPARQL query as `pyoxigraph.Store.query` does.

        With ``use_default_graph_as_union`` the query sees all graphs as one, also where the server does not do that by
        itself. The answer has arrived as a whole, on disk where it is long; where the server has a limit of rows, it
        was asked for page by page. Raises QueryError for what the server refuses and for an answer that it cut or broke
        off, and SyntaxError, with the place, for what is no SPARQL.
        """
        form = form_of(query)
        if form is None:
            raise SyntaxError("error at 1:1: a query begins with SELECT, ASK, CONSTRUCT or DESCRIBE")
        text = with_prefixes(query, prefixes or {})
        if form == "CONSTRUCT" and self.endpoints.kind == "Virtuoso" and (parts := construction(text)):
            return self._constructed(*parts)
        dataset = self._all_graphs() if use_default_graph_as_union else {}
        response = self._ask(text, _TRIPLES if form == "CONSTRUCT" else _TABLE, dataset)
        if response.status == 400:
            _parse_here(query, prefixes or {})
        if response.status != 200:
            raise refuse(response, "the query", self.url)
        if response.headers.get("x-sql-state") == "S1TAT":  # Virtuoso says so when its time is up
            raise broken_off("the server gave what it had found when its time was up", self.url)
        limit = _row_limit(response)
        if limit and form == "SELECT":
            return self._paged(text, response, limit, dataset)
        if form == "CONSTRUCT":
            return _as_triples(self._triples(response))
        return self._table(response, form == "ASK")

    def _ask(self, text: str, accept: str, dataset: Mapping[str, str | list[str]] | None = None) -> Response:
        form = {"query": text, **(dataset or {})}
        return self._http.send("POST", self.endpoints.query, form=form, headers={"accept": accept})

    def _paged(self, text: str, first: Response, limit: int, dataset: Mapping[str, str | list[str]]) -> QuerySolutions:
        """Return the whole answer to a SELECT of which the server gives no more than ``limit`` rows at a time."""
        variables = json.loads(_mended(first.body.read()))["head"]["vars"]
        rows: list[object] = []
        while True:
            query = page_of(text, variables, limit, len(rows))
            if query is None:
                raise self._too_many(limit)
            response = self._ask(query, _TABLE, dataset)
            if response.status != 200:
                raise refuse(response, "the query", self.url)
            page = json.loads(_mended(response.body.read()))["results"]["bindings"]
            rows += page
            if len(page) < limit:
                break
        whole = json.dumps({"head": {"vars": variables}, "results": {"bindings": rows}})
        answer = parse_query_results(whole, QueryResultsFormat.JSON)
        assert isinstance(answer, QuerySolutions)
        return answer

    def _constructed(self, prologue: str, template: str, rest: str) -> Answer:
        """Return what a CONSTRUCT makes of the solutions of a SELECT: Virtuoso cuts its own answer without a word."""
        solutions = self.query(f"{prologue}SELECT *{rest}")
        assert isinstance(solutions, QuerySolutions)
        names = " ".join(str(variable) for variable in solutions.variables)
        rows = " ".join(f"({' '.join(map(_data, solution))})" for solution in solutions)
        made = Store().query(f"{prologue}CONSTRUCT {template} WHERE {{ VALUES ({names}) {{ {rows} }} }}")
        assert isinstance(made, QueryTriples)
        return _as_triples(map(_unskolemised, made))

    def _too_many(self, limit: int) -> QueryError:
        return QueryError(
            f"the server gives no more than {limit:,} rows or triples, and the answer may have more",
            self.url,
            "ask for a part at a time with LIMIT and OFFSET, or raise the limit of the server (ResultSetMaxRows)",
        )

    def _all_graphs(self) -> dict[str, str | list[str]]:
        """Return the parameters that make all graphs the default graph of a query (SPARQL 1.1 Protocol, 2.1.4)."""
        if self.endpoints.kind == "Virtuoso":
            return {}
        if self.endpoints.kind == "Oxigraph":
            return {"union-default-graph": ""}
        names = [name.value for name in islice(self.named_graphs(), _UNION_LIMIT + 1)]
        if len(names) > _UNION_LIMIT:
            raise QueryError(
                f"the default graph of the server is empty, and its {_UNION_LIMIT:,} graphs and more are too many",
                self.url,
                "let the server answer with the union of its graphs, or name a graph in the query: GRAPH <…> { … }",
            )
        return {"default-graph-uri": names, "named-graph-uri": names}

    def _table(self, response: Response, ask: bool) -> QuerySolutions | QueryBoolean:
        if "json" not in response.media_type:
            raise self._no_answer(response)
        body: IO[bytes] = response.body
        if self.endpoints.kind == "Virtuoso":
            body = BytesIO(_mended(body.read()))
        try:
            answer = parse_query_results(body, QueryResultsFormat.JSON)
        except (SyntaxError, ValueError) as error:
            raise broken_off(error, self.url) from error
        if ask and isinstance(answer, QuerySolutions):  # Virtuoso answers ASK with a row or none
            return _boolean(next(answer, None) is not None)
        return answer

    def _triples(self, response: Response) -> Iterator[Triple]:
        if response.media_type not in (_TRIPLES, "text/plain", "text/turtle"):
            raise self._no_answer(response)
        try:
            for quad in parse(response.body, RdfFormat.TURTLE, base_iri=response.url):
                yield quad.triple
        except SyntaxError as error:
            raise broken_off(error, self.url) from error

    def _no_answer(self, response: Response) -> StoreError:
        kind = response.media_type or "nothing"
        return StoreError(
            f"the server answered with {kind} instead of SPARQL results", response.url, "check the address"
        )

    # -- reading quads ------------------------------------------------------------------------------------------------

    def quads_for_pattern(
        self,
        subject: NamedNode | BlankNode | Triple | None,
        predicate: NamedNode | None,
        object: Term | None,
        graph_name: _Graph | None = None,
    ) -> Iterator[Quad]:
        """Yield the quads that fit; None stands for any term, and for any graph.

        Those of the default graph are what a query sees without GRAPH, each once.
        """
        terms = (subject, predicate, object)
        if graph_name is None:
            if terms == (None, None, None):
                for name in self.named_graphs():
                    yield from self.quads_for_pattern(None, None, None, name)
            else:
                pattern = f"GRAPH ?g {{ {_pattern(terms)} }}"
                for row in self._rows([*_unbound(terms), "g"], pattern):
                    name = row["g"]
                    if isinstance(name, NamedNode) and not self._own(name):
                        yield in_graph(_filled(terms, row), name)
            if self.endpoints.kind != "Virtuoso":
                yield from self.quads_for_pattern(subject, predicate, object, _UNION)
        elif isinstance(graph_name, DefaultGraph):
            for triple in self._default(terms):
                yield in_graph(triple, _UNION)
        else:
            name = _skolem(graph_name)
            whole = terms == (None, None, None)
            for triple in self._whole(name) if whole else self._matching(terms, f"GRAPH {name}"):
                yield in_graph(triple, graph_name)

    def __iter__(self) -> Iterator[Quad]:
        return self.quads_for_pattern(None, None, None, None)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __contains__(self, quad: Quad) -> bool:
        return next(self.quads_for_pattern(*quad), None) is not None

    def named_graphs(self) -> Iterator[NamedNode]:
        """Yield the names of the graphs that hold anything, without those that the server keeps for itself."""
        # Virtuoso takes a minute to answer the same as a SELECT DISTINCT.
        for row in self._select("SELECT ?g WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"):
            name = row["g"]
            if isinstance(name, NamedNode) and not self._own(name):
                yield name

    def unnamed(self) -> Iterator[Quad]:
        """Yield what is in the default graph alone."""
        if self.endpoints.kind != "Virtuoso":  # which has only named graphs
            pattern = "?s ?p ?o FILTER NOT EXISTS { GRAPH ?g { ?s ?p ?o } }"
            for row in self._rows(["s", "p", "o"], pattern):
                yield in_graph(_filled((None, None, None), row), _UNION)

    def count_triples(self) -> int:
        """Return how many triples there are in any graph, each counted once."""
        pattern = "?s ?p ?o"
        if self.endpoints.kind == "Virtuoso" or not self.query(f"ASK {{ {pattern} }}"):
            pattern = f"GRAPH ?g {{ {pattern} }}"
        if self.endpoints.kind == "Virtuoso":
            own = " || ".join(f'STRSTARTS(STR(?g), "{start}")' for start in _OWN_GRAPHS)
            pattern = f"{pattern} FILTER (!({own}))"
        rows = self._select(f"SELECT (COUNT(*) AS ?n) WHERE {{ {{ SELECT DISTINCT ?s ?p ?o WHERE {{ {pattern} }} }} }}")
        return int(str(next(rows)["n"].value))

    def contains_named_graph(self, graph_name: NamedNode | BlankNode) -> bool:
        """Whether the graph holds anything."""
        return bool(self.query(f"ASK {{ GRAPH {_skolem(graph_name)} {{ ?s ?p ?o }} }}"))

    def _own(self, name: NamedNode) -> bool:
        return self.endpoints.kind == "Virtuoso" and name.value.startswith(_OWN_GRAPHS)

    def _default(self, terms: _Pattern) -> Iterable[Triple]:
        if self.endpoints.kind == "Virtuoso":
            # Its union has a triple as often as it is stated, and takes in the graphs that it keeps for itself.
            return {quad.triple for quad in self.quads_for_pattern(*terms, None)}
        return self._matching(terms, "")

    def _whole(self, name: NamedNode) -> Iterator[Triple]:
        if self.endpoints.store is None or self.endpoints.kind == "Virtuoso":  # it cuts a graph at its limit of rows
            yield from self._matching((None, None, None), f"GRAPH {name}")
            return
        response = self._http.send(
            "GET", self.endpoints.store, params={"graph": name.value}, headers={"accept": _TRIPLES}
        )
        if response.status == 404:  # there is no such graph
            return
        if response.status != 200:
            raise refuse(response, "to give a graph", self.endpoints.store)
        yield from map(_unskolemised, self._triples(response))

    def _matching(self, terms: _Pattern, where: str) -> Iterator[Triple]:
        pattern = f"{where} {{ {_pattern(terms)} }}"
        if None not in terms:
            if self.query(f"ASK {{ {pattern} }}"):
                yield Triple(*terms)  # type: ignore[arg-type]
            return
        for row in self._rows(_unbound(terms), pattern):
            yield _filled(terms, row)

    def _rows(self, variables: list[str], where: str) -> Iterator[QuerySolution]:
        """Yield distinct solutions."""
        names = " ".join(f"?{name}" for name in variables)
        return self._select(f"SELECT DISTINCT {names} WHERE {{ {where} }}")

    def _select(self, query: str) -> Iterator[QuerySolution]:
        answer = self.query(query)
        assert isinstance(answer, QuerySolutions)
        try:
            yield from answer
        except SyntaxError as error:
            raise broken_off(error, self.url) from error

    # -- writing ------------------------------------------------------------------------------------------------------

    @cached_property
    def union_by_server(self) -> bool:
        """Whether a query without GRAPH sees all named graphs by itself, so that no union is to be written.

        Found out by a try: a graph of one triple is written, asked for, and removed. Virtuoso, GraphDB and RDF4J are
        so, Oxigraph and Fuseki where they were told to. Such a server may answer with a triple as often as graphs state
        it: there a query that counts should say DISTINCT.
        """
        name = NamedNode(f"urn:x-graphwright:probe-{secrets.token_hex(8)}")
        self._send_update(f"INSERT DATA {{ GRAPH {name} {{ {name} {name} {name} }} }}")
        try:
            return bool(self.query(f"ASK {{ {name} {name} {name} }}"))
        finally:
            self.remove_graph(name)

    def add(self, quad: Quad) -> None:
        """Add a quad. Whoever adds many should use `extend`."""
        self.extend([quad])

    def extend(self, quads: Iterable[Quad]) -> None:
        """Add quads, in requests of bounded size, each of which is repeated until it is acknowledged.

        Quads of the default graph are left out where the server makes the union itself.
        """
        for batch in _split((Change("INSERT", quad) for quad in self._written(quads)), _BATCH):
            if len(batch) >= _MANY and self._post_quads([change.quad for change in batch]):
                continue
            rest: list[Change] = []
            for name, group in _by_graph(batch, lambda change: change.quad):
                if len(group) < _WHOLE or not self._post(name, [change.quad for change in group]):
                    rest += group
            if rest:
                self._apply(rest, self._plain)

    bulk_extend = extend

    def replace(self, removed: Iterable[Quad], added: Iterable[Quad]) -> None:
        """Remove quads and add others in one request, which servers with transactions do whole or not at all.

        Virtuoso 7 does so with each half; what is added comes first, so that nothing is missing if it stops between.
        The default graph follows: it gets what is added, and loses what no graph states any more; so quads of the
        default graph need not be among those given. A quad that is removed and added stays.

        More than some 50,000 quads are sent in several requests, and so is what the server finds too long; additions
        go first. Where that stops before its end, repeating it completes it.
        """
        new = set(self._written(added))
        old = set(self._written(removed)) - new
        changes = [Change("INSERT", quad) for quad in sorted(new, key=str)]
        changes += [Change("DELETE", quad) for quad in sorted(old, key=str)]
        for batch in _split(changes, _REPLACED):
            self._apply(batch, self._with_union)

    def _apply(self, changes: list[Change], text_of: Callable[[list[Change]], str]) -> None:
        """Send changes in one request, or in smaller ones where the server, or a proxy before it, takes no such."""
        response = self._post_update(text_of(changes))
        if response.status == 413 and len(changes) > 1:
            middle = len(changes) // 2
            self._apply(changes[:middle], text_of)
            self._apply(changes[middle:], text_of)
        else:
            self._accept(response)

    def _plain(self, changes: list[Change]) -> str:
        """Return the update that makes the changes and no others."""
        return " ;\n".join(
            f"{kind} DATA {{ {_blocks(quads)} }}"
            for kind in ("INSERT", "DELETE")
            if (quads := [quad for found, quad in changes if found == kind])
        )

    def _with_union(self, changes: list[Change]) -> str:
        """Return the update that makes the changes, and has the default graph follow them."""
        if self.union_by_server:
            return self._plain(changes)
        added = [quad for kind, quad in changes if kind == "INSERT"]
        gone = [quad for kind, quad in changes if kind == "DELETE"]
        union = [Change("INSERT", in_graph(quad, _UNION)) for quad in added]
        # What no graph states any more goes after the graphs have changed.
        made = dict.fromkeys([*changes, *union])
        plain = self._plain([change for change in made if change.kind == "INSERT" or not in_default_graph(change.quad)])
        kept = {quad.triple for quad in added}
        return " ;\n".join(filter(None, [plain, *_forgetting({quad.triple for quad in gone} - kept)]))

    def remove(self, quad: Quad) -> None:
        """Remove a quad, if it is there. What the default graph holds of it stays."""
        for written in self._written([quad]):
            self._send_update(f"DELETE DATA {{ {_blocks([written])} }}")

    def remove_graph(self, graph_name: _Graph) -> None:
        """Remove all quads of a graph, if there are any. What the default graph holds of them stays."""
        if not isinstance(graph_name, DefaultGraph):
            self._send_update(f"DROP SILENT GRAPH {_skolem(graph_name)}")
        elif not self.union_by_server:
            self._send_update("CLEAR SILENT DEFAULT")

    def forget_graph(self, graph_name: NamedNode | BlankNode) -> None:
        """Remove a graph, and from the default graph what no other graph states, in one request."""
        name = _skolem(graph_name)
        update = f"DROP SILENT GRAPH {name}"
        if not self.union_by_server:
            elsewhere = f"FILTER NOT EXISTS {{ GRAPH ?other {{ ?s ?p ?o }} FILTER (?other != {name}) }}"
            update = f"DELETE {{ ?s ?p ?o }} WHERE {{ GRAPH {name} {{ ?s ?p ?o }} {elsewhere} }} ;\n{update}"
        self._send_update(update)

    def update(self, update: str, *, prefixes: Mapping[str, str] | None = None) -> None:
        """Run a SPARQL update. It is not repeated when the connection breaks and it may have been done already."""
        self._send_update(with_prefixes(update, prefixes or {}), repeatable=False)

    def _written(self, quads: Iterable[Quad]) -> Iterator[Quad]:
        """Yield the quads as they stand on the server."""
        for quad in quads:
            if in_default_graph(quad) and self.union_by_server:
                continue
            written = _skolemised(quad)
            if self.endpoints.kind == "Virtuoso":
                _refuse_long(written)
            yield written

    def _send_update(self, text: str, *, repeatable: bool = True) -> None:
        self._accept(self._post_update(text, repeatable=repeatable))

    def _post_update(self, text: str, *, repeatable: bool = True) -> Response:
        return self._http.send(
            "POST",
            self._need("update"),
            content=text.encode(),
            headers={"content-type": "application/sparql-update; charset=utf-8", "accept": f"{_TABLE}, */*;q=0.5"},
            repeatable=repeatable,
        )

    def _accept(self, response: Response) -> None:
        if not 200 <= response.status < 300:
            raise refuse(response, "an update", self._need("update"))

    def _post(self, name: _Graph, quads: list[Quad]) -> bool:
        """Add triples to a graph by the Graph Store Protocol, and say whether the server takes them so."""
        if self.endpoints.store is None:
            return False
        response = self._http.send(
            "POST",
            self.endpoints.store,
            params={"default": ""} if isinstance(name, DefaultGraph) else {"graph": name.value},
            content="".join(f"{quad.triple} .\n" for quad in quads).encode(),
            headers={"content-type": _TRIPLES},
        )
        if response.status in (404, 405, 413, 501):  # there is no such endpoint, or it takes less at a time
            return False
        if not 200 <= response.status < 300:
            raise refuse(response, "a graph", self.endpoints.store)
        return True

    def _post_quads(self, quads: list[Quad]) -> bool:
        """Add quads of any graphs, and say whether the server takes them so: it is no part of the protocol.

        An update with the same quads takes Oxigraph three times as long.
        """
        if self.endpoints.store is None or self.endpoints.kind != "Oxigraph":
            return False
        content = serialize(quads, format=RdfFormat.N_QUADS)
        response = self._http.send(
            "POST", self.endpoints.store, content=content, headers={"content-type": "application/n-quads"}
        )
        return 200 <= response.status < 300

    def _need(self, endpoint: str) -> str:
        found: str | None = getattr(self.endpoints, endpoint)
        if found is None:
            raise StoreError(
                f"it is not known where the server takes the {endpoint} requests",
                self.url,
                f"tell it in the address: URL#{endpoint}=…",
            )
        return found


_Pattern = tuple[NamedNode | BlankNode | Triple | None, NamedNode | None, Term | None]


# -- answers ----------------------------------------------------------------------------------------------------------


def _row_limit(response: Response) -> int:
    """Return the number of rows that Virtuoso cut the answer at, 0 where it did not."""
    limit = response.headers.get("x-sparql-maxrows", "")
    return int(limit) if limit.isdecimal() else 0


def _mended(table: bytes) -> bytes:
    """Mend what Virtuoso 7 writes: blank nodes with names that no other may have, and true as 1."""
    table = table.replace(b'"type": "bnode", "value": "nodeID://', b'"type": "bnode", "value": "')
    boolean = b'"datatype": "http://www.w3.org/2001/XMLSchema#boolean", "value": "'
    return table.replace(boolean + b'1"', boolean + b'true"').replace(boolean + b'0"', boolean + b'false"')


def _as_triples(triples: Iterable[Triple]) -> Answer:
    """Return triples as the engine's own answer to a CONSTRUCT."""
    here = Store()
    here.bulk_extend(in_graph(triple, _UNION) for triple in triples)
    return here.query("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")


def _boolean(value: bool) -> QueryBoolean:
    answer = parse_query_results(json.dumps({"head": {}, "boolean": value}), QueryResultsFormat.JSON)
    assert isinstance(answer, QueryBoolean)
    return answer


def _parse_here(query: str, prefixes: Mapping[str, str]) -> None:
    """Raise the SyntaxError of our own engine, which tells the place, where it does not take the text either."""
    if form_of(query) != "ASK":  # an ASK would be run
        Store().query(query, prefixes=dict(prefixes))


# -- terms and patterns -----------------------------------------------------------------------------------------------


def _skolem(name: NamedNode | BlankNode) -> NamedNode:
    return NamedNode(GENID + name.value) if isinstance(name, BlankNode) else name


def _skolemised(quad: Quad) -> Quad:
    s, p, o, g = quad
    if not any(isinstance(term, BlankNode) for term in (s, o, g)):
        return quad
    return Quad(*(_skolem(term) if isinstance(term, BlankNode) else term for term in (s, p, o, g)))


def _unskolem(term: Term) -> Term:
    if isinstance(term, NamedNode) and term.value.startswith(GENID):
        return BlankNode(term.value.removeprefix(GENID))
    return term


def _data(term: Term | None) -> str:
    """Return a term as VALUES takes it."""
    return "UNDEF" if term is None else str(_skolem(term) if isinstance(term, BlankNode) else term)


def _unskolemised(triple: Triple) -> Triple:
    if any(isinstance(term, NamedNode) and term.value.startswith(GENID) for term in triple):
        return Triple(*map(_unskolem, triple))  # type: ignore[arg-type]
    return triple


def _pattern(terms: _Pattern) -> str:
    return " ".join(
        f"?{name}" if term is None else str(_skolem(term) if isinstance(term, BlankNode) else term)
        for name, term in zip("spo", terms, strict=True)
    )


def _unbound(terms: _Pattern) -> list[str]:
    return [name for name, term in zip("spo", terms, strict=True) if term is None]


def _filled(terms: _Pattern, row: QuerySolution) -> Triple:
    found = (_unskolem(row[name]) if term is None else term for name, term in zip("spo", terms, strict=True))
    return Triple(*found)  # type: ignore[arg-type]


# -- updates ----------------------------------------------------------------------------------------------------------


def _by_graph(items: Iterable[_Item], quad_of: Callable[[_Item], Quad]) -> Iterator[tuple[_Graph, list[_Item]]]:
    """Yield the items of each graph, in the order in which the graphs first occur."""
    graphs: dict[_Graph, list[_Item]] = {}
    for item in items:
        graphs.setdefault(quad_of(item).graph_name, []).append(item)
    yield from graphs.items()


def _blocks(quads: list[Quad]) -> str:
    """Return the quads as INSERT DATA and DELETE DATA take them, in braces of bounded size."""
    return "\n".join(
        triples if isinstance(name, DefaultGraph) else f"GRAPH {name} {{ {triples} }}"
        for name, group in _by_graph(quads, lambda quad: quad)
        for triples in _blocked(group)
    )


def _blocked(quads: Iterable[Quad]) -> Iterator[str]:
    rest = iter(quads)
    while block := list(islice(rest, _BLOCK)):
        yield " ".join(f"{quad.triple} ." for quad in block)


def _forgetting(triples: set[Triple]) -> Iterator[str]:
    """Yield updates that remove triples from the default graph where no graph states them."""
    rest = iter(sorted(triples, key=str))
    while block := list(islice(rest, _BLOCK)):
        rows = " ".join(f"({triple.subject} {triple.predicate} {triple.object})" for triple in block)
        yield (
            f"DELETE {{ ?s ?p ?o }} WHERE {{ VALUES (?s ?p ?o) {{ {rows} }} "
            "FILTER NOT EXISTS { GRAPH ?g { ?s ?p ?o } } }"
        )


def _split(changes: Iterable[Change], size: int) -> Iterator[list[Change]]:
    """Yield the changes in lists of bounded length and bounded text."""
    batch: list[Change] = []
    characters = 0
    for change in changes:
        term = change.quad.object
        length = len(term.value) if isinstance(term, Literal) else 0
        if batch and (len(batch) == size or characters + length > _LONGEST):
            yield batch
            batch, characters = [], 0
        batch.append(change)
        characters += length
    if batch:
        yield batch


def _refuse_long(quad: Quad) -> None:
    for term in quad:
        if isinstance(term, NamedNode) and len(term.value.encode()) > _LONGEST_IRI:
            raise StoreError(
                f"an IRI has more than the {_LONGEST_IRI:,} bytes that the server keeps",
                f"{term.value[:60]}…",
                "give the document a shorter id, or use another server",
            )
