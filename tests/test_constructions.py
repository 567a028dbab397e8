"""Constructions: what sentences of every make say, and what they do not. `constructions/README.md` explains the files.

Run as a program it lists the lines that do not hold yet; with ``--mark`` it marks them in the files.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from graphwright import Settings, extract
from graphwright.model import Document, Extraction, Fact, Value
from graphwright.ontology import load as load_ontology

FOLDER = Path(__file__).parent / "constructions"
DATE = "2024-05-14"  # a Tuesday

WANTED, UNWANTED, MISSED, WRONG = "+", "-", "?", "!"
ONTOLOGY = load_ontology(())
PROPERTIES = {ONTOLOGY.local(iri) for iri in ONTOLOGY.properties}
SYMMETRIC = {ONTOLOGY.local(prop.iri) for prop in ONTOLOGY.properties.values() if prop.symmetric}


@dataclass(frozen=True)
class Line:
    """A fact in the words of a file; ``how`` is "" where the text asserts it, else "planned", "says Mia Rand", …"""

    mark: str
    how: str
    subject: str
    property: str
    object: str

    def __str__(self) -> str:
        return f"{self.mark} {self.how + ': ' if self.how else ''}{self.subject} | {self.property} | {self.object}"


@dataclass(frozen=True)
class Case:
    """A text with its lines. ``place`` is the file and line where it stands."""

    place: str
    construction: str
    text: str
    date: str
    lines: tuple[Line, ...]


# ------------------------------------------------------------------------------------------------------------- reading


def read_cases(path: Path) -> Iterator[Case]:
    """The texts of a file with their lines."""
    construction, text, date, place, lines = "", "", DATE, "", list[Line]()
    for number, row in enumerate([*path.read_text(encoding="utf-8").splitlines(), "#"], start=1):
        if row.startswith("  "):
            lines.append(read_line(row, f"{path.name}:{number}"))
            continue
        if text and row:
            yield Case(place, construction, text, date, tuple(lines))
            text, lines = "", []
        if row.startswith("#"):
            construction = row.lstrip("# ")
        elif row:
            found = re.fullmatch(r"(.*?)(?: +\[([\d-]+)\])?", row)
            assert found is not None
            text, date, place = found[1], found[2] or DATE, f"{path.name}:{number}"


def read_line(row: str, place: str) -> Line:
    """A line of a file. Raises ValueError where it is not of the form, or names no property of the ontology."""
    found = re.fullmatch(r"  ([-+?!]) (?:([^|]+): )?([^|]+) \| (\w+) \| ([^|]+)", row)
    if found is None or found[4] not in PROPERTIES:
        raise ValueError(f"{place}: {row!r} is not of the form '  + subject | property | object'")
    return Line(found[1], found[2] or "", found[3], found[4], found[5])


# ----------------------------------------------------------------------------------------------------------- comparing


@dataclass(frozen=True)
class Found:
    """The facts of a text, beside the names that its things go by."""

    extraction: Extraction

    def called(self, name: str) -> set[str]:
        """The ids of the things that a name stands for."""
        names = {chain.id: {chain.name, *self.mentions(chain.mentions)} for chain in self.extraction.chains}
        words = bare(name).split()
        exact = {id for id, known in names.items() if bare(name) in {bare(one) for one in known}}
        return exact or {id for id, known in names.items() if any(holds(bare(one).split(), words) for one in known)}

    def mentions(self, spans: Iterable[tuple[int, int]]) -> Iterator[str]:
        return (self.extraction.document.text[start:end] for start, end in spans)

    def is_topic(self, id: str) -> bool:
        return any(chain.id == id and chain.cls.endswith("#Topic") for chain in self.extraction.chains)

    def agrees(self, fact: Fact, line: Line) -> bool:
        """Whether a fact is the one of a line, however it is said."""
        if fact.property.rpartition("#")[2] != line.property:
            return False
        if isinstance(fact.object, Value):
            return fact.subject in self.called(line.subject) and fact.object.lexical == line.object
        straight = fact.subject in self.called(line.subject) and self.is_object(fact.object, line.object)
        turned = fact.subject in self.called(line.object) and fact.object in self.called(line.subject)
        return straight or (line.property in SYMMETRIC and turned)

    def is_object(self, id: str, name: str) -> bool:
        if not self.is_topic(id):
            return id in self.called(name)
        chain = next(chain for chain in self.extraction.chains if chain.id == id)
        return any(alike(bare(one).split(), bare(name).split()) for one in self.mentions(chain.mentions))

    def how(self, fact: Fact) -> tuple[str, str]:
        """How a fact is said, and the id of who alone says it."""
        return (fact.modality if fact.modality != "asserted" else "", fact.attributed_to or "")

    def said_so(self, fact: Fact, line: Line) -> bool:
        """Whether a fact is said as a line has it."""
        modality, speaker = self.how(fact)
        wanted, _, name = line.how.rpartition("says ") if "says " in line.how else (line.how, "", "")
        return wanted.rstrip(", ") == modality and (speaker in self.called(name) if name else not speaker)

    def told(self, fact: Fact) -> Line:
        """A fact as a line that is wrong."""
        names = {chain.id: chain.name for chain in self.extraction.chains}
        modality, speaker = self.how(fact)
        how = ", ".join(filter(None, (modality, f"says {names[speaker]}" if speaker else "")))
        thing = fact.object.lexical if isinstance(fact.object, Value) else names[fact.object]
        return Line(WRONG, how, names[fact.subject], fact.property.rpartition("#")[2], thing)

    def as_it_is(self, lines: Iterable[Line]) -> list[Line]:
        """The lines of a text with the marks that they have today, and what is wrongly found behind them.

        What a ``-`` line says is wrong where it is asserted. Any fact of a property that the lines name is wrong that
        no line tells of; where it is not asserted, a ``-`` line tells of it.
        """
        facts, marked, explained = self.extraction.facts, list[Line](), set[object]()
        known = {line.property for line in lines}
        for line in lines:
            if line.mark in {WANTED, MISSED}:
                hits = [fact for fact in facts if self.agrees(fact, line) and self.said_so(fact, line)]
                marked.append(Line(WANTED if hits else MISSED, *parts(line)))
                explained |= {fact.key for fact in hits}
            elif line.mark == UNWANTED:
                hits = [fact for fact in facts if self.agrees(fact, line)]
                marked.append(line)
                explained |= {fact.key for fact in hits if not fact.asserted}
        extra = [f for f in facts if f.property.rpartition("#")[2] in known and f.key not in explained]
        return marked + [self.told(fact) for fact in extra]


def parts(line: Line) -> tuple[str, str, str, str]:
    """A line without its mark."""
    return (line.how, line.subject, line.property, line.object)


def bare(name: str) -> str:
    """A name without article and case."""
    return re.sub(r"^(the|an?) ", "", " ".join(name.split()).casefold())


def holds(words: list[str], part: list[str]) -> bool:
    """Whether some words stand in a row among others."""
    return any(words[i : i + len(part)] == part for i in range(len(words) - len(part) + 1))


def alike(one: list[str], other: list[str]) -> bool:
    """Whether two topics share half of their words (F1)."""
    shared = sum((Counter(one) & Counter(other)).values())
    return 2 * shared >= 0.5 * (len(one) + len(other))


# ------------------------------------------------------------------------------------------------------------- testing

CASES = [case for path in sorted(FOLDER.glob("*.txt")) for case in read_cases(path)]


def read_all(cases: Iterable[Case]) -> dict[str, Found]:
    """What is found in the texts, by their places, read as one batch."""
    documents = (Document(case.place, case.text, date=case.date) for case in cases)
    return {one.document.id: Found(one) for one in extract(documents, Settings(language_check="off"))}


@pytest.fixture(scope="module")
def readings() -> dict[str, Found]:
    return read_all(CASES)


@pytest.mark.parametrize("case", [pytest.param(case, id=case.place) for case in CASES])
def test_a_sentence_says_what_stands_below_it(case: Case, readings: dict[str, Found]) -> None:
    today = readings[case.place].as_it_is(case.lines)
    written = [str(line) for line in case.lines]
    new, gone = (
        [str(line) for line in today if str(line) not in written],
        [w for w in written if w not in map(str, today)],
    )
    assert (new, gone) == ([], []), report(case, new, gone)
    known = [line for line in today if line.mark in {MISSED, WRONG}]
    if known:
        pytest.xfail("; ".join(map(str, known)))


def report(case: Case, new: Iterable[str], gone: Iterable[str]) -> str:
    """What is not as a file has it, in its words."""
    says = {WANTED: "now found, take the mark away", MISSED: "missed", WRONG: "wrongly found", UNWANTED: ""}
    rows = [f"{case.place}  {case.construction}", f"  {case.text}"]
    rows += [f"    {line}    <- {says[line[0]]}" for line in new]
    rows += [f"    {line}    <- no longer so, take the line away" for line in gone if line[0] == WRONG]
    return "\n".join(["", *rows])


ACTS = [
    ("President Ilse Marek", "received", "Colonel Juri Tamm"),
    ("General Odile Marchand", "visited", "Vilnius"),
    ("Estonia", "signed", "the protocol"),
    ("Premier Otto Lindner", "appointed", "Sara Conti"),
    ("Norway", "condemned", "Belarus"),
    ("the Jaguar Brigade", "attacked", "Riga"),
    ("Ada Nkemelu", "founded", "the Mekong Institute"),
]
GUISES = [
    "{agent} {verb} {other}.",
    "{other} was {verb} by {agent}.",
    "{agent}, who {verb} {other}, said little.",
    "Having {verb} {other}, {agent} said little.",
    "{agent} hesitated and {verb} {other}.",
]


def test_an_act_is_the_same_in_every_guise() -> None:
    """Active, passive, relative, participial and coordinated: the facts differ in nothing but their evidence."""
    texts = [[sentence(guise, *act) for guise in GUISES] for act in ACTS]
    found = read_all(Case(text, "", text, DATE, ()) for row in texts for text in row)
    for active, *others in texts:
        facts = {str(found[active].told(fact)) for fact in found[active].extraction.facts}
        assert facts, active
        for text in others:
            assert {str(found[text].told(fact)) for fact in found[text].extraction.facts} == facts, text


def sentence(guise: str, agent: str, verb: str, other: str) -> str:
    text = guise.format(agent=agent, verb=verb, other=other)
    return text[0].upper() + text[1:]


def test_the_table_is_wide() -> None:
    """Each construction has at least five sentences, each property at least five that say it."""
    constructions = Counter(case.construction for case in CASES)
    said = ({line.property for line in case.lines if line.mark in {WANTED, MISSED}} for case in CASES)
    properties = Counter(name for names in said for name in names)
    visible = [ONTOLOGY.local(prop.iri) for prop in ONTOLOGY.properties.values() if not prop.auxiliary]
    assert [name for name, count in constructions.items() if count < 5] == []
    assert [name for name in visible if properties[name] < 5] == []
    assert len({case.text for case in CASES}) == len(CASES) >= 250


# ------------------------------------------------------------------------------------------------------------- marking


def mark(path: Path, readings: dict[str, Found]) -> None:
    """Set the marks of a file as they are today."""
    lines = {case.place: readings[case.place].as_it_is(case.lines) for case in read_cases(path)}
    rows = list[str]()
    for number, row in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not row.startswith("  "):
            rows.append(row)
            rows += [f"  {line}" for line in lines.get(f"{path.name}:{number}", ())]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")


def main() -> None:
    readings = read_all(CASES)
    for case in CASES:
        today = readings[case.place].as_it_is(case.lines)
        if any(line.mark in {MISSED, WRONG} for line in today):
            print(f"{case.place}  {case.text}", *(f"    {line}" for line in today), sep="\n")
    if "--mark" in sys.argv:
        for path in sorted(FOLDER.glob("*.txt")):
            mark(path, readings)


if __name__ == "__main__":
    main()
