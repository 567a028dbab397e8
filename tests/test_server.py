"""The server as those who run it and those who attack it see it: search, corrections, limits, health, its end."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from serving import TOKEN, Server, serving

from graphwright import build, from_text
from graphwright.building import update
from graphwright.evaluation import load_gold
from graphwright.graph import KnowledgeGraph

AUTHORIZED = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture(scope="module")
def small_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("server") / "small.store"
    texts = {
        "visit": "General Tibor Benkő visited Riga on 14 June 2016. He met Colonel Ana Kos.",
        "talks": "Minister Ana Kos said that Latvia may join the talks.",
    }
    build([from_text(text, id=name, date="2016-06-15") for name, text in texts.items()], store=folder)
    return folder


@pytest.fixture(scope="module")
def small(small_store: Path) -> Iterator[Server]:
    with serving(small_store) as server:
        yield server


@pytest.fixture(scope="module")
def refusing(small_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that may be written to, for what it refuses to write."""
    copy = tmp_path_factory.mktemp("refusing") / "w.store"
    with serving(shutil.copytree(small_store, copy), token=TOKEN) as server:
        yield server


@pytest.fixture
def writable(small_store: Path, tmp_path: Path) -> Iterator[Server]:
    with serving(shutil.copytree(small_store, tmp_path / "w.store"), token=TOKEN) as server:
        yield server


def found(server: Server, path: str, **parameters: str) -> list[dict[str, str]]:
    answer = httpx.get(server.url + path, params=parameters)
    assert answer.status_code == 200, answer.text
    told: list[dict[str, str]] = answer.json()
    return told


# -- search ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["ben", "Benko", "tibor b", "BENKŐ TIBOR", "  benkő  ", "tib"])
def test_a_name_is_found_as_it_is_typed(small: Server, text: str) -> None:
    """In any case, without accents, in any order of the words, the last of which is begun."""
    (one,) = found(small, "/api/entities", search=text)
    assert (one["label"], one["class_label"]) == ("Tibor Benkő", "person")


def test_search_can_be_for_a_class(small: Server) -> None:
    assert {one["label"] for one in found(small, "/api/entities", search="l", **{"class": "Country"})} == {"Latvia"}
    assert found(small, "/api/entities", search="latvia", **{"class": "Person"}) == []


@pytest.mark.parametrize(
    "text", ["", "   ", '"', "*", "a AND", 'x" OR "y', "NEAR(", "-", "'; DROP TABLE thing; --", "\0"]
)
def test_whatever_is_typed_is_words(small: Server, text: str) -> None:
    assert isinstance(found(small, "/api/entities", search=text), list)
    assert isinstance(found(small, "/api/sentences", search=text), list)


def test_a_sentence_is_found_by_its_words(small: Server) -> None:
    (one,) = found(small, "/api/sentences", search="june visited ri")
    assert one["document"] == "visit"
    assert one["quote"] == "General Tibor Benkő visited Riga on 14 June 2016."
    assert (one["start"], one["end"]) == (0, 49)


@pytest.mark.parametrize("limit", ["0", "-1", "1000", "x", "٣"])
def test_a_limit_that_is_none_is_told(small: Server, limit: str) -> None:
    answer = httpx.get(f"{small.url}/api/entities", params={"search": "a", "limit": limit})
    assert answer.status_code == 400
    assert answer.json()["mend"] == "give one from 1 to 100"


def test_what_a_build_adds_is_found_without_a_new_start(writable: Server) -> None:
    build([from_text("Mia Rand visited Oslo.", id="new")], store=writable.store)
    for _ in range(100):
        if found(writable, "/api/entities", search="mia rand"):
            return
        time.sleep(0.1)
    pytest.fail("the new document is not found")


# -- corrections -------------------------------------------------------------------------------------------------------


