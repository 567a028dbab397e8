"""The bridge from ClearNLP labels to Universal Dependencies, for pipelines such as `en_core_web_sm`.

Such pipelines are trained on OntoNotes with the dependencies of Choi and Palmer, "Guidelines for the CLEAR Style
Constituent to Dependency Conversion" (Technical Report 01-12, University of Colorado, 2012): a preposition heads its
object and "be" its predicate, a conjunct hangs on the one before it, the last word heads a name. The component
`graphwright_bridge` turns these trees into Universal Dependencies (de Marneffe et al. 2021) as the treebanks EWT and
GUM write them in release 2.16, so that content words are heads and function words hang on them.

Each step below is a function that changes a `Forest`. Words change places by `Forest.move` and `Forest.promote` alone,
which keep a tree a tree over the same words; so whatever a parser says, no sentence changes its bounds, gets a second
root or a cycle. Labels that are none of ClearNLP's stay as they are, and so do the names of the document.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from spacy.language import Language
from spacy.tokens import Doc

from graphwright.language.phrases import noun_chunks

NAME: Final = "graphwright_bridge"
"""The name of the component."""

CLEAR: Final = frozenset({"auxpass", "dobj", "nsubjpass", "pobj"})
"""Labels that every parser with ClearNLP labels has, and none with Universal Dependencies."""

SYNONYMS: Final = {
    "abbrev": "appos", "complm": "mark", "infmod": "acl", "nn": "compound", "npmod": "npadvmod", "num": "nummod",
    "number": "compound", "partmod": "acl", "possessive": "case", "rcmod": "relcl", "root": "ROOT",
}  # fmt: skip
"""Labels of older versions of ClearNLP, and what they are called since."""

RENAMED: Final = {
    "acomp": "xcomp", "agent": "obl:agent", "attr": "xcomp", "auxpass": "aux:pass", "csubjpass": "csubj:pass",
    "dative": "iobj", "dobj": "obj", "hmod": "compound", "hyph": "punct", "intj": "discourse", "meta": "parataxis",
    "neg": "advmod", "nsubjpass": "nsubj:pass", "oprd": "xcomp", "poss": "nmod:poss", "preconj": "cc:preconj",
    "predet": "det:predet", "prt": "compound:prt", "quantmod": "advmod",
}  # fmt: skip
"""What a label becomes where no other step has given the word another."""

COMPOUND_PREPOSITIONS: Final = frozenset(
    {
        ("according", "to"), ("as", "of"), ("as", "to"), ("because", "of"), ("depending", "on"), ("due", "to"),
        ("instead", "of"), ("out", "of"), ("prior", "to"), ("rather", "than"), ("such", "as"),
    }
)  # fmt: skip
FIXED: Final = (
    *sorted(COMPOUND_PREPOSITIONS),
    ("as", "well", "as"), ("not", "to", "mention"), ("as", "many", "as"), ("as", "well"), ("fewer", "than"),
    ("less", "than"), ("more", "than"), ("of", "course"), ("so", "that"), ("up", "to"), ("whether", "or", "not"),
    ("each", "other"), ("one", "another"),
)  # fmt: skip
"""What the treebanks take for one word: the first heads the others, which are `fixed`. Longer ones go first."""
FIXED_AS: Final = frozenset({"advmod", "case", "cc", "mark", "obj", "obl", "iobj", "nmod", "nmod:poss"})
"""What fixed words can be together."""

BE: Final = frozenset({"be", "is", "are", "was", "were", "been", "being", "am", "'s", "’s", "'re", "’re", "'m", "’m"})
ADVERBS_OF_PLACE: Final = frozenset({"abroad", "away", "back", "here", "home", "how", "nearby", "there", "where"})
PREDICATE_MARKS: Final = frozenset({"about", "for", "from", "like"})
"""Prepositions before clauses that are predicates ("it is about winning"); others tell of time or cause."""
NOMINATIVE: Final = frozenset({"i", "he", "she", "we", "they"})
PERSONAL: Final = NOMINATIVE | {"you", "who"}
MONTHS: Final = frozenset(
    {
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
        "december", "jan", "jan.", "feb", "feb.", "mar", "mar.", "apr", "apr.", "jun", "jun.", "jul", "jul.", "aug",
        "aug.", "sep", "sep.", "sept", "sept.", "oct", "oct.", "nov", "nov.", "dec", "dec.",
    }
)  # fmt: skip
DAY: Final = re.compile(r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?")
YEAR: Final = re.compile(r"[12]\d{3}")
JOINTS: Final = frozenset({",", ";", "/", "-", "–", "—"})

PREPOSITIONAL: Final = frozenset({"prep", "agent", "dative"})
GOVERNED: Final = frozenset({"pobj", "pcomp"})
SUBJECTS: Final = frozenset({"nsubj", "nsubjpass", "csubj", "csubjpass"})
PREDICATIVE: Final = frozenset({"VERB", "AUX", "ADJ", "ADV"})
"""Parts of speech whose prepositional phrases are `obl`; those of others are `nmod`."""
NOUNS: Final = frozenset({"NOUN", "PROPN"})
PERSON_LABELS: Final = frozenset({"PERSON", "PER"})


class Forest:
    """The dependency trees of a document while they change: the head and label of every token, by its index.

    The head of a root is the root. Whitespace tokens are `blank`: they stay on the word they hang on.
    """

    def __init__(self, doc: Doc) -> None:
        self.words = [token.lower_ for token in doc]
        self.tags = [token.tag_ for token in doc]
        self.pos = [token.pos_ for token in doc]
        self.blank = [token.is_space for token in doc]
        self.heads = [token.head.i for token in doc]
        self.labels = [self._first_label(token.dep_, token.head.i == token.i, token.is_space) for token in doc]
        self.names = [(name.start, name.end, name.label_) for name in doc.ents]
        self._children: list[set[int]] = [set() for _ in self.heads]
        for token, head in enumerate(self.heads):
            if token != head:
                self._children[head].add(token)

    @staticmethod
    def _first_label(label: str, is_root: bool, is_blank: bool) -> str:
        """The label to begin with. A root without any is no part of a sentence yet, and must not become one."""
        if is_root:
            return "ROOT" if label else ""
        known = SYNONYMS.get(label, label)
        return "dep" if is_blank or known in {"", "ROOT"} else known

    def children(self, token: int, *labels: str) -> list[int]:
        """What hangs on a token, in the order of the text, without blanks; by some labels or by all."""
        return [
            child
            for child in sorted(self._children[token])
            if not self.blank[child] and (not labels or self.labels[child] in labels)
        ]

    def is_root(self, token: int) -> bool:
        """Whether a token hangs on no other."""
        return self.heads[token] == token

    def path(self, token: int) -> Iterator[int]:
        """A token and all that it hangs on, up to the root."""
        yield token
        while not self.is_root(token):
            token = self.heads[token]
            yield token

    def move(self, token: int, head: int, label: str | None = None) -> bool:
        """Hang a token on another; does nothing, and says so, if the other is below it or in another tree."""
        above = list(self.path(head))
        if self.is_root(token) or token in above or above[-1] != list(self.path(token))[-1]:
            return False
        self._children[self.heads[token]].discard(token)
        self._children[head].add(token)
        self.heads[token] = head
        if label is not None:
            self.labels[token] = label
        return True

    def promote(self, token: int, label: str) -> None:
        """Let a token and its head change places: it gets head and label of that one, which hangs on it as `label`."""
        old, above = self.heads[token], self.heads[self.heads[token]]
        self._children[old].discard(token)
        self._children[token].add(old)
        self.heads[old], self.heads[token] = token, token
        if above != old:
            self._children[above].discard(old)
            self._children[above].add(token)
            self.heads[token] = above
        self.labels[token], self.labels[old] = self.labels[old], label

    def hand_over(self, old: int, new: int, but: Iterable[int] = ()) -> None:
        """Hang on one token what hangs on another, but for some."""
        for child in self.children(old):
            if child != new and child not in but:
                self.move(child, new)

    def from_below(self) -> list[int]:
        """All tokens that are no blanks, those deepest in their trees first."""
        depths = {token: sum(1 for _ in self.path(token)) for token in range(len(self.heads)) if not self.blank[token]}
        return sorted(depths, key=lambda token: (-depths[token], token))


# --- prepositions ----------------------------------------------------------------------------------------------------


def raise_governed(forest: Forest) -> None:
    """What a preposition governs takes its place, and the preposition hangs on it: as `case`, before clauses `mark`.

    It keeps the label of the preposition for now, since its head may change yet: of "from across the border" first
    "across" gives way, then "from".
    """
    for preposition in forest.from_below():
        found = governed(forest, preposition)
        if found is None:
            continue
        clause = is_clause(forest, found)
        others = [c for c in forest.children(preposition, "conj") if c != found and is_preposition(forest, c)]
        joints = [c for c in forest.children(preposition, "cc") if any(c < other < found for other in others)]
        shared = forest.labels[found] == "conj"  # "in and around the town", where the town hangs on "around"
        forest.promote(found, "mark" if clause else "case")
        forest.hand_over(preposition, found, but=[*others, *joints])
        if forest.labels[found] == "advmod":  # "instead" is an adverb, "instead of talks" is none
            forest.labels[found] = "prep"
        if shared:
            share(forest, preposition, found)
        if forest.pos[preposition] in {"ADP", "SCONJ"}:
            forest.pos[preposition] = "SCONJ" if clause else "ADP"


def share(forest: Forest, preposition: int, noun: int) -> None:
    """Coordinate the first preposition of a noun with the others, and not the noun."""
    for other in forest.children(noun, "case"):
        if other > preposition and forest.move(other, preposition, "conj"):
            for joint in forest.children(noun, "cc"):
                if preposition < joint < other:
                    forest.move(joint, preposition)


def governed(forest: Forest, token: int) -> int | None:
    """What a preposition governs: a nominal, a clause, or the phrase of a further preposition that has given way."""
    if is_preposition(forest, token):
        for child in forest.children(token, *GOVERNED):
            return child
        phrases = [child for child in forest.children(token, "prep", "conj") if child > token]
    else:
        phrases = [
            child
            for child in forest.children(token, "prep", "pcomp")
            if (forest.words[token], forest.words[min([child, *forest.children(child, "case", "mark")])])
            in COMPOUND_PREPOSITIONS
        ]
    return next((child for child in phrases if forest.children(child, "case", "mark")), None)


def is_preposition(forest: Forest, token: int) -> bool:
    """Whether a token is a preposition, be it a verb in form ("including", "according")."""
    return forest.labels[token] in PREPOSITIONAL or (
        forest.tags[token] in {"IN", "TO", "RP"} and forest.labels[token] not in {"aux", "mark"}
    )


def is_clause(forest: Forest, token: int) -> bool:
    """Whether what a preposition governs is a clause: "after visiting Oslo", "about what he saw"."""
    return forest.labels[token] == "pcomp" and (
        forest.pos[token] in {"VERB", "AUX"} or bool(forest.children(token, *SUBJECTS))
    )


def relate_to_head(forest: Forest) -> None:
    """Phrases and clauses whose relation depends on what they modify: obliques of predicates, modifiers of nouns."""
    for token, label in enumerate(forest.labels):
        pos = forest.pos[forest.heads[token]]
        predicate = pos in PREDICATIVE
        clause = is_clause(forest, token) or bool(forest.children(token, "mark"))
        if label == "agent" and predicate and not clause:
            forest.labels[token] = "obl:agent"
        elif label in PREPOSITIONAL | GOVERNED and (label != "dative" or forest.children(token, "case")):
            relations = ("advcl", "acl") if clause and not forest.children(token, "case") else ("obl", "nmod")
            forest.labels[token] = relations[not predicate]
        elif label == "npadvmod":
            forest.labels[token] = "obl:unmarked" if predicate else "nmod:unmarked"
        elif label == "relcl":
            forest.labels[token] = "advcl:relcl" if pos == "VERB" else "acl:relcl"
        elif label == "acl" and pos in {"VERB", "AUX"}:
            forest.labels[token] = "advcl"
        elif label == "advcl" and pos in NOUNS:
            forest.labels[token] = "acl"


def join_in_order(forest: Forest) -> None:
    """ "In order" before an infinitive marks it, instead of governing it."""
    for order in range(1, len(forest.words)):
        if forest.words[order - 1 : order + 1] != ["in", "order"] or forest.heads[order - 1] != order:
            continue
        clauses = [clause for clause in forest.children(order, "acl", "advcl") if clause > order]
        if len(clauses) != 1 or len(forest.children(order)) != 2 or forest.children(order - 1):
            continue
        forest.promote(clauses[0], "fixed")
        forest.labels[clauses[0]] = "ROOT" if forest.is_root(clauses[0]) else "advcl"
        forest.move(order - 1, clauses[0], "mark")
        forest.move(order, order - 1)


# --- clauses ---------------------------------------------------------------------------------------------------------


def raise_predicates(forest: Forest) -> None:
    """The predicate of "be" is the head of its clause; with "there", what there is is the subject of the verb."""
    for verb in forest.from_below():
        auxiliary = forest.labels[verb].startswith("aux")
        if any(forest.words[there] == "there" for there in forest.children(verb, "expl")):
            if not forest.children(verb, "nsubj"):
                for thing in forest.children(verb, "attr", "dobj")[:1]:
                    forest.labels[thing] = "nsubj"
            if forest.words[verb] in BE and not auxiliary:
                forest.pos[verb] = "VERB"
        elif forest.words[verb] in BE and forest.tags[verb] != "POS" and not auxiliary:
            found = predicate(forest, verb)
            if found is not None:
                raise_predicate(forest, verb, found)


def raise_predicate(forest: Forest, verb: int, found: int) -> None:
    """Let what is said of a subject take the place of "be", with all that hangs on it.

    A clause has a subject of its own, maybe unsaid: that of "be" is its outer one ("the aim is to protect ports").
    """
    subjects = forest.children(verb, *SUBJECTS)
    arranged = is_arranged(forest, verb, found)
    clausal = forest.labels[found] in {"ccomp", "xcomp", "advcl"} or bool(forest.children(found, *SUBJECTS))
    passive = bool(forest.children(found, "auxpass"))
    forest.promote(found, "aux" if arranged else "cop")
    forest.hand_over(verb, found)
    forest.pos[verb] = "AUX"
    ending = ("pass" if passive else "") if arranged else (":outer" if clausal else "")
    for subject in subjects:
        forest.labels[subject] = forest.labels[subject].removesuffix("pass") + ending


def predicate(forest: Forest, verb: int) -> int | None:
    """What a form of "be" says of its subject, None if nothing.

    It is a noun or adjective, else a phrase behind the verb ("is in Riga"), an adverb of place, a clause, or a time.
    """
    after = [child for child in forest.children(verb) if child > verb]
    candidates = (
        forest.children(verb, "attr", "acomp", "oprd"),
        [child for child in after if forest.labels[child] in {"obl", "advcl"} and is_placed(forest, child)],
        [child for child in forest.children(verb, "advmod") if forest.words[child] in ADVERBS_OF_PLACE],
        [child for child in after if forest.labels[child] in {"ccomp", "xcomp"}],
        [child for child in after if forest.labels[child] == "obl:unmarked"],
    )
    return next((found[0] for found in candidates if found), None)


def is_placed(forest: Forest, token: int) -> bool:
    """Whether a token stands behind a preposition, and not behind a conjunction such as "because"."""
    return bool(forest.children(token, "case")) or any(
        forest.words[mark] in PREDICATE_MARKS for mark in forest.children(token, "mark")
    )


def is_arranged(forest: Forest, verb: int, infinitive: int) -> bool:
    """Whether "is to" tells what shall happen ("Merkel is to visit Oslo"), not what something is ("the aim is to")."""
    named = {token for start, end, _ in forest.names for token in range(start, end)}
    return forest.labels[infinitive] == "xcomp" and (
        bool(forest.children(infinitive, "auxpass"))
        or any(subject in named or forest.words[subject] in PERSONAL for subject in forest.children(verb, "nsubj"))
    )


def raise_small_subjects(forest: Forest) -> None:
    """The subject of a complement without finite verb is the object above it: "want him to go", "found him guilty"."""
    for token, label in enumerate(forest.labels):
        verb, subjects = forest.heads[token], forest.children(token, "nsubj")
        if label != "ccomp" or forest.pos[verb] != "VERB" or forest.children(verb, "dobj") or len(subjects) != 1:
            continue
        small = forest.tags[token] == "VB" or forest.pos[token] in {"ADJ", *NOUNS}
        others = forest.children(token, "aux", "auxpass", "cop", "mark", "nsubjpass")
        if not small or any(forest.tags[other] not in {"TO", "RB"} for other in others):
            continue
        inside = verb < subjects[0] < token and forest.words[subjects[0]] not in NOMINATIVE
        if inside and forest.move(subjects[0], verb, "dobj"):
            forest.labels[token] = "xcomp"


def mark_recipients(forest: Forest) -> None:
    """Who is told is an indirect object where what is told is a clause: "told him that"."""
    for token, label in enumerate(forest.labels):
        verb = forest.heads[token]
        if label != "dobj" or forest.pos[verb] != "VERB" or forest.children(verb, "dative", "iobj"):
            continue
        if any(clause > token for clause in forest.children(verb, "ccomp")):
            forest.labels[token] = "iobj"


# --- coordination ----------------------------------------------------------------------------------------------------


def coordinate(forest: Forest) -> None:
    """All conjuncts hang on the first of them; "and" and the comma before a conjunct hang on it."""
    for token, label in enumerate(forest.labels):
        before = first = forest.heads[token]
        if label != "conj" or before >= token:
            continue
        while forest.labels[first] == "conj" and forest.heads[first] < first:
            first = forest.heads[first]
        joints = [joint for joint in forest.children(before, "cc", "punct") if is_joint(forest, joint, token)]
        forest.move(token, first)
        for joint in joints:
            forest.move(joint, token)


def is_joint(forest: Forest, joint: int, conjunct: int) -> bool:
    """Whether "and" or a comma that hangs on the conjunct before belongs to this one: nothing else stands between."""
    head = forest.heads[joint]
    if not head < joint < conjunct or (forest.labels[joint] == "punct" and forest.words[joint] not in JOINTS):
        return False
    between = [forest.labels[other] for other in forest.children(head) if joint < other < conjunct]
    return "conj" not in between if forest.labels[joint] == "cc" else set(between) <= {"cc", "punct"}


# --- noun phrases ----------------------------------------------------------------------------------------------------


def modify_nouns(forest: Forest) -> None:
    """What ClearNLP calls `nmod` is said of a noun in some way; where it stands and what it is tells in which."""
    for token, label in enumerate(forest.labels):
        if label == "nmod" and not forest.children(token, "case"):
            before = {"ADJ": "amod", "NUM": "nummod", "ADV": "advmod"}.get(forest.pos[token], "compound")
            forest.labels[token] = before if token < forest.heads[token] else "nmod:unmarked"


def head_by_currency(forest: Forest) -> None:
    """The sign of a currency heads its amount: "over $ 5 million in aid"."""
    for sign, tag in enumerate(forest.tags):
        number = forest.heads[sign]
        if tag == "$" and sign < number and forest.pos[number] == "NUM" and not forest.blank[sign]:
            amount = [c for c in forest.children(number) if forest.pos[c] == "NUM" or sign < c < number]
            forest.promote(sign, "nummod")
            forest.hand_over(number, sign, but=amount)


def head_by_day(forest: Forest) -> None:
    """The day heads a date, and month and year hang on it: "14 June 2016", "June 14, 2016"."""
    for month, word in enumerate(forest.words):
        if word not in MONTHS or forest.pos[month] not in NOUNS:
            continue
        numbers = forest.children(month, "amod", "compound", "nmod:unmarked", "nummod")
        days = [child for child in numbers if abs(child - month) == 1 and DAY.fullmatch(forest.words[child])]
        for day in days[:1]:
            forest.promote(day, "nmod:unmarked" if day < month else "compound")
            forest.hand_over(month, day)
        for year in forest.children(days[0] if days else month, "npadvmod", "nummod"):
            if year > month and YEAR.fullmatch(forest.words[year]):
                forest.labels[year] = "nmod:unmarked"


def number_after_noun(forest: Forest) -> None:
    """A number behind its noun counts nothing: "Article 5"."""
    for token, label in enumerate(forest.labels):
        if label == "nummod" and token > forest.heads[token] and forest.pos[forest.heads[token]] in NOUNS:
            forest.labels[token] = "nmod:unmarked"


def head_by_first_name(forest: Forest) -> None:
    """The first word heads a person's name, the others are `flat`; titles before it describe it."""
    for start, end, label in forest.names:
        words = name_words(forest, start, end) if label in PERSON_LABELS else []
        tops = [word for word in words if forest.is_root(word) or forest.heads[word] not in words]
        if len(tops) != 1:
            continue
        first = words[0]
        while not forest.is_root(first) and forest.heads[first] in words:
            forest.promote(first, "flat")
        for word in words[1:]:
            for child in forest.children(word):
                if child not in words:
                    forest.move(child, first)
            forest.move(word, first, "punct" if forest.pos[word] == "PUNCT" else "flat")
        describe_by_titles(forest, first)


