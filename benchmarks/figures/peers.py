"""Beside others on the same texts: triples found, how many of 100 read by hand are right, and words per second.

The texts are those of benchmarks/gold/articles.jsonl. textacy's triples need ClearNLP's labels, which no pipeline on
PyPI gives: it reads the trees of our own model, with the labels turned (benchmarks/peers/clear.py), and its words per
second count the time of the model too. Judgements are in benchmarks/peers/judged: "yes" where the sentence states the
triple, and its ends and verb are complete enough to be understood; "bare" where it is stated, but an end does not say
who or what ("he", "problem"); "no" where it is not stated. Precision is the share of "yes".

Usage: python benchmarks/figures/peers.py [--peers FOLDER] [--sample]
"""

from __future__ import annotations

import csv
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from row import ROOT, Clock, Figure, arguments, one_core, tell

import graphwright

HERE = ROOT / "benchmarks" / "peers"
sys.path.insert(0, str(HERE))

from clear import cleared  # noqa: E402

TEXTS = ROOT / "benchmarks" / "gold" / "articles.jsonl"
JUDGED = HERE / "judged"
FOLDER = Path(os.environ.get("GRAPHWRIGHT_PEERS", ROOT / "out" / "peers"))
SAMPLE = 100
Triple = tuple[int, str, str, str, str]
"""The number of a text, the sentence, and subject, verb or property, and object."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a system found in all texts, and in how many seconds of processor; None where it cannot be run here."""

    name: str
    triples: tuple[Triple, ...] = ()
    seconds: float | None = None
    note: str = ""


def ours(documents: list[graphwright.Document]) -> tuple[Found, Found]:
    """What Graphwright asserts, conclusions of rules left out, and what textacy makes of the same trees."""
    from graphwright.pipeline import Reader
    from graphwright.settings import Settings

    reader = Reader(Settings())
    list(reader.read(documents[:2]))
    with Clock() as whole:
        extractions = list(reader.read(documents))
    with Clock() as model:
        docs = [cleared(doc) for doc in reader.nlp.pipe(document.text for document in documents)]
    triples: list[Triple] = []
    for number, extraction in enumerate(extractions):
        names = {chain.id: chain.name for chain in extraction.chains}
        for fact in extraction.facts:
            if fact.asserted and not fact.premises:
                start, end = fact.evidence
                sentence = " ".join(extraction.document.text[start:end].split())
                thing = names[fact.object] if isinstance(fact.object, str) else fact.object.lexical
                triples.append((number, sentence, names[fact.subject], fact.property.rpartition("#")[2], thing))
    us = Found("Graphwright", tuple(triples), whole.cpu, "asserted facts, without conclusions of rules")
    return us, textacy(docs, model.cpu)


def textacy(docs: list[Any], seconds: float) -> Found:
    """What textacy makes of trees that took so many seconds."""
    from spacy.tokens import DocBin

    python = FOLDER / "venv" / "bin" / "python"
    if not python.exists():
        return Found("textacy", note=MISSING)
    with tempfile.NamedTemporaryFile(suffix=".spacy") as file:
        DocBin(docs=docs, store_user_data=False).to_disk(file.name)
        told = answer([python, HERE / "textacy_triples.py", file.name])
    triples = tuple((one[0], *one[1:]) for one in told["triples"])
    alone = f"{told['version']}; {seconds:.1f} of {seconds + told['seconds']:.1f} s are our model's"
    return Found("textacy", triples, seconds + told["seconds"], alone)


def javascript(name: str, script: str, texts: list[str]) -> Found:
    """What a library of JavaScript makes of texts."""
    node = shutil.which("node")
    if node is None or not (FOLDER / "node_modules" / "wink-nlp").is_dir():
        return Found(name, note=MISSING)
    with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as file:
        json.dump(texts, file)
        file.flush()
        told = answer([node, HERE / script, file.name, FOLDER])
    note = told["version"]
    if "entities" in told:
        note += f"; {told['entities']} entities, no triples; parts of speech of EWT's test part 0.893 right"
    return Found(name, tuple((one[0], *one[1:]) for one in told["triples"]), told["seconds"], note)


