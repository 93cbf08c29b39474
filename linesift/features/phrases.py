"""Finding many phrases at once, by hashes of their beginnings: an automaton of arrays that is compiled in no time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from linesift.features.buffer import Batch, Bool, Hash, Int
from linesift.features.characters import tables
from linesift.native import text as compiled

# Half a million beginnings of phrases fill an eighth of the slots; a wrong hit costs one more step, and no match.
PREFIX_BITS = 22
PREFIX_SHIFT = np.uint64(64 - PREFIX_BITS)
NEITHER, PREFIX, WHOLE = 0, 1, 2
CODES_PER_CANDIDATE = 8  # at the least, in most texts


class Matches(NamedTuple):
    """Where phrases stand in a batch."""

    pattern: Int  #: (n_matches,), index of the phrase
    start: Int  #: (n_matches,), first code point in the buffer
    end: Int  #: (n_matches,), one past the last


@dataclass(frozen=True)
class Phrases:
    """Distinct folded phrases, in the order of their hashes.

    :param hash: (n_phrases,) ascending; a phrase that is both whole and a stem stands here twice.
    :param begins: (n_phrases,) a word begins it, so it must not begin inside of one.
    :param ends: (n_phrases,) a word ends it, and no more of that word may follow.
    :param state: (2**PREFIX_BITS,) uint8 indexed by hash: PREFIX of a phrase, WHOLE phrase, or NEITHER.
    """

    hash: Hash
    begins: Bool
    ends: Bool
    state: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.hash)

    def find(self, batch: Batch) -> Matches:
        """All matches in the batch that begin and end where words do, overlapping ones included."""
        start, end, hashes = self._candidates(batch)
        first = np.searchsorted(self.hash, hashes)
        pattern = np.concatenate([first, first + 1])  # a phrase that is both whole and a stem stands there twice
        candidate = np.tile(np.arange(len(start)), 2)
        known = np.minimum(pattern, len(self.hash) - 1)
        found = (self.hash[known] == hashes[candidate]) & (known == pattern) if len(self.hash) else pattern < 0
        pattern, candidate = pattern[found], candidate[found]
        start, end, word = start[candidate], end[candidate], _padded_words(batch)
        whole = ~(self.begins[pattern] & word[start]) & ~(self.ends[pattern] & word[end + 1])
        return Matches(pattern[whole], start[whole], end[whole])

    def _candidates(self, batch: Batch) -> tuple[Int, Int, Hash]:
        """Start, end and hash of the substrings that may be phrases.

        All places are read in step, a character further each time; a place is left when no phrase
        begins with what was read of it.
        """
        if compiled:
            return self._compiled_candidates(batch, len(batch.codes) // CODES_PER_CANDIDATE)
        found: list[tuple[Int, Int, Hash]] = [(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.uint64))]
        start = np.flatnonzero(~(_padded_words(batch)[:-2] & _begins_word(batch.folded)))
        length = 0
        while len(start):
            length += 1
            start = start[: np.searchsorted(start, len(batch.codes) - length, side="right")]
            hashes = batch.hashes(start, start + length)
            state = self.state[hashes >> PREFIX_SHIFT]
            whole = state == WHOLE
            found.append((start[whole], start[whole] + length, hashes[whole]))
            start = start[state != NEITHER]
        starts, ends, hashes = (np.concatenate(column) for column in zip(*found, strict=True))
        return starts, ends, hashes

    def _compiled_candidates(self, batch: Batch, room: int) -> tuple[Int, Int, Hash]:
        start, end, hashes = np.empty(room, np.int64), np.empty(room, np.int64), np.empty(room, np.uint64)
        of_characters = batch.codes, batch.folded, tables().char_class, tables().is_word.view(np.uint8)
        found = compiled.find_candidates(*of_characters, self.state, 64 - PREFIX_BITS, start, end, hashes)
        if found > room:
            return self._compiled_candidates(batch, found)
        return start[:found], end[:found], hashes[:found]


def compile_phrases(phrases: Sequence[str], stem: Bool) -> tuple[Phrases, Int]:
    """Prepare phrases for being found.

    :param phrases: without spaces around them, and not blank.
    :param stem: (len(phrases),), which phrases match any ending.
    :returns: the distinct ones, and (len(phrases),) the index of each among them.
    """
    batch = Batch([phrases])
    order = np.lexsort((stem, batch.line_hash))
    hashes, is_stem = batch.line_hash[order], stem[order]
    is_new = np.ones(len(order), dtype=np.bool_)
    is_new[1:] = (hashes[1:] != hashes[:-1]) | (is_stem[1:] != is_stem[:-1])
    index = np.empty(len(order), dtype=np.int64)
    index[order] = np.cumsum(is_new) - 1
    one = order[is_new]
    first, last = (_begins_word(batch.folded[bound[one]]) for bound in batch.visible_bounds)
    return Phrases(hashes[is_new], first, last & ~stem[one], _states(batch)), index


def _states(batch: Batch) -> NDArray[np.uint8]:
    """See Phrases.state, for the phrases that are the lines of a batch."""
    end = np.arange(1, len(batch.codes) + 1)
    in_phrase = end <= batch.line_end[batch.line_of_code]
    end, start = end[in_phrase], batch.line_start[batch.line_of_code[in_phrase]]
    states = np.zeros(1 << PREFIX_BITS, dtype=np.uint8)
    states[batch.hashes(start, end) >> PREFIX_SHIFT] = PREFIX
    states[batch.line_hash >> PREFIX_SHIFT] = WHOLE
    return states


def _begins_word(folded: NDArray[np.uint32]) -> Bool:
    """(n,), which folded code points are part of a space-separated word."""
    return tables().is_word[tables().char_class[folded]]


def _padded_words(batch: Batch) -> Bool:
    """(n_codes + 2,), Batch.is_word with a character before the first and behind the last, which are of no word."""
    word = np.zeros(len(batch.codes) + 2, dtype=np.bool_)
    word[1:-1] = batch.is_word
    return word
