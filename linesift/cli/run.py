"""What happens to each document: tagged, judged, written, counted; and what is said of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import click

from linesift.cli.common import BadRecords
from linesift.documents import TaggedDocument
from linesift.guard import Guard, Guarded
from linesift.model import batched_by
from linesift.outputs import Outputs
from linesift.parallel import in_order
from linesift.records import BadRecord, Begin, Item, Note, Record, lines_of
from linesift.summary import Summary
from linesift.tagging import TagOptions, Tags

if TYPE_CHECKING:
    from tqdm import tqdm

DONE = {"flag": "", "keep": "; all of it is kept", "drop": "; it is dropped"}


@dataclass
class Run:
    """One run of the command.

    :param threshold: score from which a line is noise.
    :param bar: counts the documents.
    :param quiet: whether only bad records are said.
    :param verbose: whether each input that is done is said.
    """

    outputs: Outputs
    guard: Guard
    threshold: float
    bar: tqdm[None]
    quiet: bool = False
    verbose: bool = False
    bad: BadRecords = field(default_factory=BadRecords)
    summary: Summary = field(default_factory=Summary)

    def tag(self, items: Iterable[Item], options: TagOptions, jobs: int) -> None:
        """Tag and write all documents, in their order.

        :raises OSError: if they cannot be written.
        :raises WorkerError: if one of the processes was killed.
        """
        groups = batched_by(items, lines_of)
        batches = ((group, [item.lines for item in group if isinstance(item, Record)]) for group in groups)
        with closing(in_order(options, batches, jobs)) as tagged:
            for group, results in tagged:
                of_record = iter(results)
                for item in group:
                    self._handle(item, of_record)

    def _handle(self, item: Item, results: Iterator[Tags]) -> None:
        """One item; results gives the tags of the next record."""
        if isinstance(item, Record):
            self._write(item, next(results))
        elif isinstance(item, BadRecord):
            self._report(item)
        elif isinstance(item, Note):
            self._say(str(item))
        elif isinstance(item, Begin):
            self.outputs.begin(item.input)
        else:
            self.outputs.end(item.input, item.whole)
            if self.verbose:
                self._say(f"{item.input.name}: {'done' if item.whole else 'not read to its end'}")

    def _write(self, record: Record, tags: Tags) -> None:
        page = TaggedDocument.from_scores(record.lines, tags.scores, self.threshold)
        guarded = self.guard(page, tags.rules)
        try:
            self.outputs.write(record, guarded, tags)
        except ValueError as error:
            self._report(BadRecord(record.name, str(error)))
            return
        self.summary.count(guarded, tags)
        self.bar.update()
        if guarded.suspicious:
            self._say(f"{record.name}: {self._suspicion(guarded)}")

    def _suspicion(self, guarded: Guarded) -> str:
        return f"suspicious: {guarded.removed:.0%} of its words would go{DONE[self.guard.on_excess]}"

    def _report(self, record: BadRecord) -> None:
        self.bar.clear()
        self.bad.report(record)

    def _say(self, message: str) -> None:
        if not self.quiet:
            self.bar.clear()
            click.echo(f"linesift: {message}", err=True)
