"""Assembly: the quads of documents and things as sorted N-Quads, and tables of what they say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache, partial
from typing import TYPE_CHECKING

import pyarrow as pa
from pyoxigraph import Quad
from pyspark.sql import functions as f

from graphwright.configuration import Configuration
from graphwright.engines.spark.extraction import worker
from graphwright.engines.spark.resolution import Resolved
from graphwright.engines.spark.rows import NUMBER, TEXT, Row, made, mapped, table
from graphwright.entities.decisions import read_decisions
from graphwright.entities.things import entity_from_json
from graphwright.graph import KnowledgeGraph
from graphwright.graph.assembly import INVALID, entity_quads, fact_triple, statement_iri
from graphwright.graph.loading import SHARDS
from graphwright.graph.terms import document_iri
from graphwright.graph.vocabulary import ONTOLOGY_GRAPH
from graphwright.ledger.corrections import Corrections
from graphwright.ledger.manifest import manifest_quads
from graphwright.ledger.projection import NONE, Stated, Wrong, made_of, stated
from graphwright.ledger.records import unpacked
from graphwright.model import Value
from graphwright.settings import Settings

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

    from graphwright.engines.spark.storage import Folder
    from graphwright.pipeline import Reader

MENTION = {"document": TEXT, "entity": TEXT, "start": NUMBER, "end": NUMBER, "text": TEXT}
FACT = {
    "subject": TEXT,
    "property": TEXT,
    "object": TEXT,
    "datatype": TEXT,
    "modality": TEXT,
    "confidence": pa.float64(),
    "document": TEXT,
    "start": NUMBER,
    "end": NUMBER,
    "sentence": TEXT,
    "extractor": TEXT,
    "pattern": TEXT,
    "attributed_to": TEXT,
}
"""A fact as often as a document has evidence for it. ``datatype`` is null where the object is a thing."""

LINES = pa.list_(TEXT)
DOCUMENTS = table(
    lines=LINES,
    mentions=pa.list_(pa.struct(list(MENTION.items()))),
    facts=pa.list_(pa.struct(list(FACT.items()))),
)
ENTITIES = table(iri=TEXT, cls=TEXT, label=TEXT, aliases=pa.list_(TEXT), key=TEXT, same_as=pa.list_(TEXT), lines=LINES)
LINE = table(value=TEXT)


def assemble(
    extractions: DataFrame, resolved: Resolved, settings: Settings, hashed: str, folder: Folder, version: str, work: str
) -> DataFrame:
    """Write the tables of entities, mentions and facts to a version; return the quads, as rows of `LINE`, unsorted."""
    things = ("chain", "iri", "cls")
    told = resolved.chains.groupBy("document").agg(f.collect_list(f.struct(*things)).alias("chains"))
    columns = ("id", "hash", "configuration", "extraction")
    joined = extractions.select(*columns).join(told.withColumnRenamed("document", "id"), "id", "left")
    documents = folder.kept(mapped(joined, documents_of, DOCUMENTS, settings, hashed), work, "documents")
    entities = folder.kept(mapped(resolved.things, entities_of, ENTITIES, settings, hashed), work, "entities")
    for name in ("mentions", "facts"):
        folder.kept(documents.select(f.explode(name).alias("row")).select("row.*"), version, name)
    folder.kept(entities.drop("lines").withColumnRenamed("cls", "class"), version, "entities")
    lines = f.explode("lines").alias("value")
    return documents.select(lines).union(entities.select(lines))


def write_quads(folder: Folder, version: str, lines: DataFrame, quads: Iterable[Quad], shards: int) -> None:
    """Write lines, and some quads more, as one sorted list in ``shards`` files of N-Quads.

    Lines are in the order of their bytes, also from one file to the next. A quad is in its named graph alone: the
    default graph, which has them all, is made where the files are loaded.
    """
    session = folder.session
    few = made(session, ({"value": f"{quad} ."} for quad in quads), LINE)
    # The bounds of the files are drawn from a sample, for which what is written is read once more; it is not made anew.
    every = lines.union(few).repartitionByRange(shards, "value").sortWithinPartitions("value")
    folder.step("graph")
    every.write.mode("overwrite").text(folder.at(version, SHARDS))
    for number, name in enumerate(one for one in folder.names(version, SHARDS) if one.startswith("part-")):
        compressed = name.partition(".txt")[2]  # as Hadoop is set to
        folder.rename((version, SHARDS, name), (version, SHARDS, f"part-{number:05}.nq{compressed}"))


def common_quads(
    ready: Reader, counts: Mapping[str, int], configurations: list[tuple[str, dict[str, object], int]], base: str
) -> list[Quad]:
    """The quads of the ontology and of the manifest."""
    graph = KnowledgeGraph.create()
    graph.add_ontology(ready.triples, prefixes=dict(ready.ontology.prefixes))
    ontology = graph.store.quads_for_pattern(None, None, None, ONTOLOGY_GRAPH)
    return [*ontology, *manifest_quads(counts, configurations, base=base)]


def told_of(configuration: Configuration, before: Mapping[str, str]) -> dict[str, str]:
    """What hashes of configurations stand for, in JSON."""
    return {**before, configuration.hash: configuration.told}


# -- on the workers ----------------------------------------------------------------------------------------------------


def documents_of(settings: Settings, hashed: str, rows: Iterable[Row]) -> Iterator[Row]:
    """Rows of `DOCUMENTS` for extractions with the IRIs of their chains."""
    ready = worker(settings, hashed)
    corrections, wrong = _corrections(settings, hashed), _wrong(settings, hashed)
    for row in rows:
        extraction = unpacked(row["extraction"])
        chains = row["chains"] or []
        classes = {chain["iri"]: chain["cls"] for chain in chains}
        graph = document_iri(settings.base, row["id"])
        found = stated(
            extraction,
            {chain["chain"]: chain["iri"] for chain in chains},
            classes.get,
            settings.base,
            made_of(row["id"], row["hash"], row["configuration"], settings.base),
            wrong,
            corrections,
        )
        yield {
            "lines": [f"{line} {graph} ." for line in found.lines],
            "mentions": list(_mentions(found)),
            "facts": list(_facts(found, ready.settings.base)),
        }


def entities_of(settings: Settings, hashed: str, rows: Iterable[Row]) -> Iterator[Row]:
    """Rows of `ENTITIES` for things."""
    naming, corrections = worker(settings, hashed).resolver.naming, _corrections(settings, hashed)
    for row in rows:
        entity = corrections.renamed(entity_from_json(row["iri"], row["entity"], naming))
        yield {
            "iri": entity.iri,
            "cls": entity.cls,
            "label": entity.labels[0],
            "aliases": list(entity.labels[1:]),
            "key": entity.known.key if entity.known is not None else None,
            "same_as": list(entity.known.same_as) if entity.known is not None else [],
            "lines": [f"{quad} ." for quad in entity_quads(entity, base=settings.base)],
        }


def _mentions(found: Stated) -> Iterator[Row]:
    document = found.extraction.document
    for chain in found.extraction.chains:
        for start, end in chain.mentions:
            text = document.text[start:end]
            yield dict(zip(MENTION, (document.id, found.iris[chain.id], start, end, text), strict=True))


def _facts(found: Stated, base: str) -> Iterator[Row]:
    document, iris = found.extraction.document, found.iris
    graph = document_iri(base, document.id)
    for fact in found.extraction.facts:
        forbidden = fact.asserted and fact_triple(fact, iris) in found.refused
        invalid = forbidden or statement_iri(graph, fact, iris) in found.invalid
        start, end = fact.evidence
        value = fact.object if isinstance(fact.object, Value) else None
        yield {
            "subject": iris[fact.subject],
            "property": fact.property,
            "object": value.lexical if value is not None else iris[str(fact.object)],
            "datatype": value.datatype if value is not None else None,
            "modality": INVALID if invalid else fact.modality,
            "confidence": fact.confidence,
            "document": document.id,
            "start": start,
            "end": end,
            "sentence": document.text[start:end],
            "extractor": fact.extractor,
            "pattern": fact.pattern or None,
            "attributed_to": iris[fact.attributed_to] if fact.attributed_to is not None else None,
        }


def _corrections(settings: Settings, hashed: str) -> Corrections:
    if settings.decisions is None:
        return NONE
    ontology = worker(settings, hashed).ontology
    return Corrections.among(read_decisions(settings.decisions), settings.base, ontology)


@lru_cache(maxsize=1)
def _wrong(settings: Settings, hashed: str) -> Wrong | None:
    """What says which facts of a document may not be asserted, if any."""
    if not settings.validate:
        return None
    from graphwright.graph.validation import Checker, document_violations

    return partial(document_violations, checker=Checker(worker(settings, hashed).ontology.triples))
