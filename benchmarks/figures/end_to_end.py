"""From text to a committed graph on disk, against the bare language model on the same texts, on one core.

Usage: python benchmarks/figures/end_to_end.py [--quick]
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from statistics import median

from row import Clock, Figure, arguments, count_words, documents, one_core, tell


def main() -> None:
    """Take turns at both, and tell the ratio."""
    parser = arguments("Text to committed graph against the bare language model.")
    parser.add_argument("--documents", type=int, default=150)
    parser.add_argument("--rounds", type=int, default=5)
    wanted = parser.parse_args()
    number, rounds = (20, 1) if wanted.quick else (wanted.documents, wanted.rounds)
    one_core()

    from graphwright import building
    from graphwright.language import load

    made = list(documents(number))
    words = count_words(made)
    nlp = load()
    list(nlp.pipe(document.text for document in made[:3]))
    bare, whole = Clock(), Clock()
    times: list[tuple[float, float, float, float]] = []
    with tempfile.TemporaryDirectory() as folder:
        building.update(made[:3], store=Path(folder) / "first.store")[0].close()  # loads and compiles what it needs
        for turn in range(rounds):
            with bare:
                for _ in nlp.pipe(document.text for document in made):
                    pass
            with whole:
                graph, report = building.update(made, store=Path(folder) / f"{turn}.store")
                graph.close()
            assert report.read == number
            times.append((bare.cpu, bare.wall, whole.cpu, whole.wall))
    bare_cpu, bare_wall, whole_cpu, whole_wall = (median(column) for column in zip(*times, strict=True))
    on_the_wall = median(one[1] / one[3] for one in times)
    tell(
        Figure(
            measure="end to end ÷ bare language model, words per second, one core",
            value=median(one[0] / one[2] for one in times),
            unit="×",
            reach=0.65,
            note=f"by seconds of processor, {rounds} rounds of {number} documents of 300 words: "
            f"{words / whole_cpu:.0f} of {words / bare_cpu:.0f} words/s; on the wall {on_the_wall:.3f}, "
            f"{words / whole_wall:.0f} of {words / bare_wall:.0f} words/s",
        )
    )


if __name__ == "__main__":
    main()
