"""Fit what each doubt takes from the confidence of a fact to a gold file, and say how well that does elsewhere.

Usage: python benchmarks/confidence/fit.py GOLD.jsonl [--write] [--diagram FILE.png]; needs scipy (extra `train`).
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
from judged import Find, judged
from measures import measures
from scipy.optimize import minimize

from graphwright.facts.confidence import DOUBTS, Calibration, calibration

TARGET = Path(__file__).parents[2] / "src" / "graphwright" / "facts" / "confidence.json"
SHRINKAGE = 1.0  # the precision of the normal prior of each doubt; few facts are wrong, so doubts begin at nothing
RULE_PRIOR = (9, 1)  # conclusions imagined right and wrong before any is seen


def fit(finds: Sequence[Find]) -> Calibration:
    """The likeliest calibration, in which no doubt speaks for a fact."""
    read = [find for find in finds if not find.premises]
    names = sorted(DOUBTS)
    doubts = np.array([[find.doubts.get(name, 0.0) for name in names] for find in read])
    right = np.array([find.right for find in read], dtype=float)

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        odds = weights[0] - doubts @ weights[1:]
        off = 1 / (1 + np.exp(-odds)) - right
        value = np.logaddexp(0, odds).sum() - odds @ right + SHRINKAGE / 2 * weights[1:] @ weights[1:]
        return value, np.concatenate([[off.sum()], SHRINKAGE * weights[1:] - doubts.T @ off])

    bounds = [(None, None), *((0, None) for _ in names)]
    found = minimize(loss, np.zeros(len(names) + 1), jac=True, bounds=bounds, method="L-BFGS-B").x
    surest, *taken = (round(float(weight), 2) for weight in found)
    return with_rule(Calibration(surest, dict(zip(names, taken, strict=True)), 0.5), finds)


def with_rule(known: Calibration, finds: Sequence[Find]) -> Calibration:
    """A calibration with the likeliest share of conclusions that hold where their premises do."""
    concluded = [find for find in finds if find.premises]
    candidates = [Calibration(known.surest, known.doubts, share / 100) for share in range(1, 100)]

    def likelihood(one: Calibration) -> float:
        told = [find.probability(one) for find in concluded]
        seen = sum(np.log(p if find.right else 1 - p) for find, p in zip(concluded, told, strict=True))
        return float(seen + RULE_PRIOR[0] * np.log(one.rule) + RULE_PRIOR[1] * np.log(1 - one.rule))

    return max(candidates, key=likelihood)


def crossed(finds: Sequence[Find]) -> tuple[list[float], list[float]]:
    """For each find the confidence by a calibration, and by a constant, fitted to the other documents."""
    fitted, constant = {}, {}
    for document in {find.document for find in finds}:
        rest = [find for find in finds if find.document != document]
        fitted[document] = fit(rest)
        constant[document] = sum(find.right for find in rest) / len(rest)
    return [find.probability(fitted[find.document]) for find in finds], [constant[find.document] for find in finds]


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", help="documents with their facts")
    parser.add_argument("--write", action="store_true", help=f"write the calibration to {TARGET.name}")
    parser.add_argument("--diagram", metavar="FILE", help="draw the reliability of the cross-validated confidence")
    options = parser.parse_args()

    finds = list(judged(options.gold))
    fitted, constant = crossed(finds)
    shipped = [find.probability(calibration()) for find in finds]
    print(f"{'':24}{'facts':>7}{'right':>7}{'log loss':>10}{'Brier':>8}{'ECE':>7}{'AUC':>7}")
    for said, chosen in (("all", finds), ("asserted", [find for find in finds if find.fact.asserted])):
        at = [index for index, find in enumerate(finds) if find in chosen]
        right = [finds[index].right for index in at]
        for name, told in (("constant", constant), ("as shipped", shipped), ("cross-validated", fitted)):
            figures = measures([told[index] for index in at], right)
            print(f"{said + ', ' + name:24}{len(at):7}{sum(right):7}{figures}")
    new = fit(finds)
    text = json.dumps(asdict(new), indent=2) + "\n"
    print(text, end="")
    if options.write:
        TARGET.write_text(text, encoding="utf-8")
    if options.diagram:
        from reliability import draw

        draw(fitted, [find.right for find in finds], options.diagram)


if __name__ == "__main__":
    main()
