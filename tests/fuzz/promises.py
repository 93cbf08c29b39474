"""What linesift promises of any text, checked: the fuzzers and the tests share it."""

from __future__ import annotations

import math

from linesift.classifier import LineClassifier


def check_document(model: LineClassifier, text: str) -> None:
    """One label and one score for each line that is not blank, offsets that rebuild the text, and all of it kept.

    :raises AssertionError: if a promise is broken.
    """
    page = model.tag(text)
    assert page.text == text
    assert [line.number for line in page.lines] == list(range(1, text.count("\n") + 2))
    assert "\n".join(text[line.start : line.end] for line in page.lines) == text
    for line in page.lines:
        if line.text.strip():
            assert line.label in {"article", "noise"}
            assert line.score is not None
            assert math.isfinite(line.score)
            assert 0.0 <= line.score <= 1.0
        else:
            assert line.label is None
            assert line.score is None
    assert page.article == "\n".join(line.text for line in page.lines if line.label != "noise")
    assert page.noise == "\n".join(line.text for line in page.lines if line.label == "noise")
    assert 0.0 <= page.article_share <= 1.0
