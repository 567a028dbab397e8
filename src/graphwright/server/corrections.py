"""Corrections: what people who look at the graph say of it, as rows of the decisions that the next build heeds."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from pyoxigraph import Literal, NamedNode
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from graphwright.entities.decisions import COLUMNS, Decision, check_decisions, read_decisions
from graphwright.errors import DecisionError
from graphwright.evaluation.record import to_line
from graphwright.graph import vocabulary as v
from graphwright.graph.files import replacing
from graphwright.graph.folder import DECISIONS
from graphwright.graph.terms import local_name
from graphwright.ledger.corrections import Corrected, Corrections
from graphwright.server.options import Options
from graphwright.server.reader import Reader
from graphwright.server.refusal import Refusal
from graphwright.server.security import body_of, check_token
from graphwright.server.state import state_of

VERDICTS = ("wrong", "same", "different", "should_say")
"""What one may say of a fact or an entity."""

_PROPERTIES = """
SELECT DISTINCT ?property ?kind WHERE {
  { ?property a owl:ObjectProperty } UNION { ?property a owl:DatatypeProperty ; rdfs:range ?kind }
}"""


def decisions_file(options: Options) -> Path:
    """Return the file that corrections are written to: with the graph, so that its builds find it."""
    return options.decisions or options.store / DECISIONS


# ---------------------------------------------------------------------------------------------- what a correction means


def decided(reader: Reader, told: dict[str, str]) -> Decision:
    """Return the decision that a correction is.

    It has ``about`` ("fact" or "entity"), ``iri``, ``verdict``, and ``other`` and ``note``, which may be "". Raises
    Refusal where the graph has nothing of the IRI, and where the verdict lacks what it has to say.
    """
    verdict, other = told["verdict"], told["other"]
    if verdict not in VERDICTS or told["about"] not in ("fact", "entity"):
        raise _unclear(f"{told['about']}: {verdict!r} is no correction", f"say one of: {', '.join(VERDICTS)}")
    if verdict != "wrong" and not other:
        raise _unclear("what is it instead?", "give it in `other`")
    if told["about"] == "fact":
        if verdict in ("same", "different"):
            raise _unclear("a fact is the same as none", "say that it is wrong, or what it should say")
        return _of_fact(reader, told["iri"], other if verdict == "should_say" else "", told["note"])
    name = _end(reader, told["iri"])
    match verdict:
        case "wrong":
            return Decision("wrong", name, "", "", "", told["note"])
        case "should_say":
            return Decision("instead", name, "", "", "", told["note"], instead=other)
        case _:
            return Decision(
                "same" if verdict == "same" else "different", name, "", _end(reader, other), "", told["note"]
            )


def _of_fact(reader: Reader, iri: str, instead: str, note: str) -> Decision:
    statement = _node(iri)
    quads = list(reader.graph.store.quads_for_pattern(statement, None, None, None))
    parts = {quad.predicate: quad.object for quad in quads}
    graphs = {quad.graph_name for quad in quads if isinstance(quad.graph_name, NamedNode)}
    if not {v.SUBJECT, v.PREDICATE, v.OBJECT} <= parts.keys() or not graphs:
        raise Refusal(404, "the graph has no such fact", iri, "take the IRI of a statement")
    document = next(
        quad.object for quad in reader.graph.store.quads_for_pattern(min(graphs, key=str), v.IDENTIFIER, None, None)
    )
    subject, object = parts[v.SUBJECT], parts[v.OBJECT]
    return Decision(
        "instead" if instead else "wrong",
        _end(reader, _value(subject)),
        _value(document),
        _end(reader, _value(object)) if isinstance(object, NamedNode) else _value(object),
        "",
        note,
        property=local_name(_value(parts[v.PREDICATE])),
        instead=instead,
    )


def _value(term: object) -> str:
    return str(getattr(term, "value", ""))


def _end(reader: Reader, text: str) -> str:
    """Return the end of the IRI of a thing ("person/ana-kos"); a name or an end stays as it is."""
    if "://" not in text:
        return text
    if next(iter(reader.graph.store.quads_for_pattern(_node(text), v.LABEL, None, None)), None) is None:
        raise Refusal(404, "the graph knows no such thing", text, "take the IRI of a thing")
    kind, _, name = text.rpartition("/")
    return f"{kind.rpartition('/')[2]}/{name}"


def _node(text: str) -> NamedNode:
    try:
        return NamedNode(text)
    except ValueError as error:
        raise Refusal(400, f"{text!r} is no IRI", "the correction", "take one of the graph") from error


def _unclear(what: str, mend: str) -> Refusal:
    return Refusal(400, what, "the correction", mend)


# ----------------------------------------------------------------------------------------------------- the file of them


def noted(path: Path) -> tuple[Decision, ...]:
    """Return the decisions in a file, none where there is no file. Raises Refusal (409) for one that is broken."""
    if not path.exists():
        return ()
    try:
        return read_decisions(path)
    except DecisionError as error:
        raise Refusal(409, *error.args) from error


def written(path: Path, decisions: Sequence[Decision]) -> None:
    """Write decisions to a file, in the place of those that are there.

    Raises Refusal (409) where they contradict each other.
    """
    try:
        check_decisions([replace(one, where=f"line {number}") for number, one in enumerate(decisions, start=2)])
    except DecisionError as error:
        raise Refusal(409, *error.args) from error
    with replacing(path) as new:
        new.write_text(as_csv(decisions), encoding="utf-8")


def as_csv(decisions: Iterable[Decision]) -> str:
    """Return decisions as the table that `read_decisions` reads."""
    output = io.StringIO()
    rows = csv.writer(output, lineterminator="\n")
    rows.writerow(COLUMNS)
    for one in decisions:
        rows.writerow([getattr(one, name) for name in COLUMNS])
    return output.getvalue()


# ------------------------------------------------------------------------------------------ what else they are good for


def as_gold(reader: Reader, decisions: tuple[Decision, ...]) -> str:
    """Return the documents that were corrected, as they should be read: lines of a gold file.

    What nobody corrected is taken for right. Raises Refusal where the graph has no ledger, and so no texts.
    """
    lines = []
    for found, corrections in _documents(reader, decisions):
        right = corrections.corrected(found.extraction, found.iris)
        wrong = {fact.key for fact, _ in right.wrong}
        facts = tuple(fact for fact in right.extraction.facts if fact.key not in wrong)
        lines.append(to_line(replace(right.extraction, facts=facts), local_name))
    return "".join(line + "\n" for line in lines)


def as_test(reader: Reader, decisions: tuple[Decision, ...]) -> str:
    """Return the sentences of facts that were corrected, each with what it says ("+") and does not say ("-").

    The form is that of the tests of constructions of this project. Raises Refusal as `as_gold` does.
    """
    told = []
    for found, corrections in _documents(reader, decisions):
        names = {chain.id: chain.name for chain in found.extraction.chains}
        document = found.extraction.document
        for one in corrections.decisions:
            facts = corrections.meant(one, found) if one.document == document.id and one.about_facts else []
            for fact in facts:
                start, end = fact.evidence
                subject, property = names[fact.subject], local_name(fact.property)
                object = fact.object if isinstance(fact.object, str) else fact.object.lexical
                told.append(f"# {one.note or 'Corrected'} ({document.id}).")
                told.append(
                    " ".join(document.text[start:end].split()) + (f" [{document.date}]" if document.date else "")
                )
                told.append(f"  - {subject} | {property} | {names.get(object, object)}")
                if one.instead:
                    said = one.instead if " | " in one.instead else f"{property} | {one.instead}"
                    told.append(f"  + {subject} | {said}")
                told.append("")
    return "\n".join(told)


def _documents(reader: Reader, decisions: tuple[Decision, ...]) -> Iterator[tuple[Corrected, Corrections]]:
    properties = {
        local_name(row["property"]): (row["property"], row["kind"] or "") for row in reader.graph.query(_PROPERTIES)
    }
    for identifier in sorted({one.document for one in decisions if one.document}):
        told = reader.reading(identifier)
        if told is None:
            raise Refusal(
                409, f"the text of the document {identifier!r} is not kept", "the graph", "serve the folder of a build"
            )
        node = next(iter(reader.graph.store.quads_for_pattern(None, v.IDENTIFIER, Literal(identifier), None))).subject
        base = str(getattr(node, "value", "")).rpartition("document/")[0]
        of_facts = tuple(one for one in decisions if not one.of_names)
        yield Corrected(told.extraction, told.iris), Corrections(of_facts, base, properties)


# -------------------------------------------------------------------------------------------------------------- routes


async def corrections(request: Request) -> Response:
    """Note a correction (POST), take one back (DELETE, ``?number=``), or list those that are noted (GET)."""
    check_token(request)
    state = state_of(request)
    path = decisions_file(state.options)
    # Nothing waits between reading the file and writing it, so that no correction comes between.
    if request.method == "POST":
        told = _told(await body_of(request))
        decision = await state.workers.call(decided, told)
        known = noted(path)
        if decision not in [replace(one, where="") for one in known]:
            written(path, [*known, decision])
        return JSONResponse({"noted": as_csv([decision]).splitlines()[1], "effect": _EFFECT}, 201)
    known = noted(path)
    if request.method == "DELETE":
        number = request.query_params.get("number", "")
        if not (number.isdigit() and number.isascii() and int(number) < len(known)):
            raise Refusal(404, f"there is no correction {number!r}", "the parameter number", "list them first")
        written(path, [one for place, one in enumerate(known) if place != int(number)])
        return JSONResponse({"effect": _EFFECT})
    rows = [{"number": number, **{name: getattr(one, name) for name in COLUMNS}} for number, one in enumerate(known)]
    return JSONResponse(rows)


async def export_corrections(request: Request) -> Response:
    """Answer with the corrections as a file: ``?format=decisions``, ``gold`` or ``test``."""
    check_token(request)
    state = state_of(request)
    known = noted(decisions_file(state.options))
    match request.query_params.get("format", "decisions"):
        case "decisions":
            text, name = as_csv(known), "decisions.csv"
        case "gold":
            text, name = await state.workers.call(as_gold, known), "gold.jsonl"
        case "test":
            text, name = await state.workers.call(as_test, known), "corrections.txt"
        case other:
            raise Refusal(400, f"{other!r} is no format", "the parameter format", "use decisions, gold or test")
    return PlainTextResponse(text, headers={"Content-Disposition": f'attachment; filename="{name}"'})


_EFFECT = "at the next build"


def _told(body: bytes) -> dict[str, str]:
    try:
        given = json.loads(body)
        return {
            name: " ".join(str(given.get(name) or "").split()) for name in ("about", "iri", "verdict", "other", "note")
        }
    except (ValueError, AttributeError, RecursionError) as error:
        raise _unclear(f"the body is no JSON object: {error}", "send about, iri, verdict, other and note") from error


ROUTES = [
    Route("/api/corrections", corrections, methods=["GET", "POST", "DELETE"]),
    Route("/api/corrections/export", export_corrections),
]
