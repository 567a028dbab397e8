"""An ontology is read from Turtle files and rules, and whatever cannot work is refused with its line."""

from __future__ import annotations

import pickle
import subprocess
import sys
from itertools import product
from pathlib import Path

import pytest
from rdflib import Graph, Variable

from graphwright.errors import OntologyError
from graphwright.ontology import GW, Ontology, load
from graphwright.ontology.data import data_folder

CLASSES = """
    Agent Person Organization GovernmentBody MilitaryForce InternationalOrganization PoliticalParty
    ArmedGroup Company MediaOutlet EducationalInstitution Delegation
    Place Country Region City Facility NaturalFeature Event
    Meeting Visit Exercise Operation Attack Ceremony Election Position Topic Agreement Equipment
"""

PROPERTIES = """
    holdsPosition   Person -> Position
    worksFor        Person -> Organization Country
    hasRank         Person -> string
    nationality     Person -> Country
    leads           Person -> Organization Delegation Country Operation
    memberOf        Agent -> Organization
    partOf          Organization Event Agreement -> Organization Event Agreement
    delegationOf    Delegation -> Country Organization
    represents      Person -> Country Organization
    heldIn          Event -> Place
    heldOn          Event -> date gYearMonth gYear
    hasParticipant  Event -> Agent
    hostedBy        Event -> Agent
    hasTopic        Event Agreement -> Topic
    discussed       Agent -> Topic
    metWith         Agent -> Agent
    received        Agent -> Agent
    visited         Agent -> Place Organization
    locatedIn       Place Organization -> Place
    basedIn         Organization -> Place
    bornIn          Person -> Place
    livesIn         Person -> Place
    cooperatesWith  Agent -> Agent
    supports        Agent -> Agent Topic
    criticises      Agent -> Agent
    fights          Agent -> Agent
    attacked        Agent -> Agent Place
    controls        Agent -> Place
    deployedIn      MilitaryForce Person Equipment -> Place
    signed          Agent -> Agreement
    appointed       Agent -> Person
    succeeds        Person -> Person
    founded         Agent -> Organization
    announced       Agent -> Event Agreement Topic
    ofCountry       Agent -> Country
"""

