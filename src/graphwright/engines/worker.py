"""A process that reads documents: ``python -m graphwright.engines.worker``.

Batches come by standard input, and the outcome of each document goes by standard output as soon as it is known.
"""

from __future__ import annotations

import contextlib
from pathlib import Path

from graphwright.engines.reading import read_batch
from graphwright.errors import GraphwrightError
from graphwright.messages import child, packed, received


def _die_first() -> None:
    """Let the system end this process, and not its parent, where memory runs out."""
    with contextlib.suppress(OSError):  # Linux alone knows how to say it
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")


def main() -> None:
    """Read batches until standard input ends."""
    source, output = child()
    _die_first()

    def tell(message: object) -> None:
        output.write(packed(message))
        output.flush()

    with contextlib.suppress(EOFError, BrokenPipeError):
        settings = received(source)
        from graphwright.pipeline import reader

        try:
            ready = reader(settings)
            ready.load()
            _ = ready.resolver
        except GraphwrightError as error:
            tell(error)
            return
        tell(None)
        while True:
            read_batch(ready, received(source), tell)


if __name__ == "__main__":
    main()
