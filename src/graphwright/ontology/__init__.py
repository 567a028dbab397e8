"""Turtle files become classes, properties, phrases and rules: the only place that reads ontology files."""

from graphwright.ontology.loader import load
from graphwright.ontology.terms import GW, LEX, Example, Ontology, OntologyClass, Property, Rule

__all__ = ["GW", "LEX", "Example", "Ontology", "OntologyClass", "Property", "Rule", "load"]
