"""Tagged documents as text, tsv and JSON Lines."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from linesift.documents import TaggedDocument

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


def as_json_row(page: TaggedDocument, row: Mapping[str, Any], reasons: Sequence[str] | None) -> str:
    """The row with `labels`, `scores` and `article_share` added, and `reasons` if there are any.

    :raises ValueError: if the row holds NaN or an infinite number, which JSON cannot.
    """
    added: dict[str, Any] = {"labels": page.labels, "scores": page.scores, "article_share": page.article_share}
    if reasons:
        added["reasons"] = [reason or None for reason in reasons]
    return json.dumps({**row, **added}, ensure_ascii=False, allow_nan=False) + "\n"


def encode(text: str) -> bytes:
    """UTF-8; a lone surrogate, which JSON can hold and UTF-8 cannot, becomes its JSON escape."""
    return text.encode("utf-8", "backslashreplace")
