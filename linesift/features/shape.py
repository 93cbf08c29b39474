"""What a line looks like: its length, case, digits, punctuation, and how it begins and ends."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from linesift.features.buffer import Batch, Column, Float, Int
from linesift.features.characters import N_CLASSES, UNSPACED_CLASSES, CharClass, tables
from linesift.native import characters as compiled
from linesift.native import words as compiled_words

# Characters to a word, for the scripts that write no spaces. Han and kana: about 1.6 characters
# a word in segmented news (SIGHAN bakeoff corpora); Thai: about 4 letters and marks.
IDEOGRAPHS_PER_WORD = 1.6
SOUTHEAST_ASIAN_PER_WORD = 4.0
# A Han character holds about as much as 3 letters of an alphabet (Neubig & Duh 2013, bits per character).
LETTERS_PER_IDEOGRAPH = 3.0

LETTER_CLASSES = (CharClass.LOWER, CharClass.UPPER, CharClass.LETTER, *UNSPACED_CLASSES)
CLOSERS = (CharClass.QUOTE, CharClass.CLOSE, CharClass.SPACE)
DOTS = "..."
MOST_CLOSERS = 3  # a quote, a bracket, and the space that French sets before its quotes
QUESTION_MARKS = [ord(mark) for mark in "?؟՞"]


def _pairs_of(first: tuple[CharClass, ...], second: tuple[CharClass, ...]) -> NDArray[np.uint8]:
    table = np.zeros((N_CLASSES, N_CLASSES), dtype=np.uint8)
    table[np.ix_(first, second)] = 1
    return table


SENTENCE_ENDS = _pairs_of(
    (CharClass.TERMINATOR, CharClass.ELLIPSIS), (CharClass.SPACE, CharClass.QUOTE, CharClass.CLOSE, CharClass.IDEOGRAPH)
)
DOUBLE_SPACES = _pairs_of((CharClass.SPACE,), (CharClass.SPACE,))


def shape(batch: Batch) -> dict[str, Column]:
    """Features of each line by itself, arrays of (n_lines,)."""
    counts = batch.class_counts
    count = {member: counts[member] for member in CharClass}
    visible = visible_in(batch)
    at_least_one = np.maximum(visible, 1)
    letters = sum(count[c] for c in LETTER_CLASSES)
    cased = np.maximum(count[CharClass.LOWER] + count[CharClass.UPPER], 1)
    return {
        "chars": visible,
        "width": width_of(batch),
        **_words(batch, counts),
        "letter_share": letters / at_least_one,
        "upper_share": count[CharClass.UPPER] / cased,
        "digit_share": count[CharClass.DIGIT] / at_least_one,
        "punctuation_share": (
            count[CharClass.PUNCTUATION] + count[CharClass.DASH] + count[CharClass.COLON] + count[CharClass.QUOTE]
        )
        / at_least_one,
        "commas": count[CharClass.COMMA],
        "colons": count[CharClass.COLON],
        "quotes": count[CharClass.QUOTE],
        "brackets": count[CharClass.OPEN],
        "dashes": count[CharClass.DASH],
        "separators": count[CharClass.SEPARATOR],
        "symbols": count[CharClass.SYMBOL],
        "pictographs": count[CharClass.PICTOGRAPH],
        "double_spaces": _double_spaces(batch),
        **_ends(batch),
    }


def visible_in(batch: Batch) -> Int:
    """(n_lines,) characters that are not spaces."""
    return np.asarray(batch.line_end - batch.line_start - batch.class_counts[CharClass.SPACE])


def width_of(batch: Batch) -> Float:
    """(n_lines,) length in letters, an ideograph counted as the letters it stands for."""
    return np.asarray(visible_in(batch) + batch.class_counts[CharClass.IDEOGRAPH] * (LETTERS_PER_IDEOGRAPH - 1.0))


def _words(batch: Batch, counts: Int) -> dict[str, Column]:
    """Length in words and sentences, and what the words are like."""
    spaced = (_compiled_spaced_words if compiled_words else _spaced_words)(batch)
    words = (
        spaced.n_words
        + counts[CharClass.IDEOGRAPH] / IDEOGRAPHS_PER_WORD
        + counts[CharClass.SOUTHEAST_ASIAN] / SOUTHEAST_ASIAN_PER_WORD
    )
    at_least_one = np.maximum(spaced.n_words, 1)
    sentences = _sentences(batch)
    return {
        "words": words,
        "sentences": sentences,
        "words_per_sentence": words / np.maximum(sentences, 1),
        "word_length": spaced.length / at_least_one,
        "longest_word": spaced.longest,
        "title_share": spaced.titled / at_least_one,
        "number_share": spaced.numbers / np.maximum(words, 1),
    }


class SpacedWords(NamedTuple):
    """The words of spaced scripts, arrays of (n_lines,)."""

    n_words: Int
    length: Int  #: of all together, in characters
    longest: Int  #: in characters
    titled: Int  #: how many begin with a capital
    numbers: Int  #: how many begin with a digit


def _spaced_words(batch: Batch) -> SpacedWords:
    tokens, n = batch.tokens, batch.n_lines
    first = tokens.first_class
    spaced = ~np.isin(first, (CharClass.IDEOGRAPH, CharClass.SOUTHEAST_ASIAN))
    length = (tokens.end - tokens.start) * spaced
    longest = np.zeros(n, dtype=np.int64)
    np.maximum.at(longest, tokens.line, length)
    total = np.zeros(n, dtype=np.int64)
    np.add.at(total, tokens.line, length)
    chosen = (spaced, first == CharClass.UPPER, first == CharClass.DIGIT)
    count, titled, numbers = (np.bincount(tokens.line[mask], minlength=n) for mask in chosen)
    return SpacedWords(count, total, longest, titled, numbers)


def _compiled_spaced_words(batch: Batch) -> SpacedWords:
    tokens = batch.tokens
    found = np.empty((len(SpacedWords._fields), batch.n_lines), dtype=np.int64)
    is_spaced = tables().is_word.view(np.uint8)
    compiled_words.measure_words(
        tokens.start, tokens.end, tokens.first_class, batch.token_bounds, is_spaced, CharClass.UPPER, CharClass.DIGIT,
        found,
    )  # fmt: skip
    return SpacedWords(*found)


def _sentences(batch: Batch) -> Int:
    """(n_lines,) sentence ends: a terminator that a space, a quote, a CJK character or the line's end follows."""
    return _pairs(batch, SENTENCE_ENDS, batch.line_start, batch.line_end)


