"""SERVICE and LOAD: a query or update makes this server call others only where that is allowed.

The engine has no switch for it, and reading SPARQL beside the engine would be a second opinion on where a string ends,
which an attacker would make differ from the first. So the engine is asked itself. Where a text holds the letters of
SERVICE or LOAD anywhere, other letters that begin no word of SPARQL are put in their place, and the engine parses the
result. In names, strings, addresses and comments any letters will do; as the keyword these alone do. So a text that
still parses calls nobody.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from pyoxigraph import Store

from graphwright.graph.results import query_error
from graphwright.graph.syntax import blanked, check_depth
from graphwright.server.refusal import Refusal

_LETTERS = re.compile("service|load", re.IGNORECASE)
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_CALL = re.compile(
    r"""(?P<verb>service|load) \s* (?:silent)? \s* <(?P<iri>[^<>"{}|^`\\\x00-\x20]+)> (?P<into>\s*into)?""",
    re.IGNORECASE | re.VERBOSE,
)
_DOTS = re.compile(r"/(?:\.|%2e){1,2}(?=[/?#]|$)", re.IGNORECASE)


def check_calls(sparql: str, *, update: bool, services: Sequence[str], prefixes: Mapping[str, str]) -> None:
    """Raise Refusal (403) where a query or update calls a server that is not among ``services``.

    These are whole IRIs, or their beginnings up to a slash. What a called server redirects to is its own affair.
    ``prefixes`` are those that the text need not declare. Raises QueryError for some texts that are no SPARQL, and for
    what is nested too deeply for the engine.
    """
    check_depth(sparql)
    if not _LETTERS.search(sparql) and "\\" not in sparql:
        return
    # SPARQL 1.1, section 19.2, lets escapes stand for any letter of a text; not so this engine, so far.
    if len(_LETTERS.findall(_ESCAPE.sub(_decoded, sparql))) != len(_LETTERS.findall(sparql)):
        raise _refused("the letters of SERVICE or LOAD are written as escapes", "write the letters themselves")
    if not _LETTERS.search(sparql):
        return
    known = {_other_letters(name): iri for name, iri in prefixes.items()}
    error = _syntax_error(_other_letters(sparql), update, known)
    if error is None:
        return
    allowed = _CALL.sub(lambda call: _harmless(call) if _is_allowed(call["iri"], services) else call[0], sparql)
    if allowed != sparql and _syntax_error(_other_letters(allowed), update, known) is None:
        return
    if not _LETTERS.search(blanked(sparql)):
        raise query_error(sparql, error, prefixes)
    raise _refused(
        "it asks this server to call another (SERVICE or LOAD)",
        "serve with --service ADDRESS for each server that may be called, and write its address in full"
        + (f"; those are: {', '.join(services)}" if services else ""),
    )


def _other_letters(text: str) -> str:
    """Put letters that begin no word of SPARQL in the place of SERVICE and LOAD, capitals for capitals."""
    return _LETTERS.sub(lambda word: "".join("Z" if letter.isupper() else "z" for letter in word[0]), text)


def _harmless(call: re.Match[str]) -> str:
    """Return what the grammar takes in the place of a call, and calls nobody."""
    address = f"<{call['iri']}>"
    if call["verb"].lower() == "service":
        return f"GRAPH {address}{call['into'] or ''}"
    return f"COPY SILENT {address} TO" if call["into"] else f"DROP SILENT GRAPH {address}"


def _is_allowed(iri: str, services: Sequence[str]) -> bool:
    within = any(iri == service or (service.endswith("/") and iri.startswith(service)) for service in services)
    return within and not _DOTS.search(iri)


def _syntax_error(sparql: str, update: bool, prefixes: Mapping[str, str]) -> SyntaxError | None:
    """Return why the engine cannot parse a text, None where it can. It is asked over an empty store."""
    store = Store()
    try:
        store.update(sparql, prefixes=dict(prefixes)) if update else store.query(sparql, prefixes=dict(prefixes))
    except SyntaxError as error:
        return error
    except (RuntimeError, OSError, ValueError):
        pass  # it was parsed, and then failed: a graph is not there
    return None


def _decoded(escape: re.Match[str]) -> str:
    code = int(escape[1] or escape[2], 16)
    return chr(code) if code < 0x110000 else escape[0]


def _refused(what: str, mend: str) -> Refusal:
    return Refusal(403, what, "the query or update", mend)
