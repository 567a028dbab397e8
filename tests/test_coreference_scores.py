"""The metrics of coreference, on the worked examples of the papers that define them, and over gold documents."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphwright.evaluation import Counts, Report, from_record, score
from graphwright.evaluation.coreference import Chains, b_cubed, ceaf_e, compare, muc


def chains(*words: str) -> Chains:
    """Chains of mentions that are letters: "abc de" are two."""
    return [frozenset(word) for word in words]


PRADHAN = chains("abc", "defg"), chains("ab", "cd", "fghi")
"""Pradhan et al. 2014, figures 1 to 4: two mentions are not in gold, one of gold is missed."""
BAGGA = chains("12345", "67", "89abc")
"""Bagga and Baldwin 1998, figures 1 to 3: two wrong links, of which one joins more."""
ONE_LINK, OTHER_LINK = chains("12345", "6789abc"), chains("1234589abc", "67")


@pytest.mark.parametrize(
    ("gold", "predicted", "metric", "recall", "precision"),
    [
        (*PRADHAN, muc, 0.40, 0.40),
        (*PRADHAN, b_cubed, 0.42, 0.50),
        (*PRADHAN, ceaf_e, 0.65, 0.43),
        (BAGGA, ONE_LINK, muc, 1.00, 0.90),
        (BAGGA, OTHER_LINK, muc, 1.00, 0.90),
        (BAGGA, ONE_LINK, b_cubed, 1.00, 0.76),
        (BAGGA, OTHER_LINK, b_cubed, 1.00, 0.58),
    ],
)
def test_published_examples_have_their_published_figures(gold, predicted, metric, recall, precision):
    counts = metric(gold, predicted)
    assert (round(counts.recall, 2), round(counts.precision, 2)) == (recall, precision)


def test_conll_f1_is_the_mean_of_the_three():
    found = compare(*PRADHAN)
    assert round(found.f1, 2) == 0.46
    assert found.f1 == (found.muc.f1 + found.b_cubed.f1 + found.ceaf_e.f1) / 3


partitions = st.lists(st.integers(0, 4), min_size=2, max_size=12).map(
    lambda numbers: [frozenset(i for i, one in enumerate(numbers) if one == number) for number in sorted(set(numbers))]
)


@given(partitions, partitions)
def test_figures_are_shares_and_what_is_recall_one_way_is_precision_the_other(one, other):
    there, back = compare(one, other), compare(other, one)
    for metric in ("muc", "b_cubed", "ceaf_e"):
        forward, backward = getattr(there, metric), getattr(back, metric)
        assert 0 <= forward.recall <= 1 + 1e-9
        assert forward.recall == pytest.approx(backward.precision)


@given(partitions)
def test_chains_beside_themselves_are_perfect(some):
    same = compare(some, some)
    assert (same.b_cubed.f1, same.ceaf_e.f1) == pytest.approx((1, 1))
    assert same.muc.f1 == (1 if any(len(chain) > 1 for chain in some) else 0)


# ------------------------------------------------------------------------------------------------ over gold documents

TEXT = "Vera Holt met Iva Crnić in Riga. Holt thanked the minister for her visit. The two women then left. She smiled."


def thing(id: str, *mentions: str) -> dict[str, Any]:
    spans = [[TEXT.index(words), TEXT.index(words) + len(words)] for words in mentions]
    return {"id": id, "class": "Person", "name": mentions[0], "mentions": spans}


GOLD = {
    "id": "d1",
    "text": TEXT,
    "entities": [
        thing("e1", "Vera Holt", "Holt thanked", "The two women", "She"),
        thing("e2", "Iva Crnić", "the minister", "The two women"),
        thing("e3", "Riga"),
    ],
    "facts": [],
}


def scored(**mentions: tuple[str, ...]) -> Report:
    """Score gold with the mentions of some of its things changed; further names are further things."""
    record = copy.deepcopy(GOLD)
    record["entities"] = [one for one in record["entities"] if one["id"] not in mentions]
    record["entities"] += [thing(id, *words) for id, words in mentions.items() if words]
    return score([from_record(GOLD)], [from_record(record)], is_a=str.__eq__, symmetric=frozenset())


def test_gold_beside_itself_is_perfect():
    """A group is a mention of each of its members, and stands for that of each."""
    assert (scored().coreference.f1, scored().coreference_strict.f1) == (1.0, 1.0)


def test_no_prediction_is_zero():
    report = score([from_record(GOLD)], [], is_a=str.__eq__, symmetric=frozenset())
    assert (report.coreference.f1, report.coreference_strict.f1) == (0.0, 0.0)


def test_an_overlapping_mention_is_enough():
    assert scored(e2=("Iva", "minister", "two women")).coreference_strict.f1 == 1.0


def test_a_mention_that_gold_does_not_annotate_counts_strictly_alone():
    """Gold annotates no possessives, and only things of which it has facts."""
    report = scored(e2=("Iva Crnić", "the minister", "her", "The two women"), e9=("visit",))
    assert report.coreference.f1 == 1.0
    assert report.coreference_strict.muc == Counts(5, 5, 6, 5)
    assert report.coreference_strict.b_cubed == Counts(8, 8, 10, 5 + 3 * 3 / 4)  # the minister's chain has a fourth


def test_a_pronoun_of_another_is_wrong_in_both():
    report = scored(
        e1=("Vera Holt", "Holt thanked", "The two women"), e2=("Iva Crnić", "the minister", "The two women", "She")
    )
    assert report.coreference.muc == report.coreference_strict.muc
    assert report.coreference.f1 == report.coreference_strict.f1 < 0.9


def test_a_missed_mention_lowers_recall_alone():
    report = scored(e1=("Vera Holt", "Holt thanked", "The two women"))
    assert report.coreference.muc.precision == report.coreference.b_cubed.precision == 1.0
    assert report.coreference.muc.recall < 1.0


def test_a_group_of_one_member_misses_the_other():
    report = scored(e2=("Iva Crnić", "the minister"))
    assert (report.coreference.b_cubed.precision, report.coreference.muc.found) == (1.0, 4)


def test_figures_of_documents_add_up():
    """One figure over all mentions, not the mean of the documents."""
    other = GOLD | {"id": "d2", "entities": [thing("e1", "Vera Holt", "Holt thanked")]}
    both = [from_record(GOLD), from_record(other)]
    report = score(both, both[:1], is_a=str.__eq__, symmetric=frozenset())
    assert (report.coreference.muc.gold, report.coreference.muc.found) == (6, 5)
    assert report.coreference.b_cubed.recall == pytest.approx(8 / 10)