HEAD = """@prefix ex: <http://example.org/> .
@prefix gw: <https://w3id.org/graphwright/ontology#> .
@prefix lex: <https://w3id.org/graphwright/lex#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""  # six lines: what follows begins on line 7

GW_PREFIX = "PREFIX gw: <https://w3id.org/graphwright/ontology#>\n"

ZOO = """ex:Animal a owl:Class .
ex:Keeper a owl:Class ; rdfs:label "zoo keeper" .
ex:feeds a owl:ObjectProperty ; rdfs:domain ex:Keeper ; rdfs:range ex:Animal .
"""  # lines 7 to 9


@pytest.fixture(scope="module")
def default() -> Ontology:
    return load()


def write(folder: Path, text: str, name: str = "zoo.ttl") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text((HEAD if path.suffix == ".ttl" else "") + text, encoding="utf-8")
    return path


def refusal(folder: Path, text: str, name: str = "zoo.ttl") -> tuple[str, str, str]:
    """What, where and mend of the error that the text is refused with; where is the line alone."""
    path = write(folder, text, name)
    with pytest.raises(OntologyError) as caught:
        load([path])
    what, where, mend = caught.value.args
    assert mend
    file, _, line = where.rpartition(":")
    assert file == str(path)
    return what, line, mend


# ---- the default ontology ----


def test_the_default_ontology_has_every_class_of_the_annotation_guide(default: Ontology) -> None:
    assert {cls.iri for cls in default.classes.values()} >= {GW + name for name in CLASSES.split()}


@pytest.mark.parametrize("line", PROPERTIES.strip().splitlines(), ids=lambda line: line.split()[0])
def test_the_default_ontology_has_every_property_of_the_annotation_guide(default: Ontology, line: str) -> None:
    left, right = line.split(" -> ")
    name, *domain = left.split()
    found = default.properties[GW + name]
    assert {default.local(iri) for iri in found.domain} == set(domain)
    assert {default.local(iri) for iri in found.range} == set(right.split())


def test_every_term_of_the_default_ontology_is_explained(default: Ontology) -> None:
    for terms in (default.classes, default.properties):
        for iri, term in terms.items():
            assert term.label, iri
            assert len(term.comment) > 20, iri


def test_only_properties_of_values_are_literal_and_only_mutual_ones_symmetric(default: Ontology) -> None:
    named = {default.local(iri): one for iri, one in default.properties.items()}
    assert {name for name, one in named.items() if one.literal} == {"hasRank", "heldOn"}
    assert {name for name, one in named.items() if one.symmetric} == {"metWith", "cooperatesWith", "fights"}
    assert {name for name, one in named.items() if one.auxiliary} == {"condemned", "ofCountry"}
    assert named["received"].parents == (GW + "metWith",)


def test_terms_about_statements_are_in_the_graph_but_are_not_extracted(default: Ontology) -> None:
    assert GW + "confidence" not in default.properties
    assert GW + "Statement" not in default.classes
    assert GW + "confidence" in {str(subject) for subject, _, _ in default.triples}


def test_a_country_is_a_place_and_an_agent(default: Ontology) -> None:
    assert default.is_a(GW + "Country", GW + "Place")
    assert default.is_a(GW + "Country", GW + "Agent")
    assert not default.is_a(GW + "City", GW + "Agent")


def test_a_class_stands_below_those_of_other_vocabularies(default: Ontology) -> None:
    assert default.is_a(GW + "Person", "http://xmlns.com/foaf/0.1/Agent")
    assert default.is_a("http://xmlns.com/foaf/0.1/Person", GW + "Agent")


def test_only_a_topic_is_open(default: Ontology) -> None:
    assert [default.local(one.iri) for one in default.classes.values() if one.open] == ["Topic"]


def test_entity_labels_stand_on_one_class_each(default: Ontology) -> None:
    labels = [label for cls in default.classes.values() for label in cls.entity_labels]
    assert len(labels) == len(set(labels))
    assert {"PERSON", "ORG", "GPE", "LOC"} <= set(labels)


def test_an_ontology_travels_to_a_worker_and_is_the_same_on_every_run(default: Ontology) -> None:
    assert pickle.loads(pickle.dumps(default)) == default
    script = "from graphwright.ontology import load; print(load().triples)"
    runs = {
        subprocess.run(
            [sys.executable, "-c", script], capture_output=True, check=True, env={"PYTHONHASHSEED": seed}
        ).stdout
        for seed in ("1", "2")
    }
    assert len(runs) == 1


def test_the_annotation_vocabulary_explains_each_term_with_an_example() -> None:
    graph = Graph().parse(data_folder() / "lex.ttl")
    query = """SELECT ?term (SAMPLE(?text) AS ?comment) WHERE { ?term a owl:AnnotationProperty
        OPTIONAL { ?term rdfs:comment ?text } } GROUP BY ?term"""
    comments = [str(row[Variable("comment")]) for row in graph.query(query).bindings]
    assert len(comments) == 16
    assert all("Example" in comment for comment in comments)


@pytest.mark.parametrize(
    ("name", "members"),
    [
        ("reportingVerbs", "say claim report state add allege insist note stress tell explain argue"),
        ("performativeVerbs", "condemn support welcome call urge thank"),
        ("factiveVerbs", "continue begin start help manage"),
        ("plannedVerbs", "plan intend agree promise pledge decide prepare expect schedule vow commit aim seek"),
        (
            "possibleVerbs",
            "hope want wish call urge propose offer invite ask consider suggest demand threaten try attempt",
        ),
        ("negativeVerbs", "refuse fail deny decline avoid prevent stop"),
        ("objectControlVerbs", "ask urge invite order tell help allow authorise"),
        ("plannedModals", "will shall"),
        ("possibleModals", "may might could would should can must"),
        ("negators", "not never no neither nor without"),
        ("conditionalMarkers", "if unless whether"),
        ("hearsayAdverbs", "reportedly allegedly"),
        ("lightVerbs", "hold pay take make give"),
    ],
)
def test_the_word_lists_of_english_are_loaded(default: Ontology, name: str, members: str) -> None:
    assert default.words[name] >= set(members.split())


def test_what_is_only_said_is_attributed_and_neither_planned_nor_possible(default: Ontology) -> None:
    """A claim that something will be is still that of its speaker: the lists of complements must not take it over."""
    plain = {"say", "state", "claim", "report", "tell", "add", "believe", "confirm", "warn", "explain"}
    for name in ("factiveVerbs", "plannedVerbs", "possibleVerbs", "negativeVerbs"):
        assert not plain & default.words[name], name


# ---- laws ----


def test_is_a_is_reflexive_and_transitive(default: Ontology) -> None:
    iris = list(default.ancestors)
    assert all(default.is_a(iri, iri) for iri in iris)
    for low, middle, high in product(iris, repeat=3):
        if default.is_a(low, middle) and default.is_a(middle, high):
            assert default.is_a(low, high), (low, middle, high)


def test_a_class_fits_itself_its_ancestors_and_no_restriction(default: Ontology) -> None:
    for cls, ancestors in default.ancestors.items():
        assert default.fits(cls, ())
        assert all(default.fits(cls, (ancestor,)) for ancestor in ancestors)
    assert not default.fits(GW + "Person", (GW + "Place", GW + "Event"))
    assert default.fits(GW + "City", (GW + "Event", GW + "Place"))


def test_every_class_is_found_by_its_local_name_its_label_and_its_iri(default: Ontology) -> None:
    for iri, cls in default.classes.items():
        assert default.class_named(default.local(iri)) == cls
        assert default.class_named(cls.label.upper()) == cls
        assert default.class_named(iri) == cls
    assert default.class_named("Nonsense") is None


# ---- ontologies of users ----


def test_a_file_replaces_the_default_ontology(tmp_path: Path) -> None:
    path = write(tmp_path, ZOO + 'ex:feeds lex:phrase "[zoo keeper] feeds [Animal]" ; lex:synonyms "feed, nourish" .\n')
    zoo = load([path])
    assert sorted(zoo.classes) == ["http://example.org/Animal", "http://example.org/Keeper"]
    (feeds,) = zoo.properties.values()
    assert [(one.text, one.file, one.line) for one in feeds.phrases] == [("[zoo keeper] feeds [Animal]", str(path), 10)]
    assert feeds.synonyms == (frozenset({"feed", "nourish"}),)
    assert zoo.rules == ()
    assert zoo.prefixes["ex"] == "http://example.org/"


def test_a_file_that_imports_the_default_ontology_extends_it(tmp_path: Path, default: Ontology) -> None:
    imports = "<http://example.org/zoo> owl:imports <https://w3id.org/graphwright/ontology> .\n"
    path = write(tmp_path, imports + ZOO + "ex:Keeper rdfs:subClassOf gw:Person .\n")
    zoo = load([path])
    assert set(zoo.classes) > set(default.classes)
    assert zoo.is_a("http://example.org/Keeper", GW + "Agent")


def test_a_user_may_annotate_a_term_of_the_default_ontology(tmp_path: Path) -> None:
    imports = "[] owl:imports <https://w3id.org/graphwright/ontology> .\n"
    zoo = load([write(tmp_path, imports + 'gw:leads lex:phrase "[Person] runs the [Organization]" .\n')])
    assert "[Person] runs the [Organization]" in {one.text for one in zoo.properties[GW + "leads"].phrases}


def test_a_users_class_that_shares_a_name_is_found_by_its_prefix(tmp_path: Path, default: Ontology) -> None:
    """The phrases of the default ontology go on meaning its own classes."""
    imports = "[] owl:imports <https://w3id.org/graphwright/ontology> .\n"
    text = 'ex:Person a owl:Class .\nex:knows rdfs:domain ex:Person ; lex:phrase "[ex:Person] knows [Person]" .\n'
    zoo = load([write(tmp_path, imports + text)])
    found = zoo.class_named("Person")
    assert found is not None
    assert found == default.class_named("Person")
    found = zoo.class_named("ex:Person")
    assert found is not None
    assert found.iri == "http://example.org/Person"


def test_a_folder_gives_its_files_and_rules_alone_extend_the_default(tmp_path: Path, default: Ontology) -> None:
    write(tmp_path, ZOO)
    rule = write(
        tmp_path, "# Feeding\n# Whoever feeds, likes.\nCONSTRUCT { ?a ?p ?b } WHERE { ?a ?p ?b }\n", "rules/feeding.rq"
    )
    (found,) = load([tmp_path]).rules
    assert (found.name, found.label, found.comment, found.line) == ("feeding", "Feeding", "Whoever feeds, likes.", 3)
    assert found.iri == "https://w3id.org/graphwright/rule/feeding"
    assert len(load([rule]).rules) == len(default.rules) + 1


def test_a_user_may_add_words_and_word_lists(tmp_path: Path, default: Ontology) -> None:
    zoo = load(
        [write(tmp_path, 'lex:reportingVerbs lex:word "tweet" . ex:sounds a lex:WordList ; lex:word "roar" .\n')]
    )
    assert zoo.words["reportingVerbs"] == default.words["reportingVerbs"] | {"tweet"}
    assert zoo.words["sounds"] == {"roar"}


def test_several_domains_are_alternatives_and_a_subproperty_inherits_them(tmp_path: Path) -> None:
    more = "ex:feeds rdfs:domain ex:Animal .\nex:overfeeds rdfs:subPropertyOf ex:feeds .\n"
    zoo = load([write(tmp_path, ZOO + more)])
    assert zoo.properties["http://example.org/overfeeds"].domain == (
        "http://example.org/Animal",
        "http://example.org/Keeper",
    )


@pytest.mark.parametrize(
    ("property_", "phrase"),
    [
        ("gw:leads", "[Delegation] under [Person]"),  # object first
        ("gw:leads", "[Agent] leads [Organization]"),  # wider than the domain, and some agents are persons
        ("gw:leads", "[Person] rules [Place]"),  # some places are countries
        ("gw:heldOn", "[Meeting] was held on [date]"),
        ("gw:hasRank", "[Person] holds the rank of [text]"),
        ("gw:worksFor", "the [government body] of [Person]"),
    ],
)
def test_a_phrase_is_accepted_in_either_order_and_with_wider_classes(
    tmp_path: Path, property_: str, phrase: str
) -> None:
    text = f'[] owl:imports <https://w3id.org/graphwright/ontology> .\n{property_} lex:phrase "{phrase}" .\n'
    load([write(tmp_path, text)])


# ---- what is refused ----


def test_broken_turtle_is_refused_with_its_line(tmp_path: Path) -> None:
    what, line, _ = refusal(tmp_path, ZOO + "ex:feeds rdfs:label ;\n  unknown:thing ex:Animal .\n")
    assert what.startswith("broken Turtle")
    assert line in ("10", "11")


@pytest.mark.parametrize(
    ("added", "what", "mend"),
    [
        ('ex:feeds lex:phrase "[Keeper] feeds [Anmial]" .', "unknown class 'Anmial'", "did you mean Animal?"),
        ('ex:feeds lex:phrase "[Keeper] feeds [Ministry]" .', "unknown class 'Ministry'", "declare it"),
        ('ex:feeds lex:phrase "[Keeper] feeds animals" .', "has 1 slots, not two", "two classes"),
        ('ex:feeds lex:phrase "[Keeper] and [Keeper] feed [Animal]" .', "has 3 slots, not two", "two classes"),
        ('ex:feeds lex:phrase "[Keeper] feeds [Animal" .', "has 1 slots, not two", "two classes"),
        ('ex:feeds lex:phrase "[Keeper] feeds [Keeper]" .', "both on one side", "domain"),
        ('ex:feeds lex:phrase "[Keeper] feeds on [date]" .', "date in the phrase", "domain"),
        ('ex:Rock a owl:Class . ex:feeds lex:phrase "[Rock] feeds [Animal]" .', "Rock in the phrase", "domain"),
        ('ex:feeds lex:pattern "[Keeper] -object-> animal" .', "has 1 slots, not two", "two classes"),
        ('ex:feeds lex:pattern "[Keeper] feeds [Animal]" .', "feeds [Animal]' of feeds", "arrows"),
        ('ex:feeds lex:pattern "[Keeper] <-subject- -object-> [Animal]" .', "-object-> [Animal]' of feeds", "arrows"),
        ('ex:Animal lex:phrase "[Keeper] feeds [Animal]" .', "stands on Animal, which is no known property", ""),
        ('ex:fedes lex:phrase "[Keeper] feeds [Animal]" .', "which is no known property", "did you mean feeds?"),
        ('ex:feeds lex:noun "feeding" .', "which is no known class", ""),
        ('ex:feeds lex:phrases "[Keeper] feeds [Animal]" .', "unknown annotation lex:phrases", "lex:phrase?"),
        ('ex:feeds lex:synonyms "feed" .', "two words or more", "commas"),
        ('lex:repotingVerbs lex:word "tweet" .', "unknown word list 'repotingVerbs'", "reportingVerbs?"),
    ],
)
def test_what_cannot_work_is_refused_with_its_line(tmp_path: Path, added: str, what: str, mend: str) -> None:
    found, line, cure = refusal(tmp_path, f"{ZOO}\n{added}\n")
    assert what in found
    assert mend in cure
    assert line == "11"


def test_a_class_below_itself_is_refused(tmp_path: Path) -> None:
    text = "ex:A rdfs:subClassOf ex:B .\nex:B rdfs:subClassOf ex:C .\nex:C rdfs:subClassOf ex:A .\n"
    what, line, _ = refusal(tmp_path, text)
    assert "A < B < C < A" in what
    assert line == "9"


@pytest.mark.parametrize(
    ("query", "what", "line"),
    [
        (f"# A rule\n{GW_PREFIX}CONSTRUCT {{ ?a gw:leads ?b }} WHERE {{ ?a gw:leads }}", "broken SPARQL", "3"),
        ("# A rule\nCONSTRUCT { ?a gw:leads ?b }\nWHERE { ?a gw:leads ?b }", "broken SPARQL", "2"),
        ("SELECT ?a WHERE { ?a ?b ?c }", "must be a CONSTRUCT query", "1"),
        (
            f"{GW_PREFIX}CONSTRUCT {{ ?a gw:leads ?b }}\nWHERE {{ ?a gw:metWith/^gw:leds ?b }}",
            "unknown term 'leds'",
            "3",
        ),
        (f"{GW_PREFIX}CONSTRUCT {{ ?a a gw:Persn }}\nWHERE {{ ?a gw:metWith ?b }}", "unknown term 'Persn'", "2"),
    ],
)
def test_a_broken_rule_is_refused_with_its_line(tmp_path: Path, query: str, what: str, line: str) -> None:
    found, where, _ = refusal(tmp_path, query, "broken.rq")
    assert what in found
    assert where == line


@pytest.mark.parametrize("name", ["missing.ttl", "notes.txt", "empty"])
def test_a_path_without_an_ontology_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "notes.txt").write_text("no ontology")
    (tmp_path / "empty").mkdir()
    with pytest.raises(OntologyError):
        load([tmp_path / name])


def test_a_file_that_is_not_utf_8_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "latin.ttl"
    path.write_bytes(b"# one\n# caf\xe9\n")
    with pytest.raises(OntologyError) as caught:
        load([path])
    assert caught.value.args[1] == f"{path}:2"
