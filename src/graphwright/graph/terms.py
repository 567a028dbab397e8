"""RDF terms from Python values, and back."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from urllib.parse import quote

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple

from graphwright.errors import StoreError
from graphwright.graph.vocabulary import XSD, XSD_DATE, XSD_DATETIME, XSD_DECIMAL, XSD_YEAR, XSD_YEAR_MONTH
from graphwright.model import Value

Term = NamedNode | BlankNode | Literal | Triple
"""Whatever can be the object of a triple."""

SURROGATES = re.compile("[\ud800-\udfff]")
_INTEGERS = frozenset(
    XSD + name
    for name in ("integer", "int", "long", "short", "byte", "nonNegativeInteger", "positiveInteger", "unsignedInt")
)


def iri(text: str) -> NamedNode:
    """Return the IRI node of ``text``. Raises StoreError where it is no absolute IRI."""
    try:
        return NamedNode(text)
    except ValueError as error:
        raise StoreError(f"{text!r} is no IRI: {error}", "a term of the graph", "give an absolute IRI") from error


def document_iri(base: str, identifier: str) -> NamedNode:
    """Return the IRI of a document, which is also the name of its graph: ``{base}document/{quoted id}``."""
    return iri(f"{base}document/{quote(identifier, safe='', errors='surrogatepass')}")


def in_graph(triple: Triple | Quad, graph: NamedNode | BlankNode | DefaultGraph) -> Quad:
    """Return the triple, or that of another quad, as a quad of ``graph``."""
    return Quad(triple.subject, triple.predicate, triple.object, graph)


def text_literal(text: str) -> Literal:
    """Return a string literal. A lone surrogate, which RDF cannot hold, becomes U+FFFD: offsets stay."""
    return Literal(SURROGATES.sub("\ufffd", text))


def value_literal(value: Value) -> Literal:
    """Return the literal of a typed value."""
    return Literal(SURROGATES.sub("\ufffd", value.lexical), datatype=iri(value.datatype))


def decimal_literal(number: float) -> Literal:
    """Return ``number`` as xsd:decimal of at most four places in canonical form."""
    lexical = f"{number:.4f}".rstrip("0").rstrip(".")
    return Literal(lexical, datatype=XSD_DECIMAL)


def date_literal(text: str) -> Literal:
    """Return an ISO 8601 date with the datatype of its precision; a plain string where it is none.

    >>> date_literal("2016-06").datatype.value
    'http://www.w3.org/2001/XMLSchema#gYearMonth'
    """
    if re.fullmatch(r"[0-9]{4}", text, re.ASCII):
        return Literal(text, datatype=XSD_YEAR)
    if re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", text, re.ASCII):
        return Literal(text, datatype=XSD_YEAR_MONTH)
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text, re.ASCII):
            return Literal(date.fromisoformat(text).isoformat(), datatype=XSD_DATE)
        if not re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}", text, re.ASCII):
            return text_literal(text)
        # Python 3.10 does not read the "Z" of UTC.
        moment = datetime.fromisoformat(re.sub(r"[Zz]$", "+00:00", text))
        return Literal(moment.isoformat(), datatype=XSD_DATETIME)
    except ValueError:
        return text_literal(text)


def local_name(text: str) -> str:
    """Return what follows the last ``#``, ``/`` or ``:`` of an IRI, or the IRI where nothing does."""
    return re.split(r"[#/:]", text)[-1] or text


def python_value(term: Term | None) -> object:
    """Return the Python value of a term.

    An IRI becomes its string, a blank node ``_:id``, a number int, float or Decimal, a boolean bool, a day date, a
    moment datetime, every other literal its string, and an unbound variable None. A literal that does not keep to its
    datatype becomes its string.
    """
    if isinstance(term, Literal):
        return _literal_value(term.value, term.datatype.value)
    if isinstance(term, NamedNode):
        return term.value
    return None if term is None else str(term)


def _literal_value(lexical: str, datatype: str) -> object:
    try:
        if datatype in _INTEGERS:
            return int(lexical)
        if datatype == XSD + "decimal":
            return Decimal(lexical)
        if datatype in (XSD + "double", XSD + "float"):
            return float(lexical)
        if datatype == XSD + "boolean":
            return {"true": True, "1": True, "false": False, "0": False}.get(lexical, lexical)
        if datatype == XSD + "date":
            return date.fromisoformat(lexical)
        if datatype == XSD + "dateTime":
            return datetime.fromisoformat(re.sub(r"Z$", "+00:00", lexical))
    except (ValueError, InvalidOperation):
        return lexical
    return lexical
