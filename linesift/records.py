"""Documents to tag, and what else there is to say while inputs are read."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from linesift.extras import MissingExtraError
from linesift.inputs import Input
from linesift.streams import UNREADABLE

GROUP_SIZE = 750_000  # bytes that are tagged together: of rows, about as much as one pass of NumPy takes
SMALLEST_UNPARSED = 100  # bytes that an item costs at least, even if it is empty


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
    """A document that could not be read, and why.

    :param ends_input: whether nothing more of its input can be read.
    """

    name: str
    message: str
    ends_input: bool = False

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
    """An input's last record has been read."""

    input: Input


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


Parsed = Record | BadRecord | Note


class Unparsed(ABC):
    """Documents as they lie in an input, cut out of it but not parsed yet: any process can do that."""

    __slots__ = ()

    @property
    @abstractmethod
    def size(self) -> int:
        """Bytes or characters, about."""

    @abstractmethod
    def read(self, options: ReadOptions) -> Iterator[Parsed]:
        """The documents, in order."""


Item = Parsed | Begin | End
UnparsedItem = Unparsed | BadRecord | Begin | End


def lines_of(item: Item) -> Sequence[str]:
    """What of an item the model sees."""
    return item.lines if isinstance(item, Record) else []


def read_unparsed(inputs: Iterable[Input], options: ReadOptions) -> Iterator[UnparsedItem]:
    """All inputs cut up, in order; an input that cannot be read on is one bad record."""
    from linesift.readers import read_input

    for input_ in inputs:
        yield Begin(input_)
        try:
            yield from read_input(input_.name, options)
        except (*UNREADABLE, UnicodeError, MissingExtraError) as error:
            yield BadRecord(input_.name, getattr(error, "strerror", None) or str(error), ends_input=True)
        yield End(input_)


def grouped(items: Iterable[UnparsedItem]) -> Iterator[list[UnparsedItem]]:
    """Groups of items that are worth one pass of the model."""
    group: list[UnparsedItem] = []
    size = 0
    for item in items:
        group.append(item)
        size += SMALLEST_UNPARSED + (item.size if isinstance(item, Unparsed) else 0)
        if size >= GROUP_SIZE:
            yield group
            group, size = [], 0
    if group:
        yield group


def parsed(items: Iterable[UnparsedItem], options: ReadOptions) -> Iterator[Item]:
    """The documents of what was cut out."""
    for item in items:
        if isinstance(item, Unparsed):
            yield from item.read(options)
        else:
            yield item


def read_records(inputs: Iterable[Input], options: ReadOptions) -> Iterator[Item]:
    """The documents of all inputs, in order; see read_unparsed."""
    return parsed(read_unparsed(inputs, options), options)
