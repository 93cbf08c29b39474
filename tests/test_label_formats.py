"""Labels that users bring as CSV or from Label Studio; what is wrong is named by file and line."""

import json
from pathlib import Path

import pytest

import linesift
from linesift.corpus import LabelledDocument
from linesift.documents import TaggedDocument
from linesift.label_formats import read_labelled
from linesift.label_formats.label_studio import INTERFACE, as_task
from tests.conftest import ROOT, Run
from tests.rows import STORY
from tests.test_inputs import PACKERS


def collect(path: Path) -> tuple[list[LabelledDocument], list[str]]:
    """The documents of a file, and what was said of its bad rows, after the name of the file."""
    errors: list[str] = []
    documents = list(read_labelled(path, lambda error: errors.append(str(error))))
    assert all(error.startswith(f"{path}:") for error in errors)
    return documents, [error.removeprefix(f"{path}:") for error in errors]


TABLE = """document,line,text,label,domain
p1,1,"The ferry, at last",article,a.example
p1,3,Share,noise,a.example
p2,1,Menu,noise,
p1,2,"It ""sails"" again.",,a.example
"""


def test_stand_off_labels_are_no_corpus() -> None:
    documents, errors = collect(ROOT / "data" / "documents.labels.jsonl")
    assert documents == []
    assert errors == ["1: stand-off labels hold no text: give them as --labels, with --documents"]


def test_csv_rows_are_lines_of_documents(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(TABLE)
    (first, second), errors = collect(tmp_path / "a.csv")
    assert errors == []
    assert first.lines == ("The ferry, at last", 'It "sails" again.', "Share")
    assert (first.id, first.domain, first.labels, first.numbers) == ("p1", "a.example", (1, None, 0), (1, 2, 3))
    assert (second.id, second.group, second.labels) == ("p2", "p2", (0,))


@pytest.mark.parametrize("suffix", ["", *PACKERS])
def test_csv_from_a_spreadsheet_has_a_byte_order_mark_and_carriage_returns(suffix: str, tmp_path: Path) -> None:
    text = "\ufeffdocument,line,text,label\r\np1,1,Grüße,Article\r\np1,2,Teilen,0\r\n"
    path = tmp_path / f"a.csv{suffix}"
    path.write_bytes(PACKERS.get(suffix, bytes)(text.encode()))
    (document,), errors = collect(path)
    assert (document.lines, document.labels, errors) == (("Grüße", "Teilen"), (1, 0), [])


def test_csv_bad_rows_are_named_by_line_and_the_rest_is_read(tmp_path: Path) -> None:
    rows = [
        "document,line,text,label",
        "p1,1,A story.,article",
        "p1,2,Share,boilerplate",
        "p1,zero,Share,noise",
        "p1,0,Share,noise",
        "p1,1,Again,noise",
        "p1,5,cut",
        "p1,6,too,noise,long",
        '"p1",7,"two',
        'lines",noise',
        "p2,1,  ,article",
        "p1,8,Menu,noise",
    ]
    (tmp_path / "a.csv").write_text("\n".join(rows) + "\n")
    (document,), errors = collect(tmp_path / "a.csv")
    assert document.lines == ("A story.", "Share", "Menu")
    assert document.labels == (1, None, 0)
    assert [error.split(":")[0] for error in errors] == ["3", "4", "5", "6", "7", "8", "10", "11"]
    for error, words in zip(
        errors,
        ("known labels: article, noise", "'zero'", "'0'", "stands twice", "4 cells", "4 cells", "line break", "empty"),
        strict=True,
    ):
        assert words in error


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "1: no column document, line, text, label; found none"),
        (b"document;line;text;label\n", "1: no column document, line, text, label; found document;line;text;label"),
        (b"document,line,text,label\np,1,caf\xe9,noise\n", " not UTF-8"),
        (b'document,line,text,label\np,1,"open,noise\n', "2: unexpected end of data"),
    ],
)
def test_csv_that_cannot_be_read(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "a.csv").write_bytes(content)
    documents, errors = collect(tmp_path / "a.csv")
    assert documents == []
    assert errors[0].startswith(message)


LINES = ["The ferry sails again. 😀", "", "Share", "Menu"]
PAGE = TaggedDocument.from_scores(LINES, [0.1, None, 0.9, 0.6], threshold=0.5)


