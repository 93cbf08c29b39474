# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Walking down trees; see linesift/forest.py, where nodes are laid out."""

from libc.stdint cimport int32_t

cdef enum:
    SIDE_BY_SIDE = 8  # rows that go down a tree together: no step waits for the one before
    BLOCK = 128       # rows that stay in the cache while all trees see them
    FIRST_STEPS = 8   # levels that nearly all rows go down
    STEPS = 2         # levels between two looks at which rows have arrived

#: Values of a column that lie side by side: those of a block, and one for the row that fills up groups.
ROWS = BLOCK + 1


cdef packed struct Node:
    float threshold
    int32_t column
    int32_t child


cdef inline void step_down(
    const Node* node, const float* values, const int32_t* row, Py_ssize_t n_rows, int32_t* at, int steps
) noexcept nogil:
    """Some levels further, in groups of SIDE_BY_SIDE; the last group is full.

    :param at: the node at which each row has arrived; leaves lead to themselves.
    """
    cdef Py_ssize_t group = 0, k
    cdef int32_t r
    cdef int step
    cdef const Node* here
    while group < n_rows:
        for step in range(steps):
            for k in range(SIDE_BY_SIDE):
                r = row[group + k]
                here = node + at[r]
                at[r] = here.child + (values[here.column + r] > here.threshold)
        group += SIDE_BY_SIDE


cdef inline void find_leaves(const Node* node, const float* values, Py_ssize_t n_rows, int32_t* at) noexcept nogil:
    """Fill in the leaf of each of a block's rows."""
    cdef int32_t row[BLOCK + SIDE_BY_SIDE]
    cdef Py_ssize_t k, n_left, n_going = n_rows
    cdef int steps = FIRST_STEPS
    for k in range(BLOCK + 1):
        at[k] = 0
    for k in range(n_rows):
        row[k] = k
    while n_going:
        for k in range(SIDE_BY_SIDE):
            row[n_going + k] = BLOCK
        if steps == FIRST_STEPS:
            step_down(node, values, row, n_going, at, FIRST_STEPS)
        else:
            step_down(node, values, row, n_going, at, STEPS)
        n_left, steps = 0, STEPS
        for k in range(n_going):
            row[n_left] = row[k]
            n_left += node[at[row[k]]].child != at[row[k]]
        n_going = n_left


def add_leaves(
    const float[:, :] table, const int32_t[::1] root, const Node[::1] node, const double[::1] value,
    const int32_t[::1] column, const float[::1] sign, float[:, ::1] values, double[::1] total,
):
    """Add the leaf of each tree to the total of each row.

    The nodes are trusted: linesift.trees has checked them.

    :param values: (n_columns, ROWS), but a column at the least: room for those that the trees compare, of one block.
    """
    cdef Py_ssize_t n_rows = table.shape[0], start = 0, n, each, tree, row
    cdef int32_t at[BLOCK + 1]
    with nogil:
        while start < n_rows:
            n = min(<Py_ssize_t>BLOCK, n_rows - start)
            for each in range(column.shape[0]):
                for row in range(n):
                    values[each, row] = sign[each] * table[start + row, column[each]]
                values[each, BLOCK] = 0
            for tree in range(root.shape[0]):
                find_leaves(&node[root[tree]], &values[0, 0], n, at)
                for row in range(n):
                    total[start + row] += value[root[tree] + at[row]]
            start += n
