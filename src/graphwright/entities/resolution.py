"""Resolution: which chains of which documents are the same thing, and what that thing is called.

The steps are a join on a blocking key (``_block``), a split of each block by class and document (``_groups``), and the
naming of the groups (``_iris``). None depends on the order of the documents.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from graphwright.entities.names import best_first, normal_form, slug
from graphwright.errors import DocumentError
from graphwright.model import Chain, Entity, Extraction

Resolution = Mapping[tuple[str, str], Entity]
"""From (document id, chain id) to the entity that the chain is about."""

IsA = Callable[[str, str], bool]
"""Whether the class with the first IRI is the class with the second one, or a descendant of it."""


@dataclass(frozen=True, slots=True)
class Known:
    """What a gazetteer knows of a key: the name it goes by, and the IRIs of the same thing in other data sets."""

    name: str
    same_as: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Place:
    """A chain and the document it stands in."""

    document: str
    chain: Chain

    @property
    def order(self) -> tuple[str, tuple[tuple[int, int], ...], str]:
        return (self.document, self.chain.mentions, self.chain.id)


@dataclass(frozen=True, slots=True)
class _Group:
    """Chains that are one entity. ``rank`` says who keeps a contested IRI: 0 keyed, 1 across documents, 2 local."""

    places: tuple[_Place, ...]
    cls: str
    rank: int
    known: Known | None = None

    @property
    def key(self) -> str:
        return self.places[0].chain.key if self.rank == 0 else ""

    @property
    def labels(self) -> tuple[str, ...]:
        names = best_first(place.chain.name for place in self.places)
        aliases = best_first(alias for place in self.places for alias in place.chain.aliases)
        known = () if self.known is None else (self.known.name,)
        return tuple(dict.fromkeys((*known, *names, *aliases)))


def resolve(
    extractions: Sequence[Extraction],
    *,
    base: str,
    local: Callable[[str], str],
    is_a: IsA,
    known: Callable[[str], Known | None] = lambda key: None,
) -> Resolution:
    """Decide which chains are one entity, and name the entities.

    - Chains with the same gazetteer ``key`` are one entity, also within a document.
    - Named chains whose names have one normal form are one entity across documents where their classes agree: equal, or
      one above the other; the most specific class wins. A class above several that exclude each other joins none.
    - Where one document keeps two chains of such a name apart, all of its chains of that name stay its own.
    - Every other chain is an entity of its document.

    ``local`` gives the local name of a class ("GovernmentBody"), ``known`` what the gazetteer knows of a key. IRIs read
    ``{base}government-body/ministry-of-defence``, and for descriptions ``{base}meeting/{document}-the-meeting``; a
    qualifier is added only where two would be equal. The result does not depend on the order of ``extractions``.

    Raises DocumentError when two documents have one id.
    """
    _refuse_equal_ids(extractions)
    blocks: dict[tuple[int, str], list[_Place]] = defaultdict(list)
    for extraction in extractions:
        for chain in extraction.chains:
            blocks[_block(extraction.document.id, chain)].append(_Place(extraction.document.id, chain))
    groups = [
        group
        for (rank, _), places in sorted(blocks.items())
        for group in _groups(sorted(places, key=lambda place: place.order), rank, is_a, known)
    ]
    return {
        (place.document, place.chain.id): entity
        for group, iri in zip(groups, _iris(groups, base, local), strict=True)
        for entity in [Entity(iri, group.cls, group.labels, group.known.same_as if group.known else ())]
        for place in group.places
    }


def _refuse_equal_ids(extractions: Iterable[Extraction]) -> None:
    counts = Counter(extraction.document.id for extraction in extractions)
    for identifier, count in sorted(counts.items()):
        if count > 1:
            raise DocumentError(
                f"{count} documents have the id {identifier!r}", "the documents to resolve", "give each its own id"
            )


def _block(document: str, chain: Chain) -> tuple[int, str]:
    """Return the rank and the text that chains must share to be compared at all."""
    if chain.key:
        return (0, chain.key)
    return (1, normal_form(chain.name)) if chain.named else (2, f"{document}\n{chain.id}")


def _groups(places: list[_Place], rank: int, is_a: IsA, known: Callable[[str], Known | None]) -> list[_Group]:
    if rank == 0:
        return [_Group(tuple(places), _one_class(places, is_a), 0, known(places[0].chain.key))]
    if rank == 2:
        return [_Group(tuple(places), places[0].chain.cls, 2)]
    targets = _targets({place.chain.cls for place in places}, is_a)
    by_class: dict[str, list[_Place]] = defaultdict(list)
    for place in places:
        by_class[targets[place.chain.cls]].append(place)
    return [group for cls, members in sorted(by_class.items()) for group in _split_by_document(members, cls)]


def _split_by_document(places: list[_Place], cls: str) -> list[_Group]:
    """Keep apart what a document kept apart: its chains of one name are then nobody else's."""
    counts = Counter(place.document for place in places)
    shared = tuple(place for place in places if counts[place.document] == 1)
    local = [_Group((place,), place.chain.cls, 2) for place in places if counts[place.document] > 1]
    return ([_Group(shared, cls, 1)] if shared else []) + local


