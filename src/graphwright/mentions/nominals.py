"""Descriptions: posts, delegations, meetings and whatever other nouns and verbs the ontology has for its classes."""

from __future__ import annotations

from collections.abc import Iterator

from graphwright.language.parse import Parse, Word
from graphwright.mentions.lexicon import LONGEST_POST, Lexicon, NounMatch, capitalised, text_of
from graphwright.mentions.model import Mention

INSIDE_NOUN_PHRASE = frozenset(
    {"amod", "compound", "nummod", "nmod:poss", "det", "advmod", "nmod", "nmod:desc", "flat"}
)
NOT_IN_POSTS = frozenset({"the", "a", "an", "his", "her", "its", "new", "newly", "current", "incoming", "present"})
PERSONAL = frozenset(
    {"he", "she", "him", "her", "it", "they", "them", "both", "i", "we", "us", "our", "his", "its", "their"}
)


def find_nominals(doc: Parse, lexicon: Lexicon, names: tuple[Mention, ...]) -> Iterator[Mention]:
    """Nominals headed by a noun of the ontology outside names, posts with their extent, and pronouns."""
    covered = {i for name in names for i in range(name.start, name.end)}
    last = len(doc) - 1
    found: list[Mention] = []
    while last >= 0:
        token = doc[last]
        if last in covered or not token.is_alpha:
            last -= 1
            continue
        match = lexicon.noun_at(doc, last)
        if match is not None and not covered & set(range(match.start, match.end)) and is_noun(match, doc):
            mention = post(doc, match, lexicon, covered) if match.cls == lexicon.post else nominal(doc, match, covered)
            if mention is not None and (not found or mention.end <= found[-1].start):
                found.append(mention)
            last = match.start - 1
        else:
            if (
                token.lower_ in PERSONAL
                and (
                    token.pos_ == "PRON"
                    or (token.lower_ == "both" and token.dep_ in {"nsubj", "nsubj:pass", "obj", "obl"})
                )
                and token.dep_ != "expl"
            ):
                found.append(Mention(last, last + 1, last, "", "pronoun", token.lower_))
            elif (
                last
                and doc.written(last - 1, last + 1).lower() == "the two"
                and token.dep_.startswith(("nsubj", "obj"))
            ):
                found.append(Mention(last - 1, last + 1, last, "", "pronoun", "both"))
            last -= 1
    yield from reversed(found)


def is_noun(match: NounMatch, doc: Parse) -> bool:
    """Whether a word is used as a noun here, or capitalised as in a title; nouns of several words are no others."""
    token = doc[match.head]
    return token.pos_ in {"NOUN", "PROPN"} or capitalised(token) or match.end - match.start > 1


def phrase_start(doc: Parse, head: Word) -> int:
    """Where the noun phrase of a head begins: its own modifiers to the left, without a gap."""
    start = head.i
    while start > 0:
        before = doc[start - 1]
        top = before
        while top.dep_ == "flat" and top.head.i < top.i:  # the rest of a name hangs on its first word
            top = top.head
        inside = start - 1 <= before.head.i <= head.i or start - 1 <= top.head.i <= head.i
        inside = inside and top.dep_ in INSIDE_NOUN_PHRASE
        hyphen = before.text in {"-", "–"} and not before.whitespace_
        if not (inside or hyphen) or before.text in {"'s", "’s"}:
            break
        start -= 1
    return start


def nominal(doc: Parse, match: NounMatch, covered: set[int]) -> Mention | None:
    """ "the Serbian delegation": article, modifiers and noun."""
    head = doc[match.head]
    inside = head.dep_ == "compound" and head.head.i > head.i and head.head.pos_ in {"NOUN", "PROPN"}
    if inside and match.start - 1 not in covered:
        return None  # "government officials" are not a government; the Ethiopian government is one
    start = min(match.start, phrase_start(doc, head))
    bare = not any(token.pos_ == "PROPN" for token in doc[start : match.head]) and not any(
        child.dep_ in {"det", "nmod:poss", "nummod"} for child in head.lefts
    )
    plural = head.tag_ == "NNS" and bare and head.lower_ != match.noun
    if plural and not (is_modified_by_name(doc, start, head, covered) or does_something(head)):
        return None  # bare plurals speak of a kind, not of a thing: "peacekeeping operations"
    after = doc[match.end] if match.end < len(doc) else None
    alone = head.left_edge.i == match.start or all(child.dep_ in {"case", "punct"} for child in head.lefts)
    if head.tag_ == "NN" and alone and after is not None and after.lower_ == "of":
        return None  # an act or a quality, not a body: "took over command of the brigade"
    return Mention(start, match.end, match.head, match.cls, "nominal", text_of(doc, start, match.end))


