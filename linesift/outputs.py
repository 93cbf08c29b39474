"""Where results go: one stream, or a folder with a file for each input; and what was removed, beside it."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Literal, Protocol

import linesift
from linesift.files import WholeFile, sweep
from linesift.guard import Guarded
from linesift.inputs import Input
from linesift.label_formats.label_studio import TaskWriter
from linesift.page import as_html, prologue
from linesift.parquet_writer import ParquetWriter
from linesift.records import Record
from linesift.streams import split_suffix
from linesift.tagging import Tags
from linesift.writers import Keep, added_fields, as_json_row, as_removed, as_text, as_tsv, encode

OutputFormat = Literal["text", "tsv", "jsonl", "html", "parquet", "label-studio"]
SUFFIX_OF_FORMAT: dict[OutputFormat, str] = {
    "text": ".txt",
    "tsv": ".tsv",
    "jsonl": ".jsonl",
    "html": ".html",
    "parquet": ".parquet",
    "label-studio": ".json",
}  # fmt: skip
REMOVED_SUFFIX = ".removed.jsonl"


@dataclass(frozen=True, slots=True)
class WriteOptions:
    """How results are written.

    :param keep: which lines, as text.
    :param explain: whether reasons stand beside the scores.
    :param thresholds: of the modes, for the page to look at.
    :param threshold: the one that the page begins with.
    """

    output_format: OutputFormat = "text"
    keep: Keep = "article"
    explain: bool = False
    thresholds: Mapping[str, float] = field(default_factory=dict)
    threshold: float = 0.5


class Writer(Protocol):
    """Puts tagged documents into one place."""

    def write(self, record: Record, guarded: Guarded, tags: Tags) -> None:
        """Write one document.

        :raises ValueError: if it holds what the format cannot.
        :raises OSError: if it cannot be written.
        """

    def commit(self) -> None:
        """All is written: give the file its name."""

    def discard(self) -> None:
        """Leave nothing; does nothing after commit."""


class StreamWriter:
    """Writes documents one after the other.

    :param file: None: standard output.
    """

    def __init__(self, file: WholeFile | None, options: WriteOptions) -> None:
        self._whole = file
        self._file: IO[bytes] = file.file if file else sys.stdout.buffer
        self._options = options
        if options.output_format == "html":
            self._file.write(encode(prologue(options.thresholds, options.threshold)))

    def write(self, record: Record, guarded: Guarded, tags: Tags) -> None:
        if not guarded.dropped:
            for piece in _rendered(record, guarded, tags, self._options):
                self._file.write(encode(piece))

    def commit(self) -> None:
        if self._whole:
            self._whole.commit()
        else:
            self._file.flush()

    def discard(self) -> None:
        if self._whole:
            self._whole.discard()


class TaskFile(StreamWriter):
    """Writes documents as tasks of Label Studio, one JSON array."""

    def __init__(self, file: WholeFile | None, options: WriteOptions) -> None:
        super().__init__(file, options)
        self._tasks = TaskWriter(f"linesift {linesift.__version__}")

    def write(self, record: Record, guarded: Guarded, tags: Tags) -> None:
        if not guarded.dropped:
            self._file.write(encode(self._tasks.task(guarded.page, record.row)))

    def commit(self) -> None:
        self._file.write(encode(self._tasks.end()))
        super().commit()


class ParquetFile:
    """Writes documents as rows of Parquet."""

    def __init__(self, file: WholeFile, options: WriteOptions) -> None:
        self._whole = file
        self._explain = options.explain
        self._rows = ParquetWriter(file.path.parent, options.explain)

    def write(self, record: Record, guarded: Guarded, tags: Tags) -> None:
        if not guarded.dropped:
            self._rows.write(record, added_fields(guarded, _reasons(guarded, tags) if self._explain else None))

    def commit(self) -> None:
        self._rows.finish(self._whole.file)
        self._rows.close()
        self._whole.commit()

    def discard(self) -> None:
        self._rows.close()
        self._whole.discard()


class RemovedWriter:
    """Writes what was taken out of documents."""

    def __init__(self, file: WholeFile) -> None:
        self._whole = file

    def write(self, record: Record, guarded: Guarded, tags: Tags) -> None:
        self._whole.file.write(encode(as_removed(record, guarded, tags)))

    def commit(self) -> None:
        self._whole.commit()

    def discard(self) -> None:
        self._whole.discard()


class Both:
    """What is kept, and what was removed."""

    def __init__(self, kept: Writer, removed: Writer) -> None:
        self._kept, self._removed = kept, removed

    def write(self, record: Record, guarded: Guarded, tags: Tags) -> None:
        self._kept.write(record, guarded, tags)  # first, since it may refuse the record
        self._removed.write(record, guarded, tags)

    def commit(self) -> None:
        self._removed.commit()
        self._kept.commit()  # last: where the results are, what was removed is too

    def discard(self) -> None:
        self._kept.discard()
        self._removed.discard()


def open_writer(output: Path | None, removed: Path | None, options: WriteOptions) -> Writer:
    """What writes to a file or to standard output, and beside it what was removed.

    :param output: None: standard output.
    :param removed: None: it is not written.
    :raises OSError: if a file cannot be opened.
    :raises MissingExtraError: if the format or packing needs a library that is not installed.
    """
    with contextlib.ExitStack() as undo:
        file = WholeFile(output) if output else None
        if file:
            undo.callback(file.discard)
        kept: Writer
        if options.output_format == "parquet":
            assert file is not None
            kept = ParquetFile(file, options)
        else:
            kept = TaskFile(file, options) if options.output_format == "label-studio" else StreamWriter(file, options)
        both = Both(kept, RemovedWriter(WholeFile(removed))) if removed else kept
        undo.pop_all()
    return both


class Outputs(Protocol):
    """Where the documents of all inputs go."""

    def begin(self, input_: Input) -> None:
        """What is written from now on comes from this input."""

    def write(self, record: Record, guarded: Guarded, tags: Tags) -> None:
        """Write one document; see Writer."""

    def end(self, input_: Input, whole: bool) -> None:
        """All of an input is written, as far as it could be read."""

    def commit(self) -> None:
        """All is written."""

    def discard(self) -> None:
        """Leave nothing that is not whole."""


class OneOutput:
    """All documents in one file or in standard output."""

    def __init__(self, output: Path | None, removed: Path | None, options: WriteOptions) -> None:
        for path in (output, removed):
            if path:
                sweep(path.resolve().parent, path.resolve().name)
        self._writer = open_writer(output, removed, options)

    def begin(self, input_: Input) -> None:
        pass

    def write(self, record: Record, guarded: Guarded, tags: Tags) -> None:
        self._writer.write(record, guarded, tags)

    def end(self, input_: Input, whole: bool) -> None:
        pass

    def commit(self) -> None:
        self._writer.commit()

    def discard(self) -> None:
        self._writer.discard()


class FolderOutput:
    """The documents of each input in a file of their own, which is there when the input has been read to its end."""

    def __init__(self, folder: Path, removed: Path | None, options: WriteOptions) -> None:
        self._folder, self._removed, self._options = folder, removed, options
        self._writer: Writer | None = None

    def begin(self, input_: Input) -> None:
        output = self._folder / output_name(input_.relative, self._options.output_format)
        removed = self._removed / (input_.relative + REMOVED_SUFFIX) if self._removed else None
        for path in (output, removed):
            if path:
                path.parent.mkdir(parents=True, exist_ok=True)
        self._writer = open_writer(output, removed, self._options)

    def write(self, record: Record, guarded: Guarded, tags: Tags) -> None:
        assert self._writer is not None
        self._writer.write(record, guarded, tags)

    def end(self, input_: Input, whole: bool) -> None:
        assert self._writer is not None
        if whole:
            self._writer.commit()
        else:
            self._writer.discard()
        self._writer = None

    def commit(self) -> None:
        pass

    def discard(self) -> None:
        if self._writer:
            self._writer.discard()


def output_name(relative: str, output_format: OutputFormat) -> str:
    """Where the results of an input go, below the output folder; packed like the input.

    >>> output_name("a/page.txt.gz", "text"), output_name("a/page.txt.gz", "jsonl"), output_name("b.wet.gz", "parquet")
    ('a/page.txt.gz', 'a/page.txt.jsonl.gz', 'b.wet.parquet')
    """
    suffix = SUFFIX_OF_FORMAT[output_format]
    stem, packed = split_suffix(relative)
    name = stem if stem.lower().endswith(suffix) else stem + suffix
    return name if output_format == "parquet" else name + packed


def _rendered(record: Record, guarded: Guarded, tags: Tags, options: WriteOptions) -> Iterable[str]:
    """One document in a format of text, in pieces."""
    reasons = _reasons(guarded, tags) if options.explain else None
    if options.output_format == "jsonl":
        return as_json_row(record.row, guarded, reasons)
    if options.output_format == "tsv":
        return as_tsv(guarded.page, reasons)
    if options.output_format == "html":
        whys = [tags.whys.get(line.number) for line in guarded.page.lines]
        return [as_html(guarded.page, record.name, record.row, [why.told if why else None for why in whys])]
    return [as_text(guarded.page, options.keep)]


def _reasons(guarded: Guarded, tags: Tags) -> list[str]:
    """The reasons in words, for each line; "" where there are none."""
    whys = [tags.whys.get(line.number) for line in guarded.page.lines]
    return [why.told.of(line.label) if why else "" for line, why in zip(guarded.page.lines, whys, strict=True)]