def annotated(*results: list[object], **fields: object) -> dict[str, object]:
    """A task as Label Studio exports it, with an annotation for each result."""
    task = as_task(PAGE, {"id": "page", "domain": "a.example"}, "test")
    return {"id": 7, "data": task["data"], "annotations": [{"id": 1, "result": r, **fields} for r in results]}


def region(label: str, first: int, last: int) -> dict[str, object]:
    return {
        "id": "r",
        "type": "paragraphlabels",
        "value": {"start": str(first), "end": last, "paragraphlabels": [label]},
    }


def test_lines_without_one_clear_label_are_unscored(tmp_path: Path) -> None:
    corrected = [region("article", 0, 2), region("noise", 2, 2)]
    other_annotator = [region("article", 0, 0), region("noise", 3, 3)]
    cancelled = {"result": [region("noise", 0, 3)], "was_cancelled": True}
    task = annotated(corrected, other_annotator)
    task["annotations"].append(cancelled)
    (tmp_path / "a.json").write_text(json.dumps([task]))
    (document,), errors = collect(tmp_path / "a.json")
    assert (document.labels, errors) == ((1, 1, None, 0), [])


def test_bad_tasks_are_named_by_line_and_the_rest_is_read(tmp_path: Path) -> None:
    tasks = [
        annotated([region("article", 0, 0)]),
        annotated([region("boilerplate", 0, 0)]),
        annotated([region("noise", 0, 4)]),
        annotated([{"type": "paragraphlabels", "id": "r", "value": {}}]),
        annotated([region("noise", 0, 0)], was_cancelled=True),
        {"id": 8, "lines": [], "label": []},
        "task",
        {"id": 9, "data": {"lines": ["text"]}, "annotations": []},
    ]
    (tmp_path / "a.json").write_text("[\n" + ",\n".join(map(json.dumps, tasks)) + "\n]")
    documents, errors = collect(tmp_path / "a.json")
    assert len(documents) == 1
    assert [error.split(":")[0] for error in errors] == ["3", "4", "5", "6", "7", "8", "9"]
    for error, words in zip(
        errors,
        ("known labels: article, noise", "there are 4", "expected `start`", "no annotation", "not JSON-MIN", "`data`",
         "objects with `text`"),
        strict=True,
    ):  # fmt: skip
        assert words in error


@pytest.mark.parametrize("content", ["", "{}", "[", '[{"id": 1} 2]', "[nonsense]", "\udcff"])
def test_what_is_no_export_is_named(tmp_path: Path, content: str) -> None:
    (tmp_path / "a.json").write_bytes(content.encode("utf-8", "surrogateescape"))
    documents, errors = collect(tmp_path / "a.json")
    assert documents == []
    assert len(errors) >= 1


def test_predict_writes_one_array_of_tasks(command: Run, tmp_path: Path) -> None:
    rows = [{"id": 1, "lines": LINES, "url": "https://a.example/"}, {"id": 2, "text": f"{STORY}\nShare"}, {"text": 5}]
    done = command(
        "predict",
        "--format",
        "label-studio",
        "--input-format",
        "jsonl",
        input="\n".join(map(json.dumps, rows)).encode(),
    )
    assert done.returncode == 1
    first, second = json.loads(done.stdout)
    assert first["data"]["url"] == "https://a.example/"
    assert [item["text"] for item in first["data"]["lines"]] == LINES
    assert [item["number"] for item in second["data"]["lines"]] == ["1", "2"]
    labels = linesift.load().tag(f"{STORY}\nShare").labels
    assert [r["value"]["paragraphlabels"] for r in second["predictions"][0]["result"]] == [[label] for label in labels]


def test_no_document_is_an_empty_array(command: Run) -> None:
    done = command("predict", "--format", "label-studio", "--input-format", "jsonl")
    assert json.loads(done.stdout) == []
    dropped = command("predict", "--format", "label-studio", "--on-excess", "drop", input=b"Accept all cookies")
    assert json.loads(dropped.stdout) == []


def test_the_guide_shows_the_interface_that_tasks_are_written_for() -> None:
    assert INTERFACE in (ROOT / "docs" / "train.md").read_text("utf-8")
