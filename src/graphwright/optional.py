"""Libraries that not everybody needs: those of the extras."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from graphwright.errors import GraphwrightError


def needed(module: str, extra: str, error: type[GraphwrightError], where: str = "the installation") -> Any:
    """Import a module of an extra. Raises ``error``, with the line that installs it, where it is not there."""
    try:
        return import_module(module)
    except ImportError as missing:
        name = module.partition(".")[0]
        raise error(
            f"this needs {name}, which is not installed", where, f"pip install 'graphwright[{extra}]'"
        ) from missing
