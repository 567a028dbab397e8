"""How well probabilities tell what is right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

BINS = 10


@dataclass(frozen=True)
class Measures:
    """Log loss (nats) and Brier score: the less the better. ECE: how far confidence lies off the truth, on average.

    AUC is how often a right fact has more confidence than a wrong one.
    """

    log_loss: float
    brier: float
    ece: float
    auc: float

    def __str__(self) -> str:
        return f"{self.log_loss:10.3f}{self.brier:8.3f}{self.ece:7.3f}{self.auc:7.3f}"


def bins(told: Sequence[float], right: Sequence[bool]) -> Iterator[tuple[float, float, int, int]]:
    """Mean confidence, share right, number right and number, in bins of about equally many facts, the least sure first.

    Equal confidences are never parted.
    """
    order = np.argsort(told, kind="stable")
    values, truths = np.asarray(told)[order], np.asarray(right, dtype=float)[order]
    start = 0
    for number in range(1, BINS + 1):
        end = int(np.searchsorted(values, values[max(round(number * len(values) / BINS) - 1, 0)], side="right"))
        if end > start:
            part = truths[start:end]
            yield float(values[start:end].mean()), float(part.mean()), int(part.sum()), end - start
        start = max(start, end)


def measures(told: Sequence[float], right: Sequence[bool]) -> Measures:
    """The measures of some probabilities beside what was true."""
    p, y = np.clip(told, 1e-3, 1 - 1e-3), np.asarray(right, dtype=float)
    high, low = np.asarray(told)[y == 1][:, None], np.asarray(told)[y == 0]
    return Measures(
        float(-(y * np.log(p) + (1 - y) * np.log(1 - p)).mean()),
        float(((np.asarray(told) - y) ** 2).mean()),
        sum(abs(mean - share) * count for mean, share, _, count in bins(told, right)) / len(y),
        float(((high > low) + 0.5 * (high == low)).mean()) if high.size and low.size else float("nan"),
    )
