"""What comes with graphwright: licences that bind nobody, versions that are bounded, a wheel that is the source."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest
from packaging.requirements import Requirement

TOP = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def licences() -> ModuleType:
    """The script that reads licences."""
    spec = importlib.util.spec_from_file_location("licences", TOP / ".ci" / "licences.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_what_is_always_needed_has_no_copyleft(licences: ModuleType) -> None:
    """Whoever builds on graphwright is bound by no licence of the GNU family."""
    core = licences.needed(licences.project()[""])
    assert len(core) > 40
    told = {name: licences.licence_of(package) for name, package in core.items()}
    assert {name: licence for name, licence in told.items() if licences.is_copyleft(licence)} == {}
    assert {name for name, licence in told.items() if licence in ("", "unknown", "UNKNOWN")} == set()


@pytest.mark.parametrize(
    ("licence", "copyleft"),
    [
        ("MIT", False),
        ("GPL-2.0-only", True),
        ("LGPL-2.1-or-later OR AGPL-3.0-only", True),
        ("MPL-1.1 OR GPL-2.0-only OR LGPL-2.1-or-later", False),
        ("GNU Lesser General Public License v3 (LGPLv3)", True),
    ],
)
def test_of_several_licences_one_may_be_chosen(licences: ModuleType, licence: str, copyleft: bool) -> None:
    assert licences.is_copyleft(licence) is copyleft


def test_every_package_that_we_ask_for_is_in_the_table_of_licences(licences: ModuleType) -> None:
    """`make licences` writes it anew."""
    listed = set(re.findall(r"^\| ([\w.-]+) \|", (TOP / "docs" / "licences.md").read_text(encoding="utf-8"), re.M))
    asked = {licences.normal(Requirement(one).name) for some in licences.project().values() for one in some}
    assert sorted(asked - listed) == []


def test_every_version_has_a_lower_bound(licences: ModuleType) -> None:
    """`make lowest` runs the tests with it."""
    asked = [Requirement(one) for some in licences.project().values() for one in some]
    unbound = [one.name for one in asked if one.name != "graphwright" and not str(one.specifier).count(">=")]
    assert unbound == []


def test_there_is_nothing_compiled_in_the_source() -> None:
    """The wheel is for every system: what is compiled comes from the packages that it needs."""
    suffixes = {".so", ".pyd", ".dll", ".dylib", ".a", ".o", ".exe", ".pyc"}
    inside = [path for path in (TOP / "src").rglob("*") if "__pycache__" not in path.parts]
    assert [path.name for path in inside if path.suffix in suffixes] == []


def test_archives_of_the_source_hold_what_a_reader_of_it_needs() -> None:
    """Each page of the top folder goes along."""
    told = (TOP / "pyproject.toml").read_text(encoding="utf-8")
    pages = sorted(path.name for path in TOP.glob("*.md"))
    assert [page for page in pages if f'"/{page}"' not in told] == []
