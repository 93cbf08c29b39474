"""Trees that LightGBM would trust, and that would crash it, are refused before it sees them."""

import re
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linesift.forest import Forest
from linesift.trees import DEEPEST, MOST_FEATURES, MOST_LEAVES, TreeError, checked_trees
from tests.conftest import ROOT

TEXT = (ROOT / "tests" / "fixtures" / "bundles" / "format-1" / "first.txt").read_bytes()
N_FEATURES = 180
TABLE = np.linspace(-3, 3, 10 * N_FEATURES).reshape(10, N_FEATURES).astype(np.float32)


def with_sizes(text: bytes) -> bytes:
    """The text with `tree_sizes` as its trees are, so that only what was changed in them is wrong."""
    trees = re.findall(rb"Tree=.*?\n\n\n(?=Tree=|end of trees)", text, re.DOTALL)
    return re.sub(rb"tree_sizes=.*", b"tree_sizes=" + b" ".join(b"%d" % len(tree) for tree in trees), text)


def in_first_tree(key: str, change: Callable[[list[bytes]], list[bytes]]) -> bytes:
    """The text with other values behind a key of its first tree."""

    def changed(match: re.Match[bytes]) -> bytes:
        return match[1] + b" ".join(change(match[2].split(b" ")))

    return with_sizes(re.sub(rb"(?m)^(%s=)(.*)$" % key.encode(), changed, TEXT, count=1))


def put(value: str, place: int = 0) -> Callable[[list[bytes]], list[bytes]]:
    return lambda values: [value.encode() if at == place else old for at, old in enumerate(values)]


def test_sound_trees_predict_as_lightgbm_reads_them() -> None:
    from lightgbm import Booster

    expected = Booster(model_str=TEXT.decode()).predict(TABLE, raw_score=True)
    np.testing.assert_array_equal(Forest.from_text(TEXT, N_FEATURES).log_odds(TABLE), expected)


@pytest.mark.parametrize("threshold", ["1e300", "-1e300", "3.5e38"])
def test_thresholds_beyond_float32_split_as_lightgbm_splits(threshold: str) -> None:
    from lightgbm import Booster

    text = in_first_tree("threshold", put(threshold))
    expected = Booster(model_str=text.decode()).predict(TABLE, raw_score=True)
    np.testing.assert_array_equal(Forest.from_text(text, N_FEATURES).log_odds(TABLE), expected)


def test_nothing_but_trees_is_handed_on() -> None:
    text = checked_trees(TEXT + b"parameters:\n[machines: x]\nend of parameters\n", N_FEATURES).text
    assert text.endswith(b"end of trees\n")


def test_more_features_than_are_allowed_are_refused() -> None:
    with pytest.raises(TreeError, match="2049 features; 2048 are allowed"):
        Forest.from_text(TEXT, MOST_FEATURES + 1)


def test_a_tree_of_one_leaf_is_sound() -> None:
    import lightgbm

    data = lightgbm.Dataset(TABLE, np.arange(10) % 2)
    options = {"objective": "binary", "min_data_in_leaf": 100, "verbose": -1}
    text = lightgbm.train(options, data, 3).model_to_string().encode()
    assert Forest.from_text(text, N_FEATURES).log_odds(TABLE).tolist() == [0.0] * 10


