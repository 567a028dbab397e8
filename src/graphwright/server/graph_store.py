"""SPARQL 1.1 Graph Store HTTP Protocol: whole graphs, read and, where the graph is writable, written."""

from __future__ import annotations

import email.policy
import uuid
from collections.abc import Iterator
from email.parser import BytesParser
from typing import Literal

from pyoxigraph import RdfFormat, Triple, parse
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from graphwright.content import check_bytes
from graphwright.graph import KnowledgeGraph
from graphwright.graph.updating import drop, merge, put
from graphwright.server.address import STORE, address_of
from graphwright.server.answering import Wish, graph_name, written_quads, written_triples
from graphwright.server.caching import etag, is_known
from graphwright.server.negotiation import DATASETS, GRAPHS, RDF_FORMATS, media_type, negotiated
from graphwright.server.reader import Reader
from graphwright.server.refusal import Refusal
from graphwright.server.security import body_of, check_token
from graphwright.server.sparql import wish_of
from graphwright.server.state import state_of

Verb = Literal["PUT", "POST", "DELETE"]
_METHODS = "GET, HEAD, PUT, POST, DELETE, OPTIONS"
_MULTIPART = "multipart/form-data"
_TRIPLES = tuple(format for format in GRAPHS if format not in DATASETS or format.name == "jsonld")
"""The formats that a graph can be sent in."""
_EVERYTHING = "*"
_DEFAULT = ""


def graph_content(reader: Reader, name: str, wish: Wish) -> tuple[str, bytes]:
    """Return a named graph, the default graph ("") or all of them ("*"): the Content-Type, and all of it.

    Raises Refusal where there is no such graph, where no format fits, and where it is too long.
    """
    graph = reader.graph
    if name == _EVERYTHING:
        return written_quads(graph.quads(), wish, graph.prefixes)
    if name == _DEFAULT:
        return written_triples(graph.triples(), wish, graph.prefixes)
    node = graph_name(name)
    if not graph.store.contains_named_graph(node):
        raise _no_graph(name)
    quads = graph.store.quads_for_pattern(None, None, None, node)
    return written_triples((quad.triple for quad in quads), wish, graph.prefixes)


def write_graph(reader: Reader, verb: Verb, name: str, contents: tuple[tuple[str, bytes], ...], base: str) -> bool:
    """Put, add or delete a graph; ``contents`` are RDF with its media type. Return whether there was such a graph.

    Raises Refusal for RDF that is broken or has named graphs, and StoreError where the store cannot be written.
    """
    node = graph_name(name) if name != _DEFAULT else None
    triples = [triple for kind, content in contents for triple in _parsed(kind, content, base)]
    graph = KnowledgeGraph.open(reader.place, writable=True)
    try:
        if verb == "DELETE":
            return drop(graph, node)
        return put(graph, node, triples) if verb == "PUT" else merge(graph, node, triples)
    finally:
        graph.close()


async def graph_store(request: Request) -> Response:
    """Answer a request of the Graph Store Protocol."""
    if request.method == "OPTIONS":
        return Response(status_code=204, headers={"Allow": _METHODS})
    name = _name(request)
    if request.method in ("GET", "HEAD"):
        return await _read(request, name)
    check_token(request)
    return await _written(request, name)


async def _read(request: Request, name: str) -> Response:
    state = state_of(request)
    parameters = {key: request.query_params.getlist(key) for key in request.query_params}
    wish = wish_of(request, state, parameters)
    negotiated(wish.accept, wish.name, DATASETS if name == _EVERYTHING else GRAPHS)  # or refused, before any work
    headers = {"Vary": "Accept", "Cache-Control": "no-cache"}
    tag = etag(state, name, wish)
    known = is_known(request, tag)
    if known and (name in (_DEFAULT, _EVERYTHING)):
        return Response(status_code=304, headers={**headers, "ETag": tag})
    content_type, content = await state.workers.call(graph_content, name, wish)
    if known:
        return Response(status_code=304, headers={**headers, "ETag": tag})
    return Response(content, media_type=content_type, headers={**headers, "ETag": tag})


