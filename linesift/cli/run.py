"""One run of the command: documents are processed, written, counted; and what is said of them."""

from __future__ import annotations

import time
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import click

from linesift.cli.common import BadRecords
from linesift.outputs import Outputs
from linesift.parallel import in_order
from linesift.processing import Outcome, Process, Processed
from linesift.records import BadRecord, Begin, End, Note, UnparsedItem, grouped
from linesift.summary import Counts, summary

if TYPE_CHECKING:
    from tqdm import tqdm


@dataclass
class Run:
    """One run of the command.

    :param bar: counts the documents.
    :param quiet: whether only bad records are said.
    :param verbose: whether each input that is done is said.
    """

    outputs: Outputs
    bar: tqdm[None]
    quiet: bool = False
    verbose: bool = False
    bad: BadRecords = field(default_factory=BadRecords)
    counts: Counts = field(default_factory=Counts)
    _whole: bool = True  # whether the input could be read so far
    _started: float = field(default_factory=time.monotonic)

    def tag(self, items: Iterable[UnparsedItem], process: Process, jobs: int) -> None:
        """Tag and write all documents, in their order.

        :raises OSError: if they cannot be written.
        :raises WorkerError: if one of the processes was killed.
        """
        with closing(in_order(process, grouped(items), jobs)) as results:
            for outcomes in results:
                for outcome in outcomes:
                    self._handle(outcome)
        if process.tagging.memory and self.counts.documents and not self.counts.with_site:
            self._say("no document names its site, so the site memory was of no use; --site-field names the field")

    @property
    def summary(self) -> str:
        return summary(self.counts, time.monotonic() - self._started)

    def _handle(self, outcome: Outcome) -> None:
        if isinstance(outcome, Processed):
            self._write(outcome)
        elif isinstance(outcome, BadRecord):
            self._whole = self._whole and not outcome.ends_input
            self._report(outcome)
        elif isinstance(outcome, Note):
            self._say(str(outcome))
        elif isinstance(outcome, Begin):
            self._whole = True
            self.outputs.begin(outcome.input)
        else:
            self._end(outcome)

    def _write(self, documents: Processed) -> None:
        try:
            self.outputs.write(documents)
        except ValueError as error:
            self._report(BadRecord(documents.name, str(error)))
            return
        self.counts.add(documents.counts)
        self.bar.update(documents.counts.documents)
        for note in documents.notes:
            self._say(str(note))

    def _end(self, end: End) -> None:
        self.outputs.end(end.input, self._whole)
        if self.verbose:
            self._say(f"{end.input.name}: {'done' if self._whole else 'not read to its end'}")

    def _report(self, record: BadRecord) -> None:
        self.bar.clear()
        self.bad.report(record)

    def _say(self, message: str) -> None:
        if not self.quiet:
            self.bar.clear()
            click.echo(f"linesift: {message}", err=True)
