"""python -m tests.fuzz.fuzz_trees FOLDER -max_total_time=600 -max_len=40000

Hands whatever atheris (pip install atheris) comes up with to the check of trees, and what passes to LightGBM.
FOLDER holds the texts to start from, such as tests/fixtures/bundles/format-1/first.txt; new ones are added to it. A
text that breaks the promise is written to the current folder; keep it in tests/fuzz/seeds_trees, which the tests read.
"""

from __future__ import annotations

import sys

import atheris
import numpy as np

with atheris.instrument_imports(include=["linesift"]):
    from linesift.forest import Forest
    from linesift.trees import TreeError
    from tests.test_trees import N_FEATURES, TABLE, with_sizes


def one_input(content: bytes) -> None:
    """Refused, or finite numbers."""
    try:
        forest = Forest.from_text(with_sizes(content), N_FEATURES)
    except TreeError:
        return
    assert np.isfinite(forest.log_odds(TABLE)).all()
    assert np.isfinite(forest.booster.predict(TABLE, pred_contrib=True)).all()


if __name__ == "__main__":
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()
