"""Queries as somebody writes them who means harm, or does not look: on the command line and in Python.

A query that never ends can be stopped, calls no server that was not named, and does not end the program.
"""

from __future__ import annotations

import contextlib
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from guarding import listening, offline
from hypothesis import given, settings
from hypothesis import strategies as st

from graphwright import KnowledgeGraph
from graphwright.errors import QueryError
from graphwright.graph.syntax import DEEPEST, check_depth

COMMAND = (sys.executable, "-c", "from graphwright.cli import main; main()")
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o }"
PATHS = "SELECT (COUNT(*) AS ?n) { ?a (!<urn:x>)* ?b . ?c (!<urn:x>)* ?d . ?e (!<urn:x>)* ?f }"


def ask(store: Path, query: str, *options: str, command: str = "query") -> subprocess.CompletedProcess[str]:
    words = [*COMMAND, command, str(store), query, *options]
    return subprocess.run(words, capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize("query", [ENDLESS, PATHS, f"{ENDLESS} ORDER BY ?n", f"CONSTRUCT WHERE {ENDLESS[24:]}"])
def test_a_query_that_never_ends_is_ended_by_its_time_limit(news_store: Path, query: str) -> None:
    done = ask(news_store, query, "--timeout", "0.5")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: the answer is not there after 0.5 seconds\n  where: ")


@pytest.mark.skipif(sys.platform == "win32", reason="a system without such signals")
@pytest.mark.parametrize("words", [("query", ENDLESS), ("export", "x.ttl", "--construct", f"CONSTRUCT {ENDLESS[24:]}")])
def test_a_query_that_never_ends_is_ended_by_ctrl_c(news_store: Path, tmp_path: Path, words: tuple[str, ...]) -> None:
    if words[0] == "export":
        construct = "CONSTRUCT { ?a ?b ?c } WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . FILTER(?a = ?l) }"
        words = ("export", str(tmp_path / "x.ttl"), "--construct", construct)
    command = [*COMMAND, words[0], str(news_store), *words[1:]]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    time.sleep(4)
    assert process.poll() is None
    process.send_signal(signal.SIGINT)
    out, told = process.communicate(timeout=10)
    assert (process.returncode, out, told) == (130, "", "interrupted\n")
    assert KnowledgeGraph.open(news_store).counts()["facts"] > 0


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <%s> { ?s ?p ?o } }",
        "SELECT * { SERVICE SILENT <%s> { ?s ?p ?o } }",
        "ASK { { SELECT * { sErViCe <%s> { ?s ?p ?o } } } }",
        "SELECT * { VALUES ?x { <%s> } SERVICE ?x { ?s ?p ?o } }",
        "PREFIX x: <%s> SELECT * { SERVICE x: { ?s ?p ?o } }",
        "CONSTRUCT { ?s ?p ?o } WHERE { SERVICE <%s> { ?s ?p ?o } }",
    ],
)
def test_a_query_calls_no_server_that_is_not_named(news_store: Path, query: str) -> None:
    with listening() as listener:
        done = ask(news_store, query % listener.url)
    assert done.returncode == 2
    assert "error: the query calls another server (SERVICE)" in done.stderr


def test_an_export_calls_no_server(news_store: Path, tmp_path: Path) -> None:
    with listening() as listener:
        construct = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ SERVICE <{listener.url}> {{ ?s ?p ?o }} }}"
        done = ask(news_store, str(tmp_path / "x.ttl"), "--construct", construct, command="export")
    assert done.returncode == 2
    assert list(tmp_path.iterdir()) == []


def test_a_server_that_is_named_is_called(news_store: Path) -> None:
    """It answers with nothing here, which is told."""
    with listening() as listener:
        listener.answers = False
        done = ask(news_store, f"SELECT * {{ SERVICE <{listener.url}> {{ ?s ?p ?o }} }}", "--service", listener.url)
        assert listener.calls == 1
        listener.calls = 0
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("query", ["LOAD <%s>", "LOAD SILENT <%s> INTO GRAPH <urn:g>", "DROP ALL", "CLEAR DEFAULT"])
def test_what_changes_a_graph_is_no_query(news_store: Path, query: str) -> None:
    with listening() as listener:
        done = ask(news_store, query % listener.url if "%s" in query else query)
    assert done.returncode == 2
    assert done.stderr.startswith("error: the query ")


NESTED = {
    "parentheses": "ASK { FILTER(" + "(" * 30_000 + "1" + ")" * 30_000 + ") }",
    "groups": "ASK " + "{" * 30_000 + "}" * 30_000,
    "paths": "ASK { ?s " + "(" * 30_000 + "<urn:p>" + ")" * 30_000 + " ?o }",
    "blank nodes": "ASK { ?s ?p " + "[ ?p " * 30_000 + "1" + "]" * 30_000 + " }",
    "lists": "ASK { ?s ?p " + "(" * 30_000 + "1" + ")" * 30_000 + " }",
    "selects": "ASK { " + "{ SELECT * { " * 30_000 + "?s ?p ?o" + "}}" * 30_000 + " }",
    "triple terms": "ASK { ?s ?p " + "<<( ?s ?p " * 30_000 + "1" + " )>>" * 30_000 + " }",
    "optionals": "ASK { " + "OPTIONAL { ?s ?p ?o " * 30_000 + "}" * 30_000 + " }",
}


@pytest.mark.parametrize("what", NESTED)
def test_a_query_may_not_be_deeper_than_the_engine_can_go(what: str) -> None:
    """It would run out of its stack, and end the program."""
    with pytest.raises(QueryError, match="nested more than"):
        KnowledgeGraph.create().query(NESTED[what])


def test_a_long_chain_does_not_end_the_program(tmp_path: Path) -> None:
    """What is long without being nested is deep for the engine all the same: it may take long, and is stopped."""
    KnowledgeGraph.create(tmp_path / "g.store").close()
    for query in ("ASK { FILTER(" + "!" * 30_000 + "false) }", "SELECT (1" + "+1" * 20_000 + " AS ?x) {}"):
        words = [*COMMAND, "query", str(tmp_path / "g.store"), "-", "--timeout", "5"]
        done = subprocess.run(words, input=query, capture_output=True, text=True, timeout=60)
        assert done.returncode in (0, 1, 2)
        assert "Traceback" not in done.stderr


def test_brackets_in_texts_and_comments_do_not_count() -> None:
    graph = KnowledgeGraph.create()
    assert not graph.query(f"ASK {{ ?s ?p '{'(' * 500}' }} # {'[' * 500}")
    check_depth("(" * DEEPEST)


WORDS = (
    "SELECT ASK CONSTRUCT DESCRIBE * WHERE { } ( ) [ ] ?s ?p ?o <urn:a> <urn:b c> ex:x _:b 'text' \" 12 . ; , "
    "FILTER OPTIONAL UNION MINUS GRAPH VALUES BIND AS GROUP BY ORDER LIMIT OFFSET -1 | ^ / + ! "
    "LOAD INSERT DATA DELETE FROM NAMED BASE PREFIX # \\u0000 \ud7ff \u202e"
)


@settings(max_examples=300)
@given(st.lists(st.sampled_from(WORDS.split()), max_size=14).map(" ".join) | st.text(max_size=30))
def test_any_text_is_answered_or_told(query: str) -> None:
    """By a graph in memory, that holds nothing; the only error is a QueryError, which tells where."""
    with offline(), contextlib.suppress(QueryError):
        list(KnowledgeGraph.create().query(query))
