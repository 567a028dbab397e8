"""Errors and warnings that Graphwright gives on purpose: each says what is wrong, where, and how to mend it."""


class GraphwrightError(Exception):
    """Root of every error raised on purpose.

    The three parts go to ``super().__init__`` so that the error survives pickling on its way from a worker process.
    """

    def __init__(self, what: str, where: str, mend: str) -> None:
        super().__init__(what, where, mend)

    def __str__(self) -> str:
        return "{}\n  where: {}\n  to mend: {}".format(*self.args)


class DocumentError(GraphwrightError):
    """A document cannot be read: missing, empty, binary, or in a broken format."""


class LanguageError(DocumentError):
    """A document is in another language than the model reads, and such are to be left out."""


class ModelError(GraphwrightError):
    """A language model cannot be found or loaded."""


class OntologyError(GraphwrightError):
    """An ontology file, phrase, pattern or rule is broken."""


class DecisionError(GraphwrightError):
    """Decisions on what is one thing cannot be read, or contradict each other."""


class StoreError(GraphwrightError):
    """A graph store or file cannot be opened or written."""


class QueryError(GraphwrightError):
    """A SPARQL query cannot be parsed or run."""


class ExportError(GraphwrightError):
    """A graph cannot be exported as asked."""


class GoldError(GraphwrightError):
    """A gold file cannot be read."""


class ServerError(GraphwrightError):
    """A graph cannot be served as asked."""


class ExtractorError(GraphwrightError):
    """An extractor is unknown or cannot be loaded."""


class EngineError(GraphwrightError):
    """What runs a build on many processes or machines cannot be started, or cannot do what is asked."""


class GraphwrightWarning(UserWarning):
    """Root of every warning given on purpose, with the three parts of an error. It is told in one line."""

    def __init__(self, what: str, where: str, mend: str) -> None:
        super().__init__(what, where, mend)

    def __str__(self) -> str:
        return "{1}: {0} ({2})".format(*self.args)


class LanguageWarning(GraphwrightWarning):
    """A document is in another language than the model reads, so that little of it will be understood."""


class ModelWarning(GraphwrightWarning):
    """A language model was made for another version of spaCy, and may do worse than it was measured to do."""
