"""Finding many phrases at once, by hashes of their beginnings: an automaton of arrays that is compiled in no time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from linesift.features.buffer import HASH_BASE, Batch, Bool, Hash, Int, mix
from linesift.features.characters import tables
from linesift.features.hash_index import HashIndex
from linesift.native import phrases as compiled

# Half a million beginnings of phrases fill a quarter of the slots; a wrong hit costs one more step, and no match.
# With two bits a slot the table is half a megabyte, and stays in the cache.
SLOT_BITS = 21
SLOT_SHIFT = 64 - SLOT_BITS
NEITHER, PREFIX, WHOLE = 0, 1, 2
BEGINS, IN_WORD = 1, 2
CODES_PER_CANDIDATE = 8  # at the least, in most texts


class Matches(NamedTuple):
    """Where phrases stand in a batch."""

    pattern: Int  #: (n_matches,), index of the phrase
    start: Int  #: (n_matches,), first code point in the buffer
    end: Int  #: (n_matches,), one past the last


@dataclass(frozen=True)
class Phrases:
    """Distinct folded phrases, in the order of their hashes.

    :param index: (n_phrases,) hashes; a phrase that is both whole and a stem stands there twice.
    :param begins: (n_phrases,) a word begins it, so it must not begin inside of one.
    :param ends: (n_phrases,) a word ends it, and no more of that word may follow.
    :param role: (N_CODE_POINTS,) uint8: BEGINS if a phrase begins with the code point, plus IN_WORD if it is of a word.
    :param state: (2**SLOT_BITS / 4,) uint8, four slots to each: PREFIX of a phrase, WHOLE phrase, or NEITHER.
    """

    index: HashIndex
    begins: Bool
    ends: Bool
    role: NDArray[np.uint8]
    state: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.begins)

    def find(self, batch: Batch) -> Matches:
        """All matches in the batch that begin and end where words do, overlapping ones included."""
        start, end, hashes = (self._compiled_candidates if compiled else self._candidates)(batch)
        pattern = self.index.find(hashes)
        known = np.flatnonzero(pattern >= 0)
        twice = known[self.index.is_twice[pattern[known]]]
        pattern = np.concatenate([pattern[known], pattern[twice] + 1])
        candidate = np.concatenate([known, twice])
        start, end = start[candidate], end[candidate]
        whole = ~(self.begins[pattern] & _is_word(batch, start - 1)) & ~(self.ends[pattern] & _is_word(batch, end))
        return Matches(pattern[whole], start[whole], end[whole])

    def _candidates(self, batch: Batch) -> tuple[Int, Int, Hash]:
        """Start, end and hash of the substrings that may be phrases.

        All places are read in step, a character further each time; a place is left when no phrase
        begins with what was read of it.
        """
        found: list[tuple[Int, Int, Hash]] = [(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.uint64))]
        after_word = np.append(False, batch.is_word)[:-1]
        role = self.role[batch.folded]
        start = np.flatnonzero(~(after_word & (role >= IN_WORD)) & (role & BEGINS > 0))
        length = 0
        while len(start):
            length += 1
            start = start[: np.searchsorted(start, len(batch.codes) - length, side="right")]
            hashes = batch.unmixed_hashes(start, start + length)
            slot = _slots(hashes)
            state = self.state[slot >> 2] >> (2 * (slot & 3)) & 3
            whole = state == WHOLE
            found.append((start[whole], start[whole] + length, mix(hashes[whole])))
            start = start[state != NEITHER]
        starts, ends, hashes = (np.concatenate(column) for column in zip(*found, strict=True))
        return starts, ends, hashes

    def _compiled_candidates(self, batch: Batch, room: int = 0) -> tuple[Int, Int, Hash]:
        room = room or len(batch.codes) // CODES_PER_CANDIDATE
        start, end, hashes = np.empty(room, np.int64), np.empty(room, np.int64), np.empty(room, np.uint64)
        found = compiled.find_candidates(
            batch.classes, batch.folded, tables().is_word.view(np.uint8), self.role, self.state, SLOT_SHIFT,
            start, end, hashes,
        )  # fmt: skip
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
    first, last = (batch.folded[bound[one]] for bound in batch.visible_bounds)
    is_word = tables().is_word[tables().char_class]
    role = is_word * np.uint8(IN_WORD)
    role[first] |= BEGINS
    return Phrases(HashIndex(hashes[is_new]), is_word[first], is_word[last] & ~stem[one], role, _states(batch)), index


def _states(batch: Batch) -> NDArray[np.uint8]:
    """See Phrases.state, for the phrases that are the lines of a batch."""
    end = np.arange(1, len(batch.codes) + 1)
    in_phrase = end <= batch.line_end[batch.line_of_code]
    end, start = end[in_phrase], batch.line_start[batch.line_of_code[in_phrase]]
    states = np.zeros(1 << SLOT_BITS, dtype=np.uint8)
    states[_slots(batch.unmixed_hashes(start, end))] = PREFIX
    states[_slots(batch.unmixed_hashes(batch.line_start, batch.line_end))] = WHOLE
    return np.asarray(np.bitwise_or.reduce(states.reshape(-1, 4) << np.arange(0, 8, 2, dtype=np.uint8), axis=1))


def _slots(unmixed: Hash) -> Int:
    """(n,), where the states of substrings stand, by the leading bits of a multiple of their hashes."""
    return (unmixed * np.uint64(HASH_BASE) >> np.uint64(SLOT_SHIFT)).astype(np.int64)


def _is_word(batch: Batch, places: Int) -> Bool:
    """(n,), Batch.is_word; what stands before the first character and behind the last is of no word."""
    inside = (places >= 0) & (places < len(batch.classes))
    return np.asarray(tables().is_word[batch.classes[places * inside]] & inside)
