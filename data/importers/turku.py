"""Turku text-quality annotations: lines of already extracted web text, labelled by hand line by line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from importers.bad import BadInput
from importers.files import field, read_json
from importers.rows import MINIMUM_LINES, Row, split_of
from importers.source import Source

# The files of test documents are left for tests.
SPLITS = ("train", "dev")
LABELS = {"0": 0, "1": 1}


def find(folder: Path) -> list[Path]:
    """de/dev.json and the like in a clone; or de.dev.json."""
    folders = (folder, folder / "text-quality-annotations")
    return sorted(
        path
        for split in SPLITS
        for base in folders
        for path in (*base.glob(f"??/{split}.json"), *base.glob(f"??.{split}.json"))
    )


def read(path: Path) -> Iterator[Row | BadInput]:
    """The documents of one file; a broken one does not spoil the others."""
    split = path.stem.split(".")[-1]
    lang = path.stem.split(".")[0] if "." in path.stem else path.parent.name
    documents = read_json(path)
    if not isinstance(documents, list):
        raise BadInput(path, "should be a list of documents")
    for number, document in enumerate(documents):
        try:
            row = to_row(path, f"{lang}-{split}-{number}", lang, document)
        except BadInput as bad:
            yield bad
        else:
            if len(row.lines) >= MINIMUM_LINES:
                yield row


def to_row(path: Path, name: str, lang: str, document: Any) -> Row:
    """One document, without its blank lines."""
    try:
        texts = field(path, document, "text", kind=list)
        labels = field(path, document, "labels", kind=list)
        if len(texts) != len(labels):
            raise BadInput(path, f"{len(texts)} lines, {len(labels)} labels")
        pairs = [to_pair(path, text, label) for text, label in zip(texts, labels, strict=True)]
    except BadInput as bad:
        raise BadInput(path, f"document {name}: {bad.message}") from bad
    visible = [(text, label) for text, label in pairs if text]
    lines, numbers = [text for text, _ in visible], [label for _, label in visible]
    return Row(f"turku/{name}", "turku", name, lang, "web", "residual", split_of(name), lines, numbers)


def to_pair(path: Path, text: Any, label: Any) -> tuple[str, int]:
    """A line and its label."""
    if not isinstance(text, str):
        raise BadInput(path, f"a line is {text!r}, expected text")
    if str(label) not in LABELS:
        raise BadInput(path, f"label {label!r}, expected one of {', '.join(LABELS)}")
    return text.strip(), LABELS[str(label)]


SOURCE = Source(
    name="turku",
    address="github.com/TurkuNLP/multilingual-register-labeling (text-quality-annotations), commit 98c8beb",
    licence="research data, cite Laippala et al. 2022 (W-NUT)",
    size="about 900 documents in Swedish, French, German, English, Finnish and Spanish",
    layout="text-quality-annotations/??/train.json and dev.json",
    find=find,
    read=read,
)
