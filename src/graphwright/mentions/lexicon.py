"""What the ontology and the gazetteer say about names and nouns, compiled once for fast look-up."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import cast

from spacy.language import Language
from spacy.matcher import PhraseMatcher

from graphwright.language.parse import Parse, Word
from graphwright.mentions.model import PERSON_LABEL, POST_LABEL
from graphwright.ontology import Ontology
from graphwright.ontology.entry import fold
from graphwright.ontology.gazetteer import Entry, Gazetteer

FALLBACK_LABELS: Mapping[str, tuple[str, ...]] = {
    "Country": ("COUNTRY", "GPE", "LOC"),
    "City": ("CITY", "GPE", "LOC"),
    "Region": ("REGION", "LOC", "GPE"),
    "NaturalFeature": ("NATURAL", "LOC", "GPE"),
}
"""Entity labels to try for a gazetteer's class that an ontology does not have; any other is an organisation."""

LONGEST_POST = 150
"""Tokens of a post at most, with the words before its noun or the bodies after it: no sentence has more."""


@dataclass(frozen=True, slots=True)
class NounMatch:
    """A noun of the ontology found in a text: its tokens, the token that heads it, its class and its lemma."""

    start: int
    end: int
    head: int
    cls: str
    noun: str


LISTED = "known/"
"""What the keys of a user's gazetteers begin with."""

WORDS = 50_000
"""How many different words are remembered with the nouns that they end."""

COMPOUNDS = "graphwright.compounds"
"""Where a Doc keeps its nouns of several words."""


_ARTICLE = re.compile(r"(?:the|a|an)\s+", re.IGNORECASE)


