"""Labels for the lines of a page, from the gold text of its article."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import chain

from rapidfuzz.distance import LCSseq

ARTICLE, NOISE = 1, 0

# Scripts that put no spaces between words: kana, Han and its compatibility block, Thai.
UNSPACED = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\u0e00-\u0e7f"
TOKEN = re.compile(rf"[{UNSPACED}]|[^\W{UNSPACED}]+")
# What parts headline, section and site in the title of a page: "Headline | Site".
TITLE_SEPARATOR = re.compile(r"\s+[|\-–—»:·•/]+\s+")

SHORT_LINE = 4  # tokens; a shorter line is too easily matched by chance
ARTICLE_SHARE = 0.75  # of a line's tokens, matched at least
NOISE_SHARE = 0.35  # matched at most
SHORT_NOISE_SHARE = 0.5  # of a short line, matched less
TITLE_OVERLAP = 0.8  # Jaccard index of two sets of tokens that say the same
GOLD_FOUND = 0.5  # of the gold text, in a view that can be trusted

Tokens = list[str]


def tokenize(text: str) -> Tokens:
    """Words in lower case, and single characters of the scripts without spaces.

    >>> tokenize("Über 3 Dinge: 新闻!")
    ['über', '3', 'dinge', '新', '闻']
    """
    return TOKEN.findall(text.lower())


def label_lines(lines: Sequence[str], gold: str, title: str) -> list[int | None] | None:
    """One label a line: 1 article, 0 noise, None ambiguous; or None if too little of the gold text was found.

    :param lines: the lines of the page, none of them blank.
    :param gold: the text of the article, a line a paragraph.
    :param title: the title of the page. A noise line that repeats it is ambiguous: some gold texts hold it, some not.
    """
    tokens = [tokenize(line) for line in lines]
    gold_lines = [tokenize(line) for line in gold.split("\n")]
    matched, found = match(tokens, gold_lines)
    if found < GOLD_FOUND:
        return None
    whole_lines = set(map(tuple, gold_lines))
    titles = title_sets(title)
    labels = [label_line(line, count, whole_lines) for line, count in zip(tokens, matched, strict=True)]
    return [
        None if label == NOISE and repeats_title(line, titles) else label
        for line, label in zip(tokens, labels, strict=True)
    ]


def match(lines: Sequence[Tokens], gold_lines: Sequence[Tokens]) -> tuple[list[int], float]:
    """How many tokens of each line a longest common subsequence with the gold text holds, and the share of it found."""
    page, gold = list(chain.from_iterable(lines)), list(chain.from_iterable(gold_lines))
    if not gold:
        return [0] * len(lines), 0.0
    on_path = bytearray(len(page))
    for step in LCSseq.opcodes(page, gold):
        if step.tag == "equal":
            on_path[step.src_start : step.src_end] = b"\1" * (step.src_end - step.src_start)
    counts, start = [], 0
    for line in lines:
        counts.append(sum(on_path[start : start + len(line)]))
        start += len(line)
    return counts, sum(counts) / len(gold)


def label_line(tokens: Tokens, matched: int, whole_lines: set[tuple[str, ...]]) -> int | None:
    """The label of one line, from the number of its tokens that are matched."""
    if not tokens:
        return None
    share = matched / len(tokens)
    if len(tokens) < SHORT_LINE:
        if matched == len(tokens) and tuple(tokens) in whole_lines:
            return ARTICLE
        return NOISE if share < SHORT_NOISE_SHARE else None
    if share >= ARTICLE_SHARE:
        return ARTICLE
    return NOISE if share <= NOISE_SHARE else None


def title_sets(title: str) -> list[set[str]]:
    """The tokens of the title, and those of each of its parts that could be a headline: two words are a site's name."""
    sets = [set(tokenize(part)) for part in (title, *TITLE_SEPARATOR.split(title))]
    return [tokens for tokens in sets if len(tokens) >= SHORT_LINE - 1]


def repeats_title(tokens: Iterable[str], titles: Iterable[set[str]]) -> bool:
    """Whether the line says what the title says, or a part of it."""
    line = set(tokens)
    return any(len(line & title) >= TITLE_OVERLAP * len(line | title) for title in titles)
