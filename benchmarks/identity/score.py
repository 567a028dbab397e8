"""How well things are told apart and put together across documents, by B³.

    python benchmarks/identity/score.py [--gold FILE…] [--errors]

Builds one graph's entities from the texts beside this file and the gold files (by default the articles), and compares
them with the clusters annotated there. `--errors` lists what is wrongly one and what is wrongly several.
benchmarks/README.md tells what the corpus is.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
from typing import TypeVar

from graphwright import Document, Settings
from graphwright.entities import resolve
from graphwright.evaluation import GoldDocument, GoldEntity, load_gold, matching_rules
from graphwright.evaluation.matching import Rules, align, overlap
from graphwright.model import Chain, Span
from graphwright.ontology import Ontology
from graphwright.pipeline import extract, reader

FOLDER = Path(__file__).parent
TEXTS = FOLDER / "texts.jsonl"
ARTICLES = FOLDER.parent / "gold" / "articles.jsonl"

Thing = TypeVar("Thing", bound=Hashable)
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True, order=True)
class Occurrence:
    """A thing in a document: the id of the annotated entity there, and its name."""

    document: str
    entity: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class BCubed:
    """Precision and recall, in [0, 1]."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def b_cubed(gold: Mapping[Thing, Hashable], found: Mapping[Thing, Hashable], counted: Collection[Thing]) -> BCubed:
    """Score clusters by B³ (Bagga and Baldwin 1998, "Entity-Based Cross-Document Coreferencing Using the Vector Space
    Model").

    Both mappings tell the cluster of each of the same items. The precision of an item is the share of its found cluster
    that belongs with it, its recall the share of its gold cluster that it was found with; the figures are the means
    over the items ``counted``, of which there is at least one.

    >>> b_cubed({1: "a", 2: "a", 3: "b"}, {1: "x", 2: "x", 3: "x"}, [1, 2, 3]).recall
    1.0
    """
    wanted, made = members(gold), members(found)
    common = {item: len(wanted[gold[item]] & made[found[item]]) for item in counted}
    return BCubed(
        mean(count / len(made[found[item]]) for item, count in common.items()),
        mean(count / len(wanted[gold[item]]) for item, count in common.items()),
    )


def members(clusters: Mapping[Thing, Key]) -> dict[Key, set[Thing]]:
    """The items of each cluster."""
    found: dict[Key, set[Thing]] = defaultdict(set)
    for item, cluster in clusters.items():
        found[cluster].add(item)
    return dict(found)


def recurring(clusters: Mapping[Thing, Hashable]) -> set[Thing]:
    """The items of clusters with two or more."""
    return {item for items in members(clusters).values() if len(items) > 1 for item in items}


def with_missed(gold: Mapping[Thing, Hashable], found: Mapping[Thing, Hashable]) -> dict[Thing, Hashable]:
    """What was found, and each item that was not as a cluster of its own."""
    return {item: found.get(item, ("missed", item)) for item in gold}


def merged(
    gold: Mapping[Thing, str], found: Mapping[Thing, Hashable], namesakes: Collection[tuple[str, str]]
) -> list[tuple[str, str]]:
    """The pairs of namesakes of which an item of the one is in one found cluster with an item of the other."""
    made: dict[str, set[Hashable]] = defaultdict(set)
    for item, cluster in found.items():
        made[gold[item]].add(cluster)
    return [(one, other) for one, other in namesakes if made[one] & made[other]]


def wrongly_one(gold: Mapping[Thing, Key], found: Mapping[Thing, Hashable]) -> Iterator[dict[Key, set[Thing]]]:
    """Each found cluster that holds several things, divided into these."""
    for items in members(found).values():
        parts = members({item: gold[item] for item in items})
        if len(parts) > 1:
            yield parts


def read_table(name: str) -> list[list[str]]:
    """The rows of a table of the corpus, without its header."""
    return [line.split("\t") for line in (FOLDER / name).read_text(encoding="utf-8").splitlines()[1:]]


def annotated(gold_files: Sequence[Path]) -> dict[Occurrence, str]:
    """The cluster of each named thing in the texts and in the documents of the gold files."""
    documents = {gold.document.id for file in gold_files for gold in load_gold(file)}
    clusters = {
        Occurrence(d, e, name): cluster for d, e, name, _, cluster in read_table("clusters.tsv") if d in documents
    }
    for line in TEXTS.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        for entity in record["entities"]:
            clusters[Occurrence(record["id"], entity["id"], entity["name"])] = entity["cluster"]
    return clusters


def system_clusters(documents: Sequence[Document], settings: Settings) -> Mapping[tuple[str, Chain], str]:
    """The IRI of the entity of each chain, where all documents make one graph; chains go with their document's id."""
    extractions = sorted(extract(documents, settings), key=lambda extraction: extraction.document.id)
    entities = resolve(extractions, reader(settings).resolver)
    return {
        (extraction.document.id, chain): entities[extraction.document.id, chain.id].iri
        for extraction in extractions
        for chain in extraction.chains
    }


