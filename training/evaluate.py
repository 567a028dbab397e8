"""Scores a model folder, as users run it, and writes the figures into its meta.json.

    python evaluate.py MODEL_FOLDER CORPORA [--float FOLDER] [--dry]

Test parts: tags and trees of EWT and GUM on gold words, with sentences given and with sentences found; EWT from raw
text by the scorer of the CoNLL 2018 shared task (udtools); types of GUM's noun phrases and coreference on gold words
(scorch: MUC, B³ and CEAFe after Pradhan et al. 2014, exact spans, no singletons). Development parts: names, as exact
spans of persons, organisations and places, sentence by sentence. `--float` is the same model with 32-bit weights.
"""

from __future__ import annotations

import argparse
import io
import json
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import mean, median

import corpora as data
from labels import coarse
from spacy.language import Language
from spacy.tokens import Doc

from graphwright.language import load
from graphwright.language.analysis import CHAIN, phrase_type

NAME_PARTS = ("uner_ewt", "crossner_politics", "redocred")
ARTICLE = 300  # words
MAIN = "graphwright_encoder"


def gold_words(nlp: Language, sentences: Sequence[data.Sentence]) -> tuple[Doc, list[int]]:
    """The analysis of sentences whose words are given, blank lines between paragraphs; and the token of each word."""
    forms: list[str] = []
    tokens: list[int] = []
    for sentence in sentences:
        if sentence.paragraph and forms:
            forms.append("\n\n")
        for word in sentence.words:
            tokens.append(len(forms))
            forms.append(word.form)
    doc = Doc(nlp.vocab, words=forms, spaces=[False] * len(forms))
    for _, component in nlp.pipeline:
        doc = component(doc)
    return doc, tokens


def trees(nlp: Language, documents: data.Documents, *, given: bool) -> dict[str, float]:
    """Accuracies of tags and trees, in percent; `given`: each sentence is read by itself."""
    right: Counter[str] = Counter()
    words = found_sentences = gold_sentences = 0
    parts = [[sentence] for document in documents for sentence in document] if given else documents
    for document in parts:
        doc, tokens = gold_words(nlp, document)
        position = {token: word for word, token in enumerate(tokens)}
        gold: list[data.Word] = []
        heads: list[int] = []  # word index of each word's head, -1 for roots
        bounds: set[tuple[int, int]] = set()
        for sentence in document:
            offset = len(gold)
            gold += sentence.words
            heads += [offset + word.head - 1 if word.head else -1 for word in sentence.words]
            bounds.add((offset, len(gold)))
        for word, head, token in zip(gold, heads, (doc[i] for i in tokens), strict=True):
            ours = -1 if token.head.i == token.i else position.get(token.head.i, -2)
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
    if not given:
        result["sentence_f1"] = 100 * right["sentence"] / (found_sentences + gold_sentences)
    return {kind: round(value, 2) for kind, value in result.items()}


def raw_texts(path: Path) -> list[str]:
    """The text of each document of a CoNLL-U file, with blank lines between paragraphs."""
    texts: list[str] = []
    paragraph = False
    for line in path.read_text(encoding="utf8").split("\n"):
        if line.startswith("# newdoc"):
            texts.append("")
        elif line.startswith("# newpar"):
            paragraph = True
        elif line.startswith("# text = "):
            joint = "\n\n" if paragraph else " "
            texts[-1] += (joint if texts[-1] else "") + line.removeprefix("# text = ")
            paragraph = False
    return texts


def as_conllu(docs: Sequence[Doc]) -> Iterator[str]:
    """The lines of the CoNLL-U form of analyses."""
    for doc in docs:
        for sentence in doc.sents:
            tokens = [token for token in sentence if not token.is_space]
            number = {token.i: i for i, token in enumerate(tokens, 1)}
            for token in tokens:
                root = token.head.i == token.i
                yield "\t".join(
                    (
                        str(number[token.i]), token.text, token.lemma_, token.pos_, token.tag_, str(token.morph) or "_",
                        "0" if root else str(number.get(token.head.i, 0)), "root" if root else token.dep_, "_", "_",
                    )
                )  # fmt: skip
            if tokens:
                yield ""


