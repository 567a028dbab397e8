"""Documents that nobody wrote: those of a gold file with their names exchanged, as many as are wanted.

In each document persons get other names, organisations other distinguishing words ("Dzūkija Infantry Battalion"),
countries become others with their demonyms, and cities others of the new countries, each everywhere alike. Names are
drawn with a skew, so that some come back in many documents and ever new ones come up. What a document is depends on its
number and the seed alone, so that a small corpus is the beginning of a large one.

Usage: python benchmarks/lifecycle/corpus.py NUMBER [--paragraphs] [--texts FILE] [--seed N] > documents.jsonl
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
TEXTS = ROOT / "benchmarks" / "gold" / "articles.jsonl"
GAZETTEER = ROOT / "ontology" / "gazetteer"

PEOPLE = 200_000
"""How many persons there are to draw from."""
FAMILIES = 50_000
"""How many family names there are, and words in names of bodies."""
CITIES = 12
"""How many of the largest cities of each country are drawn from."""
SHORTEST, LONGEST = 40, 80
"""Words of a paragraph that is a document by itself."""


def words(text: str) -> list[str]:
    """The words of a text."""
    return text.split()


ONSETS = words("""
B Br D Dr F G Gr H J K Kl Kr L M N P Pr R S Sk St T Tr V Vl Z
""")
MIDDLES = words("""
abr ad alm am and ar arn av eb ed el em end er est ev id il im ind ist iv ob od ol om ond or osk ov ub ud ul
um ur
""")
ENDS = words("""
a ac an ar as ek en er escu etti ez i ian ic in inen is o on os ov ski son u ura us uz yan
""")
BODY_ENDS = words("""
ana ara avia eda eka ela eria essa ia ika ila ira ona ora ova ula una uria
""")
NAMED_BODIES = frozenset(
    words("""
