"""The report's plots, as PNG files."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from linesift.measured import BINS, calibration_bins, expected_calibration_error

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from pandas import DataFrame

SIZE = (7.0, 4.5)  # inches
DOTS = 110  # to an inch
HISTOGRAM_BINS = 50
COLOURS_OF_ROWS = "tab20"  # more than twenty sources and views would share colours
ARTICLE_COLOUR, NOISE_COLOUR = "#2a9d8f", "#e76f51"


class PlotsUnavailableError(ImportError):
    """matplotlib is not installed; the message says how to install it."""


def check_plots() -> None:
    """Check that plots can be drawn, before a long training and not after it.

    :raises PlotsUnavailableError: if matplotlib is not installed.
    """
    try:
        import matplotlib  # noqa: F401
    except ImportError as error:
        raise PlotsUnavailableError("plots need matplotlib: pip install 'linesift[report]'") from error


def draw_precision_recall(lines: DataFrame, path: Path) -> None:
    """Precision over recall of noise, a curve for each row (source/view) that holds both labels."""
    from matplotlib import colormaps
    from sklearn.metrics import precision_recall_curve

    with _plot(path, "recall of noise", "precision of noise") as axes:
        axes.set_prop_cycle(color=[colormaps[COLOURS_OF_ROWS](n) for n in range(20)])
        for row, part in lines.groupby("row"):
            if part["is_noise"].nunique() == 2:
                precision, recall, _ = precision_recall_curve(part["is_noise"], part["score"], drop_intermediate=True)
                axes.plot(recall, precision, label=str(row), linewidth=1.2)
        axes.set(xlim=(0, 1.01), ylim=(0, 1.01))
        if axes.lines:
            axes.legend(fontsize=7, loc="lower left")


def draw_calibration(lines: DataFrame, path: Path) -> None:
    """The share of noise over the mean score of ten bins; on the diagonal, a score is a frequency."""
    bins = calibration_bins(lines)
    with _plot(path, "mean score", "share of noise") as axes:
        axes.plot([0, 1], [0, 1], color="grey", linestyle="--", linewidth=1)
        axes.plot(bins["mean_score"], bins["noise_share"], color=NOISE_COLOUR, marker="o")
        axes.set_title(f"expected calibration error {expected_calibration_error(lines):.3f}, {BINS} bins", fontsize=9)


def draw_importance(families: DataFrame, path: Path) -> None:
    """The share of gain of each family of features, in both passes.

    :param families: see measured.importance_by_family.
    """
    with _plot(path, "share of gain", "") as axes:
        places = np.arange(len(families))
        for shift, (name, colour) in zip(
            (-0.2, 0.2), zip(families, (ARTICLE_COLOUR, NOISE_COLOUR), strict=True), strict=True
        ):
            axes.barh(places + shift, families[name], height=0.4, color=colour, label=str(name))
        axes.set_yticks(places, list(families.index), fontsize=8)
        axes.invert_yaxis()
        axes.legend(fontsize=8)


def draw_histogram(lines: DataFrame, path: Path) -> None:
    """How many article and noise lines have which score."""
    with _plot(path, "score, P(noise)", "lines") as axes:
        for label, is_noise, colour in (("article", False, ARTICLE_COLOUR), ("noise", True, NOISE_COLOUR)):
            scores = lines["score"][lines["is_noise"] == is_noise]
            axes.hist(scores, HISTOGRAM_BINS, range=(0, 1), alpha=0.6, color=colour, label=label)
        axes.set_yscale("log")
        axes.legend(fontsize=8)


@contextmanager
def _plot(path: Path, xlabel: str, ylabel: str) -> Iterator[Axes]:
    """The axes of one plot, which is written when it is done."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=SIZE, layout="constrained")
    axes = figure.subplots()
    axes.set(xlabel=xlabel, ylabel=ylabel)
    axes.spines[["top", "right"]].set_visible(False)
    yield axes
    # Without the version of the library, the same scores give the same bytes.
    figure.savefig(path, dpi=DOTS, metadata={"Software": None})
