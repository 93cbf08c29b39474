"""The guard: documents of which so much would go that the model may have misunderstood them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, compress
from typing import Literal, NamedTuple

import numpy as np

from linesift.documents import ARTICLE, NOISE, Label, TaggedDocument, TaggedLine
from linesift.features.characters import code_points, tables
from linesift.rules import KEEP, Rule

OnExcess = Literal["flag", "keep", "drop"]
ON_EXCESS: tuple[OnExcess, ...] = ("flag", "keep", "drop")
MAX_REMOVED = 0.7  # of the words; of extracted pages few lose more, of whole pages many: those raise it


class Words(NamedTuple):
    """Words of lines, an entry a line."""

    spaced: list[int]  #: what white space separates
    counted: list[int]  #: and each character of the scripts that are written without spaces


@dataclass(frozen=True, slots=True)
class Guarded:
    """A document as it is to be written.

    :param labels: of the lines, those that hold; None on blank lines.
    :param scores: P(noise) of the lines, 0 to 1; None on blank lines.
    :param article_share: kept words by all words, 0 to 1; see TaggedDocument.article_share.
    :param removed: share of its words that the model and the rules would remove, 0 to 1; see count_words.
    :param suspicious: whether that is too much.
    :param dropped: whether nothing of it is to be written.
    """

    lines: Sequence[str]
    labels: list[Label | None]
    scores: list[float | None]
    article_share: float
    removed: float
    suspicious: bool = False
    dropped: bool = False

    @property
    def page(self) -> TaggedDocument:
        """The document line by line."""
        columns = zip(self.lines, self.labels, self.scores, starts(self.lines), strict=True)
        return TaggedDocument(
            tuple(
                TaggedLine(number, text, label, score, start, start + len(text))
                for number, (text, label, score, start) in enumerate(columns, 1)
            )
        )


@dataclass(frozen=True, slots=True)
class Guard:
    """What is too much, and what is done then.

    :param max_removed: share of a document's words, 0 to 1: if more would go, or nothing be left, it is too much.
    :param on_excess: "flag" it only, "keep" all of it but what rules drop, or "drop" all of it.
    """

    max_removed: float = MAX_REMOVED
    on_excess: OnExcess = "flag"

    def __call__(
        self,
        lines: Sequence[str],
        scores: list[float | None],
        threshold: float,
        rules: Sequence[Rule | None],
        words: Words,
    ) -> Guarded:
        """Label a document's lines, and judge it.

        :param scores: P(noise) of each line, None on blank ones.
        :param threshold: lines that score this or more are noise.
        :param rules: the rule that decided each line, if one did.
        :param words: of each line.
        """
        labels = labels_of(scores, threshold)
        removed = _share(words.counted, labels, NOISE)
        if removed <= self.max_removed and removed < 1.0:
            return Guarded(lines, labels, scores, _share(words.spaced, labels, ARTICLE), removed)
        if self.on_excess == "keep":
            labels = [_kept(label, rule) for label, rule in zip(labels, rules, strict=True)]
        share = _share(words.spaced, labels, ARTICLE)
        return Guarded(lines, labels, scores, share, removed, suspicious=True, dropped=self.on_excess == "drop")


def labels_of(scores: Sequence[float | None], threshold: float) -> list[Label | None]:
    """The label of each line; None on blank ones.

    >>> labels_of([0.1, None, 0.9], 0.5)
    ['article', None, 'noise']
    """
    return [None if score is None else NOISE if score >= threshold else ARTICLE for score in scores]


def starts(lines: Sequence[str]) -> list[int]:
    r"""Offset of each line's first character in the document's text.

    >>> starts(["A story.", "", "Share"])
    [0, 9, 10]
    """
    return list(accumulate((len(line) + 1 for line in lines), initial=0))[:-1]


def count_words(lines: Sequence[str]) -> Words:
    """The words of lines.

    >>> count_words(["a short line", "短い行"])
    Words(spaced=[3, 1], counted=[3, 4])
    """
    spaced = [len(line.split()) for line in lines]
    places = [place for place, line in enumerate(lines) if not line.isascii()]
    if not places:
        return Words(spaced, spaced)
    found = tables()
    unspaced = np.flatnonzero(found.is_unspaced[found.char_class[code_points("\n".join(lines[n] for n in places))]])
    if not len(unspaced):
        return Words(spaced, spaced)
    ends = np.cumsum([len(lines[place]) + 1 for place in places])
    counted = np.array(spaced)
    counted[places] += np.bincount(np.searchsorted(ends, unspaced, side="right"), minlength=len(places))
    return Words(spaced, counted.tolist())


def _share(words: Sequence[int], labels: Sequence[Label | None], label: Label) -> float:
    """Share of the words in lines of one label, 0 to 1; 0 without words."""
    total = sum(words)
    return sum(compress(words, [each == label for each in labels])) / total if total else 0.0


def _kept(label: Label | None, rule: Rule | None) -> Label | None:
    undecided = rule is None or rule.action == KEEP
    return ARTICLE if label == NOISE and undecided else label
