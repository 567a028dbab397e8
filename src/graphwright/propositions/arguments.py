"""From a Universal Dependencies tree to roles: every grammatical guise of "who does what" becomes the same arguments.

Relations are those of Universal Dependencies version 2 (de Marneffe et al. 2021, "Universal Dependencies",
Computational Linguistics 47(2)); what is restored here is close to its enhanced graphs: conjuncts share arguments,
controlled verbs get their subject, relative pronouns give way to their antecedent.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from graphwright.language.lemmas import dictionary_verbs
from graphwright.language.parse import Parse, Word
from graphwright.propositions.model import (
    CONTENT,
    IS,
    MODIFIER,
    OBJECT,
    PARTICLE,
    RECIPIENT,
    SUBJECT,
    TIME,
    UNMARKED,
    Argument,
)

ACTIVE_SUBJECTS = frozenset({"nsubj", "csubj", "nsubj:outer", "csubj:outer"})
PASSIVE_SUBJECTS = frozenset({"nsubj:pass", "csubj:pass"})
OWN_SUBJECTS = ACTIVE_SUBJECTS | PASSIVE_SUBJECTS
SUBJECT_RELATIONS = ACTIVE_SUBJECTS | {"obl:agent"}
RELATIVE_WORDS = frozenset({"who", "whom", "which", "that", "whose", "where", "when", "whereby"})
RELATIVE_PLACE = {"where": "in", "when": "on"}
LIST_RELATIONS = frozenset({"appos", "conj", "nmod:desc", "nmod:unmarked", "flat", "list", "dep", "compound"})
OBJECT_CONTROL_MARKS = frozenset({"from", "of", "into", "for"})
FORMS_OF_BE = frozenset({"aux", "aux:pass", "cop", "obl:agent"})
"""What shows that a verb is in the passive."""

DASHES = frozenset({"-", "–", "—", "/"})
INHERITED_PREPOSITIONS = frozenset(
    {"in", "at", "on", "with", "between", "during", "from", "to", "by", "about", "over", "near", "for", "of", TIME}
)

CIRCUMSTANCES = frozenset({"in", "at", "on", "near", "during", "after", "before", "for", "about", "over", TIME})
"""Roles that a person's name does not have: a person in a city is mostly someone who does something there."""

Words = Mapping[str, frozenset[str]]
Link = tuple[int, str, int]
NO_WORDS: frozenset[str] = frozenset()


def lemmas(token: Word) -> frozenset[str]:
    """The lemmas that a token may have.

    Of an adjective that may be a participle that of the verb too, "committed" of commit, and of a plural itself
    ("troops"): parsers waver.
    """
    found = {token.lemma_.lower()}
    if token.tag_ in {"NNS", "NNPS"}:
        found.add(token.lower_)
    elif is_participial(token):
        found.update(dictionary_verbs(token.lower_))
    return frozenset(found)


def is_participial(token: Word) -> bool:
    """Whether an adjective may be a passive participle."""
    return token.tag_ == "JJ" and token.lower_.endswith("ed") and bool(dictionary_verbs(token.lower_))


def is_passive(token: Word) -> bool:
    """Whether a verb is passive: by its own auxiliary or subject, as a bare participle, or like its first conjunct."""
    relations = {child.dep_ for child in token.children}
    if relations & {"aux:pass", *PASSIVE_SUBJECTS} or is_participial(token):
        return True
    if token.tag_ != "VBN" or "aux" in relations:
        return False
    if token.dep_ in {"acl", "advcl", "acl:relcl", "xcomp"} and not relations & {"nsubj", "obj"}:
        return True
    return token.dep_ == "conj" and token.head.tag_ == "VBN" and is_passive(token.head)


def is_plural(verb: Word) -> bool:
    """Whether the finite verb of a clause agrees with a plural subject."""
    return any(word.tag_ == "VBP" or word.lower_ == "were" for word in with_auxiliaries(verb))


