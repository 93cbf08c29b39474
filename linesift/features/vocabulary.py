"""Words, names and letter sequences that a line shares with the rest of its document.

A consent notice in another language, or the opening of another story, is made of words and
letter sequences that occur nowhere else on the page.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from linesift.features.buffer import Batch, Bool, Column, Float, Hash, Int, Line, mix
from linesift.features.characters import UNSPACED_CLASSES, CharClass, tables
from linesift.native import vocabulary as compiled

# A table this many times larger than its items gives one item in 16 the slot of another;
# the largest takes 32 MB.
SLOTS_PER_ITEM = 16
SMALLEST_TABLE_BITS = 8
LARGEST_TABLE_BITS = 22
# By class of the first character: two Han characters, or four Thai letters, are about a word; a number is none.
TOKENS_PER_ITEM = np.zeros(256, dtype=np.uint8)
TOKENS_PER_ITEM[[CharClass.LOWER, CharClass.UPPER, CharClass.LETTER, CharClass.MARK]] = 1
TOKENS_PER_ITEM[CharClass.IDEOGRAPH], TOKENS_PER_ITEM[CharClass.SOUTHEAST_ASIAN] = 2, 4
SHORTEST_CONTENT_WORD = 4  # letters; shorter words are mostly function words in the languages with spaces
LONGEST_FUNCTION_WORD = 3
LONGEST_WORD = np.iinfo(np.int32).max
NOWHERE = np.iinfo(np.int32).max
IS_UPPER = np.arange(256) == CharClass.UPPER
IS_LETTER = np.isin(np.arange(256), (CharClass.LOWER, CharClass.UPPER, CharClass.LETTER))
SLOT = np.dtype([("first", np.int32), ("last", np.int32)])


class Items(NamedTuple):
    """Things counted once for each place where they stand: words, names, letter sequences."""

    hash: Hash  #: (n_items,)
    bounds: Int  #: (n_lines + 1,), the first item of each line, and their number

    @property
    def line(self) -> Line:
        """(n_items,)."""
        return np.repeat(np.arange(len(self.bounds) - 1, dtype=np.int32), np.diff(self.bounds))


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
    count = np.diff(items.bounds)
    n_items = batch.sum_of_lines(count)
    bits = np.ceil(np.log2(np.maximum(n_items * SLOTS_PER_ITEM, 1))).astype(np.int64)
    size = 1 << np.clip(bits, SMALLEST_TABLE_BITS, LARGEST_TABLE_BITS)
    if compiled:
        shares, table = np.empty((3, batch.n_lines)), np.empty(size.max(initial=1), dtype=SLOT)
        compiled.share_items(*items, among.view(np.uint8), batch.doc_start, batch.doc_size, size, table, shares)
    else:
        hits = _count_hits(items, among, n_items, size)
        shares = np.where(count > 0, hits / np.maximum(count, 1), np.nan)
    before, after, elsewhere = shares
    return Shared(before, after, elsewhere, count)


def _count_hits(items: Items, among: Bool, n_items: Int, size: Int) -> Int:
    """(3, n_lines), the items that stand above, below, and either.

    :param n_items: (n_docs,).
    :param size: (n_docs,), of each document's table.
    """
    # Items stand in the order of their lines, so what belongs to a document is repeated rather than looked up.
    slot = (items.hash & np.repeat((size - 1).astype(np.uint64), n_items)).astype(np.int64)
    slot += np.repeat(np.cumsum(size) - size, n_items)
    line = items.line
    chosen = among[line]
    # Only the slots that are used are ever set or read.
    first, last = np.empty((2, size.sum()), dtype=np.int32)
    first[slot], last[slot] = NOWHERE, -1
    # Of several assignments to one slot the last one stays, so the order of the lines decides.
    first[slot[chosen][::-1]] = line[chosen][::-1]
    last[slot[chosen]] = line[chosen]
    before, after = first[slot] < line, last[slot] > line
    return np.stack([np.bincount(line[found], minlength=len(among)) for found in (before, after, before | after)])


def content_items(batch: Batch, stop_words: Int) -> Items:
    """Content words; in scripts without spaces, overlapping sequences of characters.

    :param stop_words: (n_tokens,), see Lexicons.stop_words.
    """
    tokens = batch.tokens
    if compiled:
        hashes, bounds = _room(len(tokens.hash), batch)
        n = compiled.fill_content_items(
            batch.folded, tokens.start, tokens.end, tokens.hash, tokens.first_class, batch.token_bounds, stop_words,
            TOKENS_PER_ITEM, SHORTEST_CONTENT_WORD, hashes, bounds,
        )  # fmt: skip
        return Items(hashes[:n], bounds)
    n_tokens = TOKENS_PER_ITEM[tokens.first_class].astype(np.int64)
    chosen = (n_tokens == 1) & (tokens.end - tokens.start >= SHORTEST_CONTENT_WORD) & (stop_words < 0)
    for unspaced in UNSPACED_CLASSES:
        chosen |= _runs(batch, tokens.first_class == unspaced, int(TOKENS_PER_ITEM[unspaced]))
    start = np.flatnonzero(chosen)
    hashes = batch.hashes(tokens.start[start], tokens.end[start + n_tokens[start] - 1])
    return Items(hashes, _bounds(batch, tokens.line[start]))


def _room(n: int, batch: Batch) -> tuple[Hash, Int]:
    """What a compiled loop fills with n items at most."""
    return np.empty(n, dtype=np.uint64), np.empty(batch.n_lines + 1, dtype=np.int64)


def _bounds(batch: Batch, line: Line) -> Int:
    """See Items.

    :param line: (n_items,), in ascending order.
    """
    return np.searchsorted(line, np.arange(batch.n_lines + 1, dtype=np.int32))


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
    return _word_items(batch, IS_UPPER, skipped=1, shortest=2, longest=LONGEST_WORD)


def function_items(batch: Batch) -> Items:
    """The shortest words of spaced scripts, which are function words in most languages."""
    return _word_items(batch, IS_LETTER, skipped=0, shortest=1, longest=LONGEST_FUNCTION_WORD)


def _word_items(batch: Batch, is_chosen: Bool, skipped: int, shortest: int, longest: int) -> Items:
    """Words of so many letters.

    :param is_chosen: by class of the first letter.
    :param skipped: words at the start of each line that are left out.
    """
    tokens, bounds = batch.tokens, batch.token_bounds
    if compiled:
        hashes, item_bounds = _room(len(tokens.hash), batch)
        n = compiled.fill_word_items(
            tokens.start, tokens.end, tokens.hash, tokens.first_class, bounds, is_chosen.view(np.uint8), skipped,
            shortest, longest, hashes, item_bounds,
        )  # fmt: skip
        return Items(hashes[:n], item_bounds)
    length, place = tokens.end - tokens.start, np.arange(len(tokens.line)) - bounds[tokens.line]
    chosen = is_chosen[tokens.first_class] & (place >= skipped) & (length >= shortest) & (length <= longest)
    return Items(tokens.hash[chosen], _bounds(batch, tokens.line[chosen]))


def letter_items(batch: Batch) -> Items:
    """Three adjacent word characters, in any script."""
    if compiled:
        hashes, bounds = _room(len(batch.codes), batch)
        lines = batch.line_start, batch.line_end
        n = compiled.fill_letter_items(batch.folded, batch.classes, tables().kinds, *lines, hashes, bounds)
        return Items(hashes[:n], bounds)
    is_word = batch.is_word | batch.is_unspaced
    start = np.flatnonzero(is_word[:-2] & is_word[1:-1] & is_word[2:])
    folded = batch.folded.astype(np.uint64)
    packed = folded[start] << np.uint64(42) | folded[start + 1] << np.uint64(21) | folded[start + 2]
    return Items(mix(packed), _bounds(batch, batch.line_of_code[start]))


def vocabulary(batch: Batch, content: Items, names: Items, is_prose: Bool) -> dict[str, Column]:
    """Features: shares of each line's items that stand elsewhere in the prose of its document.

    :param content: see content_items.
    :param names: see name_items.
    :param is_prose: (n_lines,), see prose.is_prose.
    :returns: arrays of (n_lines,); NaN where a line has no such items.
    """
    of_content, of_names = shared(batch, content, is_prose), shared(batch, names, is_prose)
    return {
        "content_words": of_content.n_items,
        "content_shared": of_content.elsewhere,
        "content_shared_before": of_content.before,
        "content_shared_after": of_content.after,
        "names": of_names.n_items,
        "names_shared": of_names.elsewhere,
        "names_shared_before": of_names.before,
        "function_words_shared": shared(batch, function_items(batch), is_prose).elsewhere,
        "letters_shared": shared(batch, letter_items(batch), is_prose).elsewhere,
    }
