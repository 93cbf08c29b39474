"""Tagged documents as text, tsv and JSON Lines, and what was removed from them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Literal

from linesift.documents import NOISE, TaggedDocument, TaggedLine
from linesift.guard import Guarded
from linesift.long_text import AT_A_TIME
from linesift.records import Record
from linesift.tagging import Tags

Keep = Literal["article", "noise", "all"]

_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode  # json.dumps would make one for each row


def as_text(page: TaggedDocument, keep: Keep) -> str:
    """The kept lines as they stood, with a line break at the end."""
    text = page.article if keep == "article" else page.noise if keep == "noise" else page.text
    return text if text.endswith("\n") or not text else text + "\n"


def as_tsv(page: TaggedDocument, reasons: Sequence[str] | None) -> Iterator[str]:
    """A row a line: label, score, reasons if there are any, and the line; blank lines have no label and no score.

    :param reasons: for each line, or None for no such column.
    :returns: the rows, a few thousand at a time.
    """
    rows = iter(page.lines)
    while some := list(islice(rows, AT_A_TIME)):
        yield "".join(_tsv_row(line, reasons) for line in some)


def _tsv_row(line: TaggedLine, reasons: Sequence[str] | None) -> str:
    score = "" if line.score is None else f"{line.score:.6f}"
    return "\t".join([line.label or "", score, *([reasons[line.number - 1]] if reasons else []), line.text]) + "\n"


def added_fields(guarded: Guarded, reasons: Sequence[str] | None) -> dict[str, Any]:
    """What a row of output has more than its row of input."""
    page = guarded.page
    added: dict[str, Any] = {"labels": page.labels, "scores": page.scores, **_of_document(guarded)}
    if reasons is not None:
        added["reasons"] = [reason or None for reason in reasons]
    return added


def _of_document(guarded: Guarded) -> dict[str, Any]:
    return {"article_share": guarded.article_share, "suspicious": guarded.suspicious}


def as_json(row: Mapping[str, Any]) -> str:
    """A row of JSON Lines.

    :raises ValueError: if it holds what JSON cannot, such as NaN or an infinite number.
    """
    return _dumped(row) + "\n"


def as_json_row(row: Mapping[str, Any], guarded: Guarded, reasons: Sequence[str] | None) -> Iterator[str]:
    """A row of JSON Lines with what was found out about its document; a long one in pieces.

    :raises ValueError: see as_json; the pieces before it are no row then.
    """
    lines = guarded.page.lines
    if len(lines) <= AT_A_TIME:
        yield as_json({**row, **added_fields(guarded, reasons)})
        return
    long = {"labels": (line.label for line in lines), "scores": (line.score for line in lines)}
    last = {"reasons": (reason or None for reason in reasons)} if reasons is not None else {}
    fields = {**row, **long, **_of_document(guarded), **last}
    for place, (name, value) in enumerate(fields.items()):
        yield f"{', ' if place else '{'}{_dumped(name)}: "
        yield from _json_list(value) if name in {*long, *last} else [_dumped(value)]
    yield "}\n"


def _json_list(values: Iterator[Any]) -> Iterator[str]:
    """A list that is not empty as JSON, a few thousand values at a time."""
    before = "["
    while some := list(islice(values, AT_A_TIME)):
        yield before + _dumped(some)[1:-1]
        before = ", "
    yield "]"


def _dumped(value: Any) -> str:
    """See as_json."""
    try:
        return _encode(value)
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
