"""linesift, one thread."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import linesift
from linesift.corpus import LabelledDocument


class LineSift:
    """A bundle; it is not trained here."""

    name = "linesift"

    def __init__(self, model: Path | None) -> None:
        self.bundle = model

    def prepare(self, documents: Sequence[LabelledDocument], folder: Path) -> None:
        """Nothing to learn."""

    def load(self, folder: Path) -> None:
        self.model = linesift.load(self.bundle).model_
        self.model.scores([["warm up"]])

    def noise(self, documents: Sequence[Sequence[str]], languages: Sequence[str]) -> list[NDArray[np.float64]]:
        return self.model.scores(documents)
