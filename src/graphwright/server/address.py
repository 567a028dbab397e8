"""The address that others reach this server at."""

from __future__ import annotations

from starlette.requests import Request

from graphwright.server.state import state_of

SPARQL = "/sparql"
STORE = "/store"
VOID = "/.well-known/void"


def address_of(request: Request) -> str:
    """Return scheme and host of this server without a slash at the end, as whoever asks knows it."""
    public = state_of(request).options.public
    if public:
        return public.rstrip("/")
    scope = request.scope
    host = request.headers.get("host")
    if host and not scope.get("root_path"):
        return f"{scope['scheme']}://{host}"
    return str(request.base_url).rstrip("/")
