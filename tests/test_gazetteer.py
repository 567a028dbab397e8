"""Countries, cities, regions, organisations, ranks and titles are found however the news writes them."""

from __future__ import annotations

import pickle
import subprocess
import sys
from pathlib import Path

import pytest

from graphwright.errors import OntologyError
from graphwright.ontology import load, tables
from graphwright.ontology.data import data_folder
from graphwright.ontology.gazetteer import Gazetteer, fold, load_gazetteer

TABLES = ("countries", "cities", "regions", "organisations", "ranks", "titles", "generic", "divisions")


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return load_gazetteer()


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Hungary", "HU"),
        ("UK", "GB"),
        ("U.K.", "GB"),
        ("Britain", "GB"),
        ("the United States", "US"),
        ("U.S.", "US"),
        ("US", "US"),
        ("Russian Federation", "RU"),
        ("Cote d'Ivoire", "CI"),
        ("Côte d’Ivoire", "CI"),
        ("Kosovo", "XK"),
        ("Palestine", "PS"),
        ("Taiwan", "TW"),
        ("DR Congo", "CD"),
        ("Turkiye", "TR"),
        ("FYROM", "MK"),
        ("Soviet Union", "SUHH"),
        ("YUGOSLAVIA", "YUCS"),
        ("Bosnia-Herzegovina", "BA"),
    ],
)
def test_a_country_is_found_by_name_alias_and_acronym(gazetteer: Gazetteer, text: str, key: str) -> None:
    found = gazetteer.country(text)
    assert found is not None
    assert found.key == f"country/{key}"
    assert found.cls == "Country"


@pytest.mark.parametrize("text", ["us", "Us", "car", "Serbian", "Szeged", "", "."])
def test_what_is_no_country_is_not_found(gazetteer: Gazetteer, text: str) -> None:
    assert gazetteer.country(text) is None


@pytest.mark.parametrize(
    ("word", "key"),
    [
        ("Serbian", "RS"),
        ("Serbs", "RS"),
        ("British", "GB"),
        ("Britons", "GB"),
        ("Dutch", "NL"),
        ("Hungarian", "HU"),
        ("American", "US"),
        ("South Korean", "KR"),
        ("Soviet", "SUHH"),
        ("Iraqi", "IQ"),
        ("German", "DE"),
    ],
)
def test_a_country_is_found_by_its_demonym(gazetteer: Gazetteer, word: str, key: str) -> None:
    found = gazetteer.demonym(word)
    assert found is not None
    assert found.key == f"country/{key}"


def test_every_sovereign_state_has_a_demonym_and_a_capital(gazetteer: Gazetteer) -> None:
    """Of members and observers of the United Nations; Dominica shares its demonym with the Dominican Republic."""
    small = (
        "AQ AS AX AI BL BM BQ CC CK CW CX FK FO GF GG GI GL GP GS GU HK IM IO JE KY MF MO MP MQ MS NC NF NU PF PM PN PR"
    )
    rest = "RE SH SJ SX TC TK UM VG VI WF YT AW VA CG DM SCGM"
    for entry in set(gazetteer.countries.values()):
        if entry.country not in f"{small} {rest}".split():
            assert entry.demonyms, entry.name
            assert entry.capital, entry.name


@pytest.mark.parametrize(
    ("text", "name", "country"),
    [
        ("Szeged", "Szeged", "HU"),
        ("Budapest", "Budapest", "HU"),
        ("London", "London", "GB"),
        ("Kiev", "Kyiv", "UA"),
        ("Odessa", "Odesa", "UA"),
        ("Sao Paulo", "São Paulo", "BR"),
        ("Novi Sad", "Novi Sad", "RS"),
        ("New Delhi", "New Delhi", "IN"),
        ("The Hague", "The Hague", "NL"),
        ("Washington", "Washington", "US"),
        ("Washington D.C.", "Washington", "US"),
        ("Geneva", "Geneva", "CH"),
        ("Mosul", "Mosul", "IQ"),
    ],
)
def test_a_city_is_the_most_populous_of_its_name(gazetteer: Gazetteer, text: str, name: str, country: str) -> None:
    found = gazetteer.city(text)
    assert found is not None
    assert (found.name, found.country, found.cls) == (name, country, "City")
    assert found.same_as[0] == f"https://sws.geonames.org/{found.key.removeprefix('city/')}/"


