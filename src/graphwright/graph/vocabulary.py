"""Every IRI that the graph is written with, in one place."""

from __future__ import annotations

from collections.abc import Mapping

from pyoxigraph import NamedNode

ONTOLOGY_GRAPH = NamedNode("https://w3id.org/graphwright/ontology")
"""The named graph that holds the ontology."""

INFERRED_GRAPH = NamedNode("https://w3id.org/graphwright/inferred")
"""The named graph that holds what follows from the facts by the ontology."""

GENID = "https://w3id.org/graphwright/.well-known/genid/"
"""What the IRIs begin with that stand for blank nodes on a server."""

GW = "https://w3id.org/graphwright/ontology#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
XSD = "http://www.w3.org/2001/XMLSchema#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
DCTERMS = "http://purl.org/dc/terms/"
FOAF = "http://xmlns.com/foaf/0.1/"
SCHEMA = "https://schema.org/"
PROV = "http://www.w3.org/ns/prov#"
OA = "http://www.w3.org/ns/oa#"
SH = "http://www.w3.org/ns/shacl#"
GEO = "http://www.w3.org/2003/01/geo/wgs84_pos#"
VOID = "http://rdfs.org/ns/void#"

PREFIXES: Mapping[str, str] = {
    "gw": GW,
    "rdf": RDF,
    "rdfs": RDFS,
    "owl": OWL,
    "xsd": XSD,
    "skos": SKOS,
    "dcterms": DCTERMS,
    "foaf": FOAF,
    "schema": SCHEMA,
    "prov": PROV,
    "oa": OA,
    "sh": SH,
    "wgs84": GEO,
    "void": VOID,
}
"""The prefixes that every query may use without declaring them."""

TYPE = NamedNode(RDF + "type")
STATEMENT = NamedNode(RDF + "Statement")
SUBJECT = NamedNode(RDF + "subject")
PREDICATE = NamedNode(RDF + "predicate")
OBJECT = NamedNode(RDF + "object")

LABEL = NamedNode(RDFS + "label")
SUBCLASS = NamedNode(RDFS + "subClassOf")
ALT_LABEL = NamedNode(SKOS + "altLabel")
SAME_AS = NamedNode(OWL + "sameAs")
NOTATION = NamedNode(SKOS + "notation")
LATITUDE = NamedNode(GEO + "lat")
LONGITUDE = NamedNode(GEO + "long")

DOCUMENT = NamedNode(FOAF + "Document")
ARTICLE = NamedNode(SCHEMA + "Article")
MENTIONS = NamedNode(SCHEMA + "mentions")
IDENTIFIER = NamedNode(DCTERMS + "identifier")
TITLE = NamedNode(DCTERMS + "title")
DATE = NamedNode(DCTERMS + "date")
SOURCE = NamedNode(DCTERMS + "source")
ADDITIONAL_PROPERTY = NamedNode(SCHEMA + "additionalProperty")
PROPERTY_VALUE = NamedNode(SCHEMA + "PropertyValue")
NAME = NamedNode(SCHEMA + "name")
VALUE = NamedNode(SCHEMA + "value")

DERIVED_FROM = NamedNode(PROV + "wasDerivedFrom")
INFLUENCED_BY = NamedNode(PROV + "wasInfluencedBy")
EVIDENCE = NamedNode(OA + "SpecificResource")
HAS_SOURCE = NamedNode(OA + "hasSource")
HAS_SELECTOR = NamedNode(OA + "hasSelector")
POSITION_SELECTOR = NamedNode(OA + "TextPositionSelector")
START = NamedNode(OA + "start")
END = NamedNode(OA + "end")
QUOTE_SELECTOR = NamedNode(OA + "TextQuoteSelector")
EXACT = NamedNode(OA + "exact")
PREFIX = NamedNode(OA + "prefix")
SUFFIX = NamedNode(OA + "suffix")

CONFIDENCE = NamedNode(GW + "confidence")
EXTRACTOR = NamedNode(GW + "extractor")
PATTERN = NamedNode(GW + "pattern")
RULE = NamedNode(GW + "rule")
PREMISE = NamedNode(GW + "premise")
MODALITY = NamedNode(GW + "modality")
ATTRIBUTED_TO = NamedNode(GW + "attributedTo")
VIOLATION = NamedNode(GW + "violation")
IDENTIFICATION = NamedNode(GW + "identification")
IDENTIFICATION_CLASS = NamedNode(GW + "Identification")
LINK = NamedNode(GW + "link")
LINK_CLASS = NamedNode(GW + "Link")
LINKED = NamedNode(GW + "linked")
WRITTEN = NamedNode(GW + "written")
OTHER_WRITTEN = NamedNode(GW + "otherWritten")
IN_DOCUMENT = NamedNode(GW + "inDocument")
OTHER_DOCUMENT = NamedNode(GW + "otherDocument")
REASON = NamedNode(GW + "reason")
CONTENT_HASH = NamedNode(GW + "contentHash")
READ_WITH = NamedNode(GW + "readWith")
SUBJECT_SELECTOR = NamedNode(GW + "subjectSelector")
OBJECT_SELECTOR = NamedNode(GW + "objectSelector")

DECLARE = NamedNode(SH + "declare")
DECLARED_PREFIX = NamedNode(SH + "prefix")
DECLARED_NAMESPACE = NamedNode(SH + "namespace")

XSD_DATE = NamedNode(XSD + "date")
XSD_DATETIME = NamedNode(XSD + "dateTime")
XSD_YEAR = NamedNode(XSD + "gYear")
XSD_YEAR_MONTH = NamedNode(XSD + "gYearMonth")
XSD_DECIMAL = NamedNode(XSD + "decimal")
XSD_INTEGER = NamedNode(XSD + "integer")