async def _written(request: Request, name: str) -> Response:
    verb: Verb = request.method  # type: ignore[assignment]
    address = address_of(request)
    made = name == _EVERYTHING
    if made:
        if verb != "POST":
            raise Refusal(400, "no graph is named", "the address", "add ?graph=IRI or ?default")
        name = f"{address}{STORE}/{uuid.uuid4()}"
    contents = () if verb == "DELETE" else await _contents(request)
    state = state_of(request)
    assert state.writer is not None, "the token was checked"
    try:
        there = await state.writer.call(write_graph, verb, name, contents, name or address + STORE)
    finally:
        state.workers.look_again()
    if verb == "DELETE":
        if not there:
            raise _no_graph(name)
        return Response(status_code=204)
    return Response(status_code=204 if there else 201, headers={"Location": name} if made else None)


def _name(request: Request) -> str:
    """Return the name of the graph that a request is about, "" for the default graph, "*" where none is told."""
    within = request.path_params.get("path", "")
    if within:
        return f"{address_of(request)}{request.url.path}"
    named, default = request.query_params.getlist("graph"), "default" in request.query_params
    if len(named) + default > 1:
        raise Refusal(400, "more than one graph is named", "the address", "give ?graph=IRI or ?default, once")
    return named[0] if named else _DEFAULT if default else _EVERYTHING


async def _contents(request: Request) -> tuple[tuple[str, bytes], ...]:
    """Return what was sent, with its media types. Raises Refusal (415) for what is no RDF."""
    header = request.headers.get("content-type", "")
    kind, _ = media_type(header)
    body = await body_of(request)
    parts = list(_parts(header, body)) if kind == _MULTIPART else [(header, body)]
    return tuple((_rdf_type(header), content) for header, content in parts)


def _parts(header: str, body: bytes) -> Iterator[tuple[str, bytes]]:
    message = BytesParser(policy=email.policy.HTTP).parsebytes(b"Content-Type: %b\r\n\r\n%b" % (header.encode(), body))
    if not message.is_multipart():
        raise Refusal(400, "the body is no multipart/form-data", "the body", "send its parts with the boundary told")
    for part in message.iter_parts():
        content = part.get_payload(decode=True)
        yield part["content-type"] or "", content if isinstance(content, bytes) else b""


def _rdf_type(header: str) -> str:
    kind, charset = media_type(header)
    known = [name for format in _TRIPLES for name in (format.media_type, *format.aliases)]
    if kind not in known or charset not in ("", "utf-8", "utf8"):
        told = ", ".join(format.media_type for format in _TRIPLES)
        raise Refusal(
            415,
            f"a graph cannot be read from {header or 'no type'}",
            "the header Content-Type",
            f"send UTF-8 of: {told}",
        )
    return kind


def _parsed(kind: str, content: bytes, base: str) -> Iterator[Triple]:
    """Yield the triples of RDF; its blank nodes get new names, for those of other graphs are others."""
    try:
        check_bytes(content, _format(kind))
        yield from (
            quad.triple
            for quad in parse(
                content, format=_format(kind), base_iri=base, without_named_graphs=True, rename_blank_nodes=True
            )
        )
    except SyntaxError as error:
        raise Refusal(400, f"the RDF is broken: {error.args[0]}", "the body", "correct it there") from error


def _format(kind: str) -> RdfFormat:
    return next(RDF_FORMATS[format.name] for format in _TRIPLES if kind in (format.media_type, *format.aliases))


def _no_graph(name: str) -> Refusal:
    return Refusal(404, "there is no such graph", name, "GET the store without parameters gives all")


_EVERY = ["GET", "PUT", "POST", "DELETE", "OPTIONS"]
ROUTES = [Route(STORE, graph_store, methods=_EVERY), Route(STORE + "/{path:path}", graph_store, methods=_EVERY)]
