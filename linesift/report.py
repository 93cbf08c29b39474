"""What a training leaves behind beside the trees: manifest entries, model card, report."""

from __future__ import annotations

import hashlib
import platform
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

import numpy as np

from linesift import __version__
from linesift.bundle import save_bundle
from linesift.card import model_card
from linesift.corpus import LabelledDocument
from linesift.evaluation import Counts, count_by, format_markdown
from linesift.features.buffer import Float
from linesift.model import MODES, Model
from linesift.standoff import SOURCE
from linesift.training import Trained, TrainingOptions

LIBRARIES = ("lightgbm", "numpy", "scikit-learn", "scipy")
REPORT = "report.md"
SHOWN_CHARACTERS = 100
HALF = 0.5


@dataclass(frozen=True)
class Measured:
    """Documents and the scores that a model gave them which had not seen them."""

    title: str
    documents: Sequence[LabelledDocument]
    scores: Sequence[Float]

    def table(self, threshold: float, *fields: str) -> dict[str, Counts]:
        return count_by(self.documents, self.scores, threshold, fields or ("source", "view"))


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


def about(trained: Trained, files: Sequence[Path], options: TrainingOptions) -> Mapping[str, object]:
    """What the manifest says of a training: versions, options, counts and the hashes of the files read."""
    labels = Counter(label for document in trained.documents for label in document.labels)
    return {
        "versions": {
            "linesift": __version__,
            "python": platform.python_version(),
            **{library: version(library) for library in LIBRARIES},
        },
        "options": asdict(options),
        "counts": {
            "documents": len(trained.documents),
            "article_lines": labels[1],
            "noise_lines": labels[0],
            "unscored_lines": labels[None],
        },
        "documents_by_source": dict(sorted(Counter(document.source for document in trained.documents).items())),
        "training_files": {
            path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files if path.is_file()
        },
    }


def write_results(model: Model, facts: Mapping[str, object], measured: Sequence[Measured], folder: Path) -> None:
    """Write the bundle, its card and its report to a folder."""
    model = replace(model, about=facts)
    tables = {f"{part.title}, threshold {HALF}": part.table(HALF) for part in measured}
    save_bundle(model, folder, model_card(model, tables, _costs(model, measured)))
    (folder / REPORT).write_text(report(model, measured), "utf-8")


def report(model: Model, measured: Sequence[Measured]) -> str:
    """The report as Markdown: tables by source and view and by language, what each mode costs, wrong lines."""
    sections = ["# Training report"]
    for part in measured:
        sections.append(f"## {part.title}\n\nThreshold {HALF}.\n\n{format_markdown(part.table(HALF))}")
        sections.append(f"### By language\n\n{format_markdown(part.table(HALF, 'lang'))}")
    sections.append(_costs(model, measured))
    documents = [part for part in measured if any(document.source == SOURCE for document in part.documents)]
    if documents:
        errors = [error for part in documents for error in wrong_lines(part)]
        listed = "\n".join(f"- {error.place}" for error in errors) or "None."
        sections.append(f"## Wrong lines of the documents, each left out of training\n\n{listed}")
    return "\n\n".join(section for section in sections if section) + "\n"


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
            rows.append(f"| {part.title} | {mode} | {threshold:.2f} | {cells} |")
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
