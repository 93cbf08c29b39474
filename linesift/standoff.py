"""Stand-off labels: documents as text files, their labels by file name, line number and hash."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

from linesift.corpus import CorpusError, LabelledDocument, stop
from linesift.documents import ARTICLE, NOISE, split_lines

LABELS_FILE = "labels.jsonl"
SOURCE = "documents"
CODES = {ARTICLE: 1, NOISE: 0}


def read_documents(
    folder: Path, labels: Path | None = None, on_error: Callable[[CorpusError], None] = stop
) -> list[LabelledDocument]:
    """Join the text files of a folder with their labels; each file is a group of its own.

    Rows: `{"document", "line" (from 1), "label", "unsure", "sha256" of the stripped line}`. Lines
    marked unsure are left unscored, and so are lines whose text is not the one that was labelled.

    :param labels: the rows; by default labels.jsonl in the folder.
    :param on_error: called for each bad row, missing file and line that does not match.
    :raises OSError: if there is no labels file.
    """
    path = labels or folder / LABELS_FILE
    rows_of: dict[str, list[tuple[int, dict[str, Any]]]] = defaultdict(list)
    for number, line in enumerate(path.read_text("utf-8").split("\n"), 1):
        if line.strip():
            try:
                row = json.loads(line)
                rows_of[row["document"]].append((number, row))
            except (ValueError, KeyError, TypeError) as error:
                on_error(CorpusError(f"{path}:{number}: not a label: {error}"))
    documents = []
    for name, rows in rows_of.items():
        try:
            lines = split_lines((folder / name).read_bytes().decode("utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            on_error(CorpusError(f"{folder / name}: {error}; its {len(rows)} labels are left out"))
            continue
        codes = _codes(lines, rows, path, on_error)
        documents.append(
            LabelledDocument(name, tuple(lines), tuple(codes), SOURCE, domain=f"{SOURCE}/{name}", view="full")
        )
    return documents


def _codes(
    lines: list[str], rows: list[tuple[int, dict[str, Any]]], path: Path, on_error: Callable[[CorpusError], None]
) -> list[int | None]:
    codes: list[int | None] = [None] * len(lines)
    for number, row in rows:
        try:
            place, code = int(row["line"]) - 1, CODES[row["label"]]
        except (KeyError, TypeError, ValueError):
            on_error(CorpusError(f"{path}:{number}: expected `line` and a `label` of {', '.join(CODES)}, found {row}"))
            continue
        if not 0 <= place < len(lines) or sha256_of_line(lines[place]) != row.get("sha256"):
            on_error(CorpusError(f"{path}:{number}: line {place + 1} of {row['document']} is not the one labelled"))
        elif not row.get("unsure"):
            codes[place] = code
    return codes


def sha256_of_line(line: str) -> str:
    """The hash of a line without the white space around it."""
    return hashlib.sha256(line.strip().encode()).hexdigest()
