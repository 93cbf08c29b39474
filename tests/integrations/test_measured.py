"""The tools that measure the adapters: benchmarks/engines.py and benchmarks/filters.py."""

import subprocess
import sys

import pytest

from linesift.corpus import LabelledDocument
from tests.conftest import ROOT


def test_engines_are_timed_and_their_scores_compared() -> None:
    pytest.importorskip("psutil", reason="part of the extra `engines`")
    pytest.importorskip("datasets")
    command = [
        sys.executable,
        "-m",
        "benchmarks.engines",
        "--documents",
        "40",
        "--workers",
        "1",
        "pandas",
        "huggingface",
        "huggingface-arrow",
    ]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    header, _, *rows = [line.strip("| ").split(" | ") for line in done.stdout.split("\n") if line.startswith("|")]
    assert [row[:2] for row in rows] == [
        ["plain", "1"],
        ["pandas", "1"],
        ["huggingface", "1"],
        ["huggingface-arrow", "1"],
    ]
    assert [row[header.index("same scores")] for row in rows] == ["yes"] * 4
    assert all(float(row[header.index("MB a worker")]) > 50 for row in rows)


def test_what_a_process_computed_counts_though_nobody_waited_for_it() -> None:
    pytest.importorskip("psutil", reason="part of the extra `engines`")
    from benchmarks.watch import watched

    work = "import time\nwhile time.process_time() < 1: pass"
    orphan = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {work!r}]).wait()"
    ignoring = f"import signal; signal.signal(signal.SIGCHLD, signal.SIG_IGN); {orphan}"
    with watched() as watch:
        before = watch.computed()
        subprocess.run([sys.executable, "-c", ignoring], check=True)
        assert watch.computed() - before > 0.8


def test_lines_that_are_left_are_found_again() -> None:
    pytest.importorskip("datatrove")
    from benchmarks.filters import count, kept_lines, plain_lines, run, steps

    assert kept_lines(["a", "b ", "", "a"], "b\na") == [False, True, False, True]
    assert kept_lines(["a", "b"], "") == [False, False]
    story = "The ferry to the island sails again on Tuesday."
    lines = [*[story] * 5, "Home", f"Menu\u2028{story}"]
    document = plain_lines(LabelledDocument("1", tuple(lines), (1, 1, 1, 1, 1, 0, 0), view="full"))
    assert document.lines[-1] == f"Menu {story}"
    size = len(story.replace(" ", ""))
    assert dict(count([document], {"0": "\n".join(document.lines[1:])})) == {
        "mine/full": [size, 5 * size, 8 + size, 8 + size]
    }
    pytest.importorskip("spacy", reason="for datatrove's English tokenizer")
    rules = run(steps("")["C4"], [document])  # which keep what ends like a sentence
    assert rules == {"0": "\n".join([*[story] * 5, document.lines[-1]])}
