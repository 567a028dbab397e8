"""The wheel is all that a stranger needs: made from the source, installed in a clean environment, run offline."""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
import tarfile
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
TOP = Path(__file__).parents[1]
BUILD_SECONDS, INSTALL_SECONDS, RUN_SECONDS = 120, 420, 120
UNREACHABLE = ("Could not find a version", "ConnectionError", "Connection refused", "Max retries exceeded", "timed out")

NO_NETWORK = '''"""Whoever tries to connect to anything fails."""
import socket

def refuse(*args, **kwargs):
    raise OSError("this test allows no network")

socket.socket.connect = socket.socket.connect_ex = socket.getaddrinfo = refuse
'''


def run(*command: str | Path, seconds: int, cwd: Path, **environment: str) -> str:
    """Run a command with little of our environment; return its standard output, and fail with what it wrote."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}
    try:
        done = subprocess.run(
            [str(part) for part in command],
            cwd=cwd,
            env=kept | {"PYTHONIOENCODING": "utf-8"} | environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=seconds,
        )
    except subprocess.TimeoutExpired as late:
        pytest.fail(f"after {seconds} s still running: {' '.join(map(str, late.cmd))}\n{late.stderr}", pytrace=False)
    if done.returncode:
        pytest.fail(f"exit code {done.returncode}: {' '.join(map(str, command))}\n{done.stderr[-3000:]}", pytrace=False)
    return done.stdout


@pytest.fixture(scope="module")
def archives(tmp_path_factory) -> Path:
    """A folder with the source archive and the wheel made from it."""
    folder = tmp_path_factory.mktemp("dist")
    command = (sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, TOP)
    run(*command, seconds=BUILD_SECONDS, cwd=folder)
    return folder


@pytest.fixture(scope="module")
def wheel(archives) -> Path:
    """The wheel."""
    (found,) = archives.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory) -> Path:
    """The folder of the commands of an environment that holds the wheel and what it needs, and nothing else."""
    folder = tmp_path_factory.mktemp("clean")
    run(sys.executable, "-m", "venv", "--without-pip", folder / "venv", seconds=INSTALL_SECONDS, cwd=folder)
    commands = folder / "venv" / ("Scripts" if os.name == "nt" else "bin")
    # Our pip installs into the other environment, from its cache where it can.
    pip = (sys.executable, "-m", "pip", "--python", commands / "python", "install", "--no-compile", "--no-input")
    try:
        run(*pip, "--quiet", "--retries", "2", wheel, seconds=INSTALL_SECONDS, cwd=folder)
    except pytest.fail.Exception as failed:
        if any(sign in str(failed) for sign in UNREACHABLE) or "still running" in str(failed):
            pytest.fail(f"no package index can be reached, so this cannot be tested here:\n{failed}", pytrace=False)
        raise
    return commands


@pytest.fixture
def graphwright(installed, tmp_path):
    """Run the installed command in an empty folder, without any network, and return its standard output."""
    (tmp_path / "guard").mkdir()
    (tmp_path / "guard" / "sitecustomize.py").write_text(NO_NETWORK)
    (tmp_path / "empty").mkdir()

    def _run(*arguments: str | Path, program: str = "graphwright") -> str:
        guard = str(tmp_path / "guard")
        return run(installed / program, *arguments, seconds=RUN_SECONDS, cwd=tmp_path / "empty", PYTHONPATH=guard)

    return _run


def test_the_wheel_carries_model_ontology_examples_and_types(wheel):
    """Whatever the working copy holds for users is in the wheel, at the place where the code looks for it."""
    names = set(zipfile.ZipFile(wheel).namelist())
    for folder, inside in (("src/graphwright", "graphwright"), ("ontology", "graphwright/ontology/data")):
        ours = [path.relative_to(TOP / folder) for path in (TOP / folder).rglob("*") if path.is_file()]
        wanted = {f"{inside}/{path.as_posix()}" for path in ours if "__pycache__" not in path.parts}
        assert sorted(wanted - names) == []
    assert "graphwright/py.typed" in names
    assert "graphwright/language/model/meta.json" in names
    assert "graphwright/examples/diplomacy/documents/benko-dikovic-2016.md" in names
    assert {name.split("/")[0] for name in names} == {"graphwright", next(n for n in names if "METADATA" in n)[:-9]}


def test_the_wheel_is_for_every_system(wheel):
    """Nothing of ours is compiled: what is, comes from the packages that it needs."""
    assert wheel.name.endswith("-py3-none-any.whl")
    assert [
        name for name in zipfile.ZipFile(wheel).namelist() if name.endswith((".so", ".pyd", ".dll", ".dylib"))
    ] == []


def test_the_wheel_carries_licences_and_metadata(wheel):
    """The licence of the code, and the sources of the model and the gazetteer, travel with them."""
    archive = zipfile.ZipFile(wheel)
    (about,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
    metadata = Parser().parsestr(archive.read(about).decode("utf-8"))
    assert metadata["Name"] == "graphwright"
    assert metadata["License-Expression"].startswith("Apache-2.0")
    assert metadata["Requires-Python"] == ">=3.10"
    assert "# Graphwright" in metadata.get_payload()
    folder = about.removesuffix("METADATA") + "licenses/"
    licences = {name: archive.read(folder + name).decode("utf-8") for name in metadata.get_all("License-File")}
    assert "Apache License" in licences["LICENSE"]
    assert "GeoNames" in licences["ontology/gazetteer/README.md"]
    assert "Universal Dependencies" in licences["src/graphwright/language/model/SOURCES.md"]


def test_the_source_archive_can_be_tested(archives):
    """Who takes the source archive can run the tests of the README."""
    (archive,) = archives.glob("*.tar.gz")
    with tarfile.open(archive) as opened:
        names = {name.partition("/")[2] for name in opened.getnames()}
    assert {"Makefile", "README.md", "CHANGELOG.md", "LICENSE", "tests/test_installation.py"} <= names


def test_the_guard_lets_nothing_through(graphwright):
    """The offline tests below are worth something: a connection does fail."""
    program = "import urllib.request as r\ntry: r.urlopen('http://127.0.0.1')\nexcept OSError as e: print(e)"
    assert "no network" in graphwright("-c", program, program="python")


def test_the_demo_runs_from_an_empty_folder(graphwright):
    """Installing is enough: model, ontology and text come with the package."""
    shown = graphwright("demo")
    assert "SELECT ?host ?guest" in shown
    assert "Ana Kos" in shown


def test_a_graph_is_built_and_asked_from_an_empty_folder(graphwright):
    """From documents to the answer of a query, with nothing but the installed command."""
    package = graphwright("-c", "import graphwright as g; print(g.__path__[0])", program="python").strip()
    examples = Path(package) / "examples" / "diplomacy"
    graphwright("build", examples / "documents" / "benko-dikovic-2016.md", "--to", "news.store")
    query = (examples / "queries" / "who-received-whom.rq").read_text(encoding="utf-8")
    rows = list(csv.DictReader(io.StringIO(graphwright("query", "news.store", query, "--format", "csv"))))
    assert {"host": "Tibor Benkő", "guest": "Ljubisa Diković"} in [
        {"host": row["host"], "guest": row["guest"]} for row in rows
    ]
