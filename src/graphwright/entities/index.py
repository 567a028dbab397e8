"""The index of all that documents tell of: it keeps who is one with whom, and finds it anew only where it may change.

It is a set of SQLite tables, so that its memory does not grow with the documents. Things are compared where a *form* of
their names is equal, or where two forms share a blocking *key* and match. What is joined like that is a component; it
is divided into things by `cluster` alone, which looks at nothing else. So a document that comes or goes concerns only
the components that its names belong to, and the result is that of a start from nothing.

Chains that tell the same of a thing (name, class, evidence) are one *variant*, and stand for each other in a component:
a president who is named in ten thousand documents is compared once for each way of telling of him.
"""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Protocol

from graphwright.entities.classes import IsA, one_class
from graphwright.entities.clustering import Cluster, Merge
from graphwright.entities.company import DOCUMENTS, of_all
from graphwright.entities.names import best_first, slug
from graphwright.entities.naming import LATEST, Claim, settled, stem
from graphwright.entities.profiles import Profile
from graphwright.entities.similarity import Match
from graphwright.model import Entity, Identification, Known

_SURROGATES = re.compile("[\ud800-\udfff]")

TABLES = """
CREATE TABLE variant (id INTEGER PRIMARY KEY, digest TEXT UNIQUE, profile TEXT, chains INTEGER);
CREATE TABLE chain (document TEXT, chain TEXT, at INTEGER, date TEXT, variant INTEGER, company TEXT, thing INTEGER,
    PRIMARY KEY (document, chain)) WITHOUT ROWID;
CREATE INDEX chain_variant ON chain (variant, date, document, at);
CREATE INDEX chain_thing ON chain (thing, variant, date, document, at);
CREATE TABLE form (form TEXT, kind TEXT, variants INTEGER, PRIMARY KEY (form, kind)) WITHOUT ROWID;
CREATE TABLE variant_form (form TEXT, variant INTEGER, PRIMARY KEY (form, variant)) WITHOUT ROWID;
CREATE INDEX variant_form_variant ON variant_form (variant);
CREATE TABLE block (key TEXT, form TEXT, kind TEXT, PRIMARY KEY (key, form, kind)) WITHOUT ROWID;
CREATE TABLE matched (one TEXT, other TEXT, kind TEXT, score REAL, reason TEXT, PRIMARY KEY (one, other, kind))
    WITHOUT ROWID;
CREATE TABLE thing (id INTEGER PRIMARY KEY, stem TEXT, iri TEXT, claim TEXT, entity TEXT);
CREATE INDEX thing_stem ON thing (stem);
CREATE INDEX thing_iri ON thing (iri);
"""
SAME_NAME = "the same name, and nothing that speaks against it"
SURE = 0.98
"""How sure it is that one name in several documents is one thing, where nothing speaks against it."""
DECIDED = "decided"
"""The kind of matches that people decided."""
NAMES = ("variant", "chain", "form", "variant_form", "block", "matched", "thing")


class Matching(Protocol):
    """How names are compared and components divided; see `graphwright.entities.similarity` and `clustering`."""

    def kind_of(self, cls: str) -> str:
        """Which way of comparing the class has."""

    def forms(self, profile: Profile) -> tuple[str, ...]:
        """The normal forms of its names."""

    def keys(self, form: str, kind: str) -> tuple[str, ...]:
        """The blocking keys of a form."""

    def match(self, one: str, other: str, kind: str) -> Match | None:
        """How well two forms match, None where they do not."""

    def opposite(self, key: str) -> str:
        """The key that the forms have which a form with a key is compared with."""

    def cluster(self, profiles: Sequence[Profile], matches: Mapping[tuple[str, str], Match]) -> tuple[Cluster, ...]:
        """The things of a component; ``matches`` are by pairs of forms in alphabetical order."""

    @property
    def individual(self) -> Set[str]:
        """Forms of which people decided something for single documents: each chain that has one is seen by itself."""

    @property
    def decided(self) -> Mapping[tuple[str, str], Match]:
        """Pairs of forms that people decided to be of one thing."""


@dataclass(frozen=True, slots=True)
class Naming:
    """What things are named and described by: base of their IRIs, classes, and what the gazetteer knows of a key."""

    base: str
    local: Callable[[str], str]
    is_a: IsA
    known: Callable[[str], Known | None]


