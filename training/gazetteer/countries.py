"""Complete ``ontology/gazetteer/countries.tsv``, whose names are written by hand, with codes and further names.

    npm install @rapideditor/country-coder@5.6.1 cldr-localenames-full@48.2.0
    python countries.py --packages node_modules ../../ontology/gazetteer/countries.tsv

The codes of ISO 3166-1 (alpha-3 and numeric) and the numbers in Wikidata come from country-coder (ISC licence), the
English names that the table lacks from Unicode CLDR (Unicode licence). Nothing written by hand is changed.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

COLUMNS = (
    "code",
    "iso3",
    "numeric",
    "geonameid",
    "wikidata",
    "name",
    "official",
    "aliases",
    "demonyms",
    "capital",
)
UNWANTED = frozenset({"Congo", "UN"})
"""Names of CLDR that mean something else as well."""


def codes(borders: Path) -> dict[str, tuple[str, str, str]]:
    """Alpha-3 code, numeric code and number in Wikidata by alpha-2 code."""
    features = json.loads(borders.read_text(encoding="utf-8"))["features"]
    found = (feature["properties"] for feature in features)
    return {
        one["iso1A2"]: (one.get("iso1A3", ""), one.get("iso1N3", ""), one.get("wikidata", ""))
        for one in found
        if "iso1A2" in one
    }


def english(territories: Path) -> dict[str, list[str]]:
    """The English names of CLDR by alpha-2 code: usual, short and variant ones."""
    names = json.loads(territories.read_text(encoding="utf-8"))["main"]["en"]["localeDisplayNames"]["territories"]
    found: dict[str, list[str]] = {}
    for key, name in names.items():
        code, _, kind = key.partition("-alt-")
        plain = name.partition(" (")[0] if kind != "variant" else name
        if len(code) == 2 and plain not in UNWANTED and "(" not in plain and kind != "chagos":
            found.setdefault(code, []).append(plain)
    return found


def comparable(name: str) -> str:
    """The name in one way of writing it."""
    return name.replace("&", "and").replace("’", "'").casefold()


def completed(
    rows: Iterable[Mapping[str, str]], known: Mapping[str, tuple[str, str, str]], names: Mapping[str, list[str]]
) -> Iterator[tuple[str, ...]]:
    """The lines of the table with what the sources add."""
    for row in rows:
        iso3, numeric, wikidata = known.get(row["code"], ("", "", ""))
        told = {*row["aliases"].split("|"), row["name"], row["official"]}
        same = {comparable(one) for one in told}
        fresh = [
            one
            for one in names.get(row["code"], ())
            if one.replace("&", "and").replace("’", "'").casefold() not in same
        ]
        aliases = "|".join(one for one in (*row["aliases"].split("|"), *dict.fromkeys(fresh)) if one)
        added = {"iso3": iso3, "numeric": numeric, "wikidata": wikidata, "aliases": aliases}
        yield tuple({**row, **added}[column] for column in COLUMNS)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--packages", type=Path, required=True, help="the folder node_modules")
    parser.add_argument("table", type=Path, help="countries.tsv, which is written anew")
    arguments = parser.parse_args()
    with arguments.table.open(encoding="utf-8", newline="") as table:
        rows = list(csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE))
    known = codes(arguments.packages / "@rapideditor" / "country-coder" / "src" / "data" / "borders.json")
    names = english(arguments.packages / "cldr-localenames-full" / "main" / "en" / "territories.json")
    lines = ["\t".join(row) for row in [COLUMNS, *completed(rows, known, names)]]
    arguments.table.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
