"""Words, names and letter sequences that a line shares with the rest of its document.

A consent notice in another language, or the opening of another story, is made of words and
letter sequences that occur nowhere else on the page.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from linesift.features.buffer import Batch, Bool, Column, Float, Hash, Int, Line, mix
from linesift.features.characters import CharClass
from linesift.native import text as compiled

# A table this many times larger than its items gives one item in 16 the slot of another;
# the largest takes 32 MB.
SLOTS_PER_ITEM = 16
SMALLEST_TABLE_BITS = 8
LARGEST_TABLE_BITS = 22
# Unspaced characters to a vocabulary item: two Han characters, or four Thai letters, are about a word.
IDEOGRAPHS_PER_ITEM = 2
SOUTHEAST_ASIAN_PER_ITEM = 4
SHORTEST_CONTENT_WORD = 4  # letters; shorter words are mostly function words in the languages with spaces
LONGEST_FUNCTION_WORD = 3
NOWHERE = np.iinfo(np.int32).max


class Items(NamedTuple):
    """Things counted once for each place where they stand: words, names, letter sequences."""

    hash: Hash  #: (n_items,)
    line: Line  #: (n_items,), in ascending order


class Shared(NamedTuple):
    """The share of each line's items that stand on other lines of the document too; NaN on lines without items."""

    before: Float  #: (n_lines,), of those that stand above
    after: Float  #: (n_lines,), of those that stand below
    elsewhere: Float  #: (n_lines,), of those that stand above or below
    n_items: Int  #: (n_lines,), the line's items


def shared(batch: Batch, items: Items, among: Bool) -> Shared:
    """Which share of each line's items stands on other lines of its document.

    Each document has a hash table of its own, so that no other document of the batch
    can change what is found.

    :param among: (n_lines,), the lines that are looked at.
    """
    count = np.diff(np.searchsorted(items.line, np.arange(batch.n_lines + 1, dtype=np.int32)))
    n_items = batch.sum_of_lines(count)
    bits = np.ceil(np.log2(np.maximum(n_items * SLOTS_PER_ITEM, 1))).astype(np.int64)
    size = 1 << np.clip(bits, SMALLEST_TABLE_BITS, LARGEST_TABLE_BITS)
    hits = np.zeros((3, batch.n_lines), dtype=np.int64)
    (_compiled_count_hits if compiled else _count_hits)(items, among, n_items, size, hits)
    before, after, elsewhere = np.where(count > 0, hits / np.maximum(count, 1), np.nan)
    return Shared(before, after, elsewhere, count)


def _count_hits(items: Items, among: Bool, n_items: Int, size: Int, hits: Int) -> None:
    """Count the items that stand above, below, and either.

    :param n_items: (n_docs,).
    :param size: (n_docs,), of each document's table.
    :param hits: (3, n_lines), is overwritten.
    """
    # Items stand in the order of their lines, so what belongs to a document is repeated rather than looked up.
    slot = (items.hash & np.repeat((size - 1).astype(np.uint64), n_items)).astype(np.int64)
    slot += np.repeat(np.cumsum(size) - size, n_items)
    chosen = among[items.line]
    line = items.line
    # Only the slots that are used are ever set or read.
    first, last = np.empty((2, size.sum()), dtype=np.int32)
    first[slot], last[slot] = NOWHERE, -1
    # Of several assignments to one slot the last one stays, so the order of the lines decides.
    first[slot[chosen][::-1]] = line[chosen][::-1]
    last[slot[chosen]] = line[chosen]
    before, after = first[slot] < line, last[slot] > line
    for row, found in zip(hits, (before, after, before | after), strict=True):
        row[:] = np.bincount(items.line[found], minlength=len(row))


def _compiled_count_hits(items: Items, among: Bool, n_items: Int, size: Int, hits: Int) -> None:
    first, last = np.empty((2, size.max(initial=1)), dtype=np.int32)
    compiled.count_hits(items.hash, items.line, among.view(np.uint8), n_items, size, first, last, hits)