class Lexicon:
    """Look-ups of one ontology and gazetteer for one spaCy vocabulary."""

    def __init__(self, ontology: Ontology, gazetteer: Gazetteer, nlp: Language) -> None:
        self.ontology, self.gazetteer = ontology, gazetteer
        self.by_label = {label: cls.iri for cls in ontology.classes.values() for label in cls.entity_labels}
        self.verbs = {verb: cls.iri for cls in ontology.classes.values() for verb in cls.verbs}
        self.nouns: dict[str, list[tuple[tuple[str, ...], str]]] = defaultdict(list)
        for cls in ontology.classes.values():
            for noun in cls.nouns:
                words = tuple(token.text for token in nlp.make_doc(noun.lower()))
                self.nouns[words[-1]].append((words, cls.iri))
        for found in self.nouns.values():
            found.sort(key=lambda pair: -len(pair[0]))
        self.ending_in = lru_cache(maxsize=WORDS)(self.nouns_ending_in)  # texts repeat their words
        starts = (rank.split()[0] for rank in gazetteer.ranks if rank)
        self._rank_starts = {"", "the", *(start[:length] for start in starts for length in range(1, len(start) + 1))}
        self.may_begin_rank = lru_cache(maxsize=WORDS)(self._may_begin_rank)
        self.matcher = PhraseMatcher(nlp.vocab, attr="LOWER")
        names = [(name, entry) for name, entry in gazetteer.names() if len(name) > 1]
        for doc, (_, entry) in zip((nlp.make_doc(name) for name, _ in names), names, strict=True):
            self.matcher.add(entry.key, [doc])
        self.entries = {entry.key: entry for _, entry in names}

    @cached_property
    def post(self) -> str:
        """The class of posts, "" where the ontology has none."""
        return self.by_label.get(POST_LABEL, "")

    @cached_property
    def human(self) -> frozenset[str]:
        """The classes whose nouns make no name: "Officers" and "Minister" name nothing by themselves."""
        return frozenset({self.post, self.class_of_label(PERSON_LABEL)})

    @cached_property
    def actors(self) -> tuple[str, ...]:
        """The classes of what acts: people, organisations, countries."""
        return tuple(sorted(agent_classes(self.ontology))) or ("",)

    def class_of_label(self, *labels: str) -> str:
        """The class of the first label that has one, else ""."""
        return next((self.by_label[label] for label in labels if label in self.by_label), "")

    def class_of_entry(self, entry: Entry) -> str:
        """The class of a gazetteer's entry in this ontology, else ""."""
        cls = self.ontology.class_named(entry.cls)
        if cls is not None:
            return cls.iri
        return self.class_of_label(*FALLBACK_LABELS.get(entry.cls, ("ORG",)))

    def gazetteer_matches(self, doc: Parse) -> Iterator[tuple[int, int, Entry]]:
        """Names of the gazetteer in a text: capitalised, and written exactly so where they are acronyms.

        What a user lists with a small letter may be written so.
        """
        for key, start, end in self.matcher(doc.parsed):
            text = doc.written(start, end)
            entry = self.entries[doc.parsed.vocab.strings[key]]
            as_name = text[0].isupper() or text[0].isdigit() or text in entry.names
            if as_name and self.is_written(text, entry):
                yield start, end, entry

    def listed_people(self, doc: Parse) -> Iterator[tuple[int, int]]:
        """The people of the user's gazetteers in a text."""
        for start, end, entry in self.gazetteer_matches(doc) if self.gazetteer.own else ():
            if entry.key.startswith(LISTED) and self.class_of_entry(entry) == self.class_of_label(PERSON_LABEL):
                yield start, end

    def is_written(self, text: str, entry: Entry) -> bool:
        """Whether an entry is written so: an acronym is not a word that only sounds like it ("US" and "Us")."""
        return text in entry.names or text in entry.demonyms or not (len(text) <= 5 and text.upper() in entry.names)

    def noun_at(self, doc: Parse, last: int, *, lower_bound: int = 0) -> NounMatch | None:
        """The longest noun of the ontology that ends at token ``last``."""
        token = doc[last]
        for words, cls in self.ending_in(token.lower_, token.lemma_):
            start = last - len(words) + 1
            if start >= lower_bound and all(
                word in (doc[i].lower_, doc[i].lemma_.lower())
                for word, i in zip(words[:-1], range(start, last), strict=False)
            ):
                head = start + words.index("of") - 1 if "of" in words else last
                return NounMatch(start, last + 1, head, cls, " ".join(words).replace(" - ", "-"))
        return None

    def nouns_ending_in(self, lower: str, lemma: str) -> tuple[tuple[tuple[str, ...], str], ...]:
        """The nouns of the ontology, as words with their class, whose last word is that of a token."""
        forms = dict.fromkeys((lower, lemma.lower(), singular(lower)))
        return tuple(noun for form in forms for noun in self.nouns.get(form, ()))

    def _may_begin_rank(self, word: str) -> bool:
        """Whether a rank may begin with this token, which may be a part of a word ("Vice" of "Vice-Admiral")."""
        return fold(word) in self._rank_starts

    def noun_before(self, doc: Parse, start: int) -> NounMatch | None:
        """The noun of the ontology right before a token: no verb, as in "will visit | Narvik", "attacked | Sumy"."""
        noun = self.noun_at(doc, start - 1) if start else None
        return noun if noun is not None and doc[noun.head].pos_ not in {"VERB", "AUX"} else None

    def inside_compounds(self, doc: Parse, cls: str = "") -> frozenset[int]:
        """The tokens inside nouns of several words (of one class): the "General" of "Secretary General" is no rank."""
        return frozenset(
            i for match in self.compounds(doc) if cls in ("", match.cls) for i in range(match.start, match.end)
        )

    def compounds(self, doc: Parse) -> list[NounMatch]:
        """The nouns of several words, found once for each text."""
        key = f"{COMPOUNDS}.{id(self)}"
        kept = doc.parsed.user_data
        if key not in kept:
            found = (self.noun_at(doc, last) for last in range(len(doc)))
            kept[key] = [match for match in found if match is not None and match.end - match.start > 1]
        return cast(list[NounMatch], kept[key])

    def noun_in(self, doc: Parse, start: int, end: int) -> NounMatch | None:
        """The noun that says what a name is: the last one before "of" or a comma, else the last one, else the first."""
        stop = next((i for i in range(start + 1, end) if doc[i].lower_ in {"of", "for", "in", ",", "on"}), end)
        spans = [range(stop - 1, start - 1, -1), range(end - 1, stop - 1, -1)]
        for span in spans:
            for last in span:
                found = self.noun_at(doc, last, lower_bound=start)
                if found is not None and found.cls not in self.human:
                    return found
        return None


def singular(word: str) -> str:
    """A guess at the singular of a word that the model took for a name ("Forces" has no lemma "force")."""
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def capitalised(token: Word) -> bool:
    """Whether a token is written as part of a name."""
    return (token.text[:1].isupper() and token.is_alpha) or (
        token.text[:1].isupper() and any(c.isalpha() for c in token.text)
    )


def text_of(doc: Parse, start: int, end: int) -> str:
    """The text of a span on one line, without article."""
    text = " ".join(doc.written(start, end).split())
    article = _ARTICLE.match(text)
    return text[article.end() :] if article is not None else text


def agent_classes(ontology: Ontology) -> set[str]:
    """The classes of people and those above: who can act."""
    people = {cls.iri for cls in ontology.classes.values() if PERSON_LABEL in cls.entity_labels}
    return {parent for cls in people for parent in ontology.ancestors.get(cls, ())} & set(ontology.classes)
