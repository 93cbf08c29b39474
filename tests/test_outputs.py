"""What linesift predict writes: packed by name, whole or absent, and nothing of a document lost."""

from __future__ import annotations

import gzip
import json
import signal
import subprocess
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linesift.documents import restored
from linesift.streams import open_bytes
from tests.rows import STORY
from tests.running import PAGE, TEXT, predict, rows_of, start

LINES = st.lists(
    st.one_of(
        st.text(st.one_of(st.characters(), st.sampled_from("\r \t\u2028\x0c.aA。ก\ufeff")), max_size=30),
        st.sampled_from(["", "Share", "Accept all cookies", "Read more", STORY]),
    ),
    max_size=12,
)


@given(LINES)
def test_what_is_kept_and_what_is_removed_rebuild_the_input(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str]
) -> None:
    content = "\n".join(lines).encode("utf-8", "replace")
    folder = tmp_path_factory.getbasetemp()
    done = predict("--input-format", "text", "-", "-o", folder / "kept", "--removed", folder / "removed", input=content)
    assert done.code == 0
    (row,) = rows_of((folder / "removed").read_bytes())
    kept = (folder / "kept").read_bytes().decode()
    gone = {line["line"]: line["text"] for line in row["removed"]}
    assert restored(kept, gone, row["lines"]).encode() == content
    text = content.decode()
    assert row["characters"] == len(text)
    assert all(text[line["start"] : line["end"]] == line["text"] for line in row["removed"])


def test_what_is_removed_has_score_and_reason(tmp_path: Path) -> None:
    done = predict(PAGE, "--format", "jsonl", "--removed", tmp_path / "removed.jsonl.gz")
    (row,) = done.rows
    (removed,) = rows_of(gzip.decompress((tmp_path / "removed.jsonl.gz").read_bytes()))
    assert (removed["document"], removed["suspicious"]) == (str(PAGE), False)
    numbers = [number for number, label in enumerate(row["labels"], 1) if label == "noise"]
    assert [line["line"] for line in removed["removed"]] == numbers
    assert [line["score"] for line in removed["removed"]] == [row["scores"][number - 1] for number in numbers]
    assert all(line["reason"] for line in removed["removed"])
    assert "reasons" not in row


@pytest.mark.parametrize("suffix", [".gz", ".bz2", ".xz", ".zst", ""])
def test_outputs_are_packed_as_their_name_says(suffix: str, tmp_path: Path) -> None:
    target = tmp_path / f"out.txt{suffix}"
    for _ in range(2):
        assert predict(PAGE, "--keep", "all", "-o", target).code == 0
        packed = target.read_bytes()
    assert predict(PAGE, "--keep", "all", "-o", target).code == 0
    assert target.read_bytes() == packed  # nothing in it says when it was written
    with open_bytes(target) as file:
        assert file.read().decode() == TEXT
    assert (packed == TEXT.encode()) == (not suffix)


def test_a_folder_gets_a_file_for_each_input(tmp_path: Path) -> None:
    source, target, removed = tmp_path / "in", tmp_path / "out", tmp_path / "removed"
    (source / "deep").mkdir(parents=True)
    (source / "a.txt").write_text(TEXT, "utf-8")
    (source / "deep" / "b.txt.gz").write_bytes(gzip.compress(TEXT.encode()))
    (source / "deep" / "c.jsonl").write_text(json.dumps({"text": TEXT}) + "\n[]\n" + json.dumps({"text": "z"}))
    (source / "empty.jsonl").write_text("")
    (source / "cut.gz").write_bytes(gzip.compress(TEXT.encode())[:100])
    done = predict(source, "--format", "jsonl", "--output", f"{target}/", "--removed", removed)
    assert done.code == 1
    written = {str(path.relative_to(target)): path for path in target.rglob("*") if path.is_file()}
    names = {"a.txt.jsonl", "deep/b.txt.jsonl.gz", "deep/c.jsonl", "empty.jsonl", ".linesift.json"}
    assert written.keys() == names  # an input that cannot be read to its end has no output
    with open_bytes(written["deep/b.txt.jsonl.gz"]) as file:
        (packed,) = rows_of(file.read())
    (plain,) = rows_of(written["a.txt.jsonl"].read_bytes())
    assert packed["labels"] == plain["labels"]
    assert len(rows_of(written["deep/c.jsonl"].read_bytes())) == 2
    names_removed = {str(path.relative_to(removed)) for path in removed.rglob("*.jsonl")}
    assert names_removed == {
        f"{name}.removed.jsonl" for name in ("a.txt", "deep/b.txt.gz", "deep/c.jsonl", "empty.jsonl")
    }


