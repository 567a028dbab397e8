"""Paths, streams and folders become documents."""

from graphwright.documents.reading import Failure, Meter, from_text, read, size

__all__ = ["Failure", "Meter", "from_text", "read", "size"]
