"""Groups: "the two ministers", "both countries", "they" speak of each of their members."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from graphwright.mentions.discourse import DEFINITE, CoreferenceChain, Discourse, is_subject
from graphwright.mentions.model import Mention

NUMBERS: Mapping[str, int] = MappingProxyType({"two": 2, "both": 2, "three": 3, "four": 4})
EITHER = frozenset({"either", "neither"})
PAIR = 2
SENTENCES_BACK = 3
"""How far back "they" and "the two" look for their members, in sentences."""


class Groups:
    """Finds the members of a group."""

    def __init__(self, known: Discourse) -> None:
        self.known = known

    def group_size(self, mention: Mention) -> int:
        """How many a plural description speaks of: its number, 2 for "the sides", 0 where it is no such group."""
        if not self.known.plural(mention):
            return PAIR if self.known.doc[mention.start].lower_ in EITHER else 0
        before = [token.lower_ for token in self.known.doc[max(0, mention.start - 2) : mention.head]]
        numbers = [NUMBERS[word] for word in before if word in NUMBERS]
        if numbers and ("both" in before or not DEFINITE.isdisjoint(before)):
            return numbers[0]
        bare = mention.head - mention.start == 1 and self.known.doc[mention.start].lower_ in {"the", "both"}
        return 2 if bare and mention.cls in self.known.groupable else 0

    def is_group(self, mention: Mention) -> bool:
        """Whether a plural description speaks of several things: "the two ministers", "the delegations"."""
        return self.group_size(mention) > 0 or self.is_plain(mention)

    def is_plain(self, mention: Mention) -> bool:
        """Whether a plural description says no number, and nothing more: "the ministers"."""
        kinds = self.known.groups | {self.known.lexicon.post}
        if not self.known.plural(mention) or mention.cls not in kinds or mention.head in self.known.holders:
            return False
        first = self.known.doc[mention.head - 1].lower_ if mention.head else ""
        return first in {"the", "these", "both"} and not self.known.modified(mention)

    def members(self, mention: Mention) -> tuple[CoreferenceChain, ...]:
        """Whom a group takes in: the last of its kind before it, or all of its kind where their number is right."""
        size = self.group_size(mention)
        if not size:
            return self.all_lately(mention)
        noun, people = self.known.noun(mention), self.known.people()
        if mention.cls == self.known.lexicon.post:
            holding = [chain for chain in people if self.known.holds(chain, noun)]
            return self.pick(holding, mention, size) or self.pick(people, mention, size)
        if mention.cls == self.known.person:
            ranked = [chain for chain in people if self.known.ranks(chain, noun)]
            if not ranked and self.known.lexicon.gazetteer.rank(noun) is None:
                ranked = [chain for chain in people if self.has_rank(chain)]
            return self.pick(ranked, mention, size)
        if noun in self.known.ontology.words.get("personNouns", frozenset()):
            return self.pick(people, mention, size)
        recent = self.known.recent()
        kinds = [mention.cls]
        if mention.cls in self.known.groupable:
            others = {chain.cls for chain in recent if self.known.ontology.is_a(chain.cls, mention.cls)} - {mention.cls}
            unnamed = {c.cls for c in recent if not c.named}
            kinds += sorted(
                others, key=lambda cls: (not self.acts_only(cls), cls not in unnamed, cls != self.known.person, cls)
            )
        found = [self.pick([chain for chain in recent if chain.cls == cls], mention, size) for cls in kinds]
        # "The two sides" are the only two countries sooner than the last two of many people.
        exact = (
            some
            for some, cls in zip(found, kinds, strict=True)
            if some and len([c for c in recent if c.cls == cls and self.known.is_alive(c)]) == size
        )
        return next(exact, None) or next((some for some in found if some), ())

    def has_rank(self, chain: CoreferenceChain) -> bool:
        """Whether a title gives a person a rank: the two officers are those with ranks."""
        return self.known.titles_of(chain).ranked

    def all_lately(self, mention: Mention) -> tuple[CoreferenceChain, ...]:
        """All whom a plural without number can mean, among those spoken of some sentences before; two at least."""
        here, noun = self.known.sentence[mention.head], self.known.noun(mention)
        told = (other for back in range(SENTENCES_BACK) for other in self.known.by_sentence[here - back])
        near = dict.fromkeys(
            chain.resolved() for other in told if other.start < mention.start for chain in self.known.of[other]
        )
        found = [chain for chain in near if self.known.is_alive(chain) and self.fits(chain, mention.cls, noun)]
        found.sort(key=lambda chain: chain.starts[0])
        return tuple(found) if len(found) >= PAIR else ()

    def fits(self, chain: CoreferenceChain, cls: str, noun: str) -> bool:
        """Whether a chain is one of those that a plural tells of: of its post or rank, or called by its noun."""
        if cls in {self.known.lexicon.post, self.known.person}:
            return chain.cls == self.known.person and (self.known.holds(chain, noun) or self.known.ranks(chain, noun))
        same = chain.noun == noun or (chain.named and self.known.has_noun(chain, noun))
        return same and self.known.compatible(chain.cls, cls)

    def acts_only(self, cls: str) -> bool:
        """Whether a class is of agents alone, and not of places too (as countries are)."""
        return {one for one in self.known.ontology.ancestors.get(cls, ()) if one in self.known.ontology.classes} - {
            cls
        } <= self.known.groupable | {
            one
            for one in self.known.ontology.classes
            if any(self.known.ontology.is_a(one, agent) for agent in self.known.groupable)
        }

    def pick(self, chains: Sequence[CoreferenceChain], mention: Mention, size: int) -> tuple[CoreferenceChain, ...]:
        """So many of some chains: all if that is their number, else the last before a mention."""
        alive = [chain for chain in chains if self.known.is_alive(chain)]
        if len(alive) == size:
            return tuple(alive)
        lately = [(at, chain) for chain in alive if (at := chain.before(mention.start)) is not None]
        before = [chain for _, chain in sorted(lately, key=lambda pair: pair[0])]
        return tuple(before[-size:]) if len(before) >= size else ()

    def pronoun(self, mention: Mention) -> tuple[CoreferenceChain, ...]:
        """Whom "they" stands for: those, or the body, that the model's chain spoke of last, else the pair before.

        What the model takes for one person speaks for a pair that the person is of.
        """
        if mention.name != "both" and self.known.said_lately(mention):
            found = self.known.said_last(mention)
            person = len(found) == 1 and found[0].cls == self.known.person
            if not person and (
                found or self.known.doc[self.known.said_before[mention.head][0]].tag_ in {"NNS", "NNPS"}
            ):
                return found
        return self.pair_before(mention)

    def pair_before(self, mention: Mention) -> tuple[CoreferenceChain, ...]:
        """Whom "they" and "both" stand for: the only two people, else delegations or countries, some sentences before.

        One of the two does something there: those that something only happens to are not what a text goes on about.
        """
        here = self.known.sentence[mention.head]
        for back in range(SENTENCES_BACK):
            told = [other for other in self.known.by_sentence[here - back] if other.start < mention.start]
            near = list(dict.fromkeys(chain.resolved() for other in told for chain in self.known.of[other]))
            acting = {
                c.resolved() for other in told if is_subject(self.known.doc[other.head]) for c in self.known.of[other]
            }
            for cls in (self.known.person, *sorted({chain.cls for chain in near} & self.known.groups)):
                found = [chain for chain in near if chain.cls == cls]
                if len(found) == PAIR and not acting.isdisjoint(found):
                    return tuple(found)
        return ()
