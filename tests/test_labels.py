"""Labels that users bring: stand-off labels, CSV, Label Studio; what is wrong is named by file and line."""

import hashlib
import json
from pathlib import Path

import pytest

import linesift
from linesift.corpus import KINDS, CorpusError, LabelledDocument, parse_document, read_corpus
from linesift.documents import TaggedDocument
from linesift.folds import assign_folds, independent_groups
from linesift.label_formats import read_labelled
from linesift.label_formats.label_studio import INTERFACE, as_task
from linesift.near_duplicates import same_text
from linesift.standoff import read_documents
from linesift.validation import without_clashes, without_near_copies
from tests.conftest import ROOT, SHARED, Run, needs_shared
from tests.test_inputs import PACKERS

STORY = "The river rose by two metres overnight, and by morning the lower fields stood under water."
LONG_STORY = tuple(f"{STORY} In the year {1900 + n} it rose to the mark {n} on the mill." for n in range(12))


def collect(path: Path) -> tuple[list[LabelledDocument], list[str]]:
    """The documents of a file, and what was said of its bad rows, after the name of the file."""
    errors: list[str] = []
    documents = list(read_labelled(path, lambda error: errors.append(str(error))))
    assert all(error.startswith(f"{path}:") for error in errors)
    return documents, [error.removeprefix(f"{path}:") for error in errors]


