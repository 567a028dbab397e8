"""What a clause commits its author to: whether it is asserted, denied, planned or merely possible, and who says so."""

from __future__ import annotations

from collections.abc import Mapping

from graphwright.language.parse import Parse, Word
from graphwright.model import Modality
from graphwright.propositions.arguments import (
    NO_WORDS,
    OWN_SUBJECTS,
    SUBJECT_RELATIONS,
    Words,
    is_passive,
    is_verbal,
    preposition,
    with_particle,
)

UNNAMED = -1
"""The speaker of a hearsay clause that names none ("reportedly")."""

STRENGTH: Mapping[Modality, int] = {"asserted": 0, "planned": 1, "possible": 2, "negated": 3}
QUOTES = {'"': '"', "“": "”", "«": "»", "„": "“"}
NO = frozenset({"no", "neither"})
FINITE = frozenset({"VBZ", "VBP", "VBD"})
DEFINITE = frozenset(
    {"the", "this", "these", "existing", "ongoing", "current", "continued", "continuing", "traditional"}
)
PRESENT = frozenset({"VBZ", "VBP"})
MARKS = frozenset({"mark", "advmod"})
AHEAD = frozenset({"until", "till", "before", "once"})
"""What a clause in the present after them tells is still to come: "until they sign"."""
FIRST_PERSONS = frozenset({"i", "we"})


def fixed(token: Word) -> str:
    """A word with those that it forms a fixed expression with: "instead of", "in case"."""
    return " ".join([token.lower_, *(child.lower_ for child in token.children if child.dep_ == "fixed")])


def combine(outer: Modality, inner: Modality) -> Modality:
    """The modality of a clause inside another: the one further from assertion.

    >>> combine("planned", "negated")
    'negated'
    """
    return max(outer, inner, key=lambda modality: STRENGTH[modality])


def governor(token: Word) -> tuple[Word, Word]:
    """What governs a noun, or the first of the nouns that it is coordinated with, and that noun."""
    noun = token
    while noun.dep_ == "conj" and noun.head.i != noun.i:
        noun = noun.head
    return noun.head, noun


