"""Label Studio: documents as pre-annotated tasks to correct there, and its JSON export read back.

A document is a task of the tag Paragraphs, one paragraph a line, so that a region names its lines by
index. The project's labelling interface is INTERFACE.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from linesift.corpus import VALUE_OF_NAME, CorpusError, LabelledDocument, check_lines, described, stop
from linesift.documents import ARTICLE, NOISE, TaggedDocument, TaggedLine
from linesift.streams import decompressed

CONTROL, OBJECT, REGION = "label", "lines", "paragraphlabels"
INTERFACE = f"""<View>
  <ParagraphLabels name="{CONTROL}" toName="{OBJECT}">
    <Label value="{ARTICLE}" background="#2a9d8f" hotkey="1"/>
    <Label value="{NOISE}" background="#e76f51" hotkey="2"/>
  </ParagraphLabels>
  <Paragraphs name="{OBJECT}" value="${OBJECT}" layout="dialogue" nameKey="number" textKey="text"/>
</View>
"""
TEXT_FIELDS = ("text", "lines")  # of a row; a task holds its lines in a form of its own
# What stands around the tasks in the JSON array that Label Studio imports.
BEGIN, BETWEEN, END, NOTHING = b"[\n", b",\n", b"\n]\n", b"[]\n"


def as_task(page: TaggedDocument, row: Mapping[str, Any], model_version: str) -> dict[str, Any]:
    """A task to import, with the model's labels as its prediction.

    :param row: the fields that the document came with; all but its text are kept in the task's data.
    :param model_version: a name for the model, shown beside its predictions.
    """
    lines = [{"number": str(line.number), "text": line.text} for line in page.lines]
    fields = {name: value for name, value in row.items() if name not in TEXT_FIELDS}
    regions = [_region(line) for line in page.lines if line.label]
    return {
        "data": {**fields, OBJECT: lines},
        "predictions": [{"model_version": model_version, "result": regions}],
    }


def _region(line: TaggedLine) -> dict[str, Any]:
    """A region over one line; Label Studio wants the paragraph's index as a string."""
    index = str(line.number - 1)
    units = len(line.text.encode("utf-16-le", "surrogatepass")) // 2  # browsers count UTF-16 units
    value = {"start": index, "end": index, "startOffset": 0, "endOffset": units, "text": line.text}
    return {
        "id": f"line{line.number}",
        "from_name": CONTROL,
        "to_name": OBJECT,
        "type": REGION,
        "score": line.score,
        "value": {**value, REGION: [line.label]},
    }


def read_label_studio(path: Path, on_error: Callable[[CorpusError], None] = stop) -> Iterator[LabelledDocument]:
    """The labelled documents of Label Studio's JSON export, plain or compressed.

    A line that no region covers is unscored, and so is one that regions with both labels cover: a
    correction on top of a prediction that was left in place, or annotators who disagree. Annotations that
    were cancelled are left out.

    :param on_error: called with each bad task's error, which names file and line; by default it is raised.
    :raises OSError: if the file is missing or cannot be read; a cut one raises others of streams.UNREADABLE too.
    :raises MissingExtraError: see streams.decompressed.
    """
    for number, task in _tasks(path, on_error):
        place = f"{path}:{number}"
        try:
            yield _document(task, place)
        except CorpusError as error:
            name = task.get("id", "without id") if isinstance(task, dict) else type(task).__name__
            on_error(CorpusError(f"{place}: task {name}: {error}"))


def _tasks(path: Path, on_error: Callable[[CorpusError], None]) -> Iterator[tuple[int, Any]]:
    """The items of a JSON array, and the line of the file on which each begins."""
    decode = json.JSONDecoder().raw_decode
    with path.open("rb") as stored, decompressed(stored) as file:
        content = file.read()
    try:
        text = content.decode("utf-8-sig")
        place = _skip_space(text, 0)
        if text[place : place + 1] != "[":
            raise CorpusError("expected an array of tasks, as Label Studio's JSON export is; JSON Lines end in .jsonl")
        number, counted = 1, 0
        place = _skip_space(text, place + 1)
        while text[place : place + 1] != "]":
            task, end = decode(text, place)
            number, counted = number + text.count("\n", counted, place), place
            yield number, task
            place = _skip_space(text, end)
            if text[place : place + 1] == ",":
                place = _skip_space(text, place + 1)
            elif text[place : place + 1] != "]":
                raise json.JSONDecodeError("expected , or ]", text, place)
    except (ValueError, RecursionError) as error:
        on_error(CorpusError(f"{path}: {error}; nothing after it was read"))


def _skip_space(text: str, place: int) -> int:
    while text[place : place + 1].isspace():
        place += 1
    return place


def _document(task: Any, place: str) -> LabelledDocument:
    data, annotations = (task.get("data"), task.get("annotations")) if isinstance(task, dict) else (None, None)
    if not isinstance(data, dict) or not isinstance(annotations, list):
        raise CorpusError("expected `data` and `annotations`; export as JSON, not JSON-MIN")
    lines = _lines(data.get(OBJECT))
    submitted = [a for a in annotations if isinstance(a, dict) and not a.get("was_cancelled")]
    if not submitted:
        raise CorpusError("no annotation was submitted")
    covered: list[set[int]] = [set() for _ in lines]
    for annotation in submitted:
        for region in annotation.get("result") or ():
            _cover(covered, region)
    labels = tuple(next(iter(values)) if len(values) == 1 else None for values in covered)
    return LabelledDocument(
        **described({**data, "id": data.get("id") or task.get("id") or place}), lines=lines, labels=labels, place=place
    )


def _lines(items: Any) -> tuple[str, ...]:
    texts = [item.get("text") if isinstance(item, dict) else None for item in items] if isinstance(items, list) else []
    lines = tuple(text for text in texts if isinstance(text, str))
    if not isinstance(items, list) or len(lines) != len(items):
        raise CorpusError(f"`data.{OBJECT}` must be a list of objects with `text`, as --format label-studio writes it")
    check_lines(lines)
    return lines


def _cover(covered: Sequence[set[int]], region: Any) -> None:
    """Add the region's label to each line that it touches."""
    if not isinstance(region, dict) or region.get("type") != REGION:
        return
    value = region.get("value")
    try:
        first, last = int(value["start"]), int(value["end"])  # type: ignore[index]
        (label,) = value[REGION]  # type: ignore[index]
    except (KeyError, TypeError, ValueError) as error:
        raise CorpusError(f"region {region.get('id')!r}: expected `start`, `end` and one of `{REGION}`") from error
    if not isinstance(label, str) or label not in VALUE_OF_NAME:
        raise CorpusError(f"region {region.get('id')!r}: label {label!r}; known labels: {', '.join(VALUE_OF_NAME)}")
    if not 0 <= first <= last < len(covered):
        raise CorpusError(f"region {region.get('id')!r}: lines {first} to {last}, but there are {len(covered)}")
    for values in covered[first : last + 1]:
        values.add(VALUE_OF_NAME[label])
