"""Any text: every plane, storms of marks, endless lines; always a label a line."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings

import linesift
from linesift.classifier import LineClassifier
from tests.conftest import ROOT
from tests.fuzz.promises import check_document
from tests.fuzz.texts import hostile_texts

MODEL = linesift.load()
SEEDS = sorted((ROOT / "tests" / "fuzz" / "seeds").iterdir())


@settings(max_examples=60)
@given(hostile_texts())
def test_any_text_keeps_the_promises(text: str) -> None:
    check_document(MODEL, text)


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed.name)
def test_what_fuzzing_met_keeps_the_promises(model: LineClassifier, seed: Path) -> None:
    check_document(model, seed.read_bytes().decode("utf-8", "surrogateescape"))


STORY = "The river rose by two metres overnight, and by morning the lower fields stood under water. "


@pytest.mark.parametrize(
    "text",
    [
        STORY * 50_000,
        "x" * 3_000_000,
        "河水上涨" * 500_000,
        "a" + "\u0301\u0327" * 1_000_000,
        "\u202e" * 1_000_000,
        "[](" * 500_000 + "www." * 500_000,
        "cookie " * 300_000,
        "a\n" * 30_000,
        "\n" * 300_000,
        "Accept all cookies\n" * 10_000,
    ],
    ids=["line", "word", "ideographs", "marks", "bidi", "links", "phrase", "letters", "blank", "copies"],
)
def test_large_documents_pass(model: LineClassifier, text: str) -> None:
    check_document(model, text)


def test_no_regular_expression_can_be_made_to_backtrack() -> None:
    """There is none: what reads text is table lookups and searches in arrays. files.py matches names of files alone."""
    for path in set((ROOT / "linesift").rglob("*.py")) - {ROOT / "linesift" / "files.py"}:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            imported = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            imported += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not {"re", "regex", "fnmatch"} & set(imported), path


def test_an_input_that_cannot_be_read_or_vanishes_is_a_bad_record(tmp_path: Path) -> None:
    """A link to itself stands for a file that cannot be read, since root may read all others."""
    (tmp_path / "loop.txt").symlink_to(tmp_path / "loop.txt")
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nowhere")
    (tmp_path / "good.txt").write_text(STORY)
    program = [sys.executable, "-m", "predict", *sorted(tmp_path.iterdir())]
    done = subprocess.run(program, cwd=ROOT, capture_output=True, check=False)
    assert (done.returncode, done.stdout.decode()) == (1, STORY + "\n")
    assert b"loop.txt: Too many levels of symbolic links" in done.stderr
    assert b"gone.txt: No such file" in done.stderr
    assert b"2 bad records skipped" in done.stderr


def test_a_full_disk_is_named_and_leaves_no_traceback(tmp_path: Path) -> None:
    (tmp_path / "good.txt").write_text(STORY)
    with Path("/dev/full").open("wb") as full:
        program = [sys.executable, "predict.py", tmp_path / "good.txt"]
        done = subprocess.run(program, cwd=ROOT, stdout=full, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 1
    assert "No space left on device" in done.stderr.decode()
    assert "Traceback" not in done.stderr.decode()
