"""Scores a model folder, as users run it, and writes the figures into its meta.json.

    python evaluate.py MODEL_FOLDER CORPORA [--dry]

Trees: the test parts of EWT and GUM with gold words, whole documents, blank lines between paragraphs; sentences are
found by the model, and a head counts if it is the same word. Names: exact spans of persons, organisations and places on
the development parts, sentence by sentence. Speed: raw text to Doc, one thread.
"""

from __future__ import annotations

import argparse
import json
import resource
import time
from collections import Counter
from pathlib import Path

import corpora as data
from spacy.tokens import Doc

from graphwright.language import load

TYPES = ("PERSON", "ORG", "LOC")


def trees(nlp, documents: data.Documents) -> dict[str, float]:  # type: ignore[no-untyped-def]
    right: Counter[str] = Counter()
    words = found_sentences = gold_sentences = 0
    for document in documents:
        forms: list[str] = []
        index: list[int] = []  # token of each word
        gold: list[data.Word] = []
        heads: list[int] = []  # word index of each word's head, -1 for roots
        bounds: set[tuple[int, int]] = set()
        for sentence in document:
            if sentence.paragraph and forms:
                forms.append("\n\n")
            offset = len(gold)
            for word in sentence.words:
                index.append(len(forms))
                forms.append(word.form)
                gold.append(word)
                heads.append(offset + word.head - 1 if word.head else -1)
            bounds.add((offset, len(gold)))
        doc = nlp.get_pipe("graphwright_encoder")(Doc(nlp.vocab, words=forms, spaces=[False] * len(forms)))
        position = {token: word for word, token in enumerate(index)}
        for word, head, token in zip(gold, heads, (doc[i] for i in index), strict=True):
            ours = -1 if token.head.i == token.i else position[token.head.i]
            relation = "root" if token.dep_ == "ROOT" else token.dep_
            words += 1
            right["upos"] += token.pos_ == word.upos
            right["xpos"] += token.tag_ == word.xpos
            right["feats"] += (str(token.morph) or "_") == word.feats
            right["lemma"] += token.lemma_ == word.lemma
            right["uas"] += ours == head
            right["las"] += ours == head and relation == word.relation
        ours_bounds = set()
        for span in doc.sents:
            inside = [position[token.i] for token in span if token.i in position]
            if inside:
                ours_bounds.add((inside[0], inside[-1] + 1))
        right["sentence"] += 2 * len(bounds & ours_bounds)
        found_sentences += len(ours_bounds)
        gold_sentences += len(bounds)
    result = {kind: 100 * right[kind] / words for kind in ("upos", "xpos", "feats", "lemma", "uas", "las")}
    result["sentence_f1"] = 100 * right["sentence"] / (found_sentences + gold_sentences)
    return {kind: round(value, 2) for kind, value in result.items()}


def names(nlp, documents: data.Documents) -> dict[str, float]:  # type: ignore[no-untyped-def]
    both = ours_count = gold_count = 0
    for document in documents:
        for sentence in document:
            doc = Doc(nlp.vocab, words=[word.form for word in sentence.words])
            doc = nlp.get_pipe("graphwright_encoder")(doc)
            ours = {(span.start, span.end, span.label_) for span in doc.ents if span.label_ in TYPES}
            gold = {span for span in data.spans([word.name for word in sentence.words]) if span[2] in TYPES}
            both += len(ours & gold)
            ours_count += len(ours)
            gold_count += len(gold)
    figures = {
        "precision": both / max(1, ours_count),
        "recall": both / max(1, gold_count),
        "f1": 2 * both / max(1, ours_count + gold_count),
    }
    return {kind: round(value, 3) for kind, value in figures.items()}


def words_per_second(nlp, documents: data.Documents) -> int:  # type: ignore[no-untyped-def]
    texts = []
    for document in documents:
        text = ""
        for sentence in document:
            text += ("\n\n" if sentence.paragraph else " ") + " ".join(word.form for word in sentence.words)
        texts.append(text.strip())
    for text in texts[:20]:
        nlp(text)
    begin, count = time.process_time(), 0
    for text in texts:
        count += sum(not token.is_space for token in nlp(text))
    return round(count / (time.process_time() - begin))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("corpora", type=Path)
    parser.add_argument("--dry", action="store_true", help="print only")
    options = parser.parse_args()
    nlp = load(str(options.model))
    performance: dict[str, object] = {}
    tested: data.Documents = []
    for part in ("ewt", "gum"):
        documents = data.conllu(options.corpora / f"ud_english_{part}/test.conllu")
        tested += documents
        performance[f"{part}_test"] = trees(nlp, documents)
        print(part, performance[f"{part}_test"], flush=True)
    for part in ("uner_ewt", "crossner_politics", "redocred"):
        documents = data.name_documents(options.corpora / f"ner/{part}/dev.conll", 1)
        performance[f"names_{part}_dev"] = names(nlp, documents)
        print(part, performance[f"names_{part}_dev"], flush=True)
    performance["words_per_cpu_second"] = words_per_second(nlp, tested)
    print(performance["words_per_cpu_second"], "words a CPU second;",
          resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, "MiB at most")  # fmt: skip
    if not options.dry:
        path = options.model / "meta.json"
        meta = json.loads(path.read_text(encoding="utf8"))
        meta["performance"] = performance
        path.write_text(json.dumps(meta, ensure_ascii=False, indent=2) + "\n", encoding="utf8")


if __name__ == "__main__":
    main()
