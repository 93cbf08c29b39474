"""Where the time goes: microseconds a line in each stage of the prediction."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from linesift.features.buffer import Batch
from linesift.features.context import context
from linesift.features.extract import Extractor, fill
from linesift.features.languages import languages
from linesift.features.links import links
from linesift.features.prose import is_prose
from linesift.features.repetition import repetition
from linesift.features.scripts import scripts
from linesift.features.shape import shape
from linesift.features.vocabulary import vocabulary
from linesift.model import Model, batched, probability

ROUNDS = 3
Documents = Sequence[Sequence[str]]


class Stopwatch:
    """Adds up the time between laps."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = defaultdict(float)
        self.last = time.perf_counter()

    def restart(self) -> None:
        self.last = time.perf_counter()

    def lap(self, stage: str) -> None:
        now = time.perf_counter()
        self.spent[stage] += now - self.last
        self.last = now


def stages(model: Model, documents: Documents) -> Mapping[str, float]:
    """Microseconds a line of each stage; together they are the whole prediction."""
    return _least(_stages, model, documents)


def line_features(model: Model, documents: Documents) -> Mapping[str, float]:
    """Microseconds a line of each part of the stage "features of lines"."""
    return _least(_line_features, model, documents)


def _least(
    measure: Callable[[Model, Documents], Mapping[str, float]], model: Model, documents: Documents
) -> Mapping[str, float]:
    """The least of some rounds, in microseconds a line."""
    n_lines = sum(map(len, documents))
    rounds = [measure(model, documents) for _ in range(ROUNDS)]
    return {stage: min(spent[stage] for spent in rounds) / n_lines * 1e6 for stage in rounds[0]}


def _prepared(group: Documents) -> Batch:
    batch = Batch(group)
    for part in ("tokens", "line_of_code", "visible_bounds"):
        getattr(batch, part)
    return batch


def _stages(model: Model, documents: Documents) -> Mapping[str, float]:
    watch = Stopwatch()
    for group in batched(documents):
        extractor = Extractor(_prepared(group), model.lexicons)
        watch.lap("code points and words")
        lines = extractor.lines
        watch.lap("features of lines")
        columns = {**lines, "word_score": model.word_model.score(extractor.batch)}
        watch.lap("word model")
        table = np.empty((extractor.batch.n_lines, len(model.catalogue.columns)), dtype=np.float32, order="F")
        n_first = len(model.catalogue.first_pass)
        columns |= context(columns, extractor.segments)
        fill(table[:, :n_first], columns, model.catalogue.first_pass)
        watch.lap("features of context")
        raw = model.first.log_odds(table[:, :n_first])
        watch.lap("trees of the first pass")
        added = extractor.second_pass(probability(raw).astype(np.float32))
        fill(table[:, n_first:], added, model.catalogue.second_pass)
        watch.lap("features of the second pass")
        model.second.log_odds(table)
        watch.lap("trees of the second pass")
    return watch.spent


def _line_features(model: Model, documents: Documents) -> Mapping[str, float]:
    watch = Stopwatch()
    for group in batched(documents):
        extractor = Extractor(_prepared(group), model.lexicons)
        batch = extractor.batch
        watch.restart()
        prose = is_prose(shape(batch))
        watch.lap("shape")
        model.lexicons.count(batch)
        watch.lap("phrases")
        languages(batch, model.lexicons, extractor.stop_words)
        watch.lap("function words")
        vocabulary(batch, extractor.content, extractor.names, prose)
        watch.lap("shared vocabulary")
        repetition(batch)
        watch.lap("repetition")
        scripts(batch)
        watch.lap("scripts")
        links(batch)
        watch.lap("links")
    return watch.spent


def as_markdown(title: str, spent: Mapping[str, float]) -> str:
    """The table, slowest first."""
    rows = [f"| {stage} | {time:.2f} |" for stage, time in sorted(spent.items(), key=lambda item: -item[1])]
    return "\n".join([f"| {title} | µs a line |", "|---|---:|", *rows, f"| together | {sum(spent.values()):.2f} |", ""])
