"""SERVICE and LOAD: however a query is written, this server calls no other, unless it is one that is allowed.

A listener on this machine stands for the servers that must not be called; it counts who comes.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from guarding import Listener, served
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import Store

from graphwright.errors import GraphwrightError, QueryError
from graphwright.server.federation import check_calls
from graphwright.server.refusal import Refusal

PREFIXES = {"ex": "http://example.org/", "service": "http://example.org/service#"}


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    with served() as found:
        yield found


def attempt(text: str, *, update: bool = False, services: tuple[str, ...] = ()) -> str:
    """Check a text and then do what it says, as the server does; return "run", or why not."""
    try:
        check_calls(text, update=update, services=services, prefixes=PREFIXES)
    except Refusal as error:
        return f"refused: {error.status}"
    except QueryError:
        return "no SPARQL"
    store = Store()
    store.update("INSERT DATA { <http://example.org/a> <http://example.org/p> 1 }")
    try:
        if update:
            store.update(text, prefixes=PREFIXES)
        else:
            found = store.query(text, prefixes=PREFIXES)
            found if isinstance(found, bool) else list(found)  # type: ignore[call-overload]
    except (SyntaxError, OSError, RuntimeError, ValueError) as error:
        return f"failed: {type(error).__name__}"
    return "run"


QUERIES = {
    "plain": "SELECT * { SERVICE <URL> { ?s ?p ?o } }",
    "small letters": "select*{service<URL>{?s ?p ?o}}",
    "mixed letters": "SELECT * { SeRvIcE <URL> { } }",
    "silent": "SELECT * { SERVICE SILENT <URL> { ?s ?p ?o } }",
    "without a space before SILENT": "SELECT * { SERVICESILENT<URL>{ ?s ?p ?o } }",
    "in ASK": "ASK { SERVICE <URL> { } }",
    "in CONSTRUCT": "CONSTRUCT { <urn:a> <urn:b> ?o } WHERE { SERVICE <URL> { BIND(1 AS ?o) } }",
    "in DESCRIBE": "DESCRIBE ?s { SERVICE <URL> { } ?s ?p ?o }",
    "in a subquery": "SELECT * { { SELECT * { SERVICE <URL> { } } } }",
    "in EXISTS": "SELECT * { ?s ?p ?o FILTER EXISTS { SERVICE <URL> { } } }",
    "in OPTIONAL": "SELECT * { OPTIONAL { SERVICE <URL> { } } }",
    "in a graph": "SELECT * { ?s ?p ?o OPTIONAL { GRAPH ?g { SERVICE <URL> { } } } }",
    "after a number": "SELECT * { ?s ?p 1SERVICE<URL>{ } }",
    "after a number and a dot": "SELECT * { ?s ?p 1.SERVICE<URL>{ } }",
    "a prefixed name": "PREFIX u: <URL> SELECT * { SERVICE u: { } }",
    "a prefixed name without a space": "PREFIX u: <URL> SELECT * { SERVICEu:{ } }",
    "a prefix of the keyword's name": "PREFIX service: <URL> SELECT * { SERVICE service: { } }",
    "a relative address": "BASE <URL> SELECT * { SERVICE <> { } }",
    "a variable with a value": "SELECT * { BIND(<URL> AS ?u) SERVICE ?u { } }",
    "a variable by VALUES": "SELECT * { VALUES ?u { <URL> } SERVICE ?u { } }",
    "after a sharp in an address": "SELECT * { OPTIONAL { ?s ?p <http://e.org/#a> } SERVICE <URL> { } }",
    "after a sharp in a name": "SELECT * { OPTIONAL { ?s ?p ex:a\\# } SERVICE <URL> { } }",
    "after quotes in names": "SELECT * { OPTIONAL { ?s ?p ex:a\\' } SERVICE <URL> { } OPTIONAL { ?s ?p ex:b\\' } }",
    "after a quote in an address": "SELECT * { OPTIONAL { ?s ?p <http://e.org/'> } SERVICE <URL> { } #'\n }",
    "after what looks like an address": "SELECT * { ?s ?p ?o FILTER(1<'>' || true) SERVICE <URL> { } #'\n }",
    "after a comparison with a comment": "SELECT * { ?s ?p ?o FILTER(?o<2#>\n) SERVICE <URL> { } }",
    "after a quote in a string": "SELECT * { OPTIONAL { ?s ?p 'a\\'' } SERVICE <URL> { } }",
    "after three quotes": "SELECT * { OPTIONAL { ?s ?p '''a''b''' } SERVICE <URL> { } }",
    "after an empty string": "SELECT * { OPTIONAL { ?s ?p '' } SERVICE <URL> { } OPTIONAL { ?s ?p '' } }",
    "after a quote in a comment": "SELECT * { # '\n SERVICE <URL> { } # '\n }",
    "after a comment that a carriage return ends": "SELECT * { # x\rSERVICE <URL> { } }",
    "with comments in between": "SELECT * { SERVICE # <\n # >\n <URL> { } }",
    "beside harmless words": "SELECT * { OPTIONAL { ?service ex:service 'SERVICE <x> {' } SERVICE <URL> { } }",
    "as an escape": "SELECT * { \\u0053ERVICE <URL> { } }",
    "as a long escape": "SELECT * { SERVI\\U00000043E <URL> { } }",
    "after a quoted triple": "SELECT * { OPTIONAL { ?a ?b <<( ?x ?y ?c )>> } SERVICE <URL> { } }",
    "an address of this machine's files": "SELECT * { SERVICE <file:///etc/hosts> { } }",
}
UPDATES = {
    "plain": "LOAD <URL>",
    "small letters": "load<URL>",
    "silent": "LOAD SILENT <URL>",
    "without a space before SILENT": "LOADSILENT<URL>",
    "into a graph": "LOAD <URL> INTO GRAPH <urn:g>",
    "a prefixed name": "PREFIX u: <URL> LOAD u:",
    "a relative address": "BASE <URL> LOAD <>",
    "after another update": "INSERT DATA { <urn:a> <urn:b> 'LOAD' } ; LOAD <URL>",
    "after a comment": "# '\nLOAD <URL> # '",
    "SERVICE in WHERE": "INSERT { <urn:a> <urn:b> ?o } WHERE { SERVICE <URL> { BIND(1 AS ?o) } }",
    "SERVICE in DELETE WHERE": "DELETE { ?s ?p ?o } WHERE { SERVICE <URL> { } ?s ?p ?o }",
    "as an escape": "LO\\u0041D <URL>",
    "a file of this machine": "LOAD <file:///etc/hosts>",
}


@pytest.mark.parametrize("text", QUERIES.values(), ids=QUERIES)
def test_no_query_calls_another_server(listener: Listener, text: str) -> None:
    before = listener.calls
    assert attempt(text.replace("URL", listener.url)) in ("refused: 403", "no SPARQL")
    assert listener.calls == before


@pytest.mark.parametrize("text", UPDATES.values(), ids=UPDATES)
def test_no_update_calls_another_server(listener: Listener, text: str) -> None:
    before = listener.calls
    assert attempt(text.replace("URL", listener.url), update=True) in ("refused: 403", "no SPARQL")
    assert listener.calls == before


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?service ?load { ?service ?load ?o }",
        "SELECT * { ?s ex:service ?o ; service:p 'LOAD <http://e.org/> and SERVICE' }",
        "SELECT * { ?s ?p <http://example.org/service/load> } # SERVICE <http://e.org/> { }",
        "SELECT * { ?s ?p 'a'@en-service ; ?q ex:a\\#service }",
        "PREFIX services: <http://e.org/> SELECT * { services:load ?p _:service }",
        "SELECT * { ?s ?p '\\u00e9 service' }",
        "SELECT * { FILTER(REGEX('LOAD', 'service', 'i')) }",
    ],
)
def test_the_words_may_stand_where_they_call_nobody(text: str) -> None:
    """In names, strings, addresses, language tags and comments."""
    assert attempt(text) == "run"


def test_the_engine_decodes_escapes_in_strings_and_addresses_alone(listener: Listener) -> None:
    """The check rests on it: were this text decoded before it is parsed, the string would end, and the call be one."""
    before = listener.calls
    text = "SELECT * { OPTIONAL { ?s ?p '\\u0027 } SERVICE <URL> { } #' } \n }".replace("URL", listener.url)
    assert attempt(text) == "run"
    assert listener.calls == before
    with pytest.raises(SyntaxError):
        Store().query("\\u0053ELECT * { ?s ?p ?o }")


def test_what_is_no_sparql_is_told_where_it_breaks() -> None:
    """The word of a harmless string does not make a mistake into a call."""
    with pytest.raises(QueryError, match="line 2, column"):
        check_calls("SELECT * { ?s ?p 'service' .\n x }", update=False, services=(), prefixes={})


def test_a_refusal_tells_how_to_mend_it() -> None:
    with pytest.raises(Refusal, match="--service") as caught:
        check_calls("ASK { SERVICE <http://e.org/> { } }", update=False, services=(), prefixes={})
    assert caught.value.status == 403


def test_from_fetches_nothing(listener: Listener) -> None:
    """The dataset of a query are graphs of the store, whatever their names are."""
    before = listener.calls
    for name in (listener.url, "file:///etc/hosts"):
        for clause in ("FROM", "FROM NAMED"):
            assert attempt(f"SELECT * {clause} <{name}> {{ ?s ?p ?o }}") == "run"
        assert attempt(f"INSERT {{ ?s ?p 2 }} USING <{name}> WHERE {{ ?s ?p ?o }}", update=True) == "run"
    assert listener.calls == before


def test_an_allowed_server_is_called(listener: Listener) -> None:
    """A whole address, or all below one that ends with a slash."""
    root = listener.url.removesuffix("sparql")
    for services in ((listener.url,), (root,)):
        for text in ("SERVICE <URL> { }", "SERVICE SILENT <URL> { }", "service<URL>{ }", "?s ?p 'SERVICE <x>'"):
            before = listener.calls
            assert attempt(f"SELECT * {{ {text} }}".replace("URL", listener.url), services=services) == "run"
            assert listener.calls == before + ("URL" in text)
        for text in ("LOAD <URL>", "LOAD SILENT <URL> INTO GRAPH <urn:g>"):
            before = listener.calls
            assert attempt(text.replace("URL", listener.url), update=True, services=services) == "run"
            assert listener.calls == before + 1


@pytest.mark.parametrize(
    "address",
    [
        "URLx",
        "URL/../other",
        "URL/%2e%2e/other",
        "URL/.",
        "http://127.0.0.1:1/",
        "http://localhost@e.org/",
        "URL\\u002e",
    ],
)
def test_what_only_looks_like_an_allowed_server_is_not_called(listener: Listener, address: str) -> None:
    before = listener.calls
    services = (listener.url, listener.url + "/", "http://localhost")
    told = attempt(f"SELECT * {{ SERVICE <{address.replace('URL', listener.url)}> {{ }} }}", services=services)
    assert told == "refused: 403"
    mixed = f"SELECT * {{ SERVICE <{listener.url}> {{ }} SERVICE <{address.replace('URL', listener.url)}> {{ }} }}"
    assert attempt(mixed, services=services) == "refused: 403"
    assert listener.calls == before


PIECES = st.sampled_from(
    [
        "SERVICE <URL> { }",
        "SERVICE",
        "SERVICE SILENT",
        "service<URL>{ }",
        "<URL>",
        "{ }",
        "{",
        "}",
        "?s ?p ?o",
        "?s ?p 'a'",
        "FILTER(1<2)",
        "FILTER(?o<'>')",
        "FILTER(?o<2#>\n)",
        "OPTIONAL {",
        "ex:a\\'",
        "ex:a\\#",
        "'",
        '"',
        "'''",
        '"""',
        "\\",
        "\\'",
        "#",
        "\n",
        " ",
        ".",
        "<",
        ">",
        "<a'b>",
        "<#>",
        "1",
        "BIND(<URL> AS ?u)",
        "SERVICE ?u { }",
        "\\u0053",
        "@en",
        "_:b",
        "VALUES ?u { <URL> }",
    ]
)


@settings(max_examples=1000, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(PIECES, max_size=12), st.sampled_from([" ", ""]))
def test_no_text_of_such_pieces_calls_another_server(listener: Listener, pieces: list[str], between: str) -> None:
    before = listener.calls
    attempt(f"SELECT * {{ {between.join(pieces)} }}".replace("URL", listener.url))
    assert listener.calls == before


def test_the_pieces_are_those_of_real_calls(listener: Listener, tmp_path: Path) -> None:
    """The listener would notice: without the check the engine calls it."""
    before = listener.calls
    list(Store().query(f"SELECT * {{ SERVICE <{listener.url}> {{ }} }}"))  # type: ignore[arg-type]
    assert listener.calls == before + 1


def test_errors_are_ours(listener: Listener) -> None:
    """Whatever is sent, the check raises what the server knows to answer."""
    for text in ("", "SERVICE", "\\uD800 SERVICE", "\x00service", "LOAD"):
        for update in (False, True):
            try:
                check_calls(text, update=update, services=(listener.url,), prefixes=PREFIXES)
            except GraphwrightError:
                continue
