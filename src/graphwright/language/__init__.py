"""English text to a spaCy Doc in Universal Dependencies, with names; the model is part of the package."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from graphwright.errors import ModelError, ModelWarning
from graphwright.language.package import AGAIN

if TYPE_CHECKING:
    from spacy.language import Language

__all__ = ["EMBEDDED", "load"]

EMBEDDED = Path(__file__).parent / "model"
"""Folder of the embedded English pipeline."""
_OTHER = "give the folder of a spaCy pipeline or the name of an installed one, or leave the name out"


def load(model: str | None = None) -> Language:
    """Load a pipeline: the embedded one, or any other by its path or package name. Nothing is fetched.

    The labels of the embedded pipeline are those of Universal Dependencies (the root is "ROOT"); its names have types
    of OntoNotes. A pipeline with ClearNLP labels (`en_core_web_sm`) gets a last component that turns its trees into
    such. Raises ModelError if the pipeline is missing, damaged or made for another version; gives a ModelWarning if it
    was made for another version of spaCy and could be loaded all the same.

    >>> [name.text for name in load()("Angela Merkel visited Oslo.").ents]
    ['Angela Merkel', 'Oslo']
    """
    import spacy
    from spacy.about import __version__ as installed
    from spacy.util import is_compatible_version, is_package

    # Where the package is used without being installed, its entry points do not name the component.
    import graphwright.language.encoder  # noqa: F401
    from graphwright.language.bridge import NAME as BRIDGE
    from graphwright.language.bridge import is_clear
    from graphwright.language.tokenization import bounded

    if model is None and not EMBEDDED.is_dir():
        raise ModelError(
            "the embedded language model is missing",
            where=str(EMBEDDED),
            mend=AGAIN,
        )
    if model is not None and not (model.startswith("blank:") or is_package(model) or Path(model).exists()):
        raise ModelError("there is no such language model", where=model, mend=_OTHER)
    place = EMBEDDED if model is None else model
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", r"\[W09[45]\]")  # spaCy's own words on its version
        try:
            nlp = spacy.load(place)
        except ModelError:
            raise
        except Exception as error:  # what a damaged file of a pipeline raises is told nowhere
            raise ModelError(
                f"the language model cannot be loaded: {type(error).__name__}: {' '.join(str(error).split())}",
                where=str(place),
                mend=AGAIN if model is None else f"{_OTHER}; it must be for spaCy {_minor(installed)}",
            ) from error
    made_for = nlp.meta.get("spacy_version", "")
    if made_for and is_compatible_version(installed, made_for) is False:
        warnings.warn(
            ModelWarning(
                f"the language model was made for spaCy {made_for}, and {installed} is installed",
                str(place),
                f"it may read worse than it could; get one for spaCy {_minor(installed)}",
            ),
            stacklevel=2,
        )
    nlp.tokenizer = bounded(nlp.tokenizer)
    if is_clear(nlp):
        nlp.add_pipe(BRIDGE, last=True)
    return nlp


def _minor(version: str) -> str:
    """The part of spaCy's version that a model is made for: "3.8" of "3.8.2"."""
    return ".".join(version.split(".")[:2])
