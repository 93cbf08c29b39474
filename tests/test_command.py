"""linesift predict as a person meets it: forms, exit codes, bad input."""

import gzip
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

import linesift
from linesift.classifier import LineClassifier
from tests.conftest import ROOT, Run
from tests.rows import STORY
from tests.running import PAGE, TEXT, predict, rows_of


def test_text_is_the_article_as_it_stood(command: Run, model: LineClassifier) -> None:
    done = command("predict", PAGE)
    assert done.returncode == 0
    assert done.stdout.decode() == model.tag(TEXT).article
    assert command("predict", "--keep", "all", PAGE).stdout.decode() == TEXT
    assert command("predict", "--keep", "noise", PAGE).stdout.decode().startswith("Wir und unsere")


def test_root_scripts_are_the_commands() -> None:
    by_script = subprocess.run([sys.executable, "predict.py", PAGE], cwd=ROOT, capture_output=True, check=True)
    assert by_script.stdout.decode() == linesift.load().tag(TEXT).article
    help_text = subprocess.run([sys.executable, "train.py", "--help"], cwd=ROOT, capture_output=True, check=True).stdout
    assert b"--corpus" in help_text


def test_tsv_has_label_score_and_line(command: Run, model: LineClassifier) -> None:
    rows = command("predict", "--format", "tsv", PAGE).stdout.decode().removesuffix("\n").split("\n")
    page = model.tag(TEXT)
    assert [row.split("\t")[0] for row in rows] == [label or "" for label in page.labels]
    assert [row.split("\t", 2)[2] for row in rows] == [line.text for line in page.lines]


def test_json_rows_keep_every_field(command: Run, model: LineClassifier) -> None:
    given = [
        {"id": 7, "text": TEXT, "url": "https://a.example/"},
        {"lines": [STORY, "", "Share"], "nested": {"a": [1]}},
    ]
    done = command("predict", "--format", "jsonl", input="\n".join(map(json.dumps, given)).encode())
    assert done.returncode == 0
    rows = rows_of(done.stdout)
    for row, before in zip(rows, given, strict=True):
        assert {key: row[key] for key in before} == before
    assert rows[0]["labels"] == model.tag(TEXT).labels
    assert rows[0]["scores"] == model.tag(TEXT).scores
    assert rows[0]["article_share"] == model.tag(TEXT).article_share
    assert rows[1]["labels"][1] is rows[1]["scores"][1] is None


def test_standard_input_is_text_unless_it_begins_with_a_document(command: Run) -> None:
    assert (
        command("predict", "--keep", "all", "-", input=b'{"title": "no document"}').stdout
        == b'{"title": "no document"}\n'
    )
    assert command("predict", "--keep", "all", input=b'{"text": "a document"}').stdout == b"a document\n"
    assert (
        command("predict", "--keep", "all", "--input-format", "text", input=b'{"text": 1}').stdout == b'{"text": 1}\n'
    )


def test_processes_change_nothing(command: Run, tmp_path: Path) -> None:
    rows = "".join(json.dumps({"id": n, "text": TEXT[n:]}) + "\n" for n in range(400))
    (tmp_path / "in.jsonl.gz").write_bytes(gzip.compress(rows.encode()))
    one, two = (
        command("predict", "--format", "jsonl", "--jobs", n, tmp_path / "in.jsonl.gz", "--output", tmp_path / str(n))
        for n in (1, 2)
    )
    assert (one.returncode, two.returncode) == (0, 0), two.stderr
    assert (tmp_path / "1").read_bytes() == (tmp_path / "2").read_bytes()


def test_reasons_stand_beside_the_scores(command: Run) -> None:
    rows = command("predict", "--format", "tsv", "--explain", PAGE).stdout.decode().removesuffix("\n").split("\n")
    assert all(row.count("\t") == 3 for row in rows)
    assert any("consent phrases (German): “" in row.split("\t")[2] for row in rows)
    (row,) = rows_of(command("predict", "--format", "jsonl", "--explain", PAGE).stdout)
    assert len(row["reasons"]) == len(row["labels"])


