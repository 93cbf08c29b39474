"""Checking trees in LightGBM's text format before anything walks down them.

LightGBM's parser and its contributions, and our own compiled loop, trust what they are given: an index out of
range reads or writes foreign memory, a cycle never ends. So a text is taken apart here, nothing is let through that was
not looked at, and only what was looked at is handed on.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Int = NDArray[np.int64]
Float = NDArray[np.float64]

HEADER = (
    b"tree", b"version=v4", b"num_class=1", b"num_tree_per_iteration=1", b"label_index=0", b"max_feature_idx=",
    b"objective=binary sigmoid:1", b"feature_names=", b"feature_infos=", b"tree_sizes=",
)  # fmt: skip
TREE = (
    b"Tree=", b"num_leaves=", b"num_cat=0", b"split_feature=", b"split_gain=", b"threshold=", b"decision_type=",
    b"left_child=", b"right_child=", b"leaf_value=", b"leaf_weight=", b"leaf_count=", b"internal_value=",
    b"internal_weight=", b"internal_count=", b"is_linear=0", b"shrinkage=",
)  # fmt: skip
OF_NODES = (
    "split_feature", "split_gain", "threshold", "decision_type", "left_child", "right_child",
    "internal_value", "internal_weight", "internal_count",
)  # fmt: skip
OF_LEAVES = ("leaf_value", "leaf_weight", "leaf_count")
OF_LEAVES_IF_SPLIT = ("leaf_weight", "leaf_count")  # a tree of one leaf may leave these out
# No score depends on these, but LightGBM parses them too, and aborts the process at what is no number.
OF_TRAINING = ("split_gain", "leaf_weight", "internal_value", "internal_weight", "shrinkage")
END = b"end of trees\n"
INFINITE = b"inf"  # the threshold that parts missing values from all others
NUMBER_CHARACTERS = b"0123456789+-.e "
RANGE_CHARACTERS = b"0123456789+-.e:inf"
# A numerical split. 1 would be a category, 4 zeros that count as missing; LightGBM writes neither for our trainings.
MISSING_LEFT = 2
MISSING_IS_NAN = 8  # without it, a missing value counts as 0
DECISIONS = (0, MISSING_LEFT, MISSING_IS_NAN, MISSING_IS_NAN | MISSING_LEFT)
# What the 16 bits of forest.NODE can count; the bundle that ships has 255 leaves to a tree, and 219 features.
MOST_LEAVES = 32_768  # of a tree: 2 * MOST_LEAVES - 1 nodes
MOST_FEATURES = 2_048  # each in two columns, one for each sign, of GROUP_ROWS values
DEEPEST = 512  # splits to a leaf; contributions take quadratic memory in it, and LightGBM recurses
LARGEST_VALUE = 1e6  # log-odds of a leaf; beyond 40 a probability is 0 or 1 in double precision


class TreeError(ValueError):
    """A text that holds no trees, or broken ones; the message says which."""


class Trees(NamedTuple):
    """Sound trees: their splits, then their leaves, numbered through.

    A child from 0 on is a split of the same tree, and one below 0 is the leaf ~child.
    """

    text: bytes  #: the part of the text that holds them
    n_splits: Int  #: (n_trees,), a tree has a leaf more
    feature: Int  #: (n_splits,)
    threshold: Float  #: (n_splits,), what is not above it goes left
    decision: Int  #: (n_splits,), see DECISIONS
    children: Int  #: (2, n_splits), left and right
    leaf: Float  #: (n_leaves,), log-odds


class _Tree(NamedTuple):
    """The lines of one tree, without their keys."""

    nodes: int
    lines: dict[str, bytes]


def checked_trees(content: bytes, n_features: int) -> Trees:
    """The trees of a text, if they are sound.

    What LightGBM writes behind them (importances and parameters of the training) is left out.

    :param n_features: columns of the tables that they will see.
    :raises TreeError: if anything in the text is not as LightGBM would have written it.
    """
    sizes, start = _header(content, n_features)
    trees = []
    for number, size in enumerate(sizes):
        trees.append(_tree(content[start : start + size], number))
        start += size
    if content[start : start + len(END)] != END:
        raise TreeError(f"the last of {len(sizes)} trees does not end where `tree_sizes` says, or the file was cut")
    return _checked(content[: start + len(END)], trees, n_features)


def _header(content: bytes, n_features: int) -> tuple[list[int], int]:
    """The size of each tree in bytes, and where the first begins."""
    header, blank, _ = content.partition(b"\n\n")
    lines = header.split(b"\n")
    if not blank or len(lines) != len(HEADER) or not all(map(bytes.startswith, lines, HEADER)):
        raise TreeError("the header is not that of LightGBM 4's text format for one binary model without categories")
    if any(line != key for line, key in zip(lines, HEADER, strict=True) if not key.endswith(b"=")):
        raise TreeError("the header is not that of a binary model without categories")
    value = {key: line[len(key) :] for key, line in zip(HEADER, lines, strict=True)}
    last = _integer(value[b"max_feature_idx="], "max_feature_idx")
    if n_features > MOST_FEATURES:
        raise TreeError(f"{n_features} features; {MOST_FEATURES} are allowed")
    if last + 1 != n_features:
        raise TreeError(f"trees over {last + 1} features, the catalogue has {n_features}")
    if value[b"feature_names="] != b" ".join(b"Column_%d" % place for place in range(n_features)):
        raise TreeError("feature_names: not those that LightGBM gives the columns of a table")
    ranges = value[b"feature_infos="].split(b" ")
    if len(ranges) != n_features or not all(map(_is_range, ranges)):
        raise TreeError(f"feature_infos: not one for each of {n_features} features")
    sizes = _integers(value[b"tree_sizes="], "tree_sizes").tolist()
    if min(sizes) <= 0:
        raise TreeError("tree_sizes: not above 0")
    return sizes, len(header) + len(blank)


def _is_range(info: bytes) -> bool:
    """Whether it is what LightGBM notes of a feature: its lowest and highest value, or none."""
    inside = info.removeprefix(b"[").removesuffix(b"]")
    return info == b"none" or (len(inside) == len(info) - 2 and not inside.translate(None, RANGE_CHARACTERS))


def _tree(block: bytes, number: int) -> _Tree:
    """Take the text of one tree apart: each key once, in its place, with as many values as it must have."""
    lines = block.split(b"\n")
    if lines[len(TREE) :] != [b"", b"", b""] or not all(map(bytes.startswith, lines, TREE)):
        raise TreeError(f"tree {number}: expected the lines that LightGBM 4 writes for a tree without categories")
    values = {key.decode().rstrip("=0"): line[len(key) :] for key, line in zip(TREE, lines, strict=False)}
    numbers = {**values, "threshold": values["threshold"].replace(INFINITE, b"")}
    if b"".join(numbers.values()).translate(None, NUMBER_CHARACTERS):
        raise TreeError(f"tree {number}: what stands for a number is none")
    if values["Tree"] != b"%d" % number or values["num_cat"] or values["is_linear"]:
        raise TreeError(f"tree {number}: not in its place, linear, or with categories")
    leaves = _integer(values["num_leaves"], f"tree {number}: num_leaves")
    if not 1 <= leaves <= MOST_LEAVES:
        raise TreeError(f"tree {number}: {leaves} leaves; 1 to {MOST_LEAVES} are allowed")
    for keys, expected in ((OF_NODES, leaves - 1), (OF_LEAVES, leaves)):
        for key in keys:
            found = _count(values[key])
            if found != expected and not (leaves == 1 and key in OF_LEAVES_IF_SPLIT and found == 0):
                raise TreeError(f"tree {number}: {found} values of {key} for {leaves} leaves")
    return _Tree(leaves - 1, values)


def _count(values: bytes) -> int:
    return values.count(b" ") + 1 if values else 0


def _checked(text: bytes, trees: Sequence[_Tree], n_features: int) -> Trees:
    """The trees, if all numbers of all of them are in range, and if they are trees."""
    split = [number for number, tree in enumerate(trees) if tree.nodes]
    leaf = _numbers(_joined(trees, range(len(trees)), "leaf_value"), "leaf_value")
    _require(np.abs(leaf) <= LARGEST_VALUE, f"a leaf that is not finite or beyond {LARGEST_VALUE:g}")
    for key in OF_TRAINING:
        given = [number for number, tree in enumerate(trees) if tree.lines[key]]
        _require(np.isfinite(_numbers(_joined(trees, given, key), key)), f"{key} that is not finite")
    integer = {
        key: _integers(_joined(trees, split, key), key) if split else np.zeros(0, dtype=np.int64)
        for key in ("split_feature", "decision_type", "left_child", "right_child", "internal_count", "leaf_count")
    }
    threshold = _numbers(_joined(trees, split, "threshold"), "threshold")
    _require(threshold > -np.inf, "a threshold that is no number")
    features = integer["split_feature"]
    _require((features >= 0) & (features < n_features), "a split on a feature that does not exist")
    _require(np.isin(integer["decision_type"], DECISIONS), "a decision of an unknown type")
    n_splits = np.array([tree.nodes for tree in trees], dtype=np.int64)
    children = np.stack([integer["left_child"], integer["right_child"]])
    if split:
        _check_children(n_splits[split], children, integer["internal_count"], integer["leaf_count"])
    return Trees(text, n_splits, features, threshold, integer["decision_type"], children, leaf)


def _joined(trees: Sequence[_Tree], chosen: Sequence[int], key: str) -> bytes:
    return b" ".join([trees[number].lines[key] for number in chosen])


def _check_children(nodes: Int, children: Int, count: Int, leaf_count: Int) -> None:
    """Whether every node and every leaf hangs on one node that stands before it, and the counts add up.

    All trees are looked at together: their nodes, and their leaves, are numbered through.

    :param nodes: (n_trees,), splits of each tree; it has a leaf more.
    :param count: (n_splits,), the training's lines in each split.
    :param leaf_count: (n_leaves,), the training's lines in each leaf.
    """
    first_node = np.cumsum(nodes) - nodes
    tree_of_node = np.repeat(np.arange(len(nodes)), nodes)
    node = np.arange(nodes.sum())
    is_leaf = children < 0
    within = np.where(is_leaf, ~children <= nodes[tree_of_node], children < nodes[tree_of_node])
    _require(within, "a child that does not exist")
    n_leaves = int(nodes.sum()) + len(nodes)
    leaf = ~children + (first_node + np.arange(len(nodes)))[tree_of_node]
    inner = children + first_node[tree_of_node]
    _require(is_leaf | (inner > node), "a child that stands before its parent")
    parents_of_leaf = np.bincount(leaf[is_leaf], minlength=n_leaves)
    parents_of_node = np.bincount(inner[~is_leaf], minlength=len(node))
    parents_of_node[first_node] += 1
    _require((parents_of_leaf == 1), "a leaf without a parent, or with two")
    _require((parents_of_node == 1), "a node without a parent, or with two")
    below = np.where(is_leaf, leaf_count[np.where(is_leaf, leaf, 0)], count[np.where(is_leaf, 0, inner)])
    _require((count >= 0) & (below.min(axis=0) >= 0) & (below.sum(axis=0) == count), "counts that do not add up")
    _check_depth(first_node, inner, is_leaf)


def _check_depth(roots: Int, inner: Int, is_leaf: NDArray[np.bool_]) -> None:
    """Whether no tree is deeper than DEEPEST, level by level."""
    level = roots
    for _ in range(DEEPEST):
        level = inner[:, level][~is_leaf[:, level]]
        if not len(level):
            return
    raise TreeError(f"a tree that is deeper than {DEEPEST} splits")


def _require(sound: NDArray[np.bool_], otherwise: str) -> None:
    if not sound.all():
        raise TreeError(f"trees with {otherwise}")


def _integer(value: bytes, key: str) -> int:
    """One whole number."""
    numbers = _integers(value, key).tolist()
    if len(numbers) != 1:
        raise TreeError(f"{key}: {len(numbers)} numbers, not one")
    return int(numbers[0])


def _integers(values: bytes, key: str) -> Int:
    """(n,), whole numbers between spaces."""
    numbers = _parsed(values, key)
    if numbers.dtype.kind != "i":
        raise TreeError(f"{key}: not whole numbers")
    return numbers


def _numbers(values: bytes, key: str) -> Float:
    """(n,), numbers between spaces."""
    try:
        return _parsed(values.replace(INFINITE, b"1e999"), key).astype(np.float64)
    except OverflowError as error:
        raise TreeError(f"{key}: a number of too many digits") from error


def _parsed(values: bytes, key: str) -> NDArray[Any]:
    """The numbers, by the grammar of JSON, which is strict; the parsers of C stop at what they do not understand."""
    if values.translate(None, NUMBER_CHARACTERS):  # it might be lists, which can be nested without end
        raise TreeError(f"{key}: not numbers")
    try:
        return np.array(json.loads(b"[%b]" % values.replace(b" ", b",")))
    except ValueError as error:
        raise TreeError(f"{key}: not numbers: {error}") from error
