"""Rows of Parquet and records of WARC in, Parquet out: every column and header kept."""

from __future__ import annotations

import gzip
import json
import math
import re
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pyarrow
import pytest
from pyarrow import parquet

from tests.rows import STORY
from tests.running import TEXT, predict

COLUMNS = {
    "id": pyarrow.array([7, None, 9], pyarrow.int16()),
    "text": pyarrow.array([TEXT, f"{STORY}\nShare", "last"], pyarrow.large_string()),
    "when": pyarrow.array([datetime(2026, 11, 22)] * 3, pyarrow.timestamp("us")),
    "raw": pyarrow.array([b"\xff\0", b"", None], pyarrow.binary()),
    "price": pyarrow.array([Decimal("1.50"), None, Decimal("2.25")], pyarrow.decimal128(5, 2)),
    "ratio": pyarrow.array([math.nan, 0.5, math.inf], pyarrow.float32()),
    "meta": pyarrow.array([{"a": [1]}, {"a": []}, None], pyarrow.struct([("a", pyarrow.list_(pyarrow.int8()))])),
    "kind": pyarrow.array(["x", "y", "x"]).dictionary_encode(),
}
TABLE = pyarrow.table(COLUMNS)
ADDED = ["labels", "scores", "article_share", "suspicious"]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "in.parquet"
    parquet.write_table(TABLE, path, row_group_size=2)
    return path


def test_parquet_to_parquet_keeps_every_column_as_it_was(source: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.parquet"
    assert predict("--format", "parquet", source, "--output", target).code == 0
    written = parquet.read_table(target)
    assert written.schema.names == [*TABLE.schema.names, *ADDED]
    kept = written.select(TABLE.schema.names)
    assert kept.schema == parquet.read_table(source).schema
    assert repr(kept.to_pylist()) == repr(TABLE.to_pylist())  # NaN equals nothing, not even itself
    (first, *_) = predict("--format", "jsonl", source).rows
    assert written.column("labels")[0].as_py() == first["labels"]
    assert written.column("scores")[0].as_py() == first["scores"]


def test_parquet_to_json_lines_keeps_what_json_can_hold(source: Path) -> None:
    rows = predict("--format", "jsonl", source).rows
    assert [row["text"] for row in rows] == TABLE.column("text").to_pylist()
    first = rows[0]
    assert (first["when"], first["raw"], first["price"]) == ("2026-11-22T00:00:00", "/wA=", "1.50")
    assert (first["ratio"], first["meta"], first["kind"]) == (None, {"a": [1]}, "x")


def test_parquet_is_told_by_its_content_and_may_come_through_a_pipe(source: Path, tmp_path: Path) -> None:
    assert len(predict("--format", "jsonl", input=source.read_bytes()).rows) == 3
    assert len(predict("--format", "jsonl", input=gzip.compress(source.read_bytes())).rows) == 3
    source.rename(tmp_path / "no_ending")
    assert len(predict("--format", "jsonl", tmp_path / "no_ending").rows) == 3


def test_rows_without_a_text_and_broken_row_groups_are_bad_records(tmp_path: Path) -> None:
    path = tmp_path / "in.parquet"
    texts = [f"{n} {STORY}" * 20 for n in range(6)]
    parquet.write_table(pyarrow.table({"body": [*texts[:5], None]}), path, row_group_size=2, use_dictionary=False)
    content = bytearray(path.read_bytes())
    at = parquet.ParquetFile(path).metadata.row_group(1).column(0).data_page_offset
    content[at : at + 40] = bytes(40)
    path.write_bytes(content)
    done = predict("--format", "jsonl", "--text-field", "body", path)
    assert done.code == 1
    assert [row["body"] for row in done.rows] == [texts[0], texts[1], texts[4]]
    assert f"{path}: row group 2 (rows 3 to 4) cannot be read on: " in done.stderr
    assert f"{path}:6: `body` must be a string or a list of strings" in done.stderr
    path.write_bytes(b"PAR1 and nothing more")
    broken = predict(path)
    assert (broken.code, f"{path}: not Parquet: " in broken.stderr) == (1, True)


BEYOND_PYTHON = {
    "years": pyarrow.array([0, 10**15, None], pyarrow.timestamp("s")),
    "days": pyarrow.array([0, 10**9, None], pyarrow.date32()),
    "span": pyarrow.array([0, 2**62, None], pyarrow.duration("s")),
    "zone": pyarrow.array([None, 1, None], pyarrow.timestamp("s", "Mars/Olympus")),
    "nested": pyarrow.array([[0], [0, 10**9], []], pyarrow.list_(pyarrow.date32())),
    "bytes": pyarrow.array([b"a", b"\xff", b"b"]).view(pyarrow.string()),
}


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("column", BEYOND_PYTHON)
def test_a_value_that_python_cannot_hold_costs_its_row(column: str, jobs: int, tmp_path: Path) -> None:
    path = tmp_path / "in.parquet"
    parquet.write_table(pyarrow.table({"text": [STORY, "Share", STORY], column: BEYOND_PYTHON[column]}), path)
    for args in (["--format", "jsonl"], ["--format", "parquet", "-o", tmp_path / "out.parquet"]):
        done = predict(path, "--jobs", jobs, *args)
        assert done.code == 1
        assert re.search(f"^linesift: {path}:2: `{column}`, a .+, cannot be read: .", done.stderr, re.MULTILINE)
        assert "linesift: 1 bad record skipped" in done.stderr
    assert [row["text"] for row in predict(path, "--format", "jsonl").rows] == [STORY, STORY]
    assert parquet.read_table(tmp_path / "out.parquet").column("text").to_pylist() == [STORY, STORY]


def test_json_rows_become_columns(tmp_path: Path) -> None:
    rows = [{"id": n, "text": f"{n} {STORY}"} for n in range(1200)]
    rows[1100]["late"] = {"deep": [1]}  # after the first rows have been put aside
    rows[1101] |= {"id": 0.5, "empty": {}}
    rows[1102]["id"] = "no number"
    target = tmp_path / "out.parquet"
    done = predict("--format", "parquet", "-o", target, input="\n".join(map(json.dumps, rows)).encode())
    assert done.code == 1
    assert "-:1103: cannot be written as Parquet: Unable to merge: Field id" in done.stderr
    written = parquet.read_table(target)
    assert written.schema.names == ["id", "text", "late", "empty", *ADDED]
    table = written.to_pylist()
    assert [row["id"] for row in table] == [row["id"] for row in rows if row["id"] != "no number"]
    assert [row["late"] for row in table if row["late"]] == [{"deep": [1]}]
    assert [path.name for path in tmp_path.iterdir()] == ["out.parquet"]


def test_parquet_can_hold_reasons_and_nothing_at_all(tmp_path: Path) -> None:
    target = tmp_path / "out.parquet"
    assert predict("--format", "parquet", "--explain", "-o", target, input=f"{STORY}\n\nShare".encode()).code == 0
    (row,) = parquet.read_table(target).to_pylist()
    assert [bool(reason) for reason in row["reasons"]] == [True, False, True]
    assert predict("--format", "parquet", "-o", target, "--input-format", "jsonl").code == 0
    assert parquet.read_table(target).num_rows == 0


@pytest.mark.parametrize("args", [[], ["--output", "x.parquet.gz"]])
def test_parquet_needs_a_file_of_its_own(args: list[str]) -> None:
    done = predict("--format", "parquet", *args, input=b"text")
    assert done.code == 2
    assert "Parquet" in done.stderr


def warc_record(content: bytes, kind: str = "conversion", length: object = None, number: int = 1) -> bytes:
    headers = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: https://a.example/{number}\r\n"
        f"WARC-Date: 2026-11-22T00:00:00Z\r\nWARC-Record-ID: <urn:uuid:{number}>\r\n"
        "WARC-Identified-Content-Language: deu,eng\r\nContent-Type: text/plain\r\n"
        f"Content-Length: {len(content) if length is None else length}\r\n\r\n"
    )
    return headers.encode() + content + b"\r\n\r\n"


