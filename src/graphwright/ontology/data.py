"""Where the files of the default ontology are."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from graphwright.errors import OntologyError


@cache
def data_folder() -> Path:
    """The folder of the default ontology: inside the installed package, or at the top of a working copy.

    Raises OntologyError where there is neither.
    """
    inside = Path(__file__).parent / "data"
    working_copy = Path(__file__).resolve().parents[3] / "ontology"
    for folder in (inside, working_copy):
        if (folder / "graphwright.ttl").is_file():
            return folder
    raise OntologyError(
        "the default ontology is missing",
        f"{inside} and {working_copy}",
        "install graphwright again (pip install --force-reinstall graphwright)",
    )