MISSING = "not measured: run python benchmarks/peers/install.py"


def answer(command: list[Any]) -> Mapping[str, Any]:
    """The JSON that a program prints."""
    done = subprocess.run(list(map(str, command)), stdout=subprocess.PIPE, check=True)
    told: Mapping[str, Any] = json.loads(done.stdout)
    return told


def key(sentence: str, subject: str, verb: str, thing: str) -> tuple[str, ...]:
    """What a judgement is of: spaces and case do not matter."""
    return tuple(re.sub(r"\s+", " ", part).strip().lower() for part in (sentence, subject, verb, thing))


def judgements(name: str) -> dict[tuple[str, ...], str]:
    """What was judged by hand of a system's triples."""
    file = JUDGED / f"{name.lower()}.tsv"
    if not file.exists():
        return {}
    with file.open(encoding="utf-8", newline="") as rows:
        table = csv.DictReader(rows, delimiter="\t", quoting=csv.QUOTE_NONE)
        return {
            key(row["sentence"], row["subject"], row["verb"], row["object"]): row["right"]
            for row in table
            if row["right"]
        }


def sample(found: Found) -> Iterator[Triple]:
    """A hundred triples of a system, at random but always the same, in the order of the texts."""
    triples = list(dict.fromkeys(found.triples))
    yield from sorted(random.Random(7).sample(triples, min(SAMPLE, len(triples))))


def write_sample(found: Found) -> None:
    """Write what is to be judged, with a column to be filled."""
    JUDGED.mkdir(exist_ok=True)
    known = judgements(found.name)
    with (JUDGED / f"{found.name.lower()}.tsv").open("w", encoding="utf-8", newline="") as file:
        print("right", "subject", "verb", "object", "sentence", sep="\t", file=file)
        for _, sentence, subject, verb, thing in sample(found):
            told = known.get(key(sentence, subject, verb, thing), "")
            print(told, *(re.sub(r"\s+", " ", part) for part in (subject, verb, thing, sentence)), sep="\t", file=file)


def figures(found: Found, words: int, articles: int) -> Iterator[Figure]:
    """The figures of a system."""
    if found.seconds is None:
        yield Figure(measure=f"{found.name}: words per second", value=None, note=found.note)
        return
    if found.triples:
        known = judgements(found.name)
        told = [known[made] for one in set(found.triples) if (made := key(*one[1:])) in known]
        note = f"{found.note}; {len(told)} of {len(known)} judged triples are found today"
        yield Figure(measure=f"{found.name}: triples in {articles} articles", value=len(found.triples), note=note)
        if told:
            right, bare = told.count("yes"), told.count("bare")
            yield Figure(
                measure=f"{found.name}: precision, read by hand",
                value=right / len(told),
                note=f"{right} of {len(told)}; {bare} more are stated, but with an end that does not say who or what",
            )
    note = "" if found.triples else found.note
    yield Figure(measure=f"{found.name}: words per second", value=words / found.seconds, unit="words/s", note=note)


def main() -> None:
    """Run all on the same texts, one after another."""
    parser = arguments("Beside others on the same texts.")
    parser.add_argument("--sample", action="store_true", help="write samples to be judged, what was judged kept")
    wanted = parser.parse_args()
    one_core()
    lines = [json.loads(line) for line in TEXTS.read_text(encoding="utf-8").splitlines()]
    if wanted.quick:
        lines = lines[:5]
    documents = [
        graphwright.from_text(one["text"], id=one["id"], title=one.get("title", ""), date=one.get("date"))
        for one in lines
    ]
    texts = [document.text for document in documents]
    us, them = ours(documents)
    systems = [us, them, javascript("compromise", "compromise.mjs", texts), javascript("wink-nlp", "wink.mjs", texts)]
    for found in systems:
        if wanted.sample and found.triples:
            write_sample(found)
        for figure in figures(found, sum(len(text.split()) for text in texts), len(texts)):
            tell(figure)


if __name__ == "__main__":
    main()