def is_singular(verb: Word) -> bool:
    """Whether the finite verb of a clause agrees with a singular subject."""
    return any(word.tag_ == "VBZ" or word.lower_ == "was" for word in with_auxiliaries(verb))


def with_auxiliaries(verb: Word) -> list[Word]:
    """A verb and its auxiliaries, of which one is finite in a finite clause."""
    return [verb, *(child for child in verb.children if child.dep_ in {"aux", "aux:pass", "cop"})]


def nominalisations(words: Words) -> Mapping[str, str]:
    """The verb that each noun of a verb is made of: "appoint" for "appointment"."""
    return dict(pair.split(" ", 1) for pair in sorted(words.get("nominalisations", NO_WORDS)))


def is_verbal(token: Word) -> bool:
    """Whether a token heads a clause: a verb, or a predicate with a copula."""
    return (
        token.pos_ == "VERB"
        or (token.dep_ == "xcomp" and is_participial(token))
        or (token.pos_ == "AUX" and token.dep_ not in {"aux", "aux:pass", "cop"})
        or has_copula(token)
    )


def is_quality(token: Word) -> bool:
    """Whether an adjective says how something is or becomes, without "to be" of its own: "is able and willing to"."""
    if token.pos_ != "ADJ":
        return False
    return token.dep_ == "xcomp" or (token.dep_ == "conj" and (has_copula(token.head) or is_quality(token.head)))


def with_particle(token: Word) -> set[str]:
    """The lemma of a token, alone and with each of its particles: "rule", "rule out"."""
    lemma = token.lemma_.lower()
    return {lemma, *(f"{lemma} {child.lower_}" for child in token.children if child.dep_ == "compound:prt")}


def is_light(token: Word, words: Words) -> bool:
    """Whether a verb lends what it says to the noun of its object: "paid a visit"."""
    return token.pos_ == "VERB" and bool(with_particle(token) & words.get("lightVerbs", NO_WORDS))


def has_copula(token: Word) -> bool:
    """Whether a token is the predicate of "to be"."""
    return "cop" in [child.dep_ for child in token.children]


def preposition(token: Word) -> str:
    """The preposition before a nominal ("with", "according to"), "" where there is none."""
    for child in token.children:
        if child.dep_ == "case" and child.lemma_ not in {"'s", "’s", "'", "’"}:
            return " ".join([child.lower_, *(word.lower_ for word in child.children if word.dep_ == "fixed")])
    # "with the Foreign Minister, Clémentine Mbuyi": the preposition may hang on the title.
    titles = (child for child in token.children if child.dep_ == "nmod:desc" and child.i < token.i)
    return next((found for title in titles if (found := preposition(title))), "")


def is_stranded(token: Word) -> bool:
    """Whether a preposition stands alone, its noun being elsewhere: "the city we fought for"."""
    return token.pos_ == "ADP" and token.dep_ in {"obl", "nmod"}


def conjuncts(token: Word) -> list[Word]:
    """A token and all that is coordinated with it, in the order of the text: not Y of "X but not Y"."""
    found = [token]
    for item in found:
        joined = (c for c in item.children if c.dep_ == "conj" or is_paired(c) or is_enumerated(c))
        found.extend(child for child in joined if is_verbal(child) or not is_excepted(child))
    return sorted(found, key=lambda item: item.i)


def is_excepted(token: Word) -> bool:
    """Whether a conjunct is named to be left out: "X but not Y"."""
    return any(child.dep_ in {"advmod", "cc"} and child.lower_ == "not" for child in token.children)


def is_paired(token: Word) -> bool:
    """Whether a modifier is joined to its head by a dash as an equal: "Serbian" in "the Serbian–Hungarian meeting".

    "Secretary-General" joins no equals: neither is a name.
    """
    head = token.head
    if token.pos_ != "ADJ" and not token.ent_type_:
        return False
    if token.dep_ not in {"amod", "compound", "nmod", "nmod:desc", "dep"} or head.i - token.i != 2:
        return False
    return token.doc[token.i + 1].text in DASHES and token.text[:1].isupper() and head.text[:1].isupper()


