"""Entities: the chains of all documents become things with IRIs, one thing per IRI."""

from graphwright.entities.linking import link
from graphwright.entities.names import best_first, normal_form, slug
from graphwright.entities.resolution import Known, Resolution, resolve

__all__ = ["Known", "Resolution", "best_first", "link", "normal_form", "resolve", "slug"]