def name_words(forest: Forest, start: int, end: int) -> list[int]:
    """The words of a name without blanks, the possessive behind it, and what marks or articles stand around it."""
    edge = {"PUNCT", "PART", "DET", "SPACE"}
    while start < end and forest.pos[start] in edge:
        start += 1
    while start < end and forest.pos[end - 1] in edge:
        end -= 1
    return [token for token in range(start, end) if not forest.blank[token]]


def describe_by_titles(forest: Forest, name: int) -> None:
    """Compounds right before a name are titles; what stands before a title modifies it: "Hungarian Defence Minister".

    Abbreviated titles stand for themselves: in "Gen. Dr. Tibor Benkő" each describes the man.
    """
    title: int | None = None
    for token in range(name - 1, -1, -1):
        if forest.heads[token] == title:
            continue
        if forest.heads[token] != name or forest.labels[token] not in {"compound", "amod"}:
            break
        if title is not None and not any(forest.words[word].endswith(".") for word in (token, title)):
            forest.move(token, title)
        elif forest.labels[token] == "compound" and forest.pos[token] in NOUNS:
            title = token
            forest.labels[token] = "nmod:desc"


# --- words -----------------------------------------------------------------------------------------------------------


def rename(forest: Forest) -> None:
    """Give the labels that remain their name in Universal Dependencies."""
    for token, label in enumerate(forest.labels):
        if label in {"aux", "auxpass"} and forest.tags[token] == "TO":
            forest.labels[token], forest.pos[token] = "mark", "PART"
        elif label in {"aux", "auxpass"} and forest.pos[token] == "VERB":
            forest.labels[token], forest.pos[token] = RENAMED.get(label, label), "AUX"
        elif label == "neg" and forest.tags[token] == "DT":
            forest.labels[token] = "det"
        else:
            forest.labels[token] = RENAMED.get(label, label)


