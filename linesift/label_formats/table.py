"""Labels as a table: CSV with a row a line, columns document, line, text and label.

Read with Python's own csv, since it knows the line of the file on which a bad row stands.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from linesift.corpus import VALUE_OF_NAME, CorpusError, LabelledDocument, check_lines, described, stop
from linesift.documents import ARTICLE, NOISE
from linesift.streams import decompressed

COLUMNS = ("document", "line", "text", "label")
LABEL_VALUES: dict[str, int | None] = {**VALUE_OF_NAME, "1": 1, "0": 0, "": None}

Cells = Mapping[str, str]


class _Line(NamedTuple):
    number: int
    text: str
    label: int | None


def read_csv(path: Path, on_error: Callable[[CorpusError], None] = stop) -> Iterator[LabelledDocument]:
    """The labelled documents of a CSV file, plain or compressed, in the order in which they begin.

    Columns: `document`, its name; `line`, the line's number from 1; `text`; `label`, one of article, noise and
    nothing (unscored). A document may also have `source`, `domain`, `lang`, `genre`, `view` and `split`, which
    are read from its first row. Rows of one document need not stand together.

    :param on_error: called with each bad row's error, which names file and line; by default it is raised.
    :raises OSError: if the file is missing or cannot be read; a cut one raises others of streams.UNREADABLE too.
    :raises MissingExtraError: see streams.decompressed.
    """
    lines_of: dict[str, dict[int, _Line]] = {}
    first_row_of: dict[str, tuple[int, Cells]] = {}
    for number, cells in _rows(path, on_error):
        name = cells["document"]
        try:
            _add(lines_of.setdefault(name, {}), cells)
        except CorpusError as error:
            on_error(CorpusError(f"{path}:{number}: {error}"))
        first_row_of.setdefault(name, (number, cells))
    for name, lines in lines_of.items():
        number, cells = first_row_of[name]
        try:
            yield _document(name, lines, cells, f"{path}:{number}")
        except CorpusError as error:
            on_error(CorpusError(f"{path}:{number}: document {name!r}: {error}"))


def _rows(path: Path, on_error: Callable[[CorpusError], None]) -> Iterator[tuple[int, Cells]]:
    """The rows with all cells, and the line of the file on which each ends."""
    with path.open("rb") as stored, decompressed(stored) as file:
        rows = csv.DictReader(io.TextIOWrapper(file, "utf-8-sig", newline=""), strict=True)
        try:
            columns = rows.fieldnames or ()
            missing = [name for name in COLUMNS if name not in columns]
            if missing:
                on_error(CorpusError(f"{path}:1: no column {', '.join(missing)}; found {', '.join(columns) or 'none'}"))
                return
            for cells in rows:
                if None in cells or None in cells.values():
                    on_error(CorpusError(f"{path}:{rows.line_num}: expected {len(columns)} cells"))
                else:
                    yield rows.line_num, cells
        except UnicodeDecodeError as error:
            on_error(CorpusError(f"{path}: not UTF-8: {error.reason}; convert it first; nothing after it was read"))
        except csv.Error as error:
            on_error(CorpusError(f"{path}:{rows.reader.line_num}: {error}; nothing after it was read"))


def _add(lines: dict[int, _Line], cells: Cells) -> None:
    """Add the row's line to its document; with an unknown label it is still context, unscored."""
    try:
        number = int(cells["line"])
    except ValueError:
        number = 0
    if number < 1:
        raise CorpusError(f"`line` is {cells['line']!r}, expected a number from 1")
    if number in lines:
        raise CorpusError(f"line {number} of {cells['document']!r} stands twice")
    if "\n" in cells["text"]:
        raise CorpusError("`text` holds a line break; a row is one line")
    label = cells["label"].strip().lower()
    lines[number] = _Line(number, cells["text"], LABEL_VALUES.get(label))
    if label not in LABEL_VALUES:
        raise CorpusError(f"label {cells['label']!r}; known labels: {ARTICLE}, {NOISE}, or nothing for unscored")


def _document(name: str, lines: Mapping[int, _Line], cells: Cells, place: str) -> LabelledDocument:
    ordered = [lines[number] for number in sorted(lines)]
    check_lines(line.text for line in ordered)
    return LabelledDocument(
        **described({**cells, "id": name or place}),
        lines=tuple(line.text for line in ordered),
        labels=tuple(line.label for line in ordered),
        numbers=tuple(line.number for line in ordered),
        place=place,
    )
