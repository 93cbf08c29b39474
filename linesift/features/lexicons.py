"""Lexicons: phrases that give a kind of line away, in many languages, found by one automaton."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import ahocorasick_rs
import numpy as np
from numpy.typing import NDArray

from linesift.features.buffer import Batch, Column, Hash, Int
from linesift.features.characters import code_points, fold, tables

KINDS = (
    "advertisement", "app", "comment", "consent", "credit", "date", "legal", "link", "login", "navigation",
    "newsletter", "paywall", "related", "share", "widget",
)  # fmt: skip
STOP = "stop"  # the kind whose entries are function words, counted by their hashes
STEM = "*"


class Entry(NamedTuple):
    """One phrase of a lexicon; `stem` entries match any ending."""

    kind: str
    language: str
    phrase: str
    stem: bool


class Matches(NamedTuple):
    """Where phrases stand in a batch."""

    pattern: Int  #: (n_matches,), index into Lexicons.patterns
    start: Int  #: (n_matches,), first code point in the buffer
    end: Int  #: (n_matches,), one past the last


@dataclass(frozen=True)
class Lexicons:
    """All entries, and what is compiled from them.

    :param entries: sorted, without duplicates.
    """

    entries: tuple[Entry, ...]

    @classmethod
    def from_entries(cls, entries: Iterable[Entry]) -> Lexicons:
        return cls(tuple(sorted(set(entries))))

    def __reduce__(self) -> tuple[type[Lexicons], tuple[tuple[Entry, ...]]]:
        """Only the entries are pickled: the automaton is compiled anew in each process."""
        return Lexicons, (self.entries,)

    @cached_property
    def entries_of_pattern(self) -> Mapping[tuple[str, bool], tuple[Entry, ...]]:
        """The entries behind each (folded phrase, stem), in the order of the automaton's patterns."""
        phrases = [entry for entry in self.entries if entry.kind != STOP]
        grouped: dict[tuple[str, bool], list[Entry]] = {}
        for entry, folded in zip(phrases, fold_all([entry.phrase for entry in phrases]), strict=True):
            grouped.setdefault((folded, entry.stem), []).append(entry)
        return {pattern: tuple(entries) for pattern, entries in grouped.items()}

    @cached_property
    def patterns(self) -> tuple[tuple[str, bool], ...]:
        return tuple(self.entries_of_pattern)

    @cached_property
    def _automaton(self) -> ahocorasick_rs.AhoCorasick:
        return ahocorasick_rs.AhoCorasick(
            [phrase for phrase, _ in self.patterns],
            implementation=ahocorasick_rs.Implementation.ContiguousNFA,
        )

    @cached_property
    def _pattern_table(self) -> tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.bool_]]:
        """For each pattern: does a word begin it, must its last word end with it, and of which kinds is it."""
        is_word = tables().is_word
        firsts = code_points("".join(phrase[0] for phrase, _ in self.patterns))
        lasts = code_points("".join(phrase[-1] for phrase, _ in self.patterns))
        stems = np.array([stem for _, stem in self.patterns], dtype=np.bool_)
        char_class = tables().char_class
        of_kind = np.zeros((len(self.patterns), len(KINDS)), dtype=np.bool_)
        for row, entries in enumerate(self.entries_of_pattern.values()):
            of_kind[row, [KINDS.index(entry.kind) for entry in entries]] = True
        return is_word[char_class[firsts]], is_word[char_class[lasts]] & ~stems, of_kind

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """The languages that have function words, in alphabetical order; one nameless if there is none."""
        return tuple(sorted({entry.language for entry in self.entries if entry.kind == STOP})) or ("",)

    @cached_property
    def _stop_table(self) -> tuple[Hash, Int, Int]:
        """Sorted hashes of the function words; where the languages of each begin; and those languages."""
        entries = [entry for entry in self.entries if entry.kind == STOP]
        if not entries:
            return np.zeros(0, dtype=np.uint64), np.zeros(1, dtype=np.int64), np.zeros(0, dtype=np.int64)
        hashes, word = np.unique(Batch([[entry.phrase for entry in entries]]).line_hash, return_inverse=True)
        language = np.array([self.languages.index(entry.language) for entry in entries])
        pairs = np.unique(np.column_stack([word, language]), axis=0)
        return hashes, np.searchsorted(pairs[:, 0], np.arange(len(hashes) + 1)), pairs[:, 1]

    def find(self, batch: Batch) -> Matches:
        """All matches in the batch that begin and end where words do, overlapping ones included."""
        text = batch.folded.tobytes().decode("utf-32-le")
        found = self._automaton.find_matches_as_indexes(text, overlapping=True) if self.patterns else []
        pattern, start, end = np.array(found, dtype=np.int64).reshape(-1, 3).T
        begins, ends, _ = self._pattern_table if self.patterns else (np.zeros(0, np.bool_),) * 3
        word = np.zeros(len(batch.codes) + 2, dtype=np.bool_)
        word[1:-1] = batch.is_word
        whole = ~(begins[pattern] & word[start]) & ~(ends[pattern] & word[end + 1])
        return Matches(pattern[whole], start[whole], end[whole])

    def count(self, batch: Batch) -> dict[str, Column]:
        """Features: matches of each kind, kinds met, and the share of the line that phrases cover."""
        matches, n = self.find(batch), batch.n_lines
        line = batch.line_of_code[matches.start]
        of_kind = self._pattern_table[2][matches.pattern]
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
        known = self._stop_table[0]
        if not len(known):
            return np.full(len(batch.tokens.hash), -1)
        position = np.minimum(np.searchsorted(known, batch.tokens.hash), len(known) - 1)
        return np.where(known[position] == batch.tokens.hash, position, -1)

    def stop_languages(self, stop_words: Int) -> tuple[Int, Int]:
        """The languages of the function words among the tokens.

        :param stop_words: (n_tokens,), see stop_words.
        :returns: (n_pairs,) token and (n_pairs,) index into languages, a pair for each language of each.
        """
        _, start, language = self._stop_table
        token = np.flatnonzero(stop_words >= 0)
        first, count = start[stop_words[token]], np.diff(start)[stop_words[token]]
        offset = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
        return np.repeat(token, count), language[np.repeat(first, count) + offset]


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
        entries += parse_lexicon(path.read_text("utf-8"), path.parent.name, path.stem)
        if not all(entry.phrase for entry in entries):
            raise ValueError(f"{path}: an entry of nothing but `{STEM}`")
    return Lexicons.from_entries(entries)
