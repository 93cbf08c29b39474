"""Documents to tag: text files and rows of JSON Lines, from files and standard input."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import IO, Any

from linesift.documents import split_lines
from linesift.streams import UNREADABLE, UTF8_BOM, decompressed, open_bytes

STDIN = "-"
JSON_LINES_SUFFIXES = (".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz")


@dataclass(frozen=True)
class Record:
    """One document to tag.

    :param name: where it stands: the file, and the line in a JSON Lines file.
    :param lines: its lines.
    :param row: the fields it came with; a document from a text file has `id` and `text`.
    """

    name: str
    lines: list[str]
    row: Mapping[str, Any]


@dataclass(frozen=True)
class BadRecord:
    """A document that could not be read, and why."""

    name: str
    message: str

    def __str__(self) -> str:
        return f"{self.name}: {self.message}"


def read_records(inputs: Iterable[str], input_format: str, text_field: str | None) -> Iterator[Record | BadRecord]:
    """The documents of all inputs, in order; an input that cannot be read is one bad record.

    :param inputs: paths, or "-" for standard input.
    :param input_format: "text", "jsonl", or "auto": by the file's name, and standard input by its first line.
    :param text_field: the field of a JSON row that holds the text; None: `text`, or else `lines`.
    """
    for name in inputs:
        try:
            if name == STDIN:
                yield from _read_input(decompressed(_stdin()), name, input_format, text_field)
            else:
                with open_bytes(Path(name)) as file:
                    yield from _read_input(file, name, input_format, text_field)
        except UNREADABLE as error:
            yield BadRecord(name, getattr(error, "strerror", None) or str(error))


def _stdin() -> IO[bytes]:
    """Standard input.

    :raises OSError: if it is closed.
    """
    if sys.stdin is None:
        raise OSError("standard input is closed")
    return sys.stdin.buffer


def _read_input(file: IO[bytes], name: str, input_format: str, text_field: str | None) -> Iterator[Record | BadRecord]:
    if input_format == "text" or (input_format == "auto" and name != STDIN and not _is_json_lines_name(name)):
        yield _text_record(file.read(), name)
        return
    first = file.readline()
    if input_format == "auto" and name == STDIN and not _is_json_row(first, text_field):
        yield _text_record(first + file.read(), name)
        return
    for number, line in enumerate(chain([first], file), 1):
        if line.strip():
            yield _json_record(line, f"{name}:{number}", text_field)


def _is_json_lines_name(name: str) -> bool:
    return name.lower().endswith(JSON_LINES_SUFFIXES)


def _is_json_row(line: bytes, text_field: str | None) -> bool:
    """Whether a line is a JSON object that holds a document; with a field named, any JSON object."""
    try:
        row = json.loads(line.removeprefix(UTF8_BOM))
    except (ValueError, RecursionError):
        return False
    return isinstance(row, dict) and bool(text_field or {"text", "lines"} & row.keys())


def _text_record(content: bytes, name: str) -> Record | BadRecord:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        return BadRecord(name, f"not UTF-8: byte {error.start} is 0x{content[error.start]:02x}; convert it first")
    return Record(name, split_lines(text), {"id": name, "text": text})


def _json_record(line: bytes, name: str, text_field: str | None) -> Record | BadRecord:
    try:
        row = json.loads(line.removeprefix(UTF8_BOM))
    except UnicodeDecodeError as error:
        return BadRecord(name, f"not UTF-8: byte {error.start} of the row")
    except (ValueError, RecursionError) as error:
        return BadRecord(name, f"not JSON: {error}")
    if not isinstance(row, dict):
        return BadRecord(name, f"expected a JSON object, found {type(row).__name__}")
    field = text_field or ("text" if "text" in row else "lines")
    if field not in row:
        wanted = f"`{text_field}`" if text_field else "`text` or `lines`"
        return BadRecord(
            name, f"no field {wanted}; --text-field names another; fields here: {', '.join(row) or 'none'}"
        )
    value = row[field]
    if isinstance(value, str):
        return Record(name, split_lines(value), row)
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        return BadRecord(name, f"`{field}` must be a string or a list of strings")
    broken = [number for number, item in enumerate(value, 1) if "\n" in item]
    if broken:
        return BadRecord(name, f"`{field}`: entry {broken[0]} holds a line break; an entry is one line")
    return Record(name, value, row)
