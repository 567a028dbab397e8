"""What 5,000 phrases cost in a document against 100: finding facts alone, and from text to what a document says.

The 100 are of the default ontology; the 5,000 are those and others made of real verbs and nouns, with classes of the
default ontology in their slots. What reading the phrases themselves takes, once in a process, is told apart.

Usage: python benchmarks/figures/phrases.py [--quick]
"""

from __future__ import annotations

import gc
import json
import random
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import islice, product
from statistics import median

from row import Clock, Figure, arguments, documents, one_core, tell
from spacy.language import Language

from graphwright.errors import OntologyError
from graphwright.facts import OntologyExtractor, read_document
from graphwright.facts.phrases import fill, understand
from graphwright.language import EMBEDDED
from graphwright.ontology import Example, Ontology, Property
from graphwright.pipeline import Reader
from graphwright.settings import Settings

FEW = 100
CLASSES = ("Person", "Organization", "Country", "City", "Company", "GovernmentBody", "MilitaryForce", "Agent")
SHAPES = (
    "[{one}] {verb}s [{other}]",
    "[{one}] {verb}s with [{other}]",
    "[{one}] {verb}s in [{other}]",
    "[{one}] {verb}s the {noun} of [{other}]",
    "the {noun} of [{one}] with [{other}]",
)


def lexicon(*tags: str) -> list[str]:
    """The lemmas of verbs or nouns that the embedded model knows by heart, in the order of the alphabet."""
    known = json.loads((EMBEDDED / "graphwright_encoder" / "lemmas.json").read_text(encoding="utf-8"))["lexicon"]
    found = {lemma for form, lemma in known.items() if form.split()[1] in tags}
    return sorted(word for word in found if word.isascii() and word.isalpha() and len(word) > 3)


def made_phrases() -> Iterator[str]:
    """Yield phrases without end, all different, in an order that tells nothing."""
    lot = random.Random(5)
    verbs, nouns = lexicon("VB", "VBD", "VBN"), lexicon("NNS")
    pairs = list(product(CLASSES, CLASSES))
    seen: set[str] = set()
    while True:
        one, other = lot.choice(pairs)
        noun = lot.choice(nouns)
        phrase = lot.choice(SHAPES).format(one=one, other=other, verb=lot.choice(verbs), noun=noun)
        if phrase not in seen:
            seen.add(phrase)
            yield phrase


def understood(number: int, nlp: Language, known: Ontology) -> list[str]:
    """The first phrases that a parser can make something of: not all made ones are English."""
    prop = next(prop for prop in known.properties.values() if not prop.literal)
    found: list[str] = []
    made = made_phrases()
    while len(found) < number:
        examples = [Example(phrase, "made", 1) for phrase in islice(made, 500)]
        filled = [fill(example, prop, known) for example in examples]
        docs = nlp.pipe(text for text, _ in filled)
        for doc, example, (_, slots) in zip(docs, examples, filled, strict=True):
            with suppress(OntologyError):
                understand(doc, slots, known.words, prop, example)
                found.append(example.text)
    return found[:number]


def cut_to(number: int, whole: Ontology) -> Ontology:
    """An ontology with so many phrases, its first, and no patterns."""
    properties = {}
    for iri, prop in whole.properties.items():
        phrases = prop.phrases[:number]
        number -= len(phrases)
        properties[iri] = replace(prop, phrases=phrases, patterns=())
    return replace(whole, properties=properties)


def widened(phrases: Sequence[str], narrow: Ontology) -> Ontology:
    """An ontology with further phrases, each of a property of its own."""
    plain = Property(
        iri="",
        label="",
        comment="",
        domain=(),
        range=(),
        literal=False,
        symmetric=False,
        auxiliary=False,
        parents=(),
        phrases=(),
        patterns=(),
        synonyms=(),
    )
    further = {
        f"https://example.org/#p{number}": replace(
            plain, iri=f"https://example.org/#p{number}", phrases=(Example(phrase, "made", number),)
        )
        for number, phrase in enumerate(phrases)
    }
    return replace(narrow, properties={**narrow.properties, **further})


def main() -> None:
    """Take turns at both ontologies, and tell the ratios."""
    parser = arguments("What 5,000 phrases cost against 100.")
    parser.add_argument("--documents", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=7)
    wanted = parser.parse_args()
    number, rounds, many = (10, 2, 300) if wanted.quick else (wanted.documents, wanted.rounds, 5_000)
    one_core()
    reader = Reader(Settings())
    few_ontology = cut_to(FEW, reader.ontology)
    phrases = understood(many - FEW, reader.nlp, reader.ontology)
    few = OntologyExtractor(few_ontology, reader.nlp)
    with Clock() as compiling:
        more = OntologyExtractor(widened(phrases, few_ontology), reader.nlp)
    made = list(documents(number))
    docs = list(reader.nlp.pipe(document.text for document in made))

    def extracting(extractor: OntologyExtractor) -> tuple[float, int]:
        readings = [
            read_document(document, doc, reader.ontology, reader.lexicon)
            for document, doc in zip(made, docs, strict=True)
        ]
        gc.collect()
        with Clock() as clock:
            found = sum(1 for reading in readings for _ in extractor.extract(reading))
        return clock.cpu, found

    def whole(extractor: OntologyExtractor) -> float:
        reader.extractors = [extractor]
        with Clock() as clock:
            for _ in reader.read(made):
                pass
        return clock.cpu

    alone = [(extracting(few), extracting(more)) for _ in range(rounds)]
    ends = [(whole(few), whole(more)) for _ in range(2)]
    ratio = median(other[0] / one[0] for one, other in alone)
    (_, few_facts), (_, more_facts) = alone[0]
    milliseconds = [median(turn[which][0] for turn in alone) * 1000 / number for which in (0, 1)]
    tell(
        Figure(
            measure=f"{many:,} phrases ÷ {FEW}, time of finding facts",
            value=ratio,
            unit="×",
            reach=1.5,
            at_most=True,
            note=f"{milliseconds[0]:.1f} and {milliseconds[1]:.1f} ms a document of 300 words, in which "
            f"{few_facts / number:.1f} and {more_facts / number:.1f} facts are found; from text to facts "
            f"{median(b / a for a, b in ends):.2f} ×; the phrases are read once in a process, in {compiling.cpu:.0f} s",
        )
    )


if __name__ == "__main__":
    main()
