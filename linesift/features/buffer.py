"""A batch of documents as one buffer of code points, with its lines and tokens."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from linesift.features.characters import N_CLASSES, CharClass, code_points, look_up, tables
from linesift.native import characters as compiled
from linesift.native import words as compiled_words

Int = NDArray[np.int64]
Line = NDArray[np.int32]  # index of a line; there is one for each character, so it is kept small
Bool = NDArray[np.bool_]
Float = NDArray[np.float64]
Hash = NDArray[np.uint64]
Column = NDArray[Any]  # one value a line: a feature
Columns = Mapping[str, Column]  # by name

# An odd multiplier has an inverse modulo 2**64, so a hash can be shifted along the buffer.
HASH_BASE = 0x9E3779B97F4A7C15
HASH_BASE_INVERSE = pow(HASH_BASE, -1, 2**64)
LOW_BITS = 12  # tables of 4096 powers stay in the cache
LONGEST_PILE = 30  # marks; what Unicode allows in its stream-safe form (UAX 15)
# The finaliser of MurmurHash3 (Appleby, public domain constants): spreads every bit over all others.
MIX_1, MIX_2 = np.uint64(0xFF51AFD7ED558CCD), np.uint64(0xC4CEB9FE1A85EC53)


class Tokens(NamedTuple):
    """Words of spaced scripts, and single characters of the scripts written without spaces."""

    start: Int  #: (n_tokens,), first code point in the buffer
    end: Int  #: (n_tokens,), one past the last
    line: Line  #: (n_tokens,)
    hash: Hash  #: (n_tokens,), of the folded characters
    first_class: NDArray[np.uint8]  #: (n_tokens,), CharClass of the first character


class Batch:
    """The non-blank lines of some documents, laid end to end.

    Everything that features are computed from is an array over code points, tokens, lines
    or documents; nothing depends on which documents share the batch.

    :param documents: lists of lines; blank lines must have been left out.
    """

    def __init__(self, documents: Sequence[Sequence[str]]) -> None:
        lines = [line for document in documents for line in document]
        self.codes = code_points("\n".join(lines))
        #: (n_codes,) twice: uint8, the CharClass of each code point; and uint32, the folded code points
        self.classes, self.folded = look_up(self.codes)
        composed = _composed(lines, _has_pile_of_marks(self.classes))
        if composed != lines:
            lines = composed
            self.codes = code_points("\n".join(lines))
            self.classes, self.folded = look_up(self.codes)
        lengths = np.fromiter(map(len, lines), dtype=np.int64, count=len(lines))
        self.line_start: Int = np.cumsum(lengths + 1) - lengths - 1
        self.line_end: Int = self.line_start + lengths
        sizes = np.fromiter(map(len, documents), dtype=np.int64, count=len(documents))
        self.doc_start: Int = np.cumsum(sizes) - sizes
        self.doc_size: Int = sizes
        self.doc_of_line: Int = np.repeat(np.arange(len(sizes)), sizes)

    @property
    def n_lines(self) -> int:
        return len(self.line_start)

    @property
    def n_docs(self) -> int:
        return len(self.doc_start)

    def sum_of_lines(self, values: Int) -> Int:
        """(n_docs,), the sum over each document's lines.

        :param values: (n_lines,).
        """
        total = np.zeros(self.n_lines + 1, dtype=np.int64)
        np.cumsum(values, out=total[1:])
        return np.asarray(total[self.doc_start + self.doc_size] - total[self.doc_start])

    @cached_property
    def line_of_code(self) -> Line:
        """(n_codes,), the line of each code point; a line break belongs to the line before it."""
        spans = np.diff(self.line_start, append=len(self.codes))
        return np.repeat(np.arange(self.n_lines, dtype=np.int32), spans)

    @cached_property
    def class_counts(self) -> Int:
        """(N_CLASSES, n_lines), how many characters of each class stand in each line."""
        if compiled:
            counts = np.empty((N_CLASSES, self.n_lines), dtype=np.int64)
            compiled.count_classes(self.classes, self.line_start, self.line_end, counts)
            return counts
        keys = self.classes.astype(np.int64) * self.n_lines + self.line_of_code
        counts = np.bincount(keys, minlength=self.n_lines * N_CLASSES).reshape(N_CLASSES, self.n_lines)
        counts[CharClass.SPACE] -= self.line_end < len(self.codes)
        return counts

    @cached_property
    def visible_bounds(self) -> tuple[Int, Int]:
        """(n_lines,) twice: the first and the last code point of each line that is not a space."""
        if compiled:
            first, last = np.empty((2, self.n_lines), dtype=np.int64)
            compiled.find_bounds(self.classes, CharClass.SPACE, self.line_start, self.line_end, first, last)
            return first, last
        visible = np.flatnonzero(self.classes != CharClass.SPACE)
        first = visible[np.searchsorted(visible, self.line_start)]
        last = visible[np.searchsorted(visible, self.line_end) - 1]
        return first, last

    @cached_property
    def is_word(self) -> Bool:
        """(n_codes,), part of a space-separated word."""
        return tables().is_word[self.classes]

    @cached_property
    def is_unspaced(self) -> Bool:
        """(n_codes,), a word character of a script written without spaces."""
        return tables().is_unspaced[self.classes]

    @property
    def tokens(self) -> Tokens:
        return self._tokens[0]

    @property
    def token_bounds(self) -> Int:
        """(n_lines + 1,), the first token of each line, and the number of tokens."""
        return self._tokens[1]

    @cached_property
    def _tokens(self) -> tuple[Tokens, Int]:
        if compiled_words:
            return self._compiled_tokens()
        word, alone = self.is_word, self.is_unspaced
        before, after = np.zeros_like(word), np.zeros_like(word)
        before[1:], after[:-1] = word[:-1], word[1:]
        start = np.flatnonzero((word & ~before) | alone)
        end = np.flatnonzero((word & ~after) | alone) + 1
        line = self.line_of_code[start]
        bounds = np.searchsorted(line, np.arange(self.n_lines + 1, dtype=np.int32))
        return Tokens(start, end, line, self.hashes(start, end), self.classes[start]), bounds

    def _compiled_tokens(self) -> tuple[Tokens, Int]:
        n = compiled_words.count_tokens(self.classes, tables().kinds)
        dtypes = (np.int64, np.int64, np.int32, np.uint64, np.uint8)
        found, bounds = Tokens(*(np.empty(n, dtype=dtype) for dtype in dtypes)), np.empty(self.n_lines + 1, np.int64)
        compiled_words.fill_tokens(
            self.folded, self.classes, tables().kinds, self.line_start, self.line_end, bounds, *found
        )
        return found, bounds

    @cached_property
    def line_hash(self) -> Hash:
        """(n_lines,), hash of each folded line without the spaces around it."""
        first, last = self.visible_bounds
        return self.hashes(first, last + 1)

    @cached_property
    def _prefix_hash(self) -> Hash:
        """(n_codes + 1,), polynomial hash of everything before each code point, modulo 2**64."""
        prefix = np.zeros(len(self.codes) + 1, dtype=np.uint64)
        np.cumsum((self.folded + np.uint32(1)) * powers(HASH_BASE, len(self.codes)), out=prefix[1:])
        return prefix

    @cached_property
    def _shift_back(self) -> tuple[Hash, Hash]:
        """Powers of the inverse for the low bits of a position and for the others: small tables for any buffer."""
        low = powers(HASH_BASE_INVERSE, 1 << LOW_BITS)
        return low, powers(pow(HASH_BASE_INVERSE, 1 << LOW_BITS, 2**64), (len(self.codes) >> LOW_BITS) + 1)

    def hashes(self, start: Int, end: Int) -> Hash:
        """Hashes of folded substrings of the buffer, the same wherever the substring stands.

        :param start: (n,), first code points.
        :param end: (n,), one past the last.
        :returns: (n,) uint64.
        """
        if compiled_words:
            hashes = np.empty(len(start), dtype=np.uint64)
            compiled_words.hash_spans(self.folded, start, end, hashes)
            return hashes
        return mix(self.unmixed_hashes(start, end))

    def unmixed_hashes(self, start: Int, end: Int) -> Hash:
        """Hashes whose bits depend on no higher ones; see hashes."""
        low, high = self._shift_back
        shift = low[start & ((1 << LOW_BITS) - 1)] * high[start >> LOW_BITS]
        return np.asarray((self._prefix_hash[end] - self._prefix_hash[start]) * shift)


def _composed(lines: Sequence[str], piled: bool) -> list[str]:
    """The lines in Unicode's form NFC; as they are where marks are piled up: composing those takes quadratic time.

    :param piled: whether there may be such a line.
    """
    return [
        line
        if line.isascii() or (piled and _has_pile_of_marks(tables().char_class[code_points(line)]))
        else unicodedata.normalize("NFC", line)
        for line in lines
    ]


def _has_pile_of_marks(classes: NDArray[np.uint8]) -> bool:
    """Whether a run of combining marks is longer than any language writes."""
    marks = np.flatnonzero(classes == CharClass.MARK)
    return bool((marks[LONGEST_PILE:] - marks[: max(len(marks) - LONGEST_PILE, 0)] == LONGEST_PILE).any())


def powers(base: int, count: int) -> Hash:
    """base**0 ... base**(count-1) modulo 2**64."""
    factors = np.full(count, base, dtype=np.uint64)
    factors[:1] = 1
    return np.multiply.accumulate(factors)


def mix(hashes: Hash) -> Hash:
    """Spread each hash over all 64 bits, so that any of them can index a table."""
    hashes = (hashes ^ (hashes >> np.uint64(33))) * MIX_1
    hashes = (hashes ^ (hashes >> np.uint64(33))) * MIX_2
    return hashes ^ (hashes >> np.uint64(33))
