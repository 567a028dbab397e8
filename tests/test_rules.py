"""Rules: what is concluded from the facts of one document, on what premises, and what never is.

Facts are written "Ana leads Navy"; what the words stand for is listed once, in THINGS.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphwright.errors import OntologyError
from graphwright.facts import CompiledRule, compile_rules
from graphwright.facts.confidence import calibration
from graphwright.facts.rules import compile_rule, conclude
from graphwright.model import Chain, Document, Fact, Modality, Value
from graphwright.ontology import GW, Ontology
from graphwright.ontology import load as load_ontology
from graphwright.ontology.terms import Rule
from graphwright.pipeline import extract
from graphwright.settings import Settings

THINGS = {
    "Person": "Ana Juri Mia Olev",
    "Country": "Chad Estonia Latvia",
    "Delegation": "Latvians Estonians Envoys",
    "MilitaryForce": "Navy",
    "InternationalOrganization": "Union",
    "GovernmentBody": "Senate",
    "Position": "minister",
    "City": "Riga",
    "Meeting": "talks summit",
    "Visit": "tour",
    "Attack": "raid",
    "Topic": "trade",
}
CHAINS = [
    Chain(word, GW + cls, word, ((10 * number, 10 * number + 5),), named=True)
    for number, (cls, word) in enumerate((cls, word) for cls, words in THINGS.items() for word in words.split())
]
SPANS = {chain.id: chain.mentions[0] for chain in CHAINS}


def fact(text: str, confidence: float = 0.9, **more: Any) -> Fact:
    """The fact that a line says. Its evidence reaches from its first mention to its last."""
    subject, prop, thing = text.split()
    one, other = SPANS[subject], SPANS[thing]
    evidence = (min(one[0], other[0]), max(one[1], other[1]))
    return Fact(subject, GW + prop, thing, evidence, one, other, confidence, "hand", **more)


def facts(text: str) -> list[Fact]:
    """The facts of lines, or of pieces between semicolons."""
    return [fact(line) for line in text.replace("\n", ";").split(";") if line.strip()]


def line(found: Fact) -> str:
    """A fact as it would be written."""
    return f"{found.subject} {found.property.removeprefix(GW)} {found.object}"


@pytest.fixture(scope="module")
def rules(ontology: Ontology) -> tuple[CompiledRule, ...]:
    return compile_rules(ontology)


MEETING = """
    Ana metWith Mia; Ana ofCountry Latvia; Mia ofCountry Estonia
    Latvians delegationOf Latvia; Estonians delegationOf Estonia
"""
GUEST = """
    Ana received Mia; Mia ofCountry Estonia; talks hasParticipant Ana
    talks hasParticipant Latvia; talks hasParticipant Estonia;
