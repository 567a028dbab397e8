"""What the server tells of a graph: pages for people, JSON by its description, RDF by negotiation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import hostile
import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate
from pyoxigraph import RdfFormat, parse
from serving import DOCUMENTS, Server

from graphwright import Document, KnowledgeGraph, Settings, build, from_text, read
from graphwright.server.colours import HUES, colour, hue
from graphwright.server.mapping import frame
from graphwright.server.marking import marked, quoted
from graphwright.server.openapi import description
from graphwright.server.pages import questions, questions_for
from graphwright.server.reader import Reader
from graphwright.server.refusal import Refusal
from graphwright.server.rendering import date_in_words, outer_url
from graphwright.server.views import documents, entities, facts, overview, terms
from graphwright.server.views.describing import described, known_iri

ID = "https://w3id.org/graphwright/id/"
BENKO = ID + "person/tibor-benko"
GW = "https://w3id.org/graphwright/ontology#"
RELEASE = "benko-dikovic-2016"
TEXT = next(one.text for one in read([DOCUMENTS / f"{RELEASE}.md"]) if isinstance(one, Document))


@pytest.fixture(scope="module")
def reader(news_store: Path) -> Reader:
    """What a worker of the server has."""
    return reader_of(news_store)


@pytest.fixture(scope="module")
def client(news_server: Server) -> Iterator[httpx.Client]:
    """Whoever asks the server; he follows where he is led."""
    with httpx.Client(base_url=news_server.url, follow_redirects=True) as client:
        yield client


def reader_of(store: Path) -> Reader:
    """A reader of a store as it is now."""
    reader = Reader(store)
    reader.refresh(None)
    return reader


# ------------------------------------------------------------------------------------------------------ what is told


def test_the_overview_counts_what_the_graph_counts(reader: Reader) -> None:
    told = overview.overview(reader)
    counts = reader.graph.counts()
    assert {name: told[name] for name in ("documents", "entities", "statements", "facts")} == {
        name: counts[name] for name in ("documents", "entities", "statements", "facts")
    }
    assert sum(one["count"] for one in told["classes"]) == counts["entities"]
    assert told["latest"][0]["date"] == "2025-07-03"
    assert told["prefixes"]["gw"] == GW


def test_a_fact_leads_to_its_sentence(reader: Reader) -> None:
    told = entities.entity(reader, {"id": "person/tibor-benko"})
    (group,) = [one for one in told["groups"] if one["property"]["label"] == "received"]
    (fact,) = group["facts"]
    (place,) = fact["evidence"]
    assert fact["object"]["label"] == "Ljubisa Diković"
    assert TEXT[place["start"] : place["end"]] == place["quote"]
    assert TEXT[slice(*place["subject_span"])] == "Tibor Benkő"
    assert place["document"]["id"] == RELEASE
    assert facts.fact(reader, {"iri": fact["iri"]})["evidence"] == [place]


def test_what_a_rule_concluded_comes_with_what_it_rests_on(reader: Reader) -> None:
    told = entities.entity(reader, {"id": "person/tibor-benko"}, GW + "leads", False)
    (fact,) = told["groups"][0]["facts"]
    (place,) = facts.fact(reader, {"iri": fact["iri"]})["evidence"]
    assert place["rule"] == "principals-lead-delegations"
    assert {premise["property"]["label"] for premise in place["premises"]} >= {"received", "works for"}
    assert all(premise["evidence"] for premise in place["premises"])


def test_a_thing_has_its_time_and_its_places(reader: Reader) -> None:
    told = entities.entity(reader, {"id": "person/tibor-benko"})
    assert [(one["date"], one["thing"]["class_label"]) for one in told["timeline"]] == [("2016-06-14", "meeting")]
    assert [place["label"] for place in told["places"]] == ["Szeged"]
    szeged = entities.entity(reader, {"id": "city/szeged"})
    assert szeged["same_as"] == ["https://sws.geonames.org/715429/"]
    assert szeged["coordinates"] == {"lat": 46.253, "long": 20.148}
    assert szeged["links"][0]["reason"] == "the only place of this name"


def test_a_document_has_its_text_with_its_mentions(reader: Reader) -> None:
    told = documents.document(reader, {"id": RELEASE})
    assert told["text"] == TEXT
    names = {TEXT[one["start"] : one["end"]] for one in told["mentions"] if one["iri"] == BENKO}
    assert "Tibor Benkő" in names
    assert {"name": "rights", "value": "not stated by its publisher (public press release)"} in told["metadata"]
    assert all(fact["evidence"] for fact in told["facts"])


def test_without_its_text_a_document_is_what_its_quotes_are(news_store: Path, tmp_path: Path) -> None:
    """A graph that was loaded from a file has no ledger beside it."""
    whole = KnowledgeGraph.open(news_store)
    copy = KnowledgeGraph.create(tmp_path / "copy")
    copy.add(whole.quads())
    copy.flush()
    copy.close()
    told = documents.document(reader_of(tmp_path / "copy"), {"id": "own-brigade-daugava"})
    assert told["text"] is None
    assert told["pieces"]
    known = documents.document(reader_of(news_store), {"id": "own-brigade-daugava"})
    for piece in told["pieces"]:
        assert known["text"][piece["start"] :].startswith(piece["text"])
    assert {one["iri"] for one in told["mentions"]} <= {one["iri"] for one in known["mentions"]}


def test_what_is_not_there_is_told(reader: Reader) -> None:
    for view, asked in (
        (entities.entity, {"id": "person/nobody"}),
        (entities.entity, {"iri": "no iri at all"}),
        (entities.entity, {}),
        (documents.document, {"id": "nothing"}),
        (documents.document, {"iri": BENKO}),
        (facts.fact, {"iri": BENKO}),
        (facts.fact, {"id": "nothing"}),
    ):
        with pytest.raises(Refusal) as refused:
            view(reader, asked)
        assert refused.value.status == 404


def test_a_class_tells_what_there_is_of_it(reader: Reader) -> None:
    told = terms.term(reader, {"iri": GW + "Delegation"}, 0, 50)
    assert "Hungarian delegation" in {one["label"] for one in told["things"]}
    assert GW + "Agent" in [one["iri"] for one in told["above"]]
    assert terms.term(reader, {"iri": GW + "received"}, 0, 1)["facts"][0]["property"]["label"] == "received"


# ---------------------------------------------------------------------------------------------------- marks in a text

SPANS = st.tuples(st.integers(0, 60), st.integers(0, 60)).filter(lambda span: span[0] < span[1])


@given(st.text("ab \n.", max_size=60), st.lists(SPANS, max_size=8), st.lists(SPANS, max_size=4))
def test_a_marked_text_is_the_text(
    text: str, mentions: list[tuple[int, int]], sentences: list[tuple[int, int]]
) -> None:
    """Runs follow one another, hold all but the space between paragraphs, and each span is a row of whole runs."""
    told = [{"start": start, "end": end, "iri": str(place)} for place, (start, end) in enumerate(mentions)]
    facts = [{"evidence": [evidence(start, end) for start, end in sentences]}]
    runs = [run for paragraph in marked([{"start": 0, "text": text}], told, facts) for run in paragraph["runs"]]
    assert all(text[run["start"] : run["end"]] == run["text"] for run in runs)
    assert [run["start"] for run in runs] == sorted(run["start"] for run in runs)
    assert "".join(run["text"] for run in runs).split() == text.split() or "\n" in text
    for start, end in (*mentions, *sentences):
        for run in runs:
            assert run["end"] <= start or end <= run["start"] or (start <= run["start"] and run["end"] <= end)
    for run in runs:
        covering = [one for one in told if one["start"] <= run["start"] and run["end"] <= one["end"]]
        least = min((one["end"] - one["start"] for one in covering), default=None)
        assert (run["mention"] and run["mention"]["end"] - run["mention"]["start"]) == least


def evidence(start: int, end: int, **more: Any) -> dict[str, Any]:
    """A place that states something."""
    return {"start": start, "end": end, "subject_span": None, "object_span": None, "rule": "", **more}


def test_a_long_quote_is_shortened_between_what_it_is_about() -> None:
    text = f"Ana {'x' * 900} met {'y' * 900} Ben."
    place = evidence(0, len(text), quote=text, subject_span=[0, 3], object_span=[len(text) - 4, len(text) - 1])
    parts = list(quoted(place))
    assert [part for part in parts if part[1]] == [("Ana", "subject"), ("Ben", "object")]
    assert len("".join(part for part, _ in parts)) < 300


def test_dates_are_told_as_precisely_as_they_are_known() -> None:
    told = {text: date_in_words(text) for text in ("2016-06-14", "2016-06", "2016", "2016-06-14T09:30:00", "in May")}
    assert list(told.values()) == ["14 June 2016", "June 2016", "2016", "14 June 2016, 09:30", "in May"]


@pytest.mark.parametrize(
    "text",
    ["javascript:alert(1)", "JAVASCRIPT:alert(1)", " https://a.b", "data:text/html,x", "//a.b", "https://a b", ""],
)
def test_only_harmless_addresses_become_links(text: str) -> None:
    assert outer_url(text) == ""
    assert outer_url("https://example.org/a?b=c#d") == "https://example.org/a?b=c#d"


def test_a_map_shows_its_places_and_what_is_around() -> None:
    assert frame([]) is None
    shown = frame([{"label": "Szeged", "lat": 46.25, "long": 20.15}, {"label": "Hanoi", "lat": 21.0, "long": 105.8}])
    assert shown is not None
    left, top, width, height = map(float, shown["box"].split())
    assert all(left < place["x"] < left + width and top < place["y"] < top + height for place in shown["places"])
    assert abs(width / height - 1.5) < 0.01


def test_a_class_always_has_the_same_colour() -> None:
    assert colour(GW + "Person") == colour("https://example.org/x/Person") != colour(GW + "Country")
    assert {hue(f"https://example.org/{number}") for number in range(200)} == set(range(len(HUES)))


# ---------------------------------------------------------------------------------------------------- JSON


def test_the_description_of_the_interface_is_openapi() -> None:
    validate(description())


@pytest.mark.parametrize(
    ("operation", "path"),
    [
        ("overview", "/api/overview"),
        ("graph", f"/api/graph?iri={quote(BENKO, safe='')}&hops=2&flagged=true"),
        ("path", f"/api/path?from={quote(BENKO, safe='')}&to={quote(ID + 'city/szeged', safe='')}"),
        ("terms", "/api/terms"),
        ("searchEntities", "/api/entities?search=benko"),
        ("searchSentences", "/api/sentences?search=border%20meeting"),
        ("entity", "/api/entity/person/tibor-benko"),
        ("entity", "/api/entity/city/szeged"),
        ("entityByIri", f"/api/entity?iri={quote(BENKO, safe='')}&property={quote(GW + 'leads', safe='')}&as=subject"),
        ("documents", "/api/documents?limit=2"),
        ("document", f"/api/documents/{RELEASE}"),
        ("document", "/api/documents/own-qasymbekov-saidzoda"),
    ],
)
def test_answers_are_what_the_description_says(client: httpx.Client, operation: str, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    check(answer.json(), operation)


def check(told: Any, operation: str) -> None:
    """Compare an answer with its schema; what the schema does not name is missing from the description."""
    (found,) = [
        one for path in description()["paths"].values() for one in path.values() if one["operationId"] == operation
    ]
    schema = found["responses"]["200"]["content"]["application/json"]["schema"]
    errors = list(Draft202012Validator({**closed(description()), **closed(schema)}).iter_errors(told))
    assert [error.message[:300] for error in errors] == []


def closed(schema: Any) -> Any:
    """A schema whose objects have no properties but those it names."""
    if isinstance(schema, list):
        return [closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    found = {name: closed(one) for name, one in schema.items()}
    return {**found, "additionalProperties": False} if isinstance(found.get("required"), list) else found


def test_every_fact_of_a_thing_is_found_by_its_iri(client: httpx.Client) -> None:
    for fact in client.get("/api/entity/person/tibor-benko").json()["facts"]:
        by_iri = client.get("/api/fact", params={"iri": fact["iri"]})
        by_id = client.get("/api/fact/" + quote(fact["iri"].removeprefix(ID), safe="/"))
        assert by_iri.json() == by_id.json()
        check(by_iri.json(), "fact")


def test_errors_are_what_the_description_says(client: httpx.Client) -> None:
    for path in ("/api/entity/person/nobody", "/api/documents?limit=many", "/api/nothing", "/api/fact?iri=%20"):
        answer = client.get(path)
        assert answer.status_code in (400, 404)
        assert set(answer.json()) == {"error", "where", "mend"}


def test_what_did_not_change_is_not_sent_again(client: httpx.Client) -> None:
    for path in ("/", f"/document?id={RELEASE}", "/api/overview", "/api/entity/person/tibor-benko"):
        first = client.get(path)
        again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
        assert (first.status_code, again.status_code, again.content) == (200, 304, b"")


# ---------------------------------------------------------------------------------------------------- linked data

FORMATS = {
    "text/turtle": RdfFormat.TURTLE,
    "application/trig": RdfFormat.TRIG,
    "application/n-triples": RdfFormat.N_TRIPLES,
    "application/ld+json": RdfFormat.JSON_LD,
    "application/rdf+xml": RdfFormat.RDF_XML,
}


@pytest.mark.parametrize("path", ["/graphwright/id/person/tibor-benko", "/id/person/tibor-benko"])
def test_an_iri_leads_people_to_a_page_and_programs_to_data(client: httpx.Client, path: str) -> None:
    page = client.get(path, headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert (page.history[0].status_code, page.url.path) == (303, "/entity")
    assert "<h1" in page.text
    sizes = set()
    for media_type, format in FORMATS.items():
        data = client.get(path, headers={"Accept": media_type})
        assert data.headers["Content-Type"].startswith(media_type)
        triples = {quad.triple for quad in parse(data.content, format=format)}
        assert any(triple.subject.value == BENKO and str(triple.object) == '"Tibor Benkő"' for triple in triples)
        sizes.add(len(triples))
    assert len(sizes) == 1


def test_a_description_is_part_of_the_graph_and_leads_to_sentences(reader: Reader) -> None:
    quads = list(parse(described(reader, BENKO, "trig"), format=RdfFormat.TRIG))
    assert set(quads) <= set(reader.graph.quads())
    assert any("On Tuesday, 14 June" in str(quad.object) for quad in quads)
    assert any(str(quad.object) == '"Ljubisa Diković"' for quad in quads)


def test_documents_and_terms_have_their_pages_too(reader: Reader, client: httpx.Client) -> None:
    assert known_iri(reader, [f"/graphwright/id/document/{RELEASE}"]) == (f"{ID}document/{RELEASE}", "document")
    assert known_iri(reader, ["/graphwright/ontology"]) == (GW[:-1], "term")
    assert known_iri(reader, ["/nothing"]) is None
    page = client.get(f"/graphwright/id/document/{RELEASE}", headers={"Accept": "text/html"})
    assert page.url.path == "/document"
    assert client.get(f"/id/document/{RELEASE}", headers={"Accept": "text/turtle"}).status_code == 200
    assert client.get("/data").status_code == 400


# ---------------------------------------------------------------------------------------------------- pages


PAGES = (
    "/",
    "/documents",
    f"/document?id={RELEASE}",
    f"/document?id={RELEASE}&show=flagged",
    f"/entity?iri={quote(BENKO, safe='')}",
    f"/entity?iri={quote(BENKO, safe='')}&property={quote(GW + 'leads', safe='')}&as=subject",
    f"/term?iri={quote(GW + 'Person', safe='')}",
    f"/term?iri={quote(GW + 'received', safe='')}",
    f"/term?iri={quote(GW[:-1], safe='')}",
    "/search?q=benko",
    "/api",
    "/corrections",
)


def test_the_questions_fit_the_graph(reader: Reader) -> None:
    """Those of the examples where the graph speaks of such things, else what is said most; each can be answered."""
    assert ("What was discussed, and by whom?" in dict(questions_for(overview.overview(reader)["properties"]))) is True
    ((words, query),) = questions_for([{"iri": "https://example.org/made", "label": "made"}])
    assert words == "What made what?"
    for _, text in (*questions(), (words, query)):
        list(reader.graph.query(text))


@pytest.mark.parametrize("path", PAGES)
def test_pages_hold_no_script_and_no_style_of_their_own(client: httpx.Client, path: str) -> None:
    """The Content Security Policy would not let them run."""
    page = client.get(path, headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert "unsafe" not in page.headers["Content-Security-Policy"]
    scripts = re.findall(r"<script\b([^>]*)>([^<]*)", page.text)
    assert all("src=" in attributes or "application/json" in attributes for attributes, _ in scripts)
    assert re.search(r"<style|\sstyle=|\son[a-z]+=", page.text) is None
    assert re.search(r"""(src|href)=["']?(https?:)?//(?!sws\.geonames|www\.wikidata)""", page.text) is None
    for asset in re.findall(r'(?:src|href)="(/static/[^"#]*)', page.text):
        assert client.get(asset).headers["Cache-Control"].endswith("immutable")


