"""kill -9 at a hundred random moments of a run with --resume: in the end all is as after an unbroken run."""

from __future__ import annotations

import gzip
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.rows import STORY
from tests.running import PAGE, ROOT

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")

KILLS = 100
FILES = 60
SMALL = str(ROOT / "tests" / "fixtures" / "bundles" / "format-1")  # a bundle that explains itself quickly
# Loads the model once and forks for each run, since a hundred starts of Python would take minutes. A row: the seconds
# after which the run is killed, or null, and the arguments of the command. The answer: its exit code, or minus the
# signal that ended it.
RUNNER = """
import json, os, signal, sys, time
from pathlib import Path
from linesift.cli import main
from linesift.tagging import loaded
model = loaded(Path(sys.argv[1]))
model.first.booster, model.second.booster  # which reasons need
for row in sys.stdin:
    seconds, arguments = json.loads(row)
    process = os.fork()
    if not process:
        code = 70
        try:
            main(arguments)
        except SystemExit as end:
            code = end.code
        finally:
            os._exit(code)
    if seconds is not None:
        time.sleep(seconds)
        os.kill(process, signal.SIGKILL)
    print(os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]), flush=True)
"""


class Runner:
    """Runs the command, and kills it."""

    def __init__(self) -> None:
        program = [sys.executable, "-c", RUNNER, SMALL]
        self._process = subprocess.Popen(program, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def __call__(self, source: Path, target: Path, seconds: float | None = None) -> int:
        """The exit code of a run into a folder, with what is kept and what is removed, or minus the signal."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        kept, removed = target / "kept", target / "removed"
        command = ["predict", "-q", "--model", SMALL, source, "--output", kept, "--removed", removed, "--resume"]
        self._process.stdin.write(json.dumps([seconds, list(map(str, command))]) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def end(self) -> None:
        self._process.communicate()


@pytest.fixture
def runner() -> Iterator[Runner]:
    runner = Runner()
    yield runner
    runner.end()


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Many small files, so that most moments are those at which one is written; some are packed, a few are longer."""
    page = PAGE.read_text("utf-8")
    for number in range(FILES):
        path = tmp_path / "in" / str(number % 5) / f"{number}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        text = page * 2 if number % 20 == 0 else f"{STORY} {number}\n"
        if number % 7 == 0:
            path.with_suffix(".txt.gz").write_bytes(gzip.compress(text.encode(), mtime=0))
        else:
            path.write_text(text, "utf-8")
    return tmp_path / "in"


def contents(folder: Path) -> dict[str, bytes]:
    """All files, the note of the run, which names its folders, left out."""
    paths = [path for path in folder.rglob("*") if path.is_file() and path.name != ".linesift.json"]
    return {str(path.relative_to(folder)): path.read_bytes() for path in paths}


def test_a_hundred_kills_lose_and_double_nothing(runner: Runner, source: Path, tmp_path: Path) -> None:
    assert runner(source, tmp_path / "first") == 0
    began = time.monotonic()
    assert runner(source, tmp_path / "whole") == 0
    longest = time.monotonic() - began
    whole = contents(tmp_path / "whole")
    assert len(whole) == 2 * FILES
    moments = random.Random(0)
    resumed, kills, amid = tmp_path / "resumed", 0, 0
    while kills < KILLS:
        code = runner(source, resumed, moments.uniform(0, longest * 0.8))
        found = contents(resumed)
        visible = {name: content for name, content in found.items() if not Path(name).name.startswith(".")}
        assert visible.items() <= whole.items()  # each whole, or not there
        kills += code == -signal.SIGKILL
        amid += code == -signal.SIGKILL and 0 < len(visible) < len(whole)
        if code != -signal.SIGKILL:  # it came to its end before it was killed
            assert (code, found) == (0, whole)
            shutil.rmtree(resumed)
    assert amid >= KILLS // 10
    assert runner(source, resumed) == 0
    assert contents(resumed) == whole
