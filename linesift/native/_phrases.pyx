# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Finding phrases; see linesift/features/phrases.py."""

from libc.stdint cimport int64_t, uint8_t, uint32_t, uint64_t

from linesift.native._hashing cimport mixed, next_power

cdef enum:
    BEGINS = 1  # of phrases.py
    WHOLE = 2


def find_candidates(
    const uint8_t[::1] classes, const uint32_t[::1] folded, const uint8_t[::1] is_word,
    const uint8_t[::1] role, const uint8_t[::1] state, int shift,
    int64_t[::1] start, int64_t[::1] end, uint64_t[::1] hashes,
):
    """See Phrases._candidates; as many candidates as the last three have room for are filled in.

    :returns: how many there are.
    """
    cdef Py_ssize_t first, at, n = 0, size = folded.shape[0], room = start.shape[0]
    cdef uint64_t total, power, slot
    cdef uint8_t found, begins, after_word = 0
    with nogil:
        for first in range(size):
            begins = role[folded[first]]
            begins &= ~(begins >> 1 & after_word)
            after_word = is_word[classes[first]]
            if not begins & BEGINS:
                continue
            total, power, at = 0, 1, first
            while at < size:
                total += (<uint64_t>folded[at] + 1) * power
                power = next_power(power)
                at += 1
                slot = next_power(total) >> shift
                found = state[slot >> 2] >> (2 * (slot & 3)) & 3
                if not found:
                    break
                if found == WHOLE:
                    if n < room:
                        start[n], end[n], hashes[n] = first, at, mixed(total)
                    n += 1
    return n
