"""Names that speak of the same: equal ones, parts of people's names, acronyms, names of what had none before."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property

from graphwright.mentions.discourse import CoreferenceChain, Discourse
from graphwright.mentions.model import Mention
from graphwright.mentions.namesakes import Namesakes
from graphwright.ontology.gazetteer import fold

LONGEST_ACRONYM = 8
BEARERS = 200
"""How many of those who bear a name are looked at: the last."""


class Aliases:
    """Finds what a name speaks of among the things that were named before it."""

    def __init__(self, known: Discourse) -> None:
        self.known = known
        self.namesakes = Namesakes(known)
        self.by_name: dict[str, list[CoreferenceChain]] = defaultdict(list)
        self.by_part: dict[str, list[CoreferenceChain]] = defaultdict(list)
        self.by_first: dict[str, list[CoreferenceChain]] = defaultdict(list)
        self.by_initials: dict[str, list[CoreferenceChain]] = defaultdict(list)

    def named(self, mention: Mention) -> CoreferenceChain | None:
        """The known thing that has this name, by key, full name, part of a name, acronym, or brackets after a name."""
        if mention.start and self.known.doc[mention.start - 1].text == "(" and not mention.key:
            other = self.known.names_to.get(mention.start - 1)
            if other in self.known.of and mention.end - mention.start == 1:
                chain = self.known.of[other][0]
                if self.known.compatible(chain.cls, mention.cls):
                    return chain
        index = mention.key or fold(mention.name)
        if mention.cls == self.known.person and not mention.key:
            return self.person(mention)
        same = [
            chain
            for chain in self.by_name[index][-BEARERS:]
            if chain.key == mention.key and self.known.compatible(chain.cls, mention.cls)
        ]
        if not mention.key and mention.cls in self.known.groups:
            same = self.namesakes.bodies(mention, same)
        if same:
            return same[0]
        if mention.key:
            return None
        told = self.told_before(mention)
        if told is not None:
            return told
        if mention.end - mention.start == 1 and mention.cls in self.known.groups:
            longer = self.by_first[index]
            if longer and self.known.compatible(longer[0].cls, mention.cls):
                return longer[0]
            if (
                self.known.lexicon.noun_at(self.known.doc, mention.head) is not None
            ):  # "the Coalition" after "the Global Coalition"
                same = [chain for chain in self.known.recent() if chain.named and self.known.has_noun(chain, index)]
                same = [chain for chain in same if self.known.compatible(chain.cls, mention.cls)]
                return same[0] if len(same) == 1 else None
        if mention.name[1:].lower() != mention.name[1:] and len(mention.name) <= LONGEST_ACRONYM:
            spelt = self.by_initials[mention.name.upper()][:BEARERS]
            return next((chain for chain in spelt if self.known.compatible(chain.cls, mention.cls)), None)
        return None

    def told_before(self, mention: Mention) -> CoreferenceChain | None:
        """The one nameless thing of its noun that now has a name: "a declaration" is "the X Declaration".

        Of agreements and events only: of two bodies with one noun, the second is mostly another.
        """
        noun = self.known.lexicon.noun_in(self.known.doc, mention.start, mention.end)
        if noun is None or mention.cls in self.known.groups or not self.known.ontology.fits(mention.cls, self.told):
            return None
        same = [
            chain for chain in self.known.recent() if not chain.named and chain.noun == noun.noun and not chain.nation
        ]
        if len(same) != 1 or not self.known.compatible(same[0].cls, mention.cls):
            return None
        return same[0]

    @cached_property
    def told(self) -> tuple[str, ...]:
        """The classes of what is neither an agent nor has a name always: events, agreements."""
        return tuple(
            sorted(
                cls
                for cls, one in self.known.ontology.classes.items()
                if cls not in self.known.groups and not one.named
            )
        )

    def person(self, mention: Mention) -> CoreferenceChain | None:
        """The known person that a name speaks of."""
        parts = fold(mention.name).split()
        sharing = {chain for part in parts for chain in self.by_part[part][-BEARERS:]}
        people = sorted(sharing, key=lambda chain: chain.number)
        return self.namesakes.person(mention, people)

    def learn(self, mention: Mention, chain: CoreferenceChain) -> None:
        """Note by what a name can be found again."""
        self.namesakes.learn(mention, chain)
        if mention.name in chain.names:
            return
        folded = fold(mention.name)
        self.by_name[mention.key or folded].append(chain)
        self.by_initials[acronym(mention.name)].append(chain)
        if (
            not mention.key
            and mention.end - mention.start > 1
            and mention.cls in self.known.groups - {self.known.person}
        ):
            self.by_first[folded.split()[0]].append(chain)
        if mention.cls == self.known.person:
            for part in folded.split():
                self.by_part[part].append(chain)


def acronym(name: str) -> str:
    """The initials of a name's capitalised words.

    >>> acronym("Organization for Security and Co-operation in Europe")
    'OSCE'
    """
    return "".join(word[0] for word in name.replace("-", "").split() if word[:1].isupper())