def fix_expressions(forest: Forest) -> None:
    """Words that are one: the first stands for all, and the others hang on it."""
    for start in range(len(forest.words)):
        for expression in FIXED:
            tokens = list(range(start, start + len(expression)))
            if tuple(forest.words[start : tokens[-1] + 1]) == expression and fix(forest, tokens):
                break


def fix(forest: Forest, tokens: list[int]) -> bool:
    """Join the tokens of a fixed expression, if nothing else hangs on them and they do one thing for one word."""
    outer = [token for token in tokens if forest.is_root(token) or forest.heads[token] not in tokens]
    if not outer or any(child not in tokens for token in tokens for child in forest.children(token)):
        return False
    first, top = tokens[0], outer[-1]
    head, label = forest.heads[top], forest.labels[top]
    if label not in FIXED_AS or any(forest.heads[other] not in {head, forest.heads[head]} for other in outer):
        return False
    if first != top and not forest.move(first, head, label):
        return False
    for token in tokens[1:]:
        forest.move(token, first, "fixed")
    return True


STEPS: Final[tuple[Callable[[Forest], None], ...]] = (
    modify_nouns,
    raise_governed,
    head_by_day,
    head_by_currency,
    number_after_noun,
    relate_to_head,
    join_in_order,
    raise_predicates,
    raise_small_subjects,
    mark_recipients,
    coordinate,
    head_by_first_name,
    rename,
    fix_expressions,
)
"""What is done, in its order: prepositions give way before the labels that hang on them are known, and "be" after."""


