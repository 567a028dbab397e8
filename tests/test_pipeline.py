"""The pipeline: documents in, one graph out, whatever their order, and whatever is wrong with some of them."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphwright import (
    Document,
    Extraction,
    Fact,
    Failure,
    KnowledgeGraph,
    Settings,
    build,
    explain,
    extract,
    from_text,
)
from graphwright import pipeline as module
from graphwright.errors import DocumentError, ExtractorError, ModelError, OntologyError, StoreError
from graphwright.facts import Reading
from graphwright.ontology import GW
from graphwright.pipeline import _reader, plain, reader

TEXTS = [
    "General Tibor Kallas received Colonel Ana Kos on 14 June 2016.",
    "Colonel Ana Kos visited Riga. Latvia may sign the agreement.",
    "The talks between Mia Rand and Olev Saar were held in Riga.",
    "Mia Rand said that Chad attacked Mali.",
    "The exercise Amber Shield was hosted by Latvia.",
]
DOCUMENTS = [from_text(text, id=f"d{number}", date="2016-06-16") for number, text in enumerate(TEXTS)]


def told(extraction: Extraction) -> set[tuple[str, ...]]:
    """The facts of a document with the names of their ends."""
    names = {chain.id: chain.name for chain in extraction.chains}
    return {
        (
            names[f.subject],
            f.property.removeprefix(GW),
            names[f.object] if isinstance(f.object, str) else f.object.lexical,
        )
        for f in extraction.facts
    }


def quads(graph: KnowledgeGraph, *, blank: bool = True) -> list[str]:
    """The graph as N-Quads, on wish without those of blank nodes, whose names every parser chooses anew."""
    return sorted(line for line in map(str, graph.quads()) if blank or "_:" not in line)


def rows(graph: KnowledgeGraph, query: str) -> list[tuple[Any, ...]]:
    return sorted(tuple(row.values()) for row in graph.query(query))


# ---------------------------------------------------------------------------------------------------- many documents


def test_equal_names_are_one_thing_across_documents() -> None:
    """Kos is known by her name, Latvia by the gazetteer; each document states its own facts of them."""
    graph = build(DOCUMENTS)
    assert rows(graph, "SELECT ?label WHERE { ?p a gw:Person ; rdfs:label ?label }") == [
        ("Ana Kos",), ("Mia Rand",), ("Olev Saar",), ("Tibor Kallas",),
    ]  # fmt: skip
    assert rows(
        graph,
        """SELECT ?received ?visited WHERE {
          GRAPH ?one { ?host gw:received ?kos } . GRAPH ?two { ?kos gw:visited ?city }
          ?one dcterms:identifier ?received . ?two dcterms:identifier ?visited }""",
    ) == [("d0", "d1")]
    assert graph.query("ASK { ?exercise gw:hostedBy/rdfs:label 'Latvia' . ?s rdf:subject/rdfs:label 'Latvia' }")


def test_descriptions_are_things_of_their_documents() -> None:
    texts = ["The meeting was held in Riga.", "The meeting was held in Oslo."]
    graph = build([from_text(text, id=text[-5:-1]) for text in texts])
    assert rows(graph, "SELECT ?city WHERE { ?meeting gw:heldIn/rdfs:label ?city }") == [("Oslo",), ("Riga",)]
    assert len({row[0] for row in rows(graph, "SELECT ?meeting WHERE { ?meeting gw:heldIn ?city }")}) == 2


WHOLE: dict[str, list[str]] = {}


@given(order=st.permutations(DOCUMENTS), batch=st.integers(1, 6))
@settings(max_examples=10, deadline=None)
def test_neither_the_order_of_documents_nor_of_batches_matters(order: list[Document], batch: int) -> None:
    first = WHOLE.setdefault("quads", quads(build(DOCUMENTS)))
    assert [one.document for one in module.Reader.read(reader(Settings(batch_size=batch)), order)] == order
    assert quads(build(order)) == first


def test_extractions_come_in_the_order_of_the_documents_and_alike_in_company() -> None:
    """What one document says does not depend on the others."""
    together = list(extract(DOCUMENTS))
    assert [one.document.id for one in together] == [document.id for document in DOCUMENTS]
    assert together == [next(extract([document])) for document in DOCUMENTS]


def test_documents_are_read_as_they_are_asked_for() -> None:
    """A stream without end is read in batches."""

    def endless() -> Iterator[Document]:
        number = 0
        while True:
            yield from_text(TEXTS[0], id=f"d{number}")
            number += 1

    assert next(extract(endless(), Settings(batch_size=2))).document.id == "d0"


# ------------------------------------------------------------------------------------- documents that give nothing


@pytest.mark.parametrize("text", ["", " ", "\n\n\t", "\u200b", "12", "...", "???", "a", "—", "Ő", "😀"])
def test_a_document_that_says_nothing_gives_no_facts(text: str) -> None:
    first, last = extract([Document("empty", text), DOCUMENTS[0]])
    assert first.facts == ()
    assert ("Tibor Kallas", "received", "Ana Kos") in told(last)


def test_without_documents_the_graph_holds_the_ontology_alone() -> None:
    graph = build([])
    assert graph.counts() | {"triples": 0} == {"documents": 0, "entities": 0, "statements": 0, "facts": 0, "triples": 0}
    assert graph.query("ASK { gw:leads a owl:ObjectProperty }")


def test_what_cannot_be_read_is_told_and_ends_nothing(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_text("")
    (tmp_path / "broken.jsonl").write_text('{"id": "j1", "text": "Mia Rand visited Riga."}\n{"id": \n')
    (tmp_path / "binary.txt").write_bytes(bytes(range(256)))
    (tmp_path / "good.txt").write_text(TEXTS[0])
    seen: list[Document | Failure] = []
    graph = build([tmp_path / "missing.txt", *sorted(tmp_path.iterdir())], on_document=seen.append)
    assert {one.id for one in seen if isinstance(one, Document)} == {"good", "j1"}
    failures = [one for one in seen if isinstance(one, Failure)]
    assert {Path(one.source).name.partition(" line")[0] for one in failures} == {
        "missing.txt", "empty.txt", "binary.txt", "broken.jsonl",
    }  # fmt: skip
    assert all(one.reason.args[2] for one in failures)
    assert [one.id for one in graph.documents()] == ["good", "j1"]


def test_documents_and_paths_may_be_mixed(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXTS[1])
    seen: list[Document | Failure] = []
    graph = build([tmp_path, DOCUMENTS[0], str(tmp_path / "b.txt")], on_document=seen.append)
    assert sorted(one.id if isinstance(one, Document) else "failed" for one in seen) == ["a", "d0", "failed"]
    assert graph.counts()["documents"] == 2


# ------------------------------------------------------------------------------------------------------ characters


@pytest.mark.parametrize("mark", ["\u00a0", "\u00ad", "\u200b", "\u200e", "\u200f", "\u202f", "\u2060", "\ufeff"])
def test_invisible_characters_neither_hide_words_nor_move_them(mark: str) -> None:
    text = f"{mark}General{mark} Tibor Kallas received{mark}Colonel Ana{mark}Kos.{mark}"
    (found,) = extract([Document("d", text)])
    (fact,) = [fact for fact in found.facts if fact.property == GW + "received"]
    assert text[slice(*fact.subject_span)] == "Tibor Kallas"
    assert plain(text[slice(*fact.object_span)]) == "Ana Kos"
    assert plain(text[slice(*fact.evidence)]).strip() == plain(text).strip()
    assert found.document.text == text


@given(st.text())
def test_what_is_read_is_as_long_as_what_is_given(text: str) -> None:
    assert len(plain(text)) == len(text)


@given(
    st.lists(
        st.sampled_from([*TEXTS, "😀", "e\u0301", "𝒜", "\r\n", "\u2028", "\x00", "«Ő»", "a" * 80, "- "]), max_size=6
    )
)
@settings(max_examples=25, deadline=None)
def test_any_text_is_read_and_built(pieces: list[str]) -> None:
    """Nothing raises, and each fact is explained by words of the text."""
    document = Document("d", " ".join(pieces))
    graph = build([document])
    for evidence in explain(graph, None):
        assert evidence.quote == document.text[evidence.start : evidence.end]


# -------------------------------------------------------------------------------------------------------- settings


def test_facts_below_the_least_confidence_are_dropped() -> None:
    whole = {fact for one in extract(DOCUMENTS) for fact in one.facts}
    levels = sorted({fact.confidence for fact in whole})
    for level in (0.0, levels[0], levels[-1], 1.0):
        kept = [one.facts for one in extract(DOCUMENTS, Settings(min_confidence=level))]
        assert {fact.confidence for facts in kept for fact in facts} == {c for c in levels if c >= level}
    assert build(DOCUMENTS, Settings(min_confidence=1.0)).counts()["facts"] == sum(
        fact.confidence == 1 and fact.asserted for fact in whole
    )


def test_everything_is_named_below_the_base() -> None:
    graph = build(DOCUMENTS[:1], Settings(base="https://example.org/my/"))
    subjects = {str(row["s"]) for row in graph.query("SELECT DISTINCT ?s WHERE { GRAPH ?d { ?s ?p ?o } ?d a ?t }")}
    assert "https://example.org/my/person/ana-kos" in subjects
    assert all("example.org/my/" in one for one in subjects if "w3id.org/graphwright/id" in one)


def test_a_date_is_given_to_documents_without_one() -> None:
    """A day of the week is then a date; a document keeps a date of its own."""
    text = "Talks were held in Riga on Tuesday."
    (without,) = extract([from_text(text)])
    assert not [fact for fact in without.facts if fact.property == GW + "heldOn"]
    dated = extract([from_text(text), from_text(text, date="2016-06-23")], Settings(date="2016-06-16"))
    assert [sorted(row[2] for row in told(one) if row[1] == "heldOn") for one in dated] == [
        ["2016-06-14"],
        ["2016-06-21"],
    ]


def test_a_date_is_given_in_one_way_to_files_and_texts(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXTS[0])
    graph = build([tmp_path / "a.txt", from_text(TEXTS[0], id="b")], Settings(date="16 June 2016"))
    assert [one.date for one in graph.documents()] == ["2016-06-16", "2016-06-16"]


@pytest.mark.parametrize("kind", ["file", "text"])
def test_what_is_no_date_is_refused(kind: str, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXTS[0])
    with pytest.raises(DocumentError, match="is not a date"):
        build([tmp_path / "a.txt" if kind == "file" else from_text(TEXTS[0])], Settings(date="some day"))


def test_a_model_that_is_missing_is_told() -> None:
    with pytest.raises(ModelError, match="to mend"):
        next(extract(DOCUMENTS, Settings(model="no_such_model")))


# ---------------------------------------------------------------------------------------------------- the ontology

HEADER = """
@prefix ex: <https://example.org/sport#> . @prefix gw: <https://w3id.org/graphwright/ontology#> .
@prefix lex: <https://w3id.org/graphwright/lex#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
CHESS = """
ex:beat a owl:ObjectProperty ; rdfs:label "beat"@en ; rdfs:domain {0} ; rdfs:range {0} ;
    lex:phrase "[{1}] defeated [{1}]" .
"""
GAME = "Mia Rand defeated Olev Saar. Olev Saar was received by Ana Kos."


