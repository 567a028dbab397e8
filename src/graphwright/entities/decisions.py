"""Decisions of people: what is one thing and what is not, what is wrong, and what it should be instead.

They are a table that every build heeds. Those on names are taken to account where things are found (`decided`), those
on facts where documents are written to the graph (`graphwright.ledger.corrections`).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from graphwright.entities.names import normal_form
from graphwright.entities.similarity import Match, apart_form
from graphwright.errors import DecisionError
from graphwright.model import computed

HEAD = ("decision", "name", "document", "other", "other_document", "note")
"""The columns of a decisions file."""

COLUMNS = (*HEAD, "property", "instead")
"""The columns of one that says of facts what is wrong with them."""

Verdict = Literal["same", "different", "wrong", "instead"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)

_IRI_END = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*/[a-z0-9]+(?:-[a-z0-9]+)*")

Side = tuple[str, str]
"""A name in its normal form, and the id of the document that it stands in, "" for wherever it stands."""


@dataclass(frozen=True, slots=True)
class Decision:
    """That things of two names are the same, or different; that a fact is wrong, or what it should say instead.

    ``name`` and ``other`` are as written, or the ends of IRIs ("person/tibor-benko"). A document is an id, "" for
    wherever the name stands. ``where`` is the file and line. A name ``different`` from itself is another thing in every
    document.

    A fact is the subject ``name``, the ``property`` by local name, and the object ``other``, in ``document``; where
    "wrong" has neither property nor object, every fact about the thing is. ``instead`` is the right object, or
    "property | object"; without a property it is the right name of the thing, which is given by the end of its IRI.
    """

    decision: Verdict
    name: str
    document: str
    other: str
    other_document: str
    note: str = ""
    where: str = ""
    property: str = ""
    instead: str = ""

    @computed
    def of_names(self) -> bool:
        """Whether it says which names are of one thing."""
        return self.decision in ("same", "different")

    @computed
    def about_facts(self) -> bool:
        """Whether it says that facts are wrong, and perhaps what is right."""
        return self.decision == "wrong" or (self.decision == "instead" and bool(self.property))

    @computed
    def sides(self) -> tuple[Side, Side]:
        """The two sides by normal form."""
        return ((decided_form(self.name), self.document), (decided_form(self.other), self.other_document))


def decided_form(name: str) -> str:
    """The normal form of a name or of the end of an IRI.

    >>> decided_form("person/tibor-benko") == decided_form("Tibor Benkő")
    True
    """
    if _IRI_END.fullmatch(name):
        name = name.partition("/")[2].replace("-", " ")
    return normal_form(name)


def read_decisions(path: str | Path) -> tuple[Decision, ...]:
    """Read a decisions file: CSV in UTF-8 under the head line `decision,name,document,other,other_document,note`.

    Where it corrects facts the head line goes on with `,property,instead`.
    Empty lines, and lines whose first character is "#", say nothing. Raises DecisionError, with file and line, for what
    cannot be read, and with both lines for decisions that contradict each other.
    """
    try:
        text = Path(path).read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DecisionError("the file is not UTF-8", str(path), "save it as UTF-8") from error
    except OSError as error:
        raise DecisionError(f"the decisions cannot be read: {error.strerror}", str(path), "check the path") from error
    decisions = tuple(_parsed(text, path))
    check_decisions(decisions)
    return decisions


def _parsed(text: str, path: str | Path) -> Iterator[Decision]:
    rows = csv.reader(text.splitlines(keepends=True), strict=True)
    head: tuple[str, ...] = ()
    try:
        for row in rows:
            where = f"{path}:{rows.line_num}"
            cells = tuple(cell.strip() for cell in row)
            if not any(cells) or cells[0].startswith("#"):
                continue
            if not head:
                head = cells
                if head not in (HEAD, COLUMNS):
                    raise DecisionError(f"the head line is {','.join(head)!r}", where, f"write {','.join(HEAD)}")
                continue
            yield _decision(cells, head, where)
    except csv.Error as error:
        raise DecisionError(f"broken CSV: {error}", f"{path}:{rows.line_num}", "mend the quotation marks") from error
    if not head:
        raise DecisionError("the file is empty", f"{path}:1", f"begin it with {','.join(HEAD)}")


def _decision(cells: tuple[str, ...], head: tuple[str, ...], where: str) -> Decision:
    if len(cells) > len(head) or len(cells) < len(HEAD) - 1:
        what = f"{len(cells)} cells instead of {len(head)}"
        raise DecisionError(what, where, "part the cells by commas, and quote a cell that holds one")
    told = dict(zip(COLUMNS, (*cells, *("" for _ in COLUMNS)), strict=False))
    said = told.pop("decision")
    decision = next((one for one in VERDICTS if one == said), None)
    if decision is None:
        raise DecisionError(f"{cells[0]!r} is no decision", where, f"write one of: {', '.join(VERDICTS)}")
    found = Decision(decision, **told, where=where)
    needed = ["name", *(["other"] if found.of_names or found.property else [])]
    if decision == "instead" and not found.property and not _IRI_END.fullmatch(found.name):
        raise DecisionError(f"{found.name!r} is no end of an IRI", where, "write it like person/tibor-benko")
    needed += ["instead"] if decision == "instead" else []
    needed += ["property"] if decision == "wrong" and found.other else []
    for column in needed:
        if not told[column]:
            raise DecisionError(f"the column {column!r} is empty", where, "write a name, or what should be said")
    return found


def check_decisions(decisions: Sequence[Decision]) -> None:
    """Raise DecisionError where two things are said to be different that are, by other decisions, the same."""
    decisions = [one for one in decisions if one.of_names]
    anywhere = {form for one in decisions if one.decision == "same" for form, document in one.sides if not document}
    links: dict[Side, list[tuple[Side, str]]] = {}

    def link(one: Side, other: Side, where: str) -> None:
        links.setdefault(one, []).append((other, where))
        links.setdefault(other, []).append((one, where))

    for decision in decisions:
        if decision.decision == "same":
            link(*decision.sides, decision.where)
        for form, document in decision.sides:
            if document and form in anywhere:  # what holds wherever the name stands holds here
                link((form, document), (form, ""), "")
    for decision in decisions:
        if decision.decision == "different":
            one, other = decision.sides
            said = _path(links, one, other) if one != other or one[1] else [decision.where]
            if said is not None and one != other:
                raise DecisionError(
                    f"{decision.name!r} and {decision.other!r} are decided to be different, and the same",
                    " and ".join(sorted({decision.where, *filter(None, said)})),
                    "take one of these lines out",
                )
            if one == other and one[1]:
                what = f"{decision.name!r} is decided to be different from itself"
                raise DecisionError(what, decision.where, "name another document, or take the line out")


def _path(links: Mapping[Side, Sequence[tuple[Side, str]]], start: Side, goal: Side) -> list[str] | None:
    """Where it is said that two sides are the same, None where it is not."""
    came: dict[Side, list[str]] = {start: []}
    todo = [start]
    for side in todo:
        for other, where in links.get(side, ()):
            if other not in came:
                came[other] = [*came[side], where]
                todo.append(other)
    return came.get(goal)


def decided(decisions: Sequence[Decision]) -> Mapping[tuple[str, str], Match]:
    """Matches of the forms that a decision joins, so that what they name is compared: see `similarity.forms`."""
    return {
        (min(one, other), max(one, other)): Match(1.0, "decided")
        for decision in decisions
        if decision.decision == "same"
        for one in _forms(*decision.sides[0])
        for other in _forms(*decision.sides[1])
        if one != other
    }


def _forms(form: str, document: str) -> tuple[str, ...]:
    """The forms of a name, also where its document has it for itself."""
    return (form, apart_form(form, document)) if document else (form,)


def side_of_class(name: str, cls: str) -> bool:
    """Whether a name in a decision may mean a thing of a class, by local name: the end of an IRI says its class.

    >>> side_of_class("government-body/ministry", "GovernmentBody"), side_of_class("person/jordan", "Country")
    (True, False)
    """
    if not _IRI_END.fullmatch(name):
        return True
    return name.partition("/")[0].replace("-", "") == cls.lower()
