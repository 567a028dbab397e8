"""The licences of what graphwright needs when it runs: ``python .ci/licences.py > docs/licences.md``.

They are read from the metadata of the packages in the environment that runs this, from graphwright on along what each
one requires; `make licences` writes the file anew.
"""

from __future__ import annotations

import importlib.metadata
import re
import sys
from collections.abc import Iterable
from pathlib import Path

from packaging.requirements import Requirement

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib  # pytest brings it

TOP = Path(__file__).parents[1]
OPTIONAL = ("dev", "train", "release")
"""Extras that nobody needs who only uses graphwright."""

NOTES = {
    "certifi": "a list of certificates; changes to its files stay under the MPL",
    "tqdm": "MPL for some of its files; used as it is",
    "tld": "one of the three may be chosen: it is used under the MPL; comes with trafilatura",
    "igraph": "GPL: only who asks for this extra gets it, and graphwright works without",
}

_COPYLEFT = re.compile(r"GPL|GNU .*General Public", re.IGNORECASE)


def licence_of(package: importlib.metadata.Distribution) -> str:
    """The licence of a package: its expression (PEP 639), else what its classifiers or its text say in short."""
    told = package.metadata
    if expression := told.get("License-Expression"):
        return str(expression)
    classified = [one.rpartition(" :: ")[2] for one in told.get_all("Classifier") or [] if one.startswith("License ::")]
    if named := [one for one in classified if one != "OSI Approved"]:
        return " OR ".join(sorted(named))
    first = (told.get("License") or "").strip().splitlines()[:1]
    return first[0][:60] if first else "unknown"


def is_copyleft(licence: str) -> bool:
    """Whether every licence that may be chosen is one of the GNU family, which would bind what uses it."""
    return all(_COPYLEFT.search(choice) for choice in re.split(r"\s+OR\s+", licence))


def needed(requirements: Iterable[str]) -> dict[str, importlib.metadata.Distribution]:
    """The packages of this environment that are required, and what these require, by their normal names."""
    found: dict[str, importlib.metadata.Distribution] = {}
    asked: set[tuple[str, str]] = set()
    todo = [Requirement(one) for one in requirements]
    while todo:
        wanted = todo.pop()
        if wanted.marker and not wanted.marker.evaluate({"extra": ""}):
            continue
        name = normal(wanted.name)
        try:
            package = importlib.metadata.distribution(wanted.name)
        except importlib.metadata.PackageNotFoundError:
            continue
        found[name] = package
        for extra in ("", *wanted.extras):
            if (name, extra) in asked:
                continue
            asked.add((name, extra))
            for line in package.requires or ():
                further = Requirement(line)
                if further.marker is None or further.marker.evaluate({"extra": extra}):
                    further.marker = None
                    todo.append(further)
    return dict(sorted(found.items()))


def normal(name: str) -> str:
    """The name of a package as indexes know it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def project() -> dict[str, list[str]]:
    """What pyproject.toml asks for: always ("") and with each extra."""
    told = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = {name: some for name, some in told["optional-dependencies"].items() if name not in OPTIONAL}
    return {"": told["dependencies"], **extras}


def table(packages: dict[str, importlib.metadata.Distribution]) -> str:
    """A table of packages in Markdown."""
    rows = ["| package | version | licence | |", "|---|---|---|---|"]
    rows += [
        f"| {name} | {package.version} | {licence_of(package)} | {NOTES.get(name, '')} |"
        for name, package in packages.items()
    ]
    return "\n".join(rows)


def main() -> None:
    """Write the page."""
    asked = project()
    core = needed(asked.pop(""))
    pages = [
        "# Licences of what graphwright needs",
        "Written by `make licences` from the metadata of the packages. A test sees to it that what is always needed "
        "has no package that can only be had under a licence of the GNU family (GPL, LGPL, AGPL). What graphwright "
        "itself holds of others is listed at the end of the README.",
        "## Always",
        table(core),
    ]
    for extra, requirements in asked.items():
        more = {name: package for name, package in needed(requirements).items() if name not in core}
        if more:
            pages += [f"## With the extra `{extra}`", table(more)]
    sys.stdout.write("\n\n".join(pages) + "\n")


if __name__ == "__main__":
    main()
