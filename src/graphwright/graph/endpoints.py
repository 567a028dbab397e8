"""Where a SPARQL server takes queries, updates and whole graphs: found by asking it, or told by the user."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urljoin, urlsplit, urlunsplit

from graphwright.entities.names import short_hash, slug
from graphwright.errors import StoreError
from graphwright.graph.files import is_address
from graphwright.graph.http import Http, Response, refuse

_ATTEMPTS = 3  # on opening people wait, and a wrong address must be told soon
_ANSWER = "application/sparql-results+json"


@dataclass(frozen=True, slots=True)
class Address:
    """What a user wrote, taken apart: the address without password and fragment, and the endpoints that it names."""

    url: str
    user: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)
    query: str | None = None
    update: str | None = None
    store: str | None = None


@dataclass(frozen=True, slots=True)
class Endpoints:
    """The addresses of a server; None where it has no such endpoint. ``kind`` is its name, "" for an unknown one."""

    query: str
    update: str | None = None
    store: str | None = None
    kind: str = ""


def parse_address(text: str) -> Address:
    """Take apart ``https://user:password@host/dataset#query=…&update=…&store=…``.

    Endpoints may be relative to the address. Raises StoreError where it is none, or names an endpoint of another kind.
    """
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise StoreError(f"the address is none: {error}", "the graph to open", "write https://host/dataset") from error
    if not is_address(text) or not parts.hostname:
        raise StoreError("this is no address of a server", "the graph to open", "write https://host/dataset")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    url = urlunsplit((parts.scheme, host if port is None else f"{host}:{port}", parts.path, parts.query, ""))
    named = dict(parse_qsl(parts.fragment, keep_blank_values=True))
    if unknown := set(named) - {"query", "update", "store"}:
        raise StoreError(
            f"an address names no endpoint {', '.join(sorted(unknown))}", url, "name query, update and store"
        )
    return Address(
        url,
        unquote(parts.username) if parts.username else None,
        unquote(parts.password) if parts.password else None,
        **{name: urljoin(url, value) for name, value in named.items()},
    )


def state_folder(address: str, place: str | Path | None = None) -> Path:
    """Return where is kept what is known of a graph on a server: where it was said to be, or where programs keep their
    state.

    That is told by XDG_STATE_HOME (XDG Base Directory Specification), ~/.local/state if it is not set.
    """
    if place is not None:
        return Path(place)
    state = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    bare = parse_address(address).url
    return Path(state) / "graphwright" / f"{slug(bare.partition('://')[2])}-{short_hash(bare)}"


def find_endpoints(http: Http, address: Address) -> Endpoints:
    """Return the endpoints of the server at an address: those named in it, and else the usual ones of its kind.

    The server is asked ``ASK {}`` at up to three places, and known by what it calls itself, by its address and by its
    answer. Nothing is written. Raises StoreError where no place answers as SPARQL 1.1 says.
    """
    first: Response | None = None
    for url in [address.query] if address.query else _places(address.url):
        response = http.send("GET", url, params={"query": "ASK {}"}, headers={"accept": _ANSWER}, attempts=_ATTEMPTS)
        if response.status in (401, 403):
            raise refuse(response, "the query", url)
        if _is_answer(response):
            found = _usual(url, response, known=http.known)
            named = {name: getattr(address, name) for name in ("query", "update", "store") if getattr(address, name)}
            return replace(found, **named)
        first = first or response
    assert first is not None
    onwards = first.headers.get("location") if 300 <= first.status < 400 else None
    raise StoreError(
        f"nothing at the address answers SPARQL (HTTP {first.status})",
        address.url,
        # A password must not follow wherever a server points.
        f"the server points to {onwards}: give the address there"
        if onwards
        else "check the address, or give those of its endpoints: URL#query=…&update=…&store=…",
    )


def _places(url: str) -> list[str]:
    """Return where the query endpoint may be, the likeliest first."""
    base = url.rstrip("/")
    below = [f"{base}/query", f"{base}/sparql"]
    last = urlsplit(base).path.rpartition("/")[2]
    if last in ("query", "sparql", "sparql-auth"):
        return [url]
    return [url, *below] if "/repositories/" in url else [*below, url]


def _is_answer(response: Response) -> bool:
    """Whether this answers a query: some servers answer anything with a page of HTML."""
    return response.status == 200 and ("sparql-results" in response.media_type or "__ASK_RETVAL" in response.told())


def _usual(query: str, response: Response, *, known: bool) -> Endpoints:
    """Return where servers of the kind that answered have their endpoints; ``known`` is whether we have a password."""
    name = response.headers.get("server", "")
    if "virtuoso" in name.lower() or "__ASK_RETVAL" in response.told():
        # Without a password it shows what everybody may see, and never asks for one.
        secured = "-auth" if known or query.endswith("-auth") else ""
        both = urljoin(query, f"sparql{secured}")
        return Endpoints(both, both, urljoin(query, f"sparql-graph-crud{secured}"), "Virtuoso")
    if "oxigraph" in name.lower():
        return Endpoints(query, urljoin(query, "update"), urljoin(query, "store"), "Oxigraph")
    if "fuseki" in name.lower() or "fuseki-request-id" in response.headers:
        inside = query if query.endswith(("/query", "/sparql")) else f"{query.rstrip('/')}/query"
        return Endpoints(query, urljoin(inside, "update"), urljoin(inside, "data"), "Fuseki")
    if "/repositories/" in query:
        base = query.rstrip("/")
        return Endpoints(query, f"{base}/statements", f"{base}/rdf-graphs/service", "RDF4J")
    # Stardog and many others pair query with update; Blazegraph, QLever and Amazon Neptune have one address for both.
    return Endpoints(query, urljoin(query, "update") if query.endswith("/query") else query)
