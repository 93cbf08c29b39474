"""The lines of a long text, each of which is cut out when it is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import chain
from typing import overload

import numpy as np
from numpy.typing import NDArray

LINE_BREAK = "\n"
MANY_LINES = 1 << 13  # from here on a list of lines, of 60 to 90 bytes each beside their letters, is not made
AT_A_TIME = 4096  # lines
CHARS_AT_A_TIME = 1 << 18


class LongText(Sequence[str]):
    r"""The lines of a text as a sequence that takes 8 bytes a line beside the text.

    >>> lines = LongText("one\ntwo\n")
    >>> len(lines), lines[1], lines[1:], list(lines)
    (3, 'two', ['two', ''], ['one', 'two', ''])
    """

    def __init__(self, text: str) -> None:
        self.text = text

    def __reduce__(self) -> tuple[type[LongText], tuple[str]]:
        return LongText, (self.text,)

    @cached_property
    def starts(self) -> NDArray[np.int64]:
        """(n_lines + 1,), offsets of the lines, and of one more after the last."""
        starts = np.zeros(self.text.count(LINE_BREAK) + 2, dtype=np.int64)
        end = 1
        for place in range(0, len(self.text), CHARS_AT_A_TIME):
            piece = self.text[place : place + CHARS_AT_A_TIME].encode("utf-32-le", "surrogatepass")
            breaks = np.flatnonzero(np.frombuffer(piece, dtype="<u4") == ord(LINE_BREAK))
            starts[end : end + len(breaks)] = breaks + (place + 1)
            end += len(breaks)
        starts[-1] = len(self.text) + 1
        return starts

    def __len__(self) -> int:
        return len(self.starts) - 1

    @overload
    def __getitem__(self, place: int) -> str: ...

    @overload
    def __getitem__(self, place: slice) -> list[str]: ...

    def __getitem__(self, place: int | slice) -> str | list[str]:
        places = range(len(self))[place]
        if isinstance(places, int):
            return self._cut(places, places + 1)
        if places.step != 1 or not places:
            return [self._cut(one, one + 1) for one in places]
        return self._cut(places.start, places.stop).split(LINE_BREAK)

    def _cut(self, first: int, end: int) -> str:
        """Some lines, joined by line breaks."""
        return self.text[self.starts[first] : self.starts[end] - 1]

    def __iter__(self) -> Iterator[str]:
        return chain.from_iterable(self[place : place + AT_A_TIME] for place in range(0, len(self), AT_A_TIME))

    def __eq__(self, other: object) -> bool:
        """Whether the other holds equal lines: a list or a tuple may do so too."""
        if isinstance(other, LongText):
            return self.text == other.text
        if isinstance(other, list | tuple):
            return len(self) == len(other) and all(map(str.__eq__, self, other))
        return NotImplemented

    def __hash__(self) -> int:
        return hash(self.text)
