"""Clustering: which profiles that were compared are one thing.

Things are joined from the certain to the doubtful, and each time only where all names and the joint evidence of both
sides agree: by keys and decisions, by equal names, by names that are spelt or ordered otherwise, and last by names that
say less than others ("Benkő", "T. Benkő", "UN"), which must fit one thing clearly better than any other.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations, count, product

from rapidfuzz.distance import JaroWinkler

from graphwright.entities.bodies import is_numbered
from graphwright.entities.company import DOCUMENTS
from graphwright.entities.decisions import Decision, side_of_class
from graphwright.entities.evidence import CONTRADICTED, Weight, by_company, confidence, days_between, weights
from graphwright.entities.identity import THRESHOLD, Identity, identity_of
from graphwright.entities.names import normal_form
from graphwright.entities.profiles import Profile
from graphwright.entities.similarity import Match, forms, is_name, match, strength
from graphwright.errors import DecisionError

__all__ = ["Cluster", "Identity", "Match", "Merge", "chronological", "cluster", "identity_of", "why_apart"]

Place = tuple[str, str]
"""A document and a chain of it."""

Matches = Mapping[tuple[str, str], Match]
"""Matches by pairs of forms in alphabetical order."""

SHARE = 0.7
"""How much of the odds of all things that a name may mean the best must have, where the name says less than theirs."""

POSSIBLE = 0.2
"""The confidence from which a thing counts among those that a name may mean."""

SHORT_WORD = 6
"""The letters of surnames of which one letter makes another name: Benke and Benkő. Two of such names in the same
company are relatives or colleagues as soon as one person."""

LESS = frozenset(
    {
        "part of the name",
        "initials",
        "acronym",
        "without the middle name",
        "without the number",
        "without the generation",
        "without the kind of place",
    }
)
"""Reasons of matches of which one name says less than the other, and so may mean several things."""

SPELT = frozenset(
    {
        "the same words",
        "transliteration",
        "the same name in another order",
        "the same name with other spaces",
        "forms of one given name",
    }
)
"""Reasons of matches of names that even one document may write for one thing without saying so."""

BY_NAME_AND_KEY = 0.5
"""The factor on the odds that a thing without a key is one that has one: the reader did not take it for that."""

DAYS_APART = 0.02
"""The factor on the odds that things are one of which documents tell too many days apart (lex:sameWithin)."""

WEAK = 0.9
"""The confidence below which equal names alone are little."""

NAMESAKES = 0.3
"""The factor on the odds that things of one name are one where it is known to be the name of several."""

NUMBERED = 0.1
"""The factor on the odds that bodies of one number ("1st Infantry Brigade") are one that have nothing in common."""

MOST_COMPANY = 48
"""How many of the things told of beside a thing are remembered: the most frequent."""

LONGEST_ACRONYM = 5
"""Letters of the longest word that may stand for several names."""


@dataclass(frozen=True, slots=True)
class Merge:
    """That two chains are one thing: why, and how certain, in (0, 1]."""

    one: Place
    other: Place
    reason: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Cluster:
    """One thing: its profiles, sorted by date ("" last), document and place in it, and the merges that join them."""

    profiles: tuple[Profile, ...]
    merges: tuple[Merge, ...] = ()


def cluster(profiles: Sequence[Profile], matches: Matches, identity: Identity) -> tuple[Cluster, ...]:
    """Say which profiles of a connected component are one thing.

    A component holds all profiles whose forms (`similarity.forms`) are equal or joined by ``matches``. The result
    depends on the set of profiles alone; clusters are sorted by their first profiles. Raises DecisionError where
    decisions contradict each other on a profile.
    """
    if len(profiles) == 1 and not identity.decisions:
        return (Cluster(tuple(profiles)),)
    judge = _Judge(identity, matches)
    things = judge.by_decision(judge.by_key(judge.alike(profiles)))
    weak = [thing for thing in things if judge.is_weak(thing)]
    things = judge.by_spelling(judge.by_equal_names([thing for thing in things if not judge.is_weak(thing)]))
    things = judge.by_less(sorted((*things, *weak), key=lambda thing: thing.order))
    things = judge.by_spelling(judge.by_equal_names(things))
    clusters = [one for thing in things for one in judge.certain(thing)]
    return tuple(sorted(clusters, key=lambda one: chronological(one.profiles[0])))


def chronological(profile: Profile) -> tuple[bool, str, str, int, str]:
    """The order of profiles in a cluster: by date, unknown ones last, then by document and place in it."""
    return (not profile.date, profile.date, profile.document, profile.at, profile.chain)


_STAMPS = count()


@dataclass(slots=True, eq=False)
class _Thing:
    """Profiles that are one thing as far as is known, and what they tell together. It grows in place (`absorb`).

    Any two of ``classes`` are equal or one above the other, unless a key joined them. ``told`` counts the values of
    each kind of evidence, and ``sides`` the profiles that a side of a decision means, by its number. ``first`` is the
    first of the profiles, and ``dates`` are the first and last of their documents. ``alone`` says that its document has
    two of its name, ``common`` that it has namesakes of which it may be each. ``stamp`` is a number that no other thing
    has, and that it had never before it grew.
    """

    profiles: list[Profile]
    forms: set[str]
    classes: set[str]
    keys: set[str]
    told: dict[str, Counter[str]]
    documents: set[str]
    first: Profile
    dates: tuple[str, str]
    sides: Counter[int]
    company: Counter[str]
    alone: bool = False
    common: bool = False
    merges: list[Merge] = field(default_factory=list)
    stamp: int = field(default_factory=lambda: next(_STAMPS))

    @property
    def order(self) -> tuple[bool, str, str, int, str]:
        """What sorts things in one way whatever the order in which they were found."""
        return chronological(self.first)

    @property
    def words(self) -> int:
        """The words of its longest name."""
        return max((len(form.split()) for form in self.forms), default=0)

    def absorb(self, other: _Thing, merges: Iterable[Merge]) -> None:
        """Become this and the other thing; ``merges`` are all that is to be said of how."""
        dates = sorted(date for date in (*self.dates, *other.dates) if date)
        for kind, counts in other.told.items():
            self.told.setdefault(kind, Counter()).update(counts)
        self.profiles += other.profiles
        self.forms |= other.forms
        self.classes |= other.classes
        self.keys |= other.keys
        self.documents |= other.documents
        self.first = min(self.first, other.first, key=chronological)
        self.dates = (dates[0], dates[-1]) if dates else ("", "")
        self.sides.update(other.sides)
        self.company.update(other.company)
        if len(self.company) > MOST_COMPANY:
            most = sorted(self.company.items(), key=lambda item: (-item[1], item[0]))
            self.company = Counter(dict(most[:MOST_COMPANY]))
        self.alone = self.alone and other.alone
        self.common = self.common and other.common
        self.merges += merges
        self.stamp = next(_STAMPS)


@dataclass(frozen=True, slots=True)
class _Verdict:
    """Whether two things are one: how likely, and from which confidence they are; whether the name or class of one says
    less than the other's; what speaks for it, and what against it."""

    confidence: float
    least: float = THRESHOLD
    less: bool = False
    reason: str = ""
    against: str = ""

    @property
    def joins(self) -> bool:
        return self.confidence >= self.least

    @property
    def possible(self) -> bool:
        """Whether the one is to be reckoned with where it is asked what the other is."""
        return self.confidence > POSSIBLE and not self.against


