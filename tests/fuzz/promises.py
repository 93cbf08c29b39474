"""What linesift promises of any text, checked: the fuzzers and the tests share it."""

from __future__ import annotations

import math
from unittest import mock

import numpy as np

from linesift.classifier import LineClassifier
from linesift.parts import LINE_SIZE, parts


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


def check_parts(model: LineClassifier, text: str, largest: int, longest: int) -> None:
    """A long document keeps the promises, and each of its parts scores as a document of its own.

    :param largest: size of a part; in earnest they are much larger.
    :param longest: characters of a line that are looked at; in earnest there are many more.
    :raises AssertionError: if a promise is broken.
    """
    with (
        mock.patch("linesift.parts.LARGEST_PART", largest),
        mock.patch("linesift.parts.LONGEST_LINE", longest),
        mock.patch("linesift.documents.MANY_LINES", 1 + largest // LINE_SIZE),
    ):
        check_document(model, text)
        (whole,) = model.model_.scores([text.split("\n")])
        cut = parts(np.array([min(len(line), longest) for line in text.split("\n") if line.strip()]))
    seen = [line if len(line) <= longest else line.lstrip()[:longest] for line in text.split("\n") if line.strip()]
    assert [line for part in cut for line in seen[part]] == seen
    alone = model.model_.scores([seen[part] for part in cut])
    np.testing.assert_array_equal(whole[~np.isnan(whole)], np.concatenate([np.zeros(0), *alone]))
