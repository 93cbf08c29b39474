"""From documents to the columns of features that the two passes look at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from linesift.features.buffer import Batch, Bool, Column, Columns, Int
from linesift.features.context import context
from linesift.features.languages import languages
from linesift.features.lexicons import Lexicons
from linesift.features.links import links
from linesift.features.prose import is_prose
from linesift.features.repetition import repetition
from linesift.features.scores import scores
from linesift.features.scripts import scripts
from linesift.features.segments import Segments
from linesift.features.shape import shape
from linesift.features.vocabulary import Items, content_items, name_items, vocabulary


@dataclass(frozen=True)
class Extractor:
    """The features of one batch of documents, each computed when it is first asked for.

    :param batch: the non-blank lines.
    :param lexicons: see lexicons.Lexicons.
    """

    batch: Batch
    lexicons: Lexicons

    @cached_property
    def segments(self) -> Segments:
        return Segments(self.batch)

    @cached_property
    def stop_words(self) -> Int:
        return self.lexicons.stop_words(self.batch)

    @property
    def is_stop(self) -> Bool:
        return self.stop_words >= 0

    @cached_property
    def content(self) -> Items:
        return content_items(self.batch, self.stop_words)

    @cached_property
    def names(self) -> Items:
        return name_items(self.batch)

    @cached_property
    def lines(self) -> dict[str, Column]:
        """What each line says by itself and shares with its document, without the word model's score."""
        batch = self.batch
        looks = shape(batch)
        prose = is_prose(looks)
        n_tokens = np.diff(batch.token_bounds)
        n_stop = np.bincount(batch.tokens.line[self.is_stop], minlength=batch.n_lines)
        return {
            **looks,
            **links(batch),
            **self.lexicons.count(batch),
            "stop_share": n_stop / np.maximum(n_tokens, 1),
            **languages(batch, self.lexicons, self.stop_words),
            **scripts(batch),
            "prose": prose,
            **vocabulary(batch, self.content, self.names, prose),
            **repetition(batch),
        }

    def first_pass(self, word_score: NDArray[np.float64]) -> dict[str, Column]:
        """All columns of the first pass.

        :param word_score: (n_lines,) see WordModel.score.
        """
        columns = {**self.lines, "word_score": word_score}
        return {**columns, **context(columns, self.segments)}

    def second_pass(self, noise: NDArray[np.float32]) -> dict[str, Column]:
        """The columns that the second pass adds.

        :param noise: (n_lines,) the first pass's P(noise).
        """
        return scores(self.batch, self.segments, noise, self.lines["width"], self.content, self.names)


def fill(table: NDArray[np.float32], columns: Columns, names: Sequence[str]) -> None:
    """Put the named columns side by side.

    :param table: (n_lines, len(names)), is overwritten.
    :raises KeyError: if there is no such column.
    """
    missing = [name for name in names if name not in columns]
    if missing:
        raise KeyError(f"no such feature: {', '.join(missing)}; known: {', '.join(columns)}")
    for position, name in enumerate(names):
        table[:, position] = columns[name]
