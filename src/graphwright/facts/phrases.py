"""From an example phrase to a pattern: the phrase is read by the same pipeline as the texts it shall match."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from spacy.language import Language

from graphwright.errors import OntologyError
from graphwright.language.parse import Parse, Word
from graphwright.mentions.model import PERSON_LABEL
from graphwright.ontology import Example, Ontology, Property
from graphwright.ontology.checks import with_implied_slot
from graphwright.ontology.patterns import Edge, Node, NotationError, Pattern, parse, with_synonyms
from graphwright.propositions import Propositions, read_propositions
from graphwright.propositions.arguments import Words, lemmas
from graphwright.propositions.model import OBJECT, ROLES

SLOT = re.compile(r"\[([^\]]+)\]")
VALUE_FILLERS: Mapping[str, str] = {"date": "Monday", "text": "Blue", "number": "seven"}
LABEL_FILLERS: Mapping[str, str] = {
    "PERSON": "Maria Novak",
    "COUNTRY": "France",
    "CITY": "Berlin",
    "GPE": "Berlin",
    "LOC": "Berlin",
    "ORG": "Ericsson",
    "POST": "the director",
}
"""What stands in a slot while its phrase is parsed, by the entity label of its class or the nearest class above it."""

EMPTY_WORDS = frozenset({"DET", "ADP", "PART", "PUNCT", "AUX", "SCONJ", "CCONJ", "SPACE", "PRON", "PROPN"})


@dataclass(frozen=True, slots=True)
class PropertyPattern:
    """A pattern with the property it states; ``subject`` and ``object`` are the positions of its slots."""

    property: Property
    pattern: Pattern
    subject: int
    object: int
    example: Example


def compile_ontology(ontology: Ontology, nlp: Language) -> tuple[PropertyPattern, ...]:
    """Compile every phrase and pattern of an ontology.

    Raises OntologyError with the line of a phrase whose slots are not connected, or of a pattern in broken notation.
    """
    phrases = [(prop, example) for prop in ontology.properties.values() for example in prop.phrases]
    filled = [fill(example, prop, ontology) for prop, example in phrases]
    docs = nlp.pipe(text for text, _ in filled)
    compiled = [
        orient(prop, with_synonyms(pattern, prop.synonyms), example, ontology)
        for doc, (prop, example), (_, slots) in zip(docs, phrases, filled, strict=True)
        for pattern in attachments(understand(Parse(doc), slots, ontology.words, prop, example))
    ]
    for prop in ontology.properties.values():
        for example in prop.patterns:
            try:
                compiled.append(orient(prop, with_synonyms(parse(example.text), prop.synonyms), example, ontology))
            except NotationError as error:
                raise OntologyError(
                    f"the pattern {example.text!r} of {ontology.local(prop.iri)} cannot be read: {error}",
                    f"{example.file}:{example.line}",
                    "write nodes and edges in turn, as in [Person] <-subject- lead -object-> [Delegation]",
                ) from error
    return tuple(compiled)


def fill(example: Example, prop: Property, ontology: Ontology) -> tuple[str, list[tuple[int, int, str]]]:
    """A phrase with words in its slots, and the character span and class name of each."""
    text, slots, position = "", [], 0
    source = with_implied_slot(example.text, prop, ontology)
    for match in SLOT.finditer(source):
        text += source[position : match.start()]
        filler = filler_for(match[1].strip(), ontology)
        if filler.startswith("the ") and re.search(
            r"(?:\b(?:the|an?)(?: \w+)?|\]|['’]s)\s+$", source[: match.start()], re.IGNORECASE
        ):
            filler = filler[4:]
        text = text + (filler if text.strip() else filler[0].upper() + filler[1:])
        slots.append((len(text) - len(filler), len(text), match[1].strip()))
        position = match.end()
    text += source[position:]
    return (text if text.endswith(".") else text + "."), slots


def filler_for(name: str, ontology: Ontology) -> str:
    """A word for a slot: a typical name of its class, else a noun of it, else of the nearest class above."""
    if name in VALUE_FILLERS:
        return VALUE_FILLERS[name]
    cls = ontology.class_named(name)
    queue = deque([cls.iri] if cls else [])
    while queue:
        here = ontology.classes.get(queue.popleft())
        if here is None:
            continue
        for label in here.entity_labels:
            if label in LABEL_FILLERS:
                return LABEL_FILLERS[label]
        if any(
            ontology.is_a(low.iri, here.iri) and PERSON_LABEL in low.entity_labels for low in ontology.classes.values()
        ):
            return LABEL_FILLERS[PERSON_LABEL]  # who can be a person is best told by a name
        if here.nouns:  # the noun that names the class is the most usual one
            usual = here.label.lower()
            return "the " + min(here.nouns, key=lambda noun: (noun != usual, " " in noun, here.nouns.index(noun)))
        queue.extend(here.parents)
    return "the " + (cls.label if cls else name).lower()


def understand(
    doc: Parse, slots: list[tuple[int, int, str]], words: Words, prop: Property, example: Example
) -> Pattern:
    """The tree that joins the slots of a parsed phrase, with the phrase's other content words as side branches."""
    units: dict[int, int] = {}
    heads: dict[int, str] = {}
    for start, end, name in slots:
        span = doc.char_span(start, end)
        assert span is not None  # slots lie inside the text
        head = span.root.i
        heads[head] = name
        units.update({token.i: head for token in span})
    propositions = read_propositions(doc, words, units)
    edges = list(all_edges(propositions))
    first, second = list(heads)
    path = shortest_path(edges, first, second)
    if path is None:
        raise OntologyError(
            f"the phrase {example.text!r} of {prop.iri.rpartition('#')[2] or prop.iri} joins its two slots by no words",
            f"{example.file}:{example.line}",
            'write it as a plain sentence that holds both, as in "[Person] leads [Delegation]", or give a lex:pattern',
        )
    content = {t.i for t in doc if is_content(t) and units.get(t.i, t.i) == t.i and t.i not in heads}
    chosen = list(path)
    reached = {token for edge in chosen for token in (edge[0], edge[2])}
    grown = True
    while grown:  # content words hang on the path as side branches
        grown = False
        for edge in edges:
            ends = {edge[0], edge[2]}
            new = ends - reached
            if len(new) == 1 and new <= content:
                chosen.append(edge)
                reached |= new
                grown = True
    order = sorted(reached)
    position = {token: i for i, token in enumerate(order)}
    nodes = tuple(Node(slot=heads[token]) if token in heads else Node(words=lemmas(doc[token])) for token in order)
    tree = tuple(Edge(position[head], frozenset({role}), position[argument]) for head, role, argument in chosen)
    return Pattern(nodes, tree, example.text)


