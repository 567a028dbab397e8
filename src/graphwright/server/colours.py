"""One colour for a kind of thing, the same in texts, lists and pictures."""

from __future__ import annotations

import zlib

from graphwright.graph.terms import local_name

HUES = ("#3f8fc9", "#c47a2c", "#9b62c4", "#3b9a5b", "#cf5560", "#2f9aa5", "#bd5a92", "#8f941f", "#6c75d6", "#9a7a66")
"""The colours of pictures, which are seen on light and on dark paper; style.css has those of letters (--hue-0 …)."""

_FAMILIES = (
    ("Person",),
    (
        *("Organization", "GovernmentBody", "MilitaryForce", "InternationalOrganization", "PoliticalParty"),
        *("ArmedGroup", "Company", "MediaOutlet", "EducationalInstitution"),
    ),
    ("Delegation", "Agent"),
    ("Place", "Region", "City", "Facility", "NaturalFeature"),
    ("Event", "Meeting", "Visit", "Exercise", "Operation", "Attack", "Ceremony", "Election"),
    ("Country",),
    ("Agreement",),
    ("Topic",),
    ("Position",),
    ("Equipment",),
)
"""The classes of the default ontology, by local name, that share a colour; those of others are spread over all."""

_KNOWN = {name: number for number, names in enumerate(_FAMILIES) for name in names}


def hue(cls: str) -> int:
    """Return the number of the colour of a class, given by its IRI: always the same, in ``range(len(HUES))``."""
    name = local_name(cls)
    return _KNOWN[name] if name in _KNOWN else zlib.crc32(cls.encode("utf-8", "surrogatepass")) % len(HUES)


def colour(cls: str) -> str:
    """Return the colour of a class for pictures: "#rrggbb"."""
    return HUES[hue(cls)]
