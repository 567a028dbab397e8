"""Libraries that not everybody needs: those of the extras."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from graphwright.errors import ExportError


def needed(module: str, extra: str) -> Any:
    """Import a module of an extra. Raises ExportError, with the line that installs it, where it is not there."""
    try:
        return import_module(module)
    except ImportError as error:
        name = module.partition(".")[0]
        raise ExportError(
            f"this needs {name}, which is not installed", "the installation", f"pip install 'graphwright[{extra}]'"
        ) from error
