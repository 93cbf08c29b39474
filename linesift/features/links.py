"""Link words: words inside Markdown links and bare addresses; and mail addresses, handles and clock times."""

from __future__ import annotations

import numpy as np

from linesift.features.buffer import Batch, Column, Int
from linesift.features.characters import CharClass
from linesift.native import characters as compiled

# The characters by which links, handles and times are found; addresses without `http` begin with `www.`.
MARKS = np.zeros(128, dtype=np.bool_)
MARKS[[ord(mark) for mark in "@#:.[])"]] = True
CODES_PER_MARK = 16  # at the least, in most texts


def links(batch: Batch) -> dict[str, Column]:
    """Counts of links and the share of words inside them, arrays of (n_lines,)."""
    marks = _marks(batch)
    markdown_start, markdown_end = _markdown_links(batch, marks)
    url_start, url_end = _outside(*_urls(batch, marks), markdown_start, markdown_end)
    start, end = np.concatenate([markdown_start, url_start]), np.concatenate([markdown_end, url_end])
    tokens = batch.tokens
    inside = np.searchsorted(tokens.start, end) - np.searchsorted(tokens.start, start)
    line = batch.line_of_code[start]
    n_tokens = np.diff(batch.token_bounds)
    link_tokens = np.bincount(line, weights=inside, minlength=batch.n_lines)
    return {
        "links": np.bincount(line, minlength=batch.n_lines),
        "link_word_share": np.minimum(link_tokens / np.maximum(n_tokens, 1), 1.0),
        "at_signs": _count(batch, marks[batch.codes[marks] == ord("@")]),
        "hash_signs": _count(batch, marks[batch.codes[marks] == ord("#")]),
        "clock_times": _count(batch, _clock_times(batch, marks)),
    }


def _marks(batch: Batch) -> Int:
    """Where characters stand in the buffer whose folded form is one of MARKS."""
    if not compiled:
        return np.flatnonzero((batch.folded < len(MARKS)) & MARKS[np.minimum(batch.folded, len(MARKS) - 1)])
    found = np.empty(len(batch.folded) // CODES_PER_MARK, dtype=np.int64)
    n = compiled.find_marks(batch.folded, MARKS.view(np.uint8), found)
    if n > len(found):
        found = np.empty(n, dtype=np.int64)
        compiled.find_marks(batch.folded, MARKS.view(np.uint8), found)
    return found[:n]


def _count(batch: Batch, places: Int) -> Int:
    return np.bincount(batch.line_of_code[places], minlength=batch.n_lines)


def _standing_at(batch: Batch, places: Int, text: str) -> Int:
    """The places at which `text`, in lower case, stands in the folded buffer."""
    found = places[(places >= 0) & (places <= len(batch.folded) - len(text))]
    for offset, char in enumerate(text):
        found = found[batch.folded[found + offset] == ord(char)]
    return found


def _markdown_links(batch: Batch, marks: Int) -> tuple[Int, Int]:
    """Start and end of each `[text](address)`, from its first bracket to its last."""
    middle = _standing_at(batch, marks, "](")
    openings = marks[batch.codes[marks] == ord("[")]
    closings = marks[batch.codes[marks] == ord(")")]
    before, after = np.searchsorted(openings, middle) - 1, np.searchsorted(closings, middle)
    complete = (before >= 0) & (after < len(closings))
    middle, start, end = middle[complete], openings[before[complete]], closings[after[complete]]
    same_line = (batch.line_of_code[start] == batch.line_of_code[middle]) & (
        batch.line_of_code[end] == batch.line_of_code[middle]
    )
    return start[same_line], end[same_line]


def _urls(batch: Batch, marks: Int) -> tuple[Int, Int]:
    """Start and end of each bare address: from `://` or `www.` to the next space."""
    www = marks - len("www")
    start = np.unique(np.concatenate([_standing_at(batch, marks, "://"), _standing_at(batch, www, "www.")]))
    end = _next_spaces(batch, start)
    last_of_its_word = np.append(end[1:] != end[:-1], True)[: len(end)]
    return start[last_of_its_word], end[last_of_its_word]


def _next_spaces(batch: Batch, start: Int) -> Int:
    """(n,) the next space from each of the places in ascending order, or the end of the buffer."""
    if compiled:
        found = np.empty(len(start), dtype=np.int64)
        compiled.find_next(batch.classes, CharClass.SPACE, start, found)
        return found
    spaces = np.append(np.flatnonzero(batch.classes == CharClass.SPACE), len(batch.classes))
    return np.asarray(spaces[np.searchsorted(spaces, start)])


def _outside(start: Int, end: Int, other_start: Int, other_end: Int) -> tuple[Int, Int]:
    """The spans that do not begin inside one of the others, which are in ascending order."""
    if not len(other_start):
        return start, end
    before = np.searchsorted(other_start, start, side="right") - 1
    outside = (before < 0) | (start >= other_end[before])
    return start[outside], end[outside]


def _clock_times(batch: Batch, marks: Int) -> Int:
    """Where a colon stands between digits: 12:30."""
    inner = marks[(marks > 0) & (marks < len(batch.codes) - 1)]
    colon = inner[batch.codes[inner] == ord(":")]
    between = (batch.classes[colon - 1] == CharClass.DIGIT) & (batch.classes[colon + 1] == CharClass.DIGIT)
    return np.asarray(colon[between])