def statement(server: Server, property: str) -> str:
    (row,) = KnowledgeGraph.open(server.store).query(f"SELECT DISTINCT ?s WHERE {{ ?s rdf:predicate gw:{property} }}")
    return str(row["s"])


def correct(server: Server, **told: str) -> httpx.Response:
    return httpx.post(f"{server.url}/api/corrections", json=told, headers=AUTHORIZED)


def test_a_correction_is_noted_takes_effect_at_the_next_build_and_can_be_taken_along(writable: Server) -> None:
    iri = statement(writable, "visited")
    answer = correct(writable, about="fact", iri=iri, verdict="should_say", other="country/latvia", note="all of it")
    assert answer.status_code == 201
    assert answer.json() == {
        "noted": "instead,person/tibor-benko,visit,city/riga,,all of it,visited,country/latvia",
        "effect": "at the next build",
    }
    graph, report = update([], store=writable.store)
    assert report.read == 0
    assert [row["l"] for row in graph.query("SELECT ?l WHERE { ?a gw:visited/rdfs:label ?l }")] == ["Latvia"]

    def export(format: str) -> str:
        url = f"{writable.url}/api/corrections/export?format={format}"
        return httpx.get(url, headers=AUTHORIZED).raise_for_status().text

    (writable.store / "gold.jsonl").write_text(export("gold"), encoding="utf-8")
    (gold,) = load_gold(writable.store / "gold.jsonl")
    names = {one.id: one.name for one in gold.entities}
    assert [names[one.object] for one in gold.facts if one.property == "visited"] == ["country/latvia"]
    assert export("test").splitlines() == [
        "# all of it (visit).",
        "General Tibor Benkő visited Riga on 14 June 2016. [2016-06-15]",
        "  - Tibor Benkő | visited | Riga",
        "  + Tibor Benkő | visited | country/latvia",
    ]
    assert export("decisions") == (writable.store / "decisions.csv").read_text(encoding="utf-8")


def test_corrections_are_listed_and_taken_back(writable: Server) -> None:
    base = "https://w3id.org/graphwright/id/person/"
    for told in (
        {"verdict": "different", "other": base + "tibor-benko"},
        {"verdict": "wrong", "note": '=1+1 a, "quoted"\nline'},
        {"verdict": "wrong", "note": '=1+1 a, "quoted"\nline'},  # said twice, noted once
    ):
        assert correct(writable, about="entity", iri=base + "ana-kos", **told).status_code == 201
    listed = httpx.get(f"{writable.url}/api/corrections", headers=AUTHORIZED).json()
    assert [(one["decision"], one["name"]) for one in listed] == [
        ("different", "person/ana-kos"),
        ("wrong", "person/ana-kos"),
    ]
    answer = httpx.delete(f"{writable.url}/api/corrections?number=0", headers=AUTHORIZED)
    assert answer.status_code == 200
    (left,) = httpx.get(f"{writable.url}/api/corrections", headers=AUTHORIZED).json()
    assert left["decision"] == "wrong"


def test_corrections_that_contradict_each_other_are_refused(writable: Server) -> None:
    base = "https://w3id.org/graphwright/id/person/"
    told = {"about": "entity", "iri": base + "ana-kos", "other": base + "tibor-benko"}
    assert correct(writable, verdict="same", **told).status_code == 201
    refused = correct(writable, verdict="different", **told)
    assert refused.status_code == 409
    assert "decided to be different, and the same" in refused.json()["error"]


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ({"about": "fact", "iri": "urn:nothing", "verdict": "wrong"}, 404),
        ({"about": "entity", "iri": "https://example.org/nobody", "verdict": "wrong"}, 404),
        ({"about": "entity", "iri": "http://no iri", "verdict": "wrong"}, 400),
        ({"about": "fact", "iri": "urn:x", "verdict": "same", "other": "y"}, 400),
        ({"about": "fact", "iri": "urn:x", "verdict": "should_say"}, 400),
        ({"about": "weather", "iri": "urn:x", "verdict": "wrong"}, 400),
        ({"about": "entity", "iri": "person/ana-kos", "verdict": "burn"}, 400),
    ],
)
def test_a_correction_of_nothing_is_told(refusing: Server, told: dict[str, str], status: int) -> None:
    assert correct(refusing, **told).status_code == status
    assert not (refusing.store / "decisions.csv").exists()


