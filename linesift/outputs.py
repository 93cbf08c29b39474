"""Where results go: one stream, or a folder with a file for each input; and what was removed, beside it."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path
from typing import IO, Protocol

from linesift.files import WholeFile, sweep
from linesift.inputs import Input
from linesift.label_formats import label_studio
from linesift.page import prologue
from linesift.parquet_writer import ParquetWriter
from linesift.processing import Processed
from linesift.rendering import OutputFormat, ParquetRow, WriteOptions
from linesift.streams import split_suffix
from linesift.writers import encode

SUFFIX_OF_FORMAT: dict[OutputFormat, str] = {
    "text": ".txt",
    "tsv": ".tsv",
    "jsonl": ".jsonl",
    "html": ".html",
    "parquet": ".parquet",
    "label-studio": ".json",
}  # fmt: skip
REMOVED_SUFFIX = ".removed.jsonl"


class Writer(Protocol):
    """Puts tagged documents into one place."""

    def write(self, documents: Processed) -> None:
        """Write documents.

        :raises ValueError: if it is one that cannot stand beside the others.
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
        if options.output_format == "html":
            self._file.write(encode(prologue(options.thresholds, options.threshold)))

    def write(self, documents: Processed) -> None:
        assert not isinstance(documents.kept, ParquetRow)
        self._file.writelines(documents.kept)

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
        self._before = label_studio.BEGIN

    def write(self, documents: Processed) -> None:
        if documents.kept:
            self._file.write(self._before)
            self._before = label_studio.BETWEEN
            super().write(documents)

    def commit(self) -> None:
        self._file.write(label_studio.NOTHING if self._before == label_studio.BEGIN else label_studio.END)
        super().commit()


class ParquetFile:
    """Writes documents as rows of Parquet."""

    def __init__(self, file: WholeFile, options: WriteOptions) -> None:
        self._whole = file
        self._rows = ParquetWriter(file.path.parent, options.explain)

    def write(self, documents: Processed) -> None:
        if isinstance(documents.kept, ParquetRow):  # or else the document is dropped
            self._rows.write(documents.kept)

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

    def write(self, documents: Processed) -> None:
        self._whole.file.write(documents.removed)

    def commit(self) -> None:
        self._whole.commit()

    def discard(self) -> None:
        self._whole.discard()


class Both:
    """What is kept, and what was removed."""

    def __init__(self, kept: Writer, removed: Writer) -> None:
        self._kept, self._removed = kept, removed

    def write(self, documents: Processed) -> None:
        self._kept.write(documents)  # first, since it may refuse a document
        self._removed.write(documents)

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

    def write(self, documents: Processed) -> None:
        """Write documents; see Writer."""

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

    def write(self, documents: Processed) -> None:
        self._writer.write(documents)

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
        removed = self._removed / removed_name(input_.relative) if self._removed else None
        for path in (output, removed):
            if path:
                path.parent.mkdir(parents=True, exist_ok=True)
        self._writer = open_writer(output, removed, self._options)

    def write(self, documents: Processed) -> None:
        assert self._writer is not None
        self._writer.write(documents)

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


def removed_name(relative: str) -> str:
    """Where what is removed from an input goes, below the folder for that.

    >>> removed_name("a/page.txt.gz")
    'a/page.txt.gz.removed.jsonl'
    """
    return relative + REMOVED_SUFFIX
