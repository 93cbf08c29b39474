"""From out-of-fold log-odds to probabilities, and the three thresholds over them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from linesift.evaluation import precision_recall_f1
from linesift.features.buffer import Bool, Float, Int
from linesift.model import Calibration

CAREFUL_ARTICLE_RECALL = 0.99
STRICT_NOISE_RECALL = 0.97
# The first pass's share in the blend, tuned on valid. A regression on both passes would choose by
# log-loss, which the second pass's boldness on a few very long pages rules, and give the second too little.
FIRST_SHARE = 0.2
# Closer together near 1, where a hundredth is a large step in log-odds: `careful` lies there.
CANDIDATES = np.round(np.concatenate([np.arange(0.01, 0.95, 0.01), np.arange(0.95, 1.0, 0.001)]), 3)
NO_PENALTY = 1e6  # Platt's parameters are fitted without regularisation


def calibrate(raw_first: Float, raw_second: Float, is_noise: Bool, weight: Float) -> Calibration:
    """Fit Platt scaling.

    :param raw_first: (n_lines,) out-of-fold log-odds of the first pass.
    :param raw_second: (n_lines,) out-of-fold log-odds of the second pass.
    """
    blended = FIRST_SHARE * raw_first + (1.0 - FIRST_SHARE) * raw_second
    fitted = LogisticRegression(C=NO_PENALTY).fit(blended[:, None], is_noise, sample_weight=weight)
    slope = float(fitted.coef_[0, 0])
    return Calibration(FIRST_SHARE * slope, (1.0 - FIRST_SHARE) * slope, float(fitted.intercept_[0]))


def choose_thresholds(scores: Float, is_noise: Bool, row: Int) -> dict[str, float]:
    """The score from which a line is noise, for each mode.

    `balanced` has the best macro F1, `careful` is the lowest threshold that keeps 99 % of article lines, but not below
    `balanced`, and `strict` the highest that finds 97 % of noise lines, but not above it; where none does, they are the
    highest and the lowest candidate. All figures are means over the rows.

    :param scores: (n_lines,) calibrated P(noise), out of fold.
    :param row: (n_lines,) index of each line's row in the tables.
    """
    figures = np.array([_figures(scores, is_noise, row, threshold) for threshold in CANDIDATES])
    macro_f1, article_recall, noise_recall = figures.T
    careful = CANDIDATES[article_recall >= CAREFUL_ARTICLE_RECALL]
    strict = CANDIDATES[noise_recall >= STRICT_NOISE_RECALL]
    balanced = float(CANDIDATES[np.argmax(macro_f1)])
    return {
        "careful": max(float(careful[0]) if len(careful) else float(CANDIDATES[-1]), balanced),
        "balanced": balanced,
        "strict": min(float(strict[-1]) if len(strict) else float(CANDIDATES[0]), balanced),
    }


def _figures(scores: Float, is_noise: Bool, row: Int, threshold: float) -> NDArray[np.float64]:
    """Mean over rows of macro F1, article recall and noise recall; rows with one label alone are left out."""
    found = scores >= threshold
    n = int(row.max()) + 1
    hits, false_alarms, misses, kept = (
        np.bincount(row[mask], minlength=n)
        for mask in (found & is_noise, found & ~is_noise, ~found & is_noise, ~found & ~is_noise)
    )
    rows = []
    for h, fa, m, k in zip(hits, false_alarms, misses, kept, strict=True):
        if h + m and fa + k:
            noise, article = precision_recall_f1(h, fa, m), precision_recall_f1(k, m, fa)
            rows.append(((noise[2] + article[2]) / 2, article[1], noise[1]))
    return np.mean(rows, axis=0) if rows else np.zeros(3)
