"""Pages: a template with values becomes HTML that holds no script, no style and nobody's markup but ours."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any
from urllib.parse import quote, urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from graphwright.server.colours import hue
from graphwright.server.marking import quoted
from graphwright.server.state import state_of
from graphwright.server.static import asset

_LINKABLE = re.compile('(?:https?://|mailto:)[^\\s\x00-\x1f\x7f<>"\\\\^`{|}]+', re.IGNORECASE)
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def render(request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """Return a page made by a template of `templates`; what ``values`` hold is escaped.

    Beside ``values`` a template knows ``writable``, whether corrections are taken, ``path``, that of the request, and
    ``status``, that of the answer.
    """
    options = state_of(request).options
    page = _environment().get_template(template)
    return HTMLResponse(page.render(writable=options.writable, path=request.url.path, status=status, **values), status)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("graphwright.server"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "date": date_in_words,
        "number": "{:,}".format,
        "percent": "{:.0%}".format,
        "hue": hue,
        "entity_url": entity_url,
        "document_url": document_url,
        "fact_url": fact_url,
        "class_url": class_url,
        "data_url": data_url,
        "quoted": quoted,
        "bare": lambda iri: iri.partition("://")[2].rstrip("/") or iri,
        "outer_url": outer_url,
    }
    environment.globals |= {"asset": asset, "query_string": query_string}
    return environment


def entity_url(iri: str) -> str:
    """Return the address of the page of a thing."""
    return f"/entity?iri={quote(iri, safe='')}"


def document_url(identifier: str, fact: str = "") -> str:
    """Return the address of the page of a document, which lights a fact where one is given."""
    return f"/document?{urlencode({'id': identifier, **({'fact': fact} if fact else {})}, errors='replace')}"


def document_iri_url(iri: str) -> str:
    """Return the address of the page of a document that is known by its IRI."""
    return f"/document?iri={quote(iri, safe='')}"


def fact_url(iri: str) -> str:
    """Return the address of the page of a statement."""
    return f"/fact?iri={quote(iri, safe='')}"


def class_url(iri: str) -> str:
    """Return the address of the page of a class or property."""
    return f"/term?iri={quote(iri, safe='')}"


def data_url(iri: str, format: str) -> str:
    """Return the address of what is known of an IRI, as RDF."""
    return f"/data?iri={quote(iri, safe='')}&format={format}"


def query_string(values: Mapping[str, object]) -> str:
    """Return values as the query of an address; those that are empty are left out."""
    return urlencode({name: value for name, value in values.items() if value not in (None, "")}, errors="replace")


def outer_url(text: str) -> str:
    """Return ``text`` where it may be a link, else "": documents may hold any, and only some schemes are harmless.

    >>> outer_url("https://example.org/a"), outer_url("javascript:alert(1)")
    ('https://example.org/a', '')
    """
    return text if _LINKABLE.fullmatch(text) else ""


def date_in_words(text: str) -> str:
    """Return an ISO 8601 date as English writes it, as precise as it is; other texts as they are.

    >>> date_in_words("2016-06-14"), date_in_words("2016-06"), date_in_words("2016")
    ('14 June 2016', 'June 2016', '2016')
    """
    found = re.fullmatch("([0-9]{4})-([0-9]{2})(?:-([0-9]{2})(?:T([0-9]{2}:[0-9]{2}).*)?)?", text, re.ASCII)
    if not found or not 1 <= int(found[2]) <= 12:
        return text
    year, month, day, time = found.groups()
    parts = [str(int(day)) if day else "", _MONTHS[int(month) - 1], year]
    return " ".join(filter(None, parts)) + (f", {time}" if time else "")