def test_the_capital_of_every_country_is_a_city(gazetteer: Gazetteer) -> None:
    missing = {
        entry.capital
        for entry in gazetteer.countries.values()
        if entry.capital and len(entry.country) == 2 and gazetteer.city(entry.capital) is None
    }
    assert missing <= {"Ngerulmud"}


@pytest.mark.parametrize(
    ("text", "name", "cls"),
    [
        ("the Western Balkans", "Western Balkans", "Region"),
        ("South-East Europe", "Southeast Europe", "Region"),
        ("the Baltics", "Baltic states", "Region"),
        ("Horn of Africa", "Horn of Africa", "Region"),
        ("Black Sea", "Black Sea", "NaturalFeature"),
        ("Donbass", "Donbas", "Region"),
        ("the Carpathians", "Carpathians", "NaturalFeature"),
    ],
)
def test_a_region_is_found_by_name_and_alias(gazetteer: Gazetteer, text: str, name: str, cls: str) -> None:
    found = gazetteer.region(text)
    assert found is not None
    assert (found.name, found.cls) == (name, cls)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Donetsk Oblast", ("UA-14",)),
        ("the Donetsk region", ("UA-14",)),
        ("Texas", ("US-TX",)),
        ("Mandera County", ("KE-24",)),
        ("Bavaria", ("DE-BY",)),
        ("Volta Region", ("GH-TV",)),
        ("Western Equatoria", ("SS-EW",)),
        ("East Sepik", ("PG-ESW",)),
    ],
)
def test_a_state_or_province_is_found_with_and_without_that_word(
    gazetteer: Gazetteer, text: str, codes: tuple[str, ...]
) -> None:
    found = gazetteer.division(text)
    assert found is not None
    assert found.codes == codes
    assert found.cls == "Region"
    assert found.same_as[0].startswith("https://sws.geonames.org/")


@pytest.mark.parametrize("text", ["Kherson", "Georgia", "Northern Province", "Luxembourg", ""])
def test_a_name_of_a_city_or_country_or_of_two_provinces_is_none_of_a_province(gazetteer: Gazetteer, text: str) -> None:
    assert gazetteer.division(text) is None


def test_all_places_of_a_name_are_known_the_greatest_city_first(gazetteer: Gazetteer) -> None:
    assert [entry.country for entry in gazetteer.places("Tripoli")][:2] == ["LY", "LB"]
    assert [entry.division for entry in gazetteer.places("Paris")][:2] == ["FR.11", "US.TX"]
    assert [entry.key for entry in gazetteer.places("Georgia")] == ["country/GE", "region/US.GA"]
    assert gazetteer.places("Nowhereville") == ()


def test_a_name_is_thought_of_before_a_spelling(gazetteer: Gazetteer) -> None:
    """Odessa is an old English name of Odesa, and no mere spelling of it; both stand before the one in Texas."""
    assert [entry.country for entry in gazetteer.cities("Odessa")][:2] == ["UA", "US"]


def test_a_country_has_codes_and_links(gazetteer: Gazetteer) -> None:
    hungary = gazetteer.country("Hungary")
    assert hungary is not None
    assert (hungary.iso3, hungary.codes) == ("HUN", ("HU", "HUN", "348"))
    assert hungary.same_as == ("https://sws.geonames.org/719819/", "http://www.wikidata.org/entity/Q28")


def test_a_city_has_coordinates_and_a_division(gazetteer: Gazetteer) -> None:
    szeged = gazetteer.city("Szeged")
    assert szeged is not None
    assert szeged.coordinates == (46.253, 20.148)
    assert szeged.division in {row[0] for row in tables.table("divisions", 5)}


