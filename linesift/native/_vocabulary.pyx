# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Loops over what lines of a document share; see linesift/features/vocabulary.py and repetition.py."""

from libc.math cimport NAN
from libc.stdint cimport int32_t, int64_t, uint8_t, uint32_t, uint64_t

from linesift.native._hashing cimport mixed, next_power


cdef packed struct Slot:
    int32_t first
    int32_t last


cdef inline bint adjacent(const uint8_t* first_class, const int64_t* start, Py_ssize_t n) noexcept nogil:
    """Whether n tokens are of one class and nothing stands between them."""
    cdef Py_ssize_t step
    for step in range(1, n):
        if first_class[step] != first_class[0] or start[step] - start[0] != step:
            return False
    return True


cdef inline uint64_t span_hash(const uint32_t* folded, Py_ssize_t n) noexcept nogil:
    cdef uint64_t total = 0, power = 1
    cdef Py_ssize_t at
    for at in range(n):
        total += (<uint64_t>folded[at] + 1) * power
        power = next_power(power)
    return mixed(total)


def fill_content_items(
    const uint32_t[::1] folded, const int64_t[::1] start, const int64_t[::1] end, const uint64_t[::1] token,
    const uint8_t[::1] first_class, const int64_t[::1] token_bounds, const int64_t[::1] stop_word,
    const uint8_t[::1] run_length, int shortest, uint64_t[::1] hashes, int64_t[::1] bounds,
):
    """See vocabulary.content_items; the last two are filled.

    :param run_length: tokens to an item, by class of the first.
    :returns: how many there are.
    """
    cdef Py_ssize_t row, at, run, n = 0, n_tokens = start.shape[0]
    with nogil:
        for row in range(bounds.shape[0] - 1):
            bounds[row] = n
            for at in range(token_bounds[row], token_bounds[row + 1]):
                run = run_length[first_class[at]]
                if run == 1:
                    if stop_word[at] < 0 and end[at] - start[at] >= shortest:
                        hashes[n] = token[at]
                        n += 1
                elif run and at + run <= n_tokens and adjacent(&first_class[at], &start[at], run):
                    hashes[n] = span_hash(&folded[start[at]], run)
                    n += 1
        bounds[bounds.shape[0] - 1] = n
    return n


def fill_word_items(
    const int64_t[::1] start, const int64_t[::1] end, const uint64_t[::1] token, const uint8_t[::1] first_class,
    const int64_t[::1] token_bounds, const uint8_t[::1] is_chosen, Py_ssize_t skipped, int shortest, int longest,
    uint64_t[::1] hashes, int64_t[::1] bounds,
):
    """See vocabulary.name_items and function_items; the last two are filled.

    :param is_chosen: by class of the first character.
    :param skipped: tokens at the start of each line.
    :returns: how many there are.
    """
    cdef Py_ssize_t row, at, n = 0
    cdef int64_t length
    with nogil:
        for row in range(bounds.shape[0] - 1):
            bounds[row] = n
            for at in range(token_bounds[row] + skipped, token_bounds[row + 1]):
                length = end[at] - start[at]
                hashes[n] = token[at]
                n += is_chosen[first_class[at]] & (length >= shortest) & (length <= longest)
        bounds[bounds.shape[0] - 1] = n
    return n


def fill_letter_items(
    const uint32_t[::1] folded, const uint8_t[::1] classes, const uint8_t[::1] kinds,
    const int64_t[::1] line_start, const int64_t[::1] line_end, uint64_t[::1] hashes, int64_t[::1] bounds,
):
    """See vocabulary.letter_items; the last two are filled.

    :param kinds: see CharacterTables.
    :returns: how many there are.
    """
    cdef Py_ssize_t at, row, run, n = 0
    with nogil:
        for row in range(line_start.shape[0]):
            bounds[row], run = n, 0
            for at in range(line_start[row], line_end[row]):
                run = run + 1 if kinds[classes[at]] else 0
                if run >= 3:
                    hashes[n] = mixed((<uint64_t>folded[at - 2] << 42) | (<uint64_t>folded[at - 1] << 21) | folded[at])
                    n += 1
        bounds[line_start.shape[0]] = n
    return n


def share_items(
    const uint64_t[::1] hashes, const int64_t[::1] bounds, const uint8_t[::1] among,
    const int64_t[::1] doc_start, const int64_t[::1] doc_size, const int64_t[::1] table_size,
    Slot[::1] table, double[:, ::1] shares,
):
    """See vocabulary.shared; the last, (3, n_lines), is filled.

    :param table_size: (n_docs,), powers of two.
    :param table: room for the largest.
    """
    cdef Py_ssize_t doc, item, first_line, last_line
    cdef int32_t row
    cdef int64_t n_before, n_after, n_either
    cdef uint64_t mask
    cdef Slot* slot
    cdef double n_items
    cdef bint before, after
    with nogil:
        for doc in range(doc_start.shape[0]):
            first_line, last_line = doc_start[doc], doc_start[doc] + doc_size[doc]
            mask = <uint64_t>table_size[doc] - 1
            for item in range(bounds[first_line], bounds[last_line]):
                slot = &table[hashes[item] & mask]
                slot.first, slot.last = 0x7FFFFFFF, -1
            for row in range(first_line, last_line):
                if among[row]:
                    for item in range(bounds[row], bounds[row + 1]):
                        slot = &table[hashes[item] & mask]
                        slot.first, slot.last = min(slot.first, row), row
            for row in range(first_line, last_line):
                n_before, n_after, n_either = 0, 0, 0
                for item in range(bounds[row], bounds[row + 1]):
                    slot = &table[hashes[item] & mask]
                    before, after = slot.first < row, slot.last > row
                    n_before += before
                    n_after += after
                    n_either += before | after
                n_items = bounds[row + 1] - bounds[row]
                shares[0, row] = n_before / n_items if n_items else NAN
                shares[1, row] = n_after / n_items if n_items else NAN
                shares[2, row] = n_either / n_items if n_items else NAN


def count_copies(
    const uint64_t[::1] hashes, const int64_t[::1] doc_start, const int64_t[::1] doc_size, uint64_t seed, int64_t far,
    int64_t[::1] table, int64_t[::1] previous, int64_t[:, ::1] found,
):
    """See repetition._copies; the last, (3, n_lines), is filled.

    :param table: room for twice as many lines as the largest document has, rounded up to a power of two.
    :param previous: (n_lines,), room for the last line above with the same hash.
    """
    cdef Py_ssize_t doc, first_line, last_line, line
    cdef uint64_t slot, mask
    with nogil:
        for doc in range(doc_start.shape[0]):
            first_line, last_line = doc_start[doc], doc_start[doc] + doc_size[doc]
            mask = 1
            while mask < 2 * <uint64_t>doc_size[doc]:
                mask *= 2
            table[:mask] = -1
            mask -= 1
            for line in range(first_line, last_line):
                slot = mixed(hashes[line] ^ seed) & mask
                while table[slot] >= 0 and hashes[table[slot]] != hashes[line]:
                    slot = (slot + 1) & mask
                previous[line] = table[slot]
                table[slot] = line
                found[0, line] = 0
                found[1, line] = found[1, previous[line]] + 1 if previous[line] >= 0 else 0
                found[2, line] = min(line - previous[line], far) if previous[line] >= 0 else far
            for line in range(last_line - 1, first_line - 1, -1):
                if not found[0, line]:
                    found[0, line] = found[1, line] + 1
                if previous[line] >= 0:
                    found[0, previous[line]] = found[0, line]
