"""The index of all that documents tell of: it keeps who is one with whom, and finds it anew only where it may change.

It is a set of SQLite tables, so that its memory does not grow with the documents. Things are compared where a *form* of
their names is equal, or where two forms share a blocking *key* and match. What is joined like that is a component; it
is divided into things by `cluster` alone, which looks at nothing else. So a document that comes or goes concerns only
the components that its names belong to, and the result is that of a start from nothing.

Chains that tell the same of a thing (name, class, evidence) are one *variant*, and stand for each other in a component:
a president who is named in ten thousand documents is compared once for each way of telling of him.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Protocol

from graphwright.entities.clustering import Cluster, Merge
from graphwright.entities.company import DOCUMENTS
from graphwright.entities.naming import LATEST, Claim, settled
from graphwright.entities.profiles import Profile
from graphwright.entities.spelling import DOUBTFUL, MOST_DOUBTFUL, Match
from graphwright.entities.things import (
    Naming,
    Row,
    Told,
    claim_to_json,
    crowded,
    describe,
    digest,
    entity_from_json,
    entity_to_json,
    of_variant,
    placed,
    sound,
    standing,
    variant_of,
    whole,
)
from graphwright.model import Entity

TABLES = """
CREATE TABLE variant (id INTEGER PRIMARY KEY, digest TEXT UNIQUE, profile TEXT, chains INTEGER);
CREATE TABLE chain (document TEXT, chain TEXT, at INTEGER, date TEXT, variant INTEGER, company TEXT, thing INTEGER,
    PRIMARY KEY (document, chain)) WITHOUT ROWID;
CREATE INDEX chain_variant ON chain (variant, date, document, at);
CREATE INDEX chain_thing ON chain (thing, variant, date, document, at);
CREATE TABLE form (form TEXT, kind TEXT, variants INTEGER, doubtful INTEGER, PRIMARY KEY (form, kind)) WITHOUT ROWID;
CREATE TABLE variant_form (form TEXT, variant INTEGER, PRIMARY KEY (form, variant)) WITHOUT ROWID;
CREATE INDEX variant_form_variant ON variant_form (variant);
CREATE TABLE block (key TEXT, form TEXT, kind TEXT, PRIMARY KEY (key, form, kind)) WITHOUT ROWID;
CREATE TABLE matched (one TEXT, other TEXT, kind TEXT, score REAL, reason TEXT, PRIMARY KEY (one, other, kind))
    WITHOUT ROWID;
