"""Documents whose text is nearly the same, found by MinHash (Broder 1997) and locality-sensitive hashing.

A story that two sites print would stand in a training fold and in the held-out one. Time and
memory grow with the number of documents, not of pairs.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from linesift.documents import visible_lines
from linesift.features.buffer import Batch, Hash, Int, mix
from linesift.model import batched

SHINGLE = 5  # words, or characters of a script without spaces
# Shorter documents are left alone: two stubs ("page not found") are alike on many sites and are no copies.
FEWEST_SHINGLES = 100
SIMILAR = 0.7  # estimated share of shingles in common, of all that either document has
PERMUTATIONS = 128
# Two documents at SIMILAR share a band with a probability of 0.61, at 0.8 of 0.95, at 0.9 of 0.9999.
BANDS = 16
SEED = 1
SHINGLE_BASE = np.uint64(0x9E3779B97F4A7C15)


def same_text(documents: Sequence[Sequence[str]]) -> Int:
    """Which documents are nearly the same, directly or by way of others.

    >>> story = [f"The ferry sails {n} times a day to the island of {n} people." for n in range(20)]
    >>> same_text([story, ["Another page."], [*story, "Share"]]).tolist()
    [0, 1, 0]

    :param documents: lists of lines.
    :returns: int64 (n_documents,), a number for each cluster, counted in the order in which they begin.
    """
    signatures, judged = _signatures(documents)
    clusters = _clusters(signatures)
    cluster_of = np.full(len(documents), -1)
    cluster_of[judged] = clusters
    alone = cluster_of < 0
    cluster_of[alone] = cluster_of.max(initial=-1) + 1 + np.arange(alone.sum())
    _, first, index = np.unique(cluster_of, return_index=True, return_inverse=True)
    return np.argsort(np.argsort(first))[index]


def _signatures(documents: Sequence[Sequence[str]]) -> tuple[NDArray[np.uint32], Int]:
    """(n_judged, PERMUTATIONS) the MinHash signatures of the documents that are long enough, and which those are."""
    rensa: Any = import_module("rensa")  # it has no types
    parts, judged, start = [], [], 0
    for group in batched(documents):
        shingles, document = _shingles(Batch([visible_lines(lines) for lines in group]))
        counts = np.bincount(document, minlength=len(group))
        chosen = np.flatnonzero(counts >= FEWEST_SHINGLES)
        if len(chosen):
            kept = shingles[counts[document] >= FEWEST_SHINGLES]
            bounds = np.concatenate([[0], np.cumsum(counts[chosen])]).astype(np.uint64)
            matrix = rensa.RMinHash.digest_matrix_from_flat_token_hashes(kept, bounds, PERMUTATIONS, SEED)
            parts.append(np.array(matrix.to_rows(), dtype=np.uint32))
            judged.append(chosen + start)
        start += len(group)
    if not parts:
        return np.zeros((0, PERMUTATIONS), dtype=np.uint32), np.zeros(0, dtype=np.int64)
    return np.concatenate(parts), np.concatenate(judged)


def _shingles(batch: Batch) -> tuple[Hash, Int]:
    """(n_shingles,) hashes of SHINGLE words in a row, across lines, and the document of each."""
    words = batch.tokens.hash
    document = batch.doc_of_line[batch.tokens.line]
    n = max(len(words) - SHINGLE + 1, 0)
    hashes = np.zeros(n, dtype=np.uint64)
    for step in range(SHINGLE):
        hashes = hashes * SHINGLE_BASE + words[step : step + n]
    inside = document[:n] == document[SHINGLE - 1 :]
    return mix(hashes[inside]), document[:n][inside]


def _clusters(signatures: NDArray[np.uint32]) -> Int:
    """(n_documents,) a number for each set of documents that are connected by likeness.

    Of the documents that share a band, each is compared with the first.
    """
    n = len(signatures)
    links = [np.zeros((2, 0), dtype=np.int64)]
    for band in np.split(signatures, BANDS, axis=1):
        _, first, bucket = np.unique(band, axis=0, return_index=True, return_inverse=True)
        one, other = np.arange(n), first[bucket.ravel()]
        alike = (signatures[one] == signatures[other]).mean(axis=1) >= SIMILAR
        links.append(np.stack([one[alike], other[alike]]))
    one, other = np.hstack(links)
    return connected(one, other, n)


def connected(one: Int, other: Int, n: int) -> Int:
    """(n,) a number for each of the sets that links connect.

    :param one: (n_links,), where each link begins, below n.
    :param other: (n_links,), where it ends.
    """
    # SciPy 1.11 wants its indices so; if it gets others it prints an error and goes on with wrong results.
    ends = (one.astype(np.int32), other.astype(np.int32))
    graph = coo_array((np.ones(len(one)), ends), shape=(n, n))
    return np.asarray(connected_components(graph, directed=False)[1], dtype=np.int64)
