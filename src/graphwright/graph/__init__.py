"""The graph: facts become an RDF dataset with provenance, kept in Oxigraph and asked in SPARQL."""

from graphwright.graph.assembly import assemble, document_quads
from graphwright.graph.difference import Difference, difference
from graphwright.graph.explanation import Evidence, explain
from graphwright.graph.files import FORMATS
from graphwright.graph.knowledge import DocumentRecord, KnowledgeGraph
from graphwright.graph.reasoning import consequences, infer
from graphwright.graph.results import QueryResult, Row
from graphwright.graph.selection import Selection
from graphwright.graph.terms import document_iri
from graphwright.graph.vocabulary import GW, INFERRED_GRAPH, ONTOLOGY_GRAPH, PREFIXES

__all__ = [
    "FORMATS",
    "GW",
    "INFERRED_GRAPH",
    "ONTOLOGY_GRAPH",
    "PREFIXES",
    "Difference",
    "DocumentRecord",
    "Evidence",
    "KnowledgeGraph",
    "QueryResult",
    "Row",
    "Selection",
    "assemble",
    "consequences",
    "difference",
    "document_iri",
    "document_quads",
    "explain",
    "infer",
]
