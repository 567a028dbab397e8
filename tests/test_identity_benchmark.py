"""The corpus of identity across documents is sound, and its scorer counts as the literature does."""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from functools import lru_cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphwright.evaluation import from_record, load_gold, matching_rules
from graphwright.evaluation.coreference import b_cubed as b_cubed_of_chains
from graphwright.model import Chain
from graphwright.ontology import Ontology

TOP = Path(__file__).parents[1]
FOLDER = TOP / "benchmarks" / "identity"
ARTICLES = TOP / "benchmarks" / "gold" / "articles.jsonl"
sys.path.insert(0, str(FOLDER))

import score  # noqa: E402

ORGANISATIONS = ("Organization", "GovernmentBody", "MilitaryForce", "InternationalOrganization", "PoliticalParty")
KINDS = {  # what the first half of a cluster's identifier says, and the classes that it has in the texts
    "person": ("Person",),
    "organization": (*ORGANISATIONS, "ArmedGroup", "Company", "MediaOutlet", "EducationalInstitution"),
    "place": ("Place", "Country", "Region", "City", "Facility", "NaturalFeature"),
    "event": ("Event", "Meeting", "Exercise", "Operation"),
    "agreement": ("Agreement",),
    "equipment": ("Equipment",),
}
CLUSTER = re.compile(rf"({'|'.join(KINDS)})/[a-z0-9]+(-[a-z0-9]+)*")


def table(name: str) -> list[dict[str, str]]:
    """The rows of a table of the corpus."""
    header, *rows = (FOLDER / name).read_text(encoding="utf-8").splitlines()
    return [dict(zip(header.split("\t"), row.split("\t"), strict=True)) for row in rows]


@lru_cache
def texts() -> list[dict]:
    """The records of the texts."""
    return [json.loads(line) for line in (FOLDER / "texts.jsonl").read_text(encoding="utf-8").splitlines()]


def things() -> list[tuple[dict, dict]]:
    """Each text with each of its entities."""
    return [(text, entity) for text in texts() for entity in text["entities"]]


def clusters() -> set[str]:
    """The identifiers of all things."""
    return {entity["cluster"] for _, entity in things()} | {row["cluster"] for row in table("clusters.tsv")}


def test_there_are_sixty_short_texts():
    """They are read as gold: spans lie in the text, and no two entities have one id."""
    assert len(load_gold(FOLDER / "texts.jsonl")) == 60
    assert [text["id"] for text in texts()] == [f"identity-{number:02}" for number in range(1, 61)]
    assert {text["licence"] for text in texts()} == {"CC0 1.0"}
    assert [text["id"] for text in texts() if not 40 <= len(text["text"].split()) <= 120] == []


def test_a_mention_is_made_of_whole_words():
    """An offset that is off by one would cut a word."""
    wrong = []
    for text, entity in things():
        for start, end in entity["mentions"]:
            before, inside, after = text["text"][:start], text["text"][start:end], text["text"][end:]
            if re.search(r"\w$", before) or re.match(r"\w", after) or inside != inside.strip():
                wrong.append((text["id"], inside))
    assert wrong == []


def test_a_name_stands_in_the_text():
    """Capitals of datelines aside, the name of an entity is one of its mentions."""
    wrong = [
        (text["id"], entity["name"])
        for text, entity in things()
        if entity["name"].casefold() not in {text["text"][s:e].casefold() for s, e in entity["mentions"]}
    ]
    assert wrong == []


def test_every_cluster_has_a_well_formed_identifier():
    """It is a kind and a readable name."""
    assert [cluster for cluster in clusters() if not CLUSTER.fullmatch(cluster)] == []


def test_a_thing_has_one_class_that_the_ontology_knows_and_stands_once_in_a_text(ontology: Ontology):
    """So the corpus does not contradict itself."""
    classes: dict[str, set[str]] = {}
    for _, entity in things():
        classes.setdefault(entity["cluster"], set()).add(entity["class"])
    assert [(cluster, found) for cluster, found in classes.items() if len(found) > 1] == []
    assert [cls for found in classes.values() for cls in found if ontology.class_named(cls) is None] == []
    assert [c for c, found in classes.items() if not found <= set(KINDS[c.split("/")[0]])] == []
    counts = Counter((text["id"], entity["cluster"]) for text, entity in things())
    assert [key for key, count in counts.items() if count > 1] == []


