"""What can be told about the lines of one document: phrases and their languages, words, other lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from linesift.features.buffer import Batch, Columns, Float
from linesift.features.extract import Extractor
from linesift.features.languages import VOTES
from linesift.features.word_model import word_terms
from linesift.model import Model, probability

LONGEST_EXCERPT = 40  # characters of another line, enough to find it again
MOST_READ = 400  # characters of that line, which may be as long as a book
# A line most likely speaks the language of its document: that is worth more than one phrase or function word.
WORTH_OF_MAIN_LANGUAGE = 1.5
# A word is worth its own weight and half of each pair it stands in: a pair has two words.
SHARE_OF_PAIR = 0.5


class Phrase(NamedTuple):
    """A phrase of a lexicon, found in a line.

    :param text: as it stands in the line.
    :param languages: whose lexicons hold it.
    """

    kind: str
    text: str
    languages: frozenset[str]


Span = tuple[int, int]  # the first code point in the buffer, and one past the last


@dataclass(frozen=True)
class Evidence:
    """The visible lines of one document, or of one part of a long one, and what was computed from them.

    :param numbers: (n_lines,) of the visible lines in the document, from 1.
    :param table: (n_lines, n_features), what the second pass sees.
    :param noise: (n_lines,) the first pass's P(noise).
    :param part: of the document, in words; "" for a whole one.
    """

    model: Model
    extractor: Extractor
    numbers: Sequence[int]
    table: NDArray[np.float32]
    noise: Float
    part: str = ""

    @classmethod
    def of(cls, model: Model, lines: Sequence[str], numbers: Sequence[int], part: str = "") -> Evidence:
        """The evidence on a document or a part of it.

        :param lines: the visible ones.
        :param numbers: of those lines.
        :param part: see Evidence.
        """
        extractor = Extractor(Batch([lines]), model.lexicons)
        table, raw = model.second_table(extractor, threads=1)
        return cls(model, extractor, numbers, table, probability(raw), part)

    @property
    def batch(self) -> Batch:
        return self.extractor.batch

    @property
    def lines(self) -> Columns:
        """What each line says by itself and shares with the others, whether or not the model looks at it."""
        return self.extractor.lines

    def text(self, start: int, end: int) -> str:
        """The code points of the buffer as text on one line."""
        return " ".join(self._raw(start, end).split())

    def _raw(self, start: int, end: int) -> str:
        return "".join(map(chr, self.batch.codes[start:end].tolist()))

    def mention(self, row: int) -> str:
        """Another line, to be named in a sentence: its number and how it begins."""
        first, last = (int(bound[row]) for bound in self.batch.visible_bounds)
        text = self.text(first, min(last + 1, first + MOST_READ))
        short = text if len(text) <= LONGEST_EXCERPT else text[: LONGEST_EXCERPT - 1].rstrip() + "…"
        return f"line {self.numbers[row]}, “{short}”"

    def phrases(self, row: int) -> list[Phrase]:
        """The phrases of each kind in a line, in their order; none that is part of another, and none twice."""
        by_kind: dict[str, dict[Span, set[str]]] = {}
        for pattern, span in self._matches.get(row, ()):
            for entry in self.model.lexicons.entries_of(pattern):
                by_kind.setdefault(entry.kind, {}).setdefault(span, set()).add(entry.language)
        return [phrase for kind, spans in by_kind.items() for phrase in self._whole(kind, spans)]

    def _whole(self, kind: str, spans: dict[Span, set[str]]) -> list[Phrase]:
        languages: dict[str, set[str]] = {}
        reach = -1
        for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
            if end > reach:  # else a phrase that begins no later ends no earlier
                languages.setdefault(self.text(start, self._word_end(end)), set()).update(spans[start, end])
                reach = end
        return [Phrase(kind, text, frozenset(spoken)) for text, spoken in languages.items()]

    def _word_end(self, end: int) -> int:
        """Where the word ends that a stem began."""
        is_word = self.batch.is_word
        while end < len(is_word) and is_word[end - 1] and is_word[end]:
            end += 1
        return end

    @cached_property
    def _matches(self) -> dict[int, list[tuple[int, Span]]]:
        """The patterns found in each row, and where."""
        found = self.model.lexicons.find(self.batch)
        line = self.batch.line_of_code[found.start]
        rows: dict[int, list[tuple[int, Span]]] = {}
        for row, pattern, *span in zip(*(column.tolist() for column in (line, *found)), strict=True):
            rows.setdefault(row, []).append((pattern, (span[0], span[1])))
        return rows

    def languages(self, row: int, phrases: Sequence[Phrase]) -> list[str]:
        """The languages that the phrases of a line most likely speak: those with most phrases and function words."""
        held = Counter(language for phrase in phrases for language in phrase.languages)
        bonus = {self.main_language: WORTH_OF_MAIN_LANGUAGE}
        spoken = dict(zip(self._known, self._votes[row].tolist(), strict=True))
        likely = {
            language: count + spoken.get(language, 0.0) + bonus.get(language, 0.0) for language, count in held.items()
        }
        return sorted(language for language, worth in likely.items() if worth == max(likely.values()))

    @cached_property
    def main_language(self) -> str:
        """The language that most function words of the document speak for; "" without any."""
        total = self._votes.sum(axis=0)
        return self._known[int(total.argmax())] if total.any() else ""

    @property
    def _known(self) -> tuple[str, ...]:
        return self.model.lexicons.languages

    @cached_property
    def _votes(self) -> Float:
        """(n_lines, n_languages), function words of each language; one that many languages have is shared."""
        token = np.flatnonzero(self.extractor.is_stop)
        word, language = self.model.lexicons.stop_languages(self.extractor.stop_words[token])
        worth = (VOTES // np.bincount(word))[word] / VOTES
        votes = np.zeros((self.batch.n_lines, len(self._known)))
        np.add.at(votes, (self.batch.tokens.line[token[word]], language), worth)
        return votes

    def telling_words(self, row: int, sign: float) -> list[str]:
        """The words of a line that the word model holds to be most of noise (sign 1) or of articles (-1)."""
        tokens = self.batch.tokens
        first, last = self.batch.token_bounds[row : row + 2]
        text = [
            self.text(int(a), int(b)) for a, b in zip(tokens.start[first:last], tokens.end[first:last], strict=True)
        ]
        worth = sign * self._worth_of_words(row)
        order = np.argsort(-worth, kind="stable")
        told = [text[place] for place in order if worth[place] > 0]
        # A single letter, or a number, which the word model knows by its length alone, tells a person nothing.
        return list(dict.fromkeys(word for word in told if not (word.isdigit() or (len(word) == 1 and word.isascii()))))

    def _worth_of_words(self, row: int) -> Float:
        """(n_words,) log-odds of noise of the words of one line."""
        start, end = int(self.batch.line_start[row]), int(self.batch.line_end[row])
        weights = self.model.word_model.weights[word_terms(Batch([[self._raw(start, end)]]))[1]].astype(np.float64)
        n_words = (len(weights) - 1) // 2  # n words, n - 1 pairs, 2 borders
        if n_words < 1:
            return np.zeros(0)
        worth = weights[:n_words].copy()
        pairs = SHARE_OF_PAIR * weights[n_words : 2 * n_words - 1]
        worth[:-1] += pairs
        worth[1:] += pairs
        worth[0] += weights[-2]
        worth[-1] += weights[-1]
        return worth
