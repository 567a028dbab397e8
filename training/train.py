"""Trains the embedded English model.

    python train.py ENCODER CORPORA OUTPUT [--epochs 20] [--minutes 150] [--held-out gold.jsonl] [--start MODEL]

Writes OUTPUT/checkpoint.pt every few minutes and after each epoch, and goes on from there when started again. After
each epoch it prints the development scores of the averaged network (gold words; heads without tree decoding).
"""

from __future__ import annotations

import argparse
import json
import os
import random
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import corpora as data
import numpy as np
import torch
from augment import Names, vary, vary_typography, world_names
from labels import BIO, PHRASES, UNKNOWN, classes, coarse
from model import Labels, Network, label_scores
from restore import restore
from tokenizers import Tokenizer
from torch import Tensor, nn

from graphwright.language import chains, lemmas, phrases, words

IGNORE = -100
WEIGHTS = {
    "upos": 0.3, "xpos": 0.3, "feats": 0.3, "lemma": 0.3, "start": 0.5, "name": 1.0, "arc": 1.0, "label": 1.0,
    "phrase": 1.5,
}  # fmt: skip
LINK_WEIGHT = 0.7
LINKED_SHARE = 0.8  # of the documents with coreference are read whole, the others as sentences and runs
LONGEST_RUN = 165  # words
MOST_PIECES = 500  # of a window; the few that have more (of addresses and hashes) are left out
LINKED_PIECES = 2200  # of a document that is read whole at once
AVERAGING = 0.998  # how much of the average stays at each step
SAVE_MINUTES = 5


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
        phrase=list(PHRASES),
    )


class Tags:
    """The tags of names that occur, and the classes that each allows."""

    def __init__(self) -> None:
        self.index: dict[str, int] = {}

    def __getitem__(self, tag: str) -> int:
        return IGNORE if tag == UNKNOWN else self.index.setdefault(tag, len(self.index))

    def allowed(self) -> Tensor:
        """tags x classes."""
        table = torch.zeros(len(self.index), len(BIO), dtype=torch.bool)
        for tag, row in self.index.items():
            table[row, list(classes(tag))] = True
        return table


@dataclass(slots=True)
class Window:
    """A training example: pieces and shapes of consecutive sentences, and the classes of their words."""

    pieces: list[int]
    shapes: list[int]
    first: list[int]
    targets: dict[str, list[int]]
    sentence: list[int]  # the number of the sentence of each word, from 1
    parsed: bool


@dataclass(slots=True)
class Batch:
    """Windows that are read at once; of a document read whole, the phrases and their chains too."""

    windows: list[Window]
    phrases: chains.Phrases | None = None
    chains: list[str] = field(default_factory=list)
    places: list[tuple[int, int]] = field(default_factory=list)  # window and word of the head of each phrase


