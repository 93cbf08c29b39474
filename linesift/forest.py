"""The trees of one pass: scored by a compiled loop, explained by LightGBM."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from linesift.native import forest as compiled
from linesift.trees import MISSING_IS_NAN, MISSING_LEFT, Trees, checked_trees

if TYPE_CHECKING:
    from lightgbm import Booster

Int = NDArray[np.int64]
Float32 = NDArray[np.float32]

# One node: its second child follows its first, and is taken where the column's value > threshold, which a missing
# value never is; `column` is where its values begin, in groups of GROUP_ROWS. A leaf is its own first child. Small, so
# that some trees fit the nearest cache; trees.MOST_LEAVES and MOST_FEATURES are what 16 bits can count.
NODE = np.dtype([("threshold", np.float32), ("column", np.uint16), ("child", np.uint16)])
LOWEST = np.float32(-np.inf)


@dataclass(frozen=True)
class Forest:
    """The trees of one pass.

    :param trees: checked.
    """

    trees: Trees

    @classmethod
    def from_text(cls, text: bytes, n_features: int) -> Forest:
        """From LightGBM's text format.

        :param n_features: columns of the tables that it will see.
        :raises TreeError: see trees.checked_trees.
        """
        return cls(checked_trees(text, n_features))

    def __reduce__(self) -> tuple[type[Forest], tuple[Trees]]:
        """What is computed from the trees is computed anew in each process."""
        return Forest, (self.trees,)

    def __len__(self) -> int:
        return len(self.trees.n_splits)

    @cached_property
    def booster(self) -> Booster:
        """The same trees as LightGBM's own, which it explains."""
        from lightgbm import Booster

        return Booster(model_str=self.trees.text.decode("ascii"))

    def log_odds(self, table: Float32, threads: int = 1) -> NDArray[np.float64]:
        """The sum of the trees' leaves for each row, to the last bit what LightGBM sums up.

        :param table: (n_lines, n_features), read fastest where the values of a column lie side by side.
        :returns: (n_lines,).
        :raises ValueError: if it has fewer columns than the trees look at.
        """
        if table.shape[1] < self._n_columns:
            raise ValueError(f"a table of {table.shape[1]} columns, the trees look at {self._n_columns}")
        if compiled is None:
            return np.asarray(self.booster.predict(table, raw_score=True, num_threads=threads), dtype=np.float64)
        total = np.zeros(len(table))
        if threads == 1:
            self._add_leaves(table, total)
            return total
        bounds = np.linspace(0, len(table), threads + 1).astype(np.int64).tolist()
        parts = [slice(*pair) for pair in pairwise(bounds)]
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(lambda part: self._add_leaves(table[part], total[part]), parts))
        return total

    def _add_leaves(self, table: Float32, total: NDArray[np.float64]) -> None:
        if table.strides[0] != table.itemsize:
            table = np.asfortranarray(table)
        values = np.zeros(len(self._nodes.column) * compiled.BLOCK_ROWS, dtype=np.float32)
        compiled.add_leaves(table, *self._nodes, values, total)

    @cached_property
    def _n_columns(self) -> int:
        return int(self.trees.feature.max(initial=-1)) + 1

    @cached_property
    def _nodes(self) -> Nodes:
        return _nodes(self.trees)


class Nodes(NamedTuple):
    """The nodes of all trees as the compiled loop reads them, tree by tree and level by level."""

    root: NDArray[np.int32]  #: (n_trees,)
    depth: NDArray[np.int32]  #: (n_trees,) steps from the root to the furthest leaf
    node: NDArray[Any]  #: (n_nodes,) of NODE; `child` counts from the tree's root
    value: NDArray[np.float64]  #: (n_nodes,) of leaves; 0 on splits
    column: NDArray[np.int32]  #: (n_columns,), the features that are compared
    sign: Float32  #: (n_columns,), 1 or -1: what their values are multiplied by before


