"""Documents that were scored by a model which had not seen them, and what can be read from their scores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from linesift.corpus import LabelledDocument
from linesift.evaluation import Counts, count_by
from linesift.features.buffer import Float
from linesift.model import Model

if TYPE_CHECKING:
    from pandas import DataFrame

BINS = 10  # of equal width, for calibration; what the literature uses most
PASSES = ("first pass", "second pass")


@dataclass(frozen=True)
class Measured:
    """Documents and their scores.

    :param title: says which documents, and what did not see them.
    :param scores: one (n_lines,) array of P(noise) for each document; NaN on blank lines.
    """

    title: str
    documents: Sequence[LabelledDocument]
    scores: Sequence[Float]

    def table(self, threshold: float, *fields: str) -> dict[str, Counts]:
        """Counts by fields of the documents, by default by source and view."""
        return count_by(self.documents, self.scores, threshold, fields or ("source", "view"))

    @cached_property
    def lines(self) -> DataFrame:
        """The scored lines: columns row (source/view), kind ("" where it is not known), is_noise and score."""
        from pandas import DataFrame

        documents = self.documents
        lines = DataFrame(
            {
                "row": np.repeat([document.row for document in documents], [len(d.lines) for d in documents]),
                "kind": [kind or "" for d in documents for kind in d.kinds or ("",) * len(d.lines)],
                "label": [-1 if label is None else label for document in documents for label in document.labels],
                "score": np.concatenate([np.zeros(0), *self.scores]),
            }
        )
        lines = lines[(lines["label"] >= 0) & lines["score"].notna()]
        return lines.assign(is_noise=lines["label"] == 0).drop(columns="label")


def calibration_bins(lines: DataFrame) -> DataFrame:
    """Lines by score in BINS bins: their number, the mean of their scores, and the share of them that is noise.

    :param lines: see Measured.lines.
    """
    bins = np.minimum((lines["score"] * BINS).astype(int), BINS - 1)
    table = lines.groupby(bins).agg(
        lines=("score", "size"), mean_score=("score", "mean"), noise_share=("is_noise", "mean")
    )
    table.index = [f"{bin / BINS:.1f} to {(bin + 1) / BINS:.1f}" for bin in table.index]
    return table


def expected_calibration_error(lines: DataFrame) -> float:
    """How far scores are from frequencies: the mean over lines of their bin's distance (Naeini et al. 2015), 0 to 1.

    :param lines: see Measured.lines.
    """
    bins = calibration_bins(lines)
    return float(((bins["mean_score"] - bins["noise_share"]).abs() * bins["lines"]).sum() / bins["lines"].sum())


def ranking_by_row(lines: DataFrame) -> DataFrame:
    """For each row that holds both labels: lines, average precision of noise, expected calibration error.

    :param lines: see Measured.lines.
    """
    from pandas import DataFrame
    from sklearn.metrics import average_precision_score

    figures = {
        row: {
            "lines": len(part),
            "average_precision": float(average_precision_score(part["is_noise"], part["score"])),
            "calibration_error": expected_calibration_error(part),
        }
        for row, part in lines.groupby("row")
        if part["is_noise"].nunique() == 2
    }
    return DataFrame.from_dict(figures, orient="index", columns=["lines", "average_precision", "calibration_error"])


def recall_by_kind(lines: DataFrame, threshold: float) -> DataFrame:
    """For each kind of noise that is known: lines, and the share of them that is found.

    :param lines: see Measured.lines.
    """
    known = lines[lines["kind"] != ""]
    return (
        known.assign(found=known["score"] >= threshold)
        .groupby("kind")
        .agg(lines=("found", "size"), recall=("found", "mean"))
    )


def importance_by_family(model: Model) -> DataFrame:
    """The share of each pass's gain that features of a family brought: a row a family, a column a pass."""
    from pandas import DataFrame

    features = model.catalogue.columns
    gains = [forest.booster.feature_importance("gain") for forest in (model.first, model.second)]
    table = DataFrame({"family": [feature.family for feature in features]})
    for name, gain in zip(PASSES, gains, strict=True):
        table[name] = np.pad(gain, (0, len(features) - len(gain))) / max(gain.sum(), 1e-12)
    return table.groupby("family").sum().sort_values(list(reversed(PASSES)), ascending=False)