@dataclass(frozen=True, slots=True)
class Matched:
    """The IRI of each entity of gold, by its document and id.

    ``found`` has those that a chain stands for, one to one. ``swallowed`` has those left over that are mentioned in a
    chain which stands for another: a document's reader took the two for one.
    """

    found: Mapping[tuple[str, str], str]
    swallowed: Mapping[tuple[str, str], str]


def matched(
    gold: Sequence[GoldDocument], system: Mapping[tuple[str, Chain], str], ontology: Ontology, rules: Rules
) -> Matched:
    """Match the chains of the system with the entities of gold, in each document, by overlapping mentions."""
    chains: dict[str, dict[str, Chain]] = defaultdict(dict)
    for document, chain in system:
        chains[document][chain.id] = chain
    found, swallowed = {}, {}
    for one in gold:
        id, here = one.document.id, chains[one.document.id]
        entities = tuple(GoldEntity(c.id, ontology.local(c.cls), c.name, c.mentions) for c in here.values())
        pairs = align(one, GoldDocument(one.document, entities, ()), rules).pairs
        found.update({(id, theirs): system[id, here[ours]] for ours, theirs in pairs.items()})
        for entity in one.entities:
            within = [ours for ours in sorted(pairs) if holds(here[ours], own_mentions(entity, one.entities))]
            if entity.id not in pairs.values() and within:
                swallowed[id, entity.id] = system[id, here[within[0]]]
    return Matched(found, swallowed)


def own_mentions(entity: GoldEntity, entities: Sequence[GoldEntity]) -> list[Span]:
    """The mentions of an entity that are not also of another, as those of groups are ("the two generals")."""
    shared = {span for other in entities if other.id != entity.id for span in other.mentions}
    return [span for span in entity.mentions if span not in shared]


def holds(chain: Chain, spans: Collection[Span]) -> bool:
    """Whether a mention of a chain is more or less one of the spans, not a part of it or a phrase around it."""
    return any(overlap(mention, span) > 0.5 for mention in chain.mentions for span in spans)


def of_items(items: Collection[Occurrence], iris: Mapping[tuple[str, str], str]) -> dict[Occurrence, str]:
    """The IRIs of the items that have one."""
    return {item: iris[key] for item in items if (key := (item.document, item.entity)) in iris}


def told(parts: Mapping[str, Collection[Occurrence]]) -> Iterator[str]:
    """A line for each part of a cluster: what it is, and its names with their documents."""
    for part, items in sorted(parts.items()):
        names = ", ".join(f"{item.name!r} ({item.document})" for item in sorted(items))
        yield f"  {part}: {names}"


def print_errors(gold: Mapping[Occurrence, str], found: Mapping[Occurrence, str]) -> None:
    """Print what is one and should be several, and the reverse."""
    here = {item: gold[item] for item in found}
    for title, several in (
        ("one, not several", wrongly_one(here, found)),
        ("several, not one", wrongly_one(found, here)),
    ):
        for parts in sorted(several, key=lambda parts: min(min(items) for items in parts.values())):
            print(f"\n{title}:", *told(parts), sep="\n")


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gold", nargs="+", type=Path, default=[ARTICLES], metavar="FILE", help="gold files")
    parser.add_argument("--errors", action="store_true", help="list what is wrongly one or several")
    options = parser.parse_args()

    settings = Settings()
    gold = [document for file in (TEXTS, *options.gold) for document in load_gold(file)]
    clusters = annotated(options.gold)
    ontology = reader(settings).ontology
    system = system_clusters([one.document for one in gold], settings)
    iris = matched(gold, system, ontology, matching_rules(ontology))
    found = of_items(clusters, iris.found)
    swallowed = of_items(clusters, iris.swallowed)
    again = recurring(clusters)

    things = len(set(clusters.values()))
    print(f"{len(gold)} documents name {things} things {len(clusters)} times, of which {len(found)} were found")
    print(f"{'':56}  items  precision  recall     F1")
    for title, part, ours in (
        ("found", {item: clusters[item] for item in found}, found),
        ("all, the missed by themselves", clusters, with_missed(clusters, found)),
    ):
        for which, counted in (
            ("", list(part)),
            (", in two documents or more", [item for item in part if item in again]),
        ):
            figures = b_cubed(part, ours, counted)
            print(f"{title + which:56}{len(counted):7}{figures.precision:11.3f}{figures.recall:8.3f}{figures.f1:7.3f}")
    namesakes = [(one, other) for one, other, _ in read_table("namesakes.tsv")]
    wrong = merged(clusters, {**found, **swallowed}, namesakes)
    print(f"namesakes merged: {len(wrong)} of {len(namesakes)} pairs")
    for one, other in wrong:
        print(f"  {one} = {other}")
    if options.errors:
        print_errors(clusters, {**found, **swallowed})


if __name__ == "__main__":
    main()