def _nodes(trees: Trees) -> Nodes:
    sign, threshold, first, second = _as_seconds(trees)
    columns, column_of_split = np.unique(np.stack([-sign, trees.feature]), axis=1, return_inverse=True)
    order, child, depth = _level_order(trees.n_splits, first, second)
    n_splits = int(trees.n_splits.sum())
    node = np.zeros(len(order), dtype=NODE)
    value = np.zeros(len(order))
    split = order < n_splits
    node["threshold"], node["threshold"][split] = np.inf, threshold[order[split]]
    column = column_of_split.ravel()[order[split]] * compiled.GROUP_ROWS
    assert max(column.max(initial=0), child.max(initial=0)) <= np.iinfo(np.uint16).max
    node["column"][split], node["child"] = column, child
    value[~split] = trees.leaf[order[~split] - n_splits]
    size = 2 * trees.n_splits + 1
    root = (np.cumsum(size) - size).astype(np.int32)
    return Nodes(root, depth, node, value, columns[1].astype(np.int32), -columns[0].astype(np.float32))


@np.errstate(over="ignore")  # a threshold beyond float32 becomes infinity, or the largest number
def _as_seconds(trees: Trees) -> tuple[Float32, Float32, Int, Int]:
    """Sign and threshold of each split so that missing values go to its first child, and its first and second child.

    Where they go right in LightGBM, the children change places, and -value > -threshold with the least step
    down is what value <= threshold was. Values are float32, so thresholds may be rounded down to float32.
    """
    rounded = trees.threshold.astype(np.float32)
    too_high = rounded.astype(np.float64) > trees.threshold
    rounded[too_high] = np.nextafter(rounded[too_high], LOWEST)
    missing_is_nan = (trees.decision & MISSING_IS_NAN) > 0
    missing_left = np.where(missing_is_nan, (trees.decision & MISSING_LEFT) > 0, trees.threshold >= 0)
    left, right = trees.children
    return (
        np.where(missing_left, np.float32(1), np.float32(-1)),
        np.where(missing_left, rounded, np.nextafter(-rounded, LOWEST)),
        np.where(missing_left, left, right),
        np.where(missing_left, right, left),
    )


def _level_order(n_splits: Int, first: Int, second: Int) -> tuple[Int, Int, NDArray[np.int32]]:
    """Trees one after the other, each level by level with siblings side by side.

    :param n_splits: (n_trees,).
    :param first: (n_splits,), children as Trees numbers them within each tree.
    :returns: (n_nodes,) the node at each place, leaves numbered behind all splits; (n_nodes,) the place of its
        first child counted from its tree's root, its own if it is a leaf; and (n_trees,) how deep each tree is.
    """
    first_split = np.cumsum(n_splits) - n_splits
    first_leaf = n_splits.sum() + first_split + np.arange(len(n_splits))
    tree_of_split = np.repeat(np.arange(len(n_splits)), n_splits)
    children = np.stack([first, second], axis=1)
    tree = tree_of_split[:, None]
    children = np.where(children < 0, first_leaf[tree] + ~children, first_split[tree] + children)
    level = np.where(n_splits > 0, first_split, first_leaf)
    nodes, of_tree = [level], [np.arange(len(n_splits))]
    depth = np.zeros(len(n_splits), dtype=np.int32)
    while (is_split := level < len(first)).any():
        of_tree.append(np.repeat(of_tree[-1][is_split], 2))
        depth[of_tree[-1]] += 1
        level = children[level[is_split]].ravel()
        nodes.append(level)
    node = np.concatenate(nodes)
    by_tree = np.argsort(np.concatenate(of_tree), kind="stable")
    order = node[by_tree]
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    child = np.arange(len(order))
    is_split = order < len(first)
    child[is_split] = place[children[order[is_split], 0]]
    size = 2 * n_splits + 1
    return order, child - np.repeat(np.cumsum(size) - size, size), depth