def test_the_table_speaks_of_entities_of_the_articles():
    """Name and class of its rows are those of the articles; further rows are about documents that are not here."""
    known = {
        (gold.document.id, entity.id): (entity.name, entity.cls)
        for gold in load_gold(ARTICLES)
        for entity in gold.entities
    }
    articles = {document for document, _ in known}
    rows = table("clusters.tsv")
    here = [row for row in rows if row["document"] in articles]
    assert {row["document"] for row in here} == articles
    assert [row for row in here if known.get((row["document"], row["entity"])) != (row["name"], row["class"])] == []
    assert len({(row["document"], row["entity"]) for row in rows}) == len(rows)
    assert {row["class"] for row in rows} & {"Position", "Topic"} == set()


def test_namesakes_are_pairs_of_things_of_the_corpus():
    """Each pair stands once, in order, with a reason."""
    pairs = [(row["cluster"], row["other"]) for row in table("namesakes.tsv")]
    assert len(pairs) > 100
    assert pairs == sorted(set(pairs))
    assert [pair for pair in pairs if pair[0] >= pair[1]] == []
    assert {cluster for pair in pairs for cluster in pair} - clusters() == set()
    assert all(row["why"] for row in table("namesakes.tsv"))


@pytest.mark.parametrize("kind", ["person", "organization", "place", "event"])
def test_things_of_each_kind_come_back_under_other_names(kind: str):
    """Identity is more than equal names."""
    names: dict[str, set[str]] = {}
    for cluster, name in [(entity["cluster"], entity["name"]) for _, entity in things()] + [
        (row["cluster"], row["name"]) for row in table("clusters.tsv")
    ]:
        if cluster.startswith(kind + "/"):
            names.setdefault(cluster, set()).add(name)
    assert any(len(found) > 1 for found in names.values())


def clustering(*clusters: str) -> dict[str, int]:
    """The number of the cluster of each item, where items are letters: "ab c" are two clusters."""
    return {item: number for number, cluster in enumerate(clusters) for item in cluster}


BAGGA = clustering("12345", "67", "89abc")
"""Bagga and Baldwin 1998: twelve mentions of three things."""


@pytest.mark.parametrize(
    ("found", "precision"),
    [
        # (5 · 5/5 + 2 · 2/7 + 5 · 5/7) / 12
        (clustering("12345", "6789abc"), 16 / 21),
        # (5 · 5/10 + 5 · 5/10 + 2 · 2/2) / 12
        (clustering("1234589abc", "67"), 7 / 12),
    ],
)
def test_b_cubed_has_its_published_figures(found: dict[str, int], precision: float):
    """It is worse to join two large clusters than a large and a small one: 76 % and 58 %."""
    figures = score.b_cubed(BAGGA, found, list(BAGGA))
    assert (figures.precision, figures.recall) == (pytest.approx(precision), 1.0)


def test_a_thing_in_pieces_costs_recall():
    """One of three is apart: the two have 2/3 of their thing each, the third 1/3."""
    figures = score.b_cubed(clustering("abc"), clustering("ab", "c"), "abc")
    assert (figures.precision, figures.recall) == (1.0, pytest.approx(5 / 9))
    assert figures.f1 == pytest.approx(5 / 7)


def test_only_the_counted_count_but_in_whole_clusters():
    """What is joined with a thing that comes back costs precision also where it is not counted itself."""
    gold, found = clustering("ab", "c"), clustering("abc")
    assert score.recurring(gold) == {"a", "b"}
    assert score.b_cubed(gold, found, score.recurring(gold)).precision == pytest.approx(2 / 3)


