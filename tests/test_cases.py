"""Golden cases: invented pages with a label for each line, and pages of which every line must stay.

genres.jsonl holds pages of other kinds than news, to measure: no training may read them.
"""

import json
from typing import Any

import pytest

from linesift.classifier import LineClassifier
from linesift.corpus import read_corpus
from linesift.evaluation import count_by
from tests.conftest import ROOT

CASES = ROOT / "tests" / "cases"


def read_cases(name: str) -> list[Any]:
    """The cases of a file; those in known_failures.txt must fail, so that a fix shows."""
    known = set((CASES / "known_failures.txt").read_text("utf-8").split())
    rows = [json.loads(line) for line in (CASES / name).read_text("utf-8").split("\n") if line]
    expected_failure = pytest.mark.xfail(strict=True, reason="listed in known_failures.txt")
    return [pytest.param(row, id=row["id"], marks=[expected_failure] if row["id"] in known else []) for row in rows]


@pytest.mark.parametrize("case", [*read_cases("tagged.jsonl"), *read_cases("whole.jsonl")])
def test_case(model: LineClassifier, case: dict[str, Any]) -> None:
    (labels,) = model.predict([case["lines"]])
    expected = {1: "article", 0: "noise"}
    wrong = [
        (number, text)
        for number, (text, label, value) in enumerate(zip(case["lines"], labels, case["labels"], strict=True), 1)
        if value is not None and label != expected[value]
    ]
    assert not wrong, case["comment"]


def test_pages_that_are_not_news_keep_their_article(model: LineClassifier) -> None:
    """Nine lines of ten, which are short ones mostly; trained on news alone, models kept four of five."""
    pages = list(read_corpus(CASES / "genres.jsonl"))
    scores = model.model_.scores([page.lines for page in pages])
    found = count_by(pages, scores, 0.5)["genres/full"]
    assert found.article[1] >= 0.9
    assert found.noise[1] >= 0.88
