"""Whether a line speaks its document's language, by the function words of all languages."""

from __future__ import annotations

import numpy as np

from linesift.features.buffer import Batch, Column, Int
from linesift.features.lexicons import Lexicons
from linesift.native import words as compiled

# Each function word casts 60 votes, shared by the languages that have it: whole numbers add up exactly.
VOTES = 60


def languages(batch: Batch, lexicons: Lexicons, stop_words: Int) -> dict[str, Column]:
    """Features: arrays of (n_lines,); NaN on lines without function words.

    `main_language_share` is the share of a line's function words that belong to the language that
    most function words of its document speak for.

    :param stop_words: (n_tokens,), see Lexicons.stop_words.
    """
    n_words, n_main = (_compiled_counts if compiled else _counts)(batch, lexicons, stop_words)
    return {"main_language_share": np.where(n_words > 0, n_main / np.maximum(n_words, 1), np.nan)}


def _counts(batch: Batch, lexicons: Lexicons, stop_words: Int) -> tuple[Int, Int]:
    """(n_lines,) twice: function words, and those of the document's language."""
    token = np.flatnonzero(stop_words >= 0)
    word, line = stop_words[token], batch.tokens.line[token]
    doc = batch.doc_of_line[line]
    place, language = lexicons.stop_languages(word)
    n_languages = len(lexicons.languages)
    n_spoken = np.bincount(place, minlength=len(word))
    votes = np.bincount(
        doc[place] * n_languages + language,
        weights=VOTES // n_spoken[place],
        minlength=batch.n_docs * n_languages,
    )
    main_language: Int = votes.reshape(batch.n_docs, n_languages).argmax(axis=1)
    speaks_main = place[language == main_language[doc[place]]]
    return np.bincount(line, minlength=batch.n_lines), np.bincount(line[speaks_main], minlength=batch.n_lines)


def _compiled_counts(batch: Batch, lexicons: Lexicons, stop_words: Int) -> tuple[Int, Int]:
    n_words, n_main = np.empty((2, batch.n_lines), dtype=np.int64)
    votes = np.empty(len(lexicons.languages), dtype=np.int64)
    compiled.count_main_language(
        stop_words, batch.token_bounds, batch.doc_start, batch.doc_size, *lexicons.languages_of_stop_words,
        lexicons.is_spoken.view(np.uint8), VOTES, votes, n_words, n_main,
    )  # fmt: skip
    return n_words, n_main
