"""Trains a convolutional spaCy pipeline on the corpora of the embedded model, to compare with.

    python benchmarks/language/baseline.py CORPORA FOLDER --minutes 10

It is spaCy's usual small pipeline for a processor: one HashEmbedCNN of width 96 and depth 4 under a tagger, a
morphologizer, a transition-based parser and a recogniser of names, trained on the train parts of EWT and GUM.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.training import Example
from spacy.util import minibatch

sys.path.insert(0, str(Path(__file__).parents[2] / "training"))

import corpora as data
from labels import coarse

TOK2VEC = {
    "@architectures": "spacy.HashEmbedCNN.v2", "width": 96, "depth": 4, "embed_size": 2000, "window_size": 1,
    "maxout_pieces": 3, "subword_features": True, "pretrained_vectors": None,
}  # fmt: skip


def blank() -> Language:
    """The pipeline before training."""
    nlp = spacy.blank("en")
    nlp.add_pipe("tok2vec", config={"model": TOK2VEC})
    listener = {"@architectures": "spacy.Tok2VecListener.v1", "width": 96, "upstream": "*"}
    nlp.add_pipe("tagger", config={"model": {"@architectures": "spacy.Tagger.v2", "tok2vec": listener}})
    nlp.add_pipe("morphologizer", config={"model": {"@architectures": "spacy.Tagger.v2", "tok2vec": listener}})
    for name, state in (("parser", "parser"), ("ner", "ner")):
        model = {
            "@architectures": "spacy.TransitionBasedParser.v2", "state_type": state, "extra_state_tokens": False,
            "hidden_width": 64, "maxout_pieces": 2, "use_upper": True, "tok2vec": listener,
        }  # fmt: skip
        nlp.add_pipe(name, config={"model": model})
    return nlp


def examples(nlp: Language, corpora: Path) -> Iterator[Example]:
    """Sentences of the treebanks, one to three together, with tags, trees and names."""
    chance = random.Random(0)
    trees = data.with_names(data.conllu(corpora / "ud_english_ewt/train.conllu"), corpora / "ner/uner_ewt/train.conll")
    for document in [*trees, *data.conllu(corpora / "ud_english_gum/train.conllu")]:
        rest = list(document)
        while rest:
            count = chance.randint(1, 3)
            yield Example(*(document_of(nlp, rest[:count], told) for told in (False, True)))
            rest = rest[count:]


def document_of(nlp: Language, sentences: list[data.Sentence], told: bool) -> Doc:
    """A document of some sentences, with or without what is known of them."""
    words = [word for sentence in sentences for word in sentence.words]
    if not told:
        return Doc(nlp.vocab, words=[word.form for word in words])
    offsets = [sum(len(sentence.words) for sentence in sentences[:i]) for i in range(len(sentences))]
    heads = [
        offset + (word.head - 1 if word.head else i)
        for offset, sentence in zip(offsets, sentences, strict=True)
        for i, word in enumerate(sentence.words)
    ]
    doc = Doc(
        nlp.vocab,
        words=[word.form for word in words],
        tags=[word.xpos for word in words],
        pos=[word.upos for word in words],
        morphs=["" if word.feats == "_" else word.feats for word in words],
        heads=heads,
        deps=["ROOT" if word.relation == "root" else word.relation for word in words],
        sent_starts=[i in offsets for i in range(len(words))],
    )
    found = [(start, end, coarse(kind)) for start, end, kind in data.spans([word.name for word in words])]
    doc.ents = [Span(doc, start, end, kind) for start, end, kind in found if kind]
    return doc


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--minutes", type=float, default=10)
    options = parser.parse_args()
    nlp = blank()
    every = list(examples(nlp, options.corpora))
    optimizer = nlp.initialize(lambda: every[:2000])
    chance, begin, words = random.Random(0), time.time(), 0
    while time.time() - begin < options.minutes * 60:
        chance.shuffle(every)
        for batch in minibatch(every, 48):
            # The rate falls to a tenth by the end.
            optimizer.learn_rate = 0.002 * (1 - 0.9 * min(1, (time.time() - begin) / options.minutes / 60))
            losses = nlp.update(batch, sgd=optimizer, drop=0.1)
            words += sum(len(example.reference) for example in batch)
            if time.time() - begin >= options.minutes * 60:
                break
        print(round(time.time() - begin), words, {name: round(loss) for name, loss in losses.items()}, flush=True)
    nlp.to_disk(options.folder)
    meta = json.loads((options.folder / "meta.json").read_text(encoding="utf8"))
    meta["description"] = f"convolutional, trained for {options.minutes:g} minutes on {words:,} words"
    (options.folder / "meta.json").write_text(json.dumps(meta, indent=2) + "\n", encoding="utf8")


if __name__ == "__main__":
    main()
