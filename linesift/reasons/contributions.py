"""What each feature contributes to a line's score, as LightGBM computes it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from linesift.model import Model

# Columns of the second pass that hold the line's own score of the first.
OWN_SCORE = ("score", "noise_run", "article_run")
TINY = 1e-12  # keeps a division by zero from warning where its result is not used


def contributions(model: Model, table: NDArray[np.float32], threads: int = 1) -> NDArray[np.float64]:
    """The contributions to the calibrated log-odds, those of the two passes together (Lundberg & Lee 2017).

    What the line's own score of the first pass contributes to the second is handed on to the features
    behind that score, in proportion to those of their contributions to it that have its sign. A line's
    contributions add up to the log-odds of its score, less a constant of the model.

    :param table: (n_lines, n_features), see Model.second_table.
    :param threads: of LightGBM.
    :returns: (n_lines, n_features).
    """
    n_first = len(model.catalogue.first_pass)
    second = np.asarray(model.second.booster.predict(table, pred_contrib=True, num_threads=threads))[:, :-1]
    first = np.asarray(model.first.booster.predict(table[:, :n_first], pred_contrib=True, num_threads=threads))[:, :-1]
    own = [place for place, feature in enumerate(model.catalogue.columns) if feature.name in OWN_SCORE]
    handed_on = second[:, own].sum(axis=1, keepdims=True)
    agreeing = np.where(np.sign(first) == np.sign(handed_on), np.abs(first), 0.0)
    total = agreeing.sum(axis=1, keepdims=True)
    second[:, own] = np.where(total > 0, 0.0, second[:, own])
    second[:, :n_first] += np.where(total > 0, handed_on * agreeing / np.maximum(total, TINY), 0.0)
    result = model.calibration.second * second
    result[:, :n_first] += model.calibration.first * first
    return np.asarray(result)