CREATE TABLE thing (id INTEGER PRIMARY KEY, stem TEXT, iri TEXT, claim TEXT, entity TEXT);
CREATE INDEX thing_stem ON thing (stem);
CREATE INDEX thing_iri ON thing (iri);
CREATE TABLE claimed (stem TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS changed (iri TEXT PRIMARY KEY) WITHOUT ROWID;
"""
DECIDED = "decided"
"""The kind of matches that people decided."""
NAMES = ("variant", "chain", "form", "variant_form", "block", "matched", "thing", "claimed")
"""The tables that can be made anew from what documents tell."""

COUNTING = """
SELECT other, score, reason FROM matched m WHERE one = ? AND (score >= ? OR NOT EXISTS (
    SELECT 1 FROM form WHERE form IN (m.one, m.other) AND kind = m.kind AND doubtful > ?))
ORDER BY score, reason
"""
"""The matches of a form that count: those of forms with too many doubtful ones do not."""


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


class EntityIndex:
    """The index in a database. All changes are in the transaction of the caller.

    The table ``changed`` is told of the IRIs of things that come, go or change; whoever heeds them takes them out.
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
        self.documents: set[str] = set()
        """Documents in which a chain has another IRI since the index was made."""

    # -- coming and going ---------------------------------------------------------------------------------------------

    def add(self, profiles: Iterable[Profile]) -> None:
        """Take in the chains of a document that is not in the index."""
        for profile in map(sound, profiles):
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
        document = whole(document)
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
        told = variant_of(profile)
        hashed = digest(told)
        row = self._sql.execute("SELECT id FROM variant WHERE digest = ?", (hashed,)).fetchone()
        if row is not None:
            self._sql.execute("UPDATE variant SET chains = chains + 1 WHERE id = ?", row)
            self._touch(row[0])
            return int(row[0])
        variant = self._sql.execute("INSERT INTO variant VALUES (NULL, ?, ?, 1)", (hashed, told)).lastrowid
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
        self._sql.execute("INSERT INTO form VALUES (?, ?, 1, 0)", (form, kind))
        keys = self._matching.keys(form, kind)
        opposite = sorted(set(map(self._matching.opposite, keys)))
        places = ", ".join("?" * len(opposite))
        rows = self._sql.execute(f"SELECT form FROM block WHERE kind = ? AND key IN ({places})", (kind, *opposite))
        others = {other for (other,) in rows}
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
        if match.score < DOUBTFUL:
            self._doubt((form, other), kind, 1)
        self._sql.executemany("INSERT OR REPLACE INTO matched VALUES (?, ?, ?, ?, ?)", rows)

    def _doubt(self, forms: Iterable[str], kind: str, more: int) -> None:
        """Count a doubtful match more or less of forms. Where their other ones count from now on, or no longer, what
        they join falls together or apart."""
        for form in forms:
            place = (form, kind)
            (before,) = self._sql.execute("SELECT doubtful FROM form WHERE form = ? AND kind = ?", place).fetchone()
            if before == MOST_DOUBTFUL < before + more:
                self._forms.update((form, *self._neighbours(form)))
            self._sql.execute("UPDATE form SET doubtful = ? WHERE form = ? AND kind = ?", (before + more, *place))
            if before > MOST_DOUBTFUL == before + more:
                self._forms.update((form, *self._neighbours(form)))

    def _drop_variant(self, variant: int) -> None:
        (told,) = self._sql.execute("SELECT profile FROM variant WHERE id = ?", (variant,)).fetchone()
        kind = self._matching.kind_of(of_variant(told).cls)
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
                others = self._sql.execute(
                    "SELECT other, score FROM matched WHERE one = ? AND kind = ?", (form, one)
                ).fetchall()
                pairs = [pair for other, _ in others for pair in ((form, other, one), (other, form, one))]
                self._sql.executemany("DELETE FROM matched WHERE one = ? AND other = ? AND kind = ?", pairs)
                self._doubt((other for other, score in others if score < DOUBTFUL), one, -1)
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
        while self._forms:
            forms = self._component(self._forms.pop())
            self._forms -= forms
            self._divide(forms)
        for variant in sorted(self._single):
            self._divide_single(variant)
        self._bury()
        self._single.clear()
        self._gone.clear()
        for (stem,) in self._sql.execute("SELECT stem FROM claimed ORDER BY stem"):
            self._name(stem)
        self._sql.execute("DELETE FROM claimed")

    def _neighbours(self, form: str) -> Iterator[str]:
        for other, _, _ in self._counting(form):
            yield other
        yield from (
            other
            for (other,) in self._sql.execute(
                "SELECT DISTINCT b.form FROM variant_form a JOIN variant_form b ON a.variant = b.variant "
                "WHERE a.form = ?",
                (form,),
            )
        )

    def _counting(self, form: str) -> Iterable[tuple[str, float, str]]:
        return self._sql.execute(COUNTING, (form, DOUBTFUL, MOST_DOUBTFUL))

    def _component(self, start: str) -> set[str]:
        """All forms that are joined with one by matches or by variants that have both."""
        found, todo = {start}, [start]
        while todo:
            new = set(self._neighbours(todo.pop())) - found
            found |= new
            todo.extend(new)
        return found

    def _divide(self, forms: set[str]) -> None:
        """Find the things of a component."""
        variants = self._variants(forms)
        if not variants:
            return
        matches: dict[tuple[str, str], Match] = {}
        for form in sorted(forms):
            for other, score, reason in self._counting(form):
                matches[min(form, other), max(form, other)] = Match(score, reason)
        crowd = self._crowded(variants)
        profiles: list[Profile] = []
        places: dict[tuple[str, str], _Place] = {}
        for variant, profile in variants:
            single = not profile.key and not self._matching.individual.isdisjoint(self._matching.forms(profile))
            for row, companies in self._representatives(variant, profile, crowd, single):
                one = standing(profile, row, companies)
                profiles.append(one)
                alone = single or (not profile.key and row[0] in crowd)
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
                    self._move_variant(thing, place.variant, set() if profile.key else crowd)
        # Only when all have their chains can what is told of each be counted.
        for thing, cluster in divided:
            self._describe(thing, self._chains(thing), cluster.profiles, cluster.merges)

    def _divide_single(self, variant: int) -> None:
        """What has no form: each chain is a thing."""
        row = self._sql.execute("SELECT profile FROM variant WHERE id = ?", (variant,)).fetchone()
        profile = of_variant(row[0])
        for document, chain, at, date in self._sql.execute(
            "SELECT document, chain, at, date FROM chain WHERE thing IS NULL AND variant = ?", (variant,)
        ).fetchall():
            thing = self._new_thing()
            self._move(thing, _Place(variant, document, chain, alone=True))
            told = Told(profile, 1, (date, document, at, chain))
            self._describe(thing, [told], (placed(profile, document, chain, at, date),), ())

    def _variants(self, forms: Iterable[str]) -> list[tuple[int, Profile]]:
        found: dict[int, Profile] = {}
        for form in forms:
            for variant, told in self._sql.execute(
                "SELECT v.id, v.profile FROM variant_form f JOIN variant v ON v.id = f.variant WHERE f.form = ?",
                (form,),
            ):
                if variant not in found:
                    found[variant] = of_variant(told)
        return list(found.items())

    def _crowded(self, variants: Sequence[tuple[int, Profile]]) -> set[str]:
        """The documents with several chains in a component: what they keep apart must be seen chain by chain."""
        return crowded(
            document
            for variant, profile in variants
            if not profile.key
            for (document,) in self._sql.execute("SELECT document FROM chain WHERE variant = ?", (variant,))
        )

    def _representatives(
        self, variant: int, profile: Profile, crowd: set[str], single: bool
    ) -> Iterator[tuple[Row, list[tuple[str, ...]]]]:
        """The first chain of a variant for all that are alone in their documents, with the company of the first of
        them, and each of the others with its own."""
        rows = self._sql.execute(
            "SELECT document, chain, at, date, company FROM chain WHERE variant = ? ORDER BY date, document, at, chain",
            (variant,),
        )
        if not single and (profile.key or not crowd):
            alone = rows.fetchmany(DOCUMENTS)
            rows.close()
        else:
            every = rows.fetchall()
            alone = [] if single else [row for row in every if row[0] not in crowd]
            yield from ((row[:4], [_members(row[4])]) for row in every if single or row[0] in crowd)
        if alone:
            yield alone[0][:4], [_members(row[4]) for row in alone[:DOCUMENTS]]

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

    def _move_variant(self, thing: int, variant: int, crowd: set[str]) -> None:
        """Give the chains of a variant to a thing, but for those of crowded documents."""
        rows = self._sql.execute(
            "SELECT document, chain, thing FROM chain WHERE variant = ? AND thing IS NOT ?", (variant, thing)
        ).fetchall()
        self._note_moves(thing, [row for row in rows if row[0] not in crowd])

    def _note_moves(self, thing: int, rows: Sequence[tuple[str, str, int | None]]) -> None:
        self._sql.executemany(
            "UPDATE chain SET thing = ? WHERE document = ? AND chain = ?", [(thing, *row[:2]) for row in rows]
        )
        self.documents.update(document for document, _, _ in rows)
        self._gone.update(left for _, _, left in rows if left is not None)

    def _bury(self) -> None:
        """Take away the things that have no chain left."""
        for thing in self._gone:
            if self._sql.execute("SELECT 1 FROM chain WHERE thing = ? LIMIT 1", (thing,)).fetchone() is None:
                row = self._sql.execute("DELETE FROM thing WHERE id = ? RETURNING stem, iri", (thing,)).fetchone()
                if row is not None:
                    self._claim(row[0])
                    self._change(row[1])

    # -- names and descriptions ---------------------------------------------------------------------------------------

    def _chains(self, thing: int) -> Iterator[Told]:
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
            yield Told(of_variant(told), number, first)

    def _describe(
        self, thing: int, chains: Iterable[Told], profiles: Sequence[Profile], merges: Sequence[Merge]
    ) -> None:
        """Write down what a thing is called, its class, and why its names are one."""
        found = describe(chains, profiles, merges, self._naming)
        old, before = self._sql.execute("SELECT stem, entity FROM thing WHERE id = ?", (thing,)).fetchone()
        if before and json.loads(before)["cls"] != found.entity.cls:  # what may be said of it depends on its class
            documents = self._sql.execute("SELECT document FROM chain WHERE thing = ?", (thing,))
            self.documents.update(one for (one,) in documents)
        self._sql.execute(
            "UPDATE thing SET stem = ?, claim = ?, entity = ? WHERE id = ?",
            (found.stem, claim_to_json(found.claim), entity_to_json(found.entity), thing),
        )
        self._claim(old, found.stem)

    def _claim(self, *stems: str) -> None:
        """Note stems that are claimed anew, or no longer."""
        rows = [(one,) for one in stems if one]
        self._sql.executemany("INSERT OR IGNORE INTO claimed VALUES (?)", rows)

    def _change(self, *iris: str) -> None:
        """Note IRIs of things that came, went or changed."""
        rows = [(one,) for one in iris if one]
        self._sql.executemany("INSERT OR IGNORE INTO changed VALUES (?)", rows)

    def _name(self, claimed: str) -> None:
        """Give IRIs to all that claim a stem."""
        rows = self._sql.execute("SELECT id, iri, claim FROM thing WHERE stem = ?", (claimed,)).fetchall()
        claims = [Claim.from_list(json.loads(told)) for _, _, told in rows]
        for (thing, old, _), iri in zip(rows, settled(claimed, claims), strict=True):
            self._change(old, iri)
            if old != iri:
                self._sql.execute("UPDATE thing SET iri = ? WHERE id = ?", (iri, thing))
                if old:  # the documents of a new thing were noted when it got its chains
                    documents = self._sql.execute("SELECT document FROM chain WHERE thing = ?", (thing,))
                    self.documents.update(document for (document,) in documents)

    # -- asking -------------------------------------------------------------------------------------------------------

    def entity(self, iri: str) -> Entity | None:
        """What is known of the thing with an IRI, None if there is none."""
        row = self._sql.execute("SELECT entity FROM thing WHERE iri = ?", (iri,)).fetchone()
        return entity_from_json(iri, row[0], self._naming) if row else None

    def profiles(self, iri: str) -> list[Profile]:
        """What documents tell of the thing with an IRI, each way of telling once, the first document's first."""
        found = []
        for told, document, chain, at, date in self._sql.execute(
            "SELECT v.profile, c.document, c.chain, c.at, MIN(c.date) FROM thing t JOIN chain c ON c.thing = t.id "
            "JOIN variant v ON v.id = c.variant WHERE t.iri = ? GROUP BY v.id",
            (iri,),
        ):
            found.append(placed(Profile.from_json(json.loads(told)), document, chain, at, date))
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
            (whole(document),),
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


def _members(company: str) -> tuple[str, ...]:
    return tuple(company.split("\n")) if company else ()