def write_rows(path: Path, rows: list[object]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


# Stand-off labels.


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def labels_of(name: str, lines: list[str]) -> list[dict[str, object]]:
    return [
        {"document": name, "line": number, "label": "article", "unsure": False, "sha256": digest(line)}
        for number, line in enumerate(lines, 1)
    ]


def test_stand_off_labels_are_joined_with_the_files(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(f"  {STORY}\r\n\r\nShare\r\nHm".encode())
    rows = labels_of("a.txt", [STORY, "", "Share", "Hm"])
    rows[2]["label"] = "noise"
    rows[3]["unsure"] = True
    write_rows(tmp_path / "labels.jsonl", [rows[0], rows[2], rows[3]])
    (document,) = read_documents(tmp_path)
    assert document.labels == (1, None, 0, None)
    assert document.group == "documents/a.txt"


def test_stand_off_labels_say_which_lines_do_not_match(tmp_path: Path) -> None:
    lines = [f"Line {n}" for n in range(1, 9)]
    (tmp_path / "changed.txt").write_text("\n".join([lines[0], "Another", *lines[2:5], "Other", "Others"]))
    (tmp_path / "good.txt").write_text("\n".join(lines))
    (tmp_path / "latin1.txt").write_bytes(b"caf\xe9")
    rows = [
        *labels_of("changed.txt", lines),
        *labels_of("good.txt", lines),
        *labels_of("gone.txt", lines),
        *labels_of("latin1.txt", lines[:1]),
        {"document": "good.txt", "line": 1, "label": "content", "sha256": ""},
        [],
    ]
    errors: list[str] = []
    path = write_rows(tmp_path / "labels.jsonl", rows)
    documents = read_documents(tmp_path, on_error=lambda error: errors.append(str(error)))
    assert {document.id: document.labels.count(1) for document in documents} == {"changed.txt": 4, "good.txt": 8}
    assert errors[0].startswith(f"{path}:26: expected `document`, `line`, `sha256` and a `label` of article, noise")
    assert errors[1].startswith(f"{path}:27: expected")
    assert "changed.txt: the file was changed: 4 of its 8 labelled lines" in errors[2]
    assert errors[2].endswith(": 2, 6-8")
    assert errors[3].endswith("gone.txt: No such file or directory; its 8 labels are left out")
    assert "latin1.txt: 'utf-8' codec" in errors[4]
    assert len(errors) == 5


def test_the_labels_that_ship_hold_no_text() -> None:
    rows = [json.loads(line) for line in (ROOT / "data" / "documents.labels.jsonl").read_text("utf-8").splitlines()]
    assert len({row["document"] for row in rows}) == 5
    for row in rows:
        assert set(row) == {"document", "line", "label", "kind", "unsure", "sha256"}
        assert row["label"] in {"article", "noise"}
        assert len(row["sha256"]) == 64


def test_stand_off_labels_are_no_corpus() -> None:
    documents, errors = collect(ROOT / "data" / "documents.labels.jsonl")
    assert documents == []
    assert errors == ["1: stand-off labels hold no text: give them as --labels, with --documents"]


@needs_shared
def test_the_labels_that_ship_match_the_documents() -> None:
    documents = read_documents(SHARED / "documents", ROOT / "data" / "documents.labels.jsonl")
    assert len(documents) == 5
    for document in documents:
        unlabelled = [line for line, label in zip(document.lines, document.labels, strict=True) if label is None]
        assert len([line for line in unlabelled if line.strip()]) <= 7  # those marked unsure


def test_the_command_trains_on_what_matches(command: Run, tmp_path: Path) -> None:
    """Two of three files are there, one of them changed; the labels stand in another folder."""
    texts = {name: [f"{STORY} {name} {n}" for n in range(6)] + ["Menu", "Share this"] for name in ("a.txt", "b.txt")}
    rows = [row for name, lines in texts.items() for row in labels_of(name, lines)] + labels_of("gone.txt", ["x"])
    for row in rows:
        row["label"] = "noise" if row["line"] in (7, 8) else "article"
    labels = write_rows(tmp_path / "labels.jsonl", rows)
    (tmp_path / "pages").mkdir()
    for name, lines in texts.items():
        changed = ["Changed", *lines[1:]] if name == "b.txt" else lines
        (tmp_path / "pages" / name).write_text("\n".join(changed))
    corpus = write_rows(tmp_path / "none.jsonl", [])
    done = command(
        "train", "--corpus", corpus, "--documents", tmp_path / "pages", "--labels", labels, "--folds", 2,
        "--first-trees", 3, "--second-trees", 3, "--output", tmp_path / "bundle",
    )  # fmt: skip
    said = done.stderr.decode()
    assert done.returncode == 1, said
    assert "b.txt: the file was changed: 1 of its 8 labelled lines" in said
    assert "gone.txt: No such file" in said
    assert "2 bad records skipped" in said
    manifest = json.loads((tmp_path / "bundle" / "manifest.json").read_text("utf-8"))
    assert manifest["counts"] == {"documents": 2, "article_lines": 11, "noise_lines": 4, "unscored_lines": 1}
    assert manifest["training_files"]["labels.jsonl"] == hashlib.sha256(labels.read_bytes()).hexdigest()
    assert "b.txt" in manifest["training_files"]


# CSV.

TABLE = """document,line,text,label,domain
p1,1,"The ferry, at last",article,a.example
p1,3,Share,noise,a.example
p2,1,Menu,noise,
p1,2,"It ""sails"" again.",,a.example
"""


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


# Label Studio.

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


# What a corpus must hold to.


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
    assert kinds - {None} == set(KINDS)


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


# Near-duplicates.


def document(identity: str, lines: tuple[str, ...], **fields: str) -> LabelledDocument:
    return LabelledDocument(identity, lines, (1,) * len(lines), **fields)


OTHER_STORY = tuple(
    f"Council member {n} said that the budget for road {n} was short of {n * 31} crowns." for n in range(12)
)
CHINESE = tuple(f"市政府第{n}次会议决定修建{n}公里的新公路，预计{2000 + n}年完工并通车。" for n in range(12))


def test_the_same_story_between_other_noise_is_found() -> None:
    edited = (*LONG_STORY[:6], LONG_STORY[6].replace("mill", "old mill"), *LONG_STORY[7:])
    copies = same_text(
        [LONG_STORY, OTHER_STORY, ("Menu", "", *edited, "Share"), CHINESE, ("首页", *CHINESE), ("Menu",), ("Menu",), ()]
    )
    assert copies.tolist() == [0, 1, 0, 2, 2, 3, 4, 5]


def test_near_duplicates_of_two_sites_stand_in_one_fold() -> None:
    documents = [
        document(f"{n}", (*OTHER_STORY, str(n)) if n < 2 else (str(n),), domain=f"{n}.example") for n in range(20)
    ]
    documents.append(document("20", ("Another page of the second site",), domain="1.example"))
    groups = independent_groups(documents)
    assert groups[0] == groups[1] == groups[20] == "0.example"
    assert len(set(groups)) == 19
    for seed in range(5):
        folds = assign_folds(groups, 5, seed)
        assert folds[0] == folds[1] == folds[20]


def test_training_keeps_copies_of_two_sites_together(command: Run, tmp_path: Path) -> None:
    """With nothing but copies there is one group, and no cross-validation."""
    rows = [
        {"id": site, "domain": site, "lines": [*LONG_STORY, f"Share on {site}"], "labels": [1] * 12 + [0]}
        for site in ("a.example", "b.example", "c.example")
    ]
    corpus = write_rows(tmp_path / "a.jsonl", rows)
    done = command(
        "train", "--corpus", corpus, "--first-trees", 2, "--second-trees", 2, "--output", tmp_path / "bundle"
    )
    assert done.returncode == 2
    assert "at least two groups" in done.stderr.decode()


def test_what_is_measured_was_not_trained_on() -> None:
    held_out = [document("a", LONG_STORY, split="valid")]
    others = [document("b", (*LONG_STORY, "Share"), split="train"), document("c", OTHER_STORY, split="train")]
    assert without_near_copies(others, held_out) == others[1:]


def test_copies_of_held_out_documents_go_and_those_within_a_split_stay() -> None:
    errors: list[CorpusError] = []
    documents = [
        document("a", ("x", "y"), split="train", place="f:1"),
        document("b", ("x", "", "y "), split="valid", place="f:2"),
        document("c", ("z",), split="train", place="f:3"),
        document("d", ("z",), split="train", place="f:4"),
        document("e", ("x", "y"), split="valid", place="f:5"),
        document("c", ("w",), split="train", place="f:6"),
    ]
    kept = without_clashes(documents, errors.append)
    assert [d.id for d in kept] == ["b", "c", "d", "e"]
    assert [str(error).split(": ")[0] for error in errors] == ["f:6", "f:1"]


def test_the_guide_shows_the_interface_that_tasks_are_written_for() -> None:
    assert INTERFACE in (ROOT / "docs" / "train.md").read_text("utf-8")
