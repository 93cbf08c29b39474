"""Rows of JSON Lines, and stories for them."""

import json
from collections.abc import Iterable
from pathlib import Path

STORY = "The river rose by two metres overnight, and by morning the lower fields stood under water."
LONG_STORY = tuple(f"{STORY} In the year {1900 + n} it rose to the mark {n} on the mill." for n in range(12))


def write_rows(path: Path, rows: Iterable[object]) -> Path:
    """A file of the rows, at the path that is given back."""
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path