class EntityIndex:
    """The index in a database. All changes are in the transaction of the caller.

    ``concerned`` is told of the IRIs of things that came, went or changed, and of the documents whose IRIs changed.
    """

    def __init__(self, connection: sqlite3.Connection, matching: Matching, naming: Naming) -> None:
        self._sql = connection
        self._matching = matching
        self._naming = naming
        self._decided: dict[str, list[tuple[str, Match]]] = {}
        for (one, other), match in matching.decided.items():
            self._decided.setdefault(one, []).append((other, match))
            self._decided.setdefault(other, []).append((one, match))
        self._forms: set[str] = set()  # whose components are to be divided anew
        self._single: set[int] = set()  # variants without a form: each of their chains is a thing by itself
        self._gone: set[int] = set()  # things that lost a chain
        self.things: set[str] = set()
        """IRIs of things that came, went or changed since the index was made."""
        self.documents: set[str] = set()
        """Documents in which a chain has another IRI since the index was made."""

    # -- coming and going ---------------------------------------------------------------------------------------------

    def add(self, profiles: Iterable[Profile]) -> None:
        """Take in the chains of a document that is not in the index."""
        for profile in map(_sound, profiles):
            variant = self._variant(profile)
            self._sql.execute(
                "INSERT INTO chain VALUES (?, ?, ?, ?, ?, ?, NULL)",
                (
                    profile.document,
                    profile.chain,
                    profile.at,
                    profile.date or LATEST,
                    variant,
                    "\n".join(profile.company),
                ),
            )

    def remove(self, document: str) -> None:
        """Let go of a document; without one of this id nothing changes."""
        document = _whole(document)
        rows = self._sql.execute("SELECT variant, thing FROM chain WHERE document = ?", (document,)).fetchall()
        self._sql.execute("DELETE FROM chain WHERE document = ?", (document,))
        for variant, thing in rows:
            if thing is not None:
                self._gone.add(thing)
            self._touch(variant)
            self._sql.execute("UPDATE variant SET chains = chains - 1 WHERE id = ?", (variant,))
            (chains,) = self._sql.execute("SELECT chains FROM variant WHERE id = ?", (variant,)).fetchone()
            if not chains:
                self._drop_variant(variant)

    def _variant(self, profile: Profile) -> int:
        """The variant of a profile, made if there is none, with one chain more."""
        told = _told(profile)
        digest = _hash(told)
        row = self._sql.execute("SELECT id FROM variant WHERE digest = ?", (digest,)).fetchone()
        if row is not None:
            self._sql.execute("UPDATE variant SET chains = chains + 1 WHERE id = ?", row)
            self._touch(row[0])
            return int(row[0])
        variant = self._sql.execute("INSERT INTO variant VALUES (NULL, ?, ?, 1)", (digest, told)).lastrowid
        assert variant is not None
        kind = self._matching.kind_of(profile.cls)
        for form in self._matching.forms(profile):
            self._sql.execute("INSERT INTO variant_form VALUES (?, ?)", (form, variant))
            found = self._sql.execute("SELECT variants FROM form WHERE form = ? AND kind = ?", (form, kind)).fetchone()
            if found is None:
                self._add_form(form, kind)
            else:
                self._sql.execute("UPDATE form SET variants = variants + 1 WHERE form = ? AND kind = ?", (form, kind))
        self._touch(variant)
        return variant

    def _add_form(self, form: str, kind: str) -> None:
        """Compare a new form with those that its keys lead to."""
        self._sql.execute("INSERT INTO form VALUES (?, ?, 1)", (form, kind))
        keys = self._matching.keys(form, kind)
        others: set[str] = set()
        for key in keys:
            rows = self._sql.execute(
                "SELECT form FROM block WHERE key = ? AND kind = ?", (self._matching.opposite(key), kind)
            )
            others.update(other for (other,) in rows)
        self._sql.executemany("INSERT OR IGNORE INTO block VALUES (?, ?, ?)", [(key, form, kind) for key in keys])
        for other in sorted(others - {form}):
            found = self._matching.match(form, other, kind)
            if found is not None:
                self._add_match(form, other, kind, found)
        for other, found in self._decided.get(form, ()):
            if self._sql.execute("SELECT 1 FROM form WHERE form = ?", (other,)).fetchone() is not None:
                self._add_match(form, other, DECIDED, found)

    def _add_match(self, form: str, other: str, kind: str, match: Match) -> None:
        rows = [(one, two, kind, match.score, match.reason) for one, two in ((form, other), (other, form))]
        self._sql.executemany("INSERT OR REPLACE INTO matched VALUES (?, ?, ?, ?, ?)", rows)

    def _drop_variant(self, variant: int) -> None:
        (told,) = self._sql.execute("SELECT profile FROM variant WHERE id = ?", (variant,)).fetchone()
        kind = self._matching.kind_of(_profile(told).cls)
        forms = [form for (form,) in self._sql.execute("SELECT form FROM variant_form WHERE variant = ?", (variant,))]
        self._sql.execute("DELETE FROM variant_form WHERE variant = ?", (variant,))
        self._sql.execute("DELETE FROM variant WHERE id = ?", (variant,))
        self._single.discard(variant)
        for form in forms:
            self._sql.execute("UPDATE form SET variants = variants - 1 WHERE form = ? AND kind = ?", (form, kind))
            gone = self._sql.execute(
                "DELETE FROM form WHERE form = ? AND kind = ? AND variants = 0 RETURNING form", (form, kind)
            ).fetchone()
            if gone is None:
                continue
            # What it joined may fall apart.
            self._forms.update(self._neighbours(form))
            kinds = [kind]
            if self._sql.execute("SELECT 1 FROM form WHERE form = ?", (form,)).fetchone() is None:
                kinds.append(DECIDED)
            for one in kinds:
                others = self._sql.execute("SELECT other FROM matched WHERE one = ? AND kind = ?", (form, one))
                pairs = [pair for (other,) in others.fetchall() for pair in ((form, other, one), (other, form, one))]
                self._sql.executemany("DELETE FROM matched WHERE one = ? AND other = ? AND kind = ?", pairs)
            self._sql.executemany(
                "DELETE FROM block WHERE key = ? AND form = ? AND kind = ?",
                [(key, form, kind) for key in self._matching.keys(form, kind)],
            )

    def _touch(self, variant: int) -> None:
        forms = [form for (form,) in self._sql.execute("SELECT form FROM variant_form WHERE variant = ?", (variant,))]
        self._forms.update(forms)
        if not forms:
            self._single.add(variant)

    # -- settling -----------------------------------------------------------------------------------------------------

    def settle(self) -> None:
        """Divide anew what came, went and is joined with it; name what changed."""
        stems: set[str] = set()
        while self._forms:
            forms = self._component(self._forms.pop())
            self._forms -= forms
            stems |= self._divide(forms)
        for variant in sorted(self._single):
            stems |= self._divide_single(variant)
        stems |= self._bury()
        self._single.clear()
        self._gone.clear()
        for claimed in sorted(stems):
            self._name(claimed)

    def _neighbours(self, form: str) -> Iterator[str]:
        for (other,) in self._sql.execute("SELECT other FROM matched WHERE one = ?", (form,)):
            yield other
        yield from (
            other
            for (other,) in self._sql.execute(
                "SELECT DISTINCT b.form FROM variant_form a JOIN variant_form b ON a.variant = b.variant "
                "WHERE a.form = ?",
                (form,),
            )
        )

    def _component(self, start: str) -> set[str]:
        """All forms that are joined with one by matches or by variants that have both."""
        found, todo = {start}, [start]
        while todo:
            new = set(self._neighbours(todo.pop())) - found
            found |= new
            todo.extend(new)
        return found

    def _divide(self, forms: set[str]) -> set[str]:
        """Find the things of a component; return the stems that are claimed anew, or no longer."""
        variants = self._variants(forms)
        if not variants:
            return set()
        matches: dict[tuple[str, str], Match] = {}
        for form in sorted(forms):
            for other, score, reason in self._sql.execute(
                "SELECT other, score, reason FROM matched WHERE one = ? ORDER BY score, reason", (form,)
            ):
                matches[min(form, other), max(form, other)] = Match(score, reason)
        crowded = self._crowded(variants)
        profiles: list[Profile] = []
        places: dict[tuple[str, str], _Place] = {}
        for variant, profile in variants:
            single = not profile.key and not self._matching.individual.isdisjoint(self._matching.forms(profile))
            for row, company in self._representatives(variant, profile, crowded, single):
                one = replace(_placed(profile, *row), company=company)
                if profile.key:
                    one = replace(one, document=_nowhere(profile))  # it is kept apart from nothing
                profiles.append(one)
                alone = single or (not profile.key and row[0] in crowded)
                places[one.document, one.chain] = _Place(variant, row[0], row[1], alone)
        used: set[int] = set()
        here = {variant for variant, _ in variants}
        divided = []
        for cluster in self._matching.cluster(profiles, matches):
            found = [places[profile.document, profile.chain] for profile in cluster.profiles]
            thing = self._thing(found[0], used, here)
            used.add(thing)
            divided.append((thing, cluster))
            for profile, place in zip(cluster.profiles, found, strict=True):
                if place.alone:
                    self._move(thing, place)
                else:
                    self._move_variant(thing, place.variant, set() if profile.key else crowded)
        # Only when all have their chains can what is told of each be counted.
        stems: set[str] = set()
        for thing, cluster in divided:
            stems |= self._describe(thing, self._chains(thing), cluster.profiles, cluster.merges)
        return stems

    def _divide_single(self, variant: int) -> set[str]:
        """What has no form: each chain is a thing."""
        row = self._sql.execute("SELECT profile FROM variant WHERE id = ?", (variant,)).fetchone()
        profile = _profile(row[0])
        stems: set[str] = set()
        for document, chain, at, date in self._sql.execute(
            "SELECT document, chain, at, date FROM chain WHERE thing IS NULL AND variant = ?", (variant,)
        ).fetchall():
            thing = self._new_thing()
            self._move(thing, _Place(variant, document, chain, alone=True))
            told = _Told(profile, 1, (date, document, at, chain))
            stems |= self._describe(thing, [told], (_placed(profile, document, chain, at, date),), ())
        return stems

    def _variants(self, forms: Iterable[str]) -> list[tuple[int, Profile]]:
        found: dict[int, Profile] = {}
        for form in forms:
            for variant, told in self._sql.execute(
                "SELECT v.id, v.profile FROM variant_form f JOIN variant v ON v.id = f.variant WHERE f.form = ?",
                (form,),
            ):
                if variant not in found:
                    found[variant] = _profile(told)
        return list(found.items())

    def _crowded(self, variants: Sequence[tuple[int, Profile]]) -> set[str]:
        """The documents with several chains in a component: what they keep apart must be seen chain by chain."""
        counts: Counter[str] = Counter()
        for variant, profile in variants:
            if not profile.key:
                rows = self._sql.execute("SELECT document FROM chain WHERE variant = ?", (variant,))
                counts.update(document for (document,) in rows)
        return {document for document, number in counts.items() if number > 1}

    def _representatives(
        self, variant: int, profile: Profile, crowded: set[str], single: bool
    ) -> Iterator[tuple[tuple[str, str, int, str], tuple[str, ...]]]:
        """The first chain of a variant for all that are alone in their documents, and each of the others; with their
        company."""
        rows = self._sql.execute(
            "SELECT document, chain, at, date, company FROM chain WHERE variant = ? ORDER BY date, document, at, chain",
            (variant,),
        )
        if not single and (profile.key or not crowded):
            alone = rows.fetchmany(DOCUMENTS)
            rows.close()
        else:
            every = rows.fetchall()
            alone = [] if single else [row for row in every if row[0] not in crowded]
            yield from ((row[:4], _members(row[4])) for row in every if single or row[0] in crowded)
        if alone:
            yield alone[0][:4], of_all(_members(row[4]) for row in alone[:DOCUMENTS])

    def _thing(self, place: _Place, used: set[int], here: set[int]) -> int:
        """The thing that a chain was until now, or a new one where another cluster has it, or variants that are not
        ``here`` any more: its number tells nothing, but what stays need not be written again."""
        (thing,) = self._sql.execute(
            "SELECT thing FROM chain WHERE document = ? AND chain = ?", (place.document, place.chain)
        ).fetchone()
        if thing is None or thing in used:
            return self._new_thing()
        variants = self._sql.execute("SELECT DISTINCT variant FROM chain WHERE thing = ?", (thing,))
        return int(thing) if all(variant in here for (variant,) in variants) else self._new_thing()

    def _new_thing(self) -> int:
        thing = self._sql.execute("INSERT INTO thing VALUES (NULL, '', '', '', '')").lastrowid
        assert thing is not None
        return thing

    def _move(self, thing: int, place: _Place) -> None:
        """Give a chain to a thing, and note what it leaves."""
        row = (place.document, place.chain)
        (left,) = self._sql.execute("SELECT thing FROM chain WHERE document = ? AND chain = ?", row).fetchone()
        if left != thing:
            self._note_moves(thing, [(*row, left)])

    def _move_variant(self, thing: int, variant: int, crowded: set[str]) -> None:
        """Give the chains of a variant to a thing, but for those of crowded documents."""
        rows = self._sql.execute(
            "SELECT document, chain, thing FROM chain WHERE variant = ? AND thing IS NOT ?", (variant, thing)
        ).fetchall()
        self._note_moves(thing, [row for row in rows if row[0] not in crowded])

    def _note_moves(self, thing: int, rows: Sequence[tuple[str, str, int | None]]) -> None:
        self._sql.executemany(
            "UPDATE chain SET thing = ? WHERE document = ? AND chain = ?", [(thing, *row[:2]) for row in rows]
        )
        self.documents.update(document for document, _, _ in rows)
        self._gone.update(left for _, _, left in rows if left is not None)

    def _bury(self) -> set[str]:
        """Take away the things that have no chain left; return their stems."""
        stems = set()
        for thing in self._gone:
            if self._sql.execute("SELECT 1 FROM chain WHERE thing = ? LIMIT 1", (thing,)).fetchone() is None:
                row = self._sql.execute("DELETE FROM thing WHERE id = ? RETURNING stem, iri", (thing,)).fetchone()
                if row is not None:
                    stems.add(row[0])
                    self.things.add(row[1])
        return stems - {""}

    # -- names and descriptions ---------------------------------------------------------------------------------------

    def _chains(self, thing: int) -> Iterator[_Told]:
        """Yield the variants that tell of a thing."""
        for variant, told, number in self._sql.execute(
            "SELECT v.id, v.profile, c.number FROM (SELECT variant, COUNT(*) AS number FROM chain WHERE thing = ? "
            "GROUP BY variant) c JOIN variant v ON v.id = c.variant",
            (thing,),
        ).fetchall():
            # SQLite would take the index of the variant, and search its chains for one of the thing.
            first = self._sql.execute(
                "SELECT date, document, at, chain FROM chain INDEXED BY chain_thing WHERE thing = ? AND variant = ? "
                "ORDER BY date, document, at, chain LIMIT 1",
                (thing, variant),
            ).fetchone()
            yield _Told(_profile(told), number, first)

    def _describe(
        self, thing: int, chains: Iterable[_Told], profiles: Sequence[Profile], merges: Sequence[Merge]
    ) -> set[str]:
        """Write down what a thing is called, its class, and why its names are one; return the stems concerned."""
        names: Counter[str] = Counter()
        aliases: Counter[str] = Counter()
        classes: Counter[str] = Counter()
        repeated: set[str] = set()
        first: tuple[str, str, int, str, str] | None = None
        for told in chains:
            profile = told.profile
            names[profile.name] += told.number
            classes[profile.cls] += told.number
            for alias in profile.names:
                aliases[alias] += told.number
            if told.number > 1:
                repeated.add(profile.name)
            first = min(first or (*told.first, profile.name), (*told.first, profile.name))
        assert first is not None
        date, document, at, chain, first_name = first
        key = next((profile.key for profile in profiles if profile.key), "")
        known = self._naming.known(key) if key else None
        cls = one_class(classes, self._naming.is_a)
        named = bool(key) or any(profile.named for profile in profiles)
        usual = () if known is None else (known.name,)
        labels = tuple(dict.fromkeys((*usual, *best_first(names.elements()), *best_first(aliases.elements()))))
        entity = Entity("", cls, labels, identifications=identifications(profiles, merges, repeated), known=known)
        words = (*(known.qualifiers if known is not None else ()), *_qualifiers(profiles, key))
        claim = Claim(0 if key else 1 if named else 2, key, date, document, at, chain, words)
        full = len(first_name.split()) >= len(labels[0].split())
        called = first_name if named and not key and full else labels[0]
        claimed = known.iri if known is not None else ""
        claimed = claimed or stem(self._naming.base, self._naming.local(cls), called, "" if named else document)
        old, before = self._sql.execute("SELECT stem, entity FROM thing WHERE id = ?", (thing,)).fetchone()
        if before and json.loads(before)["cls"] != cls:  # what may be said of it depends on its class
            documents = self._sql.execute("SELECT document FROM chain WHERE thing = ?", (thing,))
            self.documents.update(one for (one,) in documents)
        self._sql.execute(
            "UPDATE thing SET stem = ?, claim = ?, entity = ? WHERE id = ?",
            (claimed, json.dumps(_fields(claim)), json.dumps(_entity_fields(entity)), thing),
        )
        return {old, claimed} - {""}

    def _name(self, claimed: str) -> None:
        """Give IRIs to all that claim a stem."""
        rows = self._sql.execute("SELECT id, iri, claim FROM thing WHERE stem = ?", (claimed,)).fetchall()
        claims = [Claim.from_list(json.loads(told)) for _, _, told in rows]
        for (thing, old, _), iri in zip(rows, settled(claimed, claims), strict=True):
            self.things.update({old, iri} - {""})
            if old != iri:
                self._sql.execute("UPDATE thing SET iri = ? WHERE id = ?", (iri, thing))
                documents = self._sql.execute("SELECT document FROM chain WHERE thing = ?", (thing,))
                self.documents.update(document for (document,) in documents)

    # -- asking -------------------------------------------------------------------------------------------------------

    def entity(self, iri: str) -> Entity | None:
        """What is known of the thing with an IRI, None if there is none."""
        row = self._sql.execute("SELECT entity FROM thing WHERE iri = ?", (iri,)).fetchone()
        return self._entity(iri, json.loads(row[0])) if row else None

    def _entity(self, iri: str, fields: dict[str, Any]) -> Entity:
        key = fields["key"]
        return Entity(
            iri,
            fields["cls"],
            tuple(fields["labels"]),
            tuple(Identification(*told) for told in fields["identifications"]),
            self._naming.known(key) if key else None,
        )

    def profiles(self, iri: str) -> list[Profile]:
        """What documents tell of the thing with an IRI, each way of telling once, the first document's first."""
        found = []
        for told, document, chain, at, date in self._sql.execute(
            "SELECT v.profile, c.document, c.chain, c.at, MIN(c.date) FROM thing t JOIN chain c ON c.thing = t.id "
            "JOIN variant v ON v.id = c.variant WHERE t.iri = ? GROUP BY v.id",
            (iri,),
        ):
            found.append(_placed(Profile.from_json(json.loads(told)), document, chain, at, date))
        return sorted(found, key=lambda profile: (profile.date or LATEST, profile.document, profile.at))

    def matches(self, one: Profile, other: Profile) -> dict[tuple[str, str], Match]:
        """How the names of two things match, by pairs of forms in alphabetical order."""
        found: dict[tuple[str, str], Match] = {}
        for form in self._matching.forms(one):
            for there in self._matching.forms(other):
                row = self._sql.execute(
                    "SELECT score, reason FROM matched WHERE one = ? AND other = ? ORDER BY score DESC", (form, there)
                ).fetchone()
                if row is not None:
                    found[min(form, there), max(form, there)] = Match(*row)
        return found

    def iris(self, document: str) -> dict[str, str]:
        """From the chains of a document to the IRIs of their things."""
        rows = self._sql.execute(
            "SELECT c.chain, t.iri FROM chain c JOIN thing t ON t.id = c.thing WHERE c.document = ?",
            (_whole(document),),
        )
        return dict(rows)

    def all_iris(self) -> Iterator[str]:
        """The IRIs of all things."""
        return (iri for (iri,) in self._sql.execute("SELECT iri FROM thing"))

    def __len__(self) -> int:
        """The number of things."""
        (number,) = self._sql.execute("SELECT COUNT(*) FROM thing").fetchone()
        return int(number)


