"""From what documents say and no phrase covers to lines of Turtle that would cover it."""

from __future__ import annotations

import json
import re
import textwrap
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, count, product

from graphwright.facts.phrases import PropertyPattern
from graphwright.ontology import Ontology
from graphwright.ontology.loader import DEFAULT
from graphwright.ontology.terms import LEX
from graphwright.propositions import IS, OBJECT, SUBJECT

OWN = "my"
"""The prefix of properties that are new, where the ontology has no such prefix for the namespace below."""
OWN_NAMESPACE = "https://example.org/my#"
NAMESPACES = {
    "lex": LEX,
    "owl": "http://www.w3.org/2002/07/owl#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
}
MOST = 0.9
"""The part of what general classes cover that more special ones must."""
EXAMPLE = 240
"""The most characters of a sentence that stands in a comment."""
ALTERNATIVES = 6
"""The most properties of the ontology that are named beside a new one."""
STEM = 4
"""The fewest letters that two words of one family share."""


@dataclass(frozen=True, slots=True)
class Frame:
    """How something is said of two things, whoever they are.

    ``roles`` are those of the two, ``core`` is what stands between them in the notation of patterns, and ``word`` the
    lemma in it that says it. ``name`` would name a property that is said so.
    """

    roles: tuple[str, str]
    core: str
    word: str
    name: str

    def pattern(self, first: str, second: str) -> str:
        """The pattern, with names of classes in its slots."""
        one, other = self.roles
        return f"[{first}] {'-is->' if one == IS else f'<-{one}-'} {self.core} -{other}-> [{second}]"


@dataclass(frozen=True, slots=True)
class Uncovered:
    """Something that a sentence says of two things and that no phrase matches; the classes that each of them has."""

    frame: Frame
    first: frozenset[str]
    second: frozenset[str]
    sentence: str


@dataclass(frozen=True, slots=True)
class Tally:
    """How many different sentences say one thing of things of the same classes, with the first of them."""

    said: Uncovered
    count: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """A pattern that would cover what ``count`` different sentences say, ``example`` among them.

    It is one of ``property`` (an IRI), which is ``new`` where the ontology has none that is said alike; then
    ``alternatives`` are those of its properties that could hold between things of the classes ``domain`` and ``range``.
    """

    property: str
    new: bool
    domain: str
    range: str
    pattern: str
    count: int
    example: str
    alternatives: tuple[str, ...] = ()


def propose(
    tallies: Iterable[Tally], ontology: Ontology, patterns: Iterable[PropertyPattern], top: int
) -> tuple[Proposal, ...]:
    """Patterns that would cover the most sentences, at most ``top`` of them, most frequent first."""
    by_frame: dict[object, list[Tally]] = defaultdict(list)
    for tally in tallies:  # frames that differ in their names alone are one
        by_frame[tally.said.frame.roles, tally.said.frame.core].append(tally)
    groups = [group for alike in by_frame.values() for group in generalised(alike, ontology)]
    groups.sort(key=rank)
    light = ontology.words.get("lightVerbs", frozenset())
    known: dict[str, list[PropertyPattern]] = defaultdict(list)
    for one in patterns:
        known[one.property.iri].append(one)
    taken = {ontology.local(iri) for iri in (*ontology.properties, *ontology.classes)}
    found = []
    for group in groups[:top]:
        straight = fitting(group.first, group.second, ontology)
        turned = [iri for iri in fitting(group.second, group.first, ontology) if iri not in straight]
        near = [
            iri for iri in (*straight, *turned) if is_near(group.frame, known[iri], light, straight=iri in straight)
        ]
        name = ""
        if not near:
            name = new_name(group, ontology, taken)
            taken.add(name)
        first, second = name_of(group.first, ontology), name_of(group.second, ontology)
        found.append(
            Proposal(
                near[0] if near else ontology.prefixes.get(OWN, OWN_NAMESPACE) + name,
                not near,
                group.first,
                group.second,
                group.frame.pattern(first, second),
                group.count,
                group.example,
                () if near else tuple([*straight, *turned][:ALTERNATIVES]),
            )
        )
    return tuple(found)


# -------------------------------------------------------------------------------------------------------------- classes


@dataclass(frozen=True, slots=True)
class Group:
    """A frame with the classes of its two things, as general as needed, and the number of sentences."""

    frame: Frame
    first: str
    second: str
    count: int
    example: str


def rank(group: Group) -> tuple[object, ...]:
    """The most frequent first; of equals those with subject and object, which a parser gets right most often."""
    frame = group.frame
    return (-group.count, frame.roles != (SUBJECT, OBJECT), frame.core, frame.roles, group.first, group.second)


def generalised(tallies: list[Tally], ontology: Ontology) -> Iterator[Group]:
    """The classes that cover most of what is said in one way, then those that cover most of the rest, and so on.

    Special classes that cover nearly as much win over general ones.
    """
    rest = tallies
    while rest:
        firsts = {above for tally in rest for cls in tally.said.first for above in above_of(cls, ontology)}
        seconds = {above for tally in rest for cls in tally.said.second for above in above_of(cls, ontology)}
        covered = {
            pair: sum(tally.count for tally in rest if covers(pair, tally, ontology))
            for pair in product(sorted(firsts), sorted(seconds))
        }
        enough = MOST * max(covered.values())
        wide = [pair for pair, number in covered.items() if number >= enough]
        best = max(wide, key=lambda pair: (sum(len(above_of(cls, ontology)) for cls in pair), covered[pair]))
        inside = [tally for tally in rest if covers(best, tally, ontology)]
        rest = [tally for tally in rest if tally not in inside]
        leading = max(inside, key=lambda tally: tally.count)
        yield Group(leading.said.frame, *best, covered[best], leading.said.sentence)


