"""Our reading of arguments beside the enhanced dependencies of a treebank, on its gold trees.

    python benchmarks/propositions FILE.conllu… [--errors KIND]

Only the step from trees to arguments is measured: no language model, no names. `--errors` lists the disagreements of
one kind (or `all`) with their sentences.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import spacy
from enhanced import ADDED, KINDS, Tree, Triple, read, read_off, told

from graphwright.ontology import load as load_ontology
from graphwright.propositions import read_propositions

Agreement = tuple[Tree, dict[Triple, str], dict[Triple, str]]
"""A tree, what its enhanced graph tells, and what we read."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--errors", metavar="KIND")
    options = parser.parse_args()
    sentences = list(agreements(options.files))
    print("\n".join(report(sentences)))
    if options.errors:
        print("\n".join(disagreements(sentences, options.errors)))


def agreements(files: Iterable[Path]) -> Iterator[Agreement]:
    """Each sentence of some treebanks, with what is told and what is read."""
    vocab, words = spacy.blank("en").vocab, load_ontology(()).words
    for file in files:
        for tree in read(file, vocab):
            yield tree, told(tree), read_off(tree, read_propositions(tree.doc, words))


def report(sentences: Iterable[Agreement]) -> Iterator[str]:
    """Precision, recall and F1 for each kind, and how much we read beyond."""
    gold, found, right = Counter[str](), Counter[str](), Counter[str]()
    for _, gold_triples, read_triples in sentences:
        gold.update(gold_triples.values())
        found.update(kind for triple, kind in read_triples.items() if triple not in gold_triples)
        found.update(gold_triples[triple] for triple in read_triples if triple in gold_triples)
        right.update(gold_triples[triple] for triple in read_triples if triple in gold_triples)
    yield "| arguments | in DEPS | read | agree | precision | recall | F1 |"
    yield "|---|---|---|---|---|---|---|"
    for kind in KINDS:
        yield row(kind, gold[kind], found[kind], right[kind])
    yield row("all", *(sum(counts[kind] for kind in KINDS) for counts in (gold, found, right)))
    yield ""
    yield "Read beyond DEPS: " + ", ".join(f"{kind} {found[kind] - right[kind]}" for kind in ADDED)
    yield "In DEPS beyond these kinds: " + ", ".join(f"{kind} {gold[kind]} (read {right[kind]})" for kind in ADDED)


def row(name: str, gold: int, found: int, right: int) -> str:
    """A row of the table of figures."""
    precision, recall = right / found if found else 0.0, right / gold if gold else 0.0
    f1 = 2 * right / (gold + found) if gold + found else 0.0
    return f"| {name} | {gold} | {found} | {right} | {precision:.3f} | {recall:.3f} | {f1:.3f} |"


def disagreements(sentences: Iterable[Agreement], wanted: str) -> Iterator[str]:
    """What is only told (-) and only read (+) of a kind, below the sentences."""
    for tree, gold, found in sentences:
        lines = [
            f"  {mark} {kind}: {tree.doc[predicate]} -{role}-> {tree.doc[filler]}"
            for mark, some, other in (("-", gold, found), ("+", found, gold))
            for (predicate, role, filler), kind in some.items()
            if (predicate, role, filler) not in other and wanted in {kind, "all"} and (mark == "-" or kind not in ADDED)
        ]
        if lines:
            yield "\n".join([f"{tree.name}: {tree.doc.text}", *lines])


if __name__ == "__main__":
    main()
