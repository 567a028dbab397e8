"""The spaCy component `graphwright_encoder`: tags, features, lemmas, trees, sentences, names, the types of noun phrases
and coreference in one pass.

A window of text goes through the network alone, never in a batch with others: the 8-bit arithmetic takes its scale
from all that it computes at once, and so a document's analysis does not depend on its neighbours.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from spacy.language import Language
from spacy.tokens import Doc
from spacy.vocab import Vocab

from graphwright.errors import ModelError
from graphwright.language import chains, package, phrases, windows
from graphwright.language.analysis import Analysis
from graphwright.language.lemmas import Lemmatizer
from graphwright.language.words import CLS, SEP, Pieces, shape

if TYPE_CHECKING:
    from onnxruntime import InferenceSession  # type: ignore[import-untyped]

FORMAT = 2
"""Of the component's files and of the network's inputs and outputs; a model of another format cannot be read."""
_FILES = ("model.onnx", "tokenizer.json", "labels.json", "lemmas.json", "chains.json")
_shape = lru_cache(maxsize=100_000)(shape)


@Language.factory(
    "graphwright_encoder",
    assigns=[
        "token.tag", "token.pos", "token.morph", "token.lemma", "token.head", "token.dep", "token.is_sent_start",
        "doc.sents", "doc.ents", "doc.spans",
    ],
    default_config={"threads": 1, "window": 240},
)  # fmt: skip
def create(nlp: Language, name: str, threads: int, window: int) -> Encoder:
    """Make the component. `threads` compute a document; `window` is how many word pieces are read at once (<= 400)."""
    return Encoder(nlp.vocab, name, threads=threads, window=window)


class Encoder:
    """The component. It is filled by from_disk or from_bytes; the network is loaded when the first text comes."""

    def __init__(self, vocab: Vocab, name: str, *, threads: int = 1, window: int = 240) -> None:
        self.vocab = vocab
        self.vocab.get_noun_chunks = phrases.noun_chunks  # type: ignore[assignment]  # the stub errs, see spacy.lang.en
        self.name = name
        self.threads = threads
        self.window = window
        self.classes: dict[str, list[str]] = {}
        self._lemmatizer = Lemmatizer([], [], {})
        self._antecedents = chains.Antecedents({})
        self._parts: dict[str, bytes] = {}
        self._session: InferenceSession | None = None
        self._pieces: Pieces | None = None

    # --- reading and writing -------------------------------------------------------------------------------------

    def to_bytes(self, *, exclude: Iterable[str] = ()) -> bytes:
        """All that from_bytes needs."""
        lengths = {name: len(part) for name, part in self._parts.items()}
        return json.dumps(lengths).encode() + b"\n" + b"".join(self._parts[name] for name in lengths)

    def from_bytes(self, data: bytes, *, exclude: Iterable[str] = ()) -> Encoder:
        """Fill the component with what to_bytes gave."""
        header, rest = data.split(b"\n", 1)
        lengths: dict[str, int] = json.loads(header)
        ends = list(accumulate(lengths.values()))
        self.fill({name: rest[end - lengths[name] : end] for name, end in zip(lengths, ends, strict=True)})
        return self

    def to_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> None:
        """Write the component's files into a folder, with their manifest."""
        package.write(Path(path), self._parts, format=FORMAT)

    def from_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> Encoder:
        """Fill the component from a folder; raises ModelError if one is missing or damaged, or for another format."""
        self.fill(package.read(Path(path), _FILES, format=FORMAT))
        return self

    def fill(self, parts: dict[str, bytes]) -> None:
        """Fill the component with the contents of its files. Raises ModelError if they make no sense."""
        try:
            self.classes = json.loads(parts["labels.json"])
            known = json.loads(parts["lemmas.json"])
            self._lemmatizer = Lemmatizer(self.classes["lemma"], known["endings"], known["lexicon"])
            self._antecedents = chains.Antecedents(json.loads(parts["chains.json"]))
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
            raise self._broken("its labels, lemmas or weights", error) from error
        self._parts = parts
        self._session = None
        self._pieces = None

    def _broken(self, what: str, error: Exception) -> ModelError:
        """What is said of files that are as they were written, and yet cannot be used."""
        return ModelError(
            f"the language model is broken: {what} cannot be used: {type(error).__name__}: {error}",
            where=f"pipeline component {self.name!r}",
            mend=f"{package.AGAIN}; a newer onnxruntime or tokenizers may be needed as well",
        )

    def __getstate__(self) -> dict[str, Any]:
        return self.__dict__ | {"_session": None, "_pieces": None}

    def _start(self) -> tuple[InferenceSession, Pieces]:
        """The network and the word cutter, loaded on first use."""
        if self._session is None or self._pieces is None:
            if not self._parts:
                raise ModelError(
                    "the component graphwright_encoder is empty",
                    where=f"pipeline component {self.name!r}",
                    mend="load a pipeline with graphwright.language.load, or call the component's from_disk",
                )
            from onnxruntime import InferenceSession, SessionOptions
            from tokenizers import Tokenizer

            options = SessionOptions()
            options.intra_op_num_threads = self.threads
            options.inter_op_num_threads = 1
            options.log_severity_level = 3  # errors only
            # Waiting threads would take the processor from whoever shares it.
            options.add_session_config_entry("session.intra_op.allow_spinning", "0")
            network, tokenizer = self._parts["model.onnx"], self._parts["tokenizer.json"]
            try:
                self._pieces = Pieces(Tokenizer.from_buffer(tokenizer))
                self._session = InferenceSession(network, sess_options=options, providers=["CPUExecutionProvider"])
            except Exception as error:  # the errors of both libraries have no root of their own
                raise self._broken("its network or tokenizer", error) from error
        return self._session, self._pieces

    # --- analysis ------------------------------------------------------------------------------------------------

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 1) -> Iterator[Doc]:
        """Analyse documents one by one."""
        for doc in stream:
            yield self(doc)

    def __call__(self, doc: Doc) -> Doc:
        """Fill the annotations of a document, in place; texts of any length and kind are accepted."""
        analysis = Analysis(doc, self.classes, self._lemmatizer, self._antecedents)
        for paragraph in windows.paragraphs(doc):
            self._read(doc, paragraph, analysis)
        analysis.write()
        return doc

    def _read(self, doc: Doc, paragraph: windows.Paragraph, analysis: Analysis) -> None:
        session, cut = self._start()
        words = paragraph.words
        forms = [doc[i].text for i in words]
        pieces = cut(forms)
        sizes = [len(ids) + (i in paragraph.line_starts) for i, ids in zip(words, pieces, strict=True)]
        outputs: dict[str, npt.NDArray[Any]] = {}

        def run(start: int, end: int) -> windows.Floats:
            ids, shapes, first = [CLS], [0], []
            for position in range(start, end):
                if position > start and words[position] in paragraph.line_starts:
                    ids.append(SEP)
                    shapes.append(0)
                first.append(len(ids))
                ids += pieces[position]
                shapes += [_shape(forms[position])] * len(pieces[position])
            ids.append(SEP)
            shapes.append(0)
            inputs = {"pieces": [ids], "shapes": [shapes], "first": [first]}
            results = session.run(None, {name: np.array(value, dtype=np.int64) for name, value in inputs.items()})
            outputs.update(zip((output.name for output in session.get_outputs()), results, strict=True))
            starts: windows.Floats = outputs["start"]
            return starts

        for offset, found in windows.read(sizes, self.window, run):
            for start, end in found:
                here = slice(offset + start, offset + end)
                analysis.add_sentence(words[here], forms[here], outputs, slice(start, end))
