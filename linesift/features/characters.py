"""Character classes and foldings by table lookup, for whole buffers of code points at once."""

from __future__ import annotations

import functools
import sys
from enum import IntEnum
from importlib.resources import files
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from linesift.native import characters as compiled

N_CODE_POINTS = sys.maxunicode + 1


class CharClass(IntEnum):
    """What a code point is to a line: each has exactly one class."""

    OTHER = 0  # controls, format characters, unassigned
    SPACE = 1  # all that str.isspace() holds true
    LOWER = 2
    UPPER = 3
    LETTER = 4  # letters without case: Arabic, Hebrew, Devanagari, Hangul ...
    IDEOGRAPH = 5  # Han and kana: no spaces between words
    SOUTHEAST_ASIAN = 6  # Thai, Lao, Khmer, Myanmar: no spaces between words
    MARK = 7
    DIGIT = 8
    TERMINATOR = 9  # what ends a sentence
    ELLIPSIS = 10
    COMMA = 11
    COLON = 12
    QUOTE = 13
    OPEN = 14
    CLOSE = 15
    DASH = 16
    SEPARATOR = 17  # bullets, bars and arrows, as menus and breadcrumbs use them
    SYMBOL = 18  # currency and mathematics
    PICTOGRAPH = 19  # emoji, copyright and other signs
    PUNCTUATION = 20  # the rest


N_CLASSES = len(CharClass)

WORD_CLASSES = (CharClass.LOWER, CharClass.UPPER, CharClass.LETTER, CharClass.MARK, CharClass.DIGIT)
UNSPACED_CLASSES = (CharClass.IDEOGRAPH, CharClass.SOUTHEAST_ASIAN)


class CharacterTables(NamedTuple):
    """Lookup tables indexed by code point."""

    char_class: NDArray[np.uint8]  #: (1114112,), values of CharClass
    folded: NDArray[np.uint32]  #: (1114112,), lower case without accents, quotes and dashes unified
    is_word: NDArray[np.bool_]  #: (256,), indexed by class: part of a space-separated word
    is_unspaced: NDArray[np.bool_]  #: (256,), indexed by class: a word character that is a token alone
    kinds: NDArray[np.uint8]  #: (256,), indexed by class: 1 for is_word, 2 for is_unspaced, else 0


@functools.cache
def tables() -> CharacterTables:
    """The tables, read once from characters.npz (built by tools/build_characters.py)."""
    with files("linesift.features").joinpath("characters.npz").open("rb") as file:
        stored = np.load(file, allow_pickle=False)
        starts, run_classes = stored["run_starts"], stored["run_classes"]
        fold_from, fold_to = stored["fold_from"], stored["fold_to"]
    lengths = np.diff(starts, append=N_CODE_POINTS)
    folded = np.arange(N_CODE_POINTS, dtype=np.uint32)
    folded[fold_from] = fold_to
    word, unspaced = _members(WORD_CLASSES), _members(UNSPACED_CLASSES)
    return CharacterTables(np.repeat(run_classes, lengths), folded, word, unspaced, word + np.uint8(2) * unspaced)


def _members(classes: tuple[CharClass, ...]) -> NDArray[np.bool_]:
    table = np.zeros(256, dtype=np.bool_)
    table[list(classes)] = True
    return table


def code_points(text: str) -> NDArray[np.uint32]:
    """The code points of a text, (len(text),); lone surrogates are kept.

    >>> code_points("né").tolist()
    [110, 233]
    """
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def fold(codes: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """The folded code points, one for each: the form in which phrases and words are compared.

    >>> "".join(map(chr, fold(code_points("Política — “OK”"))))
    'politica - "ok"'
    """
    return tables().folded[codes]


def look_up(codes: NDArray[np.uint32]) -> tuple[NDArray[np.uint8], NDArray[np.uint32]]:
    """CharClass and folded form of each code point."""
    if not compiled:
        return tables().char_class[codes], tables().folded[codes]
    classes, folded = np.empty(len(codes), dtype=np.uint8), np.empty(len(codes), dtype=np.uint32)
    compiled.look_up(codes, tables().char_class, tables().folded, classes, folded)
    return classes, folded
