"""A linear score of a line's own words: hashed words and pairs of words, weights learned by train.py."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from linesift.features.buffer import Batch, Hash, Int, mix
from linesift.features.characters import CharClass
from linesift.native import words as compiled

BITS = 18  # 262,144 weights: half a megabyte as float16
PAIR = np.uint64(0x9E3779B97F4A7C15)
LINE_START, LINE_END = np.uint64(1), np.uint64(1 << 32)


def word_terms(batch: Batch) -> tuple[Int, Int]:
    """The terms of each line: its words, pairs of neighbouring words, and pairs with the line's borders.

    Numbers are replaced by their number of digits. The border below a line holds the class of its
    last character, so that "Share" and "Share." differ.

    :returns: (n_terms,) line of each term, and (n_terms,) its index, 0 to 2**BITS - 1.
    """
    tokens = batch.tokens
    number = tokens.first_class == CharClass.DIGIT
    word = np.where(number, mix((tokens.end - tokens.start).astype(np.uint64)), tokens.hash)
    same_line = tokens.line[1:] == tokens.line[:-1]
    has_words = np.flatnonzero(np.diff(batch.token_bounds) > 0)
    first, last = batch.token_bounds[has_words], batch.token_bounds[has_words + 1] - 1
    end_class = batch.classes[batch.visible_bounds[1][has_words]].astype(np.uint64)
    hashes = [
        word,
        _pair(word[:-1][same_line], word[1:][same_line]),
        _pair(LINE_START, word[first]),
        _pair(word[last], LINE_END + end_class),
    ]
    lines = [tokens.line, tokens.line[1:][same_line], has_words, has_words]
    terms = np.concatenate(hashes) >> np.uint64(64 - BITS)
    return np.concatenate(lines), terms.astype(np.int64)


def _pair(first: Hash | np.uint64, second: Hash) -> Hash:
    return mix(first * PAIR + second)


@dataclass(frozen=True)
class WordModel:
    """Logistic regression over the terms of a line.

    :param weights: (2**BITS,) float32, log-odds of noise for each term.
    :param bias: log-odds of a line without known terms.
    """

    weights: NDArray[np.float32]
    bias: float

    def score(self, batch: Batch) -> NDArray[np.float64]:
        """(n_lines,) log-odds of noise; a line's terms are divided by the square root of their number."""
        if compiled:
            return self._compiled_score(batch)
        line, term = word_terms(batch)
        total = np.bincount(line, weights=self.weights[term], minlength=batch.n_lines)
        count = np.bincount(line, minlength=batch.n_lines)
        return np.asarray(self.bias + total / np.sqrt(np.maximum(count, 1)))

    def _compiled_score(self, batch: Batch) -> NDArray[np.float64]:
        tokens = batch.tokens
        is_number = (tokens.first_class == CharClass.DIGIT).view(np.uint8)
        last_class = batch.classes[batch.visible_bounds[1]]
        score = np.empty(batch.n_lines)
        compiled.score_words(
            tokens.hash, is_number, tokens.end - tokens.start, batch.token_bounds, last_class, self.weights, self.bias,
            64 - BITS, score,
        )  # fmt: skip
        return score