_Pair = tuple[_Thing, _Thing, str, float]
"""Two things to join, why, and how certain."""


@dataclass
class _Judge:
    """Joins things step by step. What it remembers are verdicts on pairs of them."""

    identity: Identity
    matches: Matches
    verdicts: dict[tuple[int, int], _Verdict] = field(default_factory=dict)

    # ------------------------------------------------------------------------------------------------ the first things

    def alike(self, profiles: Iterable[Profile]) -> list[_Thing]:
        """Things of profiles that cannot be told apart: equal names, classes and evidence."""
        ordered = [(profile, forms(profile)) for profile in sorted(profiles, key=chronological)]
        alone = self.kept_apart(ordered)
        groups: dict[object, list[Profile]] = defaultdict(list)
        for profile, names in ordered:
            sides = self.sides(profile)
            single = profile.place in alone or not names or self.unlike_itself(sides)
            what = (names, profile.cls, profile.key, profile.evidence, sides)
            groups[(profile.place,) if single else what].append(profile)
        return [self.thing(group, group[0].place in alone) for group in groups.values()]

    def thing(self, profiles: Sequence[Profile], alone: bool = False) -> _Thing:
        """A thing of profiles that cannot be told apart."""
        first = profiles[0]
        told: dict[str, Counter[str]] = {}
        for kind, value in first.evidence:
            told.setdefault(kind, Counter())[value] += len(profiles)
        dates = sorted(profile.date for profile in profiles if profile.date)
        return _Thing(
            list(profiles),
            set(forms(first)),
            {first.cls},
            {first.key} if first.key else set(),
            told,
            {profile.document for profile in profiles},
            first,
            (dates[0], dates[-1]) if dates else ("", ""),
            Counter({side: len(profiles) for side in self.sides(first)}),
            Counter(member for profile in profiles[:DOCUMENTS] for member in profile.company),
            alone,
        )

    def kept_apart(self, profiles: Iterable[tuple[Profile, tuple[str, ...]]]) -> set[Place]:
        """Chains of which a document has another of the same name: they are two, and nobody says which is which."""
        by_name: dict[tuple[str, str], list[Profile]] = defaultdict(list)
        for profile, names in profiles:
            if not profile.key:
                for form in names:
                    by_name[profile.document, form].append(profile)
        return {
            profile.place
            for same in by_name.values()
            for one, other in combinations(same, 2)
            if self.identity.comparable(one.cls, other.cls)
            for profile in (one, other)
        }

    # ------------------------------------------------------------------------------------------------------- decisions

    @cached_property
    def decided(self) -> tuple[tuple[Decision, int, int], ...]:
        """The decisions with the numbers of their sides."""
        return tuple((one, 2 * i, 2 * i + 1) for i, one in enumerate(self.identity.decisions))

    @cached_property
    def differences(self) -> tuple[tuple[Decision, int, int], ...]:
        """The decisions that things are different."""
        return tuple(found for found in self.decided if found[0].decision == "different")

    @cached_property
    def sides_of_name(self) -> Mapping[str, list[tuple[int, str, str]]]:
        """For each name in normal form the sides of decisions that have it: number, document, and name as written."""
        found: dict[str, list[tuple[int, str, str]]] = defaultdict(list)
        for decision, *numbers in self.decided:
            for number, side, name in zip(numbers, decision.sides, (decision.name, decision.other), strict=True):
                found[side[0]].append((number, side[1], name))
        return found

    def sides(self, profile: Profile) -> tuple[int, ...]:
        """The numbers of the sides of decisions that mean a profile."""
        if not self.decided or not profile.named:
            return ()
        cls = self.identity.local(profile.cls)
        meant = (said for name in profile.names for said in self.sides_of_name.get(normal_form(name), ()))
        found = {n for n, document, name in meant if document in ("", profile.document) and side_of_class(name, cls)}
        return tuple(sorted(found))

    def unlike_itself(self, sides: Collection[int]) -> bool:
        """Whether profiles of these sides are decided to be different from each other."""
        return any(a in sides and b in sides for _, a, b in self.differences)

    def forbidden(self, one: _Thing, other: _Thing) -> Decision | None:
        """The decision by which two things are different."""
        if not (one.sides and other.sides):
            return None
        for decision, a, b in self.differences:
            if (one.sides[a] and other.sides[b]) or (one.sides[b] and other.sides[a]):
                return decision
        return None

    def by_key(self, things: list[_Thing]) -> list[_Thing]:
        """Join what has one key in the gazetteer."""
        by_key: dict[str, list[_Thing]] = defaultdict(list)
        for thing in things:
            for key in thing.keys:
                by_key[key].append(thing)
        pairs = [
            (same[0], one, f"the gazetteer knows both as {key}", 1.0)
            for key, same in sorted(by_key.items())
            for one in same[1:]
            if self.forbidden(one, same[0]) is None
        ]
        return self.joined(things, pairs, check=False)

    def by_decision(self, things: list[_Thing]) -> list[_Thing]:
        """Join what people decided to be the same."""
        for decision, a, b in self.decided:
            meant = [thing for thing in things if thing.sides[a] or thing.sides[b]]
            if decision.decision != "same" or not all(any(thing.sides[s] for thing in meant) for s in (a, b)):
                continue
            for one, other in combinations(meant, 2) if self.differences else ():
                if (against := self.forbidden(one, other)) is not None:
                    raise DecisionError(
                        f"{decision.name!r} and {decision.other!r} are decided to be the same, and different",
                        " and ".join(sorted({decision.where, against.where})),
                        "take one of these lines out",
                    )
            reason = f"decided: {decision.note}" if decision.note else "decided"
            things = self.joined(things, [(meant[0], one, reason, 1.0) for one in meant[1:]], check=False)
        return things

    # -------------------------------------------------------------------------------------------------------- by names

    def is_weak(self, thing: _Thing) -> bool:
        """Whether a thing has but a surname, which says little: full names are settled before it."""
        kind = self.identity.kind(thing.classes)
        return kind == "person" and not thing.keys and all(strength(form, kind) < WEAK for form in thing.forms)

    def by_equal_names(self, things: list[_Thing]) -> list[_Thing]:
        """Join things that have the same names: each with the one it fits best, those told of most first.

        What nothing is told of that could tell it from its namesakes comes last.
        """
        groups: dict[object, list[_Thing]] = defaultdict(list)
        for thing in things:
            named = thing.forms and not (thing.alone or thing.common)
            groups[(frozenset(thing.forms), *sorted(thing.classes)) if named else thing.first.place].append(thing)
        found: list[_Thing] = []
        for same in sorted(groups.values(), key=lambda group: group[0].order):
            settled: list[_Thing] = []
            for thing in sorted(same, key=lambda one: (not is_told(one), -len(one.profiles), one.order)):
                best = self.best(thing, settled)
                if best is None:
                    settled.append(thing)
                else:  # the larger of the two absorbs the other
                    settled[settled.index(best[0])] = self.join(*best)
            found += settled
        return sorted(found, key=lambda thing: thing.order)

    def by_spelling(self, things: list[_Thing]) -> list[_Thing]:
        """Join things whose names are spelt or ordered otherwise, or that share one of several names; surest first."""
        while True:
            near: dict[int, list[tuple[_Thing, _Verdict]]] = defaultdict(list)
            found: list[_Pair] = []
            for one, other in self.pairs(things):
                verdict = self.verdict(one, other)
                if verdict.possible and not (verdict.less or one.common or other.common):
                    near[id(one)].append((other, verdict))
                    near[id(other)].append((one, verdict))
                    if verdict.joins:
                        found.append((one, other, verdict.reason, verdict.confidence))
            found = [
                (one, other, reason, certainty)
                for one, other, reason, certainty in found
                if self.is_clear(one, other, near[id(one)]) and self.is_clear(other, one, near[id(other)])
            ]
            found.sort(key=lambda pair: (-pair[3], pair[0].order, pair[1].order))
            joined = self.joined(things, found)
            if len(joined) == len(things):
                return things
            things = joined

    def is_clear(self, thing: _Thing, other: _Thing, near: Iterable[tuple[_Thing, _Verdict]]) -> bool:
        """Whether a thing fits another clearly better than all that it fits too and that are not the other."""
        odds = {
            id(one): self.odds(one, verdict)
            for one, verdict in near
            if one is other or not self.verdict(one, other).joins
        }
        return odds[id(other)] >= SHARE * sum(odds.values())

    def odds(self, thing: _Thing, verdict: _Verdict) -> float:
        """How much speaks for a thing: of namesakes, the one that is told of more often is meant more often."""
        return verdict.confidence / max(1e-9, 1 - verdict.confidence) * len(thing.profiles)

    def by_less(self, things: list[_Thing]) -> list[_Thing]:
        """Join things whose names or classes say less than others with the one that they fit clearly better.

        Longer names and lower classes first: "J. Smith" finds its place before "Smith".
        """
        every = sorted({cls for thing in things for cls in thing.classes})
        above = {cls: sum(self.identity.is_a(cls, other) for other in every) for cls in every}

        def turn(thing: _Thing) -> tuple[int, int]:
            return (-thing.words, -max(above[cls] for cls in thing.classes))

        turns = {thing.stamp: turn(thing) for thing in things}
        pairs = list(self.pairs(things))
        for now in sorted(set(turns.values())):
            numbers = {thing.stamp: i for i, thing in enumerate(things)}
            others: dict[int, list[_Thing]] = defaultdict(list)
            for one, other in pairs:
                if turns[one.stamp] == now and self.says_less(one, other):
                    others[numbers[one.stamp]].append(other)
                if turns[other.stamp] == now and self.says_less(other, one):
                    others[numbers[other.stamp]].append(one)
            best = (self.best(things[number], others[number]) for number in sorted(others))
            found = [pair for pair in best if pair is not None]
            if found:
                things = self.joined(things, found)
                turns = {thing.stamp: turns.get(thing.stamp) or turn(thing) for thing in things}
                pairs = list(self.pairs(things))
        return things

    def says_less(self, short: _Thing, long: _Thing) -> bool:
        """Whether the names, or else the class, of a thing leave more open than those of another."""
        if not self.verdict(short, long).less:
            return False
        size, other_size = ((thing.words, max(map(len, thing.forms))) for thing in (short, long))
        is_above = short.classes != long.classes and all(
            self.identity.is_a(below, above) for above in short.classes for below in long.classes
        )
        return size < other_size or (size == other_size and is_above)

    def best(self, thing: _Thing, others: Iterable[_Thing]) -> _Pair | None:
        """Which of some things a thing is, as a pair to join: one that it fits clearly better than all others.

        A thing of a class above two that exclude each other is neither.
        """
        verdicts = [(other, self.verdict(thing, other)) for other in others]
        odds = [(self.odds(other, verdict), other, verdict) for other, verdict in verdicts if verdict.possible]
        if not odds:
            return None
        most, best, verdict = max(odds, key=lambda item: item[0])
        clear = most >= SHARE * sum(share for share, _, _ in odds)
        thing.common = thing.common or not clear
        one_class = all(self.comparable(best, other) for _, other, _ in odds)
        return (best, thing, verdict.reason, verdict.confidence) if clear and one_class and verdict.joins else None

    def comparable(self, one: _Thing, other: _Thing) -> bool:
        """Whether the classes of two things allow that they are one."""
        return all(self.identity.comparable(a, b) for a, b in product(one.classes, other.classes))

    def pairs(self, things: Sequence[_Thing]) -> Iterator[tuple[_Thing, _Thing]]:
        """The pairs of things with an equal form or forms that match, each once, in order."""
        by_form: dict[str, list[int]] = defaultdict(list)
        for i, thing in enumerate(things):
            for form in thing.forms if not thing.alone else ():
                by_form[form].append(i)
        found = {pair for same in by_form.values() for pair in combinations(same, 2)}
        for one, other in self.matches:
            both = product(by_form.get(one, ()), by_form.get(other, ()))
            found.update((min(pair), max(pair)) for pair in both if pair[0] != pair[1])
        for a, b in sorted(found):
            yield things[a], things[b]

    # -------------------------------------------------------------------------------------------------------- verdicts

    def verdict(self, one: _Thing, other: _Thing) -> _Verdict:
        """Whether two things may be one, and how likely."""
        key = (one.stamp, other.stamp) if one.stamp < other.stamp else (other.stamp, one.stamp)
        known = self.verdicts.get(key)
        if known is None:
            known = self.verdicts[key] = self.judged(one, other)
        return known

    def judged(self, one: _Thing, other: _Thing) -> _Verdict:
        """As `verdict`, worked out."""
        classes = one.classes | other.classes
        if one.alone or other.alone:
            return _Verdict(0.0, against="a document has two of this name and keeps them apart")
        if one.keys and other.keys and one.keys != other.keys:
            against = f"the gazetteer knows one as {_all(one.keys)} and the other as {_all(other.keys)}"
            return _Verdict(0.0, against=against)
        if (decision := self.forbidden(one, other)) is not None:
            return _Verdict(0.0, against=f"decided to be different in {decision.where}")
        if not self.comparable(one, other):
            locals_ = (_all(map(self.identity.local, thing.classes)) for thing in (one, other))
            return _Verdict(0.0, against=f"classes differ: {' and '.join(locals_)}")
        kind = self.identity.kind(classes)
        names = self.names(one.forms, other.forms, kind)
        if names is None:
            return _Verdict(0.0, against="names too different")
        factors = self.factors(one, other, kind)
        if kind == "person" and names.reason == "one letter apart" and _short_surnames_differ(one.forms, other.forms):
            factors = [weight for weight in factors if weight.reason != "same company" or weight.factor <= 1]
        sure, least = confidence(names.score, factors), self.identity.least(classes)
        contradictions = (one for one in factors if one.factor < CONTRADICTED and not (one.missing and sure >= least))
        against = "; ".join(weight.reason for weight in contradictions)
        lengths = [{len(form.split()) for form in thing.forms} for thing in (one, other)]
        spelt = names.reason in SPELT and bool(lengths[0] & lengths[1])  # a part of a name is no spelling of it
        if one.documents & other.documents and not (spelt and not against):
            return _Verdict(0.0, against="a document tells of both and keeps them apart")
        less = names.reason in LESS or one.classes != other.classes
        return _Verdict(sure, least, less, _reasons(names.reason, factors), against)

    def factors(self, one: _Thing, other: _Thing, kind: str) -> list[Weight]:
        """What speaks for and against two things of a kind being one."""
        if one is other:  # whether profiles that cannot be told apart are one: the first and the last document's
            days = days_between((one.dates[0],) * 2, (one.dates[1],) * 2)
        else:
            days = days_between(one.dates, other.dates)
        found = list(weights(one.told, other.told, kind, days))
        most = self.identity.days(one.classes | other.classes)
        if most is not None and days is not None and days > most and not any(weight.factor > 1 for weight in found):
            found.append(Weight(DAYS_APART, f"told of {days} days apart"))
        shared = by_company(one.company, other.company, kind, days) if one is not other else None
        if shared is not None and (shared.factor > 1 or not any(weight.factor > 1 for weight in found)):
            found.append(shared)
        numbered = kind == "organisation" and any(map(is_numbered, (*one.forms, *other.forms)))
        if numbered and one is not other and not any(weight.factor > 1 for weight in found):
            found.append(Weight(NUMBERED, "every country has one of this number", missing=True))
        if one.keys != other.keys:
            found.append(Weight(BY_NAME_AND_KEY, "only one is known to the gazetteer"))
        return found

    def names(self, names: Iterable[str], others: Iterable[str], kind: str) -> Match | None:
        """The best match of the names of two things, None where two of their names exclude that they are one.

        Unless both have a full name in common, any two of their full names must match: an acronym that both have means
        nothing where the names that it stands for differ.
        """
        found: list[Match] = []
        failed = False
        for one, other in product(names, others):
            said = self.matches.get((min(one, other), max(one, other)))
            matched = said if said is not None and said.reason == "decided" else match(one, other, kind)
            if matched is not None:
                found.append(matched)
            elif is_name(one) and is_name(other) and (kind == "person" or (" " in one and " " in other)):
                failed = True
        if not found or (failed and not any(_tells(form, kind) for form in names if form in others)):
            return None
        return max(found, key=lambda one: (one.score, one.reason))

    # --------------------------------------------------------------------------------------------------------- joining

    def joined(self, things: list[_Thing], pairs: Iterable[_Pair], *, check: bool = True) -> list[_Thing]:
        """Join pairs in their order; with ``check`` only where what they have become by then still agrees."""
        now = {id(thing): thing for thing in things}
        members = {id(thing): [id(thing)] for thing in things}
        for one, other, reason, certainty in pairs:
            left, right = now[id(one)], now[id(other)]
            if left is right or (check and not self.verdict(left, right).joins):
                continue
            gone = right if self.join(left, right, reason, certainty) is left else left
            kept = left if gone is right else right
            now.update((number, kept) for number in members[id(gone)])
            members[id(kept)] += members.pop(id(gone))
        unique = {id(kept): kept for kept in (now[id(thing)] for thing in things)}
        return sorted(unique.values(), key=lambda thing: thing.order)

    def join(self, one: _Thing, other: _Thing, reason: str, certainty: float) -> _Thing:
        """Join two things: the larger one absorbs the other, and is returned."""
        large, small = (other, one) if len(other.profiles) > len(one.profiles) else (one, other)
        inner, places = self.within(large)
        other_inner, other_places = self.within(small)
        across = [Merge(places[0], place, reason, round(certainty, 3)) for place in (*other_places, *places[1:])]
        large.absorb(small, [*inner[len(large.merges) :], *other_inner, *across])
        return large

    def within(self, thing: _Thing) -> tuple[list[Merge], list[Place]]:
        """The merges within a thing, and the places from which they reach all others."""
        if thing.merges or len(thing.profiles) == 1:
            return thing.merges, [thing.first.place]
        places = [profile.place for profile in thing.profiles]
        verdict = self.on_itself(thing)
        if not verdict.joins:
            return [], places
        certainty = round(verdict.confidence, 3)
        return [Merge(places[0], place, verdict.reason, certainty) for place in places[1:]], places[:1]

    def on_itself(self, thing: _Thing) -> _Verdict:
        """Whether profiles that cannot be told apart are one thing by themselves."""
        if thing.keys:
            return _Verdict(1.0, reason=f"the gazetteer knows both as {_all(thing.keys)}")
        if any(one.decision == "same" and thing.sides[a] and thing.sides[b] for one, a, b in self.decided):
            return _Verdict(1.0, reason="decided")
        kind = self.identity.kind(thing.classes)
        score = max((strength(form, kind) for form in thing.forms), default=0.0)
        factors = self.factors(thing, thing, kind)
        if thing.common:
            factors.append(Weight(NAMESAKES, "there are namesakes"))
        least = self.identity.least(thing.classes)
        return _Verdict(confidence(score, factors), least, reason=_reasons("the same name", factors))

    def certain(self, thing: _Thing) -> Iterator[Cluster]:
        """A thing, or each of its profiles where only a name that is too common holds them together."""
        merges, places = self.within(thing)
        if len(places) == 1:
            yield Cluster(tuple(sorted(thing.profiles, key=chronological)), tuple(merges))
        else:
            yield from (Cluster((profile,)) for profile in thing.profiles)


