"""The spaCy component `graphwright_encoder`: tags, features, lemmas, trees, sentences and names in one pass.

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
from spacy.tokens import Doc, Span
from spacy.vocab import Vocab

from graphwright.errors import ModelError
from graphwright.language import tree, windows
from graphwright.language.lemmas import Lemmatizer
from graphwright.language.words import CLS, SEP, Pieces, shape

if TYPE_CHECKING:
    from onnxruntime import InferenceSession  # type: ignore[import-untyped]

_FILES = ("model.onnx", "tokenizer.json", "labels.json", "lemmas.json")
_ATTRIBUTES = ["TAG", "POS", "MORPH", "DEP", "LEMMA", "HEAD"]
_shape = lru_cache(maxsize=100_000)(shape)


@Language.factory(
    "graphwright_encoder",
    assigns=[
        "token.tag", "token.pos", "token.morph", "token.lemma", "token.head", "token.dep", "token.is_sent_start",
        "doc.sents", "doc.ents",
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
        self.name = name
        self.threads = threads
        self.window = window
        self.classes: dict[str, list[str]] = {}
        self._lemmatizer = Lemmatizer([], [], {})
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
        self._fill({name: rest[end - lengths[name] : end] for name, end in zip(lengths, ends, strict=True)})
        return self

    def to_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> None:
        """Write the component's files into a folder."""
        folder = Path(path)
        folder.mkdir(parents=True, exist_ok=True)
        for name, part in self._parts.items():
            (folder / name).write_bytes(part)

    def from_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> Encoder:
        """Fill the component from a folder; raises ModelError if a file is missing."""
        folder = Path(path)
        missing = [name for name in _FILES if not (folder / name).is_file()]
        if missing:
            raise ModelError(
                f"the language model lacks {', '.join(missing)}",
                where=str(folder),
                mend="install graphwright again, or train the model as training/README.md says",
            )
        self._fill({name: (folder / name).read_bytes() for name in _FILES})
        return self

    def _fill(self, parts: dict[str, bytes]) -> None:
        self._parts = parts
        self.classes = json.loads(parts["labels.json"])
        known = json.loads(parts["lemmas.json"])
        self._lemmatizer = Lemmatizer(self.classes["lemma"], known["endings"], known["lexicon"])
        self._session = None
        self._pieces = None

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
            self._pieces = Pieces(Tokenizer.from_buffer(self._parts["tokenizer.json"]))
            self._session = InferenceSession(
                self._parts["model.onnx"], sess_options=options, providers=["CPUExecutionProvider"]
            )
        return self._session, self._pieces

    # --- analysis ------------------------------------------------------------------------------------------------

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 1) -> Iterator[Doc]:
        """Analyse documents one by one."""
        for doc in stream:
            yield self(doc)

    def __call__(self, doc: Doc) -> Doc:
        """Fill the annotations of a document, in place; texts of any length and kind are accepted."""
        analysis = _Analysis(doc, self.classes, self._lemmatizer)
        for paragraph in windows.paragraphs(doc):
            self._read(doc, paragraph, analysis)
        analysis.write()
        return doc

    def _read(self, doc: Doc, paragraph: windows.Paragraph, analysis: _Analysis) -> None:
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