Agreement ArmedGroup Company EducationalInstitution Exercise Facility GovernmentBody MediaOutlet MilitaryForce
Operation Organization PoliticalParty
""")
)
"""The classes whose names have words that tell one from another."""


def table(name: str) -> list[dict[str, str]]:
    """The rows of a table of the gazetteer."""
    with (GAZETTEER / f"{name}.tsv").open(encoding="utf-8") as rows:
        return list(csv.DictReader(rows, delimiter="\t", quoting=csv.QUOTE_NONE))


@cache
def given_names() -> list[str]:
    """Given names of one word, with their variants."""
    rows = table("given_names")
    return sorted({name for row in rows for name in (row["name"], *row["variants"].split("|")) if name.isalpha()})


@cache
def family_names() -> list[str]:
    """Family names of our own making, in an order that tells nothing."""
    lot = random.Random(0)
    return list(dict.fromkeys(invented(lot, ENDS) for _ in range(FAMILIES)))


@cache
def body_words() -> list[str]:
    """Words that stand in names of bodies, of our own making."""
    lot = random.Random(1)
    return list(dict.fromkeys(invented(lot, BODY_ENDS) for _ in range(FAMILIES)))


def invented(lot: random.Random, ends: list[str]) -> str:
    """A word of three or four syllables. There are a million: as among real names, few are a letter apart."""
    return lot.choice(ONSETS) + lot.choice(MIDDLES) + lot.choice(MIDDLES) + lot.choice(ends)


@cache
def countries() -> list[dict[str, str]]:
    """The countries with a demonym for one and for several, and cities."""
    rows = [row for row in table("countries") if row["demonyms"].count("|") and row["name"].isalpha()]
    return [row for row in rows if cities_of(row["code"])]


@cache
def _cities() -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for row in table("cities"):
        if row["name"].isalpha() and len(found[row["country"]]) < CITIES:
            found[row["country"]].append(row["name"])
    return found


def cities_of(country: str) -> list[str]:
    """The largest cities of a country, the largest first."""
    return _cities().get(country, [])


@cache
def _country_of_city() -> Mapping[str, str]:
    found: dict[str, str] = {}
    for row in table("cities"):
        for name in (row["name"], *row["english"].split("|")):
            found.setdefault(name, row["country"])
    return found


@cache
def common_words() -> frozenset[str]:
    """The words of the gazetteer: they tell what a thing is, or where, and not which one."""
    names = ("generic", "organisations", "countries", "regions", "ranks", "titles", "divisions")
    return frozenset(word for name in names for row in table(name) for value in row.values() for word in words(value))


def words(text: str) -> list[str]:
    """The words of a text, as they are written."""
    return re.findall(r"[^\W\d_]+", text or "")


@dataclass(frozen=True, slots=True)
class Original:
    """A text with the names in it that can be exchanged: ``people`` as they are written, the words that tell bodies
    apart, the codes of countries, and cities with the codes of theirs."""

    text: str
    title: str
    people: tuple[str, ...]
    bodies: tuple[str, ...]
    countries: tuple[str, ...]
    cities: tuple[tuple[str, str], ...]


def originals(file: Path, *, paragraphs: bool) -> list[Original]:
    """The texts of a gold file, whole or in paragraphs, with their names."""
    told = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    in_documents = Counter(word for one in told for word in set(words(one["text"])))
    return [
        found
        for one in told
        for found in _of_document(one, in_documents, paragraphs)
        if found.people or found.countries
    ]


def _of_document(told: dict[str, Any], in_documents: Counter[str], paragraphs: bool) -> Iterator[Original]:
    def names(*classes: str) -> list[str]:
        return sorted({one["name"] for one in told["entities"] if one["class"] in classes})

    def is_name(word: str) -> bool:
        return word[0].isupper() and not in_documents[word.lower()]

    def tells_apart(word: str) -> bool:
        return is_name(word) and len(word) > 3 and word not in common_words() and in_documents[word] == 1

    known = {form: row["code"] for row in table("countries") for form in (row["name"], *row["aliases"].split("|"))}
    places = _country_of_city()
    whole = Original(
        told["text"],
        told.get("title", ""),
        tuple(name for name in names("Person") if all(map(is_name, words(name)))),
        tuple(sorted({word for name in names(*NAMED_BODIES) for word in words(name) if tells_apart(word)})),
        tuple(sorted({known[name] for name in names("Country") if name in known})),
        tuple((name, places[name]) for name in names("City") if name in places),
    )
    if not paragraphs:
        yield whole
        return
    for part in whole.text.split("\n\n"):
        if SHORTEST <= len(part.split()) <= LONGEST:
            yield Original(part, "", whole.people, whole.bodies, whole.countries, whole.cities)


def exchanged(original: Original, lot: random.Random) -> dict[str, str]:
    """What becomes what in one document."""
    others: dict[str, str] = {}
    by_code = {row["code"]: row for row in table_of_countries()}
    drawn = dict(zip(original.countries, lot.sample(countries(), len(original.countries)), strict=True))
    for code, new in drawn.items():
        old = by_code[code]
        others[old["name"]] = new["name"]
        if old["official"]:
            others[old["official"]] = new["official"] or new["name"]
        others.update({alias: new["name"] for alias in old["aliases"].split("|") if alias})
        forms = new["demonyms"].split("|")
        for number, form in enumerate(old["demonyms"].split("|")):
            others[form] = forms[number == 1]  # further ones are adjectives as the first is ("Hellenic")
    taken: set[str] = set()
    for city, code in original.cities:
        free = [name for name in cities_of(drawn[code]["code"] if code in drawn else code) if name not in taken]
        if free:
            others[city] = lot.choice(free)
            taken.add(others[city])
    for word in original.bodies:
        others[word] = body_words()[skewed(lot, len(body_words()))]
    for person in original.people:
        number = skewed(lot, PEOPLE)
        parts = words(person)
        given = given_names()[number % len(given_names())]
        family = family_names()[number % len(family_names())]
        others.setdefault(parts[0], given if len(parts) > 1 else family)
        for place, part in enumerate(parts[1:]):
            others.setdefault(part, family if not place else family_names()[number * place % len(family_names())])
    return {old: new for old, new in others.items() if old}


@cache
def table_of_countries() -> list[dict[str, str]]:
    """All countries."""
    return table("countries")


def skewed(lot: random.Random, number: int) -> int:
    """A number below another, small ones far oftener than large ones."""
    return int(number * lot.random() ** 3)


def rewritten(text: str, others: Mapping[str, str]) -> str:
    """The text with some names in the place of others; articles and capitals as they have to be."""
    if not others:
        return text
    longest_first = sorted(others, key=lambda name: (-len(name), name))
    forms = "|".join(re.escape(form) for name in longest_first for form in (name, name.upper()))

    def other(found: re.Match[str]) -> str:
        article, old = found.group(1) or "", found.group(2)
        new = others[old] if old in others else others[by_capitals[old]].upper()
        if article:
            article = article[0] + ("n" if new[0] in "AEIOUaeiou" else "") + " "
        return article + new

    by_capitals = {name.upper(): name for name in reversed(longest_first)}
    return re.sub(rf"\b([Aa]n? )?\b({forms})\b", other, text)


def documents(number: int, *, paragraphs: bool = False, texts: Path = TEXTS, seed: int = 0) -> Iterator[dict[str, str]]:
    """Yield so many documents, each with id, date, title and text."""
    found: Sequence[Original] = originals(texts, paragraphs=paragraphs)
    for index in range(number):
        lot = random.Random(f"{seed}/{index}")
        original = found[index % len(found)]
        others = exchanged(original, lot)
        day = date(2012, 1, 1) + timedelta(days=lot.randrange(4_000))
        yield {
            "id": f"document-{index:06}",
            "date": day.isoformat(),
            "source": "made by exchanging names",
            "title": rewritten(original.title, others),
            "text": rewritten(original.text, others),
        }


def write(file: Path, number: int, *, paragraphs: bool = False, texts: Path = TEXTS, seed: int = 0) -> Path:
    """Write documents to a file of JSON lines."""
    with file.open("w", encoding="utf-8") as output:
        for one in documents(number, paragraphs=paragraphs, texts=texts, seed=seed):
            print(json.dumps(one, ensure_ascii=False), file=output)
    return file


def main() -> None:
    """Print documents as JSON lines."""
    parser = argparse.ArgumentParser(description="Make documents of others by exchanging their names.")
    parser.add_argument("number", type=int)
    parser.add_argument("--paragraphs", action="store_true", help="single paragraphs of 40 to 80 words")
    parser.add_argument("--texts", type=Path, default=TEXTS, help="a gold file")
    parser.add_argument("--seed", type=int, default=0)
    wanted = parser.parse_args()
    for one in documents(wanted.number, paragraphs=wanted.paragraphs, texts=wanted.texts, seed=wanted.seed):
        print(json.dumps(one, ensure_ascii=False))


if __name__ == "__main__":
    main()
