"""What a user lists by name is found in texts, before all that the embedded gazetteer knows."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

import graphwright
from graphwright import Settings
from graphwright.errors import OntologyError
from graphwright.model import Chain
from graphwright.ontology import load
from graphwright.ontology.gazetteer import load_gazetteer, with_listed
from graphwright.ontology.listed import read_listed

GW = "https://w3id.org/graphwright/ontology#"
PREFIXES = """
@prefix gw: <https://w3id.org/graphwright/ontology#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix my: <https://example.org/id/> .
"""
TABLE = """\
name,class,aliases,iri,same_as,country
Five Hills,Facility,Five Hills Training Area,https://example.org/id/five-hills,,MN
Tibor Benko,Person,Tibor Benkő|Benkő Tibor,https://example.org/id/benko,http://www.wikidata.org/entity/Q1,HU
"Steppe Works, Ltd",Company,Steppe Works,,,
"""


def written(folder: Path, name: str, text: str) -> str:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def chains(text: str, *gazetteers: str) -> list[Chain]:
    settings = Settings(gazetteers=gazetteers)
    return list(next(iter(graphwright.extract([graphwright.from_text(text, id="note")], settings))).chains)


def known(text: str, *gazetteers: str) -> dict[str, str]:
    """What is found of the user's own: its name by its key, without "known/"."""
    found = chains(text, *gazetteers)
    return {one.key.removeprefix("known/"): one.name for one in found if one.key.startswith("known/")}


def test_a_table_names_things_their_classes_and_links(tmp_path: Path) -> None:
    hills, benko, works = read_listed([written(tmp_path, "mine.csv", TABLE)], load())
    assert (hills.name, hills.cls, hills.names) == (
        "Five Hills",
        f"{GW}Facility",
        ("Five Hills", "Five Hills Training Area"),
    )
    assert (hills.iri, hills.key, hills.country) == (
        "https://example.org/id/five-hills",
        "known/https://example.org/id/five-hills",
        "MN",
    )
    assert benko.same_as == ("http://www.wikidata.org/entity/Q1",)
    assert (works.name, works.iri, works.key) == ("Steppe Works, Ltd", "", "known/company/steppe-works-ltd")


def test_tabs_may_part_the_columns(tmp_path: Path) -> None:
    table = "class\tname\nCity\tNowhereville\n"
    (entry,) = read_listed([written(tmp_path, "mine.tsv", table)], load())
    assert (entry.name, entry.cls) == ("Nowhereville", f"{GW}City")


def test_what_is_listed_is_found_in_a_text(tmp_path: Path) -> None:
    table = written(tmp_path, "mine.csv", TABLE)
    found = chains("Gen. Benkő Tibor visited the Five Hills Training Area. Benkő met Steppe Works in Paris.", table)
    by_key = {chain.key: chain for chain in found}
    person = by_key["known/https://example.org/id/benko"]
    assert (person.name, person.cls, len(person.mentions)) == ("Tibor Benko", f"{GW}Person", 2)
    assert by_key["known/https://example.org/id/five-hills"].cls == f"{GW}Facility"
    assert by_key["known/company/steppe-works-ltd"].cls == f"{GW}Company"
    assert "city/2988507" in by_key
    assert person.key_reason


def test_nothing_is_found_that_nobody_listed() -> None:
    assert known("Gen. Benkő Tibor visited the Five Hills Training Area.") == {}


def test_what_a_user_lists_goes_before_what_is_embedded(tmp_path: Path) -> None:
    """Paris may be a company, NATO one of one's own, and Mali a ship."""
    table = "name,class,iri\nParis,Company,https://example.org/id/paris\nNATO,Company,https://example.org/id/nato\n"
    found = known("NATO bought ships from Paris.", written(tmp_path, "mine.csv", table))
    assert found == {"https://example.org/id/paris": "Paris", "https://example.org/id/nato": "NATO"}


def test_of_two_lists_the_first_one_wins(tmp_path: Path) -> None:
    one = written(tmp_path, "one.csv", "name,class,iri\nDuna,Company,https://example.org/id/1\n")
    two = written(tmp_path, "two.csv", "name,class,iri\nDuna,Facility,https://example.org/id/2\n")
    text = "The minister praised Duna."
    assert list(known(text, one, two)) == ["https://example.org/id/1"]
    assert list(known(text, two, one)) == ["https://example.org/id/2"]


SKOS = (
    PREFIXES
    + """
my:ex1 a gw:Exercise ; skos:prefLabel "Steppe Shield"@en , "Sztyeppe Pajzs"@hu ; skos:altLabel "Shield of the Steppe" ;
    skos:exactMatch <http://www.wikidata.org/entity/Q2> .
my:works a skos:Concept ; skos:inScheme my:companies ; skos:prefLabel "Steppe Works" .
my:companies a skos:ConceptScheme ; rdfs:label "Company" .
my:delegation a gw:Delegation ; rdfs:label "Serbian delegation" .
my:other a skos:Concept ; skos:prefLabel "Something else" .
"""
)


def test_skos_names_things_in_any_language(tmp_path: Path) -> None:
    """English comes first; what has no class of the ontology is left out, and so is what has no proper name."""
    exercise, works = read_listed([written(tmp_path, "mine.ttl", SKOS)], load())
    assert exercise.names == ("Steppe Shield", "Sztyeppe Pajzs", "Shield of the Steppe")
    assert (exercise.cls, exercise.iri) == (f"{GW}Exercise", "https://example.org/id/ex1")
    assert exercise.same_as == ("http://www.wikidata.org/entity/Q2",)
    assert (works.name, works.cls) == ("Steppe Works", f"{GW}Company")


