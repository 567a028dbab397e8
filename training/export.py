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
import numpy as np
import onnx
import spacy
import torch
from labels import GROUPS
from model import Labels, Network
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.shape_inference import quant_pre_process
from spacy.language import Language
from spacy.util import compile_infix_regex, compile_prefix_regex, compile_suffix_regex
from torch import Tensor, nn

from graphwright.language import lemmas, words

META = {
    "name": "graphwright",
    "version": "2.0.0",
    "description": "English: Universal Dependencies, names, noun phrases, coreference; fine-tuned MiniLM, 8-bit ONNX",
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
            outputs["phrase"][0],
            outputs["anaphor"][0],
            outputs["antecedent"][0],
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


PREFIXES = "anti co counter cross e ex inter intra mid mini multi neo non post pre pro re semi sub".split()  # noqa: SIM905
"""What the treebanks leave joined to the word after its hyphen."""
NO_EMOTICONS = ("):", "(:", "(;", "(=", ")-:", "(-8", "8)", "8-)", "[:", "[=", "]=", "=(", "=)", "=[", '\\")')
"""What spaCy takes for faces: in documents these are brackets ("(see below):", "(page 8)")."""


def like_the_treebanks(nlp: Language) -> None:
    """Let spaCy's tokenizer cut where the treebanks do.

    "Lt." is a word, and so are "etc.", "co-founder" and "!!"; "U.S.-led", "25-year" and "and/or" are three.
    """
    rules = {form: case for form, case in nlp.tokenizer.rules.items() if form not in (*NO_EMOTICONS, "and/or")}
    nlp.tokenizer.rules = rules
    for line in (Path(__file__).parent / "abbreviations.txt").read_text(encoding="utf8").splitlines():
        if not line.startswith("#"):
            nlp.tokenizer.add_special_case(line, [{"ORTH": line}])
    hyphens = "(?:-|–|—"
    guards = "".join(rf"(?<!\b(?i:{prefix}))" for prefix in PREFIXES)
    infixes = [infix.replace(hyphens, guards + hyphens) for infix in nlp.Defaults.infixes]
    infixes += [r"(?<=[A-Za-z]\.)[-–](?=[A-Za-z])", r"(?<=[0-9])[-–](?=[a-z])"]
    repeated = [r"[!?]{2,}", r"([=_*~<>#])\1+"]
    nlp.tokenizer.infix_finditer = compile_infix_regex(infixes).finditer
    nlp.tokenizer.prefix_search = compile_prefix_regex([*repeated, *nlp.Defaults.prefixes]).search
    nlp.tokenizer.suffix_search = compile_suffix_regex([*repeated, *nlp.Defaults.suffixes]).search


def links(network: Network) -> dict[str, object]:
    """The weights of the scorer of antecedents, for graphwright.language.chains."""
    weights = network.links.state_dict()
    return {name: np.round(weight.numpy().astype(np.float64), 5).tolist() for name, weight in weights.items()}


def export(checkpoint: Path, encoder: Path, corpora: Path, folder: Path, *, quantised: bool = True) -> None:
    """Write the pipeline of a checkpoint into a folder, with 8-bit or 32-bit weights."""
    saved = torch.load(checkpoint, weights_only=True, map_location="cpu")
    labels = Labels(**saved["labels"])
    network = Network(None, saved["encoder"], len(words.SHAPES), labels)
    network.load_state_dict(saved["weights"])
    network.eval()
    trees = [
        document
        for corpus in ("ud_english_ewt", "ud_english_gum")
        for document in data.conllu(corpora / corpus / "train.conllu")
    ]

    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        to_onnx(network, work / "full.onnx")
        ready = work / "full.onnx"
        if quantised:
            quant_pre_process(str(ready), str(work / "ready.onnx"), skip_symbolic_shape=True)
            ready = work / "8-bit.onnx"
            # With seven bits of weights no sum overflows on processors without VNNI: all give the same answer.
            quantize_dynamic(
                str(work / "ready.onnx"),
                str(ready),
                per_channel=True,
                reduce_range=True,
                weight_type=QuantType.QInt8,
            )
        onnx.checker.check_model(str(ready))
        parts = {"model.onnx": ready.read_bytes(), "tokenizer.json": (encoder / "tokenizer.json").read_bytes()}
    contents = {
        "labels.json": labels.as_json() | {"name_group": GROUPS},
        "lemmas.json": lemma_knowledge(trees, labels.lemma),
        "chains.json": links(network),
    }
    parts |= {name: json.dumps(content, ensure_ascii=False).encode() for name, content in contents.items()}
    nlp = spacy.blank("en")
    like_the_treebanks(nlp)
    nlp.add_pipe("graphwright_encoder").fill(parts)
    nlp.meta.update(META)
    nlp.to_disk(folder)
    shutil.copy(Path(__file__).parent / "SOURCES.md", folder / "SOURCES.md")
    print({name: len(part) for name, part in parts.items()})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("encoder", type=Path, help="folder of all-MiniLM-L6-v2, for its tokenizer.json")
    parser.add_argument("corpora", type=Path, help="for the lexicon of lemmas")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--float", action="store_true", help="32-bit weights, to see what 8 bits cost")
    options = parser.parse_args()
    export(options.checkpoint, options.encoder, options.corpora, options.folder, quantised=not options.float)


if __name__ == "__main__":
    main()