@pytest.mark.parametrize(
    ("key", "change", "message"),
    [
        ("split_feature", put("180"), "feature that does not exist"),
        ("split_feature", put("-1"), "feature that does not exist"),
        ("split_feature", put("1.5"), "whole numbers"),
        ("split_feature", put("99999999999999999999"), "whole numbers"),
        ("split_feature", lambda values: values[:-1], "values of split_feature"),
        ("left_child", put("7"), "child that does not exist"),
        ("left_child", put("-9"), "child that does not exist"),
        ("left_child", put("0"), "stands before its parent"),
        ("right_child", put("0", 3), "stands before its parent"),
        ("left_child", put("-1", 1), "without a parent, or with two"),
        ("leaf_count", put("1"), "counts"),
        ("leaf_count", put("-5"), "counts"),
        ("internal_count", put("0"), "counts"),
        ("threshold", put("nan"), "none"),
        ("threshold", put("-inf"), "no number"),
        ("threshold", put("0x1p3"), "none"),
        ("leaf_value", put("1e999"), "finite"),
        ("leaf_value", put("1e7"), "finite"),
        ("leaf_value", put("inf"), "none"),
        ("leaf_value", put("--1"), "not numbers"),
        ("leaf_value", put("9" * 400), "too many digits"),
        ("leaf_value", put("9" * 5000), "not numbers"),
        ("num_leaves", put("8 8"), "2 numbers, not one"),
        ("num_leaves", put(""), "not"),
        ("leaf_value", put(""), "not numbers"),
        ("internal_value", put("0++++++.5"), "internal_value: not numbers"),
        ("internal_weight", put("1e999"), "not finite"),
        ("split_gain", put("-"), "not numbers"),
        ("leaf_weight", put("1.2.3"), "not numbers"),
        ("decision_type", put("1"), "unknown type"),
        ("decision_type", put("12"), "unknown type"),
        ("num_leaves", put("0"), "leaves"),
        ("num_leaves", put("-1"), "leaves"),
        ("num_leaves", put("2147483648"), "leaves"),
        ("num_leaves", put(str(MOST_LEAVES + 1)), "32769 leaves; 1 to 32768 are allowed"),
        ("num_leaves", put("7"), "values of split_feature for 7 leaves"),
        ("num_cat", put("1"), "expected the lines"),
        ("is_linear", put("1"), "expected the lines"),
        ("shrinkage", put("x"), "none"),
        ("shrinkage", put("++"), "not numbers"),
        ("Tree", put("5"), "not in its place"),
    ],
)
def test_a_broken_tree_is_refused(key: str, change: Callable[[list[bytes]], list[bytes]], message: str) -> None:
    with pytest.raises(TreeError, match=message):
        checked_trees(in_first_tree(key, change), N_FEATURES)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"version=v4", b"version=v3"),
        (b"num_class=1", b"num_class=1000000000"),
        (b"num_tree_per_iteration=1", b"num_tree_per_iteration=0"),
        (b"label_index=0", b"label_index=-1"),
        (b"max_feature_idx=179", b"max_feature_idx=2147483647"),
        (b"max_feature_idx=179", b"max_feature_idx="),
        (b"objective=binary sigmoid:1", b"objective=lambdarank"),
        (b"feature_names=Column_0 ", b"feature_names="),
        (b"feature_infos=", b"feature_infos=none "),
        (b"\ntree_sizes=", b"\naverage_output\ntree_sizes="),
        (b"tree_sizes=", b"tree_sizes=0 "),
        (b"tree_sizes=", b"tree_sizes=-1 "),
        (b"tree_sizes=", b"tree_sizes=99999999 "),
        (b"tree_sizes=", b"tree_sizes=[1] "),
        (b"tree_sizes=", b"tree_sizes=" + b"[" * 100_000),
        (b"max_feature_idx=179", b"max_feature_idx=179 179"),
        (b"max_feature_idx=179", b"max_feature_idx=" + b"9" * 5000),
        (b"tree\n", b"forest\n"),
        (b"end of trees", b"end"),
        (b"feature_names=Column_0", "feature_names=Spalte_ü".encode()),
    ],
)
def test_a_broken_header_is_refused(old: bytes, new: bytes) -> None:
    assert old in TEXT
    with pytest.raises(TreeError):
        checked_trees(TEXT.replace(old, new, 1), N_FEATURES)


def test_trees_over_other_features_are_refused() -> None:
    with pytest.raises(TreeError, match="180 features, the catalogue has 181"):
        checked_trees(TEXT, N_FEATURES + 1)


