"""Tagged documents as text, tsv and JSON Lines, and what was removed from them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from linesift.documents import NOISE, TaggedDocument
from linesift.guard import Guarded
from linesift.records import Record
from linesift.tagging import Tags

Keep = Literal["article", "noise", "all"]


def as_text(page: TaggedDocument, keep: Keep) -> str:
    """The kept lines as they stood, with a line break at the end."""
    text = {"article": page.article, "noise": page.noise, "all": page.text}[keep]
    return text if text.endswith("\n") or not text else text + "\n"


def as_tsv(page: TaggedDocument, reasons: Sequence[str] | None) -> str:
    """A row a line: label, score, reasons if there are any, and the line; blank lines have no label and no score.

    :param reasons: for each line, or None for no such column.
    """
    rows = []
    for index, line in enumerate(page.lines):
        score = "" if line.score is None else f"{line.score:.6f}"
        cells = [line.label or "", score, *([reasons[index]] if reasons else []), line.text]
        rows.append("\t".join(cells) + "\n")
    return "".join(rows)


def added_fields(guarded: Guarded, reasons: Sequence[str] | None) -> dict[str, Any]:
    """What a row of output has more than its row of input."""
    page = guarded.page
    added: dict[str, Any] = {
        "labels": page.labels,
        "scores": page.scores,
        "article_share": page.article_share,
        "suspicious": guarded.suspicious,
    }
    if reasons is not None:
        added["reasons"] = [reason or None for reason in reasons]
    return added


def as_json(row: Mapping[str, Any]) -> str:
    """A row of JSON Lines.

    :raises ValueError: if it holds what JSON cannot, such as NaN or an infinite number.
    """
    try:
        return json.dumps(row, ensure_ascii=False, allow_nan=False) + "\n"
    except (TypeError, ValueError, RecursionError) as error:
        raise ValueError(f"cannot be written as JSON: {error}") from error


def as_removed(record: Record, guarded: Guarded, tags: Tags) -> str:
    """A row of JSON Lines that says what was taken out of a document, enough to put it back: see documents.restored."""
    page = guarded.page
    everything = f"the document was dropped: {guarded.removed:.0%} of its words would go" if guarded.dropped else None
    removed = [
        {
            "line": line.number,
            "start": line.start,
            "end": line.end,
            "score": line.score,
            "reason": tags.whys[line.number].told.noise if line.number in tags.whys else everything,
            "text": line.text,
        }
        for line in page.lines
        if line.label == NOISE or guarded.dropped
    ]
    known = {field: record.row.get(field) for field in ("id", "encoding")}
    name = {"document": record.name} | {field: value for field, value in known.items() if isinstance(value, str | int)}
    size = {"lines": len(page.lines), "characters": page.lines[-1].end if page.lines else 0}
    return as_json({**name, **size, "suspicious": guarded.suspicious, "removed": removed})


def encode(text: str) -> bytes:
    """UTF-8; a lone surrogate, which JSON can hold and UTF-8 cannot, becomes its JSON escape."""
    return text.encode("utf-8", "backslashreplace")