def test_html_and_parquet_go_into_folders_too(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for name in ("a.txt", "b.txt"):
        (tmp_path / "in" / name).write_text(TEXT, "utf-8")
    for form in ("html", "parquet"):
        assert predict(tmp_path / "in", "--format", form, "-o", f"{tmp_path / form}/").code == 0
        assert sorted(path.name for path in (tmp_path / form).glob("*")) == [
            ".linesift.json",
            f"a.txt.{form}",
            f"b.txt.{form}",
        ]
    assert (tmp_path / "html" / "b.txt.html").read_text("utf-8").count("<!DOCTYPE html>") == 1


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["{in}", "-o", "{in}"], "is an input too"),
        (["{in}/a", "{in}/a.txt", "-o", "{out}/"], "would both be written"),
        (["-", "-o", "{out}/"], "standard input has no name"),
        (["{in}", "--resume"], "--resume needs --output"),
        (["{in}", "--resume", "-o", "{in}/a.txt"], "is a file"),
        (["{in}", "-o", "{out}", "--removed", "{out}"], "are the same"),
        (["{in}/a.txt", "--removed", "{out}/no/such/file"], "No such file"),
    ],
)
def test_places_that_do_not_go_together_are_wrong_usage(args: list[str], message: str, tmp_path: Path) -> None:
    source = tmp_path / "in"
    source.mkdir()
    (source / "a").write_text("a")
    (source / "a.txt").write_text("b")
    done = predict(*(arg.format(**{"in": source, "out": tmp_path / "out"}) for arg in args))
    assert done.code == 2, done.stderr
    assert message in done.stderr
    assert sorted(path.name for path in source.iterdir()) == ["a", "a.txt"]


@pytest.mark.parametrize(
    ("args", "named"),
    [
        (["page.txt", "-o", "./"], "--output: page.txt"),
        (["sub/page.txt", "-o", "sub"], "--output: sub/page.txt"),
        (["sub/page.txt", "-o", "link"], "--output: link/page.txt"),
        (["page.txt", "-o", "page.txt"], "--output: page.txt"),
        (["sub/page.txt", "page.txt", "-o", "sub/../page.txt"], "--output: sub/../page.txt"),
        (["page.txt", "--removed", "page.txt"], "--removed: page.txt"),
        (["page.txt", "page.txt.removed.jsonl", "-o", "new/", "--removed", "."], "--removed: page.txt.removed.jsonl"),
        (["sub", "-o", "new/", "--removed", "sub", "--resume"], "--removed: sub/page.txt.removed.jsonl"),
    ],
)
def test_no_input_is_overwritten(args: list[str], named: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sub").mkdir()
    (tmp_path / "link").symlink_to("sub")
    for name in ("page.txt", "page.txt.removed.jsonl", "sub/page.txt", "sub/page.txt.removed.jsonl"):
        (tmp_path / name).write_text("{}")
    before = sorted(tmp_path.rglob("*"))
    done = predict(*args)
    assert done.code == 2, done.stderr
    assert f"{named} is an input too and would be overwritten; name another place" in done.stderr
    assert sorted(tmp_path.rglob("*")) == before
    assert all(path.read_text() == "{}" for path in before if path.is_file())


def test_a_device_may_be_read_and_written() -> None:
    assert predict("/dev/null", "-o", "/dev/null").code == 0


def waits_for_input(target: Path) -> list[object]:
    """A run that has opened its output and waits for more input."""
    return [PAGE, "-", "-o", target]


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGINT])
def test_a_run_that_is_stopped_leaves_the_old_file_and_nothing_to_stumble_on(end: int, tmp_path: Path) -> None:

    target = tmp_path / "out.txt"
    target.write_text("old")
    running = start(*waits_for_input(target), stdin=subprocess.PIPE, stderr=subprocess.PIPE)
    while not list(tmp_path.glob(".out.txt.*.part")):
        assert running.poll() is None
        time.sleep(0.05)
    meanwhile = predict(PAGE, "-o", target)  # another run leaves the file of one that still writes alone
    assert meanwhile.code == 0
    assert len(list(tmp_path.iterdir())) == 2
    target.write_text("old")
    running.send_signal(end)
    _, stderr = running.communicate()
    assert target.read_text() == "old"
    if end == signal.SIGINT:
        assert (running.returncode, stderr) == (130, b"linesift: interrupted\n")
        assert [path.name for path in tmp_path.iterdir()] == ["out.txt"]
    assert predict(PAGE, "-o", target).code == 0
    assert [path.name for path in tmp_path.iterdir()] == ["out.txt"]
    assert target.read_text("utf-8").startswith("Ferry to Lindholm")


def test_a_full_device_is_named(tmp_path: Path) -> None:
    full = predict(PAGE, "-o", "/dev/full")
    assert (full.code, "No space left on device" in full.stderr) == (1, True)


def test_a_name_may_be_as_long_as_the_system_allows(tmp_path: Path) -> None:
    source = tmp_path / "in"
    source.mkdir()
    names = sorted(f"{'ü' * 120}{letter}.txt" for letter in "ab")  # 245 bytes
    for name in names:
        (source / name).write_text(TEXT)
    assert predict(source, "-o", f"{tmp_path / 'out'}/").code == 0
    assert sorted(path.name for path in (tmp_path / "out").glob("*.txt")) == names


def test_what_is_private_stays_so(tmp_path: Path) -> None:
    (tmp_path / "page.txt").touch(mode=0o600)
    assert predict(PAGE, "-o", tmp_path / "page.txt").code == 0
    assert (tmp_path / "page.txt").stat().st_mode & 0o777 == 0o600
