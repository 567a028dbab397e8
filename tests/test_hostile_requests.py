"""Requests as somebody sends them who means harm, or does not look: to a server, over a socket.

Each is answered by what was asked, or by 4xx or 503 with a message; never by 500, never with a trace, and the server
goes on.
"""

from __future__ import annotations

import contextlib
import re
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit

import httpx
import pytest
from guarding import listening
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from serving import TOKEN, Server, serving

TRACE = re.compile(r"Traceback|File \"|\.py\b|object at 0x|site-packages|Errno|panicked")
PATHS = (
    *("/", "/documents", "/document", "/entity", "/fact", "/term", "/search", "/corrections", "/graph", "/query"),
    *("/sparql", "/store", "/health", "/metrics", "/data", "/.well-known/void", "/assets/", "/id/", "/nothing"),
    *("/api", "/api/openapi.json", "/api/overview", "/api/entity", "/api/fact", "/api/documents", "/api/corrections"),
    *("/api/corrections/export", "/api/graph", "/api/path", "/api/terms", "/api/entities", "/api/sentences"),
)
PARAMETERS = (
    *("q", "query", "iri", "id", "graph", "default", "from", "to", "limit", "offset", "page", "hops", "format"),
    *("output", "since", "until", "class", "property", "around", "confidence", "subject", "object", "document", "sort"),
)
ODD = (
    "",
    "-1",
    "99999999999999999999",
    "1e400",
    "NaN",
    "../../../etc/passwd",
    "%00",
    "\x00",
    "<script>",
    "' OR 1=1 --",
    "\u202e\ud7ff",
    "a" * 5_000,
    "{{7*7}}",
    "http://[::1",
    "javascript:alert(1)",
    '"*" NEAR("a")',
    "2016-99-99",
)


