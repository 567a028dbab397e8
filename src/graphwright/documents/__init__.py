"""Paths, streams and folders become documents."""

from graphwright.documents.reading import Failure, from_text, read

__all__ = ["Failure", "from_text", "read"]
