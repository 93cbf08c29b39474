"""A text file: one document."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any

from linesift.documents import split_lines
from linesift.encodings import UTF8, UnknownEncodingError, decode
from linesift.records import BadRecord, Note, Parsed, ReadOptions, Record, Unparsed


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
        yield Record(self.name, split_lines(text), row)


def read(file: IO[bytes], name: str, start: bytes = b"") -> Iterator[Unparsed]:
    """The document of a text file.

    :param start: what has been read of it already.
    """
    yield TextFile(name, start + file.read())