def test_what_skos_names_is_found(tmp_path: Path) -> None:
    found = known("Troops trained in Shield of the Steppe.", written(tmp_path, "mine.ttl", SKOS))
    assert found == {"https://example.org/id/ex1": "Steppe Shield"}


@pytest.mark.parametrize("name", ["mine.trig", "mine.nq", "mine.rdf", "mine.jsonld", "mine.nt", "store"])
def test_a_gazetteer_may_be_any_rdf_or_a_store(tmp_path: Path, name: str) -> None:
    quads = list(ox.parse(SKOS, format=ox.RdfFormat.TURTLE))
    path = tmp_path / name
    if name == "store":
        store = ox.Store(str(path))
        store.extend(quads)
        store.flush()
        del store
    else:
        form = ox.RdfFormat.from_extension(name.partition(".")[2])
        assert form is not None
        parts = quads if form.supports_datasets else [quad.triple for quad in quads]
        ox.serialize(parts, output=str(path), format=form)
    assert read_listed([str(path)], load()) == read_listed([written(tmp_path, "mine.ttl", SKOS)], load())


def test_a_graph_that_was_built_tells_what_is_known(tmp_path: Path) -> None:
    """ "These are the entities I know": their IRIs come back from the next texts."""
    first = graphwright.from_text("Colonel Ana Kosztova leads the Bakony Regiment.", id="first")
    graph = graphwright.build([first])
    path = tmp_path / "known.trig"
    graph.save(path)
    found = known("The Bakony Regiment was visited by Ana Kosztova.", str(path))
    assert set(found.values()) == {"Ana Kosztova", "Bakony Regiment"}
    assert all(iri.startswith("https://w3id.org/graphwright/id/") for iri in found)


@pytest.mark.parametrize(
    ("name", "text", "line", "what", "mend"),
    [
        ("a.csv", "name,class\nX,Fish\n", 2, "'Fish' is no class of the ontology", "class"),
        ("a.csv", "name,class\nX,Companie\n", 2, "'Companie' is no class", "did you mean Company?"),
        ("a.csv", "name,alias,class\nX,,City\n", 1, "no column 'alias'", "did you mean aliases?"),
        ("a.csv", "name,aliases\nX,Y\n", 1, "a column 'class' is missing", "name, class"),
        ("a.csv", "", 1, "a column 'name' is missing", "name, class"),
        ("a.csv", "name,class\nX,City\n,City\n", 3, "a name is missing", "fill"),
        ("a.csv", "name,class\nX\n", 2, "1 columns instead of 2", "separators"),
        ("a.csv", "name,class\nX,City,Z\n", 2, "more columns instead of 2", "separators"),
        ("a.csv", 'name,class\n"X,City\n', 2, "broken table", "quotation"),
        ("a.csv", "name,class,iri\nX,City,not an iri\n", 2, "'not an iri' is no IRI", "https://"),
        ("a.csv", "name,class,population\nX,City,many\n", 2, "no number of people", "digits"),
        ("a.csv", "name,class,latitude,longitude\nX,City,99,0\n", 2, "no place on Earth", "degrees"),
        ("a.ttl", "<a> <b> .", 1, "broken RDF", "mend"),
        ("a.ttl", "", 0, "nothing in it has a name and a class", "label"),
        ("a.pdf", "", 0, "cannot be read from a .pdf file", ".csv"),
    ],
)
def test_what_is_broken_is_told_with_its_line_and_cure(
    tmp_path: Path, name: str, text: str, line: int, what: str, mend: str
) -> None:
    path = written(tmp_path, name, text)
    with pytest.raises(OntologyError) as caught:
        read_listed([path], load())
    assert what in caught.value.args[0]
    assert caught.value.args[1] == (f"{path}:{line}" if line else path)
    assert mend in caught.value.args[2]


def test_a_gazetteer_that_is_not_there_or_no_text_is_told(tmp_path: Path) -> None:
    with pytest.raises(OntologyError, match="no such gazetteer"):
        read_listed([str(tmp_path / "none.csv")], load())
    (tmp_path / "latin.csv").write_bytes("name,class\nBenkő,Person\n".encode("iso8859-2"))
    with pytest.raises(OntologyError, match="not UTF-8"):
        read_listed([str(tmp_path / "latin.csv")], load())
    (tmp_path / "empty").mkdir()
    with pytest.raises(OntologyError, match="cannot be read"):
        read_listed([str(tmp_path / "empty")], load())


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    path = written(tmp_path, "mine.csv", "name,class,iri\nDuna,Company,https://example.org/id/1\n")
    assert list(known("The minister praised Duna.", path)) == ["https://example.org/id/1"]
    written(tmp_path, "mine.csv", "name,class,iri\nDuna,Company,https://example.org/id/another\n")
    assert list(known("The minister praised Duna.", path)) == ["https://example.org/id/another"]


def test_the_embedded_gazetteer_stays_as_it_is(tmp_path: Path) -> None:
    entries = read_listed([written(tmp_path, "mine.csv", TABLE)], load())
    mine = with_listed(load_gazetteer(), entries)
    assert mine.entry("known/https://example.org/id/benko") == entries[1]
    assert mine.city("Szeged") == load_gazetteer().city("Szeged")
    assert load_gazetteer().listed("Five Hills") is None
