"""Arithmetic over the lines of many documents at once, never across a document's border."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from linesift.features.buffer import Batch, Bool, Column, Float, Int
from linesift.native import segments as compiled

# Sums run over the whole batch; in multiples of 2**-16 they are exact in float64, so a
# document's result cannot depend on what else the batch holds.
FIXED_POINT = 65536.0
FAR = 1000  # lines; a distance beyond this says no more than "far away"


def fixed(values: Column) -> Float:
    """The values rounded to multiples of 2**-16; NaN becomes 0."""
    result = np.rint(values * FIXED_POINT, dtype=np.float64)
    result /= FIXED_POINT
    result[np.isnan(result)] = 0.0
    return np.asarray(result)


class Segments:
    """The borders of documents in an array over lines."""

    def __init__(self, batch: Batch) -> None:
        self.n = batch.n_lines
        self.doc = batch.doc_of_line
        self.index: Int = np.arange(self.n)
        self.start: Int = batch.doc_start[self.doc]
        self.size: Int = batch.doc_size[self.doc]
        self.end: Int = self.start + self.size
        self._borders: dict[int, Int] = {}
        self._windows: dict[tuple[int, int], tuple[Int, Int, Float]] = {}

    def shift(self, values: Column, by: int) -> NDArray[np.float32]:
        """The value `by` lines above each line; NaN outside the document."""
        shifted = np.empty(self.n, dtype=np.float32)
        if by > 0:
            shifted[by:] = values[:-by]
        else:
            shifted[:by] = values[-by:]
        shifted[self._outside(by)] = np.nan
        return shifted

    def _outside(self, by: int) -> Int:
        """The lines that have no line `by` lines above them in their document."""
        if by not in self._borders:
            there = self.index - by
            self._borders[by] = np.flatnonzero((there < self.start) | (there >= self.end))
        return self._borders[by]

    def sums(self, values: Column) -> Sums:
        """Sums of the values over parts of each line's document."""
        return Sums(self, values)

    def since(self, flags: Bool) -> Int:
        """Lines since the last flagged line above, FAR if there is none nearer."""
        if compiled:
            found = np.empty(self.n, dtype=np.int64)
            compiled.since(flags.view(np.uint8), self.start, FAR, found)
            return found
        last = np.maximum.accumulate(np.where(flags, self.index, -1))
        previous = np.concatenate([[-1], last[:-1]])
        return np.where(previous >= self.start, np.minimum(self.index - previous, FAR), FAR)

    def until(self, flags: Bool) -> Int:
        """Lines until the next flagged line below, FAR if there is none nearer."""
        if compiled:
            found = np.empty(self.n, dtype=np.int64)
            compiled.until(flags.view(np.uint8), self.end, FAR, found)
            return found
        beyond = self.n + FAR
        next_ = np.minimum.accumulate(np.where(flags, self.index, beyond)[::-1])[::-1]
        following = np.concatenate([next_[1:], [beyond]])
        return np.where(following < self.end, np.minimum(following - self.index, FAR), FAR)

    def run_length(self, flags: Bool) -> Int:
        """Length of the run of flagged lines each line stands in, FAR above and FAR below at most; 0 if not flagged."""
        if compiled:
            found = np.empty(self.n, dtype=np.int64)
            compiled.run_length(flags.view(np.uint8), self.start, self.end, FAR, found)
            return found
        since, until = self.since(~flags), self.until(~flags)
        from_start, to_end = self.index - self.start + 1, self.end - self.index
        return np.where(flags, np.minimum(since, from_start) + np.minimum(until, to_end) - 1, 0)

    def window(self, above: int, below: int) -> tuple[Int, Int, Float]:
        """The lines from `above` lines above to `below` lines below each line, as far as its document goes.

        :returns: first line, one past the last, and how many they are.
        """
        if (above, below) not in self._windows:
            low, high = np.maximum(self.index - above, self.start), np.minimum(self.index + below + 1, self.end)
            self._windows[above, below] = low, high, (high - low).astype(np.float64)
        return self._windows[above, below]


class Sums:
    """Sums of one column over parts of each line's document, all arrays of (n_lines,); NaN counts as 0.

    :param values: (n_lines,).
    """

    def __init__(self, segments: Segments, values: Column) -> None:
        self._segments = segments
        self._before = np.zeros(segments.n + 1)
        np.cumsum(values if values.dtype == np.bool_ else fixed(values), out=self._before[1:])

    @cached_property
    def above(self) -> Float:
        """Over all lines above each line."""
        return self._before[:-1] - self._before[self._segments.start]

    @cached_property
    def below(self) -> Float:
        """Over all lines below each line."""
        return self._before[self._segments.end] - self._before[1:]

    @cached_property
    def total(self) -> Float:
        """Over the document."""
        return self._before[self._segments.end] - self._before[self._segments.start]

    @property
    def mean(self) -> Float:
        """Over the document."""
        return self.total / self._segments.size

    def window_mean(self, above: int, below: int) -> Float:
        """Mean from `above` lines above to `below` lines below each line, itself included."""
        low, high, size = self._segments.window(above, below)
        return np.asarray((self._before[high] - self._before[low]) / size)
