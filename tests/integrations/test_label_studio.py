"""Tasks for Label Studio, held against the package's own models: what predict writes, and what its export trains."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from linesift.bundle import MANIFEST
from linesift.label_formats import read_labelled
from linesift.label_formats.label_studio import INTERFACE
from tests.conftest import ROOT
from tests.rows import STORY
from tests.running import predict

objects = pytest.importorskip("label_studio_sdk.label_interface.objects", reason="part of the extra `engines`")
converter = pytest.importorskip("label_studio_sdk.converter", reason="part of the extra `engines`")
label_interface = pytest.importorskip("label_studio_sdk.label_interface", reason="part of the extra `engines`")

LINES = [f"{STORY} 😀", "", "  Share\r", "Menu", "Grüße aus 東京\u2028und Köln"]
EXAMPLES = [
    json.loads(row) for row in (ROOT / "data" / "starter-europe.jsonl").read_text("utf-8").split("\n")[:4] if row
]
Task = dict[str, Any]


@pytest.fixture(scope="module")
def interface() -> Any:
    """The labelling interface of our tasks, as Label Studio parses it."""
    interface = label_interface.LabelInterface(INTERFACE)
    interface.validate()
    return interface


@pytest.fixture(scope="module")
def tasks() -> list[Task]:
    """What the command writes for documents of all kinds of lines."""
    rows = [{"id": "odd", "lines": LINES, "url": "https://a.example/"}, {"id": "blank", "lines": ["", " "]}]
    rows += [{"id": row["id"], "domain": row["domain"], "lines": row["lines"]} for row in EXAMPLES]
    stored = "".join(json.dumps(row) + "\n" for row in rows).encode()
    done = predict("--format", "label-studio", "--input-format", "jsonl", input=stored)
    assert done.code == 0, done.stderr
    found: list[Task] = json.loads(done.stdout)
    assert [task["data"]["id"] for task in found] == [row["id"] for row in rows]
    return found


def faults(interface: Any, task: Task) -> list[str]:
    """What Label Studio's own models find wrong with a task."""
    value = objects.TaskValue.model_validate(task)
    if not interface.validate_task({"data": value.data}):  # the predictions by themselves: it cannot check them
        return ["data: the interface's variable is missing"]
    dumped = [prediction.model_dump() for prediction in value.predictions]
    return [fault for prediction in dumped for fault in interface.validate_prediction(prediction, return_errors=True)]


def test_tasks_pass_the_schema(interface: Any, tasks: list[Task]) -> None:
    for task in tasks:
        assert faults(interface, task) == []
        lines = task["data"]["lines"]
        for region in task["predictions"][0]["result"]:
            place = int(region["value"]["start"])
            assert region["value"]["text"] == lines[place]["text"]
            assert (
                region["value"]["endOffset"] == len(lines[place]["text"].encode("utf-16-le")) // 2
            )  # as browsers count
            assert 0 <= region["score"] <= 1


def test_tasks_hold_each_line_and_label_those_with_text(tasks: list[Task]) -> None:
    odd, blank, *_ = tasks
    assert [line["text"] for line in odd["data"]["lines"]] == LINES
    assert odd["data"]["url"] == "https://a.example/"
    assert [region["value"]["start"] for region in odd["predictions"][0]["result"]] == ["0", "2", "3", "4"]
    assert blank["predictions"][0]["result"] == []


@pytest.mark.parametrize(
    ("place", "value", "fault"),
    [
        (("data", "lines"), None, "variable is missing"),
        (("predictions", 0, "result", 0, "from_name"), "other", "'from_name' 'other' not found"),
        (("predictions", 0, "result", 0, "to_name"), "text", "'to_name' 'text' not found"),
        (("predictions", 0, "result", 0, "type"), "labels", "does not match expected type"),
        (("predictions", 0, "result", 0, "value", "paragraphlabels"), ["boilerplate"], "Invalid value"),
        (("predictions", 0, "result", 0, "value", "startOffset"), "first", "Invalid value"),
    ],
)
def test_the_schema_tells_a_task_that_is_wrong(
    interface: Any, tasks: list[Task], place: tuple[str | int, ...], value: object, fault: str
) -> None:
    """Or else passing it would say nothing."""
    task = copy.deepcopy(tasks[0])
    part: Any = task
    for key in place[:-1]:
        part = part[key]
    part[place[-1]] = value
    assert any(fault in found for found in faults(interface, task))


def corrected(interface: Any, task: Task, labels: list[int | None], number: int) -> Task:
    """A task as Label Studio stores it once a person has set the labels right and submitted."""
    regions = copy.deepcopy(task["predictions"][0]["result"])
    for region in regions:
        label = labels[int(region["value"]["start"])]
        region["value"]["paragraphlabels"] = ["article" if label == 1 else "noise"]
        region["origin"] = "prediction-changed"
    annotation = objects.AnnotationValue(completed_by=1, result=regions).model_dump()
    assert interface.validate_annotation(annotation)
    return {"id": number, "data": task["data"], "annotations": [{"id": number, **annotation}], "predictions": []}


def test_corrected_tasks_are_trained_on(interface: Any, tasks: list[Task], tmp_path: Path) -> None:
    """Tasks, corrected, through Label Studio's own export, into train.py."""
    stored = [
        corrected(interface, task, row["labels"], number)
        for number, (task, row) in enumerate(zip(tasks[2:], EXAMPLES, strict=True), 1)
    ]
    (tmp_path / "stored.json").write_text(json.dumps(stored))
    export = converter.Converter(INTERFACE, str(tmp_path))
    export.convert_to_json(str(tmp_path / "stored.json"), str(tmp_path / "out"), is_dir=False)
    documents = list(read_labelled(tmp_path / "out" / "result.json"))
    for document, row in zip(documents, EXAMPLES, strict=True):
        assert (document.id, document.domain) == (row["id"], row["domain"])
        assert (document.lines, document.labels) == (tuple(row["lines"]), tuple(row["labels"]))
    output = tmp_path / "bundle"
    program = [sys.executable, "train.py", "--folds", "2", "--first-trees", "3", "--second-trees", "3"]
    done = subprocess.run(
        [*program, "--corpus", tmp_path / "out" / "result.json", "--output", output],
        cwd=ROOT, capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode()
    labels = [label for document in documents for label in document.labels]
    counts = json.loads((output / MANIFEST).read_text("utf-8"))["counts"]
    assert counts == {
        "documents": len(EXAMPLES),
        "article_lines": labels.count(1),
        "noise_lines": labels.count(0),
        "unscored_lines": 0,
    }
