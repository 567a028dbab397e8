"""The facts that Graphwright finds in gold documents, each with what speaks against it and whether it is right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from graphwright.evaluation import from_record, load_gold, matching_rules, to_record, verdicts
from graphwright.facts import OntologyExtractor
from graphwright.facts.confidence import Calibration
from graphwright.model import Fact
from graphwright.pipeline import Reader
from graphwright.settings import Settings


@dataclass(frozen=True)
class Find:
    """A fact of a document: its doubts, or, where a rule concluded it, the finds that it rests on."""

    document: str
    fact: Fact
    right: bool
    doubts: Mapping[str, float]
    premises: tuple[Find, ...] = ()

    def probability(self, calibration: Calibration) -> float:
        """The confidence that a calibration gives; sentences beside the best one are left aside."""
        if self.premises:
            return calibration.concluded(premise.probability(calibration) for premise in self.premises)
        return calibration.confidence(self.doubts)


class Noting:
    """A calibration that notes the doubts it is asked about."""

    def __init__(self, calibration: Calibration) -> None:
        self.calibration = calibration
        self.asked: list[Mapping[str, float]] = []

    def confidence(self, doubts: Mapping[str, float]) -> float:
        """As the calibration says."""
        self.asked.append(doubts)
        return self.calibration.confidence(doubts)


class NotingExtractor:
    """The ontology's extractor, which remembers the doubts of each fact that it finds."""

    name = OntologyExtractor.name

    def __init__(self, extractor: OntologyExtractor) -> None:
        self.extractor = extractor
        self.doubts: dict[object, Mapping[str, float]] = {}

    def extract(self, reading) -> Iterator[Fact]:  # type: ignore[no-untyped-def]
        """The facts of a document; what was remembered of the one before is forgotten."""
        notes = self.extractor.calibration = Noting(self.extractor.calibration)  # type: ignore[assignment]
        found = list(self.extractor.extract(reading))
        self.extractor.calibration = notes.calibration
        self.doubts = {mark(fact): doubts for fact, doubts in zip(found, notes.asked, strict=True)}
        yield from found


def mark(fact: Fact) -> object:
    """What of a fact stays as it is while chains are renamed: where it was read, and how."""
    return (fact.property, fact.evidence, fact.subject_span, fact.object_span, fact.pattern, fact.modality)


def judged(path: str | Path) -> Iterator[Find]:
    """The finds in the documents of a gold file that count, as `graphwright evaluate` counts them."""
    reader = Reader(Settings(extractors=(OntologyExtractor.name,)))
    (extractor,) = reader.extractors
    assert isinstance(extractor, OntologyExtractor)
    reader.extractors = [noting] = [NotingExtractor(extractor)]
    rules = matching_rules(reader.ontology)
    for gold in load_gold(path):
        for extraction in reader.read([gold.document]):
            predicted = from_record(to_record(extraction, reader.ontology.local))

            def find(fact: Fact, right: bool, document: str = gold.document.id) -> Find:
                premises = tuple(find(premise, True, document) for premise in fact.premises)
                return Find(document, fact, right, {} if premises else noting.doubts[mark(fact)], premises)

            for fact, right in zip(extraction.facts, verdicts(gold, predicted, rules), strict=True):
                if right is not None:
                    yield find(fact, right)
