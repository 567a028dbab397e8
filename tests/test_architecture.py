"""What holds for the code as a whole: imports go one way, importing is quick, what is public is told and tested."""

from __future__ import annotations

import ast
import pickle
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import graphwright
from graphwright import errors

TOP = Path(__file__).parents[1]
PACKAGE = TOP / "src" / "graphwright"
MODULES = sorted(PACKAGE.rglob("*.py"))

LAYERS = (
    {"errors", "messages", "model", "settings", "content"},
    {"optional"},
    {"documents"},
    {"language"},
    {"ontology"},
    {"mentions"},
    {"propositions"},
    {"facts"},
    {"entities"},
    {"graph"},
    {"export", "evaluation", "inspection", "ledger", "configuration"},
    {"pipeline"},
    {"engines"},
    {"building"},
    {"sameness"},
    {"server"},
    {"cli"},
    {"__init__"},  # exports names of all, and is imported by none
)
"""The parts of the package; each may use those above it in this list."""
RANK = {part: rank for rank, layer in enumerate(LAYERS) for part in layer}

HEAVY = (
    "spacy",
    "thinc",
    "numpy",
    "onnxruntime",
    "rdflib",
    "pyoxigraph",
    "oxrdflib",
    "pyshacl",
    "networkx",
    "matplotlib",
    "trafilatura",
    "rich",
    "httpx",
    "py3langid",
    "babel",
    "starlette",
    "uvicorn",
    "jinja2",
    "pyspark",
    "pyarrow",
)
TEXTS = {".py", ".md", ".toml", ".cfg", ".json", ".jsonl", ".html", ".ttl", ".rq", ".tsv", ".txt", ""}
FOLDERS = ("src", "ontology", "examples", "tests", "training", "benchmarks", ".ci")


def part_of(module: str) -> str:
    """Return the part that a module of the package belongs to: "graphwright.graph.terms" is in "graph"."""
    return [*module.split("."), "__init__"][1]


def imports(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield the line and the module of every import, wherever it stands."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"line {node.lineno}: a relative import"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from ((node.lineno, name if node.module == "graphwright" else str(node.module)) for name in names)


def text_files() -> Iterator[Path]:
    """Yield every text file that we wrote."""
    yield from (path for path in TOP.iterdir() if path.is_file() and path.suffix in TEXTS)
    for folder in FOLDERS:
        for path in sorted((TOP / folder).rglob("*")):
            hidden = "__pycache__" in path.parts or "model" in path.relative_to(TOP).parts[:-1]
            hidden = hidden or (path.parent.name == "hostile" and path.name not in ("make.py", "README.md"))
            if path.is_file() and path.suffix in TEXTS and not hidden:
                yield path


def lines_with(pattern: str) -> list[str]:
    """Return the place of each line of our texts that a regular expression is found in."""
    found = re.compile(pattern)
    return [
        f"{path.relative_to(TOP)}:{number}: {line.strip()[:100]}"
        for path in text_files()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if found.search(line)
    ]


def definitions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
    """Yield the public functions and classes of a module, and the public methods of its public classes."""
    todo: list[ast.stmt] = list(tree.body)
    for node in todo:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                todo.extend(node.body)


def test_every_part_has_its_place():
    """Whoever adds a package says where in the flow it stands."""
    parts = {path.relative_to(PACKAGE).parts[0].removesuffix(".py") for path in MODULES}
    assert sorted(parts - set(RANK)) == []
    assert sorted(set(RANK) - parts) == []


def test_imports_only_go_one_way():
    """A step knows the values and the steps before it, none beside or behind it."""
    wrong = []
    for path in MODULES:
        user = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
        for line, module in imports(ast.parse(path.read_text(encoding="utf-8"))):
            if module.split(".")[0] == "graphwright":
                used = part_of(module)
                if used != user and RANK[used] >= RANK[user]:
                    wrong.append(f"{path.relative_to(TOP)}:{line}: {user} imports {module}")
    assert wrong == []


def test_importing_is_quick_and_loads_nothing_heavy():
    """``import graphwright`` starts nothing: a command line or a web worker pays only for what it uses."""
    program = (
        "import sys, time; start = time.perf_counter(); import graphwright; taken = time.perf_counter() - start; "
        f"print(taken, *({set(HEAVY)!r} & set(sys.modules)))"
    )
    seconds, loaded = [], set()
    for _ in range(3):  # the best of three: other programs may have the processor
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
        first, *rest = done.stdout.split()
        seconds.append(float(first))
        loaded.update(rest)
    assert loaded == set()
    assert min(seconds) < 0.3


def test_every_public_name_exists():
    """``__all__`` promises nothing that is not there, is sorted, and is what ``dir`` shows."""
    assert list(graphwright.__all__) == sorted(graphwright.__all__)
    assert set(dir(graphwright)) == {*graphwright.__all__, "__version__"}
    for name in graphwright.__all__:
        assert getattr(graphwright, name).__doc__, name
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        graphwright.nonsense  # noqa: B018


def test_every_public_name_is_used_by_a_test():
    """A public name without a test is a promise that nobody watches."""
    used: set[str] = set()
    for path in (TOP / "tests").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "graphwright":
                used.update(alias.name for alias in node.names)
            elif (
                isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "graphwright"
            ):
                used.add(node.attr)
    assert sorted(set(graphwright.__all__) - used) == []


def test_every_public_function_and_class_says_what_it_does():
    """A docstring is the contract of what others may call."""
    silent = [
        f"{path.relative_to(TOP)}:{node.lineno}: {node.name}"
        for path in MODULES
        for node in definitions(ast.parse(path.read_text(encoding="utf-8")))
        if ast.get_docstring(node) is None
    ]
    assert silent == []


def test_every_module_says_what_it_is_for():
    """The first line of a file tells whether one is in the right place."""
    assert [path for path in MODULES if ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) is None] == []


def test_every_error_has_one_root_and_says_what_where_and_how_to_mend_it():
    """One ``except`` catches all that is raised on purpose, also when it comes from another process."""
    raised = [value for value in vars(errors).values() if isinstance(value, type) and issubclass(value, Exception)]
    found = [error for error in raised if not issubclass(error, Warning)]
    assert len(found) > 5
    for error in found:
        assert issubclass(error, graphwright.GraphwrightError)
        told = str(pickle.loads(pickle.dumps(error("no ink", "letter.txt", "fill the pen"))))
        assert told == "no ink\n  where: letter.txt\n  to mend: fill the pen"
    for warning in set(raised) - set(found):
        assert issubclass(warning, graphwright.GraphwrightWarning)
        told = str(pickle.loads(pickle.dumps(warning("no ink", "letter.txt", "fill the pen"))))
        assert told == "letter.txt: no ink (fill the pen)"


def test_the_package_is_typed():
    """Type checkers read our annotations only where this marker stands."""
    assert (PACKAGE / "py.typed").is_file()


def test_nothing_is_left_to_do():
    """What is not done is told in the open, in the README's limits, not in a corner of the code."""
    assert lines_with(rf"\b({'TO' + 'DO'}|{'FIX' + 'ME'}|{'X' * 3})\b") == []


def test_no_file_holds_a_path_of_somebodys_machine():
    """A stranger has another machine."""
    assert lines_with(r"(?<![\w.:/~>-])/(home|root|work|farm|tmp|opt|mnt|srv|Users)/\w") == []
    assert lines_with(r"\b[A-Z]:\\\w") == []
