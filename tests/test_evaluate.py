"""linesift evaluate, against figures computed by hand and against the script that states the goals."""

import bz2
import gzip
import lzma
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

import linesift
from linesift.cli import main
from tests.conftest import SHARED, Run, needs_shared
from tests.rows import write_rows


def test_the_table_by_hand(command: Run, tmp_path: Path) -> None:
    gold = write_rows(
        tmp_path / "gold.jsonl",
        [
            {"id": "1", "source": "s", "view": "v", "lines": ["a"] * 4, "labels": [1, 1, 0, None]},
            {"id": "2", "source": "s", "view": "v", "lines": ["a"] * 3, "labels": [0, 0, 1], "split": "valid"},
        ],
    )
    predictions = write_rows(
        tmp_path / "predictions.jsonl",
        [{"id": "1", "noise": [0.1, 0.7, 0.5, 0.9]}, {"id": "2", "noise": [0.9, 0.2, 0.3]}],
    )
    done = command("evaluate", gold, "--predictions", predictions)
    assert done.returncode == 0, done.stderr
    # Article: 2 kept, 1 lost, 1 noise line kept; noise: 2 found.
    assert done.stdout.decode().split("\n")[1].split() == ["s/v", *["0.667"] * 7, "6", "2"]
    done = command("evaluate", gold, "--predictions", predictions, "--split", "valid", "--by", "split")
    assert done.stdout.decode().split("\n")[1].split()[0] == "valid"


def test_wrong_usage(command: Run, tmp_path: Path) -> None:
    gold = write_rows(tmp_path / "gold.jsonl", [{"id": "1", "lines": ["a"], "labels": [1]}])
    assert command("evaluate", gold, "--by", "colour").returncode == 2
    predictions = write_rows(tmp_path / "predictions.jsonl", [{"id": "1", "noise": []}])
    done = command("evaluate", gold, "--predictions", predictions)
    assert (done.returncode, b"no prediction for each line of 1" in done.stderr) == (2, True)
    assert command("evaluate", tmp_path / "missing.jsonl").returncode == 1


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_predictions_that_cannot_be_read_are_wrong_usage(
    pack: Callable[[bytes], bytes], command: Run, tmp_path: Path
) -> None:
    gold = write_rows(tmp_path / "gold.jsonl", [{"id": "1", "lines": ["a"], "labels": [1]}])
    whole = pack(b"".join(b'{"id": "%d", "noise": [0.5]}\n' % n for n in range(1000)))
    broken = whole[:60] + bytes(len(whole) - 60)
    for content, message in ((whole[:-20], ""), (broken, ""), (b'{"id": "1", "noise": 0.5}', "no prediction for")):
        (tmp_path / "scores").write_bytes(content)
        done = command("evaluate", gold, "--predictions", tmp_path / "scores")
        assert (done.returncode, done.stdout) == (2, b"")
        assert f"Error: {tmp_path / 'scores'}: {message}" in done.stderr.decode()
    assert b"No such file" in command("evaluate", gold, "--predictions", tmp_path / "missing").stderr


def test_zstandard_without_its_library_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("compression.zstd", "backports.zstd"):
        monkeypatch.setitem(sys.modules, name, None)
    packed = tmp_path / "gold.jsonl.zst"
    packed.write_bytes(b"\x28\xb5\x2f\xfd and more")
    gold = write_rows(tmp_path / "gold.jsonl", [{"id": "1", "lines": ["a"], "labels": [1]}])
    for args, code in (
        (["evaluate", packed], 1),
        (["train", "--check", "--corpus", packed], 1),
        (["evaluate", gold, "--predictions", packed], 2),
    ):
        done = CliRunner().invoke(main, list(map(str, args)))
        assert done.exit_code == code, done.output
        assert f"{packed}: a Zstandard file (.zst) needs a library that is not installed: pip install" in done.stderr


@needs_shared
def test_the_table_agrees_with_the_script(command: Run, tmp_path: Path) -> None:
    gold = [SHARED / "corpora" / f"{name}.jsonl.gz" for name in ("fundus", "challenge-consent")]
    saved = tmp_path / "predictions.jsonl"
    ours = command("evaluate", *gold, "--save-predictions", saved, "--split", "valid")
    assert ours.returncode == 0, ours.stderr
    script = [sys.executable, SHARED / "tools" / "score.py", *gold, "--predictions", saved, "--split", "valid"]
    theirs = subprocess.run(script, capture_output=True, check=True)
    assert ours.stdout == theirs.stdout


def test_documents_that_predictions_cannot_tell_apart_are_refused(command: Run, tmp_path: Path) -> None:
    files = []
    for name in "ab":
        (tmp_path / name).mkdir()
        files.append(write_rows(tmp_path / name / "gold.jsonl", [{"lines": ["a", "b"], "labels": [1, 0]}]))
    done = command("evaluate", *files, "--save-predictions", tmp_path / "scores")
    assert (done.returncode, b"have the id 'gold.jsonl:1'" in done.stderr) == (2, True)
    twice = write_rows(tmp_path / "twice", [{"id": "gold.jsonl:1", "noise": [0.1, 0.9]}] * 2)
    done = command("evaluate", files[0], "--predictions", twice)
    assert (done.returncode, b"an id stands there twice" in done.stderr) == (2, True)


def test_a_split_that_no_document_has_is_wrong_usage(command: Run, tmp_path: Path) -> None:
    gold = write_rows(tmp_path / "gold.jsonl", [{"id": 0, "lines": ["a"], "labels": [1], "split": "valid"}])
    done = command("evaluate", gold, "--split", "vaild")
    assert (done.returncode, b"no document has the split 'vaild'" in done.stderr) == (2, True)
    predictions = write_rows(tmp_path / "predictions.jsonl", [{"id": 0, "noise": [0.5]}])
    assert command("evaluate", gold, "--predictions", predictions).returncode == 0


def test_a_mode_has_its_threshold(command: Run, tmp_path: Path) -> None:
    careful = linesift.load(mode="careful").threshold
    gold = write_rows(tmp_path / "gold.jsonl", [{"id": "1", "lines": ["a", "b"], "labels": [1, 0]}])
    scores = write_rows(tmp_path / "scores", [{"id": "1", "noise": [careful - 0.001, careful]}])
    at_half, careful_mode = (
        command("evaluate", gold, "--predictions", scores, *options).stdout.decode().split("\n")[1].split()[1:8]
        for options in ((), ("--mode", "careful"))
    )
    assert at_half != careful_mode == ["1.000"] * 7