@pytest.fixture(scope="module")
def server(news_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that may be written to, of an own copy, with little patience and little room."""
    import shutil

    store = tmp_path_factory.mktemp("hostile") / "news.store"
    shutil.copytree(news_store, store)
    with serving(store, token=TOKEN, seconds=3.0, max_body=200_000, max_answer=2_000_000) as server:
        yield server


@pytest.fixture(scope="module")
def client(server: Server) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, timeout=30) as client:
        yield client


def good(response: httpx.Response, *, may: tuple[int, ...] = ()) -> None:
    """An answer is what was asked for, or says in words why not."""
    status = response.status_code
    assert status < 500 or status == 503 or status in may, (status, response.text[:300])
    if status >= 400:
        assert response.text.strip() or response.request.method == "HEAD"
        assert not TRACE.search(response.text), response.text[:300]


def alive(client: httpx.Client) -> None:
    assert client.get("/health").status_code == 200
    assert client.get("/sparql", params={"query": "ASK { ?s ?p ?o }"}).status_code == 200


SETTINGS = settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
texts = st.one_of(st.sampled_from(ODD), st.text(max_size=20))
paths = st.one_of(
    st.sampled_from(PATHS), st.builds(lambda one, more: f"{one.rstrip('/')}/{more}", st.sampled_from(PATHS), texts)
)


@SETTINGS
@given(
    method=st.sampled_from(["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "TRACE", "NONSENSE"]),
    path=paths,
    parameters=st.dictionaries(st.one_of(st.sampled_from(PARAMETERS), st.text(max_size=6)), texts, max_size=4),
    headers=st.dictionaries(
        st.sampled_from(
            ["accept", "content-type", "if-none-match", "range", "accept-language", "authorization", "origin", "cookie"]
        ),
        st.sampled_from(
            ["", "*/*", "text/html", "application/json;q=9", ";;;,,,", "Basic %%%", "bytes=9-1", "a" * 4_000]
        ),
        max_size=3,
    ),
    body=st.binary(max_size=50),
)
def test_any_request_is_answered(
    client: httpx.Client, method: str, path: str, parameters: dict[str, str], headers: dict[str, str], body: bytes
) -> None:
    sent = "&".join(
        f"{quote(name, errors='replace')}={quote(text, errors='replace')}" for name, text in parameters.items()
    )
    url = f"{quote(path, errors='replace')}?{sent}"
    good(client.request(method, url, headers=headers, content=body), may=(501,))


@SETTINGS
@given(
    kind=st.sampled_from(
        ["application/sparql-query", "application/sparql-update", "application/x-www-form-urlencoded", "text/turtle",
         "application/json", "multipart/form-data; boundary=x", "multipart/form-data", "application/ld+json", ""]
    ),
    path=st.sampled_from(
        ["/sparql", "/store", "/store?default", "/store?graph=urn:x", "/api/corrections", "/sparql?query=x"]
    ),
    method=st.sampled_from(["POST", "PUT"]),
    body=st.one_of(
        st.binary(max_size=200),
        st.sampled_from([b"query=%ff", b"query=" * 2_000, b"--x\r\n\r\n", b"--x\r\n" * 500]),
        st.sampled_from([b"{", b"[" * 3_000, b'{"a":' * 3_000]),
    ),
)  # fmt: skip
def test_any_body_is_answered(client: httpx.Client, kind: str, path: str, method: str, body: bytes) -> None:
    """Also of one who may write."""
    headers = {"content-type": kind, "authorization": f"Bearer {TOKEN}"}
    good(client.request(method, path, headers=headers, content=body))


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/ld+json", b'{"urn:a":' * 15_000 + b"1" + b"}" * 15_000),
        ("application/rdf+xml", b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'),
        ("text/turtle", b"<urn:a> <urn:b> " + b"[ <urn:c> " * 15_000),
        ("text/turtle", b"x" * 300_000),
    ],
)
def test_a_graph_that_is_a_bomb_is_refused(client: httpx.Client, kind: str, body: bytes) -> None:
    headers = {"content-type": kind, "authorization": f"Bearer {TOKEN}"}
    response = client.put("/store", params={"graph": "urn:x"}, headers=headers, content=body)
    good(response)
    assert response.status_code in (400, 413)
    alive(client)


@pytest.mark.parametrize(
    "query",
    [
        "ASK { FILTER(" + "(" * 5_000 + "1" + ")" * 5_000 + ") }",
        "ASK " + "{" * 5_000 + "}" * 5_000,
        "SELECT (1" + "+1" * 20_000 + " AS ?x) {}",
        "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o }",
        "ASK { ?a (!<urn:x>|^!<urn:x>)+/(!<urn:x>|^!<urn:x>)+/(!<urn:x>|^!<urn:x>)+ <urn:n> . ?b ?c ?d . ?e ?f ?g }",
        "SELECT (REPLACE(GROUP_CONCAT(?o), '(a*)*b', 'x') AS ?x) { ?s ?p ?o . ?a ?b ?c }",
        "SELECT * { ?a ?b ?c . ?d ?e ?f }",
        "\x00" * 1_000,
        "SELECT * { ?s ?p '\ud7ff\u202e' }",
    ],
    ids=lambda query: repr(query[:30]),
)
def test_a_hostile_query_is_answered_and_the_server_goes_on(client: httpx.Client, query: str) -> None:
    good(client.post("/sparql", content=query.encode(), headers={"content-type": "application/sparql-query"}))
    alive(client)


@pytest.mark.parametrize("path", ["/sparql?query=", "/sparql?update=", "/store?graph="])
def test_no_request_makes_the_server_call_another(client: httpx.Client, path: str) -> None:
    with listening() as listener:
        for text in (f"SELECT * {{ SERVICE <{listener.url}> {{ ?s ?p ?o }} }}", f"LOAD <{listener.url}>", listener.url):
            headers = {"authorization": f"Bearer {TOKEN}", "accept": f"text/turtle, {listener.url}"}
            good(client.get(path + quote(text), headers=headers))
            kind = "application/sparql-update" if "LOAD" in text else "application/sparql-query"
            good(client.post("/sparql", content=text.encode(), headers={**headers, "content-type": kind}))


def raw(server: Server, request: bytes) -> bytes:
    """What a server answers to bytes, however they look, within five seconds."""
    address = urlsplit(server.url)
    with socket.create_connection((address.hostname, address.port), timeout=5) as connection:
        with contextlib.suppress(OSError):
            connection.sendall(request)
            connection.shutdown(socket.SHUT_WR)
        answer = b""
        with contextlib.suppress(OSError):
            while block := connection.recv(65_536):
                answer += block
        return answer


@pytest.mark.parametrize(
    "request_",
    [
        b"\x00\xff" * 1_000,
        b"GET / HTTP/1.1\r\n",
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: -5\r\n\r\n",
        b"POST /sparql HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 99999999999\r\n\r\nx",
        b"POST /sparql HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5\r\nContent-Length: 7\r\n\r\nxxxxx",
        b"POST /sparql HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nx\r\n",
        b"POST /sparql HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
        b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n" + b"X: y\r\n" * 20_000 + b"\r\n",
        b"GET /%ff%fe%00 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: evil.example.org\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: [::\r\n\r\n",
        b"GET http://evil.example.org/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        b"GET /assets/../../../../etc/passwd HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        b"GET /assets/..%2f..%2f..%2fetc%2fpasswd HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/html\r\nUpgrade: websocket\r\nConnection: upgrade\r\n"
        b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n",
    ],
    ids=lambda request: repr(request[:40]),
)
def test_whatever_comes_over_a_socket_does_no_harm(server: Server, client: httpx.Client, request_: bytes) -> None:
    answer = raw(server, request_)
    assert not re.match(rb"HTTP/1.1 50[0-24-9]", answer), answer[:300]
    assert (
        not TRACE.search(answer.decode("utf-8", "replace").partition("\r\n\r\n")[2][:2_000]) or b" 200 " in answer[:20]
    )
    assert b"root:" not in answer
    alive(client)
