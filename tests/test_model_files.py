"""A model that is missing, damaged or made for another version says so, and how to mend it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.about import __version__ as spacy_version
from spacy.vocab import Vocab

from graphwright.errors import ModelError, ModelWarning
from graphwright.language import EMBEDDED, load, package
from graphwright.language.encoder import FORMAT, Encoder

COMPONENT = "graphwright_encoder"
FILES = ("model.onnx", "tokenizer.json", "labels.json", "lemmas.json", "chains.json")
NETWORK = (EMBEDDED / COMPONENT / "model.onnx").read_bytes()


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A copy of the embedded model."""
    return Path(shutil.copytree(EMBEDDED, tmp_path / "model"))


def edit(path: Path, **values: object) -> None:
    """Change values at the top of a JSON file."""
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | values), encoding="utf-8")


def told(model: Path) -> str:
    """What is said of a model that cannot be loaded."""
    with pytest.raises(ModelError) as caught:
        load(str(model))
    what, where, mend = caught.value.args
    assert "\n" not in what
    assert str(model) in where or COMPONENT in where
    assert mend
    return f"{what} / {mend}"


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_told(model: Path, name: str) -> None:
    (model / COMPONENT / name).unlink()
    assert told(model).startswith(f"the language model lacks {name} / install graphwright again, or train")


def test_a_component_without_a_manifest_is_an_older_one(model: Path) -> None:
    (model / COMPONENT / package.MANIFEST).unlink()
    assert "made for another version / install the version that the model was made for" in told(model)


