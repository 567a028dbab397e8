"""The README keeps its word: its commands and programs run, and show what it says they show."""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from graphwright import Settings, build, cli, explain, from_text

TOP = Path(__file__).parents[1]
README = (TOP / "README.md").read_text(encoding="utf-8")
ELSEWHERE = ("make ", "pip ")
"""Commands that other tests run, or that would install something."""


def blocks(language: str, text: str = README) -> list[str]:
    """Return the code blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text, flags=re.DOTALL | re.MULTILINE)


def sessions(text: str) -> Iterator[tuple[str, list[str]]]:
    """Yield each command of the console blocks with the lines that it is said to print."""
    for block in blocks("console", text):
        for entry in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, *shown = entry.splitlines()
            while command.count("'") % 2:  # a quoted query goes on in the next line
                command += "\n" + shown.pop(0)
            yield command, shown


def normal(text: str) -> list[str]:
    """Return the lines that hold something, without the blanks at their end."""
    return [line.rstrip() for line in text.splitlines() if line.strip()]


@pytest.fixture
def place(tmp_path, monkeypatch) -> Path:
    """A folder with what the README takes for granted: the examples, and the ontology that it shows."""
    shutil.copytree(TOP / "examples", tmp_path / "examples")
    (tmp_path / "mine.ttl").write_text(blocks("turtle")[0], encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("file", ["README.md", "examples/companies/README.md"])
def test_every_command_prints_what_the_readme_shows(file, place, monkeypatch, capfd):
    """Commands run in the order of the text; "…" alone on a line stands for any lines."""
    for command, shown in sessions((TOP / file).read_text(encoding="utf-8")):
        if command.startswith(ELSEWHERE):
            continue
        monkeypatch.setattr("sys.argv", shlex.split(command, comments=True))
        with pytest.raises(SystemExit) as ended:
            cli.main()
        printed = "\n".join(normal(capfd.readouterr().out))
        assert not ended.value.code, command
        expected = "\n".join(normal("\n".join(shown)))
        if "…" in shown:
            assert [part for part in re.split(r"\n?^…$\n?", expected, flags=re.MULTILINE) if part not in printed] == []
        elif expected:
            assert printed == expected, command


def test_every_command_of_the_table_is_known(place, capfd, monkeypatch):
    """Each example of the reference names a command that is there, and options that it has."""
    examples = re.findall(r"`(?:curl [^`|]*\\\| )?graphwright ((?:ontology )?[a-z-]+)([^`]*)`", README)
    assert len(examples) > 10
    for name, rest in examples:
        monkeypatch.setattr("sys.argv", ["graphwright", *name.split(), "--help"])
        with pytest.raises(SystemExit):
            cli.main()
        printed = re.sub(r"\x1b\[[0-9;]*m", "", capfd.readouterr().out)
        assert [option for option in re.findall(r"--[a-z-]+", rest) if option not in printed] == [], name


def test_every_command_is_in_the_table():
    """No command is a secret."""
    names = [command.name for command in cli.app.registered_commands]
    names += [f"ontology {command.name}" for command in cli.ontology_app.registered_commands]
    assert [name for name in names if f"graphwright {name}" not in README] == []


def test_the_program_runs(place, capsys):
    """The Python of the README runs from its first line to its last."""
    exec(compile(blocks("python")[0], "README.md", "exec"), {})
    printed = capsys.readouterr().out
    assert "Ana Kos leads delegation" in printed
    assert "note 0 47 Colonel Ana Kos leads the delegation of Latvia." in printed
    assert (place / "news.trig").is_file()


def test_the_model_serves_alone(capsys):
    """What the README says that it finds is among what it finds."""
    exec(compile(blocks("python")[1], "README.md", "exec"), {})
    printed = capsys.readouterr().out
    for said in ("('Oslo', 'GPE')", "('Oslo', 'place')", "['Angela Merkel', 'She', 'her']"):
        assert said in printed


def test_an_extractor_of_another_package_is_found_and_used(place, monkeypatch):
    """A package with the module and the entry point of the README is installed, and its facts are in the graph."""
    (place / "my_package.py").write_text(blocks("python")[2], encoding="utf-8")
    about = place / "my_package-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: my-package\nVersion: 1.0\n")
    group, line = re.fullmatch(r'\[project\.entry-points\."(.+)"\]\n(.+)\n', blocks("toml")[0]).groups()
    (about / "entry_points.txt").write_text(f"[{group}]\n{line.replace(chr(34), '')}\n")
    monkeypatch.syspath_prepend(str(place))
    document = from_text("Colonel Ana Kos (ana.kos@example.org) leads the delegation of Latvia.")
    # Settings that no other test has: what was loaded for others knows only what was installed then.
    graph = build([document], Settings(batch_size=7))
    (found,) = explain(graph, "Ana Kos", "https://schema.org/email")
    assert (found.object, found.extractor) == ("ana.kos@example.org", "addresses")
    assert found.quote == "Ana Kos (ana.kos@example.org)"
    assert explain(graph, "Ana Kos", "leads")[0].extractor == "ontology"


@pytest.mark.parametrize(
    "sentence",
    [
        "Bergen is twinned with Riga.",
        "Bergen, which has been twinned with Riga since 1998, hosted the talks.",
        "Bergen, twinned with Riga, hosted the talks.",
    ],
)
def test_one_line_teaches_a_relation(place, sentence):
    """The phrase of the README covers the sentence, the relative clause and the participle."""
    graph = build([from_text(sentence)], Settings(ontology=("mine.ttl",)))
    assert explain(graph, "Bergen", "twinnedWith", "Riga")


def test_links_lead_somewhere():
    """Every link to a file of the repository names one that is there."""
    targets = re.findall(r"\]\((?!https?:)([^)#]+)\)", README)
    assert targets
    assert [target for target in targets if not (TOP / target).exists()] == []
