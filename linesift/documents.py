"""Documents, lines and labels: what goes in and what comes out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, compress, islice
from math import isnan
from typing import Any, Literal, overload

import numpy as np
from numpy.typing import NDArray

from linesift.long_text import AT_A_TIME, LINE_BREAK, MANY_LINES, LongText

Label = Literal["article", "noise"]
ARTICLE: Label = "article"
NOISE: Label = "noise"
LABELS: tuple[Label | None, ...] = (ARTICLE, NOISE, None)
BYTE_ORDER_MARK = "\ufeff"
ARTICLE_CODE, NOISE_CODE, BLANK_CODE = range(3)  # their places


def split_lines(text: str) -> Sequence[str]:
    r"""The lines of a text: what stands between two "\n"; nothing else splits.

    Of a long text they are a sequence that makes each when it is asked for.

    >>> split_lines("one\r\ntwo\x0cstill two\n")
    ['one\r', 'two\x0cstill two', '']
    """
    return text.split(LINE_BREAK) if text.count(LINE_BREAK) < MANY_LINES else LongText(text)


def checked_lines(lines: Sequence[str]) -> Sequence[str]:
    r"""The lines unchanged, once checked.

    >>> checked_lines(["one", "two\nthree"])
    Traceback (most recent call last):
    ValueError: line 2 holds a line break; a line is what stands between two line breaks

    :raises TypeError: if they are not strings.
    :raises ValueError: if one holds a line break.
    """
    try:
        broken = broken_line(lines)
    except TypeError as error:
        raise TypeError("expected a string or a list of strings; bytes must be decoded first") from error
    if broken:
        raise ValueError(f"line {broken} holds a line break; a line is what stands between two line breaks")
    return lines


def broken_line(lines: Sequence[str]) -> int:
    """The number of the first line that holds a line break, from 1; 0 if none does.

    :raises TypeError: if they are not strings.
    """
    if isinstance(lines, bytes):  # empty ones could be joined
        raise TypeError("bytes")
    # One text is searched several times as fast as many.
    if isinstance(lines, LongText) or LINE_BREAK not in "".join(lines):
        return 0
    return next(number for number, line in enumerate(lines, 1) if LINE_BREAK in line)


def is_blank(line: str) -> bool:
    """Whether a line holds white space only; such lines carry no label and no score."""
    return not line.strip()


def visible_lines(lines: Sequence[str]) -> list[str]:
    """The lines that are not blank."""
    return [line for line in lines if line.strip()]


def visible_numbers(lines: Sequence[str]) -> list[int]:
    """The numbers of the lines that are not blank, from 1."""
    return [number for number, line in enumerate(lines, 1) if not is_blank(line)]


def unmarked(lines: Sequence[str]) -> Sequence[str]:
    r"""The lines without a byte order mark before the first: it is the file's, and not the line's.

    A line of nothing else keeps it, since it is not blank.

    >>> unmarked(["\ufeffShare", "A story."])
    ['Share', 'A story.']
    """
    first = next(iter(lines), "")
    without = first.removeprefix(BYTE_ORDER_MARK)
    if without == first or is_blank(without):
        return lines
    if isinstance(lines, LongText):
        return LongText(lines.text.removeprefix(BYTE_ORDER_MARK))
    return [without, *islice(lines, 1, None)]


@dataclass(frozen=True, slots=True)
class TaggedLine:
    """One line of a tagged document.

    :param number: counted from 1.
    :param text: the line as it stood, without its line break.
    :param label: "article" or "noise"; None on a blank line.
    :param score: calibrated P(noise), 0 to 1; None on a blank line.
    :param start: offset of its first character in the document's text.
    :param end: offset one past its last character: `text[start:end]` is the line.
    """

    number: int
    text: str
    label: Label | None
    score: float | None
    start: int
    end: int


@dataclass(frozen=True, eq=False, repr=False)
class TaggedLines(Sequence[TaggedLine]):
    """The lines of a tagged document, immutable like a tuple; each is made when it is asked for.

    So a million of them take 20 bytes each beside their letters, and not 200.

    :param texts: of the lines; it must never change.
    :param scores: float64 (n_lines,), P(noise), NaN on blank lines; is made read-only.
    :param codes: int8 (n_lines,), places of the labels in LABELS; is made read-only.
    """

    texts: Sequence[str]
    scores: NDArray[np.float64]
    codes: NDArray[np.int8]

    def __post_init__(self) -> None:
        self.scores.setflags(write=False)
        self.codes.setflags(write=False)

    @classmethod
    def from_lines(cls, lines: Sequence[TaggedLine]) -> TaggedLines:
        """The same texts, labels and scores, numbered from 1."""
        scores = np.array([line.score for line in lines], dtype=np.float64)
        codes = np.array([LABELS.index(line.label) for line in lines], dtype=np.int8)
        return cls(tuple(line.text for line in lines), scores, codes)

    def __reduce__(self) -> tuple[type[TaggedLines], tuple[object, ...]]:
        """Without the offsets, which are computed anew; read-only again when it is loaded."""
        return TaggedLines, (self.texts, self.scores, self.codes)

    def __len__(self) -> int:
        return len(self.texts)

    @overload
    def __getitem__(self, place: int) -> TaggedLine: ...

    @overload
    def __getitem__(self, place: slice) -> tuple[TaggedLine, ...]: ...

    def __getitem__(self, place: int | slice) -> TaggedLine | tuple[TaggedLine, ...]:
        """The line at a place, from 0; the lines of a slice as a tuple."""
        places = range(len(self))[place]
        return self._line(places) if isinstance(places, int) else tuple(map(self._line, places))

    def _line(self, place: int) -> TaggedLine:
        text, start = self.texts[place], int(self._starts[place])
        score = _score(float(self.scores[place]))
        return TaggedLine(place + 1, text, LABELS[self.codes[place]], score, start, start + len(text))

    def __iter__(self) -> Iterator[TaggedLine]:
        start = 0
        columns = zip(self.texts, _numbers(self.scores), _numbers(self.codes), strict=True)
        for number, (text, score, code) in enumerate(columns, 1):
            end = start + len(text)
            yield TaggedLine(number, text, LABELS[code], _score(score), start, end)
            start = end + 1

    def __eq__(self, other: object) -> bool:
        """Whether the other holds equal lines: a tuple of lines may do so too."""
        if isinstance(other, TaggedLines):
            same = np.array_equal(self.scores, other.scores, equal_nan=True) and np.array_equal(self.codes, other.codes)
            return same and self.texts == other.texts
        return tuple(self) == other if isinstance(other, tuple) else NotImplemented

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return repr(tuple(self))

    @cached_property
    def _starts(self) -> NDArray[np.int64]:
        """(n_lines,), offsets of the lines."""
        lengths = np.fromiter(map(len, self.texts), dtype=np.int64, count=len(self))
        return np.cumsum(lengths + 1) - lengths - 1

    @property
    def is_noise(self) -> NDArray[np.bool_]:
        """(n_lines,), whether a line is removed."""
        return np.asarray(self.codes == NOISE_CODE)

    @property
    def is_labelled(self) -> NDArray[np.bool_]:
        """(n_lines,), whether a line is not blank."""
        return np.asarray(self.codes != BLANK_CODE)

    def chosen(self, mask: NDArray[np.bool_]) -> Iterator[str]:
        """The texts of some lines.

        :param mask: (n_lines,), which.
        """
        return compress(self.texts, _numbers(mask))


@dataclass(frozen=True, repr=False)
class TaggedDocument:
    r"""A document with a label and a score for each line that is not blank.

    >>> page = TaggedDocument.from_scores(["A story.", "", "Share"], [0.1, None, 0.9], threshold=0.5)
    >>> page.article, page.noise, page.labels
    ('A story.\n', 'Share', ['article', None, 'noise'])
    >>> page
    TaggedDocument(3 lines: 1 article, 1 noise)
    >>> page.lines[2]
    TaggedLine(number=3, text='Share', label='noise', score=0.9, start=10, end=15)
    """

    lines: Sequence[TaggedLine]

    @classmethod
    def from_scores(
        cls, lines: Sequence[str], scores: Sequence[float | None] | NDArray[np.float64], threshold: float
    ) -> TaggedDocument:
        """Label lines by their scores.

        :param lines: the document's lines.
        :param scores: P(noise) of each line, None or NaN on blank ones. An array is made read-only, not copied.
        :param threshold: lines that score this or more are noise.
        :raises ValueError: if there is not one score for each line.
        """
        if len(lines) != len(scores):
            raise ValueError(f"{len(lines)} lines, but {len(scores)} scores")
        noise = np.asarray(scores, dtype=np.float64)  # None becomes NaN
        codes = (noise >= threshold).astype(np.int8)
        codes[np.isnan(noise)] = BLANK_CODE
        return cls(TaggedLines(lines if isinstance(lines, LongText) else tuple(lines), noise, codes))

    def __repr__(self) -> str:
        codes = self.columns.codes
        article, noise = (int((codes == code).sum()) for code in (ARTICLE_CODE, NOISE_CODE))
        return f"{type(self).__name__}({len(codes)} lines: {article} article, {noise} noise)"

    @property
    def columns(self) -> TaggedLines:
        """The lines as one array for each of their fields."""
        return self.lines if isinstance(self.lines, TaggedLines) else TaggedLines.from_lines(self.lines)

    @property
    def text(self) -> str:
        """The whole document, its lines joined by line breaks."""
        return _joined(iter(self.columns.texts))

    @property
    def article(self) -> str:
        """The lines that are kept, blank ones included, joined by line breaks."""
        columns = self.columns
        return _joined(columns.chosen(~columns.is_noise))

    @property
    def noise(self) -> str:
        """The lines that are removed, joined by line breaks."""
        columns = self.columns
        return _joined(columns.chosen(columns.is_noise))

    @property
    def labels(self) -> list[Label | None]:
        return [LABELS[code] for code in self.columns.codes.tolist()]

    @property
    def scores(self) -> list[float | None]:
        return without_nan(self.columns.scores)

    @property
    def article_share(self) -> float:
        """Kept words by all words, 0 to 1; words are what white space separates. 0 without words."""
        columns = self.columns
        words = np.fromiter((len(text.split()) for text in columns.texts), dtype=np.int64, count=len(columns))
        total = int(words.sum())
        return int(words[columns.codes == ARTICLE_CODE].sum()) / total if total else 0.0


def without_nan(noise: NDArray[np.float64]) -> list[float | None]:
    """Scores as Python's numbers, None on blank lines.

    >>> without_nan(np.array([0.5, np.nan]))
    [0.5, None]
    """
    return [_score(score) for score in _numbers(noise)]


def _joined(lines: Iterator[str]) -> str:
    """The lines joined by line breaks, without a list of all of them."""
    pieces = iter(lambda: list(islice(lines, AT_A_TIME)), [])
    return LINE_BREAK.join(map(LINE_BREAK.join, pieces))


def _score(score: float) -> float | None:
    """None for NaN."""
    return None if isnan(score) else score


def _numbers(values: NDArray[Any]) -> Iterator[Any]:
    """The values as Python's numbers, few of which are there at a time: each takes four times the room of its value."""
    places = range(0, len(values), AT_A_TIME)
    return chain.from_iterable(values[place : place + AT_A_TIME].tolist() for place in places)


def restored(kept: str, removed: Mapping[int, str], n_lines: int) -> str:
    r"""The document that was divided into what was kept and what was removed.

    >>> restored("A story.\n", {3: "Share"}, 3)
    'A story.\n\nShare'

    :param kept: the kept lines joined by line breaks, as TaggedDocument.article gives them.
    :param removed: the removed lines by their numbers, from 1.
    :param n_lines: of the document.
    """
    lines = iter(split_lines(kept))
    return "\n".join(removed[number] if number in removed else next(lines) for number in range(1, n_lines + 1))
