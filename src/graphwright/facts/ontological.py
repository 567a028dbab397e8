"""The main extractor: lays the ontology's phrases and patterns over the propositions of a document."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cache, partial
from itertools import combinations
from typing import Literal, NamedTuple

from spacy.language import Language

from graphwright.facts.confidence import added, calibration, end_doubts, said_doubts, way_doubts
from graphwright.facts.matching import Match, Neighbours, NodeTest, edge_order, find_matches
from graphwright.facts.phrases import PropertyPattern, compile_ontology
from graphwright.facts.reading import EXAMPLE_PREPOSITIONS, Reading, is_phrase_head, phrase_of
from graphwright.language.parse import Word
from graphwright.mentions import CoreferenceChain, agent_classes
from graphwright.model import Fact, Modality, Span, Value
from graphwright.ontology import Ontology, OntologyClass
from graphwright.ontology.patterns import ANY, Edge, Node, Pattern
from graphwright.propositions import IS, OBJECT, SUBJECT, UNNAMED
from graphwright.propositions.arguments import has_copula, lemmas, nominalisations, preposition
from graphwright.propositions.assertion import combine

IDENTITY = frozenset({IS})
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
        "in",
    }
)

TOPIC_WORDS = frozenset(
    {"concerning", "regarding", "relating", "related", "involving", "including", "pertaining", "connected"}
)

CONTENTFUL = frozenset({"amod", "compound", "nmod", "nmod:poss", "nmod:desc", "acl", "acl:relcl", "appos"})

Thing = tuple[CoreferenceChain | Value, Span]

Hindrance = Literal["over", "not respective"]
"""Why a match states no fact: what it tells of is over, or a plural post takes its holders in another order."""


Step = tuple[frozenset[str], bool, Node]
"""The first step from the anchor of a pattern: roles, whether they lead up to a predicate, and the node there."""


class Laid(NamedTuple):
    """How a pattern is laid: the node to start at, its edges in the order from there, the number of the first step."""

    pattern: PropertyPattern
    node: int
    order: tuple[Edge, ...]
    step: int


class OntologyExtractor:
    """Finds the facts of an ontology by its phrases and patterns. Compiling them takes a moment; matching is cheap."""

    name = "ontology"

    def __init__(self, ontology: Ontology, nlp: Language) -> None:
        self.ontology = ontology
        self.calibration = calibration()
        self.patterns = compile_ontology(ontology, nlp)
        self.events = event_classes(ontology)
        self.verbs = nominalisations(ontology.words)
        self.slot_classes: dict[str, OntologyClass] = {}
        self.actors = tuple(sorted(agent_classes(ontology))) or ("",)
        self.anchored: dict[str, list[Laid]] = defaultdict(list)
        steps: dict[Step, int] = {}
        for pattern in self.patterns:
            node = self.anchor(pattern)
            order = edge_order(pattern.pattern, node)
            step = first_step(pattern.pattern, node, order)
            laid = Laid(pattern, node, order, steps.setdefault(step, len(steps)))
            for key in sorted(self.keys(pattern.pattern.nodes[node])):
                self.anchored[key].append(laid)
        self.steps = tuple(steps)
        self.rank = {key: rank for rank, key in enumerate(self.anchored)}
        slots = sorted({key[1:-1] for key in self.anchored if key.startswith("[")})
        self.wide_slots = [slot for slot in slots if slot in VALUE_SLOTS or self.is_open(slot)]
        self.class_slots = [slot for slot in slots if slot not in self.wide_slots]
        self.slots_of: dict[str, tuple[str, ...]] = {}

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

    def lemmas(self, word: Word) -> frozenset[str]:
        """The lemmas that a word may have, of the noun of a verb that verb's too: "appointment", "appoint"."""
        verb = self.verbs.get(word.lemma_.lower()) if word.pos_ == "NOUN" else None
        return lemmas(word) if verb is None else lemmas(word) | {verb}

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
            for lemma in self.lemmas(reading.doc[token]):
                starts[lemma].append(token)
        telling = [token for token in tokens if reading.things(token) or reading.values(token)]
        for token in telling:
            classes = {chain.cls for chain, _ in reading.things(token)}
            for slot in {slot for cls in classes for slot in self.filled_by(cls)}:
                starts[slot].append(token)
        for slot in self.wide_slots:
            among = tokens if self.is_open(slot) else telling
            starts[f"[{slot}]"] = [token for token in among if self.fills(slot, token, reading)]
        test, neighbours = cache(partial(self.may_stand_at, reading)), partial(neighbouring, reading)
        # Only what the words of the document lead to is looked at: the number of phrases does not matter.
        present = [key for key in starts.keys() & self.rank.keys() if starts[key]]
        for key in sorted(present, key=self.rank.__getitem__):
            led: dict[int, list[int]] = {}
            for laid in self.anchored[key]:
                if laid.step not in led:
                    led[laid.step] = list(self.led(self.steps[laid.step], starts[key], test, neighbours))
                if led[laid.step]:
                    pattern, tokens = laid.pattern, led[laid.step]
                    for match in find_matches(pattern.pattern, tokens, laid.node, test, neighbours, laid.order):
                        yield pattern, match

    def filled_by(self, cls: str) -> tuple[str, ...]:
        """The keys of the slots that things of a class fill, but for open ones."""
        found = self.slots_of.get(cls)
        if found is None:
            fitting = (slot for slot in self.class_slots if self.ontology.is_a(cls, self.slot_class(slot).iri))
            found = self.slots_of[cls] = tuple(f"[{slot}]" for slot in fitting)
        return found

    @staticmethod
    def led(step: Step, tokens: list[int], test: NodeTest, neighbours: Neighbours) -> Iterator[int]:
        """The tokens from which a first step leads somewhere."""
        roles, upwards, node = step
        for token in tokens:
            for other, _ in neighbours(token, roles, upwards):
                if test(node, other):
                    yield token
                    break

    # ---------------------------------------------------------------------------------------------------- matching

    def lay(self, pattern: PropertyPattern, node: int, starts: list[int], reading: Reading) -> Iterator[Match]:
        """Where one pattern lies over one document, laid from the anchor outwards."""

        test, neighbours = partial(self.may_stand_at, reading), partial(neighbouring, reading)
        return find_matches(pattern.pattern, starts, node, test, neighbours)

    def may_stand_at(self, reading: Reading, node: Node, token: int) -> bool:
        """Whether a token may stand at a node of a pattern."""
        if node.slot or node.kind:
            return self.fills(node.slot or node.kind, token, reading)
        word = reading.doc[token]
        if self.is_subordinate(token, reading):
            return False
        return bool(self.lemmas(word) & node.words) or (ANY in node.words and word.pos_ == "VERB")

    def slot_class(self, slot: str) -> OntologyClass:
        """The class of a slot."""
        if slot not in self.slot_classes:
            cls = self.ontology.class_named(slot)
            assert cls is not None  # the loader refuses unknown classes
            self.slot_classes[slot] = cls
        return self.slot_classes[slot]

    def fills(self, slot: str, token: int, reading: Reading) -> bool:
        """Whether a token speaks of something of the class of a slot, or of a value for it."""
        if slot in VALUE_SLOTS:
            return any(value_fits(slot, value) for value in reading.values(token))
        cls = self.slot_class(slot)
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
        outside = self.ontology.words.get("timeNouns", frozenset()) | self.ontology.words.get(
            "standInNouns", frozenset()
        )
        if reading.doc[token].lemma_.lower() in outside:
            return False
        return is_phrase_head(reading.doc[token]) and token not in reading.people

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
            named = self.named_speaker(speaker, reading)
            if named is None:
                modality = combine(modality, "possible")  # said by nobody we can name
            else:
                spoken_by = reading.id(named)
        subject_token, object_token = tokens[pattern.subject], tokens[pattern.object]
        evidence = reading.sentence(*tokens)
        way = way_doubts(pattern.pattern, tokens, certainty, reading.doc)
        said = list(said_doubts(modality, spoken_by is not None))
        for subject, subject_span in self.things(nodes[pattern.subject].slot, subject_token, reading):
            for thing, object_span in self.things(nodes[pattern.object].slot, object_token, reading):
                if subject is thing or isinstance(subject, Value) or not self.ontology.fits(subject.cls, prop.domain):
                    continue
                if not isinstance(thing, Value) and not self.ontology.fits(thing.cls, prop.range):
                    continue
                ends = (end_doubts(subject, subject_span, reading), end_doubts(thing, object_span, reading))
                yield Fact(
                    subject=reading.id(subject),
                    property=prop.iri,
                    object=thing if isinstance(thing, Value) else reading.id(thing),
                    evidence=evidence,
                    subject_span=subject_span,
                    object_span=object_span,
                    confidence=self.calibration.confidence(added(way, said, *ends)),
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
        if not any(has_name(chain) for chain, _ in own):  # "the SDF, mainly Arab forces, …": what is described is named
            own = [(chain, at) for chain, at in fitting if has_name(chain)] or own
        seen: set[int] = set()
        for chain, at in own or fitting:
            if id(chain) not in seen:
                seen.add(id(chain))
                yield chain, reading.token_span(at)
        if not fitting and cls.open and self.may_be_open(token, reading):
            for head in self.unwrapped(reading.doc[token]):
                start, end = phrase_of(head)
                piece = reading.doc.stretch(start, end)
                yield reading.refer(start, end, cls.iri), (piece.start_char, piece.end_char)

    def unwrapped(self, token: Word) -> list[Word]:
        """The topics that a noun stands for: itself, of "issues concerning A and B" A and B, of "other matters" none.

        What it is said to include is a topic of its own: "the next steps, including the need for more aid".
        """
        examples = [item for child in token.children for item in included(child)]
        further = [head for item in examples for head in self.unwrapped(item)]
        if token.lemma_.lower() not in self.ontology.words.get("containerNouns", frozenset()):
            return [token, *further]
        inner: list[Word] = []
        for child in token.children:
            linked = any(word.lower_ in TOPIC_WORDS for word in token.children)
            if child.dep_ == "nmod" and child.i > token.i and (linked or preposition(child) in TOPIC_PREPOSITIONS):
                inner.append(child)
            elif child.dep_ in {"acl", "amod"} and child.i > token.i and child.lower_ in TOPIC_WORDS:
                inner += [c for c in child.children if c.dep_ in {"obj", "obl"}]
        heads = [item for child in inner for item in [child, *child.conjuncts] if item.i > token.i]
        found = [head for item in heads for head in self.unwrapped(item)]
        return [*(found if inner or self.is_empty(token) else [token]), *further]

    def is_empty(self, noun: Word) -> bool:
        """Whether nothing beside a noun says which it is: "various issues", "other matters"."""
        empty = self.ontology.words.get("emptyModifiers", frozenset())
        said = [child for child in noun.children if child.dep_ in CONTENTFUL]
        return all(child.lower_ in empty for child in said)

    def hindrance(self, pattern: PropertyPattern, tokens: tuple[int, ...], reading: Reading) -> Hindrance | None:
        """Why a match states no fact of today, None where it may."""
        if pattern.property.state and self.is_over(pattern, tokens, reading):
            return "over"
        return None if is_respective(pattern, tokens, reading) else "not respective"

    def is_over(self, pattern: PropertyPattern, tokens: tuple[int, ...], reading: Reading) -> bool:
        """Whether a clause of a match tells of what was before."""
        predicates = (self.predicate(edge, pattern, tokens, reading) for edge in pattern.pattern.edges)
        told = (reading.propositions.by_token.get(token) for token in predicates if token is not None)
        return any(proposition.over for proposition in told if proposition is not None)

    def assertion(
        self, pattern: PropertyPattern, tokens: tuple[int, ...], reading: Reading
    ) -> tuple[Modality, int | None]:
        """Modality and speaker of a match: those of its clauses and events; titles and membership are background."""
        modality: Modality = "asserted"
        speaker: int | None = None
        for token in {tokens[edge.head] for edge in pattern.pattern.edges} & reading.propositions.by_token.keys():
            modality = combine(modality, reading.propositions.by_token[token].own)
        for predicate in self.clauses(pattern, tokens, reading):
            proposition = reading.propositions.by_token.get(predicate)
            if proposition is not None:
                word = reading.doc[predicate]
                # "The firm, based in X, will deliver": where it is based is no part of the plan.
                standing = pattern.property.state and word.tag_ == "VBN" and word.dep_ in {"acl", "advcl"}
                standing = standing and not any(child.lower_ in {"a", "an"} for child in word.head.children)
                # "They will discuss the cooperation between X and Y": it is there already.
                presupposed = word.pos_ == "NOUN" and not has_copula(word) and not self.happens(predicate, reading)
                own = proposition.supposed if presupposed else proposition.modality
                modality = combine(modality, "asserted" if standing else own)
                if reading.is_ahead(predicate):
                    modality = combine(modality, "planned")
                # Nobody need vouch for what is taken for granted; who is named is told.
                if speaker is None and not (presupposed and self.named_speaker(proposition.speaker, reading) is None):
                    speaker = proposition.speaker
        return modality, speaker

    def clauses(self, pattern: PropertyPattern, tokens: tuple[int, ...], reading: Reading) -> list[int]:
        """The tokens whose clauses answer for a match: of clauses within each other the outer ones alone."""
        told = (self.predicate(edge, pattern, tokens, reading) for edge in pattern.pattern.edges)
        found = {predicate for predicate in told if predicate is not None}
        # How an inner clause is meant is part of the phrase: "an opportunity to discuss".
        return [
            p for p in sorted(found) if not any(o != p and reading.doc[o].is_ancestor(reading.doc[p]) for o in found)
        ]

    @staticmethod
    def named_speaker(token: int | None, reading: Reading) -> CoreferenceChain | None:
        """Who the token of a speaker names, None where nobody is named."""
        return None if token is None or token == UNNAMED else reading.speaker(token)

    def predicate(self, edge: Edge, pattern: PropertyPattern, tokens: tuple[int, ...], reading: Reading) -> int | None:
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
        named = bool(pattern.pattern.nodes[edge.head].words) and not any(
            IS in one.roles for one in pattern.pattern.edges
        )
        verbal = (
            word.pos_ in {"VERB", "AUX"}
            or edge.roles & {SUBJECT, OBJECT}
            or any(c.dep_ == "cop" for c in word.children)
        )
        return head if verbal or named or self.happens(head, reading) else None

    def happens(self, token: int, reading: Reading) -> bool:
        """Whether a token mentions what is as planned or possible as its clause: an event, or a new agreement."""
        mention = reading.mentions.at.get(token)
        if mention is None or not mention.cls:
            return False
        indefinite = any(child.lower_ in {"a", "an", "another"} for child in reading.doc[token].children)
        made = bool(self.ontology.classes[mention.cls].omitted_after) and indefinite
        return mention.cls in self.events or made


def first_step(pattern: Pattern, start: int, order: tuple[Edge, ...]) -> Step:
    """The step that the first edge is, from the node at which a pattern is started."""
    edge = order[0]
    upwards = edge.argument == start
    return edge.roles, upwards, pattern.nodes[edge.head if upwards else edge.argument]


def has_name(chain: CoreferenceChain) -> bool:
    """Whether a text ever names a thing."""
    return chain.called


def included(child: Word) -> list[Word]:
    """What a noun is said to include: "issues, including trade and visas"."""
    if child.dep_ == "nmod" and preposition(child) in EXAMPLE_PREPOSITIONS:
        return [child, *(item for item in child.conjuncts if item.i > child.i)]
    if child.dep_ in {"acl", "amod"} and child.lower_ == "including":
        return [item for c in child.children if c.dep_ == "obj" for item in [c, *c.conjuncts]]
    return []


def neighbouring(reading: Reading, token: int, roles: frozenset[str], upwards: bool) -> Iterator[tuple[int, float]]:
    """The tokens that roles lead to from a token, up to predicates or down to arguments; identity goes both ways."""
    if upwards or IS in roles:
        for proposition, argument in reading.propositions.heads.get(token, ()):
            if argument.role in roles and (upwards or argument.role == IS):
                yield proposition.predicate, argument.certainty
    if not upwards or IS in roles:
        for argument in reading.propositions.arguments(token, roles if not upwards else IDENTITY):
            yield argument.token, argument.certainty


def is_respective(pattern: PropertyPattern, tokens: tuple[int, ...], reading: Reading) -> bool:
    """Whether a match through a plural post takes its holders and what it is of in their order.

    Of "the ministers of A and B, X and Y" X is of A and Y of B; where their numbers differ, nobody can tell.
    """
    if not is_in_turn(pattern, tokens, reading):
        return False
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


def is_in_turn(pattern: PropertyPattern, tokens: tuple[int, ...], reading: Reading) -> bool:
    """Whether a match takes two arguments of one verb that were told together: "signed by X for A and by Y for B"."""
    edges = [edge for edge in pattern.pattern.edges if IS not in edge.roles]
    for one, other in combinations(edges, 2):
        if one.head != other.head or one.roles & other.roles or reading.doc[tokens[one.head]].pos_ != "VERB":
            continue
        first, second = (
            sorted({a.token for a in reading.propositions.arguments(tokens[edge.head], edge.roles)})
            for edge in (one, other)
        )
        in_turn = len(first) == len(second) > 1 and [*first, *second] != sorted([*first, *second])
        pairs = list(zip(first, second, strict=False))
        if in_turn and sorted([*first, *second]) == [token for pair in pairs for token in sorted(pair)]:
            here, there = tokens[one.argument], tokens[other.argument]
            if here in first and there in second and first.index(here) != second.index(there):
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
