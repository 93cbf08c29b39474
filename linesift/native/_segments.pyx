# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Loops over the lines of documents; see linesift/features/segments.py."""

from libc.stdint cimport int64_t, uint8_t


def since(const uint8_t[::1] flags, const int64_t[::1] start, int64_t far, int64_t[::1] found):
    """See Segments.since; the last is filled."""
    cdef int64_t line, last = -far
    with nogil:
        for line in range(flags.shape[0]):
            last = line - far if start[line] == line else last
            found[line] = min(line - last, far)
            last = line if flags[line] else last


def until(const uint8_t[::1] flags, const int64_t[::1] end, int64_t far, int64_t[::1] found):
    """See Segments.until; the last is filled."""
    cdef int64_t line, n = flags.shape[0], next_ = n + far
    with nogil:
        for line in range(n - 1, -1, -1):
            next_ = line + far if end[line] == line + 1 else next_
            found[line] = min(next_ - line, far)
            next_ = line if flags[line] else next_


def run_length(
    const uint8_t[::1] flags, const int64_t[::1] start, const int64_t[::1] end, int64_t far, int64_t[::1] found,
):
    """See Segments.run_length; the last is filled."""
    cdef int64_t line, length = 0, n = flags.shape[0]
    with nogil:
        for line in range(n):
            length = 0 if start[line] == line else length
            length = length + 1 if flags[line] else 0
            found[line] = min(length, far)
        for line in range(n - 1, -1, -1):
            length = 0 if end[line] == line + 1 else length
            length = length + 1 if flags[line] else 0
            found[line] += min(length, far) - (length > 0)
