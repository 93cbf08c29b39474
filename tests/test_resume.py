"""--resume: a run that was killed is gone on with, and in the end all is as if it had never been."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.rows import STORY
from tests.running import PAGE, TEXT, predict, start

FILES, ROWS = 40, 30
LONG = 300.0  # seconds, after which something hangs


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Files enough for several batches, so that some are finished when others are not."""
    folder = tmp_path / "in"
    for number in range(FILES):
        path = folder / str(number % 4) / f"{number}.jsonl"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(json.dumps({"id": [number, row], "text": TEXT}) + "\n" for row in range(ROWS)))
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("jobs", [1, 2])
def test_killed_runs_lose_and_double_nothing(jobs: int, source: Path, tmp_path: Path) -> None:
    whole, resumed = tmp_path / "whole", tmp_path / "resumed"
    assert predict(source, "--format", "jsonl", "-o", f"{whole}/").code == 0
    kills = 0
    for finished in (1, FILES // 2, FILES * 2):  # killed after the first file, and about half way
        args = [source, "--format", "jsonl", "--output", resumed, "--resume", "--jobs", jobs]
        running = start(*args, stderr=subprocess.DEVNULL)
        while running.poll() is None and len(list(resumed.rglob("[!.]*.jsonl"))) < finished:
            time.sleep(0.005)
        kills += running.poll() is None
        running.kill()
        running.wait()
        done = set(resumed.rglob("[!.]*.jsonl"))
        assert all(len(path.read_bytes().split(b"\n")) == ROWS + 1 for path in done)  # whole, or not there
    assert kills >= 1
    assert running.returncode == 0
    assert contents(resumed) == contents(whole)


def test_what_is_finished_is_not_done_again(tmp_path: Path) -> None:
    source, target, removed = tmp_path / "in", tmp_path / "out", tmp_path / "removed"
    source.mkdir()
    for name in "abc":
        (source / f"{name}.txt").write_text(f"{STORY}\nShare\n")
    args = [source, "-o", target, "--removed", removed, "--resume"]
    assert predict(*args).code == 0
    before = {path: path.stat().st_mtime_ns for path in target.rglob("*.txt")}
    (again := next(iter(before))).unlink()
    assert predict(*args).code == 0
    assert [path for path, time in before.items() if path.stat().st_mtime_ns != time] == [again]


def test_inputs_that_could_not_be_read_are_tried_again(tmp_path: Path) -> None:

    source, target = tmp_path / "in", tmp_path / "out"
    source.mkdir()
    whole = gzip.compress(STORY.encode())
    (source / "a.txt.gz").write_bytes(whole[:30])
    assert predict(source, "-o", target, "--resume").code == 1
    (source / "a.txt.gz").write_bytes(whole)
    assert predict(source, "-o", target, "--resume").code == 0
    assert gzip.decompress((target / "a.txt.gz").read_bytes()).decode() == STORY + "\n"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--mode", "strict"], "--mode or --threshold 0."),
        (["--keep", "noise"], "--keep article, not noise"),
        (["--drop-pattern", "^Share"], "rules unset, not drop rule: ^Share"),
    ],
)
def test_a_run_is_not_gone_on_with_in_another_way(options: list[str], message: str, tmp_path: Path) -> None:
    target = tmp_path / "out"
    assert predict(PAGE, "-o", f"{target}/").code == 0
    other = predict(PAGE, "-o", target, "--resume", *options)
    assert other.code == 2
    assert message in other.stderr
    assert predict(PAGE, "-o", target, *options).code == 0  # without --resume all of it is done again
    (target / ".linesift.json").write_text("{")
    assert "not the note of a run" in predict(PAGE, "-o", target, "--resume").stderr


def test_processes_end_with_the_run_that_started_them(source: Path, tmp_path: Path) -> None:
    target = tmp_path / "out"
    running = start(source, "--jobs", 2, "-o", f"{target}/", stderr=subprocess.DEVNULL)
    while not list(target.rglob("[!.]*.txt")):
        assert running.poll() is None
        time.sleep(0.01)
    pids = _workers(running)
    running.kill()
    running.wait()
    deadline = time.monotonic() + LONG
    while any(Path(f"/proc/{pid}/cmdline").exists() and b"spawn_main" in _command(pid) for pid in pids):
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.parametrize("finished", [0, 3])
def test_a_run_whose_process_is_killed_says_so_and_keeps_what_is_finished(finished: int, tmp_path: Path) -> None:
    """As the kernel does when memory runs out; in the beginning, and later. The rows are larger than a pipe holds."""
    source, target = tmp_path / "in", tmp_path / "out"
    source.mkdir()
    row = json.dumps({"text": f"{STORY} " * 8_000}) + "\n"
    for number in range(24):
        (source / f"{number}.jsonl").write_text(row)
    args = [source, "--format", "jsonl", "--output", target, "--resume", "--jobs", 2]
    running = start(*args, stderr=subprocess.PIPE)
    while len(list(target.rglob("[!.]*.jsonl"))) < finished:
        assert running.poll() is None
        time.sleep(0.005)
    os.kill(int(_workers(running)[0]), signal.SIGKILL)
    _, stderr = running.communicate(timeout=300)
    assert running.returncode == 1
    assert stderr.decode().endswith(
        "Error: a process was killed by signal 9, perhaps for lack of memory; try fewer --jobs; "
        "what is finished stays, go on with --resume\n"
    )
    whole = {path: path.stat().st_mtime_ns for path in target.rglob("[!.]*.jsonl")}
    assert finished <= len(whole) < 24
    assert predict(*args).code == 0
    assert {path: path.stat().st_mtime_ns for path in whole} == whole
    assert len({path.read_bytes() for path in target.rglob("[!.]*.jsonl")}) == 1
    assert len(contents(target)) == 24 + 1  # and the note of the run


def _workers(running: subprocess.Popen[bytes]) -> list[str]:
    """The process ids of a run's two workers, as soon as they are there."""
    children = Path(f"/proc/{running.pid}/task/{running.pid}/children")
    if not children.exists():
        pytest.skip("this system does not list the children of a process")
    pids: list[str] = []
    while len(pids) < 2:
        assert running.poll() is None
        pids = [pid for pid in children.read_text().split() if b"spawn_main" in _command(pid)]
    return pids


def _command(pid: str) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def test_what_another_run_left_is_not_taken_for_finished(tmp_path: Path) -> None:
    source, target, whole = tmp_path / "in", tmp_path / "out", tmp_path / "whole"
    source.mkdir()
    for name in "abc":
        (source / f"{name}.txt").write_text(TEXT)
    assert predict(source, "-o", f"{target}/", "--mode", "careful").code == 0
    assert predict(source / "a.txt", "-o", f"{target}/", "--mode", "strict").code == 0  # as if it had been stopped
    assert predict(source, "-o", target, "--mode", "strict", "--resume").code == 0
    assert predict(source, "-o", f"{whole}/", "--mode", "strict").code == 0
    assert contents(target) == contents(whole)


def test_a_note_that_is_none_says_so(tmp_path: Path) -> None:
    (tmp_path / ".linesift.json").write_text("[]")
    done = predict(PAGE, "-o", tmp_path, "--resume")
    assert (done.code, "not the note of a run" in done.stderr) == (2, True)
