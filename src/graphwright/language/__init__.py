"""English text to a spaCy Doc in Universal Dependencies, with names; the model is part of the package."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from graphwright.errors import ModelError

if TYPE_CHECKING:
    from spacy.language import Language

__all__ = ["EMBEDDED", "load"]

EMBEDDED = Path(__file__).parent / "model"
"""Folder of the embedded English pipeline."""


def load(model: str | None = None) -> Language:
    """Load a pipeline: the embedded one, or any other by its path or package name. Nothing is fetched.

    The labels of the embedded pipeline are those of Universal Dependencies (the root is "ROOT"); its names have types
    of OntoNotes. A pipeline with ClearNLP labels (`en_core_web_sm`) gets a last component that turns its trees into
    such. Raises ModelError if the pipeline is missing or broken.

    >>> [name.text for name in load()("Angela Merkel visited Oslo.").ents]
    ['Angela Merkel', 'Oslo']
    """
    import spacy

    # Where the package is used without being installed, its entry points do not name the component.
    import graphwright.language.encoder  # noqa: F401
    from graphwright.language.bridge import NAME as BRIDGE
    from graphwright.language.bridge import is_clear

    if model is None and not EMBEDDED.is_dir():
        raise ModelError(
            "the embedded language model is missing",
            where=str(EMBEDDED),
            mend="install graphwright again, or train the model as training/README.md says",
        )
    try:
        nlp = spacy.load(EMBEDDED if model is None else model)
    except (OSError, ValueError) as error:
        raise ModelError(
            f"the language model cannot be loaded: {error}",
            where=str(EMBEDDED if model is None else model),
            mend="give the folder of a spaCy pipeline or the name of an installed one, or leave the name out",
        ) from error
    if is_clear(nlp):
        nlp.add_pipe(BRIDGE, last=True)
    return nlp
