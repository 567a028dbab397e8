"""A document as an extractor sees it: text, tree, mentions, propositions, and the things they speak of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType

from spacy.tokens import Doc

from graphwright.language.parse import Parse, Word
from graphwright.mentions import (
    CoreferenceChain,
    Lexicon,
    Mention,
    Mentions,
    agent_classes,
    find_chains,
    find_mentions,
    issuer,
)
from graphwright.mentions.lexicon import text_of
from graphwright.mentions.model import PERSON_LABEL, POST_LABEL
from graphwright.model import Chain, Document, Span, Value
from graphwright.ontology import Ontology
from graphwright.ontology.gazetteer import fold
from graphwright.propositions import (
    CONTENT,
    IS,
    MODIFIER,
    OBJECT,
    SUBJECT,
    Argument,
    Propositions,
    read_propositions,
)
from graphwright.propositions.arguments import preposition

LEFT_PARTS = frozenset({"amod", "compound", "nummod", "nmod:poss", "nmod", "nmod:desc", "advmod", "punct", "flat"})
NOUN_PARTS = frozenset({"nmod", "acl", "flat", "compound", "fixed", "nmod:unmarked", "punct"})
EXAMPLE_PREPOSITIONS = frozenset({"including", "such as"})
GERUND_PARTS = frozenset({"obj", "xcomp", "compound:prt", "obl:agent"})
"""What belongs to a topic: before its head, after a noun, and after a gerund."""


@dataclass
class Reading:
    """One document, read. Extractors take it and yield facts about its ``chains``.

    Ask ``things`` what a token speaks of, and ``refer`` for the chain of any other span (a topic, say).
    """

    document: Document
    doc: Parse
    ontology: Ontology
    mentions: Mentions
    propositions: Propositions
    chain_of: Mapping[Mention, tuple[CoreferenceChain, ...]]
    extra: dict[tuple[str, str], CoreferenceChain] = field(default_factory=dict)
    spoken_of: dict[int, tuple[tuple[CoreferenceChain, int], ...]] = field(default_factory=dict)
    ids: dict[int, str] = field(default_factory=dict)
    by_id: dict[str, CoreferenceChain] = field(default_factory=dict)
    referred: set[tuple[str, Mention]] = field(default_factory=set)
    owned: dict[CoreferenceChain, bool] = field(default_factory=dict)
    open_chains: set[CoreferenceChain] = field(default_factory=set)
    papers: dict[str, tuple[int, CoreferenceChain | None]] = field(default_factory=dict)
    listed: dict[int, tuple[Chain, ...]] = field(default_factory=dict)
    """The chains as values, by how many had an id when they were made."""

    def id(self, chain: CoreferenceChain) -> str:
        """The id of a chain in its document, given at the first asking."""
        key = id(chain)
        if key not in self.ids:
            self.ids[key] = f"c{len(self.ids) + 1}"
            self.by_id[self.ids[key]] = chain
        return self.ids[key]

    def own_chains(self, token: int) -> tuple[CoreferenceChain, ...]:
        """What a mention, by its head, speaks of; a mere description of a class whose things have names, of nothing."""
        mention = self.mentions.at.get(token)
        chains = self.chain_of.get(mention, ()) if mention is not None else ()
        return tuple(
            chain
            for chain in chains
            if chain.named or not (self.ontology.classes[chain.cls].named or self.is_somebodys(chain))
        )

    def is_somebodys(self, chain: CoreferenceChain) -> bool:
        """As `find_owned`, found out once."""
        if chain not in self.owned:
            self.owned[chain] = self.find_owned(chain)
        return self.owned[chain]

    def find_owned(self, chain: CoreferenceChain) -> bool:
        """Whether a body or place is told of only as what a pronoun owns: "our forces", "its headquarters"."""
        classes = self.ontology.classes.values()
        made = any(cls.omitted_after and self.ontology.is_a(chain.cls, cls.iri) for cls in classes)  # "his trip"
        return not (made or self.ontology.classes[chain.cls].open) and all(
            mention.kind == "nominal" and self.doc[mention.start].tag_ in {"PRP$", "WP$"} for mention in chain.mentions
        )

    def things(self, token: int) -> tuple[tuple[CoreferenceChain, int], ...]:
        """What a token speaks of, and through identity ("the minister, X") what it also speaks of, with its token."""
        known = self.spoken_of.get(token)
        if known is None:
            known = self.spoken_of[token] = tuple(self.find_things(token))
        return known

    def find_things(self, token: int) -> list[tuple[CoreferenceChain, int]]:
        """As `things`, worked out."""
        own = self.own_chains(token)
        same = [argument.token for argument in self.propositions.arguments(token, {IS})]
        same += [p.predicate for p, argument in self.propositions.heads.get(token, ()) if argument.role == IS]
        found = [(chain, token) for chain in own]
        for other in same:
            found += [(chain, other) for chain in self.own_chains(other) if self.may_be_one(chain, own)]
        return found + self.unnamed_holders(token, found) if found else list(self.principals(token))

    def unnamed_holders(
        self, token: int, found: list[tuple[CoreferenceChain, int]]
    ) -> list[tuple[CoreferenceChain, int]]:
        """The people that a plural post is all that tells of: "Foreign ministers agreed on a plan"."""
        mention = self.mentions.at.get(token)
        posts = all(POST_LABEL in self.ontology.classes[chain.cls].entity_labels for chain, _ in found)
        if mention is None or mention.kind != "nominal" or self.doc[token].tag_ != "NNS" or not (posts and self.actors):
            return []
        if principals := list(self.principals(token)):
            return principals
        return [(self.refer(mention.start, mention.end, self.actors[0]), token)]

    def principals(self, token: int) -> Iterator[tuple[CoreferenceChain, int]]:
        """Who acts through what a token speaks of: the state whose negotiators sign, whose aircraft strike."""
        if self.doc[token].lemma_.lower() in self.ontology.words.get("proxyNouns", frozenset()):
            for argument in self.propositions.arguments(token, {"of", "from", MODIFIER}):
                for chain in self.own_chains(argument.token):
                    if self.ontology.fits(chain.cls, self.actors):
                        yield chain, argument.token

    @cached_property
    def people(self) -> frozenset[int]:
        """The heads of the noun phrases that the language model takes for people."""
        phrases = self.doc.spans.get("noun_phrases", ())
        return frozenset(phrase.root.i for phrase in phrases if phrase.label_ == "person")

    @cached_property
    def actors(self) -> tuple[str, ...]:
        """The classes of what acts: people, organisations, countries."""
        return tuple(sorted(agent_classes(self.ontology)))

    def may_be_one(self, chain: CoreferenceChain, others: tuple[CoreferenceChain, ...]) -> bool:
        """Whether a thing may be what another mention is called too: of kindred classes, or a post and who holds it."""
        posts = {POST_LABEL, PERSON_LABEL}
        return not others or any(
            posts & set(self.ontology.classes[chain.cls].entity_labels)
            or posts & set(self.ontology.classes[other.cls].entity_labels)
            or self.ontology.ancestors[chain.cls] & self.ontology.ancestors[other.cls]
            or self.ontology.is_a(chain.cls, other.cls)
            or self.ontology.is_a(other.cls, chain.cls)
            for other in others
        )

    def values(self, token: int) -> tuple[Value, ...]:
        """The literals that a token stands for."""
        mention = self.mentions.at.get(token)
        return mention.values if mention is not None else ()

    def is_ahead(self, predicate: int) -> bool:
        """Whether a clause is dated after the document, and so tells of what is still to come."""
        today = self.document.date or ""
        values = [value.lexical for a in self.propositions.arguments(predicate) for value in self.values(a.token)]
        dates = [value for value in values if value[:1].isdigit()]
        return bool(today and dates) and all(date[: len(today)] > today[: len(date)] for date in dates)

    def speaker(self, token: int) -> CoreferenceChain | None:
        """Who the words headed by a token name as a speaker, None where it is unclear.

        A person sooner than a post; the nameless holder of a post ("a spokesman"); of a paper ("a ministry report",
        later "the report") the body that issued it; else whatever noun there is ("two security sources").
        """
        posts = {cls.iri for cls in self.ontology.classes.values() if POST_LABEL in cls.entity_labels}
        found = [chain for chain, _ in self.things(token)]
        for chain in found:
            if chain.cls not in posts:
                return chain
        people = [cls.iri for cls in self.ontology.classes.values() if PERSON_LABEL in cls.entity_labels]
        mention = self.mentions.at.get(token)
        if found and people and mention is not None:
            return self.refer(*phrase_of(self.doc[token]), people[0])
        if (issuer := self.issuer_of(token)) is not None:
            return issuer
        word = self.doc[token]
        if word.pos_ != "NOUN":
            return None
        if any(child.lower_ in {"the", "this"} for child in word.children):
            paper, issuer = self.issued(word.lemma_)
            if issuer is not None and paper < token:
                return issuer
        return self.refer(*phrase_of(word), self.actors[0]) if self.actors else None

    def issued(self, noun: str) -> tuple[int, CoreferenceChain | None]:
        """The first token of a noun that is a paper named after a body, with that body."""
        if noun not in self.papers:
            found = ((token.i, self.issuer_of(token.i)) for token in self.doc if self.is_noun(token, noun))
            self.papers[noun] = next((one for one in found if one[1] is not None), (len(self.doc), None))
        return self.papers[noun]

    @staticmethod
    def is_noun(token: Word, lemma: str) -> bool:
        """Whether a token is a certain common noun."""
        return token.lemma_ == lemma and token.pos_ == "NOUN"

    def issuer_of(self, paper: int) -> CoreferenceChain | None:
        """The body that a paper is named after: "a ministry report", "the statement of the council"."""
        for argument in self.propositions.arguments(paper, {MODIFIER, "of"}):
            for chain in self.own_chains(argument.token):
                if self.ontology.fits(chain.cls, self.actors):
                    return chain
        return None

    def refer(self, start: int, end: int, cls: str) -> CoreferenceChain:
        """The chain of a phrase of an open class (token span): equal texts are one thing."""
        name = text_of(self.doc, start, end)
        key = (cls, fold(name))
        if key not in self.extra:
            self.extra[key] = CoreferenceChain(cls, named=True)
            self.open_chains.add(self.extra[key])
        mention = Mention(start, end, self.doc.stretch(start, end).root.i, cls, "nominal", name)
        chain = self.extra[key]
        if (key[1], mention) not in self.referred:  # the class is the mention's
            self.referred.add((key[1], mention))
            chain.add(mention)
        return chain

    def span(self, mention: Mention) -> Span:
        """The characters of a mention."""
        first, last = self.doc[mention.start], self.doc[mention.end - 1]
        return (first.idx, last.idx + len(last))

    @cached_property
    def said_at(self) -> dict[tuple[CoreferenceChain, Span], Mention]:
        """The first mention of each chain at each span of characters; those of open phrases apart."""
        found: dict[tuple[CoreferenceChain, Span], Mention] = {}
        for chain in dict.fromkeys(chain for chains in self.chain_of.values() for chain in chains):
            for mention in chain.mentions:
                found.setdefault((chain, self.span(mention)), mention)
        return found

    def token_span(self, token: int) -> Span:
        """The characters of the mention headed by a token, or of the token."""
        mention = self.mentions.at.get(token)
        if mention is not None:
            return self.span(mention)
        return (self.doc[token].idx, self.doc[token].idx + len(self.doc[token]))

    def sentence(self, *tokens: int) -> Span:
        """The characters of the sentence, or run of sentences, that holds some tokens, without surrounding space."""
        first, last = self.doc[min(tokens)].sent, self.doc[max(tokens)].sent
        text = self.document.text[first.start_char : last.end_char]
        lead = len(text) - len(text.lstrip())
        return (first.start_char + lead, first.start_char + lead + len(text.strip()))

    def name_of(self, chain: CoreferenceChain) -> str:
        """The name of a chain; of an event that only verbs tell of, what kind of event it is ("meeting")."""
        if all(mention.kind == "verb" for mention in chain.mentions):
            return self.ontology.classes[chain.cls].label
        return chain.name

    def aliases(self, chain: CoreferenceChain) -> tuple[str, ...]:
        """The other proper names that a document writes for a thing: no adjective, no capital for its government."""
        names = (m for m in chain.mentions if m.kind == "name" and chain.named and not m.metonym)
        nouns = (mention for mention in names if self.doc[mention.head].pos_ != "ADJ")
        # What the gazetteer knows has its usual name for a name, whatever is written.
        written = (text_of(self.doc, m.start, m.end) if m.key else m.name for m in nouns)
        return tuple(sorted(set(written) - {chain.name}))

    def called_by_name(self) -> set[str]:
        """The ids of what the text has a name for; other things are worth a place only in a fact.

        An adjective is no name: a Polish ship does not make a text speak of Poland.
        """
        names = (mention for mention in self.chain_of if mention.kind == "name")
        nouns = (mention for mention in names if not mention.key or self.doc[mention.head].pos_ != "ADJ")
        return {self.id(chain) for mention in nouns for chain in self.chain_of[mention]}

    def chains(self) -> tuple[Chain, ...]:
        """All chains that have an id, or a name, as values, sorted by their first mention."""
        known = self.listed.get(len(self.by_id))
        if known is None:
            known = tuple(self.list_chains())
            self.listed[len(self.by_id)] = known  # each that was listed has an id now
        return known

    def list_chains(self) -> Iterator[Chain]:
        """As `chains`, made."""
        listed = {id(c): c for chains in self.chain_of.values() for c in chains if c.named and c.cls}
        listed.update({id(chain): chain for chain in self.by_id.values()})
        inner = sorted(listed.values(), key=lambda c: (min((m.start, m.end) for m in c.mentions), c.cls, c.name))
        return (
            Chain(
                id=self.id(chain),
                cls=chain.cls,
                name=self.name_of(chain),
                mentions=tuple(sorted({self.span(mention) for mention in chain.mentions})),
                named=chain.named,
                key=chain.key,
                aliases=self.aliases(chain),
            )
            for chain in inner
            if chain.mentions
        )


def read_document(document: Document, parsed: Doc, ontology: Ontology, lexicon: Lexicon) -> Reading:
    """Read a parsed document: mentions, propositions, coreference."""
    doc = Parse(parsed)
    mentions = find_mentions(doc, lexicon, document.date, document.source)
    propositions = read_propositions(doc, ontology.words, mentions.units, mentions.links, mentions.people)
    propositions = with_omitted(propositions, mentions, ontology)
    return Reading(
        document,
        doc,
        ontology,
        mentions,
        propositions,
        find_chains(doc, mentions, lexicon, propositions.quoted, issuer(document.source, lexicon.gazetteer)),
    )


REACH = 120
"""How many tokens after its mention a thing may be left unsaid."""

OMITTED = 0.75
"""How certain it is that what is left unsaid is what was told of last."""

OMITTED_ROLES = (OBJECT, "in", "at", "over")


def with_omitted(propositions: Propositions, mentions: Mentions, ontology: Ontology) -> Propositions:
    """Propositions in which verbs that leave an event or agreement unsaid ("Japan attended too") have the last one."""
    classes = {verb: cls.iri for cls in ontology.classes.values() for verb in cls.omitted_after}
    headed: dict[int, list[int]] = defaultdict(list)  # numbers of mentions by their heads
    for number, mention in enumerate(mentions.all):
        if mention.cls:
            headed[mention.head].append(number)
    full = dict(propositions.by_token)
    for token, proposition in propositions.by_token.items():
        cls = classes.get(proposition.lemma)
        roles = {argument.role for argument in proposition.arguments}
        if cls is None or SUBJECT not in roles or roles & {*OMITTED_ROLES, CONTENT}:
            continue
        near = (number for head in range(max(0, token - REACH), token) for number in headed.get(head, ()))
        before = [number for number in near if ontology.is_a(mentions.all[number].cls, cls)]
        if before:
            last = mentions.all[max(before)].head
            understood = tuple(Argument(role, last, OMITTED) for role in OMITTED_ROLES)
            full[token] = replace(proposition, arguments=(*proposition.arguments, *understood))
    return Propositions(MappingProxyType(full), propositions.quoted)


def phrase_of(token: Word) -> tuple[int, int]:
    """The extent of an open noun phrase or gerund: its tree without relative clauses, conjuncts and outer marks.

    Between whom something is, is no part of it: cooperation between A and B is cooperation. Nor is what it includes.
    """
    inside = GERUND_PARTS if token.pos_ == "VERB" else NOUN_PARTS
    parts = [child for child in token.children if child.dep_ in (inside if child.i > token.i else LEFT_PARTS)]
    parts = [part for part in parts if not (part.dep_ == "nmod" and any(c.lower_ == "between" for c in part.children))]
    parts = [part for part in parts if preposition(part) not in EXAMPLE_PREPOSITIONS and part.lower_ != "including"]
    words = {token.i}.union(*(restricted_tree(part) for part in parts))
    start = end = token.i
    while start - 1 in words:
        start -= 1
    while end + 1 in words:
        end += 1
    while end > token.i and token.doc[end].is_punct:
        end -= 1
    while start < token.i and token.doc[start].is_punct and not token.doc[start].is_quote:
        start += 1
    return start, end + 1


def restricted_tree(token: Word) -> set[int]:
    """The indices of a token and what hangs on it, relative and adverbial clauses left out."""
    found = {token.i}
    for child in token.children:
        if child.dep_ not in {"acl:relcl", "advcl", "parataxis"}:
            found |= restricted_tree(child)
    return found


def is_phrase_head(token: Word) -> bool:
    """Whether a token can head a phrase of an open class: a common or proper noun, or a gerund."""
    return (token.pos_ in {"NOUN", "PROPN"} and token.ent_type_ not in {"PERSON", "LOC"}) or (
        token.pos_ == "VERB" and token.tag_ == "VBG"
    )