def _double_spaces(batch: Batch) -> Int:
    """(n_lines,) pairs of spaces inside the line: joined menu items and table cells."""
    first, last = batch.visible_bounds
    return _pairs(batch, DOUBLE_SPACES, first, last)


def _pairs(batch: Batch, is_counted: NDArray[np.uint8], start: Int, end: Int) -> Int:
    """(n_lines,) characters from start to end whose class, and that of the next character, make a pair to be counted.

    :param is_counted: (N_CLASSES, N_CLASSES), of one class and the next; a space follows the last line.
    """
    if compiled:
        counts = np.empty(batch.n_lines, dtype=np.int64)
        compiled.count_pairs(batch.classes, is_counted, CharClass.SPACE, start, end, counts)
        return counts
    total = np.zeros(len(batch.classes) + 1, dtype=np.int64)
    np.cumsum(is_counted[batch.classes, np.append(batch.classes[1:], np.uint8(CharClass.SPACE))], out=total[1:])
    return np.asarray(total[end] - total[start])


def _ends(batch: Batch) -> dict[str, Column]:
    """How the line begins and ends, closing quotes and brackets looked through."""
    first, last = batch.visible_bounds
    first_class, last_class = batch.classes[first], batch.classes[last]
    end = _end_behind_closers(batch, first, last)
    end_class = batch.classes[end]
    three_dots = end - first >= len(DOTS) - 1
    for back, dot in enumerate(DOTS):
        three_dots &= batch.codes[np.maximum(end - back, 0)] == ord(dot)
    ellipsis = three_dots | (end_class == CharClass.ELLIPSIS)
    terminated = (end_class == CharClass.TERMINATOR) & ~three_dots
    second = batch.classes[np.minimum(first + 1, last)]
    return {
        "first_class": first_class,
        "second_class": second,
        "last_class": last_class,
        "ends_sentence": terminated,
        "ends_question": np.isin(batch.folded[end], QUESTION_MARKS),
        "ends_ellipsis": ellipsis,
        "indent": first - batch.line_start,
    }


def _end_behind_closers(batch: Batch, first: Int, last: Int) -> Int:
    """(n_lines,) the last character of each line that closes nothing, looking back MOST_CLOSERS at most."""
    position = last
    for _ in range(MOST_CLOSERS):
        position = position - (np.isin(batch.classes[position], CLOSERS) & (position > first))
    return position
