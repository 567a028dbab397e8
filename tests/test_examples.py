"""The examples hold what the README promises: the border meeting, further articles, and a second domain."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphwright import Document, Evidence, KnowledgeGraph, Settings, build, explain, extract, from_text, read

EXAMPLES = Path(__file__).parents[1] / "examples"
DIPLOMACY, COMPANIES = EXAMPLES / "diplomacy", EXAMPLES / "companies"
QUERIES = sorted((DIPLOMACY / "queries").glob("*.rq"))
ARTICLES = sorted((DIPLOMACY / "documents").iterdir())
COMPANY = "PREFIX co: <https://example.org/companies#> "


@dataclass(frozen=True)
class Person:
    """Somebody at a meeting, with what the text says of the person."""

    name: str
    rank: str
    post: str
    country: str
    works_for: str


@dataclass(frozen=True)
class Meeting:
    """A text about a meeting of two chiefs, and what a graph of that text alone must answer."""

    name: str
    text: str
    published: str
    host: Person
    guest: Person
    city: str
    day: str
    topics: tuple[str, ...]

    @property
    def document(self) -> Document:
        """The text as a document."""
        return from_text(self.text, id=self.name, date=self.published)


@cache
def article() -> Document:
    """The press release."""
    (found,) = read([DIPLOMACY / "documents" / "benko-dikovic-2016.md"])
    assert isinstance(found, Document)
    return found


MEETINGS = (
    Meeting(
        name="the press release",
        text=article().text,
        published="2016-06-14",
        host=Person("Tibor Benkő", "General", "Chief of Defence", "Hungary", "Hungary"),
        guest=Person("Ljubisa Diković", "General", "Chief of the General Staff", "Serbia", "Serbian Armed Forces"),
        city="Szeged",
        day="2016-06-14",
        topics=("illegal migration", "regional security", "bilateral military cooperation"),
    ),
    Meeting(
        name="a passive, with other names",
        text="""\
Chief of the General Staff of the Slovak Armed Forces Gen. Pavol Hrinko was received by Chief of Defence Lt. Gen. \
Mirela Dobrescu at a Slovak–Romanian border meeting that took place in Sibiu, Romania on Thursday, 12 October.

The meeting was a good opportunity to discuss matters concerning drone defence and the state of joint rail transport. \
The two delegations also talked about disinformation.

Before lunch, the Slovak delegation visited a training centre. The Romanian delegation gave a briefing on the war \
games of next spring.

The close cooperation between Romania and Slovakia has lasted for twenty years.""",
        published="2023-10-13",
        host=Person("Mirela Dobrescu", "Lieutenant General", "Chief of Defence", "Romania", "Romania"),
        guest=Person("Pavol Hrinko", "General", "Chief of the General Staff", "Slovakia", "Slovak Armed Forces"),
        city="Sibiu",
        day="2023-10-12",
        topics=("drone defence", "joint rail transport", "disinformation"),
    ),
    Meeting(
        name="an apposition, with other names",
        text="""\
In Turku, Finland, Chief of Defence General Aino Kallasvuo on Wednesday received Major General Kalev Rannaste, \
Commander of the Estonian Defence Forces, at an official Estonian–Finnish meeting.

The Finnish delegation and the Estonian delegation discussed the protection of undersea cables. They also spoke about \
air surveillance and joint procurement.

