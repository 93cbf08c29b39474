"""--jobs changes nothing but the time: the same bytes and the same messages in the same order, for all formats."""

from __future__ import annotations

import gzip
import json
import random
from pathlib import Path

import pytest

from tests.rows import STORY
from tests.running import TEXT, predict, rows_of
from tests.test_parquet_and_warc import warc_record

BAD = [
    b"[1]", b"{", b'{"text": 5}', b'{"body": "x"}', b'{"text": "\xff"}', b'{"lines": ["a\\nb"]}',
    b'{"text": "a", "n": 1e400}',
]  # fmt: skip
ODD = [
    b"", b"  ", b'{"text": ""}', b'{"lines": []}', b'{"text": "a \\ud800 b"}', b'{"text": "Share\\nLog in"}',
    json.dumps({"text": f"{STORY} " * 3_000}).encode(),  # longer than a part
]  # fmt: skip


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Rows enough for several groups, with bad ones in between; small files; inputs that break off."""
    folder = tmp_path_factory.mktemp("in")
    draw = random.Random(7)
    good = [json.dumps({"id": n, "text": TEXT[n:]}).encode() for n in range(400)]
    rows = [row for each in good for row in (each, *draw.choices([*BAD, *ODD], k=draw.random() < 0.2))]
    (folder / "a.jsonl").write_bytes(b"\n".join(rows))
    (folder / "b-cut.jsonl.gz").write_bytes(gzip.compress(b"\n".join(rows), mtime=0)[:20_000])
    (folder / "c-utf16.jsonl").write_bytes(b"\n".join(good[:30]).decode().encode("utf-16"))
    (folder / "d-empty.jsonl").write_bytes(b"")
    for number in range(20):
        (folder / f"e{number}.txt").write_text(f"{STORY} {number}\nShare\n")
    (folder / "f-short.txt").write_bytes(b"caf\xe9")
    (folder / "g-latin.txt").write_bytes(
        ("Die Fähre fährt wieder, sagte der Bürgermeister von Köln. " * 2).encode("cp1252")
    )
    (folder / "h.warc").write_bytes(b"".join(warc_record(f"{STORY}\n{n}".encode(), number=n) for n in range(5)))
    return folder


def said(stderr: str) -> str:
    """What is said, without how fast it was."""
    return "\n".join(line.rpartition(";")[0] if line.endswith("lines/s") else line for line in stderr.split("\n"))


def written(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != ".linesift.json"
    }


@pytest.mark.parametrize(
    "args",
    [
        ["--format", "jsonl"],
        ["--format", "text", "--on-excess", "keep", "--keep", "noise"],
        ["--format", "tsv", "--on-excess", "drop", "--drop-pattern", "(?i)cookie", "--verbose"],
        ["--format", "label-studio", "--on-excess", "drop"],
    ],
    ids=lambda args: args[1],
)
def test_the_number_of_processes_changes_nothing(args: list[str], source: Path) -> None:
    one, two, three = (predict(*args, "--jobs", jobs, source) for jobs in (1, 2, 3))
    assert one.code == 1
    assert one.stdout == two.stdout == three.stdout
    assert said(one.stderr) == said(two.stderr) == said(three.stderr)


def test_bad_records_are_named_where_they_stand(source: Path) -> None:
    done = predict("--format", "jsonl", "--jobs", 2, source / "a.jsonl")
    rows = (source / "a.jsonl").read_bytes().split(b"\n")
    bad = [number for number, row in enumerate(rows, 1) if row in BAD]
    named = [line.split(":")[2] for line in done.stderr.split("\n") if "a.jsonl:" in line and "suspicious" not in line]
    assert list(map(int, named)) == bad
    assert f"{len(bad)} bad records skipped" in done.stderr


def test_folders_and_what_is_removed_are_the_same(source: Path, tmp_path: Path) -> None:
    small = tmp_path / "in"  # since reasons take time
    small.mkdir()
    for name in ("e1.txt", "f-short.txt", "g-latin.txt", "h.warc"):
        (small / name).write_bytes((source / name).read_bytes())
    (small / "rows.jsonl").write_bytes(b"\n".join([*BAD, *ODD[:-1], json.dumps({"text": STORY}).encode()]))
    for jobs in (1, 2):
        target = tmp_path / str(jobs)
        assert predict(small, "-o", f"{target / 'kept'}/", "--removed", target / "removed", "--jobs", jobs).code == 1
    one = written(tmp_path / "1")
    assert one == written(tmp_path / "2")
    assert "kept/g-latin.txt" in one
    assert "kept/f-short.txt" not in one  # it could not be read to its end


def test_parquet_is_the_same(source: Path, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    first = tmp_path / "first.parquet"
    assert predict("--format", "parquet", "-o", first, source / "c-utf16.jsonl", "--jobs", 2).code == 0
    (one, one_said), (two, two_said) = (
        (parquet.read_table(tmp_path / f"{jobs}.parquet"), said(done.stderr))
        for jobs in (1, 2)
        for done in [
            predict(
                "--format", "parquet", "-o", tmp_path / f"{jobs}.parquet", first, source / "a.jsonl", "--jobs", jobs
            )
        ]
    )
    assert one.schema == two.schema
    assert one.to_pylist() == two.to_pylist()
    assert one_said == two_said


@pytest.mark.parametrize("form", ["parquet", "jsonl"])
def test_what_is_removed_stands_in_the_order_of_the_documents(form: str, tmp_path: Path) -> None:
    rows = [json.dumps({"id": n, "text": text}) for n, text in enumerate(["Share", STORY, "Log in", STORY])]
    options = ["--on-excess", "drop", "--removed", tmp_path / "removed", "-o", tmp_path / "out", "--format", form]
    assert predict(*options, input="\n".join(rows).encode()).code == 0
    assert [row["id"] for row in rows_of((tmp_path / "removed").read_bytes())] == [0, 1, 2, 3]
