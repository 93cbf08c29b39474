"""python -m tests.fuzz.properties 600

Tags whatever hypothesis comes up with, for so many seconds of processor time: documents by themselves, together in a
batch, and cut into parts of a few lines. Stops at the first text that breaks a promise, made as small as it can be;
keep it in tests/fuzz/seeds, which the tests read.
"""

from __future__ import annotations

import sys
import time

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import linesift
from tests.fuzz.promises import check_document, check_parts
from tests.fuzz.texts import hostile_texts

SMALL_PART, SHORT_LINE = 700, 50
ROUND = 200  # examples; hypothesis learns within a round, and begins each anew
MODEL = linesift.load()


@settings(max_examples=ROUND, database=None, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(hostile_texts(), min_size=1, max_size=4))
def check_documents(texts: list[str]) -> None:
    """Each keeps the promises, and has the same scores beside the others."""
    for text in texts:
        check_document(MODEL, text)
    documents = [text.split("\n") for text in texts]
    together = MODEL.model_.scores(documents)
    for lines, scores in zip(documents, together, strict=True):
        np.testing.assert_array_equal(MODEL.model_.scores([lines])[0], scores)
    for text in texts:
        check_parts(MODEL, text, SMALL_PART, SHORT_LINE)


def main(seconds: float) -> None:
    """Go on round after round."""
    rounds = 0
    while time.process_time() < seconds:
        check_documents()
        rounds += 1
    print(f"{rounds * ROUND} examples in {time.process_time():.0f} s of processor time, no promise broken")


if __name__ == "__main__":
    main(float(sys.argv[1]))
