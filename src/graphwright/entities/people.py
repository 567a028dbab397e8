"""Names of people: order, initials, middle names, patronymics, double surnames, generations, and spelling."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from graphwright.entities.sounds import skeleton
from graphwright.entities.spelling import LETTER, ROMAN, SAME, SOUND, Match, alike, letters, near, table

GENERATIONS = {"jr": "2", "junior": "2", "ii": "2", "iii": "3", "iv": "4", "sr": "1", "senior": "1"}
PARTICLES = frozenset(
    [
        "al",
        "el",
        "ad",
        "as",
        "an",
        "ar",
        "ash",
        "at",
        "az",
        "ul",
        "bin",
        "ibn",
        "ben",
        "bint",
        "abu",
        "de",
        "da",
        "do",
        "dos",
        "das",
        "del",
        "della",
        "di",
        "du",
        "la",
        "le",
        "van",
        "von",
        "der",
        "den",
        "zu",
        "y",
        "e",
        "ter",
        "ten",
        "st",
    ]
)
"""Small words of names, which come and go; a letter at the beginning is an initial, though."""

LONGEST_INITIALS = 3
SHORT = 6  # letters of given names of which others are a letter apart
_VOWELS = frozenset("aeiouy")

STRENGTHS = (0.8, 0.97, 0.995)
"""How likely two people are one who have an equal name of one word, of two, of three and more."""

INITIAL = Match(0.86, "initials")
VARIANT = Match(0.96, "forms of one given name")


@dataclass(frozen=True, slots=True)
class Name:
    """A person's name in parts: its words without particles and what tells generations, in order."""

    words: tuple[str, ...]
    generation: str


@lru_cache(maxsize=1 << 14)
def parsed(form: str) -> Name:
    """A name in normal form, in parts.

    >>> parsed("martin luther king jr")
    Name(words=('martin', 'luther', 'king'), generation='2')
    """
    words = form.split()
    generation = ""
    while len(words) > 1 and words[-1] in GENERATIONS:
        generation = GENERATIONS[words.pop()]
    kept = [word for i, word in enumerate(words) if word not in PARTICLES or (i == 0 and len(word) == 1)]
    return Name(tuple(kept or words), generation)


def strength(form: str) -> float:
    """How likely two people of this equal name are one."""
    words = [word for word in parsed(form).words if not is_initials(word)]
    return STRENGTHS[min(len(words), len(STRENGTHS)) - 1] if words else STRENGTHS[0]


def is_initials(word: str) -> bool:
    """Whether a word may be initials, which normal forms run together: "j", "jr" of J. R. Smith."""
    return len(word) == 1 or (len(word) <= LONGEST_INITIALS and not _VOWELS & set(word))


def match(one: str, other: str) -> Match | None:
    """How likely two names are one person's. See `similarity.match`."""
    long, short = sorted((parsed(one), parsed(other)), key=lambda name: (-len(name.words), name.words, name.generation))
    if long.generation and short.generation and long.generation != short.generation:
        return None
    found = _words(long.words, short.words)
    if found is None and letters("".join(long.words)) == letters("".join(short.words)):
        found = _spaced(long.words, short.words)
    if found is not None and long.generation != short.generation:
        found = Match(found.score * 0.8, "without the generation")  # father and son
    return found


def _spaced(long: tuple[str, ...], short: tuple[str, ...]) -> Match | None:
    """Kim Jongun and Kim Jong Un: equal but for spaces, and order."""
    whole = "".join(long)
    orders = {"".join(short[i:] + short[:i]) for i in range(len(short))}
    return Match(0.97, "the same name with other spaces") if whole in orders else None


def _words(long: tuple[str, ...], short: tuple[str, ...]) -> Match | None:
    """Find each word of the shorter name in the longer one, and judge what is left over."""
    pairs = _aligned(long, short)
    if pairs is None:
        return None
    if sum(found is ROMAN for _, found in pairs) > 1:  # w for v throughout is a habit of writing, no other name
        pairs = [(place, SOUND if found is ROMAN else found) for place, found in pairs]
    full = [found for _, found in pairs if found is not INITIAL]
    if not full or (len(short) > 1 and all(found is INITIAL for _, found in pairs[1:]) and pairs[0][1] is INITIAL):
        return None
    places = [place for place, _ in pairs]
    score, reason = 1.0, ""
    for _, found in sorted(pairs, key=lambda pair: pair[1].score):
        score *= found.score
        reason = reason or (found.reason if found is not SAME else "")
    if sum(found is LETTER for _, found in pairs) > 1:
        return None
    turned = places != sorted(places)
    if turned:
        order, name = 0.96, "the same name in another order"
        if len(long) > 2 and not _rotated(places):
            return None
        score, reason = score * order, reason or name
    elif reason and len(short) > 1:
        score *= 0.99
    if len(long) == len(short):
        return Match(round(score, 3), reason or "the same name")
    if len(short) == 1:
        given = places[0] == 0
        return Match(round(score * (0.55 if given else 0.8), 3), "part of the name")
    first, last = 0 in places, len(long) - 1 in places
    left = 0.94 if first and last else 0.93 if first else 0.78
    if any(len(long[i]) == 1 or is_initials(long[i]) for i in range(len(long)) if i not in places):
        left = min(left, 0.84)  # George Bush and George W. Bush
    names = "without the middle name" if first and last else "part of the name"
    return Match(round(score * left, 3), reason if reason and reason != "the same name in another order" else names)


