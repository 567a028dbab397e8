"""Answers that were given lately, so that what is asked again of the same graph need not be computed again."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable

Answer = tuple[str, bytes]
"""A Content-Type, and what goes with it."""


class Kept:
    """The answers that were asked for last, up to ``room`` bytes in all; none that takes more than a hundredth of it.

    A key holds all that an answer depends on: the state of the graph, the query, the format.
    """

    def __init__(self, room: int = 32 * 2**20) -> None:
        self._room = room
        self._answers: OrderedDict[Hashable, tuple[Answer, int]] = OrderedDict()
        self._size = 0

    def get(self, key: Hashable) -> Answer | None:
        """Return the answer with this key, if it is kept."""
        found = self._answers.get(key)
        if found is None:
            return None
        self._answers.move_to_end(key)
        return found[0]

    def keep(self, key: Hashable, answer: Answer, size: int) -> None:
        """Keep an answer that takes ``size`` bytes with its key; those asked for longest ago make room for it."""
        if key in self._answers or size > self._room // 100:
            return
        self._answers[key] = answer, size
        self._size += size
        while self._size > self._room:
            _, (_, freed) = self._answers.popitem(last=False)
            self._size -= freed
