"""Tagged documents as flat columns, and in the forms in which tables hold them: lists, and arrays of Arrow."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import compress, pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from linesift.documents import ARTICLE_CODE, BLANK_CODE, LABELS, without_nan

if TYPE_CHECKING:
    import pyarrow as pa

COLUMNS = ("article", "labels", "scores", "article_share")


@dataclass(frozen=True)
class TaggedColumns:
    """Documents that were tagged; those without a text hold no lines.

    :param lines: of all documents, one after the other.
    :param noise: float64 (n_lines,), P(noise), 0 to 1; NaN on blank lines.
    :param ends: int64 (n_documents + 1,): where the lines of each begin, and where those of the last end.
    :param missing: bool (n_documents,), whether there is no text.
    :param threshold: lines that score this or more are noise.
    """

    lines: Sequence[str]
    noise: NDArray[np.float64]
    ends: NDArray[np.int64]
    missing: NDArray[np.bool_]
    threshold: float

    @property
    def codes(self) -> NDArray[np.int64]:
        """(n_lines,) places in LABELS."""
        return np.where(np.isnan(self.noise), BLANK_CODE, self.noise >= self.threshold)

    def articles(self) -> list[str | None]:
        """The text of each document that is kept."""
        kept = (~(self.noise >= self.threshold)).tolist()
        return self._of_documents("\n".join(compress(self.lines[a:b], kept[a:b])) for a, b in self._spans())

    def removed_lines(self) -> list[list[str]]:
        """The lines of each document that are not kept."""
        removed = (self.noise >= self.threshold).tolist()
        return [list(compress(self.lines[a:b], removed[a:b])) for a, b in self._spans()]

    def article_shares(self) -> NDArray[np.float64]:
        """(n_documents,) kept words by all words, 0 to 1, see TaggedDocument.article_share; NaN without a text."""
        words = np.array([len(line.split()) for line in self.lines], dtype=np.int64)
        total, kept = (self._sums(counted) for counted in (words, words * (self.codes == ARTICLE_CODE)))
        shares = np.divide(kept, total, out=np.zeros(len(total)), where=total > 0)
        return np.where(self.missing, np.nan, shares)

    def as_lists(self) -> dict[str, list[Any]]:
        """COLUMNS, a value for each document, None where there is no text.

        article: str; labels: list of "article", "noise" or None, one a line; scores: list of float or None, one a
        line; article_share: float.
        """
        labels = [LABELS[code] for code in self.codes.tolist()]
        scores = without_nan(self.noise)
        return {
            "article": self.articles(),
            "labels": self._of_documents(labels[a:b] for a, b in self._spans()),
            "scores": self._of_documents(scores[a:b] for a, b in self._spans()),
            "article_share": without_nan(self.article_shares()),
        }

    def as_arrow(self, articles: pa.DataType | None = None) -> dict[str, pa.Array]:
        """COLUMNS: large_string, list<string>, list<double>, double; null where there is no text.

        :param articles: another type than large_string for the first.
        """
        import pyarrow as pa

        codes = self.codes
        labels = pa.array(LABELS[:BLANK_CODE]).take(pa.array(codes, mask=codes == BLANK_CODE))
        return {
            "article": pa.array(self.articles(), articles or pa.large_string()),
            "labels": self._arrow_lists(labels),
            "scores": self._arrow_lists(pa.array(self.noise, from_pandas=True)),
            "article_share": pa.array(self.article_shares(), from_pandas=True),
        }

    def _arrow_lists(self, values: pa.Array) -> pa.Array:
        import pyarrow as pa

        mask = pa.array(self.missing) if self.missing.any() else None
        return pa.ListArray.from_arrays(pa.array(self.ends, pa.int32()), values, mask=mask)

    def _spans(self) -> Iterator[tuple[int, int]]:
        """Where the lines of each document begin and end."""
        return pairwise(self.ends.tolist())

    def _of_documents(self, values: Iterator[Any]) -> list[Any]:
        return [None if missing else value for value, missing in zip(values, self.missing.tolist(), strict=True)]

    def _sums(self, counts: NDArray[np.int64]) -> NDArray[np.int64]:
        """(n_documents,) sums over the lines of each."""
        return np.diff(np.concatenate([[0], np.cumsum(counts)])[self.ends])
