"""Reading the files of a corpus; all that can go wrong with them is a `BadInput`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, TypeVar

from importers.bad import BadInput
from linesift.streams import UNREADABLE, open_bytes

T = TypeVar("T")


def read_bytes(path: Path) -> bytes:
    """The content, unpacked if it is compressed."""
    try:
        with open_bytes(path) as file:
            return file.read()
    except UNREADABLE as error:
        raise BadInput(path, getattr(error, "strerror", None) or str(error)) from error


def read_text(path: Path) -> str:
    """The content as UTF-8, without a byte order mark."""
    content = read_bytes(path)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(path, "not UTF-8", 1 + content.count(b"\n", 0, error.start)) from error


def read_json(path: Path) -> Any:
    """The content as JSON."""
    try:
        return json.loads(read_text(path))
    except json.JSONDecodeError as error:
        raise BadInput(path, f"not JSON: {error.msg}", error.lineno) from error
    except RecursionError as error:
        raise BadInput(path, "not JSON: nested too deeply") from error


def field(path: Path, data: Any, *names: str, kind: type[T]) -> T:
    """The value that stands in `data` under the names, one inside the other.

    :raises BadInput: if it is missing, or of another type.
    """
    for name in names:
        if not isinstance(data, dict) or name not in data:
            raise BadInput(path, f"no field {'.'.join(names)}")
        data = data[name]
    if not isinstance(data, kind):
        raise BadInput(path, f"field {'.'.join(names)} should be {kind.__name__}, found {type(data).__name__}")
    return data
