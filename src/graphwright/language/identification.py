"""Tells whether a text is in another language than the one that a pipeline reads.

Two witnesses must agree. A text of which a good part has as many function words as prose of the expected language is
taken for it at once: that costs next to nothing, and settles nearly all. Only others are given to an identifier of
languages (py3langid, after Lui and Baldwin 2012, "langid.py: An Off-the-shelf Language Identification Tool"), which
must be sure. Capitalised words are left out: names tell where people come from, not what a text is written in.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier  # type: ignore[import-untyped]

_WORD = re.compile(r"[^\s!-@\[-`{-~\u2010-\u2027«»]+")  # not by \w, which leaves out the vowel signs of India's scripts
_PIECE = 1500  # characters of the beginning, the middle and the end of a text that are looked at
_LETTERS = 60  # fewer letters in running words tell too little
_STRETCH = 40  # running words that are looked at together
_FUNCTION_WORDS = 0.4  # of the words of a stretch; English prose has 0.5, German 0.2 by chance
_PART = 0.25  # of the stretches; a text with fewer in the expected language is no mixed text but another one's
_SURE = 0.95  # how likely another language must be
_VARIETIES = {
    **{"nb": "no", "nn": "no", "wuu": "zh", "yue": "zh", "ary": "ar", "arz": "ar", "hbo": "he", "grc": "el"},
    **{"ltg": "lv", "uzs": "uz", "sdh": "ku", "pcm": "en"},
}
"""Codes of the identifier that spaCy gives another name or none, with the language that a pipeline reads them as."""
_ALIKE = (("bs", "hr", "sr"), ("id", "ms"))
"""Languages that are too much alike to be told apart in a short text; a pipeline for one reads the others as well."""


def other_language(text: str, expected: str, function_words: Collection[str]) -> str | None:
    """The English name of the language of a text, None if it is the `expected` one (an ISO 639 code) or may well be.

    `function_words` are common words of the expected language, in lower case. A text that is short, or consists of
    names and numbers, or is in several languages, is never said to be in another one. Nor is any, where the identifier
    does not know the expected language ("xx", which spaCy has for all languages at once).

    >>> german = "Der Minister traf seinen Amtskollegen und sprach über eine engere Zusammenarbeit der beiden Länder"
    >>> other_language(f"{german} und einen gemeinsamen Plan für das nächste Jahr zu beschließen.", "en", {"the", "of"})
    'German'
    >>> other_language("Tibor Benkő, Szeged", "en", {"the", "of"}) is None
    True
    """
    words = [word for piece in _pieces(text) for word in _WORD.findall(piece) if _runs(word)]
    if sum(map(len, words)) < _LETTERS:
        return None
    stretches = [words[start : start + _STRETCH] for start in range(0, len(words), _STRETCH)]
    if sum(_reads_as(stretch, function_words) for stretch in stretches) >= _PART * len(stretches):
        return None
    expected = _VARIETIES.get(expected, expected)
    if expected not in _identifier().labels:
        return None
    likely: Counter[str] = Counter()
    for code, probability in _identifier().rank(" ".join(words)):
        likely[_VARIETIES.get(code, code)] += probability
    best = max(likely, key=lambda code: likely[code])
    group = next((alike for alike in _ALIKE if best in alike), (best,))
    together = sum(likely[code] for code in group)
    if best == "zxx" or expected in group or together < _SURE:  # zxx: no language at all
        return None
    return _listed([best] if likely[best] >= _SURE * together else list(group))


def _runs(word: str) -> bool:
    """Whether a word is no number and begins with no capital."""
    return word[0].isalpha() and not word[0].isupper()


def _reads_as(words: Sequence[str], function_words: Collection[str]) -> bool:
    return sum(word in function_words for word in words) >= _FUNCTION_WORDS * len(words)


def language_name(code: str) -> str:
    """The English name of a language, the code itself where it has none.

    >>> language_name("hu"), language_name("qqq")
    ('Hungarian', 'qqq')
    """
    from babel import Locale

    return str(Locale("en").languages.get(code, code))


def _pieces(text: str) -> Iterator[str]:
    """A text, or the beginning, the middle and the end of a long one: a foreign preface makes no foreign book."""
    if len(text) <= 3 * _PIECE:
        yield text
        return
    middle = (len(text) - _PIECE) // 2
    yield from (text[start : start + _PIECE] for start in (0, middle, len(text) - _PIECE))


def _listed(codes: list[str]) -> str:
    """Languages as one says them: "Bosnian, Croatian or Serbian"."""
    *first, last = map(language_name, codes)
    return f"{', '.join(first)} or {last}" if first else last


@cache
def _identifier() -> LanguageIdentifier:
    """The identifier, loaded when first needed: it takes some 0.4 s and 100 MB."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
