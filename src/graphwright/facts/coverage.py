"""How well an ontology covers documents: what its phrases find there, and what is said there that none finds."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from graphwright.facts.ontological import OntologyExtractor
from graphwright.facts.phrases import PropertyPattern
from graphwright.facts.proposals import Frame, Proposal, Tally, Uncovered, propose
from graphwright.facts.reading import Reading
from graphwright.language.parse import Word
from graphwright.mentions.model import HOME, NATION, POST_LABEL, RANK
from graphwright.model import Extraction
from graphwright.ontology import Example, Ontology
from graphwright.propositions import CONTENT, IS, MODIFIER, OBJECT, RECIPIENT, SUBJECT
from graphwright.propositions.arguments import NO_WORDS, is_light, with_particle
from graphwright.propositions.model import PARTICLE, ROLES

Phrase = tuple[str, str]
"""The IRI of a property and the text of one of its phrases or patterns."""

Kind = tuple[Frame, frozenset[str], frozenset[str]]
"""How something is said of things of what classes."""

Filled = Mapping[int, frozenset[str]]
"""Tokens that fill a role, with the classes of what they speak of."""

BETWEEN = "between"
OWNING = ("by", "of", MODIFIER)
"""Roles of whoever does or has what a noun says, the first of two things."""

NAME_ROLES = frozenset({HOME, NATION, RANK})
"""Roles of what stands inside a name or belongs to a post."""

AUXILIARIES = frozenset({"be", "have", "do"})
"""Verbs that even as main verbs relate two things in no way of their own."""

EMPTY_NOUNS = ("seriesNouns", "containerNouns", "timeNouns")
"""Word lists of the nouns that relate nothing themselves."""

PLACING = frozenset({"in", "at", "on", "near"})
"""Prepositions that beside an object say only where something was done."""


@dataclass(frozen=True, slots=True)
class Observation:
    """What one document shows: how many things and facts it has, by phrase the times that it matched and the facts that
    came of it, and the propositions about two typed things: how many there are, and those that no phrase matched."""

    entities: int
    stated: int
    matches: Mapping[Phrase, int]
    facts: Mapping[Phrase, int]
    propositions: int
    uncovered: tuple[Uncovered, ...]


@dataclass(frozen=True, slots=True)
class PhraseUse:
    """How often a phrase or pattern matched, and how many facts came of it; the rest said no more, or was refused."""

    property: str
    example: Example
    matches: int
    facts: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the phrases of an ontology found in some documents, in its order, and what might be added to it.

    ``propositions`` counts those about two typed things, ``covered`` the ones that a phrase matched.
    """

    documents: int
    entities: int
    facts: int
    propositions: int
    covered: int
    phrases: tuple[PhraseUse, ...]
    proposals: tuple[Proposal, ...]

    @property
    def per_property(self) -> float:
        """Phrases and patterns of a property that has any, on average."""
        counts = Counter(use.property for use in self.phrases)
        return len(self.phrases) / len(counts) if counts else 0.0


def measure(
    observations: Iterable[Observation], ontology: Ontology, patterns: Iterable[PropertyPattern], top: int
) -> Coverage:
    """Sum up what documents show, with the ``top`` most frequent ways of saying what none of the ``patterns`` covers.

    A sentence that stands in several documents counts once among what is not covered, so that boilerplate does not.
    """
    documents = entities = stated = propositions = uncovered = 0
    matches: Counter[Phrase] = Counter()
    facts: Counter[Phrase] = Counter()
    first: dict[Kind, Uncovered] = {}
    counts: Counter[Kind] = Counter()
    known: set[tuple[Frame, str]] = set()
    for observation in observations:
        documents += 1
        entities += observation.entities
        stated += observation.stated
        propositions += observation.propositions
        uncovered += len(observation.uncovered)
        matches.update(observation.matches)
        facts.update(observation.facts)
        for one in observation.uncovered:
            if (one.frame, one.sentence) not in known:
                known.add((one.frame, one.sentence))
                kind = (one.frame, one.first, one.second)
                first.setdefault(kind, one)
                counts[kind] += 1
    return Coverage(
        documents,
        entities,
        stated,
        propositions,
        propositions - uncovered,
        tuple(
            PhraseUse(prop.iri, example, matches[prop.iri, example.text], facts[prop.iri, example.text])
            for prop in ontology.properties.values()
            for example in (*prop.phrases, *prop.patterns)
        ),
        propose((Tally(one, counts[kind]) for kind, one in first.items()), ontology, patterns, top),
    )


def observe(reading: Reading, extraction: Extraction, extractor: OntologyExtractor) -> Observation:
    """What a document shows of the phrases of an extractor."""
    found = list(extractor.matches(reading))
    told = {(pattern.property.iri, pattern.example.text, match.tokens) for pattern, match in found}
    matched: dict[int, list[frozenset[int]]] = defaultdict(list)
    for tokens in {frozenset(tokens) for _, _, tokens in told}:
        for token in tokens:
            matched[token].append(tokens)
    propositions = list(said_of_two(reading))
    return Observation(
        len(extraction.chains),
        len(extraction.facts),
        Counter((iri, text) for iri, text, _ in told),
        Counter((fact.property, fact.pattern) for fact in extraction.facts if fact.extractor == extractor.name),
        len(propositions),
        tuple(
            Uncovered(one.frame, one.first, one.second, sentence(one, reading))
            for one in propositions
            if not is_covered(one, matched, reading)
        ),
    )