class AssertionReader:
    """Reads modality and speaker of every token's clause in one document. ``units`` are as for the arguments."""

    def __init__(self, doc: Parse, units: Mapping[int, int], words: Words) -> None:
        self.doc, self.units, self.words = doc, units, words
        self.forms: dict[int, set[str]] = {}
        self.own: dict[int, Modality] = {}
        self.modalities: dict[int, Modality] = {}
        self.speakers: dict[int, int | None] = {}
        self.quoted = self.read_quotations()

    def listed(self, token: Word, *lists: str) -> bool:
        """Whether the lemma of a token, alone, with its particle ("rule out") or with the words that it forms a fixed
        expression with ("instead of"), stands in one of some word lists."""
        forms = self.forms.get(token.i)
        if forms is None:
            forms = self.forms[token.i] = with_particle(token) | {fixed(token)}
        return any(forms & self.words.get(name, NO_WORDS) for name in lists)

    def clause(self, token: Word) -> Word:
        """The head of the clause that a token stands in."""
        while not is_verbal(token) and token.head.i != token.i:
            token = token.head
        return token

    def modality(self, token: Word) -> Modality:
        """The modality of the clause headed by ``token``, with all that it is embedded in."""
        if token.i not in self.modalities:
            self.modalities[token.i] = "asserted"  # a broken tree must not loop
            self.modalities[token.i] = combine(self.embedding(token), self.own_modality(token))
        return self.modalities[token.i]

    def own_modality(self, token: Word) -> Modality:
        """What a clause's own auxiliaries, adverbs and negations make of it."""
        found: Modality = "asserted"
        children = list(token.children)
        auxiliaries = [child for child in children if child.dep_ in {"aux", "aux:pass"}]
        if token.dep_ == "conj" and not any(child.dep_ in OWN_SUBJECTS | {"aux"} for child in children):
            auxiliaries += [child for child in token.head.children if child.dep_ == "aux"]
        infinitive = any(child.dep_ == "mark" and child.lower_ == "to" for child in children)
        if infinitive and any(child.lemma_ == "be" and child.tag_ in FINITE for child in children):
            found = "planned"  # "which is to be held"
        if any(child.dep_ in {"mark", "case"} and child.lower_ == "due" for child in children) and token.tag_ == "VB":
            found = "planned"  # "is due to visit"
        for child in auxiliaries + [child for child in children if child.dep_ == "advmod"]:
            if self.listed(child, "plannedModals"):
                if not self.listed(token, "continuingVerbs"):  # what will go on is so
                    found = combine(found, "planned")
            elif self.listed(child, "possibleModals"):
                found = combine(found, "possible")
        if self.is_future_in_past(token, auxiliaries):
            found = "planned"
        if token.lemma_ == "become" and token.tag_ in PRESENT:  # who becomes something is not so yet
            found = combine(found, "planned")
        if token.sent[-1].text == "?" or any(word.text == "?" for word in token.children):
            found = combine(found, "possible")
        return "negated" if self.is_negated(token) else found

    def is_future_in_past(self, token: Word, auxiliaries: list[Word]) -> bool:
        """Whether "would" is the "will" of somebody who spoke in the past: "said that they would meet"."""
        said = token.head
        return (
            token.dep_ == "ccomp"
            and any(auxiliary.lower_ in {"would", "'d", "’d"} for auxiliary in auxiliaries)
            and said.tag_ in {"VBD", "VBN"}
            and self.listed(said, "reportingVerbs")
            and not any(self.supposes(child) for child in token.children if child.dep_ == "advcl")
        )

    def supposes(self, clause: Word) -> bool:
        """Whether a clause begins with a conditional marker."""
        return any(self.listed(child, "conditionalMarkers") for child in clause.children if child.dep_ in MARKS)

    def is_over(self, token: Word) -> bool:
        """Whether a clause tells of what was before the time that the text speaks of: "had led", "formerly led"."""
        had = any(child.dep_ == "aux" and child.lower_ in {"had", "'d", "’d"} for child in token.children)
        former = any(child.dep_ == "advmod" and self.listed(child, "formerAdverbs") for child in token.children)
        return former or (had and token.tag_ == "VBN")

    def is_negated(self, token: Word) -> bool:
        """Whether a clause says that something is not so: "did not", "no agreement was", "nobody", "without"."""
        for child in token.children:
            relation = child.dep_.split(":")[0]
            if relation in {"advmod", "det", "cc", "mark"} and (
                self.listed(child, "negators") or any(self.listed(inner, "negators") for inner in child.children)
            ):
                return True
            if relation in {"nsubj", "obj"} and (
                self.listed(child, "negators")
                or any(c.dep_ in {"det", "cc:preconj", "cc"} and c.lower_ in NO for c in child.children)
            ):
                return True
        return False

    def embedding(self, token: Word) -> Modality:
        """What the governing clause makes of this one."""
        relation, governor = token.dep_, token.head
        if governor.i == token.i:
            return "asserted"
        marks = [child for child in token.children if child.dep_ in MARKS]
        infinitive = any(mark.lower_ == "to" for mark in marks)
        if relation == "advcl":
            return self.adverbial(token, governor, marks)
        if relation == "acl" and infinitive:  # "the decision to send", "an opportunity to discuss", "efforts to defeat"
            if not self.listed(governor, "ongoingNouns"):
                return combine(self.modality(self.clause(governor)), "planned")
            # Whose efforts they are is taken for granted, whatever is said of them.
            possessed = any(child.dep_ == "nmod:poss" for child in governor.children)
            return "asserted" if possessed else self.modality(self.clause(governor))
        if relation in {"xcomp", "ccomp", "csubj", "csubj:pass"}:
            return "possible" if self.supposes(token) else self.complement(token, governor, infinitive)
        if relation == "acl:relcl":
            return "asserted"
        if relation == "conj" and any(child.dep_ in OWN_SUBJECTS for child in token.children):
            return self.embedding(governor)
        if relation in {"conj", "parataxis", "acl"}:
            outer = self.modality(self.clause(governor))
            if relation == "acl":  # "a delegation led by X is expected": so is that X leads it
                outer = combine(outer, self.nominal(governor))
            return "asserted" if outer == "negated" else outer
        return "asserted"

    def adverbial(self, token: Word, governor: Word, marks: list[Word]) -> Modality:
        """What an adverbial clause claims: a purpose is planned, but what people meet to do they do."""
        outer = self.modality(self.clause(governor))
        outer = "asserted" if outer == "negated" else outer
        words = {mark.lower_ for mark in marks}
        if any(self.listed(mark, "conditionalMarkers") for mark in marks):
            return "possible"
        if words & AHEAD and token.tag_ in PRESENT:
            return combine(outer, "planned")
        if words & {"from", "of", "into"}:  # "kept X from coming", "accused X of"
            return "negated" if self.listed(governor, "negativeVerbs") else combine(outer, "possible")
        if "to" in words and self.listed(governor, "possibleVerbs"):
            return combine(outer, "possible")
        if "to" in words and governor.lower_ in self.words.get("standingWords", NO_WORDS) and is_passive(governor):
            return outer
        if "to" in words and not self.listed(governor, "gatheringVerbs"):
            return combine(outer, "planned")
        return outer

    def nominal(self, token: Word) -> Modality:
        """What a noun's own words, and the verb or noun that governs it, make of the event that it names."""
        if is_verbal(token):
            return "asserted"
        found = self.own_words(token)
        verb, noun = governor(token)
        while noun.dep_ == "nmod" and self.listed(verb, "seriesNouns"):  # "a round of talks is due to open"
            verb, noun = governor(verb)
        relation = noun.dep_.split(":")[0]
        if relation in {"obj", "obl"} or noun.dep_ == "nsubj:pass":
            wanted = verb.lemma_.lower() + (f" {preposition(noun)}" if relation == "obl" else "")
            found = combine(found, self.by_lists(wanted, "negativeVerbs", "plannedVerbs", "possibleVerbs"))
            if relation != "obl" and self.listed(verb, "announcingVerbs"):
                found = combine(found, "planned")
        elif relation == "nsubj" and any(child.dep_ == "cop" for child in verb.children):  # "the talks are due to open"
            raised = f"be {verb.lemma_.lower()} to"
            found = combine(found, self.by_lists(raised, "", "plannedModals", "possibleModals"))
        return found

    def supposed(self, token: Word) -> Modality:
        """What is made of a noun that tells how things stand ("the cooperation between X and Y"), in whatever clause.

        Who will discuss or strengthen a cooperation has one; who will launch a campaign has none yet.
        """
        if is_verbal(token):
            return "asserted"
        verb, noun = governor(token)
        begun = noun.dep_ in {"obj", "nsubj:pass"} and self.listed(verb, "beginningVerbs")
        found = combine(self.own_words(token), self.modality(verb) if begun else "asserted")
        definite = any(child.dep_ == "nmod:poss" or child.lower_ in DEFINITE for child in token.children)
        return found if definite else combine(found, self.nominal(token))

    def own_words(self, token: Word) -> Modality:
        """What its article, its adjectives and the noun that it hangs on make of what a noun names: "no agreement",
        "the planned visit", "the cancellation of the visit"."""
        if token.i not in self.own:
            self.own[token.i] = self.find_own_words(token)
        return self.own[token.i]

    def find_own_words(self, token: Word) -> Modality:
        """As `own_words`, worked out."""
        found: Modality = "asserted"
        if is_verbal(token):
            return found
        for child in token.children:
            if child.dep_ == "det" and child.lower_ in NO:
                found = "negated"
            if child.dep_ in {"amod", "nmod:poss", "compound"}:
                for form in (child.lemma_.lower(), child.lower_):
                    found = combine(
                        found, self.by_lists(form, "negativeAdjectives", "plannedAdjectives", "possibleAdjectives")
                    )
        head, noun = governor(token)
        if noun.dep_ == "nmod" and not is_verbal(head):
            wanted = f"{head.lemma_.lower()} {preposition(noun)}"
            found = combine(found, self.by_lists(wanted, "negativeNouns", "plannedNouns", "possibleNouns"))
        return found

    def by_lists(self, lemma: str, negative: str, planned: str, possible: str) -> Modality:
        """The modality that a word, or a verb with its preposition, gives by the list that it stands in."""
        if lemma in self.words.get(negative, NO_WORDS):
            return "negated"
        if lemma in self.words.get(possible, NO_WORDS):
            return "possible"
        return "planned" if lemma in self.words.get(planned, NO_WORDS) else "asserted"

    def complement(self, token: Word, governor: Word, infinitive: bool) -> Modality:
        """What a verb or adjective makes of its complement: "plans to", "is likely to", "refused to", "denied that"."""
        outer = self.modality(governor)
        if self.listed(governor, "negativeVerbs"):
            return "possible" if outer == "negated" else "negated"  # "did not rule out that"
        copula = "be " if any(child.dep_ == "cop" for child in governor.children) else ""
        modal = f"{copula}{governor.lemma_.lower()} to" if infinitive else ""
        if modal in self.words.get("possibleModals", NO_WORDS) or self.listed(governor, "possibleVerbs"):
            return combine(outer, "possible")
        if modal in self.words.get("plannedModals", NO_WORDS) | {"be to", "go to"}:
            return combine(outer, "planned")
        if self.listed(governor, "plannedVerbs") and token.dep_ == "xcomp":
            return combine(outer, "planned")
        if copula:
            judged = self.by_lists(governor.lemma_.lower(), "negativeJudgements", "plannedVerbs", "possibleJudgements")
            if judged == "negated":
                return "possible" if outer == "negated" else "negated"  # "it is not untrue that"
            outer = combine(outer, judged)
        if self.listed(governor, "reportingVerbs") and outer == "negated":
            return "possible"  # "did not rule out that": neither said nor denied
        return outer

    def speaker(self, token: Word) -> int | None:
        """Who alone asserts the clause headed by ``token``: a token index, `UNNAMED`, or None."""
        if token.i not in self.speakers:
            self.speakers[token.i] = None
            self.speakers[token.i] = self.find_speaker(token)
        return self.speakers[token.i]

    def find_speaker(self, token: Word) -> int | None:
        """As `speaker`, worked out."""
        for child in token.children:
            if child.dep_ == "obl" and preposition(child) in {"according to", "in the words of"}:
                return self.units.get(child.i, child.i)
            if child.dep_ == "advmod" and self.listed(child, "hearsayAdverbs"):
                return UNNAMED
            if child.dep_ == "parataxis" and self.listed(child, "reportingVerbs") and self.is_aside(child):
                return self.subject(child)
        if self.listed(token, "claimingVerbs"):  # "X claimed the attack", "the attack, claimed by X"
            return self.subject(token)
        governor = token.head
        if token.i in self.quoted and not self.performs(token):
            return self.quoted[token.i]
        if governor.i != token.i:
            if token.dep_ in {"ccomp", "xcomp"} and self.listed(governor, "reportingVerbs"):
                named = self.subject(governor)
                return named if not self.performs(token) else None
            if token.dep_ in {"ccomp", "xcomp", "conj", "advcl", "acl", "acl:relcl", "parataxis", "appos"}:
                return self.speaker(self.clause(governor)) if not self.performs(token) else None
        return None

    def is_aside(self, verb: Word) -> bool:
        """Whether a verb of saying only names the speaker ("X, he said, is …") and says nothing else itself."""
        own = any(child.dep_ in {"obj", "ccomp", "xcomp"} for child in verb.children)
        before = self.doc[verb.left_edge.i - 1].text if verb.left_edge.i else ""
        return not own and not self.is_negated(verb) and before != ";"

    def subject(self, verb: Word) -> int:
        """The token that names who says something, `UNNAMED` where nobody is named."""
        for child in verb.children:
            if child.dep_ in SUBJECT_RELATIONS:
                return self.units.get(child.i, child.i)
        if verb.dep_ == "conj":
            return self.subject(verb.head)
        if verb.dep_ in {"advcl", "acl"} and verb.head.i != verb.i:  # "…, adding that"
            return self.subject(verb.head) if is_verbal(verb.head) else self.units.get(verb.head.i, verb.head.i)
        return UNNAMED

    def performs(self, verb: Word) -> bool:
        """Whether the clause does what it says ("I condemn", "we support") and so needs no one to vouch for it."""
        return self.listed(verb, "performativeVerbs") and any(
            child.dep_ in SUBJECT_RELATIONS and child.lower_ in FIRST_PERSONS for child in verb.children
        )

    def read_quotations(self) -> dict[int, int]:
        """The speaker of every token inside quotation marks, and after "X said:" to the end of the text.

        A quotation belongs to the reporting verb in a sentence that it touches; quoted words without one are not
        speech ("the so-called 'caliphate'").
        """
        found: dict[int, int] = {}
        opened: int | None = None
        closing = ""
        for token in self.doc:
            if opened is None and token.text in QUOTES:
                opened, closing = token.i, QUOTES[token.text]
            elif opened is not None and token.text == closing:
                self.attribute(found, opened, token.i)
                opened = None
        for sentence in self.doc.sents:
            last = next((token for token in reversed(sentence) if not token.is_space), None)
            if last is not None and last.text == ":" and self.listed(sentence.root, "reportingVerbs"):
                speaker = self.subject(sentence.root)
                if speaker != UNNAMED:  # "To clarify:" is the text's own
                    found.update(dict.fromkeys(range(sentence.end, len(self.doc)), speaker))
                    break
        return found

    def attribute(self, found: dict[int, int], start: int, end: int) -> None:
        """Give what stands between two quotation marks to the verb of saying beside them, to any verb whose content it
        is (“…,” she vowed), or to the name before a colon (Minister X: “…”)."""
        first, last = self.doc[start].sent, self.doc[end].sent
        outside = [token for token in self.doc[first.start : last.end] if not start <= token.i <= end]
        verbs = [token for token in outside if token.pos_ == "VERB" and self.listed(token, "reportingVerbs")]
        quoted = [token for token in self.doc[start:end] if token.dep_ == "ccomp" and token.head.pos_ == "VERB"]
        verbs += [token.head for token in quoted if not start <= token.head.i <= end]
        speakers = [self.subject(verb) for verb in verbs] + self.before_colon(start)
        for speaker in speakers:
            if not start < speaker < end:
                found.update(dict.fromkeys(range(start, end), speaker))
                return

    def before_colon(self, start: int) -> list[int]:
        """The head of the name that stands alone before a colon and a quotation."""
        before = [token for token in self.doc[max(0, start - 3) : start] if not token.is_space]
        if len(before) < 2 or before[-1].text != ":":
            return []
        name = before[-2]
        while name.head.i < before[-1].i and name.head.i != name.i:
            name = name.head
        return [self.units.get(name.i, name.i)] if name.pos_ == "PROPN" and not is_verbal(name) else []
