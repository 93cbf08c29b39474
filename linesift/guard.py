"""The guard: documents of which so much would go that the model may have misunderstood them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from linesift.documents import ARTICLE_CODE, TaggedDocument, TaggedLines
from linesift.features.characters import code_points, tables
from linesift.long_text import AT_A_TIME
from linesift.rules import DROP, Rule

OnExcess = Literal["flag", "keep", "drop"]
ON_EXCESS: tuple[OnExcess, ...] = ("flag", "keep", "drop")
MAX_REMOVED = 0.7  # of the words; of extracted pages few lose more, of whole pages many: those raise it


@dataclass(frozen=True, slots=True)
class Guarded:
    """A document as it is to be written.

    :param page: with the labels that hold.
    :param removed: share of its words that the model and the rules would remove, 0 to 1.
    :param suspicious: whether that is too much.
    :param dropped: whether nothing of it is to be written.
    """

    page: TaggedDocument
    removed: float
    suspicious: bool = False
    dropped: bool = False


@dataclass(frozen=True, slots=True)
class Guard:
    """What is too much, and what is done then.

    :param max_removed: share of a document's words, 0 to 1: if more would go, or nothing be left, it is too much.
    :param on_excess: "flag" it only, "keep" all of it but what rules drop, or "drop" all of it.
    """

    max_removed: float = MAX_REMOVED
    on_excess: OnExcess = "flag"

    def __call__(self, page: TaggedDocument, rules: Sequence[Rule | None]) -> Guarded:
        """Judge a document.

        :param rules: the rule that decided each line, if one did; empty without rules.
        """
        removed = removed_share(page)
        if removed <= self.max_removed and removed < 1.0:
            return Guarded(page, removed)
        if self.on_excess == "keep":
            return Guarded(_all_kept(page, rules), removed, suspicious=True)
        return Guarded(page, removed, suspicious=True, dropped=self.on_excess == "drop")


def _all_kept(page: TaggedDocument, rules: Sequence[Rule | None]) -> TaggedDocument:
    """The document with all its lines, but those that a rule drops."""
    columns = page.columns
    dropped = np.zeros(len(columns), dtype=np.bool_)
    dropped[[place for place, rule in enumerate(rules) if rule and rule.action == DROP]] = True
    codes = np.where(columns.is_noise & ~dropped, np.int8(ARTICLE_CODE), columns.codes)
    return TaggedDocument(TaggedLines(columns.texts, columns.scores, codes))


def removed_share(page: TaggedDocument) -> float:
    """Share of a document's words in lines that are noise, 0 to 1; 0 without words.

    >>> removed_share(TaggedDocument.from_scores(["one", "two three"], [0.9, 0.1], 0.5))
    0.3333333333333333
    """
    columns = page.columns
    words = count_words(columns.texts)
    total = int(words.sum())  # blank lines have none
    return int(words[columns.is_noise].sum()) / total if total else 0.0


def count_words(lines: Sequence[str]) -> NDArray[np.int64]:
    """(n_lines,) what white space separates, and each character of the scripts that are written without spaces.

    >>> count_words(["a short line", "短い行"]).tolist()
    [3, 4]
    """
    places = range(0, len(lines), AT_A_TIME)
    counts = [_count_words(lines[place : place + AT_A_TIME]) for place in places]
    return np.concatenate([np.zeros(0, dtype=np.int64), *counts])


def _count_words(lines: Sequence[str]) -> NDArray[np.int64]:
    words = np.fromiter((len(line.split()) for line in lines), dtype=np.int64, count=len(lines))
    if all(map(str.isascii, lines)):
        return words
    found = tables()
    unspaced = np.flatnonzero(found.is_unspaced[found.char_class[code_points("\n".join(lines))]])
    if len(unspaced):
        lengths = np.fromiter(map(len, lines), dtype=np.int64, count=len(lines))
        words += np.bincount(np.searchsorted(np.cumsum(lengths + 1), unspaced, side="right"), minlength=len(lines))
    return words