def test_only_who_knows_the_token_corrects(refusing: Server, small: Server) -> None:
    told = {"about": "entity", "iri": "person/ana-kos", "verdict": "wrong"}
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": TOKEN}, {"Authorization": "Basic eDp5"}):
        answer = httpx.post(f"{refusing.url}/api/corrections", json=told, headers=headers)
        assert answer.status_code == 401
        assert "Bearer" in answer.headers["WWW-Authenticate"]
    assert httpx.post(f"{small.url}/api/corrections", json=told, headers=AUTHORIZED).status_code == 403
    assert not (refusing.store / "decisions.csv").exists()


# -- limits, and what an answer tells ----------------------------------------------------------------------------------


def test_more_than_is_allowed_is_not_read(refusing: Server) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(1000):
            yield b" " * 2**20

    for content in (b"x" * (9 * 2**20), endless()):
        answer = httpx.post(f"{refusing.url}/api/corrections", content=content, headers=AUTHORIZED)
        assert answer.status_code == 413
        assert "8388608 bytes" in answer.text


@pytest.mark.parametrize("body", [b"", b"[]", b"\xff", b"{", b"[" * 100_000])
def test_what_is_no_json_is_told(refusing: Server, body: bytes) -> None:
    answer = httpx.post(f"{refusing.url}/api/corrections", content=body, headers=AUTHORIZED)
    assert answer.status_code == 400
    assert set(answer.json()) == {"error", "where", "mend"}


@pytest.mark.parametrize("path", ["/health", "/api/entities?search=a", "/nothing", "/static/style.css"])
def test_every_answer_says_what_a_browser_may_do_with_it(small: Server, path: str) -> None:
    headers = httpx.get(small.url + path).headers
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "uvicorn" not in headers.get("server", "")


@pytest.mark.parametrize(
    "path", ["/static/../server/app.py", "/static/..%2f..%2fsettings.py", "/static//etc/passwd", "/static/vendor/..%5c"]
)
def test_no_file_but_the_assets_is_given_out(small: Server, path: str) -> None:
    with httpx.Client() as client:
        request = client.build_request("GET", small.url)
        answer = client.send(
            httpx.Request("GET", httpx.URL(small.url, raw_path=path.encode()), headers=request.headers)
        )
    assert answer.status_code == 404


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "[::1", "localhost.evil.example:8000"])
def test_a_name_of_another_does_not_lead_here(small: Server, host: str) -> None:
    """A page of another host may have its name lead to this machine, and would then be of one origin with us."""
    answer = httpx.get(f"{small.url}/api/entities?search=a", headers={"Host": host})
    assert answer.status_code == 421
    assert "label" not in answer.text


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:1", "[::1]:8000", "LOCALHOST:8000"])
def test_the_names_of_this_machine_do(small: Server, host: str) -> None:
    assert httpx.get(f"{small.url}/health", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [("http://localhost:3000", True), ("https://evil.example", False), ("http://localhost.evil.example", False)],
)
def test_only_pages_of_this_machine_read_what_is_for_it_alone(small: Server, origin: str, allowed: bool) -> None:
    answer = httpx.get(f"{small.url}/api/entities?search=a", headers={"Origin": origin})
    assert (answer.headers.get("Access-Control-Allow-Origin") == origin) is allowed


