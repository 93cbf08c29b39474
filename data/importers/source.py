"""What the command needs to know of a corpus."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from importers.bad import BadInput
from importers.rows import Row


@dataclass(frozen=True)
class Source:
    """A public corpus and its importer.

    :param name: what the user calls it by, and the `source` of its rows.
    :param address: where it can be cloned, and the commit that was used.
    :param licence: under which its makers publish it.
    :param size: how much there is.
    :param layout: the files that are looked for, to say so if there are none.
    :param find: from the folder to the files (or other names) to read, in the order of the output.
    :param read: from one of them to its rows; a broken document in it may be yielded as a `BadInput`, or raised as one.
    """

    name: str
    address: str
    licence: str
    size: str
    layout: str
    find: Callable[[Path], Sequence[Path]]
    read: Callable[[Path], Iterator[Row | BadInput]]

    def rows(self, path: Path) -> Iterator[Row | BadInput]:
        """The rows of one file that `find` has found, and what is wrong with it."""
        try:
            yield from self.read(path)
        except BadInput as bad:
            yield bad