# -------------------------------------------------------------------------------------------------------- propositions


@dataclass(frozen=True, slots=True)
class Said:
    """A proposition about two things: how, by which tokens, of which pairs of tokens, and of what classes they are."""

    frame: Frame
    predicates: frozenset[int]
    pairs: tuple[tuple[int, int], ...]
    first: frozenset[str]
    second: frozenset[str]

    @property
    def tokens(self) -> frozenset[int]:
        """All tokens that say it."""
        return self.predicates.union(*self.pairs)


def is_covered(one: Said, matched: Mapping[int, list[frozenset[int]]], reading: Reading) -> bool:
    """Whether a phrase matched over the predicate and two of the things.

    Of an event that its predicate speaks of ("met") both may be said apart: who took part, and where it was.
    """

    def names(token: int) -> set[int]:
        return {token, *(at for _, at in reading.things(token))}

    for predicate in one.predicates:
        event = bool(reading.own_chains(predicate))
        for first, second in one.pairs:
            firsts = [tokens for tokens in matched.get(predicate, ()) if tokens & names(first)]
            seconds = [tokens for tokens in matched.get(predicate, ()) if tokens & names(second)]
            if any(tokens & names(second) for tokens in firsts) or (event and firsts and seconds):
                return True
    return False


def sentence(one: Said, reading: Reading) -> str:
    """The sentence that says it, on one line."""
    return " ".join(reading.document.text[slice(*reading.sentence(*one.tokens))].split())


def said_of_two(reading: Reading) -> Iterator[Said]:
    """All that the propositions of a document say of two things of classes of the ontology."""
    for proposition in reading.propositions.by_token.values():
        word = reading.doc[proposition.predicate]
        if not word.lemma_.replace("-", "").isalpha():
            continue
        if word.pos_ in {"VERB", "ADJ"}:
            yield from deeds(word, reading)
        elif word.pos_ == "NOUN":
            yield from relations(word, reading)


def deeds(verb: Word, reading: Reading) -> Iterator[Said]:
    """What a verb or adjective says of two of its arguments.

    Where its object is a mere noun, this belongs to what is done: "took control of", "paid a visit to".
    """
    words, lemma = reading.ontology.words, verb.lemma_.lower()
    if lemma in AUXILIARIES:
        return
    subjects, objects, recipients = (fillers(verb.i, role, reading) for role in (SUBJECT, OBJECT, RECIPIENT))
    particles = [reading.doc[a.token].lower_ for a in reading.propositions.arguments(verb.i, {PARTICLE})]
    core = " ".join([lemma, *(f"(-particle-> {particle})" for particle in particles)])
    does = camel("is", lemma) if verb.pos_ == "ADJ" else camel(present(lemma), *particles)
    done = camel(verb.lower_ if verb.tag_ in {"VBN", "VBD"} else lemma, *particles)

    nouns = [reading.doc[a.token] for a in reading.propositions.arguments(verb.i, {OBJECT})]
    light = is_light(verb, words)  # then the noun of its object has its subject too, and what its prepositions bring

    if not is_opinion(verb, reading):
        whole = [verb, *nouns] if light else [verb]
        yield from said(whole, Frame((SUBJECT, OBJECT), core, lemma, does), subjects, objects, reading)
    if with_particle(verb) & (words.get("reportingVerbs", NO_WORDS) - words.get("performativeVerbs", NO_WORDS)):
        return
    yield from said([verb], Frame((SUBJECT, RECIPIENT), core, lemma, does), subjects, recipients, reading)
    for role in prepositions(verb.i, reading) - {"by"}:
        others = fillers(verb.i, role, reading)
        if not nouns:
            yield from said([verb], Frame((SUBJECT, role), core, lemma, camel(does, role)), subjects, others, reading)
        if not light:
            yield from said([verb], Frame((OBJECT, role), core, lemma, camel(done, role)), objects, others, reading)
    for noun in nouns:
        what = noun.lemma_.lower()
        if noun.pos_ != "NOUN" or reading.own_chains(noun.i) or not what.isalpha():
            continue
        path, head = (f"{core} -object-> {what}", noun) if light else (f"{core} (-object-> {what})", verb)
        for role in prepositions(head.i, reading) - PLACING:
            frame = Frame((SUBJECT, role), path, head.lemma_.lower(), camel(does, what, role))
            yield from said([verb, noun], frame, subjects, fillers(head.i, role, reading), reading)


