"""A text file: one document."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any

from linesift.documents import split_lines
from linesift.encodings import UTF8, UnknownEncodingError, decode
from linesift.readers.rows import json_object
from linesift.records import BadRecord, Note, Parsed, ReadOptions, Record, Unparsed

HTML_STARTS = (b"<!doctype html", b"<html")
LONGEST_TAG = max(map(len, HTML_STARTS))
FIRST_BYTES = 1000


@dataclass(frozen=True, slots=True)
class TextFile(Unparsed):
    """All of a text file."""

    name: str
    content: bytes

    @property
    def size(self) -> int:
        return len(self.content)

    def read(self, options: ReadOptions) -> Iterator[Parsed]:
        try:
            text, encoding = decode(self.content, options.encoding)
        except UnknownEncodingError as error:
            yield BadRecord(self.name, str(error), ends_input=True)
            return
        row: dict[str, Any] = {"id": self.name, "text": text}
        if encoding != UTF8:
            row["encoding"] = encoding
            if not options.encoding:
                yield Note(self.name, f"not UTF-8: read as {encoding}; --encoding names another")
        if options.input_format == "auto" and (doubt := _doubt(self.content)):
            yield Note(self.name, doubt)
        yield Record(self.name, split_lines(text), row)


def _doubt(content: bytes) -> str:
    """What a person should know of a file that was taken for a text; "" of most."""
    start = content[:FIRST_BYTES].lstrip()
    if start[:LONGEST_TAG].lower().startswith(HTML_STARTS):
        return "read as text, but it looks like HTML: take the text out first, see docs/pipelines.md"
    if start.startswith(b"{") and json_object(content.lstrip().partition(b"\n")[0]) is not None:
        return "read as text, though its first line is a JSON object; --text-field names the field with the text"
    return ""


def read(file: IO[bytes], name: str, start: bytes = b"") -> Iterator[Unparsed]:
    """The document of a text file.

    :param start: what has been read of it already.
    """
    yield TextFile(name, start + file.read())
