"""Why a fact is, or is not, among the facts of a document, told by the tests that decide it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from difflib import get_close_matches
from functools import partial
from itertools import product
from pathlib import Path

from graphwright.errors import QueryError
from graphwright.facts import CompiledRule, Extractor, Step, steps
from graphwright.facts.ends import End, about, find_end, spoken
from graphwright.facts.matching import Placement, furthest
from graphwright.facts.ontological import VALUE_SLOTS, OntologyExtractor, neighbouring, value_fits
from graphwright.facts.paths import Step as Joint
from graphwright.facts.paths import is_general, is_worded, shortest, written
from graphwright.facts.phrases import SLOT, PropertyPattern, orient
from graphwright.facts.reading import Reading
from graphwright.facts.rules import CONCLUDED, RDF_TYPE, Attempt, Known, Triple, attempt, end_of, stored
from graphwright.facts.verdict import Condition, NearestPhrase, NearestRule, Verdict
from graphwright.mentions import Mention
from graphwright.mentions.discourse import DEFINITE
from graphwright.model import Fact, Span, Value
from graphwright.ontology import Example, Ontology, Property
from graphwright.ontology.patterns import ANY, Edge, Node, NotationError, parse
from graphwright.propositions import UNNAMED
from graphwright.propositions.decisive import decisive_words

PAIRS = 12
"""How many pairs of places, the nearest first, phrases are tried on."""

PRONOUNS = frozenset({"PRP", "PRP$"})
"""Tags of pronouns that stand for a thing."""

LONGEST = 3
"""The most roles of a path that may be worth a pattern: longer ones hold for one sentence alone."""

Laid = tuple[PropertyPattern, tuple[int, ...]]
"""A phrase with the tokens at its nodes."""


def judge(
    reading: Reading,
    subject: str,
    prop: Property,
    object_: str,
    *,
    extractors: Sequence[Extractor],
    rules: Sequence[CompiledRule],
    min_confidence: float = 0.0,
) -> Verdict:
    """Why a fact is not among those of a document, subject and object as people write them."""
    extractor = next((one for one in extractors if isinstance(one, OntologyExtractor)), None)
    ontology = reading.ontology

    def is_open(side: Sequence[str]) -> bool:
        return not side or any(ontology.classes[iri].open for iri in side if iri in ontology.classes)

    start = find_end(subject, reading, extractor, open=is_open(prop.domain))
    end = find_end(object_, reading, extractor, literal=prop.literal, open=is_open(prop.range) and not prop.literal)
    return judge_ends(reading, start, prop, end, extractors=extractors, rules=rules, min_confidence=min_confidence)


def judge_ends(
    reading: Reading,
    subject: End,
    prop: Property,
    object_: End,
    *,
    extractors: Sequence[Extractor],
    rules: Sequence[CompiledRule],
    min_confidence: float = 0.0,
) -> Verdict:
    """As `judge`, with subject and object already found in the text."""
    return Judge(reading, subject, prop, object_, extractors, rules, min_confidence).verdict()


def is_near(tried: Attempt) -> bool:
    """Whether a rule is worth a word beside phrases: facts of its premises hold, and more than are missing."""
    held = [triple for triple in tried.held if str(triple[1]) != RDF_TYPE]
    return len(held) > len(tried.missing)


def property_named(name: str, ontology: Ontology) -> Property:
    """The property of an IRI, a prefixed name, a local name, or a label in any case.

    Raises QueryError for one that the ontology does not have, with those that are written most like it.
    """

    properties = ontology.properties
    prefix, colon, rest = name.partition(":")
    iri = ontology.prefixes[prefix] + rest if colon and prefix in ontology.prefixes else name.strip("<>")
    if iri in properties:
        return properties[iri]
    for prop in properties.values():
        if name in (ontology.local(prop.iri), prop.label):
            return prop
    by_name = {text.casefold(): prop for prop in properties.values() for text in (prop.label, ontology.local(prop.iri))}
    if name.casefold() in by_name:
        return by_name[name.casefold()]
    close = [by_name[text] for text in get_close_matches(name.casefold(), by_name, n=8, cutoff=0.5)]
    names = dict.fromkeys(ontology.local(prop.iri) for prop in close) or sorted(map(ontology.local, properties))
    raise QueryError(
        f"the ontology has no property {name!r}",
        "the fact to judge",
        f"{'did you mean one of' if close else 'use one of'}: {', '.join(names)}",
    )


class Judge:
    """Finds the verdict on one fact in one document: the condition that comes nearest to being a fact."""

    def __init__(
        self,
        reading: Reading,
        subject: End,
        prop: Property,
        object_: End,
        extractors: Sequence[Extractor],
        rules: Sequence[CompiledRule],
        min_confidence: float,
    ) -> None:
        self.reading, self.doc, self.ontology = reading, reading.doc, reading.ontology
        self.subject, self.property, self.object = subject, prop, object_
        self.extractor = next((one for one in extractors if isinstance(one, OntologyExtractor)), None)
        own = self.extractor.patterns if self.extractor is not None else ()
        self.patterns = [pattern for pattern in own if pattern.property.iri == prop.iri]
        self.rules = rules
        self.steps = list(steps(reading, extractors, rules, self.ontology, min_confidence))
        self.min_confidence = min_confidence
        self.blank = Verdict(
            reading.document.id, subject.text, self.ontology.local(prop.iri), object_.text, "no path", ""
        )

    # ------------------------------------------------------------------------------------------------------ in order

    def verdict(self) -> Verdict:
        """What is to be said, from what comes nearest to a fact downwards."""
        return self.of_facts() or self.of_ends() or self.of_matches() or self.of_classes() or self.of_phrases()

    def told(self, condition: Condition, message: str, tokens: Iterable[int] = (), **more: object) -> Verdict:
        """A verdict, with the sentence of some tokens."""
        span = self.reading.sentence(*tokens) if (tokens := tuple(tokens)) else None
        return replace(self.blank, condition=condition, message=message, **self.quoted(span), **more)  # type: ignore[arg-type]

    def quoted(self, span: Span | None) -> dict[str, object]:
        """A sentence and where it stands, as fields of a verdict."""
        return {
            "sentence": "" if span is None else " ".join(self.reading.document.text[slice(*span)].split()),
            "span": span,
        }

    # --------------------------------------------------------------------------------------------------------- facts

    def of_facts(self) -> Verdict | None:
        """That it is a fact, or was one before it was dropped, or is one that is not asserted."""
        known: list[Fact] = []
        lost: tuple[Step, list[Fact]] | None = None
        for step, facts in self.steps:
            now = [fact for fact in facts if self.states(fact)]
            if [fact for fact in known if fact.asserted] and not [fact for fact in now if fact.asserted]:
                lost = step, known
            known = now
        found = [fact for fact in known if fact.asserted]
        if found:
            return self.of_fact("found", self.how(found[0]), found[0])
        if lost is not None:
            step, facts = lost
            return self.dropped(step, next(fact for fact in facts if fact.asserted))
        special = [fact for fact in self.steps[-1][1] if self.implies(fact)]
        if special:
            known = [fact for fact in special if fact.asserted] or special
            message = f"{self.blank.property} follows from a more special fact, and is not told beside it"
            return self.of_fact("implied", f"{message}; {self.how(known[0])}", known[0])
        if known:
            return self.flagged(known[0])
        flagged = [fact for _, facts in self.steps for fact in facts if self.states(fact)]
        return self.flagged(flagged[0]) if flagged else None

    def states(self, fact: Fact) -> bool:
        """Whether a fact is the one in question, however it is meant."""
        return fact.property == self.property.iri and about(
            fact, self.subject, self.object, self.reading, symmetric=self.property.symmetric
        )

    def implies(self, fact: Fact) -> bool:
        """Whether the one in question follows from a fact by its property: metWith from received."""
        return self.property.iri in self.parents(fact) and about(
            fact, self.subject, self.object, self.reading, symmetric=self.property.symmetric
        )

    def of_fact(self, condition: Condition, message: str, fact: Fact, **more: object) -> Verdict:
        """A verdict about a fact, with its evidence."""
        verdict = replace(self.blank, condition=condition, message=message, confidence=fact.confidence, **more)  # type: ignore[arg-type]
        return replace(verdict, **self.quoted(fact.evidence))  # type: ignore[arg-type]

    def how(self, fact: Fact) -> str:
        """What found a fact, as words."""
        by = f'"{fact.pattern}"' if fact.pattern else fact.extractor
        rule = "the rule " if fact.extractor == CONCLUDED else ""
        return f"found: {self.said(fact)}, by {rule}{by}, confidence {fact.confidence:.2f}"

    def said(self, fact: Fact) -> str:
        """A fact as words."""
        target = fact.object.lexical if isinstance(fact.object, Value) else self.name(fact.object)
        return f"{self.name(fact.subject)} | {self.ontology.local(fact.property)} | {target}"

    def name(self, end: str | Value) -> str:
        """The name of a thing by its id."""
        if isinstance(end, Value):
            return end.lexical
        chain = self.reading.by_id.get(end)
        return self.reading.name_of(chain) if chain is not None else self.ontology.local(end)

    def dropped(self, step: Step, fact: Fact) -> Verdict:
        """That a fact was found and dropped by a step."""
        reasons: dict[Step, str] = {
            "below confidence": f"its confidence is below the least asked for, {self.min_confidence:.2f}",
            "bare verb": "only a verb tells of the event, and nothing but its participants is known of it",
            "auxiliary": f"{self.blank.property} is a property for rules alone (lex:auxiliary) and is never shown",
            "implied": "it repeats another fact",
        }
        if step == "implied":
            special = [f for f in self.steps[-1][1] if self.property.iri in self.parents(f) and self.same_ends(f, fact)]
            if special:
                reasons["implied"] = f"{self.said(special[0])} says it already, and more"
        assert step != "extracted"  # this drops nothing
        assert step != "concluded"
        return self.of_fact(step, f"{self.how(fact)}, and dropped: {reasons[step]}", fact)

    def parents(self, fact: Fact) -> Sequence[str]:
        """The properties that follow from that of a fact."""
        prop = self.ontology.properties.get(fact.property)
        return prop.parents if prop is not None else ()

    def same_ends(self, one: Fact, other: Fact) -> bool:
        """Whether two facts are about the same two things."""
        return {one.subject, one.object} == {other.subject, other.object}

    def flagged(self, fact: Fact) -> Verdict:
        """That a fact is told, but not as one that is so."""
        if fact.attributed_to is not None:
            speaker = self.name(fact.attributed_to)
            how = "" if fact.modality == "asserted" else f", and as {fact.modality}"
            return self.of_fact("attributed", f"only {speaker} says so{how}: {self.said(fact)}", fact, words=(speaker,))
        words = self.deciding(fact) if self.extractor is not None else ()
        by = f", for {self.listed(words)}" if words else ""
        return self.of_fact(fact.modality, f"told as {fact.modality}{by}: {self.said(fact)}", fact, words=words)  # type: ignore[arg-type]

    def deciding(self, fact: Fact) -> tuple[str, ...]:
        """The words that make a fact something else than asserted."""
        assert self.extractor is not None  # no other extractor's facts are laid over the text
        for pattern, tokens in self.matches():
            if pattern.example.text == fact.pattern and self.reading.sentence(*tokens) == fact.evidence:
                clauses = self.extractor.clauses(pattern, tokens, self.reading)
                return tuple(dict.fromkeys(word for clause in clauses for word in self.reasons(clause)))
        return ()

    def reasons(self, clause: int) -> list[str]:
        """The words that make a clause something else than asserted: its own, a date to come, or a vague speaker."""
        reading, words = self.reading, self.ontology.words
        found = [self.doc[i].text for i in decisive_words(self.doc[clause], words)]
        if not found and reading.is_ahead(clause):
            found = [self.shown(a.token) for a in reading.propositions.arguments(clause) if reading.values(a.token)]
        told = reading.propositions.by_token.get(clause)
        if found or told is None or told.speaker is None:
            return found
        if told.speaker != UNNAMED:
            return [self.shown(told.speaker)]
        hearsay = words.get("hearsayAdverbs", frozenset()) | words.get("reportingVerbs", frozenset())
        around = [*self.doc[clause].children, *self.doc[clause].ancestors]
        return [token.text for token in around if token.lemma_.lower() in hearsay]

    # ------------------------------------------------------------------------------------------------ subject, object

    def of_ends(self) -> Verdict | None:
        """That the subject or the object is not found, is no mention, or speaks of nothing."""
        sides = ((self.subject, "subject", False), (self.object, "object", self.property.literal))
        found = [verdict for end, side, literal in sides for verdict in [self.of_end(end, side, literal)] if verdict]
        return min(found, key=lambda verdict: verdict.nearness, default=None)

    def of_end(self, end: End, side: str, literal: bool) -> Verdict | None:
        """What is wrong with one end, if anything."""
        if end.tokens:
            return None
        if literal and not end.mentions:
            read = dict.fromkeys(
                f"{self.shown(m.head)} → {value.lexical}"
                for m in self.reading.mentions.all
                for value in m.values
                if self.kind_fits(value)
            )
            known = f"; read are {', '.join(read)}" if read else "; none is read there"
            return self.told("not in the text", f"no value of the text comes to {end.text!r}{known}", end.places[:1])
        if not end.places and not end.mentions:
            return self.told("not in the text", f"the {side} {end.text!r} is not in the text{self.suggested(end.text)}")
        at = [m.head for m in end.mentions] or list(end.places)
        if not end.mentions:
            return self.unmentioned(end, side, at[0])
        mention = end.mentions[0]
        cls = self.ontology.local(mention.cls) if mention.cls else mention.kind
        why = "what it refers to is not found"
        if mention.kind == "name" and not mention.cls:
            why = "it is read as a name of a kind that is no class of the ontology (lex:entityLabel)"
        if literal:
            why = "it is not resolved: give the document's date with --date"
        elif mention.kind == "nominal" and mention.cls and self.ontology.classes[mention.cls].named:
            why = f"it only describes a {cls}, whose things are told by name (lex:named), and no name for it is found"
        message = f"the {side} {end.text!r} is a mention ({cls}) that speaks of no thing: {why}"
        return self.told("no thing", message, at[:1])

    def unmentioned(self, end: End, side: str, token: int) -> Verdict:
        """That the words of an end are no mention: what they are a part of, or what would make them one."""
        outer = next((m for m in self.reading.mentions.all if m.start <= token < m.end and m.kind != "verb"), None)
        read = f"the {side} {end.text!r} is in the text, but"
        if outer is not None:
            kind = self.ontology.local(outer.cls) if outer.cls else outer.kind
            return self.told("no mention", f"{read} only as a part of {self.shown(outer.head)!r} ({kind})", [token])
        word = self.doc[token]
        if word.pos_ != "NOUN":
            return self.told("no mention", f"{read} is read as no name, description, pronoun or event", [token])
        classes = [cls.iri for cls in self.ontology.classes.values() if word.lemma_.lower() in cls.nouns]
        if classes:
            kind = f"its noun “{word.lemma_.lower()}” ({self.either(map(self.ontology.local, classes))})"
            how = "a bare plural, a part of a compound, or before “of” without an article"
            return self.told("no mention", f"{read} {kind} speaks there of no one thing: {how}", [token])
        allowed = self.property.domain if side == "subject" else self.property.range
        cls = next((iri for iri in allowed if iri in self.ontology.classes), None)
        line = self.turtle(cls, "noun", word.lemma_.lower()) if cls else ""
        message = f"{read} its noun “{word.lemma_.lower()}” is of no class (lex:noun), so it is no mention"
        return self.told("no mention", message, [token], words=(word.text,), line=line)

    def kind_fits(self, value: Value) -> bool:
        """Whether a value is of a datatype that the property takes."""
        dates = any(self.ontology.local(iri).startswith(("date", "gYear")) for iri in self.property.range)
        return value.lexical[:1].isdigit() if dates else True

    def suggested(self, text: str) -> str:
        """Names of the text that are written much like another."""
        names = {self.reading.name_of(chain): None for chains in self.reading.chain_of.values() for chain in chains}
        close = get_close_matches(text, names, n=3)
        return f"; did you mean {' or '.join(close)}?" if close else ""

    # ------------------------------------------------------------------------------------------------------- matches

    def matches(self) -> Iterator[Laid]:
        """The phrases of the property that lie over subject and object from end to end."""
        if self.extractor is None:
            return
        wanted = {id(pattern) for pattern in self.patterns}
        for pattern, match in self.extractor.matches(self.reading):
            if id(pattern) in wanted and any(
                match.tokens[pattern.subject] in one.tokens and match.tokens[pattern.object] in other.tokens
                for one, other in self.directions()
            ):
                yield pattern, match.tokens

    def directions(self) -> list[tuple[End, End]]:
        """Subject and object, and the other way round where that is all the same."""
        straight = [(self.subject, self.object)]
        return [*straight, (self.object, self.subject)] if self.property.symmetric else straight

    def of_matches(self) -> Verdict | None:
        """That a phrase lies over the text, and something keeps it from being a fact."""
        for pattern, tokens in self.matches():
            assert self.extractor is not None  # else there were no matches
            hindrance = self.extractor.hindrance(pattern, tokens, self.reading)
            if hindrance == "over":
                words = self.past_words(pattern, tokens)
                by = f", for {self.listed(words)}" if words else ""
                message = f'"{pattern.example.text}" tells of a state that is over{by}'
                return self.told("over", message, tokens, words=words, phrase=self.whole(pattern, tokens))
            if hindrance:
                message = (
                    f'"{pattern.example.text}" goes through a plural post: its holders go with what it is of in their '
                    "order, and these two are not a pair, or of the one there are more than of the other"
                )
                return self.told("not respective", message, tokens, phrase=self.whole(pattern, tokens))
        return None

    def past_words(self, pattern: PropertyPattern, tokens: tuple[int, ...]) -> tuple[str, ...]:
        """The words that put the clauses of a match into the past."""
        assert self.extractor is not None  # else there were no matches
        formerly = self.ontology.words.get("formerAdverbs", frozenset())
        clauses = self.extractor.clauses(pattern, tokens, self.reading)
        children = [child for clause in clauses for child in self.doc[clause].children]
        return tuple(
            child.text for child in children if child.lower_ in {"had", "'d", "’d"} or child.lemma_.lower() in formerly
        )

    def whole(self, pattern: PropertyPattern, tokens: Sequence[int]) -> NearestPhrase:
        """A phrase of which all is there."""
        return NearestPhrase(*self.source(pattern), tuple(self.doc[token].text for token in tokens), ())

    def source(self, pattern: PropertyPattern) -> tuple[str, str, str]:
        """A phrase as written, as understood, and its place."""
        example = pattern.example
        return example.text, str(pattern.pattern), f"{Path(example.file).name} line {example.line}"

    # ------------------------------------------------------------------------------------------------------- classes

    def of_classes(self) -> Verdict | None:
        """That subject or object is of a class that the property does not take."""
        sides = ((self.subject, "subject", self.property.domain), (self.object, "object", self.property.range))
        for end, side, allowed in sides:
            open_tokens = end.tokens - {
                at for token in end.tokens for chain, at in self.reading.things(token) if chain in end.chains
            }
            if not end.chains or open_tokens or any(self.ontology.fits(chain.cls, allowed) for chain in end.chains):
                continue
            names = self.either(self.ontology.local(chain.cls) for chain in end.chains)
            wanted = self.either(map(self.ontology.local, allowed))
            message = (
                f"the {side} {end.text!r} is read as {names}, and {self.blank.property} takes {wanted} as its {side}"
            )
            return self.told("wrong class", message, sorted(end.tokens)[:1])
        return None

    # -------------------------------------------------------------------------------------------------- other mentions

    def of_unresolved(self, *, apart: bool) -> Verdict | None:
        """That it is said of a pronoun or description that is read as nothing or, of ends apart, as another thing."""
        for wanted, other in ((self.subject, self.object), (self.object, self.subject)):
            if not other.tokens or (wanted is self.object and self.property.literal):
                continue
            found = self.of_nothing(wanted, other) or (self.of_another(wanted, other) if apart else None)
            if found is not None:
                return found
        return None

    def of_another(self, wanted: End, other: End) -> Verdict | None:
        """That it is said of a pronoun or description that is read as something else."""
        for fact in (fact for fact in self.steps[0][1] if fact.property == self.property.iri):
            ends = ((fact.subject, fact.subject_span), (fact.object, fact.object_span))
            for (thing, span), (rest, rest_span) in (
                (ends, ends[::-1])
                if self.property.symmetric
                else ((ends,) if wanted is self.subject else (ends[::-1],))
            ):
                mention = next((m for m in self.reading.mentions.all if self.reading.span(m) == span), None)
                if mention is None or isinstance(thing, Value) or not self.may_mean(mention, wanted):
                    continue
                if other.is_end(rest, rest_span, self.reading):
                    written = self.reading.document.text[slice(*span)]
                    message = f"it is said of {written!r}, which is read as {self.name(thing)} and not as {wanted.text}"
                    return self.of_fact("unresolved", message, fact, words=(written,))
        return None

    def of_nothing(self, wanted: End, other: End) -> Verdict | None:
        """That a phrase lies over the text but for a pronoun or description that speaks of nothing."""
        pronouns = set(self.lost_pronouns())
        described = {m.head for m in self.reading.mentions.all if m.kind == "nominal" and self.may_mean(m, wanted)}
        lost = sorted(pronouns | {token for token in described if not self.reading.things(token)})
        for token, at in product(lost, sorted(other.tokens)):
            if token == at or self.doc[token].sent != self.doc[at].sent:
                continue
            pair = (token, at) if wanted is self.subject else (at, token)
            for pattern, placement in self.placements([pair]):
                slots = {i for i, t in enumerate(placement.tokens) if t == token}
                whole = placement.nodes | slots == set(range(len(placement.tokens)))
                if whole and len(placement.edges) == len(pattern.pattern.edges):
                    said = f'"{pattern.example.text}" says it of {self.shown(token)!r}'
                    message = f"{said}, and what that refers to is not found"
                    phrase = self.lacking(pattern, placement)
                    return self.told("unresolved", message, [token, at], words=(self.shown(token),), phrase=phrase)
        return None

    def lost_pronouns(self) -> Iterator[int]:
        """The personal and possessive pronouns that are read as nothing."""
        return (token.i for token in self.doc if token.tag_ in PRONOUNS and not self.reading.things(token.i))

    def may_mean(self, mention: Mention, wanted: End) -> bool:
        """Whether a pronoun, or a definite description with the noun or of the class of an end, may mean it."""
        if mention.kind == "pronoun":
            return mention.head not in wanted.tokens
        nouns = {self.doc[one.head].lemma_.lower() for one in wanted.mentions}
        classes = {chain.cls for chain in wanted.chains}
        definite = self.doc[mention.start].lower_ in DEFINITE
        alike = self.doc[mention.head].lemma_.lower() in nouns or (
            mention.cls and any(cls != mention.cls and self.ontology.is_a(cls, mention.cls) for cls in classes)
        )
        return mention.kind == "nominal" and mention.head not in wanted.tokens and definite and bool(alike)

    # ------------------------------------------------------------------------------------------------------- phrases

    def of_phrases(self) -> Verdict:
        """What the phrase that comes furthest lacks, what joins the two instead, and what a rule lacks."""
        rule = self.nearest_rule()
        if not self.patterns:
            return self.without_phrases(rule)
        pairs = [(s, o) for s, o in product(sorted(self.subject.tokens), sorted(self.object.tokens)) if s != o]
        together = [(s, o) for s, o in pairs if self.doc[s].sent == self.doc[o].sent]
        if not together:
            return self.of_unresolved(apart=True) or replace(self.apart(pairs), rule=rule)
        paths = {pair: shortest(*pair, self.reading) for pair in together}
        together.sort(key=lambda pair: (len(paths[pair]) or len(self.doc), abs(pair[0] - pair[1]), pair))
        laid = list(self.placements(together[:PAIRS]))
        pattern, placement = max(laid, key=lambda one: (one[1].share, len(one[1].nodes)))
        whole = len(placement.edges) == len(pattern.pattern.edges) and all(
            i in placement.nodes or node.slot for i, node in enumerate(pattern.pattern.nodes)
        )
        unresolved = None if whole else self.of_unresolved(apart=False)
        if unresolved is not None:
            return unresolved
        phrase = self.lacking(pattern, placement)
        s, o = placement.tokens[pattern.subject], placement.tokens[pattern.object]
        assert s is not None  # both are given
        assert o is not None
        pair = (s, o) if (s, o) in paths else (o, s)
        joined = pair if paths[pair] else together[0]
        path, line = self.proposal(joined, paths[joined])
        return self.told(
            "wrong class" if whole else "no path",
            self.lacks(pattern, placement, phrase) + self.reversed(),
            pair,
            phrase=phrase,
            path=path,
            line="" if whole else line,
            rule=rule,
            others=len({self.reading.sentence(*pair) for pair in together}) - 1,
        )

    def lacks(self, pattern: PropertyPattern, placement: Placement, phrase: NearestPhrase) -> str:
        """What the nearest phrase lacks, as words."""
        if not phrase.missing:
            return f'"{phrase.text}" lies over it and gives another fact'
        words = f" has {self.listed(phrase.found)} but" if phrase.found else ""
        nearest = (
            "the nearest phrase"
            if phrase.found or placement.edges
            else "no phrase has any of its words between them; the nearest"
        )
        return f'{nearest}, "{phrase.text}",{words} lacks: {"; ".join(phrase.missing)}'

    def reversed(self) -> str:
        """That the other direction is a fact, where it is."""
        turned = [
            f
            for f in self.steps[-1][1]
            if f.property == self.property.iri and about(f, self.object, self.subject, self.reading, symmetric=False)
        ]
        return f"; the other way round it is a fact: {self.said(turned[0])}" if turned else ""

    def placements(self, pairs: Iterable[tuple[int, int]]) -> Iterator[tuple[PropertyPattern, Placement]]:
        """Each phrase laid over each pair of places as far as it goes."""
        if self.extractor is None:
            return
        test, neighbours = partial(self.extractor.may_stand_at, self.reading), partial(neighbouring, self.reading)
        able = spoken(self.reading)
        for s, o in pairs:
            around = [token.i for token in self.doc[s].sent if token.i in able and token.i not in (s, o)]
            for pattern in self.patterns:
                for first, second in [(s, o), (o, s)] if self.property.symmetric else [(s, o)]:
                    fixed = {pattern.subject: first, pattern.object: second}
                    yield pattern, furthest(pattern.pattern, fixed, test, neighbours, around)

    def lacking(self, pattern: PropertyPattern, placement: Placement) -> NearestPhrase:
        """What of a phrase is there and what is not."""
        nodes, tokens = pattern.pattern.nodes, placement.tokens
        missing = []
        for i, node in enumerate(nodes):
            token = tokens[i]
            if i in placement.nodes:
                continue
            if node.slot and token is not None:
                classes = self.either(self.ontology.local(chain.cls) for chain, _ in self.reading.things(token))
                missing.append(f"[{node.slot}] ({self.shown(token)!r} is read as {classes or 'no thing of a class'})")
            elif token is None:
                missing.append(self.node(node))
            else:
                missing.append(f"{self.node(node)} ({self.doc[token].text!r} stands there)")
        for i, edge in enumerate(pattern.pattern.edges):
            head, argument = tokens[edge.head], tokens[edge.argument]
            if i not in placement.edges and head is not None and argument is not None:
                missing.append(self.missing_edge(edge, head, argument))
        found = tuple(
            self.doc[t].text
            for i, t in enumerate(tokens)
            if t is not None and i in placement.nodes and not (nodes[i].slot or ANY in nodes[i].words)
        )
        return NearestPhrase(*self.source(pattern), found, tuple(missing))

    def missing_edge(self, edge: Edge, head: int, argument: int) -> str:
        """That a role does not lead from one token to another, and which one does."""
        roles = "|".join(sorted(edge.roles))
        actual = "|".join(a.role for a in self.reading.propositions.arguments(head) if a.token == argument)
        other = f" (there is -{actual}->)" if actual else ""
        return f"the arrow {self.shown(head)!r} -{roles}-> {self.shown(argument)!r}{other}"

    def node(self, node: Node) -> str:
        """A node of a phrase as words: a class, or lemmas of which the first few are told."""
        if node.kind:
            return node.kind
        words = sorted(node.words)
        return "any verb" if ANY in words else "|".join(words[:6]) + ("|…" if len(words) > 6 else "")

    def apart(self, pairs: list[tuple[int, int]]) -> Verdict:
        """That no sentence speaks of both, with the two places that are nearest."""
        places = {*self.subject.places, *self.object.places}
        own = [pair for pair in pairs if all(t in self.reading.mentions.at or t in places for t in pair)]
        s, o = min(own or pairs, key=lambda pair: (abs(pair[0] - pair[1]), pair), default=(-1, -1))
        if s < 0:
            return self.told("apart", "subject and object are the same words", sorted(self.subject.tokens)[:1])
        sents = list(self.doc.sents)
        away = abs(sents.index(self.doc[s].sent) - sents.index(self.doc[o].sent))
        sentences = (self.doc[s].sent, self.doc[o].sent)
        unclear = [self.doc[i].text for i in self.lost_pronouns() if self.doc[i].sent in sentences]
        hint = f"; what {self.listed(unclear)} there refers to is not found" if unclear else ""
        nearest = f"where they are nearest, {self.shown(s)!r} and {self.shown(o)!r}"
        message = f"no sentence speaks of both; {nearest}, they are {away} sentence{'s'[: away - 1]} apart{hint}"
        verdict = self.told("apart", message, [s, o])
        if away < 2:
            return verdict
        first, last = (self.quoted(self.reading.sentence(token))["sentence"] for token in sorted((s, o)))
        return replace(verdict, sentence=f"{first} … {last}")

    def proposal(self, pair: tuple[int, int], path: Sequence[Joint]) -> tuple[str, str]:
        """A path as a pattern, and the line of Turtle that would cover it, "" where none would or it is too long."""
        if not path:
            return "", ""
        first = self.slot(self.subject, pair[0], self.property.domain)
        second = self.slot(self.object, pair[1], self.property.range)
        text = written(path, pair[0], first, second, self.reading)
        general = len(path) <= LONGEST and is_worded(text) and is_general(path, pair, self.reading)
        if not general or not self.covers(text):
            return text, ""
        return text, self.turtle(self.property.iri, "pattern", text)

    def slot(self, end: End, token: int, allowed: Sequence[str]) -> str:
        """The class for a slot: the one of the property that holds what stands there, or a kind of value."""
        ontology = self.ontology
        for value in self.reading.values(token):
            if value in end.values:
                return next(slot for slot in ("date", "number", "text") if slot == "text" or value_fits(slot, value))
        classes = [chain.cls for chain, _ in self.reading.things(token) if chain in end.chains]
        fitting = [iri for iri in allowed if any(ontology.is_a(cls, iri) for cls in classes)]
        open_ones = [iri for iri in allowed if iri in ontology.classes and ontology.classes[iri].open]
        return ontology.local((fitting or open_ones or classes or list(allowed) or ["Thing"])[0])

    def covers(self, text: str) -> bool:
        """Whether a pattern, laid over the text, states the fact."""
        if self.extractor is None or any(
            self.ontology.class_named(n) is None for n in SLOT.findall(text) if n not in VALUE_SLOTS
        ):
            return False
        try:
            pattern = orient(self.property, parse(text), Example(text, "", 0), self.ontology)
        except NotationError:
            return False
        start = self.extractor.anchor(pattern)
        matches = self.extractor.lay(pattern, start, sorted(spoken(self.reading)), self.reading)
        facts = (f for m in matches for f in self.extractor.facts(pattern, m.tokens, m.certainty, self.reading))
        return any(self.states(fact) for fact in facts)

    def turtle(self, iri: str, annotation: str, text: str) -> str:
        """A line of Turtle that annotates a term."""
        spaces = sorted(self.ontology.prefixes.items(), key=lambda one: -len(one[1]))
        short = next(
            (f"{name}:{iri.removeprefix(space)}" for name, space in spaces if iri.startswith(space)), f"<{iri}>"
        )
        return f"{short} lex:{annotation} {json.dumps(text, ensure_ascii=False)} ."

    # ---------------------------------------------------------------------------------------------------------- rules

    def nearest_rule(self) -> NearestRule | None:
        """The rule that lacks the fewest premises, where at least one that is no class holds."""
        facts = next(facts for step, facts in self.steps if step == "concluded")
        subjects = [self.reading.id(chain) for chain in self.subject.chains]
        objects: list[str | Value] = [self.reading.id(chain) for chain in self.object.chains]
        objects += self.object.values
        store = stored([fact for fact in facts if fact.asserted], self.reading.chains(), self.ontology)
        tried = [attempt(rule, subjects, self.property.iri, objects, store) for rule in self.rules]
        found = [one for one in tried if one is not None and (not self.patterns or is_near(one))]
        if not found:
            return None
        best = min(found, key=lambda one: len(one.missing))
        return NearestRule(
            best.rule.name, best.rule.label, tuple(self.premise(one, best.known) for one in best.missing)
        )

    def premise(self, triple: Triple, known: Known) -> str:
        """A premise as words, with "?name" for what may be anything."""
        ends = [(term, end_of(term, known)) for term in (triple[0], triple[2])]
        start, goal = (f"?{term}" if end is None else self.name(end) for term, end in ends)
        is_class = str(triple[1]) == RDF_TYPE
        return f"{start} is a {goal}" if is_class else f"{start} {self.ontology.local(str(triple[1]))} {goal}"

    def without_phrases(self, rule: NearestRule | None) -> Verdict:
        """That no phrase tells of the property: a rule may."""
        if rule is None:
            return self.told("no phrase", f"the ontology has no phrase, pattern or rule for {self.blank.property}")
        lacks = (
            f"and lacks: {'; '.join(rule.missing)}"
            if rule.missing
            else "and all its premises hold, but a FILTER of it does not"
        )
        return self.told(
            "no premise",
            f"{self.blank.property} has no phrase; the rule {rule.name!r} ({rule.label}) concludes it, {lacks}",
            rule=rule,
        )

    # ---------------------------------------------------------------------------------------------------------- words

    def shown(self, token: int) -> str:
        """A mention, or a token, as written."""
        return " ".join(self.reading.document.text[slice(*self.reading.token_span(token))].split())

    def listed(self, words: Iterable[str]) -> str:
        """Words in quotation marks."""
        return ", ".join(f"“{word}”" for word in words)

    def either(self, names: Iterable[str]) -> str:
        """Names of which one is meant."""
        return " or ".join(dict.fromkeys(names))
