"""The compiled loops and their twins that need no compiler give the same, to the last bit."""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import lightgbm
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import linesift
from linesift import forest, native
from linesift.features import (
    buffer,
    characters,
    hash_index,
    languages,
    links,
    phrases,
    repetition,
    scripts,
    segments,
    shape,
    vocabulary,
    word_model,
)
from linesift.features.buffer import Batch
from linesift.features.segments import FAR, Segments
from linesift.forest import Forest
from linesift.trees import MOST_FEATURES, MOST_LEAVES
from tests.conftest import ROOT
from tests.fuzz.texts import hostile_texts
from tests.test_trees import N_FEATURES, TEXT, stumps

USERS = (
    forest, buffer, characters, hash_index, languages, links, phrases, repetition, scripts, segments, shape,
    vocabulary, word_model,
)  # fmt: skip
MODEL = linesift.load().model_

pytestmark = pytest.mark.skipif(not native.is_compiled(), reason="nothing was compiled: no C compiler")


@contextmanager
def uncompiled() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for module in USERS:
            patch.setattr(module, "compiled", None)
            patch.setattr(module, "compiled_words", None, raising=False)
        yield


def assert_same(documents: Sequence[Sequence[str]]) -> None:
    found = MODEL.scores(documents)
    with uncompiled():
        expected = MODEL.scores(documents)
    for scores, others in zip(found, expected, strict=True):
        np.testing.assert_array_equal(scores, others)


@given(st.lists(hostile_texts(), max_size=4))
def test_any_text_has_the_same_scores(texts: list[str]) -> None:
    assert_same([text.split("\n") for text in texts])


@given(
    st.lists(
        st.lists(st.text("[]():/.@#w1a 字ไทยД\u0301…”\u3000", min_size=1).filter(str.strip), min_size=1), max_size=3
    )
)
def test_any_marks_and_scripts_have_the_same_scores(documents: list[list[str]]) -> None:
    """Links cut off, one inside another, at the ends of lines; several scripts in a line."""
    assert_same(documents)


@given(st.data())
def test_any_lines_flagged_in_any_documents_are_as_far(data: st.DataObject) -> None:
    """Empty documents and runs longer than FAR included."""
    sizes = data.draw(
        st.lists(st.sampled_from([0, 1, 2, 5, FAR - 1, FAR, FAR + 1, 2 * FAR + 5]), min_size=1, max_size=6)
    )
    lines = Segments(Batch([["a"] * size for size in sizes]))
    share = data.draw(st.sampled_from([0.0, 0.001, 0.5, 0.999, 1.0]))
    flags = np.random.default_rng(data.draw(st.integers(0, 2**32))).random(lines.n) < share
    found = [measure(flags) for measure in (lines.since, lines.until, lines.run_length)]
    with uncompiled():
        expected = [measure(flags) for measure in (lines.since, lines.until, lines.run_length)]
    np.testing.assert_array_equal(found, expected)


def test_more_marks_than_room_was_made_for_have_the_same_scores() -> None:
    assert_same([["@#:" * 1000, "[a](b) " * 300, "http://www.x.y" * 100]])


def test_lines_repeated_among_thousands_have_the_same_scores() -> None:
    assert_same([[f"Page {number % 700}" for number in range(3000)], ["Page 1"], ["Page 1", "Page 1"]])


def test_a_thousand_phrases_in_one_line_have_the_same_scores() -> None:
    """More candidates than room was made for at first."""
    assert_same([["ok " * 1000, "Cookies cookies " * 500]])


@given(st.data())
def test_any_numbers_go_down_the_trees_alike(data: st.DataObject) -> None:
    """Thresholds themselves, their neighbours, and missing values included."""
    trees = Forest.from_text(TEXT, N_FEATURES)
    thresholds = trees.trees.threshold.astype(np.float32)
    above = np.nextafter(thresholds, np.float32(np.inf))
    values = np.concatenate([thresholds[:200], above[:200], np.array([np.nan, 0.0, -0.0], dtype=np.float32)])
    rows = data.draw(st.integers(1, 20))
    draw = np.random.default_rng(data.draw(st.integers(0, 2**32)))
    table = draw.choice(values, size=(rows, N_FEATURES))
    np.testing.assert_array_equal(trees.log_odds(table), trees.booster.predict(table, raw_score=True))
    np.testing.assert_array_equal(trees.log_odds(table, threads=3), trees.log_odds(table))
    np.testing.assert_array_equal(trees.log_odds(np.asfortranarray(table)), trees.log_odds(table))


def test_trees_of_as_many_leaves_as_are_allowed_score_the_same() -> None:
    table = np.random.default_rng(0).standard_normal((120_000, 4)).astype(np.float32)
    options = {
        "objective": "binary", "num_leaves": MOST_LEAVES, "min_data_in_leaf": 1, "min_sum_hessian_in_leaf": 0,
        "max_bin": 63, "deterministic": True, "verbose": -1,
    }  # fmt: skip
    booster = lightgbm.train(options, lightgbm.Dataset(table, np.arange(len(table)) % 2), 1)
    trees = Forest.from_text(booster.model_to_string().encode(), table.shape[1])
    assert trees.trees.n_splits.tolist() == [MOST_LEAVES - 1]
    np.testing.assert_array_equal(trees.log_odds(table), booster.predict(table, raw_score=True))


def test_trees_over_as_many_features_as_are_allowed_score_the_same() -> None:
    """Each feature is split twice: its missing values go left once, and right once."""
    features = np.tile(np.arange(MOST_FEATURES), 2)
    trees = Forest.from_text(stumps(MOST_FEATURES, features, np.repeat([10, 8], MOST_FEATURES)), MOST_FEATURES)
    assert trees._nodes.node["column"].max() == (2 * MOST_FEATURES - 1) * forest.compiled.GROUP_ROWS
    table = np.random.default_rng(0).standard_normal((40, MOST_FEATURES)).astype(np.float32)
    table[::3] = np.nan
    np.testing.assert_array_equal(trees.log_odds(table), trees.booster.predict(table, raw_score=True))


def test_tables_that_do_not_fit_are_refused() -> None:
    trees = Forest.from_text(TEXT, N_FEATURES)
    with pytest.raises(ValueError, match="a table of 3 columns"):
        trees.log_odds(np.zeros((2, 3), dtype=np.float32))


@pytest.mark.parametrize(("value", "off"), [("1", True), ("0", False), ("", False)])
def test_they_can_be_switched_off(value: str, off: bool) -> None:
    environment = {**os.environ, "LINESIFT_PURE": value}
    command = [sys.executable, "-c", "from linesift.cli import main; main()", "info"]
    done = subprocess.run(command, env=environment, cwd=ROOT, check=True, capture_output=True, text=True)
    assert ("switched off by LINESIFT_PURE" in done.stdout) == off