def raw(nlp: Language, path: Path) -> dict[str, float]:
    """The scores of the CoNLL 2018 shared task from raw text, in percent."""
    from udtools import udeval

    system = "\n".join(as_conllu(list(nlp.pipe(raw_texts(path))))) + "\n"
    treebank_type = dict.fromkeys(("no_gapping", "no_shared_parents_in_coordination", "no_shared_dependents_in_coordination", "no_control", "no_external_arguments_of_relative_clauses", "no_case_info", "no_empty_nodes", "multiple_roots_okay"), 0)  # noqa: E501  # fmt: skip
    gold = udeval.load_conllu(io.StringIO(path.read_text(encoding="utf8")), str(path), treebank_type)
    # A parser may hang words on blanks, which are left out here: their words become roots.
    ours = udeval.load_conllu(io.StringIO(system), "ours", treebank_type | {"multiple_roots_okay": 1})
    found = udeval.evaluate(gold, ours)
    wanted = {"words": "Words", "sentences": "Sentences", "upos": "UPOS", "uas": "UAS", "las": "LAS"}
    return {name: round(100 * found[key].f1, 2) for name, key in wanted.items()}


def names(nlp: Language, documents: data.Documents) -> dict[str, float]:
    """Precision, recall and F1 of names."""
    both = ours_count = gold_count = 0
    for document in documents:
        for sentence in document:
            doc, _ = gold_words(nlp, [sentence])
            found = [(span.start, span.end, coarse(span.label_)) for span in doc.ents]
            ours = {span for span in found if span[2]}
            gold = {
                (start, end, coarse(kind))
                for start, end, kind in data.spans([word.name for word in sentence.words])
                if coarse(kind)
            }
            both += len(ours & gold)
            ours_count += len(ours)
            gold_count += len(gold)
    figures = {
        "precision": both / max(1, ours_count),
        "recall": both / max(1, gold_count),
        "f1": 2 * both / max(1, ours_count + gold_count),
    }
    return {kind: round(value, 3) for kind, value in figures.items()}


def phrases(nlp: Language, documents: data.Documents) -> dict[str, float]:
    """Types of the heads of gold noun phrases; coreference; both as fractions."""
    from scorch import scores

    right = total = 0
    gold_chains: list[set[tuple[int, int, int]]] = []
    our_chains: list[set[tuple[int, int, int]]] = []
    for number, document in enumerate(documents):
        doc, tokens = gold_words(nlp, document)
        chains: dict[str, set[tuple[int, int, int]]] = defaultdict(set)
        offset = 0
        for sentence in document:
            for start, end, kind, chain in sentence.phrases:
                head = next(i for i in range(start, end) if not start < sentence.words[i].head <= end)
                right += phrase_type(doc[tokens[offset + head]]) == kind
                total += 1
                chains[chain].add((number, tokens[offset + start], tokens[offset + end - 1] + 1))
            offset += len(sentence.words)
        gold_chains += [chain for chain in chains.values() if len(chain) > 1]
        for key, spans in doc.spans.items():
            if key.startswith(CHAIN):
                our_chains.append({(number, span.start, span.end) for span in spans})
    our_chains = [chain for chain in our_chains if len(chain) > 1]
    figures = {"type_accuracy": right / max(1, total)}
    if our_chains:
        metrics = {"muc": scores.muc, "b_cubed": scores.b_cubed, "ceaf_e": scores.ceaf_e}
        found = {name: metric(gold_chains, our_chains)[2] for name, metric in metrics.items()}
        gold_mentions, our_mentions = set().union(*gold_chains), set().union(*our_chains)
        found["mentions"] = 2 * len(gold_mentions & our_mentions) / (len(gold_mentions) + len(our_mentions))
        figures |= found | {"conll": mean(found[name] for name in metrics)}
    return {name: round(float(value), 3) for name, value in figures.items()}


def articles(documents: data.Documents) -> list[str]:
    """Texts of about ARTICLE words, whole sentences in paragraphs, cut from documents."""
    texts: list[str] = []
    for document in documents:
        text, size = "", 0
        for sentence in document:
            text += ("\n\n" if sentence.paragraph else " ") + " ".join(word.form for word in sentence.words)
            size += len(sentence.words)
            if size >= ARTICLE:
                texts.append(text.strip())
                text, size = "", 0
    return texts


