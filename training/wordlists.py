"""Word lists for augmentation, from the files in `wordlists/`; none is used outside training."""

from __future__ import annotations

from pathlib import Path


def _lines(name: str) -> list[str]:
    text = (Path(__file__).parent / "wordlists" / f"{name}.txt").read_text(encoding="utf8")
    return [line for line in text.splitlines() if not line.startswith("#")]


COUNTRIES = _lines("countries")
ADJECTIVES = _lines("nationalities")
_WITHOUT_PLURAL = frozenset(_lines("without_plural"))
DEMONYMS = frozenset(
    [*ADJECTIVES, *_lines("demonyms"), *(f"{word}s" for word in ADJECTIVES if word not in _WITHOUT_PLURAL)]
)
RANKS = _lines("ranks")
CIVIL = _lines("forms_of_address")
POSTS = _lines("posts")
AFTER = _lines("posts_after")
NAMED_FORCES = frozenset(_lines("forces"))
FORCES = _lines("forces") + _lines("forces_unnamed")
TITLE_ADJECTIVES = frozenset(_lines("title_adjectives"))
GIVEN = _lines("given_names")
FAMILY = _lines("family_names")
LOCALES = _lines("locales")
TRADES = _lines("trades")
# Names of the sentence that tests/test_language.py parses: they must stay unseen.
NEVER = ("Tibor", "Benkő", "Benko", "Ljubisa", "Ljubiša", "Diković", "Dikovic", "Szeged")