def test_a_page_reads_without_its_scripts(client: httpx.Client) -> None:
    page = client.get("/entity", params={"iri": BENKO}).text
    for words in ("Tibor Benkő", "received", "Ljubisa Diković", "On Tuesday, 14 June", "14 June 2016", "Szeged"):
        assert words in page


def test_a_document_lights_the_fact_it_is_opened_for(client: httpx.Client) -> None:
    facts = client.get(f"/api/documents/{RELEASE}").json()["facts"]
    fact = next(fact for fact in facts if fact["property"]["label"] == "received")
    page = client.get("/document", params={"id": RELEASE, "fact": fact["iri"]}).text
    assert re.search(r'<a class="run[^"]* lit subject mention[^>]*>Tibor Benkő<', page)
    assert page.count('class="fact lit"') == 1


def test_errors_are_pages_for_people(client: httpx.Client) -> None:
    page = client.get("/entity?iri=nothing", headers={"Accept": "text/html"})
    assert (page.status_code, page.headers["Content-Type"]) == (404, "text/html; charset=utf-8")
    assert "the graph knows nothing of it" in page.text
    assert client.get("/document?id=x&show=y").status_code == 400
    assert client.get("/documents?page=-1").status_code == 400


def test_corrections_are_offered_only_where_they_are_taken(client: httpx.Client, writable_server: Server) -> None:
    path = f"/entity?iri={quote(BENKO, safe='')}"
    assert "Correct…" not in client.get(path).text
    page = httpx.get(writable_server.url + path).text
    assert page.count('data-about="entity"') == 1
    assert page.count('data-about="fact"') > 5