class Encoder:
    """Turns sentences into windows."""

    def __init__(self, tokenizer: Tokenizer, labels: Labels) -> None:
        self.pieces = words.Pieces(tokenizer)
        self.index = {kind: {name: i for i, name in enumerate(names)} for kind, names in labels.as_json().items()}
        self.tags = Tags()

    def window(self, sentences: list[data.Sentence], breaks: bool, chance: random.Random | None) -> Window:
        """One window; `breaks`: paragraphs are told apart. Some are wrapped, as plain text often is."""
        parsed = sentences[0].parsed
        window = Window([words.CLS], [0], [], {kind: [] for kind in WEIGHTS}, [], parsed)
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
                targets["name"].append(self.tags[word.name])
                targets["phrase"].append(self.index["phrase"].get(word.phrase, IGNORE))
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
                if kind not in ("name", "phrase"):
                    targets[kind] = [IGNORE] * len(window.first)
        window.pieces.append(words.SEP)
        window.shapes.append(0)
        return window

    def windows(
        self, documents: data.Documents, names: Names | None, chance: random.Random, alone: float
    ) -> Iterator[Window]:
        """Windows of one epoch: sentences `alone` (a share of them), the others in runs."""
        for document in documents:
            run: list[data.Sentence] = []
            limit = size = 0
            breaks = chance.random() < 0.75
            for sentence in document:
                if names:
                    sentence = vary(sentence, names, chance)
                length = len(sentence.words)
                if length > LONGEST_RUN:
                    continue
                if run and size + length > limit:
                    yield from self.fitting(self.window(run, breaks, chance))
                    run, size = [], 0
                if not run:
                    limit = 0 if chance.random() < alone else chance.randint(30, LONGEST_RUN)
                run.append(sentence)
                size += length
            if run:
                yield from self.fitting(self.window(run, breaks, chance))

    def fitting(self, window: Window) -> Iterator[Window]:
        """The window, if the network can read so much."""
        if len(window.pieces) <= MOST_PIECES:
            yield window

    def linked(self, document: list[data.Sentence], chance: random.Random | None) -> Iterator[Batch]:
        """A document with coreference as it is read in use: whole, window after window."""
        runs: list[list[data.Sentence]] = []
        sizes: list[int] = []
        pieces = 0
        for sentence in document:
            length = len(sentence.words)
            if length > LONGEST_RUN:
                continue
            if chance:
                sentence = data.Sentence(vary_typography(sentence.words, chance), sentence.paragraph, sentence.persons)
            if runs and pieces > LINKED_PIECES:
                yield self.linked_batch(runs)
                runs, sizes, pieces = [], [], 0
            if not runs or sizes[-1] + length > LONGEST_RUN:
                runs.append([])
                sizes.append(0)
            runs[-1].append(sentence)
            sizes[-1] += length
            pieces += length * 4 // 3
        if runs:
            yield self.linked_batch(runs)

    def linked_batch(self, runs: list[list[data.Sentence]]) -> Batch:
        """The batch of runs of sentences that follow each other."""
        every = [word for run in runs for sentence in run for word in sentence.words]
        heads: list[int] = []
        numbers: list[int] = []
        spans: list[tuple[int, int]] = []
        places: list[tuple[int, int]] = []
        number = 0
        for row, run in enumerate(runs):
            within = 0
            for sentence in run:
                offset = len(heads)
                own = [word.head - 1 if word.head else i for i, word in enumerate(sentence.words)]
                heads += [head + offset for head in own]
                numbers += [number] * len(own)
                roots = [-1 if head == i else head for i, head in enumerate(own)]
                relations = [word.relation for word in sentence.words]
                found = phrases.spans(roots, relations, [word.upos for word in sentence.words])
                spans += [(start + offset, end + offset) for start, end in found]
                places += [(row, within + i) for i in range(len(own))]
                within += len(own)
                number += 1
        text = chains.Words(
            [word.form for word in every],
            [word.lemma for word in every],
            [word.upos for word in every],
            [word.xpos for word in every],
            heads,
            [word.relation for word in every],
            numbers,
        )
        held = [i for i, word in enumerate(every) if word.phrase not in ("", "none")]
        described = chains.describe(text, [(i, *spans[i], self.index["phrase"][every[i].phrase]) for i in held])
        windows = [self.window(run, True, None) for run in runs]
        return Batch(windows, described, [every[i].chain for i in held], [places[i] for i in held])


def batches(windows: list[Window], pieces: int, chance: random.Random) -> list[Batch]:
    """Windows of like length together, at most `pieces` pieces a batch, in random order."""
    result: list[Batch] = []
    batch: list[Window] = []
    for window in sorted(windows, key=lambda window: len(window.pieces) + chance.random() * 4):
        if batch and (len(batch) + 1) * len(window.pieces) > pieces:
            result.append(Batch(batch))
            batch = []
        batch.append(window)
    result.append(Batch(batch))
    chance.shuffle(result)
    return result


def epoch_batches(
    encoder: Encoder, trees: data.Documents, named: data.Documents, names: Names, epoch: int, pieces: int
) -> list[Batch]:
    """All batches of an epoch, the same whenever they are made."""
    chance = random.Random(epoch)
    whole, others = [], []
    for document in trees:
        annotated = any(word.chain for word in document[0].words) or any(word.chain for word in document[-1].words)
        (whole if annotated and chance.random() < LINKED_SHARE else others).append(document)
    result = batches(list(encoder.windows(others + named, names, chance, 0.4)), pieces, chance)
    read_whole = (batch for document in whole for batch in encoder.linked(document, chance))
    result += [batch for batch in read_whole if max(len(w.pieces) for w in batch.windows) <= MOST_PIECES]
    chance.shuffle(result)
    return result


def tensors(batch: list[Window], device: torch.device) -> tuple[dict[str, Tensor], dict[str, Tensor], Tensor]:
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
        for kind, values in window.targets.items():
            targets[kind][row, :count] = torch.tensor(values)
    allowed = sentence.unsqueeze(2) == sentence.unsqueeze(1)
    allowed = torch.cat([torch.ones_like(allowed[:, :, :1]), allowed], 2)
    return (
        {name: tensor.to(device) for name, tensor in inputs.items()},
        {name: tensor.to(device) for name, tensor in targets.items()},
        allowed.to(device),
    )


