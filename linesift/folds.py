"""Folds that keep documents of one group together, and no group in two of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from linesift.corpus import LabelledDocument
from linesift.features.buffer import Int
from linesift.near_duplicates import connected, same_text


def independent_groups(documents: Sequence[LabelledDocument]) -> list[str]:
    """The group of each document, where groups that share a text are one.

    :returns: one name a document, that of the alphabetically first of the groups that are one.
    """
    return merge_groups([document.group for document in documents], same_text([d.lines for d in documents]))


def merge_groups(groups: Sequence[str], copies: Int) -> list[str]:
    """Name groups that are connected by copies by the first of them.

    >>> merge_groups(["b.com", "c.com", "a.com", "a.com"], np.array([0, 1, 0, 2]))
    ['a.com', 'c.com', 'a.com', 'a.com']

    :param groups: the group of each document.
    :param copies: (n_documents,), equal for documents with nearly the same text, see near_duplicates.same_text.
    """
    names, index = np.unique(np.array(groups), return_inverse=True)
    if not len(names):
        return []
    component = connected(index, len(names) + copies, len(names) + int(copies.max()) + 1)[: len(names)]
    _, first, of_name = np.unique(component, return_index=True, return_inverse=True)
    return [str(names[first[of_name[group]]]) for group in index]


def assign_folds(groups: Sequence[str], folds: int, seed: int) -> Int:
    """The fold of each document.

    The largest groups go first, each to the fold with the fewest documents; groups of one size
    are shuffled.

    >>> assign_folds(["a.com", "b.com", "a.com", "c.com"], folds=2, seed=0)[[0, 2]].tolist()
    [0, 0]

    :param groups: the group of each document.
    :param folds: at most so many; fewer where there are fewer groups.
    :returns: int64 (n_documents,), 0 to folds - 1.
    :raises ValueError: if there are fewer than two groups.
    """
    names, index = np.unique(np.array(groups), return_inverse=True)
    if len(names) < 2:
        raise ValueError(
            "cross-validation needs documents of at least two groups (`domain`, or `id` where there is none)"
        )
    sizes = np.bincount(index)
    shuffled = np.random.default_rng(seed).permutation(len(names))
    largest_first = shuffled[np.argsort(-sizes[shuffled], kind="stable")]
    filled = np.zeros(min(folds, len(names)), dtype=np.int64)
    fold_of_group = np.zeros(len(names), dtype=np.int64)
    for group in largest_first:
        fold_of_group[group] = np.argmin(filled)
        filled[fold_of_group[group]] += sizes[group]
    return fold_of_group[index]
