"""Lemmas as edit scripts: a small set of classes that says how to make the lemma of a word from its form.

A script is `<case><cut>|<ending>`: cut that many characters from the end and add the ending; case is `l` (work on
the lowercased form) or `k` (keep the case of the form, as names do). `<case>=<lemma>` names an irregular lemma whole.
The idea is that of Chrupała, Dinu and van Genabith (LREC 2008), with suffixes only. What training has seen of a form
goes before what the network thinks of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt


def script(form: str, lemma: str) -> str:
    """The script that turns `form` into `lemma`.

    >>> script("Armies", "army"), script("Forces", "Force"), script("were", "be"), script("the", "the")
    ('l3|y', 'k1|', 'l=be', 'l0|')
    """
    case, form = ("l", form.lower()) if lemma == lemma.lower() else ("k", form)
    shared = 0
    while shared < min(len(form), len(lemma)) and form[shared] == lemma[shared]:
        shared += 1
    if shared == 0:
        return f"{case}={lemma}"
    return f"{case}{len(form) - shared}|{lemma[shared:]}"


def lemma(form: str, script: str) -> str:
    """What `script` makes of `form`; the form in the case of the script where it asks for more letters than there are.

    >>> lemma("Armies", "l3|y"), lemma("Forces", "k1|"), lemma("were", "l=be"), lemma("a", "l3|y")
    ('army', 'Force', 'be', 'a')
    """
    base = form.lower() if script[0] == "l" else form
    if script[1] == "=":
        return script[2:]
    cut, ending = script[1:].split("|", 1)
    if int(cut) >= len(base):
        return base
    return base[: len(base) - int(cut)] + ending


def cut_ending(form: str, script: str) -> str:
    """What `script` cuts off the lowercased form; the whole form where it names a lemma.

    >>> cut_ending("Armies", "l3|y"), cut_ending("were", "l=be"), cut_ending("the", "l0|")
    ('ies', 'were', '')
    """
    form = form.lower()
    return form if script[1] == "=" else form[len(form) - int(script[1:].split("|", 1)[0]) :]


@lru_cache(maxsize=20_000)
def dictionary_verbs(form: str) -> tuple[str, ...]:
    """The verbs that a form can belong to by the SPECIALIST Lexicon (US National Library of Medicine), none if unknown.

    >>> dictionary_verbs("stationed"), dictionary_verbs("felt")
    (('station',), ('feel',))
    """
    from lemminflect import getLemma  # its tables are read when first asked for

    return tuple(getLemma(form, upos="VERB", lemmatize_oov=False))


@lru_cache(maxsize=20_000)
def dictionary_nouns(form: str) -> tuple[str, ...]:
    """The nouns that a form can belong to, as for verbs.

    >>> dictionary_nouns("battalions"), dictionary_nouns("series")
    (('battalion',), ('series',))
    """
    from lemminflect import getLemma

    return tuple(getLemma(form, upos="NOUN", lemmatize_oov=False))


class Lemmatizer:
    """Chooses the lemma of a word from the lexicon, or else by the best script that suits the form.

    A verb or noun that a dictionary knows gets no lemma that the dictionary does not have for it.

    `endings` holds for each script what it was seen to cut off, so that no script is used on a form unlike all that it
    was learnt from; `lexicon` maps "form tag" (the form in lower case, the tag of the Penn Treebank) to a lemma.

    >>> lemmatizer = Lemmatizer(["l2|", "l1|d", "l0|"], [["ed"], ["t"], [""]], {"met VBD": "meet"})
    >>> scores = np.array([3, 2, 1], dtype=np.float32)
    >>> [lemmatizer(form, "VBD", scores) for form in ("talked", "built", "met")]
    ['talk', 'build', 'meet']
    """

    def __init__(self, scripts: Sequence[str], endings: Iterable[Iterable[str]], lexicon: Mapping[str, str]) -> None:
        self._scripts = scripts
        self._lexicon = lexicon
        suiting: dict[str, list[int]] = {}
        wholes: dict[str, list[int]] = {}
        for index, seen in enumerate(endings):
            for ending in seen:
                (wholes if scripts[index][1] == "=" else suiting).setdefault(ending, []).append(index)
        self._by_ending = suiting
        self._by_form = wholes
        self._longest = max((len(ending) for ending in suiting), default=0)

    def __call__(self, form: str, tag: str, scores: npt.NDArray[np.float32]) -> str:
        """The lemma of `form`, given its tag and the score of each script."""
        lower = form.lower()
        known = self._lexicon.get(f"{lower} {tag}")
        if known:
            return known
        best = int(scores.argmax())
        suiting = self._suiting(lower)
        if best not in suiting and suiting:
            best = max(suiting, key=lambda index: float(scores[index]))
        chosen = lemma(form, self._scripts[best]) if suiting else form
        dictionary = dictionary_verbs if tag.startswith("VB") else dictionary_nouns if tag in ("NN", "NNS") else None
        possible = dictionary(lower) if dictionary is not None else ()
        return possible[0] if possible and chosen.lower() not in possible else chosen

    def _suiting(self, lower: str) -> list[int]:
        """The scripts that suit a form; a script must leave something of it."""
        found = list(self._by_form.get(lower, ()))
        for length in range(min(self._longest, len(lower) - 1) + 1):
            found += self._by_ending.get(lower[len(lower) - length :], ())
        return found
