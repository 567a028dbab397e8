"""What a text has spoken of so far, while coreference is worked out."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field
from functools import cached_property

from graphwright.language.analysis import CHAIN
from graphwright.language.parse import Parse, Word
from graphwright.mentions.lexicon import Lexicon, agent_classes
from graphwright.mentions.model import IDENTITY, NATION, PERSON_LABEL, RANK, Mention, Mentions
from graphwright.ontology.gazetteer import fold

DEFINITE = frozenset({"the", "this", "that", "these", "those", "its", "their", "his", "her"})
MODIFYING = frozenset({"nmod:poss", "nmod", "amod", "compound"})
APPOSED = frozenset({"appos", "flat", "nmod:desc", "compound"})
REACH = 1000
"""How many of the things spoken of last a description or a group may speak of: readers remember fewer."""
PHRASES = 200
"""How many of the phrases of a chain of the model before one are looked at."""
_MALE, _FEMALE = ("mr", "mr.", "sir", "lord"), ("mrs", "mrs.", "ms", "ms.", "dame")
GENDERED_TITLES = {**dict.fromkeys(_MALE, "m"), **dict.fromkeys(_FEMALE, "f")}


@dataclass(slots=True, eq=False)
class CoreferenceChain:
    """One thing in one document while its mentions are being gathered."""

    cls: str
    named: bool
    key: str = ""
    names: Counter[str] = field(default_factory=Counter)
    mentions: list[Mention] = field(default_factory=list)
    noun: str = ""
    nation: str = ""
    gender: str = ""
    alias: CoreferenceChain | None = None
    number: int = 0
    called: bool = False
    """Whether a mention of it is a name; a post is ``named`` without."""
    starts: list[int] = field(default_factory=list)
    """Where its mentions start, in order."""

    def resolved(self) -> CoreferenceChain:
        """The chain that this one was merged into, or itself."""
        chain = self
        while chain.alias is not None:
            chain = chain.alias
        return chain

    def line(self) -> Iterator[CoreferenceChain]:
        """The chain, the one that it was merged into, the one which that was merged into, and so on."""
        chain: CoreferenceChain | None = self
        while chain is not None:
            yield chain
            chain = chain.alias

    def add(self, mention: Mention) -> None:
        """Take in a mention; a name makes a nameless thing a named one."""
        self.take(mention)
        self.named = self.named or mention.kind == "name"
        if mention.kind == "name" or (mention.kind != "pronoun" and not (self.named and self.names)):
            self.names[mention.name] += 1

    def take(self, mention: Mention) -> None:
        """Take in a mention that gives it no name."""
        self.mentions.append(mention)
        self.called = self.called or mention.kind == "name"
        insort(self.starts, mention.start)

    def before(self, token: int) -> int | None:
        """Where the last of its mentions before a token starts, None where there is none."""
        place = bisect_left(self.starts, token)
        return self.starts[place - 1] if place else None

    @property
    def name(self) -> str:
        """The fullest name: for people the longest, for others the first."""
        if self.named and not self.key:
            return max(self.names, key=lambda name: (len(name.split()), len(name)))
        described = (mention.name for mention in self.mentions if mention.kind == "nominal" and not self.named)
        return next(described, next(iter(self.names)))


@dataclass(slots=True)
class Titles:
    """What titles tell of a person: posts by their nouns with the words of their names, ranks, the posts' countries."""

    read: int = 0
    """How many of the person's mentions have been looked at."""
    posts: dict[str, set[frozenset[str]]] = field(default_factory=dict)
    ranks: set[str] = field(default_factory=set)
    ranked: bool = False
    nations: set[str] = field(default_factory=set)


