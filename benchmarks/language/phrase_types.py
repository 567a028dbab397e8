"""Where the types of noun phrases are right and where not: an ablation of the language model on GUM.

    python benchmarks/language/phrase_types.py CORPORA [--model FOLDER]

Prints, for the dev and the test part, the accuracy on the heads of gold noun phrases: of all, by what the head is, with
each head judged alone, and with types joined that annotators confuse most.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "training"))

import corpora as data
import evaluate
from spacy.language import Language

from graphwright.language import EMBEDDED, analysis, load

JOINED = {"event": "abstract", "object": "substance"}


def heads(nlp: Language, documents: data.Documents) -> Iterator[tuple[data.Word, str, str]]:
    """The head word of each gold noun phrase, its gold type, and ours."""
    for document in documents:
        doc, tokens = evaluate.gold_words(nlp, document)
        offset = 0
        for sentence in document:
            for start, end, kind, _ in sentence.phrases:
                head = next(i for i in range(start, end) if not start < sentence.words[i].head <= end)
                yield sentence.words[head], kind, analysis.phrase_type(doc[tokens[offset + head]])
            offset += len(sentence.words)


def kind_of_head(word: data.Word, seen: frozenset[str]) -> str:
    """What a head is, for the rows of the table."""
    if word.upos not in ("NOUN", "PROPN"):
        return "pronoun" if word.upos == "PRON" else "other"
    known = "seen" if word.lemma.lower() in seen else "not seen"
    return f"{'noun' if word.upos == 'NOUN' else 'name'} {known} in training"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", type=Path)
    parser.add_argument("--model", type=Path, default=EMBEDDED)
    options = parser.parse_args()
    nlp = load(str(options.model))
    folder = options.corpora / "ud_english_gum"
    train = (
        w for d in data.conllu(folder / "train.conllu") for s in d for w in s.words if w.phrase not in ("", "none")
    )
    seen = frozenset(word.lemma.lower() for word in train)
    print("| part | heads | phrases | accuracy |\n|---|---|---|---|")
    for part in ("dev", "test"):
        documents = data.conllu(folder / f"{part}.conllu")
        found = list(heads(nlp, documents))
        agreed, analysis.agreed = analysis.agreed, lambda types, fellows: types
        alone = list(heads(nlp, documents))
        analysis.agreed = agreed
        rows: Counter[str] = Counter()
        right: Counter[str] = Counter()
        for word, gold, ours in found:
            for row in ("all", kind_of_head(word, seen)):
                rows[row] += 1
                right[row] += gold == ours
            rows["all, events and objects joined with abstract and substance"] += 1
            right["all, events and objects joined with abstract and substance"] += JOINED.get(gold, gold) == JOINED.get(
                ours, ours
            )
        for _, gold, ours in alone:
            rows["all, each judged alone"] += 1
            right["all, each judged alone"] += gold == ours
        for row, count in sorted(rows.items()):
            print(f"| {part} | {row} | {count} | {right[row] / count:.3f} |")


if __name__ == "__main__":
    main()
