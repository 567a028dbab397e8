"""Compressed files: gzip, bzip2 and Zstandard, unpacked as they are read."""

from __future__ import annotations

import bz2
import gzip
import sys
from collections.abc import Iterator
from typing import BinaryIO, cast

from graphwright.documents.record import Part

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

SUFFIXES = {".gz": "", ".bz2": "", ".zst": "", ".zstd": "", ".tgz": ".tar", ".tbz2": ".tar", ".tzst": ".tar"}
"""The suffixes of compressed files, each with that of what is in it, "" where the name has that already."""


def read_gzip(stream: BinaryIO, where: str) -> Iterator[Part]:
    """Yield what a gzip file holds."""
    yield Part(cast(BinaryIO, gzip.GzipFile(fileobj=stream, mode="rb")), packed=True)


def read_bzip2(stream: BinaryIO, where: str) -> Iterator[Part]:
    """Yield what a bzip2 file holds."""
    yield Part(cast(BinaryIO, bz2.BZ2File(stream)), packed=True)


def read_zstd(stream: BinaryIO, where: str) -> Iterator[Part]:
    """Yield what a Zstandard file holds."""
    yield Part(cast(BinaryIO, zstd.ZstdFile(stream)), packed=True)
