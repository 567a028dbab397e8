"""Namesakes: what tells two of one name apart, and which of them is meant where the name stands alone."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Literal

from graphwright.language.parse import Word
from graphwright.mentions.discourse import APPOSED, GENDERED_TITLES, CoreferenceChain, Discourse
from graphwright.mentions.model import NATION, Mention
from graphwright.mentions.places import COUNTRY, capital_of
from graphwright.mentions.pronouns import Pronouns
from graphwright.ontology.gazetteer import fold

GENERATIONS: Mapping[str, int] = {"jr": 2, "junior": 2, "ii": 2, "iii": 3, "iv": 4, "sr": 1, "senior": 1}
NEAR_NAME = 4
"""Tokens that may describe a person between a phrase and the name: "confused with | the singer | Ali Hassan"."""
TELLING = frozenset({"NOUN", "PROPN", "ADJ"})
_JOINED = re.compile(r"\s+(?:of|for)(?:\s+the)?\s*$")
NAMING = frozenset({"called", "named"})

Telling = Literal["", "the other", "another"]
"""Whether words around a name say that it is somebody else's than before, and whether that one may be known."""


@dataclass(frozen=True, slots=True)
class PersonName:
    """A person's name in parts: its words, its initials in their order, and the generation, 0 where none is told."""

    words: frozenset[str]
    initials: tuple[str, ...]
    generation: int


@lru_cache(maxsize=10_000)
def parsed(name: str) -> PersonName:
    """A person's name in parts.

    >>> parsed("George W. Bush, Jr.").initials, parsed("George W. Bush, Jr.").generation
    (('w',), 2)
    """
    words = fold(name).split()
    generation = 0
    while len(words) > 1 and words[-1] in GENERATIONS:
        generation = GENERATIONS[words.pop()]
    initials = tuple(word for word in words if len(word) == 1)
    return PersonName(frozenset(word for word in words if len(word) > 1) or frozenset(words), initials, generation)


def may_be_named(name: str, known: str) -> bool:
    """Whether somebody who was called by the second name may be called by the first one later.

    One is part of the other, initials may be left out but not exchanged, and who had a full name without generation
    does not get one: the Ernesto Catindig III of a text about Ernesto Catindig is another.

    >>> may_be_named("Bush", "George H. W. Bush"), may_be_named("George W. Bush", "George H. W. Bush")
    (True, False)
    >>> may_be_named("Ernesto Catindig", "Ernesto Catindig, Jr."), may_be_named("Juan Cruz III", "Juan Cruz")
    (True, False)
    """
    new, old = parsed(name), parsed(known)
    if not (new.words <= old.words or old.words <= new.words):
        return False
    short, long = sorted((new, old), key=lambda one: (len(one.words), len(one.initials)))
    begun = [word[0] for word in sorted(long.words - short.words)]
    if begun and not set(short.initials) <= {*begun, *long.initials}:
        return False  # "R. Smith" is no John Smith
    if not begun and short.initials and long.initials[: len(short.initials)] != short.initials:
        return False
    if new.generation and new.generation != old.generation:
        return not old.generation and len(old.words) == 1
    return True


@dataclass(slots=True)
class Told:
    """What the names of a chain tell: the words that describe it beside them, and where the last one starts."""

    read: int = 0
    """How many of the chain's mentions have been looked at."""
    words: set[str] = field(default_factory=set)
    last: int = -1


