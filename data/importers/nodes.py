"""The node CSVs: the text nodes of pages, labelled in their HTML."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

from importers.alignment import ARTICLE
from importers.bad import BadInput
from importers.files import read_text
from importers.rows import MINIMUM_LINES, Row, split_of
from importers.source import Source

LABELS = {"0": 0, "1": 1}
# The file's name, with the name of its folder before it, to language and number.
NAMES = (
    (re.compile(r"jp-(\d+)"), "ja", "{}"),
    (re.compile(r"thai-(\d+)"), "th", "{}"),
    (re.compile(r"gt_(\d+)"), "en", "gt_{}"),
    (re.compile(r"zh[-/](\d+)"), "zh", "{}"),
)
csv.field_size_limit(2**31 - 1)  # a node may hold a whole article


def find(folder: Path) -> list[Path]:
    """The files of Japanese, Thai and Chinese pages and of GoogleTrends-2017, anywhere below the folder."""
    return sorted(path for path in folder.rglob("*.csv") if identity(path))


def identity(path: Path) -> tuple[str, str] | None:
    """Language and number of the page; None if it is of another set."""
    for pattern, lang, number in NAMES:
        found = pattern.fullmatch(path.stem) or pattern.fullmatch(f"{path.parent.name}/{path.stem}")
        if found:
            return lang, number.format(found[1])
    return None


def read(path: Path) -> Iterator[Row]:
    """The document of one file: a line a node."""
    lang, number = identity(path) or ("und", path.stem)
    pairs = [pair for pair in read_nodes(path) if pair[0]]
    lines, labels = [text for text, _ in pairs], [label for _, label in pairs]
    if len(lines) >= MINIMUM_LINES and ARTICLE in labels:
        domain = f"nodes-{lang}-{number}"
        yield Row(f"nodes/{lang}-{number}", "nodes", domain, lang, "web", "full", split_of(domain), lines, labels)


def read_nodes(path: Path) -> Iterator[tuple[str, int]]:
    """Text and label of each node."""
    reader = csv.DictReader(io.StringIO(read_text(path), newline=""), strict=True)
    try:
        missing = {"content", "label"} - set(reader.fieldnames or ())
        if missing:
            raise BadInput(path, f"no column {', '.join(sorted(missing))}", 1)
        for row in reader:
            if row["label"] not in LABELS:
                expected = ", ".join(LABELS)
                raise BadInput(path, f"label {row['label']!r}, expected one of {expected}", reader.line_num)
            yield " ".join((row["content"] or "").split()), LABELS[row["label"]]
    except csv.Error as error:
        raise BadInput(path, str(error), reader.line_num) from error


SOURCE = Source(
    name="nodes",
    address="github.com/harukip/multitask-boilerplate-removal, commit 3e90602",
    licence="none given",
    size="more than 250 pages: Japanese, Thai, Chinese, and GoogleTrends-2017 (English)",
    layout="CSV files jp-N, thai-N, gt_N, and N in a folder zh",
    find=find,
    read=read,
)