def relations(noun: Word, reading: Reading) -> Iterator[Said]:
    """What a noun says of two things: "the defeat of X in Y", "X is an ally of Y", "a treaty between X and Y"."""
    words, lemma = reading.ontology.words, noun.lemma_.lower()
    if any(lemma in words.get(name, NO_WORDS) for name in EMPTY_NOUNS) or is_post(noun.i, reading):
        return
    roles = [*OWNING, *sorted(prepositions(noun.i, reading) - set(OWNING))]
    filled = {role: found for role in roles if (found := fillers(noun.i, role, reading))}
    same = {noun.i: kinds} if (kinds := classes(noun.i, reading, apart=True)) else {}
    for role, found in filled.items():
        if role != MODIFIER and not (role == "of" and is_named_by(noun.i, found, reading)):
            yield from said([noun], Frame((IS, role), lemma, lemma, camel(lemma, role)), same, found, reading)
    for first, second in combinations(filled, 2):
        if first in OWNING and (second not in OWNING or (first, second) == ("by", "of")):
            frame = Frame((first, second), lemma, lemma, camel(lemma, second))
            yield from said([noun], frame, filled[first], filled[second], reading)
    if len(between := sorted(fillers(noun.i, BETWEEN, reading).items())) > 1:
        frame = Frame((BETWEEN, BETWEEN), lemma, lemma, camel(lemma, BETWEEN))
        yield from said([noun], frame, dict(between[:1]), dict(between[1:]), reading)


def said(predicates: list[Word], frame: Frame, first: Filled, second: Filled, reading: Reading) -> Iterator[Said]:
    """What some words say of different things in two roles, if there are any."""

    def differ(one: int, other: int) -> bool:
        here = [chain for chain, _ in reading.things(one)]
        return not any(chain is mine for chain, _ in reading.things(other) for mine in here)

    pairs = tuple((one, other) for one in first for other in second if differ(one, other))
    if pairs:
        firsts, seconds = (frozenset().union(*side.values()) for side in (first, second))
        yield Said(frame, frozenset(word.i for word in predicates), pairs, firsts, seconds)


def fillers(predicate: int, role: str, reading: Reading) -> Filled:
    """The tokens in a role of a predicate that speak of things, with their classes."""
    found = {a.token: classes(a.token, reading) for a in reading.propositions.arguments(predicate, {role})}
    return {token: kinds for token, kinds in found.items() if kinds}


def classes(token: int, reading: Reading, *, apart: bool = False) -> frozenset[str]:
    """The classes of what a token speaks of, by itself or through identity, or ``apart`` from itself.

    Posts are left out: only their holders act.
    """
    known = reading.ontology.classes
    return frozenset(
        chain.cls
        for chain, at in reading.things(token)
        if POST_LABEL not in known[chain.cls].entity_labels and not (apart and at == token)
    )


def is_opinion(verb: Word, reading: Reading) -> bool:
    """Whether a verb only says what somebody takes its object for: "called the talks a success"."""
    contents = (reading.doc[argument.token] for argument in reading.propositions.arguments(verb.i, {CONTENT}))
    control = reading.ontology.words.get("objectControlVerbs", NO_WORDS)  # "appointed X commander" makes it so
    return verb.lemma_.lower() not in control and any(word.pos_ in {"NOUN", "ADJ"} for word in contents)


def is_named_by(noun: int, found: Filled, reading: Reading) -> bool:
    """Whether a noun only says of what kind something is that has its name after "of": "the city of Oslo"."""
    mention = reading.mentions.at.get(noun)
    return mention is not None and any(
        reading.ontology.is_a(cls, mention.cls) for kinds in found.values() for cls in kinds
    )


def is_post(token: int, reading: Reading) -> bool:
    """Whether a noun names a post, which relates its holder to what it is of in ways of its own."""
    mention = reading.mentions.at.get(token)
    known = reading.ontology.classes
    return mention is not None and mention.cls in known and POST_LABEL in known[mention.cls].entity_labels


def prepositions(predicate: int, reading: Reading) -> set[str]:
    """The roles of a predicate that are prepositions and relate it to things, not to circumstances."""
    circumstances = reading.ontology.words.get("circumstances", NO_WORDS)
    roles = {argument.role for argument in reading.propositions.arguments(predicate)} - ROLES - NAME_ROLES
    return {role for role in roles if not role.endswith(" clause") and role.partition(" ")[0] not in circumstances}


def present(verb: str) -> str:
    """The third person of a verb: "carries".

    >>> present("reach"), present("deploy"), present("carry")
    ('reaches', 'deploys', 'carries')
    """
    if re.search(r"(?:s|sh|ch|x|z|o)$", verb):
        return verb + "es"
    return re.sub(r"(?<=[^aeiou])y$", "ie", verb) + "s"


def camel(*words: str) -> str:
    """Words as the name of a property.

    >>> camel("pays visit", "to")
    'paysVisitTo'
    """
    first, *rest = [part for word in words for part in re.split(r"[\s-]+", word) if part]
    return "".join([first, *(part[:1].upper() + part[1:] for part in rest)])
