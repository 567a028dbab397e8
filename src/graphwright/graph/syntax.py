"""What can be told of a SPARQL text without a parser, since servers know words that no other engine knows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

Form = Literal["SELECT", "ASK", "CONSTRUCT"]

_OPAQUE = re.compile(
    r"""<[^<>"{}|^`\\\s]*> | \"{3}(?:\\.|[^\\])*?\"{3} | '{3}(?:\\.|[^\\])*?'{3}"""
    r"""| "(?:\\.|[^"\\\n])*" | '(?:\\.|[^'\\\n])*' | \#[^\n]*""",
    re.VERBOSE | re.DOTALL,
)
_FORM = re.compile(r"(?<![\w:?$-])(SELECT|ASK|CONSTRUCT|DESCRIBE)(?![\w:-])", re.IGNORECASE)


def form_of(query: str) -> Form | None:
    """Return the form of a query, with DESCRIBE as CONSTRUCT for it answers alike; None where it has none.

    >>> form_of("PREFIX ask: <http://select/> # construct\\nSELECT * { ?s ask:x 'describe' }")
    'SELECT'
    """
    found = _FORM.search(_bare(query))
    if found is None:
        return None
    forms: Mapping[str, Form] = {"SELECT": "SELECT", "ASK": "ASK", "CONSTRUCT": "CONSTRUCT", "DESCRIBE": "CONSTRUCT"}
    return forms[found[1].upper()]


def with_prefixes(query: str, prefixes: Mapping[str, str]) -> str:
    """Return the query with a declaration of each prefix that it uses and does not declare itself.

    They go before its first word on the same line, so that lines keep their numbers.

    >>> with_prefixes("SELECT * { ?s a ex:C }", {"ex": "http://e.org/", "f": "http://f.org/"})
    'PREFIX ex: <http://e.org/> SELECT * { ?s a ex:C }'
    """
    bare = _bare(query)
    declared = set(re.findall(r"\bPREFIX\s+([\w.-]*):", bare, re.IGNORECASE))
    used = set(re.findall(r"(?<![\w:.-])([\w.-]*):", bare)) - declared
    missing = [f"PREFIX {name}: <{prefixes[name]}> " for name in sorted(used & set(prefixes))]
    return "".join([*missing, query])


def _bare(text: str) -> str:
    """Blank out what is no keyword or prefix: IRIs, strings, comments."""
    return _OPAQUE.sub(" ", text)
