"""Draw how often facts of each confidence are right (a reliability diagram), and print how far off confidence is.

Usage: python benchmarks/confidence/reliability.py GOLD.jsonl FILE.png; needs matplotlib (extra `plots`). On the file
that confidence was fitted to the picture flatters; `fit.py --diagram` draws one by cross-validation.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from math import sqrt

from judged import judged
from measures import bins, measures

INK, FILL = "#0072b2", "#9ecae1"


def interval(right: int, count: int) -> tuple[float, float]:
    """Wilson's interval of a share, 95 %."""
    z, share = 1.96, right / count
    centre = (share + z * z / (2 * count)) / (1 + z * z / count)
    half = z * sqrt(share * (1 - share) / count + z * z / (4 * count * count)) / (1 + z * z / count)
    return max(0.0, centre - half), min(1.0, centre + half)


def draw(told: Sequence[float], right: Sequence[bool], file: str) -> None:
    """Draw the share of right facts over confidence, and below how many facts have which confidence."""
    from matplotlib.figure import Figure

    found = list(bins(told, right))
    figure = Figure(figsize=(5.4, 6.2), dpi=150, layout="constrained")
    above, below = figure.subplots(2, sharex=True, height_ratios=[4, 1])
    above.plot([0, 1], [0, 1], color="#999999", linewidth=1, linestyle="--", label="as it should be")
    for mean, _, good, count in found:
        above.plot([mean, mean], interval(good, count), color=FILL, linewidth=3, solid_capstyle="butt")
    above.plot([mean for mean, *_ in found], [share for _, share, *_ in found], "o-", color=INK, label="as it is")
    above.plot([], [], color=FILL, linewidth=3, label="95 % interval")
    figures = measures(told, right)
    above.set_title(f"{len(told)} facts: ECE {figures.ece:.3f}, Brier {figures.brier:.3f}", loc="left", fontsize=11)
    above.set(ylabel="share right", xlim=(0, 1), ylim=(0, 1.02))
    above.legend(frameon=False, loc="upper left")
    below.hist(told, bins=[i / 20 for i in range(21)], color=FILL, edgecolor="white")
    below.set(xlabel="confidence", ylabel="facts")
    for axes in (above, below):
        axes.grid(alpha=0.25)
        axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(file)


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", help="documents with their facts")
    parser.add_argument("file", help="the picture to write")
    options = parser.parse_args()
    finds = list(judged(options.gold))
    for said, chosen in (("all", finds), ("asserted", [find for find in finds if find.fact.asserted])):
        told, right = [find.fact.confidence for find in chosen], [find.right for find in chosen]
        figures = measures(told, right)
        print(f"{said}: {len(chosen)} facts, {sum(right)} right; ECE {figures.ece:.3f}, Brier {figures.brier:.3f}")
    draw([find.fact.confidence for find in finds], [find.right for find in finds], options.file)


if __name__ == "__main__":
    main()
