"""Stand-off labels: joined with the files that they are of, and what does not match is named."""

import hashlib
import json
from pathlib import Path

from linesift.standoff import read_documents
from tests.conftest import ROOT, SHARED, Run, needs_shared
from tests.rows import STORY, write_rows


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
