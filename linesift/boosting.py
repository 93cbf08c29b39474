"""One pass of LightGBM, with out-of-fold scores for the pass that follows."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import lightgbm
import numpy as np
from numpy.typing import NDArray

from linesift.features.buffer import Bool, Float
from linesift.forest import Forest
from linesift.training_lines import TrainingLines

# A leaf of fewer lines than this share of all would hold a page or two; small corpora are
# regularised less in the same proportion.
SMALLEST_LEAF_SHARE = 8e-5
LARGE_CORPUS = 1_000_000  # lines
SMALLEST_LEAF = 5
# Learning rate times trees: a pass of more trees learns in smaller steps.
LEARNED = 10.0


@dataclass(frozen=True)
class BoostingOptions:
    """How the trees are grown; the names are LightGBM's.

    :param folds: of the cross-validation.
    :param first_trees: trees of the first pass.
    :param second_trees: trees of the second pass.
    :param leaves: leaves of a tree, at most.
    :param max_depth: levels of a tree, at most. Trees that may grow deeper are slower, and follow single pages.
    :param learning_rate: at most; a pass of over 50 trees has a lower one.
    :param seed: of everything that draws.
    :param threads: how many folds are trained at a time.
    """

    folds: int = 5
    first_trees: int = 100
    second_trees: int = 50
    leaves: int = 255
    max_depth: int = 12
    learning_rate: float = 0.2
    feature_fraction: float = 0.4
    bagging_fraction: float = 0.5
    lambda_l2: float = 30.0
    max_bin: int = 127
    seed: int = 0
    threads: int = 2

    @property
    def rounds(self) -> int:
        """Boosting rounds of a whole training, for progress bars."""
        return (self.folds + 1) * (self.first_trees + self.second_trees)

    def parameters(self, n_lines: int, trees: int) -> dict[str, Any]:
        """LightGBM's parameters for so many lines and trees."""
        return {
            "objective": "binary",
            "num_leaves": self.leaves,
            "max_depth": self.max_depth,
            "learning_rate": min(self.learning_rate, LEARNED / trees),
            "feature_fraction": self.feature_fraction,
            "bagging_fraction": self.bagging_fraction,
            "bagging_freq": 1,
            "lambda_l2": self.lambda_l2 * min(1.0, n_lines / LARGE_CORPUS),
            "max_bin": self.max_bin,
            "min_data_in_leaf": max(SMALLEST_LEAF, round(n_lines * SMALLEST_LEAF_SHARE)),
            "deterministic": True,
            "force_col_wise": True,
            "seed": self.seed,
            "num_threads": 1,
            "verbose": -1,
        }


def fit_pass(
    lines: TrainingLines,
    weight: Float,
    table: NDArray[np.float32],
    trees: int,
    options: BoostingOptions,
    progress: Callable[[int], None],
) -> tuple[Forest, Float]:
    """Fit one pass on all scored lines, and score every line by models that did not see its fold.

    The folds are fitted side by side, each by one thread: threads that share the growing of one tree
    wait for each other at every node.

    :param weight: (n_lines,) of the lines, before labels are balanced.
    :param table: (n_lines, n_features).
    :param progress: called with the number of rounds done since its last call, from any thread.
    :returns: the model fitted on everything, and (n_lines,) out-of-fold log-odds of noise.
    """
    parameters = options.parameters(int(lines.scored.sum()), trees)
    balanced = lines.balanced(weight)
    data = lightgbm.Dataset(table, lines.noise == 1, weight=balanced, params=parameters, free_raw_data=False)
    data.construct()

    def fit(chosen: Bool) -> lightgbm.Booster:
        subset = data.subset(np.flatnonzero(chosen).tolist())
        return lightgbm.train(parameters, subset, trees, callbacks=[lambda environment: progress(1)])

    def fit_and_score(held_out: Bool) -> tuple[lightgbm.Booster, Float]:
        booster = fit(lines.scored & ~held_out)
        return booster, np.asarray(booster.predict(table[held_out], raw_score=True, num_threads=1), dtype=np.float64)

    parts = [lines.fold == fold for fold in np.unique(lines.fold)]
    nothing = np.zeros(lines.n_lines, dtype=np.bool_)
    with ThreadPoolExecutor(options.threads) as pool:
        (whole, _), *partial = pool.map(fit_and_score, [nothing, *parts])
    out_of_fold = np.zeros(lines.n_lines)
    for held_out, (_, raw) in zip(parts, partial, strict=True):
        out_of_fold[held_out] = raw
    return Forest.from_text(whole.model_to_string().encode(), table.shape[1]), out_of_fold