def content_items(batch: Batch, is_stop: Bool) -> Items:
    """Content words; in scripts without spaces, overlapping sequences of characters."""
    tokens = batch.tokens
    length = tokens.end - tokens.start
    first = tokens.first_class
    word = (length >= SHORTEST_CONTENT_WORD) & ~is_stop & (first != CharClass.DIGIT)
    ideographs = _runs(batch, first == CharClass.IDEOGRAPH, IDEOGRAPHS_PER_ITEM)
    southeast_asian = _runs(batch, first == CharClass.SOUTHEAST_ASIAN, SOUTHEAST_ASIAN_PER_ITEM)
    start = np.flatnonzero(word | ideographs | southeast_asian)
    n_tokens = np.where(ideographs, IDEOGRAPHS_PER_ITEM, np.where(southeast_asian, SOUTHEAST_ASIAN_PER_ITEM, 1))[start]
    return Items(batch.hashes(tokens.start[start], tokens.end[start + n_tokens - 1]), tokens.line[start])


def _runs(batch: Batch, member: Bool, length: int) -> Bool:
    """(n_tokens,), which tokens begin `length` adjacent characters of one kind on one line."""
    start = batch.tokens.start
    n_starts = max(len(start) - length + 1, 0)
    runs = np.zeros(len(start), dtype=np.bool_)
    runs[:n_starts] = member[:n_starts]
    for step in range(1, length):
        after = slice(step, step + n_starts)
        runs[:n_starts] &= member[after] & (start[after] - start[:n_starts] == step)
    return runs


def name_items(batch: Batch) -> Items:
    """Capitalised words that do not begin their line."""
    tokens = batch.tokens
    at_start = np.zeros(len(tokens.start), dtype=np.bool_)
    at_start[batch.token_bounds[:-1][np.diff(batch.token_bounds) > 0]] = True
    chosen = (tokens.first_class == CharClass.UPPER) & ~at_start & (tokens.end - tokens.start > 1)
    return Items(tokens.hash[chosen], tokens.line[chosen])


def function_items(batch: Batch) -> Items:
    """The shortest words of spaced scripts, which are function words in most languages."""
    tokens = batch.tokens
    chosen = (tokens.end - tokens.start <= LONGEST_FUNCTION_WORD) & np.isin(
        tokens.first_class, (CharClass.LOWER, CharClass.UPPER, CharClass.LETTER)
    )
    return Items(tokens.hash[chosen], tokens.line[chosen])


def letter_items(batch: Batch) -> Items:
    """Three adjacent word characters, in any script."""
    is_word = batch.is_word | batch.is_unspaced
    if compiled:
        hashes, line = np.empty(len(is_word), dtype=np.uint64), np.empty(len(is_word), dtype=np.int32)
        n = compiled.fill_letter_items(batch.folded, is_word.view(np.uint8), batch.line_start, hashes, line)
        return Items(hashes[:n], line[:n])
    start = np.flatnonzero(is_word[:-2] & is_word[1:-1] & is_word[2:])
    folded = batch.folded.astype(np.uint64)
    packed = folded[start] << np.uint64(42) | folded[start + 1] << np.uint64(21) | folded[start + 2]
    return Items(mix(packed), batch.line_of_code[start])


def vocabulary(batch: Batch, is_stop: Bool, is_prose: Bool) -> dict[str, Column]:
    """Features: shares of each line's items that stand elsewhere in the prose of its document.

    :param is_stop: (n_tokens,), which tokens are function words of some language.
    :param is_prose: (n_lines,), see prose.is_prose.
    :returns: arrays of (n_lines,); NaN where a line has no such items.
    """
    content = shared(batch, content_items(batch, is_stop), is_prose)
    names = shared(batch, name_items(batch), is_prose)
    return {
        "content_words": content.n_items,
        "content_shared": content.elsewhere,
        "content_shared_before": content.before,
        "content_shared_after": content.after,
        "names": names.n_items,
        "names_shared": names.elsewhere,
        "names_shared_before": names.before,
        "function_words_shared": shared(batch, function_items(batch), is_prose).elsewhere,
        "letters_shared": shared(batch, letter_items(batch), is_prose).elsewhere,
    }
