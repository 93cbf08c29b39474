"""The benchmark as a user starts it, on a few lines: its tables are whole."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.conftest import ROOT

pytest.importorskip("fasttext", reason="needs the extra benchmarks")
pytest.importorskip("justext", reason="needs the extra benchmarks")
pytest.importorskip("matplotlib", reason="needs the extra benchmarks")


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("benchmarks")
    program = [sys.executable, "-m", "benchmarks", "--lines", "300", "--largest", "1000", "--output", str(output)]
    subprocess.run(program, cwd=ROOT, check=True, capture_output=True)
    return output


def rows(path: Path) -> dict[str, list[str]]:
    """The cells of a Markdown table by the first of each row."""
    lines = [line for line in path.read_text("utf-8").splitlines() if line.startswith("| ")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return {first: rest for first, *rest in cells}


def test_every_peer_has_a_row_with_speed_memory_and_accuracy(results: Path) -> None:
    table = rows(results / "peers.md")
    peers = ["linesift", "fastText", "jusText", "TF-IDF + logistic regression", "C4 line rules"]
    assert [name for name in table if name] == peers
    for name in peers:
        speed, characters, peak, macro_f1 = (float(cell.replace(",", "")) for cell in table[name])
        assert speed > 0
        assert characters >= 0
        assert peak > 10
        assert 0.3 < macro_f1 < 1.0


def test_the_stages_add_up_to_the_whole(results: Path) -> None:
    text = (results / "stages.md").read_text("utf-8")
    whole, parts = text.split("| of the features of lines")
    assert "trees of the first pass" in whole
    assert "phrases" in parts
    figures = [float(line.split("|")[2]) for line in whole.splitlines() if line.startswith("| ") and "µs" not in line]
    *stages, together = figures
    assert together == pytest.approx(sum(stages), abs=0.05)


def test_plots_and_scaling_are_written(results: Path) -> None:
    assert "| 500 |" in (results / "scaling.md").read_text("utf-8")
    for name in ("peers.png", "scaling.png"):
        assert (results / name).read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("line", "dropped"),
    [
        ("The ferry sailed at noon and came back before dark.", False),
        ("Share this", True),
        ("The ferry sailed at noon and came back", True),
        ("This site uses cookies to keep you signed in.", True),
        ("Too short a line.", True),
    ],
)
def test_the_line_rules_are_those_of_c4(line: str, dropped: bool) -> None:
    from benchmarks.competitors.c4 import is_noise

    assert is_noise(line) is dropped


def test_a_file_is_streamed_and_its_memory_watched() -> None:
    pytest.importorskip("psutil")
    from benchmarks.streaming import main

    result = CliRunner().invoke(main, ["--megabytes", "0.1", "--jobs", "2", "--runs", "2"], catch_exceptions=False)
    assert re.search(
        r"^\| 2 \| [\d,]+ \| 1\.00 \| [\d.]+ \| [\d.]+ \| \d+ \| \d+, \d+, \d+, \d+ \| [\d.]+, [\d.]+ \|$",
        result.output,
        re.MULTILINE,
    )
