# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""Walking down trees; see linesift/forest.py, where nodes are laid out."""

from libc.stdint cimport int32_t, uint16_t

cdef enum:
    GROUP = 16        # rows that go down a tree together: no step waits for the one before
    BLOCK = 256       # rows that all trees see before the next rows come
    CHUNK = 4         # trees that stay in the nearest cache, beside the values of a group
    FIRST_STEPS = 12  # levels that a group goes down without a look at which rows have arrived
    STEPS = 4         # levels between two looks

#: For whoever lays out nodes and values.
GROUP_ROWS, BLOCK_ROWS = GROUP, BLOCK


cdef packed struct Node:
    float threshold
    uint16_t column
    uint16_t child


cdef inline void go_down(const Node* node, const float* values, int steps, int32_t* at) noexcept nogil:
    """Some levels from the root, for one group.

    :param values: those of the group: GROUP of each column.
    :param at: is filled with the node at which each row arrives; leaves lead to themselves.
    """
    cdef int32_t here[GROUP]
    cdef const Node* one
    cdef int step
    cdef Py_ssize_t k
    for k in range(GROUP):
        here[k] = 0
    for step in range(steps):
        for k in range(GROUP):
            one = node + here[k]
            here[k] = one.child + (values[one.column + k] > one.threshold)
    for k in range(GROUP):
        at[k] = here[k]


cdef inline void go_to_leaves(
    const Node* node, const float* values, Py_ssize_t width, Py_ssize_t n_rows, int32_t* at
) noexcept nogil:
    """The rest of the way, for those rows of a block that have not arrived.

    :param width: values of a group.
    """
    cdef int32_t row[BLOCK + GROUP]
    cdef int32_t place[BLOCK + GROUP]
    cdef int32_t here[BLOCK + GROUP]
    cdef Py_ssize_t k, group, n_left, n_going = 0
    cdef int step
    cdef const Node* one
    for k in range(n_rows):
        row[n_going] = k
        place[n_going] = (k // GROUP) * width + k % GROUP
        here[n_going] = at[k]
        n_going += node[at[k]].child != at[k]
    while n_going:
        for k in range(GROUP):
            here[n_going + k] = place[n_going + k] = 0
        group = 0
        while group < n_going:
            for step in range(STEPS):
                for k in range(GROUP):
                    one = node + here[group + k]
                    here[group + k] = one.child + (values[one.column + place[group + k]] > one.threshold)
            group += GROUP
        n_left = 0
        for k in range(n_going):
            at[row[k]] = here[k]
            row[n_left], place[n_left], here[n_left] = row[k], place[k], here[k]
            n_left += node[here[k]].child != here[k]
        n_going = n_left


cdef inline void lay_out(
    const float* source, float sign, Py_ssize_t n_rows, Py_ssize_t width, float* values
) noexcept nogil:
    """A column's values of a block, group by group; what is missing of the last group is left as it was."""
    cdef Py_ssize_t group, k
    for group in range(n_rows // GROUP):
        for k in range(GROUP):
            values[group * width + k] = sign * source[group * GROUP + k]
    group = n_rows // GROUP
    for k in range(n_rows % GROUP):
        values[group * width + k] = sign * source[group * GROUP + k]


def add_leaves(
    const float[:, :] table, const int32_t[::1] root, const int32_t[::1] depth, const Node[::1] node,
    const double[::1] value, const int32_t[::1] column, const float[::1] sign, float[::1] values, double[::1] total,
):
    """Add the leaf of each tree to the total of each row.

    The nodes are trusted: linesift.trees has checked them.

    :param table: the values of a column lie side by side.
    :param depth: (n_trees,) steps from the root to the furthest leaf.
    :param values: BLOCK_ROWS for each column that the trees compare: room for those of one block.
    """
    cdef Py_ssize_t n_rows = table.shape[0], width = column.shape[0] * GROUP
    cdef Py_ssize_t start = 0, n, each, first, last, tree, group, row
    cdef int32_t at[CHUNK][BLOCK]
    with nogil:
        while start < n_rows:
            n = min(<Py_ssize_t>BLOCK, n_rows - start)
            for each in range(column.shape[0]):
                lay_out(&table[start, column[each]], sign[each], n, width, &values[each * GROUP])
            first = 0
            while first < root.shape[0]:
                last = min(first + CHUNK, root.shape[0])
                for group in range((n + GROUP - 1) // GROUP):
                    for tree in range(first, last):
                        go_down(
                            &node[root[tree]], &values[group * width], min(depth[tree], <int32_t>FIRST_STEPS),
                            &at[tree - first][group * GROUP],
                        )
                for tree in range(first, last):
                    if depth[tree] > FIRST_STEPS:
                        go_to_leaves(&node[root[tree]], &values[0], width, n, at[tree - first])
                    for row in range(n):
                        total[start + row] += value[root[tree] + at[tree - first][row]]
                first = last
            start += n
