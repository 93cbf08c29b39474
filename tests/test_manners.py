"""linesift predict in company: progress, quiet and verbose runs, Ctrl-C, memory, completion."""

from __future__ import annotations

import json
import operator
import os
import signal
import struct
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from linesift.cli import main
from linesift.cli.predict import EXAMPLES, HELP
from linesift.parallel import AHEAD, in_order
from tests.running import COMMAND, PAGE, ROOT, TEXT, predict, start

LONG = 300.0  # seconds, after which something hangs
ROW = json.dumps({"text": TEXT}).encode() + b"\n"


def test_the_summary_counts_what_was_done() -> None:
    rows = json.dumps({"text": "Accept all cookies\n\nShare"}).encode() + b"\n[]\n" + ROW
    done = predict("--format", "jsonl", "--drop-pattern", "^Share", input=rows)
    kept = sum(label == "article" for row in done.rows for label in row["labels"])
    noise = sum(label == "noise" for row in done.rows for label in row["labels"])
    by_rule = sum(line.startswith("Share") for row in done.rows for line in row["text"].split("\n"))
    assert (
        f"linesift: 2 documents, {kept + noise} lines: {kept} kept, {noise} removed "
        f"(the model {noise - by_rule}, drop rules {by_rule}); 1 suspicious; " in done.stderr
    )
    assert done.stderr.endswith("lines/s\nlinesift: 1 bad record skipped\n")


def test_with_reasons_the_summary_says_what_mattered(tmp_path: Path) -> None:
    done = predict(PAGE, "--removed", tmp_path / "removed.jsonl")
    assert "(the model" not in done.stderr
    assert "removed (" in done.stderr


def test_quiet_runs_say_only_what_is_bad(tmp_path: Path) -> None:
    (tmp_path / "latin.txt").write_bytes(
        "Die Fähre fährt wieder, sagte der Bürgermeister von Köln. ".encode("cp1252") * 2
    )
    assert predict("-q", tmp_path / "latin.txt", "-o", tmp_path / "out").stderr == ""
    assert predict("-q", tmp_path / "missing").stderr.startswith(f"linesift: {tmp_path / 'missing'}: No such file")


def test_verbose_runs_name_what_is_done(tmp_path: Path) -> None:
    done = predict("-v", PAGE, tmp_path / "missing")
    assert f"linesift: {PAGE}: done\n" in done.stderr
    assert f"linesift: {tmp_path / 'missing'}: not read to its end\n" in done.stderr


def test_progress_is_shown_on_a_terminal_only_and_only_when_it_takes_long(tmp_path: Path) -> None:
    pty = pytest.importorskip("pty")
    fcntl, termios = pytest.importorskip("fcntl"), pytest.importorskip("termios")
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("4H", 24, 80, 0, 0))  # a bar has no room in a new one
    running = start("--format", "jsonl", "-o", tmp_path / "out", stdin=subprocess.PIPE, stderr=theirs)
    os.close(theirs)
    os.set_blocking(ours, False)
    shown = b""
    deadline = time.monotonic() + LONG
    while b" documents" not in shown:  # the bar: there is no other text in which that stands before the end
        assert time.monotonic() < deadline
        assert running.poll() is None
        running.stdin.write(ROW * 200)
        running.stdin.flush()
        try:
            shown += os.read(ours, 10_000)
        except BlockingIOError:
            time.sleep(0.05)
    running.kill()
    running.communicate()
    os.close(ours)
    assert b"documents/s" in shown
    assert b"documents/s" not in start(PAGE, stdout=subprocess.PIPE, stderr=subprocess.PIPE).communicate()[1]


@pytest.mark.parametrize("jobs", [1, 2])
def test_ctrl_c_ends_with_130_and_leaves_no_half_file(jobs: int, tmp_path: Path) -> None:
    target = tmp_path / "out.jsonl"
    running = subprocess.Popen(
        [*COMMAND, "predict", "--format", "jsonl", "--jobs", str(jobs), "-o", target],
        cwd=ROOT, stdin=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip
    while not any(path.stat().st_size for path in tmp_path.iterdir()):  # some of it is written
        assert running.poll() is None
        running.stdin.write(ROW * 400)
        running.stdin.flush()
    os.killpg(running.pid, signal.SIGINT)  # as a terminal does: to all processes of the run
    _, stderr = running.communicate()
    assert (running.returncode, stderr) == (130, b"linesift: interrupted\n")
    assert list(tmp_path.iterdir()) == []


def test_ctrl_c_while_a_command_is_imported_ends_with_130(monkeypatch: pytest.MonkeyPatch) -> None:
    def pressed(name: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("linesift.cli.import_module", pressed)
    done = CliRunner().invoke(main, ["predict"])
    assert (done.exit_code, done.stderr) == (130, "linesift: interrupted\n")


@pytest.mark.parametrize("jobs", [1, 2])
def test_input_is_read_no_further_ahead_than_a_few_batches(jobs: int) -> None:
    read = 0

    def numbers() -> Iterator[int]:
        nonlocal read
        for number in range(50):
            read += 1
            yield number

    for place, result in enumerate(in_order(operator.neg, numbers(), jobs)):
        assert result == -place
        assert read <= place + AHEAD * jobs
    assert read == 50


def test_help_has_every_option_and_examples() -> None:
    text = predict("--help").stdout.decode()
    assert all(line.strip() in text for line in EXAMPLES.split("\n") if line.strip().startswith("linesift"))
    assert "".join(HELP["removed"].split()) in "".join(text.split())


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_shells_get_their_completion(shell: str) -> None:
    program = [*COMMAND[:2], "from linesift.cli import main; main(prog_name='linesift')"]
    environment = {**os.environ, "_LINESIFT_COMPLETE": f"{shell}_source"}
    done = subprocess.run(program, env=environment, cwd=ROOT, capture_output=True, check=False)
    assert done.returncode == 0
    assert f"_LINESIFT_COMPLETE={shell}_complete" in done.stdout.decode()


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_the_work_raises_comes_after_the_results_before_it(jobs: int) -> None:
    results = in_order(int, ["1", "2", "three", "4"], jobs)
    assert [next(results), next(results)] == [1, 2]
    with pytest.raises(ValueError, match="three"):
        next(results)


def test_a_result_that_cannot_leave_its_process_is_an_error() -> None:
    with pytest.raises(TypeError, match="memoryview"):
        list(in_order(memoryview, [b"no data", b"nor this"], 2))