Estonia and Finland cooperate closely in military training.""",
        published="2024-03-07",
        host=Person("Aino Kallasvuo", "General", "Chief of Defence", "Finland", "Finland"),
        guest=Person("Kalev Rannaste", "Major General", "Commander", "Estonia", "Estonian Defence Forces"),
        city="Turku",
        day="2024-03-06",
        topics=("undersea cables", "air surveillance", "joint procurement"),
    ),
)


@cache
def graph_of(meeting: Meeting) -> KnowledgeGraph:
    """The graph of one text alone."""
    return build([meeting.document])


@cache
def diplomacy() -> KnowledgeGraph:
    """The graph of all articles."""
    return build(ARTICLES)


@cache
def companies() -> KnowledgeGraph:
    """The graph of the second domain."""
    return build([COMPANIES / "documents"], Settings(ontology=(str(COMPANIES / "companies.ttl"),)))


def rows(graph: KnowledgeGraph, query: str) -> set[tuple[str, ...]]:
    """Return the answer of a query as text."""
    return {tuple(str(value) for value in row.values()) for row in graph.query(query)}


def about(graph: KnowledgeGraph, name: str, path: str) -> set[str]:
    """Return what stands at the end of a property path from the thing of this name: labels, or values."""
    query = f"""SELECT ?found WHERE {{
        ?thing rdfs:label|skos:altLabel "{name}" ; {path} ?end .
        OPTIONAL {{ ?end rdfs:label ?label }}
        BIND (COALESCE(?label, STR(?end)) AS ?found) }}"""
    return {found for (found,) in rows(graph, query)}


meetings = pytest.mark.parametrize("meeting", MEETINGS, ids=lambda meeting: meeting.name)


class TestMeeting:
    """What the graph of one text answers, by SPARQL."""

    @meetings
    def test_who_received_whom(self, meeting):
        query = "SELECT ?host ?guest WHERE { ?a gw:received ?b . ?a rdfs:label ?host . ?b rdfs:label ?guest }"
        assert rows(graph_of(meeting), query) == {(meeting.host.name, meeting.guest.name)}

    @meetings
    @pytest.mark.parametrize("side", ["host", "guest"])
    def test_posts_ranks_and_organisations(self, meeting, side):
        graph, person = graph_of(meeting), getattr(meeting, side)
        assert about(graph, person.name, "a") == {"person"}
        assert about(graph, person.name, "gw:hasRank") == {person.rank}
        assert person.post in about(graph, person.name, "gw:holdsPosition")
        assert person.works_for in about(graph, person.name, "gw:worksFor")

    @meetings
    def test_where_and_when_they_met(self, meeting):
        query = f"""SELECT ?place ?country ?day WHERE {{
            ?meeting a/rdfs:subClassOf* gw:Event ; gw:hasParticipant ?host, ?guest ; gw:heldIn ?in ; gw:heldOn ?day .
            ?host rdfs:label "{meeting.host.name}" . ?guest rdfs:label "{meeting.guest.name}" .
            ?in rdfs:label ?place ; gw:locatedIn/rdfs:label ?country }}"""
        assert rows(graph_of(meeting), query) == {(meeting.city, meeting.host.country, meeting.day)}

    @meetings
    def test_whose_the_delegations_are(self, meeting):
        query = "SELECT ?country WHERE { ?d a gw:Delegation ; gw:delegationOf/rdfs:label ?country }"
        assert rows(graph_of(meeting), query) == {(meeting.host.country,), (meeting.guest.country,)}

    @meetings
    def test_who_leads_the_delegations(self, meeting):
        query = """SELECT ?leader ?country WHERE {
            ?d a gw:Delegation ; gw:delegationOf/rdfs:label ?country ; ^gw:leads/rdfs:label ?leader }"""
        led = {(person.name, person.country) for person in (meeting.host, meeting.guest)}
        assert rows(graph_of(meeting), query) == led

    @meetings
    def test_that_they_lead_is_concluded_by_a_rule_from_what_sentences_say(self, meeting):
        query = """SELECT ?leader ?rule (COUNT(DISTINCT ?premise) AS ?premises) WHERE {
            ?statement rdf:predicate gw:leads ; rdf:object/rdf:type gw:Delegation ; rdf:subject/rdfs:label ?leader ;
                       gw:rule ?rule ; gw:premise ?premise .
            ?premise a rdf:Statement ; prov:wasDerivedFrom/oa:hasSelector/oa:exact ?sentence
        } GROUP BY ?leader ?rule"""
        found = {row["leader"]: row for row in graph_of(meeting).query(query)}
        assert set(found) == {meeting.host.name, meeting.guest.name}
        for row in found.values():
            assert row["rule"] == "principals-lead-delegations"
            assert row["premises"] >= 3

    @meetings
    def test_what_was_discussed(self, meeting):
        asked = "ASK {{ ?who (gw:discussed|gw:hasTopic)/rdfs:label ?topic FILTER CONTAINS(LCASE(?topic), '{}') }}"
        missing = [topic for topic in meeting.topics if not graph_of(meeting).query(asked.format(topic))]
        assert missing == []

    @meetings
    def test_that_the_countries_cooperate(self, meeting):
        here, there = meeting.host.country, meeting.guest.country
        assert there in about(graph_of(meeting), here, "(gw:cooperatesWith|^gw:cooperatesWith)")

    @meetings
    def test_every_fact_is_explained_by_words_of_the_text(self, meeting):
        found = explain(graph_of(meeting), None)
        assert found
        for evidence in found:
            assert isinstance(evidence, Evidence)
            assert meeting.document.text[evidence.start : evidence.end] == evidence.quote
            assert evidence.premises or not evidence.rule

    @meetings
    def test_extracting_alone_finds_the_facts_of_the_graph(self, meeting):
        (extraction,) = extract([meeting.document])
        spans = {fact.evidence for fact in extraction.facts}
        asserted = {fact.property.rpartition("#")[2] for fact in extraction.facts if fact.asserted}
        assert spans <= {(evidence.start, evidence.end) for evidence in explain(graph_of(meeting), None)}
        assert {"received", "holdsPosition", "delegationOf", "leads"} <= asserted


class TestQueries:
    """The folder of queries."""

    @pytest.mark.parametrize("file", QUERIES, ids=lambda file: file.stem)
    def test_every_query_says_what_it_answers_and_has_an_answer(self, file):
        sparql = file.read_text(encoding="utf-8")
        assert sparql.startswith("# ")
        assert "?" in sparql.splitlines()[0]
        assert rows(diplomacy(), sparql)

    def test_things_of_one_name_are_one_thing_in_all_documents(self):
        twice = """SELECT ?name WHERE { ?thing a gw:Country ; rdfs:label ?name }
            GROUP BY ?name HAVING (COUNT(DISTINCT ?thing) > 1)"""
        assert rows(diplomacy(), twice) == set()


class TestCompanies:
    """The second domain, by ontology alone."""

    @pytest.mark.parametrize(
        ("subject", "property", "object"),
        [
            ("Ines Carvalho", "founded", "Harbour Robotics"),
            ("Tomasz Wilk", "founded", "Harbour Robotics"),
            ("Marta Reyes", "founded", "Castellan Foods"),
            ("Castellan Foods", "acquired", "Northgate Brewing"),
            ("Lindqvist Marine", "acquired", "Brightsea Electronics"),
            ("Harbour Robotics", "employs", "Adaeze Okafor"),
            ("Harbour Robotics", "employs", "Tomasz Wilk"),
            ("Lindqvist Marine", "employs", "Ines Carvalho"),
            ("Harbour Robotics", "basedIn", "Porto"),
        ],
    )
    def test_what_is_asserted_is_a_triple(self, subject, property, object):
        assert self.triple(subject, property, object)
        assert explain(companies(), subject, property, object)

    @pytest.mark.parametrize(("bought", "modality"), [("Delmore Dairies", "negated"), ("Westerly Mills", "planned")])
    def test_what_is_denied_or_planned_is_a_statement_and_no_triple(self, bought, modality):
        assert {evidence.modality for evidence in explain(companies(), None, "acquired", bought)} == {modality}
        assert not companies().query(f'{COMPANY} ASK {{ ?buyer co:acquired/rdfs:label "{bought}" }}')

    def test_what_only_the_companies_say_is_a_statement_with_its_speaker(self):
        found = explain(companies(), "Lindqvist Marine", "acquired", "Harbour Robotics")
        assert [evidence.modality for evidence in found] == ["asserted"]
        assert found[0].attributed_to
        assert not self.triple("Lindqvist Marine", "acquired", "Harbour Robotics")

    def triple(self, subject: str, property: str, object: str) -> bool:
        ask = f'{COMPANY} ASK {{ ?s rdfs:label "{subject}" ; co:{property} ?o . ?o rdfs:label "{object}" }}'
        return bool(companies().query(ask))


class TestOrder:
    """Equal documents give equal bytes."""

    @staticmethod
    def lines(graph: KnowledgeGraph) -> list[str]:
        return sorted(map(str, graph.quads()))

    @settings(max_examples=4, deadline=None, database=None)
    @given(order=st.permutations(ARTICLES), batch=st.sampled_from([1, 3, 32]))
    def test_documents_in_any_order_and_batch_give_the_same_graph(self, order: Iterable[Path], batch: int):
        assert self.lines(build(order, Settings(batch_size=batch))) == self.lines(diplomacy())

    def test_another_process_with_another_hash_seed_writes_the_same_bytes(self, tmp_path):
        written = []
        for seed, order in (("1", ARTICLES), ("2", ARTICLES[::-1])):
            file = tmp_path / f"{seed}.nq"
            command = [sys.executable, "-m", "graphwright.cli", "build", *map(str, order), "--to", str(file)]
            subprocess.run(command, env=os.environ | {"PYTHONHASHSEED": seed}, check=True, capture_output=True)
            written.append(file.read_bytes())
        assert written[0] == written[1]
