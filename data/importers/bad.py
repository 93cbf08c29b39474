"""A record that cannot be read, and where it stands."""

from __future__ import annotations

from pathlib import Path


class BadInput(Exception):  # noqa: N818
    """A broken file, or a broken document in one: a record to report and to skip, so no Error by name.

    :param path: the file.
    :param message: what is wrong.
    :param line: the line in the file, from 1; None if the whole file is meant.
    """

    def __init__(self, path: Path, message: str, line: int | None = None) -> None:
        place = str(path) if line is None else f"{path}:{line}"
        super().__init__(f"{place}: {message}")
        self.message = message
