"""The corpus of identity across documents is sound."""

from __future__ import annotations

import json
import re
from collections import Counter
from functools import lru_cache
from pathlib import Path

import pytest

from graphwright.evaluation import load_gold
from graphwright.ontology import Ontology

TOP = Path(__file__).parents[1]
FOLDER = TOP / "benchmarks" / "identity"
ARTICLES = TOP / "benchmarks" / "gold" / "articles.jsonl"

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