WET = [
    warc_record(b"Software: none\r\n", "warcinfo"),
    warc_record(f"{STORY}\r\nTeilen\rweiter\n".encode()),
    warc_record("Größe".encode(), number=2),
]


@pytest.mark.parametrize("name", ["CC-MAIN-1.warc.wet.gz", "a.wet", "no_ending", "-"])
def test_each_conversion_record_is_a_document(name: str, tmp_path: Path) -> None:
    content = b"".join(map(gzip.compress, WET)) if name.endswith(".gz") else b"".join(WET)
    (tmp_path / name).write_bytes(content)
    done = predict("--format", "jsonl", "-" if name == "-" else tmp_path / name, input=content)
    assert done.code == 0
    first, second = done.rows
    assert first["text"] == f"{STORY}\r\nTeilen\rweiter\n"
    assert second["text"] == "Größe"
    known = {"id": "<urn:uuid:1>", "url": "https://a.example/1", "date": "2026-11-22T00:00:00Z", "language": "deu,eng"}
    assert {field: first[field] for field in known} == known


def test_broken_warc_costs_what_is_broken(tmp_path: Path) -> None:
    path = tmp_path / "a.warc"
    path.write_bytes(b"".join(WET) + warc_record(b"cut off here", length=100)[:-8])
    done = predict("--format", "jsonl", path)
    assert (done.code, len(done.rows)) == (1, 2)
    assert f"{path}:4: the record is cut: Content-Length is 100" in done.stderr
    path.write_bytes(WET[1] + b"not a header\r\n\r\n" + WET[2])
    done = predict("--format", "jsonl", path)
    assert (done.code, len(done.rows)) == (1, 1)
    path.write_bytes(warc_record(b"HTTP/1.1 200 OK\r\n\r\n<p>", "response"))
    done = predict(path)
    assert (done.code, "no conversion records" in done.stderr) == (1, True)