def test_an_ontology_replaces_the_default_one(tmp_path: Path) -> None:
    """Nothing is found but what it speaks of."""
    path = tmp_path / "chess.ttl"
    path.write_text(HEADER + 'ex:Player a owl:Class ; lex:entityLabel "PERSON" .' + CHESS.format("ex:Player", "Player"))
    graph = build([from_text(GAME)], Settings(ontology=(str(path),)))
    assert rows(graph, "SELECT ?a ?b WHERE { ?x ex:beat ?y . ?x rdfs:label ?a . ?y rdfs:label ?b }") == [
        ("Mia Rand", "Olev Saar")
    ]
    assert graph.counts()["facts"] == 1
    assert graph.query("ASK { ?x a ex:Player }")
    assert not graph.query("ASK { gw:received ?p ?o }")


def test_an_ontology_that_imports_the_default_one_extends_it(tmp_path: Path) -> None:
    path = tmp_path / "chess.ttl"
    imports = "<https://example.org/sport> a owl:Ontology ; owl:imports <https://w3id.org/graphwright/ontology> ."
    path.write_text(HEADER + imports + CHESS.format("gw:Person", "Person"))
    (found,) = extract([from_text(GAME)], Settings(ontology=(str(path),)))
    names = {chain.id: chain.name for chain in found.chains}
    assert {(names[f.subject], f.property, names[str(f.object)]) for f in found.facts} >= {
        ("Mia Rand", "https://example.org/sport#beat", "Olev Saar"),
        ("Ana Kos", GW + "received", "Olev Saar"),
    }


