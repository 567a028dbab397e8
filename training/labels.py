"""The one table that maps the name types of every corpus to ours, and the label set of the names head."""

from __future__ import annotations

TYPES = ("PERSON", "ORG", "LOC", "MISC")
BIO = ["O"] + [f"{prefix}-{kind}" for kind in TYPES for prefix in "BI"]

OUTSIDE = "O"
MAYBE_MISC = "?"
"""Outside or MISC, the corpus does not tell: trained by the marginal loss -log(p(O) + p(B-MISC) + p(I-MISC))."""
UNKNOWN = "_"
"""Nothing is known about this word: no loss."""

PERSON = ("PER", "person", "Person", "politician", "writer", "musicalartist", "scientist", "researcher")
ORG = ("ORG", "organisation", "Organisation", "organization", "politicalparty", "band", "university")
LOC = ("LOC", "location", "Location", "country", "place")
MISC = (
    "MISC", "misc", "Nationality", "event", "election", "award", "song", "album", "book", "poem", "magazine", "product",
    "programlang", "conference", "academicjournal", "astronomicalobject", "MilitaryPlatform",
)  # fmt: skip
# Of these some corpora mark as names what others do not ("jazz", "protein", "machine translation").
LEFT_OPEN = (
    "musicgenre", "literarygenre", "musicalinstrument", "discipline", "enzyme", "protein", "chemicalelement",
    "chemicalcompound", "theory", "field", "task", "algorithm", "metrics", "Weapon", "DocumentReference", "Vehicle",
)  # fmt: skip
# Dates and quantities are read by other means.
NO_NAME = ("TIME", "NUM", "Temporal", "Quantity", "Money", "CommsIdentifier")

MAPPING: dict[str, str] = (
    dict.fromkeys(PERSON, "PERSON")
    | dict.fromkeys(ORG, "ORG")
    | dict.fromkeys(LOC, "LOC")
    | dict.fromkeys(MISC, "MISC")
    | dict.fromkeys(LEFT_OPEN, MAYBE_MISC)
    | dict.fromkeys(NO_NAME, OUTSIDE)
)
WITHOUT_MISC = ("uner_ewt",)
"""Corpora that leave events, works, products and nationalities unannotated."""
