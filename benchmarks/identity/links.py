"""How many countries and cities of gold documents are linked to the right code and the right place.

Usage: python benchmarks/identity/links.py GOLD.jsonl --links benchmarks/identity/links.tsv [--errors]

The links tell for an entity of a document the code of ISO 3166-1 or the number in GeoNames; "-" for a city that is made
up, which must not be linked, and "?" for one that the embedded gazetteer does not have: it counts only if it is linked.
"""

from __future__ import annotations

import argparse
import csv
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

from graphwright import Settings
from graphwright.evaluation import from_record, load_gold, matching_rules, to_record
from graphwright.evaluation.matching import align
from graphwright.pipeline import Reader

MADE_UP, UNKNOWN = "-", "?"
Link = tuple[str, str, str, str, str | None]
"""Document, name, class, the right link, and the one found: "" for none, None where the thing itself was not found."""


def read_links(path: Path) -> Mapping[tuple[str, str], Mapping[str, str]]:
    """The rows of a table of links by document and entity."""
    with path.open(encoding="utf-8", newline="") as table:
        rows = list(csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE))
    return {(row["document"], row["entity"]): row for row in rows}


def found_links(gold_file: str, links: Mapping[tuple[str, str], Mapping[str, str]]) -> Iterator[Link]:
    """What is found for each entity that has a right link."""
    reader = Reader(Settings())
    rules = matching_rules(reader.ontology)
    gold = load_gold(gold_file)
    for one, extraction in zip(gold, reader.read(one.document for one in gold), strict=True):
        pairs = align(one, from_record(to_record(extraction, reader.ontology.local)), rules).pairs
        keys = {chain.id: chain.key.partition("/")[2] for chain in extraction.chains}
        told = {entity: keys[chain] for chain, entity in pairs.items()}
        for entity in one.entities:
            row = links.get((one.document.id, entity.id))
            if row is not None:
                yield one.document.id, row["name"], row["class"], row["link"], told.get(entity.id)


def main() -> None:
    """Print the shares that are right, and with --errors what is not."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold")
    parser.add_argument("--links", type=Path, required=True)
    parser.add_argument("--errors", action="store_true", help="list what is wrong")
    arguments = parser.parse_args()
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for document, name, cls, right, told in found_links(arguments.gold, read_links(arguments.links)):
        if right == UNKNOWN and not told:
            continue
        correct = told == ("" if right == MADE_UP else right)
        counts[cls]["all"] += 1
        counts[cls]["found"] += told is not None
        counts[cls]["right"] += correct
        if arguments.errors and not correct:
            print(
                document,
                name,
                f"right: {right}",
                "not found" if told is None else f"found: {told or 'no link'}",
                sep="\t",
            )
    for cls, count in sorted(counts.items()):
        right, found, whole = count["right"], count["found"], count["all"]
        print(f"{cls}: {right} right of {found} found: {right / found:.3f}; of all {whole}: {right / whole:.3f}")


if __name__ == "__main__":
    main()
