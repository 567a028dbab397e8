"""The command that compares two graphs: diff."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from graphwright.cli.options import check_choice
from graphwright.cli.printing import tell, write

if TYPE_CHECKING:
    from graphwright.graph.difference import Change, Changes, Difference, DocumentState, EntityState, FactState

_T = TypeVar("_T")


def diff_command(
    one: Annotated[
        str, typer.Argument(metavar="STORE1", help="A folder that a build wrote, or an RDF file.", show_default=False)
    ],
    other: Annotated[str, typer.Argument(metavar="STORE2", help="What to compare it with.", show_default=False)],
    format: Annotated[str, typer.Option(metavar="FORMAT", help="text for people, or json.")] = "text",
    quiet: Annotated[bool, typer.Option("--quiet", help="Write nothing: the exit code is the answer.")] = False,
) -> int:
    """List the documents, entities and facts by which two graphs differ. The exit code is 1 where they do.

    A line begins with + for what only STORE2 has, - for what only STORE1 has, ~ for what changed. What was inferred is
    not compared.

    \b
    Examples:
      graphwright diff monday.store tuesday.store
      graphwright diff news.store news.trig --quiet && echo equal
      graphwright diff old.store new.store --format json > changes.json
    """
    from graphwright.graph import KnowledgeGraph, difference

    check_choice("--format", format, ("text", "json"))
    found = difference(KnowledgeGraph.open(one), KnowledgeGraph.open(other))
    if not quiet:
        write(json.dumps(as_json(found), ensure_ascii=False, indent=2) if format == "json" else "\n".join(lines(found)))
        tell(summary(found))
    return int(bool(found))


def summary(found: Difference) -> str:
    """Return the numbers of a difference in a line."""
    kinds: dict[str, Changes[Any]] = {"documents": found.documents, "entities": found.entities, "facts": found.facts}
    told = (
        f"{name}: {len(one.added):,} added, {len(one.removed):,} removed, {len(one.changed):,} changed"
        for name, one in kinds.items()
        if one
    )
    return "; ".join(told) or "no difference"


def as_json(found: Difference) -> dict[str, Any]:
    """Return a difference as JSON holds it: for each kind what came, what went, and what changed, with its fields."""

    def told(changes: Changes[Any]) -> dict[str, Any]:
        changed = [{"fields": change.fields, **asdict(change)} for change in changes.changed]
        return {"added": [*map(asdict, changes.added)], "removed": [*map(asdict, changes.removed)], "changed": changed}

    return {"documents": told(found.documents), "entities": told(found.entities), "facts": told(found.facts)}


def lines(found: Difference) -> Iterator[str]:
    """Yield a difference in lines for people."""
    if found.documents:
        yield "documents"
        yield from (f"  + {document.id}" for document in found.documents.added)
        yield from (f"  - {document.id}" for document in found.documents.removed)
        for document in found.documents.changed:
            yield f"  ~ {document.after.id}"
            yield from _document_changes(document)
    if found.entities:
        yield "entities"
        yield from (f"  + {_entity(entity)}" for entity in found.entities.added)
        yield from (f"  - {_entity(entity)}" for entity in found.entities.removed)
        for entity in found.entities.changed:
            yield f"  ~ {_entity(entity.after)}"
            yield from _entity_changes(entity)
    if found.facts:
        yield "facts"
        for fact in found.facts.added:
            yield f"  + {_fact(fact)}"
            yield from (f"      {_sentence(place)}" for place in fact.evidence)
        yield from (f"  - {_fact(fact)}" for fact in found.facts.removed)
        for changed in found.facts.changed:
            yield f"  ~ {_fact(changed.after)}"
            yield from _fact_changes(changed)


def _document_changes(change: Change[DocumentState]) -> Iterator[str]:
    before, after = dict(change.before.known), dict(change.after.known)
    for name in sorted({*before, *after}):
        yield from _values(name, before.get(name, ()), after.get(name, ()))
    for mark, sentence in _gone_and_come(change.before.sentences, change.after.sentences):
        yield f"      {mark} “{_line(sentence)}”"


def _entity(entity: EntityState) -> str:
    from graphwright.graph.terms import local_name

    return f"{entity.label} ({', '.join(map(local_name, entity.classes))}) <{entity.iri}>"


def _entity_changes(change: Change[EntityState]) -> Iterator[str]:
    from graphwright.graph.terms import local_name

    before, after = change.before, change.after
    yield from _values("label", (before.label,), (after.label,))
    yield from _values("class", map(local_name, before.classes), map(local_name, after.classes))
    yield from _values("aliases", before.aliases, after.aliases)
    yield from _values("links", before.links, after.links)


def _fact(fact: FactState) -> str:
    from graphwright.inspection import said

    flags = said(fact.modality, fact.speaker_label or None)
    told = f"{fact.subject_label} | {fact.property_label} | {fact.object_label}"
    return told if flags == "asserted" else f"{told} ({flags})"


def _fact_changes(change: Change[FactState]) -> Iterator[str]:
    before, after = change.before, change.after
    yield from _values("modality", (before.modality,), (after.modality,))
    yield from _values("said by", (before.speaker_label,), (after.speaker_label,))
    yield from _values("confidence", (f"{before.confidence:g}",), (f"{after.confidence:g}",))
    for mark, place in _gone_and_come(before.evidence, after.evidence):
        yield f"      {mark} {_sentence(place)}"


def _values(name: str, before: Iterable[str], after: Iterable[str]) -> Iterator[str]:
    """Yield what was and what is, where that differs; of many values only those that came or went."""
    old, new = [*before], [*after]
    if len(old) <= 1 and len(new) <= 1:
        if old != new:
            yield f"      {name}: {' → '.join(_line(*values) or 'none' for values in (old, new))}"
        return
    yield from (f"      {name}: {mark} {_line(value)}" for mark, value in _gone_and_come(old, new))


def _gone_and_come(old: Iterable[_T], new: Iterable[_T]) -> Iterator[tuple[str, _T]]:
    """Yield with "-" what is old alone, then with "+" what is new alone, each in its order."""
    before, after = dict.fromkeys(old), dict.fromkeys(new)
    yield from (("-", one) for one in before if one not in after)
    yield from (("+", one) for one in after if one not in before)


def _sentence(place: tuple[str, str]) -> str:
    return f"{place[0]}: “{_line(place[1])}”"


def _line(text: str = "") -> str:
    return " ".join(text.split())
