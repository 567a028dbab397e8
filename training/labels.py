"""The one table that maps the name types of every corpus to ours, and the label sets of the heads.

A tag says which classes a word may have: `O`; `B-` or `I-` and a type; several types joined by `|` where the corpus is
coarser than we are ("B-GPE|LOC|FAC"); `O|` and the types that a corpus does not annotate, for the words that it leaves
unmarked ("O|EVENT|LAW"); or UNKNOWN. Training adds up the probabilities of what is allowed, so that neither the
coarseness nor the silence of a corpus is learnt as a negative.
"""

from __future__ import annotations

TYPES = ("PERSON", "NORP", "ORG", "GPE", "LOC", "FAC", "EVENT", "PRODUCT", "WORK_OF_ART", "LAW", "DATE", "MISC")
"""Those of OntoNotes 5 that the corpora carry; MISC is any other proper name (awards, magazines, languages)."""
BIO = ["O"] + [f"{prefix}-{kind}" for kind in TYPES for prefix in "BI"]
PHRASES = (
    "none", "person", "place", "organization", "object", "event", "time", "substance", "animal", "plant", "abstract",
)  # fmt: skip
"""GUM's types of noun phrases, told of the head word; "none" heads no noun phrase."""

OUTSIDE = "O"
UNKNOWN = "_"
"""Nothing is known about this word: no loss."""
PLACE = "GPE|LOC|FAC"
OTHER = "NORP|EVENT|PRODUCT|WORK_OF_ART|LAW|MISC"
GROUPS = ("PERSON", "ORG", PLACE, OTHER, "DATE")
"""Types that a corpus may join: where a name stands is told of the group, then its type."""

_SAME = {
    "PERSON": ("PER", "person", "Person", "politician", "writer", "musicalartist", "scientist", "researcher"),
    "ORG": ("ORG", "organisation", "Organisation", "organization", "politicalparty", "band", "university"),
    "GPE": ("country",),
    PLACE: ("LOC", "location", "Location", "place"),
    "NORP": ("Nationality",),
    "EVENT": ("event", "election", "conference"),
    "WORK_OF_ART": ("song", "album", "book", "poem"),
    "PRODUCT": ("product", "programlang"),
    "DATE": ("TIME", "Temporal"),
    "MISC": ("award", "academicjournal", "magazine", "astronomicalobject"),
    OTHER: ("MISC", "misc"),
    # Some corpora mark as names what others do not ("jazz", "protein", "machine translation").
    f"{OUTSIDE}|{OTHER}": (
        "musicgenre", "literarygenre", "musicalinstrument", "discipline", "enzyme", "protein", "chemicalelement",
        "chemicalcompound", "theory", "field", "task", "algorithm", "metrics", "Weapon", "DocumentReference", "Vehicle",
        "MilitaryPlatform",
    ),
    # Numbers and amounts are no names of ours.
    OUTSIDE: ("NUM", "Quantity", "Money", "CommsIdentifier"),
}  # fmt: skip
MAPPING = {theirs: ours for ours, all_theirs in _SAME.items() for theirs in all_theirs}

SILENCE = {
    "uner_ewt": f"{OUTSIDE}|DATE|{OTHER}",
    "crossner_": f"{OUTSIDE}|DATE",
    "wikigold": f"{OUTSIDE}|DATE",
    "redocred": OUTSIDE,
    "re3d": f"{OUTSIDE}|{OTHER}",
}
"""What an unmarked word may be, by (the beginning of the name of) the corpus."""


def silence(corpus: str) -> str:
    """What a word that a corpus leaves unmarked may be."""
    return next(tag for name, tag in SILENCE.items() if corpus.startswith(name))


def classes(tag: str) -> frozenset[int]:
    """The indices in BIO that a tag allows, none for UNKNOWN.

    >>> sorted(BIO[index] for index in classes("I-GPE|FAC")), classes("O")
    (['I-FAC', 'I-GPE'], frozenset({0}))
    """
    if tag == UNKNOWN:
        return frozenset()
    if tag[0] == "O":
        kinds = tag.split("|")[1:]
        return frozenset({0, *(BIO.index(f"{prefix}-{kind}") for kind in kinds for prefix in "BI")})
    return frozenset(BIO.index(f"{tag[0]}-{kind}") for kind in tag[2:].split("|"))


def coarse(kind: str) -> str:
    """The type as the development data have it: PERSON, ORG, LOC, or "" for all others."""
    kind = kind.split("|")[0]
    return "LOC" if kind in ("GPE", "LOC", "FAC") else kind if kind in ("PERSON", "ORG") else ""