class Discourse:
    """The mentions of one document, the chains that they were given to so far, and look-ups in both.

    ``quoted`` and ``issuer`` are as for `find_chains`.
    """

    def __init__(
        self, doc: Parse, mentions: Mentions, lexicon: Lexicon, quoted: Mapping[int, int], issuer: str
    ) -> None:
        self.doc, self.mentions, self.lexicon, self.quoted, self.issuer = doc, mentions, lexicon, quoted, issuer
        self.ontology = lexicon.ontology
        self.person = lexicon.class_of_label(PERSON_LABEL)
        self.chains: list[CoreferenceChain] = []
        self.persons: list[CoreferenceChain] = []
        self.titles: dict[CoreferenceChain, Titles] = {}
        self.of: dict[Mention, tuple[CoreferenceChain, ...]] = {}
        self.by_sentence: dict[int, list[Mention]] = defaultdict(list)
        self.names_to = {mention.end: mention for mention in mentions.all if mention.kind == "name"}
        self.names_at = {mention.start: mention for mention in mentions.all if mention.kind == "name"}
        self.sentence = {token.i: number for number, sent in enumerate(doc.sents) for token in sent}
        self.nations = {
            outer: mentions.at[inner].key
            for outer, role, inner in mentions.links
            if role == NATION and inner in mentions.at
        }
        self.holders: dict[int, list[int]] = defaultdict(list)
        self.posts: dict[int, list[int]] = defaultdict(list)
        self.rank_nouns: dict[int, set[str]] = defaultdict(set)
        for person, role, token in mentions.links:
            if role == IDENTITY:
                self.holders[token].append(person)
                self.posts[person].append(token)
            elif role == RANK and token in mentions.at:
                self.rank_nouns[person].add(mentions.at[token].name.lower().split()[-1])

    @cached_property
    def said_before(self) -> dict[int, tuple[int, ...]]:
        """For the head of each phrase in a chain of the model, the heads of the last before it, the nearest first."""
        found: dict[int, tuple[int, ...]] = {}
        for name, spans in self.doc.spans.items():
            heads = sorted({span.root.i for span in spans}) if name.startswith(CHAIN) else []
            found.update({head: tuple(reversed(heads[max(0, i - PHRASES) : i])) for i, head in enumerate(heads)})
        return found

    def barred(self, mention: Mention) -> set[CoreferenceChain]:
        """What a pronoun cannot stand for: the subject of the verb that it is an object of."""
        here = self.by_sentence[self.sentence[mention.head]]
        subjects = (other for other in here if self.is_object_of(mention.head, other.head))
        return {chain.resolved() for other in subjects for chain in self.of[other]}

    def is_object_of(self, token: int, subject: int) -> bool:
        """Whether one token is an object of the verb whose subject is another: "the minister briefed | her"."""
        word, other = self.doc[token], self.doc[subject]
        while other.dep_ in APPOSED and other.head.i != other.i:
            other = other.head
        verb = word.head
        while verb.dep_ == "conj" and not any(child.dep_.startswith("nsubj") for child in verb.children):
            verb = verb.head  # "X met Y and thanked | him"
        return word.dep_ in {"obj", "iobj", "obl"} and other.dep_.startswith("nsubj") and other.head.i == verb.i

    def said_lately(self, mention: Mention) -> bool:
        """Whether a chain of the model has another phrase in the sentence of a mention, or in the one before."""
        before = self.said_before.get(mention.head, ())
        return bool(before) and self.sentence[mention.head] - self.sentence[before[0]] <= 1

    def said_last(self, mention: Mention) -> tuple[CoreferenceChain, ...]:
        """What the model's chain of a mention spoke of last; where a pronoun stayed unclear, what it did before."""
        barred = self.barred(mention)
        for head in self.said_before.get(mention.head, ()):
            other = self.mentions.at.get(self.mentions.units.get(head, head))
            found = dict.fromkeys(chain.resolved() for chain in self.of.get(other, ())) if other is not None else {}
            if barred.isdisjoint(found) and (found or self.doc[head].pos_ != "PRON"):
                return tuple(found)
        return ()

    def put(self, mention: Mention, *chains: CoreferenceChain) -> None:
        """Give a mention to a chain, or to each of several; to none, it stays unclear."""
        for chain in chains:
            chain.add(mention)
        if chains:
            self.assign(mention, chains)

    def new(self, mention: Mention) -> CoreferenceChain:
        """A chain that begins with this mention."""
        named = mention.kind == "name" or mention.cls == self.lexicon.post
        chain = CoreferenceChain(mention.cls, named, mention.key, noun=self.noun(mention), nation=self.nation(mention))
        if mention.cls == self.person and mention.start:
            chain.gender = GENDERED_TITLES.get(self.doc[mention.start - 1].lower_, "")
        chain.number = len(self.chains)
        self.chains.append(chain)
        if chain.cls == self.person:
            self.persons.append(chain)
        return chain

    def assign(self, mention: Mention, chains: tuple[CoreferenceChain, ...]) -> None:
        """Note what a mention speaks of."""
        if mention not in self.of:
            self.by_sentence[self.sentence[mention.head]].append(mention)
        self.of[mention] = chains

    def merge(self, into: CoreferenceChain, other: CoreferenceChain) -> None:
        """Make two chains one; the first keeps its name."""
        into, other = into.resolved(), other.resolved()
        if into is not other:
            for mention in other.mentions:
                into.take(mention)
            other.alias = into

    def compatible(self, one: str, other: str) -> bool:
        """Whether one thing can be of both classes."""
        return self.ontology.is_a(one, other) or self.ontology.is_a(other, one)

    def people(self) -> list[CoreferenceChain]:
        """The people spoken of so far, of very many the last."""
        return self.persons[-REACH:]

    def recent(self) -> list[CoreferenceChain]:
        """The chains of the text so far, of very many the last."""
        return self.chains[-REACH:]

    def is_alive(self, chain: CoreferenceChain) -> bool:
        """Whether a chain still stands for itself and makes a thing of its own."""
        return chain.alias is None and bool(chain.mentions) and self.is_thing(chain)

    def is_thing(self, chain: CoreferenceChain) -> bool:
        """Whether a chain makes a thing of its own: named, or of a class whose things need no names."""
        return chain.named or not self.ontology.classes[chain.cls].named

    def has_noun(self, chain: CoreferenceChain, noun: str) -> bool:
        """Whether a noun is a word of a name of a chain."""
        return any(noun in fold(name).split() for name in chain.names)

    def holds(self, person: CoreferenceChain, noun: str, words: Set[str] = frozenset()) -> bool:
        """Whether a title gives a person a post with this noun, and with such words in its name."""
        said = self.titles_of(person).posts.get(noun, set())
        return bool(said) and (words <= {noun} or any(words <= one for one in said))

    def titles_of(self, person: CoreferenceChain) -> Titles:
        """The titles of a person so far."""
        titles = self.titles.setdefault(person, Titles())
        for mention in person.mentions[titles.read :]:
            titles.ranks |= self.rank_nouns.get(mention.head, set())
            titles.ranked = titles.ranked or mention.head in self.rank_nouns
            for post in (self.mentions.at.get(token) for token in self.posts.get(mention.head, ())):
                if post is not None:
                    lemma = self.doc[post.head].lemma_.lower()
                    titles.posts.setdefault(lemma, set()).add(frozenset(fold(post.name).split()))
                    titles.nations |= {self.nation(post)} - {""}
        titles.read = len(person.mentions)
        return titles

    def ranks(self, person: CoreferenceChain, noun: str) -> bool:
        """Whether a person has the rank that a noun ends: a lieutenant general is a general."""
        return noun in self.titles_of(person).ranks

    def definite(self, mention: Mention) -> bool:
        """Whether a description speaks of something known: "the", "this", "its", or a country's."""
        first = self.doc[mention.start]
        return first.lower_ in DEFINITE or first.text in {"'s", "’s"} or bool(self.nation(mention))

    def modified(self, mention: Mention) -> bool:
        """Whether a description says more than its noun: "the plenary discussion" need not be the discussion before."""
        noun = self.lexicon.noun_at(self.doc, mention.end - 1)
        inside = range(noun.start, noun.end) if noun is not None else ()  # "the terrorist group" is one noun
        children = (child for child in self.doc[mention.head].children if child.i not in inside)
        telling = (child for child in children if child.dep_ in {"amod", "compound", "nmod", "acl", "nummod"})
        # What a comma sets off tells more of the thing, not which it is: "the talks, held in private, were short".
        return any(not (child.dep_ == "acl" and self.doc[child.left_edge.i - 1].text == ",") for child in telling)

    def plural(self, mention: Mention) -> bool:
        """Whether a mention is of several things by its form."""
        return self.doc[mention.head].tag_ in {"NNS", "NNPS"}

    def noun(self, mention: Mention) -> str:
        """The lemma that heads a description; for a verb the noun of its kind of event: "met" tells of a meeting."""
        if mention.kind == "verb":
            return fold(self.ontology.classes[mention.cls].label)
        return self.doc[mention.head].lemma_.lower()

    def nation(self, mention: Mention) -> str:
        """The key of the country that modifies a description: "the Serbian delegation", "Canada's ambassador"."""
        head = self.doc[mention.head]
        for token in [*self.doc[mention.start : mention.head], *head.children]:
            other = self.mentions.at.get(self.mentions.units.get(token.i, token.i))
            country = other is not None and other is not mention and other.key.startswith("country/")
            if other is not None and country and (token.i < mention.head or token.dep_ in MODIFYING):
                return other.key
            inside = self.nations.get(other.head) if other is not None and token.dep_ in {"nmod", "nmod:poss"} else None
            if inside is not None:
                return inside
        return ""

    @cached_property
    def groupable(self) -> set[str]:
        """The classes whose groups are groups of people."""
        return agent_classes(self.ontology)

    @cached_property
    def groups(self) -> set[str]:
        """The classes that act together: all agents."""
        return {cls for cls in self.ontology.classes if any(self.ontology.is_a(cls, one) for one in self.groupable)}

    @cached_property
    def events(self) -> set[str]:
        """The classes of events that verbs can tell of."""
        return set(self.lexicon.verbs.values())


def is_subject(token: Word) -> bool:
    """Whether a name or its title is a subject."""
    while token.dep_ in APPOSED and token.head.i != token.i:
        token = token.head
    return token.dep_.startswith("nsubj")
