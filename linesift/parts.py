"""Parts of long documents, each of which is scored as though it were a document of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from linesift.documents import is_blank, visible_lines

# Lines that are not blank. A line has hundreds of features, 2.5 kB, which stand in memory for a whole part at once:
# 20 MB. The longest of 12,000 pages from the web has 3,761 lines.
MOST_LINES = 1 << 13


def parts(n_lines: int) -> list[slice]:
    """The parts of a document: one up to MOST_LINES, or as few as can be, alike in size to a line.

    >>> parts(MOST_LINES + 1)
    [slice(0, 4096, None), slice(4096, 8193, None)]
    >>> parts(0)
    []

    :param n_lines: that are not blank.
    """
    n_parts = -(-n_lines // MOST_LINES)
    bounds = [n_lines * part // n_parts for part in range(n_parts)] + [n_lines]
    return [slice(*pair) for pair in pairwise(bounds)]


def parts_of(lines: Sequence[str]) -> Iterator[list[str]]:
    """The lines of a document that are not blank, part by part."""
    if len(lines) <= MOST_LINES:
        visible = visible_lines(lines)
        yield from [visible] if visible else []
        return
    places = np.flatnonzero(are_visible(lines))
    for part in parts(len(places)):
        first, last = places[part][[0, -1]].tolist()
        yield visible_lines(lines[first : last + 1])


def are_visible(lines: Sequence[str]) -> NDArray[np.bool_]:
    """(n_lines,), whether a line is not blank."""
    return np.fromiter((not is_blank(line) for line in lines), dtype=np.bool_, count=len(lines))