def test_what_was_missed_is_by_itself():
    """Two that were missed are not together."""
    gold = clustering("abc")
    figures = score.b_cubed(gold, score.with_missed(gold, {"a": 1}), list(gold))
    assert (figures.precision, figures.recall) == (1.0, pytest.approx(1 / 3))


numbers = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=12)


@given(numbers)
def test_b_cubed_is_that_of_coreference(pairs: list[tuple[int, int]]):
    """Counted item by item or chain by chain, it is one measure."""
    gold = {item: one for item, (one, _) in enumerate(pairs)}
    found = {item: other for item, (_, other) in enumerate(pairs)}
    counts = b_cubed_of_chains(
        [frozenset(items) for items in score.members(gold).values()],
        [frozenset(items) for items in score.members(found).values()],
    )
    figures = score.b_cubed(gold, found, list(gold))
    assert (figures.precision, figures.recall) == (pytest.approx(counts.precision), pytest.approx(counts.recall))


def test_namesakes_are_merged_where_any_two_occurrences_are():
    """One document that takes the son for the father is enough."""
    gold = {"1": "father", "2": "son", "3": "father", "4": "aunt"}
    found = {"1": "x", "2": "y", "3": "y", "4": "z"}
    assert score.merged(gold, found, [("father", "son"), ("aunt", "son")]) == [("father", "son")]


def test_errors_are_shown_by_their_parts():
    """What is one and should be two, and with the arguments changed what is two and should be one."""
    gold, found = {"1": "father", "2": "father", "3": "son"}, {"1": "x", "2": "y", "3": "y"}
    assert list(score.wrongly_one(gold, found)) == [{"father": {"2"}, "son": {"3"}}]
    assert list(score.wrongly_one(found, gold)) == [{"x": {"1"}, "y": {"2"}}]


FATHER_AND_SON = "Gen. Benkő met Ms Ray and Lt. Benkő, his son, on Friday. They spoke."
"""The son is named at 30, and "They" at 57 are both."""


def read_as(ontology: Ontology, *chains: tuple[tuple[int, int], ...]) -> score.Matched:
    """What of the text is found where a system has persons with these mentions; they are i0, i1 and so on."""
    gold = from_record(
        {
            "id": "d",
            "text": FATHER_AND_SON,
            "entities": [
                {"id": "father", "class": "Person", "name": "Benkő", "mentions": [[5, 10], [57, 61]]},
                {"id": "ray", "class": "Person", "name": "Ray", "mentions": [[18, 21]]},
                {"id": "son", "class": "Person", "name": "Benkő", "mentions": [[30, 35], [57, 61]]},
            ],
            "facts": [],
        }
    )
    person = ontology.class_named("Person")
    assert person is not None
    system = {
        ("d", Chain(f"c{number}", person.iri, "Benkő", mentions, named=True)): f"i{number}"
        for number, mentions in enumerate(chains)
    }
    return score.matched([gold], system, ontology, matching_rules(ontology))


def test_things_are_found_where_mentions_overlap(ontology: Ontology):
    """The system need not find the same offsets; what it does not find has no IRI."""
    assert read_as(ontology, ((0, 10),)) == score.Matched({("d", "father"): "i0"}, {})


def test_a_thing_taken_for_another_of_its_document_is_swallowed(ontology: Ontology):
    """It is not found, for the chain stands for the other; but the two were merged, which must not be overlooked."""
    found = read_as(ontology, ((5, 10), (18, 21), (30, 35)))
    assert list(found.found.values()) == ["i0"]
    assert len(found.swallowed) == 2
    assert set(found.swallowed.values()) == {"i0"}


def test_a_word_for_both_swallows_neither(ontology: Ontology):
    """A chain that has only "They" in common with the son does not name him."""
    assert read_as(ontology, ((5, 10), (57, 61))) == score.Matched({("d", "father"): "i0"}, {})


def test_every_annotated_thing_has_its_cluster():
    """The scorer counts those of the texts and of the articles, and leaves out documents that are not here."""
    found = score.annotated([ARTICLES])
    assert len(found) == len(things()) + sum(row["document"].startswith("article-") for row in table("clusters.tsv"))
    assert set(found.values()) <= clusters()
