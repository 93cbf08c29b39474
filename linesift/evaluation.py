"""Precision, recall and F1 of both labels over scored lines, by any fields of the documents."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from linesift.corpus import LabelledDocument


class Counts(NamedTuple):
    """Scored lines by label and by what was predicted, and the number of documents."""

    kept_article: int = 0
    lost_article: int = 0
    kept_noise: int = 0
    found_noise: int = 0
    documents: int = 0

    def __add__(self, other: object) -> Counts:
        if not isinstance(other, Counts):
            return NotImplemented
        return Counts(*(mine + theirs for mine, theirs in zip(self, other, strict=True)))

    @property
    def lines(self) -> int:
        return sum(self) - self.documents

    @property
    def has_both_labels(self) -> bool:
        """Whether lines of both labels were scored."""
        return self.kept_article + self.lost_article > 0 and self.kept_noise + self.found_noise > 0

    @property
    def article(self) -> tuple[float, float, float]:
        """Precision, recall and F1 of article lines, 0 where undefined."""
        return precision_recall_f1(self.kept_article, self.kept_noise, self.lost_article)

    @property
    def noise(self) -> tuple[float, float, float]:
        """Precision, recall and F1 of noise lines, 0 where undefined."""
        return precision_recall_f1(self.found_noise, self.lost_article, self.kept_noise)

    @property
    def macro_f1(self) -> float:
        """Mean of the two F1."""
        return (self.article[2] + self.noise[2]) / 2


def precision_recall_f1(hits: int, false_alarms: int, misses: int) -> tuple[float, float, float]:
    """Precision, recall and their harmonic mean, 0 where undefined.

    >>> precision_recall_f1(3, 1, 1)
    (0.75, 0.75, 0.75)
    """
    precision = hits / (hits + false_alarms) if hits + false_alarms else 0.0
    recall = hits / (hits + misses) if hits + misses else 0.0
    return precision, recall, 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def count(labels: Sequence[int | None], scores: NDArray[np.float64], threshold: float) -> Counts:
    """Counts of one document; lines labelled None are left out, as are those scored NaN.

    :param labels: 1 article, 0 noise, None unscored.
    :param scores: (n_lines,) P(noise).
    """
    is_noise = scores >= threshold
    gold = np.array([-1 if label is None else label for label in labels])
    gold[np.isnan(scores)] = -1
    return Counts(
        int(((gold == 1) & ~is_noise).sum()),
        int(((gold == 1) & is_noise).sum()),
        int(((gold == 0) & ~is_noise).sum()),
        int(((gold == 0) & is_noise).sum()),
        1,
    )


def count_by(
    documents: Iterable[LabelledDocument],
    scores: Iterable[NDArray[np.float64]],
    threshold: float,
    fields: Sequence[str] = ("source", "view"),
) -> dict[str, Counts]:
    """Counts by the values of some fields, in alphabetical order; a challenge's views are one.

    :param fields: names of fields of LabelledDocument.
    """
    table: dict[tuple[str, ...], Counts] = {}
    for document, noise in zip(documents, scores, strict=True):
        key = tuple(_value(document, field) for field in fields)
        table[key] = table.get(key, Counts()) + count(document.labels, noise, threshold)
    return {"/".join(key): counts for key, counts in sorted(table.items())}


def _value(document: LabelledDocument, field: str) -> str:
    return "*" if field == "view" and document.is_challenge else str(getattr(document, field))


COLUMNS = ("artP", "artR", "artF1", "noiP", "noiR", "noiF1", "macro", "lines", "docs")


def cells(counts: Counts) -> list[str]:
    """The cells of one row of the table: COLUMNS, figures with three decimals."""
    figures = [f"{figure:.3f}" for figure in (*counts.article, *counts.noise, counts.macro_f1)]
    return [*figures, str(counts.lines), str(counts.documents)]


def format_table(table: dict[str, Counts]) -> str:
    """The table as aligned text."""
    rows = [f"{'':32s} {' '.join(f'{name:>6s}' for name in COLUMNS[:7])} {'lines':>7s} {'docs':>5s}"]
    for key, counts in table.items():
        *figures, lines, documents = cells(counts)
        rows.append(f"{key:32s} {' '.join(f'{figure:>6s}' for figure in figures)} {lines:>7s} {documents:>5s}")
    return "\n".join(rows)


def format_markdown(table: dict[str, Counts]) -> str:
    """The table as Markdown."""
    rows = [["", *COLUMNS], ["---", *["---:"] * len(COLUMNS)]]
    rows += [[key, *cells(counts)] for key, counts in table.items()]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)
