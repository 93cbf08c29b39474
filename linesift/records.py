"""Documents to tag, and what else there is to say while inputs are read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from linesift.encodings import UnknownEncodingError
from linesift.extras import MissingExtraError
from linesift.inputs import Input
from linesift.streams import UNREADABLE


class ArrowRow(NamedTuple):
    """A row of a Parquet file as Arrow holds it, so that it can be written again as it was."""

    batch: Any  #: pyarrow.RecordBatch
    place: int


@dataclass(frozen=True, slots=True)
class Record:
    """One document to tag.

    :param name: where it stands: the file, and the line, row or record in it.
    :param lines: its lines.
    :param row: the fields it came with; a document from a text file has `id` and `text`.
    :param origin: the row of Parquet it came from.
    """

    name: str
    lines: Sequence[str]
    row: Mapping[str, Any]
    origin: ArrowRow | None = None


@dataclass(frozen=True, slots=True)
class BadRecord:
    """A document that could not be read, and why."""

    name: str
    message: str

    def __str__(self) -> str:
        return f"{self.name}: {self.message}"


@dataclass(frozen=True, slots=True)
class Note:
    """Something that a person should know about a document that was read."""

    name: str
    message: str

    def __str__(self) -> str:
        return f"{self.name}: {self.message}"


@dataclass(frozen=True, slots=True)
class Begin:
    """What follows, up to its End, comes from this input."""

    input: Input


@dataclass(frozen=True, slots=True)
class End:
    """An input's last record has been read.

    :param whole: whether it could be read to its end.
    """

    input: Input
    whole: bool


Item = Record | BadRecord | Note | Begin | End


def lines_of(item: Item) -> Sequence[str]:
    """What of an item the model sees."""
    return item.lines if isinstance(item, Record) else []


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How inputs are read.

    :param input_format: one of readers.INPUT_FORMATS.
    :param text_field: the field of a row that holds the text; None: `text`, or else `lines`.
    :param encoding: of text and JSON Lines; None: told from each file.
    """

    input_format: str = "auto"
    text_field: str | None = None
    encoding: str | None = None


def read_records(inputs: Iterable[Input], options: ReadOptions) -> Iterator[Item]:
    """The documents of all inputs, in order; an input that cannot be read on is one bad record."""
    from linesift.readers import read_input

    for input_ in inputs:
        yield Begin(input_)
        whole = True
        try:
            yield from read_input(input_.name, options)
        except (*UNREADABLE, UnicodeError, UnknownEncodingError, MissingExtraError) as error:
            whole = False
            yield BadRecord(input_.name, getattr(error, "strerror", None) or str(error))
        yield End(input_, whole)
