"""The command line: results alone go to standard output, progress and errors to standard error.

Exit codes: 0 done; 1 some documents failed, or the answer is no; 2 could not run; 130 interrupted.
"""

# Everything that loads a model, a parser or a store is imported where it is used, in all modules of this package:
# `graphwright --help` must be quick.

from __future__ import annotations

import importlib.metadata
import io
import sys
from collections.abc import Callable, Mapping
from typing import Annotated

import typer

from graphwright.cli.demo import demo_command
from graphwright.cli.differences import diff_command
from graphwright.cli.evaluation import evaluate_command
from graphwright.cli.exporting import export_command
from graphwright.cli.graphs import build_command, explain_command, query_command, remove_command
from graphwright.cli.identities import manifest_command, why_same_command
from graphwright.cli.loading import load_command
from graphwright.cli.ontologies import ontology_check_command, ontology_coverage_command, ontology_explain_command
from graphwright.cli.running import guarded
from graphwright.cli.serving import serve_command
from graphwright.cli.texts import extract_command, inspect_command, why_not_command
from graphwright.cli.validating import validate_command

app = typer.Typer(
    help="Documents become an RDF knowledge graph in which every fact leads back to its sentence.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
ontology_app = typer.Typer(help="Look at an ontology and check it.", no_args_is_help=True, rich_markup_mode="rich")
app.add_typer(ontology_app, name="ontology")


def main() -> None:
    """Run the command line."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # no name is so foreign that a terminal stops the run
    app()


def _version(wanted: bool) -> None:
    if wanted:
        print(f"graphwright {importlib.metadata.version('graphwright')}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    pass


def _add(commands: Mapping[str, Callable[..., int]], to: typer.Typer) -> None:
    """Add commands under their names, in the order in which --help lists them."""
    for name, command in commands.items():
        to.command(name)(guarded(command))


_add(
    {
        "build": build_command,
        "remove": remove_command,
        "load": load_command,
        "extract": extract_command,
        "inspect": inspect_command,
        "why-not": why_not_command,
        "evaluate": evaluate_command,
        "demo": demo_command,
        "query": query_command,
        "serve": serve_command,
        "export": export_command,
        "explain": explain_command,
        "diff": diff_command,
        "validate": validate_command,
        "why-same": why_same_command,
        "manifest": manifest_command,
    },
    to=app,
)
_add(
    {
        "explain": ontology_explain_command,
        "coverage": ontology_coverage_command,
        "check": ontology_check_command,
    },
    to=ontology_app,
)
