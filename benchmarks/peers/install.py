"""Get what is measured beside Graphwright: textacy into an environment of its own, compromise and wink-nlp with npm.

Usage: python benchmarks/peers/install.py [FOLDER]     (out/peers without; about 700 MB)
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).parent
FOLDER = HERE.parents[1] / "out" / "peers"


def main() -> None:
    """Install all there is a program for."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    venv.create(folder / "venv", with_pip=True)
    pip = [folder / "venv" / "bin" / "python", "-m", "pip", "install", "--quiet"]
    subprocess.run([*pip, "-r", HERE / "requirements.txt"], check=True)
    if npm := shutil.which("npm"):
        shutil.copy(HERE / "package.json", folder)
        subprocess.run([npm, "install", "--no-audit", "--no-fund"], cwd=folder, check=True)


if __name__ == "__main__":
    main()
