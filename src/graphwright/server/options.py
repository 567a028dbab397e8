"""How a graph is served: one value that holds every option with its default, unit and meaning."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

LOOPBACK = ("127.0.0.1", "::1", "localhost")
"""The hosts that only this machine reaches."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What a server may do, and how much of it.

    ``store`` is the folder of the graph. A query is ended after ``seconds``; ``workers`` of them run at once, and
    ``waiting`` more may wait for their turn. An answer has at most ``max_answer`` bytes and what is sent to the server
    at most ``max_body``; a worker may use ``memory`` bytes. ``services`` are the addresses that SERVICE and LOAD may
    ask, as whole IRIs or their beginnings up to a slash; none if empty.

    With ``writable`` who knows the ``token`` may change the graph and write ``decisions``, a file beside the store if
    None. ``public`` is the address that others reach the server at ("https://graph.example.org"), that of the request
    if "". ``local`` says that it listens to this machine alone, and is asked by no other name. ``origins`` are the web
    origins whose pages may read answers, all by "*"; if empty they are those of this machine.
    """

    store: Path
    writable: bool = False
    token: str = ""
    seconds: float = 30.0
    workers: int = max(2, os.cpu_count() or 2)
    waiting: int = 64
    max_answer: int = 64 * 2**20
    max_body: int = 8 * 2**20
    memory: int = 2 * 2**30
    services: tuple[str, ...] = ()
    decisions: Path | None = None
    public: str = ""
    local: bool = True
    origins: tuple[str, ...] = ()