def does_something(noun: Word) -> bool:
    """Whether a noun is what did something once, or was met: "gunmen stormed a post", not "gunmen are a danger"."""
    while noun.dep_ == "conj" and noun.head.i != noun.i:
        noun = noun.head
    verb = noun.head
    auxiliaries = {child.lower_ for child in verb.children if child.dep_ in {"aux", "aux:pass"}}
    active = (
        noun.dep_ == "nsubj" and verb.pos_ == "VERB" and (verb.tag_ == "VBD" or bool(auxiliaries & {"have", "had"}))
    )
    met = noun.dep_ == "obl" and verb.tag_ == "VBD" and any(child.lower_ == "with" for child in noun.children)
    return active or met or noun.dep_ == "obl:agent"


def is_modified_by_name(doc: Parse, start: int, head: Word, covered: set[int]) -> bool:
    """Whether a name modifies a noun: "Serbian officers"."""
    return any(i in covered for i in range(start, head.i))


def post(doc: Parse, match: NounMatch, lexicon: Lexicon, covered: set[int]) -> Mention | None:
    """ "First Deputy Minister of Defence": modifiers that are no names, the noun, an "of" that is no organisation."""
    start = match.start
    while start > max(0, match.start - LONGEST_POST) and start - 1 not in covered:
        before = doc[start - 1]
        modifies = before.dep_ in {"amod", "compound", "flat", "nmod", "nmod:desc"} and before.head.i >= start
        hyphen = before.text == "-" and start > 1 and start - 2 not in covered and not before.whitespace_
        named = capitalised(before) and before.pos_ != "DET"
        if not (named or modifies or hyphen) or before.lower_ in NOT_IN_POSTS:
            break
        body = lexicon.noun_at(doc, start - 1) if start > 1 and not capitalised(before) else None
        if body is not None and body.start - 1 in covered and lexicon.ontology.fits(body.cls, lexicon.actors):
            break  # "the Ethiopian government | spokeswoman"
        if before.is_sent_start and not modifies and before.pos_ not in {"PROPN", "ADJ", "NOUN"}:
            break
        start -= 1
    former = lexicon.ontology.words.get("formerWords", frozenset())
    if any(token.lower_ in former for token in doc[max(0, start - 1) : match.head]):
        return None
    end = post_end(doc, match.end, lexicon, covered)
    return Mention(start, end, match.head, match.cls, "nominal", text_of(doc, start, end))


def post_end(doc: Parse, end: int, lexicon: Lexicon, covered: set[int]) -> int:
    """The end of a post with its field: "of National Defence", "for Defence Affairs"; not what is itself mentioned."""
    if end >= len(doc) or doc[end].lower_ not in {"of", "for"}:
        return end
    i = end + 1
    if i < len(doc) and doc[i].lower_ == "the":
        i += 1
    first = i
    while (
        i < len(doc)
        and i not in covered
        and (capitalised(doc[i]) or (doc[i].pos_ in {"NOUN", "ADJ", "PROPN"} and not capitalised(doc[first])))
    ):
        noun = lexicon.noun_at(doc, i, lower_bound=first)
        if noun is not None and noun.cls != lexicon.post:
            return end  # a body of its own: "minister of the government"
        i += 1
        if i + 1 < len(doc) and doc[i].lower_ == "and" and capitalised(doc[i + 1]) and capitalised(doc[i - 1]):
            if i + 1 in covered or lexicon.gazetteer.rank(doc[i + 1].text) or is_post_ahead(doc, i + 1, lexicon):
                break
            i += 1
    if i == first or (
        i < len(doc) and i in covered and doc[i].dep_ not in {"appos", "nmod:desc"} and doc[i - 1].dep_ == "compound"
    ):
        return end
    return i


def is_post_ahead(doc: Parse, i: int, lexicon: Lexicon) -> bool:
    """Whether another post begins here: "Minister of Defence and Chief of the General Staff"."""
    for j in range(i, min(i + 4, len(doc))):
        match = lexicon.noun_at(doc, j, lower_bound=i)
        if match is not None and match.cls == lexicon.post:
            return True
        if not capitalised(doc[j]):
            return False
    return False


def find_verbs(doc: Parse, lexicon: Lexicon) -> Iterator[Mention]:
    """Verbs that by themselves, or with a preposition, tell of an event of the ontology ("met", "spoke with")."""
    for token in doc:
        if token.pos_ != "VERB":
            continue
        lemma = token.lemma_.lower()
        cases = [case.lower_ for child in token.children for case in child.children if case.dep_ == "case"]
        cases += [child.lower_ for child in token.children if child.dep_ == "compound:prt"]
        found = [lexicon.verbs[key] for key in (lemma, *(f"{lemma} {case}" for case in cases)) if key in lexicon.verbs]
        if found:
            yield Mention(token.i, token.i + 1, token.i, found[0], "verb", token.text)