def name_loss(scores: Tensor, target: Tensor, allowed: Tensor) -> Tensor:
    """-log of the summed probability of the allowed classes; smoothed where only one is."""
    scores, target = scores.flatten(0, 1).float(), target.flatten()
    known = target != IGNORE
    log = scores[known].log_softmax(-1)
    may = allowed[target[known]]
    losses = -log.masked_fill(~may, -torch.inf).logsumexp(-1)
    sure = may.sum(-1) == 1
    losses = torch.where(sure, 0.97 * losses - 0.03 * log.mean(-1), losses)
    return losses.sum() / max(1, len(losses))


def link_loss(scores: Tensor, batch: Batch) -> Tensor:
    """-log of the summed probability of the right antecedents (Lee et al. 2017); none is right for the first."""
    count = len(batch.chains)
    order = torch.arange(count, device=scores.device)
    before = order.unsqueeze(1) > order.unsqueeze(0)
    names = {name: i for i, name in enumerate(dict.fromkeys(batch.chains))}
    chain = torch.tensor([names[name] for name in batch.chains], device=scores.device)
    right = (chain.unsqueeze(1) == chain.unsqueeze(0)) & before
    right = torch.cat([~right.any(1, keepdim=True), right], 1)
    possible = torch.cat([torch.ones_like(before[:, :1]), before], 1)
    scores = scores.float().masked_fill(~possible, -1e4)
    return (scores.logsumexp(1) - scores.masked_fill(~right, -1e4).logsumexp(1)).mean()


def link_scores(network: Network, outputs: dict[str, Tensor], batch: Batch) -> Tensor:
    """The scores of all pairs of the phrases of a document read whole."""
    assert batch.phrases is not None
    rows = torch.tensor([row for row, _ in batch.places], device=outputs["anaphor"].device)
    columns = torch.tensor([column for _, column in batch.places], device=rows.device)
    every = slice(0, len(batch.phrases))
    found = chains.pairs(batch.phrases, every, every, len(PHRASES))
    anaphor, antecedent = outputs["anaphor"][rows, columns], outputs["antecedent"][rows, columns]
    scores: Tensor = network.links(found, batch.phrases, anaphor.float(), antecedent.float())
    return scores


def loss_of(network: Network, batch: Batch, allowed_names: Tensor, device: torch.device) -> Tensor:
    inputs, targets, allowed = tensors(batch.windows, device)
    outputs = dict(zip(network.OUTPUTS, network(**inputs), strict=True))
    loss = WEIGHTS["name"] * name_loss(outputs["name"], targets["name"], allowed_names)
    if batch.phrases is not None and len(batch.phrases):
        loss = loss + LINK_WEIGHT * link_loss(link_scores(network, outputs, batch), batch)
    rows = [row for row, window in enumerate(batch.windows) if window.parsed]
    if not rows:
        return loss
    parsed = torch.tensor(rows, dtype=torch.long, device=device)

    def entropy(scores: Tensor, target: Tensor, smoothing: float) -> Tensor:
        return nn.functional.cross_entropy(
            scores.flatten(0, 1).float(), target.flatten(), ignore_index=IGNORE, label_smoothing=smoothing
        )

    # Batches hold trees and names mixed; a loss counts as much as the share of windows that have it.
    share = len(parsed) / len(batch.windows)
    if (targets["phrase"] != IGNORE).any():
        typed = ((targets["phrase"] != IGNORE).sum() / inputs["first"].ne(0).sum()).sqrt()
        loss = loss + typed * WEIGHTS["phrase"] * entropy(outputs["phrase"], targets["phrase"], 0.03)
    for kind in ("upos", "xpos", "feats", "lemma", "start"):
        loss = loss + share * WEIGHTS[kind] * entropy(outputs[kind][parsed], targets[kind][parsed], 0.03)
    arcs = outputs["arcs"][parsed].float().masked_fill(~allowed[parsed], -1e4)
    heads = targets["arc"][parsed]
    loss = loss + share * WEIGHTS["arc"] * entropy(arcs, heads, 0.0)
    labels = label_scores(outputs["dependents"][parsed], outputs["governors"][parsed], heads.clamp(min=0))
    return loss + share * WEIGHTS["label"] * entropy(labels, targets["label"][parsed], 0.03)


def spans_of(tags: list[str]) -> set[tuple[int, int, str]]:
    """Persons, organisations and places."""
    return {(start, end, coarse(kind)) for start, end, kind in data.spans(tags) if coarse(kind)}


