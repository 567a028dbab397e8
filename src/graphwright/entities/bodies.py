"""Names of organisations, places, events and other things: order, added words, acronyms, and spelling."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from graphwright.entities.sounds import skeleton
from graphwright.entities.spelling import LETTER, SAME, Match, letters, near, table

SMALL = frozenset(
    [
        "the",
        "a",
        "an",
        "of",
        "for",
        "and",
        "in",
        "on",
        "to",
        "at",
        "by",
        "de",
        "la",
        "le",
        "du",
        "des",
        "der",
        "die",
        "das",
        "und",
        "y",
        "e",
        "do",
        "da",
        "del",
        "di",
        "et",
    ]
)
"""Words that names of bodies have between the others."""

SPELLINGS = {
    "defense": "defence",
    "center": "centre",
    "labor": "labour",
    "program": "programme",
    "armor": "armour",
    "armored": "armoured",
    "harbor": "harbour",
    "intl": "international",
    "natl": "national",
    "dept": "department",
    "univ": "university",
    "govt": "government",
    "mt": "mount",
    "ft": "fort",
    "st": "saint",
    "first": "1st",
    "second": "2nd",
    "third": "3rd",
    "fourth": "4th",
    "fifth": "5th",
    "sixth": "6th",
    "seventh": "7th",
    "eighth": "8th",
    "ninth": "9th",
    "tenth": "10th",
}
"""Words in the one form in which they are compared: British spelling, full words, figures."""

PLACE_WORDS = frozenset(
    [
        "province",
        "governorate",
        "region",
        "oblast",
        "district",
        "county",
        "prefecture",
        "state",
        "city",
        "town",
        "village",
        "island",
        "municipality",
    ]
)
ARTICLES = frozenset({"al", "el", "ar", "as", "ad", "an", "ash", "at", "az"})
"""Arabic articles, which come and go in names of places."""

EVENT_WORDS = frozenset(
    ["exercise", "operation", "summit", "conference", "meeting", "forum", "war", "battle", "election", "elections"]
)
"""What a name may say of the kind of the thing, or not."""

_HYPHENATED = re.compile(r"\bco (?=operat|ordinat)")

ACRONYM = range(3, 9)
"""How many letters an acronym has that stands for a name by itself."""


@lru_cache(maxsize=1 << 14)
def words_of(form: str) -> tuple[str, ...]:
    """The words of a name that count, in one spelling and number, in order.

    >>> words_of("department of defense programs")
    ('department', 'defence', 'programme')
    """
    words = _HYPHENATED.sub("co", form).split()
    return tuple(_word(word) for word in words if word not in SMALL) or tuple(words)


def _word(word: str) -> str:
    word = SPELLINGS.get(word, word)
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-3] + "y" if word.endswith("ies") and len(word) > 4 else word[:-1]
    for american in ("ization", "izing", "ized", "ize"):
        if word.endswith(american) and len(word) > len(american) + 2:
            word = word[: -len(american)] + american.replace("z", "s")
    return SPELLINGS.get(word, word)


JOINT_STOCK = "limited liability company"
"""The line of the legal forms that may come before a name: PAO Gazprom."""


def is_numbered(form: str) -> bool:
    """Whether a name is one of a series that others may have too: "1st Infantry Brigade", "Brigade 31"."""
    return " " in form and any(word[0].isdigit() for word in words_of(form))


@lru_cache(maxsize=1 << 14)
def stem(form: str) -> tuple[tuple[str, ...], str]:
    """The words of a company's name without its legal form, and the legal form ("" without one).

    >>> stem("siemens aktiengesellschaft")
    (('siemen',), 'aktiengesellschaft')
    """
    known = table("legal_forms")
    parts = form.split()
    legal: list[str] = []
    if len(parts) > 1 and JOINT_STOCK in known.get(parts[0], ()):
        legal += [JOINT_STOCK]
        parts = parts[1:]
    size = 1
    while size:
        sizes = (n for n in (4, 3, 2, 1) if n < len(parts) and " ".join(parts[-n:]) in known)
        size = next(sizes, 0)
        if size:
            legal += sorted(known[" ".join(parts[-size:])])
            parts = parts[:-size]
    return words_of(" ".join(parts)), " ".join(legal)


def match_organisations(one: str, other: str) -> Match | None:
    """How likely two names are one organisation's. See `similarity.match`."""
    found = _same_words(words_of(one), words_of(other))
    if found is not None:
        return found
    (bare, legal), (other_bare, other_legal) = stem(one), stem(other)
    if legal or other_legal:
        found = SAME if bare == other_bare else _same_words(bare, other_bare)
        if found is not None:
            score = 0.8 if legal and other_legal and legal != other_legal else 0.95
            return Match(round(score * found.score, 3), "without the company suffix")
    return _acronym(one, other) or _acronym(other, one) or _beginning(bare, other_bare)


def _beginning(one: tuple[str, ...], other: tuple[str, ...]) -> Match | None:
    """Moravan and Moravan Dynamics: the first word of a name may stand for the whole."""
    short, long = sorted((one, other), key=lambda words: (len(words), words))
    if len(short) == 1 and 1 < len(long) <= 3 and short[0] == long[0] and len(short[0]) > 3:
        return Match(0.7, "part of the name")
    return None


