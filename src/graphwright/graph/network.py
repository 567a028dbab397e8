"""The graph as analysts draw it: entities are nodes, facts are edges, evidence is an attribute."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

import networkx
from pyoxigraph import Literal, NamedNode, Triple

from graphwright.graph import vocabulary as v
from graphwright.graph.results import Row
from graphwright.graph.selection import ALL, Selection, choose, constructed, parts
from graphwright.graph.terms import local_name

if TYPE_CHECKING:
    from graphwright.graph.knowledge import KnowledgeGraph

_ENTITIES = f"""
SELECT ?entity ?label ?class ?above WHERE {{{{
  {{entities}}
  OPTIONAL {{{{ ?entity rdfs:label ?label }}}}
  OPTIONAL {{{{
    ?entity a ?class FILTER NOT EXISTS {{{{ GRAPH {v.INFERRED_GRAPH} {{{{ ?entity a ?class }}}} }}}}
    OPTIONAL {{{{
      ?class rdfs:subClassOf+ ?above FILTER (isIRI(?above) && !STRSTARTS(STR(?above), "{v.GENID}"))
    }}}}
  }}}}
}}}}"""

_MENTIONED = "{ SELECT DISTINCT ?entity WHERE { ?document schema:mentions ?entity } }"

_LABELS = """
SELECT ?term ?label WHERE {{
  VALUES ?term {{ {terms} }}
  ?term rdfs:label ?label FILTER (LANG(?label) IN ("", "en"))
}} ORDER BY ?term DESC(LANG(?label)) ?label"""

_FACTS = """
SELECT ?subject ?property ?object ?modality ?confidence ?speaker ?speakerLabel ?document ?date ?quote ?extractor
WHERE {{
  {statements}
  ?statement rdf:subject ?subject ; rdf:predicate ?property ; rdf:object ?object ;
    gw:modality ?modality ; gw:confidence ?confidence ; prov:wasDerivedFrom ?evidence .
  ?evidence oa:hasSource ?source ; oa:hasSelector/oa:exact ?quote ; gw:extractor ?extractor .
  ?source dcterms:identifier ?document .
  OPTIONAL {{ ?source dcterms:date ?date }}
  OPTIONAL {{ ?statement gw:attributedTo ?speaker OPTIONAL {{ ?speaker rdfs:label ?speakerLabel }} }}
}}"""

_INFERRED = f"""
CONSTRUCT {{ ?subject ?property ?object }} WHERE {{
  GRAPH {v.INFERRED_GRAPH} {{ ?subject ?property ?object FILTER (?property != rdf:type) }}
}}"""

_UNSTATED: Mapping[str, Any] = {
    "modality": "asserted",
    "extractor": "inference",
    **dict.fromkeys(("confidence", "speaker", "speakerLabel", "document", "date", "quote")),
}
"""What a row says of a fact that was inferred."""


def to_networkx(graph: KnowledgeGraph, selection: Selection = ALL) -> networkx.MultiDiGraph[str]:
    """Return the entities and facts of a selection as a multigraph; node keys are IRIs, nodes and edges are sorted.

    A node has ``iri``, ``label``, ``class`` (local name of its class), ``class_iri``, ``classes`` (the local names of
    its classes and, where the ontology is in the graph, of those above), and a list of strings for each property with
    literal values, under the property's local name (with "_" behind where that is one of the names above).

    An edge has ``property`` (IRI), ``label`` (of the property in the ontology, else its local name), ``documents``
    (ids), ``dates`` (of the documents), ``quotes``, ``extractors``, ``evidence`` (which document, of which date, has
    which quote, as triples of texts), ``confidence`` (the best), ``modality`` and ``attributed_to`` (label of the
    speaker or None). Its key is made of property, modality and speaker, so that a fact
    is one edge over all documents.

    Facts that no document states but that were inferred are asserted, from the extractor "inference", and without
    documents and confidence (None); so are the triples of a CONSTRUCT, from the extractor "construct". Of these, too,
    each triple between two things is an edge, and one with a literal an attribute; but ``rdf:type`` and ``rdfs:label``
    give class and label, which a thing that the graph knows also has if the query does not tell them.

    Raises QueryError for a name in the selection that the graph does not know (see `graphwright.graph.Selection`).
    """
    if selection.construct:
        return _from_triples(graph, constructed(graph, selection.construct))
    chosen = choose(graph, selection) if selection.narrows else None
    network: networkx.MultiDiGraph[str] = networkx.MultiDiGraph()
    for iri, attributes in sorted(_nodes(graph, None if chosen is None else chosen.entities).items()):
        network.add_node(iri, **attributes)
    if chosen is None:
        rows = [_plain(row) for row in graph.query(_FACTS.format(statements=""))]
        inferred = list(graph.query(_INFERRED).triples()) if selection.inferred else []
    else:
        rows = [_plain(row) for row in _told(graph, {fact.statement for fact in chosen.stated})]
        inferred = list(chosen.inferred)
    properties = {row["property"] for row in rows} | {fact.predicate.value for fact in inferred}
    labels = _labels(graph, properties)
    for row in sorted(rows, key=_order):
        asserted = row["modality"] == "asserted" and row["speaker"] is None
        if row["subject"] not in network or not (asserted or selection.flagged):
            continue
        if row["object"] in network:
            _add_edge(network, row, labels)
        elif asserted:
            _add_value(network.nodes[row["subject"]], row)
    for triple in sorted(inferred, key=str):
        row = _bare(triple)
        if row["subject"] in network and row["object"] in network:
            _add_edge(network, {**row, **_UNSTATED}, labels)
    return network


def _from_triples(graph: KnowledgeGraph, triples: Iterable[Triple]) -> networkx.MultiDiGraph[str]:
    """Return a multigraph of any triples; what they do not say of labels and classes is looked up."""
    told = [triple for triple in triples if not isinstance(triple.object, Triple)]
    described = [triple for triple in told if triple.predicate in (v.TYPE, v.LABEL)]
    facts = [triple for triple in told if triple.predicate not in (v.TYPE, v.LABEL)]
    ends = [triple.subject for triple in told]
    ends += [triple.object for triple in facts if not isinstance(triple.object, Literal)]
    known = _nodes(graph, {end.value for end in ends if isinstance(end, NamedNode)})
    network: networkx.MultiDiGraph[str] = networkx.MultiDiGraph()
    for name in sorted({_name(end) for end in ends}):
        blank = {"iri": name, "label": local_name(name), "class": "", "class_iri": "", "classes": []}
        network.add_node(name, **known.get(name, blank))
    # Labels later in the alphabet first, so that the first has the last word.
    for triple in reversed(described):
        node = network.nodes[_name(triple.subject)]
        if triple.predicate == v.LABEL and isinstance(triple.object, Literal):
            node["label"] = triple.object.value
        elif isinstance(triple.object, NamedNode) and not known.get(_name(triple.subject), {}).get("class"):
            node.update({"class": local_name(triple.object.value), "class_iri": triple.object.value})
            node["classes"] = sorted({*node["classes"], local_name(triple.object.value)})
    labels = _labels(graph, {triple.predicate.value for triple in facts})
    for triple in facts:
        row = _bare(triple)
        if isinstance(triple.object, Literal):
            _add_value(network.nodes[row["subject"]], row)
        else:
            _add_edge(network, {**row, **_UNSTATED, "extractor": "construct"}, labels)
    return network


def merged(network: networkx.MultiDiGraph[str]) -> networkx.MultiDiGraph[str]:
    """Return a graph with one edge for all that lead from one node to another; its key is "merged".

    Such an edge has the number of facts as ``weight``, what they say as joined texts or lists, each once, and their
    best confidence.
    """
    simple: networkx.MultiDiGraph[str] = networkx.MultiDiGraph()
    simple.add_nodes_from(network.nodes(data=True))
    for source, target in dict.fromkeys(network.edges()):
        edges = list(network.get_edge_data(source, target).values())
        joined = {name: _joined(name, [edge[name] for edge in edges]) for name in edges[0]}
        simple.add_edge(source, target, "merged", **joined, weight=len(edges))
    return simple


def _joined(name: str, values: Sequence[Any]) -> Any:
    there = [value for value in values if value is not None]
    if name == "confidence":
        return max(there, default=None)
    if isinstance(values[0], list):
        return list(dict.fromkeys(one for value in there for one in value))
    return "; ".join(dict.fromkeys(there)) or None


def _told(graph: KnowledgeGraph, statements: Iterable[str]) -> Iterator[Row]:
    for part in parts(statements):
        yield from graph.query(_FACTS.format(statements=f"VALUES ?statement {{ {_listed(part)} }}"))


def _labels(graph: KnowledgeGraph, terms: Iterable[str]) -> dict[str, str]:
    labels: dict[str, str] = {}
    for part in parts(terms):
        for row in graph.query(_LABELS.format(terms=_listed(part))):
            labels.setdefault(row["term"], row["label"])
    return labels


def _listed(iris: Iterable[str]) -> str:
    return " ".join(str(NamedNode(iri)) for iri in iris)


def _name(term: object) -> str:
    """Return the key of a node: an IRI, or "_:name"."""
    return term.value if isinstance(term, NamedNode) else str(term)


def _bare(triple: Triple) -> dict[str, Any]:
    object = triple.object.value if isinstance(triple.object, Literal) else _name(triple.object)
    return {"subject": _name(triple.subject), "property": triple.predicate.value, "object": object}


def _nodes(graph: KnowledgeGraph, entities: Iterable[str] | None) -> dict[str, dict[str, Any]]:
    """Return the attributes of things that documents mention: of all, or of some."""
    mentioned = [_MENTIONED]
    if entities is not None:
        there = "FILTER EXISTS { ?document schema:mentions ?entity }"
        mentioned = [f"VALUES ?entity {{ {_listed(part)} }} {there}" for part in parts(entities)]
    nodes: dict[str, dict[str, Any]] = {}
    found: dict[str, dict[str, set[str]]] = {}
    for row in chain.from_iterable(graph.query(_ENTITIES.format(entities=one)) for one in mentioned):
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
            **{name: [] for name in ("documents", "dates", "quotes", "extractors", "evidence")},
        )
    edge = graph.edges[source, target, key]
    if row["confidence"] is not None:
        edge["confidence"] = max(edge["confidence"] or 0.0, float(row["confidence"]))
    if (
        row["quote"] is not None
        and (place := (row["document"], row["date"] or "", row["quote"])) not in edge["evidence"]
    ):
        edge["evidence"].append(place)
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
