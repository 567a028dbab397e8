"""The graph as analysts draw it: entities are nodes, facts are edges, evidence is an attribute."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import networkx

from graphwright.graph import vocabulary as v
from graphwright.graph.results import QueryResult
from graphwright.graph.terms import local_name

Query = Callable[[str], QueryResult]

_ENTITIES = f"""
SELECT ?entity ?label ?class ?above WHERE {{
  ?document schema:mentions ?entity .
  OPTIONAL {{ ?entity rdfs:label ?label }}
  OPTIONAL {{
    ?entity a ?class FILTER NOT EXISTS {{ GRAPH {v.INFERRED_GRAPH} {{ ?entity a ?class }} }}
    OPTIONAL {{ ?class rdfs:subClassOf+ ?above FILTER (isIRI(?above) && !STRSTARTS(STR(?above), "{v.GENID}")) }}
  }}
}}"""

_LABELS = """
SELECT ?term ?label WHERE {
  { SELECT DISTINCT ?term WHERE { { ?statement rdf:predicate ?term } UNION { ?document schema:mentions/a ?term } } }
  ?term rdfs:label ?label FILTER (LANG(?label) IN ("", "en"))
} ORDER BY ?term DESC(LANG(?label)) ?label"""

_FACTS = """
SELECT ?subject ?property ?object ?modality ?confidence ?speaker ?speakerLabel ?document ?date ?quote ?extractor WHERE {
  ?statement rdf:subject ?subject ; rdf:predicate ?property ; rdf:object ?object ;
    gw:modality ?modality ; gw:confidence ?confidence ; prov:wasDerivedFrom ?evidence .
  ?evidence oa:hasSource ?source ; oa:hasSelector/oa:exact ?quote ; gw:extractor ?extractor .
  ?source dcterms:identifier ?document .
  OPTIONAL { ?source dcterms:date ?date }
  OPTIONAL { ?statement gw:attributedTo ?speaker OPTIONAL { ?speaker rdfs:label ?speakerLabel } }
}"""

_INFERRED = f"""
SELECT ?subject ?property ?object WHERE {{
  GRAPH {v.INFERRED_GRAPH} {{ ?subject ?property ?object FILTER (?property != rdf:type) }}
}}"""

_UNSTATED: Mapping[str, Any] = {
    "modality": "asserted",
    "extractor": "inference",
    **dict.fromkeys(("confidence", "speaker", "speakerLabel", "document", "date", "quote")),
}
"""What a row says of a fact that was inferred."""


def to_networkx(query: Query, *, flagged: bool = False, inferred: bool = False) -> networkx.MultiDiGraph[str]:
    """Return entities and facts as a multigraph; node keys are IRIs, nodes and edges are sorted.

    A node has ``iri``, ``label``, ``class`` (local name of its class), ``class_iri``, ``classes`` (the local names of
    its classes and, where the ontology is in the graph, of those above), and a list of strings for each property with
    literal values, under the property's local name (with "_" behind where that is one of the names above).

    An edge has ``property`` (IRI), ``label`` (of the property in the ontology, else its local name), ``documents``
    (ids), ``dates`` (of the documents), ``quotes``, ``extractors``, ``confidence`` (the best), ``modality`` and
    ``attributed_to`` (label of the speaker or None). Its key is made of property, modality and speaker, so that a fact
    is one edge over all documents. Negated, planned, possible and attributed facts are left out unless ``flagged``.

    Facts that no document states but that were inferred are edges only with ``inferred``: asserted, from the extractor
    "inference", and without documents and confidence (None).
    """
    labels: dict[str, str] = {}
    for named in query(_LABELS):
        labels.setdefault(named["term"], named["label"])
    graph: networkx.MultiDiGraph[str] = networkx.MultiDiGraph()
    for iri, attributes in sorted(_nodes(query).items()):
        graph.add_node(iri, **attributes)
    rows = sorted((_plain(row) for row in query(_FACTS)), key=_order)
    for row in rows:
        asserted = row["modality"] == "asserted" and row["speaker"] is None
        if row["subject"] not in graph or not (asserted or flagged):
            continue
        if row["object"] in graph:
            _add_edge(graph, row, labels)
        elif asserted:
            _add_value(graph.nodes[row["subject"]], row)
    for row in sorted((_plain(row) for row in query(_INFERRED)), key=_order) if inferred else ():
        if row["subject"] in graph and row["object"] in graph:
            _add_edge(graph, {**row, **_UNSTATED}, labels)
    return graph


def _nodes(query: Query) -> dict[str, dict[str, Any]]:
    nodes: dict[str, dict[str, Any]] = {}
    found: dict[str, dict[str, set[str]]] = {}
    for row in query(_ENTITIES):
        told = found.setdefault(row["entity"], {"label": set(), "class": set(), "above": set()})
        for name, values in told.items():
            if row[name] is not None:
                values.add(row[name])
    for iri, told in found.items():
        # With several classes the most specific one: none of the others is below it.
        classes = sorted(told["class"] - told["above"]) or sorted(told["class"])
        above = sorted({local_name(cls) for cls in told["class"] | told["above"]} - {"Thing", "Resource"})
        nodes[iri] = {
            "iri": iri,
            "label": min(told["label"], default=local_name(iri)),
            "class": local_name(classes[0]) if classes else "",
            "class_iri": classes[0] if classes else "",
            "classes": above,
        }
    return nodes


def _plain(row: Any) -> dict[str, Any]:
    """Return the row with dates as strings: their precision differs."""
    return {
        name: str(value) if name in ("date", "object") and value is not None else value for name, value in row.items()
    }


def _order(row: dict[str, Any]) -> tuple[str, ...]:
    return tuple(str(value) for value in row.values())


def _add_edge(graph: networkx.MultiDiGraph[str], row: dict[str, Any], labels: dict[str, str]) -> None:
    source, target = row["subject"], row["object"]
    key = " ".join(filter(None, (row["property"], row["modality"], row["speaker"])))
    if not graph.has_edge(source, target, key):
        graph.add_edge(
            source,
            target,
            key,
            property=row["property"],
            label=labels.get(row["property"], local_name(row["property"])),
            modality=row["modality"],
            attributed_to=row["speakerLabel"] or row["speaker"],
            confidence=None,
            **{name: [] for name in ("documents", "dates", "quotes", "extractors")},
        )
    edge = graph.edges[source, target, key]
    if row["confidence"] is not None:
        edge["confidence"] = max(edge["confidence"] or 0.0, float(row["confidence"]))
    _append(edge, [("documents", "document"), ("dates", "date"), ("quotes", "quote"), ("extractors", "extractor")], row)


def _append(edge: dict[str, Any], fields: Iterable[tuple[str, str]], row: dict[str, Any]) -> None:
    for many, one in fields:
        if row[one] is not None and row[one] not in edge[many]:
            edge[many].append(row[one])


def _add_value(node: dict[str, Any], row: dict[str, Any]) -> None:
    name = local_name(row["property"])
    if name in ("iri", "label", "class", "class_iri", "classes"):
        name += "_"
    values = node.setdefault(name, [])
    if row["object"] not in values:
        values.append(row["object"])
