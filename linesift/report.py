"""What a training leaves behind beside the trees: model card, report and its plots."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from linesift.bundle import save_bundle
from linesift.card import model_card
from linesift.evaluation import format_markdown
from linesift.measured import (
    Measured,
    calibration_bins,
    expected_calibration_error,
    importance_by_family,
    ranking_by_row,
    recall_by_kind,
)
from linesift.model import MODES, Model
from linesift.standoff import SOURCE
from linesift.training import Trained

if TYPE_CHECKING:
    from pandas import DataFrame

REPORT = "report.md"
IMPORTANCE_PLOT = "importance.png"
HOW_TO_READ = (
    "Every score here was given by a model that had not seen the document. artP, artR and artF1 are precision, recall "
    "and F1 of article lines, noiP, noiR and noiF1 those of noise lines; macro is the mean of both F1."
)
SHOWN_CHARACTERS = 100
HALF = 0.5


class DocumentError(NamedTuple):
    """A wrong line of one of the documents, scored by a model that had not seen the document."""

    document: str
    line: int
    label: str
    score: float
    text: str

    @property
    def place(self) -> str:
        """What is wrong, without the text."""
        return f"{self.document} line {self.line}: {self.label}, P(noise) {self.score:.2f}"

    @property
    def with_text(self) -> str:
        return f"{self.place}: {self.text[:SHOWN_CHARACTERS]}"


def write_results(model: Model, facts: Mapping[str, object], measured: Sequence[Measured], folder: Path) -> None:
    """Write the bundle, its card and its report to a folder."""
    model = replace(model, about=facts)
    tables = {f"{part.title}, threshold {HALF}": part.table(HALF) for part in measured}
    save_bundle(model, folder, model_card(model, tables, _costs(model, measured)))
    (folder / REPORT).write_text(report(model, measured), "utf-8")


def write_report(model: Model, measured: Sequence[Measured], folder: Path) -> None:
    """Write the report with its plots to a folder, which is made if it is missing.

    :raises PlotsUnavailableError: if matplotlib is not installed.
    """
    from linesift import plots

    plots.check_plots()
    folder.mkdir(parents=True, exist_ok=True)
    plots.draw_importance(importance_by_family(model), folder / IMPORTANCE_PLOT)
    for part in measured:
        for name, draw in (
            ("precision-recall", plots.draw_precision_recall),
            ("calibration", plots.draw_calibration),
            ("scores", plots.draw_histogram),
        ):
            draw(part.lines, folder / _plot_name(part, name))
    (folder / REPORT).write_text(report(model, measured, with_plots=True), "utf-8")


def report(model: Model, measured: Sequence[Measured], with_plots: bool = False) -> str:
    """The report as Markdown: tables by source and view, by language and by kind, calibration, costs, wrong lines."""
    sections = ["# Training report", HOW_TO_READ]
    for part in measured:
        sections += _sections(part, with_plots)
    sections.append(_costs(model, measured))
    sections.append("## Importance by family of features\n\nShares of the gain of each pass's trees.")
    sections.append(f"![Importance by family]({IMPORTANCE_PLOT})" if with_plots else "")
    sections.append(_markdown(importance_by_family(model), "family"))
    documents = [part for part in measured if any(document.source == SOURCE for document in part.documents)]
    if documents:
        errors = [error for part in documents for error in wrong_lines(part)]
        listed = "\n".join(f"- {error.place}" for error in errors) or "None."
        sections.append(f"## Wrong lines of the documents, each left out of training\n\n{listed}")
    return "\n\n".join(section for section in sections if section) + "\n"


def _sections(part: Measured, with_plots: bool) -> list[str]:
    def image(name: str, text: str) -> str:
        return f"![{text}]({_plot_name(part, name)})" if with_plots else ""

    kinds = recall_by_kind(part.lines, HALF)
    error = expected_calibration_error(part.lines)
    return [
        f"## {part.title}\n\nThreshold {HALF}.\n\n{format_markdown(part.table(HALF))}",
        f"### By language\n\n{format_markdown(part.table(HALF, 'lang'))}",
        f"### Noise found, by kind\n\n{_markdown(kinds, 'kind')}" if len(kinds) else "",
        f"### Precision and recall\n\nOver all thresholds.\n\n{_markdown(ranking_by_row(part.lines), 'source/view')}",
        image("precision-recall", "Precision over recall of noise, by source and view"),
        f"### Calibration\n\nExpected calibration error {error:.3f}.\n\n"
        + _markdown(calibration_bins(part.lines), "score"),
        image("calibration", "Share of noise over the mean score"),
        image("scores", "Histogram of scores by label"),
    ]


def _plot_name(part: Measured, name: str) -> str:
    slug = "-".join("".join(c if c.isalnum() else " " for c in part.title.lower()).split())
    return f"{slug}-{name}.png"


def _markdown(table: DataFrame, index: str) -> str:
    """A table as Markdown, shares with three decimals."""
    header = [index, *(str(column).replace("_", " ") for column in table.columns)]
    rows = [header, ["---", *["---:"] * len(table.columns)]]
    for name, cells in zip(table.index, table.astype(object).to_numpy(), strict=True):
        rows.append([str(name), *(f"{cell:.3f}" if isinstance(cell, float) else str(cell) for cell in cells)])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _costs(model: Model, measured: Sequence[Measured]) -> str:
    """What each mode gives: means over the rows of the tables that hold both labels."""
    rows = [
        "| measured | mode | threshold | article recall | noise recall | macro F1 |",
        "|---|---|---:|---:|---:|---:|",
    ]
    for part in measured:
        for mode in MODES:
            threshold = model.thresholds[mode]
            counts = [row for row in part.table(threshold).values() if row.has_both_labels]
            if not counts:
                continue
            figures = np.mean([(row.article[1], row.noise[1], row.macro_f1) for row in counts], axis=0)
            cells = " | ".join(f"{figure:.3f}" for figure in figures)
            rows.append(f"| {part.title} | {mode} | {threshold:g} | {cells} |")
    return "## What each mode costs\n\nMeans over the rows of the tables above that hold both labels.\n\n" + "\n".join(
        rows
    )


def wrong_lines(part: Measured) -> list[DocumentError]:
    """The wrong lines of the documents among what was measured, at a threshold of one half."""
    errors = []
    for document, scores in zip(part.documents, part.scores, strict=True):
        if document.source == SOURCE:
            for number, text, label, score in zip(
                document.numbers, document.lines, document.labels, scores, strict=True
            ):
                if label is not None and (score < HALF) != (label == 1):
                    errors.append(DocumentError(document.id, number, ("noise", "article")[label], float(score), text))
    return errors


def document_errors(trained: Trained) -> list[DocumentError]:
    """The wrong lines of the documents by out-of-fold scores: each document's model was trained without it."""
    return wrong_lines(Measured("", trained.documents, trained.scores))
