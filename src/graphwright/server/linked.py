"""Linked data: the IRI of a thing, a document or a term answers with a page for people, and with RDF for programs."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from graphwright.server.caching import cached
from graphwright.server.negotiation import GRAPHS, negotiated, prefers_html
from graphwright.server.refusal import Refusal
from graphwright.server.rendering import class_url, data_url, document_iri_url, entity_url, fact_url
from graphwright.server.state import state_of
from graphwright.server.views.describing import described, known_iri

_PAGES = {"entity": entity_url, "fact": fact_url, "term": class_url, "document": document_iri_url}


async def dereferenced(request: Request) -> Response:
    """Lead whoever asks for an IRI of the graph to its page or to its data (303, by the header Accept)."""
    raw = (request.scope.get("raw_path") or b"").decode("ascii", "replace").partition("?")[0]
    found = await state_of(request).workers.call(known_iri, tuple(dict.fromkeys((raw, request.url.path))))
    if found is None:
        raise HTTPException(404)
    iri, kind = found
    accept = request.headers.get("accept", "")
    if prefers_html(accept):
        address = _PAGES[kind](iri)
    else:
        address = data_url(iri, negotiated(accept, request.query_params.get("format", ""), GRAPHS).name)
    return RedirectResponse(address, 303, {"Vary": "Accept", "Cache-Control": "no-cache"})


async def data(request: Request) -> Response:
    """Answer with what is known of an IRI, in the format of RDF that is asked for."""
    iri = request.query_params.get("iri", "")
    if not iri:
        raise Refusal(400, "of what?", "the parameter iri", "give the IRI of a thing, a document, a fact or a term")
    format = negotiated(request.headers.get("accept", ""), request.query_params.get("format", ""), GRAPHS)

    async def make() -> Response:
        content = await state_of(request).workers.call(described, iri, format.name)
        return Response(content, media_type=format.media_type)

    return await cached(request, make)


ROUTES = [Route("/data", data), Route("/{path:path}", dereferenced)]
"""The last of these takes whatever path no other route has: it comes after all of them."""
