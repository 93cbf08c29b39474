"""Throughput by the size of the documents and by the size of the corpus: is any step quadratic?"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from linesift.model import Model

DOCUMENT_LINES = (5, 20, 100, 500, 2_000, 20_000)
CORPUS_LINES = (1_000, 10_000, 100_000, 1_000_000)
LINES_A_POINT = 60_000


class Point(NamedTuple):
    """Throughput at one size."""

    size: int
    lines_per_second: float


def by_document(model: Model, lines: Sequence[str], largest: int) -> list[Point]:
    """Documents of so many lines each, as many of them as make up LINES_A_POINT, or `largest` if that is less."""
    total = min(LINES_A_POINT, largest)
    return [Point(size, _rate(model, _documents(lines, size, total))) for size in DOCUMENT_LINES if size <= total]


def by_corpus(model: Model, lines: Sequence[str], largest: int) -> list[Point]:
    """Documents of 100 lines, so many lines in all, up to `largest`."""
    return [Point(size, _rate(model, _documents(lines, 100, size))) for size in CORPUS_LINES if size <= largest]


def _documents(lines: Sequence[str], size: int, total: int) -> Iterator[list[str]]:
    for start in range(0, total, size):
        yield [lines[place % len(lines)] for place in range(start, start + size)]


def _rate(model: Model, documents: Iterator[list[str]]) -> float:
    """Lines a second."""
    made = list(documents)
    start = time.perf_counter()
    model.scores(made)
    return sum(map(len, made)) / (time.perf_counter() - start)


def as_markdown(of_document: Sequence[Point], of_corpus: Sequence[Point]) -> str:
    """Both tables."""
    tables = []
    for title, points in (("lines a document", of_document), ("lines in all", of_corpus)):
        rows = [f"| {point.size:,} | {point.lines_per_second:,.0f} |" for point in points]
        tables.append("\n".join([f"| {title} | lines/s |", "|---:|---:|", *rows, ""]))
    return "\n".join(tables)


def plot(of_document: Sequence[Point], of_corpus: Sequence[Point], path: Path) -> None:
    """Both curves; flat is linear time."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6, 3.2), layout="constrained")
    axes = figure.add_subplot(xscale="log", xlabel="lines", ylabel="lines a second, one thread")
    for label, points in (("in a document", of_document), ("in all, 100 a document", of_corpus)):
        axes.plot([p.size for p in points], [p.lines_per_second for p in points], "o-", label=label)
    axes.set_ylim(bottom=0)
    axes.legend()
    figure.savefig(path, dpi=120)
