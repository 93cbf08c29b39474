"""The reasons for the score of a line, from LightGBM's own contributions."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from linesift.documents import ARTICLE, NOISE, Label, is_blank, unmarked, visible_numbers
from linesift.model import Model
from linesift.parts import beginnings, lengths, parts
from linesift.reasons.contributions import contributions
from linesift.reasons.evidence import Evidence
from linesift.reasons.wording import OF_THE_PAGE, Point, Topic, catalogued, topic_of

MOST_TOLD = 3
# Log-odds; less moves a score by about a hundredth at most, and is not worth a person's time.
SMALLEST_TOLD = 0.05


class Reason(NamedTuple):
    """One piece of evidence.

    :param feature: its name in the catalogue; of several, the one that contributes most.
    :param value: of the feature on this line; NaN where it has none.
    :param contribution: to the log-odds of noise: above 0 for noise, below 0 for article.
    :param text: in words.
    """

    feature: str
    value: float
    contribution: float
    text: str


class Told(NamedTuple):
    """The reasons of one line, see in_words: those for noise, and those for article."""

    noise: str
    article: str

    def of(self, label: Label | None) -> str:
        """The reasons for the label that a line has."""
        return self.noise if label == NOISE else self.article


def explain(model: Model, lines: Sequence[str], number: int) -> list[Reason]:
    """The reasons for the score of one line, strongest first.

    The features of one topic (phrases, neighbours, length, ...) are one reason. The contributions add up
    to the log-odds of the score, less a constant of the model.

    :param lines: of the document.
    :param number: of the line, from 1.
    :raises IndexError: if there is no such line.
    :raises ValueError: if the line is blank.
    """
    check_number(lines, number)
    return explain_all(model, lines, [number])[0]


def explain_features(model: Model, lines: Sequence[str], number: int) -> list[Reason]:
    """The same for each feature by itself, in the words of the catalogue.

    :raises IndexError: if there is no such line.
    :raises ValueError: if the line is blank.
    """
    check_number(lines, number)
    ((evidence, row, shares),) = _explained(model, lines, [number], threads=1)
    values = evidence.table[row]
    points = [
        Point(row, feature, float(value), {feature.name: float(share)})
        for feature, value, share in zip(model.catalogue.columns, values, shares, strict=True)
        if share
    ]
    return strongest_first([_reason(point, catalogued(evidence, point)) for point in points])


def check_number(lines: Sequence[str], number: int) -> None:
    """See explain.

    :raises IndexError: if there is no such line.
    :raises ValueError: if the line is blank.
    """
    if not 1 <= number <= len(lines):
        raise IndexError(f"no line {number} in a document of {len(lines)} lines")
    if is_blank(lines[number - 1]):
        raise ValueError(f"line {number} is blank: it has no score to explain")


def explain_all(model: Model, lines: Sequence[str], numbers: Sequence[int], threads: int = 1) -> list[list[Reason]]:
    """The reasons for the scores of some lines of one document, strongest first.

    :param numbers: of lines that are not blank, from 1.
    :param threads: of LightGBM.
    """
    return [
        strongest_first(_by_topic(evidence, row, shares))
        for evidence, row, shares in _explained(model, lines, numbers, threads)
    ]


def tell_all(model: Model, lines: Sequence[str], threads: int = 1) -> list[Told | None]:
    """The reasons of every line of a document in words, None on blank ones."""
    numbers = visible_numbers(lines)
    told: list[Told | None] = [None] * len(lines)
    for number, reasons in zip(numbers, explain_all(model, lines, numbers, threads), strict=True):
        told[number - 1] = tell(reasons)
    return told


def tell(reasons: Sequence[Reason]) -> Told:
    """The reasons of one line in words."""
    return Told(in_words(reasons, NOISE), in_words(reasons, ARTICLE))


def in_words(reasons: Sequence[Reason], label: Label) -> str:
    """The strongest reasons that speak for a label, in one line of text.

    What is the same for all lines of the document is left out: it sets no line apart.

    >>> in_words([Reason("words", 2, 0.6, "only 2 words"), Reason("position", 1, -0.3, "line 1 of 9")], "noise")
    'only 2 words'
    >>> in_words([], "article")
    'nothing in particular'
    """
    sign = 1 if label == NOISE else -1
    told = [
        reason.text
        for reason in reasons
        if sign * reason.contribution >= SMALLEST_TOLD and reason.feature not in OF_THE_PAGE
    ]
    return "; ".join(told[:MOST_TOLD]) or "nothing in particular"


def _explained(
    model: Model, lines: Sequence[str], numbers: Sequence[int], threads: int
) -> Iterator[tuple[Evidence, int, NDArray[np.float64]]]:
    """The evidence on its part of the document, the row there and the contributions (n_features,) of each line."""
    lines = unmarked(lines)
    visible = visible_numbers(lines)
    cut = parts(lengths(lines)[np.array(visible, dtype=np.int64) - 1])
    starts = [part.start for part in cut]
    seen = (bisect_left(visible, number) for number in numbers)
    for place, group in groupby(seen, lambda row: bisect_right(starts, row) - 1):
        of_part = visible[cut[place]]
        name = f", in part {place + 1} of {len(cut)}" if len(cut) > 1 else ""
        evidence = Evidence.of(model, beginnings([lines[number - 1] for number in of_part]), of_part, name)
        rows = [row - starts[place] for row in group]
        for row, shares in zip(rows, contributions(model, evidence.table[rows], threads), strict=True):
            yield evidence, row, shares


def _by_topic(evidence: Evidence, row: int, shares: NDArray[np.float64]) -> list[Reason]:
    columns = evidence.model.catalogue.columns
    places: dict[Topic, list[int]] = {}
    for place in np.flatnonzero(shares).tolist():
        places.setdefault(topic_of(columns[place]), []).append(place)
    reasons = []
    for topic, own in places.items():
        sign = np.sign(shares[own].sum()) or 1.0
        lead = max(own, key=lambda place: sign * shares[place])
        by_name = {columns[place].name: float(shares[place]) for place in own}
        point = Point(row, columns[lead], float(evidence.table[row, lead]), by_name)
        reasons.append(_reason(point, topic.wording(evidence, point)))
    return reasons


def _reason(point: Point, text: str) -> Reason:
    return Reason(point.feature.name, point.value, sum(point.shares.values()), text)


def strongest_first(reasons: list[Reason]) -> list[Reason]:
    """The reasons in the order of what they contribute, for either label."""
    return sorted(reasons, key=lambda reason: -abs(reason.contribution))
