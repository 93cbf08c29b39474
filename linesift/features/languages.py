"""Whether a line speaks its document's language, by the function words of all languages."""

from __future__ import annotations

import numpy as np

from linesift.features.buffer import Batch, Column, Int
from linesift.features.lexicons import Lexicons
from linesift.native import text as compiled

# Each function word casts 60 votes, shared by the languages that have it: whole numbers add up exactly.
VOTES = 60


def languages(batch: Batch, lexicons: Lexicons, stop_words: Int) -> dict[str, Column]:
    """Features: arrays of (n_lines,); NaN on lines without function words.

    `main_language_share` is the share of a line's function words that belong to the language that
    most function words of its document speak for.

    :param stop_words: (n_tokens,), see Lexicons.stop_words.
    """
    token = np.flatnonzero(stop_words >= 0)
    word, line = stop_words[token], batch.tokens.line[token]
    speaks_main = (_compiled_speaks_main if compiled else _speaks_main)(batch, lexicons, word, batch.doc_of_line[line])
    n_main = np.bincount(line, weights=speaks_main, minlength=batch.n_lines)
    n_words = np.bincount(line, minlength=batch.n_lines)
    return {"main_language_share": np.where(n_words > 0, n_main / np.maximum(n_words, 1), np.nan)}


def _speaks_main(batch: Batch, lexicons: Lexicons, word: Int, doc: Int) -> Int:
    """(n_words,), 1 for function words of their document's language, 0 for others.

    :param word: (n_words,), see Lexicons.stop_words.
    :param doc: (n_words,), of each word.
    """
    place, language = lexicons.stop_languages(word)
    n_languages = len(lexicons.languages)
    n_spoken = np.bincount(place, minlength=len(word))
    votes = np.bincount(
        doc[place] * n_languages + language,
        weights=VOTES // n_spoken[place],
        minlength=batch.n_docs * n_languages,
    )
    main_language: Int = votes.reshape(batch.n_docs, n_languages).argmax(axis=1)
    return np.bincount(place[language == main_language[doc[place]]], minlength=len(word))


def _compiled_speaks_main(batch: Batch, lexicons: Lexicons, word: Int, doc: Int) -> Int:
    spoken = lexicons.languages_of_stop_words
    votes = np.zeros((batch.n_docs, len(lexicons.languages)), dtype=np.int64)
    compiled.count_votes(word, doc, *spoken, VOTES, votes)
    found = np.zeros(len(word), dtype=np.int64)
    compiled.find_speaking(word, votes.argmax(axis=1)[doc], *spoken, found)
    return found
