"""The lines of all training documents as arrays: labels, weights, folds and tables of features."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from linesift.corpus import LabelledDocument
from linesift.features.buffer import Batch, Bool, Columns, Float, Int
from linesift.features.extract import Extractor, fill
from linesift.features.lexicons import Lexicons
from linesift.model import batched

UNSCORED = -1
# Rows of the tables differ a hundredfold in size; each weighs by the square root of its lines.
SIZE_POWER = -0.5
# The lines of one document are much alike; each line of a document with more than so many weighs less.
FULL_WEIGHT_LINES = 60
LENGTH_POWER = 0.25
# Macro F1 counts both labels alike however rare one is. Between 0, where all lines count alike, and 1, where both
# labels do; see docs/accuracy.md.
LABEL_POWER = 0.2
MOST_LABEL_FACTOR = 4.0  # reached where one label is a thousand times the other: a few lines must not outweigh all


class TrainingLines:
    """All lines of the documents, in order.

    :param documents: without blank lines, see corpus.scored.
    :param fold_of: (n_documents,), see folds.assign_folds.
    :raises ValueError: if the scored lines are not of both labels.
    """

    def __init__(self, documents: Sequence[LabelledDocument], fold_of: Int) -> None:
        self.documents = documents
        self.sizes: Int = np.array([len(document.lines) for document in documents])
        self.fold: Int = np.repeat(fold_of, self.sizes)
        self.noise: Int = np.array(
            [UNSCORED if label is None else 1 - label for document in documents for label in document.labels]
        )
        self.scored: Bool = self.noise != UNSCORED
        if len(np.unique(self.noise[self.scored])) < 2:
            raise ValueError("training needs lines of both labels, article (1) and noise (0)")
        self.rows, row_of_doc = np.unique([document.row for document in documents], return_inverse=True)
        self.row: Int = np.repeat(row_of_doc, self.sizes)
        lines_of_row = np.bincount(self.row, weights=self.scored, minlength=len(self.rows))
        of_document = np.minimum(1.0, (FULL_WEIGHT_LINES / self.sizes) ** LENGTH_POWER)
        self._base_weight = (np.maximum(lines_of_row, 1.0) ** SIZE_POWER)[self.row] * np.repeat(of_document, self.sizes)

    def weight(self, of_row: Mapping[str, float]) -> Float:
        """(n_lines,) weights of the lines, of mean 1 over scored lines.

        :param of_row: factors on the weight of some rows of the tables, 1 for the others.
        """
        factors = np.array([of_row.get(str(name), 1.0) for name in self.rows])
        weight = self._base_weight * factors[self.row]
        return np.asarray(weight / weight[self.scored].mean())

    def balanced(self, weight: Float) -> Float:
        """(n_lines,) the weights with those of the label that weighs less in its row raised.

        What the scored lines of a row weigh together stays as it was.

        :param weight: (n_lines,).
        """
        key, n_rows = 2 * self.row + self.noise, len(self.rows)
        article, noise = np.bincount(key[self.scored], weight[self.scored], 2 * n_rows).reshape(n_rows, 2).T
        has_both = (article > 0) & (noise > 0)
        rarity = np.divide(article, noise, out=np.ones(n_rows), where=has_both) ** LABEL_POWER
        of_noise = np.clip(rarity, 1 / MOST_LABEL_FACTOR, MOST_LABEL_FACTOR)
        of_both = np.divide(article + noise, article + noise * of_noise, out=np.ones(n_rows), where=has_both)
        return np.asarray(weight * of_both[self.row] * np.where(self.noise == 1, of_noise[self.row], 1.0))

    @property
    def n_lines(self) -> int:
        return len(self.noise)

    def batches(self) -> Iterator[tuple[Batch, slice]]:
        """The documents in batches, and which of the lines each batch holds."""
        start = 0
        for group in batched([document.lines for document in self.documents]):
            batch = Batch(group)
            yield batch, slice(start, start + batch.n_lines)
            start += batch.n_lines

    def table(
        self, lexicons: Lexicons, names: Sequence[str], columns: Callable[[Extractor, slice], Columns]
    ) -> NDArray[np.float32]:
        """(n_lines, len(names)) features.

        :param columns: gives the columns of one batch, which holds the lines of the slice.
        """
        table = np.empty((self.n_lines, len(names)), dtype=np.float32)
        for batch, rows in self.batches():
            fill(table[rows], columns(Extractor(batch, lexicons), rows), names)
        return table
