"""Long documents: cut into parts, each scored as a document of its own, whatever is around it."""

from __future__ import annotations

import json
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import linesift
from linesift.parts import MOST_LINES, parts
from linesift.reasons import explain_all, explain_features
from tests.conftest import ROOT, Run
from tests.fuzz.promises import check_parts
from tests.fuzz.texts import hostile_texts

MODEL = linesift.load()
ROWS = (ROOT / "data" / "starter-world.jsonl").read_text("utf-8").split("\n")
PAGES = [json.loads(row)["lines"] for row in ROWS if row]
VISIBLE = [line for lines in PAGES for line in lines if line.strip()]
LONG = (VISIBLE * MOST_LINES)[: 2 * MOST_LINES + 2]  # none of them blank


@given(st.integers(0, 10 * MOST_LINES))
def test_parts_are_as_few_as_can_be_and_alike_in_size(n_lines: int) -> None:
    cut = parts(n_lines)
    sizes = [part.stop - part.start for part in cut]
    assert (cut[0].start, cut[-1].stop) == (0, n_lines) if cut else n_lines == 0
    assert len(cut) == -(-n_lines // MOST_LINES)
    assert not sizes or max(sizes) - min(sizes) <= 1
    assert all(one.stop == other.start for one, other in pairwise(cut))


@settings(max_examples=30)
@given(hostile_texts(), st.integers(1, 9))
def test_each_part_of_any_text_scores_as_a_document_of_its_own(text: str, most_lines: int) -> None:
    check_parts(MODEL, text, most_lines)


@pytest.fixture(scope="module")
def alone() -> np.ndarray:
    """The scores of the long document by itself."""
    return MODEL.model_.scores([LONG])[0]


def test_its_scores_are_those_of_its_parts(alone: np.ndarray) -> None:
    third = len(LONG) // 3
    cut = [LONG[:third], LONG[third : 2 * third], LONG[2 * third :]]
    assert [len(part) for part in cut] == [5462] * 3
    np.testing.assert_array_equal(alone, np.concatenate(MODEL.model_.scores(cut)))


def test_a_document_of_the_most_lines_is_whole() -> None:
    """The last line sees the first: without it its score is another."""
    whole, cut = MODEL.model_.scores([LONG[:MOST_LINES], LONG[1:MOST_LINES]])
    assert (whole[1:] != cut).any()
    assert whole[-1] != MODEL.model_.scores([LONG[MOST_LINES // 2 : MOST_LINES]])[0][-1]


def test_neighbours_threads_and_text_change_nothing(alone: np.ndarray) -> None:
    found = MODEL.model_.scores([PAGES[0], LONG, PAGES[1], LONG], threads=3)
    np.testing.assert_array_equal(found[1], alone)
    np.testing.assert_array_equal(found[3], alone)
    page = MODEL.tag("\n".join(LONG))
    assert page.scores == alone.tolist()
    assert page == MODEL.tag(LONG)


def test_blank_lines_change_nothing(alone: np.ndarray) -> None:
    """They are no lines of a part, so that they move no border."""
    (scores,) = MODEL.model_.scores([[line for visible in LONG for line in (visible, " ")]])
    np.testing.assert_array_equal(scores[::2], alone)
    assert np.isnan(scores[1::2]).all()


def test_reasons_are_those_of_the_line_in_its_part() -> None:
    third = len(LONG) // 3
    number = third + 3
    in_part = explain_all(MODEL.model_, LONG[third : 2 * third], [3])[0]
    found, again = explain_all(MODEL.model_, LONG, [number, number])
    assert [(reason.feature, reason.contribution) for reason in found] == [
        (reason.feature, reason.contribution) for reason in in_part
    ]
    assert [reason.text for reason in found] == [reason.text for reason in again]
    told = [reason.text for reason in explain_features(MODEL.model_, LONG, number)]
    assert f"line 3 of {third} that are not blank, in part 2 of 3" in told + [reason.text for reason in found]


def test_the_command_writes_a_long_document_as_it_does_a_short_one(command: Run) -> None:
    """It is written in pieces, which must not show."""
    row = {"id": "a", "scores": "its own", "lines": LONG, "note": [1, 2]}
    done = command("predict", "--format", "jsonl", "-q", input=(json.dumps(row) + "\n").encode())
    page = MODEL.tag(LONG)
    expected = {
        **row,
        "labels": page.labels,
        "scores": page.scores,
        "article_share": page.article_share,
        "suspicious": False,
    }
    written = done.stdout.decode()
    found = json.loads(written)
    expected["suspicious"] = found["suspicious"]
    assert written == json.dumps(expected, ensure_ascii=False) + "\n"
    rows = command("predict", "--format", "tsv", "-q", input="\n".join(LONG).encode()).stdout.decode().split("\n")
    labels = [label or "" for label in page.labels]
    assert [row.split("\t")[0] for row in rows[:-1]] == labels