def is_told(thing: _Thing) -> bool:
    """Whether anything is told of a thing that namesakes seldom share."""
    return any(thing.told.get(kind) for kind in ("country", "located", "born", "birth", "date"))


def _tells(form: str, kind: str) -> bool:
    """Whether things that have this form in common are one by that: a full name, and no acronym."""
    return not is_name(form) or " " in form or (kind != "person" and len(form) > LONGEST_ACRONYM)


def _reasons(name: str, factors: Iterable[Weight]) -> str:
    return ", ".join(dict.fromkeys((name, *(weight.reason for weight in factors if weight.factor > 1))))


def _all(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))


def why_apart(one: Profile, other: Profile, matches: Matches, identity: Identity) -> str:
    """Say in plain English why two profiles are not one thing."""
    for profile in (one, other):
        if not forms(profile):
            return f"{profile.name!r} is a description, and belongs to its document"
    judge = _Judge(identity, matches)
    verdict = judge.verdict(judge.thing((one,)), judge.thing((other,)))
    if verdict.joins:
        return "they fit each other, but not all that each is joined with, or another thing fits as well"
    if verdict.against == "names too different":
        alike = JaroWinkler.similarity(normal_form(one.name), normal_form(other.name))
        return f"names too different: {one.name!r} and {other.name!r} are {alike:.2f} alike"
    if not verdict.confidence:
        return verdict.against
    told = f"{verdict.against}; " if verdict.against else ""
    return f"{told}{verdict.reason} is not enough: {verdict.confidence:.2f} under {verdict.least:g}"


def _short_surnames_differ(names: Iterable[str], others: Iterable[str]) -> bool:
    """Whether all full names of two people end in different words, of which one is short."""
    last = [{form.split()[-1] for form in forms if " " in form} for forms in (names, others)]
    return all(one != other and min(len(one), len(other)) <= SHORT_WORD for one, other in product(*last))
