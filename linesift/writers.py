"""Tagged documents as text, tsv and JSON Lines, and what was removed from them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from itertools import compress
from typing import Any, Literal

from linesift.documents import NOISE
from linesift.guard import Guarded, starts
from linesift.records import Record
from linesift.tagging import Tags

Keep = Literal["article", "noise", "all"]

_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode  # json.dumps would make one for each row


def as_text(guarded: Guarded, keep: Keep) -> str:
    """The kept lines as they stood, with a line break at the end."""
    of_noise = keep == "noise"
    wanted = (keep == "all" or (label == NOISE) == of_noise for label in guarded.labels)
    text = "\n".join(compress(guarded.lines, wanted))
    return text if text.endswith("\n") or not text else text + "\n"


def as_tsv(guarded: Guarded, reasons: Sequence[str] | None) -> str:
    """A row a line: label, score, reasons if there are any, and the line; blank lines have no label and no score.

    :param reasons: for each line, or None for no such column.
    """
    rows = []
    for index, (line, label, score) in enumerate(zip(guarded.lines, guarded.labels, guarded.scores, strict=True)):
        shown = "" if score is None else f"{score:.6f}"
        cells = [label or "", shown, *([reasons[index]] if reasons else []), line]
        rows.append("\t".join(cells) + "\n")
    return "".join(rows)


def added_fields(guarded: Guarded, reasons: Sequence[str] | None) -> dict[str, Any]:
    """What a row of output has more than its row of input."""
    added: dict[str, Any] = {
        "labels": guarded.labels,
        "scores": guarded.scores,
        "article_share": guarded.article_share,
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
        return _encode(row) + "\n"
    except (TypeError, ValueError, RecursionError) as error:
        raise ValueError(f"cannot be written as JSON: {error}") from error


def as_removed(record: Record, guarded: Guarded, tags: Tags) -> str:
    """A row of JSON Lines that says what was taken out of a document, enough to put it back: see documents.restored."""
    everything = f"the document was dropped: {guarded.removed:.0%} of its words would go" if guarded.dropped else None
    offsets = starts(guarded.lines)
    removed = [
        {
            "line": place + 1,
            "start": offsets[place],
            "end": offsets[place] + len(line),
            "score": guarded.scores[place],
            "reason": tags.whys[place + 1].told.noise if place + 1 in tags.whys else everything,
            "text": line,
        }
        for place, line in enumerate(guarded.lines)
        if guarded.labels[place] == NOISE or guarded.dropped
    ]
    known = {field: record.row.get(field) for field in ("id", "encoding")}
    name = {"document": record.name} | {field: value for field, value in known.items() if isinstance(value, str | int)}
    size = {"lines": len(guarded.lines), "characters": offsets[-1] + len(guarded.lines[-1]) if offsets else 0}
    return as_json({**name, **size, "suspicious": guarded.suspicious, "removed": removed})


def encode(text: str) -> bytes:
    """UTF-8; a lone surrogate, which JSON can hold and UTF-8 cannot, becomes its JSON escape."""
    return text.encode("utf-8", "backslashreplace")
