"""Long documents: cut into parts, each scored as a document of its own, whatever is around it."""

from __future__ import annotations

import json
from itertools import cycle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import linesift
from linesift.parts import LARGEST_PART, LINE_SIZE, LONGEST_LINE, parts
from linesift.reasons import explain_all, explain_features
from tests.conftest import ROOT, Run
from tests.fuzz.promises import check_parts
from tests.fuzz.texts import hostile_texts

MODEL = linesift.load()
ROWS = (ROOT / "data" / "starter-world.jsonl").read_text("utf-8").split("\n")
PAGES = [json.loads(row)["lines"] for row in ROWS if row]
VISIBLE = [line for lines in PAGES for line in lines if line.strip()]
MOST_LINES = LARGEST_PART // (LINE_SIZE + 50)  # of 50 characters, that one part holds
LONG = [f"{line[:40]:40} {number:09}" for number, line in zip(range(2 * MOST_LINES + 3), cycle(VISIBLE))]  # three parts


@given(st.lists(st.integers(1, LONGEST_LINE), max_size=200))
def test_parts_are_alike_in_size_and_none_is_larger_than_the_largest(lengths: list[int]) -> None:
    sizes = np.array(lengths, dtype=np.int64) + LINE_SIZE
    cut = parts(np.array(lengths, dtype=np.int32))
    assert [place for part in cut for place in range(part.start, part.stop)] == list(range(len(lengths)))
    assert len(cut) == -(-int(sizes.sum()) // LARGEST_PART)
    one_line = LONGEST_LINE + LINE_SIZE
    assert all(abs(sizes[part].sum() - sizes.sum() / len(cut)) <= one_line for part in cut)


@settings(max_examples=30)
@given(hostile_texts(), st.integers(80, 900), st.integers(1, 60))
def test_each_part_of_any_text_scores_as_a_document_of_its_own(text: str, largest: int, longest: int) -> None:
    check_parts(MODEL, text, largest, longest)


@pytest.fixture(scope="module")
def alone() -> np.ndarray:
    """The scores of the long document by itself."""
    return MODEL.model_.scores([LONG])[0]


def test_its_scores_are_those_of_its_parts(alone: np.ndarray) -> None:
    third = len(LONG) // 3
    cut = [LONG[:third], LONG[third : 2 * third], LONG[2 * third :]]
    np.testing.assert_array_equal(alone, np.concatenate(MODEL.model_.scores(cut)))


def test_a_document_of_the_largest_size_is_whole() -> None:
    """The last line sees the first: without it its score is another."""
    whole, cut = MODEL.model_.scores([LONG[:MOST_LINES], LONG[1:MOST_LINES]])
    assert (whole[1:] != cut).any()
    assert whole[-1] != MODEL.model_.scores([LONG[MOST_LINES // 2 : MOST_LINES]])[0][-1]


def test_of_a_line_its_beginning_counts() -> None:
    line = "The river rose by two metres overnight, and the ferry did not sail. " * 2000
    page = ["Share", line, "Read more"]
    cut = ["Share", line[:LONGEST_LINE], "Read more"]
    assert len(line) > LONGEST_LINE
    np.testing.assert_array_equal(MODEL.model_.scores([page])[0], MODEL.model_.scores([cut])[0])
    late = [" " * (LONGEST_LINE + 1) + "Accept all cookies"]
    np.testing.assert_array_equal(MODEL.model_.scores([late])[0], MODEL.model_.scores([["Accept all cookies"]])[0])
    assert MODEL.tag(page).text == "\n".join(page)


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
