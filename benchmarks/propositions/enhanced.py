"""Arguments as a treebank's enhanced dependencies tell them, beside those that we read from its basic trees.

The column DEPS of a CoNLL-U file holds the enhanced graph of Universal Dependencies version 2 (Schuster and Manning
2016, "Enhanced English Universal Dependencies", LREC): conjuncts share what they share, controlled verbs have their
subject, antecedents stand for relative pronouns, and relations carry their preposition ("obl:in"). Both sides become
triples of a predicate, a role as in `graphwright.propositions`, and the token that fills it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from spacy.tokens import Doc
from spacy.vocab import Vocab

from graphwright.language.parse import Parse, Word
from graphwright.propositions import CONTENT, IS, MODIFIER, OBJECT, RECIPIENT, SUBJECT, TIME, UNMARKED, Propositions
from graphwright.propositions.arguments import RELATIVE_PLACE, has_copula, is_passive, is_stranded, preposition

Triple = tuple[int, str, int]
Edge = tuple[int, int, str]  # head, dependant, relation

PLAIN = {
    "nsubj": SUBJECT,
    "csubj": SUBJECT,
    "nsubj:outer": SUBJECT,
    "csubj:outer": SUBJECT,
    "obl:agent": SUBJECT,
    "nsubj:pass": OBJECT,
    "csubj:pass": OBJECT,
    "obj": OBJECT,
    "iobj": RECIPIENT,
    "nmod:poss": "of",
    "appos": IS,
    "amod": MODIFIER,
    "compound": MODIFIER,
    "xcomp": CONTENT,
    "ccomp": CONTENT,
    "obl:unmarked": TIME,
    "obl": TIME,
    "nmod:unmarked": UNMARKED,
    "nmod": UNMARKED,
}
"""The roles of relations; "obl:in" and "nmod:in" have their preposition as role."""
NAMED = frozenset({"nmod:desc"})
"""Relations between the parts of a name and its titles, which are read by other means."""
DIRECT = {
    "nsubj": "subject",
    "csubj": "subject",
    "nsubj:outer": "subject",
    "csubj:outer": "subject",
    "nsubj:pass": "passive subject",
    "csubj:pass": "passive subject",
    "obl:agent": "by-phrase",
    "obj": "object",
    "iobj": "recipient",
    "amod": "modifier",
    "compound": "modifier",
    "appos": "apposition",
    "xcomp": "content",
    "ccomp": "content",
}
"""The kinds of triples that stand in the basic tree as they are."""
KINDS = (
    "subject", "passive subject", "by-phrase", "object", "recipient", "oblique", "complement of a noun", "modifier",
    "apposition", "copula", "content", "control", "conjoined argument", "shared argument", "relative clause",
)  # fmt: skip
ADDED = ("participle", "adverbial clause", "infinitive of a noun", "lent to a noun", "other")
"""What we read beyond the enhanced graphs on purpose: "the troops stationed there", "X left, taking Y"."""


@dataclass(frozen=True, slots=True)
class Tree:
    """A sentence with its basic tree as spaCy's, and the edges of its enhanced graph."""

    name: str
    doc: Parse
    edges: tuple[Edge, ...]


def read(path: Path, vocab: Vocab) -> Iterator[Tree]:
    """The sentences of a CoNLL-U file. Edges from and to empty nodes (of ellipsis) are left out."""
    return (tree(name, rows, vocab) for name, rows in blocks(path))


def blocks(path: Path) -> Iterator[tuple[str, list[list[str]]]]:
    """The name of each sentence of a CoNLL-U file, and the ten columns of its words."""
    name, rows = "", []
    for line in path.read_text(encoding="utf-8").split("\n"):
        if line.startswith("# sent_id = "):
            name = line.partition(" = ")[2]
        elif line[:1].isdigit():
            rows.append(line.split("\t"))
        elif not line and rows:
            yield name, [row for row in rows if row[0].isdigit()]
            rows = []


def tree(name: str, rows: list[list[str]], vocab: Vocab) -> Tree:
    """The tree of the ten columns of a sentence's words."""
    doc = Doc(
        vocab,
        words=[row[1] for row in rows],
        spaces=["SpaceAfter=No" not in row[9] for row in rows],
        lemmas=[row[2] for row in rows],
        pos=[row[3] for row in rows],
        tags=[row[4] for row in rows],
        heads=[int(row[6]) - 1 if int(row[6]) else i for i, row in enumerate(rows)],
        deps=[row[7] if row[7] != "root" else "ROOT" for row in rows],
    )
    edges = []
    for i, row in enumerate(rows):
        for edge in row[8].split("|"):
            head, _, relation = edge.partition(":")
            if head.isdigit() and head != "0":
                edges.append((int(head) - 1, i, relation))
    return Tree(name, Parse(doc), tuple(edges))