"""
DELEGATE = "Ana leads Latvians; Latvians delegationOf Latvia; Ana holdsPosition minister;"

CONCLUDED = [
    ("the head of a body works for it", "Ana leads Navy", "Ana worksFor Navy"),
    ("the head of a country is not its employee", "Ana leads Latvia", ""),
    ("a host takes part", "talks hostedBy Latvia", "talks hasParticipant Latvia"),
    ("a visitor visits", "tour hasParticipant Ana; tour heldIn Riga", "Ana visited Riga"),
    ("a host does not travel", "tour hasParticipant Ana; tour hostedBy Ana; tour heldIn Riga", ""),
    ("a part is part of the whole", "talks partOf summit; talks hasParticipant Ana", "summit hasParticipant Ana"),
    ("a meeting is no visit", "talks hasParticipant Ana; talks heldIn Riga", ""),
    ("a citizen is on the side of a country", "Ana nationality Latvia", "Ana ofCountry Latvia"),
    ("so is who works for it", "Ana worksFor Latvia", "Ana ofCountry Latvia"),
    ("or for one of its bodies", "Ana worksFor Navy; Navy ofCountry Latvia", "Ana ofCountry Latvia"),
    ("but not who works for another body", "Ana worksFor Union; Navy ofCountry Latvia", ""),
    ("a host of a delegation hosts its leader", "Ana received Estonians; Mia leads Estonians", "Ana received Mia"),
    ("a leader works for the body", "Ana leads Envoys; Envoys delegationOf Union", "Ana worksFor Union"),
    ("a leader with a post works for the country", DELEGATE, "Ana worksFor Latvia; Ana ofCountry Latvia"),
    ("a leader without a post may not", "Ana leads Latvians; Latvians delegationOf Latvia", ""),
    ("nor one who works elsewhere", f"{DELEGATE} Ana worksFor Navy", ""),
    ("nor one who leads what he or she works for", f"{DELEGATE} Ana leads Navy", "Ana worksFor Navy"),
    ("what a participant discussed", "Ana discussed trade; talks hasParticipant Ana", "talks hasTopic trade"),
    ("at one of two meetings", "Ana discussed trade; talks hasParticipant Ana; summit hasParticipant Ana", ""),
    ("on a visit", "Ana discussed trade; tour hasParticipant Ana", ""),
    ("by somebody else", "Ana discussed trade; talks hasParticipant Mia", ""),
    ("the host of a guest is on the other side", GUEST, "Ana ofCountry Latvia"),
    ("unless three sides met", f"{GUEST} talks hasParticipant Chad", ""),
    ("unless the side of the host is known", f"{GUEST} Ana ofCountry Chad", ""),
    ("unless it follows from the post", f"{GUEST} Ana worksFor Chad", "Ana ofCountry Chad"),
    ("unless two sides are one", "Ana received Mia; Mia ofCountry Estonia; talks hasParticipant Estonia", ""),
    ("principals lead delegations", MEETING, "Ana leads Latvians; Mia leads Estonians"),
    ("principals who hosted", MEETING.replace("metWith", "received"), "Ana leads Latvians; Mia leads Estonians"),
    ("one is known to lead", f"{MEETING}; Ana leads Latvians", "Mia leads Estonians"),
    ("another leads here", f"{MEETING}; Juri leads Latvians", ""),
    ("another leads there", f"{MEETING}; Juri leads Estonians", ""),
    ("a third person here", f"{MEETING}; Juri ofCountry Latvia; Juri metWith Mia", ""),
    ("a third person there", f"{MEETING}; Juri ofCountry Estonia; Ana metWith Juri", ""),
    ("a third person elsewhere", f"{MEETING}; Juri ofCountry Latvia", "Ana leads Latvians; Mia leads Estonians"),
    ("principals of one country", MEETING.replace("Mia ofCountry Estonia", "Mia ofCountry Latvia"), ""),
    ("principals who did not meet", MEETING.replace("Ana metWith Mia", "Ana metWith Olev"), ""),
    ("a meeting with one delegation", MEETING.replace("Estonians delegationOf Estonia", ""), ""),
    ("a principal of no side", MEETING.replace("Mia ofCountry Estonia", ""), ""),
    ("an attack that is condemned", "Ana condemned raid; raid hasParticipant Navy", "Ana criticises Navy"),
    ("nobody criticises himself", "Navy condemned raid; raid hasParticipant Navy", ""),
    (
        "the side of the host is found before the leaders",
        f"{GUEST} Latvians delegationOf Latvia; Estonians delegationOf Estonia; Mia holdsPosition minister",
        "Ana ofCountry Latvia; Ana leads Latvians; Mia leads Estonians; Mia worksFor Estonia",
    ),
]


@pytest.mark.parametrize(("given", "expected"), [row[1:] for row in CONCLUDED], ids=[row[0] for row in CONCLUDED])
def test_what_is_concluded(given: str, expected: str, rules: Sequence[CompiledRule], ontology: Ontology) -> None:
    found = [line(one) for one in conclude(facts(given), CHAINS, rules, ontology)]
    assert sorted(found) == sorted(line(one) for one in facts(expected))


def test_every_rule_is_specified(rules: Sequence[CompiledRule], ontology: Ontology) -> None:
    """Each rule of the default ontology concludes something in the cases above."""
    used = {one.pattern for row in CONCLUDED for one in conclude(facts(row[1]), CHAINS, rules, ontology)}
    assert used == {rule.rule.name for rule in rules}


# ------------------------------------------------------------------------------------------- what a conclusion carries


def test_a_conclusion_names_its_rule_and_rests_on_its_premises(rules: Any, ontology: Ontology) -> None:
    """It is less sure than its weakest premise, and its evidence reaches over all of them."""
    one, other = fact("tour hasParticipant Ana", 0.8), fact("tour heldIn Riga", 0.6)
    (found,) = conclude([fact("Mia visited Riga"), one, other], CHAINS, rules, ontology)
    assert line(found) == "Ana visited Riga"
    assert (found.extractor, found.pattern) == ("rule", "visitors-visit")
    assert set(found.premises) == {one, other}
    assert found.confidence == calibration().concluded([0.8, 0.6])
    assert found.evidence == (SPANS["Ana"][0], SPANS["tour"][1])
    assert (found.subject_span, found.object_span) == (SPANS["Ana"], SPANS["Riga"])
    assert found.asserted


def test_a_conclusion_may_be_a_premise(rules: Any, ontology: Ontology) -> None:
    """The host takes part, and so what the host discussed is a topic: each step is less sure."""
    given = [fact("talks hostedBy Ana", 0.8), fact("Ana discussed trade", 0.9)]
    found = {line(one): one for one in conclude(given, CHAINS, rules, ontology)}
    takes_part, topic = found["talks hasParticipant Ana"], found["talks hasTopic trade"]
    assert set(topic.premises) == {takes_part, given[1]}
    assert takes_part.confidence == calibration().concluded([0.8])
    assert topic.confidence == calibration().concluded([takes_part.confidence, 0.9])


def test_a_more_special_fact_is_a_premise_of_the_general_one(rules: Any, ontology: Ontology) -> None:
    """Who received somebody met with them, from either side."""
    given = facts(MEETING.replace("Ana metWith", "Ana received"))
    for found in conclude(given, CHAINS, rules, ontology):
        assert given[0] in found.premises


def test_a_value_is_carried_from_premise_to_conclusion(ontology: Ontology) -> None:
    day = Value("2016-06-14", "http://www.w3.org/2001/XMLSchema#date")
    held = Fact("talks", GW + "heldOn", day, (0, 200), SPANS["talks"], (190, 200), 0.9, "hand")
    rule = user_rule("CONSTRUCT { ?part gw:heldOn ?day } WHERE { ?part gw:partOf ?whole . ?whole gw:heldOn ?day }")
    (found,) = conclude([held, fact("summit partOf talks")], CHAINS, [rule], ontology)
    assert (found.subject, found.object, found.object_span) == ("summit", day, (190, 200))


# ---------------------------------------------------------------------------------------------- what is not asserted


def test_what_is_negated_is_no_premise(rules: Any, ontology: Ontology) -> None:
    assert conclude([fact("Ana leads Navy", modality="negated")], CHAINS, rules, ontology) == []


@pytest.mark.parametrize("modality", ["planned", "possible"])
@pytest.mark.parametrize("speaker", [None, "Mia"])
def test_what_follows_is_said_as_what_it_follows_from(
    modality: Modality, speaker: str | None, rules: Any, ontology: Ontology
) -> None:
    premise = fact("Ana leads Navy", modality=modality, attributed_to=speaker)
    (found,) = conclude([premise], CHAINS, rules, ontology)
    assert (found.property, found.modality, found.attributed_to) == (GW + "worksFor", modality, speaker)


def test_what_follows_from_a_plan_and_from_what_is_so_is_planned(rules: Any, ontology: Ontology) -> None:
    given = [fact("tour hasParticipant Ana"), fact("tour heldIn Riga", modality="planned")]
    assert {found.modality for found in conclude(given, CHAINS, rules, ontology)} == {"planned"}


def test_what_is_said_in_two_ways_is_not_put_together(rules: Any, ontology: Ontology) -> None:
    given = [fact("tour hasParticipant Ana", attributed_to="Mia"), fact("tour heldIn Riga", modality="planned")]
    assert conclude(given, CHAINS, rules, ontology) == []


def test_what_two_people_say_is_not_put_together(ontology: Ontology) -> None:
    rule = user_rule("CONSTRUCT { ?a gw:metWith ?b } WHERE { ?e gw:hasParticipant ?a , ?b }")
    given = [
        fact("talks hasParticipant Ana", attributed_to="Mia"),
        fact("talks hasParticipant Mia", attributed_to="Ana"),
    ]
    assert conclude(given, CHAINS, [rule], ontology) == []


def test_what_the_text_denies_is_not_concluded(rules: Any, ontology: Ontology) -> None:
    given = [fact("Ana leads Navy"), fact("Ana worksFor Navy", modality="negated")]
    assert conclude(given, CHAINS, rules, ontology) == []


def test_what_is_known_is_not_concluded_again(rules: Any, ontology: Ontology) -> None:
    assert conclude(facts("Ana leads Navy; Ana worksFor Navy"), CHAINS, rules, ontology) == []


def test_without_rules_nothing_is_concluded(ontology: Ontology) -> None:
    assert conclude(facts(MEETING), CHAINS, [], ontology) == []


# ---------------------------------------------------------------------------------------------------------------- laws

CLASSES = {word: GW + cls for cls, words in THINGS.items() for word in words.split()}


def possible_facts() -> list[Fact]:
    """All facts that may be said of a few things."""
    ontology = load_ontology(())
    words = [word for words in THINGS.values() for word in words.split() if word not in {"Olev", "Chad", "Senate"}]
    names = "leads worksFor ofCountry metWith received delegationOf holdsPosition hasParticipant hostedBy discussed"
    return [
        fact(f"{one} {name} {other}")
        for name in (*names.split(), "heldIn", "nationality")
        for one in words
        for other in words
        if one != other
        and ontology.fits(CLASSES[one], ontology.properties[GW + name].domain)
        and ontology.fits(CLASSES[other], ontology.properties[GW + name].range)
    ]


POSSIBLE = possible_facts()
some_facts = st.lists(st.sampled_from(POSSIBLE), max_size=14, unique_by=lambda one: one.key)


@given(given=some_facts, shuffler=st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_the_order_of_facts_does_not_matter(given: Any, shuffler: random.Random, rules: Any, ontology: Any) -> None:
    shuffled = list(given)
    shuffler.shuffle(shuffled)
    found = conclude(given, CHAINS, rules, ontology)
    assert set(found) == set(conclude(shuffled, CHAINS[::-1], rules, ontology))


@given(given=some_facts)
@settings(max_examples=60, deadline=None)
def test_every_conclusion_rests_on_what_is_known(given: Any, rules: Any, ontology: Any) -> None:
    """Its premises are facts or earlier conclusions, it is less sure than they, fits its property, and is new."""
    known = list(given)
    for one in conclude(given, CHAINS, rules, ontology):
        assert one.premises
        assert set(one.premises) <= set(known)
        assert one.confidence < min(premise.confidence for premise in one.premises)
        assert line(one) not in {line(other) for other in known}
        assert one.subject != one.object
        assert ontology.fits(CLASSES[one.subject], ontology.properties[one.property].domain)
        assert ontology.fits(CLASSES[str(one.object)], ontology.properties[one.property].range)
        known.append(one)
    assert conclude(known, CHAINS, rules, ontology) == []


# ----------------------------------------------------------------------------------------------------- rules of a user

PREFIX = f"PREFIX gw: <{GW}>\n"


def user_rule(query: str) -> CompiledRule:
    return compile_rule(Rule("mine", "https://example.org/mine", "mine", "", PREFIX + query, "mine.rq", 2))


@pytest.mark.parametrize(
    "query",
    [
        "CONSTRUCT { ?a gw:worksFor ?b } WHERE { ?a gw:leads ?b }",
        "construct { ?a gw:worksFor ?b } where { ?a gw:leads ?b . }",
        "CONSTRUCT{?a gw:worksFor ?b}\nWHERE{?a gw:leads ?b}",
        "CONSTRUCT { ?a gw:worksFor ?b . } WHERE { ?b ^gw:leads ?a . ?a gw:leads ?b }",
        "CONSTRUCT { ?a gw:worksFor ?b } WHERE { ?a gw:leads ?b OPTIONAL { ?a gw:metWith ?c } }",
        "CONSTRUCT { ?a gw:worksFor ?b } WHERE { { ?a gw:leads ?b } UNION { ?a gw:represents ?b } }",
        "CONSTRUCT { ?a gw:worksFor ?b } WHERE { ?a gw:leads ?b MINUS { ?a gw:metWith ?c } }",
        "CONSTRUCT { ?a gw:worksFor ?b } WHERE { ?a gw:leads ?b ; <http://www.w3.org/2000/01/rdf-schema#label> 'Ana' }",
        "CONSTRUCT { ?a gw:worksFor ?b } WHERE { ?a gw:leads ?b FILTER NOT EXISTS { ?a a gw:City ; gw:metWith ?c } }",
        "CONSTRUCT { ?a gw:worksFor ?b } WHERE { ?a gw:leads ?b FILTER EXISTS { ?a a gw:Person . ?b a gw:Agent } }",
        "CONSTRUCT { ?a gw:worksFor ?b } WHERE { ?a gw:leads ?b ; a ?c FILTER (?c = gw:Agent) }",
        "CONSTRUCT { ?a gw:worksFor ?b } WHERE { ?a gw:leads ?b { SELECT ?b { ?b a gw:MilitaryForce } } }",
        "CONSTRUCT { ?a gw:worksFor ?b } WHERE { ?a gw:leads ?b FILTER EXISTS { ?b a/a* gw:MilitaryForce } }",
        "CONSTRUCT { ?a gw:worksFor ?b # } who leads\n} WHERE { ?a gw:leads ?b }",
        "# What we construct { from } it\nCONSTRUCT { ?a gw:worksFor ?b } WHERE { ?a gw:leads ?b }",
        "PREFIX ex: <https://example.org/construction#>\nCONSTRUCT { ?a gw:worksFor ?b } WHERE { ?a gw:leads ?b }",
    ],
)
def test_a_rule_may_be_written_in_any_way_of_sparql(query: str, ontology: Ontology) -> None:
    given = fact("Ana leads Navy")
    (found,) = conclude([given], CHAINS, [user_rule(query)], ontology)
    assert (line(found), found.premises) == ("Ana worksFor Navy", (given,))


@pytest.mark.parametrize(
    ("where", "properties", "classes"),
    [
        ("?a gw:leads ?b", {"leads"}, set()),
        ("?a gw:leads ?b . ?b a gw:Navy OPTIONAL { ?a gw:metWith ?c }", {"leads", "metWith", "type"}, {"Navy"}),
        ("?a gw:leads ?b MINUS { ?a gw:metWith [ a gw:City ] }", {"leads", "metWith", "type"}, {"City"}),
        (
            "?a gw:leads ?b FILTER NOT EXISTS { ?a gw:metWith ?c ; a gw:Agent . OPTIONAL { ?c a gw:City } }",
            {"leads", "metWith", "type"},
            {"Agent", "City"},
        ),
        ("?a gw:leads ?b FILTER (?a = gw:x || EXISTS { ?b gw:metWith ?a })", {"leads", "metWith"}, set()),
        ("?a gw:leads ?b ; a ?c", {"leads", "type"}, None),
        ("?a gw:leads ?b ; ?p ?c", None, None),
        ("?a gw:leads ?b FILTER NOT EXISTS { ?a ?p gw:x }", None, None),
        ("?a gw:leads ?b FILTER NOT EXISTS { ?a gw:metWith+ ?b }", None, None),
        ("?a gw:leads|gw:metWith ?b", None, None),
    ],
)
def test_it_is_known_what_a_rule_looks_at(where: str, properties: set[str] | None, classes: set[str] | None) -> None:
    """Anywhere in it; what it might ask of any property or class is told as such (None)."""
    rule = user_rule(f"CONSTRUCT {{ ?a gw:worksFor ?b }} WHERE {{ {where} }}")

    def names(iris: frozenset[str] | None) -> set[str] | None:
        return None if iris is None else {iri.rpartition("#")[2] for iri in iris}

    assert (names(rule.reads), names(rule.classes)) == (properties, classes)


def test_a_rule_may_speak_of_a_certain_value(ontology: Ontology) -> None:
    """A value written in the WHERE clause leads to its fact as a variable does."""
    text = "http://www.w3.org/2001/XMLSchema#string"
    given = Fact("Ana", GW + "hasRank", Value("Admiral", text), (0, 30), SPANS["Ana"], (20, 25), 0.9, "hand")
    rule = user_rule("CONSTRUCT { ?a gw:worksFor ?b } WHERE { ?a gw:hasRank 'Admiral' . ?b a gw:MilitaryForce }")
    (found,) = conclude([given], CHAINS, [rule], ontology)
    assert (line(found), found.premises) == ("Ana worksFor Navy", (given,))


def test_a_rule_may_conclude_a_certain_value(ontology: Ontology) -> None:
    rule = user_rule("CONSTRUCT { ?a gw:hasRank 'Admiral' } WHERE { ?a gw:leads ?b . ?b a gw:MilitaryForce }")
    (found,) = conclude(facts("Ana leads Navy; Mia leads Senate"), CHAINS, [rule], ontology)
    assert (found.subject, found.object) == ("Ana", Value("Admiral", "http://www.w3.org/2001/XMLSchema#string"))


@pytest.mark.parametrize("query", ["SELECT * WHERE { ?a gw:leads ?b }", "ASK { ?a gw:leads ?b }"])
def test_what_is_no_construct_query_is_refused(query: str) -> None:
    with pytest.raises(OntologyError) as caught:
        user_rule(query)
    assert caught.value.args[1] == "mine.rq:2"
    assert "CONSTRUCT" in caught.value.args[2]


OFFICE = """
@prefix ex: <https://example.org/office#> . @prefix lex: <https://w3id.org/graphwright/lex#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
ex:Worker a owl:Class ; lex:entityLabel "PERSON" .
ex:employs a owl:ObjectProperty ; rdfs:domain ex:Worker ; rdfs:range ex:Worker ;
    lex:phrase "[Worker] employs [Worker]" .
