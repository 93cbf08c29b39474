# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Loops over the characters of lines; the modules of linesift/features say what they compute.

Where the size of a result is not known before, the caller gives arrays and learns how much of them was filled.
"""

from libc.stdint cimport int64_t, uint8_t, uint32_t
from libc.string cimport memset

cdef enum:
    MOST_CLASSES = 32


def look_up(
    const uint32_t[::1] codes, const uint8_t[::1] char_class, const uint32_t[::1] fold,
    uint8_t[::1] classes, uint32_t[::1] folded,
):
    """Class and folded form of each character; the last two are filled."""
    cdef Py_ssize_t at
    with nogil:
        for at in range(codes.shape[0]):
            classes[at] = char_class[codes[at]]
            folded[at] = fold[codes[at]]


def find_bounds(
    const uint8_t[::1] classes, int space, const int64_t[::1] line_start, const int64_t[::1] line_end,
    int64_t[::1] first, int64_t[::1] last,
):
    """See Batch.visible_bounds; the last two are filled."""
    cdef Py_ssize_t line, at
    with nogil:
        for line in range(line_start.shape[0]):
            at = line_start[line]
            while at + 1 < line_end[line] and classes[at] == space:
                at += 1
            first[line] = at
            at = line_end[line] - 1
            while at > first[line] and classes[at] == space:
                at -= 1
            last[line] = at


def count_classes(
    const uint8_t[::1] classes, const int64_t[::1] line_start, const int64_t[::1] line_end, int64_t[:, ::1] counts,
):
    """See Batch.class_counts; the last is filled.

    :raises ValueError: if there are more classes than MOST_CLASSES.
    """
    cdef Py_ssize_t line, at, each, n_classes = counts.shape[0]
    cdef int64_t even[MOST_CLASSES]
    cdef int64_t odd[MOST_CLASSES]
    if n_classes > MOST_CLASSES:
        raise ValueError(f"{n_classes} classes, there is room for {MOST_CLASSES}")
    with nogil:
        for line in range(line_start.shape[0]):
            # Two counters for each class: a character does not wait until the one before has been counted.
            memset(even, 0, sizeof(even))
            memset(odd, 0, sizeof(odd))
            at = line_start[line]
            while at + 1 < line_end[line]:
                even[classes[at]] += 1
                odd[classes[at + 1]] += 1
                at += 2
            if at < line_end[line]:
                even[classes[at]] += 1
            for each in range(n_classes):
                counts[each, line] = even[each] + odd[each]


def count_pairs(
    const uint8_t[::1] classes, const uint8_t[:, ::1] is_counted, int behind_all,
    const int64_t[::1] start, const int64_t[::1] end, int64_t[::1] counts,
):
    """See shape._pairs; the last is filled."""
    cdef Py_ssize_t line, at, n, size = classes.shape[0]
    with nogil:
        for line in range(start.shape[0]):
            n = 0
            for at in range(start[line], min(end[line], size - 1)):
                n += is_counted[classes[at], classes[at + 1]]
            if end[line] == size and start[line] < size:
                n += is_counted[classes[size - 1], behind_all]
            counts[line] = n


def find_marks(const uint32_t[::1] folded, const uint8_t[::1] is_mark, int64_t[::1] found):
    """See links.marks; as many as the last has room for are filled in.

    :param is_mark: for the lowest code points; no other is one.
    :returns: how many there are.
    """
    cdef Py_ssize_t at, n = 0, room = found.shape[0]
    cdef uint32_t n_known = is_mark.shape[0]
    with nogil:
        for at in range(folded.shape[0]):
            if folded[at] < n_known and is_mark[folded[at]]:
                if n < room:
                    found[n] = at
                n += 1
    return n


def find_next(const uint8_t[::1] classes, int wanted, const int64_t[::1] start, int64_t[::1] found):
    """See links._next_spaces; the last is filled."""
    cdef Py_ssize_t each, at = 0, size = classes.shape[0]
    with nogil:
        for each in range(start.shape[0]):
            at = max(at, <Py_ssize_t>start[each])
            while at < size and classes[at] != wanted:
                at += 1
            found[each] = at


def count_scripts(
    const uint32_t[::1] codes, const uint8_t[::1] classes, const uint8_t[::1] is_letter,
    const int64_t[::1] script_of_block, int block_bits, const int64_t[::1] line_start, const int64_t[::1] line_end,
    const int64_t[::1] doc_start, const int64_t[::1] doc_size, int64_t[::1] of_script,
    int64_t[::1] total, int64_t[::1] main, int64_t[::1] script_of_line,
):
    """See scripts.scripts; `total` and `main`, (n_lines,), are filled: letters, and those of the document's script.

    :param of_script: zeros, one for each block.
    :param script_of_line: (n_lines,), room for the script of lines whose letters are all of one.
    """
    cdef Py_ssize_t doc, line, first_line, last_line, at, block, best, before, run, n_blocks = of_script.shape[0]
    cdef Py_ssize_t lowest, highest
    cdef bint is_mixed
    cdef uint8_t letter
    with nogil:
        for doc in range(doc_start.shape[0]):
            lowest, highest = n_blocks, -1
            first_line, last_line = doc_start[doc], doc_start[doc] + doc_size[doc]
            for line in range(first_line, last_line):
                total[line], run, before, is_mixed = 0, 0, -1, False
                for at in range(line_start[line], line_end[line]):
                    letter = is_letter[classes[at]]
                    block = script_of_block[codes[at] >> block_bits]
                    if letter & (block != before):
                        if run:
                            is_mixed = True
                            of_script[before] += run
                            total[line] += run
                        before, run = block, 0
                        lowest, highest = min(lowest, block), max(highest, block)
                    run += letter
                if run:
                    of_script[before] += run
                    total[line] += run
                script_of_line[line] = -1 if is_mixed else before
            best = lowest
            for block in range(lowest, highest + 1):
                if of_script[block] > of_script[best]:
                    best = block
            for block in range(lowest, highest + 1):
                of_script[block] = 0
            for line in range(first_line, last_line):
                if script_of_line[line] >= 0:
                    main[line] = total[line] if script_of_line[line] == best else 0
                    continue
                run = 0
                for at in range(line_start[line], line_end[line]):
                    if is_letter[classes[at]]:
                        run += script_of_block[codes[at] >> block_bits] == best
                main[line] = run
