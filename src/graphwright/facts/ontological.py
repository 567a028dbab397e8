"""The main extractor: lays the ontology's phrases and patterns over the propositions of a document."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import partial
from typing import Literal

from spacy.language import Language
from spacy.tokens import Token

from graphwright.facts.matching import Match, find_matches
from graphwright.facts.phrases import PropertyPattern, compile_ontology
from graphwright.facts.reading import Reading, is_phrase_head, phrase_of
from graphwright.mentions import CoreferenceChain, agent_classes
from graphwright.model import Fact, Modality, Span, Value
from graphwright.ontology import Ontology
from graphwright.ontology.patterns import ANY, Edge, Node
from graphwright.propositions import IS, OBJECT, SUBJECT, UNNAMED
from graphwright.propositions.arguments import lemmas, preposition
from graphwright.propositions.assertion import combine

BASE_CONFIDENCE = 0.9
VALUE_SLOTS = frozenset({"date", "text", "number"})
TOPIC_PREPOSITIONS = frozenset(
    {
        "of",
        "on",
        "about",
        "concerning",
        "regarding",
        "around",
        "related to",
        "relating to",
        "such as",
        "including",
        "in",
    }
)

TOPIC_WORDS = frozenset(
    {"concerning", "regarding", "relating", "related", "involving", "including", "pertaining", "connected"}
)

Thing = tuple[CoreferenceChain | Value, Span]

Hindrance = Literal["over", "not respective"]
"""Why a match states no fact: what it tells of is over, or a plural post takes its holders in another order."""


class OntologyExtractor:
    """Finds the facts of an ontology by its phrases and patterns. Compiling them takes a moment; matching is cheap."""

    name = "ontology"

    def __init__(self, ontology: Ontology, nlp: Language) -> None:
        self.ontology = ontology
        self.patterns = compile_ontology(ontology, nlp)
        self.events = event_classes(ontology)
        self.actors = tuple(sorted(agent_classes(ontology))) or ("",)
        self.anchored: dict[str, list[tuple[PropertyPattern, int]]] = defaultdict(list)
        for pattern in self.patterns:
            node = self.anchor(pattern)
            for key in sorted(self.keys(pattern.pattern.nodes[node])):
                self.anchored[key].append((pattern, node))

    def anchor(self, pattern: PropertyPattern) -> int:
        """The node to start at: a word where there is one, else a slot whose class is not open."""
        nodes = pattern.pattern.nodes
        words = [i for i, node in enumerate(nodes) if (node.words and ANY not in node.words) or node.kind]
        slots = [
            i for i in pattern.pattern.slots if not self.is_open(nodes[i].slot) and nodes[i].slot not in VALUE_SLOTS
        ]
        return (words or slots or list(pattern.pattern.slots))[0]

    def keys(self, node: Node) -> frozenset[str]:
        """What the anchor of a pattern is looked up by: its lemmas, or its class in brackets."""
        return node.words or frozenset({f"[{node.slot or node.kind}]"})

    def is_open(self, slot: str) -> bool:
        """Whether a slot is of a class that any noun phrase may fill."""
        cls = self.ontology.class_named(slot)
        return cls is not None and cls.open

    def extract(self, reading: Reading) -> Iterator[Fact]:
        """All facts of one document."""
        for pattern, match in self.matches(reading):
            yield from self.facts(pattern, match.tokens, match.certainty, reading)

    def matches(self, reading: Reading) -> Iterator[tuple[PropertyPattern, Match]]:
        """Where each pattern lies over one document, whether or not a fact comes of it."""
        starts: dict[str, list[int]] = defaultdict(list)
        tokens = sorted({*reading.propositions.by_token, *reading.propositions.heads})
        for token in tokens:
            for lemma in lemmas(reading.doc[token]):
                starts[lemma].append(token)
        slotted = {key[1:-1] for key in self.anchored if key.startswith("[")}
        for slot in slotted:
            starts[f"[{slot}]"] = [token for token in tokens if self.fills(slot, token, reading)]
        for key, pairs in self.anchored.items():
            if starts.get(key):
                for pattern, node in pairs:
                    for match in self.lay(pattern, node, starts[key], reading):
                        yield pattern, match

    # ---------------------------------------------------------------------------------------------------- matching

    def lay(self, pattern: PropertyPattern, node: int, starts: list[int], reading: Reading) -> Iterator[Match]:
        """Where one pattern lies over one document, laid from the anchor outwards."""

        test, neighbours = partial(self.may_stand_at, reading), partial(neighbouring, reading)
        return find_matches(pattern.pattern, iter(starts), node, test, neighbours)

    def may_stand_at(self, reading: Reading, node: Node, token: int) -> bool:
        """Whether a token may stand at a node of a pattern."""
        if node.slot or node.kind:
            return self.fills(node.slot or node.kind, token, reading)
        word = reading.doc[token]
        if self.is_subordinate(token, reading):
            return False
        return bool(lemmas(word) & node.words) or (ANY in node.words and word.pos_ == "VERB")

    def fills(self, slot: str, token: int, reading: Reading) -> bool:
        """Whether a token speaks of something of the class of a slot, or of a value for it."""
        if slot in VALUE_SLOTS:
            return any(value_fits(slot, value) for value in reading.values(token))
        cls = self.ontology.class_named(slot)
        assert cls is not None  # the loader refuses unknown classes
        if any(self.ontology.is_a(chain.cls, cls.iri) for chain, _ in reading.things(token)):
            return True
        return cls.open and self.may_be_open(token, reading)

    def is_subordinate(self, token: int, reading: Reading) -> bool:
        """Whether a post is below the one that its noun names: a deputy chief is no chief."""
        mention = reading.mentions.at.get(token)
        words = self.ontology.words.get("subordinateWords", frozenset())
        return mention is not None and any(word.lower_ in words for word in reading.doc[mention.start : mention.head])

    def may_be_open(self, token: int, reading: Reading) -> bool:
        """Whether a token can fill an open class: it heads a phrase, and mentions no agent, place or date."""
        mention = reading.mentions.at.get(token)
        if mention is not None and (
            mention.kind in {"name", "pronoun", "value"} or self.ontology.fits(mention.cls, self.actors)
        ):
            return False
        if reading.doc[token].lemma_.lower() in self.ontology.words.get("timeNouns", frozenset()):
            return False
        return is_phrase_head(reading.doc[token])

    # ------------------------------------------------------------------------------------------------------- facts

    def facts(
        self, pattern: PropertyPattern, tokens: tuple[int, ...], certainty: float, reading: Reading
    ) -> Iterator[Fact]:
        """The facts of one match: one for each thing that each of its two slots speaks of."""
        prop, nodes = pattern.property, pattern.pattern.nodes
        if self.hindrance(pattern, tokens, reading):
            return
        modality, speaker = self.assertion(pattern, tokens, reading)
        spoken_by: str | None = None
        if speaker is not None:
            named = reading.speaker(speaker) if speaker != UNNAMED else None
            if named is None:
                modality = combine(modality, "possible")  # said by nobody we can name
            else:
                spoken_by = reading.id(named)
        subject_token, object_token = tokens[pattern.subject], tokens[pattern.object]
        evidence = reading.sentence(*tokens)
        for subject, subject_span in self.things(nodes[pattern.subject].slot, subject_token, reading):
            for thing, object_span in self.things(nodes[pattern.object].slot, object_token, reading):
                if subject is thing or isinstance(subject, Value) or not self.ontology.fits(subject.cls, prop.domain):
                    continue
                if not isinstance(thing, Value) and not self.ontology.fits(thing.cls, prop.range):
                    continue
                yield Fact(
                    subject=reading.id(subject),
                    property=prop.iri,
                    object=thing if isinstance(thing, Value) else reading.id(thing),
                    evidence=evidence,
                    subject_span=subject_span,
                    object_span=object_span,
                    confidence=round(BASE_CONFIDENCE * certainty, 3),
                    extractor=self.name,
                    pattern=pattern.example.text,
                    modality=modality,
                    attributed_to=spoken_by,
                )

    def things(self, slot: str, token: int, reading: Reading) -> Iterator[Thing]:
        """What a token contributes to a slot: the nearest things of the class, values, or a phrase of an open class."""
        if slot in VALUE_SLOTS:
            for value in reading.values(token):
                if value_fits(slot, value):
                    yield value, reading.token_span(token)
            return
        cls = self.ontology.class_named(slot)
        assert cls is not None
        fitting = [(chain, at) for chain, at in reading.things(token) if self.ontology.is_a(chain.cls, cls.iri)]
        own = [(chain, at) for chain, at in fitting if at == token]
        seen: set[int] = set()
        for chain, at in own or fitting:
            if id(chain) not in seen:
                seen.add(id(chain))
                yield chain, reading.token_span(at)
        if not fitting and cls.open and self.may_be_open(token, reading):
            for head in self.unwrapped(reading.doc[token]):
                start, end = phrase_of(head)
                piece = reading.doc[start:end]
                yield reading.refer(start, end, cls.iri), (piece.start_char, piece.end_char)

    def unwrapped(self, token: Token) -> list[Token]:
        """What a noun that says nothing by itself holds: of "issues concerning A and B" A and B."""
        if token.lemma_.lower() not in self.ontology.words.get("containerNouns", frozenset()):
            return [token]
        inner: list[Token] = []
        for child in token.children:
            linked = any(word.lower_ in TOPIC_WORDS for word in token.children)
            if child.dep_ == "nmod" and child.i > token.i and (linked or preposition(child) in TOPIC_PREPOSITIONS):
                inner.append(child)
            elif child.dep_ in {"acl", "amod"} and child.i > token.i and child.lower_ in TOPIC_WORDS:
                inner += [c for c in child.children if c.dep_ in {"obj", "obl"}]
        heads = [item for child in inner for item in [child, *child.conjuncts] if item.i > token.i]
        return [head for item in heads for head in self.unwrapped(item)] or [token]

    def hindrance(self, pattern: PropertyPattern, tokens: tuple[int, ...], reading: Reading) -> Hindrance | None:
        """Why a match states no fact of today, None where it may."""
        if pattern.property.state and self.is_over(pattern, tokens, reading):
            return "over"
        return None if is_respective(pattern, tokens, reading) else "not respective"

    def is_over(self, pattern: PropertyPattern, tokens: tuple[int, ...], reading: Reading) -> bool:
        """Whether a clause of a match tells of what was before."""
        predicates = (self.predicate(edge, tokens, reading) for edge in pattern.pattern.edges)
        told = (reading.propositions.by_token.get(token) for token in predicates if token is not None)
        return any(proposition.over for proposition in told if proposition is not None)

    def assertion(
        self, pattern: PropertyPattern, tokens: tuple[int, ...], reading: Reading
    ) -> tuple[Modality, int | None]:
        """Modality and speaker of a match: those of its clauses and events; titles and membership are background."""
        modality: Modality = "asserted"
        speaker: int | None = None
        for predicate in self.clauses(pattern, tokens, reading):
            proposition = reading.propositions.by_token.get(predicate)
            if proposition is not None:
                word = reading.doc[predicate]
                # "The firm, based in X, will deliver": where it is based is no part of the plan.
                standing = pattern.property.state and word.tag_ == "VBN" and word.dep_ in {"acl", "advcl"}
                modality = combine(modality, "asserted" if standing else proposition.modality)
                if reading.is_ahead(predicate):
                    modality = combine(modality, "planned")
                speaker = proposition.speaker if speaker is None else speaker
        return modality, speaker

    def clauses(self, pattern: PropertyPattern, tokens: tuple[int, ...], reading: Reading) -> list[int]:
        """The tokens whose clauses answer for a match: of clauses within each other the outer ones alone."""
        found = {p for edge in pattern.pattern.edges for p in [self.predicate(edge, tokens, reading)] if p is not None}
        # How an inner clause is meant is part of the phrase: "an opportunity to discuss".
        return [
            p for p in sorted(found) if not any(o != p and reading.doc[o].is_ancestor(reading.doc[p]) for o in found)
        ]

    def predicate(self, edge: Edge, tokens: tuple[int, ...], reading: Reading) -> int | None:
        """The token whose clause answers for an edge, None where the edge is background."""
        head, argument = tokens[edge.head], tokens[edge.argument]
        if IS in edge.roles:
            for one, other in ((head, argument), (argument, head)):
                word = reading.doc[other]
                if word.dep_ == "xcomp" and word.head.i in reading.propositions.by_token:
                    return int(word.head.i)
                if any(c.dep_ == "cop" for c in word.children) and any(
                    reading.mentions.units.get(c.i, c.i) == one for c in word.children if c.dep_.startswith("nsubj")
                ):
                    return one if one in reading.propositions.by_token else other
            return None
        word = reading.doc[head]
        mention = reading.mentions.at.get(head)
        event = mention is not None and mention.cls in self.events
        verbal = (
            word.pos_ in {"VERB", "AUX"}
            or edge.roles & {SUBJECT, OBJECT}
            or any(c.dep_ == "cop" for c in word.children)
        )
        return head if verbal or event else None


def neighbouring(reading: Reading, token: int, roles: frozenset[str], upwards: bool) -> Iterator[tuple[int, float]]:
    """The tokens that roles lead to from a token, up to predicates or down to arguments; identity goes both ways."""
    if upwards or IS in roles:
        for proposition, argument in reading.propositions.heads.get(token, ()):
            if argument.role in roles and (upwards or argument.role == IS):
                yield proposition.predicate, argument.certainty
    if not upwards or IS in roles:
        for argument in reading.propositions.arguments(token, roles if not upwards else {IS}):
            yield argument.token, argument.certainty


def is_respective(pattern: PropertyPattern, tokens: tuple[int, ...], reading: Reading) -> bool:
    """Whether a match through a plural post takes its holders and what it is of in their order.

    Of "the ministers of A and B, X and Y" X is of A and Y of B; where their numbers differ, nobody can tell.
    """
    for edge in pattern.pattern.edges:
        post, other = tokens[edge.head], tokens[edge.argument]
        if IS in edge.roles or reading.doc[post].tag_ not in {"NNS", "NNPS"}:
            continue
        held = {p.predicate for p, argument in reading.propositions.heads.get(post, ()) if argument.role == IS}
        holders = sorted(held | {argument.token for argument in reading.propositions.arguments(post, {IS})})
        roles = {a.role for a in reading.propositions.arguments(post, edge.roles) if a.token == other}
        others = sorted({argument.token for argument in reading.propositions.arguments(post, roles)})
        if min(len(holders), len(others)) < 2:
            continue
        mine = [i for i, holder in enumerate(holders) if holder in tokens]
        if len(holders) != len(others) or (mine and others.index(other) not in mine):
            return False
    return True


def event_classes(ontology: Ontology) -> frozenset[str]:
    """The classes of events: those that a verb can tell of, and their sisters."""
    parents = {parent for cls in ontology.classes.values() if cls.verbs for parent in cls.parents}
    verbal = {cls.iri for cls in ontology.classes.values() if cls.verbs}
    above = tuple(sorted(parents & set(ontology.classes))) or tuple(sorted(verbal))
    return frozenset(cls for cls in ontology.classes if above and ontology.fits(cls, above)) | verbal


def value_fits(slot: str, value: Value) -> bool:
    """Whether a literal may fill a value slot."""
    kind = value.datatype.rpartition("#")[2]
    if slot == "date":
        return kind in {"date", "gYear", "gYearMonth", "dateTime"}
    return kind == "string" if slot == "text" else kind in {"integer", "decimal", "double"}