def words_per_second(pipelines: Sequence[Language], texts: Sequence[str], rounds: int = 3) -> list[int]:
    """Words per CPU second of each pipeline from raw text, the median of rounds in which they take turns."""
    for nlp in pipelines:
        for text in texts[:10]:
            nlp(text)
    figures: list[list[float]] = [[] for _ in pipelines]
    for _ in range(rounds):
        for nlp, found in zip(pipelines, figures, strict=True):
            begin = time.process_time()
            count = sum(not token.is_space for doc in nlp.pipe(texts) for token in doc)
            found.append(count / (time.process_time() - begin))
    return [round(median(found)) for found in figures]


def load_seconds(model: Path, rounds: int = 5) -> dict[str, float]:
    """Seconds to load a model and analyse a first sentence, and to import spaCy before; medians of fresh processes."""
    code = (
        "import time; begin = time.perf_counter()\n"
        "import spacy\n"
        "from graphwright.language import load\n"
        "imported = time.perf_counter()\n"
        f"load({str(model)!r})('It works.')\n"
        "print(imported - begin, time.perf_counter() - imported)"
    )
    runs = [subprocess.run([sys.executable, "-c", code], check=True, capture_output=True) for _ in range(rounds)]
    imports, loads = zip(*(map(float, run.stdout.split()) for run in runs), strict=True)
    return {"load_seconds": round(median(loads), 2), "import_seconds": round(median(imports), 2)}


def megabytes(model: Path) -> float:
    """What a model takes in a wheel, unpacked."""
    return round(sum(file.stat().st_size for file in model.rglob("*") if file.is_file()) / 1e6, 1)


def measure(nlp: Language, corpora: Path) -> dict[str, dict[str, float]]:
    """All measures of quality."""
    found: dict[str, dict[str, float]] = {}
    for part in ("ewt", "gum"):
        path = corpora / f"ud_english_{part}/test.conllu"
        documents = data.conllu(path)
        found[f"{part}_test_sentences_given"] = trees(nlp, documents, given=True)
        found[f"{part}_test"] = trees(nlp, documents, given=False)
        found[f"{part}_test_raw"] = raw(nlp, path)
        if part == "gum":
            found["gum_test_phrases"] = phrases(nlp, documents)
    for part in NAME_PARTS:
        documents = data.name_documents(corpora / f"ner/{part}/dev.conll", 1)
        found[f"names_{part}_dev"] = names(nlp, documents)
    return found


def las_lost(found: dict[str, dict[str, float]], floating: Path, corpora: Path) -> dict[str, float]:
    """How much more LAS the 32-bit weights have than what was `found` of the 8-bit ones, in points."""
    whole = load(str(floating))
    lost = {}
    for part in ("ewt", "gum"):
        documents = data.conllu(corpora / f"ud_english_{part}/test.conllu")
        lost[part] = round(trees(whole, documents, given=True)["las"] - found[f"{part}_test_sentences_given"]["las"], 2)
    return lost


def evaluate(model: Path, corpora: Path, floating: Path | None, *, dry: bool = False) -> None:
    """Print all figures, and write them into the model's meta.json unless `dry`."""
    nlp = load(str(model))
    found = measure(nlp, corpora)
    performance: dict[str, object] = dict(found)
    for name, figures in found.items():
        print(name, figures, flush=True)
    if floating:
        performance["las_lost_by_8_bits"] = las_lost(found, floating, corpora)
    texts = articles(
        [doc for part in ("test", "dev") for doc in data.conllu(corpora / f"ud_english_gum/{part}.conllu")]
    )
    performance["words_per_cpu_second"] = words_per_second([nlp], texts)[0]
    performance |= load_seconds(model)
    print({name: figure for name, figure in performance.items() if not isinstance(figure, dict) or "lost" in name})
    if not dry:
        path = model / "meta.json"
        meta = json.loads(path.read_text(encoding="utf8"))
        meta["performance"] = performance
        path.write_text(json.dumps(meta, ensure_ascii=False, indent=2) + "\n", encoding="utf8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("corpora", type=Path)
    parser.add_argument("--float", type=Path, help="folder of the model with 32-bit weights")
    parser.add_argument("--dry", action="store_true", help="print only")
    options = parser.parse_args()
    evaluate(options.model, options.corpora, options.float, dry=options.dry)


if __name__ == "__main__":
    main()