def test_hostile_documents_are_text(tmp_path: Path) -> None:
    """Each view tells what is in them; the pages of the next test show that nothing of it runs."""
    hostile.make(tmp_path / "hostile")
    reader = reader_of(tmp_path / "hostile")
    for document in documents.latest(reader, 0, 50)["documents"]:
        told = documents.document(reader, {"id": document["id"]})
        assert told["facts"]
        for fact in told["facts"]:
            assert facts.fact(reader, {"iri": fact["iri"]})["places"] == 1
        for mention in told["mentions"]:
            assert entities.entity(reader, {"iri": mention["iri"]})["groups"]
            assert described(reader, mention["iri"], "rdfxml")


def test_what_follows_by_the_ontology_is_told_apart(tmp_path: Path) -> None:
    graph = build([from_text("Ana Kos met Juri Tamm in Riga.", id="a")], Settings(infer=True), store=tmp_path / "a")
    graph.close()
    told = entities.entity(reader_of(tmp_path / "a"), {"id": "person/juri-tamm"})
    stated = {(group["property"]["label"], group["inverse"]) for group in told["groups"]}
    follows = {(one["property"]["label"], one["object"]["label"], one["inverse"]) for one in told["inferred"]}
    assert ("met with", True) in stated
    assert ("met with", "Ana Kos", False) in follows
