"""What joins two places of a text in its propositions, written as a pattern."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from itertools import pairwise

from graphwright.facts.reading import Reading
from graphwright.mentions.model import POST_LABEL
from graphwright.propositions import CONTENT, OBJECT, SUBJECT
from graphwright.propositions.arguments import is_light
from graphwright.propositions.model import PARTICLE

Step = tuple[int, str, int]
"""A predicate, a role, and the token that fills it."""


CONTENT_WORDS = frozenset({"VERB", "NOUN", "ADJ", "ADV"})


def shortest(start: int, goal: int, reading: Reading) -> tuple[Step, ...]:
    """The fewest roles that lead from one token to another, in either direction; none where nothing does.

    A way through a verb is better than one by the subject that a light verb lends to its noun.
    """
    return search(start, goal, reading, lent=False) or search(start, goal, reading, lent=True)


def search(start: int, goal: int, reading: Reading, *, lent: bool) -> tuple[Step, ...]:
    """As `shortest`, with or without the subjects of nouns."""
    queue: deque[tuple[int, tuple[Step, ...]]] = deque([(start, ())])
    seen = {start}
    while queue:
        token, path = queue.popleft()
        if token == goal:
            return path
        down = [(token, argument.role, argument.token) for argument in reading.propositions.arguments(token)]
        up = [(p.predicate, argument.role, token) for p, argument in reading.propositions.heads.get(token, ())]
        for step in (*down, *up):
            if not lent and step[1] == SUBJECT and reading.doc[step[0]].pos_ in {"NOUN", "PROPN"}:
                continue
            other = step[2] if step[0] == token else step[0]
            if other not in seen:
                seen.add(other)
                queue.append((other, (*path, step)))
    return ()


def written(path: Sequence[Step], start: int, first: str, second: str, reading: Reading) -> str:
    """A path from a token in the notation of patterns, with the names of classes for the slots at its ends."""
    text, here = f"[{first}]", start
    passed = {token for head, _, argument in path for token in (head, argument)}
    for number, (head, role, argument) in enumerate(path, start=1):
        arrow, here = (f"-{role}->", argument) if head == here else (f"<-{role}-", head)
        text += f" {arrow} {f'[{second}]' if number == len(path) else node(here, passed, reading)}"
    return text


def node(token: int, passed: set[int], reading: Reading) -> str:
    """A token between the ends of a path: a post or name by its class, another word by its lemma.

    A particle stands beside its verb, and beside a light verb the noun that it lends itself to ("took part").
    """
    mention = reading.mentions.at.get(token)
    cls = reading.ontology.classes.get(mention.cls) if mention is not None else None
    if mention is not None and cls is not None and (POST_LABEL in cls.entity_labels or mention.kind == "name"):
        return f"{{{reading.ontology.local(cls.iri)}}}"
    word = reading.doc[token]
    roles = {PARTICLE, OBJECT} if is_light(word, reading.ontology.words) else {PARTICLE}
    beside = [a for a in reading.propositions.arguments(token, roles) if a.token not in passed]
    sides = [f" (-{a.role}-> {reading.doc[a.token].lemma_.lower()})" for a in beside if not reading.things(a.token)]
    return word.lemma_.lower() + "".join(sides)


def is_general(path: Sequence[Step], ends: tuple[int, int], reading: Reading) -> bool:
    """Whether a path may hold in other sentences: through content words or names, and not by what somebody says.

    Two that fill one role side by side ("A and B agreed") are joined by no more than that.
    """
    between = {token for head, _, argument in path for token in (head, argument)} - set(ends)
    words = [reading.doc[token] for token in between]
    solid = all((word.is_alpha and word.pos_ in CONTENT_WORDS) or word.i in reading.mentions.at for word in words)
    reported = any(role == CONTENT for _, role, _ in path)
    beside = any(one[:2] == other[:2] for one, other in pairwise(path))
    return solid and not reported and not beside and not any(word.pos_ == "PRON" for word in words)


def is_worded(pattern: str) -> bool:
    """Whether a pattern has a word of its own, and not only classes and roles, which are everywhere.

    >>> is_worded("[Person] <-subject- lead -object-> [Delegation]"), is_worded("[Person] -of-> [Country]")
    (True, False)
    """
    return any(not part.startswith(("[", "<", "-", "{")) for part in pattern.split())
