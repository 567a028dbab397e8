"""The graph as a picture, and queries as one types them: two pages, and what they are told."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from pyoxigraph import NamedNode
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from graphwright.server.api import number
from graphwright.server.caching import cached
from graphwright.server.pages import questions
from graphwright.server.refusal import Refusal
from graphwright.server.rendering import render
from graphwright.server.state import state_of
from graphwright.server.views.neighbourhood import MOST, Selection, neighbourhood, path
from graphwright.server.views.vocabulary import QUERIES, terms

_DATE = re.compile("[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?", re.ASCII)


async def get_graph(request: Request) -> Response:
    """Answer with a part of the graph: what is around things, or what a filter lets through."""
    return await _told(request, neighbourhood, selection_of(request))


async def get_path(request: Request) -> Response:
    """Answer with the shortest ways from one thing to another."""
    start, end = (_only(_iris(request, name), name) for name in ("from", "to"))
    return await _told(request, path, start, end, _is_set(request, "flagged"))


async def get_terms(request: Request) -> Response:
    """Answer with the classes and properties of the ontology, and how much there is of each."""
    return await _told(request, terms)


async def graph_page(request: Request) -> Response:
    """A page that draws parts of the graph."""
    return render(request, "graph.html")


async def query_page(request: Request) -> Response:
    """A page to write queries on."""

    async def make() -> Response:
        told = await state_of(request).workers.call(terms)
        named = [{"name": words, "query": text} for words, text in (*questions(), *QUERIES)]
        data = {"prefixes": told["prefixes"], "base": told["base"], "examples": named}
        return render(request, "query.html", data=data)

    return await cached(request, make)


def selection_of(request: Request) -> Selection:
    """Return what a request wants to be drawn. Raises Refusal (400) where it does not say so rightly."""
    query = request.query_params
    return Selection(
        things=_iris(request, "iri"),
        hops=number(request, "hops", 1, 3),
        limit=max(1, number(request, "limit", 200, MOST)),
        classes=_iris(request, "class"),
        properties=_iris(request, "property"),
        min_confidence=_share(request, "min_confidence"),
        documents=tuple(filter(None, query.getlist("document"))),
        since=_date(request, "since"),
        until=_date(request, "until"),
        flagged=_is_set(request, "flagged"),
    )


def _iris(request: Request, name: str) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(filter(None, request.query_params.getlist(name))))
    for iri in found:
        try:
            NamedNode(iri)
        except ValueError:
            raise Refusal(400, f"{iri!r} is no IRI", f"the parameter {name}", "give an absolute IRI") from None
    return found


def _only(found: tuple[str, ...], name: str) -> str:
    if len(found) != 1:
        raise Refusal(400, f"{len(found)} things are given", f"the parameter {name}", "give the IRI of one thing")
    return found[0]


def _share(request: Request, name: str) -> float:
    text = request.query_params.get(name, "0")
    try:
        share = float(text)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise Refusal(400, f"{text!r} does not fit", f"the parameter {name}", "give a number from 0 to 1")
    return share


def _date(request: Request, name: str) -> str:
    text = request.query_params.get(name, "")
    if text and not _DATE.fullmatch(text):
        raise Refusal(400, f"{text!r} is no date", f"the parameter {name}", "write 2016, 2016-06 or 2016-06-14")
    return text


def _is_set(request: Request, name: str) -> bool:
    return request.query_params.get(name, "").lower() in ("1", "true", "yes", "on")


async def _told(request: Request, view: Callable[..., Any], *asked: Any) -> Response:
    async def make() -> Response:
        return JSONResponse(await state_of(request).workers.call(view, *asked))

    return await cached(request, make)


ROUTES = [
    Route("/api/graph", get_graph),
    Route("/api/path", get_path),
    Route("/api/terms", get_terms),
    Route("/graph", graph_page),
    Route("/query", query_page),
]