class Namesakes:
    """Tells people of one name, and bodies of one name in several countries, apart."""

    def __init__(self, known: Discourse) -> None:
        self.known = known
        self.pronouns = Pronouns(known)
        self.kin: set[CoreferenceChain] = set()
        """People who came in as somebody's kin: the surname alone is not theirs."""
        self.homes: dict[CoreferenceChain, str] = {}
        """The key of the country that a body is of, where the text tells."""
        self.told: dict[CoreferenceChain, Told] = {}
        self.by_core: dict[str, list[CoreferenceChain]] = defaultdict(list)

    # ------------------------------------------------------------------------------------------------------- people

    def person(self, mention: Mention, known: Sequence[CoreferenceChain]) -> CoreferenceChain | None:
        """Which of some people a name speaks of, None where it is a new one."""
        gender = GENDERED_TITLES.get(self.known.doc[mention.start - 1].lower_, "") if mention.start else ""
        barred = self.told_apart(mention)
        fitting = [
            chain
            for chain in known
            if chain not in barred
            and (not gender or chain.gender in ("", gender))
            and all(may_be_named(mention.name, name) for name in chain.names)
        ]
        telling = self.says_other(mention) if fitting else ""
        if telling:
            last = max(fitting, key=self.last_named)
            fitting = [] if telling == "another" else [chain for chain in fitting if chain is not last]
        if len(fitting) < 2:
            return next(iter(fitting), None)
        words = self.describing(mention)
        alone = len(mention.name.split()) == 1

        def how_well(chain: CoreferenceChain) -> tuple[int, bool, bool, int]:
            told = len(words & self.described(chain)) if words else 0
            return told, not (alone and chain in self.kin), mention.name in chain.names, self.last_named(chain)

        return max(fitting, key=how_well)

    def learn(self, mention: Mention, chain: CoreferenceChain) -> None:
        """Note that a person was brought in as kin of another, and of which country a body is."""
        if mention.cls == self.known.person:
            if not chain.mentions and self.is_kin(mention):
                self.kin.add(chain)
        elif not mention.key and mention.cls in self.known.groups:
            home = self.home(mention)
            if home and chain not in self.homes:
                self.homes[chain] = home
                self.by_core[self.core(mention)].append(chain)

    def last_named(self, chain: CoreferenceChain) -> int:
        """Where a chain was named last."""
        return self.told_of(chain).last

    def told_apart(self, mention: Mention) -> set[CoreferenceChain]:
        """Who a name cannot be of because kinship, or a list, joins the two: "Raudkivi's son, Siim Raudkivi"."""
        others: set[CoreferenceChain] = set()
        for head in self.relatives.get(mention.head, ()):
            other = self.known.mentions.at.get(self.known.mentions.units.get(head, head))
            if other is None and self.known.doc[head].lower_ == "whose":
                other = self.relative_of(self.known.doc[head])
            if other is not None and other.kind == "pronoun":
                found = self.pronouns.antecedent(other)
                others.update([found] if found is not None else [])
            elif other is not None:
                others.update(chain.resolved() for chain in self.known.of.get(other, ()))
        return others

    def relative_of(self, pronoun: Word) -> Mention | None:
        """What a relative pronoun stands for."""
        for token in pronoun.ancestors:
            if token.dep_ == "acl:relcl":
                return self.mention_at(token.head)
        return None

    def mention_at(self, token: Word) -> Mention | None:
        """The mention that a token belongs to."""
        return self.known.mentions.at.get(self.known.mentions.units.get(token.i, token.i))

    @cached_property
    def relatives(self) -> dict[int, set[int]]:
        """For the head of a name the tokens of those who are somebody else: kin, and whom "and" joins to it."""
        found: dict[int, set[int]] = defaultdict(set)
        for noun in self.known.doc:
            if self.is_kinship(noun):
                owners = [child.i for child in noun.children if is_owner(child)]
                for named in bearers(noun):
                    for owner in owners:
                        self.pair(found, named, owner)
            elif noun.dep_ == "conj" and any(child.dep_ == "cc" for child in noun.children):
                for other in (noun.head, *(one for one in noun.head.children if one.dep_ == "conj" and one != noun)):
                    self.pair(found, other, noun.i)
        return dict(found)

    def pair(self, found: dict[int, set[int]], one: Word, other: int) -> None:
        """Note that two tokens speak of two people, if they are of names."""
        heads = [self.known.mentions.units.get(i, i) for i in (one.i, other)]
        if heads[0] != heads[1]:
            found[heads[0]].add(other)
            found[heads[1]].add(one.i)

    def is_kin(self, mention: Mention) -> bool:
        """Whether a noun of kinship introduces a name: "his son George W. Bush"."""
        head = self.known.doc[mention.head]
        nouns = [noun for noun in (head.head, *head.children) if self.is_kinship(noun) and noun.lower_ != "namesake"]
        return any(head in bearers(noun) for noun in nouns)

    def is_kinship(self, noun: Word) -> bool:
        """Whether a token is a noun of kinship."""
        return noun.lemma_.lower() in self.words("kinshipNouns")

    def says_other(self, mention: Mention) -> Telling:
        """Whether words say that a name is of somebody else than before: "another X", "his namesake X"."""
        doc, head = self.known.doc, self.known.doc[mention.head]
        front = mention.start
        while front > 0 and self.known.mentions.units.get(front - 1) == mention.head:
            front -= 1
        others = self.words("anotherWords")
        before = [child for child in head.lefts if child.i < front] + ([doc[front - 1]] if front else [])
        if any(child.lower_ in others for child in before):
            return "the other" if any(child.lower_ == "the" for child in before) else "another"
        if any(child.dep_ == "appos" and is_no_relation(child) for child in head.children):
            return "another"
        if front > 1 and doc[front - 1].lower_ in NAMING:
            named = doc[front - 1].head
            if any(child.lower_ in others for child in named.lefts):
                return "another"
        return "the other" if self.after_phrase(front) else ""

    def after_phrase(self, front: int) -> bool:
        """Whether a phrase that tells of another stands shortly before, with no verb and no other name between."""
        doc, phrases = self.known.doc, self.words("namesakePhrases")
        for end in range(front, max(0, front - NEAR_NAME - 1), -1):
            for length in (1, 2, 3):
                if end >= length and doc.written(end - length, end).lower() in phrases:
                    return True
            token = doc[end - 1]
            if token.pos_ in {"VERB", "AUX"} or token.is_sent_end or token.i in self.known.mentions.people:
                return False
        return False

    def words(self, name: str) -> Collection[str]:
        """A word list of the ontology."""
        return self.known.ontology.words.get(name, frozenset())

    # ------------------------------------------------------------------------------------------------------- bodies

    def bodies(self, mention: Mention, same: Sequence[CoreferenceChain]) -> list[CoreferenceChain]:
        """Which of the bodies of one name a mention may speak of by the country that it is of.

        "Latvia's Ministry of Defence" is the Ministry of Defence of Latvia, and not Estonia's. Where the text tells of
        those of two countries, the name alone is neither's.
        """
        home = self.home(mention)
        alike = [chain for chain in self.by_core[self.core(mention)] if self.known.compatible(chain.cls, mention.cls)]
        homes = {self.homes[chain] for chain in (*alike, *same) if chain in self.homes}
        untold = [chain for chain in same if chain not in self.homes]
        if not home:
            return list(same) if len(homes) < 2 else untold
        there = [chain for chain in (*same, *alike) if self.homes.get(chain) == home]
        return there or ([] if homes else untold)

    def home(self, mention: Mention) -> str:
        """The key of the country that a body is of: of its name, its owner, or its seat where each state has such."""
        told = self.known.nations.get(mention.head, "") or self.known.nation(mention)
        return told if told.startswith(COUNTRY) else self.seat(mention)

    def seat(self, mention: Mention) -> str:
        """The country of the city that a body lies in: "the Ministry of Defence | in Riga"."""
        doc, gazetteer = self.known.doc, self.known.lexicon.gazetteer
        if gazetteer.generic(mention.name) is None or mention.end >= len(doc) or doc[mention.end].lower_ != "in":
            return ""
        city = self.known.names_at.get(mention.end + 1)
        if city is None or not city.key:
            return ""
        if doc[city.head].head.i != mention.head and capital_of(city, self.known.lexicon) is None:
            return ""
        entry = gazetteer.entry(city.key)
        return COUNTRY + entry.country if entry is not None and entry.country else ""

    def core(self, mention: Mention) -> str:
        """The name of a body without that of its country: "Ministry of Defence" of Latvia, Latvian."""
        inner = self.nation_inside.get(mention.head)
        if inner is None:
            return fold(mention.name)
        doc = self.known.doc
        before, after = doc.written(mention.start, inner.start), doc.written(inner.end, mention.end)
        return fold(_JOINED.sub("", before) + " " + after.removeprefix("'s ").removeprefix("’s "))

    @cached_property
    def nation_inside(self) -> dict[int, Mention]:
        """The country in the name of a body, by the head of the body."""
        links, at = self.known.mentions.links, self.known.mentions.at
        return {outer: at[inner] for outer, role, inner in links if role == NATION and inner in at}

    # ------------------------------------------------------------------------------------------------- descriptions

    def described(self, chain: CoreferenceChain) -> set[str]:
        """The words that have described a person so far."""
        return self.told_of(chain).words

    def told_of(self, chain: CoreferenceChain) -> Told:
        """What the names of a chain tell so far."""
        told = self.told.setdefault(chain, Told())
        for mention in chain.mentions[told.read :]:
            if mention.kind == "name":
                told.words |= self.describing(mention)
                told.last = max(told.last, mention.start)
        told.read = len(chain.mentions)
        return told

    def describing(self, mention: Mention) -> set[str]:
        """The words that describe a person beside a name: rank, post, title, apposition, predicate, "of", "from"."""
        head = self.known.doc[mention.head]
        nouns = [child for child in head.children if child.dep_ in {"appos", "nmod:desc", "compound", "nmod"}]
        if head.dep_ in APPOSED:
            nouns.append(head.head)
        if head.dep_.startswith("nsubj") and head.head.pos_ == "NOUN":
            nouns.append(head.head)  # "X is a plumber"
        nouns += [self.known.doc[post] for post in self.known.posts.get(mention.head, ())]
        found = set(self.known.rank_nouns.get(mention.head, ()))
        inside = range(mention.start, mention.end)
        for noun in nouns:
            if noun.i not in inside and not self.is_kinship(noun):
                found.update(token.lemma_.lower() for token in telling_tokens(noun) if token.i not in inside)
        return found


