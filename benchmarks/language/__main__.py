"""The language model in one table: what it reaches, what it should, and a convolutional pipeline beside it.

    python benchmarks/language CORPORA [--baseline FOLDER] [--float FOLDER] [--model FOLDER] [--json FILE]

Needs the extra `train` (for the scorers udtools and scorch). `--baseline` is what benchmarks/language/baseline.py
wrote; `--float` is the model with 32-bit weights, which training/recipe.py leaves in its work folder. The measures are
those of training/evaluate.py; speed is taken in turns, on one core.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "training"))

import corpora as data
import evaluate

from graphwright.language import EMBEDDED, load

Figures = dict[str, dict[str, float]]

ROWS = (
    ("EWT test, UPOS", "ewt_test_sentences_given", "upos", "≥ 96.5"),
    ("EWT test, LAS", "ewt_test_sentences_given", "las", "≥ 89.8"),
    ("EWT test, LAS, sentences found", "ewt_test", "las", ""),
    ("EWT test, lemmas", "ewt_test_sentences_given", "lemma", ""),
    ("EWT test, features", "ewt_test_sentences_given", "feats", ""),
    ("GUM test, UPOS", "gum_test_sentences_given", "upos", "≥ 96.5"),
    ("GUM test, LAS", "gum_test_sentences_given", "las", "≥ 87.8"),
    ("GUM test, LAS, sentences found", "gum_test", "las", ""),
    ("EWT test from raw text, LAS", "ewt_test_raw", "las", "≥ 85.0"),
    ("EWT test from raw text, words F1", "ewt_test_raw", "words", ""),
    ("EWT test from raw text, sentences F1", "ewt_test_raw", "sentences", ""),
    ("EWT test, sentences F1", "ewt_test", "sentence_f1", "≥ 88"),
    ("GUM test, sentences F1", "gum_test", "sentence_f1", "≥ 93"),
    ("Names F1, Universal NER EWT dev", "names_uner_ewt_dev", "f1", "≥ 0.80"),
    ("Names F1, CrossNER politics dev", "names_crossner_politics_dev", "f1", "≥ 0.80"),
    ("Names F1, Re-DocRED dev", "names_redocred_dev", "f1", ""),
    ("Noun-phrase types, GUM test", "gum_test_phrases", "type_accuracy", "≥ 0.85"),
    ("Coreference, GUM test, CoNLL F1", "gum_test_phrases", "conll", "≥ 0.50"),
    ("Coreference, MUC / mentions F1", "gum_test_phrases", "muc", ""),
    ("LAS lost by 8 bits, EWT", "las_lost_by_8_bits", "ewt", "≤ 0.3"),
    ("LAS lost by 8 bits, GUM", "las_lost_by_8_bits", "gum", "≤ 0.3"),
    ("Size, MB", "practice", "megabytes", "≤ 32"),
    ("Load and first sentence, s", "practice", "load_seconds", "≤ 1.5"),
    ("Import of spaCy before, s", "practice", "import_seconds", ""),
    ("Words per second, one core", "practice", "words_per_second", "≥ 5000"),
    ("Speed beside the baseline", "practice", "ratio", "≥ 0.5"),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", type=Path)
    parser.add_argument("--model", type=Path, default=EMBEDDED)
    parser.add_argument("--baseline", type=Path)
    parser.add_argument("--float", type=Path)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    folders = [options.model, *([options.baseline] if options.baseline else [])]
    pipelines = [load(str(folder)) for folder in folders]
    found: list[Figures] = []
    for folder, nlp in zip(folders, pipelines, strict=True):
        print(f"measuring {folder}", file=sys.stderr, flush=True)
        found.append(evaluate.measure(nlp, options.corpora))
    if options.float:
        print(f"measuring {options.float}", file=sys.stderr, flush=True)
        found[0]["las_lost_by_8_bits"] = evaluate.las_lost(found[0], options.float, options.corpora)
    texts = [
        text
        for part in ("test", "dev")
        for text in evaluate.articles(data.conllu(options.corpora / f"ud_english_gum/{part}.conllu"))
    ]
    speeds = evaluate.words_per_second(pipelines, texts)
    for folder, figures, speed in zip(folders, found, speeds, strict=True):
        figures["practice"] = {
            "megabytes": evaluate.megabytes(folder),
            "words_per_second": speed,
            **evaluate.load_seconds(folder),
        }
    if options.baseline:
        found[0]["practice"]["ratio"] = round(speeds[0] / speeds[1], 2)
    header = ["measure", "to reach", *(str(nlp.meta["description"]) for nlp in pipelines)]
    print("| " + " | ".join(header) + " |\n" + "|---" * len(header) + "|")
    for title, part, name, goal in ROWS:
        cells = [str(figures.get(part, {}).get(name, "–")) for figures in found]
        print("| " + " | ".join([title, goal, *cells]) + " |")
    if options.json:
        options.json.write_text(json.dumps(dict(zip(map(str, folders), found, strict=True)), indent=2) + "\n")


if __name__ == "__main__":
    main()
