"""Reading documents: which reader an input needs, and its opening."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import IO, Any, cast

from linesift.encodings import LONGEST_MARK, marked_encoding
from linesift.inputs import STDIN
from linesift.readers import jsonl, parquet, text, warc
from linesift.readers.rows import json_object
from linesift.records import BadRecord, ReadOptions, Unparsed
from linesift.streams import UTF8_BOM, decompressed, open_bytes, split_suffix

INPUT_FORMATS = ("auto", "text", "jsonl", "parquet", "warc")
FORMAT_OF_SUFFIX = {
    ".txt": "text",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".parquet": "parquet",
    ".warc": "warc",
    ".wet": "warc",
}  # fmt: skip
MOST_BLANK = 100  # lines at the start of an input, before its first row
FORMAT_OF_START = {parquet.MAGIC: "parquet", warc.MAGIC: "warc"}


def read_input(name: str, options: ReadOptions) -> Iterator[Unparsed | BadRecord]:
    """The documents of one file or of standard input, not parsed yet.

    :raises OSError, EOFError, zlib.error, lzma.LZMAError: if it is missing, cut or broken.
    :raises UnicodeError: if it is JSON Lines in another encoding than the one that is stated.
    :raises MissingExtraError: if reading it needs a library that is not installed.
    """
    if name == STDIN:
        yield from _read(decompressed(_stdin()), name, options)
    else:
        with open_bytes(Path(name)) as file:
            yield from _read(file, name, options)


def _stdin() -> IO[bytes]:
    """Standard input.

    :raises OSError: if it is closed.
    """
    if sys.stdin is None:
        raise OSError("standard input is closed")
    return sys.stdin.buffer


def _read(file: IO[bytes], name: str, options: ReadOptions) -> Iterator[Unparsed | BadRecord]:
    known = _format(file, name, options)
    if known == "parquet":
        return parquet.read(file, name)
    if known == "warc":
        return warc.read(file, name)
    encoding = options.encoding or marked_encoding(_peek(file, LONGEST_MARK))
    if known == "text":
        return text.read(file, name)
    if known == "jsonl":
        return jsonl.read(jsonl.lines(file, encoding), name)
    if encoding:
        return text.read(file, name)
    start = _first_lines(file)
    if _is_json_row(start[-1], options.text_field):
        return jsonl.read(chain(start, file), name)
    return text.read(file, name, b"".join(start))


def _format(file: IO[bytes], name: str, options: ReadOptions) -> str:
    """The format that was asked for, or that name or first bytes tell; "" if only the first line can."""
    if options.input_format != "auto":
        return options.input_format
    stem = split_suffix(name)[0].lower()
    for suffix, known in FORMAT_OF_SUFFIX.items():
        if stem.endswith(suffix):
            return known
    for start, known in FORMAT_OF_START.items():
        if _peek(file, len(start)) == start:
            return known
    return ""


def _peek(file: IO[bytes], size: int) -> bytes:
    """The first bytes, which stay unread; all streams of streams.decompressed can do that."""
    return cast(bytes, cast(Any, file).peek(size)[:size])


def _first_lines(file: IO[bytes]) -> list[bytes]:
    """The lines up to the first that is not blank, but not more than a few; at least one, which may be empty."""
    lines = [file.readline()]
    while lines[-1] and not lines[-1].strip() and len(lines) < MOST_BLANK:
        lines.append(file.readline())
    return lines


def _is_json_row(line: bytes, text_field: str | None) -> bool:
    """Whether a line is a JSON object that holds a document; with a field named, any JSON object."""
    row = json_object(line.removeprefix(UTF8_BOM))
    return row is not None and bool(text_field or {"text", "lines"} & row.keys())
