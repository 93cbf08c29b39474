"""All competitors on the same lines in one run: lines a second, memory, macro F1.

Each competitor is loaded in a process of its own; then they take turns, so that a noisy machine is noisy for all.
"""

from __future__ import annotations

import multiprocessing
import resource
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.competitors import competitors
from linesift.corpus import LabelledDocument
from linesift.evaluation import Counts, count

ROUNDS = 5
THRESHOLD = 0.5


@dataclass(frozen=True)
class Result:
    """One row of the table.

    :param peak: highest resident memory of its process in MB, its own model and the documents included.
    :param macro_f1: mean over the rows (source/view) that hold both labels.
    """

    name: str
    lines_per_second: float
    characters_per_second: float
    peak: float
    macro_f1: float


def measure(train: Sequence[LabelledDocument], test: Sequence[LabelledDocument], model: Path | None) -> list[Result]:
    """Train those that learn, then time all on the test documents, round by round.

    :param model: linesift's bundle, trained without the test documents if its F1 is to mean anything.
    """
    context = multiprocessing.get_context("spawn")
    n_lines = sum(len(document.lines) for document in test)
    n_characters = sum(len(line) for document in test for line in document.lines)
    with tempfile.TemporaryDirectory() as folder:
        workers: list[tuple[str, Connection]] = []
        for place, competitor in enumerate(competitors(model)):
            kept = Path(folder) / str(place)
            kept.mkdir()
            learner = context.Process(target=_prepare, args=(place, model, train, kept))
            learner.start()
            learner.join()
            here, there = context.Pipe()
            context.Process(target=_work, args=(place, model, kept, test, there), daemon=True).start()
            workers.append((competitor.name, here))
        seconds: list[list[float]] = [[] for _ in workers]
        for _ in range(ROUNDS):
            for (_, worker), times in zip(workers, seconds, strict=True):
                worker.send("run")
                times.append(worker.recv())
        results = []
        for (name, worker), times in zip(workers, seconds, strict=True):
            worker.send("stop")
            noise, peak = worker.recv()
            median = statistics.median(times)
            results.append(Result(name, n_lines / median, n_characters / median, peak, _macro_f1(test, noise)))
    return results


def _prepare(place: int, model: Path | None, train: Sequence[LabelledDocument], folder: Path) -> None:
    competitors(model)[place].prepare(train, folder)


def _work(
    place: int, model: Path | None, folder: Path, test: Sequence[LabelledDocument], connection: Connection
) -> None:
    """Load, then score the documents at each "run" and answer with the seconds it took."""
    competitor = competitors(model)[place]
    competitor.load(folder)
    documents, languages = [document.lines for document in test], [document.lang for document in test]
    noise: list[NDArray[np.float64]] = []
    while connection.recv() == "run":
        start = time.perf_counter()
        noise = competitor.noise(documents, languages)
        connection.send(time.perf_counter() - start)
    connection.send((noise, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))


def _macro_f1(test: Sequence[LabelledDocument], noise: Sequence[NDArray[np.float64]]) -> float:
    rows: dict[str, Counts] = {}
    for document, scores in zip(test, noise, strict=True):
        rows[document.row] = rows.get(document.row, Counts()) + count(document.labels, scores, THRESHOLD)
    return statistics.mean(counts.macro_f1 for counts in rows.values() if counts.has_both_labels)


def as_markdown(results: Sequence[Result]) -> str:
    """The table."""
    rows = [
        f"| {r.name} | {r.lines_per_second:,.0f} | {r.characters_per_second / 1e6:.1f} | {r.peak:,.0f} | "
        f"{r.macro_f1:.3f} |"
        for r in results
    ]
    head = "| | lines/s | million characters/s | peak MB | macro F1 |\n|---|---:|---:|---:|---:|"
    return "\n".join([head, *rows, ""])


def plot(results: Sequence[Result], path: Path) -> None:
    """Accuracy against speed."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6, 3.6), layout="constrained")
    axes = figure.add_subplot(xscale="log", xlabel="lines a second, one thread", ylabel="macro F1, mean of rows")
    for result in results:
        axes.plot(result.lines_per_second, result.macro_f1, "o", color="C3" if result.name == "linesift" else "C7")
        axes.annotate(
            result.name, (result.lines_per_second, result.macro_f1), xytext=(6, 4), textcoords="offset points"
        )
    axes.margins(x=0.25, y=0.15)
    figure.savefig(path, dpi=120)