def test_an_ontology_may_be_mended_between_builds(tmp_path: Path) -> None:
    """As one does in a notebook: what is in the file counts."""
    path = tmp_path / "chess.ttl"
    text = HEADER + 'ex:Player a owl:Class ; lex:entityLabel "PERSON" .' + CHESS.format("ex:Player", "Player")
    path.write_text(text.replace("defeated", "congratulated"))
    assert build([from_text(GAME)], Settings(ontology=(str(path),))).counts()["facts"] == 0
    path.write_text(text)
    assert build([from_text(GAME)], Settings(ontology=(str(path),))).counts()["facts"] == 1


def test_a_broken_ontology_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "chess.ttl"
    path.write_text(HEADER + CHESS.format("ex:Player", "Plyer"))
    with pytest.raises(OntologyError) as caught:
        build(DOCUMENTS, Settings(ontology=(str(path),)))
    assert caught.value.args[1].startswith(f"{path}:")


# ----------------------------------------------------------------------------------------------------- extractors


class Greetings:
    """An extractor of another package: who stands before "hugged" or "may hug" in a text, and whom."""

    name = "greetings"

    def __init__(self, ontology: Any, nlp: Any) -> None:
        self.property = ontology.class_named("Person").iri.replace("Person", "supports")

    def extract(self, reading: Reading) -> Iterator[Fact]:
        for token in reading.doc:
            if token.lower_ in {"hugged", "hug"}:
                before = max(i for i in reading.mentions.people if i < token.i)
                after = min(i for i in reading.mentions.people if i > token.i)
                (one, _), (other, _) = reading.things(before)[0], reading.things(after)[0]
                yield Fact(
                    subject=reading.id(one),
                    property=self.property,
                    object=reading.id(other),
                    evidence=reading.sentence(before, after),
                    subject_span=reading.token_span(before),
                    object_span=reading.token_span(after),
                    confidence=0.5,
                    extractor=self.name,
                    modality="asserted" if token.lower_ == "hugged" else "possible",
                )


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Two packages with an extractor each are installed beside the default one."""
    points = [
        EntryPoint("greetings", f"{__name__}:Greetings", module.EXTRACTORS),
        EntryPoint("lost", "graphwright.no_such_module:Extractor", module.EXTRACTORS),
        EntryPoint("ontology", "graphwright.facts:OntologyExtractor", module.EXTRACTORS),
    ]
    monkeypatch.setattr(module, "entry_points", lambda group: points if group == module.EXTRACTORS else [])
    _reader.cache_clear()
    yield
    _reader.cache_clear()


HUGS = "Mia Rand hugged Olev Saar.\n\nOlev Saar may hug Ana Kos.\n\nAna Kos visited Riga."


@pytest.mark.usefixtures("installed")
def test_an_installed_extractor_is_used_and_its_facts_arrive_in_the_graph() -> None:
    graph = build([from_text(HUGS)], Settings(extractors=("greetings", "ontology")))
    assert rows(graph, "SELECT ?a ?b WHERE { ?x gw:supports ?y . ?x rdfs:label ?a . ?y rdfs:label ?b }") == [
        ("Mia Rand", "Olev Saar")
    ]
    found = {one.quote: (one.modality, one.extractor, float(one.confidence)) for one in explain(graph, None)}
    assert found["Mia Rand hugged Olev Saar."] == ("asserted", "greetings", 0.5)
    assert found["Olev Saar may hug Ana Kos."] == ("possible", "greetings", 0.5)
    assert found["Ana Kos visited Riga."][1] == "ontology"


@pytest.mark.usefixtures("installed")
def test_only_the_extractors_asked_for_are_used() -> None:
    (found,) = extract([from_text(HUGS)], Settings(extractors=("greetings",)))
    assert {fact.extractor for fact in found.facts} == {"greetings"}
    (kept,) = extract([from_text(HUGS)], Settings(extractors=("greetings", "ontology"), min_confidence=0.6))
    assert {fact.extractor for fact in kept.facts} == {"ontology"}


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize(
    ("names", "what"), [(("unknown",), "no extractor named 'unknown'"), (("lost",), "cannot be loaded"), ((), "'lost'")]
)
def test_an_extractor_that_cannot_be_had_is_told(names: tuple[str, ...], what: str) -> None:
    """All that are installed are used unless some are named, and one that is broken is no secret."""
    with pytest.raises(ExtractorError, match=what) as caught:
        next(extract(DOCUMENTS, Settings(extractors=names)))
    assert caught.value.args[2]


def test_a_document_that_breaks_an_extractor_or_is_too_long_never_ends_a_build(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rest is built, and each failure names its document and reason."""
    used = reader(Settings()).extractors[0]
    honest = type(used).extract

    def brittle(self: object, reading: Reading) -> Iterator[Fact]:
        if "Chad" in reading.document.text:
            raise ZeroDivisionError("no countries")
        return honest(self, reading)  # type: ignore[arg-type]

    monkeypatch.setattr(type(used), "extract", brittle)
    told: list[Document | Failure] = []
    texts = [
        from_text("Mia Rand visited Chad.", id="brittle"),
        from_text("Mia Rand visited Riga. " * 100, id="long"),
        from_text("Mia Rand visited Oslo.", id="good"),
    ]
    graph = build(texts, Settings(max_characters=2_000), on_document=told.append)
    assert [document.id for document in graph.documents()] == ["good"]
    failures = {item.document: str(item.reason) for item in told if isinstance(item, Failure)}
    assert "ZeroDivisionError: no countries" in failures["brittle"]
    assert "2,300 characters" in failures["long"]
    assert "split" in failures["long"]
    with pytest.raises(ZeroDivisionError):
        list(extract(texts[:1]))


