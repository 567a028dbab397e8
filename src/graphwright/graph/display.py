"""What notebooks show of a graph, an answer and a piece of evidence: HTML in which every text is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from itertools import islice
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

if TYPE_CHECKING:
    from graphwright.graph.explanation import Evidence
    from graphwright.graph.knowledge import KnowledgeGraph

MOST = 50
"""How many rows a table shows."""

_FACTS = 10
"""How many facts are shown of a graph."""

_SOME = f"""
SELECT DISTINCT ?subject ?property ?object WHERE {{
  {{ SELECT ?s ?property ?o WHERE {{
    ?statement rdf:predicate ?property ; rdf:subject ?s ; rdf:object ?o ; gw:modality "asserted"
    FILTER NOT EXISTS {{ ?statement gw:attributedTo ?speaker }}
  }} LIMIT {4 * _FACTS} }}
  OPTIONAL {{ ?s rdfs:label ?named }}
  OPTIONAL {{ ?o rdfs:label ?called }}
  BIND (COALESCE(?named, ?s) AS ?subject) BIND (COALESCE(?called, ?o) AS ?object)
}} LIMIT {_FACTS}"""


def graph_html(graph: KnowledgeGraph) -> str:
    """Return how much is in a graph, and some of its facts."""
    counts = ", ".join(f"<b>{number:,}</b> {name}" for name, number in graph.counts().items())
    return f"<p>Knowledge graph: {counts}</p>{graph.query(_SOME)._repr_html_()}"


def table(names: Sequence[str], rows: Iterable[Sequence[object]], prefixes: Mapping[str, str]) -> str:
    """Return RDF terms as a table of at most `MOST` rows; IRIs are links, shortened by prefixes."""
    found = list(islice(rows, MOST + 1))
    head = "".join(f"<th>{escape(name)}</th>" for name in names)
    body = "".join(f"<tr>{''.join(f'<td>{_cell(term, prefixes)}</td>' for term in row)}</tr>" for row in found[:MOST])
    more = f"<p>The first {MOST} rows.</p>" if len(found) > MOST else ""
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{more}"


def evidence_html(evidence: Evidence) -> str:
    """Return a fact, its sentence with both ends in bold, and where that stands; premises follow, further in."""
    document = evidence.document
    place = ", ".join(filter(None, (document.id, document.title, document.date, document.source)))
    speaker = f", says {evidence.attributed_to}" if evidence.attributed_to else ""
    found = " ".join(filter(None, (evidence.extractor, evidence.rule or evidence.pattern)))
    fact = f"{evidence.subject_label} | {evidence.property_label} | {evidence.object_label}"
    premises = "".join(f"<li>{evidence_html(premise)}</li>" for premise in evidence.premises)
    return (
        f"<div><b>{escape(fact)}</b><blockquote>{_quote(evidence)}</blockquote>"
        f"<small>{escape(f'{place}, characters {evidence.start} to {evidence.end}')}<br>"
        f"{escape(f'{evidence.modality}{speaker}; found by {found}; confidence {evidence.confidence:.2f}')}</small>"
        f"{f'<ul>{premises}</ul>' if premises else ''}</div>"
    )


def _quote(evidence: Evidence) -> str:
    spans = sorted(span for span in (evidence.subject_span, evidence.object_span) if span is not None)
    shown, at = "", 0
    for start, end in spans:
        start = max(start, at)  # one may be within the other
        if start < end:
            shown += f"{escape(evidence.quote[at:start])}<b>{escape(evidence.quote[start:end])}</b>"
            at = end
    return shown + escape(evidence.quote[at:])


def _cell(term: object, prefixes: Mapping[str, str]) -> str:
    value = str(getattr(term, "value", "" if term is None else term))
    if not isinstance(term, NamedNode):
        return escape(value)
    fitting = [(len(space), name, space) for name, space in prefixes.items() if space and value.startswith(space)]
    shown = f"{max(fitting)[1]}:{value.removeprefix(max(fitting)[2])}" if fitting else value
    # No other scheme is safe to follow: an IRI may be "javascript:…".
    safe = value.startswith(("http://", "https://"))
    return f'<a href="{escape(value)}">{escape(shown)}</a>' if safe else escape(shown)