ex:oversees a owl:ObjectProperty ; rdfs:domain ex:Worker ; rdfs:range ex:Worker .
"""
RULE = """# Who employs an employer oversees the team
PREFIX ex: <https://example.org/office#>
CONSTRUCT { ?boss ex:oversees ?worker }
WHERE { ?boss ex:employs ?middle . ?middle ex:employs ?worker }
"""


def test_a_rule_of_ones_own_works_on_an_ontology_of_ones_own(tmp_path: Path) -> None:
    """A folder with a Turtle file and a rule is all that it takes."""
    (tmp_path / "office.ttl").write_text(OFFICE)
    (tmp_path / "oversight.rq").write_text(RULE)
    text = "Major Mia Rand employed General Olev Saar.\n\nColonel Ana Kos was employed by General Olev Saar."
    (found,) = extract([Document("d", text)], Settings(ontology=(str(tmp_path),)))
    names = {chain.id: chain.name for chain in found.chains}
    told = {(names[one.subject], one.property, names[str(one.object)]): one for one in found.facts}
    assert set(told) == {
        ("Mia Rand", "https://example.org/office#employs", "Olev Saar"),
        ("Olev Saar", "https://example.org/office#employs", "Ana Kos"),
        ("Mia Rand", "https://example.org/office#oversees", "Ana Kos"),
    }
    concluded = told["Mia Rand", "https://example.org/office#oversees", "Ana Kos"]
    assert concluded.pattern == "oversight"
    assert text[slice(*concluded.evidence)] == text
    assert {line(premise) for premise in concluded.premises} == {
        line(one) for one in told.values() if one is not concluded
    }


@pytest.mark.parametrize(
    ("broken", "row"),
    [
        (RULE.replace("CONSTRUCT { ?boss ex:oversees ?worker }", "SELECT *"), 2),
        (RULE.replace("?worker }\n", "?worker\n"), 4),
        (RULE.replace("PREFIX ex: <https://example.org/office#>\n", ""), 2),
        (RULE.replace("ex:oversees", "ex:overseas"), 3),
    ],
    ids=["no CONSTRUCT", "a missing brace", "a missing prefix", "an unknown property"],
)
def test_a_broken_rule_is_told_with_its_file_and_line(broken: str, row: int, tmp_path: Path) -> None:
    (tmp_path / "office.ttl").write_text(OFFICE)
    (tmp_path / "oversight.rq").write_text(broken)
    with pytest.raises(OntologyError) as caught:
        next(extract([Document("d", "Mia Rand employs Olev Saar.")], Settings(ontology=(str(tmp_path),))))
    assert caught.value.args[1] == f"{tmp_path / 'oversight.rq'}:{row}"
    assert caught.value.args[2]
