"""Why a line got its score, from LightGBM's own contributions and the catalogue of features."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from linesift.documents import is_blank
from linesift.features.buffer import Batch
from linesift.features.catalogue import Feature
from linesift.features.extract import Extractor
from linesift.features.lexicons import Lexicons
from linesift.model import Model

# Columns of the second pass that hold the line's own score of the first.
OWN_SCORE = ("score", "noise_run", "article_run")
SMALLEST_CONTRIBUTION = 0.01  # log-odds; less moves no score by more than a quarter of a percent
LEXICON_PREFIX = "lexicon_"
TINY = 1e-12  # keeps a division by zero from warning where its result is not used


class Reason(NamedTuple):
    """One piece of evidence.

    :param feature: its name in the catalogue.
    :param value: of the feature on this line; NaN where it has none.
    :param contribution: to the log-odds of noise: above 0 for noise, below 0 for article.
    :param text: in words.
    """

    feature: str
    value: float
    contribution: float
    text: str


def explain(model: Model, lines: Sequence[str], number: int) -> list[Reason]:
    """The reasons for the score of one line, strongest first.

    :param lines: of the document.
    :param number: of the line, from 1.
    :raises IndexError: if there is no such line.
    :raises ValueError: if the line is blank.
    """
    if not 1 <= number <= len(lines):
        raise IndexError(f"no line {number} in a document of {len(lines)} lines")
    if is_blank(lines[number - 1]):
        raise ValueError(f"line {number} is blank: it has no score to explain")
    return explain_all(model, lines, [number])[0]


def explain_all(model: Model, lines: Sequence[str], numbers: Sequence[int]) -> list[list[Reason]]:
    """The reasons for the scores of some lines of one document, strongest first.

    :param numbers: of lines that are not blank, from 1.
    """
    visible = [place for place, line in enumerate(lines) if not is_blank(line)]
    batch = Batch([[lines[place] for place in visible]])
    row_of = {place + 1: row for row, place in enumerate(visible)}
    table = model.second_table(Extractor(batch, model.lexicons), threads=1)[0][[row_of[number] for number in numbers]]
    contributions = _contributions(model, table)
    return [
        _reasons(model, values, shares, lines[number - 1])
        for values, shares, number in zip(table, contributions, numbers, strict=True)
    ]


def _reasons(model: Model, values: NDArray[np.float32], contributions: NDArray[np.float64], line: str) -> list[Reason]:
    phrases = _phrases_by_kind(Batch([[line]]), model.lexicons)
    features = model.catalogue.columns
    order = np.argsort(-np.abs(contributions), kind="stable")
    return [
        Reason(
            features[place].name,
            float(values[place]),
            float(contributions[place]),
            _in_words(features[place], float(values[place]), phrases),
        )
        for place in order
        if abs(contributions[place]) >= SMALLEST_CONTRIBUTION
    ]


def _contributions(model: Model, table: NDArray[np.float32]) -> NDArray[np.float64]:
    """(n_lines, n_features) contributions to the calibrated log-odds, as LightGBM computes those of the
    two passes (Lundberg & Lee 2017).

    What the line's own score of the first pass contributes to the second is handed on to the features
    behind that score, in proportion to those of their contributions to it that have its sign.
    """
    n_first = len(model.catalogue.first_pass)
    second = np.asarray(model.second.predict(table, pred_contrib=True, num_threads=1))[:, :-1]
    first = np.asarray(model.first.predict(table[:, :n_first], pred_contrib=True, num_threads=1))[:, :-1]
    own = [place for place, feature in enumerate(model.catalogue.columns) if feature.name in OWN_SCORE]
    handed_on = second[:, own].sum(axis=1, keepdims=True)
    agreeing = np.where(np.sign(first) == np.sign(handed_on), np.abs(first), 0.0)
    total = agreeing.sum(axis=1, keepdims=True)
    second[:, own] = np.where(total > 0, 0.0, second[:, own])
    second[:, :n_first] += np.where(total > 0, handed_on * agreeing / np.maximum(total, TINY), 0.0)
    contributions = model.calibration.second * second
    contributions[:, :n_first] += model.calibration.first * first
    return contributions


def _phrases_by_kind(batch: Batch, lexicons: Lexicons) -> dict[str, dict[str, set[str]]]:
    """The phrases found in a line, by kind, each with its languages."""
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for pattern in lexicons.find(batch).pattern:
        for entry in lexicons.entries_of(pattern):
            found[entry.kind][entry.phrase].add(entry.language)
    return found


def _in_words(feature: Feature, value: float, phrases: dict[str, dict[str, set[str]]]) -> str:
    kind = feature.name.removeprefix(LEXICON_PREFIX)
    if feature.name.startswith(LEXICON_PREFIX) and kind in phrases:
        found = phrases[kind].items()
        return f"{feature.meaning}: " + ", ".join(f"“{text}” ({'/'.join(sorted(langs)[:3])})" for text, langs in found)
    return f"{feature.meaning}: {'none' if np.isnan(value) else f'{value:.3g}'}"
