"""Trains the embedded English model.

    python train.py ENCODER CORPORA OUTPUT [--epochs 5] [--minutes 60] [--held-out gold.jsonl]

Writes OUTPUT/epoch-N.pt after each epoch and prints the development scores of the 32-bit network (gold words; heads
without tree decoding).
"""

from __future__ import annotations

import argparse
import json
import math
import random
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import corpora as data
import torch
from augment import Names, vary, world_names
from labels import BIO, MAYBE_MISC, UNKNOWN
from model import Labels, Network, label_scores
from tokenizers import Tokenizer
from torch import Tensor, nn

from graphwright.language import lemmas, words

IGNORE = -100
MAYBE = len(BIO)  # target of the names head: outside or MISC
WEIGHTS = {"upos": 0.3, "xpos": 0.3, "feats": 0.3, "lemma": 0.3, "start": 0.3, "name": 1.0, "arc": 1.0, "label": 1.0}


def label_set(documents: data.Documents) -> Labels:
    """The classes that the trees show; feature sets and lemma scripts at least twice and three times."""
    every = [word for document in documents for sentence in document for word in sentence.words]
    scripts = Counter(lemmas.script(word.form, word.lemma) for word in every)
    feats = Counter(word.feats for word in every)
    return Labels(
        upos=sorted({word.upos for word in every}),
        xpos=sorted({word.xpos for word in every}),
        feats=sorted(name for name, count in feats.items() if count > 1),
        lemma=[name for name, count in scripts.most_common() if count > 2],
        relation=sorted({word.relation for word in every}),
        name=BIO,
    )


@dataclass(slots=True)
class Window:
    """A training example: pieces and shapes of consecutive sentences, and the classes of their words."""

    pieces: list[int]
    shapes: list[int]
    first: list[int]
    targets: dict[str, list[int]]
    sentence: list[int]  # the number of the sentence of each word, from 1
    parsed: bool


class Encoder:
    """Turns sentences into windows."""

    def __init__(self, tokenizer: Tokenizer, labels: Labels) -> None:
        self.pieces = words.Pieces(tokenizer)
        self.index = {kind: {name: i for i, name in enumerate(names)} for kind, names in labels.as_json().items()}

    def window(self, sentences: list[data.Sentence], chance: random.Random | None) -> Window:
        parsed = sentences[0].parsed
        window = Window([words.CLS], [0], [], {kind: [] for kind in WEIGHTS}, [], parsed)
        breaks = chance is not None and chance.random() < 0.5
        wrapped = chance is not None and chance.random() < 0.04
        targets = window.targets
        for number, sentence in enumerate(sentences, 1):
            offset = len(window.first)
            if number > 1 and breaks and sentence.paragraph:
                window.pieces.append(words.SEP)
                window.shapes.append(0)
            for position, (word, ids) in enumerate(
                zip(sentence.words, self.pieces([word.form for word in sentence.words]), strict=True)
            ):
                if wrapped and position and len(window.first) % 13 == 0:
                    window.pieces.append(words.SEP)
                    window.shapes.append(0)
                window.first.append(len(window.pieces))
                window.pieces += ids
                window.shapes += [words.shape(word.form)] * len(ids)
                window.sentence.append(number)
                targets["name"].append(
                    {UNKNOWN: IGNORE, MAYBE_MISC: MAYBE}.get(word.name, self.index["name"].get(word.name, IGNORE))
                )
                if not parsed:
                    continue
                targets["upos"].append(self.index["upos"].get(word.upos, IGNORE))
                targets["xpos"].append(self.index["xpos"].get(word.xpos, IGNORE))
                targets["feats"].append(self.index["feats"].get(word.feats, IGNORE))
                script = lemmas.script(word.form, word.lemma)
                targets["lemma"].append(self.index["lemma"].get(script, IGNORE))
                targets["start"].append(int(position == 0))
                targets["arc"].append(word.head + offset if word.head else 0)
                targets["label"].append(self.index["relation"].get(word.relation, IGNORE))
        if not parsed:
            for kind in targets:
                if kind != "name":
                    targets[kind] = [IGNORE] * len(window.first)
        window.pieces.append(words.SEP)
        window.shapes.append(0)
        return window

    def windows(self, documents: data.Documents, names: Names | None, chance: random.Random) -> Iterator[Window]:
        """Windows of one epoch: a third of the sentences alone, the rest in runs of up to 130 words."""
        for document in documents:
            run: list[data.Sentence] = []
            limit = 0
            size = 0
            for sentence in document:
                if names:
                    sentence = vary(sentence, names, chance)
                length = len(sentence.words)
                if length > 160:
                    continue
                if run and size + length > limit:
                    yield self.window(run, chance)
                    run, size = [], 0
                if not run:
                    limit = 0 if chance.random() < 0.65 else chance.randint(30, 130)
                run.append(sentence)
                size += length
            if run:
                yield self.window(run, chance)


