"""The figures over all documents, from the matches in each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from graphwright.evaluation.coreference import score_coreference
from graphwright.evaluation.gold import GoldDocument, GoldFact
from graphwright.evaluation.matching import Alignment, Rules, align, labels, match_facts
from graphwright.evaluation.report import Coreference, Counts, FactError, Report

_IMPLIES = {"received": "metWith"}
_BY_WORDS = frozenset({"Topic"})


def score(
    gold: Iterable[GoldDocument],
    predicted: Iterable[GoldDocument],
    *,
    is_a: Callable[[str, str], bool],
    symmetric: frozenset[str],
    implies: Mapping[str, str] = _IMPLIES,
    by_words: frozenset[str] = _BY_WORDS,
) -> Report:
    """Compare predicted with gold documents of the same ids.

    ``is_a(a, b)`` says whether class ``a`` is ``b`` or below it, ``symmetric`` names the properties that hold in both
    directions, ``implies`` maps a property to the symmetric one that follows from it, and ``by_words`` names the
    classes whose things match by their words; all are local names. A gold document without a prediction counts as an
    empty prediction, and predictions for other ids are left aside.

    Entities match one to one where mentions overlap. A fact is found where a predicted one has the same property, its
    subject and object are matched to those of the gold fact, and both have the same modality and are both attributed
    or both not. One predicted fact stands for one gold fact; a repeated one counts once.
    """
    rules = Rules(is_a=is_a, symmetric=symmetric, implies=implies, by_words=by_words)
    by_id = {document.document.id: document for document in predicted}
    scored = [_score_document(document, by_id.get(document.document.id), rules) for document in gold]
    return _sum(scored)


def verdicts(gold: GoldDocument, predicted: GoldDocument, rules: Rules) -> tuple[bool | None, ...]:
    """Whether each predicted fact of a document is right, as `score` counts it; None for those that do not count.

    Those repeat another fact of the prediction.
    """
    alignment = align(gold, predicted, rules)
    gold_asserted, gold_flagged = _divide(gold.facts)
    asserted, flagged = _divide(_distinct(predicted.facts, rules))
    found, repeated = _match_asserted(alignment, gold_asserted, asserted)
    found_flagged = match_facts(alignment, gold_flagged, flagged, same_flags=True)
    told = {id(fact): column in set(found.values()) for column, fact in enumerate(asserted) if column not in repeated}
    told.update({id(fact): column in set(found_flagged.values()) for column, fact in enumerate(flagged)})
    return tuple(told.get(id(fact)) for fact in predicted.facts)


def curve(
    gold: Iterable[GoldDocument], predicted: Iterable[GoldDocument], rules: Rules
) -> tuple[tuple[float, Counts], ...]:
    """The counts of the asserted facts at each least confidence that makes a difference, rising from 0.

    Entities are matched once, over the whole prediction, so that recall only falls. See `score` for the rest.
    """
    by_id = {document.document.id: document for document in predicted}
    steps = [_steps(document, by_id.get(document.document.id), rules) for document in gold]
    levels = sorted({0.0, *(level for of_document in steps for level in of_document)})
    return tuple((level, _total(_at(of_document, level) for of_document in steps)) for level in levels)


def _steps(gold: GoldDocument, predicted: GoldDocument | None, rules: Rules) -> dict[float, Counts]:
    """The counts of the asserted facts of one document at 0 and at each confidence that it has, rising."""
    alignment = align(gold, predicted or GoldDocument(gold.document, (), ()), rules)
    wanted, _ = _divide(gold.facts)
    counts = {}
    for level in sorted({0.0, *(fact.confidence for fact in alignment.predicted.facts)}):
        kept = [fact for fact in alignment.predicted.facts if fact.confidence >= level]
        asserted, _ = _divide(_distinct(kept, rules))
        found, repeated = _match_asserted(alignment, wanted, asserted)
        counts[level] = Counts(len(wanted), len(found), len(asserted) - len(repeated), len(found))
    return counts


def _at(steps: Mapping[float, Counts], level: float) -> Counts:
    """The counts at a level: those of the next confidence that a document has, or of none of its facts."""
    above = next((counts for step, counts in steps.items() if step >= level), None)
    return above if above is not None else Counts(gold=steps[0.0].gold)


@dataclass(frozen=True, slots=True)
class _Scored:
    """The figures of one document; see Report for their meaning."""

    predicted: bool
    entities: Counts
    class_agreement: float
    coreference: Coreference
    coreference_strict: Coreference
    properties: Mapping[str, Counts]
    flagged: Counts
    flags: Mapping[str, Counts]
    right_speaker: int
    flagged_as_asserted: int
    asserted_as_flagged: int
    all: Counts
    errors: tuple[FactError, ...]


def _score_document(gold: GoldDocument, predicted: GoldDocument | None, rules: Rules) -> _Scored:
    alignment = align(gold, predicted or GoldDocument(gold.document, (), ()), rules)
    facts = _distinct(alignment.predicted.facts, rules)
    gold_asserted, gold_flagged = _divide(gold.facts)
    asserted, flagged = _divide(facts)

    found, repeated = _match_asserted(alignment, gold_asserted, asserted)
    asserted, found = _without(asserted, found, repeated)
    found_flagged = match_facts(alignment, gold_flagged, flagged, same_flags=True)
    found_all = match_facts(alignment, gold.facts, facts, same_flags=False)

    matched = len(alignment.pairs)
    coreference, coreference_strict = score_coreference(alignment)
    return _Scored(
        predicted is not None,
        Counts(len(gold.entities), matched, len(alignment.predicted.entities), matched),
        sum(
            rules.class_agreement(alignment.gold_entities[one].cls, alignment.predicted_entities[other].cls)
            for other, one in alignment.pairs.items()
        ),
        coreference,
        coreference_strict,
        _count(gold_asserted, asserted, found, lambda fact: [fact.property]),
        Counts(len(gold_flagged), len(found_flagged), len(flagged), len(found_flagged)),
        _count(gold_flagged, flagged, found_flagged, _flag_names),
        sum(_same_speaker(alignment, gold_flagged[row], flagged[column]) for row, column in found_flagged.items()),
        len(match_facts(alignment, gold_flagged, asserted, same_flags=False)),
        len(match_facts(alignment, gold_asserted, flagged, same_flags=False)),
        Counts(len(gold.facts), len(found_all), len(facts) - len(repeated), len(found_all)),
        (
            *_errors(alignment, gold_asserted, asserted, found),
            *_errors(alignment, gold_flagged, flagged, found_flagged),
        ),
    )


def _sum(scored: Sequence[_Scored]) -> Report:
    entities = _total(one.entities for one in scored)
    properties = _merge(one.properties for one in scored)
    agreement = sum(one.class_agreement for one in scored)
    return Report(
        documents=len(scored),
        without_prediction=sum(not one.predicted for one in scored),
        entities=entities,
        class_accuracy=agreement / entities.found if entities.found else 0.0,
        coreference=sum((one.coreference for one in scored), start=Coreference()),
        coreference_strict=sum((one.coreference_strict for one in scored), start=Coreference()),
        facts=_total(properties.values()),
        properties=properties,
        flagged=_total(one.flagged for one in scored),
        flags=_merge(one.flags for one in scored),
        right_speaker=sum(one.right_speaker for one in scored),
        flagged_as_asserted=sum(one.flagged_as_asserted for one in scored),
        asserted_as_flagged=sum(one.asserted_as_flagged for one in scored),
        all=_total(one.all for one in scored),
        errors=tuple(error for one in scored for error in one.errors),
    )


def _distinct(facts: Iterable[GoldFact], rules: Rules) -> tuple[GoldFact, ...]:
    """Drop the facts that repeat an earlier one, symmetric ones also when they repeat it in reverse."""
    seen: dict[object, GoldFact] = {}
    for fact in facts:
        ends = (fact.subject, fact.object)
        key = (frozenset(ends) if fact.property in rules.symmetric else ends, fact.property, fact.flags())
        seen.setdefault(key, fact)
    return tuple(seen.values())


def _divide(facts: Iterable[GoldFact]) -> tuple[list[GoldFact], list[GoldFact]]:
    """Return the asserted facts and the flagged ones."""
    facts = list(facts)
    return [fact for fact in facts if fact.asserted()], [fact for fact in facts if not fact.asserted()]


def _match_asserted(
    alignment: Alignment, gold: Sequence[GoldFact], predicted: Sequence[GoldFact]
) -> tuple[dict[int, int], frozenset[int]]:
    """Match asserted facts, and return the positions of the predicted ones that only repeat what another implies."""
    found = match_facts(alignment, gold, predicted, same_flags=True)
    return found, _implied(gold, predicted, found, alignment.rules)


def _implied(
    gold: Sequence[GoldFact], predicted: Sequence[GoldFact], found: Mapping[int, int], rules: Rules
) -> frozenset[int]:
    """Return the positions of the unmatched facts that only repeat what a right one implies (received, metWith)."""
    implied = {
        (rules.implies[gold[row].property], frozenset((predicted[column].subject, predicted[column].object)))
        for row, column in found.items()
        if gold[row].property in rules.implies
    }
    used = set(found.values())
    return frozenset(
        column
        for column, fact in enumerate(predicted)
        if column not in used and (fact.property, frozenset((fact.subject, fact.object))) in implied
    )


def _without(
    facts: Sequence[GoldFact], found: Mapping[int, int], dropped: frozenset[int]
) -> tuple[list[GoldFact], dict[int, int]]:
    """Drop facts by position, and move the positions in a matching accordingly."""
    kept = [column for column in range(len(facts)) if column not in dropped]
    moved = {column: position for position, column in enumerate(kept)}
    return [facts[column] for column in kept], {row: moved[column] for row, column in found.items()}


def _count(
    gold: Sequence[GoldFact],
    predicted: Sequence[GoldFact],
    found: Mapping[int, int],
    groups: Callable[[GoldFact], Iterable[str]],
) -> dict[str, Counts]:
    """Count the facts by the groups each belongs to."""
    counts: defaultdict[str, Counts] = defaultdict(Counts)
    for row, fact in enumerate(gold):
        for group in groups(fact):
            counts[group] += Counts(gold=1, found=row in found)
    right = set(found.values())
    for column, fact in enumerate(predicted):
        for group in groups(fact):
            counts[group] += Counts(predicted=1, right=column in right)
    return dict(counts)


def _flag_names(fact: GoldFact) -> list[str]:
    modality, attributed = fact.flags()
    return ([modality] if modality != "asserted" else []) + (["attributed"] if attributed else [])


def _same_speaker(alignment: Alignment, gold: GoldFact, predicted: GoldFact) -> bool:
    return gold.attributed_to is None or alignment.pairs.get(predicted.attributed_to or "") == gold.attributed_to


def _errors(
    alignment: Alignment, gold: Sequence[GoldFact], predicted: Sequence[GoldFact], found: Mapping[int, int]
) -> list[FactError]:
    right = set(found.values())
    missed = [fact for row, fact in enumerate(gold) if row not in found]
    wrong = [fact for column, fact in enumerate(predicted) if column not in right]
    return [_error(alignment.gold, fact, "missed") for fact in missed] + [
        _error(alignment.predicted, fact, "wrong") for fact in wrong
    ]


def _error(reading: GoldDocument, fact: GoldFact, kind: Literal["missed", "wrong"]) -> FactError:
    start, end = fact.evidence
    text = reading.document.text
    names = {entity.id: entity.name or min(labels(entity, text), default="?") for entity in reading.entities}
    subject, target = names.get(fact.subject, fact.subject), names.get(fact.object, fact.object)
    evidence = " ".join(text[start:end].split())
    flags = " ".join(_flag_names(fact))
    return FactError(reading.document.id, kind, subject, fact.property, target, evidence, flags)


def _total(counts: Iterable[Counts]) -> Counts:
    return sum(counts, start=Counts())


def _merge(divided: Iterable[Mapping[str, Counts]]) -> dict[str, Counts]:
    """Add up counts by name; the result is sorted by name."""
    merged: defaultdict[str, Counts] = defaultdict(Counts)
    for counts in divided:
        for name, count in counts.items():
            merged[name] += count
    return dict(sorted(merged.items()))