def test_who_serves_others_lets_all_pages_read_unless_told_otherwise(small_store: Path) -> None:
    headers = {"Origin": "https://any.example"}
    with command(str(small_store), "--host", "0.0.0.0") as (_, address):
        answer = httpx.get(f"{address}/health", headers=headers)
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        preflight = httpx.options(f"{address}/sparql", headers={**headers, "Access-Control-Request-Method": "POST"})
        assert preflight.status_code == 200
    with command(str(small_store), "--host", "0.0.0.0", "--origin", "https://our.example") as (_, address):
        assert "Access-Control-Allow-Origin" not in httpx.get(f"{address}/health", headers=headers).headers


def test_health_and_metrics(small: Server) -> None:
    assert httpx.get(f"{small.url}/health").json() == {"status": "ok"}
    lines = httpx.get(f"{small.url}/metrics").text.splitlines()
    samples = [line for line in lines if not line.startswith("#")]
    assert all(re.fullmatch(r'\w+({\w+="[^"]*"(,\w+="[^"]*")*})? [-+.e\d]+', line) for line in samples)
    (healthy,) = (line for line in samples if 'endpoint="health"' in line)
    assert int(healthy.split()[-1]) >= 1


def test_a_graph_that_is_taken_away_is_not_well(small_store: Path, tmp_path: Path) -> None:
    store = shutil.copytree(small_store, tmp_path / "gone.store")
    with serving(store) as server:
        shutil.rmtree(store / "graph")
        (store / "graph").mkdir()
        time.sleep(0.4)
        answer = httpx.get(f"{server.url}/health")
        assert answer.status_code == 503
        assert str(tmp_path) not in answer.text, "where the graph lies is nobody's business"


# -- queries -----------------------------------------------------------------------------------------------------------

NEVER = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
LONG = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f }"


def ask(server: Server, query: str) -> httpx.Response:
    return httpx.get(f"{server.url}/sparql", params={"query": query}, timeout=60.0)


@pytest.fixture(scope="module")
def hasty(small_store: Path) -> Iterator[Server]:
    """A server with little time, little memory, and short answers."""
    with serving(small_store, workers=1, seconds=2.0, memory=300 * 2**20, max_answer=10_000) as server:
        yield server


def test_a_query_without_end_is_ended_and_told(hasty: Server) -> None:
    started = time.monotonic()
    answer = ask(hasty, NEVER)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert "the time for an answer is up (2 s)" in answer.text
    assert time.monotonic() - started < 10
    assert until(lambda: ask(hasty, "ASK {}").status_code == 200)
    assert "graphwright_ended_requests 1" in httpx.get(f"{hasty.url}/metrics").text


def test_a_query_that_wants_too_much_memory_is_told(hasty: Server) -> None:
    answer = ask(hasty, "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?f ?c")
    assert answer.status_code == 503
    assert until(lambda: ask(hasty, "ASK {}").status_code == 200)


def test_an_answer_that_is_too_long_is_not_sent_in_part(hasty: Server) -> None:
    answer = ask(hasty, "SELECT * { ?a ?b ?c }")
    assert answer.status_code == 403
    assert "longer than 10000 bytes" in answer.text


def test_who_does_not_wait_for_an_answer_ends_the_query(small_store: Path) -> None:
    with serving(small_store, workers=1, seconds=60.0) as server:
        with pytest.raises(httpx.ReadTimeout):
            httpx.get(f"{server.url}/sparql", params={"query": NEVER}, timeout=0.5)
        started = time.monotonic()
        assert ask(server, "ASK {}").status_code == 200, "the one worker is free again"
        assert time.monotonic() - started < 10


def test_who_ends_a_server_waits_for_the_queries_that_run(small_store: Path) -> None:
    with command(str(small_store)) as (process, address), ThreadPoolExecutor() as threads:
        answer = threads.submit(httpx.get, f"{address}/sparql", params={"query": LONG}, timeout=60.0)
        time.sleep(0.3)
        assert not answer.done(), "the query takes longer than that"
        process.send_signal(signal.SIGTERM)
        assert answer.result().status_code == 200
        assert process.wait(15) == 0
        with pytest.raises(httpx.TransportError):
            httpx.get(f"{address}/health")


