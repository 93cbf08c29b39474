"""A document from a row, be it of JSON Lines or of Parquet."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from linesift.documents import split_lines
from linesift.records import ArrowRow, BadRecord, Record


def json_object(line: bytes) -> dict[str, Any] | None:
    """The JSON object that a line is; None if it is something else."""
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return row if isinstance(row, dict) else None


def record_of_row(
    row: Mapping[str, Any], name: str, text_field: str | None, origin: ArrowRow | None = None
) -> Record | BadRecord:
    """The document that a row's field holds: a string, or a list of strings, its lines.

    :param text_field: the field; None: `text`, or else `lines`.
    """
    field = text_field or ("text" if "text" in row else "lines")
    if field not in row:
        wanted = f"`{text_field}`" if text_field else "`text` or `lines`"
        return BadRecord(
            name, f"no field {wanted}; --text-field names another; fields here: {', '.join(row) or 'none'}"
        )
    value = row[field]
    if isinstance(value, str):
        return Record(name, split_lines(value), row, origin)
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        return BadRecord(name, f"`{field}` must be a string or a list of strings")
    broken = [number for number, item in enumerate(value, 1) if "\n" in item]
    if broken:
        return BadRecord(name, f"`{field}`: entry {broken[0]} holds a line break; an entry is one line")
    return Record(name, value, row, origin)