def _acronym(one: str, other: str) -> Match | None:
    """Whether one name is made of the first letters of the other."""
    if " " in one or len(one) not in ACRONYM or one not in initials(other):
        return None
    return Match(0.86 if len(one) > min(ACRONYM) else 0.8, "acronym")


def initials(form: str) -> frozenset[str]:
    """The acronyms that a name may have: with its small words and without, the articles never."""
    words = [word for word in _HYPHENATED.sub("co", form).split() if word not in {"the", "a", "an"}]
    if len(words) < 2:
        return frozenset()
    return frozenset(
        "".join(word[0] for word in some) for some in (words, [word for word in words if word not in SMALL])
    )


def match_places(one: str, other: str) -> Match | None:
    """How likely two names are one place's. See `similarity.match`."""
    words, other_words = (tuple(w for w in words_of(name) if w not in ARTICLES) for name in (one, other))
    found = _same_words(words, other_words) if words and other_words else None
    if found is None:
        bare, other_bare = (tuple(w for w in some if w not in PLACE_WORDS) for some in (words, other_words))
        return Match(0.9, "without the kind of place") if bare and bare == other_bare else None
    return found


def match_events(one: str, other: str) -> Match | None:
    """How likely two names are one event's. See `similarity.match`. A year or number tells one of a series."""
    words, other_words = words_of(one), words_of(other)
    numbers, other_numbers = _numbers(words), _numbers(other_words)
    if numbers and other_numbers and numbers != other_numbers:
        return None
    bare, other_bare = (tuple(w for w in some if not w[0].isdigit()) for some in (words, other_words))
    kernel, other_kernel = (tuple(w for w in some if w not in EVENT_WORDS) for some in (bare, other_bare))
    found = SAME if bare == other_bare else _same_words(bare, other_bare)
    if found is None and kernel and kernel == other_kernel:
        found = Match(0.94, "without the kind of event")
    if found is None or not kernel:
        return None
    if numbers != other_numbers:
        return Match(round(0.75 * found.score, 3), "without the number")
    return found if found is not SAME else Match(0.98, "the same name")


def match_things(one: str, other: str) -> Match | None:
    """How likely two names are one thing's of any other kind: only number, order and spelling habits are forgiven."""
    words, other_words = words_of(one), words_of(other)
    return Match(0.97, "the same words") if sorted(words) == sorted(other_words) else None


def _numbers(words: tuple[str, ...]) -> frozenset[str]:
    """The figures of a name; a year counts by its last two digits."""
    return frozenset(word[2:] if len(word) == 4 and word.isdigit() else word for word in words if word[0].isdigit())


def _same_words(words: tuple[str, ...], other_words: tuple[str, ...]) -> Match | None:
    """Whether two names have the same words, in any order, but for how one of them is spelt."""
    if words == other_words:
        return Match(0.99, "the same words")
    if len(words) != len(other_words):
        joined = "".join(words) == "".join(other_words)
        return Match(0.97, "the same name with other spaces") if joined else None
    if sorted(words) == sorted(other_words):
        return Match(0.97, "the same name in another order")
    one, other = (sorted(set(a) - set(b)) for a, b in ((words, other_words), (other_words, words)))
    if len(one) != 1 or len(other) != 1:
        found = [near(a, b) for a, b in zip(words, other_words, strict=True)]
        fine = all(spelt is not None and spelt is not LETTER for spelt in found)
        return Match(0.96, "transliteration") if fine else None
    spelt = near(one[0], other[0])
    if spelt is None:
        return None
    if spelt is LETTER:
        # A letter matters less in a long name: the rest of it is the same.
        length = sum(map(len, words))
        return Match(0.95 if length > 18 else 0.9 if length > 6 else 0.85, spelt.reason)
    return Match(round(spelt.score * 0.98, 3), spelt.reason)


def keys(form: str, kind: str) -> Iterator[str]:
    """The blocking keys of a name. See `similarity.keys`."""
    dropped = PLACE_WORDS | ARTICLES if kind == "place" else EVENT_WORDS if kind == "event" else frozenset()
    words = stem(form)[0] if kind == "organisation" else words_of(form)
    words = tuple(w for w in words if w not in dropped and not (kind == "event" and w[0].isdigit())) or words
    if kind == "other":
        yield f"={' '.join(sorted(words))}"
        return
    bones = [skeleton(word) if not word[0].isdigit() else word for word in words]
    yield f"={' '.join(sorted(bones))}"
    yield f"=@{letters(''.join(words))}"
    if len(words) > 2:
        for i, word in enumerate(words):
            rest = " ".join(sorted(bones[:i] + bones[i + 1 :]))
            yield f"=-{rest} {word[0]}"
    else:
        solid = " ".join(sorted(words))
        if len(solid) >= 6:
            yield from (f"=-{solid[:i]}{solid[i + 1 :]}" for i in range(len(solid)))
    if kind == "organisation":
        if len(words) == 1 and " " not in form and len(form) in ACRONYM:
            yield f"<a {form}"
        yield from (f">a {short}" for short in initials(form) if len(short) in ACRONYM)
        if len(words) == 1:
            yield f"<w {words[0]}"
        elif len(words) <= 3:
            yield f">w {words[0]}"
