"""How well extraction does: its facts beside those that a careful reader wrote down."""

from graphwright.evaluation.drawing import draw_curve, prepare_drawing
from graphwright.evaluation.gold import GoldDocument, GoldEntity, GoldFact, from_record, load_gold
from graphwright.evaluation.matching import Rules, matching_rules
from graphwright.evaluation.record import to_line, to_record
from graphwright.evaluation.report import Coreference, Counts, FactError, Report
from graphwright.evaluation.scoring import curve, score, verdicts

__all__ = [
    "Coreference",
    "Counts",
    "FactError",
    "GoldDocument",
    "GoldEntity",
    "GoldFact",
    "Report",
    "Rules",
    "curve",
    "draw_curve",
    "from_record",
    "load_gold",
    "matching_rules",
    "prepare_drawing",
    "score",
    "to_line",
    "to_record",
    "verdicts",
]
