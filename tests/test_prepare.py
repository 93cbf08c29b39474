"""What data/prepare.py promises: public corpora become labelled lines, the same ones every time."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.conftest import ROOT, SHARED, needs_shared

for extra in ("rapidfuzz", "resiliparse", "trafilatura"):
    pytest.importorskip(extra, reason="needs pip install '.[data]'")

DATA = ROOT / "data"
RAW, CORPORA = SHARED / "raw", SHARED / "corpora"

Row = dict[str, Any]
Prepare = Callable[..., Result]

TITLE = "Night train to Oskeby returns after twelve years"
FIRST = "The night train from Varlund to Oskeby will run again from June, the railway said on Monday."
SECOND = "It left the timetable twelve years ago, when the last sleeping cars were sold for scrap."
SUBHEADING = "Two cars"
MENU = "Subscribe to our free newsletter today"
PAGE = f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>{TITLE} | The Varlund Echo</title></head><body>
<nav><a href="/">Home</a> <a href="/s">Sport</a></nav>
<article><h1>{TITLE}</h1><p>{FIRST}</p><h2>{SUBHEADING}</h2><p>{SECOND}</p></article>
<div><p>{MENU}</p></div></body></html>"""
GOLD = [FIRST, SUBHEADING, SECOND]
ARTICLE_LINES = {FIRST, SUBHEADING, SECOND}


@pytest.fixture(autouse=True)
def importers(monkeypatch: pytest.MonkeyPatch) -> None:
    """The script's folder is importable, as it is for the script."""
    monkeypatch.syspath_prepend(str(DATA))


@pytest.fixture
def prepare() -> Prepare:
    """A function that runs the command in this process."""

    def run(*args: object) -> Result:
        from prepare import prepare as command

        return CliRunner().invoke(command, [*map(str, args)], prog_name="prepare.py")

    return run


