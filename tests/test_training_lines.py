"""How much each line counts in a training."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linesift.corpus import LabelledDocument
from linesift.training_lines import FULL_WEIGHT_LINES, LABEL_POWER, LENGTH_POWER, MOST_LABEL_FACTOR, TrainingLines

labels = st.lists(st.lists(st.sampled_from([0, 1, None]), min_size=1, max_size=90), min_size=1, max_size=8)
BOTH = LabelledDocument("both", ("a", "b"), (1, 0), source="both")


def lines_of(rows: list[list[int | None]]) -> TrainingLines:
    """A document of one row of the tables for each list of labels, and one of both labels."""
    documents = [
        LabelledDocument(f"{n}", ("line",) * len(given), tuple(given), source=f"s{n}") for n, given in enumerate(rows)
    ]
    return TrainingLines([*documents, BOTH], np.zeros(len(rows) + 1, dtype=np.int64))


@given(labels)
def test_rows_weigh_the_same_after_their_labels_are_balanced(rows: list[list[int | None]]) -> None:
    lines = lines_of(rows)
    weight = lines.weight({})
    assert weight[lines.scored].mean() == pytest.approx(1)
    for row in range(len(lines.rows)):
        chosen = (lines.row == row) & lines.scored
        assert lines.balanced(weight)[chosen].sum() == pytest.approx(weight[chosen].sum())


@given(labels)
def test_a_line_of_the_rarer_label_weighs_more_up_to_a_bound(rows: list[list[int | None]]) -> None:
    lines = lines_of(rows)
    balanced = lines.balanced(lines.weight({}))
    for row in range(len(lines.rows)):
        of_row = lines.row == row
        noise, article = (balanced[of_row & (lines.noise == label)] for label in (1, 0))
        if len(noise) and len(article):
            wanted = np.clip((len(article) / len(noise)) ** LABEL_POWER, 1 / MOST_LABEL_FACTOR, MOST_LABEL_FACTOR)
            np.testing.assert_allclose(noise[0] / article[0], wanted)


@pytest.mark.parametrize("rare", [0, 1])
def test_a_few_lines_of_a_label_do_not_outweigh_all_others(rare: int) -> None:
    lines = lines_of([[rare] + [1 - rare] * 2000])
    balanced = lines.balanced(lines.weight({}))[lines.row == list(lines.rows).index("s0/")]
    assert balanced[0] == pytest.approx(MOST_LABEL_FACTOR * balanced[1])


def test_a_row_weighs_as_the_root_of_its_lines_and_as_it_is_told() -> None:
    lines = lines_of([[1, 0], [1, 0] * 8])
    for factor in (1.0, 2.0):
        weight = lines.weight({"s1/": factor})
        small, large = (weight[lines.row == list(lines.rows).index(name)].sum() for name in ("s0/", "s1/"))
        assert large == pytest.approx(factor * small * 8**0.5)


def test_a_line_of_a_long_document_weighs_less_than_one_of_a_short_one() -> None:
    long = LabelledDocument("long", ("line",) * 960, (1, 0) * 480, source="both")
    lines = TrainingLines([long, BOTH], np.zeros(2, dtype=np.int64))
    weight = lines.weight({})
    assert weight[-1] == pytest.approx(weight[0] * (960 / FULL_WEIGHT_LINES) ** LENGTH_POWER)