@dataclass(frozen=True, slots=True)
class _Place:
    """The chain that stands for itself (``alone``), or for all chains of its variant but those of crowded documents."""

    variant: int
    document: str
    chain: str
    alone: bool


@dataclass(frozen=True, slots=True)
class _Told:
    """A variant that tells of a thing, how many chains do so, and date, document, place and id of the first of them."""

    profile: Profile
    number: int
    first: tuple[str, str, int, str]


def _whole(text: str) -> str:
    """The text with U+FFFD for lone surrogates, which neither SQLite nor RDF can hold."""
    return text if _SURROGATES.search(text) is None else _SURROGATES.sub("\ufffd", text)


def _sound(profile: Profile) -> Profile:
    told = (value for _, value in profile.evidence)
    texts = (profile.document, profile.date, profile.name, *profile.names, *told, *profile.company)
    if all(text is _whole(text) for text in texts):
        return profile
    return replace(
        profile,
        document=_whole(profile.document),
        date=_whole(profile.date),
        name=_whole(profile.name),
        names=tuple(map(_whole, profile.names)),
        evidence=tuple((kind, _whole(value)) for kind, value in profile.evidence),
        company=tuple(map(_whole, profile.company)),
    )


def _told(profile: Profile) -> str:
    """What a profile tells, whoever tells it and in what company: equal for profiles of one variant."""
    _, _, _, _, *told, _ = profile.to_json()
    return json.dumps(["", "", 0, "", *told, []])


