"""Lexicons: phrases that give a kind of line away, in many languages, found by one automaton."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import numpy as np

from linesift.features.buffer import Batch, Bool, Column, Hash, Int
from linesift.features.characters import code_points, fold
from linesift.features.hash_index import HashIndex
from linesift.features.phrases import Matches, Phrases, compile_phrases

KINDS = (
    "advertisement", "app", "comment", "consent", "credit", "date", "legal", "link", "login", "navigation",
    "newsletter", "paywall", "related", "share", "widget",
)  # fmt: skip
STOP = "stop"  # the kind whose entries are function words, counted by their hashes
KIND_INDEX = {kind: place for place, kind in enumerate((*KINDS, STOP))}
STEM = "*"
NO_PHRASE = ("", STEM)
MOST_SPOKEN = 1 << 26  # cells of Lexicons.is_spoken, a byte each; of the bundle that ships there are 1.2 million


class EntryColumns(NamedTuple):
    """The entries, column by column."""

    kinds: list[str]
    languages: list[str]
    phrases: list[str]
    stem: Bool  #: (n_entries,)


class Entry(NamedTuple):
    """One phrase of a lexicon; `stem` entries match any ending."""

    kind: str
    language: str
    phrase: str
    stem: bool


@dataclass(frozen=True)
class Lexicons:
    """All entries, and what is compiled from them when it is first asked for.

    :param table: a row for each entry, sorted: kind, language and phrase, with a final `*` for stems.
    """

    table: str

    @classmethod
    def from_entries(cls, entries: Iterable[Entry]) -> Lexicons:
        rows = sorted(set(entries))
        return cls("".join(f"{e.kind}\t{e.language}\t{e.phrase}{STEM if e.stem else ''}\n" for e in rows))

    def __reduce__(self) -> tuple[type[Lexicons], tuple[str]]:
        """Only the table is pickled: the rest is compiled anew in each process."""
        return Lexicons, (self.table,)

    @cached_property
    def columns(self) -> EntryColumns:
        """The table, column by column.

        :raises ValueError: if a row is no entry, naming it.
        """
        cells = self.table.replace("\n", "\t").split("\t")
        kinds, languages, phrases = cells[:-1:3], cells[1::3], cells[2::3]
        if cells[-1] or len(cells) % 3 != 1 or not _are_entries(kinds, phrases):
            raise ValueError(_first_bad_row(self.table))
        stem = np.array([phrase.endswith(STEM) for phrase in phrases], dtype=np.bool_)
        return EntryColumns(kinds, languages, [phrase.removesuffix(STEM) for phrase in phrases], stem)

    def check(self) -> None:
        """Check what a stranger's table may hold before anything is made of it.

        :raises ValueError: if a row is no entry, naming it; or there are more function words than one could use.
        """
        kinds, languages, _, _ = self.columns
        spoken = {language for kind, language in zip(kinds, languages, strict=True) if kind == STOP}
        if len(spoken) * kinds.count(STOP) > MOST_SPOKEN:
            raise ValueError(f"{kinds.count(STOP)} function words of {len(spoken)} languages, more than can be counted")

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """All entries, sorted."""
        return tuple(map(Entry, *self.columns[:3], self.columns.stem.tolist()))

    @cached_property
    def _phrases(self) -> tuple[Phrases, Int]:
        """The distinct phrases, and (n_entries,) which of them each entry is, -1 for function words."""
        _, _, phrases, stem = self.columns
        rows = np.flatnonzero(self._kind < len(KINDS))
        compiled, index = compile_phrases([phrases[row] for row in rows.tolist()], stem[rows])
        pattern_of_entry = np.full(len(phrases), -1)
        pattern_of_entry[rows] = index
        return compiled, pattern_of_entry

    @cached_property
    def _kind(self) -> Int:
        """(n_entries,), the place of each entry's kind among KINDS, behind the last for function words."""
        return np.array([KIND_INDEX[kind] for kind in self.columns.kinds], dtype=np.int64)

    @cached_property
    def _kinds_of_pattern(self) -> Bool:
        """(n_patterns, len(KINDS))."""
        phrases, pattern_of_entry = self._phrases
        of_kind = np.zeros((len(phrases), len(KINDS)), dtype=np.bool_)
        rows = np.flatnonzero(pattern_of_entry >= 0)
        of_kind[pattern_of_entry[rows], self._kind[rows]] = True
        return of_kind

    @property
    def n_patterns(self) -> int:
        return len(self._phrases[0])

    @property
    def pattern_of_entry(self) -> Int:
        """(n_entries,), the pattern of each entry, -1 for function words."""
        return self._phrases[1]

    def entries_of(self, pattern: int) -> list[Entry]:
        """The entries behind a pattern, since languages and kinds share phrases."""
        return [self.entries[row] for row in np.flatnonzero(self.pattern_of_entry == pattern).tolist()]

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """The languages that have function words, in alphabetical order; one nameless if there is none."""
        return tuple(sorted({language for language, _ in self._stop_words})) or ("",)

    @cached_property
    def _stop_words(self) -> list[tuple[str, str]]:
        """Language and word of each function word."""
        kinds, languages, phrases, _ = self.columns
        return [(languages[row], phrases[row]) for row, kind in enumerate(kinds) if kind == STOP]

    @cached_property
    def _stop_table(self) -> tuple[Hash, Int, Int]:
        """Sorted hashes of the function words; where the languages of each begin; and those languages."""
        if not self._stop_words:
            return np.zeros(0, dtype=np.uint64), np.zeros(1, dtype=np.int64), np.zeros(0, dtype=np.int64)
        words = Batch([[word for _, word in self._stop_words]])
        hashes, word = np.unique(words.line_hash, return_inverse=True)
        place = {language: place for place, language in enumerate(self.languages)}
        language = np.array([place[language] for language, _ in self._stop_words])
        pairs = np.unique(np.column_stack([word, language]), axis=0)
        return hashes, np.searchsorted(pairs[:, 0], np.arange(len(hashes) + 1)), pairs[:, 1].copy()

    def find(self, batch: Batch) -> Matches:
        """All matches in the batch that begin and end where words do, overlapping ones included."""
        return self._phrases[0].find(batch)

    def count(self, batch: Batch) -> dict[str, Column]:
        """Features: matches of each kind, kinds met, and the share of the line that phrases cover."""
        matches, n = self.find(batch), batch.n_lines
        line = batch.line_of_code[matches.start]
        of_kind = self._kinds_of_pattern[matches.pattern]
        counts = np.stack([np.bincount(line[of_kind[:, k]], minlength=n) for k in range(len(KINDS))])
        covered = np.bincount(line, weights=matches.end - matches.start, minlength=n)
        first, last = batch.visible_bounds
        length = last - first + 1
        return {
            **{f"lexicon_{kind}": counts[k] for k, kind in enumerate(KINDS)},
            "lexicon_kinds": (counts > 0).sum(axis=0),
            "lexicon_coverage": np.minimum(covered / length, 1.0),
        }

    def stop_words(self, batch: Batch) -> Int:
        """(n_tokens,), which function word each token is, -1 for none."""
        return self._stop_index.find(batch.tokens.hash)

    @cached_property
    def _stop_index(self) -> HashIndex:
        return HashIndex(self._stop_table[0])

    @property
    def languages_of_stop_words(self) -> tuple[Int, Int]:
        """(n_stop_words + 1,) where the languages of each function word begin in the other; indices into languages."""
        return self._stop_table[1:]

    @cached_property
    def is_spoken(self) -> Bool:
        """(n_stop_words, n_languages), the same as a table."""
        start, language = self.languages_of_stop_words
        spoken = np.zeros((len(start) - 1, len(self.languages)), dtype=np.bool_)
        spoken[np.repeat(np.arange(len(start) - 1), np.diff(start)), language] = True
        return spoken

    def stop_languages(self, words: Int) -> tuple[Int, Int]:
        """The languages of function words.

        :param words: (n_words,), see stop_words.
        :returns: (n_pairs,) place of the word and (n_pairs,) index into languages, a pair for each language of each.
        """
        start, language = self.languages_of_stop_words
        first, count = start[words], np.diff(start)[words]
        offset = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
        return np.repeat(np.arange(len(words)), count), language[np.repeat(first, count) + offset]