class _Analysis:
    """What is known about the tokens of one document, gathered sentence by sentence."""

    def __init__(self, doc: Doc, classes: dict[str, list[str]], lemmatizer: Lemmatizer) -> None:
        self.doc = doc
        self.classes = classes
        self.lemmatizer = lemmatizer
        strings, morphology = doc.vocab.strings, doc.vocab.morphology
        # The symbols of universal parts of speech have their own numbers as strings.
        self._ids = {
            kind: np.array([strings.add(label) for label in classes.get(kind, [])], dtype=np.uint64)
            for kind in ("xpos", "upos")
        }
        feats = ["" if label == "_" else label for label in classes.get("feats", [])]
        self._ids["feats"] = np.array([morphology.add(label) for label in feats], dtype=np.uint64)
        relations = ["ROOT" if label == "root" else label for label in classes.get("relation", [])]
        subjects = ("nsubj", "nsubj:pass", "csubj", "csubj:pass")
        self._subjects = [index for index, label in enumerate(relations) if label in subjects]
        self._objects = [index for index, label in enumerate(relations) if label == "obj"]
        self._ids["relation"] = np.array([strings.add(label) for label in relations], dtype=np.uint64)
        self._table = np.zeros((len(doc), len(_ATTRIBUTES)), dtype=np.uint64)
        self._read = np.zeros(len(doc), dtype=bool)
        self._names: list[Span] = []

    def add_sentence(
        self, tokens: list[int], forms: list[str], outputs: dict[str, npt.NDArray[Any]], part: slice
    ) -> None:
        """Decode the words `part` of a window, which are these `tokens` of the document."""
        rows = np.array(tokens)
        nodes = np.arange(part.start, part.stop) + 1
        scores = outputs["arcs"][part][:, [0, *nodes]]
        heads = tree.best_tree(scores - np.logaddexp.reduce(scores, axis=1, keepdims=True))
        governors = outputs["governors"][np.where(heads == 0, 0, heads + part.start)]
        relations = self.classes["relation"]
        scorers = outputs["dependents"][part].reshape(len(rows), len(relations), -1)
        label_scores = np.einsum("wrk,wk->wr", scorers, governors)
        root = relations.index("root")
        label_scores[:, root] = np.where(heads == 0, np.inf, -np.inf)

        chosen = tree.best_relations(label_scores, heads, subjects=self._subjects, objects=self._objects)

        table = self._table
        table[rows, 0] = self._ids["xpos"][outputs["xpos"][part]]
        table[rows, 1] = self._ids["upos"][outputs["upos"][part]]
        table[rows, 2] = self._ids["feats"][outputs["feats"][part]]
        table[rows, 3] = self._ids["relation"][chosen]
        known, scores = self.doc.vocab.strings, outputs["lemma"][part]
        tags = [self.classes["xpos"][tag] for tag in outputs["xpos"][part].tolist()]
        table[rows, 4] = [
            known.add(self.lemmatizer(form, tag, row) or form)
            for form, tag, row in zip(forms, tags, scores, strict=True)
        ]
        distance = np.where(heads == 0, 0, rows[np.maximum(heads, 1) - 1] - rows)
        table[rows, 5] = distance.astype(np.int64).view(np.uint64)
        self._read[rows] = True

        bio = self.classes["name"]
        for start, end, kind in tree.names(tree.best_tags(outputs["name"][part], bio), bio):
            self._names.append(Span(self.doc, tokens[start], tokens[end - 1] + 1, label=kind))

    def write(self) -> None:
        """Put the annotations into the document. Whitespace hangs on the word before it, or else on the first word."""
        if not len(self.doc):
            return
        words = np.flatnonzero(self._read)
        blank = np.flatnonzero(~self._read)
        if len(blank):
            strings = self.doc.vocab.strings
            anchor = int(words[0]) if len(words) else 0
            before = np.maximum.accumulate(np.where(self._read, np.arange(len(self.doc)), -1))[blank]
            heads = np.where(before < 0, anchor, before)
            self._table[blank, 0] = strings.add("_SP")
            self._table[blank, 1] = strings.add("SPACE")
            self._table[blank, 2] = self.doc.vocab.morphology.add("")
            self._table[blank, 3] = np.where(heads == blank, strings.add("ROOT"), strings.add("dep"))
            self._table[blank, 4] = [strings.add(self.doc[int(i)].text) for i in blank]
            self._table[blank, 5] = (heads - blank).astype(np.int64).view(np.uint64)
        self.doc.from_array(_ATTRIBUTES, self._table)  # type: ignore[arg-type]  # the stub does not know unsigned
        self.doc.set_ents(self._names, default="outside")
