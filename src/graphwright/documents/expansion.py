"""What is packed may be small and yet have no end: a limit to how much one source unpacks to."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO, RawIOBase
from typing import BinaryIO

from graphwright.documents import decoding
from graphwright.errors import DocumentError

RATIO = 200
"""How many times its own size a source may unpack to. Text is packed to a third or a twentieth; repeated lines to a
hundredth; gzip alone packs zeros a thousandfold, and archives in archives without limit."""


class Allowance:
    """How much one source may still unpack to, over all layers of what is packed in it.

    ``size`` tells the bytes of the source itself, as far as they are known. What unpacks to less than the largest
    document is always allowed.
    """

    def __init__(self, where: str, size: Callable[[], int]) -> None:
        self.where = where
        self.size = size
        self.spent = 0
        self.exhausted = False

    def spend(self, count: int) -> None:
        """Count some bytes that were unpacked. Raises DocumentError when they are too many."""
        self.spent += count
        if self.exhausted or self.spent > max(decoding.LIMIT, RATIO * self.size()):
            self.exhausted = True
            raise DocumentError(
                f"it unpacks to more than {RATIO} times its size, as if it were made to have no end",
                self.where,
                "if you trust it, unpack it yourself and pass the files",
            )


class Counted(RawIOBase):
    """A stream that counts what is read from it, and does not let it be read twice."""

    def __init__(self, inner: BinaryIO, spend: Callable[[int], None] = lambda _: None) -> None:
        self.inner = inner
        self.spend = spend
        self.count = 0

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Read some bytes. Raises whatever ``spend`` does."""
        # One look at a pipe, so that what is there already is not kept waiting for what is not.
        fill = getattr(self.inner, "readinto1", None) or getattr(self.inner, "readinto", None)
        if fill is not None:
            count = fill(buffer) or 0
        else:
            data = self.inner.read(len(buffer))
            count = len(data)
            buffer[:count] = data
        self.count += count
        self.spend(count)
        return count


def seekable(stream: BinaryIO, where: str) -> BinaryIO:
    """Return a stream that can be read in any order: itself, or its bytes in memory. Raises DocumentError."""
    return stream if stream.seekable() else BytesIO(decoding.read_all(stream, where))