def chain(depth: int) -> bytes:
    """A tree in which each split hangs on the one before."""
    nodes, leaves = range(depth), range(depth + 1)
    lists = {
        "split_feature": ["0"] * depth, "split_gain": ["1"] * depth,
        "threshold": [f"{node}.5" for node in nodes], "decision_type": ["2"] * depth,
        "left_child": [str(~leaf) for leaf in nodes],
        "right_child": [str(node + 1) for node in nodes[:-1]] + [str(~depth)],
        "leaf_value": ["0.5"] * (depth + 1), "leaf_weight": ["1"] * (depth + 1), "leaf_count": ["1" for _ in leaves],
        "internal_value": ["0"] * depth, "internal_weight": ["1"] * depth,
        "internal_count": [str(depth + 1 - node) for node in nodes],
    }  # fmt: skip
    return written(N_FEATURES, [lists])


def stumps(n_features: int, features: Iterable[int], decisions: Iterable[int]) -> bytes:
    """Trees of one split each, with leaves that tell all of them apart."""
    return written(
        n_features,
        [
            {
                "split_feature": [f"{feature}"], "split_gain": ["1"], "threshold": [f"{number % 7 / 3 - 1}"],
                "decision_type": [f"{decision}"], "left_child": ["-1"], "right_child": ["-2"],
                "leaf_value": [f"{number / 8}", f"-{number / 16}"], "leaf_weight": ["1", "1"],
                "leaf_count": ["1", "1"], "internal_value": ["0"], "internal_weight": ["2"], "internal_count": ["2"],
            }
            for number, (feature, decision) in enumerate(zip(features, decisions, strict=True))
        ],
    )  # fmt: skip


def written(n_features: int, trees: Iterable[dict[str, list[str]]]) -> bytes:
    """Trees in LightGBM's text format."""
    blocks = []
    for number, lists in enumerate(trees):
        lines = "".join(f"{key}={' '.join(values)}\n" for key, values in lists.items())
        leaves = len(lists["leaf_value"])
        tree = f"Tree={number}\nnum_leaves={leaves}\nnum_cat=0\n{lines}is_linear=0\nshrinkage=1\n\n\n"
        blocks.append(tree)
    header = TEXT[: TEXT.index(b"max_feature_idx=")].decode()
    names = " ".join(f"Column_{place}" for place in range(n_features))
    ranges = " ".join(["none"] * n_features)
    sizes = " ".join(str(len(tree)) for tree in blocks)
    of_features = f"max_feature_idx={n_features - 1}\nobjective=binary sigmoid:1\nfeature_names={names}\n"
    return (
        f"{header}{of_features}feature_infos={ranges}\ntree_sizes={sizes}\n\n{''.join(blocks)}end of trees\n".encode()
    )


def test_trees_are_as_deep_as_contributions_can_bear() -> None:
    contributions = Forest.from_text(chain(DEEPEST), N_FEATURES).booster.predict(TABLE, pred_contrib=True)
    assert np.isfinite(contributions).all()
    with pytest.raises(TreeError, match="deeper"):
        checked_trees(chain(DEEPEST + 1), N_FEATURES)


@pytest.mark.parametrize(
    "seed", sorted((ROOT / "tests" / "fuzz" / "seeds_trees").iterdir()), ids=lambda seed: seed.name
)
def test_what_fuzzing_met_is_refused(seed: Path) -> None:
    """Each of these once ended the process, or raised another error than the one that is promised."""
    with pytest.raises(TreeError):
        checked_trees(with_sizes(seed.read_bytes()), N_FEATURES)


@settings(max_examples=300)
@given(st.data())
def test_whatever_was_changed_the_trees_are_refused_or_give_numbers(data: st.DataObject) -> None:
    """Bytes are replaced, left out and doubled; where that goes unseen, the model is another, and sound."""
    text = bytearray(TEXT[: TEXT.index(b"\nfeature_importances")])
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(text) - 1))
        length = data.draw(st.integers(0, 8))
        text[place : place + length] = data.draw(
            st.one_of(st.binary(max_size=4), st.sampled_from([b"-", b"9", b" ", b"\n", b"=", b"e9", b"inf"]))
        )
    try:
        forest = Forest.from_text(with_sizes(bytes(text)), N_FEATURES)
    except TreeError:
        return
    assert np.isfinite(forest.log_odds(TABLE)).all()
    assert np.isfinite(forest.booster.predict(TABLE, pred_contrib=True)).all()