def _rotated(places: list[int]) -> bool:
    """Whether places are in order but for one cut: the family name put last, or first."""
    return sum(after < before for before, after in zip(places, [*places[1:], places[0]], strict=True)) == 1


def _aligned(long: tuple[str, ...], short: tuple[str, ...]) -> list[tuple[int, Match]] | None:
    """For each word of the shorter name its place in the longer one, None where one has none: the best words first."""
    chosen: dict[int, tuple[int, Match]] = {}
    pairs = [
        (found.score, -abs(i - j), -i, -j, found)
        for i, word in enumerate(short)
        for j, other in enumerate(long)
        if (found := _word(word, other)) is not None
    ]
    taken: set[int] = set()
    for _, _, i, j, found in sorted(pairs, key=lambda pair: pair[:4], reverse=True):
        if -i not in chosen and -j not in taken:
            chosen[-i] = (-j, found)
            taken.add(-j)
    return [chosen[i] for i in range(len(short))] if len(chosen) == len(short) else None


@lru_cache(maxsize=1 << 14)
def _word(one: str, other: str) -> Match | None:
    """How near two words of names are."""
    found = near(one, other)
    if found is SAME:
        return SAME
    given = table("given_names")
    if (found is None or found.score < VARIANT.score) and given.get(one, frozenset()) & given.get(other, frozenset()):
        return VARIANT
    if found is LETTER and (one in given or other in given):
        both = one in given and other in given
        return None if both or min(len(one), len(other)) <= SHORT else LETTER  # Daniel and Daneil, not Maria and Marta
    if found is not None:
        return found
    for initials, full in ((one, other), (other, one)):
        if is_initials(initials) and full[0] == initials[0] and (len(initials) == 1 or not is_initials(full)):
            return INITIAL
    return None


def keys(form: str) -> Iterator[str]:
    """The blocking keys of a person's name. See `similarity.keys`.

    The consonants of all words, with one left out (Garbe 2012, symmetric deletion), bring together names that are a
    letter apart; the letters of all, names with other spaces. Long names offer their parts to short ones.
    """
    words = parsed(form).words
    bones = [skeleton(word) for word in words]
    whole = " ".join(sorted(bones))
    if len(words) > 1 and not any(is_initials(word) for word in words[:-1]):
        yield f"={whole}"
        yield f"=@{letters(''.join(words))}"
        for given, family in ((words[0], bones[-1]), (words[-1], bones[0])):
            yield from (f"=+{line} {family}" for line in table("given_names").get(given, ()))
        yield from _one_left_out(sorted(map(alike, bones)))
    elif len(words) == 1:
        yield f"={whole}"
        if len(whole) > 3:
            yield from _one_left_out([alike(whole)])
    yield f"<{whole}"
    if any(is_initials(word) for word in words):
        yield from _short_with_initials(words)
    if len(words) > 1:
        yield from (f">{part}" for part in sorted(set(_parts(words, bones)) - {whole}))


def _one_left_out(bones: list[str]) -> Iterator[str]:
    """Consonants with any one left out, the first of each word excepted."""
    for i, bone in enumerate(bones):
        for j in range(1, len(bone)):
            yield "=-" + " ".join((*bones[:i], bone[:j] + bone[j + 1 :], *bones[i + 1 :]))


def _short_with_initials(words: tuple[str, ...]) -> Iterator[str]:
    """J. R. Smith asks for the Smiths whose name begins with J."""
    full = [word for word in words if not is_initials(word)]
    for initials in (word for word in words if is_initials(word)):
        if full:
            yield f"<{initials[0]}. {skeleton(full[-1])}"


def _parts(words: tuple[str, ...], bones: list[str]) -> Iterator[str]:
    """What a name may be shortened to: a surname or given name, fewer words, an initial and a surname."""
    last = len(words) - 1
    yield from (bones[0], bones[last], bones[last - 1])
    if last > 1:
        yield from (" ".join(sorted(bones[:i] + bones[i + 1 :])) for i in range(len(bones)))
        yield from (" ".join(sorted((bones[0], one))) for one in bones[1:])
        yield " ".join(sorted(bones[-2:]))
    for i, initial in ((last, words[0][0]), (0, words[last][0]), (max(last - 1, 1), words[0][0])):
        if i <= last and not is_initials(words[i]):
            yield f"{initial}. {bones[i]}"
    for word in table("given_names").get(words[0], ()):
        yield f"{word[0].lower()}. {bones[last]}"
