"""Lines that stand in their document more than once, and lines that begin or end alike."""

from __future__ import annotations

import os

import numpy as np

from linesift.features.buffer import Batch, Column, Hash, Int, mix
from linesift.features.segments import FAR
from linesift.native import vocabulary as compiled

# Far from zero: the hash of a word of one character is that of a small number, and so would be a document's key.
FIRST_KEY = np.uint64(0x5851F42D4C957F2D)
# Nobody can write lines that all look for the same slot of a table. What is counted does not depend on it.
SEED = int.from_bytes(os.urandom(8), "little")


def repetition(batch: Batch) -> dict[str, Column]:
    """Features: arrays of (n_lines,)."""
    copies, above, distance = _copies(batch, batch.line_hash)
    bounds, tokens = batch.token_bounds, batch.tokens
    with_zero = np.append(tokens.hash, np.uint64(0))
    empty = bounds[1:] == bounds[:-1]
    first = np.where(empty, np.uint64(0), with_zero[bounds[:-1]])
    last = np.where(empty, np.uint64(0), with_zero[bounds[1:] - 1])
    return {
        "copies": copies,
        "copies_above": above,
        "copy_distance": distance,
        "same_first_word": _copies(batch, first)[0],
        "same_last_word": _copies(batch, last)[0],
    }


def _copies(batch: Batch, hashes: Hash) -> tuple[Int, Int, Int]:
    """For each line: equal hashes in the document, those above, and lines since the last one above."""
    if compiled:
        found, previous = np.empty((3, batch.n_lines), dtype=np.int64), np.empty(batch.n_lines, dtype=np.int64)
        table = np.empty(4 * batch.doc_size.max(initial=1), dtype=np.int64)
        compiled.count_copies(hashes, batch.doc_start, batch.doc_size, SEED, FAR, table, previous, found)
        return found[0], found[1], found[2]
    keyed = hashes ^ mix(batch.doc_of_line.astype(np.uint64) + FIRST_KEY)
    order = np.argsort(keyed, kind="stable")
    sorted_hashes = keyed[order]
    is_new = np.append(True, sorted_hashes[1:] != sorted_hashes[:-1])
    group_start = np.flatnonzero(is_new)
    group = np.cumsum(is_new) - 1
    size = np.diff(group_start, append=len(order))
    copies, above, distance = (np.empty(len(order), dtype=np.int64) for _ in range(3))
    copies[order] = size[group]
    above[order] = np.arange(len(order)) - group_start[group]
    gap = np.diff(order, prepend=0)
    distance[order] = np.where(is_new, FAR, np.minimum(gap, FAR))
    return copies, above, distance
