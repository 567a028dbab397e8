"""Pronouns: whom "she", "it", "I" and "we" stand for."""

from __future__ import annotations

from functools import cached_property
from itertools import islice

from graphwright.mentions.discourse import APPOSED, MODIFYING, CoreferenceChain, Discourse, is_subject
from graphwright.mentions.model import Mention

GENDERS = {"he": "m", "him": "m", "his": "m", "she": "f", "her": "f"}
SENTENCES_BACK = 3
"""How far back a personal pronoun looks for its antecedent, in sentences."""
NAMES = 200
"""How many names are the head of a text."""


class Pronouns:
    """Finds what a pronoun in the singular stands for."""

    def __init__(self, known: Discourse) -> None:
        self.known = known
        self.bodies: dict[CoreferenceChain, CoreferenceChain | None] = {}

    def antecedent(self, mention: Mention) -> CoreferenceChain | None:
        """The person or body that a pronoun stands for: the nearest subject before it, else the nearest of its kind."""
        if mention.name == "i":
            quoted = self.known.quoted.get(mention.head)
            if quoted is None:
                return self.author(mention)
            speaker = self.known.mentions.at.get(quoted)
            said_by = self.known.of.get(speaker, ()) if speaker is not None else ()
            return next((chain for chain in said_by if chain.cls == self.known.person), None)
        if mention.name not in {"he", "she", "him", "her", "his", "it", "its"}:
            return None
        owner = self.owner(mention)
        if owner is not None:
            return owner
        here = self.known.sentence[mention.head]
        if mention.name in {"it", "its"} and self.known.said_lately(mention):
            return self.by_model(mention)
        said = set(self.known.said_before.get(mention.head, ()))
        barred = self.known.barred(mention)
        best: tuple[float, CoreferenceChain] | None = None
        for back in range(SENTENCES_BACK + 1):
            for other in self.known.by_sentence[here - back]:
                fitting = [c.resolved() for c in self.known.of[other] if self.agrees(mention, c.resolved())]
                if other.start >= mention.start or len(fitting) != 1:  # of a group it is unclear who
                    continue
                chain = fitting[0]
                if chain in barred:
                    continue  # "the minister briefed her": somebody else
                subject = is_subject(self.known.doc[other.head])
                if chain.cls in self.known.events and not subject:
                    continue  # "it" is a meeting only where the meeting was spoken of
                score = -2.0 * back + (1.5 if subject else 0.0) + other.start / len(self.known.doc)
                score += 1.5 * bool(self.heads(other) & said)
                if best is None or score > best[0]:
                    best = (score, chain)
        return best[1] if best else self.subject_after(mention)

    def author(self, mention: Mention) -> CoreferenceChain | None:
        """Who speaks in the first person outside quotations: the one person that the head of the text names."""
        first: CoreferenceChain | None = None
        for other in self.own_names:
            if other.start >= mention.start:
                break
            for chain in (one.resolved() for one in self.known.of.get(other, ())):
                if chain.cls == self.known.person:
                    if first is not None and chain is not first:
                        return None
                    first = chain
        return first

    @cached_property
    def own_names(self) -> list[Mention]:
        """The names that the head of the text calls things by in its own voice."""
        told = (other for other in self.known.mentions.all if other.kind == "name")
        return list(islice((other for other in told if self.known.quoted.get(other.head) is None), NAMES))

    def heads(self, mention: Mention) -> set[int]:
        """The tokens that a phrase of the model may have as its head where it holds a mention: its own, its title's."""
        token = self.known.doc[mention.head]
        return {mention.head, *(range(mention.start, mention.end)), *([token.head.i] if token.dep_ in APPOSED else [])}

    def owner(self, mention: Mention) -> CoreferenceChain | None:
        """Whose a possessive in the predicate is: the subject's of its clause ("The US reaffirms its commitment")."""
        token = self.known.doc[mention.head]
        if token.dep_ != "nmod:poss":
            return None
        verb = next((one for one in token.ancestors if one.pos_ == "VERB"), token)
        for subject in verb.children:
            if subject.dep_ == "nsubj" and subject.i < token.i and not subject.is_ancestor(token):
                other = self.known.mentions.at.get(self.known.mentions.units.get(subject.i, subject.i))
                found = self.known.of.get(other, ()) if other is not None else ()
                return found[0].resolved() if len(found) == 1 and self.agrees(mention, found[0].resolved()) else None
        return None

    def by_model(self, mention: Mention) -> CoreferenceChain | None:
        """What the model's chain of a pronoun spoke of last, None where that is nothing that we know, or a person."""
        found = self.known.said_last(mention)
        return found[0] if len(found) == 1 and found[0].cls != self.known.person else None

    def voice(self, mention: Mention) -> CoreferenceChain | None:
        """Whom "we" stands for: the body or country of the speaker, or the issuer in the text's own voice, or else the
        first known one that the voice speaks of.

        A voice is the text's own, or that of one speaker's quotations. What it tells of first as doing something, among
        the countries and organisations of the gazetteer, is mostly the side that it is on.
        """
        speaker = self.known.quoted.get(mention.head)
        issuer = self.known.issuer
        own = self.by_key.get(issuer) if issuer else None
        if speaker is not None and speaker in self.known.mentions.at:
            for chain in self.known.of.get(self.known.mentions.at[speaker], ()):
                body = self.body_of(chain.resolved())
                if body is not None:
                    return body
        elif speaker is None and own is not None:
            return own
        first = self.sides.get(speaker)
        return self.known.of[first][0].resolved() if first is not None and first.start < mention.start else own

    @cached_property
    def by_key(self) -> dict[str, CoreferenceChain]:
        """The chains of what the gazetteer knows, when all names have been read."""
        return {chain.key: chain for chain in reversed(self.known.chains)}

    @cached_property
    def sides(self) -> dict[int | None, Mention]:
        """For each voice (None for the text's own) the first known country or body that it tells of as a subject."""
        found: dict[int | None, Mention] = {}
        for other in self.known.mentions.all:
            known = other.kind == "name" and other.key and other in self.known.of and other.cls in self.known.groups
            if known and is_subject(self.known.doc[other.head]):
                found.setdefault(self.known.quoted.get(other.head), other)
        return found

    def body_of(self, person: CoreferenceChain) -> CoreferenceChain | None:
        """As `find_body`, found out once, when all names and posts have been read."""
        if person not in self.bodies:
            self.bodies[person] = self.find_body(person)
        return self.bodies[person]

    def find_body(self, person: CoreferenceChain) -> CoreferenceChain | None:
        """The body or country that the post of a person is of: "commander of X", "the Russian foreign minister"."""
        for mention in person.mentions:
            for post in self.known.posts.get(mention.head, ()):
                for token in self.known.doc[post].children:
                    other = self.known.mentions.at.get(self.known.mentions.units.get(token.i, token.i))
                    if (
                        token.dep_ in MODIFYING
                        and other in self.known.of
                        and other.cls in self.known.groups - {self.known.person}
                    ):
                        return self.known.of[other][0].resolved()
        return None

    def subject_after(self, mention: Mention) -> CoreferenceChain | None:
        """Whom a pronoun before its name stands for: the subject of its sentence ("during her visit, X said")."""
        for other in self.known.by_sentence[self.known.sentence[mention.head]]:
            named = other.start > mention.start and other.kind == "name"
            if named and is_subject(self.known.doc[other.head]) and self.agrees(mention, self.known.of[other][0]):
                return self.known.of[other][0].resolved()
        return None

    def agrees(self, mention: Mention, chain: CoreferenceChain) -> bool:
        """Whether a pronoun can stand for something of this class."""
        if mention.name in {"it", "its"}:
            return chain.cls != self.known.person and chain.cls in self.known.groups | self.known.events
        gender = GENDERS.get(mention.name, "")
        return chain.cls == self.known.person and (not chain.gender or chain.gender == gender)
