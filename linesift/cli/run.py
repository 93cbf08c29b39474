"""What happens to each document: tagged, judged, written, counted; and what is said of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
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
from linesift.site_memory import site_of_row
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
    :param site_field: of the rows; see site_of_row.
    """

    outputs: Outputs
    guard: Guard
    threshold: float
    bar: tqdm[None]
    quiet: bool = False
    verbose: bool = False
    site_field: str | None = None
    bad: BadRecords = field(default_factory=BadRecords)
    summary: Summary = field(default_factory=Summary)
    _has_sites: bool = False

    def tag(self, items: Iterable[Item], options: TagOptions, jobs: int) -> None:
        """Tag and write all documents, in their order.

        :raises OSError: if they cannot be written.
        :raises WorkerError: if one of the processes was killed.
        """
        groups = batched_by(items, lines_of)
        batches = ((group, *self._documents(group)) for group in groups)
        with closing(in_order(options, batches, jobs)) as tagged:
            for group, results in tagged:
                of_record = iter(results)
                for item in group:
                    self._handle(item, of_record)
        if options.memory and self.summary.documents and not self._has_sites:
            self._say("no document names its site, so the site memory was of no use; --site-field names the field")

    def _documents(self, group: Sequence[Item]) -> tuple[list[Sequence[str]], list[str]]:
        """The lines of the documents of a group, and their sites."""
        records = [item for item in group if isinstance(item, Record)]
        sites = [site_of_row(record.row, self.site_field) for record in records]
        self._has_sites = self._has_sites or any(sites)
        return [record.lines for record in records], sites

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