def rows_of(result: Result) -> list[Row]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def write(path: Path, content: str | bytes | dict[str, Any] | list[Any]) -> Path:
    """A file of text, bytes or JSON, packed if its name says so."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not isinstance(content, str | bytes):
        content = json.dumps(content)
    packed = content.encode() if isinstance(content, str) else content
    path.write_bytes(gzip.compress(packed) if path.suffix == ".gz" else packed)
    return path


def label_of(row: Row, line: str) -> int | None:
    label: int | None = row["labels"][row["lines"].index(line)]
    return label


def assert_labelled_page(row: Row) -> None:
    """The view `full` of the page above: article, noise, and a headline that the gold text does not hold."""
    assert row["view"] == "full"
    assert len(row["lines"]) == len(row["labels"])
    assert {line for line, label in zip(row["lines"], row["labels"], strict=True) if label == 1} == ARTICLE_LINES
    assert label_of(row, MENU) == 0
    assert label_of(row, TITLE) is None
    assert row["id"].endswith("@full")


def wcxb_clone(folder: Path, name: str = "0001", url: str = "https://www.varlund.example/night-train") -> Path:
    gold = {
        "url": url,
        "_internal": {"page_type": {"primary": "forum"}},
        "ground_truth": {"title": TITLE, "main_content": "\n\n".join(GOLD)},
    }
    write(folder / "dev" / "ground-truth" / f"{name}.json", gold)
    write(folder / "dev" / "html" / f"{name}.html.gz", PAGE)
    return folder


def test_wcxb(prepare: Prepare, tmp_path: Path) -> None:
    result = prepare("wcxb", wcxb_clone(tmp_path))
    assert result.exit_code == 0, result.stderr
    rows = rows_of(result)
    assert [row["id"] for row in rows] == ["wcxb/0001@full", "wcxb/0001@resi", "wcxb/0001@traf"]
    assert_labelled_page(rows[0])
    for row in rows:
        assert (row["source"], row["domain"], row["lang"], row["genre"]) == ("wcxb", "varlund.example", "en", "forum")
        assert {row["split"]} < {"train", "valid"}
    assert len({row["split"] for row in rows}) == 1


def test_wcxb_names_each_broken_page_and_reads_the_others(prepare: Prepare, tmp_path: Path) -> None:
    for name in ("0001", "0002", "0003", "0004", "0005", "0006"):
        wcxb_clone(tmp_path, name)
    gold, html = tmp_path / "dev" / "ground-truth", tmp_path / "dev" / "html"
    (gold / "0001.json").write_text('{"url":\n "https://varlund.example", }')
    (html / "0002.html.gz").unlink()
    (html / "0003.html.gz").write_bytes(gzip.compress(PAGE.encode())[:100])
    write(gold / "0004.json", {"url": "https://varlund.example", "ground_truth": {}})
    (gold / "0005.json").write_bytes(b'{\n"url": "\xff"}')
    result = prepare("wcxb", tmp_path)
    assert result.exit_code == 1
    assert {row["id"].split("@")[0] for row in rows_of(result)} == {"wcxb/0006"}
    assert f"{gold / '0001.json'}:2: not JSON" in result.stderr
    assert f"{html / '0002.html.gz'}: No such file" in result.stderr
    assert f"{html / '0003.html.gz'}: " in result.stderr
    assert f"{gold / '0004.json'}: no field _internal.page_type.primary" in result.stderr
    assert f"{gold / '0005.json'}:2: not UTF-8" in result.stderr
    assert "5 bad records" in result.stderr


def test_a_page_whose_gold_text_is_not_on_it_is_left_out(prepare: Prepare, tmp_path: Path) -> None:
    wcxb_clone(tmp_path)
    path = tmp_path / "dev" / "ground-truth" / "0001.json"
    gold = json.loads(path.read_text())
    gold["ground_truth"]["main_content"] = " ".join(f"word{number}" for number in range(50)) + FIRST
    write(path, gold)
    result = prepare("wcxb", tmp_path)
    assert result.exit_code == 0
    assert result.stdout == ""


def test_turku(prepare: Prepare, tmp_path: Path) -> None:
    good = {"text": [" Ein Satz. ", "", "Mehr", "Impressum"], "labels": ["1", "0", "1", "0"]}
    documents = [
        good,
        {"text": ["zu", "kurz"], "labels": ["1", "0"]},
        {"text": ["a", "b", "c"], "labels": ["1", "0"]},
        {"text": ["a", "b", "c"], "labels": ["1", "0", "maybe"]},
        {"text": ["a", "b", "\ud800"], "labels": ["1", "0", "0"]},
        good,
    ]
    path = write(tmp_path / "text-quality-annotations" / "de" / "dev.json", documents)
    write(tmp_path / "text-quality-annotations" / "de" / "test.json", documents)
    result = prepare("turku", tmp_path)
    rows = rows_of(result)
    assert result.exit_code == 1
    assert [row["id"] for row in rows] == ["turku/de-dev-0", "turku/de-dev-5"]
    assert rows[0]["lines"] == ["Ein Satz.", "Mehr", "Impressum"]
    assert rows[0]["labels"] == [1, 1, 0]
    assert (rows[0]["lang"], rows[0]["view"], rows[0]["domain"]) == ("de", "residual", "de-dev-0")
    assert f"{path}: document de-dev-2: 3 lines, 2 labels" in result.stderr
    assert f"{path}: document de-dev-3: label 'maybe'" in result.stderr
    assert f"{path}: document turku/de-dev-4 holds half a character" in result.stderr


def fundus_article(paragraph: str) -> dict[str, Any]:
    sections = [{"headline": [], "paragraphs": [paragraph]}, {"headline": [SUBHEADING], "paragraphs": [SECOND]}]
    return {"title": TITLE, "body": {"summary": [], "sections": sections}}


def test_fundus_pairs_versions_and_pages_by_date(prepare: Prepare, tmp_path: Path) -> None:
    folder = tmp_path / "tests" / "resources" / "parser" / "test_data" / "at"
    other = "A second carriage was found in a barn near Oskeby and repaired by volunteers over the winter."
    write(folder / "Echo.json", {"V10": fundus_article(other), "V2": fundus_article(FIRST)})
    write(folder / "Echo_2024_01_09.html.gz", PAGE)
    write(folder / "Echo_2025_01_02.html.gz", PAGE.replace(FIRST, other))
    write(folder / "Echoes_2025_01_02.html.gz", PAGE)
    result = prepare("fundus", tmp_path)
    assert result.exit_code == 0, result.stderr
    rows = {row["id"]: row for row in rows_of(result)}
    older, newer = rows["fundus/at-Echo-V2@full"], rows["fundus/at-Echo-V10@full"]
    assert label_of(older, FIRST) == label_of(newer, other) == 1
    assert label_of(older, TITLE) == 1  # this gold text holds the headline
    assert label_of(older, MENU) == 0
    assert (older["domain"], older["lang"]) == ("echo", "de")


def test_fundus_names_a_publisher_whose_pages_cannot_be_told_apart(prepare: Prepare, tmp_path: Path) -> None:
    path = write(tmp_path / "at" / "Echo.json", {"V1": fundus_article(FIRST), "V2": fundus_article(FIRST)})
    write(tmp_path / "at" / "Echo_2024_01_09.html.gz", PAGE)
    result = prepare("fundus", tmp_path)
    assert result.exit_code == 1
    assert f"{path}: 2 versions (V1, V2), but 1 pages" in result.stderr


def test_xmu_counts_characters_as_words(prepare: Prepare, tmp_path: Path) -> None:
    title, first, second = (
        "夜行列车恢复运行",
        "铁路公司周一表示，从六月起夜行列车将再次运行。",
        "十二年前最后一批卧铺车被卖掉。",
    )
    page = (
        f"<html><head><title>{title} - 某某网</title></head><body><p>首页导航栏目</p>"
        f"<h1>{title}</h1><p>{first}</p><p>{second}</p></body></html>"
    )
    for site in ("hexun", "qq", "nbd"):
        write(tmp_path / "label_content" / site / "7.txt", f"{first}\n{second}\n")
        write(tmp_path / "source_html" / site / "7.html", page)
    lonely = write(tmp_path / "label_content" / "qq" / "8.txt", first)
    result = prepare("xmu", tmp_path)
    rows = {row["id"]: row for row in rows_of(result) if row["view"] == "full"}
    assert set(rows) == {"xmu/hexun-7@full", "xmu/qq-7@full"}
    row = rows["xmu/hexun-7@full"]
    assert dict(zip(row["lines"], row["labels"], strict=True)) == {"首页导航栏目": 0, title: None, first: 1, second: 1}
    assert (row["split"], rows["xmu/qq-7@full"]["split"], row["lang"]) == ("valid", "train", "zh")
    assert result.exit_code == 1
    assert f"{lonely}: no page" in result.stderr


def test_nodes(prepare: Prepare, tmp_path: Path) -> None:
    head = "tag,content,label,depth\n"
    nodes = 'a  ,トップ  ページ,0,2\np  ," ",0,2\np  ,"列車が、戻る",1,2\na  ,会社案内,0,2\n'
    write(tmp_path / "jp" / "jp-12.csv", head + nodes)
    write(tmp_path / "cleaneval" / "zh" / "3.csv", head + nodes)
    write(tmp_path / "cleaneval" / "train" / "3.csv", head + nodes)  # of a set that is not imported
    bad = write(tmp_path / "thai-1.csv", head + nodes + "p  ,x,2,2\n")
    headless = write(tmp_path / "gt_1.csv", "tag,content\nhtml,x\n")
    result = prepare("nodes", tmp_path)
    rows = {row["id"]: row for row in rows_of(result)}
    assert set(rows) == {"nodes/ja-12", "nodes/zh-3"}
    assert rows["nodes/ja-12"]["lines"] == ["トップ ページ", "列車が、戻る", "会社案内"]
    assert rows["nodes/ja-12"]["labels"] == [0, 1, 0]
    assert rows["nodes/ja-12"]["lang"] == "ja"
    assert result.exit_code == 1
    assert f"{bad}:6: label '2'" in result.stderr
    assert f"{headless}:1: no column label" in result.stderr


def test_dragnet_takes_comments_for_noise(prepare: Prepare, tmp_path: Path) -> None:
    comment = "I took that train as a child and never slept a wink in it"
    write(tmp_path / "dragnet_data" / "input" / "R7.html", PAGE.replace("</body>", f"<p>{comment}</p></body>"))
    gold = "\n\n".join(GOLD) + f"\n\n!@#$%^&*()  COMMENTS\n\n{comment}"
    write(tmp_path / "dragnet_data" / "GoldStandard" / "R7.txt", gold)
    result = prepare("dragnet", tmp_path)
    assert result.exit_code == 0, result.stderr
    row = rows_of(result)[0]
    assert_labelled_page(row)
    assert label_of(row, comment) == 0
    assert (row["id"], row["domain"]) == ("dragnet/R7@full", "dragnet-R7")


def test_cleaneval_marks_are_no_words(prepare: Prepare, tmp_path: Path) -> None:
    write(tmp_path / "en_original" / "12.html", PAGE)
    gold = f"URL: http://varlund.example\n\n<p>{FIRST}\n<h>{SUBHEADING}\n<l>{SECOND}\n"
    write(tmp_path / "en_cleaned" / "12-cleaned.txt", gold.encode() + b"\x92")
    result = prepare("cleaneval", tmp_path)
    assert result.exit_code == 0, result.stderr
    assert_labelled_page(rows_of(result)[0])


WORDS = [f"word{number}" for number in range(20)]


@pytest.mark.parametrize(
    ("line", "label"),
    [
        (" ".join([*WORDS[:15], *["other"] * 5]), 1),  # 75 %
        (" ".join([*WORDS[:14], *["other"] * 6]), None),
        (" ".join([*WORDS[:8], *["other"] * 12]), None),
        (" ".join([*WORDS[:7], *["other"] * 13]), 0),  # 35 %
        ("A short line", 1),
        ("Short line", None),  # matched, but no line of the gold text
        ("short other", None),  # half of it matched
        ("short other other", 0),
        ("***", None),
        ("Some Headline, Repeated Here", None),
        ("Some other headline, but not here", 0),
    ],
)
def test_the_rules_of_labels(line: str, label: int | None) -> None:
    from importers.alignment import label_lines

    filler = [f"filler{number}" for number in range(40)]
    gold = "\n".join([" ".join(filler), "A short line", " ".join(WORDS)])
    labels = label_lines([" ".join(filler), line], gold, "Some headline repeated here | The Site")
    assert labels == [1, label]


@pytest.mark.parametrize("name", ["rows.jsonl", "rows.jsonl.gz"])
def test_two_runs_give_the_same_bytes(tmp_path: Path, name: str) -> None:
    wcxb_clone(tmp_path)
    outputs = []
    for run in ("first", "second"):
        output = tmp_path / run / name
        output.parent.mkdir()
        command = [sys.executable, "data/prepare.py", "wcxb", str(tmp_path), "--output", str(output)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
        assert done.stdout == b""
        outputs.append(output.read_bytes())
    assert outputs[0] == outputs[1]
    text = gzip.decompress(outputs[0]) if name.endswith(".gz") else outputs[0]
    assert [json.loads(line)["view"] for line in text.splitlines()] == ["full", "resi", "traf"]


def test_a_folder_without_the_corpus_is_wrong_usage(prepare: Prepare, tmp_path: Path) -> None:
    result = prepare("xmu", tmp_path)
    assert result.exit_code == 2
    assert "label_content/*/*.txt" in result.stderr


def test_an_output_that_cannot_be_written_is_said(prepare: Prepare, tmp_path: Path) -> None:
    wcxb_clone(tmp_path)
    result = prepare("wcxb", tmp_path, "--output", tmp_path / "no such folder" / "rows.jsonl")
    assert result.exit_code == 2
    assert "No such file or directory" in result.stderr


def test_an_unknown_source_lists_the_known_ones(prepare: Prepare, tmp_path: Path) -> None:
    result = prepare("wikipedia", tmp_path)
    assert result.exit_code == 2
    assert "'turku'" in result.stderr


def test_the_help_names_address_licence_and_size_of_each_source(prepare: Prepare) -> None:
    from importers.sources import SOURCES

    text = prepare("--help").stdout
    assert [source.name for source in SOURCES] == ["wcxb", "turku", "dragnet", "cleaneval", "fundus", "xmu", "nodes"]
    for source in SOURCES:
        assert source.address in text
        assert f"licence: {source.licence}" in text
        assert source.size in text


def test_the_examples_in_the_docstrings() -> None:
    import doctest
    import importlib

    modules = [importlib.import_module(f"importers.{path.stem}") for path in sorted((DATA / "importers").glob("*.py"))]
    results = [doctest.testmod(module) for module in modules]
    assert sum(result.failed for result in results) == 0
    assert sum(result.attempted for result in results) > 0


def corpus_rows(source: str) -> Iterator[Row]:
    with gzip.open(CORPORA / f"{source}.jsonl.gz", "rt", encoding="utf-8") as file:
        yield from map(json.loads, file)


def raw_documents(source: str) -> set[str]:
    """The ids, without the view, of the documents whose original is there."""
    if source == "wcxb":
        return {f"wcxb/{path.stem}" for path in RAW.glob("wcxb/ground-truth/*.json")}
    if source == "xmu":
        return {f"xmu/{path.parent.name}-{path.stem}" for path in RAW.glob("xmu/label_content/*/*.txt")}
    if source == "fundus":
        return {f"fundus/{path.parent.name}-{path.stem}-V1" for path in RAW.glob("fundus/*/*.json")}
    files = RAW.glob("turku/*.json")
    return {f"turku/{path.stem.replace('.', '-')}-{number}" for path in files for number in range(1000)}


@needs_shared
@pytest.mark.parametrize(("source", "rows"), [("wcxb", 119), ("turku", 58), ("xmu", 15), ("fundus", 3)])
def test_the_originals_give_the_rows_of_the_corpora(prepare: Prepare, source: str, rows: int) -> None:
    result = prepare(source, RAW / source)
    assert result.exit_code == 0, result.stderr
    wanted = raw_documents(source)
    expected = {row["id"]: row for row in corpus_rows(source) if row["id"].split("@")[0] in wanted}
    made = {row["id"]: row for row in rows_of(result)}
    assert len(expected) == rows
    for name, row in expected.items():
        assert made[name] == row, name


@needs_shared
def test_the_original_nodes_are_read(prepare: Prepare) -> None:
    """None of these pages is in the corpora, so that lines and labels are compared with the CSV itself."""
    import csv

    made = {row["id"]: row for row in rows_of(prepare("nodes", RAW / "nodes"))}
    assert set(made) == {"nodes/ja-0", "nodes/ja-1", "nodes/th-0"}
    with (RAW / "nodes" / "thai-0.csv").open(encoding="utf-8", newline="") as file:
        nodes = list(csv.DictReader(file))
    assert made["nodes/th-0"]["lines"] == [" ".join(node["content"].split()) for node in nodes]
    assert made["nodes/th-0"]["labels"] == [int(node["label"]) for node in nodes]
