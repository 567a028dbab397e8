"""Spelling: how near two words are, and tables of words that stand for each other."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache

from rapidfuzz.distance import OSA

from graphwright.entities.names import normal_form
from graphwright.entities.sounds import skeleton, sound

SHORTEST = 5
"""Letters of the shortest word in which one wrong letter is forgiven: shorter words are mostly other words."""

DOUBTFUL = 0.6
"""The score under which a match says little: that of a given name alone with one of the people who have it."""

MOST_DOUBTFUL = 20
"""How many doubtful matches of a form are looked at. Where there are more ("David"), none of them is: nobody is meant
clearly, and all people with a usual given name would have to be told apart in one go."""


@dataclass(frozen=True, slots=True)
class Match:
    """That two names may name one thing: how likely, in (0, 1], where nothing else is known, and why."""

    score: float
    reason: str


SAME = Match(1.0, "the same word")
SOUND = Match(0.99, "transliteration")
VOWELS = Match(0.95, "transliteration")
SHORT_VOWELS = Match(0.89, "transliteration")
ROMAN = Match(0.95, "transliteration")
"""Novak and Nowak: of one sound where German or Polish habits wrote one, but each is a name of its own, too."""
LETTER = Match(0.89, "one letter apart")


@cache
def table(name: str) -> dict[str, frozenset[str]]:
    """The lines of a table of the gazetteer that each folded word or phrase stands on, as the first word of each."""
    from graphwright.ontology.data import data_folder

    found: dict[str, set[str]] = {}
    path = data_folder() / "gazetteer" / f"{name}.tsv"
    for line in path.read_text(encoding="utf-8").splitlines()[1:]:
        first, _, variants = line.partition("\t")
        for word in (first, *variants.split("|")):
            found.setdefault(normal_form(word), set()).add(first)
    return {word: frozenset(lines) for word, lines in found.items()}


@lru_cache(maxsize=1 << 14)
def near(one: str, other: str) -> Match | None:
    """How near two folded words are: equal, of one sound, of one sound but for vowels, or one letter apart.

    >>> near("kovacs", "kovats").reason, near("benko", "bneko").reason, near("maria", "marta")
    ('transliteration', 'one letter apart', None)
    """
    if one == other:
        return SAME
    if any(letter.isdigit() for letter in one + other):
        return None
    one, other = sorted((one, other))
    shorter = min(len(one), len(other))
    if shorter < 2:
        return None
    if sound(one) == sound(other) and (shorter > 2 or skeleton(one) == skeleton(other)):
        return SOUND if one.translate(_W) != other.translate(_W) else ROMAN
    if _of_man_and_woman(one, other):
        return None
    if len(skeleton(one)) > 2 and skeleton(one) == skeleton(other) and shorter >= SHORTEST:
        if _alternate(one, other):
            return VOWELS if shorter > SHORTEST else SHORT_VOWELS
        most = 2 if shorter > SHORTEST and abs(len(one) - len(other)) < 2 else 1
        return LETTER if OSA.distance(sound(one), sound(other), score_cutoff=most) <= most else None
    if shorter >= SHORTEST and _begin_alike(one, other):
        pairs = ((one, other), (sound(one), sound(other)))
        if any(OSA.distance(a, b, score_cutoff=1) <= 1 for a, b in pairs) and not _short_and_other(one, other):
            return LETTER
    return None


def _short_and_other(one: str, other: str) -> bool:
    """Whether a short word has another letter in one place, which mostly makes it another word: Maria and Marta."""
    return len(one) == len(other) == SHORTEST and sorted(one) != sorted(other)


def _of_man_and_woman(one: str, other: str) -> bool:
    """Whether two words are the name of a man and that of a woman: Petrov and Petrova, Adriano and Adrianna."""
    short, long = sorted((one, other), key=len)
    if long == short + "a":
        return True
    heard, other_heard = sound(one), sound(other)
    ends = {heard[-1], other_heard[-1]}
    return heard[:-1] == other_heard[:-1] and "a" in ends and not one.endswith(("ko", "ka"))  # Lukashenko, -ka


def _begin_alike(one: str, other: str) -> bool:
    """Whether two words begin with one letter, or with letters that romanisations exchange: Qadhafi and Gaddafi."""
    return one[0] == other[0] or alike(skeleton(one)[:1]) == alike(skeleton(other)[:1])


def alike(bone: str) -> str:
    """A skeleton whose first consonant stands for all that romanisations exchange it with.

    >>> alike("gdf") == alike("kdf")
    True
    """
    return bone[:1].translate(_EXCHANGED) + bone[1:]


def _alternate(one: str, other: str) -> bool:
    """Whether two words of equal consonants differ by vowels that romanisations of one name often exchange."""
    return sound(one).translate(_VOWELS) == sound(other).translate(_VOWELS)


_EXCHANGED = str.maketrans("khzb", "ggsv")
_W = str.maketrans("w", "v")
_VOWELS = str.maketrans("ue", "oi")  # Usama and Osama, Selim and Silim


def letters(form: str) -> str:
    """The letters of a name in alphabetical order: equal for names that differ in order and spaces only."""
    return "".join(sorted(form.replace(" ", "")))
