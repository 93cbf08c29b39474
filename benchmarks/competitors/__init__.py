"""What is measured: a name, a training on labelled documents where there is one, and labels for documents."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from benchmarks.competitors.c4 import C4Rules
from benchmarks.competitors.fast_text import FastText
from benchmarks.competitors.just_text import JusText
from benchmarks.competitors.line_sift import LineSift
from benchmarks.competitors.tfidf import TfIdf
from linesift.corpus import LabelledDocument

Document = Sequence[str]


class Competitor(Protocol):
    """One way to tell noise lines from article lines."""

    name: str

    def prepare(self, documents: Sequence[LabelledDocument], folder: Path) -> None:
        """Learn from labelled documents, once, and keep what is learned in a folder."""

    def load(self, folder: Path) -> None:
        """Make ready what `prepare` kept; not timed."""

    def noise(self, documents: Sequence[Document], languages: Sequence[str]) -> list[NDArray[np.float64]]:
        """(n_lines,) P(noise), or 0 and 1, for the lines of each document: this is timed."""


def competitors(model: Path | None) -> list[Competitor]:
    """All of them, in the order of the table.

    :param model: the bundle of linesift; by default the one that ships.
    """
    return [LineSift(model), FastText(), JusText(), TfIdf(), C4Rules()]
