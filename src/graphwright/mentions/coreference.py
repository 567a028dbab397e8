"""Coreference: which mentions of a document speak of the same thing.

Rules in the order of their precision, after the multi-pass sieve of Lee et al. 2013, "Deterministic coreference
resolution based on entity-centric, precision-ranked rules", Computational Linguistics 39(4): identity in a gazetteer,
equal names, parts of people's names, acronyms, definite descriptions of the same kind, groups, pronouns.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType

from spacy.tokens import Doc, Token

from graphwright.mentions.lexicon import Lexicon, agent_classes
from graphwright.mentions.model import IDENTITY, NATION, PERSON_LABEL, RANK, Mention, Mentions
from graphwright.ontology.gazetteer import fold

DEFINITE = frozenset({"the", "this", "that", "these", "those", "its", "their", "his", "her"})
NUMBERS: Mapping[str, int] = MappingProxyType({"two": 2, "both": 2, "three": 3, "four": 4})
POINTING = frozenset({"this", "that", "these", "those"})
MODIFYING = frozenset({"nmod:poss", "nmod", "amod", "compound"})
EVENT_PREPOSITIONS = frozenset({"at", "during", "in", "for", "on"})
PLURAL_PRONOUNS = frozenset({"they", "them", "their", "both"})
OWN_PRONOUNS = frozenset({"we", "us", "our"})
LONGEST_ACRONYM = 8
GENDERS = {"he": "m", "him": "m", "his": "m", "she": "f", "her": "f"}
_MALE, _FEMALE = ("mr", "mr.", "sir", "lord"), ("mrs", "mrs.", "ms", "ms.", "dame")
GENDERED_TITLES = {**dict.fromkeys(_MALE, "m"), **dict.fromkeys(_FEMALE, "f")}
PAIR = 2
SENTENCES_BACK = 3
"""How far back a personal pronoun, or "the two", looks for its antecedent, in sentences."""


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

    def resolved(self) -> CoreferenceChain:
        """The chain that this one was merged into, or itself."""
        return self if self.alias is None else self.alias.resolved()

    def add(self, mention: Mention) -> None:
        """Take in a mention."""
        self.mentions.append(mention)
        if mention.kind == "name" or (mention.kind != "pronoun" and not (self.named and self.names)):
            self.names[mention.name] += 1

    @property
    def name(self) -> str:
        """The fullest name: for people the longest, for others the first."""
        if self.named and not self.key:
            return max(self.names, key=lambda name: (len(name.split()), len(name)))
        described = (mention.name for mention in self.mentions if mention.kind == "nominal" and not self.named)
        return next(described, next(iter(self.names)))


def find_chains(
    doc: Doc,
    mentions: Mentions,
    lexicon: Lexicon,
    quoted: Mapping[int, int] = MappingProxyType({}),
    issuer: str = "",
) -> dict[Mention, tuple[CoreferenceChain, ...]]:
    """The chains of each mention: one, several for a group ("the two ministers"), or none where it stays unclear.

    ``quoted`` gives for each token inside a quotation the token that names its speaker, whom "I" stands for;
    ``issuer`` is the gazetteer's key of the country or body that issued the document, whom "we" may stand for.
    """
    return ChainFinder(doc, mentions, lexicon, quoted, issuer).find()


class ChainFinder:
    """Gathers the chains of one document, mention by mention in the order of the text."""

    def __init__(self, doc: Doc, mentions: Mentions, lexicon: Lexicon, quoted: Mapping[int, int], issuer: str) -> None:
        self.doc, self.mentions, self.lexicon, self.quoted, self.issuer = doc, mentions, lexicon, quoted, issuer
        self.ontology = lexicon.ontology
        self.person = lexicon.class_of_label(PERSON_LABEL)
        self.chains: list[CoreferenceChain] = []
        self.of: dict[Mention, tuple[CoreferenceChain, ...]] = {}
        self.by_name: dict[str, list[CoreferenceChain]] = defaultdict(list)
        self.by_part: dict[str, list[CoreferenceChain]] = defaultdict(list)
        self.by_first: dict[str, list[CoreferenceChain]] = defaultdict(list)
        self.by_initials: dict[str, list[CoreferenceChain]] = defaultdict(list)
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

    def find(self) -> dict[Mention, tuple[CoreferenceChain, ...]]:
        """Decide on every mention, the surest kinds first."""
        groups, pronouns = [], []
        for mention in self.mentions.all:
            if mention.kind == "value" or (not mention.cls and mention.kind != "pronoun"):
                continue
            if mention.kind == "pronoun":
                pronouns.append(mention)
            elif mention.kind == "nominal" and self.group_size(mention):
                groups.append(mention)
            else:
                self.put(mention, self.chain_for(mention))
        self.unify_appositions()
        self.unify_events()
        self.unify_posts()
        self.find_holders()
        for mention in groups:
            members = self.members(mention)
            if members:
                self.assign(mention, members)
                for chain in members:
                    chain.add(mention)
            else:
                self.put(mention, self.new(mention))
        for mention in pronouns:
            if mention.name in PLURAL_PRONOUNS:
                pair = self.pair_before(mention)
                if pair:
                    self.assign(mention, pair)
                    for chain in pair:
                        chain.add(mention)
                continue
            found = self.voice(mention) if mention.name in OWN_PRONOUNS else self.antecedent(mention)
            if found is not None:
                self.put(mention, found)
                found.gender = found.gender or GENDERS.get(mention.name, "")
        return {
            mention: tuple(dict.fromkeys(chain.resolved() for chain in chains)) for mention, chains in self.of.items()
        }

    def assign(self, mention: Mention, chains: tuple[CoreferenceChain, ...]) -> None:
        """Note what a mention speaks of."""
        if mention not in self.of:
            self.by_sentence[self.sentence[mention.head]].append(mention)
        self.of[mention] = chains

    def put(self, mention: Mention, chain: CoreferenceChain) -> None:
        """Give a mention to one chain."""
        if mention.kind == "name" and mention.name not in chain.names:
            self.learn(mention, chain)
        chain.add(mention)
        self.assign(mention, (chain,))

    def new(self, mention: Mention) -> CoreferenceChain:
        """A chain that begins with this mention."""
        named = mention.kind == "name" or mention.cls == self.lexicon.post
        chain = CoreferenceChain(mention.cls, named, mention.key, noun=self.noun(mention), nation=self.nation(mention))
        if mention.cls == self.person and mention.start:
            chain.gender = GENDERED_TITLES.get(self.doc[mention.start - 1].lower_, "")
        self.chains.append(chain)
        return chain

    def chain_for(self, mention: Mention) -> CoreferenceChain:
        """The known chain that a mention belongs to, or a new one."""
        if mention.kind == "name":
            return self.named(mention) or self.new(mention)
        if mention.kind == "nominal":
            return self.described(mention) or self.new(mention)
        return self.new(mention)

    # ------------------------------------------------------------------------------------------------------- names

    def named(self, mention: Mention) -> CoreferenceChain | None:
        """The known thing that has this name, by key, full name, part of a name, acronym, or brackets after a name."""
        if mention.start and self.doc[mention.start - 1].text == "(" and not mention.key:
            other = self.names_to.get(mention.start - 1)
            if other in self.of and mention.end - mention.start == 1:
                chain = self.of[other][0]
                if self.compatible(chain.cls, mention.cls):
                    return chain
        index = mention.key or fold(mention.name)
        for chain in self.by_name[index]:
            if chain.key == mention.key and self.compatible(chain.cls, mention.cls):
                return chain
        if mention.key:
            return None
        told = self.told_before(mention)
        if told is not None:
            return told
        if mention.cls == self.person:
            parts = set(index.split())
            known = {chain: None for part in parts for chain in self.by_part[part]}
            fitting = [chain for chain in self.chains if chain in known and self.is_part(parts, chain)]
            return fitting[-1] if fitting else None
        if mention.end - mention.start == 1 and mention.cls in self.groups:
            longer = self.by_first[index]
            if longer and self.compatible(longer[0].cls, mention.cls):
                return longer[0]
            if self.lexicon.noun_at(self.doc, mention.head) is not None:  # "the Coalition" after "the Global Coalition"
                same = [chain for chain in self.chains if chain.named and self.has_noun(chain, index)]
                same = [chain for chain in same if self.compatible(chain.cls, mention.cls)]
                return same[0] if len(same) == 1 else None
        if mention.name[1:].lower() != mention.name[1:] and len(mention.name) <= LONGEST_ACRONYM:
            spelt = self.by_initials[mention.name.upper()]
            return next((chain for chain in spelt if self.compatible(chain.cls, mention.cls)), None)
        return None

    def told_before(self, mention: Mention) -> CoreferenceChain | None:
        """The one nameless thing of its noun that now has a name: "a declaration" is "the X Declaration".

        Of agreements and events only: of two bodies with one noun, the second is mostly another.
        """
        noun = self.lexicon.noun_in(self.doc, mention.start, mention.end)
        if noun is None or mention.cls in self.groups or not self.ontology.fits(mention.cls, self.told):
            return None
        same = [chain for chain in self.chains if not chain.named and chain.noun == noun.noun and not chain.nation]
        if len(same) != 1 or not self.compatible(same[0].cls, mention.cls):
            return None
        same[0].named = True
        return same[0]

    @cached_property
    def told(self) -> tuple[str, ...]:
        """The classes of what is neither an agent nor has a name always: events, agreements."""
        return tuple(
            sorted(cls for cls, one in self.ontology.classes.items() if cls not in self.groups and not one.named)
        )

    def has_noun(self, chain: CoreferenceChain, noun: str) -> bool:
        """Whether a noun is a word of a name of a chain."""
        return any(noun in fold(name).split() for name in chain.names)

    def is_part(self, parts: set[str], chain: CoreferenceChain) -> bool:
        """Whether some words are part of a person's name, or hold it."""
        names = [set(fold(name).split()) for name in chain.names]
        return any(parts <= name or (name < parts and len(parts) > 1) for name in names)

    def learn(self, mention: Mention, chain: CoreferenceChain) -> None:
        """Note by what a name can be found again."""
        folded = fold(mention.name)
        self.by_name[mention.key or folded].append(chain)
        self.by_initials[acronym(mention.name)].append(chain)
        if not mention.key and mention.end - mention.start > 1 and mention.cls in self.groups - {self.person}:
            self.by_first[folded.split()[0]].append(chain)
        if mention.cls == self.person:
            for part in folded.split():
                self.by_part[part].append(chain)

    def compatible(self, one: str, other: str) -> bool:
        """Whether one thing can be of both classes."""
        return self.ontology.is_a(one, other) or self.ontology.is_a(other, one)

    # ------------------------------------------------------------------------------------------------ descriptions

    def described(self, mention: Mention) -> CoreferenceChain | None:
        """The known thing that a definite description speaks of."""
        if mention.cls == self.lexicon.post:
            return None  # see unify_posts
        if mention.cls == self.person:
            return self.person_described(mention) if self.definite(mention) else None
        named = self.of_name_before(mention)
        if named is not None or not self.definite(mention):
            return named
        if self.is_other(mention):
            same = [chain for chain in self.chains if fold(mention.name) in map(fold, chain.names)]
            return same[-1] if same else None
        noun, nation = self.noun(mention), self.nation(mention)
        generic = noun in self.ontology.words.get("genericNouns", frozenset()) and not self.modified(mention)
        event = bool(set(self.lexicon.verbs.values()) & {mention.cls})
        fitting = []
        for chain in self.chains:
            if not self.compatible(chain.cls, mention.cls) or (nation and chain.nation and nation != chain.nation):
                continue
            same_noun = chain.noun == noun or (chain.named and self.has_noun(chain, noun))
            if any(self.holds_inside(other, mention) for other in chain.mentions):
                continue
            if nation and nation == chain.nation and same_noun:
                return chain
            if same_noun and not nation:
                fitting.append((True, chain))
            elif generic or (
                event and not nation and not self.modified(mention) and self.ontology.is_a(chain.cls, mention.cls)
            ):
                fitting.append((False, chain))
        if fitting:
            return max(enumerate(fitting), key=lambda pair: (pair[1][0], pair[0]))[1][1]
        return None if nation or self.modified(mention) else self.only_one_named(mention)

    def is_other(self, mention: Mention) -> bool:
        """Whether a description tells a thing from those of its kind before: "the next summit" is not the summit."""
        others = self.ontology.words.get("otherWords", frozenset())
        return any(child.lower_ in others for child in self.doc[mention.head].lefts)

    def of_name_before(self, mention: Mention) -> CoreferenceChain | None:
        """What a name of its kind before a plural tells it to be: "ISIL terrorists" are ISIL."""
        head = self.doc[mention.head]
        for child in head.lefts if head.tag_ == "NNS" else ():
            name = self.mentions.at.get(self.mentions.units.get(child.i, child.i))
            if child.dep_ == "compound" and name in self.of and name.kind == "name" and name.cls == mention.cls:
                return self.of[name][0]
        return None

    def only_one_named(self, mention: Mention) -> CoreferenceChain | None:
        """What a bare description can only speak of: the one thing of its class that has been named before.

        The noun says no more than the class does ("the country") or the name ("the force" of KFOR), or "this" points
        back: "the battalion" need not be the only force in the text.
        """
        before = [
            chain
            for chain in self.chains
            if chain.named and self.ontology.is_a(chain.cls, mention.cls) and chain.mentions[0].start < mention.start
        ]
        general = self.noun(mention) in fold(self.ontology.classes[mention.cls].label).split()
        general = general or self.doc[mention.start].lower_ in POINTING
        return before[0] if len(before) == 1 and (general or self.has_noun(before[0], self.noun(mention))) else None

    def person_described(self, mention: Mention) -> CoreferenceChain | None:
        """The last person before a description who has its rank or post: "the general", "the Foreign Secretary".

        Of a post all words count: the Foreign Secretary is no Secretary of State.
        """
        noun = self.noun(mention)
        words = set(fold(mention.name).split()) if mention.cls == self.lexicon.post else {noun}
        people = [
            chain
            for chain in self.chains
            if chain.cls == self.person
            and chain.alias is None
            and chain.named
            and any(other.start < mention.start for other in chain.mentions)
            and (self.holds(chain, noun, words) or self.ranks(chain, noun))
            and self.may_be_of(chain, self.nation(mention))
        ]
        return max(
            people, key=lambda chain: max(m.start for m in chain.mentions if m.start < mention.start), default=None
        )

    def find_holders(self) -> None:
        """A post that stands alone speaks of its holder too: "the minister said"."""
        for mention, chains in list(self.of.items()):
            if mention.cls != self.lexicon.post or mention.kind != "nominal" or mention.head in self.holders:
                continue
            before = self.doc[mention.start - 1].lower_ if mention.start else ""
            known = {before, *(child.lower_ for child in self.doc[mention.head].children)} & DEFINITE
            if mention.start and not known and not self.doc[mention.start].is_title:
                continue
            person = self.person_described(mention)
            if person is not None:
                person.add(mention)
                self.assign(mention, (*chains, person))

    def may_be_of(self, person: CoreferenceChain, nation: str) -> bool:
        """Whether a post of a person is of a country (its key), or no post tells of one."""
        posts = [self.mentions.at.get(post) for mention in person.mentions for post in self.posts.get(mention.head, ())]
        nations = {self.nation(post) for post in posts if post is not None} - {""}
        return not nation or not nations or nation in nations

    def ranks(self, person: CoreferenceChain, noun: str) -> bool:
        """Whether a person has the rank that a noun ends: a lieutenant general is a general."""
        return any(noun in self.rank_nouns.get(mention.head, ()) for mention in person.mentions)

    def holds_inside(self, outer: Mention, inner: Mention) -> bool:
        """Whether a mention stands in the phrase of another, and so is something else: "the opening of the talks"."""
        return (
            outer.kind != "verb"
            and self.doc[outer.head].is_ancestor(self.doc[inner.head])
            and outer.start < inner.start
        )

    def definite(self, mention: Mention) -> bool:
        """Whether a description speaks of something known: "the", "this", "its", or a country's."""
        first = self.doc[mention.start]
        return first.lower_ in DEFINITE or first.text in {"'s", "’s"} or bool(self.nation(mention))

    def modified(self, mention: Mention) -> bool:
        """Whether a description says more than its noun: "the plenary discussion" need not be the discussion before."""
        head = self.doc[mention.head]
        return any(child.dep_ in {"amod", "compound", "nmod", "acl", "nummod"} for child in head.children)

    def noun(self, mention: Mention) -> str:
        """The lemma that heads a description, "" for a verb."""
        return self.doc[mention.head].lemma_.lower() if mention.kind != "verb" else ""

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

    def unify_appositions(self) -> None:
        """A noun in apposition to a name of its class, or joined to it by "of", speaks of what bears the name."""
        for mention, chains in list(self.of.items()):
            if mention.kind == "nominal" and mention.cls != self.lexicon.post:
                name = self.name_beside(mention)
                if name is not None and self.compatible(self.of[name][0].cls, mention.cls):
                    self.merge(self.of[name][0], chains[0])

    def name_beside(self, mention: Mention) -> Mention | None:
        """The name that a description introduces: "the exercise X", "the city of X", "X, the maker of …"."""
        head = self.doc[mention.head]
        after = self.doc[mention.end].lower_ if mention.end < len(self.doc) else ""
        found = self.names_at.get(mention.end)
        if found is None and after == "of" and self.ontology.classes[mention.cls].named:
            found = self.names_at.get(mention.end + 1)
        if found is None and head.dep_ == "appos":
            found = self.mentions.at.get(self.mentions.units.get(head.head.i, head.head.i))
        return found if found is not None and found.kind == "name" and found in self.of else None

    def unify_events(self) -> None:
        """A verb and the noun of the same kind of event in its clause tell of one event: "received X at a meeting"."""
        for mention, chains in list(self.of.items()):
            if mention.kind != "verb":
                continue
            for child in self.doc[mention.head].children:
                noun = self.mentions.at.get(self.mentions.units.get(child.i, child.i))
                marks = {case.lower_ for case in child.children if case.dep_ == "case"}
                if noun is None or noun.kind == "verb" or noun not in self.of or not marks & EVENT_PREPOSITIONS:
                    continue
                if self.compatible(self.of[noun][0].cls, mention.cls):
                    self.merge(self.of[noun][0], chains[0])

    def unify_posts(self) -> None:
        """Posts of one holder are one where one name says less: "Minister" after "Minister of Defence".

        Posts of one name are one where no two holders tell them apart.
        """
        holders: list[tuple[CoreferenceChain, frozenset[CoreferenceChain]]] = []
        for mention, chains in self.of.items():
            if mention.cls != self.lexicon.post or mention.kind != "nominal":
                continue
            people = {self.mentions.at[head] for head in self.holders.get(mention.head, ()) if head in self.mentions.at}
            here = frozenset(chain for person in people for chain in self.of.get(person, ()))
            name = set(fold(mention.name).split())
            known = [
                ({word for other in chain.names for word in fold(other).split()}, chain, there)
                for chain, there in holders
            ]
            same = [
                chain
                for words, chain, there in known
                if (here & there and (name <= words or words <= name)) or (name == words and not (here and there))
            ]
            if not (same or here):  # "the Deputy Secretary" is the one Deputy Secretary of State
                longer = [chain for words, chain, _ in known if name < words]
                same = longer if len(longer) == 1 else []
            if same:
                self.merge(same[0], chains[0])
                same[0].resolved().names.update(chains[0].names)
            else:
                holders.append((chains[0], here))

    def merge(self, into: CoreferenceChain, other: CoreferenceChain) -> None:
        """Make two chains one; the first keeps its name."""
        into, other = into.resolved(), other.resolved()
        if into is not other:
            for mention in other.mentions:
                into.mentions.append(mention)
            other.alias = into

    # ------------------------------------------------------------------------------------------------------ groups

    def group_size(self, mention: Mention) -> int:
        """How many a plural description speaks of: its number, 2 for "the sides", 0 where it is no such group."""
        head = self.doc[mention.head]
        if head.tag_ not in {"NNS", "NNPS"}:
            return 0
        before = [token.lower_ for token in self.doc[max(0, mention.start - 2) : mention.head]]
        numbers = [NUMBERS[word] for word in before if word in NUMBERS]
        if numbers and ("both" in before or not DEFINITE.isdisjoint(before)):
            return numbers[0]
        bare = mention.head - mention.start == 1 and self.doc[mention.start].lower_ in {"the", "both"}
        return 2 if bare and mention.cls in self.groupable else 0

    @cached_property
    def groupable(self) -> set[str]:
        """The classes whose groups are groups of people."""
        return agent_classes(self.ontology)

    def members(self, mention: Mention) -> tuple[CoreferenceChain, ...]:
        """Whom a group takes in: the last of its kind before it, or all of its kind where their number is right."""
        size = self.group_size(mention)
        if mention.cls == self.lexicon.post:
            kind = [
                chain for chain in self.chains if chain.cls == self.person and self.holds(chain, self.noun(mention))
            ]
            return self.pick(kind, mention, size) or self.pick(
                [c for c in self.chains if c.cls == self.person], mention, size
            )
        if mention.cls == self.person:
            ranked = [
                chain for chain in self.chains if chain.cls == self.person and self.ranks(chain, self.noun(mention))
            ]
            return self.pick(ranked, mention, size)
        kinds = [mention.cls]
        if mention.cls in self.groupable:
            others = {chain.cls for chain in self.chains if self.ontology.is_a(chain.cls, mention.cls)} - {mention.cls}
            unnamed = {c.cls for c in self.chains if not c.named}
            kinds += sorted(
                others, key=lambda cls: (not self.acts_only(cls), cls not in unnamed, cls != self.person, cls)
            )
        found = [self.pick([chain for chain in self.chains if chain.cls == cls], mention, size) for cls in kinds]
        # "The two sides" are the only two countries sooner than the last two of many people.
        exact = (
            some
            for some, cls in zip(found, kinds, strict=True)
            if some and len([c for c in self.chains if c.cls == cls and self.is_alive(c)]) == size
        )
        return next(exact, None) or next((some for some in found if some), ())

    def acts_only(self, cls: str) -> bool:
        """Whether a class is of agents alone, and not of places too (as countries are)."""
        return {one for one in self.ontology.ancestors.get(cls, ()) if one in self.ontology.classes} - {
            cls
        } <= self.groupable | {
            one for one in self.ontology.classes if any(self.ontology.is_a(one, agent) for agent in self.groupable)
        }

    def is_alive(self, chain: CoreferenceChain) -> bool:
        """Whether a chain still stands for itself and makes a thing of its own."""
        return chain.alias is None and bool(chain.mentions) and self.is_thing(chain)

    def is_thing(self, chain: CoreferenceChain) -> bool:
        """Whether a chain makes a thing of its own: named, or of a class whose things need no names."""
        return chain.named or not self.ontology.classes[chain.cls].named

    def pick(self, chains: Sequence[CoreferenceChain], mention: Mention, size: int) -> tuple[CoreferenceChain, ...]:
        """So many of some chains: all if that is their number, else the last before a mention."""
        alive = [chain for chain in chains if self.is_alive(chain)]
        if len(alive) == size:
            return tuple(alive)
        before = [chain for chain in alive if min(m.start for m in chain.mentions) < mention.start]
        before.sort(key=lambda chain: max(m.start for m in chain.mentions if m.start < mention.start))
        return tuple(before[-size:]) if len(before) >= size else ()

    def holds(self, person: CoreferenceChain, noun: str, words: Set[str] = frozenset()) -> bool:
        """Whether a title gives a person a post with this noun, and with such words in its name."""
        posts = [post for mention in person.mentions for post in self.posts.get(mention.head, ())]
        return any(
            self.doc[post].lemma_.lower() == noun
            and (words <= {noun} or words <= set(fold(self.mentions.at[post].name).split()))
            for post in posts
            if post in self.mentions.at
        )

    # ---------------------------------------------------------------------------------------------------- pronouns

    def antecedent(self, mention: Mention) -> CoreferenceChain | None:
        """The person or body that a pronoun stands for: the nearest subject before it, else the nearest of its kind."""
        if mention.name == "i":
            speaker = self.mentions.at.get(self.quoted.get(mention.head, -1))
            return (
                next((chain for chain in self.of.get(speaker, ()) if chain.cls == self.person), None)
                if speaker
                else None
            )
        if mention.name not in {"he", "she", "him", "her", "his", "it", "its"}:
            return None
        here = self.sentence[mention.head]
        best: tuple[float, CoreferenceChain] | None = None
        for back in range(SENTENCES_BACK + 1):
            for other in self.by_sentence[here - back]:
                chain = self.of[other][0].resolved()
                if other.start >= mention.start or len(self.of[other]) > 1 or not self.agrees(mention, chain):
                    continue
                subject = is_subject(self.doc[other.head])
                if chain.cls in self.events and not subject:
                    continue  # "it" is a meeting only where the meeting was spoken of
                score = -2.0 * back + (1.5 if subject else 0.0) + other.start / len(self.doc)
                if best is None or score > best[0]:
                    best = (score, chain)
        return best[1] if best else self.subject_after(mention)

    def voice(self, mention: Mention) -> CoreferenceChain | None:
        """Whom "we" stands for: the body or country of the speaker, the first known one that the voice speaks of, or
        else the issuer of the document.

        A voice is the text's own, or that of one speaker's quotations. What it tells of first as doing something, among
        the countries and organisations of the gazetteer, is mostly the side that it is on.
        """
        speaker = self.quoted.get(mention.head)
        if speaker is not None and speaker in self.mentions.at:
            for chain in self.of.get(self.mentions.at[speaker], ()):
                body = self.body_of(chain.resolved())
                if body is not None:
                    return body
        for other in self.mentions.all:
            if other.start >= mention.start:
                break
            known = other.kind == "name" and other.key and other in self.of and other.cls in self.groups
            if known and self.quoted.get(other.head) == speaker and is_subject(self.doc[other.head]):
                return self.of[other][0].resolved()
        return next((chain for chain in self.chains if self.issuer and chain.key == self.issuer), None)

    def body_of(self, person: CoreferenceChain) -> CoreferenceChain | None:
        """The body or country that the post of a person is of: "commander of X", "the Russian foreign minister"."""
        for mention in person.mentions:
            for post in self.posts.get(mention.head, ()):
                for token in self.doc[post].children:
                    other = self.mentions.at.get(self.mentions.units.get(token.i, token.i))
                    if token.dep_ in MODIFYING and other in self.of and other.cls in self.groups - {self.person}:
                        return self.of[other][0].resolved()
        return None

    def subject_after(self, mention: Mention) -> CoreferenceChain | None:
        """Whom a pronoun before its name stands for: the subject of its sentence ("during her visit, X said")."""
        for other in self.by_sentence[self.sentence[mention.head]]:
            named = other.start > mention.start and other.kind == "name"
            if named and is_subject(self.doc[other.head]) and self.agrees(mention, self.of[other][0]):
                return self.of[other][0].resolved()
        return None

    def pair_before(self, mention: Mention) -> tuple[CoreferenceChain, ...]:
        """Whom "they" and "both" stand for: the only two people, else delegations or countries, some sentences before.

        One of the two does something there: those that something only happens to are not what a text goes on about.
        """
        here = self.sentence[mention.head]
        for back in range(SENTENCES_BACK):
            told = [other for other in self.by_sentence[here - back] if other.start < mention.start]
            near = list(dict.fromkeys(chain.resolved() for other in told for chain in self.of[other]))
            acting = {c.resolved() for other in told if is_subject(self.doc[other.head]) for c in self.of[other]}
            for cls in (self.person, *sorted({chain.cls for chain in near} & self.groups)):
                found = [chain for chain in near if chain.cls == cls]
                if len(found) == PAIR and not acting.isdisjoint(found):
                    return tuple(found)
        return ()

    @cached_property
    def events(self) -> set[str]:
        """The classes of events that verbs can tell of."""
        return set(self.lexicon.verbs.values())

    @cached_property
    def groups(self) -> set[str]:
        """The classes that act together: all agents."""
        return {cls for cls in self.ontology.classes if any(self.ontology.is_a(cls, one) for one in self.groupable)}

    def agrees(self, mention: Mention, chain: CoreferenceChain) -> bool:
        """Whether a pronoun can stand for something of this class."""
        if mention.name in {"it", "its"}:
            return chain.cls != self.person and chain.cls in self.groups | self.events
        gender = GENDERS.get(mention.name, "")
        return chain.cls == self.person and (not chain.gender or chain.gender == gender)


def is_subject(token: Token) -> bool:
    """Whether a name or its title is a subject."""
    while token.dep_ in {"appos", "flat", "nmod:desc", "compound"} and token.head.i != token.i:
        token = token.head
    return token.dep_.startswith("nsubj")


def acronym(name: str) -> str:
    """The initials of a name's capitalised words.

    >>> acronym("Organization for Security and Co-operation in Europe")
    'OSCE'
    """
    return "".join(word[0] for word in name.replace("-", "").split() if word[:1].isupper())
