"""Stand-off labels: documents as text files, their labels by file name, line number and hash."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from linesift.corpus import VALUE_OF_NAME, CorpusError, LabelledDocument, stop
from linesift.documents import split_lines

LABELS_FILE = "labels.jsonl"
SOURCE = "documents"


class _Row(NamedTuple):
    line: int  # from 1
    value: int | None
    sha256: str


def read_documents(
    folder: Path, labels: Path | None = None, on_error: Callable[[CorpusError], None] = stop
) -> list[LabelledDocument]:
    """Join the text files of a folder with their labels; each file is a group of its own.

    Rows: `{"document", "line" (from 1), "label", "unsure", "sha256" of the stripped line}`. Lines
    marked unsure are left unscored, and so are lines whose text is not the one that was labelled.

    :param labels: the rows; by default labels.jsonl in the folder.
    :param on_error: called for each bad row, each missing file, and each file that was changed, with the
        lines that do not match.
    :raises OSError: if there is no labels file.
    """
    path = labels or folder / LABELS_FILE
    documents = []
    for name, rows in _rows_by_document(path, on_error).items():
        try:
            lines = split_lines((folder / name).read_bytes().decode("utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or error
            on_error(CorpusError(f"{folder / name}: {reason}; its {len(rows)} labels are left out"))
            continue
        values, changed = _labels(lines, rows)
        if changed:
            on_error(
                CorpusError(
                    f"{folder / name}: the file was changed: {len(changed)} of its {len(rows)} labelled lines are not "
                    f"those that were labelled, and are left unscored: {as_ranges(changed)}"
                )
            )
        documents.append(
            LabelledDocument(
                name, tuple(lines), tuple(values), SOURCE, f"{SOURCE}/{name}", view="full", place=str(folder / name)
            )
        )
    return documents


def _rows_by_document(path: Path, on_error: Callable[[CorpusError], None]) -> dict[str, list[_Row]]:
    rows_of: dict[str, list[_Row]] = defaultdict(list)
    for number, line in enumerate(path.read_bytes().split(b"\n"), 1):
        if line.strip():
            try:
                name, row = _parse(json.loads(line))
                rows_of[name].append(row)
            except (ValueError, RecursionError) as error:
                on_error(CorpusError(f"{path}:{number}: {error}"))
    return rows_of


def _parse(row: Any) -> tuple[str, _Row]:
    """The document of a row and what it says of a line.

    :raises CorpusError: if the row is no label.
    """
    try:
        name, line = str(row["document"]), int(row["line"])
        value = None if row.get("unsure") else VALUE_OF_NAME[row["label"]]
        return name, _Row(line, value, str(row["sha256"]))
    except (KeyError, TypeError, ValueError) as error:
        expected = f"expected `document`, `line`, `sha256` and a `label` of {', '.join(VALUE_OF_NAME)}"
        raise CorpusError(f"{expected}, found {row}") from error


def _labels(lines: Sequence[str], rows: Sequence[_Row]) -> tuple[list[int | None], list[int]]:
    """The label of each line, and the numbers of those that are not the lines that were labelled."""
    values: list[int | None] = [None] * len(lines)
    changed = []
    for row in rows:
        if 1 <= row.line <= len(lines) and sha256_of_line(lines[row.line - 1]) == row.sha256:
            values[row.line - 1] = row.value
        else:
            changed.append(row.line)
    return values, changed


def as_ranges(numbers: Iterable[int]) -> str:
    """Numbers in ascending order, those that follow each other as a range.

    >>> as_ranges([7, 2, 3, 4])
    '2-4, 7'
    """
    ranges: list[list[int]] = []
    for number in sorted(set(numbers)):
        if ranges and number == ranges[-1][-1] + 1:
            ranges[-1].append(number)
        else:
            ranges.append([number])
    return ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in ranges)


def sha256_of_line(line: str) -> str:
    """The hash of a line without the white space around it."""
    return hashlib.sha256(line.strip().encode()).hexdigest()
