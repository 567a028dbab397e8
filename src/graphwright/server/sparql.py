"""SPARQL 1.1 Protocol: queries, and updates where the graph is writable."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from graphwright.graph import KnowledgeGraph
from graphwright.graph.updating import update
from graphwright.server.address import SPARQL, address_of
from graphwright.server.answering import Question, Wish, answer, graph_name
from graphwright.server.caching import etag, is_known
from graphwright.server.description import described
from graphwright.server.federation import check_calls
from graphwright.server.negotiation import media_type, prefers_html
from graphwright.server.reader import Reader
from graphwright.server.refusal import Refusal
from graphwright.server.security import body_of, check_token
from graphwright.server.state import State, asked, state_of

_FORM = "application/x-www-form-urlencoded"
_QUERY = "application/sparql-query"
_UPDATE = "application/sparql-update"
_METHODS = "GET, HEAD, POST, OPTIONS"
_CHANGING = re.compile(r"rand|now|uuid|bnode|service", re.IGNORECASE)
"""What may answer otherwise over the same graph: such an answer has no ETag, and is not kept."""
_OVERHEAD = 1000
"""What an answer takes beside its content and the query, in bytes, by and large."""
_COMMON = {"Vary": "Accept", "Cache-Control": "no-cache"}


@dataclass(frozen=True, slots=True)
class Change:
    """An update as SPARQL 1.1 Protocol asks it; ``using`` and ``using_named`` are the dataset of its WHERE clauses."""

    sparql: str
    using: tuple[str, ...]
    using_named: tuple[str, ...]
    base: str
    services: tuple[str, ...]


def change(reader: Reader, asked: Change) -> None:
    """Run an update. Raises QueryError, StoreError, and Refusal where it calls a server that it may not."""
    for iri in (*asked.using, *asked.using_named):
        graph_name(iri)
    graph = KnowledgeGraph.open(reader.place, writable=True)
    try:
        check_calls(asked.sparql, update=True, services=asked.services, prefixes=graph.prefixes)
        update(graph, asked.sparql, base=asked.base, using=asked.using, using_named=asked.using_named)
    finally:
        graph.close()


async def sparql(request: Request) -> Response:
    """Answer a query, run an update, or tell of the service where nothing is asked."""
    if request.method == "OPTIONS":
        return Response(status_code=204, headers={"Allow": _METHODS, "Accept-Post": f"{_FORM}, {_QUERY}, {_UPDATE}"})
    parameters = _parameters(request.scope["query_string"], "the address")
    if request.method != "POST":
        if "update" in parameters:
            raise Refusal(400, "an update was sent with GET", "the parameter update", "send it with POST")
        if "query" not in parameters:
            return await _service(request)
        return await _answered(request, _only(parameters, "query"), parameters, cached=True)
    kind, charset = media_type(request.headers.get("content-type", ""))
    if kind not in (_FORM, _QUERY, _UPDATE):
        raise Refusal(
            415,
            f"the body is {kind or 'of no type'}",
            "the header Content-Type",
            f"send {_FORM}, {_QUERY} or {_UPDATE}",
        )
    if charset not in ("", "utf-8", "utf8"):
        raise Refusal(415, f"the body is in {charset}", "the header Content-Type", "send UTF-8")
    body = await body_of(request)
    if kind == _FORM:
        for name, values in _parameters(body, "the body").items():
            parameters[name] = [*parameters.get(name, []), *values]
    elif "query" in parameters or "update" in parameters:
        raise Refusal(400, "both the address and the body hold SPARQL", "the request", "send one query or update")
    else:
        parameters["query" if kind == _QUERY else "update"] = [_decoded(body)]
    if ("query" in parameters) == ("update" in parameters):
        raise Refusal(400, "one query or one update is wanted", "the body", "send query=… or update=…")
    if "query" in parameters:
        return await _answered(request, _only(parameters, "query"), parameters, cached=False)
    return await _changed(request, _only(parameters, "update"), parameters)


async def _answered(request: Request, text: str, parameters: Mapping[str, Sequence[str]], *, cached: bool) -> Response:
    state = state_of(request)
    wish = wish_of(request, state, parameters)
    question = Question(
        text,
        tuple(parameters.get("default-graph-uri", ())),
        tuple(parameters.get("named-graph-uri", ())),
        address_of(request) + SPARQL,
        state.options.services,
        wish,
    )
    headers = dict(_COMMON)
    if _CHANGING.search(text):
        content_type, content = await asked(request, answer, question)
        return Response(content, media_type=content_type, headers=headers)
    if cached:
        headers["ETag"] = tag = etag(state, question)
        if is_known(request, tag):
            return Response(status_code=304, headers=headers)
    key = (state.workers.stamp(), question)
    found = state.kept.get(key)
    if found is None:
        found = await asked(request, answer, question)
        state.kept.keep(key, found, len(found[1]) + 4 * len(text) + _OVERHEAD)
    content_type, content = found
    return Response(content, media_type=content_type, headers=headers)


async def _changed(request: Request, text: str, parameters: Mapping[str, Sequence[str]]) -> Response:
    check_token(request)
    state = state_of(request)
    if "default-graph-uri" in parameters or "named-graph-uri" in parameters:
        raise Refusal(
            400,
            "the dataset of a query is told for an update",
            "the parameters",
            "use using-graph-uri and using-named-graph-uri",
        )
    asked = Change(
        text,
        tuple(parameters.get("using-graph-uri", ())),
        tuple(parameters.get("using-named-graph-uri", ())),
        address_of(request) + SPARQL,
        state.options.services,
    )
    assert state.writer is not None, "the token was checked"
    try:
        await state.writer.call(change, asked)
    finally:
        state.workers.look_again()
    return Response(status_code=204)


async def _service(request: Request) -> Response:
    if prefers_html(request.headers.get("accept", "")):
        return RedirectResponse("/query", status_code=303, headers=_COMMON)
    return await described(request)


def wish_of(request: Request, state: State, parameters: Mapping[str, Sequence[str]]) -> Wish:
    """Return in which format an answer is wanted: by ``format`` or ``output`` in the address, else by Accept."""
    name = next((parameters[key][0] for key in ("format", "output") if key in parameters), "")
    return Wish(request.headers.get("accept", ""), name, state.options.max_answer)


def _parameters(text: bytes, where: str) -> dict[str, list[str]]:
    try:
        return parse_qs(text.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=10_000)
    except (UnicodeDecodeError, ValueError) as error:
        raise Refusal(400, "the parameters are no UTF-8 in percent-encoding", where, "encode them as UTF-8") from error


def _only(parameters: Mapping[str, Sequence[str]], name: str) -> str:
    if len(parameters[name]) != 1:
        raise Refusal(400, f"there is more than one {name}", f"the parameter {name}", "send one at a time")
    return parameters[name][0]


def _decoded(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Refusal(400, "the text is no UTF-8", f"byte {error.start} of the body", "send UTF-8") from error


_EVERY = ["GET", "POST", "OPTIONS"]
ROUTES = [Route(SPARQL, sparql, methods=_EVERY), Route(SPARQL + "/", sparql, methods=_EVERY)]
