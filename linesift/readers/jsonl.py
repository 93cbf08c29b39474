"""JSON Lines: a document a line."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import IO

from linesift.readers.rows import record_of_row
from linesift.records import BadRecord, Parsed, ReadOptions, Record, Unparsed
from linesift.streams import UNREADABLE, UTF8_BOM

ROWS_SIZE = 2**18  # bytes, or characters, that are parsed together: few enough to share out evenly


@dataclass(frozen=True, slots=True)
class Rows(Unparsed):
    """Lines that follow each other; blank ones are passed over.

    :param first: number of the first of them, from 1.
    """

    name: str
    first: int
    lines: list[bytes | str]

    @property
    def size(self) -> int:
        return sum(map(len, self.lines))

    def read(self, options: ReadOptions) -> Iterator[Parsed]:
        for number, line in enumerate(self.lines, self.first):
            if line.strip():
                yield _record(line, f"{self.name}:{number}", options.text_field)


def lines(file: IO[bytes], encoding: str | None) -> Iterable[bytes | str]:
    """The lines of a file; decoded if it is not in UTF-8, so that a bad byte in UTF-8 costs one line only.

    :raises UnicodeError: while they are read, if they are not in the encoding.
    """
    return _decoded(file, encoding) if encoding else file


def _decoded(file: IO[bytes], encoding: str) -> Iterator[str]:
    text = io.TextIOWrapper(file, encoding, newline="\n")
    try:
        yield from text
    finally:
        text.detach()  # or else it would close the file, which is not its own


def read(lines: Iterable[bytes | str], name: str) -> Iterator[Unparsed]:
    """The lines of a file, some at a time; what was read before it breaks off is given first."""
    first, held, size = 1, [], 0
    try:
        for line in lines:
            held.append(line)
            size += len(line)
            if size >= ROWS_SIZE:
                yield Rows(name, first, held)
                first, held, size = first + len(held), [], 0
    except (*UNREADABLE, UnicodeError):
        yield Rows(name, first, held)
        raise
    yield Rows(name, first, held)


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