def told(tree: Tree) -> dict[Triple, str]:
    """The triples that the enhanced graph of a sentence tells, with their kinds.

    Where its conventions differ from ours without loss, ours are used: what undergoes a passive is its object even
    where it is raised to it or shared ("is to be sent"), of adjectives that may be participles too ("is pleased"); the
    noun that something becomes or is called *is* it; and antecedents keep the preposition of their relative word.
    """
    found: dict[Triple, str] = {}
    relatives = {(tree.doc[word].head.i, noun): word for noun, word, relation in tree.edges if relation == "ref"}
    for head, dependant, relation in tree.edges:
        base = relation.removesuffix(":xsubj")
        predicate, filler, role = tree.doc[head], tree.doc[dependant], role_of(base)
        if not role or base in NAMED or is_stranded(filler):
            continue
        how = kind(predicate, role, filler)
        if role == TIME and (head, dependant) in relatives:
            word = tree.doc[relatives[head, dependant]]
            role = RELATIVE_PLACE.get(word.lower_) or preposition(word) or role
        elif role == TIME and how == "relative clause":
            role = next((child.lower_ for child in predicate.children if is_stranded(child)), role)
        if role == SUBJECT and base != "obl:agent" and is_named_by_copula(predicate):
            found[dependant, preposition(predicate) or IS, head] = "copula"
        elif role == SUBJECT and how == "control" and predicate.pos_ in {"NOUN", "PROPN"}:
            found[dependant, preposition(predicate) or IS, head] = "control"
        elif role == SUBJECT and base != "obl:agent" and is_passive(predicate):
            found[head, OBJECT, dependant] = how
        else:
            found[head, role, dependant] = how
    return found


def read_off(tree: Tree, propositions: Propositions) -> dict[Triple, str]:
    """The triples that we read from the basic tree of a sentence, with their kinds; what DEPS has no edge for left out.

    These are clauses that hang on a predicate, particles, and adverbs of time.
    """
    found: dict[Triple, str] = {}
    for predicate, proposition in propositions.by_token.items():
        for argument in proposition.arguments:
            head, filler = tree.doc[predicate], tree.doc[argument.token]
            if argument.role == IS and filler.dep_ == "xcomp":
                found[predicate, IS, argument.token] = "control"
            elif is_named_by_copula(filler) and argument.role in {IS, preposition(filler)} and head.head != filler.head:
                found[predicate, argument.role, argument.token] = "copula"
            elif filler.head != head or (role_of(filler.dep_) and filler.dep_ not in NAMED):
                found[predicate, argument.role, argument.token] = kind(head, argument.role, filler)
    return {triple: kind for triple, kind in found.items() if not triple[1].endswith("clause")}


def role_of(relation: str) -> str:
    """The role that a relation gives, "" for none."""
    base, _, preposition = relation.partition(":")
    return PLAIN.get(relation) or (preposition.replace("_", " ") if base in {"obl", "nmod"} else "")


def first_of(token: Word) -> Word:
    """The first of the conjuncts of a token."""
    while token.dep_ == "conj":
        token = token.head
    return token


def is_named_by_copula(token: Word) -> bool:
    """Whether "to be" says that something is this noun, or in this place."""
    return token.pos_ not in {"ADJ", "VERB"} and has_copula(first_of(token))


def kind(predicate: Word, role: str, filler: Word) -> str:
    """What a reader must know to find a triple, as the basic tree tells it."""
    nominal = predicate.pos_ in {"NOUN", "PROPN"} and not has_copula(first_of(predicate))
    if nominal and role in {SUBJECT, OBJECT} and filler.head == predicate:
        return "lent to a noun"  # those of its verb: "Sharon's assassination of leaders"
    if filler.head == predicate:
        return DIRECT.get(filler.dep_) or ("oblique" if filler.dep_.startswith("obl") else "complement of a noun")
    clause = first_of(predicate)
    if role in {SUBJECT, OBJECT} and clause.dep_ == "xcomp" and not clause.is_ancestor(filler):
        return "control"
    relative = next((t for t in (predicate, *predicate.ancestors) if t.dep_ == "acl:relcl"), None)
    if not nominal and relative is not None and first_of(filler) == first_of(relative.head):
        return "relative clause"
    if filler.dep_ == "conj" and first_of(filler).head == predicate:
        return "conjoined argument"
    if clause.dep_ == "acl" and first_of(filler) == first_of(clause.head):
        return "participle"
    if clause.dep_ == "advcl" and not clause.is_ancestor(filler):
        return "adverbial clause"
    if clause.dep_ == "acl":
        return "infinitive of a noun"
    if nominal:
        return "lent to a noun"
    return "shared argument" if predicate.dep_ == "conj" else "other"
