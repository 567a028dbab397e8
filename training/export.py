"""Turns a checkpoint into the model folder of the package: ONNX, 8 bits, inside a spaCy pipeline.

python export.py CHECKPOINT ENCODER CORPORA MODEL_FOLDER
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
import warnings
from collections import Counter, defaultdict
from pathlib import Path

import corpora as data
import onnx
import spacy
import torch
from model import Labels, Network
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.shape_inference import quant_pre_process
from spacy.language import Language
from spacy.util import compile_infix_regex
from torch import Tensor, nn

from graphwright.language import lemmas, words

META = {
    "name": "graphwright",
    "version": "1.0.0",
    "description": "English in Universal Dependencies with names: fine-tuned all-MiniLM-L6-v2, 8-bit ONNX.",
    "author": "Graphwright",
    "spacy_version": ">=3.8,<3.9",
    "license": "CC BY-SA 4.0",
    "sources": [
        {"name": "all-MiniLM-L6-v2", "license": "Apache-2.0"},
        {"name": "UD_English-EWT 2.16", "license": "CC BY-SA 4.0"},
        {"name": "GUM 2.16, genres that allow commercial use", "license": "CC BY 4.0; texts up to CC BY-SA 3.0"},
        {"name": "UNER_English-EWT", "license": "CC BY-SA 4.0"},
        {"name": "Re-DocRED", "license": "MIT; text CC BY-SA 3.0"},
        {"name": "Wikigold", "license": "CC BY 4.0"},
        {"name": "CrossNER", "license": "MIT; text CC BY-SA 3.0"},
        {"name": "re3d", "license": "per document, see SOURCES.md"},
    ],
}


class Single(nn.Module):
    """The network for one window: no padding, classes instead of scores where no more is needed."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, pieces: Tensor, shapes: Tensor, first: Tensor) -> tuple[Tensor, ...]:
        outputs = dict(zip(Network.OUTPUTS, self.network(pieces, shapes, None, first), strict=True))
        return (
            *(outputs[kind][0].argmax(-1) for kind in ("upos", "xpos", "feats")),
            outputs["lemma"][0],
            outputs["start"][0].softmax(-1)[:, 1],
            outputs["name"][0],
            outputs["arcs"][0],
            outputs["dependents"][0],
            outputs["governors"][0],
        )


def to_onnx(network: Network, path: Path) -> None:
    pieces = torch.randint(1000, 2000, (1, 12))
    inputs = (pieces, torch.zeros_like(pieces), torch.tensor([[1, 2, 4, 7]]))
    names = ["pieces", "shapes", "first"]
    axes = {name: {1: "words" if name == "first" else "pieces"} for name in names}
    axes |= {name: {0: "nodes" if name == "governors" else "words"} for name in Network.OUTPUTS}
    axes["arcs"] = {0: "words", 1: "nodes"}
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            Single(network), inputs, str(path), input_names=names, output_names=list(Network.OUTPUTS),
            dynamic_axes=axes, opset_version=17, dynamo=False,
        )  # fmt: skip


def lemma_knowledge(trees: data.Documents, scripts: list[str]) -> dict[str, object]:
    """What the component's Lemmatizer needs: the endings that each script cuts off, and a lexicon of forms."""
    endings: dict[str, set[str]] = {script: set() for script in scripts}
    lemmas_of: dict[str, Counter[str]] = defaultdict(Counter)
    for word in (word for document in trees for sentence in document for word in sentence.words):
        script = lemmas.script(word.form, word.lemma)
        if script in endings:
            endings[script].add(lemmas.cut_ending(word.form, script))
        if word.xpos[:2] in ("VB", "NN", "JJ", "RB", "MD") and word.upos != "PROPN":
            lemmas_of[f"{word.form.lower()} {word.xpos}"][word.lemma] += 1
    lexicon = {}
    for form, counts in lemmas_of.items():
        (lemma, count), total = counts.most_common(1)[0], counts.total()
        # A form seen once may be a slip of the pen.
        if total > 1 and count > 0.8 * total and form.split()[0].isalpha() and lemma == lemma.lower():
            lexicon[form] = lemma
    for line in (Path(__file__).parent / "irregular.txt").read_text(encoding="utf8").splitlines():
        if not line.startswith("#"):
            lemma, past, participle = line.split()
            lexicon |= {f"{form} VBD": lemma for form in past.split(",")}
            lexicon |= {f"{form} VBN": lemma for form in participle.split(",")}
    return {"endings": [sorted(endings[script]) for script in scripts], "lexicon": dict(sorted(lexicon.items()))}


def like_the_treebanks(nlp: Language) -> None:
    """Let spaCy's tokenizer cut where the treebanks do: "Lt." is a word, "U.S.-led" and "25-year" are three."""
    for line in (Path(__file__).parent / "abbreviations.txt").read_text(encoding="utf8").splitlines():
        if not line.startswith("#"):
            nlp.tokenizer.add_special_case(line, [{"ORTH": line}])
    infixes = [*nlp.Defaults.infixes, r"(?<=[A-Za-z]\.)[-–](?=[A-Za-z])", r"(?<=[0-9])[-–](?=[a-z])"]
    nlp.tokenizer.infix_finditer = compile_infix_regex(infixes).finditer


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("encoder", type=Path, help="folder of all-MiniLM-L6-v2, for its tokenizer.json")
    parser.add_argument("corpora", type=Path, help="for the lexicon of lemmas")
    parser.add_argument("folder", type=Path)
    options = parser.parse_args()
    saved = torch.load(options.checkpoint, weights_only=True)
    labels = Labels(**saved["labels"])
    network = Network(None, saved["encoder"], len(words.SHAPES), labels)
    network.load_state_dict(saved["weights"])
    network.eval()
    trees = [
        document
        for corpus in ("ud_english_ewt", "ud_english_gum")
        for document in data.conllu(options.corpora / corpus / "train.conllu")
    ]

    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        to_onnx(network, work / "full.onnx")
        quant_pre_process(str(work / "full.onnx"), str(work / "ready.onnx"), skip_symbolic_shape=True)
        part = work / "component"
        part.mkdir()
        quantize_dynamic(
            str(work / "ready.onnx"), str(part / "model.onnx"), per_channel=True, weight_type=QuantType.QInt8
        )
        onnx.checker.check_model(str(part / "model.onnx"))
        (part / "labels.json").write_text(json.dumps(labels.as_json(), ensure_ascii=False, indent=1), encoding="utf8")
        known = lemma_knowledge(trees, labels.lemma)
        (part / "lemmas.json").write_text(json.dumps(known, ensure_ascii=False), encoding="utf8")
        shutil.copy(options.encoder / "tokenizer.json", part / "tokenizer.json")
        nlp = spacy.blank("en")
        like_the_treebanks(nlp)
        nlp.add_pipe("graphwright_encoder").from_disk(part)
        nlp.meta.update(META)
        nlp.to_disk(options.folder)
        shutil.copy(Path(__file__).parent / "SOURCES.md", options.folder / "SOURCES.md")
        print({file.name: file.stat().st_size for file in part.iterdir()})


if __name__ == "__main__":
    main()
