"""Gazetteers of the user: tables (CSV, TSV), SKOS and other RDF, and graphs that were built before, become entries.

A table has a head line with columns of `COLUMNS`, of which "name" and "class" are needed; several values in one cell
are joined by "|". Of RDF each thing counts that has a label (skos:prefLabel, rdfs:label; skos:altLabel for more) and a
class of the ontology (rdf:type, or skos:inScheme where that is or is named like a class); its links (owl:sameAs,
skos:exactMatch) are kept. What has no skos:prefLabel must have a proper name: a graph holds "the meeting" too.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from graphwright.errors import OntologyError
from graphwright.ontology.checks import did_you_mean
from graphwright.ontology.entry import Entry
from graphwright.ontology.tables import distinct, slug
from graphwright.ontology.terms import Ontology, local

if TYPE_CHECKING:
    import pyoxigraph as ox

COLUMNS = (
    "name",
    "class",
    "aliases",
    "demonyms",
    "iri",
    "same_as",
    "country",
    "population",
    "latitude",
    "longitude",
)
NEEDED = ("name", "class")
TABLES: Mapping[str, str] = {".csv": ",", ".tsv": "\t", ".tab": "\t"}
"""What separates the columns, by the suffix of the file."""

_RDFS, _SKOS, _OWL = (
    "http://www.w3.org/2000/01/rdf-schema#",
    "http://www.w3.org/2004/02/skos/core#",
    "http://www.w3.org/2002/07/owl#",
)
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_PREFERRED, _LABEL, _ALTERNATIVE = _SKOS + "prefLabel", _RDFS + "label", _SKOS + "altLabel"
_MATCHES = (_OWL + "sameAs", _SKOS + "exactMatch")
_READ = {_TYPE, _PREFERRED, _LABEL, _ALTERNATIVE, _SKOS + "inScheme", *_MATCHES}
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")
_PARTICLES = frozenset({"of", "the", "and", "for", "in", "on", "de", "la", "al", "el", "van", "von", "bin", "du", "y"})

Described = Mapping[str, tuple[str, ...]]
"""The values of a thing by property; texts in English or without language stand first."""


def read_listed(paths: Sequence[str], ontology: Ontology) -> list[Entry]:
    """The entries of some files or stores, in their order. Raises OntologyError, with file and line, for a broken one.

    >>> from graphwright.ontology import load
    >>> read_listed((), load())
    []
    """
    return [entry for path in paths for entry in _read(Path(path), ontology)]


def _read(path: Path, ontology: Ontology) -> list[Entry]:
    if not path.exists():
        raise OntologyError("there is no such gazetteer", str(path), "check the path")
    if path.suffix.lower() in TABLES and path.is_file():
        return list(_table(path, ontology))
    return _graph(path, ontology)


# ----------------------------------------------------------------------------------------------------------- tables


def _table(path: Path, ontology: Ontology) -> Iterator[Entry]:
    lines = _text(path).splitlines()
    reader = csv.DictReader(lines, delimiter=TABLES[path.suffix.lower()], strict=True)
    head = [name.strip().lower() for name in reader.fieldnames or ()]
    for name in NEEDED:
        if name not in head:
            raise OntologyError(
                f"a column {name!r} is missing", f"{path}:1", f"name it in the first line: {', '.join(NEEDED)}"
            )
    for name in head:
        if name not in COLUMNS:
            raise OntologyError(
                f"a table of names has no column {name!r}",
                f"{path}:1",
                did_you_mean(name, COLUMNS) or f"use {', '.join(COLUMNS)}",
            )
    reader.fieldnames = head
    try:
        for row in reader:
            where = f"{path}:{reader.line_num}"
            if None in row or None in row.values():
                given = sum(value is not None for value in row.values()) + (None in row)
                raise OntologyError(
                    f"{'more' if None in row else given} columns instead of {len(head)}",
                    where,
                    "give each column of the first line a value, or nothing between its separators",
                )
            if any(value.strip() for value in row.values()):
                yield _entry({key: value.strip() for key, value in row.items()}, where, ontology)
    except csv.Error as error:
        raise OntologyError(
            f"broken table: {error}", f"{path}:{reader.line_num + 1}", "close the quotation marks"
        ) from error


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise OntologyError("the file is not UTF-8", f"{path}:{line}", "save it as UTF-8") from error
    except OSError as error:
        raise OntologyError(
            f"the file cannot be read: {error.strerror}", str(path), "check the path and its rights"
        ) from error


def _entry(row: Mapping[str, str], where: str, ontology: Ontology) -> Entry:
    """A row of a table as an entry."""
    name, iri = row["name"], row.get("iri", "")
    if not name:
        raise OntologyError("a name is missing", where, "fill the column name, or delete the line")
    described = ontology.class_named(row["class"])
    if described is None:
        known = sorted({ontology.local(cls) for cls in ontology.classes})
        raise OntologyError(
            f"{row['class']!r} is no class of the ontology",
            where,
            did_you_mean(row["class"], known) or "give the name or IRI of a class that the ontology has",
        )
    same_as = _parts(row.get("same_as", ""))
    for one in (*same_as, *([iri] if iri else [])):
        if not _ABSOLUTE.fullmatch(one):
            raise OntologyError(f"{one!r} is no IRI", where, "write it in full, as https://example.org/thing")
    population = row.get("population", "")
    if population and not population.isdecimal():
        raise OntologyError(f"{population!r} is no number of people", where, "write digits alone, as 160766")
    return Entry(
        key=f"known/{iri or '/'.join((slug(ontology.local(described.iri)), slug(name)))}",
        cls=described.iri,
        name=name,
        names=distinct(name, *_parts(row.get("aliases", ""))),
        demonyms=_parts(row.get("demonyms", "")),
        country=row.get("country", ""),
        population=int(population or 0),
        same_as=same_as,
        coordinates=_coordinates(row.get("latitude", ""), row.get("longitude", ""), where),
        iri=iri,
    )


def _coordinates(latitude: str, longitude: str, where: str) -> tuple[float, float] | None:
    if not latitude and not longitude:
        return None
    try:
        north, east = float(latitude), float(longitude)
    except ValueError:
        north, east = 91.0, 181.0
    if abs(north) > 90 or abs(east) > 180:
        raise OntologyError(
            f"{latitude!r}, {longitude!r} is no place on Earth",
            where,
            "write degrees, as 46.253 and 20.148, or nothing",
        )
    return north, east


def _parts(cell: str) -> tuple[str, ...]:
    return distinct(*(part.strip() for part in cell.split("|")))


# -------------------------------------------------------------------------------------------------------------- RDF


def _graph(path: Path, ontology: Ontology) -> list[Entry]:
    """What RDF of some kind lists. Raises OntologyError where that is nothing."""
    described = _described(_quads(path))
    found = [entry for iri, values in sorted(described.items()) if (entry := _thing(iri, values, described, ontology))]
    if not found:
        raise OntologyError(
            "nothing in it has a name and a class of the ontology",
            str(path),
            "give each thing a label (skos:prefLabel, rdfs:label) and a class (rdf:type, skos:inScheme)",
        )
    return found


def _quads(path: Path) -> Iterator[ox.Quad]:
    """The quads of a file in any format of RDF, or of the store in a folder."""
    import pyoxigraph as ox

    from graphwright.content import check_content  # not where no graph is read

    try:
        if path.is_dir():
            yield from ox.Store.read_only(str(path))
            return
        form = ox.RdfFormat.from_extension(path.suffix.lstrip(".").lower())
        if form is None:
            raise OntologyError(
                f"a gazetteer cannot be read from a {path.suffix or 'nameless'} file",
                str(path),
                "give a table (.csv, .tsv), RDF (.ttl, .trig, .nt, .nq, .rdf, .jsonld), or the folder of a store",
            )
        check_content(path, form)
        yield from ox.parse(path=str(path), format=form, base_iri=path.resolve().as_uri())
    except SyntaxError as error:
        raise OntologyError(
            f"broken RDF: {error.msg}", f"{path}:{error.lineno or 1}", "mend the statement there or just before"
        ) from error
    except (OSError, ValueError) as error:
        raise OntologyError(
            f"the gazetteer cannot be read: {error}", str(path), "give an RDF file or the folder of a store"
        ) from error


def _described(quads: Iterable[ox.Quad]) -> dict[str, Described]:
    """What a gazetteer can use of each thing, in an order that does not depend on that of the file."""
    import pyoxigraph as ox

    values: dict[str, dict[str, set[tuple[bool, str]]]] = defaultdict(lambda: defaultdict(set))
    for quad in quads:
        if not isinstance(quad.subject, ox.NamedNode) or quad.predicate.value not in _READ:
            continue
        if isinstance(quad.object, ox.Literal):
            foreign = bool(quad.object.language) and not str(quad.object.language).lower().startswith("en")
            values[quad.subject.value][quad.predicate.value].add((foreign, " ".join(quad.object.value.split())))
        elif isinstance(quad.object, ox.NamedNode):
            values[quad.subject.value][quad.predicate.value].add((False, quad.object.value))
    return {
        iri: {property: tuple(text for _, text in sorted(told)) for property, told in properties.items()}
        for iri, properties in values.items()
    }


def _thing(iri: str, values: Described, described: Mapping[str, Described], ontology: Ontology) -> Entry | None:
    """A thing of a graph as an entry; None for what has no name or no class."""
    preferred = values.get(_PREFERRED, ())
    labels = values.get(_LABEL, ())
    if not preferred and labels and not is_proper_name(labels[0]):
        return None
    names = distinct(*preferred, *labels, *values.get(_ALTERNATIVE, ()))
    cls = _class(values, described, ontology)
    if not names or not cls:
        return None
    same_as = distinct(*(one for match in _MATCHES for one in values.get(match, ()) if one != iri))
    return Entry(key=f"known/{iri}", cls=cls, name=names[0], names=names, same_as=same_as, iri=iri)


def _class(values: Described, described: Mapping[str, Described], ontology: Ontology) -> str:
    """The most specific class of the ontology that a thing is said to be of, by its IRI, its name or its label."""
    told = (*values.get(_TYPE, ()), *values.get(_SKOS + "inScheme", ()))
    found = []
    for one in told:
        labels = (text for label in (_PREFERRED, _LABEL) for text in described.get(one, {}).get(label, ()))
        classes = (ontology.class_named(name) for name in (one, local(one), *labels) if ":" not in name or name == one)
        found += [cls.iri for cls in classes if cls is not None][:1]
    return max(found, key=lambda cls: (len(ontology.ancestors.get(cls, ())), cls), default="")


def is_proper_name(label: str) -> bool:
    """Whether a label is written as a name all through: "Ministry of Defence", not "Serbian delegation".

    >>> is_proper_name("Ministry of Defence"), is_proper_name("Serbian delegation")
    (True, False)
    """
    words = [word for word in re.split(r"[\s-]+", label) if word.lower() not in _PARTICLES]
    return bool(words) and all(not word[0].islower() for word in words if word)