def batches(windows: list[Window], pieces: int, chance: random.Random) -> list[list[Window]]:
    """Windows of like length together, at most `pieces` pieces a batch, in random order."""
    result: list[list[Window]] = []
    batch: list[Window] = []
    for window in sorted(windows, key=lambda window: len(window.pieces) + chance.random() * 4):
        if batch and (len(batch) + 1) * len(window.pieces) > pieces:
            result.append(batch)
            batch = []
        batch.append(window)
    result.append(batch)
    chance.shuffle(result)
    return result


def tensors(batch: list[Window]) -> tuple[dict[str, Tensor], dict[str, Tensor], Tensor]:
    """Inputs, targets, and for each word the nodes that may be its head: those of its sentence and the root."""
    rows, pieces = len(batch), max(len(window.pieces) for window in batch)
    length = max(len(window.first) for window in batch)
    inputs = {name: torch.zeros(rows, pieces, dtype=torch.long) for name in ("pieces", "shapes", "mask")}
    inputs["first"] = torch.zeros(rows, length, dtype=torch.long)
    targets = {kind: torch.full((rows, length), IGNORE) for kind in WEIGHTS}
    sentence = torch.zeros(rows, length, dtype=torch.long)
    for row, window in enumerate(batch):
        size, count = len(window.pieces), len(window.first)
        inputs["pieces"][row, :size] = torch.tensor(window.pieces)
        inputs["shapes"][row, :size] = torch.tensor(window.shapes)
        inputs["mask"][row, :size] = 1
        inputs["first"][row, :count] = torch.tensor(window.first)
        sentence[row, :count] = torch.tensor(window.sentence)
        for kind, classes in window.targets.items():
            targets[kind][row, :count] = torch.tensor(classes)
    allowed = sentence.unsqueeze(2) == sentence.unsqueeze(1)
    return inputs, targets, torch.cat([torch.ones_like(allowed[:, :, :1]), allowed], 2)


def name_loss(scores: Tensor, target: Tensor) -> Tensor:
    """Cross entropy with smoothed targets; where the target is MAYBE, -log(p(O) + p(B-MISC) + p(I-MISC))."""
    scores, target = scores.flatten(0, 1).float(), target.flatten()
    log = scores.log_softmax(-1)
    known = (target != IGNORE) & (target != MAYBE)
    sure = nn.functional.cross_entropy(scores[known], target[known], label_smoothing=0.03, reduction="sum")
    silent = [0, BIO.index("B-MISC"), BIO.index("I-MISC")]
    unsure = -log[target == MAYBE][:, silent].logsumexp(-1).sum()
    return (sure + unsure) / max(1, int((target != IGNORE).sum()))


def loss_of(network: Network, batch: list[Window]) -> Tensor:
    inputs, targets, allowed = tensors(batch)
    outputs = dict(zip(network.OUTPUTS, network(**inputs), strict=True))
    loss = WEIGHTS["name"] * name_loss(outputs["name"], targets["name"])
    parsed = torch.tensor([row for row, window in enumerate(batch) if window.parsed], dtype=torch.long)
    if not len(parsed):
        return loss

    def entropy(scores: Tensor, target: Tensor, smoothing: float) -> Tensor:
        return nn.functional.cross_entropy(
            scores.flatten(0, 1).float(), target.flatten(), ignore_index=IGNORE, label_smoothing=smoothing
        )

    # Batches hold trees and names mixed; a loss counts as much as the share of windows that have it.
    share = len(parsed) / len(batch)
    for kind in ("upos", "xpos", "feats", "lemma", "start"):
        loss = loss + share * WEIGHTS[kind] * entropy(outputs[kind][parsed], targets[kind][parsed], 0.03)
    arcs = outputs["arcs"][parsed].float().masked_fill(~allowed[parsed], -1e4)
    heads = targets["arc"][parsed]
    loss = loss + share * WEIGHTS["arc"] * entropy(arcs, heads, 0.0)
    labels = label_scores(outputs["dependents"][parsed], outputs["governors"][parsed], heads.clamp(min=0))
    return loss + share * WEIGHTS["label"] * entropy(labels, targets["label"][parsed], 0.03)


