"""A trained model: two passes of LightGBM over the features of a document's lines."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from linesift.documents import TaggedDocument, checked_lines, split_lines, unmarked
from linesift.features.buffer import Batch
from linesift.features.catalogue import Catalogue
from linesift.features.extract import Extractor, fill
from linesift.features.lexicons import Lexicons
from linesift.features.word_model import WordModel
from linesift.forest import Forest
from linesift.parts import LARGEST_PART, are_visible, parts_of
from linesift.site_term import SiteTerm

if TYPE_CHECKING:
    from linesift.site_memory import SiteMemory

# Lines and characters to a batch: enough to pay for NumPy's calls, few enough to stay in the cache.
BATCH_LINES = 8192
BATCH_CHARS = LARGEST_PART

Item = TypeVar("Item")

MODES = ("careful", "balanced", "strict")


@dataclass(frozen=True)
class Calibration:
    """Platt scaling (Platt 1999) of both passes together: the second knows more, the first errs less boldly.

    P(noise) = 1 / (1 + exp(-(first * raw_first + second * raw_second + intercept)))
    """

    first: float
    second: float
    intercept: float

    def __call__(self, raw_first: NDArray[np.float64], raw_second: NDArray[np.float64]) -> NDArray[np.float64]:
        """Probabilities for the log-odds of the two passes, all (n_lines,)."""
        return probability(self.first * raw_first + self.second * raw_second + self.intercept)


@dataclass(frozen=True)
class Model:
    """Everything that turns lines into scores; see bundle.py for its form on disk.

    :param catalogue: the features of both passes, in the order of the columns that the trees see.
    :param thresholds: score from which a line is noise, for each of MODES.
    :param about: what the model was trained on and how, as the manifest states it.
    :param site_term: what it makes of a site memory.
    """

    lexicons: Lexicons
    word_model: WordModel
    catalogue: Catalogue
    first: Forest
    second: Forest
    calibration: Calibration
    thresholds: Mapping[str, float]
    about: Mapping[str, object] = field(default_factory=dict)
    site_term: SiteTerm = field(default_factory=SiteTerm)

    def tag_all(
        self,
        texts: Sequence[str | Sequence[str]],
        threshold: float,
        threads: int = 1,
        sites: Sequence[str] | None = None,
        memory: SiteMemory | None = None,
    ) -> list[TaggedDocument]:
        """Tag documents; see scores.

        :param texts: documents, lines separated by line feeds; or their lines.
        :param threshold: score from which a line is noise.
        :raises TypeError: if a line is not a string.
        :raises ValueError: if a line holds a line break.
        """
        documents = [split_lines(text) if isinstance(text, str) else checked_lines(text) for text in texts]
        return [
            TaggedDocument.from_scores(lines, noise, threshold)
            for lines, noise in zip(documents, self.scores(documents, threads, sites, memory), strict=True)
        ]

    def scores(
        self,
        documents: Sequence[Sequence[str]],
        threads: int = 1,
        sites: Sequence[str] | None = None,
        memory: SiteMemory | None = None,
    ) -> list[NDArray[np.float64]]:
        """P(noise) of every line of every document; NaN on blank lines.

        A document's scores do not depend on the other documents, but for what a memory knows of its site. Of one
        larger than parts.LARGEST_PART each part is scored as a document of its own, and of a line its first
        parts.LONGEST_LINE characters count.

        :param documents: lists of lines.
        :param threads: that walk down the trees.
        :param sites: of the documents, named as when the memory counted them; "" where it is not known.
        :param memory: what is known of the sites, these documents included.
        :returns: one float64 array (n_lines,) a document, values 0 to 1 or NaN.
        :raises ValueError: if there is a memory and not a site for each document.
        """
        documents = [unmarked(lines) for lines in documents]
        scores = self._scores(documents, threads)
        if memory is None:
            return scores
        if sites is None or len(sites) != len(documents):
            raise ValueError(f"{len(documents)} documents, but {len(sites or ())} sites; a memory needs one for each")
        known = memory.others(sites, documents)
        return [self.site_term.adjusted(*line) for line in zip(scores, documents, known, strict=True)]

    def _scores(self, documents: Sequence[Sequence[str]], threads: int) -> list[NDArray[np.float64]]:
        noise: list[list[NDArray[np.float64]]] = [[] for _ in documents]
        for group in batched_by(_parts(documents), lambda part: part.lines):
            scores = self.score_batch(Batch([part.lines for part in group]), threads)
            start = 0
            for part in group:
                noise[part.document].append(scores[start : start + len(part.lines)].copy())  # or all would be kept
                start += len(part.lines)
        return [_with_blanks(lines, _joined(found)) for lines, found in zip(documents, noise, strict=True)]

    def score_batch(self, batch: Batch, threads: int) -> NDArray[np.float64]:
        """(n_lines,) calibrated P(noise) of the lines of one batch."""
        table, raw_first = self.second_table(Extractor(batch, self.lexicons), threads)
        return self.calibration(raw_first, self.second.log_odds(table, threads))

    def second_table(self, extractor: Extractor, threads: int) -> tuple[NDArray[np.float32], NDArray[np.float64]]:
        """What the second pass sees, and the first one's log-odds.

        :returns: (n_lines, n_features), the first pass's columns and those of its scores; and (n_lines,).
        """
        first, second = self.catalogue.first_pass, self.catalogue.second_pass
        table = np.empty((extractor.batch.n_lines, len(first) + len(second)), dtype=np.float32, order="F")
        fill(table[:, : len(first)], extractor.first_pass(self.word_model.score(extractor.batch)), first)
        raw = self.first.log_odds(table[:, : len(first)], threads)
        fill(table[:, len(first) :], extractor.second_pass(probability(raw).astype(np.float32)), second)
        return table, raw


class Part(NamedTuple):
    """Lines that are scored together.

    :param document: their document's place among all.
    :param lines: none of them blank.
    """

    document: int
    lines: list[str]


def _parts(documents: Sequence[Sequence[str]]) -> Iterator[Part]:
    for place, lines in enumerate(documents):
        yield from (Part(place, part) for part in parts_of(lines))


def batched(documents: Iterable[Sequence[str]]) -> Iterator[list[Sequence[str]]]:
    """Groups of documents that are worth one pass of NumPy."""
    return batched_by(documents, lambda lines: lines)


def batched_by(items: Iterable[Item], lines_of: Callable[[Item], Sequence[str]]) -> Iterator[list[Item]]:
    """Groups of items whose documents are worth one pass of NumPy.

    :param lines_of: the lines of an item's document.
    """
    group: list[Item] = []
    n_lines = n_chars = 0
    for item in items:
        lines = lines_of(item)
        more_lines, more_chars = len(lines) + 1, sum(map(len, lines))  # an empty document costs something too
        if group and (n_lines + more_lines > BATCH_LINES or n_chars + more_chars > BATCH_CHARS):
            yield group
            group, n_lines, n_chars = [], 0, 0
        group.append(item)
        n_lines += more_lines
        n_chars += more_chars
    if group:
        yield group


def probability(log_odds: NDArray[np.float64]) -> NDArray[np.float64]:
    """The logistic function.

    >>> probability(np.array([0.0])).tolist()
    [0.5]
    """
    return np.asarray(1.0 / (1.0 + np.exp(-log_odds)))


def _joined(scores: Sequence[NDArray[np.float64]]) -> NDArray[np.float64]:
    return scores[0] if len(scores) == 1 else np.concatenate([np.zeros(0), *scores])


def _with_blanks(lines: Sequence[str], noise: NDArray[np.float64]) -> NDArray[np.float64]:
    """The scores of the visible lines in their places among all lines."""
    if len(noise) == len(lines):
        return noise
    scores = np.full(len(lines), np.nan)
    scores[are_visible(lines)] = noise
    return scores
