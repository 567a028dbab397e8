"""How well extraction does: its facts beside those that a careful reader wrote down."""

from graphwright.evaluation.gold import GoldDocument, GoldEntity, GoldFact, from_record, load_gold
from graphwright.evaluation.record import to_line, to_record
from graphwright.evaluation.report import Coreference, Counts, FactError, Report
from graphwright.evaluation.scoring import score

__all__ = [
    "Coreference",
    "Counts",
    "FactError",
    "GoldDocument",
    "GoldEntity",
    "GoldFact",
    "Report",
    "from_record",
    "load_gold",
    "score",
    "to_line",
    "to_record",
]