@pytest.mark.parametrize(
    ("text", "name", "cls"),
    [
        ("NATO", "North Atlantic Treaty Organization", "InternationalOrganization"),
        ("Nato", "North Atlantic Treaty Organization", "InternationalOrganization"),
        ("the EU", "European Union", "InternationalOrganization"),
        ("Daesh", "Islamic State", "ArmedGroup"),
        ("Dae’sh", "Islamic State", "ArmedGroup"),
        ("ISIL", "Islamic State", "ArmedGroup"),
        ("al Qaeda", "Al-Qaeda", "ArmedGroup"),
        ("KFOR", "Kosovo Force", "MilitaryForce"),
        ("Reuters", "Reuters", "MediaOutlet"),
        ("U.S. Army", "United States Army", "MilitaryForce"),
    ],
)
def test_an_organisation_is_found_by_name_and_acronym(gazetteer: Gazetteer, text: str, name: str, cls: str) -> None:
    found = gazetteer.organisation(text)
    assert found is not None
    assert (found.name, found.cls) == (name, cls)


@pytest.mark.parametrize("text", ["who", "Who", "is", "Is", "act", "the is"])
def test_a_common_word_is_no_acronym(gazetteer: Gazetteer, text: str) -> None:
    assert gazetteer.organisation(text) is None


@pytest.mark.parametrize(
    ("text", "full"),
    [
        ("Gen.", "General"),
        ("General", "General"),
        ("Lt. Gen.", "Lieutenant General"),
        ("Lt Gen", "Lieutenant General"),
        ("Lt.Gen.", "Lieutenant General"),
        ("LtGen", "Lieutenant General"),
        ("Lieutenant-General", "Lieutenant General"),
        ("Maj Gen", "Major General"),
        ("Brig.", "Brigadier"),
        ("Brig. Gen.", "Brigadier General"),
        ("Col.", "Colonel"),
        ("Capt", "Captain"),
        ("Adm.", "Admiral"),
        ("VAdm", "Vice Admiral"),
        ("Rear Adm.", "Rear Admiral"),
        ("Air Chief Marshal", "Air Chief Marshal"),
        ("Staff Sgt.", "Staff Sergeant"),
        ("Command Sgt. Maj.", "Command Sergeant Major"),
        ("Mr.", None),
        ("Minister", None),
        ("csm", None),
    ],
)
def test_a_rank_is_given_in_full(gazetteer: Gazetteer, text: str, full: str | None) -> None:
    assert gazetteer.rank(text) == full


@pytest.mark.parametrize(
    "text", ["Mr", "Mrs.", "Ms", "Dr.", "Prof.", "H.E.", "Sir", "Baroness", "Sheikh", "Prince", "Hon."]
)
def test_a_title_is_no_rank(gazetteer: Gazetteer, text: str) -> None:
    assert gazetteer.is_title(text)
    assert gazetteer.rank(text) is None


@pytest.mark.parametrize("text", ["He", "he", "Gen.", "Minister", ""])
def test_what_is_no_title_is_not_taken_for_one(gazetteer: Gazetteer, text: str) -> None:
    assert not gazetteer.is_title(text)


@pytest.mark.parametrize(
    ("text", "usual"),
    [
        ("Ministry of Defence", "Ministry of Defence"),
        ("the Defence Ministry", "Ministry of Defence"),
        ("Defense ministry", "Ministry of Defence"),
        ("Ministry of National Defense", "Ministry of Defence"),
        ("Department of Defense", "Ministry of Defence"),
        ("MoD", "Ministry of Defence"),
        ("MFA", "Ministry of Foreign Affairs"),
        ("Foreign Ministry", "Ministry of Foreign Affairs"),
        ("Interior Ministry", "Ministry of the Interior"),
        ("Defense Staff", "General Staff"),
        ("Land Forces", "Army"),
        ("National Assembly", "Parliament"),
        ("Prosecutor General’s Office", "Prosecutor's Office"),
        ("Serbian Ministry of Defence", None),
        ("mod", None),
        ("Reuters", None),
        ("", None),
    ],
)
def test_a_body_that_every_state_has_is_known_by_its_usual_name(
    gazetteer: Gazetteer, text: str, usual: str | None
) -> None:
    assert gazetteer.generic(text) == usual


