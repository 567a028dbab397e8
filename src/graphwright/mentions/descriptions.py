"""Descriptions that speak of something known: "the brigade", "the Serbian delegation", "the minister"."""

from __future__ import annotations

from graphwright.mentions.discourse import DEFINITE, REACH, CoreferenceChain, Discourse
from graphwright.mentions.model import Mention
from graphwright.ontology.gazetteer import fold

POINTING = frozenset({"this", "that", "these", "those"})
LONG_COMPLEMENT = 4
"""Words from which on a complement tells one event from all others of its kind."""
EVENT_PREPOSITIONS = frozenset({"at", "during", "in", "for", "on"})


class Descriptions:
    """Finds what a description speaks of, and makes one of chains that turn out to be the same."""

    def __init__(self, known: Discourse) -> None:
        self.known = known
        self.by_complement: dict[tuple[str, str], CoreferenceChain] = {}

    def described(self, mention: Mention) -> CoreferenceChain | None:
        """The known thing that a definite description speaks of."""
        if mention.cls == self.known.lexicon.post:
            return None  # see unify_posts
        if mention.cls == self.known.person:
            return self.person_described(mention) if self.known.definite(mention) else None
        named = self.of_name_before(mention) or self.told_alike(mention)
        if named is not None or not self.known.definite(mention):
            return named
        if self.is_other(mention):
            same = [chain for chain in self.known.recent() if fold(mention.name) in map(fold, chain.names)]
            return same[-1] if same else None
        noun, nation = self.known.noun(mention), self.known.nation(mention)
        generic = noun in self.known.ontology.words.get("genericNouns", frozenset()) and not self.known.modified(
            mention
        )
        event = bool(set(self.known.lexicon.verbs.values()) & {mention.cls})
        fitting = []
        around = self.around(mention)
        for chain in self.known.recent():
            if not self.known.compatible(chain.cls, mention.cls) or (
                nation and chain.nation and nation != chain.nation
            ):
                continue
            same_noun = chain.noun == noun or (chain.named and self.known.has_noun(chain, noun))
            if chain in around:
                continue
            if mention.cls in self.known.groups and self.known.plural(mention) and not self.may_be_many(chain):
                continue
            if nation and nation == chain.nation and same_noun:
                return chain
            if same_noun and not nation:
                fitting.append((True, chain))
            elif generic or (
                event
                and not nation
                and not self.known.modified(mention)
                and self.known.ontology.is_a(chain.cls, mention.cls)
            ):
                fitting.append((False, chain))
        if fitting:
            return max(enumerate(fitting), key=lambda pair: (pair[1][0], pair[0]))[1][1]
        only = None if nation or self.known.modified(mention) else self.only_one_named(mention)
        return only or self.pointed_at(mention)

    def may_be_many(self, chain: CoreferenceChain) -> bool:
        """Whether a plural can speak of a chain: forces and troops, but not one delegation."""
        return any(self.known.plural(mention) for mention in chain.mentions if mention.kind in {"name", "nominal"})

    def pointed_at(self, mention: Mention) -> CoreferenceChain | None:
        """What "this" points back at by the model's chain, where it can be of the kind that the noun tells."""
        if self.known.doc[mention.start].lower_ not in POINTING:
            return None
        found = self.known.said_last(mention)
        return found[0] if len(found) == 1 and self.known.compatible(found[0].cls, mention.cls) else None

    def learn(self, mention: Mention, chain: CoreferenceChain) -> None:
        """Note the complements by which an event or agreement can be told again."""
        for key in self.complements(mention):
            self.by_complement.setdefault(key, chain)

    def told_alike(self, mention: Mention) -> CoreferenceChain | None:
        """The event or agreement that has been told of in the same words: a title says it, and the text again."""
        found = (self.by_complement.get(key) for key in self.complements(mention))
        return next((chain for chain in found if chain is not None), None)

    def complements(self, mention: Mention) -> list[tuple[str, str]]:
        """The noun of an event or agreement with each complement of several words ("talks", "on aid to Syria")."""
        if mention.cls in self.known.groups or self.known.ontology.classes[mention.cls].named or self.is_other(mention):
            return []
        after = (child for child in self.known.doc[mention.head].rights if child.dep_ == "nmod")
        texts = (fold("".join(token.text_with_ws for token in child.subtree)) for child in after)
        return [(self.known.noun(mention), text) for text in texts if len(text.split()) >= LONG_COMPLEMENT]

    def is_other(self, mention: Mention) -> bool:
        """Whether a description tells a thing from those of its kind before: "the next summit" is not the summit."""
        others = self.known.ontology.words.get("otherWords", frozenset())
        return any(child.lower_ in others for child in self.known.doc[mention.head].lefts)

    def of_name_before(self, mention: Mention) -> CoreferenceChain | None:
        """What a name of its kind before a plural tells it to be: "ISIL terrorists" are ISIL."""
        head = self.known.doc[mention.head]
        for child in head.lefts if head.tag_ == "NNS" else ():
            name = self.known.mentions.at.get(self.known.mentions.units.get(child.i, child.i))
            if child.dep_ == "compound" and name in self.known.of and name.kind == "name" and name.cls == mention.cls:
                return self.known.of[name][0]
        return None

    def only_one_named(self, mention: Mention) -> CoreferenceChain | None:
        """What a bare description can only speak of: the one thing of its class that has been named before.

        The noun says no more than the class does ("the country") or the name ("the force" of KFOR), or "this" points
        back: "the battalion" need not be the only force in the text.
        """
        before = [
            chain
            for chain in self.known.recent()
            if chain.named
            and self.known.ontology.is_a(chain.cls, mention.cls)
            and chain.mentions[0].start < mention.start
        ]
        general = self.known.noun(mention) in fold(self.known.ontology.classes[mention.cls].label).split()
        general = general or self.known.doc[mention.start].lower_ in POINTING
        return (
            before[0]
            if len(before) == 1 and (general or self.known.has_noun(before[0], self.known.noun(mention)))
            else None
        )

    def person_described(self, mention: Mention) -> CoreferenceChain | None:
        """The last person before a description who has its rank or post: "the general", "the Foreign Secretary".

        Of a post all words count: the Foreign Secretary is no Secretary of State.
        """
        noun = self.known.noun(mention)
        words = set(fold(mention.name).split()) if mention.cls == self.known.lexicon.post else {noun}
        people = [
            chain
            for chain in self.known.people()
            if chain.alias is None
            and chain.named
            and chain.before(mention.start) is not None
            and (self.known.holds(chain, noun, words) or self.known.ranks(chain, noun))
            and self.may_be_of(chain, self.known.nation(mention))
        ]
        if self.known.nation(mention) and mention.cls == self.known.person and len(people) > 1:
            return None  # nothing tells which of the generals is the Danish one
        return max(people, key=lambda chain: chain.before(mention.start) or 0, default=None)

    def find_holders(self) -> None:
        """A post that stands alone speaks of its holder too: "the minister said"."""
        for mention, chains in list(self.known.of.items()):
            if (
                mention.cls != self.known.lexicon.post
                or mention.kind != "nominal"
                or mention.head in self.known.holders
            ):
                continue
            before = self.known.doc[mention.start - 1].lower_ if mention.start else ""
            known = {before, *(child.lower_ for child in self.known.doc[mention.head].children)} & DEFINITE
            if mention.start and not known and not self.known.doc[mention.start].is_title:
                continue
            if any(child.lower_ in {"a", "an"} for child in self.known.doc[mention.head].children):
                continue
            person = self.person_described(mention) or self.person_to_come(mention)
            if person is not None:
                person.add(mention)
                self.known.assign(mention, (*chains, person))

    def person_to_come(self, mention: Mention) -> CoreferenceChain | None:
        """The one person whom the text names later with a post of several words: "the Foreign Secretary" of a lead."""
        words = set(fold(mention.name).split())
        people = [
            chain
            for chain in self.known.people()
            if len(words) > 1
            and chain.alias is None
            and self.known.holds(chain, self.known.noun(mention), words)
            and self.may_be_of(chain, self.known.nation(mention))
        ]
        return people[0] if len(people) == 1 else None

    def may_be_of(self, person: CoreferenceChain, nation: str) -> bool:
        """Whether a post of a person is of a country (its key), or no post tells of one."""
        nations = self.known.titles_of(person).nations
        return not nation or not nations or nation in nations

    def around(self, mention: Mention) -> set[CoreferenceChain]:
        """The chains with a mention whose phrase a mention stands in."""
        outer = (other for other in self.known.by_sentence[self.known.sentence[mention.head]])
        found: set[CoreferenceChain] = set()
        for other in outer:
            for chain in self.known.of[other] if self.holds_inside(other, mention) else ():
                found.update(chain.line())
        return found

    def holds_inside(self, outer: Mention, inner: Mention) -> bool:
        """Whether a mention stands in the phrase of another, and so is something else: "the opening of the talks"."""
        return (
            outer.kind != "verb"
            and self.known.doc[outer.head].is_ancestor(self.known.doc[inner.head])
            and outer.start < inner.start
        )

    def unify_appositions(self) -> None:
        """A noun in apposition to a name of its class, or joined to it by "of", speaks of what bears the name."""
        for mention, chains in list(self.known.of.items()):
            if mention.kind == "nominal" and mention.cls != self.known.lexicon.post:
                name = self.name_beside(mention)
                if name is not None and self.known.compatible(self.known.of[name][0].cls, mention.cls):
                    self.known.merge(self.known.of[name][0], chains[0])

    def name_beside(self, mention: Mention) -> Mention | None:
        """The name that a description introduces: "the exercise X", "the city of X", "X, the maker of …"."""
        head = self.known.doc[mention.head]
        after = self.known.doc[mention.end].lower_ if mention.end < len(self.known.doc) else ""
        found = self.known.names_at.get(mention.end)
        if found is None and after == "of" and self.known.ontology.classes[mention.cls].named:
            found = self.known.names_at.get(mention.end + 1)
        if found is None and head.dep_ == "appos":
            found = self.known.mentions.at.get(self.known.mentions.units.get(head.head.i, head.head.i))
        return found if found is not None and found.kind == "name" and found in self.known.of else None

    def unify_events(self) -> None:
        """A verb and the noun of the same kind of event in its clause tell of one event: "received X at a meeting"."""
        for mention, chains in list(self.known.of.items()):
            if mention.kind != "verb":
                continue
            for child in self.known.doc[mention.head].children:
                noun = self.known.mentions.at.get(self.known.mentions.units.get(child.i, child.i))
                marks = {case.lower_ for case in child.children if case.dep_ == "case"}
                if noun is None or noun.kind == "verb" or noun not in self.known.of or not marks & EVENT_PREPOSITIONS:
                    continue
                if self.known.compatible(self.known.of[noun][0].cls, mention.cls):
                    self.known.merge(self.known.of[noun][0], chains[0])

    def unify_posts(self) -> None:
        """Posts of one holder are one where one name says less: "Minister" after "Minister of Defence".

        Posts of one name are one where no two holders tell them apart.
        """
        holders: list[tuple[CoreferenceChain, frozenset[CoreferenceChain]]] = []
        for mention, chains in self.known.of.items():
            if mention.cls != self.known.lexicon.post or mention.kind != "nominal":
                continue
            people = {
                self.known.mentions.at[head]
                for head in self.known.holders.get(mention.head, ())
                if head in self.known.mentions.at
            }
            here = frozenset(chain for person in people for chain in self.known.of.get(person, ()))
            name = set(fold(mention.name).split())
            known = [
                ({word for other in chain.names for word in fold(other).split()}, chain, there)
                for chain, there in holders[-REACH:]
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
                self.known.merge(same[0], chains[0])
                same[0].resolved().names.update(chains[0].names)
            else:
                holders.append((chains[0], here))
