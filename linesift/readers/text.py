"""A text file: one document."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Any

from linesift.documents import split_lines
from linesift.encodings import UTF8, decode
from linesift.records import Item, Note, ReadOptions, Record


def read(file: IO[bytes], name: str, options: ReadOptions, start: bytes = b"") -> Iterator[Item]:
    """The document of a text file.

    :param start: what has been read of it already.
    :raises UnknownEncodingError: if its encoding cannot be told.
    """
    text, encoding = decode(start + file.read(), options.encoding)
    row: dict[str, Any] = {"id": name, "text": text}
    if encoding != UTF8:
        row["encoding"] = encoding
        if not options.encoding:
            yield Note(name, f"not UTF-8: read as {encoding}; --encoding names another")
    yield Record(name, split_lines(text), row)
