"""What a labelled corpus must hold to, and how `--check` says what is wrong with one."""

from pathlib import Path

import pytest

from linesift.corpus import NOISE_KINDS, CorpusError, parse_document, read_corpus
from tests.conftest import ROOT, Run
from tests.rows import LONG_STORY, write_rows


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"lines": [], "labels": []}, "empty document"),
        ({"lines": [" ", ""], "labels": [None, None]}, "empty document"),
        ({"lines": ["a", "b\nc"], "labels": [1, 1]}, "line 2 holds a line break"),
        ({"lines": ["a"], "labels": [0], "kinds": []}, "`kinds` must be a list with one entry for each of the 1 lines"),
        ({"lines": ["a"], "labels": [0], "kinds": ["cookie"]}, "kind 1 is 'cookie'; known kinds: consent, app"),
        (
            {"lines": ["a"], "labels": [1], "kinds": ["byline"]},
            "kind 1 is 'byline', but the line is not labelled noise",
        ),
        ({"lines": ["a"], "labels": [None], "kinds": ["byline"]}, "not labelled noise"),
    ],
)
def test_rows_that_are_no_document(row: object, message: str) -> None:
    with pytest.raises(CorpusError, match=message):
        parse_document(row)


def test_every_noise_line_of_the_starter_corpus_has_a_kind() -> None:
    kinds = set()
    for path in sorted((ROOT / "data").glob("starter-*.jsonl")):
        for document in read_corpus(path):
            pairs = list(zip(document.labels, document.kinds, strict=True))
            assert all((kind is not None) == (label == 0) for label, kind in pairs), document.place
            kinds |= set(document.kinds)
    assert kinds - {None} == set(NOISE_KINDS)


def test_check_names_every_bad_row_and_trains_nothing(command: Run, tmp_path: Path) -> None:
    good = {
        "id": "a",
        "lines": [*LONG_STORY, "Share"],
        "labels": [1] * 12 + [0],
        "split": "valid",
        "domain": "a.example",
    }
    rows = [
        good,
        {**good, "id": "b", "split": "train"},
        {**good, "lines": ["Another"], "labels": [1]},
        {"id": "d", "lines": ["x", "y"], "labels": [1]},
        {"id": "e", "lines": ["x"], "labels": [7]},
        {"id": "f", "lines": [" "], "labels": [None]},
        {"id": "g", "lines": [*LONG_STORY, "Menu"], "labels": [1] * 12 + [0], "domain": "b.example"},
    ]
    corpus = write_rows(tmp_path / "a.jsonl", rows)
    table = tmp_path / "b.csv"
    table.write_text("document,line,text,label\na,1,Yet another,article\n")
    done = command("train", "--check", "--corpus", corpus, table, "--output", tmp_path / "bundle")
    assert done.returncode == 1
    said = done.stderr.decode()
    for place, words in {
        "a.jsonl:2": "in the split train, the same document as",
        "a.jsonl:3": f"duplicate id 'a', first at {corpus}:1",
        "a.jsonl:4": "`labels` must be a list with one entry for each of the 2 lines, found 1",
        "a.jsonl:5": "label 1 is 7",
        "a.jsonl:6": "empty document",
        "b.csv:2": "duplicate id 'a'",
    }.items():
        assert f"{place}: {words}" in said
    assert "6 bad records skipped" in said
    printed = done.stdout.decode()
    assert "| all | 2 | 2 | 24 | 2 | 0 |" in printed
    assert f"nearly the same, kept in one fold: {corpus}:1, {corpus}:7" in printed
    assert not (tmp_path / "bundle").exists()


def test_check_of_good_documents_exits_with_0(command: Run, tmp_path: Path) -> None:
    corpus = write_rows(tmp_path / "a.jsonl", [{"lines": ["a"], "labels": [1]}, {"lines": ["b"], "labels": [0]}])
    done = command("train", "--check", "--corpus", corpus)
    assert (done.returncode, done.stderr) == (0, b"")


def test_the_datasheet_counts_what_is_there(command: Run) -> None:
    """The table of data/README.md is what the command prints."""
    printed = command("train", "--check").stdout.decode()
    assert printed.strip() in (ROOT / "data" / "README.md").read_text("utf-8")


def test_labels_may_be_words_or_numbers_of_a_table() -> None:
    lines = ["A story.", "Share", "Menu", ""]
    for labels in ([1, 0, 0, None], ["article", "noise", "noise", None], [1.0, 0.0, 0, None]):
        found = parse_document({"lines": lines, "labels": labels}).labels
        assert found == (1, 0, 0, None)
        assert not any(isinstance(label, float) for label in found)