@torch.no_grad()
def scores(network: Network, encoder: Encoder, parts: dict[str, data.Documents]) -> dict[str, dict[str, float]]:
    """Development scores: accuracies, attachment, F1 of sentence starts and of names."""
    network.eval()
    chance = random.Random(0)
    result: dict[str, dict[str, float]] = {}
    for part, documents in parts.items():
        right: Counter[str] = Counter()
        total: Counter[str] = Counter()
        for batch in batches(list(encoder.windows(documents, None, chance)), 4000, chance):
            inputs, targets, allowed = tensors(batch)
            outputs = dict(zip(network.OUTPUTS, network(**inputs), strict=True))
            chosen = {kind: outputs[kind].argmax(-1) for kind in ("upos", "xpos", "feats", "lemma", "start", "name")}
            chosen["arc"] = outputs["arcs"].masked_fill(~allowed, -1e4).argmax(-1)
            chosen["label"] = label_scores(outputs["dependents"], outputs["governors"], chosen["arc"]).argmax(-1)
            for kind in ("upos", "xpos", "feats", "lemma", "arc", "label"):
                known = targets["upos"] != IGNORE
                hit = (chosen[kind] == targets[kind]) & known
                if kind == "label":
                    hit &= chosen["arc"] == targets["arc"]
                right[kind] += int(hit.sum())
                total[kind] += int(known.sum())
            gold, ours = targets["start"] == 1, (chosen["start"] == 1) & (targets["start"] != IGNORE)
            right["start"] += 2 * int((gold & ours).sum())
            total["start"] += int(gold.sum() + ours.sum())
            for row, window in enumerate(batch):
                length = len(window.first)
                named = [max(0, target) for target in targets["name"][row, :length].tolist()]
                if window.parsed:
                    continue
                gold_names = set(data.spans([BIO[i] if i < MAYBE else "O" for i in named]))
                our_names = set(data.spans([BIO[i] for i in chosen["name"][row, :length].tolist()]))
                three = ("PERSON", "ORG", "LOC")
                gold_names = {span for span in gold_names if span[2] in three}
                our_names = {span for span in our_names if span[2] in three}
                right["name"] += 2 * len(gold_names & our_names)
                total["name"] += len(gold_names) + len(our_names)
        result[part] = {kind: round(100 * right[kind] / total[kind], 2) for kind in total if total[kind]}
    network.train()
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("encoder", type=Path, help="folder of all-MiniLM-L6-v2")
    parser.add_argument("corpora", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--minutes", type=float, default=math.inf, help="the learning rate reaches zero by then")
    parser.add_argument("--held-out", type=Path, help="JSON lines whose texts must not be trained on")
    parser.add_argument("--pieces", type=int, default=1500, help="pieces a batch")
    parser.add_argument("--bf16", action="store_true", help="16-bit arithmetic where the processor has it")
    parser.add_argument("--resume", type=Path, help="checkpoint to go on from")
    parser.add_argument("--rate", type=float, default=1.0, help="factor of the learning rates")
    parser.add_argument("--steps", type=int, default=10**9, help="stop early, to try things out")
    options = parser.parse_args()
    torch.manual_seed(0)
    chance = random.Random(0)
    options.output.mkdir(parents=True, exist_ok=True)

    trees, named = data.training(options.corpora, options.held_out)
    names = world_names()
    labels = label_set(trees)
    encoder = Encoder(Tokenizer.from_file(str(options.encoder / "tokenizer.json")), labels)
    parts = {part: data.conllu(options.corpora / f"ud_english_{part}/dev.conllu") for part in ("ewt", "gum")}
    for part in ("uner_ewt", "crossner_politics", "redocred"):
        parts[part] = data.name_documents(options.corpora / f"ner/{part}/dev.conll", 1)
    network = Network(options.encoder, None, len(words.SHAPES), labels)
    if options.resume:
        network.load_state_dict(torch.load(options.resume, weights_only=True)["weights"])
    print({kind: len(classes) for kind, classes in labels.as_json().items()}, flush=True)

    body = [weight for name, weight in network.named_parameters() if name.startswith("encoder.")]
    heads = [weight for name, weight in network.named_parameters() if not name.startswith("encoder.")]
    optimizer = torch.optim.AdamW(
        [{"params": body, "lr": 1.5e-4}, {"params": heads, "lr": 1.5e-3}], weight_decay=0.01, fused=True
    )
    peaks = [group["lr"] * options.rate for group in optimizer.param_groups]
    begin, step, done = time.time(), 0, 0.0
    network.train()
    for epoch in range(options.epochs):
        queue = batches(list(encoder.windows(trees + named, names, chance)), options.pieces, chance)
        for position, batch in enumerate(queue):
            done = max((epoch + position / len(queue)) / options.epochs, (time.time() - begin) / 60 / options.minutes)
            rate = min(1.0, (step + 10) / (0.04 * len(queue) * options.epochs)) * max(0.0, 1 - done)
            for group, peak in zip(optimizer.param_groups, peaks, strict=True):
                group["lr"] = peak * rate
            with torch.autocast("cpu", dtype=torch.bfloat16, enabled=options.bf16):
                loss = loss_of(network, batch)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 2.0)
            optimizer.step()
            step += 1
            if step % 50 == 0 or options.steps < 50:
                print(epoch + 1, position, len(queue), round(loss.item(), 3), round(time.time() - begin), flush=True)
            if done >= 1 or step >= options.steps:
                break
        config = network.encoder.config.to_dict()
        saved = {"weights": network.state_dict(), "labels": labels.as_json(), "encoder": config}
        torch.save(saved, options.output / f"epoch-{epoch + 1}.pt")
        print("EPOCH", epoch + 1, round(time.time() - begin), json.dumps(scores(network, encoder, parts)), flush=True)
        if done >= 1 or step >= options.steps:
            break


if __name__ == "__main__":
    main()