@torch.no_grad()
def scores(network: Network, encoder: Encoder, parts: dict[str, data.Documents]) -> dict[str, dict[str, float]]:
    """Development scores: accuracies, attachment, F1 of sentence starts and names, accuracy of antecedents."""
    network.eval()
    device = next(network.parameters()).device
    chance = random.Random(0)
    result: dict[str, dict[str, float]] = {}
    for part, documents in parts.items():
        right: Counter[str] = Counter()
        total: Counter[str] = Counter()
        queue = batches(list(encoder.windows(documents, None, chance, 0.0)), 4000, chance)
        queue += [batch for document in documents for batch in encoder.linked(document, None) if any(batch.chains)]
        names = {row: tag for tag, row in encoder.tags.index.items()}
        for batch in queue:
            inputs, targets, allowed = tensors(batch.windows, device)
            outputs = dict(zip(network.OUTPUTS, network(**inputs), strict=True))
            if batch.phrases is not None:
                links = link_scores(network, outputs, batch).cpu()
                order = torch.arange(len(batch.chains))
                possible = torch.cat([order[:, None] >= 0, order[:, None] > order], 1)
                best = links.masked_fill(~possible, -1e4).argmax(1).tolist()
                for i, choice in enumerate(best):
                    mates = [j for j in range(i) if batch.chains[j] == batch.chains[i]]
                    right["link"] += 2 * (choice - 1 in mates)
                    total["link"] += bool(mates) + (choice > 0)
                continue
            kinds = ("upos", "xpos", "feats", "lemma", "start", "name", "phrase")
            chosen = {kind: outputs[kind].argmax(-1) for kind in kinds}
            chosen["arc"] = outputs["arcs"].masked_fill(~allowed, -1e4).argmax(-1)
            chosen["label"] = label_scores(outputs["dependents"], outputs["governors"], chosen["arc"]).argmax(-1)
            for kind in ("upos", "xpos", "feats", "lemma", "arc", "label"):
                known = targets["upos"] != IGNORE
                hit = (chosen[kind] == targets[kind]) & known
                if kind == "label":
                    hit &= chosen["arc"] == targets["arc"]
                right[kind] += int(hit.sum())
                total[kind] += int(known.sum())
            typed = targets["phrase"] > 0
            right["phrase"] += int(((chosen["phrase"] == targets["phrase"]) & typed).sum())
            total["phrase"] += int(typed.sum())
            gold, ours = targets["start"] == 1, (chosen["start"] == 1) & (targets["start"] != IGNORE)
            right["start"] += 2 * int((gold & ours).sum())
            total["start"] += int(gold.sum() + ours.sum())
            for row, window in enumerate(batch.windows):
                if window.parsed:
                    continue
                length = len(window.first)
                gold_names = spans_of([names.get(tag, UNKNOWN) for tag in window.targets["name"]])
                our_names = spans_of([BIO[i] for i in chosen["name"][row, :length].tolist()])
                right["name"] += 2 * len(gold_names & our_names)
                total["name"] += len(gold_names) + len(our_names)
        result[part] = {kind: round(100 * right[kind] / total[kind], 2) for kind in total if total[kind]}
    network.train()
    return result


def halves(device: torch.device) -> bool:
    """Whether products of 16-bit numbers are faster here: much so with the instructions for them, much slower else."""
    seconds = {}
    for kind in (torch.float32, torch.bfloat16):
        left, right = (torch.ones(512, 512, dtype=kind, device=device) for _ in range(2))
        (left @ right).sum().item()
        begin = time.perf_counter()
        for _ in range(5):
            (left @ right).sum().item()
        seconds[kind] = time.perf_counter() - begin
    return seconds[torch.bfloat16] < seconds[torch.float32]


def add_options(parser: argparse.ArgumentParser) -> None:
    """The arguments of training."""
    parser.add_argument("encoder", type=Path, help="folder of all-MiniLM-L6-v2")
    parser.add_argument("corpora", type=Path)
    parser.add_argument("output", type=Path, help="folder for the checkpoint")
    parser.add_argument("--epochs", type=int, default=20)
    parser.add_argument("--minutes", type=float, default=170, help="the learning rate reaches zero by then, or sooner")
    parser.add_argument("--held-out", type=Path, help="JSON lines whose texts must not be trained on")
    parser.add_argument("--pieces", type=int, default=1500, help="pieces a batch")
    parser.add_argument("--start", type=Path, help="folder of an exported model whose weights to begin with")
    parser.add_argument("--rate", type=float, default=1.0, help="factor of the learning rates")
    parser.add_argument("--steps", type=int, default=10**9, help="stop early, to try things out")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_options(parser)
    train(parser.parse_args())


