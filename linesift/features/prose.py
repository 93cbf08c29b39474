"""Which lines are prose: the anchor that distances and shared vocabulary are measured against."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from linesift.features.buffer import Bool, Column

SHORTEST_PROSE = 9.0  # words
# Thai closes no sentence, and teasers are cut off: a line this wide is prose without a full stop too.
WIDE = 160.0  # letters


def is_prose(columns: Mapping[str, Column]) -> Bool:
    """(n_lines,), lines with a sentence's length and, unless they are long, a sentence's end.

    :param columns: what shape.shape gave.
    """
    long_enough = columns["words"] >= SHORTEST_PROSE
    ended = columns["ends_sentence"].astype(np.bool_)
    return np.asarray(long_enough & (ended | (columns["width"] >= WIDE)))