def above_of(cls: str, ontology: Ontology) -> list[str]:
    """A class with those above it that a slot can name."""
    return [above for above in ontology.ancestors.get(cls, (cls,)) if above in ontology.classes]


def covers(pair: tuple[str, str], tally: Tally, ontology: Ontology) -> bool:
    """Whether both things of what is said are of two classes."""
    first, second = pair
    return any(ontology.is_a(cls, first) for cls in tally.said.first) and any(
        ontology.is_a(cls, second) for cls in tally.said.second
    )


def name_of(cls: str, ontology: Ontology) -> str:
    """How a slot names a class: by its local name, or where another class goes by that, with its prefix."""
    local = ontology.local(cls)
    found = ontology.class_named(local)
    return local if found is not None and found.iri == cls else shortened(cls, ontology.prefixes).strip("<>")


# ----------------------------------------------------------------------------------------------------------- properties


def fitting(first: str, second: str, ontology: Ontology) -> list[str]:
    """The properties of the graph that can hold between two classes, those sooner that are said of little else."""
    found = [
        prop
        for prop in ontology.properties.values()
        if prop.domain and prop.range and not (prop.literal or prop.auxiliary)
        if ontology.fits(first, prop.domain) and ontology.fits(second, prop.range)
    ]
    return [
        prop.iri
        for prop in sorted(found, key=lambda prop: extent(prop.domain, ontology) * extent(prop.range, ontology))
    ]


def extent(classes: Iterable[str], ontology: Ontology) -> int:
    """How many classes are among some classes or below them."""
    return sum(ontology.fits(cls, tuple(classes)) for cls in ontology.classes)


def is_near(frame: Frame, patterns: Iterable[PropertyPattern], light: frozenset[str], *, straight: bool) -> bool:
    """Whether the patterns of a property are near a frame whose first thing is its subject (``straight``) or object.

    One has a word of the same family and the first thing in the same role, and one, perhaps another, the second thing.
    Light verbs, which may say anything, count only where a pattern has no other word.
    """
    first, second = frame.roles
    spoken = placed = False
    for one in patterns:
        here, there = (one.subject, one.object) if straight else (one.object, one.subject)
        edges = one.pattern.edges
        words = frozenset().union(*(node.words for node in one.pattern.nodes))
        placed |= any(second in edge.roles and edge.argument == there for edge in edges)
        spoken |= any(first in edge.roles and edge.argument == here for edge in edges) and any(
            is_related(frame.word, word) for word in words - light or words
        )
    return spoken and placed


def is_related(one: str, other: str) -> bool:
    """Whether two lemmas are of one family, as far as their letters tell: assist and assistance.

    >>> is_related("cooperate", "cooperation"), is_related("contract", "control")
    (True, False)
    """
    short, long = sorted((one, other), key=len)
    return one == other or (len(short) > STEM and long.startswith(short[:-1]))


def new_name(group: Group, ontology: Ontology, taken: set[str]) -> str:
    """A name for a new property that no other term has: by how it is said, if need be with the class of the second."""
    name = group.frame.name
    longer = name + ontology.local(group.second)
    numbered = (f"{longer}{number}" for number in count(2))
    return next(one for one in chain((name, longer), numbered) if one not in taken)


# --------------------------------------------------------------------------------------------------------------- Turtle


def to_turtle(proposals: Iterable[Proposal], ontology: Ontology) -> str:
    """Proposals as a Turtle file that extends their ontology, each below its sentence."""
    listed = list(proposals)
    prefixes = {OWN: OWN_NAMESPACE, **ontology.prefixes, **NAMESPACES}
    terms = {iri for one in listed for iri in (one.property, *((one.domain, one.range) if one.new else ()))}
    short = {iri: shortened(iri, prefixes) for iri in terms}
    used = {*NAMESPACES, *(text.partition(":")[0] for text in short.values() if not text.startswith("<"))}
    lines = ["# Keep the lines that are right, and read them beside the ontology: --ontology FILE"]
    lines += [f"@prefix {name}: <{prefixes[name]}> ." for name in sorted(used)]
    if any(str(subject) == DEFAULT for subject, _, _ in ontology.triples):
        lines += ["", f"<{prefixes[OWN].rstrip('#/')}> a owl:Ontology ; owl:imports <{DEFAULT}> ."]
    for one in listed:
        times = "once" if one.count == 1 else f"in {one.count} sentences"
        lines += ["", f"# {times}: {comment(one.example)}"]
        if one.alternatives:
            names = ", ".join(shortened(iri, prefixes) for iri in one.alternatives)
            lines.append(f"# perhaps of {names}")
        kind = ""
        if one.new:
            kind = f"a owl:ObjectProperty ; rdfs:domain {short[one.domain]} ; rdfs:range {short[one.range]} ; "
        lines.append(f"{short[one.property]} {kind}lex:pattern {json.dumps(one.pattern)} .")
    return "\n".join(lines) + "\n"


def comment(text: str) -> str:
    """A text on one line, without what does not print, shortened at a word."""
    line = "".join(mark if mark.isprintable() else " " for mark in text)
    return textwrap.shorten(line, EXAMPLE, placeholder=" …")


def shortened(iri: str, prefixes: Mapping[str, str]) -> str:
    """An IRI in Turtle: with the prefix of the longest namespace, or in full where none will do."""
    for name, space in sorted(prefixes.items(), key=lambda one: (-len(one[1]), one[0])):
        rest = iri.removeprefix(space)
        if space and rest != iri and re.fullmatch(r"[A-Za-z_](?:[\w-]*\w)?", rest, re.ASCII):
            return f"{name}:{rest}"
    return f"<{iri}>"
