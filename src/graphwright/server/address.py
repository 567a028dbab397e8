"""The address that others reach this server at."""

from __future__ import annotations

from starlette.requests import Request

from graphwright.server.state import state_of

SPARQL = "/sparql"
STORE = "/store"
VOID = "/.well-known/void"


def address_of(request: Request) -> str:
    """Return scheme and host of this server without a slash at the end, as whoever asks knows it."""
    return (state_of(request).options.public or str(request.base_url)).rstrip("/")