def _are_entries(kinds: list[str], phrases: list[str]) -> bool:
    """Whether all kinds are known, and all phrases phrases: of whole lists at once, as it is done at each start."""
    known = KIND_INDEX.keys() >= set(kinds)
    return known and phrases == list(map(str.strip, phrases)) and not any(none in phrases for none in NO_PHRASE)


def _first_bad_row(table: str) -> str:
    """What is wrong with a table that has rows which are no entries."""
    for number, row in enumerate(table.removesuffix("\n").split("\n"), 1):
        cells = row.split("\t")
        if len(cells) != 3 or not _are_entries(cells[:1], cells[2:]):
            return f"lexicons, line {number}: expected a known kind, a language and a phrase, found {row[:100]!r}"
    return "lexicons: the last line has no end"


def fold_all(phrases: Sequence[str]) -> list[str]:
    """The phrases as they are compared.

    >>> fold_all(["Nur notwendige", "¿Aceptas?"])
    ['nur notwendige', '¿aceptas?']
    """
    return fold(code_points("\n".join(phrases))).tobytes().decode("utf-32-le").split("\n")


def parse_lexicon(text: str, kind: str, language: str) -> Iterator[Entry]:
    """The entries of one lexicon file: one a line, `#` for comments, a final `*` for stems."""
    for line in unicodedata.normalize("NFC", text).split("\n"):
        phrase = " ".join(line.split())
        if phrase and not phrase.startswith("#"):
            yield Entry(kind, language, phrase.removesuffix(STEM).rstrip(), phrase.endswith(STEM))


def read_lexicons(folder: Path) -> Lexicons:
    """Read `<kind>/<language>.txt` below a folder.

    :raises FileNotFoundError: if there is no such file below the folder.
    :raises ValueError: if a folder is no kind, naming the kinds there are; or a phrase is empty, naming its file.
    """
    paths = sorted(folder.glob("*/*.txt"))
    if not paths:
        raise FileNotFoundError(f"no lexicons below {folder}: expected files named <kind>/<language>.txt")
    unknown = {path.parent.name for path in paths} - {*KINDS, STOP}
    if unknown:
        raise ValueError(
            f"{folder}: no kind of lexicon {', '.join(sorted(unknown))}; there are {', '.join(KINDS)}, {STOP}"
        )
    entries: list[Entry] = []
    for path in paths:
        found = list(parse_lexicon(path.read_text("utf-8"), path.parent.name, path.stem))
        if not all(entry.phrase for entry in found):
            raise ValueError(f"{path}: an entry of nothing but `{STEM}`")
        entries += found
    return Lexicons.from_entries(entries)
