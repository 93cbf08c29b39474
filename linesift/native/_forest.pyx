# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Walking down trees; see linesift/forest.py, where nodes are laid out."""

from libc.stdint cimport int32_t

DEF SIDE_BY_SIDE = 16   # rows that go down a tree together: no step waits for the one before
DEF BLOCK = 32         # rows that stay in the cache while all trees see them
DEF STEPS = 4          # levels between two looks at whether all rows have arrived


cdef packed struct Node:
    float sign
    float threshold
    int32_t feature
    int32_t child


def add_leaves(
    const float[:, :] table, const int32_t[::1] root, const Node[::1] node, const double[::1] value,
    double[::1] total,
):
    """Add the leaf of each tree to the total of each row.

    The nodes are trusted: linesift.trees has checked them.

    :param table: the values of a row lie side by side; rows may lie apart.
    :raises ValueError: if the values of a row lie apart.
    """
    if table.shape[1] > 1 and table.strides[1] != sizeof(float):
        raise ValueError("the values of a row must lie side by side")
    cdef Py_ssize_t n_rows = table.shape[0], start, stop, first, tree, k, step
    cdef int32_t at[SIDE_BY_SIDE]
    cdef const float* row[SIDE_BY_SIDE]
    cdef const Node* here
    cdef const Node* nodes
    cdef bint moving
    with nogil:
        for start in range(0, n_rows, BLOCK):
            stop = min(start + BLOCK, n_rows)
            for tree in range(root.shape[0]):
                nodes = &node[root[tree]]
                for first in range(start, stop, SIDE_BY_SIDE):
                    for k in range(SIDE_BY_SIDE):
                        at[k] = 0
                        row[k] = &table[min(first + k, n_rows - 1), 0]
                    moving = True
                    while moving:
                        for step in range(STEPS):
                            for k in range(SIDE_BY_SIDE):
                                here = nodes + at[k]
                                at[k] = here.child + (here.sign * row[k][here.feature] > here.threshold)
                        moving = False
                        for k in range(SIDE_BY_SIDE):
                            moving |= nodes[at[k]].sign != 0
                    for k in range(min(<Py_ssize_t>SIDE_BY_SIDE, stop - first)):
                        total[first + k] += value[root[tree] + at[k]]
