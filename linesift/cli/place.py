"""Where results go, as the options say it: checked, and opened."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from linesift.cli.common import check_overwriting
from linesift.extras import MissingExtraError
from linesift.files import sweep_below
from linesift.inputs import STDIN, Input, find_inputs
from linesift.outputs import FolderOutput, OneOutput, Outputs, output_name, removed_name
from linesift.rendering import OutputFormat, WriteOptions
from linesift.resume import ResumeError, Settings, begin, unfinished
from linesift.streams import split_suffix


@dataclass(frozen=True, slots=True)
class Place:
    """Where results go.

    :param output: a file or a folder; None: standard output.
    :param removed: the same for what was removed; None: it is not written.
    :param resume: whether to go on with the run before; only folders can.
    """

    output: str | None
    removed: Path | None
    resume: bool

    @property
    def is_folder(self) -> bool:
        """Whether each input gets a file of its own: a folder that exists, is named as one, or is gone on with."""
        if not self.output:
            return False
        return self.resume or self.output.endswith(("/", os.sep)) or os.path.isdir(self.output)

    @property
    def advice(self) -> str:
        """How to go on with a run that broke off."""
        return "; what is finished stays, go on with --resume" if self.is_folder else ""

    def check(self, writing: WriteOptions) -> None:
        """Whether the options go together.

        :raises click.UsageError: if not.
        """
        if writing.explain and writing.output_format not in {"tsv", "jsonl", "parquet"}:
            raise click.UsageError("--explain needs --format tsv or jsonl, or parquet")
        if writing.keep != "article" and writing.output_format != "text":
            raise click.UsageError(f"--keep {writing.keep} needs --format text; the others have a label for each line")
        if self.resume and not self.output:
            raise click.UsageError("--resume needs --output, a folder")
        if self.resume and self.output and os.path.isfile(self.output):
            raise click.UsageError(f"--resume: {self.output} is a file; a run can be resumed into a folder only")
        if writing.output_format == "parquet" and not self.output:
            raise click.UsageError("--format parquet needs --output, since Parquet cannot be written to a pipe")
        if writing.output_format == "parquet" and not self.is_folder and split_suffix(self.output or "")[1]:
            raise click.UsageError(f"--output {self.output}: Parquet is packed inside; leave the ending out")
        if self.output and self.removed and os.path.realpath(self.output) == os.path.realpath(self.removed):
            raise click.UsageError("--output and --removed are the same")

    def open(self, inputs: Sequence[str], writing: WriteOptions, settings: Settings) -> tuple[Outputs, list[Input]]:
        """The outputs, and the inputs that are to be read.

        :param settings: see resume.begin.
        :raises click.UsageError: if an output cannot be opened, or inputs and outputs do not go together.
        """
        written = [Path(path) for path in (self.output, self.removed) if path]
        found = list(find_inputs(inputs, written))
        try:
            if not self.is_folder:
                check_overwriting(found, self._targets(found, writing.output_format))
                return OneOutput(Path(self.output) if self.output else None, self.removed, writing), found
            assert self.output is not None
            folder = Path(self.output)
            _check_names(inputs, found, folder, writing)
            check_overwriting(found, self._targets(found, writing.output_format))
            begin(folder, settings, self.resume)
            if self.removed:
                self.removed.mkdir(parents=True, exist_ok=True)
                sweep_below(self.removed)
            left = list(unfinished(found, folder, writing.output_format)) if self.resume else found
            return FolderOutput(folder, self.removed, writing), left
        except OSError as error:
            where = " and ".join(str(path) for path in (self.output, self.removed) if path)
            raise click.UsageError(f"--output {where}: {error.strerror or error}") from error
        except (MissingExtraError, ResumeError) as error:
            raise click.UsageError(str(error)) from error

    def _targets(self, found: Iterable[Input], output_format: OutputFormat) -> Iterator[tuple[str, Path]]:
        """Every file that is to be written, and before it the option that asks for it."""
        output = Path(self.output) if self.output else None
        if not self.is_folder:
            yield from ((option, path) for option, path in (("--output", output), ("--removed", self.removed)) if path)
            return
        for item in found:
            if output:
                yield "--output", output / output_name(item.relative, output_format)
            if self.removed:
                yield "--removed", self.removed / removed_name(item.relative)


def _check_names(arguments: Sequence[str], found: Sequence[Input], folder: Path, writing: WriteOptions) -> None:
    """Whether each input has an output of its own that is no input.

    :raises click.UsageError: if not.
    """
    if STDIN in arguments:
        raise click.UsageError(f"standard input has no name for its output in {folder}; give --output a file")
    if any(os.path.isdir(argument) and os.path.samefile(argument, folder) for argument in arguments if folder.is_dir()):
        raise click.UsageError(f"--output {folder} is an input too; its files would be overwritten")
    source: dict[str, str] = {}
    for item in found:
        name = output_name(item.relative, writing.output_format)
        if name in source:
            raise click.UsageError(f"{source[name]} and {item.name} would both be written to {folder / name}")
        source[name] = item.name
