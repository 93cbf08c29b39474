"""The guard: documents of which so much would go that the model may have misunderstood them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from linesift.documents import ARTICLE_CODE, TaggedDocument, TaggedLines
from linesift.features.characters import code_points, tables
from linesift.long_text import AT_A_TIME
from linesift.rules import DROP, Rule

OnExcess = Literal["flag", "keep", "drop"]
ON_EXCESS: tuple[OnExcess, ...] = ("flag", "keep", "drop")
MAX_REMOVED = 0.7  # of the words; of extracted pages few lose more, of whole pages many: those raise it


Count = NDArray[np.int32]


class Words(NamedTuple):
    """Words of lines, (n_lines,) each; one array where they are the same."""

    spaced: Count  #: what white space separates
    counted: Count  #: and each character of the scripts that are written without spaces

    def of(self, lines: slice) -> Words:
        """Those of some of the lines."""
        return Words(self.spaced[lines], self.counted[lines])


@dataclass(frozen=True, slots=True)
class Guarded:
    """A document as it is to be written.

    :param page: with the labels that hold.
    :param article_share: kept words by all words, 0 to 1; see TaggedDocument.article_share.
    :param removed: share of its words that the model and the rules would remove, 0 to 1; see count_words.
    :param suspicious: whether that is too much.
    :param dropped: whether nothing of it is to be written.
    """

    page: TaggedDocument
    article_share: float
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

    def __call__(self, page: TaggedDocument, rules: Sequence[Rule | None], words: Words) -> Guarded:
        """Judge a document.

        :param rules: the rule that decided each line, if one did; empty without rules.
        :param words: of each line.
        """
        removed = _share(words.counted, page.columns.is_noise)
        suspicious = removed > self.max_removed or removed == 1.0
        if suspicious and self.on_excess == "keep":
            page = _all_kept(page, rules)
        share = _share(words.spaced, page.columns.codes == ARTICLE_CODE)
        return Guarded(page, share, removed, suspicious, dropped=suspicious and self.on_excess == "drop")


def _all_kept(page: TaggedDocument, rules: Sequence[Rule | None]) -> TaggedDocument:
    """The document with all its lines, but those that a rule drops."""
    columns = page.columns
    dropped = np.zeros(len(columns), dtype=np.bool_)
    dropped[[place for place, rule in enumerate(rules) if rule and rule.action == DROP]] = True
    codes = np.where(columns.is_noise & ~dropped, np.int8(ARTICLE_CODE), columns.codes)
    return TaggedDocument(TaggedLines(columns.texts, columns.scores, codes))


def _share(words: Count, chosen: NDArray[np.bool_]) -> float:
    """Share of the words in the chosen lines, 0 to 1; 0 without words."""
    total = int(words.sum())
    return int(words[chosen].sum()) / total if total else 0.0


def count_words(lines: Iterable[str]) -> Words:
    """The words of lines.

    >>> words = count_words(["a short line", "短い行"])
    >>> words.spaced.tolist(), words.counted.tolist()
    ([3, 1], [3, 4])
    """
    rest = iter(lines)
    counts: list[Words] = []
    while some := list(islice(rest, AT_A_TIME)):
        counts.append(_count_words(some))
    spaced = _joined([words.spaced for words in counts])
    same = all(words.counted is words.spaced for words in counts)
    return Words(spaced, spaced if same else _joined([words.counted for words in counts]))


def _joined(counts: Sequence[Count]) -> Count:
    return np.concatenate([np.zeros(0, dtype=np.int32), *counts])


def _count_words(lines: Sequence[str]) -> Words:
    spaced = np.fromiter((len(line.split()) for line in lines), dtype=np.int32, count=len(lines))
    places = [place for place, line in enumerate(lines) if not line.isascii()]
    if not places:
        return Words(spaced, spaced)
    found = tables()
    unspaced = np.flatnonzero(found.is_unspaced[found.char_class[code_points("\n".join(lines[n] for n in places))]])
    if not len(unspaced):
        return Words(spaced, spaced)
    ends = np.cumsum([len(lines[place]) + 1 for place in places])
    counted = spaced.copy()
    counted[places] += np.bincount(np.searchsorted(ends, unspaced, side="right"), minlength=len(places)).astype(
        np.int32
    )
    return Words(spaced, counted)