def test_html_is_one_page_in_which_the_text_is_no_markup(command: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(f"<script>alert(1)</script>\n\n{STORY}")
    page = command("predict", "--format", "html", tmp_path / "a.txt", PAGE).stdout.decode()
    assert page.count("<!DOCTYPE html>") == 1
    assert page.count("<section>") == 2
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_bad_records_are_named_and_the_rest_is_written(command: Run, tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_bytes(
        b"\n".join(
            [
                b'{"text": "first"}', b"[1, 2]", b'{"text": 5}', b'{"body": "x"}', b"{", b'{"text": "\xff"}',
                b"", b'{"lines": ["a", 1]}', b'{"text": "last"}',
            ]
        )
    )  # fmt: skip
    done = command("predict", "--keep", "all", path, tmp_path / "missing.txt", PAGE)
    assert done.returncode == 1
    assert done.stdout.decode() == "first\nlast\n" + TEXT
    named = done.stderr.decode()
    for number in (2, 3, 4, 5, 6, 8):
        assert f"rows.jsonl:{number}: " in named
    assert "missing.txt: No such file" in named
    assert "7 bad records skipped" in named


def test_bytes_that_are_not_utf8_are_a_bad_record(command: Run, tmp_path: Path) -> None:
    (tmp_path / "latin1.txt").write_bytes(b"caf\xe9")
    done = command("predict", tmp_path / "latin1.txt")
    assert done.returncode == 1
    assert done.stdout == b""
    assert "not UTF-8: byte 3 is 0xe9" in done.stderr.decode()


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["--formt", "tsv"], "--format"),
        (["--format", "xml"], "'text', 'tsv', 'jsonl', 'html'"),
        (["--mode", "brave"], "'careful', 'balanced', 'strict'"),
        (["--model", "nowhere"], "manifest.json"),
        (["--jobs", "0"], "--jobs"),
        (["--explain"], "--format tsv or jsonl"),
    ],
)
def test_wrong_usage_exits_with_2(command: Run, args: list[str], message: str) -> None:
    done = command("predict", *args, PAGE)
    assert done.returncode == 2
    assert done.stdout == b""
    assert message in done.stderr.decode()


def test_a_text_field_can_be_named(command: Run) -> None:
    row = json.dumps({"body": "a document", "text": "another"}).encode()
    assert command("predict", "--keep", "all", "--text-field", "body", input=row).stdout == b"a document\n"
    assert command("predict", "--text-field", "content", "--input-format", "jsonl", input=row).returncode == 1


@pytest.mark.parametrize("text", ["", "\n", "\n\n  \n"])
def test_empty_documents_pass(command: Run, text: str) -> None:
    done = command("predict", input=text.encode())
    assert (done.returncode, done.stdout.decode()) == (0, text)
    done = command("predict", "--format", "jsonl", input=json.dumps({"text": text}).encode())
    (row,) = rows_of(done.stdout)
    assert set(row["labels"]) == {None}
    assert row["article_share"] == 0


