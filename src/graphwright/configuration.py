"""What a build is made with, told apart by hashes: code, language model, ontology, gazetteers, settings.

Nothing is loaded for it: a build in which nothing changed need not wait for the language model.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import EntryPoint, PackageNotFoundError, entry_points, version
from importlib.util import find_spec
from pathlib import Path

from graphwright.entities.decisions import read_decisions
from graphwright.errors import OntologyError
from graphwright.ontology.data import data_folder
from graphwright.settings import Settings

EXTRACTORS = "graphwright.extractors"
"""The group of entry points under which extractors are installed: functions of an ontology and a pipeline."""

_PACKAGE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Configuration:
    """What documents are read with. ``told`` says it in words and hashes, ``hash`` is equal for equal ones.

    ``ontology`` is the hash of the files of the ontology, ``rules`` that of what the things of all documents are found
    by: where it changes they are found anew, without a document being read again.
    """

    hash: str
    told: str
    ontology: str
    rules: str


def configuration(settings: Settings) -> Configuration:
    """The configuration that settings make. Raises OntologyError for a file that cannot be read, and
    DecisionError for decisions that cannot.
    """
    ontology = _hash_of([data_folder(), *map(Path, settings.ontology)])
    gazetteers = _hash_of(map(Path, settings.gazetteers))
    told = {
        "software": f"graphwright {_version('graphwright')}",
        "code": _code(),
        "model": settings.model or "embedded",
        "modelHash": _model(settings.model),
        "ontology": [Path(file).name for file in settings.ontology] or ["default"],
        "ontologyHash": ontology,
        "gazetteers": gazetteers,
        "extractors": sorted(_extractor(point) for point in _extractors(settings.extractors)),
        "settings": {
            "min_confidence": settings.min_confidence,
            "max_characters": settings.max_characters,
            "skip_other_languages": settings.language_check == "skip",
            "validate": settings.validate,
        },
    }
    decided = read_decisions(settings.decisions) if settings.decisions else ()
    names = sorted(repr(replace(one, where="", note="")) for one in decided if one.of_names)
    rules = _digest([told["code"], ontology, gazetteers, names, settings.base])
    return Configuration(_digest(told), json.dumps(told, sort_keys=True), ontology, rules)


def _extractors(names: Iterable[str]) -> Iterator[EntryPoint]:
    wanted = set(names)
    return (point for point in entry_points(group=EXTRACTORS) if not wanted or point.name in wanted)


def _extractor(point: EntryPoint) -> str:
    """The name of an extractor with the package that it comes from, and its version."""
    package = point.dist
    return f"{point.name} = {point.value}" + (f" ({package.name} {package.version})" if package else "")


def _model(name: str | None) -> str:
    """The hash of the files of a language model, or the version of the package that it is."""
    if name is None:
        return _embedded_model()
    if Path(name).exists():
        return _hash_of([Path(name)])
    return _version(name)


@cache
def _embedded_model() -> str:
    return _hash_of([_PACKAGE / "language" / "model"])


@cache
def _code() -> str:
    """The hash of our own source: what it finds may change with any line of it."""
    digest = hashlib.sha256()
    for file in sorted(_PACKAGE.rglob("*.py")):
        digest.update(file.relative_to(_PACKAGE).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    for extra in sorted(_PACKAGE.rglob("*.json")):
        if "data" not in extra.parts and "model" not in extra.parts:
            digest.update(extra.read_bytes())
    return digest.hexdigest()


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "unknown" if find_spec(package.partition(".")[0]) is None else "without version"


def _hash_of(paths: Iterable[Path]) -> str:
    """The hash of files, and of all files of folders; where they lie does not matter, but for their order."""
    digest = hashlib.sha256()
    for path in paths:
        try:
            files = sorted(one for one in path.rglob("*") if one.is_file()) if path.is_dir() else [path]
            for file in files:
                name = file.relative_to(path).as_posix() if path.is_dir() else file.name
                if not name.startswith(".") and "__pycache__" not in name:
                    digest.update(name.encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
        except OSError as error:
            raise OntologyError(
                f"the file cannot be read: {error.strerror}", str(path), "check the path and your rights"
            ) from error
    return digest.hexdigest()


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()