def _targets(classes: set[str], is_a: IsA) -> dict[str, str]:
    """Map each class to the one most specific class below it, or to itself where there are several."""

    def equal(one: str, other: str) -> bool:
        return is_a(one, other) and is_a(other, one)

    def leaf(cls: str) -> bool:
        return not any(is_a(other, cls) and not is_a(cls, other) for other in classes)

    leaves = {min(other for other in classes if other == cls or equal(other, cls)) for cls in classes if leaf(cls)}
    below = {cls: [other for other in leaves if other == cls or is_a(other, cls)] for cls in classes}
    return {cls: found[0] if len(found) == 1 else cls for cls, found in below.items()}


def _one_class(places: Sequence[_Place], is_a: IsA) -> str:
    """Return the most specific class; of several that exclude each other the most frequent, then the first by IRI."""
    targets = _targets({place.chain.cls for place in places}, is_a)
    counts = Counter(targets[place.chain.cls] for place in places)
    leaves = set(targets.values()) - {cls for cls in counts if any(o != cls and is_a(o, cls) for o in counts)}
    return min(leaves or counts, key=lambda cls: (-counts[cls], cls))


def _iris(groups: Sequence[_Group], base: str, local: Callable[[str], str]) -> list[str]:
    """Name the groups, in their order. The first claimant of an IRI keeps it, the others get a qualifier."""
    stems = [f"{base}{class_slug(local(group.cls))}/{_stem(group)}" for group in groups]
    order = sorted(range(len(groups)), key=lambda i: (groups[i].rank, groups[i].key, groups[i].places[0].order))
    owner: dict[str, int] = {}
    for i in order:
        owner.setdefault(stems[i], i)
    taken = set(owner)
    iris = {i: stem for stem, i in owner.items()}
    for i in (i for i in order if i not in iris):
        iris[i] = next(iri for iri in _alternatives(stems[i], groups[i]) if iri not in taken)
        taken.add(iris[i])
    return [iris[i] for i in range(len(groups))]


def _stem(group: _Group) -> str:
    first = group.places[0]
    name = slug(group.labels[0])
    return name if first.chain.named or first.chain.key else f"{slug(first.document)}-{name}"


def _alternatives(stem: str, group: _Group) -> Iterable[str]:
    """Yield the IRIs to try in turn: with what tells the group apart, then with a number."""
    first = group.places[0]
    if first.chain.key:
        stem = f"{stem}-{slug(first.chain.key.rpartition('/')[2])}"
        yield stem
    elif first.chain.named:
        stem = f"{stem}-{slug(first.document)}"
        yield stem
    number = 2
    while True:
        yield f"{stem}-{number}"
        number += 1


def class_slug(local_name: str) -> str:
    """Return the local name of a class in lower case with hyphens ("GovernmentBody" -> "government-body")."""
    return slug(re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "-", local_name))
