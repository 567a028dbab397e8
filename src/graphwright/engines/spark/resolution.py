"""Resolution: what the index of things does in SQLite, as joins over tables.

Chains become variants, variants have forms, forms are compared where a blocking key of one is the opposite of a key of
the other, and what is joined is a component. From there on it is the same code as on one machine: `cluster` divides a
component, `describe` says what each thing is, and `settled` names all that claim one stem.

What a frequent thing is told of by stays small: all chains of a variant that are alone in their documents are one row,
with the first of them for their company. So no step takes all chains of a thing to one place.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa
from pyspark.sql import Window
from pyspark.sql import functions as f

from graphwright.engines.spark.components import components
from graphwright.engines.spark.extraction import worker
from graphwright.engines.spark.rows import NUMBER, TEXT, TRUTH, Row, grouped, groups, made, mapped, table
from graphwright.entities.company import DOCUMENTS
from graphwright.entities.index import DECIDED
from graphwright.entities.naming import LATEST, Claim, settled
from graphwright.entities.profiles import Profile
from graphwright.entities.spelling import DOUBTFUL, MOST_DOUBTFUL, Match
from graphwright.entities.things import (
    Description,
    Told,
    claim_to_json,
    describe,
    digest,
    entity_to_json,
    of_variant,
    placed,
    sound,
    standing,
    variant_of,
)
from graphwright.ledger.records import unpacked
from graphwright.settings import Settings

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

    from graphwright.engines.spark.storage import Folder
    from graphwright.entities import Matching, Resolver

FORMS = pa.list_(TEXT)
FIRST = {"date": TEXT, "document": TEXT, "at": NUMBER, "chain": TEXT, "company": TEXT}
FIRSTS = pa.list_(pa.struct(list(FIRST.items())))

CHAINS = table(**FIRST, variant=TEXT, told=TEXT, forms=FORMS, kind=TEXT, keyed=TRUTH, single=TRUTH)
"""What each document tells of each thing. ``single`` is what people decided something of for single documents."""

BLOCKS = table(form=TEXT, kind=TEXT, key=TEXT, opposite=TEXT)
MATCHES = table(one=TEXT, other=TEXT, kind=TEXT, score=pa.float64(), reason=TEXT)

THINGS = table(
    thing=TEXT,
    stem=TEXT,
    claim=TEXT,
    cls=TEXT,
    entity=TEXT,
    members=pa.list_(pa.struct([("variant", TEXT), ("document", TEXT), ("chain", TEXT)])),
)
"""Things without their IRIs. A member is a chain, or where it has no document all chains of a variant that are not
members by themselves."""

NAMES = table(thing=TEXT, iri=TEXT)


@dataclass(frozen=True, slots=True)
class Resolved:
    """``things``: thing, iri, cls, entity (as JSON); ``chains``: document, chain, iri, cls."""

    things: DataFrame
    chains: DataFrame


def resolve(
    extractions: DataFrame, settings: Settings, hashed: str, resolver: Resolver, folder: Folder, work: str
) -> Resolved:
    """The things of all documents. ``resolver`` is that of the driver, for what people decided."""
    session = folder.session
    asked = (settings, hashed)
    partitions = int(session.conf.get("spark.sql.shuffle.partitions") or 200)
    chains = folder.kept(mapped(extractions.select("id", "extraction"), chains_of, CHAINS, *asked), work, "chains")
    named = chains.filter(f.size("forms") > 0)
    kinds = ("told", "forms", "kind", "keyed", "single")
    variants = folder.kept(
        named.groupBy("variant").agg(*(f.any_value(name).alias(name) for name in kinds)), work, "variants"
    )

    forms = variants.select(f.explode("forms").alias("form"), "kind").distinct()
    blocks = folder.kept(mapped(forms, blocks_of, BLOCKS, *asked), work, "blocks")
    met = folder.kept(_matches(blocks, forms, resolver.matching, asked, folder), work, "met")
    matches = folder.kept(_counting(met), work, "matches")

    several = variants.filter(f.size("forms") > 1).select(
        f.element_at("forms", 1).alias("one"), f.explode("forms").alias("other")
    )
    found = components(matches.select("one", "other").union(several), folder, work)
    whole = f.coalesce("component", "form").alias("component")
    placed = folder.kept(
        variants.withColumn("form", f.element_at("forms", 1))
        .join(found, "form", "left")
        .select(*variants.columns, whole),
        work,
        "placed",
    )
    of_matches = (
        matches.withColumnRenamed("one", "form")
        .join(found, "form", "left")
        .select(f.col("form").alias("one"), "other", "score", "reason", whole)
    )
    places = folder.kept(_places(named, placed), work, "places")
    rows = (
        _members(places)
        .join(placed.select("variant", "told"), "variant")
        .unionByName(of_matches, allowMissingColumns=True)
    )
    divided = mapped(grouped(rows, "component", partitions), things_of, THINGS, *asked)
    lone = mapped(chains.filter(f.size("forms") == 0), lone_things, THINGS, *asked)
    things = folder.kept(divided.union(lone), work, "things")

    claims = grouped(things.select("thing", "stem", "claim"), "stem", partitions)
    names = folder.kept(mapped(claims, names_of, NAMES), work, "names")
    told = folder.kept(things.join(names, "thing").select("thing", "iri", "cls", "entity", "members"), work, "named")
    return Resolved(told.drop("members"), _iris(told, places))


def _matches(
    blocks: DataFrame, forms: DataFrame, matching: Matching, asked: tuple[Settings, str], folder: Folder
) -> DataFrame:
    """The forms that match, each pair in alphabetical order; once for each kind of things that both are names of."""
    one = blocks.select(f.col("form").alias("one"), "kind", "key", "opposite")
    other = blocks.select(f.col("form").alias("other"), f.col("kind").alias("of"), f.col("key").alias("with"))
    met = (f.col("opposite") == f.col("with")) & (f.col("kind") == f.col("of")) & (f.col("one") < f.col("other"))
    pairs = one.join(other, met).select("one", "other", "kind", "key")
    found = mapped(pairs, matches_of, MATCHES, *asked)
    if not matching.decided:
        return found
    decided = made(
        folder.session,
        (
            {"one": min(pair), "other": max(pair), "kind": DECIDED, "score": match.score, "reason": match.reason}
            for pair, match in matching.decided.items()
        ),
        MATCHES,
    )
    there = forms.select("form").distinct()
    for side in ("one", "other"):
        decided = decided.join(there.withColumnRenamed("form", side), side, "left_semi")
    return found.unionByName(decided)


def _counting(matches: DataFrame) -> DataFrame:
    """The matches, but for those of forms with too many doubtful ones."""
    doubtful = matches.filter(f.col("score") < DOUBTFUL)
    both = doubtful.select(f.explode(f.array("one", "other")).alias("form"), "kind")
    many = both.groupBy("form", "kind").agg(f.count("*").alias("number")).filter(f.col("number") > MOST_DOUBTFUL)
    for side in ("one", "other"):
        doubtful = doubtful.join(many.withColumnRenamed("form", side), [side, "kind"], "left_anti")
    return matches.filter(f.col("score") >= DOUBTFUL).unionByName(doubtful)


def _places(named: DataFrame, placed: DataFrame) -> DataFrame:
    """The chains that have a form, with their component, and whether they are seen ``alone``.

    A document with several chains in a component keeps them apart, so that each must be seen.
    """
    joined = named.select(*FIRST, "variant", "keyed", "single").join(placed.select("variant", "component"), "variant")
    together = Window.partitionBy("component", "document")
    crowd = f.count(f.when(~f.col("keyed"), 1)).over(together) > 1
    alone = ~f.col("keyed") & (f.col("single") | crowd)
    return joined.select(*FIRST, "variant", "component", alone.alias("alone"))


def _members(places: DataFrame) -> DataFrame:
    """What stands for chains in a component: one for those of a variant that are not alone, one for each that is."""
    first = f.struct(*FIRST)
    order = Window.partitionBy("variant").orderBy("date", "document", "at", "chain")
    together = places.filter(~f.col("alone"))
    # Both are done in part where the chains are: a name in each document does not go to one machine whole.
    firsts = together.withColumn("rank", f.row_number().over(order)).filter(f.col("rank") <= DOCUMENTS)
    numbers = together.groupBy("variant").agg(f.count("*").alias("number"))
    standing = (
        firsts.groupBy("variant")
        .agg(f.sort_array(f.collect_list(first)).alias("firsts"), f.any_value("component").alias("component"))
        .join(numbers, "variant")
        .withColumn("alone", f.lit(False))
    )
    single = places.filter("alone").select(
        "variant", f.array(first).alias("firsts"), "component", f.lit(1).cast("long").alias("number"), "alone"
    )
    return standing.unionByName(single)


def _iris(told: DataFrame, places: DataFrame) -> DataFrame:
    """The IRI of each chain, and the class of its thing."""
    members = told.select("iri", "cls", f.explode("members").alias("member"))
    each = members.filter("member.document IS NOT NULL")
    groups = members.filter("member.document IS NULL").select("member.variant", "iri", "cls")
    together = places.filter(~f.col("alone")).join(groups, "variant")
    columns = ("document", "chain", "iri", "cls")
    return together.select(*columns).union(each.select("member.document", "member.chain", "iri", "cls"))


# -- on the workers ----------------------------------------------------------------------------------------------------


def chains_of(settings: Settings, hashed: str, rows: Iterable[Row]) -> Iterator[Row]:
    """Rows of `CHAINS` for those of extractions."""
    resolver = worker(settings, hashed).resolver
    matching = resolver.matching
    for row in rows:
        for profile in map(sound, resolver.profiles(unpacked(row["extraction"]))):
            told = variant_of(profile)
            forms = list(matching.forms(profile))
            yield {
                "date": profile.date or LATEST,
                "document": profile.document,
                "at": profile.at,
                "chain": profile.chain,
                "company": "\n".join(profile.company),
                "variant": digest(told),
                "told": told,
                "forms": forms,
                "kind": matching.kind_of(profile.cls),
                "keyed": bool(profile.key),
                "single": not matching.individual.isdisjoint(forms),
            }


def blocks_of(settings: Settings, hashed: str, rows: Iterable[Row]) -> Iterator[Row]:
    """Rows of `BLOCKS` for forms."""
    matching = worker(settings, hashed).resolver.matching
    for row in rows:
        for key in matching.keys(row["form"], row["kind"]):
            yield {**row, "key": key, "opposite": matching.opposite(key)}


def matches_of(settings: Settings, hashed: str, rows: Iterable[Row]) -> Iterator[Row]:
    """Rows of `MATCHES` for pairs of forms that a key brought together; each is compared for one key."""
    matching = worker(settings, hashed).resolver.matching
    for row in rows:
        one, other, kind = row["one"], row["other"], row["kind"]
        theirs = matching.keys(other, kind)
        shared = min(key for key in matching.keys(one, kind) if matching.opposite(key) in theirs)
        found = matching.match(one, other, kind) if row["key"] == shared else None
        if found is not None:
            yield {"one": one, "other": other, "kind": kind, "score": found.score, "reason": found.reason}


def things_of(settings: Settings, hashed: str, rows: Iterable[Row]) -> Iterator[Row]:
    """Rows of `THINGS` for the members of components and their matches, component by component."""
    resolver = worker(settings, hashed).resolver
    for group in groups(rows, "component"):
        yield from _divided(group, resolver)


def _divided(rows: list[Row], resolver: Resolver) -> Iterator[Row]:
    matches: dict[tuple[str, str], Match] = {}
    profiles: list[Profile] = []
    members: dict[tuple[str, str], Row] = {}
    for row in rows:
        if row["variant"] is None:
            pair, match = (row["one"], row["other"]), Match(row["score"], row["reason"])
            matches[pair] = max(matches.get(pair, match), match, key=lambda one: (one.score, one.reason))
            continue
        first = row["firsts"][0]
        place = (first["document"], first["chain"], first["at"], first["date"])
        one = standing(of_variant(row["told"]), place, [_company(each) for each in row["firsts"]])
        profiles.append(one)
        members[one.place] = row
    for cluster in resolver.matching.cluster(profiles, matches):
        found = [members[profile.place] for profile in cluster.profiles]
        told: dict[str, Told] = {}
        for row in found:
            new, known = _told(row), told.get(row["variant"])
            told[row["variant"]] = (
                new if known is None else Told(new.profile, new.number + known.number, min(new.first, known.first))
            )
        described = describe(told.values(), cluster.profiles, cluster.merges, resolver.naming)
        yield _thing(described, [_member(row) for row in found])


def _told(row: Row) -> Told:
    first = row["firsts"][0]
    return Told(of_variant(row["told"]), row["number"], (first["date"], first["document"], first["at"], first["chain"]))


def _member(row: Row) -> Row:
    first = row["firsts"][0]
    return {
        "variant": row["variant"],
        **{name: first[name] if row["alone"] else None for name in ("document", "chain")},
    }


def lone_things(settings: Settings, hashed: str, rows: Iterable[Row]) -> Iterator[Row]:
    """Rows of `THINGS` for chains without a form: each is a thing by itself."""
    naming = worker(settings, hashed).resolver.naming
    for row in rows:
        profile, first = of_variant(row["told"]), (row["date"], row["document"], row["at"], row["chain"])
        one = placed(profile, row["document"], row["chain"], row["at"], row["date"])
        described = describe([Told(profile, 1, first)], (one,), (), naming)
        yield _thing(described, [{name: row[name] for name in ("variant", "document", "chain")}])


def _thing(found: Description, members: list[Row]) -> Row:
    return {
        "thing": f"{found.claim.chain} {found.claim.document}",  # no other thing has its first chain
        "stem": found.stem,
        "claim": claim_to_json(found.claim),
        "cls": found.entity.cls,
        "entity": entity_to_json(found.entity),
        "members": members,
    }


def names_of(rows: Iterable[Row]) -> Iterator[Row]:
    """Rows of `NAMES` for the claims of things, stem by stem."""
    for group in groups(rows, "stem"):
        claims = [Claim.from_list(json.loads(row["claim"])) for row in group]
        for row, iri in zip(group, settled(group[0]["stem"], claims), strict=True):
            yield {"thing": row["thing"], "iri": iri}


def _company(first: Row) -> tuple[str, ...]:
    return tuple(first["company"].split("\n")) if first["company"] else ()
