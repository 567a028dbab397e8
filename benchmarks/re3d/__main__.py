"""Facts beside the relations of re3d, as far as the two schemes agree.

    python benchmarks/re3d FILE.jsonl [--errors] [--missed]

FILE holds a document a line, with re3d's three exports joined: id, source, title, text, entities and relations (offsets
in code points). `--errors` lists the facts that re3d does not have, with their sentences, `--missed` the relations that
no fact says. benchmarks/README.md tells how the schemes are mapped and what the figures mean.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from scoring import MISSING, OUTSIDE, RIGHT, UNMARKED, WITHIN, Marking, Outcome, Relation, judge, marking

from graphwright import Document, Extraction, Settings, Value
from graphwright.pipeline import Reader

LEFT_OUT = {
    OUTSIDE: "with a property that re3d has no relation for",
    WITHIN: "between words that re3d marks as one entity",
    UNMARKED: "with an end that re3d does not mark",
}


@dataclass(frozen=True, slots=True)
class Scored:
    """A document with the verdicts on its facts."""

    extraction: Extraction
    marked: Marking
    outcomes: tuple[Outcome, ...]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--errors", action="store_true")
    parser.add_argument("--missed", action="store_true")
    options = parser.parse_args()
    scored = list(score(options.file))
    print("\n".join(report(scored)))
    if options.errors:
        print("\n".join(["", *errors(scored)]))
    if options.missed:
        print("\n".join(["", *missed(scored)]))


def score(file: Path) -> Iterator[Scored]:
    """Read the documents of a file of re3d, and judge their facts."""
    records = [json.loads(line) for line in file.read_text(encoding="utf-8").split("\n") if line.strip()]
    documents = [Document(r["id"], r["text"], title=r["title"], source=r["source"]) for r in records]
    reader = Reader(Settings(language_check="off"))
    for record, (reading, extraction) in zip(records, reader.readings(documents), strict=True):
        marked = marking(record, reading.doc.parsed)
        yield Scored(extraction, marked, tuple(judge(extraction, marked, reader.ontology.local)))


def report(scored: Sequence[Scored]) -> Iterator[str]:
    """The figures, as tables."""
    every = [outcome for document in scored for outcome in document.outcomes]
    asserted = [outcome for outcome in every if outcome.fact.asserted]
    relations = Counter(relation.type for document in scored for relation in document.marked.relations)
    found = Counter(relation.type for document in scored for relation in says(document, asserted_only=False))
    stated = Counter(relation.type for document in scored for relation in says(document, asserted_only=True))
    yield "| facts | right | not in re3d | precision | relations | found | recall |"
    yield "|---|---|---|---|---|---|---|"
    for title, outcomes, hits in (("asserted", asserted, stated), ("all but the denied", every, found)):
        right, missing = (sum(outcome.verdict == verdict for outcome in outcomes) for verdict in (RIGHT, MISSING))
        cells = (title, right, missing, share(right, missing), relations.total(), hits.total())
        yield row(*cells, share(hits.total(), relations.total() - hits.total()))
    yield ""
    yield "Asserted facts left out: " + "; ".join(
        f"{sum(outcome.verdict == verdict for outcome in asserted)} {why}" for verdict, why in LEFT_OUT.items()
    )
    yield ""
    yield "| property, asserted | right | not in re3d | precision |"
    yield "|---|---|---|---|"
    counts = Counter((outcome.property, outcome.verdict) for outcome in asserted)
    for property in sorted({outcome.property for outcome in asserted if outcome.verdict in {RIGHT, MISSING}}):
        right, missing = counts[property, RIGHT], counts[property, MISSING]
        yield row(property, right, missing, share(right, missing))
    yield ""
    yield "| relation | in re3d | said by asserted facts | by any | recall of any |"
    yield "|---|---|---|---|---|"
    for type, count in relations.most_common():
        yield row(type, count, stated[type], found[type], share(found[type], count - found[type]))


def says(document: Scored, *, asserted_only: bool) -> set[Relation]:
    """The relations of re3d that some fact of a document says."""
    outcomes = [outcome for outcome in document.outcomes if outcome.fact.asserted or not asserted_only]
    return {relation for outcome in outcomes for relation in outcome.relations}


def share(right: int, wrong: int) -> str:
    """A share as two digits, "–" of nothing.

    >>> share(2, 1)
    '0.67'
    """
    return f"{right / (right + wrong):.2f}" if right + wrong else "–"


def row(*cells: object) -> str:
    """A row of a Markdown table."""
    return "| " + " | ".join(map(str, cells)) + " |"


def errors(scored: Sequence[Scored]) -> Iterator[str]:
    """The asserted facts that re3d does not have, below their sentences."""
    for document in scored:
        text, names = document.extraction.document.text, {c.id: c.name for c in document.extraction.chains}
        for outcome in document.outcomes:
            fact = outcome.fact
            if outcome.verdict in {MISSING, UNMARKED} and fact.asserted:
                object = fact.object.lexical if isinstance(fact.object, Value) else names[fact.object]
                yield f"{outcome.verdict}: {names[fact.subject]} | {outcome.property} | {object}"
                yield "    " + " ".join(text[slice(*fact.evidence)].split())


def missed(scored: Sequence[Scored]) -> Iterator[str]:
    """The relations that no fact says."""
    for document in scored:
        text, found = document.extraction.document.text, says(document, asserted_only=False)
        for relation in document.marked.relations:
            if relation not in found:
                yield f"{relation.type}: {text[slice(*relation.source)]} | {text[slice(*relation.target)]}"


if __name__ == "__main__":
    main()