def is_enumerated(token: Word) -> bool:
    """Whether an apposition is in truth the second of a list: "the UK, the Coalition and Iraq have agreed".

    The verb shows that there are several, and the list closes without a comma, as no apposition of a subject does.
    """
    head = token.head
    if token.dep_ != "appos" or head.dep_ not in OWN_SUBJECTS or head.tag_ not in {"NN", "NNP"}:
        return False
    end = token.right_edge.i + 1
    joined = any(child.dep_ == "conj" for child in token.children)
    return joined and end < len(token.doc) and not token.doc[end].is_punct and is_plural(head.head)


def particle_before(verb: Word, noun: Word) -> str:
    """The particle of a verb right before a noun, for which it is the preposition: "presided over the meeting"."""
    before = noun.left_edge.i - 1
    return next((child.lower_ for child in verb.children if child.dep_ == "compound:prt" and child.i == before), "")


def is_joined_adjunct(token: Word, child: Word) -> bool:
    """Whether a second adjunct of a verb hangs on it as a conjunct: "will travel to Turkey and to Lebanon"."""
    return (
        child.dep_ == "conj" and token.pos_ == "VERB" and child.pos_ in {"NOUN", "PROPN"} and bool(preposition(child))
    )


def antecedent(token: Word) -> Word | None:
    """The noun that a relative word stands for; it stands before the verb of its clause ("knows where" asks)."""
    if token.lower_ not in RELATIVE_WORDS or token.tag_ not in {"WDT", "WP", "WP$", "WRB", "IN"}:
        return None
    clause = token.head
    opened: Word | None = None  # the verb that the word opens the clause of: one of several conjuncts, perhaps
    while clause.dep_ not in {"acl:relcl", "root", "ROOT"} and clause.head.i != clause.i:
        opened = opened or (clause if clause.dep_ == "conj" else None)
        clause = clause.head
    return clause.head if clause.dep_ == "acl:relcl" and token.i < (opened or clause).i else None