def test_a_line_of_10_megabytes(command: Run) -> None:
    line = (STORY + " ") * (10_000_000 // len(STORY))
    done = command("predict", "--format", "tsv", input=f"{STORY}\n{line}\nShare".encode())
    assert done.returncode == 0, done.stderr
    rows = done.stdout.decode().removesuffix("\n").split("\n")
    assert len(rows) == 3
    assert rows[1].split("\t", 2)[2] == line


def test_carriage_returns_and_a_byte_order_mark_survive(command: Run) -> None:
    text = "\ufeff" + STORY + "\r\nShare\r\n"
    assert command("predict", "--keep", "all", input=text.encode()).stdout == text.encode()
    row = b"\xef\xbb\xbf" + json.dumps({"text": "a\rb"}).encode()
    assert rows_of(command("predict", "--format", "jsonl", input=row).stdout)[0]["text"] == "a\rb"


def test_a_lone_surrogate_does_not_stop_the_run(command: Run) -> None:
    done = command("predict", "--format", "jsonl", input=b'{"text": "a \\ud800 b"}\n{"text": "next"}')
    assert done.returncode == 0
    assert [row["text"] for row in rows_of(done.stdout)] == ["a \ud800 b", "next"]


def test_a_closed_pipe_ends_quietly(tmp_path: Path) -> None:
    path = tmp_path / "many.jsonl"
    path.write_text("".join(json.dumps({"text": TEXT}) + "\n" for _ in range(3000)))
    for jobs in (1, 2):
        shell = f"set -o pipefail; {sys.executable} predict.py --jobs {jobs} --keep all {path} | head -n 1"
        done = subprocess.run(["bash", "-c", shell], cwd=ROOT, capture_output=True, check=False)
        assert done.stdout.decode() == TEXT.split("\n")[0] + "\n"
        assert (done.returncode, done.stderr) == (0, b"")


def test_output_is_complete_or_absent(command: Run, tmp_path: Path) -> None:
    target = tmp_path / "out.txt"
    target.write_text("old")
    assert command("predict", PAGE, "--output", target).returncode == 0
    assert target.read_text("utf-8").startswith("Ferry to Lindholm")
    assert [path.name for path in tmp_path.iterdir()] == ["out.txt"]
    assert command("predict", PAGE, "--output", tmp_path / "no" / "such" / "folder").returncode == 2


def test_a_run_that_is_killed_leaves_the_old_output(tmp_path: Path) -> None:
    target = tmp_path / "out.txt"
    target.write_text("old")
    program = [sys.executable, "predict.py", PAGE, "-", "--output", target]
    running = subprocess.Popen(program, cwd=ROOT, stdin=subprocess.PIPE)
    while not list(tmp_path.glob(".out.txt.*.part")):
        assert running.poll() is None
        time.sleep(0.05)
    running.kill()
    running.communicate()
    assert target.read_text("utf-8") == "old"


def test_an_output_that_is_a_link_or_a_pipe_stays_one(command: Run, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "file")
    assert command("predict", PAGE, "--output", tmp_path / "link").returncode == 0
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "file").read_text("utf-8").startswith("Ferry to Lindholm")
    os.mkfifo(tmp_path / "pipe")
    with subprocess.Popen(["cat", tmp_path / "pipe"], stdout=subprocess.PIPE) as reader:
        assert command("predict", PAGE, "--output", tmp_path / "pipe").returncode == 0
        assert reader.communicate()[0] == (tmp_path / "file").read_bytes()
    assert (tmp_path / "pipe").is_fifo()


def test_broken_compression_is_a_bad_record(command: Run, tmp_path: Path) -> None:
    whole = gzip.compress(TEXT.encode())
    (tmp_path / "cut.txt.gz").write_bytes(whole[:200])
    (tmp_path / "broken.txt.gz").write_bytes(whole[:100] + bytes(100) + whole[200:])
    done = command("predict", "--keep", "all", tmp_path / "cut.txt.gz", tmp_path / "broken.txt.gz", PAGE)
    assert (done.returncode, done.stdout.decode()) == (1, TEXT)
    assert b"2 bad records skipped" in done.stderr


def test_what_json_cannot_hold_is_a_bad_record(command: Run) -> None:
    rows = b'{"text": "a", "n": 1e400}\n{"lines": ["a\\nb"]}\n{"text": "c"}'
    done = command("predict", "--format", "jsonl", "--input-format", "jsonl", input=rows)
    assert done.returncode == 1
    assert [row["text"] for row in rows_of(done.stdout)] == ["c"]
    assert "-:1: cannot be written as JSON" in done.stderr.decode()
    assert "-:2: `lines`: entry 1 holds a line break" in done.stderr.decode()


def test_a_threshold_of_one_s_own_goes_before_the_mode(model: LineClassifier) -> None:
    scores = model.tag(TEXT).scores
    for threshold in (0.2, 0.8):
        (row,) = predict("--format", "jsonl", "--threshold", threshold, input=TEXT.encode()).rows
        assert row["labels"] == [None if s is None else "noise" if s >= threshold else "article" for s in scores]
    assert predict("--threshold", 2, input=b"").code == 2
