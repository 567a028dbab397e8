"""Tells whether a text is in another language than the pipeline reads.

A text in which enough of the running words are function words of the expected language is taken for it at once, which
costs next to nothing. Only others are given to a language identifier: py3langid, after Lui and Baldwin (2012),
"langid.py: An Off-the-shelf Language Identification Tool". Capitalised words are left out: names tell where people come
from, not what the text is written in.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache
from itertools import islice
from typing import Any

_WORD = re.compile(r"[^\W\d_]+")
_CHARACTERS = 20_000  # of a text that are looked at
_WORDS = 400  # running words that are looked at
_LETTERS = 50  # fewer letters in running words tell too little
_FUNCTION_WORDS = 0.25  # of the running words; English prose has 0.4
_MARGIN = 0.5  # by how much a language must be likelier, per letter, as a logarithm


def other_language(text: str, expected: str, function_words: Collection[str]) -> str | None:
    """The English name of the language of a text, if it surely is not the `expected` one (an ISO 639-1 code).

    `function_words` are common words of the expected language, in lower case. Texts that are short, or consist of names
    and numbers, are never said to be in another language; nor are languages that the identifier does not know.

    >>> other_language("Der Minister traf am Dienstag seinen Amtskollegen, um über die Lage an der Grenze und über "
    ...                "eine engere Zusammenarbeit zu sprechen.", "en", {"the", "of"})
    'German'
    >>> other_language("Tibor Benkő, Szeged", "en", {"the", "of"}) is None
    True
    """
    found = (match[0] for match in _WORD.finditer(text, 0, _CHARACTERS))
    words = list(islice((word for word in found if not word[0].isupper()), _WORDS))
    if sum(map(len, words)) < _LETTERS:
        return None
    if sum(word in function_words for word in words) >= _FUNCTION_WORDS * len(words):
        return None
    running = " ".join(words)
    ranked = dict(_identifier().rank(running))
    best = max(ranked, key=lambda code: float(ranked[code]))
    if expected not in ranked or ranked[best] - ranked[expected] < _MARGIN * len(running):
        return None
    return language_name(best)


@cache
def _identifier() -> Any:
    """The identifier, loaded when first needed."""
    from importlib import resources

    from py3langid.langid import LanguageIdentifier  # type: ignore[import-untyped]

    with resources.as_file(resources.files("py3langid") / "data" / "model.npz.xz") as path:
        return LanguageIdentifier.from_modelpath(str(path))


def language_name(code: str) -> str:
    """The English name of a language, the code itself where it has none.

    >>> language_name("hu")
    'Hungarian'
    """
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse(code).get_language_name("en") or code
    except (UnknownLocaleError, ValueError):
        return code