class ArgumentReader:
    """Reads the arguments of every predicate of one document.

    ``units`` maps each token inside a name or another fixed unit to the token that stands for it; ``links`` are
    arguments already known from elsewhere (a rank or post before a name). No two of ``distinct`` are one thing.
    """

    def __init__(
        self, doc: Parse, units: Mapping[int, int], links: Iterable[Link], words: Words, distinct: frozenset[int]
    ) -> None:
        self.doc, self.units, self.links, self.words, self.distinct = doc, units, tuple(links), words, distinct
        self.found: dict[int, dict[tuple[str, int], float]] = defaultdict(dict)
        self.linked = frozenset(self.links)
        self.identified = {token for _, role, token in self.links if role == IS}
        self.nominalised = nominalisations(words)

    def read(self) -> dict[int, tuple[Argument, ...]]:
        """The arguments by predicate token."""
        tokens = list(self.doc)
        for start, role, end in self.links:
            self.add(start, role, end)
        for token in tokens:
            self.read_children(token)
        for token in tokens:
            self.read_nominalisation(token)
        for token in tokens:
            self.read_clause(token)
        for token in tokens:  # in the order of the text a governor is complete before the clauses it controls, mostly
            self.share_subject(token)
        for token in tokens:
            self.rejoin(token)
        for token in tokens:
            self.share_object(token)
        for token in tokens:
            self.lend_to_counted(token)
        for token in tokens:
            self.lend_to_named(token)
        for token in tokens:
            self.lend_to_clause(token)
        for token in tokens:
            self.lend_to_noun(token)
        return {
            predicate: tuple(Argument(role, token, sure) for (role, token), sure in arguments.items())
            for predicate, arguments in self.found.items()
        }

    def unit(self, token: Word) -> int:
        """The token that stands for the name that a token is part of."""
        return self.units.get(token.i, token.i)

    def add(self, predicate: int, role: str, token: int, certainty: float = 1.0) -> None:
        """Note that a token fills a role of a predicate; the surest reading counts."""
        if predicate != token:
            known = self.found[predicate]
            known[role, token] = max(certainty, known.get((role, token), 0.0))

    def fillers(self, token: Word) -> Iterator[int]:
        """The units that a dependant stands for: itself or its antecedent, and all that is coordinated with it."""
        for item in [*conjuncts(token), *self.fellows(token)]:
            named = antecedent(item)
            counted = self.counted(item)
            if counted is not None:
                yield from self.fillers(counted)
            elif named is None:
                yield self.unit(item)
            else:
                yield from (self.unit(other) for other in conjuncts(self.acting(item, named)))

    def acting(self, relative: Word, noun: Word) -> Word:
        """What a relative pronoun stands for, where the parser took the wrong noun of several.

        Of "X, director at the agency, who said" the person or post, not the agency; of "members of the committee, which
        is chaired by Y" the one that agrees with the verb.
        """
        found = noun
        if relative.lower_ == "who":
            while not self.is_person(found) and found.dep_ in {"nmod", "conj", "appos"}:
                found = found.head
            return found if self.is_person(found) else noun
        if relative.lower_ == "where" and noun.pos_ == "NOUN":  # "a visit to Norway, where she met": in Norway
            inner = [t for t in noun.subtree if noun.i < t.i < relative.i and preposition(t) in {"to", "in", "at"}]
            return inner[-1] if inner else noun
        if noun.tag_ in {"NNS", "NNPS"} and relative.dep_.startswith("nsubj") and is_singular(relative.head):
            inner = [
                t for t in noun.subtree if noun.i < t.i < relative.i and t.dep_ == "nmod" and t.tag_ in {"NN", "NNP"}
            ]
            return inner[-1] if inner else noun
        return noun

    def is_person(self, token: Word) -> bool:
        """Whether a token heads a person's name, or a post with a holder."""
        unit = self.unit(token)
        return unit in self.distinct or unit in self.identified

    def counted(self, token: Word) -> Word | None:
        """What a noun only counts or orders: the talks of "a second round of talks"."""
        if token.lemma_.lower() not in self.words.get("seriesNouns", NO_WORDS):
            return None
        return next((c for c in token.children if c.dep_ == "nmod" and c.i > token.i and preposition(c) == "of"), None)

    def fellows(self, token: Word) -> Iterator[Word]:
        """People who hang on a person's name or post as if it were theirs: in truth the next ones of a list."""
        unit = self.unit(token)
        if unit not in self.distinct and unit not in self.identified:
            return
        for other in range(token.sent.start, token.sent.end):
            if other not in self.distinct or other == unit or (other, IS, unit) in self.linked:
                continue
            item = self.doc[other]
            while item.dep_ in LIST_RELATIONS and not preposition(item) and self.unit(item) != unit:
                item = item.head
            if self.unit(item) == unit:
                yield self.doc[other]

    def has(self, predicate: Word, role: str) -> bool:
        """Whether a role of a predicate is filled."""
        return any(r == role for r, _ in self.found[self.unit(predicate)])

    def fill(self, predicate: Word, role: str, tokens: Iterator[int], certainty: float = 1.0) -> None:
        """Let several tokens fill a role."""
        for token in list(tokens):
            self.add(self.unit(predicate), role, token, certainty)

    def get(self, predicate: Word, role: str) -> list[int]:
        """The tokens that fill a role."""
        return [token for r, token in self.found[self.unit(predicate)] if r == role]

    def read_children(self, token: Word) -> None:
        """Read what hangs on a token."""
        unit = self.unit(token)
        for child in token.children:
            if self.unit(child) == unit or is_paired(child) or is_enumerated(child):  # inside one name, or equals
                continue
            for role in self.roles(token, child):
                if role == IS:
                    self.read_identity(token, child)
                elif has_copula(token) and role == SUBJECT and token.pos_ not in {"ADJ", "VERB"}:
                    self.read_copula(token, child)
                else:
                    self.fill(token, role, self.fillers(child))
                if role == "of":  # "the takeover of A by B": B takes over
                    agents = [inner for inner in child.children if inner.dep_ == "nmod" and preposition(inner) == "by"]
                    for agent in agents:
                        self.fill(token, "by", self.fillers(agent), 0.9)
                if role == MODIFIER:  # "the Serbian–Hungarian border meeting" is Serbian and Hungarian, not the border
                    for inner in child.children:
                        if inner.dep_ in {"compound", "amod"} and self.unit(inner) != self.unit(child):
                            self.fill(token, MODIFIER, self.fillers(inner), 0.9)

    def roles(self, token: Word, child: Word) -> Iterator[str]:
        """The roles of a dependant, read from its relation and preposition."""
        relation = child.dep_
        if relation in SUBJECT_RELATIONS:
            undergone = is_passive(token) and (not has_copula(token) or is_participial(token))
            yield OBJECT if relation in {"nsubj", "csubj"} and undergone else SUBJECT
        elif relation in PASSIVE_SUBJECTS or relation == "obj":
            # "The talks focused on": without a form of be a parser has taken the past for a participle.
            active = relation != "obj" and not any(c.dep_ in FORMS_OF_BE for c in token.children)
            yield SUBJECT if active and token.head.i == token.i else OBJECT
        elif relation == "iobj":
            yield RECIPIENT
        elif relation == "nmod:poss":
            yield "of"
        elif relation in {"appos", "nmod:desc"}:
            yield preposition(child) or IS
        elif relation == "compound:prt":
            yield PARTICLE
        elif relation in {"compound", "amod"}:
            yield MODIFIER
        elif is_stranded(child):
            return
        elif relation.split(":")[0] in {"obl", "nmod"} or is_joined_adjunct(token, child):
            role = RELATIVE_PLACE.get(child.lower_) or preposition(child) or particle_before(token, child)
            yield (
                SUBJECT if role == "by" and is_passive(token) else role or (TIME if relation[:3] == "obl" else UNMARKED)
            )
        elif relation == "advmod" and antecedent(child) is not None:
            yield RELATIVE_PLACE.get(child.lower_, "in")
        elif relation == "advmod" and child.lower_ in {"today", "yesterday", "tomorrow", "ago", "here", "there"}:
            yield TIME
        elif relation in {"xcomp", "ccomp"}:
            yield CONTENT
        elif relation in {"advcl", "acl"}:
            mark = next((c.lower_ for c in child.children if c.dep_ in {"mark", "case"}), "")
            if mark:
                yield mark if child.tag_ == "VBG" else f"{mark} clause"

    def read_identity(self, token: Word, child: Word) -> None:
        """Two names of one thing, side by side: "X, the minister", "Minister X", "President Y"."""
        unit = self.unit(token)
        opening = next((c.i for c in child.children if c.text == "("), 0)
        if opening and any(c.dep_ == "conj" and token.i < c.i < opening - 1 for c in token.children):
            return  # brackets explain the words before them: "representative and head of the Union (EU)"
        for other in self.fillers(child):
            if self.is_former(other) or self.is_former(unit):
                continue
            if not {unit, other} & self.identified and not {unit, other} <= self.distinct:
                self.add(unit, IS, other)

    def is_former(self, token: int) -> bool:
        """Whether a noun is said to be so no more: "former commander"."""
        former = self.words.get("formerWords", NO_WORDS)
        return any(child.lower_ in former for child in self.doc[token].children if child.i < token)

    def read_copula(self, token: Word, subject: Word) -> None:
        """ "X is the minister" identifies; "the seat is in Y" places."""
        role = preposition(token) or IS
        past = any(child.dep_ == "cop" and child.tag_ == "VBD" for child in token.children)
        for start in self.fillers(subject):
            if role == IS and past and start in self.distinct:
                continue  # who was a minister may be none any more
            for end in self.fillers(token):
                if self.doc[end].pos_ in {"VERB", "ADJ"} or (role == IS and self.is_former(end)):
                    continue  # "X is the minister and has visited Y" says two things
                self.add(start, role, end)

    def read_nominalisation(self, noun: Word) -> None:
        """A noun of a verb has the verb's arguments: "the appointment of X by Y", "Y's appointment of X".

        With one argument alone it is open which: "X's appointment", "the announcement of X".
        """
        if noun.pos_ != "NOUN" or noun.lemma_.lower() not in self.nominalised:
            return
        agents = self.get(noun, "by")
        owners = [unit for c in noun.children if c.dep_ == "nmod:poss" for unit in self.fillers(c)]
        themes = [
            unit for c in noun.children if c.dep_ == "nmod" and preposition(c) == "of" for unit in self.fillers(c)
        ]
        if agents:
            owners, themes = agents, [*themes, *owners]
        if owners and themes:
            self.fill(noun, SUBJECT, iter(owners), 0.95)
            self.fill(noun, OBJECT, iter(themes), 0.95)

    def read_clause(self, token: Word) -> None:
        """The noun that a relative or participial clause belongs to is an argument of its verb."""
        relation, noun = token.dep_, token.head
        if relation not in {"acl", "acl:relcl"} or not (is_verbal(token) or token.tag_ in {"VBN", "VBG"}):
            return
        if self.unit(token) == self.unit(noun):
            return
        nouns = iter([self.unit(noun)])
        if relation == "acl:relcl":
            if any(antecedent(word) is not None for word in token.subtree if word.i < token.i):
                return
            if not self.has(token, SUBJECT) and not is_passive(token):
                self.fill(token, SUBJECT, nouns)
            else:
                self.fill_gap(token, noun)
        elif token.tag_ == "VBG" and not self.has(token, SUBJECT):
            self.fill(token, SUBJECT, nouns)
        elif token.tag_ in {"VBN", "VBD"} and not self.has(token, OBJECT):
            self.fill(token, OBJECT, nouns)

    def fill_gap(self, clause: Word, noun: Word) -> None:
        """Find the role of a noun in a relative clause without relative word: "the city we fought for".

        It is missing in the innermost verb: "the plans they want to impose". A time or way is no object: "the day X
        left".
        """
        verb = clause
        while inner := next(
            (c for c in verb.children if c.dep_ == "xcomp" and c.pos_ == "VERB" and c.i > verb.i), None
        ):
            verb = inner
        stranded = next((child for child in verb.children if is_stranded(child)), None)
        timed = noun.lemma_.lower() in self.words.get("circumstanceNouns", NO_WORDS)
        role = stranded.lower_ if stranded is not None else TIME if timed else OBJECT
        if role != OBJECT or (verb.pos_ == "VERB" and not self.has(verb, OBJECT)):
            self.add(self.unit(verb), role, self.unit(noun), 0.8)

    def share_subject(self, token: Word) -> None:
        """Give a verb without a subject the one it shares: of its first conjunct, its governor, or its controller."""
        relation, governor = token.dep_, token.head
        if governor.i == token.i:
            return
        if relation == "xcomp" and token.pos_ in {"NOUN", "PROPN"} and not has_copula(token):
            for named in self.get(governor, OBJECT) or self.get(governor, SUBJECT):
                for post in self.fillers(token):  # "was appointed commander", "became director"
                    self.add(named, IS, post)
            return
        if not (is_verbal(token) or is_quality(token)):
            return
        role = OBJECT if is_passive(token) else SUBJECT
        if self.has(token, role) or any(child.dep_ in OWN_SUBJECTS for child in token.children):
            return
        if relation == "conj" and (is_verbal(governor) or is_quality(governor)):
            self.fill(token, role, iter(self.subject_of(governor)))
        elif relation == "xcomp":
            self.fill(token, role, iter(self.controllers(token, governor)))
        elif relation == "acl" and any(child.dep_ == "mark" and child.lower_ == "to" for child in token.children):
            owners = [*self.get(governor, "of"), *self.get(governor, MODIFIER)]  # "our efforts to defeat X"
            self.fill(token, role, iter(owners or self.undertaker(governor)), 0.9)
        elif relation == "advcl" and is_verbal(governor):
            marks = {child.lower_ for child in token.children if child.dep_ == "mark"}
            controlled = "to" in marks and self.controls_object(governor) and self.has(governor, OBJECT)
            marked = bool(marks & OBJECT_CONTROL_MARKS) and self.has(governor, OBJECT)  # "thanked X for hosting"
            if marked or controlled:
                self.fill(token, role, iter(self.controllers(token, governor, by_object=True)), 0.9)
            elif "to" in marks or token.tag_ in {"VBG", "VBN"}:
                # "They held a meeting, chaired by X": it is the meeting that is chaired.
                held = self.get(governor, OBJECT) if role == OBJECT and token.i > governor.i else []
                held = held if is_light(governor, self.words) else []
                self.fill(token, role, iter(held or self.subject_of(governor)), 0.9)

    def undertaker(self, noun: Word) -> list[int]:
        """Whose plan or effort a noun without an owner is: of "they lead efforts in the campaign" theirs."""
        while noun.dep_ in {"nmod", "conj"} and noun.head.i != noun.i:
            noun = noun.head
        verb = noun.head
        undertaken = is_light(verb, self.words) or bool(
            with_particle(verb) & self.words.get("undertakingVerbs", NO_WORDS)
        )
        active = noun.dep_ in {"obj", "obl"} and not is_passive(verb)
        return self.get(verb, SUBJECT) if active and undertaken else []

    def share_object(self, verb: Word) -> None:
        """Give verbs the object that stands behind the last of them: "planned and carried out attacks"."""
        for child in verb.children:
            if child.dep_ != "obj":
                continue
            for other in conjuncts(verb):
                between = verb.i < other.i < child.i and other.pos_ == "VERB" and not is_passive(other)
                if between and not self.has(other, OBJECT):
                    self.fill(other, OBJECT, self.fillers(child))

    def controls_object(self, verb: Word) -> bool:
        """Whether the object of a verb does what its complement says ("invited X to come")."""
        return verb.lemma_.lower() in self.words.get("objectControlVerbs", NO_WORDS) or bool(self.called_on(verb))

    def controllers(self, token: Word, governor: Word, *, by_object: bool = False) -> list[int]:
        """Who does what a complement says: of "ask X to come", "keep X from coming", "see X come" X, else the subject.

        What has neither "to" nor "-ing" is always said of the object.
        """
        bare = token.tag_ != "VBG" and not any(child.dep_ == "mark" for child in token.children)
        small = token.dep_ == "xcomp" and bare and self.has(governor, OBJECT) and not is_passive(governor)
        if not (by_object or small or self.controls_object(governor)):
            return self.subject_of(governor)
        found = self.subject_of(governor) if is_passive(governor) else self.get(governor, OBJECT)
        found = found or self.called_on(governor)
        found = found or self.get(governor, RECIPIENT)
        if found or by_object:
            return found
        start = next((child.i for child in token.children if child.dep_ == "mark" and child.lower_ == "to"), token.i)
        misplaced = [child for child in token.children if child.dep_ in {"obj", "iobj"} and child.i < start]
        return [unit for child in misplaced for unit in self.fillers(child)] or self.subject_of(governor)

    def called_on(self, verb: Word) -> list[int]:
        """Whom an appeal by a preposition is made to: "called on Armenia to sign"."""
        listed = self.words.get("objectControlVerbs", NO_WORDS)
        roles = sorted({role for role, _ in self.found[self.unit(verb)]})
        return [token for role in roles if f"{verb.lemma_.lower()} {role}" in listed for token in self.get(verb, role)]

    def subject_of(self, verb: Word) -> list[int]:
        """Who a clause is about: its subject, of a passive what it is done to, of a noun with "to be" who is that."""
        if is_passive(verb):
            return self.get(verb, OBJECT)
        if has_copula(verb) and verb.pos_ not in {"ADJ", "VERB"}:
            return [unit for child in verb.children if child.dep_ in OWN_SUBJECTS for unit in self.fillers(child)]
        return self.get(verb, SUBJECT)

    def lend_to_counted(self, noun: Word) -> None:
        """What is said with a noun that counts is said of what it counts: "a round of talks with X in Oslo"."""
        counted = self.counted(noun)
        if counted is not None:
            for (role, token), sure in list(self.found[self.unit(noun)].items()):
                if role in INHERITED_PREPOSITIONS and token != self.unit(counted):
                    self.add(self.unit(counted), role, token, sure)

    def rejoin(self, token: Word) -> None:
        """A conjunct with the preposition of an earlier adjunct stands beside that one, whatever lies between.

        Of "will travel to Turkey on Monday and to Lebanon on Friday" a parser joins Lebanon and Monday.
        """
        if token.dep_ != "conj" or token.pos_ not in {"NOUN", "PROPN"} or not (own := preposition(token)):
            return
        first = token.head
        while first.dep_ == "conj":
            first = first.head
        if preposition(first) != own and first.head.pos_ == "VERB" and self.has(first.head, own):
            self.fill(first.head, own, iter([self.unit(token)]), 0.9)

    def lend_to_clause(self, name: Word) -> None:
        """Where and when hang on a person's name only by mistake: in "met Ana Kos in Riga" the meeting is in Riga."""
        if name.i not in self.distinct:
            return
        top = name
        while top.dep_ in {"conj", "flat", "appos", "nmod:desc"} and top.head.i != top.i:
            top = top.head
        governs = top.head.i != top.i and (is_verbal(top.head) or (top.head.pos_ == "NOUN" and top.dep_ == "nmod"))
        if not governs or top.dep_.split(":")[0] not in {"nsubj", "obj", "obl", "nmod"} or self.is_person(top.head):
            return
        for (role, token), sure in list(self.found[name.i].items()):
            if role in CIRCUMSTANCES:
                self.add(self.unit(top.head), role, token, 0.9 * sure)

    def lend_to_named(self, noun: Word) -> None:
        """What is said of others of a kind is said of those named before: of "X and other towns in Y" X is in Y."""
        if noun.dep_ == "conj" and any(child.dep_ == "amod" and child.lower_ == "other" for child in noun.children):
            for (role, token), sure in list(self.found[self.unit(noun)].items()):
                for named in conjuncts(noun.head):
                    if role in {"in", "of", "at"} and named.i < noun.i:
                        self.add(self.unit(named), role, token, 0.9 * sure)

    def lend_to_noun(self, verb: Word) -> None:
        """The noun of a light verb is the true predicate: in "paid a visit to X in May" the visit is to X, in May."""
        if not is_light(verb, self.words):
            return
        arguments = list(self.found[self.unit(verb)].items())
        for noun in self.get(verb, OBJECT):
            if self.doc[noun].pos_ not in {"NOUN", "PROPN"}:
                continue
            for (role, token), sure in arguments:
                if token != noun and (role == SUBJECT or role in INHERITED_PREPOSITIONS):
                    self.add(noun, role, token, sure * 0.95)


def read_arguments(
    doc: Parse, units: Mapping[int, int], links: Iterable[Link], words: Words, distinct: frozenset[int] = frozenset()
) -> dict[int, tuple[Argument, ...]]:
    """The arguments of every predicate of a parsed document, by the index of its token. See `ArgumentReader`."""
    return ArgumentReader(doc, units, links, words, distinct).read()