def attachments(pattern: Pattern) -> Iterator[Pattern]:
    """The pattern, and the same with a slot that a preposition brings on the verb instead of on its object, or the
    other way round.

    Of "[A] imposed sanctions on [B]" a parser says now that A imposed on B, now that there are sanctions on B.
    """
    yield pattern
    objects = {
        edge.head: edge.argument
        for edge in pattern.edges
        if edge.roles == {OBJECT} and not pattern.nodes[edge.argument].slot
    }
    verbs = {noun: verb for verb, noun in objects.items()}
    for i, edge in enumerate(pattern.edges):
        other = objects.get(edge.head, verbs.get(edge.head))
        if other is not None and pattern.nodes[edge.argument].slot and not edge.roles & ROLES:
            moved = replace(edge, head=other)
            yield replace(pattern, edges=(*pattern.edges[:i], moved, *pattern.edges[i + 1 :]))


def is_content(token: Word) -> bool:
    """Whether a word of a phrase must stand in the text too: no function word and no name, but particles ("set up")."""
    return token.pos_ not in EMPTY_WORDS or token.dep_ == "compound:prt"


def all_edges(propositions: Propositions) -> Iterator[tuple[int, str, int]]:
    """Every argument as predicate, role and filler."""
    for proposition in propositions.by_token.values():
        for argument in proposition.arguments:
            yield proposition.predicate, argument.role, argument.token


def shortest_path(edges: Iterable[tuple[int, str, int]], start: int, goal: int) -> list[tuple[int, str, int]] | None:
    """The fewest edges, in either direction, from one token to another."""
    edges = list(edges)
    queue: deque[tuple[int, list[tuple[int, str, int]]]] = deque([(start, [])])
    seen = {start}
    while queue:
        token, path = queue.popleft()
        if token == goal:
            return path
        for edge in edges:
            other = edge[2] if edge[0] == token else edge[0] if edge[2] == token else None
            if other is not None and other not in seen:
                seen.add(other)
                queue.append((other, [*path, edge]))
    return None


def orient(prop: Property, pattern: Pattern, example: Example, ontology: Ontology) -> PropertyPattern:
    """Which slot is the subject: the one that fits the domain, the other fitting the range; else the first written.

    A class that is of the domain or range fits better than one that may be: of "the appointment of [Person] by [Agent]"
    the agent appoints, though agents may be persons.
    """
    names = [match[1].strip() for match in SLOT.finditer(with_implied_slot(example.text, prop, ontology))]
    positions = list(pattern.slots)
    written = sorted(positions, key=lambda i: names.index(pattern.nodes[i].slot) if len(set(names)) == 2 else i)
    first, second = written
    one, other = pattern.nodes[first].slot, pattern.nodes[second].slot
    for test in (are, could_be):
        straight, turned = fits(prop, one, other, ontology, test), fits(prop, other, one, ontology, test)
        if straight or turned:
            first, second = (first, second) if straight else (second, first)
            break
    return PropertyPattern(prop, pattern, first, second, example)


def fits(
    prop: Property,
    subject: str,
    object_: str,
    ontology: Ontology,
    test: Callable[[str, tuple[str, ...], Ontology], bool],
) -> bool:
    """Whether two slots pass a test as subject and object of a property."""
    return test(subject, prop.domain, ontology) and (
        test(object_, prop.range, ontology) if not prop.literal else object_ in VALUE_FILLERS
    )


def are(slot: str, allowed: tuple[str, ...], ontology: Ontology) -> bool:
    """Whether all that is of the class of a slot is of one of the allowed classes."""
    cls = ontology.class_named(slot)
    return cls is not None and ontology.fits(cls.iri, allowed)


def could_be(slot: str, allowed: tuple[str, ...], ontology: Ontology) -> bool:
    """Whether something can be of the class of a slot and of one of the allowed classes."""
    cls = ontology.class_named(slot)
    return cls is not None and ontology.overlap(cls.iri, allowed)
