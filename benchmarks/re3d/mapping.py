"""Which of our properties says what which relation of re3d says.

re3d has ten relations where the default ontology has some forty properties, so a fact is right where re3d has *a*
relation that such a fact may stand for. "<" before a relation tells that it is read backwards: whom one is in charge of
belongs to one. re3d wavers between the two: "Coalition aircraft from CJTF-OIR" has InChargeOf, "Fighting Falcons from
the Vermont Air National Guard" has BelongsTo.
"""

from __future__ import annotations

COUNTERPARTS: dict[str, frozenset[str]] = {
    property: frozenset(relations.split())
    for property, relations in {
        "holdsPosition": "IsSynonymOf InChargeOf HasAttrOf",
        "worksFor": "BelongsTo InChargeOf <InChargeOf IsSynonymOf",
        "represents": "BelongsTo InChargeOf <InChargeOf IsSynonymOf",
        "leads": "InChargeOf BelongsTo IsSynonymOf",
        "memberOf": "BelongsTo <InChargeOf",
        "partOf": "BelongsTo <InChargeOf",
        "delegationOf": "BelongsTo <InChargeOf",
        "ofCountry": "BelongsTo <InChargeOf HasAttrOf",
        "nationality": "BelongsTo HasAttrOf",
        "founded": "InChargeOf <BelongsTo",
        "controls": "InChargeOf CoLocated <BelongsTo",
        "locatedIn": "CoLocated",
        "basedIn": "CoLocated",
        "livesIn": "CoLocated",
        "visited": "CoLocated CommWith",
        "deployedIn": "CoLocated",
        "heldIn": "CoLocated",
        "hasParticipant": "CoLocated <BelongsTo",
        "metWith": "CommWith",
        "received": "CommWith",
        "cooperatesWith": "AlliesOf Likes CommWith",
        "supports": "AlliesOf Likes CommWith",
        "criticises": "Dislikes FightingAgainst",
        "fights": "FightingAgainst Dislikes",
        "attacked": "FightingAgainst Dislikes",
    }.items()
}
"""The relations that a fact of each property may stand for. What is not here re3d cannot say."""

SYMMETRIC = frozenset({"CoLocated", "CommWith", "AlliesOf", "FightingAgainst", "IsSynonymOf"})
"""Relations that hold both ways, which re3d gives both ways in some places only."""

NO_COUNTERPART = frozenset({"Apart"})
"""Relations that no property says: a place where somebody is not."""

POST = frozenset({"worksFor", "represents", "leads", "ofCountry"})
"""What re3d says with a post's words alone: "X" IsSynonymOf "commander of Y" says that X leads Y."""
