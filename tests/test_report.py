"""The report of a training, and that a training can be repeated to the byte."""

import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from linesift.corpus import LabelledDocument
from linesift.measured import Measured, calibration_bins, expected_calibration_error, ranking_by_row, recall_by_kind
from tests.conftest import ROOT

QUICK = ("--folds", "3", "--first-trees", "8", "--second-trees", "8", "--leaves", "7", "--planted", "0.1")
PNG = b"\x89PNG\r\n\x1a\n"


def train(folder: Path) -> None:
    """Train on the starter corpus as a user does, with few trees; bundle and report go to the folder."""
    program = [sys.executable, "train.py", *QUICK, "--output", folder / "bundle", "--report", folder / "report"]
    done = subprocess.run(list(map(str, program)), cwd=ROOT, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()


@pytest.fixture(scope="module")
def two_trainings(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folders = tmp_path_factory.mktemp("one"), tmp_path_factory.mktemp("two")
    for folder in folders:
        train(folder)
    return folders


def test_two_trainings_on_the_starter_corpus_give_the_same_bytes(two_trainings: tuple[Path, Path]) -> None:
    one, two = two_trainings
    names = [path.relative_to(one) for path in sorted(one.rglob("*")) if path.is_file()]
    assert Path("bundle/manifest.json") in names
    for name in names:
        assert (one / name).read_bytes() == (two / name).read_bytes(), name


def test_the_manifest_says_what_a_bundle_was_trained_on(two_trainings: tuple[Path, Path]) -> None:
    manifest = json.loads((two_trainings[0] / "bundle" / "manifest.json").read_text("utf-8"))
    starter = sorted((ROOT / "data").glob("starter-*.jsonl"))
    assert set(manifest["training_files"]) == {"noise/", *(path.name for path in starter)}
    for path in starter:
        assert manifest["training_files"][path.name] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert manifest["options"]["boosting"]["seed"] == 0
    assert len(manifest["documents_sha256"]) == 64


def test_the_report_shows_its_plots(two_trainings: tuple[Path, Path]) -> None:
    folder = two_trainings[0] / "report"
    text = (folder / "report.md").read_text("utf-8")
    images = re.findall(r"!\[.+?\]\((.+?)\)", text)
    assert set(images) == {path.name for path in folder.glob("*.png")}
    assert {re.sub("cross-validation-", "", name) for name in images} == {
        "precision-recall.png", "calibration.png", "scores.png", "importance.png"
    }  # fmt: skip
    for name in images:
        assert (folder / name).read_bytes().startswith(PNG)
    assert "| starter/full |" in text
    assert "| consent |" in text
    assert "Expected calibration error 0." in text


def test_the_bundle_keeps_the_report_without_plots(two_trainings: tuple[Path, Path]) -> None:
    bundle = two_trainings[0] / "bundle"
    assert "| lexicon |" in (bundle / "report.md").read_text("utf-8")
    assert not list(bundle.glob("*.png"))
    assert "![" not in (bundle / "report.md").read_text("utf-8")


def test_a_report_without_matplotlib_is_refused_before_the_training(tmp_path: Path) -> None:
    program = (
        "import sys; sys.modules['matplotlib'] = None; from linesift.cli import main; "
        f"main(['train', '--report', {str(tmp_path / 'report')!r}, '--output', {str(tmp_path / 'bundle')!r}])"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, check=False)
    assert done.returncode == 2
    assert "pip install 'linesift[report]'" in done.stderr.decode()
    assert list(tmp_path.iterdir()) == []


def measured(labels: list[int | None], scores: list[float], kinds: tuple[str | None, ...] = ()) -> Measured:
    lines = tuple(f"line {n}" for n in range(len(labels)))
    document = LabelledDocument("a", lines, tuple(labels), source="s", view="v", kinds=kinds)
    return Measured("Test", [document], [np.array(scores)])


def test_expected_calibration_error_by_hand() -> None:
    # Bin 0.0 to 0.1: two lines, mean score 0.05, no noise. Bin 0.9 to 1.0: mean 0.95, half is noise.
    lines = measured([1, 1, 0, 1, None], [0.0, 0.1 - 1e-9, 0.9, 1.0, 0.5]).lines
    assert calibration_bins(lines)["lines"].tolist() == [2, 2]
    assert calibration_bins(lines).index.tolist() == ["0.0 to 0.1", "0.9 to 1.0"]
    assert expected_calibration_error(lines) == pytest.approx(0.5 * 0.05 + 0.5 * 0.45)


def test_ranking_and_kinds_by_hand() -> None:
    part = measured([0, 1, 0, 0], [0.9, 0.8, 0.7, np.nan], ("app", None, "date", "date"))
    (row,) = ranking_by_row(part.lines).itertuples()
    assert (row.Index, row.lines) == ("s/v", 3)
    assert row.average_precision == pytest.approx((1 + 2 / 3) / 2)
    found = recall_by_kind(part.lines, threshold=0.8)
    assert found["recall"].to_dict() == {"app": 1.0, "date": 0.0}


def test_rows_of_one_label_have_no_ranking() -> None:
    assert len(ranking_by_row(measured([1, 1], [0.1, 0.2]).lines)) == 0
