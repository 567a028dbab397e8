"""The files of a component: written with a manifest, and read only if they are whole and of the format that we read.

The manifest holds the number of the format and the SHA-256 of each file. A network that was cut short, or that wants
other inputs than it is given, would else fail far from here, or worse, answer nonsense.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from graphwright.errors import ModelError

MANIFEST = "manifest.json"
_OTHER_VERSION = "install the version that the model was made for, or train again as training/README.md says"
AGAIN = "install graphwright again, or train the model as training/README.md says"


def write(folder: Path, parts: Mapping[str, bytes], *, format: int) -> None:
    """Write files into a folder, which is made if need be, with their manifest."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, part in parts.items():
        (folder / name).write_bytes(part)
    hashes = {name: sha256(part).hexdigest() for name, part in parts.items()}
    manifest = json.dumps({"format": format, "sha256": hashes}, indent=2) + "\n"
    (folder / MANIFEST).write_bytes(manifest.encode())


def read(folder: Path, names: Collection[str], *, format: int) -> dict[str, bytes]:
    """The files of these names in a folder that `write` wrote.

    Raises ModelError if one is missing, cannot be read or has changed since, or if they are of another format.
    """
    missing = [name for name in (MANIFEST, *names) if not (folder / name).is_file()]
    if MANIFEST not in missing:
        made_for, hashes = _manifest(folder)
        if made_for != format:
            raise ModelError(
                f"the language model was made for format {made_for}, this Graphwright reads format {format}",
                where=str(folder),
                mend=_OTHER_VERSION,
            )
    if missing == [MANIFEST]:
        raise ModelError(
            f"the language model has no {MANIFEST}: it was made for another version",
            where=str(folder),
            mend=_OTHER_VERSION,
        )
    if missing:
        raise ModelError(f"the language model lacks {', '.join(missing)}", where=str(folder), mend=AGAIN)
    try:
        parts = {name: (folder / name).read_bytes() for name in names}
    except OSError as error:
        what = f"the language model cannot be read: {error.strerror}"
        raise ModelError(what, where=str(error.filename), mend="check the permissions of its files") from error
    changed = [name for name, part in parts.items() if sha256(part).hexdigest() != hashes.get(name)]
    if changed:
        raise ModelError(
            f"the language model is damaged: {', '.join(changed)} is not what {MANIFEST} says",
            where=str(folder),
            mend=AGAIN,
        )
    return parts


def _manifest(folder: Path) -> tuple[object, Mapping[str, object]]:
    """The format and the hashes."""
    try:
        manifest: Any = json.loads((folder / MANIFEST).read_bytes())
        return manifest["format"], dict(manifest["sha256"])
    except (OSError, ValueError, LookupError, TypeError, RecursionError) as error:
        what = f"the language model is damaged: {MANIFEST} cannot be read"
        raise ModelError(what, where=str(folder), mend=AGAIN) from error