# --- the component ---------------------------------------------------------------------------------------------------


def is_clear(nlp: Language) -> bool:
    """Whether the labels of a pipeline are those of ClearNLP, and its trees do not go over the bridge yet."""
    labels = {label for component in nlp.pipe_labels.values() for label in component}
    return bool(labels & CLEAR) and NAME not in nlp.pipe_factories.values()


@Language.component(
    NAME,
    requires=["token.head", "token.dep", "token.tag", "token.pos", "doc.ents"],
    assigns=["token.head", "token.dep", "token.pos"],
)
def bridge(doc: Doc) -> Doc:
    """Turn the ClearNLP trees of a document into Universal Dependencies, in place.

    Text, sentences, tags and names stay; heads, relations and parts of speech change. `Doc.noun_chunks` knows the new
    relations; a Doc that is stored and read again looks for chunks as its vocabulary does.
    """
    if not len(doc) or not doc.has_annotation("DEP"):
        return doc
    forest = Forest(doc)
    for step in STEPS:
        step(forest)
    attributes: list[int | str] = ["HEAD", "DEP", "POS"]
    strings = doc.vocab.strings
    table: npt.NDArray[Any] = np.empty((len(doc), len(attributes)), dtype=np.uint64)
    table[:, 0] = (np.array(forest.heads) - np.arange(len(doc))).astype(np.int64).view(np.uint64)
    table[:, 1] = [strings.add(label) if label else 0 for label in forest.labels]
    table[:, 2] = [strings.add(pos) if pos else 0 for pos in forest.pos]
    doc.from_array(attributes, table)  # type: ignore[arg-type]  # the stub does not know unsigned
    doc.noun_chunks_iterator = noun_chunks  # type: ignore[attr-defined]  # the stub lacks it
    return doc
