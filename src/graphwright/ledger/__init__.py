"""The ledger of a graph: which documents it is made of, what was read from each, and what is still to be written.

A build that is broken off goes on from it; a build that is repeated finds in it what has not changed.
"""

from graphwright.ledger.book import Ledger, Recorded
from graphwright.ledger.projection import Wrong, project
from graphwright.ledger.reading import Reading, reading
from graphwright.ledger.records import Record, content_hash, record

__all__ = ["Ledger", "Reading", "Record", "Recorded", "Wrong", "content_hash", "project", "reading", "record"]