def test_what_the_gazetteer_knows_is_found_by_the_name_that_the_text_writes() -> None:
    """The usual name is the label; the text's own is an alternative label, and an adjective is none."""
    graph = build([from_text("Holland supports Chad. The Dutch minister visited Chad.")])
    query = "SELECT ?label ?other { ?x rdfs:label ?label . OPTIONAL { ?x skos:altLabel ?other } ?x gw:supports ?y }"
    assert rows(graph, query) == [("Netherlands", "Holland")]


# ----------------------------------------------------------------------------------------------------------- stores


@pytest.mark.parametrize("name", ["graph", "graph.store", "graph.nq", "graph.trig", "graph.jsonld"])
def test_a_graph_is_kept_where_it_is_told(name: str, tmp_path: Path) -> None:
    """What is opened is what was built."""
    place = tmp_path / name
    built = build(DOCUMENTS[:2], store=place)
    assert place.is_dir() == (place.suffix in {"", ".store"})
    kept = KnowledgeGraph.open(place)
    assert quads(kept, blank=False) == quads(built, blank=False)
    assert kept.counts() == built.counts()
    assert kept.query("ASK { ?x gw:received/rdfs:label 'Ana Kos' }")


def test_building_again_writes_the_same_bytes(tmp_path: Path) -> None:
    build(DOCUMENTS, store=tmp_path / "one.nq")
    build(DOCUMENTS[::-1], store=str(tmp_path / "two.nq"))
    assert (tmp_path / "one.nq").read_bytes() == (tmp_path / "two.nq").read_bytes()


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError):
        build(DOCUMENTS[:1], store=tmp_path / "graph.docx")
