"""The usual way of finding things: names compared by the classes that an ontology and its gazetteers give them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from graphwright.entities import clustering, similarity
from graphwright.entities.clustering import Cluster, Identity
from graphwright.entities.decisions import decided, read_decisions
from graphwright.entities.names import slug
from graphwright.entities.profiles import Profile, profiles
from graphwright.entities.resolution import Resolver
from graphwright.entities.similarity import Match
from graphwright.entities.things import Naming
from graphwright.model import Extraction, Known

if TYPE_CHECKING:
    from graphwright.ontology import Ontology
    from graphwright.ontology.gazetteer import Gazetteer


class Cascade:
    """How names are compared and components divided, for some identity of classes."""

    def __init__(self, identity: Identity) -> None:
        self.identity = identity
        self.decided: Mapping[tuple[str, str], Match] = decided(identity.decisions)
        self.individual = frozenset(
            form
            for decision in identity.decisions
            for form, document in decision.sides
            if document or decision.sides[0] == decision.sides[1]
        )

    def kind_of(self, cls: str) -> str:
        """Which way of comparing the class has."""
        return self.identity.kind((cls,))

    def forms(self, profile: Profile) -> tuple[str, ...]:
        """The forms that a profile is joined by."""
        return similarity.forms(profile)

    def keys(self, form: str, kind: str) -> tuple[str, ...]:
        """The blocking keys of a form."""
        return similarity.keys(form, kind)

    def opposite(self, key: str) -> str:
        """The key that forms to compare with have."""
        return similarity.opposite(key)

    def match(self, one: str, other: str, kind: str) -> Match | None:
        """How well two forms match, None where they do not."""
        return similarity.match(one, other, kind)

    def cluster(self, profiles: Sequence[Profile], matches: Mapping[tuple[str, str], Match]) -> tuple[Cluster, ...]:
        """The things of a component."""
        return clustering.cluster(profiles, matches, self.identity)


def standard_resolver(ontology: Ontology, gazetteer: Gazetteer, base: str, decisions: str | None = None) -> Resolver:
    """The resolver for an ontology and its gazetteers, and a decisions file.

    Raises DecisionError where that cannot be read or contradicts itself.
    """
    identity = clustering.identity_of(ontology, read_decisions(decisions) if decisions is not None else ())

    def told(extraction: Extraction) -> Iterable[Profile]:
        return profiles(extraction, ontology, gazetteer)

    def known(key: str) -> Known | None:
        entry = gazetteer.entry(key)
        if entry is None:
            return None
        division = gazetteer.entry(f"region/{entry.division}") if entry.division and entry.division not in key else None
        words = (division.name if division is not None else "", entry.country)
        return Known(
            key,
            entry.name,
            same_as=entry.same_as,
            codes=entry.codes,
            coordinates=entry.coordinates,
            iri=entry.iri,
            qualifiers=tuple(slug(word) for word in words if word),
        )

    return Resolver(told, Cascade(identity), Naming(base, ontology.local, ontology.is_a, known))
