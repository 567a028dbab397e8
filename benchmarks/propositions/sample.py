"""Choose the sentences of tests/data/propositions.conllu: the first of each kind of argument, in treebanks' order.

    python benchmarks/propositions/sample.py EWT_DEV.conllu GUM_DEV.conllu > tests/data/propositions.conllu

Of each file and kind the first ten sentences of 6 to 25 words that hold an argument of that kind; lines for multiword
tokens, empty nodes and comments but for the sentence's name are left out, and the last column but for SpaceAfter.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import spacy
from enhanced import KINDS, blocks, told, tree

EACH = 10
WORDS = range(6, 26)


def main() -> None:
    vocab = spacy.blank("en").vocab
    for file in map(Path, sys.argv[1:]):
        chosen: Counter[str] = Counter()
        for name, rows in blocks(file):
            kinds = set(told(tree(name, rows, vocab)).values()) & set(KINDS)
            if len(rows) in WORDS and any(chosen[kind] < EACH for kind in kinds):
                chosen.update(kinds)
                print(f"# sent_id = {name}")
                for row in rows:
                    print("\t".join([*row[:9], "SpaceAfter=No" if "SpaceAfter=No" in row[9] else "_"]))
                print()


if __name__ == "__main__":
    main()