def telling_tokens(noun: Word) -> Iterator[Word]:
    """A noun with the words that tell more of it; no clauses, and nobody joined to it."""
    if noun.pos_ in TELLING:
        yield noun
    for child in noun.children:
        if child.dep_ in {"amod", "compound", "nmod", "nmod:poss", "flat"}:
            yield from telling_tokens(child)


def is_owner(token: Word) -> bool:
    """Whether a token is whose kin a noun of kinship tells of: "| Raudkivi's son", "the son of | Siim Raudkivi"."""
    return token.dep_ == "nmod:poss" or (
        token.dep_ == "nmod" and any(case.lower_ in {"of", "to"} for case in token.children if case.dep_ == "case")
    )


def bearers(noun: Word) -> Iterator[Word]:
    """Those whom a noun tells something of: in apposition to it, or it to them, or as its subject."""
    yield from (child for child in noun.children if child.dep_ == "appos")
    if noun.dep_ in APPOSED:
        yield noun.head
    if any(child.dep_ == "cop" for child in noun.children):
        yield from (child for child in noun.children if child.dep_ == "nsubj")


def is_no_relation(noun: Word) -> bool:
    """Whether a noun in brackets says that a name is of no kin: "Joan Collins (no relation)"."""
    return noun.lemma_.lower() in {"relation", "relative"} and any(child.lower_ == "no" for child in noun.children)