def test_no_generic_name_means_two_bodies(gazetteer: Gazetteer) -> None:
    for usual in {usual for usual, _ in gazetteer.bodies.values()}:
        assert gazetteer.generic(usual) == usual


# ---- laws ----


def test_every_name_is_found_as_what_it_is_listed_for(gazetteer: Gazetteer) -> None:
    finders = {
        "country": lambda name: gazetteer.country(name) or gazetteer.demonym(name),
        "city": gazetteer.city,
        "region": gazetteer.region,
        "organisation": gazetteer.organisation,
    }
    for name, entry in gazetteer.names():
        assert finders[entry.key.partition("/")[0]](name) == entry, name


def test_no_name_is_listed_twice_and_none_is_of_a_city(gazetteer: Gazetteer) -> None:
    names = [name for name, _ in gazetteer.names()]
    assert sorted(names) == sorted(set(names))
    assert not {entry.cls for _, entry in gazetteer.names()} & {"City"}


@pytest.mark.parametrize("name", ["Reading", "Nice", "Mobile", "Split", "March", "Mission", "Lincoln"])
def test_a_city_named_by_a_common_word_is_marked(gazetteer: Gazetteer, name: str) -> None:
    city = gazetteer.city(name)
    assert city is not None
    assert city.ambiguous


def test_keys_are_identities(gazetteer: Gazetteer) -> None:
    entries = {entry for _, entry in gazetteer.names()}
    assert len({entry.key for entry in entries}) == len(entries)
    for entry in sorted(entries, key=lambda one: one.key)[:: len(entries) // 50]:
        assert gazetteer.entry(entry.key) == entry
    assert gazetteer.entry("planet/mars") is None


def test_classes_are_of_the_default_ontology(gazetteer: Gazetteer) -> None:
    classes = {entry.cls for _, entry in gazetteer.names()}
    assert all(load().class_named(cls) is not None for cls in classes), classes


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_sorted_small_and_without_stray_space(name: str) -> None:
    path = data_folder() / "gazetteer" / f"{name}.tsv"
    assert path.stat().st_size < (4_000_000 if name == "cities" else 200_000)
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()[1:]]
    keys = {
        "cities": lambda row: (-int(row[8]), int(row[0])),
        "countries": lambda row: (len(row[0]), row[0]),
    }.get(name, lambda row: row[0])
    assert rows == sorted(rows, key=keys)
    assert all(part == part.strip() for row in rows for cell in row for part in cell.split("|"))


def test_a_line_with_a_missing_column_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "gazetteer").mkdir()
    (tmp_path / "gazetteer" / "titles.tsv").write_text("title\tvariants\tkind\nMr\tMister\n")
    monkeypatch.setattr(tables, "data_folder", lambda: tmp_path)
    with pytest.raises(OntologyError) as caught:
        list(tables.table("titles", 3))
    assert caught.value.args[1].endswith("titles.tsv:2")


def test_folding_twice_changes_nothing(gazetteer: Gazetteer) -> None:
    for name, _ in gazetteer.names():
        assert fold(fold(name)) == fold(name) or fold(name).startswith("the ")


def test_the_gazetteer_travels_and_loads_quickly(gazetteer: Gazetteer) -> None:
    """The table of cities is read when the first is asked for. Twice the time of an idle machine is allowed."""
    assert pickle.loads(pickle.dumps(gazetteer)) == gazetteer
    script = (
        "import time; from graphwright.ontology.gazetteer import load_gazetteer as load\n"
        "start = time.process_time(); load(); read = time.process_time(); load().city('Paris')\n"
        "print(read - start, time.process_time() - read)"
    )
    runs = [
        [float(part) for part in output.split()]
        for output in (
            subprocess.run([sys.executable, "-c", script], capture_output=True, check=True).stdout for _ in range(3)
        )
    ]
    assert min(load for load, _ in runs) < 0.05
    assert min(cities for _, cities in runs) < 0.5
