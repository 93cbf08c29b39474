"""Leaving phrases out of the frozen lexicons that give nothing away.

The lexicons of all languages are searched at once, so the abbreviation of a month in one
language can be a function word in another, and a stem of one the beginning of an ordinary
word of another. Such phrases are found by rule and by count.
"""

from __future__ import annotations

import numpy as np

from linesift.features.buffer import Batch, Float
from linesift.features.lexicons import STOP, Lexicons, fold_all
from linesift.training_lines import TrainingLines

# A phrase met so often (in weighted lines) is judged by where it was met ...
FEWEST_MATCHES = 10.0
# ... and left out if noise lines hold it less than half as often as their share lets expect.
LOWEST_LIFT = 0.5
LONGEST_AMBIGUOUS = 2  # characters; in alphabets, words this short belong to too many languages


def without_function_words(lexicons: Lexicons) -> Lexicons:
    """The lexicons without phrases that are a function word of some language, or a very short word."""
    stop_words = {entry.phrase for entry in lexicons.entries if entry.kind == STOP}
    folded_stop = set(fold_all(sorted(stop_words)))
    folded = fold_all([entry.phrase for entry in lexicons.entries])
    return Lexicons.from_entries(
        entry
        for entry, phrase in zip(lexicons.entries, folded, strict=True)
        if entry.kind == STOP or not (phrase in folded_stop or _is_short_word(phrase))
    )


def _is_short_word(phrase: str) -> bool:
    return len(phrase) <= LONGEST_AMBIGUOUS and phrase.isalpha() and not Batch([[phrase]]).is_unspaced.any()


def without_weak_phrases(lexicons: Lexicons, lines: TrainingLines, weight: Float) -> Lexicons:
    """The lexicons without phrases that stand in article lines rather than in noise.

    :param weight: (n_lines,) of the lines.
    """
    n_patterns = lexicons.n_patterns
    counts = np.zeros((2, n_patterns))
    for batch, rows in lines.batches():
        matches = lexicons.find(batch)
        line = batch.line_of_code[matches.start]
        weight_here, label = weight[rows][line], lines.noise[rows][line]
        for code in (0, 1):
            chosen = label == code
            counts[code] += np.bincount(matches.pattern[chosen], weights=weight_here[chosen], minlength=n_patterns)
    article, noise = counts
    in_article, in_noise = (weight[lines.noise == code].sum() for code in (0, 1))
    weak = (article + noise >= FEWEST_MATCHES) & (noise * in_article < LOWEST_LIFT * article * in_noise)
    return Lexicons.from_entries(
        entry
        for entry, pattern in zip(lexicons.entries, lexicons.pattern_of_entry, strict=True)
        if pattern < 0 or not weak[pattern]
    )
