"""One tagged document in the form in which it is written; what stands around the documents is known to outputs.py."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

import linesift
from linesift.guard import Guarded
from linesift.label_formats.label_studio import as_task
from linesift.page import as_html
from linesift.records import ArrowRow, Record
from linesift.tagging import Tags
from linesift.writers import Keep, added_fields, as_json, as_json_row, as_removed, as_text, as_tsv, encode

OutputFormat = Literal["text", "tsv", "jsonl", "html", "parquet", "label-studio"]


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


class ParquetRow(NamedTuple):
    """A row that becomes bytes only when all others are known."""

    fields: Mapping[str, Any]  #: that it came with
    origin: ArrowRow | None
    added: Mapping[str, Any]  #: by tagging; it replaces fields of its names


def rendered(record: Record, guarded: Guarded, tags: Tags, options: WriteOptions) -> tuple[bytes, ...] | ParquetRow:
    """One document; a long one in pieces, since to join them would take as much memory again.

    :raises ValueError: if it holds what the format cannot.
    """
    if options.output_format == "parquet":
        return ParquetRow(record.row, record.origin, added_fields(guarded, _reasons(guarded, tags, options)))
    return tuple(encode(piece) for piece in _pieces(record, guarded, tags, options))


def rendered_removed(record: Record, guarded: Guarded, tags: Tags) -> bytes:
    """What was removed from one document, a row of JSON Lines."""
    return encode(as_removed(record, guarded, tags))


def _pieces(record: Record, guarded: Guarded, tags: Tags, options: WriteOptions) -> Iterable[str]:
    """One document in a format of text; a long one in pieces."""
    page = guarded.page
    if options.output_format == "jsonl":
        return as_json_row(record.row, guarded, _reasons(guarded, tags, options))
    if options.output_format == "tsv":
        return as_tsv(page, _reasons(guarded, tags, options))
    if options.output_format == "label-studio":
        return [as_json(as_task(page, record.row, f"linesift {linesift.__version__}")).removesuffix("\n")]
    if options.output_format == "html":
        whys = [tags.whys.get(line.number) for line in page.lines]
        return [as_html(page, record.name, record.row, [why.told if why else None for why in whys])]
    return [as_text(page, options.keep)]


def _reasons(guarded: Guarded, tags: Tags, options: WriteOptions) -> list[str] | None:
    """The reasons in words, for each line; "" where there are none. None if they are not wanted."""
    if not options.explain:
        return None
    lines = guarded.page.lines
    whys = [tags.whys.get(line.number) for line in lines]
    return [why.told.of(line.label) if why else "" for line, why in zip(lines, whys, strict=True)]
