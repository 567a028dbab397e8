"""What pages load: style, scripts and pictures, all from the package and none from elsewhere."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from starlette.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

ASSETS = Path(__file__).parents[1] / "assets"


@cache
def asset(name: str) -> str:
    """Return the path of a file of the assets on this server; it differs where the content does."""
    digest = hashlib.sha256((ASSETS / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={digest}"


class _Assets(StaticFiles):
    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        named_by_content = b"v=" in scope["query_string"]
        # Scripts that import one another do so by plain names: those are asked for again each time (ETag).
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if named_by_content else "no-cache"
        return response


ROUTES = [Mount("/static", _Assets(directory=ASSETS), name="static")]
