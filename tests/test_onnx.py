from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from index.errors import ModelError
from qa.reading.onnx_models import MODEL_FILE, OnnxSpanModel, export_reader
from qa.reading.reader import DEFAULT_READER, TransformerReader
from qa.reading.span_models import LibrarySpanModel
from ui.cli import app

pytestmark = pytest.mark.models

PASSAGES = [
    "Anna Berg founded the harbour school in 1911.",
    "The harbour freezes in winter, and ships wait for weeks until the ice is broken.",
    "It rains.",
]
ASKED = ["Who founded the school?"], [PASSAGES]


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("onnx") / "float32"
    export_reader(DEFAULT_READER, folder)
    return folder


def test_an_exported_reader_reads_as_the_reader_does(exported: Path) -> None:
    assert isinstance(OnnxSpanModel.load(exported, exported), OnnxSpanModel)
    reader = TransformerReader.load(exported)
    exact = TransformerReader.load(precision="float32")
    (found,), (expected,) = reader.read(*ASKED), exact.read(*ASKED)
    places = [(span.passage, span.start, span.end) for span in found]
    assert places == [(span.passage, span.start, span.end) for span in expected]
    logits = [span.logit for span in expected]
    assert [span.logit for span in found] == pytest.approx(logits, abs=1e-3)
    own = exact.calibration
    assert replace(reader.calibration, reader=own.reader) == own


def test_a_model_that_has_other_weights_as_well_is_run_by_them(
    exported: Path, tmp_path: Path
) -> None:
    for file in exported.iterdir():
        (tmp_path / file.name).symlink_to(file)
    (tmp_path / "model.safetensors").touch()
    assert OnnxSpanModel.load(tmp_path, tmp_path) is None


def test_in_eight_bits_it_is_a_quarter_as_large_and_finds_the_same(
    exported: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "readers" / "int8"
    result = CliRunner().invoke(app, ["onnx", str(folder), "--int8"])
    assert result.output.endswith(f"Wrote {folder}.\n")
    sizes = [(each / MODEL_FILE).stat().st_size for each in (folder, exported)]
    assert sizes[0] / sizes[1] == pytest.approx(0.25, abs=0.02)
    (found,) = TransformerReader.load(folder).read(*ASKED)
    assert PASSAGES[0][found[0].start : found[0].end] == "Anna Berg"
    assert list(folder.parent.iterdir()) == [folder]  # and nothing else is left


def test_what_cannot_be_exported_is_named(exported: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="exists, and nothing is written over"):
        export_reader(DEFAULT_READER, exported)
    with pytest.raises(ModelError, match="nowhere: is no folder"):
        export_reader("nowhere", tmp_path / "new")
    (tmp_path / "file").write_text("")
    with pytest.raises(ModelError, match=r"cannot be written .*; name a folder that can"):
        export_reader(DEFAULT_READER, tmp_path / "file" / "new")


def test_a_model_that_the_exporter_cannot_take_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("Unsupported: aten::strange\nand much more")

    monkeypatch.setattr(LibrarySpanModel, "export_onnx", fail)
    with pytest.raises(ModelError, match=r"cannot be exported .* \(Unsupported: aten::strange\)"):
        export_reader(DEFAULT_READER, tmp_path / "new")
    assert list(tmp_path.iterdir()) == []


def test_a_broken_file_is_named(exported: Path, tmp_path: Path) -> None:
    for name in ("config.json", "tokenizer.json"):
        (tmp_path / name).write_bytes((exported / name).read_bytes())
    (tmp_path / MODEL_FILE).write_bytes(b"\x08\x01")
    with pytest.raises(ModelError, match="cannot be loaded; expected a reader that `article-qa"):
        TransformerReader.load(tmp_path)


def test_without_onnx_runtime_it_says_how_to_install_it(
    exported: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    for use in (
        lambda: TransformerReader.load(exported),
        lambda: export_reader(DEFAULT_READER, tmp_path / "new"),
    ):
        with pytest.raises(ModelError, match=r'pip install "article-qa\[onnx\]"'):
            use()
