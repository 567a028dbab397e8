"""Libraries that not everybody needs: those of the extras."""

from __future__ import annotations

from typing import Any

from graphwright import optional
from graphwright.errors import ExportError


def needed(module: str, extra: str) -> Any:
    """Import a module of an extra. Raises ExportError, with the line that installs it, where it is not there."""
    return optional.needed(module, extra, ExportError)