def train(options: argparse.Namespace) -> None:
    """Train as the options of `main` say."""
    torch.manual_seed(0)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    options.output.mkdir(parents=True, exist_ok=True)
    data.check(options.corpora)
    trees, named = data.training(options.corpora, options.held_out)
    names = world_names()
    labels = label_set(trees)
    encoder = Encoder(Tokenizer.from_file(str(options.encoder / "tokenizer.json")), labels)
    parts = {part: data.conllu(options.corpora / f"ud_english_{part}/dev.conllu") for part in ("ewt", "gum")}
    for part in ("uner_ewt", "crossner_politics", "redocred"):
        parts[part] = data.name_documents(options.corpora / f"ner/{part}/dev.conll", 1)
    network = Network(options.encoder, None, len(words.SHAPES), labels)
    if options.start:
        print("new:", restore(network, labels, options.start / "graphwright_encoder"))
    network.to(device)
    halved = halves(device)
    average = {name: weight.clone() for name, weight in network.state_dict().items()}
    print({kind: len(classes) for kind, classes in labels.as_json().items()}, device, flush=True)

    body = [weight for name, weight in network.named_parameters() if name.startswith("encoder.")]
    heads = [weight for name, weight in network.named_parameters() if not name.startswith("encoder.")]
    optimizer = torch.optim.AdamW(
        [{"params": body, "lr": 1.5e-4}, {"params": heads, "lr": 1.5e-3}], weight_decay=0.01, fused=True
    )
    peaks = [group["lr"] * options.rate for group in optimizer.param_groups]
    checkpoint = options.output / "checkpoint.pt"
    first, reached, step, spent = 0, 0, 0, 0.0
    if checkpoint.exists():
        saved = torch.load(checkpoint, weights_only=True, map_location=device)
        network.load_state_dict(saved["current"])
        optimizer.load_state_dict(saved["optimizer"])
        average = saved["weights"]
        first, reached, step, spent = saved["place"]
        print(f"goes on in epoch {first + 1} after batch {reached}", flush=True)
    begin = written = time.time()

    def save(epoch: int, position: int) -> None:
        state = {
            "weights": average, "labels": labels.as_json(), "encoder": network.encoder.config.to_dict(),
            "current": network.state_dict(), "optimizer": optimizer.state_dict(),
            "place": (epoch, position, step, spent + time.time() - begin),
        }  # fmt: skip
        torch.save(state, checkpoint.with_suffix(".new"))
        os.replace(checkpoint.with_suffix(".new"), checkpoint)

    network.train()
    for epoch in range(first, options.epochs):
        queue = epoch_batches(encoder, trees, named, names, epoch, options.pieces)
        allowed = encoder.tags.allowed().to(device)
        shown: list[float] = []
        done = 0.0
        for position, batch in enumerate(queue):
            if position < reached:
                continue
            passed = spent + time.time() - begin
            done = max((epoch + position / len(queue)) / options.epochs, passed / 60 / options.minutes)
            if done >= 1 or step >= options.steps:
                break
            rate = min(1.0, (step + 10) / (0.04 * len(queue) * options.epochs)) * max(0.0, 1 - done)
            for group, peak in zip(optimizer.param_groups, peaks, strict=True):
                group["lr"] = peak * rate
            with torch.autocast(device.type, dtype=torch.bfloat16, enabled=halved):
                loss = loss_of(network, batch, allowed, device)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 2.0)
            optimizer.step()
            step += 1
            with torch.no_grad():
                for name, weight in network.state_dict().items():
                    if weight.is_floating_point():
                        average[name].lerp_(weight, max(1 - AVERAGING, 1 / (step + 1)))
            shown.append(loss.item())
            if step % 50 == 0:
                print(epoch + 1, position, len(queue), round(float(np.mean(shown)), 3), round(passed), flush=True)
                shown = []
            if time.time() - written > SAVE_MINUTES * 60:
                save(epoch, position + 1)
                written = time.time()
        reached = 0
        save(epoch + 1, 0)
        current = {name: weight.clone() for name, weight in network.state_dict().items()}
        network.load_state_dict(average)
        figures = scores(network, encoder, parts)
        network.load_state_dict(current)
        print("EPOCH", epoch + 1, round(spent + time.time() - begin), json.dumps(figures), flush=True)
        if done >= 1 or step >= options.steps:
            break


if __name__ == "__main__":
    main()
