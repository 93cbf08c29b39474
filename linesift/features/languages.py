"""Whether a line speaks its document's language, by the function words of all languages."""

from __future__ import annotations

import numpy as np

from linesift.features.buffer import Batch, Column, Int
from linesift.features.lexicons import Lexicons

# Each function word casts 60 votes, shared by the languages that have it: whole numbers add up exactly.
VOTES = 60


def languages(batch: Batch, lexicons: Lexicons, stop_words: Int) -> dict[str, Column]:
    """Features: arrays of (n_lines,); NaN on lines without function words.

    `main_language_share` is the share of a line's function words that belong to the language that
    most function words of its document speak for.

    :param stop_words: (n_tokens,), see Lexicons.stop_words.
    """
    word, language = lexicons.stop_languages(stop_words)
    n_languages = len(lexicons.languages)
    n_spoken = np.bincount(word, minlength=len(batch.tokens.hash))
    doc = batch.doc_of_line[batch.tokens.line[word]]
    votes = np.bincount(
        doc * n_languages + language, weights=VOTES // n_spoken[word], minlength=batch.n_docs * n_languages
    )
    main_language: Int = votes.reshape(batch.n_docs, n_languages).argmax(axis=1)
    line = batch.tokens.line[word]
    speaks_main = language == main_language[doc]
    n_main = np.bincount(line[speaks_main], minlength=batch.n_lines)
    n_words = np.bincount(batch.tokens.line[stop_words >= 0], minlength=batch.n_lines)
    return {"main_language_share": np.where(n_words > 0, n_main / np.maximum(n_words, 1), np.nan)}
