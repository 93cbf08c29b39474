"""JSON Lines: a document a line."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator
from typing import IO

from linesift.readers.rows import record_of_row
from linesift.records import BadRecord, Item, ReadOptions, Record
from linesift.streams import UTF8_BOM


def lines(file: IO[bytes], encoding: str | None) -> Iterator[bytes | str]:
    """The lines of a file; decoded if it is not in UTF-8, so that a bad byte in UTF-8 costs one line only.

    :raises UnicodeError: while they are read, if they are not in the encoding.
    """
    if not encoding:
        yield from file
        return
    text = io.TextIOWrapper(file, encoding, newline="\n")
    try:
        yield from text
    finally:
        text.detach()  # or else it would close the file, which is not its own


def read(lines: Iterable[bytes | str], name: str, options: ReadOptions) -> Iterator[Item]:
    """The documents of JSON Lines; blank lines are passed over."""
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield _record(line, f"{name}:{number}", options.text_field)


def _record(line: bytes | str, name: str, text_field: str | None) -> Record | BadRecord:
    try:
        row = json.loads(line if isinstance(line, str) else line.removeprefix(UTF8_BOM))
    except UnicodeDecodeError as error:
        return BadRecord(name, f"not UTF-8: byte {error.start} of the row")
    except (ValueError, RecursionError) as error:
        return BadRecord(name, f"not JSON: {error}")
    if not isinstance(row, dict):
        return BadRecord(name, f"expected a JSON object, found {type(row).__name__}")
    return record_of_row(row, name, text_field)
