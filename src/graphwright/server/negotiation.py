"""Content negotiation: in which format an answer goes to whoever asked (RFC 9110, section 12.5.1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from pyoxigraph import QueryResultsFormat, RdfFormat

from graphwright.server.refusal import Refusal


@dataclass(frozen=True, slots=True, eq=False)  # there is one of each: as keys of a cache they are quick
class Format:
    """A format to answer in: its short name, its media type, and the media types that ask for it as well."""

    name: str
    media_type: str
    aliases: tuple[str, ...] = ()

    @property
    def content_type(self) -> str:
        """The value of the header Content-Type. All that is sent is UTF-8; text has to say so."""
        return f"{self.media_type}; charset=utf-8" if self.media_type.startswith("text/") else self.media_type


RESULTS = (
    Format("json", "application/sparql-results+json", ("application/json",)),
    Format("xml", "application/sparql-results+xml", ("application/xml", "text/xml")),
    Format("csv", "text/csv"),
    Format("tsv", "text/tab-separated-values"),
)
"""The formats of the answer to SELECT and ASK; the first where any will do."""

GRAPHS = (
    Format("turtle", "text/turtle", ("application/x-turtle", "application/turtle")),
    Format("trig", "application/trig", ("application/x-trig",)),
    Format("ntriples", "application/n-triples", ("text/plain",)),
    Format("nquads", "application/n-quads", ("text/x-nquads",)),
    Format("jsonld", "application/ld+json", ("application/json",)),
    Format("rdfxml", "application/rdf+xml", ("application/xml", "text/xml")),
)
"""The formats of RDF graphs; the first where any will do."""

DATASETS = tuple(format for format in GRAPHS if format.name in ("trig", "nquads", "jsonld"))
"""The formats that hold named graphs."""

RESULT_FORMATS = {
    "json": QueryResultsFormat.JSON,
    "xml": QueryResultsFormat.XML,
    "csv": QueryResultsFormat.CSV,
    "tsv": QueryResultsFormat.TSV,
}
RDF_FORMATS = {
    "turtle": RdfFormat.TURTLE,
    "trig": RdfFormat.TRIG,
    "ntriples": RdfFormat.N_TRIPLES,
    "nquads": RdfFormat.N_QUADS,
    "jsonld": RdfFormat.JSON_LD,
    "rdfxml": RdfFormat.RDF_XML,
}

_NAMES = {"ttl": "turtle", "nt": "ntriples", "nq": "nquads", "rdf": "rdfxml", "xml": "rdfxml", "json": "jsonld"}
"""What else a format of graphs may be called in an address."""


@lru_cache(maxsize=1024)
def negotiated(accept: str, name: str, formats: Sequence[Format]) -> Format:
    """Return the format that the header Accept likes best; of several it likes as well, the first of ``formats``.

    A ``name`` from the address (``?format=csv``), short or a media type, goes before the header. Raises Refusal (406)
    where none fits.

    >>> negotiated("text/csv;q=0.5, application/*;q=0.9, */*;q=0.1", "", RESULTS).name
    'json'
    """
    if name:
        found = _named(name.strip().lower(), formats)
        if found is not None:
            return found
        raise _none_fits(f"{name!r} is no format of this answer", "the parameter format", formats, names=True)
    ranges = _ranges(accept) if accept.strip() else {"*/*": 1.0}
    best = max(formats, key=lambda format: _quality(format, ranges))
    if _quality(best, ranges) <= 0:
        raise _none_fits("the answer has none of the media types asked for", "the header Accept", formats, names=False)
    return best


def media_type(header: str) -> tuple[str, str]:
    """Return the media type of a Content-Type in lower case, and its charset, "" where it tells none.

    >>> media_type('Text/Turtle; charset="UTF-8"')
    ('text/turtle', 'utf-8')
    """
    kind, *parameters = header.split(";")
    charset = ""
    for parameter in parameters:
        key, _, value = parameter.partition("=")
        if key.strip().lower() == "charset":
            charset = value.strip().strip("\"'").lower()
    return kind.strip().lower(), charset


def prefers_html(accept: str) -> bool:
    """Whether a browser asks, who would rather have a page than RDF: it names HTML, and likes nothing of RDF better."""
    ranges = _ranges(accept)
    html = max(ranges.get("text/html", 0.0), ranges.get("application/xhtml+xml", 0.0))
    rdf = max((ranges.get(format.media_type, 0.0) for format in GRAPHS), default=0.0)
    return html > 0 and html >= rdf


def _named(name: str, formats: Sequence[Format]) -> Format | None:
    for format in formats:
        if name in (format.name, format.media_type) or _NAMES.get(name) == format.name:
            return format
    return next((format for format in formats if name in format.aliases), None)


def _ranges(accept: str) -> dict[str, float]:
    """Return the quality of each media range of an Accept; what cannot be read counts as not there."""
    found: dict[str, float] = {}
    for part in accept.split(","):
        name, *parameters = part.split(";")
        quality = 1.0
        for parameter in parameters:
            key, _, value = parameter.partition("=")
            if key.strip().lower() == "q":
                try:
                    quality = min(1.0, max(0.0, float(value)))
                except ValueError:
                    quality = 0.0
        name = name.strip().lower()
        if "/" in name:
            found[name] = max(quality, found.get(name, 0.0))
    return found


def _quality(format: Format, ranges: dict[str, float]) -> float:
    """Return the quality of a format: what the most specific range says of it."""
    told = [ranges[name] for name in (format.media_type, *format.aliases) if name in ranges]
    if told:
        # Between the name of a format and one that it shares with others, the own name goes first.
        return max(told) if format.media_type in ranges else max(told) - 1e-6
    whole = format.media_type.partition("/")[0] + "/*"
    return ranges.get(whole, ranges.get("*/*", 0.0))


def _none_fits(what: str, where: str, formats: Sequence[Format], *, names: bool) -> Refusal:
    known = ", ".join(format.name if names else format.media_type for format in formats)
    return Refusal(406, what, where, f"ask for one of: {known}")