def until(holds: Callable[[], bool], seconds: float = 10.0) -> bool:
    """Wait until something holds."""
    end = time.monotonic() + seconds
    while not (found := holds()) and time.monotonic() < end:
        time.sleep(0.05)
    return found


# -- the command -------------------------------------------------------------------------------------------------------

_COMMAND = "from graphwright.cli import main; main()"


@contextmanager
def command(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run `graphwright serve`, and give the process and the address that it tells."""
    process = subprocess.Popen(
        [sys.executable, "-c", _COMMAND, "serve", "--port", "0", "--workers", "1", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    assert process.stderr is not None
    try:
        told = process.stderr.readline()
        yield process, re.findall(r"http://\S+", told)[0]
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("kind", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_in_peace(small_store: Path, kind: signal.Signals) -> None:
    with command(str(small_store)) as (process, address):
        assert httpx.get(f"{address}/health").status_code == 200
        process.send_signal(kind)
        output, errors = process.communicate(timeout=15)
    assert process.returncode == 0
    assert output == "", "results alone go to standard output, and there are none"
    assert "Traceback" not in errors
    assert '"GET /health" 200' in errors


def test_an_rdf_file_is_served_too(small_store: Path, tmp_path: Path) -> None:
    file = tmp_path / "news.ttl"
    KnowledgeGraph.open(small_store).save(file)
    with command(str(file), "--quiet") as (process, address):
        assert httpx.get(f"{address}/api/entities?search=tibor").json()[0]["label"] == "Tibor Benkő"
        process.send_signal(signal.SIGTERM)
        assert "GET" not in process.communicate(timeout=15)[1]


def test_a_line_of_the_log_is_one_request(small_store: Path) -> None:
    with command(str(small_store)) as (process, address):
        httpx.get(f"{address}/a%0A127.0.0.1%20%22GET%20/forged%22%20200%1b[31m")
        process.send_signal(signal.SIGTERM)
        errors = process.communicate(timeout=15)[1]
    (line,) = (line for line in errors.splitlines() if "forged" in line)
    assert "/a\\n127.0.0.1" in line
    assert "\x1b" not in errors


def test_a_writable_server_makes_a_token_where_none_is_given(small_store: Path, tmp_path: Path) -> None:
    store = shutil.copytree(small_store, tmp_path / "w.store")
    with command(str(store), "--writable") as (process, address):
        assert process.stderr is not None
        token = process.stderr.readline().split()[-1]
        headers = {"Authorization": f"Bearer {token}"}
        assert httpx.get(f"{address}/api/corrections", headers=headers).json() == []


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (["nothing.store"], "there is no such file or folder"),
        (["empty"], "the folder holds no graph"),
        (["broken.ttl"], "the file is broken"),
        (["binary.ttl"], "the file is broken"),
        (["http://localhost:7878"], "the graph is on a server already"),
        (["good.ttl", "--writable"], "a file is only read"),
        (["good.ttl", "--writable", "--token", "short"], "too short"),
        (["good.ttl", "--host", "192.0.2.1"], "nothing can be served there"),
    ],
)
def test_what_cannot_be_served_is_told(tmp_path: Path, arguments: list[str], what: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "broken.ttl").write_text("<a> <b")
    (tmp_path / "binary.ttl").write_bytes(bytes(range(256)))
    (tmp_path / "good.ttl").write_text("<urn:a> <urn:b> <urn:c> .")
    environment = {key: value for key, value in os.environ.items() if key != "GRAPHWRIGHT_TOKEN"}
    done = subprocess.run(
        [sys.executable, "-c", _COMMAND, "serve", *arguments],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 2
    assert done.stderr.startswith("error: ")
    assert what in done.stderr
    assert "to mend: " in done.stderr