def _members(company: str) -> tuple[str, ...]:
    return tuple(company.split("\n")) if company else ()


@lru_cache(maxsize=1 << 12)
def _profile(told: str) -> Profile:
    """The profile of a variant."""
    return Profile.from_json(json.loads(told))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _placed(profile: Profile, document: str, chain: str, at: int, date: str) -> Profile:
    return replace(profile, document=document, chain=chain, at=at, date="" if date == LATEST else date)


def identifications(
    profiles: Sequence[Profile], merges: Sequence[Merge], repeated: Iterable[str]
) -> tuple[Identification, ...]:
    """Why the names of a thing are names of one thing: each pair of names once, the surest reason first.

    ``repeated`` are the names under which several documents tell the same of it.
    """
    by_place = {(profile.document, profile.chain): profile for profile in profiles}
    found: dict[tuple[str, str, str], Identification] = {}
    for merge in merges:
        one, other = sorted((by_place[merge.one], by_place[merge.other]), key=lambda p: (p.name, p.document))
        told = Identification(one.name, _document(one), other.name, _document(other), merge.reason, merge.confidence)
        known = found.get((told.name, told.other, told.reason))
        if known is None or (-told.confidence, told.document) < (-known.confidence, known.document):
            found[told.name, told.other, told.reason] = told
    for name in repeated:
        found.setdefault((name, name, SAME_NAME), Identification(name, "", name, "", SAME_NAME, SURE))
    return tuple(found[place] for place in sorted(found))


def _nowhere(profile: Profile) -> str:
    """An id that no document has, another one for each variant."""
    return "\n" + _hash(_told(profile))


def _document(profile: Profile) -> str:
    return "" if profile.document.startswith("\n") else profile.document


def _qualifiers(profiles: Sequence[Profile], key: str) -> tuple[str, ...]:
    """What may tell a thing from others of its name: its key, its country."""
    if key:
        return (slug(key.rpartition("/")[2]),)
    countries = sorted(
        {slug(value.rpartition("/")[2]) for p in profiles for kind, value in p.evidence if kind == "country"}
    )
    return tuple(countries)


def _fields(told: Claim | Identification) -> list[object]:
    """The fields in their order; `dataclasses.astuple` copies each of them, and takes ten times as long."""
    return [getattr(told, name) for name in told.__dataclass_fields__]


def _entity_fields(entity: Entity) -> dict[str, Any]:
    return {
        "cls": entity.cls,
        "labels": entity.labels,
        "identifications": [_fields(told) for told in entity.identifications],
        "key": entity.known.key if entity.known is not None else "",
    }