def test_a_component_without_files_lacks_them_all(model: Path) -> None:
    shutil.rmtree(model / COMPONENT)
    assert "lacks manifest.json, model.onnx, tokenizer.json, labels.json, lemmas.json, chains.json" in told(model)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize(
    "harm",
    [lambda data: data[:-100], lambda data: data[: len(data) // 2], lambda data: b"", lambda data: b"\0" + data[1:]],
    ids=["cut short", "cut in half", "emptied", "a byte changed"],
)
def test_a_damaged_file_is_told(model: Path, name: str, harm: Callable[[bytes], bytes]) -> None:
    """Before any text is read, and not by an answer that is nonsense."""
    path = model / COMPONENT / name
    path.write_bytes(harm(path.read_bytes()))
    assert f"the language model is damaged: {name} is not what manifest.json says / install" in told(model)


@pytest.mark.parametrize(
    "manifest", ["", "{", "[]", "7", "{}", '{"format": 1}', '{"format": 1, "sha256": 7}', "[" * 9999]
)
def test_a_damaged_manifest_is_told(model: Path, manifest: str) -> None:
    (model / COMPONENT / "manifest.json").write_text(manifest)
    assert told(model).startswith("the language model is damaged: manifest.json cannot be read / install")


@pytest.mark.parametrize("other", [FORMAT + 1, 0, "next"])
def test_a_model_made_for_another_version_is_told(model: Path, other: object) -> None:
    """Whatever files that version has."""
    edit(model / COMPONENT / "manifest.json", format=other)
    (model / COMPONENT / "lemmas.json").unlink()
    assert told(model).startswith(
        f"the language model was made for format {other}, this Graphwright reads format {FORMAT} / "
        "install the version that the model was made for, or train again as training/README.md says"
    )


def renewed(model: Path, **parts: bytes) -> None:
    """Put other files into a model, as if it had been written with them."""
    folder = model / COMPONENT
    files = {name: (folder / name).read_bytes() for name in FILES}
    package.write(folder, files | {name.replace("_", "."): part for name, part in parts.items()}, format=FORMAT)


@pytest.mark.parametrize("part", [b"", b"{", b"[]", b"{}", b'{"lemma": 7}', b"\xff", b"[" * 9999])
def test_labels_and_lemmas_that_make_no_sense_are_told(model: Path, part: bytes) -> None:
    for name in ("labels_json", "lemmas_json"):
        renewed(model, **{name: part})
        assert "the language model is broken: its labels, lemmas or weights cannot be used" in told(model)


@pytest.mark.parametrize("name", ["model_onnx", "tokenizer_json"])
def test_a_network_that_the_runtime_cannot_load_is_told(model: Path, name: str) -> None:
    """It may be too new for the runtime. It is loaded with the first text."""
    renewed(model, **{name: b"{}"})
    with pytest.raises(ModelError, match="its network or tokenizer cannot be used") as caught:
        load(str(model))("Hello.")
    assert "a newer onnxruntime or tokenizers may be needed" in caught.value.args[2]


@pytest.mark.parametrize("name", ["meta.json", "config.cfg", "tokenizer", "vocab/strings.json"])
@pytest.mark.parametrize("harm", [lambda data: data[: len(data) // 2], lambda data: b""], ids=["cut", "emptied"])
def test_a_damaged_pipeline_is_told(model: Path, name: str, harm: Callable[[bytes], bytes]) -> None:
    path = model / name
    path.write_bytes(harm(path.read_bytes()))
    assert "the language model cannot be loaded: " in told(model)


def test_a_folder_or_file_that_is_no_pipeline_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for place in (tmp_path, tmp_path / "file"):
        with pytest.raises(ModelError, match="to mend: give the folder of a spaCy pipeline") as caught:
            load(str(place))
        assert caught.value.args[0].startswith("the language model cannot be loaded: ")


@pytest.mark.parametrize("name", ["no_such_model", "no/such/model", "no such model", "", "é"])
def test_a_missing_model_is_told(name: str) -> None:
    """In our words, not in those of spaCy."""
    with pytest.raises(ModelError) as caught:
        load(name)
    what = "the language model cannot be loaded: " if Path(name).exists() else "there is no such language model"
    assert caught.value.args[0].startswith(what)
    assert "to mend: give the folder of a spaCy pipeline or the name of an installed one" in str(caught.value)


def test_the_embedded_model_that_is_missing_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graphwright.language.EMBEDDED", tmp_path / "none")
    with pytest.raises(ModelError, match="the embedded language model is missing") as caught:
        load()
    assert "install graphwright again" in caught.value.args[2]


def test_a_model_made_for_another_spacy_gives_a_warning_in_our_words(model: Path) -> None:
    edit(model / "meta.json", spacy_version=">=2.3,<2.4")
    with pytest.warns(ModelWarning) as caught:
        load(str(model))
    (warning,) = caught
    assert str(warning.message).startswith(
        f"{model}: the language model was made for spaCy >=2.3,<2.4, and {spacy_version} is installed (it may "
    )


@pytest.mark.parametrize("version", [">=3.8,<3.9", ">=3.0"])
def test_a_model_made_for_this_spacy_gives_no_warning(model: Path, version: str) -> None:
    edit(model / "meta.json", spacy_version=version)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        load(str(model))


def test_the_command_line_says_what_is_wrong_with_a_model(model: Path) -> None:
    (model / COMPONENT / "model.onnx").write_bytes(NETWORK[:1000])
    (model.parent / "a.txt").write_text("Mia Rand visited Oslo.")
    command = [sys.executable, "-m", "graphwright.cli", "extract", "a.txt", "--model", "model"]
    done = subprocess.run(command, cwd=model.parent, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: the language model is damaged: model.onnx is not what manifest.json says\n")
    assert f"  where: {Path('model') / COMPONENT}\n  to mend: install graphwright again, or train" in done.stderr


@given(st.dictionaries(st.sampled_from(FILES), st.binary(max_size=40), min_size=1), st.integers(0, 9))
@settings(max_examples=50, deadline=None)
def test_what_is_written_is_what_is_read(
    tmp_path_factory: pytest.TempPathFactory, parts: dict[str, bytes], n: int
) -> None:
    folder = tmp_path_factory.mktemp("model") / "component"
    package.write(folder, parts, format=n)
    assert package.read(folder, list(parts), format=n) == parts
    with pytest.raises(ModelError, match="made for format"):
        package.read(folder, list(parts), format=n + 1)


def test_a_component_is_written_as_it_was_read(tmp_path: Path) -> None:
    """So a pipeline that was changed and saved again has its manifest."""
    folder = EMBEDDED / COMPONENT
    Encoder(Vocab(), COMPONENT).from_disk(folder).to_disk(tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {
        path.name: path.read_bytes() for path in folder.iterdir()
    }
