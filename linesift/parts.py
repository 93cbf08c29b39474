"""Parts of long documents, each of which is scored as though it were a document of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from linesift.documents import is_blank, visible_lines

# A part stands in memory with all that is computed of it, some 50 bytes a character in the worst of cases (one-letter
# words) and 2.5 kB a line: 26 MB. The longest of 12,000 pages from the web has a size of 400,000.
LARGEST_PART = 1 << 19  # sum of the sizes of its lines
LINE_SIZE = 64  # of each line, beside its characters
LONGEST_LINE = 1 << 16  # characters of a line that are looked at; of 1.3 million labelled lines the longest has 32,951


def parts(lengths: NDArray[np.int32]) -> list[slice]:
    """The parts of a document: one up to LARGEST_PART, or as few as can be, alike in size to a line.

    >>> parts(np.full(4096, 64))
    [slice(0, 4096, None)]
    >>> parts(np.full(4097, 64))
    [slice(0, 2048, None), slice(2048, 4097, None)]

    :param lengths: (n_lines,), characters that are looked at of each line that is not blank.
    """
    ends = np.cumsum(lengths.astype(np.int64) + LINE_SIZE)
    size = int(ends[-1]) if len(ends) else 0
    n_parts = -(-size // LARGEST_PART)
    inner = [int(np.searchsorted(ends, size * part // n_parts, side="right")) for part in range(1, n_parts)]
    return [slice(first, end) for first, end in pairwise([0, *inner, len(ends)]) if first < end]


def parts_of(lines: Sequence[str]) -> Iterator[list[str]]:
    """What is looked at of the lines of a document that are not blank, part by part."""
    if len(lines) * LINE_SIZE <= LARGEST_PART:
        visible = visible_lines(lines)
        n_chars = sum(map(len, visible))
        if n_chars + len(visible) * LINE_SIZE <= LARGEST_PART:
            yield from [beginnings(visible) if n_chars > LONGEST_LINE else visible] if visible else []
            return
    seen = lengths(lines)
    places = np.flatnonzero(seen)
    for part in parts(seen[places]):
        first, last = places[part][[0, -1]].tolist()
        yield beginnings(visible_lines(lines[first : last + 1]))


def beginnings(lines: Sequence[str]) -> list[str]:
    """What is looked at of each line; it is not blank where the line is not."""
    return [line if len(line) <= LONGEST_LINE else line.lstrip()[:LONGEST_LINE] for line in lines]


def lengths(lines: Sequence[str]) -> NDArray[np.int32]:
    """(n_lines,), characters that are looked at of each line, at the most; 0 of a blank one."""
    seen = (0 if is_blank(line) else min(len(line), LONGEST_LINE) for line in lines)
    return np.fromiter(seen, dtype=np.int32, count=len(lines))


def are_visible(lines: Sequence[str]) -> NDArray[np.bool_]:
    """(n_lines,), whether a line is not blank."""
    return np.fromiter((not is_blank(line) for line in lines), dtype=np.bool_, count=len(lines))
