"""Entities: the chains of all documents become things with IRIs, one thing per IRI."""

from graphwright.entities.index import EntityIndex, Matching
from graphwright.entities.linking import link
from graphwright.entities.names import best_first, normal_form, slug
from graphwright.entities.resolution import Resolution, Resolver, resolve
from graphwright.entities.things import Naming

__all__ = [
    "EntityIndex",
    "Matching",
    "Naming",
    "Resolution",
    "Resolver",
    "best_first",
    "link",
    "normal_form",
    "resolve",
    "slug",
]
