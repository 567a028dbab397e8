"""Predictions are scored against gold facts by the published rules."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphwright.errors import ExportError, GoldError, StoreError
from graphwright.evaluation import (
    Counts,
    GoldDocument,
    Report,
    Rules,
    curve,
    draw_curve,
    from_record,
    load_gold,
    score,
    to_line,
    to_record,
    verdicts,
)
from graphwright.evaluation.matching import assign
from graphwright.model import Chain, Document, Extraction, Fact, Value

Record = dict[str, Any]
TEXT = "Gen. Vera Holt, commander of the 4th Brigade, received Minister Iva Crnić in Riga on 3 May 2021. "
TEXT += (
    "Crnić met Ole Dahl and reviewed the fight against illegal logging. Dahl, she said, backs Holt and will visit Oslo."
)
ABOVE = {"MilitaryForce": ["Organization", "Agent"], "Organization": ["Agent"], "Company": ["Organization", "Agent"]}


def at(words: str) -> list[int]:
    """Return the span of some words in the text."""
    start = TEXT.index(words)
    return [start, start + len(words)]


def entity(id: str, cls: str, name: str, *mentions: str) -> Record:
    """Return an entity that is mentioned by the given words, or by its name."""
    return {"id": id, "class": cls, "name": name, "mentions": [at(words) for words in mentions or (name,)]}


def gold_record() -> Record:
    """Return the document that all tests here change in some way."""
    first, second, third = TEXT[:96], TEXT[97:163], TEXT[164:]
    facts = [
        ("e1", "hasRank", "General", first, {"datatype": "xsd:string"}),
        ("e1", "leads", "e2", first, {}),
        ("e1", "received", "e3", first, {}),
        ("e8", "heldIn", "e4", first, {}),
        ("e8", "heldOn", "2021-05", first, {"datatype": "xsd:gYearMonth"}),
        ("e3", "metWith", "e5", second, {}),
        ("e3", "discussed", "e6", second, {}),
        ("e5", "visited", "e7", third, {"modality": "planned", "attributedTo": "e3"}),
        ("e5", "supports", "e1", third, {"attributedTo": "e3"}),
    ]
    return {
        "id": "d1",
        "text": TEXT,
        "entities": [
            entity("e1", "Person", "Vera Holt"),
            entity("e2", "MilitaryForce", "4th Brigade"),
            entity("e3", "Person", "Iva Crnić", "Iva Crnić", "Crnić met", "she"),
            entity("e4", "City", "Riga"),
            entity("e5", "Person", "Ole Dahl"),
            entity("e6", "Topic", "fight against illegal logging"),
            entity("e7", "City", "Oslo"),
            entity("e8", "Meeting", "received"),
        ],
        "facts": [{"s": s, "p": p, "o": o, "evidence": at(sentence), **more} for s, p, o, sentence, more in facts],
    }


def report(change: Callable[[Record], object] = lambda record: None) -> Report:
    """Score the gold document changed as a prediction would be."""
    changed = copy.deepcopy(gold_record())
    change(changed)
    return score_all([gold_record()], [changed])


def score_all(gold: list[Record], predicted: list[Record]) -> Report:
    return score(
        [from_record(record) for record in gold],
        [from_record(record) for record in predicted],
        is_a=lambda one, other: one == other or other in ABOVE.get(one, ()),
        symmetric=frozenset({"metWith"}),
    )


def fact(record: Record, property: str) -> Record:
    return next(fact for fact in record["facts"] if fact["p"] == property)


ALL = Counts(7, 7, 7, 7)
ONE_MISSED_ONE_WRONG = Counts(7, 6, 7, 6)


class TestScore:
    def test_gold_against_itself_is_perfect(self):
        result = report()
        assert result.facts == ALL
        assert result.flagged == Counts(2, 2, 2, 2)
        assert (result.right_speaker, result.class_accuracy, result.errors) == (2, 1.0, ())
        assert (result.facts.precision, result.facts.recall, result.facts.f1) == (1.0, 1.0, 1.0)

    def test_no_prediction_is_zero(self):
        result = score_all([gold_record()], [])
        assert (result.facts, result.without_prediction) == (Counts(7, 0, 0, 0), 1)
        assert (result.facts.precision, result.facts.recall, result.facts.f1) == (0.0, 0.0, 0.0)

    def test_predictions_for_other_documents_are_left_aside(self):
        assert score_all([gold_record()], [gold_record(), gold_record() | {"id": "d2"}]).facts == ALL

    @pytest.mark.parametrize(
        ("property", "change", "facts"),
        [
            ("leads", {"p": "worksFor"}, ONE_MISSED_ONE_WRONG),
            ("leads", {"s": "e2", "o": "e1"}, ONE_MISSED_ONE_WRONG),
            ("metWith", {"s": "e5", "o": "e3"}, ALL),
            ("metWith", {"p": "received"}, ALL),
            ("metWith", {"p": "received", "s": "e5", "o": "e3"}, ALL),
            ("received", {"p": "metWith"}, ONE_MISSED_ONE_WRONG),
            ("received", {"s": "e3", "o": "e1"}, ONE_MISSED_ONE_WRONG),
            ("hasRank", {"o": "  general "}, ALL),
            ("hasRank", {"o": "Colonel"}, ONE_MISSED_ONE_WRONG),
            ("heldOn", {"o": "2021-05-03", "datatype": "xsd:date"}, ALL),
            ("heldOn", {"o": "2021", "datatype": "xsd:gYear"}, ONE_MISSED_ONE_WRONG),
            ("heldOn", {"o": "2021-06-03", "datatype": "xsd:date"}, ONE_MISSED_ONE_WRONG),
            ("leads", {"modality": "possible"}, Counts(7, 6, 6, 6)),
        ],
    )
    def test_a_changed_fact_is_right_or_wrong_by_the_rules(self, property, change, facts):
        assert report(lambda record: fact(record, property).update(change)).facts == facts

    def test_a_fact_of_another_property_counts_under_its_own(self):
        result = report(lambda record: fact(record, "metWith").update(p="received"))
        assert result.properties["metWith"] == Counts(1, 1, 0, 0)
        assert result.properties["received"] == Counts(1, 1, 2, 2)

    def test_repeating_a_fact_counts_once_also_in_reverse(self):
        def repeat(record: Record) -> None:
            record["facts"] += [dict(fact(record, "leads")), fact(record, "metWith") | {"s": "e5", "o": "e3"}]

        assert report(repeat).facts == ALL

    def test_repeating_what_a_right_fact_implies_is_not_counted(self):
        def repeat(record: Record) -> None:
            record["facts"].append(fact(record, "received") | {"p": "metWith", "s": "e3", "o": "e1"})

        assert report(repeat).facts == ALL

    def test_an_invented_fact_lowers_precision_only(self):
        result = report(lambda record: record["facts"].append(fact(record, "leads") | {"s": "e5"}))
        assert (result.facts.precision, result.facts.recall) == (7 / 8, 1.0)

    @pytest.mark.parametrize(("words", "facts"), [("illegal logging", ALL), ("fight", ONE_MISSED_ONE_WRONG)])
    def test_topics_match_by_their_words(self, words, facts):
        result = report(lambda record: record["entities"][5].update(name=words, mentions=[at(words)]))
        assert result.facts == facts

    def test_overlapping_mentions_are_enough(self):
        result = report(lambda record: record["entities"][0].update(mentions=[at("Gen. Vera")]))
        assert (result.entities.found, result.facts) == (8, ALL)

    def test_a_split_entity_is_matched_once(self):
        def split(record: Record) -> None:
            record["entities"][2]["mentions"].pop(1)
            record["entities"].append(entity("e9", "Person", "Crnić", "Crnić met"))
            fact(record, "discussed").update(s="e9")

        result = report(split)
        assert result.entities == Counts(8, 8, 9, 8)
        assert result.facts == ONE_MISSED_ONE_WRONG

    @pytest.mark.parametrize(("cls", "agreement"), [("Organization", 7.5), ("Agent", 7.5), ("Company", 7), ("City", 7)])
    def test_a_class_above_counts_half_and_any_other_nothing(self, cls, agreement):
        result = report(lambda record: record["entities"][1].update({"class": cls}))
        assert result.class_accuracy == agreement / 8
        assert result.facts == ALL

    def test_flagged_facts_are_told_apart_by_flag(self):
        result = report(lambda record: fact(record, "visited").update(modality="possible"))
        assert result.flagged == Counts(2, 1, 2, 1)
        assert result.flags["planned"] == Counts(1, 0, 0, 0)
        assert result.flags["possible"] == Counts(0, 0, 1, 0)
        assert result.flags["attributed"] == Counts(2, 1, 2, 1)
        assert result.all == Counts(9, 9, 9, 9)

    def test_a_flag_that_is_lost_or_added_is_shown(self):
        lost = report(lambda record: fact(record, "supports").pop("attributedTo"))
        assert (lost.flagged_as_asserted, lost.facts) == (1, Counts(7, 7, 8, 7))
        added = report(lambda record: fact(record, "leads").update(modality="negated"))
        assert (added.asserted_as_flagged, added.all.found) == (1, 9)

    def test_the_wrong_speaker_is_shown(self):
        result = report(lambda record: fact(record, "supports").update(attributedTo="e1"))
        assert (result.flagged.found, result.right_speaker) == (2, 1)

    def test_errors_name_the_fact_and_its_sentence(self):
        missed, wrong = report(lambda record: fact(record, "discussed").update(p="supports")).errors
        assert (missed.document, missed.kind, str(missed)) == (
            "d1",
            "missed",
            "Iva Crnić | discussed | fight against illegal logging",
        )
        assert missed.evidence == "Crnić met Ole Dahl and reviewed the fight against illegal logging."
        assert (wrong.kind, str(wrong)) == ("wrong", "Iva Crnić | supports | fight against illegal logging")

    def test_errors_tell_flagged_facts(self):
        (missed,) = report(lambda record: record["facts"].remove(fact(record, "visited"))).errors
        assert (missed.flags, str(missed)) == ("planned attributed", "Ole Dahl | visited | Oslo")

    @given(st.randoms())
    def test_ids_and_order_do_not_matter(self, random):
        def shuffle(record: Record) -> None:
            for one in record["entities"]:
                one["id"] = "x" + one["id"]
            for one in record["facts"]:
                for key in ("s", "o", "attributedTo"):
                    if key in one and (key != "o" or "datatype" not in one):
                        one[key] = "x" + one[key]
            random.shuffle(record["entities"])
            random.shuffle(record["facts"])

        result = report(shuffle)
        assert (result.facts, result.right_speaker, result.errors) == (ALL, 2, ())

    @given(st.sets(st.integers(0, 8)))
    def test_leaving_facts_out_never_lowers_precision(self, dropped):
        def drop(record: Record) -> None:
            record["facts"] = [one for number, one in enumerate(record["facts"]) if number not in dropped]

        result = report(drop)
        kept = 7 - len(dropped & set(range(7)))
        assert result.facts == Counts(7, kept, kept, kept)
        assert len(result.errors) == len(dropped)


@given(st.dictionaries(st.tuples(st.integers(0, 3), st.integers(0, 3)), st.integers(1, 20).map(float)))
def test_an_assignment_is_one_to_one_and_no_other_weighs_more(weights):
    found = assign(weights)
    assert len(set(found.values())) == len(found)
    assert sum(weights[pair] for pair in found.items()) == heaviest(weights, 0, frozenset())


def heaviest(weights: dict[tuple[int, int], float], row: int, used: frozenset[int]) -> float:
    """Return the largest weight of any assignment, by trying them all."""
    if row > 3:
        return 0.0
    taken = [
        weights[row, column] + heaviest(weights, row + 1, used | {column})
        for column in range(4)
        if (row, column) in weights and column not in used
    ]
    return max([heaviest(weights, row + 1, used), *taken])


class TestGold:
    def test_a_gold_file_is_read(self, tmp_path):
        path = tmp_path / "gold.jsonl"
        path.write_text(json.dumps(gold_record() | {"date": "2021-05-04"}) + "\n\n", encoding="utf-8")
        (gold,) = load_gold(path)
        assert gold == from_record(gold_record() | {"date": "2021-05-04"})
        assert gold.document == Document("d1", TEXT, date="2021-05-04")
        assert gold.facts[7].flags() == ("planned", True)

    @pytest.mark.parametrize(
        ("change", "what"),
        [
            (lambda record: record.pop("text"), "the key 'text' is missing"),
            (lambda record: record.update(text=1), "1 is not a string"),
            (lambda record: record.update(entities=None), "not of the right form"),
            (lambda record: record["entities"].append("e9"), "not of the right form"),
            (lambda record: record["entities"][1].update(id="e1"), "two entities have the same id"),
            (lambda record: record["entities"][1].update(mentions=[[0, 9999]]), "span [0, 9999] is not in the text"),
            (lambda record: record["entities"][1].update(mentions=[[5, 5]]), "span [5, 5] is not in the text"),
            (lambda record: record["entities"][1].update(mentions=[[5]]), "not of the right form"),
            (lambda record: record["facts"][1].update(s="e99"), "refers to 'e99'"),
            (lambda record: record["facts"][1].update(o="e99"), "refers to 'e99'"),
            (lambda record: record["facts"][8].update(attributedTo="e99"), "refers to 'e99'"),
            (lambda record: record["facts"][1].pop("p"), "the key 'p' is missing"),
        ],
    )
    def test_a_broken_record_is_refused_with_its_line(self, tmp_path, change, what):
        broken = gold_record()
        change(broken)
        path = tmp_path / "gold.jsonl"
        path.write_text(json.dumps(gold_record()) + "\n" + json.dumps(broken), encoding="utf-8")
        with pytest.raises(GoldError) as raised:
            load_gold(path)
        assert what in raised.value.args[0]
        assert raised.value.args[1] == f"{path} line 2"

    @pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe{", b"[" * 100_000])
    def test_a_file_that_is_no_gold_file_is_refused(self, tmp_path, content):
        path = tmp_path / "gold.jsonl"
        path.write_bytes(content)
        with pytest.raises(GoldError, match=r"gold\.jsonl"):
            load_gold(path)

    def test_a_missing_gold_file_is_refused(self, tmp_path):
        with pytest.raises(GoldError, match="cannot be read"):
            load_gold(tmp_path / "no.jsonl")


RULES = Rules(
    is_a=lambda one, other: one == other or other in ABOVE.get(one, ()),
    symmetric=frozenset({"metWith"}),
    implies={"received": "metWith"},
)


def with_confidence(confidences: list[float], change: Callable[[Record], object] = lambda record: None) -> GoldDocument:
    """The gold document as a prediction, with the confidence of its facts in turn."""
    record = copy.deepcopy(gold_record())
    change(record)
    record["facts"] = [
        fact | {"confidence": confidence} for fact, confidence in zip(record["facts"], confidences, strict=True)
    ]
    return from_record(record)


class TestVerdicts:
    def test_each_fact_is_right_or_wrong_with_its_flags(self):
        """A planned fact that is predicted as possible is wrong."""

        def change(record: Record) -> None:
            fact(record, "leads")["p"] = "memberOf"
            fact(record, "visited")["modality"] = "possible"

        found = verdicts(from_record(gold_record()), with_confidence([0.5] * 9, change), RULES)
        assert found == (True, False, True, True, True, True, True, False, True)

    def test_what_repeats_another_fact_does_not_count(self):
        """The same meeting from the other side, and the meeting that receiving implies."""

        def change(record: Record) -> None:
            met = fact(record, "metWith")
            record["facts"].append(met | {"s": met["o"], "o": met["s"]})
            record["facts"].append(fact(record, "received") | {"p": "metWith"})

        found = verdicts(from_record(gold_record()), with_confidence([0.5] * 11, change), RULES)
        assert found == (*[True] * 9, None, None)


class TestCurve:
    def test_it_has_the_counts_at_each_confidence(self):
        """The seven asserted facts are told apart by their confidence, and one of them is wrong."""

        def change(record: Record) -> None:
            fact(record, "hasRank")["o"] = "Colonel"

        predicted = with_confidence([0.2, 0.9, 0.9, 0.5, 0.5, 0.5, 0.9, 0.4, 0.4], change)
        assert curve([from_record(gold_record())], [predicted], RULES) == (
            (0.0, Counts(7, 6, 7, 6)),
            (0.2, Counts(7, 6, 7, 6)),
            (0.4, Counts(7, 6, 6, 6)),
            (0.5, Counts(7, 6, 6, 6)),
            (0.9, Counts(7, 3, 3, 3)),
        )

    def test_at_0_it_is_the_report(self):
        predicted = with_confidence([0.5] * 9, lambda record: fact(record, "leads").update(p="memberOf"))
        (_, counts), *_ = curve([from_record(gold_record())], [predicted], RULES)
        assert counts == ONE_MISSED_ONE_WRONG

    def test_a_document_without_prediction_is_missed_at_every_level(self):
        gold = [from_record(gold_record()), from_record(gold_record() | {"id": "d2"})]
        assert curve(gold, [with_confidence([0.5] * 9)], RULES)[-1] == (0.5, Counts(14, 7, 7, 7))

    @given(st.lists(st.sampled_from([0.1, 0.4, 0.6, 0.9]), min_size=9, max_size=9), st.integers(0, 8))
    def test_recall_only_falls(self, confidences: list[float], wrong: int):
        def change(record: Record) -> None:
            record["facts"][wrong]["p"] = "announced"

        points = curve([from_record(gold_record())], [with_confidence(confidences, change)], RULES)
        levels, recalls = [level for level, _ in points], [counts.recall for _, counts in points]
        assert levels == sorted(set(levels))
        assert recalls == sorted(recalls, reverse=True)


class TestDrawing:
    CURVE = ((0.0, Counts(4, 3, 4, 3)), (0.5, Counts(4, 2, 2, 2)), (0.9, Counts(4, 0, 0, 0)))

    @pytest.mark.parametrize(("name", "begins"), [("curve.png", b"\x89PNG"), ("curve.SVG", b"<?xml")])
    def test_a_curve_is_drawn_and_the_same_each_time(self, name, begins, tmp_path):
        draw_curve(self.CURVE, tmp_path / name)
        drawn = (tmp_path / name).read_bytes()
        assert drawn.startswith(begins)
        draw_curve(self.CURVE, tmp_path / name)
        assert (tmp_path / name).read_bytes() == drawn

    def test_its_words_can_be_read_in_an_svg(self, tmp_path):
        draw_curve(self.CURVE, tmp_path / "curve.svg")
        text = (tmp_path / "curve.svg").read_text(encoding="utf-8")
        assert all(f">{word}</text>" in text for word in ("precision", "recall", "F1", "least confidence"))

    @pytest.mark.parametrize(
        ("name", "error", "what", "mend"),
        [
            ("curve.jpg", ExportError, "no picture is written as .jpg", "end its name in .png or .svg"),
            ("curve", ExportError, "a file without a suffix", "end its name in .png or .svg"),
            ("there/is/none.png", StoreError, "no folder to write the picture to", "make"),
            ("folder.png", StoreError, "a folder has the name", "name another file"),
        ],
    )
    def test_what_cannot_be_drawn_is_told(self, name, error, what, mend, tmp_path):
        (tmp_path / "folder.png").mkdir()
        with pytest.raises(error) as told:
            draw_curve(self.CURVE, tmp_path / name)
        assert what in str(told.value)
        assert mend in told.value.args[2]
        assert told.value.args[1] == str(tmp_path / name)

    def test_a_file_that_refuses_is_told(self, tmp_path, monkeypatch):
        def refuse(*args: Any, **kwargs: Any) -> None:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr("matplotlib.figure.Figure.savefig", refuse)
        with pytest.raises(StoreError, match="cannot be written: Permission denied"):
            draw_curve(self.CURVE, tmp_path / "curve.png")

    def test_without_matplotlib_it_is_told_what_to_install(self, tmp_path, monkeypatch):
        monkeypatch.setattr("graphwright.evaluation.drawing.find_spec", lambda name: None)
        with pytest.raises(ExportError, match=r"pip install 'graphwright\[plots\]'"):
            draw_curve(self.CURVE, tmp_path / "curve.png")


class TestRecord:
    EXTRACTION = Extraction(
        Document("d1", "Crnić may meet in 2021.", "T", "2021-01-02", "MoD"),
        (
            Chain("e1", "urn:o#Person", "Crnić", ((0, 5),), True),
            Chain("e2", "urn:o#Meeting", "meet", ((10, 14),), False),
        ),
        (
            Fact(
                "e2", "urn:o#hasParticipant", "e1", (0, 23), (10, 14), (0, 5), 0.5, "phrases", "[A] meets", "possible"
            ),
            Fact(
                "e2",
                "urn:o#heldOn",
                Value("2021", "http://www.w3.org/2001/XMLSchema#gYear"),
                *((0, 23), (10, 14), (18, 22), 0.9, "phrases"),
                attributed_to="e1",
            ),
        ),
    )

    def test_an_extraction_has_the_form_of_the_gold_files(self):
        assert to_record(self.EXTRACTION, lambda iri: iri.split("#")[1]) == {
            "id": "d1",
            "source": "MoD",
            "date": "2021-01-02",
            "title": "T",
            "text": "Crnić may meet in 2021.",
            "entities": [
                {"id": "e1", "class": "Person", "name": "Crnić", "mentions": [[0, 5]]},
                {"id": "e2", "class": "Meeting", "name": "meet", "mentions": [[10, 14]]},
            ],
            "facts": [
                {"s": "e2", "p": "hasParticipant", "o": "e1", "evidence": [0, 23], "confidence": 0.5}
                | {"modality": "possible"},
                {
                    **{"s": "e2", "p": "heldOn", "o": "2021", "datatype": "xsd:gYear", "evidence": [0, 23]},
                    **{"confidence": 0.9, "attributedTo": "e1"},
                },
            ],
        }

    def test_a_line_is_a_gold_record(self):
        line = to_line(self.EXTRACTION, lambda iri: iri.split("#")[1])
        assert "\n" not in line
        assert "Crnić" in line
        record = from_record(json.loads(line))
        assert record.facts[1].datatype == "xsd:gYear"
        assert score_all([json.loads(line)], [json.loads(line)]).flagged == Counts(2, 2, 2, 2)
