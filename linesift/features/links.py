"""Link words: words inside Markdown links and bare addresses; and mail addresses, handles and clock times."""

from __future__ import annotations

import numpy as np

from linesift.features.buffer import Batch, Bool, Column, Int
from linesift.features.characters import CharClass


def links(batch: Batch) -> dict[str, Column]:
    """Counts of links and the share of words inside them, arrays of (n_lines,)."""
    markdown_start, markdown_end = _markdown_links(batch)
    url_start, url_end = _outside(*_urls(batch), markdown_start, markdown_end)
    start, end = np.concatenate([markdown_start, url_start]), np.concatenate([markdown_end, url_end])
    tokens = batch.tokens
    inside = np.searchsorted(tokens.start, end) - np.searchsorted(tokens.start, start)
    line = batch.line_of_code[start]
    n_tokens = np.diff(batch.token_bounds)
    link_tokens = np.bincount(line, weights=inside, minlength=batch.n_lines)
    return {
        "links": np.bincount(line, minlength=batch.n_lines),
        "link_word_share": np.minimum(link_tokens / np.maximum(n_tokens, 1), 1.0),
        "at_signs": _count(batch, batch.codes == ord("@")),
        "hash_signs": _count(batch, batch.codes == ord("#")),
        "clock_times": _clock_times(batch),
    }


def _count(batch: Batch, mask: Bool) -> Int:
    return np.bincount(batch.line_of_code[np.flatnonzero(mask)], minlength=batch.n_lines)


def _followed_by(batch: Batch, text: str) -> Int:
    """Positions at which `text`, in lower case, stands in the folded buffer."""
    folded = batch.folded
    n = len(folded) - len(text) + 1
    if n <= 0:
        return np.zeros(0, dtype=np.int64)
    found = np.flatnonzero(folded[:n] == ord(text[0]))
    for offset, char in enumerate(text[1:], 1):
        found = found[folded[found + offset] == ord(char)]
    return found


def _markdown_links(batch: Batch) -> tuple[Int, Int]:
    """Start and end of each `[text](address)`, from its first bracket to its last."""
    middle = _followed_by(batch, "](")
    openings = np.flatnonzero(batch.codes == ord("["))
    closings = np.flatnonzero(batch.codes == ord(")"))
    before, after = np.searchsorted(openings, middle) - 1, np.searchsorted(closings, middle)
    complete = (before >= 0) & (after < len(closings))
    middle, start, end = middle[complete], openings[before[complete]], closings[after[complete]]
    same_line = (batch.line_of_code[start] == batch.line_of_code[middle]) & (
        batch.line_of_code[end] == batch.line_of_code[middle]
    )
    return start[same_line], end[same_line]


def _urls(batch: Batch) -> tuple[Int, Int]:
    """Start and end of each bare address: from `://` or `www.` to the next space."""
    start = np.unique(np.concatenate([_followed_by(batch, "://"), _followed_by(batch, "www.")]))
    spaces = np.append(np.flatnonzero(batch.classes == CharClass.SPACE), len(batch.codes))
    end = spaces[np.searchsorted(spaces, start)]
    last_of_its_word = np.append(end[1:] != end[:-1], True)[: len(end)]
    return start[last_of_its_word], end[last_of_its_word]


def _outside(start: Int, end: Int, other_start: Int, other_end: Int) -> tuple[Int, Int]:
    """The spans that do not begin inside one of the others, which are in ascending order."""
    if not len(other_start):
        return start, end
    before = np.searchsorted(other_start, start, side="right") - 1
    outside = (before < 0) | (start >= other_end[before])
    return start[outside], end[outside]


def _clock_times(batch: Batch) -> Int:
    """(n_lines,) colons between digits: 12:30."""
    digit = batch.classes == CharClass.DIGIT
    colon = np.flatnonzero(batch.codes[1:-1] == ord(":")) + 1
    between = digit[colon - 1] & digit[colon + 1]
    return np.bincount(batch.line_of_code[colon[between]], minlength=batch.n_lines)
