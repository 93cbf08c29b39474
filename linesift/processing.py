"""From what is cut out of inputs to what is written of it: all that can be done in any process, apart from the rest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain

from linesift.documents import TaggedDocument
from linesift.guard import Guard, Guarded, count_words
from linesift.label_formats import label_studio
from linesift.records import BadRecord, Begin, End, Note, ReadOptions, Record, UnparsedItem, parsed
from linesift.rendering import ParquetRow, WriteOptions, rendered, rendered_removed
from linesift.site_memory import site_of_row
from linesift.summary import Counts
from linesift.tagging import TagOptions, Tags, tag

DONE = {"flag": "are removed", "keep": "would go; all of it is kept", "drop": "would go; it is dropped"}
BETWEEN = {"label-studio": label_studio.BETWEEN}  # documents, where a format wants something there


@dataclass(frozen=True, slots=True)
class Processed:
    """Documents as they are to be written: many, or a single one where each may still be refused.

    :param name: of the first.
    :param kept: of all of them, in pieces that follow each other; nothing if they are dropped.
    :param removed: what was taken out, rows of JSON Lines.
    :param notes: to say if they are not refused.
    """

    name: str
    kept: tuple[bytes, ...] | ParquetRow
    removed: bytes
    counts: Counts = field(default_factory=Counts)
    notes: tuple[Note, ...] = ()


Outcome = Processed | BadRecord | Note | Begin | End


@dataclass(frozen=True)
class Process:
    """What is done with what is cut out of inputs.

    :param removed: whether what is taken out is written too.
    :param site_field: of the rows; see site_of_row.
    """

    reading: ReadOptions
    tagging: TagOptions
    guard: Guard
    writing: WriteOptions
    removed: bool = False
    site_field: str | None = None

    def __call__(self, items: Sequence[UnparsedItem]) -> list[Outcome]:
        """Everything in its order, but that what is said of documents may stand before the documents.

        :raises BundleError: if the model cannot be loaded.
        :raises SiteMemoryError: if the site memory cannot be.
        """
        found = list(parsed(items, self.reading))
        records = [item for item in found if isinstance(item, Record)]
        outcomes = self._outcomes(records)
        each = (next(outcomes) if isinstance(item, Record) else item for item in found)
        if self.writing.output_format == "parquet":
            return list(each)
        return list(_merged(each, BETWEEN.get(self.writing.output_format, b"")))

    def _outcomes(self, records: Sequence[Record]) -> Iterator[Processed | BadRecord]:
        """What becomes of each record."""
        sites = [site_of_row(record.row, self.site_field) for record in records]
        tagged = tag(self.tagging, [record.lines for record in records], sites)
        words = count_words(chain.from_iterable(record.lines for record in records))
        start = 0
        for record, tags, site in zip(records, tagged, sites, strict=True):
            end = start + len(record.lines)
            page = TaggedDocument.from_scores(record.lines, tags.scores, self.writing.threshold)
            guarded = self.guard(page, tags.rules, words.of(slice(start, end)))
            yield self._processed(record, guarded, tags, site)
            start = end

    def _processed(self, record: Record, guarded: Guarded, tags: Tags, site: str) -> Processed | BadRecord:
        try:
            kept = () if guarded.dropped else rendered(record, guarded, tags, self.writing)
            removed = rendered_removed(record, guarded, tags) if self.removed else b""
        except ValueError as error:
            return BadRecord(record.name, str(error))
        counts = Counts()
        counts.count(guarded, tags, site)
        return Processed(record.name, kept, removed, counts, self._notes(record, guarded))

    def _notes(self, record: Record, guarded: Guarded) -> tuple[Note, ...]:
        if not guarded.suspicious:
            return ()
        return (Note(record.name, f"suspicious: {guarded.removed:.0%} of its words {DONE[self.guard.on_excess]}"),)


def _merged(outcomes: Iterable[Outcome], between: bytes) -> Iterator[Outcome]:
    """The same with the documents of an input as one, so that little is left to do for the process that writes."""
    waiting: list[Processed] = []
    for outcome in outcomes:
        if isinstance(outcome, Processed):
            waiting.append(outcome)
            yield from outcome.notes
            continue
        if isinstance(outcome, Begin | End):
            yield from _joined(waiting, between)
            waiting = []
        yield outcome
    yield from _joined(waiting, between)


def _joined(documents: Sequence[Processed], between: bytes) -> Iterator[Processed]:
    """One for all of them, if there are any."""
    if not documents:
        return
    counts = Counts()
    for document in documents:
        counts.add(document.counts)
    kept = _with_between(
        [document.kept for document in documents if not isinstance(document.kept, ParquetRow)], between
    )
    yield Processed(documents[0].name, kept, b"".join(document.removed for document in documents), counts)


def _with_between(documents: Sequence[tuple[bytes, ...]], between: bytes) -> tuple[bytes, ...]:
    """The pieces of documents that are not empty, as one piece where no document is long."""
    written = [pieces for pieces in documents if pieces]
    if all(len(pieces) == 1 for pieces in written):
        return (between.join(piece for (piece,) in written),) if written else ()
    separated = [((between,) if place else ()) + pieces for place, pieces in enumerate(written)]
    return tuple(chain.from_iterable(separated))
