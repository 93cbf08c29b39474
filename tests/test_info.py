"""linesift info: what a person and a program are told of a bundle."""

import hashlib
import json
import os
from pathlib import Path

from linesift.bundle import load_default, save_bundle
from linesift.native import is_compiled
from tests.conftest import ROOT, Run

DEFAULT = ROOT / "linesift" / "models" / "default"


def test_it_names_versions_thresholds_features_and_tables(command: Run) -> None:
    result = command("info")
    out = result.stdout.decode()
    assert (result.returncode, result.stderr) == (0, b"")
    model = load_default()
    for mode, threshold in model.thresholds.items():
        assert f"{mode:<12}noise from score {threshold:.2f}" in out
    manifest = json.loads((DEFAULT / "manifest.json").read_text("utf-8"))
    assert f"lightgbm {manifest['versions']['lightgbm']}" in out
    assert f"over {len(manifest['features']['first'])} features" in out
    card = (DEFAULT / "README.md").read_text("utf-8")
    rows = [line for line in card.split("\n") if line.startswith("| dragnet/")]
    assert rows
    assert all(row in out for row in rows)


def test_it_names_each_training_file_with_its_hash(command: Run) -> None:
    training_files = json.loads((DEFAULT / "manifest.json").read_text("utf-8"))["training_files"]
    out = command("info", "--model", DEFAULT).stdout.decode()
    assert all(f"  {digest}  {name}" in out.split("\n") for name, digest in training_files.items())


def test_for_programs_it_is_the_manifest_and_what_is_counted(command: Run) -> None:
    found = json.loads(command("info", "--format", "json").stdout)
    counted = found.pop("counted")
    assert found.pop("compiled") is is_compiled()
    assert found == json.loads((DEFAULT / "manifest.json").read_text("utf-8"))
    assert found["files"]["first.txt"] == hashlib.sha256((DEFAULT / "first.txt").read_bytes()).hexdigest()
    assert sum(counted["families"].values()) == len(found["features"]["first"]) + len(found["features"]["second"])


def test_a_bundle_without_a_card_is_told_without_tables(command: Run, tmp_path: Path) -> None:
    save_bundle(load_default(), tmp_path / "mine", "")
    (tmp_path / "mine" / "README.md").unlink()
    result = command("info", "--model", tmp_path / "mine")
    assert result.returncode == 0
    assert "|" not in result.stdout.decode()


def test_what_is_no_bundle_is_wrong_usage(command: Run, tmp_path: Path) -> None:
    result = command("info", "--model", tmp_path)
    assert result.returncode == 2
    assert f"{tmp_path}/manifest.json: No such file" in result.stderr.decode()
    assert "not JSON" not in result.stderr.decode()


def test_a_card_that_is_no_text_or_no_file_does_no_harm(command: Run, tmp_path: Path) -> None:
    save_bundle(load_default(), tmp_path / "mine", "")
    (tmp_path / "mine" / "README.md").write_bytes(b"\xff")
    assert command("info", "--model", tmp_path / "mine").returncode == 0
    (tmp_path / "mine" / "README.md").unlink()
    os.mkfifo(tmp_path / "mine" / "README.md")
    assert command("info", "--model", tmp_path / "mine").returncode == 0
