"""The JSON interface for programs, and its description in OpenAPI."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from graphwright.server.caching import cached
from graphwright.server.openapi import description
from graphwright.server.refusal import Refusal
from graphwright.server.rendering import render
from graphwright.server.state import state_of
from graphwright.server.views import documents, entities, facts, overview

MOST = 500
"""How many items an answer lists at most."""


async def get_overview(request: Request) -> Response:
    """Answer with how much there is of what."""
    return await _told(request, overview.overview)


async def get_entity(request: Request) -> Response:
    """Answer with what is told of a thing."""
    query = request.query_params
    inverse = {"subject": False, "object": True}.get(query.get("as", ""))
    limits = (number(request, "offset", 0, 10**6), number(request, "limit", 20, MOST))
    return await _told(request, _entity, given(request), query.get("property", ""), inverse, *limits)


def _entity(reader: Any, *asked: Any) -> dict[str, Any]:
    """Return a thing with its facts in one list, for programs."""
    told = entities.entity(reader, *asked)
    groups = told.pop("groups")
    told["facts"] = [fact for group in groups for fact in group["facts"]]
    told["properties"] = [{key: value for key, value in group.items() if key != "facts"} for group in groups]
    return told


async def get_fact(request: Request) -> Response:
    """Answer with a fact and every place that states it."""
    return await _told(request, facts.fact, given(request))


async def get_documents(request: Request) -> Response:
    """Answer with some of the documents, the latest first."""
    limits = (number(request, "offset", 0, 10**9), number(request, "limit", 50, MOST))
    return await _told(request, documents.latest, *limits)


async def get_document(request: Request) -> Response:
    """Answer with a document: text, mentions and facts."""
    return await _told(request, documents.document, given(request))


async def get_description(request: Request) -> Response:
    """Answer with the description of this interface."""
    return JSONResponse(description(), headers={"Cache-Control": "no-cache"})


async def listed(request: Request) -> Response:
    """A page that lists what programs can ask."""
    return render(request, "api.html", api=description())


def given(request: Request) -> dict[str, str]:
    """Return the IRI or id that a request asks about, from its path or its query."""
    path = {"id": request.path_params["id"]} if "id" in request.path_params else {}
    return path or {name: value for name in ("iri", "id") if (value := request.query_params.get(name, ""))}


def number(request: Request, name: str, usual: int, most: int) -> int:
    """Return a number of the query. Raises Refusal (400) where it is none, or out of bounds."""
    text = request.query_params.get(name, str(usual))
    if not (text.isascii() and text.isdigit() and len(text) < 12 and int(text) <= most):
        raise Refusal(400, f"{text!r} does not fit", f"the parameter {name}", f"give a number from 0 to {most}")
    return int(text)


async def _told(request: Request, view: Callable[..., Any], *asked: Any) -> Response:
    async def make() -> Response:
        return JSONResponse(await state_of(request).workers.call(view, *asked))

    return await cached(request, make)


ROUTES = [
    Route("/api", listed),
    Route("/api/openapi.json", get_description),
    Route("/api/overview", get_overview),
    Route("/api/entity", get_entity),
    Route("/api/entity/{id:path}", get_entity),
    Route("/api/fact", get_fact),
    Route("/api/fact/{id:path}", get_fact),
    Route("/api/documents", get_documents),
    Route("/api/documents/{id:path}", get_document),
]
